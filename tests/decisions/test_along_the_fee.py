"""The verdict along a fee: it only gets worse, never from "sign" to "walk away" at once, and the
thresholds are those that are told (ADR 0035).
"""

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from funnel_sim.decisions.quote.answer import FeeBand, Miss, compare, miss_of, quote_verdict
from funnel_sim.decisions.quote.clause_prices import prices
from funnel_sim.decisions.quote.contract_check.check import check_contract
from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.futures import outcomes
from funnel_sim.decisions.quote.store_alone import option_of
from funnel_sim.decisions.quote.summary import summary
from funnel_sim.decisions.quote.turning import Turning
from funnel_sim.output.words.quote import (
    band_sentence,
    change_sentence,
    miss_sentence,
    reason_sentences,
)
from funnel_sim.output.words.quote_tables import effect_rows, sides_rows
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.presets import preset
from funnel_sim.words import LANGS

ORDER = ("sign", "renegotiate", "walk_away")


@dataclass(frozen=True)
class Told:
    """What is told of a quote at one fee."""

    verdict: str
    miss: Miss
    band: FeeBand


def at(scenario, fee, need=0.5):
    """Return what is told of the only quote at a fee, without the alternatives; which effect would
    turn it decides no verdict.
    """
    scenario = scenario.replace({"options.quote.base": fee, "comparison.sign_odds": need})
    [found] = outcomes(scenario, [Case(scenario.options[0])], paths=256)
    miss, band = miss_of(scenario, found, Turning(None, None))
    return Told(quote_verdict(scenario, summary(found, course=False), miss), miss, band)


def quoted(card, **fields):
    return preset(card).replace({"options": [{"id": "quote", "fee_currency": "sales", **fields}]})


def test_doubt_by_hand():
    # where none suits both: up to what serving costs a lean agency (100), or as far above the
    # highest fee as a lean agency serves cheaper than a typical one (200 − 100)
    assert FeeBand(low=100.0, high=90.0, now=120.0, typical=200.0, even=90.0).doubtful_to == 190.0
    assert FeeBand(low=100.0, high=10.0, now=120.0, typical=150.0, even=10.0).doubtful_to == 100.0


@pytest.mark.slow
@given(
    card=st.sampled_from([card.id for card in preset_cards()]),
    effect=st.floats(0.005, 0.4) | st.just({"dist": "uniform", "low": -0.1, "high": 0.4}),
    tax=st.sampled_from([0.0, 0.06]),
    need=st.sampled_from([0.3, 0.5, 0.8]),
)
@settings(max_examples=25, deadline=None)
@example(card="amazon-de-kitchen", effect=0.1, tax=0.0, need=0.5)
def test_the_verdict_only_gets_worse_along_the_fee_and_never_skips_renegotiating(
    card, effect, tax, need
):
    scenario = quoted(card, effect=effect, fee_tax=tax)
    first = at(scenario, 1.0, need)
    most, low, upto = first.band.high, first.band.low, first.band.doubtful_to
    step = 0.01 * max(low, most)
    fees = sorted(
        {
            0.0,
            *(max(0.0, end + by) for end in (most, low, upto) for by in (-step, -0.04, 0.04, step)),
            4 * max(low, most),
        }
    )
    found = [at(scenario, fee, need) for fee in fees]
    places = [ORDER.index(one.verdict) for one in found]
    assert places == sorted(places)
    if most > 0:  # else none is signed, however low
        assert all(after - before <= 1 for before, after in pairwise(places))
        assert all(
            (one.verdict == "sign") is (fee < most) for fee, one in zip(fees, found, strict=True)
        )
        if found[-1].miss.turns == "below_cost":
            assert (
                upto - most > (first.band.typical - low) * (1 - 1e-9) > 0
            )  # room to negotiate, however near both are
            assert all(
                (one.verdict == "walk_away") is (fee >= one.band.doubtful_to)
                for fee, one in zip(fees, found, strict=True)
            )
    for one in found:
        assert one.band.high == one.miss.most and (one.verdict == "sign") is (
            one.band.now < one.band.high
        )


@pytest.mark.parametrize("lang", LANGS)
def test_the_sentence_names_the_thresholds(lang):
    scenario = quoted("amazon-de-kitchen", effect=0.1)
    band = at(scenario, 1.0).band
    assert 0 < band.high < band.low
    doubted = compare(scenario.replace({"options.quote.base": (band.high + band.low) / 2}), 256).of(
        "quote"
    )
    assert (doubted.verdict, doubted.miss.turns) == ("renegotiate", "doubt")
    told = change_sentence(doubted, scenario, lang)
    for amount in (
        doubted.band.high // 1,
        -(-doubted.band.low // 1),
        -(-doubted.band.doubtful_to // 1),
    ):
        assert f"{amount:,.0f}" in told


@pytest.mark.parametrize("lang", LANGS)
def test_one_highest_fee_wherever_it_is_shown(lang):
    """The band ends at the highest fee that would be signed: both sentences and both tables show
    the same amount.
    """
    scenario = quoted(
        "shopify-us-beauty",
        base=5000.0,
        effect={"dist": "triangular", "low": -0.1, "likely": 0.05, "high": 0.8},
    )
    found = compare(scenario, 1024)
    one = found.of("quote")
    assert one.band.exists and one.band.high < one.band.even  # the odds ask for less than the mean
    most = f"{one.band.high // 1:,.0f}"
    assert most in band_sentence(one, scenario, lang) and most in miss_sentence(one, scenario, lang)
    place = [each.option.id for each in found.ranked].index("quote")
    assert effect_rows(found, lang)[place].cells[1] == sides_rows(found, lang)[0].cells[6]


@pytest.mark.parametrize("lang", LANGS)
def test_a_fee_that_is_signed_but_does_not_pay_for_serving_says_so(lang):
    scenario = quoted("shopify-us-beauty", base=50.0, effect=0.3)
    found = compare(scenario, 256)
    one = found.of("quote")
    assert one.verdict == "sign" and one.band.exists and one.band.now < one.band.low
    assert {"en": "ask how it can keep this up", "zh": "请问清楚靠什么维持"}[
        lang
    ] in reason_sentences(one, found, lang)[-1]


@pytest.mark.slow
def test_a_clause_has_one_worth_wherever_it_is_shown():
    """What stop-loss, trial and claw-back are worth in the contract check is their price to the
    last digit, whether the contract has them or not.
    """
    kpi = {
        "id": "gmv",
        "metric": "gmv",
        "target": 0.2,
        "relative": True,
        "window": "total",
        "month_from": 1,
        "month_to": 3,
    }
    plain = {"id": "quote", "base": 400.0, "share_tiers": [{"rate": 0.03}], "patience": 3}
    for quote in (
        plain,
        plain | {"decided_by": "gmv"},
        plain
        | {
            "decided_by": "gmv",
            "stop_loss": True,
            "stop_months": 1,
            "trial": 2,
            "trial_exit": True,
        },
    ):
        scenario = preset("tiktok-us-beauty").replace({"kpis": [kpi], "options": [quote]})
        check, price = (
            check_contract(scenario, "quote", 1024),
            {one.key: one for one in prices(scenario, option_of(scenario, "quote"), paths=1024)},
        )
        for clause, name in (("stop_loss", "worth"), ("trial", "worth"), ("clawback", "cost")):
            if name in check.of(clause).figures:
                assert check.of(clause).figures[name].value == pytest.approx(
                    price[clause].client.mean.value, rel=1e-12
                )  # a year is the plan
        assert "worth" in check.of("stop_loss").figures
