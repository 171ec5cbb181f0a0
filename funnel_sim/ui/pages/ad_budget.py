"""Ad budget: how a total is best split over channels, what that brings and how surely, where the
next money goes, what to cut first.
"""

from functools import partial

import streamlit as st

from funnel_sim.decisions.budget.answer import BudgetAnswer, taken
from funnel_sim.decisions.customer.budgets import ads_bought
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.words.budget import (
    BudgetNames,
    names_of,
)
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.ui.markup import literal
from funnel_sim.ui.pages.budget import answer, from_file, question
from funnel_sim.ui.session import state
from funnel_sim.ui.session.budget import budget_of
from funnel_sim.ui.session.tab import Tab, tab
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
    answer.figures(ready, names, lang, "budget")
    if tab.portfolio is not None and st.button(
        say(lang, "budget.of_rows"), key="budget_of_rows", icon=":material/table_rows:"
    ):
        Tab.portfolio_view.put("budget")
        shell.go("product_portfolio")
    with st.expander(
        say(lang, "budget.upload_title"), key="budget_upload", on_change="rerun"
    ) as fold:
        if fold.open:
            from_file.draw(scenario, lang)


def _answer(scenario: Scenario, found: BudgetAnswer, names: BudgetNames, lang: Lang) -> None:
    """Draw the verdict, what it rests on, and the button that takes the split over."""
    own = own_of(scenario)

    def before() -> None:
        not_taken_note(lang)
        example_note(own, lang)

    answer.card(
        found,
        names,
        lang,
        partial(_take, scenario, found, lang),
        "budget",
        before,
        partial(whose, own, scenario, lang, "budget"),
    )


def _take(scenario: Scenario, found: BudgetAnswer, lang: Lang) -> None:
    """Set the channels' budgets to the best split."""
    try:
        made = taken(scenario, found)
    except InputError as error:
        state.notice("error", error.sentences(lang)[0])
        return
    state.replace_whole(made)
    state.notice("success", say(lang, "budget.taken"))
