"""Growth against one's own level (ADR 0036): by hand, laws, and the plain formula of the noise."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from funnel_sim.decisions.growth import SHIFTED, UsualLevel, at_own, at_usual
from funnel_sim.decisions.kpi.check import check
from funnel_sim.decisions.kpi.draws import draws_of
from funnel_sim.decisions.kpi.levers import TOGETHER, needed
from funnel_sim.decisions.kpi.measured import baseline_of
from funnel_sim.decisions.kpi.path import growth_path
from funnel_sim.decisions.kpi.review import remarks
from funnel_sim.decisions.kpi.store_history import fit_funnel, with_months
from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.futures import outcomes
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.months import TEMPLATE
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.quotes import Option
from tests.conftest import neutral

STILL = {
    "chance.month_noise": False,
    "chance.counting": False,
    "chance.fx_walk": False,
    "plan.season": [1.0] * 12,
    "plan.ramp_months": 0,
    "promise.believed": "none",
}
UNSURE = {"dist": "uniform", "low": 0.1, "high": 0.3}


def store(*kpis, cvr=UNSURE, **changes):
    """Return 1,000 visits a month at an order value of 100, of which 10 % to 30 % buy: 10,000 to
    30,000 of sales, the likely value 20,000.

    No noise.
    """
    return neutral(
        {
            **STILL,
            "conversion.cvr": cvr,
            "channels.orders.impressions": 1000.0,
            "plan.horizon_months": 3,
            "kpis": list(kpis),
            **changes,
        }
    )


def growth(target, **more):
    return {"id": "g", "metric": "gmv", "target": target, "relative": True, **more}


def chance(*kpis, paths=1024, **changes):
    return check(store(*kpis, **changes), paths=paths).joint.value


# ---- by hand
# -----------------------------------------------------------------------------------------------


def test_a_growth_is_change_and_an_absolute_target_is_a_level():
    """Sales are uniform from 10,000 to 30,000 and never change: +40 % is met in no future, 28,000
    orders' worth of sales in (30 − 28) ÷ 20 = 10 % of them.
    """
    assert chance(growth(0.4)) == 0.0
    assert chance({"id": "a", "metric": "gmv", "target": 28_000.0}) == pytest.approx(0.1, abs=0.002)


def test_a_season_and_an_effect_are_change():
    """Months 1 to 3 at 1.5 of a usual month: +50 % is met in every future, however large the store;
    +51 % in none.

    So is an effect of +20 % that is there at once.
    """
    season = {"plan.season": [1.5] * 3 + [7.5 / 9] * 9, "plan.start_month": 1}
    assert [chance(growth(target), **season) for target in (0.5, 0.51)] == [1.0, 0.0]
    claimed = {"promise.believed": "claimed", "promise.claimed": 0.2, "promise.promise_ramp": 0.0}
    assert [chance(growth(target), **claimed) for target in (0.2, 0.21)] == [1.0, 0.0]


def test_an_effect_that_was_typed_is_growth_too():
    """Better checkout by 20 % from month 1 on: the baseline is the 20,000 before it, so +20 % is
    met and +21 % is not.
    """
    better = {"effect.effect_checkout": 1.2, "effect.effect_ramp_months": 0.0}
    kpi = growth(0.2)
    assert baseline_of(store(kpi, **better), Kpi(**kpi)).value == pytest.approx(20_000)
    assert [chance(growth(target), **better) for target in (0.2, 0.21)] == [1.0, 0.0]


def test_what_is_shown_stands_at_the_level_of_the_baseline():
    """Twice the sales in every future: the median is 2 × 20,000, and P10 and P90 are the same, for
    nothing but the level is uncertain.
    """
    season = {"plan.season": [2.0] * 3 + [6.0 / 9] * 9, "plan.start_month": 1}
    scenario = store(growth(0.4), **season)
    [answer] = check(scenario, paths=1024).answers
    assert answer.quantiles == pytest.approx([40_000] * 19) and answer.offers == pytest.approx(
        dict.fromkeys(answer.offers, 40_000)
    )
    way = growth_path(scenario, scenario.kpis[0])
    assert [way.low[0], way.high[0]] == pytest.approx([40_000, 40_000])


def test_a_typed_baseline_ties_the_level():
    """The contract says 20,000, what the likely store sells: +40 % is met in no future.

    It says 10,000, half of it: 14,000 is below what every future sells at that proportion (20,000),
    so +99 % is met and +101 % is not; the gap is told.
    """
    assert chance(growth(0.4, baseline=20_000.0)) == 0.0
    assert [chance(growth(target, baseline=10_000.0)) for target in (0.99, 1.01)] == [1.0, 0.0]
    [told] = [
        one for one in remarks(store(growth(0.4, baseline=10_000.0))) if one.key == "baseline_apart"
    ]
    assert told.parts["apart"] == pytest.approx(-0.5) and told.parts["change"] == pytest.approx(
        -0.3
    )  # 14,000 against 20,000
    assert "baseline_apart" not in {
        one.key for one in remarks(store(growth(0.4, baseline=20_100.0)))
    }


def test_profit_is_shifted_and_not_scaled():
    """Sales of 10,000 to 30,000 less 15,000 of costs: 5,000 likely, below zero in a quarter of the
    futures.

    A month at 1.1 brings a tenth of the sales more: 1,000 to 3,000.

    +20 % is 1,000 more, met everywhere; +40 % is 2,000 more, where sales are 20,000 or more: half
    of the futures.
    """
    more = {
        "fixed.other_monthly": 15_000.0,
        "plan.season": [1.1] + [10.9 / 11] * 11,
        "plan.start_month": 1,
    }
    kpi = {"id": "p", "metric": "profit", "relative": True, "window": "month", "month_to": 1}
    found = [chance({**kpi, "target": target}, paths=4096, **more) for target in (0.199, 0.4)]
    assert found == pytest.approx([1.0, 0.5], abs=0.002)


def test_a_lever_is_held_against_the_store_before_it():
    """+20 % needs a conversion of 20 % × 1.2 = 24 %, the baseline does not move with the lever;
    between two settings tried (1.189 and 1.297) the odds are taken as straight: 1.243.
    """
    scenario = store(growth(0.2))
    found = next(one for one in needed(scenario) if one.lever.key == "cvr")
    assert found.values[TOGETHER][0.5] == pytest.approx(0.2 * 1.243, rel=0.001)


# ---- laws
# --------------------------------------------------------------------------------------------------


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(
    card=st.sampled_from(preset_cards()),
    metric=st.sampled_from(["gmv", "roas", "orders", "aov", "cvr", "profit", "cm2"]),
    target=st.floats(0.001, 2.0),
    window=st.sampled_from(["month", "average", "total", "every", "by"]),
)
def test_nothing_grows_by_itself(card, metric, target, window):
    """Without effect, season, noise or events the probability of +x % is 0 for every x above zero,
    whatever is not known of the store's level; that of +0 % is 1, but for what a year's fees take
    off profit.
    """
    scenario = preset(card.id).replace({**STILL, "plan.budget_plan": [], "shocks": []})
    kpi = {"id": "k", "metric": metric, "relative": True, "window": window, "month_to": 3}
    base = baseline_of(scenario, Kpi(**kpi, target=0.0))
    if base is None or not base.value > 0:
        return
    assert (
        check(scenario.replace({"kpis": [{**kpi, "target": target}]}), paths=256).joint.value == 0.0
    )
    if metric not in SHIFTED:
        assert (
            check(scenario.replace({"kpis": [{**kpi, "target": 0.0}]}), paths=256).joint.value
            == 1.0
        )


@pytest.mark.parametrize("target", [-0.2, 0.0, 0.1, 0.4])
@pytest.mark.parametrize("cvr", [0.2, UNSURE], ids=["known", "unsure"])
def test_noise_alone_gives_its_plain_formula(target, cvr):
    """One month of lognormal noise of mean 1 and CV v: P(month ≥ 1 + x) = Φ(−(ln(1 + x) + σ² ÷ 2) ÷
    σ), σ² = ln(1 + v²), whether the level is known or not.

    A CV of 0.3, far from where a rate is cut at 1.
    """
    sigma = math.sqrt(math.log(1 + 0.3**2))
    wanted = ndtr(-(math.log1p(target) + sigma**2 / 2) / sigma)
    noisy = {"chance.month_noise": True, "chance.demand_cv": 0.3}
    found = chance(growth(target, window="month", month_to=1), paths=16384, cvr=cvr, **noisy)
    assert found == pytest.approx(wanted, abs=0.008)


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(["gmv", "profit"]),
    st.floats(1.0, 1e6),
    st.lists(st.floats(0.1, 10.0), min_size=1, max_size=5),
    st.floats(0.5, 2.0),
)
def test_both_ways_lead_back(metric, usual, factors, amount):
    """What is agreed for the likely store, put into a future and brought back, is what was
    agreed.
    """
    level = UsualLevel(usual, usual * np.array(factors))
    there = at_own(metric, amount * usual, level)
    assert at_usual(metric, there, level) == pytest.approx([amount * usual] * len(factors))
    assert (metric in SHIFTED) == (metric == "profit")


def test_a_future_without_a_level_misses():
    """No baseline above zero, no growth: the figure is unknown there."""
    level = UsualLevel(100.0, np.array([0.0, np.nan, 50.0]))
    assert np.isnan(at_usual("gmv", np.array([10.0, 10.0, 10.0]), level)).tolist() == [
        True,
        True,
        False,
    ]


def test_with_a_history_the_ranges_of_the_funnel_are_no_growth():
    """The months recorded tell the level: wider ranges under the funnel change the odds of growth
    by nothing, those of an absolute target by much.
    """
    scenario, _ = fit_funnel(
        with_months(preset("amazon-uk-home"), history(read_table(TEMPLATE.encode(), "x.csv")))
    )
    path = next(
        path
        for path, _ in scenario.quantities()
        if path == "conversion.cvr" or path.endswith("channel_cvr")
    )
    rate = point_value(scenario.get(path))
    known, unsure = (
        scenario.replace({path: value, "promise.believed": "none"})
        for value in (rate, {"dist": "uniform", "low": rate * 0.5, "high": rate * 1.5})
    )
    one, other = (
        check(each.replace({"kpis": [growth(0.1)]}), paths=4096).joint.value
        for each in (known, unsure)
    )
    assert one == pytest.approx(other, abs=0.004)


# ---- contracts
# ---------------------------------------------------------------------------------------------


def paid(scenario, effect=0.0, **clauses):
    plain = {"half_life": 0.0, "ramp": 0.0, "serving_people": 0.0, "serving_pay": 0.0}
    option = Option.model_validate({"id": "a", **plain, **clauses})
    [found] = outcomes(scenario, [Case(option, effect)], paths=256)
    return found


def sales(scenario):
    return draws_of(
        scenario, [Kpi(id="a", metric="gmv", target=0.0, window="total", month_to=3)], paths=256
    )[0]["a"].value


@pytest.mark.parametrize("named", [{}, {"baseline": 20_000.0}], ids=["derived", "typed"])
def test_a_share_over_the_baseline_pays_for_growth_alone(named):
    """Nothing changes: nothing is shared, in the largest store too. +10 %: a tenth of a tenth of
    what the future sells alone.
    """
    scenario = store()
    over = {
        "share_tiers": [{"rate": 0.1}],
        "share_over": "baseline",
        "fee_currency": "sales",
        **named,
    }
    assert paid(scenario, **over).paid == pytest.approx(np.zeros(256), abs=1e-6)
    alone = sales(scenario)
    assert np.ptp(alone) > 30_000
    assert paid(scenario, 0.1, **over).paid == pytest.approx(0.1 * 0.1 * alone)


def test_a_threshold_of_a_tier_stays_an_amount():
    """10 % of what is above 25,000 a month: a large store passes it without any growth, for that is
    what the clause says.
    """
    scenario = store()
    tiers = {
        "share_tiers": [{"upto": 25_000.0, "rate": 0.0}, {"rate": 0.1}],
        "fee_currency": "sales",
    }
    assert paid(scenario, **tiers).paid == pytest.approx(
        0.1 * np.maximum(sales(scenario) - 75_000.0, 0.0)
    )


def test_a_bonus_for_growth_falls_due_by_growth():
    """+20 % against the baseline in month 3: none alone, one in every future at +20 %.

    An excess is the future's own money: +30 % is 10 points over, 10 % of them.
    """
    kpi = growth(0.2, window="month", month_to=3)
    scenario = store(kpi)
    bonus = {"base": 1.0, "fee_currency": "sales"}
    fixed = {**bonus, "rewards": [{"kpi": "g", "amount": 100.0}]}
    assert paid(scenario, **fixed).lines["bonus"].sum() == 0.0
    assert paid(scenario, 0.2, **fixed).lines["bonus"].sum() == pytest.approx(100.0)
    excess = {**bonus, "rewards": [{"kpi": "g", "amount": 0.1, "form": "excess"}]}
    assert paid(scenario, 0.3, **excess).paid - 3.0 == pytest.approx(
        0.1 * 0.1 * sales(scenario) / 3
    )
