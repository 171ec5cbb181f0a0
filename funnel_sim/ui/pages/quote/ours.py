"""Our own offer, as sales shows it: the offer as one sentence, from which uplift it is worth
signing, the guarantees that can be added; nothing of what it costs or leaves us.
"""

import streamlit as st

from funnel_sim.decisions.quote.moves import needed_for
from funnel_sim.decisions.quote.our_offer import OurOffer
from funnel_sim.errors import InputError
from funnel_sim.output.words.our_offer import (
    guarantee_heads,
    guarantee_name,
    guarantee_rows,
    guarantees_note,
    offer_line,
    offer_name,
    offer_reasons,
    offer_sentence,
    offer_word,
    threshold_note,
)
from funnel_sim.output.words.quote import in_short
from funnel_sim.output.words.shares import mean_note
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.pages import kpi_history
from funnel_sim.ui.pages.quote import editor, sentence, typed_line, views
from funnel_sim.ui.pages.quote.look import look
from funnel_sim.ui.session import own_numbers, quote_answers, state
from funnel_sim.ui.session.quotes import quotes_in, save
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets import private_window, steps
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.ui.widgets.not_taken import not_taken_mark, not_taken_note
from funnel_sim.ui.widgets.refusals import refusal
from funnel_sim.ui.widgets.shop import shop_step
from funnel_sim.ui.widgets.whose import example_note, whose
from funnel_sim.words import Lang, say

COLOURS = {True: "green", False: "orange"}


def prepare(scenario: Scenario) -> OurOffer | InputError | None:
    """Return our offer that is shown; None while there is none, or why it cannot be simulated."""
    mine = quotes_in(scenario)
    if not mine:
        return None
    shown = next((one for one in mine if one.id == tab.quote_shown), mine[0])
    if not shown.priced:
        return None
    try:
        return quote_answers.ours_of(scenario, shown.id)
    except InputError as error:
        return error


def draw(scenario: Scenario, found: OurOffer | InputError | None, lang: Lang) -> None:
    """Draw the page.

    Args:
        found: our offer, or why it cannot be computed; None while there is none.
    """
    st.subheader(say(lang, "ours.title"))
    mine = quotes_in(scenario)
    if not mine:
        steps.head(1, say(lang, "steps.client_shop"))
        shop_step(scenario, lang, kpi_history.draw)
        steps.head(2, say(lang, "steps.our_offer"))
        st.markdown(say(lang, "ours.lead"))
        editor.ready_made(scenario, lang, first=True)
        return
    look()
    option = next((one for one in mine if one.id == tab.quote_shown), mine[0])
    _which(mine, option, lang)
    if isinstance(found, OurOffer):
        with st.container(key="quote_line"):
            st.markdown(
                said(f"{not_taken_mark(lang)}{_badge(found, lang)} **{offer_line(found, lang)}**")
            )
    left, right = st.columns([7, 5], gap="medium")
    with right:
        if isinstance(found, OurOffer):
            card(found, lang)
        elif found is None:
            _to_come(scenario, lang)
        private_window.opener(lang)
        st.caption(say(lang, "private.note_open"))
    with left:
        if isinstance(found, InputError):
            refusal(found, lang, "ours")
        steps.head(1, say(lang, "steps.client_shop"))
        shop_step(scenario, lang, kpi_history.draw)
        steps.head(2, say(lang, "steps.our_offer"))
        typed_line.draw(option, scenario, lang)
        sentence.draw(option, scenario, lang)
        if editor.is_blank(option):
            with st.expander(
                say(lang, "quote.templates"), key="quote_templates", on_change="rerun"
            ) as fold:
                if fold.open:
                    editor.ready_made(scenario, lang, first=True)
        with st.expander(
            say(lang, "quote.terms_more"),
            key=f"quote_terms_{option.id}",
            on_change="rerun",
            icon=":material/tune:",
        ) as fold:
            if fold.open:
                spoken = sentence.SPOKEN | (
                    {"share_tiers"} if sentence.simple_share(option) else set()
                )
                editor.one(option, scenario, lang, spoken=spoken, private=True)
    if isinstance(found, OurOffer):
        _guarantees(found, lang)
    with st.expander(
        say(lang, "ours.sheet"), key="ours_sheet", on_change="rerun", icon=":material/description:"
    ) as fold:
        if fold.open:
            views.terms(option.but(name=offer_name(option, lang)), scenario, lang)
    with st.expander(
        say(lang, "quote.add"), key="ours_another", on_change="rerun", icon=":material/add:"
    ) as fold:
        if fold.open:
            editor.ready_made(scenario, lang, first=False)


def card(found: OurOffer, lang: Lang) -> None:
    """Draw from which uplift the offer is worth signing, and why."""
    scenario, own = found.scenario, own_numbers.own_of(found.scenario)
    with st.container(border=True, key="quote_card"):
        st.caption(literal(offer_name(found.option, lang)))
        not_taken_note(lang)
        example_note(own, lang)
        st.markdown(said(f"##### {_badge(found, lang)} {offer_sentence(found, lang)}"))
        whose(own, scenario, lang, "ours")
        st.markdown(said("\n".join(f"- {one}" for one in offer_reasons(found, lang))))
        st.caption(said(threshold_note(found, lang)))
        if short := in_short(found.option, scenario, lang):
            st.caption(said(short))
        if why := mean_note(scenario, found.option, lang):
            st.caption(said(why))


def _to_come(scenario: Scenario, lang: Lang) -> None:
    """Draw what is still to be typed before our offer can be judged."""
    with st.container(border=True, key="quote_card"):
        not_taken_note(lang)
        st.markdown(f"##### {say(lang, 'steps.to_come')}")
        st.markdown(said(f":material/radio_button_unchecked: {say(lang, 'ours.need_fee')}"))
        whose(own_numbers.own_of(scenario), scenario, lang, "ours")


def _badge(found: OurOffer, lang: Lang) -> str:
    return f":{COLOURS[found.as_is.fits]}-badge[{offer_word(found, lang)}]"


def _which(mine: list[Option], shown: Option, lang: Lang) -> None:
    if len(mine) < 2:
        return
    names = {one.id: offer_name(one, lang) for one in mine}
    key = f"quote_which_{lang}_{tab.revision}"
    st.segmented_control(
        say(lang, "quote.which"),
        list(names),
        default=shown.id,
        key=key,
        required=True,
        label_visibility="collapsed",
        format_func=lambda name: names.get(str(name), str(name)),
        on_change=lambda: Tab.quote_shown.put(tab.typed(key)),
    )


def _guarantees(found: OurOffer, lang: Lang) -> None:
    if not found.guarantees:
        st.caption(say(lang, "ours.guarantees_none"))
        return
    figure_table(
        "ours_guarantees",
        guarantee_rows(found, lang, costs=True),
        guarantee_heads(found, lang, costs=True),
        say(lang, "ours.guarantees"),
        title=say(lang, "ours.guarantees"),
        note=guarantees_note(found, lang),
    )
    names = {
        one.move.key: guarantee_name(one, found, lang)
        for one in found.guarantees
        if one.move is not None
    }
    key = f"ours_choice_{lang}_{tab.revision}"
    st.selectbox(
        say(lang, "ours.add"),
        list(names),
        index=None,
        placeholder=say(lang, "ours.choose_to_add"),
        key=key,
        format_func=lambda key: names.get(str(key), str(key)),
        on_change=lambda: _add(found, tab.typed(key)),
    )


def _add(found: OurOffer, chosen: str | None) -> None:
    """Put a guarantee into the offer, with the KPI that it needs; undo takes it out again."""
    if chosen is None:
        return
    made = next(
        one.option for one in found.guarantees if one.move is not None and one.move.key == chosen
    )
    whole = needed_for(state.scenario(), found.scenario, made)
    options = [
        made.model_dump(mode="json") if each["id"] == made.id else each
        for each in whole.plain()["options"]
    ]
    save({"kpis": whole.plain()["kpis"], "options": options})
