"""The simulation: the same list of calls as the point calculation, on thousands of draws.

Paths are worked in blocks that fit the processor's cache, and only what was asked for is kept:
memory grows with the question, not with the model.
"""

import difflib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from funnel_sim.chance.draws import Draws, Sources
from funnel_sim.chance.estimates import Estimate, estimate
from funnel_sim.chance.heavy import heavy, without_means
from funnel_sim.chance.streams import SamplingPlan, batches, plan_of
from funnel_sim.errors import refuse
from funnel_sim.model import bases
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import figures
from funnel_sim.model.metrics import FLOWS, METRICS, less_is_better
from funnel_sim.model.periods import Over
from funnel_sim.model.valued import valued
from funnel_sim.model.values import Values
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.scenario import Scenario

BLOCK = 2048
"""Paths worked at once: their months fit the processor's cache."""
MOST_AT_ONCE = 2 * 12 * BLOCK
"""Months of paths, over all stores held at once: three hundred figures of each, where events and
fees differ by month, take about 120 MB."""
_MOST_KEPT = 28 * 1024
"""Months of paths in a block that is kept for many questions: what a question then needs for a
moment is had again from one to the next, in place of going back to the system.
"""
SIMULATED: tuple[str, ...] = tuple(
    dict.fromkeys(
        (
            *FLOWS,
            *(one.key for one in METRICS),
            "ltv",
            "payback_months",
            "return_rate",
            "landed_cost",
        )
    )
)
"""Every figure that can be asked for: volumes, ledger lines, subtotals, metrics."""
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Simulation:
    """The figures asked for, path by path, and what is needed to compute them again.

    `drawn` maps (figure, over) to an array of shape (paths,) for "total", "end" and "steady",
    (months, paths) for "month"; NaN where a path has no such figure. `inputs` holds what each range
    came to. Paths are in the order of `plan`: replicate after replicate. `at_home`: money is worth
    what it is to an owner at home, where the scenario's results are shown there.
    """

    scenario: Scenario
    model_version: str
    plan: SamplingPlan
    drawn: Mapping[tuple[str, Over], Array]
    inputs: Mapping[str, Array]
    at_home: bool = True

    def of(self, key: str, over: Over = "total") -> Array:
        """Return the draws of a figure.

        Args:
            key: the figure, such as "profit".
            over: its period.

        Returns:
            Draws in the unit of the figure, shape (paths,), with "month" (months, paths).

        Raises:
            KeyError: if it was not asked for.
        """
        return self.drawn[key, over]

    def estimate(self, key: str, over: Over = "total") -> Estimate:
        """Return mean, spread, percentiles and probability of loss of a figure, with their standard
        errors; no mean where it has none.

        Args:
            key: the figure, such as "profit".
            over: its period, not "month".
        """
        return self.estimate_of(self.of(key, over), key, over)

    def estimate_of(self, values: Array, key: str, over: Over = "total") -> Estimate:
        """Return the same (`estimate`) for some draws of a figure, such as those of one month.

        Args:
            values: the draws, shape (paths,).
            key: which figure, such as "profit".
            over: the period that they are of.
        """
        less = less_is_better(key)
        return without_means(
            estimate(values, self.plan.replicates, less_is_better=less),
            heavy(self.scenario, valued(self.scenario, key) if self.at_home else key, over),
            less_is_better=less,
        )


def simulate(
    scenario: Scenario,
    total: Collection[str] = ("profit",),
    *,
    month: Collection[str] = (),
    end: Collection[str] = (),
    steady: Collection[str] = (),
    spans: Mapping[tuple[int, int], Collection[str]] | None = None,
    moved: Callable[[Values], Values] | None = None,
    paths: int | None = None,
    seed: int | None = None,
    keep_inputs: bool = False,
    progress: Progress | None = None,
    drawn_before: "Futures | None" = None,
    at_home: bool = True,
) -> Simulation:
    """Return draws of figures over the horizon, per month, of the last month, and of the steady
    month.

    Args:
        scenario: the store and its plan, as typed.
        total: keys of figures over all months (`SIMULATED`).
        month: keys of figures of each month.
        end: keys of figures of the last month.
        steady: keys of figures of the steady month.
        spans: keys of figures of months a to b together, by (a, b).
        moved: changes the numbers of every path before they are worked out (a lever).
        paths: how many draws, rounded up to whole replicates; the scenario's own where None.
        seed: of the draws; the scenario's own where None.
        keep_inputs: whether the drawn values of the inputs are kept.
        progress: is called with the share done after each block, and may raise to stop.
        drawn_before: the futures of this very scenario (`futures`), which are then not drawn again.
        at_home: whether money counts as its owner counts it, where the scenario's results are shown
            at home: each future's at that future's exchange rates (`model.valued`). Otherwise as
            the ledger has it (a contract's KPIs).

    Returns:
        Money in the sales currency at today's rate, rates as fractions.

    Raises:
        InputError: if a figure is unknown, or the number of paths is not allowed.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> result = simulate(preset("amazon-de-kitchen"), ["profit", "roas"], paths=1024)
        >>> result.of("profit").shape, bool(result.of("profit").std() > 1000)
        ((1024,), True)
    """
    asked: dict[Over, Collection[str]] = {
        "total": tuple(total),
        "month": tuple(month),
        "end": tuple(end),
        "steady": tuple(steady),
    }
    asked |= {span: tuple(some) for span, some in (spans or {}).items()}
    for over, some in asked.items():
        for key in some:
            known_figure(key, "metric" if over == "total" else f"metric ({over})")
    ways = {
        key: valued(scenario, key) if at_home else key for some in asked.values() for key in some
    }
    worked = {over: tuple({ways[key]: None for key in some}) for over, some in asked.items()}
    kept = drawn_before
    plan = plan_of_scenario(scenario, paths, seed) if kept is None else kept.plan
    months = scenario.plan.horizon_months
    drawn: dict[tuple[str, Over], Array] = {
        (key, over): np.empty((months, plan.paths) if over == "month" else plan.paths)
        for over, some in asked.items()
        for key in some
    }
    sources = Sources(scenario)
    inputs = {path: np.empty(plan.paths) for path in sources.inputs} if keep_inputs else {}
    for where, draws, values_now in blocks(sources, plan) if kept is None else kept.blocks:
        for path, values in inputs.items():
            values[where] = draws.given[path]
        found = figures(values_now if moved is None else moved(values_now), worked)
        for over, some in asked.items():
            for key in some:
                _keep(drawn[key, over], where, found[ways[key], over])
        if progress is not None:
            progress(where.stop / plan.paths)
    return Simulation(scenario, MODEL_VERSION, plan, drawn, inputs, at_home)


@dataclass(frozen=True)
class Futures:
    """The futures of a scenario, drawn once for many questions (a lever at many settings); all of
    them are held in memory, so they are to be few.
    """

    scenario: Scenario
    plan: SamplingPlan
    blocks: tuple[tuple[slice, Draws, Values], ...]


def futures(scenario: Scenario, paths: int | None = None, seed: int | None = None) -> Futures:
    """Return the futures that `simulate` would draw with the same scenario, paths and seed.

    Args:
        scenario: the store and its plan, as typed.
        paths: how many draws; the scenario's own where None.
        seed: of the draws; the scenario's own where None.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen")
        >>> again = simulate(store, ["profit"], drawn_before=futures(store, 1024)).of("profit")
        >>> bool((again == simulate(store, ["profit"], paths=1024).of("profit")).all())
        True
    """
    plan = plan_of_scenario(scenario, paths, seed)
    return Futures(scenario, plan, tuple(blocks(Sources(scenario), plan, most=_MOST_KEPT)))


def plan_of_scenario(scenario: Scenario, paths: int | None, seed: int | None) -> SamplingPlan:
    """Return how many paths a scenario is simulated on, and with which seed.

    Args:
        scenario: whose own number and seed stand in.
        paths: how many; the scenario's own where None.
        seed: of the draws; the scenario's own where None.
    """
    return plan_of(
        scenario.chance.paths if paths is None else paths,
        scenario.chance.seed if seed is None else seed,
    )


def blocks(
    sources: Sources,
    plan: SamplingPlan,
    stores: int = 1,
    most: int = MOST_AT_ONCE,
    wide: int = BLOCK,
) -> Iterator[tuple[slice, Draws, Values]]:
    """Yield the paths of a plan in blocks, small enough for the memory that their books need.

    Args:
        sources: what is drawn.
        plan: seed, replicates and points.
        stores: how many stores are worked out side by side on each block.
        most: how many months of paths a block may hold, over all its stores.
        wide: how many paths a block may hold; a power of two.

    Yields:
        (which paths, their draws, the numbers of the model) for each block; arrays of shape (paths
        of the block,), (1, paths) or (months, paths).
    """
    base = Values(sources.scenario)
    step = wide
    while step > 1 and step * stores * sources.scenario.plan.horizon_months > most:
        step //= 2
    for which in batches(plan):
        draws = sources.draw(plan, which)
        offset, size = which.start * plan.points, len(which) * plan.points
        for start in range(0, size, step):
            inside = slice(start, min(start + step, size))
            part = draws.part(inside)
            yield (
                slice(offset + inside.start, offset + inside.stop),
                part,
                sources.model_values(part, base),
            )


def known_figure(key: str, where: str = "metric") -> str:
    """Return a figure's key, checked.

    Args:
        key: which figure, such as "profit".
        where: the input that holds it, for the message.

    Returns:
        The same key.

    Raises:
        InputError: if it cannot be simulated; the message names the keys written alike.
    """
    if key not in SIMULATED and not bases.is_figure(key):
        near = difflib.get_close_matches(key, SIMULATED, 4) or ["profit", "roas", "acos", "gmv"]
        raise refuse(where, key, "figure", near=", ".join(near))
    return key


def _keep(into: Array, where: slice, value: Array | float | None) -> None:
    if value is None:
        into[..., where] = np.nan
        return
    flat = np.asarray(value)
    into[..., where] = flat[0] if flat.ndim == 2 and into.ndim == 1 else flat
