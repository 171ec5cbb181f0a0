"""Whose numbers a verdict rests on: what is missing, what counts as one's own."""

import pytest

from funnel_sim.decisions.economics.known import (
    from_funnel,
    with_ads_as,
    with_month,
    with_orders,
)
from funnel_sim.decisions.economics.whose import not_typed, own_of, own_of_cash, own_of_verdicts
from funnel_sim.output.words.assumptions import assumptions
from funnel_sim.scenario.in_force import ADS_AS
from funnel_sim.scenario.own_numbers import own_numbers
from funnel_sim.scenario.presets import preset

STORE = preset("amazon-de-kitchen")
PRICED = STORE.replace({"product.price": 25.99, "product.unit_cost": 38.0})


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({}, ("product.price", "product.unit_cost", "channels.ads.budget")),
        ({"product.price": 25.99}, ("product.unit_cost", "channels.ads.budget")),
        ({"product.price": 25.99, "product.unit_cost": 38.0}, ("channels.ads.budget",)),
        ({"product.price": 25.99, "product.unit_cost": 38.0, "conversion.cvr": 0.09}, ()),
        ({"product.price": 25.99, "product.unit_cost": 38.0, "channels.ads.cpc": 0.9}, ()),
    ],
)
def test_price_cost_and_one_number_of_sales_are_needed(changes, missing):
    assert own_numbers(STORE.replace(changes)).missing == missing


def test_numbers_taken_over_from_the_funnel_are_nobodys():
    """Switching to orders alone types nothing; typing 900 does."""
    typed = with_orders(PRICED).scenario
    assert own_numbers(typed, from_funnel(typed)).example
    mine = with_month(PRICED, 900.0)
    assert not own_numbers(mine, from_funnel(mine)).example


def test_each_number_is_in_one_list_and_neutral_ones_in_none():
    own = own_numbers(PRICED)
    assert set(own.mine) == {"product.price", "product.unit_cost"}
    assert not set(own.mine) & set(own.assumed)
    assert "effect.effect_cpc" not in own.assumed and "plan.horizon_months" not in own.assumed
    assert "channels.ads.cpc" in own.assumed


@pytest.mark.sampled(4)
@pytest.mark.parametrize("way", ADS_AS)
def test_a_typed_budget_stays_ones_own_however_it_is_carried(way):
    """4,321 typed as the budget of the ads, then put per order, as ACoS or TACoS: no less typed."""
    for typed in (True, False):
        store = STORE.replace({"channels.ads.budget": 4321.0}) if typed else STORE
        carried = with_ads_as(with_orders(store).scenario, way)
        path = f"channels.ads.{way}"
        assert (path in own_of(carried).mine) is typed
        assert (path in not_typed(carried)) is not typed
        [row] = [one for one in assumptions(carried, "en") if one.path == path]
        assert row.origin == ("yours" if typed else "funnel")


LOW = [{"id": "low", "metric": "cash_low", "target": 0.0}]
FEE = [{"id": "q", "kind": "quote", "name": "A", "base": 8000.0}]
AT_HAND = PRICED.replace({"cash.opening_cash": 20_000.0})


@pytest.mark.parametrize(
    ("changes", "cash", "terms"),
    [
        ({}, False, False),  # no verdict on cash among them
        ({}, True, True),  # slides that show the balance
        ({"kpis": LOW}, False, True),
        ({"options": FEE}, False, True),  # what a quote does to the balance is told beside it
        # nothing is paid for a quote without a price, and a team of one's own is no quote
        ({"options": [{"id": "q", "kind": "quote", "claimed": 0.4}]}, False, False),
        ({"options": [{"id": "t", "kind": "own_team", "start_cost": 900.0}]}, False, False),
    ],
)
def test_payment_terms_are_counted_wherever_a_verdict_rests_on_them(changes, cash, terms):
    store = AT_HAND.replace(changes)
    found = own_of_verdicts(store, cash=cash)
    assert found == (own_of_cash(store) if terms else own_of(store))
    assert ("cash.opening_cash" in found.mine) is terms
