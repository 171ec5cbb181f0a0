"""The statement as files: for whom, from whom, of which day, in which language."""

from functools import partial

import streamlit as st

from funnel_sim.decisions.review.settlement import Settlement
from funnel_sim.output.documents.leave_behind import LONGEST, letter
from funnel_sim.output.statement import STATEMENT, statement_name
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import frame
from funnel_sim.ui.pages.settlement import dispute
from funnel_sim.ui.session.tab import tab
from funnel_sim.words import LANGS, Lang, say

_ICONS = {"xlsx": "table", "pdf": "picture_as_pdf", "md": "article", "csv": "data_object"}


def draw(found: Settlement, scenario: Scenario, lang: Lang) -> None:
    """Draw whom the statement is for and a button for each kind of file."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        speech: Lang = st.segmented_control(
            say(lang, "take_away.language"),
            list(LANGS),
            default=lang,
            key=f"settle_lang_{lang}",
            required=True,
            format_func=lambda code: frame.LANGUAGE_NAMES[code],
        )
        day = tab.letter_on or frame.today()
        for name, value in (("for", tab.letter_for), ("by", tab.by), ("on", day)):
            key = f"settle_{name}"
            tab.seed(key, value)
            st.text_input(
                say(lang, f"cover.{name}"),
                key=key,
                max_chars=LONGEST,
                placeholder=say(lang, "cover.none"),
                width=200,
                on_change=_named,
            )
    about = letter(*(str(tab.typed(f"settle_{name}") or "") for name in ("for", "by", "on")))
    disputed = dispute.at_hand(found, scenario)
    with st.container(horizontal=True):
        for kind, shape in STATEMENT.items():
            st.download_button(
                say(lang, f"settlement.file_{kind}"),
                partial(shape.made, found, scenario, speech, about, disputed),
                file_name=statement_name(found, scenario, kind, speech),
                mime=shape.media,
                icon=f":material/{_ICONS[kind]}:",
                key=f"settle_file_{kind}",
                on_click="ignore",
                type="primary" if kind in ("xlsx", "pdf") else "secondary",
            )
    st.caption(say(lang, "settlement.files_note"))


def _named() -> None:
    tab.letter_for, tab.by, tab.letter_on = (
        " ".join(str(tab.typed(f"settle_{name}") or "").split()) for name in ("for", "by", "on")
    )
