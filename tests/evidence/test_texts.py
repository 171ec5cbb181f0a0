"""Text files as tables: the encoding told by the letters alone, the progress that is said, the
place that a refusal names, and both readers at the same bounds.
"""

import codecs

import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.tables.bounds import LONGEST_CELL, LONGEST_HEADING, MB
from funnel_sim.evidence.tables.encodings import encoding_of
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.evidence.tables.texts import _well_quoted, text_frame

PROSE = {
    # no heading that is known, no figure: only letters tell
    "cp1252": (
        "Größe und Länge, für Straße\nMüller, Köln",
        "L'été dernier, à Orléans\nça va très bien",
        "Señor Muñoz, mañana\nniño, corazón",
        "Fünf € – “tout compris” für Käufer",
    ),
    "gb18030": (
        "春天的花开了,今天天气很好\n我们明天去北京",
        "浙江省杭州市西湖区\n张伟,李娜",
        "镕骋璇,璐瑶",
    ),
    "cp932": (
        "春の花が咲きました,今日はいい天気です\n明日は東京へ行きます",
        "東京都新宿区西新宿\n山田太郎,佐藤花子",
    ),
    "euc_jp": ("アイウエオ,カキクケコ\nサシスセソのテスト",),
    "big5": ("春天的花開了,今天天氣很好\n我們明天去臺北", "臺北市信義區\n張偉,李娜"),
    "cp949": (
        "봄꽃이 피었습니다,오늘은 날씨가 좋습니다\n내일 서울에 갑니다",
        "서울특별시 강남구\n김철수,이영희",
    ),
    "cp1251": (
        "Весна пришла, сегодня хорошая погода\nЗавтра едем в Москву",
        "г. Москва, ул. Ленина\nИванов Иван",
    ),
    "cp874": ("ดอกไม้บาน,วันนี้อากาศดี\nพรุ่งนี้ไปกรุงเทพ", "สมชาย ใจดี\nกรุงเทพมหานคร"),
}


@pytest.mark.parametrize("encoding", PROSE)
def test_the_letters_of_a_text_tell_its_encoding(encoding):
    for text in PROSE[encoding]:
        assert list(encoding_of(text.encode(encoding)))[:2] == ["utf-8", encoding], text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("text", ["date,gmv\n2026-01-05,12\n", "日期,gmv\n2026-01-05,12\n"])
def test_unicode_is_read_with_a_mark_and_without(encoding, text):
    table = read_table(text.encode(encoding), "x.csv")
    assert list(table.columns) == text.split("\n")[0].split(",")
    assert table.cells.iloc[0].tolist() == ["2026-01-05", "12"]


# ---- progress


@pytest.mark.parametrize("quote", ["", '"'])  # a quote inside a cell is what the fast reader leaves
@pytest.mark.parametrize("rows", [1, 150_000])
def test_progress_never_falls_and_ends_at_the_whole(quote, rows):
    said = []
    text = f"date,gmv\n{quote}2026-01-05{quote},1{quote}2\n" + "2026-01-05,12\n" * (rows - 1)
    if quote:
        text = text.replace('1"2', '1" 2')
    assert len(read_table(text.encode(), "x.csv", said.append).cells) == rows
    assert said == sorted(said) and said[-1] == 1 and 0 < said[0] <= 1
    assert rows == 1 or len(set(said)) > 1


# ---- the place that a refusal names


def bad(content):
    with pytest.raises(InputError) as error:
        read_table(content, "x.csv")
    return error.value.sentences("en")[0]


@pytest.mark.parametrize("regular", [True, False])
@pytest.mark.parametrize(("column", "row"), [(0, 2), (1, 2), (0, 4), (1, 4)])
def test_the_cell_that_is_too_long_is_named(regular, column, row):
    """Letters are counted, not bytes: 100,000 of three bytes each are not too long."""
    rows = [["1", "2"] for _ in range(4)]

    def written():
        head = ["a", "b"] if regular else ["a", '"b"']
        lines = [",".join(line) for line in ([*([head]), *rows])]
        return ("\n".join(lines) + ("\n" if regular else '\n1, "2"\n')).encode()

    rows[row - 2][column] = "字" * LONGEST_CELL
    assert read_table(written(), "x.csv").cells.iloc[row - 2, column] == "字" * LONGEST_CELL
    rows[row - 2][column] += "字"
    assert f"{'AB'[column]}{row}: holds more than 100,000" in bad(written())


@pytest.mark.parametrize(("place", "letter"), [(0, "A"), (1, "B")])
def test_the_heading_that_is_too_long_is_named(place, letter):
    heads = ["a", "b"]
    heads[place] = "x" * LONGEST_HEADING
    assert list(read_table((",".join(heads) + "\n1,2\n").encode(), "x.csv").columns) == heads
    heads[place] += "x"
    assert f"column {letter}" in bad((",".join(heads) + "\n1,2\n").encode())


@pytest.mark.parametrize("blocks", [0, 1, 2])
def test_the_line_of_another_encoding_is_named_wherever_it_stands(blocks):
    """A mark of UTF-8, or 20 letters beyond ASCII, make it UTF-8 that went wrong."""
    filler = b"1,2\n" * (MB // 4 * blocks)
    lines = 2 + filler.count(b"\n")
    marked = codecs.BOM_UTF8 + b"a,b\n" + filler + b"1,\xff\n"
    assert f"line {lines:,} is written in another" in bad(marked)
    many = "é".encode() * 20
    assert f"line {lines:,} is written in another" in bad(many + b",b\n" + filler + b"1,\xff\n")


@pytest.mark.parametrize(
    ("before", "told"), [(99_999, "neither readable"), (100_000, "line 2 that are not text")]
)
def test_a_zero_byte_in_the_first_100_000_makes_it_no_text_and_later_names_its_line(before, told):
    assert told in bad(b"a,b\n" + b"x" * (before - 4) + b"\x00\n1,2\n")


def test_fewer_letters_than_twenty_may_be_another_encoding():
    few = read_table("é".encode() * 19 + b",b\n1,\xff\n", "x.csv")
    assert few.cells.iloc[0, 0] == "1"


@pytest.mark.parametrize(("separator", "head"), [(s, f"a{s}b{s}c") for s in ",;|\t"])
def test_the_separator_is_the_one_that_cuts_every_row_alike(separator, head):
    other = ";" if separator == "," else ","
    rows = f"{head}\n1{other}5{separator}2{separator}3\n4{separator}5{other}5{other}1{separator}6\n"
    assert len(read_table(rows.encode(), "x.csv").columns) == 3
    told = f"sep={separator}\n{rows}"
    assert list(read_table(told.encode(), "x.csv").columns) == ["a", "b", "c"]


def test_what_stands_above_the_headings_is_kept_and_rows_count_from_the_files_top():
    text = "Report of March\n\nShop: x\ndate,gmv,orders\n2026-01-05,12,3\n2026-01-06,13,4\n"
    table = read_table(text.encode(), "x.csv")
    assert list(table.columns) == ["date", "gmv", "orders"]
    assert table.cells.index.tolist() == [3, 4]  # the spreadsheet's rows 5 and 6
    assert [one.kind for one in table.findings] == ["above"]


def test_rows_that_end_in_separators_add_columns_without_a_heading():
    found = text_frame(b"a,b\n1,2,,\n3,4,,\n", "x.csv")
    assert found.headings == ["a", "b", "", ""]
    assert found.cells.iloc[0].tolist() == ["1", "2", "", ""]
    # a cell beyond the headings that says something is no separator too many
    with pytest.raises(InputError):
        text_frame(b"a,b\n1,2,,5\n3,4,,\n", "x.csv")


@pytest.mark.parametrize("text", [b"a,b", b"a,b\n", b"a,b\r", b"a,b\r\n", b'"a","b"\r'])
def test_headings_alone_are_a_table_without_rows(text):
    found = text_frame(text, "x.csv")
    assert found.headings == ["a", "b"] and found.cells.empty


@pytest.mark.parametrize(
    ("columns", "rule"), [(1_998, "table_long_heading"), (1_999, "table_columns")]
)
def test_a_row_of_headings_that_does_not_end_is_counted_where_it_may(columns, rule):
    # a quote that is not closed makes one heading of all that follows
    text = b'x,"' + b"," * columns + b"y" * 120_000
    with pytest.raises(InputError) as refused:
        text_frame(text, "x.csv")
    [problem] = refused.value.problems
    assert problem.rule == rule
    if rule == "table_columns":
        assert problem.parts["count"] == f"{columns + 2:,}"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (b'"a";b\n"c";"d"', True),
        # of two cells in quotes the second opens, or the first closes, inside a text
        (b'"a";b" x"', False), (b'a" x;"b"', False), (b'"a" x;"b"', False),
    ],
)  # fmt: skip
def test_quotes_are_whole_where_each_of_them_stands_at_the_end_of_a_cell(text, whole):
    assert _well_quoted(text, ";") is whole


def test_a_first_row_far_too_long_is_refused_before_the_whole_of_it_is_read():
    """100,000 bytes are looked at: 4 of them are the headings, 99,996 are 49,998 times "1," and the
    beginning of one cell more.
    """
    assert "row 2 has 49,999+ cells" in bad(b"a,b\n" + b"1," * 60_000 + b"2\n")
    assert "row 2 has 151 cells" in bad(b"a,b\n" + b"1," * 150 + b"2\n3,4\n")
