"""The way to a target: the month-by-month path of steady growth that reaches it, and the stop-loss
line, that of decisions/kpi/stop_loss.py.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from funnel_sim.decisions.context import Context, context_of
from funnel_sim.decisions.kpi.belief import as_believed
from funnel_sim.decisions.kpi.check import band
from funnel_sim.decisions.kpi.draws import draws_of
from funnel_sim.decisions.kpi.measured import baseline_of, is_added_up, target_of
from funnel_sim.decisions.kpi.stop_loss import OfferedStopLoss, season_of_months, stop_loss
from funnel_sim.model.arrays import Array
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.scenario import Scenario

_MOST_GROWTH = 10.0


@dataclass(frozen=True)
class Path:
    """What each month must be: `required` on a line of constant growth from the baseline, shaped by
    the season; `line` the stop-loss line, NaN where none is offered.

    `growth` a month; `median` and `low`, `high` (P10, P90) what the simulation gives; `stop` the
    stop-loss of this KPI, with how often it trips.
    """

    kpi: Kpi
    required: Array
    line: Array
    growth: float
    low: Array
    median: Array
    high: Array
    stop: OfferedStopLoss | None


def growth_path(
    store: Scenario | Context, kpi: Kpi, paths: int | None = None, months: Array | None = None
) -> Path | None:
    """Return the path of steady growth that reaches one KPI's target; None where it has no baseline
    above zero, or where the season leaves nothing in the month that decides.

    Month t requires baseline × (1 + g)^t × season(t), with g such that the window reaches the
    target where no season is: the growth asked for is one number, whatever the season. The season
    then shapes the way and is scaled so that the window still reaches the target (for "by" in the
    month that it favours, so that no month asks for more than the target). The stop-loss line is
    no part of that path: it is a share of a usual month before any effect, times the season, chosen
    on draws of a number of its own, whatever is asked here.

    Args:
        store: the scenario, or its context.
        kpi: the KPI.
        paths: how many draws of what the simulation gives; the scenario's own where None.
        months: percentiles of each month that the simulation gives (`Answer.months`), shape
            (3, months), where they are at hand.
    """
    at = context_of(store)
    scenario = at.scenario
    base = baseline_of(at, kpi)
    if base is None or not base.value > 0:
        return None
    target = target_of(at, kpi)
    if not target > 0:
        return None
    if months is None:
        drawn, _ = draws_of(as_believed(scenario), [kpi], paths=paths, at=at)
        months = np.array([band(kpi, row) for row in drawn[kpi.id].months]).T
    way = required_path(base.value, target, kpi, _season(scenario, kpi, kpi.month_to))
    if way is None:
        return None
    required, growth = way
    stop = stop_loss(at, kpi)
    line = (
        np.full(len(required), math.nan)
        if stop is None or not stop.offered
        else stop.limits(kpi.comparator == "at_least", len(required))
    )
    low, median, high = months[:, : kpi.month_to]
    return Path(kpi, required, line, growth, low, median, high, stop)


def required_path(
    base: float, target: float, kpi: Kpi, season: Array
) -> tuple[Array, float] | None:
    """Return what each month must be, and the growth that leads there: the growth is that of a
    year without season, the months are then spread as the season has them.

    Args:
        base: the baseline, per month, in the unit of the metric.
        target: the absolute target, same unit.
        kpi: the KPI with its window.
        season: of each month [1], shape (months,).

    Returns:
        (each month's value, shape (months,); growth a month [fraction]); None where no growth leads
        there, the season being zero in the month that decides.

    Examples:
        >>> path, growth = required_path(
        ...     100.0,
        ...     121.0,
        ...     Kpi(id="a", metric="gmv", target=121.0, window="month", month_to=2),
        ...     np.ones(2),
        ... )
        >>> path.round(3).tolist(), round(growth, 6)
        ([110.0, 121.0], 0.1)
    """
    first, last = kpi.months
    places = np.arange(1, len(season) + 1)

    def path(growth: float) -> Array:
        return np.asarray(base * (1 + growth) ** places)

    added = is_added_up(kpi.metric)

    def reached(months: Array) -> float:
        inside = months[first - 1 : last]
        if kpi.window == "total" and added:
            return float(inside.sum())
        if kpi.window == "by":  # one month is enough: the one that the season favours
            return float(inside.max() if kpi.comparator == "at_least" else inside.min())
        return float(
            inside.mean()
            if kpi.window in ("average", "total")
            else inside[0]
            if kpi.window == "every"
            else inside[-1]
        )

    def gap(growth: float) -> float:
        return reached(path(growth)) - target

    still = reached(path(0.0))
    if not reached(path(0.0) * season):
        return None
    there = math.isclose(still, target) or (still > target) == (kpi.comparator == "at_least")
    if there or gap(-1 + 1e-9) >= 0 or gap(_MOST_GROWTH) <= 0:
        shape, growth = path(0.0) * season, 0.0 if there else math.nan
    else:
        growth = float(brentq(gap, -1 + 1e-9, _MOST_GROWTH, xtol=1e-12))
        shape = path(growth) * season
    required = shape * (target / reached(shape))
    # the target is reached in the first month of the window and held from there on
    if kpi.window == "every":
        required[first - 1 : last] = target
    return required, growth


def _season(scenario: Scenario, kpi: Kpi, months: int) -> Array:
    """Return the season of the history, else of the plan, in the months simulated, of mean 1 over
    the KPI's own months; flat for ratios.
    """
    raw = season_of_months(scenario, kpi, months)
    first, last = kpi.months
    mean = raw[first - 1 : last].mean()
    return raw / mean if mean > 0 else np.ones(months)
