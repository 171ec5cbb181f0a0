"""Orders that an example brings and nobody named: organic traffic, creators and affiliates, repeat
purchases. In a pitch they are switched off at first, and told as assumed where they are on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from funnel_sim.decisions.economics.known import with_month
from funnel_sim.decisions.economics.whose import orders_typed
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario

SOURCES = ("organic", "affiliates", "repeat")
_NONE = 1e-6  # orders: a rounding error of the way there
_KINDS = {"organic": ("organic", "list"), "affiliates": ("share",)}


@dataclass(frozen=True)
class Source:
    """Where an example has orders from that nobody named: whether it is `on`, and the orders that
    it brings a month, or would bring: beside those that were named or, where the orders of a month
    were typed, of them.
    """

    key: str
    on: bool
    orders: float


@dataclass(frozen=True)
class AssumedOrders:
    """The sources of an example, and what of a steady month's `orders` and `profit` is assumed.

    Where the orders of a month are `typed`, they stay as they are with any source on or off: then
    `assumed_orders` are those of them that come by an assumed way, and `assumed_profit` is what it
    adds that they do not all come by the ways that were named (below zero: takes away).
    """

    sources: tuple[Source, ...]
    orders: float
    profit: float
    assumed_orders: float
    assumed_profit: float
    typed: bool


def _of_source(scenario: Scenario, key: str) -> Mapping[str, Any]:
    """Return what the example has in the fields of a source, by path; nothing where one of them was
    typed: then it was said.
    """
    if not scenario.preset:
        return {}
    example = preset(scenario.preset, scenario.as_of)
    here = {channel.id for channel in scenario.channels}
    if key == "repeat":
        paths = ["customers.repeat_probability"]
    else:
        kinds = _KINDS[key]
        there = [c.id for c in example.channels if c.kind in kinds and c.id in here]
        paths = [f"channels.{name}.impressions" for name in there]
    found = {path: example.get(path) for path in paths if point_value(example.get(path) or 0.0)}
    said = any(
        scenario.get(path) is None
        or (point_value(scenario.get(path)) and scenario.get(path) != value)
        for path, value in found.items()
    )
    return {} if said else found


def switched(scenario: Scenario, key: str, *, on: bool) -> Scenario:
    """Return the scenario with a source of its example switched on or off; orders of a month that
    were typed stay what they are, whoever of them came by which way.

    Args:
        scenario: the store and its plan, as typed.
        key: which source.
        on: whether it counts.

    Raises:
        InputError: where the source alone brings more than the orders that were typed.

    >>> from funnel_sim.decisions.economics.known import with_month
    >>> typed = with_month(named_only(preset("shopify-us-beauty")), 900.0)
    >>> round(evaluate(switched(typed, "organic", on=True)).steady["paid_orders"], 6)
    900.0
    """
    after = _put(scenario, key, on=on)
    total = _month(scenario)[0] if after != scenario and orders_typed(scenario) else 0.0
    return with_month(after, total) if total else after


def _put(scenario: Scenario, key: str, *, on: bool) -> Scenario:
    """Return the scenario with a source on or off and nothing else changed."""
    changes = {
        path: (value.model_dump(mode="json") if hasattr(value, "model_dump") else value)
        if on
        else 0.0
        for path, value in _of_source(scenario, key).items()
    }
    return scenario.replace(changes) if changes else scenario


def named_only(scenario: Scenario) -> Scenario:
    """Return the scenario with every source switched off that nobody named; as it is where nothing
    would be left.

    >>> shop = preset("tiktok-us-beauty")
    >>> [round(evaluate(one).steady["paid_orders"] or 0) for one in (shop, named_only(shop))]
    [1500, 355]
    """
    out = scenario
    for key in SOURCES:
        out = switched(out, key, on=False)
    return out if evaluate(out).steady["paid_orders"] else scenario


def assumed_orders(scenario: Scenario) -> AssumedOrders:
    """Return the sources of a scenario's example that nobody named, and what they bring; one that
    brings nothing, or more than the orders that were typed, is none.
    """
    now = _month(scenario)
    sources = []
    bare = alone = scenario
    for key in SOURCES:
        found = _of_source(scenario, key)
        if not found:
            continue
        on = any(point_value(scenario.get(path)) for path in found)
        bare, alone = switched(bare, key, on=False), _put(alone, key, on=False)
        try:
            with_it = switched(scenario, key, on=True)
        except InputError:
            continue
        orders = _month(with_it)[0] - _month(_put(with_it, key, on=False))[0]
        if orders > _NONE:
            sources.append(Source(key, on, orders))
    return AssumedOrders(
        tuple(sources),
        *now,
        now[0] - _month(alone)[0],
        now[1] - _month(bare)[1],
        orders_typed(scenario),
    )


def _month(scenario: Scenario) -> tuple[float, float]:
    steady = evaluate(scenario).steady
    return steady["paid_orders"] or 0.0, steady["profit"] or 0.0
