"""Whose numbers a verdict rests on: what was typed once counts once."""

import pytest

from funnel_sim.decisions.economics.assumed_orders import named_only
from funnel_sim.decisions.economics.currencies import in_currency
from funnel_sim.decisions.economics.known import typed_total, with_month, with_total
from funnel_sim.decisions.economics.whose import (
    example_share,
    not_typed,
    orders_typed,
    own_of,
    own_of_cash,
    share_assumed,
)
from funnel_sim.output.words.assumptions import assumption_at, assumptions
from funnel_sim.reference.events import event_templates
from funnel_sim.reference.preset_cards import preset_rows
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.in_force import paid_channel
from funnel_sim.scenario.origins import origin_of
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import is_range, point_value

STORE = preset("amazon-de-kitchen")
PRICED = STORE.replace({"product.price": 25.99, "product.unit_cost": 38.0})


def test_orders_of_a_month_are_one_number_though_two_channels_hold_them():
    own = own_of(with_month(PRICED, 900.0))
    assert own.mine == ("product.price", "product.unit_cost", "month.orders")
    assert own.yours == 3 and not own.example


def test_a_typed_share_of_ads_is_one_number_more():
    typed = with_month(PRICED, 900.0)
    total, share = typed_total(typed)
    assert share_assumed(typed)
    mine = with_total(typed, total, share / 2)
    assert not share_assumed(mine)
    assert own_of(mine).mine[-2:] == ("month.orders", "month.ads_share")


def test_orders_of_one_channel_alone_keep_their_own_name():
    typed = with_month(PRICED, 900.0).replace({"channels.ads.known_sales": 300.0})
    only = own_of(with_month(STORE, 418.0).replace({"channels.ads.known_sales": 300.0})).mine
    assert "month.orders" in own_of(typed).mine and only


def test_another_currency_makes_no_number_ones_own():
    typed = with_month(PRICED, 900.0)
    assert own_of(in_currency(typed, "cost_currency", "USD")).yours == own_of(typed).yours


def test_only_the_number_that_was_typed_is_told_as_typed():
    """The price of the example has a range; 26.04 typed in its place moves it along."""
    before = STORE.product.price
    assert is_range(before)
    factor = 26.04 / point_value(before)
    ends = {name: getattr(before, name) * factor for name in ("low", "likely", "high")}
    moved = STORE.replace({"product.price": {**before.model_dump(mode="json"), **ends}})
    one = next(one for one in assumptions(moved, "en") if one.path == "product.price")
    assert one.shown == "€26.04" and "the range is assumed" in one.told("en")
    wider = STORE.replace({"product.price": {**before.model_dump(mode="json"), "low": 20.0}})
    one = next(one for one in assumptions(wider, "en") if one.path == "product.price")
    assert "–" in one.shown and "assumed" not in one.told("en")


@pytest.mark.parametrize("fx", [None, 7.1])
@pytest.mark.parametrize("currencies", [("cost_currency", "USD"), ("currency", "GBP")])
def test_amounts_converted_at_a_rate_of_ones_own_are_still_the_examples(currencies, fx):
    store = preset("amazon-de-kitchen")
    store = store if fx is None else store.replace({"fx_rate": fx})
    there = in_currency(store, *currencies)
    typed = () if fx is None else ("fx_rate",)
    assert own_of(there).mine == typed
    price = there.replace({"product.unit_cost": 3.3})
    assert own_of(price).mine == (*typed, "product.unit_cost")


def test_a_typed_rate_that_is_in_no_field_any_more_makes_no_cost_ones_own():
    # costs in the currency of sales: the rate is 1 then, and what they were divided by is gone
    there = in_currency(
        preset("amazon-de-kitchen").replace({"fx_rate": 7.1}), "cost_currency", "EUR"
    )
    assert there.fx_rate == 1.0
    assert own_of(there).mine == ()


def test_orders_of_a_pitch_that_only_ads_can_bring_are_one_number():
    """Nothing but ads was counted when they were typed: their share is nobody's number."""
    pitch = with_month(named_only(PRICED), 500.0)
    assert typed_total(pitch) == (500.0, 1.0) and share_assumed(pitch)
    assert own_of(pitch).mine == ("product.price", "product.unit_cost", "month.orders")
    assert not share_assumed(with_total(pitch, 500.0, 0.46))


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", sorted(preset_rows()))
def test_every_example_says_which_share_its_ads_bring(name):
    """Orders that nobody types (of sends that cost, say) are more than one a month in some."""
    share = example_share(preset(name))
    assert 0 <= share <= 1
    assert (share > 0) == (paid_channel(preset(name)) is not None)


def test_an_answer_on_cash_counts_the_payment_terms():
    """A store of the preset: typing opening cash makes one number more the reader's own, and a term
    that is typed goes from one count to the other.
    """
    plain = preset("amazon-us-kitchen")
    one = own_of_cash(plain)
    assert not [path for path in one.mine if path.startswith("cash.")]
    assert {"cash.payout_delay_days", "cash.stocking", "cash.deposit_rate"} <= set(one.assumed)
    assert "cash.cover_days" not in one.assumed  # nothing reads it where orders are periodic
    typed = own_of_cash(plain.replace({"cash.opening_cash": 150_000.0}))
    assert (typed.yours, typed.others) == (one.yours + 1, one.others)
    less = own_of_cash(plain.replace({"cash.deposit_rate": 0.0}))
    assert (less.yours, less.others) == (one.yours + 1, one.others - 1)
    store = own_of(plain)
    assert own_of(plain.replace({"cash.opening_cash": 150_000.0})) == store
    assert set(store.assumed) < set(one.assumed) and one.missing == store.missing


def test_an_event_added_by_one_click_is_nobodys_own_until_it_is_changed():
    """Its probability is assumed and its length read from a source; of the reader is only what he
    has typed over it.
    """
    plain = preset("amazon-us-kitchen")
    for template in event_templates(plain.as_of):
        row = {**template.fields_in(12), "id": f"{template.id}_2", "name": "x"}
        added = plain.read(plain.plain() | {"shocks": [row]})
        assert own_of(added).mine == own_of(plain).mine, template.id
        typed = added.replace({f"shocks.{template.id}_2.probability": 0.77})
        assert own_of(typed).mine == (*own_of(plain).mine, f"shocks.{template.id}_2.probability")
    assert origin_of(added, f"shocks.{template.id}_2.probability").kind == "assumed"
    assert origin_of(added, f"shocks.{template.id}_2.days").kind == "source"
    own = plain.read(plain.plain() | {"shocks": [{**row, "id": "mine"}]})
    assert "shocks.mine.probability" in own_of(own).mine


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_number_of_the_two_counts_has_a_line(lang):
    """Also one at its neutral default, such as the first month of an event."""
    plain = preset("amazon-us-kitchen")
    row = {**event_templates(plain.as_of)[8].fields_in(12), "id": "payout_held", "name": "x"}
    store = plain.read(plain.plain() | {"shocks": [row]}).replace({"conversion.landing_rate": 1.0})
    own = own_of_cash(store)
    listed = {one.path for one in assumptions(store, lang)}
    beside = [path for path in (*own.mine, *own.assumed) if path not in listed]
    assert "shocks.payout_held.month_from" in beside
    assert all(assumption_at(store, path, lang).shown for path in beside)


def test_the_usual_months_until_an_effect_is_there_were_typed_by_nobody():
    """A new quote begins with them; another number is the reader's own."""
    store = preset("amazon-us-kitchen")
    usual = alternatives.default(store, "flat_fee", "ramp").value
    quoted = store.replace({"options": [{"id": "q", "ramp": usual}], "promise.promise_ramp": usual})
    for path in ("options.q.ramp", "promise.promise_ramp"):
        found = origin_of(quoted, path)
        assert found.kind == "source" and found.provenance is not None
        assert origin_of(quoted.replace({path: usual + 1.0}), path).kind == "yours"


@pytest.mark.parametrize(
    ("orders", "share", "split"),
    [
        (900.0, None, {"channels.ads.known_sales", "channels.organic.known_sales"}),
        (900.0, 0.6, {"channels.ads.known_sales", "channels.organic.known_sales"}),
        (None, None, set()),
    ],
)
def test_what_is_parted_from_one_number_is_nobodys(orders, share, split):
    """900 paid orders hold those of customers who come back, so that no channel's share is whole;
    a store whose orders nobody typed has none of these.
    """
    store = preset("amazon-de-kitchen")
    if orders is not None:
        store = with_month(store, orders)
    if share is not None:
        store = with_total(store, typed_total(store)[0], share)
    assert {path for path, kind in not_typed(store).items() if kind == "split"} == split
    assert orders_typed(store) is (orders is not None)


def test_a_channel_of_whole_orders_was_typed():
    store = with_month(preset("amazon-de-kitchen"), 900.0)
    typed = store.replace(
        {"channels.ads.known_sales": 540.0, "channels.organic.known_sales": 360.0}
    )
    assert "split" not in not_typed(typed).values()


def test_an_ad_budget_that_was_typed_stays_so_once_orders_are_typed():
    # 2,800 as a budget, then 900 orders: the same 2,800 beside them, typed; the example's own
    # 1,300 beside them is not
    store = preset("amazon-de-kitchen")
    mine = with_month(store.replace({"channels.ads.budget": 2_800.0}), 900.0)
    assert "channels.ads.known_spend" in own_of(mine).mine
    assert "channels.ads.known_spend" not in not_typed(mine)
    other = mine.replace({"channels.ads.known_spend": 2_900.0})
    assert "channels.ads.known_spend" in own_of(other).mine
    back = other.replace({"channels.ads.known_spend": 2_800.0})
    assert own_of(back).mine == own_of(mine).mine
    assert not_typed(with_month(store, 900.0))["channels.ads.known_spend"] == "funnel"
