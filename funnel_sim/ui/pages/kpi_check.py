"""KPI check: what was promised, how likely it is, what would have to be true, what to offer
instead; its evidence and its diary.
"""

from collections.abc import Callable

import streamlit as st

from funnel_sim.decisions.quote.record import with_promise_of
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal
from funnel_sim.ui.pages import kpi_history
from funnel_sim.ui.pages.kpi.diary import diary_view
from funnel_sim.ui.pages.kpi.editor import kpi_rows, promise_line, ready_made
from funnel_sim.ui.pages.kpi.evidence import evidence_view
from funnel_sim.ui.pages.kpi.ready import Ready
from funnel_sim.ui.pages.kpi.verdict import (
    answer_view,
    counts_to_come,
    to_come,
    verdict,
    verdict_line,
)
from funnel_sim.ui.pages.kpi.way import levers_view, path_view, words_view
from funnel_sim.ui.pages.quote.look import look
from funnel_sim.ui.session import kpi_answers, state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets import promise, steps
from funnel_sim.ui.widgets.shop import own_of, shop_step
from funnel_sim.words import Lang, say

VIEWS = ("answer", "path", "levers", "words", "evidence", "diary")


def prepare(result: Result) -> Ready | InputError:
    """Return what the page shows now, or why it cannot be simulated."""
    view = tab.kpi_view
    if not result.scenario.kpis:
        return Ready(view, None, [])
    try:
        return Ready(view, *kpi_answers.check_of(_promised(result.scenario)))
    except InputError as error:
        return error


def _promised(scenario: Scenario) -> Scenario:
    """Return the scenario with the record of the quote whose promise is shown."""
    return with_promise_of(scenario, promise.promised_by(scenario))


def draw(result: Result, ready: Ready | InputError) -> None:
    """Draw the page."""
    lang, scenario = state.lang(), result.scenario
    st.subheader(say(lang, "kpi.title"))
    shop, promised = not own_of(scenario).example, bool(scenario.kpis)
    steps.stepper(
        [
            steps.Step(say(lang, "steps.shop"), shop),
            steps.Step(say(lang, "steps.promise"), promised),
            steps.Step(say(lang, "steps.verdict"), shop and promised),
        ],
        lang,
    )
    look("kpi_card", "kpi_line")
    check = ready.check if isinstance(ready, Ready) else None
    if isinstance(ready, Ready) and check is not None:
        verdict_line(check, ready.remarks, lang)
    left, right = st.columns([7, 5], gap="medium")
    with right, st.container(border=True, key="kpi_card"):
        if isinstance(ready, InputError):
            if all(one.rule == "kpi_counts_example" for one in ready.problems):
                counts_to_come(scenario, lang)
            else:
                asked = all(one.rule == "kpi_target_missing" for one in ready.problems)
                for sentence in ready.sentences(lang):
                    (st.warning if asked else st.error)(literal(sentence))
        elif check is not None:
            verdict(check, ready.remarks, lang)
        else:
            to_come(scenario, lang)
    with left:
        steps.head(1, say(lang, "steps.shop"))
        shop_step(scenario, lang, kpi_history.draw)
        steps.head(2, say(lang, "steps.promise"))
        if scenario.kpis:
            promise_line(scenario, lang)
            kpi_rows(scenario, lang)
        else:
            st.markdown(say(lang, "kpi.lead"))
            ready_made(lang, first=True)
    if not scenario.kpis:
        view = ready if isinstance(ready, Ready) else Ready("evidence", None, [])
        _view(view, result, lang, alone=True)
    elif isinstance(ready, Ready):
        _view(ready, result, lang)


def _view(ready: Ready, result: Result, lang: Lang, *, alone: bool = False) -> None:
    views = ("evidence", "diary") if alone else VIEWS
    now = ready.view if ready.view in views else views[0]
    key = f"kpi_view_{lang}_{'alone' if alone else 'all'}_{tab.revision}"
    st.segmented_control(
        say(lang, "economics.view"),
        views,
        default=now,
        key=key,
        required=True,
        label_visibility="collapsed",
        width="stretch",
        format_func=lambda view: say(lang, f"kpi.view_{view}"),
        on_change=lambda: Tab.kpi_view.put(tab.typed(key)),
    )
    bodies: dict[str, Callable[[Result, Ready, Lang], None]] = {
        "answer": answer_view,
        "path": path_view,
        "levers": levers_view,
        "words": words_view,
        "evidence": evidence_view,
        "diary": diary_view,
    }
    bodies[now](result, ready, lang)
