"""What the ad spend of a month does to the store alone: measured spend against the spend that the
months before the mark let expect, times the share of sales that ads brought in those months.

All of it is measured, so that a verdict on months that are over does not move with what is typed
for the months to come; the scenario's share stands in only where no month shows one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from funnel_sim.chance import history as chance_history
from funnel_sim.decisions.kpi.store_history import fitted_funnel
from funnel_sim.decisions.quote.store_alone import without_operator
from funnel_sim.errors import InputError
from funnel_sim.evidence.store.outlook import FEWEST_MONTHS, outlook
from funnel_sim.model.arrays import Array
from funnel_sim.model.bases import Basis
from funnel_sim.model.economics import figures
from funnel_sim.model.values import Values
from funnel_sim.reference.review import settings
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class AdBudget:
    """What the store alone is multiplied by in each month for that month's ad spend.

    `spent` is the ad spend of each month, NaN where not known (its factor is 1); `usual` what the
    months before the mark let expect of it; `share` the share of sales that ads bring [fraction],
    `measured` whether the months before say so (else the scenario does); `elasticity` how much
    dearer clicks get with a larger budget, as the scenario's channels have it.
    """

    factors: tuple[float, ...]
    spent: tuple[float, ...]
    usual: tuple[float, ...]
    share: float
    measured: bool
    elasticity: float


def ad_budget(
    scenario: Scenario, months: Sequence[str], out: Collection[str] = ()
) -> AdBudget | None:
    """Return what each month's ad spend does to the store alone.

    factor = 1 + share × (ratio^(1 − elasticity) − 1), ratio = spent ÷ usual, 5 at most
    (data/review.toml).

    Args:
        scenario: the store with its series of months.
        months: those to adjust, one after the other from the mark on.
        out: months that are not used.

    Returns:
        The factors with what they rest on; None where ad spend is not known on both sides, or
        nobody knows which share of sales ads bring.
    """
    usual = _usual(scenario, len(months), out)
    spent = np.array(scenario.history.of("ad_spend", months), np.float64)
    if usual is None or np.isnan(spent).all():
        return None
    share = _share(scenario, out)
    measured = share is not None
    if share is None:
        share = _share_of_scenario(scenario)
    if share is None:
        return None
    elasticity = _elasticity(scenario)
    ratio = np.clip(spent / usual, 0.0, settings("effect")["most_budget"])
    factors = np.where(np.isnan(ratio), 1.0, 1.0 + share * (ratio ** (1.0 - elasticity) - 1.0))
    return AdBudget(
        tuple(factors.tolist()),
        tuple(spent.tolist()),
        tuple(usual.tolist()),
        share,
        measured,
        elasticity,
    )


def _without(scenario: Scenario, figure: str, out: Collection[str]) -> Array:
    values = chance_history.used_months(scenario, figure)
    names = scenario.history.names()[: values.size]
    gone = [name in out for name in names] + [False] * (values.size - len(names))
    return np.where(gone, np.nan, values)


def _usual(scenario: Scenario, ahead: int, out: Collection[str]) -> Array | None:
    """Return the ad spend that the months before the mark let expect of each month: their level and
    season, as sales are expected; the mean of them where they are too few.
    """
    before = _without(scenario, "ad_spend", out)
    known = before[~np.isnan(before)]
    if not known.size or not known.sum() > 0:
        return None
    if known.size < FEWEST_MONTHS:
        return np.full(ahead, known.mean())
    found = outlook(before, ahead, where="history")
    return np.asarray(np.exp(found.weight @ found.mean))


def _share(scenario: Scenario, out: Collection[str]) -> float | None:
    """Return the share of sales that ads brought in the months before the mark; None where no
    month has both.
    """
    ads, sales = _without(scenario, "ad_sales", out), _without(scenario, "gmv", out)
    if ads.size != sales.size or not ads.size:
        return None
    both = ~np.isnan(ads) & ~np.isnan(sales)
    whole = float(sales[both].sum())
    return min(1.0, float(ads[both].sum()) / whole) if whole > 0 else None


def _share_of_scenario(scenario: Scenario) -> float | None:
    """Return the share of sales that ads bring in the scenario's steady month; None where it does
    not say.
    """
    store = without_operator(scenario)
    try:
        store = fitted_funnel(store)
    except InputError:  # the scenario's own funnel then says what ads bring
        store = without_operator(scenario)
    key = Basis(sales="ads").key("gmv")
    found = figures(Values(store), {"steady": ["gmv", key]})
    ads, sales = found[key, "steady"], found["gmv", "steady"]
    if ads is None or sales is None or not float(np.mean(sales)) > 0:
        return None
    return min(1.0, float(np.mean(ads)) / float(np.mean(sales)))


def _elasticity(scenario: Scenario) -> float:
    """Return the mean elasticity of the channels that have one: no figure of the months says it."""
    every = [point_value(channel.elasticity) for channel in scenario.channels]
    some = [one for one in every if one > 0]
    return min(1.0, sum(some) / len(some)) if some else 0.0
