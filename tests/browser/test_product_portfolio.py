"""A portfolio by hand: typed into the table, opened as a scenario, taken back, reloaded."""

import pytest
from playwright.sync_api import expect

from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.portfolio_links import encode_portfolio
from funnel_sim.words import say
from tests.browser.settled import settled
from tests.browser.test_journeys import stumbles

DE = "amazon-de-kitchen"
SHELF = Portfolio((PortfolioRow("Mug", DE), PortfolioRow("Cup", DE)), DATA_DATE)
PRICE = {"en": "Price", "zh": "售价"}


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("lang", "width"), [("en", 1366), ("zh", 390)])
def test_cells_typed_in_a_row_all_stay_and_a_row_goes_out_and_comes_back(browser, url, lang, width):
    context = browser.new_context(viewport={"width": width, "height": 850})
    page = context.new_page()
    page.goto(f"{url}/product-portfolio?lang={lang}&p={encode_portfolio(SHELF)}")
    page.get_by_role("radio", name=say(lang, "portfolio_page.view_rows")).click(timeout=60_000)
    first = page.get_by_role("textbox", name=f"Mug · {PRICE[lang]} (EUR)")
    second = page.get_by_role("textbox", name=f"Cup · {PRICE[lang]} (EUR)")
    expect(first).to_have_value("29.99", timeout=30_000)
    first.fill("25,99")
    first.press("Enter")  # to the row below, before the answer is there
    page.keyboard.type("31")
    page.keyboard.press("Tab")
    settled(page)
    expect(first).to_have_value("25.99")
    expect(second).to_have_value("31.00")
    page.mouse.move(0, 0)
    assert stumbles(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name=f"{say(lang, 'portfolio_page.table_open')}: Cup").click()
    page.wait_for_url("**/my-shop**")
    settled(page)
    price = page.get_by_role("textbox", name=f"{PRICE[lang]} (EUR)").first
    price.fill("44")
    price.press("Enter")
    settled(page)
    page.get_by_role("button", name=say(lang, "portfolio_page.take_back")).click()
    settled(page)
    page.get_by_role("button", name=say(lang, "portfolio_page.to_table")).click()
    page.wait_for_url("**/product-portfolio**")
    expect(second).to_have_value("44.00", timeout=30_000)
    settled(page)
    page.reload()
    page.get_by_role("radio", name=say(lang, "portfolio_page.view_rows")).click(timeout=60_000)
    expect(second).to_have_value("44.00", timeout=30_000)
    expect(first).to_have_value("25.99")
    context.close()


def test_a_phone_is_told_which_columns_lie_to_the_right_and_goes_there(browser, url):
    context = browser.new_context(viewport={"width": 390, "height": 850})
    page = context.new_page()
    page.goto(f"{url}/product-portfolio?lang=en&p={encode_portfolio(SHELF)}")
    page.get_by_role("radio", name=say("en", "portfolio_page.view_rows")).click(timeout=60_000)
    more = page.get_by_role("button", name=say("en", "portfolio_page.table_more").strip())
    expect(more).to_contain_text("→", timeout=20_000)
    before = more.text_content()
    more.click()
    expect(more).not_to_have_text(before)
    assert page.locator(".wrap").first.evaluate("one => one.scrollLeft") > 0
    context.close()
