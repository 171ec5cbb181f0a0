"""A report as slides: five to eight, one message each, with texts and charts that can be edited;
sources stand in the notes. What they tell, and in which order, is the story of the presentation
(story.py).
"""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
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

from funnel_sim.decisions.found import Found, find
from funnel_sim.decisions.quote.our_offer import OurOffer, our_offer
from funnel_sim.model.ledger import SUBTOTALS
from funnel_sim.output.design import PALETTES
from funnel_sim.output.documents.blocks import Frame
from funnel_sim.output.documents.chapters.contracts import against
from funnel_sim.output.documents.chapters.economics import economics_sentence
from funnel_sim.output.documents.chapters.frame import frame
from funnel_sim.output.documents.chapters.ledger import sources_of
from funnel_sim.output.documents.chapters.parts import label_of
from funnel_sim.output.documents.chapters.profit import (
    profit_caveats,
    profit_figures,
    profit_sentence,
    profit_word,
)
from funnel_sim.output.documents.chapters.verdict import quote_figures
from funnel_sim.output.documents.leave_behind import PLAIN, Letter
from funnel_sim.output.documents.story import bars, message, points, steps
from funnel_sim.output.words import formats
from funnel_sim.output.words.assumptions import assumptions, plain_address
from funnel_sim.output.words.contract_check import clause_text
from funnel_sim.output.words.explain import name_of, text_of
from funnel_sim.output.words.kpi import (
    believed_probability,
    kpi_text,
    reason_sentence,
)
from funnel_sim.output.words.kpi import verdict_sentence as kpi_verdict
from funnel_sim.output.words.our_offer import (
    guarantee_heads,
    guarantee_rows,
    guarantees_note,
    needed_text,
    offer_reasons,
    offer_sentence,
)
from funnel_sim.output.words.quote import in_short, verdict_sentence
from funnel_sim.output.words.quote_amounts import heavy_notes
from funnel_sim.output.words.shares import mean_note
from funnel_sim.output.words.tones import KPI_TONES, QUOTE_TONES, Tone
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_WIDE, _HIGH = Inches(13.333), Inches(7.5)
_LEFT, _INNER = Inches(0.6), Inches(12.13)
_LOOK = PALETTES["light"]
_INK, _SOFT, _HEAD, _RULE, _PALE, _PAPER = (
    code.removeprefix("#").upper()
    for code in (_LOOK.ink, _LOOK.soft, _LOOK.total, _LOOK.line, _LOOK.raised, _LOOK.paper)
)
_ACCENT, _GAIN, _LOSS, _TOTAL = (
    code.removeprefix("#").upper() for code in (_LOOK.accent, _LOOK.gain, _LOOK.loss, _LOOK.total)
)
_COLOURS: dict[Tone, str] = {"good": _ACCENT, "middle": _TOTAL, "bad": _LOSS, "": _TOTAL}
_FONTS: dict[Lang, str] = {"zh": "Microsoft YaHei", "en": "Calibri"}
_EAST = "Microsoft YaHei"
_CLAUSES, _WEAK = 4, 8
_SIZES, _SMALLER = (14.0, 12.0, 11.0), (9.0, 7.0)
"""Type of contract sentences: all of them on one slide if they fit, else on several; smaller only
for one that fills a slide by itself.
"""
_CLAUSE_WIDE, _CLAUSE_ROOM, _CELL, _POINTS, _LEADING = 8.9, 4.6, 0.08, 72, 1.2
"""Of the slide with contract sentences, in inches: how wide a sentence may run, how high the rows
may stand, the margin of a cell; points of an inch; line spacing.
"""
_GUARANTEES = 6
_ROOM = 0.14


@dataclass(frozen=True)
class _Bar:
    """One bar of a native chart: its name, its value, its colour, and the value as the report words
    it.
    """

    name: str
    value: float
    colour: str
    text: str


def slides_pptx(
    scenario: Scenario, lang: Lang, found: Found | None = None, letter: Letter = PLAIN
) -> bytes:
    """Return five to eight slides on a scenario: the verdict, the steps of its story (story.py),
    and its assumptions; in the words of the agency where the letter says so, its offer in place
    of the verdict.
    """
    found = find(scenario) if found is None else found
    ours = our_offer(scenario, found.quotes[0].option) if letter.ours and found.quotes else None
    deck = _Deck(frame(found, lang), found, lang, ours, letter)
    if ours is None:
        deck.verdict()
    else:
        deck.offer(ours)
    drawn = {
        "now": deck.order,
        "months": deck.months,
        "customers": deck.customers,
        "kpis": deck.kpis,
        "reach": deck.must_achieve,
        "charge": deck.deal,
        "compare": deck.comparison,
        "protect": deck.clauses if ours is None else deck.guarantees,
        "next": deck.next_steps,
    }
    known = steps(scenario, ours=letter.ours)
    asked = [one for one in known if found.answers is not None or one not in _OF_QUOTES]
    for step in asked:
        if deck.message(step):
            drawn[step]()
    deck.assumed()
    out = io.BytesIO()
    deck.file.save(out)
    return out.getvalue()


_OF_QUOTES = ("reach", "charge", "compare", "protect")


class _Deck:
    """A file of slides, written one after another."""

    def __init__(
        self, around: Frame, found: Found, lang: Lang, ours: OurOffer | None, letter: Letter
    ):
        self.around, self.found, self.lang = around, found, lang
        self.ours, self.letter = ours, letter
        self.file = Presentation()
        self.file.slide_width, self.file.slide_height = _WIDE, _HIGH
        self.file.core_properties.title, self.file.core_properties.author = (
            around.title,
            "Funnel Sim",
        )
        self.currency = found.scenario.currency

    def message(self, step: str) -> str:
        """Return the message of a step of the story."""
        return message(step, self.found, self.ours, self.lang)

    # ---- parts of a slide
    # --------------------------------------------------------------------------------------

    def slide(self, title: str, notes: Sequence[str] = ()) -> Any:
        """Begin a slide with its message as the title; say in its notes where its figures come
        from.
        """
        page = self.file.slides.add_slide(self.file.slide_layouts[5])
        box = page.shapes.title
        box.left, box.top, box.width, box.height = _LEFT, Inches(0.4), _INNER, Inches(1.15)
        box.text_frame.word_wrap, box.text_frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
        size = 28 if self._length(title) <= 70 else 22 if self._length(title) <= 130 else 18
        self._write(box.text_frame, [title], size, bold=True, colour=_HEAD)
        rule = page.shapes.add_shape(MSO_SHAPE.RECTANGLE, _LEFT, Inches(1.58), _INNER, Emu(19050))
        rule.fill.solid()
        rule.fill.fore_color.rgb = RGBColor.from_string(_HEAD)
        rule.line.fill.background()
        self.text(
            page,
            [self.around.footer],
            10,
            _LEFT,
            Inches(7.05),
            Inches(11.3),
            Inches(0.35),
            colour=_SOFT,
        )
        number = self.text(
            page,
            [str(len(self.file.slides))],
            10,
            Inches(12.0),
            Inches(7.05),
            Inches(0.73),
            Inches(0.35),
            colour=_SOFT,
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
        width = Emu(int((_INNER - gap * (len(items) - 1)) / len(items)))
        for place, (name, value, beside) in enumerate(items):
            left = Emu(int(_LEFT + place * (width + gap)))
            card = page.shapes.add_shape(MSO_SHAPE.RECTANGLE, left, top, width, Inches(1.5))
            card.fill.solid()
            card.fill.fore_color.rgb = RGBColor.from_string(_PALE)
            card.line.color.rgb = RGBColor.from_string(_RULE)
            card.shadow.inherit = False
            frame_ = card.text_frame
            frame_.word_wrap, frame_.vertical_anchor = True, MSO_ANCHOR.MIDDLE
            self._write(frame_, [name], 12, colour=_SOFT)
            for line, size, bold, colour in (
                (value, 22.0 if self._length(value) <= 12 else 15.0, True, _INK),
                (beside, 11.0, False, _SOFT),
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
            len(rows) + 1, len(head), _LEFT, top, _INNER, Inches(0.4 * (len(rows) + 1))
        ).table
        for place, share in enumerate(widths):
            made.columns[place].width = Emu(int(_INNER * share))
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
        bars: Sequence[_Bar],
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
        months: Sequence[int],
        series: Sequence[tuple[str, Sequence[float], str]],
        title: str,
        show: str,
    ) -> None:
        """Draw a native line chart by month."""
        data = CategoryChartData(number_format=show)
        data.categories = [str(month) for month in months]
        for name, values, _ in series:
            data.add_series(_plain(name), values)
        chart = page.shapes.add_chart(
            XL_CHART_TYPE.LINE, _LEFT, Inches(1.75), _INNER, Inches(5.2), data
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

    def money_format(self) -> str:
        """Return how native charts show amounts: whole ones, with the currency's sign."""
        sign = formats.currency_name(self.currency, self.lang)
        return f'"{sign}"#,##0;-"{sign}"#,##0'

    # ---- the slides
    # --------------------------------------------------------------------------------------------

    def verdict(self) -> None:
        """Say the verdict."""
        found, lang = self.found, self.lang
        notes: list[str] = []
        if found.answers is not None and found.quotes:
            told: list[tuple[str, str, Tone]] = [
                (
                    say(
                        lang,
                        "report.verdict_of",
                        verdict=say(lang, f"quote.{one.verdict}"),
                        name=label_of(one, found, lang),
                    ),
                    verdict_sentence(one, found.answers, lang),
                    QUOTE_TONES[one.verdict],
                )
                for one in found.quotes
            ]
            items = quote_figures(found.quotes[0], found.answers, found, lang)
        elif found.check is not None:
            check = found.check
            told = [
                (
                    say(lang, f"kpi.{check.verdict}"),
                    kpi_verdict(check, lang),
                    KPI_TONES[check.verdict],
                )
            ]
            items = [
                (
                    kpi_text(one.kpi, found.scenario, lang),
                    believed_probability(one.probability, check, lang),
                    say(lang, f"kpi.{one.verdict}"),
                )
                for one in check.answers[:4]
            ]
            notes = [reason_sentence(check, lang)]
        elif found.estimate is not None and np.isfinite(found.estimate.centre.value):
            told = [
                (
                    profit_word(found, lang),
                    profit_sentence(found, lang),
                    "good" if found.estimate.centre.value > 0 else "bad",
                )
            ]
            items, notes = profit_figures(found, lang), profit_caveats(found, lang)
        else:
            told, items = [(say(lang, "risk.nothing", metric=name_of("profit", lang)), "", "")], []
        page = self.slide(self.around.title, notes)
        self._under(page)
        step = min(1.5, 3.1 / len(told))
        small = len(told) > 2
        for place, (word, sentence, tone) in enumerate(told):
            top = 2.15 + place * step
            self.text(
                page,
                [word],
                18 if small else 26,
                _LEFT,
                Inches(top),
                _INNER,
                Inches(0.5),
                bold=True,
                colour=_COLOURS[tone],
            )
            self.text(
                page,
                [sentence],
                12 if small else 16,
                _LEFT,
                Inches(top + (0.32 if small else 0.52)),
                _INNER,
                Inches(step - 0.4),
            )
        if items:
            self.figures(page, items, Inches(min(5.35, 2.45 + len(told) * step)))

    def _under(self, page: Any) -> None:
        """Write which store it is, and for whom and from whom, below the title of the first
        slide.
        """
        lines = [one for one in (self.letter.line(self.lang), self.around.subtitle) if one]
        self.text(page, lines, 13, _LEFT, Inches(1.62), _INNER, Inches(0.5), colour=_SOFT)

    def offer(self, ours: OurOffer) -> None:
        """Say from which uplift our offer is worth signing."""
        lang, scenario = self.lang, self.found.scenario
        name = f"{say(lang, 'ours.title')} · {scenario.name}" if scenario.name else ""
        page = self.slide(name or say(lang, "ours.title"), [guarantees_note(ours, lang)])
        self._under(page)
        colour = _COLOURS["good" if ours.as_is.fits else "middle"]
        top = Inches(2.3)
        self.text(
            page,
            [offer_sentence(ours, lang)],
            24,
            _LEFT,
            top,
            _INNER,
            Inches(1.5),
            bold=True,
            colour=colour,
        )
        told = [in_short(ours.option, scenario, lang), *offer_reasons(ours, lang)]
        self.text(
            page,
            [one for one in told if one],
            16,
            _LEFT,
            Inches(3.8),
            _INNER,
            Inches(1.5),
            dots=True,
        )
        months = scenario.plan.horizon_months
        gain = formats.half_up(ours.as_is.client(held=True), 0)
        items = [
            (say(lang, "story.effect_needed"), needed_text(ours.as_is, lang), ""),
            (say(lang, "story.effect_promised"), formats.signed_percent(ours.promised), ""),
            (
                say(lang, "ours.at_promise", promised=formats.signed_percent(ours.promised)),
                formats.whole_money(float(gain), self.currency, lang),
                say(lang, "story.over", months=months),
            ),
        ]
        self.figures(page, items, Inches(5.35))

    def guarantees(self) -> None:
        """List what protects the client, and what each further guarantee would change."""
        ours, lang = self.ours, self.lang
        if ours is None:
            return
        page = self.slide(self.message("protect"), [guarantees_note(ours, lang)])
        held = points("protect", self.found, ours, lang)[:-1]
        top = 1.8
        if held:
            self.text(page, held, 14, _LEFT, Inches(top), _INNER, Inches(0.6))
            top += 0.6
        rows = [(one.name, *one.cells) for one in guarantee_rows(ours, lang)[: _GUARANTEES + 1]]
        self.table(
            page, guarantee_heads(ours, lang), rows, (0.52, 0.16, 0.16, 0.16), Inches(top), 12
        )

    def comparison(self) -> None:
        """Compare all options by what they leave on average."""
        answers = self.found.answers
        if answers is None:
            return
        page = self.slide(
            self.message("compare"),
            [
                say(
                    self.lang,
                    "quote.compare_note",
                    paths=formats.number(answers.plan.paths),
                    months=answers.scenario.plan.horizon_months,
                    currency=self.currency,
                ),
                *heavy_notes(answers, self.lang),
            ],
        )
        axis = "report.s_gain_axis_middle" if answers.by_median else "report.s_gain_axis"
        title = f"{say(self.lang, axis, currency=self.currency)} · {say(self.lang, 'quote.better')}"
        self._story_bars(page, "compare", title, self.money_format(), _INNER)

    def deal(self) -> None:
        """Show what the quote brings, what it costs, and what is left."""
        lang, scenario = self.lang, self.found.scenario
        option, told = (
            (self.ours.option, self.ours.as_is.held)
            if self.ours is not None
            else (self.found.quotes[0].option, self.found.quotes[0].believed)
        )
        why = mean_note(scenario, option, lang)
        notes = [say(lang, "quote.money_note"), *([why] if why else [])]
        page = self.slide(self.message("charge"), notes)
        heavy = "report.s_deal_axis_middle" if told.gain.heavy else "report.s_deal_axis"
        self._story_bars(
            page, "charge", say(lang, heavy, currency=self.currency), self.money_format(), _INNER
        )

    def _story_bars(self, page: Any, step: str, title: str, show: str, width: Length) -> None:
        """Draw the bars of a step, with its points below them."""
        told = points(step, self.found, self.ours, self.lang)
        colours: dict[Tone, str] = {"good": _GAIN, "middle": _TOTAL, "bad": _LOSS, "": _SOFT}
        drawn = [
            _Bar(one.name, one.value, colours[one.tone], one.text)
            for one in bars(step, self.found, self.ours, self.lang)
        ]
        high = 4.3 if told else 5.2
        self.bars(page, drawn, title, show, (_LEFT, Inches(1.75), width, Inches(high)))
        if told:
            self.text(page, told, 14, _LEFT, Inches(6.15), _INNER, Inches(0.8))

    def _fan(self, page: Any, rows: Any, title: str) -> None:
        names = ((4, "P95", _GAIN), (2, say(self.lang, "risk.p50"), _TOTAL), (0, "P5", _LOSS))
        series = [
            (name, [float(v) if np.isfinite(v) else 0.0 for v in rows[row]], colour)
            for row, name, colour in names
        ]
        self.lines(page, range(1, rows.shape[1] + 1), series, title, self.money_format())

    def must_achieve(self) -> None:
        """Show the uplift that must be reached beside what is promised; without a voice of our own,
        KPIs with their odds beside it.
        """
        lang = self.lang
        page = self.slide(self.message("reach"), [say(lang, "quote.effects_note")])
        half = self.found.check is not None and self.ours is None
        width = Emu(int(_INNER * 0.49)) if half else _INNER
        self._story_bars(page, "reach", say(lang, "report.s_effect_axis"), "+0.0%;-0.0%;0%", width)
        if half:
            self._kpi_bars(
                page, (Emu(int(_LEFT + _INNER * 0.51)), Inches(1.75), width, Inches(4.3))
            )

    def _kpi_bars(self, page: Any, area: tuple[Length, Length, Length, Length]) -> None:
        check, lang = self.found.check, self.lang
        if check is None:
            return
        colours = {"good": _GAIN, "middle": _TOTAL, "bad": _LOSS}
        bars = [
            _Bar(
                kpi_text(one.kpi, check.scenario, lang),
                one.probability.value,
                colours[KPI_TONES[one.verdict]],
                believed_probability(one.probability, check, lang),
            )
            for one in check.answers
        ]
        if len(bars) > 1:
            bars.append(
                _Bar(
                    say(lang, "kpi.together"),
                    check.joint.value,
                    colours[KPI_TONES[check.verdict]],
                    believed_probability(check.joint, check, lang),
                )
            )
        self.bars(page, bars, say(lang, "report.s_kpi_axis"), "0.0%", area)

    def kpis(self) -> None:
        """Show the odds of the KPIs."""
        check = self.found.check
        if check is not None:
            page = self.slide(self.message("kpis"), [reason_sentence(check, self.lang)])
            self._kpi_bars(page, (_LEFT, Inches(1.75), _INNER, Inches(5.2)))

    def order(self) -> None:
        """Show what is left of an order, step by step."""
        result, lang = self.found.result, self.lang
        left = result.per("profit", "order")
        if left is None:  # without an order there is nothing to show of one
            return
        page = self.slide(self.message("now"), [economics_sentence(result, lang)])
        keys = ("order_consumer", *SUBTOTALS)
        values = [
            result.steady["order_consumer"] or 0.0,
            *((result.per(key, "order") or 0.0) for key in SUBTOTALS),
        ]
        names = [name_of(key, lang) for key in keys]
        colours = [_TOTAL] * (len(values) - 1) + [_GAIN if left >= 0 else _LOSS]
        show = self.money_format().replace("#,##0", "#,##0.00")
        bars = [
            _Bar(name, value, colour, formats.money(value, self.currency, lang))
            for name, value, colour in zip(names, values, colours, strict=True)
        ]
        self.bars(
            page,
            bars,
            say(lang, "report.s_order_axis", currency=self.currency),
            show,
            (_LEFT, Inches(1.75), _INNER, Inches(5.2)),
        )

    def months(self) -> None:
        """Show the profit by month."""
        if (
            self.found.by_month is not None
            and self.found.estimate is not None
            and np.isfinite(self.found.estimate.centre.value)
        ):
            page = self.slide(
                self.message("months"),
                [profit_sentence(self.found, self.lang), say(self.lang, "report.fan_note")],
            )
            self._fan(
                page,
                np.asarray(self.found.by_month),
                say(self.lang, "report.s_profit_axis", currency=self.currency),
            )

    def customers(self) -> None:
        """Show what a customer costs against what it brings."""
        result, lang = self.found.result, self.lang
        cac, ltv = result.steady["cac"], result.steady["ltv"]
        if cac is None or ltv is None:
            return
        page = self.slide(self.message("customers"))
        bars = [
            _Bar(name_of(key, lang), value, colour, text_of(result, key, lang))
            for key, value, colour in (("cac", cac, _LOSS), ("ltv", ltv, _GAIN))
        ]
        show = self.money_format().replace("#,##0", "#,##0.00")
        self.bars(
            page,
            bars,
            say(lang, "report.s_customers_axis", currency=self.currency),
            show,
            (_LEFT, Inches(1.75), _INNER, Inches(5.2)),
        )

    def clauses(self) -> None:
        """List the sentences that the first quote's contract lacks most."""
        check, lang = next(iter(self.found.contracts), None), self.lang
        if check is None:
            return
        bad = [one for one in against(check) if one.state == "bad"]
        head = self.message("protect")
        rows = [(one.item.name.of(lang), clause_text(one, check, lang)) for one in bad[:_CLAUSES]]
        notes = [f"{one.item.name.of(lang)}: {clause_text(one, check, lang)}" for one in bad]
        page = None
        size = next((size for size in _SIZES if len(pages_of(rows, size)) < 2), _SIZES[-1])
        for number, part in enumerate(pages_of(rows, size)):
            page = self.slide(
                head if number == 0 else say(lang, "report.s_continued", title=head),
                notes if number == 0 else [],
            )
            own = (
                size
                if len(part) > 1
                else next(
                    (
                        least
                        for least in (size, *_SMALLER)
                        if _height(part[0][1], least) <= _CLAUSE_ROOM
                    ),
                    _SMALLER[-1],
                )
            )
            self.table(
                page,
                (say(lang, "report.item"), say(lang, "contract.sentence")),
                part,
                (0.24, 0.76),
                Inches(1.8),
                own,
            )
        page = page or self.slide(head, notes)
        if len(bad) > _CLAUSES:
            more = say(lang, "report.s_more_clauses", count=len(bad) - _CLAUSES)
            self.text(page, [more], 13, _LEFT, Inches(6.6), _INNER, Inches(0.4), colour=_SOFT)

    def next_steps(self) -> None:
        """List what to do next."""
        page = self.slide(self.message("next"))
        self.text(
            page,
            points("next", self.found, self.ours, self.lang),
            18,
            _LEFT,
            Inches(1.85),
            _INNER,
            Inches(5),
            dots=True,
        )

    def assumed(self) -> None:
        """List the first weak assumptions."""
        lang = self.lang
        every = assumptions(self.found.scenario, lang)
        weak = [one for one in every if one.weak]
        notes = [
            f"[{place}] {plain_address(source)}"
            for place, source in enumerate(sources_of(every), 1)
        ]
        page = self.slide(say(lang, "report.s_assumed", count=len(every), weak=len(weak)), notes)
        if not weak:
            self.text(
                page,
                [say(lang, "report.s_all_sourced")],
                18,
                _LEFT,
                Inches(1.85),
                _INNER,
                Inches(1),
            )
            return
        head = tuple(say(lang, f"report.{key}") for key in ("input", "value", "whose", "since"))
        rows = [
            (f"{one.name} · {one.group}", one.value, one.told(lang), one.since or formats.NOTHING)
            for one in weak[:_WEAK]
        ]
        self.table(page, head, rows, (0.46, 0.24, 0.18, 0.12), Inches(1.8))
        self.text(
            page,
            [say(lang, "report.s_assumed_lead")],
            13,
            _LEFT,
            Inches(6.6),
            _INNER,
            Inches(0.4),
            colour=_SOFT,
        )


def _plain(text: str) -> str:
    """Return text without characters that a slide's file cannot hold."""
    return "".join(one for one in formats.joined(text) if one in "\n\t" or ord(one) >= 32)


def _height(text: str, size: float) -> float:
    """Return about how high a contract sentence stands in its cell, in inches: a Latin letter is
    half as wide as it is high, a Chinese one as wide.
    """
    wide = sum(0.5 if one.isascii() else 1.0 for one in text) * size / _POINTS
    return math.ceil(wide / _CLAUSE_WIDE) * size * _LEADING / _POINTS + _CELL


def pages_of(rows: Sequence[tuple[str, str]], size: float) -> list[list[tuple[str, str]]]:
    """Return rows of contract sentences parted into slides, none of them cut.

    >>> [len(page) for page in pages_of([("a", "x" * 800)] * 4, 14.0)]
    [2, 2]
    >>> pages_of([("a", "x" * 9000)], 14.0) == [[("a", "x" * 9000)]]
    True
    """
    out: list[list[tuple[str, str]]] = []
    room = 0.0
    for row in rows:
        height = _height(row[1], size)
        if not out or height > room:
            out.append([])
            room = _CLAUSE_ROOM
        out[-1].append(row)
        room -= height
    return out
