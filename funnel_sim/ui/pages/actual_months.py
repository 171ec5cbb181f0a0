"""Actual months: what came since the engagement began, month by month."""

import streamlit as st

from funnel_sim.decisions.kpi.store_history import fit_funnel, without_history
from funnel_sim.decisions.review.example import example_after_signing, months_of_the_example
from funnel_sim.errors import InputError
from funnel_sim.evidence.store.kept import kept_months
from funnel_sim.model.economics import Result
from funnel_sim.output.words.actual_months import converted_sentences, series_sentence
from funnel_sim.output.workbook.template import months_workbook
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.ui.markup import literal
from funnel_sim.ui.pages.actuals import by_month, channels, contract, from_files, marks, picture
from funnel_sim.ui.pages.kpi_fit import pending
from funnel_sim.ui.session import own_numbers, state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets import steps
from funnel_sim.ui.widgets.shop import missing_words
from funnel_sim.words import Lang, say

_WAYS = ("type", "files", "paste")
_MOST_OF_IT = 0.5


def draw(result: Result) -> None:
    """Draw the page."""
    lang, scenario = state.lang(), state.scenario()
    history = scenario.history
    st.subheader(say(lang, "page.actual_months"))
    st.markdown(say(lang, "actuals.lead"))
    _labelled(scenario, lang)
    if not history.names():
        _example(lang)
    first = "step_shop" if own_numbers.own_of(scenario).example else "step_contract"
    steps.head(1, say(lang, f"actuals.{first}"))
    contract.draw(lang)
    steps.head(2, say(lang, "actuals.step_months"))
    st.markdown(f"**{series_sentence(scenario, lang)}**")
    for told in converted_sentences(history, lang):
        st.caption(literal(told))
    ready = bool(history.engaged())
    # what comes and goes has a place that stays, so that no box moves from under a hand that types
    with st.container(key="actuals_ready"):
        if ready:
            _on(scenario, lang)
    way = st.segmented_control(
        say(lang, "actuals.ways"),
        list(_WAYS),
        default=tab.actuals_way,
        key=f"actuals_way_{lang}",
        required=True,
        label_visibility="collapsed",
        format_func=lambda one: say(lang, f"actuals.way_{one}"),
        on_change=lambda: Tab.actuals_way.put(tab.typed(f"actuals_way_{lang}") or "type"),
    )
    if way == "files":
        from_files.files(lang)
    elif way == "paste":
        from_files.paste(lang)
    else:
        with st.container(key="actuals_first_files"):
            if not history.names():  # what most begin with, without a way to be chosen
                from_files.files(lang)
        by_month.draw(lang)
    if history.names():
        picture.draw(scenario, lang)
        marks.draw(lang)
        channels.draw(lang)
        _into_shop(scenario, lang)
        _keep(scenario, lang)
    if not ready:
        _on(scenario, lang)


def _labelled(scenario: Scenario, lang: Lang) -> None:
    """Say where the months are the example's, that nobody takes them for a store's."""
    share = months_of_the_example(scenario.history)
    if share >= _MOST_OF_IT:
        told = "example_is" if share == 1.0 else "example_part"
        st.info(say(lang, f"actuals.{told}"), icon=":material/science:")


def _example(lang: Lang) -> None:
    with st.container(border=True, key="actuals_example"):
        words, button = st.columns([5, 2], vertical_alignment="center")
        words.markdown(f"**{say(lang, 'actuals.example')}**")
        words.caption(say(lang, "actuals.example_text"))
        button.button(
            say(lang, "actuals.example_go"),
            key="actuals_example_go",
            icon=":material/science:",
            width="stretch",
            on_click=_fill,
            args=(lang,),
        )


def _fill(lang: Lang) -> None:
    Tab.months_open.put([])
    Tab.months_shut.put([])
    state.replace_whole(example_after_signing(lang))


def _into_shop(scenario: Scenario, lang: Lang) -> None:
    """Offer to take the months into the shop, where its numbers are still other ones."""
    if months_of_the_example(scenario.history) == 1.0:
        return
    try:
        fit_funnel(scenario)
    except InputError:  # too few months say anything
        return
    with st.container(border=True, key="actuals_into_shop"):
        st.markdown(f"**{say(lang, 'actuals.into_shop')}**")
        own = own_numbers.own_of(scenario)
        words = "into_shop_example" if own.example else "into_shop_text"
        st.caption(say(lang, f"actuals.{words}", names=missing_words(own, lang)))
        pending(scenario, lang)


def _keep(scenario: Scenario, lang: Lang) -> None:
    """Offer the months as files, and to begin again."""
    found = kept_months(scenario.history)
    assert found is not None
    with st.container(horizontal=True, vertical_alignment="center", key="actuals_keep"):
        from_files.download(found, "actuals_csv", lang)
        st.download_button(
            say(lang, "actuals.take_xlsx"),
            lambda: months_workbook(found, lang),
            file_name="months.xlsx",
            mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            icon=":material/table:",
            on_click="ignore",
            key="actuals_xlsx",
        )
        st.button(
            say(lang, "actuals.reset"),
            key="actuals_reset",
            icon=":material/delete:",
            type="tertiary",
            help=say(lang, "actuals.reset_help"),
            on_click=_reset,
        )


def _reset() -> None:
    Tab.months_open.put([])
    Tab.months_shut.put([])
    state.replace_whole(without_history(state.scenario()))


def _on(scenario: Scenario, lang: Lang) -> None:
    """Offer to go on to the review, or say what it waits for."""
    ready = bool(scenario.history.engaged())
    if not ready:
        lacks = "review_mark" if not scenario.history.engagement_from else "review_none"
        st.caption(say(lang, f"actuals.to_{lacks}"))
    if st.button(
        say(lang, "actuals.to_review"),
        key="actuals_to_review",
        type="primary" if ready else "secondary",
        icon=":material/troubleshoot:",
        disabled=not ready,
    ):
        shell.go("monthly_review")
