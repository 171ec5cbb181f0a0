"""Numbers as people type them: each way of writing is read, asked about or refused, and none is
read as another number.
"""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from funnel_sim.errors import InputError
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.typed_numbers import (
    number_or_text,
    plain_number,
    read_number,
    typed_record,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("25.99", 25.99),
        ("25,99", 25.99),
        ("25。99", 25.99),
        ("２５．９９", 25.99),
        ("25，99", 25.99),
        ("1,200.50", 1200.5),
        ("1.200,50", 1200.5),
        ("1 200,50", 1200.5),
        ("1\u00a0200,50", 1200.5),
        ("1\u202f200,50", 1200.5),
        ("1'200.50", 1200.5),
        ("1’200.50", 1200.5),
        ("1,234,567", 1234567.0),
        ("1.234.567", 1234567.0),
        ("1,200", 1200.0),
        ("0,125", 0.125),
        ("0.125", 0.125),
        ("1.234", 1.234),
        ("1234.567", 1234.567),
        ("1234,567", 1234.567),
        ("25,9", 25.9),
        (".5", 0.5),
        (",5", 0.5),
        ("5.", 5.0),
        ("007", 7.0),
        ("-5", -5.0),
        ("−5", -5.0),
        ("(5)", -5.0),
        ("+5", 5.0),
        ("- 5", -5.0),
        ("½", 0.5),
        ("2½", 2.5),
        ("2 ½", 2.5),
        ("3万", 30000.0),
        ("1.2万", 12000.0),
        ("2亿", 2e8),
        ("1.2k", 1200.0),
        ("3m", 3e6),
        ("1,5 k", 1500.0),
        ("40%", 0.4),
        ("40％", 0.4),
        ("1e3", 1000.0),
        ("  8 ", 8.0),
        ("٣", 3.0),
    ],
)
def test_what_has_one_reading_is_read(text, value):
    assert read_number(text).value == value


@pytest.mark.parametrize(
    ("text", "currency", "value"),
    [
        ("￥38", "CNY", 38.0),
        ("¥38", "JPY", 38.0),
        ("$38", "USD", 38.0),
        ("US$38", "USD", 38.0),
        ("€38", "EUR", 38.0),
        ("38 €", "EUR", 38.0),
        ("38元", "CNY", 38.0),
        ("EUR 1.200,50", "EUR", 1200.5),
        ("38 USD", "USD", 38.0),
        ("-$5", "USD", -5.0),
        ("$-5", "USD", -5.0),
        ("($5)", "USD", -5.0),
        ("3万元", "CNY", 30000.0),
        ("RM 12", "MYR", 12.0),
    ],
)
def test_the_currency_of_the_field_may_stand_there(text, currency, value):
    assert read_number(text, unit=Unit.MONEY, currency=currency).value == value


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("$38", "EUR"),
        ("￥38", "USD"),
        ("US$38", "CAD"),
        ("€38", "GBP"),
        ("38 TRY", "USD"),
        ("38元", "JPY"),
    ],
)
def test_another_currency_is_asked_about(text, currency):
    found = read_number(text, unit=Unit.MONEY, currency=currency)
    assert (found.value, found.readings, found.why) == (None, (38.0,), "currency")


@pytest.mark.parametrize(
    ("text", "decimal", "readings"),
    [
        (
            "25,999",
            ".",
            (25999.0, 25.999),
        ),  # thousands as the setting writes them, or a price to the thousandth
        ("1.200", ".", (1.2, 1200.0)),  # a decimal with a nought at its end, or German thousands
        ("1,200", ",", (1.2, 1200.0)),
        ("25.999", ",", (25999.0, 25.999)),
    ],
)
def test_two_readings_are_asked_about(text, decimal, readings):
    found = read_number(text, decimal=decimal)
    assert (found.value, found.readings, found.why) == (None, readings, "separator")


def test_the_value_before_decides_between_two_readings():
    assert read_number("25,999", before=26.5).value == 25.999
    assert read_number("25,999", before=20_000.0).value == 25_999.0
    assert read_number("25,999", before=800.0).why == "separator"  # both leap


@pytest.mark.parametrize(
    ("text", "before", "readings"),
    [
        ("2599", 25.99, (25.99, 2599.0)),
        ("519.80", 25.99, (5.198, 519.8)),
        ("0.26", 25.99, (26.0, 0.26)),
        ("519", 25.99, None),
        ("1.31", 25.99, None),
        ("0", 25.99, None),
        ("7", 0.0, None),
    ],
)
def test_a_leap_is_asked_about(text, before, readings):
    """25.99 × 20 = 519.80 is a leap, 519 is none; nothing leaps from or to zero."""
    found = read_number(text, before=before)
    assert (found.why, found.readings) == (("leap", readings) if readings else ("", ()))


def test_a_rate_is_typed_in_percent():
    assert (
        read_number("40", unit=Unit.RATE).value == read_number("40%", unit=Unit.RATE).value == 0.4
    )
    assert read_number("0,5", unit=Unit.RATE).value == 0.005
    assert read_number("400", unit=Unit.RATE, before=0.04).readings == (0.04, 4.0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "abc",
        "1,2,3",
        "1.2.3,4,5",
        "12,34.5",
        "1 2",
        "1,,2",
        "--5",
        "5-",
        "1'23",
        "NaN",
        "inf",
        "1e999",
        "0x10",
        "5%%",
        "万",
        "$",
        "1 200 50",
        "1.2,3.4",
        "²",
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(InputError) as caught:
        read_number(text, "product.price")
    assert caught.value.problems[0].where == "product.price"
    assert number_or_text(text) == text


def test_a_percentage_of_money_is_refused():
    with pytest.raises(InputError):
        read_number("40%", unit=Unit.MONEY)


def test_a_number_that_must_be_plain():
    assert plain_number("20%") == 0.2
    with pytest.raises(InputError) as caught:
        plain_number("25,999", "target")
    assert "25999 / 25.999" in caught.value.sentences("en")[0]


STYLES = {
    "en": (",", "."),
    "de": (".", ","),
    "fr": ("\u202f", ","),
    "ch": ("'", "."),
    "plain": ("", "."),
    "plain_de": ("", ","),
}


@given(
    st.integers(0, 10**13),
    st.integers(0, 4),
    st.sampled_from(list(STYLES)),
    st.booleans(),
    st.sampled_from(["", "%"]),
)
def test_any_number_in_any_style_is_read_back_or_asked_about(units, digits, style, negative, mark):
    value = units / 10**digits
    group, point = STYLES[style]
    text = f"{value:,.{digits}f}".replace(",", "G").replace(".", point).replace("G", group)
    found = read_number(
        f"{'-' if negative else ''}{text}{mark}", decimal="," if point == "," else "."
    )
    want = pytest.approx((-value if negative else value) / (100 if mark else 1), rel=1e-12)
    assert found.value == want or (
        found.why == "separator" and any(one == want for one in found.readings)
    )


@given(st.text(max_size=40))
def test_no_text_whatever_breaks_the_reader(text):
    try:
        found = read_number(text, before=3.0, currency="EUR", unit=Unit.MONEY)
    except InputError:
        return
    assume(found.value is not None)
    assert abs(found.value) < float("inf")


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("8/10", (8.0, 10.0)),
        ("８／１０", (8.0, 10.0)),
        ("8 of 10", (8.0, 10.0)),
        ("10 家里 8 家", (8.0, 10.0)),
        ("0/3", (0.0, 3.0)),
        ("3/3", (3.0, 3.0)),
        ("", None),
        ("  ", None),
    ],
)
def test_a_record_is_two_whole_numbers(text, record):
    assert typed_record(text) == record


@pytest.mark.parametrize("text", ["8", "8/9/10", "most", "8.5/10", "80%"])
def test_what_is_no_record_is_refused(text):
    with pytest.raises(InputError):
        typed_record(text)
