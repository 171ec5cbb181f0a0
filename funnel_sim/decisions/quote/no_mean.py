"""Which amounts of a contract have no mean: those that follow a figure of the store that has none
(chance/heavy.py); the median stands for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from funnel_sim.chance.draws import Sources
from funnel_sim.chance.estimates import quantiles
from funnel_sim.chance.heavy import Heavy, heavy
from funnel_sim.model.arrays import Array
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

Reasons = tuple[Heavy, ...]


@dataclass(frozen=True)
class StoreNoMean:
    """The inputs that leave a store's profit, its gross sales, or amounts turned into the cost
    currency without a mean; none for nearly every store.
    """

    profit: Reasons
    sales: Reasons
    fx: Reasons


@dataclass(frozen=True)
class NoMean:
    """The inputs that leave amounts of one option without a mean: the client's `gain`, what is
    `brought`, the `fee`, costs by month (`cost`), gross `sales`.
    """

    gain: Reasons = ()
    brought: Reasons = ()
    fee: Reasons = ()
    cost: Reasons = ()
    sales: Reasons = ()

    @property
    def agency(self) -> Reasons:
        """The inputs that leave the agency's profit without a mean."""
        return (*self.fee, *either_way(self.cost))


def of_store(base: Scenario) -> StoreNoMean:
    """Return what leaves figures of a store without a mean."""
    rate = Sources(base).inputs.get("fx_rate")
    divides = rate is not None and rate.end(0) == 0 and rate.order_at(0) <= 2
    fx: Reasons = (Heavy("fx_rate", "mean", upward=True),) if divides else ()
    profit = heavy(base)
    return StoreNoMean(profit, heavy(base, "gross_sales") if profit else (), fx)


def of_fee(
    base: Scenario, store: StoreNoMean, option: Option, basis: str, kpis: Sequence[str]
) -> Reasons:
    """Return what leaves a fee without a mean: the figures that its clauses follow, unless a
    maximum bounds them.

    Args:
        base: the scenario of the store alone.
        store: what leaves the store's own amounts without a mean.
        option: the terms of the contract.
        basis: the figure that a share is counted on.
        kpis: the figures of its KPIs.

    Returns:
        The inputs that cause it; empty for nearly every contract.
    """
    in_cost_currency = store.fx if option.fee_currency == "cost" else ()
    if not store.profit:
        return in_cost_currency
    capped = option.total_cap is not None
    keys: list[str] = []
    if option.cap is None and not capped:
        keys += [basis] if option.share_tiers else []
        keys += ["media_spend"] if option.spend_rate else []
        keys += ["paid_orders"] if option.order_fee else []
    for reward in option.rewards:
        bounded = (
            (option.cap is not None or capped) if reward.kind == "bonus" else option.penalty_limited
        )
        if not bounded:
            keys += {"sales": [basis], "excess": list(kpis)}.get(reward.form, [])
    keys += ["media_spend"] if option.rebate_rate else []  # no clause puts a maximum on a rebate
    return (*in_cost_currency, *(one for key in dict.fromkeys(keys) for one in heavy(base, key)))


def of_option(
    store: StoreNoMean, fee: Reasons, option: Option, *, brings: bool, takes: bool
) -> NoMean:
    """Return what leaves an option's amounts without a mean.

    Args:
        store: what leaves the store's own amounts without a mean.
        fee: what leaves the fee without one.
        option: one way to run the store: effect, costs, contract.
        brings: whether it changes the store at all.
        takes: whether it may take from the store.
    """
    brought = store.profit if brings else ()
    if takes:
        brought = either_way(brought)
    costs = any(
        (option.people, option.hours, option.tools_monthly, option.start_cost, option.hours_saved)
    )
    return NoMean(
        (*brought, *either_way(fee), *(either_way(store.fx) if costs else ())),
        brought,
        fee,
        store.fx,
        store.sales,
    )


def either_way(reasons: Reasons) -> Reasons:
    """Return reasons for a figure that grows without bound both upward and downward."""
    return (*reasons, *(replace(one, upward=not one.upward) for one in reasons))


def mean_or_median(values: Array, reasons: Reasons) -> float:
    """Return the mean of draws, or the median where they have no mean.

    Args:
        values: draws, shape (paths,).
        reasons: what leaves them without a mean; empty where they have one.

    Returns:
        In the unit of the draws.
    """
    return float(quantiles(values, (0.5,))[0]) if reasons else float(values.mean())
