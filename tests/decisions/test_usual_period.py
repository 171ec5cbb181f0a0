"""Some months as a usual month of the store: orders that were not counted, and what channels of
typed orders take over of the plan's costs, by hand.
"""

import pytest

from funnel_sim.decisions.review.usual_period import (
    AD_SPEND,
    ADS,
    ORDERS_OF_OTHERS,
    OTHERS,
    TypedChannels,
    as_period,
)
from funnel_sim.model.economics import evaluate
from tests.conftest import neutral

TYPED = {"id": "typed", "kind": "orders", "known_sales": 100.0, "cost_per_order": 3.0}


def rows(changes, *, spend_known):
    found = TypedChannels.of(neutral(changes), spend_known=spend_known)
    return {row["id"]: row for row in found.rows}, found.spend, found.first


def test_sales_without_orders_are_orders_at_the_price_of_the_plan():
    """9,000 in sales at 100 an order are 90 orders."""
    store = neutral({"history.first_month": "2026-01", "history.seen_gmv": [8000.0, 10_000.0]})
    found = as_period(store, ["2026-01", "2026-02"])
    assert evaluate(found.store).steady["paid_orders"] == pytest.approx(90.0)
    assert found.came["gmv"] == pytest.approx(9000.0)


def test_ad_spend_that_nobody_typed_is_the_plans_an_order():
    """100 first orders at 3 each: 300, all of which goes with the orders, nothing beside them."""
    found, beside, first = rows({"channels": [TYPED]}, spend_known=False)
    assert (found[OTHERS]["cost_per_order"], found[OTHERS]["tacos_rate"]) == (3.0, 0.0)
    assert (beside, first) == (0.0, 1.0)
    known, beside, _ = rows({"channels": [TYPED]}, spend_known=True)
    assert "cost_per_order" not in known[OTHERS] and beside is None
    assert set(known) == {OTHERS, ADS}


def test_a_plan_that_sells_nothing_has_no_cost_an_order():
    found, beside, first = rows({"channels.orders.impressions": 0.0}, spend_known=False)
    assert (found[OTHERS]["cost_per_order"], found[OTHERS]["affiliate_rate"]) == (0.0, 0.0)
    assert (beside, first) == (0.0, 1.0)


@pytest.mark.parametrize(("spend", "shown"), [(0.0, 0.0), (0.4, 0.4), (250.0, 250.0)])
def test_the_ad_spend_of_the_months_is_that_of_the_channel_of_ads(spend, shown):
    """Nothing is nothing, and forty cents are forty cents; all orders stand with the others."""
    plan = neutral({"channels": [TYPED]})
    store = TypedChannels.of(plan, spend_known=True).store(plan, 90.0, spend)
    assert (store.get(AD_SPEND), store.get(ORDERS_OF_OTHERS)) == (shown, pytest.approx(90.0))
