"""Orders that nobody named: switched off they leave the ads', switched on they are those of the
example.
"""

import pytest

from funnel_sim.decisions.economics.assumed_orders import assumed_orders, named_only, switched
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.presets import preset

SHOP = preset("tiktok-us-beauty")


def orders(scenario):
    return evaluate(scenario).steady["paid_orders"]


def test_only_the_ads_orders_are_left():
    """2,100 of ads at their CPC and conversion rate, and nothing else."""
    bare = named_only(SHOP)
    ads = evaluate(SHOP).steady["paid_channel_orders"]
    assert orders(bare) == pytest.approx(ads)
    assert orders(bare) < orders(SHOP)


def test_switching_off_and_on_gives_the_example_back():
    bare = named_only(SHOP)
    for key in ("organic", "affiliates", "repeat"):
        bare = switched(bare, key, on=True)
    assert bare == SHOP


def test_what_is_assumed_is_the_difference_to_what_was_named():
    found, bare = assumed_orders(SHOP), named_only(SHOP)
    assert found.orders == pytest.approx(orders(SHOP))
    assert found.assumed_orders == pytest.approx(orders(SHOP) - orders(bare))
    assert found.profit - found.assumed_profit == pytest.approx(evaluate(bare).steady["profit"])
    assert [one.key for one in found.sources] == ["organic", "affiliates", "repeat"]
    assert all(one.on for one in found.sources)
    assert not any(one.on for one in assumed_orders(bare).sources)
    assert assumed_orders(bare).assumed_orders == 0


def test_what_was_typed_was_said():
    typed = SHOP.replace({"channels.organic.impressions": 1000.0})
    assert "organic" not in [one.key for one in assumed_orders(typed).sources]
    assert named_only(typed).get("channels.organic.impressions") == 1000.0


def test_a_shop_whose_orders_are_typed_keeps_them():
    temu = preset("temu-full-managed-home")
    assert orders(named_only(temu)) == pytest.approx(3000.0)
