"""A settlement in words: lines with their workings, what is open, KPIs met or missed, what other
definitions would make of it, and where a difference to the other side's amount can come from.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from funnel_sim.decisions.kpi.check import month_target
from funnel_sim.decisions.kpi.draws import met
from funnel_sim.decisions.kpi.store_history import running
from funnel_sim.decisions.quote.kpi_in_contract import monthly_bonuses
from funnel_sim.decisions.quote.worked_examples import agreed
from funnel_sim.decisions.review.bill import Bill
from funnel_sim.decisions.review.ending import ending_in
from funnel_sim.decisions.review.kpis_seen import Seen, is_open
from funnel_sim.decisions.review.otherwise import Otherwise
from funnel_sim.decisions.review.settlement import Dispute, Reason, Settlement
from funnel_sim.decisions.review.standing import beyond_term, last_month
from funnel_sim.output.words import formats
from funnel_sim.output.words.bill_workings import bill_workings
from funnel_sim.output.words.joining import apart, listed
from funnel_sim.output.words.kpi import kpi_text, metric_name, metric_unit
from funnel_sim.output.words.shown import beside
from funnel_sim.reference.provenance import first_source
from funnel_sim.scenario.origins import origin_of
from funnel_sim.scenario.quote_fees import SHARE_BASIS_WORDS
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_FAR = Decimal("0.2")  # of a difference: what leaves more unexplained is no explanation


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
                    text = f"{apart(why, lang)}{_gap(lang)}{_colon(lang)}{text}" if why else text
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
    return "：" if lang == "zh" else "→ "


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


def _signed(amount: Decimal | None, found: Bill, lang: Lang) -> str:
    return f"{'+' if amount is not None and amount > 0 else ''}{pay(amount, found, lang)}"


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


def otherwise_name(one: Otherwise | Reason, found: Bill, lang: Lang) -> str:
    """Return in a phrase how a bill would be counted otherwise."""
    if one.kind == "basis":
        basis = SHARE_BASIS_WORDS[one.what].of(lang)  # type: ignore[index]
        return say(lang, f"settlement.by_{one.way}", what=basis)
    return say(
        lang,
        "settlement.by_kpi",
        what=metric_name(found.kpis[one.what].kpi.metric, lang),
        way=say(lang, f"kpi.way_{one.way}"),
    )


def otherwise_rows(
    found: Settlement, others: Sequence[Otherwise], lang: Lang
) -> list[tuple[str, str, str]]:
    """Return each other definition with what the bill of all months and its difference would be.

    Args:
        others: what each other definition would make of the bill.
    """
    bill = found.bill
    return [
        (
            otherwise_name(one, bill, lang),
            pay(one.total, bill, lang),
            _signed(one.difference, bill, lang),
        )
        for one in others
    ]


def reason_name(one: Reason, found: Bill, lang: Lang, months: Sequence[str] = ()) -> str:
    """Return in a phrase what a difference can come from.

    Args:
        one: the reason.
        found: our bill.
        lang: the language.
        months: of the same reason in several months that explain alike; none for its own.
    """
    match one.kind:
        case "basis" | "kpi":
            return otherwise_name(one, found, lang)
        case "left_out" | "twice":
            return say(lang, f"settlement.by_{one.kind}", line=say(lang, f"quote.line_{one.what}"))
        case "line_more" | "line_less":
            line = say(lang, f"quote.line_{one.what}")
            when = _any_of(months or [one.way], lang)
            return say(lang, f"settlement.by_{one.kind}", line=line, month=when)
        case "month" | "month_twice":
            when = _any_of(months or [one.what], lang)
            return say(lang, f"settlement.by_{one.kind}", month=when)
        case "rate":
            ours = formats.exact(found.fx[0])
            return say(lang, "settlement.by_rate", rate=one.what, ours=ours)
        case "share":
            return say(lang, "settlement.by_share_all")
        case "taxed":
            return say(lang, "settlement.by_taxed")
        case "fee_tax":
            return say(lang, "settlement.by_fee_tax", rate=formats.exact_percent(float(one.what)))
        case "reward":
            reward = found.option.rewards[int(one.what)]
            way, month = one.way.split(" ")
            name = metric_name(found.kpis[reward.kpi].kpi.metric, lang)
            when = _any_of(months or [month], lang)
            told = say(lang, f"settlement.by_{reward.kind}_{way}", kpi=name, month=when)
            return told + _nearest(reward.kpi, months, found, lang)
    return say(lang, "settlement.by_issued")


def _any_of(months: Sequence[str], lang: Lang) -> str:
    """Return months of which any one may be meant."""
    if len(months) == 1:
        return months[0]
    return say(lang, "settlement.any_of", months=listed(months, lang))


def _nearest(kpi: str, months: Sequence[str], found: Bill, lang: Lang) -> str:
    """Return which of some months came nearest to a KPI's target, the likeliest to be meant."""
    seen = found.kpis[kpi]
    goal = month_target(seen.kpi, seen.target)
    known = {
        month: value
        for month in months
        if math.isfinite(value := float(seen.months[found.months.index(month)]))
    }
    if len(known) < 2:
        return ""
    month = min(known, key=lambda one: abs(known[one] - goal))
    return say(
        lang,
        "settlement.nearest_month",
        month=month,
        value=formats.counted(known[month]),
        target=formats.counted(goal),
    )


def exact_reasons(found: Dispute, bill: Bill, lang: Lang) -> list[tuple[str, Decimal]]:
    """Return what explains a difference to the last unit, with its amount; the same reason in
    several months is told once.

    Args:
        found: the other side's amount beside ours.
        bill: our bill.
        lang: the language.
    """
    return [
        (reason_name(some[0], bill, lang, _months_of(some)), some[0].amount)
        for some in _grouped(found.exact)
    ]


def _grouped(reasons: Sequence[Reason]) -> list[list[Reason]]:
    """Return reasons with those that differ in nothing but their month together."""
    groups: dict[tuple[object, ...], list[Reason]] = {}
    for one in reasons:
        groups.setdefault((*_without_month(one), one.amount), []).append(one)
    return list(groups.values())


def _without_month(one: Reason) -> tuple[str, ...]:
    match one.kind:
        case "line_more" | "line_less":
            return one.kind, one.what
        case "month" | "month_twice":
            return (one.kind,)
        case "reward":
            return one.kind, one.what, one.way.split(" ")[0]
    return one.kind, one.what, one.way


def _months_of(some: Sequence[Reason]) -> list[str]:
    """Return the months of a reason that stands in several; none where it is of one alone."""
    if len(some) == 1:
        return []
    if some[0].kind == "reward":
        return sorted(one.way.split(" ")[1] for one in some)
    return sorted(one.what if one.kind.startswith("month") else one.way for one in some)


def dispute_sentence(found: Dispute, bill: Bill, lang: Lang, *, sent: bool = False) -> str:
    """Return how far the other side's amount is from ours, and what explains all of it, every way
    that does; where none does, that, and what comes nearest.

    Args:
        found: the other side's amount beside ours.
        bill: our bill.
        lang: the language.
        sent: whether the other side reads it: what leaves a rest is then not told.
    """
    parts = {
        "theirs": pay(found.theirs, bill, lang),
        "ours": pay(found.ours, bill, lang),
        "gap": pay(abs(found.difference), bill, lang),
    }
    if not found.difference:
        return say(lang, "settlement.dispute_none", **parts)
    way = "more" if found.difference > 0 else "less"
    more = say(lang, f"settlement.dispute_{way}", **parts) + _gap(lang)
    return more + _explained(found, bill, lang, sent=sent)


def _explained(found: Dispute, bill: Bill, lang: Lang, *, sent: bool) -> str:
    """Return what explains a difference, or that nothing does and what comes nearest."""
    told = exact_reasons(found, bill, lang)
    if len(told) == 1:
        [(reason, amount)] = told
        return say(lang, "settlement.dispute_exact", reason=reason, amount=pay(amount, bill, lang))
    if told:
        names = apart((f"({place}) {name}" for place, (name, _) in enumerate(told, 1)), lang)
        return say(lang, "settlement.dispute_several", reasons=names, count=len(told))
    if sent:
        return say(lang, "settlement.dispute_no_single")
    best = found.findings[0] if found.findings else None
    if best is None or abs(best.left) > abs(found.difference) * _FAR:
        return say(lang, "settlement.dispute_unknown")
    return say(
        lang,
        "settlement.dispute_near",
        reason=reason_name(best, bill, lang),
        amount=_signed(best.amount, bill, lang),
        left=pay(abs(best.left), bill, lang),
    )


def _gap(lang: Lang) -> str:
    return "" if lang == "zh" else " "


def reason_rows(
    found: Dispute, bill: Bill, lang: Lang, most: int = 8
) -> list[tuple[str, str, str, str]]:
    """Return what the difference can come from, best first: what, in which lines, how much it
    makes, and what it leaves unexplained.

    Args:
        most: how many reasons are shown at most.
    """
    return [
        (
            reason_name(some[0], bill, lang, _months_of(some)),
            apart(
                (
                    f"{say(lang, f'quote.line_{name}')} {_signed(amount, bill, lang)}"
                    for name, amount in one.lines.items()
                ),
                lang,
            ),
            _signed(one.amount, bill, lang),
            _signed(one.left, bill, lang),
        )
        for some in _grouped(found.reasons)[:most]
        for one in some[:1]
    ]
