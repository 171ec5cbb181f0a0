"""The share that long work tells: each step begins where the one before ended, the last is the
whole, and no step tells more than its part.
"""

import io

import openpyxl
import pytest

from funnel_sim.evidence.orders.orders import orders
from funnel_sim.evidence.orders.reading import reading_of
from funnel_sim.evidence.orders.rows import rows_of
from funnel_sim.evidence.store.from_orders import history_of_orders
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.tables import progress
from funnel_sim.evidence.tables.progress import each, part, tell
from funnel_sim.evidence.tables.tables import read_table

ORDERS = b"order id,date,buyer,amount,quantity\n1,2026-01-05,ann,60,1\n2,2026-02-06,bo,10,2\n"


def table(content=ORDERS):
    return read_table(content, "x.csv")


def told_by(work):
    told = []
    work(told.append)
    return [round(share, 9) for share in told]


def test_a_part_lies_between_its_ends():
    assert part(None, 0.2, 0.6) is None
    told = []
    step = part(told.append, 0.2, 0.6)
    for share in (0.0, 0.25, 1.0):
        step(share)
    assert told == pytest.approx([0.2, 0.3, 0.6])  # 0.2 + 0.4 · 0.25 = 0.3
    tell(None, 0.5)
    tell(told.append, 0.5)
    assert told[-1] == 0.5 and len(told) == 4


def test_cells_tell_their_share_at_the_first_and_after_each_piece(monkeypatch):
    monkeypatch.setattr(progress, "_AT_ONCE", 2)
    told = []
    assert list(each(str.upper, list("abcde"), told.append)) == list("ABCDE")
    assert told == [0.0, 0.4, 0.8]
    assert list(each(str.upper, [], told.append)) == [] and len(told) == 3


def test_the_rows_of_orders_tell_each_step():
    """Orders and groups 15 %, days to 45 %, numbers to 85 % (money the first 70 % of them, read at
    once here; counts the rest: 0.45 + 0.40 · 0.7 = 0.73), states to 95 %, the rest to the whole.
    """
    reading = reading_of(table(), None, None, None)
    told = told_by(lambda show: rows_of(reading, [], show))
    assert told == sorted(told) and set(told) == {0.15, 0.45, 0.73, 0.85, 0.95, 1.0}


def test_orders_tell_their_rows_from_a_tenth_to_seven_tenths():
    """0.1 + 0.6 · 0.15 = 0.19, · 0.45: 0.37, · 0.73: 0.538, · 0.85: 0.61, · 0.95: 0.67."""
    told = told_by(lambda show: orders(table(), progress=show))
    assert told == sorted(told)
    assert set(told) == {0, 0.1, 0.19, 0.37, 0.538, 0.61, 0.67, 0.7, 0.8, 0.85, 0.95, 1}


def test_months_of_orders_tell_the_orders_as_nine_tenths():
    whole = told_by(lambda show: orders(table(), progress=show))
    chosen = {"order": "order id", "date": "date", "amount": "amount"}
    told = told_by(lambda show: history_of_orders(table(), chosen, None, None, None, show))
    assert told == [*(pytest.approx(0.9 * share) for share in whole), 1.0]


def test_months_tell_days_figures_and_the_whole():
    """Days to 40 %, figures to 80 %: money the first half of them, then each of two figures a
    quarter (0.4 + 0.4 · 0.5 = 0.6 and 0.7).
    """
    months = table(b"month,gmv,orders\n2026-01,5,1\n2026-02,6,2\n")
    told = told_by(lambda show: history(months, progress=show))
    assert told == sorted(told) and set(told) == {0.0, 0.4, 0.6, 0.7, 0.8, 1.0}


def workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


SHEET = workbook([["date", "gmv"], *(["2026-01-05", n] for n in range(3_000))])
ROW = "<Row><Cell><Data>2026-01-05</Data></Cell><Cell><Data>12</Data></Cell></Row>"
FIRST = ROW.replace("2026-01-05", "date").replace("12", "gmv")
PAGE = (
    '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
    f"<Worksheet><Table>{FIRST}{ROW * 3_000}</Table>"
    "</Worksheet></Workbook>"
).encode()


@pytest.mark.parametrize(
    ("content", "name"), [(SHEET, "x.xlsx"), (PAGE, "x.xls"), (ORDERS, "x.csv")]
)
def test_every_kind_of_file_tells_shares_that_grow_up_to_the_whole(content, name):
    told = told_by(lambda show: read_table(content, name, show))
    assert told == sorted(told) and told[-1] == 1.0 and told[0] > 0
    assert name == "x.csv" or told[0] < 0.6  # a piece of 64 KB, of some more


def test_a_part_that_is_read_piece_by_piece_tells_its_bytes():
    """227 KB in pieces of 64 KB: 65,536 of them are read, then twice as many, and so on."""
    told = told_by(lambda show: read_table(PAGE, "x.xls", show))
    assert told[:2] == [round(n * 65_536 / len(PAGE), 9) for n in (1, 2)]
