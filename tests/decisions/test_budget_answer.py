"""The answer on an ad budget against the model itself: what it promises is what the scenario earns
once the split is taken, marginal profits are equal, goals are kept, refusals name what is wrong.
"""

from dataclasses import replace

import numpy as np
import pytest

from funnel_sim.chance.portfolio import RowSources
from funnel_sim.chance.simulation import simulate
from funnel_sim.chance.streams import plan_of
from funnel_sim.decisions.budget.answer import (
    BudgetLine,
    budget_answer,
    moves,
    next_amount,
    outside,
    portfolio_budget,
    spending,
    taken,
)
from funnel_sim.decisions.budget.responses import (
    PortfolioResponses,
    ScenarioResponses,
    _RowResponses,
    with_responses,
)
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.reference.budget_settings import budget_settings, response_prior
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.budget import BudgetBound, BudgetTerms
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import is_range, point_value

KITCHEN = preset("amazon-de-kitchen")
ADS = KITCHEN.channels[0]


def store(**budget):
    """Return the kitchen shop with three ad channels, one of which has spent nothing yet."""
    channels = [
        ADS.but(name="Products"),
        ADS.but(id="brand", name="Brands", budget=700.0, cpc=0.5, channel_cvr=0.06),
        ADS.but(id="new", name="New", budget=0.0, cpc=0.45),
        *KITCHEN.channels[1:],
    ]
    made = KITCHEN.but(channels=channels)
    return made.but(budget=made.budget.but(**budget))


def certain(scenario):
    """Return a scenario without any range."""
    return scenario.replace(
        {path: point_value(value) for path, value in scenario.quantities() if is_range(value)}
    )


def steady(scenario, key):
    return evaluate(scenario).steady[key]


def test_what_is_promised_is_what_the_scenario_earns_once_the_split_is_taken():
    one = store(budget_total=2500.0)
    found = budget_answer(one)
    made = taken(one, found)
    assert found.profit[0] == pytest.approx(steady(one, "profit"))
    assert found.profit[1] == pytest.approx(steady(made, "profit"))
    assert found.gmv[1] == pytest.approx(steady(made, "gmv"))
    spent = sum(point_value(c.budget) for c in made.channels if c.kind == "cpc")
    assert round(spent * 100) == 250_000
    # asked again, the new store has nothing to move
    again = budget_answer(made)
    assert max(abs(line.moved) for line in again.lines) < 1.0
    assert again.profit[1] == pytest.approx(found.profit[1], abs=0.01)


def test_every_channel_has_the_same_marginal_profit_in_the_model():
    one, _ = with_responses(store(), BudgetTerms())
    found = budget_answer(store())
    base = {f"channels.{line.name}.budget": line.best for line in found.lines}
    slopes = []
    for path, best in base.items():
        ends = [steady(one.replace(base | {path: best + step}), "profit") for step in (-1.0, 1.0)]
        slopes.append((ends[1] - ends[0]) / 2)
    assert slopes == pytest.approx([found.price] * 3, abs=2e-3)
    assert found.proven and found.additive


def test_responses_of_many_budgets_are_those_of_one_scenario_each():
    one, _ = with_responses(store(), BudgetTerms())
    responses = ScenarioResponses(one)
    budgets = np.array([[[100.0, 900.0]], [[5.0, 800.0]], [[0.0, 60.0]]])
    along = responses.along(budgets)
    for place, name in enumerate(responses.names):
        for point in range(2):
            changed = one.replace({f"channels.{name}.budget": float(budgets[place, 0, point])})
            assert along[0, place, 0, point] == pytest.approx(steady(changed, "profit"))
            assert along[1, place, 0, point] == pytest.approx(steady(changed, "gmv"))
    split = np.array([[10.0, 20.0, 30.0]])
    changed = one.replace(
        {f"channels.{n}.budget": float(v) for n, v in zip(responses.names, split[0], strict=True)}
    )
    assert responses.together(split)[0, 0] == pytest.approx(steady(changed, "profit"))


def test_no_typed_response_is_assumed_from_the_data_and_as_typed_goes_to_the_cheapest():
    found = budget_answer(store())
    assert all(line.assumed for line in found.lines)
    typed = budget_answer(store(assume_response=False))
    best = {line.name: line.best for line in typed.lines}
    # without diminishing returns all of it goes where a click brings most
    assert sorted(best.values()) == [0.0, 0.0, 2000.0]
    assert not any(line.assumed for line in typed.lines)


def test_the_assumption_is_the_one_of_other_answers():
    other = alternatives.default(KITCHEN, "incentives", "elasticity").value
    assert response_prior().likely == other
    assert response_prior().low < other < response_prior().high


def test_a_typed_response_stays():
    one = store()
    one = one.replace({"channels.brand.elasticity": 0.5, "channels.brand.reference_budget": 300.0})
    made, assumed = with_responses(one, BudgetTerms())
    assert assumed == ("ads", "new")
    assert made.channels[1] == one.channels[1]
    # a channel that has spent nothing is priced at the mean of all: (1,300 + 700 + 0) / 3
    assert made.channels[2].reference_budget == pytest.approx(2000 / 3)


def test_bounds_steps_and_totals_are_kept():
    bounds = [BudgetBound(channel="ads", high=900.0), BudgetBound(channel="new", low=250.0)]
    found = budget_answer(store(bounds=bounds, budget_step=50.0, budget_total=2100.0))
    best = {line.name: line.best for line in found.lines}
    assert best["ads"] <= 900 and best["new"] >= 250
    assert all(value % 50 == 0 for value in best.values()) and sum(best.values()) == 2100


def with_creators(**budget):
    """Return the shop with a channel that pays creators a share: its sales earn less."""
    one = store(**budget)
    return one.replace({"channels.brand.affiliate_rate": 0.2})


@pytest.mark.slow
def test_most_gmv_keeps_the_floor_of_profit():
    best = budget_answer(with_creators())
    most = best.profit[1]
    floor = most - 40.0
    found = budget_answer(with_creators(budget_goal="gmv", profit_floor=floor))
    free = budget_answer(with_creators(budget_goal="gmv", profit_floor=-1e6))
    assert free.profit[1] < floor  # so that the floor binds
    assert floor <= found.profit[1] <= floor + 0.5
    assert best.gmv[1] < found.gmv[1] < free.gmv[1]
    with pytest.raises(InputError) as error:
        budget_answer(with_creators(budget_goal="gmv", profit_floor=most + 1.0))
    assert error.value.problems[0].rule == "budget_floor"
    assert budget_answer(with_creators(budget_goal="gmv", profit_floor=most - 0.5)).proven


def test_the_cheapest_way_to_a_gmv_cannot_be_a_hundredth_cheaper():
    target = budget_answer(store()).gmv[1] * 1.2
    found = budget_answer(store(budget_goal="cheapest", gmv_target=target))
    assert found.gmv[1] >= target
    less = store(budget_goal="gmv", profit_floor=-1e9, budget_total=round(found.total * 0.999, 2))
    assert budget_answer(less).gmv[1] < target


def test_a_gmv_out_of_reach_or_not_given_is_refused():
    bounds = [BudgetBound(channel=name, high=100.0) for name in ("ads", "brand", "new")]
    with pytest.raises(InputError) as error:
        budget_answer(store(budget_goal="cheapest", gmv_target=1e7, bounds=bounds))
    assert error.value.problems[0].rule == "budget_target"
    with pytest.raises(InputError) as error:
        budget_answer(store(budget_goal="cheapest"))
    assert error.value.problems[0].where == "budget.gmv_target"


@pytest.mark.parametrize(
    ("budget", "rule"),
    [
        ({"bounds": [BudgetBound(channel="gone", low=5.0)]}, "budget_channel"),
        ({"bounds": [BudgetBound(channel="ads", low=2000.01)]}, "budget_room"),
        ({"bounds": [BudgetBound(channel=n, high=600.0) for n in ("ads", "brand", "new")]},
         "budget_room"),
    ],
)  # fmt: skip
def test_what_leaves_no_split_is_refused(budget, rule):
    with pytest.raises(InputError) as error:
        budget_answer(store(**budget))
    assert error.value.problems[0].rule == rule
    for lang in ("zh", "en"):
        assert "{" not in error.value.sentences(lang)[0]


def test_a_shop_without_ads_is_refused():
    with pytest.raises(InputError) as error:
        budget_answer(preset("temu-full-managed-home"))
    assert error.value.problems[0].rule == "budgets_no_ads"


def test_the_next_amount_is_given_out_whole_and_a_cut_is_the_best_of_its_total():
    found = budget_answer(store())
    assert found.next_amount == 1000.0
    assert sum(line.gets_next for line in found.lines) == pytest.approx(1000.0)
    assert sum(line.cut for line in found.lines) == pytest.approx(found.total_cut)
    assert found.total_cut == pytest.approx(2000.0 * 2 / 3, abs=0.005)
    assert found.profit_cut == pytest.approx(budget_answer(store(budget_total=1333.33)).profit[1])
    assert found.profit_cut >= found.profit_even


@pytest.mark.slow
def test_the_total_that_earns_most_has_no_better_one_beside_it():
    found = budget_answer(store())
    peak = found.curve.peak
    here, less, more = (
        budget_answer(store(budget_total=round(peak * by, 2))).profit[1] for by in (1, 0.97, 1.03)
    )
    assert here >= max(less, more)
    assert budget_answer(store(budget_total=round(peak, 2))).price == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize("total", [0.0, 0.01, 1e9])
def test_totals_far_from_todays_have_an_answer_and_the_same_best_total(total):
    found = budget_answer(store(budget_total=total))
    assert sum(round(line.best * 100) for line in found.lines) == round(total * 100)
    assert found.curve.peak == pytest.approx(budget_answer(store()).curve.peak, rel=0.02)


def test_gains_have_a_chance_only_where_something_is_a_range():
    assert budget_answer(store()).chance is not None
    typed = {}
    for name in ("ads", "brand", "new"):
        typed |= {
            f"channels.{name}.elasticity": 0.3,
            f"channels.{name}.reference_budget": 500.0,
        }
    found = budget_answer(certain(store()).replace(typed))
    assert found.chance is None and found.without_chance == "certain"


@pytest.mark.slow
def test_the_same_seed_gives_the_same_answer():
    one, two = budget_answer(store()), budget_answer(store())
    assert one.lines == two.lines and one.chance == two.chance
    other = budget_answer(store(), seed=7)
    assert other.chance != one.chance
    assert [line.best for line in other.lines] == [line.best for line in one.lines]


def test_the_draws_are_those_of_the_simulation():
    one, _ = with_responses(store(), BudgetTerms())
    plan = plan_of(256, 3)
    drawn = simulate(one, (), steady=("profit",), paths=256, seed=3, keep_inputs=True)
    now = ScenarioResponses(one).now
    budgets = np.broadcast_to(now[:, None, None], (3, 256, 1))
    along = ScenarioResponses(one).along(budgets, plan)
    assert along[0, 0, :, 0] == pytest.approx(drawn.of("profit", "steady"))


def test_what_lies_outside_the_spending_seen():
    known = budget_settings()
    today = BudgetBound(channel="ads")
    months = BudgetBound(channel="ads", seen_low=80.0, seen_high=300.0)
    assert [outside(x, 100.0, today, known) for x in (49.9, 50.0, 200.0, 200.1)] == [
        True, False, False, True,
    ]  # fmt: skip
    assert [outside(x, 100.0, months, known) for x in (79.9, 80.0, 300.0, 300.1)] == [
        True, False, False, True,
    ]  # fmt: skip


def test_moves_add_up_whatever_the_totals():
    def line(name, now, best):
        return BudgetLine(name, now, best, 0, 0, 0, 0, 0, 0, False, False, True)

    lines = [line("a", 100.0, 70.0), line("b", 50.0, 10.0), line("c", 0.0, 90.0)]
    found = moves(lines)  # 20 more than before
    assert sum(amount for _, to, amount in found if to == "c") == 90.0
    assert [amount for of, _, amount in found if of == ""] == [20.0]
    assert moves([line("a", 100.0, 60.0)]) == [("a", "", 40.0)]
    assert moves([line("a", 5.0, 5.0)]) == []


def test_the_next_amount_is_a_power_of_ten_below_the_total():
    assert [next_amount(x) for x in (0.5, 9.99, 10.0, 1300.0)] == [1.0, 1.0, 10.0, 1000.0]


def test_where_the_next_amount_goes_is_told_of_the_amount_that_is_asked():
    """700 more a month: given out as the best split of 700 more gives it, and what it would bring
    each channel alone is what the shop then earns. The best split itself does not depend on it.
    """
    one = store(next_spend=700.0)
    found, plain = budget_answer(one), budget_answer(store())
    more = budget_answer(store(budget_total=found.total + 700.0))
    assert found.next_amount == 700.0
    assert [line.best for line in found.lines] == [line.best for line in plain.lines]
    now = {line.name: line.now for line in found.lines}
    earned = steady(spending(one, one.budget, now), "profit")
    for line, larger in zip(found.lines, more.lines, strict=True):
        assert line.gets_next == pytest.approx(larger.best - line.best, abs=0.011)
        alone = spending(one, one.budget, now | {line.name: line.now + 700.0})
        assert line.next_now == pytest.approx(steady(alone, "profit") - earned, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("of", ["scenario", "portfolio"])
def test_the_probability_of_a_gmv_is_the_share_of_simulated_futures_that_reach_it(of):
    """One shop, and two rows of it added up: the steady month of 1,024 draws against as many
    steady months simulated of the split that is taken, of the same seed and so the same draws.
    """
    target = budget_answer(store()).gmv[1] * 1.1
    terms = BudgetTerms(budget_goal="cheapest", gmv_target=target)
    if of == "scenario":
        one = store().but(budget=terms)
        found = budget_answer(one, paths=1024, seed=3)
        drawn = simulate(taken(one, found), (), steady=("gmv",), paths=1024, seed=3)
        gmv = np.asarray(drawn.of("gmv", "steady"))
    else:
        terms = terms.but(gmv_target=2 * target)
        portfolio = rows(PortfolioRow("A", "mine"), PortfolioRow("B", "mine"))
        found = portfolio_budget(portfolio, terms, paths=1024, seed=3)
        split = np.array([line.best for line in found.lines])
        responses = PortfolioResponses(portfolio, terms)
        gmv = np.zeros(1024)
        for index, sources in enumerate(responses._sources):
            best = split[3 * index : 3 * index + 3]
            budgets = dict(zip(("ads", "brand", "new"), best, strict=True))
            made = sources.scenario.replace(
                {f"channels.{name}.budget": float(value) for name, value in budgets.items()}
            )
            own = RowSources(made, sources.row, sources.places, sources.shared)
            alone = _RowResponses(made, sources_of=own)
            gmv += alone.along(np.broadcast_to(best[:, None, None], (3, 1024, 1)),
                               plan_of(1024, 3))[1, 0, :, 0]  # fmt: skip
    promise = found.chance.promise
    assert promise.least == terms.gmv_target
    assert promise.kept == pytest.approx((gmv >= terms.gmv_target).mean())
    assert promise.middle == pytest.approx(np.median(gmv))
    assert 0.2 < promise.kept < 0.8


@pytest.mark.slow
def test_a_floor_of_profit_has_its_probability_and_most_profit_promises_nothing():
    assert budget_answer(store()).chance.promise is None
    floor = budget_answer(with_creators()).profit[1] - 40.0
    found = budget_answer(with_creators(budget_goal="gmv", profit_floor=floor))
    assert found.chance.promise.figure == 0 and 0 < found.chance.promise.kept < 1


@pytest.mark.slow
def test_what_is_given_up_in_a_cut_adds_up_whatever_the_total():
    for total in (500.0, 2000.0, 5000.0):
        found = budget_answer(store(budget_total=total))
        assert sum(line.given_up for line in found.lines) == pytest.approx(total / 3, abs=0.006)
        assert min(line.given_up for line in found.lines) >= -0.011  # responses are concave


def test_steps_are_kept_in_the_cut_and_in_the_next_amount():
    # a third of 2,500 is 833.33, or 17 steps of 50; a next 1,000 is 3.33, or 3 steps of 300
    found = budget_answer(store(budget_total=2500.0, budget_step=50.0))
    assert found.total_cut == 1650.0
    assert all(line.cut % 50 == 0 for line in found.lines)
    wide = budget_answer(store(budget_total=2400.0, budget_step=300.0))
    assert wide.next_amount == 900.0 and wide.total_cut == 1500.0
    assert all(line.gets_next % 300 == 0 and line.cut % 300 == 0 for line in wide.lines)


# ---- the rows of a portfolio


def rows(*some, currency="EUR"):
    return Portfolio(tuple(some), DATA_DATE, currency, {"mine": store()})


def test_one_row_is_its_scenario():
    one = portfolio_budget(rows(PortfolioRow("Shop", "mine")), BudgetTerms())
    alone = budget_answer(store())
    assert [line.name for line in one.lines] == ["Shop / ads", "Shop / brand", "Shop / new"]
    assert [line.best for line in one.lines] == pytest.approx([x.best for x in alone.lines])
    assert one.profit == pytest.approx(alone.profit)


@pytest.mark.slow
def test_rows_are_the_sum_of_their_scenarios_in_any_order_and_currency():
    some = (
        PortfolioRow("A", "amazon-de-kitchen", {"channels.ads.budget": 400.0}),
        PortfolioRow("B", "amazon-us-kitchen"),
        PortfolioRow("C", "amazon-de-kitchen", {"product.price": 33.0}),
    )
    portfolio = rows(*some, currency="CNY")
    found = portfolio_budget(portfolio, BudgetTerms())
    total = 0.0
    for index in range(3):
        scenario = portfolio.scenario_of(index)
        total += steady(scenario, "profit") * point_value(scenario.fx_rate)
    assert found.profit[0] == pytest.approx(total)
    assert found.proven and round(sum(x.best for x in found.lines) * 100) == round(
        found.total * 100
    )
    turned = portfolio_budget(rows(*some[::-1], currency="CNY"), BudgetTerms())
    before = {line.name: line.best for line in found.lines}
    after = {line.name: line.best for line in turned.lines}
    assert after == pytest.approx(before, abs=0.02)
    assert turned.chance.seen == pytest.approx(found.chance.seen, abs=0.02)


def test_bounds_of_a_portfolio_go_by_the_rows_names():
    portfolio = rows(PortfolioRow("A", "amazon-de-kitchen"), PortfolioRow("B", "amazon-de-kitchen"))
    terms = BudgetTerms(bounds=[BudgetBound(channel="A", high=300.0)])
    best = {line.name: line.best for line in portfolio_budget(portfolio, terms).lines}
    assert best == {"A": 300.0, "B": 2300.0}
    with pytest.raises(InputError):
        portfolio_budget(portfolio, BudgetTerms(bounds=[BudgetBound(channel="C", high=1.0)]))


def test_rows_of_the_same_structure_that_differ_in_their_response():
    typed = {"channels.ads.elasticity": 0.6, "channels.ads.reference_budget": 1300.0}
    portfolio = rows(
        PortfolioRow("A", "amazon-de-kitchen", typed), PortfolioRow("B", "amazon-de-kitchen")
    )
    responses = PortfolioResponses(portfolio)
    assert responses.assumed.tolist() == [False, True]
    budgets = np.array([[[650.0]], [[650.0]]])
    along = responses.along(budgets)[0, :, 0, 0]
    for index in range(2):
        one, _ = with_responses(portfolio.scenario_of(index), BudgetTerms())
        half = one.replace({"channels.ads.budget": 650.0})
        assert along[index] == pytest.approx(steady(half, "profit"))


def test_many_rows_have_no_interval():
    many = [
        PortfolioRow(f"r{n}", "amazon-de-kitchen", {"product.price": 25.0 + n / 10})
        for n in range(70)
    ]
    found = portfolio_budget(rows(*many), BudgetTerms())
    assert found.chance is None and found.without_chance == "rows"
    assert found.proven


def test_a_portfolio_and_its_question_are_one_file(tmp_path):
    from funnel_sim.scenario.portfolio_files import portfolio_from_bytes, portfolio_text

    terms = BudgetTerms(budget_total=5000.0, bounds=[BudgetBound(channel="A", high=300.0)])
    one = rows(PortfolioRow("A", "amazon-de-kitchen"))
    asked = replace(one, budget=terms)
    assert portfolio_from_bytes(portfolio_text(asked).encode()).budget == terms
    assert (
        '"budget"'
        not in portfolio_text(rows(PortfolioRow("A", "amazon-de-kitchen"))).split('"bases"')[0]
    )
    with pytest.raises(InputError) as error:
        portfolio_from_bytes(
            portfolio_text(asked).replace('"budget_total": 5000.0', '"budget_total": -1').encode()
        )
    assert error.value.problems[0].where == "budget.budget_total"


@pytest.mark.parametrize("total", [None, 3000.0])
def test_the_told_probability_is_the_share_of_simulated_futures_in_which_the_new_split_earns_more(
    total,
):
    """US kitchen, three channels, one without typed diminishing returns: today's total, and less.

    The steady month of 1,024 draws against the plan of 4,096 futures, both splits at one seed:
    1.5 % is the standard error of a share of 1,024 at one half, so 6 % is four of them.
    """
    kitchen = preset("amazon-us-kitchen").replace(
        {"product.price": 34.5, "product.unit_cost": 48.0}
    )
    ads, *rest = kitchen.channels
    typed = ads.but(budget=1800.0, elasticity=0.3, reference_budget=1500.0)
    brand = ads.but(id="brand", budget=700.0, elasticity=0.2, reference_budget=700.0)
    meta = ads.but(id="meta", budget=900.0, channel_cvr=0.03)
    scenario = kitchen.but(channels=[typed, brand, meta, *rest])
    scenario = scenario.but(budget=scenario.budget.but(budget_total=total))
    found = budget_answer(scenario, paths=1024)
    before = with_responses(scenario, scenario.budget)[0]
    after = taken(scenario, found)
    today, new = (simulate(one, ["profit"], paths=4096, seed=1) for one in (before, after))
    gains = np.asarray(new.of("profit")) - np.asarray(today.of("profit"))
    assert found.chance.better == pytest.approx((gains > 0).mean(), abs=0.06)
    assert found.chance.low / found.chance.seen < found.chance.honest / found.chance.seen


def test_the_total_that_earns_most_is_told_with_its_own_profit():
    found = budget_answer(store())
    again = budget_answer(store(budget_total=round(found.curve.peak, 2)))
    assert found.curve.peak_profit == pytest.approx(again.profit[1], abs=0.01)
    assert found.curve.peak_profit >= found.curve.profit.max() - 0.01
