"""What each clause is worth to each side; who would choose what; what knowing is worth: by hand and
by law.
"""

import numpy as np
import pytest

from funnel_sim.chance.streams import plan_of
from funnel_sim.decisions.quote import clause_prices
from funnel_sim.decisions.quote.clause_prices import (
    CLAUSES,
    has,
    named_bonuses,
    prices,
    protection,
    stop_losses,
    without_clause,
)
from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.futures import outcomes
from funnel_sim.decisions.quote.incentives import incentives
from funnel_sim.decisions.quote.measure_first import measure_first, value_of_information_of
from funnel_sim.output.words.quote_further import clauses_note
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quotes import Option
from tests.conftest import certain, neutral
from tests.pages.test_quote_page import EVERYTHING, GMV

CALM = {"chance.month_noise": False, "chance.counting": False}
KPI = {
    "id": "gmv",
    "metric": "gmv",
    "target": 20000.0,
    "window": "average",
    "month_from": 1,
    "month_to": 3,
}


def calm(option, **changes):
    """A store of 100 orders at 100 a month, nothing by chance, with one quote."""
    return neutral(
        CALM
        | {
            "kpis": [KPI],
            "options": [{"id": "quote", "effect": 0.0, "serving_people": 0.0} | option],
        }
        | changes
    )


def price_of(option, **changes):
    scenario = calm(option, **changes)
    return {
        one.key: (one.client.mean.value, one.agency.mean.value)
        for one in prices(scenario, scenario.options[0], paths=256)
    }


def test_a_base_fee_costs_the_one_what_it_brings_the_other():
    # 12 months of 500 = 6,000
    assert price_of({"base": 500.0})["base"] == pytest.approx((-6000.0, 6000.0))


def test_a_share_a_cap_and_a_claw_back_by_hand():
    # sales 10,000 a month; 10 % is 1,000; capped at 800 saves 200 a month = 2,400; with a fifth
    # returned the claw-back is worth 12 × 200, without the cap
    found = price_of(
        {"share_tiers": [{"upto": None, "rate": 0.1}], "share_basis": "sales", "cap": 800.0}
    )
    assert found["cap"] == pytest.approx((2400.0, -2400.0))
    back = price_of(
        {"share_tiers": [{"upto": None, "rate": 0.1}], "share_basis": "sales", "clawback": True},
        **{"fulfilment.return_rate": 0.2, "fulfilment.refund_share": 1.0},
    )
    assert back["clawback"] == pytest.approx((2400.0, -2400.0))


def test_sharing_only_over_the_baseline_is_worth_the_share_of_the_baseline():
    # sales stay at the baseline of 10,000: nothing is shared; without the clause 10 % of 10,000 ×
    # 12
    found = price_of(
        {
            "share_tiers": [{"upto": None, "rate": 0.1}],
            "share_basis": "sales",
            "share_over": "baseline",
        }
    )
    assert found["baseline"] == pytest.approx((12000.0, -12000.0))


def test_a_stop_loss_saves_the_fees_of_the_months_that_it_spares():
    # the target of 20,000 is missed in every month at 10,000 (50 %): two months in a row end it,
    # ten months of 500 are saved, nothing was gained anyhow
    scenario = calm({"base": 500.0})
    found = {
        (one.share, one.months): one
        for one in stop_losses(scenario, scenario.options[0], paths=256)
    }
    two = found[0.8, 2]
    assert two.saved.value == pytest.approx(5000.0)
    assert (two.stopped, two.good_ended, two.bad_ended.value) == (1.0, None, 1.0)
    assert found[0.8, 3].saved.value == pytest.approx(4500.0)


def test_a_stop_loss_that_ends_good_deals_says_so():
    # 5 % more of 10,000 without any cost is 500 a month for a fee of 100: good, yet at 52.5 % of
    # the target it is ended
    scenario = calm(
        {"base": 100.0, "effect": 0.05, "ramp": 0.0},
        **{"conversion.cvr": 0.5, "channels.orders.impressions": 200.0},
    )
    one = next(
        one
        for one in stop_losses(scenario, scenario.options[0], paths=256)
        if (one.share, one.months) == (0.8, 2)
    )
    assert one.good_ended.value == 1.0
    assert one.bad_ended is None
    assert one.saved.value < 0


def test_every_clause_of_a_contract_can_be_taken_out_and_is_then_gone():
    scenario = preset("amazon-de-kitchen").replace({"kpis": [GMV], "options": [EVERYTHING]})
    option = scenario.options[0]
    there = [key for key in CLAUSES if has(option, key)]
    assert set(there) == set(CLAUSES) - {"penalty_limit"} | (
        {"penalty_limit"} if option.penalty_limited else set()
    )
    for key in there:
        assert not has(without_clause(option, key), key), key


def test_protection_that_a_contract_has_is_not_offered_again():
    scenario = preset("amazon-de-kitchen").replace({"kpis": [GMV], "options": [EVERYTHING]})
    assert protection(scenario, scenario.options[0]) == {}
    plain = Option(id="quote", share_tiers=[{"upto": None, "rate": 0.1}])
    assert set(protection(scenario, plain)) == {"stop_loss", "trial", "baseline", "clawback"}


def test_prices_are_differences_in_the_same_futures():
    scenario = preset("amazon-de-kitchen").replace({"kpis": [GMV], "options": [EVERYTHING]})
    option = scenario.options[0]
    with_it, without_it = outcomes(
        scenario, [Case(option), Case(without_clause(option, "cap"))], paths=1024
    )
    found = next(one for one in prices(scenario, option, paths=1024) if one.key == "cap")
    assert found.client.mean.value == pytest.approx(float((with_it.gain - without_it.gain).mean()))
    assert clause_prices.first_kpi(scenario, option) == "gmv"


# ---- incentives
# ------------------------------------------------------------------------------------------------


def known_store(option):
    return certain(store(option))


def store(option, **changes):
    return preset("amazon-de-kitchen").replace(
        {"chance.paths": 1024, "options": [{"id": "quote", "serving_people": 0.0} | option]}
        | changes
    )


def test_a_share_of_margin_after_ads_pulls_both_the_same_way():
    """In a store without ranges: where conversion may be half, a share that is never negative lets
    the client alone bear the months that lose.
    """
    scenario = known_store(
        {
            "share_tiers": [{"upto": None, "rate": 0.2}],
            "share_basis": "cm3",
            "share_period": "running",
        }
    )
    found = incentives(scenario, scenario.options[0]).budget
    assert found.agencys == found.clients
    assert found.costs == 0.0


def test_a_share_of_sales_pulls_the_budget_up_and_costs_the_client():
    scenario = store({"share_tiers": [{"upto": None, "rate": 0.1}]})
    found = incentives(scenario, scenario.options[0])
    assert found.budget.agencys > found.budget.clients
    assert found.budget.costs == pytest.approx(
        found.budget.client.max()
        - found.budget.client[found.budget.levels.index(found.budget.agencys)]
    )
    assert found.agency_from is not None
    assert found.client_from is None or found.agency_from < found.client_from


def test_a_flat_fee_pulls_nowhere():
    scenario = store({"base": 5000.0})
    found = incentives(scenario, scenario.options[0])
    assert found.budget.indifferent
    assert found.budget.agencys == found.budget.clients
    assert found.agency_from is None


@pytest.mark.slow
def test_an_elasticity_is_assumed_only_where_no_channel_has_one():
    assert incentives(store({"base": 1.0}), store({"base": 1.0}).options[0]).assumed == 0.3
    own = store(
        {"base": 1.0}, **{"channels.ads.elasticity": 0.2, "channels.ads.reference_budget": 1000.0}
    )
    assert incentives(own, own.options[0]).assumed is None


def test_a_discount_pays_a_share_of_sales_from_the_elasticity_that_keeps_sales():
    # 10 % off keeps sales where orders rise by 1/0.9: 0.9^(1 − ε) = 1 at ε = 1; no costs in this
    # store, so the same holds for the client's profit
    scenario = calm(
        {"share_tiers": [{"upto": None, "rate": 0.1}], "share_basis": "sales", "effect": 0.0},
        **{"conversion.cvr": 0.1},
    )
    found = incentives(scenario, scenario.options[0])
    assert found.agency_from == pytest.approx(1.0, abs=0.01)
    assert found.client_from == pytest.approx(1.0, abs=0.01)


# ---- what knowing is worth
# ---------------------------------------------------------------------------------------


def test_knowing_a_uniform_gain_is_worth_a_quarter():
    # gain x uniform on (−1, 1), or nothing: blind 0; knowing x: E[max(x, 0)] = ∫₀¹ x/2 dx = 1/4
    plan = plan_of(16384, 1)
    x = (np.tile((np.arange(plan.points) + 0.5) / plan.points, plan.replicates) * 2) - 1
    gains = np.stack([np.zeros_like(x), x])
    assert value_of_information_of(x, gains, plan.replicates).value == pytest.approx(
        0.25, abs=0.002
    )


def test_the_error_of_what_knowing_is_worth_is_that_of_a_mean_of_replicates():
    """In replicate r the gain is uniform on (−s, s), a hair below zero on average, so that knowing
    it is worth s / 4 there: the error is the deviation of these 16 values, n − 1, over √16.
    """
    plan = plan_of(4096, 1)
    sizes = 1.0 + 0.5 * (np.arange(plan.replicates) // 2 % 3)
    x = (np.arange(plan.points) + 0.5) / plan.points * 2 - 1
    gain = (sizes[:, None] * x).reshape(-1)
    found = value_of_information_of(
        gain, np.stack([np.zeros_like(gain), gain - 1e-9]), plan.replicates
    )
    by_hand = np.sqrt(np.square(sizes / 4 - sizes.mean() / 4).sum() / (plan.replicates - 1))
    assert found.value == pytest.approx(sizes.mean() / 4, rel=0.002)
    assert found.error == pytest.approx(by_hand / np.sqrt(plan.replicates), rel=0.005)


def test_knowing_what_decides_nothing_is_worth_nothing():
    plan = plan_of(4096, 1)
    rng = np.random.default_rng(3)
    x = rng.random(plan.paths)
    assert (
        value_of_information_of(
            x,
            np.stack([np.zeros(plan.paths), np.full(plan.paths, -5.0) + 0.1 * x]),
            plan.replicates,
        ).value
        == 0.0
    )


@pytest.mark.slow
def test_nothing_is_worth_more_than_knowing_everything():
    scenario = store({"base": 200.0, "claimed": 0.2})
    found = measure_first(scenario, paths=4096)
    assert found.inputs
    for one in found.inputs:
        assert one.worth.value <= found.everything + 2 * one.worth.error + 1e-9
    assert any(one.path == "options.quote.effect" for one in found.inputs)


def test_the_row_of_the_base_says_that_it_holds_what_is_counted_on_it():
    """Base 1,000 a month for 12 months and a bonus of 10 % of it for a KPI met in one month:
    without the base 12,000 + 100 fall away, and the note says that the row contains the bonus.
    """
    kpi = {"id": "k", "metric": "gmv", "target": 1.0, "window": "month", "month_to": 1}
    rewards = [{"kpi": "k", "kind": "bonus", "form": "base", "amount": 0.1, "each": "window"}]
    scenario = neutral(
        {"kpis": [kpi], "options": [{"id": "q", "base": 1000.0, "effect": 0.0, "rewards": rewards}]}
    )
    found = {
        one.key: one.client.mean.value for one in prices(scenario, scenario.options[0], paths=256)
    }
    assert (found["base"], found["bonus"]) == (pytest.approx(-12_100.0), pytest.approx(-100.0))
    assert "Bonus. Without the base" in clauses_note(scenario.options[0], "en")
    assert "Without the base" not in clauses_note(
        scenario.options[0].model_copy(update={"rewards": []}), "en"
    )


@pytest.mark.parametrize(
    ("reward", "sum_"),
    [
        ({"form": "fixed", "amount": 70.0}, 70.0),
        # 30 % of a base of 500 in each month of a window of four, or in a single month
        ({"form": "base", "amount": 0.3, "each": "window"}, 600.0),
        ({"form": "base", "amount": 0.3, "each": "month"}, 150.0),
        # a KPI that nobody typed is one of one month; what sales decide is named by none
        ({"form": "base", "amount": 0.3, "each": "window", "kpi": "gone"}, 150.0),
        ({"form": "sales", "amount": 0.05}, 0.0), ({"form": "excess", "amount": 0.05}, 0.0),
        ({"form": "fixed", "amount": 70.0, "kind": "penalty"}, 0.0),
    ],
)  # fmt: skip
def test_bonuses_that_are_named_add_up(reward, sum_):
    kpi = {"id": "g", "metric": "gmv", "target": 12_000.0, "month_from": 2, "month_to": 5}
    store = neutral({"kpis": [kpi]})
    option = {"id": "a", "base": 500.0, "rewards": [{"kpi": "g", "kind": "bonus", **reward}]}
    assert named_bonuses(store, Option.model_validate(option)) == pytest.approx(sum_)
    twice = option | {"rewards": option["rewards"] * 2}
    assert named_bonuses(store, Option.model_validate(twice)) == pytest.approx(2 * sum_)
