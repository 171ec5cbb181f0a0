"""The head of the page: the answer in one sentence, three figures, and the money that is there."""

import math

import streamlit as st

from funnel_sim.decisions.cash.answer import balance_currency
from funnel_sim.errors import InputError
from funnel_sim.output.words.cash import (
    CashTile,
    cash_sentence,
    cash_state,
    cash_tiles,
    further_sentences,
    in_both,
    method_sentence,
    priced_quotes,
)
from funnel_sim.output.words.cash_answers import quote_apart_sentence, quote_cash_sentence
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.pages.cash.quote import looked_at
from funnel_sim.ui.session import state
from funnel_sim.ui.session.cash import CashShown, quote_cash_of
from funnel_sim.ui.session.own_numbers import own_of_cash
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.fields import field
from funnel_sim.ui.widgets.not_taken import not_taken_note
from funnel_sim.ui.widgets.shop import own_of
from funnel_sim.ui.widgets.whose import example_note, whose
from funnel_sim.words import Lang, say

COLOURS = {"first": "blue", "good": "green", "watch": "orange", "act": "red"}
HAND = ("cash.opening_cash", "cash.credit_limit", "cash.owner_draw")
"""What is asked for first: the money that is there, what may be borrowed, what the owner takes."""
_DIGITS = 3


def draw(scenario: Scenario, ready: CashShown, lang: Lang) -> None:
    """Draw the answer, its figures, and the first inputs."""
    answer = ready.answer
    own = own_of(scenario)
    how = cash_state(answer)
    with st.container(border=True, key="cash_card"):
        not_taken_note(lang)
        example_note(own, lang)
        colour = "gray" if own.example else COLOURS[how]
        badge = f":{colour}-badge[{say(lang, f'cash.state_{how}')}]"
        st.markdown(said(f"##### {badge} {cash_sentence(answer, lang)}"))
        st.markdown(said("  \n".join(further_sentences(answer, lang))))
        _with_quote(scenario, ready, lang)
        whose(own_of_cash(scenario), scenario, lang, "cash")
    with st.grid(3, min_column_width=210, gap="small"):
        for tile in cash_tiles(answer, lang):
            with st.container(
                border=True, key=f"cash_tile_{tile.key}", gap="xsmall", height="stretch"
            ):
                _tile(tile)
                if tile.key == "capital" and answer.capital.more.value > 0:
                    _offer(scenario, answer.capital.needed.value, lang)
    with st.grid(3, min_column_width=190, key="cash_hand"):
        for path in HAND:
            field(path, note=False)


def _with_quote(scenario: Scenario, ready: CashShown, lang: Lang) -> None:
    """Draw what the quote that is looked at does to the answer, and the way to its part."""
    priced = priced_quotes(scenario)
    if not priced:
        return
    option = looked_at(priced)
    try:
        found = quote_cash_of(scenario, option.id)
    except InputError:
        return  # its part says why
    paths = ready.answer.futures.plan.paths
    worse = found.capital.value > ready.answer.capital.opening - ready.answer.capital.needed.value
    told = said(quote_cash_sentence(found, option_name(option, lang), paths, lang))
    st.markdown(f":orange[:material/warning:] {told}" if worse else told)
    apart = quote_apart_sentence(scenario, lang)
    if apart:
        st.caption(said(apart))
    st.button(
        literal(say(lang, "cash.quote_see")),
        key="cash_quote_see",
        type="tertiary",
        icon=":material/arrow_forward:",
        on_click=show_part,
        args=("quote", lang),
    )


def show_part(part: str, lang: Lang) -> None:
    """Show a part of the page from the next drawing on.

    Args:
        part: its name, as in the address of the parts.
        lang: language of the words.
    """
    Tab.cash_view.put(part)
    tab.put(f"cash_view_{lang}_{tab.revision}", part)


def _tile(tile: CashTile) -> None:
    st.caption(said(tile.name))
    value = literal(tile.value)
    st.markdown(f"#### :red[{value}]" if tile.tone == "bad" else f"#### {value}")
    st.caption(said("  \n".join(tile.more)))


def _offer(scenario: Scenario, needed: float, lang: Lang) -> None:
    """Offer to begin with what is needed."""
    amount = opening_for(scenario, needed)
    shown = in_both(amount, scenario, balance_currency(scenario), lang)
    st.button(
        literal(say(lang, "cash.take_needed", needed=shown)),
        key="cash_take_needed",
        type="tertiary",
        icon=":material/savings:",
        on_click=_take,
        args=(amount,),
    )


def method(ready: CashShown, lang: Lang) -> None:
    """Draw how the figures were worked out."""
    st.caption(said(method_sentence(ready.answer, lang)))


def opening_for(scenario: Scenario, amount: float) -> float:
    """Return the opening cash that an amount of the balance's currency comes to, in the currency in
    which it is typed, rounded up to three digits.

    Args:
        scenario: the store and its plan, as typed.
        amount: above zero [currency of the balance].
    """
    home = scenario.cash.kept_in == "home"
    typed = amount if home else amount * float(point_value(scenario.fx_rate))
    step = 10.0 ** (math.floor(math.log10(typed)) - _DIGITS + 1)
    return max(1.0, math.ceil(typed / step - 1e-9) * step)


def _take(amount: float) -> None:
    if state.change("cash.opening_cash", amount):
        state.forget_widget("cash.opening_cash")
