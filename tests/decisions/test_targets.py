"""Break-even and targets: the search agrees with closed forms, finds jumps, and says when there is
none.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.decisions.economics.levers import LEVERS, values_at
from funnel_sim.decisions.economics.targets import TARGET_METRICS, answers
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.output.words.tables import target_rows
from funnel_sim.reference.preset_cards import preset_cards
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
NAMES = [card.id for card in preset_cards()]


def by_lever(scenario, **goal):
    return {a.lever.key: a for a in answers(scenario, **goal)}


def test_every_lever_by_hand():
    """100 orders at 100, cost 60, ads 1,000 (0.50 a click, 5 %): profit 3,000."""
    found = by_lever(neutral(ADS))
    expected = {
        "price": (70.0, "at_least"),  # 60 + 1,000 / 100
        "cogs": (90.0, "at_most"),  # 100 − 10
        "cpc": (2.0, "at_most"),  # 40 · 5 %
        "cvr": (0.0125, "at_least"),  # 0.5 / 40
        "aov": (25.0, "at_least"),  # 40 % of 25 = 10
        "return_rate": (0.30, "at_most"),  # 100 r = 30
        "agency_fee": (3000.0, "at_most"),
    }
    for key, (value, side) in expected.items():
        assert found[key].value == pytest.approx(value), key
        assert (found[key].kind, found[key].side, found[key].met_today) == (
            "found",
            side,
            True,
        ), key
    assert found["ad_budget"].kind == "none"  # linear: it earns at every budget
    assert found["commission"].kind == "idle"  # there is none to move


def test_price_for_a_margin_and_cpc_for_an_acos_by_hand():
    # (p − 60 − 10) / p = 20 % -> p = 87.50
    assert by_lever(neutral(ADS), metric="margin", target=0.2)["price"].value == pytest.approx(87.5)
    # ACoS 5 %: 0.05 · 100 · 5 % = 0.25 a click
    acos = by_lever(neutral(ADS), metric="acos", target=0.05)
    assert acos["cpc"].value == pytest.approx(0.25)
    assert acos["cpc"].side == "at_most" and not acos["cpc"].met_today
    assert by_lever(neutral(ADS), metric="roas", target=20.0)["cvr"].value == pytest.approx(0.1)


def test_break_even_acos_and_cpc_of_the_closed_form_agree_with_the_search():
    scenario = neutral(
        ADS | {"commission.tiers": [{"upto": None, "rate": 0.15}], "payment.payment_rate": 0.03}
    )
    result, found = evaluate(scenario), by_lever(scenario)
    assert found["cpc"].value == pytest.approx(result.steady["break_even_cpc"], rel=1e-9)
    at_limit = evaluate(scenario.replace({"channels.orders.cpc": found["cpc"].value}))
    assert at_limit.steady["acos"] == pytest.approx(result.steady["break_even_acos"], rel=1e-9)


def test_the_budget_where_diminishing_returns_eat_the_profit():
    # profit = 2 b · 0.05 · 40 · (1000 / b)^e − b = 0 at (b / 1000)^e = 4, so b = 1,000 · 4^2 with e
    # = 0.5
    scenario = neutral(
        ADS | {"channels.orders.elasticity": 0.5, "channels.orders.reference_budget": 1000.0}
    )
    budget = by_lever(scenario)["ad_budget"]
    assert budget.value == pytest.approx(16_000.0)
    assert budget.side == "at_most"


def test_a_fee_tier_makes_the_result_jump_and_the_answer_says_so():
    # 5 % up to 20, 30 % of everything above: with a cost of 14.5 an order loses 0.49 just above 20,
    # earns 4.5 at 20
    scenario = neutral(
        {
            "product.price": 19.0,
            "product.unit_cost": 14.5,
            "commission.commission_mode": "whole",
            "commission.tiers": [{"upto": 20.0, "rate": 0.05}, {"upto": None, "rate": 0.3}],
        }
    )
    price = answers(scenario, ["price"])[0]
    values = sorted([price.value, *price.others])
    assert values == pytest.approx([14.5 / 0.95, 20.0, 14.5 / 0.7], rel=1e-6)
    nearest = min(values, key=lambda v: abs(v / 19 - 1))
    assert price.value == pytest.approx(nearest) and price.kind == "jump"


def test_no_such_value_is_an_answer():
    hopeless = neutral(ADS | {"fixed.staff_monthly": 1e9})
    assert by_lever(hopeless)["return_rate"].kind == "none"
    assert not by_lever(hopeless)["return_rate"].met_today
    assert by_lever(neutral({}))["cpc"].kind == "idle"


@pytest.mark.slow
@given(st.sampled_from(NAMES), st.sampled_from(["steady", "total"]))
def test_an_answer_put_back_gives_the_target(name, over):
    scenario = preset(name)
    for answer in answers(scenario, over=over):
        if answer.kind == "found" and answer.lever.field:
            result = evaluate(scenario.replace({answer.lever.field: answer.value}))
            profit = (result.steady if over == "steady" else result.horizon)["profit"]
            assert abs(profit) < 1e-5 * max(1.0, abs(result.steady["gross_sales"])), (
                answer.lever.key
            )


def test_unknown_lever_or_metric_is_refused():
    for arguments in ({"levers": ["luck"]}, {"metric": "luck"}):
        with pytest.raises(InputError):
            answers(neutral({}), **arguments)


def test_today_leaves_the_scenario_as_it_is():
    import numpy as np

    from funnel_sim.decisions.economics.levers import books_at, current_setting

    for name in ("amazon-de-kitchen", "shopify-us-beauty"):
        scenario = preset(name)
        settings = {lever.key: np.array([current_setting(scenario, lever)]) for lever in LEVERS}
        assert values_at(scenario, settings).given
        assert (
            float(books_at(scenario, settings)["profit"][0, 0])
            == evaluate(scenario).steady["profit"]
        )


def test_the_search_reaches_far_from_today():
    # one order in a hundred thousand of the price it needs: 60 + 10 = 70 from a price of 0.01
    assert by_lever(neutral(ADS | {"product.price": 0.01}))["price"].value == pytest.approx(70.0)
    assert by_lever(neutral(ADS | {"channels.orders.cpc": 0.0001}))["cpc"].value == pytest.approx(
        2.0, rel=1e-6
    )


def test_a_budget_of_nothing_can_still_be_asked_for():
    # b · 0.1 orders of contribution 40 each, less b: 3 b = 2,000
    nothing = neutral(ADS | {"channels.orders.budget": 0.0})
    found = by_lever(nothing, metric="profit", target=2000.0)
    assert found["ad_budget"].value == pytest.approx(2000 / 3)
    assert found["cpc"].kind == "idle" and found["cpc"].current is None


@pytest.mark.parametrize("target", [float("nan"), float("inf")])
def test_a_target_that_is_no_number_is_refused(target):
    with pytest.raises(InputError):
        answers(neutral({}), target=target)


# ---- what sellers ask first
# -----------------------------------------------------------------------------------

TYPED = {
    "channels": [{"id": "sales", "kind": "orders", "known_sales": 100.0, "cost_per_order": 10.0}]
}


def typed(**changes):
    plain = neutral().plain() | TYPED
    plain.pop("conversion")
    return Scenario.read(plain).replace(
        {"product.unit_cost": 60.0, "fixed.staff_monthly": 2000.0, **changes}
    )


def test_price_for_a_margin_an_roi_and_a_margin_of_safety_by_hand():
    """100 orders, cost 60, ads 10 an order, fixed 2,000 a month."""
    # (p − 60) / p = 40 %: p = 100
    assert by_lever(typed(**{"product.price": 90.0}), metric="gross_margin", target=0.4)[
        "price"
    ].value == pytest.approx(100.0)
    # 100 p − 6,000 − 1,000 − 2,000 = 30 % of 6,000: p = 108
    assert by_lever(typed(), metric="roi_goods", target=0.3)["price"].value == pytest.approx(108.0)
    # profit is 20 % of what goes with orders: (p − 70) · 100 − 2,000 = 0.2 · (p − 70) · 100: p − 70
    # = 25
    assert by_lever(typed(), metric="safety_margin", target=0.2)["price"].value == pytest.approx(
        95.0
    )
    # all costs 9,000: 30 % of them is 2,700: p = 117
    assert by_lever(typed(), metric="roi_total", target=0.3)["price"].value == pytest.approx(117.0)


def test_typed_orders_and_their_ads_are_levers():
    """Each order leaves 100 − 60 − 10 = 30 for 2,000 of fixed costs: 66.67 orders; at 100 orders
    ads may be 20 an order, 20 % of sales.
    """
    found = by_lever(typed())
    assert found["orders"].value == pytest.approx(2000 / 30) and found["orders"].side == "at_least"
    assert found["ad_share"].value == pytest.approx(0.2) and found[
        "ad_share"
    ].current == pytest.approx(0.1)
    assert (found["cpc"].kind, found["cvr"].kind) == (
        "idle",
        "idle",
    )  # there are no clicks and no visits
    assert "orders" not in by_lever(neutral(ADS))


def test_a_lever_that_does_not_move_a_result_on_its_target_gets_no_value():
    """The gross margin is 40 % today whatever the number of orders: no value of theirs is
    needed.
    """
    found = by_lever(typed(), metric="gross_margin", target=0.4)
    assert (found["orders"].kind, found["orders"].met_today) == ("none", True)
    assert found["price"].kind == "found"


@pytest.mark.sampled(3)
@pytest.mark.parametrize("metric", TARGET_METRICS)
def test_every_target_is_met_at_the_value_found(metric):
    scenario = neutral(ADS | {"fixed.staff_monthly": 500.0})
    now = evaluate(scenario).steady[metric]
    target = now * 1.1 if now > 0 else now + 1
    answer = by_lever(scenario, metric=metric, target=target)["price"]
    if answer.value is not None:
        assert evaluate(scenario.replace({"product.price": answer.value})).steady[
            metric
        ] == pytest.approx(target, rel=1e-6)
    assert answer.kind in ("found", "none")


@pytest.mark.parametrize(("elasticity", "straight"), [(0.0, True), (0.2, False)])
def test_a_budget_without_diminishing_returns_says_that_it_cannot_be_judged(elasticity, straight):
    """The German preset earns at every budget; only with an elasticity is there one from which it
    does not.
    """
    scenario = preset("amazon-de-kitchen").replace(
        {"channels.ads.elasticity": elasticity, "channels.ads.reference_budget": 1300.0}
    )
    budget, price = answers(scenario, ["ad_budget", "price"])
    assert budget.straight is straight and price.straight is False
    told = {lang: target_rows([budget], "EUR", "CNY", lang)[0].cells[1] for lang in ("en", "zh")}
    assert ("diminishing" in told["en"] and "边际递减" in told["zh"]) is straight
