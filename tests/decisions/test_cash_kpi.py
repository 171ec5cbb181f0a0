"""The lowest balance as a KPI: the same futures as the cash page, its words and its refusals."""

import numpy as np
import pytest

from funnel_sim.chance.cash import simulate_cash
from funnel_sim.chance.estimates import probability
from funnel_sim.decisions.economics.currencies import in_currency
from funnel_sim.decisions.kpi.belief import BELIEFS, with_belief
from funnel_sim.decisions.kpi.check import check
from funnel_sim.decisions.kpi.draws import over_windows
from funnel_sim.decisions.kpi.levers import needed
from funnel_sim.decisions.kpi.path import growth_path
from funnel_sim.decisions.kpi.pulls import pulls
from funnel_sim.decisions.kpi.review import remarks
from funnel_sim.errors import InputError
from funnel_sim.output.words.kpi import kpi_text, typed_value, value_text
from funnel_sim.output.words.kpi_contract import basis_text, formula_text
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.presets import preset

LOW = {"id": "low", "metric": "cash_low", "target": 0.0, "month_from": 1, "month_to": 6}
PATHS = 1024


def store(*kpis, **changes):
    """Return a store that is paid weeks after its sales, with KPIs."""
    return preset("amazon-de-kitchen").replace(
        {
            "cash.payout_delay_days": 21,
            "cash.opening_cash": 30_000.0,
            "kpis": list(kpis or [LOW]),
            **changes,
        }
    )


def test_its_probability_is_that_of_the_cash_on_the_same_draws():
    scenario = store()
    [answer] = check(scenario, paths=PATHS).answers
    for belief in BELIEFS:
        whole = over_windows(with_belief(scenario, belief), scenario.kpis)
        found = simulate_cash(whole, paths=PATHS)
        told = probability(found.lowest >= 0.0, found.plan.replicates)
        assert answer.by_belief[belief].value == pytest.approx(told.value, abs=2e-3)
        assert answer.by_belief[belief].error == pytest.approx(told.error, abs=1e-3)
    assert 0 < answer.probability.value < 1
    assert answer.probability.error > 0


def test_its_window_is_that_of_its_months_only():
    """From month 4 on the lowest balance is no lower than over all six, and the months of both are
    the same.
    """
    later = LOW | {"id": "later", "month_from": 4}
    found = check(store(LOW, later), paths=PATHS)
    whole, part = found.answers
    assert part.median >= whole.median
    np.testing.assert_array_equal(whole.months, part.months)


def test_a_longer_horizon_of_another_kpi_changes_nothing_before_it():
    alone = check(store(LOW), paths=PATHS).answers[0]
    beside = {"id": "g", "metric": "gmv", "target": 1.0, "month_to": 12}
    assert check(store(LOW, beside), paths=PATHS).answers[0].probability.value == pytest.approx(
        alone.probability.value, abs=0.02
    )


def test_more_opening_cash_makes_it_more_probable():
    odds = [
        check(store(**{"cash.opening_cash": cash}), paths=PATHS).answers[0].probability.value
        for cash in (0.0, 30_000.0, 300_000.0)
    ]
    assert odds == sorted(odds) and odds[-1] > odds[0]


def test_a_target_below_zero_is_a_target():
    [low, lower] = check(store(LOW, LOW | {"id": "b", "target": -5000.0}), paths=PATHS).answers
    assert lower.probability.value >= low.probability.value
    assert lower.target == -5000.0


def test_nothing_that_a_baseline_needs_is_asked_of_it():
    scenario = store()
    found = check(scenario, paths=PATHS)
    assert found.answers[0].baseline is None and found.answers[0].floor is None
    assert pulls(found) == [] and needed(scenario) == []
    assert growth_path(scenario, scenario.kpis[0], paths=256) is None
    with pytest.raises(InputError):
        check(store(LOW | {"relative": True, "target": 0.1}), paths=256)


def test_a_contract_cannot_settle_on_the_clients_cash():
    with pytest.raises(InputError) as error:
        store(
            LOW,
            options=[
                {"id": "a", "base": 1.0, "rewards": [{"kpi": "low", "amount": 1.0}]},
            ],
        )
    assert "low" in error.value.sentences("en")[0]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_is_told_in_the_currency_of_the_balance(lang):
    kpi = LOW | {"target": 5000.0}
    sales, home = store(kpi), store(kpi, **{"cash.kept_in": "home"})
    assert "€5,000" in kpi_text(sales.kpis[0], sales, lang)
    assert "¥5,000" in kpi_text(home.kpis[0], home, lang)
    span = {"en": "on any day of months 1 to 6", "zh": "第 1–6 个月的任何一天"}[lang]
    assert span in kpi_text(sales.kpis[0], sales, lang)
    for text in (basis_text(sales.kpis[0], sales, lang), formula_text(sales.kpis[0], lang)):
        assert text


def test_another_currency_converts_its_target_with_the_balance():
    kpi = LOW | {"target": 700.0}
    home = store(kpi, **{"cash.kept_in": "home"})
    assert in_currency(home, "cost_currency", "USD", 0.14).kpis[0].target == pytest.approx(98.0)
    assert in_currency(home, "currency", "USD", 1.1).kpis[0].target == 700.0
    sales = store(kpi)
    assert in_currency(sales, "currency", "USD", 1.1).kpis[0].target == pytest.approx(770.0)


def test_it_needs_no_counts():
    assert Kpi.model_validate(LOW).seen is None


@pytest.mark.parametrize(
    ("typed", "months"),
    [
        ({"window": "average", "month_from": 2}, (2, 6)),
        ({"window": "total", "month_from": 2}, (2, 6)),
        ({"window": "every", "month_from": 2}, (2, 6)),
        ({"window": "by", "month_from": 2}, (1, 6)),
        ({"window": "month", "month_from": 2}, (6, 6)),
        ({}, (1, 6)),
    ],
)
def test_it_is_looked_at_in_one_way_only(typed, months):
    """An average or a sum of balances means nothing: whatever window a file names, it is every
    month from one to another, and the months looked at stay.
    """
    kpi = Kpi.model_validate(LOW | typed)
    assert kpi.window == "every" and kpi.months == months
    again = store(LOW | typed).replace({"kpis.low.window": "total"})
    assert again.kpis[0] == kpi


def test_no_numerator_is_asked_of_a_balance():
    """A rate beside it is asked for its numerator and denominator, the balance is not."""
    rate = {"id": "roas", "metric": "roas", "target": 3.0, "month_to": 6}
    scenario = store(LOW, rate)
    named = [one.kpis for one in remarks(scenario) if one.key == "no_definition"]
    assert named == [("roas",)]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_balance_kept_at_home_is_told_once(lang):
    """Its target is typed in yuan and shown in yuan: nothing stands beside it."""
    home = store(LOW | {"target": 50_000.0}, **{"cash.kept_in": "home", "shown_in": "home"})
    assert kpi_text(home.kpis[0], home, lang).count("50,000") == 1
    sales = store(LOW | {"target": 50_000.0}, shown_in="home")
    assert typed_value(50_000.0, "cash_low", home, lang) == value_text(
        50_000.0, "cash_low", home, lang
    )
    assert sales.kpis[0].target == 50_000.0
