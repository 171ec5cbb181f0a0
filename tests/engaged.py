"""A store that has been with an agency for four months, for every test of what follows a
signature.
"""

from typing import Any

from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario

FIRST, MARK, LAST = "2025-04", "2026-04", "2026-07"
MONTHS_BEFORE, MONTHS_SINCE = 12, 4
OWN = {"product.price": 31.0, "product.unit_cost": 41.0, "conversion.cvr": 0.11}
"""The shop's own price, unit cost and conversion: without them its plan is the example's, own
months or not.
"""
_WAVES = (0, 2, -1, 1, -2, 0, 1, -1, 2, 0, -2, 1, 1, -1, 2, 0)


def series() -> dict[str, list[float]]:
    """Return sixteen months, April 2025 to July 2026: since the mark 15 % more visits and a fifth
    more ad spend, in the last month a third fewer carts that become orders.
    """
    out: dict[str, list[float]] = {}
    for month, wave in enumerate(_WAVES):
        since, swing = month >= MONTHS_BEFORE, 1 + 0.02 * wave
        broken = month == MONTHS_BEFORE + MONTHS_SINCE - 1
        visits = 40_000 * (1.15 if since else 1.0) * swing
        carts = visits * 0.10
        placed = carts * (0.26 if broken else 0.40)
        orders = placed * 0.95
        row = {
            "impressions": 800_000 * (1.15 if since else 1.0),
            "clicks": 16_000 * (1.15 if since else 1.0) * swing,
            "visits": visits,
            "carts": carts,
            "orders": orders,
            "cancelled": placed * 0.05,
            "units": orders * 1.1,
            "gmv": orders * 32.0,
            "refunds": orders * 1.6,
            "ad_spend": 6000.0 if since else 5000.0,
            "ad_sales": orders * 32.0 * 0.4,
            "repeat_orders": orders * 0.12,
        }
        for name, value in row.items():
            out.setdefault(name, []).append(round(value))
    return out


def engaged(changes: dict[str, Any] | None = None) -> Scenario:
    """Return the store with two channels, three KPIs and a signed quote; with changes by path."""
    months = series()
    ads = {
        "channel": "ads",
        "seen_clicks": months["clicks"],
        "seen_visits": [round(one * 0.95) for one in months["clicks"]],
        "seen_orders": [round(one * 0.4) for one in months["orders"]],
        "seen_ad_spend": months["ad_spend"],
    }
    return preset("amazon-de-kitchen").replace(
        {
            "name": "Kitchen",
            "history.first_month": FIRST,
            "history.engagement_from": MARK,
            **{f"history.seen_{name}": values for name, values in months.items()},
            "history.by_channel": [ads],
            "history.seen_fees_paid": [None] * MONTHS_BEFORE + [2900.0, 2900.0, 2900.0, None],
            "kpis": [
                {"id": "gmv", "metric": "gmv", "target": 55_000.0, "window": "average",
                 "month_to": 6},
                {"id": "acos", "metric": "acos", "target": 0.35, "comparator": "at_most",
                 "window": "every", "month_to": 6},
                {"id": "orders", "metric": "orders", "target": 1700.0, "window": "month",
                 "month_to": 4},
            ],
            "options": [
                {
                    "id": "quote",
                    "name": "Northlight",
                    "base": 500.0,
                    "fee_currency": "sales",
                    "share_tiers": [{"rate": 0.04}],
                    "decided_by": "gmv",
                    "stop_loss": True,
                    "stop_months": 2,
                    "stop_share": 0.8,
                    "term": 12,
                    "notice": 2,
                    "claimed": 0.3,
                }
            ],
            **(changes or {}),
        }
    )  # fmt: skip
