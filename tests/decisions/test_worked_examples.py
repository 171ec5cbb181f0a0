"""Worked examples by hand: 100 orders at 100 dollars a month, no cost, no tax, one currency; the
arithmetic stands beside each number.
"""

import numpy as np
import pytest

from funnel_sim.decisions.quote.contract import STOPPED
from funnel_sim.decisions.quote.worked_examples import (
    agreed,
    examples,
    share_baseline,
    tidy,
    usual_month,
)
from funnel_sim.errors import InputError
from funnel_sim.output.words.kpi import metric_unit
from funnel_sim.scenario.kpi_metrics import FUNNEL, OPERATIONAL
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quotes import Option
from tests.conftest import neutral

GMV = {
    "id": "gmv",
    "metric": "gmv",
    "target": 0.4,
    "relative": True,
    "window": "total",
    "month_from": 1,
    "month_to": 3,
}


def worked(option, kpis=(), changes=None):
    scenario = neutral({"kpis": list(kpis), "options": [{"id": "a", **option}], **(changes or {})})
    return examples(scenario, scenario.options[0])


def test_levels_of_gmv_by_hand():
    """Baseline 10,000; the target +40 % is 14,000 a month, so the levels are 10,000, 7,000, 14,000,
    21,000: 1, 0.7, 1.4 and 2.1 times the usual month.
    """
    found = worked(
        {
            "base": 1000.0,
            "share_tiers": [{"upto": 10_000.0, "rate": 0.05}, {"rate": 0.1}],
            "decided_by": "gmv",
        },
        [GMV],
    )
    assert (found.named, found.scaled, found.months) == (True, True, 3)
    assert found.agreed["gmv"].target == pytest.approx(42_000) and found.agreed[
        "gmv"
    ].month == pytest.approx(14_000)
    assert [level.share for level in found.levels] == [None, 0.5, 1.0, 1.5]
    assert [level.value for level in found.levels] == pytest.approx([10_000, 7_000, 14_000, 21_000])
    assert [level.scale for level in found.levels] == pytest.approx([1, 0.7, 1.4, 2.1])
    assert [level.orders for level in found.levels] == [100, 70, 140, 210]
    # 5 % of 10,000 = 500; 5 % of 7,000 = 350; 500 + 10 % of 4,000 = 900; 500 + 10 % of 11,000 =
    # 1,600
    assert [level.month["share"] for level in found.levels] == pytest.approx([500, 350, 900, 1_600])
    assert [level.month["base"] for level in found.levels] == [1000] * 4
    assert [level.met["gmv"] for level in found.levels] == [False, False, True, True]


def test_a_window_with_trial_bonus_penalty_cap_and_stop_loss_by_hand():
    option = {
        "setup": 500.0,
        "base": 1000.0,
        "trial": 1,
        "trial_base": 400.0,
        "trial_exit": False,
        "order_fee": 2.0,
        "cap": 1500.0,
        "decided_by": "gmv",
        "stop_loss": True,
        "stop_share": 0.6,
        "stop_months": 2,
        "fee_tax": 0.1,
        "rewards": [
            {"kpi": "gmv", "kind": "bonus", "form": "excess", "amount": 0.1, "each": "month"},
            {"kpi": "gmv", "kind": "penalty", "form": "base", "amount": 0.25, "each": "window"},
        ],
    }
    found = worked(option, [GMV])
    base, half, target, more = found.levels
    # 50 % is below 60 % twice: it stops with month 2; nothing of the window's end is settled
    assert (half.lasts, half.why) == (2, STOPPED)
    assert half.lines["base"].tolist() == [400, 1000, 0] and half.lines[
        "orders"
    ].tolist() == pytest.approx([140, 140, 0])
    assert half.lines["penalty"].tolist() == pytest.approx([0, 0, 0])
    # the baseline attains 10,000 / 14,000 = 71 %: it runs on, misses, and 25 % of 400 + 1,000 +
    # 1,000 = 600 is taken off in month 3
    assert base.lasts == 3 and base.lines["penalty"].tolist() == pytest.approx([0, 0, -600])
    # the target: no excess. At 150 %: 10 % × (21,000 − 14,000) = 700; orders 2 × 210 = 420; 1,000 +
    # 420 + 700 = 2,120, down to 1,500 by 620
    assert target.lines["bonus"].tolist() == pytest.approx([0, 0, 0])
    assert more.lines["bonus"].tolist() == pytest.approx([700, 700, 700])
    # month 1 in the trial: 400 + 420 + 700 = 1,520, by 20 too much
    assert more.lines["cap"].tolist() == pytest.approx([-20, -620, -620])
    # tax of month 1: 10 % × (500 + 1,500) = 200; later 10 % × 1,500 = 150
    assert more.lines["tax"].tolist() == pytest.approx([200, 150, 150])
    assert sum(line.sum() for line in more.lines.values()) == pytest.approx(500 + 3 * 1500 + 500)


def test_a_ratio_scales_sales_at_the_same_ad_spend():
    """1,000 clicks at 2 dollars, 2 % buy: 20 orders from ads, 2,000 over 2,000 is ROAS 1.

    The target of 2 needs twice the orders.
    """
    ads = {
        "channels": [{"id": "ads", "kind": "cpc", "budget": 2000.0, "cpc": 2.0}],
        "conversion.cvr": 0.02,
    }
    found = worked(
        {"spend_rate": 0.1, "rewards": [{"kpi": "roas"}]},
        [{"id": "roas", "metric": "roas", "target": 2.0}],
        ads,
    )
    assert [level.value for level in found.levels] == pytest.approx([1, 1, 2, 3])
    assert [level.scale for level in found.levels] == pytest.approx([1, 1, 2, 3])
    assert {level.spend for level in found.levels} == {2000.0}
    assert [level.month["spend"] for level in found.levels] == pytest.approx([200] * 4)


def test_less_is_better_and_what_orders_do_not_move():
    ads = {
        "channels": [{"id": "ads", "kind": "cpc", "budget": 2000.0, "cpc": 2.0}],
        "conversion.cvr": 0.02,
    }
    acos = worked(
        {"rewards": [{"kpi": "k"}]},
        [{"id": "k", "metric": "acos", "comparator": "at_most", "target": 0.5}],
        ads,
    )
    assert [level.value for level in acos.levels] == pytest.approx(
        [1, 1, 0.5, 1 / 3]
    )  # 50 % attained is twice the target
    price = worked(
        {"rewards": [{"kpi": "k"}]},
        [{"id": "k", "metric": "cpc", "comparator": "at_most", "target": 1.0}],
        ads,
    )
    assert not price.scaled and {level.scale for level in price.levels} == {1.0}
    assert [level.met["k"] for level in price.levels] == [False, False, True, True]


def test_without_a_kpi_gmv_stands_against_the_usual_month():
    found = worked({"base": 100.0, "term": 2})
    assert (found.named, found.months) == (False, 2)
    assert [level.value for level in found.levels] == pytest.approx([5_000, 10_000, 15_000])
    assert [level.lines["base"].tolist() for level in found.levels] == [[100, 100]] * 3


def test_instalments_extras_passed_on_total_cap_and_running_tiers():
    option = {
        "share_tiers": [{"upto": 15_000.0, "rate": 0.1}, {"rate": 0.05}],
        "share_period": "running",
        "passed_on": 50.0,
        "total_cap": 3000.0,
        "term": 3,
        "instalments": [{"amount": 300.0, "month": 2}],
        "extras": [
            {"name": "x", "amount": 10.0, "every": "once"},
            {"name": "y", "amount": 99.0, "every": "event", "chance": 1.0},
        ],
    }
    usual = worked(option).levels[1]  # 10,000 a month: 10 % of 10,000; 500 + 250; 500
    assert usual.lines["share"].tolist() == pytest.approx([1000, 750, 500])
    assert usual.lines["instalments"].tolist() == [0, 300, 0] and usual.lines[
        "extras"
    ].tolist() == [10, 0, 0]
    # since the start: 1,010, 2,060, 2,560: below 3,000. At 150 %: 1,500 + 10; 750 + 300 -> 2,560;
    # 750 -> 3,310, by 310 too much
    assert usual.lines["total_cap"].tolist() == pytest.approx([0, 0, 0])
    more = worked(option).levels[2]
    assert more.lines["total_cap"].tolist() == pytest.approx([0, 0, -310])
    assert more.lines["passed_on"].tolist() == [50] * 3


def test_own_patience_is_no_clause():
    option = {"base": 10.0, "decided_by": "gmv", "patience": 1, "exit_fixed": 999.0}
    assert all(
        "exit" not in level.lines and level.lasts == 3 for level in worked(option, [GMV]).levels
    )


def test_profit_counts_the_fee_as_in_the_simulation():
    """Profit of the usual month is 10,000 less the base of 1,000; a target of 9,000 is reached by
    it.
    """
    kpi = {"id": "p", "metric": "profit", "target": 9_000.0}
    found = worked({"base": 1000.0, "decided_by": "p"}, [kpi])
    assert found.usual == pytest.approx(9_000)
    assert found.levels[2].scale == pytest.approx(1.0) and found.levels[3].scale == pytest.approx(
        1.45
    )  # (13,500 + 1,000) / 10,000


def test_fees_in_the_cost_currency_take_the_rate():
    scenario = preset("amazon-de-kitchen").replace(
        {"options": [{"id": "a", "share_tiers": [{"rate": 0.1}]}]}
    )
    found = examples(scenario, scenario.options[0])
    for level in found.levels:
        assert level.month["share"] == pytest.approx(0.1 * level.basis * found.fx)
        assert round(level.basis, 2) == level.basis


def test_what_was_worked_out_is_agreed_with_the_digits_that_are_shown():
    scenario = preset("amazon-de-kitchen").replace({"kpis": [{**GMV, "target": 0.4}]})
    found = agreed(scenario, scenario.kpis[0])
    assert found.baseline is not None and round(found.baseline.value, 2) == found.baseline.value
    assert found.target == round(found.baseline.value * 1.4 * 3, 2)
    assert np.isclose(tidy(scenario, "margin", 0.123456), 0.1235)


DIGITS = {"money": 2, "cost_money": 2, "rate": 4, "ratio": 4, "count": 1, "months": 1, "days": 1}


@pytest.mark.parametrize("metric", [*FUNNEL, *OPERATIONAL])
def test_every_metric_is_agreed_with_the_digits_of_its_unit(metric):
    """A return rate of 12.35 % was agreed as 10 % (one decimal of the fraction), one of 4 % as
    none: it is an input of the model, and no formula of it was found.
    """
    unit = "count" if metric == "account_health" else metric_unit(metric)
    assert tidy(preset("amazon-de-kitchen"), metric, 0.123456) == round(0.123456, DIGITS[unit])


def test_a_return_rate_is_to_fall_by_a_fifth_of_itself():
    """8 % today (the preset's own): a fifth less is 6.4 %."""
    kpi = {"id": "r", "metric": "return_rate", "comparator": "at_most", "target": -0.2,
           "relative": True, "window": "average", "month_to": 6}  # fmt: skip
    scenario = preset("amazon-de-kitchen").replace({"kpis": [kpi], "fulfilment.return_rate": 0.08})
    found = agreed(scenario, scenario.kpis[0])
    assert found.baseline is not None and found.baseline.value == pytest.approx(0.08)
    assert found.target == pytest.approx(0.064)


ONLY_TACOS = {"channels": [{"id": "c", "kind": "orders", "known_sales": 9.0, "tacos_rate": 0.1}]}


@pytest.mark.parametrize(
    "clauses",
    [
        {"share_tiers": [{"rate": 0.1}]},
        {"share_tiers": [{"rate": 0.1}], "share_over": "baseline", "baseline": 5.0},
        {"share_tiers": [{"rate": 0.1}], "share_over": "baseline"},
        {"rewards": [{"kpi": "gmv", "form": "sales", "amount": 0.05}]},
    ],
)
def test_no_contract_shares_sales_of_ads_that_nobody_knows(clauses):
    """Ads typed as a share of all sales do not say which sales are theirs: the line of the share
    read "NaN − 5" in the contract, and a baseline that follows from the store read 0.
    """
    scenario = neutral(
        ONLY_TACOS
        | {
            "kpis": [GMV],
            "options": [{"id": "a", "share_basis": "ad_sales", "base": 7.0} | clauses],
        }
    )
    option = scenario.options[0]
    asked = [examples, usual_month]
    if option.share_over == "baseline" and option.baseline is None:
        asked.append(share_baseline)
    for ask in asked:
        with pytest.raises(InputError) as caught:
            ask(scenario, option)
        assert [(one.where, one.rule) for one in caught.value.problems] == [
            ("options.a.share_basis", "share_unknown")
        ]
    # of all sales, and where nothing is shared, there is an answer
    assert np.isfinite(sum(usual_month(scenario, option.but(share_basis="gmv")).lines.values()))
    unshared = option.but(share_tiers=[], rewards=[])
    assert usual_month(scenario, unshared).lines == {"base": 7.0}


def test_a_usual_month_holds_what_every_month_holds_and_nothing_that_falls_due_once():
    """100 orders at 100: 300 of base, 5 % of 10,000, 2 an order and 40 for the tool; no setup, no
    reduced trial, no photos, no bonus and no instalment.
    """
    option = Option.model_validate(
        {"id": "a", "fee_currency": "sales", "base": 300.0, "setup": 900.0, "order_fee": 2.0,
         "trial": 1, "trial_base": 10.0, "share_tiers": [{"rate": 0.05}], "total_cap": 50.0,
         "instalments": [{"amount": 70.0, "month": 1}],
         "rewards": [{"kpi": "g", "amount": 60.0, "each": "month"}],
         "extras": [{"name": "tool", "amount": 40.0, "every": "month"},
                    {"name": "photos", "amount": 80.0, "every": "once"},
                    {"name": "appeal", "amount": 20.0, "every": "event", "chance": 1.0}]}
    )  # fmt: skip
    kpi = {"id": "g", "metric": "gmv", "target": 1.0}
    found = usual_month(neutral({"kpis": [kpi]}), option)
    assert (found.basis, found.spend, found.orders) == (10_000, 0, 100)
    assert found.lines == pytest.approx({"base": 300, "share": 500, "orders": 200, "extras": 40})


@pytest.mark.parametrize(
    ("clauses", "baseline"),
    [
        ({}, 0.0),  # nothing is shared
        ({"share_tiers": [{"rate": 0.1}], "baseline": 5000.0}, 0.0),  # a share of all sales
        ({"share_tiers": [{"rate": 0.1}], "share_over": "baseline", "baseline": 5000.0}, 5000.0),
        # none is named: 100 orders at 100 a month
        ({"share_tiers": [{"rate": 0.1}], "share_over": "baseline"}, 10_000.0),
    ],
)
def test_only_a_share_over_a_baseline_has_one(clauses, baseline):
    option = Option.model_validate({"id": "a", "base": 100.0, "fee_currency": "sales"} | clauses)
    assert share_baseline(neutral({"options": [option]}), option) == baseline
