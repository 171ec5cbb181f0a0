"""A settlement in words: lines with their workings, at which rate, what is open, what is owed."""

import re
from dataclasses import dataclass
from decimal import Decimal

from funnel_sim.decisions.kpi.check import month_target
from funnel_sim.decisions.kpi.store_history import running
from funnel_sim.decisions.review.bill import Bill
from funnel_sim.decisions.review.kpis_seen import Seen
from funnel_sim.decisions.review.settlement import Settlement
from funnel_sim.output.words import formats
from funnel_sim.output.words.bill_workings import bill_workings
from funnel_sim.output.words.joining import apart, listed
from funnel_sim.output.words.kpi import metric_name, metric_unit
from funnel_sim.output.words.shown import beside
from funnel_sim.reference.provenance import first_source
from funnel_sim.scenario.origins import origin_of
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


@dataclass(frozen=True)
class LineRow:
    """A line of a month: its month, its key and name, how it comes about and what it comes to;
    `amount` None where it is open.
    """

    month: str
    line: str
    name: str
    working: str
    amount: Decimal | None


def pay(amount: Decimal | None, found: Bill, lang: Lang) -> str:
    """Return an amount of a bill in its currency, to its smallest unit; "–" where it is open.

    Args:
        amount: an amount in the currency of the bill; None where it is open.
    """
    return formats.NOTHING if amount is None else formats.money(float(amount), found.code, lang)


def line_rows(found: Settlement, scenario: Scenario, lang: Lang) -> list[LineRow]:
    """Return every line of the chosen months that is open or not nothing, with its working."""
    bill = found.bill
    workings = bill_workings(bill, scenario, lang)
    out = []
    for month in found.places:
        for name in bill.lines:
            amount = bill.amount(name, month)
            if amount is None or amount:
                text = workings.get((name, month), "")
                if text == pay(amount, bill, lang):
                    text = say(lang, "settlement.as_agreed")
                    why = _fell_due(bill, name, month, scenario, lang)
                    text = f"{apart(why, lang)}{_colon(lang)}{text}" if why else text
                if amount is None:
                    text = say(lang, "settlement.open")
                elif bill.code != scenario.currency and _converts(text, bill, month):
                    text += say(lang, "settlement.at_rate", rate=_rate(bill, month, scenario))
                row = LineRow(
                    bill.months[month - 1], name, say(lang, f"quote.line_{name}"), text, amount
                )
                out.append(row)
    return out


def _fell_due(found: Bill, line: str, month: int, scenario: Scenario, lang: Lang) -> list[str]:
    """Return which KPI values brought the bonuses or penalties of a month."""
    out = []
    for reward in found.option.rewards:
        one = found.kpis[reward.kpi]
        months, whole = one.path.met_by(reward)
        first, last = one.path.window
        if reward.each == "month":
            due = first <= month <= last
            met_, value = bool(months[month - 1, 0]), float(one.months[month - 1])
            goal = month_target(one.kpi, one.target)
        else:
            due = month == last and whole is not None
            met_ = whole is not None and bool(whole[0])
            value, goal = one.value, one.target
        if due and reward.kind == line and met_ == (line == "bonus"):
            text, target, mark = _against(one, value, goal, scenario, lang, held=met_)
            out.append(f"{metric_name(one.kpi.metric, lang)} {text} {mark} {target}")
    return out


def _against(
    one: Seen, value: float, goal: float, scenario: Scenario, lang: Lang, *, held: bool
) -> tuple[str, str, str]:
    """Return a KPI's value and its target in words, and the sign between them."""
    unit, low = metric_unit(one.kpi.metric), one.kpi.comparator == "at_least"
    codes = (scenario.currency, scenario.cost_currency)
    target = formats.figure(goal, unit, *codes, lang)
    text = formats.figure(value, unit, *codes, lang)
    if text == target and not held:
        text = formats.figure(value, unit, *codes, lang, "down" if low else "up")
    if unit == "count":  # a target between two counts is told as it is
        text, target = formats.counted(value), formats.counted(goal)
    mark = ("≥" if low else "≤") if held else ("<" if low else ">")
    return text, target, mark


def _colon(lang: Lang) -> str:
    return "：" if lang == "zh" else " → "


def _converts(working: str, found: Bill, month: int) -> bool:
    """Say whether a working multiplies by the month's exchange rate."""
    rate = re.escape(formats.exact(found.fx[month - 1]))
    return re.search(rf"× {rate}(?![\d.,%])", working) is not None


def _rate(found: Bill, month: int, scenario: Scenario) -> str:
    return f"1 {scenario.currency} = {formats.exact(found.fx[month - 1])} {found.code}"


def rate_sentence(found: Settlement, scenario: Scenario, lang: Lang) -> str:
    """Return at which rate sales were converted, whose it is, of which day, and that it is one rate
    where it is; nothing where nothing is converted.

    Args:
        found: what is settled.
        scenario: the store, as typed.
        lang: the language.
    """
    bill = found.bill
    if bill.code == scenario.currency:
        return ""
    rates = dict.fromkeys(_rate(bill, month, scenario) for month in found.places)
    if len(rates) > 1:
        told = (
            say(lang, "settlement.rate_of", month=bill.months[month - 1], rate=rate)
            for month in found.places
            if (rate := _rate(bill, month, scenario))
        )
        return say(lang, "settlement.rates", rates=apart(told, lang))
    origin = origin_of(scenario, "fx_rate").provenance
    if origin is None:
        whose = say(lang, "settlement.rate_typed", day=scenario.as_of.isoformat())
    else:
        whose = say(
            lang,
            "settlement.rate_assumed" if origin.evidence == "assumed" else "settlement.rate_source",
            day=origin.as_of,
            source=first_source(origin.source),
        )
    return say(lang, "settlement.rate_one", rate=next(iter(rates)), whose=whose)


def working_sentences(found: Settlement, scenario: Scenario, lang: Lang) -> list[str]:
    """Return every line of the chosen months with its working, as lines to read.

    Args:
        found: what is settled.
        scenario: the store, as typed.
        lang: the language.
    """
    return [
        say(
            lang,
            "review.bill_working",
            month=one.month,
            line=one.name,
            working=one.working,
            amount=pay(one.amount, found.bill, lang),
        )
        for one in line_rows(found, scenario, lang)
    ]


def owed_sentence(found: Settlement, scenario: Scenario, lang: Lang) -> str:
    """Return what is due, what was paid, and what is still owed or overpaid, in a sentence: in the
    contract's currency, with what that is today where results are shown in another one.
    """
    bill, owed = found.bill, found.owed

    def both(amount: Decimal | None) -> str:
        text = pay(amount, bill, lang)
        abroad = bill.code == scenario.currency and amount is not None
        return beside(text, float(amount or 0), scenario, lang) if abroad else text

    key = "open" if owed is None else "over" if owed < 0 else "even" if owed == 0 else "owed"
    parts = {
        "due": both(found.due),
        "paid": both(found.paid),
        "rest": both(None if owed is None else abs(owed)),
        "months": len(found.chosen),
    }
    return say(lang, f"settlement.says_{key}", **parts)


def unfinished_sentence(found: Settlement, today: str, lang: Lang) -> str:
    """Return that months are settled which are not over; "" where all are.

    Args:
        found: what is settled.
        today: the day, such as "2026-11-27".
    """
    months = running(found.chosen, today)
    return say(lang, "settlement.unfinished", months=listed(months, lang)) if months else ""


def lacking_name(name: str, found: Bill, lang: Lang) -> str:
    """Return the name of a figure that a bill lacks.

    Args:
        name: a key of `Bill.lacks`: a figure of the series, or "kpi." and the id of a KPI.
    """
    kpi = name.removeprefix("kpi.")
    if kpi == name:
        return say(lang, f"history.figure_{name}")
    return metric_name(found.kpis[kpi].kpi.metric, lang)


def lack_sentences(found: Bill | Settlement, lang: Lang) -> list[str]:
    """Return which figure is missing in which months, one sentence a figure; of a settlement in the
    months that are settled.
    """
    bill = found.bill if isinstance(found, Settlement) else found
    return [
        say(
            lang,
            "review.bill_lacks",
            figure=lacking_name(name, bill, lang),
            months=listed(months, lang),
        )
        for name, months in found.lacks.items()
    ]


def after_refunds_sentence(found: Bill | Settlement, scenario: Scenario, lang: Lang) -> str:
    """Return which months' sales are after refunds, so that the bill takes none off again; "" where
    none is.

    Args:
        found: the bill, or what of it is settled.
        scenario: whose series of months it is of.
        lang: the language.
    """
    months = found.chosen if isinstance(found, Settlement) else found.months
    net = [one for one in months if one in scenario.history.after_refunds]
    return say(lang, "settlement.after_refunds", months=listed(net, lang)) if net else ""


def correction_sentences(found: Settlement, lang: Lang) -> list[str]:
    """Return which month's bill later refunds correct, and by how much."""
    bill = found.bill
    return [
        say(
            lang,
            "settlement.corrected",
            month=bill.months[month - 1],
            before=pay(due - fix, bill, lang),
            now=pay(due, bill, lang),
            amount=pay(fix, bill, lang),
        )
        for month in found.places
        if (fix := bill.correction(month)) and (due := bill.due(month)) is not None
    ]
