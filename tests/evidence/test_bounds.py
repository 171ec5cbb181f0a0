"""How large a file may be: each bound as it is told to who meets it, and both sides of those that
small files reach.
"""

import io

import openpyxl
import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.tables import bounds, workbook_cells
from funnel_sim.evidence.tables.bounds import check_area, check_cell, letters
from funnel_sim.evidence.tables.tables import read_table


@pytest.mark.parametrize(
    ("name", "most"),
    [
        # megabytes of 1,048,576 bytes
        ("LARGEST", 209_715_200), ("MOST_UNPACKED", 2_147_483_648), ("PACKED_FROM", 10_485_760),
        ("LARGEST_SMALL_PART", 10_485_760),
        ("MOST_PACKED", 100), ("MOST_PARTS", 10_000), ("MOST_FORMATS", 65_490),
        ("MOST_RECORDS", 2_000_000), ("MOST_SHARED", 2_000_000), ("MOST_ROWS", 10_000_000),
        ("MOST_COLUMNS", 2_000), ("MOST_CELLS", 100_000_000), ("SPARE_CELLS", 5_000_000),
        ("MOST_HOLES", 50), ("LONGEST_CELL", 100_000), ("LONGEST_HEADING", 1_000),
    ],
)  # fmt: skip
def test_the_bounds_are_those_that_refusals_and_docs_tell(name, most):
    assert getattr(bounds, name) == most


@pytest.mark.parametrize(
    ("rows", "columns", "rule"),
    [
        (10_000_000, 10, None), (10_000_001, 1, "table_rows"),
        (50_000, 2_000, None), (1, 2_001, "table_columns"),
        (50_001, 2_000, "table_cells"),
    ],
)  # fmt: skip
def test_an_area_is_refused_from_one_more_on(rows, columns, rule):
    if rule is None:
        check_area("x.csv", rows, columns)
        return
    with pytest.raises(InputError) as refused:
        check_area("x.csv", rows, columns)
    [problem] = refused.value.problems
    count = {"table_rows": rows, "table_columns": columns, "table_cells": rows * columns}[rule]
    assert (problem.where, problem.rule) == ("x.csv", rule)
    assert problem.parts["count"] == f"{count:,}"


def test_a_cell_is_refused_from_one_letter_more_on():
    check_cell("x.csv", "B2", 100_000)
    with pytest.raises(InputError, match=r"B2.*100,000"):
        check_cell("x.csv", "B2", 100_001)


@pytest.mark.parametrize(
    ("place", "name"),
    [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")],
)
def test_columns_are_named_as_a_spreadsheet_does(place, name):
    assert letters(place) == name


def corners(filled):
    """A sheet of 10 rows and 10 columns in use: headings, then the last cells of each row."""
    book = openpyxl.Workbook()
    for column in range(1, 11):
        book.active.cell(1, column, f"h{column}")
    for row in range(2, 11):
        book.active.cell(row, row, 1)
    for place in range(filled - 19):
        book.active.cell(2 + place, 1, 1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("spare", "holes", "refused"), [
    # 10 rows of 10 columns: 100 cells, of which 19 are filled
    (62, 2, False), (61, 2, True),  # 62 + 2 · 19 = 100
    (5, 5, False), (4, 5, True),  # 5 + 5 · 19 = 100
    (0, 6, False),
])  # fmt: skip
def test_a_sheet_may_hold_some_empty_cells_and_so_many_for_each_that_is_filled(
    monkeypatch, spare, holes, refused
):
    monkeypatch.setattr(workbook_cells, "SPARE_CELLS", spare)
    monkeypatch.setattr(workbook_cells, "MOST_HOLES", holes)
    if refused:
        with pytest.raises(InputError) as error:
            read_table(corners(19), "x.xlsx")
        [problem] = error.value.problems
        assert problem.rule == "table_holes"
        told = {"rows": "10", "columns": "10", "filled": "19"}
        assert {key: problem.parts[key] for key in told} == told
        return
    assert len(read_table(corners(19), "x.xlsx").cells) == 9


def test_an_area_beyond_every_bound_is_refused_however_full_it_is(monkeypatch):
    for most, refused in ((100, False), (99, True)):
        monkeypatch.setattr(workbook_cells, "MOST_CELLS", most)
        if refused:
            with pytest.raises(InputError):
                read_table(corners(19), "x.xlsx")
        else:
            read_table(corners(19), "x.xlsx")
