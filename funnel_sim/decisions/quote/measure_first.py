"""What to measure before signing: the value, in money, of knowing each uncertain input when
choosing among the options or carrying on alone.

It is a difference of two expectations: what is left on average when choosing knowingly, less what
is left on average when choosing blindly. Where the gain has no mean there is no such difference,
and no median stands for it: the median of a difference is that of the futures in which nothing
would be chosen otherwise.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from funnel_sim.chance.estimates import Figure
from funnel_sim.chance.streams import SamplingPlan, plan_of
from funnel_sim.decisions.quote.effect import Case, drawn_inputs
from funnel_sim.decisions.quote.futures import outcomes
from funnel_sim.decisions.quote.store_alone import options_of
from funnel_sim.model.arrays import Array
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

_DEGREE = 5


@dataclass(frozen=True)
class Known:
    """One uncertain input: its path ("options.quote.effect", "product.price"), and what it would be
    worth to know it before deciding, money of the sales currency over the plan.
    """

    path: str
    worth: Figure


@dataclass(frozen=True)
class MeasureFirst:
    """The inputs by falling worth; `everything` the worth of knowing the outcome itself, `choice`
    the option that would be chosen now ("" for carrying on alone), `plan` what was simulated.

    `no_mean` names the inputs whose ranges leave a gain without a mean: then nothing has such a
    worth (`inputs` is empty, `everything` NaN), and the choice goes by medians.
    """

    inputs: tuple[Known, ...]
    everything: float
    choice: str
    plan: SamplingPlan
    no_mean: tuple[str, ...] = ()


def measure_first(
    scenario: Scenario, options: list[Option] | None = None, paths: int | None = None
) -> MeasureFirst:
    """Return what knowing each input is worth, for the choice among options and carrying on alone.

    Args:
        scenario: the store and its plan, as typed.
        options: the options to choose from; all compared ones where None.
        paths: how many draws; the scenario's own where None.
    """
    chosen = options_of(scenario) if options is None else options
    plan = plan_of(scenario.chance.paths if paths is None else paths, scenario.chance.seed)
    found = outcomes(scenario, [Case(option) for option in chosen], paths=paths)
    gains = np.stack([np.zeros(plan.paths), *(one.gain for one in found)])
    no_mean = tuple(dict.fromkeys(reason.path for one in found for reason in one.no_mean.gain))
    best = int(np.argmax(np.median(gains, axis=1) if no_mean else gains.mean(axis=1)))
    choice = "" if best == 0 else chosen[best - 1].id
    if no_mean:
        return MeasureFirst((), math.nan, choice, plan, no_mean)
    inputs = drawn_inputs(scenario, chosen, plan)
    worth = [
        Known(path, value_of_information_of(values, gains, plan.replicates))
        for path, values in inputs.items()
    ]
    everything = float(gains.max(axis=0).mean() - gains.mean(axis=1).max())
    return MeasureFirst(
        tuple(sorted(worth, key=lambda one: -one.worth.value)), everything, choice, plan
    )


def value_of_information_of(values: Array, gains: Array, replicates: int) -> Figure:
    """Return E[max over options of E[gain | input]] − max of E[gain]: the expected value of partial
    perfect information (EVPPI) of one input.

    The conditional means are polynomials of degree 5 in the input's rank, fitted on one half of the
    replicates and used to choose on the other (Strong, Oakley and Brennan 2014, by cross-fitting):
    chance is not taken for knowledge.

    Args:
        values: draws of the input, shape (paths,), replicate after replicate.
        gains: gains of each option [money], shape (options, paths).
        replicates: how many independent replicates they hold.

    Returns:
        The value [money], with its standard error over the replicates.
    """
    rank = (stats.rankdata(values) - 0.5) / values.size
    basis = np.polynomial.legendre.legvander(2 * rank - 1, _DEGREE)
    which = np.repeat(np.arange(replicates) % 2, values.size // replicates)
    choice = np.empty(values.size, np.int64)
    for half in (0, 1):
        fitted, *_ = np.linalg.lstsq(basis[which == half], gains[:, which == half].T, rcond=None)
        choice[which != half] = (basis[which != half] @ fitted).argmax(axis=1)
    blind = gains[int(np.argmax(gains.mean(axis=1)))]
    better = (
        (np.take_along_axis(gains, choice[None, :], axis=0)[0] - blind)
        .reshape(replicates, -1)
        .mean(axis=1)
    )
    return Figure(
        max(0.0, float(better.mean())),
        float(better.std(ddof=1)) / float(np.sqrt(replicates)),
        replicates,
    )
