"""KPIs of a settlement in words: met or missed, what their baselines are of, what cannot end."""

import math
from dataclasses import dataclass

from funnel_sim.decisions.kpi.check import month_target
from funnel_sim.decisions.kpi.draws import met
from funnel_sim.decisions.quote.kpi_in_contract import monthly_bonuses
from funnel_sim.decisions.quote.worked_examples import agreed
from funnel_sim.decisions.review.bill import Bill
from funnel_sim.decisions.review.ending import ending_in
from funnel_sim.decisions.review.kpis_seen import Seen, is_open
from funnel_sim.decisions.review.settlement import Settlement
from funnel_sim.decisions.review.standing import beyond_term, last_month
from funnel_sim.output.words import formats
from funnel_sim.output.words.joining import listed
from funnel_sim.output.words.kpi import kpi_text, metric_name, metric_unit
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def usual_month_sentences(found: Bill, scenario: Scenario, lang: Lang) -> list[str]:
    """Return of each relative KPI without an agreed baseline which months its baseline is of, and
    how the largest month before the mark stands to the target: a season alone may reach it.
    """
    out = []
    history = scenario.history
    before = history.names()[: history.before_mark()]
    for seen in found.kpis.values():
        base = agreed(scenario, seen.kpi).baseline
        if not seen.kpi.relative or base is None or not base.months or base.figure != "gmv":
            continue
        known = [
            (value, month)
            for month, value in zip(before, history.of("gmv", before), strict=True)
            if math.isfinite(value)
        ]
        target = month_target(seen.kpi, seen.target)
        if target <= 0:
            continue
        most, month = max(known)
        parts = {
            "kpi": metric_name(seen.kpi.metric, lang),
            "months": listed(base.months, lang),
            "base": formats.whole_money(base.value, scenario.currency, lang),
            "target": formats.whole_money(target, scenario.currency, lang),
            "month": month,
            "most": formats.whole_money(most, scenario.currency, lang),
            "share": formats.percent(most / target, 0, "up" if most >= target else "down"),
        }
        key = "reaches" if most >= target else "below"
        out.append(say(lang, f"settlement.usual_month_{key}", **parts))
    return out


def beyond_sentences(found: Bill, lang: Lang) -> list[str]:
    """Return of each KPI whose window goes beyond the contract's term that it cannot come to its
    end in it.
    """
    if ending_in(found) is not None:
        return []
    ends = last_month(found.option, len(found.months))
    return [
        say(
            lang,
            "settlement.beyond_term",
            kpi=metric_name(kpi.metric, lang),
            last=kpi.months[1],
            ends=ends,
        )
        for kpi in beyond_term([one.kpi for one in found.kpis.values()], ends)
    ]


@dataclass(frozen=True)
class KpiRow:
    """A KPI of the contract: its text, when it was looked at, value and target in words, and its
    `state`: met, missed, open (a figure lacks) or running (its window is not over).
    """

    text: str
    when: str
    value: str
    target: str
    state: str


def kpi_rows(found: Settlement, scenario: Scenario, lang: Lang) -> list[KpiRow]:
    """Return the KPIs that the contract names: each chosen month where the pay goes by months, and
    the window.
    """
    bill = found.bill
    monthly = {one.kpi for one in bill.option.rewards if one.each == "month"}
    if bill.option.decided_by:
        monthly.add(bill.option.decided_by)
    bonuses = monthly_bonuses(bill.option, [one.kpi for one in bill.kpis.values()])
    out = []
    for name, one in bill.kpis.items():
        first, last = one.kpi.months
        each = month_target(one.kpi, one.target)
        if name in monthly and one.kpi.window != "month":
            for month in found.places:
                if first <= month <= min(last, bill.last):
                    value = float(one.months[month - 1])
                    unknown = bill.months[month - 1] in one.unknown
                    held = bool(met(one.kpi, each, one.months[month - 1 : month])[0])
                    state = "open" if unknown else "met" if held else "missed"
                    row = _kpi(
                        one, bill.months[month - 1], value, each, state, scenario, lang, month=month
                    )
                    out.append(row)
        if name not in bonuses:
            out.append(_window(one, found, scenario, lang))
    return out


def _window(one: Seen, found: Settlement, scenario: Scenario, lang: Lang) -> KpiRow:
    bill = found.bill
    last = one.kpi.months[1]
    over = one.path.window_met
    state = "running"
    if over is not None:
        unsettled = is_open(one, bill.months, beyond=False)
        state = "open" if unsettled else "met" if bool(over[0]) else "missed"
    when = say(lang, "settlement.window", first=one.kpi.months[0], last=last)
    if ending_in(bill) is not None and bill.last < last:
        state, over = "ended", None
    value = one.value if over is not None else float("nan")
    return _kpi(one, when, value, one.target, state, scenario, lang)


def _kpi(
    one: Seen,
    when: str,
    value: float,
    target: float,
    state: str,
    scenario: Scenario,
    lang: Lang,
    month: int = 0,
) -> KpiRow:
    """Return a row of a KPI over its window, or of a `month` that is judged by itself."""
    unit = metric_unit(one.kpi.metric)
    low = one.kpi.comparator == "at_least"

    def show(number: float, toward: formats.Direction = "near") -> str:
        codes = (scenario.currency, scenario.cost_currency)
        return formats.figure(number, unit, *codes, lang, toward)

    text = show(value)
    if text == show(target) and state == "missed":
        text = show(value, "down" if low else "up")
    if unit == "count" and target != round(target):  # between two counts: as it is
        return KpiRow(
            _kpi_name(one, month, scenario, lang), when, text, formats.counted(target), state
        )
    return KpiRow(_kpi_name(one, month, scenario, lang), when, text, show(target), state)


def _kpi_name(one: Seen, month: int, scenario: Scenario, lang: Lang) -> str:
    """Return a KPI in one line: of a month that is judged by itself without the whole window."""
    if not month:
        return kpi_text(one.kpi, scenario, lang)
    kpi = one.kpi.but(window="month", month_from=month, month_to=month)
    return kpi_text(kpi, scenario, lang)
