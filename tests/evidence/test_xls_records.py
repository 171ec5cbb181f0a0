"""What each record of an .xls workbook says, written by hand: values of formulas, truths, texts
with formatting, dates by their format, charts inside a sheet.
"""

import struct

import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.tables.tables import read_table
from tests.evidence.biff import EOF, bof, book, compound, label, number, record, shared, texts

HEAD = label(0, 0, "month") + label(0, 1, "gmv") + label(1, 0, "2026-01")


def read(cells, above=b"", **more):
    return read_table(compound(book(cells, above=above, **more)), "x.xls")


def cell(cells, above=b"", **more):
    """Return what B2 holds, and whether it is a number of the file."""
    table = read(HEAD + cells, above, **more)
    is_number = table.numeric is not None and bool(table.numeric.iloc[0, 1])
    return table.cells.iloc[0, 1], is_number


def formula(result, kind=0x0006):
    return record(kind, struct.pack("<HHH", 1, 1, 0) + result + b"\0" * 6)


def said(text):
    """The text of the formula before."""
    return record(0x0207, struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))


def special(kind, value=0):
    return bytes((kind, 0, value, 0, 0, 0, 0xFF, 0xFF))


# ---- formulas and truths


@pytest.mark.parametrize("kind", [0x0006, 0x0206, 0x0406])
def test_a_formula_counts_as_its_saved_value(kind):
    assert cell(formula(struct.pack("<d", 12.5), kind)) == ("12.5", True)


def test_the_text_of_a_formula_comes_in_the_record_behind_it():
    assert cell(formula(special(0)) + said("5 €")) == ("5 €", False)
    # a shared formula may stand between
    assert cell(formula(special(0)) + record(0x04BC, b"\0" * 8) + said("7")) == ("7", False)
    # a text without a formula is nobody's, and a formula has one text
    assert cell(said("7") + number(1, 1, 3)) == ("3", True)
    assert cell(formula(special(0)) + said("7") + said("8")) == ("7", False)


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (special(1, 1), "TRUE"),
        (special(1, 0), "FALSE"),
        (special(2, 7), ""),  # an error
        (special(3), ""),  # an empty text
    ],
)
def test_truths_errors_and_nothing_of_a_formula(result, text):
    table = read(HEAD + label(0, 2, "x") + number(1, 2, 1) + formula(result))
    assert table.cells.iloc[0].tolist() == ["2026-01", text, "1"] or (
        not text and table.cells.iloc[0].tolist()[-1] == "1"
    )


@pytest.mark.parametrize(("value", "error", "text"), [(1, 0, "TRUE"), (0, 0, "FALSE"), (7, 1, "")])
def test_a_truth_is_a_word_and_an_error_is_nothing(value, error, text):
    truth = record(0x0205, struct.pack("<HHHBB", 1, 1, 0, value, error))
    assert cell(truth + label(2, 1, "1"))[0] == text


# ---- texts


def rich(text, flags, before=b"", behind=b"", wide=True):
    """A text with what its flags announce: runs of formatting, an extension."""
    letters = text.encode("utf-16-le" if wide else "latin-1")
    return struct.pack("<HB", len(text), flags | (1 if wide else 0)) + before + letters + behind


RUNS, MORE = struct.pack("<H", 2), struct.pack("<I", 5)


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize(
    ("flags", "before", "behind"),
    [
        (0, b"", b""),
        (8, RUNS, b"r" * 8),  # two runs of four bytes
        (4, MORE, b"e" * 5),
        (12, RUNS + MORE, b"r" * 8 + b"e" * 5),
    ],
)
def test_formatting_of_a_text_is_stepped_over(flags, before, behind, wide):
    first = rich("abc", flags, before, behind, wide)
    above = texts(first + rich("next", 0), many=2)
    table = read(HEAD + shared(1, 1, 0) + shared(1, 2, 1) + label(0, 2, "x"), above)
    assert table.cells.iloc[0].tolist() == ["2026-01", "abc", "next"]
    own = record(0x0204, struct.pack("<HHH", 1, 1, 0) + first)
    assert cell(own) == ("abc", False)
    assert cell(record(0x00D6, struct.pack("<HHH", 1, 1, 0) + first)) == ("abc", False)


def test_formatting_may_go_on_in_the_next_record():
    above = texts(rich("abc", 8, RUNS, b"r" * 3), b"r" * 5 + rich("next", 0), many=2)
    table = read(HEAD + shared(1, 1, 0) + shared(1, 2, 1) + label(0, 2, "x"), above)
    assert table.cells.iloc[0].tolist() == ["2026-01", "abc", "next"]


def test_a_text_may_end_with_its_record_and_go_on_in_either_width():
    narrow, wide = b"\0", b"\1"
    above = texts(
        struct.pack("<HB", 3, 0) + b"abc",
        struct.pack("<HB", 4, 1) + "wi".encode("utf-16-le"),
        narrow + b"de" + struct.pack("<HB", 4, 0) + b"na",
        wide + "rr".encode("utf-16-le"),
        many=3,
    )
    table = read(
        HEAD + shared(1, 1, 0) + label(0, 2, "x") + label(0, 3, "y")
        + shared(1, 2, 1) + shared(1, 3, 2), above,
    )  # fmt: skip
    assert table.cells.iloc[0].tolist() == ["2026-01", "abc", "wide", "narr"]


def test_a_list_that_holds_fewer_texts_than_it_says():
    above = texts(rich("abc", 0), many=5)
    assert cell(shared(1, 1, 0), above) == ("abc", False)
    with pytest.raises(InputError, match=r"B2.*not there"):
        cell(shared(1, 1, 1), above)


def test_a_text_over_several_records_is_one():
    first = struct.pack("<HB", 20_000, 0) + b"x" * 8000
    above = texts(first, b"\0" + b"x" * 8000, b"\0" + b"x" * 4000, many=1)
    assert cell(shared(1, 1, 0), above) == ("x" * 20_000, False)


def test_space_around_a_text_is_no_part_of_it_and_space_alone_is_nothing():
    assert cell(label(1, 1, "  5 "))[0] == "5"
    assert read(HEAD + label(1, 1, "   ") + label(2, 1, "7")).cells.iloc[0, 1] == ""


# ---- numbers that show a day


def style(number_of_format):
    return record(0x00E0, struct.pack("<HH", 0, number_of_format))


def named_format(number_of_format, code):
    return record(
        0x041E, struct.pack("<HHB", number_of_format, len(code), 1) + code.encode("utf-16-le")
    )


@pytest.mark.parametrize(
    ("formats", "at", "day"),
    [
        (style(14), 0, True),
        (style(0), 0, False),
        (style(0) + style(14), 1, True),
        (style(0) + style(14), 0, False),
        (style(14), 1, False),  # a style that is not there
        (named_format(164, "yyyy-mm-dd") + style(164), 0, True),
        (named_format(164, "0.00") + style(164), 0, False),
        (named_format(14, "0.00") + style(14), 0, False),  # its own code counts
    ],
)
def test_a_number_is_a_day_by_the_format_of_its_style(formats, at, day):
    found = cell(number(1, 1, 45_000, at), formats)
    assert found == (("2023-03-15T00:00:00", False) if day else ("45000", True))


@pytest.mark.parametrize(
    ("value", "day"), [(-1.0, False), (0.0, True), (2_958_465.0, True), (2_958_466.0, False)]
)
def test_a_day_lies_between_1900_and_9999(value, day):
    text, is_number = cell(number(1, 1, value), style(14))
    assert is_number == (not day) and (":" in text) == day


def test_a_format_of_excel_95_says_its_length_in_one_byte():
    code = b"dd.mm.yy"
    formats = record(0x041E, struct.pack("<HB", 164, len(code)) + code) + style(164)

    def text(row, column, one):
        return record(0x0204, struct.pack("<HHHH", row, column, 0, len(one)) + one.encode())

    cells = text(0, 0, "month") + text(0, 1, "gmv") + number(1, 0, 45_000) + number(1, 1, 5, 7)
    table = read_table(compound(book(cells, above=formats, version=0x0500), "Book"), "x.xls")
    assert table.cells.iloc[0].tolist() == ["2023-03-15T00:00:00", "5"]


# ---- packed numbers


@pytest.mark.parametrize(
    ("packed", "value"),
    [
        (5 << 2 | 2, "5"),
        (5 << 2 | 3, "0.05"),
        ((-5 << 2 | 2) & 0xFFFFFFFF, "-5"),
        ((2**29 - 1) << 2 | 2, "536870911"),
        ((-(2**29) << 2 | 2) & 0xFFFFFFFF, "-536870912"),
        (0x3FF80000, "1.5"),
        (0x3FF80001, "0.015"),
    ],
)
def test_a_number_packed_into_thirty_bits(packed, value):
    assert cell(record(0x027E, struct.pack("<HHHI", 1, 1, 0, packed))) == (value, True)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_row_of_packed_numbers_ends_with_its_last_column(count):
    body = struct.pack("<HH", 1, 1)
    body += b"".join(struct.pack("<HI", 0, (10 + i) << 2 | 2) for i in range(count))
    heads = b"".join(label(0, 2 + i, f"c{i}") for i in range(2))
    table = read(HEAD + heads + record(0x00BD, body + struct.pack("<H", count)) + label(2, 3, "z"))
    assert table.cells.iloc[0].tolist()[1:] == [str(10 + i) if i < count else "" for i in range(3)]


# ---- sheets


def test_a_chart_inside_a_sheet_is_no_part_of_it_and_the_sheet_goes_on_behind():
    chart = bof(32) + number(1, 1, 99) + EOF
    assert cell(chart + number(1, 1, 5)) == ("5", True)
    twice = bof(32) + bof(32) + number(1, 1, 98) + EOF + number(1, 1, 99) + EOF
    assert cell(twice + number(1, 1, 5)) == ("5", True)


def test_what_stands_behind_the_end_of_a_sheet_is_another_one():
    assert cell(number(1, 1, 5) + EOF + number(2, 1, 6))[0] == "5"
    assert len(read(HEAD + number(1, 1, 5) + EOF + label(2, 0, "2026-02")).cells) == 1


def test_a_sheet_of_another_kind_is_none():
    """A sheet of charts is named before the sheet of cells."""
    cells = bof(16) + HEAD + number(1, 1, 5) + EOF

    def named(start, kind):
        return record(0x0085, struct.pack("<IBBB", start, 0, kind, 1) + b"\0x")

    start = len(bof()) + 2 * len(named(0, 0)) + len(EOF)
    for kind, there in ((0, True), (2, False), (6, False)):
        stream = (
            bof() + named(start + len(cells), 2) + named(start, kind) + EOF + cells + bof(32) + EOF
        )
        if there:
            assert read_table(compound(stream), "x.xls").cells.iloc[0, 1] == "5"
        else:
            with pytest.raises(InputError, match="no worksheet"):
                read_table(compound(stream), "x.xls")


def test_rows_keep_their_number_and_blank_ones_are_left_out():
    table = read(
        HEAD + number(1, 1, 5) + label(4, 0, "2026-02") + label(3, 0, " ") + number(4, 1, 6)
    )
    assert table.cells.index.tolist() == [0, 3]  # the spreadsheet's rows 2 and 5


def test_a_sheet_without_a_cell_holds_no_table():
    with pytest.raises(InputError) as refused:
        read(b"")
    assert refused.value.problems[0].rule == "table_empty"
    # and of a workbook whose first sheet is empty the second is read
    empty, full = bof(16) + EOF, bof(16) + HEAD + number(1, 1, 3) + EOF
    named = [record(0x0085, struct.pack("<IBBB", 0, 0, 0, 1) + b"\0x")] * 2
    start = len(bof()) + sum(map(len, named)) + len(EOF)
    named = [
        record(0x0085, struct.pack("<IBBB", at, 0, 0, 1) + b"\0x")
        for at in (start, start + len(empty))
    ]
    table = read_table(compound(bof() + b"".join(named) + EOF + empty + full), "x.xls")
    assert table.columns == ("month", "gmv") and table.cells.iloc[0].tolist() == ["2026-01", "3"]
