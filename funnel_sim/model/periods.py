"""Figures of a period: flows added up over its months, then the ratios."""

from collections.abc import Callable
from typing import Literal

from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array, Number, over_months
from funnel_sim.model.bases import formula_of
from funnel_sim.model.keys import Book
from funnel_sim.model.lifetime import lifetime_value_of
from funnel_sim.model.linear import Linear, by_month, in_months, last, summed
from funnel_sim.model.metrics import FLOWS
from funnel_sim.model.sheet import fill
from funnel_sim.model.values import Values
from funnel_sim.model.wanted import OF_A_CUSTOMER, Wanted, added_up, only

Whole = Literal["total", "steady"]
"""All months together, or the steady month: a figure has one value there."""


Over = Whole | Literal["month", "end"] | tuple[int, int]
"""A whole period, each month, the last one, or months a to b together."""


NOT_CARRIED = frozenset(FLOWS) | {"channels"}


OF_FLOWS = frozenset(FLOWS)


def period(
    values: Values,
    book: Book,
    steady_book: Book,
    wanted: Wanted = None,
    over: Over = "total",
    asked: frozenset[str] = frozenset(),
) -> Book:
    """Return the book of a period with its metrics: flows summed over its months, then the ratios.

    Args:
        values: the numbers of the scenario's fields.
        book: the months, or the steady month itself.
        steady_book: the steady month, which gives the figures of a customer (LTV).
        wanted: the keys to work out; None for all.
        over: all months together ("total"), each month for itself ("month"), the last one ("end"),
            or months a to b together ((a, b)). The steady month adds up to itself.
        asked: with `wanted`, the flows that are to be there besides those that a subtotal or a
            metric needs.

    Returns:
        Figures by key, shape (1, paths), with "month" (months, paths).
    """
    out: Book = {key: value for key, value in steady_book.items() if key not in NOT_CARRIED}
    for key in FLOWS if wanted is None else added_up(wanted, asked):
        flow = book[key]
        out[key] = None if flow is None else adder(over)(flow)
    fill(only("subtotals", wanted), out)
    if wanted is None or not wanted.isdisjoint({"ltv", *OF_A_CUSTOMER}):
        out["ltv"] = lifetime_value_of(values, steady_book)
    fill(only("metrics", wanted), out)
    fill((formula_of(key) for key in asked if "@" in key), out)
    return out


_OVER: dict[Over, Callable[[Linear | Number], Array]] = {
    "total": summed,
    "month": by_month,
    "end": last,
    "steady": summed,
}


def whole_period(over: Whole) -> Whole:
    """Return a whole period, checked.

    Args:
        over: "total" or "steady".

    Returns:
        The same text.

    Raises:
        InputError: if it is any other text.
    """
    if over not in ("total", "steady"):
        raise refuse("over", over, "choice", allowed="total, steady")
    return over


def adder(over: Over) -> Callable[[Linear | Number], Array]:
    """Return what adds a flow up over a period.

    Args:
        over: the period: "total", "month", "end", "steady", or months a to b together.

    Returns:
        A function from a flow by month to shape (1, paths), with "month" (months, paths).

    Raises:
        InputError: if the period is another one.
    """
    if isinstance(over, tuple):
        first, final = over
        return lambda flow: over_months(in_months(flow, first, final))
    if over not in _OVER:
        raise refuse("over", over, "choice", allowed=", ".join(str(one) for one in _OVER))
    return _OVER[over]
