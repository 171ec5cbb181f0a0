"""The review report in four formats: opened again, its figures are those of the JSON answers; both
languages whole; one page first; the command line writes the same files.
"""

import io
import itertools
import json
import re
import shutil
import subprocess
from functools import cache

import openpyxl
import pytest
from pptx import Presentation
from pypdf import PdfReader

from funnel_sim.cli import main
from funnel_sim.decisions.review.reviewed import review_of
from funnel_sim.output.documents.blocks import (
    Heading,
    KeyFigures,
    Note,
    PageBreak,
    TableBlock,
)
from funnel_sim.output.documents.leave_behind import letter
from funnel_sim.output.documents.review_report import review_report
from funnel_sim.output.exports import REVIEW_FORMATS, review_file_name
from funnel_sim.output.json.review import review_json
from funnel_sim.output.words import formats
from funnel_sim.output.words.formats import joined
from funnel_sim.output.words.review_head import verdict_of
from funnel_sim.output.words.review_kpis import kpi_heads
from funnel_sim.scenario import files
from funnel_sim.words import LANGS, say
from tests.engaged import engaged, series
from tests.output.test_slides import words_on

CJK = re.compile(r"[\u4e00-\u9fff]")
WIDE, HIGH = 12192000, 6858000


@cache
def review(period=""):
    return review_of(engaged(), None, period, paths=1024)


@cache
def made(kind, lang, period=""):
    return REVIEW_FORMATS[kind].made(review(period), lang, letter("Küche GmbH", "Northlight"))


def plain(text):
    """Return text without spaces, line ends and joiners, to be looked for in a PDF."""
    return re.sub(r"\s+", "", joined(text))


def pdf_text(content):
    return plain("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def blocks_of(lang, period=""):
    return review_report(review(period), lang, letter("Küche GmbH", "Northlight"))


def shown(lang):
    """Return figures of the JSON answers as a reader sees them."""
    told = review_json(review())
    month = told["bill"]["months"][-1]
    parts = told["changes"]["before"]["profit"]["parts"]
    out = [
        formats.money(float(month["due"]), "EUR", lang),
        formats.money(float(told["bill"]["total"]), "EUR", lang),
        formats.money(float(told["bill"]["balance"]), "EUR", lang),
        formats.whole_money(told["figures"]["profit"]["now"], "EUR", lang),
        formats.whole_money(parts[0]["amount"], "EUR", lang),
        formats.percent(told["leaks"]["steps"][0]["now"], 2),
        formats.percent(told["leaks"]["steps"][0]["baseline"], 2),
        formats.signed_percent(told["effect"]["effect"]["middle"]),
    ]
    return [*out, *(one["day"] for one in told["standing"]["dates"])]


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_html_and_pdf_hold_the_figures_of_the_answers(lang):
    page = plain(re.sub(r"<[^>]+>", " ", made("html", lang).decode()))
    paper = pdf_text(made("pdf", lang))
    for text in shown(lang):
        assert plain(text) in page, text
        assert plain(text) in paper, text


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_one_page_first_with_everything_that_a_meeting_needs(lang):
    blocks = blocks_of(lang)
    first = blocks[: next(n for n, one in enumerate(blocks) if isinstance(one, PageBreak))]
    [verdict] = [one for one in first if isinstance(one, Note)]
    assert verdict.text == verdict_of(review(), lang) and verdict.tone == "bad"
    [figures] = [one for one in first if isinstance(one, KeyFigures)]
    assert len(figures.items) == 3
    heads = [one.text for one in first if isinstance(one, Heading) and one.level == 2]
    names = ("leaked", "drove", "owed", "lists")
    assert heads == [say(lang, f"review.report_h_{name}") for name in names]
    [table] = [one for one in first if isinstance(one, TableBlock)]
    words = [say(lang, f"review.list_{name}") for name in ("stop", "continue", "change")]
    assert list(dict.fromkeys(row[0] for row in table.rows)) == words
    for word in words:  # each has a line that is left to fill in
        assert any(row[0] == word and not any(row[1:]) for row in table.rows)
    pages = PdfReader(io.BytesIO(made("pdf", lang))).pages
    note = plain(say(lang, "review.list_note"))
    assert note in plain(pages[0].extract_text())  # the whole of it stands on page one


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_both_languages_are_whole(lang):
    text = made("html", lang).decode()
    body = re.sub(r"<style>.*?</style>", "", text, flags=re.S)
    assert bool(CJK.search(body)) == (lang == "zh")
    assert not re.search(r"\{[a-z_]+\}|None|\bnan\b", re.sub(r"<[^>]+>", " ", body))


@pytest.mark.parametrize("lang", LANGS)
def test_slides_hold_the_same_figures_and_stay_on_the_slide(lang):
    deck = Presentation(io.BytesIO(made("pptx", lang)))
    assert len(deck.slides) == 7
    text = plain(" ".join(word for slide in deck.slides for word in words_on(slide)))
    bill = review_json(review())["bill"]
    for one in (bill["total"], bill["balance"], *(month["due"] for month in bill["months"])):
        assert plain(formats.money(float(one), "EUR", lang)) in text
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= WIDE
            assert shape.top >= 0 and shape.top + shape.height <= HIGH
        assert slide.notes_slide.notes_text_frame.text
    charts = [s.chart for slide in deck.slides for s in slide.shapes if s.has_chart]
    waterfall = list(charts[0].plots[0].series[0].values)
    split = review_json(review())["changes"]["before"]["profit"]
    # before, the drivers, after: what is between adds up to the change
    assert waterfall[0] + sum(waterfall[1:-1]) == pytest.approx(waterfall[-1], abs=0.01)
    assert waterfall[-1] == pytest.approx(split["after"])


@pytest.mark.parametrize("lang", LANGS)
def test_the_workbook_holds_the_raw_months_and_live_formulas(lang):
    content = made("xlsx", lang)
    book = openpyxl.load_workbook(io.BytesIO(content))
    months = book[say(lang, "review.sheet_months")]
    heads = [cell.value for cell in months[4]]
    rows = {row[0].value: [cell.value for cell in row] for row in months.iter_rows(min_row=5)}
    for figure, values in series().items():
        column = heads.index(say(lang, f"history.figure_{figure}"))
        assert [rows[f"2026-{m:02d}"][column] for m in range(4, 8)] == values[12:]
        assert rows["2025-04"][column] == values[0]
    assert str(rows[say(lang, "review.book_sum_since")][2]).startswith("=SUM(")
    kpis = book[say(lang, "review.sheet_kpis")]
    assert kpis["D4"].value == "=B4/C4" and kpis["D5"].value == "=C5/B5"  # ACoS: less is better
    # on purpose: of a figure of zero or less no percentage, for that of a loss had a wrong sign
    assert kpis["G4"].value == '=IF(E4>0,B4/E4-1,"–")'
    assert kpis["H4"].value == '=IF(F4>0,B4/F4-1,"–")'
    values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    told = review_json(review())
    sheet = values[say(lang, "review.sheet_kpis")]
    for row, one in enumerate(told["standing"]["kpis"], 4):
        assert sheet.cell(row, 4).value == pytest.approx(one["attained"])
    bill = values[say(lang, "review.sheet_bill")]
    found = [[cell.value for cell in row] for row in bill.iter_rows(min_row=4)]
    assert found[4][-2] == pytest.approx(float(told["bill"]["total"]))
    assert found[5][-2] == pytest.approx(float(told["bill"]["balance"]))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice Calc is needed")
def test_a_spreadsheet_works_out_what_the_file_says(tmp_path):
    from tests.workbook.recalculate import recalculated

    content = made("xlsx", "en")
    after = openpyxl.load_workbook(recalculated({"r": content}, tmp_path)["r"], data_only=True)
    before = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    formulas = openpyxl.load_workbook(io.BytesIO(content))
    seen = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    seen += 1
                    cached = before[sheet.title][cell.coordinate].value
                    there = after[sheet.title][cell.coordinate].value
                    assert there == pytest.approx(cached, abs=1e-6), (sheet.title, cell.coordinate)
    assert seen > 60


@pytest.mark.slow
def test_a_file_is_the_same_twice():
    for kind in ("html", "pdf", "xlsx"):
        assert REVIEW_FORMATS[kind].made(review(), "en", letter("Küche GmbH", "Northlight")) == (
            made(kind, "en")
        )


@pytest.mark.slow
def test_a_quarter_is_reviewed_as_a_whole():
    found = review("2026-Q2")
    assert review_json(found)["figures"]["gmv"]["now"] == sum(series()["gmv"][12:15])
    text = pdf_text(made("pdf", "en", "2026-Q2"))
    assert plain("Review of 2026-Q2") in text and "2026-07" not in text
    assert review_file_name(found, "pdf", "en") == "funnel-sim-Kitchen-review-2026-Q2-en.pdf"


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_a_quarters_kpis_are_headed_by_the_month_that_they_are_of(lang):
    """The KPI figures are those of June, the last month of the quarter, and say so."""
    stand = review("2026-Q2").standing
    content = made("xlsx", lang, "2026-Q2")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[1]
    assert [sheet.cell(3, column).value for column in (1, 2)] == ["KPI", "2026-06"]
    assert sheet.cell(4, 2).value == pytest.approx(stand.rows[0].now)
    assert kpi_heads(stand, lang)[1] == stand.month == "2026-06"


def test_whose_report_it_is_stands_on_it():
    text = made("html", "en").decode()
    assert "Prepared for Küche GmbH by Northlight" in text


@pytest.mark.slow
def test_without_kpis_quote_or_costs_a_report_is_still_made():
    bare = engaged(
        {"kpis": [], "options": [], "history.by_channel": []}
        | {f"history.seen_{name}": [] for name in ("impressions", "carts", "cancelled", "units",
                                                     "ad_spend", "ad_sales", "refunds")}
    )  # fmt: skip
    found = review_of(bare, paths=1024)
    for kind in REVIEW_FORMATS:
        assert REVIEW_FORMATS[kind].made(found, "zh", letter())
    said = " ".join(str(block) for block in review_report(found, "en"))
    assert say("en", "review.report_no_contract") in said
    assert "ad spend" in said  # what lacks for the profit is named


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    return main(arguments, out, err), out.getvalue(), err.getvalue()


@pytest.fixture
def scenario(tmp_path):
    place = tmp_path / "s.json"
    place.write_text(files.to_text(engaged()), encoding="utf-8")
    return str(place), tmp_path / "out"


@pytest.mark.slow
def test_the_command_line_writes_the_files(scenario):
    file, folder = scenario
    code, out, _ = run(
        "review", file, "--period", "2026-Q2", "--out", str(folder), "--formats", "html, xlsx",
        "--lang", "zh", "--paths", "1024", "--for", "Küche GmbH",
    )  # fmt: skip
    assert code == 0
    names = sorted(one.name for one in folder.iterdir())
    assert names == [f"funnel-sim-Kitchen-review-2026-Q2-zh.{end}" for end in ("html", "xlsx")]
    assert out.split() == [str(folder / name) for name in names]
    assert "Küche GmbH" in (folder / names[0]).read_text("utf-8")


@pytest.mark.slow
def test_a_period_is_told_on_the_command_line_too(scenario):
    file, _ = scenario
    code, out, _ = run("review", file, "--period", "2026-06", "--json", "--paths", "1024")
    found = json.loads(out)
    assert code == 0 and found["period"]["months"] == ["2026-06"]
    assert len(found["bill"]["months"]) == 3 and found["leaks"]["months"] == ["2026-06"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--period", "2025-12"), "2025-12"),
        (("--period", "Q3"), "Q3"),
        (("--formats", "docx"), "docx"),
    ],
)
def test_what_cannot_be_made_is_refused_in_a_sentence(scenario, arguments, told):
    file, folder = scenario
    code, _, err = run("review", file, "--out", str(folder), "--paths", "1024", *arguments)
    assert code == 2 and told in err


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is needed")
def test_no_axis_label_of_the_paper_lies_over_another(tmp_path):
    """Vega hides labels that would overlap; the PDF used to draw them all the same."""
    place, tool = tmp_path / "r.pdf", str(shutil.which("pdftotext"))
    place.write_bytes(made("pdf", "en"))
    done = subprocess.run(
        [tool, "-bbox", str(place), "-"], capture_output=True, text=True, check=True,
        timeout=60,
    )  # fmt: skip
    label = r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="[\d.]+">20\d\d-\d\d<'
    rows: dict[tuple[int, float], list[tuple[float, float]]] = {}
    for page, part in enumerate(done.stdout.split("<page")):
        for x, y, right in re.findall(label, part):
            rows.setdefault((page, round(float(y))), []).append((float(x), float(right)))
    crowded = [row for row in rows.values() if len(row) > 4]
    assert crowded  # the axis of the chart of the effect
    for row in crowded:
        row.sort()
        assert all(one[1] <= two[0] for one, two in itertools.pairwise(row))
