"""The report: the verdict first, the assumption ledger last, both languages whole, every figure as
the screen has it; HTML and PDF hold all of it.
"""

import base64
import datetime as dt
import io
import re
import shutil
import subprocess
from functools import cache

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.found import find
from funnel_sim.decisions.kpi import check as kpis
from funnel_sim.decisions.quote.answer import compare
from funnel_sim.model.economics import evaluate
from funnel_sim.output.documents.blocks import (
    Chart,
    Frame,
    Heading,
    KeyFigures,
    Note,
    Paragraph,
    Points,
    TableBlock,
)
from funnel_sim.output.documents.html import report_html
from funnel_sim.output.documents.leave_behind import letter
from funnel_sim.output.documents.pdf import report_pdf
from funnel_sim.output.documents.pdf_texts import pieces, printable
from funnel_sim.output.documents.report import report
from funnel_sim.output.words.assumptions import assumptions, neutral
from funnel_sim.output.words.figure_names import text_of
from funnel_sim.output.words.kpi_offers import offer_row
from funnel_sim.output.words.quote import reason_sentences, verdict_sentence
from funnel_sim.output.words.quote_tables import gain_rows, money_rows
from funnel_sim.output.words.tables import ledger_rows
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.paths import field_paths
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quote_templates import quote_templates
from funnel_sim.words import LANGS, say

CJK = re.compile(r"[\u4e00-\u9fff]")
KPIS = [
    {
        "id": "gmv",
        "metric": "gmv",
        "target": 0.4,
        "relative": True,
        "window": "total",
        "month_to": 3,
    },
    {"id": "acos", "metric": "acos", "target": 0.22, "comparator": "at_most", "month_to": 6},
]
KINDS = ("quotes", "kpis", "plain")


@cache
def scenario_of(kind):
    if kind == "plain":
        return preset("shopify-us-beauty")
    scenario = preset("amazon-de-kitchen")
    if kind == "kpis":
        return scenario.replace({"kpis": KPIS, "product.price": 31.5})
    for index in (1, 3):
        scenario = scenario.replace(
            quote_templates()[index].added_to(
                scenario, lambda one, other: exchange(one, other, dt.date(2026, 11, 22))
            )
        )
    return scenario


@cache
def found_of(kind):
    return find(scenario_of(kind))


@cache
def blocks_of(kind, lang):
    return report(scenario_of(kind), lang, found_of(kind))


@cache
def html_of(kind, lang):
    return report_html(blocks_of(kind, lang), lang)


@cache
def pdf_of(kind, lang):
    return PdfReader(io.BytesIO(report_pdf(blocks_of(kind, lang), lang)))


def texts(blocks):
    for block in blocks:
        match block:
            case Frame():
                yield from (block.title, block.subtitle, block.footer)
            case Heading():
                yield block.text
            case Paragraph() | Note():
                yield from (block.title, block.text)
            case Points():
                yield from block.items
            case KeyFigures():
                yield from (cell for item in block.items for cell in item)
            case TableBlock():
                yield from (block.title, *block.head, *(cell for row in block.rows for cell in row))
            case Chart():
                yield from (
                    block.title,
                    block.note,
                    *(
                        str(v)
                        for column in block.data.select_dtypes(exclude="number")
                        for v in block.data[column].dropna()
                    ),
                )


def chapters(blocks):
    return [block.text for block in blocks if isinstance(block, Heading) and block.level == 1]


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_verdict_comes_first_and_the_assumption_ledger_last(kind, lang):
    blocks = blocks_of(kind, lang)
    assert isinstance(blocks[0], Frame)
    assert chapters(blocks)[0] == say(lang, "report.h_verdict") and chapters(blocks)[-1] == say(
        lang, "report.h_ledger"
    )
    assert isinstance(blocks[2], Note)
    page = html_of(kind, lang)
    assert (
        page.index(say(lang, "report.h_verdict"))
        < page.index("<table")
        < page.rindex(say(lang, "report.h_ledger"))
    )


@pytest.mark.slow
def test_the_verdict_is_that_of_the_quotes_else_of_the_kpis_else_of_the_profit():
    found, check = compare(scenario_of("quotes"), LIVE), kpis.check(scenario_of("kpis"), LIVE)
    notes = {
        kind: [block for block in blocks_of(kind, "en") if isinstance(block, Note)]
        for kind in KINDS
    }
    for note, answer in zip(
        notes["quotes"], [one for one in found.options if one.option.kind == "quote"], strict=False
    ):
        assert note.title.startswith(
            say("en", f"quote.{answer.verdict}")
        ) and note.text == verdict_sentence(answer, found, "en")
        assert set(reason_sentences(answer, found, "en")) <= set(texts(blocks_of("quotes", "en")))
    assert notes["kpis"][0].title == say("en", f"kpi.{check.verdict}")
    assert "probability of a loss" in notes["plain"][0].text


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_every_figure_is_the_one_that_the_screen_has(lang):
    scenario = scenario_of("quotes")
    told = set(texts(blocks_of("quotes", lang)))
    answers = compare(scenario, LIVE)
    for row in (
        *gain_rows(answers, lang),
        *money_rows(answers, lang),
        *ledger_rows(evaluate(scenario), lang),
    ):
        assert set(row.cells) <= told, row
    check = kpis.check(scenario_of("kpis"), LIVE)
    for answer in check.answers:
        assert set(offer_row(answer, check, lang).cells) <= set(texts(blocks_of("kpis", lang)))
    result = evaluate(scenario)
    assert {text_of(result, key, lang) for key in ("order_profit", "ltv", "cac", "roas")} <= told


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_english_holds_no_chinese_and_chinese_is_chinese(kind):
    assert not [text for text in texts(blocks_of(kind, "en")) if CJK.search(text)]
    assert not CJK.search(html_of(kind, "en"))
    assert chapters(blocks_of(kind, "zh")) and all(
        CJK.search(text) for text in chapters(blocks_of(kind, "zh"))
    )
    assert [type(block) for block in blocks_of(kind, "en")] == [
        type(block) for block in blocks_of(kind, "zh")
    ]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", [card.id for card in preset_cards()])
def test_every_preset_has_its_report_in_english_without_chinese(name):
    scenario = preset(name)
    ledger = [
        text
        for one in assumptions(scenario, "en")
        for text in (one.group, one.name, one.value, one.unit, one.told("en"), one.source)
        if CJK.search(text)
    ]
    assert not ledger


def test_the_ledger_holds_every_input_that_is_not_neutral_with_its_source():
    scenario = scenario_of("kpis")
    every = {one.path: one for one in assumptions(scenario, "en")}
    for path, _ in field_paths(scenario):
        if path.startswith(
            ("product.", "tax.", "fulfilment.", "conversion.", "channels.")
        ) and not path.endswith((".id", ".name")):
            assert (path in every) == (not neutral(path, scenario)), path
    price, fee = (
        every["product.price"],
        (
            every["fulfilment.fulfil_fee"]
            if "fulfilment.fulfil_fee" in every
            else every["tax.duty_rate"]
        ),
    )
    assert (
        price.changed
        and price.before == "€29.99 (€26.30 – €34.19)"
        and price.value == "€31.50"
        and price.unit == "EUR"
    )
    assert not fee.changed and fee.source.startswith("http") and fee.since and fee.evidence
    assert all(one.weak for one in every.values() if one.evidence == "assumed")
    shown = [block for block in blocks_of("kpis", "en") if isinstance(block, TableBlock)][-2]
    assert len(shown.rows) - len(shown.groups) == len(every)


@pytest.mark.parametrize("lang", LANGS)
def test_the_foot_says_how_to_get_the_numbers_again(lang):
    scenario = scenario_of("quotes")
    foot = blocks_of("quotes", lang)[0].footer
    for part in (MODEL_VERSION, str(scenario.chance.seed), f"{LIVE:,}", scenario.as_of.isoformat()):
        assert part in foot


@pytest.mark.slow
def test_what_cannot_be_worked_out_is_told_and_the_rest_stands():
    scenario = preset("amazon-de-kitchen").replace(
        {"options": [{"id": "quote", "base": 9000.0, "claimed": 5.0}], "conversion.cvr": 0.3}
    )
    blocks = report(scenario, "en")
    assert any(
        isinstance(block, Note) and block.title == say("en", "report.not_worked_out")
        for block in blocks
    )
    assert chapters(blocks)[-1] == say("en", "report.h_ledger")


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_needs_nothing_beside_it(kind, lang):
    page = html_of(kind, lang)
    assert not re.search(r"<(script|link|img|iframe|object|embed|base)\b|@import", page)
    assert not [
        url
        for url in re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?([^\"')\s]+)", page)
        if not url.startswith(("data:", "#"))
    ]
    assert "<svg" in page and "@page { size: A4" in page and "table-header-group" in page
    assert all(
        name in {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
        for name in re.findall(r"xmlns[:\w]*=\"([^\"]+)\"", page)
    )


def test_the_page_brings_a_font_with_just_its_characters():
    page = html_of("quotes", "zh")
    fonts = [
        TTFont(io.BytesIO(base64.b64decode(data)))
        for data in re.findall(r"font/woff2;base64,([^)]+)\)", page)
    ]
    assert len(fonts) == 4
    held = set().union(*(font.getBestCmap() for font in fonts))
    text = "".join(texts(blocks_of("quotes", "zh")))
    joiner = 0x2060  # has no shape: it keeps a minus with its amount, and needs none
    assert {ord(one) for one in text if not one.isspace()} - {joiner} <= held and len(held) < 1500
    assert len(page.encode()) < 700_000


@pytest.mark.slow
def test_what_was_typed_stays_text():
    bad = "<script>alert(1)</script>\"'&\\"
    page = report_html(report(scenario_of("kpis").replace({"name": bad}), "en"), "en")
    assert "<script" not in page and "&lt;script&gt;" in page


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_the_pdf_opens_with_its_text_and_its_fonts(lang):
    reader = pdf_of("quotes", lang)
    assert 8 <= len(reader.pages) <= 30
    assert all(
        round(float(page.mediabox.width)) == 595 and round(float(page.mediabox.height)) == 842
        for page in reader.pages
    )
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages))
    for head in chapters(blocks_of("quotes", lang)):
        assert re.sub(r"\s+", "", head) in text
    assert f"1/{len(reader.pages)}" in text and f"{len(reader.pages)}/{len(reader.pages)}" in text
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = (
                font.get_object()["/DescendantFonts"][0]
                .get_object()["/FontDescriptor"]
                .get_object()
            )
            assert "/FontFile2" in inner and "FunnelSans" in inner["/FontName"]
    assert not any(
        "/XObject" in page["/Resources"] and len(page["/Resources"]["/XObject"])
        for page in reader.pages
    )  # charts are vectors


@pytest.mark.slow
def test_the_same_report_gives_the_same_bytes():
    blocks = blocks_of("quotes", "en")
    assert report_pdf(blocks, "en") == report_pdf(blocks, "en")
    assert report_html(blocks, "en") == report_html(blocks, "en")


@pytest.mark.slow
def test_every_cell_of_the_report_is_in_the_pdf():
    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in pdf_of("kpis", "en").pages))
    cells = [
        re.sub(r"\s+", "", printable(cell))
        for block in blocks_of("kpis", "en")
        if isinstance(block, TableBlock)
        for row in block.rows
        for cell in row
    ]
    assert [cell for cell in cells if len(cell) < 12 and cell not in text] == []


def test_lines_break_where_the_language_allows():
    assert list(pieces("把 9 句话（见报告）。")) == [
        "把 ",
        "9 ",
        "句",
        "话",
        "（见",
        "报",
        "告）。",
    ]
    assert printable("Żółw\x07") == "Zólw"


def blank_at_the_foot(pdf, folder):
    """Return, page by page, which part of the space between head and foot is left empty below the
    last line: pages drawn by poppler, 40 dots an inch.
    """
    (folder / "one.pdf").write_bytes(pdf)
    tool = shutil.which("pdftoppm")
    assert tool is not None
    subprocess.run([tool, "-r", "40", "-gray", "one.pdf", "page"], cwd=folder, check=True)
    out = []
    for path in sorted(folder.glob("page-*.pgm")):
        _, size, _, dots = path.read_bytes().split(b"\n", 3)
        wide, high = (int(part) for part in size.split())
        page = np.frombuffer(dots, dtype=np.uint8).reshape(high, wide)
        inner = page[round(high * 46 / 842) : round(high * 790 / 842)]
        marked = np.nonzero((inner < 200).any(axis=1))[0]
        out.append(1.0 - (marked[-1] + 1) / inner.shape[0] if marked.size else 1.0)
    return out


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler-utils is not installed")
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_page_but_the_last_is_half_empty(kind, lang, tmp_path):
    blank = blank_at_the_foot(report_pdf(blocks_of(kind, lang), lang), tmp_path)
    assert len(blank) == len(pdf_of(kind, lang).pages)
    assert max(blank[:-1]) <= 0.4, blank


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_first_page_stands_alone(kind, lang):
    """Verdict, three figures, why, what is proposed (where something is), the next step, on one
    page; the details begin on the second.
    """
    first, second = (page.extract_text() for page in pdf_of(kind, lang).pages[:2])
    keys = ["h_verdict", "h_why", "h_next"] + (["h_propose"] if kind != "plain" else [])
    assert all(say(lang, f"report.{key}") in first for key in keys)
    assert say(lang, "report.h_grounds") in second and say(lang, "report.h_grounds") not in first
    figures = next(block for block in blocks_of(kind, lang) if isinstance(block, KeyFigures))
    assert len(figures.items) == 3 - (kind == "kpis") * (len(KPIS) < 2)


@pytest.mark.slow
def test_short_tables_are_not_parted():
    """A table of seven rows near the foot goes on whole onto the next page."""
    rows = tuple((f"row {n}", "1") for n in range(7))
    lines = [Paragraph(f"line {n}") for n in range(34)]
    frame = Frame("Title", "below", "foot", dt.date(2026, 11, 27))
    table = TableBlock(("head", "value"), rows, (0.5, 0.5))
    for count in range(28, 35):
        pdf = PdfReader(io.BytesIO(report_pdf([frame, *lines[:count], table], "en")))
        held = [sum(f"row {n}" in page.extract_text() for n in range(7)) for page in pdf.pages]
        assert sorted(held)[-1] == 7, (count, held)


def test_whom_a_report_is_for_stands_on_it():
    found = found_of("plain")
    frame = next(
        one
        for one in report(found.scenario, "en", found, letter(recipient="Li & Co"))
        if isinstance(one, Frame)
    )
    assert "Prepared for Li & Co" in frame.subtitle
    assert found.scenario.as_of.isoformat() in frame.subtitle
