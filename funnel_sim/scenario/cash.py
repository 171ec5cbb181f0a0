"""When money moves: what is there on the first day, and when each kind of money is paid.

Neutral as it stands: everything is paid on the day on which it is earned and goods are bought as
they are sold, so that the balance is the opening cash plus the profit added up (ADR 0068). The
fields lie by subject in cash_opening.py, cash_payout.py, cash_goods.py, cash_costs.py.
"""

from typing import Annotated, Any, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from funnel_sim.scenario.cash_costs import CostTerms
from funnel_sim.scenario.cash_specs import (
    share_spec,
)
from funnel_sim.scenario.fields import Spec, Unit
from funnel_sim.scenario.quantity import Quantity
from funnel_sim.units import MONTHS_A_YEAR


class CashTerms(CostTerms):
    """What is there on the first day, and when each kind of money is paid."""

    hedged_share: Annotated[
        Quantity,
        share_spec(
            "锁汇比例",
            "Hedged share",
            "按计划汇率锁定兑换的比例。",
            "Share of what is converted that is locked at the plan's exchange rate.",
        ),
    ] = 0.0
    hedge_cost: Annotated[
        Quantity,
        Spec(
            unit=Unit.RATE,
            at_least=-1,
            at_most=1,
            zh="锁汇成本（年）",
            en="Cost of hedging, a year",
            help_zh="按锁定金额和锁定时长计，年化；远期升水时可为负。",
            help_en=(
                "On the amount locked and for how long it is locked; below zero where a forward"
                " pays."
            ),
        ),
    ] = 0.0

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if self.stocking == "periodic" and not self.order_every_days:
            raise PydanticCustomError(
                "order_every_missing",
                "needs an interval",
                {"field": "order_every_days", "shown": str(self.order_every_days)},
            )
        if self.stocking == "reorder_point" and not self.cover_days:
            raise PydanticCustomError(
                "cover_missing",
                "needs a cover",
                {"field": "cover_days", "shown": str(self.cover_days)},
            )
        if self.vat_months and MONTHS_A_YEAR % self.vat_months:
            raise PydanticCustomError(
                "vat_months",
                "no part of a year",
                {"field": "vat_months", "shown": str(self.vat_months)},
            )
        return self


_OF_ORDERS_AHEAD = frozenset(
    {
        "opening_stock_units",
        "opening_coming_units",
        "opening_coming_days",
        "safety_days",
        "minimum_order_units",
        "carton_units",
        "orders_need_cash",
        "production_days",
        "transit_days",
        "receiving_days",
        "balance_due",
    }
)


def idle_term(terms: CashTerms, name: str) -> bool:
    """Return whether a term does nothing beside the others: those of other ways of stocking, of
    billing ads and of counting a payout's days.

    Args:
        terms: all of them.
        name: of the term.

    >>> idle_term(CashTerms(), "transit_days"), idle_term(CashTerms(), "deposit_rate")
    (True, False)
    """
    if name in _OF_ORDERS_AHEAD:
        return terms.stocking == "as_sold"
    return {
        "order_every_days": terms.stocking != "periodic",
        "cover_days": terms.stocking != "reorder_point",
        "ship_days": terms.payout_basis != "shipment",
        "delivery_days": terms.payout_basis != "delivery",
        "fulfilment_due_days": terms.fulfilment_paid == "withheld",
        "ads_prepaid_days": terms.ads_billing != "prepaid",
        "ads_threshold": terms.ads_billing != "threshold",
        "ads_due_days": terms.ads_billing != "monthly",
    }.get(name, False)


def neutral_terms(terms: CashTerms) -> bool:
    """Return whether no payment term is typed: all is paid on the day on which it is earned.

    >>> neutral_terms(CashTerms()), neutral_terms(CashTerms(refund_days=3))
    (True, False)
    """
    return not changed_terms(terms.model_dump(mode="json", by_alias=True))


_NEUTRAL = CashTerms().model_dump(mode="json", by_alias=True)


def changed_terms(plain: dict[str, Any]) -> dict[str, Any]:
    """Return of the plain data of cash terms what is not neutral.

    Args:
        plain: the terms, as a file holds them.

    >>> changed_terms(CashTerms(reserve_rate=0.1).model_dump(mode="json"))
    {'reserve_rate': 0.1}
    """
    return {name: value for name, value in plain.items() if value != _NEUTRAL[name]}
