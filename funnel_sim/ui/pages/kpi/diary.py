"""The view "diary": today's forecast as a file, earlier ones with what came of them, and their
score.
"""

import datetime as dt
from functools import partial

import streamlit as st

from funnel_sim.decisions.kpi import diary
from funnel_sim.decisions.kpi.diary import DiaryEntry
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.words import formats
from funnel_sim.output.words.kpi import diary_words, metric_unit
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.kpi_metrics import FUNNEL, OPERATIONAL
from funnel_sim.ui import markup
from funnel_sim.ui.markup import literal
from funnel_sim.ui.pages.kpi.ready import Ready
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.ui.widgets.number import PLAIN, RATE, number
from funnel_sim.words import Lang, say

_LONGEST_DIARY = 60
_FINE = 0.01


def diary_view(result: Result, ready: Ready, lang: Lang) -> None:
    """Draw today's forecast as a file to keep, and the score of earlier ones that are opened."""
    st.markdown(say(lang, "kpi.diary_lead"))
    if ready.check is not None:
        today = dt.datetime.now(tz=dt.UTC).date()
        entry = diary.entry_of(ready.check, diary_words(ready.check, lang), today)
        st.download_button(
            say(lang, "kpi.diary_save"),
            diary.diary_text(entry),
            file_name=f"forecast-{today.isoformat()}.json",
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
            key="diary_save",
        )
    uploads = st.file_uploader(
        say(lang, "kpi.diary_open"), type=["json"], accept_multiple_files=True, key="diary_files"
    )
    entries: list[tuple[str, DiaryEntry]] = []
    for upload in (uploads or [])[:_LONGEST_DIARY]:
        try:
            entries.append((upload.file_id, diary.read_diary(upload.getvalue(), upload.name)))
        except InputError as error:
            st.error(literal(error.sentences(lang)[0]))
    filled = [_actuals(name, entry, lang) for name, entry in entries]
    found = diary.score(filled)
    if found is None:
        return
    score = say(
        lang,
        "kpi.diary_score",
        known=found.known,
        met=found.met,
        brier=formats.number(found.brier, 3),
        always=formats.number(found.always, 3),
    )
    st.markdown(f"**{score}**")
    rows = [
        Row(
            "",
            f"{formats.percent(low, 0)} – {formats.percent(high, 0)}",
            (str(count), formats.percent(said, 0), formats.percent(came, 0)),
        )
        for low, high, count, said, came in found.bins
    ]
    figure_table(
        "diary_bins",
        rows,
        [
            say(lang, "kpi.diary_bin"),
            say(lang, "kpi.diary_count"),
            say(lang, "kpi.diary_said"),
            say(lang, "kpi.diary_came"),
        ],
        say(lang, "kpi.diary_bins"),
        note=say(lang, "kpi.diary_note"),
    )


def _came(key: str, value: float | None) -> None:
    tab.diary_came[key] = value


def _actuals(name: str, entry: DiaryEntry, lang: Lang) -> DiaryEntry:
    """Draw one entry with a field for what came of each KPI; return it filled in."""
    came: dict[str, float | None] = {}
    with st.container(border=True):
        st.markdown(markup.said(f"**{entry.made.isoformat()} · {entry.name}**"))
        for said in entry.said:
            left, right = st.columns([3, 2], vertical_alignment="bottom")
            percent = (
                metric_unit(said.metric) == "rate"
                if said.metric in (*FUNNEL, *OPERATIONAL)
                else False
            )
            key = f"diary_{name}_{said.kpi}"
            told_in: dict[str, float | None] = tab.diary_came
            label = f"{say(lang, 'kpi.diary_actual')}{' (%)' if percent else ''}"
            kind = RATE if percent else PLAIN
            with right:
                number(label, told_in.get(key, said.came), partial(_came, key), key=key, kind=kind)
            came[said.kpi] = told_in.get(key, said.came)
            told = entry.with_actuals(came)
            mine = next(one for one in told.said if one.kpi == said.kpi)
            was = formats.percent(said.odds, 0 if _FINE <= said.odds <= 1 - _FINE else 2)
            words = f"{said.words} · {say(lang, 'kpi.diary_was', odds=was)}"
            if mine.met is not None and mine.fell is not None:
                words += (
                    f" · {say(lang, 'kpi.diary_met' if mine.met else 'kpi.diary_missed')} ·"
                    f" {say(lang, 'kpi.diary_fell', place=formats.percent(mine.fell, 0))}"
                )
            left.markdown(markup.said(words))
        filled = entry.with_actuals(came)
        st.download_button(
            say(lang, "kpi.diary_keep"),
            diary.diary_text(filled),
            file_name=f"forecast-{entry.made.isoformat()}.json",
            mime="application/json",
            on_click="ignore",
            key=f"diary_keep_{name}",
            icon=":material/download:",
        )
    return filled
