"""Orders that nobody named: switched off they leave the ads', switched on they are those of the
example.
"""

import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, sampled_from

from funnel_sim.decisions.economics.assumed_orders import assumed_orders, named_only, switched
from funnel_sim.decisions.economics.known import typed_total, with_month, with_total
from funnel_sim.model.economics import evaluate
from funnel_sim.reference.preset_cards import preset_cards
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


def pitched(name, total=900.0, ads=None):
    """A pitch: only what was named, the orders of a month typed, and which share ads bring."""
    found = with_month(named_only(preset(name)), total)
    return found if ads is None else with_total(found, typed_total(found)[0], ads)


@pytest.mark.slow
def test_orders_that_were_typed_stay_with_every_source():
    """900 typed of a Shopify shop, 60 % by ads. Its list brings 58,000 sends × 2.7 % × 2 % = 31.32
    orders, of the 900: 868.68 remain, 521.2 of them by ads. 26 % of 1,216.2 come back where 900
    are first orders, so that of 900 in all 234 do.
    """
    shop = pitched("shopify-us-beauty", ads=0.6)
    found = assumed_orders(shop)
    assert found.typed and found.assumed_orders == found.assumed_profit == 0
    assert {one.key: one.orders for one in found.sources} == pytest.approx(
        {"organic": 31.32, "repeat": 234.0}
    )
    after = switched(shop, "organic", on=True)
    assert orders(after) == pytest.approx(900.0)
    assert [c.known_sales for c in after.channels][:2] == pytest.approx([521.208, 347.472])
    told = assumed_orders(after)
    assert [(one.key, one.on) for one in told.sources] == [("organic", True), ("repeat", False)]
    assert told.sources[0].orders == told.assumed_orders == pytest.approx(31.32)
    both = switched(after, "repeat", on=True)
    assert orders(both) == pytest.approx(900.0)
    assert assumed_orders(both).assumed_orders == pytest.approx(
        31.32 + 0.26 * (900 - 31.32), rel=0.1
    )


@pytest.mark.slow
@given(sampled_from([one.id for one in preset_cards()]), floats(200, 5000), floats(0.1, 0.95))
@settings(max_examples=10, deadline=None)
def test_typed_orders_hold_in_every_shop(name, total, ads):
    """Whatever is switched on and off, in whatever order, the month keeps its orders; what a switch
    says is what its source brings; off again everything is as before.
    """
    shop = now = pitched(name, total, ads)
    for one in assumed_orders(shop).sources:
        now = switched(now, one.key, on=True)
        assert orders(now) == pytest.approx(total)
        told = next(s for s in assumed_orders(now).sources if s.key == one.key)
        assert told.on and 0 < told.orders < total
    for one in assumed_orders(shop).sources:
        now = switched(now, one.key, on=False)
        assert orders(now) == pytest.approx(total)
    assert typed_total(now) == pytest.approx(typed_total(shop))


def test_a_source_of_more_than_was_typed_is_no_switch():
    """The list alone brings 31 orders: of 20 typed it cannot be a part, and nothing fails."""
    few = pitched("shopify-us-beauty", 20.0)
    assert [one.key for one in assumed_orders(few).sources] == ["repeat"]
    assert "organic" in [
        one.key for one in assumed_orders(pitched("shopify-us-beauty", 40.0)).sources
    ]
