"""Which contract the pages of settlement and renewal are about: the one chosen there, else the one
that was signed.
"""

import streamlit as st

from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.words import Lang, say


def chosen_contract(scenario: Scenario) -> Option | None:
    """Return the contract that is looked at: the one chosen on these pages, else the one that was
    signed, else the first quote; None where nobody is paid by any.

    Args:
        scenario: the scenario at hand.
    """
    paid = (one for one in scenario.options if one.paid)
    chosen = next((one for one in paid if one.id == tab.settled_contract), None)
    return chosen or scenario.billed_option()


def choose_contract(scenario: Scenario, now: Option, lang: Lang) -> None:
    """Draw the choice between contracts, where there are several.

    Args:
        scenario: the scenario at hand.
        now: the contract that is looked at.
        lang: the reader's language.
    """
    paid = {one.id: option_name(one, lang) for one in scenario.options if one.paid}
    if len(paid) < 2:
        return
    key = f"settle_contract_{lang}_{tab.revision}"
    st.segmented_control(
        say(lang, "settlement.contract"),
        list(paid),
        default=now.id,
        key=key,
        required=True,
        format_func=lambda name: paid.get(str(name), str(name)),
        on_change=lambda: Tab.settled_contract.put(tab.typed(key)),
    )
