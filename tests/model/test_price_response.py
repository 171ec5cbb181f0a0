"""Orders that answer to the price: off changes no digit; on by hand, as a law, array by loop."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.chance.simulation import simulate
from funnel_sim.decisions.economics.known import counted_in, with_month, with_orders
from funnel_sim.decisions.economics.levers import books_at, figure_at
from funnel_sim.decisions.economics.price_response import without_price_response
from funnel_sim.errors import InputError
from funnel_sim.model import demand
from funnel_sim.model.economics import evaluate, figures
from funnel_sim.model.values import Values
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario import files, links
from funnel_sim.scenario.conversion import UNPRICED
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.product import paid_per_unit
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.unused import unused
from tests.conftest import neutral

E, R = "conversion.demand_elasticity", "conversion.reference_price"
NAMES = [card.id for card in preset_cards()]
HALF = {"conversion.cvr": 0.5, "channels.orders.impressions": 200.0}  # 100 orders, room above


@pytest.mark.parametrize("name", NAMES)
def test_switched_on_at_todays_price_no_figure_moves_by_a_digit(name):
    """The price that is kept is the one paid, so that the multiplier is exactly 1; and without a
    switch nothing of the store knows of it.
    """
    store = preset(name)
    on = store.replace({E: 1.7})
    assert on.conversion.reference_price == on.product.price_paid
    before, after = evaluate(store), evaluate(on)
    for over in ("steady", "total"):
        now = {key: value for key, value in after.over(over).items() if key not in UNPRICED}
        assert now == {key: before.over(over)[key] for key in now}
    assert before.channels == after.channels
    for key, months in before.monthly.items():
        np.testing.assert_array_equal(months, after.monthly[key])
    assert not store.conversion.answers_to_price and unused(store, R) and not unused(on, R)


def test_by_hand():
    """Price 100 to 125 at elasticity 2: 100 orders · (125 / 100)^(−2) = 64."""
    store = neutral(HALF | {E: 2.0}).replace({"product.price": 125.0})
    found = evaluate(store).steady
    assert found["paid_orders"] == pytest.approx(64.0)
    assert (found["price_ratio"], found["price_response"]) == (1.25, pytest.approx(0.64))
    assert found["gmv"] == pytest.approx(8000.0)


@pytest.mark.parametrize(
    "paid",
    [
        {"product.price": 80.0},
        {"product.discount_rate": 0.2},
        {"product.voucher": 20.0},
        {"product.price": 70.0, "product.shipping_charged": 10.0},
        {"product.price": 160.0, "product.discount_rate": 0.5},
    ],
)
def test_it_is_the_price_paid_that_counts_however_it_comes_about(paid):
    """80 a unit in each case, off a reference of 100, elasticity 1: 100 / 0.8 = 125 orders."""
    store = neutral(HALF | {E: 1.0}).replace(paid)
    assert store.product.price_paid == pytest.approx(80.0)
    assert evaluate(store).steady["paid_orders"] == pytest.approx(125.0)


def test_price_paid_is_what_the_ledger_says():
    store = preset("amazon-de-kitchen").replace(
        {
            "product.discount_rate": 0.1,
            "product.voucher": 3.0,
            "product.shipping_charged": 4.0,
            "product.units_per_order": 1.3,
        }
    )
    steady = evaluate(store).steady
    assert store.product.price_paid == steady["order_entered"] / steady["units"]
    assert paid_per_unit(10.0, 0.0, 99.0, 2.0, 1.0) == 2.0  # no more off than the goods cost


def test_a_rate_stays_a_rate():
    """Half the price at elasticity 3 would bring 8 times 50 %: everybody buys, and no more."""
    store = neutral(HALF | {E: 3.0}).replace({"product.price": 50.0})
    assert evaluate(store).steady["paid_orders"] == pytest.approx(200.0)


def test_steps_bend_at_the_cart():
    """Half of the visitors put it into the cart and half of these buy; price + 25 %, e = 1: 40 %
    into the cart, half of these still buy.
    """
    store = neutral(
        {
            "conversion.cvr": None,
            "conversion.add_to_cart_rate": 0.5,
            "conversion.checkout_rate": 0.5,
            E: 1.0,
        }
    ).replace({"product.price": 125.0})
    steady = evaluate(store).steady
    assert (steady["carts"], steady["paid_orders"]) == (pytest.approx(40.0), pytest.approx(20.0))


@pytest.mark.parametrize("unit", ["orders", "units", "sales"])
def test_typed_orders_answer_too_and_hold_at_the_reference_price(unit):
    """100 orders of one unit at 100: typed as orders, units or sales of 10,000; at 125, e = 2, 64
    of them.
    """
    typed = neutral(
        {
            "channels.orders.kind": "orders",
            "channels.orders.known_as": unit,
            "channels.orders.known_sales": 10_000.0 if unit == "sales" else 100.0,
            E: 2.0,
        }
    )
    assert evaluate(typed).steady["paid_orders"] == pytest.approx(100.0)
    dearer = typed.replace({"product.price": 125.0})
    assert evaluate(dearer).steady["paid_orders"] == pytest.approx(64.0)
    assert evaluate(counted_in(dearer, "sales")).steady["paid_orders"] == pytest.approx(64.0)
    assert evaluate(counted_in(dearer, "units")).steady["paid_orders"] == pytest.approx(64.0)
    assert evaluate(with_month(dearer, 500.0)).steady["paid_orders"] == pytest.approx(500.0)


def test_what_is_known_is_exchanged_at_the_same_orders():
    dearer = preset("amazon-de-kitchen").replace({E: 2.0}).replace({"product.price": 35.0})
    before = evaluate(dearer).steady["paid_orders"]
    typed = with_orders(dearer).scenario
    assert evaluate(typed).steady["paid_orders"] == pytest.approx(before)


def test_the_reference_is_kept_when_the_price_moves_in_file_and_link():
    store = preset("amazon-de-kitchen").replace({E: 1.5}).replace({"product.price": 40.0})
    assert store.conversion.reference_price == pytest.approx(29.99)
    assert links.decode(links.encode(store)).scenario == store
    assert files.from_bytes(files.to_text(store).encode()) == store
    assert store.replace({"product.unit_cost": 9.0}).conversion == store.conversion
    assert store.but(product=store.product.but(price=31.0)).conversion == store.conversion
    off = store.replace({E: 0.0, R: None})
    again = off.replace({E: 1.5})
    assert again.conversion.reference_price == 40.0  # today's, when it is switched on again


def test_nothing_paid_is_no_reference():
    free = {"product.voucher": 1000.0}
    neutral(free)
    with pytest.raises(InputError) as error:
        neutral(free | {E: 1.0})
    assert [(one.where, one.rule) for one in error.value.problems] == [
        (R, "reference_price_missing")
    ]


@given(
    elasticity=st.floats(0.05, 8.0),
    low=st.floats(20.0, 400.0),
    more=st.floats(1.01, 3.0),
    name=st.sampled_from(NAMES),
)
def test_orders_fall_when_the_price_rises(elasticity, low, more, name):
    store = preset(name).replace({E: elasticity})
    prices = point_value(store.product.price) * np.array([low / 100, low / 100 * more])
    orders = figure_at(books_at(store, {"price": prices}), "paid_orders", 2)
    assert orders[1] <= orders[0] * (1 + 1e-12)
    rate = evaluate(store).steady["cvr"]
    if rate is not None and prices[0] >= point_value(store.product.price):  # none is cut at 100 %
        assert orders[1] < orders[0]


@pytest.mark.parametrize("name", NAMES)
def test_arrays_equal_the_loop(name):
    """Prices, elasticities and references side by side, against one scenario each; a path at zero
    among the others too.
    """
    store = preset(name).replace({E: 1.0})
    now = point_value(store.product.price)
    cases = [
        (now * f, e, now * r) for f in (0.8, 1.0, 1.3) for e in (0.0, 0.7, 3.0) for r in (1, 1.1)
    ]
    price, elasticity, reference = map(np.array, zip(*cases, strict=True))
    given_ = {"product.price": price, E: elasticity, R: reference}
    for over in ("steady", "total"):
        found = figures(Values(store, given_), {over: ["profit", "paid_orders"]})
        for key in ("profit", "paid_orders"):
            alone = [
                evaluate(store.replace({"product.price": p, E: e, R: r})).over(over)[key]
                for p, e, r in cases
            ]
            np.testing.assert_allclose(found[key, over].reshape(-1), alone, rtol=1e-9)


def test_a_price_of_next_to_nothing_brings_a_finite_number():
    ratio = demand.price_ratio(np.array([0.0, 1.0, 200.0]), 100.0)
    assert ratio.tolist() == [demand.LEAST_OF_REFERENCE, 0.01, 2.0]
    assert np.isfinite(demand.price_response(ratio, 20.0)).all()


def test_a_range_is_drawn_and_moves_no_other_draw():
    """At the reference price its range changes nothing; away from it orders spread, and the other
    inputs are drawn as before.
    """
    band = {"dist": "pert", "low": 1.0, "likely": 2.0, "high": 3.0}
    store = preset("amazon-de-kitchen").replace({"product.price": 30.0})
    on = store.replace({E: band})
    plain = simulate(store, ["paid_orders"], paths=1024, keep_inputs=True)
    same = simulate(on, ["paid_orders"], paths=1024, keep_inputs=True)
    np.testing.assert_array_equal(plain.of("paid_orders"), same.of("paid_orders"))
    for path, values in plain.inputs.items():
        np.testing.assert_array_equal(values, same.inputs[path])
    drawn = same.inputs[E]
    assert 1.0 <= drawn.min() < drawn.max() <= 3.0
    dearer = simulate(on.replace({"product.price": 36.0}), ["paid_orders"], paths=1024)
    ratio = dearer.of("paid_orders") / plain.of("paid_orders")
    assert ratio.std() > 0.01 and np.corrcoef(ratio, drawn)[0, 1] < -0.5


@pytest.mark.parametrize("name", NAMES)
def test_taken_out_again_the_month_is_the_same(name):
    now = point_value(preset(name).product.price)
    for factor in (0.9, 1.25):
        store = preset(name).replace({E: 1.4}).replace({"product.price": now * factor})
        settled = without_price_response(store)
        assert not settled.conversion.answers_to_price
        for key in ("paid_orders", "profit", "gmv"):
            assert evaluate(settled).steady[key] == pytest.approx(evaluate(store).steady[key])
    assert without_price_response(preset(name)) == preset(name)
