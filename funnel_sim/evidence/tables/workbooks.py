"""The first sheet of an XLSX workbook as a table, read as it unpacks: bounds are checked while it
streams, and only cells that are there take memory.

A sheet may say that it reaches to the last cell, XFD1048576; what counts are the cells that it
holds. Nothing is computed: a formula counts as the value that was saved with it.
"""

import datetime as dt
import io
import math
import posixpath
import re
import zipfile
import zlib
from array import array
from collections.abc import Iterator, Mapping
from functools import cache
from xml.parsers import expat

import pandas as pd

from funnel_sim.errors import InputError, refuse
from funnel_sim.evidence.tables.bounds import (
    LARGEST,
    LARGEST_SMALL_PART,
    LONGEST_CELL,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_FORMATS,
    MOST_HOLES,
    MOST_PACKED,
    MOST_PARTS,
    MOST_UNPACKED,
    PACKED_FROM,
    SPARE_CELLS,
    check_area,
    check_cell,
    letters,
    long_cell,
)
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

_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_LINKS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_PIECE = 64 * 1024
_LONGEST_TAG = (
    1024 * 1024
)  # bytes of one tag or comment; the parser rereads an unfinished one with each piece
_DEEPEST = 64  # elements within one another; a sheet has some ten
_CELLS_AT_ONCE = 2_000_000
_ROWS_AT_ONCE = 50_000
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
# before the text of a cell that the file holds as a number, until the cells are laid out; XML
# cannot hold it
_NUMBER = "\x00"


def is_workbook(content: bytes) -> bool:
    """Return whether bytes begin as an XLSX workbook does, which is a ZIP file."""
    return content[:4] == b"PK\x03\x04"


def workbook_frame(content: bytes, name: str, progress: Progress | None = None) -> Layout:
    """Return the headings of a workbook's first sheet that holds a table with known ones, else of
    the first that holds a table, and the cells below.

    A formula counts as the value that was saved with it; where none was, that is told. `progress`
    is told the share of the sheet that has been read.

    Args:
        content: the bytes of the file.
        name: what the file, or the column in it, is called where it is refused.
        progress: told the share that has been read [fraction]; None for nobody.

    Raises:
        InputError: naming the file and where known the cell, for a damaged or outsized workbook.
    """
    if content.count(b"PK\x01\x02") > MOST_PARTS:
        raise refuse(name, None, "table_parts", most=f"{MOST_PARTS:,}")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _Book(packed, name).layout(progress)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        ValueError,
        RuntimeError,
        OverflowError,
        MemoryError,
    ) as error:
        if isinstance(error, InputError):
            raise
        raise refuse(name, None, "table_damaged") from None


class _Book:
    """A workbook's parts, each checked for its size before it is unpacked."""

    def __init__(self, packed: zipfile.ZipFile, name: str):
        self.packed, self.name = packed, name
        self.parts = {
            "/" + one.filename.replace("\\", "/").lstrip("/").lower(): one
            for one in packed.infolist()
        }

    def layout(self, progress: Progress | None) -> Layout:
        book = self._target("/_rels/.rels", "officeDocument") or "/xl/workbook.xml"
        if book not in self.parts:
            raise refuse(self.name, None, "table_not_workbook")
        sheets, since_1904 = self._sheets(book)
        links = self._links_of(book)
        strings = _Strings(self.name)
        strings_part = next(
            (
                target
                for kind, target in links.values()
                if kind == "sharedStrings" and target in self.parts
            ),
            "",
        )
        if strings_part:
            self._read(strings_part, strings, MOST_UNPACKED, progress)
        formats = _Formats(self.name)
        formats_part = next(
            (
                target
                for kind, target in links.values()
                if kind == "styles" and target in self.parts
            ),
            "",
        )
        if formats_part:
            self._read(formats_part, formats, LARGEST_SMALL_PART)
        day_zero = DAY_ZERO_1904 if since_1904 else DAY_ZERO

        def read(part: str) -> Layout:
            cells = _Sheet(self.name, strings, formats.dates, day_zero)
            self._read(part, cells, MOST_UNPACKED, progress)
            return cells.layout()

        return chosen_sheet(
            ((title, read(part)) for title, part in sheets[:SHEETS_LOOKED_AT]), len(sheets)
        )

    def _sheets(self, book: str) -> tuple[list[tuple[str, str]], bool]:
        """Return name and part of each sheet that holds cells, and whether days count from 1904;
        raises InputError where there is none.
        """
        sheets = _Sheets(self.name)
        self._read(book, sheets, LARGEST_SMALL_PART)
        links = self._links_of(book)
        found = []
        for title, link in sheets.links:
            kind, target = links.get(link, ("", ""))
            if kind == "worksheet":
                if target not in self.parts:
                    raise refuse(f"{self.name}: {target.lstrip('/')}", None, "table_part_missing")
                found.append((title, target))
        if not found:
            raise refuse(self.name, None, "table_no_sheet")
        return found, sheets.since_1904

    def _links_of(self, part: str) -> dict[str, tuple[str, str]]:
        """Return kind and target of each relationship of a part."""
        folder, file = posixpath.split(part)
        place = f"{folder.rstrip('/')}/_rels/{file}.rels"
        if place not in self.parts:
            return {}
        links = _Links(self.name)
        self._read(place, links, LARGEST_SMALL_PART)
        return {
            key: (
                kind,
                posixpath.normpath(posixpath.join(folder, target.replace("\\", "/"))).lower(),
            )
            for key, kind, target in links.found
        }

    def _target(self, links: str, kind: str) -> str:
        if links not in self.parts:
            return ""
        found = _Links(self.name)
        self._read(links, found, LARGEST_SMALL_PART)
        return next(
            (
                posixpath.normpath(posixpath.join("/", target)).lower()
                for _, one, target in found.found
                if one == kind
            ),
            "",
        )

    def _read(
        self,
        part: str,
        reader: "Reader",
        most: int,
        progress: Progress | None = None,
    ) -> None:
        """Give a part to its reader piece by piece; raises InputError where it is too large, packed
        beyond belief, or no XML.
        """
        known = self.parts[part]
        if known.file_size > most:
            raise refuse(
                f"{self.name}: {part.lstrip('/')}",
                None,
                "table_unpacked",
                limit=most // 1024 // 1024,
            )
        if known.file_size > max(PACKED_FROM, MOST_PACKED * known.compress_size):
            raise refuse(
                f"{self.name}: {part.lstrip('/')}",
                None,
                "table_bomb",
                times=f"{known.file_size // max(1, known.compress_size):,}",
            )
        if known.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refuse(self.name, None, "table_damaged")
        with self.packed.open(known) as stream:
            reader.read(
                iter(lambda: stream.read(_PIECE), b""), part.lstrip("/"), known.file_size, progress
            )


class Reader:
    """Reads one part's XML by its elements' own names; a part that declares entities or nests
    without end is refused.
    """

    NAMES: Mapping[str, str] = {}

    def __init__(self, name: str):
        self.name = name
        self.part = ""
        self.depth = 0

    def read(
        self,
        pieces: Iterator[bytes],
        part: str,
        size: int,
        progress: Progress | None,
    ) -> None:
        """Read a part piece by piece.

        Args:
            pieces: the bytes of the part, in order.
            part: its name in the file.
            size: its bytes.
            progress: told the share that has been read [fraction]; None for nobody.

        Raises:
            InputError: where it is no XML, nests without end or declares entities.
        """
        self.part = part
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.ordered_attributes = False
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = self._declares
        fed = 0
        try:
            for piece in pieces:
                parser.Parse(piece, False)
                fed += len(piece)
                if fed - parser.CurrentByteIndex > _LONGEST_TAG:
                    raise refuse(
                        f"{self.name}: {part}",
                        None,
                        "table_xml",
                        line=f"{parser.CurrentLineNumber:,}",
                    )
                if progress is not None and size:
                    progress(min(1.0, fed / size))
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise refuse(
                f"{self.name}: {part}", None, "table_xml", line=f"{error.lineno:,}"
            ) from None

    def _declares(self, *_: object) -> None:
        raise refuse(f"{self.name}: {self.part}", None, "table_entities")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element.

        Args:
            tag: of the element, with its namespace.
            attributes: by name.

        Raises:
            InputError: where it lies too deep.
        """
        self.depth += 1
        if self.depth > _DEEPEST:
            raise refuse(f"{self.name}: {self.part}", None, "table_nested", most=_DEEPEST)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        self.depth -= 1

    def text(self, text: str) -> None:
        """Ignore text; readers that need it take it."""


@cache
def _names(*tags: str) -> dict[str, str]:
    """Return the short names of elements by their full ones."""
    return {f"{space} {tag}": tag for space in _MAIN for tag in tags}


class _Links(Reader):
    """What a part is related to: key, kind and target."""

    def __init__(self, name: str):
        super().__init__(name)
        self.found: list[tuple[str, str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        if tag.endswith(" Relationship") and attributes.get("TargetMode") != "External":
            self.found.append(
                (
                    attributes.get("Id", ""),
                    attributes.get("Type", "").rpartition("/")[2],
                    attributes.get("Target", ""),
                )
            )


class _Sheets(Reader):
    """The sheets of a workbook, in order, and how it counts days."""

    def __init__(self, name: str):
        super().__init__(name)
        self.links: list[tuple[str, str]] = []
        self.since_1904 = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        short = _names("sheet", "workbookPr").get(tag)
        if short == "sheet":
            self.links.append(
                (
                    attributes.get("name", ""),
                    next(
                        (
                            attributes[f"{space} id"]
                            for space in _LINKS
                            if f"{space} id" in attributes
                        ),
                        "",
                    ),
                )
            )
        elif short == "workbookPr":
            self.since_1904 = attributes.get("date1904", "") in ("1", "true", "on")


class _Formats(Reader):
    """Which cell formats show a number as a day: `dates`, a flag a format."""

    def __init__(self, name: str):
        super().__init__(name)
        self.dates: list[bool] = []
        self.codes: dict[str, str] = {}
        self.within = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        short = _names("numFmt", "cellXfs", "xf").get(tag)
        if short == "numFmt":
            self.codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif short == "cellXfs":
            self.within = True
        elif short == "xf" and self.within:
            number = attributes.get("numFmtId", "0")
            code = self.codes.get(number)
            if len(self.dates) >= MOST_FORMATS:
                raise refuse(self.name, None, "table_formats", most=f"{MOST_FORMATS:,}")
            self.dates.append(
                shows_a_day(code)
                if code is not None
                else number.isdecimal() and int(number) in DATE_FORMATS
            )

    def end(self, tag: str) -> None:
        super().end(tag)
        if _names("cellXfs").get(tag):
            self.within = False


class _Strings(Reader):
    """The texts that cells share: one stretch of bytes and where each text ends, since millions of
    them are usual.
    """

    def __init__(self, name: str):
        super().__init__(name)
        self.bytes = bytearray()
        self.ends = array("Q", [0])
        self.parts: list[str] = []
        self.length = 0
        self.take = self.phonetic = False

    def __getitem__(self, place: int) -> str:
        return self.bytes[self.ends[place] : self.ends[place + 1]].decode()

    def __len__(self) -> int:
        return len(self.ends) - 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        short = _names("si", "t", "rPh").get(tag)
        if short == "t":
            self.take = not self.phonetic
        elif short == "rPh":  # how the text is pronounced
            self.phonetic = True
        elif short == "si":
            self.parts.clear()
            self.length = 0

    def end(self, tag: str) -> None:
        super().end(tag)
        short = _names("si", "t", "rPh").get(tag)
        if short == "t":
            self.take = False
        elif short == "rPh":
            self.phonetic = False
        elif short == "si":
            self.bytes += "".join(self.parts).strip().encode()
            self.ends.append(len(self.bytes))
            if len(self.bytes) > LARGEST:
                raise refuse(self.name, None, "table_texts", limit=LARGEST // 1024 // 1024)

    def text(self, text: str) -> None:
        if self.take:
            self.length += len(text)
            if self.length > LONGEST_CELL:
                raise refuse(
                    f"{self.name}: {self.part}",
                    None,
                    "table_long_text",
                    number=f"{len(self) + 1:,}",
                    most=f"{LONGEST_CELL:,}",
                )
            self.parts.append(text)


class _Sheet(Reader):
    """The cells of a sheet, laid out in columns some rows at a time."""

    def __init__(self, name: str, strings: _Strings, dates: list[bool], day_zero: dt.datetime):
        super().__init__(name)
        self.strings, self.dates, self.day_zero = strings, dates, day_zero
        self.row = self.column = 0  # of the cell that is read, counted from 1
        self.kind = self.style = ""
        self.parts: list[str] = []
        self.length = 0
        self.take = self.phonetic = False
        self.used: set[int] = set()
        self.filled = self.rows = self.letters = 0
        self.labels: list[int] = []  # of the rows that are not laid out yet
        self.columns: dict[int, list[str]] = {}
        self.done: list[tuple[pd.DataFrame, pd.DataFrame]] = []
        self.short = _names("row", "c", "v", "t", "rPh", "f")
        self.formula = False
        self.unsaved: dict[int, list[int]] = {}  # rows of formulas without a saved value, by column

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise refuse(f"{self.name}: {self.part}", None, "table_nested", most=_DEEPEST)
        short = self.short.get(tag)
        if short == "c":
            place = attributes.get("r")
            self.column += 1
            if place is not None:
                found = _PLACE.fullmatch(place)
                self.column = _column(found[1]) if found else 0
                if not found or int(found[2]) != self.row or self.column > _LAST_COLUMN:
                    raise refuse(self.name, place, "table_place", row=f"{self.row:,}")
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
            self.length = 0
            self.formula = False
            self.parts.clear()
        elif short == "f":
            self.formula = True
        elif short == "v" or (short == "t" and not self.phonetic):
            self.take = True
        elif short == "row":
            row = attributes.get("r")
            last, self.column = self.row, 0
            self.row = (
                last + 1 if row is None else int(row) if row.isdecimal() and len(row) <= 7 else 0
            )
            if not last < self.row <= _LAST_ROW:
                raise refuse(self.name, row, "table_row_number", row=f"{last:,}")
        elif short == "rPh":
            self.phonetic = True

    def end(self, tag: str) -> None:
        self.depth -= 1
        short = self.short.get(tag)
        if short in ("v", "t"):
            self.take = False
        elif short == "c":
            if self.parts:
                value = self._value("".join(self.parts))
                if value:
                    self._put(value)
            elif self.formula and self.kind != "e":
                self.unsaved.setdefault(self.column - 1, []).append(self.row)
        elif short == "rPh":
            self.phonetic = False

    def text(self, text: str) -> None:
        if self.take:
            self.length += len(text)
            if self.length > LONGEST_CELL:
                raise long_cell(self.name, self._cell())
            self.parts.append(text)

    def _cell(self) -> str:
        return f"{letters(self.column - 1)}{self.row}"

    def _value(self, text: str) -> str:
        kind = self.kind
        if kind == "s":
            place = text.strip()
            if not (place.isdecimal() and len(place) <= 9 and int(place) < len(self.strings)):
                raise refuse(
                    f"{self.name}: {self._cell()}",
                    text,
                    "table_shared",
                    count=f"{len(self.strings):,}",
                )
            return self.strings[int(place)]
        if kind == "n":
            return self._number(text.strip())
        if kind == "b":
            return "TRUE" if text.strip() in ("1", "true") else "FALSE"
        return "" if kind == "e" else text.strip()  # an error counts as an empty cell

    def _number(self, text: str) -> str:
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or "_" in text:
            if not text:
                return ""
            raise refuse(f"{self.name}: {self._cell()}", text, "table_number")
        style = self.style
        if (
            style
            and style.isdecimal()
            and len(style) < 7
            and int(style) < len(self.dates)
            and self.dates[int(style)]
            and 0 <= value < LAST_DAY
        ):
            return day_text(value, self.day_zero)
        return _NUMBER + number_text(value)

    def _put(self, value: str) -> None:
        column, row = self.column - 1, self.row
        if len(value) > LONGEST_CELL:
            check_cell(self.name, self._cell(), len(value))
        self.letters += len(value)
        if self.letters > LARGEST:
            raise refuse(self.name, None, "table_texts", limit=LARGEST // 1024 // 1024)
        if not self.labels or self.labels[-1] != row - 2:
            self._next_row(row)
        cells = self.columns.get(column)
        if cells is None:
            cells = self.columns[column] = []
            self.used.add(column)
            if len(self.used) > MOST_COLUMNS:
                check_area(self.name, 1, len(self.used))
        missing = len(self.labels) - 1 - len(cells)
        if missing > 0:
            cells.extend([""] * missing)
        if missing < 0:
            raise refuse(f"{self.name}: {self._cell()}", None, "table_twice")
        cells.append(value)
        self.filled += 1

    def _next_row(self, row: int) -> None:
        if (
            len(self.labels) >= _ROWS_AT_ONCE
            or len(self.labels) * len(self.columns) >= _CELLS_AT_ONCE
        ):
            self._lay_out()
        self.rows += 1
        self.labels.append(row - 2)

    def _lay_out(self) -> None:
        """Lay the rows read so far out in columns; raises InputError where nearly all of the area
        that they span is empty.
        """
        width = max(1, len(self.used))
        if self.rows * width > min(MOST_CELLS, SPARE_CELLS + MOST_HOLES * self.filled):
            check_area(self.name, self.rows, width)
            raise refuse(
                f"{self.name}: {self._cell()}",
                None,
                "table_holes",
                rows=f"{self.rows:,}",
                columns=f"{width:,}",
                filled=f"{self.filled:,}",
            )
        many = len(self.labels)
        for cells in self.columns.values():
            cells.extend([""] * (many - len(cells)))
        numbers = {
            column: [cell[:1] == _NUMBER for cell in cells]
            for column, cells in self.columns.items()
        }
        texts = {
            column: [cell.removeprefix(_NUMBER) for cell in cells]
            for column, cells in self.columns.items()
        }
        self.done.append(
            (
                pd.DataFrame(texts, index=self.labels, dtype=str),
                pd.DataFrame(numbers, index=self.labels, dtype=bool),
            )
        )
        self.labels, self.columns = [], {}

    def layout(self) -> Layout:
        """Return headings and cells; raises InputError where a heading is too long."""
        if self.labels:
            self._lay_out()
        places = sorted(self.used)
        if not self.done:
            return Layout([], pd.DataFrame(columns=places, dtype=str))
        texts, numbers = (
            pd.concat(
                [part[which].reindex(columns=places, fill_value=nothing) for part in self.done]
            )
            for which, nothing in ((0, ""), (1, False))
        )
        return headed(self.name, texts, numbers, self.unsaved)


@cache
def _column(name: str) -> int:
    """Return the number of a column, counted from 1, by its letters."""
    out = 0
    for letter in name:
        out = out * 26 + ord(letter) - ord("A") + 1
    return out
