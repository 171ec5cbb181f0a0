"""A portfolio as the spreadsheet from which it can be read again: headings of the template, a
column for every field in which a row differs.

Lists, ranges and tables have no cell. Of a range its likely value is written, so that a row read
again has the same likely figures; rows that change such a field are counted, and named with the
field, so that whoever takes the spreadsheet is told that only the file holds all of them.
"""

import csv
import io
from collections.abc import Mapping
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from funnel_sim.evidence.portfolio.columns import OF_CHANNEL, column_of, heading_of, template_fields
from funnel_sim.evidence.portfolio.reading import RISKY
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.portfolio import TAGS, Portfolio
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_HEADS = ("name", "base", *TAGS)
_WIDTH = 18


def sheet_columns(portfolio: Portfolio) -> tuple[str, ...]:
    """Return the columns of a portfolio's fields: those of the template in which a row differs,
    then the others in the order in which they come up.

    Args:
        portfolio: the rows.
    """
    found: dict[str, None] = {}
    known: dict[tuple[str, str], str] = {}
    for row in portfolio.rows:
        for path in row.changes:
            key = (row.base, path)
            if key not in known:
                known[key] = column_of(portfolio.base_of(row), path)
            found[known[key]] = None
    first = [one for one in template_fields() if one in found]
    return (*first, *(one for one in found if one not in first))


def has_cell(value: object) -> bool:
    """Say whether a change can stand in a cell: a number, a switch or a word.

    Args:
        value: as a scenario file holds it.
    """
    return isinstance(value, bool | int | float | str)


def without_cell(portfolio: Portfolio) -> int:
    """Return how many rows a spreadsheet cannot hold whole: those that change a list, a range or a
    table.

    Args:
        portfolio: the rows.
    """
    return sum(
        1 for row in portfolio.rows if not all(has_cell(one) for one in row.changes.values())
    )


def fields_without_cell(portfolio: Portfolio, lang: Lang) -> list[tuple[str, str, bool]]:
    """Return which rows and fields a spreadsheet cannot hold whole.

    Args:
        portfolio: the rows.
        lang: the language of the headings.

    Returns:
        Name of the row, heading of the field, and whether its likely value is written.
    """
    out = []
    for row in portfolio.rows:
        for path, value in row.changes.items():
            if not has_cell(value):
                base = portfolio.base_of(row)
                likely = _likely(base, path, value) is not None
                out.append((row.name, heading_of(column_of(base, path), lang), likely))
    return out


def _likely(base: Scenario, path: str, value: object) -> float | None:
    """Return the likely value of a change that is a range; None where it is none."""
    found = base.replace({path: value}).get(path)
    return float(point_value(found)) if is_range(found) else None


def sheet_rows(portfolio: Portfolio, lang: Lang) -> list[list[str | float | bool]]:
    """Return the headings and the rows of a portfolio's spreadsheet; "" where a row has its base's
    own, the likely value where it has a range.

    Args:
        portfolio: the rows.
        lang: the language of the headings.

    Returns:
        Lines of cells, the headings first.
    """
    columns = sheet_columns(portfolio)
    out: list[list[str | float | bool]] = [[heading_of(one, lang) for one in (*_HEADS, *columns)]]
    known: dict[tuple[str, str], str] = {}
    for row in portfolio.rows:
        cells: dict[str, Any] = {}
        for path, value in row.changes.items():
            key = (row.base, path)
            if key not in known:
                known[key] = column_of(portfolio.base_of(row), path)
            if has_cell(value):
                cells[known[key]] = value
            elif (likely := _likely(portfolio.base_of(row), path, value)) is not None:
                cells[known[key]] = likely
        heads = [str(getattr(row, name)) for name in _HEADS]
        out.append([*heads, *(cells.get(one, "") for one in columns)])
    return out


def csv_sheet(portfolio: Portfolio, lang: Lang) -> str:
    """Return a portfolio as CSV, rates as fractions.

    Args:
        portfolio: the rows.
        lang: the language of the headings.

    Examples:
        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> from funnel_sim.scenario.portfolio import PortfolioRow
        >>> mug = PortfolioRow("Mug", "amazon-de-kitchen", {"product.price": 24.0})
        >>> print(csv_sheet(Portfolio((mug,), DATA_DATE), "en"), end="")
        Name,Base,Product,Market,Platform,Category,Group,Price
        Mug,amazon-de-kitchen,,,,,,24.0
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [[_plain(one) for one in row] for row in sheet_rows(portfolio, lang)]
    )
    return out.getvalue()


def _plain(cell: str | float | bool) -> str | float:
    """Return a cell for CSV: a switch as a word; a name that a spreadsheet would take for a formula
    with a mark before it.
    """
    if isinstance(cell, bool):
        return str(cell).lower()
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(RISKY) else cell


def xlsx_sheet(portfolio: Portfolio, lang: Lang) -> bytes:
    """Return a portfolio as an XLSX workbook, its rates shown in percent.

    Args:
        portfolio: the rows.
        lang: the language of the headings.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    head = book.add_format({"bold": True, "bottom": 1})
    percent = book.add_format({"num_format": "0.0%"})
    sheet = book.add_worksheet(say(lang, "portfolio.sheet"))
    columns = sheet_columns(portfolio)
    formats: Mapping[int, Any] = {
        len(_HEADS) + place: percent for place, one in enumerate(columns) if _is_rate(one)
    }
    sheet.set_column(0, len(_HEADS) + len(columns), _WIDTH)
    for line, row in enumerate(sheet_rows(portfolio, lang)):
        for column, cell in enumerate(row):
            if isinstance(cell, bool):
                sheet.write_string(line, column, str(cell).lower())
            elif isinstance(cell, int | float):
                sheet.write_number(line, column, cell, formats.get(column))
            elif cell:
                sheet.write_string(line, column, cell, None if line else head)
    sheet.freeze_panes(1, 2)
    book.close()
    return out.getvalue()


def _is_rate(column: str) -> bool:
    spec = spec_of(column.replace(OF_CHANNEL, "channels.any.", 1))
    return spec is not None and spec.unit is Unit.RATE
