"""What sheets of workbooks have in common, whichever file holds them: numbers and days as texts,
and where the headings stand.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from funnel_sim.errors import refuse, shorten
from funnel_sim.evidence.tables.bounds import LONGEST_HEADING, letters
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.evidence.tables.layout import Layout
from funnel_sim.evidence.tables.vocabulary import heading_row, known_headings

DAY_ZERO, DAY_ZERO_1904 = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)
"""The day that a workbook counts as 0, in either way of counting."""
LAST_DAY = 2_958_466
"""1 January 10000 as a spreadsheet counts days."""
DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)))
"""ECMA-376 18.8.30: formats of days and times that need not be written out."""
SHEETS_LOOKED_AT = 12
"""Sheets among which the one with the table is looked for."""
_SECONDS = 86_400
_NOT_A_DATE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|General', re.IGNORECASE)
_DIGITS = 15  # that a spreadsheet shows of a number
_WHOLE = 10**18
_HEADINGS_WITHIN = 40  # rows that are not blank, among which the headings are looked for


def number_text(value: float) -> str:
    """Return a number as a spreadsheet shows it: 15 digits, without an exponent.

    Args:
        value: a finite number.

    >>> number_text(0.1 + 0.2), number_text(12.0), number_text(1e-7)
    ('0.3', '12', '0.0000001')
    """
    if value.is_integer():
        return str(int(value)) if abs(value) < _WHOLE else format(Decimal(value), "f")
    shown = f"{value:.{_DIGITS}g}"
    return format(Decimal(shown), "f") if "e" in shown else shown


def day_text(value: float, day_zero: dt.datetime) -> str:
    """Return a day and its time as ISO text; of a number below 1 the time alone.

    Args:
        value: days since `day_zero`, 0 to below `LAST_DAY`.
        day_zero: the day that the workbook counts as 0.

    >>> day_text(46023.5, DAY_ZERO), day_text(0.25, DAY_ZERO)
    ('2026-01-01T12:00:00', '06:00:00')
    """
    seconds = round(value * _SECONDS)
    if value < 1 and day_zero == DAY_ZERO:  # a time of day, with no day
        return f"{day_zero + dt.timedelta(seconds=min(seconds, _SECONDS - 1)):%H:%M:%S}"
    return (day_zero + dt.timedelta(seconds=seconds)).isoformat()


def shows_a_day(code: str) -> bool:
    """Return whether a number format shows a date or a time of day.

    >>> shows_a_day("yyyy-mm-dd"), shows_a_day('0.00" day"'), shows_a_day("[Red]0.00")
    (True, False, False)
    """
    return any(
        letter in "ymdhs年月日" for letter in _NOT_A_DATE.sub("", code.split(";", 1)[0]).lower()
    )


def headed(
    name: str, texts: pd.DataFrame, numbers: pd.DataFrame, unsaved: Mapping[int, Sequence[int]]
) -> Layout:
    """Return a sheet's headings and the cells below them.

    Args:
        name: of the file, for refusals.
        texts: the cells of the rows that hold any, columns by their place, rows by their number
            in the sheet − 2.
        numbers: which of them the file holds as numbers, of the same shape.
        unsaved: of each column the rows, counted from 1, with a formula that has no saved value.

    Raises:
        InputError: where a heading is too long.
    """
    places = [int(place) for place in texts.columns]
    if texts.empty:
        return Layout([], pd.DataFrame(columns=places, dtype=str))
    top = heading_row([list(row) for row in texts.head(_HEADINGS_WITHIN).itertuples(index=False)])
    headings = [str(cell) for cell in texts.iloc[top]]
    for place, heading in zip(places, headings, strict=True):
        if len(heading) > LONGEST_HEADING:
            raise refuse(
                name,
                None,
                "table_long_heading",
                column=letters(place),
                most=f"{LONGEST_HEADING:,}",
            )
    row = int(texts.index[top]) + 2
    findings = [Finding("above", parts={"count": row - 1})] if top else []
    above = tuple(
        " ".join(filter(None, row_above)) for row_above in texts.iloc[:top].itertuples(index=False)
    )
    for place in places:
        rows = [one for one in unsaved.get(place, ()) if one > row]
        if rows:
            heading = shorten(headings[places.index(place)]) or f"({letters(place)})"
            findings.append(
                Finding(
                    "formulas",
                    parts={
                        "name": heading,
                        "count": len(rows),
                        "cell": f"{letters(place)}{rows[0]}",
                    },
                )
            )
    return Layout(headings, texts.iloc[top + 1 :], numbers.iloc[top + 1 :], tuple(findings), above)


def chosen_sheet(sheets: Iterable[tuple[str, Layout]], count: int) -> Layout:
    """Return the first sheet whose headings are known, else the first with a table; which one it is
    is told where there are several.

    Args:
        sheets: title and layout of each sheet, at least one; read on only as far as needed.
        count: sheets of the workbook.
    """
    fallback: tuple[str, Layout] | None = None
    empty: Layout | None = None
    for title, found in sheets:
        if found.cells.empty:
            empty = empty or found
        elif known_headings(*found.headings) >= 2:
            return _of_sheet(found, title, count)
        elif fallback is None:
            fallback = title, found
    if fallback is not None:
        return _of_sheet(fallback[1], fallback[0], count)
    assert empty is not None
    return empty


def _of_sheet(found: Layout, title: str, count: int) -> Layout:
    told = Finding("sheet", parts={"name": shorten(title), "count": count})
    return replace(found, findings=(*found.findings, told)) if count > 1 else found
