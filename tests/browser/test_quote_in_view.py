"""The verdict of the quote test and the grade of the contract check stay in view however far the
page is scrolled, and the folded pages are short.
"""

import pytest

from funnel_sim.scenario import links
from funnel_sim.scenario.presets import preset
from funnel_sim.words import say
from tests.browser.settled import settled
from tests.browser.test_journeys import show, stumbles

QUOTE = {
    "id": "quote",
    "name": "Harbour",
    "setup": 10_000.0,
    "base": 12_000.0,
    "share_tiers": [{"upto": 22_000.0, "rate": 0.0}, {"rate": 0.05}],
    "claimed": 0.4,
    "notice": 2,
    "renewal": "automatic",
    "floor": 2_000.0,
    "exit_months": 2.0,
    "effect": 0.2,
}
HIGHEST = 2_400  # pixels at a width of 1,366
SCROLLED = (0.0, 0.25, 0.5, 0.75, 1.0)
HEIGHT = (
    "document.querySelector('[data-testid=stMainBlockContainer]').getBoundingClientRect().height"
)
SCROLL = (
    "share => { const m = document.querySelector('[data-testid=stMain]'); m.scrollTop = share *"
    " (m.scrollHeight - m.clientHeight) }"
)
BADGE = (
    "[...document.querySelectorAll('{where} .stMarkdownBadge')].some(e => {{ const r ="
    " e.getBoundingClientRect(); const at = document.elementFromPoint(r.x + r.width / 2, r.y +"
    " r.height / 2); return r.height > 0 && r.top >= 0 && r.bottom <= innerHeight &&"
    " (e.contains(at) || at?.contains(e)) }})"
)


def at(url, page, name, lang):
    scenario = preset("amazon-de-kitchen").replace({"options": [QUOTE]})
    if name == "contract":  # the old address of the contract check leads to it
        page.goto(f"{url}/contract-check?lang={lang}&s={links.encode(scenario)}")
        page.locator(".st-key-contract_table").wait_for(state="attached", timeout=60_000)
    else:
        show(page, url, name, lang, f"&s={links.encode(scenario)}")
    page.locator(".st-key-quote_card").first.wait_for(state="attached", timeout=30_000)
    settled(page)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("name", "desktop", "phone"),
    [
        ("quote_test", ".st-key-quote_card", ".st-key-quote_line"),
        ("contract", ".st-key-quote_card", ".st-key-quote_line"),
    ],
)
def test_the_verdict_stays_in_view_and_the_page_is_short(browser, url, name, desktop, phone, lang):
    for width, height, where in ((1366, 768, desktop), (390, 844, phone)):
        context = browser.new_context(viewport={"width": width, "height": height})
        page = context.new_page()
        at(url, page, name, lang)
        if width > 1000:
            assert page.evaluate(HEIGHT) <= HIGHEST
        for share in SCROLLED:
            page.evaluate(SCROLL, share)
            settled(page)
            assert page.evaluate(BADGE.format(where=where)), (name, lang, width, share)
        assert (
            page.evaluate(
                "(() => { const m = document.querySelector('[data-testid=stMain]'); return"
                " m.scrollWidth - m.clientWidth })()"
            )
            == 0
        )
        assert stumbles(page) == []
        context.close()


@pytest.mark.parametrize(
    ("lang", "find", "sign"),
    [("en", "Find the counter-offer", "Sign"), ("zh", "找出还价", "建议签约")],
)
def test_the_counter_offer_is_found_and_the_verdict_beside_it_moves(page, url, lang, find, sign):
    at(url, page, "quote_test", lang)
    page.get_by_role("button", name=find).click()
    page.wait_for_function(
        "document.querySelectorAll('.st-key-counter_list input:checked').length > 0", timeout=30_000
    )
    settled(page)
    # with all of it the quote is just signed: "sign", or "only on paper" where the agency would not
    # cover a lean cost (changed on purpose)
    signed = {sign, say(lang, "quote.on_paper")}
    assert signed & set(page.locator(".st-key-quote_card .stMarkdownBadge").all_inner_texts())
    ticked = page.locator(".st-key-counter_list label:has(input:checked)").first
    ticked.click()
    settled(page)
    assert not signed & set(page.locator(".st-key-quote_card .stMarkdownBadge").all_inner_texts())
