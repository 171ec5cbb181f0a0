"""Clauses: each stands in both languages with its own numbers, none is invented, and what protects
the client and is not agreed is told.
"""

import re

import pytest

from funnel_sim.output.documents.blocks import Paragraph
from funnel_sim.output.documents.term_sheet import term_sheet
from funnel_sim.output.words.clauses import assumptions, clauses, kpi_definitions, missing
from funnel_sim.scenario.quotes import Option
from funnel_sim.words import LANGS
from tests.conftest import neutral
from tests.output.contracts import FULL, KEYS, OTHERS, contract

CJK = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("lang", LANGS)
def test_a_contract_with_everything_has_every_clause_with_its_number(lang):
    scenario, option = contract()
    found = {one.key: one for one in clauses(scenario, option, lang)}
    assert list(found) == KEYS
    text = "\n".join(one.text for one in found.values())
    numbers = [
        "10,001.00",
        "8,002.00",
        "3,003.00",
        "12,004.50",
        "1.125",
        "9,005.00",
        "16,006.00",
        "90,007.00",
        "5,008.00",
        "1,009.00",
        "5,010.00",
        "6,011.00",
        "7,012.00",
        "2,013.00",
        "514.00",
        "815.00",
        "1,216.00",
        "317.00",
        "418.00",
        "3.33%",
        "11%",
        "21%",
        "60%",
        "6%",
        "90%",
    ]
    for shown in numbers:
        assert shown in text, shown
    # the baseline by calendar month: 12,004.50 × 0.8 = 9,603.60 and × 1.3 = 15,605.85
    assert (
        "€9,603.60" in found["baseline"].text
        and "€15,605.85" in found["baseline"].text
        and found["baseline"].text.count("€") == 13
    )
    # early exit: 1.5 × 8,002 = 12,003; 50 % of 8,002 = 4,001 for each month
    assert "12,003.00" in found["exit"].text and "4,001.00" in found["exit"].text
    assert not missing(scenario, option, lang)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("changes", OTHERS)
@pytest.mark.parametrize("lang", LANGS)
def test_words_are_of_one_language_and_complete(changes, lang):
    scenario, option = contract(changes)
    every = [
        *clauses(scenario, option, lang),
        *kpi_definitions(scenario, option, lang),
        *missing(scenario, option, lang),
    ]
    for one in every:
        assert one.title and one.text and "{" not in one.text and "  " not in one.text, one
        if lang == "en":
            assert not CJK.search(one.text + one.title), one
        else:
            assert CJK.search(one.text), one


def test_what_is_not_agreed_is_not_told_as_agreed():
    scenario, _ = contract()
    bare = Option(id="bare", base=100.0)
    assert [one.key for one in clauses(scenario, bare, "en")] == [
        "currency",
        "base",
        "term",
        "notice",
        "exit",
        "renewal",
    ]
    assert {one.key for one in missing(scenario, bare, "en")} == {"kpi", "stop", "trial", "penalty"}
    share = bare.but(share_tiers=contract()[1].share_tiers)
    assert {"cap", "baseline", "clawback"} <= {one.key for one in missing(scenario, share, "en")}
    free = contract({"penalty_limited": False, "baseline_season": False, "trial_exit": False})
    assert {one.key for one in missing(*free, "zh")} == {"limit", "season", "trial_exit"}


def test_patience_is_no_clause():
    with_it, without = contract({"patience": 2}), contract()
    assert clauses(*with_it, "en") == clauses(*without, "en")


@pytest.mark.sampled(9)
@pytest.mark.parametrize(
    ("changes", "key", "told"),
    [
        ({"share_mode": "whole"}, "share", "(whole amount)"),
        ({}, "share", "(marginal)"),
        ({}, "share", "runs since month 1"),
        ({"share_period": "month"}, "share", "anew each month"),
        ({}, "clawback", "taken off before"),
        ({"clawback": False}, "clawback", "not given back"),
        ({"share_basis": "cm3"}, "clawback", "already after refunds"),
        ({"baseline_season": False}, "baseline", "does not follow the season"),
        ({"baseline": None}, "baseline", "confirm this amount"),
        ({"renewal": "open"}, "renewal", "month by month"),
        ({"renewal": "ends"}, "renewal", "sign again"),
        ({}, "renewal", "unless notice is given 2 months"),
        ({}, "stop", "2 months in a row"),
        ({}, "stop", "from month 3 on"),
        ({}, "miss", "less than 60%"),
        ({}, "penalty.2", "months 1 to 3"),
        ({"decided_by": "acos"}, "miss", "the target over the month's value"),
        ({"fee_currency": "sales"}, "currency", "EUR (€)"),
        ({}, "currency", "CNY (CN¥); sales"),
        ({}, "penalty.4", "below"),
        ({}, "bonus.1", "2% of the amount by which that month's GMV is over"),
        ({}, "instalment.3", "first month up to month 5"),
    ],
)
def test_a_clause_says_which_kind_it_is(changes, key, told):
    assert told in next(one.text for one in clauses(*contract(changes), "en") if one.key == key)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "key", "told"),
    [
        ({}, "renewal", "first: month 10"),
        ({"decided_by": "", "stop_loss": False}, "renewal", "no one gives this notice"),
        ({"decided_by": "", "stop_loss": False}, "trial_exit", "the client stays"),
    ],
)
def test_what_the_figures_assume_is_told_beside_the_clauses_and_in_none(changes, key, told):
    """A contract holds no sentence of the simulation: what it assumes stands by itself."""
    scenario, option = contract(changes)
    beside = assumptions(scenario, option, "en")
    assert told in next(one.text for one in beside if one.key == key)
    assert not [one for one in clauses(scenario, option, "en") if "figures assume" in one.text]
    sheet = [one.text for one in term_sheet(scenario, option, "en") if isinstance(one, Paragraph)]
    assert any(told in text for text in sheet)


def test_sales_tax_outside_the_price_is_not_in_the_gmv_that_is_shared():
    scenario, option = contract(name="shopify-us-beauty")
    assert "without the sales tax" in next(
        one.text for one in clauses(scenario, option, "en") if one.key == "share"
    )


def test_a_definition_holds_formula_basis_window_baseline_and_source():
    scenario, option = contract()
    found = {one.key: one.text for one in kpi_definitions(scenario, option, "en")}
    assert len(found) == len({name for _, name in option.kpis_named()}) == 4
    assert all(
        part in found["kpi.1"]
        for part in (
            "Paid orders ×",
            "tax included",
            "total of months 1 to 6",
            "+40% against the baseline of €",
            "[name of the report]",
            "single month",
        )
    )
    fee = contract({"decided_by": "profit"})
    assert any("counts as a cost" in one.text for one in kpi_definitions(*fee, "en"))
    assert FULL["decided_by"] == "gmv"


@pytest.mark.parametrize(
    ("lang", "single", "mean"),
    [
        ("en", "in any one of months 1 to 12", "average of months 1 to 12"),
        ("zh", "第 1–12 个月中任一个月", "第 1–12 个月平均"),
    ],
)
@pytest.mark.parametrize("each", ["month", "window"])
def test_the_kpi_of_a_bonus_by_month_is_no_average_that_somebody_owes(lang, single, mean, each):
    """Paid for each month: definition and bonus name single months. Paid at the end of the window,
    or with a stop-loss that looks at it, it is the average that was agreed.
    """
    kpi = {"id": "g", "metric": "gmv", "target": 0.4, "relative": True, "month_to": 12}
    paid = {"kpi": "g", "kind": "bonus", "form": "fixed", "amount": 8000.0, "each": each}
    for stop, by_month in (({}, each == "month"), ({"stop_loss": True, "decided_by": "g"}, False)):
        quote = {"id": "a", "base": 1.0, "rewards": [paid]} | stop
        store = neutral({"kpis": [kpi], "options": [quote]})
        [option] = store.options
        told = [one.text for one in kpi_definitions(store, option, lang)]
        told += [one.text for one in clauses(store, option, lang) if one.key == "bonus.1"]
        assert len(told) == 2
        for text in told:
            assert (single in text, mean in text) == (by_month, not by_month)
