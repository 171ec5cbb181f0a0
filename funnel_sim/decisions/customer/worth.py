"""What a new customer costs by each definition, and what it brings back: CAC against LTV."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from funnel_sim.chance.estimates import Estimate, Figure, probability
from funnel_sim.chance.simulation import Simulation, simulate
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result, evaluate
from funnel_sim.reference.benchmarks import benchmark_spread
from funnel_sim.scenario.channels import Channel
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Acquisition:
    """What one new customer costs, in the steady month: by three definitions, and by each channel
    bought; None where there is none.
    """

    paid: float | None
    blended: float | None
    loaded: float | None
    by_channel: Mapping[str, float | None]


@dataclass(frozen=True)
class Worth:
    """CAC against LTV: the point figures, the draws, and how often a customer does not pay."""

    result: Result
    simulation: Simulation
    acquisition: Acquisition
    ltv: Estimate
    ratio: Estimate
    below_one: Figure
    below_three: Figure


def wide_prior(scenario: Scenario) -> Scenario | None:
    """Return a scenario whose repurchase rate is as wide as stores differ, for when records say too
    little; None where it is a range already, or zero.

    The rate's own value stays likely; P10 and P90 lie relative to it as the lowest and the highest
    benchmark of repurchase lie relative to their median. Raises nothing. Source: the rows
    `repeat_purchase_rate` of the benchmark table.
    """
    own = scenario.customers.repeat_probability
    if scenario.customers.retention != "constant" or is_range(own) or not point_value(own) > 0:
        return None
    low, middle, high = benchmark_spread("repeat_purchase_rate")
    likely = point_value(own)
    shape = {
        "dist": "pert",
        "low": likely * low / middle,
        "likely": likely,
        "high": likely * high / middle,
        "meaning": "p80",
    }
    try:
        return scenario.replace({"customers.repeat_probability": shape})
    except InputError:  # P90 would exceed a probability of 1: the widest range that is possible
        return None


def customer_worth(scenario: Scenario, paths: int | None = None) -> Worth:
    """Return CAC against LTV of the steady month with its interval, and the probability of a ratio
    below 1 and below 3.

    Args:
        scenario: the store and its plan, as typed.
        paths: how many draws; the scenario's own where None.
    """
    result = evaluate(scenario)
    drawn = simulate(scenario, [], steady=["ltv", "ltv_cac", "payback_months"], paths=paths)
    ratio, sets = drawn.of("ltv_cac", "steady"), drawn.plan.replicates
    nowhere = bool(np.isnan(ratio).all())
    return Worth(
        result,
        drawn,
        _acquisition(result),
        drawn.estimate("ltv", "steady"),
        drawn.estimate("ltv_cac", "steady"),
        _probability(ratio < 1, sets, nowhere),
        _probability(ratio < 3, sets, nowhere),
    )


def _probability(met: Any, sets: int, nowhere: bool) -> Figure:
    """Return a probability; NaN where no draw has the figure."""
    return Figure(math.nan, math.nan, sets) if nowhere else probability(met, sets)


def _acquisition(result: Result) -> Acquisition:
    scenario, taxed = result.scenario, 1 + (result.steady["ads_tax"] or 0.0)
    by_channel: dict[str, float | None] = {}
    for channel in scenario.channels:
        flow = result.channels[channel.id]
        orders, spent = flow["orders"], flow["spend"]
        if channel.kind in ("cpc", "cpm") or (
            channel.kind == "orders" and is_bought(channel) and spent
        ):
            by_channel[channel.id] = (
                spent * taxed / orders if orders and spent is not None else None
            )
        elif channel.kind == "share":
            by_channel[channel.id] = (
                point_value(channel.affiliate_rate) * (result.steady["order_gross"] or 0.0)
                if orders
                else None
            )
    return Acquisition(
        result.steady["cac"], result.steady["blended_cac"], result.steady["loaded_cac"], by_channel
    )


def is_bought(channel: Channel) -> bool:
    """Say whether a channel of typed orders has ad spend: how its orders go with a budget is then
    not known.
    """
    return any(
        point_value(value)
        for value in (
            channel.known_spend,
            channel.cost_per_order,
            channel.acos_rate,
            channel.tacos_rate,
        )
    )
