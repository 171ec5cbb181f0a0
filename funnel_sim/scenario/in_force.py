"""Which number is in force where a scenario could hold several: the price of a click of which
channel, the conversion rate of the store or a channel's own.
"""

from typing import Literal, get_args

from funnel_sim.scenario.channels import Channel
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.scenario import Scenario

PAID = ("cpc", "cpm")
AdsAs = Literal["known_spend", "cost_per_order", "acos_rate", "tacos_rate"]
ADS_AS: tuple[AdsAs, ...] = get_args(AdsAs)
_MOST = 5


def knows_orders(scenario: Scenario) -> bool:
    """Say whether orders are typed in some channel."""
    return any(channel.kind == "orders" for channel in scenario.channels)


def main_channel(scenario: Scenario) -> Channel:
    """Return the channel of typed orders that has ads, else the first of typed orders, else the
    first bought one, else the first.
    """
    typed = [c for c in scenario.channels if c.kind == "orders"]
    bought = [c for c in scenario.channels if c.kind in ("cpc", "cpm")]
    return next((c for c in typed if ads_as(c) is not None), None) or next(
        iter([*typed, *bought, *scenario.channels])
    )


def ads_as(channel: Channel) -> AdsAs | None:
    """Return in which way the ad spend of typed orders is given; None where there is none."""
    return next(
        (
            name
            for name in ADS_AS
            if point_value(getattr(channel, name)) or is_range(getattr(channel, name))
        ),
        None,
    )


def visited(scenario: Scenario) -> list[Channel]:
    """Return the channels that bring visits; all of them where none does.

    Where orders are typed, no visits are known.
    """
    found = [
        c
        for c in scenario.channels
        if c.kind != "orders"
        and (point_value(c.budget) > 0 if c.kind in PAID else point_value(c.impressions) > 0)
        and (c.kind == "cpc" or c.ctr is None or point_value(c.ctr) > 0)
    ]
    return found or [c for c in scenario.channels if c.kind != "orders"] or list(scenario.channels)


def paid_channel(scenario: Scenario) -> Channel | None:
    """Return the ad channel whose numbers stand for ads: the first that is paid for, else the first
    there is.
    """
    paid = [c for c in visited(scenario) if c.kind in PAID] or [
        c for c in scenario.channels if c.kind in PAID
    ]
    return paid[0] if paid else None


def own_rate(channel: Channel) -> bool:
    """Say whether a channel converts at a rate of its own, whatever the store's is."""
    return channel.channel_cvr is not None or channel.channel_checkout_rate is not None


def conversion_paths(scenario: Scenario) -> list[str]:
    """Return the field or the two fields that decide what a visit converts at: the store's where a
    channel with visits follows them, else those of the ads.

    >>> from funnel_sim.scenario.presets import preset
    >>> store = preset("amazon-de-kitchen")
    >>> (
    ...     conversion_paths(store),
    ...     conversion_paths(
    ...         store.replace(
    ...             {"channels.ads.channel_cvr": 0.09, "channels.organic.channel_cvr": 0.1}
    ...         )
    ...     ),
    ... )
    (['conversion.cvr'], ['channels.ads.channel_cvr'])
    """
    channels = visited(scenario)
    if not all(own_rate(c) for c in channels):
        conversion = scenario.conversion
        if conversion.cvr is not None:
            return ["conversion.cvr"]
        cart = "add_to_cart_rate" if conversion.product_view_rate is None else "cart_of_views_rate"
        checkout = (
            "checkout_rate"
            if conversion.checkout_start_rate is None
            else "checkout_completion_rate"
        )
        return [f"conversion.{cart}", f"conversion.{checkout}"]
    one = next((c for c in channels if c.kind in PAID), channels[0])
    inside = f"channels.{one.id}"
    if one.channel_cvr is not None:
        return [f"{inside}.channel_cvr"]
    cart = (
        "conversion.add_to_cart_rate"
        if one.channel_add_to_cart_rate is None
        else f"{inside}.channel_add_to_cart_rate"
    )
    return [cart, f"{inside}.channel_checkout_rate"]


def five_paths(scenario: Scenario) -> list[str]:
    """Return the paths of the five numbers: price, unit cost, the budget and the price of the ads,
    and the conversion that is in force.

    >>> from funnel_sim.scenario.presets import preset
    >>> five_paths(preset("amazon-de-kitchen"))
    ['product.price', 'product.unit_cost', 'channels.ads.budget', 'channels.ads.cpc',
     'conversion.cvr']
    """
    ads = paid_channel(scenario)
    if ads is None and knows_orders(scenario):
        main = main_channel(scenario)
        others = [c.id for c in scenario.channels if c.kind == "orders" and c.id != main.id]
        typed = [
            f"channels.{main.id}.known_sales",
            f"channels.{main.id}.{ads_as(main) or 'cost_per_order'}",
            *(f"channels.{key}.known_sales" for key in others),
        ]
        return ["product.price", "product.unit_cost", *typed][:_MOST]
    paid = [] if ads is None else [f"channels.{ads.id}.budget", f"channels.{ads.id}.{ads.kind}"]
    return ["product.price", "product.unit_cost", *paid, *conversion_paths(scenario)]


def others(scenario: Scenario) -> list[Channel]:
    """Return the channels with visits that do not go by the conversion among the five numbers."""
    if all(c.kind == "orders" for c in scenario.channels):
        return []
    shown = conversion_paths(scenario)[-1]
    if shown.startswith("conversion."):
        return [c for c in visited(scenario) if own_rate(c)]
    return [c for c in visited(scenario) if c.id != shown.split(".")[1]]
