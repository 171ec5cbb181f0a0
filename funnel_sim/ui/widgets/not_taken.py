"""What was typed on this page and is not counted yet: the verdict beside it says so."""

import streamlit as st

from funnel_sim.scenario.paths import spec_of
from funnel_sim.ui.markup import said, typed
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.fields import label_words, widget_key
from funnel_sim.ui.widgets.number import waiting
from funnel_sim.words import Lang, say

_NAMED = {"promise.record": "quote.l_record", "quote.offer_line": "ours.line_typed"}
"""Words of what is typed as text, by the place of its refusal."""


def not_taken(lang: Lang) -> list[str]:
    """Return the names of the page's fields below which a question or a refusal stands."""
    fields = waiting()
    names = list(fields.values())
    for place in tab.problems:
        if state.problem_at(place) is None:
            continue
        if place in _NAMED:
            names.append(say(lang, _NAMED[place]))
            continue
        key = widget_key(place)
        if key not in fields and spec_of(place) is not None and tab.has(key):
            names.append(label_words(place, lang))
    return list(dict.fromkeys(names))


def not_taken_note(lang: Lang) -> None:
    """Draw that a verdict does not hold what was typed last, and in which fields."""
    names = not_taken(lang)
    if names:
        listed = say(lang, "risk.listed").join(typed(name) for name in names)
        told = say(lang, "number.not_taken", count=len(names), fields=listed)
        st.markdown(said(f":orange[:material/pending: {told}]"))


def not_taken_mark(lang: Lang) -> str:
    """Return the same as a badge for a verdict of one line, with a blank behind; "" for nothing."""
    count = len(not_taken(lang))
    return f":orange-badge[{say(lang, 'number.not_taken_short', count=count)}] " if count else ""
