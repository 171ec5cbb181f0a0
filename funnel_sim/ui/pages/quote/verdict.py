"""The verdict that stays in view: in a word, what it means in money, how sure, on whose figures,
and why in three lines.
"""

import streamlit as st

from funnel_sim.decisions.quote.answer import Answer, Answers
from funnel_sim.decisions.quote.counter_offer import Offer
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import odds_text
from funnel_sim.output.words.quote import (
    belief_of,
    best_sentence,
    middle_money,
    reason_sentences,
    verdict_sentence,
    warnings,
)
from funnel_sim.output.words.shares import mean_note
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.own_numbers import Own, own_numbers
from funnel_sim.scenario.quantity import likely
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.session import state
from funnel_sim.ui.widgets.fields import label_words
from funnel_sim.words import Lang, say

COLOURS = {"sign": "green", "renegotiate": "orange", "walk_away": "red"}
_WHY = 3


def card(
    answer: Answer, answers: Answers, ticked: Offer | None, instead: list[str], lang: Lang
) -> None:
    """Draw the verdict of one quote, what ticked changes make of it, and what is worth more without
    signing.
    """
    scenario = answers.scenario
    own = own_numbers(scenario)
    with st.container(border=True, key="quote_card"):
        st.caption(literal(option_name(answer.option, lang)))
        example(own, scenario, lang)
        word = say(lang, f"quote.{answer.verdict}")
        sentence = verdict_sentence(answer, answers, lang)
        st.markdown(said(f"##### :{COLOURS[answer.verdict]}-badge[{word}] {sentence}"))
        if ticked is not None:
            st.markdown(said(ticked_sentence(ticked, scenario, lang)))
        whose(own, lang)
        every = reason_sentences(answer, answers, lang)
        heavy = answer.believed.gain.heavy or (
            answer.claimed is not None and answer.claimed.gain.heavy
        )
        first = [
            *every[:_WHY],
            *(every[-1:] if heavy and len(every) > _WHY else ()),
        ]  # why there is no mean stands last
        st.markdown(said("\n".join(f"- {one}" for one in first)))
        for one in instead:
            st.markdown(said(f":material/lightbulb: {one}"))
        for warning in warnings(answer, scenario, lang):
            st.markdown(said(f":orange[:material/warning: {warning}]"))
        with st.expander(
            say(lang, "quote.more_why"), key="quote_more_why", on_change="rerun"
        ) as fold:
            if fold.open:
                _more(answer, answers, [one for one in every if one not in first], lang)


def line(answer: Answer, answers: Answers, ticked: Offer | None, lang: Lang) -> None:
    """Draw the verdict as one line, for a screen on which the card scrolls away."""
    scenario = answers.scenario
    now = answer.verdict if ticked is None else ticked.verdict
    found = answer.believed if ticked is None else ticked.found
    with st.container(key="quote_line"):
        example = (
            f":gray-badge[{say(lang, 'quote.example')}] " if own_numbers(scenario).example else ""
        )
        parts = {
            "gain": middle_money(found.gain, scenario, lang),
            "odds": odds_text(found.better, answers.plan.paths, lang),
        }
        text = say(lang, "quote.one_line", months=scenario.plan.horizon_months, **parts)
        st.markdown(said(f"{example}:{COLOURS[now]}-badge[{say(lang, f'quote.{now}')}] **{text}**"))


def ticked_sentence(ticked: Offer, scenario: Scenario, lang: Lang) -> str:
    """Return what ticked changes make of the verdict."""
    word = say(lang, f"quote.{ticked.verdict}")
    parts = {
        "gain": middle_money(ticked.found.gain, scenario, lang),
        "odds": odds_text(ticked.found.better, ticked.found.paths, lang),
    }
    text = say(
        lang, "quote.ticked", count=len(ticked.moves), months=scenario.plan.horizon_months, **parts
    )
    return f":material/arrow_forward: :{COLOURS[ticked.verdict]}-badge[{word}] {text}"


def example(own: Own, scenario: Scenario, lang: Lang, *, sent: bool = False) -> None:
    """Say that what stands here is about the example, and which numbers are still its own; `sent`:
    by somebody else.
    """
    if not own.example:
        return
    names = say(lang, "risk.listed").join(label_words(path, lang) for path in own.missing)
    st.markdown(
        said(
            f":gray-badge[{say(lang, 'quote.example')}]"
            f" {say(lang, 'shared.example' if sent else 'quote.example_why', names=names)}"
        )
    )


def whose(own: Own, lang: Lang) -> None:
    """Say how many of the numbers behind a verdict are the reader's own."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(say(lang, "quote.whose", yours=own.yours, others=own.others), width="content")
        if st.button(say(lang, "quote.whose_see"), key="quote_whose", type="tertiary"):
            shell.go("my_shop")


def _more(answer: Answer, answers: Answers, rest: list[str], lang: Lang) -> None:
    scenario = answers.scenario
    st.markdown(said("\n".join(f"- {one}" for one in rest)))
    on = state.scenario().as_of
    st.caption(said(f"{belief_of(answer.option, lang, on)} {best_sentence(answers, lang)}"))
    if why := mean_note(scenario, answer.option, lang):
        st.caption(said(why))
    fixed = scenario.fixed
    if (
        likely(fixed.operator_monthly)
        or likely(fixed.operator_rate)
        or scenario.effect != type(scenario.effect)()
    ):
        st.caption(say(lang, "quote.taken_out"))
    st.caption(say(lang, "quote.paths_note", paths=formats.number(answers.plan.paths)))
