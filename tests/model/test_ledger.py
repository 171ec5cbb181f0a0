"""The ledger: one order worked out by hand line by line, and laws that hold for any scenario."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from funnel_sim.model.economics import book_of, evaluate
from funnel_sim.model.ledger import LINE_KEYS, LINES, SUBTOTALS
from funnel_sim.model.periods import period
from funnel_sim.model.values import Values
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import point_value
from tests.conftest import certain, neutral

NAMES = [card.id for card in preset_cards()]
COSTS = (
    "product.unit_cost",
    "product.inbound_freight",
    "product.packaging",
    "tax.duty_rate",
    "payment.payment_rate",
    "payment.payment_fixed",
    "payment.fx_spread",
    "payment.chargeback_rate",
    "payment.chargeback_fee",
    "fulfilment.fulfilment_per_order",
    "fulfilment.fulfilment_per_unit",
    "fulfilment.parcel_per_order",
    "fulfilment.storage_per_unit_month",
    "fulfilment.return_handling",
    "fixed.operator_monthly",
    "fixed.operator_rate",
    "fixed.saas_monthly",
    "fixed.staff_monthly",
    "tax.tax_on_fees",
    "commission.commission_minimum",
    "commission.order_fee",
)


def test_one_order_by_hand_every_line():
    """100 orders of 2 units at 50 (tax 25 % inside, seller remits), costs in CNY at 8 per unit of
    sales currency.
    """
    result = evaluate(
        neutral(
            {
                "currency": "EUR",
                "cost_currency": "CNY",
                "fx_rate": 8.0,
                "product.price": 50.0,
                "product.units_per_order": 2.0,
                "product.discount_rate": 0.1,
                "product.shipping_charged": 5.0,
                "product.unit_cost": 80.0,
                "product.inbound_freight": 16.0,
                "product.packaging": 4.0,
                "tax.situation": "seller_remits",
                "tax.tax_rate": 0.25,
                "tax.duty_rate": 0.1,
                "tax.import_tax_rate": 0.25,
                "tax.import_tax_recoverable": True,
                "tax.tax_on_fees": 0.1,
                "commission.tiers": [{"upto": None, "rate": 0.15}],
                "commission.commission_on_tax": True,
                "commission.commission_on_shipping": True,
                "commission.fixed_bands": [{"upto": None, "fee": 0.5}],
                "commission.refund_kept_rate": 0.2,
                "commission.refund_kept_cap": 0.5,
                "payment.payment_rate": 0.03,
                "payment.payment_fixed": 0.25,
                "payment.fx_spread": 0.01,
                "payment.chargeback_rate": 0.01,
                "payment.chargeback_fee": 15.0,
                "fulfilment.fulfilment_per_order": 3.0,
                "fulfilment.fulfilment_per_unit": 1.0,
                "fulfilment.parcel_per_order": 16.0,
                "fulfilment.storage_per_unit_month": 0.2,
                "fulfilment.months_in_storage": 2.0,
                "fulfilment.return_rate": 0.1,
                "fulfilment.refund_includes_shipping": False,
                "fulfilment.return_handling": 4.0,
                "fulfilment.resellable_share": 0.5,
                "channels.orders.send_cost": 0.3,
                "fixed.operator_monthly": 4000.0,
                "fixed.operator_rate": 0.05,
                "fixed.saas_monthly": 800.0,
                "fixed.platform_monthly": 39.0,
                "fixed.compliance_monthly": 400.0,
                "fixed.localisation_monthly": 240.0,
                "fixed.staff_monthly": 1600.0,
                "fixed.other_monthly": 80.0,
            }
        )
    )
    # goods 50 · 2 · 0.9 = 90, with shipping 95; tax inside 95 · 0.2 = 19; net 76
    # landed per unit: 80/8 + 16/8 + duty 10 % of CIF 12 = 1.2 + 4/8 = 13.7 (import tax recovered)
    # refund: goods 90 · 0.8 = 72 (shipping is not refunded)
    # commission per item: base 47.5 · 15 % = 7.125 + 0.5; two items, fee tax 10 %: (14.25 + 1) ·
    # 1.1 = 16.775
    #   given back per return: per item 7.125 − min(20 %, 0.5) = 6.625, two, · 1.1 = 14.575
    # payment: 95 · 3 % + 0.25 = 3.10; fulfilment: (3 + 2 · 1) · 1.1 + 16/8 = 7.5
    # storage: 2 units · 0.2 · 2 months · 1.1 = 0.88; chargeback 1 order: 76 + 15 = 91
    # converted: net revenue 6,880 − fulfilment abroad 550 − storage 88 − handling 40 − commission
    # 1,531.75 − payment 310 − chargeback 91 = 4,269.25
    expected = {
        "gross_sales": 9500.0,
        "output_tax": -1900.0,
        "refunds": -720.0,
        "goods_purchase": -2000.0,
        "goods_freight": -400.0,
        "goods_duty": -240.0,
        "goods_entry": 0.0,
        "goods_packaging": -100.0,
        "goods_import_tax": 0.0,
        "goods_recovered": 10 * 2 * 0.5 * 13.7,
        "fulfilment": -750.0,
        "storage": -88.0,
        "returns_handling": -40.0,
        "commission": -1677.5 + 145.75,
        "payment_fee": -310.0,
        "chargebacks": -91.0,
        "fx_cost": -42.6925,
        "ads": 0.0,
        "list_sends": -30.0,
        "affiliates": 0.0,
        "operator_fee": -(500.0 + 0.05 * 6880.0),
        "localisation": -30.0,
        "compliance": -50.0,
        "saas": -100.0 - 39.0,
        "staff": -200.0,
        "other_fixed": -10.0,
    }
    assert set(expected) == set(LINE_KEYS)
    for key, amount in expected.items():
        assert result.steady[key] == pytest.approx(amount, abs=1e-9), key
    assert result.steady["profit"] == pytest.approx(sum(expected.values()), abs=1e-9)
    assert result.steady["gmv"] == pytest.approx(9500.0)
    assert result.steady["landed_cost"] == pytest.approx(13.7)


def test_import_tax_is_cost_for_a_seller_who_is_not_registered():
    # CIF 12 + duty 1.2 = 13.2; 25 % = 3.3 more per unit
    changes = {
        "product.unit_cost": 10.0,
        "product.inbound_freight": 2.0,
        "tax.duty_rate": 0.1,
        "tax.import_tax_rate": 0.25,
    }
    assert evaluate(neutral(changes)).steady["landed_cost"] == pytest.approx(12 + 1.2 + 3.3)
    fob = changes | {
        "tax.customs_includes_freight": False
    }  # duty on 10 only: 1.0; import tax on 13: 3.25
    assert evaluate(neutral(fob)).steady["landed_cost"] == pytest.approx(12 + 1.0 + 3.25)


@pytest.mark.parametrize("name", NAMES)
def test_lines_add_up_to_the_profit_to_the_last_digit(name):
    result = evaluate(preset(name))
    for book in (result.steady, result.horizon):
        total = 0.0
        for group in SUBTOTALS:
            for line in LINES:
                if line.group == group:
                    total += book[line.formula.key]
            assert total == book[group], (
                group
            )  # the same additions in the same order: not a digit apart
        exact = math.fsum(book[key] for key in LINE_KEYS)
        assert abs(exact - book["profit"]) <= 32 * math.ulp(
            max(abs(book[key]) for key in LINE_KEYS)
        )


PRESETS = st.sampled_from(NAMES)


@given(PRESETS, st.sampled_from(COSTS), st.floats(0.01, 3))
def test_more_cost_is_never_more_profit(name, path, more):
    scenario = preset(name)
    now = point_value(scenario.get(path))
    top = 0.9 if path.endswith("_rate") or path.endswith(("spread", "on_fees")) else 1e9
    dearer = scenario.replace({path: min(top, now * (1 + more) + more * (0.01 if top < 1 else 1))})
    assert evaluate(dearer).steady["profit"] <= evaluate(scenario).steady["profit"] + 1e-9


@pytest.mark.slow
@given(PRESETS, st.floats(0.01, 100))
def test_scaling_the_currency_scales_the_money(name, factor):
    scenario = certain(preset(name))
    assume(scenario.currency != scenario.cost_currency)  # sold at home: there is no rate to scale
    plain, changes = scenario.plain(), {"fx_rate": scenario.fx_rate / factor}
    money = (
        "price",
        "shipping_charged",
        "commission_minimum",
        "order_fee",
        "payment_fixed",
        "chargeback_fee",
        "fulfilment_per_order",
        "fulfilment_per_unit",
        "storage_per_unit_month",
        "return_handling",
        "platform_monthly",
        "entry_fee_minimum",
        "entry_fee_maximum",
        "clearance_per_shipment",
    )
    for section, values in plain.items():
        if isinstance(values, dict):
            changes |= {
                f"{section}.{k}": v * factor
                for k, v in values.items()
                if k in money and v is not None
            }
    caps = plain["commission"]["refund_kept_cap"]
    changes |= {} if caps is None else {"commission.refund_kept_cap": caps * factor}
    for kind, value in (("tiers", "rate"), ("fixed_bands", "fee")):
        rows = [dict(row) for row in plain["commission"][kind]]
        for row in rows:
            row["upto"] = row["upto"] and row["upto"] * factor
            row[value] *= factor if value == "fee" else 1
        changes[f"commission.{kind}"] = rows
    for channel in plain["channels"]:
        changes |= {
            f"channels.{channel['id']}.{k}": (
                point_value(scenario.get(f"channels.{channel['id']}.{k}")) * factor
            )
            for k in ("budget", "cpc", "cpm", "send_cost")
        }
    before, after = evaluate(scenario), evaluate(scenario.replace(changes))
    for key in (*LINE_KEYS, "profit", "ltv", "cac", "aov"):
        if before.steady[key] is None:  # what a customer of ads costs, where no ads are bought
            assert after.steady[key] is None
            continue
        assert after.steady[key] == pytest.approx(
            before.steady[key] * factor, rel=1e-9, abs=1e-9 * factor
        ), key
    assert after.steady["margin"] == pytest.approx(before.steady["margin"], rel=1e-9)


@pytest.mark.slow
@given(PRESETS, st.floats(0.5, 2), st.floats(0.5, 2))
def test_many_paths_at_once_give_each_the_digits_it_has_alone(name, a, b):
    scenario = preset(name)
    price = point_value(scenario.product.price) * np.array([a, b, 1.0])
    second = next(
        field for field in ("cpc", "known_sales") if getattr(scenario.channels[0], field, None)
    )  # some are typed as orders
    path = f"channels.{scenario.channels[0].id}.{second}"
    other = point_value(getattr(scenario.channels[0], second)) * np.array([b, 1.0, a])
    for steady in (True, False):
        together = Values(scenario, {"product.price": price, path: other})
        steady_book = book_of(together, steady=True)
        book = period(
            together, steady_book if steady else book_of(together, steady=False), steady_book
        )
        for index in range(3):
            alone = evaluate(
                scenario.replace({"product.price": float(price[index]), path: float(other[index])})
            )
            one = alone.steady if steady else alone.horizon
            for key in ("profit", "cm2", "margin", "ltv", "cac", *LINE_KEYS):
                found = np.broadcast_to(book[key], (1, 3))[0, index]
                assert np.isnan(found) if one[key] is None else found == one[key], (
                    key
                )  # a shop without ads has no CAC


@given(PRESETS, st.floats(0.01, 0.4))
def test_tax_inclusive_and_exclusive_entry_of_the_same_price_agree(name, rate):
    scenario = preset(name).replace(
        {
            "tax.situation": "seller_remits",
            "tax.tax_rate": rate,
            "product.price_includes_tax": True,
            "plan.announced": [],  # a rate that changes later moves only one of the two prices
        }
    )
    net = scenario.replace(
        {
            "product.price": point_value(scenario.product.price) / (1 + rate),
            "product.price_includes_tax": False,
        }
    )
    assert evaluate(net).steady["profit"] == pytest.approx(
        evaluate(scenario).steady["profit"], rel=1e-9, abs=1e-7
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_months_of_a_flat_plan_are_alike_and_add_up(name):
    flat = {
        "plan.season": [1.0] * 12,
        "fulfilment.fee_season": [1.0] * 12,
        "fulfilment.storage_season": [1.0] * 12,  # peak and storage rates differ by month
        "fixed.one_off": [],  # compliance has its costs at the start
        "plan.announced": [],
    }
    scenario = preset(name).replace(
        flat | {"customers.repeat_probability": 0.0, "plan.horizon_months": 36}
    )
    result = evaluate(scenario)
    assert result.horizon["profit"] == pytest.approx(36 * result.steady["profit"], rel=1e-9)
    assert result.monthly["profit"] == pytest.approx([result.steady["profit"]] * 36)
