"""Growth is judged inside each future: a target against a baseline is held against that future's
own usual month (docs/decisions/0036-growth-against-ones-own-level.md).

What is not known of the store's current level (ranges of conversion, of the price of clicks …)
makes whole futures larger or smaller. A baseline is measured in the same store as the months after
it, so a larger store has a larger baseline too, and nobody has grown. `at_usual` takes that out of
a figure; season, trend, events, noise and effect stay in it.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from funnel_sim.chance.draws import Sources
from funnel_sim.chance.streams import SamplingPlan, batches, uniforms
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import figures
from funnel_sim.model.periods import Over
from funnel_sim.model.values import Values
from funnel_sim.scenario.operator_effect import OperatorEffect
from funnel_sim.scenario.scenario import Scenario

SHIFTED: frozenset[str] = frozenset(
    {
        "profit",
        "margin",
        "cm1",
        "cm2",
        "cm3",
        "gross_margin",
        "goods_margin",
        "roi_goods",
        "roi_landed",
        "roi_total",
        "profit_after_work",
        "margin_after_work",
        "safety_margin",
        "ltv",
        "ltv_cac",
    }
)
"""Figures that may lie below zero: their level is taken out as a difference, that of all others as
a factor.
"""


def before(scenario: Scenario) -> Scenario:
    """Return the store as it is before anybody's effect: what a baseline is measured in; the same
    scenario where there is none.
    """
    nothing = OperatorEffect()
    return scenario if scenario.effect == nothing else scenario.but(effect=nothing)


@dataclass(frozen=True)
class UsualLevel:
    """A figure of the usual month before any effect, in its own unit: `usual` at the point values,
    `own` in each future, shape (paths,), NaN where a future has none.
    """

    usual: float
    own: Array

    def part(self, where: slice) -> "UsualLevel":
        """Return the same for some of the futures."""
        return UsualLevel(self.usual, self.own[where])

    @property
    def size(self) -> Array:
        """Return how large each future is, as a multiple of the store at its point values.

        Returns:
            Multiples [1], shape (paths,); NaN where a future has no level above zero.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(
                np.where((self.own > 0) & (self.usual > 0), self.own / self.usual, np.nan)
            )


def at_usual(metric: str, values: Array, level: UsualLevel, months: int = 1) -> Array:
    """Return a figure as it would be if each future's usual month were that of the point values.

    Args:
        metric: which figure, such as "profit".
        values: draws, shape (paths,) or (months, paths), in the unit of the figure.
        level: the usual months of the same futures.
        months: over how many months the values add up.

    Returns:
        Values of the same shape and unit; NaN where a future has no level.

    Examples:
        >>> at_usual(
        ...     "gmv", np.array([120.0, 60.0]), UsualLevel(100.0, np.array([120.0, 50.0]))
        ... ).tolist()
        [100.0, 120.0]
        >>> at_usual(
        ...     "profit", np.array([50.0, -20.0]), UsualLevel(30.0, np.array([50.0, -40.0]))
        ... ).tolist()
        [30.0, 50.0]
    """
    with np.errstate(invalid="ignore"):
        if metric in SHIFTED:
            return np.asarray(values - (level.own - level.usual) * months)
        return np.asarray(values / level.size)


def at_own(metric: str, amount: float, level: UsualLevel) -> Array:
    """Return an amount agreed for the store at its point values, such as a baseline, as it is in
    each future: the inverse of `at_usual`.

    Args:
        metric: which figure, such as "profit".
        amount: the amount, in the unit of the figure.
        level: the usual months of the futures.

    Returns:
        The amount in each future, shape (paths,).

    Examples:
        >>> at_own("gmv", 90.0, UsualLevel(100.0, np.array([120.0, 50.0]))).tolist()
        [108.0, 45.0]
    """
    if metric in SHIFTED:
        return np.asarray(amount + level.own - level.usual)
    return np.asarray(amount * np.nan_to_num(level.size, nan=0.0))


def level_of(metric: str, usual: float | None, own: object, paths: int) -> UsualLevel | None:
    """Return the usual month of each future beside that of the point values.

    Args:
        metric: which figure, such as "profit".
        usual: the usual month at the point values, in the unit of the figure; None where not known.
        own: the usual month of each future, shape (paths,) or (1, paths).
        paths: how many futures.

    Returns:
        None where there is no usual month to compare with: the figure is then taken as it is.
    """
    if usual is None or not np.isfinite(usual) or (metric not in SHIFTED and not usual > 0):
        return None
    flat = np.asarray(np.nan if own is None else own, np.float64).reshape(-1)
    return UsualLevel(usual, np.broadcast_to(flat, (paths,)))


def own_levels(scenario: Scenario, keys: Collection[str], plan: SamplingPlan) -> dict[str, Array]:
    """Return figures of each future's own usual month before any effect.

    Args:
        scenario: the store and its plan, as typed.
        keys: the keys of the figures.
        plan: seed, replicates and points.

    Returns:
        By key, each of shape (paths,) in the order of the plan, in the unit of the figure.
    """
    sources, store = Sources(scenario), before(scenario)
    base = Values(store)
    asked: dict[Over, Collection[str]] = {"steady": tuple(keys)}
    out = {key: np.empty(plan.paths) for key in keys}
    for which in batches(plan):
        drawn = sources.values(uniforms(plan, which, sources.inputs))
        given = {path: value for path, value in drawn.items() if not path.startswith("effect.")}
        where = slice(which.start * plan.points, which.stop * plan.points)
        for (key, _), value in figures(Values(store, given, base=base), asked).items():
            out[key][where] = np.asarray(np.nan if value is None else value, np.float64).reshape(-1)
    return out
