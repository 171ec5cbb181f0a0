"""Which number is in force where a scenario could hold several: the price of a click of which channel, the conversion rate of the store or a channel's own."""

from funnel_sim.inputs.quantity import likely
from funnel_sim.inputs.scenario import Channel, Scenario

PAID = ("cpc", "cpm")


def visited(scenario: Scenario) -> list[Channel]:
    """Return the channels that bring visits; all of them where none does."""
    found = [
        c
        for c in scenario.channels
        if (likely(c.budget) > 0 if c.kind in PAID else likely(c.impressions) > 0) and (c.kind == "cpc" or c.ctr is None or likely(c.ctr) > 0)
    ]
    return found or list(scenario.channels)


def paid_channel(scenario: Scenario) -> Channel | None:
    """Return the ad channel whose numbers stand for ads: the first that is paid for, else the first there is."""
    paid = [c for c in visited(scenario) if c.kind in PAID] or [c for c in scenario.channels if c.kind in PAID]
    return paid[0] if paid else None


def own_rate(channel: Channel) -> bool:
    """Say whether a channel converts at a rate of its own, whatever the store's is."""
    return channel.channel_cvr is not None or channel.channel_checkout_rate is not None


def conversion_paths(scenario: Scenario) -> list[str]:
    """Return the field or the two fields that decide what a visit converts at: the store's where a channel with visits follows them, else those of the ads.

    >>> from funnel_sim.inputs.presets import preset
    >>> store = preset("amazon-de-kitchen")
    >>> conversion_paths(store), conversion_paths(store.replace({"channels.ads.channel_cvr": 0.09, "channels.organic.channel_cvr": 0.1}))
    (['conversion.cvr'], ['channels.ads.channel_cvr'])
    """
    channels = visited(scenario)
    if not all(own_rate(c) for c in channels):
        return ["conversion.cvr"] if scenario.conversion.cvr is not None else ["conversion.add_to_cart_rate", "conversion.checkout_rate"]
    one = next((c for c in channels if c.kind in PAID), channels[0])
    inside = f"channels.{one.id}"
    if one.channel_cvr is not None:
        return [f"{inside}.channel_cvr"]
    cart = "conversion.add_to_cart_rate" if one.channel_add_to_cart_rate is None else f"{inside}.channel_add_to_cart_rate"
    return [cart, f"{inside}.channel_checkout_rate"]


def five_paths(scenario: Scenario) -> list[str]:
    """Return the paths of the five numbers: price, unit cost, the budget and the price of the ads, and the conversion that is in force.

    >>> from funnel_sim.inputs.presets import preset
    >>> five_paths(preset("amazon-de-kitchen"))
    ['product.price', 'product.unit_cost', 'channels.ads.budget', 'channels.ads.cpc', 'conversion.cvr']
    """
    ads = paid_channel(scenario)
    paid = [] if ads is None else [f"channels.{ads.id}.budget", f"channels.{ads.id}.{ads.kind}"]
    return ["product.price", "product.unit_cost", *paid, *conversion_paths(scenario)]


def others(scenario: Scenario) -> list[Channel]:
    """Return the channels with visits that do not go by the conversion among the five numbers."""
    shown = conversion_paths(scenario)[-1]
    if shown.startswith("conversion."):
        return [c for c in visited(scenario) if own_rate(c)]
    return [c for c in visited(scenario) if c.id != shown.split(".")[1]]
