"""What a seller knows: a conversion rate with a budget and a price of clicks, or the orders of a
month with their ad spend; from one to the other and back.

A channel keeps the numbers of both ways, so nothing typed is lost: only its `kind` says which are
in force. Where the other way has no number yet, it gets the equivalent: the orders of the current
steady month and their ad spend, or the price of a click that brings them.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from funnel_sim.errors import InputError, refuse
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.channels import Channel, ChannelKind
from funnel_sim.scenario.in_force import ADS_AS, AdsAs, ads_as, knows_orders, main_channel
from funnel_sim.scenario.origins import origin_of
from funnel_sim.scenario.quantity import is_range, moved, point_value
from funnel_sim.scenario.scenario import Scenario

CountedIn = Literal["orders", "units", "sales"]
_SAME = 1e-6
_EXACT = 1e-9
_HALF = 0.5  # of orders from ads, where nothing says how many
_ROUNDS = 8


@dataclass(frozen=True)
class Switched:
    """A scenario after the switch; `restored`: numbers typed before are in force again, so results
    may differ from those before the switch.
    """

    scenario: Scenario
    restored: bool


def with_orders(scenario: Scenario) -> Switched:
    """Return the scenario with the orders of its channels typed instead of their traffic and
    conversion.

    Ads, organic traffic and creators; a channel with a cost of sending keeps its sends. Numbers
    typed before in this way come back; else each channel gets the first orders of the steady month
    and its ad spend per order, so that the steady month stays as it is.

    >>> from funnel_sim.scenario.presets import preset
    >>> before = preset("amazon-de-kitchen")
    >>> after = with_orders(before).scenario
    >>> (
    ...     {c.kind for c in after.channels},
    ...     abs(evaluate(after).steady["profit"] / evaluate(before).steady["profit"] - 1) < 1e-6,
    ... )
    ({'orders'}, True)
    """
    moved_here = [
        c
        for c in scenario.channels
        if c.kind in ("cpc", "cpm", "organic", "share")
        or (c.kind == "list" and not point_value(c.send_cost))
    ]
    restored = any(_typed_before(c) for c in moved_here)
    flows = evaluate(scenario).channels
    changes: dict[str, Any] = {f"channels.{c.id}.kind": "orders" for c in moved_here}
    fresh = [c for c in moved_here if not restored]
    for channel in fresh:
        orders, spent = flows[channel.id]["orders"] or 0.0, flows[channel.id]["spend"] or 0.0
        changes |= {
            f"channels.{channel.id}.known_sales": orders,
            f"channels.{channel.id}.known_as": "orders",
        }
        if channel.kind in ("cpc", "cpm") and orders:
            changes[f"channels.{channel.id}.cost_per_order"] = _round(spent / orders)
    after = scenario.replace(changes)
    found = evaluate(after).channels
    exact: dict[str, Any] = {}
    # an operator's effect on conversion multiplies typed orders too, so they are typed as they are
    # before the effect
    for channel in fresh:
        wanted, got = flows[channel.id]["orders"] or 0.0, found[channel.id]["orders"] or 0.0
        if got:
            exact[f"channels.{channel.id}.known_sales"] = _round(wanted * wanted / got)
    return Switched(after.replace(exact) if exact else after, restored)


def with_rates(scenario: Scenario, kinds: Mapping[str, ChannelKind] | None = None) -> Switched:
    """Return the scenario with traffic and conversion in force again in every channel of typed
    orders.

    A channel that never had traffic gets clicks at the price that brings its orders.

    Args:
        scenario: the store and its plan, as typed.
        kinds: what each channel was, where that is remembered; else it follows from the numbers
            that it still holds.

    Raises:
        InputError: if no conversion rate is known.
    """
    typed = [c for c in scenario.channels if c.kind == "orders"]
    conversion = scenario.conversion
    if any(
        not conversion.has_rate and c.channel_cvr is None and c.channel_checkout_rate is None
        for c in typed
    ):
        raise refuse("conversion.cvr", None, "conversion_missing")
    flows, restored = evaluate(scenario).channels, False
    changes: dict[str, Any] = {}
    for channel in typed:
        kind = (kinds or {}).get(channel.id) or _kind_before(channel)
        restored = restored or kind is not None
        changes |= (
            {f"channels.{channel.id}.kind": kind}
            if kind is not None
            else _as_clicks(scenario, channel, flows[channel.id])
        )
    return Switched(scenario.replace(changes), restored)


def _as_clicks(
    scenario: Scenario, channel: Channel, flow: Mapping[str, float | None]
) -> dict[str, Any]:
    """Return the changes that turn typed orders into traffic: ads at their current spend, or visits
    that cost nothing.
    """
    path = f"channels.{channel.id}"
    trial = scenario.replace(
        {
            f"{path}.kind": "cpc",
            f"{path}.budget": 1000.0,
            f"{path}.cpc": 1.0,
            f"{path}.elasticity": 0.0,
        }
    )
    orders, spent = flow["orders"] or 0.0, flow["spend"] or 0.0
    each = (evaluate(trial).channels[channel.id]["orders"] or 0.0) / 1000.0  # orders per click
    if not each:
        raise refuse("conversion.cvr", None, "conversion_missing")
    if spent and orders:
        return {
            f"{path}.kind": "cpc",
            f"{path}.budget": _round(spent),
            f"{path}.cpc": _round(each * spent / orders),
            f"{path}.elasticity": 0.0,
        }
    return {
        f"{path}.kind": "organic",
        f"{path}.ctr": 1.0,
        f"{path}.impressions": _round(orders / each),
    }


def _typed_before(channel: Channel) -> bool:
    return bool(point_value(channel.known_sales)) or is_range(channel.known_sales)


def _kind_before(channel: Channel) -> ChannelKind | None:
    """Return what a channel of typed orders was, by the numbers of traffic that it still holds;
    None where it has none.
    """
    usual = Channel(id="usual")
    if point_value(channel.budget):
        by_impression = (
            point_value(channel.cpc) == point_value(usual.cpc)
            and point_value(channel.cpm) != point_value(usual.cpm)
            and channel.ctr is not None
        )
        return "cpm" if by_impression else "cpc"
    if point_value(channel.impressions) and channel.ctr is not None:
        return "share" if point_value(channel.affiliate_rate) else "organic"
    return None


def counted_in(scenario: Scenario, unit: CountedIn) -> Scenario:
    """Return the scenario with its typed orders counted in another unit; the same orders as before.

    A range is moved along, as wide relative to its point value as before.

    Args:
        scenario: the store and its plan, as typed.
        unit: "orders", "units" or "sales" (what shoppers pay) [sales currency].

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> from funnel_sim.scenario.in_force import main_channel
        >>> typed = with_orders(preset("amazon-de-kitchen")).scenario
        >>> sales = counted_in(typed, "sales")
        >>> (
        ...     main_channel(sales).known_as,
        ...     abs(evaluate(sales).steady["profit"] / evaluate(typed).steady["profit"] - 1) < 1e-6,
        ... )
        ('sales', True)
    """
    steady = evaluate(scenario).steady
    each = {
        "orders": 1.0,
        "units": steady["units"] or 1.0,
        "sales": steady["order_consumer"] or 1.0,
    }
    changes: dict[str, Any] = {}
    for channel in scenario.channels:
        if channel.kind == "orders" and channel.known_as != unit:
            path, factor = f"channels.{channel.id}", each[unit] / each[channel.known_as]
            changes |= {
                f"{path}.known_as": unit,
                f"{path}.known_sales": _scaled(channel.known_sales, factor),
            }
    if not changes:
        return scenario
    after = scenario.replace(changes)
    if not scenario.conversion.answers_to_price:
        return after
    # what is typed holds at the reference price, where an order brings another amount than today
    before, found = evaluate(scenario).channels, evaluate(after).channels
    exact = {
        path: _scaled(after.get(path), (before[name]["orders"] or 0.0) / got)
        for path in changes
        if path.endswith(".known_sales") and (got := found[name := path.split(".")[1]]["orders"])
    }
    return after.replace(exact) if exact else after


def with_ads_as(scenario: Scenario, way: AdsAs) -> Scenario:
    """Return the scenario with the ad spend of its typed orders given in another way; the same
    spend.

    With TACoS it is not known which orders ads brought, so there is no ACoS, ROAS or paid CAC.

    Args:
        scenario: the store and its plan, as typed.
        way: for the month, per order, as ACoS (of the channel's sales) or as TACoS (of all sales).
    """
    result = evaluate(scenario)
    each, sales = result.steady["order_gross"] or 0.0, result.steady["gross_sales"] or 0.0
    typed = [c for c in scenario.channels if c.kind == "orders"]
    changes: dict[str, Any] = {}
    for channel in typed:
        path = f"channels.{channel.id}"
        flow = result.channels[channel.id]
        orders, spent = flow["orders"] or 0.0, flow["spend"] or 0.0
        spent += point_value(channel.tacos_rate) * sales
        if not spent or not orders or not each:
            continue
        value = {
            "known_spend": spent,
            "cost_per_order": spent / orders,
            "acos_rate": spent / orders / each,
            "tacos_rate": spent / sales if sales else 0.0,
        }[way]
        changes |= {f"{path}.{name}": 0.0 for name in ADS_AS} | {f"{path}.{way}": _round(value)}
    return scenario.replace(changes) if changes else scenario


def from_funnel(scenario: Scenario) -> frozenset[str]:
    """Return the paths of typed orders and their ad spend that nobody typed: those that are still
    what the funnel, kept beside them, comes to. A budget that was typed there is no less typed
    where it is carried as a month's ad spend, or put per order or as ACoS or TACoS.

    >>> from funnel_sim.scenario.presets import preset
    >>> typed = with_orders(preset("amazon-de-kitchen")).scenario
    >>> (
    ...     sorted(from_funnel(typed)),
    ...     sorted(from_funnel(typed.replace({"channels.ads.known_sales": 200.0}))),
    ... )
    (['channels.ads.cost_per_order', 'channels.ads.known_sales', 'channels.organic.known_sales'],
     ['channels.ads.cost_per_order', 'channels.organic.known_sales'])
    """
    found = funnel_of(scenario)
    if found is None:
        return frozenset()
    typed = [c for c in scenario.channels if c.kind == "orders"]
    every = [f"channels.{c.id}.{name}" for c in typed for name in ("known_sales", *ADS_AS)]
    budgets = {
        f"channels.{c.id}.{name}"
        for c in typed
        for name in ADS_AS
        if origin_of(scenario, f"channels.{c.id}.budget").kind == "yours"
    }
    return frozenset(
        path for path in every if path not in budgets and _same(scenario.get(path), found.get(path))
    )


def funnel_of(scenario: Scenario) -> Scenario | None:
    """Return the scenario with the orders and ad spend that the funnel kept beside them comes to;
    None where no orders are typed, or a channel holds no funnel.
    """
    typed = [c for c in scenario.channels if c.kind == "orders"]
    kept = {c.id: kind for c in typed if (kind := _kind_before(c)) is not None}
    if not kept or any(c.id not in kept and point_value(c.known_sales) for c in typed):
        return None  # a channel without a funnel and without orders brings nothing either way
    empty = {f"channels.{c.id}.{name}": 0.0 for c in typed for name in ("known_sales", *ADS_AS)}
    try:
        found = with_orders(with_rates(scenario, kept).scenario.replace(empty)).scenario
        found = counted_in(found, main_channel(scenario).known_as)
        way = ads_as(main_channel(scenario))
        return found if way is None else with_ads_as(found, way)
    except InputError:
        return None


def _same(value: Any, worked_out: Any) -> bool:
    return (
        not is_range(value)
        and not is_range(worked_out)
        and bool(value)
        and math.isclose(value, worked_out, rel_tol=_SAME)
    )


def with_total(scenario: Scenario, total: float, share: float) -> Scenario:
    """Return the scenario with another total of its typed orders, units or sales; ad spend stays
    given as it is.

    Inside the channels with ads, and inside those without, the channels keep their proportions;
    where a group has nothing yet, its channels get the same each. A range is moved along. Where
    either group has no channel, the other one gets all.

    Args:
        scenario: the store and its plan, as typed.
        total: the total of a month, in the unit in which it is typed.
        share: of the total that channels with ads bring [fraction].

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> typed = with_total(with_orders(preset("amazon-de-kitchen")).scenario, 500.0, 0.4)
        >>> [c.known_sales for c in typed.channels], typed_total(typed)
        ([200.0, 300.0], (500.0, 0.4))
    """
    ads, free = _by_ads(scenario)
    if not ads or not free:
        share = 1.0 if ads else 0.0
    changes: dict[str, Any] = {}
    for group, wanted in ((ads, total * share), (free, total * (1.0 - share))):
        now = sum(point_value(c.known_sales) for c in group)
        for channel in group:
            value = (
                _scaled(channel.known_sales, wanted / now) if now else _round(wanted / len(group))
            )
            changes[f"channels.{channel.id}.known_sales"] = value
    return scenario.replace(changes)


def with_month(scenario: Scenario, total: float) -> Scenario:
    """Return the scenario with `total` paid orders in its steady month, those of customers who come
    back among them: what a back office counts.

    Where traffic and conversion were in force, the orders of each channel are typed from now on and
    the ad spend of a month stays what it is. Channels keep their proportions.

    Args:
        scenario: the store.
        total: paid orders of a steady month, above zero.

    Raises:
        InputError: where the orders that nobody types (sends that cost, say) are more already.

    >>> from funnel_sim.scenario.presets import preset
    >>> store = preset("amazon-de-kitchen")
    >>> month = evaluate(with_month(store, 900.0)).steady
    >>> round(month["paid_orders"], 6), month["ad_spend"] == evaluate(store).steady["ad_spend"]
    (900.0, True)
    """
    typed = scenario
    if not any(channel.kind == "orders" for channel in scenario.channels):
        found = with_orders(scenario)
        typed = found.scenario if found.restored else with_ads_as(found.scenario, "known_spend")
    base, share = typed_total(typed)
    if not base:
        base, share = total, share or _HALF

    def paid(factor: float) -> float:
        return evaluate(with_total(typed, base * factor, share)).steady["paid_orders"] or 0.0

    # both begin at what the month comes to now, never at the same place: orders that come by
    # themselves are part of `total`, not of `base`
    first, low = 1.0, paid(1.0)
    second = total / low if low else total / base
    high = paid(second)
    for _ in range(_ROUNDS):  # orders are as good as linear in what is typed: one round mostly
        if math.isclose(high, total, rel_tol=_EXACT) or high == low:
            break
        first, second, low = second, second + (total - high) * (second - first) / (high - low), high
        if second < 0:
            raise refuse("paid_orders", total, "at_least", limit=f"{paid(0.0):.0f}")
        high = paid(second)
    return with_total(typed, base * second, share)


def still_starts(scenario: Scenario) -> float | None:
    """Return the share of its level at which month 1 of a shop that sells already begins: its
    orders are typed, or its months are there, and yet it is planned as one that only starts.

    Typed orders hold the free visits, whose own start does nothing then.

    Args:
        scenario: the store and its plan, as typed.

    Returns:
        The share [fraction]; None where nothing rises, or nobody said that the shop sells.
    """
    plan, typed = scenario.plan, knows_orders(scenario)
    if not point_value(plan.ramp_months) or not (typed or scenario.history.names()):
        return None
    starts = [point_value(plan.ramp_start)]
    starts += [] if typed else [point_value(plan.organic_ramp_start)]
    return min(starts) if min(starts) < 1 else None


def already_running(scenario: Scenario) -> Scenario:
    """Return the scenario without a start: its first month is a usual one.

    Args:
        scenario: the store and its plan, as typed.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> new = with_month(preset("amazon-de-kitchen"), 900.0).replace(
        ...     {"plan.ramp_months": 6.0, "plan.ramp_start": 0.3}
        ... )
        >>> still_starts(new), still_starts(already_running(new))
        (0.3, None)
    """
    return scenario.replace(
        {"plan.ramp_months": 0.0, "plan.ramp_start": 1.0, "plan.organic_ramp_start": 1.0}
    )


def typed_total(scenario: Scenario) -> tuple[float, float]:
    """Return the typed orders, units or sales of all channels, and the share of them that channels
    with ads bring (nothing where there are none).
    """
    ads, free = (sum(point_value(c.known_sales) for c in group) for group in _by_ads(scenario))
    return _round(ads + free), _round(ads / (ads + free)) if ads + free else 0.0


def _by_ads(scenario: Scenario) -> tuple[list[Channel], list[Channel]]:
    typed = [c for c in scenario.channels if c.kind == "orders"]
    return [c for c in typed if ads_as(c) is not None], [c for c in typed if ads_as(c) is None]


def _scaled(value: Any, factor: float) -> Any:
    if not is_range(value):
        return _round(point_value(value) * factor)
    new = moved(value, point_value(value) * factor)
    return new if isinstance(new, float) else new.model_dump(mode="json")


def _round(value: float) -> float:
    """Return a number with nine significant digits, so that a field shows no rounding error in the
    sixteenth digit.
    """
    return float(f"{value:.9g}")
