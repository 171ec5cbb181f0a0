"""A block of cells copied out of a sheet: with headings, without, and what is refused."""

import math

import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.pasted import pasted_table

FIGURES = ("gmv", "orders", "ad_spend")


def read(text):
    found = history(pasted_table(text, FIGURES, "2026-11", "sheet"), beside_others=True)
    return found.months, {name: values.tolist() for name, values in found.figures.items()}


def test_headings_say_what_a_column_is_in_any_order():
    months, figures = read("订单数\t月份\tGMV\n40\t2026年8月\t1,200.50\n41\t2026年9月\t1300\n")
    assert months == ("2026-08", "2026-09")
    assert figures == {"orders": [40, 41], "gmv": [1200.5, 1300]}


def test_without_headings_the_agreed_order_counts_behind_the_month():
    months, figures = read("2026-08\t1200\t\t300\n2026-09\t1300\t41\t310\n")
    assert months == ("2026-08", "2026-09")
    assert figures["gmv"] == [1200, 1300] and figures["ad_spend"] == [300, 310]
    assert math.isnan(figures["orders"][0]) and figures["orders"][1] == 41


def test_without_months_the_rows_go_on_after_the_last_one_over_the_turn_of_a_year():
    months, figures = read("1200\t40\n1300\t41\n1400\t42\n")
    assert months == ("2026-11", "2026-12", "2027-01") and figures["orders"] == [40, 41, 42]


@pytest.mark.parametrize(
    ("text", "gmv"),
    [
        ("3万\t40\n3.2万\t41\n", [30_000, 32_000]),
        ("1.5k\t40\n2k\t41\n", [1500, 2000]),
        ("45000\n46000\n", [45_000, 46_000]),  # amounts, not a workbook's days
        ("202608\t5\n202609\t6\n", [5, 6]),
        ("month,gmv\n2026-08,5\n2026-09,6\n", [5, 6]),  # a CSV is read as one
    ],
)
def test_numbers_are_read_as_people_write_them(text, gmv):
    assert read(text)[1]["gmv"] == gmv


def test_a_mark_of_another_currency_is_not_lost_with_the_ten_thousands():
    table = pasted_table("US$3万\t40\n", FIGURES, "2026-11", "sheet")
    assert table.cells.iloc[0].tolist()[1] == "US$30000"


@pytest.mark.parametrize("text", ["", "  \n", "a\tb\n", "1\t2\t3\t4\n"])
def test_what_cannot_be_told_is_refused_by_name(text):
    with pytest.raises(InputError, match="sheet"):
        read(text)
