"""A share in one phrase, and the contract check's sentences about it: what the clause says, in both
languages.
"""

import pytest

from funnel_sim.decisions.quote.contract_check.check import check_contract
from funnel_sim.output.words.clauses import missing
from funnel_sim.output.words.contract_check import finding_sentence
from funnel_sim.output.words.quote import in_short
from funnel_sim.output.words.shares import rates, share_text, starts_at, threshold
from funnel_sim.scenario.quotes import Option
from tests.conftest import neutral

STORE = neutral(
    {"plan.horizon_months": 3, "chance.month_noise": False, "chance.counting": False}
)  # 10,000 of sales a month
ONE = [{"rate": 0.05}]
ABOVE = [{"upto": 8000.0, "rate": 0.0}, {"rate": 0.05}]
FAR = [{"upto": 12_000.0, "rate": 0.0}, {"rate": 0.05}]


@pytest.mark.parametrize(
    ("clauses", "en", "zh"),
    [
        ({"share_tiers": ONE}, "5% of GMV", "GMV 的 5%"),
        (
            {"share_tiers": ONE, "share_basis": "ad_sales"},
            "5% of sales from ads",
            "广告销售额的 5%",
        ),
        (
            {"share_tiers": ONE, "share_over": "baseline"},
            "5% of GMV above the baseline",
            "GMV 超出基线部分的 5%",
        ),
        (
            {"share_tiers": ABOVE},
            "5% of GMV above $8,000 a month",
            "GMV 每月超过 US$8,000 部分的 5%",
        ),
        (
            {"share_tiers": ABOVE, "share_period": "running"},
            "5% of GMV above $8,000 since the start",
            "GMV 自合作起累计超过 US$8,000 部分的 5%",
        ),
        (
            {"share_tiers": ABOVE, "share_mode": "whole"},
            "5% of all GMV, once it passes $8,000 a month",
            "GMV 每月超过 US$8,000 后全额的 5%",
        ),
        (
            {"share_tiers": [{"upto": 1000.0, "rate": 0.05}, {"rate": 0.035}]},
            "3.5% – 5% of GMV by tier",
            "GMV 的 3.5% – 5%（分档）",
        ),
        ({"share_tiers": [{"rate": 0.0}]}, "", ""),
        ({}, "", ""),
    ],
)
def test_a_share_is_told_as_its_clause_says(clauses, en, zh):
    option = Option.model_validate({"id": "a", **clauses})
    assert [share_text(STORE, option, lang) for lang in ("en", "zh")] == [en, zh]
    assert en in in_short(option, STORE, "en") and zh in in_short(option, STORE, "zh")
    assert (threshold(option) is not None) == (
        option.share_tiers[:1] != [] and option.share_tiers[0].rate == 0 and bool(rates(option))
    )


def found(**clauses):
    scenario = STORE.replace(
        {"options": [{"id": "a", "term": 3, "fee_currency": "sales", **clauses}]}
    )
    check = check_contract(scenario, "a", 256)
    return check.of("share_all"), check


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("clauses", "state", "case", "cost"),
    [
        ({"share_tiers": ONE}, "bad", "bad", None),
        ({"share_tiers": ONE, "share_over": "baseline"}, "good", "good", None),
        (
            {"share_tiers": ONE, "share_over": "baseline", "baseline": 10_000.0},
            "good",
            "good",
            None,
        ),
        # 2,000 of the 10,000 lie above: 5 % of them, three months
        (
            {"share_tiers": ONE, "share_over": "baseline", "baseline": 8000.0},
            "bad",
            "low_baseline",
            300.0,
        ),
        ({"share_tiers": ABOVE}, "bad", "bad_threshold", 300.0),
        # once 8,000 are passed, 5 % of all 10,000, three months
        ({"share_tiers": ABOVE, "share_mode": "whole"}, "bad", "bad_threshold", 1500.0),
        # since the start: 30,000 less 8,000, once
        ({"share_tiers": ABOVE, "share_period": "running"}, "bad", "bad_threshold", 1100.0),
        ({"share_tiers": FAR}, "good", "good_threshold", None),
        ({"share_tiers": [{"rate": 0.0}]}, "good", "none", None),
    ],
)
def test_what_is_shared_without_anything_being_added(clauses, state, case, cost):
    finding, check = found(**clauses)
    assert (finding.state, finding.case) == (state, case)
    if case != "bad":
        assert (finding.figures["cost"].value if "cost" in finding.figures else None) == (
            cost if cost is None else pytest.approx(cost)
        )
    for lang in ("en", "zh"):
        text = finding_sentence(finding, check, lang)
        assert share_text(STORE, check.option, lang) in text and "{" not in text
        if case != "bad":
            assert (
                "all sales" not in text
                and "全部销售额" not in text
                and "first amount" not in text
                and "从零" not in text
            )


@pytest.mark.parametrize(
    ("tiers", "words"), [(ONE, "from the first amount on"), (ABOVE, "a threshold and no baseline")]
)
def test_the_protection_that_is_missing_is_named_by_what_is_there(tiers, words):
    lacking = {
        one.key: one.text
        for one in missing(STORE, Option.model_validate({"id": "a", "share_tiers": tiers}), "en")
    }
    assert words in lacking["baseline"] and "5% of GMV" in lacking["baseline"]


def test_published_shares_are_of_all_sales():
    """Only a share of all sales is comparable as it stands."""
    for clauses, partial in (
        ({"share_tiers": ONE}, False),
        ({"share_tiers": ONE, "share_over": "baseline"}, True),
        ({"share_tiers": ABOVE}, True),
    ):
        _, check = found(**clauses)
        text = finding_sentence(check.of("fees_range"), check, "en")
        assert ("this one is not" in text) is partial


GROWTH = {
    "id": "g",
    "metric": "gmv",
    "target": 0.4,
    "relative": True,
    "window": "average",
    "month_from": 3,
    "month_to": 12,
}
MONTHLY = "GMV +40% against a usual month (months 3 to 12, each by itself)"


@pytest.mark.parametrize(
    ("base", "reward", "told"),
    [
        (0.0, {"amount": 1200.0, "each": "month"}, f"$1,200 for each month that meets {MONTHLY}"),
        (900.0, {"form": "base", "amount": 0.5, "each": "month"}, "50% of the base fee"),
        (0.0, {"form": "base", "amount": 0.5, "each": "month"}, "of nothing (there is no base"),
        (0.0, {"amount": 0.0}, "of nothing (no amount"),
        (0.0, {"form": "sales", "amount": 0.02}, "2% of GMV where GMV"),
        (0.0, {"form": "excess", "amount": 0.1}, "10% of the excess where GMV"),
        (0.0, {"form": "excess", "amount": 0.1, "kind": "penalty"}, "10% of the shortfall"),
    ],
)
def test_an_offer_in_short_names_what_a_bonus_pays_and_for_what(base, reward, told):
    """The name alone says no price: amount or share, and its KPI, in either language."""
    row = {"kpi": "g", "kind": "bonus", "form": "fixed", "each": "window"} | reward
    store = STORE.replace(
        {"kpis": [GROWTH], "options": [{"id": "a", "base": base, "rewards": [row]}]}
    )
    assert told in in_short(store.options[0], store, "en")
    zh = in_short(store.options[0], store, "zh")
    assert zh.rstrip("。") not in ("KPI 奖励", "未达标扣款") and "40" in zh


def test_a_bonus_of_nothing_is_no_part_of_the_price_beside_one_that_pays():
    """Half of a base of 0 comes to nothing: beside a bonus of 1,200 it is left out, alone it is
    told.
    """
    empty = {"kpi": "g", "form": "base", "amount": 0.5, "each": "window"}
    pays = {"kpi": "g", "amount": 1200.0, "each": "month"}
    both = STORE.replace({"kpis": [GROWTH], "options": [{"id": "a", "rewards": [empty, pays]}]})
    text = in_short(both.options[0], both, "en")
    assert "$1,200" in text and "nothing" not in text
    alone = STORE.replace({"kpis": [GROWTH], "options": [{"id": "a", "rewards": [empty]}]})
    assert "nothing" in in_short(alone.options[0], alone, "en")


@pytest.mark.parametrize(
    ("terms", "least"),
    [
        ({"share_tiers": [{"upto": 5000.0, "rate": 0.0}, {"rate": 0.1}]}, 5000.0),
        ({"share_tiers": [{"rate": 0.1}], "share_over": "baseline", "baseline": 7000.0}, 7000.0),
        ({"share_tiers": [{"rate": 0.1}]}, None),
        ({"share_over": "baseline", "baseline": 7000.0}, None),  # nothing is shared
    ],
)
def test_from_which_amount_a_share_begins(terms, least):
    store = neutral({"options": [{"id": "a"} | terms]})
    assert starts_at(store, store.options[0]) == least
