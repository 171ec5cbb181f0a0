"""Sheets written as an XLSX file: looks, widths, charts, what a cell takes."""

import datetime as dt
import io
import math
from collections.abc import Callable
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from babel.numbers import get_currency_precision

from funnel_sim.model.written import Term
from funnel_sim.output.design import PALETTES
from funnel_sim.output.words import formats
from funnel_sim.output.workbook.cells import CHART_ROWS, MonthsChart, Sheet, finite, quoted
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_FONT = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
_MOST_WIDTH = 255
_LARGEST = 1e15
_LONG_TEXT = 61
_LINE, _AIR, _USUAL_WIDTH, _EASTERN = 15.0, 1.08, 8.43, 0x2E80


def _looks(currency: str, lang: Lang) -> dict[str, dict[str, Any]]:
    digits = get_currency_precision(currency)
    money = "#,##0" + ("." + "0" * digits if digits else "")
    switch = f'[=1]"{say(lang, "word.yes")}";[=0]"{say(lang, "word.no")}";General'
    return {
        "switch": {"num_format": switch, "align": "right"},
        **{
            f"pay{places}": {
                "num_format": "#,##0" + ("." + "0" * places if places else ""),
                "align": "right",
            }
            for places in range(5)
        },
        "money": {"num_format": f"{money};[Red]-{money};{money}"},
        "rate": {"num_format": "0.00%"},
        "count": {"num_format": "#,##0.00"},
        "ratio": {"num_format": "0.0000"},
        "fine": {"num_format": "0.000000"},
        "plain": {"num_format": "General"},
        "text": {"num_format": "@"},
        "title": {"bold": True, "font_size": 16},
        "lead": {"italic": True, "font_color": "#555555"},
        "quiet": {"font_color": "#666666"},
        "head": {"bold": True, "bg_color": "#E7E6E6", "bottom": 1, "text_wrap": True},
        "group": {"bold": True, "font_color": "#1F4E79", "top": 1},
        "sum": {"bold": True, "top": 1},
        "right": {"align": "right"},
        "left": {"align": "left"},
        "wrap": {"text_wrap": True},
        "strong": {"bold": True},
        "flag": {"text_wrap": True},
        "input": {
            "bg_color": "#FFF2CC",
            "font_color": "#0000FF",
            "border": 1,
            "border_color": "#BFBFBF",
        },
    }


def _exact_input(look: str) -> dict[str, Any]:
    """Return the number format of an input: rounded for the eye, small amounts with two digits
    more; the cell holds every digit.
    """
    shown = {"money": "[<1]0.00##;#,##0.00", "rate": "0.0##%"}
    return {"num_format": shown[look]} if look in shown else {}


def written(scenario: Scenario, sheets: list[Sheet], lang: Lang, *, cached: bool = True) -> bytes:
    """Return sheets as an XLSX file; the cells of formulas hold what they come to, or 0 where that
    is not `cached`.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    made = dt.datetime(
        scenario.as_of.year, scenario.as_of.month, scenario.as_of.day, tzinfo=dt.UTC
    )  # no clock: the same scenario is the same file
    book.set_properties({"title": scenario.name or "Funnel Sim", "created": made})
    book.set_calc_mode("auto")
    looks, formats_made = _looks(scenario.currency, lang), dict[str, Any]()

    def style(look: str) -> Any:
        if look not in formats_made:
            parts = look.split()
            whole = dict(_FONT)
            for part in parts:
                whole |= looks.get(part, {})
                if part in ("money", "rate") and ("input" in parts):
                    whole |= _exact_input(part)
            formats_made[look] = book.add_format(whole)
        return formats_made[look]

    for sheet in sheets:
        page = book.add_worksheet(sheet.title)
        page.hide_gridlines(2)
        page.freeze_panes(*sheet.freeze)
        for column, width in sheet.widths.items():
            page.set_column(column, column, min(width, _MOST_WIDTH), style(""))
        _fill(page, sheet, style, cached=cached)
        for row, lines in _wrapped(sheet).items():
            page.set_row(row, _LINE * lines)
        for chart in sheet.charts:
            page.insert_chart(*chart.at, _months_chart(book, chart))
        for (row, column), choices in sheet.lists.items():
            page.data_validation(row, column, row, column, {"validate": "list", "source": choices})
        for (row, column), ends in sheet.bounds.items():
            page.data_validation(row, column, row, column, _checked(*ends, lang))
        if (
            sheet.key != "cover" and sheet.cells
        ):  # long texts beside the figures are for the screen; on paper they would shrink the rest
            last = max(
                (column for _, column in sheet.cells if sheet.widths.get(column, 0) < _LONG_TEXT),
                default=0,
            )
            page.print_area(0, 0, max(row for row, _ in sheet.cells), last)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0, max(sheet.freeze[0] - 1, 0))
    for sheet in sheets:
        for name, (top, left, bottom, right) in sheet.names.items():
            book.define_name(
                name,
                f"={quoted(sheet.title)}!{_absolute(top, left)}"
                + ("" if (top, left) == (bottom, right) else f":{_absolute(bottom, right)}"),
            )
    book.close()
    return out.getvalue()


def _months_chart(book: Any, chart: MonthsChart) -> Any:
    """Return a column chart of a row of months, red below zero."""
    look, (top, left, bottom, right) = PALETTES["light"], chart.cells
    made = book.add_chart({"type": "column"})
    made.add_series(
        {
            "name": chart.title,
            "values": [chart.sheet, top, left, bottom, right],
            "fill": {"color": look.gain},
            "invert_if_negative": True,
            "invert_if_negative_color": look.loss,
            "gap": 40,
        }
    )
    made.set_title({"name": chart.title, "name_font": {"size": 12}, "overlay": False})
    made.set_legend({"none": True})
    made.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": look.line}}})
    made.set_x_axis({"label_position": "low"})
    made.set_size({"width": 720, "height": 20 * (CHART_ROWS - 1)})
    return made


def _wrapped(sheet: Sheet) -> dict[int, int]:
    """Return the rows whose texts need more than one line, and how many; spreadsheets differ in
    whether they work that out.
    """
    found: dict[int, int] = {}
    for (row, column), (content, look) in sheet.cells.items():
        if "title" in look.split():  # its type is as high as two lines
            found[row] = max(2, found.get(row, 1))
        if isinstance(content, str) and {"wrap", "head"} & set(look.split()):
            width = sum(1 + (ord(one) > _EASTERN) for one in content) * _AIR
            lines = math.ceil(width / sheet.widths.get(column, _USUAL_WIDTH))
            if lines > 1:
                found[row] = max(lines, found.get(row, 1))
    return found


def _fill(page: Any, sheet: Sheet, style: Callable[[str], Any], *, cached: bool) -> None:
    """Write the cells of a sheet."""
    for (row, column), (content, look) in sheet.cells.items():
        if isinstance(content, Term):
            value = content.value if isinstance(content.value, str) else finite(content.value)
            page.write_formula(
                row, column, "=" + sheet.formula(row, column), style(look), value if cached else 0
            )
        elif isinstance(content, str):
            page.write_string(row, column, formats.joined(content), style(look))
        elif content is None:
            if "input" in look or sheet.key == "inputs":
                page.write_blank(row, column, None, style(look))
            else:
                page.write_string(row, column, formats.NOTHING, style(f"{look} right"))
        else:
            page.write_number(row, column, content, style(look))


def _checked(low: float | None, high: float | None, lang: Lang) -> dict[str, Any]:
    """Return what a cell takes: a number, within its field's bounds."""
    least, most = -_LARGEST if low is None else low, _LARGEST if high is None else high
    shown = [
        formats.NOTHING if one is None else formats.exact(round(one, 6)) for one in (low, high)
    ]
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": least,
        "maximum": most,
        "error_title": "Funnel Sim",
        "error_message": say(lang, "workbook.takes", low=shown[0], high=shown[1]),
    }


def _absolute(row: int, column: int) -> str:
    return str(xlsxwriter.utility.xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))
