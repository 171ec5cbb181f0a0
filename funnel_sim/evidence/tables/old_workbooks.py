"""A sheet of an .xls workbook as a table (BIFF5 and BIFF8, MS-XLS), read record by record: only
cells that are there take memory, wherever they say that they stand.

A workbook is a stream of records inside a compound file. The same walk over them that counts cells
and checks the bounds takes the cells down, so that nothing is laid out before it was counted (ADR
0050).
"""

import struct
from array import array
from collections.abc import Callable
from itertools import count
from typing import ClassVar

import numpy as np
import pandas as pd

from funnel_sim.errors import refuse
from funnel_sim.evidence.tables.bounds import (
    LARGEST,
    LONGEST_CELL,
    MOST_FORMATS,
    MOST_HOLES,
    MOST_RECORDS,
    MOST_SHARED,
    SPARE_CELLS,
    check_area,
    letters,
    long_cell,
)
from funnel_sim.evidence.tables.compound import Compound, DamagedError
from funnel_sim.evidence.tables.layout import Layout
from funnel_sim.evidence.tables.progress import Progress
from funnel_sim.evidence.tables.sheets import (
    DATE_FORMATS,
    DAY_ZERO,
    DAY_ZERO_1904,
    LAST_DAY,
    SHEETS_LOOKED_AT,
    chosen_sheet,
    day_text,
    headed,
    number_text,
    shows_a_day,
)

_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOF, _EOF, _CONTINUE = 0x0809, 0x000A, 0x003C
_NUMBER, _RK, _MULRK, _LABEL_SST, _LABEL, _RICH, _BOOL, _FORMULA, _STRING = (
    0x0203, 0x027E, 0x00BD, 0x00FD, 0x0204, 0x00D6, 0x0205, 0x0006, 0x0207,
)  # fmt: skip
_SST, _FORMAT, _XF, _SHEET, _PASSWORD, _CODEPAGE, _DATES = (
    0x00FC, 0x041E, 0x00E0, 0x0085, 0x002F, 0x0042, 0x0022,
)  # fmt: skip
_BIFF8, _BIFF5 = 0x0600, 0x0500
_ROWS, _COLUMNS = 65_536, 256  # of a sheet
_AS_NUMBER, _AS_SHARED, _AS_OWN, _AS_DAY = 0, 1, 2, 3
_STEP = 50_000  # records between two reports of progress
_CODEPAGES = {1200: "utf-16-le", 10_000: "mac_roman", 32_768: "mac_roman", 32_769: "cp1252"}
_LABELS = (_LABEL, _RICH)
_FORMULAS = (_FORMULA, 0x0206, 0x0406)
_OF_CELLS = frozenset((_NUMBER, _RK, _MULRK, _LABEL_SST, _BOOL, _STRING, *_LABELS, *_FORMULAS))


def is_old_workbook(content: bytes) -> bool:
    """Return whether bytes begin as a compound file does: an .xls workbook, or one of any kind that
    is locked by a password.
    """
    return content.startswith(_START)


def old_workbook_frame(content: bytes, name: str, progress: Progress | None = None) -> Layout:
    """Return the headings of a workbook's first sheet that holds a table with known ones, else of
    the first that holds a table, and the cells below.

    A formula counts as the value that was saved with it.

    Args:
        content: the whole file.
        name: of the file, for refusals.
        progress: is told the share of the records that has been read.

    Raises:
        InputError: naming the file and where known the cell, for a workbook that is damaged, too
            large, locked by a password, or older than Excel 5.
    """
    try:
        file = Compound(content)
        if "EncryptedPackage" in file:
            raise refuse(name, None, "table_locked")
        stream = next((one for one in ("Workbook", "Book") if one in file), "")
        if not stream:
            raise refuse(name, None, "table_old_workbook")
        return _Book(file[stream], name, progress).layout()
    except (DamagedError, struct.error, IndexError, UnicodeDecodeError, LookupError, OverflowError):
        raise refuse(name, None, "table_old_damaged") from None


class _Book:
    """The records of a workbook: its texts, formats and sheets."""

    def __init__(self, data: bytes, name: str, progress: Progress | None):
        self.data, self.name, self.progress = data, name, progress
        self.records = self.read = self.cells = 0
        self.encoding = "cp1252"
        self.day_zero = DAY_ZERO
        self.shared = _Shared(b"", [])
        self.codes: dict[int, str] = {}
        self.formats: list[int] = []
        self.sheets: list[tuple[str, int]] = []
        kind, size = struct.unpack_from("<HH", data, 0)
        version = struct.unpack_from("<H", data, 4)[0]
        if kind != _BOF or version not in (_BIFF8, _BIFF5):
            raise refuse(name, None, "table_old_workbook")
        self.wide = version == _BIFF8
        self._globals(4 + size)

    def _count(self, size: int) -> None:
        """Count one record that is no cell; raises InputError where there are too many, or where
        sheets lie within one another.
        """
        self.records += 1
        self.read += size + 4
        if self.records > MOST_RECORDS:
            raise refuse(self.name, None, "table_records", most=f"{MOST_RECORDS:,}")
        if self.read > len(self.data) + _STEP:
            raise DamagedError

    def _globals(self, at: int) -> None:
        """Take down what holds for all sheets."""
        data = self.data
        shared: list[tuple[int, int]] = []
        while at + 4 <= len(data):
            kind, size = struct.unpack_from("<HH", data, at)
            at += 4
            self._count(size)
            if kind == _EOF:
                break
            if kind == _SST or (kind == _CONTINUE and shared and shared[-1][1] == at - 4):
                shared.append((at, at + size))
            elif kind in self.GLOBALS:
                self.GLOBALS[kind](self, at, at + size)
            at += size
        if shared:
            self.shared = _Shared.of(data, shared, self.name)
        if not self.sheets:
            raise refuse(self.name, None, "table_no_sheet")

    def _locked(self, _at: int, _end: int) -> None:
        raise refuse(self.name, None, "table_locked")

    def _codepage(self, at: int, _end: int) -> None:
        page = struct.unpack_from("<H", self.data, at)[0]
        self.encoding = _CODEPAGES.get(page, f"cp{page}")

    def _dates(self, at: int, _end: int) -> None:
        if struct.unpack_from("<H", self.data, at)[0]:
            self.day_zero = DAY_ZERO_1904

    def _format(self, at: int, end: int) -> None:
        number = struct.unpack_from("<H", self.data, at)[0]
        self.codes[number] = self._text(at + 2, end, 2 if self.wide else 1)

    def _style(self, at: int, _end: int) -> None:
        self.formats.append(struct.unpack_from("<H", self.data, at + 2)[0])
        if len(self.formats) > MOST_FORMATS:
            raise refuse(self.name, None, "table_formats", most=f"{MOST_FORMATS:,}")

    def _named_sheet(self, at: int, end: int) -> None:
        offset, _, kind = struct.unpack_from("<IBB", self.data, at)
        if kind == 0:  # no chart, no macro
            self.sheets.append((self._text(at + 6, end, 1), offset))

    GLOBALS: ClassVar[dict[int, Callable[["_Book", int, int], None]]] = {
        _PASSWORD: _locked,
        _CODEPAGE: _codepage,
        _DATES: _dates,
        _FORMAT: _format,
        _XF: _style,
        _SHEET: _named_sheet,
    }

    def _text(self, at: int, end: int, length_bytes: int) -> str:
        """Return a text that says its length before its letters."""
        data = self.data
        length = int.from_bytes(data[at : at + length_bytes], "little")
        at += length_bytes
        if not self.wide:
            return data[at : min(end, at + length)].decode(self.encoding, "replace")
        flags, at = data[at], at + 1
        at += (2 if flags & 8 else 0) + (4 if flags & 4 else 0)
        if flags & 1:
            return data[at : min(end, at + 2 * length)].decode("utf-16-le", "replace")
        return data[at : min(end, at + length)].decode("latin-1")

    def layout(self) -> Layout:
        """Return the sheet with the table."""
        found = self.sheets[:SHEETS_LOOKED_AT]
        return chosen_sheet(
            ((title, self._sheet(offset)) for title, offset in found), len(self.sheets)
        )

    def _sheet(self, at: int) -> Layout:
        """Return headings and cells of the sheet whose records begin at a place."""
        data, cells = self.data, _Cells(self.name)
        kind, size = struct.unpack_from("<HH", data, at)
        if kind != _BOF:
            raise DamagedError
        at += 4 + size
        depth = 1  # a chart inside a sheet has records of its own
        awaited: tuple[int, int, int] | None = None  # the formula whose text comes next
        unpack = struct.unpack_from
        number, found = struct.Struct("<HHHd").unpack_from, struct.Struct("<HHHI").unpack_from
        for step in count():
            if at + 4 > len(data) or not depth:
                break
            kind, size = unpack("<HH", data, at)
            at += 4
            if depth > 1 or kind not in _OF_CELLS:
                self._count(size)
                depth += (kind == _BOF) - (kind == _EOF)
            elif kind == _NUMBER:
                row, column, style, value = number(data, at)
                cells.put(row, column, style, _AS_NUMBER, value)
            elif kind == _LABEL_SST:
                row, column, style, place = found(data, at)
                cells.put(row, column, style, _AS_SHARED, place)
            elif kind == _RK:
                row, column, style, packed = found(data, at)
                cells.put(row, column, style, _AS_NUMBER, _unpacked(packed))
            elif kind == _MULRK:
                row, column = unpack("<HH", data, at)
                for place in range(at + 4, at + size - 7, 6):
                    style, packed = unpack("<HI", data, place)
                    cells.put(row, column, style, _AS_NUMBER, _unpacked(packed))
                    column += 1
            else:
                self._count(size)
                awaited = self._rare(cells, kind, at, at + size, awaited)
            at += size
            if self.progress is not None and step % _STEP == 0:
                self.progress(min(1.0, at / len(data)))
        self.cells += len(cells.places)
        if self.cells > _ROWS * _COLUMNS:  # sheets that lie within one another
            raise DamagedError
        return cells.layout(self)

    def _rare(
        self,
        cells: "_Cells",
        kind: int,
        at: int,
        end: int,
        awaited: tuple[int, int, int] | None,
    ) -> tuple[int, int, int] | None:
        """Take down a cell of its own text, a formula's value or a truth; return the place of the
        formula whose text comes next.
        """
        if kind == _STRING:
            if awaited is not None:
                cells.put_text(*awaited, self._text(at, end, 2))
            return None
        row, column, style = struct.unpack_from("<HHH", self.data, at)
        if kind in _LABELS:
            cells.put_text(row, column, style, self._text(at + 6, end, 2))
        elif kind == _BOOL:
            value, error = self.data[at + 6], self.data[at + 7]
            if not error:  # an error counts as an empty cell
                cells.put_text(row, column, style, "TRUE" if value else "FALSE")
        else:
            result = self.data[at + 6 : at + 14]
            if result[6:] != b"\xff\xff":
                cells.put(row, column, style, _AS_NUMBER, struct.unpack("<d", result)[0])
            elif result[0] == 0:
                return row, column, style
            elif result[0] == 1:
                cells.put_text(row, column, style, "TRUE" if result[2] else "FALSE")
        return awaited

    def is_day(self, style: int) -> bool:
        """Say whether cells of a format show a day."""
        if style >= len(self.formats):
            return False
        number = self.formats[style]
        code = self.codes.get(number)
        return shows_a_day(code) if code is not None else number in DATE_FORMATS


def _unpacked(packed: int) -> float:
    """Return a number that is packed into 30 bits: whole or the upper part of a float, in
    hundredths or not.

    >>> _unpacked((1250 << 2) | 3), _unpacked(0x3FF00000)
    (12.5, 1.0)
    """
    value = (
        float((packed >> 2) - ((packed >> 31) << 30))
        if packed & 2
        else float(struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0])
    )
    return value / 100 if packed & 1 else value


class _Cells:
    """The cells of a sheet in the order in which they come, some 20 bytes each."""

    def __init__(self, name: str):
        self.name = name
        self.places, self.styles, self.kinds = array("I"), array("H"), bytearray()
        self.values = array("d")
        self.texts: list[str] = []

    def put(self, row: int, column: int, style: int, kind: int, value: float) -> None:
        if column >= _COLUMNS:
            raise refuse(
                self.name, f"{letters(column)}{row + 1}", "table_place", row=f"{row + 1:,}"
            )
        self.places.append(row * _COLUMNS + column)
        self.styles.append(style)
        self.kinds.append(kind)
        self.values.append(value)
        if len(self.places) > _ROWS * _COLUMNS:
            raise DamagedError

    def put_text(self, row: int, column: int, style: int, text: str) -> None:
        text = text.strip()
        if len(text) > LONGEST_CELL:
            raise long_cell(self.name, f"{letters(column)}{row + 1}")
        if text:
            self.put(row, column, style, _AS_OWN, len(self.texts))
            self.texts.append(text)

    @staticmethod
    def _cell(place: int) -> str:
        return f"{letters(int(place) % _COLUMNS)}{int(place) // _COLUMNS + 1}"

    def layout(self, book: _Book) -> Layout:
        """Return headings and cells; raises InputError where nearly all of the area is empty, a
        cell stands there twice or points to no text.
        """
        places = np.frombuffer(self.places, np.uint32) if self.places else np.zeros(0, np.uint32)
        rows, at_row = np.unique(places // _COLUMNS, return_inverse=True)
        columns, at_column = np.unique(places % _COLUMNS, return_inverse=True)
        if len(rows) * len(columns) > SPARE_CELLS + MOST_HOLES * len(places):
            check_area(self.name, len(rows), len(columns))
            raise refuse(
                f"{self.name}: {letters(int(columns[-1]))}{int(rows[-1]) + 1}",
                None,
                "table_holes",
                rows=f"{len(rows):,}",
                columns=f"{len(columns):,}",
                filled=f"{len(places):,}",
            )
        index = rows.astype(np.int64) - 1
        texts: dict[int, pd.Series] = {}
        numbers: dict[int, np.ndarray] = {}
        order = np.argsort(at_column, kind="stable")
        bounds = np.searchsorted(at_column[order], np.arange(len(columns) + 1))
        letters_there = 0
        for which, column in enumerate(columns):
            here = order[bounds[which] : bounds[which + 1]]
            again = pd.Series(at_row[here]).duplicated().to_numpy()
            if again.any():
                cell = self._cell(places[here[again][0]])
                raise refuse(f"{self.name}: {cell}", None, "table_twice")
            ways, codes, are_numbers = self._ways(book, here, places)
            lengths = np.array([len(way) for way in ways], dtype=np.int64)
            letters_there += int(lengths[codes].sum())
            if letters_there > LARGEST:
                raise refuse(self.name, None, "table_texts", limit=LARGEST // 1024 // 1024)
            shown = np.full(len(rows), "", dtype=object)
            shown[at_row[here]] = ways[codes]
            texts[int(column)] = pd.Series(shown, index=index, dtype=str)
            numbers[int(column)] = np.zeros(len(rows), dtype=bool)
            numbers[int(column)][at_row[here]] = are_numbers
        filled = pd.DataFrame(texts, index=index)
        blank = (filled == "").all(axis=1).to_numpy()
        held = pd.DataFrame(numbers, index=index, dtype=bool)
        return headed(self.name, filled[~blank], held[~blank], {})

    def _ways(
        self, book: _Book, here: np.ndarray, places: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the different texts of some cells, which of them each cell has, and which cells
        are numbers.
        """
        kinds = np.frombuffer(self.kinds, np.uint8)[here]
        values = np.frombuffer(self.values, np.float64)[here]
        beyond = (kinds == _AS_SHARED) & (values >= len(book.shared.starts))
        if beyond.any():
            raise refuse(
                f"{self.name}: {self._cell(places[here[beyond][0]])}",
                f"{values[beyond][0]:.0f}",
                "table_shared",
                count=f"{len(book.shared.starts):,}",
            )
        if not np.isfinite(values).all():
            raise DamagedError
        styles, which = np.unique(np.frombuffer(self.styles, np.uint16)[here], return_inverse=True)
        days = np.array([book.is_day(int(style)) for style in styles], dtype=bool)[which]
        are_days = (kinds == _AS_NUMBER) & days & (values >= 0) & (values < LAST_DAY)
        reads: dict[int, Callable[[float], str]] = {
            _AS_NUMBER: number_text,
            _AS_SHARED: lambda place: book.shared.text(int(place)),
            _AS_OWN: lambda place: self.texts[int(place)],
            _AS_DAY: lambda value: day_text(value, book.day_zero),
        }
        kinds = np.where(are_days, _AS_DAY, kinds)
        ways: list[str] = []
        codes = np.zeros(len(here), dtype=np.int64)
        for kind, read in reads.items():
            some = kinds == kind
            found, wanted = pd.factorize(values[some])
            codes[some] = found + len(ways)
            ways += [read(value) for value in wanted.tolist()]
        return np.array(ways, dtype=object), codes, kinds == _AS_NUMBER


class _Shared:
    """The texts that cells share: where each begins, read when a cell asks for it."""

    def __init__(self, data: bytes, starts: list[tuple[int, int]]):
        self.data, self.starts = data, starts
        self.parts: list[tuple[int, int]] = []

    @classmethod
    def of(cls, data: bytes, parts: list[tuple[int, int]], name: str) -> "_Shared":
        """Return the texts of a list that may go on in further records."""
        many = struct.unpack_from("<I", data, parts[0][0] + 4)[0]
        if many > MOST_SHARED:
            raise refuse(
                name, None, "table_shared_many", count=f"{many:,}", most=f"{MOST_SHARED:,}"
            )
        out = cls(data, [])
        out.parts = parts
        which, at = 0, parts[0][0] + 8
        for _ in range(many):
            while at >= parts[which][1]:
                if which + 1 == len(parts):
                    return out  # fewer than it says
                at = parts[which + 1][0] + at - parts[which][1]
                which += 1
            out.starts.append((which, at))
            which, at, _ = out._read(which, at, keep=False)
        return out

    def text(self, place: int) -> str:
        """Return a text by its place in the list."""
        return self._read(*self.starts[place], keep=True)[2]

    def _read(self, which: int, at: int, *, keep: bool) -> tuple[int, int, str]:
        """Read a text; return where it ends, and it. Where its letters go on in the next record,
        that one says again whether they take one byte or two.
        """
        data, parts = self.data, self.parts
        length, flags = struct.unpack_from("<HB", data, at)
        at += 3
        runs = rest = 0
        if flags & 8:
            runs, at = struct.unpack_from("<H", data, at)[0], at + 2
        if flags & 4:
            rest, at = struct.unpack_from("<I", data, at)[0], at + 4
        said = []
        while length:
            size = 2 if flags & 1 else 1
            here = min(length, (parts[which][1] - at) // size)
            if keep:
                said.append(
                    data[at : at + here * size].decode(
                        "utf-16-le" if flags & 1 else "latin-1", "replace"
                    )
                )
            at += here * size
            length -= here
            if length:
                which += 1  # IndexError: the list ends within a text
                at, flags = parts[which][0] + 1, data[parts[which][0]]
        at += 4 * runs + rest
        while at > parts[which][1] and which + 1 < len(parts):  # formats go on in the next record
            at = parts[which + 1][0] + at - parts[which][1]
            which += 1
        return which, at, "".join(said).strip()
