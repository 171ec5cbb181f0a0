"""Quote test: the offer as one sentence, the verdict that stays in view, what to offer instead,
what to check before signing, other ways.
"""

from dataclasses import dataclass, field

import streamlit as st

from funnel_sim.decisions.quote.answer import Answers
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.words.counter_offer import instead_sentences
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.ui.markup import literal
from funnel_sim.ui.pages.quote import counter, editor, sentence, verdict
from funnel_sim.ui.pages.quote.editor import quotes_in
from funnel_sim.ui.pages.quote.look import look
from funnel_sim.ui.pages.quote.views import VIEWS, view
from funnel_sim.ui.session import calls, state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.store import store_line
from funnel_sim.words import Lang, say

__all__ = ["VIEWS", "Ready", "draw", "prepare", "quotes_in"]


@dataclass(frozen=True)
class Ready:
    """What the page shows at once, computed before anything is drawn; `answers` None while there is
    no quote.
    """

    view: str
    answers: Answers | None
    shown: str
    bargain: counter.Bargain = field(default_factory=counter.Bargain)


def prepare(result: Result) -> Ready | InputError:
    """Return what the page shows now, or why it cannot be simulated."""
    scenario = result.scenario
    now = tab.quote_view
    quotes = [option for option in quotes_in(scenario) if option.compared]
    if not quotes:
        return Ready(now, None, "")
    shown = tab.quote_shown
    if shown not in [option.id for option in alternatives.options(scenario)]:
        shown = quotes[0].id
    try:
        answers = calls.quotes_of(scenario)
        option = next((one for one in quotes if one.id == shown), None)
        bargain = counter.Bargain() if option is None else counter.prepare(scenario, option)
        return Ready(now, answers, shown, bargain)
    except InputError as error:
        return error


def draw(result: Result, ready: Ready | InputError) -> None:
    """Draw the page."""
    lang, scenario = state.lang(), result.scenario
    st.subheader(say(lang, "quote.title"))
    store_line(scenario, lang)
    if not quotes_in(scenario):
        st.markdown(say(lang, "quote.lead"))
        editor.ready_made(scenario, lang, first=True)
        return
    look()
    if isinstance(ready, InputError):
        for told in ready.sentences(lang):
            st.error(literal(told))
        editor.options_list(scenario, lang)
        return
    if ready.answers is None:
        editor.options_list(scenario, lang)
        return
    _both(ready, ready.answers, scenario, lang)


def _both(ready: Ready, answers: Answers, scenario: Scenario, lang: Lang) -> None:
    answer, offer = answers.of(ready.shown), ready.bargain.offer
    mine = next(
        (one for one in scenario.options if one.id == ready.shown and one.kind == "quote"), None
    )
    _which(ready, answers, lang)
    verdict.line(answer, answers, offer, lang)
    left, right = st.columns([7, 5], gap="medium")
    with right:
        verdict.card(
            answer,
            answers,
            offer,
            instead_sentences(
                answers,
                ready.shown,
                calls.own_budget_of(scenario.replace({"options": [], "kpis": []})),
                lang,
            ),
            lang,
        )
    with left:
        if mine is not None:
            sentence.draw(mine, scenario, lang)
            with st.expander(
                say(lang, "quote.terms_more"),
                key=f"quote_terms_{mine.id}",
                on_change="rerun",
                icon=":material/tune:",
            ) as fold:
                if fold.open:
                    editor.one(mine, scenario, lang, spoken=_spoken(mine))
            counter.draw(scenario, mine, ready.bargain, lang)
        st.button(
            say(lang, "quote.to_check"),
            icon=":material/gavel:",
            key="quote_go_check",
            on_click=lambda: Tab.go_to_check.put(True),
        )
        if tab.once(Tab.go_to_check):
            shell.go("contract_check")
        count = len(answers.options) - (mine is not None)
        with st.expander(
            say(lang, "quote.others_fold", count=count),
            key="quote_others",
            on_change="rerun",
            icon=":material/alt_route:",
        ) as fold:
            if fold.open:
                editor.options_list(scenario, lang, shown=ready.shown)
        with st.expander(
            say(lang, "quote.figures_fold"),
            key="quote_figures",
            on_change="rerun",
            icon=":material/table_chart:",
        ) as fold:
            if fold.open:
                view(ready.view, ready.shown, answers, lang)


def _spoken(option: Option) -> frozenset[str]:
    return sentence.SPOKEN | ({"share_tiers"} if sentence.simple_share(option) else set())


def _which(ready: Ready, answers: Answers, lang: Lang) -> None:
    names = {one.option.id: option_name(one.option, lang) for one in answers.options}
    mine = [one.option.id for one in answers.options if one.option.kind == "quote"]
    if len(mine) > 1 or ready.shown not in mine:
        key = f"quote_which_{lang}_{tab.revision}"
        st.segmented_control(
            say(lang, "quote.which"),
            mine,
            default=ready.shown if ready.shown in mine else mine[0],
            key=key,
            required=True,
            label_visibility="collapsed",
            format_func=lambda name: names.get(str(name), str(name)),
            on_change=lambda: Tab.quote_shown.put(tab.typed(key)),
        )
