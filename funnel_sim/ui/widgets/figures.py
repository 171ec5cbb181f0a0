"""Figures that open: the strip of key figures, tables of figures, and the explanation behind each.

Both are small components of plain HTML: one element each (so a redraw costs little), readable by a
screen reader, and every figure is a button that asks for its explanation.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from funnel_sim.model.economics import Result
from funnel_sim.output.words.explain import explain
from funnel_sim.output.words.figure_names import why_none
from funnel_sim.output.words.headlines import Ratio, beside, figure_name, rounded
from funnel_sim.output.words.tables import Row, defined, definitions
from funnel_sim.scenario.paths import spec_of
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session.state import lang
from funnel_sim.ui.session.static import static
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.fields import note_text
from funnel_sim.words import say

_STRIP_CSS = static("strip.css")
_STRIP_JS = static("strip.js")
_strip = st.components.v2.component("funnel_sim_strip", css=_STRIP_CSS, js=_STRIP_JS)

_GROUPS_CSS = static("groups.css")
_GROUPS_JS = static("groups.js")
_groups = st.components.v2.component("funnel_sim_groups", css=_GROUPS_CSS, js=_GROUPS_JS)

_TABLE_CSS = static("menu.css") + static("table.css")
_TABLE_JS = static("menu.js") + static("table.js")
_table = st.components.v2.component("funnel_sim_table", css=_TABLE_CSS, js=_TABLE_JS)


def theme() -> Any:
    """Return "light" or "dark", as the browser shows the app now."""
    return "dark" if st.context.theme.type == "dark" else "light"


def _ask(component_key: str) -> None:
    value = str(tab.typed(component_key, {}).get("opened") or "")
    if "|" in value:
        explain_figure(value.split("|", maxsplit=1)[0])


def explain_figure(key: str) -> None:
    """Ask for the explanation of a figure; it opens at the end of this run."""
    tab.explained = [key]
    tab.explain_open = True


@dataclass(frozen=True)
class Card:
    """One key figure: `more` is a small second line, `tone` "bad" for a loss, `says` its
    definition on hover.
    """

    key: str
    name: str
    value: str
    tone: str = ""
    more: str = ""
    says: str = ""


def cards_strip(key: str, cards: Sequence[Card], opened: Callable[[str], None]) -> None:
    """Draw key figures that stay in view; a click on one calls `opened` with its key.

    Args:
        key: Streamlit's key of the widget.
        cards: in the order of the screen.
    """
    speech = lang()

    def asked() -> None:
        value = str(tab.typed(key, {}).get("opened") or "")
        if "|" in value:
            opened(value.split("|", maxsplit=1)[0])

    data = {
        "cards": [asdict(card) for card in cards],
        "hint": say(speech, "strip.hint"),
        "label": say(speech, "strip.label"),
        "theme": theme(),
    }
    _strip(key=key, data=data, on_opened_change=asked)


def strip(result: Result, keys: Sequence[str] = ()) -> None:
    """Draw the key figures, in the order given; each opens its explanation.

    Args:
        keys: of the figures; none for the six that every page shows.
    """
    speech = lang()
    cards = []
    for key in keys or ("order_profit", "profit", "margin", "cac", "ltv", "break_even_acos"):
        value = result.steady[key]
        name = (
            say(speech, "strip.month_profit")
            if key == "profit"
            else figure_name(key, result.scenario, speech)
        )
        tone = _tone(value) if key in ("order_profit", "profit", "margin") else ""
        cards.append(
            Card(
                key,
                name,
                rounded(result, key, speech),
                tone,
                why_none(result, key, speech) or beside(result, key, speech),
                definitions()[key].of(speech) if key in definitions() else "",
            )
        )
    cards_strip("strip", cards, explain_figure)


def ratio_groups(key: str, groups: Sequence[tuple[str, Sequence[Ratio]]], label: str) -> None:
    """Draw groups of figures in one compact block; a figure opens its explanation.

    Args:
        key: Streamlit's key of the widget.
        groups: each with its heading.
        label: what a screen reader says of the block.
    """
    speech = lang()

    def asked() -> None:
        value = str(tab.typed(key, {}).get("opened") or "")
        if "|" in value:
            explain_figure(value.split("|", maxsplit=1)[0])

    data = {
        "groups": [{"name": name, "rows": [asdict(one) for one in rows]} for name, rows in groups],
        "hint": say(speech, "strip.hint"),
        "label": label,
        "theme": theme(),
    }
    _groups(key=key, data=data, on_opened_change=asked)


def _tone(value: float | None) -> str:
    return "bad" if value is not None and value < 0 else ""


def figure_table(
    key: str,
    rows: Sequence[Row],
    heads: Sequence[str],
    label: str,
    *,
    words: Sequence[int] = (),
    title: str = "",
    note: str = "",
    meanings: Mapping[str, str] | None = None,
    sums: Sequence[int] | None = None,
    stacked: bool = False,
) -> None:
    """Draw rows of figures; a row's name opens its explanation.

    `label` names the table to a screen reader; `words` are the columns that hold sentences; `title`
    and `note` are drawn above and below, inside the same element; `meanings` say on hover
    what heads or names mean that the glossary does not have.

    Args:
        key: Streamlit's key of the widget.
        rows: their keys name what opens.
        heads: of the columns, that of the names first.
        label: what a screen reader says of the table.
        words: columns that hold words, not figures.
        title: above it; "" for none.
        note: below it; "" for none.
        sums: columns that add up others: in bold, and of a row with the tone "bad" only their
            amounts below zero in red; None where no column does.
        stacked: whether each row becomes a block of lines, its heads before its figures, where the
            table is wider than its place; else such a table says that it can be swiped.
    """
    data = {
        "rows": [
            {"key": r.key, "name": r.name, "cells": list(r.cells), "kind": r.kind, "tone": r.tone}
            for r in rows
        ],
        "heads": list(heads),
        "label": label,
        "words": list(words),
        "hint": say(lang(), "strip.hint"),
        "theme": theme(),
        "title": title,
        "note": note,
        "says": {r.key: definitions()[r.key].of(lang()) for r in rows if r.key in definitions()},
        "defined": defined([*heads, *(r.name for r in rows)], lang()) | dict(meanings or {}),
        "csv": say(lang(), "take.data"),
        "menu": say(lang(), "take.menu", title=title or label),
        "sums": None if sums is None else list(sums),
        "stacked": stacked,
        "swipe": say(lang(), "strip.swipe"),
    }
    _table(key=key, data=data, on_opened_change=lambda: _ask(key))


def show_explanation(result: Result) -> None:
    """Open the explanation that was asked for in this run, if any."""
    if not tab.once(Tab.explain_open):
        return
    title = say(lang(), "explain.title")

    @st.dialog(title, width="medium")
    def dialog() -> None:
        _explanation(result)

    dialog()


def _explanation(result: Result) -> None:
    speech = lang()
    trail: list[str] = tab.explained
    told = explain(result, trail[-1], speech)
    st.markdown(f"#### {told.name}: {literal(told.value)}")
    st.caption(say(speech, "explain.period"))
    if told.words:
        st.markdown(f"**{say(speech, 'explain.formula')}** {literal(told.words)}")
    if told.numbers:
        st.markdown(f"**{say(speech, 'explain.numbers')}** {literal(told.numbers)}")
    if told.note:
        st.caption(literal(told.note))
    if told.operands:
        st.markdown(f"**{say(speech, 'explain.came_from')}**")
    for index, operand in enumerate(told.operands):
        left, right = st.columns([3, 2], vertical_alignment="center")
        if operand.path is None:
            left.button(
                operand.name,
                key=f"why_{len(trail)}_{index}",
                type="tertiary",
                icon=":material/function:",
                on_click=lambda k=operand.key: trail.append(k),
            )
        else:
            left.markdown(
                f":material/input: {literal(operand.name)}"
                f" :small[:gray[{say(speech, 'explain.input')}]]"
            )
            spec = spec_of(operand.path)
            if spec is not None:
                left.caption(note_text(result.scenario, operand.path, spec, speech))
        right.markdown(literal(operand.value))
    if len(trail) > 1:
        st.button(say(speech, "explain.back"), icon=":material/arrow_back:", on_click=_step_back)


def _step_back() -> None:
    tab.explained.pop()
