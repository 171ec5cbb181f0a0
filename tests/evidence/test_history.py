"""A store's history from files: the exports of the platforms, periods of every form, months by hand
arithmetic, and everything that is told.
"""

import datetime as dt
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.errors import InputError
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.months import FIGURES, ROLES, TEMPLATE, History
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.evidence.tables.headings import _known, currencies, plain, recognise
from funnel_sim.evidence.tables.periods import periods
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.words import LANGS

MONTHS = "month,gmv,orders\n2026-01,1000,10\n2026-02,1100,11\n2026-03,900,9\n"


def load(text, encoding="utf-8", **more):
    return history(read_table(text.encode(encoding), "store.csv"), **more)


def told(found, kind):
    return [(f.month, f.role, dict(f.parts)) for f in found.findings if f.kind == kind]


def values(found):
    return {role: months.tolist() for role, months in found.figures.items()}


def days(first, last, rest):
    return "".join(f"{day.date()},{rest}\n" for day in pd.date_range(first, last))


def test_a_plain_file_of_months():
    found = load(MONTHS)
    assert (found.first, found.months, found.grain, found.rows) == (
        dt.date(2026, 1, 1),
        ("2026-01", "2026-02", "2026-03"),
        "month",
        3,
    )
    assert values(found) == {"gmv": [1000, 1100, 900], "orders": [10, 11, 9]}
    assert found.covered.tolist() == [1, 1, 1] and found.currency == "" and found.findings == ()


def test_the_template_is_read_whole_and_without_a_word():
    found = load(TEMPLATE)
    assert tuple(found.figures) == FIGURES and not any(
        np.isnan(v).any() for v in found.figures.values()
    )
    assert found.grain == "month" and len(found.months) == 3 and found.findings == ()


AMAZON = (
    '"Date","Ordered Product Sales","Ordered Product Sales - B2B","Units Ordered","Units Ordered -'
    ' B2B","Total Order Items","Total Order Items - B2B",'
    '"Page Views - Total","Sessions - Total","Unit Session Percentage"\n'
    '"1/30/26","$1,234.50","$20.00","31","1","30","1","1,902","1,250","2.48%"\n"1/31/26","$987.00","$0.00","25","0","24","0","1,800","1,125","2.22%"\n'
)
SPONSORED = (
    "Date,Portfolio name,Currency,Campaign Name,Impressions,Clicks,Click-Thru Rate (CTR),Cost Per"
    " Click (CPC),Spend,Total Advertising Cost of Sales (ACOS) ,7 Day Total Sales ,7 Day Total"
    ' Orders (#),7 Day Total Units (#),7 Day Advertised SKU Sales ,Store orders\n"Jan 30,'
    ' 2026",P,USD,A,10000,100,1.00%,$0.50,$50.00,25.00%,$200.00,9,10,$150.00,12\n"Jan 30,'
    ' 2026",P,USD,B,20000,150,0.75%,$0.40,$60.00,20.00%,$300.00,8,9,$150.00,7\n'
)
SHOPEE_ZH = (
    "日期,销售额"
    " (SGD),订单数,每笔订单的销售额,商品访客数,转化率,取消的订单,退款金额\n"
    "01-01-2026-31-01-2026,300.00,12,25.00,150,8.00%,1,8.00\n"
    "30-01-2026,100.00,4,25.00,60,6.67%,0,3.00\n31-01-2026,200.00,8,25.00,90,8.89%,1,5.00\n"
)
SHOPEE_EN = (
    "Date,Sales (SGD),Sales per Order,Orders,Visitors,New Visitors,Order Conversion"
    " Rate\n30/01/2026,100.50,25.13,4,60,50,6.67%\n31/01/2026,200.00,25.00,8,90,80,8.89%\n"
)
TIKTOK_EN = (
    "Date,Gross merchandise value ($),Refunds ($),Items sold,Customers,Page views,Visitors,Product"
    " impressions,Product clicks,Orders,Conversion rate\n"
    "2026-01-30,512.30,10.00,25,20,800,410,52000,900,22,5.37%\n2026-01-31,300.70,0,14,12,600,300,40000,700,13,4.33%\n"
)
TIKTOK_ZH = (
    "日期\t商品交易总额($)\t退款金额($)\t成交件数\t页面浏览量\t访客数\t商品曝光次数\t商品"
    "点击次数\t订单数\n2026-01-30\t512.3\t10\t25\t800\t410\t52000\t900\t22\n"
    "2026-01-31\t300.7\t0\t14\t600\t300\t40000\t700\t13\n"
)
SHOPIFY = (
    "Month,Orders,Gross sales,Discounts,Returns,Net sales,Shipping,Taxes,Total sales\n"
    "2025-12-01,40,2000.00,-100.00,-50.00,1850.00,80.00,150.00,2080.00\n2026-01-01,30,1500.00,-75.00,-25.00,1400.00,60.00,110.00,1570.00\n"
)
LAZADA = (
    "Date;Revenue (MYR);Visitors;Buyers;Orders;Pageviews;Units Sold;Conversion"
    " Rate\n2026-01-30;1.234,50;300;10;11;900;12;3,33%\n2026-01-31;65,50;200;2;2;500;2;1,00%\n"
)
GERMAN = (
    "Datum;Durch bestellte Produkte erzielter Umsatz;Bestellte Einheiten;Zahl der"
    " Bestellposten;Sitzungen – Summe;Seitenaufrufe – Summe\n30.01.2026;1.234,50"
    " €;31;30;1.250;1.902\n31.01.2026;987,00 €;25;24;1.125;1.800\n"
)
ERP_ZH = (
    "月份,销售额（元）,订单量,销量,访客数,曝光量,点击量,广告花费,广告销售额,退款金额,"
    "退款订单数,退款率\n2025年12月,100000,800,900,30000,500000,9000,12000,40000,3000,25,"
    "3.1%\n2026年1月,90000,720,800,28000,480000,8600,11000,36000,2500,21,2.9%\n"
)

EXPORTS = {
    "amazon business report": (
        AMAZON,
        "USD?",
        {"gmv": [2221.5], "orders": [54], "units": [56], "visits": [2375]},
    ),
    "amazon sponsored products": (
        SPONSORED,
        "USD",
        {
            "orders": [19],
            "impressions": [30000],
            "clicks": [250],
            "ad_spend": [110],
            "ad_sales": [500],
        },
    ),
    "shopee, chinese": (
        SHOPEE_ZH,
        "SGD",
        {"gmv": [300], "orders": [12], "visits": [150], "refunds": [8]},
    ),
    "shopee, english": (SHOPEE_EN, "SGD", {"gmv": [300.5], "orders": [12], "visits": [150]}),
    "tiktok, english": (
        TIKTOK_EN,
        "USD?",
        {
            "gmv": [813.0],
            "orders": [35],
            "units": [39],
            "visits": [710],
            "impressions": [92000],
            "clicks": [1600],
            "refunds": [10],
        },
    ),
    "tiktok, chinese": (
        TIKTOK_ZH,
        "USD?",
        {
            "gmv": [813.0],
            "orders": [35],
            "units": [39],
            "visits": [710],
            "impressions": [92000],
            "clicks": [1600],
            "refunds": [10],
        },
    ),
    # gross sales less discounts (ADR 0087): 2,000 − 100; 1,500 − 75
    "shopify": (SHOPIFY, "", {"gmv": [1900, 1425], "orders": [40, 30], "refunds": [50, 25]}),
    "lazada": (LAZADA, "MYR", {"gmv": [1300], "orders": [13], "units": [14], "visits": [500]}),
    "amazon, german": (
        GERMAN,
        "EUR",
        {"gmv": [2221.5], "orders": [54], "units": [56], "visits": [2375]},
    ),
    "erp, chinese": (
        ERP_ZH,
        "CNY",
        {
            "gmv": [100000, 90000],
            "orders": [800, 720],
            "units": [900, 800],
            "visits": [30000, 28000],
            "impressions": [500000, 480000],
            "clicks": [9000, 8600],
            "ad_spend": [12000, 11000],
            "ad_sales": [40000, 36000],
            "refunds": [3000, 2500],
            "returned_orders": [25, 21],
        },
    ),
}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", EXPORTS)
def test_exports(name):
    text, currency, expected = EXPORTS[name]
    found = load(text)
    assert values(found) == {role: pytest.approx(months) for role, months in expected.items()}
    assert found.currency == ("$" if currency == "USD?" else currency)
    assert found.may_be_in("USD") == (currency in ("USD", "USD?", "")) and found.may_be_in(
        "EUR"
    ) == (currency in ("EUR", ""))


def test_chinese_exports_in_their_encoding_and_workbooks_read_the_same():
    frame = pd.read_csv(io.StringIO(ERP_ZH))
    frame["月份"] = pd.to_datetime(["2025-12-01", "2026-01-01"])
    book = io.BytesIO()
    frame.to_excel(book, index=False)
    by_book = history(read_table(book.getvalue(), "store.xlsx"))
    assert values(by_book) == values(load(ERP_ZH, encoding="gb18030")) == values(load(ERP_ZH))


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (
            ("Date", "7 Day Total Orders (#)", "7 Day Total Sales", "Sessions"),
            {"date": "Date", "visits": "Sessions", "ad_sales": "7 Day Total Sales"},
        ),
        (
            ("Start Date", "End Date", "14 Day Total Sales "),
            {"date": "Start Date", "ad_sales": "14 Day Total Sales "},
        ),
        (("订单号", "日期", "客单价", "退款率"), {"date": "日期", "refund_rate": "退款率"}),
        (
            ("Tag", "Umsatz (EUR)", "Bestellungen", "Besucher", "Werbekosten", "Retouren"),
            {
                "date": "Tag",
                "gmv": "Umsatz (EUR)",
                "orders": "Bestellungen",
                "visits": "Besucher",
                "ad_spend": "Werbekosten",
                "returned_orders": "Retouren",
            },
        ),
        (
            ("week_start", "total_orders", "ad_spend"),
            {"date": "week_start", "orders": "total_orders", "ad_spend": "ad_spend"},
        ),
        (
            ("Shop Umsatz brutto", "Monat", "Page views", "Product price"),
            {"date": "Monat", "gmv": "Shop Umsatz brutto"},
        ),
        (("x", "y"), {}),
    ],
)
def test_columns_are_recognised(columns, found):
    assert recognise(columns) == found


def test_names_are_written_as_headings_are_compared_and_each_stands_for_one_role():
    known = _known()["columns"]
    assert set(known) == set(ROLES)
    names = [name for role in known.values() for name in role]
    assert [plain(name) for name in names] == names and len(set(names)) == len(names)
    for role in known.values():
        latin = [name for name in role if name.isascii()]
        assert latin == sorted(latin, key=len, reverse=True)


@pytest.mark.parametrize(
    ("cells", "grain", "expected"),
    [
        (
            [
                "2026-01",
                "2026年2月",
                "2026/3",
                "202604",
                "2026.05",
                "Jun 2026",
                "Jul-26",
                "2026年08月份",
                "9/2026",
                "Okt. 2026",
            ],
            "month",
            [
                (f"2026-{m:02d}-01", n)
                for m, n in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31), 1)
            ],
        ),
        (
            [
                "2026-01-05 - 2026-01-11",
                "2026/1/12~2026/1/18",
                "20260119-20260125",
                "2026年1月26日至2026年2月1日",
            ],
            "week",
            [("2026-01-05", 7), ("2026-01-12", 7), ("2026-01-19", 7), ("2026-01-26", 7)],
        ),
        (
            ["2026-W03", "2026年第4周", "KW 5 2026"],
            "week",
            [("2026-01-12", 7), ("2026-01-19", 7), ("2026-01-26", 7)],
        ),
        (
            ["2026-01-01", "2026-01-05", "2026-01-12", "2026-01-19"],
            "week",
            [("2026-01-01", 4), ("2026-01-05", 7), ("2026-01-12", 7), ("2026-01-19", 7)],
        ),
        (
            ["Jan 05, 2026", "6 Jan 2026", "7. Januar 2026"],
            "day",
            [("2026-01-05", 1), ("2026-01-06", 1), ("2026-01-07", 1)],
        ),
        (
            ["01.01.2026", "01.02.2026", "01.03.2026"],
            "month",
            [("2026-01-01", 31), ("2026-02-01", 28), ("2026-03-01", 31)],
        ),
        (
            ["2026-01-31", "2026-02-28", "2026-03-31"],
            "month",
            [("2026-01-01", 31), ("2026-02-01", 28), ("2026-03-01", 31)],
        ),
        (["2026-01-31", "2026-02-01"], "day", [("2026-01-31", 1), ("2026-02-01", 1)]),
        (["2026-01-15"], "day", [("2026-01-15", 1)]),
        (
            ["2026-01-05", "2026-13", "soon", "2026-01-11 - 2026-01-05", "2026-01-05 - 2026-02-30"],
            "day",
            [("2026-01-05", 1), None, None, None, None],
        ),
    ],
)
def test_periods(cells, grain, expected):
    found = periods(pd.Series(cells), "x")
    read = [
        None if pd.isna(first) else (first.date().isoformat(), length)
        for first, length in zip(found.first, found.days, strict=True)
    ]
    assert (found.grain, read) == (grain, expected) and not found.summary.any()


def test_a_range_among_days_sums_them_up():
    found = periods(pd.Series(["01/01/2026-31/01/2026", "01/01/2026", "02/01/2026"]), "x")
    assert found.summary.tolist() == [True, False, False] and found.grain == "day"
    assert told(load(SHOPEE_ZH), "totals") == [("", "", {"count": 1, "rows": "2"})]


def test_a_week_across_the_turn_of_a_month_is_shared_by_days():
    """26 January to 1 February: six of the seven days lie in January; 30 March to 5 April: two in
    March and five in April.
    """
    found = load("week,gmv\n2026-01-26 - 2026-02-01,70\n2026-03-30 - 2026-04-05,140\n")
    assert values(found)["gmv"] == pytest.approx([60, 10, 40, 100]) and found.grain == "week"
    assert found.covered == pytest.approx([6 / 31, 1 / 28, 2 / 31, 5 / 30])


def test_rows_of_one_period_add_up():
    found = load("month,sku,gmv,orders\n2026-01,A,10,1\n2026-01,B,20,2\n2026-02,A,5,\n")
    assert (
        found.figures["gmv"].tolist() == [30, 5]
        and found.figures["orders"][0] == 3
        and found.rows == 3
    )
    assert told(found, "gap") == [("2026-02", "orders", {})]


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.one_of(st.none(), st.integers(0, 10**6))),
        min_size=1,
        max_size=40,
    ),
    st.sampled_from(["day", "week", "range"]),
)
def test_sums_stay_as_they_are(rows, form):
    start = dt.date(2024, 1, 1)  # a Monday
    step = 1 if form == "day" else 7
    lines, known = ["date,orders,gmv"], 0.0
    for offset, cents in rows:
        day = start + dt.timedelta(days=offset // step * step)
        name = f"{day} - {day + dt.timedelta(days=offset % 20)}" if form == "range" else str(day)
        lines.append(f"{name},1,{'' if cents is None else f'{cents / 100:.2f}'}")
        known += (cents or 0) / 100
    found = load("\n".join(lines), repeated="add")
    assert np.nansum(found.figures["orders"]) == pytest.approx(len(rows))
    assert np.nansum(found.figures.get("gmv", np.zeros(1))) == pytest.approx(known)
    assert ((found.covered >= 0) & (found.covered <= 1)).all()


def test_totals_and_rows_without_a_date_are_left_out_and_counted():
    found = load(MONTHS + "Total,3000,30\n合计,3000,30\n,50,1\nlater,60,1\n")
    assert found.figures["gmv"].sum() == 3000 and found.rows == 3
    assert told(found, "totals") == [("", "", {"count": 2, "rows": "5, 6"})]
    assert told(found, "unreadable") == [("", "", {"count": 2, "rows": "7, 8"})]


def test_cells_that_are_no_number_are_counted_and_empty_ones_are_not():
    found = load(
        "month,gmv,orders,visits\n2026-01,1000,10,1.2K\n2026-02,1100,-,many\n2026-03,900,9,300\n"
    )
    assert told(found, "unreadable") == [("", "visits", {"count": 2, "rows": "2, 3"})]
    shortened = load(
        "month,gmv,orders\n2026-01,3.5万,1\n2026-02,12%,2\n2026-03,1e3,3\n2026-04,5,4\n"
    )
    assert told(shortened, "unreadable") == [("", "gmv", {"count": 3, "rows": "2, 3, 4"})]
    assert values(found)["visits"] == pytest.approx([np.nan, np.nan, 300], nan_ok=True)
    assert told(found, "gap") == [
        ("2026-02", "orders", {}),
        ("2026-01", "visits", {}),
        ("2026-02", "visits", {}),
    ]


def test_a_month_that_stands_twice_is_asked_about():
    """Rows of a month were added up and only told where they were equal: a month counted twice."""
    for again in ("2026-03,900,9\n", "2026-03,910,9\n"):  # the same, or corrected below it
        with pytest.raises(InputError) as caught:
            load(MONTHS + again)
        told_ = caught.value.sentences("en")[0]
        assert "2026-03" in told_ and "first: 5" in told_ and "store.csv" in told_
    assert load(MONTHS + again, repeated="once").figures["gmv"].tolist() == [1000, 1100, 900]
    assert load(MONTHS + again, repeated="add").figures["gmv"].tolist() == [1000, 1100, 1810]


def test_what_a_column_of_words_tells_apart_adds_up():
    both = load("month,shop,gmv\n2026-01,A,100\n2026-01,B,50\n2026-02,A,70\n")
    assert both.figures["gmv"].tolist() == [150, 70]
    with pytest.raises(InputError, match="first: 4"):
        load("month,shop,gmv\n2026-01,A,100\n2026-01,B,50\n2026-01,B,50\n")


def test_days_add_up_and_equal_ones_are_told():
    found = load("date,gmv\n2026-01-01,10\n2026-01-01,10\n2026-01-02,30\n")
    assert found.figures["gmv"].tolist() == [50]
    assert told(found, "duplicates") == [("", "", {"count": 1, "rows": "3"})]


def test_months_without_rows_are_gaps():
    found = load("month,gmv\n2026-01,1000\n2026-04,1100\n")
    assert told(found, "gap") == [
        ("2026-02", "", {}),
        ("2026-03", "", {}),
    ] and found.covered.tolist() == [1, 0, 0, 1]
    assert values(found)["gmv"] == pytest.approx([1000, np.nan, np.nan, 1100], nan_ok=True)


def test_days_missing_make_a_month_partial_and_it_is_not_used():
    found = load("date,gmv\n" + days("2026-01-11", "2026-03-30", "10"))
    assert told(found, "partial") == [
        ("2026-01", "", {"covered": 21, "days": 31}),
        ("2026-03", "", {"covered": 30, "days": 31}),
    ]
    assert found.figures["gmv"].tolist() == [210, 280, 300]
    used = found.used()
    assert (used.first, used.months, used.figures["gmv"].tolist(), used.covered.tolist()) == (
        dt.date(2026, 2, 1),
        ("2026-02",),
        [280],
        [1],
    )


def test_used_months_are_cut_alike_for_all_figures():
    found = load(
        "month,gmv,visits\n2026-01,1,\n2026-02,2,20\n2026-03,3,30\n2026-04,4,40\n2026-05,,\n2026-06,6,60\n"
    )
    used = found.used(without=("2026-01", "2026-03", "2026-06", "2031-01"))
    assert used.months == ("2026-02", "2026-03", "2026-04")
    assert values(used) == {
        "gmv": pytest.approx([2, np.nan, 4], nan_ok=True),
        "visits": pytest.approx([20, np.nan, 40], nan_ok=True),
    }
    assert found.used().months == found.months  # nothing else was touched
    none = found.used(without=found.months)
    assert none.months == () and values(none) == {"gmv": [], "visits": []}


@pytest.mark.parametrize(
    ("sales", "odd"),
    [
        ([100, 104, 97, 101, 300, 99], [("2026-05", "gmv", {"value": 300.0, "usual": 100.0})]),
        ([100, 104, 97, 101, 99, 0], [("2026-06", "gmv", {"value": 0.0, "usual": 100.0})]),
        ([100, 124, 97, 101, 100, 99], []),  # 1.24 < exp(3.5 × 1.4826 × 0.05) = 1.296
        ([100, 131, 97, 101, 100, 99], [("2026-02", "gmv", {"value": 131.0, "usual": 100.0})]),
        ([100, 200, 400, 800, 1600, 3200, 6400], []),  # growth is no odd month
        ([100, 110, 90, 400], [("2026-04", "gmv", {"value": 400.0, "usual": 100.0})]),
        ([100, 110, 290], []),
        ([100, 400], []),
        ([0, 0, 0, 0, 0, 0], []),
    ],
)
def test_odd_months(sales, odd):
    rows = "".join(f"2026-{month:02d},{value}\n" for month, value in enumerate(sales, 1))
    assert told(load("month,gmv\n" + rows), "outlier") == odd


def test_a_partial_month_is_not_odd():
    found = load("date,gmv\n" + days("2026-01-31", "2026-06-30", "10"))
    assert told(found, "outlier") == [] and len(told(found, "partial")) == 1


def test_negative_values_come_off_and_a_month_below_zero_is_not_known():
    found = load("month,sku,gmv\n2026-01,A,100\n2026-01,B,-30\n2026-02,A,-5\n2026-03,A,90\n")
    assert values(found)["gmv"] == pytest.approx([70, np.nan, 90], nan_ok=True)
    assert (
        told(found, "negative")
        == [("2026-01", "gmv", {"value": -30.0}), ("2026-02", "gmv", {"value": -5.0})]
        and told(found, "gap") == []
    )


def test_refunds_written_with_a_minus_are_amounts():
    found = load("month,gmv,refunds\n2026-01,100,-5\n2026-02,100,0\n")
    assert values(found)["refunds"] == [5, 0] and found.findings == ()
    mixed = load("month,gmv,refunds\n2026-01,100,-5\n2026-02,100,6\n")
    assert told(mixed, "negative") == [("2026-01", "refunds", {"value": -5.0})]


def test_money_of_several_currencies_is_not_added_up():
    """Before issue J such a file was read as it stood, and told; dollars and yen do not add up."""
    with pytest.raises(InputError, match="currency: SGD, USD"):
        load("month,currency,gmv\n2026-01,USD,100\n2026-02,sgd,130\n")
    with pytest.raises(InputError, match=r"\$, EUR"):
        load("month,gmv,ad_spend\n2026-01,€100,$5\n")


@pytest.mark.parametrize(
    ("headings", "cells", "named"),
    [
        (["销售额（新加坡元）"], ["12"], ("SGD",)),
        (["GMV"], ["US$12", "$3"], ("USD",)),
        (["GMV"], ["￥1,200"], ("¥",)),
        (["销售额(元)"], ["¥12"], ("CNY",)),
        (["Summary of TRYouts"], ["12 pcs"], ()),
        (["Umsatz"], ["12,50 €"], ("EUR",)),
        (["Sales"], ["RM12", "Rp 5"], ("IDR", "MYR")),
    ],
)
def test_currency_marks(headings, cells, named):
    assert currencies(headings, pd.Series(cells)) == named


def test_counts_with_thousands_are_not_asked_about_and_money_of_one_file_has_one_mark():
    found = load(
        'month,gmv,ad_spend,orders\n2026-01,"12,345","99.5","1,234"\n2026-02,"11,345","98.5","2,345"\n'
    )
    assert values(found) == {
        "gmv": [12345, 11345],
        "orders": [1234, 2345],
        "ad_spend": [99.5, 98.5],
    }
    with pytest.raises(InputError, match="decimal or a thousands"):
        load('month,gmv\n2026-01,"12,345"\n')
    assert load('month,gmv\n2026-01,"12,345"\n', decimal=".").figures["gmv"].tolist() == [12345]


def test_columns_can_be_chosen_left_out_and_must_exist():
    text = "when,what,gmv\n2026-01,5,100\n"
    assert values(load(text, chosen={"date": "when", "orders": "what", "gmv": ""})) == {
        "orders": [5]
    }
    with pytest.raises(InputError, match="is not a column"):
        load(text, chosen={"date": "when", "orders": "how many"})


def test_a_date_that_could_be_either_is_asked():
    text = "date,gmv\n01/02/2026,1\n01/03/2026,2\n"
    with pytest.raises(InputError, match="day/month or month/day"):
        load(text)
    assert load(text, day_first=True).months == ("2026-02", "2026-03")
    assert load(text, day_first=False).months == ("2026-01",)


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        ("who,gmv\nA,3\n", "no date column", "日期"),
        ("month,visits\n2026-01,3\n", "neither gross sales nor orders", "没有认出销售额或订单数"),
        (
            "month,gmv\nsoon,3\nTotal,4\n",
            "no row with a readable date and gross sales or orders",
            "没有一行",
        ),
        (
            "month,gmv,visits\n2026-01,,7\n",
            "no row with a readable date and gross sales or orders",
            "没有一行",
        ),
        (
            "month,gmv\n2026-01,3\n2036-01,3\n",
            "121 — months, from 2026-01-01 to 2036-01-31: at most 120",
            "最多读取 120 个月",
        ),
    ],
)
def test_a_file_that_holds_no_history_is_refused(text, en, zh):
    with pytest.raises(InputError) as caught:
        load(text)
    assert en in caught.value.sentences("en")[0] and zh in caught.value.sentences("zh")[0]


@pytest.mark.parametrize(
    "far", ["9999-12-31", "1600-01-01", "2026-01-05 - 9999-01-01", "9999-12", "9999-W01"]
)
def test_a_date_beyond_reach_is_no_date(far):
    found = load(f"date,gmv\n2026-01-05,3\n2026-01-06,3\n{far},3\n")
    assert told(found, "unreadable") == [("", "", {"count": 1, "rows": "4"})] and found.rows == 2


def test_ten_years_are_read():
    assert len(load("month,gmv\n2026-01,3\n2035-12,3\n").months) == 120


@pytest.mark.parametrize(
    ("finding", "en", "zh"),
    [
        (
            Finding("outlier", "2026-03", "gmv", {"value": 30000.0, "usual": 12000.0}),
            "2026-03, gross sales (GMV): 30,000, where about 12,000",
            "平常约为 12,000",
        ),
        (
            Finding("gap", "2026-03", "visits"),
            "2026-03, visits: no value",
            "2026-03，访客数：文件里没有数值",
        ),
        (
            Finding("partial", "2026-03", parts={"covered": 3, "days": 31}),
            "covers 3 of 31 days",
            "31 天中的 3 天",
        ),
        (
            Finding("taken_as", role="gmv", parts={"into": "EUR"}),
            "names no currency; the amounts are taken as EUR",
            "金额按 EUR 处理",
        ),
        (
            Finding("unreadable", parts={"count": 2, "rows": "7, 8"}),
            "readable date, left out: 2 (first: 7, 8)",
            "2 行",
        ),
        (
            Finding("unreadable", "", "orders", {"count": 2, "rows": "7, 8"}),
            "readable number in orders, left out: 2",
            "订单数读不出数字",
        ),
        (Finding("duplicates", parts={"count": 1, "rows": "5"}), "1 (first: 5)", "第 5 行"),
        (
            Finding("negative", "2026-03", "refunds", {"value": -5.0}),
            "2026-03, refunds: negative values, -5",
            "合计 -5",
        ),
        (
            Finding("totals", parts={"count": 1, "rows": "9"}),
            "Rows of totals, left out: 1",
            "合计行，未计入：1 行",
        ),
    ],
)
def test_findings_speak_both_languages(finding, en, zh):
    assert en in finding.sentence("en") and zh in finding.sentence("zh")


def test_every_figure_has_a_name_in_both_languages():
    for lang in LANGS:
        assert len({Finding("gap", "2026-01", role).sentence(lang) for role in FIGURES}) == len(
            FIGURES
        )


def test_a_history_says_what_its_months_are():
    bare = History(
        dt.date(2025, 11, 1), {"gmv": np.array([1.0, 2, 3])}, np.ones(3), "month", "", 3, ()
    )
    assert bare.months == ("2025-11", "2025-12", "2026-01")


@pytest.mark.parametrize(
    ("month", "factor", "kind"),
    [
        ("2025-12", 2.0, "outlier_peak"),  # the peak of online retail, every year
        ("2025-11", 2.0, "outlier_peak"),
        ("2025-12", 0.5, "outlier"),  # low in the peak is no season
        ("2025-10", 2.0, "outlier"),
    ],
)
def test_a_high_month_of_the_usual_peak_may_be_the_season(month, factor, kind):
    months = [f"2025-{one:02d}" for one in range(3, 13)]
    rows = "".join(
        f"{one},{100 * (factor if one == month else 1)},{10 * (factor if one == month else 1)}\n"
        for one in months
    )
    found = load("month,gmv,orders\n" + rows)
    odd = [one for one in found.findings if one.kind.startswith("outlier")]
    assert {(one.kind, one.month) for one in odd} == {(kind, month)}
    if kind == "outlier_peak":  # both figures in one line
        [one] = odd
        assert "season" in one.sentence("en") and "200" in one.sentence("en")
        assert "季节" in one.sentence("zh") and "20" in one.sentence("zh")
