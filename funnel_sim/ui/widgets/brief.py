"""The brief to providers as files to take away: Word and Markdown, in both languages."""

from functools import partial

import streamlit as st

from funnel_sim.output.documents.brief import brief_docx, brief_markdown, filled_sentence
from funnel_sim.output.exports import file_name
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import LANGS, Lang, say

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def fold(scenario: Scenario, lang: Lang, where: str) -> None:
    """Draw the brief in a fold; `where` keeps two of them apart."""
    with st.expander(
        say(lang, "brief.fold"),
        key=f"brief_{where}",
        on_change="rerun",
        icon=":material/mail:",
    ) as opened:
        if opened.open:
            draw(scenario, lang, where)


def draw(scenario: Scenario, lang: Lang, where: str) -> None:
    """Draw what the brief is, whether it tells cost and margin, and its files.

    Args:
        where: the place it is drawn at, which keeps its keys apart from those of another.
    """
    st.caption(say(lang, "brief.about"))
    key = f"brief_private_{where}"
    private = st.checkbox(say(lang, "brief.private"), key=key)
    st.caption(filled_sentence(scenario, lang, private=private))
    every = (lang, *(other for other in LANGS if other != lang))
    name = f"{file_name(scenario)}-brief"
    with st.container(horizontal=True):
        for speech in every:
            st.download_button(
                say(lang, f"brief.docx_{speech}"),
                partial(brief_docx, scenario, speech, private=private),
                file_name=f"{name}-{speech}.docx",
                mime=_DOCX,
                on_click="ignore",
                key=f"brief_docx_{where}_{speech}",
                icon=":material/description:",
            )
        for speech in every:
            st.download_button(
                say(lang, f"brief.md_{speech}"),
                partial(brief_markdown, scenario, speech, private=private),
                file_name=f"{name}-{speech}.md",
                mime="text/markdown",
                on_click="ignore",
                key=f"brief_md_{where}_{speech}",
                icon=":material/download:",
                type="tertiary",
            )
