"""Start: four doors, each to a path of its own; beside them an example, or where one was last."""

from functools import cache

import streamlit as st

from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.quote.answer import compare
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.words.quote import reason_sentences, verdict_sentence
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.scenario import files
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quote_templates import quote_templates
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import frame, shell
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.pages.quote.editor import begin_blank
from funnel_sim.ui.roles import DOORS as ROLE_OF_DOOR
from funnel_sim.ui.roles import role, set_role
from funnel_sim.ui.session import address, state
from funnel_sim.ui.session.quotes import quotes_in
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets import assumed_orders, shop
from funnel_sim.words import Lang, say

_LONGEST_LINE = 120
_MOST_SENTENCES = 12  # of what is wrong with a file
_WHY = 2  # lines of the example
_BEHIND = {
    "pitch": "quote_test",
    "kpi": "kpi_check",
    "quote": "quote_test",
    "signed": "actual_months",
}
DOORS = (
    ("quote", ":material/request_quote:"),
    ("pitch", ":material/present_to_all:"),
    ("kpi", ":material/fact_check:"),
    ("signed", ":material/receipt_long:"),
)


def draw(result: Result) -> None:
    """Draw the page."""
    lang = state.lang()
    st.subheader(say(lang, "start.title"))
    st.markdown(say(lang, "start.lead"))
    left, right = st.columns([7, 5], gap="medium")
    with left:
        for door, icon in DOORS:
            with st.container(border=True, gap="small", key=f"start_{door}"):
                words, button = st.columns([5, 3], vertical_alignment="center")
                words.markdown(f"#### {icon} {say(lang, f'door.{door}')}")
                words.markdown(say(lang, f"door.{door}_text"))
                if button.button(
                    say(lang, f"door.{door}_go"),
                    key=f"door_{door}",
                    type="primary" if ROLE_OF_DOOR.get(door) == role() else "secondary",
                    width="stretch",
                    on_click=_opens,
                    args=(door,),
                ):
                    shell.go(_BEHIND[door])
                if door == "pitch":
                    with button:
                        _whose_shop(lang)
    with right:
        if not _go_on():
            _example(lang)
    with st.expander(say(lang, "start.open"), key="start_open", icon=":material/folder_open:"):
        file, link = st.columns(2)
        with file:
            _file()
        with link:
            _link()


def _opens(door: str) -> None:
    """Take down who sits there, and begin the quote that is about to be typed."""
    if door in ROLE_OF_DOOR:  # whoever has signed stays who they were
        set_role(ROLE_OF_DOOR[door])
    if door == "pitch":  # a pitch counts what the prospect said, not what the example sells besides
        assumed_orders.begin()
    if door in ("quote", "pitch") and not quotes_in(state.scenario()):
        begin_blank()


def _whose_shop(lang: Lang) -> None:
    """Draw the client's platform and market as a way through the door: chosen, it opens."""
    key = f"door_pitch_place_{lang}"

    def chosen() -> None:
        place = tab.typed(key)
        if place is not None:
            set_role("sales")
            shop.moved(place)
            _opens("pitch")

    place = st.selectbox(
        say(lang, "door.pitch_place"),
        shop.places(),
        index=None,
        key=key,
        placeholder=say(lang, "door.pitch_place"),
        label_visibility="collapsed",
        format_func=lambda one: shop.place_words(one, lang),
        on_change=chosen,
    )
    if place is not None:
        shell.go(_BEHIND["pitch"])


def _example(lang: Lang) -> None:
    """Draw what comes out of the example, labelled as such."""
    with st.container(border=True, key="start_example"):
        st.markdown(f":gray-badge[{say(lang, 'start.example')}]")
        lead, verdict, told, why = _sample(lang, state.scenario().shown_in)
        st.caption(literal(lead))
        st.markdown(said(f"##### :gray-badge[{verdict}] {told}"))
        st.markdown(said("\n".join(f"- {one}" for one in why)))


@cache
def _sample(lang: Lang, shown_in: str) -> tuple[str, str, str, tuple[str, ...]]:
    """Return what the first ready-made quote comes to for the first example: its lead, the verdict
    in a word and in a sentence, why; worked out once a process, for nobody's numbers are in it.
    """
    store, template = preset(state.FIRST_PRESET), quote_templates()[0]
    changes = template.added_to(store, lambda one, other: exchange(one, other, store.as_of))
    answers = compare(store.replace(changes | {"shown_in": shown_in}), LIVE)
    answer = next(one for one in answers.options if one.option.kind == "quote")
    lead = say(
        lang,
        "start.example_lead",
        shop=frame.where(store, lang),
        quote=template.words.of(lang),
    )
    return (
        lead,
        say(lang, f"quote.{answer.verdict}"),
        verdict_sentence(answer, answers, lang),
        tuple(reason_sentences(answer, answers, lang)[:_WHY]),
    )


def _go_on() -> bool:
    """Offer what this browser kept of an earlier visit; only the browser holds it. Say whether
    there is anything.
    """
    lang, kept = state.lang(), tab.saved
    if not kept.get("s") or kept["s"] == address.link_text():
        return False
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
                    shell.go(_page_of(state.scenario()))
                st.rerun()
            st.button(
                say(lang, "start.go_on_forget"),
                key="go_on_forget",
                type="tertiary",
                on_click=address.forget,
            )
    return True


def _page_of(scenario: Scenario) -> str:
    """Return the page on which work on a scenario goes on."""
    if quotes_in(scenario):
        return "quote_test"
    return "kpi_check" if scenario.kpis else "my_shop"


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
