"""The frame in a real Chromium: keys that undo, what the browser keeps, the bar at the foot of a
phone, a link that is read.
"""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from funnel_sim.scenario.links import decode, encode
from funnel_sim.scenario.presets import preset
from funnel_sim.ui.frame import GROUPS
from funnel_sim.words import say
from tests.browser.settled import escape, settled
from tests.browser.test_journeys import price_box, show, stumbles, type_price

KEPT = "localStorage.getItem('funnel-sim:last')"


def leave_the_field(page: Page) -> None:
    """Take the focus out of a text field, whose own undo the keys would else be."""
    page.evaluate("document.activeElement.blur()")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_keys_undo_and_redo_outside_of_a_field_and_are_listed(page, url, lang):
    show(page, url, "my_shop", lang)
    type_price(page, "31.5", lang)
    page.keyboard.press("Control+z")  # in the field: its own undo, the scenario stays
    settled(page)
    expect(page.get_by_role("button", name=say(lang, "frame.redo"))).to_be_disabled()
    leave_the_field(page)
    page.keyboard.press("Control+z")
    expect(price_box(page, lang)).to_have_value("29.99", timeout=30_000)
    page.keyboard.press("Control+Shift+Z")
    expect(price_box(page, lang)).to_have_value("31.50", timeout=30_000)
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name=say(lang, "frame.keys"))
    expect(keys).to_contain_text(say(lang, "frame.undo"))
    escape(page)
    expect(keys).not_to_be_visible()


def test_what_was_taken_out_comes_back_by_its_bar(page, url):
    quoted = preset("amazon-de-kitchen").replace({"options": [{"id": "quote", "base": 9000.0}]})
    page.goto(f"{url}/quote-test?lang=en&s={encode(quoted)}")
    remove = page.get_by_role("button", name=say("en", "quote.remove"))
    card = page.locator(".st-key-quote_sentence")  # the verdict's card says what it waits for
    expect(card).to_be_visible(timeout=30_000)
    settled(page)
    page.get_by_text(say("en", "quote.terms_more"), exact=True).first.click()
    remove.first.click()
    expect(card).to_have_count(0)
    bar = page.locator("[class*=st-key-removed_]")
    expect(bar).to_be_visible(timeout=30_000)
    bar.get_by_role("button").click()
    expect(card).to_be_visible(timeout=30_000)
    expect(bar).to_have_count(0)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_closed_tab_is_gone_on_with_and_the_server_keeps_none_of_it(browser, url, lang):
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    page = context.new_page()
    show(page, url, "unit_economics", lang)
    assert page.evaluate(KEPT) is None  # a visit that changes nothing leaves nothing
    type_price(page, "27.25", lang)
    page.wait_for_function(f"{KEPT} !== null", timeout=30_000)
    page.close()
    again = context.new_page()
    show(again, url, "start", lang)
    again.get_by_role("button", name=say(lang, "start.go_on_go")).click(timeout=30_000)
    expect(price_box(again, lang)).to_have_value("27.25", timeout=30_000)
    context.close()
    other = browser.new_context()
    stranger = other.new_page()
    show(stranger, url, "start", lang)
    settled(stranger)
    assert stranger.get_by_role("button", name=say(lang, "start.go_on_go")).count() == 0
    other.close()


@pytest.mark.slow
def test_what_the_browser_kept_is_deleted_when_asked(browser, url):
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    page = context.new_page()
    show(page, url, "unit_economics", "en")
    type_price(page, "27.25")
    page.wait_for_function(f"{KEPT} !== null", timeout=30_000)
    again = context.new_page()
    show(again, url, "start", "en")
    again.get_by_role("button", name=say("en", "start.go_on_forget")).click(timeout=30_000)
    again.wait_for_function(f"{KEPT} === null", timeout=30_000)
    context.close()


@pytest.mark.parametrize(("lang", "scheme"), [("zh", "light"), ("en", "dark")])
def test_the_bar_at_the_foot_of_a_phone_leads_everywhere(browser, url, lang, scheme):
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    show(page, url, "start", lang)
    settled(page)
    bar = page.get_by_role("navigation", name=say(lang, "frame.menu"), exact=True)
    box = bar.bounding_box()
    assert box is not None and box["y"] + box["height"] == 844 and box["width"] == 390
    bar.get_by_role("button", name=say(lang, "frame.group_understand")).click()
    bar.get_by_role("button", name=say(lang, "page.unit_economics")).click()
    expect(page.get_by_role("textbox").first).to_be_visible(timeout=30_000)
    settled(page)
    assert urlsplit(page.url).path == "/unit-economics"
    shop = bar.get_by_role("button", name=say(lang, "frame.group_understand"))
    expect(shop).to_have_attribute("aria-current", "true")
    shop.click()
    escape(page)
    expect(bar.get_by_role("button", name=say(lang, "page.unit_economics"))).to_have_count(0)
    assert page.evaluate("document.activeElement.closest('.fs-row') !== null")
    assert stumbles(page) == []
    assert (
        page.evaluate(
            "(() => { const m = document.querySelector('[data-testid=stMain]'); return"
            " m.scrollWidth - m.clientWidth })()"
        )
        == 0
    )
    context.close()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [320, 390])
def test_the_groups_at_the_foot_of_a_phone_stand_in_one_row(browser, url, lang, width):
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    show(page, url, "monthly_review", lang)  # the widest name is the bold one
    settled(page)
    boxes = page.evaluate(
        """[...document.querySelectorAll('nav.fs-bottom .fs-row button')].map(button => {
           const name = button.lastElementChild.getBoundingClientRect();
           const lines = name.height / parseFloat(getComputedStyle(button).fontSize);
           return {left: name.left, right: name.right, top: name.top, lines} })"""
    )
    context.close()
    assert len(boxes) == len(GROUPS)
    assert len({box["top"] for box in boxes}) == 1
    assert all(box["lines"] < 2 for box in boxes)  # a second line makes it more than two
    ends = [0, *(box["right"] for box in boxes)]
    starts = [*(box["left"] for box in boxes), width]
    assert all(end <= start for end, start in zip(ends, starts, strict=True))  # none covers another


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("lang", "width"), [("en", 1366), ("zh", 390)])
def test_a_link_is_read_by_somebody_else_and_leaves_their_own_work_alone(browser, url, lang, width):
    mine = browser.new_context(viewport={"width": 1366, "height": 900})
    page = mine.new_page()
    show(page, url, "unit_economics", lang)
    type_price(page, "35.05", lang)
    page.get_by_role("button", name=say(lang, "shell.keep")).click()
    page.get_by_role("textbox", name=say(lang, "frame.by")).fill("Lin")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stCode")).to_contain_text("by=Lin", timeout=30_000)
    link = page.get_by_test_id("stCode").inner_text().strip()
    mine.close()
    theirs = browser.new_context(viewport={"width": width, "height": 844})
    other = theirs.new_page()
    other.goto(link)
    expect(other.get_by_text(say(lang, "shared.by", by="Lin"))).to_be_visible(timeout=30_000)
    expect(other.get_by_text("€35.05").first).to_be_visible()
    settled(other)
    assert other.get_by_role("textbox").count() == 0
    assert other.evaluate(KEPT) is None
    assert stumbles(other) == []
    other.get_by_role("button", name=say(lang, "shared.change")).click()
    expect(price_box(other, lang)).to_have_value("35.05", timeout=30_000)
    assert decode(link.split("&s=")[1]).scenario.product.price.likely == 35.05
    theirs.close()


def test_the_link_of_the_page_with_the_files_opens_where_any_other_does(page, url):
    show(page, url, "export_files", "en")
    page.get_by_role("button", name=say("en", "shell.keep")).click()
    expect(page.get_by_test_id("stCode")).to_contain_text(f"{url}/shared-verdict?", timeout=30_000)


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    "path", ["inputs", "contract-review", "two-rates", "presentation", "files"]
)
def test_an_address_of_an_earlier_version_still_opens(page, url, path):
    page.goto(f"{url}/{path}?lang=en")
    expect(page.get_by_test_id("stMainBlockContainer").get_by_role("heading").first).to_be_visible(
        timeout=30_000
    )
    settled(page)
    assert urlsplit(page.url).path != f"/{path}"
    assert page.get_by_test_id("stException").count() == 0


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", ["start", "my_shop", "quote_test"])
def test_content_begins_near_the_top(page, url, name):
    """The frame's bar is 48 px; what follows begins at most 24 px below it, once the tour is over."""
    page.add_init_script("localStorage.setItem('funnel-sim:toured', '1')")
    show(page, url, name, "en")
    settled(page)
    bar = page.locator(".st-key-frame").bounding_box()
    assert bar is not None and bar["y"] == 0 and bar["height"] <= 49
    first = page.evaluate(
        """() => { const box = document.querySelector('[data-testid=stMainBlockContainer] > [data-testid=stVerticalBlock]');
           const under = [...box.querySelectorAll('.stElementContainer')].filter(e => !e.closest('.st-key-frame') && e.offsetHeight > 8);
           return Math.min(...under.map(e => e.getBoundingClientRect().top)) }"""
    )
    assert first - (bar["y"] + bar["height"]) <= 24


def test_another_page_is_read_from_its_top(page, url):
    show(page, url, "method_and_sources", "en")
    settled(page)
    main = page.get_by_test_id("stMain")
    main.evaluate("e => e.scrollTo(0, 900)")
    assert main.evaluate("e => e.scrollTop") > 500
    page.get_by_test_id("stSidebarNavLink").filter(has_text=say("en", "page.cac_and_ltv")).click()
    expect(page.get_by_role("textbox").first).to_be_visible(timeout=30_000)
    page.wait_for_function(
        "document.querySelector('[data-testid=stMain]').scrollTop === 0", timeout=30_000
    )


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("lang", "scheme", "width"), [("zh", "light", 1366), ("en", "dark", 390)])
def test_a_link_copied_at_once_holds_what_was_typed_last(browser, url, lang, scheme, width):
    """The button is pressed while the answer to what was typed is still under way: the link is
    taken when the page has come to rest.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme=scheme,
        permissions=["clipboard-read", "clipboard-write"],
    )
    page = context.new_page()
    show(page, url, "unit_economics", lang)
    settled(page)
    page.get_by_role("button", name=say(lang, "shell.keep")).click()
    copy = page.get_by_role("button", name=say(lang, "shell.copy"))
    expect(copy).to_be_visible(timeout=30_000)
    settled(page)
    page.get_by_role("textbox", name=say(lang, "frame.by")).fill("Lin")
    copy.click()  # leaves the box: its text is sent only now
    expect(page.get_by_role("button", name=say(lang, "shell.copied"))).to_be_visible(timeout=30_000)
    assert "by=Lin" in page.evaluate("navigator.clipboard.readText()")
    assert stumbles(page) == []
    context.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_hint_lies_over_a_field_when_its_range_is_reached_by_keyboard(browser, url, lang):
    page = browser.new_page(viewport={"width": 1366, "height": 900})
    page.goto(f"{url}/my-shop?lang={lang}")
    box = page.get_by_role("textbox", name={"zh": "售价", "en": "Price ("}[lang]).first
    expect(box).to_be_visible(timeout=60_000)
    settled(page)
    box.focus()
    page.keyboard.press("Tab")
    words = "document.activeElement.textContent"
    assert say(lang, "range.open") in page.evaluate(words)
    page.wait_for_timeout(900)
    assert page.get_by_test_id("stTooltipContent").count() == 0
    page.close()
