"""Numbers typed with a keyboard: what a German and a Chinese shop write is what the page then
shows.
"""

import pytest
from playwright.sync_api import expect

from funnel_sim.decisions.economics.whose import share_assumed
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.in_force import main_channel
from funnel_sim.scenario.quantity import point_value
from funnel_sim.words import say
from tests.browser.settled import settled
from tests.browser.test_journeys import stumbles
from tests.browser.test_paths import held

WORDS = {
    "en": {
        "price": "Price (EUR)",
        "cost": "Unit cost (CNY)",
        "budget": "Monthly ad budget (EUR)",
        "keep": "Keep €1,300.00",
    },
    "zh": {
        "price": "售价 (EUR)",
        "cost": "采购成本 (CNY)",
        "budget": "月广告预算 (EUR)",
        "keep": "仍用 €1,300.00",
    },
}


@pytest.mark.parametrize(("lang", "width"), [("en", 1366), ("zh", 390)])
def test_commas_currency_signs_and_leaps(browser, url, lang, width):
    words = WORDS[lang]
    context = browser.new_context(viewport={"width": width, "height": 850})
    page = context.new_page()
    page.goto(f"{url}/unit-economics?lang={lang}")

    def type_into(name, text, leave="Enter"):
        box = page.get_by_role("textbox", name=words[name]).first
        box.fill(text)
        box.press(leave)
        settled(page)
        return box

    expect(page.get_by_role("textbox", name=words["price"]).first).to_be_visible(timeout=60_000)
    settled(page)
    box = type_into("price", "25,99", leave="Tab")  # leaving the box is enough
    expect(box).to_have_value("25.99")
    expect(page.get_by_role("heading", level=4).first).to_contain_text("€25.99", timeout=30_000)
    box = type_into("cost", "￥1,200.5")  # 42 before: 28 times as much
    expect(box).to_have_value("￥1,200.5")
    page.get_by_role(
        "button", name={"en": "CN¥1,200.50", "zh": "¥1,200.50"}[lang], exact=True
    ).click()
    settled(page)
    expect(box).to_have_value("1,200.50")
    assert (
        page.get_by_test_id("InputInstructions").count() == 0
        or not page.get_by_test_id("InputInstructions").first.is_visible()
    )
    box = type_into("budget", "130000")  # a hundred times 1,300
    assert stumbles(page) == []  # the question, too, can be read and reached
    page.get_by_role("button", name=words["keep"], exact=True).click()
    settled(page)
    expect(box).to_have_value("1,300.00")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()


@pytest.mark.hurried
@pytest.mark.parametrize(("lang", "pause"), [("zh", 0), ("zh", 500), ("en", 150)])
def test_numbers_typed_one_after_the_other_all_stay(browser, url, lang, pause):
    """The four numbers of a shop, typed with Tab in between: the orders change where the ad spend
    is kept while it is being typed, and yet it is the same field.
    """
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    page = context.new_page()
    page.goto(f"{url}/quote-test?lang={lang}")
    price = page.get_by_role("textbox", name=WORDS[lang]["price"]).first
    expect(price).to_be_visible(timeout=60_000)
    settled(page)
    price.click()
    for place, text in enumerate(("25.99", "38", "900", "2500")):
        if place:
            page.keyboard.press("Tab")
        page.keyboard.press("Control+A")
        page.keyboard.type(text, delay=20)
        page.wait_for_timeout(pause if place == 2 else 0)
        if place == 3 and pause:  # the answer to the orders comes while this one is being typed
            page.wait_for_timeout(3_000)
    page.keyboard.press("Tab")
    settled(page)
    spend = page.get_by_role("textbox", name=f"{say(lang, 'shop.spend')} (EUR)").first
    expect(spend).to_have_value("2,500.00", timeout=30_000)
    scenario = held(page)
    main = main_channel(scenario)
    assert (main.kind, point_value(main.known_spend)) == ("orders", 2_500.0)
    assert (point_value(scenario.product.price), point_value(scenario.product.unit_cost)) == (
        25.99,
        38.0,
    )
    assert evaluate(scenario).steady["paid_orders"] == pytest.approx(900.0)
    assert share_assumed(scenario)  # nothing that nobody typed has become an own number
    context.close()


@pytest.mark.hurried
@pytest.mark.parametrize(("lang", "pause"), [("zh", 1200), ("en", 2000), ("zh", 3000)])
def test_my_shop_loses_nothing_at_three_paces(browser, url, lang, pause):
    """The form keeps its widgets when orders are typed: they stand in for clicks, yet no box is
    replaced or changes its place when one goes on to the next.
    """
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    page = context.new_page()
    page.goto(f"{url}/my-shop?lang={lang}")
    names = {
        WORDS[lang]["price"]: ("25.99", "25.99"),
        WORDS[lang]["cost"]: ("38", "38.00"),
        say(lang, "shop.orders"): ("900", "900"),
        f"{say(lang, 'shop.spend')} (EUR)": ("2500", "2,500.00"),
    }
    boxes = [page.get_by_role("textbox", name=name).first for name in names]
    expect(boxes[0]).to_be_visible(timeout=60_000)
    settled(page)
    order = "[...document.querySelectorAll('.st-key-five_noted input')].map(e => e.ariaLabel)"
    before = page.evaluate(order)
    page.evaluate("document.querySelectorAll('.st-key-five_noted input').forEach(e => e.mark = 1)")
    for box, (text, _) in zip(boxes, names.values(), strict=True):
        box.click()
        page.keyboard.press("Control+A")
        page.keyboard.type(text, delay=20)
        page.wait_for_timeout(pause)
    page.keyboard.press("Tab")
    settled(page)
    for box, (_, shown) in zip(boxes, names.values(), strict=True):
        expect(box).to_have_value(shown, timeout=30_000)
    assert page.evaluate(order)[: len(before)] == before
    kept = "[...document.querySelectorAll('.st-key-five_noted input')].filter(e => e.mark).length"
    assert page.evaluate(kept) == len(before)  # the same boxes, none of them made anew
    scenario = held(page)
    assert point_value(main_channel(scenario).known_spend) == 2_500.0
    assert evaluate(scenario).steady["paid_orders"] == pytest.approx(900.0)
    assert share_assumed(scenario)
    context.close()
