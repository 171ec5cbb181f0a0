"""Odds, what drives them, and differences on the same draws, remembered for the screen (calls.py
says how).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from funnel_sim.chance.drivers import Drivers, drivers
from funnel_sim.chance.estimates import (
    Bars,
    Estimate,
    Figure,
    bars_of,
    estimate,
    monthly_quantiles,
    percentiles,
    probability,
)
from funnel_sim.chance.heavy import heavy, without_means
from funnel_sim.chance.hedging import Hedging, hedging
from funnel_sim.chance.left_out import LeftOut, left_out
from funnel_sim.chance.simulation import Simulation, simulate
from funnel_sim.chance.streams import LIVE
from funnel_sim.model.arrays import Array
from funnel_sim.model.bases import is_money
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.remembered import keep, remembered, shelf


@remembered(8)
def hedging_of(scenario: Scenario) -> Hedging:
    """Return what the exchange rate does to the profit at home, and what locking it changes."""
    return hedging(scenario, LIVE)


@dataclass(frozen=True)
class Distribution:
    """What the Risk page shows of a simulation: no paths, only what was made of them; `at` the
    percentiles of WHOLE_LEVELS.
    """

    run: Simulation
    estimate: Estimate
    bars: Bars | None
    by_month: Array
    at: tuple[Figure, ...] = ()


_KEPT = 16
WHOLE_LEVELS = tuple(level / 100 for level in range(1, 100))
"""Percentiles that are kept with the odds, so that any of them can be asked for without simulating
again.
"""


def distribution_of(
    scenario: Scenario,
    metric: str,
    threshold: float | None,
    paths: int,
    progress: Callable[[float], None] | None = None,
) -> Distribution:
    """Return the odds of a figure; many paths are simulated only when `progress` is there to say
    so, else live ones stand in.

    Args:
        metric: the figure's key, "profit" or "roas@sales=all".
        threshold: what the figure has to reach; None where nothing is asked.
        paths: how many futures.
    """
    text = scenario.model_dump_json()
    known: Distribution | None = shelf("odds").get((text, metric, paths))
    if known is not None:
        return known
    if paths > LIVE and progress is None:
        return distribution_of(scenario, metric, threshold, LIVE)
    simulation = simulate(scenario, [metric], month=[metric], paths=paths, progress=progress)
    values = simulation.of(metric)
    fine = values[np.isfinite(values)]
    bars = bars_of(np.sort(fine), threshold) if fine.size else None
    months = monthly_quantiles(simulation.of(metric, "month"))
    at = tuple(percentiles(values, WHOLE_LEVELS, simulation.plan.replicates))
    found = Distribution(
        replace(simulation, drawn={}), simulation.estimate(metric), bars, months, at
    )
    keep("odds", (text, metric, paths), found, _KEPT)
    return found


@remembered(8)
def left_out_of(scenario: Scenario) -> tuple[LeftOut, ...]:
    """Return the decisive inputs that have no range."""
    return left_out(scenario)


@remembered(8)
def drivers_of(scenario: Scenario, metric: str, threshold: float, also: tuple[str, ...]) -> Drivers:
    """Return what drives a figure.

    Args:
        metric: the figure's key, "profit" or "roas@sales=all".
        threshold: what the figure has to reach, in its unit.
        also: paths of inputs that are looked at in any case.
    """
    found = drivers(scenario, metric, threshold=threshold, also=also)
    return replace(found, simulation=replace(found.simulation, inputs={}))


@dataclass(frozen=True)
class ScenarioDifference:
    """Two scenarios on the same draws: each for itself, and what the second has over the first."""

    run: Simulation
    first: Estimate
    second: Estimate
    gap: Estimate
    better: Figure
    bars: Bars


@remembered(8)
def difference_of(
    first: Scenario, second: Scenario, metric: str, *, lower: bool, paths: int
) -> ScenarioDifference:
    """Return what a second scenario has over a first one, on the same draws; `lower`: less is
    better.

    Args:
        metric: the figure's key, "profit" or "roas@sales=all".
        paths: how many futures.
    """
    seed = second.chance.seed  # one seed for both: else the draws would differ
    one, other = (
        simulate(scenario, [metric], seed=seed, paths=paths) for scenario in (first, second)
    )
    # both in the second one's money: at home, each has its own rate of today
    factor = first.shown.rate / second.shown.rate if is_money(metric) else 1.0
    one = replace(one, drawn={key: values * factor for key, values in one.drawn.items()})
    a, b = one.of(metric), other.of(metric)
    with np.errstate(invalid="ignore"):  # without limit on both sides: no difference can be told
        gap, sets = b - a, one.plan.replicates
    known = gap[np.isfinite(gap)]
    both = (*heavy(first, metric), *heavy(second, metric))
    return ScenarioDifference(
        replace(other, drawn={}),
        one.estimate(metric),
        other.estimate(metric),
        without_means(estimate(gap, sets, less_is_better=lower), both, less_is_better=lower),
        probability(gap < 0 if lower else gap > 0, sets),
        bars_of(np.sort(known) if known.size else np.zeros(1), 0.0),
    )


@dataclass(frozen=True)
class IfItHappens:
    """An event on the same draws: without it, if it happens for sure, and the difference in each
    future.
    """

    without: Estimate
    certain: Estimate
    gap: Estimate


@remembered(16)
def if_it_happens(scenario: Scenario, event: str) -> IfItHappens:
    """Return what one event does to the profit if it happens, on the same draws.

    Args:
        event: its id.
    """
    never, surely = (scenario.replace({f"shocks.{event}.probability": p}) for p in (0.0, 1.0))
    a, b = (simulate(one, ["profit"], paths=LIVE) for one in (never, surely))
    gap = without_means(
        estimate(b.of("profit") - a.of("profit"), a.plan.replicates), heavy(scenario)
    )
    return IfItHappens(a.estimate("profit"), b.estimate("profit"), gap)
