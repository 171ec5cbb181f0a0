"""What a usual month of one side of a change came to, figure by figure, as far as it was measured;
of the plan, what it says.

A rate is made of two of these levels, so that no rate is told that nobody measured.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from funnel_sim.chance.history import sales_figure
from funnel_sim.model.economics import book_of, figures_of
from funnel_sim.model.seen_lines import without_tax
from funnel_sim.model.values import Values
from funnel_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Levels:
    """Figures of a usual month, NaN where one of the months does not hold it; money in the sales
    currency, GMV and refunds as a dashboard shows them, ad spend without tax.
    """

    gmv: float = math.nan
    orders: float = math.nan
    visits: float = math.nan
    carts: float = math.nan
    cancelled: float = math.nan
    clicks: float = math.nan
    ad_spend: float = math.nan
    ad_sales: float = math.nan
    units: float = math.nan
    refunds: float = math.nan
    returned_orders: float = math.nan
    goods_cost: float = math.nan
    commission: float = math.nan
    logistics: float = math.nan

    def positive(self, *names: str) -> bool:
        """Return whether all of some figures are known and above zero."""
        return all(getattr(self, name) > 0 for name in names)


def levels_of_months(scenario: Scenario, months: Sequence[str]) -> Levels:
    """Return the means of some months' figures; refunds that came later are in.

    Args:
        scenario: the store with its series of months.
        months: names of months, such as "2026-03".

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen").replace(
        ...     {
        ...         "history.first_month": "2026-01",
        ...         "history.seen_orders": [40.0, 60.0],
        ...         "history.seen_visits": [2000.0, None],
        ...     }
        ... )
        >>> found = levels_of_months(store, ["2026-01", "2026-02"])
        >>> found.orders, found.visits
        (50.0, nan)
    """
    history = scenario.history
    means = {
        one.name: float(np.mean(history.of(one.name, months))) if months else math.nan
        for one in fields(Levels)
    }
    later = np.array(history.of("refunded_later", months))
    if later.size:
        means["refunds"] += float(np.where(np.isnan(later), 0.0, later).mean())
    return Levels(**means)


def levels_of_plan(plan: Scenario, season: float) -> Levels:
    """Return the same of the plan's usual month at a season, which multiplies what its visits buy.

    Args:
        plan: the store as it was typed, without an operator.
        season: the mean season index of the months that it is held against [1].
    """
    values = Values(plan)
    book = book_of(values, steady=True)
    key = sales_figure(plan)
    sales = figures_of(values, book, book, {"steady": [key]})[key, "steady"]

    def of(name: str) -> float:
        value = sales if name == key else book.get(name)
        return math.nan if value is None else float(np.asarray(value, np.float64).reshape(-1)[0])

    orders = of("paid_orders")
    along = of("media_of_orders") + of("media_of_sales")
    paid = of("payment_success_rate")
    untaxed = float(np.asarray(without_tax(book), np.float64).reshape(-1)[0])
    logistics = of("fulfilment") + of("storage") + of("returns_handling")
    return Levels(
        gmv=of(key) * season,
        orders=orders * season,
        visits=of("visits"),
        carts=of("carts") * season,
        cancelled=orders * season * (1.0 / paid - 1.0) if paid > 0 else math.nan,
        clicks=of("paid_clicks"),
        ad_spend=of("media_spend") - of("media_of_orders") + along * season,
        ad_sales=of("attributed_paid") * season,
        units=of("units_shipped") * season,
        refunds=-of("refunds") / untaxed * season if untaxed else math.nan,
        returned_orders=of("returned_orders") * season,
        goods_cost=-of("goods_purchase") * season,
        commission=-of("commission") * season,
        logistics=-logistics * season,
    )
