"""The steps by which a funnel is brought to a store's months, by hand."""

import pytest

from funnel_sim.decisions.kpi.fit_steps import _rest, _scaled
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
