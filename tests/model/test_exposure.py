"""What is left over in each currency and what locking a rate does: by hand and by laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.chance.hedging import hedging
from funnel_sim.chance.simulation import simulate
from funnel_sim.model.economics import book_of
from funnel_sim.model.exposure import EXPOSURE_WANTED, Exposure, exposure_of, hedged
from funnel_sim.model.values import Values
from funnel_sim.scenario.presets import preset

STORE = preset("amazon-de-kitchen").replace({"fx_rate": 8.0, "plan.horizon_months": 3})
RATES = st.lists(st.floats(4.0, 16.0), min_size=3, max_size=3)


def found_at(rates, store=STORE):
    values = Values(store, by_month={"fx_rate": np.array(rates)[:, None]})
    book = book_of(values, steady=False, wanted=EXPOSURE_WANTED)
    return exposure_of(store, book), np.asarray(book_of(values, steady=False)["profit"].months())


@given(RATES)
def test_both_currencies_at_each_months_rate_are_the_profit(rates):
    found, profit = found_at(rates)
    assert found.profit_at_home == pytest.approx(profit * np.array(rates)[:, None], rel=1e-9)


def test_what_is_paid_at_home_is_the_same_at_every_rate():
    """Goods, freight and fixed amounts are typed at home: the rate moves none of them."""
    one, other = (found_at(rates)[0].home for rates in ([8.0, 8.0, 8.0], [6.0, 9.0, 12.0]))
    assert one == pytest.approx(other, rel=1e-9)


def test_fixed_amounts_by_hand():
    """700 a month more for staff at home are 700 less left over at home, and nothing abroad."""
    more, less = (
        found_at([8.0, 10.0, 6.0], STORE.replace({"fixed.staff_monthly": pay}))[0]
        for pay in (700.0, 0.0)
    )
    assert (less.home - more.home).ravel() == pytest.approx([700.0] * 3)
    assert more.sales == pytest.approx(less.sales)


def test_a_locked_rate_by_hand():
    """1,000 a month at rates 9, 7 and 8, today's 8, a quarter locked at 2 % a year.

    Open: 9,000, 7,000, 8,000. Locked: 1,000 · (0.75 · 9 + 0.25 · 8) = 8,750; 7,250; 8,000; less
    8,000 · 0.25 · 0.02 · 1/12 = 3.333, then 6.667 and 10.
    """
    exposure = Exposure(*(np.array(row)[:, None] for row in
                          ([1e3, 1e3, 1e3], [-5e3, -5e3, -5e3], [9.0, 7.0, 8.0])))  # fmt: skip
    assert exposure.profit_at_home.ravel() == pytest.approx([4e3, 2e3, 3e3])
    by_hand = [8750 - 5e3 - 10 / 3, 7250 - 5e3 - 20 / 3, 8000 - 5e3 - 10.0]
    assert hedged(exposure, STORE, 0.25, 0.02).ravel() == pytest.approx(by_hand)


@given(RATES)
def test_all_locked_leaves_nothing_to_the_rate(rates):
    found, _ = found_at(rates)
    still, _ = found_at([8.0] * 3)
    locked, today = hedged(found, STORE, 1.0, 0.0), still.profit_at_home
    # duty on goods bought at home follows their value in the sales currency: little is left
    assert locked == pytest.approx(today, rel=0.15)


@given(RATES)
def test_nothing_locked_costs_and_changes_nothing(rates):
    found, _ = found_at(rates)
    assert hedged(found, STORE, 0.0, 0.5) == pytest.approx(found.profit_at_home)


def test_the_same_futures_as_the_simulation_at_home():
    """What is open to the rate is the profit of `simulate` at home, in the cost currency."""
    walk = STORE.replace({"chance.fx_walk": True, "shown_in": "home"})
    one = simulate(walk, ["profit"], paths=1024).estimate("profit").mean.value * 8.0
    assert hedging(walk, 1024).open.mean.value == pytest.approx(one, rel=1e-9)


def test_locking_takes_off_what_the_rate_adds_and_costs_what_it_says():
    """With all locked the spread is that of a steady rate; 3 % a year of what crosses in month t is
    3 % · t/12 of it.
    """
    walk = STORE.replace({"chance.fx_walk": True, "chance.fx_volatility": 0.4,
                          "cash.hedged_share": 1.0, "cash.hedge_cost": 0.03})  # fmt: skip
    found = hedging(walk, 1024)
    assert found.open.sd.value > found.locked.sd.value
    assert found.locked.sd.value == pytest.approx(found.steady.sd.value, rel=0.05)
    price = float((found.sales * np.array([1, 2, 3]) / 12).sum()) * 0.03 * 8.0
    assert found.steady.mean.value - found.locked.mean.value == pytest.approx(price, rel=1e-3)
    assert found.of_rate > 0.02
