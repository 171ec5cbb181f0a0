"""Damaged and hostile tables, made from good ones by a seed: what a reader must read or refuse,
never fail on.
"""

import io
import random
import re
import zipfile

import xlsxwriter

ORDERS = [("Order ID", "Customer", "Order date", "Total", "Currency")] + [
    (f"A{n}", f"buyer{n % 7}", f"2026-0{1 + n % 4}-{1 + n % 28:02d}", f"{12 + n * 1.37:.2f}", "EUR")
    for n in range(40)
]
MONTHS = [("month", "gmv", "orders", "visits", "ad_spend", "refunds")] + [
    (
        f"2025-{m:02d}",
        f"{12000 + 371 * m}.50",
        f"{400 + 7 * m}",
        f"{16000 + 90 * m}",
        f"{1800 + 11 * m}.00",
        f"{600 + m}.00",
    )
    for m in range(1, 13)
]
CELLS = (
    "",
    " ",
    "-",
    "(",
    "()",
    ",",
    ".",
    "1.2.3,4",
    "1,2,3.4.5",
    "1e400",
    "1E-300",
    "-1e308",
    "9" * 400,
    "9" * 25,
    "٣٤٥",
    "２０２６-０１-０２",
    "²",
    "½",
    "12 m²",
    "NaN",
    "inf",
    "-inf",
    "0001-01-01",
    "9999-12-31",
    "2200-12-31",
    "1899-12-31",
    "2026-02-30",
    "2026-13-01",
    "20261399",
    "99999",
    "31/12/99",
    "13/13/2026",
    "2026-W99",
    "W00 2026",
    "2026年第99周",
    "Jan 99",
    "Feb 30, 2026",
    "2026-02-30 - 2026-01-01",
    "2026-01-01 - 2199-12-31",
    "0000-00",
    "2026.00",
    "1999/0",
    "٢٠٢٦-٠١-٠١",
    "２０２６/０１/０１",
    "=1+1",
    '=HYPERLINK("x")',
    "'",
    '"',
    '""',
    '"a',
    'a"b',
    "a\nb",
    "a\rb",
    "\x1a",
    "\ufeff",
    "\u202e12",
    "\u00a0",
    "−12",
    "12−",
    "$",
    "¥¥",
    "1 000 000",
    "1'000",
    "😀",
    "𝟙𝟚",
    "#DIV/0!",
    "TRUE",
    "-" + " " * 3000 + "x",
    "x" * 5000,
    "1" + "0" * 3000,
    "1," * 1500,
    "2026-01-01 " * 300,
)
HEADINGS = (
    "",
    " ",
    "Customer",
    "customer ",
    "CUSTOMER",
    "Order date",
    "Order date ",
    "Total",
    " Total",
    "month",
    "gmv",
    "GMV",
    "orders ",
    "\ufeffmonth",
    "x" * 900,
    "$",
    "(",
    "[",
    "a(b",
    "Unnamed: 1",
    "0",
    "\\d",
    "😀",
)
_BYTES = (
    b"\x00",
    b"\r",
    b"\n",
    b'"',
    b"'",
    b"\xff",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\x80",
    b",",
    b";",
    b"\t",
    b"\x1a",
    b"<",
    b"&",
    b"]]>",
    b"&#0;",
    b"&x;",
    b"\x0b",
    b"\xe2\x80\xa8",
)
_VALUES = (
    b"",
    b"-1",
    b"0",
    b"99999",
    b"1e999",
    b"nan",
    b"ZZZ1",
    b"A0",
    b"XFD1048576",
    b"XFE1",
    b"a1",
    b"1.5",
    b"s",
    b"str",
    b"inlineStr",
    b"b",
    b"e",
    b"d",
    b"n",
    b"9" * 30,
    b"\xd9\xa3",
    b"1_0",
    b"2958466",
    b"-0.5",
    b"60",
    b"1e15",
)


def csv_of(rows, separator=",", encoding="utf-8", end="\n", quote=False):
    text = (
        end.join(separator.join(f'"{cell}"' if quote else cell for cell in row) for row in rows)
        + end
    )
    return text.encode(encoding, "replace")


def xlsx_of(rows, numbers=True):
    book = io.BytesIO()
    with xlsxwriter.Workbook(
        book,
        {"strings_to_numbers": numbers, "strings_to_formulas": False, "strings_to_urls": False},
    ) as writer:
        sheet = writer.add_worksheet()
        day = writer.add_format({"num_format": "yyyy-mm-dd"})
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                sheet.write(r, c, cell[:32_000])
        sheet.write_number(len(rows), 2, 46_053.25, day)
    return book.getvalue()


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {one.filename: packed.read(one) for one in packed.infolist()}


def zip_of(parts, kind=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def sheet_of(body, *, head="", strings=None, styles=None, kind=zipfile.ZIP_DEFLATED):
    """Return a workbook whose only sheet is this XML."""
    parts = parts_of(xlsx_of([("a",)]))
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts["xl/worksheets/sheet1.xml"] = (
        f"{head}<worksheet {space}><sheetData>".encode()
        + (body if isinstance(body, bytes) else body.encode())
        + b"</sheetData></worksheet>"
    )
    if strings is not None:
        parts["xl/sharedStrings.xml"] = f"<sst {space}>".encode() + strings + b"</sst>"
    if styles is not None:
        parts["xl/styles.xml"] = styles
    return zip_of(parts, kind)


def mutated(seed):
    """Return a damaged table and the name of its file, always the same for a seed."""
    chance = random.Random(seed)  # the same for a seed is what is wanted
    rows = [list(row) for row in chance.choice((ORDERS, MONTHS))]
    for _ in range(chance.choice((0, 0, 1, 2, 5))):
        _mutate_rows(rows, chance)
    if chance.random() < 0.45:
        return _mutate_workbook(xlsx_of(rows, chance.random() < 0.6), chance), "table.xlsx"
    content = csv_of(
        rows,
        chance.choice(",;\t|"),
        chance.choice(("utf-8", "utf-8-sig", "gb18030", "cp1252", "utf-16", "utf-16-le")),
        chance.choice(("\n", "\r\n", "\r")),
        chance.random() < 0.3,
    )
    for _ in range(chance.choice((0, 1, 1, 2, 6))):
        content = _mutate_bytes(content, chance)
    return content, "table.csv"


def _mutate_rows(rows, chance):
    row = chance.randrange(len(rows))
    column = chance.randrange(5)
    what = chance.randrange(9)
    if what <= 2:
        rows[row][column : column + 1] = [chance.choice(CELLS)]
    elif what == 3:
        rows[0][column : column + 1] = [chance.choice(HEADINGS)]
    elif what == 4:
        nasty = chance.choice(CELLS)
        for one in rows[1:]:
            one[column : column + 1] = [nasty]
    elif what == 5:
        rows[row] = rows[row][:column]
    elif what == 6:
        rows[row] += [chance.choice(CELLS)] * chance.choice((1, 3, 50))
    elif what == 7:
        del rows[chance.choice((0, row)) :]
        rows or rows.append([chance.choice(HEADINGS)])
    else:
        for place, one in enumerate(rows):
            one.insert(column, chance.choice(HEADINGS) if place == 0 else chance.choice(CELLS))


def _mutate_bytes(content, chance):
    if not content:
        return content
    at = chance.randrange(len(content))
    span = chance.choice((1, 1, 4, 30, 200))
    return chance.choice(
        (
            lambda: (
                content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]
            ),
            lambda: content[:at] + content[at + span :],
            lambda: content[:at] + content[at : at + span] * 2 + content[at + span :],
            lambda: content[:at] + chance.choice(_BYTES) + content[at:],
            lambda: content[:at],
        )
    )()


def _mutate_workbook(content, chance):
    what = chance.randrange(8)
    if what == 0:
        return content
    if what == 1:
        return _mutate_bytes(content, chance)
    parts = parts_of(content)
    name = chance.choice(list(parts)) if chance.random() < 0.4 else "xl/worksheets/sheet1.xml"
    if what == 2:
        del parts[name]
    elif what == 3:
        parts = {(key.upper() if key == name else key): value for key, value in parts.items()}
    elif what <= 5:
        for _ in range(chance.choice((1, 1, 4))):
            parts[name] = _mutate_bytes(parts[name], chance)
    else:
        for _ in range(chance.choice((1, 1, 4))):
            values = list(re.finditer(rb'"[^"]*"|(?<=<v>)[^<]*', parts[name]))
            if values:
                found = chance.choice(values)
                value = chance.choice(_VALUES)
                parts[name] = (
                    parts[name][: found.start()]
                    + (b'"' + value + b'"' if found[0].startswith(b'"') else value)
                    + parts[name][found.end() :]
                )
    return zip_of(parts)
