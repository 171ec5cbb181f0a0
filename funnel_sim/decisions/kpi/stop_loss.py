"""A stop-loss that tells failure from chance: a share of a usual month before any effect, times the
season, missed over enough months (docs/decisions/0041-one-stop-loss.md).

The line is judged like growth: against each future's own usual month (decisions/growth.py), so that
what is not known of the store's current level trips nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnel_sim.chance.draws import Sources
from funnel_sim.chance.estimates import Figure, probability
from funnel_sim.decisions.context import Context, context_of
from funnel_sim.decisions.growth import SHIFTED
from funnel_sim.decisions.kpi.belief import as_believed
from funnel_sim.decisions.kpi.draws import draws_of
from funnel_sim.decisions.kpi.measured import baseline_of, is_added_up
from funnel_sim.model.arrays import Array
from funnel_sim.reference.stop_loss import StopLossLine, rules
from funnel_sim.scenario.kpi_metrics import OPERATIONAL, STEADY_METRICS
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.scenario import Scenario

_PATHS = 4096
"""Paths of the search: the probability of a line is then known to about half a point."""
_ROUNDING = 1e-9


@dataclass(frozen=True)
class OfferedStopLoss:
    """The line offered for a KPI, and how often it trips over `term` months.

    `usual` the KPI's month before any effect, `season` the index of each month (1 for ratios),
    shape (term,); `unchanged` the probability that a store that stays as it is trips, `believed`
    with the effect believed, `failing` the share of futures in which a failing store
    (data/stop_loss.toml) does. `offered` is False where every line trips too often: the one that
    trips least is named then.
    """

    line: StopLossLine
    usual: float
    season: Array
    unchanged: Figure
    believed: Figure
    failing: float
    offered: bool

    def limits(self, at_least: bool, months: int) -> Array:
        """Return the stop-loss line in each of the first months; beyond the term the season
        repeats.

        Args:
            at_least: whether the KPI asks for at least its target.
            months: how many months.

        Returns:
            The line in the KPI's unit, shape (months,).
        """
        season = self.season[np.arange(months) % len(self.season)]
        return np.asarray(
            self.usual * season * (self.line.share if at_least else 1.0 / self.line.share)
        )


def season_of_months(scenario: Scenario, kpi: Kpi, months: int) -> Array:
    """Return the season of the history, else of the plan, in the first months.

    Args:
        scenario: the store and its plan, as typed.
        kpi: what is measured, its target, window and basis.
        months: how many months.

    Returns:
        Indices [1], shape (months,); 1 for a ratio, which has none.
    """
    if not is_added_up(kpi.metric):
        return np.ones(months)
    outlook = Sources(scenario).outlook
    plan = scenario.plan
    raw = [
        outlook.outlook.season[m % 12] if outlook is not None else plan.season_at(m + 1)
        for m in range(months)
    ]
    return np.array(raw, np.float64)


def attained(values: Array, expected: Array, length: int, at_least: bool) -> Array:
    """Return what each run of months attains of what is expected: their sum over the expected sum,
    inverted where less is better.

    A month without the figure attains nothing, nor does a run that it is part of, whatever the
    other months are; a run in which nothing is expected attains all of it.

    Args:
        values: months of the KPI, shape (months, paths), in its unit.
        expected: what is expected of each month, shape (months,), same unit.
        length: of a run [months].
        at_least: whether the KPI asks for at least its target.

    Returns:
        Fractions, shape (months − length + 1, paths).

    Examples:
        >>> attained(np.array([[80.0], [40.0]]), np.array([100.0, 50.0]), 2, True).tolist()
        [[0.8]]
    """
    nothing = -np.inf if at_least else np.inf
    runs = range(len(values) - length + 1)
    with np.errstate(invalid="ignore"):  # a ratio without limit beside one that is not known
        added = np.stack([values[run : run + length].sum(axis=0) for run in runs])
    summed = np.where(np.isnan(added), nothing, added)
    wanted = np.array([expected[run : run + length].sum() for run in runs])[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        reached = summed / wanted if at_least else np.where(summed > 0, wanted / summed, np.inf)
    return np.asarray(np.where(wanted > 0, reached, 1.0))


def trips(
    values: Array, expected: Array, line: StopLossLine, at_least: bool, share: float | None = None
) -> NDArray[np.bool_]:
    """Return in which futures a stop-loss line trips.

    Args:
        values: months of the KPI, shape (months, paths), in its unit.
        expected: what is expected of each month, shape (months,), same unit.
        line: share, months and way of the line.
        at_least: whether the KPI asks for at least its target.
        share: another share than the line's [fraction]; its own where None.

    Returns:
        Truth values, shape (paths,).

    Examples:
        >>> months = np.array([[100.0, 79.0], [70.0, 79.0], [100.0, 100.0]])
        >>> trips(months, np.full(3, 100.0), StopLossLine(0.8, 2, "row"), True).tolist()
        [False, True]
    """
    limit = (line.share if share is None else share) * (1 - _ROUNDING)
    if line.by == "mean":
        return np.asarray((attained(values, expected, line.months, at_least) < limit).any(axis=0))
    missed = attained(values, expected, 1, at_least) < limit
    runs = [
        missed[run : run + line.months].all(axis=0) for run in range(len(missed) - line.months + 1)
    ]
    return np.asarray(np.any(runs, axis=0))


def stop_loss(store: Scenario | Context, kpi: Kpi) -> OfferedStopLoss | None:
    """Return the stop-loss line to offer for a KPI; None where it has no months or no usual month
    above zero.

    Of the lines of data/stop_loss.toml that a store that stays as it is trips in at most the share
    allowed, the one that a failing store trips most often; among equals the one that the unchanged
    store trips least. It rests on no target. The KPIs of a scenario are worked out together, once
    for a context.

    Args:
        store: the store as typed, or its context where that is at hand.
        kpi: what is measured, its target, window and basis.
    """
    at, asked = context_of(store).without_targets, kpi.but(target=0.0)
    if asked not in at.scenario.kpis:
        return stop_losses(at, [asked])[kpi.id]
    return at.once("stop_losses", lambda: stop_losses(at, at.scenario.kpis))[kpi.id]


def stop_losses(
    store: Scenario | Context, kpis: Sequence[Kpi]
) -> dict[str, OfferedStopLoss | None]:
    """Return the line to offer for each KPI, by id, from one simulation of the store as it is and
    one of the store with the effect believed.

    Args:
        store: the scenario, or its context.
        kpis: what is measured, with targets, windows and bases.

    Returns:
        By the id of the KPI; None where no line can be offered.
    """
    at = context_of(store)
    scenario = at.scenario
    usual = {
        kpi.id: base.value
        for kpi in kpis
        if kpi.metric not in STEADY_METRICS
        and kpi.metric not in OPERATIONAL
        and (base := baseline_of(at, kpi)) is not None
        and base.value > 0
    }
    term = rules().term
    asked = [
        kpi.but(relative=True, target=0.0, window="average", month_from=1, month_to=term)
        for kpi in kpis
        if kpi.id in usual
    ]
    out: dict[str, OfferedStopLoss | None] = {kpi.id: None for kpi in kpis}
    if not asked:
        return out
    same, run = draws_of(at.before.scenario, asked, paths=_PATHS, at=at)
    moved, _ = draws_of(as_believed(scenario), asked, paths=_PATHS, at=at)
    for kpi in asked:
        out[kpi.id] = _best_line(
            kpi,
            usual[kpi.id],
            season_of_months(scenario, kpi, term),
            (same[kpi.id].months, moved[kpi.id].months),
            run.plan.replicates,
        )
    return out


def _best_line(
    kpi: Kpi, usual: float, season: Array, months: tuple[Array, Array], replicates: int
) -> OfferedStopLoss:
    """Return the line to offer; `months` those of the store as it is, and with the effect
    believed.
    """
    wanted = rules()
    at_least, values = kpi.comparator == "at_least", months[0]
    expected = usual * season

    def failing(line: StopLossLine) -> float:
        share = (
            line.share + 1.0 - wanted.failing
            if kpi.metric in SHIFTED
            else line.share / wanted.failing
        )
        return float(trips(values, expected, line, at_least, share).mean())

    unchanged = {
        line: float(trips(values, expected, line, at_least).mean()) for line in wanted.lines
    }
    able = [line for line in wanted.lines if unchanged[line] <= wanted.most_unchanged]
    best = (
        max(able, key=lambda line: (round(failing(line), 3), -unchanged[line]))
        if able
        else min(wanted.lines, key=lambda line: unchanged[line])
    )
    unmoved, believed = (
        probability(trips(one, expected, best, at_least), replicates) for one in months
    )
    return OfferedStopLoss(best, usual, season, unmoved, believed, failing(best), bool(able))
