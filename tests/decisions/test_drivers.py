"""What drove a change: Shapley values by hand, against their closed form and against every order of
the drivers; two scenarios, and two periods of a store's months.
"""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.decisions.review.drivers import (
    FIGURES,
    REST,
    Driver,
    DriverMove,
    _data,
    _group,
    between,
    between_months,
    shapley,
    split,
)
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.paths import varying_paths
from funnel_sim.scenario.presets import preset
from tests.conftest import neutral

SHOP = preset("amazon-de-kitchen")


def by_orders(worth, count):
    """Return what each player adds, averaged over every order, one order after the other."""
    out = [0.0] * count
    orders = list(itertools.permutations(range(count)))
    for order in orders:
        inside = 0
        for player in order:
            out[player] += worth[inside | (1 << player)] - worth[inside]
            inside |= 1 << player
    return [one / len(orders) for one in out]


@given(st.integers(0, 5), st.integers(0, 2**32 - 1))
def test_shapley_values_are_the_mean_over_every_order(count, seed):
    worth = np.random.default_rng(seed).normal(0, 100, 2**count)
    found = shapley(worth)
    assert found.tolist() == pytest.approx(by_orders(worth, count), abs=1e-9)
    assert math.fsum(found) == pytest.approx(worth[-1] - worth[0], abs=1e-9)


def test_a_product_of_two_has_its_closed_form():
    # orders = visits · rate: 1000 · 5 % = 50 → 1200 · 4 % = 48; visits (200)(4.5 %) = 9,
    # rate (−1 %)(1100) = −11
    store = neutral({"channels.orders.impressions": 1000.0, "conversion.cvr": 0.05})
    after = store.replace({"channels.orders.impressions": 1200.0, "conversion.cvr": 0.04})
    found = between(store, after)["paid_orders"]
    told = {(part.driver.id, part.driver.channel): part.amount for part in found.parts}
    assert told == pytest.approx({("traffic", "orders"): 9.0, ("conversion", ""): -11.0})
    assert (found.before, found.after, found.change) == pytest.approx((50, 48, -2))


def test_a_product_of_three_has_its_closed_form():
    # GMV = v · c · p; the part of v is Δv · (c0 p0 / 3 + c1 p1 / 3 + (c0 p1 + c1 p0) / 6)
    (v0, v1), (c0, c1), (p0, p1) = (1000.0, 1300.0), (0.05, 0.04), (100.0, 110.0)
    store = neutral({"channels.orders.impressions": v0, "conversion.cvr": c0, "product.price": p0})
    after = store.replace(
        {"channels.orders.impressions": v1, "conversion.cvr": c1, "product.price": p1}
    )
    found = between(store, after)["gmv"]
    told = {part.driver.id: part.amount for part in found.parts}

    def part(one, other, third):
        (a0, a1), (b0, b1), (d0, d1) = one, other, third
        return (a1 - a0) * (b0 * d0 / 3 + b1 * d1 / 3 + (b0 * d1 + b1 * d0) / 6)

    v, c, p = (v0, v1), (c0, c1), (p0, p1)
    assert told == pytest.approx(
        {"traffic": part(v, c, p), "conversion": part(c, v, p), "price": part(p, v, c)}, rel=1e-12
    )


TWELVE = {
    "product.price": 33.0,
    "product.discount_rate": 0.07,
    "product.units_per_order": 1.2,
    "product.unit_cost": 61.0,
    "channels.ads.budget": 4100.0,
    "channels.ads.cpc": 0.91,
    "channels.organic.impressions": 52000.0,
    "conversion.cvr": 0.085,
    "fulfilment.return_rate": 0.13,
    "fulfilment.fulfilment_per_order": 5.1,
    "payment.payment_rate": 0.011,
    "fixed.saas_monthly": 900.0,
}


def test_twelve_drivers_through_the_whole_ledger_add_up_exactly():
    found = between(SHOP, SHOP.replace(TWELVE))
    for key in FIGURES:
        one = found[key]
        assert len(one.parts) == 12
        assert abs(math.fsum(part.amount for part in one.parts) - one.change) <= 1e-9 * abs(
            one.change
        )
        assert one.before == pytest.approx(evaluate(SHOP).steady[key], rel=1e-12)
        assert one.after == pytest.approx(evaluate(SHOP.replace(TWELVE)).steady[key], rel=1e-12)


def test_no_order_of_the_drivers_matters():
    paths = list(TWELVE)[:6]
    after = SHOP.replace({path: TWELVE[path] for path in paths})
    drivers = [Driver(path) for path in paths]
    amounts = []
    for order in (range(6), [5, 2, 0, 4, 1, 3]):
        moved = [drivers[i] for i in order]
        moves = [
            DriverMove(one.id, float(_likely(SHOP, one.id)), TWELVE[one.id], place)
            for place, one in enumerate(moved)
        ]
        found = split(after, moved, moves)["profit"]
        amounts.append({part.driver.id: part.amount for part in found.parts})
    assert amounts[0] == pytest.approx(amounts[1], rel=1e-9, abs=1e-9)


def _likely(store, path):
    from funnel_sim.scenario.quantity import point_value

    return point_value(store.get(path))


def test_what_changes_nothing_has_no_part_and_equals_have_equal_parts():
    # two drivers that double the same product have the same part; a fixed cost moves no orders
    store = neutral({"channels.orders.impressions": 50.0, "product.price": 10.0})
    after = store.replace(
        {
            "channels.orders.impressions": 100.0,
            "product.price": 20.0,
            "fixed.saas_monthly": 7.0,
        }
    )
    found = between(store, after)
    told = {part.driver.id: part.amount for part in found["gmv"].parts}
    assert told["traffic"] == pytest.approx(told["price"]) and told["fixed"] == 0
    profit = {part.driver.id: part.amount for part in found["profit"].parts}
    assert profit["fixed"] == pytest.approx(-7)


def test_two_stores_that_no_number_parts_are_refused():
    with pytest.raises(InputError, match="tax"):
        between(SHOP, SHOP.replace({"tax.situation": "outside_price"}))
    with pytest.raises(InputError, match="channels"):
        between(SHOP, neutral())


def test_a_rate_that_only_one_channel_is_given_is_held_against_the_stores():
    store = neutral({"channels.orders.impressions": 1000.0, "conversion.cvr": 0.05})
    after = store.replace({"channels.orders.channel_cvr": 0.06})
    found = between(store, after)["paid_orders"]
    assert found.change == pytest.approx(10)
    assert [(part.driver.id, part.driver.channel) for part in found.parts] == [
        ("conversion", "orders")
    ]


def test_every_number_of_the_model_has_its_driver():
    left = {path for path in varying_paths(SHOP) if _group(path) == "other"}
    left = {path for path in left if path.partition(".")[0] not in ("plan", "chance")}
    assert left == {"effect.effect_ramp_months"}  # of no usual month
    assert len({row["id"] for row in _data()["driver"]}) == len(_data()["driver"])


# ---- two periods of own months

MONTHS = {
    "gmv": [12500.0, 11800, 13900, 12000, 15000, 16000],
    "orders": [410.0, 390, 452, 400, 520, 560],
    "units": [455.0, 430, 500, 440, 560, 600],
    "visits": [16400.0, 15900, 17800, 16000, 18000, 19000],
    "clicks": [2600.0, 2450, 2840, 2500, 3000, 3300],
    "ad_spend": [1850.0, 1760, 2010, 1800, 2600, 2700],
    "ad_sales": [5900.0, 5500, 6600, 5600, 6100, 7000],
    "refunds": [640.0, 610, 700, 900, 1400, 1500],
    "goods_cost": [4100.0, 3870, 4500, 4000, 5100, 5500],
    "commission": [1875.0, 1770, 2085, 1800, 2400, 2500],
    "logistics": [2050.0, 1950, 2260, 2000, 2700, 2900],
}
ONE, TWO = ["2026-01", "2026-02", "2026-03"], ["2026-04", "2026-05", "2026-06"]


def store(figures=None, **more):
    series = {f"history.seen_{name}": row for name, row in (figures or MONTHS).items()}
    return SHOP.replace({"history.first_month": "2026-01", **series, **more})


def test_the_change_of_two_periods_is_what_came_and_adds_up():
    found = between_months(store(), ONE, TWO)
    assert found["gmv"].before == pytest.approx(np.mean(MONTHS["gmv"][:3]))
    assert found["gmv"].after == pytest.approx(np.mean(MONTHS["gmv"][3:]))
    assert found["paid_orders"].change == pytest.approx((400 + 520 + 560 - 410 - 390 - 452) / 3)
    for one in found.values():
        total = math.fsum(part.amount for part in one.parts)
        assert abs(total - one.change) <= 1e-9 * abs(one.change)
    rest = [p.amount for p in found["profit"].parts if p.driver.id == REST]
    assert sum(map(abs, rest)) < 0.05 * abs(found["profit"].change)
    told = {part.driver.id: part.amount for part in found["profit"].parts}
    assert told["returns"] < 0 and told["commission"] < 0  # refunds doubled, commission rate rose


def test_a_change_of_refunds_alone_is_all_the_returns():
    # commission and logistics follow the model here: typed ones would stay while returns rise
    same = {
        name: [row[0]] * 2
        for name, row in MONTHS.items()
        if name not in ("commission", "logistics")
    } | {"refunds": [600.0, 900.0]}
    found = between_months(store(same), ["2026-01"], ["2026-02"])["profit"]
    assert {part.driver.id for part in found.parts if abs(part.amount) > 1e-6} <= {"returns", REST}
    assert found.change < 0


def test_the_season_of_the_plan_is_a_driver_of_its_own():
    # the same months, but for a season twice as strong in June: conversion must have halved
    season = [1.0] * 12
    season[5], season[0] = 1.5, 0.5
    same = {name: [row[0]] * 2 for name, row in MONTHS.items()}
    found = between_months(
        store(same, **{"history.first_month": "2025-12", "plan.season": season}),
        ["2025-12"],
        ["2026-01"],
    )["paid_orders"]
    told: dict[str, float] = {}
    for part in found.parts:
        told[part.driver.id] = told.get(part.driver.id, 0.0) + part.amount
    assert told["season"] < 0 < told["conversion"]
    assert found.change == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("months", [[], [f"2025-{m:02d}" for m in range(1, 13)] + ["2026-01"]])
def test_a_period_has_one_to_twelve_months(months):
    with pytest.raises(InputError):
        between_months(store(), months, TWO)


def test_months_without_sales_are_refused():
    with pytest.raises(InputError, match="months"):
        between_months(store(), ["2030-01"], TWO)
