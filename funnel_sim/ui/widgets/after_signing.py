"""What the pages after the signature ask for first: months that came since the engagement began."""

import streamlit as st

from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.words import Lang, say


def has_actuals(scenario: Scenario, lang: Lang) -> bool:
    """Say whether the scenario has months since its mark; where not, tell the way to them.

    Args:
        scenario: the scenario at hand.
        lang: the reader's language.

    Returns:
        Whether there is a month that can be reviewed.
    """
    if scenario.history.engaged():
        return True
    history = scenario.history
    if history.names() and history.engagement_from:
        parts = {"months": len(history.names()), "mark": history.engagement_from}
        st.info(say(lang, "after.only_before", **parts))
    elif history.names():
        st.info(say(lang, "after.no_mark", months=len(history.names())))
    else:
        st.info(say(lang, "after.no_actuals"))
    if st.button(say(lang, "after.to_actuals"), key="to_actuals", type="primary"):
        shell.go("actual_months")
    return False


def contract_at_hand(scenario: Scenario) -> Option | None:
    """Return the option whose contract was signed, as chosen on the page of actual months.

    Args:
        scenario: the scenario at hand.

    Returns:
        The option; the only quote where none was chosen; None where
        several could be it, or there is none.
    """
    return scenario.signed_option()


def ask_contract(scenario: Scenario, lang: Lang) -> Option | None:
    """Return the contract at hand; where there is none, tell the way to it.

    Args:
        scenario: the scenario at hand.
        lang: the reader's language.

    Returns:
        The option whose contract was signed; None where it must be chosen or entered first.
    """
    found = contract_at_hand(scenario)
    if found is None:
        able = any(one.paid for one in scenario.options)
        st.info(say(lang, "after.choose_contract" if able else "after.no_contract"))
        words = "to_choose" if able else "to_contract"
        if st.button(say(lang, f"after.{words}"), key="to_contract"):
            shell.go("actual_months" if able else "quote_test")
    return found
