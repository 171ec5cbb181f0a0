"""Another currency: amounts, label and rate change together, and no figure of the result does."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.decisions.economics.currencies import contract_in, in_currency, with_terms_of
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario import files
from funnel_sim.scenario.converted import rate_between
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import Pert
from tests.conftest import neutral

NAMES = [card.id for card in preset_cards()]
EURO = 7.5259  # CNY, ECB 2026-10-02 (data/parameters/fx.csv)
CODES = ["USD", "EUR", "GBP", "JPY", "CNY", "IDR"]
OPTION = {
    "id": "quote",
    "fee_currency": "cost",
    "base": 7050.0,
    "cap": 14100.0,
    "baseline": 1000.0,
    "pay": 70.5,
    "share_tiers": [{"upto": 100.0, "rate": 0.1}, {"upto": None, "rate": 0.2}],
    "rewards": [
        {"kpi": "gmv", "form": "fixed", "amount": 705.0},
        {"kpi": "gmv", "form": "sales", "amount": 0.1},
    ],
    "extras": [{"amount": 7.05}],
    "instalments": [{"amount": 141.0, "month": 1}],
}


def store():
    """Return TikTok US at 7.05 CNY the dollar, with costs, a range, one-offs, KPIs, a history and a
    quote.
    """
    return preset("tiktok-us-beauty").replace(
        {
            "fx_rate": 7.05,
            "product.unit_cost": 22.56,
            "product.inbound_freight": {"dist": "pert", "low": 7.05, "likely": 14.1, "high": 21.15},
            "fixed.one_off": [{"amount": 705.0}],
            "kpis": [
                {"id": "gmv", "metric": "gmv", "target": 1000.0, "baseline": 500.0},
                {"id": "more", "metric": "gmv", "target": 0.2, "relative": True, "baseline": 50.0},
                {"id": "roas", "metric": "roas", "target": 3.0},
            ],
            "options": [OPTION],
            "history.first_month": "2026-01",
            "history.seen_gmv": [100.0, None, 300.0],
            "history.seen_orders": [1.0, 2.0, 3.0],
        }
    )


def test_costs_in_dollars_by_hand():
    """22.56 / 7.05 = 3.20; 7.05, 14.10, 21.15 / 7.05 = 1, 2, 3; 705 / 7.05 = 100; one contract in
    the cost currency: 7,050 / 7.05 = 1,000.
    """
    before = store()
    after = in_currency(before, "cost_currency", "USD")
    assert (after.cost_currency, after.currency, after.fx_rate) == ("USD", "USD", 1.0)
    assert after.product.unit_cost == 3.2
    freight = after.product.inbound_freight
    assert isinstance(freight, Pert) and (
        freight.low,
        freight.likely,
        freight.high,
    ) == pytest.approx((1.0, 2.0, 3.0), abs=1e-12)
    assert after.fixed.one_off[0].amount == pytest.approx(100.0, abs=1e-12)
    quote = after.options[0]
    assert (quote.base, quote.cap, quote.pay) == pytest.approx((1000.0, 2000.0, 10.0), abs=1e-12)
    assert [one.amount for one in quote.rewards] == pytest.approx(
        [100.0, 0.1], abs=1e-12
    )  # a share is no amount
    assert (quote.extras[0].amount, quote.instalments[0].amount) == pytest.approx(
        (1.0, 20.0), abs=1e-12
    )
    assert (quote.baseline, quote.share_tiers[0].upto) == (1000.0, 100.0)  # in the sales currency
    assert (
        after.product.price == before.product.price
        and after.kpis == before.kpis
        and after.history == before.history
    )
    assert evaluate(after).per("profit", "order") == pytest.approx(
        evaluate(before).per("profit", "order"), abs=1e-9
    )


def test_sales_in_yuan_by_hand():
    """Everything in dollars × 7.05: a target of 1,000 is 7,050; a relative target and a ratio
    stay.
    """
    after = in_currency(store(), "currency", "CNY")
    assert (after.currency, after.fx_rate) == ("CNY", 1.0)
    assert after.product.unit_cost == 22.56
    assert [one.target for one in after.kpis] == pytest.approx([7050.0, 0.2, 3.0], abs=1e-12)
    assert [one.baseline for one in after.kpis] == [3525.0, 352.5, None]
    assert after.history.seen_gmv == [705.0, None, 2115.0] and after.history.seen_orders == [
        1.0,
        2.0,
        3.0,
    ]
    assert (
        after.options[0].base == 7050.0
        and after.options[0].share_tiers[0].upto == 705.0
        and after.options[0].baseline == 7050.0
    )


def test_a_third_currency_by_the_table():
    """CNY to EUR at the table's 7.5259 CNY the euro: 22.56 / 7.5259 = 2.9976…, and one dollar is
    7.05 / 7.5259 euros.
    """
    after = in_currency(store(), "cost_currency", "EUR")
    assert after.product.unit_cost == pytest.approx(22.56 / EURO, rel=1e-14)
    assert after.fx_rate == pytest.approx(7.05 / EURO, rel=1e-14)
    assert evaluate(after).steady["profit"] == pytest.approx(
        evaluate(store()).steady["profit"], abs=1e-9
    )


def test_a_range_on_the_rate_moves_with_it_and_ends_where_there_is_no_rate():
    wide = store().replace({"fx_rate": {"dist": "uniform", "low": 6.6, "high": 7.5}})
    euros = in_currency(wide, "cost_currency", "EUR")
    assert (euros.fx_rate.low, euros.fx_rate.high) == pytest.approx(
        (6.6 / EURO, 7.5 / EURO), rel=1e-14
    )
    assert in_currency(wide, "cost_currency", "USD").fx_rate == 1.0
    assert (
        in_currency(wide, "cost_currency", "USD").product.unit_cost == 3.2
    )  # by the likely rate, 7.05


@pytest.mark.slow
@given(
    st.sampled_from(NAMES),
    st.sampled_from(["currency", "cost_currency"]),
    st.sampled_from(CODES),
    st.sampled_from(CODES),
)
def test_profit_stays_and_the_way_back_gives_the_amounts_back(name, which, code, then):
    scenario = preset(name)
    there = in_currency(scenario, which, code)
    factor = rate_between(scenario, scenario.currency, code) if which == "currency" else 1.0
    before, after = evaluate(scenario).steady["profit"], evaluate(there).steady["profit"]
    assert after == pytest.approx(before * factor, rel=1e-9, abs=1e-6)
    if there.currency == there.cost_currency:
        assert there.fx_rate == 1
    back = (
        in_currency(there, which, scenario.get(which))
        if there.currency != there.cost_currency
        else there
    )
    assert math.isfinite(evaluate(in_currency(back, which, then)).steady["profit"])


def test_an_unknown_rate_is_asked_for_and_an_unknown_code_refused():
    with pytest.raises(InputError) as caught:
        in_currency(store(), "cost_currency", "KZT")
    assert [(one.where, one.rule) for one in caught.value.problems] == [
        ("cost_currency", "fx_unknown")
    ]
    tenge = in_currency(store(), "cost_currency", "KZT", 5.0)  # 22.56 × 5
    assert (tenge.product.unit_cost, tenge.fx_rate) == pytest.approx((112.8, 35.25), rel=1e-14)
    with pytest.raises(InputError) as caught:
        in_currency(store(), "cost_currency", "EURO")
    assert caught.value.problems[0].rule == "currency"


def test_a_contract_in_the_other_currency():
    after = contract_in(store(), "quote", "sales")
    quote = after.options[0]
    assert quote.fee_currency == "sales" and quote.base == pytest.approx(1000.0, abs=1e-12)
    assert [one.amount for one in quote.rewards] == pytest.approx([100.0, 0.1], abs=1e-12)
    assert (quote.baseline, quote.pay, quote.share_tiers[0].upto) == (
        1000.0,
        70.5,
        100.0,
    )  # not the contract's own money
    assert contract_in(after, "quote", "cost").options[0].base == pytest.approx(7050.0, rel=1e-14)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ('{"cost_currency": "USD"}', "fx_with_currency"),
        ('{"cost_currency": "EUR"}', "fx_with_currency"),
        ('{"cost_currency": "USD", "fx_rate": 7.05}', "fx_same"),
        ('{"cost_currency": "EUR", "fx_rate": 1}', None),
        ('{"fx_rate": 1}', "fx_one"),
        ('{"cost_currency": "CNY"}', None),
        ('{"cost_currency": "USD", "fx_rate": 1}', None),
    ],
)
def test_a_file_whose_currency_and_rate_disagree_is_refused(changes, rule):
    content = f'{{"funnel_sim": 1, "preset": "tiktok-us-beauty", "changes": {changes}}}'.encode()
    if rule is None:
        assert files.from_bytes(content)
        return
    with pytest.raises(InputError) as caught:
        files.from_bytes(content)
    assert [one.rule for one in caught.value.problems] == [rule]


def test_a_withdrawal_fee_that_is_typed_is_charged_with_one_currency_too():
    """100 orders at 100, 1 % of the 10,000 brought home: 100."""
    assert evaluate(neutral({"payment.fx_spread": 0.01})).steady["profit"] == pytest.approx(
        10_000 - 100
    )


def test_another_store_keeps_a_quotes_money_not_its_figure():
    """500 EUR a month in a German shop are 500 × 7.5259 CNY; in the American one as many dollars as
    that at its own rate.
    """
    german = preset("amazon-de-kitchen").replace(
        {
            "options": [
                {"id": "q", "base": 500.0, "fee_currency": "sales"},
                {"id": "home", "base": 5000.0},
            ]
        }
    )
    there = with_terms_of(german, preset("amazon-us-kitchen"))
    assert (there.currency, there.preset, there.product) == (
        "USD",
        "amazon-us-kitchen",
        preset("amazon-us-kitchen").product,
    )
    assert (
        there.options[0].base == pytest.approx(500.0 * rate_between(german, "EUR", "USD"))
        and there.options[0].base > 520.0
    )
    assert there.options[1].base == 5000.0  # typed in CNY, and still so
    assert with_terms_of(preset("amazon-de-kitchen"), preset("amazon-us-kitchen")) == preset(
        "amazon-us-kitchen"
    )


def test_another_store_keeps_the_months_and_the_promise_too():
    """10,000 EUR of sales in a month are as many dollars as the German scenario's own table says;
    orders and the claim are no money.
    """
    german = preset("amazon-de-kitchen").replace(
        {
            "name": "Mine",
            "history.first_month": "2026-01",
            "history.seen_gmv": [10_000.0, 12_000.0, None],
            "history.seen_orders": [400.0, 480.0, 500.0],
            "promise.claimed": 0.4,
            "kpis": [{"id": "gmv", "metric": "gmv", "target": 15_000.0}],
        }
    )
    there = with_terms_of(german, preset("amazon-us-kitchen"))
    rate = rate_between(german, "EUR", "USD")
    assert there.history.seen_gmv == pytest.approx([10_000 * rate, 12_000 * rate, None])
    assert there.history.seen_orders == [400.0, 480.0, 500.0]
    assert (there.promise.claimed, there.name, there.kpis[0].target) == (
        0.4,
        "Mine",
        pytest.approx(15_000 * rate),
    )
    assert there.product == preset("amazon-us-kitchen").product


def test_a_store_without_a_rate_is_refused_not_guessed():
    terms = preset("amazon-de-kitchen").replace({"options": [{"id": "q", "base": 500.0}]})
    store = preset("amazon-us-kitchen").replace({"currency": "ISK", "fx_rate": 0.05})
    with pytest.raises(InputError):
        with_terms_of(terms, store)
