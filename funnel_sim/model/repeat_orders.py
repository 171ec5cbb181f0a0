"""How customers come back by the way that a scenario has chosen: per customer, and month by
month.
"""

import functools
import operator
from collections.abc import Mapping
from typing import Any

import numpy as np

from funnel_sim.model import demand, retention
from funnel_sim.model.arrays import Array, Number
from funnel_sim.model.keys import Book
from funnel_sim.model.written import as_number
from funnel_sim.scenario.customers import Customers
from funnel_sim.scenario.scenario import Scenario


def put_customers(scenario: Scenario, chance: demand.ByChance, book: Book, *, steady: bool) -> None:
    """Put the new customers and the repeat orders into a book.

    Args:
        scenario: whose customers say how they come back.
        chance: what chance and a history do to the months.
        book: changed in place; it holds the first orders, arrays of shape (months, paths).
        steady: whether the book is that of the steady month, in which every earlier cohort has its
            share.
    """
    referral, customers = book["referral"], scenario.customers
    acquired: Array = as_number(book["first_orders"])
    # every earlier cohort whose customers are still young enough for the lifetime value to count
    # them
    if customers.retention != "constant":
        ages = orders_at_age(customers, book, customers.ltv_horizon)
        if steady:
            repeats: Number = functools.reduce(operator.add, ages[1:], 0.0)
            book["new_customers"], book["repeat_orders"] = retention.steady(
                acquired, book["repeat_probability"], referral, repeats
            )
            return
    elif steady:
        book["new_customers"], book["repeat_orders"] = retention.steady(
            acquired, book["repeat_probability"], referral
        )
        return
    ages = orders_at_age(customers, book, acquired.shape[0])
    before = _before(customers, book, chance, acquired.shape[0])
    if chance.store_multiple is None:
        book["new_customers"], book["repeat_orders"] = retention.cohorts(
            acquired, ages, referral, chance.repeat_multiplier, chance.count, before
        )
        return
    # the months of a history include repeat orders, so repeat orders follow the same multiples
    usual = acquired / chance.store_multiple
    new, repeat = retention.cohorts(usual, ages, referral, chance.repeat_multiplier, None, before)
    book["new_customers"], book["repeat_orders"] = (
        new * chance.store_multiple,
        repeat * chance.store_multiple,
    )


def _before(
    customers: Customers, book: Book, chance: demand.ByChance, months: int
) -> retention.Before | None:
    """Return what the customers of the months before the first one still bring, where a store has
    had any.
    """
    if chance.earlier_orders is None:
        return None
    acquired, referral, horizon = chance.earlier_orders, book["referral"], customers.ltv_horizon
    if (
        customers.retention == "constant"
    ):  # orders at every age, also at ages beyond the horizon of the lifetime value
        repeats, left = (
            None,
            retention.tails(book["repeat_probability"], customers.repeat_interval, months),
        )
    else:
        ages = orders_at_age(customers, book, horizon)
        repeats = functools.reduce(operator.add, ages[1:], 0.0)
        left = [functools.reduce(operator.add, ages[month:], 0.0) for month in range(1, months + 1)]
    new, again = retention.steady(acquired, book["repeat_probability"], referral, repeats)
    return retention.Before(new[0], (new + again)[0], [(tail * new)[0] for tail in left])


def worth_at_age(customers: Customers, numbers: Mapping[str, Number]) -> list[Number]:
    """Return what a new customer's orders are worth in each month of the LTV horizon, in average
    orders: g(0), then v · g(k) up to age horizon − 1.

    v is what a repeat order is worth relative to the average one (`repeat_order_value`).

    Args:
        customers: how customers come back, and the LTV horizon [months].
        numbers: the numbers of the fields, by symbol.

    Returns:
        Average orders by age [months], one entry a month.
    """
    first, *later = orders_at_age(customers, numbers, customers.ltv_horizon)
    return [first, *(numbers["repeat_order_value"] * age for age in later)]


def orders_at_age(customers: Customers, numbers: Mapping[str, Number], months: int) -> list[Number]:
    """Return g(0) … g(months − 1): the orders that a new customer places in each of its first
    months, by the chosen way of coming back.

    Args:
        customers: how customers come back.
        numbers: the numbers of the fields, by symbol.
        months: how many ages [months].

    Returns:
        Orders per new customer by age, floats or arrays of shape (1, paths).
    """
    match customers.retention:
        case "frequency":
            return retention.evenly(numbers["orders_a_year"], numbers["lifespan_years"], months)
        case "sbg":
            return retention.differing_loyalty(
                numbers["sbg_alpha"], numbers["sbg_beta"], customers.repeat_interval, months
            )
        case "bgnbd":
            return retention.differing_pace(
                numbers["bgnbd_r"],
                numbers["bgnbd_alpha"],
                numbers["bgnbd_a"],
                numbers["bgnbd_b"],
                months,
            )
        case "table":
            return retention.from_table(customers.age_orders, months)
    return retention.geometric(numbers["repeat_probability"], customers.repeat_interval, months)


def bought_again(customers: Customers, numbers: Mapping[str, Number]) -> Number:
    """Return the share of new customers who buy again within one interval.

    Args:
        customers: how customers come back.
        numbers: the numbers of the fields, by symbol.

    Returns:
        The share [fraction], a float or an array of shape (1, paths).
    """
    interval = numbers["repeat_interval"]
    match customers.retention:
        case "frequency":
            return np.minimum(
                1.0,
                retention.evenly_within(
                    numbers["orders_a_year"], numbers["lifespan_years"], interval
                ),
            )
        case "sbg":
            return retention.survival(numbers["sbg_alpha"], numbers["sbg_beta"], 1)[1]
        case "bgnbd":
            return retention.bought_again(interval, numbers["bgnbd_r"], numbers["bgnbd_alpha"])
        case "table":
            orders: Any = numbers.get("age_orders", customers.age_orders)  # cells in a workbook
            return retention.typed_within(orders, interval)
    out: Number = numbers["repeat_probability"]
    return out
