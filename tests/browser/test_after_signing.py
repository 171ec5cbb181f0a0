"""After the signature in a real Chromium: months typed by keyboard, and the way on."""

import re

from playwright.sync_api import Page, expect

from funnel_sim.scenario import links
from funnel_sim.scenario.presets import preset
from tests.browser.settled import settled

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
