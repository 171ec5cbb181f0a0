"""Days and periods at the ends of what counts as one: each limit with the case on its other side,
each written form with every part in another place.
"""

import numpy as np
import pandas as pd
import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.tables.dates import date_of, dates, days_since, iso_text
from funnel_sim.evidence.tables.periods import is_period, periods


def day(text, *, day_first=True):
    return str(date_of(text, day_first=day_first))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1900-01-01", "1900-01-01"), ("1899-12-31", "NaT"),
        ("2200-12-31", "2200-12-31"), ("2201-01-01", "NaT"),
        # Thai years are 543 ahead: 2443 is 1900 and 2743 is 2200
        ("2443-03-04", "1900-03-04"), ("2442-03-04", "NaT"),
        ("2743-03-04", "2200-03-04"), ("2744-03-04", "NaT"),
        # a spreadsheet counts 1 January 2026 as 46023: 45,658 is 1 January 2025, and 365 days
        ("46023", "2026-01-01"), ("46023.75", "2026-01-01"),
        ("20000", "1954-10-03"), ("19999", "NaT"), ("80000", "2119-01-11"), ("80001", "NaT"),
        # seconds since 1970, or thousandths, of ten digits: September 2001 to October 2096
        ("1767225600", "2026-01-01"), ("1767225599", "2025-12-31"), ("1767225600000", "2026-01-01"),
        ("1000000000", "2001-09-09"), ("999999999", "NaT"), ("3999999999", "2096-10-02"),
        ("4000000000", "NaT"),
        # the year of an era: Reiwa 8 and Minguo 115 are 2026
        ("令和8年1月5日", "2026-01-05"), ("R8.1.5", "2026-01-05"),
        ("民國115年1月5日", "2026-01-05"), ("115/1/5", "2026-01-05"),
        # two digits are years from 2000 on
        ("05.01.26", "2026-01-05"), ("05.01.99", "2099-01-05"),
        ("20260105", "2026-01-05"), ("202601051020", "2026-01-05"),
        ("20260132", "NaT"), ("2026-02-29", "NaT"), ("2028-02-29", "2028-02-29"),
    ],
)  # fmt: skip
def test_each_count_of_days_ends_where_it_says(text, found):
    assert day(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "5 Jan 2026", "5. Januar 2026", "Jan 5, 2026", "January 5th, 2026", "2026 Jan 5",
        "2026-Jan-05", "2026/March/05", "Jan-05-26", "5-Jan-26", "5 Jan 26",
    ],
)  # fmt: skip
def test_a_named_month_is_read_wherever_it_stands(text):
    month = "03" if "March" in text else "01"
    assert iso_text(text) == f"2026-{month}-05"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jan 2026", "2026-01"), ("2026 Jan", "2026-01"), ("2026-December", "2026-12"),
        ("Dec-26", "2026-12"), ("Dec 26", "2026-12"), ("Dezember 2026", "2026-12"),
        ("Dec 569", "Dec 569"), ("Ja 2026", "Ja 2026"), ("Ju 2026", "Ju 2026"),
    ],
)  # fmt: skip
def test_a_month_alone_has_no_day(text, found):
    # two letters are no name, and three digits no year
    assert iso_text(text) == found


def test_both_orders_of_day_and_month():
    assert (day("03/04/2026"), day("03/04/2026", day_first=False)) == ("2026-04-03", "2026-03-04")
    assert day("13/04/2026", day_first=False) == "NaT"  # there is no month 13


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["12/12/2026", "13/12/2026"], ["2026-12-12", "2026-12-13"]),  # a 13 can only be a day
        (["12/12/2026", "12/13/2026"], ["2026-12-12", "2026-12-13"]),
        (["01.02.2026", "12.12.2026"], ["2026-02-01", "2026-12-12"]),  # dotted: the day first
    ],
)
def test_what_stands_in_a_column_tells_its_order(cells, found):
    assert [str(one.date()) for one in dates(pd.Series(cells), "x")] == found


@pytest.mark.parametrize(
    "cells",
    [
        ["12/12/2026", "01/12/2026"],  # a 12 could be either
        ["13/12/2026", "12/13/2026"],  # each says the other is wrong
        ["01.02.2026", "01/02/2026"],  # not all are dotted
    ],
)
def test_what_does_not_tell_its_order_is_asked(cells):
    with pytest.raises(InputError) as refused:
        dates(pd.Series(cells), "x")
    [problem] = refused.value.problems
    assert (problem.rule, problem.where, problem.value) == ("date_unclear", "x", cells[0])


def test_firsts_of_months_over_a_turn_of_the_year_are_months():
    written = [f"01/{month:02d}/2025" for month in (11, 12)] + ["01/01/2026"]
    assert [one.month for one in dates(pd.Series(written), "x")] == [11, 12, 1]
    turned = [f"{month:02d}/01/2025" for month in (11, 12)] + ["01/01/2026"]
    assert [one.month for one in dates(pd.Series(turned), "x")] == [11, 12, 1]
    with pytest.raises(InputError):  # October is missing, so they need not be months
        dates(pd.Series(["01/09/2025", "01/11/2025", "01/12/2025", "01/01/2026"]), "x")


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["1900-01-01", "2200-12-31 23:59:59"], [-25567, 84370]),
        (["2026-01-31T10:20", "", "2026-02-01"], [20484, None, 20485]),
        (["2026-01-31 10:20:30", "2026-02-01 00:00:00"], [20484, 20485]),
    ],
)
def test_iso_days_of_one_column_are_counted_from_1970(cells, found):
    # 1900 to 1970 are 70 years with 17 leap days: 25,567; 1970 to 2201 are 231 with 56: 84,371, of
    # which 2200-12-31 is the day before; 2026-01-31 is 56 · 365 + 14 + 30
    read = days_since(pd.Series(cells), "x").tolist()
    assert read == [np.iinfo(np.int32).min if one is None else one for one in found]


# ---- periods


def spans(*cells, **more):
    found = periods(pd.Series(cells), "x", **more)
    firsts = [None if pd.isna(one) else str(one.date()) for one in found.first]
    return found.grain, firsts, found.days.tolist()


def test_days_a_week_apart_are_weeks_only_where_most_are():
    assert spans("2026-01-05", "2026-01-12", "2026-01-19")[0] == "week"
    # gaps 7, 1: half of them are a week, which is not most
    assert spans("2026-01-05", "2026-01-12", "2026-01-13")[0] == "day"
    # gaps 7, 7, 1: most are; the second week is cut short by the third
    assert spans("2026-01-05", "2026-01-12", "2026-01-19", "2026-01-20") == (
        "week", ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-20"], [7, 7, 1, 7],
    )  # fmt: skip


def test_one_day_a_month_stands_for_the_month():
    # 31 and 28 days apart, each in a month of its own
    assert spans("2026-01-31", "2026-02-28", "2026-03-31") == (
        "month", ["2026-01-01", "2026-02-01", "2026-03-01"], [31, 28, 31],
    )  # fmt: skip
    # 21 days apart in two months still are months, 20 are days
    assert spans("2026-01-25", "2026-02-15")[0] == "month"
    assert spans("2026-01-26", "2026-02-15")[0] == "day"
    # two in one month are not
    assert spans("2026-01-02", "2026-01-30")[0] == "day"
    assert spans("2026-02-01") == ("month", ["2026-02-01"], [28])
    assert spans("2026-02-02") == ("day", ["2026-02-02"], [1])


@pytest.mark.parametrize(
    ("cell", "grain", "first", "days"),
    [
        ("2026-01-05 - 2026-01-11", "week", "2026-01-05", 7),
        ("2026-01-05 - 2026-01-05", "day", "2026-01-05", 1),
        ("2026-01-05 - 2026-01-06", "week", "2026-01-05", 2),
        ("2026-02-01 - 2026-02-28", "month", "2026-02-01", 28),
        ("2026-02-01 - 2026-02-27", "week", "2026-02-01", 27),
        ("2026-01-11 - 2026-01-05", "day", None, 1),
        ("2026-W01", "week", "2025-12-29", 7), ("KW 2 2026", "week", "2026-01-05", 7),
        ("2026年第3周", "week", "2026-01-12", 7), ("2026-W54", "day", None, 1),
        ("2026年2月", "month", "2026-02-01", 28), ("2028/2", "month", "2028-02-01", 29),
        ("2026.02", "month", "2026-02-01", 28), ("202612", "month", "2026-12-01", 31),
        ("12/2026", "month", "2026-12-01", 31), ("13/2026", "day", None, 1),
        ("1900-01", "month", "1900-01-01", 31), ("1899-12", "day", None, 1),
        ("2200-12", "month", "2200-12-01", 31), ("2201-01", "day", None, 1),
    ],
)  # fmt: skip
def test_a_cell_says_its_period(cell, grain, first, days):
    assert spans(cell) == (grain, [first], [days])
    assert is_period(cell) == (first is not None)


def test_a_longer_period_among_days_sums_them_up():
    found = periods(pd.Series(["2026-01-02", "2026-01-03", "2026-01"]), "x")
    assert found.grain == "day" and found.summary.tolist() == [False, False, True]
    # as many months as days: then the months are the rows, and nothing is a summary
    even = periods(pd.Series(["2026-01-02", "2026-01"]), "x")
    assert even.grain == "month" and not even.summary.any()
