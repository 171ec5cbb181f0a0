"""Take away: the workbook, the report (HTML, PDF), slides and the scenario file, made when asked
for and kept in this tab only.
"""

import streamlit as st

from funnel_sim.decisions.found import find
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.exports import FORMATS, file_name
from funnel_sim.scenario.files import to_text
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import frame
from funnel_sim.ui.markup import literal
from funnel_sim.ui.roles import role
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.words import LANGS, Lang, say

_ICONS = {
    "workbook": "table",
    "html": "article",
    "pdf": "picture_as_pdf",
    "slides": "slideshow",
    "file": "data_object",
}


def draw(result: Result) -> None:
    """Draw the page."""
    lang, scenario = state.lang(), result.scenario
    st.subheader(say(lang, "take_away.title"))
    st.markdown(
        say(lang, "take_away.lead")
        + (f" {say(lang, 'take_away.private')}" if role() == "sales" else "")
    )
    speech: Lang = st.segmented_control(
        say(lang, "take_away.language"),
        list(LANGS),
        default=lang,
        key=f"take_lang_{lang}",
        required=True,
        format_func=lambda code: frame.LANGUAGE_NAMES[code],
    )
    chosen = st.pills(
        say(lang, "take_away.formats"),
        list(FORMATS),
        selection_mode="multi",
        default=list(FORMATS),
        key=f"take_formats_{lang}",
        format_func=lambda name: say(lang, f"take_away.{name}"),
    )
    text = scenario.model_dump_json()
    taken: dict[tuple[str, Lang], dict[str, bytes]] = {
        of: made for of, made in tab.taken.items() if of[0] == text
    }
    tab.taken = taken
    kept = taken.setdefault((text, speech), {})
    missing = [name for name in chosen if name not in kept]
    if missing:
        st.button(
            say(lang, "take_away.prepare"),
            key="take_prepare",
            type="primary",
            icon=":material/download:",
            on_click=lambda: Tab.taking.put(True),
        )
        if tab.once(Tab.taking) and _prepare(scenario, speech, missing, kept, lang):
            st.rerun()
    name = f"{file_name(scenario)}-{speech}"
    for one in chosen:
        if one in kept:
            shape = FORMATS[one]
            st.download_button(
                f"{say(lang, f'take_away.{one}')} ({_size(kept[one])})",
                kept[one],
                file_name=f"{name}.{shape.ending}",
                mime=shape.media,
                icon=f":material/{_ICONS[one]}:",
                key=f"take_{one}_{speech}",
                on_click="ignore",
            )
    st.caption(say(lang, "take_away.kept"))


def _file(scenario: Scenario) -> bytes:
    """Return the scenario's file, with what was put aside to be compared and who sits before the
    screen.
    """
    return to_text(scenario, tuple(tab.compared), tab.role).encode()


def _size(content: bytes) -> str:
    return f"{len(content) / 1024:,.0f} kB"


def _prepare(
    scenario: Scenario, speech: Lang, missing: list[str], kept: dict[str, bytes], lang: Lang
) -> bool:
    """Add the files that are not there yet to `kept`, one after the other, with progress; a click
    on cancel ends it, and what is ready stays.

    Return whether all were made.
    """
    waiting = st.empty()
    with waiting.container():
        bar = st.progress(0.0, say(lang, "take_away.simulating"))
        st.button(say(lang, "take_away.cancel"), key="take_cancel", icon=":material/close:")
        try:
            found = find(scenario)
            for index, name in enumerate(missing):
                bar.progress(
                    (index + 1) / (len(missing) + 1),
                    say(lang, "take_away.making", what=say(lang, f"take_away.{name}")),
                )
                kept[name] = (
                    _file(scenario)
                    if name == "file"
                    else FORMATS[name].made(scenario, found, speech)
                )
        except InputError as error:
            st.error(literal(error.sentences(lang)[0]))
            return False
    waiting.empty()
    return True
