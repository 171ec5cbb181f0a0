"""Numbers and days of a workbook's cells as texts, and the sheet with the table among others."""

import datetime as dt

import pandas as pd
import pytest

from funnel_sim.evidence.tables.layout import Layout
from funnel_sim.evidence.tables.sheets import (
    DATE_FORMATS,
    DAY_ZERO,
    DAY_ZERO_1904,
    LAST_DAY,
    chosen_sheet,
    day_text,
    headed,
    number_text,
    shows_a_day,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (-3.0, "-3"), (12.5, "12.5"), (0.1 + 0.2, "0.3"), (1 / 3, "0.333333333333333"),
        (1e-7, "0.0000001"), (1234567.891, "1234567.891"), (1e17, "100000000000000000"),
        (1e18, "1000000000000000000"), (-1e20, "-100000000000000000000"),
        (1.5e-10, "0.00000000015"),
    ],
)  # fmt: skip
def test_a_number_is_written_without_an_exponent(value, text):
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("value", "zero", "text"),
    [
        # 46023 is 1 January 2026 counted from 1900; counted from 1904 it is 1,462 days later
        (46023.0, DAY_ZERO, "2026-01-01T00:00:00"), (46023.0, DAY_ZERO_1904, "2030-01-02T00:00:00"),
        (44561.0, DAY_ZERO_1904, "2026-01-01T00:00:00"),
        (1.0, DAY_ZERO, "1899-12-31T00:00:00"), (0.0, DAY_ZERO, "00:00:00"),
        (0.5, DAY_ZERO, "12:00:00"), (0.5, DAY_ZERO_1904, "1904-01-01T12:00:00"),
        (1 - 1e-9, DAY_ZERO, "23:59:59"), (46023 + 1 / 86_400, DAY_ZERO, "2026-01-01T00:00:01"),
    ],
)  # fmt: skip
def test_a_day_is_counted_from_1900_or_1904(value, zero, text):
    assert day_text(value, zero) == text


def test_the_last_day_that_a_spreadsheet_counts():
    assert DAY_ZERO + dt.timedelta(days=LAST_DAY - 1) == dt.datetime(9999, 12, 31)


def test_the_formats_of_days_that_need_not_be_written_out():
    # ECMA-376 18.8.30, and what Excel keeps for East Asia: 27 to 36 and 50 to 58
    assert sorted(DATE_FORMATS) == [*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)]


@pytest.mark.parametrize(
    ("code", "is_day"),
    [
        ("General", False), ("0.00", False), ("#,##0", False), ("yyyy-mm-dd", True),
        ("h:mm", True), ("[h]:mm", True), ("[Red]0.00", False), ('0 "days"', False),
        ("0\\d", False), ("_d0", False), ("0;yyyy", False), ("yyyy;0", True),
        ('yyyy"年"m"月"', True), ("ss", True), ("[$-411]0", False),
    ],
)  # fmt: skip
def test_a_format_shows_a_day_by_its_letters(code, is_day):
    assert shows_a_day(code) == is_day


def layout(*rows, first=2, unsaved=None):
    """A sheet whose rows begin in one of its rows, counted from 1."""
    texts = pd.DataFrame(
        [list(row) for row in rows], index=range(first - 2, first - 2 + len(rows)), dtype=str
    )
    return headed("x.xlsx", texts, texts.map(lambda _: False), unsaved or {})


def test_headings_are_sought_below_a_title_and_what_stands_above_is_told():
    found = layout(["Shop report", ""], ["month", "gmv"], ["2026-01", "5"], first=1)
    assert found.headings == ["month", "gmv"] and found.above == ("Shop report",)
    [told] = found.findings
    assert (told.kind, told.parts["count"]) == ("above", 1)
    assert found.cells.iloc[:, 1].tolist() == ["5"]
    plain = layout(["month", "gmv"], ["2026-01", "5"], first=1)
    assert plain.findings == () and plain.above == ()


def test_formulas_without_a_value_are_told_only_below_the_headings():
    told = layout(
        ["month", "gmv"], ["2026-01", ""], ["2026-02", "4"], first=3, unsaved={1: [2, 3, 4, 5]}
    ).findings
    assert [(one.kind, one.parts.get("cell"), one.parts["count"]) for one in told] == [
        ("formulas", "B4", 2)
    ]


def table(*headings):
    return Layout(list(headings), pd.DataFrame([["1"] * len(headings)]))


def test_of_several_sheets_the_first_with_known_headings_counts():
    empty = Layout([], pd.DataFrame())
    sheets = [("a", empty), ("b", table("x", "y")), ("c", table("month", "gmv")), ("d", table("z"))]
    found = chosen_sheet(iter(sheets), 4)
    assert found.headings == ["month", "gmv"]
    assert [(one.kind, one.parts) for one in found.findings] == [
        ("sheet", {"name": "c", "count": 4})
    ]
    # one known heading is not enough: then the first table counts; without any, the empty one
    assert chosen_sheet([("a", table("x", "y")), ("b", table("gmv", "y"))], 2).headings == [
        "x",
        "y",
    ]
    assert chosen_sheet([("a", empty)], 1) is empty
    assert chosen_sheet([("a", table("month", "gmv"))], 1).findings == ()
