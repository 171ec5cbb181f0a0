"""The sheet on the ad budget of a portfolio: today's split and the best one row by row, the change
and the totals as live formulas, below them what the page says of it.
"""

import math
from collections.abc import Mapping
from typing import Any

from funnel_sim.decisions.budget.answer import BudgetAnswer
from funnel_sim.output.words.budget import BudgetNames, budget_sentences, line_heads
from funnel_sim.words import Lang, say

_HEADS = 6
"""Heads of the page's table that the sheet has too: today, best, change, what the next amount
brings beside either, who gets it.
"""
_CHANGE = 3


def write_split(book: Any, split: BudgetAnswer, look: Mapping[str, Any], lang: Lang) -> None:
    """Add the sheet to a workbook.

    Args:
        book: the workbook, open for writing.
        split: the best split.
        look: formats of cells by name ("head", "money", "strong", "text").
        lang: the language of headings and sentences.
    """
    sheet = book.add_worksheet(say(lang, "portfolio_results.split"))
    heads = [say(lang, "budget.row"), *line_heads(split, lang)[:_HEADS]]
    for column, text in enumerate(heads):
        sheet.write_string(
            0, column, f"{text} ({split.currency})" if column else text, look["head"]
        )
    lines = sorted(split.lines, key=lambda one: -max(one.now, one.best))
    last, sums = len(lines), dict.fromkeys((1, 2, 3, 6), 0.0)
    for line, one in enumerate(lines, 1):
        sheet.write_string(line, 0, one.name)
        cells = (one.now, one.best, one.moved, one.next_now, one.next_best, one.gets_next)
        for column, value in enumerate(cells, 1):
            if not math.isfinite(value):
                continue
            if column in sums:
                sums[column] += value
            if column == _CHANGE:
                formula = f"=C{line + 1}-B{line + 1}"
                sheet.write_formula(line, column, formula, look["money"], value)
            else:
                sheet.write_number(line, column, value, look["money"])
    sheet.write_string(last + 1, 0, say(lang, "portfolio_results.all"), look["strong"])
    for column, value in sums.items():
        letter = "ABCDEFG"[column]
        formula = f"=SUM({letter}2:{letter}{last + 1})"
        sheet.write_formula(last + 1, column, formula, look["money"], value)
    for place, text in enumerate(budget_sentences(split, BudgetNames({}), lang), last + 3):
        sheet.merge_range(place, 0, place, 6, "", look["text"])
        sheet.write_string(place, 0, text, look["text"])
        sheet.set_row(place, 15 * (1 + sum(1 + (ord(one) > 0x2E80) for one in text) // 110))
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 6, 16)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
