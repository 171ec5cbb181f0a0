"""Where a price moves or was another one: what answers to it, and what must not do so twice."""

import numpy as np
import pytest

from funnel_sim.chance.drivers import tornado
from funnel_sim.chance.simulation import simulate
from funnel_sim.decisions.economics.grid import two_way
from funnel_sim.decisions.found import find
from funnel_sim.decisions.kpi.levers import moved_values, needed
from funnel_sim.decisions.kpi.store_history import fit_funnel, fitted_funnel
from funnel_sim.decisions.portfolio.products import products
from funnel_sim.decisions.quote.incentives import incentives
from funnel_sim.decisions.review.actuals import actual_ledger
from funnel_sim.decisions.review.drivers import between
from funnel_sim.decisions.review.month_drivers import against_plan
from funnel_sim.model.economics import evaluate
from funnel_sim.output.documents.report import report
from funnel_sim.output.words.assumptions import assumptions
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.origins import origin_of
from funnel_sim.scenario.own_numbers import own_numbers
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.price_prior import suggested_elasticity
from funnel_sim.words import LANGS, say

E, R = "conversion.demand_elasticity", "conversion.reference_price"
STORE = preset("amazon-de-kitchen")
ON = STORE.replace({E: 2.0})
# at a price that is no range: one that is drawn moves the orders too
QUOTE = {"product.price": 29.99, "options": [{"id": "quote", "kind": "quote", "base": 2000.0}]}
MONTHS = ("2026-04", "2026-05")
SERIES = {
    "history.first_month": "2026-01",
    "history.seen_gmv": [14000.0, 14500.0, 13800.0, 12600.0, 12400.0],
    "history.seen_orders": [420.0, 430.0, 410.0, 340.0, 330.0],
}


@pytest.mark.slow
def test_the_depth_of_a_discount_counts_its_orders_once():
    """The orders that a deeper discount brings come by the elasticity of the comparison, with the
    store's own switched on or not.
    """
    given = {"comparison.price_elasticity": 3.0} | QUOTE
    off, on = STORE.replace(given), ON.replace(given)
    one, two = (incentives(store, store.options[0]).discount for store in (off, on))
    np.testing.assert_allclose(one.client, two.client, rtol=1e-9)
    np.testing.assert_allclose(one.agency, two.agency, rtol=1e-9)


@pytest.mark.slow
def test_the_stores_own_elasticity_stands_in_for_that_of_the_comparison():
    alone = incentives(ON.replace(QUOTE), ON.replace(QUOTE).options[0]).discount
    typed = STORE.replace({"comparison.price_elasticity": 2.0} | QUOTE)
    np.testing.assert_allclose(
        alone.client, incentives(typed, typed.options[0]).discount.client, rtol=1e-9
    )
    assert incentives(STORE.replace(QUOTE), STORE.replace(QUOTE).options[0]).discount is None


@pytest.mark.parametrize("price", [29.99, 36.0])
def test_months_that_came_were_sold_at_their_own_prices(price):
    """Their ledger is that of a store which sells as many at the plan's price, and does not answer
    to it.
    """
    on = ON.replace(SERIES | {"product.price": price})
    factor = evaluate(on).steady["price_response"]
    off = STORE.replace(
        SERIES
        | {
            "product.price": price,
            "conversion.cvr": 0.1 * factor,
            "channels.organic.channel_cvr": 0.11 * factor,
        }
    )
    one, two = (actual_ledger(store, MONTHS) for store in (on, off))
    for key in ("paid_orders", "gmv", "profit", "ad_spend", "cm2"):
        np.testing.assert_allclose(one.month(key), two.month(key), rtol=1e-9)
    parts = [
        {part.driver: part.amount for part in against_plan(store, MONTHS)["profit"].parts}
        for store in (on, off)
    ]
    assert parts[0].keys() == parts[1].keys()
    for driver, amount in parts[0].items():
        assert amount == pytest.approx(parts[1][driver], rel=1e-6, abs=1e-6)


def test_a_fit_to_the_months_starts_from_their_price():
    on, off = (store.replace(SERIES) for store in (ON, STORE))
    fitted, plain = fitted_funnel(on), fitted_funnel(off)
    assert fitted.conversion.demand_elasticity == 2.0
    assert fitted.conversion.reference_price == fitted.product.price_paid
    assert fitted.conversion.reference_price == pytest.approx(plain.product.price_paid)
    for key in ("paid_orders", "gmv", "profit"):
        assert evaluate(fitted).steady[key] == pytest.approx(evaluate(plain).steady[key])
    assert R in {one.path for one in fit_funnel(on)[1]}


def test_a_lever_on_draws_moves_the_orders():
    """The price lever on the futures is the scenario at that price."""
    moved = simulate(
        ON, ["paid_orders", "profit"], paths=1024, moved=moved_values(ON, {"price": 36.0})
    )
    ranged = STORE.product.price
    at = ON.replace(
        {
            "product.price": ranged.model_dump(mode="json")
            | {name: getattr(ranged, name) * 36.0 / 29.99 for name in ("low", "likely", "high")}
        }
    )
    alone = simulate(at, ["paid_orders", "profit"], paths=1024)
    for key in ("paid_orders", "profit"):
        np.testing.assert_allclose(moved.of(key), alone.of(key), rtol=1e-9)
    assert (
        moved.of("paid_orders").mean()
        < simulate(ON, ["paid_orders"], paths=1024).of("paid_orders").mean()
    )


def test_a_kpi_of_gmv_is_reached_by_a_lower_price():
    """At an elasticity of 3, sales grow as the price falls: the lever finds a price below today's;
    with orders that stay it would find one above.
    """
    kpis = {"kpis": [{"id": "gmv", "metric": "gmv", "target": 16000.0, "window": "average"}]}
    found = {}
    for name, elasticity in (("on", 3.0), ("off", 0.0)):
        store = STORE.replace(kpis | {E: elasticity})
        [price] = [one for one in needed(store) if one.lever.key == "price"]
        found[name] = price.values["gmv"][0.5]
    assert found["on"] < 29.99 < found["off"]


def test_the_map_answers():
    grid, still = (two_way(store, "price", "cogs", metric="paid_orders") for store in (ON, STORE))
    assert (np.diff(grid.metric, axis=1) < 0).all() and (np.diff(still.metric, axis=1) == 0).all()


def test_a_change_of_the_price_is_one_driver_with_its_orders():
    found = between(ON, ON.replace({"product.price": 36.0}))["profit"]
    assert [part.driver.id for part in found.parts] == ["price"]


def test_loss_makers_turn_at_a_price_that_counts_the_orders():
    rows = (
        PortfolioRow("still", "amazon-de-kitchen", {"product.price": 21.0}),
        PortfolioRow("moved", "amazon-de-kitchen", {"product.price": 21.0, E: 1.5}),
    )
    turning = products(Portfolio(rows, DATA_DATE)).turning.price
    assert np.isfinite(turning).all() and turning.max() > turning.min()
    store = STORE.replace(rows[1].changes).replace({"product.price": float(turning.max())})
    assert evaluate(store).steady["profit"] == pytest.approx(0.0, abs=1e-6)


def test_the_suggestion_carries_its_source_and_is_nobodys_own_number():
    taken = STORE.replace({E: suggested_elasticity(STORE.as_of)})
    origin = origin_of(taken, E)
    assert origin.kind == "source" and origin.provenance.weak
    assert origin_of(taken, R) == origin_of(STORE, "product.price")
    assert own_numbers(taken).mine == own_numbers(STORE).mine == ()
    assert origin_of(STORE.replace({E: 1.3}), E).kind == "yours"
    assert origin_of(taken.replace({"product.price": 40.0}), R).kind == "yours"
    for lang in LANGS:
        rows = {one.path: one for one in assumptions(taken, lang)}
        assert rows[E].weak and rows[E].source.startswith("https://studylib.net")
        assert R in rows and not {E, R} & {one.path for one in assumptions(STORE, lang)}


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_the_report_tells_it_where_orders_answer(lang):
    texts = [
        {getattr(block, "text", "") for block in report(store, lang, find(store, 1024))}
        for store in (ON, STORE)
    ]
    head = say(lang, "price.chapter")
    assert head in texts[0] and head not in texts[1]


def test_the_range_of_the_elasticity_is_a_factor_of_the_result():
    """Away from the reference price the elasticity swings the profit, at it it does not."""
    band = {"dist": "pert", "low": 1.0, "likely": 2.0, "high": 3.0}
    still = STORE.replace({E: band, "product.price": 29.99, R: 29.99})
    swings = {
        name: {one.path: one.width for one in tornado(store)}
        for name, store in {"at": still, "off": still.replace({"product.price": 36.0})}.items()
    }
    assert swings["at"].get(E, 0.0) == pytest.approx(0.0, abs=1e-6)
    assert swings["off"][E] > 100
