"""Refunds in the baseline of a share net of refunds that no contract names."""

import pytest

from funnel_sim.decisions.review.baseline_refunds import baseline_refunds
from funnel_sim.decisions.review.bill import bill_of
from funnel_sim.output.words.review_bill import baseline_sentence
from funnel_sim.words import LANGS
from tests.pages.after_signing import CONTRACT, store

OPEN = {name: value for name, value in CONTRACT.items() if name != "baseline"}
NO_REFUNDS = {"history.seen_refunds": [None] * 12 + [500.0] * 4}


def test_the_forms_refunds_are_the_difference_of_both_baselines():
    scenario = store(OPEN, **NO_REFUNDS)
    found = baseline_refunds(scenario, scenario.options[0])
    bill = bill_of(scenario, scenario.options[0])
    assert found.net == pytest.approx(bill.baseline, abs=0.01) and found.gross > found.net
    assert found.rate == pytest.approx((found.gross - found.net) / found.gross)
    # the last three months before the mark, 2026-03, none with refunds
    assert found.lacks == ("2025-12", "2026-01", "2026-02") and found.own is None


def test_the_stores_own_months_are_offered_where_they_tell():
    """(10,400 + 9,700 + 10,200) / 3 less 500 of refunds each: 10,100 − 500 = 9,600."""
    scenario = store(OPEN)
    found = baseline_refunds(scenario, scenario.options[0])
    assert found.lacks == () and found.own == pytest.approx(9600)


@pytest.mark.parametrize(
    "changes", [{}, {"clawback": False}, {"share_over": "all"}, {"share_basis": "cm3"}]
)
def test_a_contract_that_names_its_baseline_or_takes_none_off_has_none(changes):
    contract = (CONTRACT if not changes else OPEN) | changes
    scenario = store(contract)
    assert baseline_refunds(scenario, scenario.options[0]) is None


@pytest.mark.parametrize("lang", LANGS)
def test_the_bill_says_whose_refunds_they_are_and_what_to_type(lang):
    scenario = store(OPEN, **NO_REFUNDS)
    told = baseline_sentence(bill_of(scenario, scenario.options[0]), scenario, lang)
    assert {"en": "was not measured", "zh": "不是实测"}[lang] in told
    assert "2025-12" in told and {"en": "Actual months", "zh": "实际月份"}[lang] in told
    own = store(OPEN)
    assert "9,600" in baseline_sentence(bill_of(own, own.options[0]), own, lang)
    plain = store(OPEN | {"clawback": False}, **NO_REFUNDS)
    bare = baseline_sentence(bill_of(plain, plain.options[0]), plain, lang)
    assert bare and {"en": "was not measured", "zh": "不是实测"}[lang] not in bare
