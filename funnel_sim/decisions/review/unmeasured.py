"""What another definition of a contract would have to be measured by, and in which months it was
not: a definition whose figures nobody typed explains no amount.

Months of the bill count, and those of the baseline where it is the store's own. Read `for_kpi` and
`for_share`.
"""

import math
from collections.abc import Collection, Iterable

from funnel_sim.chance import history
from funnel_sim.decisions.kpi.measured import basis_of
from funnel_sim.decisions.quote.store_alone import without_operator
from funnel_sim.decisions.review.bill import Bill
from funnel_sim.model.bases import SALES
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

Lacks = dict[str, tuple[str, ...]]
"""Figures of the series with the months that they lack in."""
_OF_BASIS = {
    "gmv": (),
    "sales": (),
    "net_revenue": ("refunds",),
    "ad_sales": ("ad_sales",),
    "cm3": ("refunds", "goods_cost", "commission", "logistics", "ad_spend"),
}
"""What each base of a share has to be measured by, beside GMV."""


def for_kpi(scenario: Scenario, found: Bill, kpi: Kpi, *, restated: bool) -> Lacks:
    """Return what a KPI, as another definition counts it, was not measured by.

    Args:
        scenario: the store with its series of months.
        found: the bill.
        kpi: the KPI as the other definition has it.
        restated: whether its baseline is the store's own and counted otherwise too.

    Returns:
        Figures with the months that they lack in, those of the baseline among them.
    """
    basis = basis_of(scenario, kpi)
    over_sales = kpi.metric in SALES
    needed = [
        *(["refunds"] if over_sales and basis.refunds == "out" else []),
        *(["cancelled"] if over_sales and basis.cancelled == "in" else []),
        *(["ad_sales"] if over_sales and basis.sales == "ads" else []),
    ]
    if not needed:
        return {}
    first, last = kpi.months
    months = [name for name, ran in zip(found.months, found.running, strict=True) if ran]
    before = history.baseline_names(without_operator(scenario), "gmv") if restated else ()
    return _lacking(scenario, needed, (*before, *months[first - 1 : last]))


def for_share(scenario: Scenario, found: Bill, option: Option) -> Lacks:
    """Return what a share on another base, or with refunds counted otherwise, was not measured by.

    Args:
        scenario: the store with its series of months.
        found: the bill.
        option: the contract with the other base.
    """
    needed = [*_OF_BASIS[option.share_basis]]
    if option.clawback and option.share_basis != "cm3":
        needed = list(dict.fromkeys([*needed, "refunds"]))
    own = option.share_over == "baseline" and option.baseline is None
    before = history.baseline_names(without_operator(scenario), "gmv") if own else ()
    return _lacking(scenario, needed, (*before, *found.months))


def _lacking(scenario: Scenario, needed: Collection[str], months: Iterable[str]) -> Lacks:
    """Return which of some figures were not typed in which of some months."""
    names = tuple(dict.fromkeys(months))
    gone = {
        figure: tuple(
            name
            for name, value in zip(names, scenario.history.of(figure, names), strict=True)
            if math.isnan(value)
            and not (figure == "refunds" and name in scenario.history.after_refunds)
        )
        for figure in needed
    }
    return {figure: lacks for figure, lacks in gone.items() if lacks}
