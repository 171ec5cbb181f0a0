"""A review as slides, one message each, with tables and charts that can be edited; made of the
parts of every deck (deck.py).
"""

import math
from collections.abc import Sequence

from pptx.util import Inches

from funnel_sim.decisions.review.reviewed import Reviewed
from funnel_sim.output.documents.chapters.review import (
    list_heads,
    list_rows,
    main_change,
    owed,
    total_sentence,
)
from funnel_sim.output.documents.deck import (
    COLOURS,
    GAIN,
    INNER,
    LEFT,
    LOSS,
    SOFT,
    TOTAL,
    Bar,
    Deck,
)
from funnel_sim.output.documents.leave_behind import PLAIN, Letter
from funnel_sim.output.documents.review_report import review_frame
from funnel_sim.output.words.ending import ended_sentences
from funnel_sim.output.words.joining import begun
from funnel_sim.output.words.kpi_baselines import baseline_sentences
from funnel_sim.output.words.review_bill import bill_heads, bill_rows
from funnel_sim.output.words.review_dates import date_lines
from funnel_sim.output.words.review_drivers import (
    driver_name,
    driver_sentence,
    figure_text,
    sides_of,
    split_name,
    told_parts,
)
from funnel_sim.output.words.review_effect import drop_sentence, effect_sentences
from funnel_sim.output.words.review_head import STATE_TONES, tiles, verdict_of
from funnel_sim.output.words.review_kpis import (
    kpi_heads,
    kpi_rows,
    stop_lines,
    window_heads,
    window_rows,
)
from funnel_sim.output.words.review_leak import leak_sentences, step_heads, step_name, step_rows
from funnel_sim.output.words.tables import Row
from funnel_sim.words import Lang, say

_ROWS, _BARS, _LINES = 8, 8, 5
"""Rows of a table, bars of a chart and lines of a bill that a slide has room for."""


def review_pptx(found: Reviewed, lang: Lang, letter: Letter = PLAIN) -> bytes:
    """Return the slides of a review: the verdict, the KPIs, what drove the change, where it leaks,
    whose doing it is, what is owed, the list to fill in.

    Args:
        found: the review.
        lang: the language.
        letter: for whom and from whom they are.
    """
    deck = _ReviewDeck(found, lang, letter)
    for slide in (
        deck.verdict,
        deck.kpis,
        deck.change,
        deck.leaks,
        deck.effect,
        deck.bill,
        deck.lists,
    ):
        slide()
    return deck.saved()


class _ReviewDeck(Deck):
    """The slides on a review."""

    def __init__(self, found: Reviewed, lang: Lang, letter: Letter):
        super().__init__(review_frame(found, lang), found.scenario.shown, lang, letter)
        self.found = found

    def _rows(
        self,
        page: object,
        heads: Sequence[str],
        rows: Sequence[Row],
        widths: Sequence[float],
        top: float,
    ) -> None:
        cells = [(row.name, *row.cells) for row in rows]
        self.table(page, heads, cells, widths, Inches(top), 12)

    def verdict(self) -> None:
        """Say the verdict with its three figures."""
        found, lang = self.found, self.lang
        page = self.slide(self.around.title)
        self.under(page)
        colour = COLOURS[STATE_TONES[found.state]]
        word, text = say(lang, f"review.head_{found.state}"), verdict_of(found, lang)
        self.text(page, [word], 26, LEFT, Inches(2.2), INNER, Inches(0.6), bold=True, colour=colour)
        self.text(page, [text], 18, LEFT, Inches(2.85), INNER, Inches(1.4))
        items = [(one.name, one.value, one.more[0] if one.more else "") for one in
                 tiles(found, lang)]  # fmt: skip
        self.figures(page, items, Inches(4.6))

    def kpis(self) -> None:
        """Show where the KPIs stand."""
        found, lang = self.found.standing, self.lang
        if found is None or not found.rows:
            return
        scenario = self.found.scenario
        owed = [row for row in found.rows if row.owed]
        bad = sum(row.health == "bad" for row in owed)
        based = baseline_sentences(found, scenario, lang)
        notes = [
            *ended_sentences(found.ended, lang),
            *based,
            *stop_lines(found, scenario, lang),
            *date_lines(found, lang),
        ]
        title = say(lang, "review.slide_kpis", bad=bad, count=len(owed))
        if not owed:
            met, known = (
                sum(row.months_met[place] for row in found.rows if row.months_met)
                for place in (0, 1)
            )
            title = say(lang, "review.slide_kpis_bonus", met=met, known=known)
        page = self.slide(title, notes)
        rows = kpi_rows(found, scenario, lang)[: _ROWS // 2]
        widths = (0.25, 0.14, 0.15, 0.1, 0.11, 0.12, 0.13)
        self._rows(page, kpi_heads(found, lang), rows, widths, 1.8)
        every = window_rows(found, scenario, lang)
        some = every if len(every) <= _ROWS // 2 + 1 else every[: _ROWS // 2]
        top = 1.8 + 0.42 * (len(rows) + 1) + 0.35
        self._rows(page, window_heads(lang), some, (0.22, 0.2, 0.13, 0.15, 0.11, 0.19), top)
        told = [stop_lines(found, scenario, lang)[:2][-1], *date_lines(found, lang)[:1]]
        self.text(page, told, 13, LEFT, Inches(6.35), INNER, Inches(0.6))

    def change(self) -> None:
        """Show what drove the change of the profit."""
        main, lang, scenario = main_change(self.found), self.lang, self.found.scenario
        if main is None:
            return
        against, split = main
        page = self.slide(driver_sentence(split, scenario, lang), [say(lang, "review.change_note")])
        large, rest = told_parts(split)
        first, second = sides_of(self.found.scenario, self.found.period, against, lang)
        kept = large[:_BARS]
        left = math.fsum(part.amount for part in large[_BARS:]) + (rest or 0.0)
        values = [(driver_name(part.driver, scenario, lang), part.amount) for part in kept]
        values += [(say(lang, "drivers.others"), left)] if left else []
        rate = 1.0 if split.figure == "paid_orders" else scenario.shown.rate
        bars = [
            Bar(first, split.before * rate, TOTAL, figure_text(split, split.before, scenario, lang))
        ]
        bars += [
            Bar(name, amount * rate, GAIN if amount > 0 else LOSS,
                     figure_text(split, amount, scenario, lang))
            for name, amount in values
        ]  # fmt: skip
        bars.append(
            Bar(second, split.after * rate, TOTAL, figure_text(split, split.after, scenario, lang))
        )
        label = split_name(split, lang)
        title = say(lang, "review.change_title", figure=label, first=first, second=second)
        area = (LEFT, Inches(1.75), INNER, Inches(5.2))
        self.bars(page, bars, title, self.money_format(), area)

    def leaks(self) -> None:
        """Show where it leaks."""
        found, lang, scenario = self.found.leaks, self.lang, self.found.scenario
        if found is None or not found.steps:
            return
        sentences = leak_sentences(found, scenario, lang)
        if found.broken:
            worst = found.broken[0]
            title = say(
                lang, "review.head_leak", step=step_name(worst.step, worst.channel, scenario, lang)
            )
        else:
            title = sentences[0]
        page = self.slide(begun(title), sentences)
        rows = step_rows(found, scenario, lang)[:_ROWS]
        self._rows(page, step_heads(lang), rows, (0.2, 0.1, 0.1, 0.19, 0.13, 0.12, 0.16), 1.8)
        if found.broken:
            told = [say(lang, f"review.causes_{found.broken[0].step}")]
            self.text(page, told, 13, LEFT, Inches(6.1), INNER, Inches(0.8))

    def effect(self) -> None:
        """Show what came against the store alone."""
        found, lang, scenario = self.found.effect, self.lang, self.found.scenario
        head, *rest = effect_sentences(found, scenario, lang)
        drop = drop_sentence(self.found.dropped, scenario, lang)
        notes = [*rest, *([drop] if drop else [])]
        page = self.slide(head, notes)
        one = found.found
        if one is None:
            self.text(page, rest, 16, LEFT, Inches(1.9), INNER, Inches(3), dots=True)
            return
        alone = say(lang, "review.line_alone")
        came = [value if math.isfinite(value) else None for value in found.came]
        series: list[tuple[str, Sequence[float | None], str]] = [
            (say(lang, "review.line_came"), came, GAIN),
            (alone, [float(value) for value in one.alone[1]], TOTAL),
            (f"{alone} P10", [float(value) for value in one.alone[0]], SOFT),
            (f"{alone} P90", [float(value) for value in one.alone[2]], SOFT),
        ]
        label = say(lang, f"history.figure_{found.figure}")
        show = self.money_format() if found.figure == "gmv" else "#,##0"
        title = say(lang, "review.effect_title", figure=begun(label))
        self.lines(page, found.months, series, title, show, 4.3)
        self.text(page, notes[:2], 13, LEFT, Inches(6.15), INNER, Inches(0.8))

    def bill(self) -> None:
        """Show what is owed."""
        found, lang = self.found.bill, self.lang
        if found is None:
            return
        heads, rows = bill_heads(found, lang), bill_rows(found, lang)
        page = self.slide(total_sentence(self.found, lang), owed(self.found, lang))
        months = rows[-(_ROWS + 1) :]
        if len(heads) > _LINES + 3:  # the lines stand in the report; a slide has the sums
            heads = (heads[0], *heads[-2:])
            months = [Row("", row.name, row.cells[-2:], row.kind) for row in months]
        width = (1.0 - 0.16) / (len(heads) - 1)
        self._rows(page, heads, months, (0.16, *([width] * (len(heads) - 1))), 1.8)

    def lists(self) -> None:
        """Leave room for what to stop, to continue and to change."""
        page = self.slide(say(self.lang, "review.slide_lists"))
        rows = list_rows(self.found, self.lang)
        self.table(page, list_heads(self.lang), rows, (0.12, 0.58, 0.14, 0.16), Inches(1.9), 13)
