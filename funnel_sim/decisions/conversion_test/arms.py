"""What is compared: visits and orders of each version, and what an order leaves in the store."""

from dataclasses import dataclass

from funnel_sim.model.economics import Result
from funnel_sim.reference.rate_settings import check_within, refused_setting

_MOST = 1e12  # visits; beyond this a float no longer holds single orders well
_LARGEST = 1e12  # money


@dataclass(frozen=True)
class Arm:
    """One version: visits and orders counted; the margin of an order in money, where it is the
    version's own, and its standard deviation between orders.
    """

    visits: float
    orders: float
    margin: float | None = None
    margin_sd: float | None = None

    @property
    def rate(self) -> float:
        """Orders per visit, as counted."""
        return self.orders / self.visits


@dataclass(frozen=True)
class StoreTerms:
    """What the difference is worth to the store: visits a month, margin of an order (money),
    conversion rate, what a bought visit costs and what share is bought, fee a month that only B
    costs.
    """

    visits_month: float | None = None
    margin: float | None = None
    rate: float | None = None
    visit_cost: float = 0.0
    bought: float = 0.0
    fee: float = 0.0


def store_terms(result: Result) -> StoreTerms:
    """Return what a scenario says of the store: its steady month's visits, rate, contribution
    margin 2 per order, and what its bought visits cost.

    Visits × bought share × ad cost of a bought visit is the month's ad spend. A fee is none of the
    scenario's: it is what the new version costs on top.
    """
    steady = result.steady
    visits, clicks, paid, spend = (
        float(steady[key] or 0.0) for key in ("visits", "clicks", "paid_clicks", "ad_spend")
    )
    bought = paid / clicks if clicks else 0.0
    cost = spend / (visits * bought) if visits and bought else 0.0
    return StoreTerms(visits or None, result.per("cm2", "order"), steady["cvr"], cost, bought)


def check_arm(arm: Arm, name: str) -> None:
    """Refuse counts and margins that no version can have.

    Args:
        arm: one version.
        name: "a" or "b", for the names of the fields.

    Raises:
        InputError: for the first that is out of its range, not whole, or more orders than visits.
    """
    for part, value, least in (("visits", arm.visits, 1.0), ("orders", arm.orders, 0.0)):
        check_within(f"{name}_{part}", value, least, _MOST)
        if value != round(value):
            raise refused_setting(f"{name}_{part}", value, "whole")
    if arm.orders > arm.visits:
        raise refused_setting(
            f"{name}_orders",
            f"{arm.orders:.10g}",
            "orders_over_visits",
            visits=f"{arm.visits:.10g}",
        )
    if arm.margin is not None:
        check_within(f"{name}_margin", arm.margin, -_LARGEST, _LARGEST)
    if arm.margin_sd is not None:
        check_within(f"{name}_margin_sd", arm.margin_sd, 0.0, _LARGEST)
        if arm.margin is None:
            raise refused_setting(f"{name}_margin", None, "missing")


def check_store(store: StoreTerms) -> None:
    """Refuse terms that no store can have; InputError names the first."""
    for name, least, most, unit in (
        ("visits_month", 0.0, _MOST, ""),
        ("margin", -_LARGEST, _LARGEST, ""),
        ("rate", 0.0, 1.0, "share"),
        ("visit_cost", 0.0, _LARGEST, ""),
        ("bought", 0.0, 1.0, "share"),
        ("fee", 0.0, _LARGEST, ""),
    ):
        value = getattr(store, name)
        if value is not None:
            check_within("a_margin" if name == "margin" else name, value, least, most, unit)
