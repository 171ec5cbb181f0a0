"""KPIs in words: the verdict and its reason, the counter-offer, the sentence for the contract, what
is vague.
"""

import math
from dataclasses import replace
from typing import Literal

from funnel_sim.chance.estimates import Figure
from funnel_sim.decisions.cash.answer import balance_currency
from funnel_sim.decisions.context import Context, context_of
from funnel_sim.decisions.economics.whose import orders_typed
from funnel_sim.decisions.kpi.belief import BELIEFS
from funnel_sim.decisions.kpi.check import OFFERED, KpiAnswer, KpiCheck
from funnel_sim.decisions.kpi.console import CONSOLE, OURS, by_the_books
from funnel_sim.decisions.kpi.definitions import Definition
from funnel_sim.decisions.kpi.draws import established, is_growth
from funnel_sim.decisions.kpi.instead import OUT_OF_REACH, Instead, instead
from funnel_sim.decisions.kpi.levers import PROBABILITIES, LeverNeeded, Shared
from funnel_sim.decisions.kpi.measured import (
    Baseline,
    basis_of,
    is_added_up,
    lower_is_better,
    months_added,
)
from funnel_sim.decisions.kpi.own_months import OwnMonths, last_year
from funnel_sim.decisions.kpi.pulls import Pull
from funnel_sim.decisions.kpi.review import Remark
from funnel_sim.decisions.kpi.stop_loss import OfferedStopLoss
from funnel_sim.model.bases import SALES, SPEND
from funnel_sim.model.metrics import FORMULAS, FUNNEL_WORDS
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import probability_text
from funnel_sim.output.words.explain import formula_words, name_of, symbols, unit_of
from funnel_sim.output.words.formats import Direction
from funnel_sim.output.words.headlines import gmv_name
from funnel_sim.output.words.tables import Row
from funnel_sim.reference.benchmarks import Store
from funnel_sim.reference.benchmarks import typical as benchmark
from funnel_sim.reference.stop_loss import rules
from funnel_sim.scenario import effects
from funnel_sim.scenario.kpis import CASH_METRICS, COUNTED, OPERATIONAL, OPERATIONAL_WORDS, Kpi
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

OTHER_FORM = "fixed_fee_with_stop_loss_or_trial"
"""What is proposed where no target is: for machines."""

_SAME = 1e-3

_OPERATIONAL_UNITS = {
    "listings_live": "count",
    "stock_days": "days",
    "account_health": "ratio",
    **dict.fromkeys(CASH_METRICS, "money"),
}

_LEVER_FIELDS = {"cvr": "conversion.cvr", "cpc": "cpc", "return_rate": "fulfilment.return_rate"}


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


def sign(kpi: Kpi) -> str:
    """Return the comparator as a sign."""
    return "≥" if kpi.comparator == "at_least" else "≤"


def window_text(kpi: Kpi, lang: Lang) -> str:
    """Return a KPI's window in words."""
    first, last = kpi.months
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


def offer_text(answer: KpiAnswer, chance: float, scenario: Scenario, lang: Lang) -> str:
    """Return the target with a given probability, rounded to the side on which it still holds, with
    its change against the baseline; or that none is worth proposing.

    Args:
        chance: the probability that the target is to have, 0 to 1.
    """
    value = answer.offers[chance]
    if value is None:
        return say(lang, "kpi.no_offer")
    toward: Direction = "down" if answer.kpi.comparator == "at_least" else "up"
    base, added = answer.baseline, ""
    if (
        answer.kpi.relative and base is not None and base.value > 0
    ):  # the change is what is agreed on; the amount follows from it as it is written
        change = float(
            formats.half_up(value / months_added(answer.kpi) / base.value - 1, 3, toward)
        )
        value = (1 + change) * base.value * months_added(answer.kpi)
        added = f" ({formats.signed_percent(change)})"
    return (
        f"{sign(answer.kpi)} {value_text(value, answer.kpi.metric, scenario, lang, toward)}{added}"
    )


def offer_row(
    answer: KpiAnswer, check: KpiCheck, lang: Lang, own: OwnMonths | Literal[False] | None = False
) -> Row:
    """Return a KPI's row: odds, median, what the store's own months were (no cell where it is
    False), and the target at each of the odds offered.

    Args:
        own: the KPI in the store's own months; None where they do not tell it, False for no cell.
    """
    scenario = check.scenario
    cells = [
        believed_probability(answer.probability, check, lang),
        value_text(answer.median, answer.kpi.metric, scenario, lang),
    ]
    if own is not False:
        cells.append(_own_text(own, answer, scenario, lang))
    cells += [offer_text(answer, chance, scenario, lang) for chance in OFFERED]
    return Row("", answer_name(answer, check, lang), tuple(cells))


def _own_text(own: OwnMonths | None, answer: KpiAnswer, scenario: Scenario, lang: Lang) -> str:
    if own is None:
        return formats.NOTHING
    parts = {
        name: value_text(getattr(own, name), answer.kpi.metric, scenario, lang)
        for name in ("low", "middle", "high")
    }
    return say(lang, "kpi.own_range", **parts)


def counter_offer(check: KpiCheck, lang: Lang, chance: float = 0.7) -> str:
    """Return the counter-offer as text to copy: each KPI at a given probability, and where no
    target is worth proposing another form of contract.

    Args:
        chance: the probability that the target is to have, 0 to 1.
    """
    shown = formats.percent(chance, 0)
    none = instead(check, chance)
    every = len(none) == len(check.counted)
    lines = [say(lang, "kpi.counter_none" if every else "kpi.counter_head", odds=shown)]
    for answer in check.counted:
        kpi = answer.kpi
        if answer.offers[chance] is None:
            lines.append(f"- {floor_sentence(answer, check.scenario, lang, chance)}")
            lines += [
                f"  - {text}"
                for text in instead_sentences(answer, none[kpi.id].chosen, check, lang, chance)
            ]
            continue
        lines.append(
            f"- {counted_name(kpi, check.scenario, lang)}"
            f" {offer_text(answer, chance, check.scenario, lang)}{say(lang, 'kpi.comma')}"
            f"{window_text(kpi, lang)}"
        )
    note = [say(lang, "kpi.other_form")] if none else []
    lines.append(" ".join([*note, say(lang, "kpi.counter_made" if every else "kpi.counter_note")]))
    return "\n".join(lines)


def counter_short(check: KpiCheck, lang: Lang, chance: float = 0.7) -> str:
    """Return the counter-offer in one sentence: the first KPI for which a target is worth
    proposing, else the other form of contract.

    Args:
        chance: the probability that the target is to have, 0 to 1.
    """
    able = next((answer for answer in check.counted if answer.offers[chance] is not None), None)
    if able is None:
        return say(lang, "kpi.other_form")
    target = (
        f"{metric_name(able.kpi.metric, lang)} {offer_text(able, chance, check.scenario, lang)}"
    )
    return (
        f"{say(lang, 'kpi.counter_head', odds=formats.percent(chance, 0))}"
        f" {target}{say(lang, 'kpi.comma')}{window_text(able.kpi, lang)}"
    )


def instead_sentences(
    answer: KpiAnswer, found: Instead, check: KpiCheck, lang: Lang, chance: float
) -> list[str]:
    """Return what to do where no target of a KPI has the probability asked for: which promise,
    period, form of contract or other KPI, each with its figure.

    Args:
        chance: the probability that the target is to have, 0 to 1.
    """
    scenario, out = check.scenario, []

    def percent(share: float) -> str:
        return formats.percent(share, 0)

    if found.longer is not None:
        kpi, value = found.longer
        one = replace(answer, kpi=kpi, offers={chance: value})
        out.append(
            say(
                lang,
                "kpi.instead_longer",
                window=window_text(kpi, lang),
                target=offer_text(one, chance, scenario, lang),
                odds=percent(chance),
            )
        )
    if found.smaller is not None:
        out.append(
            say(
                lang,
                "kpi.instead_smaller",
                target=offer_text(answer, found.smaller[0], scenario, lang),
                odds=percent(found.smaller[0]),
            )
        )
    if found.stop is not None:
        out.append(stop_sentence(found.stop, answer.kpi, scenario, lang))
    if found.by_chance is not None:
        none, claimed = (percent(share) for share in found.by_chance)
        key = (
            "kpi.instead_control"
            if found.by_chance[1] >= OUT_OF_REACH
            else "kpi.instead_control_never"
        ) + ("_cases" if scenario.promise.claimed is None else "")
        out.append(say(lang, key, none=none, claimed=claimed))
    return out


def stop_rule(stop: OfferedStopLoss, kpi: Kpi, scenario: Scenario, lang: Lang) -> str:
    """Return when a stop-loss trips, as a clause: "GMV is below 50% of a usual month of today (…)
    on the mean of 3 months in a row".
    """
    at_least = kpi.comparator == "at_least"
    line = stop.usual * stop.line.share if at_least else stop.usual / stop.line.share
    season = say(lang, "kpi.stop_season") if is_added_up(kpi.metric) else ""
    return say(
        lang,
        f"kpi.stop_{kpi.comparator}_{stop.line.by}",
        kpi=metric_name(kpi.metric, lang),
        months=stop.line.months,
        share=formats.percent(stop.line.share, 0),
        usual=value_text(stop.usual, kpi.metric, scenario, lang),
        line=value_text(line, kpi.metric, scenario, lang),
        season=season,
    )


def stop_sentence(stop: OfferedStopLoss, kpi: Kpi, scenario: Scenario, lang: Lang) -> str:
    """Return the stop-loss to offer with how often it trips, or that no line tells failure from
    chance.
    """
    shown = {
        "unchanged": stop.unchanged.value,
        "odds": stop.believed.value,
        "failing": stop.failing,
        "lost": 1.0 - rules().failing,
        "most": rules().most_unchanged,
    }
    texts = {name: formats.percent(value, 0) for name, value in shown.items()}
    return say(
        lang,
        "kpi.stop_said" if stop.offered else "kpi.stop_none",
        rule=stop_rule(stop, kpi, scenario, lang),
        year=rules().term,
        **texts,
    )


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


def floor_sentence(answer: KpiAnswer, scenario: Scenario, lang: Lang, chance: float) -> str:
    """Return why no target of a KPI is proposed at a probability: what it would have to be no worse
    than.

    Args:
        chance: the probability that the target is to have, 0 to 1.
    """
    kpi, floor = answer.kpi, answer.floor
    parts = {
        "kpi": metric_name(kpi.metric, lang),
        "window": window_text(kpi, lang),
        "odds": formats.percent(chance, 0),
    }
    if floor is None:
        return say(lang, "kpi.floor_unknown", **parts)
    if not math.isfinite(floor.value) or (
        floor.source == "break_even" and floor.value == 0 and kpi.comparator == "at_most"
    ):
        return say(lang, "kpi.floor_loses", **parts)
    parts["held"] = formats.NOTHING if answer.held is None else formats.percent(answer.held, 0)
    return say(
        lang,
        f"kpi.floor_{floor.source}",
        **parts,
        floor=f"{sign(kpi)} {value_text(floor.value, kpi.metric, scenario, lang)}",
    )


def basis_text(kpi: Kpi, scenario: Scenario, lang: Lang) -> str:
    """Return in words what counts in a KPI."""
    if kpi.metric in OPERATIONAL:
        return say(lang, "kpi.basis_cash" if kpi.metric in CASH_METRICS else "kpi.basis_counts")
    if kpi.metric in OURS:
        return say(lang, "kpi.basis_console")
    basis, parts = basis_of(scenario, kpi), []
    if kpi.metric in SALES:
        whose = (
            basis.sales
            if basis.sales != "usual"
            else ("ads" if kpi.metric in ("roas", "acos") else "all")
        )
        tax = basis.tax if basis.tax != "usual" else ("in" if kpi.metric == "gmv" else "booked")
        parts += [
            say(lang, f"kpi.basis_sales_{whose}", share=formats.percent(basis.attribution, 0)),
            say(lang, f"kpi.basis_tax_{tax}"),
            say(lang, f"kpi.basis_refunds_{basis.refunds}"),
            say(lang, f"kpi.basis_cancelled_{basis.cancelled}"),
        ]
    if kpi.metric in SPEND:
        parts += [
            say(lang, f"kpi.basis_spend_{basis.spend_tax}"),
            say(lang, "kpi.basis_fee_in" if basis.fee else "kpi.basis_fee_out"),
        ]
    return say(lang, "kpi.semicolon").join(parts) if parts else say(lang, "kpi.basis_plain")


def formula_text(kpi: Kpi, lang: Lang) -> str:
    """Return what is divided by what, in words; the basis is told apart."""
    if kpi.metric in OPERATIONAL:
        return say(lang, f"kpi.counts_{kpi.metric}")
    if kpi.metric in FORMULAS:
        return formula_words(FORMULAS[kpi.metric], lang)
    if kpi.metric in FUNNEL_WORDS:
        return FUNNEL_WORDS[kpi.metric][2].of(lang).rstrip("。.") or name_of(kpi.metric, lang)
    spec = spec_of(symbols()[kpi.metric])
    return spec.help.of(lang).rstrip("。.") if spec else name_of(kpi.metric, lang)


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


def contract_sentence(answer: KpiAnswer, scenario: Scenario, lang: Lang) -> str:
    """Return the sentence that belongs in the contract: metric, formula, basis, window, target,
    baseline, source.
    """
    kpi, base = answer.kpi, answer.baseline
    shown = "" if base is None else value_text(base.value, kpi.metric, scenario, lang)
    return kpi_sentence(
        kpi, value_text(answer.target, kpi.metric, scenario, lang), base, shown, scenario, lang
    )


def kpi_sentence(
    kpi: Kpi, target: str, base: Baseline | None, baseline: str, scenario: Scenario, lang: Lang
) -> str:
    """Return the sentence on a KPI for a contract, its target and baseline given as text.

    Args:
        target: as text, with its unit.
        base: what a relative target is measured against; None where it is absolute.
        baseline: its value as text; "" where it is absolute.
    """
    parts = {
        "metric": metric_name(kpi.metric, lang),
        "formula": formula_text(kpi, lang),
        "basis": basis_text(kpi, scenario, lang),
        "window": window_text(kpi, lang),
        "comparator": say(lang, f"kpi.{kpi.comparator}"),
        "target": target,
    }
    text = say(lang, "kpi.contract", **parts)
    if kpi.relative and base is not None:
        change = formats.promised(kpi.target)
        text += say(
            lang,
            "kpi.contract_baseline",
            change=change,
            baseline=baseline,
            source=say(lang, "kpi.baseline_confirm")
            if base.source == "funnel"
            else baseline_words(base, scenario, lang),
        )
    books = by_the_books(scenario, kpi)
    return text + say(lang, "kpi.contract_books" if books else "kpi.contract_source")


def baseline_words(base: Baseline | None, scenario: Scenario, lang: Lang) -> str:
    """Return where a baseline comes from.

    Args:
        base: what a relative target is measured against; None where nothing is known.
    """
    if base is None:
        return say(lang, "kpi.baseline_none")
    source: str = base.source
    if source == "funnel" and orders_typed(scenario):
        source = "orders_typed"
    text = say(
        lang,
        f"kpi.baseline_{source}",
        months=len(base.months),
        last=base.months[-1] if base.months else "",
    )
    return text + (say(lang, "kpi.before_refunds") if base.figure == "gmv" else "")


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


def gathered(remarks: list[Remark]) -> list[Remark]:
    """Return remarks with those that say the same of several KPIs put together."""
    out: list[Remark] = []
    for one in remarks:
        same = next(
            (
                i
                for i, other in enumerate(out)
                if other.key == one.key and one.key in ("no_date", "no_source", "no_definition")
            ),
            None,
        )
        if same is None:
            out.append(one)
        else:
            out[same] = Remark(one.key, one.weight, out[same].kpis + one.kpis, one.parts)
    return out


def lever_benchmark(needed: LeverNeeded, scenario: Scenario, lang: Lang) -> str:
    """Return the usual range of a lever for such a store, where one is known."""
    path = _LEVER_FIELDS.get(needed.lever.key)
    if path is None:
        return formats.NOTHING
    kind = ""
    if path == "cpc":
        paid = next((channel for channel in scenario.channels if channel.kind == "cpc"), None)
        if paid is None:
            return formats.NOTHING
        path, kind = f"channels.{paid.id}.cpc", "cpc"
    store = Store(
        scenario.platform, scenario.market, scenario.category, scenario.currency, scenario.as_of
    )
    found = benchmark(store, path, kind)
    if found is None:
        return formats.NOTHING
    ends = [
        formats.figure(end, needed.lever.unit, scenario.currency, scenario.cost_currency, lang)
        for end in (found.low, found.high)
    ]
    return " – ".join(ends)


def lever_cells(needed: LeverNeeded, which: str, scenario: Scenario, lang: Lang) -> tuple[str, ...]:
    """Return a lever's row: today, the value for each of the odds, the usual range.

    Args:
        which: id of the KPI, or `TOGETHER` for all of them.
    """

    def show(value: float | None) -> str:
        return (
            say(lang, "kpi.out_of_reach")
            if value is None
            else formats.figure(
                value, needed.lever.unit, scenario.currency, scenario.cost_currency, lang
            )
        )

    reached = needed.values.get(which, {})
    return (
        show(needed.current),
        *(show(reached.get(goal)) for goal in PROBABILITIES),
        lever_benchmark(needed, scenario, lang),
    )


def shared_sentence(found: Shared, which: str, lang: Lang) -> str:
    """Return by how much the levers that share the gap must all become better.

    Args:
        which: id of the KPI, or `TOGETHER` for all of them.
    """
    parts = []
    for goal in PROBABILITIES:
        factor = found.factor.get(which, {}).get(goal)
        parts.append(
            say(
                lang,
                "kpi.shared_part",
                odds=formats.percent(goal, 0),
                change=say(lang, "kpi.lever_none") if factor is None else better(factor, lang),
            )
        )
    return say(
        lang,
        "kpi.shared",
        levers=say(lang, "kpi.list").join(say(lang, f"kpi.shared_{key}") for key in found.levers),
        parts=say(lang, "kpi.list").join(parts),
    )


def better(factor: float, lang: Lang) -> str:
    """Return by what factor a lever must become better, or may become worse, as a clause; a room is
    rounded down, a need up.

    Args:
        factor: what the lever is multiplied by, above 1 where it must improve [1].

    >>> better(1.041, "en"), better(0.9705, "en"), better(1.0, "en")
    ('must improve by 4.1%', 'may be 2.9% worse', 'may stay as it is')
    """
    change = float(formats.half_up(factor * 100 - 100, 1, "up"))
    key = "more" if change > 0 else "less" if change < 0 else "same"
    return say(lang, f"kpi.lever_{key}", change=formats.percent(abs(change) / 100))


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
