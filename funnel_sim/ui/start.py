"""Start: three doors, a product like yours, a file or a link."""

from typing import Any

import streamlit as st

from funnel_sim.errors import InputError
from funnel_sim.inputs import files
from funnel_sim.inputs.parameters import category_words, country_words
from funnel_sim.inputs.presets import markets, platforms, preset, products
from funnel_sim.model.economics import Result
from funnel_sim.ui import shell, state
from funnel_sim.ui.roles import DOORS as ROLE_OF_DOOR
from funnel_sim.ui.roles import set_role
from funnel_sim.words import Lang, say

_MOST_SENTENCES = 12  # of what is wrong with a file
DOORS = (("quote", ":material/request_quote:"), ("pitch", ":material/present_to_all:"), ("kpi", ":material/fact_check:"))


def draw(result: Result) -> None:
    """Draw the page."""
    lang = state.lang()
    st.title(say(lang, "start.title"))
    st.markdown(say(lang, "start.lead"))
    for column, (door, icon) in zip(st.columns(3), DOORS, strict=True):
        with column.container(border=True, height="stretch"):
            st.markdown(f"#### {icon} {say(lang, f'door.{door}')}")
            st.markdown(say(lang, f"door.{door}_text"))
            if st.button(say(lang, f"door.{door}_go"), key=f"door_{door}", type="primary" if door == "pitch" else "secondary", width="stretch"):
                _enter(door)
    st.subheader(say(lang, "start.product"))
    _picker()
    left, right = st.columns(2)
    with left:
        _file()
    with right:
        _link()


def _enter(door: str) -> None:
    set_role(ROLE_OF_DOOR[door])
    shell.go({"pitch": "scenario", "kpi": "kpi", "quote": "quotes"}[door])


def _picker() -> None:
    lang, current = state.lang(), state.scenario()
    columns = st.columns([3, 3, 5, 3], vertical_alignment="bottom")
    known = platforms()
    start = known.index(current.platform) if current.platform in known else 0
    platform: Any = columns[0].selectbox(say(lang, "start.platform"), known, index=start, key="pick_platform", persist_state="session")
    places = markets(platform)
    market: Any = columns[1].selectbox(
        say(lang, "start.market"), places, index=places.index(current.market) if current.market in places else 0,
        key=f"pick_market_{lang}_{platform}", format_func=lambda m: country_words(str(m)).of(lang),
    )  # fmt: skip
    cards = {card.id: card for card in products(platform, market)}
    chosen: Any = columns[2].selectbox(
        say(lang, "start.category"), list(cards), index=list(cards).index(current.preset) if current.preset in cards else 0,
        key=f"pick_product_{lang}_{platform}_{market}", format_func=lambda k: cards[k].product.of(lang) + _category(k, lang) if k in cards else str(k),
    )  # fmt: skip
    if columns[3].button(say(lang, "start.use"), type="primary", key="use_preset", width="stretch"):
        state.replace_whole(preset(chosen))
        shell.go("scenario")
    st.caption(say(lang, "start.product_note"))


def _category(key: str, lang: Lang) -> str:
    scenario = preset(key)
    return f" · {category_words(scenario.platform, scenario.category).of(lang)}"


def _file() -> None:
    lang = state.lang()
    key = f"upload_{st.session_state.get('uploads', 0)}"
    st.file_uploader(
        say(lang, "start.file"),
        type=["json"],
        key=key,
        on_change=_opened,
        args=(key,),
        help=say(lang, "start.file_help"),
    )


def _opened(key: str) -> None:
    upload = st.session_state.get(key)
    if upload is None:
        return
    st.session_state.uploads = st.session_state.get("uploads", 0) + 1
    try:
        files.check_size(upload.size, upload.name)  # before the bytes are copied
        found = files.opened(upload.getvalue(), upload.name)
        state.replace_whole(found.scenario)
    except InputError as error:
        for sentence in error.sentences(state.lang())[:_MOST_SENTENCES]:
            state.notice("error", sentence)
        return
    state.say_version(found.model)
    state.notice("success", say(state.lang(), "start.opened"))


def _link() -> None:
    lang = state.lang()
    with st.form("open_link", border=False):
        text = st.text_input(say(lang, "start.link"), key="link_text", placeholder="https://…?lang=zh&s=…")
        if st.form_submit_button(say(lang, "start.open_link")) and text:
            if state.open_link(text):
                state.notice("success", say(lang, "start.opened"))
            st.rerun()
