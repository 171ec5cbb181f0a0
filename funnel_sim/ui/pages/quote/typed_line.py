"""Our offer told in one line: what is understood goes into the blanks below it; of a line that is
not understood in full nothing does, and its part is named.
"""

from typing import Any

import streamlit as st

from funnel_sim.errors import InputError
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.typed_offer import LONGEST, Part, TypedOffer, read_offer
from funnel_sim.ui.markup import said
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets import promise
from funnel_sim.ui.widgets.fields import widget_key
from funnel_sim.words import Lang, say

PLACE = "quote.offer_line"
"""Where a line that was not understood is remembered."""
_PLAIN: tuple[Part, ...] = ("setup", "base", "term", "notice")


def draw(option: Option, scenario: Scenario, lang: Lang) -> None:
    """Draw the line, and what of it was not understood.

    Args:
        option: the offer that it is put into.
    """
    key = widget_key(f"options.{option.id}.offer_line")
    st.text_input(
        say(lang, "ours.line_typed"),
        key=key,
        placeholder=say(lang, "ours.line_example"),
        help=say(lang, "ours.line_help"),
        max_chars=LONGEST,
        autocomplete="off",
        label_visibility="collapsed",
        icon=":material/edit:",
        on_change=_typed,
        args=(key, option.id),
    )
    problem = state.problem_at(PLACE)
    if problem is not None:
        told = " ".join(one.short(lang, PLACE) for one in problem.problems)
        st.markdown(said(f":small[:red[:material/error: {told}]]"))


def _typed(key: str, name: str) -> None:
    """Put what the line says into the offer, in one step."""
    scenario = state.scenario()
    option = next(one for one in scenario.options if one.id == name)
    text = str(tab.typed(key) or "").strip()
    if not text:
        state.problems_forget(PLACE)
        return
    try:
        told = read_offer(text, PLACE, fees=option.currency(scenario), sales=scenario.currency)
    except InputError as error:
        state.refused(PLACE, error)
        return
    if state.change_all(changes(told, option, scenario), PLACE):
        tab.toast = say(
            state.lang(),
            "ours.line_taken",
            parts=say(state.lang(), "risk.listed").join(_names(told, scenario, state.lang())),
        )
        tab.revision += 1


def changes(told: TypedOffer, option: Option, scenario: Scenario) -> dict[str, Any]:
    """Return what a line changes in the scenario, by path.

    Args:
        told: what the line says.
        option: the offer that it is put into.
    """
    path, parts = f"options.{option.id}", told.parts
    made: dict[str, Any] = {f"{path}.{part}": parts[part] for part in _PLAIN if part in parts}
    for part in ("term", "notice"):
        if part in parts:
            months = parts[part]
            made[f"{path}.{part}"] = int(months) if months.is_integer() else months
    if "share" in parts:
        rows: list[dict[str, Any]] = [{"upto": None, "rate": parts["share"]}]
        if "over" in parts:
            rows = [{"upto": parts["over"], "rate": 0.0}, *rows]
        made |= {f"{path}.share_tiers": rows, f"{path}.share_mode": "marginal"}
        made |= {f"{path}.share_basis": "gmv", f"{path}.share_over": "all"}
    if "claimed" in parts:
        made |= promise.claimed_changes(option, parts["claimed"])
    if told.currency == scenario.currency != scenario.cost_currency:
        made[f"{path}.fee_currency"] = "sales"
    elif told.currency == scenario.cost_currency != scenario.currency:
        made[f"{path}.fee_currency"] = "cost"
    return made


def _names(told: TypedOffer, scenario: Scenario, lang: Lang) -> list[str]:
    """Return the fields that a line filled, in words."""
    specs = specs_of(Option)
    words = {
        "share": say(lang, "quote.l_share"),
        "over": say(lang, "quote.l_over", currency=scenario.currency),
    }
    return [words.get(part) or specs[part].label.of(lang) for part in told.parts]
