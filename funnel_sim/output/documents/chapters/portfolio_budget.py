"""The chapter on the ad budget of a portfolio: today's split and the best one, what it brings and
how sure that is, where the next money goes; the words are those of its page on screen.
"""

from collections.abc import Sequence
from dataclasses import replace

from funnel_sim.decisions.budget.answer import BudgetAnswer
from funnel_sim.decisions.portfolio.found import PortfolioFound
from funnel_sim.errors import InputError
from funnel_sim.output.charts.budget import data_split, spec_split
from funnel_sim.output.documents.blocks import Block, Chart, Heading, Paragraph, Points
from funnel_sim.output.documents.chapters.parts import low
from funnel_sim.output.documents.chapters.portfolio import figures_table
from funnel_sim.output.words import formats
from funnel_sim.output.words.budget import (
    LINES_TOLD,
    BudgetNames,
    chance_sentences,
    headline,
    line_heads,
    line_rows,
    move_sentences,
    next_sentences,
    rest_sentences,
    total_sentences,
)
from funnel_sim.output.words.tables import Row
from funnel_sim.reference.portfolio_settings import most_split_rows
from funnel_sim.words import Lang, say

NAMES = BudgetNames({})
"""Rows are called by their own names."""
_SHOWN = (0, 1, 2, 4, 5)
"""Columns of a table on paper: today, best, change, what the next amount brings, who gets it."""


def why_no_split(found: PortfolioFound, lang: Lang) -> list[str]:
    """Return why a portfolio has no best split of its ad budget; nothing where it has one."""
    if isinstance(found.split, InputError):
        return list(found.split.sentences(lang))
    if found.split is not None:
        return []
    rows = len(found.portfolio.rows)
    if rows > most_split_rows():
        parts = {"most": most_split_rows(), "rows": f"{rows:,}"}
        return [say(lang, "portfolio_report.split_many", **parts)]
    return [say(lang, "budget.rows_no_ads")]


def split_points(split: BudgetAnswer, lang: Lang) -> list[str]:
    """Return what is to be said of a split below its headline: what moves, the gain with its
    interval, how much of it is the choice's optimism, where the next money goes.

    Args:
        split: the answer.
        lang: "zh" or "en".
    """
    parts = (move_sentences, chance_sentences, total_sentences, next_sentences)
    return [one for told in parts for one in told(split, NAMES, lang)]


def split_table(
    split: BudgetAnswer, lang: Lang, most: int = LINES_TOLD
) -> tuple[list[str], Sequence[Row]]:
    """Return heads and rows of the table of a split: those with the largest budgets.

    Args:
        split: the answer.
        lang: "zh" or "en".
        most: how many rows.
    """
    heads = [say(lang, "budget.row"), *(line_heads(split, lang)[at] for at in _SHOWN)]
    rows = [
        replace(one, cells=tuple(one.cells[at] for at in _SHOWN))
        for one in line_rows(split, NAMES, lang)[:most]
    ]
    return heads, rows


def budget_chapter(found: PortfolioFound, lang: Lang) -> list[Block]:
    """Return how the ad budget of all rows is split now and at best, or why that is not told."""
    out: list[Block] = [Heading(say(lang, "portfolio_page.view_budget"))]
    split = found.split
    if split is None or isinstance(split, InputError):
        return [*out, Paragraph(" ".join(why_no_split(found, lang)))]
    heads, rows = split_table(split, lang)
    if len(split.lines) > len(rows):
        count = f"{len(split.lines):,}"
        out.append(Paragraph(say(lang, "budget.largest", shown=len(rows), count=count)))
    spent = formats.axis("money", split.currency, lang)
    return [
        *out,
        Paragraph(headline(split, NAMES, lang)),
        Points(tuple(split_points(split, lang))),
        Chart(
            low(spec_split(lang, "light", spent)),
            data_split(split, NAMES, lang),
            say(lang, "budget.split_title"),
            say(lang, "budget.split_note"),
        ),
        figures_table(heads, rows, 0.3, say(lang, "budget.table_title")),
        Paragraph(" ".join(rest_sentences(split, NAMES, lang)), small=True),
    ]
