"""The view "evidence": what the agency's promise is trusted with, and the sceptical effects with
their sources.
"""

import streamlit as st

from funnel_sim.decisions.kpi.belief import BELIEFS
from funnel_sim.model.economics import Result
from funnel_sim.output.words import formats
from funnel_sim.output.words.kpi import believed_probability, kpi_text, record_sentence
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario import effects
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.pages.kpi.editor import promise_line
from funnel_sim.ui.pages.kpi.ready import Ready
from funnel_sim.ui.session import state
from funnel_sim.ui.widgets.fields import field, source_text
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.words import Lang, say


def evidence_view(result: Result, ready: Ready, lang: Lang) -> None:
    """Draw what the verdict rests on beside the store's own numbers: the promise and what it is
    trusted with.
    """
    st.markdown(f"##### {say(lang, 'kpi.promise_title')}")
    st.markdown(say(lang, "kpi.promise_lead"))
    with st.grid(3, min_column_width=200):
        for name in ("believed", "record_trust"):
            with st.container():
                field(f"promise.{name}", note=False)
    scenario = state.scenario()
    if not scenario.kpis:
        promise_line(scenario, lang)
    if ready.check is not None:
        check = ready.check
        heads = [say(lang, "kpi.kpi"), *(say(lang, f"kpi.believed_{belief}") for belief in BELIEFS)]
        rows = [
            Row(
                "",
                kpi_text(a.kpi, scenario, lang),
                tuple(believed_probability(a.by_belief[belief], check, lang) for belief in BELIEFS),
            )
            for a in check.answers
        ]
        if len(rows) > 1:
            rows.append(
                Row(
                    "",
                    say(lang, "kpi.together"),
                    tuple(
                        believed_probability(check.joint_by_belief[belief], check, lang)
                        for belief in BELIEFS
                    ),
                )
            )
        figure_table(
            "kpi_effects",
            rows,
            heads,
            say(lang, "kpi.effects_title"),
            title=say(lang, "kpi.effects_title"),
            note=say(lang, "kpi.effects_note"),
        )
        told = record_sentence(check, lang)
        if told:
            st.markdown(told)
    with st.expander(
        say(lang, "kpi.sceptical_title"), key="kpi_sceptical", on_change="rerun"
    ) as fold:
        if fold.open:
            _sceptical(scenario, lang)


def _sceptical(scenario: Scenario, lang: Lang) -> None:
    st.markdown(effects.note().of(lang))
    for knot in effects.knots(scenario.as_of):
        st.markdown(
            "- "
            + say(
                lang,
                "kpi.knot",
                share=formats.percent(knot.share, 1),
                change=formats.percent(knot.change),
            )
            + f" · {knot.row.scope} · {source_text(knot.row.provenance, scenario, lang)}"
        )
    uplift, row = effects.claimed(scenario.as_of)
    st.markdown(
        f"- :orange-badge[{say(lang, 'kpi.claim')}]"
        f" {say(lang, 'kpi.claim_default', change=formats.percent(uplift))} · {row.scope} ·"
        f" {source_text(row.provenance, scenario, lang)}"
    )
    share, row = effects.real(scenario.as_of)
    st.markdown(
        f"- {say(lang, 'kpi.real_default', share=formats.percent(share, 0))} · {row.scope} ·"
        f" {source_text(row.provenance, scenario, lang)}"
    )
