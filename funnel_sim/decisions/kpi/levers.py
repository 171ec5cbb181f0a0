"""What would have to be true: for each lever the value at which all KPIs together have a given
probability, and what each must give if they share the gap.

Every lever is tried at many settings on the same draws, fewer of them than the headline has;
between two settings the probability is interpolated linearly.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from funnel_sim.chance import operational
from funnel_sim.chance.simulation import futures
from funnel_sim.decisions.economics.levers import (
    LEVER,
    TYPED_FIELDS,
    Lever,
    for_scenario,
    settings_range,
    today,
    typed_numbers,
    usable,
)
from funnel_sim.decisions.growth import Level
from funnel_sim.decisions.kpi.check import (
    Draws,
    as_believed,
    draws_of,
    met,
    over_windows,
    target_of,
)
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import Values, evaluate
from funnel_sim.scenario.kpis import OPERATIONAL, Kpi
from funnel_sim.scenario.quantity import likely
from funnel_sim.scenario.scenario import Scenario

LIFTED: tuple[float, ...] = (0.5, 0.8)
"""Probabilities to which each lever is asked to raise all KPIs together."""
MOVED: tuple[str, ...] = (
    "cvr",
    "cpc",
    "orders",
    "ad_share",
    "aov",
    "price",
    "ad_budget",
    "return_rate",
)
"""Levers that can lift a KPI; those that only move costs are asked where a KPI looks at profit."""
MOVED_FOR_PROFIT: tuple[str, ...] = (*MOVED, "cogs", "commission", "agency_fee")
_PATHS = 1024
_STEPS = (0.02, 0.05, 0.1, 0.17, *np.geomspace(0.25, 4.0, 33))
_DOWN_IS_GOOD = frozenset({"cpc", "ad_share", "return_rate", "cogs", "commission", "agency_fee"})
SHARED: tuple[str, ...] = ("cvr", "orders", "cpc", "ad_share", "aov")
_MOST_SHARED = 4.0
_ABOUT_PROFIT = frozenset(
    {
        "profit",
        "margin",
        "cm1",
        "cm2",
        "cm3",
        "ltv",
        "ltv_cac",
        "payback_months",
        "loaded_cac",
        "gross_margin",
        "goods_margin",
        "markup",
        "platform_share",
        "roi_goods",
        "roi_landed",
        "roi_total",
        "profit_after_work",
        "margin_after_work",
        "break_even_orders",
        "break_even_units",
        "break_even_sales",
        "safety_margin",
        "payback_orders",
        "break_even_acos",
        "break_even_roas",
        "break_even_cpc",
    }
)


TOGETHER = ""
"""Stands for all KPIs that the funnel moves, in place of one KPI's id."""


@dataclass(frozen=True)
class Needed:
    """What one lever must be: its current value, and by KPI (or TOGETHER) and probability the value
    that raises it there; None where none in reach does (a fiftieth to four times the current
    value).
    """

    lever: Lever
    today: float
    values: Mapping[str, Mapping[float, float | None]]


@dataclass(frozen=True)
class Shared:
    """If several levers share the gap, named in `levers`: by KPI (or TOGETHER) and probability, the
    factor by which each must become better (1.1: 10 %); None where none up to fourfold is enough.
    """

    factor: Mapping[str, Mapping[float, float | None]]
    levers: tuple[str, ...] = ()


def moved_values(scenario: Scenario, settings: Mapping[str, float]) -> Callable[[Values], Values]:
    """Return a function that puts levers at settings in every path, from the first month on.

    Not by the operator's effect, which arrives with a ramp: the rates, prices of traffic and units
    per order themselves are multiplied.

    Args:
        scenario: the store and its plan, as typed.
        settings: by the key of the lever: a field's own value in its unit, or a multiple of its
            current value [1].

    Returns:
        What `simulate` takes as `moved`.
    """
    factors: dict[str, float] = {}
    fixed: list[tuple[str, float]] = []
    commission, budget = 1.0, 1.0
    for key, setting in settings.items():
        one = for_scenario(LEVER[key], scenario)
        if one.field:
            fixed.append((one.field, setting))
        elif one.scales == "commission":
            commission *= setting
        elif one.scales == "budget":
            budget *= setting
        else:
            factors |= dict.fromkeys(_fields_of(scenario, key), setting)

    def move(values: Values) -> Values:
        given = dict(values.given)
        for path, setting in fixed:
            before = likely(values.scenario.get(path))
            given[path] = (
                np.asarray(given[path]) * (setting / before)
                if path in given and before
                else setting
            )
        for path, factor in factors.items():
            moved = np.asarray(given.get(path, likely(values.scenario.get(path)))) * factor
            given[path] = np.minimum(moved, 1.0) if path.endswith(("cvr", "rate")) else moved
        return replace(
            values,
            given=given,
            commission_scale=values.commission_scale * commission,
            budget_scale=values.budget_scale * budget,
        )

    return move


def _fields_of(scenario: Scenario, key: str) -> list[str]:
    """Return the fields that a lever which is no single field multiplies."""
    if key == "aov":
        return ["product.units_per_order"]
    if key == "cpc":
        return [
            f"channels.{c.id}.{'cpc' if c.kind == 'cpc' else 'cpm'}"
            for c in scenario.channels
            if c.kind in ("cpc", "cpm")
        ]
    if LEVER[key].scales in TYPED_FIELDS:
        return list(typed_numbers(scenario, LEVER[key].scales or ""))
    store = ["conversion.cvr", "conversion.add_to_cart_rate"]
    own = [
        f"channels.{c.id}.channel_{name}"
        for c in scenario.channels
        for name in ("cvr", "add_to_cart_rate")
    ]
    return [path for path in (*store, *own) if scenario.get(path) is not None]


class _Question:
    """The probability of all KPIs together at any setting of the levers, on one set of draws."""

    def __init__(self, scenario: Scenario):
        self.scenario = as_believed(scenario)
        self.kpis = movable(scenario)
        self.targets = {kpi.id: target_of(scenario, kpi) for kpi in self.kpis}
        self.own: dict[str, Draws] = {}
        self.levels: dict[str, Level] = {}
        self.futures = (
            futures(over_windows(self.scenario, self.kpis), _PATHS) if self.kpis else None
        )

    def odds(self, settings: Mapping[str, float]) -> dict[str, float]:
        """Return the probability of each KPI and of all together that the funnel moves."""
        drawn, _ = draws_of(
            self.scenario,
            self.kpis,
            moved=moved_values(self.scenario, settings),
            own=self.own,
            levels=self.levels,
            drawn_before=self.futures,
        )
        truth = {kpi.id: met(kpi, self.targets[kpi.id], drawn[kpi.id].value) for kpi in self.kpis}
        return {name: float(one.mean()) for name, one in truth.items()} | {
            TOGETHER: float(np.logical_and.reduce(list(truth.values())).mean())
        }


def movable(scenario: Scenario) -> list[Kpi]:
    """Return the KPIs that the funnel moves: all but those from their own counts alone."""
    return [kpi for kpi in scenario.kpis if kpi.metric not in OPERATIONAL or operational.needs(kpi)]


def needed(scenario: Scenario) -> list[Needed]:
    """Return for each lever the value nearest to the current one at which each KPI, and all
    together, have a probability of 50 % and of 80 %, the others as they are.
    """
    asked = _Question(scenario)
    if not asked.kpis:
        return []
    keys = MOVED_FOR_PROFIT if any(kpi.metric in _ABOUT_PROFIT for kpi in asked.kpis) else MOVED
    levers = [for_scenario(LEVER[key], scenario) for key in keys if usable(scenario, LEVER[key])]
    now, steady = asked.odds({}), evaluate(scenario).steady
    return [_needed(scenario, asked, one, now, steady) for one in levers]


def _needed(
    scenario: Scenario,
    asked: _Question,
    one: Lever,
    now: Mapping[str, float],
    steady: Mapping[str, float | None],
) -> Needed:
    start = today(scenario, one)
    shown = _shown(one, start, steady)
    least, most = settings_range(scenario, one)
    if not start:
        return Needed(one, shown, {name: dict.fromkeys(LIFTED) for name in now})
    settings = np.unique([min(most, max(least, start * step)) for step in _STEPS])
    found = [
        now if setting == start else asked.odds({one.key: float(setting)}) for setting in settings
    ]
    values: dict[str, dict[float, float | None]] = {}
    for name in now:
        reached = {
            goal: nearest(settings, np.array([odds[name] for odds in found]), start, goal)
            for goal in LIFTED
        }
        values[name] = {
            goal: None if setting is None else shown * setting / start
            for goal, setting in reached.items()
        }
    return Needed(one, shown, values)


def nearest(settings: Array, found: Array, start: float, goal: float) -> float | None:
    """Return the setting nearest to a start (as a ratio) at which the probability reaches a goal,
    linear between settings.

    Args:
        settings: the settings tried, rising, shape (settings,).
        found: the probability at each, shape (settings,).
        start: the setting to stay near, same unit.
        goal: the probability wanted.

    Returns:
        The setting; None where none reaches the goal.

    Examples:
        >>> nearest(np.array([1.0, 2.0, 3.0]), np.array([0.1, 0.5, 0.9]), 1.0, 0.7)
        2.5
    """
    best: float | None = None
    for index in range(len(settings)):
        candidates = [float(settings[index])] if found[index] >= goal else []
        if index and (found[index - 1] < goal) != (found[index] < goal):
            share = (goal - found[index - 1]) / (found[index] - found[index - 1])
            candidates = [
                float(settings[index - 1] + share * (settings[index] - settings[index - 1])),
                *candidates,
            ]
        for one in candidates:
            if best is None or abs(math.log(one / start)) < abs(math.log(best / start)):
                best = one
    return best


def _shown(one: Lever, start: float, steady: Mapping[str, float | None]) -> float:
    """Return the current figure of the lever, where it has one; else its setting."""
    figure = steady.get(one.figure) if one.figure else None
    return start if figure is None else figure


def shared(scenario: Scenario, levers: Sequence[str] = SHARED) -> Shared:
    """Return by how much several levers must all become better for the KPIs to have given
    probabilities.

    Args:
        scenario: the store and its plan, as typed.
        levers: keys of the levers: by default conversion (or typed orders), price of clicks (or ad
            spend) and order value.

    Returns:
        Common factors [1] by KPI and probability; None where the largest factor is not enough.
    """
    asked = _Question(scenario)
    if not asked.kpis:
        return Shared({})
    keys = [key for key in levers if usable(scenario, LEVER[key])]
    factors = np.geomspace(1.0, _MOST_SHARED, 25)
    found = [
        asked.odds({key: 1 / f if key in _DOWN_IS_GOOD else float(f) for key in keys})
        for f in factors
    ]
    reached = {
        name: {
            goal: nearest(factors, np.array([odds[name] for odds in found]), 1.0, goal)
            for goal in LIFTED
        }
        for name in found[0]
    }
    return Shared(reached, tuple(keys))
