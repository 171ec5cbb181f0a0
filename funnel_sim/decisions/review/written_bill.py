"""A bill's lines month by month as formulas: the contract's own functions on terms in place of
numbers (model/written.py).

What stands for the months is asked of a `Counted`: cells of a workbook, or numbers with their text
in a sentence. Both come from here, so neither is a second copy of the contract. Read
`written_lines`.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from funnel_sim.decisions.quote.contract import (
    BillBasis,
    lines_of,
    share_due,
    shared_basis,
    up_to_maximum,
)
from funnel_sim.model.written import Term, as_number, largest, same, term, when
from funnel_sim.scenario.kpi_metrics import MONEY_METRICS
from funnel_sim.scenario.kpis import Kpi

Months = Sequence[int]
Amount = Term | float
Condition = Term | bool


class Counted(Protocol):
    """What a bill is counted on, each figure as a term.

    `contract` are its terms with terms in place of its numbers, `months` how many there are,
    `baseline` that of the share.
    """

    contract: Any
    months: int
    baseline: Any

    def figure(self, name: str, month: int) -> Amount:
        """Return a figure of a month: basis, season, spend, orders, fx (the contract's currency per
        unit of the sales currency), on (1 where the contract runs).

        Args:
            name: which figure.
            month: counted from 1.
        """

    def base(self, month: int) -> Amount:
        """Return the base fee of an earlier month.

        Args:
            month: counted from 1.
        """

    def met(self, kpi: Kpi, month: int | None, *, beyond: bool) -> Condition:
        """Return whether a KPI is met (or passed) in a month.

        Args:
            kpi: the KPI.
            month: counted from 1; None: over its window.
            beyond: whether the target has to be passed.
        """

    def gap(self, kpi: Kpi, month: int, *, better: bool) -> Amount:
        """Return how much better (or worse) than its target a KPI stands in a month, nothing where
        it has no value.

        Args:
            kpi: the KPI.
            month: counted from 1.
            better: which of the two.
        """

    def paid_in(self, kpi: str, month: int) -> Amount:
        """Return the month in which an instalment for a KPI falls due, 0 for none, as a month knows
        it.

        Args:
            kpi: its id.
            month: counted from 1.
        """

    def happened(self, place: int, month: int) -> Condition:
        """Return whether an extra that is charged by event fell in a month.

        Args:
            place: which extra, from 0.
            month: counted from 1.
        """

    def before(self, name: str, month: int) -> Amount:
        """Return what the months before one came to: "so_far" that is shared, or "paid" under a
        total maximum.

        Args:
            name: which of the two.
            month: counted from 1, 2 at least.
        """

    def put(self, name: str, month: int, made: Amount) -> Amount:
        """Return a part of a working as it is named from then on: the cell that it is put into, or
        the result of a step that is said first.

        Args:
            name: counted, so_far, due or paid.
            month: counted from 1.
            made: the part.
        """


def window_of(kpi: Kpi) -> tuple[int, int]:
    """Return the months in which a contract tests a KPI: of a window "by" its last.

    >>> window_of(Kpi(id="a", metric="gmv", target=1.0, window="by", month_to=6))
    (6, 6)
    """
    first, last = kpi.months
    return (last, last) if kpi.window == "by" else (first, last)


def shared(at: Counted, month: int) -> Amount:
    """Return the sales of a month that are shared.

    Args:
        at: what the bill is counted on.
        month: counted from 1.

    Returns:
        A term [sales currency].
    """
    option = at.contract
    counted = shared_basis(
        option,
        as_number(at.figure("basis", month)),
        at.baseline,
        as_number(at.figure("season", month)),
    )
    return _running(at, month, counted)


def _running(at: Counted, month: int, made: Any) -> Amount:
    """Return a term while the contract runs, nothing after it."""
    on = at.figure("on", month)
    if isinstance(on, float):
        return term(made) if on else term(0.0)
    return when(same(on, 1), made, 0.0)


def written_lines(at: Counted, kpis: dict[str, Kpi], month: int) -> dict[str, Amount]:
    """Return the lines of a month, in the order in which the contract works them out.

    Args:
        at: what the bill is counted on.
        kpis: those that the contract names, by id.
        month: counted from 1.

    Returns:
        By line, a term [currency of the contract].
    """
    option = at.contract
    found: dict[str, Amount] = as_number(_lines(at, option, kpis, month))
    return found


def _lines(at: Counted, option: Any, kpis: dict[str, Kpi], month: int) -> Any:
    return lines_of(
        as_number(option),
        BillBasis(
            month=float(month),
            on=at.figure("on", month),
            spend=at.figure("spend", month),
            orders=at.figure("orders", month),
            fx=at.figure("fx", month),
            zero=term(0.0),
            share=lambda: _share(at, month),
            rewarded=lambda kind, base: _rewards(at, kpis, kind, base, month),
            capped=lambda due, most: _capped(at, due, most, month),
            instalment=lambda one: (
                one.month if one.month is not None else at.paid_in(one.kpi, month)
            ),
            happened=lambda place: at.happened(place, month),
        ),
    )


def _share(at: Counted, month: int) -> Any:
    """Return the share of a month, or what it adds to the share of all months so far."""
    option, fx = at.contract, at.figure("fx", month)
    counted = at.put("counted", month, shared(at, month))
    if option.share_period == "month" or month == 1:
        if option.share_period != "month":
            at.put("so_far", month, counted)
        return as_number(share_due(as_number(option), as_number(counted))) * fx
    before = at.before("so_far", month)
    now = at.put("so_far", month, before + counted)
    owed, had = (share_due(as_number(option), as_number(one)) for one in (now, before))
    return (as_number(owed) - as_number(had)) * fx


def _capped(at: Counted, due: Any, most: Any, month: int) -> Any:
    """Return what is paid of a month under a total maximum."""
    before = as_number(0.0 if month == 1 else at.before("paid", month))
    asked = as_number(at.put("due", month, due))
    return at.put("paid", month, as_number(up_to_maximum(asked, most, before)))


def _rewards(at: Counted, kpis: dict[str, Kpi], kind: str, base: Any, month: int) -> Any:
    """Return the bonuses or penalties of a month, added."""
    total: Any = term(0.0)
    for one in at.contract.rewards:
        if one.kind == kind:
            total = total + _reward(at, one, kpis[one.kpi], base, month)
    return total


def _reward(at: Counted, one: Any, kpi: Kpi, base: Any, month: int) -> Any:
    """Return one bonus or penalty of a month, never below zero."""
    first, last = window_of(kpi)
    alone = one.each == "month"
    if not (first <= month <= last if alone else month == last):
        return term(0.0)
    tested: Months = (month,) if alone else range(first, last + 1)
    met = at.met(kpi, month if alone else None, beyond=one.bound == "above")
    amount = _amount(at, one, kpi, base, tested)
    due = when(met, amount, 0.0) if one.kind == "bonus" else when(met, 0.0, amount)
    return _running(at, month, due)


def _amount(at: Counted, one: Any, kpi: Kpi, base: Any, tested: Months) -> Any:
    match one.form:
        case "fixed":
            return one.amount
        case "base":
            now = tested[-1]
            return one.amount * _added(lambda m: base if m == now else at.base(m), tested)
        case "sales":
            return one.amount * _added(
                lambda m: _running(at, m, at.figure("basis", m)) * at.figure("fx", m), tested
            )
    if kpi.metric not in MONEY_METRICS:
        return term(0.0)
    wanted = one.kind == "bonus"

    def over(month: int) -> Any:
        return at.gap(kpi, month, better=wanted) * at.figure("fx", month)

    if kpi.window == "every":
        return one.amount * _added(lambda m: largest(over(m), 0.0), tested)
    return one.amount * largest(_added(over, tested), 0.0)


def _added(make: Callable[[int], Any], months: Months) -> Any:
    total: Any = term(0.0)
    for month in months:
        total = total + make(month)
    return total
