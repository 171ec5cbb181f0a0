"""What a customer costs and brings, each case beside the next one: which channels have a cost of
their own, when a mean order is another one, what cannot be told.
"""

import math

import pytest

from funnel_sim.decisions.customer.budget_curve import budget_curve
from funnel_sim.decisions.customer.fitted import OrderGap, order_gap
from funnel_sim.decisions.customer.gains import gains
from funnel_sim.decisions.customer.worth import customer_worth, wide_prior
from funnel_sim.model.economics import evaluate
from tests.conftest import neutral

ADS = {"id": "ads", "kind": "cpc", "budget": 1000.0, "cpc": 2.0}


def shop(*channels, **more):
    return neutral({"conversion.cvr": 0.1, "channels": list(channels), **more})


def by_channel(*channels, **more):
    return customer_worth(shop(*channels, **more), 256).acquisition.by_channel


# ---- what a customer of a channel costs


def test_only_bought_channels_have_a_cost_a_customer():
    """1,000 at 2 a click are 500 clicks and 50 orders: 20 each. A creator gets 15 % of 100."""
    found = by_channel(
        ADS,
        {"id": "free", "kind": "organic", "impressions": 100.0, "ctr": 0.5},
        {
            "id": "creators",
            "kind": "share",
            "impressions": 100.0,
            "ctr": 0.5,
            "affiliate_rate": 0.15,
        },
    )
    assert found == {"ads": pytest.approx(20), "creators": pytest.approx(15)}


def test_typed_orders_have_a_cost_where_their_ad_spend_is_typed():
    typed = {"id": "typed", "kind": "orders", "known_sales": 50.0}
    assert by_channel(typed | {"known_spend": 400.0}) == {"typed": pytest.approx(8)}
    assert by_channel(typed | {"cost_per_order": 3.0}) == {"typed": pytest.approx(3)}
    assert by_channel(typed | {"acos_rate": 0.1}) == {"typed": pytest.approx(10)}
    assert by_channel(typed) == {}


def test_clicks_that_bring_no_order_have_no_cost_a_customer():
    assert by_channel(ADS | {"channel_cvr": 0.0}) == {"ads": None}
    assert by_channel(ADS | {"budget": 0.0}) == {"ads": None}


def test_no_budget_curve_without_bought_traffic_or_where_its_clicks_are_not_known():
    free = {"id": "typed", "kind": "orders", "known_sales": 50.0}
    assert budget_curve(shop(ADS)) is not None
    assert budget_curve(shop(ADS | {"budget": 0.0})) is None
    assert budget_curve(shop(ADS, free | {"known_spend": 400.0})) is None
    assert budget_curve(shop(ADS, free)) is not None


def test_a_budget_curve_reaches_from_a_twentieth_to_five_times_the_budget():
    found = budget_curve(shop(ADS))
    assert (found.budgets[0], found.budgets[-1]) == pytest.approx((50, 5000))
    assert found.now == 1000 and found.ltv == pytest.approx(100)
    # each click costs 2, whatever the budget: every customer 20, the next one too
    assert found.cac == pytest.approx([20] * found.cac.size)
    assert found.marginal == pytest.approx([20] * found.marginal.size)
    assert found.last_worth is None  # 20 for 100 everywhere


# ---- a mean order that is not the scenario's


@pytest.mark.parametrize(
    ("average", "told"), [(109.99, False), (110.01, True), (90.01, False), (89.99, True)]
)
def test_a_mean_order_differs_from_a_tenth_on(average, told):
    found = order_gap(evaluate(neutral({"product.unit_cost": 40.0})), average)
    assert (found is not None) == told


def test_an_order_of_another_size_has_a_margin_in_proportion():
    # 100 less 40 of goods an order; with orders of 150 there are 1.5 units in each: 90
    found = order_gap(evaluate(neutral({"product.unit_cost": 40.0})), 150.0)
    assert (found.of_scenario, found.margin, found.margin_there) == pytest.approx((100, 60, 90))
    assert found.too_high == pytest.approx(60 / 90 - 1)
    none = neutral({"channels.orders.impressions": 0.0})
    assert order_gap(evaluate(none), 150.0) is None


@pytest.mark.parametrize(
    ("margin", "there", "share"), [(6.0, 4.0, 0.5), (0.0, 4.0, None), (6.0, 0.0, None)]
)
def test_how_much_too_high_says_nothing_without_a_margin(margin, there, share):
    assert OrderGap(1.0, 1.0, margin, there).too_high == share


# ---- what records that say too little leave open


def test_a_rate_is_made_as_wide_as_stores_differ_only_where_it_is_one_number():
    rate = {"customers.repeat_probability": 0.2}
    fitted = {"customers.retention": "bgnbd"} | {
        f"customers.bgnbd_{name}": value
        for name, value in {"r": 0.2, "alpha": 4.0, "a": 0.8, "b": 2.4}.items()
    }
    found = wide_prior(neutral(rate)).customers.repeat_probability
    assert found.likely == 0.2 and found.low < 0.2 < found.high
    assert wide_prior(neutral({"customers.repeat_probability": 0.0})) is None
    assert wide_prior(neutral(rate | fitted)) is None
    ranged = {"dist": "uniform", "low": 0.1, "high": 0.3}
    assert wide_prior(neutral({"customers.repeat_probability": ranged})) is None
    # its P90 would be more than all of them
    assert wide_prior(neutral({"customers.repeat_probability": 0.9})) is None


# ---- what a small step is worth


def test_a_thousand_messages_bring_what_they_sell():
    """1,000 more messages, a tenth of them clicked, a tenth of these bought: 10 orders at 100."""
    mail = {"id": "mail", "kind": "list", "impressions": 100.0, "ctr": 0.1}
    found = {one.key: one for one in gains(shop(mail))}
    assert found["sends.mail"].profit == pytest.approx(1000) and found["sends.mail"].step == 1000
    assert found["sends.mail"].ltv == pytest.approx(0, abs=1e-9)
    assert not any(key.startswith("sends") for key in {one.key for one in gains(shop(ADS))})


def test_a_step_beyond_certainty_is_endless():
    sure = neutral({"customers.repeat_probability": 0.995})
    [repeat] = [one for one in gains(sure) if one.key == "repeat"]
    assert repeat.endless and repeat.profit is None
    assert not math.isnan(next(one for one in gains(neutral()) if one.key == "repeat").step)
