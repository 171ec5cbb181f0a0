"""A change is split into what both sides measured, and into nothing below it: by hand, and by laws
over months that nobody would write.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel_sim.decisions.review.drivers import FIGURES, REST
from funnel_sim.decisions.review.leak import leaks
from funnel_sim.decisions.review.levels import Levels, levels_of_plan
from funnel_sim.decisions.review.measured_drivers import factors_of
from funnel_sim.decisions.review.month_drivers import against_plan, between_months
from funnel_sim.decisions.review.periods import figures_of_period, period_of
from funnel_sim.decisions.review.usual_period import as_period
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.presets import preset
from tests.conftest import neutral
from tests.engaged import OWN, engaged

SHOPIFY = preset("shopify-us-beauty")
PRESETS = ("shopify-us-beauty", "amazon-de-kitchen", "tiktok-us-beauty")


def months(figures, shop=None, **more):
    """Return a store with these months from January 2026 on."""
    shop = SHOPIFY if shop is None else shop
    series = {f"history.seen_{name}": row for name, row in figures.items()}
    return shop.replace({"history.first_month": "2026-01", **series, **more})


def told(split):
    return {part.driver.id: part.amount for part in split.parts}


def test_visits_and_orders_per_visit_are_what_the_file_says():
    # 30,000 visits at 2 % are 600 orders, 33,000 at 2.4 % are 792: visits 3,000 · 2.2 % = 66,
    # rate 0.4 % · 31,500 = 126
    shop = months({"visits": [30_000.0, 33_000], "orders": [600.0, 792], "gmv": [24_000.0, 31_680],
                   "ad_spend": [6000.0, 7000]})  # fmt: skip
    found = between_months(shop, ["2026-01"], ["2026-02"])
    assert told(found["paid_orders"]) == pytest.approx({"visits": 66.0, "order_rate": 126.0,
                                                        "ad_cost": 0.0})  # fmt: skip
    moved = {part.driver.id: part.driver.changed for part in found["paid_orders"].parts}
    assert moved["order_rate"] == (("seen.order_rate", 0.02, 0.024),)
    assert moved["visits"] == (("seen.visits", 30_000.0, 33_000.0),)
    # 1,000 more was spent, and nothing says which visits it bought: a cost, and no more
    assert told(found["cm3"])["ad_cost"] == pytest.approx(-1000.0)


def test_bought_clicks_are_parted_from_other_visits():
    # 2,000 spent at 0.5 are 4,000 clicks of 10,000 visits; then 3,000 at 0.5, 6,000 of 12,000:
    # 2,000 clicks more, other visits 6,000 as before, all at 2 %
    shop = months({"visits": [10_000.0, 12_000], "orders": [200.0, 240], "gmv": [8000.0, 9600],
                   "ad_spend": [2000.0, 3000], "clicks": [4000.0, 6000]})  # fmt: skip
    found = between_months(shop, ["2026-01"], ["2026-02"])
    assert told(found["paid_orders"]) == pytest.approx({"ad_spend": 40.0})
    # dearer clicks instead: 3,000 at 0.75 buy as many as before
    same = {"visits": [10_000.0] * 2, "orders": [200.0] * 2, "gmv": [8000.0] * 2}
    ads = {"ad_spend": [2000.0, 3000], "clicks": [4000.0] * 2}
    dear = between_months(months(same | ads), ["2026-01"], ["2026-02"])
    # budget 1,000 / 2 · (1 / 0.5 + 1 / 0.75) · 2 % = 33.33, price the same with a minus
    assert told(dear["paid_orders"]) == pytest.approx(
        {"ad_spend": 100 / 3, "click_price": -100 / 3}
    )
    assert told(dear["cm3"])["ad_spend"] + told(dear["cm3"])["click_price"] == pytest.approx(-1000)


def test_without_visits_orders_from_ads_are_what_their_sales_come_to():
    # 4,000 of 10,000 sold came through ads: 40 of 100 orders, at 25 spent an order; then 60 of 130
    shop = months({"orders": [100.0, 130], "gmv": [10_000.0, 13_000], "ad_spend": [1000.0, 1500],
                   "ad_sales": [4000.0, 6000]})  # fmt: skip
    found = told(between_months(shop, ["2026-01"], ["2026-02"])["paid_orders"])
    assert found == pytest.approx({"ad_spend": 20.0, "other_orders": 10.0})


def test_orders_alone_are_one_factor_and_sales_alone_too():
    shop = months({"orders": [100.0, 130], "gmv": [4000.0, 5200]})
    assert told(between_months(shop, ["2026-01"], ["2026-02"])["paid_orders"]) == pytest.approx(
        {"orders": 30.0}
    )
    shop = months({"gmv": [4000.0, 5200]})
    found = between_months(shop, ["2026-01"], ["2026-02"])["gmv"]
    assert told(found) == pytest.approx({"gmv": 1200.0})


def test_drivers_and_leak_tell_the_same_rates():
    store = engaged(OWN)
    parts = between_months(store, ["2026-06"], ["2026-07"])["paid_orders"].parts
    moved = {p: (a, b) for part in parts for p, a, b in part.driver.changed}
    found = {one.step: one.rate.now for one in leaks(store, ["2026-07"]).steps if not one.channel}
    assert moved["seen.checkout_rate"][1] == pytest.approx(found["checkout"], rel=1e-12)
    for step, name in (("cart", "cart_rate"), ("paid", "paid_rate")):
        if f"seen.{name}" in moved:
            assert moved[f"seen.{name}"][1] == pytest.approx(found[step], rel=1e-12)


def test_the_plan_is_split_at_the_level_that_was_measured():
    # the plan's visits and orders per visit against the file's, never its impressions or CTR
    plain = {"visits": [9000.0], "orders": [200.0], "gmv": [8000.0], "refunds": [400.0],
             "ad_spend": [3000.0]}  # fmt: skip
    shop = months(plain, **{"plan.season": [1.0] * 12})
    plan = evaluate(shop).steady
    found = against_plan(shop, ["2026-01"])
    assert found["paid_orders"].before == pytest.approx(plan["paid_orders"])
    assert found["profit"].before == pytest.approx(plan["profit"])
    moved = {p: (a, b) for part in found["profit"].parts for p, a, b in part.driver.changed}
    assert moved["seen.visits"] == pytest.approx((plan["visits"], 9000.0))
    assert moved["seen.order_rate"] == pytest.approx(
        (plan["paid_orders"] / plan["visits"], 200 / 9000)
    )
    assert all(path.startswith("seen.") for path in moved)


@pytest.mark.parametrize("name", PRESETS)
def test_the_plan_against_itself_has_no_part(name):
    shop = preset(name).replace({"plan.season": [1.0] * 12})
    plan = evaluate(shop).steady
    level = levels_of_plan(shop, 1.0)
    names = ("orders", "gmv", "visits", "ad_spend", "refunds", "units")
    known = [one for one in names if not math.isnan(getattr(level, one))]
    seen = {one: [getattr(level, one)] for one in known}
    found = against_plan(months(seen, shop), ["2026-01"])
    for key in ("paid_orders", "cm3", "profit"):
        assert found[key].before == pytest.approx(plan[key], rel=1e-9), key
        scale = abs(found["gmv"].before)
        for part in found[key].parts:  # storage in January is not that of the mean month
            if part.driver.id != REST:
                assert abs(part.amount) <= 1e-6 * scale, (key, part)


def test_a_channel_form_that_cannot_reach_the_orders_leaves_costs_as_they_came():
    # a store whose form converts every visit: 410 orders of 100 visits cannot be fitted, and need
    # not be: purchase cost 4,100 is 10 an order
    shop = neutral({"history.first_month": "2026-01", "history.seen_orders": [410.0],
                    "history.seen_gmv": [12_500.0], "history.seen_goods_cost": [4100.0],
                    "product.unit_cost": 20.0})  # fmt: skip
    usual = evaluate(as_period(shop, ["2026-01"]).store).steady
    assert usual["paid_orders"] == pytest.approx(410)
    assert usual["gmv"] == pytest.approx(12_500) and usual["goods_purchase"] == pytest.approx(-4100)


def test_gmv_is_the_files_and_holds_no_tax_on_top():
    # US sales tax is put on top: 33,024.48 of the file is 33,024.48 in card and drivers
    shop = months({"orders": [700.0, 789], "gmv": [28_966.0, 33_024.48]},
                  **{"history.engagement_from": "2026-02"})  # fmt: skip
    assert shop.tax.situation == "outside_price"
    card = figures_of_period(shop, period_of(shop))[0]
    assert (card.key, card.now, card.before) == ("gmv", pytest.approx(33_024.48), 28_966.0)
    found = between_months(shop, ["2026-01"], ["2026-02"])["gmv"]
    assert (found.before, found.after) == pytest.approx((28_966.0, 33_024.48))
    assert not any(part.driver.id == REST for part in found.parts)


FIGURE = {
    "visits": st.floats(2000.0, 50_000.0),
    "carts": st.floats(500.0, 1900.0),
    "orders": st.floats(50.0, 450.0),
    "cancelled": st.integers(0, 40).map(float),
    "units": st.floats(450.0, 900.0),
    "gmv": st.floats(3000.0, 40_000.0),
    "refunds": st.floats(1.0, 900.0),
    "ad_spend": st.floats(100.0, 9000.0),
    "clicks": st.floats(100.0, 1900.0),
    "ad_sales": st.floats(100.0, 2900.0),
    "goods_cost": st.floats(100.0, 9000.0),
    "commission": st.floats(100.0, 4000.0),
    "logistics": st.floats(100.0, 4000.0),
}


@st.composite
def two_months(draw):
    """Return figures of two months, some of them known, some of them the same in both."""
    out = {}
    for name, values in FIGURE.items():
        if name not in ("orders", "gmv") and not draw(st.booleans()):
            continue
        one = draw(values)
        out[name] = [one, one if draw(st.booleans()) else draw(values)]
    return out


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(two_months(), st.sampled_from(PRESETS))
def test_an_unchanged_factor_has_no_part_and_the_parts_add_up(figures, name):
    found = between_months(months(figures, preset(name)), ["2026-01"], ["2026-02"])
    for key in FIGURES:
        one = found[key]
        whole = max(abs(one.before), abs(one.after), 1.0)
        if one.lacks or not math.isfinite(one.change):
            continue
        assert abs(math.fsum(p.amount for p in one.parts) - one.change) <= 1e-9 * whole
        for part in one.parts:
            ends = part.driver.changed
            if ends and all(math.isclose(a, b, rel_tol=1e-10) for _, a, b in ends):
                assert abs(part.amount) <= 1e-7 * whole, (key, part)
            if not ends:
                assert part.driver.id == REST


@given(two_months())
def test_the_factors_make_the_orders_of_both_sides(figures):
    sides = [Levels(**{name: row[n] for name, row in figures.items()}) for n in (0, 1)]
    found = factors_of(*sides)
    for which, side in zip(("before", "after"), sides, strict=True):
        orders = sum(
            math.prod(getattr(one, which) ** one.power for one in found if what in one.of)
            for what in ("ads", "others")
            if any(what in one.of for one in found)
        )
        assert orders == pytest.approx(side.orders, rel=1e-9)
        spent = [getattr(one, which) for one in found if "spend" in one.of]
        assert not spent or spent == [side.ad_spend]


def test_twelve_measured_drivers_are_split_exactly():
    rng = np.random.default_rng(5)
    lows = {"visits": 20_000.0, "carts": 1500.0, "orders": 300.0, "cancelled": 20.0,
            "units": 600.0, "gmv": 12_000.0, "refunds": 500.0, "ad_spend": 3000.0,
            "clicks": 1500.0, "goods_cost": 4000.0, "commission": 1500.0,
            "logistics": 1600.0}  # fmt: skip
    rows = {name: [low, low * (1.01 + 0.1 * rng.random())] for name, low in lows.items()}
    shop = preset("amazon-de-kitchen")
    found = between_months(months(rows, shop), ["2026-01"], ["2026-02"])["profit"]
    assert len([p for p in found.parts if p.driver.id != REST]) == 12
    assert abs(math.fsum(p.amount for p in found.parts) - found.change) <= 1e-9 * abs(found.change)
