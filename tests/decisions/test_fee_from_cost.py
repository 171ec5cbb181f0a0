"""The fee that a cost and a margin need: by hand, at the edges of the margin, and as a law of the
margin that is left.
"""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.fee_from_cost import fee_from_cost, fee_needed, serving_cost
from funnel_sim.decisions.quote.futures import outcomes
from funnel_sim.errors import InputError
from funnel_sim.output.words.quote_serving import serving_sentence
from funnel_sim.scenario.quotes import Option
from tests.conftest import neutral

# 1,000 clicks at 1 of which a tenth buys: 100 orders of 100, ad spend of 1,000 a month; 2 of the
# cost currency for 1 of the sales currency
STORE = {
    "channels": [{"id": "ads", "kind": "cpc", "cpc": 1.0, "ctr": None, "budget": 1000.0}],
    "conversion.cvr": 0.1,
    "cost_currency": "CNY",
    "fx_rate": 2.0,
    "chance.counting": False,
    "chance.month_noise": False,
    "plan.horizon_months": 4,
}
SERVING = {
    "serving_people": 0.25,
    "serving_pay": 8000.0,
    "serving_on_cost": 0.4,
    "serving_other": 200.0,
}


def quote(**clauses):
    return Option.model_validate({"id": "a", "effect": 0.0, "ramp": 0.0, **SERVING, **clauses})


def test_cost_over_one_less_the_margin():
    """0.25 × 8,000 × 1.4 + 200 = 3,000; a quarter of the fee left: 3,000 ÷ 0.75 = 4,000."""
    found = fee_from_cost(neutral(STORE), quote(), 0.25)
    assert (found.cost.total, found.cost.rebate) == (pytest.approx(3000), 0.0)
    assert (
        found.fee == pytest.approx(4000)
        and found.base == pytest.approx(4000)
        and found.others == 0.0
    )


def test_serving_costs_the_same_where_nobody_knows_which_sales_the_ads_bring():
    """Beside clicks for 1,000 a channel with its ads as 10 % of all sales: a share of the sales of
    ads cannot be billed, but 3,000 and the rebate, 10 % of 1,000, half of it kept, at 2, are known.
    """
    unknown = {"id": "typed", "kind": "orders", "known_sales": 50.0, "tacos_rate": 0.1}
    scenario = neutral(STORE | {"channels": [*STORE["channels"], unknown]})
    option = quote(
        share_tiers=[{"rate": 0.1}],
        share_basis="ad_sales",
        rebate_rate=0.1,
        rebate_to_client=0.5,
    )
    cost = serving_cost(scenario, option)
    assert (cost.total, cost.rebate) == (pytest.approx(3000), pytest.approx(100))
    assert cost == serving_cost(neutral(STORE), option)
    with pytest.raises(InputError, match="share_basis"):  # the fee itself holds that share
        fee_from_cost(scenario, option, 0.25)


def test_a_rebate_that_is_kept_lowers_the_fee():
    """10 % of 1,000 is 100, half of it kept 50, at 2 that is 100 in the cost currency: (3,000 −
    100) ÷ 0.75.
    """
    found = fee_from_cost(neutral(STORE), quote(rebate_rate=0.1, rebate_to_client=0.5), 0.25)
    assert found.cost.rebate == pytest.approx(100) and found.fee == pytest.approx(2900 / 0.75)
    assert serving_cost(neutral(STORE), quote(rebate_rate=0.1, rebate_to_client=1.0)).rebate == 0.0


def test_more_ads_asked_for_are_a_larger_rebate():
    assert serving_cost(
        neutral(STORE), quote(rebate_rate=0.1, ad_budget=1.5)
    ).rebate == pytest.approx(1500 * 0.1 * 2)


@pytest.mark.parametrize(
    ("currency", "base"),
    [("cost", 4000 - 2 * 500 - 2 * 100), ("sales", (4000 - 2 * 500 - 2 * 100) / 2)],
)
def test_the_base_brings_what_the_other_fees_do_not(currency, base):
    """5 % of 10,000 and 10 % of 1,000 of ad spend are 500 and 100 of the sales currency, 1,200 of
    the cost currency; the contract in either.
    """
    found = fee_from_cost(
        neutral(STORE),
        quote(share_tiers=[{"rate": 0.05}], spend_rate=0.1, fee_currency=currency),
        0.25,
    )
    assert found.others == pytest.approx(1200) and found.base == pytest.approx(base)


def test_a_base_is_never_below_nothing_and_the_quotes_own_base_does_not_count():
    assert fee_from_cost(neutral(STORE), quote(order_fee=500.0), 0.25).base == 0.0
    assert fee_from_cost(neutral(STORE), quote(base=9999.0, setup=500.0), 0.25) == fee_from_cost(
        neutral(STORE), quote(), 0.25
    )


@pytest.mark.parametrize("margin", [-0.01, 1.0, 1.5, float("nan")])
def test_a_margin_that_no_fee_leaves_is_refused(margin):
    with pytest.raises(InputError):
        fee_needed(100.0, 0.0, margin)


def test_no_margin_is_the_cost():
    assert fee_needed(100.0, 20.0, 0.0) == 80.0


@pytest.mark.slow
@given(st.integers(0, 90).map(lambda n: n / 100), st.integers(0, 100).map(lambda n: n / 100))
def test_with_that_base_the_simulation_leaves_that_margin_of_the_fee(margin, passed):
    scenario = neutral(STORE)
    option = quote(rebate_rate=0.1, rebate_to_client=passed, share_tiers=[{"rate": 0.01}])
    found = fee_from_cost(scenario, option, margin)
    [run] = outcomes(scenario, [Case(option.but(base=found.base))], paths=256)
    fees = float((run.income - run.rebate).mean())
    assert float((run.income - run.serving).mean()) == pytest.approx(margin * fees, abs=1e-6)


def test_the_cost_is_that_of_the_means_of_its_ranges_as_the_simulation_counts_it():
    """People 0.25 and 0.75 alike: 0.5; pay of 6,000 to 8,500 to 18,000 in a triangle: 32,500 ÷ 3;
    0.5 × 10,833.33 × 1.4 + 200 = 7,783.33, four months.
    """
    pay = {"dist": "triangular", "low": 6000.0, "likely": 8500.0, "high": 18000.0}
    option = quote(
        serving_people={"dist": "uniform", "low": 0.25, "high": 0.75}, serving_pay=pay, base=100.0
    )
    cost = serving_cost(neutral(STORE), option)
    assert cost.total == pytest.approx(0.5 * 32500 / 3 * 1.4 + 200) and set(cost.ranges) == {
        "people",
        "pay",
    }
    [run] = outcomes(neutral(STORE), [Case(option)], paths=4096)
    assert float(run.serving.mean()) * 2 / 4 == pytest.approx(
        cost.total, rel=0.01
    )  # in the sales currency, at 2


@pytest.mark.parametrize(
    ("lang", "people", "pay"),
    [("en", "0.5 full-time people", "CN¥10,833.33"), ("zh", "0.5 名全职", "¥10,833.33")],
)
def test_the_sentence_shows_what_is_counted_and_the_range_beside_it(lang, people, pay):
    option = quote(
        serving_people={"dist": "uniform", "low": 0.25, "high": 0.75},
        serving_pay={"dist": "triangular", "low": 6000.0, "likely": 8500.0, "high": 18000.0},
    )
    told = serving_sentence(SimpleNamespace(option=option), neutral(STORE), lang)
    assert (
        people in told and pay in told and "7,783" in told and "0.25" in told and "18,000" in told
    )
