"""What one new customer has brought by the end of each of its months, against what it cost; and the
orders of every month's customers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from funnel_sim.chance.draws import Sources
from funnel_sim.chance.estimates import quantiles
from funnel_sim.chance.simulation import BLOCK
from funnel_sim.chance.streams import LIVE, SamplingPlan, batches, plan_of, uniforms
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import Result, book_of, evaluate
from funnel_sim.model.keys import known
from funnel_sim.model.repeat_orders import orders_at_age, worth_at_age
from funnel_sim.model.values import Values
from funnel_sim.model.wanted import leading_to
from funnel_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Contribution:
    """What one new customer has brought by the end of its months 1, 2, 3 … (1: that of the first
    order), against what it cost: percentiles over the ranges.

    `cumulative` has shape (P10 P50 P90, months of the LTV horizon), undiscounted; `cac` its P10,
    P50, P90, `stated` its value at likely inputs, which is the one that is told everywhere;
    `paid_back` the share of draws in which the customer has paid for itself by each month.
    """

    cumulative: Array
    cac: Array
    paid_back: Array
    stated: float


_BAND = (0.1, 0.5, 0.9)


def contribution(scenario: Scenario, paths: int = LIVE) -> Contribution | None:
    """Return a customer's cumulative contribution margin 2 against its paid CAC; None without
    bought customers.

    Args:
        scenario: the store and its plan, as typed.
        paths: how many draws; with as many as `customer_worth` has they are the same ones, so
            that the probabilities of both belong together.
    """
    plan = plan_of(paths, scenario.chance.seed)
    wanted = leading_to(frozenset({"cm2", "paid_orders", "cac"}))
    wholes, costs = [], []
    for given, size in _drawn(Sources(scenario), plan):
        values = Values(scenario, given)
        book = book_of(values, steady=True, wanted=wanted)
        if (
            known(book, "paid_channel_orders") is None
        ):  # ad spend typed as a share of all sales: which customers it brought is not known
            return None
        with np.errstate(divide="ignore", invalid="ignore"):
            margin = _paths(np.asarray(book["cm2"]) / np.asarray(book["paid_orders"]), size)
            cac = _paths(
                np.asarray(book["ad_spend"]) / np.asarray(book["paid_channel_orders"]), size
            )
        finite = np.isfinite(cac) & np.isfinite(margin)
        ages = np.stack(
            [_paths(age, size) for age in worth_at_age(scenario.customers, values.symbols)]
        )
        wholes.append((np.cumsum(ages, axis=0) * margin)[:, finite])
        costs.append(cac[finite])
    cost = np.concatenate(costs)
    if not cost.size:
        return None
    months = len(wholes[0])
    cumulative, paid = np.empty((len(_BAND), months)), np.empty(months)
    for month in range(months):
        brought = np.concatenate([block[month] for block in wholes])
        cumulative[:, month] = quantiles(brought, _BAND)
        paid[month] = (brought >= cost).mean()
    band = quantiles(cost, _BAND)
    stated = evaluate(scenario).steady["cac"]
    return Contribution(cumulative, band, paid, float(band[1]) if stated is None else stated)


def _drawn(sources: Sources, plan: SamplingPlan) -> Iterator[tuple[dict[str, Array], int]]:
    """Yield the ranges of a plan's paths block by block, and how many paths those are: the months
    of all paths at once would take hundreds of megabytes.
    """
    for which in batches(plan):
        given, paths = sources.values(uniforms(plan, which, sources.inputs)), len(which)
        for start in range(0, paths * plan.points, BLOCK):
            size = min(BLOCK, paths * plan.points - start)
            yield {path: one[start : start + size] for path, one in given.items()}, size


def _paths(value: Any, paths: int) -> Array:
    return np.array(np.broadcast_to(np.asarray(value, dtype=np.float64).reshape(-1), (paths,)))


def cohort_orders(scenario: Scenario, result: Result) -> Array:
    """Return the orders of each month's new customers in each month of the horizon, at the point
    values.

    Args:
        scenario: the store and its plan, as typed.
        result: its figures.

    Returns:
        Orders, shape (cohorts, months); NaN before a cohort came.
    """
    months = scenario.plan.horizon_months
    new = np.asarray(result.monthly["new_customers"])
    base = Values(scenario)
    ages = [
        float(np.asarray(age).reshape(-1)[0])
        for age in orders_at_age(scenario.customers, base.symbols, months)
    ]
    out = np.full((months, months), np.nan)
    for cohort in range(months):
        for month in range(cohort, months):
            out[cohort, month] = new[cohort] * ages[month - cohort]
    return out
