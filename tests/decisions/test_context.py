"""What is computed once is handed on: how often the model is asked, counted by calls (never by
time).
"""

import sys
from collections import Counter
from contextlib import contextmanager

import pytest

from funnel_sim.chance.history import store_outlook
from funnel_sim.decisions.context import Context, context_of
from funnel_sim.decisions.growth import before
from funnel_sim.decisions.kpi.check import OFFERED, check
from funnel_sim.decisions.kpi.draws import draws_of
from funnel_sim.decisions.kpi.instead import instead
from funnel_sim.decisions.kpi.measured import baseline_of, floor_of, steady_figure, target_of
from funnel_sim.decisions.kpi.pulls import pulls
from funnel_sim.decisions.kpi.review import remarks
from funnel_sim.decisions.quote import answer
from funnel_sim.decisions.quote.contract import bill
from funnel_sim.model.economics import evaluate, figures_of
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.presets import preset

KPIS = [
    {"id": "gmv", "metric": "gmv", "target": 0.4, "relative": True, "sales_tax": "out"},
    {"id": "roas", "metric": "roas", "target": 3.0},
    {"id": "acos", "metric": "acos", "target": 0.2, "comparator": "at_most", "spend_tax": "in"},
    {
        "id": "days",
        "metric": "stock_days",
        "target": 40.0,
        "comparator": "at_most",
        "seen": 30000.0,
    },
]
SEEN = [
    20000.0,
    21000.0,
    25000.0,
    30000.0,
    28000.0,
    20000.0,
    19000.0,
    21000.0,
    22000.0,
    23000.0,
    24000.0,
    25000.0,
]
HISTORY = {"history.first_month": "2025-08", "history.seen_gmv": SEEN}
STORE = preset("amazon-de-kitchen").replace({"kpis": KPIS})


@contextmanager
def counted(*functions):
    """Count the calls of functions, by whatever name and from wherever they are called."""
    codes, found = {function.__code__: function.__name__ for function in functions}, Counter()

    def look(frame, event, _):
        if event == "call" and frame.f_code in codes:
            found[codes[frame.f_code]] += 1

    was = sys.getprofile()
    sys.setprofile(look)
    try:
        yield found
    finally:
        sys.setprofile(was)


def whole(at):
    """What a redraw of the KPI page asks."""
    found = check(at, 256)
    for chance in OFFERED:
        instead(found, chance)
    return found, remarks(at)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("changes", "evaluated"),
    [
        ({}, 1),
        (HISTORY, 1),
        ({"effect.effect_cpc": 0.9}, 2),
        (HISTORY | {"effect.effect_checkout": 1.1}, 2),
    ],
    ids=["plain", "history", "typed effect", "both"],
)
def test_a_kpi_check_with_its_remarks_evaluates_the_store_once_and_once_before_an_effect(
    changes, evaluated
):
    """13 times, and 18 with the sentences, before there was a context."""
    scenario = STORE.replace(changes)
    with counted(evaluate) as calls:
        whole(Context(scenario))
    assert calls["evaluate"] == evaluated
    known = evaluate(scenario)
    with counted(evaluate) as calls:
        whole(Context(scenario, known))
    assert calls["evaluate"] == evaluated - 1


def test_a_check_of_a_plain_scenario_evaluates_it_once_too():
    with counted(evaluate) as calls:
        check(STORE, 256)
    assert calls["evaluate"] == 1


def test_the_outlook_is_fitted_once_for_the_answer_and_once_a_simulation():
    with counted(store_outlook) as calls:
        check(Context(STORE.replace(HISTORY)), 256)
    assert calls["store_outlook"] == 1 + 3  # three beliefs, each a simulation of its own


def test_what_is_handed_on_is_what_is_worked_out_anew():
    for scenario in (STORE, STORE.replace(HISTORY), STORE.replace({"effect.effect_cpc": 0.9})):
        at = Context(scenario)
        for kpi in scenario.kpis:
            base = baseline_of(scenario, kpi)
            assert (
                baseline_of(at, kpi) == base
                and target_of(at, kpi) == target_of(scenario, kpi)
                and floor_of(at, kpi, base) == floor_of(scenario, kpi, base)
            )
        for key in ("profit", "roas@tax=out", "roas@tax=out"):
            assert at.figure(key) == steady_figure(scenario, key)
        assert (
            at.before.scenario == before(scenario)
            and at.before.figure("profit") == evaluate(before(scenario)).steady["profit"]
        )
        assert remarks(at) == remarks(scenario)
        assert context_of(at) is at


def test_a_store_without_an_effect_is_itself_before_any():
    assert Context(STORE).before.scenario is STORE
    moved = STORE.replace({"effect.effect_cpc": 0.9})
    assert Context(moved).before.scenario == STORE


def test_the_result_of_another_scenario_is_refused():
    with pytest.raises(ValueError, match="another"):
        Context(STORE, evaluate(STORE.replace({"product.price": 1.0})))


QUOTE = {"id": "quote", "base": 8000.0, "share_tiers": [{"rate": 0.05}], "share_over": "baseline"}


@pytest.mark.slow
def test_a_comparison_asks_for_each_figure_once():
    """The figures of a month stand in its book: only the share's basis, which may be a formula, is
    asked for, once for each case and block (six times before).
    """
    scenario = preset("amazon-de-kitchen").replace({"options": [QUOTE]})
    answer.compare(scenario, 1024)  # what the data tables say has been read
    with counted(figures_of, bill, evaluate, alternatives._made) as calls:
        answer.compare(scenario, 1024)
    assert calls["evaluate"] == 1  # the store carried on alone
    assert (
        calls["figures_of"] <= calls["bill"] + 25
    )  # and the usual month of what is shared, and whether the basis is known
    assert calls["_made"] == 1  # an own team, by the store's own orders


def test_defaults_are_those_of_the_day_and_currency():
    one = preset("amazon-de-kitchen")
    other = preset("amazon-us-kitchen").replace({"cost_currency": "USD", "fx_rate": 1.0})
    assert alternatives.default(one, "serving", "pay") is alternatives.default(
        one, "serving", "pay"
    )
    assert (
        alternatives.default(one, "serving", "pay").value
        != alternatives.default(other, "serving", "pay").value
    )
    few, many = (
        alternatives.default(one, "own_team", "people", orders).value for orders in (470.0, 4_800.0)
    )
    assert few != many


@pytest.mark.parametrize("changes", [{}, {"effect.effect_cpc": 0.9}], ids=["plain", "effect"])
def test_a_moved_target_simulates_neither_pulls_nor_stop_loss_nor_the_year_again(changes):
    """They rest on no target: the context without targets of the first question answers them for
    the second, with the same figures as if nothing were handed on.
    """
    store = STORE.replace(changes)
    kpis = store.plain()["kpis"]
    first, moved = (
        store.replace({"kpis": [one | {"target": target, "relative": True} for one in kpis]})
        for target in (0.3, 0.9)
    )

    def asked(at):
        found = check(at, 256)
        return [instead(found, chance) for chance in OFFERED], pulls(found)

    known = Context(first)
    asked(known)
    apart = known.without_targets
    with counted(draws_of) as calls:
        again = asked(Context(moved, untargeted=apart))
    assert calls["draws_of"] == 3  # the check itself, once for each belief
    with counted(draws_of) as calls:
        anew = asked(Context(moved))
    assert calls["draws_of"] > 3
    assert repr(again) == repr(anew)  # season is an array
    assert any(each for each in again[0])


def test_a_context_without_targets_is_of_its_own_store():
    apart = Context(STORE).without_targets
    assert apart.without_targets is apart
    with pytest.raises(ValueError, match="without targets"):
        Context(STORE.replace({"product.price": 20.0}), untargeted=apart)
