"""Why something cannot be computed, with the page on which it is changed."""

import streamlit as st

from funnel_sim.errors import InputError
from funnel_sim.scenario.paths import SECTIONS
from funnel_sim.ui import shell
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session.tab import tab
from funnel_sim.words import Lang, say

_OF_LISTS = {
    "kpis": "kpi_check",
    "promise": "kpi_check",
    "options": "quote_test",
    "budget": "ad_budget",
}


def page_of(place: str) -> str | None:
    """Return the name of the page on which a field is typed; None where it belongs to no page.

    Args:
        place: where a problem is, "kpis.live.count_value".

    Examples:
        >>> page_of("kpis.live.count_value"), page_of("options.quote"), page_of("product.price")
        ('kpi_check', 'quote_test', 'my_shop')
        >>> page_of("-") is None
        True
    """
    head = place.partition(".")[0]
    return _OF_LISTS.get(head) or ("my_shop" if head in SECTIONS or head == "channels" else None)


def refusal(error: InputError, lang: Lang, key: str) -> None:
    """Draw why something cannot be computed, and where its fields stand on another page, one click
    to each.

    Args:
        error: what was refused.
        lang: "zh" or "en".
        key: of the place that draws it.
    """
    for told in error.sentences(lang):
        st.error(literal(told))
    elsewhere(error, lang, key)


def elsewhere(error: InputError, lang: Lang, key: str) -> None:
    """Draw one click to each other page on which what was refused is typed.

    Args:
        error: what was refused.
        lang: "zh" or "en".
        key: of the place that draws it.
    """
    here = tab.page.replace("-", "_")
    found = dict.fromkeys(page_of(one.where) for one in error.problems)
    for name in found:
        if name is None or name == here:
            continue
        told = say(lang, "shell.change_on", page=say(lang, f"page.{name}"))
        if st.button(told, key=f"{key}_change_{name}", icon=":material/edit:"):
            shell.go(name)
