"""Each door's whole path, from the scenario to files that open; a presentation turned by key;
pictures and tables taken; nothing that a screen reader stumbles over; nothing left on the server.
"""

import csv
import io
import os
import re
import struct
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from pptx import Presentation

from funnel_sim.scenario.files import from_bytes
from funnel_sim.scenario.links import decode, encode
from funnel_sim.scenario.presets import preset
from funnel_sim.ui.frame import GROUPS
from funnel_sim.ui.server.serve import start
from funnel_sim.words import Lang, say
from tests.browser.chromium import free_port
from tests.browser.settled import escape, settled
from tests.browser.test_journeys import KNOWN_NOISE, PATHS, stumbles, type_price

RICH = preset("amazon-de-kitchen").replace(
    {
        "kpis": [
            {"id": "gmv", "metric": "gmv", "target": 0.2, "relative": True, "month_to": 3},
            {"id": "roas", "metric": "roas", "target": 3.0},
        ],
        "options": [{"id": "quote", "base": 9000.0, "claimed": 0.2}],
    }
)
SIZES = {"desktop": (1366, 900), "phone": (390, 844)}
LOCALES = {"en": "en-US", "zh": "zh-CN"}
FILES = ("workbook", "html", "pdf", "slides", "file")


def quiet(page: Page) -> tuple[list[str], list[str]]:
    """Watch a page; return what it complains of and what it asks of other machines, as they
    come.
    """
    noise: list[str] = []
    outside: list[str] = []
    page.on(
        "console",
        lambda m: (
            noise.append(m.text) if m.type == "error" and not KNOWN_NOISE.search(m.text) else None
        ),
    )
    page.on("pageerror", lambda e: noise.append(str(e)))
    page.on(
        "request",
        lambda r: (
            outside.append(r.url) if urlsplit(r.url).hostname not in ("127.0.0.1", None) else None
        ),
    )
    return noise, outside


def fits(page: Page) -> bool:
    return (
        page.evaluate(
            "(() => { const m = document.querySelector('[data-testid=stMain]'); return"
            " m.scrollWidth - m.clientWidth })()"
        )
        == 0
    )


def turn_to(page: Page, name: str, lang: Lang) -> None:
    """Change the page by the navigation, which on a phone stands at the foot."""
    phone = page.viewport_size is not None and page.viewport_size["width"] < SIZES["desktop"][0] / 2
    if phone:
        bar = page.get_by_role("navigation", name=say(lang, "frame.menu"), exact=True)
        group = next(one for one in GROUPS if name in {place.name for place in one.places})
        bar.get_by_role("button", name=say(lang, f"frame.group_{group.name}")).click()
        bar.get_by_role("button", name=say(lang, f"page.{name}")).click()
    else:
        page.get_by_test_id("stSidebarNavLink").filter(
            has_text=say(lang, f"page.{name}")
        ).first.click()
    settled(page)


def answer_of(page: Page, door: str, lang: Lang) -> str:
    """Go from the door to its answer on the page that it leads to; return the answer's sentence."""
    page.get_by_role("button", name=say(lang, f"door.{door}_go")).click()
    if door == "pitch":
        expect(page.get_by_role("textbox").first).to_be_visible(timeout=30_000)
        settled(page)
        type_price(page, "39.99", lang)
        line = page.get_by_role("textbox", name=say(lang, "ours.line_typed"))
        line.fill({"en": "6,000 a month, sales +60%", "zh": "每月6000，销售+60%"}[lang])
        line.press("Enter")
        settled(page)
        turn_to(page, "unit_economics", lang)
        heading = page.get_by_role("heading", name=re.compile("39.99"))
    elif door == "kpi":
        page.get_by_role(
            "button", name=re.compile({"en": "ROAS at least 3, GMV", "zh": "ROAS ≥ 3、GMV"}[lang])
        ).click()
        heading = page.get_by_role(
            "heading",
            name=re.compile(
                {"en": "The probability of meeting all 3 together", "zh": "3 个 KPI 同时达标"}[lang]
            ),
        )
    else:
        page.get_by_text(say(lang, "quote.templates")).click()
        page.get_by_role(
            "button", name={"en": "A bet: bonus and penalty", "zh": "对赌（奖与罚）"}[lang]
        ).click()
        heading = page.get_by_role(
            "heading",
            name=re.compile(
                {
                    "en": "leaves €[\\d,]+ (less|more) than",
                    "zh": "平均比自己经营(少|多)赚 €[\\d,]+",
                }[lang]
            ),
        )
    expect(heading.first).to_be_visible(timeout=30_000)
    settled(page)
    return str(heading.first.inner_text())


def opened(name: str, content: bytes, page: Page, tmp_path: Path) -> str:
    """Open a file as its reader would; return some of its text."""
    if name == "workbook":
        book = openpyxl.load_workbook(io.BytesIO(content))
        return " ".join(
            str(cell)
            for sheet in book
            for row in sheet.iter_rows(values_only=True)
            for cell in row
            if cell is not None
        )
    if name == "slides":
        deck = Presentation(io.BytesIO(content))
        assert 5 <= len(deck.slides) <= 9  # the cash has one of its own
        return " ".join(
            shape.text_frame.text
            for slide in deck.slides
            for shape in slide.shapes
            if shape.has_text_frame
        )
    if name == "html":
        place = tmp_path / "report.html"
        place.write_bytes(content)
        other = page.context.new_page()
        noise, outside = quiet(other)
        other.goto(place.as_uri())
        text = str(other.inner_text("body"))
        assert (noise, [o for o in outside if not o.startswith("file:")]) == ([], [])
        other.close()
        return text
    if name == "pdf":
        assert content[:5] == b"%PDF-"
        assert content.rstrip().endswith(b"%%EOF")
        return ""
    return content.decode()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("door", ["quote", "pitch", "kpi"])
def test_from_the_door_to_the_files(browser, url, tmp_path, door, lang, size):
    """Scenario, result, link, the same numbers in a new browser, files that open and hold the same
    scenario; quiet all the way.
    """
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale=LOCALES[lang], accept_downloads=True
    )
    page = context.new_page()
    noise, outside = quiet(page)
    page.goto(url)
    answer = answer_of(page, door, lang)
    link = page.url
    scenario = decode(parse_qs(urlsplit(link).query)["s"][0]).scenario
    turn_to(page, "export_files", lang)
    page.get_by_role("button", name=say(lang, "take_away.prepare")).click()
    texts = {}
    for name in FILES:
        button = (
            page.get_by_test_id("stDownloadButton")
            .filter(has_text=say(lang, f"take_away.{name}"))
            .get_by_role("button")
        )
        expect(button).to_be_visible(timeout=120_000)  # seven files, one after the other
        settled(page)
        with page.expect_download(timeout=30_000) as download:
            button.click()
        texts[name] = opened(name, Path(download.value.path()).read_bytes(), page, tmp_path)
    assert from_bytes(texts["file"].encode()) == scenario
    if door == "pitch":
        assert all("39.99" in texts[name] for name in ("workbook", "html"))
    else:  # the verdict's sentence stands in the report as on the screen
        figure = re.search(r"€[\d,]+|[\d.]+%", answer)
        assert figure is not None
        assert figure[0] in texts["html"]
    assert fits(page)
    assert page.get_by_test_id("stException").count() == 0
    assert (noise, outside) == ([], [])
    context.close()
    again = browser.new_context(viewport={"width": width, "height": height})
    other = again.new_page()
    other.goto(link)
    expect(
        other.get_by_role("heading", name=answer.split("\n")[0], exact=False).first
    ).to_be_visible(timeout=30_000)
    again.close()


@pytest.mark.sampled(4)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "name",
    ["kpi_check", "quote_test", "side_by_side", "slide_show", "export_files"],
)
def test_a_page_with_all_on_it_has_nothing_to_stumble_over(browser, url, name, scheme):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{url}{PATHS[name]}?lang=en&s={encode(RICH)}")
    expect(page.get_by_test_id("stMainBlockContainer")).not_to_be_empty(timeout=30_000)
    page.get_by_role("heading").first.wait_for(timeout=30_000)
    settled(page)
    assert stumbles(page) == []
    context.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_presentation_is_turned_by_key_and_no_screen_scrolls(browser, url, lang):
    """At 1280 × 720, as on a projector: every message with its chart is in view without
    scrolling.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    noise, outside = quiet(page)
    page.goto(f"{url}{PATHS['slide_show']}?lang={lang}&s={encode(RICH)}")
    seen = []
    expect(page.get_by_text("1 / ")).to_be_visible(timeout=30_000)
    for number in range(1, 20):
        expect(page.get_by_text(re.compile(f"^{number} / "))).to_be_visible(timeout=30_000)
        settled(page)
        seen.append(page.get_by_role("heading", level=2).inner_text())
        over = page.evaluate(
            "(() => { const m = document.querySelector('[data-testid=stMain]'); return"
            " m.scrollHeight - m.clientHeight })()"
        )
        assert over <= 0, (number, over)
        assert fits(page)
        if page.get_by_role("button", name=say(lang, "present.next")).is_disabled():
            break
        page.keyboard.press("ArrowRight")
    assert len(seen) == len(set(seen)) == 6
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", level=2)).to_have_text(seen[-2], timeout=30_000)
    escape(page)
    expect(page.get_by_role("textbox").first).to_be_visible(timeout=30_000)
    assert (noise, outside) == ([], [])
    context.close()


def test_charts_and_tables_can_be_taken(browser, url):
    context = browser.new_context(viewport={"width": 1366, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.goto(f"{url}{PATHS['unit_economics']}?lang=en&s={encode(RICH)}")
    titles = {"chart": say("en", "economics.waterfall"), "table": say("en", "economics.ledger")}
    menus = {
        what: page.get_by_role("button", name=say("en", "take.menu", title=title))
        for what, title in titles.items()
    }
    expect(menus["chart"]).to_be_visible(timeout=30_000)
    settled(page)
    taken = {}
    for kind, what in (("SVG", "chart"), ("PNG", "chart"), ("data", "chart"), ("CSV", "table")):
        menus[what].click()
        with page.expect_download(timeout=30_000) as download:
            page.get_by_role("menuitem", name=kind if kind != "data" else "CSV").click()
        assert download.value.suggested_filename.startswith(titles[what][:20])
        taken[kind] = Path(download.value.path()).read_bytes()
    assert taken["data"].decode("utf-8-sig").splitlines()[0].startswith("Step,")
    assert taken["SVG"].startswith(b"<svg")
    assert b"</svg>" in taken["SVG"]
    width, height = struct.unpack(">II", taken["PNG"][16:24])
    assert taken["PNG"][:8] == b"\x89PNG\r\n\x1a\n"
    assert width > 600
    assert height > 300
    rows = list(csv.reader(io.StringIO(taken["CSV"].decode("utf-8-sig"))))
    assert len(rows) > 5
    assert len({len(row) for row in rows}) == 1
    assert rows[1][1] == "€25.20"  # 29.99 / 1.19
    context.close()


def files_under(*roots: Path) -> dict[Path, tuple[int, int]]:
    """Return every file with its time and size; links are not followed."""
    found = {}
    for root in roots:
        for folder, folders, names in os.walk(root):
            folders[:] = [
                one
                for one in folders
                if one
                not in (
                    ".git",
                    ".venv",
                    "__pycache__",
                    ".pytest_cache",
                    ".hypothesis",
                    ".mypy_cache",
                    ".ruff_cache",
                )
            ]
            for name in names:
                place = Path(folder) / name
                found[place] = (place.lstat().st_mtime_ns, place.lstat().st_size)
    return found


def test_the_server_keeps_nothing(browser, tmp_path, monkeypatch):
    """A server with a home and a temporary folder of its own: after a visit with a name, an upload
    and every export, no file is there that was not before.
    """
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    for place, name in ((home, "HOME"), (temporary, "TMPDIR")):
        place.mkdir()
        monkeypatch.setenv(name, str(place))
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    port = free_port()
    server = start(port)
    root = Path(__file__).resolve().parents[2]
    try:
        before = files_under(root, home, temporary)
        context = browser.new_context(accept_downloads=True)
        page = context.new_page()
        marked = RICH.replace({"name": "Marker 7431"})
        page.goto(f"http://127.0.0.1:{port}{PATHS['kpi_check']}?lang=en&s={encode(marked)}")
        # the shop's own file is read in the first step, behind its fold
        page.locator(".st-key-shop_file summary").click(timeout=30_000)
        settled(page)
        months = "month,gmv,orders\n" + "".join(
            f"2026-{m:02d},7431{m},{400 + m}\n" for m in range(1, 11)
        )
        page.locator("input[type=file]").first.set_input_files(
            {"name": "marker-7431.csv", "mimeType": "text/csv", "buffer": months.encode()}
        )
        expect(page.get_by_role("button", name="Use this history")).to_be_visible(timeout=30_000)
        turn_to(page, "export_files", "en")
        page.get_by_role("button", name=say("en", "take_away.prepare")).click()
        # the counter-draft and the page for the boss too, of a quote that has a counter-offer
        last = page.get_by_test_id("stDownloadButton").filter(has_text=say("en", "take_away.file"))
        expect(last).to_be_visible(timeout=60_000)
        settled(page)
        with page.expect_download(timeout=30_000) as download:
            page.get_by_test_id("stDownloadButton").first.get_by_role("button").click()
        assert zipfile.ZipFile(download.value.path()).testzip() is None
        context.close()
        assert files_under(root, home, temporary) == before
    finally:
        server.terminate()
        server.wait()
