"""Definitions of a contract that nobody can judge: one sentence a missing figure, with what it
would decide.
"""

from collections.abc import Iterable

from funnel_sim.decisions.review.bill import Bill
from funnel_sim.decisions.review.otherwise import Otherwise
from funnel_sim.output.words.dispute import otherwise_name
from funnel_sim.output.words.joining import apart, listed
from funnel_sim.output.words.settlement import lacking_name
from funnel_sim.words import Lang, say


def unmeasured_sentences(others: Iterable[Otherwise], found: Bill, lang: Lang) -> list[str]:
    """Return of each figure that lacks in which months it does, and which definitions cannot be
    told without it.

    Args:
        others: definitions; those that were measured are left out.
        found: the bill.
        lang: the language.
    """
    months: dict[str, dict[str, None]] = {}
    ways: dict[str, dict[str, None]] = {}
    for one in others:
        for figure, lacks in one.lacks.items():
            months.setdefault(figure, {}).update(dict.fromkeys(lacks))
            ways.setdefault(figure, {})[otherwise_name(one, found, lang)] = None
    return [
        say(
            lang,
            "settlement.unmeasured",
            figure=lacking_name(figure, found, lang),
            months=listed(sorted(months[figure]), lang),
            ways=apart(ways[figure], lang),
        )
        for figure in months
    ]
