"""Orders in place of traffic and back: the steady month stays, nothing typed is lost, units and ad
spend change their words only.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.decisions.economics.known import (
    already_running,
    counted_in,
    from_funnel,
    still_starts,
    typed_total,
    with_ads_as,
    with_month,
    with_orders,
    with_rates,
    with_total,
)
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.in_force import ads_as, knows_orders, main_channel
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario
from tests.conftest import neutral

KEPT = ("paid_orders", "gross_sales", "ad_spend", "acos", "cac", "profit", "ltv")
ADS = {
    "channels.orders.kind": "cpc",
    "channels.orders.budget": 1000.0,
    "channels.orders.cpc": 0.5,
    "channels.orders.ctr": None,
    "conversion.cvr": 0.05,
    "product.unit_cost": 60.0,
    "product.units_per_order": 2.0,
    "product.price": 50.0,
}


def same(before, after, keys=KEPT):
    one, other = evaluate(before).steady, evaluate(after).steady
    for key in keys:
        assert other[key] == (
            None if one[key] is None else pytest.approx(one[key], rel=1e-6, abs=1e-6)
        ), key


def test_a_hundred_orders_at_ten_of_ads_by_hand():
    """1,000 at 0.50 a click, 5 % buy: 100 orders, 10 of ads each; 200 units; 10,000 of sales; ACoS
    10 %.
    """
    typed = with_orders(neutral(ADS)).scenario
    channel = main_channel(typed)
    assert (channel.kind, channel.known_sales, channel.known_as, channel.cost_per_order) == (
        "orders",
        100.0,
        "orders",
        10.0,
    )
    assert main_channel(counted_in(typed, "units")).known_sales == 200.0
    assert main_channel(counted_in(typed, "sales")).known_sales == 10_000.0
    assert main_channel(with_ads_as(typed, "acos_rate")).acos_rate == 0.1


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", [card.id for card in preset_cards()])
def test_every_preset_keeps_its_steady_month(name):
    before = preset(name)
    found = with_orders(before)
    assert not found.restored
    same(before, found.scenario)
    if all(
        channel.kind == "orders" for channel in before.channels
    ):  # the platform brings the buyers: there is no rate to come back to
        with pytest.raises(InputError, match="conversion"):
            with_rates(found.scenario)
        return
    back = with_rates(found.scenario)
    assert back.restored and evaluate(back.scenario).steady["profit"] == pytest.approx(
        evaluate(before).steady["profit"]
    )
    assert [c.kind for c in back.scenario.channels] == [c.kind for c in before.channels]


def test_an_effect_on_conversion_is_not_counted_twice():
    before = neutral(ADS | {"effect.effect_add_to_cart": 1.5, "effect.effect_cpc": 0.8})
    same(before, with_orders(before).scenario)


def test_what_was_typed_comes_back_both_ways():
    typed = with_orders(neutral(ADS)).scenario.replace({"channels.orders.known_sales": 300.0})
    rates = with_rates(typed)
    assert rates.restored and evaluate(rates.scenario).steady["paid_orders"] == pytest.approx(
        100.0
    )  # budget, price and rate as before
    again = with_orders(rates.scenario)
    assert again.restored and evaluate(again.scenario).steady["paid_orders"] == pytest.approx(300.0)


def test_units_sales_and_ways_of_ads_change_nothing_but_their_words():
    typed = with_orders(preset("amazon-de-kitchen")).scenario
    for unit in ("units", "sales", "orders"):
        same(typed, counted_in(typed, unit))
        assert main_channel(counted_in(typed, unit)).known_as == unit
    same(typed, with_ads_as(typed, "acos_rate"))
    tacos = with_ads_as(typed, "tacos_rate")
    same(typed, tacos, ("paid_orders", "gross_sales", "ad_spend", "profit"))
    assert evaluate(tacos).steady["acos"] is None and ads_as(main_channel(tacos)) == "tacos_rate"
    same(typed, with_ads_as(typed, "known_spend"))
    assert ads_as(main_channel(with_ads_as(tacos, "known_spend"))) == "known_spend"
    same(typed, with_ads_as(tacos, "cost_per_order"))


def test_a_range_is_moved_along():
    typed = with_orders(neutral(ADS)).scenario.replace(
        {
            "channels.orders.known_sales": {
                "dist": "pert",
                "low": 50.0,
                "likely": 100.0,
                "high": 200.0,
            }
        }
    )
    found = main_channel(counted_in(typed, "sales")).known_sales
    assert (found.low, found.likely, found.high) == (5000.0, 10_000.0, 20_000.0)


def test_orders_that_never_were_traffic_become_clicks_at_the_price_that_brings_them():
    """100 orders at 10 of ads, 5 % buy: 2,000 clicks for 1,000 are 0.50 each."""
    plain = neutral({"conversion.cvr": 0.05}).plain() | {
        "channels": [
            {"id": "sales", "kind": "orders", "known_sales": 100.0, "cost_per_order": 10.0}
        ]
    }
    found = with_rates(Scenario.read(plain))
    channel = found.scenario.channels[0]
    assert (channel.kind, channel.budget, channel.cpc, found.restored) == (
        "cpc",
        1000.0,
        0.5,
        False,
    )
    same(Scenario.read(plain), found.scenario)
    free = Scenario.read(
        plain | {"channels": [{"id": "sales", "kind": "orders", "known_sales": 100.0}]}
    )
    same(free, with_rates(free).scenario)


def test_without_a_conversion_rate_there_is_no_way_back():
    plain = neutral().plain() | {
        "channels": [{"id": "sales", "kind": "orders", "known_sales": 100.0}]
    }
    plain.pop("conversion")
    scenario = Scenario.read(plain)
    assert knows_orders(scenario)
    with pytest.raises(InputError) as caught:
        with_rates(scenario)
    assert caught.value.problems[0].rule == "conversion_missing"


def test_one_channel_with_a_rate_of_its_own_does_not_lend_it_to_the_others():
    """Two channels of typed orders, no conversion rate of the store: both need one of their own."""
    rows = [
        {"id": name, "kind": "orders", "known_sales": 100.0, "channel_cvr": rate}
        for name, rate in (("own", 0.05), ("without", None))
    ]
    plain = neutral().plain() | {"channels": rows}
    plain.pop("conversion")
    scenario = Scenario.read(plain)
    with pytest.raises(InputError) as caught:
        with_rates(scenario)
    assert caught.value.problems[0].rule == "conversion_missing"
    both = scenario.replace({"channels.without.channel_cvr": 0.02})
    same(both, with_rates(both).scenario)


def test_a_total_goes_to_the_one_group_that_there_is_and_equally_to_channels_without_orders():
    """Without ads all 300 stay free; three free channels without a number get 100 each."""
    free = [{"id": name, "kind": "orders", "known_as": "orders"} for name in ("a", "b", "c")]
    found = with_total(neutral({"channels": free}), 300.0, 0.9)
    assert [c.known_sales for c in found.channels] == [100.0] * 3 and typed_total(found) == (
        300.0,
        0.0,
    )


@given(st.floats(1.0, 1e5), st.floats(0.01, 0.99))
def test_a_total_and_its_share_come_back_as_given(total, share):
    found = with_total(with_orders(preset("amazon-de-kitchen")).scenario, total, share)
    assert typed_total(found) == (pytest.approx(total, rel=1e-8), pytest.approx(share, rel=1e-7))


def test_a_hundred_orders_of_the_month_become_two_hundred_by_hand():
    """100 of 1,000 of ads, no repeat: 200 typed are 200, and the ads of the month stay 1,000, so
    5 of ads each.
    """
    found = with_month(neutral(ADS), 200.0)
    assert main_channel(found).known_sales == pytest.approx(200.0)
    assert evaluate(found).steady["ad_spend"] == pytest.approx(1000.0)
    assert evaluate(found).steady["cac"] == pytest.approx(5.0)


@pytest.mark.sampled(7)
@pytest.mark.parametrize("name", [card.id for card in preset_cards()])
def test_orders_of_a_month_hold_repeat_orders_in_every_preset(name):
    store = preset(name)
    now = evaluate(store).steady["paid_orders"]
    found = with_month(store, now * 1.7)
    assert evaluate(found).steady["paid_orders"] == pytest.approx(now * 1.7, rel=1e-6)
    again = with_month(found, 1234.0)
    assert evaluate(again).steady["paid_orders"] == pytest.approx(1234.0, rel=1e-6)


def test_fewer_orders_than_paid_sends_bring_are_refused():
    """A list with a cost of sending keeps its sends: 58,000 × 2 % × 3 % are about 35 orders."""
    name = next(
        card.id
        for card in preset_cards()
        if any(c.kind == "list" and c.send_cost for c in preset(card.id).channels)
    )
    with pytest.raises(InputError, match="paid_orders"):
        with_month(preset(name), 1.0)


def test_what_is_taken_over_is_no_longer_so_once_the_funnel_beside_it_changes():
    typed = with_orders(preset("amazon-de-kitchen")).scenario
    assert from_funnel(typed) and not from_funnel(preset("amazon-de-kitchen"))
    assert "channels.ads.known_sales" not in from_funnel(typed.replace({"channels.ads.cpc": 0.71}))
    assert from_funnel(with_ads_as(typed, "known_spend")) >= {
        "channels.ads.known_spend",
        "channels.ads.known_sales",
    }


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"plan.ramp_months": 6.0, "plan.ramp_start": 0.3}, 0.3),
        ({"plan.ramp_months": 6.0, "plan.organic_ramp_start": 0.1}, None),  # orders hold the visits
        ({"plan.ramp_months": 6.0}, None),  # it starts at its level: nothing rises
        ({"plan.ramp_start": 0.3}, None),  # no months over which it would rise
    ],
)
def test_a_shop_that_sells_is_asked_whether_it_only_starts(changes, asked):
    planned = preset("amazon-de-kitchen").replace(changes)
    assert still_starts(planned) is None  # nobody said that it sells already
    sells = with_month(planned, 900.0)
    assert still_starts(sells) == asked
    runs = already_running(sells)
    assert still_starts(runs) is None
    usual = evaluate(runs)
    assert usual.steady["paid_orders"] == pytest.approx(900.0)
    assert usual.monthly["first_orders"][0] == pytest.approx(usual.monthly["first_orders"][6])
    if asked:  # month 1 has 30 % of the first orders of a usual one
        first = evaluate(sells).monthly["first_orders"]
        assert first[0] == pytest.approx(0.3 * first[6])


def test_months_of_a_shop_tell_that_it_sells():
    planned = preset("amazon-de-kitchen").replace(
        {
            "plan.ramp_months": 6.0,
            "plan.ramp_start": 0.3,
            "plan.organic_ramp_start": 0.1,
            "history.first_month": "2026-01",
            "history.seen_orders": [400.0, 410.0, 420.0, 430.0],
        }
    )
    assert still_starts(planned) == 0.1  # the lower of both: visits are counted here


@pytest.mark.parametrize(
    ("paid", "free", "asked"), [(1.0, 0.4, 0.4), (0.4, 1.0, 0.4), (1.0, 1.0, None)]
)
def test_a_shop_starts_where_either_of_its_traffic_does(paid, free, asked):
    planned = preset("amazon-de-kitchen").replace(
        {
            "plan.ramp_months": 6.0,
            "plan.ramp_start": paid,
            "plan.organic_ramp_start": free,
            "history.first_month": "2026-01",
            "history.seen_orders": [400.0],
        }
    )
    assert still_starts(planned) == asked
