"""The views on one KPI: the months on the way to its target, what would have to be true for it, and
its words in a contract.
"""

import streamlit as st

from funnel_sim.decisions.kpi.check import KpiAnswer, KpiCheck
from funnel_sim.decisions.kpi.levers import PROBABILITIES, TOGETHER, movable
from funnel_sim.model.economics import Result
from funnel_sim.output.charts.kpi import data_path, spec_path
from funnel_sim.output.words import formats
from funnel_sim.output.words.kpi import (
    believed_probability,
    kpi_text,
    metric_name,
    metric_unit,
    value_text,
)
from funnel_sim.output.words.kpi_contract import baseline_words, contract_sentence
from funnel_sim.output.words.kpi_levers import lever_cells, shared_sentence
from funnel_sim.output.words.kpi_offers import stop_sentence
from funnel_sim.output.words.tables import Row
from funnel_sim.ui import markup
from funnel_sim.ui.pages.kpi.ready import Ready
from funnel_sim.ui.session import kpi_answers
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.words import LANGS, Lang, say


def _chosen(check: KpiCheck, key: str, lang: Lang) -> KpiAnswer:
    """Draw the choice of one KPI and return its answer."""
    names = [answer.kpi.id for answer in check.answers]
    by_id = {answer.kpi.id: answer for answer in check.answers}
    if len(names) == 1:
        return check.answers[0]
    picked = st.selectbox(
        say(lang, "kpi.which"),
        names,
        key=f"{key}_{lang}_{'_'.join(names)}",
        format_func=lambda n: (
            kpi_text(by_id[n].kpi, check.scenario, lang) if n in by_id else str(n)
        ),
    )
    return by_id[picked if picked in by_id else names[0]]


def path_view(result: Result, ready: Ready, lang: Lang) -> None:
    """Draw the months on the way to one KPI's target, with the line that tells failure
    from chance.
    """
    check = ready.check
    if check is None:
        return
    answer = _chosen(check, "kpi_path", lang)
    found = kpi_answers.path_of(check.scenario, answer.kpi.id)
    if found is None:
        st.info(say(lang, "kpi.no_path"))
        return
    kpi, scenario = answer.kpi, check.scenario

    def show(value: float) -> str:
        return value_text(value, kpi.metric, scenario, lang)

    unit = metric_unit(kpi.metric)
    if found.growth == found.growth:
        st.markdown(
            markup.said(
                say(
                    lang,
                    "kpi.path_growth" if found.growth else "kpi.path_there",
                    growth=formats.percent(found.growth),
                    baseline=show(answer.baseline.value) if answer.baseline else "",
                    source=baseline_words(answer.baseline, scenario, lang),
                )
            )
        )
    figure(
        "kpi_path_chart",
        say(lang, "kpi.path_chart", kpi=metric_name(kpi.metric, lang)),
        data_path(found, show, lang, scenario.shown.rate if unit == "money" else 1.0),
        spec_path(lang, theme(), formats.axis(unit, scenario.shown, lang)),
    )
    notes = [
        say(lang, "kpi.path_note"),
        *([] if found.stop is None else [stop_sentence(found.stop, kpi, scenario, lang)]),
    ]
    st.caption(markup.said((" " if lang == "en" else "").join(notes)))
    months = [say(lang, "kpi.month", month=m + 1) for m in range(len(found.required))]
    rows = [
        Row("", say(lang, f"kpi.line_{name}"), tuple(show(float(v)) for v in values))
        for name, values in (
            ("required", found.required),
            ("median", found.median),
            ("stop", found.line),
        )
    ]
    figure_table("kpi_path_table", rows, ["", *months], say(lang, "kpi.view_path"))


def levers_view(result: Result, ready: Ready, lang: Lang) -> None:
    """Draw how far each lever would have to move for the KPIs to be probable enough."""
    check = ready.check
    if check is None:
        return
    scenario = check.scenario
    moving = movable(scenario)
    if not moving:
        st.info(say(lang, "kpi.no_levers"))
        return
    found, together = kpi_answers.levers_of(scenario)
    names = [TOGETHER, *(kpi.id for kpi in moving)] if len(moving) > 1 else [moving[0].id]
    by_id = {kpi.id: kpi for kpi in moving}
    which = names[0]
    if len(names) > 1:
        which = st.selectbox(
            say(lang, "kpi.which"),
            names,
            key=f"kpi_lever_{lang}_{'_'.join(names)}",
            format_func=lambda n: (
                kpi_text(by_id[n], scenario, lang)
                if n in by_id
                else say(lang, "kpi.together_funnel")
            ),
        )
    heads = [
        say(lang, "kpi.lever"),
        say(lang, "table.today"),
        *(say(lang, "kpi.at_odds", odds=formats.percent(goal, 0)) for goal in PROBABILITIES),
        say(lang, "kpi.usual"),
    ]
    rows = [
        Row("", one.lever.words.of(lang), lever_cells(one, which, scenario, lang)) for one in found
    ]
    figure_table(
        "kpi_levers",
        rows,
        heads,
        say(lang, "kpi.view_levers"),
        title=say(lang, "kpi.levers_title"),
        note=say(lang, "kpi.levers_note"),
    )
    st.markdown(markup.said(shared_sentence(together, which, lang)))
    if which == TOGETHER and len(moving) < len(scenario.kpis):
        st.caption(say(lang, "kpi.levers_without"))


def words_view(result: Result, ready: Ready, lang: Lang) -> None:
    """Draw one KPI under each way of counting it, and its sentence for a contract in both
    languages.
    """
    check = ready.check
    if check is None:
        return
    answer = _chosen(check, "kpi_words", lang)
    scenario = check.scenario
    found = kpi_answers.definitions_of(scenario, answer.kpi.id)
    if len(found) > 1:
        heads = [
            say(lang, "kpi.way"),
            "P10",
            say(lang, "kpi.typical"),
            "P90",
            say(lang, "kpi.odds"),
        ]
        rows = [
            Row(
                "",
                say(lang, f"kpi.way_{one.way}"),
                (
                    *(
                        value_text(v, answer.kpi.metric, scenario, lang)
                        for v in (one.low, one.median, one.high)
                    ),
                    believed_probability(one.probability, check, lang),
                ),
            )
            for one in found
        ]
        figure_table(
            "kpi_definitions",
            rows,
            heads,
            say(lang, "kpi.definitions"),
            title=say(lang, "kpi.definitions"),
            note=say(lang, "kpi.definitions_note"),
        )
    else:
        st.caption(say(lang, "kpi.definitions_one"))
    st.markdown(f"**{say(lang, 'kpi.contract_title')}**")
    for speech in (lang, *(other for other in LANGS if other != lang)):
        st.code(contract_sentence(answer, scenario, speech), language=None, wrap_lines=True)
