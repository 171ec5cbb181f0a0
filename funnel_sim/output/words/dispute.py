"""A bill and the other side's amount in words: what other definitions would make of it, and where a
difference can come from.
"""

import math
from collections.abc import Sequence
from decimal import Decimal

from funnel_sim.decisions.kpi.check import month_target
from funnel_sim.decisions.review.bill import Bill
from funnel_sim.decisions.review.otherwise import Otherwise
from funnel_sim.decisions.review.settlement import Dispute, Reason, Settlement
from funnel_sim.output.words import formats
from funnel_sim.output.words.joining import apart, listed, run_on
from funnel_sim.output.words.kpi import metric_name
from funnel_sim.output.words.settlement import pay
from funnel_sim.scenario.quote_fees import SHARE_BASIS_WORDS
from funnel_sim.words import Lang, say

_FAR = Decimal("0.2")  # of a difference: what leaves more unexplained is no explanation


def _signed(amount: Decimal | None, found: Bill, lang: Lang) -> str:
    return f"{'+' if amount is not None and amount > 0 else ''}{pay(amount, found, lang)}"


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
    more = say(lang, f"settlement.dispute_{way}", **parts)
    return run_on([more, _explained(found, bill, lang, sent=sent)], lang)


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
