"""Metrics, months and odd stores: by hand, and what happens where a figure does not exist."""

import pytest

from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.presets import preset
from tests.conftest import neutral

ADS = {
    "channels.orders.kind": "cpc",
    "channels.orders.budget": 1000.0,
    "channels.orders.cpc": 0.5,
    "channels.orders.ctr": None,
    "conversion.cvr": 0.05,
}


def test_metrics_of_ads_by_hand():
    # 2,000 clicks · 5 % = 100 orders at 100; contribution 100 − 60 = 40 each
    result = evaluate(neutral(ADS | {"product.unit_cost": 60.0}))
    expected = {
        "acos": 0.10,
        "roas": 10.0,
        "tacos": 0.10,
        "mer": 10.0,
        "cac": 10.0,
        "blended_cac": 10.0,
        "cvr": 0.05,
        "cpc": 0.5,
        "break_even_acos": 0.40,
        "break_even_roas": 2.5,
        "break_even_cpc": 2.0,
        "ltv": 40.0,
        "ltv_cac": 4.0,
        "margin": 0.30,
        "profit": 3000.0,
        "payback_months": 1.0,
        "orders": 100.0,
        "clicks": 2000.0,
        "aov": 100.0,
        "gmv": 10_000.0,
    }
    for key, value in expected.items():
        assert result.steady[key] == pytest.approx(value), key
    assert result.steady["impressions"] is None  # no CTR was given
    assert result.steady["cpm"] is None


def test_three_kinds_of_cac_by_hand():
    # 100 orders from ads (1,000), 50 from creators at 10 % of 5,000 = 500; operator 300,
    # localisation 150
    plain = neutral(
        ADS | {"fixed.operator_monthly": 300.0, "fixed.localisation_monthly": 150.0}
    ).plain()
    plain["channels"].append(
        {
            "id": "creators",
            "kind": "share",
            "impressions": 1000.0,
            "ctr": 1.0,
            "affiliate_rate": 0.1,
        }
    )
    result = evaluate(neutral().read(plain))
    assert result.steady["affiliates"] == pytest.approx(-500.0)
    assert result.steady["cac"] == pytest.approx(10.0)
    assert result.steady["blended_cac"] == pytest.approx(1500 / 150)
    assert result.steady["loaded_cac"] == pytest.approx(1950 / 150)
    assert result.steady["roas"] == pytest.approx(10.0)  # creators' sales are not the ads'
    assert result.steady["mer"] == pytest.approx(15_000 / 1500)


def test_months_by_hand():
    # ramp 50 % -> 100 % in 2 months, season 2 in February and 0.5 in March, budget plan 1, 1, 2,
    # start in January
    season = [1.0, 2.0, 0.5, *[8.5 / 9] * 9]
    result = evaluate(
        neutral(
            ADS
            | {
                "plan.horizon_months": 4,
                "plan.ramp_start": 0.5,
                "plan.ramp_months": 2.0,
                "plan.season": season,
                "plan.budget_plan": [1.0, 1.0, 2.0],
            }
        )
    )
    # conversion 0.5 · 1, 0.75 · 2, 1 · 0.5, 1 · 8.5/9 times 5 %; clicks 2,000, 2,000, 4,000, 4,000
    assert result.monthly["first_orders"] == pytest.approx([50.0, 150.0, 100.0, 200.0 * 8.5 / 9])
    assert result.monthly["ads"] == pytest.approx([-1000, -1000, -2000, -2000])
    assert result.horizon["ads"] == pytest.approx(-6000)


def test_one_off_costs_fall_in_their_month_only():
    rows = [
        {"name": "photos", "group": "localisation", "amount": 500.0, "month": 2},
        {"amount": 90.0, "month": 9},
    ]
    result = evaluate(neutral({"plan.horizon_months": 3, "fixed.one_off": rows}))
    assert result.monthly["localisation"] == pytest.approx([0, -500, 0])
    assert result.horizon["other_fixed"] == 0.0  # month 9 lies beyond the horizon
    assert result.steady["localisation"] == 0.0


def test_an_operators_effect_arrives_with_its_ramp():
    result = evaluate(
        neutral(
            ADS
            | {
                "effect.effect_add_to_cart": 1.2,
                "effect.effect_ramp_months": 2.0,
                "plan.horizon_months": 4,
            }
        )
    )
    assert result.monthly["first_orders"] == pytest.approx([100, 110, 120, 120])
    assert result.steady["first_orders"] == pytest.approx(120)
    assert evaluate(neutral(ADS | {"effect.effect_cpc": 0.8})).steady["cpc"] == pytest.approx(0.4)
    assert evaluate(neutral({"effect.effect_aov": 1.5})).steady["aov"] == pytest.approx(150)


def test_a_conversion_rate_and_its_steps_are_the_same_store():
    steps = {
        "conversion.cvr": None,
        "conversion.add_to_cart_rate": 0.1,
        "conversion.checkout_rate": 0.5,
        "conversion.payment_success_rate": 0.8,
    }
    one, other = evaluate(neutral(ADS | {"conversion.cvr": 0.04})), evaluate(neutral(ADS | steps))
    assert one.steady["profit"] == pytest.approx(other.steady["profit"])
    assert other.steady["carts"] == pytest.approx(200)
    assert other.steady["orders"] == pytest.approx(100)  # placed; 80 of them paid
    assert one.steady["carts"] is None


@pytest.mark.parametrize(
    "changes",
    [
        {"conversion.cvr": 0.0},
        {"channels.orders.impressions": 0.0},
        {"fulfilment.return_rate": 1.0},
        ADS | {"channels.orders.budget": 0.0},
        {"product.price": 0.01, "product.unit_cost": 1e6},
        {"payment.payment_rate": 0.99},
    ],
)
def test_odd_stores_have_figures_or_none_but_no_nan(changes):
    result = evaluate(neutral(changes))
    for book in (result.steady, result.horizon):
        for key, value in book.items():
            assert value is None or abs(value) < 1e15, key
    if not result.steady["paid_orders"]:
        assert result.steady["aov"] is None and result.per("profit", "order") is None


def test_break_even_figures_of_a_product_that_loses_before_ads():
    result = evaluate(neutral(ADS | {"product.unit_cost": 150.0}))
    for key in ("break_even_acos", "break_even_roas", "break_even_cpc"):
        assert result.steady[key] is None, key  # no ad pays for itself: there is no such value


def test_a_result_says_how_to_get_it_again():
    result = evaluate(preset("ebay-uk"))
    assert result.scenario == preset("ebay-uk")
    assert result.model_version


def test_orders_never_exceed_carts():
    # 100 visits, 4 % carts, CVR 3.8 %: the cart-to-order rate is 0.95; an effect of 1.15 on it
    # stops at 1
    changes = {
        "conversion.cvr": 0.038,
        "conversion.add_to_cart_rate": 0.04,
        "effect.effect_checkout": 1.15,
    }
    result = evaluate(neutral(changes))
    assert result.steady["carts"] == pytest.approx(4.0)
    assert result.steady["first_orders"] == pytest.approx(4.0)


def test_a_better_ctr_needs_fewer_impressions_for_the_same_bought_clicks():
    one, better = (
        evaluate(neutral(ADS | {"channels.orders.ctr": 0.01, "effect.effect_ctr": e}))
        for e in (1.0, 1.5)
    )
    assert (one.steady["impressions"], better.steady["impressions"]) == (
        pytest.approx(200_000),
        pytest.approx(200_000 / 1.5),
    )
    assert one.steady["profit"] == better.steady["profit"]


def test_a_partial_refund_is_a_share_of_the_goods_and_shipping_all_or_nothing():
    # goods 100, shipping 5: half the goods and all shipping = 55; without shipping 50
    changes = {
        "product.shipping_charged": 5.0,
        "fulfilment.return_rate": 0.1,
        "fulfilment.refund_share": 0.5,
    }
    assert evaluate(neutral(changes)).steady["refunds"] == pytest.approx(-10 * 55.0)
    assert evaluate(neutral(changes | {"fulfilment.refund_includes_shipping": False})).steady[
        "refunds"
    ] == pytest.approx(-10 * 50.0)


def test_inventory_days_by_the_glossary():
    # 100 units a month, 2 months in storage, landed 10: inventory 2,000; COGS 1,000 a month less 50
    # recovered
    changes = {
        "product.unit_cost": 10.0,
        "fulfilment.months_in_storage": 2.0,
        "fulfilment.return_rate": 0.1,
        "fulfilment.resellable_share": 0.5,
    }
    result = evaluate(neutral(changes))
    assert result.steady["inventory_days"] == pytest.approx(2000 / (950 * 12 / 365))
    assert result.horizon["inventory_days"] == pytest.approx(2000 / (950 * 12 / 365))
    assert evaluate(neutral({})).steady["inventory_days"] is None


def test_a_channel_with_a_cart_rate_of_its_own_converts_like_the_store():
    result = evaluate(
        neutral({"conversion.cvr": 0.05, "channels.orders.channel_add_to_cart_rate": 0.2})
    )
    assert (result.steady["carts"], result.steady["first_orders"]) == (
        pytest.approx(20),
        pytest.approx(5),
    )


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (2, 0, 1), (2, 1, 0)])
def test_the_order_of_channels_changes_nothing(order):
    """100 sends at 0.5 cost 50, wherever the list stands among the channels."""
    base = neutral()
    rows = [
        {"id": "ads", "kind": "cpc", "budget": 100.0, "cpc": 1.0},
        {"id": "free", "kind": "organic", "impressions": 10.0, "ctr": 1.0},
        {"id": "mail", "kind": "list", "impressions": 100.0, "ctr": 1.0, "send_cost": 0.5},
    ]
    scenario = base.read(base.plain() | {"channels": [rows[i] for i in order]})
    result = evaluate(scenario)
    for book in (
        result.steady,
        {key: value / 12 for key, value in result.horizon.items() if value is not None},
    ):
        assert (book["list_sends"], book["ads"], book["paid_orders"]) == (
            pytest.approx(-50),
            pytest.approx(-100),
            pytest.approx(210),
        )
