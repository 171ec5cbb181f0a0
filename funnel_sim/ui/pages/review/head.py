"""The head of the review: which period, the verdict in one sentence, three figures."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

from funnel_sim.decisions.review.bill import Bill
from funnel_sim.decisions.review.effect import Effect
from funnel_sim.decisions.review.leak import Leaks
from funnel_sim.decisions.review.periods import PeriodFigure, periods
from funnel_sim.decisions.review.reviewed import state_of
from funnel_sim.decisions.review.standing import Standing
from funnel_sim.errors import InputError
from funnel_sim.output.words.actual_ledger import actual_heads, actual_rows, assumed_note
from funnel_sim.output.words.joining import listed
from funnel_sim.output.words.review_head import (
    Tile,
    effect_tile,
    owed_tile,
    profit_tile,
    review_sentence,
)
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.pages.review.at_hand import AtHand
from funnel_sim.ui.session import reviews
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.words import Lang, say

_HOW = ":material/function:"
COLOURS = {"act": "red", "watch": "orange", "good": "green"}


@dataclass(frozen=True)
class Head:
    """What the head shows; None, or nothing, for what could not be worked out."""

    figures: tuple[PeriodFigure, ...]
    effect: Effect
    leaks: Leaks | None
    standing: Standing | None
    bill: Bill | None


def prepare(at: AtHand) -> Head:
    """Return what the head shows.

    Raises:
        InputError: the effect cannot be looked at.
    """
    name = at.period.name
    effect, _ = reviews.effect_known(at.scenario, name, at.contract)
    figures = reviews.head_of(at.scenario, name)
    found: Leaks | None = None
    stand: Standing | None = None
    billed: Bill | None = None
    with suppress(InputError):  # the part that shows it says why
        found = reviews.leaks_known(at.scenario, name, say_enough=False)
    with suppress(InputError):
        stand = reviews.standing_known(at.scenario, name, at.contract)
    with suppress(InputError):
        billed = reviews.bill_known(at.scenario, name, at.contract)
    return Head(figures, effect, found, stand, billed)


def choose(scenario: Scenario, now: str, lang: Lang) -> None:
    """Draw which period is reviewed.

    Args:
        now: the name of the period that is reviewed, "2026-03" or "2026-Q1".
    """
    every = periods(scenario)
    key = f"review_period_{lang}_{tab.revision}"
    st.selectbox(
        say(lang, "review.period"),
        every,
        index=every.index(now),
        key=key,
        width=220,
        on_change=lambda: Tab.review_period.put(tab.typed(key)),
    )


def draw(at: AtHand, head: Head, lang: Lang) -> None:
    """Draw the verdict and the three figures."""
    state = state_of(head.effect, head.leaks, head.standing)
    sentence = review_sentence(
        at.period, head.figures, head.effect, head.leaks, head.standing, at.known, lang
    )
    with st.container(border=True, key="review_card"):
        badge = f":{COLOURS[state]}-badge[{say(lang, f'review.head_{state}')}]"
        st.markdown(said(f"##### {badge} {sentence}"))
        if at.period.part:
            months = listed(at.period.months, lang)
            st.caption(said(say(lang, "review.part_of_quarter", months=months)))
    with st.grid(3, min_column_width=210, gap="small"):
        for tile in _tiles(at, head, lang):
            with st.container(
                border=True, key=f"review_tile_{tile.key}", gap="xsmall", height="stretch"
            ):
                _tile(tile, at, lang)


def _tiles(at: AtHand, head: Head, lang: Lang) -> Sequence[Tile]:
    return (
        profit_tile(at.period, head.figures, at.known, lang, head.bill),
        effect_tile(head.effect, lang),
        owed_tile(head.bill, at.period, lang),
    )


def _tile(tile: Tile, at: AtHand, lang: Lang) -> None:
    """Draw one figure with what opens its working."""
    st.caption(said(tile.name))
    st.markdown(f"#### {literal(tile.value)}")
    st.caption(said("  \n".join(tile.more)))
    if tile.key == "profit":
        if st.button(say(lang, "review.how"), key="review_how_profit", type="tertiary", icon=_HOW):
            _ledger(at, lang)
    elif tile.key == "effect":
        st.button(
            say(lang, "review.how"),
            key="review_how_effect",
            type="tertiary",
            icon=_HOW,
            on_click=lambda: show_part("effect"),
        )
    elif st.button(
        say(lang, "page.fee_settlement"),
        key="review_owed",
        type="tertiary",
        icon=":material/arrow_forward:",
    ):
        shell.go("fee_settlement")


def show_part(name: str) -> None:
    """Open a part of the review in the next run."""
    tab.review_view = name
    tab.revision += 1


def _ledger(at: AtHand, lang: Lang) -> None:
    """Open the period's ledger, from gross sales to profit."""

    @st.dialog(say(lang, "review.how_profit", period=at.period.name), width="large")
    def dialog() -> None:
        title = say(lang, "review.how_profit", period=at.period.name)
        figure_table(
            "review_ledger",
            actual_rows(at.known, at.period, lang),
            actual_heads(at.period, lang),
            title,
        )
        if note := assumed_note(at.known, at.period, lang):
            st.caption(said(note))

    dialog()
