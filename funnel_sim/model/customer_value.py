"""What a customer is worth: orders over all time, lifetime value, and the month in which the cost
of winning it is paid back.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import hyp2f1

from funnel_sim.model.arrays import Array, Number
from funnel_sim.model.retention import discounted, evenly, expected_orders
from funnel_sim.units import MONTHS_A_YEAR

_LONGEST_SUM = 12_000
_LEFT = 1e-8


def orders_for_ever(
    kind: str,
    numbers: Mapping[str, Number],
    interval: int,
    typed_orders: Sequence[float],
    discount: float,
) -> float | None:
    """Return a new customer's orders after the first, discounted, over all time.

    With v = (1 + discount)^(−interval / 12): constant probability p: p·v / (1 − p·v). sBG: ₂F₁(1,
    β; α + β; v) − 1, which at v = 1 is β / (α − 1) and has an end only where α > 1. BG/NBD,
    undiscounted: (a + b − 1) / (a − 1), only where a > 1; discounted: summed by month until what is
    left is below a hundred-millionth. Orders a year for some years, and a table: their sum.

    Args:
        kind: how customers come back: "constant", "sbg", "bgnbd", "frequency" or "table".
        numbers: the numbers of the fields, by symbol.
        interval: time between orders [months].
        typed_orders: orders per customer at ages 1, 2 … of a table.
        discount: yearly discount [fraction].

    Returns:
        Orders per new customer; None where their sum is infinite.

    Examples:
        >>> (
        ...     orders_for_ever("constant", {"repeat_probability": 0.5}, 12, [], 0.0),
        ...     orders_for_ever("sbg", {"sbg_alpha": 1.0, "sbg_beta": 1.0}, 1, [], 0.0),
        ... )
        (1.0, None)
        >>> orders_for_ever("sbg", {"sbg_alpha": 2.0, "sbg_beta": 3.0}, 1, [], 0.0)
        3.0
    """
    v = (1.0 + discount) ** (-interval / 12)
    match kind:
        case "frequency":
            a_year, years = float(numbers["orders_a_year"]), float(numbers["lifespan_years"])
            ages = evenly(a_year, years, math.ceil(MONTHS_A_YEAR * years))
            return float(
                sum(
                    orders * (1.0 + discount) ** (-age / 12)
                    for age, orders in enumerate(ages)
                    if age
                )
            )
        case "sbg":
            alpha, beta = float(numbers["sbg_alpha"]), float(numbers["sbg_beta"])
            if v < 1.0:
                return float(hyp2f1(1.0, beta, alpha + beta, v)) - 1.0
            return beta / (alpha - 1.0) if alpha > 1.0 else None
        case "bgnbd":
            r, pace, a, b = (float(numbers[f"bgnbd_{name}"]) for name in ("r", "alpha", "a", "b"))
            return _pace_for_ever(r, pace, a, b, discount)
        case "table":
            return float(
                sum(
                    orders * (1.0 + discount) ** (-age / 12)
                    for age, orders in enumerate(typed_orders, 1)
                )
            )
    p = float(numbers["repeat_probability"])
    return float(p * v / (1.0 - p * v))


def _pace_for_ever(r: float, alpha: float, a: float, b: float, discount: float) -> float | None:
    if discount == 0.0:
        return (a + b - 1.0) / (a - 1.0) if a > 1.0 else None
    total, month = 0.0, 0
    # year by year: the discount (1 + discount)^−k makes the rest of the sum negligible in the end
    while month < _LONGEST_SUM:
        upto = expected_orders(
            np.arange(month, month + MONTHS_A_YEAR + 1, dtype=np.float64), r, alpha, a, b
        )
        part = float(
            np.sum(
                np.diff(upto)
                * (1.0 + discount) ** (-np.arange(month + 1, month + MONTHS_A_YEAR + 1) / 12)
            )
        )
        total, month = total + part, month + MONTHS_A_YEAR
        if part <= _LEFT * total:
            return total
    return None


def lifetime_value(
    margin: Number, orders_at_age: list[Number], discount: Number, first_order: bool
) -> Number:
    """Return Σ g(k) · margin · (1 + discount)^(−k/12) over the ages given.

    Args:
        margin: the contribution of one order [money].
        orders_at_age: g(0), g(1) … orders per new customer by age [months].
        discount: yearly discount [fraction], compounded by month.
        first_order: whether the first order counts; without it, k starts at 1.

    Returns:
        Money per new customer, of the broadcast shape.

    Examples:
        >>> lifetime_value(10.0, [1.0, 0.5, 0.25], 0.0, True)
        17.5
    """
    total: Number = 0.0
    for age, orders in enumerate(orders_at_age):
        if age or first_order:
            total = total + orders * margin * discounted(discount, age)
    return total if isinstance(total, np.ndarray) and total.ndim else float(total)


def payback(margin: float, orders_at_age: Sequence[float], cost: float | None) -> int | None:
    """Return the first month in which a customer's cumulative contribution covers its cost.

    Args:
        margin: the contribution of one order [money].
        orders_at_age: g(0), g(1) … orders per new customer by age [months].
        cost: of winning the customer [money]; None where it is not known.

    Returns:
        The month, 1 being that of the first order, as in the plan; None where the cost is not
        covered within the ages given, or there is none.

    Examples:
        >>> payback(10.0, [1.0, 0.5, 0.5], 18.0)
        3
    """
    if cost is None or not math.isfinite(cost):
        return None
    total = 0.0
    for month, orders in enumerate(orders_at_age, 1):
        total += orders * margin
        if total >= cost:
            return month
    return None


def paybacks(margin: Array, orders_at_age: Sequence[Number], cost: Array) -> Array:
    """Return the payback month of each path as `payback` does for one.

    Args:
        margin: the contribution of one order [money], shape (1, paths).
        orders_at_age: g(0), g(1) … orders per new customer by age [months].
        cost: of winning a customer [money], shape (1, paths).

    Returns:
        Months, shape (1, paths): infinite where the cost is never covered, NaN without a cost.

    Examples:
        >>> paybacks(np.array([[10.0, 1.0]]), [1.0, 0.5, 0.5], np.array([[18.0, 18.0]])).tolist()
        [[3.0, inf]]
    """
    shape = np.broadcast_shapes(np.shape(margin), np.shape(cost))
    out = np.where(
        np.isfinite(np.broadcast_to(cost, shape)) & np.isfinite(np.broadcast_to(margin, shape)),
        np.inf,
        np.nan,
    )
    total = np.zeros_like(out)
    for month, orders in enumerate(orders_at_age, 1):
        total = total + orders * margin
        out = np.where(np.isinf(out) & (total >= cost), float(month), out)
    return out
