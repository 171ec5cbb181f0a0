"""How rows of days, weeks and months fall into months, each day counted by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.store.spread import SpreadMonths
from funnel_sim.evidence.tables.periods import Periods


def spread(*spans, good=None):
    """Rows given as first day and number of days."""
    first = pd.Series(pd.to_datetime([day for day, _ in spans]))
    days = pd.Series([days for _, days in spans])
    flags = pd.Series([True] * len(spans) if good is None else good)
    dated = Periods(first, days, pd.Series([False] * len(spans)), "day")
    return SpreadMonths.of(dated, flags, "x.csv")


def test_a_week_over_the_end_of_a_month_is_parted_by_its_days():
    # Monday 26 January to Sunday 1 February: six days and one; then a week in February alone
    found = spread(("2026-01-26", 7), ("2026-02-02", 7))
    assert found.names == ("2026-01", "2026-02") and str(found.first) == "2026-01-01"
    assert found.days.tolist() == [31, 28]
    assert found.overlap.tolist() == [[6, 1], [0, 7]]
    assert found.covered.tolist() == pytest.approx([6 / 31, 8 / 28])
    assert found.sums(pd.Series([70.0, 14.0])).tolist() == pytest.approx([60, 10 + 14])
    # a level counts by its days: (1 · 10 + 7 · 2) / 8
    assert found.means(pd.Series([10.0, 2.0])).tolist() == pytest.approx([10, 24 / 8])
    assert [(one.kind, one.month, one.parts) for one in found.uncovered()] == [
        ("partial", "2026-01", {"covered": 6, "days": 31}),
        ("partial", "2026-02", {"covered": 8, "days": 28}),
    ]


def test_a_whole_month_is_covered_and_a_month_between_is_a_gap():
    found = spread(("2026-01-01", 31), ("2026-03-01", 31))
    assert found.covered.tolist() == [1, 0, 1]
    assert [(one.kind, one.month) for one in found.uncovered()] == [("gap", "2026-02")]
    told = found.sums(pd.Series([5.0, 6.0]))
    assert told[[0, 2]].tolist() == [5, 6] and math.isnan(told[1])
    level = found.means(pd.Series([5.0, 6.0]))
    assert level[[0, 2]].tolist() == [5, 6] and math.isnan(level[1])


def test_rows_of_one_day_are_added_and_days_that_overlap_are_covered_once():
    found = spread(("2026-02-01", 1), ("2026-02-01", 1), ("2026-02-01", 2), ("2026-02-28", 1))
    assert found.covered.tolist() == pytest.approx([3 / 28])
    assert found.sums(pd.Series([1.0, 2.0, 4.0, 8.0])).tolist() == [15]
    # of two rows of one day the mean counts once: (1.5 · 1 + 4 · 2 + 8 · 1) / 4
    assert found.means(pd.Series([1.0, 2.0, 4.0, 8.0])).tolist() == pytest.approx([17.5 / 4])


def test_a_row_without_a_value_is_none_of_a_sum():
    found = spread(("2026-01-05", 1), ("2026-01-06", 1), ("2026-02-01", 1))
    values = pd.Series([np.nan, 3.0, np.nan])
    assert found.sums(values)[0] == 3 and math.isnan(found.sums(values)[1])
    assert found.means(values)[0] == 3 and math.isnan(found.means(values)[1])


def test_rows_that_are_not_good_touch_no_month():
    found = spread(("2025-12-01", 1), ("2026-01-05", 1), good=[False, True])
    assert found.names == ("2026-01",)
    assert found.sums(pd.Series([100.0, 3.0])).tolist() == [3]


def test_a_span_may_be_ten_years_and_no_month_more():
    assert len(spread(("2016-01-01", 31), ("2025-12-31", 1)).names) == 120
    with pytest.raises(InputError) as refused:
        spread(("2016-01-01", 31), ("2026-01-01", 1))
    [problem] = refused.value.problems
    assert (problem.where, problem.value, problem.rule) == ("x.csv", 121, "history_span")
    assert problem.parts == {"first": "2016-01-01", "last": "2026-01-01", "most": 120}
