"""Tables as sellers have them, with cells, rows, columns, encodings and whole archives damaged;
read as a store's history and as orders.
"""

import csv
import datetime as dt
import io
import zipfile
from typing import Any

import numpy as np
import openpyxl

from funnel_sim.decisions.customer.fitted import fit_transactions, with_fit
from funnel_sim.decisions.customer.worth import customer_worth
from funnel_sim.decisions.kpi.check import check
from funnel_sim.decisions.kpi.store_history import fit_funnel, with_months
from funnel_sim.evidence.orders.transactions import Transactions, last_date, transactions
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.months import TEMPLATE, History
from funnel_sim.evidence.tables.tables import Table, read_table
from funnel_sim.output.words.customer import fit_sentences
from funnel_sim.scenario.presets import preset
from funnel_sim.words import LANGS
from tests.fuzz.luck import TEXTS, Luck
from tests.fuzz.steps import Steps, WrongError, finite, shown

_MONTHS = "month,gmv,orders,ad_spend\n" + "".join(
    f"2026-{m:02d},{12000 + 150 * m},{400 + 5 * m},{1800 + 10 * m}\n" for m in range(1, 11)
)
_DAYS = "Date,Month,gmv,orders\n" + "".join(
    f"{dt.date(2026, 1, 1) + dt.timedelta(day)},{1 + day // 31},{100 + day % 7},{10 + day % 3}\n"
    for day in range(70)
)
_ORDERS = "customer,date,amount\n" + "".join(
    f"c{n % 23},{dt.date(2025, 3, 1) + dt.timedelta(n * 7 % 400)},{20 + n % 9}.{n % 10}0\n"
    for n in range(160)
)
FORMS: tuple[str, ...] = (
    TEMPLATE,
    _MONTHS,
    _DAYS,
    _ORDERS,
    # exports of platforms
    (
        '"Date","Ordered Product Sales","Units Ordered","Total Order Items","Sessions -'
        ' Total","Unit Session'
        ' Percentage"\n"1/30/26","$1,234.50","31","30","1,250","2.48%"\n'
        '"1/31/26","$987.00","25","24","1,125","2.22%"\n'
    ),
    (
        'Date,Currency,Campaign Name,Impressions,Clicks,Spend,7 Day Total Sales \n"Jan 30,'
        ' 2026",USD,A,10000,100,$50.00,$200.00\n"Jan 30, 2026",USD,B,20000,150,$60.00,$300.00\n'
    ),
    (
        "日期,销售额"
        " (SGD),订单数,商品访客数,转化率,退款金额\n01-01-2026-31-01-2026,300.00,12,150,8.00%,"
        "8.00\n30-01-2026,100.00,4,60,6.67%,3.00\n31-01-2026,200.00,8,90,8.89%,5.00\n"
    ),
    "日期\t商品交易总额($)\t退款金额($)\t成交件数\t访客数\t订单数\n2026-01-30\t512.3\t10\t25\t410\t22\n2026-01-31\t300.7\t0\t14\t300\t13\n",
    (
        "Month,Orders,Gross sales,Discounts,Returns,Net sales,Total"
        " sales\n2025-12-01,40,2000.00,-100.00,-50.00,1850.00,2080.00\n"
        "2026-01-01,30,1500.00,-75.00,-25.00,1400.00,1570.00\n"
    ),
    "Datum;Umsatz;Aufträge;Rückerstattungen\n2026-01;12345,50;410;100,00\n2026-02;11800,20;390;110,00\n2026-03;13900,00;452;90,00\n",
    "Monat;Umsatz;Bestellungen\n2026-01;12’345.50;410\n2026-02;11’800.20;390\n2026-03;13’900.00;452\n",
    "sep=;\nmonth;gmv;orders\n2026-01;12345,50;410\n2026-02;11800,20;390\n2026-03;13900,00;452\n",
    (
        '"Month","Total sales","Orders","Total sales (previous_period)","Total sales'
        " (previous_period)"
        ' "\n"2026-01-01",1000.50,10,900.00,11.2\n"2026-02-01",1100.00,11,950.00,15.8\n'
        '"2026-03-01",900.00,9,800.00,12.5\n'
    ),
    (
        'Campaign report\n"January 1, 2026 - March 31,'
        ' 2026"\nMonth,Revenue,Orders,Cost,Clicks\n2026-01,1000.00,10,200.00,400\n'
        "2026-02,1100.00,11,210.00,420\n2026-03,900.00,9,190.00,380\n"
    ),
    (
        '"date","product sales","orders"\n"1 janv. 2026","100,50","4"\n"1 févr.'
        ' 2026","110,50","4"\n"1 mars 2026","120,50","5"\n'
    ),
    (
        "Month,Total"
        ' sales,Orders\n2026-01,"₹1,23,456.78",410\n2026-02,"₹98,765.43",390\n'
        '2026-03,"₹2,03,456.00",452\n'
    ),
    (
        "Date,Visitors (Visit),Buyers (Placed Orders),Units (Placed Orders),Orders (Placed"
        " Orders),Sales (Placed Orders)"
        " (VND)\n2026-01-01,9000,300,700,410,41000000\n2026-02-01,9100,310,720,420,42000000\n"
        "2026-03-01,9200,320,740,430,43000000\n"
    ),
    "Date,Order,Revenue\n2026-01-01,101,25.00\n2026-01-04,104,25.00\n2026-02-07,207,25.00\n2026-02-28,228,25.00\n2026-03-01,301,25.00\n2026-03-31,331,60.00\n",
    # orders
    (
        "order id,buyer email,order date,order amount,order status,refunded"
        " amount\n1,a@example.com,2026-01-05,100,Completed,0\n"
        "2,b@example.com,2026-01-06,50,Cancelled,0\n3,a@example.com,2026-02-05,70,Refunded,70\n"
        "4,c@example.com,2026-02-06,80,Completed,30\n"
    ),
    (
        "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID\n1001,A,10,2026-01-05"
        " 09:00,2.50,17\n1001,B,4,2026-01-05 09:00,5.00,17\n1002,A,2,2026-01-20"
        " 09:00,2.50,18\n1003,B,6,2026-02-05 09:00,5.00,17\nC1004,A,-10,2026-02-09 09:00,2.50,17\n"
    ),
    (
        "Order ID,Order Status,Order Creation Date,Product Name,Quantity,Product Subtotal,Order"
        " Amount,Username (Buyer)\nA1,Completed,2026-01-05"
        " 10:00,Cup,1,10,60,kim\nA1,Completed,2026-01-05"
        " 10:00,Plate,2,20,60,kim\nA2,Completed,2026-02-06"
        " 11:00,Cup,1,10,10,lee\nA3,Cancelled,2026-02-07 12:00,Cup,4,40,40,pat\n"
    ),
    (
        "Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Created at,Lineitem"
        " quantity,Lineitem price,Cancelled at,Refunded Amount\n#1,a@example.com,paid,2026-01-05"
        " 10:00:00 -0500,USD,30.00,35.00,2026-01-05 10:00:00"
        " -0500,1,10.00,,0.00\n#1,a@example.com,,,,,,2026-01-05 10:00:00"
        " -0500,2,10.00,,\n#2,b@example.com,refunded,2026-01-06 10:00:00"
        " -0500,USD,20.00,25.00,2026-01-06 10:00:00 -0500,1,20.00,2026-01-07 10:00:00 -0500,25.00\n"
    ),
    "date,customer,amount\n2026-01-05,a,$100.00\n2026-01-06,b,$50.00\n2026-01-07,a,($100.00)\n2026-02-08,c,$70.00\n2026-02-09,b,$70.00\n",
    'customer,date,amount\na,"Jan 5, 2026",10\nb,"Feb 6, 2026",12\na,"Mar 6, 2026",12\n',
    (
        "order id,customer id,order date,currency,order"
        " amount\no0-0,cust0,2025-03-02,JPY,7500\no0-1,cust0,2025-04-14,JPY,7500\n"
        "o1-0,cust1,2025-06-10,USD,50\no2-0,cust2,2025-05-01,JPY,7500\n"
    ),
    (
        "订单号,买家昵称,付款时间,实付金额\n1,甲,2026/01/05"
        " 10:00,¥100.00\n2,乙,2026年1月6日,50元\n3,甲,2026.2.7,80\n"
    ),
)
_CELLS = (
    "",
    "0",
    "-1",
    "1e308",
    "-1e308",
    "1e400",
    "9" * 400,
    "nan",
    "inf",
    "-inf",
    "NaN",
    "N/A",
    "#REF!",
    "1.234,56",
    "1,234.56",
    "1'234",
    "1 234,5",
    "12%",
    "1.2K",
    "3.5万",
    "(100)",
    "-",
    "--5",
    "+5",
    "1,2,3",
    ".",
    ",",
    "$",
    "€1",
    "USD 5",
    "1.7e-300",
    "0x10",
    "1_000",
    "٣٤",
    "１２３",
    "2026-13-45",
    "0000-00-00",
    "9999-12-31",
    "1677-01-01",
    "2262-04-12",
    "1900-02-29",
    "31/02/2026",
    "2026-W53",
    "2026-W01-2026-W90",
    "46023",
    "99999999999",
    "2026",
    "01.02.03",
    "Jan",
    "Q1 2026",
    "2026-01-01T00:00:00Z",
    "2026-01-01 25:61",
    "01-01-2026-31-12-2036",
    "Total",
    "合计",
    "true",
    "=1+1",
    "=SUM(A1:A9)",
    '"',
    "'",
    "a\nb",
    "\x00",
    "\x1a",
)


def _text_table(luck: Luck, rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(
        out,
        delimiter=luck.one((",", ",", ",", ";", "\t", "|", ":", " ")),
        quoting=luck.one((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
        lineterminator=luck.one(("\n", "\n", "\r\n", "\r")),
    )
    writer.writerows(rows)
    text = out.getvalue()
    if luck.odds(0.08):
        text = (
            luck.one(("sep=;\n", "\n\n\n", "Report\nof 2026\n", "a,b\n" * 200, '"', "\ufeff"))
            + text
        )
    return text.encode(
        luck.one(
            (
                "utf-8",
                "utf-8",
                "utf-8",
                "utf-8-sig",
                "gb18030",
                "cp1252",
                "utf-16",
                "utf-16-be",
                "utf-32",
                "shift_jis",
                "latin-1",
            )
        ),
        "replace",
    )


def _changed(luck: Luck, rows: list[list[str]]) -> list[list[str]]:  # one branch a kind of damage
    """Return rows with one thing done to them."""
    rows = [list(row) for row in rows] or [[""]]
    at = luck.randrange(len(rows))
    column = luck.randrange(max(1, len(rows[0])))
    match luck.randrange(14):
        case 0 | 1 | 2:
            for _ in range(luck.one((1, 1, 3, 10))):
                row = luck.one(rows)
                if row:
                    row[luck.randrange(len(row))] = luck.one(
                        _CELLS
                        if luck.odds(0.85)
                        else tuple(t.encode("utf-8", "replace").decode() for t in TEXTS)
                    )
        case 3:  # a whole column
            value = luck.one(_CELLS)
            for row in rows[1:]:
                if column < len(row):
                    row[column] = value if luck.odds(0.9) else row[column]
        case 4:
            rows.insert(at, list(rows[at]))
        case 5:
            del rows[at]
        case 6:
            luck.shuffle(rows)
        case 7:  # a heading again, with or without a space, or none
            name = rows[0][column] if column < len(rows[0]) else ""
            rows[0].append(luck.one((name, name + " ", name.upper(), "", " ", name + ".1")))
            for row in rows[1:]:
                row.append(luck.one(_CELLS))
        case 8:
            for row in rows:
                if column < len(row):
                    del row[column]
        case 9:
            rows[at] = rows[at] + [luck.one(_CELLS)] * luck.randint(1, 3)
        case 10:
            rows[at] = rows[at][: luck.randrange(len(rows[at]) + 1)]
        case 11:
            rows[0] = [
                (
                    luck.one(
                        (
                            "date",
                            "gmv",
                            "orders",
                            "customer",
                            "amount",
                            "Month",
                            "日期",
                            "currency",
                            luck.one(TEXTS).encode("utf-8", "replace").decode()[:300],
                        )
                    )
                    if luck.odds(0.3)
                    else one
                )
                for one in rows[0]
            ]
        case 12 if luck.odds(0.15):  # very wide, very long
            if luck.odds(0.5):
                rows = [row + [str(n) for n in range(20_000)] for row in rows[:5]]
            else:
                rows = rows[:1] + rows[1:] * (20_000 // max(1, len(rows)))
        case _:
            for row in rows[1:]:
                if column < len(row) and any(c.isdigit() for c in row[column]):
                    row[column] = luck.one(
                        ("-{}", "{},5", "{}e9", "({})", "${}", "{} €", "0{}", "{}%", "{}.000")
                    ).format(row[column])
    return rows


def _cell(luck: Luck, text: str) -> Any:
    pick = luck.random()
    try:
        if pick < 0.4:
            return float(text.replace(",", ""))
        if pick < 0.6:
            return dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        pass
    if pick > 0.97:
        return luck.one(
            (
                True,
                dt.time(1, 2),
                dt.timedelta(days=3),
                "=1/0",
                "=A1",
                1e308,
                -0.0,
                10**20,
                dt.date(1900, 1, 1),
                "#N/A",
            )
        )
    return openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", text)[:30_000]


def _book(luck: Luck, rows: list[list[str]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if luck.odds(0.05):
        sheet.append(["Cover"])
        sheet = book.create_sheet("Data")
    for row in rows[:400]:
        sheet.append([_cell(luck, text) for text in row[:300]])
    if luck.odds(0.05):
        sheet.merge_cells("A1:C2")
    if luck.odds(0.08):
        sheet[luck.one(("XFD1", "A1048576", "XFD1048576", "ZZ50000"))] = luck.one(
            ("x", 1, None, "=1")
        )
    out = io.BytesIO()
    book.save(out)
    return _archive(luck, out.getvalue()) if luck.odds(0.4) else out.getvalue()


def _archive(luck: Luck, content: bytes) -> bytes:
    """Return a workbook whose archive is damaged: a part changed, missing, swollen, or all of it
    cut.
    """
    parts = {
        item.filename: zipfile.ZipFile(io.BytesIO(content)).read(item)
        for item in zipfile.ZipFile(io.BytesIO(content)).infolist()
    }
    name = luck.one(tuple(parts))
    sheet = "xl/worksheets/sheet1.xml"
    match luck.randrange(9):
        case 0:
            return luck.damaged(content)
        case 1:
            return content[: luck.randrange(len(content))]
        case 2:
            del parts[name]
        case 3:
            parts[name] = luck.damaged(parts[name])
        case 4:
            parts[name] = luck.one(
                (
                    b"",
                    b"<",
                    b"<a/>",
                    b"\x00" * 100,
                    b"not xml",
                    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
                )
            )
        case 5:
            parts[sheet] = parts[sheet].replace(
                luck.one((b'r="1"', b'r="A2"', b"<v>", b't="n"', b't="s"')),
                luck.one(
                    (
                        b'r="99999999"',
                        b'r="ZZZZ1"',
                        b'r=""',
                        b"<v>1e999",
                        b't="e"',
                        b't="s"',
                        b't="d"',
                        b'r="A0"',
                    )
                ),
                luck.one((1, 5)),
            )
        case 6:
            parts[sheet] = parts[sheet].replace(
                b"<sheetData>",
                b"<sheetData>"
                + b'<row r="1"><c r="A1"><v>1</v></c></row>' * luck.one((100, 100_000)),
            )
        case 7 if luck.odds(0.3):  # much from little
            parts[luck.one((sheet, "xl/sharedStrings.xml", name))] = luck.one(
                (b"<a>", b" ", b"0")
            ) * luck.one((1_000_000, 30_000_000))
        case _:
            old, new = luck.one(((b"A", b"B"), (b"sheet", b"s"), (b"1", b""), (b'"', b"'")))
            parts[name] = parts[name].replace(old, new, luck.randint(1, 4))
    out = io.BytesIO()
    with zipfile.ZipFile(
        out, "w", luck.one((zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
    ) as archive:
        for path, data in parts.items():
            archive.writestr(path, data)
    return out.getvalue()


def make(luck: Luck) -> bytes:
    """Return a file: a known form with none to five things done to it, as text or as a workbook."""
    rows = list(
        csv.reader(
            io.StringIO(form := luck.one(FORMS)),
            delimiter=next((c for c in ";\t" if c in form.split("\n", 1)[0]), ","),
        )
    )
    for _ in range(luck.one((0, 1, 1, 2, 3, 5))):
        rows = _changed(luck, rows)
    content = _book(luck, rows) if luck.odds(0.3) else _text_table(luck, rows)
    return luck.damaged(content) if luck.odds(0.15) else content


_STORE = {
    "kpis": [
        {"id": "gmv", "metric": "gmv", "target": 0.2, "relative": True, "month_to": 3},
        {"id": "roas", "metric": "roas", "target": 3.0},
    ]
}


def go(content: bytes, steps: Steps) -> None:
    """Read a file, and go on with it as a history and as orders as far as it holds them."""
    name = "fuzz.xlsx" if content[:4] == b"PK\x03\x04" else "fuzz.csv"
    table = steps.take("read", lambda: read_table(content, name))
    if table is None:
        return
    luck = steps.luck
    more = (
        {}
        if luck is None or luck.odds(0.7)
        else {"day_first": luck.one((None, True, False)), "decimal": luck.one((None, ".", ","))}
    )
    found = steps.take("history", lambda: history(table, **more))
    if found is not None:
        steps.accepted = True
        _as_history(found, steps)
    _as_orders(table, more, steps)


def _as_history(found: History, steps: Steps) -> None:
    steps.take("history said", lambda: _history_holds(found))
    scenario = preset("amazon-de-kitchen").replace(_STORE)
    mine = steps.take("history adopted", lambda: with_months(scenario, found, ()))
    fitted = None if mine is None else steps.take("funnel fitted", lambda: fit_funnel(mine)[0])
    if fitted is not None:
        steps.take("odds on it", lambda: _odds(fitted), 0.3)


def _history_holds(found: History) -> None:
    if not found.months or len(found.covered) != len(found.months):
        raise WrongError("a history without months")
    for role, values in found.figures.items():
        known = values[~np.isnan(values)]
        if not np.isfinite(known).all() or (known < 0).any():
            raise WrongError(f"history: {role} {known}")
    for lang in LANGS:
        for one in found.findings:
            shown(one.sentence(lang), "finding")
    found.used()


def _odds(scenario: Any) -> None:
    found = check(scenario, 256)
    if not 0 <= finite(found.joint.value, "joint odds") <= 1:
        raise WrongError(f"joint odds {found.joint.value}")


def _as_orders(table: Table, more: dict[str, Any], steps: Steps) -> None:
    first = {"day_first": more.get("day_first")}
    until = steps.take("last date", lambda: last_date(table, **first))
    if until is None:
        return
    found = steps.take("orders", lambda: transactions(table, until, **more))
    if found is None:
        return
    steps.accepted = True
    steps.take("orders counted", lambda: _orders_hold(found))
    fitted = steps.take("fit", lambda: fit_transactions(found, "fuzz.csv"), 0.5)
    if fitted is None:
        return
    steps.take(
        "fit said",
        lambda: [shown(one, "fit") for lang in LANGS for one in fit_sentences(fitted, lang)],
    )
    mine = steps.take("fit adopted", lambda: with_fit(preset("amazon-de-kitchen"), fitted))
    if mine is not None:
        steps.take("worth", lambda: customer_worth(mine, 256), 0.5)


def _orders_hold(found: Transactions) -> None:
    one = found.counted
    if (
        one.rows
        != one.unreadable
        + one.future
        + one.duplicates
        + one.refunds
        + one.merged
        + one.taken_back
        + one.orders
    ):
        raise WrongError(f"rows do not add up: {one}")
    for amount in found.orders.amount:
        finite(float(amount), "amount")
    if not np.isfinite(np.concatenate(found.histories())).all():
        raise WrongError("a history of a customer is not finite")
    found.repeat_worth()
