"""The chapters of a portfolio: its first page, then the detail of each answer; the words are those
of its page on screen.
"""

from collections.abc import Sequence

import numpy as np

from funnel_sim.chance.estimates import bars_of
from funnel_sim.decisions.portfolio.found import PortfolioFound
from funnel_sim.errors import InputError
from funnel_sim.output.charts.cash import spec_balance
from funnel_sim.output.charts.chance import data_distribution, spec_distribution
from funnel_sim.output.charts.markets import SHOWN, data_parts, data_pooled, spec_bars
from funnel_sim.output.charts.portfolio import (
    MANY,
    best_and_worst,
    data_profit,
    data_spread,
    spec_profit,
)
from funnel_sim.output.documents.blocks import (
    Block,
    Chart,
    Heading,
    KeyFigures,
    Note,
    Paragraph,
    Points,
    TableBlock,
)
from funnel_sim.output.documents.chapters.parts import low, spread
from funnel_sim.output.words import formats
from funnel_sim.output.words.dependence import (
    dependence_heads,
    dependence_rows,
    dependence_sentences,
    lost_sentences,
    lost_title,
    pooled_sentences,
)
from funnel_sim.output.words.portfolio import (
    by_sentence,
    chance_sentences,
    loser_heads,
    loser_rows,
    losers_sentence,
    portfolio_sentences,
    total_heads,
    total_rows,
)
from funnel_sim.output.words.portfolio_page import (
    hidden_sentences,
    portfolio_tiles,
    risk_heads,
    risk_rows,
    whose_sentence,
)
from funnel_sim.output.words.tables import Row
from funnel_sim.output.words.tones import Tone
from funnel_sim.reference.portfolio_settings import most_cash_rows
from funnel_sim.scenario.portfolio import TAGS
from funnel_sim.words import Lang, say

STATE_TONES: dict[str, Tone] = {"good": "good", "watch": "middle", "loss": "bad"}
_KINDS_FIRST = 3
"""Kinds of dependence that the first page tells of."""
_PARTS_TOLD = 12
_MARKS = (("P5", 0.05), ("P50", 0.50), ("P95", 0.95))


def first_page(found: PortfolioFound, lang: Lang) -> list[Block]:
    """Return the page to read first: what all rows earn in one currency, what loses, the
    probability that all together lose, what the margin hides, on what it rests.
    """
    rows = found.products
    brings, lost, selling = portfolio_sentences(rows, lang)
    whose = whose_sentence(found.portfolio, found.example, found.unchanged, lang)
    told = chance_sentences(found.odds, lang)[:1] if found.odds else [not_simulated(lang)]
    hidden = hidden_sentences(rows, lang) or [say(lang, "portfolio_report.hides_nothing")]
    sections = (
        ("loses", [lost, selling]),
        ("hidden", hidden),
        ("odds", told),
        ("rests", rests_first(found, lang)),
    )
    out: list[Block] = [
        Heading(say(lang, "portfolio_report.h_first")),
        *([Note(whose, say(lang, "shop.example"))] if whose else []),
        Note(brings, say(lang, f"portfolio_page.state_{found.state}"), STATE_TONES[found.state]),
        KeyFigures(tuple((one.name, one.value, one.more) for one in portfolio_tiles(rows, lang))),
    ]
    for key, some in sections:
        out += [Heading(say(lang, f"portfolio_report.h_{key}"), 2), Points(tuple(some))]
    return out


def not_simulated(lang: Lang) -> str:
    """Return that no futures were simulated, and how they are."""
    return say(lang, "portfolio_report.not_simulated")


def rests_first(found: PortfolioFound, lang: Lang) -> list[str]:
    """Return in a sentence a kind on what the portfolio rests most."""
    colon = say(lang, "contract.colon")
    return [
        f"{say(lang, f'dependence.by_{one.by}')}{colon}"
        f"{dependence_sentences(one, found.portfolio, lang)[0]}"
        for one in found.kinds()[:_KINDS_FIRST]
    ]


# ---- detail


def figures_table(
    heads: Sequence[str], rows: Sequence[Row], first: float, title: str = ""
) -> TableBlock:
    """Return a table of figures: names on the left, numbers to the right.

    Args:
        heads: the head of each column, that of the names first.
        rows: what stands in it.
        first: share of the page that the names have.
        title: what stands above it.
    """
    return TableBlock(
        tuple(heads),
        tuple((row.name, *row.cells) for row in rows),
        spread(first, len(heads)),
        numbers=tuple(range(1, len(heads))),
        bad=frozenset(n for n, row in enumerate(rows) if row.tone == "bad"),
        title=title,
    )


def losers_chapter(found: PortfolioFound, lang: Lang) -> list[Block]:
    """Return the rows that lose money, and what turns each."""
    rows = found.products
    out: list[Block] = [Heading(say(lang, "portfolio_page.losers"))]
    if not rows.losing.size:
        return [*out, Paragraph(say(lang, "portfolio.lose_none"))]
    heads = [say(lang, "portfolio_page.risk_row"), *loser_heads(lang)]
    return [
        *out,
        Paragraph(losers_sentence(rows, lang)),
        figures_table(heads, loser_rows(rows, lang), 0.3),
        Paragraph(say(lang, "portfolio.orders_stay"), small=True),
        Paragraph(say(lang, "portfolio_report.losers_note"), small=True),
    ]


def rows_chapter(found: PortfolioFound, lang: Lang) -> list[Block]:
    """Return the profit row by row: all of few, the best and the worst of many, with how many bring
    how much.
    """
    rows = found.products
    axis = formats.axis("money", found.portfolio.currency, lang)
    best, worst = best_and_worst(rows)
    out: list[Block] = [Heading(say(lang, "portfolio_report.h_rows"))]
    for name, which in (("best", best), ("worst", worst)):
        if which:
            title = say(lang, f"portfolio_page.chart_{name if worst else 'all'}")
            data = data_profit(rows, which, lang)
            out.append(Chart(spec_profit(lang, "light", axis), data, title))
    if rows.profit_shown.size >= MANY:
        out.append(
            Chart(
                low(spec_distribution(lang, "light", axis, signed=True)),
                data_spread(rows, lang),
                say(lang, "portfolio_page.spread"),
                say(lang, "portfolio_page.spread_note", rows=f"{rows.total.rows:,}"),
            )
        )
    return out


def totals_chapter(found: PortfolioFound, lang: Lang) -> list[Block]:
    """Return the totals of each tag that the rows have."""
    rows, out = found.products, list[Block]()
    for tag in TAGS:
        if some := total_rows(rows, tag, lang):
            heads = [say(lang, f"portfolio_page.tag_{tag}"), *total_heads(lang)]
            out.append(figures_table(heads, some, 0.25, by_sentence(rows, tag, lang)))
    if not out:
        return []
    note = say(lang, "portfolio_page.totals_note", currency=found.portfolio.currency)
    return [
        Heading(say(lang, "portfolio_report.h_totals")),
        *out,
        Paragraph(note, small=True),
    ]


def odds_chapter(found: PortfolioFound, lang: Lang) -> list[Block]:
    """Return the probability that all rows together lose money, and that of each."""
    odds = found.odds
    out: list[Block] = [Heading(say(lang, "portfolio_page.view_odds"))]
    if odds is None:
        return [*out, Paragraph(not_simulated(lang))]
    code, one = found.portfolio.currency, odds.estimate()
    sum_, own, common = chance_sentences(odds, lang)

    def show(value: float) -> str:
        return formats.whole_money(value, code, lang)

    marks = [(name, one.quantiles[p].value, show(one.quantiles[p].value)) for name, p in _MARKS]
    bars = bars_of(np.sort(odds.total), 0.0)
    signed = bool(bars.edges[0] <= 0 <= bars.edges[-1])
    axis = formats.axis("money", code, lang)
    return [
        *out,
        Points((sum_, own)),
        Chart(
            low(spec_distribution(lang, "light", axis, signed=signed)),
            data_distribution(bars, marks, 0.0, show, lang=lang),
            say(lang, "portfolio_page.sum"),
            say(lang, "portfolio_page.sum_note"),
        ),
        Paragraph(common, small=True),
        figures_table(
            risk_heads(lang), risk_rows(odds, lang), 0.36, say(lang, "portfolio_page.risks")
        ),
        Paragraph(say(lang, "portfolio_page.risks_note"), small=True),
    ]


def dependence_chapter(found: PortfolioFound, lang: Lang) -> list[Block]:
    """Return on what the portfolio rests, kind by kind; one as a chart too, not the products, whose
    rows have one.
    """
    out: list[Block] = [Heading(say(lang, "dependence.title"))]
    kinds = found.kinds()
    drawn = next((one for one in kinds if one.by != "product"), None)
    for one in kinds:
        out += [
            Heading(say(lang, f"dependence.by_{one.by}"), 2),
            Points(tuple(dependence_sentences(one, found.portfolio, lang))),
        ]
        if len(one.shares) < 2:
            continue
        if one is drawn:
            axis = formats.axis("money", one.currency, lang)
            few = len(one.shares) <= SHOWN
            note = "" if few else say(lang, "dependence.first", shown=SHOWN)
            data = data_parts(one, found.portfolio, lang)
            title = say(lang, "dependence.chart")
            out.append(Chart(spec_bars(lang, "light", axis), data, title, note))
        heads = dependence_heads(one, lang)
        rows = dependence_rows(one, found.portfolio, lang, _PARTS_TOLD)
        cut = len(one.shares) > len(rows)
        words = {"shown": len(rows), "parts": f"{len(one.shares):,}"}
        title = say(lang, "portfolio_report.parts_first", **words) if cut else ""
        out.append(figures_table(heads, rows, 0.24, title))
    out.append(Paragraph(say(lang, "dependence.effective_note"), small=True))
    if found.lost:
        out.append(Heading(say(lang, "dependence.event"), 2))
    for lost in found.lost:
        told = lost_sentences(lost, found.portfolio, lang)
        out += [Paragraph(lost_title(lost, lang)), Points(tuple(told))]
    return out


def cash_chapter(found: PortfolioFound, lang: Lang) -> list[Block]:
    """Return the cash of all rows as one account; that it is not told where rows are many."""
    pooled, out = found.pooled, list[Block]([Heading(say(lang, "pooled.title"))])
    if pooled is None:
        rows = f"{len(found.portfolio.rows):,}"
        return [*out, Paragraph(say(lang, "pooled.many", most=most_cash_rows(), rows=rows))]
    out.append(Points(tuple(pooled_sentences(pooled, lang))))
    if isinstance(pooled, InputError):
        return out
    code = found.portfolio.currency
    data = data_pooled(pooled, lambda one: formats.whole_money(one, code, lang), lang)
    spec = low(spec_balance(lang, "light", formats.axis("money", code, lang)))
    note = say(lang, "pooled.bands") if pooled.bands is not None else ""
    return [*out, Chart(spec, data, say(lang, "pooled.chart"), note)]
