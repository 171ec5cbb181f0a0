"""Orders that an example brings and nobody named: organic traffic, creators and affiliates, repeat
purchases. In a pitch they are switched off at first, and told as assumed where they are on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from funnel_sim.decisions.economics.known import with_month
from funnel_sim.decisions.economics.whose import orders_typed
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario

SOURCES = ("organic", "affiliates", "repeat")
_KINDS = {"organic": ("organic", "list"), "affiliates": ("share",)}


@dataclass(frozen=True)
class Source:
    """Where an example has orders from that nobody named: whether it is `on`, and the orders that
    it brings a month, or would bring.
    """

    key: str
    on: bool
    orders: float


@dataclass(frozen=True)
class AssumedOrders:
    """The sources of an example, and what of a steady month's `orders` and `profit` is assumed."""

    sources: tuple[Source, ...]
    orders: float
    profit: float
    assumed_orders: float
    assumed_profit: float


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
    """
    found = _of_source(scenario, key)
    changes = {
        path: (value.model_dump(mode="json") if hasattr(value, "model_dump") else value)
        if on
        else 0.0
        for path, value in found.items()
    }
    if not changes:
        return scenario
    after = scenario.replace(changes)
    total = _month(scenario)[0] if orders_typed(scenario) else 0.0
    return with_month(after, total) if total else after


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
    """Return the sources of a scenario's example that nobody named, and what they bring."""
    now = _month(scenario)
    sources = []
    bare = scenario
    for key in SOURCES:
        found = _of_source(scenario, key)
        if not found:
            continue
        on = any(point_value(scenario.get(path)) for path in found)
        bare = switched(bare, key, on=False)
        with_it, without = (
            _month(switched(scenario, key, on=wanted))[0] for wanted in (True, False)
        )
        sources.append(Source(key, on, with_it - without))
    least = _month(bare)
    return AssumedOrders(tuple(sources), *now, now[0] - least[0], now[1] - least[1])


def _month(scenario: Scenario) -> tuple[float, float]:
    steady = evaluate(scenario).steady
    return steady["paid_orders"] or 0.0, steady["profit"] or 0.0
