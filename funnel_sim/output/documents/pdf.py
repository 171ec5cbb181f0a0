"""A report as a PDF: A4, text that can be selected, the font embedded, charts as vectors, page
numbers; no browser is needed.
"""

import datetime as dt
from collections.abc import Sequence
from contextlib import nullcontext
from itertools import groupby
from xml.etree.ElementTree import Element

import fpdf.encryption
from fpdf import FPDF

from funnel_sim.output.charts.pictures import EASTERN, LATIN, font_file
from funnel_sim.output.design import PALETTES, SIZES, points
from funnel_sim.output.documents.blocks import (
    Block,
    Chart,
    Frame,
    Heading,
    KeyFigures,
    Note,
    PageBreak,
    Paragraph,
    Points,
    TableBlock,
)
from funnel_sim.output.documents.pdf_drawing import (
    LEAST_CHART,
    drawing_of,
    drawing_size,
    put_on_page,
)
from funnel_sim.output.documents.pdf_texts import covered, pieces, printable
from funnel_sim.words import Lang, say

# The library keeps the error that an optional import ended with, for the life of the process, and
# with its traceback the frames that were running:
# on a server those of the first visitor, and all that was typed there
# (docs/decisions/0016-nothing-is-kept.md).
if fpdf.encryption.import_error is not None:
    fpdf.encryption.import_error.__traceback__ = fpdf.encryption.import_error.__context__ = None


_WIDTH, _HEIGHT = 595.28, 841.89
_LEFT, _TOP, _BOTTOM = 44.0, 46.0, 52.0
_INNER = _WIDTH - 2 * _LEFT
_PAGE = _HEIGHT - _TOP - _BOTTOM
_LOOK = PALETTES["light"]
_INK, _SOFT, _RULE, _HEAD, _PALE = _LOOK.ink, _LOOK.soft, _LOOK.line, _LOOK.total, _LOOK.raised
_TONES = {"good": _LOOK.accent, "bad": _LOOK.loss, "middle": _HEAD, "": _HEAD}
_SMALL, _BODY, _LEAD, _TITLE1, _TITLE0 = (
    points(size) for size in (SIZES.small, SIZES.body, SIZES.lead, SIZES.head, SIZES.title)
)
_LEADING = 1.42
_TOGETHER, _SIDE = 8, 4  # rows of a table that are not parted; fewest on either side of a foot
_AIR = 0.15 * _PAGE  # no more of a page is left empty for their sake
_BOLD = ("600", "700", "bold")


def report_pdf(blocks: Sequence[Block], lang: Lang) -> bytes:
    """Return a report as a PDF file; the same blocks give the same bytes."""
    frame = next(block for block in blocks if isinstance(block, Frame))
    paper = _Paper(frame, lang)
    paper.add_page()
    for place, block in enumerate(blocks):
        paper.put(block, after=blocks[place + 1] if place + 1 < len(blocks) else None)
    return bytes(paper.output())


class _Paper(FPDF):
    """An A4 document in points, written from top to bottom."""

    def __init__(self, frame: Frame, lang: Lang):
        super().__init__(unit="pt", format="A4")
        self.frame, self.spoken = frame, lang
        for family in (LATIN, EASTERN):
            self.add_font(family, "", font_file(family, "Regular"))
            self.add_font(family, "B", font_file(family, "Bold"))
        self.set_auto_page_break(False)
        self.set_margins(_LEFT, _TOP, _LEFT)
        self.set_title(frame.title)
        self.set_lang({"zh": "zh-CN", "en": "en-US"}[lang])
        self.set_creator("Funnel Sim")
        self.set_creation_date(
            dt.datetime(frame.day.year, frame.day.month, frame.day.day, tzinfo=dt.UTC)
        )
        self.at = _TOP
        self._widths: dict[tuple[str, str], float] = {}

    def header(self) -> None:
        """Begin a page at its top."""
        self.at = _TOP

    def footer(self) -> None:
        """Write the line at the foot of a page, with its number."""
        rest = self.at
        wide = self.wide(say(self.spoken, "report.page", page=99, pages=99), _SMALL)
        self.set_font(EASTERN, "", _SMALL)
        self.set_text_color(_SOFT)
        self.set_xy(_LEFT, _HEIGHT - 37)
        self.cell(
            _INNER,
            12,
            say(self.spoken, "report.page", page=self.page_no(), pages="{nb}"),
            align="R",
        )
        foot = self.lines(self.frame.footer, _SMALL, _INNER - wide - 12)
        for place, text in enumerate(foot):
            self.line_of(
                text, _LEFT, _HEIGHT - 28 - 11 * (len(foot) - 1 - place), _SMALL, colour=_SOFT
            )
        self.at = rest

    # ---- text
    # ----------------------------------------------------------------------------------------------

    def wide(self, text: str, size: float, style: str = "") -> float:
        """Return how wide a text is."""
        total = 0.0
        for one in text:
            if (one, style) not in self._widths:
                self.set_font(self._family(one), style, 100)
                self._widths[one, style] = self.get_string_width(one) / 100
            total += self._widths[one, style]
        return total * size

    def lines(self, text: str, size: float, width: float, style: str = "") -> list[str]:
        """Return a text broken into lines, Chinese between any two characters but not before its
        marks, words as wholes.
        """
        out: list[str] = []
        for part in printable(text).split("\n"):
            line = ""
            for piece in pieces(part):
                if line and self.wide((line + piece).rstrip(), size, style) > width:
                    out.append(line.rstrip())
                    line = ""
                line += piece
                while (
                    self.wide(line.rstrip(), size, style) > width and len(line.rstrip()) > 1
                ):  # one long word, an address
                    cut = len(line.rstrip()) - 1
                    while cut > 1 and self.wide(line[:cut], size, style) > width:
                        cut -= 1
                    out.append(line[:cut])
                    line = line[cut:]
            out.append(line.rstrip())
        return out

    def line_of(
        self, text: str, x: float, base: float, size: float, style: str = "", colour: str = _INK
    ) -> None:
        """Write one line with its base line at a height."""
        self.set_text_color(colour)
        for family, run in groupby(text, self._family):
            part = "".join(run)
            self.set_font(family, style, size)
            self.text(x, base, part)
            x += self.wide(part, size, style)

    def _family(self, one: str) -> str:
        """Return the font of a character: in English the Latin one, where it has it."""
        return LATIN if self.spoken == "en" and ord(one) in covered(LATIN) else EASTERN

    def room(self, height: float) -> None:
        """Begin a new page where less than a height is left on this one."""
        if self.at + height > _HEIGHT - _BOTTOM and self.at > _TOP:
            self.add_page()

    def write_down(
        self,
        text: str,
        size: float,
        *,
        x: float = _LEFT,
        width: float = _INNER,
        style: str = "",
        colour: str = _INK,
    ) -> None:
        """Write a text line by line, over the foot of a page onto the next."""
        step = size * _LEADING
        for line in self.lines(text, size, width, style):
            self.room(step)
            self.line_of(line, x, self.at + size, size, style, colour)
            self.at += step

    # ---- blocks
    # ----------------------------------------------------------------------------------------------

    def put(self, block: Block, after: Block | None) -> None:
        """Write one block."""
        match block:
            case Frame():
                self.write_down(block.title, _TITLE0, style="B")
                self.write_down(block.subtitle, _BODY, colour=_SOFT)
                self.at += 4
            case Heading():
                self._heading(block, after)
            case Paragraph():
                self._paragraph(block)
            case Points():
                self._points(block)
            case Note():
                self._note(block)
            case KeyFigures():
                self._figures(block)
            case Chart():
                self._chart(block)
            case TableBlock():
                self._table(block)
            case PageBreak():
                if self.at > _TOP:
                    self.add_page()

    def _heading(self, block: Heading, after: Block | None) -> None:
        first = block.level == 1
        size = _TITLE1 if first else _LEAD
        self.at += 16 if first and self.at > _TOP else 8 if self.at > _TOP else 0
        self.room((34 if first else 22) + (self._needs(after) if after is not None else 0.0))
        if first:
            self.set_draw_color(_HEAD)
            self.set_line_width(1.2)
            self.line(_LEFT, self.at, _WIDTH - _LEFT, self.at)
            self.at += 7
        self.write_down(block.text, size, style="B", colour=_HEAD if first else _INK)
        self.at += 3

    def _needs(self, block: Block) -> float:
        """Return how much room the beginning of a block needs, so that what leads to it stays with
        it.
        """
        match block:
            case Chart():
                return LEAST_CHART * drawing_size(drawing_of(block))[1] + self._around(block)
            case TableBlock():
                head, rows = self._cells(block)
                whole = sum(row.height for row in rows)
                title = 20.0 if block.title else 0.0
                part = whole if _together(rows) else _first(rows)
                return title + head.height + part
            case Note():
                return len(self.lines(block.text, _BODY, _INNER)) * _BODY * _LEADING + 40
            case KeyFigures():
                return 64.0
            case _:
                return 3 * _BODY * _LEADING

    def _paragraph(self, block: Paragraph) -> None:
        size, colour = (_SMALL, _SOFT) if block.small else (_BODY, _INK)
        if block.title:
            self.room(34)
            self.write_down(block.title, _BODY, style="B")
        if block.text:
            self.write_down(block.text, size, colour=colour)
        self.at += 5

    def _points(self, block: Points) -> None:
        for item in block.items:
            told = self.lines(item, _BODY, _INNER - 14)
            self.room(min(len(told), 3) * _BODY * _LEADING)
            self.line_of("•", _LEFT + 3, self.at + _BODY, _BODY, colour=_HEAD)
            self.write_down(item, _BODY, x=_LEFT + 14, width=_INNER - 14)
            self.at += 2.5
        self.at += 4

    def _note(self, block: Note) -> None:
        inner = _INNER - 26
        title = self.lines(block.title, _TITLE1, inner, "B") if block.title else []
        text = self.lines(block.text, _BODY, inner) if block.text else []
        height = len(title) * _TITLE1 * _LEADING + len(text) * _BODY * _LEADING + 14
        self.room(height)
        top, colour = self.at, _TONES[block.tone]
        self.set_fill_color(_PALE)
        self.rect(_LEFT, top, _INNER, height, style="F")
        self.set_fill_color(colour)
        self.rect(_LEFT, top, 4, height, style="F")
        self.at = top + 6
        for lines, size, style, ink in ((title, _TITLE1, "B", colour), (text, _BODY, "", _INK)):
            for line in lines:
                self.line_of(line, _LEFT + 15, self.at + size, size, style, ink)
                self.at += size * _LEADING
        self.at = top + height + 8

    def _figures(self, block: KeyFigures) -> None:
        count, gap = len(block.items), 7.0
        width = (_INNER - gap * (count - 1)) / count
        inner = width - 14
        told = [
            (
                self.lines(name, _SMALL, inner),
                self._fitted(value, inner),
                self.lines(beside, _SMALL, inner) if beside else [],
            )
            for name, value, beside in block.items
        ]
        names, besides = max(len(one[0]) for one in told), max(len(one[2]) for one in told)
        height = names * 10.5 + 20 + besides * 10.5 + 14
        self.room(height)
        for place, (name, (value, size), beside) in enumerate(told):
            x = _LEFT + place * (width + gap)
            self.set_draw_color(_RULE)
            self.set_line_width(0.8)
            self.rect(x, self.at, width, height, style="D")
            for row, line in enumerate(name):
                self.line_of(line, x + 7, self.at + 14 + row * 10.5, _SMALL, colour=_SOFT)
            self.line_of(value, x + 7, self.at + 7 + names * 10.5 + 15, size, "B")
            for row, line in enumerate(beside):
                self.line_of(
                    line, x + 7, self.at + 7 + names * 10.5 + 29 + row * 10.5, _SMALL, colour=_SOFT
                )
        self.at += height + 9

    def _fitted(self, value: str, width: float) -> tuple[str, float]:
        """Return a value with the size at which it stands on one line."""
        text, size = printable(value), _TITLE1
        while size > 6 and self.wide(text, size, "B") > width:
            size -= 0.5
        return text, size

    # ---- charts
    # ----------------------------------------------------------------------------------------------

    def _chart(self, block: Chart) -> None:
        drawing = drawing_of(block)
        width, height = drawing_size(drawing)
        left = _HEIGHT - _BOTTOM - self.at - self._around(block)
        if LEAST_CHART * height <= left < height:  # a little smaller rather than on the next page
            width, height = width * left / height, left
        self.room(height + self._around(block))
        if block.title:
            self.write_down(block.title, _LEAD, style="B")
            self.at += 3
        scale = width / float(drawing.get("width", "1"))
        texts: list[tuple[float, float, float, Element]] = []
        with self.drawing_context() as shapes:
            put_on_page(drawing, 0.0, 0.0, _LEFT, self.at, scale, shapes, texts)
        for x, y, turn, element in texts:
            self._chart_text(_LEFT + x * scale, self.at + y * scale, turn, element, scale)
        self.at += height + 4
        if block.note:
            self.write_down(block.note, _SMALL, colour=_SOFT)
        self.at += 6

    def _around(self, block: Chart) -> float:
        """Return how high title and note of a chart are, with the air around them."""
        note = len(self.lines(block.note, _SMALL, _INNER)) * _SMALL * _LEADING
        return (_LEAD * _LEADING + 3 if block.title else 0) + (note if block.note else 0) + 12

    def _chart_text(self, x: float, y: float, turn: float, element: Element, scale: float) -> None:
        size = float(element.get("font-size", "11").removesuffix("px")) * scale
        style = "B" if element.get("font-weight") in _BOLD else ""
        text = printable("".join(element.itertext()))
        shift = {"middle": 0.5, "end": 1.0}.get(element.get("text-anchor", ""), 0.0) * self.wide(
            text, size, style
        )
        with self.rotation(-turn, x, y) if turn else nullcontext():
            self.line_of(text, x - shift, y, size, style, element.get("fill", _INK))

    # ---- tables
    # ----------------------------------------------------------------------------------------------

    def _cells(self, block: TableBlock) -> tuple["_Cells", list["_Cells"]]:
        """Return the head and the rows of a table, broken into lines."""
        strong = block.totals | block.groups
        return _Cells(self, block.head, block, _SMALL, "B"), [
            _Cells(self, row, block, _SMALL, "B" if place in strong else "", place in block.groups)
            for place, row in enumerate(block.rows)
        ]

    def _table(self, block: TableBlock) -> None:
        head, rows = self._cells(block)
        self.room(self._needs(block))
        if block.title:
            self.at += 4
            self.write_down(block.title, _LEAD, style="B")
            self.at += 3
        place, first = 0, True
        while place < len(rows):
            here = self._fitting(rows, place, block.groups, head.height)
            if not here and (self.at > _TOP and not (first and block.title)):
                self.add_page()
                continue
            self._row(head, fill=_RULE)
            first = False
            if not here:  # higher than a page
                self._in_parts(rows[place], head)
                here = 1
            else:
                for number in range(place, place + here):
                    group = number in block.groups
                    colour = (
                        _TONES["bad"]
                        if number in block.bad
                        else _LOOK.assumed_ink
                        if number in block.assumed
                        else _INK
                    )
                    self._row(rows[number], fill=_PALE if group else "", colour=colour)
            place += here
            if place < len(rows):
                self.add_page()
        self.at += 10

    def _fitting(
        self, rows: Sequence["_Cells"], place: int, groups: frozenset[int], head: float
    ) -> int:
        """Return how many rows from a place on go onto this page: none rather than a few that
        would stand alone, here or on the next page.
        """
        room, here = _HEIGHT - _BOTTOM - self.at - head, 0
        while place + here < len(rows) and rows[place + here].height <= room:
            room -= rows[place + here].height
            here += 1
        rest = len(rows) - place - here
        if not rest or not here:
            return here
        if self.at > _TOP and not place and _together(rows):
            return 0
        few = max(0, _SIDE - rest)  # the next page gets a few as well, where they are low
        if sum(row.height for row in rows[place + here - few : place + here]) <= _AIR:
            here -= few
        while here > 0 and place + here - 1 in groups:
            here -= 1
        return max(here, 0 if self.at > _TOP else 1)

    def _in_parts(self, row: "_Cells", head: "_Cells") -> None:
        """Write a row that is higher than a page."""
        while row.height > _HEIGHT - _BOTTOM - self.at:
            fits = max(1, int((_HEIGHT - _BOTTOM - self.at - 7) / row.step))
            self._row(row.taken(fits))
            self.add_page()
            self._row(head, fill=_RULE)
        self._row(row)

    def _row(self, row: "_Cells", fill: str = "", colour: str = _INK) -> None:
        if fill:
            self.set_fill_color(fill)
            self.rect(_LEFT, self.at, _INNER, row.height, style="F")
        for x, width, right, lines in row.cells:
            for place, line in enumerate(lines):
                shift = width - self.wide(line, row.size, row.style) if right else 0.0
                self.line_of(
                    line,
                    x + shift,
                    self.at + 3.5 + row.size + place * row.step,
                    row.size,
                    row.style,
                    colour,
                )
        self.at += row.height
        self.set_draw_color(_RULE)
        self.set_line_width(0.5)
        self.line(_LEFT, self.at, _WIDTH - _LEFT, self.at)


def _together(rows: Sequence["_Cells"]) -> bool:
    """Say whether a table is so short that it is not parted."""
    return len(rows) <= _TOGETHER and sum(row.height for row in rows) <= 0.4 * _PAGE


def _first(rows: Sequence["_Cells"]) -> float:
    """Return how high the first rows of a table are that do not stand alone: a few low ones, or a
    high one.
    """
    height = 0.0
    for row in rows[:_SIDE]:
        height += row.height
        if height > _AIR:
            break
    return height


class _Cells:
    """A row of a table, its cells broken into lines."""

    def __init__(
        self,
        paper: _Paper,
        row: Sequence[str],
        block: TableBlock,
        size: float,
        style: str,
        whole: bool = False,
    ):
        self.size, self.style, self.step = size, style, size * 1.36
        self.cells: list[tuple[float, float, bool, list[str]]] = []
        x = _LEFT
        for place, text in enumerate(row[:1] if whole else row):
            width = _INNER if whole else _INNER * block.widths[place]
            self.cells.append(
                (
                    x + 4,
                    width - 8,
                    place in block.numbers,
                    paper.lines(text, size, width - 8, style),
                )
            )
            x += width

    @property
    def height(self) -> float:
        """How high the row is."""
        return max(len(lines) for *_, lines in self.cells) * self.step + 7

    def taken(self, count: int) -> "_Cells":
        """Return a row of the first lines, and keep the rest."""
        part = object.__new__(_Cells)
        part.size, part.style, part.step = self.size, self.style, self.step
        part.cells = [(x, width, right, lines[:count]) for x, width, right, lines in self.cells]
        self.cells = [(x, width, right, lines[count:]) for x, width, right, lines in self.cells]
        return part
