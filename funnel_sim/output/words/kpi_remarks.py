"""What is vague, contradictory or counted otherwise in KPIs, and what pulls on them, in words."""

import math

from funnel_sim.decisions.context import Context, context_of
from funnel_sim.decisions.kpi.check import KpiAnswer, KpiCheck
from funnel_sim.decisions.kpi.console import CONSOLE, OURS
from funnel_sim.decisions.kpi.definitions import Definition
from funnel_sim.decisions.kpi.own_months import last_year, spend_last_year
from funnel_sim.decisions.kpi.pulls import Pull
from funnel_sim.decisions.kpi.review import Remark
from funnel_sim.output.words import formats
from funnel_sim.output.words.figure_names import name_of
from funnel_sim.output.words.kpi import (
    believed_probability,
    counted_name,
    metric_name,
    sign,
    value_text,
    window_text,
)
from funnel_sim.output.words.kpi_levers import better
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_SAME = 1e-3
_ALIKE = 0.05  # of a month's ad spend: a difference that is not worth a sentence


def pull_sentence(pull: Pull, scenario: Scenario, lang: Lang) -> str:
    """Return why a KPI's median is worse than today, in one line."""
    kpi = next(one for one in scenario.kpis if one.id == pull.kpi)

    def show(value: float) -> str:
        return value_text(value, kpi.metric, scenario, lang)

    names = [
        say(lang, "kpi.pull_by", name=say(lang, f"kpi.pull_{name}"), value=show(value))
        for name, value in pull.by
    ]
    key = "pull" if names else "pull_none"
    return say(
        lang,
        f"kpi.{key}_{kpi.comparator}",
        kpi=metric_name(kpi.metric, lang),
        window=window_text(kpi, lang),
        median=show(pull.median),
        today=show(pull.current),
        by=say(lang, "kpi.list").join(names),
    )


def last_year_sentence(answer: KpiAnswer, scenario: Scenario, lang: Lang) -> tuple[str, bool]:
    """Return what the same months of last year were, and whether they met the target without an
    agency; empty where the store's file does not tell.
    """
    kpi = answer.kpi
    found = last_year(scenario, kpi)
    if found is None:
        return "", False
    met = found.meets(kpi, answer.target)
    months = dict.fromkeys((found.months[0], found.months[-1]))
    told = say(
        lang,
        "kpi.last_year_met" if met else "kpi.last_year_missed",
        months=" – ".join(months),
        name=counted_name(kpi, scenario, lang),
        value=value_text(found.value, kpi.metric, scenario, lang),
        sign=sign(kpi),
        target=value_text(answer.target, kpi.metric, scenario, lang),
    )
    return told, met


def spend_sentence(answer: KpiAnswer, scenario: Scenario, lang: Lang) -> str:
    """Return what a KPI of sales and ad spend comes to if the ads cost as much more in its months
    as they did a year before; empty where they did not, or the store's file does not tell.
    """
    kpi = answer.kpi
    found = spend_last_year(scenario, kpi)
    if found is None or math.isclose(found.mean, found.usual, rel_tol=_ALIKE):
        return ""
    turned = found.turned(kpi.metric, answer.median)
    below = turned < answer.target if kpi.comparator == "at_least" else turned > answer.target
    months = dict.fromkeys((found.months[0], found.months[-1]))
    return say(
        lang,
        "kpi.spend_last_year_missed" if below else "kpi.spend_last_year",
        months=" – ".join(months),
        name=counted_name(kpi, scenario, lang),
        mean=formats.money(found.mean, scenario.shown, lang),
        usual=formats.money(found.usual, scenario.shown, lang),
        median=value_text(answer.median, kpi.metric, scenario, lang),
        turned=value_text(turned, kpi.metric, scenario, lang),
        sign=sign(kpi),
        target=value_text(answer.target, kpi.metric, scenario, lang),
    )


def spread_sentence(answer: KpiAnswer, check: KpiCheck, lang: Lang) -> str:
    """Return why a target is not safe though the median future is no worse than today."""
    return say(
        lang,
        "kpi.spread",
        kpi=metric_name(answer.kpi.metric, lang),
        window=window_text(answer.kpi, lang),
        median=value_text(answer.median, answer.kpi.metric, check.scenario, lang),
        odds=believed_probability(answer.probability, check, lang),
    )


def console_sentence(answer: KpiAnswer, store: Scenario | Context, lang: Lang) -> str:
    """Return what the platform's console shows where a KPI counts ACoS or ROAS otherwise, what its
    target is there, and which of the two a contract is measured by; empty for other KPIs.
    """
    kpi = answer.kpi
    if kpi.metric not in CONSOLE:
        return ""
    at = context_of(store)
    ours, theirs = (at.figure(key) for key in (answer.key, CONSOLE[kpi.metric]))
    if not ours or not theirs or math.isclose(ours, theirs, rel_tol=_SAME):
        return ""
    shown = {"name": metric_name(kpi.metric, lang), "other": metric_name(CONSOLE[kpi.metric], lang)}
    values = {
        "ours": ours,
        "theirs": theirs,
        "target": answer.target,
        "there": answer.target * theirs / ours,
    }
    return say(
        lang,
        "kpi.console",
        **shown,
        **{
            name: value_text(value, kpi.metric, at.scenario, lang) for name, value in values.items()
        },
        sign=sign(kpi),
    )


def both_counts_sentence(
    answer: KpiAnswer, found: list[Definition], check: KpiCheck, lang: Lang
) -> str:
    """Return how probable a KPI of ads is by the platform's console and by the seller's accounts,
    beside each other; empty where both say the same, or for other KPIs.

    Args:
        found: the KPI under each way of counting, as typed first.
    """
    by_way = {one.way: one for one in found}
    other = by_way.get("console") or by_way.get("books")
    if other is None or "typed" not in by_way:
        return ""
    console = by_way["typed"] if answer.kpi.metric in OURS else other
    books = other if answer.kpi.metric in OURS else by_way["typed"]
    parts = {
        f"{name}_{what}": text
        for name, one in (("console", console), ("books", books))
        for what, text in (
            ("odds", believed_probability(one.probability, check, lang)),
            ("median", value_text(one.median, one.kpi.metric, check.scenario, lang)),
        )
    }
    return say(
        lang,
        "kpi.both_counts" if answer.kpi.metric in OURS else "kpi.both_counts_books",
        kpi=f"{name_of(OURS.get(answer.kpi.metric, answer.kpi.metric), lang)} {sign(answer.kpi)}"
        f" {value_text(answer.target, answer.kpi.metric, check.scenario, lang)}",
        **parts,
    )


def remark_sentence(remark: Remark, scenario: Scenario, lang: Lang) -> str:
    """Return one contradiction or gap in words."""
    parts: dict[str, object] = {}
    for name, value in remark.parts.items():
        if isinstance(value, tuple):
            amount, metric = value
            parts[name] = value_text(float(amount), str(metric), scenario, lang)
        elif name in ("metric", "first", "second", "product"):
            parts[name] = metric_name(str(value), lang)
        elif name == "factor" and isinstance(value, float):
            parts[name] = better(1.0 + value, lang)
        elif isinstance(value, float):
            parts[name] = formats.signed_percent(value, 0)
        else:
            parts[name] = value
    if remark.key == "example_counts":
        parts |= {"fold": say(lang, "kpi.details"), "page": say(lang, "page.kpi_check")}
    by_id = {kpi.id: kpi for kpi in scenario.kpis}
    names = say(lang, "kpi.list").join(
        dict.fromkeys(
            metric_name(by_id[name].metric, lang) for name in remark.kpis if name in by_id
        )
    )
    if remark.key in ("no_date", "no_source"):
        parts["metric"] = names
    return say(lang, f"kpi.remark_{remark.key}", **({"kpis": names} | parts))
