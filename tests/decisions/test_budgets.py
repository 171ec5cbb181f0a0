"""Two ad budgets: by hand with and without diminishing returns, agreement with two evaluations,
what is refused.
"""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel_sim.decisions.customer.budgets import between_budgets, budget_now
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario
from tests.conftest import neutral

ADS = {
    "channels.orders.kind": "cpc",
    "channels.orders.budget": 1000.0,
    "channels.orders.cpc": 0.5,
    "channels.orders.ctr": None,
    "conversion.cvr": 0.05,
    "product.unit_cost": 60.0,
}


def test_a_thousand_more_by_hand_at_one_price_of_clicks():
    """0.50 a click, 5 % buy at 100, cost 60: 1,000 brings 100 orders, sales 10,000, 4,000 before
    ads.
    """
    step = between_budgets(neutral(ADS), 2000, 3000)
    assert (
        step.extra_spend,
        step.extra_orders,
        step.extra_sales,
        step.extra_profit,
    ) == pytest.approx((1000.0, 100.0, 10_000.0, 3000.0))
    assert (step.roas, step.break_even) == pytest.approx((10.0, 2.5))


def test_a_thousand_more_by_hand_with_diminishing_returns():
    """Elasticity 0.5 at a reference of 1,000: b buys √(1,000 b) / 0.5 clicks: 2,828.43 and
    3,464.10, 141.42 and 173.21 orders.

    31.784 orders more sell 3,178.37 and leave 1,271.35 before 1,000 of ads; 2.5 would be enough.
    """
    step = between_budgets(
        neutral(
            ADS | {"channels.orders.elasticity": 0.5, "channels.orders.reference_budget": 1000.0}
        ),
        2000,
        3000,
    )
    more = 5 * (math.sqrt(3_000_000) - math.sqrt(2_000_000)) / 50  # clicks · 5 %
    assert more == pytest.approx(31.784, abs=5e-4)
    assert (step.extra_orders, step.extra_sales, step.extra_profit) == pytest.approx(
        (more, 100 * more, 40 * more - 1000)
    )
    assert (step.roas, step.break_even) == pytest.approx((0.1 * more, 2.5))


@settings(deadline=None, max_examples=25)
@given(
    st.sampled_from(["amazon-de-kitchen", "shopify-us-beauty", "tiktok-us-beauty"]),
    st.floats(100, 5000),
    st.floats(0.05, 3.0),
    st.just(0.0) | st.floats(1e-6, 0.6),
)
def test_it_pays_exactly_where_the_marginal_roas_is_above_its_break_even(
    name, low, factor, elasticity
):
    scenario = preset(name)
    ads = next(c.id for c in scenario.channels if c.kind in ("cpc", "cpm"))
    scenario = scenario.replace(
        {f"channels.{ads}.elasticity": elasticity, f"channels.{ads}.reference_budget": 1000.0}
    )
    step = between_budgets(scenario, low, low * (1 + factor))
    if step.break_even is not None and abs(step.extra_profit) > 1e-6:
        assert (step.roas > step.break_even) == (step.extra_profit > 0)


def test_it_agrees_with_the_scenario_at_each_budget():
    scenario = preset("amazon-de-kitchen")
    ads = next(c.id for c in scenario.channels if c.kind == "cpc")
    step = between_budgets(scenario, 500, 900)
    for place, budget in enumerate((500.0, 900.0)):
        found = evaluate(scenario.replace({f"channels.{ads}.budget": budget})).steady
        assert [step.spend[place], step.sales[place], step.profit[place]] == pytest.approx(
            [found[k] for k in ("ad_spend", "gross_sales", "profit")]
        )


def test_goods_sold_below_cost_have_no_break_even():
    assert (
        between_budgets(neutral(ADS | {"product.unit_cost": 130.0}), 2000, 3000).break_even is None
    )


def test_two_channels_share_a_budget_as_today():
    """600 and 400 of 1,000: at 2,000 they are 1,200 and 800; clicks at 0.50 and 1.00, 5 % buy: 120
    + 40 orders.
    """
    plain = neutral(ADS).plain()
    first = plain["channels"][0] | {"budget": 600.0}
    two = Scenario.read(
        plain | {"channels": [first, first | {"id": "other", "budget": 400.0, "cpc": 1.0}]}
    )
    assert budget_now(two) == 1000.0
    assert between_budgets(two, 1000, 2000).orders == pytest.approx((80.0, 160.0))


@pytest.mark.parametrize(
    ("first", "second", "rule"),
    [(1000, 1000, "budgets_same"), (-1, 1000, "at_least"), (1000, math.inf, "finite")],
)
def test_budgets_that_say_nothing_are_refused(first, second, rule):
    with pytest.raises(InputError) as caught:
        between_budgets(neutral(ADS), first, second)
    assert [(one.where, one.rule) for one in caught.value.problems] == [("budgets", rule)]


def test_without_bought_ads_there_is_no_budget():
    with pytest.raises(InputError) as caught:
        between_budgets(neutral(), 1000, 2000)
    assert caught.value.problems[0].rule == "budgets_no_ads"
