"""What else happened in a month, and whether the month still counts."""

from typing import Any

import streamlit as st

from funnel_sim.scenario.store_months import EVENT_WORDS, MOST_MARKED
from funnel_sim.ui.session import state
from funnel_sim.ui.widgets.rows import Cell, EditedRow, Rows, editor, put
from funnel_sim.words import Lang, say

_PATH = "history.marked"


def draw(lang: Lang) -> None:
    """Draw the marked events, a row each."""
    scenario = state.scenario()
    history = scenario.history
    rows: list[EditedRow] = scenario.plain()["history"]["marked"]
    months = sorted({*history.names(), *(row["month"] for row in rows)}, reverse=True)
    st.markdown(f"**{say(lang, 'actuals.marks')}**")
    st.caption(say(lang, "actuals.marks_note"))

    counted: dict[Any, str] = {
        True: say(lang, "actuals.mark_out"),
        False: say(lang, "actuals.mark_in"),
    }

    def cells(_: int, __: EditedRow) -> list[Cell]:
        return [
            Cell(
                name="month",
                label=say(lang, "kpi.history_month"),
                choices={month: month for month in months},
                width=2,
            ),
            Cell(
                name="event",
                label=say(lang, "actuals.mark_event"),
                choices={code: words.of(lang) for code, words in EVENT_WORDS.items()},
            ),
            Cell(
                name="taken_out",
                label=say(lang, "actuals.mark_counts"),
                choices=counted,
            ),
            Cell(name="note", label=say(lang, "actuals.mark_note"), width=4),
        ]

    fresh = {"month": months[0], "event": "other", "taken_out": False, "note": ""}
    editor(
        Rows(
            path=_PATH,
            rows=rows,
            cells=cells,
            save=put(_PATH),
            add=(
                say(lang, "actuals.mark_add"),
                lambda: [*rows, fresh],
                len(rows) < MOST_MARKED,
            ),
        )
    )
