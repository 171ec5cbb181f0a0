"""Contract renewal: go on, renegotiate or leave; and who did better."""

from dataclasses import dataclass

import streamlit as st

from funnel_sim.model.economics import Result
from funnel_sim.ui.pages.renewal import term, yardstick
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import RENEWAL_PARTS, Tab, tab
from funnel_sim.ui.widgets.after_signing import ask_contract, contract_at_hand, has_actuals
from funnel_sim.words import say


@dataclass(frozen=True)
class Ready:
    """What the page shows at once; None while there is no contract or no month, or the other part
    is open.
    """

    coming: term.NextTermReady | None = None


def prepare(result: Result) -> Ready:
    """Return what the page shows, computed before anything is drawn."""
    scenario = result.scenario
    option = contract_at_hand(scenario)
    if option is None or not scenario.history.engaged() or tab.renewal_part != "term":
        return Ready()
    return Ready(term.prepare(scenario, option))


def draw(result: Result, ready: Ready) -> None:
    """Draw the page."""
    lang, scenario = state.lang(), result.scenario
    st.subheader(say(lang, "page.contract_renewal"))
    if not has_actuals(scenario, lang):
        return
    option = ask_contract(scenario, lang)
    if option is None:
        return
    key = f"renewal_part_{lang}"
    st.segmented_control(
        say(lang, "page.contract_renewal"),
        list(RENEWAL_PARTS),
        default=tab.renewal_part,
        key=key,
        required=True,
        label_visibility="collapsed",
        format_func=lambda part: say(lang, f"renewal.part_{part}"),
        on_change=lambda: Tab.renewal_part.put(tab.typed(key)),
    )
    if ready.coming is not None:
        term.draw(ready.coming, scenario, lang)
    else:
        yardstick.draw(scenario, option, lang)
