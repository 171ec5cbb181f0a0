"""A bill in whole cents: each line rounded by itself, and the minimum, maximum and total maximum
worked out on the rounded lines, so that no sum of rounded lines passes what was agreed.

Numbers or terms alike: the bill and its workbook round by the same function. Read `in_cents`.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from funnel_sim.decisions.quote.contract import LINES, OUTSIDE, RUNNING, sum_of_lines
from funnel_sim.model.arrays import Number
from funnel_sim.model.written import as_number
from funnel_sim.scenario.quotes import Option

UNDER_TOTAL = tuple(one for one in LINES[: LINES.index("total_cap")] if one not in OUTSIDE)
"""Lines whose sum a total maximum bounds."""


def in_cents(
    option: Option,
    name: str,
    done: Mapping[str, Number],
    exact: Number,
    month: Number,
    paid: Number,
    near: Callable[[Number], Number],
    away: Callable[[Number], Number],
) -> Number:
    """Return a line of a month in which the contract runs, in whole cents.

    Args:
        option: the contract, or what stands for it with terms in place of its numbers.
        name: which line.
        done: the month's lines before it, in whole cents.
        exact: what it comes to.
        month: counted from 1.
        paid: what all months before came to under a total maximum, in whole cents.
        near: rounds half up.
        away: rounds away from zero.

    Returns:
        The amount [currency of the contract], a number or a term.

    Examples:
        >>> option, lines = Option(id="a", cap=100.0), {"base": 66.67, "share": 33.34}
        >>> cents = lambda value: round(float(value), 2)
        >>> in_cents(option, "cap", lines, -0.002, 1, 0.0, cents, cents)
        -0.01
    """

    def whole(names: tuple[str, ...]) -> Any:
        nothing: Any = 0.0
        return sum_of_lines(as_number(done), names, nothing)

    fees = (*RUNNING, "floor", "bonus")
    match name:
        case "floor":
            least = np.where(np.less_equal(month, option.trial), 0.0, as_number(option.floor))
            return away(np.maximum(least - whole(RUNNING), 0.0))
        case "cap":
            return away(-np.maximum(whole(fees) - option.cap, 0.0))
        case "penalty" if option.penalty_limited:
            most: Number = np.maximum(whole((*fees, "cap")), 0.0)
            limited: Number = -np.minimum(-near(exact), most)
            return limited
        case "total_cap":
            return away(-np.maximum(paid + whole(UNDER_TOTAL) - option.total_cap, 0.0))
    return near(exact)
