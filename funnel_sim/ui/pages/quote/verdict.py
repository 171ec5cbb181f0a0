"""The verdict that stays in view: in a word, what it means in money, how sure, on whose figures,
and why in three lines.
"""

import streamlit as st

from funnel_sim.decisions.quote.answer import Answers, OptionAnswer
from funnel_sim.decisions.quote.changes import Offer
from funnel_sim.errors import InputError
from funnel_sim.output.words import formats
from funnel_sim.output.words.cash_answers import quote_cash_sentence
from funnel_sim.output.words.chance import probability_text
from funnel_sim.output.words.counter_offer import paper_sentence
from funnel_sim.output.words.quote import (
    best_sentence,
    no_fee_sentence,
    reason_sentences,
    today_sentence,
    verdict_sentence,
    warnings,
)
from funnel_sim.output.words.quote_amounts import belief_of, middle_money, more_or_less
from funnel_sim.output.words.shares import mean_note
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.cash import neutral_terms
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.pages.quote.break_even import break_even_line
from funnel_sim.ui.session import own_numbers, state
from funnel_sim.ui.session.cash import quote_cash_of
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.not_taken import not_taken_mark, not_taken_note
from funnel_sim.ui.widgets.refusals import refusal
from funnel_sim.ui.widgets.shop import missing_words, own_of
from funnel_sim.ui.widgets.whose import example_note, whose
from funnel_sim.words import Lang, say

COLOURS = {"sign": "green", "on_paper": "orange", "renegotiate": "orange", "walk_away": "red"}
_WHY = 3


def card(
    answer: OptionAnswer,
    answers: Answers,
    ticked: Offer | None,
    instead: list[str],
    graded: str,
    lang: Lang,
) -> None:
    """Draw the verdict of one quote, what ticked changes make of it, and what is worth more without
    signing; `graded` is the contract's grade, where it was checked.

    Args:
        ticked: what the ticked changes make of the quote; None where none is ticked.
        instead: sentences on what is worth more.
        graded: the contract's grade in words; "" where it was not checked.
    """
    scenario = answers.scenario
    own = own_of(scenario)
    with st.container(border=True, key="quote_card"):
        st.caption(literal(option_name(answer.option, lang)))
        not_taken_note(lang)
        example_note(own, lang)
        word = say(lang, f"quote.{answer.verdict}")
        colour = "gray" if own.example else COLOURS[answer.verdict]
        sentence = verdict_sentence(answer, answers, lang)
        st.markdown(said(f"##### :{colour}-badge[{word}] {sentence}"))
        if ticked is not None:
            st.markdown(said(ticked_sentence(ticked, scenario, lang)))
        if not own.example and (today := today_sentence(scenario, lang)):
            st.markdown(said(today))
        break_even_line(answer, lang)
        if graded:
            st.markdown(said(graded))
        whose(own_numbers.own_of_quote(scenario), scenario, lang, "quote")
        _cash(answer, answers, lang)
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


def _cash(answer: OptionAnswer, answers: Answers, lang: Lang) -> None:
    """Draw what the quote does to the cash where its owner has said what is there, and the way to
    the page Cash; nothing for what is no quote, and where no payment term is typed. Without money
    at hand the sentence would say little and cost every change of a fee a simulation by day.
    """
    scenario, option = answers.scenario.with_balance_shown(), answer.option
    if option.kind != "quote" or not option.priced or neutral_terms(scenario.cash):
        return
    at_hand = (scenario.cash.opening_cash, scenario.cash.credit_limit)
    if any(point_value(one) for one in at_hand):
        try:
            found = quote_cash_of(scenario, option.id)
        except InputError:
            return  # the page Cash says why
        told = quote_cash_sentence(found, say(lang, "page.cash_flow"), answers.plan.paths, lang)
        st.markdown(said(f":material/account_balance_wallet: {told}"))
    if st.button(literal(say(lang, "cash.quote_cash_see")), key="quote_cash_see", type="tertiary"):
        tab.cash_view, tab.cash_quote = "quote", option.id
        shell.go("cash_flow")


def to_come(scenario: Scenario, lang: Lang, *, offered: bool, begun: bool = False) -> None:
    """Draw what is still to be typed before there is a verdict; `offered`: a quote is
    typed; `begun`: a promise of it, and no fee.
    """
    own = own_of(scenario)
    shop = missing_words(own, lang)
    asked = [
        (not own.missing, say(lang, "steps.need_shop", names=shop) if shop else ""),
        (offered, no_fee_sentence(lang) if begun else say(lang, "steps.need_offer")),
    ]
    with st.container(border=True, key="quote_card"):
        not_taken_note(lang)
        st.markdown(f"##### {say(lang, 'steps.to_come')}")
        lines = [f":material/radio_button_unchecked: {told}" for done, told in asked if not done]
        st.markdown(said("  \n".join(lines)))
        st.caption(say(lang, "steps.to_come_note"))
        whose(own_numbers.own_of_quote(scenario), scenario, lang, "quote")


def refused(error: InputError, lang: Lang) -> None:
    """Draw why there is no verdict."""
    with st.container(border=True, key="quote_card"):
        refusal(error, lang, "quote")


def line(
    answer: OptionAnswer, answers: Answers, ticked: Offer | None, graded: str, lang: Lang
) -> None:
    """Draw the verdict as one line, for a screen on which the card scrolls away.

    Args:
        ticked: what the ticked changes make of the quote; None where none is ticked.
        graded: the contract's grade in words; "" where it was not checked.
    """
    scenario = answers.scenario
    now = answer.verdict if ticked is None else ticked.word
    found = answer.believed if ticked is None else ticked.found
    with st.container(key="quote_line"):
        own = own_of(scenario)
        example = f":gray-badge[{say(lang, 'shop.example')}] " if own.example else ""
        colour = "gray" if own.example else COLOURS[now]
        parts = {
            "gain": middle_money(found.gain, scenario, lang),
            "odds": probability_text(found.better, answers.plan.paths, lang),
        }
        text = say(lang, "quote.one_line", months=scenario.plan.horizon_months, **parts)
        told = f"{example}:{colour}-badge[{say(lang, f'quote.{now}')}] **{text}** {graded}"
        st.markdown(said(f"{not_taken_mark(lang)}{told.strip()}"))


def ticked_sentence(ticked: Offer, scenario: Scenario, lang: Lang) -> str:
    """Return what ticked changes make of the verdict."""
    word = say(lang, f"quote.{ticked.word}")
    parts = {
        "gain": more_or_less(ticked.found.gain, scenario, lang),
        "odds": probability_text(ticked.found.better, ticked.found.paths, lang),
    }
    text = say(
        lang, "quote.ticked", count=len(ticked.moves), months=scenario.plan.horizon_months, **parts
    )
    why = paper_sentence(ticked, lang)
    text = (" " if lang == "en" else "").join(one for one in (text, why) if one)
    return f":material/arrow_forward: :{COLOURS[ticked.word]}-badge[{word}] {text}"


def _more(answer: OptionAnswer, answers: Answers, rest: list[str], lang: Lang) -> None:
    scenario = answers.scenario
    st.markdown(said("\n".join(f"- {one}" for one in rest)))
    on = state.scenario().as_of
    st.caption(said(f"{belief_of(answer.option, lang, on)} {best_sentence(answers, lang)}"))
    if why := mean_note(scenario, answer.option, lang):
        st.caption(said(why))
    fixed = scenario.fixed
    if (
        point_value(fixed.operator_monthly)
        or point_value(fixed.operator_rate)
        or scenario.effect != type(scenario.effect)()
    ):
        st.caption(say(lang, "quote.taken_out"))
    st.caption(say(lang, "quote.paths_note", paths=formats.number(answers.plan.paths)))
