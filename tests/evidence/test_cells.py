"""Cells as wholes: what may stand around the digits of an amount, and the forms of a date, each by
hand and back from every dialect by property.
"""

import datetime as dt
import math

import pandas as pd
import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.errors import InputError
from funnel_sim.evidence.tables.amounts import amounts
from funnel_sim.evidence.tables.dates import dates, is_date


def one(text, **more):
    return amounts(pd.Series([text]), "file: Total", **more).tolist()[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("($100.00)", -100),
        ("$(100.00)", -100),
        ("-$100", -100),
        ("$-100", -100),
        ("100-", -100),
        ("− 5,00 €", -5),
        ("–5.50", -5.5),
        ("+5", 5),
        ("100.00 CR", 100),
        ("100.00 DR", -100),
        ("DR 12.50", -12.5),
        ("1’234’567.50", 1234567.5),
        ("1'234.5", 1234.5),
        ("1 234,50 €", 1234.5),
        ("1\u202f234,50 €", 1234.5),
        ("12 345.678", 12345.678),
        ("₹1,23,456.78", 123456.78),
        ("1.234.567,8", 1234567.8),
        ("12.-", 12),
        ("5,--", 5),
        ("0.123", 0.123),
        ("1234.567", 1234.567),
        (".5", 0.5),
        ("RM12.50", 12.5),
        ("12.50RM", 12.5),
        ("US$ 1,200.00", 1200),
        ("1,200.00 USD", 1200),
        ("kr 1.200,00", 1200),
        ("R$ 1.234,56", 1234.56),
        ("Rp1.234.567", 1234567),
        ("12 件", 12),
        ('="123.50"', 123.5),
        ("'45", 45),
        ("５，０００.5", 5000.5),
        ("١٢٫٥", 12.5),
    ],
)
def test_what_stands_around_the_digits_is_understood(text, value):
    assert one(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "1.2.3",
        "12%",
        "1.2K",
        "3.5万",
        "--5",
        "-5,00-",
        "2026-01-05",
        "114-3941689-8772232",
        "1 23 4",
        "3 of 4",
        "12.5 (est.)",
        "$",
        "-",
        "",
        "A12",
        "12A",
        "1,2,3",
        "5 / 7",
        "1" * 300,
    ],
)
def test_what_is_no_number_as_a_whole_is_none(text):
    assert math.isnan(one(text))


def test_one_cell_that_can_be_only_one_decides_for_the_column():
    assert amounts(pd.Series(["1,234", "12.5"]), "x").tolist() == [1234, 12.5]
    assert amounts(pd.Series(["1,234", "12,5"]), "x").tolist() == [1.234, 12.5]
    with pytest.raises(InputError, match="1,234"):
        one("1,234")
    with pytest.raises(InputError):
        amounts(pd.Series(["1,50", "1.50"]), "x")


def test_currencies_and_counts_decide_where_every_cell_could_be_either():
    assert one("12.345", currencies=["VND"]) == 12345 and one("1,234", currencies=["JPY"]) == 1234
    assert one("12.345", currencies=["KWD"]) == 12.345
    assert one("1,234", counts=True) == 1234 and one("1.234", counts=True) == 1234
    with pytest.raises(InputError):
        one("12.345", currencies=["VND", "USD"])


def test_cells_that_are_numbers_in_the_file_are_what_they_are():
    column = pd.Series(["12.345", "9.125", "7,5"])
    assert amounts(column, "x", numeric=pd.Series([True, True, False])).tolist() == [
        12.345,
        9.125,
        7.5,
    ]


DIALECTS = {  # thousands, decimals
    "english": (",", "."),
    "german": (".", ","),
    "french": ("\u202f", ","),
    "swiss": ("’", "."),
    "plain": ("", "."),
    "spaced": (" ", ","),
    "austrian": ("\u00a0", ","),
}
AROUND = ["{}", "${}", "{} €", "USD {}", "{} USD", "R$ {}", "RM{}", "¥{}", "{}元", "kr {}"]
MINUS = ["-{}", "({})", "{}-", "−{}"]


@given(
    cents=st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=8),
    dialect=st.sampled_from(sorted(DIALECTS)),
    around=st.sampled_from(AROUND),
    minus=st.sampled_from(MINUS),
    inside=st.booleans(),
)
def test_amounts_written_in_any_dialect_read_back(cents, dialect, around, minus, inside):
    thousands, point = DIALECTS[dialect]

    def written(value):
        number = (
            f"{abs(value) // 100:,}".replace(",", thousands) + point + f"{abs(value) % 100:02d}"
        )
        if value >= 0:
            return around.format(number)
        return (
            around.format(minus.format(number)) if inside else minus.format(around.format(number))
        )

    assert amounts(pd.Series([written(value) for value in cents]), "x").tolist() == [
        value / 100 for value in cents
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-31T10:20:00-07:00", "2026-01-31"),
        ("2026/1/5 8:12:33JST", "2026-01-05"),
        ("2026-01-05 10:20:30 +0800", "2026-01-05"),
        ("Jan 1, 2026 12:12:33 AM PST", "2026-01-01"),
        ("1 janv. 2026 08:12:33 UTC", "2026-01-01"),
        ("01.01.2026 08:12:33 UTC", "2026-01-01"),
        ("1 gen 2026 08:12:33 UTC", "2026-01-01"),
        ("1 ene. 2026 8:12:33", "2026-01-01"),
        ("5 de enero de 2026", "2026-01-05"),
        ("Mon Jan 05 2026 10:20:30 GMT+0800 (China Standard Time)", "2026-01-05"),
        ("Mon, 05 Jan 2026 10:20:30 +0000", "2026-01-05"),
        ("5-Jan-26", "2026-01-05"),
        ("2026年1月5日 10时20分", "2026-01-05"),
        ("令和8年1月5日", "2026-01-05"),
        ("5 ม.ค. 2569", "2026-01-05"),
        ("13/01/2569", "2026-01-13"),
        ("46023.5", "2026-01-01"),
        ("1767571200", "2026-01-05"),
        ("20260105102030", "2026-01-05"),
        ("3 Ağu 2026", "2026-08-03"),
        ("5 янв. 2026 г.", "2026-01-05"),
        ("5 января 2026", "2026-01-05"),
        ("5 tháng 1, 2026", "2026-01-05"),
        ("12/31/2025 11:59 PM", "2025-12-31"),
        ("2026. 1. 5.", "2026-01-05"),
        ("5th January 2026", "2026-01-05"),
    ],
)
def test_dates_of_the_marketplaces(text, day):
    assert str(dates(pd.Series([text]), "x").dt.date[0]) == day


@pytest.mark.parametrize(
    "text",
    [
        "20260105-0001",
        "110-2345",
        "2026-01-05-XYZ",
        "2026-13-05",
        "30/31/2026",
        "March",
        "40%",
        "12.5.6",
        "114-3941689-8772232",
        "51",
        "1.234,50",
        "x",
    ],
)
def test_what_only_begins_like_a_date_is_none(text):
    assert not is_date(text)


@given(
    day=st.dates(dt.date(2015, 1, 1), dt.date(2035, 12, 31)),
    locale=st.sampled_from(
        ["en", "de", "fr", "it", "es", "pt_BR", "nl", "pl", "tr", "ru", "id", "th"]
    ),
    length=st.sampled_from(["medium", "long", "full"]),
)
def test_dates_named_in_any_language_read_back(day, locale, length):
    text = format_date(day, length, locale)
    found = dates(pd.Series([text]), "x", day_first=locale != "en").dt.date[0]
    assert found == day, text
