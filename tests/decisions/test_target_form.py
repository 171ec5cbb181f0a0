"""A target switched between a value and a change against the baseline asks for the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.decisions.economics.known import with_orders
from funnel_sim.decisions.kpi.measured import target_of
from funnel_sim.decisions.kpi.target_form import with_target_as
from funnel_sim.errors import InputError
from funnel_sim.scenario.presets import preset

STORE = preset("amazon-us-kitchen")


def store(**kpi):
    return STORE.replace({"kpis": [{"id": "g", "metric": "gmv", "target": 4100.0} | kpi]})


def test_a_value_becomes_a_change_of_its_baseline():
    """4,100 over 3,280 is + 25 %; below it, 2,460 is − 25 %."""
    assert with_target_as(store(baseline=3280.0), "g", relative=True).target == 0.25
    less = store(baseline=3280.0, target=2460.0)
    assert with_target_as(less, "g", relative=True).target == -0.25


def test_a_change_becomes_a_value():
    found = with_target_as(store(baseline=3280.0, relative=True, target=0.25), "g", relative=False)
    assert (found.target, found.relative) == (4100.0, False)


def test_a_total_is_of_all_its_months():
    """12,300 in months 1 to 3 are 4,100 a month: + 25 % of 3,280."""
    whole = store(baseline=3280.0, window="total", month_from=1, month_to=3, target=12_300.0)
    there = with_target_as(whole, "g", relative=True)
    assert there.target == 0.25
    back = with_target_as(whole.replace({"kpis": [there]}), "g", relative=False)
    assert back.target == 12_300.0


def test_what_stands_in_the_form_already_stays():
    scenario = store(relative=True, target=0.4)
    assert with_target_as(scenario, "g", relative=True) == scenario.kpis[0]


def no_visits():
    """Typed orders: nobody knows the visits, so that a KPI of visits has no baseline."""
    typed = with_orders(STORE).scenario
    return typed.replace({"kpis": [{"id": "g", "metric": "visits", "target": 4100.0}]})


@pytest.mark.parametrize("scenario", [store(baseline=0.0), no_visits()], ids=["zero", "unknown"])
def test_no_change_of_nothing(scenario):
    with pytest.raises(InputError, match="baseline"):
        with_target_as(scenario, "g", relative=True)
    kpi = scenario.kpis[0].but(relative=True, target=0.4)
    back = with_target_as(scenario.replace({"kpis": [kpi]}), "g", relative=False)
    assert (back.target, back.relative) == (0.0, False)


@pytest.mark.slow
@given(
    metric=st.sampled_from(["gmv", "roas", "acos", "paid_orders", "aov"]),
    window=st.sampled_from(["average", "total", "by"]),
    target=st.floats(0.01, 1e7),
)
def test_there_and_back_is_the_same_target(metric, window, target):
    before = store(metric=metric, window=window, target=target)
    there = before.replace({"kpis": [with_target_as(before, "g", relative=True)]})
    back = with_target_as(there, "g", relative=False)
    assert target_of(there, there.kpis[0]) == pytest.approx(target, rel=1e-6, abs=1e-6)
    assert back.target == pytest.approx(target, rel=1e-6, abs=1e-6)
