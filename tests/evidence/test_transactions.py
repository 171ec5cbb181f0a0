"""Transactions from files: encodings, separators, dates and decimals of both languages, duplicates,
refunds, and what cannot be read.
"""

import datetime as dt
import io

import numpy as np
import pandas as pd
import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.orders.roles import recognise
from funnel_sim.evidence.orders.transactions import last_date, transactions
from funnel_sim.evidence.tables.amounts import amounts
from funnel_sim.evidence.tables.dates import dates
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.evidence.tables.values import numbers
from tests.evidence import cdnow

UNTIL = dt.date(2026, 3, 1)
PLAIN = """customer,date,amount
Ann,2026-01-05,20.00
Bob,2026-01-06,35.50
Ann,2026-02-01,18.00
"""


def load(text, until=UNTIL, encoding="utf-8", **more):
    return transactions(read_table(text.encode(encoding), "shop.csv"), until, **more)


def test_a_plain_file():
    found = load(PLAIN)
    assert found.first_day == dt.date(2026, 1, 5)
    assert found.orders.to_dict("list") == {
        "customer": [0, 1, 0],
        "day": [0, 1, 27],
        "amount": [20.0, 35.5, 18.0],
    }
    c = found.counted
    assert (c.rows, c.unreadable, c.future, c.duplicates, c.refunds, c.orders, c.customers) == (
        3,
        0,
        0,
        0,
        0,
        3,
        2,
    )
    repeats, last, watched = found.histories()
    assert (
        repeats.tolist() == [1, 0]
        and last.tolist() == [27 / 7, 0]
        and watched.tolist() == [55 / 7, 54 / 7]
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_chinese_exports_in_any_encoding_and_separator(encoding, separator):
    rows = [
        ("订单号", "买家昵称", "付款时间", "实付金额"),
        ("A1", "小王", "2026年1月5日 10:22", "¥1280.00"),
        ("A2", "小李", "2026/01/06 08:00:01", "¥35.50"),
    ]
    found = load("\n".join(separator.join(row) for row in rows), encoding=encoding)
    assert found.orders.amount.tolist() == [1280.0, 35.5] and found.orders.day.tolist() == [0, 1]


def test_an_excel_workbook_reads_like_the_text():
    book = io.BytesIO()
    pd.DataFrame(
        {
            "Customer": ["Ann", "Bob", "Ann"],
            "Order date": pd.to_datetime(["2026-01-05", "2026-01-06", "2026-02-01"]),
            "Total": [20, 35.5, 18],
        }
    ).to_excel(book, index=False)
    found = transactions(read_table(book.getvalue(), "shop.xlsx"), UNTIL)
    assert found.orders.equals(load(PLAIN).orders)


def test_german_decimals_and_dates():
    found = load("Customer;Date;Amount\nAnn;05.01.2026;1.234,50 €\nBob;06.01.2026;7,00 €\n")
    assert found.orders.amount.tolist() == [1234.5, 7.0] and found.orders.day.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1,234.50", "7.00"], [1234.5, 7.0]),
        (["1.234,50", "7,00"], [1234.5, 7.0]),
        (["12,5", "8"], [12.5, 8.0]),
        (["1,234,567"], [1234567.0]),
        (["1,234", "12.5"], [1234.0, 12.5]),
        (["1.234", "12,5"], [1234.0, 12.5]),
        (["$12.50", "(3.20)", "-4"], [12.5, -3.2, -4.0]),
        (["-€5.00", "¥ 1 280"], [-5.0, 1280.0]),
        (["", "n/a", "3"], [np.nan, np.nan, 3.0]),
        (["12'500.25"], [12500.25]),
    ],
)
def test_amounts(cells, expected):
    assert amounts(pd.Series(cells), "x").tolist() == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("cells", "mark"),
    [(["1,234", "5,678"], None), (["1.234,5", "1,234.5"], None), (["3.977", "9.253"], None)],
)
def test_what_could_be_decimals_or_thousands_is_asked(cells, mark):
    with pytest.raises(InputError, match="decimal or a thousands"):
        amounts(pd.Series(cells), "x", mark)
    assert amounts(pd.Series(["1,234"]), "x", ",").tolist() == [1.234]
    assert amounts(pd.Series(["1,234"]), "x", ".").tolist() == [1234.0]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["2026-01-31", "20260201"], ["2026-01-31", "2026-02-01"]),
        (["31/01/2026", "02/02/2026"], ["2026-01-31", "2026-02-02"]),
        (["01/31/2026", "02/02/2026"], ["2026-01-31", "2026-02-02"]),
        (["1.2.2026"], ["2026-02-01"]),
        (["2026-01-31T23:59:00+08:00"], ["2026-01-31"]),
        (["46053"], ["2026-01-31"]),
        (["2026年1月31日"], ["2026-01-31"]),
        (["31/1/26", "1/1/26"], ["2026-01-31", "2026-01-01"]),
        (["2026-02-30", "soon"], [None, None]),
    ],
)
def test_dates(cells, expected):
    found = dates(pd.Series(cells), "x")
    assert [None if pd.isna(d) else d.date().isoformat() for d in found] == expected


def test_a_date_that_could_be_either_is_asked():
    with pytest.raises(InputError, match="day/month or month/day"):
        dates(pd.Series(["01/02/2026", "03/04/2026"]), "x")
    assert dates(pd.Series(["01/02/2026"]), "x", day_first=False)[0].month == 1


def test_what_happens_to_each_row_is_counted():
    found = load(
        PLAIN
        + "Bob,2026-01-06,35.50\n"  # the same row again
        + "Ann,2026-02-10,-18.00\n"  # the whole of Ann's second order back
        + "Bob,2026-02-11,-5.50\n"  # part of Bob's
        + "Cem,2027-01-01,9\n"  # in the future
        + "Dan,someday,9\nEve,2026-01-09,\n,2026-01-10,3\n"
    )
    c = found.counted
    assert (
        c.rows,
        c.unreadable,
        c.examples,
        c.future,
        c.duplicates,
        c.refunds,
        c.orders,
        c.customers,
    ) == (10, 3, (9, 10, 11), 1, 1, 2, 2, 2)
    assert (c.merged, c.taken_back) == (0, 1)
    assert (
        c.rows
        == c.unreadable + c.future + c.duplicates + c.refunds + c.merged + c.taken_back + c.orders
    )
    assert found.orders.amount.tolist() == [20.0, 30.0]


def test_a_refund_before_any_order_takes_nothing_off():
    found = load("customer,date,amount\nAnn,2026-01-05,-3\nAnn,2026-01-06,20\n")
    assert found.orders.amount.tolist() == [20.0] and found.counted.refunds == 1


def test_two_orders_on_one_day_are_one():
    found = load("customer,date,amount,order id\nAnn,2026-01-05,3,1\nann,2026-01-05,4,2\n")
    assert found.orders.amount.tolist() == [7.0] and found.counted.merged == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Order ID,Customer Email,Created at,Subtotal,Total\n1,a@x.org,2026-01-05,3,4\n",
            {
                "order": "Order ID",
                "customer": "Customer Email",
                "date": "Created at",
                "amount": "Subtotal",
            },
        ),
        (  # what Amazon calls the price of an item is that of the whole row
            "amazon-order-id\tpurchase-date\tbuyer-email\titem-price\n1\t2026-01-05\ta@x.org\t3\n",
            {
                "order": "amazon-order-id",
                "customer": "buyer-email",
                "date": "purchase-date",
                "line": "item-price",
            },
        ),
        ("x,y\n1,2\n", {}),
        (
            "id,date,amount\n1,2026-01-05,3\n2,2026-01-06,3\n",
            {"date": "date", "amount": "amount"},
        ),  # numbers that never come back are no customers
        ("Paid,Date,Amount\n2026-01-05,soon,3\n", {"date": "Date", "amount": "Amount"}),
    ],
)
def test_columns_are_recognised_by_heading_and_content(text, found):
    assert recognise(read_table(text.encode(), "x.csv")) == found


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "no rows"),
        (b"customer,date,amount\n", "no rows"),
        (b"\x00\x01\x02\x03" * 50, "neither readable"),
        (
            b"PK\x03\x04 not a book",
            "damaged or incomplete XLSX",
        ),  # it begins as one: said more exactly than before
        (b"a,b\n1,2\n", "no customer column"),
        (b"customer,date,amount\nAnn,never,3\n", "holds no order that counts"),
        (b"customer,date,amount\nAnn,2026-01-01,-3\n", "no order that can be read"),
        (b"customer,date,amount\nAnn,2026-01-01,3,4,5,6\nB,2026-01-01,3\n", "different length"),
    ],
)
def test_a_file_that_holds_no_transactions_is_refused(content, rule):
    with pytest.raises(InputError, match=rule):
        transactions(read_table(content, "bad"), UNTIL)


def test_columns_can_be_chosen_and_must_exist():
    text = "who,when,what\nAnn,2026-01-05,3\n"
    assert (
        load(text, chosen={"customer": "who", "date": "when", "amount": "what"}).counted.orders == 1
    )
    with pytest.raises(InputError, match="is not a column"):
        load(text, chosen={"customer": "who", "date": "when", "amount": "price"})


def test_the_cdnow_file_gives_the_published_histories():
    """Read like any export: 2,357 customers, 946 of them with a repeat order in the first 39
    weeks.
    """
    rows = pd.read_csv(
        cdnow.DATA,
        sep=r"\s+",
        header=None,
        names=["master", "customer", "date", "cds", "amount"],
        dtype=str,
    )
    table = read_table(
        rows[["customer", "date", "amount"]].to_csv(index=False).encode(), "cdnow.csv"
    )
    found = transactions(table, dt.date(1998, 6, 30))
    repeats, last, watched = found.histories(weeks=39)
    assert (repeats.size, int((repeats > 0).sum())) == (2357, 946)
    assert (
        np.sort(watched) == np.sort(cdnow.calibration()[2])
    ).all() and last.sum() == pytest.approx(cdnow.calibration()[1].sum())


def test_a_slip_of_the_pen_is_not_the_end_of_watching():
    """One date of 2062 among those of 2026 would watch every customer for 36 years; it is left out,
    and counted as in the future.
    """
    table = read_table(
        b"customer,date,amount\nann,2026-01-05,3\nbo,2026-02-05,4\ncy,2062-03-01,5\n", "shop.csv"
    )
    assert last_date(table) == dt.date(2026, 2, 5)
    found = transactions(table, last_date(table))
    assert (found.counted.future, found.counted.orders) == (1, 2)
    assert last_date(
        read_table(b"customer,date,amount\nann,2024-01-05,3\nbo,2024-06-05,4\n", "shop.csv")
    ) == dt.date(2024, 6, 5)


def test_the_share_read_is_told():
    told = []
    rows = "customer,date,amount\n" + "ann,2026-01-05,3.5\n" * 250_000
    assert len(read_table(rows.encode(), "shop.csv", told.append).cells) == 250_000
    assert len(told) >= 3 and told == sorted(told) and told[-1] == 1.0


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            ["Ann,2027-01-01,3", "Bob,2027-02-01,4"],
            "Rows: 2; without a readable customer, date or amount: 0; dated after 2026-03-01: 2;",
        ),
        (
            ["Ann,2026-01-01,-3", "Bob,2026-01-02,-4", ",2026-01-02,4"],
            (
                "amount: 1; dated after 2026-03-01: 0; duplicates: 0; totals: 0; tests: 0;"
                " cancelled: 0; unpaid: 0; negative amounts (refunds): 2;"
            ),
        ),
        (
            ["Ann,2026-01-01,3", "Ann,2026-01-02,-3"],
            "negative amounts (refunds): 1; orders refunded whole: 1",
        ),
    ],
)
def test_a_file_without_orders_says_why_with_counts(rows, told):
    with pytest.raises(InputError) as refused:
        load("\n".join(["customer,date,amount", *rows]))
    assert told in refused.value.sentences("en")[0]


def test_a_file_without_dates_says_so():
    with pytest.raises(InputError, match="no date can be read in 2 rows of the column date"):
        last_date(read_table(b"customer,date,amount\nAnn,never,3\nBob,soon,4\n", "shop.csv"))


def test_what_a_repeat_order_is_worth_by_hand():
    """Ann 10, then 20; Bob 30, then 40 and 60 (70 less a refund of 10).

    Repeat orders 120/3 = 40, all 160/5 = 32: 1.25.

    Ann moves its logarithm by 20/120 − 1/3 − 30/160 + 2/5 = 0.0458333, Bob by as much the other
    way: the error is √2 · 0.0458333.
    """
    lines = [
        "Ann,2026-01-01,10",
        "Ann,2026-01-05,20",
        "Bob,2026-01-01,30",
        "Bob,2026-01-06,40",
        "Bob,2026-01-09,70",
        "Bob,2026-01-10,-10",
    ]
    worth, error = load("\n".join(["customer,date,amount", *lines])).repeat_worth()
    assert worth == pytest.approx(1.25) and error == pytest.approx(
        2**0.5 * (20 / 120 - 1 / 3 - 30 / 160 + 2 / 5)
    )
    assert load("customer,date,amount\nAnn,2026-01-01,10\n").repeat_worth() is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1000 631 468", [1000, 631, 468]),
        ("1000, 631；468，382", [1000, 631, 468, 382]),
        ("1000,631,468", [1000, 631, 468]),
        ("100,50,20", [100, 50, 20]),
        ("", []),
    ],
)
def test_numbers_of_a_line(text, found):
    assert numbers(text, "x") == found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1,000 631", "1,000 — could be one number"),
        ("869,743,653", "could be one"),
        ("1000 many", "many — is not a number"),
        ("1000 nan", "nan — is not a"),
    ],
)
def test_numbers_that_could_be_read_two_ways_or_none_are_refused(text, told):
    with pytest.raises(InputError, match=told):
        numbers(text, "x")
