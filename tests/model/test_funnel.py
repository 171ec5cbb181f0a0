"""The rates of a channel, and what its traffic is made of, by hand: what it says for itself goes
before what the store says, and two steps go before the one that they make.
"""

from types import SimpleNamespace

import pytest

from funnel_sim.model.economics import evaluate
from funnel_sim.model.funnel import _rates
from tests.conftest import neutral

BOOK = {
    "conversion_cvr": 0.05,
    "landing_rate": 0.9,
    "add_to_cart_rate": 0.2,
    "product_view_rate": None,
    "cart_of_views_rate": 0.5,
    "checkout_rate": 0.6,
    "checkout_start_rate": None,
    "checkout_completion_rate": 0.5,
    "payment_success_rate": 0.95,
}


def rates(own=None, **book):
    values = SimpleNamespace(channel=lambda channel, name: (own or {}).get(name))
    return _rates(None, None, values, BOOK | book)


def test_a_channel_without_rates_of_its_own_has_the_stores():
    found = rates()
    assert (found.landing, found.cvr, found.payment_success) == (0.9, 0.05, 0.95)
    assert (found.add_to_cart, found.checkout) == (0.2, 0.6)


def test_two_steps_make_the_one_that_they_lead_to():
    """Half of the 80 % who view a product put it in the cart; half of the 70 % who begin pay."""
    assert rates(product_view_rate=0.8).add_to_cart == pytest.approx(0.4)
    assert rates(checkout_start_rate=0.7).checkout == pytest.approx(0.35)
    both = rates(product_view_rate=0.8)
    assert both.checkout == 0.6


def test_what_a_channel_says_goes_first():
    own = {"channel_landing_rate": 0.1, "channel_cvr": 0.3, "channel_add_to_cart_rate": 0.4,
           "channel_checkout_rate": 0.7}  # fmt: skip
    found = rates(own, product_view_rate=0.8, checkout_start_rate=0.7)
    assert (found.landing, found.cvr) == (0.1, 0.3)
    assert (found.add_to_cart, found.checkout) == (0.4, 0.7)
    # a checkout of its own means steps of its own: the store's whole rate does not stand in
    assert rates({"channel_checkout_rate": 0.7}).cvr is None
    assert rates({"channel_checkout_rate": 0.7, "channel_cvr": 0.3}).cvr == 0.3
    assert rates({"channel_add_to_cart_rate": 0.4}).cvr == 0.05


def test_orders_that_are_shared_with_somebody_pay_them_by_the_channels_rate():
    """1,000 seen, a tenth clicks and a tenth of these buy: 10 orders, 8 % of them to affiliates."""
    one = {"id": "one", "kind": "organic", "impressions": 1000.0, "ctr": 0.1, "channel_cvr": 0.1}
    for kind, rate, orders, due in (("organic", 0.0, 0, 0), ("organic", 0.08, 10, 0.8),
                                    ("share", 0.0, 10, 0), ("share", 0.08, 10, 0.8)):  # fmt: skip
        store = neutral({"channels": [one | {"kind": kind, "affiliate_rate": rate}]})
        steady = evaluate(store).steady
        assert steady["affiliate_orders"] == pytest.approx(orders), (kind, rate)
        assert steady["affiliate_due"] == pytest.approx(due)
        assert steady["paid_channel_orders"] == 0 and steady["first_orders"] == pytest.approx(10)


def test_messages_cost_by_what_is_sent():
    listed = {"id": "mail", "kind": "list", "impressions": 2000.0, "ctr": 0.05, "send_cost": 0.02}
    steady = evaluate(neutral({"channels": [listed]})).steady
    assert steady["list_cost"] == pytest.approx(40.0)
    assert steady["paid_clicks"] == 0 and steady["media_spend"] == 0
    ads = {"id": "ads", "kind": "cpc", "budget": 500.0, "cpc": 2.0, "channel_cvr": 0.1}
    steady = evaluate(neutral({"channels": [listed, ads]})).steady
    assert (steady["paid_clicks"], steady["paid_channel_orders"]) == pytest.approx((250.0, 25.0))
    assert steady["media_spend"] == pytest.approx(500.0)
    assert steady["list_cost"] == pytest.approx(40.0)
