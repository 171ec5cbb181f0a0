"""What a customer is worth, and when it is paid back, from a scenario's steady month."""

import numpy as np

from funnel_sim.model.arrays import Array, Number
from funnel_sim.model.customer_value import lifetime_value, orders_for_ever, payback, paybacks
from funnel_sim.model.keys import Book
from funnel_sim.model.repeat_orders import worth_at_age
from funnel_sim.model.sheet import known_or_none
from funnel_sim.model.values import Values


def payback_of_paths(values: Values, steady_book: Book) -> Array:
    """Return the payback month of each path: infinite where it is not within the horizon, NaN where
    nothing is paid back.

    Args:
        values: the numbers of the scenario's fields.
        steady_book: the steady month.

    Returns:
        Months, shape (1, paths).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        margin = np.asarray(steady_book["cm2"]) / np.asarray(steady_book["paid_orders"])
        orders = steady_book["paid_channel_orders"]
        cost = np.asarray(steady_book["ad_spend"]) / np.asarray(
            np.nan if orders is None else orders
        )
        return paybacks(margin, worth_of(values), cost)


def worth_of(values: Values) -> list[Number]:
    """Return what a new customer's orders are worth in each month of the horizon, in average orders
    (see `worth_at_age`).
    """
    return worth_at_age(values.scenario.customers, values.symbols)


def lifetime_value_of(values: Values, steady_book: Book) -> Number:
    """Return the lifetime value of a customer on the basis that the scenario has chosen [sales
    currency].

    Args:
        values: the numbers of the scenario's fields.
        steady_book: the steady month, with its orders and the margin of the basis.

    Returns:
        Money per new customer, of shape (1, paths) where it varies.
    """
    customers = values.scenario.customers
    with np.errstate(divide="ignore", invalid="ignore"):
        margin = np.asarray(steady_book[customers.ltv_basis]) / np.asarray(
            steady_book["paid_orders"]
        )
    return lifetime_value(
        margin, worth_of(values), values.symbols["ltv_discount"], customers.ltv_first_order
    )


def unlimited_lifetime_value(values: Values, steady: Book) -> float | None:
    """Return the lifetime value without a horizon, on the same basis and discount; None where it is
    infinite or there are no orders.

    Args:
        values: the numbers of the scenario's fields.
        steady: the steady month.

    Returns:
        Sales currency per new customer.
    """
    customers, numbers = values.scenario.customers, values.symbols
    basis, orders = known_or_none(steady[customers.ltv_basis]), known_or_none(steady["paid_orders"])
    later = orders_for_ever(
        customers.retention,
        numbers,
        customers.repeat_interval,
        customers.age_orders,
        float(numbers["ltv_discount"]),
    )
    if basis is None or not orders or later is None:
        return None
    return (
        basis
        / orders
        * (float(customers.ltv_first_order) + float(numbers["repeat_order_value"]) * later)
    )


def payback_of(values: Values, steady: Book) -> float | None:
    """Return the month in which a customer's contribution has covered its CAC; None where it does
    not within the horizon, or where there is nothing to pay back.

    Args:
        values: the numbers of the scenario's fields.
        steady: the steady month.

    Returns:
        The month, 1 being that of the first order.
    """
    orders, cac = known_or_none(steady["paid_orders"]), known_or_none(steady["cac"])
    margin = known_or_none(steady["cm2"])
    if not orders or cac is None or margin is None:
        return None
    ages = [float(np.asarray(g).reshape(-1)[0]) for g in worth_of(values)]
    month = payback(margin / orders, ages, cac)
    return None if month is None else float(month)
