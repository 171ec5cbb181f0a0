"""A product carried to another market: every field's origin, one carry by hand, and the laws."""

import copy
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.reference.benchmarks import Store, market_ratio
from funnel_sim.reference.preset_cards import preset_rows
from funnel_sim.scenario import presets
from funnel_sim.scenario.carried import carry
from funnel_sim.scenario.carried_goods import local_price, nearest_presets
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import is_range, point_value

US, DE = "amazon-us-kitchen", "amazon-de-kitchen"
OWN = {
    "product.price": 40.0,
    "product.unit_cost": 60.0,
    "product.inbound_freight": 8.0,
    "conversion.cvr": 0.12,
    "channels.ads.cpc": 1.18,
    "channels.ads.budget": 2000.0,
    "fulfilment.return_rate": 0.1,
}
USD, EUR = 6.7046, 7.5259  # CNY for one, of data/parameters/fx.csv on the presets' day


def mine(**changes):
    return preset(US).replace(OWN | {k.replace("__", "."): v for k, v in changes.items()})


def test_one_unit_from_us_to_germany_by_hand():
    """Price, cost, freight, duty, VAT, commission and exchange rate of one order."""
    found = evaluate(carry(mine(), DE).scenario).steady
    price = 40.0 * USD / EUR  # 35.6349 EUR, on the shelf with VAT in it
    purchase = 60.0 / EUR
    # sea freight a kilogram is 8 CNY / 0.8 kg to the US and 5.8 / 0.48 to Germany in the examples
    freight = 8.0 * (5.8 / 0.48) / (8 / 0.8) / EUR
    insurance = 0.0033 * (purchase + freight)
    duty = 0.065 * (purchase + freight + insurance)  # 3924 90 00 of the EU, on the CIF value
    expected = {
        "price": price,
        "order_gross": price / 1.19,
        "order_withheld": price - price / 1.19,  # VAT, remitted by the marketplace
        "purchase": purchase,
        "freight": freight,
        "duty": duty,
        "order_commission": 0.15 * price,  # of the price with VAT
        "fx_rate": EUR,
    }
    assert {key: found[key] for key in expected} == pytest.approx(expected)


def test_rates_move_by_the_ratio_of_the_two_markets_benchmarks():
    """1.18 USD a click over there, 0.68 EUR here; 10 % of clicks buy in both; one benchmark of
    returns for both; the likely value moves, and sellers' spread stands around it, wider because
    the rows are weak (tests/scenario/test_carried_doubt.py).
    """
    there = carry(mine(), DE)
    cpc, cvr, back = (
        there.fields[path]
        for path in ("channels.ads.cpc", "conversion.cvr", "fulfilment.return_rate")
    )
    assert (cpc.kind, cpc.ratio) == ("moved", pytest.approx(0.68 / 1.18))
    assert point_value(there.scenario.get("channels.ads.cpc")) == pytest.approx(0.68)
    assert is_range(there.scenario.get("channels.ads.cpc")) and cpc.weak
    assert len(cpc.sources) == 2 and all(one.source and one.as_of for one in cpc.sources)
    assert (cvr.kind, cvr.ratio) == ("moved", pytest.approx(1.0))
    assert point_value(there.scenario.conversion.cvr) == 0.12
    assert (back.kind, back.why) == ("own", "same_benchmark")
    assert there.scenario.fulfilment.return_rate == 0.1


def test_a_rate_without_a_benchmark_for_both_is_kept_and_says_so():
    """Temu sells no clicks and has no benchmark of them."""
    found = carry(mine(), "temu-half-managed-us").fields["conversion.cvr"]
    assert (found.kind, found.why, found.value["likely"]) == ("own", "no_benchmark", 0.12)


def test_benchmarks_count_from_their_day_on():
    """The rows of single markets start in 2026; before, the US alone is known."""
    for day, known in ((dt.date(2025, 12, 31), False), (dt.date(2026, 1, 1), True)):
        stores = [Store("Amazon", *place, day) for place in (("US", "", "USD"), ("DE", "", "EUR"))]
        assert (market_ratio(*stores, "conversion.cvr") is not None) is known


def test_a_rate_that_moved_to_the_end_of_its_domain_stays_in_it():
    """90 % from Shopee to Amazon (× 2) would be 180 %."""
    store = preset("shopee-th").replace({"conversion.cvr": 0.9})
    found = carry(store, US)
    assert point_value(found.scenario.conversion.cvr) == 1.0
    assert found.fields["conversion.cvr"].ratio == pytest.approx(1 / 0.9)


@pytest.mark.parametrize("target", ["shopee-th", "tiktok-us-beauty", "shopify-de-fashion"])
def test_conversion_moves_between_platforms(target):
    """By the platforms' own ads: 10 % on Amazon US, 5 %, 4.5 % and 2.4 % there."""
    rates = {"shopee-th": 0.05, "tiktok-us-beauty": 0.045, "shopify-de-fashion": 0.024}
    found = carry(mine(), target).scenario.conversion.cvr
    assert point_value(found) == pytest.approx(0.12 * rates[target] / 0.10)


def test_every_field_says_where_it_comes_from():
    there = carry(mine(), DE)
    kinds = {path: one.kind for path, one in there.fields.items()}
    assert set(kinds.values()) == {"own", "target", "moved"}
    told = {path for path, _ in there.scenario.quantities()}
    assert {p for p in told if not p.startswith(("kpis", "promise", "verdicts", "history"))} <= (
        set(kinds) | {p for p in told if p.startswith(("comparison", "options"))}
    )
    own = ["product.price", "product.unit_cost", "channels.ads.budget", "customers.referral"]
    target = ["tax.tax_rate", "tax.duty_rate", "commission.tiers", "payment.fx_spread", "fx_rate"]
    target += ["fulfilment.fulfilment_per_unit", "cash.payout_delay_days", "plan.season"]
    assert [kinds[path] for path in own] == ["own"] * len(own)
    assert [kinds[path] for path in target] == ["target"] * len(target)
    assert there.fields["product.price"].typed and there.fields["product.price"].ratio
    assert not there.fields["product.packaging"].typed
    assert there.fields["tax.tax_rate"].sources[0].source
    for path, one in there.fields.items():
        assert (
            one.value == there.scenario.replace({}).get(path)
            or one.value is not None
            or (there.scenario.get(path) is None)
        )


def test_duty_is_that_of_these_goods_from_their_origin():
    """China pays list 4A of section 301 into the US, Vietnam does not."""
    box = preset("amazon-ca-pet")
    vietnam = carry(box.replace({"product.origin": "VN"}), US).scenario.tax
    china = carry(box, US).scenario.tax
    names = [{one.name for one in store.duty_layers} for store in (china, vietnam)]
    assert names[0] - names[1] == {"Section 301 list 4A"}
    line = carry(preset(DE), US).scenario.product.customs_line
    assert line.startswith("9617.00")  # of the flask, not of the example's box


def test_goods_that_no_tariff_knows_say_that_the_duty_is_the_examples():
    store = mine(product__customs_line="0101.21.0000")
    assert carry(store, DE).fields["tax.duty_rate"].why == "other_goods"
    assert carry(store, "shopee-sg").fields["tax.duty_rate"].why is None  # no duty on any line


def test_a_parcel_is_taxed_by_the_price_that_is_carried():
    """Mexico lifts 33.5 % of a parcel above 50 USD and 19 % below, by the own price."""
    dear = carry(mine(), "mercadolibre-mx").scenario.tax.duty_layers
    cheap = carry(mine(product__price=20.0), "mercadolibre-mx").scenario.tax.duty_layers
    assert [round(one.rate, 4) for one in dear] != [] and cheap != []


def test_what_shoppers_pay_is_not_what_a_platform_pays_its_suppliers():
    """The example's markup on the own cost: 16.5 over 11.5 CNY on 60 CNY."""
    there = carry(mine(), "temu-full-managed-home", orders=321.0)
    assert there.fields["product.price"].why == "supply_price"
    assert point_value(there.scenario.product.price) == pytest.approx(60 * 16.5 / 11.5, rel=1e-5)
    assert point_value(there.scenario.get("channels.orders.known_sales")) == 321.0
    assert there.left_out == ("ads", "organic")
    back = carry(preset("temu-full-managed-home"), US)
    assert back.fields["channels.orders.cost_per_order"].why == "ads_there"
    assert point_value(back.scenario.get("channels.orders.cost_per_order")) == pytest.approx(
        1.05 / 0.109  # a click of the example over what converts
    )


def test_a_channel_that_the_platform_lacks_is_left_out():
    creators = carry(preset("tiktok-us-beauty"), US)
    assert creators.left_out == ("creators",)
    assert {one.id for one in creators.scenario.channels} == {"ads", "organic"}


def test_money_at_hand_quotes_and_history_stay_behind():
    store = mine(cash__opening_cash=5000.0, options=[{"id": "quote", "base": 1.0}])
    there = carry(store, DE).scenario
    assert there.cash.opening_cash == 0 and there.options == []
    terms = carry(mine(cash__deposit_rate=0.5), DE)
    assert terms.scenario.cash.deposit_rate == 0.5 and terms.fields["cash.deposit_rate"].typed


def test_costs_stay_in_their_own_currency():
    """What an order costs to buy is the same whether costs are told in yuan or in dollars."""
    one = carry(mine(), DE).scenario
    other = preset(US).replace(
        OWN
        | {"cost_currency": "USD", "fx_rate": 1.0, "product.unit_cost": 60.0 / USD}
        | {"product.inbound_freight": 8.0 / USD, "product.packaging": 2.0 / USD}
    )
    two = carry(other, DE).scenario
    keys = ("purchase", "freight", "duty", "order_fulfilment")
    found = [{key: evaluate(store).steady[key] for key in keys} for store in (one, two)]
    assert found[0] == pytest.approx(found[1], rel=1e-3)


def test_announced_changes_of_what_comes_along_come_along():
    rows = [
        {"field": "product.unit_cost", "month": 3, "value": 66.0},
        {"field": "product.price", "month": 4, "value": 44.0},
        {"field": "commission.commission_minimum", "month": 5, "value": 0.5},
    ]
    there = carry(mine(plan__announced=rows), DE).scenario.plan.announced
    assert [(one.field, one.value) for one in there] == [
        ("product.unit_cost", 66.0),
        ("product.price", pytest.approx(44.0 * USD / EUR)),
    ]


def test_a_rate_that_was_counted_moves_as_the_number_it_comes_to():
    """30 of 400 visits are 7.5 %; on TikTok Shop 4.5 % of clicks buy against 10 %."""
    counted = {"dist": "beta", "successes": 30, "trials": 400}
    there = carry(mine(conversion__cvr=counted), "tiktok-us-beauty")
    found = there.scenario.conversion.cvr
    assert point_value(found) == pytest.approx(0.075 * 0.45) and found.dist == "logpert"
    assert there.fields["conversion.cvr"].ratio == pytest.approx(0.45)
    kept = carry(mine(conversion__cvr=counted), "temu-half-managed-us")
    assert kept.scenario.plain()["conversion"]["cvr"]["trials"] == 400


def test_a_wide_range_moves_by_the_whole_ratio():
    wide = {"dist": "lognormal", "median": 0.1, "sigma": 1.5}
    found = carry(mine(conversion__cvr=wide), "tiktok-us-beauty").scenario.conversion.cvr
    assert found.median == pytest.approx(0.045)
    assert found.sigma == pytest.approx(1.522, abs=1e-3)  # the root of 1.5² + 0.26²


# ---- laws ----------------------------------------------------------------------------------------


@given(
    st.sampled_from(sorted(preset_rows())),
    st.floats(0.5, 2.0),
    st.floats(0.5, 1.1),
)
def test_a_product_carried_to_itself_changes_nothing(name, cost, rate):
    store = preset(name)
    changes = {"product.unit_cost": point_value(store.product.unit_cost) * cost}
    if store.conversion.cvr is not None:
        changes["conversion.cvr"] = point_value(store.conversion.cvr) * rate
    store = store.replace(changes)
    there = carry(store, name)
    assert there.scenario == store
    assert {one.kind for one in there.fields.values()} <= {"own", "target"}
    assert there.fields["product.unit_cost"].kind == ("own" if cost != 1 else "target")


@pytest.mark.parametrize("name", [US, DE, "shopee-th", "tiktok-us-beauty", "shopify-us-beauty"])
def test_a_market_whose_numbers_are_copied_changes_nothing(name, monkeypatch):
    """A preset of the same row under another name: put together anew for these goods."""
    rows = preset_rows() | {"copy": copy.deepcopy(preset_rows()[name])}
    for module in ("presets", "carried_goods"):
        monkeypatch.setattr(f"funnel_sim.scenario.{module}.preset_rows", lambda: rows)
    presets._built.cache_clear()
    store = preset(name).replace({"product.unit_cost": 33.0, "payment.fx_spread": 0.02})
    there = carry(store, "copy").scenario
    assert there.replace({"preset": name}) == store
    presets._built.cache_clear()


@pytest.mark.slow
@given(st.floats(0.25, 4.0))
def test_a_dearer_price_here_is_as_much_dearer_there(factor):
    one, two = carry(mine(), DE), carry(mine(product__price=40.0 * factor), DE)
    assert point_value(two.scenario.product.price) == pytest.approx(
        factor * point_value(one.scenario.product.price)
    )


def test_a_price_asked_for_is_the_price_there():
    there = carry(mine(), DE, price=33.33)
    assert point_value(there.scenario.product.price) == pytest.approx(33.33)
    assert there.fields["product.price"].why == "margin"


def test_the_level_of_a_place_is_the_examples_markup_on_the_own_cost():
    """29.99 EUR over 42 CNY on 60 CNY."""
    assert local_price(mine(), DE) == pytest.approx(29.99 / 42 * 60, rel=1e-5)


def test_places_offered_are_each_platform_and_market_once_and_not_the_own():
    found = nearest_presets(mine())
    places = [(preset_rows()[n]["platform"], preset_rows()[n]["market"]) for n in found]
    assert len(set(places)) == len(places) and ("Amazon", "US") not in places
    assert "walmart-us-home" in found  # the very same line, before Walmart's apparel


def test_no_such_preset_is_refused():
    with pytest.raises(InputError) as refused:
        carry(mine(), "amazon-moon")
    assert refused.value.problems[0].rule == "preset"
