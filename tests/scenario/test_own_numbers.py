"""Whose numbers a verdict rests on: what is missing, what counts as one's own."""

import pytest

from funnel_sim.decisions.economics.known import from_funnel, with_month, with_orders
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
