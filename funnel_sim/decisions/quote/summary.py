"""What one option comes to over all futures."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from funnel_sim.chance.estimates import (
    Estimate,
    Figure,
    estimate,
    monthly_quantiles,
    probability,
    quantiles,
)
from funnel_sim.chance.heavy import without_means
from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.no_mean import NoMean, Reasons, mean_or_median
from funnel_sim.decisions.quote.outcome import Outcome
from funnel_sim.model.arrays import Array
from funnel_sim.model.sheet import is_rounding_error


@dataclass(frozen=True)
class Summary:
    """What one case comes to, over all futures; money in the sales currency over the months of the
    plan.

    `gain` against carrying on alone; `better` the probability that it is above zero; `paid`, `own`,
    `brought`, `saved`, `income`, `serving` means, each the median where it has no mean (`no_mean`),
    as in all that follows; `take_of_sales` and `take_of_added` what is paid over gross sales and
    over the CM3 added (None where none is added); `payback` the median month from which the
    cumulative gain stays at or above zero (None where it does not in half of the futures),
    `pays_back` the probability that it does within the plan; `at_risk` mean and 90th percentile of
    how far the cumulative gain falls below zero; `agency` the agency's income less its cost;
    `one_sided` the share of futures in which the agency earns and the client loses; `lasts` the
    mean months; `ended` the share of futures by why it ended; `cumulative` percentiles (QUANTILES)
    of the cumulative gain by month; `lines` means by line (where the fee has none, sums of the
    months' medians); `rebate` the mean media rebate that the agency keeps (the median where the fee
    has none), which is in its income.
    """

    case: Case
    paths: int
    gain: Estimate
    better: Figure
    paid: float
    own: float
    brought: float
    saved: float
    income: float
    serving: float
    take_of_sales: float | None
    take_of_added: float | None
    payback: int | None
    pays_back: float
    at_risk: tuple[float, float]
    agency: Estimate
    one_sided: Figure
    lasts: float
    ended: tuple[float, ...]
    cumulative: Array
    lines: Mapping[str, float]
    rebate: float
    no_mean: NoMean = NoMean()


def summary(found: Outcome, *, course: bool = True) -> Summary:
    """Return what a case comes to.

    Args:
        found: the case in every future.
        course: whether its course over the months is wanted too.
    """
    sets = found.plan.replicates
    cumulative = np.cumsum(found.by_month, axis=0)
    under = np.maximum(-cumulative.min(axis=0), 0.0)
    back = _payback_months(cumulative)
    within = np.isfinite(back)
    half = float(quantiles(back, (0.5,))[0])
    agency = found.income - found.serving
    lacks = found.no_mean
    gain = without_means(estimate(found.gain, sets), lacks.gain)
    falls: Reasons = (
        lacks.gain if math.isnan(gain.expected_shortfall.value) else ()
    )  # the fall below zero has no mean only where the loss has none
    sales, added = (
        mean_or_median(found.sales, lacks.sales),
        mean_or_median(found.added_cm3, lacks.brought),
    )
    paid = mean_or_median(found.paid, lacks.fee)
    return Summary(
        found.case,
        found.plan.paths,
        gain,
        probability(found.gain > 0, sets),
        paid,
        mean_or_median(found.own, lacks.cost),
        mean_or_median(found.brought, lacks.brought),
        mean_or_median(found.saved, lacks.cost),
        mean_or_median(found.income, lacks.fee),
        mean_or_median(found.serving, lacks.cost),
        paid / sales if sales > 0 else None,
        paid / added if added > 0 and not is_rounding_error(added, sales) else None,
        int(half) if math.isfinite(half) else None,
        float(within.mean()),
        (mean_or_median(under, falls), float(quantiles(under, (0.9,))[0])),
        without_means(estimate(agency, sets), lacks.agency),
        probability((agency > 0) & (found.gain < 0), sets),
        float(found.last.mean()),
        tuple(float((found.why == reason).mean()) for reason in range(5)),
        monthly_quantiles(cumulative) if course else np.empty((0, 0)),
        {name: float(line.sum()) for name, line in found.lines.items()},
        mean_or_median(found.rebate, lacks.fee),
        lacks,
    )


def _payback_months(cumulative: Array) -> Array:
    """Return in each path the first month from which the cumulative gain stays at or above zero;
    infinite where it ends below.

    >>> _payback_months(np.array([[-5.0, 1.0], [-1.0, -1.0], [2.0, -1.0]])).tolist()
    [3.0, inf]
    """
    below = cumulative < 0
    months = len(cumulative)
    last_below = np.where(below.any(axis=0), months - below[::-1].argmax(axis=0), 0)
    return np.where(last_below >= months, np.inf, last_below + 1.0)
