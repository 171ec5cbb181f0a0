"""Cash: does the money last; the balance, what moves when, profit to cash, the cycle, what frees
cash, a quote's part in it, currencies; and the payment terms.
"""

from collections.abc import Callable

import streamlit as st

from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.words.cash import kept_elsewhere
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import frame
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.pages.cash import (
    balance,
    bridge,
    currency,
    cycle,
    flows,
    head,
    levers,
    quote,
    terms,
    what_if,
)
from funnel_sim.ui.session import state
from funnel_sim.ui.session.cash import CashShown, cash_shown
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.words import Lang, say

PARTS: dict[str, Callable[[Scenario, CashShown, Lang], None]] = {
    "balance": balance.draw,
    "flows": flows.draw,
    "bridge": bridge.draw,
    "cycle": cycle.draw,
    "levers": levers.draw,
    "quote": quote.draw,
    "what_if": what_if.draw,
    "currency": currency.draw,
}
"""What the page shows below its answer, by the name of the view."""


def prepare(result: Result) -> CashShown | InputError:
    """Return what the page shows at once, or why there is no answer."""
    try:
        return cash_shown(result.scenario.with_balance_shown())
    except InputError as error:
        return error


def draw(result: Result, ready: CashShown | InputError) -> None:
    """Draw the page.

    Args:
        ready: what `prepare` found.
    """
    lang, scenario = state.lang(), result.scenario.with_balance_shown()
    st.subheader(say(lang, "page.cash_flow"))
    if isinstance(ready, InputError):
        for told in ready.sentences(lang):
            st.error(literal(told))
        terms.draw(result.scenario, lang)  # where it can be mended
        return
    kept_note(result.scenario, ready, lang)
    frame.currency(lang, "cash_")
    head.draw(scenario, ready, lang)
    _part(scenario, ready, lang)
    head.method(ready, lang)
    terms.draw(result.scenario, lang)


def kept_note(scenario: Scenario, ready: CashShown, lang: Lang) -> None:
    """Say so where results are shown in another currency than the balance is kept in."""
    told = kept_elsewhere(scenario, ready.answer.currency, lang)
    if told:
        st.caption(said(told))


def _part(scenario: Scenario, ready: CashShown, lang: Lang) -> None:
    """Draw which part is open, and the part."""
    now = tab.cash_view if tab.cash_view in PARTS else next(iter(PARTS))
    key = f"cash_view_{lang}_{tab.revision}"
    st.segmented_control(
        say(lang, "cash.view"),
        list(PARTS),
        default=now,
        key=key,
        required=True,
        label_visibility="collapsed",
        width="stretch",
        format_func=lambda view: say(lang, f"cash.view_{view}"),
        on_change=lambda: Tab.cash_view.put(tab.typed(key)),
    )
    try:
        PARTS[now](scenario, ready, lang)
    except InputError as error:
        for told in error.sentences(lang):
            st.error(literal(told))
