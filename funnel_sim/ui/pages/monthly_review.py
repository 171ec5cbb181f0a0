"""Monthly review, one look: the verdict and three figures, then KPIs, what drove the change, where
it leaks, whose doing it is, and the report; a part is worked out when it is open.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from funnel_sim.decisions.review.periods import periods
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.ui.markup import literal
from funnel_sim.ui.pages.review import change, head, kpis, leak, report, whose
from funnel_sim.ui.pages.review.at_hand import AtHand, at_hand
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.after_signing import has_actuals
from funnel_sim.words import Lang, say

VIEWS = ("kpis", "change", "leak", "effect", "report")


@dataclass(frozen=True)
class Ready:
    """What the page shows at once, computed before anything is drawn."""

    at: AtHand
    head: head.Head


def prepare(result: Result) -> Ready | InputError | None:
    """Return what the page shows now, why it cannot be worked out, or None while no month since the
    engagement began is known.
    """
    scenario = result.scenario
    every = periods(scenario)
    if not every:
        return None
    name = tab.review_period if tab.review_period in every else every[0]
    try:
        at = at_hand(scenario, name)
        return Ready(at, head.prepare(at))
    except InputError as error:
        return error


def draw(result: Result, ready: Ready | InputError | None) -> None:
    """Draw the page.

    Args:
        ready: what `prepare` found: the period, why it cannot be worked out, or None without a
            month.
    """
    lang, scenario = state.lang(), result.scenario
    st.subheader(say(lang, "page.monthly_review"))
    if not has_actuals(scenario, lang) or ready is None:
        return
    if isinstance(ready, InputError):
        for told in ready.sentences(lang):
            st.error(literal(told))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="review_top"):
        head.choose(scenario, ready.at.period.name, lang)
        report.at_once(ready.at, lang)
    head.draw(ready.at, ready.head, lang)
    _part(ready.at, lang)


def _part(at: AtHand, lang: Lang) -> None:
    """Draw which part is open, and the part."""
    now = tab.review_view if tab.review_view in VIEWS else VIEWS[0]
    key = f"review_view_{lang}_{tab.revision}"
    st.segmented_control(
        say(lang, "review.view"),
        VIEWS,
        default=now,
        key=key,
        required=True,
        label_visibility="collapsed",
        width="stretch",
        format_func=lambda view: say(lang, f"review.view_{view}"),
        on_change=lambda: Tab.review_view.put(tab.typed(key)),
    )
    bodies: dict[str, Callable[[AtHand, Lang], None]] = {
        "kpis": kpis.draw,
        "change": change.draw,
        "leak": leak.draw,
        "effect": whose.draw,
        "report": report.draw,
    }
    try:
        bodies[now](at, lang)
    except InputError as error:
        for told in error.sentences(lang):
            st.error(literal(told))
