"""Tables in files that call themselves .xls and are text with tags: a web page with a table in it,
or SpreadsheetML, the XML that Excel 2003 wrote.

Shops and ERP systems write them because Excel opens them. Nothing is loaded and nothing runs: of a
page the cells of its tables are read, with what is merged laid out; scripts, styles and comments
are skipped.
"""

import html
import re
from dataclasses import dataclass, field, replace

import pandas as pd

from funnel_sim.errors import refuse, shorten
from funnel_sim.evidence.tables.bounds import (
    LONGEST_CELL,
    LONGEST_HEADING,
    MOST_CELLS,
    MOST_COLUMNS,
    SPARE_CELLS,
    check_area,
    letters,
    long_cell,
)
from funnel_sim.evidence.tables.encodings import encoding_of
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.evidence.tables.layout import Layout
from funnel_sim.evidence.tables.progress import Progress
from funnel_sim.evidence.tables.vocabulary import heading_row, known_headings
from funnel_sim.evidence.tables.xml_parts import Reader

_START = 2_000  # bytes in which a file of tags shows itself
_PIECE = 64 * 1024
_HEADINGS_WITHIN = 40
_DEEPEST = 32  # tables within one another
_MOST_TABLES = 1_000
_MOST_DOWN = 1_000_000  # cells that reach down from rows above: a short page can name millions
_SPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_PAGE = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|table|meta|div|style)\b", re.IGNORECASE)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9_-]{1,40})""", re.IGNORECASE)
_TAG = re.compile(r"<(/?)(table|tr|td|th|br|p|div)\b([^<>]*)>|<[/!?a-zA-Z][^<>]*>", re.IGNORECASE)
_SPAN = re.compile(r"(col|row)span\s*=\s*[\"']?\s*(\d{1,6})", re.IGNORECASE)
_SKIPPED = (("<!--", "-->"), ("<script", "</script"), ("<style", "</style"))


def is_markup(content: bytes) -> bool:
    """Say whether a file is a page or XML with a table, whatever its name is.

    >>> is_markup(b"<html><table><tr><td>1</td></tr></table></html>"), is_markup(b"a;b")
    (True, False)
    """
    start = content[:_START].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"<") and (_SPACE.encode() in start or _PAGE.search(start) is not None)


def markup_frame(content: bytes, name: str, progress: Progress | None = None) -> Layout:
    r"""Return the headings of the table that a page or a SpreadsheetML file holds, and the cells
    below: of several the first with known headings, else the largest. `progress` is told the share
    that has been read.

    Args:
        content: the bytes of the file.
        name: what the file, or the column in it, is called where it is refused.
        progress: told the share that has been read [fraction]; None for nobody.

    Raises:
        InputError: naming the file, where it holds none or is outsized.

    >>> found = markup_frame(b"<table><tr><th>a<th>b<tr><td>1<td>2 &amp; 3</table>", "x.xls")
    >>> found.headings, found.cells.iloc[0].tolist()
    (['a', 'b'], ['1', '2 & 3'])
    """
    if _SPACE.encode() in content[:_START].replace(b"\x00", b""):
        reader = _Excel2003(name)
        reader.read(
            (content[at : at + _PIECE] for at in range(0, len(content), _PIECE)),
            "SpreadsheetML",
            len(content),
            progress,
        )
        grids = reader.grids
    else:
        grids = _of_page(_text(content, name), name)
    found = [(grid, grid.layout(name)) for grid in grids if grid.rows]
    if not found:
        raise refuse(name, None, "table_empty")
    known = next((one for one in found if known_headings(*one[1].headings) >= 2), None)
    grid, layout = known or max(found, key=lambda one: one[0].filled)
    if len(found) > 1 and grid.title:
        return replace(
            layout,
            findings=(
                *layout.findings,
                Finding("sheet", parts={"name": shorten(grid.title), "count": len(found)}),
            ),
        )
    return layout


@dataclass
class _Grid:
    """The rows of one table: each cell a text and whether the file holds it as a number."""

    title: str = ""
    rows: dict[int, dict[int, tuple[str, bool]]] = field(default_factory=dict)
    filled: int = 0
    width: int = 0

    def put(self, row: int, column: int, text: str, name: str, *, number: bool = False) -> None:
        """Lay a cell in its place; raises InputError where it is too long or the table too wide or
        too large.
        """
        if len(text) > LONGEST_CELL:
            raise long_cell(name, f"{letters(column)}{row + 1}")
        if not text:
            return
        self.rows.setdefault(row, {})[column] = (text, number)
        self.filled += 1
        self.width = max(self.width, column + 1)
        if self.width > MOST_COLUMNS or self.filled > MOST_CELLS:
            check_area(name, len(self.rows), self.width)
            raise refuse(
                name, None, "table_cells", count=f"{self.filled:,}", most=f"{MOST_CELLS:,}"
            )

    def layout(self, name: str) -> Layout:
        """Return headings and cells; raises InputError where a heading is too long or nearly all of
        the table is empty.
        """
        places, width = sorted(self.rows), self.width
        check_area(name, len(places), width)
        if len(places) * width > SPARE_CELLS + 50 * self.filled:
            last = f"{letters(width - 1)}{places[-1] + 1}"
            raise refuse(
                f"{name}: {last}",
                None,
                "table_holes",
                rows=f"{len(places):,}",
                columns=f"{width:,}",
                filled=f"{self.filled:,}",
            )
        nothing = ("", False)
        cells = [
            [self.rows[place].get(column, nothing) for column in range(width)] for place in places
        ]
        top = heading_row([[text for text, _ in row] for row in cells[:_HEADINGS_WITHIN]])
        headings = [text for text, _ in cells[top]]
        for column, heading in enumerate(headings):
            if len(heading) > LONGEST_HEADING:
                raise refuse(
                    name,
                    None,
                    "table_long_heading",
                    column=letters(column),
                    most=f"{LONGEST_HEADING:,}",
                )
        index = [place - 1 for place in places[top + 1 :]]
        texts = pd.DataFrame(
            [[text for text, _ in row] for row in cells[top + 1 :]],
            index=index,
            columns=range(width),
            dtype=str,
        )
        numbers = pd.DataFrame(
            [[number for _, number in row] for row in cells[top + 1 :]],
            index=index,
            columns=range(width),
            dtype=bool,
        )
        above = tuple(" ".join(text for text, _ in row if text) for row in cells[:top])
        findings = (Finding("above", parts={"count": top}),) if top else ()
        return Layout(
            headings, texts, numbers if numbers.to_numpy().any() else None, findings, above
        )


def _text(content: bytes, name: str) -> str:
    """Return a page's text: in the encoding that it names, else in the one in which it means
    something.
    """
    told = _CHARSET.search(content[:_START])
    names = [told[1].decode("ascii")] if told else []
    for encoding in (*names, *encoding_of(content)):
        try:
            return content.decode(
                "gb18030" if encoding.lower() in ("gb2312", "gbk") else encoding
            ).removeprefix("\ufeff")
        except (UnicodeDecodeError, LookupError):
            continue
    raise refuse(name, None, "table_unreadable")


def _without(text: str) -> str:
    """Return a page without comments, scripts and styles; what is not closed reaches to the end."""
    for opening, closing in _SKIPPED:
        lower, parts, at = text.lower(), [], 0
        while (start := lower.find(opening, at)) >= 0:
            parts.append(text[at:start])
            end = lower.find(closing, start)
            if end < 0:
                at = len(text)
                break
            at = end + len(closing)
            if not closing.endswith(">"):  # "</script" goes on to the end of its tag
                at = lower.find(">", at) + 1 or len(text)
        text = "".join(parts) + text[at:]
    return text


class _Page:
    """What is open while a page is read: tables within one another, the cell that is filled, and
    cells that reach down from above.
    """

    def __init__(self, name: str):
        self.name = name
        self.grids: list[_Grid] = []
        self.open: list[_Open] = []

    def tag(self, closing: bool, tag: str, attributes: str) -> None:
        if tag == "table":
            if closing:
                if self.open:
                    done = self.open.pop()
                    done.end_cell(self.name)
                    done.end_row(self.name)
                return
            if len(self.open) >= _DEEPEST or len(self.grids) >= _MOST_TABLES:
                raise refuse(self.name, None, "table_nested", most=_DEEPEST)
            self.grids.append(_Grid())
            self.open.append(_Open(self.grids[-1]))
        elif self.open:
            here = self.open[-1]
            if tag in ("td", "th", "tr"):
                here.end_cell(self.name)
                if not closing and tag == "tr":
                    here.next_row(self.name)
                elif not closing:
                    here.start_cell(attributes, self.name)
            elif here.parts is not None:
                here.parts.append(" ")

    def text(self, text: str) -> None:
        if self.open and self.open[-1].parts is not None:
            self.open[-1].add(text, self.name)


class _Open:
    """A table that is read: where the next cell stands, and which cells of rows above reach down
    into it.
    """

    def __init__(self, grid: _Grid):
        self.grid = grid
        self.row, self.column = -1, 0
        self.parts: list[str] | None = None
        self.length = 0
        self.wide = self.deep = 1
        self.down: dict[int, tuple[int, str]] = {}  # by column: rows still to come, and the text
        self.reached = 0

    def next_row(self, name: str) -> None:
        self.end_row(name)
        self.row += 1
        self.column = 0

    def end_row(self, name: str) -> None:
        """Lay down the cells that reach into this row behind its last one."""
        for column in sorted(one for one in self.down if one >= self.column and self.row >= 0):
            self._reach(column, name)

    def start_cell(self, attributes: str, name: str) -> None:
        if self.row < 0:
            self.next_row(name)
        self._reach_down(name)
        spans = {one[1].lower(): int(one[2]) for one in _SPAN.finditer(attributes)}
        self.wide, self.deep = (
            max(1, min(spans.get(key, 1), MOST_COLUMNS)) for key in ("col", "row")
        )
        self.parts, self.length = [], 0

    def add(self, text: str, name: str) -> None:
        self.length += len(text)
        if self.length > 8 * LONGEST_CELL:
            raise long_cell(name, f"{letters(self.column)}{self.row + 1}")
        assert self.parts is not None
        self.parts.append(text)

    def end_cell(self, name: str) -> None:
        if self.parts is None:
            return
        text = " ".join(html.unescape("".join(self.parts)).split())
        self.grid.put(self.row, self.column, text, name)
        if self.deep > 1 and text:
            self.down[self.column] = (self.deep - 1, text)
        self.column += self.wide
        self.parts = None

    def _reach_down(self, name: str) -> None:
        while self.column in self.down:
            self._reach(self.column, name)
            self.column += 1

    def _reach(self, column: int, name: str) -> None:
        left, text = self.down.pop(column)
        self.grid.put(self.row, column, text, name)
        self.reached += 1
        if self.reached > _MOST_DOWN:
            raise refuse(
                name, None, "table_cells", count=f"{self.reached:,}", most=f"{_MOST_DOWN:,}"
            )
        if left > 1:
            self.down[column] = (left - 1, text)


def _of_page(text: str, name: str) -> list[_Grid]:
    """Return the tables of a page; cells that a table leaves open are closed by the next one, as
    browsers read them.
    """
    page, at = _Page(name), 0
    text = _without(text)
    for found in _TAG.finditer(text):
        page.text(text[at : found.start()])
        at = found.end()
        if found[2]:
            page.tag(bool(found[1]), found[2].lower(), found[3])
    page.text(text[at:])  # of a page that is cut off
    for one in reversed(page.open):
        one.end_cell(name)
        one.end_row(name)
    return page.grids


class _Excel2003(Reader):
    """The sheets of a SpreadsheetML file."""

    def __init__(self, name: str):
        super().__init__(name)
        self.grids: list[_Grid] = []
        self.row = self.column = -1
        self.parts: list[str] | None = None
        self.length, self.across = 0, 0
        self.number = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        space, _, short = tag.rpartition(" ")
        if space != _SPACE:
            return
        index = attributes.get(f"{_SPACE} Index", "")
        place = int(index) - 1 if index.isdecimal() and len(index) <= 7 else None
        if short == "Worksheet":
            self.grids.append(_Grid(attributes.get(f"{_SPACE} Name", "")))
            self.row = -1
        elif short == "Row":
            self.row = self.row + 1 if place is None else max(self.row + 1, place)
            self.column = -1
        elif short == "Cell":
            self.column = self.column + 1 if place is None else max(self.column + 1, place)
            merged = attributes.get(f"{_SPACE} MergeAcross", "0")
            self.across = int(merged) if merged.isdecimal() and len(merged) <= 5 else 0
        elif short == "Data":
            self.parts, self.length, self.number = (
                [],
                0,
                attributes.get(f"{_SPACE} Type") == "Number",
            )

    def end(self, tag: str) -> None:
        super().end(tag)
        if tag == f"{_SPACE} Data" and self.parts is not None:
            if self.grids and self.row >= 0 and self.column >= 0:
                self.grids[-1].put(
                    self.row,
                    self.column,
                    " ".join("".join(self.parts).split()),
                    self.name,
                    number=self.number,
                )
            self.parts = None
        elif tag == f"{_SPACE} Cell":
            self.column += self.across

    def text(self, text: str) -> None:
        if self.parts is not None:
            self.length += len(text)
            if self.length > LONGEST_CELL:
                raise long_cell(self.name, f"{letters(max(0, self.column))}{self.row + 1}")
            self.parts.append(text)
