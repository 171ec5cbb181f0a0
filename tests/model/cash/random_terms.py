"""Payment terms and stores by chance, from a seed."""

import random
from typing import Any

from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario

STORES = ("amazon-de-kitchen", "tiktok-us-beauty", "etsy-us-jewelry")


def random_terms(luck: random.Random, *, ranges: bool = False) -> dict[str, Any]:
    """Return new values by path: any terms that fit together.

    Args:
        luck: the seed's.
        ranges: whether delays, lead times and shares may be ranges.
    """

    def days(low: int, high: int) -> int:
        return luck.randint(low, high)

    def drawn(low: int, high: int) -> Any:
        likely = luck.randint(low, high)
        if ranges and luck.random() < 0.6:
            top = likely + luck.randint(1, 20)
            return {"dist": "uniform", "low": float(likely), "high": float(top)}
        return float(likely)

    ship = days(0, 4)
    stocking = luck.choice(("as_sold", "as_sold", "periodic", "reorder_point"))
    terms: dict[str, Any] = {
        "opening_cash": luck.choice((0.0, 5000.0, 80000.0)),
        "credit_limit": luck.choice((0.0, 20000.0)),
        "credit_rate": luck.choice((0.0, 0.12)),
        "owner_draw": luck.choice((0.0, 3000.0)),
        "opening_receivable": luck.choice((0.0, 2500.0)),
        "opening_receivable_days": days(0, 30),
        "opening_payable": luck.choice((0.0, 9000.0)),
        "opening_payable_days": days(0, 50),
        "opening_stock_units": luck.choice((None, 0.0, 300.0, 2000.0)),
        "opening_coming_units": luck.choice((0.0, 150.0)),
        "opening_coming_days": days(0, 40),
        "kept_in": luck.choice(("sales", "home")),
        "payout_basis": luck.choice(("order", "shipment", "delivery")),
        "ship_days": ship,
        "delivery_days": drawn(ship, ship + 12),
        "payout_delay_days": drawn(0, 20),
        "payout_cycle": luck.choice(
            ("daily", "daily", "weekly", "fortnightly", "half_month", "monthly")
        ),
        "payout_bank_days": days(0, 5),
        "reserve_rate": luck.choice((0.0, 0.0, 0.1, 0.5)),
        "reserve_days": drawn(0, 90),
        "payout_minimum": luck.choice((0.0, 0.0, 400.0)),
        "refund_days": days(0, 45),
        "chargeback_days": days(0, 70),
        "fulfilment_paid": luck.choice(("withheld", "invoiced")),
        "fulfilment_due_days": days(0, 40),
        "stocking": stocking,
        "order_every_days": days(5, 60),
        "cover_days": days(10, 60),
        "safety_days": days(0, 25),
        "minimum_order_units": luck.choice((0.0, 0.0, 200.0)),
        "carton_units": luck.choice((0.0, 24.0)),
        "orders_need_cash": luck.random() < 0.4,
        "production_days": drawn(0, 30),
        "transit_days": drawn(0, 45),
        "receiving_days": days(0, 6),
        "deposit_rate": luck.choice((0.0, 0.3, 1.0)),
        "balance_due": luck.choice(("shipment", "arrival")),
        "balance_days": luck.choice((0, 0, 30, 60)),
        "freight_due_days": days(0, 45),
        "border_due_days": days(0, 30),
        "import_tax_paid": luck.choice(("border", "return")),
        "ads_billing": luck.choice(("as_spent", "prepaid", "threshold", "monthly", "withheld")),
        "ads_prepaid_days": days(0, 20),
        "ads_threshold": luck.choice((0.0, 300.0)),
        "ads_due_days": days(0, 40),
        "operator_due_days": days(0, 20),
        "fixed_due_days": days(0, 15),
        "vat_months": luck.choice((0, 1, 2, 3, 6, 12)),
        "vat_due_days": days(0, 40),
        "hedged_share": luck.choice((0.0, 0.0, 0.5)),
        "hedge_cost": luck.choice((0.0, 0.03)),
    }
    return {f"cash.{name}": value for name, value in terms.items()}


def random_store(luck: random.Random, *, ranges: bool = False) -> Scenario:
    """Return a store with any terms, its plan, prices and fixed costs moved about."""
    store = preset(luck.choice(STORES))
    start = luck.randint(1, 12)
    changes: dict[str, Any] = {
        "plan.start_month": start,
        "plan.horizon_months": luck.randint(3, 14),
        "fixed.operator_monthly": luck.choice((0.0, 4000.0)),
        "fixed.operator_rate": luck.choice((0.0, 0.04)),
        "fixed.staff_monthly": luck.choice((0.0, 6000.0)),
        "fixed.platform_monthly": luck.choice((0.0, 39.0)),
        "payment.chargeback_rate": luck.choice((0.0, 0.02)),
        "tax.import_tax_rate": luck.choice((0.0, 0.19)),
        "fulfilment.return_rate": luck.choice((0.0, 0.12)),
        "fulfilment.resellable_share": luck.choice((0.0, 0.6)),
    }
    if store.tax.situation != "not_registered":
        changes["tax.import_tax_recoverable"] = luck.random() < 0.7
    return store.replace(changes | random_terms(luck, ranges=ranges))
