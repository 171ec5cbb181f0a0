"""The files on a portfolio: opened again, their figures are those of the page; both languages
whole; one page first; many rows stay a report; the command line writes the same files.
"""

import io
import re
from dataclasses import replace
from functools import cache

import openpyxl
import pytest
from pptx import Presentation
from pypdf import PdfReader

from funnel_sim.chance.portfolio import simulate_portfolio
from funnel_sim.cli import main
from funnel_sim.decisions.portfolio.found import find_portfolio, rates_used, split_of
from funnel_sim.decisions.portfolio.products import products
from funnel_sim.evidence.portfolio.example import example_portfolio
from funnel_sim.output.documents.blocks import (
    Heading,
    KeyFigures,
    Note,
    PageBreak,
    Paragraph,
    Points,
    TableBlock,
)
from funnel_sim.output.documents.chapters.portfolio_budget import budget_chapter, why_no_split
from funnel_sim.output.documents.leave_behind import letter
from funnel_sim.output.documents.portfolio_report import portfolio_report
from funnel_sim.output.exports import PORTFOLIO_FORMATS, portfolio_file_name
from funnel_sim.output.words.budget import BudgetNames, headline, line_rows, next_sentences
from funnel_sim.output.words.budget import chance_sentences as budget_chances
from funnel_sim.output.words.formats import joined
from funnel_sim.output.words.portfolio import (
    chance_sentences,
    loser_rows,
    portfolio_sentences,
    total_rows,
)
from funnel_sim.output.words.portfolio_page import (
    currency_sentence,
    hidden_sentences,
    portfolio_tiles,
)
from funnel_sim.output.words.portfolio_sources import MOST_BASES
from funnel_sim.output.workbook.portfolio_totals import LiveTotals
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.budget import BudgetTerms
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.portfolio_files import portfolio_text
from funnel_sim.words import LANGS, say
from tests.output.test_slides import words_on

CJK = re.compile(r"[\u4e00-\u9fff]")
WIDE, HIGH = 12192000, 6858000
DE = "amazon-de-kitchen"


@cache
def found(lang="en", simulated=True):
    some = example_portfolio(lang)
    return find_portfolio(some, simulate_portfolio(some, 256) if simulated else None)


@cache
def made(kind, lang):
    return PORTFOLIO_FORMATS[kind].made(found(lang), lang, letter("Küche GmbH", "Northlight"))


@cache
def many(rows=500):
    priced = (
        PortfolioRow(f"Item {n}", DE, {"product.price": 12.0 + 0.1 * n}, product=f"Product {n}")
        for n in range(rows)
    )
    return find_portfolio(Portfolio(tuple(priced), DATA_DATE))


def plain(text):
    return re.sub(r"\s+", "", joined(text))


def shown(lang):
    """Return what the page says of the same portfolio."""
    rows = found(lang).products
    out = [
        *portfolio_sentences(rows, lang),
        *hidden_sentences(rows, lang),
        *chance_sentences(found(lang).odds, lang),
        currency_sentence(rows.portfolio, lang),
        *(tile.value for tile in portfolio_tiles(rows, lang)),
    ]
    return [*out, *(cell for row in loser_rows(rows, lang) for cell in row.cells)]


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_report_says_what_the_page_says(lang):
    page = plain(re.sub(r"<[^>]+>", " ", made("html", lang).decode()).replace("&#x27;", "'"))
    reader = PdfReader(io.BytesIO(made("pdf", lang)))
    paper = plain("".join(sheet.extract_text() for sheet in reader.pages))
    for text in shown(lang):
        assert plain(text) in page, text
    for tile in portfolio_tiles(found(lang).products, lang):
        assert plain(tile.value) in paper
    body = re.sub(r"<style>.*?</style>", "", made("html", lang).decode(), flags=re.S)
    assert bool(CJK.search(body)) == (lang == "zh")
    assert not re.search(r"\{[a-z_]+\}|\bnan\b|None", page)


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_one_page_first(lang):
    blocks = portfolio_report(found(lang), lang, letter("Küche GmbH"))
    first = blocks[: next(n for n, one in enumerate(blocks) if isinstance(one, PageBreak))]
    whose, verdict = (one for one in first if isinstance(one, Note))
    assert whose.title == say(lang, "shop.example")  # invented rows are called so in the file too
    assert verdict.text == portfolio_sentences(found(lang).products, lang)[0]
    assert verdict.tone == "middle"
    [figures] = [one for one in first if isinstance(one, KeyFigures)]
    assert len(figures.items) == 4
    heads = [one.text for one in first if isinstance(one, Heading) and one.level == 2]
    names = ("loses", "hidden", "odds", "rests")
    assert heads == [say(lang, f"portfolio_report.h_{name}") for name in names]
    page = PdfReader(io.BytesIO(made("pdf", lang))).pages[0]
    assert plain(heads[-1]) in plain(page.extract_text())  # the whole of it stands on page one


@pytest.mark.slow
def test_without_futures_the_file_says_that_there_are_none():
    blocks = portfolio_report(found("en", simulated=False), "en")
    told = say("en", "portfolio_report.not_simulated")
    assert any(isinstance(one, Points) and told in one.items for one in blocks)
    assert any(isinstance(one, Paragraph) and one.text == told for one in blocks)
    assert not any("simulations" in one.footer for one in blocks[:1])


@pytest.mark.slow
def test_weak_inputs_are_marked_and_currencies_told():
    blocks = portfolio_report(found(), "en")
    ledgers = [one for one in blocks if isinstance(one, TableBlock) and one.assumed]
    assert len(ledgers) == MOST_BASES
    for table in ledgers:
        for place, row in enumerate(table.rows):
            assert (place in table.assumed) == row[3].endswith(say("en", "report.weak"))
    used = rates_used(found().portfolio)
    assert [one.currency for one in used] == ["EUR", "GBP", "JPY", "MYR", "USD"]
    assert sum(one.rows for one in used) == 12
    in_dollars = rates_used(replace(found().portfolio, currency="USD"))
    assert {one.own for one in in_dollars} == {False}  # costs are in CNY: the dated table's rates


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_the_ad_budget_is_told_as_on_its_page(lang):
    """Both splits, the gain with its interval, the optimism, where the next money goes."""
    split, names = found(lang).split, BudgetNames({})
    blocks = portfolio_report(found(lang), lang)
    said_ = [one for block in blocks if isinstance(block, Points) for one in block.items]
    assert headline(split, names, lang) in [
        one.text for one in blocks if isinstance(one, Paragraph)
    ]
    for told in (*budget_chances(split, names, lang), *next_sentences(split, names, lang)):
        assert told in said_
    table = next(
        one
        for one in blocks
        if isinstance(one, TableBlock) and one.title == say(lang, "budget.table_title")
    )
    lines = line_rows(split, names, lang)
    assert [row[:3] for row in table.rows] == [(one.name, *one.cells[:2]) for one in lines]
    slide = Presentation(io.BytesIO(made("pptx", lang))).slides[6]
    assert plain(headline(split, names, lang)) in plain(" ".join(words_on(slide)))


@pytest.mark.slow
def test_the_sheet_on_the_ad_budget_adds_up():
    book = openpyxl.load_workbook(io.BytesIO(made("xlsx", "en")))
    sheet, split = book[say("en", "portfolio_results.split")], found("en").split
    last = len(split.lines) + 2
    by_name = {one.name: one for one in split.lines}
    for row in sheet.iter_rows(min_row=2, max_row=last - 1, values_only=True):
        assert row[1:3] == pytest.approx((by_name[row[0]].now, by_name[row[0]].best))
    assert sheet["D2"].value == "=C2-B2" and sheet[f"C{last}"].value == f"=SUM(C2:C{last - 1})"
    assert sum(one.best for one in split.lines) == pytest.approx(split.total)


def test_why_there_is_no_split_of_the_ad_budget_is_told():
    """Many rows, rows without ads, a goal that cannot be kept."""
    assert many().split is None
    assert say("en", "portfolio_report.split_many", most=20, rows="500") in why_no_split(
        many(), "en"
    )
    quiet = Portfolio((PortfolioRow("a", "temu-half-managed-us"),), DATA_DATE)
    floor = BudgetTerms(budget_goal="gmv", profit_floor=1e9)
    for portfolio in (quiet, replace(quiet, rows=(PortfolioRow("a", DE),), budget=floor)):
        bare = replace(many(), products=products(portfolio), split=split_of(portfolio))
        [told] = why_no_split(bare, "en")
        blocks = budget_chapter(bare, "en")
        assert told in [one.text for one in blocks if isinstance(one, Paragraph)]


def test_many_rows_stay_a_report():
    blocks = portfolio_report(many(), "en")
    longest = max(len(one.rows) for one in blocks if isinstance(one, TableBlock))
    assert longest < 100  # the longest is a base's ledger, no list of rows
    text = " ".join(one.text for one in blocks if isinstance(one, Paragraph))
    assert say("en", "pooled.many", most=200, rows="500") in text


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_slides_hold_the_same_figures_and_stay_on_the_slide(lang):
    deck = Presentation(io.BytesIO(made("pptx", lang)))
    assert len(deck.slides) == 8
    text = plain(" ".join(word for slide in deck.slides for word in words_on(slide)))
    rows = found(lang).products
    for told in (*portfolio_sentences(rows, lang)[:2], chance_sentences(found(lang).odds, lang)[0]):
        assert plain(told) in text, told
    assert plain(loser_rows(rows, lang)[0].cells[2]) in text
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= WIDE
            assert shape.top >= 0 and shape.top + shape.height <= HIGH
        assert slide.notes_slide.notes_text_frame.text
    charts = [s.chart for slide in deck.slides for s in slide.shapes if s.has_chart]
    losers = [float(rows.profit_shown[at]) for at in rows.losing]
    assert list(charts[0].plots[0].series[0].values) == pytest.approx(losers)


def test_slides_without_a_loss_maker_show_the_best_and_the_worst():
    priced = tuple(PortfolioRow(f"{n}", DE, {"product.price": 60.0 + n}) for n in range(3))
    content = PORTFOLIO_FORMATS["pptx"].made(find_portfolio(Portfolio(priced, DATA_DATE)), "en")
    deck = Presentation(io.BytesIO(content))
    assert say("en", "portfolio.lose_none") in words_on(deck.slides[1])
    assert 5 <= len(deck.slides) <= 6


# ---- the workbook
# --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_the_workbook_sums_the_rows_by_formulas_that_come_to_the_page(lang):
    values = openpyxl.load_workbook(io.BytesIO(made("xlsx", lang)), data_only=True)
    live = openpyxl.load_workbook(io.BytesIO(made("xlsx", lang)))
    title = say(lang, "portfolio_results.totals")
    total = found(lang).products.total
    head = [cell.value for cell in values[title][2]][3:]
    assert head == pytest.approx(
        [12, 3, total.orders, total.profit, total.margin, total.lost, total.net_revenue]
    )
    formulas = [c.value for row in live[title].iter_rows(min_row=2) for c in row[3:]]
    assert all(str(one).startswith("=") for one in formulas)
    summary = live[say(lang, "portfolio_report.summary")]
    assert len(summary._charts) == 1
    told = [cell.value for cell in summary["B"] if cell.value]
    assert portfolio_sentences(found(lang).products, lang)[0] in told
    shaded = live[say(lang, "portfolio_results.sources")]
    weak = say(lang, "report.weak")
    marked = {row[0].fill.fgColor.rgb for row in shaded.iter_rows(min_row=2)
              if str(row[4].value).endswith(weak)}  # fmt: skip
    assert marked == {"FFFFF2CC"}


def test_words_that_a_spreadsheet_takes_for_another_are_compared_exactly():
    words = ("a", "A", "b", "c*", "01", "<d", "")
    rows = tuple(PortfolioRow(f"{n}", DE, {}, group=word) for n, word in enumerate(words))
    live = LiveTotals(products(Portfolio(rows, DATA_DATE)), ["group", "profit_shown", "net_shown",
                      "orders"], "Rows")  # fmt: skip
    exact = {
        one.name: "EXACT" in live.of_word("group", one, line)["profit"][0]
        for line, one in enumerate(live.words("group")[0], 2)
    }
    assert exact == {
        "a": True,
        "A": True,
        "b": False,
        "c*": True,
        "01": True,
        "<d": True,
        "": False,
    }


def test_a_tag_of_many_words_has_the_least_and_the_largest_and_one_line_for_the_rest():
    live = LiveTotals(many().products, ["product", "profit_shown", "net_shown", "orders"], "Rows")
    shown_, others = live.words("product")
    assert (len(shown_), others) == (200, 300)
    rest = live.rest("product", 2, 201, shown_)
    total = many().products.total
    named = sum(one.profit for one in shown_)
    assert rest["profit"][1] == pytest.approx(total.profit - named)
    assert rest["rows"][1] == 300


# ---- names and the command line
# --------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_names_are_in_the_language_with_the_day():
    some = found().portfolio
    assert portfolio_file_name(some, "pdf", "en") == "portfolio-report-2026-11-27-en.pdf"
    assert portfolio_file_name(some, "xlsx", "zh") == "产品组合结果-2026-11-27-zh.xlsx"


@pytest.mark.slow
def test_the_same_portfolio_gives_the_same_bytes():
    for kind in ("html", "pdf", "xlsx"):
        again = PORTFOLIO_FORMATS[kind].made(found(), "en", letter("Küche GmbH", "Northlight"))
        assert again == made(kind, "en"), kind


@pytest.mark.slow
def test_the_command_line_writes_the_same_files(tmp_path, capsys):
    place = tmp_path / "items.json"
    place.write_text(portfolio_text(found().portfolio), encoding="utf-8")
    asked = ["portfolio", str(place), "--out", str(tmp_path / "out"), "--paths", "256"]
    assert (
        main([*asked, "--formats", "html,xlsx", "--for", "Küche GmbH", "--by", "Northlight"]) == 0
    )
    written = capsys.readouterr().out.split()
    assert [one.rpartition(".")[2] for one in written] == ["html", "xlsx"]
    page = (tmp_path / "out" / portfolio_file_name(found().portfolio, "html", "en")).read_bytes()
    assert page == made("html", "en")
    assert main([*asked, "--formats", "docx"]) == 2
    assert "html, pdf, pptx, xlsx" in capsys.readouterr().err


@pytest.mark.slow
def test_totals_of_the_report_are_those_of_the_page():
    rows = found().products
    tables = [one for one in portfolio_report(found(), "en") if isinstance(one, TableBlock)]
    for tag in ("market", "platform"):
        told = tuple((row.name, *row.cells) for row in total_rows(rows, tag, "en"))
        assert any(one.rows == told for one in tables)
