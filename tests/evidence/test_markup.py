"""Pages and XML saved as .xls: read like the table that a spreadsheet shows."""

import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.orders.orders import orders
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.tables.bounds import MOST_COLUMNS
from funnel_sim.evidence.tables.markup import is_markup
from funnel_sim.evidence.tables.tables import read_table

PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv=Content-Type content="text/html; charset={charset}">
<!--[if gte mso 9]><xml><x:Name>Sheet1</x:Name></xml><![endif]--><style>td {{mso-number-format:"\\@"}}</style></head><body>
<table><tr><td>订单导出 <b>2026</b></td></tr></table>
<table border=1><tr><th>订单号</th><th>买家昵称</th><th>付款时间</th><th>实付金额</th></tr>
<tr><td rowspan="2">A1<td>小王<br>VIP<td>2026-01-05<td>1,280.00</tr>
<tr><td>小王<br>VIP<td>2026-01-05<td>20&nbsp;</tr>
<tr><td>A2</td><td>小李 &amp; co</td><td>2026-02-06</td><td>35.50</td></tr></table></body></html>"""


@pytest.mark.parametrize(
    ("charset", "encoding"), [("utf-8", "utf-8"), ("gb2312", "gb18030"), ("gbk", "gb18030")]
)
def test_a_page_saved_as_xls(charset, encoding):
    """The menu's table has one known word at most; the cell over two rows holds for both.

    A1 1,280 + 20, A2 35.50.
    """
    table = read_table(PAGE.format(charset=charset).encode(encoding), "orders.xls")
    assert table.columns == ("订单号", "买家昵称", "付款时间", "实付金额")
    assert (
        table.cells.iloc[1].tolist() == ["A1", "小王 VIP", "2026-01-05", "20"]
        and table.cells.iloc[2, 1] == "小李 & co"
    )
    assert orders(table, repeated=False).frame["sold"].tolist() == [1300.0, 35.5]


EXCEL_2003 = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="Cover"><Table><Row><Cell><Data ss:Type="String">Report of the shop</Data></Cell></Row></Table></Worksheet>
<Worksheet ss:Name="Data"><Table><Row><Cell><Data ss:Type="String">Month</Data></Cell><Cell><Data ss:Type="String">gmv</Data></Cell><Cell><Data ss:Type="String">orders</Data></Cell></Row>
<Row><Cell><Data ss:Type="DateTime">2026-01-01T00:00:00.000</Data></Cell><Cell><Data ss:Type="Number">12.345</Data></Cell><Cell><Data ss:Type="Number">4</Data></Cell></Row>
<Row ss:Index="5"><Cell><Data ss:Type="DateTime">2026-02-01T00:00:00.000</Data></Cell><Cell ss:Index="3"><Data ss:Type="Number">5</Data></Cell></Row></Table></Worksheet></Workbook>"""


def test_spreadsheetml_2003():
    """A number cell of three decimals is what it is; row 5 says its place, and its gmv is empty."""
    table = read_table(EXCEL_2003.encode(), "months.xls")
    assert table.cells.index.tolist() == [0, 3] and table.cells.iloc[1].tolist() == [
        "2026-02-01T00:00:00.000",
        "",
        "5",
    ]
    found = history(table)
    assert found.figures["gmv"][0] == 12.345 and found.figures["orders"].tolist() == [4.0, 5.0]
    assert "“Data”" in next(one for one in found.findings if one.kind == "sheet").sentence("en")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("<html><body><p>Please sign in</p></body></html>", "no rows"),
        ("<table><tr><td>a<td>b</tr></table>", "no rows"),  # headings only
        ("<table>" * 40, "nests more than"),
        (f"<table><tr>{'<td>x' * (MOST_COLUMNS + 1)}</table>", "columns"),
        (f"<table><tr><td>{'x' * 100_001}</table>", "characters"),
        (
            (
                '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><Workbook'
                ' xmlns="urn:schemas-microsoft-com:office:spreadsheet">&b;</Workbook>'
            ),
            "declares",
        ),
        (
            (
                '<?xml version="1.0"?><Workbook'
                ' xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet>'
            ),
            "damaged",
        ),
    ],
)
def test_pages_that_hold_no_table_are_refused(text, rule):
    with pytest.raises(InputError, match=rule):
        read_table(text.encode(), "bad.xls")


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "text",
    [
        "<table><tr><td>" + "<" * 2_000_000,
        "<table>" + "<!--" * 500_000,
        "<table><tr>" + "<td rowspan=999999>a" * 1_900 + "<tr>" * 1_900,
        "<table " * 200_000,
    ],
)
def test_hostile_pages_end_soon(text):
    with pytest.raises(InputError):
        read_table(text.encode(), "bad.xls")


def test_text_that_begins_with_a_sign_is_no_page():
    assert not is_markup(b"<5,>5\n1,2\n") and not is_markup(b"a,b\n<table>,1\n")
