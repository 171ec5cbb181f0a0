"""A portfolio as slides, one message each, with tables and charts that can be edited; made of the
parts of every deck (deck.py).
"""

from collections.abc import Sequence

from pptx.util import Inches

from funnel_sim.decisions.portfolio.found import PortfolioFound
from funnel_sim.errors import InputError
from funnel_sim.output.charts.portfolio import best_and_worst
from funnel_sim.output.documents.chapters.portfolio import (
    STATE_TONES,
    not_simulated,
    rests_first,
)
from funnel_sim.output.documents.chapters.portfolio_budget import NAMES, split_points, split_table
from funnel_sim.output.documents.deck import COLOURS, GAIN, INNER, LEFT, LOSS, TOTAL, Bar, Deck
from funnel_sim.output.documents.leave_behind import PLAIN, Letter
from funnel_sim.output.documents.portfolio_report import portfolio_frame
from funnel_sim.output.words.budget import headline
from funnel_sim.output.words.dependence import (
    dependence_heads,
    dependence_rows,
    dependence_sentences,
    pooled_sentences,
)
from funnel_sim.output.words.formats import whole_money
from funnel_sim.output.words.portfolio import (
    by_sentence,
    chance_sentences,
    loser_heads,
    loser_rows,
    portfolio_sentences,
    tag_words,
    total_heads,
    total_rows,
)
from funnel_sim.output.words.portfolio_page import (
    currency_sentence,
    hidden_parts,
    hidden_sentences,
    portfolio_tiles,
    whose_sentence,
)
from funnel_sim.output.words.portfolio_sources import MOST_COUNTED, bases_of, method_sentences
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.portfolio import TAGS
from funnel_sim.words import Lang, say

_HALF, _BARS, _NAME = 5, 8, 44
"""Rows of a table with a chart, bars of a chart alone, letters of a name that fit."""
_SENTENCES = 6
"""Sentences on a split that fit below its table; the notes hold all."""
_MARKS = (("P10", 0.1), ("P50", 0.5), ("P90", 0.9))


def portfolio_pptx(found: PortfolioFound, lang: Lang, letter: Letter = PLAIN) -> bytes:
    """Return the slides of a portfolio: what it earns, what loses (else what earns most and least),
    what the margin hides, the probability of a loss, on what it rests, the cash of all, the best
    split of the ad budget, how it was worked out; of these those that there is an answer to.

    Args:
        found: the portfolio with its answers.
        lang: the language.
        letter: for whom and from whom they are.
    """
    deck = _PortfolioDeck(found, lang, letter)
    for slide in (
        deck.verdict,
        deck.losers if found.products.losing.size else deck.rows,
        deck.totals,
        deck.odds,
        deck.rests,
        deck.cash,
        deck.budget,
        deck.method,
    ):
        slide()
    return deck.saved()


class _PortfolioDeck(Deck):
    """The slides on a portfolio."""

    def __init__(self, found: PortfolioFound, lang: Lang, letter: Letter):
        super().__init__(portfolio_frame(found, lang), found.portfolio.currency, lang, letter)
        self.found = found

    def _rows(
        self, page: object, heads: Sequence[str], rows: Sequence[Row], first: float, top: float
    ) -> None:
        cells = [(_short(row.name), *row.cells) for row in rows]
        width = (1.0 - first) / (len(heads) - 1)
        self.table(page, heads, cells, (first, *([width] * (len(heads) - 1))), Inches(top), 12)

    def _bars(self, page: object, named: Sequence[tuple[str, float]], title: str, top: float,
              high: float) -> None:  # fmt: skip
        code, lang = self.currency, self.lang
        bars = [
            Bar(_short(name), value, GAIN if value >= 0 else LOSS, whole_money(value, code, lang))
            for name, value in named
        ]
        area = (LEFT, Inches(top), INNER, Inches(high))
        self.bars(page, bars, title, self.money_format(), area)

    def verdict(self) -> None:
        """Say what all rows earn, with its figures."""
        found, lang = self.found, self.lang
        brings, lost, selling = portfolio_sentences(found.products, lang)
        page = self.slide(self.around.title, [brings, lost, selling])
        self.under(page)
        word = say(lang, f"portfolio_page.state_{found.state}")
        colour = COLOURS[STATE_TONES[found.state]]
        self.text(page, [word], 26, LEFT, Inches(2.2), INNER, Inches(0.6), bold=True, colour=colour)
        whose = whose_sentence(found.portfolio, found.example, found.unchanged, lang)
        told = [brings, lost, *([whose] if whose else [])]
        self.text(page, told, 18, LEFT, Inches(2.85), INNER, Inches(1.7))
        tiles = portfolio_tiles(found.products, lang)
        self.figures(page, [(one.name, one.value, one.more) for one in tiles], Inches(4.8))

    def losers(self) -> None:
        """Show the rows that lose most, and what turns each."""
        found, lang = self.found.products, self.lang
        page = self.slide(portfolio_sentences(found, lang)[1], [say(lang, "portfolio.orders_stay")])
        rows = loser_rows(found, lang)[:_HALF]
        heads = [say(lang, "portfolio_page.risk_row"), *loser_heads(lang)]
        self._rows(page, heads, rows, 0.35, 1.8)
        losing = found.losing.size
        words = {"shown": len(rows), "losing": f"{losing:,}"}
        cut = [say(lang, "portfolio_page.losers_cut", **words)] if losing > len(rows) else []
        note = [*cut, say(lang, "portfolio.orders_stay")]
        self.text(page, note, 12, LEFT, Inches(6.4), INNER, Inches(0.6))
        named = [
            (found.portfolio.rows[at].name, float(found.profit_shown[at]))
            for at in found.losing[: len(rows)].tolist()
        ]
        top = 1.8 + 0.42 * (len(rows) + 1) + 0.2
        title = say(lang, "portfolio_results.profit_shown", currency=self.currency)
        self._bars(page, named, title, top, 6.3 - top)

    def rows(self) -> None:
        """Show the rows that bring most and least, where none loses."""
        found, lang = self.found.products, self.lang
        best, worst = best_and_worst(found)
        which = [*best[: _BARS // 2], *worst[: _BARS // 2][::-1]] if worst else best[:_BARS]
        named = [(found.portfolio.rows[at].name, float(found.profit_shown[at])) for at in which]
        page = self.slide(portfolio_sentences(found, lang)[1])
        key = "best_and_worst" if len(which) < len(found.portfolio.rows) else "every_row"
        self._bars(page, named, say(lang, f"portfolio_report.{key}"), 1.75, 5.0)

    def totals(self) -> None:
        """Show the totals by the tag whose margins lie farthest apart, else by the first one."""
        found, lang = self.found.products, self.lang
        apart = [tag for tag, _, _ in hidden_parts(found)]
        several = [tag for tag in TAGS if sum(bool(one.name) for one in found.by_tag[tag]) > 1]
        tag = next(iter([*apart, *several]), "")
        if not tag:
            return
        hidden = hidden_sentences(found, lang)
        title = hidden[0] if hidden else by_sentence(found, tag, lang)
        page = self.slide(title, hidden)
        names = tag_words(found, tag, lang)
        rows = total_rows(found, tag, lang)[:_HALF]
        heads = [say(lang, f"portfolio_page.tag_{tag}"), *total_heads(lang)]
        self._rows(page, heads, rows, 0.3, 1.8)
        untagged = say(lang, "portfolio.untagged")
        named = [
            (names.get(one.name, untagged), one.profit) for one in found.by_tag[tag][: len(rows)]
        ]
        top = 1.8 + 0.42 * (len(rows) + 1) + 0.2
        words = {"head": say(lang, f"portfolio.by_{tag}"), "shown": len(rows)}
        words["words"] = f"{len(found.by_tag[tag]):,}"
        cut = len(found.by_tag[tag]) > len(rows)
        shown = say(lang, "portfolio.by_first", **words) if cut else say(lang, "dependence.chart")
        self._bars(page, named, shown, top, 6.95 - top)

    def odds(self) -> None:
        """Show the probability that all rows together lose money."""
        odds, lang = self.found.odds, self.lang
        if odds is None:
            return
        told = chance_sentences(odds, lang)
        page = self.slide(told[0], told)
        one = odds.estimate()
        named = [(mark, one.quantiles[p].value) for mark, p in _MARKS]
        self._bars(page, named, say(lang, "portfolio_page.sum"), 1.75, 3.4)
        note = [told[1], say(lang, "portfolio_page.sum_note"), told[2]]
        self.text(page, note, 14, LEFT, Inches(5.35), INNER, Inches(1.6), dots=True)

    def rests(self) -> None:
        """Show on what the portfolio rests most."""
        lang = self.lang
        one, *_ = self.found.kinds()
        told = dependence_sentences(one, self.found.portfolio, lang)
        page = self.slide(told[0], [*told, *rests_first(self.found, lang)])
        rows = dependence_rows(one, self.found.portfolio, lang, _HALF)
        heads = dependence_heads(one, lang)
        self._rows(page, heads, rows, 0.26, 1.8)
        top = 1.8 + 0.42 * (len(rows) + 1) + 0.3
        lines = [*told[1:], *rests_first(self.found, lang)[1:]]
        self.text(page, lines, 13, LEFT, Inches(top), INNER, Inches(6.95 - top), dots=True)

    def cash(self) -> None:
        """Show what one account for all needs against one for each row."""
        pooled, lang = self.found.pooled, self.lang
        if pooled is None or isinstance(pooled, InputError):
            return
        told = pooled_sentences(pooled, lang)
        page = self.slide(say(lang, "pooled.title"), told)
        code = self.currency
        needs = (("pooled", pooled.pooled), ("separate", pooled.separate))
        bars = [
            Bar(say(lang, f"portfolio_report.{key}"), value, TOTAL, whole_money(value, code, lang))
            for key, value in needs
        ]
        title = say(lang, "portfolio_report.needs")
        area = (LEFT, Inches(1.75), INNER, Inches(2.8))
        self.bars(page, bars, title, self.money_format(), area)
        self.text(page, told, 15, LEFT, Inches(4.75), INNER, Inches(2.2), dots=True)

    def budget(self) -> None:
        """Show how the ad budget is split now and at best, and what that brings."""
        split, lang = self.found.split, self.lang
        if split is None or isinstance(split, InputError):
            return
        told = split_points(split, lang)
        page = self.slide(headline(split, NAMES, lang), told)
        heads, rows = split_table(split, lang, _HALF)
        self._rows(page, heads, rows, 0.3, 1.8)
        top = 1.8 + 0.42 * (len(rows) + 1) + 0.3
        cut = len(split.lines) > len(rows)
        words = {"shown": len(rows), "count": f"{len(split.lines):,}"}
        first = [say(lang, "budget.largest", **words)] if cut else []
        lines = [*first, *told[:_SENTENCES]]
        self.text(page, lines, 12, LEFT, Inches(top), INNER, Inches(6.95 - top), dots=True)

    def method(self) -> None:
        """Say how the figures were worked out, and how much of them is weak."""
        found, lang = self.found, self.lang
        bases = bases_of(found.portfolio, lang, MOST_COUNTED)
        inputs = [one for base in bases for one in base.inputs]
        weak = sum(one.weak for one in inputs)
        counts = {"count": f"{len(inputs):,}", "weak": f"{weak:,}", "bases": len(bases)}
        title = say(lang, "portfolio_report.weak_of", **counts)
        told = [currency_sentence(found.portfolio, lang), *method_sentences(found, lang)]
        told += [not_simulated(lang)] if found.odds is None else []
        page = self.slide(title, told)
        self.text(page, told, 15, LEFT, Inches(1.8), INNER, Inches(5.1), dots=True)


def _short(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[:_NAME].rstrip()}…"
