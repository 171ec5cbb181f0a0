"""How a slide is drawn: title and foot, texts, key figures, tables and native charts that can be
edited. What the slides tell stands in slides.py.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Length, Pt

from funnel_sim.output.design import PALETTES
from funnel_sim.output.documents.blocks import Frame
from funnel_sim.output.documents.leave_behind import Letter
from funnel_sim.output.words import formats
from funnel_sim.output.words.tones import Tone
from funnel_sim.words import Lang, say

_WIDE, _HIGH = Inches(13.333), Inches(7.5)
LEFT, INNER = Inches(0.6), Inches(12.13)
_LOOK = PALETTES["light"]
_INK, SOFT, _HEAD, _RULE, _PALE, _PAPER = (
    code.removeprefix("#").upper()
    for code in (_LOOK.ink, _LOOK.soft, _LOOK.total, _LOOK.line, _LOOK.raised, _LOOK.paper)
)
ACCENT, GAIN, LOSS, TOTAL = (
    code.removeprefix("#").upper() for code in (_LOOK.accent, _LOOK.gain, _LOOK.loss, _LOOK.total)
)
COLOURS: dict[Tone, str] = {"good": ACCENT, "middle": TOTAL, "bad": LOSS, "": TOTAL}
_FONTS: dict[Lang, str] = {"zh": "Microsoft YaHei", "en": "Calibri"}
_EAST = "Microsoft YaHei"
_ROOM = 0.14


@dataclass(frozen=True)
class Bar:
    """One bar of a native chart: its name, its value, its colour, and the value as the report words
    it.
    """

    name: str
    value: float
    colour: str
    text: str


class Deck:
    """A file of slides, written one after another.

    Args:
        around: title, subtitle and foot of the document.
        currency: of the amounts that its charts show.
        lang: of its words and its fonts.
        letter: for whom and from whom it is.
    """

    def __init__(self, around: Frame, currency: str, lang: Lang, letter: Letter):
        self.around, self.currency, self.lang, self.letter = around, currency, lang, letter
        self.file = Presentation()
        self.file.slide_width, self.file.slide_height = _WIDE, _HIGH
        self.file.core_properties.title, self.file.core_properties.author = (
            around.title,
            "Funnel Sim",
        )

    def slide(self, title: str, notes: Sequence[str] = ()) -> Any:
        """Begin a slide with its message as the title; say in its notes where its figures come
        from.
        """
        page = self.file.slides.add_slide(self.file.slide_layouts[5])
        box = page.shapes.title
        box.left, box.top, box.width, box.height = LEFT, Inches(0.4), INNER, Inches(1.15)
        box.text_frame.word_wrap, box.text_frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
        size = 28 if self._length(title) <= 70 else 22 if self._length(title) <= 130 else 18
        self._write(box.text_frame, [title], size, bold=True, colour=_HEAD)
        rule = page.shapes.add_shape(MSO_SHAPE.RECTANGLE, LEFT, Inches(1.58), INNER, Emu(19050))
        rule.fill.solid()
        rule.fill.fore_color.rgb = RGBColor.from_string(_HEAD)
        rule.line.fill.background()
        self.text(
            page,
            [self.around.footer],
            10,
            LEFT,
            Inches(7.05),
            Inches(11.3),
            Inches(0.35),
            colour=SOFT,
        )
        number = self.text(
            page,
            [str(len(self.file.slides))],
            10,
            Inches(12.0),
            Inches(7.05),
            Inches(0.73),
            Inches(0.35),
            colour=SOFT,
        )
        number.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
        self._notes(page, notes)
        return page

    def _length(self, text: str) -> int:
        return sum(1 if one.isascii() else 2 for one in text)

    def _notes(self, page: Any, notes: Sequence[str]) -> None:
        about = say(
            self.lang, "report.s_source", what=self.around.subtitle, footer=self.around.footer
        )
        page.notes_slide.notes_text_frame.text = _plain("\n".join([*notes, about]))

    def text(
        self,
        page: Any,
        lines: Sequence[str],
        size: float,
        left: Length,
        top: Length,
        width: Length,
        height: Length,
        *,
        bold: bool = False,
        colour: str = _INK,
        dots: bool = False,
    ) -> Any:
        """Write lines into a box of their own."""
        box = page.shapes.add_textbox(left, top, width, height)
        box.text_frame.word_wrap, box.text_frame.auto_size = True, MSO_AUTO_SIZE.NONE
        self._write(
            box.text_frame,
            [f"• {line}" if dots else line for line in lines],
            size,
            bold=bold,
            colour=colour,
            gap=6 if dots else 0,
        )
        return box

    def _write(
        self,
        place: Any,
        lines: Sequence[str],
        size: float,
        *,
        bold: bool = False,
        colour: str = _INK,
        gap: float = 0,
    ) -> None:
        for number, line in enumerate(lines):
            paragraph = place.paragraphs[0] if number == 0 else place.add_paragraph()
            paragraph.alignment, paragraph.space_after = PP_ALIGN.LEFT, Pt(gap)
            self._dress(paragraph.add_run(), _plain(line), size, bold=bold, colour=colour)

    def _dress(
        self, run: Any, text: str, size: float, *, bold: bool = False, colour: str = _INK
    ) -> None:
        run.text = text
        self._font(run.font, size, bold=bold, colour=colour)
        run._r.get_or_add_rPr().set("lang", {"zh": "zh-CN", "en": "en-US"}[self.lang])

    def _font(self, font: Any, size: float, *, bold: bool = False, colour: str = _INK) -> None:
        font.size, font.bold, font.name = Pt(size), bold, _FONTS[self.lang]
        font.color.rgb = RGBColor.from_string(colour)
        properties = font._element
        for old in properties.findall(qn("a:ea")):
            properties.remove(old)
        east = properties.makeelement(qn("a:ea"), {"typeface": _EAST})
        latin = properties.find(qn("a:latin"))
        latin.addnext(east)

    def figures(self, page: Any, items: Sequence[tuple[str, str, str]], top: Length) -> None:
        """Write key figures side by side."""
        gap = Inches(0.15)
        width = Emu(int((INNER - gap * (len(items) - 1)) / len(items)))
        for place, (name, value, beside) in enumerate(items):
            left = Emu(int(LEFT + place * (width + gap)))
            card = page.shapes.add_shape(MSO_SHAPE.RECTANGLE, left, top, width, Inches(1.5))
            card.fill.solid()
            card.fill.fore_color.rgb = RGBColor.from_string(_PALE)
            card.line.color.rgb = RGBColor.from_string(_RULE)
            card.shadow.inherit = False
            frame_ = card.text_frame
            frame_.word_wrap, frame_.vertical_anchor = True, MSO_ANCHOR.MIDDLE
            self._write(frame_, [name], 12, colour=SOFT)
            for line, size, bold, colour in (
                (value, 22.0 if self._length(value) <= 12 else 15.0, True, _INK),
                (beside, 11.0, False, SOFT),
            ):
                paragraph = frame_.add_paragraph()
                paragraph.alignment = PP_ALIGN.LEFT
                self._dress(paragraph.add_run(), _plain(line), size, bold=bold, colour=colour)

    def table(
        self,
        page: Any,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        top: Length,
        size: float = 13,
    ) -> None:
        """Write a native table."""
        made = page.shapes.add_table(
            len(rows) + 1, len(head), LEFT, top, INNER, Inches(0.4 * (len(rows) + 1))
        ).table
        for place, share in enumerate(widths):
            made.columns[place].width = Emu(int(INNER * share))
        for number, row in enumerate((head, *rows)):
            for place, text in enumerate(row):
                cell = made.cell(number, place)
                cell.fill.solid()
                cell.fill.fore_color.rgb = RGBColor.from_string(
                    _HEAD if number == 0 else _PALE if number % 2 == 0 else _PAPER
                )
                cell.margin_top = cell.margin_bottom = Inches(0.04)
                self._write(
                    cell.text_frame,
                    [text],
                    size,
                    bold=number == 0,
                    colour=_PAPER if number == 0 else _INK,
                )

    def bars(
        self,
        page: Any,
        bars: Sequence[Bar],
        title: str,
        show: str,
        area: tuple[Length, Length, Length, Length],
    ) -> None:
        """Draw a native bar chart from zero, each value beside its bar as the report words it; the
        table behind it can be edited.
        """
        data = CategoryChartData(number_format=show)
        data.categories = [_plain(bar.name) for bar in bars]
        data.add_series(_plain(title), [bar.value for bar in bars])
        chart = page.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *area, data).chart
        self._dress_chart(chart, title)
        plot, axis = chart.plots[0], chart.value_axis
        plot.gap_width = 45
        chart.category_axis.reverse_order = True
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = show, False
        axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
        low, high = min(0.0, *(bar.value for bar in bars)), max(0.0, *(bar.value for bar in bars))
        room = _ROOM * (high - low)  # for the values beside the bars
        axis.minimum_scale, axis.maximum_scale = (
            low - (room if low < 0 else 0.0),
            high + (room if high > 0 else 0.0),
        )
        axis.visible = False
        axis.has_major_gridlines = False
        series = plot.series[0]
        series.invert_if_negative = False
        for place, bar in enumerate(bars):
            point = series.points[place]
            point.format.fill.solid()
            point.format.fill.fore_color.rgb = RGBColor.from_string(bar.colour)
            label = point.data_label
            self._write(label.text_frame, [bar.text], 12, bold=True)
            label.position = XL_LABEL_POSITION.OUTSIDE_END

    def lines(
        self,
        page: Any,
        months: Sequence[int | str],
        series: Sequence[tuple[str, Sequence[float | None], str]],
        title: str,
        show: str,
        high: float = 5.2,
    ) -> None:
        """Draw a native line chart by month, so many inches high."""
        data = CategoryChartData(number_format=show)
        data.categories = [str(month) for month in months]
        for name, values, _ in series:
            data.add_series(_plain(name), values)
        chart = page.shapes.add_chart(
            XL_CHART_TYPE.LINE, LEFT, Inches(1.75), INNER, Inches(high), data
        ).chart
        self._dress_chart(chart, title)
        chart.has_legend, chart.legend.position, chart.legend.include_in_layout = (
            True,
            XL_LEGEND_POSITION.BOTTOM,
            False,
        )
        self._font(chart.legend.font, 12)
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        (
            chart.value_axis.tick_labels.number_format,
            chart.value_axis.tick_labels.number_format_is_linked,
        ) = (
            show,
            False,
        )
        for one, (_, _, colour) in zip(chart.plots[0].series, series, strict=True):
            one.smooth, one.format.line.width = False, Pt(2.5)
            one.format.line.color.rgb = RGBColor.from_string(colour)

    def _dress_chart(self, chart: Any, title: str) -> None:
        chart.has_title, chart.has_legend = True, False
        self._write(chart.chart_title.text_frame, [title], 13, bold=True)
        for axis in (chart.category_axis, chart.value_axis):
            self._font(axis.tick_labels.font, 12)
            axis.format.line.color.rgb = RGBColor.from_string(_RULE)
        chart.category_axis.has_major_gridlines = False
        chart.value_axis.major_gridlines.format.line.color.rgb = RGBColor.from_string(_RULE)

    def money_format(self, currency: str = "") -> str:
        """Return how native charts show amounts: whole ones, with the currency's sign.

        Args:
            currency: of the amounts; that of the deck where it is empty.
        """
        sign = formats.currency_name(currency or self.currency, self.lang)
        return f'"{sign}"#,##0;-"{sign}"#,##0'

    def under(self, page: Any) -> None:
        """Write which store it is, and for whom and from whom, below the title of the first
        slide.
        """
        lines = [one for one in (self.letter.line(self.lang), self.around.subtitle) if one]
        self.text(page, lines, 13, LEFT, Inches(1.62), INNER, Inches(0.5), colour=SOFT)

    def saved(self) -> bytes:
        """Return the file."""
        out = io.BytesIO()
        self.file.save(out)
        return out.getvalue()


def _plain(text: str) -> str:
    """Return text without characters that a slide's file cannot hold."""
    return "".join(one for one in formats.joined(text) if one in "\n\t" or ord(one) >= 32)
