"""What to offer in place of a proposed KPI, and the stop-loss, in words."""

import math
from dataclasses import replace
from typing import Literal

from funnel_sim.decisions.kpi.check import OFFERED, KpiAnswer, KpiCheck
from funnel_sim.decisions.kpi.instead import OUT_OF_REACH, Instead, instead
from funnel_sim.decisions.kpi.measured import (
    is_added_up,
    months_added,
)
from funnel_sim.decisions.kpi.own_months import OwnMonths
from funnel_sim.decisions.kpi.stop_loss import OfferedStopLoss
from funnel_sim.output.words import formats
from funnel_sim.output.words.formats import Direction
from funnel_sim.output.words.kpi import (
    answer_name,
    believed_probability,
    counted_name,
    metric_name,
    sign,
    value_text,
    window_text,
)
from funnel_sim.output.words.tables import Row
from funnel_sim.reference.stop_loss import rules
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

OTHER_FORM = "fixed_fee_with_stop_loss_or_trial"
"""What is proposed where no target is: for machines."""


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
