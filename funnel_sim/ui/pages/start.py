"""Start: three doors, a product like yours, a file or a link."""

import streamlit as st

from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.scenario import files
from funnel_sim.ui import shell
from funnel_sim.ui.markup import literal
from funnel_sim.ui.roles import DOORS as ROLE_OF_DOOR
from funnel_sim.ui.roles import set_role
from funnel_sim.ui.session import address, state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets import assumed_orders
from funnel_sim.ui.widgets.store import picker
from funnel_sim.words import say

_LONGEST_LINE = 120
_MOST_SENTENCES = 12  # of what is wrong with a file
DOORS = (
    ("quote", ":material/request_quote:"),
    ("pitch", ":material/present_to_all:"),
    ("kpi", ":material/fact_check:"),
)


def draw(result: Result) -> None:
    """Draw the page."""
    lang = state.lang()
    _go_on()
    st.subheader(say(lang, "start.title"))
    st.markdown(say(lang, "start.lead"))
    for column, (door, icon) in zip(st.columns(3), DOORS, strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"#### {icon} {say(lang, f'door.{door}')}")
            st.markdown(say(lang, f"door.{door}_text"))
            if st.button(
                say(lang, f"door.{door}_go"), key=f"door_{door}", type="primary", width="stretch"
            ):
                _enter(door)
    st.subheader(say(lang, "start.product"))
    picker(_used, note=say(lang, "start.product_note"))
    left, right = st.columns(2)
    with left:
        _file()
    with right:
        _link()


def _enter(door: str) -> None:
    set_role(ROLE_OF_DOOR[door])
    if (
        door == "pitch"
    ):  # a pitch counts what the prospect said, not what the example brings besides
        assumed_orders.begin()
    shell.go({"pitch": "my_shop", "kpi": "kpi_check", "quote": "quote_test"}[door])


def _used() -> None:
    shell.go("my_shop")


def _go_on() -> None:
    """Offer what this browser kept of an earlier visit; only the browser holds it."""
    lang, kept = state.lang(), tab.saved
    if not kept.get("s") or kept["s"] == address.link_text():
        return
    with st.container(border=True, key="go_on"):
        told = str(kept.get("told", ""))[:_LONGEST_LINE]
        st.markdown(f"**{say(lang, 'start.go_on')}** {literal(told)}")
        st.caption(
            literal(say(lang, "start.go_on_when", when=str(kept.get("when", ""))[:_LONGEST_LINE]))
        )
        with st.container(horizontal=True):
            if st.button(
                say(lang, "start.go_on_go"),
                key="go_on_go",
                type="primary",
                icon=":material/history:",
            ):
                if address.go_on():
                    shell.go("my_shop")
                st.rerun()
            st.button(
                say(lang, "start.go_on_forget"),
                key="go_on_forget",
                type="tertiary",
                on_click=address.forget,
            )


def _file() -> None:
    lang = state.lang()
    key = f"upload_{tab.uploads}"
    st.file_uploader(
        say(lang, "start.file"),
        type=["json"],
        key=key,
        on_change=_opened,
        args=(key,),
        help=say(lang, "start.file_help"),
    )


def _opened(key: str) -> None:
    upload = tab.typed(key)
    if upload is None:
        return
    tab.uploads += 1
    try:
        files.check_size(upload.size, upload.name)  # before the bytes are copied
        found = files.opened(upload.getvalue(), upload.name)
        state.adopt(found)
    except InputError as error:
        for sentence in error.sentences(state.lang())[:_MOST_SENTENCES]:
            state.notice("error", sentence)
        return
    state.notice("success", say(state.lang(), "start.opened"))


def _link() -> None:
    lang = state.lang()
    with st.form("open_link", border=False):
        text = st.text_input(
            say(lang, "start.link"), key="link_text", placeholder="https://…?lang=zh&s=…"
        )
        if st.form_submit_button(say(lang, "start.open_link")) and text:
            if state.open_link(text):
                state.notice("success", say(lang, "start.opened"))
            st.rerun()
