"""What to ask for where no target has the probability wanted: a longer period, a smaller promise, a
way out, or a KPI that the agency controls; each with the figure that shows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from funnel_sim.chance.estimates import quantile
from funnel_sim.decisions.kpi.check import (
    OFFERED,
    KpiAnswer,
    KpiCheck,
    missed_without,
    month_target,
)
from funnel_sim.decisions.kpi.draws import KpiDraws, good_enough, met
from funnel_sim.decisions.kpi.measured import floor_of
from funnel_sim.decisions.kpi.stop_loss import OfferedStopLoss, stop_loss
from funnel_sim.scenario.kpi_metrics import OPERATIONAL
from funnel_sim.scenario.kpis import Kpi

OUT_OF_REACH = 0.05
"""The probability below which even the whole claim does not bring a KPI within reach: our
judgement.
"""
FOLLOWS_CHANCE = 0.25
"""A KPI whose probability the whole claim raises by less than this is decided by chance more than
by the agency: our judgement.
"""


@dataclass(frozen=True)
class Instead:
    """What can be asked for in place of a target, None where that does not help.

    `longer` the KPI over a year with the target that then has the probability; `smaller` a target
    of the same window and the lower probability that it has; `stop` the stop-loss to offer, or the
    one that tells failure from chance least badly; `by_chance` the probability of the KPI without
    and with the claimed effect, where these lie close together.
    """

    longer: tuple[Kpi, float] | None
    smaller: tuple[float, float] | None
    stop: OfferedStopLoss | None
    by_chance: tuple[float, float] | None

    @property
    def chosen(self) -> "Instead":
        """The two that a reader is told first: a promise that can be kept, else what the agency
        controls; and the stop-loss.
        """
        if self.longer is not None:
            return replace(self, smaller=None, by_chance=None)
        return self if self.smaller is None else replace(self, by_chance=None)


def instead(check: KpiCheck, chance: float) -> dict[str, Instead]:
    """Return what to ask for in place of the targets that have no good one with the probability
    wanted.

    Args:
        check: the answers on all KPIs.
        chance: the probability wanted, 0 to 1.

    Returns:
        Proposals by the id of the KPI.
    """
    missing = [answer for answer in check.counted if answer.offers[chance] is None]
    return {answer.kpi.id: _instead(check, answer, chance, check.year) for answer in missing}


def _instead(
    check: KpiCheck, answer: KpiAnswer, chance: float, year: Mapping[str, tuple[Kpi, KpiDraws]]
) -> Instead:
    at_least = answer.kpi.comparator == "at_least"
    less_sure = [
        p for p in OFFERED if p < chance and _is_less(answer, answer.kpi, answer.offers[p])
    ]
    value = answer.offers[less_sure[-1]] if less_sure else None
    smaller = None if value is None else (less_sure[-1], value)
    longer = None
    if answer.kpi.id in year:
        kpi, drawn = year[answer.kpi.id]
        reached = quantile(
            np.sort(missed_without(kpi, drawn.value)), 1 - chance if at_least else chance
        )
        if (
            kpi.months != answer.kpi.months
            and _is_less(answer, kpi, reached)
            and good_enough(kpi, reached, floor_of(check.at, kpi, answer.baseline))
        ):
            longer = kpi, reached
    none, claimed = (answer.by_belief[belief].value for belief in ("none", "claimed"))
    follows = answer.kpi.metric not in OPERATIONAL and claimed - none < FOLLOWS_CHANCE
    return Instead(
        longer, smaller, stop_loss(check.at, answer.kpi), (none, claimed) if follows else None
    )


def _is_less(answer: KpiAnswer, kpi: Kpi, value: float | None) -> bool:
    """Say whether a target asks no more of a month than the one that was asked for; `kpi` is the
    answer's, over its own window or another.
    """
    return value is not None and bool(
        met(kpi, month_target(kpi, value), np.asarray(month_target(answer.kpi, answer.target)))
    )
