"""A report as a PDF: A4, text that can be selected, the font embedded, charts as vectors, page
numbers; no browser is needed.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from functools import cache
from itertools import groupby
from xml.etree.ElementTree import Element

import fpdf.encryption
from defusedxml.ElementTree import fromstring
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.drawing import DrawingContext, PaintedPath
from fpdf.drawing_primitives import Transform
from fpdf.svg import svg_path_converter

from funnel_sim.output.charts.pictures import EASTERN, LATIN, chart_svg, font_file
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
    Table,
)
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
_INK, _SOFT, _RULE, _HEAD, _PALE = "#1c2b33", "#5b6a72", "#d7dee2", "#33566b", "#f3f6f7"
_TONES = {"good": "#14705d", "bad": "#b3560f", "middle": _HEAD, "": _HEAD}
_LEADING = 1.42
_NOT_FIRST = frozenset("、，。；：！？）】》」』”’…%‰,.;:!?)]}·")
_NOT_LAST = frozenset("（【《「『“‘([{€¥$")
_EAST = 0x2E80
_CHART_WIDTH, _CHART_HEIGHT = 470.0, 590.0
_PLACE = re.compile(r"translate\(([-\d.e]+)(?:[ ,]+([-\d.e]+))?\)(?:\s*rotate\(([-\d.e]+)\))?")
_BOLD = ("600", "700", "bold")


def report_pdf(blocks: Sequence[Block], lang: Lang) -> bytes:
    """Return a report as a PDF file; the same blocks give the same bytes."""
    frame = next(block for block in blocks if isinstance(block, Frame))
    paper = _Paper(frame, lang)
    paper.add_page()
    for place, block in enumerate(blocks):
        paper.put(block, after=blocks[place + 1] if place + 1 < len(blocks) else None)
    return bytes(paper.output())


@cache
def _covered(family: str = EASTERN) -> frozenset[int]:
    return frozenset(TTFont(font_file(family), lazy=True).getBestCmap())


def printable(text: str) -> str:
    r"""Return text with only characters that the font has: letters without their marks where it has
    not, else a box.

    >>> printable("Żółw 你好"), printable("a\u2060b")
    ('Zólw 你好', 'ab')
    """
    if all(ord(one) in _covered() for one in text):
        return text
    out = []
    for one in text:
        plain = (
            one
            if ord(one) in _covered()
            else "".join(
                part for part in unicodedata.normalize("NFKD", one) if ord(part) in _covered()
            )
        )
        hidden = unicodedata.category(one) in ("Cf", "Cc", "Mn")
        out.append(
            plain or ("" if hidden else {"ł": "l", "Ł": "L", "đ": "d", "ı": "i"}.get(one, "□"))
        )
    return "".join(out)


def pieces(text: str) -> Iterator[str]:
    """Yield what may not be broken: words with the space after them, Chinese characters with the
    marks that belong to them.

    >>> list(pieces("签约 now，再说。"))
    ['签', '约 ', 'now，', '再', '说。']
    """
    piece = ""
    for one in text:
        if piece and _may_break(piece[-1], one):
            yield piece
            piece = ""
        piece += one
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if after == " " or after in _NOT_FIRST or before in _NOT_LAST:
        return False
    return before == " " or ord(before) >= _EAST or ord(after) >= _EAST


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
        wide = self.wide(say(self.spoken, "report.page", page=99, pages=99), 7.5)
        self.set_font(EASTERN, "", 7.5)
        self.set_text_color(_SOFT)
        self.set_xy(_LEFT, _HEIGHT - 37)
        self.cell(
            _INNER,
            12,
            say(self.spoken, "report.page", page=self.page_no(), pages="{nb}"),
            align="R",
        )
        foot = self.lines(self.frame.footer, 7.5, _INNER - wide - 12)
        for place, text in enumerate(foot):
            self.line_of(
                text, _LEFT, _HEIGHT - 28 - 10 * (len(foot) - 1 - place), 7.5, colour=_SOFT
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
        return LATIN if self.spoken == "en" and ord(one) in _covered(LATIN) else EASTERN

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
                self.write_down(block.title, 20, style="B")
                self.write_down(block.subtitle, 10, colour=_SOFT)
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
            case Table():
                self._table(block)
            case PageBreak():
                if self.at > _TOP:
                    self.add_page()

    def _heading(self, block: Heading, after: Block | None) -> None:
        first = block.level == 1
        size = 15.0 if first else 11.5
        self.at += 16 if first and self.at > _TOP else 8 if self.at > _TOP else 0
        self.room(
            (60 if first else 40)
            + (
                self._needs(after)
                if isinstance(after, (Chart, Table, Note))
                else 110
                if first
                else 30
            )
        )
        if first:
            self.set_draw_color(_HEAD)
            self.set_line_width(1.2)
            self.line(_LEFT, self.at, _WIDTH - _LEFT, self.at)
            self.at += 7
        self.write_down(block.text, size, style="B", colour=_HEAD if first else _INK)
        self.at += 3

    def _needs(self, block: Block) -> float:
        """Return how much room the beginning of a block needs."""
        if isinstance(block, Chart):
            return _size(_drawing(block))[1] + 40
        return 90.0

    def _paragraph(self, block: Paragraph) -> None:
        size, colour = (8.5, _SOFT) if block.small else (10.0, _INK)
        if block.title:
            self.room(34)
            self.write_down(block.title, 10, style="B")
        if block.text:
            self.write_down(block.text, size, colour=colour)
        self.at += 5

    def _points(self, block: Points) -> None:
        for item in block.items:
            told = self.lines(item, 10, _INNER - 14)
            self.room(min(len(told), 3) * 10 * _LEADING)
            self.line_of("•", _LEFT + 3, self.at + 10, 10, colour=_HEAD)
            self.write_down(item, 10, x=_LEFT + 14, width=_INNER - 14)
            self.at += 2.5
        self.at += 4

    def _note(self, block: Note) -> None:
        inner = _INNER - 26
        title = self.lines(block.title, 13, inner, "B") if block.title else []
        text = self.lines(block.text, 10, inner) if block.text else []
        height = len(title) * 13 * _LEADING + len(text) * 10 * _LEADING + 14
        self.room(height)
        top, colour = self.at, _TONES[block.tone]
        self.set_fill_color(_PALE)
        self.rect(_LEFT, top, _INNER, height, style="F")
        self.set_fill_color(colour)
        self.rect(_LEFT, top, 4, height, style="F")
        self.at = top + 6
        for lines, size, style, ink in ((title, 13.0, "B", colour), (text, 10.0, "", _INK)):
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
                self.lines(name, 7.5, inner),
                self._fitted(value, inner),
                self.lines(beside, 7.5, inner) if beside else [],
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
                self.line_of(line, x + 7, self.at + 14 + row * 10.5, 7.5, colour=_SOFT)
            self.line_of(value, x + 7, self.at + 7 + names * 10.5 + 15, size, "B")
            for row, line in enumerate(beside):
                self.line_of(
                    line, x + 7, self.at + 7 + names * 10.5 + 29 + row * 10.5, 7.5, colour=_SOFT
                )
        self.at += height + 9

    def _fitted(self, value: str, width: float) -> tuple[str, float]:
        """Return a value with the size at which it stands on one line."""
        text, size = printable(value), 14.0
        while size > 6 and self.wide(text, size, "B") > width:
            size -= 0.5
        return text, size

    # ---- charts
    # ----------------------------------------------------------------------------------------------

    def _chart(self, block: Chart) -> None:
        drawing = _drawing(block)
        width, height = _size(drawing)
        note = self.lines(block.note, 8.5, _INNER) if block.note else []
        self.room(height + (18 if block.title else 0) + len(note) * 8.5 * _LEADING + 8)
        if block.title:
            self.write_down(block.title, 10.5, style="B")
            self.at += 3
        scale = width / float(drawing.get("width", "1"))
        texts: list[tuple[float, float, float, Element]] = []
        with self.drawing_context() as shapes:
            _walk(drawing, 0.0, 0.0, _LEFT, self.at, scale, shapes, texts)
        for x, y, turn, element in texts:
            self._chart_text(_LEFT + x * scale, self.at + y * scale, turn, element, scale)
        self.at += height + 4
        if block.note:
            self.write_down(block.note, 8.5, colour=_SOFT)
        self.at += 6

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

    def _table(self, block: Table) -> None:
        size = 8.0 if len(block.head) <= 5 else 7.2
        head = _Cells(self, block.head, block, size, "B")
        rows = [
            _Cells(
                self,
                row,
                block,
                size,
                "B" if place in block.totals or place in block.groups else "",
                place in block.groups,
            )
            for place, row in enumerate(block.rows)
        ]
        first = rows[0].height if rows else 0.0
        self.room(min(head.height + first + (20 if block.title else 0), 300))
        if block.title:
            self.at += 4
            self.write_down(block.title, 10.5, style="B")
            self.at += 3
        self._row(head, fill="#e8edf0")
        for place, row in enumerate(rows):
            group = place in block.groups
            after = rows[place + 1].height if group and place + 1 < len(rows) else 0.0
            if self.at + min(row.height + after, 400) > _HEIGHT - _BOTTOM:
                self.add_page()
                self._row(head, fill="#e8edf0")
            colour = _TONES["bad"] if place in block.bad else _INK
            while row.height > _HEIGHT - _BOTTOM - self.at:  # higher than a page
                fits = max(1, int((_HEIGHT - _BOTTOM - self.at - 7) / row.step))
                self._row(row.taken(fits), colour=colour)
                self.add_page()
                self._row(head, fill="#e8edf0")
            self._row(row, fill=_PALE if group else "", colour=colour)
        self.at += 10

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


class _Cells:
    """A row of a table, its cells broken into lines."""

    def __init__(
        self,
        paper: _Paper,
        row: Sequence[str],
        block: Table,
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


# ---- a chart's SVG on paper
# ---------------------------------------------------------------------------------------


def _drawing(block: Chart) -> Element:
    element: Element = fromstring(chart_svg(block.spec, block.data))
    return element


def _size(drawing: Element) -> tuple[float, float]:
    """Return how wide and high a drawing is on paper."""
    width, height = float(drawing.get("width", "1")), float(drawing.get("height", "1"))
    scale = min(_CHART_WIDTH / width, _CHART_HEIGHT / height, 0.85)
    return width * scale, height * scale


def _walk(
    node: Element,
    x: float,
    y: float,
    left: float,
    top: float,
    scale: float,
    shapes: DrawingContext,
    texts: list[tuple[float, float, float, Element]],
) -> None:
    """Gather what a drawing shows: paths and lines as shapes on the page, texts with their places
    in the drawing.
    """
    found = _PLACE.match(node.get("transform", ""))
    turn = 0.0
    if found:
        x, y, turn = x + float(found[1]), y + float(found[2] or 0), float(found[3] or 0)
    tag = node.tag.rpartition("}")[2]
    if node.get("display") == "none" or tag in ("defs", "clipPath"):
        return
    if tag == "text":
        texts.append((x, y, turn, node))
    elif tag in ("path", "line"):
        made = _shape(node, tag)
        if made is not None:
            made.transform = (
                Transform.translation(x, y)
                @ Transform.scaling(scale)
                @ Transform.translation(left, top)
            )
            shapes.add_item(made)
    for child in node:
        _walk(child, x, y, left, top, scale, shapes, texts)


def _shape(node: Element, tag: str) -> PaintedPath | None:
    fill, stroke = (node.get(name) for name in ("fill", "stroke"))
    fill = None if fill in (None, "none", "transparent") or tag == "line" else fill
    stroke = None if stroke in (None, "none", "transparent") else stroke
    if (fill is None and stroke is None) or (tag == "path" and not node.get("d")):
        return None
    path = PaintedPath()
    if tag == "line":
        path.move_to(float(node.get("x1", "0")), float(node.get("y1", "0")))
        path.line_to(float(node.get("x2", "0")), float(node.get("y2", "0")))
    else:
        svg_path_converter(path, node.get("d", ""))
    opacity = float(node.get("opacity", "1"))
    path.style.auto_close = False
    path.style.fill_color, path.style.stroke_color = fill, stroke
    path.style.fill_opacity = opacity * float(node.get("fill-opacity", "1"))
    path.style.stroke_opacity = opacity * float(node.get("stroke-opacity", "1"))
    path.style.stroke_width = float(node.get("stroke-width", "1")) if stroke else 0
    if node.get("stroke-dasharray"):
        path.style.stroke_dash_pattern = [
            float(one) for one in node.get("stroke-dasharray", "").split(",")
        ]
    return path
