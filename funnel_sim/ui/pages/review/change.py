"""The review's second part: what drove the change, between two periods or against the plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import streamlit as st

from funnel_sim.decisions.economics.whose import own_of
from funnel_sim.decisions.review.borrowed import plan_is_example
from funnel_sim.decisions.review.drivers import FIGURES, Split
from funnel_sim.decisions.review.periods import other_periods
from funnel_sim.decisions.review.reviewed import AGAINST, Against
from funnel_sim.output.charts.ledger import waterfall_room
from funnel_sim.output.charts.review import data_change, spec_change
from funnel_sim.output.words import formats
from funnel_sim.output.words.joining import listed
from funnel_sim.output.words.review_drivers import (
    against_name,
    driver_heads,
    driver_rows,
    driver_sentence,
    months_text,
    promise_sentence,
    sides_of,
    split_name,
)
from funnel_sim.scenario.store_months import month_name, month_number
from funnel_sim.ui import shell
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.pages.review.at_hand import AtHand
from funnel_sim.ui.session import reviews
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.ui.widgets.shop import missing_words
from funnel_sim.units import MONTHS_A_YEAR
from funnel_sim.words import Lang, say

OTHER = "other"
"""A comparison with months that the reader names."""


@dataclass(frozen=True)
class Asked:
    """What is compared: against what, with which `other` months, and which figure."""

    against: str
    other: tuple[str, ...]
    figure: str


def draw(at: AtHand, lang: Lang) -> None:
    """Draw the part.

    Raises:
        InputError: the change cannot be split.
    """
    asked = _choices(at, lang)
    if asked.against == "plan" and plan_is_example(at.known):
        st.info(
            literal(say(lang, "review.plan_example", names=missing_words(own_of(at.known), lang)))
        )
        if st.button(say(lang, "review.plan_enter"), key="review_enter_plan"):
            shell.go("my_shop")
        return
    found = _found(at, asked)
    if found is None:
        st.info(say(lang, "review.no_months_for", months=_lacking(at, asked, lang)))
        if st.button(say(lang, "review.to_enter"), key="review_enter_months"):
            shell.go("actual_months")
        return
    split = found[asked.figure]
    if split.lacks:
        st.info(literal(driver_sentence(split, at.known, lang)))
        if st.button(say(lang, "review.to_enter"), key="review_enter_lacking"):
            shell.go("actual_months")
        return
    st.markdown(said(driver_sentence(split, at.known, lang)))
    if asked.against == OTHER:
        names = months_text(asked.other), months_text(at.period.months)
    else:
        names = sides_of(at.known, at.period, cast("Against", asked.against), lang)
    label = split_name(split, lang)
    title = say(lang, "review.change_title", figure=label, first=names[0], second=names[1])
    data = data_change(split, names, at.known, lang)
    unit = "count" if asked.figure == "paid_orders" else "money"
    axis = formats.axis(unit, at.known.shown, lang)
    figure("review_change", title, data, spec_change(lang, theme(), axis, waterfall_room(data)))
    note = say(lang, "review.change_note")
    if asked.against == "plan":
        st.info(said(say(lang, "review.plan_note")))
        if promise := promise_sentence(found, at.option, at.known, lang):
            st.markdown(said(promise))
    figure_table(
        "review_drivers",
        driver_rows(split, at.known, lang),
        driver_heads(lang),
        title,
        title=say(lang, "review.col_amount"),
        words=(3,),
        note=note,
        stacked=True,
    )


def _found(at: AtHand, asked: Asked) -> Mapping[str, Split] | None:
    if asked.against == OTHER:
        if not asked.other:
            return None
        return reviews.change_from(at.scenario, at.period.name, asked.other)
    return reviews.change_known(at.scenario, at.period.name, cast("Against", asked.against))


def _choices(at: AtHand, lang: Lang) -> Asked:
    """Draw what is compared with what, and which figure."""
    every = (*AGAINST, OTHER)
    others = other_periods(at.known, at.period)
    against = tab.review_against
    other = tab.review_other if tab.review_other in others else next(iter(others), "")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        key = f"review_against_{lang}_{tab.revision}"
        st.selectbox(
            say(lang, "review.compare"),
            every,
            index=every.index(against),
            key=key,
            width=330,
            format_func=lambda one: (
                say(lang, "review.against_other")
                if one == OTHER
                else against_name(cast("Against", one), at.period, lang)
            ),
            on_change=lambda: Tab.review_against.put(tab.typed(key)),
        )
        if against == OTHER and others:
            which = f"review_other_{lang}_{at.period.name}_{tab.revision}"
            st.selectbox(
                say(lang, "review.other_months"),
                list(others),
                index=list(others).index(other),
                key=which,
                width=150,
                on_change=lambda: Tab.review_other.put(tab.typed(which)),
            )
        name = f"review_figure_{lang}_{tab.revision}"
        order = sorted(FIGURES, key=lambda one: one != "profit")
        st.selectbox(
            say(lang, "review.figure"),
            order,
            index=order.index(tab.review_figure),
            key=name,
            width=260,
            format_func=lambda one: say(lang, f"drivers.figure_{one}"),
            on_change=lambda: Tab.review_figure.put(tab.typed(name)),
        )
    return Asked(against, others.get(other, ()), tab.review_figure)


def _lacking(at: AtHand, asked: Asked, lang: Lang) -> str:
    """Return the months that a comparison lacks."""
    names = set(at.known.history.names())
    if asked.against in ("mark", OTHER):
        return say(lang, "review.line_before")
    back = MONTHS_A_YEAR if asked.against == "year" else len(at.period.months)
    then = [month_name(month_number(one) - back) for one in at.period.months]
    return listed([one for one in then if one not in names], lang)
