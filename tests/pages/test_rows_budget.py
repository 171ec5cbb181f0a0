"""The ad budget of a portfolio on its page: the split, the question, taking it over."""

import pytest

from funnel_sim.decisions.budget.answer import portfolio_budget
from funnel_sim.decisions.portfolio.products import products
from funnel_sim.output.words.budget import BudgetNames, headline
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.presets import preset
from funnel_sim.words import say
from tests.pages.numbers import numbers
from tests.pages.test_pages import page
from tests.pages.test_product_portfolio_page import begun, held, texts

DE, US = "amazon-de-kitchen", "amazon-us-kitchen"
ROWS = Portfolio(
    (
        PortfolioRow("Mug", DE, {"product.price": 29.0}),
        PortfolioRow("Rack", US, {"product.unit_cost": 50.0}),
        PortfolioRow("Pan", DE, {"channels.ads.budget": 600.0}),
    ),
    DATA_DATE,
    currency="EUR",
)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_split_over_rows_is_that_of_the_command_line(lang):
    test = begun(lang, "budget", ROWS)
    found = portfolio_budget(ROWS, ROWS.budget)
    assert not test.exception
    told = headline(found, BudgetNames({}), lang).replace("**", "")
    assert told in texts(test).replace("**", "")


def test_what_is_taken_over_brings_what_was_told():
    """The rows are evaluated anew: their profits add up to what the split promised."""
    test = begun("en", "budget", ROWS)
    found = portfolio_budget(ROWS, ROWS.budget)
    before, promised = found.profit
    assert products(ROWS).total.profit == pytest.approx(before, abs=0.01)
    test.button(key="rows_budget_take").click().run()
    assert not test.exception
    assert products(held(test)).total.profit == pytest.approx(promised, abs=0.01)
    assert held(test).budget.budget_total is None
    assert test.button(key="rows_budget_take").disabled  # nothing is left to move


def test_a_total_is_asked_in_the_currency_of_the_totals_and_kept_in_the_portfolio():
    test = begun("en", "budget", ROWS)
    box = next(one for one in numbers(test) if one.key.startswith("rows_budget_budget_total"))
    assert box.label.endswith("(EUR)")
    test = box.type("3000")
    assert held(test).budget.budget_total == 3000.0
    assert test.session_state["portfolio_view"] == "budget"
    told = headline(portfolio_budget(held(test), held(test).budget), BudgetNames({}), "en")
    assert told.replace("**", "") in texts(test).replace("**", "")


def test_a_bound_that_no_split_keeps_is_said_and_can_be_mended():
    budget = ROWS.budget.but(
        budget_total=1000.0, bounds=[{"channel": "Mug", "low": 5000.0, "high": None}]
    )
    test = begun("en", "budget", Portfolio(ROWS.rows, DATA_DATE, currency="EUR", budget=budget))
    assert not test.exception and test.error
    box = next(one for one in numbers(test) if one.label.startswith(say("en", "budget.low")))
    test = box.type("500")
    assert held(test).budget.bounds[0].low == 500.0 and not test.error


def test_many_rows_are_split_when_somebody_asks():
    many = Portfolio(tuple(PortfolioRow(f"Item {n}", DE) for n in range(21)), DATA_DATE)
    test = begun("en", "budget", many)
    assert "rows_budget_take" not in [one.key for one in test.button]
    test = test.button(key="portfolio_budget_go").click().run()
    assert not test.exception and "rows_budget_take" in [one.key for one in test.button]


def test_rows_without_bought_ads_have_nothing_to_split():
    store = preset(DE)
    plain = store.but(channels=[one for one in store.channels if one.kind not in ("cpc", "cpm")])
    rows = (PortfolioRow("Mug", "plain"),)
    test = begun("zh", "budget", Portfolio(rows, DATA_DATE, bases={"plain": plain}))
    assert not test.exception
    assert [one.value for one in test.info] == [say("zh", "budget.rows_no_ads")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_of_one_shop_leads_to_the_split_over_rows(lang):
    test = page("ad_budget", lang)
    assert "budget_of_rows" not in [one.key for one in test.button]
    test.session_state["portfolio"] = ROWS
    test.run()
    assert "budget_of_rows" in [one.key for one in test.button]
