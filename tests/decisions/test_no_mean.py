"""Quotes of a store without a mean: a range reaches a zero that something is divided by, and the
median decides (ADR 0035).
"""

import json
import math
import re
from functools import cache

import numpy as np
import pytest

from funnel_sim.chance.heavy import Heavy
from funnel_sim.decisions.quote import no_mean
from funnel_sim.decisions.quote.answer import Answers, compare, worth_signing
from funnel_sim.decisions.quote.clause_prices import prices, stop_losses
from funnel_sim.decisions.quote.contract_check.check import check_contract
from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.futures import outcomes
from funnel_sim.decisions.quote.incentives import incentives
from funnel_sim.decisions.quote.measure_first import measure_first
from funnel_sim.decisions.quote.no_mean import StoreNoMean, either_way, of_option
from funnel_sim.decisions.quote.store_alone import option_of, without_operator
from funnel_sim.decisions.quote.summary import summary
from funnel_sim.output.json.contract_check import contract_check_json
from funnel_sim.output.json.quote import answers_json
from funnel_sim.output.words.contract_check import to_markdown
from funnel_sim.output.words.quote import (
    best_sentence,
    miss_sentence,
    reason_sentences,
    verdict_sentence,
)
from funnel_sim.output.words.quote_amounts import heavy_notes
from funnel_sim.output.words.quote_further import budget_sentences, clause_rows, measure_sentence
from funnel_sim.output.words.quote_tables import gain_rows, sides_rows
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import LANGS
from tests.decisions.market_quotes import twenty

WIDE = {
    "dist": "uniform",
    "low": 0.1,
    "high": 1.2,
    "meaning": "p80",
}  # P10 and P90: the low end lies below zero, clicks = budget / price
KPI = {
    "id": "gmv",
    "metric": "gmv",
    "target": 0.2,
    "relative": True,
    "window": "total",
    "month_from": 1,
    "month_to": 3,
}
SHARED = {
    "id": "shared",
    "base": 300.0,
    "share_tiers": [{"rate": 0.02}],
    "effect": 0.35,
    "claimed": 0.5,
}
FIXED = {"id": "fixed", "base": 2000.0, "effect": 0.3}
DOUBTED = {"id": "doubted", "base": 4000.0}
SEEDS, FEW_PER_CENT = (1, 2, 3), 0.04


def store(seed: int = 1, cpc: object = WIDE) -> Scenario:
    return preset("tiktok-us-beauty").replace(
        {
            "chance.seed": seed,
            "channels.ads.cpc": cpc,
            "kpis": [KPI],
            "options": [SHARED, FIXED, DOUBTED],
        }
    )


@cache
def answers(seed: int) -> Answers:
    return compare(store(seed), 8192)


def near(values):
    return np.ptp(values) <= FEW_PER_CENT * max(abs(value) for value in values)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", ["shared", "fixed", "doubted", "own_team", "flat_fee"])
def test_verdict_and_figures_are_those_of_any_seed(name):
    found = [answers(seed).of(name) for seed in SEEDS]
    assert len({one.verdict for one in found}) == 1 and len({one.miss.turns for one in found}) == 1
    assert len({answers(seed).best.option.id for seed in SEEDS}) == 1
    for figure in (
        lambda one: one.believed.gain.centre.value,
        lambda one: one.miss.short,
        lambda one: one.band.now,
        lambda one: one.band.low,
        lambda one: one.believed.paid,
        lambda one: one.believed.at_risk[0],
        lambda one: one.claimed.gain.centre.value if one.claimed else 0.0,
    ):
        assert near([figure(one) for one in found])
    # an effect is a share of the store's orders, and so are its few per cent
    assert np.ptp([one.turning.break_even or 0.0 for one in found]) <= FEW_PER_CENT
    # the highest fee is the fee now less what is missing: a few per cent of what it is worked out
    # from
    assert np.ptp([one.band.high for one in found]) <= FEW_PER_CENT * max(
        abs(one.band.now) + abs(one.miss.short) for one in found
    )
    assert np.ptp([one.believed.better.value for one in found]) <= FEW_PER_CENT


def test_the_figures_are_medians_by_hand():
    [found] = outcomes(store(), [Case(store().options[1])], paths=1024)
    told = summary(found)
    assert math.isnan(told.gain.mean.value) and told.gain.heavy == ("channels.ads.cpc",)
    assert told.gain.centre.value == pytest.approx(np.median(found.gain), rel=5e-3)
    assert told.brought == pytest.approx(np.median(found.brought), rel=5e-3)
    assert (
        told.paid == pytest.approx(float(found.paid.mean())) and not told.no_mean.fee
    )  # a fixed fee keeps its mean
    answer = compare(store(), 1024).of("fixed")
    months = float(found.last.mean())
    # a median of zero needs what the median gain is a month; at odds of 50 % asked for, no more
    assert worth_signing(store(), told) == (np.median(found.gain) > 0)
    assert -answer.miss.short == pytest.approx(np.median(found.gain) / months, rel=1e-2)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"base": 100.0}, False),
        ({"share_tiers": [{"rate": 0.02}]}, True),
        ({"share_tiers": [{"rate": 0.02}], "cap": 500.0}, False),  # a maximum bounds it
        ({"share_tiers": [{"rate": 0.02}], "total_cap": 500.0}, False),
        ({"order_fee": 1.0}, True),
        ({"spend_rate": 0.1}, False),  # the budget is fixed, only what it buys has no mean
        ({"rewards": [{"kind": "bonus", "kpi": "gmv", "form": "fixed", "amount": 100.0}]}, False),
        ({"rewards": [{"kind": "bonus", "kpi": "gmv", "form": "sales", "amount": 0.01}]}, True),
        (
            {"rewards": [{"kind": "penalty", "kpi": "gmv", "form": "sales", "amount": 0.01}]},
            False,
        ),  # limited to the fee
        (
            {
                "rewards": [{"kind": "penalty", "kpi": "gmv", "form": "sales", "amount": 0.01}],
                "penalty_limited": False,
            },
            True,
        ),
    ],
)
def test_a_fee_has_no_mean_where_it_follows_a_figure_that_has_none(changes, key):
    base = without_operator(store())
    option = Option.model_validate({"id": "quote", **changes})
    assert bool(no_mean.of_fee(base, no_mean.of_store(base), option, "gmv@tax=out", ["gmv"])) is key


def test_a_quote_that_brings_nothing_has_a_mean():
    scenario = store().replace(
        {
            "options": [
                {"id": "quote", "base": 100.0, "effect": 0.0},
                {"id": "loses", "base": 100.0, "effect": -0.1},
            ]
        }
    )
    nothing, loses = (
        summary(one)
        for one in outcomes(scenario, [Case(option) for option in scenario.options], paths=1024)
    )
    assert not nothing.gain.heavy and nothing.gain.mean.value == pytest.approx(-nothing.paid)
    assert loses.gain.heavy and math.isnan(
        loses.gain.expected_shortfall.value
    )  # what it takes away grows without bound


def test_reasons_go_either_way():
    one = Heavy("a", "mean", upward=True)
    assert (
        no_mean.either_way((one,)) == (one, Heavy("a", "mean", upward=False))
        and no_mean.either_way(()) == ()
    )


@pytest.mark.slow
def test_an_ordinary_store_keeps_its_means():
    """Not one amount of a market quote is a median, and each is the plain mean of its draws to the
    last digit.
    """
    for _, scenario in twenty()[::5]:
        found = compare(scenario, 256)
        assert not found.by_median and not heavy_notes(found, "en")
        for one in found.options:
            [drawn] = outcomes(scenario, [Case(one.option)], paths=256)
            assert (
                one.believed.no_mean == no_mean.NoMean()
                and one.believed.gain.centre is one.believed.gain.mean
            )
            assert (one.believed.paid, one.believed.brought, one.believed.at_risk[0]) == (
                float(drawn.paid.mean()),
                float(drawn.brought.mean()),
                float(np.maximum(-np.cumsum(drawn.by_month, axis=0).min(axis=0), 0.0).mean()),
            )


@pytest.mark.parametrize("lang", LANGS)
def test_no_sentence_calls_a_median_an_average(lang):
    found = answers(1)
    average = {"en": re.compile(r"on average"), "zh": re.compile(r"平均(?!值)")}[lang]
    for name in ("shared", "doubted"):
        told = [
            verdict_sentence(found.of(name), found, lang),
            miss_sentence(found.of(name), found.scenario, lang),
            best_sentence(found, lang),
        ]
        told += [one for one in reason_sentences(found.of(name), found, lang) if "{" not in one]
        for text in told[:3]:
            assert not average.search(text) or (name == "doubted" and text is told[1]), (
                text
            )  # a fixed fee has an average
        assert heavy_notes(found, lang)[0] in told
    median = {"en": "(median)", "zh": "（中位数）"}[lang]
    for rows in (gain_rows(found, lang), sides_rows(found, lang)):
        assert all(any(median in cell for cell in row.cells) for row in rows)


def test_what_finding_out_is_worth_does_not_exist():
    found = measure_first(store(), paths=1024)
    assert (
        math.isnan(found.everything)
        and found.inputs == ()
        and found.no_mean == ("channels.ads.cpc",)
    )
    assert found.choice == answers(1).best.option.id
    told = measure_sentence(found, store(), "en")
    assert "cannot be given" in told and "$" not in told and "nan" not in told
    assert measure_first(store(cpc=0.5), paths=1024).no_mean == ()


def test_a_clause_has_a_median_or_says_that_it_changes_nothing():
    scenario = store()
    found = {one.key: one for one in prices(scenario, option_of(scenario, "shared"), paths=2048)}
    # the base is the same in each future: its median is its worth, and so it is of a share, which
    # does not end the contract
    assert found["base"].agency.centre.value == pytest.approx(
        found["base"].agency.quantiles[0.9].value
    )
    assert found["share"].client.centre.value == pytest.approx(
        -found["share"].agency.centre.value, rel=0.01
    )
    rows = {
        row.name: row.cells
        for row in clause_rows(list(found.values()), option_of(scenario, "shared"), scenario, "en")
    }
    assert any("no effect in most simulations" in cell for cells in rows.values() for cell in cells)
    assert not any("nan" in cell for cells in rows.values() for cell in cells)
    assert all(
        math.isnan(one.saved.value)
        for one in stop_losses(scenario, option_of(scenario, "shared"), paths=256)
    )


@pytest.mark.slow
def test_incentives_compare_medians():
    scenario = store()
    found = incentives(scenario, option_of(scenario, "shared"))
    assert found.budget.by_median and np.isfinite(found.budget.client).all()
    assert any(
        "median" in text
        for text in budget_sentences(found, option_of(scenario, "shared"), scenario, "en")
    )
    assert not incentives(store(cpc=0.5), option_of(store(cpc=0.5), "shared")).budget.by_median


def test_the_contract_check_says_so():
    found = check_contract(store(), "shared", 1024)
    assert found.no_mean == ("channels.ads.cpc",)
    assert "worth" not in found.of("stop_loss").figures and "{" not in to_markdown(found, "en")
    assert "Amounts are medians" in to_markdown(found, "en") and "金额是中位数" in to_markdown(
        found, "zh"
    )
    assert json.dumps(contract_check_json(found), allow_nan=False)
    assert check_contract(store(cpc=0.5), "shared", 1024).no_mean == ()


@pytest.mark.slow
def test_machines_read_null_and_the_reason():
    scenario = store()
    found = compare(scenario, 1024)
    told = answers_json(
        found,
        {"shared": prices(scenario, option_of(scenario, "shared"), paths=256)},
        {"shared": stop_losses(scenario, option_of(scenario, "shared"), paths=256)},
        {},
        measure_first(scenario, paths=256),
    )
    assert json.dumps(told, allow_nan=False)
    one = next(each for each in told["options"] if each["id"] == "shared")
    assert one["believed"]["net_gain"]["mean"] is None and one["believed"]["net_gain"][
        "without_mean_because_of"
    ] == ["channels.ads.cpc"]
    assert told["measure_first"]["everything"] is None and told["measure_first"][
        "without_mean_because_of"
    ] == ["channels.ads.cpc"]


def test_costs_in_another_currency_leave_an_option_without_a_mean():
    """Money of the store grows without bound upward, the fee likewise, the rate of exchange too."""
    up = Heavy("price", "mean", upward=True)
    fee, rate = (Heavy("fee", "mean", upward=True),), (Heavy("fx_rate", "mean", upward=True),)
    store = StoreNoMean((up,), (up,), rate)
    down = Heavy("price", "mean", upward=False)
    plain = of_option(store, fee, Option(id="a"), brings=False, takes=False)
    assert (plain.brought, plain.gain) == ((), either_way(fee))
    assert of_option(store, (), Option(id="a"), brings=True, takes=False).gain == (up,)
    assert of_option(store, (), Option(id="a"), brings=True, takes=True).brought == (up, down)
    for costly in ({"people": 1.0}, {"hours": 1.0}, {"tools_monthly": 1.0}, {"start_cost": 1.0},
                   {"hours_saved": 1.0}):  # fmt: skip
        found = of_option(store, (), Option(id="a", **costly), brings=False, takes=False)
        assert found.gain == either_way(rate), costly
    assert of_option(store, (), Option(id="a"), brings=True, takes=False).cost == rate
    assert plain.agency == (*fee, *either_way(rate))
