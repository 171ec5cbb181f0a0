"""At which value of a lever does a result reach a target: break-even, and "what price gives 20 %".

The search scans every lever's possible range at once, brackets each change of sign and closes in
with SciPy's vectorised root finder. Fee tiers make results jump; where a result passes its target
in a jump, the answer is the tier bound, and says so. "No such value" is an answer.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from funnel_sim.decisions.economics.levers import (
    Lever,
    books_at,
    current_setting,
    figure_at,
    for_scenario,
    lever,
    levers_of,
    settings_range,
    usable,
)
from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array
from funnel_sim.model.keys import Book
from funnel_sim.model.periods import Whole
from funnel_sim.model.search import crossings
from funnel_sim.model.sheet import ROUNDING_ERROR
from funnel_sim.model.values import Values
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.scenario import Scenario

TARGET_METRICS: tuple[str, ...] = (
    "profit",
    "margin",
    "gross_margin",
    "goods_margin",
    "markup",
    "roi_goods",
    "roi_landed",
    "roi_total",
    "safety_margin",
    "profit_after_work",
    "margin_after_work",
    "cm1",
    "cm2",
    "cm3",
    "ltv_cac",
    "acos",
    "acos_console",
    "tacos",
    "roas",
    "roas_console",
    "gmv",
    "net_revenue",
)
LOWER_IS_BETTER = frozenset({"acos", "acos_console", "tacos"})
_LEDGER_METRICS = frozenset({"profit", "cm1", "cm2", "cm3", "net_revenue", "gmv"})
_POINTS = 64
_CLOSE = 1e-9


@dataclass(frozen=True)
class LeverAnswer:
    """What one lever must be for a metric to reach a target, the others held.

    `value` is in the lever's unit; None with `kind` "none" (no such value in the possible range) or
    "idle" (the lever moves nothing here). `kind` "jump": the target is passed at a fee-tier bound.
    `side`: "at_least" where the metric is reached at this value or above, else "at_most". `others`
    are further values at which the target is met. `straight`: an ad budget without diminishing
    returns, of which every further unit brings what the last did, so that the answer says nothing
    of a budget much above the current one.
    """

    lever: Lever
    current: float | None
    value: float | None
    kind: Literal["found", "jump", "none", "idle"]
    side: Literal["at_least", "at_most"] | None = None
    others: tuple[float, ...] = ()
    met_today: bool = False
    straight: bool = False

    @property
    def exclusive(self) -> bool:
        """Whether the value itself is not enough: a tier bound belongs to the tier below it."""
        return self.kind == "jump" and self.side == "at_least"


def answers(
    scenario: Scenario,
    levers: Sequence[str] | None = None,
    *,
    metric: str = "profit",
    target: float = 0.0,
    over: Whole = "steady",
) -> list[LeverAnswer]:
    """Return, for each lever, the value at which a figure reaches a target.

    Args:
        scenario: the store and its plan, as typed.
        levers: keys of the levers; all where None.
        metric: which figure, such as "profit".
        target: in the unit of the figure; by default profit breaks even.
        over: "steady" (the steady-state month) or "total" (all months together).

    Returns:
        One answer a lever, in the order asked.

    Raises:
        InputError: if a lever or the metric is unknown, or the target is not finite.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> [price] = answers(preset("amazon-de-kitchen"), ["price"], metric="margin", target=0.2)
        >>> price.kind, price.side
        ('found', 'at_least')
    """
    if metric not in TARGET_METRICS:
        raise refuse("metric", metric, "metric", known=", ".join(TARGET_METRICS))
    if not math.isfinite(target):
        raise refuse("target", str(target), "finite")
    chosen = [
        for_scenario(one, scenario)
        for one in ([lever(key) for key in levers] if levers is not None else levers_of(scenario))
    ]
    active = [moved for moved in chosen if usable(scenario, moved)]
    search = _Search(scenario, active, metric, target, over)
    found = dict(zip((moved.key for moved in active), search.run(), strict=True)) if active else {}
    now = _shown_today(scenario, chosen, over)
    out = [
        found[m.key] if m.key in found else LeverAnswer(m, now[m.key], None, "idle") for m in chosen
    ]
    return [
        replace(
            one,
            straight=one.lever.key == "ad_budget" and one.kind != "idle" and not _bends(scenario),
        )
        for one in out
    ]


def _bends(scenario: Scenario) -> bool:
    """Say whether some bought channel has diminishing returns."""
    return any(
        is_range(c.elasticity) or point_value(c.elasticity) > 0
        for c in scenario.channels
        if c.kind in ("cpc", "cpm")
    )


def _shown_today(
    scenario: Scenario, chosen: Sequence[Lever], over: Whole
) -> dict[str, float | None]:
    book = books_at(scenario, {}, over=over)
    return {moved.key: _float(_shown(scenario, book, moved, over, 1)[0]) for moved in chosen}


def _shown(scenario: Scenario, book: Book, moved: Lever, over: Whole, paths: int) -> Array:
    """Return the figure that shows a lever: a monthly budget stays monthly, also over the whole
    horizon.
    """
    months = (
        scenario.plan.horizon_months if over == "total" and moved.figure == "media_spend" else 1
    )
    return figure_at(book, moved.figure, paths) / months


def _idle(at: float, before: float, after: float, target: float) -> bool:
    """Return whether a crossing is only rounding error: the result is on its target already, and
    the lever does not move it.
    """
    return max(abs(at), abs(before), abs(after)) <= ROUNDING_ERROR * max(abs(target), 1.0)


def _float(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def price_bounds(scenario: Scenario) -> Array:
    """Return the prices at which a fee tier ends, a hair below and a hair above each.

    Args:
        scenario: the store and its plan, as typed.

    Returns:
        Prices as the price is typed, in the sales currency, shape (2 · tiers,); none without tiers.
    """
    rules = scenario.commission
    ends = [tier.upto for tier in rules.tiers] + [band.upto for band in rules.fixed_bands]
    bounds = np.array([end for end in ends if end is not None])
    if not bounds.size:
        return bounds
    book = books_at(scenario, {})
    pieces = (
        point_value(scenario.product.units_per_order) if rules.commission_per == "item" else 1.0
    )
    base = figure_at(book, "commission_base", 1)[0] / pieces
    prices = bounds * point_value(scenario.product.price) / base if base else bounds
    return np.concatenate([prices * (1 - 1e-9), prices * (1 + 1e-9)])


class _Search:
    """All levers side by side: each point of the search is one path of the model."""

    def __init__(
        self, scenario: Scenario, levers: Sequence[Lever], metric: str, target: float, over: Whole
    ):
        self.scenario, self.levers, self.metric, self.target, self.over = (
            scenario,
            levers,
            metric,
            target,
            over,
        )
        self.base = Values(scenario)
        self.is_ratio = metric not in _LEDGER_METRICS
        self.sign = -1.0 if metric in LOWER_IS_BETTER else 1.0
        self.now = np.array([current_setting(scenario, moved) for moved in levers])

    def book(self, settings: Array, which: Array, *, ratios: bool) -> Book:
        """Return the figures with lever number `which` at each setting, the others at their current
        ones.
        """
        flat, mine = settings.reshape(-1), which.reshape(-1)
        moved = {}
        for index, one in enumerate(self.levers):
            here = mine == index
            if here.any():
                moved[one.key] = np.where(here, flat, self.now[index])
        return books_at(self.scenario, moved, over=self.over, base=self.base, ratios=ratios)

    def gap(self, settings: Array, which: Array) -> Array:
        """Return by how much the target is met with lever number `which` at each setting; NaN where
        undefined.
        """
        metric = figure_at(
            self.book(settings, which, ratios=self.is_ratio), self.metric, settings.size
        )
        return (self.sign * (metric - self.target)).reshape(settings.shape)

    def grid(self, index: int) -> Array:
        """Return the settings scanned for one lever: close together around the current setting,
        wide apart beyond, tier bounds included.
        """
        one, now = self.levers[index], float(self.now[index])
        least, most = settings_range(self.scenario, one)
        if one.rate:
            points = np.concatenate(
                [np.linspace(0.0, 1.0, _POINTS), np.geomspace(1e-4, 1.0, _POINTS)]
            )
        else:
            start = max(least, (now or most) * 1e-6, 1e-12)
            points = np.geomspace(start, most, _POINTS)
            if now:
                points = np.concatenate([points, now * np.linspace(0.5, 1.5, _POINTS // 2)])
            points = np.concatenate([[least], points])
        bounds = price_bounds(self.scenario) if one.key == "price" else np.empty(0)
        points = np.concatenate([points, [now], bounds])
        return np.unique(points[(points >= least) & (points <= most)])

    def run(self) -> list[LeverAnswer]:
        """Return the answer for each lever."""
        grids = [self.grid(index) for index in range(len(self.levers))]
        return self._answers(*crossings(self.gap, grids))

    def _answers(self, roots: Array, mine: NDArray[np.int64]) -> list[LeverAnswer]:
        """Return the answers from one evaluation of the current setting, of every root, and of
        settings just beside each root.
        """
        count, levers = roots.size, np.arange(len(self.levers))
        beside = np.maximum(np.abs(roots) * 1e-6, 1e-12)
        settings = np.concatenate([roots, roots - beside, roots + beside, self.now])
        which = np.concatenate([mine, mine, mine, levers])
        book = self.book(settings, which, ratios=True)
        metric = figure_at(book, self.metric, settings.size)
        gaps = self.sign * (metric - self.target)
        shown = np.empty(settings.size)
        for index, one in enumerate(self.levers):
            here = which == index
            shown[here] = _shown(self.scenario, book, one, self.over, settings.size)[here]
        out = []
        for index, one in enumerate(self.levers):
            today_gap, today_shown = gaps[3 * count + index], _float(shown[3 * count + index])
            met = bool(np.isfinite(today_gap) and today_gap >= -_CLOSE)
            found = [
                i
                for i in range(count)
                if mine[i] == index
                and not (
                    roots[i] > 0
                    and _idle(gaps[i], gaps[count + i], gaps[2 * count + i], self.target)
                )
            ]
            if not found:
                out.append(LeverAnswer(one, today_shown, None, "none", met_today=met))
                continue
            near = min(
                found, key=lambda i: abs(np.log((roots[i] + 1e-12) / (self.now[index] + 1e-12)))
            )
            at, before, after = gaps[near], gaps[count + near], gaps[2 * count + near]
            scale = max(abs(self.target), abs(before), abs(after), 1.0)
            jumped = abs(at) > 1e-6 * scale and np.sign(before) != np.sign(after)
            others = tuple(sorted(float(shown[i]) for i in found if i != near))
            side: Literal["at_least", "at_most"] = "at_least" if after > before else "at_most"
            out.append(
                LeverAnswer(
                    one,
                    today_shown,
                    round(float(shown[near]), 9) if jumped else float(shown[near]),
                    "jump" if jumped else "found",
                    side,
                    others,
                    met,
                )
            )
        return out
