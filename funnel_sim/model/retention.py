"""What customers bring after the first order: repeat orders and referral.

`orders_at_age[k]` (g(k) in docs/model.md) is the expected number of orders that one new customer
places k months after the first; g(0) = 1. A customer's H months are counted as the plan counts its
own: the first is that of the first order, the last is month H, at age H − 1.
"""

import functools
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import hyp2f1

from funnel_sim.model import pace
from funnel_sim.model.arrays import Array, Number, as_array, either
from funnel_sim.units import MONTHS_A_YEAR

_NEAR_POLE = 1e-7


def geometric(probability: Number, interval: int, months: int) -> list[Number]:
    """Return g(0) … g(months − 1) for a constant probability of buying again every `interval`
    months.

    g(k) = probability^(k / interval) where the interval divides k, else 0.

    Args:
        probability: of buying again after an interval [fraction].
        interval: time between orders [months].
        months: how many ages [months].

    Returns:
        Orders per new customer by age.

    Examples:
        >>> geometric(0.5, 2, 5)
        [1.0, 0.0, 0.5, 0.0, 0.25]
    """
    ages: list[Number] = []
    level: Number = 1.0
    for age in range(months):
        if age and age % interval == 0:
            level = level * probability
        ages.append(level if age % interval == 0 else 0.0)
    return ages


def survival(alpha: Number, beta: Number, periods: int) -> list[Number]:
    """Return the share of customers still there after 0 … `periods` renewals, each leaving at an
    own rate (sBG).

    S(t) = B(α, β + t) / B(α, β), by S(t) = S(t − 1) · (β + t − 1) / (α + β + t − 1) (Fader and
    Hardie 2007).

    Args:
        alpha: first parameter of the probability to leave [1].
        beta: second parameter of it [1].
        periods: how many renewals.

    Returns:
        Shares of the customers [fraction], periods + 1 of them, the first one 1.

    Examples:
        >>> [round(s, 3) for s in survival(0.704, 1.182, 3)]
        [1.0, 0.627, 0.474, 0.388]
    """
    out: list[Number] = [1.0]
    for t in range(1, periods + 1):
        out.append(stayed(out[-1], alpha, beta, t))
    return out


def stayed(before: Number, alpha: Number, beta: Number, renewal: Number) -> Number:
    """Return the share of customers still there after a renewal (sBG).

    Args:
        before: the share there before it [fraction].
        alpha: first parameter of the probability to leave [1].
        beta: second parameter of it [1].
        renewal: which renewal, counted from 1.

    Returns:
        The share there after it [fraction].

    Examples:
        >>> stayed(0.5, 1.0, 1.0, 2)
        0.3333333333333333
    """
    return before * (beta + renewal - 1) / (alpha + beta + renewal - 1)


def expected_orders(time: Number, r: Number, alpha: Number, a: Number, b: Number) -> Array:
    """Return the expected repeat orders of a new customer within a time (BG/NBD, equation 9 of
    Fader, Hardie and Lee 2005).

    Args:
        time: since the first order [months].
        r: shape of the distribution of order rates [1].
        alpha: its rate parameter [months].
        a: first parameter of the probability to stop [1].
        b: second parameter of it [1].

    Returns:
        Orders per new customer, of the broadcast shape; NaN where double precision cannot hold them
        (r of hundreds beside a small α overflows the hypergeometric function).

    Examples:
        >>> round(float(expected_orders(39.0, 0.243, 4.414, 0.793, 2.426)), 3)
        1.197
    """
    z = time / (alpha + time)
    a = off_the_pole(a, b)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        still = (alpha / (alpha + time)) ** r * hyp2f1(r, b, a + b - 1, z)
    return np.asarray((a + b - 1) / (a - 1) * (1 - np.where(np.isfinite(still), still, np.nan)))


def bought_again(time: Number, r: Number, alpha: Number) -> Array:
    """Return the share of new customers who buy again within a time (BG/NBD, where nobody stops
    before the second order): 1 − (α / (α + t))^r.

    Args:
        time: since the first order [months].
        r: shape of the distribution of order rates [1].
        alpha: its rate parameter [months].

    Returns:
        The share [fraction], of the broadcast shape.

    Examples:
        >>> round(float(bought_again(39.0, 0.243, 4.414)), 3)
        0.426
    """
    return as_array(1.0 - (alpha / (alpha + time)) ** r)


def off_the_pole(a: Number, b: Number) -> Array:
    """Return a, moved by a ten-millionth where the formulas of BG/NBD have a removable pole: a = 1,
    and a + b = 1.

    Args:
        a: first parameter of the probability to stop [1].
        b: second parameter of it [1].

    Returns:
        The parameter to compute with, of the broadcast shape.
    """
    moved = np.where(np.abs(np.asarray(a) - 1.0) < _NEAR_POLE, 1.0 + _NEAR_POLE, a)
    return np.where(np.abs(moved + b - 1.0) < _NEAR_POLE, moved + _NEAR_POLE, moved)


def differing_loyalty(alpha: Number, beta: Number, interval: int, months: int) -> list[Number]:
    """Return g(0) … g(months − 1) where each customer stays with an own probability at every
    interval (sBG).

    Args:
        alpha: first parameter of the probability to leave [1].
        beta: second parameter of it [1].
        interval: time between orders [months].
        months: how many ages [months].

    Returns:
        Orders per new customer by age.

    Examples:
        >>> differing_loyalty(1.0, 1.0, 2, 5)
        [1.0, 0.0, 0.5, 0.0, 0.3333333333333333]
    """
    there = survival(alpha, beta, (months - 1) // interval)
    return [there[age // interval] if age % interval == 0 else 0.0 for age in range(months)]


def differing_pace(r: Number, alpha: Number, a: Number, b: Number, months: int) -> list[Number]:
    """Return g(0) … g(months − 1) where each customer orders at an own pace until it stops (BG/NBD,
    time in months).

    Args:
        r: shape of the distribution of order rates [1].
        alpha: its rate parameter [months].
        a: first parameter of the probability to stop [1].
        b: second parameter of it [1].
        months: how many ages [months].

    Returns:
        Orders per new customer by age.

    Examples:
        >>> [round(float(g), 4) for g in differing_pace(0.243, 1.0, 0.793, 2.426, 3)]
        [1.0, 0.2142, 0.1759]
    """
    upto = [0.0, *_orders_up_to(months - 1, r, alpha, a, b)]
    return [1.0, *(after - before for before, after in itertools.pairwise(upto))]


_REMEMBERED = 16
"""Answers of BG/NBD that are kept, each of some hundred KB: the blocks of a simulation whose
customers return in the next one, when only a fee or a budget differs."""


def _orders_up_to(months: int, r: Number, alpha: Number, a: Number, b: Number) -> list[Any]:
    """Return the expected repeat orders within 1 … `months` months, worked out once for the same
    numbers.
    """
    every = np.broadcast_arrays(*(np.asarray(one, np.float64) for one in (r, alpha, a, b)))
    return [*_remembered(months, every[0].shape, *(one.tobytes() for one in every))]


@functools.lru_cache(maxsize=_REMEMBERED)
def _remembered(months: int, shape: tuple[int, ...], *numbers: bytes) -> tuple[Any, ...]:
    """Return the expected repeat orders within 1 … `months` months, walked where that is exact
    (model/pace.py), else month by month from the closed form: each path has the digits that it
    would have alone.
    """
    every: list[Any] = [np.frombuffer(one).reshape(shape) for one in numbers]
    if not shape:
        every = [float(one) for one in every]
    walked = pace.within_reach(*every)
    out: list[Any]
    if walked.all():
        out = pace.orders_up_to(months, *every)
    elif not walked.any():
        out = [expected_orders(float(month), *every) for month in range(1, months + 1)]
    else:
        out = [np.empty(shape) for _ in range(months)]
        near, far = ([one[where] for one in every] for where in (walked, ~walked))
        for month, (whole, orders) in enumerate(
            zip(out, pace.orders_up_to(months, *near), strict=True), 1
        ):
            whole[walked], whole[~walked] = orders, expected_orders(float(month), *far)
    for one in out:
        if isinstance(one, np.ndarray):
            one.flags.writeable = False  # what is kept is nobody's to change
    return tuple(out)


def from_table(orders: Sequence[float], months: int) -> list[Number]:
    """Return g(0) … g(months − 1) from orders that were typed for ages 1, 2 …; none beyond.

    Args:
        orders: orders per new customer at ages 1, 2 … [months].
        months: how many ages [months].

    Returns:
        Orders per new customer by age, 1 at age 0.

    Examples:
        >>> from_table([0.2, 0.1], 4)
        [1.0, 0.2, 0.1, 0.0]
    """
    return [1.0, *(float(orders[age]) if age < len(orders) else 0.0 for age in range(months - 1))]


def typed_within(orders: Sequence[Number], months: Number) -> Number:
    """Return the share of new customers who order again within some months, from orders typed by
    age; at most 1.

    Args:
        orders: orders per new customer at ages 1, 2 … [months].
        months: within how many months.

    Returns:
        The share [fraction].

    Examples:
        >>> typed_within([0.2, 0.1, 0.4], 2), typed_within([0.8, 0.4], 2)
        (0.30000000000000004, 1.0)
    """
    upto: Number = 0.0
    for age, share in enumerate(orders, 1):
        upto = upto + either(months >= age, share, 0.0)
    return _plain(np.minimum(1.0, upto))


def repeats_for_ever(probability: Number) -> Number:
    """Return the repeat orders of one customer over all time: p / (1 − p).

    >>> repeats_for_ever(0.5)
    1.0
    """
    return probability / (1.0 - probability)


def tails(probability: Number, interval: int, months: int) -> list[Number]:
    """Return the repeat orders, in each month, of all customers won before month 1, at one new
    customer a month and a constant probability: Σ g(k) over k ≥ month.

    Args:
        probability: of buying again after an interval [fraction], below 1.
        interval: time between orders [months].
        months: how many months.

    Returns:
        Orders in months 1, 2 … of those earlier customers.

    Examples:
        >>> [round(float(t), 4) for t in tails(0.5, 1, 3)]
        [1.0, 0.5, 0.25]
    """
    return [
        probability ** (-(-month // interval)) / (1.0 - probability)
        for month in range(1, months + 1)
    ]


@dataclass(frozen=True)
class Before:
    """A store's steady month before the first one: new customers, paid orders, and what those
    customers still order in the months that follow.
    """

    new: Number
    paid: Number
    later: Sequence[Number]


def coming_back(new: Sequence[Number], orders_at_age: Sequence[Number], month: int) -> list[Number]:
    """Return the repeat orders that each earlier cohort places in a month, the youngest cohort
    first.

    Cohort m places new[m] · g(month − m); an age that brings nothing by definition is left out.

    Args:
        new: new customers of months 0 … month − 1.
        orders_at_age: g(0), g(1) … orders per new customer by age [months].
        month: the month, counted from 0.

    Returns:
        Orders, one number a cohort.

    Examples:
        >>> coming_back([100.0, 80.0], [1.0, 0.5, 0.25], 2)
        [40.0, 25.0]
    """
    return [
        new[month - age] * orders_at_age[age]
        for age in range(1, min(month, len(orders_at_age) - 1) + 1)
        if _brings(orders_at_age[age])
    ]


def _brings(rate: Number) -> bool:
    return isinstance(rate, np.ndarray) or rate != 0.0


def referred(referral: Number, new: Number, repeat: Number) -> Number:
    """Return the customers that the paid orders of the month before bring along.

    Args:
        referral: new customers that each paid order brings [fraction].
        new: first orders of the month before.
        repeat: repeat orders of the month before.

    Returns:
        New customers.

    Examples:
        >>> referred(0.1, 100.0, 20.0)
        12.0
    """
    return referral * (new + repeat)


def cohorts(
    acquired: Array,
    orders_at_age: list[Number],
    referral: Number,
    later: Array | None = None,
    count: Callable[[str, int | None, Array], Array] | None = None,
    before: Before | None = None,
) -> tuple[Array, Array]:
    """Return new customers and repeat orders by month.

    New customers are those acquired plus `referral` for each paid order of the month before; repeat
    orders of month t are the sum over earlier cohorts m of new[m] · g(t − m).

    Args:
        acquired: customers won by traffic, shape (months, paths).
        orders_at_age: g(0), g(1) … orders per new customer by age.
        referral: new customers that each paid order brings a month later [fraction].
        later: multiplies a month's repeat and referred orders [1], shape (months, paths); None for
            1.
        count: turns expected numbers into whole ones, given what is counted, the month and the
            expectation; None leaves expectations.
        before: the customers that a store already had; None for none.

    Returns:
        (new customers, repeat orders), both of shape (months, paths) with as many paths as any of
        what is given has.

    Examples:
        >>> new, repeat = cohorts(np.array([[100.0], [100.0]]), [1.0, 0.2], 0.1)
        >>> new.ravel().tolist(), repeat.ravel().tolist()
        ([100.0, 110.0], [0.0, 20.0])
    """
    had = () if before is None else (before.new, before.paid, *before.later[: len(acquired)])
    every = (acquired, *orders_at_age, referral, *had, *(() if later is None else (later,)))
    acquired = np.broadcast_to(acquired, np.broadcast_shapes(*map(np.shape, every)))
    ages = [age for age, rate in enumerate(orders_at_age) if age and _brings(rate)]
    if (
        not isinstance(referral, np.ndarray) and referral == 0.0
        # without referrals a month's new customers do not depend on the month before: all months at
        # once
    ):
        repeat = np.zeros(acquired.shape)
        for age in ages:
            repeat[age:] += acquired[:-age] * orders_at_age[age]
        if before is not None:
            for month, orders in enumerate(before.later[: len(repeat)]):
                repeat[month] += orders
        if later is not None:
            repeat *= later
        return acquired.copy(), (
            repeat if count is None or not ages else count("repeat", None, repeat)
        )
    new, again = (
        list(acquired),
        [np.zeros(acquired.shape[1:]) for _ in acquired],
    )  # lists of months, because `count` may turn one path into many
    for month in range(1 if before is None else 0, len(new)):
        for part in coming_back(new, orders_at_age, month):
            again[month] = again[month] + part
        if before is not None:
            again[month] = again[month] + before.later[month]
        brought = np.asarray(
            referral * before.paid
            if month == 0 and before is not None
            else referred(referral, new[month - 1], again[month - 1])
        )
        if later is not None:
            again[month] = again[month] * later[month]
            brought = brought * later[month]
        if count is not None:
            again[month] = count("repeat", month, again[month])
            brought = count("referred", month, brought)
        new[month] = new[month] + brought
    both = np.array(np.broadcast_arrays(*new, *again))
    return both[: len(new)], both[len(new) :]


def steady(
    acquired: Array, probability: Number, referral: Number, repeats: Number | None = None
) -> tuple[Array, Array]:
    """Return new customers and repeat orders of a month once every cohort has its share.

    With r = p / (1 − p) repeat orders a customer (or `repeats`), new = acquired + referral · new ·
    (1 + r), so new = acquired / (1 − referral · (1 + r)); NaN where each customer brings at least
    one other.

    Args:
        acquired: customers won by traffic in the month, shape (1, paths).
        probability: p, of buying again [fraction].
        referral: new customers that each paid order brings [fraction].
        repeats: repeat orders per customer where customers come back otherwise.

    Returns:
        (new customers, repeat orders), both of shape (1, paths).

    Examples:
        >>> new, repeat = steady(np.array([[90.0]]), 0.5, 0.05)
        >>> float(new[0, 0]), float(repeat[0, 0])
        (100.0, 100.0)
    """
    if repeats is None:
        repeats = repeats_for_ever(probability)
    brought = as_array(1.0 - referral * (1.0 + repeats))
    new = as_array(acquired / np.where(brought > 0, brought, np.nan))
    return new, as_array(new * repeats)


def evenly(a_year: Number, years: Number, months: int) -> list[Number]:
    """Return g(0) … g(months − 1) of a customer who places `a_year` orders a year for `years`
    years, the first one counted: the others evenly over the months that are left.

    g(k) = (a_year · years − 1) / (12 · years − 1) in the months 1 … 12 · years − 1 after the first
    order (the last one in part where 12 · years is no whole number), none later; never below zero.
    In all: a_year · years orders.

    Args:
        a_year: orders a year, the first one counted.
        years: how long a customer stays [years].
        months: how many ages [months].

    Returns:
        Orders per new customer by age.

    Examples:
        >>> evenly(4.0, 0.5, 8)
        [1.0, 0.2, 0.2, 0.2, 0.2, 0.2, 0.0, 0.0]
    """
    return [1.0, *(_plain(evenly_at(a_year, years, age)) for age in range(1, months))]


def evenly_at(a_year: Number, years: Number, age: Number) -> Number:
    """Return the orders of such a customer (`evenly`) in one month.

    Args:
        a_year: orders a year, the first one counted.
        years: how long a customer stays [years].
        age: time since the first order [months], 1 or later.

    Returns:
        Orders in that month.

    Examples:
        >>> round(float(evenly_at(4.0, 0.5, 5)), 12)
        0.2
    """
    return as_array(
        _each_month(a_year, years) * np.clip(MONTHS_A_YEAR * as_array(years) - age, 0.0, 1.0)
    )


def evenly_within(a_year: Number, years: Number, months: Number) -> Number:
    """Return the orders of such a customer (`evenly`) in the months 1 … `months` after the first
    order.

    Args:
        a_year: orders a year, the first one counted.
        years: how long a customer stays [years].
        months: how many months.

    Returns:
        Orders in those months, without the first one.

    Examples:
        >>> round(evenly_within(4.0, 0.5, 3), 12), round(evenly_within(4.0, 0.5, 30), 12)
        (0.6, 1.0)
    """
    return _plain(
        _each_month(a_year, years) * np.minimum(months, MONTHS_A_YEAR * as_array(years) - 1.0)
    )


def _plain(value: Any) -> Number:
    """Return an array without dimensions as a float."""
    scalar = isinstance(value, np.floating) or (isinstance(value, np.ndarray) and not value.ndim)
    out: Number = float(value) if scalar else value
    return out


def _each_month(a_year: Number, years: Number) -> Number:
    return np.maximum(0.0, as_array(a_year) * years - 1.0) / (MONTHS_A_YEAR * as_array(years) - 1.0)


def discounted(discount: Number, age: Number) -> Array:
    """Return what money of a later month is worth now, at a yearly discount that compounds by
    month.

    Args:
        discount: yearly discount [fraction].
        age: how much later [months].

    Returns:
        The factor [1], of the broadcast shape.

    Examples:
        >>> round(float(discounted(0.1, 12)), 9)
        0.909090909
    """
    return as_array(np.power(1.0 + as_array(discount), -age / MONTHS_A_YEAR))
