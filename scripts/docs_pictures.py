"""Take the pictures of the tutorials: `python scripts/docs_pictures.py [--url
http://127.0.0.1:8501]`.

Drives the app in a real Chromium, in both languages, and writes docs/pictures/NAME.LANGUAGE.png
with few colours, so that each stays below MOST_BYTES. Without --url it starts an app of its own. It
is run by hand when a page has changed; the site is built from what is there.
"""

import argparse
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from funnel_sim.ui.server.serve import start
from funnel_sim.words import LANGS, Lang, say
from tests.browser.chromium import browser, free_port

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
MOST_BYTES = 150_000
WIDTH, HEIGHT, COLOURS = 1240, 820, 64
PATIENCE = 120_000  # milliseconds, on a machine that does other things
# Ten months of a store, as a platform exports them. An example, not a measurement.
MONTHS = "month,gmv,orders,ad_spend,ad_sales,clicks\n" + "".join(
    f"2026-{month:02d},{12000 + 150 * (month % 4)},{400 + 5 * (month % 4)},"
    f"{1800 + 10 * month},{5600 + 40 * month},{2500 + 9 * month}\n"
    for month in range(1, 11)
)


def settled(page: Page) -> None:
    """Wait until the page is drawn."""
    page.wait_for_timeout(600)
    page.wait_for_function(
        "!document.querySelector('[data-testid=stApp][data-test-script-state=running]') &&"
        " !document.querySelector('[data-stale=true]')",
        timeout=PATIENCE,
    )
    page.wait_for_timeout(800)


def click(page: Page, where: Locator) -> None:
    """Click, and wait until the page is drawn again."""
    where.first.click(timeout=PATIENCE)
    settled(page)


def choose(page: Page, label: str) -> None:
    """Choose a view of a page by its name."""
    click(
        page,
        page.get_by_role("radio", name=label, exact=True).or_(
            page.get_by_role("button", name=label, exact=True)
        ),
    )


def to_top(page: Page, what: Locator | None = None) -> None:
    """Scroll the page to its top, or something on it below the key figures."""
    main = page.get_by_test_id("stMain")
    main.evaluate("e => e.scrollTo(0, 0)")
    if what is not None:
        box = what.first.bounding_box(timeout=PATIENCE)
        main.evaluate("(e, y) => e.scrollTo(0, y)", (box["y"] if box else 0) - 130)
    page.mouse.move(WIDTH - 5, HEIGHT - 5)
    settled(page)


def door(page: Page, url: str, lang: Lang, name: str) -> None:
    """Open the start page and go through one of its doors."""
    page.goto(f"{url}/?lang={lang}")
    expect(page.get_by_text(say(lang, "start.title")).first).to_be_visible(timeout=PATIENCE)
    settled(page)
    click(page, page.locator(f".st-key-door_{name} button"))


def client(page: Page, url: str, lang: Lang, take: Callable[[str], None]) -> None:
    """A client types a quote and reads the verdict."""
    door(page, url, lang, "quote")
    ready_made = page.locator("[class*=st-key-quote_template_bet] button")
    if not ready_made.count():  # behind the sentence with blanks
        click(page, page.locator(".st-key-quote_templates summary"))
    click(page, ready_made)
    to_top(page)
    take("quote-verdict")
    click(page, page.locator("[class*=st-key-quote_terms_] summary"))
    expect(
        page.get_by_test_id("stMain").get_by_text(say(lang, "quote.form_fees")).first
    ).to_be_visible(timeout=PATIENCE)
    to_top(page, page.get_by_text(say(lang, "quote.form_fees")))
    take("quote-form")


def sales(page: Page, url: str, lang: Lang, take: Callable[[str], None]) -> None:
    """Somebody in a call types five numbers and turns to the presentation."""
    door(page, url, lang, "pitch")
    click(page, page.get_by_test_id("stSidebarNavLink").filter(has_text=say(lang, "page.my_shop")))
    to_top(page)
    take("five-numbers")
    click(
        page, page.get_by_test_id("stSidebarNavLink").filter(has_text=say(lang, "page.slide_show"))
    )
    page.wait_for_timeout(1500)
    take("presentation")


def seller(page: Page, url: str, lang: Lang, take: Callable[[str], None]) -> None:
    """A seller checks three KPIs against the months of the store."""
    door(page, url, lang, "kpi")
    click(
        page,
        page.locator("[class*=st-key-kpi_template_] button").filter(
            has_text=re.compile("ROAS.+GMV")
        ),
    )
    click(page, page.locator(".st-key-shop_file summary"))
    page.locator("input[type=file]").first.set_input_files(
        {"name": "months.csv", "mimeType": "text/csv", "buffer": MONTHS.encode()}
    )
    expect(page.locator(".st-key-history_use button")).to_be_visible(timeout=PATIENCE)
    settled(page)
    to_top(page, page.get_by_text(say(lang, "kpi.history_title")))
    take("history")
    click(page, page.locator(".st-key-history_use button"))
    to_top(page)
    take("kpi-verdict")


def ledger(page: Page, url: str, lang: Lang, take: Callable[[str], None]) -> None:
    """Anybody sees what an order earns."""
    page.goto(f"{url}/unit-economics?lang={lang}")
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible(timeout=PATIENCE)
    to_top(page)
    take("ledger")


def cash(page: Page, url: str, lang: Lang, take: Callable[[str], None]) -> None:
    """Somebody asks whether the money lasts."""
    page.goto(f"{url}/cash-flow?lang={lang}")
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible(timeout=PATIENCE)
    to_top(page)
    take("cash")


STORIES = (ledger, cash, client, sales, seller)


def small(png: bytes) -> bytes:
    """Return a picture with few colours.

    >>> import io
    ... from PIL import Image
    >>> out = io.BytesIO()
    ... Image.effect_noise((40, 40), 90).save(out, "PNG")
    >>> Image.open(io.BytesIO(small(out.getvalue()))).mode
    'P'
    """
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


def main() -> int:
    """Take all pictures, or those of one story."""
    parser = argparse.ArgumentParser(description="Take the pictures of the tutorials.")
    parser.add_argument("--url", help="an app that runs already")
    parser.add_argument("--only", choices=[story.__name__ for story in STORIES], help="one story")
    options = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    server = None if options.url else start(port := free_port())
    url = options.url or f"http://127.0.0.1:{port}"
    large = []
    try:
        with browser() as chromium:
            for lang in LANGS:
                for story in STORIES:
                    if options.only in (None, story.__name__):
                        context = chromium.new_context(
                            viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light"
                        )
                        page = context.new_page()

                        def take(name: str, page: Page = page, lang: Lang = lang) -> None:
                            path = FOLDER / f"{name}.{lang}.png"
                            path.write_bytes(small(page.screenshot()))
                            sys.stdout.write(f"{path.name} {path.stat().st_size:,}\n")
                            if path.stat().st_size > MOST_BYTES:
                                large.append(path.name)

                        story(page, url, lang, take)
                        context.close()
    finally:
        if server is not None:
            server.terminate()
            server.wait()
    sys.stdout.write("".join(f"too large: {name}\n" for name in large))
    return int(bool(large))


if __name__ == "__main__":
    sys.exit(main())
