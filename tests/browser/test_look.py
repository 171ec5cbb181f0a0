"""What every page looks like: few sizes of letters, content near the top, one menu in a figure's
own
row and nothing over the figure, no overprint at phone width.
"""

import pytest
from playwright.sync_api import Page, expect

from funnel_sim.output.design import SIZES
from funnel_sim.scenario.links import encode
from funnel_sim.scenario.presets import preset
from funnel_sim.words import say
from tests.browser.settled import escape, settled
from tests.browser.test_journeys import PATHS

MOST_SIZES, MOST_ABOVE = 5, 24
STORE = preset("amazon-de-kitchen").replace(
    {
        "options": [{"id": "quote", "kind": "quote", "base": 9000.0, "claimed": 0.4}],
        "kpis": [{"id": "gmv", "metric": "gmv", "target": 0.4, "relative": True, "month_to": 3}],
    }
)
SIZES_SEEN = """() => {
  const seen = {};
  const look = (root) => root.querySelectorAll('*').forEach(el => {
    if (el.shadowRoot) look(el.shadowRoot);
    if (['SCRIPT', 'STYLE', 'OPTION'].includes(el.tagName) || el.closest('[data-testid=stHeader]')) return;
    for (const node of el.childNodes) {
      if (node.nodeType !== 3 || !node.nodeValue.trim()) continue;
      const range = document.createRange(); range.selectNodeContents(node);
      const box = range.getBoundingClientRect(), style = getComputedStyle(el);
      if (box.width < 2 || box.height < 2 || style.visibility === 'hidden' || style.opacity === '0') continue;
      if (/Material/.test(style.fontFamily)) continue;  // a sign, no letter
      (seen[style.fontSize] ??= []).push(node.nodeValue.trim().slice(0, 30));
    }
  });
  look(document.body);
  return seen;
}"""
ABOVE = """() => {
  const bar = document.querySelector('.st-key-frame').getBoundingClientRect().bottom;
  const seen = [...document.querySelectorAll('[data-testid=stMainBlockContainer] [data-testid=stElementContainer]')]
    .filter(one => !one.closest('.st-key-frame') && !one.closest('[class*=st-key-removed_]'))
    .map(one => one.getBoundingClientRect()).filter(box => box.height > 8 && box.width > 8 && box.top >= bar - 1);
  return Math.min(...seen.map(box => box.top)) - bar;
}"""
OVERPRINT = """() => [...document.querySelectorAll('[data-testid=stVegaLiteChart] svg')].flatMap(svg => {
  const frame = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll('text')].filter(one => one.textContent.trim() && one.getAttribute('stroke') === null
    && getComputedStyle(one).display !== 'none' && one.getAttribute('opacity') !== '0')
    .map(one => [one.textContent, one.getBoundingClientRect()]);
  const out = texts.filter(([, b]) => b.left < frame.left - 2 || b.right > frame.right + 2).map(([t]) => 'cut: ' + t);
  texts.forEach(([t, a], i) => texts.slice(i + 1).forEach(([u, b]) => {
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left), high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 2 && high > 4) out.push(t + ' × ' + u);
  }));
  return out;
})"""
PAGES = tuple(name for name in PATHS if name != "slide_show")


def opened(page: Page, url: str, name: str, lang: str) -> None:
    """Open a page with a store, a quote and a KPI."""
    page.add_init_script(
        "localStorage.setItem('funnel-sim:toured', '1')"
    )  # no tour on a first visit
    page.goto(f"{url}{PATHS[name]}?lang={lang}&s={encode(STORE)}")
    expect(page.locator(".st-key-frame")).to_be_visible(timeout=30_000)
    settled(page)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_few_sizes_of_letters_and_begins_near_the_top(page, url, name):
    opened(page, url, name, "en")
    seen = page.evaluate(SIZES_SEEN)
    assert len(seen) <= MOST_SIZES, seen
    scale = {f"{size}px" for size in vars(SIZES).values()}
    assert set(seen) <= scale, {size: texts for size, texts in seen.items() if size not in scale}
    assert page.evaluate(ABOVE) <= MOST_ABOVE


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "name",
    ["unit_economics", "risk_and_odds", "cash_flow", "ad_budget", "cac_and_ltv", "kpi_check"],
)
@pytest.mark.parametrize("wide", [390, 1366])
def test_nothing_lies_over_a_figure_and_its_letters_do_not_meet(browser, url, name, wide):
    context = browser.new_context(viewport={"width": wide, "height": 844})
    page = context.new_page()
    opened(page, url, name, "zh")
    charts = page.get_by_test_id("stVegaLiteChart")
    expect(charts.first).to_be_visible(timeout=30_000)
    settled(page)
    heads = page.locator("[class*=st-key-figure_]")
    assert heads.count() == charts.count() > 0
    for place in range(heads.count()):
        menus = (
            heads.nth(place)
            .get_by_role("button", name="⋯")
            .or_(heads.nth(place).locator("button[aria-haspopup=menu]"))
        )
        assert menus.count() == 1
        menu, chart = menus.bounding_box(), charts.nth(place).bounding_box()
        assert menu["y"] + menu["height"] <= chart["y"] + 1
    assert not page.locator(
        "[data-testid=stElementContainer]:has([data-testid=stVegaLiteChart]) "
        "[data-testid=stElementToolbar]:visible"
    ).count()
    assert page.evaluate(OVERPRINT) == []
    context.close()


def test_a_figures_menu_works_by_keyboard(page, url):
    opened(page, url, "unit_economics", "en")
    menu = page.get_by_role(
        "button", name=say("en", "take.menu", title=say("en", "economics.waterfall"))
    )
    expect(menu).to_be_visible(timeout=30_000)
    menu.focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name=say("en", "take.picture", kind="PNG"))).to_be_focused()
    escape(page)
    expect(menu).to_be_focused()
    expect(menu).to_have_attribute("aria-expanded", "false")


def test_tab_goes_from_field_to_field_and_opens_no_tooltip(page, url):
    opened(page, url, "my_shop", "en")
    page.get_by_role("textbox", name="Price (EUR)").first.focus()
    page.wait_for_timeout(300)
    seen = []
    for _ in range(4):
        page.keyboard.press("Tab")
        page.wait_for_timeout(300)
        seen.append(
            page.evaluate(
                "document.activeElement.getAttribute('aria-label') ||"
                " document.activeElement.textContent"
            )
        )
    assert page.get_by_test_id("stTooltipContent").count() == 0 or "range" in seen[-1], seen
    assert "Unit cost (CNY)" in seen, seen
    assert not any(one.startswith("Help for") for one in seen), seen
