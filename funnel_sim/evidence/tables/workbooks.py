"""The first sheet of an XLSX workbook as a table, read as it unpacks: bounds are checked while it
streams, and only cells that are there take memory.

A sheet may say that it reaches to the last cell, XFD1048576; what counts are the cells that it
holds. Nothing is computed: a formula counts as the value that was saved with it.
"""

import io
import posixpath
import zipfile
import zlib

from funnel_sim.errors import InputError, refuse
from funnel_sim.evidence.tables.bounds import (
    LARGEST_SMALL_PART,
    MOST_PACKED,
    MOST_PARTS,
    MOST_UNPACKED,
    PACKED_FROM,
)
from funnel_sim.evidence.tables.layout import Layout
from funnel_sim.evidence.tables.progress import Progress
from funnel_sim.evidence.tables.sheets import (
    DAY_ZERO,
    DAY_ZERO_1904,
    SHEETS_LOOKED_AT,
    chosen_sheet,
)
from funnel_sim.evidence.tables.workbook_cells import SheetCells
from funnel_sim.evidence.tables.workbook_parts import (
    CellFormats,
    RelatedParts,
    SharedTexts,
    SheetList,
)
from funnel_sim.evidence.tables.xml_parts import Reader

_PIECE = 64 * 1024


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
        strings = SharedTexts(self.name)
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
        formats = CellFormats(self.name)
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
            cells = SheetCells(self.name, strings, formats.dates, day_zero)
            self._read(part, cells, MOST_UNPACKED, progress)
            return cells.layout()

        return chosen_sheet(
            ((title, read(part)) for title, part in sheets[:SHEETS_LOOKED_AT]), len(sheets)
        )

    def _sheets(self, book: str) -> tuple[list[tuple[str, str]], bool]:
        """Return name and part of each sheet that holds cells, and whether days count from 1904;
        raises InputError where there is none.
        """
        sheets = SheetList(self.name)
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
        links = RelatedParts(self.name)
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
        found = RelatedParts(self.name)
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
