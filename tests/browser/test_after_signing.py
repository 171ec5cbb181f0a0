"""After the signature in a real Chromium: months typed by keyboard, and the way on."""

import re
import subprocess

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from funnel_sim.scenario import links
from funnel_sim.scenario.presets import preset
from funnel_sim.ui.server import serve
from funnel_sim.ui.server.home import HOME
from funnel_sim.words import say
from tests.browser.acts import Hand
from tests.browser.chromium import free_port
from tests.browser.settled import settled
from tests.browser.test_journeys import stumbles
from tests.browser.test_paths import held, opened

SIGNED = preset("amazon-de-kitchen").replace(
    {
        "options": [{"id": "quote", "name": "North", "base": 600.0, "fee_currency": "sales"}],
        "history.first_month": "2026-05",
        "history.seen_gmv": [11_000.0, 12_000.0, 11_500.0],
        "history.seen_orders": [366.0, 400.0, 383.0],
        "history.engagement_from": "2026-08",
    }
)
# as a seller types them: GMV, orders, ad spend, sales from ads, visits, clicks, refunds
TYPED = (
    ("12,500.50", "410", "1850", "5.9k", "16400", "2600", "640"),
    ("1.3万", "425", "1,900", "6100", "16800", "2700", "655,5"),
    ("€13900", "452", "2010", "6600", "17800", "2840", "700"),
)
MOST_ACTS = 30  # 21 numbers, 3 first boxes clicked: 24


def boxes(page: Page, month: int):
    return page.get_by_role("textbox", name="Gross sales (GMV)").nth(month)


@pytest.mark.slow
def test_three_months_are_typed_by_keyboard_without_a_pause(page, url):
    page.goto(f"{url}/actual-months?lang=en&s={links.encode(SIGNED)}")
    # a card is open for each month since the engagement began (changed on purpose: none to add)
    expect(boxes(page, 5)).to_be_visible(timeout=30_000)
    acts = 0
    for place, row in enumerate(TYPED):
        # the months before stand above; those since the engagement began are the last three
        every = page.get_by_role("textbox", name="Gross sales (GMV)")
        every.nth(every.count() - len(TYPED) + place).click()
        acts += 1
        for text in row:
            page.keyboard.type(text, delay=20)
            page.keyboard.press("Tab")
            acts += 1
        settled(page)
    assert acts <= MOST_ACTS
    expect(page.get_by_text("3 months before the engagement, 3 since.")).to_be_visible()
    opened = links.decode(page.evaluate("new URLSearchParams(location.search).get('s')")).scenario
    seen = opened.history
    assert seen.engaged() == ["2026-08", "2026-09", "2026-10"]
    assert seen.seen_gmv[3:] == [12_500.5, 13_000, 13_900]
    assert seen.seen_orders[3:] == [410, 425, 452]
    assert seen.seen_ad_sales[3:] == [5900, 6100, 6600]
    assert seen.seen_refunds[3:] == [640, 655.5, 700]
    assert page.get_by_test_id("stException").count() == 0
    page.get_by_role("button", name="To the review").click()
    expect(page).to_have_url(re.compile("/monthly-review"), timeout=30_000)


def sold(month, gmv, orders, visits, carts, back):
    return f"{month},{gmv},{orders},{visits},{carts},{back}\n"


BEFORE = [f"2025-{month:02d}" for month in range(8, 13)] + [f"2026-{m:02d}" for m in range(1, 8)]
SALES = "月份,销售额,订单数,访客数,加购数,退款金额\n" + "".join(
    sold(month, 12_000 + 300 * (place % 3), 400 + 10 * (place % 3), 16_000, 1_600, 600)
    for place, month in enumerate(BEFORE)
)
SALES += sold("2026-08", 13_000, 430, 17_000, 1_700, 700)
SALES += sold("2026-09", 12_500, 420, 17_500, 1_350, 900)
SALES += sold("2026-10", 14_000, 450, 18_000, 1_400, 1_000)
ADS = "月份,广告花费,广告销售额,点击量,曝光量\n" + "".join(
    f"{month},{1_500 + 10 * place},4500,2500,200000\n" for place, month in enumerate(BEFORE)
)
ADS += (
    "2026-08,1900,5200,2900,240000\n2026-09,2000,5000,3000,250000\n2026-10,2100,5600,3100,260000\n"
)
MOST_TO_REPORT = 12
"""From the first page to a review on paper, by somebody with two files and a contract of four
numbers; 33 before both were asked for on one page."""


def test_two_files_and_a_contract_become_a_printed_review_in_twelve_acts(browser, url):
    """1,000 to begin with, 800 a month, 5 % of what sales exceed 10,000 by, in euros: August
    1,000 + 800 + 150, September 800 + 125, October 800 + 200.
    """
    page = opened(browser, url, "zh", 1366, 768)
    hand = Hand(page)
    hand.click(page.locator(".st-key-door_signed button"))
    expect(page.locator(".st-key-actuals_contract_sentence")).to_be_visible(timeout=30_000)
    hand.type("采购成本", "38")
    hand.type("启动费", "1000")
    hand.type("基础月费", "800")
    sentence = page.locator(".st-key-actuals_contract_sentence")
    hand.choose(sentence.get_by_role("combobox"), "EUR")
    hand.type("只对超过的 GMV 提成", "10000")
    hand.type("销售提成", "5")
    box = page.locator(".st-key-actuals_file input[type=file]")
    hand.upload(box, "sales.csv", SALES, ads=ADS)
    mark = page.locator("[class*=st-key-actuals_mark]").get_by_role("combobox")
    hand.choose(mark, "2026-08")
    hand.click(page.locator(".st-key-actuals_take button"))
    hand.click(page.locator(".st-key-actuals_to_review button"))
    expect(page.locator(".st-key-review_card")).to_be_visible(timeout=60_000)
    owed = page.locator(".st-key-review_tile_owed")
    expect(owed).to_contain_text("1,000.00")  # of October
    with page.expect_download(timeout=120_000) as taken:
        hand.click(page.locator("[class*=st-key-review_pdf] button"))
    assert taken.value.suggested_filename.endswith("-review-2026-10-zh.pdf")
    with open(taken.value.path(), "rb") as file:
        assert file.read(5) == b"%PDF-"
    assert hand.acts <= MOST_TO_REPORT, hand.done
    scenario = held(page)
    [quote] = scenario.options
    assert (quote.setup, quote.base, quote.term, quote.fee_currency) == (1000, 800, 12, "sales")
    assert [(one.upto, one.rate) for one in quote.share_tiers] == [(10_000, 0.0), (None, 0.05)]
    assert scenario.history.engagement_from == "2026-08"
    assert len(scenario.history.names()) == 15 and scenario.history.seen_ad_spend[-1] == 2100
    assert stumbles(page) == []
    page.context.close()


def test_an_address_that_is_opened_before_the_first_run_has_its_page(browser):
    """No warm-up has run when the port opens: whoever is there first gets the page, and no word
    that it does not exist.
    """
    port = free_port()
    server = subprocess.Popen(serve.command(port, "127.0.0.1"), cwd=HOME)
    try:
        page = browser.new_page(locale="zh-CN")
        for _ in range(600):
            try:
                page.goto(f"http://127.0.0.1:{port}/contract-renewal?lang=zh")
                break
            except PlaywrightError:  # not yet listening
                page.wait_for_timeout(100)
        words = say("zh", "page.contract_renewal")
        expect(page.get_by_role("heading", name=words)).to_be_visible(timeout=60_000)
        settled(page)
        assert page.get_by_test_id("stDialog").count() == 0
        assert page.get_by_text("没有这一页").count() == 0
        page.close()
    finally:
        server.terminate()
        server.wait()
