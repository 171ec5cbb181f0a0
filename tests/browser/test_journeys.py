"""Whole journeys in a real Chromium: type, switch language, reload, go back, share, save, open,
explain.
"""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from funnel_sim.words import say
from tests.browser.chromium import free_port
from tests.browser.settled import escape, settled

PATHS = {
    "start": "/",
    "my_shop": "/my-shop",
    "unit_economics": "/unit-economics",
    "risk_and_odds": "/risk-and-odds",
    "cash_flow": "/cash-flow",
    "ad_budget": "/ad-budget",
    "cac_and_ltv": "/cac-and-ltv",
    "kpi_check": "/kpi-check",
    "quote_test": "/quote-test",
    "conversion_test": "/conversion-test",
    "side_by_side": "/side-by-side",
    "slide_show": "/slide-show",
    "export_files": "/export-files",
    "method_and_sources": "/method-and-sources",
    "actual_months": "/actual-months",
    "monthly_review": "/monthly-review",
    "fee_settlement": "/fee-settlement",
    "contract_renewal": "/contract-renewal",
    "product_portfolio": "/product-portfolio",
}
READY = {
    "start": {"en": "What do you have at hand?", "zh": "您手上有什么？"},
    "my_shop": {"en": "My shop", "zh": "我的店"},
    "unit_economics": {"en": "Of €29.99 that a shopper pays", "zh": "买家付 €29.99"},
    "risk_and_odds": {"en": "The probability of a loss over 12 months", "zh": "12 个月亏损的概率"},
    "cash_flow": {"en": "for sales near the plan", "zh": "按计划附近的销量"},
    "ad_budget": {"en": "There is one ad channel only", "zh": "只有一个广告渠道"},
    "cac_and_ltv": {"en": "A new customer from ads costs", "zh": "广告带来的一个新客花费"},
    "kpi_check": {"en": "Type what was promised", "zh": "填写对方承诺的 KPI"},
    "quote_test": {"en": "Enter the quotes you were given", "zh": "照收到的报价填写"},
    "conversion_test": {
        "en": "Did the new listing convert better?",
        "zh": "新链接的转化真的更好吗？",
    },
    "side_by_side": {"en": "Save the present numbers", "zh": "先存下现在的数字"},
    "slide_show": {"en": "Of €29.99 that a shopper pays", "zh": "买家付 €29.99"},
    "export_files": {"en": "The numbers on screen as files", "zh": "现在看到的数字"},
    "method_and_sources": {"en": "Margin and contribution", "zh": "净利率与毛利"},
    "actual_months": {"en": "Actual months", "zh": "实际月份"},
    "monthly_review": {"en": "Monthly review", "zh": "复盘"},
    "fee_settlement": {"en": "What is owed", "zh": "结算"},
    "contract_renewal": {"en": "Renewal", "zh": "续约"},
    "product_portfolio": {"en": "Look at an example", "zh": "先看示例"},
}
# A page below the root asks first for its own health and host configuration; Streamlit then finds
# the right ones.
KNOWN_NOISE = re.compile(r"404 \(Not Found\)")


def show(page: Page, url: str, name="unit_economics", lang="en", query=""):
    page.goto(f"{url}{PATHS[name]}?lang={lang}{query}")
    if not query:
        expect(page.get_by_text(READY[name][lang]).first).to_be_visible(timeout=30_000)


def stumbles(page: Page) -> list[str]:
    """Return what axe calls serious or critical, once the menu's groups are told as groups: the
    frame's script does that a moment after Streamlit has drawn the menu.
    """
    page.wait_for_function(
        "[...document.querySelectorAll('[data-testid=stSidebarNavItems],"
        " [data-testid=stSidebarNavItems] li')].every(one => one.getAttribute('role') === 'none')",
        timeout=30_000,
    )
    found = Axe().run(page).response["violations"]
    return [
        f"{v['id']} {len(v['nodes'])} × {v['nodes'][0]['html'][:160]}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def price_box(page: Page, lang="en"):
    return page.get_by_role("textbox", name="Price (EUR)" if lang == "en" else "售价 (EUR)").first


def type_price(page: Page, text: str, lang="en"):
    box = price_box(page, lang)
    box.fill(text)
    box.press("Enter")
    settled(page)


def go(page: Page, name: str):
    page.get_by_test_id("stSidebarNavLink").filter(has_text=name).click()
    settled(page)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", list(PATHS))
def test_every_page_is_quiet_and_fits(browser, url, name, lang):
    """No console error, no request that leaves the machine, no exception, no sideways scrolling,
    nothing that axe calls serious; light and dark, desktop and phone.
    """
    for scheme, width, height in (("light", 1366, 900), ("dark", 390, 844)):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        page = context.new_page()
        noise, outside = [], []
        page.on(
            "console",
            lambda m, noise=noise: (
                noise.append(m.text)
                if m.type == "error" and not KNOWN_NOISE.search(m.text)
                else None
            ),
        )
        page.on(
            "request",
            lambda r, outside=outside: (
                outside.append(r.url)
                if urlsplit(r.url).hostname not in ("127.0.0.1", None)
                else None
            ),
        )
        show(page, url, name, lang)
        settled(page)
        assert page.get_by_test_id("stException").count() == 0
        assert (
            page.evaluate(
                "(() => { const m = document.querySelector('[data-testid=stMain]'); return"
                " m.scrollWidth - m.clientWidth })()"
            )
            == 0
        )
        assert (noise, outside) == ([], [])
        assert stumbles(page) == []
        assert parse_qs(urlsplit(page.url).query)["lang"] == [lang]
        page.wait_for_function(
            "lang => document.documentElement.lang === lang",
            arg={"zh": "zh-CN", "en": "en"}[lang],
            timeout=30_000,
        )
        context.close()


def test_a_language_switch_keeps_every_input_also_on_the_second_rerun(page, url):
    show(page, url, "unit_economics", "en")
    type_price(page, "31.5")
    page.get_by_role("radio", name="What does it take to reach a target?").or_(
        page.get_by_role("button", name="What does it take to reach a target?")
    ).first.click()
    settled(page)
    target = page.get_by_role(
        "combobox"
    ).first  # a selection widget: its list closes when the page scrolls
    target.scroll_into_view_if_needed()
    settled(page)
    target.click()
    page.get_by_role("option", name="Net margin", exact=True).click()
    settled(page)
    page.get_by_role("radio", name="中文").or_(
        page.get_by_role("button", name="中文")
    ).first.click()
    expect(page.get_by_text("买家付 €31.50").first).to_be_visible(timeout=30_000)
    expect(page).to_have_url(re.compile("lang=zh"), timeout=30_000)
    type_price(page, "32.5", "zh")  # the second rerun, in which stale labels would bite
    type_price(page, "33.5", "zh")
    expect(page.get_by_text("买家付 €33.50").first).to_be_visible()
    expect(page.get_by_role("combobox").first).to_have_value("净利率")
    go(page, "我的店")
    expect(price_box(page, "zh")).to_have_value("33.50")


def test_inputs_survive_reload_page_change_and_the_back_button(page, url):
    show(page, url, "unit_economics", "en")
    type_price(page, "27.25")
    page.reload()
    expect(page.get_by_text("Of €27.25 that").first).to_be_visible(timeout=30_000)
    go(page, "My shop")
    expect(price_box(page)).to_have_value("27.25")
    type_price(page, "28.75")
    page.go_back()
    expect(page.get_by_text("Of €28.75 that").first).to_be_visible(timeout=30_000)
    settled(page)
    page.reload()
    expect(page.get_by_text("Of €28.75 that").first).to_be_visible(timeout=30_000)


def test_a_link_opens_the_same_numbers_in_a_new_browser(page, url, browser):
    show(page, url, "unit_economics", "en")
    type_price(page, "35.05")
    profit = strip(page)["profit"]
    page.get_by_role("button", name="Save or share").click()
    link = page.get_by_test_id("stCode").inner_text().strip()
    assert len(link) < 400
    other = browser.new_context().new_page()
    other.goto(link)
    expect(other.get_by_text("Of €35.05 that").first).to_be_visible(timeout=30_000)
    assert strip(other)["profit"] == profit
    other.context.close()


def strip(page: Page) -> dict[str, str]:
    expect(page.locator(".st-key-strip button")).to_have_count(6, timeout=30_000)
    cards = page.locator(".st-key-strip button").all()
    return {card.get_attribute("data-figure"): card.inner_text().split("\n")[-1] for card in cards}


def test_a_file_saved_is_opened_again_on_the_command_line_and_the_screen(page, url, tmp_path):
    from funnel_sim.scenario.files import load
    from funnel_sim.scenario.quantity import point_value

    show(page, url, "unit_economics", "en")
    type_price(page, "26.4")
    page.get_by_role("button", name="Save or share").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    path = tmp_path / "mine.json"
    download.value.save_as(path)
    assert point_value(load(path).product.price) == 26.4  # the preset's range moves along
    show(page, url, "start", "en")
    settled(page)  # the browser has told what it kept
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("Opened. The numbers are in place")).to_be_visible(timeout=30_000)
    go(page, "Unit economics")
    expect(page.get_by_text("Of €26.40 that").first).to_be_visible()


@pytest.mark.parametrize(
    ("lang", "sentence"), [("en", "is too large: at most 5 MB"), ("zh", "太大：最多 5 MB")]
)
def test_a_file_of_fifty_megabytes_is_refused_with_a_sentence(page, url, tmp_path, lang, sentence):
    path = tmp_path / "huge.json"
    path.write_bytes(b" " * 50 * 1024 * 1024)
    show(page, url, "start", lang)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text(sentence)).to_be_visible(timeout=60_000)
    expect(page.get_by_text(READY["start"][lang])).to_be_visible()


def test_a_damaged_link_says_so_and_the_app_goes_on(page, url):
    page.goto(f"{url}/unit-economics?lang=en&s=1ePl-broken")
    expect(page.get_by_text("is damaged or cut off")).to_be_visible(timeout=30_000)
    type_price(page, "30.5")
    expect(page.get_by_text("Of €30.50 that").first).to_be_visible()


def test_any_figure_opens_its_formula_and_the_figures_behind_it(page, url):
    show(page, url, "unit_economics", "en")
    page.locator(".st-key-strip button[data-figure=margin]").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Operating profit ÷ Net sales")).to_be_visible(timeout=30_000)
    dialog.get_by_role("button", name="Net sales").click()
    expect(dialog.get_by_text("Gross sales + Output tax + Refunds", exact=False)).to_be_visible(
        timeout=30_000
    )
    dialog.get_by_role("button", name="Back").click()
    expect(dialog.get_by_text("Operating profit ÷ Net sales")).to_be_visible(timeout=30_000)
    escape(page)
    page.get_by_role("button", name="Marketplace commission", exact=True).click()
    expect(page.get_by_role("dialog").get_by_text("Commission per order").first).to_be_visible(
        timeout=30_000
    )


def test_the_key_figures_stay_in_view_while_scrolling(page, url):
    show(page, url, "my_shop", "en")
    settled(page)
    page.mouse.move(700, 600)
    page.mouse.wheel(0, 2500)
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop > 200")
    settled(page)
    box = page.locator(".st-key-strip").bounding_box()
    assert 0 <= box["y"] < 120


def odds(page: Page) -> dict[str, str]:
    expect(page.locator(".st-key-risk_strip button")).to_have_count(6, timeout=30_000)
    cards = page.locator(".st-key-risk_strip button").all()
    return {
        card.get_attribute("data-figure"): card.locator(".value").inner_text() for card in cards
    }


def test_a_range_is_typed_the_odds_follow_and_a_link_keeps_both(page, url, browser):
    show(page, url, "risk_and_odds", "en")
    before = odds(page)
    page.get_by_role("button", name="± range").first.click()
    page.get_by_role("textbox", name="Low", exact=True).fill("24")
    page.keyboard.press("Tab")
    settled(page)
    page.get_by_role("textbox", name="High", exact=True).fill("34")
    page.keyboard.press("Enter")
    expect(page.get_by_text("80% chance of lying between €24.00 and €34.00")).to_be_visible(
        timeout=30_000
    )  # still open, and drawn
    page.get_by_role("textbox", name="Low", exact=True).fill("40")
    page.keyboard.press("Enter")
    expect(page.get_by_text("low, likely and high must rise in this order")).to_be_visible(
        timeout=30_000
    )
    page.get_by_role("textbox", name="Low", exact=True).fill("25")
    page.keyboard.press("Enter")
    expect(page.get_by_text("80% chance of lying between €25.00 and €34.00")).to_be_visible(
        timeout=30_000
    )
    escape(page)
    settled(page)
    after = odds(page)
    assert float(after["loss"].rstrip("%")) > float(before["loss"].rstrip("%"))
    other = browser.new_context().new_page()
    other.goto(page.url)
    expect(other.get_by_text("The probability of a loss over 12 months").first).to_be_visible(
        timeout=30_000
    )
    assert odds(other) == after  # same ranges, same seed, same digits
    other.context.close()


def choose_futures(page: Page, number: str):
    settled(page)  # an open list closes when the page still moves
    paths = page.get_by_role("combobox", name=re.compile("Simulation runs"))
    paths.scroll_into_view_if_needed()  # and when it scrolls
    option = page.get_by_role("option", name=number, exact=True)
    for _ in range(
        6
    ):  # a page that is drawn once more takes the list or the click with it: a person clicks again
        if paths.input_value() == number:
            return
        page.wait_for_timeout(500)
        if not option.is_visible():
            paths.click()
            page.wait_for_timeout(500)
        if option.is_visible():
            option.click()
            page.wait_for_timeout(500)
    expect(paths).to_have_value(number)


def test_more_futures_show_progress_and_can_be_cancelled(page, url):
    show(page, url, "risk_and_odds", "en")
    for _ in range(2):  # the same choice counts again after it was taken back
        choose_futures(page, "1,048,576")
        expect(page.get_by_text("Running 1,048,576 simulations")).to_be_visible(timeout=30_000)
        page.get_by_role("button", name="Cancel").press("Enter")  # a click waits for the run's end
        expect(page.get_by_text("16,384 simulation runs")).to_be_visible(timeout=30_000)
        expect(page.get_by_text("Running 1,048,576 simulations")).to_have_count(0, timeout=30_000)
        expect(page.get_by_role("combobox", name=re.compile("Simulation runs"))).to_have_value(
            "16,384"
        )
    choose_futures(page, "131,072")
    expect(page.get_by_text("131,072 simulation runs")).to_be_visible(timeout=30_000)
    page.reload()
    expect(page.get_by_text("131,072 simulation runs")).to_be_visible(
        timeout=30_000
    )  # the link holds how many


def test_a_reload_while_many_futures_are_simulated_keeps_the_choice(page, url):
    show(page, url, "risk_and_odds", "en")
    settled(page)
    start = page.url
    choose_futures(page, "1,048,576")
    expect(page.get_by_text("Running 1,048,576 simulations")).to_be_visible(timeout=30_000)
    page.wait_for_function(
        "start => window.location.href !== start", arg=start, timeout=5_000
    )  # long before the simulation ends
    page.reload()
    expect(
        page.get_by_text("Running 1,048,576 simulations")
        .or_(page.get_by_text("1,048,576 simulation runs"))
        .first
    ).to_be_visible(timeout=30_000)


def test_drivers_events_and_two_scenarios_on_a_phone_in_chinese(browser, url):
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    show(page, url, "risk_and_odds", "zh")
    for view, words in (
        ("什么决定结果", "盈亏临界点"),
        ("可能发生的事", "月度随机波动"),
        ("两个方案", "两边相同"),
    ):
        page.get_by_role("radio", name=view).or_(
            page.get_by_role("button", name=view)
        ).first.click()
        expect(page.get_by_text(words).first).to_be_visible(timeout=30_000)
        settled(page)
        assert (
            page.evaluate(
                "(() => { const m = document.querySelector('[data-testid=stMain]'); return"
                " m.scrollWidth - m.clientWidth })()"
            )
            == 0
        )
    type_price(page, "33", "zh")
    expect(page.get_by_text("现在的数字更好的概率").first).to_be_visible(timeout=30_000)
    context.close()


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", ["unit_economics", "risk_and_odds", "method_and_sources"])
def test_a_cold_process_answers_a_deep_link_with_that_page(browser, name):
    from funnel_sim.ui.server.serve import start

    port = free_port()
    server = start(port)
    try:
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}{PATHS[name]}?lang=en")
        expect(page.get_by_text(READY[name]["en"]).first).to_be_visible(timeout=30_000)
        assert page.get_by_text("Page not found").count() == 0
        assert urlsplit(page.url).path == PATHS[name]
        page.close()
    finally:
        server.terminate()
        server.wait()


def test_a_seller_goes_from_the_start_to_a_waterfall_on_a_phone(browser, url):
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    page.goto(url)  # the language follows the browser
    expect(page.get_by_text(READY["start"]["zh"])).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="写我们的方案").click()
    expect(page.get_by_role("heading", name="我们的方案").first).to_be_visible(timeout=30_000)
    bar = page.get_by_role("navigation", name=say("zh", "frame.menu"), exact=True)
    bar.get_by_role("button", name=say("zh", "frame.group_shop")).click()
    bar.get_by_role("button", name=say("zh", "page.my_shop")).click()
    expect(page.get_by_text("其余各项，按主题")).to_be_visible(timeout=30_000)
    type_price(page, "39.99", "zh")
    page.get_by_role("button", name="看一单能赚多少").click()
    expect(page.get_by_text("买家付 €39.99").first).to_be_visible(timeout=30_000)
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
    context.close()


MONTHS = "month,gmv,orders,ad_spend,ad_sales,clicks\n" + "".join(
    f"2026-{m:02d},{12000 + 150 * (m % 4)},{400 + 5 * (m % 4)},"
    f"{1800 + 10 * m},{5600 + 40 * m},{2500 + 9 * m}\n"
    for m in range(1, 11)
)


@pytest.mark.parametrize(("lang", "width"), [("en", 1366), ("zh", 390)])
def test_a_promise_becomes_odds_a_history_and_a_link(browser, url, lang, width):
    """From the door to three promised KPIs, the store's own months, a counter-offer, and the same
    numbers in a new browser.
    """
    words = {
        "en": {
            "door": "Check a KPI",
            "three": re.compile("ROAS at least 3, GMV"),
            "verdict": re.compile("The probability of meeting all 3 together"),
            "use": "Use this history",
            "rests": "Rests on 10 months",
            "share": "Save or share",
        },
        "zh": {
            "door": "测算 KPI",
            "three": re.compile("ROAS ≥ 3、GMV"),
            "verdict": re.compile("3 个 KPI 同时达标"),
            "use": "用这些数据",
            "rests": "依据店铺自己的 10 个月历史",
            "share": "保存或分享",
        },
    }[lang]
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale={"en": "en-US", "zh": "zh-CN"}[lang]
    )
    page = context.new_page()
    show(page, url, "start", lang)
    page.get_by_role("button", name=words["door"]).click()
    page.get_by_role("button", name=words["three"]).click()
    expect(page.get_by_role("heading", name=words["verdict"])).to_be_visible(timeout=30_000)
    page.locator(".st-key-shop_file summary").click()
    settled(page)
    page.locator("input[type=file]").first.set_input_files(
        {"name": "months.csv", "mimeType": "text/csv", "buffer": MONTHS.encode()}
    )
    expect(page.get_by_role("button", name=words["use"])).to_be_visible(timeout=30_000)
    settled(page)  # a click on a page that is still being drawn would be lost
    page.get_by_role("button", name=words["use"]).click(timeout=30_000)
    settled(page)
    page.get_by_text(say(lang, "kpi.rests_fold"), exact=True).click()
    expect(page.get_by_text(words["rests"]).first).to_be_visible(timeout=30_000)
    settled(page)
    page.locator(".st-key-kpi_offer summary").click()
    expect(page.locator(".st-key-kpi_offer").get_by_test_id("stCode")).to_contain_text(
        "70%", timeout=30_000
    )
    settled(page)
    assert (
        page.evaluate(
            "(() => { const m = document.querySelector('[data-testid=stMain]'); return"
            " m.scrollWidth - m.clientWidth })()"
        )
        == 0
    )
    heading = page.get_by_role("heading", name=words["verdict"]).inner_text()
    link = page.url
    context.close()
    again = browser.new_context(viewport={"width": width, "height": 900})
    other = again.new_page()
    other.goto(link)
    expect(other.get_by_role("heading", name=words["verdict"])).to_have_text(
        heading, timeout=30_000
    )
    other.get_by_text(say(lang, "kpi.rests_fold"), exact=True).click()
    expect(other.get_by_text(words["rests"]).first).to_be_visible()
    again.close()


@pytest.mark.parametrize(("lang", "width"), [("en", 390), ("zh", 1366)])
def test_a_quote_becomes_a_verdict_a_check_and_a_term_sheet(browser, url, lang, width):
    """From the door to a ready-made quote, its fee overwritten, the price of its clauses, the term
    sheet as a file, the contract check, and the same numbers in a new browser.
    """
    words = {
        "en": {
            "door": "Test the quote",
            "template": "A bet: bonus and penalty",
            "templates": "Or start from a usual form of fee",
            "quote": "Quote 1 —",
            "fee": "Monthly base (CNY)",
            "clauses": "Price of clauses",
            "stop": "Stop-loss by threshold and months",
            "terms": "Term sheet",
            "word": "Term sheet (Word)",
            "check": "Check the contract item by item",
            "figures": "The figures behind it",
            "lead": re.compile("leaves €[\\d,]+ (less|more) than"),
        },
        "zh": {
            "door": "测算这份报价",
            "template": "对赌（奖与罚）",
            "templates": "或从常见的收费方式开始",
            "quote": "报价 1 —",
            "fee": "基础月费 (CNY)",
            "clauses": "条款值多少",
            "stop": "止损：门槛与月数",
            "terms": "条款清单",
            "word": "下载条款清单（Word）",
            "check": "逐条检查合同",
            "figures": "背后的数字",
            "lead": re.compile("平均比自己经营(少|多)赚 €[\\d,]+"),
        },
    }[lang]
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale={"en": "en-US", "zh": "zh-CN"}[lang]
    )
    page = context.new_page()
    show(page, url, "start", lang)
    page.get_by_role("button", name=words["door"]).click()
    page.get_by_text(words["templates"], exact=True).click()
    page.get_by_role("button", name=words["template"]).click()
    heading = page.get_by_role("heading", name=words["lead"])
    expect(heading).to_be_visible(timeout=30_000)
    settled(page)
    before = heading.inner_text()
    fee = page.get_by_role("textbox", name=words["fee"]).first
    if not fee.is_visible():  # one quote alone stands open
        page.get_by_text(words["quote"]).first.click()
    fee.fill("3000")
    fee.press("Enter")
    expect(heading).not_to_have_text(before, timeout=30_000)
    settled(page)
    expect(fee).to_be_visible()  # the form stays open though its title has changed
    page.get_by_text(words["figures"], exact=True).click()
    settled(page)
    page.get_by_role("radio", name=words["clauses"], exact=True).or_(
        page.get_by_role("button", name=words["clauses"], exact=True)
    ).first.click()
    expect(page.get_by_text(words["stop"]).first).to_be_visible(timeout=30_000)
    settled(page)
    page.get_by_role("radio", name=words["terms"], exact=True).or_(
        page.get_by_role("button", name=words["terms"], exact=True)
    ).first.click()
    expect(page.get_by_role("button", name=words["word"])).to_be_visible(timeout=30_000)
    settled(page)
    with page.expect_download(timeout=30_000) as download:
        page.get_by_role("button", name=words["word"]).click()
    content = Path(download.value.path()).read_bytes()
    assert content[:2] == b"PK"
    assert b"word/document.xml" in content
    assert (
        page.evaluate(
            "(() => { const m = document.querySelector('[data-testid=stMain]'); return"
            " m.scrollWidth - m.clientWidth })()"
        )
        == 0
    )
    told, link = heading.inner_text(), page.url
    page.get_by_role("button", name=words["check"]).first.click()
    grade = {"en": "Dispute risk", "zh": "争议风险"}[lang]
    expect(page.locator(".st-key-quote_card").get_by_text(grade)).to_be_visible(timeout=30_000)
    settled(page)
    assert urlsplit(page.url).path == PATHS["quote_test"]
    assert page.get_by_test_id("stException").count() == 0
    context.close()
    again = browser.new_context(viewport={"width": width, "height": 900})
    other = again.new_page()
    other.goto(link)
    expect(other.get_by_role("heading", name=words["lead"])).to_have_text(told, timeout=30_000)
    again.close()
