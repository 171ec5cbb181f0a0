"""What drives the opening cash that is needed, by hand and on a store whose sales spread."""

import dataclasses

import numpy as np
import pytest

from funnel_sim.chance.cash import cash_of, simulate_cash
from funnel_sim.decisions.cash.answer import cash_answer, opening_taken, working_capital
from funnel_sim.decisions.cash.drive import need_drive
from funnel_sim.output.words.cash import (
    cash_sentence,
    cash_state,
    drive_sentence,
    further_sentences,
    opening_sentence,
)
from funnel_sim.scenario.presets import preset
from tests.conftest import neutral

LANGS = ("zh", "en")


def futures(need, sales, profit):
    """Return futures of 100 paths in four replicates with the cash, sales and profit given."""
    found = simulate_cash(preset("amazon-de-kitchen"), paths=256)
    plan = dataclasses.replace(found.plan, replicates=4, points=25)
    return dataclasses.replace(
        found,
        plan=plan,
        lowest=-np.asarray(need, float),
        sales=np.asarray(sales, float),
        profit=np.asarray(profit, float),
        profit_full=np.full(100, 1.0),  # what full stock would earn decides nothing
    )


STEPS = np.arange(1.0, 101.0).reshape(25, 4).T.ravel()  # each replicate has some of all


def test_growth_by_hand():
    """Future n of 100 sells n/50 times the plan, needs n and earns n. Six need at least the 95 that
    95 of 100 need no more than: 95 … 100, their lower median 97, which is 1.94 times the plan. The
    middle half sells 25/50 to 75/50: 51 futures that need 25 … 75, of which 49 (95 %) need no more
    than 73; with 10 on the first day 83.
    """
    found = need_drive(futures(STEPS, STEPS / 50, STEPS), 10.0, 0.95)
    assert (found.sales, found.earning, found.driver) == (1.94, 1.0, "growth")
    assert found.between == (0.5, 1.5)
    assert found.usual.value == 83.0


@pytest.mark.parametrize(
    ("sales", "profit", "driver"),
    [
        ((101 - STEPS) / 50, -STEPS, "slump"),
        ((101 - STEPS) / 50, STEPS, "mixed"),
        (STEPS / 50, -STEPS, "mixed"),
    ],
    ids=["few sales and a loss", "few sales and a profit", "many sales and a loss"],
)
def test_what_it_is_called(sales, profit, driver):
    assert need_drive(futures(STEPS, sales, profit), 0.0, 0.95).driver == driver


def test_sales_are_against_the_plan_at_the_likely_values():
    """No cost at all: profit is sales, and the plan at its likely price sells 1,200 × 100."""
    scenario = neutral(
        {"product.price": {"dist": "pert", "low": 50.0, "likely": 100.0, "high": 300.0}}
    )
    found = simulate_cash(scenario, paths=256)
    np.testing.assert_allclose(found.sales, found.profit_full / 120_000.0)
    certain = simulate_cash(neutral(), paths=256)
    np.testing.assert_allclose(certain.sales, 1.0)
    assert need_drive(certain, 0.0, 0.95) is None


def test_a_store_whose_growth_takes_the_money_is_told_so():
    scenario = preset("shopify-de-fashion").replace({"cash.kept_in": "home"})
    first = cash_answer(scenario, paths=512)
    drive = first.drive
    assert drive is not None and drive.driver == "growth"
    assert drive.sales > 3 and drive.earning > 0.9
    assert drive.usual.value < first.capital.needed.value
    assert first.capital == working_capital(scenario, first.futures)
    between = cash_answer(
        scenario.replace({"cash.opening_cash": round(drive.usual.value) + 1.0}), paths=512
    )
    little = cash_answer(scenario.replace({"cash.opening_cash": 1000.0}), paths=512)
    assert cash_state(between) == "watch"
    for lang, near in (("zh", "计划附近"), ("en", "near the plan")):
        told = [cash_sentence(one, lang) for one in (first, between, little)]
        assert len(set(told)) == 3 and all(near in one for one in told)
        sentence = drive_sentence(first, lang)
        assert sentence is not None and sentence in further_sentences(first, lang)


def test_the_stock_that_counts_as_there_is_named():
    """100 units a month, the first order on the shelf after 31 days, 31 days of safety: what
    January and February (31 and 28 days) and 3 of March's 31 days sell: 100 + 100 + 9.677 = 209.677
    units at 40.
    """
    scenario = neutral(
        {
            "product.unit_cost": 40.0,
            "cash.stocking": "periodic",
            "cash.order_every_days": 30,
            "cash.production_days": 20,
            "cash.transit_days": 10,
            "cash.receiving_days": 1,
            "cash.safety_days": 31,
        }
    )
    taken = opening_taken(scenario)
    units = 200 + 100 * 3 / 31
    assert taken.units == pytest.approx(units) and taken.value == pytest.approx(units * 40.0)
    assert float(cash_of(scenario).run.opening_stock[0]) == pytest.approx(taken.value)
    coming = scenario.replace({"cash.opening_coming_units": 50.0, "cash.opening_coming_days": 5})
    assert opening_taken(coming).units == pytest.approx(units)
    assert opening_taken(scenario.replace({"cash.opening_stock_units": 0.0})) is None
    assert opening_taken(neutral()) is None
    told = opening_sentence(cash_answer(scenario, paths=256), "en")
    assert "210 units worth $8,387" in told and "Nothing counts as on the way" in told
    assert "Nothing counts" not in opening_sentence(cash_answer(coming, paths=256), "en")
    assert opening_sentence(cash_answer(neutral(), paths=256), "en") is None


@pytest.mark.parametrize("lang", LANGS)
def test_running_out_of_stock_says_over_which_time(lang):
    answer = cash_answer(preset("amazon-de-kitchen"), paths=256)
    [told] = [one for one in further_sentences(answer, lang) if "断货" in one or "out of st" in one]
    assert ("12 个月里至少有一天" if lang == "zh" else "at least one day of the 12 months") in told
