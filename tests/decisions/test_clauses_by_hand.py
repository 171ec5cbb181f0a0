"""Whether a contract has each of its clauses, what of it is prepaid, and what two rates are worth
where one of them earns nothing: by hand.
"""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from funnel_sim.decisions.conversion_test.posterior import Posteriors
from funnel_sim.decisions.economics.targets import answers
from funnel_sim.decisions.kpi.levers import _shown, nearest_setting
from funnel_sim.decisions.quote.clause_prices import _ONLY, has, without_clause
from funnel_sim.decisions.quote.contract_check.judged_fees import _prepayment
from funnel_sim.model.economics import evaluate
from funnel_sim.reference.contract_items import standard
from funnel_sim.scenario.quotes import Option
from tests.conftest import neutral

SHARE = {"share_tiers": [{"rate": 0.1}]}
PENALTY = {"kpi": "g", "kind": "penalty", "form": "fixed", "amount": 5.0}
BONUS = PENALTY | {"kind": "bonus"}


def option(**clauses):
    return Option.model_validate({"id": "a", **clauses})


@pytest.mark.parametrize(
    ("key", "there", "not_there"),
    [
        ("setup", {"setup": 1.0}, {}),
        ("base", {"base": 1.0}, {}),
        ("trial_base", {"trial": 2, "trial_base": 1.0}, {"trial": 2}),
        ("share", SHARE, {}),
        # a baseline, a season of it and a clawback say something of a share only
        ("baseline", SHARE | {"share_over": "baseline"}, {"share_over": "baseline"}),
        ("season", SHARE | {"share_over": "baseline", "baseline_season": True},
         SHARE | {"baseline_season": True}),
        ("clawback", SHARE | {"clawback": True}, {"clawback": True}),
        ("spend", {"spend_rate": 0.1}, {}),
        ("orders", {"order_fee": 1.0}, {}),
        ("floor", {"floor": 1.0}, {}),
        ("cap", {"cap": 1.0}, {}),
        ("bonus", {"rewards": [BONUS]}, {"rewards": [PENALTY]}),
        ("penalty", {"rewards": [PENALTY]}, {"rewards": [BONUS]}),
        # what limits a penalty needs one
        ("penalty_limit", {"rewards": [PENALTY], "penalty_limited": True},
         {"rewards": [BONUS], "penalty_limited": True}),
        ("instalments", {"instalments": [{"amount": 5.0, "month": 1}]}, {}),
        ("passed_on", {"passed_on": 1.0}, {}),
        # a part of a rebate of nothing is nothing
        ("rebate", {"ads_through": True, "rebate_rate": 0.1, "rebate_to_client": 0.5},
         {"ads_through": True, "rebate_to_client": 0.5}),
        ("extras", {"extras": [{"name": "x", "amount": 5.0}]}, {}),
        ("total_cap", {"total_cap": 1.0}, {}),
        ("tax", {"fee_tax": 0.1}, {}),
        ("stop_loss", {"stop_loss": True, "decided_by": "g"}, {"decided_by": "g"}),
        ("trial", {"trial": 2}, {}),
        ("exit", {"exit_fixed": 1.0}, {}),
        ("renewal", {"renewal": "automatic"}, {}),
        # notice counts where somebody may leave: after so many bad months, or by a KPI
        ("notice", {"notice": 2, "decided_by": "g"}, {"notice": 2, "patience": None}),
    ],
)  # fmt: skip
def test_a_contract_has_a_clause_that_does_something(key, there, not_there):
    with_it, without = option(**there), option(**not_there)
    assert has(with_it, key)
    assert not has(without, key)
    assert not has(without_clause(with_it, key), key)


def test_every_clause_can_be_taken_out():
    assert {*_ONLY, "bonus", "penalty"} >= {"notice", "exit", "season"}
    for key in _ONLY:
        assert not has(option(), key), key


@pytest.mark.parametrize(
    ("clauses", "usual"),
    [
        # setup and what is due by date, over the term, and a month of base: 1,200 / 12 + 100
        ({"setup": 1200.0, "base": 100.0, "term": 12}, 200.0),
        ({"base": 100.0, "term": 12, "instalments": [{"amount": 600.0, "month": 2}]}, 150.0),
        # one that is due by a result has no date
        ({"base": 100.0, "term": 12, "decided_by": "g",
          "instalments": [{"amount": 600.0, "kpi": "g"}]}, 100.0),
    ],
)  # fmt: skip
def test_what_is_prepaid_is_held_against_usual_months(clauses, usual):
    found = _prepayment(SimpleNamespace(option=option(**clauses)))
    assert found.figures["most"].value == pytest.approx(standard("prepaid_months") * usual)
    risk = found.figures["risk"].value
    assert found.state == ("bad" if risk > standard("prepaid_months") * usual else "good")


def test_nothing_prepaid_is_nothing_at_risk():
    found = _prepayment(SimpleNamespace(option=option(base=100.0, due_base="arrears")))
    assert (found.state, found.case) == ("good", "none")


def test_a_deposit_is_named_where_there_is_one():
    dear = option(base=100.0, term=12, due_base="arrears", deposit=10_000.0)
    assert _prepayment(SimpleNamespace(option=dear)).case == "bad_deposit"
    small = option(base=100.0, term=12, due_base="arrears", deposit=1.0)
    assert _prepayment(SimpleNamespace(option=small)).case == "good_deposit"


# ---- rates of which one earns nothing


PAIR = Posteriors((3.0, 5.0), (2.0, 6.0))
A, B = stats.beta(3, 5), stats.beta(2, 6)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("to_a", [2.0, -2.0])
@pytest.mark.parametrize("value", [-1.5, -0.5, 0.0, 0.5, 1.5])
def test_where_b_earns_nothing_only_the_rate_of_a_counts(to_a, value):
    """−2 A ≤ v is A ≥ −v / 2; 2 A ≤ v is A ≤ v / 2. The expected part above zero of −2 A − less by
    a sum over 200,000 quantiles.
    """
    expected = A.sf(-value / 2) if to_a > 0 else A.cdf(value / 2)
    assert PAIR.value_below(value, 0.0, to_a) == pytest.approx(expected, abs=1e-9)
    rates = A.ppf((np.arange(200_000) + 0.5) / 200_000)
    above = float(np.maximum(-to_a * rates - value, 0.0).mean())
    assert PAIR.excess(0.0, to_a, value) == pytest.approx(above, abs=1e-5)


def test_where_neither_earns_anything_the_difference_is_nothing():
    assert [PAIR.value_below(one, 0.0, 0.0) for one in (-0.1, 0.0, 0.1)] == [0.0, 1.0, 1.0]
    assert PAIR.excess(0.0, 0.0, -0.3) == pytest.approx(0.3) and PAIR.excess(0.0, 0.0, 0.3) == 0.0


@pytest.mark.parametrize("to_b", [3.0, -3.0])
def test_where_a_earns_nothing_only_the_rate_of_b_counts(to_b):
    for value in (-2.0, -0.6, 0.6, 2.0):
        expected = B.cdf(value / 3) if to_b > 0 else B.sf(-value / 3)
        assert PAIR.value_below(value, to_b, 0.0) == pytest.approx(expected, abs=1e-9)
        rates = B.ppf((np.arange(200_000) + 0.5) / 200_000)
        above = float(np.maximum(to_b * rates - value, 0.0).mean())
        assert PAIR.excess(to_b, 0.0, value) == pytest.approx(above, abs=1e-5)


# ---- searches


@pytest.mark.parametrize(
    ("found", "start", "goal", "setting"),
    [
        ([0.1, 0.5, 0.9], 1.0, 0.7, 2.5), ([0.9, 0.5, 0.1], 3.0, 0.7, 1.5),
        ([0.1, 0.5, 0.9], 1.0, 0.95, None), ([0.9, 0.9, 0.9], 2.0, 0.7, 2.0),
        # reached on both sides: the nearer one as a ratio (2 / 1.5 is more than 2.5 / 2)
        ([0.9, 0.5, 0.9], 2.0, 0.7, 2.5), ([0.9, 0.5, 0.9], 1.6, 0.7, 1.5),
        ([0.7, 0.5, 0.1], 3.0, 0.7, 1.0),
    ],
)  # fmt: skip
def test_the_nearest_setting_that_reaches_a_goal(found, start, goal, setting):
    settings = np.array([1.0, 2.0, 3.0])
    got = nearest_setting(settings, np.array(found), start, goal)
    assert got == (None if setting is None else pytest.approx(setting))


def test_a_lever_without_a_figure_shows_its_setting():
    shown = SimpleNamespace(figure="cpc")
    assert _shown(shown, 1.0, {"cpc": 0.5}) == 0.5 and _shown(shown, 1.0, {"cpc": 0.0}) == 0.0
    assert _shown(shown, 1.0, {"cpc": None}) == 1.0 and _shown(shown, 1.0, {}) == 1.0
    assert _shown(SimpleNamespace(figure=""), 1.5, {"": 7.0}) == 1.5


@pytest.mark.parametrize(("more", "met"), [(0.0, True), (-0.005, True), (0.005, False)])
def test_a_target_is_met_today_to_the_cent_and_not_half_a_cent_short(more, met):
    store = neutral({"product.unit_cost": 60.0})
    today = evaluate(store).steady["profit"]
    [price] = answers(store, ["price"], target=today + more)
    assert price.met_today == met
    assert price.value == pytest.approx(100.0, abs=1e-3)
