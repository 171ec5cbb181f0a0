"""Names of currencies as wholes, and rows that say the headings once more."""

import pandas as pd
import pytest

from funnel_sim.evidence.tables.headings import currencies
from funnel_sim.evidence.tables.tables import read_table


@pytest.mark.parametrize(
    ("heading", "found"),
    [
        ("Sales EUR", ("EUR",)), ("EUR", ("EUR",)), ("Sales (EUR)", ("EUR",)), ("5EUR", ("EUR",)),
        # letters before or behind make it a part of another word
        ("FLEUR", ()), ("EUROPE", ()), ("FARM", ()), ("RMA", ()),
        # a mark stands anywhere
        ("Umsatz€", ("EUR",)), ("€Umsatz", ("EUR",)), ("x€y", ("EUR",)),
        ("EUR USD", ("EUR", "USD")),
    ],
)  # fmt: skip
def test_a_code_is_a_word_of_its_own_and_a_mark_is_not(heading, found):
    assert currencies((heading,), pd.Series([], dtype=str)) == found


def rows(text):
    found = read_table(text.encode(), "x.csv")
    again = [one.parts for one in found.findings if one.kind == "headings_again"]
    return found.cells.to_numpy().tolist(), again


def test_a_row_that_says_every_heading_is_none_of_the_table():
    plain = [["2026-01", "5"], ["2026-02", "6"]]
    assert rows("month,gmv\n2026-01,5\n2026-02,6\n") == (plain, [])
    cells, again = rows("month,gmv\n2026-01,5\nmonth,gmv\n2026-02,6\n")
    assert cells == plain and again == [{"rows": "3", "count": 0}]
    # one of two headings is not all of them
    assert rows("month,gmv\n2026-01,5\nmonth,6\n") == ([["2026-01", "5"], ["month", "6"]], [])
    assert rows("month,gmv\n2026-01,5\n2026-02,gmv\n") == (
        [["2026-01", "5"], ["2026-02", "gmv"]],
        [],
    )


def test_rows_below_further_headings_that_stand_above_too_count_once():
    cells, again = rows("month,gmv\n2026-01,5\n2026-02,6\nmonth,gmv\n2026-02,6\n2026-03,7\n")
    assert cells == [["2026-01", "5"], ["2026-02", "6"], ["2026-03", "7"]]
    assert again == [{"rows": "4", "count": 1}]
    # without further headings two equal rows are two
    assert len(rows("month,gmv\n2026-01,5\n2026-01,5\n")[0]) == 2


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("a,,b\n1,2,3\n4,5,6\n", ("a", "(B)", "b")),
        # one cell is enough, and none is nothing
        ("a,,b\n1,,3\n4,5,6\n", ("a", "(B)", "b")), ("a,,b\n1,,3\n4,,6\n", ("a", "b")),
        # a column that is named stays, though nothing stands in it
        ("a,x,b\n1,,3\n4,,6\n", ("a", "x", "b")),
    ],
)  # fmt: skip
def test_a_column_without_a_heading_is_one_where_anything_stands_in_it(text, columns):
    assert read_table(text.encode(), "x.csv").columns == columns


def test_a_first_row_that_explains_the_headings_is_named_and_left_out():
    """Row 3 of the file, below a blank one; words below words, or above one figure, explain
    nothing.
    """

    def read(text):
        found = read_table(text.encode(), "x.csv")
        return [(one.kind, one.parts) for one in found.findings], len(found.cells)

    days = "2026-01-05,12\n2026-01-06,13\n"
    said = "which day,paid by shoppers\n"
    assert read(f"date,gmv\n\n{said}{days}") == ([("explaining", {"row": 3})], 2)
    assert read(f"date,name\n{said}2026-01-05,ann\n2026-01-06,bob\n") == ([], 3)
    assert read(f"date,gmv\nwhich day,12\n{days}") == ([], 3)
    assert read(f"date,gmv\n{said}") == ([], 1)
