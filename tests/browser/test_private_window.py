"""The window that only sales sees: it follows the offer of the shared one, and nothing private
comes back but the base that is sent by a button.
"""

import re

from playwright.sync_api import expect

from funnel_sim.scenario.links import encode
from funnel_sim.scenario.presets import preset
from tests.browser.settled import settled
from tests.browser.test_journeys import PATHS
from tests.browser.test_shared_screen import quiet

OFFER = preset("amazon-de-kitchen").replace(
    {"options": [{"id": "quote", "base": 9000.0, "claimed": 0.4}]}
)
TYPED = "87654"


def test_the_private_window_follows_and_keeps_what_is_typed_there(browser, url):
    context = browser.new_context(viewport={"width": 1280, "height": 720}, locale="en-US")
    shared = context.new_page()
    noise, outside = quiet(shared)
    shared.goto(f"{url}{PATHS['quote_test']}?lang=en&s={encode(OFFER, (), 'sales')}")
    expect(shared.get_by_role("heading", name=re.compile("Worth signing|It works"))).to_be_visible(
        timeout=30_000
    )
    settled(shared)
    with context.expect_page() as opened:
        shared.get_by_role("link", name="Open the window that only I see").click()
    private = opened.value
    expect(private.get_by_text("Follows the other window.")).to_be_visible(timeout=30_000)
    settled(private)
    pay = private.get_by_role("textbox", name=re.compile("Their pay a month"))
    pay.fill(TYPED)
    pay.press("Enter")
    expect(private.get_by_text("87,654").first).to_be_visible(timeout=30_000)

    base = shared.get_by_role("textbox", name=re.compile("Monthly base")).first
    base.fill("8000")
    base.press("Enter")
    settled(shared)
    expect(private.get_by_text(re.compile("12 months: .*of your income")).first).to_be_visible()
    shared_offer = shared.url.split("&s=")[1].split("&")[0]
    expect(private).to_have_url(re.compile(re.escape(shared_offer)), timeout=30_000)
    expect(private.get_by_text("87,654").first).to_be_visible()  # what was typed is still there

    margin = private.get_by_role("textbox", name=re.compile("Margin the agency"))
    margin.fill("20")
    margin.press("Enter")
    private.get_by_role("button", name=re.compile("into the offer of the other window")).click()
    expect(shared.get_by_text(re.compile("came from your private window"))).to_be_visible(
        timeout=30_000
    )

    kept = shared.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    for place in (shared.inner_text("body"), shared.url, private.url, kept):
        assert TYPED not in place.replace(",", "")
    assert (noise, outside) == ([], [])
    context.close()
