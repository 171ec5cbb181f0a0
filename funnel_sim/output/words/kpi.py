"""KPIs in words: the verdict and its reason, the counter-offer, the sentence for the contract, what
is vague.
"""

import math

from funnel_sim.chance.estimates import Figure
from funnel_sim.decisions.cash.answer import balance_currency
from funnel_sim.decisions.economics.whose import orders_typed
from funnel_sim.decisions.kpi.belief import BELIEFS
from funnel_sim.decisions.kpi.check import KpiAnswer, KpiCheck
from funnel_sim.decisions.kpi.draws import established, is_growth
from funnel_sim.decisions.kpi.measured import (
    basis_of,
    lower_is_better,
)
from funnel_sim.model.bases import SALES
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import probability_text
from funnel_sim.output.words.figure_names import name_of, unit_of
from funnel_sim.output.words.formats import Direction
from funnel_sim.output.words.headlines import gmv_name
from funnel_sim.scenario import effects
from funnel_sim.scenario.kpi_metrics import CASH_METRICS, COUNTED, OPERATIONAL, OPERATIONAL_WORDS
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_OPERATIONAL_UNITS = {
    "listings_live": "count",
    "stock_days": "days",
    "account_health": "ratio",
    **dict.fromkeys(CASH_METRICS, "money"),
}


def metric_name(metric: str, lang: Lang) -> str:
    """Return the words of a metric.

    Args:
        metric: what is measured, "gmv" or "roas".
    """
    return OPERATIONAL_WORDS[metric].of(lang) if metric in OPERATIONAL else name_of(metric, lang)


def metric_unit(metric: str) -> str:
    """Return the unit of a metric: "money", "rate", "ratio", "count", "months", "days"."""
    return _OPERATIONAL_UNITS.get(metric, "rate") if metric in OPERATIONAL else unit_of(metric)


def metric_currency(metric: str, scenario: Scenario) -> str:
    """Return the currency that a metric in money is told in: that of the balance for cash, else
    that in which results are shown.

    Args:
        metric: what is measured, "gmv" or "cash_low".
        scenario: the store and its plan, as typed.
    """
    return balance_currency(scenario) if metric in CASH_METRICS else scenario.shown


def value_text(
    value: float | None, metric: str, scenario: Scenario, lang: Lang, toward: Direction = "near"
) -> str:
    """Return a value of a metric as text; small rates with two decimals, whole money where it is
    large.

    Args:
        value: in the unit of the metric, rates as fractions; None where there is none.
        metric: what is measured, "gmv" or "roas".
    """
    if value is None or not math.isfinite(value):
        return formats.NOTHING
    unit = metric_unit(metric)
    if metric == "listings_live":
        return formats.number(value, 0, toward)
    if unit == "money" and abs(value) >= 1000:
        return formats.whole_money(
            value,
            metric_currency(metric, scenario),
            lang,
            toward,
        )
    code = metric_currency(metric, scenario)
    return formats.figure(value, unit, code, scenario.cost_currency, lang, toward)


def typed_value(value: float | None, metric: str, scenario: Scenario, lang: Lang) -> str:
    """Return a value of a metric as it was typed; an amount in the sales currency, with what it is
    at today's rate beside it where results are shown in another one.

    Args:
        value: in the unit of the metric, rates as fractions; None where there is none.
        metric: what is measured, "gmv" or "roas".
    """
    text = value_text(value, metric, scenario, lang)
    if metric_unit(metric) != "money" or value is None or scenario.shown == scenario.currency:
        return text
    typed = value_text(value, metric, scenario.but(shown_in="sales"), lang)
    if typed == text:  # a balance that is kept at home is typed there
        return text
    return say(lang, "shown.beside", typed=typed, shown=text)


def typed_currency(metric: str, scenario: Scenario) -> str:
    """Return the currency in which a target in money is typed, whatever results are shown in: that
    of the balance for cash, else the sales currency.

    Args:
        metric: what is measured, "gmv" or "cash_low".
        scenario: the store and its plan, as typed.
    """
    return balance_currency(scenario) if metric in CASH_METRICS else scenario.currency


def sign(kpi: Kpi) -> str:
    """Return the comparator as a sign."""
    return "≥" if kpi.comparator == "at_least" else "≤"


def window_text(kpi: Kpi, lang: Lang, *, single: bool = False) -> str:
    """Return a KPI's window in words.

    Args:
        single: whether each of its months is looked at by itself, as for a bonus paid by month.
    """
    first, last = kpi.months
    if single and first != last:
        return say(lang, "kpi.window_single", first=first, last=last)
    if kpi.metric in CASH_METRICS:  # its lowest day, whatever the window says
        return say(
            lang,
            "kpi.window_cash" if first != last else "kpi.window_cash_one",
            first=first,
            last=last,
        )
    key = kpi.window if first != last or kpi.window in ("month", "by") else "month"
    return say(lang, f"kpi.window_{key}", first=first, last=last)


def kpi_text(kpi: Kpi, scenario: Scenario, lang: Lang) -> str:
    """Return a KPI in one short line: metric, target, window."""
    if kpi.relative:
        target = formats.promised(kpi.target)
        shown = (
            f"{target}"
            if (kpi.comparator == "at_least") == (not lower_is_better(kpi.metric))
            else f"{sign(kpi)} {target}"
        )
    else:
        shown = f"{sign(kpi)} {typed_value(kpi.target, kpi.metric, scenario, lang)}"
    return (
        f"{counted_name(kpi, scenario, lang)}"
        f" {shown}{say(lang, 'kpi.comma')}{window_text(kpi, lang)}"
    )


def answer_name(answer: KpiAnswer, check: KpiCheck, lang: Lang) -> str:
    """Return a KPI in one short line beside its probability, marked where that rests on counts
    which nobody typed.
    """
    name = kpi_text(answer.kpi, check.scenario, lang)
    left_out = answer.kpi.id in check.left_out
    return say(lang, "kpi.example_mark", kpi=name) if left_out else name


def counted_name(kpi: Kpi, scenario: Scenario, lang: Lang) -> str:
    """Return the name of what a KPI counts, with or without tax where sales are counted: GMV always
    says which, for one market's is with and another's without.
    """
    if kpi.metric == "gmv":
        return gmv_name(scenario, without_tax=basis_of(scenario, kpi).tax == "out", lang=lang)
    return f"{metric_name(kpi.metric, lang)}{tax_suffix(kpi, scenario, lang)}"


def tax_suffix(kpi: Kpi, scenario: Scenario, lang: Lang) -> str:
    """Return "with tax" or "without tax" where a KPI counts sales otherwise than as booked, as the
    figure of that name does elsewhere; nothing where it does not.
    """
    if kpi.metric not in SALES or not point_value(scenario.tax.tax_rate):
        return ""
    tax = basis_of(scenario, kpi).tax
    return say(lang, f"kpi.suffix_{tax}") if tax in ("in", "out") else ""


def believed_probability(found: Figure, check: KpiCheck, lang: Lang) -> str:
    """Return odds as text, rounded to what can be believed."""
    return probability_text(found, check.simulation.plan.paths, lang)


def verdict_sentence(check: KpiCheck, lang: Lang) -> str:
    """Return the verdict on all KPIs together, in one sentence."""
    count = len(check.counted)
    told = say(
        lang,
        "kpi.verdict_one" if count == 1 else "kpi.verdict_all",
        verdict=say(lang, f"kpi.{check.verdict}"),
        odds=believed_probability(check.joint, check, lang),
        count=count,
    )
    if not check.left_out:
        return told
    names = say(lang, "kpi.list").join(
        metric_name(one.kpi.metric, lang) for one in check.answers if one.kpi.id in check.left_out
    )
    return f"{told} {say(lang, 'kpi.verdict_left_out', kpis=names)}"


def reason_sentence(check: KpiCheck, lang: Lang) -> str:
    """Return the one reason behind the verdict: the hardest KPI with its median, and which one is
    the first to fail.
    """
    first, hard = check.first_to_break, check.hardest
    if first is None:
        return say(lang, "kpi.reason_none")
    parts = {
        "kpi": kpi_text(hard.kpi, check.scenario, lang),
        "target": value_text(hard.target, hard.kpi.metric, check.scenario, lang),
        "median": value_text(hard.median, hard.kpi.metric, check.scenario, lang),
        "odds": believed_probability(hard.probability, check, lang),
    }
    if len(check.counted) == 1:
        return say(lang, "kpi.reason_one", **parts)
    return say(
        lang,
        "kpi.reason_all",
        **parts,
        first=kpi_text(first.kpi, check.scenario, lang),
        share=formats.percent(first.breaks_first, 0),
    )


def rests_sentence(check: KpiCheck, lang: Lang) -> str:
    """Return what the answer rests on: the store's history, or assumptions."""
    if check.rests_on == "history":
        text = say(lang, "kpi.rests_history", months=check.history_months)
    elif orders_typed(check.scenario):
        text = say(lang, "kpi.rests_typed")
    else:
        text = say(
            lang,
            "kpi.rests_established" if established(check.scenario) else "kpi.rests_assumptions",
        )
    if any(is_growth(answer.kpi) for answer in check.answers):
        text += " " + say(lang, "kpi.rests_growth")
    if any(answer.kpi.metric in COUNTED for answer in check.answers):
        text += " " + say(lang, "kpi.rests_counts")
    return text


def belief_sentence(check: KpiCheck, lang: Lang) -> str:
    """Return how much of the odds rests on the operator's effect."""
    texts = {
        belief: believed_probability(check.joint_by_belief[belief], check, lang)
        for belief in BELIEFS
    }
    claim = check.scenario.promise.claimed
    uplift = formats.percent(
        effects.claimed(check.scenario.as_of)[0] if claim is None else claim, 0
    )
    key = "kpi.belief_default" if claim is None else "kpi.belief"
    believed = check.scenario.promise.believed
    used = "unweighed" if believed == "weighed" and check.record is None else believed
    text = say(lang, key, believed=say(lang, f"kpi.believed_{used}"), uplift=uplift, **texts)
    if check.joint_by_belief["claimed"].value < check.joint_by_belief["sceptical"].value:
        text += " " + say(lang, "kpi.belief_tail")
    return text


def record_sentence(check: KpiCheck, lang: Lang) -> str:
    """Return what the operator's record does, its discount shown; empty without one."""
    record = check.record
    if record is None:
        return ""
    before, after = (formats.percent(value, 0) for value in (record.before, record.after))
    return say(
        lang,
        "kpi.record" if before != after else "kpi.record_same",
        met=formats.number(record.met),
        shown=formats.number(record.shown),
        trust=formats.percent(check.scenario.promise.record_trust, 0),
        counted=formats.number(record.counted, 1),
        before=before,
        after=after,
    )


def diary_words(check: KpiCheck, lang: Lang) -> dict[str, str]:
    """Return each KPI as the diary names it, with the absolute target that what came is held
    against.
    """
    out = {}
    for answer in check.answers:
        text = kpi_text(answer.kpi, check.scenario, lang)
        out[answer.kpi.id] = (
            f"{text} ({sign(answer.kpi)}"
            f" {value_text(answer.target, answer.kpi.metric, check.scenario, lang)})"
            if answer.kpi.relative
            else text
        )
    return out
