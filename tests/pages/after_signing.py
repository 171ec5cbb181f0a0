"""A store after the signature for the tests of pages: twelve months before it, four since."""

from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.store_months import month_name, month_number

FIRST, MARK = "2025-03", "2026-03"
BEFORE = [9600.0, 10100.0, 9900.0, 10400.0, 9700.0, 10200.0] * 2
SINCE = [11800.0, 13500.0, 14200.0, 14900.0]
KPI = {"id": "g", "metric": "gmv", "target": 13000.0, "window": "average", "month_to": 4}
CONTRACT = {
    "id": "quote",
    "name": "Agency",
    "fee_currency": "sales",
    "base": 400.0,
    "share_tiers": [{"rate": 0.05}],
    "share_over": "baseline",
    "baseline": 10000.0,
    "clawback": True,
    "claimed": 0.4,
    "term": 6,
    "notice": 1,
    "rewards": [{"kpi": "g", "form": "fixed", "amount": 250.0}],
}


def store(contract=CONTRACT, **changes):
    """Return the store: 400 a month and 5 % of what is over 10,000 after refunds."""
    gmv = [*BEFORE, *SINCE]
    count = len(gmv)
    names = [month_name(month_number(FIRST) + place) for place in range(count)]
    later, paid = {"2026-04": 100.0}, {"2026-03": 500.0, "2026-04": 500.0}
    return preset("amazon-de-kitchen").replace(
        {
            "history.first_month": FIRST,
            "history.engagement_from": MARK,
            "history.seen_gmv": gmv,
            "history.seen_orders": [round(one / 30) for one in gmv],
            "history.seen_ad_spend": [1200.0] * count,
            "history.seen_ad_sales": [4000.0] * count,
            "history.seen_refunds": [500.0] * count,
            "history.seen_refunded_later": [later.get(name) for name in names],
            "history.seen_fees_paid": [paid.get(name) for name in names],
            "kpis": [KPI],
            "options": [contract],
        }
        | changes
    )
