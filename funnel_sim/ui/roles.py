"""Who sits before the screen: what is shown first differs, the numbers do not; and what sales keeps
to itself.

What sales types about its own cost lives in the memory of its own window's tab, never in the
scenario: no link, file or page of the client can hold it.
"""

import streamlit as st

from funnel_sim.output.words.our_offer import offer_name
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.tab import ROLES, Role, tab
from funnel_sim.words import Lang, say

DOORS: dict[str, Role] = {"quote": "client", "pitch": "sales", "kpi": "seller"}
STRIP: dict[Role, tuple[str, ...]] = {
    "client": ("profit", "order_profit", "margin", "cac", "ltv", "break_even_acos"),
    "sales": ("gmv", "profit", "margin", "order_profit", "ltv", "cac"),
    "seller": ("break_even_acos", "order_profit", "profit", "margin", "cac", "ltv"),
}


def role() -> Role:
    """Return who sits before the screen."""
    return tab.role


def quote_name(option: Option, lang: Lang) -> str:
    """Return what an option is called on the screen: to sales a quote without a name is our offer.

    Args:
        option: one way to run the store.
        lang: "zh" or "en".
    """
    ours = role() == "sales" and option.kind == "quote"
    return offer_name(option, lang) if ours else option_name(option, lang)


def set_role(new: Role) -> None:
    """Choose who sits before the screen."""
    tab.role = new


def chooser(lang: Lang) -> None:
    """Draw the choice in the sidebar."""
    key = f"role_{lang}_{role()}"
    st.segmented_control(
        say(lang, "role.title"),
        list(ROLES),
        default=role(),
        key=key,
        required=True,
        help=say(lang, "role.help"),
        format_func=lambda one: say(lang, f"role.{one}"),
        on_change=lambda: set_role(tab.typed(key, role())),
    )
    st.caption(say(lang, f"role.{role()}_sees"))


# ---- what sales keeps to itself
# ------------------------------------------------------------------------------


def kept() -> dict[str, dict[str, float | None]]:
    """Return the cost that sales typed in this tab, by quote and part."""
    return tab.private


def with_private(scenario: Scenario, option: str) -> Scenario:
    """Return the scenario with the cost that sales typed for one quote; for this tab's eyes only.

    Args:
        option: id of the quote.
    """
    typed = {
        f"options.{option}.serving_{name}": value
        for name, value in kept().get(option, {}).items()
        if value is not None
    }
    return scenario.replace(typed) if typed else scenario
