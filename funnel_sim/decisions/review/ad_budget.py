"""What the ad spend of a month does to the store alone: measured spend against the spend that the
months before the mark let expect, times the share of sales that ads brought in those months.

The share is measured where the months hold sales from ads, or ad clicks and visits; the shop's
form stands in only where they do not, and the review says so. How much dearer clicks get with a
larger budget no month says: it is what the channels say, else the assumption that the quote test
makes too (`budget_elasticity`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from funnel_sim.chance import history as chance_history
from funnel_sim.decisions.quote.store_alone import without_operator
from funnel_sim.evidence.store.outlook import FEWEST_MONTHS, outlook
from funnel_sim.model.arrays import Array
from funnel_sim.model.bases import Basis
from funnel_sim.model.economics import figures
from funnel_sim.model.values import Values
from funnel_sim.reference.review import settings
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.scenario import Scenario

ShareSource = Literal["sales", "clicks", "form"]


@dataclass(frozen=True)
class AdBudget:
    """What the store alone is multiplied by in each month for that month's ad spend.

    `spent` is the ad spend of each month, NaN where not known (its factor is 1); `usual` what the
    months before the mark let expect of it; `share` the share of sales that ads bring [fraction],
    `source` which figures before the mark say so: sales from ads, or ad clicks of visits; else
    the shop's form. `elasticity` is how much dearer clicks get with a larger budget, `assumed`
    whether no channel of the scenario says it.
    """

    factors: tuple[float, ...]
    spent: tuple[float, ...]
    usual: tuple[float, ...]
    share: float
    source: ShareSource
    elasticity: float
    assumed: bool

    @property
    def measured(self) -> bool:
        """Whether the months before the mark say the share."""
        return self.source != "form"


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
    shares: tuple[tuple[ShareSource, float | None], ...] = (
        ("sales", _share(scenario, out, "ad_sales", "gmv")),
        ("clicks", _share(scenario, out, "clicks", "visits")),
    )
    source, share = next((one for one in shares if one[1] is not None), ("form", None))
    if share is None:
        share = _share_of_form(scenario)
    if share is None:
        return None
    elasticity, assumed = alternatives.budget_elasticity(scenario)
    ratio = np.clip(spent / usual, 0.0, settings("effect")["most_budget"])
    factors = np.where(np.isnan(ratio), 1.0, 1.0 + share * (ratio ** (1.0 - elasticity) - 1.0))
    return AdBudget(
        tuple(factors.tolist()),
        tuple(spent.tolist()),
        tuple(usual.tolist()),
        share,
        source,
        elasticity,
        assumed,
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


def _share(scenario: Scenario, out: Collection[str], part: str, whole: str) -> float | None:
    """Return how much of a figure another one was in the months before the mark; None where no
    month has both, or it was more than all.
    """
    some, every = _without(scenario, part, out), _without(scenario, whole, out)
    if some.size != every.size or not some.size:
        return None
    both = ~np.isnan(some) & ~np.isnan(every)
    total, of_it = float(every[both].sum()), float(some[both].sum())
    if not total > 0 or (whole == "visits" and of_it > total):
        return None
    return min(1.0, of_it / total)


def _share_of_form(scenario: Scenario) -> float | None:
    """Return the share of sales that ads bring in the usual month of the shop's form; None where it
    does not say.
    """
    store = without_operator(scenario)
    key = Basis(sales="ads").key("gmv")
    found = figures(Values(store), {"steady": ["gmv", key]})
    ads, sales = found[key, "steady"], found["gmv", "steady"]
    if ads is None or sales is None or not float(np.mean(sales)) > 0:
        return None
    return min(1.0, float(np.mean(ads)) / float(np.mean(sales)))
