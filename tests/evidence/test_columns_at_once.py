"""What is read of a whole column at once is what the careful reader says cell by cell, and rows put
together by arrays are those that pandas puts together.
"""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from funnel_sim.evidence.orders.groups import Groups
from funnel_sim.evidence.orders.orders import orders
from funnel_sim.evidence.tables import amounts, dates
from funnel_sim.evidence.tables.cells import Gathered, leaders, only_of, plain_numbers
from funnel_sim.evidence.tables.tables import read_table

NUMBERS = st.one_of(
    st.from_regex(r"-?[0-9]{0,4}\.?[0-9]{0,4}", fullmatch=True),
    st.from_regex(r"[-+.0-9,]{0,4}", fullmatch=True),
    st.sampled_from(
        [
            "",
            "-",
            ".",
            "-.5",
            ".50",
            "5.",
            "1..5",
            "1.2.3",
            "-0",
            "007",
            "1.250",
            "nan",
            "1e5",
            "123456789012345678",
            "12345678901234.5",
            "٣",
        ]
    ),
)
MARKED = st.builds(
    lambda before, number, behind: f"{before}{number}{behind}",
    st.sampled_from(["", "$", "US$ ", "-", "(", "€", "R$", "DR ", "'", '="', "kr ", "٣", "- "]),
    st.one_of(
        st.from_regex(r"[0-9]{0,7}[.,' ]?[0-9]{0,4}[.,' ]?[0-9]{0,3}", fullmatch=True),
        st.sampled_from(["1,234", "0,123", "1,23,456.78", "1.234.567,8", "٣٤", "５００", "00,123"]),
    ),
    st.sampled_from(["", " €", "-", ")", "%", " CR", " 件", "ea", '"', ".-", "5", "٣", "."]),
)
DAYS = st.one_of(
    st.dates().map(str),
    st.datetimes().map(lambda day: day.strftime("%Y-%m-%d %H:%M")),
    st.datetimes().map(lambda day: day.strftime("%Y-%m-%dT%H:%M:%S")),
    st.datetimes().map(lambda day: f"{day.day}/{day.month}/{day.year} {day.hour}:{day.minute:02d}"),
    st.datetimes().map(lambda day: day.strftime("%b %-d, %Y %-I:%M:%S %p PST")),
    st.datetimes().map(lambda day: day.strftime("%d.%m.%Y %H:%M:%S UTC")),
    st.datetimes().map(lambda day: day.strftime("%Y/%-m/%-d %-H:%M")),
    st.from_regex(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}[ T]?[0-9:]{0,8}", fullmatch=True),
    st.sampled_from(["", "2026-02-30", "2026-01-31 25:00", "2569-01-05", "2026-01-31 10:20:30Z"]),
)


def arrow(cells):
    return pa.array(cells, pa.large_string())


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(st.lists(NUMBERS, max_size=6))
@example(["1.5", "-.5"])
@example(["12.5", "1.250"])
def test_plain_numbers_are_what_each_cell_says(cells):
    found = plain_numbers(arrow(cells))
    if found is None:
        return
    read = [amounts._read(cell) for cell in cells]
    assert not any(one is not None and one.unclear for one in read)
    said = [amounts._value(one, ".") for one in read]
    assert np.array_equal(found, np.array(said, dtype=float), equal_nan=True)


@pytest.mark.slow
@settings(max_examples=1_000, deadline=None)
@given(st.lists(MARKED, min_size=1, max_size=4))
@example(["1,234", "0,123"])
@example(["1,234", "٣,234"])
def test_a_way_of_writing_is_read_once_for_all_its_digits(cells):
    read = amounts._reader()
    assert [read(cell) for cell in cells] == [amounts._read(cell) for cell in cells]


def test_the_plain_forms_are_read_at_once():
    """The other way round: what the fast reader is there for is not left to the careful one."""
    cells = ["0", "12", "12.5", "-12.50", "", "123456789012345"]
    assert plain_numbers(arrow(cells))[:4].tolist() == [0, 12, 12.5, -12.5]
    assert dates._iso_days(arrow(["2026-01-31", "2026-01-31 10:20:30", ""])) is not None


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(st.lists(DAYS, max_size=5))
@example(["2569-01-05"])
@example(["2026-01-31 10"])
def test_days_of_a_column_are_what_each_cell_says(cells):
    found = dates._iso_days(arrow(cells))
    if found is not None:
        for cell, day in zip(cells, dates.as_dates(found), strict=True):
            for first in (True, False):
                said = dates.date_of(cell, day_first=first)
                assert said == day or (np.isnat(said) and np.isnat(day)), cell


CLOCKED = DAYS.filter(lambda cell: not (cell[13:14] == ":" and cell[10:11] in ("T", " ")))


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(CLOCKED)
def test_a_time_that_is_cut_off_changes_no_day(cell):
    [cut] = dates._without_time(arrow([cell])).to_pylist()
    for first in (True, False):
        one, other = (dates.date_of(text, day_first=first) for text in (cell, cut))
        assert one == other or (np.isnat(one) and np.isnat(other)), (cell, cut)


TEXTS = st.sampled_from(["", "1", "2", "3", "10", "01", "007", "a", "A", "1 ", "-1"])


@given(st.lists(TEXTS, max_size=8), st.integers(0, 2))
def test_leaders_are_the_first_rows_with_the_same_text(cells, skipped):
    part = cells[skipped:]
    column = pd.Series(arrow(cells).slice(skipped).to_pylist(), dtype=str)
    assert leaders(column).tolist() == [part.index(one) for one in part]


@given(st.lists(st.lists(TEXTS, max_size=4), max_size=4))
def test_pieces_gathered_are_the_column(pieces):
    column = Gathered(sum(map(len, pieces)))
    for piece in pieces:
        column.add(arrow(piece))
    assert column.whole().to_pylist() == [cell for piece in pieces for cell in piece]


def test_bytes_of_a_part_of_a_column():
    """A slice is asked for its own bytes only: "a" stands in the cell before it."""
    assert only_of(arrow(["a", "12"]).slice(1), b"0123456789")
    assert not only_of(arrow(["a", "12"]), b"0123456789")


VALUES = st.sampled_from([float("nan"), 0.0, 0.1, 0.2, 0.3, 1.0, -3.7])


@given(
    st.lists(st.tuples(st.integers(0, 3), VALUES, st.booleans()), min_size=1, max_size=40),
    st.booleans(),
)
def test_groups_are_those_of_pandas(rows, together):
    """Groups whose rows stand apart are among them; sums up to the rounding of an addition."""
    rows = sorted(rows, key=lambda one: one[0]) if together else rows
    keys, values, marks = (np.array(part) for part in zip(*rows, strict=True))
    groups, by = Groups(keys), pd.Series(values).groupby(keys, sort=False)
    for fewest in (0, 1):
        expected = by.sum(min_count=fewest).to_numpy()
        assert groups.sum(values, fewest) == pytest.approx(expected, abs=1e-12, nan_ok=True)
    assert np.array_equal(groups.max(values), by.max().to_numpy(), equal_nan=True)
    assert np.array_equal(groups.min(values), by.min().to_numpy(), equal_nan=True)
    assert groups.sizes.tolist() == by.size().tolist()
    assert groups.count(marks).tolist() == pd.Series(marks).groupby(keys, sort=False).sum().tolist()
    assert groups.by_row(groups.keys).tolist() == keys.tolist()
    first = pd.Series(np.arange(len(keys))).groupby(keys, sort=False).first()
    assert groups.first.tolist() == first.tolist()
    marked = [next((i for i in np.flatnonzero(keys == key) if marks[i]), -1) for key in groups.keys]
    assert groups.first_of(marks).tolist() == marked


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "10", "A-1", ""]),
        st.sampled_from(["2026-01-05", "2026-01-06 10:20", "06.01.2026"]),
        st.sampled_from(["5.00", "7", "", "-2.50"]),
        st.sampled_from(["paid", "cancelled"]),
    ),
    min_size=2,
    max_size=14,
)


@pytest.mark.slow
@settings(deadline=None)
@given(ROWS)
def test_equal_rows_count_once_wherever_they_stand(rows):
    """A row that is equal to an earlier one in every column is a duplicate unless another reason
    comes first, whether the rows of its order stand together or not.
    """
    text = "\n".join(["order id,date,amount,status", *map(",".join, rows), "9,2026-01-05,1,paid"])
    found = orders(read_table(text.encode(), "x.csv"), repeated=False)
    numbered = {order for order, _, amount, _ in rows if order and amount}
    again = sum(
        row in rows[:place] and row[3] != "cancelled" and (row[2] != "" or row[0] in numbered)
        for place, row in enumerate(rows)
    )
    assert again == sum(one.rows for one in found.left_out if one.reason == "duplicate")


@pytest.mark.parametrize("text", ["1", "2026-01-31", "a"])
def test_one_cell_is_a_column(text):
    assert leaders(pd.Series([text])).tolist() == [0]
