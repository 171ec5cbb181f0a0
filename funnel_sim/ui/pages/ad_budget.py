"""Ad budget: how a total is best split over channels, what that brings and how surely, where the
next money goes, what to cut first.
"""

from dataclasses import replace

import streamlit as st

from funnel_sim.decisions.budget.answer import BudgetAnswer, taken
from funnel_sim.decisions.customer.budgets import ads_bought
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.charts.budget import data_curve, data_split, spec_curve, spec_split
from funnel_sim.output.words import formats
from funnel_sim.output.words.budget import (
    BudgetNames,
    chance_sentences,
    headline,
    line_heads,
    line_rows,
    move_sentences,
    names_of,
    next_sentences,
    rest_sentences,
    total_sentences,
)
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.pages.budget import from_file, question
from funnel_sim.ui.session import state
from funnel_sim.ui.session.budget import budget_of
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.ui.widgets.not_taken import not_taken_note
from funnel_sim.ui.widgets.shop import own_of
from funnel_sim.ui.widgets.whose import example_note, whose
from funnel_sim.words import Lang, say


def prepare(result: Result) -> BudgetAnswer | InputError:
    """Return the best split, or why there is none."""
    try:
        return budget_of(result.scenario)
    except InputError as error:
        return error


def draw(result: Result, ready: BudgetAnswer | InputError) -> None:
    """Draw the page.

    Args:
        result: of the scenario.
        ready: what `prepare` found.
    """
    lang, scenario = state.lang(), result.scenario
    st.subheader(say(lang, "page.ad_budget"))
    if not ads_bought(scenario):
        st.info(say(lang, "budget.no_ads"))
        if st.button(say(lang, "budget.clicks_to"), key="budget_go", icon=":material/edit:"):
            shell.go("my_shop")
        return
    if isinstance(ready, InputError):
        for told in ready.sentences(lang):
            st.error(literal(told))
        if any(one.rule == "budget_channel" for one in ready.problems):
            st.button(
                say(lang, "budget.forget"),
                key="budget_forget",
                icon=":material/delete:",
                on_click=question.forget,
                args=(scenario,),
            )
        question.draw(scenario, lang)
        return
    names = names_of(scenario, lang)
    _answer(scenario, ready, names, lang)
    st.markdown(f"##### {say(lang, 'budget.question')}")
    question.draw(scenario, lang)
    _figures(ready, names, lang)
    with st.expander(
        say(lang, "budget.upload_title"), key="budget_upload", on_change="rerun"
    ) as fold:
        if fold.open:
            from_file.draw(scenario, lang)


def _answer(scenario: Scenario, found: BudgetAnswer, names: BudgetNames, lang: Lang) -> None:
    """Draw the verdict, what it rests on, and the button that takes the split over."""
    own = own_of(scenario)
    with st.container(border=True, key="budget_card"):
        not_taken_note(lang)
        example_note(own, lang)
        st.markdown(said(f"##### {headline(found, names, lang)}"))
        told = [*move_sentences(found, names, lang), *chance_sentences(found, names, lang)]
        if told:
            st.markdown(said("\n\n".join(told)))
        further = [*total_sentences(found, names, lang), *next_sentences(found, names, lang)]
        st.markdown(said("\n".join(f"- {one}" for one in further)))
        same = all(abs(one.moved) < _SMALL for one in found.lines)
        st.button(
            say(lang, "budget.take"),
            key="budget_take",
            icon=":material/check:",
            disabled=same,
            help=say(lang, "budget.taken_same" if same else "budget.take_help"),
            on_click=_take,
            args=(scenario, found, lang),
        )
        whose(own, scenario, lang, "budget")
    st.caption(said("  \n".join(rest_sentences(found, names, lang))))


_SMALL = 0.005
_DRAWN = 3


def _take(scenario: Scenario, found: BudgetAnswer, lang: Lang) -> None:
    """Set the channels' budgets to the best split."""
    try:
        made = taken(scenario, found)
    except InputError as error:
        state.notice("error", error.sentences(lang)[0])
        return
    state.replace_whole(made)
    state.notice("success", say(lang, "budget.taken"))


def _figures(found: BudgetAnswer, names: BudgetNames, lang: Lang) -> None:
    """Draw the split, the marginal table and the curve along the total."""
    spent = formats.axis("money", found.currency, lang)
    figure(
        "budget_split",
        say(lang, "budget.split_title"),
        data_split(found, names, lang),
        spec_split(lang, theme(), spent),
        say(lang, "budget.split_note"),
    )
    title = say(lang, "budget.table_title")
    figure_table(
        "budget_table",
        # today's and the best budget stand in the chart
        [replace(one, cells=one.cells[_DRAWN:]) for one in line_rows(found, names, lang)],
        [say(lang, "budget.channel"), *line_heads(found, lang)[_DRAWN:]],
        title,
        title=title,
    )
    shown = formats.axis("money", names.shown or found.currency, lang)
    figure(
        "budget_curve",
        say(lang, "budget.curve_title"),
        data_curve(found, names, lang),
        spec_curve(lang, theme(), spent, shown),
        say(lang, "budget.curve_note"),
    )
