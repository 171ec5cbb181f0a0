"""From a scenario's channels to visits and first orders."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from funnel_sim.model import demand
from funnel_sim.model.arrays import Array, Number, as_array
from funnel_sim.model.keys import Book, Flows, known
from funnel_sim.model.values import Values, number_of
from funnel_sim.model.wanted import Wanted
from funnel_sim.model.written import as_number, is_nothing
from funnel_sim.scenario.channels import Channel
from funnel_sim.scenario.scenario import Scenario

STEPS = ("spend", "impressions", "clicks", "visits", "carts", "orders")
"""What is told of each channel."""


EFFECTS = (
    "effect_cpc",
    "effect_organic",
    "effect_ctr",
    "effect_add_to_cart",
    "effect_checkout",
    "effect_aov",
)


def effects_of(book: Mapping[str, Number], share: Number) -> dict[str, Number]:
    """Return the multipliers of an operator's effect, of which a share has arrived.

    Args:
        book: the numbers of the fields, with those of the operator's effect [1].
        share: how much of the effect has arrived [fraction].

    Returns:
        Multipliers [1] by the key of the effect.
    """
    return {name: demand.with_effect(book[name], share) for name in EFFECTS}


def put_price_response(scenario: Scenario, book: Book) -> Number:
    """Put into a book by what the price multiplies orders (`price_response`), and what shoppers pay
    as a multiple of the reference price (`price_ratio`); both 1 where orders do not answer to it.

    Args:
        scenario: whose price today is the reference where none is given.
        book: with the amounts of an order; changed in place.

    Returns:
        The multiplier of orders [1]; the number 1 where they do not answer to the price.
    """
    elasticity = book["demand_elasticity"]
    if is_nothing(elasticity):
        book["price_ratio"] = book["price_response"] = 1.0
        return 1.0
    reference = known(book, "reference_price")
    if reference is None:
        reference = scenario.product.price_paid
    book["price_ratio"] = demand.price_ratio(book["order_entered"] / book["units"], reference)
    book["price_response"] = demand.price_response(book["price_ratio"], elasticity)
    return book["price_response"]


def put_funnel(
    scenario: Scenario,
    values: Values,
    months: demand.MonthFactors,
    effects: Mapping[str, Number],
    chance: demand.ByChance,
    book: Book,
    wanted: Wanted = None,
) -> None:
    """Put exposure, clicks, orders and what they cost into a book, and under "channels" the steps
    of each channel.

    Args:
        scenario: whose channels count.
        values: the numbers of its fields.
        months: multipliers of each month: budget, conversion, exposure [1].
        effects: multipliers of an operator's effect [1].
        chance: what chance does to the months.
        book: changed in place; arrays of shape (months, paths).
        wanted: the keys to work out; None for all.
    """
    sums: dict[str, Any] = {}

    def add(key: str, amount: Any) -> None:
        if wanted is not None and key not in wanted:
            return
        before = sums.get(key, 0.0)
        if before is None or amount is None:
            sums[key] = None
        elif is_nothing(amount) or is_nothing(
            before
        ):  # a channel that adds nothing adds no array of zeros
            sums[key] = before if is_nothing(amount) else amount
        else:
            sums[key] = before + amount

    zero = np.zeros_like(months.conversion * months.budget)
    cheaper = demand.times(effects["effect_cpc"], chance.clicks)
    conversion = demand.times(
        months.conversion if chance.store_multiple is None else 1.0, chance.conversion
    )
    answer = put_price_response(scenario, book)
    conversion = demand.times(conversion, answer)
    cart_boost = demand.times(conversion, effects["effect_add_to_cart"])
    checkout_boost = effects["effect_checkout"]
    by_channel: dict[str, Flows] = {}
    book["sales_ad_rate"] = 0.0
    for channel in scenario.channels:
        if channel.kind == "orders":
            by_channel[channel.id] = _typed_orders(
                channel, values, months, chance, book, demand.times(cart_boost, checkout_boost), add
            )
            continue
        flow = _traffic(channel, values, months, chance, effects, cheaper)
        steps = demand.convert(
            flow.clicks, _rates(scenario, channel, values, book), cart_boost, checkout_boost
        )
        orders = (
            steps.orders if chance.count is None else chance.count(channel.id, None, steps.orders)
        )
        paid = channel.kind in ("cpc", "cpm")
        viewed, started = _between(scenario, channel, values, steps, cart_boost)
        by_channel[channel.id] = {
            "spend": flow.spend,
            "impressions": flow.impressions,
            "clicks": flow.clicks,
            "visits": steps.visits,
            "carts": steps.carts,
            "orders": orders,
            "views": viewed,
            "checkouts": started,
        }
        add("impressions", flow.impressions)
        add("clicks", flow.clicks)
        add("visits", steps.visits)
        add("product_views", viewed)
        add("carts", steps.carts)
        add("checkouts", started)
        add("first_orders", orders)
        add("media_spend", flow.spend if paid else 0.0)
        add("media_of_orders", 0.0)
        add("paid_clicks", flow.clicks if paid else 0.0)
        add("paid_impressions", flow.impressions if paid else 0.0)
        add("paid_channel_orders", orders if paid else 0.0)
        share = number_of(values, channel, "affiliate_rate")
        shared = channel.kind == "share" or not is_nothing(share)
        add("affiliate_orders", orders if shared else 0.0)
        add("affiliate_due", orders * share if shared else 0.0)
        sent = flow.impressions if channel.kind == "list" else None
        cost = 0.0 if sent is None else sent * number_of(values, channel, "send_cost")
        add("list_cost", cost)
    for key, total in sums.items():
        book[key] = (
            total if total is None or np.shape(total)[:1] == zero.shape[:1] > (1,) else zero + total
        )
    book["channels"] = as_number(by_channel)


def _typed_orders(
    channel: Channel,
    values: Values,
    months: demand.MonthFactors,
    chance: demand.ByChance,
    book: Book,
    boost: Number,
    add: Callable[[str, Any], None],
) -> Flows:
    """Return a channel whose orders are typed, with its ad spend of a month, per order, as a share
    of its own sales, or of all sales.

    Season, ramp, price, effects and chance act on the orders as they would on a conversion rate.
    Impressions, clicks and visits are not known; where ads are known only as a share of all sales,
    neither are the orders that they bring.
    """
    per = {
        "orders": 1.0,
        "units": book["units"],
        "sales": book["order_entered"] * book["consumer_factor"],
    }[channel.known_as]
    if channel.known_as == "sales" and not is_nothing(book["demand_elasticity"]):
        per = per / book["price_ratio"]  # sales are typed at the reference price, as orders are
    orders = as_array(
        demand.times(
            demand.times(number_of(values, channel, "known_sales") / per, chance.traffic), boost
        )
    )
    orders = orders if chance.count is None else chance.count(channel.id, None, orders)
    of_order, of_own = (
        number_of(values, channel, "cost_per_order"),
        number_of(values, channel, "acos_rate"),
    )
    of_month, of_sales = (
        number_of(values, channel, "known_spend"),
        number_of(values, channel, "tacos_rate"),
    )
    goes_along = not (is_nothing(of_order) and is_nothing(of_own))
    bought = goes_along or not is_nothing(of_month)
    each = of_order + of_own * book["order_entered"] * book["gross_factor"]
    of_orders = (
        demand.times(orders * each, values.budget_scale) if goes_along else np.zeros_like(orders)
    )
    spend = of_orders
    if not is_nothing(
        of_month
        # the typed ad spend does not follow the sales; the budget plan, and events that stop the
        # ads, change it
    ):
        spend = of_orders + demand.times(
            of_month * months.budget * values.budget_scale, chance.traffic
        )
    for key in ("impressions", "clicks", "visits", "product_views", "carts", "checkouts"):
        add(key, None)
    add("first_orders", orders)
    add("media_spend", spend if bought else 0.0)
    add("media_of_orders", of_orders if goes_along else 0.0)
    for key in ("paid_clicks", "paid_impressions"):
        add(key, None if bought or not is_nothing(of_sales) else 0.0)
    add("paid_channel_orders", None if not is_nothing(of_sales) else orders if bought else 0.0)
    share = number_of(values, channel, "affiliate_rate")
    add("affiliate_orders", 0.0 if is_nothing(share) else orders)
    add("affiliate_due", 0.0 if is_nothing(share) else orders * share)
    add("list_cost", 0.0)
    book["sales_ad_rate"] = book["sales_ad_rate"] + of_sales * values.budget_scale
    unknown = dict.fromkeys(("impressions", "clicks", "visits", "carts", "views", "checkouts"))
    return {**unknown, "spend": spend, "orders": orders, "of_orders": of_orders}


def _between(
    scenario: Scenario, channel: Channel, values: Values, steps: demand.Steps, cart_boost: Number
) -> tuple[Array | None, Array | None]:
    """Return product views and checkouts started of a channel, where the store's steps are known
    and the channel has no step of its own.
    """
    c = scenario.conversion
    seen = values.number("conversion.product_view_rate", c.product_view_rate)
    started = values.number("conversion.checkout_start_rate", c.checkout_start_rate)
    own_cart, own_checkout = (
        channel.channel_add_to_cart_rate is not None,
        channel.channel_checkout_rate is not None,
    )
    views = None if seen is None or own_cart else as_array(demand.times(steps.visits, seen))
    checkouts = (
        None
        if started is None or steps.carts is None or own_checkout
        else as_array(demand.times(steps.carts, started))
    )
    return views, checkouts


def _traffic(
    channel: Channel,
    values: Values,
    months: demand.MonthFactors,
    chance: demand.ByChance,
    effects: Mapping[str, Number],
    cheaper: Number,
) -> demand.Traffic:
    reach = demand.times(number_of(values, channel, "impressions"), chance.traffic)
    if channel.kind in demand.FREE:
        reach = demand.times(reach, chance.free)
    if channel.kind == "organic":
        reach = reach * months.organic * effects["effect_organic"]
    ctr = values.channel(channel, "ctr")
    if ctr is not None:
        ctr = np.minimum(1.0, ctr * effects["effect_ctr"])
    reference = values.channel(channel, "reference_budget")
    budget = number_of(values, channel, "budget")
    return demand.traffic(
        channel.kind,
        budget=demand.times(budget * months.budget * values.budget_scale, chance.traffic),
        price=number_of(values, channel, "cpc" if channel.kind == "cpc" else "cpm") * cheaper,
        elasticity=number_of(values, channel, "elasticity"),
        reference=1.0 if reference is None else reference,
        impressions=reach,
        ctr=ctr,
    )


def _rates(scenario: Scenario, channel: Channel, values: Values, book: Book) -> demand.Rates:
    own = {
        name: values.channel(channel, f"channel_{name}")
        for name in ("landing_rate", "cvr", "add_to_cart_rate", "checkout_rate")
    }
    own_steps = own["cvr"] is None and own["checkout_rate"] is not None
    cvr = own["cvr"] if own["cvr"] is not None else (None if own_steps else book["conversion_cvr"])
    cart, checkout = book["add_to_cart_rate"], book["checkout_rate"]
    if book["product_view_rate"] is not None:
        cart = book["product_view_rate"] * book["cart_of_views_rate"]
    if book["checkout_start_rate"] is not None:
        checkout = book["checkout_start_rate"] * book["checkout_completion_rate"]
    return demand.Rates(
        landing=book["landing_rate"] if own["landing_rate"] is None else own["landing_rate"],
        cvr=cvr,
        add_to_cart=cart if own["add_to_cart_rate"] is None else own["add_to_cart_rate"],
        checkout=checkout if own["checkout_rate"] is None else own["checkout_rate"],
        payment_success=book["payment_success_rate"],
    )
