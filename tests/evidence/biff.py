"""Small .xls files written record by record, so that tests can say anything in them that a real
program would not.
"""

import struct

_SECTOR = 512
_END, _FREE, _LISTS = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def record(kind, body=b""):
    return struct.pack("<HH", kind, len(body)) + body


def bof(of=5, version=0x0600):
    return record(0x0809, struct.pack("<HHHHII", version, of, 0, 0, 0, 0))


EOF = record(0x000A)


def label(row, column, text):
    """A cell with a text of its own, as BIFF8 writes it."""
    return record(
        0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le")
    )


def number(row, column, value, style=0):
    return record(0x0203, struct.pack("<HHHd", row, column, style, value))


def shared(row, column, place):
    return record(0x00FD, struct.pack("<HHHI", row, column, 0, place))


def texts(*parts, many):
    """The list of shared texts in records as given: the first one, then those that go on."""
    first = record(0x00FC, struct.pack("<II", many, many) + parts[0])
    return first + b"".join(record(0x003C, part) for part in parts[1:])


def book(cells, *, above=b"", version=0x0600, sheets=1):
    """A workbook stream of one sheet, named several times where asked."""
    name = b"x" if version == 0x0500 else b"\0x"
    size = len(record(0x0085, struct.pack("<IBBB", 0, 0, 0, 1) + name))
    start = len(bof(version=version)) + len(above) + sheets * size + len(EOF)
    named = record(0x0085, struct.pack("<IBBB", start, 0, 0, 1) + name) * sheets
    return bof(version=version) + above + named + EOF + bof(16, version) + cells + EOF


def compound(stream, name="Workbook", *, loops=False):
    """A compound file with one stream; in one that loops the last sector leads to the first."""
    stream = stream.ljust(4096, b"\0")  # shorter ones are kept elsewhere
    count = -(-len(stream) // _SECTOR)
    lists = -(-(count + 2) * 4 // _SECTOR)
    while (count + 1 + lists) * 4 > lists * _SECTOR:
        lists += 1
    chain = [*range(1, count), 0 if loops else _END, _END, *[_LISTS] * lists]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(lists * _SECTOR, b"\xff")
    directory = (_entry("Root Entry", 5, _END, 0, 1) + _entry(name, 2, 0, len(stream))).ljust(
        _SECTOR, b"\0"
    )
    first = count + 1
    named = [first + one for one in range(lists)]
    inside, further = named[:109], named[109:]
    more = b""
    links = [further[at : at + 127] for at in range(0, len(further), 127)]
    for place, link in enumerate(links):
        behind = first + lists + place + 1 if place + 1 < len(links) else _END
        more += struct.pack(f"<{len(link)}I", *link).ljust(508, b"\xff") + struct.pack("<I", behind)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack("<HHHHH6xII", 0x3E, 3, 0xFFFE, 9, 6, 0, lists)
    head += struct.pack("<IIIII", count, 0, 4096, _END, 0)
    head += struct.pack("<II", first + lists if links else _END, len(links))
    head += struct.pack(f"<{len(inside)}I", *inside).ljust(436, b"\xff")
    return head + stream.ljust(count * _SECTOR, b"\0") + directory + table + more


def _entry(name, kind, start, size, child=_FREE):
    text = name.encode("utf-16-le")
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text) + 2, kind, 1, _FREE, _FREE, child)
        + b"\0" * 36
        + struct.pack("<III", start, size, 0)
    )
