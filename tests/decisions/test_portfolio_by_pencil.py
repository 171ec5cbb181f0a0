"""Two rows with ten orders each, and two channels with simple curves: worked out on paper."""

import math

import pytest

from funnel_sim.decisions.budget.answer import budget_answer
from funnel_sim.decisions.portfolio.products import products
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.presets import preset

NOTHING_ELSE = {
    "tax.tax_rate": 0.0,
    "tax.duty_rate": 0.0,
    "tax.insurance_rate": 0.0,
    "tax.clearance_per_shipment": 0.0,
    "tax.import_tax_rate": 0.0,
    "product.packaging": 0.0,
    "product.inbound_freight": 0.0,
    "product.price": 20.0,
    "product.unit_cost": 40.0,
    "commission.commission_minimum": 0.0,
    "payment.fx_spread": 0.0,
    "fulfilment.fulfilment_per_unit": 0.0,
    "fulfilment.storage_per_unit_month": 0.0,
    "fulfilment.return_rate": 0.0,
    "conversion.cvr": 0.1,
    "customers.repeat_probability": 0.0,
    "fixed.compliance_monthly": 0.0,
    "fixed.saas_monthly": 0.0,
    "fixed.platform_monthly": 0.0,
    "fixed.own_hours": 0.0,
    "fx_rate": 8.0,
}
"""Of the German example only price, cost, a commission of 15 % and ads are left; 8 CNY a euro."""


def store(*channels):
    """Return the store with ad channels, each (id, budget, price of a click, elasticity)."""
    [ads, *_] = preset("amazon-de-kitchen").plain()["channels"]
    made = [
        ads
        | {
            "id": name,
            "budget": budget,
            "cpc": click,
            "elasticity": bent,
            "reference_budget": 100.0,
        }
        for name, budget, click, bent in channels
    ]
    return preset("amazon-de-kitchen").replace({**NOTHING_ELSE, "channels": made})


def test_two_rows_with_ten_orders_each():
    """20 EUR of ads at 0.20 a click bring 100 clicks, 10 % of which buy: 10 orders.
    Mug: 20 − 40 ÷ 8 − 15 % of 20 = 20 − 5 − 3 = 12 an order, 120 − 20 = 100 EUR, 800 CNY.
    Cup: 10 − 64 ÷ 8 − 1.50 = 0.50 an order, 5 − 20 = −15 EUR, −120 CNY. Together 680 CNY of 300 EUR
    (2,400 CNY) sold, 28.3 %. The cup breaks even where 85 % of the price is 8 + 2: at 11.76 EUR.
    """
    base = store(("ads", 20.0, 0.2, 0.0))
    rows = (
        PortfolioRow("Mug", "s"),
        PortfolioRow("Cup", "s", {"product.price": 10.0, "product.unit_cost": 64.0}),
    )
    found = products(Portfolio(rows, DATA_DATE, bases={"s": base}))
    assert found.orders.tolist() == pytest.approx([10.0, 10.0])
    assert found.profit.tolist() == pytest.approx([100.0, -15.0])
    assert found.profit_shown.tolist() == pytest.approx([800.0, -120.0])
    assert found.per_order.tolist() == pytest.approx([10.0, -1.5])
    assert found.total.profit == pytest.approx(680.0)
    assert found.total.margin == pytest.approx(680 / 2400)
    assert found.turning.price[0] == pytest.approx(10 / 0.85)


def test_the_best_budget_of_two_channels():
    """Clicks cost more with the root of the budget: 100 EUR buy at 0.20 or at 0.40, so a budget b
    buys √(100 b) ÷ 0.2 clicks, a tenth of them orders at 12 EUR: 60 √b, and 30 √b in the other.
    Marginal gains 30 ÷ √b and 15 ÷ √b are equal where one has four times the other: of 200 EUR
    160 and 40. Profit 60 √160 + 30 √40 − 200 = 748.68 against 600 + 300 − 200 = 700 today. The
    last euro brings 30 ÷ √160 − 1 = 1.37.
    """
    found = budget_answer(store(("a", 100.0, 0.2, 0.5), ("b", 100.0, 0.4, 0.5)))
    best = {one.name: one.best for one in found.lines}
    assert best == {"a": pytest.approx(160, abs=0.01), "b": pytest.approx(40, abs=0.01)}
    assert found.profit[0] == pytest.approx(700.0)
    assert found.profit[1] == pytest.approx(60 * math.sqrt(160) + 30 * math.sqrt(40) - 200)
    assert found.price == pytest.approx(30 / math.sqrt(160) - 1, abs=2e-3)
    assert found.total == pytest.approx(200.0) and found.proven
