"""A rate whose divisor is zero, or only what rounding leaves of a difference, is no figure; never a
number of many digits.
"""

import functools
import json
import math
import operator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel_sim.chance.simulation import simulate
from funnel_sim.decisions.customer.budget_curve import budget_curve
from funnel_sim.decisions.economics.targets import answers
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate, figures
from funnel_sim.model.metrics import METRICS
from funnel_sim.model.sheet import Formula, fill, is_rounding_error, settled
from funnel_sim.model.values import Values
from funnel_sim.output.json.result import result_json
from funnel_sim.output.words.explain import explain
from funnel_sim.output.words.figure_names import text_of, told, why_none
from funnel_sim.output.words.formats import NOTHING
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.presets import preset
from funnel_sim.words import LANGS, Words
from tests.conftest import neutral

ALL_RETURNED = {
    "fulfilment.return_rate": 1.0,
    "fulfilment.refund_share": 1.0,
    "fulfilment.refund_includes_shipping": True,
}
RATES = [one.key for one in METRICS if one.unit in ("rate", "ratio")]
MAY_BE_ENDLESS = {
    "gross_margin",
    "goods_margin",
    "margin_after_work",
    "acos_console",
    "roas_console",
    "cac",
    "blended_cac",
    "loaded_cac",
    "acos",
    "tacos",
    "cpc",
    "cpm",
    "mer",
    "roas",
    "ltv_cac",
    "margin",
    "order_profit",
    "break_even_roas",
    "break_even_acos",
    "inventory_days",
    "commission_rate",
    "platform_share",
    "aov",
}
"""What a simulation may hold without limit: a cost with nothing to show for it, sales without a
cost, a loss without sales (docs/model.md).
"""


@pytest.mark.parametrize("card", preset_cards(), ids=lambda card: card.id)
def test_where_everything_is_refunded_there_is_no_margin(card):
    """Net revenue is sales less equal refunds: zero, though 12 months of lines leave 7e-12 of
    28,000.
    """
    result = evaluate(preset(card.id).replace(ALL_RETURNED))
    for book in (result.steady, result.horizon):
        assert book["net_revenue"] == 0.0 and book["margin"] is None and book["profit"] < 0
    assert "0" in why_none(result, "margin", "en") and why_none(result, "margin", "zh").endswith(
        "为 0"
    )


def test_one_side_and_the_other_of_dust():
    """28,000 less 28,000 · (1 − x): what is left is a figure from 1e-12 of the amounts on."""
    assert settled(28000.0, -28000.0 * (1 - 1e-13)) == 0.0
    assert settled(28000.0, -28000.0 * (1 - 1e-11)) == pytest.approx(28000e-11, rel=1e-3)
    # three terms that cancel only together: 1e6 − 999,999.7 − 0.3 leaves some 1e-11, which is dust
    # of 1e6 though not of 0.3
    assert 1e6 - 999999.7 - 0.3 != 0 and settled(1e6, -999999.7, -0.3) == 0.0
    assert (
        settled(0.1, 0.2) == 0.1 + 0.2 and settled(-1.0, -2.0) == -3.0
    )  # terms of one sign never cancel
    assert settled(math.inf, 1.0) == math.inf and math.isnan(settled(math.nan, 1.0))
    assert is_rounding_error(0.0, 0.0) and not is_rounding_error(1e-300, 0.0)


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=6))
def test_arrays_settle_as_numbers_do(terms):
    alone, many = settled(*terms), settled(*(np.array([[one, one]]) for one in terms))
    assert many.tolist() == [[alone, alone]]
    assert alone in (0.0, functools.reduce(operator.add, terms)) and abs(
        alone - math.fsum(terms)
    ) <= 1e-11 * max(1.0, *map(abs, terms))


def test_a_formula_that_divides_settles_its_sums_and_the_text_stays():
    one = Formula("left", "4 * (a - b) / (a - (b + c))", "rate", Words("", ""), divides=True)
    book = {"a": 0.3, "b": 0.1, "c": 0.2}
    fill([one], book)
    assert (
        math.isnan(book["left"])
        and one.expression == "4 * (a - b) / (a - (b + c))"
        and one.operands == ("a", "b", "c")
    )


@pytest.mark.parametrize(
    "basis",
    [
        "acos@refunds=out",
        "roas@refunds=out",
        "tacos@refunds=out,tax=out",
        "mer@refunds=out",
        "aov@refunds=out",
    ],
)
def test_a_basis_less_refunds_has_nothing_left_either(basis):
    values = Values(preset("shopify-de-fashion").replace(ALL_RETURNED))
    for over in ("steady", "total", "month"):
        found = figures(values, {over: [basis]})[basis, over]
        assert not ((np.abs(found) > 1e6) & np.isfinite(found)).any()


def test_all_goods_back_on_the_shelf_have_no_turnover():
    """Everything returned and resold: goods sold are purchase less the same recovered, zero; stock
    over them is without limit, not 1e17 days.
    """
    result = evaluate(
        preset("amazon-de-kitchen").replace(
            ALL_RETURNED | {"fulfilment.resellable_share": 1.0, "fulfilment.months_in_storage": 2.0}
        )
    )
    assert result.steady["cogs"] == 0.0 and result.steady["inventory_days"] is None


def test_the_next_customer_costs_next_to_everything_where_more_budget_buys_nobody():
    """With an elasticity of (nearly) 1 twice the budget costs twice as much a click: customers
    stay, and the next one is not to be had at any cost.

    One customer costs 0.7 / 0.03 = 23.33; the next one that over 1 − e, and no field takes an
    elasticity nearer to 1 than a millionth (ADR 0023).
    """
    ads = {
        "channels.orders.kind": "cpc",
        "channels.orders.budget": 900.0,
        "channels.orders.cpc": 0.7,
        "channels.orders.elasticity": 1 - 1e-6,
    }
    curve = budget_curve(
        neutral(ads | {"channels.orders.reference_budget": 900.0, "conversion.cvr": 0.03})
    )
    assert (curve.marginal > 1e5).all() and curve.last_worth is None


_EXTREMES = st.fixed_dictionaries(
    {},
    optional={
        "fulfilment.return_rate": st.sampled_from([0.0, 0.5, 1.0]) | st.floats(0, 1),
        "fulfilment.refund_share": st.sampled_from([0.0, 1.0]) | st.floats(0, 1),
        "fulfilment.refund_includes_shipping": st.booleans(),
        "fulfilment.resellable_share": st.sampled_from([0.0, 1.0]),
        "fulfilment.months_in_storage": st.sampled_from([0.0, 2.0]),
        "product.discount_rate": st.sampled_from([0.0, 1 - 1e-9]) | st.floats(0, 0.99),
        "product.price": st.sampled_from([0.01, 1.0, 1e6]) | st.floats(0.01, 1e4),
        "product.shipping_charged": st.sampled_from([0.0, 4.99]),
        "product.unit_cost": st.sampled_from([0.0, 1e5]) | st.floats(0, 500),
        "conversion.cvr": st.sampled_from([0.0, 1.0]) | st.floats(1e-4, 1),
        "customers.repeat_probability": st.sampled_from([0.0, 0.9]),
        "customers.referral": st.sampled_from([0.0, 0.05, 0.9]),
        "customers.ltv_horizon": st.sampled_from([1, 12, 120]),
        "customers.ltv_first_order": st.booleans(),
        "customers.ltv_basis": st.sampled_from(["cm2", "net_revenue"]),
        "payment.chargeback_rate": st.sampled_from([0.0, 1.0]),
        "tax.tax_rate": st.sampled_from([0.0, 0.25]),
        "fixed.staff_monthly": st.sampled_from([0.0, 1e4]),
    },
)


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from([card.id for card in preset_cards()]),
    _EXTREMES,
    st.booleans(),
    st.sampled_from([1, 12]),
)
def test_every_figure_is_a_number_of_size_or_none(name, changes, broke, months):
    scenario = preset(name)
    nothing = (
        {
            f"channels.{c.id}.{field}": 0.0
            for c in scenario.channels
            for field in ("budget", "impressions")
        }
        if broke
        else {}
    )
    try:
        scenario = scenario.replace(changes | nothing | {"plan.horizon_months": months})
    except InputError:  # tiers of referral and repurchase that have no steady month
        return
    result = evaluate(scenario)
    for book in (result.steady, result.horizon):
        for key, value in book.items():
            assert value is None or math.isfinite(value), key
        for key in RATES:
            assert book[key] is None or abs(book[key]) <= 1e9, (key, book[key])
    for key in (
        "margin",
        "roas",
        "acos",
        "cac",
        "aov",
        "cvr",
        "ltv",
        "ltv_cac",
        "order_profit",
        "payback_months",
        "break_even_roas",
        "mer",
        "tacos",
    ):
        if result.steady[key] is None:
            for lang in LANGS:
                why = why_none(result, key, lang)
                assert why, key
                assert (
                    text_of(result, key, lang) == NOTHING
                    and why in told(result, key, lang)
                    and why in explain(result, key, lang).note
                )
        else:
            assert why_none(result, key, "en") == ""
    json.dumps(result_json(result, []), allow_nan=False)


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(["amazon-de-kitchen", "shopify-de-fashion", "tiktok-us-beauty"]), _EXTREMES)
def test_every_future_too(name, changes):
    try:
        scenario = preset(name).replace(changes)
    except InputError:
        return
    drawn = simulate(scenario, [*RATES, "ltv", "aov", "order_profit"], paths=256)
    for key in (*RATES, "ltv", "aov", "order_profit"):
        found = drawn.of(key)
        assert key in MAY_BE_ENDLESS or not np.isinf(found).any(), key
        if key in RATES:
            assert not (np.abs(found[np.isfinite(found)]) > 1e9).any(), key


def test_a_search_for_a_margin_where_there_is_none_answers_that_there_is_none():
    found = {
        one.lever.key: one
        for one in answers(
            preset("shopify-de-fashion").replace(ALL_RETURNED), metric="margin", target=0.1
        )
    }
    assert found["price"].kind == "none" and found["price"].value is None
    assert found["return_rate"].kind == "none" or found["return_rate"].value < 1


def test_a_rate_of_less_than_a_billionth_is_one_of_nothing():
    """Goods given away but for a billionth: 10,000 of staff over some 2e-5 of net revenue is no
    margin, and the reason says so.
    """
    scenario = preset("amazon-us-kitchen").replace(
        {"product.discount_rate": 1 - 1e-9, "fixed.staff_monthly": 100_000.0}
    )
    result = evaluate(scenario)
    assert (
        0 < result.steady["net_revenue"] < 1e-3
        and result.steady["margin"] is None
        and why_none(result, "margin", "en") == "Net sales ≈ 0"
    )
    assert (
        evaluate(scenario.replace({"product.discount_rate": 1 - 1e-6})).steady["margin"] < -1e5
    )  # a figure, however bad
