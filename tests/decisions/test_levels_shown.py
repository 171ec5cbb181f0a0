"""The levels that a reader sees: at which budgets, discounts, thresholds, shares and probabilities
an answer is told, and what each clause is without.
"""

import json
from dataclasses import replace

import numpy as np
import pytest

from funnel_sim.decisions.customer.contribution import contribution
from funnel_sim.decisions.customer.gains import gains
from funnel_sim.decisions.economics.grid import two_way
from funnel_sim.decisions.kpi.check import check
from funnel_sim.decisions.kpi.diary import DiaryEntry, Forecast, diary_text, read_diary, score
from funnel_sim.decisions.kpi.levers import PROBABILITIES, needed
from funnel_sim.decisions.quote.clause_prices import CLAUSES, stop_losses, without_clause
from funnel_sim.decisions.quote.incentives import SideChoice, incentives
from funnel_sim.decisions.quote.worked_examples import examples
from funnel_sim.errors import InputError
from funnel_sim.scenario.quotes import Option
from tests.conftest import neutral
from tests.decisions.test_clause_prices import calm
from tests.decisions.test_diary import entry, forecast

RANGED = {"conversion.cvr": {"dist": "uniform", "low": 0.1, "high": 0.3}}


# ---- a KPI


def test_a_kpi_is_told_at_five_to_95_percent_and_offered_at_four_probabilities():
    found = check(neutral(RANGED | {"kpis": [{"id": "g", "metric": "gmv", "target": 2000.0}]}), 256)
    [answer] = found.answers
    assert list(answer.offers) == [0.5, 0.7, 0.8, 0.9]
    # a uniform rate from 0.1 to 0.3 brings 1,000 to 3,000: 5 % of the futures lie below 1,100
    wanted = [1000 + 2000 * share / 100 for share in range(5, 100, 5)]
    assert answer.quantiles == pytest.approx(wanted, abs=45)  # a step of 5 % is 100
    assert answer.median == pytest.approx(2000, rel=0.02)


def test_levers_are_asked_for_one_in_two_and_four_in_five():
    assert PROBABILITIES == (0.5, 0.8)
    store = neutral({"kpis": [{"id": "g", "metric": "gmv", "target": 12_000.0}]})
    for one in needed(store):
        for reached in one.values.values():
            assert set(reached) <= {0.5, 0.8}


@pytest.mark.parametrize(
    ("odds", "low", "high"),
    [
        (0.0, 0.0, 0.2), (0.199, 0.0, 0.2), (0.2, 0.2, 0.4), (0.399, 0.2, 0.4), (0.4, 0.4, 0.6),
        (0.599, 0.4, 0.6), (0.6, 0.6, 0.8), (0.799, 0.6, 0.8), (0.8, 0.8, 1.0), (1.0, 0.8, 1.0),
    ],
)  # fmt: skip
def test_a_probability_is_scored_in_its_fifth(odds, low, high):
    found = score([entry(forecast(odds, 100.0))])
    assert found.bins == ((low, high, 1, odds, 1.0),)


def test_a_diary_is_of_version_1_and_a_megabyte_at_most():
    made = diary_text(entry(forecast())).encode()
    assert json.loads(made)["funnel_sim_diary"] == 1
    room = 1024 * 1024 - len(made)
    assert read_diary(made + b" " * room).seed == 3
    for content, rule in (
        (made + b" " * (room + 1), "file_large"),
        (made.replace(b'"funnel_sim_diary": 1', b'"funnel_sim_diary": 2'), "schema_unknown"),
    ):
        with pytest.raises(InputError) as refused:
            read_diary(content, "diary.json")
        [problem] = refused.value.problems
        assert (problem.rule, problem.where) == (rule, "diary.json")
        if rule == "file_large":
            assert problem.parts["limit"] == 1 and problem.value == "1.0 MB"


def test_a_diary_reads_back_whole():
    said = Forecast("g", "gmv", "GMV", "at_most", 5.0, 0.25, tuple(map(float, range(19))), 4.5)
    assert read_diary(diary_text(entry(said)).encode()) == entry(said)
    assert isinstance(entry(said), DiaryEntry)


@pytest.mark.parametrize(("joint", "fits"), [(0, True), (1, True), (-0.001, False), (1.001, False)])
def test_the_probability_of_all_in_a_diary_is_one(joint, fits):
    made = diary_text(replace(entry(forecast()), joint=joint)).encode()
    if fits:
        assert read_diary(made).joint == joint
    else:
        with pytest.raises(InputError):
            read_diary(made)


# ---- a quote


def test_the_budgets_and_discounts_between_which_each_side_chooses():
    scenario = calm(
        {"share_tiers": [{"upto": None, "rate": 0.1}]}, **{"comparison.price_elasticity": 2.0}
    )
    found = incentives(scenario, scenario.options[0])
    assert found.budget.levels == (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0)
    assert found.discount.levels == (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)


def test_a_budget_that_no_option_may_ask_for_is_no_choice():
    scenario = calm({"share_tiers": [{"upto": None, "rate": 0.1}], "ad_budget": 2.0})
    asked = incentives(scenario, scenario.options[0]).budget.levels
    most = max(asked) * 2.0
    for level in asked:
        assert Option(id="a", ad_budget=2.0 * level).ad_budget <= most
    assert 0.0 in asked and 1.0 in asked


def side(client, agency, levels=(0.0, 1.0, 2.0)):
    return SideChoice(levels, np.array(client, float), np.array(agency, float))


def test_of_levels_alike_to_the_agency_the_clients_own_counts():
    # the client is best at 1; the agency gets 5 at 0 and at 1: no conflict
    assert side([1, 3, 2], [5, 5, 4]).agencys == 1.0
    assert side([1, 3, 2], [5, 4, 5]).agencys in (0.0, 2.0)
    assert side([3, 1, 2], [4, 5, 5]).agencys == 1.0  # nearer to the client's 0 than 2 is
    chosen = side([1, 3, 2], [4, 4, 5])
    assert (chosen.clients, chosen.agencys, chosen.costs) == (1.0, 2.0, 1.0)
    assert chosen.at_the_edge and not chosen.indifferent
    assert not side([1, 3, 2], [4, 5, 4]).at_the_edge
    assert side([1, 2, 3], [4, 5, 4]).at_the_edge  # the client's is the last
    assert side([1, 3, 2], [4, 4, 4]).indifferent and side([0, 0, 0], [0, 0, 1e-7]).indifferent
    assert not side([0, 0, 0], [0, 0, 1e-5]).indifferent


def test_a_stop_loss_is_told_at_five_thresholds_and_three_lengths():
    scenario = calm({"base": 100.0})
    found = stop_losses(scenario, scenario.options[0], paths=256)
    assert [(one.share, one.months) for one in found] == [
        (share, months) for share in (0.6, 0.7, 0.8, 0.9, 1.0) for months in (1, 2, 3)
    ]


EVERY = {
    "setup": 1.0, "base": 2.0, "trial_base": 1.0, "share_tiers": [{"rate": 0.1}],
    "share_over": "baseline", "baseline_season": True, "clawback": True, "spend_rate": 0.1,
    "order_fee": 1.0, "floor": 1.0, "cap": 9.0, "penalty_limited": True,
    "instalments": [{"amount": 5.0, "month": 2}], "passed_on": 4.0, "rebate_rate": 0.1,
    "rebate_to_client": 0.5, "extras": [{"amount": 3.0}], "total_cap": 50.0, "fee_tax": 0.06,
    "stop_loss": True, "decided_by": "gmv", "trial": 2, "trial_exit": True, "exit_fixed": 1.0,
    "exit_months": 1.0, "exit_share": 0.1, "notice": 2, "renewal": "automatic",
    "rewards": [
        {"kpi": "gmv", "kind": "bonus", "amount": 1.0},
        {"kpi": "gmv", "kind": "penalty", "amount": 2.0},
    ],
}  # fmt: skip
WITHOUT = {
    "setup": {"setup": 0.0}, "base": {"base": 0.0, "trial_base": None},
    "trial_base": {"trial_base": None}, "share": {"share_tiers": []},
    "baseline": {"share_over": "all"}, "season": {"baseline_season": False},
    "clawback": {"clawback": False}, "spend": {"spend_rate": 0.0}, "orders": {"order_fee": 0.0},
    "floor": {"floor": None}, "cap": {"cap": None}, "penalty_limit": {"penalty_limited": False},
    "instalments": {"instalments": []}, "passed_on": {"passed_on": 0.0},
    "rebate": {"rebate_to_client": 0.0}, "extras": {"extras": []}, "total_cap": {"total_cap": None},
    "tax": {"fee_tax": 0.0}, "stop_loss": {"stop_loss": False},
    "trial": {"trial": 0, "trial_base": None},
    "exit": {"exit_fixed": 0.0, "exit_months": 0.0, "exit_share": 0.0}, "notice": {"notice": 0},
    "renewal": {"renewal": "ends"}, "bonus": {"rewards": EVERY["rewards"][1:]},
    "penalty": {"rewards": EVERY["rewards"][:1]},
}  # fmt: skip


@pytest.mark.parametrize("key", CLAUSES)
def test_a_contract_without_a_clause_is_all_of_it_but_that(key):
    whole = Option.model_validate({"id": "a", **EVERY})
    rest = Option.model_validate({"id": "a", **EVERY, **WITHOUT[key]})
    assert without_clause(whole, key) == rest != whole


def test_worked_examples_stand_at_half_the_target_at_it_and_half_above():
    scenario = calm({"base": 100.0, "rewards": [{"kpi": "gmv", "amount": 50.0}]})
    found = examples(scenario, scenario.options[0])
    assert [one.share for one in found.levels] == [None, 0.5, 1.0, 1.5]
    assert [one.value for one in found.levels][1:] == pytest.approx([10_000, 20_000, 30_000])


# ---- a customer, a grid


def test_a_customers_contribution_is_told_at_ten_fifty_and_90_percent():
    # CAC = 100 / (100 clicks · rate), uniform between 0.1 and 0.3: P10 of the cost is at the rate
    # 0.28, P90 at 0.12
    ads = {"id": "orders", "kind": "cpc", "budget": 100.0, "cpc": 1.0}
    found = contribution(neutral(RANGED | {"channels": [ads]}), 1024)
    assert found.cac == pytest.approx([1 / 0.28, 1 / 0.2, 1 / 0.12], rel=0.005)


def test_a_step_more_is_one_point_and_a_thousand_messages():
    store = neutral({"customers.repeat_probability": 0.2, "customers.referral": 0.1})
    found = {one.key: one.step for one in gains(store)}
    assert found == {"repeat": 0.01, "referral": 0.01, "sends.orders": 1000.0}


@pytest.mark.parametrize(
    ("repeat", "endless"), [(0.97, False), (0.979, False), (0.981, True), (0.995, True)]
)
def test_a_gain_is_not_believed_where_an_order_brings_a_hundred(repeat, endless):
    # with the step an order brings 1 / (1 − p − 0.01) in the long run: 100 at p = 0.98
    found = {one.key: one for one in gains(neutral({"customers.repeat_probability": repeat}))}
    assert found["repeat"].endless == endless
    assert (found["repeat"].profit is None) == endless


@pytest.mark.parametrize(("steps", "shown"), [(None, 17), (3, 3)])
def test_a_grid_runs_from_four_tenths_below_to_four_tenths_above(steps, shown):
    grid = two_way(neutral(), "price", "aov", **({} if steps is None else {"steps": steps}))
    assert (len(grid.across), len(grid.up)) == (shown, shown)
    assert grid.metric.shape == (shown, shown)
    assert (grid.across[0], grid.across[-1]) == pytest.approx((60.0, 140.0))
    assert grid.now == pytest.approx((100.0, 100.0))
    # 100 orders at the price and no cost, and as many units as the order value says
    assert grid.metric[0, 0] == pytest.approx(100 * 60 * 0.6)
    assert grid.metric[-1, 0] == pytest.approx(100 * 60 * 1.4)
