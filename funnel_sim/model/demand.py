"""From money and exposure to first-time orders, channel by channel, and how months differ."""

import functools
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from funnel_sim.model.arrays import Array, Number, as_array, either, portion

A_YEAR = 12


@dataclass(frozen=True)
class MonthFactors:
    """What makes one month unlike another: multipliers of shape (months, 1) or (months, paths).

    `conversion` is ramp × season; `organic` the ramp of organic impressions; `budget` the plan;
    `effect` the share of an operator's effect that has arrived (0 … 1).
    """

    conversion: Array
    organic: Array
    budget: Array
    effect: Array


@dataclass(frozen=True)
class PayoutsHeld:
    """Payouts that are held back for a time: `covered` the share of each month, from its beginning,
    in which they are, shape (months, paths); `share` of what would be paid [1], (paths,) or one.
    """

    covered: Array
    share: Number


@dataclass(frozen=True)
class ByChance:
    """What chance and events do to the months of each path; None changes nothing, not even a digit.

    Multipliers of shape (months, paths): `conversion`, `traffic` (budgets and impressions alike),
    `clicks` (their price), `repeat_multiplier` (repeat and referred orders), `free` (impressions
    of organic and affiliate channels). `commission`: points added to its rates. `count(source,
    month, expected)`: orders as they come one by one, for all months (month None) or one.
    `store_multiple`: months of the whole store by its history, as multiples of the steady month;
    they are in `conversion` too, in place of ramp and season, and repeat orders follow them.
    `earlier_orders`: first orders of a month before the first one, where the store had any.
    `payouts_held`: payouts held back; they move cash and no figure of the months.
    """

    conversion: Array | None = None
    traffic: Array | None = None
    clicks: Array | None = None
    repeat_multiplier: Array | None = None
    commission: Array | None = None
    count: Callable[[str, int | None, Array], Array] | None = None
    store_multiple: Array | None = None
    earlier_orders: Array | None = None
    free: Array | None = None
    payouts_held: tuple[PayoutsHeld, ...] = ()


NO_CHANCE = ByChance()
FREE = ("organic", "share")
"""Kinds of channels whose visits are not bought: they take the season of a store, budgets do not.
"""


def times(value: Number, factor: Number | None) -> Number:
    """Return a value times a factor; the value itself where the factor is None or the number 1.

    Args:
        value: any number or array.
        factor: a multiplier [1]; None stands for "no factor".

    Returns:
        The product, of the broadcast shape: no new array where nothing changes.
    """
    if factor is None or (isinstance(factor, float) and factor == 1.0):
        return value
    return value * factor


def calendar(first: Number, month: Number) -> Array:
    """Return the calendar month (1 … 12) of a month of the plan.

    Args:
        first: the calendar month of the plan's month 1.
        month: which months of the plan, counted from 1, shape (months, 1).

    Returns:
        Calendar months, shape (months, 1).

    Examples:
        >>> calendar(11, np.array([[1.0], [2.0], [3.0]])).ravel().tolist()
        [11.0, 12.0, 1.0]
    """
    return as_array(np.remainder(first - 2 + month, A_YEAR)) + 1


def announced(current: Number, steps: Sequence[tuple[Number, Number]], month: Number) -> Number:
    """Return what a number is in a month: its current value until a change begins.

    Args:
        current: the current value, any unit.
        steps: (first month, value from then on) in the order of their months; of two that begin in
            one month the later one holds.
        month: which months of the plan, counted from 1.

    Returns:
        The value of each month, in the unit of the current one.

    Examples:
        >>> [announced(3.0, [(2, 4.0), (3, 5.0)], month) for month in (1, 2, 3)]
        [3.0, 4.0, 5.0]
    """
    level = current
    for first, value in steps:
        level = either(first <= month, value, level)
    return level


def announced_on_average(current: Number, steps: Sequence[tuple[Number, Number]]) -> Number:
    """Return the mean of a number over the first twelve months of its announced changes: what the
    steady month counts.

    Args:
        current: the current value, any unit.
        steps: as in `announced`.

    Returns:
        The mean of twelve months, in the unit of the current value.

    Examples:
        >>> announced_on_average(3.0, [(7, 4.0)])
        3.5
    """
    levels = [announced(current, steps, month) for month in range(1, A_YEAR + 1)]
    return functools.reduce(operator.add, levels) / A_YEAR


def moved(value: Number, current: Number, level: Number) -> Number:
    """Return a value that lies around a current one (drawn, or by season) after that one moved to a
    level: relatively as far from it as before; on top of it where the current one is zero.

    Args:
        value: the value that lies around the current one.
        current: the current one, same unit.
        level: what the current one moves to, same unit.

    Returns:
        The moved value, in that unit.

    Examples:
        >>> moved(6.0, 3.0, 4.0), moved(0.0, 0.0, 2.0)
        (8.0, 2.0)
    """
    if isinstance(current, float):
        return value * (level / current) if current else value + level
    return np.where(np.equal(current, 0.0), value + level, value * (level / current))


def ramp(start: Number, months: Number, month: Array) -> Array:
    """Return the share of the mature level that each month has reached.

    Month 1 stands at `start`; the level rises in a straight line and is 1 from month 1 + `months`.

    Args:
        start: the share in month 1 [fraction].
        months: how long the level rises [months]; 0 starts mature.
        month: which months, counted from 1, shape (months, 1).

    Returns:
        The share [fraction], shape (months, paths) as broadcast.

    Examples:
        >>> ramp(0.4, 3.0, np.array([[1.0], [2.0], [4.0], [9.0]])).ravel().round(3).tolist()
        [0.4, 0.6, 1.0, 1.0]
    """
    length = as_array(months)
    progress = portion(month - 1, length, 1.0, most=1.0)
    return as_array(start + (1.0 - start) * progress)


def arrived(months: Number, month: Array) -> Array:
    """Return the share of an effect that has arrived in each month: none in month 1, all of it from
    month 1 + `months`.

    Args:
        months: how long it takes [months].
        month: which months, counted from 1, shape (months, 1).

    Returns:
        The share [fraction], shape (months, paths) as broadcast.

    Examples:
        >>> arrived(2.0, np.array([[1.0], [2.0], [3.0]])).ravel().tolist()
        [0.0, 0.5, 1.0]
    """
    return ramp(0.0, months, month)


def with_effect(multiplier: Number, share: Number) -> Number:
    """Return a multiplier of which only a share has arrived: 1 + (multiplier − 1) · share.

    Args:
        multiplier: the effect once it has arrived in full [1].
        share: how much of it has arrived [fraction].

    Returns:
        The multiplier in force [1], of the broadcast shape.
    """
    if isinstance(multiplier, float) and multiplier == 1.0:
        return 1.0  # a multiplier of 1 is 1 in every month, however much of the effect has arrived
    return 1.0 + (multiplier - 1.0) * share


def bought(budget: Number, price: Number, elasticity: Number, reference: Number) -> Array:
    """Return what a budget buys when the price rises with it.

    Unit price at budget b is `price` · (b / `reference`)^`elasticity`; so b buys
    b^(1 − e) · reference^e / price units, and nothing when b is 0. Elasticity 0 is linear.

    Args:
        budget: the spend of a month [sales currency].
        price: the unit price at the reference budget [sales currency per unit].
        elasticity: e, how the unit price rises with the budget [1], 0 to below 1.
        reference: the budget at which `price` holds [sales currency].

    Returns:
        Units bought in the month, of the broadcast shape.

    Examples:
        >>> float(bought(500.0, 0.5, 0.0, 1.0)), round(float(bought(2000.0, 1.0, 0.5, 500.0)), 6)
        (1000.0, 1000.0)
    """
    return as_array(
        np.power(budget, 1.0 - as_array(elasticity)) * np.power(reference, elasticity) / price
    )


LEAST_OF_REFERENCE = 0.01
"""Below this share of the reference price, orders answer to the price no more: a price of zero
would bring an endless number of them.
"""


def price_ratio(paid: Number, reference: Number) -> Array:
    """Return the price that shoppers pay as a multiple of the one at which conversion was measured.

    Args:
        paid: what a shopper pays for a unit now [sales currency].
        reference: what one paid when conversion was measured [sales currency], above 0.

    Returns:
        paid / reference [1], at least `LEAST_OF_REFERENCE`, of the broadcast shape.
    """
    return as_array(np.maximum(paid / reference, LEAST_OF_REFERENCE))


def price_response(ratio: Number, elasticity: Number) -> Array:
    """Return by what orders are multiplied at another price: ratio^(−elasticity), the demand of
    constant elasticity.

    Args:
        ratio: the price paid as a multiple of the reference price (`price_ratio`) [1].
        elasticity: by how many percent orders fall when the price rises by 1 % [1], 0 or more.

    Returns:
        The multiplier [1], of the broadcast shape; 1 at the reference price.

    Examples:
        >>> float(price_response(2.0, 1.0)), float(price_response(1.0, 3.0))
        (0.5, 1.0)
    """
    return as_array(np.power(1.0 / ratio, elasticity))


@dataclass(frozen=True)
class Traffic:
    """A channel's month: what it costs and brings. None where it cannot be known."""

    spend: Array
    impressions: Array | None
    clicks: Array


def traffic(
    kind: str,
    *,
    budget: Number,
    price: Number,
    elasticity: Number,
    reference: Number,
    impressions: Number,
    ctr: Number | None,
) -> Traffic:
    """Return the spend, impressions and clicks of one channel.

    cpc: clicks = bought(budget); impressions = clicks / CTR where the CTR is known. cpm:
    impressions = 1000 · bought(budget); clicks = impressions · CTR. share, organic, list:
    impressions are given, clicks = impressions · CTR, no budget is spent.

    Args:
        kind: "cpc", "cpm", "share", "organic" or "list".
        budget: the spend of a month [sales currency]; asked for by cpc and cpm only.
        price: per click (cpc) or per thousand impressions (cpm) [sales currency].
        elasticity: how the price rises with the budget [1] (`bought`).
        reference: the budget at which the price holds [sales currency].
        impressions: exposure of a month where it is not bought.
        ctr: clicks per impression [fraction]; None where a cpc channel does not know it.

    Returns:
        The channel's traffic by month, arrays of the broadcast shape (months, paths).
    """
    if kind == "cpc":
        clicks = bought(budget, price, elasticity, reference)
        seen = None if ctr is None else portion(clicks, as_array(ctr), 0.0)
        return Traffic(as_array(budget + np.zeros_like(clicks)), seen, clicks)
    assert ctr is not None  # the scenario refuses the other kinds without a CTR
    if kind == "cpm":
        shown = 1000.0 * bought(budget, price, elasticity, reference)
        return Traffic(as_array(budget + np.zeros_like(shown)), shown, as_array(shown * ctr))
    shown = as_array(impressions)
    return Traffic(np.zeros_like(shown * 1.0), shown, as_array(shown * ctr))


@dataclass(frozen=True)
class Rates:
    """The steps of one channel from click to paid order; either `cvr`, or both steps."""

    landing: Number
    cvr: Number | None
    add_to_cart: Number | None
    checkout: Number | None
    payment_success: Number


@dataclass(frozen=True)
class Steps:
    """Visits, carts (None where no cart rate is given) and first-time paid orders."""

    visits: Array
    carts: Array | None
    orders: Array


def convert(clicks: Array, rates: Rates, boost_cart: Number, boost_checkout: Number) -> Steps:
    """Return visits, carts and first-time paid orders of a channel's clicks.

    No rate can exceed 1. With a CVR given, CVR · boosts is the rate, and the cart-to-order rate
    follows from it.

    Args:
        clicks: clicks by month, shape (months, paths).
        rates: the channel's conversion rates [fractions].
        boost_cart: multiplies the cart rate [1]: ramp, season, an operator's effect.
        boost_checkout: multiplies the cart-to-order rate [1].

    Returns:
        Visits, carts (None where they are not known) and paid first orders, shape (months, paths).
    """
    visits = as_array(times(clicks, rates.landing))
    carts = None
    if rates.add_to_cart is not None:
        carts = visits * np.minimum(1.0, times(rates.add_to_cart, boost_cart))
    if rates.cvr is not None:
        paid = as_array(
            visits * np.minimum(1.0, times(times(rates.cvr, boost_cart), boost_checkout))
        )
        # the cart-to-order rate that follows from CVR and cart rate cannot exceed 1 either
        return Steps(
            visits,
            carts,
            paid if carts is None else np.minimum(paid, carts * rates.payment_success),
        )
    assert carts is not None
    assert rates.checkout is not None
    placed = carts * np.minimum(1.0, times(rates.checkout, boost_checkout))
    return Steps(visits, carts, as_array(times(placed, rates.payment_success)))
