"""Figures without a finite mean: where a range reaches a zero that something is divided by.

A figure that grows as d^-p when an input comes within d of an end of its domain, while the
probability of coming so near falls as d^k, has a finite mean only where k > p, and a finite
variance only where k > 2p. A price per click that may come to nothing (uniform from 0: k = 1) makes
clicks, and profit, of which no number of draws finds the mean. The k is known for each shape; the p
is read off the model itself, close to the end. Such a figure has a median, percentiles and
probabilities, and no mean is given for it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from funnel_sim.chance.draws import Sources
from funnel_sim.chance.estimates import Estimate, Figure
from funnel_sim.model.economics import figures
from funnel_sim.model.periods import Over
from funnel_sim.model.values import Values
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario

Missing = Literal["mean", "spread"]
_NEAR = np.array([1e-6, 1e-8])
_SLOWEST = 0.05  # a growth slower than this power of the distance to the end counts as bounded
_HIGHEST_POWER = 4.0
_ROUNDING = 1e-3


@dataclass(frozen=True)
class Heavy:
    """An input that leaves a figure without a finite mean ("mean"), or with a mean whose error
    cannot be told ("spread").

    `upward`: the figure grows beyond every bound, rather than falls below it.
    """

    path: str
    missing: Missing
    upward: bool


def heavy(scenario: Scenario, key: str = "profit", over: Over = "total") -> tuple[Heavy, ...]:
    """Return the inputs whose ranges leave a figure without a finite mean or variance; none for
    nearly every scenario.

    Args:
        scenario: the store and its plan, as typed.
        key: which figure, such as "profit".
        over: the period of the figure.

    Returns:
        Each such input, and whether mean or spread is missing.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("tiktok-us-beauty")
        >>> wide = {
        ...     "dist": "uniform",
        ...     "low": 0.1,
        ...     "high": 1.2,
        ...     "meaning": "p80",
        ... }  # P10 and P90: its low end lies below zero
        >>> (
        ...     heavy(store),
        ...     [
        ...         (one.path, one.missing)
        ...         for one in heavy(store.replace({"channels.ads.cpc": wide}))
        ...     ],
        ... )
        ((), [('channels.ads.cpc', 'mean')])
    """
    where: Over = over if over in ("total", "end", "steady") else "total"
    out = []
    for path, one in Sources(scenario).inputs.items():
        if path.startswith(("shocks.", "chance.")):
            continue
        for end in (0, 1):
            order = one.order_at(end)
            if order > 2 * _HIGHEST_POWER:
                continue
            power, upward = _growth(scenario, path, one.end(end), -1.0 if end else 1.0, key, where)
            if power > _SLOWEST and order <= 2 * power * (1 + _ROUNDING):
                out.append(
                    Heavy(path, "mean" if order <= power * (1 + _ROUNDING) else "spread", upward)
                )
    return tuple(out)


def _growth(
    scenario: Scenario, path: str, end: float, inward: float, key: str, over: Over
) -> tuple[float, bool]:
    """Return the power with which a figure grows as an input nears an end, and whether it grows
    upward; 0 where it stays bounded.
    """
    scale = abs(point_value(scenario.get(path)) - end) or 1.0
    given = {path: end + inward * scale * _NEAR}
    found = figures(Values(scenario, given), {over: [key]})[key, over]
    if found is None:
        return 0.0, True
    values = np.broadcast_to(np.asarray(found, dtype=np.float64), (1, _NEAR.size))[0]
    if not np.isfinite(values).all() or not values.all():
        return 0.0, True
    return float(math.log(abs(values[-1] / values[0])) / math.log(_NEAR[0] / _NEAR[-1])), bool(
        values[-1] > 0
    )


def without_means(
    found: Estimate, reasons: Sequence[Heavy], *, less_is_better: bool = False
) -> Estimate:
    """Return an estimate without the means that do not exist: mean and standard deviation, and the
    expected shortfall where the heavy tail is on its side.

    Args:
        found: the estimate of the figure.
        reasons: the inputs that `heavy` names for it.
        less_is_better: whether the worst of the figure is its high end.

    Returns:
        The estimate, NaN in place of what does not exist.
    """
    if not reasons:
        return found
    none = Figure(math.nan, math.nan, found.mean.replicates)
    worst = (
        none if any(one.upward == less_is_better for one in reasons) else found.expected_shortfall
    )
    return replace(
        found,
        mean=none,
        sd=none,
        expected_shortfall=worst,
        heavy=tuple(dict.fromkeys(one.path for one in reasons)),
    )
