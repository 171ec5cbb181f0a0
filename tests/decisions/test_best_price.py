"""The best price: against the textbook, against a fine grid, and what is said where there is
none.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.decisions.economics.best_price import best_price, held_at
from funnel_sim.decisions.economics.levers import books_at, figure_at
from funnel_sim.decisions.economics.targets import answers
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.output.words.best_price import (
    held_rows,
    held_sentence,
    price_sentences,
    response_sentence,
)
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.reference.price_settings import elasticity_prior, price_settings
from funnel_sim.scenario.presets import preset
from tests.conftest import neutral

E = "conversion.demand_elasticity"
# a rate far below 100 %, so that no price in the search reaches it
ROOM = {"conversion.cvr": 0.001, "channels.orders.impressions": 1e5}
BAND = {"dist": "pert", "low": 1.5, "likely": 2.5, "high": 4.0}


def store(cost=30.0, fee=0.0, elasticity=2.0, **changes):
    return neutral(
        ROOM
        | {
            "product.unit_cost": cost,
            "commission.tiers": [{"upto": None, "rate": fee}],
            E: elasticity,
        }
        | changes
    )


def test_by_hand():
    """Cost 30, 10 % of the price gone, e = 2: 2 / 1 · 30 / 0.9 = 66.67. 100 orders at 100, so
    (100 / 66.67)² · 100 = 225 there, each with 66.67 · 0.9 − 30 = 30: 6,750, against 100 · 60.
    """
    found = best_price(store(fee=0.1), paths=0)
    assert found.price == pytest.approx(200 / 3, rel=1e-5)
    assert found.orders == pytest.approx(225.0, rel=1e-4)
    assert (found.profit, found.gain) == (pytest.approx(6750.0), pytest.approx(750.0))
    assert (found.now, found.profit_now, found.orders_now) == (100.0, 6000.0, 100.0)


@pytest.mark.slow
@given(
    cost=st.floats(5.0, 90.0),
    fee=st.integers(0, 50).map(lambda percent: percent / 100),
    elasticity=st.floats(1.3, 8.0),
)
def test_it_is_the_textbooks_price(cost, fee, elasticity):
    """E / (e − 1) · c / (1 − f), wherever the search reaches; where one in a thousand that buy at
    100 would be all below 100 / 1000^(1/e), a lower price brings nobody more, so that is the best.
    """
    exact = max(elasticity / (elasticity - 1) * cost / (1 - fee), 100 / 1000 ** (1 / elasticity))
    least, most = (100 * one for one in price_settings().searched)
    found = best_price(store(cost, fee, elasticity), paths=0)
    if least * 1.1 < exact < most * 0.9:
        assert found.price == pytest.approx(exact, rel=1e-4)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", [card.id for card in preset_cards()])
def test_no_price_of_a_fine_grid_earns_more(name):
    """Tiers of fees, conversion at 100 %, returning customers and all, on 20,000 prices."""
    one = preset(name).replace({E: 2.2})
    found = best_price(one, paths=0)
    prices = np.geomspace(*(found.now * f for f in price_settings().searched), 20_000)
    profit = figure_at(books_at(one, {"price": prices}, ratios=False), "profit", prices.size)
    if found.price is None:
        assert profit.argmax() == prices.size - 1
    else:
        assert found.profit >= profit.max() - 1e-6 * max(1.0, abs(profit.max()))
        told = one.replace({"product.price": found.price})
        assert evaluate(told).steady["profit"] == pytest.approx(found.profit)


@pytest.mark.parametrize(
    ("elasticity", "said"),
    [(0.5, "no best price"), (1.0, "no best price"), (1.02, "No best price")],
)
def test_without_an_optimum_it_says_so(elasticity, said):
    """At 1 or below each rise brings more; at 1.02 the best price is 51 times the cost, beyond what
    is looked at.
    """
    found = best_price(store(60.0, 0.0, elasticity))
    assert found.price is None and found.gain is None and not found.outside
    assert said in price_sentences(found, "en")[0]
    assert all(sentence for sentence in price_sentences(found, "zh"))


def test_off_it_says_so_and_still_tells_what_a_new_price_takes():
    """Cost 60: 40 an order, 4,000. At 110 (50 each) 80 orders are enough, 20 % fewer; at 90 (30
    each) 133.3 are needed; at 60 nothing is left of an order.
    """
    found = best_price(store(60.0, 0.0, 0.0))
    assert not found.answers and found.price is None and found.band is None
    more, less, none = held_at(found.scenario, [110.0, 90.0, 60.0])
    assert (more.needed, less.needed) == (pytest.approx(80.0), pytest.approx(400 / 3))
    assert none.needed is None and none.turns is None
    assert more.expected == pytest.approx(100.0)  # orders stay
    # 1.1^(−e) = 0.8
    assert more.turns == pytest.approx(-math.log(0.8) / math.log(1.1))
    assert "20.0%" in held_sentence(found, more, "en") and "no number" in held_sentence(
        found, none, "en"
    )
    assert all(len(row.cells) == 2 for row in held_rows(found, "zh"))
    assert len(held_rows(found, "en", [more, less])) == 6  # 110 and 90 are in the table already


@pytest.mark.slow
@given(elasticity=st.floats(0.2, 6.0), price=st.floats(65.0, 180.0))
def test_the_elasticity_that_turns_is_where_the_profit_stays(elasticity, price):
    """Orders above those needed exactly where demand is less elastic than that."""
    [one] = held_at(store(60.0, 0.05, elasticity), [price])
    today = evaluate(store(60.0, 0.05, elasticity)).steady["profit"]
    if one.turns is not None and abs(price - 100) > 1:
        assert (one.profit > today) == ((elasticity < one.turns) == (price > 100))
        at = store(60.0, 0.05, max(one.turns, 0.0)).replace({"product.price": price})
        if one.turns > 0:
            assert evaluate(at).steady["profit"] == pytest.approx(today, rel=1e-6)


def test_typed_sales_need_the_same_orders():
    typed = {
        "channels.orders.kind": "orders",
        "channels.orders.known_as": "sales",
        "channels.orders.known_sales": 10_000.0,
    }
    for elasticity in (0.0, 2.0):
        [one] = held_at(store(60.0, 0.0, elasticity, **typed), [110.0])
        assert one.needed == pytest.approx(80.0)


def test_the_band_is_over_the_draws_and_the_curve_over_the_elasticity():
    """Best prices of the ends: 4 / 3 · 30 = 40 and 1.5 / 0.5 · 30 = 90; likely 2.5 / 1.5 · 30 =
    50.
    """
    found = best_price(store(elasticity=BAND))
    low, middle, high = found.band
    assert 40 < low < middle < high < 90
    assert found.price == pytest.approx(50.0, rel=1e-4) and found.without == 0.0
    curve = found.curve
    assert (curve.low <= curve.profit + 1e-9).all() and (curve.high >= curve.profit - 1e-9).all()
    at = int(np.argmin(abs(curve.price - 100.0)))
    assert curve.low[at] == pytest.approx(curve.high[at])  # at the reference price e is no matter
    with_cost = store(
        elasticity=BAND, **{"product.unit_cost": {"dist": "uniform", "low": 20.0, "high": 40.0}}
    )
    wider = best_price(with_cost).band
    assert wider[0] < low and wider[2] > high  # of all ranges
    only_cost = with_cost.replace({E: 2.5})
    assert best_price(only_cost).curve.low is None and best_price(only_cost).band is not None


def test_draws_without_an_optimum_leave_the_upper_end_open():
    wide = {"dist": "uniform", "low": 0.5, "high": 2.5}
    found = best_price(store(elasticity=wide))
    assert math.isinf(found.band[2]) and 0.2 < found.without < 0.5
    assert any("open" in one for one in price_sentences(found, "en"))


def test_a_price_that_nobody_has_seen_is_marked():
    """Cost 70, e = 2: 140 is inside of 70 … 140 of the reference; cost 71: 142 is not."""
    inside, outside = (best_price(store(cost, 0.0, 2.0), paths=0) for cost in (69.9, 71.0))
    assert inside.trusted == (pytest.approx(70.0), pytest.approx(140.0))
    assert not inside.outside and outside.outside
    assert any("believed" in one for one in price_sentences(outside, "en"))


def test_the_prices_of_ones_own_months_have_been_seen():
    """Sold at 150 (40 · 150 = 6,000) and at 65 in months of its own: both ends are wider."""
    months = {
        "history.first_month": "2026-01",
        "history.seen_gmv": [6000.0, 6500.0, None, 0.0],
        "history.seen_orders": [40.0, 100.0, 5.0, 0.0],
    }
    found = best_price(store(71.0, 0.0, 2.0, **months), paths=0)
    assert found.trusted == (pytest.approx(65.0), pytest.approx(150.0)) and not found.outside


def test_everybody_buys_below_some_price():
    """50 % convert at 100, e = 2: everybody from 100 / √2 = 70.71 down."""
    found = best_price(neutral({"conversion.cvr": 0.5, "product.unit_cost": 30.0, E: 2.0}), paths=0)
    assert found.full == pytest.approx(100 / math.sqrt(2))
    assert found.price == pytest.approx(found.full, rel=1e-4)  # 60 without the bound
    assert any("100%" in one for one in price_sentences(found, "en"))


def test_the_price_lever_answers_with_it():
    """Cost 60, e = 2, no other cost: margin 40 % at any number of orders; profit 4,000 at 100 again
    where 10⁶ / p² · (p − 60) = 4,000: 250 p − 15,000 = p², p = 100 or 150.
    """
    [price] = answers(store(60.0), ["price"], target=4000.0)
    near, far = sorted([price.value, *price.others])
    assert (near, far) == (pytest.approx(100.0), pytest.approx(150.0))
    [price] = answers(store(60.0), ["price"], metric="margin", target=0.5)
    assert price.value == pytest.approx(120.0)


def test_a_price_that_is_none_is_refused():
    for wrong in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(InputError):
            held_at(store(), [wrong])


def test_what_the_price_does_is_said_where_it_does_something():
    one = store()
    assert response_sentence(evaluate(one), "en") is None
    dearer = evaluate(one.replace({"product.price": 125.0}))
    assert "0.64" in response_sentence(dearer, "en") and "0.64" in response_sentence(dearer, "zh")


def test_the_prior_is_weak_and_says_so():
    prior = elasticity_prior(store().as_of)
    assert prior.low < prior.typical < prior.high and prior.provenance.weak
    assert prior.provenance.source.startswith("https://")
