"""What a provider brought before, from the scenario files of past engagements: measured, and taken
as the record and the effect of the quote at hand.
"""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from funnel_sim.decisions.review.record import (
    MeasuredRecord,
    engagement,
    measured_record,
    with_record,
)
from funnel_sim.errors import InputError
from funnel_sim.output.words.record import engagement_rows, measured_heads, measured_sentence
from funnel_sim.scenario import files
from funnel_sim.scenario.quotes import Option
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.fields import widget_key
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.words import Lang, say

MOST = 8


def draw(option: Option, lang: Lang) -> None:
    """Draw the uploader, what the files say, and the button that takes it over."""
    st.caption(say(lang, "record.lead"))
    uploads = st.file_uploader(
        say(lang, "record.files"),
        type=["json"],
        accept_multiple_files=True,
        key=f"record_files_{option.id}",
        label_visibility="collapsed",
    )
    if not uploads:
        return
    try:
        found = _measured(uploads[:MOST], option)
    except InputError as error:
        for told in error.sentences(lang):
            st.error(literal(told))
        return
    figure_table(
        f"record_{option.id}",
        engagement_rows(found, lang),
        measured_heads(lang),
        say(lang, "record.title"),
        title=say(lang, "record.title"),
    )
    st.markdown(said(measured_sentence(found, lang)))
    st.button(
        say(lang, "record.take"),
        key=widget_key(f"options.{option.id}.take_record"),
        icon=":material/input:",
        type="primary",
        on_click=_take,
        args=(option.id, found),
    )


def _measured(uploads: Sequence[Any], option: Option) -> MeasuredRecord:
    past = [
        engagement(
            one.name.removesuffix(".json"),
            files.opened(one.getvalue(), one.name).scenario,
            option.name,
        )
        for one in uploads
    ]
    return measured_record(past, option.service)


def _take(name: str, found: MeasuredRecord) -> None:
    option = next((one for one in state.scenario().options if one.id == name), None)
    if option is None:
        return
    made = with_record(option, found).model_dump(mode="json")
    fields = ("effect", "record_met", "record_shown", "record_trust", "record_measured")
    changes = {f"options.{name}.{field}": made[field] for field in fields}
    if state.change_all(changes, "promise.record"):
        tab.revision += 1
