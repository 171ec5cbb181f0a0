"""The slides of what a contract lacks: its sentences, parted so that none is cut."""

import math
from collections.abc import Sequence

from pptx.util import Inches

from funnel_sim.decisions.quote.contract_check.findings import ContractCheck
from funnel_sim.output.documents.chapters.contracts import against
from funnel_sim.output.documents.deck import (
    INNER,
    LEFT,
    SOFT,
    Deck,
)
from funnel_sim.output.words.contract_check import clause_text
from funnel_sim.words import Lang, say

_CLAUSES = 4
_SIZES, _SMALLER = (14.0, 12.0, 11.0), (9.0, 7.0)
"""Type of contract sentences: all of them on one slide if they fit, else on several; smaller only
for one that fills a slide by itself.
"""
_CLAUSE_WIDE, _CLAUSE_ROOM, _CELL, _POINTS, _LEADING = 8.9, 4.6, 0.08, 72, 1.2
"""Of the slide with contract sentences, in inches: how wide a sentence may run, how high the rows
may stand, the margin of a cell; points of an inch; line spacing.
"""


def clause_slides(deck: Deck, head: str, check: ContractCheck, lang: Lang) -> None:
    """Draw the sentences that a contract lacks most, on as many slides as they fill, none cut.

    Args:
        deck: what they are drawn on.
        head: the title of the first.
        check: what the contract leaves open.
        lang: the language.
    """
    bad = [one for one in against(check) if one.state == "bad"]
    rows = [(one.item.name.of(lang), clause_text(one, check, lang)) for one in bad[:_CLAUSES]]
    notes = [f"{one.item.name.of(lang)}: {clause_text(one, check, lang)}" for one in bad]
    page = None
    size = next((size for size in _SIZES if len(pages_of(rows, size)) < 2), _SIZES[-1])
    for number, part in enumerate(pages_of(rows, size)):
        page = deck.slide(
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
        deck.table(
            page,
            (say(lang, "report.item"), say(lang, "contract.sentence")),
            part,
            (0.24, 0.76),
            Inches(1.8),
            own,
        )
    page = page or deck.slide(head, notes)
    if len(bad) > _CLAUSES:
        more = say(lang, "report.s_more_clauses", count=len(bad) - _CLAUSES)
        deck.text(page, [more], 13, LEFT, Inches(6.6), INNER, Inches(0.4), colour=SOFT)


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
