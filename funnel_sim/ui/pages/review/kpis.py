"""The review's first part: where the KPIs stand, the stop-loss, the days to keep."""

import streamlit as st

from funnel_sim.output.words import formats
from funnel_sim.output.words.ending import ended_sentences
from funnel_sim.output.words.kpi_baselines import baseline_sentences
from funnel_sim.output.words.review_dates import calendar_file, date_lines
from funnel_sim.output.words.review_kpis import (
    cut_sentences,
    kpi_heads,
    kpi_rows,
    kpi_workings,
    stop_lines,
    window_heads,
    window_rows,
)
from funnel_sim.ui import shell
from funnel_sim.ui.markup import said
from funnel_sim.ui.pages.review.at_hand import AtHand
from funnel_sim.ui.session import reviews
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.words import Lang, say

CALENDAR = "text/calendar"


def draw(at: AtHand, lang: Lang) -> None:
    """Draw the part.

    Raises:
        InputError: the months cannot be held against the KPIs.
    """
    found = reviews.standing_known(at.scenario, at.period.name, at.contract)
    if not found.rows:
        st.info(say(lang, "review.no_kpis"))
        if st.button(say(lang, "review.to_kpis"), key="review_to_kpis"):
            shell.go("kpi_check")
    else:
        for sentence in ended_sentences(found.ended, lang):
            st.info(said(sentence))
        bounds = at.known.verdicts
        title = say(lang, "review.kpi_table", month=found.month)
        meanings = {
            say(lang, f"review.col_{name}"): say(lang, f"review.say_{name}")
            for name in ("attained", "year", "before", "health")
        }
        figure_table(
            "review_kpis",
            kpi_rows(found, at.known, lang),
            kpi_heads(found, lang),
            title,
            title=title,
            words=(6,),
            note=say(
                lang,
                "review.kpi_table_note",
                safe=formats.percent(bounds.safe, 0),
                stretch=formats.percent(bounds.stretch, 0),
            ),
            meanings=meanings,
            stacked=True,
        )
        for sentence in baseline_sentences(found, at.known, lang):
            st.markdown(said(f"- {sentence}"))
        title = say(lang, "review.window_table")
        figure_table(
            "review_windows",
            window_rows(found, at.known, lang),
            window_heads(lang),
            title,
            title=title,
            words=(1,),
            note=" ".join(cut_sentences(found, lang)),
            stacked=True,
        )
        with st.expander(say(lang, "review.how"), key="review_how_kpis", on_change="rerun") as fold:
            if fold.open:
                told = kpi_workings(found, at.known, lang)
                st.markdown(said("\n".join(f"- {one}" for one in told)))
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**{say(lang, 'review.stop_title')}**")
        if found.stop is not None and found.stop.triggered is not None:
            st.error(said("  \n".join(stop_lines(found, at.known, lang))))
        else:
            st.markdown(said("\n".join(f"- {one}" for one in stop_lines(found, at.known, lang))))
    with right:
        st.markdown(f"**{say(lang, 'review.dates_title')}**")
        st.markdown(said("\n".join(f"- {one}" for one in date_lines(found, lang))))
        if found.dates:
            st.download_button(
                say(lang, "review.calendar"),
                calendar_file(found, at.known, lang).encode(),
                file_name="funnel-sim-dates.ics",
                mime=CALENDAR,
                icon=":material/event:",
                key="review_calendar",
                on_click="ignore",
            )
