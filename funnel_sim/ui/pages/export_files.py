"""Export: the workbook, the report (HTML, PDF), slides, the scenario file, and of a quote the
counter-draft and the page for the boss; for whom, from whom, with which chapters. Made when asked
for and kept in this tab only.
"""

import streamlit as st

from funnel_sim.decisions.found import find
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.documents.leave_behind import Letter, choices, letter
from funnel_sim.output.exports import COUNTER, FORMATS, counter_files, file_name, kinds_of
from funnel_sim.output.words.our_offer import with_offer_names
from funnel_sim.scenario.files import to_text
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import frame
from funnel_sim.ui.markup import literal
from funnel_sim.ui.roles import quote_name, role
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets import brief
from funnel_sim.ui.widgets.letter_fields import letter_fields
from funnel_sim.ui.widgets.refusals import refusal
from funnel_sim.words import LANGS, Lang, say

_ICONS = {
    "workbook": "table",
    "html": "article",
    "pdf": "picture_as_pdf",
    "slides": "slideshow",
    "file": "data_object",
    "counter": "description",
    "boss": "picture_as_pdf",
}
_AT = "@"  # between a kind of file and the quote that it is about


def draw(result: Result) -> None:
    """Draw the page."""
    lang, scenario = state.lang(), result.scenario
    ours = role() == "sales"
    st.subheader(say(lang, "take_away.title"))
    st.markdown(
        say(lang, "take_away.lead") + (f" {say(lang, 'take_away.private')}" if ours else "")
    )
    about = _about(lang, ours=ours)
    speech: Lang = st.segmented_control(
        say(lang, "take_away.language"),
        list(LANGS),
        default=lang,
        key=f"take_lang_{lang}",
        required=True,
        format_func=lambda code: frame.LANGUAGE_NAMES[code],
    )
    every = (*FORMATS, *(COUNTER if any(_quotes(scenario)) else ()))
    chosen = st.pills(
        say(lang, "take_away.formats"),
        list(every),
        selection_mode="multi",
        default=list(kinds_of(scenario, ours=ours)),
        key=f"take_formats_{lang}_{ours}_{len(every)}",
        format_func=lambda name: say(lang, f"take_away.{name}"),
    )
    text = scenario.model_dump_json() + repr(about)
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
        if tab.once(Tab.taking) and _prepare(scenario, speech, missing, kept, about, lang):
            st.rerun()
    _offered(scenario, speech, chosen, kept, lang)
    st.caption(say(lang, "take_away.kept"))
    if not ours:
        brief.fold(scenario, lang, "export")


def _quotes(scenario: Scenario) -> list[str]:
    return [one.id for one in scenario.options if one.kind == "quote" and one.compared]


def _about(lang: Lang, *, ours: bool) -> Letter:
    """Draw for whom, from whom and of which day the files are, and which chapters they have."""
    names = letter_fields(lang)
    st.caption(say(lang, "cover.asked"))
    every = choices(ours=ours)
    usual = Letter(ours=ours).chapters
    with st.expander(say(lang, "cover.chapters"), key="cover_fold", on_change="rerun") as fold:
        if fold.open:
            known = tab.letter_chapters.get(ours, list(usual))
            key = f"cover_pills_{lang}_{ours}"
            st.pills(
                say(lang, "cover.chapters"),
                list(every),
                selection_mode="multi",
                default=known,
                key=key,
                label_visibility="collapsed",
                format_func=lambda name: say(lang, f"cover.chapter_{name}"),
                on_change=lambda: tab.letter_chapters.update({ours: list(tab.typed(key) or [])}),
            )
            if ours:
                st.caption(say(lang, "cover.verdict_asked"))
    picked = tab.letter_chapters.get(ours)
    return letter(*names, ours=ours, chosen=None if picked is None else tuple(picked))


def _offered(
    scenario: Scenario, speech: Lang, chosen: list[str], kept: dict[str, bytes], lang: Lang
) -> None:
    """Draw a button for each file that is ready."""
    name = f"{file_name(scenario)}-{speech}"
    names = {one.id: quote_name(one, lang) for one in scenario.options}
    for one in chosen:
        if one in FORMATS and one in kept:
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
        elif one in COUNTER and one in kept:
            ending, media = COUNTER[one]
            each = {key.split(_AT)[1]: key for key in kept if key.startswith(f"{one}{_AT}")}
            if not each:
                st.caption(say(lang, "take_away.no_counter", what=say(lang, f"take_away.{one}")))
            for quote, key in each.items():
                told = say(lang, f"take_away.{one}")
                st.download_button(
                    literal(f"{told} · {names.get(quote, quote)} ({_size(kept[key])})"),
                    kept[key],
                    file_name=f"{file_name(scenario)}-{quote}-{one}-{speech}.{ending}",
                    mime=media,
                    icon=f":material/{_ICONS[one]}:",
                    key=f"take_{key}_{speech}",
                    on_click="ignore",
                )


def _file(scenario: Scenario) -> bytes:
    """Return the scenario's file, with what was put aside to be compared and who sits before the
    screen.
    """
    return to_text(scenario, tuple(tab.compared), tab.role).encode()


def _size(content: bytes) -> str:
    return f"{len(content) / 1024:,.0f} kB"


def _prepare(
    scenario: Scenario,
    speech: Lang,
    missing: list[str],
    kept: dict[str, bytes],
    about: Letter,
    lang: Lang,
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
            told = with_offer_names(scenario, speech) if about.ours else scenario
            found = find(told)
            for index, name in enumerate(missing):
                bar.progress(
                    (index + 1) / (len(missing) + 1),
                    say(lang, "take_away.making", what=say(lang, f"take_away.{name}")),
                )
                if name in COUNTER:
                    for quote, content in counter_files(told, found, name, speech).items():
                        kept[f"{name}{_AT}{quote}"] = content
                    kept[name] = b""
                elif name == "file":
                    kept[name] = _file(scenario)
                else:
                    kept[name] = FORMATS[name].made(told, found, speech, about)
        except InputError as error:
            refusal(error, lang, "export")
            return False
    waiting.empty()
    return True
