"""What would have to be true: for each lever the value at which all KPIs together have a given
probability, and what each must give if they share the gap.

Every lever is tried at settings further and further from today's, on the same draws, fewer of them
than the headline has; between two settings the odds are taken as straight. The plain way, every
lever at every setting, is kept in tests/decisions/test_kpi_levers.py.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from funnel_sim.chance import operational
from funnel_sim.chance.simulation import Futures, futures
from funnel_sim.decisions.economics.levers import (
    LEVER,
    TYPED_FIELDS,
    Lever,
    current_setting,
    for_scenario,
    settings_range,
    typed_numbers,
    usable,
)
from funnel_sim.decisions.growth import UsualLevel
from funnel_sim.decisions.kpi.belief import as_believed
from funnel_sim.decisions.kpi.draws import KpiDraws, draws_of, met, over_windows
from funnel_sim.decisions.kpi.measured import key_of, target_of
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import FUNNEL, evaluate, sold_of
from funnel_sim.model.values import Values, symbol_of
from funnel_sim.model.wanted import leading_to
from funnel_sim.scenario.kpi_metrics import OPERATIONAL
from funnel_sim.scenario.kpi_templates import has_example_counts
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario

PROBABILITIES: tuple[float, ...] = (0.5, 0.8)
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
class LeverNeeded:
    """What one lever must be: its current value, and by KPI (or TOGETHER) and probability the value
    that raises it there; None where none in reach does (a fiftieth to four times the current
    value).
    """

    lever: Lever
    current: float
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
    same_funnel = all(_sells_the_same(scenario, for_scenario(LEVER[k], scenario)) for k in settings)
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
            before = point_value(values.scenario.get(path))
            given[path] = (
                np.asarray(given[path]) * (setting / before)
                if path in given and before
                else setting
            )
        for path, factor in factors.items():
            moved = np.asarray(given.get(path, point_value(values.scenario.get(path)))) * factor
            given[path] = np.minimum(moved, 1.0) if path.endswith(("cvr", "rate")) else moved
        return replace(
            values,
            given=given,
            sold=values.sold if same_funnel else {},
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
    """The odds of KPIs at any setting of the levers, on one set of draws.

    What no setting moves is worked out once: the draws, the KPIs that a lever does not reach, and,
    for levers of what an order brings and costs, the funnel.
    """

    def __init__(self, scenario: Scenario):
        self.scenario = as_believed(scenario)
        self.kpis = movable(scenario)
        self.targets = {kpi.id: target_of(scenario, kpi) for kpi in self.kpis}
        self.own: dict[str, KpiDraws] = {}
        self.levels: dict[str, UsualLevel] = {}
        if not self.kpis:
            return
        self.keys = {kpi.id: _figures_of(self.scenario, kpi) for kpi in self.kpis}
        self.futures = _with_funnel(
            futures(over_windows(self.scenario, self.kpis), _PATHS),
            frozenset().union(*self.keys.values()),
        )
        self.now = self.truths({}, self.kpis)

    def truths(
        self, settings: Mapping[str, float], kpis: Sequence[Kpi]
    ) -> dict[str, NDArray[np.bool_]]:
        """Return in which futures KPIs are met."""
        drawn, _ = draws_of(
            self.scenario,
            kpis,
            moved=moved_values(self.scenario, settings),
            own=self.own,
            levels=self.levels,
            drawn_before=self.futures,
            by_month=False,
        )
        return {kpi.id: met(kpi, self.targets[kpi.id], drawn[kpi.id].value) for kpi in kpis}

    def reached(
        self, settings: Array, start: float, at: Callable[[float], Mapping[str, float]]
    ) -> dict[str, dict[float, float | None]]:
        """Return by KPI (or TOGETHER) and odds the setting nearest to `start` that lifts it there,
        as `nearest_setting` finds it in the odds of all `settings`; `at` says where the levers
        then stand.

        The search goes outward from `start`, KPI by KPI until nothing nearer can come.
        """
        search = _Search(self, settings, start, at)
        for low, high, index in _outward(settings, start):
            search.look(low, high, index)
            if not search.open:
                break
        return search.out


class _Search:
    """One lever on its way outward: `found` the odds at the settings looked at, `out` what is
    answered, `open` the odds still asked for, by KPI (or TOGETHER).
    """

    def __init__(
        self,
        question: _Question,
        settings: Array,
        start: float,
        at: Callable[[float], Mapping[str, float]],
    ):
        self.question, self.settings, self.start, self.at = question, settings, start, at
        reach = _reach(question.scenario, at(start))
        self.moved = [kpi for kpi in question.kpis if question.keys[kpi.id] & reach]
        still = {kpi.id for kpi in self.moved}
        self.fixed = {name: one for name, one in question.now.items() if name not in still}
        self.now = _odds_of(question.now)
        self.found: dict[str, dict[int, float]] = {name: {} for name in self.now}
        self.truths: dict[int, dict[str, NDArray[np.bool_]]] = {}
        self.out: dict[str, dict[float, float | None]] = {name: {} for name in self.now}
        self.open = {name: set(PROBABILITIES) for name in self.now}
        for name in self.fixed:  # the same at every setting
            same = np.full(len(settings), self.now[name])
            for goal in PROBABILITIES:
                self._answer(name, goal, nearest_setting(settings, same, start, goal))
        most = min((self.now[name] for name in self.fixed), default=1.0)
        for goal in PROBABILITIES:
            if most < goal:  # one of them holds all together below
                self._answer(TOGETHER, goal, None)

    def _answer(self, name: str, goal: float, setting: float | None) -> None:
        self.out[name][goal] = setting
        self.open[name].discard(goal)
        if not self.open[name]:
            del self.open[name]

    def look(self, low: int, high: int, index: int) -> None:
        """Look at one setting more; `low` and `high` are the ends of all that were looked at."""
        self._odds(index)
        if TOGETHER in self.open:
            least = min(self.open[TOGETHER])
            near_by = [i for i in (index - 1, index + 1) if low <= i <= high]
            if any(self.found[TOGETHER][i] >= least for i in (index, *near_by)):
                for i in (index, *near_by):  # between these two the odds are read off
                    self._odds(i, wholly=True)
        away = min(
            math.inf if place == end else abs(math.log(self.settings[place] / self.start))
            for place, end in ((low, 0), (high, len(self.settings) - 1))
        )
        part = slice(low, high + 1)
        for name, goals in list(self.open.items()):
            odds = np.array([self.found[name][i] for i in range(low, high + 1)])
            for goal in sorted(goals):
                best = nearest_setting(self.settings[part], odds, self.start, goal)
                if away == math.inf or (
                    best is not None and abs(math.log(best / self.start)) <= away
                ):
                    self._answer(name, goal, best)

    def _odds(self, index: int, *, wholly: bool = False) -> None:
        """Find the odds at a setting: of the KPIs still asked for, and of all together, which are
        not worked out `wholly` as long as some KPIs alone hold them below what is asked.
        """
        setting = float(self.settings[index])
        if setting == self.start:
            for name in self.open:
                self.found[name][index] = self.now[name]
            return
        truth = self.truths.setdefault(index, {})
        self._work_out(truth, setting, [kpi for kpi in self.moved if kpi.id in self.open or wholly])
        for name in self.open:
            if name:
                self.found[name][index] = float(truth[name].mean())
        if TOGETHER in self.open:
            odds = _odds_of(self.fixed | truth)[TOGETHER]
            if odds >= min(self.open[TOGETHER]):
                self._work_out(truth, setting, self.moved)
                odds = _odds_of(self.fixed | truth)[TOGETHER]
            self.found[TOGETHER][index] = odds

    def _work_out(
        self, truth: dict[str, NDArray[np.bool_]], setting: float, kpis: Sequence[Kpi]
    ) -> None:
        missing = [kpi for kpi in kpis if kpi.id not in truth]
        if missing:
            truth |= self.question.truths(self.at(setting), missing)


def _outward(settings: Array, start: float) -> Iterator[tuple[int, int, int]]:
    """Yield the places of settings from the one nearest to `start` (as a ratio) outward, each with
    the first and the last place of all that were yielded by then.
    """
    away = np.abs(np.log(settings / start))
    low = high = int(away.argmin())
    yield low, high, low
    while low > 0 or high < len(settings) - 1:
        if high == len(settings) - 1 or (low > 0 and away[low - 1] <= away[high + 1]):
            low -= 1
            yield low, high, low
        else:
            high += 1
            yield low, high, high


def _odds_of(truth: Mapping[str, NDArray[np.bool_]]) -> dict[str, float]:
    return {name: float(one.mean()) for name, one in truth.items()} | {
        TOGETHER: float(np.logical_and.reduce(list(truth.values())).mean())
    }


def _figures_of(scenario: Scenario, kpi: Kpi) -> frozenset[str]:
    """Return every figure and number that a KPI is made of."""
    keys = operational.needs(kpi) if kpi.metric in OPERATIONAL else (key_of(scenario, kpi),)
    return leading_to(frozenset(keys))


_COMMISSION = frozenset(
    {"commission_base", "commission_percentage", "commission_fixed", "commission_kept"}
)
_BEFORE_CONVERSION = frozenset(
    {
        "impressions",
        "clicks",
        "visits",
        "media_spend",
        "media_of_orders",
        "paid_clicks",
        "paid_impressions",
        "sales_ad_rate",
    }
)


def _reach(scenario: Scenario, settings: Mapping[str, float]) -> frozenset[str]:
    """Return the figures and numbers that levers change directly; all others follow from them."""
    return frozenset().union(
        *(_reach_of(scenario, for_scenario(LEVER[key], scenario)) for key in settings)
    )


def _reach_of(scenario: Scenario, one: Lever) -> frozenset[str]:
    if one.key == "cvr":  # asked only where no channel's orders are typed
        return FUNNEL - _BEFORE_CONVERSION
    funnel: frozenset[str] = frozenset() if _sells_the_same(scenario, one) else FUNNEL
    if one.key == "commission":
        return funnel | _COMMISSION
    if one.key == "aov":
        return funnel | _COMMISSION | {"units_per_order"}
    if one.field and one.key != "ad_budget":
        return funnel | {symbol_of(one.field)} | (_COMMISSION if one.key == "price" else set())
    return funnel


def _sells_the_same(scenario: Scenario, one: Lever) -> bool:
    """Say whether a lever leaves the funnel as it is: one of what an order brings and costs, where
    orders do not answer to the price and no channel's orders or ad spend are typed in units or
    sales.
    """
    if one.key in ("cogs", "return_rate", "commission", "agency_fee"):
        return True
    if scenario.conversion.answers_to_price:
        return False
    return one.key in ("price", "aov") and all(
        channel.kind != "orders"
        or (channel.known_as == "orders" and not point_value(channel.acos_rate))
        for channel in scenario.channels
    )


def _with_funnel(found: Futures, wanted: frozenset[str]) -> Futures:
    """Return futures that know the funnel and the customers of each."""
    return replace(
        found,
        blocks=tuple(
            (where, draws, replace(values, sold=sold_of(values, wanted)))
            for where, draws, values in found.blocks
        ),
    )


def movable(scenario: Scenario) -> list[Kpi]:
    """Return the KPIs that the funnel moves: all but those from their own counts alone, and those
    whose counts nobody typed.
    """
    return [
        kpi
        for kpi in scenario.kpis
        if kpi.metric not in OPERATIONAL or (operational.needs(kpi) and not has_example_counts(kpi))
    ]


def needed(scenario: Scenario) -> list[LeverNeeded]:
    """Return for each lever the value nearest to the current one at which each KPI, and all
    together, have a probability of 50 % and of 80 %, the others as they are.
    """
    asked = _Question(scenario)
    if not asked.kpis:
        return []
    keys = MOVED_FOR_PROFIT if any(kpi.metric in _ABOUT_PROFIT for kpi in asked.kpis) else MOVED
    levers = [for_scenario(LEVER[key], scenario) for key in keys if usable(scenario, LEVER[key])]
    steady = evaluate(scenario).steady
    return [_needed(scenario, asked, one, steady) for one in levers]


def _needed(
    scenario: Scenario, asked: _Question, one: Lever, steady: Mapping[str, float | None]
) -> LeverNeeded:
    start = current_setting(scenario, one)
    shown = _shown(one, start, steady)
    if not start:
        return LeverNeeded(
            one, shown, {name: dict.fromkeys(PROBABILITIES) for name in _odds_of(asked.now)}
        )
    reached = asked.reached(settings_of(scenario, one), start, lambda setting: {one.key: setting})
    return LeverNeeded(
        one,
        shown,
        {
            name: {
                goal: None if setting is None else shown * setting / start
                for goal, setting in by.items()
            }
            for name, by in reached.items()
        },
    )


def settings_of(scenario: Scenario, one: Lever) -> Array:
    """Return the settings at which a lever is tried: a fiftieth to four times the current one, as
    far as they are possible.

    Args:
        scenario: the store and its plan, as typed.
        one: the lever.

    Returns:
        Settings, rising, shape (settings,), in the unit of the lever.
    """
    start = current_setting(scenario, one)
    least, most = settings_range(scenario, one)
    return np.unique([min(most, max(least, start * step)) for step in _STEPS])


def nearest_setting(settings: Array, found: Array, start: float, goal: float) -> float | None:
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
        >>> nearest_setting(np.array([1.0, 2.0, 3.0]), np.array([0.1, 0.5, 0.9]), 1.0, 0.7)
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


def shared_gap(scenario: Scenario, levers: Sequence[str] = SHARED) -> Shared:
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
    reached = asked.reached(
        factors, 1.0, lambda f: {key: 1 / f if key in _DOWN_IS_GOOD else f for key in keys}
    )
    return Shared(reached, tuple(keys))
