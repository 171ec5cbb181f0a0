"""Days on which something goes wrong: a server that dies, a line that is cut, a store that is full;
what was typed comes back.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from funnel_sim.ui.server import serve
from funnel_sim.words import say
from tests.browser.chromium import free_port
from tests.browser.settled import settled
from tests.browser.test_frame import KEPT
from tests.browser.test_journeys import price_box, show, type_price

PATIENCE = 60_000  # ms
FULL = "Storage.prototype.setItem = () => { throw new DOMException('x', 'QuotaExceededError'); };"


@pytest.fixture
def server() -> Iterator[dict]:
    """Serve at a port of its own, where another server may take the first one's place."""
    port = free_port()
    held = {"port": port, "url": f"http://127.0.0.1:{port}", "process": serve.start(port)}
    yield held
    held["process"].kill()
    held["process"].wait()


def test_a_server_that_dies_and_comes_back_has_lost_nothing(server, page: Page):
    show(page, server["url"], "unit_economics", "en")
    untouched = page.url
    type_price(page, "27.25")
    page.wait_for_function(f"location.href !== {untouched!r}", timeout=PATIENCE)
    link = page.url
    server["process"].kill()
    server["process"].wait()
    server["process"] = serve.start(server["port"])
    # the page connects again by itself, to a server that knows nothing of it: what is typed next is
    # lost with the old session, all before it stands in the address
    type_price(page, "28.5")
    expect(price_box(page, "en")).to_have_value("27.25", timeout=PATIENCE)
    settled(page)
    assert page.url == link
    type_price(page, "28.5")
    page.wait_for_function(f"location.href !== {link!r}", timeout=PATIENCE)
    expect(price_box(page, "en")).to_have_value("28.50", timeout=PATIENCE)
    # the page left open over night: another morning, the address is opened again
    morning = page.url
    page.goto("about:blank")
    page.goto(morning)
    expect(price_box(page, "en")).to_have_value("28.50", timeout=PATIENCE)


def test_a_line_that_was_cut_is_taken_up_again(page: Page, url):
    show(page, url, "unit_economics", "zh")
    type_price(page, "27.25", "zh")
    page.context.set_offline(True)
    box = price_box(page, "zh")
    box.fill("26.75")  # typed while nothing can be sent
    box.press("Tab")
    page.wait_for_timeout(3000)
    page.context.set_offline(False)
    expect(box).to_be_enabled(timeout=PATIENCE)
    settled(page)
    if box.input_value() != "26.75":  # the last text is typed again; nothing before it is lost
        assert box.input_value() == "27.25"
        type_price(page, "26.75", "zh")
    expect(box).to_have_value("26.75", timeout=PATIENCE)
    page.reload()
    expect(price_box(page, "zh")).to_have_value("26.75", timeout=PATIENCE)


def test_two_tabs_do_not_mix_and_the_last_one_is_gone_on_with(browser, url):
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    one, other = context.new_page(), context.new_page()
    for page, price in ((one, "27.25"), (other, "31.50")):
        show(page, url, "unit_economics", "en")
        type_price(page, price)
        page.wait_for_function(f"{KEPT} !== null", timeout=PATIENCE)
    expect(price_box(one, "en")).to_have_value("27.25")
    one.reload()
    expect(price_box(one, "en")).to_have_value("27.25", timeout=PATIENCE)
    expect(price_box(other, "en")).to_have_value("31.50")
    context.close()


@pytest.mark.slow
def test_back_and_another_language_in_the_middle_keep_what_was_typed(page: Page, url):
    show(page, url, "unit_economics", "en")
    type_price(page, "27.25")
    page.get_by_role("link", name=say("en", "page.risk_and_odds")).first.click()
    page.wait_for_url("**/risk-and-odds*", timeout=PATIENCE)
    settled(page)
    page.go_back()
    expect(price_box(page, "en")).to_have_value("27.25", timeout=PATIENCE)
    type_price(page, "28.5")
    settled(page)
    page.goto(page.url.replace("lang=en", "lang=zh"))
    expect(price_box(page, "zh")).to_have_value("28.50", timeout=PATIENCE)


def test_a_browser_that_can_keep_nothing_more_still_works(browser, url):
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    context.add_init_script(FULL)
    page = context.new_page()
    failed = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    show(page, url, "unit_economics", "en")
    type_price(page, "27.25")
    page.reload()  # the address holds it
    expect(price_box(page, "en")).to_have_value("27.25", timeout=PATIENCE)
    assert failed == []
    context.close()
