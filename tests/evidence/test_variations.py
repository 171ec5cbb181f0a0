"""Variations of the kinds in tests/evidence/cases, each worked out by hand before it was tried:
the same facts in other clothes.
"""

import datetime as dt
import io

import pytest
import xlsxwriter

from funnel_sim.errors import InputError
from funnel_sim.evidence.orders.orders import orders
from funnel_sim.evidence.orders.transactions import last_date, transactions
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.together import Source, together
from funnel_sim.evidence.tables.tables import read_table

ETSY = (
    "Sale Date,Order ID,Buyer User ID,Full Name,Number of Items,Currency,Order Value,"
    "Discount Amount,Shipping,Sales Tax,Order Total,Status\n"
)


def etsy(days, form):
    return ETSY + "".join(
        f'"{form(day)}",{9000 + n},u{n % 9},A B,1,EUR,40.00,0,5.00,0,45.00,Completed\n'
        for n, day in enumerate(days)
    )


FORMS = {
    "day first, two digits": lambda d: f"{d:%d/%m/%y}",
    "month first, two digits": lambda d: f"{d:%m/%d/%y}",
    "named month": lambda d: f"{d:%b} {d.day}, {d.year}",
    "day-month-year": lambda d: f"{d.day}-{d:%b-%y}",
    "German": lambda d: f"{d.day}. {('Januar', 'Februar', 'März', 'April')[d.month - 1]} {d.year}",
    "ISO with a zone": lambda d: f"{d:%Y-%m-%d}T09:30:00+02:00",
}


@pytest.mark.parametrize("form", FORMS)
def test_quiet_days_of_an_etsy_year_count_as_zero_in_every_form_of_dates(form):
    """Orders on 1–31 January but the 10th, on the 3rd, 20th and 28th of February, and daily in
    March: 30 × 40 = 1,200, 3 × 40 = 120, 31 × 40 = 1,240. No quiet day makes a month unknown.
    """
    days = [dt.date(2026, 1, d) for d in range(1, 32) if d != 10]
    days += [dt.date(2026, 2, d) for d in (3, 20, 28)]
    days += [dt.date(2026, 3, d) for d in range(1, 32)]
    found = history(read_table(etsy(days, FORMS[form]).encode(), "etsy.csv"))
    assert found.figures["gmv"].tolist() == [1200, 120, 1240]
    assert found.covered.tolist() == [1, 1, 1]
    assert found.figures["orders"].tolist() == [30, 3, 31]


def test_an_order_total_on_every_item_with_vouchers_counts_once():
    """The total, 54, is 30 + 2 × 15 less a voucher of 6 that stands on both rows of A1; A2 is one
    row of 20 less 0; A3's two rows differ from one another and so add up: 7 + 8.
    """
    text = (
        "Order ID,Order Status,Order Creation Date,Username (Buyer),Item,Deal price,Qty,Voucher,Total paid\n"
        "A1,Completed,2026-01-05 10:20,ann,Cup,30.00,1,6.00,54.00\n"
        "A1,Completed,2026-01-05 10:20,ann,Plate,15.00,2,6.00,54.00\n"
        "A2,Completed,2026-02-06 11:00,bo,Cup,20.00,1,0.00,20.00\n"
        "A3,Completed,2026-02-07 11:00,cy,Cup,7.00,1,0.00,15.00\n"
        "A3,Completed,2026-02-07 11:00,cy,Plate,8.00,1,0.00,15.00\n"
    )
    found = orders(read_table(text.encode(), "shopee like.csv"))
    assert found.frame["sold"].tolist() == [54, 20, 15] and found.sold == 89
    assert history(read_table(text.encode(), "x.csv")).figures["gmv"].tolist() == [54, 35]


@pytest.mark.parametrize(
    "refund",
    [
        "(USD 100.00)",
        "USD (100.00)",
        "(100.00) USD",
        "(US$100.00)",
        "-USD 100.00",
        "USD100.00-",
        "100.00 DR",
    ],
)
def test_refunds_in_parentheses_with_a_code_are_taken_off(refund):
    """100 + 50 + 70 − 100 = 120: bo's order of 100 is taken back whole."""
    text = (
        "order id,date,customer,amount\n"
        f'1,2026-01-02,bo,USD 100.00\n2,2026-01-03,ann,USD 50.00\n3,2026-01-20,bo,"{refund}"\n'
        "4,2026-02-01,ann,USD 70.00\n"
    )
    table = read_table(text.encode(), "x.csv")
    found = orders(table)
    assert (found.sold, found.back, found.currency) == (220, 100, "USD")
    bought = transactions(table, last_date(table))
    assert bought.orders["amount"].sum() == 120 and len(bought.orders) == 2


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_separator_line_in_any_unicode(encoding):
    """sep=; above headings, decimal commas, thousands by a point: 1.234,50 and 980,00."""
    text = "sep=;\r\nMonat;Umsatz;Bestellungen\r\n01/2026;1.234,50;40\r\n02/2026;980,00;33\r\n"
    content = text.encode(encoding)
    if encoding.startswith("utf-16-"):
        content = (b"\xff\xfe" if encoding.endswith("le") else b"\xfe\xff") + content
    found = history(read_table(content, "x.csv"))
    assert found.figures["gmv"].tolist() == [1234.5, 980]
    assert found.figures["orders"].tolist() == [40, 33]


def test_a_merged_title_subtotals_and_a_grand_total_in_a_workbook():
    """Three quarters' worth of rows: 100 + 110 + 90 and 120; the two subtotals and the grand total
    are no months: four rows count, three are totals.
    """
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("报表")
        sheet.merge_range(0, 0, 0, 3, "店铺销售月报 2026")
        sheet.write_row(2, 0, ["月份", "销售额", "订单数", "备注"])
        rows = [
            ("2026年1月", 100, 4, ""), ("2026年2月", 110, 5, ""), ("2026年3月", 90, 3, ""),
            ("小计", 300, 12, ""), ("2026年4月", 120, 6, ""), ("小计", 120, 6, ""),
            ("总计", 420, 18, "不含税"),
        ]  # fmt: skip
        for place, row in enumerate(rows):
            sheet.write_row(3 + place, 0, row)
    found = history(read_table(book.getvalue(), "x.xlsx"))
    assert found.figures["gmv"].tolist() == [100, 110, 90, 120]
    assert found.figures["orders"].tolist() == [4, 5, 3, 6]
    assert [one.parts["count"] for one in found.findings if one.kind == "totals"] == [3]


def test_a_page_saved_as_xls_with_a_table_inside_a_cell():
    """The outer table lays out the page, the report is the inner one; a cell of it holds a small
    table of its own, which is text there.
    """
    page = (
        "<html><body><table><tr><td>Menu</td><td><table border=1>"
        "<tr><th>Month</th><th>Revenue</th><th>Orders</th><th>Note</th></tr>"
        "<tr><td>2026-01</td><td>1,000.50</td><td>10</td><td><table><tr><td>a</td></tr></table></td></tr>"
        "<tr><td>2026-02</td><td>900.00</td><td>9</td><td></td></tr>"
        "<tr><td>2026-03</td><td>1,100.00</td><td>11</td><td></td></tr>"
        "</table></td></tr></table></body></html>"
    )
    found = history(read_table(page.encode(), "report.xls"))
    assert found.figures["gmv"].tolist() == [1000.5, 900, 1100]
    assert found.figures["orders"].tolist() == [10, 9, 11]


@pytest.mark.parametrize(
    ("encoding", "yen"),
    [("shift_jis", "¥"), ("cp932", "￥"), ("cp932", "\\"), ("euc_jp", "￥"), ("utf-8", "¥")],
)
def test_japanese_orders_in_the_encodings_of_their_shops(encoding, yen):
    """In Shift_JIS the yen sign and the backslash are one byte. ¥1,280 + ¥2,400 = 3,680 of two
    orders; the third was cancelled.
    """
    text = (
        "注文番号,注文日,購入者名,合計金額,注文ステータス\r\n"
        "1001,2026年1月5日,山田太郎,\"¥1,280\",発送済み\r\n"
        "1002,2026年2月10日,佐藤花子,\"¥2,400\",発送済み\r\n"
        "1003,2026年2月11日,山田太郎,\"¥990\",キャンセル\r\n"
    )  # fmt: skip
    table = read_table(text.replace("¥", yen).encode(encoding), "orders.csv")
    found = orders(table)
    assert found.sold == 3680 and {one.reason for one in found.left_out} == {"cancelled"}
    assert transactions(table, last_date(table)).counted.customers == 2
    assert history(table).figures["gmv"].tolist() == [1280, 2400]


def test_lakhs_and_days_of_named_months():
    """₹1,23,456.00 on 5-Jan-26, ₹98,765.50 on 12-Feb-26, −₹3,456.00 back on 1-Mar-26."""
    text = (
        "Order No,Order Date,Buyer,Order Total\n"
        '1,5-Jan-26,asha,"₹1,23,456.00"\n2,12-Feb-26,ravi,"₹98,765.50"\n'
        '3,1-Mar-26,asha,"(₹3,456.00)"\n4,2-Mar-26,ravi,"₹10,00,000.00"\n'
    )
    table = read_table(text.encode(), "in.csv")
    found = orders(table)
    assert (found.sold, found.back, found.currency) == (1_222_221.5, 3456, "INR")
    assert transactions(table, last_date(table)).orders["amount"].sum() == 1_218_765.5
    assert history(table).figures["gmv"].tolist() == [123_456, 98_765.5, 1_000_000]


@pytest.mark.parametrize(
    "cells", [("€10,50", "$12.00"), ("10.50 EUR", "12.00 USD"), ("£8", "¥900")]
)
def test_two_currencies_in_the_cells_are_never_added(cells):
    rows = "".join(f'{n},2026-0{1 + n % 3}-05,b{n % 4},"{cells[n % 2]}"\n' for n in range(12))
    table = read_table(f"order id,date,buyer,amount\n{rows}".encode(), "x.csv")
    for read in (orders, history):
        with pytest.raises(InputError):
            read(table)


def test_visits_by_day_and_sales_by_month_are_joined():
    """GA4 by day: 10 visits a day, 31 and 28 days; sales by month beside it; March has visits for
    ten days only, which is a part and no month of visits.
    """
    days = [dt.date(2026, 1, 1) + dt.timedelta(n) for n in range(69)]
    visits = "# ---\n# Traffic acquisition\n# ---\n\nDate,Sessions\n" + "".join(
        f"{day:%Y%m%d},10\n" for day in days
    )
    sales = "month,gmv,orders\n2026-01,1000,31\n2026-02,900,28\n2026-03,1100,33\n"
    sources = [
        Source(name, history(read_table(text.encode(), name), beside_others=True))
        for name, text in (("ga4.csv", visits), ("sales.csv", sales))
    ]
    found = together(sources)
    assert found.months == ("2026-01", "2026-02", "2026-03")
    assert found.figures["gmv"].tolist() == [1000, 900, 1100]
    assert found.figures["visits"][:2].tolist() == [310, 280]
    assert "ga4.csv" in "".join(one.sentence("en") for one in found.findings)


def test_a_refund_that_stands_on_every_row_of_an_order_is_one():
    """30 + 20 sold; 10 of it paid back, written on both rows: 40 left."""
    text = (
        "order id,date,buyer,sku subtotal after discount,order amount,order refund amount,order status\n"
        "1,2026-01-05,ann,30.00,50.00,10.00,Completed\n1,2026-01-05,ann,20.00,50.00,10.00,Completed\n"
        "2,2026-01-06,bo,5.00,5.00,0,Completed\n"
    )
    found = orders(read_table(text.encode(), "x.csv"))
    assert (found.sold, found.back) == (55, 10)


def test_a_date_that_only_some_rows_have_does_not_move_the_end_of_watching():
    """An order that was never paid at once has another date of its own: the last is its day."""
    text = (
        "Name,Email,Financial Status,Paid at,Subtotal,Currency,Created at\n"
        "#1,a@x.com,paid,2026-01-05 10:00:00 -0500,30,USD,2026-01-05 10:00:00 -0500\n"
        "#2,b@x.com,pending,,40,USD,2026-03-09 10:00:00 -0500\n"
        "#3,b@x.com,partially_refunded,,40,USD,2026-02-09 10:00:00 -0500\n"
    )
    table = read_table(text.encode(), "shopify.csv")
    assert last_date(table) == dt.date(2026, 3, 9)
    assert transactions(table, last_date(table)).counted.future == 0


def test_shopee_taiwan_in_its_older_form_is_known():
    """2 × 300 + 100 = 700 of one order; the second did not come about."""
    text = (
        "訂單編號 (單),訂單狀態 (單),買家帳號 (單),訂單成立時間 (單),訂單小計 (單),商品名稱 (品),商品活動價格 (品),數量\n"
        "A1,已完成,ann,2026-01-05 10:20,700,杯子,300,2\nA1,已完成,ann,2026-01-05 10:20,700,盤子,100,1\n"
        "B2,不成立,bob,2026-01-20 10:20,300,杯子,300,1\n"
    )
    found = orders(read_table(text.encode(), "tw.csv"))
    assert found.sold == 700 and found.currency == "TWD"
    assert {one.reason for one in found.left_out} == {"cancelled"}


def test_a_known_export_without_its_columns_of_money_is_read_by_names():
    """Headings of Shopee's list but for its amounts: the total that is there is taken."""
    text = "Order ID,Order Status,Order Creation Date,Username (Buyer),Amount paid\nA1,Completed,2026-01-05,ann,12.50\n"
    found = orders(read_table(text.encode(), "x.csv"))
    assert found.sold == 12.5 and "export" not in {one.kind for one in found.findings}


def test_exports_put_below_one_another_with_their_headings():
    """January and February, then February and March below: February stands there twice and counts
    once; an equal row within one export (two campaigns of a day) still counts.
    """
    january = "2026-01-05,60\n2026-01-05,60\n"
    february, march = "2026-02-05,10\n", "2026-03-05,7\n"
    text = f"date,sales\n{january}{february}date,sales\n{february}{march}"
    table = read_table(text.encode(), "x.csv")
    assert table.cells.index.tolist() == [0, 1, 2, 5]
    assert history(table).figures["gmv"].tolist() == [120, 10, 7]
    [told] = [one for one in table.findings if one.kind == "headings_again"]
    assert told.parts == {"rows": "5", "count": 1}
    assert "row 5" in told.sentence("en") and "第 5 行" in told.sentence("zh")
    once = read_table(b"date,sales\n2026-01-05,60\n2026-01-05,60\n", "x.csv")
    assert len(once.cells) == 2 and not once.findings
