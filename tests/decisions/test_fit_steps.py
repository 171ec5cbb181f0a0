"""The steps by which a funnel is brought to a store's months, by hand."""

import pytest

from funnel_sim.decisions.kpi.fit_steps import (
    _budgets,
    _rest,
    _returns,
    _scaled,
    _typed_spend,
    _visits,
)
from funnel_sim.model.economics import evaluate
from tests.conftest import neutral

ADS = {"id": "ads", "kind": "cpc", "budget": 500.0, "cpc": 2.0, "channel_cvr": 0.2}
FREE = {"id": "free", "kind": "organic", "impressions": 1000.0, "ctr": 0.5, "channel_cvr": 0.1}


def shop(*channels):
    return neutral({"channels": list(channels)})


def orders(store):
    return evaluate(store).steady["paid_orders"]


def test_fields_are_multiplied_and_what_is_near_enough_stays():
    store = neutral({"product.unit_cost": 40.0})
    twice = _scaled(store, {"product.price": 2.0, "product.unit_cost": 1.0 + 1e-12})
    assert (twice.product.price, twice.product.unit_cost) == (200.0, 40.0)
    assert _scaled(store, {"product.price": 1.0 + 1e-12}) is store and _scaled(store, {}) is store


@pytest.mark.parametrize(("wanted", "impressions"), [(100.0, 1000.0), (150.0, 2000.0),
                                                     (75.0, 500.0)])  # fmt: skip
def test_the_rest_of_the_orders_is_brought_by_the_traffic_that_is_not_bought(wanted, impressions):
    """50 of 100 orders come from ads: 150 ask twice as much of the free traffic, 75 half."""
    fitted = _rest(shop(ADS, FREE), {"orders": wanted, "gmv": None, "visits": None})
    assert fitted.channels[1].impressions == pytest.approx(impressions)
    assert fitted.channels[0].budget == 500.0 and orders(fitted) == pytest.approx(wanted)


def test_known_visits_leave_the_traffic_and_move_the_rate():
    fitted = _rest(shop(ADS, FREE), {"orders": 150.0, "gmv": None, "visits": 750.0})
    assert fitted.channels[1].impressions == 1000.0 and orders(fitted) == pytest.approx(150.0)


@pytest.mark.parametrize("channels", [(ADS,), (ADS, FREE)])
def test_fewer_orders_than_ads_bring_ask_the_conversion_of_all(channels):
    """25 orders where ads alone bring 50."""
    fitted = _rest(shop(*channels), {"orders": 25.0, "gmv": None, "visits": None})
    assert orders(fitted) == pytest.approx(25.0)
    assert [one.impressions for one in fitted.channels] == [
        one.impressions for one in shop(*channels).channels
    ]


def test_sales_stand_in_for_orders_and_nothing_known_changes_nothing():
    store = shop(ADS, FREE)
    by_sales = _rest(store, {"orders": None, "gmv": 15_000.0, "visits": None})
    assert by_sales.channels[1].impressions == pytest.approx(2000.0)
    assert _rest(store, {"orders": None, "gmv": None, "visits": None}) is store


def budgets(store, spend):
    return [one.budget for one in _budgets(store, {"ad_spend": spend}).channels]


def test_budgets_keep_their_proportion_and_one_that_nobody_typed_is_all_of_it():
    """300 and 100 become 600 and 200 where 800 were spent; where nothing is planned, all 400 are
    the budget of the channel that stands for ads, and no spend leaves it as it is.
    """
    other = {"id": "other", "kind": "cpm", "budget": 100.0, "cpm": 10.0, "ctr": 0.1}
    two = shop(ADS | {"budget": 300.0, "elasticity": 0.1, "reference_budget": 50.0}, other)
    assert budgets(two, 800.0) == pytest.approx([600.0, 200.0])
    fitted = _budgets(two, {"ad_spend": 800.0})
    assert fitted.channels[0].reference_budget == pytest.approx(100.0)
    assert budgets(two, None) == [300.0, 100.0]
    none = shop(ADS | {"budget": 0.0}, FREE)
    assert budgets(none, 400.0) == [400.0, 0.0] and budgets(none, 0.0) == [0.0, 0.0]


def test_the_spend_of_typed_orders_keeps_its_parts_and_its_forms():
    """60 orders at 2.00 and 40 of 100.00 at 2 %: 120 and 80 of 200. 300 are half as much again of
    each: 3.00 and 3 %. Where no channel carries any, the main one carries all of it a month.
    """
    one = {"id": "a", "kind": "orders", "known_sales": 60.0}
    two = {"id": "b", "kind": "orders", "known_sales": 40.0}
    base = {"ad_spend": 300.0}
    a, b = _typed_spend(
        shop(one | {"cost_per_order": 2.0}, two | {"acos_rate": 0.02}), base
    ).channels
    assert (a.cost_per_order, a.known_spend, b.cost_per_order) == (pytest.approx(3.0), 0.0, 0.0)
    assert b.acos_rate == pytest.approx(0.03)
    a, b = _typed_spend(shop(one, two), base).channels
    assert (a.known_spend, b.known_spend, a.cost_per_order) == (300.0, 0.0, 0.0)
    # of a budget of 100 beside them 200 are left
    a, *_ = _typed_spend(shop(one, ADS | {"budget": 100.0}), base).channels
    assert a.known_spend == pytest.approx(200.0)


@pytest.mark.parametrize(
    ("wanted", "impressions"),
    # fewer visits than ads bring ask nothing of the free traffic, nor do visits nobody counted
    [(1000.0, 1500.0), (750.0, 1000.0), (200.0, 1000.0), (None, 1000.0)],
)
def test_visits_are_brought_by_the_traffic_that_is_not_bought(wanted, impressions):
    """500 at 2.00 a click bring 250 visits, 1,000 impressions at 50 % 500: 1,000 visits ask 750 of
    the free traffic, half as many again.
    """
    fitted = _visits(shop(ADS, FREE), {"visits": wanted})
    assert fitted.channels[1].impressions == pytest.approx(impressions)
    assert fitted.channels[0].budget == 500.0


@pytest.mark.parametrize(
    ("refunds", "gmv", "rate"),
    [(500.0, 10_000.0, 0.05), (12_000.0, 10_000.0, 1.0), (None, 10_000.0, 0.0), (500.0, 0.0, 0.0)],
)
def test_refunds_tell_what_comes_back_where_returned_orders_were_not_counted(refunds, gmv, rate):
    fitted = _returns(shop(ADS), {"refunds": refunds, "gmv": gmv})
    assert fitted.fulfilment.return_rate == pytest.approx(rate)
