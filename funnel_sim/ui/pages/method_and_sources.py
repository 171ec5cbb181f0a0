"""Method and sources: definitions chosen, formulas with today's numbers, every parameter, this
scenario's inputs.
"""

import tomllib
from functools import cache
from typing import Any

import pandas as pd
import streamlit as st

from funnel_sim.model.economics import Result
from funnel_sim.model.funnel_words import FUNNEL_WORDS
from funnel_sim.model.metrics import FORMULAS
from funnel_sim.output.words import formats
from funnel_sim.output.words.codes import cell_text
from funnel_sim.output.words.explain import explain, plain_value
from funnel_sim.output.words.figure_names import name_of
from funnel_sim.output.words.tables import GLOSSARY, Row
from funnel_sim.reference import provenance
from funnel_sim.reference.preset_cards import material_words
from funnel_sim.reference.provenance import DATA_DATE, Provenance
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.origins import origin_of
from funnel_sim.scenario.paths import field_paths
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.upkeep import TABLES
from funnel_sim.stored import read_data
from funnel_sim.ui.session import state
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.words import Lang, say

_OTHER = {
    "en": ("country_zh", "tax_name_zh", "product_zh", "item_zh"),
    "zh": ("country_en", "tax_name_en", "product_en", "item_en"),
}
PARTS = ("definitions", "formulas", "inputs", "parameters")
TOPICS = tuple(TABLES)


@cache
def definitions() -> list[dict[str, str]]:
    """Return the definitions chosen where the field disagrees."""
    text = read_data("definitions.toml")
    rows: list[dict[str, str]] = tomllib.loads(text)["definition"]
    return rows


def draw(result: Result) -> None:
    """Draw the page."""
    lang = state.lang()
    st.title(say(lang, "method.title"))
    st.markdown(say(lang, "method.lead"))
    part: Any = st.segmented_control(
        say(lang, "method.part"),
        PARTS,
        default="definitions",
        key="method_part",
        required=True,
        label_visibility="collapsed",
        format_func=lambda p: say(lang, f"method.{p}"),
        persist_state="session",
    )
    {
        "definitions": _definitions,
        "formulas": _formulas,
        "inputs": _inputs,
        "parameters": _parameters,
    }[part](result, lang)


def _definitions(result: Result, lang: Lang) -> None:
    for row in definitions():
        st.markdown(f"**{row[f'name_{lang}']}**  \n{row[f'choice_{lang}']}")
        if row.get(f"others_{lang}"):
            st.caption(f"{say(lang, 'method.others')} {row[f'others_{lang}']}")


def _formulas(result: Result, lang: Lang) -> None:
    st.caption(say(lang, "method.formulas_note"))
    every = [*GLOSSARY, *(key for key in (*FORMULAS, *FUNNEL_WORDS) if key not in GLOSSARY)]
    rows = []
    for key in every:
        if key in FORMULAS or key in FUNNEL_WORDS:
            shown = explain(result, key, lang)
            rows.append(Row(key, shown.name, (shown.words, shown.value)))
        elif key in result.steady:
            rows.append(
                Row(
                    "",
                    name_of(key, lang),
                    (say(lang, "method.an_input"), formats.percent(result.steady[key])),
                )
            )
    figure_table(
        "formulas",
        rows,
        ["", say(lang, "method.formula"), say(lang, "method.value")],
        say(lang, "method.formulas"),
        words=(1,),
    )


def _inputs(result: Result, lang: Lang) -> None:
    st.caption(say(lang, "method.inputs_note"))
    st.dataframe(
        assumption_table(result.scenario, lang), hide_index=True, width="stretch", height=600
    )


def assumption_table(scenario: Scenario, lang: Lang) -> pd.DataFrame:
    """Return every input of a scenario with its value, origin, date, evidence and source."""
    rows = []
    for path, spec in field_paths(scenario):
        value = scenario.get(path)
        if value is None or isinstance(value, list):
            continue
        if spec.unit is Unit.TEXT:
            shown = (
                material_words(str(value)).of(lang)
                if path == "product.material"
                else plain_value(value, spec, lang)
            )
        else:
            shown = formats.field(
                point_value(value), spec.unit, scenario.currency, scenario.cost_currency, lang
            )
        origin = origin_of(scenario, path)
        source = origin.provenance
        rows.append(
            {
                say(lang, "column.input"): spec.label.of(lang),
                say(lang, "column.field"): path,
                say(lang, "column.value"): shown + (" ~" if is_range(value) else ""),
                say(lang, "column.origin"): say(lang, f"origin.{origin.kind}"),
                say(lang, "column.evidence"): _evidence(source, lang),
                say(lang, "column.since"): (
                    source.start.isoformat() if source and source.start else ""
                ),
                say(lang, "column.source"): (
                    source.source if source and source.evidence != "assumed" else ""
                ),
                say(lang, "column.note"): source.note if source else "",
            }
        )
    return pd.DataFrame(rows)


def _evidence(source: Provenance | None, lang: Lang) -> str:
    if source is None:
        return ""
    weak = (
        f" · {say(lang, 'evidence.weak')}" if source.weak and source.evidence != "assumed" else ""
    )
    return say(lang, f"evidence.{source.evidence}") + weak


def _parameters(result: Result, lang: Lang) -> None:
    day = st.date_input(
        say(lang, "method.on"),
        value=result.scenario.as_of,
        key=f"method_day_{lang}",
        help=say(lang, "method.on_help"),
    )
    topic: Any = st.segmented_control(
        say(lang, "method.topic"),
        TOPICS,
        default="commission",
        key="method_topic",
        required=True,
        persist_state="session",
        format_func=lambda t: say(lang, f"topic.{t}"),
    )
    search = st.text_input(say(lang, "method.search"), key="method_search", persist_state="session")
    table = parameter_table(topic, lang, day if day is not None else DATA_DATE)
    if search:
        table = table[
            table.astype(str).apply(lambda row: search.lower() in " ".join(row).lower(), axis=1)
        ]
    st.caption(say(lang, "method.rows", n=len(table)))
    link = say(lang, "column.source")
    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height=560,
        column_config={link: st.column_config.LinkColumn(link, width="medium")},
    )


@cache
def parameter_table(topic: str, lang: Lang, day: Any) -> pd.DataFrame:
    """Return every parameter of a topic in force on a day, with source, date, evidence and age.

    Args:
        topic: kind of rows, "commission".
        day: the day on which they are in force.
    """
    rows = []
    for item in TABLES[topic]():
        source = item.provenance
        if not source.holds(day):
            continue
        data = {k: v for k, v in vars(item).items() if k != "provenance"}
        flat = {
            _head(k, lang): cell_text(k, v, str(data.get("unit", "")), lang)
            for k, v in data.items()
            if k not in _OTHER[lang]
        }
        marks = [say(lang, "evidence.weak")] * source.weak + [
            say(lang, "evidence.overdue")
        ] * source.overdue(day)
        rows.append(
            flat
            | {
                say(lang, "column.since"): source.start.isoformat() if source.start else "",
                say(lang, "column.evidence"): say(lang, f"evidence.{source.evidence}"),
                say(lang, "column.marks"): " · ".join(marks),
                say(lang, "column.source"): provenance.first_source(source.source),
                say(lang, "column.note"): source.note,
            }
        )
    return pd.DataFrame(rows)


def _head(name: str, lang: Lang) -> str:
    return say(lang, f"column.{name}")
