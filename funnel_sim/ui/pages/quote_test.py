"""Quote test, a path in three steps on one page: my shop, their offer, the verdict that stays in
view; below the offer what to ask for instead and the contract item by item.
"""

from dataclasses import dataclass, field

import streamlit as st

from funnel_sim.decisions.quote.answer import Answers
from funnel_sim.decisions.quote.contract_check.findings import ContractCheck
from funnel_sim.decisions.quote.our_offer import OurOffer
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.words.counter_offer import instead_sentences
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.ui.pages import kpi_history
from funnel_sim.ui.pages.quote import contract, counter, editor, ours, sentence, verdict
from funnel_sim.ui.pages.quote.look import look
from funnel_sim.ui.pages.quote.views import VIEWS, view
from funnel_sim.ui.roles import role
from funnel_sim.ui.session import quote_answers, state
from funnel_sim.ui.session.quotes import quotes_in
from funnel_sim.ui.session.tab import QUOTE_PARTS, Tab, tab
from funnel_sim.ui.widgets import brief, steps
from funnel_sim.ui.widgets.folds import kept_fold
from funnel_sim.ui.widgets.shop import own_of, shop_step
from funnel_sim.words import Lang, say

__all__ = ["VIEWS", "Ready", "draw", "prepare", "quotes_in"]


@dataclass(frozen=True)
class Ready:
    """What the page shows at once, computed before anything is drawn; `answers` None while there is
    nothing to judge, or with the `error` that says why it cannot be.
    """

    view: str
    answers: Answers | None
    shown: str
    bargain: counter.Bargain = field(default_factory=counter.Bargain)
    check: ContractCheck | InputError | None = None
    error: InputError | None = None


@dataclass(frozen=True)
class Ours:
    """What sales sees of its own offer; None while there is none."""

    found: OurOffer | InputError | None


def prepare(result: Result) -> Ready | Ours:
    """Return what the page shows now; for sales its own offer."""
    scenario = result.scenario
    if role() == "sales":
        return Ours(ours.prepare(scenario))
    now, shown = tab.quote_view, tab.quote_shown
    quotes = [option for option in quotes_in(scenario) if option.compared]
    if not quotes:
        return Ready(now, None, "")
    if shown not in [option.id for option in alternatives.options(scenario)]:
        shown = quotes[0].id
    option = next((one for one in quotes if one.id == shown), None)
    if option is not None and not option.priced:
        return Ready(now, None, shown)
    try:
        answers = quote_answers.quotes_of(scenario)
        bargain = counter.Bargain() if option is None else counter.prepare(scenario, option)
        part = tab.quote_part == "contract"
        check = contract.prepare(scenario, shown) if part else None
        return Ready(now, answers, shown, bargain, check)
    except InputError as error:
        return Ready(now, None, shown, error=error)


def draw(result: Result, ready: Ready | Ours) -> None:
    """Draw the page."""
    lang, scenario = state.lang(), result.scenario
    if isinstance(ready, Ours):
        ours.draw(scenario, ready.found, lang)
        return
    st.subheader(say(lang, "quote.title"))
    mine = next(
        (one for one in scenario.options if one.id == ready.shown and one.kind == "quote"), None
    )
    offered = mine is not None and mine.priced
    _steps(scenario, lang, offered=offered or ready.answers is not None)
    _way_back(scenario, lang)
    look()
    _which(ready, scenario, lang)
    _line(ready, lang)
    left, right = st.columns([7, 5], gap="medium")
    with right:
        _verdict(ready, scenario, lang)
    with left:
        steps.head(1, say(lang, "steps.shop"))
        shop_step(scenario, lang, kpi_history.draw)
        steps.head(2, say(lang, "steps.offer"))
        _offer(mine, scenario, lang)
        with st.container(key="below_verdict"):  # on a phone it stands below the verdict
            if ready.answers is not None:
                _beneath(ready, ready.answers, mine, scenario, lang)
            elif quotes_in(scenario):
                if ready.error is not None and tab.quote_part == "contract":
                    contract.draw(contract.prepare(scenario, ready.shown), scenario, lang)
                _others(ready, scenario, 0, lang)
            brief.fold(scenario, lang, "quote")


def _way_back(scenario: Scenario, lang: Lang) -> None:
    """Offer the way back to the actual months, where the contract is entered for their sake."""
    if scenario.history.engaged() and st.button(
        say(lang, "quote.back_to_months"),
        key="quote_back_to_months",
        type="tertiary",
        icon=":material/arrow_back:",
    ):
        shell.go("actual_months")


def _steps(scenario: Scenario, lang: Lang, *, offered: bool) -> None:
    shop = not own_of(scenario).example
    steps.stepper(
        [
            steps.Step(say(lang, "steps.shop"), shop),
            steps.Step(say(lang, "steps.offer"), offered),
            steps.Step(say(lang, "steps.verdict"), shop and offered),
        ],
        lang,
    )


def _verdict(ready: Ready, scenario: Scenario, lang: Lang) -> None:
    if ready.error is not None:
        verdict.refused(ready.error, lang)
        return
    answers = ready.answers
    if answers is None:
        mine = [one for one in quotes_in(scenario) if one.id == ready.shown]
        begun = bool(mine) and not editor.is_blank(mine[0])
        verdict.to_come(scenario, lang, offered=False, begun=begun)
        return
    verdict.card(
        answers.of(ready.shown),
        answers,
        ready.bargain.offer,
        instead_sentences(
            answers,
            ready.shown,
            quote_answers.own_budget_of(scenario.replace({"options": [], "kpis": []})),
            lang,
        ),
        _grade(ready, lang),
        lang,
    )


def _line(ready: Ready, lang: Lang) -> None:
    if ready.answers is not None:
        answer, offer = ready.answers.of(ready.shown), ready.bargain.offer
        verdict.line(answer, ready.answers, offer, _grade(ready, lang), lang)


def _grade(ready: Ready, lang: Lang) -> str:
    return contract.grade_badge(ready.check, lang) if isinstance(ready.check, ContractCheck) else ""


def _offer(mine: Option | None, scenario: Scenario, lang: Lang) -> None:
    """Draw the offer as a sentence, or the ways to begin one."""
    if mine is not None:
        sentence.draw(mine, scenario, lang)
        if editor.is_blank(mine):
            with st.expander(
                say(lang, "quote.templates"), key="quote_templates", on_change="rerun"
            ) as fold:
                if fold.open:
                    editor.ready_made(scenario, lang, first=True)
        with st.expander(
            say(lang, "quote.terms_more"),
            key=f"quote_terms_{mine.id}",
            on_change="rerun",
            icon=":material/tune:",
        ) as fold:
            if fold.open:
                editor.one(mine, scenario, lang, spoken=_spoken(mine))
        return
    if not quotes_in(scenario):
        st.markdown(say(lang, "quote.lead"))
        st.button(
            say(lang, "quote.begin"),
            key="quote_begin",
            type="primary",
            icon=":material/edit:",
            on_click=editor.begin_blank,
        )
        editor.ready_made(scenario, lang, first=True)


def _beneath(
    ready: Ready, answers: Answers, mine: Option | None, scenario: Scenario, lang: Lang
) -> None:
    """Draw what to ask for instead or the contract item by item, then what else there is."""
    signed = contract.signed(scenario)
    parts = [part for part in QUOTE_PARTS if part == "contract" or mine is not None]
    if signed and parts:
        now = tab.quote_part if tab.quote_part in parts else parts[0]
        key = f"quote_part_{lang}_{tab.revision}"
        st.segmented_control(
            say(lang, "quote.parts"),
            parts,
            default=now,
            key=key,
            required=True,
            label_visibility="collapsed",
            width="stretch",
            format_func=lambda part: say(lang, f"quote.part_{part}"),
            on_change=lambda: Tab.quote_part.put(tab.typed(key)),
        )
        if now == "contract":
            check = (
                ready.check if ready.check is not None else contract.prepare(scenario, ready.shown)
            )
            contract.draw(check, scenario, lang)
        elif mine is not None:
            counter.draw(scenario, mine, ready.bargain, lang)
    _others(ready, scenario, len(answers.options) - (mine is not None), lang)
    with st.expander(
        say(lang, "quote.figures_fold"),
        key="quote_figures",
        on_change="rerun",
        icon=":material/table_chart:",
    ) as fold:
        if fold.open:
            view(ready.view, ready.shown, answers, lang)


_OTHERS = ":others"  # no id of an option


def _others(ready: Ready, scenario: Scenario, count: int, lang: Lang) -> None:
    with kept_fold(
        say(lang, "quote.others_fold", count=count) if count else say(lang, "quote.add"),
        "quote_others",
        tab.quote_opened,
        _OTHERS,
        icon=":material/alt_route:",
    ) as fold:
        if fold.open:
            editor.options_list(scenario, lang, shown=ready.shown)


def _spoken(option: Option) -> frozenset[str]:
    return sentence.SPOKEN | ({"share_tiers"} if sentence.simple_share(option) else set())


def _which(ready: Ready, scenario: Scenario, lang: Lang) -> None:
    mine = {one.id: option_name(one, lang) for one in quotes_in(scenario) if one.compared}
    if len(mine) > 1 or (mine and ready.shown not in mine):
        key = f"quote_which_{lang}_{tab.revision}"
        st.segmented_control(
            say(lang, "quote.which"),
            list(mine),
            default=ready.shown if ready.shown in mine else next(iter(mine)),
            key=key,
            required=True,
            label_visibility="collapsed",
            format_func=lambda name: mine.get(str(name), str(name)),
            on_change=lambda: Tab.quote_shown.put(tab.typed(key)),
        )
