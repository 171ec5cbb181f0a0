"""Who did better: scenario files dropped, each with its contract and actual months, on one
yardstick; and how the service was in the store at hand.
"""

from functools import partial
from pathlib import PurePath
from typing import Any

import streamlit as st

from funnel_sim.decisions.review.providers import Provider, ranked
from funnel_sim.errors import InputError
from funnel_sim.output.charts.settlement import data_intervals, spec_intervals
from funnel_sim.output.words import formats
from funnel_sim.output.words.providers import (
    apart_sentences,
    costs_more_sentences,
    effect_text,
    left_out_sentences,
    provider_heads,
    provider_name,
    provider_rows,
)
from funnel_sim.scenario.files import from_bytes
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import StoreHistory
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.session import signed_contracts, state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.ui.widgets.number import SHORT, WHOLE, number
from funnel_sim.words import Lang, Words, say

_FACTS = (("reply_hours", SHORT), ("reports_due", WHOLE), ("reports_on_time", WHOLE))


def draw(scenario: Scenario, option: Option, lang: Lang) -> None:
    """Draw the yardstick."""
    st.markdown(say(lang, "providers.lead"))
    uploads = st.file_uploader(
        say(lang, "providers.drop"),
        type=["json"],
        accept_multiple_files=True,
        key=f"providers_files_{tab.uploads}",
    )
    here = say(lang, "providers.here", name=provider_name(scenario, option, lang))
    found = [one for one in (_provider(here, scenario, option, lang),) if one is not None]
    for upload in uploads or ():
        made = _from_file(upload, lang)
        if made is not None:
            found.append(made)
    if len(found) > 1:
        _compared(found, lang)
    else:
        st.info(say(lang, "providers.few"))
    _service(scenario, lang)


def _from_file(upload: Any, lang: Lang) -> Provider | None:
    try:
        scenario = from_bytes(upload.getvalue(), upload.name)
    except InputError as error:
        _refused(upload.name, error, lang)
        return None
    option = scenario.signed_option()
    if option is None:
        told = say(lang, "settlement.no_contract")
        st.warning(literal(say(lang, "providers.bad_file", file=upload.name, told=told)))
        return None
    name = f"{provider_name(scenario, option, lang)} · {PurePath(upload.name).stem}"
    return _provider(name, scenario, option, lang)


def _provider(name: str, scenario: Scenario, option: Option, lang: Lang) -> Provider | None:
    try:
        return signed_contracts.provider_of(name, scenario, option.id)
    except InputError as error:
        _refused(name, error, lang)
        return None


def _refused(name: str, error: InputError, lang: Lang) -> None:
    told = error.sentences(lang)[0]
    st.warning(literal(say(lang, "providers.bad_file", file=name, told=told)))


def _compared(found: list[Provider], lang: Lang) -> None:
    found = ranked(found)
    for sentence in costs_more_sentences(found, lang):
        st.warning(literal(sentence))
    for sentence in (*apart_sentences(found, lang), *left_out_sentences(found, lang)):
        st.markdown(said(f"- {sentence}"))
    figure_table(
        "providers_table",
        provider_rows(found, lang),
        provider_heads(lang),
        say(lang, "providers.table"),
        words=(8,),
        title=say(lang, "providers.table"),
        note=say(lang, "providers.note"),
    )
    figure(
        "providers_picture",
        say(lang, "providers.picture"),
        data_intervals(
            [
                (
                    one.name,
                    None if one.effect.found is None else one.effect.found.whole,
                    effect_text(one, lang),
                )
                for one in found
            ]
        ),
        spec_intervals(lang, theme(), formats.axis("rate", "", lang)),
    )


def _service(scenario: Scenario, lang: Lang) -> None:
    """Draw the fields on how the service was."""
    specs = specs_of(StoreHistory)
    st.markdown(f"**{say(lang, 'providers.service')}**")
    st.caption(say(lang, "providers.service_note"))
    columns = st.columns(4, vertical_alignment="bottom")
    for column, (name, kind) in zip(columns, _FACTS, strict=False):
        with column:
            number(
                specs[name].label.of(lang),
                getattr(scenario.history, name),
                partial(state.change, f"history.{name}"),
                key=f"providers_{name}_{lang}_{tab.revision}",
                kind=kind,
                help_=specs[name].help.of(lang),
                place=f"history.{name}",
            )
    choices: dict[str, Words] = dict(specs["data_open"].choices)
    key = f"providers_data_{lang}_{tab.revision}"
    with columns[3]:
        st.selectbox(
            specs["data_open"].label.of(lang),
            list(choices),
            index=list(choices).index(scenario.history.data_open),
            format_func=lambda one: choices[one].of(lang),
            help=specs["data_open"].help.of(lang),
            key=key,
            on_change=_data_open,
            args=(key,),
        )


def _data_open(key: str) -> None:
    state.change("history.data_open", tab.typed(key))
