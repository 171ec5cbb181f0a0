"""Amounts at the edges of what counts as one: each rule of marks, signs and thousands with a case
on either side of it.
"""

import math

import pandas as pd
import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.tables.amounts import (
    _digits,
    amounts,
    has_decimals,
    is_figure,
    is_number,
    plain_digits,
)


def read(*cells, **more):
    return [None if math.isnan(one) else one for one in amounts(pd.Series(cells), "x", **more)]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        # thousands are parted in threes, all of them
        ("1,234,567", 1_234_567), ("1,23,4567", None), ("12,34,567", 1_234_567), ("1,234,56", None),
        ("1.234.567", 1_234_567), ("1.234.56", None), ("1'234", 1234), ("1'23", None),
        ("1 234 567", 1_234_567), ("1 234,567,8", None), ("1234,567.5", None),
        # the last of two marks parts the decimals, once
        ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("1,234.5.6", None), ("1.234,5,6", None),
        # three digits behind one mark could be either, unless more or a zero stand before it
        ("1234.567", 1234.567), ("0.123", 0.123), ("0,123", 0.123), ("1234,567", 1234.567),
        ("1,23", 1.23), ("1,2345", 1.2345), ("5,", 5), ("5.", 5), (".", None),
        # a space or an apostrophe at an end is none of a number
        ("5 ", 5), ("5'", None), ("'5", 5), (",", None), ("1 234 ", 1234),
        # signs: one, before or behind, or parentheses that are closed
        ("-5", -5), ("5-", -5), ("(5)", -5), ("+5", 5), ("5+", 5), ("(5", None), ("5)", None),
        ("(-5)", None), ("-5-", None), ("--5", None), ("- 5", -5), ("$ -5", -5), ("-$5", -5),
        ("($5)", -5), ("$(5)", -5), ("5-$", -5), ("5 $ -", -5), ("-($5)", None),
        # debit and credit
        ("5 DR", -5), ("5 CR", 5), ("DR 5", -5), ("cr. 5", 5), ("-5 DR", 5), ("5 dr.", -5),
        # what is told to be a text, and what has no fraction
        ('="5.5"', 5.5), ("'5.5", 5.5), ("12.-", 12), ("12,--", 12), ("12.-5", None),
        # words that count, and words that do not
        ("5 pcs", 5), ("5 件", 5), ("5 of", None), ("5%", None), ("EUR 5", 5), ("5EUR", 5),
        ("EURO5X", None), ("5e3", None), ("0x10", None), ("١٢", 12), ("1²", None),
    ],
)  # fmt: skip
def test_a_cell_is_a_number_as_a_whole_or_none(cell, value):
    assert read(cell) == [value]
    assert is_number(cell) == (value is not None)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["1,234", "5.5"], [1234, 5.5]), (["1.234", "5,5"], [1234, 5.5]),
        (["1.234", "5.5"], [1.234, 5.5]), (["1,234", "1,234,567"], [1234, 1_234_567]),
        (["1.234", "1.234.567"], [1234, 1_234_567]), (["5", "7"], [5, 7]), (["x", "5"], [None, 5]),
        (["12.5", ""], [12.5, None]),
    ],
)  # fmt: skip
def test_a_column_decides_which_mark_parts_its_decimals(cells, found):
    assert read(*cells) == found


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (["1,234", "1.234"], "1,234"), (["1,5", "1.5"], "1,5"), (["1,234"], "1,234"),
        (["7", "1.234"], "1.234"),
    ],
)  # fmt: skip
def test_a_column_that_does_not_decide_is_asked_with_a_cell(cells, told):
    with pytest.raises(InputError) as refused:
        read(*cells)
    [problem] = refused.value.problems
    assert (problem.where, problem.value, problem.rule) == ("x", told, "decimal_unclear")


def test_the_mark_that_is_asked_for_holds():
    assert read("1,234", decimal=",") == [1.234] and read("1,234", decimal=".") == [1234]
    assert read("1.234", decimal=",") == [1234] and read("1.234", decimal=".") == [1.234]
    # what needs the other mark is none
    assert read("5,5", decimal=".") == [None] and read("5.5", decimal=",") == [None]
    assert read("5", decimal=",") == [5]


@pytest.mark.parametrize(
    ("currencies", "value"),
    [
        (["JPY"], 1234), (["VND"], 1234), (["KWD"], 1.234), (["JPY", "VND"], 1234),
        (["USD"], None), (["JPY", "USD"], None), ([], None), (["JPY", "KWD"], None),
    ],
)  # fmt: skip
def test_currencies_without_decimals_or_with_three_decide(currencies, value):
    if value is None:
        with pytest.raises(InputError):
            read("1.234", currencies=currencies)
    else:
        assert read("1.234", currencies=currencies) == [value]


def test_cells_that_are_numbers_of_the_file_are_read_as_they_are():
    column, flags = pd.Series(["1.234", "5,5", "x"]), pd.Series([True, False, True])
    found = amounts(column, "x", numeric=flags).tolist()
    assert found[:2] == [1.234, 5.5] and math.isnan(found[2])


@pytest.mark.parametrize(
    ("cell", "figure", "decimals"),
    [
        ("12.50", True, True), ("1,234", True, False), ("12", True, False), ("1.2K", True, False),
        ("3.5万", True, False), ("12%", True, False), ("5e+3", True, False), ("Cup", False, False),
        ("$$$$5K", True, False), ("$$$$$5K", False, False), ("5 K", True, False),
        ("5X", False, False),
        ("1,234.5", True, True), ("1.234.567", True, True),
    ],
)  # fmt: skip
def test_a_figure_may_be_shortened_or_a_share(cell, figure, decimals):
    assert (is_figure(cell), has_decimals(cell)) == (figure, decimals)


def test_two_hundred_letters_can_be_a_number_and_one_more_cannot():
    assert plain_digits("1" * 200) == "1" * 200 and plain_digits("1" * 201) == ""
    assert plain_digits("２０２６年") == "2026年" and plain_digits("五") == "五"


@pytest.mark.parametrize(
    ("text", "whole", "part", "decimal"),
    [
        # of two marks the last one parts the decimals, and stands once
        ("1,234,567.8", "1234567", "8", "."), ("1.234.567,89", "1234567", "89", ","),
        ("12,34,567.8", "1234567", "8", "."), (".5", "0", "5", "."), ("1 234,5", "1234", "5", ","),
        ("1,234,567", "1234567", "", "."), ("1.234.567", "1234567", "", ","),
        ("1 234", "1234", "", ""),
    ],
)  # fmt: skip
def test_which_mark_parts_the_decimals(text, whole, part, decimal):
    found = _digits(text, -1)
    assert (found.sign, found.whole, found.part) == (-1, whole, part)
    assert (found.decimal, found.unclear) == (decimal, "")


@pytest.mark.parametrize(
    "text", ["1.234,567.8", "1,23.4", "1,2,3", "1 234,567,8", "12 34", "1'", "'1", ",5", "", "a"]
)
def test_what_is_no_number(text):
    assert _digits(text, 1) is None


@pytest.mark.parametrize(
    ("text", "unclear"),
    [("1.234", "."), ("1,234", ","), ("123,456", ","), ("0.123", ""), ("1234.567", ""),
     ("1.2345", "")],
)  # fmt: skip
def test_one_mark_before_three_digits_may_part_either(text, unclear):
    assert _digits(text, 1).unclear == unclear
