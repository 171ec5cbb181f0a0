"""Actual months in the model's ledger: each figure of the series by hand, KPIs that are counted for
themselves, and a month like the model's own in every kind of shop.
"""

import math

import pytest

from funnel_sim.decisions.review.actuals import actual_kpi, actual_ledger
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.presets import preset
from tests.conftest import neutral

NAMES = ["2026-01", "2026-02", "2026-03", "2026-04"]


def series(figures, **more):
    named = {f"history.seen_{name}": values for name, values in figures.items()}
    return neutral({"history.first_month": NAMES[0], **named, **more})


def ledger_of(figures, months=None, **more):
    count = len(next(iter(figures.values())))
    return actual_ledger(series(figures, **more), NAMES[:count] if months is None else months)


# ---- KPIs that are counted for themselves

COUNTED = [820.0, 790.0, 860.0, 810.0]
OWN = {"metric": "account_health", "seen": 820.0, "over_dispersion": 0.1, "seen_of": 900.0,
       "seen_months": 6}  # fmt: skip


def counted(values=COUNTED, months=4, **more):
    kpi = Kpi.model_validate({**OWN, "id": "k", "target": 800.0, **more})
    plain = ledger_of({"orders": [10.0] * months, "gmv": [100.0] * months})
    return actual_kpi(plain, kpi, None if values is None else {"k": values})


@pytest.mark.parametrize(
    ("window", "first", "last", "value"),
    [
        ("month", 3, 3, 860.0),
        ("average", 2, 4, (790 + 860 + 810) / 3),
        ("total", 2, 4, (790 + 860 + 810) / 3),  # a score is no sum
        ("every", 2, 4, 790.0),
        ("by", 1, 4, 860.0),
        ("by", 1, 2, 820.0),
    ],
)
def test_months_that_were_counted_stand_for_their_window(window, first, last, value):
    found = counted(window=window, month_from=first, month_to=last)
    assert found.value[0] == pytest.approx(value)
    assert found.months[:, 0].tolist() == COUNTED


def test_at_most_takes_the_other_end_of_a_window():
    more = {"comparator": "at_most", "month_to": 4}
    assert counted(window="every", **more).value[0] == 860
    assert counted(window="by", **more).value[0] == 790


def test_a_stock_over_a_window_is_its_last_level_and_not_its_sum():
    for metric in ("listings_live", "listing_completion"):
        found = counted([0.1, 0.2, 0.4, 0.9], metric=metric, window="total", month_to=3)
        assert found.value[0] == 0.4


def test_reached_once_looks_over_a_month_that_nobody_counted_and_every_does_not():
    gap = [None, 790.0, 810.0]
    assert counted(gap, 3, window="by", month_to=3).value[0] == 810
    assert math.isnan(counted(gap, 3, window="every", month_to=3).value[0])
    assert math.isnan(counted([None] * 3, 3, window="by", month_to=3).value[0])


def test_what_was_counted_beyond_the_months_or_not_yet_is_no_month():
    assert counted([1.0, 2.0, 3.0], 2, month_to=2).months[:, 0].tolist() == [1, 2]
    short = counted([1.0], 2, month_to=2).months[:, 0]
    assert short[0] == 1 and math.isnan(short[1])
    assert math.isnan(counted(None).value[0])
    # a window that ends after the months holds those that came
    assert counted([1.0, 3.0], 2, window="average", month_to=6).value[0] == 2


@pytest.mark.parametrize("metric", ["return_rate", "returned_rate"])
@pytest.mark.parametrize(
    ("window", "value"), [("average", 9 / 40), ("total", 9 / 40), ("every", 0.5), ("by", 0.1)]
)
def test_a_return_rate_is_pooled_over_a_window_and_by_month_where_each_counts(
    metric, window, value
):
    # 1 of 10, 7 of 28, 1 of 2: 10, 25 and 50 %; together 9 of 40, not their mean of 28.3 %
    found = ledger_of({"gmv": [1.0] * 3, "orders": [10.0, 28, 2], "returned_orders": [1.0, 7, 1]})
    kpi = Kpi.model_validate(
        {**OWN, "id": "r", "metric": metric, "comparator": "at_most", "target": 0.1,
         "window": window, "month_to": 3}
    )  # fmt: skip
    assert actual_kpi(found, kpi).value[0] == pytest.approx(value)


def test_a_steady_metric_that_nobody_counts_is_not_known():
    found = ledger_of({"gmv": [1.0], "orders": [1.0]})
    assert math.isnan(actual_kpi(found, Kpi(id="l", metric="ltv", target=1.0)).value[0])


# ---- figures of the ledger


def test_what_the_series_lacks_follows_from_the_scenario_and_is_named():
    plain = ledger_of({"gmv": [100.0], "orders": [2.0]})
    assert set(plain.assumed) >= {"repeat_orders", "returned_orders", "goods_purchase"}
    full = ledger_of(
        {"gmv": [100.0], "orders": [2.0], "repeat_orders": [1.0], "returned_orders": [1.0],
         "goods_cost": [30.0], "commission": [10.0], "logistics": [7.0]}
    )  # fmt: skip
    assert full.assumed == ()
    assert full.month("repeat_orders").tolist() == full.month("new_customers").tolist() == [1]
    assert full.month("goods_purchase")[0] == -30 and full.month("commission")[0] == -10
    # logistics hold storage and the handling of returns
    lines = [full.month(key)[0] for key in ("fulfilment", "storage", "returns_handling")]
    assert lines == [-7, 0, 0]


def test_orders_placed_are_the_paid_ones_and_the_cancelled_ones_where_these_are_known():
    rate = {"conversion.payment_success_rate": 0.8}
    figures = {"gmv": [80.0], "orders": [8.0]}
    assert ledger_of(figures, **rate).month("orders")[0] == pytest.approx(10)
    assert ledger_of(figures | {"cancelled": [1.0]}, **rate).month("orders")[0] == 9


def test_a_fee_is_taken_off_the_profit_month_by_month():
    plain = ledger_of(
        {"gmv": [100.0, 200.0], "orders": [1.0] * 2, "ad_spend": [0.0] * 2, "refunds": [0.0] * 2}
    )
    assert plain.month("profit").tolist() == [100, 200]
    with_fee = plain.with_fee(plain.month("gmv") * 0.1)
    assert with_fee.month("profit").tolist() == [90, 180]
    assert with_fee.month("operator_fee").tolist() == [-10, -20]
    assert with_fee.with_fee(plain.month("gmv")).month("profit").tolist() == [0, 0]
    assert with_fee.over("profit", 1, 2) == 270 and with_fee.over("profit", 2, 2) == 180


def test_what_was_refunded_later_is_a_refund_unless_it_is_left_out():
    figures = {
        "gmv": [100.0] * 2,
        "orders": [1.0] * 2,
        "refunds": [10.0] * 2,
        "refunded_later": [5.0, None],
    }
    assert ledger_of(figures).month("refunds").tolist() == [-15, -10]
    early = actual_ledger(series(figures), NAMES[:2], refunded_later=False)
    assert early.month("refunds").tolist() == [-10, -10]


def test_orders_of_paid_channels_are_their_share_of_the_sales():
    found = ledger_of(
        {"gmv": [1000.0, 0.0], "orders": [20.0, 0.0], "ad_sales": [250.0, 0.0]}
    ).month("paid_channel_orders")
    assert found[0] == 5 and math.isnan(found[1])


def test_an_announced_change_waits_for_a_mark():
    announced = [{"field": "fulfilment.fulfilment_per_order", "month": 2, "value": 3.0}]
    changes = {"fulfilment.fulfilment_per_order": 2.0, "plan.announced": announced}
    figures = {"gmv": [100.0] * 3, "orders": [10.0] * 3}

    def fees(mark, months):
        more = changes | {"history.engagement_from": mark}
        return ledger_of(figures, months, **more).month("fulfilment").tolist()

    assert fees("", NAMES[:3]) == [-20, -20, -20]
    assert fees(NAMES[0], NAMES[:3]) == [-20, -30, -30]
    assert fees(NAMES[1], NAMES[:3]) == [-20, -20, -30]
    assert fees(NAMES[0], NAMES[:1]) == [-20] and fees(NAMES[0], NAMES[1:3]) == [-30, -30]


# ---- a month like the model's own

PLAIN = {
    "fixed.operator_monthly": 0.0,
    "fixed.operator_rate": 0.0,
    "fulfilment.fee_season": [1.0] * 12,
    "fulfilment.storage_season": [1.0] * 12,
    "plan.announced": [],
}
NAMED = {
    "gmv": "gmv",
    "orders": "paid_orders",
    "units": "units_shipped",
    "ad_spend": "media_spend",
    "ad_sales": "attributed_paid",
    "returned_orders": "returned_orders",
    "repeat_orders": "repeat_orders",
}


@pytest.mark.parametrize(
    "left_out", [None, "units", "ad_sales", "returned_orders", "repeat_orders"]
)
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {
            "product.discount_rate": 0.2,
            "product.voucher": 1.5,
            "product.shipping_charged": 4.0,
            "product.units_per_order": 1.3,
        },
    ],
)
@pytest.mark.parametrize("shop", ["amazon-de-kitchen", "shopify-us-beauty"])
def test_a_month_typed_as_the_models_own_has_its_profit_whatever_is_left_untyped(
    shop, changes, left_out
):
    """What is not typed follows from the scenario, so that the profit stays the same: price,
    discount, voucher and shipping are found again from sales and orders.
    """
    store = preset(shop).replace(PLAIN | changes)
    usual = evaluate(store).steady
    typed = {name: [usual[key]] for name, key in NAMED.items() if name != left_out}
    # a dashboard shows sales without a tax that comes on top of the price
    typed["gmv"] = [usual["gmv"] * usual["console_factor"] / usual["consumer_factor"]]
    sales = usual["gross_sales"] + usual["output_tax"]
    typed["refunds"] = [-usual["refunds"] * typed["gmv"][0] / sales]
    found = actual_ledger(
        store.replace(
            {"history.first_month": NAMES[0]}
            | {f"history.seen_{name}": values for name, values in typed.items()}
        ),
        NAMES[:1],
    )
    for key in ("net_revenue", "cm1", "cm2", "cm3", "profit"):
        assert found.month(key)[0] == pytest.approx(usual[key], rel=1e-9), key


@pytest.mark.parametrize("price", [29.99, 12.0])
def test_orders_returned_that_nobody_counted_follow_from_the_months_own_order_value(price):
    """1,000 refunded of 14,000 in 450 orders: 14,000 / 450 = 31.11 an order, 1,000 / 31.11 =
    32.142857 orders, whatever price stands in the form.
    """
    store = preset("amazon-de-kitchen").replace(
        {
            "product.price": price,
            "history.first_month": "2026-01",
            "history.seen_gmv": [14_000.0],
            "history.seen_orders": [450.0],
            "history.seen_refunds": [1_000.0],
        }
    )
    found = actual_ledger(store, ["2026-01"])
    assert found.month("returned_orders").tolist() == pytest.approx([32.142857], abs=1e-6)
