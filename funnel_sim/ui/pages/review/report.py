"""The review's last part: the report of a month or a quarter as files, made when asked for and kept
in this tab only.
"""

import streamlit as st

from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.review.reviewed import review_of
from funnel_sim.errors import InputError
from funnel_sim.output.documents.leave_behind import PLAIN, Letter, letter
from funnel_sim.output.exports import REVIEW_FORMATS, file_name
from funnel_sim.ui import frame
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.pages.review.at_hand import AtHand
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.letter_fields import letter_fields
from funnel_sim.words import LANGS, Lang, say

_ICONS = {
    "html": "article",
    "pdf": "picture_as_pdf",
    "pptx": "slideshow",
    "xlsx": "table",
}


def draw(at: AtHand, lang: Lang) -> None:
    """Draw the part."""
    st.markdown(said(say(lang, "review.report_lead")))
    about = letter(*letter_fields(lang))
    speech: Lang = st.segmented_control(
        say(lang, "take_away.language"),
        list(LANGS),
        default=lang,
        key=f"review_lang_{lang}",
        required=True,
        format_func=lambda code: frame.LANGUAGE_NAMES[code],
    )
    chosen = st.pills(
        say(lang, "review.to_make"),
        list(REVIEW_FORMATS),
        selection_mode="multi",
        default=list(REVIEW_FORMATS),
        key=f"review_formats_{lang}",
        format_func=lambda name: say(lang, f"review.format_{name}"),
    )
    text = "\n".join(
        (at.scenario.model_dump_json(), at.period.name, at.contract, speech, repr(about))
    )
    tab.review_taken = {of: made for of, made in tab.review_taken.items() if of == text}
    kept = tab.review_taken.setdefault(text, {})
    missing = [name for name in chosen if name not in kept]
    if missing:
        st.button(
            say(lang, "review.make"),
            key="review_make",
            type="primary",
            icon=":material/download:",
            on_click=lambda: Tab.review_making.put(True),
        )
        if tab.once(Tab.review_making) and _prepare(at, speech, missing, kept, about, lang):
            st.rerun()
    name = f"{file_name(at.scenario)}-review-{at.period.name}-{speech}"
    for kind in chosen:
        if kind in kept:
            size = f"{len(kept[kind]) / 1024:,.0f} kB"
            st.download_button(
                f"{say(lang, f'review.format_{kind}')} ({size})",
                kept[kind],
                file_name=f"{name}.{REVIEW_FORMATS[kind].ending}",
                mime=REVIEW_FORMATS[kind].media,
                icon=f":material/{_ICONS[kind]}:",
                key=f"review_take_{kind}_{speech}",
                on_click="ignore",
            )
    st.caption(say(lang, "take_away.kept"))


def at_once(at: AtHand, lang: Lang) -> None:
    """Offer the report as PDF in the reader's language, made when it is asked for."""
    pdf, scenario, name = REVIEW_FORMATS["pdf"], at.scenario, at.period.name
    st.download_button(
        say(lang, "review.pdf_at_once", period=name),
        lambda: pdf.made(review_of(scenario, at.option, name, paths=LIVE), lang, PLAIN),
        file_name=f"{file_name(scenario)}-review-{name}-{lang}.{pdf.ending}",
        mime=pdf.media,
        icon=":material/picture_as_pdf:",
        key=f"review_pdf_{name}_{lang}",
        on_click="ignore",
    )


def _prepare(
    at: AtHand,
    speech: Lang,
    missing: list[str],
    kept: dict[str, bytes],
    about: Letter,
    lang: Lang,
) -> bool:
    """Add the files that are not there yet to `kept`, with progress; return whether all were
    made.
    """
    waiting = st.empty()
    with waiting.container():
        bar = st.progress(0.0, say(lang, "take_away.simulating"))
        try:
            found = review_of(at.scenario, at.option, at.period.name, paths=LIVE)
            for place, kind in enumerate(missing, 1):
                what = say(lang, f"review.format_{kind}")
                bar.progress(place / (len(missing) + 1), say(lang, "review.making", what=what))
                kept[kind] = REVIEW_FORMATS[kind].made(found, speech, about)
        except InputError as error:
            st.error(literal(error.sentences(lang)[0]))
            return False
    waiting.empty()
    return True
