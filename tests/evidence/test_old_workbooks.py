"""Binary .xls files: one that LibreOffice wrote, and such as no program writes."""

import random
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.orders.orders import orders
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.tables.tables import load_table, read_table
from tests.evidence.biff import bof, book, compound, label, number, record, shared, texts

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = Path(__file__).with_name("cases") / "orders_of_libreoffice.xls"
HEAD = label(0, 0, "month") + label(0, 1, "gmv")


def test_orders_of_a_real_file():
    """A cover sheet first, true dates, totals as formulas with saved values: 2 × 12.345 = 24.69, 1
    × 1,000,000.50, 10 × 7; A3 was cancelled.
    """
    table = load_table(SAMPLE)
    assert table.cells["Order Date"].tolist()[:2] == ["2026-01-05T10:30:00", "2026-01-20T00:00:00"]
    assert table.cells["Buyer"].tolist() == ["Zoë 王", "bo", "Zoë 王", "ann"]
    found = orders(table)
    assert found.frame["sold"].tolist() == pytest.approx([24.69, 1_000_000.5, 70])
    assert [(one.reason, one.rows) for one in found.left_out] == [("cancelled", 1)]
    assert "sheet" in {one.kind for one in found.findings + table.findings}


def test_numbers_packed_and_long_and_days_in_either_way_of_counting():
    """RK: whole numbers in hundredths (1250 → 12.50) and the upper half of a float (1.0); MULRK
    holds a row of them; day 45,000 since 1904 is 16 March 2027, since 1900 15 March 2023.
    """
    style = record(0x00E0, struct.pack("<HH", 0, 14))  # a date
    packed = struct.pack("<HI", 1, (1250 << 2) | 3) + struct.pack("<HI", 1, 0x3FF00000)
    cells = (
        HEAD + label(0, 2, "orders") + number(1, 0, 45_000)
        + record(0x00BD, struct.pack("<HH", 1, 1) + packed + struct.pack("<H", 2))
        + number(2, 0, 45_001) + record(0x027E, struct.pack("<HHHI", 2, 1, 1, (-3 << 2 | 2) & 0xFFFFFFFF))
    )  # fmt: skip
    for since_1904, day in ((0, "2023-03-15T00:00:00"), (1, "2027-03-16T00:00:00")):
        dates = record(0x0022, struct.pack("<H", since_1904))
        table = read_table(compound(book(cells, above=style + dates)), "x.xls")
        assert table.cells.iloc[0].tolist() == [day, "12.5", "1"]
        assert table.cells.iloc[1].tolist()[1:] == ["-3", ""]
        assert table.numeric is not None and table.numeric.iloc[0].tolist() == [False, True, True]


def test_texts_that_go_on_in_the_next_record():
    """The letters "gmv" in one record as one byte each, the second half of "month" in the next as
    two bytes each.
    """
    first = struct.pack("<HB", 3, 0) + b"gmv" + struct.pack("<HB", 5, 0) + b"mon"
    then = b"\x01" + "th".encode("utf-16-le") + struct.pack("<HB", 7, 0) + b"2026-01"
    above = texts(first, then, many=3)
    cells = shared(0, 0, 1) + shared(0, 1, 0) + shared(1, 0, 2) + number(1, 1, 5)
    table = read_table(compound(book(cells, above=above)), "x.xls")
    assert table.columns == ("month", "gmv") and table.cells.iloc[0].tolist() == ["2026-01", "5"]


def test_a_workbook_of_excel_95_in_its_code_page():
    """BIFF5 writes its texts in the page that it names, here Russian: Месяц is a month."""

    def text(row, column, one):
        said = one.encode("cp1251")
        return record(0x0204, struct.pack("<HHHH", row, column, 0, len(said)) + said)

    cells = text(0, 0, "Месяц") + text(0, 1, "orders") + text(1, 0, "2026-01") + number(1, 1, 5)
    above = record(0x0042, struct.pack("<H", 1251))
    table = read_table(compound(book(cells, above=above, version=0x0500), "Book"), "x.xls")
    assert table.columns == ("Месяц", "orders") and table.cells.iloc[0].tolist() == ["2026-01", "5"]


def test_a_far_corner_is_read_and_takes_no_memory():
    cells = HEAD + label(65_535, 0, "2026-01") + number(65_535, 1, 10)
    found = history(read_table(compound(book(cells)), "x.xls"))
    assert found.figures["gmv"].tolist() == [10]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (compound(book(HEAD + number(1, 256, 1))), "IW2.* does not name a cell of row 2"),
        (compound(book(HEAD + number(0, 1, 1))), "B1: appears twice"),
        (compound(book(HEAD + shared(1, 0, 3))), "points to a text that is not there"),
        (compound(book(HEAD, above=record(0x002F, b"\0" * 6))), "locked by a password"),
        (compound(b"\0" * 5000, "EncryptedPackage"), "locked by a password"),
        (compound(b"\0" * 5000, "WordDocument"), "neither a workbook of Excel 5"),
        (compound(book(HEAD), loops=True)[:1500], "damaged or incomplete .xls"),
        (compound(book(HEAD + number(1, 0, 1) * 400), loops=True), "damaged or incomplete .xls"),
        (compound(book(HEAD + label(1, 0, "2026-01") + number(1, 1, float("nan")))), "damaged"),
        (compound(bof() + record(0x000A)), "holds no worksheet"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(content, rule):
    with pytest.raises(InputError, match=rule):
        read_table(content, "x.xls")


@pytest.mark.slow
def test_damaged_bytes_are_read_or_refused_in_our_words():
    for seed in range(150):
        chance = random.Random(seed)
        content = bytearray(SAMPLE.read_bytes())
        for _ in range(chance.choice((1, 3, 20))):
            place = chance.randrange(len(content) - 4)
            if chance.random() < 0.5:
                content[place] = chance.randrange(256)
            else:
                struct.pack_into("<I", content, place, chance.choice((0, 0xFFFFFFFF, 7)))
        try:
            read_table(bytes(content), "x.xls")
        except InputError as error:
            assert str(error).startswith("x.xls"), seed  # read or refused


HOSTILE = """
import resource, struct
from funnel_sim.errors import InputError
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.tables.tables import read_table
from tests.evidence.biff import *
history(read_table(b"date,gmv\\n2026-01-01,1\\n", "warm.csv"))
now = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
head = label(0, 0, "month") + label(0, 1, "gmv")
made = [
    compound(book(head + number(65_535, 255, 1))),
    compound(book(head + b"".join(number(row, 0, 1) for row in range(1, 65_536)) + b"".join(number(0, column, 1) for column in range(2, 256)))),
    compound(book(head + record(0x0201) * 2_100_000)),
    compound(book(head, above=texts(b"", many=0xFFFFFFFF))),
    compound(book(head, above=texts(*[b"\\0" * 8_000] * 900, many=1_900_000))),
    compound(book(head + number(1, 0, 1) * 300_000, sheets=200)),
    compound(book(head, above=record(0x0085, struct.pack("<IBB", 0, 0, 0) + b"\\xff\\0") * 100_000)),
    compound(book(head, above=record(0x00E0, b"\\0" * 4) * 70_000)),
    compound(book(head + b"".join(shared(row, 0, 0) for row in range(1, 60_000)), above=texts(struct.pack("<HB", 8_000, 0) + b"x" * 8_000, many=1))),
]
resource.setrlimit(resource.RLIMIT_AS, (now + sum(map(len, made)) + 500 * 1024 * 1024, -1))
for content in made:
    try:
        print("read", read_table(content, "x.xls").cells.shape)
    except InputError as error:
        print(error)
"""


@pytest.mark.slow
@pytest.mark.skipif(
    sys.platform != "linux", reason="the limit of a process's memory is set as Linux has it"
)
def test_small_hostile_files_take_less_than_500_mb():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", HOSTILE],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-1500:]
    rules = (
        "read (1, 3)",
        "nearly all empty",
        "2,000,000 records",
        "4,294,967,295 different texts",
        "holds no rows",
        "A2: appears twice",
        "damaged",
        "65,490 cell formats",
        "more than 200 MB of text",
    )
    lines = done.stdout.splitlines()
    assert len(lines) == len(rules), lines
    for line, rule in zip(lines, rules, strict=True):
        assert rule in line, (line, rule)
