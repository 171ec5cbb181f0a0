"""What to ask for where no target has the probability wanted: a longer period, a smaller promise, a way out, or a KPI that the agency controls; each with the figure that shows it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from funnel_sim.chance.estimates import quantile
from funnel_sim.decisions.kpis import (
    OFFERED,
    STOP_MONTHS,
    STOP_SHARE,
    YEAR,
    Answer,
    Check,
    Draws,
    floor_of,
    good_enough,
    missed_without,
)
from funnel_sim.inputs.kpis import OPERATIONAL, Kpi

OUT_OF_REACH = 0.05
"""Odds below which even the whole claim does not bring a KPI within reach: our judgement."""
FOLLOWS_CHANCE = 0.25
"""A KPI whose odds the whole claim lifts by less than this is decided by chance more than by the agency: our judgement."""


@dataclass(frozen=True)
class Instead:
    """What can be asked for in place of a target, None where that does not help.

    `longer` the KPI over a year with the target that then has the probability; `smaller` a target of the same window and the lower probability that it has;
    `stops` the share of futures in which two months in a row fall below `line`, 80 % of today's level, within a year; `by_chance` the odds of the KPI without and with the
    claimed effect, where these lie close together.
    """

    longer: tuple[Kpi, float] | None
    smaller: tuple[float, float] | None
    stops: float | None
    line: float | None
    by_chance: tuple[float, float] | None


def instead(check: Check, chance: float) -> dict[str, Instead]:
    """Return what to ask for in place of each KPI's target that no good one has the probability `chance`, by id."""
    missing = [answer for answer in check.answers if answer.offers[chance] is None]
    return {answer.kpi.id: _instead(check, answer, chance, check.year) for answer in missing}


def _instead(check: Check, answer: Answer, chance: float, year: Mapping[str, tuple[Kpi, Draws]]) -> Instead:
    at_least = answer.kpi.comparator == "at_least"
    less_sure = [p for p in OFFERED if p < chance and answer.offers[p] is not None]
    value = answer.offers[less_sure[-1]] if less_sure else None
    smaller = None if value is None else (less_sure[-1], value)
    longer = stops = line = None
    if answer.kpi.id in year:
        kpi, drawn = year[answer.kpi.id]
        reached = quantile(np.sort(missed_without(kpi, drawn.value)), 1 - chance if at_least else chance)
        if kpi.months != answer.kpi.months and good_enough(kpi, reached, floor_of(check.at, kpi, answer.baseline)):
            longer = kpi, reached
        if answer.baseline is not None and answer.baseline.value > 0:
            line = answer.baseline.value * (STOP_SHARE if at_least else 1 / STOP_SHARE)
            rows = missed_without(kpi, drawn.months)
            past = rows < line if at_least else rows > line
            runs = np.logical_and.reduce([past[start : YEAR - STOP_MONTHS + 1 + start] for start in range(STOP_MONTHS)])
            stops = float(runs.any(axis=0).mean())
    none, claimed = (answer.by_belief[belief].value for belief in ("none", "claimed"))
    follows = answer.kpi.metric not in OPERATIONAL and claimed - none < FOLLOWS_CHANCE
    return Instead(longer, smaller, stops, line, (none, claimed) if follows else None)
