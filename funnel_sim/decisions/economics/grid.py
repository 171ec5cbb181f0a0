"""Two levers at once: a metric over a grid of their values, and the line where it is zero."""

from dataclasses import dataclass

import numpy as np
from contourpy import contour_generator

from funnel_sim.decisions.economics.levers import (
    Lever,
    books_at,
    current_setting,
    figure_at,
    lever,
    settings_range,
)
from funnel_sim.model.arrays import Array
from funnel_sim.scenario.scenario import Scenario

STEPS = 17


@dataclass(frozen=True)
class LeverGrid:
    """`across` and `up` are the levers' shown values, `metric` of shape (up, across), NaN
    where it is not known.

    `zero_line`: pieces of the line where the metric equals `level`, each an array (points, 2) in
    shown values. `now` is the point of the current settings.
    """

    across_lever: Lever
    up_lever: Lever
    across: Array
    up: Array
    metric: Array
    zero_line: tuple[Array, ...]
    now: tuple[float, float]


def two_way(
    scenario: Scenario,
    across: str,
    up: str,
    *,
    metric: str = "profit",
    level: float = 0.0,
    spread: float = 0.4,
    steps: int = STEPS,
) -> LeverGrid:
    """Return a metric of the steady month over two levers.

    Each runs from 1 − spread to 1 + spread of its current setting; a lever whose setting is zero
    runs from zero to a plausible amount instead.

    Args:
        scenario: the store and its plan, as typed.
        across: the key of the lever from left to right.
        up: the key of the lever from bottom to top.
        metric: which figure, such as "profit".
        level: the value of the figure at which the line is drawn, in its unit.
        spread: how far the levers go [fraction].
        steps: how many settings each.

    Raises:
        InputError: if a lever is unknown.
    """
    first, second = lever(across), lever(up)
    a, b = _settings(scenario, first, spread, steps), _settings(scenario, second, spread, steps)
    every_a, every_b = np.tile(a, b.size), np.repeat(b, a.size)
    settings = (
        {second.key: every_b, first.key: every_a}
        if first.key != second.key
        else {first.key: every_a}
    )
    book = books_at(scenario, settings)
    values = figure_at(book, metric, every_a.size).reshape(b.size, a.size)
    shown_a = _shown(scenario, first, a)
    shown_b = _shown(scenario, second, b)
    pieces: tuple[Array, ...] = ()
    if np.isfinite(values).all() and values.min() < level < values.max():
        lines = contour_generator(x=shown_a, y=shown_b, z=values).lines(level)
        pieces = tuple(np.asarray(line, dtype=np.float64) for line in lines)
    here = books_at(scenario, {})
    now = (float(figure_at(here, first.figure, 1)[0]), float(figure_at(here, second.figure, 1)[0]))
    return LeverGrid(first, second, shown_a, shown_b, values, pieces, now)


def _settings(scenario: Scenario, moved: Lever, spread: float, steps: int) -> Array:
    now = current_setting(scenario, moved)
    least, most = settings_range(scenario, moved)
    if not now:
        book = books_at(scenario, {})
        scale = 0.3 if moved.rate else abs(float(figure_at(book, "net_revenue", 1)[0])) * 0.2
        return np.linspace(0.0, min(most, scale or 1.0), steps)
    return np.linspace(max(least, now * (1 - spread)), min(most, now * (1 + spread)), steps)


def _shown(scenario: Scenario, moved: Lever, settings: Array) -> Array:
    return figure_at(books_at(scenario, {moved.key: settings}), moved.figure, settings.size)
