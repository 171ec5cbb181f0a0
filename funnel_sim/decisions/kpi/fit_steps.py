"""The steps that bring a funnel's steady month to the baseline month of its store's history."""

import math
from collections.abc import Callable, Collection

import numpy as np

from funnel_sim.chance import history as chance_history
from funnel_sim.decisions.kpi.measured import steady_figure
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.channels import Channel
from funnel_sim.scenario.in_force import ADS_AS, ads_as, main_channel, paid_channel
from funnel_sim.scenario.quantity import BetaCounts, point_value
from funnel_sim.scenario.scenario import Scenario

_CLOSE = 1e-9
_BOOST = 50.0


def _steady(scenario: Scenario, key: str) -> float:
    return (
        steady_figure(scenario, chance_history.sales_figure(scenario) if key == "gmv" else key)
        or 0.0
    )


def _scaled(scenario: Scenario, factors: dict[str, float]) -> Scenario:
    """Return the scenario with the point values at some paths multiplied; ranges become plain
    numbers, for the history now says how uncertain they are.
    """
    changes = {
        path: point_value(scenario.get(path)) * factor
        for path, factor in factors.items()
        if abs(factor - 1) > _CLOSE
    }
    return scenario.replace(changes) if changes else scenario


def _paid(scenario: Scenario) -> list[Channel]:
    return [channel for channel in scenario.channels if channel.kind in ("cpc", "cpm")]


def _typed(scenario: Scenario) -> list[Channel]:
    return [channel for channel in scenario.channels if channel.kind == "orders"]


def _begun(scenario: Scenario, base: dict[str, float | None]) -> Scenario:
    """Return the scenario in which something is sold, where orders are typed and none is yet: one
    order, from which the next steps go on.
    """
    if not _typed(scenario) or _steady(scenario, "paid_orders"):
        return scenario
    if not (base["orders"] or base["gmv"]):
        return scenario
    return scenario.replace({f"channels.{main_channel(scenario).id}.known_sales": 1.0})


def _budgets(scenario: Scenario, base: dict[str, float | None]) -> Scenario:
    """Bring ad spend to the baseline by the budgets, each in proportion; one that nobody typed yet
    is that of the channel which stands for ads.
    """
    spend, now = base["ad_spend"], _steady(scenario, "ad_spend")
    if spend is None:
        return scenario
    ads = paid_channel(scenario)
    if not now and ads is not None and not _typed(scenario):
        return scenario.replace({f"channels.{ads.id}.budget": spend}) if spend else scenario
    if not now:
        return scenario
    factors = {f"channels.{c.id}.budget": spend / now for c in _paid(scenario)}
    factors |= {
        f"channels.{c.id}.reference_budget": spend / now
        for c in _paid(scenario)
        if c.reference_budget is not None
    }
    return _scaled(scenario, factors)


def _clicks(scenario: Scenario, base: dict[str, float | None]) -> Scenario:
    spend, clicks, now = base["ad_spend"], base["clicks"], _steady(scenario, "cpc")
    if not spend or not clicks or not now:
        return scenario
    factor = spend / clicks / now
    return _scaled(
        scenario,
        {f"channels.{c.id}.{'cpc' if c.kind == 'cpc' else 'cpm'}": factor for c in _paid(scenario)},
    )


def _price(scenario: Scenario, base: dict[str, float | None]) -> Scenario:
    gmv, orders = base["gmv"], base["orders"]
    now = _steady(scenario, "gmv") / max(_steady(scenario, "paid_orders"), 1e-12)
    if not gmv or not orders or not now:
        return scenario
    return _scaled(
        scenario,
        {"product.price": gmv / orders / now, "product.shipping_charged": gmv / orders / now},
    )


def _paid_conversion(scenario: Scenario, base: dict[str, float | None]) -> Scenario:
    """Set the conversion of paid channels so that ads bring the sales that the history says they
    bring (on the price that shoppers pay).
    """
    sales, orders = base["ad_sales"], _steady(scenario, "paid_channel_orders")
    per_order = _steady(scenario, "gmv") / max(_steady(scenario, "paid_orders"), 1e-12)
    if not sales or not orders or not per_order:
        return scenario
    return _convert(scenario, [c.id for c in _paid(scenario)], sales / per_order / orders)


def _convert(scenario: Scenario, ids: Collection[str], factor: float) -> Scenario:
    """Return the scenario in which some channels convert `factor` times as well."""
    changes: dict[str, float] = {}
    for channel in scenario.channels:
        if channel.id in ids:
            own = (
                channel.channel_cvr if channel.channel_cvr is not None else scenario.conversion.cvr
            )
            if own is not None and channel.channel_checkout_rate is None:
                changes[f"channels.{channel.id}.channel_cvr"] = point_value(own) * factor
            else:
                cart = (
                    channel.channel_add_to_cart_rate
                    if channel.channel_add_to_cart_rate is not None
                    else scenario.conversion.add_to_cart_rate
                )
                changes[f"channels.{channel.id}.channel_add_to_cart_rate"] = (
                    point_value(cart or 0.0) * factor
                )
    return scenario.replace(changes)


def _typed_spend(scenario: Scenario, base: dict[str, float | None]) -> Scenario:
    """Set what the ads of typed orders cost to the part of the ad spend that no budget holds.

    Each channel that carries ad spend keeps its part of it (at the orders of the history) and the
    form in which it is given (of the month, per order, ACoS or TACoS; the first where there are
    several): the other forms are emptied, for they add up. Where no channel carries any, it is that
    of the month of the main one.
    """
    spend, typed = base["ad_spend"], _typed(scenario)
    if spend is None or not typed:
        return scenario
    result = evaluate(scenario)
    each, sales = result.steady["order_gross"] or 0.0, result.steady["gross_sales"] or 0.0
    wanted = max(0.0, spend - sum(result.channels[c.id]["spend"] or 0.0 for c in _paid(scenario)))
    now = {
        c.id: (result.channels[c.id]["spend"] or 0.0) + point_value(c.tacos_rate) * sales
        for c in typed
    }
    total = sum(now.values())
    if not total:
        now, total = {main_channel(scenario).id: 1.0}, 1.0
    changes: dict[str, float] = {}
    of_month: dict[str, float] = {}
    for channel in typed:
        part, inside = wanted * now.get(channel.id, 0.0) / total, f"channels.{channel.id}"
        orders = result.channels[channel.id]["orders"] or 0.0
        way = ads_as(channel) or "known_spend"
        per = {
            "known_spend": 1.0,
            "cost_per_order": orders,
            "acos_rate": orders * each,
            "tacos_rate": sales,
        }[way]
        changes |= {f"{inside}.{name}": 0.0 for name in ADS_AS}
        of_month |= {f"{inside}.{name}": 0.0 for name in ADS_AS} | {f"{inside}.known_spend": part}
        changes[f"{inside}.{way if per else 'known_spend'}"] = part / per if per else part
    try:
        return scenario.replace(changes)
    # the share of sales would be more than may be typed: the same as ad spend of the month
    except InputError:
        return scenario.replace(of_month)


def of_the_store(scenario: Scenario) -> Scenario:
    """Return the same figures with the conversion of the ads as the store's, where every channel
    was given one of its own and the store's would be in nobody's way.

    The number among the five is then the one that ads convert at, and what converts otherwise keeps
    its own. Typed orders convert at none.
    """
    channels = [channel for channel in scenario.channels if channel.kind != "orders"]
    steps = scenario.conversion.cvr is None
    store, own = (
        ("conversion.add_to_cart_rate", "channel_add_to_cart_rate")
        if steps
        else ("conversion.cvr", "channel_cvr")
    )
    rates = {c.id: getattr(c, own) for c in channels}
    if (
        not channels
        or any(rate is None for rate in rates.values())
        or (steps and any(c.channel_cvr is not None for c in channels))
    ):
        return scenario
    ads = paid_channel(scenario) or channels[0]
    rate = rates[ads.id]
    plain = scenario.plain()
    value = next(row[own] for row in plain["channels"] if row["id"] == ads.id)
    try:
        return scenario.replace(
            {store: value}
            | {f"channels.{name}.{own}": None for name, one in rates.items() if one == rate}
        )
    # the rate would exceed the store's cart rate: each channel keeps a rate of its own
    except InputError:
        return scenario


def _returns(scenario: Scenario, base: dict[str, float | None]) -> Scenario:
    back, orders = (
        chance_history.used_months(scenario, name) for name in ("returned_orders", "orders")
    )
    if not back.size or not orders.size:
        refunds, gmv = base["refunds"], base["gmv"]
        return (
            scenario
            if refunds is None or not gmv
            else scenario.replace({"fulfilment.return_rate": min(1.0, refunds / gmv)})
        )
    known = ~np.isnan(back) & ~np.isnan(orders)
    returned, sold = float(back[known].sum()), float(orders[known].sum())
    if not sold or returned > sold:
        return scenario
    return scenario.replace(
        {
            "fulfilment.return_rate": (
                BetaCounts(successes=returned, trials=sold).model_dump(mode="json")
            )
        }
    )


def _visits(scenario: Scenario, base: dict[str, float | None]) -> Scenario:
    """Bring visits to the baseline by the traffic that is not bought."""
    visits, now = base["visits"], _steady(scenario, "visits")
    if not visits or not now:
        return scenario
    flows = evaluate(scenario).channels
    free = {
        c.id: flows[c.id]["visits"] or 0.0
        for c in scenario.channels
        if c.kind not in ("cpc", "cpm")
    }
    factor = (
        (visits - (now - sum(free.values()))) / sum(free.values())
        if sum(free.values())
        else math.nan
    )
    return (
        _scaled(scenario, {f"channels.{name}.impressions": factor for name in free})
        if 0 < factor < _BOOST
        else scenario
    )


def _rest(scenario: Scenario, base: dict[str, float | None]) -> Scenario:
    """Bring orders (or GMV) to the baseline by the traffic that is not bought and by the orders
    that are typed; by the conversion of all where that cannot be.
    """
    key, wanted = ("paid_orders", base["orders"]) if base["orders"] else ("gmv", base["gmv"])
    now = _steady(scenario, key)
    if not wanted or not now:
        return scenario
    typed = [f"channels.{c.id}.known_sales" for c in _typed(scenario)]
    free = [c.id for c in scenario.channels if c.kind not in ("cpc", "cpm", "orders")]
    flows = evaluate(scenario).channels
    ads = sum(flows[c.id]["orders"] or 0.0 for c in _paid(scenario))
    bought = ads * now / max(_steady(scenario, "first_orders"), 1e-12)
    rest = now - bought
    factor = (wanted - bought) / rest if rest > _CLOSE * now else math.nan
    if 0 < factor < _BOOST and (free or typed):
        scaled = _scaled(scenario, dict.fromkeys(typed, factor))
        if base["visits"] and not typed:
            return _convert(scaled, free, factor)
        return _scaled(scaled, {f"channels.{name}.impressions": factor for name in free})
    visited = [c.id for c in scenario.channels if c.kind != "orders"]
    scaled = _scaled(scenario, dict.fromkeys(typed, wanted / now))
    return _convert(scaled, visited, wanted / now)


STEPS: tuple[tuple[Callable[[Scenario, dict[str, float | None]], Scenario], str], ...] = (
    (_begun, "orders"),
    (_budgets, "ad_spend"),
    (_clicks, "clicks"),
    (_price, "gmv"),
    (_paid_conversion, "ad_sales"),
    (_returns, "returned_orders"),
    (_visits, "visits"),
    (_rest, "orders"),
    (_typed_spend, "ad_spend"),
)
"""The steps in their order, and the figure whose months each is read from."""
