"""What customers bring after the first order: repeat orders, referral, lifetime value.

`orders_at_age[k]` (g(k) in docs/model.md) is the expected number of orders that one new customer
places k months after the first; g(0) = 1.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from funnel_sim.model.arrays import Array, Number


def geometric(probability: Number, interval: int, months: int) -> list[Number]:
    """Return g(0) … g(months) for a constant probability of buying again every `interval` months.

    g(k) = probability^(k / interval) where the interval divides k, else 0.

    >>> geometric(0.5, 2, 4)
    [1.0, 0.0, 0.5, 0.0, 0.25]
    """
    ages: list[Number] = []
    level: Number = 1.0
    for age in range(months + 1):
        if age and age % interval == 0:
            level = level * probability
        ages.append(level if age % interval == 0 else 0.0)
    return ages


def repeats_for_ever(probability: Number) -> Number:
    """Return the repeat orders of one customer over all time: p / (1 − p).

    >>> repeats_for_ever(0.5)
    1.0
    """
    return probability / (1.0 - probability)


def cohorts(
    acquired: Array,
    orders_at_age: list[Number],
    referral: Number,
    later: Array | None = None,
    count: Callable[[str, int | None, Array], Array] | None = None,
) -> tuple[Array, Array]:
    """Return (new customers, repeat orders) by month, both of shape (months, paths).

    New customers are those acquired plus `referral` for each paid order of the month before; repeat
    orders of month t are the sum over earlier cohorts m of new[m] · g(t − m). `later` multiplies the
    repeat and referred orders of a month; `count` turns what is expected into whole orders.

    >>> new, repeat = cohorts(np.array([[100.0], [100.0]]), [1.0, 0.2], 0.1)
    >>> new.ravel().tolist(), repeat.ravel().tolist()
    ([100.0, 110.0], [0.0, 20.0])
    """
    new, repeat = acquired.copy(), np.zeros_like(acquired)
    ages = [age for age, rate in enumerate(orders_at_age) if age and (isinstance(rate, np.ndarray) or rate != 0.0)]
    if not isinstance(referral, np.ndarray) and referral == 0.0:  # then no month waits for the one before
        for age in ages:
            repeat[age:] += new[:-age] * orders_at_age[age]
        if later is not None:
            repeat *= later
        return new, repeat if count is None or not ages else count("repeat", None, repeat)
    for month in range(1, acquired.shape[0]):
        for age in ages:
            if age <= month:
                repeat[month] += new[month - age] * orders_at_age[age]
        referred = referral * (new[month - 1] + repeat[month - 1])
        if later is not None:
            repeat[month] *= later[month]
            referred = referred * later[month]
        if count is not None:
            repeat[month] = count("repeat", month, repeat[month])
            referred = count("referred", month, referred)
        new[month] += referred
    return new, repeat


def steady(acquired: Array, probability: Number, referral: Number) -> tuple[Array, Array]:
    """Return (new customers, repeat orders) of a month once every cohort has its share.

    With r = p / (1 − p) repeat orders a customer, new = acquired + referral · new · (1 + r), so
    new = acquired / (1 − referral · (1 + r)); none where each customer brings at least one other.

    >>> new, repeat = steady(np.array([[90.0]]), 0.5, 0.05)
    >>> float(new[0, 0]), float(repeat[0, 0])
    (100.0, 100.0)
    """
    repeats = repeats_for_ever(probability)
    brought = 1.0 - referral * (1.0 + repeats)
    new = acquired / np.where(brought > 0, brought, np.nan) if isinstance(brought, np.ndarray) else acquired / brought
    return np.asarray(new), np.asarray(new * repeats)


def lifetime_value(margin: Number, orders_at_age: list[Number], discount: Number, first_order: bool) -> Number:
    """Return Σ g(k) · margin · (1 + discount)^(−k/12) over the ages given.

    `margin` is the contribution of one order; without `first_order`, k starts at 1. The discount is
    yearly and compounds by month.

    >>> lifetime_value(10.0, [1.0, 0.5, 0.25], 0.0, True)
    17.5
    """
    total: Number = 0.0
    for age, orders in enumerate(orders_at_age):
        if age or first_order:
            total = total + orders * margin * np.power(1.0 + np.asarray(discount), -age / 12)
    return total if isinstance(total, np.ndarray) and total.ndim else float(total)


def payback(margin: float, orders_at_age: Sequence[float], cost: float | None) -> int | None:
    """Return the first month in which a customer's cumulative contribution covers its cost.

    Month 0 is the month of the first order; None: not within the ages given, or nothing to pay back.

    >>> payback(10.0, [1.0, 0.5, 0.5], 18.0)
    2
    """
    if cost is None or not math.isfinite(cost):
        return None
    total = 0.0
    for age, orders in enumerate(orders_at_age):
        total += orders * margin
        if total >= cost:
            return age
    return None


def paybacks(margin: Array, orders_at_age: Sequence[Number], cost: Array) -> Array:
    """Return the payback month of each path as `payback` does for one: infinite where it never comes, NaN without a cost.

    >>> paybacks(np.array([[10.0, 1.0]]), [1.0, 0.5, 0.5], np.array([[18.0, 18.0]])).tolist()
    [[2.0, inf]]
    """
    shape = np.broadcast_shapes(np.shape(margin), np.shape(cost))
    out = np.where(np.isfinite(np.broadcast_to(cost, shape)) & np.isfinite(np.broadcast_to(margin, shape)), np.inf, np.nan)
    total = np.zeros_like(out)
    for age, orders in enumerate(orders_at_age):
        total = total + orders * margin
        out = np.where(np.isinf(out) & (total >= cost), float(age), out)
    return out
