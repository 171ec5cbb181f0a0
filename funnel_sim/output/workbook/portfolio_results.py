"""The results of a portfolio as a workbook: rows, totals by tag, how they came about, and where the
numbers of each base come from.
"""

import io
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from funnel_sim.chance.portfolio import PortfolioSimulation
from funnel_sim.decisions.portfolio.products import Products, Total
from funnel_sim.output.words.assumptions import assumptions
from funnel_sim.output.words.portfolio import tag_words, total_heads
from funnel_sim.output.words.portfolio_results import (
    RATES,
    columns,
    how_rows,
    known,
    result_heads,
    result_rows,
)
from funnel_sim.scenario.portfolio import TAGS
from funnel_sim.words import Lang, say

_WIDTH = 16
_MARGIN = 6
"""The column of the margin among the totals."""
_MOST_BASES = 30
"""Bases whose numbers are listed with their sources; more would be no list to read."""


def results_xlsx(found: Products, odds: PortfolioSimulation | None, lang: Lang) -> bytes:
    """Return the workbook.

    Args:
        found: the rows of a portfolio.
        odds: their futures; None where there are none.
        lang: the language of headings and sentences.
    """
    out = io.BytesIO()
    how = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, how)
    look = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "rate": book.add_format({"num_format": "0.0%"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
    }
    _rows(book, look, found, odds, lang)
    _totals(book, look, found, lang)
    _how(book, look, found, odds, lang)
    _sources(book, look, found, lang)
    book.close()
    return out.getvalue()


def _rows(
    book: Any, look: dict[str, Any], found: Products, odds: PortfolioSimulation | None, lang: Lang
) -> None:
    sheet = book.add_worksheet(say(lang, "portfolio_results.sheet"))
    names = columns(odds)
    for column, text in enumerate(result_heads(found, odds, lang)):
        sheet.write_string(0, column, text, look["head"])
    for line, row in enumerate(result_rows(found, odds), 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, column, cell)
            elif cell is not None:
                kind = "rate" if names[column] in RATES else "money"
                sheet.write_number(line, column, cell, look[kind])
    sheet.set_column(0, len(names) - 1, _WIDTH)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(found.portfolio.rows), len(names) - 1)


def _totals(book: Any, look: dict[str, Any], found: Products, lang: Lang) -> None:
    sheet = book.add_worksheet(say(lang, "portfolio_results.totals"))
    heads = ["", "", *total_heads(lang)]
    for column, text in enumerate(heads):
        sheet.write_string(0, column, text, look["head"])
    line = 1
    _total(sheet, look, line, say(lang, "portfolio_results.all"), found.total)
    for tag in TAGS:
        names = tag_words(found, tag, lang)
        for one in found.by_tag[tag]:
            if one.name:
                line += 1
                sheet.write_string(line, 0, say(lang, f"portfolio.by_{tag}"))
                _total(sheet, look, line, names[one.name], one)
    sheet.set_column(0, len(heads) - 1, _WIDTH)
    sheet.freeze_panes(1, 2)


def _total(sheet: Any, look: dict[str, Any], line: int, name: str, one: Total) -> None:
    sheet.write_string(line, 1, name)
    figures = (one.rows, one.losing, one.orders, one.profit, one.margin, one.lost)
    for column, value in enumerate(figures, 2):
        number = known(float(value))
        if number is not None:
            kind = "rate" if column == _MARGIN else "money"
            sheet.write_number(line, column, number, look[kind])


def _how(
    book: Any, look: dict[str, Any], found: Products, odds: PortfolioSimulation | None, lang: Lang
) -> None:
    sheet = book.add_worksheet(say(lang, "portfolio_results.how"))
    sheet.set_column(0, 0, 2 * _WIDTH)
    sheet.set_column(1, 1, 6 * _WIDTH)
    for line, (name, text) in enumerate(how_rows(found, odds, lang)):
        sheet.write_string(line, 0, name, look["head"])
        sheet.write_string(line, 1, text, look["text"])


def _sources(book: Any, look: dict[str, Any], found: Products, lang: Lang) -> None:
    """Write every input of each base that rows start from, with its source."""
    sheet = book.add_worksheet(say(lang, "portfolio_results.sources"))
    keys = ("base", "input", "value", "since", "evidence", "source")
    for column, key in enumerate(keys):
        sheet.write_string(0, column, say(lang, f"portfolio_results.source_{key}"), look["head"])
    portfolio = found.portfolio
    firsts = {row.base: row for row in reversed(portfolio.rows)}
    line = 1
    for name in sorted(firsts)[:_MOST_BASES]:
        for one in assumptions(portfolio.base_of(firsts[name]), lang):
            cells = (name, one.full_name, one.shown, one.since, one.told(lang), one.source)
            for column, text in enumerate(cells):
                sheet.write_string(line, column, text)
            line += 1
    sheet.set_column(0, 4, 1.5 * _WIDTH)
    sheet.set_column(5, 5, 5 * _WIDTH)
    sheet.freeze_panes(1, 1)
