"""What a store's history would change in the funnel, before it does, and what it changed then."""

from collections.abc import Sequence

import streamlit as st

from funnel_sim.decisions.kpi.store_history import (
    PLAN,
    FittedChange,
    as_rows,
    fit_funnel,
    with_changes,
)
from funnel_sim.errors import InputError
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import input_name, value_text
from funnel_sim.output.words.store_history import conversion_sentences
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.words import Lang, say

_CONVERTS = ("cvr", "add_to_cart_rate")


def pending(scenario: Scenario, lang: Lang) -> None:
    """Draw what a fit to the history in use would change, where it would change anything."""
    fitted, changes = fit_funnel(scenario)
    rows = as_rows(scenario, fitted, changes)
    taken(scenario, "fit", lang)
    if not rows:
        st.caption(f":material/check: {say(lang, 'kpi.history_fits')}")
        return
    with st.expander(
        say(lang, "kpi.history_fit"), key="history_fit_fold", on_change="rerun"
    ) as fold:
        if fold.open:
            st.caption(say(lang, "kpi.history_fit_help"))
            ticked = ticks(scenario, fitted, rows, "fit", lang)
            st.button(
                say(lang, "kpi.history_take"),
                key="history_fit",
                icon=":material/tune:",
                type="primary",
                disabled=not ticked,
                on_click=take,
                args=(scenario, ticked, "fit"),
            )


def ticks(
    scenario: Scenario, fitted: Scenario, rows: tuple[FittedChange, ...], place: str, lang: Lang
) -> tuple[str, ...]:
    """Draw each change with its tick: the field, what it is now, what it would be, and from which
    months; return the ticked paths.

    Args:
        rows: one a field that the history would change.
        place: where on the page, part of the widgets' keys.
    """
    ticked = []
    st.markdown(f"**{say(lang, 'kpi.history_would', count=len(rows))}**")
    with st.container(key=f"history_ticks_{place}", border=True, gap="xsmall"):
        for one in rows:
            left, middle, right = st.columns([5, 5, 4], vertical_alignment="center", gap="xxsmall")
            name = _name(scenario, one, lang)
            key = f"tick:{place}:{lang}:{tab.revision}:{one.path}"
            if left.checkbox(literal(name), value=True, key=key):
                ticked.append(one.path)
            middle.markdown(said(_before_after(scenario, one, lang)))
            right.caption(
                say(lang, "kpi.history_from", first=one.months[0], last=one.months[-1])
                if one.months
                else ""
            )
    if any(one.path.endswith(_CONVERTS) for one in rows):
        st.caption(said(conversion_sentences(fitted, lang)))
    return tuple(ticked)


def _before_after(scenario: Scenario, one: FittedChange, lang: Lang) -> str:
    if one.path == PLAN:
        return say(lang, "kpi.history_plan_off", month=formats.month_name(int(one.after), lang))
    before = (
        formats.NOTHING if one.before is None else value_text(scenario, one.path, one.before, lang)
    )
    return f"{before} → **{value_text(scenario, one.path, one.after, lang)}**"


def take(scenario: Scenario, ticked: tuple[str, ...], place: str) -> None:
    """Take the ticked changes over, and say what was changed.

    Args:
        ticked: paths of the fields.
        place: where on the page, part of the widgets' keys.
    """
    lang = state.lang()
    fitted, changes = fit_funnel(scenario)
    try:
        new = with_changes(scenario, fitted, changes, ticked)
    except InputError as error:
        state.notice("error", error.sentences(lang)[0])
        return
    taken = tuple(one for one in as_rows(scenario, fitted, changes) if one.path in ticked)
    state.replace_whole(new)
    Tab.history_taken.put((place, new, taken))
    state.notice("success", _changed(new, taken, lang))


def taken(scenario: Scenario, place: str, lang: Lang) -> None:
    """Draw beneath its button what was changed last, before and after, while it still stands.

    Args:
        place: where on the page, part of the widgets' keys.
    """
    last = tab.history_taken
    if last is None or last[0] != place or last[1].history != scenario.history or not last[2]:
        return
    _, new, changes = last
    with st.container(key=f"history_taken_{place}", border=True, gap="xsmall"):
        st.markdown(
            f":green[:material/check_circle:]"
            f" **{say(lang, 'kpi.history_taken', count=len(changes))}**"
        )
        lines = [
            f"- {literal(_name(new, one, lang))}: {_before_after(new, one, lang)}"
            for one in changes
        ]
        st.markdown(said("\n".join(lines)))


def _name(scenario: Scenario, one: FittedChange, lang: Lang) -> str:
    return (
        say(lang, "kpi.history_plan") if one.path == PLAN else input_name(scenario, one.path, lang)
    )


def _changed(scenario: Scenario, changes: Sequence[FittedChange], lang: Lang) -> str:
    parts = []
    for one in changes:
        parts.append(
            f"{_name(scenario, one, lang)} {_before_after(scenario, one, lang).replace('*', '')}"
        )
    return say(
        lang, "kpi.history_changed" if parts else "kpi.history_kept", changes="; ".join(parts)
    )
