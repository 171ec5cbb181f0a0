"""Where the cells of a page or of SpreadsheetML stand: merged cells, open cells, tables within
tables, by hand; and one case each side of what a cell or a heading may hold.
"""

import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.tables.bounds import LONGEST_CELL, LONGEST_HEADING
from funnel_sim.evidence.tables.markup import is_markup
from funnel_sim.evidence.tables.tables import read_table

HEAD = "<tr><th>date<th>gmv<th>orders<th>units"


def rows(*below, head=HEAD):
    """Return the cells of a page's table under four headings."""
    table = read_table(f"<table>{head}{''.join(below)}</table>".encode(), "x.xls")
    return list(table.cells.to_numpy().tolist())


# ---- merged cells


@pytest.mark.parametrize(
    ("below", "laid_out"),
    [
        ("<tr><td>1<td>2<td>3<td>4", [["1", "2", "3", "4"]]),
        # a cell over two columns stands in the first of them
        ("<tr><td>1<td colspan=2>2<td>4", [["1", "2", "", "4"]]),
        ("<tr><td>1<td colspan='3'>2", [["1", "2", "", ""]]),
        ("<tr><td>1<td colspan=0>2<td>3<td>4", [["1", "2", "3", "4"]]),
        # over two rows it holds for both, wherever it stands
        ("<tr><td rowspan=2>1<td>2<td>3<td>4<tr><td>5<td>6<td>7",
         [["1", "2", "3", "4"], ["1", "5", "6", "7"]]),
        ('<tr><td>1<td>2<td>3<td rowspan="2">4<tr><td>5<td>6<td>7',
         [["1", "2", "3", "4"], ["5", "6", "7", "4"]]),
        ("<tr><td>1<td>2<td>3<td rowspan=2>4<tr><td>5",
         [["1", "2", "3", "4"], ["5", "", "", "4"]]),
        ("<tr><td rowspan=3>1<td>2<td>3<td>4<tr><td>5<tr><td>6",
         [["1", "2", "3", "4"], ["1", "5", "", ""], ["1", "6", "", ""]]),
        ("<tr><td rowspan=2>1<td>2<td>3<td>4<tr><td>5<tr><td>6",
         [["1", "2", "3", "4"], ["1", "5", "", ""], ["6", "", "", ""]]),
        ("<tr><td rowspan=2>1<td rowspan=2>2<td>3<td>4<tr><td>5<td>6",
         [["1", "2", "3", "4"], ["1", "2", "5", "6"]]),
        # over both
        ("<tr><td rowspan=2 colspan=2>1<td>3<td>4<tr><td>5<td>6<td>7",
         [["1", "", "3", "4"], ["1", "5", "6", "7"]]),
        # the last row of a table has what reaches into it too
        ("<tr><td>1<td>2<td>3<td rowspan=9>4<tr><td>5", [["1", "2", "3", "4"], ["5", "", "", "4"]]),
    ],
)  # fmt: skip
def test_merged_cells_are_laid_out(below, laid_out):
    assert rows(below) == laid_out


def test_cells_that_are_not_closed_and_rows_that_are_not_opened():
    assert rows("<tr><td>1</td><td>2<td>3<td>4</tr>\n<tr>\n<td>5") == [
        ["1", "2", "3", "4"],
        ["5", "", "", ""],
    ]
    first = read_table(b"<table><td>date<td>gmv<tr><td>1<td>2</table>", "x.xls")
    assert first.columns == ("date", "gmv") and first.cells.iloc[0].tolist() == ["1", "2"]
    open_end = read_table(b"<table><tr><td>date<td>gmv<tr><td>1<td>2", "x.xls")
    assert open_end.cells.iloc[0].tolist() == ["1", "2"]


def test_what_is_no_cell_is_no_part_of_it():
    page = "<tr><td>1<!-- 9 --><td>2<script>7</script><td><p>3</p><td>a<br>b<div>c</div> <b>d</b>"
    assert rows(page) == [["1", "2", "3", "a b c d"]]
    assert rows("before<tr>between<td>1<td>2<td>3<td>4</td>behind</tr>") == [["1", "2", "3", "4"]]
    assert rows("<tr><td>1<td>2<td>3<td>&lt;4&nbsp;5&gt;") == [["1", "2", "3", "<4 5>"]]
    assert rows("<tr><td>1<td>2<style>a{}</style >5<td>3<td>4") == [["1", "25", "3", "4"]]
    # what is not closed reaches to the end
    assert rows("<tr><td>1<td>2<td>3<td>4<style>", "<tr><td>5") == [["1", "2", "3", "4"]]


def test_a_table_inside_a_cell_is_one_of_its_own():
    page = ("<table><tr><td>x<td><table><tr><td>date<td>gmv<tr><td>2026-01<td>5</table>"
            "<tr><td>y<td>z</table>")  # fmt: skip
    table = read_table(page.encode(), "x.xls")
    assert table.columns == ("date", "gmv") and table.cells.iloc[0].tolist() == ["2026-01", "5"]


def test_of_several_tables_the_known_one_counts_else_the_largest():
    small = "<table><tr><td>a<td>b<tr><td>1<td>2</table>"
    large = "<table><tr><td>c<td>d<tr><td>1<td>2<tr><td>3<td>4</table>"
    known = "<table><tr><td>date<td>gmv<tr><td>1<td>2</table>"
    for page, first in (
        (small + large, "c"),
        (large + small, "c"),
        (small + known + large, "date"),
    ):
        assert read_table(page.encode(), "x.xls").columns[0] == first


def test_rows_keep_their_number_and_what_stands_above_is_told():
    page = "<tr><td>Report<tr><td>Shop x<td>y<tr>" + HEAD[4:] + "<tr><td>1<td>2<td>3<td>4"
    table = read_table(f"<table>{page}</table>".encode(), "x.xls")
    assert table.columns == ("date", "gmv", "orders", "units")
    assert table.cells.index.tolist() == [2]  # the spreadsheet's row 4
    assert [one.parts for one in table.findings if one.kind == "above"] == [{"count": 2}]


# ---- bounds


@pytest.mark.parametrize(("column", "letter"), [(0, "A"), (2, "C")])
def test_a_cell_that_is_too_long_is_named(column, letter):
    cells = ["1"] * 4
    cells[column] = "x" * LONGEST_CELL
    assert rows("<tr><td>" + "<td>".join(cells))[0][column] == cells[column]
    cells[column] += "x"
    with pytest.raises(InputError, match=f"{letter}2: holds more"):
        rows("<tr><td>" + "<td>".join(cells))


@pytest.mark.parametrize(("column", "letter"), [(0, "A"), (1, "B")])
def test_a_heading_that_is_too_long_is_named(column, letter):
    heads = ["date", "gmv"]
    heads[column] = "x" * LONGEST_HEADING
    head = "<tr><td>" + "<td>".join(heads)
    assert rows("<tr><td>1<td>2", head=head) == [["1", "2"]]
    with pytest.raises(InputError, match=f"column {letter}"):
        rows(
            "<tr><td>1<td>2", head=head.replace("x" * LONGEST_HEADING, "x" * (LONGEST_HEADING + 1))
        )


@pytest.mark.parametrize(("deep", "refused"), [(32, False), (33, True)])
def test_tables_lie_within_one_another_to_a_depth(deep, refused):
    page = "<table><tr><td>" * deep + "date<td>gmv<tr><td>1<td>2" + "</table>" * deep
    if refused:
        with pytest.raises(InputError, match="nests more than"):
            read_table(page.encode(), "x.xls")
    else:
        assert read_table(page.encode(), "x.xls").columns == ("date", "gmv")


@pytest.mark.parametrize(
    ("start", "is_one"),
    [
        ("<table>", True), ("<!DOCTYPE html>", True), ("  \n<div>", True), ("\ufeff<html>", True),
        ("<5", False), ("a<table>", False), ("<?xml ?><data>", False), ("<tablet>", False),
    ],
)  # fmt: skip
def test_a_page_shows_itself_at_its_beginning(start, is_one):
    assert is_markup(start.encode()) == is_one
    assert is_markup(start.encode("utf-16-le")) == is_one


# ---- SpreadsheetML


def sheet(*inside):
    """Return the cells of a sheet under three headings, and which of them are numbers."""
    heads = "".join(f"<Cell><Data ss:Type='String'>{one}</Data></Cell>" for one in "abc")
    text = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="s"><Table>'
        f"<Row>{heads}</Row>{''.join(inside)}</Table></Worksheet></Workbook>"
    )
    table = read_table(text.encode(), "x.xls")
    numbers = None if table.numeric is None else table.numeric.to_numpy().tolist()
    return table.cells.to_numpy().tolist(), numbers, table.cells.index.tolist()


def data(value, kind="String", **more):
    named = "".join(f' ss:{name}="{one}"' for name, one in more.items())
    return f'<Cell{named}><Data ss:Type="{kind}">{value}</Data></Cell>'


def test_cells_of_a_sheet_stand_where_they_say_or_behind_the_last_one():
    cells, numbers, index = sheet(
        f"<Row>{data('1')}{data('2', 'Number')}{data('3')}</Row>",
        f"<Row>{data('4', Index=2)}{data('5', 'Number')}</Row>",
        f"<Row>{data('6', MergeAcross=1)}{data('7')}</Row>",
        f"<Row>{data('8', MergeAcross=0)}{data('9')}</Row>",
        f"<Row ss:Index='9'>{data('a')}{data('b', Index=1)}</Row>",
        f"<Row>{data('c')}</Row>",
    )
    assert cells == [
        ["1", "2", "3"], ["", "4", "5"], ["6", "", "7"], ["8", "9", ""], ["a", "b", ""],
        ["c", "", ""],
    ]  # fmt: skip
    assert numbers[:2] == [[False, True, False], [False, False, True]]
    assert index == [0, 1, 2, 3, 7, 8]  # rows 2 to 5, 9 and 10 of the spreadsheet


def test_an_empty_cell_of_a_sheet_takes_its_place():
    cells, numbers, _ = sheet(
        f"<Row><Cell/>{data('2')}</Row>", f"<Row>{data(' ')}{data('3')}</Row>"
    )
    assert cells == [["", "2", ""], ["", "3", ""]] and numbers is None


def test_a_cell_of_a_sheet_that_is_too_long_is_named():
    long = "x" * LONGEST_CELL
    assert sheet(f"<Row>{data('1')}{data(long)}</Row>")[0][0][1] == long
    with pytest.raises(InputError, match="B2: holds more"):
        sheet(f"<Row>{data('1')}{data(long + 'x')}</Row>")


def test_a_value_outside_a_cell_a_row_or_a_sheet_stands_nowhere():
    loose = "<Data ss:Type='String'>loose</Data>"
    rows = [["1", "2", "3"]]
    assert sheet(f"{loose}<Row>{data('1')}{data('2')}{data('3')}</Row>")[0] == rows
    assert sheet(f"<Row>{loose}{data('1')}{data('2')}{data('3')}</Row>")[0] == rows
    space = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
    head = f"<?xml version='1.0'?><Workbook {space}>"
    one, two = "<Cell><Data>month</Data></Cell>", "<Cell><Data>gmv</Data></Cell>"
    cells = f"<Row>{one}{two}</Row><Row>{one.replace('month', '2026-01')}{two.replace('gmv', '5')}"
    body = f"<Worksheet><Table>{cells}</Row></Table></Worksheet></Workbook>"
    for before in ("<Data>loose</Data>", "<Row><Cell><Data>loose</Data></Cell></Row>"):
        table = read_table(f"{head}{before}{body}".encode(), "x.xls")
        assert table.columns == ("month", "gmv")
        assert table.cells.to_numpy().tolist() == [["2026-01", "5"]]
