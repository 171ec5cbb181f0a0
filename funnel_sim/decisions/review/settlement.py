"""What is settled: a bill, and which of its months; the other side's amount beside ours, and which
definition explains the difference best. Read `settled`, then `disputed`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from funnel_sim.decisions.review.bill import Bill, cents
from funnel_sim.decisions.review.otherwise import Otherwise
from funnel_sim.decisions.review.quarrels import RATE_STEP
from funnel_sim.errors import refuse

_BY_KPI = ("bonus", "penalty", "instalments")  # lines that a KPI decides
_FEWEST_DIGITS, _MOST_DIGITS = (
    4,
    10,
)  # of a rate, until it makes the amount


@dataclass(frozen=True)
class Settlement:
    """A bill and the months of it that are settled (`chosen`); amounts in the bill's currency, None
    where a figure lacks.
    """

    bill: Bill
    chosen: tuple[str, ...]

    @property
    def places(self) -> tuple[int, ...]:
        """The chosen months, counted from 1."""
        return tuple(place for place, name in enumerate(self.bill.months, 1) if name in self.chosen)

    def line(self, name: str) -> Decimal | None:
        """Return what a line comes to in the chosen months."""
        return _sum(self.bill.amount(name, month) for month in self.places)

    @property
    def due(self) -> Decimal | None:
        """What the chosen months come to."""
        return _sum(self.bill.due(month) for month in self.places)

    @property
    def correction(self) -> Decimal | None:
        """What refunds that came after the bills change in them."""
        return _sum(self.bill.correction(month) for month in self.places)

    @property
    def paid(self) -> Decimal:
        """What was paid for them already, as far as it was typed."""
        every = (self.paid_in(month) for month in self.places)
        return sum((one for one in every if one is not None), Decimal(0))

    def paid_in(self, month: int) -> Decimal | None:
        """Return what was paid for a month; None where it was not typed.

        Args:
            month: counted from 1.
        """
        return cents(float(self.bill.paid[month - 1]), self.bill.digits)

    @property
    def unpaid_months(self) -> tuple[str, ...]:
        """Chosen months of which nobody typed what was paid."""
        return tuple(
            self.bill.months[month - 1] for month in self.places if self.paid_in(month) is None
        )

    @property
    def owed(self) -> Decimal | None:
        """What is still owed, below zero where more was paid; None where a line is open."""
        return None if self.due is None else self.due - self.paid

    @property
    def lacks(self) -> dict[str, tuple[str, ...]]:
        """The figures that lines are open for, with the chosen months that they lack in."""
        found = {
            name: tuple(one for one in months if one in self.chosen)
            for name, months in self.bill.lacks.items()
        }
        return {name: months for name, months in found.items() if months}


def settled(found: Bill, months: Sequence[str] = ()) -> Settlement:
    """Return a bill with the months of it that are settled.

    Args:
        found: the bill of all months since the engagement began.
        months: names of months, such as "2026-08"; none for all of them.

    Raises:
        InputError: if a month is not one of the bill.
    """
    for one in months:
        if one not in found.months:
            known = f"{found.months[0]} … {found.months[-1]}"
            raise refuse("month", one, "choice", allowed=known)
    return Settlement(found, tuple(one for one in found.months if not months or one in months))


def _sum(parts: Iterable[Decimal | None]) -> Decimal | None:
    total = Decimal(0)
    for part in parts:
        if part is None:
            return None
        total += part
    return total


@dataclass(frozen=True)
class Reason:
    """Something that a difference between two bills can come from: a definition (`kind` "basis" or
    "kpi", as in `Otherwise`), a line left out or charged twice in all months ("left_out", "twice")
    or in one (`way`; "line_less", "line_more"), refunds that came later and were not taken off
    ("issued"), a month left out or charged twice ("month", "month_twice"), or one of `quarrels`
    ("reward", "share", "taxed", "fee_tax", and "rate": `what` is the rate that it would need).
    `amount` is what it would make of the bill, `left` what of the difference it does not explain,
    `lines` its amount by line.
    """

    kind: str
    what: str
    way: str
    amount: Decimal
    left: Decimal
    lines: Mapping[str, Decimal]


@dataclass(frozen=True)
class Dispute:
    """The other side's amount beside ours: the `difference` (theirs less ours), and what it can
    come from, the best explanation first, an exchange rate last: any difference is some rate, so
    that one explains nothing by itself. `unknown` are the definitions that nobody measured; whether
    one of them explains the difference cannot be told.
    """

    ours: Decimal
    theirs: Decimal
    difference: Decimal
    reasons: tuple[Reason, ...]
    unknown: tuple[Otherwise, ...] = ()

    @property
    def findings(self) -> tuple[Reason, ...]:
        """The reasons that an amount can speak for: every one but an exchange rate."""
        return tuple(one for one in self.reasons if one.kind != "rate")

    @property
    def explained(self) -> Reason | None:
        """The reason that explains the difference to the last unit; None where none does."""
        best = self.findings[0] if self.findings else None
        return best if best is not None and best.left == 0 else None

    @property
    def exact(self) -> tuple[Reason, ...]:
        """Every reason that explains all of the difference, each as good as the others."""
        return tuple(one for one in self.findings if one.left == 0)


def disputed(
    found: Settlement,
    theirs: Decimal,
    others: Sequence[Otherwise],
    *,
    line: str = "",
) -> Dispute | None:
    """Return the other side's amount of the chosen months beside ours, with what the difference can
    come from; None where ours is open.

    A reason is told where it brings our amount nearer to theirs.

    Args:
        found: the settlement.
        theirs: the other side's amount, of the whole or of one line.
        others: what each other definition would make of the bill.
        line: which line the amount is of; "" for the whole.
    """
    ours = found.line(line) if line else found.due
    if ours is None:
        return None
    gap = theirs - ours
    rates = [
        one for other in others if other.kind == "rate" for one in _rate(found, other, gap, line)
    ]
    made = [
        Reason(kind, what, way, amount, gap - amount, lines)
        for kind, what, way, lines in _candidates(found, others)
        if (amount := _of(lines, line)) and abs(gap - amount) < abs(gap)
    ]
    made = _once(found.bill, made)
    made.sort(key=lambda one: abs(one.left))
    moved = {"share": "basis"} | dict.fromkeys(_BY_KPI, "kpi")
    unknown = tuple(
        one for one in others if one.lacks and (not line or moved.get(line) == one.kind)
    )
    return Dispute(ours, theirs, gap, (*made, *rates), unknown)


def _once(bill: Bill, made: Sequence[Reason]) -> list[Reason]:
    """Return reasons with a reward of a whole window once, though any month may have it."""
    out: dict[tuple[str, ...], Reason] = {}
    for one in made:
        whole = one.kind == "reward" and bill.option.rewards[int(one.what)].each == "window"
        month = "" if whole else one.way
        out.setdefault((one.kind, one.what, month, str(one.amount)), one)
    return list(out.values())


def _rate(found: Settlement, other: Otherwise, gap: Decimal, line: str) -> list[Reason]:
    """Return the exchange rate that their amount would need, where it lies within the dated rates
    around the months (`quarrels`); with as many digits as make that amount.
    """
    bill = found.bill
    if other.bill is None or not gap:
        return []
    changed = {
        name: total
        for name in bill.lines
        if (total := _apart(other.bill, bill, name, found.places))
    }
    step = _of(changed, line)
    if not step:
        return []
    ours = Decimal(repr(float(bill.fx[found.places[0] - 1])))
    a_unit = step / (ours * Decimal(repr(RATE_STEP)))  # what one more in the rate makes
    low, high = (Decimal(one) for one in other.what.split(" "))
    needed = ours + gap / a_unit
    if not low <= needed <= high:
        return []
    for digits in range(_FEWEST_DIGITS, _MOST_DIGITS + 1):
        rate = round(needed, digits)
        amount = round((rate - ours) * a_unit, bill.digits)
        if amount == gap:
            break
    lines = {name: round(total * amount / step, bill.digits) for name, total in changed.items()}
    return [Reason("rate", str(rate), "", amount, gap - amount, lines)]


def _of(lines: Mapping[str, Decimal], line: str) -> Decimal:
    return lines.get(line, Decimal(0)) if line else sum(lines.values(), Decimal(0))


def _candidates(
    found: Settlement, others: Sequence[Otherwise]
) -> Iterable[tuple[str, str, str, dict[str, Decimal]]]:
    """Yield what our bill could be counted otherwise by, with what changes by line."""
    bill, places = found.bill, found.places
    for other in others:
        if other.bill is None or other.kind == "rate":
            continue
        changed = {
            name: total
            for name in dict.fromkeys([*bill.lines, *other.bill.lines])
            if (total := _apart(other.bill, bill, name, places))
        }
        yield other.kind, other.what, other.way, changed
    before = {
        name: total
        for name in bill.issued
        if (
            total := sum(
                (
                    (bill.issued_amount(name, m) or Decimal(0))
                    - (bill.amount(name, m) or Decimal(0))
                    for m in places
                ),
                Decimal(0),
            )
        )
    }
    yield "issued", "", "", before
    for name in bill.lines:
        amount = found.line(name)
        if amount:
            yield "left_out", name, "", {name: -amount}
            yield "twice", name, "", {name: amount}
    if len(places) > 1:
        yield from _of_months(bill, places)


def _of_months(
    bill: Bill, places: Sequence[int]
) -> Iterable[tuple[str, str, str, dict[str, Decimal]]]:
    """Yield each month left out and charged twice, whole and line by line; a line that stands in
    one month only is told without it.
    """
    by_line: dict[str, list[tuple[str, Decimal]]] = {}
    for month in places:
        name = bill.months[month - 1]
        lines = {one: amount for one in bill.lines if (amount := bill.amount(one, month))}
        yield "month", name, "", {one: -amount for one, amount in lines.items()}
        yield "month_twice", name, "", lines
        for one, amount in lines.items():
            by_line.setdefault(one, []).append((name, amount))
    for one, months in by_line.items():
        for name, amount in months if len(months) > 1 else ():
            yield "line_more", one, name, {one: amount}
            yield "line_less", one, name, {one: -amount}


def _apart(one: Bill, other: Bill, line: str, places: Sequence[int]) -> Decimal:
    def amount(bill: Bill, month: int) -> Decimal:
        found = bill.amount(line, month) if line in bill.lines else None
        return found or Decimal(0)

    return sum((amount(one, month) - amount(other, month) for month in places), Decimal(0))
