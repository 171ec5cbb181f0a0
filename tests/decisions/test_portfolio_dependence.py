"""On what a portfolio rests: shares by hand, what is left, effective number, the worst futures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.chance.portfolio import simulate_portfolio
from funnel_sim.decisions.portfolio.dependence import (
    EVERY,
    _effective,
    channel_kind,
    dependence,
    of_scenario,
    worst_mean,
)
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.presets import preset

KITCHEN = "amazon-de-kitchen"
ROWS = (
    PortfolioRow("a", KITCHEN, product="pan"),
    PortfolioRow("b", KITCHEN, {"product.unit_cost": 99.0}, product="pot"),
    PortfolioRow("c", "tiktok-us-beauty", product="pan"),
)
ITEMS = Portfolio(ROWS, DATA_DATE)


def of(found):
    return {one.name: one for one in found.shares}


def test_shares_of_products_by_hand():
    """Two rows of one product, one loss maker: shares are of what earns."""
    rate = {"EUR": 7.5259, "USD": 6.7046}
    amounts = {
        row.name: [
            evaluate(ITEMS.scenario_of(n)).steady[key] * rate[ITEMS.scenario_of(n).currency]
            for key in ("profit", "gmv")
        ]
        for n, row in enumerate(ROWS)
    }
    pan = amounts["a"][0] + amounts["c"][0]
    pot = amounts["b"][0]
    assert pot < 0 < pan
    found = dependence(ITEMS, "product")
    told = of(found)
    assert told["pan"].profit == pytest.approx(pan) and told["pot"].profit == pytest.approx(pot)
    assert told["pan"].profit_share == pytest.approx(1.0)
    assert told["pot"].profit_share == pytest.approx(pot / pan)
    sales = [amounts["a"][1] + amounts["c"][1], amounts["b"][1]]
    assert told["pan"].gmv_share == pytest.approx(sales[0] / sum(sales))
    assert (found.earned, found.lost) == (pytest.approx(pan), pytest.approx(pot))
    assert found.profit == pytest.approx(pan + pot)
    assert told["pan"].left == pytest.approx(pot) and told["pot"].left == pytest.approx(pan)
    assert found.effective == pytest.approx(1.0)
    squares = sum((one / sum(sales)) ** 2 for one in sales)
    assert found.effective_gmv == pytest.approx(1 / squares)


def test_fixed_costs_go_on_where_the_rows_are_lost():
    """Compliance 1,001 CNY, software 300 CNY and 39 EUR of Amazon a month."""
    found = of(dependence(ITEMS, "platform"))["Amazon"]
    fixed = 2 * (1001 + 300 + 39 * 7.5259)
    assert found.left - found.left_fixed == pytest.approx(fixed, rel=1e-9)


def test_channels_and_sources_add_up_to_what_is_earned_before_fixed_costs():
    """No channel brings anything that another one needs."""
    for portfolio in (ITEMS, of_scenario(preset("shopify-us-beauty"))):
        for by in ("channel", "source"):
            found = dependence(portfolio, by)
            fixed = dependence(portfolio, "market").shares
            costs = sum(one.left - one.left_fixed for one in fixed)
            assert found.rest == 0.0
            assert sum(one.profit for one in found.shares) == pytest.approx(found.profit + costs)
            assert sum(one.gmv for one in found.shares) == pytest.approx(found.gmv)


def test_what_is_left_without_a_channel_is_the_scenario_without_it():
    store = preset(KITCHEN)
    found = of(dependence(of_scenario(store), "channel"))
    quiet = evaluate(store.replace({"channels.organic.impressions": 0.0})).steady
    assert found["organic"].left == pytest.approx(quiet["profit"])
    whole = evaluate(store).steady
    assert found["organic"].gmv == pytest.approx(whole["gmv"] - quiet["gmv"])


def test_sources_are_first_orders_by_channel_those_again_and_those_sent():
    store = preset(KITCHEN).replace(
        {"customers.repeat_probability": 0.3, "customers.referral": 0.1}
    )
    found = of(dependence(of_scenario(store), "source"))
    assert set(found) == {"ads", "organic", "repeat", "referral"}
    alone = evaluate(
        store.replace({"customers.repeat_probability": 0.0, "customers.referral": 0.0})
    ).steady
    again = evaluate(store.replace({"customers.referral": 0.0})).steady
    assert found["repeat"].gmv == pytest.approx(again["gmv"] - alone["gmv"])


@pytest.mark.parametrize(
    "changes",
    [
        {"customers.retention": "frequency", "customers.orders_a_year": 3.0}
        | {"customers.lifespan_years": 2.0},
        {"channels.ads.elasticity": 0.3, "channels.ads.reference_budget": 1300.0},
    ],
)
def test_other_ways_of_coming_back_and_falling_returns_work(changes):
    store = preset(KITCHEN).replace(changes)
    for by in ("channel", "source"):
        found = dependence(of_scenario(store), by)
        assert all(np.isfinite([one.profit, one.left]).all() for one in found.shares)


def test_rows_that_differ_in_how_customers_come_back_are_told_by_source():
    rows = tuple(
        PortfolioRow(name, KITCHEN, {"customers.repeat_probability": rate})
        for name, rate in (("a", 0.0), ("b", 0.5))
    )
    found = of(dependence(Portfolio(rows, DATA_DATE), "source"))
    assert found["repeat"].profit > 0 and found["free"].rows == 2


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=9))
def test_the_effective_number_lies_between_one_and_how_many_earn(amounts):
    found = _effective(amounts)
    earning = sum(one > 0 for one in amounts)
    if found is None:
        assert not any(one**2 > 0 for one in amounts if one > 0)
    else:
        assert 1 - 1e-9 <= found <= earning + 1e-9


def test_equal_ones_count_fully_and_loss_makers_not():
    assert _effective([5.0, 5.0, 5.0, -40.0]) == pytest.approx(3.0)
    assert _effective([9.0, 1.0]) == pytest.approx(1 / (0.81 + 0.01))
    assert _effective([-1.0, 0.0]) is None


@pytest.mark.parametrize("by", EVERY)
def test_the_order_of_rows_changes_nothing(by):
    one, two = dependence(ITEMS, by), dependence(Portfolio(ROWS[::-1], DATA_DATE), by)
    if one is None:
        assert two is None
        return
    assert [o.name for o in one.shares] == [o.name for o in two.shares]
    for a, b in zip(one.shares, two.shares, strict=True):
        assert (a.profit, a.gmv, a.left) == pytest.approx((b.profit, b.gmv, b.left))


def test_what_is_not_tagged_is_not_told():
    assert dependence(ITEMS, "group") is None


def test_what_is_left_over_the_plan_is_the_sum_less_the_part_in_every_future():
    drawn = simulate_portfolio(ITEMS, 512)
    found = of(dependence(ITEMS, "market", drawn))
    left = drawn.total - drawn.by_tag["market"]["US"]
    assert found["US"].after.mean.value == pytest.approx(left.mean())
    assert found["US"].after.loss.value == pytest.approx((left < 0).mean())


def test_without_a_channel_the_futures_are_drawn_again_on_the_same_draws():
    store = of_scenario(preset(KITCHEN))
    drawn = simulate_portfolio(store, 256)
    found = of(dependence(store, "channel", drawn))
    off = PortfolioRow(store.rows[0].name, "-", {"channels.organic.impressions": 0.0})
    again = simulate_portfolio(Portfolio((off,), store.as_of, "EUR", store.bases), 256)
    assert found["organic"].after.mean.value == pytest.approx(again.total.mean())


def test_the_worst_futures_by_hand():
    """Of 40 futures the worst two: (0 + 1) / 2."""
    assert worst_mean(np.arange(40.0)[::-1]) == 0.5
    drawn = simulate_portfolio(ITEMS, 256)
    found = dependence(ITEMS, "market", drawn).worst

    def by_hand(draws):  # 5 % of 256 are 12.8: twelve whole and 0.8 of the next
        rising = np.sort(draws)
        return (rising[:12].sum() + 0.8 * rising[12]) / 12.8

    assert found.together == pytest.approx(by_hand(drawn.total))
    alone = sum(by_hand(one) for one in drawn.by_tag["market"].values())
    assert found.alone == pytest.approx(alone)
    assert found.taken_off == found.together - found.alone >= 0


@given(st.lists(st.lists(st.floats(-1e3, 1e3), min_size=30, max_size=30), min_size=2, max_size=4))
def test_the_worst_of_a_sum_is_never_worse_than_the_worst_of_all_at_once(parts):
    draws = np.array(parts)
    alone = sum(worst_mean(one) for one in draws)
    assert worst_mean(draws.sum(axis=0)) >= alone - 1e-9


def test_channels_are_told_by_how_visits_come():
    kinds = {one.id: channel_kind(one) for one in preset("tiktok-us-beauty").channels}
    assert kinds == {"ads": "ads", "organic": "free", "creators": "creators"}


def test_no_such_kind_is_refused():
    with pytest.raises(InputError):
        dependence(ITEMS, "colour")
