"""The three paths with their acts counted, on one page each: from opening to an own verdict, to a
scenario that can be shared.
"""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.links import decode, encode
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import say
from tests.browser.acts import Hand
from tests.browser.settled import settled
from tests.browser.test_journeys import MONTHS, stumbles

MOST = {"client": 15, "sales": 6, "seller": 10, "reader": 15}
LOCALES = {"zh": "zh-CN", "en": "en-US"}
LABELS = {
    "zh": {
        "price": "售价",
        "cost": "采购成本",
        "orders": "每月订单",
        "spend": "每月广告费",
        "claimed": "承诺的销售提升",
        "acos": "承诺的 ACoS",
        "record": "案例",
        "setup": "启动费",
        "base": "基础月费",
        "over": "只对超过",
        "share": "销售提成",
        "bonus": "每月奖金",
        "notice": "提前通知",
        "renews": "自动续约",
        "line": "一句话写方案",
    },
    "en": {
        "price": "Price (",
        "cost": "Unit cost",
        "orders": "Orders a month",
        "spend": "Ad spend",
        "claimed": "Claimed uplift",
        "acos": "Promised ACoS",
        "record": "Cases: met",
        "setup": "Setup fee",
        "base": "Monthly base",
        "over": "Share only of GMV",
        "share": "Share of sales",
        "bonus": "Monthly bonus",
        "notice": "Notice period",
        "renews": "Renews itself",
        "line": "The offer in one line",
    },
}


def opened(browser: Browser, url: str, lang: str, width: int, height: int) -> Page:
    context = browser.new_context(viewport={"width": width, "height": height}, locale=LOCALES[lang])
    page = context.new_page()
    page.goto(f"{url}/?lang={lang}")
    expect(page.locator(".st-key-door_quote")).to_be_visible(timeout=60_000)
    settled(page)
    return page


def held(page: Page) -> Scenario:
    """Return the scenario of the address bar."""
    settled(page)
    return decode(re.search(r"[?&]s=([^&]+)", page.url).group(1)).scenario


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_client_comes_to_an_own_verdict_in_fifteen_acts_on_one_page(browser, url, lang):
    """The quote of the walk-through: 10,000 to begin with, 12,000 a month, 5 % of GMV above 22,000,
    8,000 for a month of +40 %, twelve months, two months' notice, renews itself; promised GMV +40 %
    and ACoS of 22 % at most, 8 of 10 cases.
    """
    page, words = opened(browser, url, lang, 1366, 768), LABELS[lang]
    hand = Hand(page)
    hand.click(page.locator(".st-key-door_quote button"))
    expect(page.locator(".st-key-quote_card")).to_contain_text(say(lang, "steps.to_come"))
    where = urlsplit(page.url).path
    for name, text in (
        ("price", "25.99"),
        ("cost", "38"),
        ("orders", "900"),
        ("spend", "2800"),
        ("claimed", "40"),
        ("acos", "22"),
        ("record", "8/10"),
        ("setup", "10000"),
        ("base", "12000"),
        ("over", "22000"),
        ("share", "5"),
        ("bonus", "8000"),
        ("notice", "2"),
    ):
        hand.type(words[name], text)
    sentence = page.locator(".st-key-quote_sentence")
    hand.choose(sentence.get_by_role("combobox").last, words["renews"])
    card = page.locator(".st-key-quote_card")
    expect(card.locator("h5 .stMarkdownBadge")).to_have_text(
        re.compile("|".join(say(lang, f"quote.{v}") for v in ("sign", "renegotiate", "walk_away")))
    )
    assert say(lang, "shop.example") not in card.inner_text()
    assert page.locator(".fs-line .at").count() == 3
    assert urlsplit(page.url).path == where == "/quote-test"
    assert hand.acts <= MOST["client"], hand.done
    scenario = held(page)
    quote = scenario.options[0]
    assert (point_value(scenario.product.price), point_value(scenario.product.unit_cost)) == (
        25.99,
        38.0,
    )
    assert evaluate(scenario).steady["paid_orders"] == pytest.approx(900.0)
    assert (quote.setup, quote.base, quote.term, quote.notice) == (10_000.0, 12_000.0, 12, 2)
    assert [(one.upto, one.rate) for one in quote.share_tiers] == [(22_000.0, 0.0), (None, 0.05)]
    assert (quote.claimed, quote.renewal) == (0.4, "automatic")
    bonus = next(kpi for kpi in scenario.kpis if kpi.id == quote.rewards[0].kpi)
    assert (quote.rewards[0].amount, bonus.metric, bonus.target) == (8_000.0, "gmv", 0.4)
    assert (scenario.promise.record_met, scenario.promise.record_shown) == (8.0, 10.0)
    assert stumbles(page) == []
    page.context.close()


def linked(page):
    """Return the scenario of the link that is shown to be copied."""
    link = page.get_by_test_id("stCode").inner_text().strip()
    return decode(re.search(r"[?&]s=([^&]+)", link).group(1)).scenario


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sales_come_to_an_offer_to_share_in_six_acts(browser, url, lang):
    """The prospect's shop, our fee and our promise, and the link: the place is chosen at the door,
    fee and promise are one typed line, as they would be written to the prospect.
    """
    page, words = opened(browser, url, lang, 1280, 720), LABELS[lang]
    hand = Hand(page)
    expect(page.locator("dialog.fs-tour")).to_be_visible()  # one that comes later closes a list
    place = {"zh": "TikTok Shop · 美国", "en": "TikTok Shop · United States"}[lang]
    hand.choose(page.locator("[class*=st-key-door_pitch_place]").get_by_role("combobox"), place)
    line = {"zh": "每月 6000，销售 +25%", "en": "6,000 a month, sales +25%"}[lang]
    for name, text in (("price", "24"), ("cost", "23"), ("orders", "500"), ("line", line)):
        hand.type(words[name], text)
    card = page.locator(".st-key-quote_card")
    expect(card.locator("h5 .stMarkdownBadge")).to_be_visible()
    assert say(lang, "shop.example") not in card.inner_text()
    hand.click(page.get_by_role("button", name=say(lang, "shell.keep")))
    assert hand.acts <= MOST["sales"], hand.done
    shared = linked(page)
    for _ in range(50):  # the orders may still be at work when the link opens
        if evaluate(shared).steady["paid_orders"] == pytest.approx(500.0):
            break
        page.wait_for_timeout(200)
        shared = linked(page)
    assert (shared.platform, point_value(shared.product.price)) == ("TikTok Shop", 24.0)
    [ours] = shared.options
    assert (ours.base, ours.claimed) == (6000.0, 0.25)
    assert evaluate(shared).steady["paid_orders"] == pytest.approx(500.0)
    page.context.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_seller_comes_to_odds_of_a_kpi_on_a_phone_in_ten_acts(browser, url, lang):
    page, words = opened(browser, url, lang, 390, 844), LABELS[lang]
    hand = Hand(page)
    hand.click(page.locator(".st-key-door_kpi button"))
    for name, text in (("price", "25.99"), ("cost", "38"), ("orders", "900"), ("spend", "2800")):
        hand.type(words[name], text)
    hand.click(page.get_by_role("button", name=re.compile(r"ROAS.*3.*GMV")).first)
    line = page.locator(".st-key-kpi_line")
    expect(line.locator(".stMarkdownBadge").first).to_be_visible(timeout=30_000)
    assert say(lang, "shop.example") not in line.inner_text()
    assert hand.acts <= MOST["seller"], hand.done
    assert len(held(page).kpis) == 3
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.context.close()


# ---- the three ways as somebody goes who reads from top to bottom and uses what stands there
# --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sales_come_to_an_offer_with_a_guarantee_and_its_link_in_fifteen_acts(browser, url, lang):
    """A prospect's shop in five numbers, our fee and promise, the guarantee that makes it safer to
    sign, the link: the tour is left by going on, and nothing is looked for in the menu.
    """
    page, words = opened(browser, url, lang, 1366, 900), LABELS[lang]
    hand = Hand(page)
    hand.click(page.locator(".st-key-door_pitch button"))
    place = {"zh": "TikTok Shop · 美国", "en": "TikTok Shop · United States"}[lang]
    hand.choose(page.locator("[class*=st-key-shop_place]").get_by_role("combobox"), place)
    for name, text in (("price", "24"), ("cost", "23"), ("orders", "500"), ("spend", "3000")):
        hand.type(words[name], text)
    expect(page.locator(".st-key-quote_card")).to_contain_text(say(lang, "ours.need_fee"))
    for name, text in (("claimed", "25"), ("base", "6000"), ("setup", "3000")):
        hand.type(words[name], text)
    stop = {"zh": "止损", "en": "Stop-loss"}[lang]
    hand.choose(page.locator("[class*=st-key-ours_choice]").get_by_role("combobox"), stop)
    expect(page.locator(".st-key-quote_card")).to_contain_text(re.compile(r"\+[\d.]+%"))
    hand.click(page.get_by_role("button", name=say(lang, "shell.keep")))
    assert hand.acts <= MOST["reader"], hand.done
    sent = linked(page)
    [ours] = sent.options
    assert (ours.base, ours.setup, ours.claimed, ours.stop_loss) == (6000.0, 3000.0, 0.25, True)
    assert ours.decided_by in [kpi.id for kpi in sent.kpis]
    page.context.close()


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_seller_with_a_file_comes_to_own_targets_in_fifteen_acts(browser, url, lang):
    """The months of the shop read where the shop is asked for, the cost, three KPIs with other
    targets than the ready-made ones.
    """
    page, words = opened(browser, url, lang, 1366, 900), LABELS[lang]
    hand = Hand(page)
    hand.click(page.locator(".st-key-door_kpi button"))
    hand.click(page.locator(".st-key-shop_file summary"))
    hand.upload(page.locator("input[type=file]").first, "months.csv", MONTHS)
    hand.click(page.locator(".st-key-history_use button"))
    hand.type(words["cost"], "38")
    hand.click(page.get_by_role("button", name=re.compile(r"ROAS.*3.*GMV")).first)
    # ROAS and ACoS are what the console shows: the shop's tax stands in its sales
    for kpi, target in (("roas_console", "2.5"), ("gmv", "20"), ("acos_console", "25")):
        name = next(one.id for one in held(page).kpis if one.metric == kpi)
        hand.click(page.locator(f".st-key-kpi_one_{name} summary").first)
        box = page.locator(f".st-key-kpi_one_{name}").get_by_role("textbox").first
        box.fill(target)
        box.press("Enter")
        hand.did(f"type {kpi} {target}")
    card = page.locator(".st-key-kpi_card")
    expect(card.locator("h5 .stMarkdownBadge").first).to_be_visible(timeout=30_000)
    assert say(lang, "shop.example") not in card.inner_text()
    assert hand.acts <= MOST["reader"], hand.done
    scenario = held(page)
    targets = {kpi.metric: kpi.target for kpi in scenario.kpis}
    assert targets == {"roas_console": 2.5, "gmv": 0.2, "acos_console": 0.25}
    assert len(scenario.history.names()) == 10
    page.context.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tour_is_left_by_going_on(browser, url, lang):
    page = opened(browser, url, lang, 1366, 900)
    tour = page.locator("dialog.fs-tour")
    expect(tour).to_be_visible(timeout=30_000)
    page.locator(".st-key-door_quote button").click()
    expect(page.locator(".st-key-quote_card")).to_be_visible(timeout=30_000)
    settled(page)
    page.go_back()
    expect(page.locator(".st-key-door_quote")).to_be_visible(timeout=30_000)
    settled(page)
    page.wait_for_timeout(800)
    expect(tour).not_to_be_visible()
    page.context.close()


@pytest.mark.parametrize("old", ["contract-check", "contract-review"])
def test_the_old_address_of_the_contract_check_leads_to_it(browser, url, old):
    page = browser.new_page()
    told = preset("amazon-de-kitchen").replace({"options": [{"id": "quote", "base": 9000.0}]})
    page.goto(f"{url}/{old}?lang=en&s={encode(told)}")
    card = page.locator(".st-key-quote_card")
    expect(card.get_by_text("Dispute risk").first).to_be_visible(timeout=60_000)
    settled(page)
    assert urlsplit(page.url).path == "/quote-test"
    page.close()


UNDER_THE_TOUR = """() => {
  const card = document.querySelector('dialog.fs-tour').getBoundingClientRect();
  return [...document.querySelectorAll('[class*=st-key-start_], .st-key-frame')]
    .map(one => [one.className.match(/st-key-\\S+/)[0], one.getBoundingClientRect()])
    .filter(([, b]) => b.width && b.left < card.right && b.right > card.left && b.top < card.bottom && b.bottom > card.top)
    .map(([name]) => name);
}"""


@pytest.mark.parametrize(
    ("lang", "scheme", "size", "on"),
    [
        ("zh", "light", (1280, 720), "rgb(255, 255, 255)"),
        ("en", "dark", (390, 844), "rgb(4, 35, 27)"),
    ],
)
def test_the_first_tour_covers_no_card_and_its_button_can_be_read(
    browser, url, lang, scheme, size, on
):
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme
    )
    page = context.new_page()
    page.goto(f"{url}/?lang={lang}")
    expect(page.locator("dialog.fs-tour")).to_be_visible(timeout=30_000)
    for step in range(3):  # at the second the page may be scrolled to what is pointed at
        next_ = page.locator("dialog.fs-tour .fs-next")
        expect(next_).to_have_css("color", on)
        settled(page)
        covered = page.evaluate(UNDER_THE_TOUR)
        pointed = page.locator(".fs-pointed").get_attribute("class") or ""
        assert [name for name in covered if step != 1 or name in pointed] == []
        next_.click()
    context.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_tour_is_skipped_for_good_and_comes_back_when_asked(browser, url, lang):
    page = opened(browser, url, lang, 1366, 900)
    tour = page.locator("dialog.fs-tour")
    expect(tour).to_be_visible(timeout=30_000)
    tour.get_by_role("button", name=say(lang, "tour.next")).click()
    expect(tour).to_contain_text(say(lang, "tour.example"))
    assert stumbles(page) == []
    tour.get_by_role("button", name=say(lang, "tour.skip")).click()
    expect(tour).not_to_be_visible()
    page.reload()
    expect(page.locator(".st-key-door_quote")).to_be_visible(timeout=30_000)
    settled(page)
    page.wait_for_timeout(800)
    expect(tour).not_to_be_visible()
    page.keyboard.press("?")
    page.get_by_role("button", name=say(lang, "tour.again")).click()
    expect(tour).to_be_visible(timeout=30_000)
    page.context.close()


LATIN = """() => {
  const out = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const at = n.parentElement;
    if (!at || at.closest('script, style, [data-testid=stIconMaterial], [data-testid=stExpanderIcon], [role=img], .fs-symbol, code, svg')) continue;
    if (!at.getClientRects().length) continue;
    const text = n.nodeValue.trim();
    if (/[A-Za-z]{3,}/.test(text)) out.add(text);
  }
  return [...out];
}"""
OWN_NAMES = re.compile(
    r"Amazon|TikTok|Shopify|Shopee|Shop|Lazada|Streamlit|Temu|eBay|Etsy|Funnel Sim|English|Word|Excel|Markdown"
    r"|A?CoS|ROAS|GMV|CAC|LTV|KPI|CPC|CPM|CTR|SKU|ACoS|TACoS|Listing|JSON|CSV|XLSX|XLS|TSV|PDF|PPTX|TXT"
    r"|SVG|PNG|EUR|USD|CNY|GBP|MYR|Ctrl|Shift|Esc|GA4|Shopify|VAT|SaaS|FBA|https?|lang|CVR|IOSS|ROI"
)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", ["", "my-shop", "quote-test", "kpi-check"])
def test_no_word_of_the_framework_stands_on_a_chinese_page(browser, url, name):
    """What is left in Latin letters are names and abbreviations of the trade: upload field, lists,
    menu and hints speak Chinese.
    """
    page = browser.new_context(viewport={"width": 1366, "height": 900}, locale="zh-CN").new_page()
    page.goto(f"{url}/{name}?lang=zh")
    expect(page.locator(".st-key-chip")).to_be_visible(timeout=60_000)
    settled(page)
    for fold in (".st-key-start_open summary", ".st-key-shop_file summary"):
        if page.locator(fold).count():
            page.locator(fold).first.click()
            settled(page)
    if name == "quote-test":
        page.get_by_role("button", name=say("zh", "quote.begin")).click()
        settled(page)
    page.get_by_test_id("stMainMenu").get_by_role("button").click()
    settled(page)
    left = [
        text for text in page.evaluate(LATIN) if re.search("[A-Za-z]{3,}", OWN_NAMES.sub("", text))
    ]
    assert left == []
    page.context.close()
