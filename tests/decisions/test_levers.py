"""The levers of a search: where each stands, how far it may be moved, and what it moves, on the
neutral store by hand.
"""

import numpy as np
import pytest

from funnel_sim.decisions.economics.levers import (
    LEVER,
    LEVERS,
    books_at,
    current_setting,
    figure_at,
    for_scenario,
    lever,
    levers_of,
    settings_range,
    taken_over,
    typed_numbers,
    usable,
)
from funnel_sim.decisions.economics.targets import _Search, price_bounds
from funnel_sim.errors import InputError
from tests.conftest import neutral

ADS = {
    "channels.orders.kind": "cpc",
    "channels.orders.budget": 1000.0,
    "channels.orders.cpc": 0.5,
    "channels.orders.ctr": None,
    "conversion.cvr": 0.05,
    "product.unit_cost": 60.0,
}
TIERS = {
    "commission.commission_mode": "marginal",
    "commission.tiers": [{"rate": 0.08, "upto": 80.0}, {"rate": 0.15}],
}
TYPED = {
    "channels.orders.kind": "orders",
    "channels.orders.ctr": None,
    "channels.orders.known_sales": 50.0,
    "channels.orders.cost_per_order": 4.0,
}


def reach(key, changes=None):
    store = neutral(changes or ADS)
    return settings_range(store, for_scenario(lever(key), store))


def test_how_far_each_lever_may_be_moved_by_hand():
    """A price of 100 and a cost of 60 go up to a hundred thousand times; what may be nothing
    begins there. A rate ends where all buy: 1 / 0.05 = 20 times.
    """
    assert reach("price") == pytest.approx((0.001, 1e7))
    assert reach("cogs") == pytest.approx((0.0, 6e6))
    assert reach("cpc") == pytest.approx((1e-5, 1e5))
    assert reach("aov") == pytest.approx((1e-5, 1e5))
    assert reach("cvr") == (0.0, 20.0)
    assert reach("return_rate") == (0.0, 1.0)
    assert reach("ad_budget") == (0.0, 1e5)
    # no fee yet: as far as a hundred thousand prices
    assert reach("agency_fee") == (0.0, 1e7)
    assert reach("agency_fee", ADS | {"fixed.operator_monthly": 500.0}) == (0.0, 5e7)
    # 15 % may become 99 %
    assert reach("commission", ADS | TIERS) == pytest.approx((0.0, 6.6))


def test_the_highest_rate_of_all_channels_bounds_the_conversion():
    own = ADS | {"channels.orders.channel_cvr": 0.25}
    assert reach("cvr", own) == (0.0, 4.0)
    carts = ADS | {
        "conversion.cvr": None,
        "conversion.add_to_cart_rate": 0.1,
        "conversion.checkout_rate": 0.5,
    }
    assert reach("cvr", carts) == pytest.approx((0.0, 10.0))


def test_a_budget_of_nothing_is_set_and_not_multiplied():
    none = neutral(ADS | {"channels.orders.budget": 0.0})
    moved = for_scenario(LEVER["ad_budget"], none)
    assert (moved.field, moved.scales) == ("channels.orders.budget", None)
    assert current_setting(none, moved) == 0.0 and current_setting(none, LEVER["cpc"]) == 1.0
    some = neutral(ADS)
    assert for_scenario(LEVER["ad_budget"], some) is LEVER["ad_budget"]
    # without ads nothing can be set
    assert for_scenario(LEVER["ad_budget"], neutral()) is LEVER["ad_budget"]
    assert for_scenario(LEVER["price"], none) is LEVER["price"]


@pytest.mark.parametrize(
    ("changes", "idle"),
    [
        ({}, {"cpc", "ad_budget", "commission", "orders", "ad_share"}),
        (ADS, {"commission", "orders", "ad_share"}),
        (ADS | {"channels.orders.budget": 0.0}, {"cpc", "commission", "orders", "ad_share"}),
        (ADS | TIERS, {"orders", "ad_share"}),
        (TYPED, {"cpc", "cvr", "ad_budget", "commission"}),
        (TYPED | {"channels.orders.cost_per_order": 0.0},
         {"cpc", "cvr", "ad_budget", "commission", "ad_share"}),
    ],
)  # fmt: skip
def test_what_is_not_there_cannot_be_moved(changes, idle):
    store = neutral(changes)
    assert {key for key, one in LEVER.items() if not usable(store, one)} == idle
    told = [one.key for one in levers_of(store)]
    assert told[: len(LEVERS)] == [one.key for one in LEVERS]
    assert set(told[len(LEVERS) :]) == {"orders", "ad_share"} - idle


def test_a_lever_that_does_not_exist_is_refused():
    with pytest.raises(InputError):
        lever("zeal")


def test_a_setting_moves_each_field_of_its_lever():
    typed = neutral(TYPED)
    assert typed_numbers(typed, "typed_orders") == {"channels.orders.known_sales": 50.0}
    assert typed_numbers(typed, "typed_ads") == {"channels.orders.cost_per_order": 4.0}
    assert taken_over(typed, "orders", 1.5) == {"channels.orders.known_sales": 75.0}
    store = neutral(ADS | TIERS)
    assert taken_over(store, "price", 90.0) == {"product.price": 90.0}
    assert taken_over(store, "ad_budget", 2.0) == {"channels.orders.budget": 2000.0}
    assert taken_over(store, "cpc", 0.5) == {
        "channels.orders.cpc": 0.25,
        "channels.orders.cpm": 5.0,  # of a thousand impressions, 10 where nothing is typed
    }
    assert taken_over(store, "cvr", 2.0) == {"conversion.cvr": 0.1}
    assert taken_over(store, "aov", 1.5) == {"product.units_per_order": 1.5}
    [low, high] = taken_over(store, "commission", 0.5)["commission.tiers"]
    assert (low["rate"], high["rate"]) == (0.04, 0.075)
    settings = np.array([1.0, 2.0])
    spent = figure_at(books_at(store, {"ad_budget": settings}), "ad_spend", 2)
    assert spent.tolist() == [1000.0, 2000.0]
    # 1,000 at 0.50 a click, 5 % buy: 100 orders; at twice the price half of them
    orders = figure_at(books_at(store, {"cpc": settings}), "paid_orders", 2)
    assert orders.tolist() == pytest.approx([100.0, 50.0])
    orders = figure_at(books_at(typed, {"orders": settings}), "paid_orders", 2)
    assert orders.tolist() == pytest.approx([50.0, 100.0])
    spent = figure_at(books_at(typed, {"ad_share": settings}), "ad_spend", 2)
    assert spent.tolist() == pytest.approx([200.0, 400.0])  # 50 orders of 4 each


def test_the_bounds_of_tiers_are_searched_on_both_sides():
    """The tier ends at a commission base of 80; at a price of 100 the base is 100, so it is passed
    at a price of 80, and with two items in an order that count one by one at the same price.
    """
    assert price_bounds(neutral(ADS)).size == 0
    near = [80.0 * (1 - 1e-9), 80.0 * (1 + 1e-9)]
    assert price_bounds(neutral(ADS | TIERS)).tolist() == pytest.approx(near, rel=1e-12)
    low, high = price_bounds(neutral(ADS | TIERS))
    assert low < 80.0 < high
    twice = ADS | TIERS | {"product.units_per_order": 2.0}
    items = price_bounds(neutral(twice | {"commission.commission_per": "item"}))
    assert items.tolist() == pytest.approx(near)
    orders = price_bounds(neutral(twice | {"commission.commission_per": "order"}))
    assert orders.tolist() == pytest.approx([40.0, 40.0])


def grid(key, changes):
    store = neutral(changes)
    one = for_scenario(lever(key), store)
    return _Search(store, [one], "profit", 0.0, "steady").grid(0), settings_range(store, one)


@pytest.mark.parametrize("key", ["price", "cogs", "cvr", "ad_budget", "return_rate", "agency_fee"])
def test_settings_are_scanned_from_end_to_end_and_closely_around_the_current_one(key):
    changes = ADS | TIERS | {"fulfilment.return_rate": 0.2}
    points, (least, most) = grid(key, changes)
    now = current_setting(neutral(changes), lever(key))
    assert (np.diff(points) > 0).all()
    assert points[0] == least and points[-1] == pytest.approx(most)
    assert now in points
    if now and key != "return_rate":
        inside = points[(points >= 0.5 * now) & (points <= 1.5 * now)]
        assert inside[0] == pytest.approx(0.5 * now) and inside[-1] == pytest.approx(1.5 * now)
        assert np.diff(inside).max() < 0.04 * now  # 32 settings over one
    if key == "price":
        assert set(price_bounds(neutral(changes))) <= set(points)
        # the scan goes down to a millionth of the price, where that may be
        assert points[1] <= 0.0011 * now
    if key == "return_rate":
        assert np.diff(points).max() < 0.02  # 64 settings from 0 to 1
        assert points[1] == pytest.approx(1e-4)
