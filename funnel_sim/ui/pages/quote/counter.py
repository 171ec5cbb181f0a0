"""What to offer instead: changes to tick, each with its worth, the verdict beside them; the
counter-offer found; a copy, a draft, a page for the boss.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from funnel_sim.chance.estimates import Estimate
from funnel_sim.decisions.quote.changes import ContractChange, Offer
from funnel_sim.decisions.quote.counter_offer import CounterOffer
from funnel_sim.decisions.quote.moves import Move, applied, displaced, needed_for
from funnel_sim.errors import InputError
from funnel_sim.output.documents.boss_page import boss_pdf
from funnel_sim.output.documents.counter_draft import counter_draft_docx
from funnel_sim.output.words.counter_offer import (
    change_name,
    counter_notes,
    counter_sentence,
    early_sentence,
    in_order,
    way_heads,
    way_rows,
    worth_text,
)
from funnel_sim.output.words.shares import starts_at
from funnel_sim.scenario.cash import neutral_terms
from funnel_sim.scenario.quotes import MOST_QUOTES, Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.ui.markup import said
from funnel_sim.ui.pages.quote.views import DOCX
from funnel_sim.ui.session import quote_answers, state
from funnel_sim.ui.session.cash import quote_cash_of
from funnel_sim.ui.session.quotes import quotes_in
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.session.ticks import at_level, copied, taken, ticks_of
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.ui.widgets.number import NumberKind, number
from funnel_sim.words import LANGS, Lang, say


@dataclass(frozen=True)
class Bargain:
    """What stands to be asked for of a quote: the ticked moves, what they make of it, and the
    counter-offer, where it was asked for.
    """

    ticked: tuple[Move, ...] = ()
    offer: Offer | None = None
    found: CounterOffer | None = None


def prepare(scenario: Scenario, option: Option) -> Bargain:
    """Return what is ticked of a quote and what it comes to."""
    ticks = ticks_of(option)
    asked = tab.quote_asked.get(option.id) == option.model_dump_json()
    found = quote_answers.counter_of(scenario, option.id) if asked else None
    if not ticks:
        return Bargain(found=found)
    told, chosen = taken(scenario, option)
    if not chosen:
        return Bargain(found=found)
    offer = quote_answers.ticked_of(told, option.id, applied(option, chosen).model_dump_json())
    return Bargain(chosen, replace(offer, moves=chosen), found)


def draw(scenario: Scenario, option: Option, bargain: Bargain, lang: Lang) -> None:
    """Draw the changes to tick, and what can be done with them."""
    told, _, changes = quote_answers.changes_of(scenario, option.id)
    months = scenario.plan.horizon_months
    st.markdown(f"**{say(lang, 'counter.title', months=months)}**")
    if bargain.found is not None:
        st.markdown(said(counter_sentence(bargain.found, lang)))
        if len(bargain.found.ways) > 1:
            _ways(bargain.found, option, lang)
        if bargain.found.ordinary is not None:
            st.button(
                say(lang, "counter.use_ordinary"),
                key="counter_ordinary",
                on_click=_use,
                args=(option, bargain.found.ordinary),
            )
    else:
        st.button(
            say(lang, "counter.find"),
            key="counter_find",
            type="primary",
            icon=":material/search:",
            on_click=_find,
            args=(scenario, option),
        )
    _list(told, option, changes, lang)
    if bargain.ticked:
        _taken(told, option, bargain, lang)


def _list(
    scenario: Scenario, option: Option, changes: tuple[ContractChange, ...], lang: Lang
) -> None:
    worth = {one.move.key: _worth(scenario, option, one) for one in changes}
    useful = sorted(
        (one for one in changes if one.helps and not _hidden(one.move)),
        key=lambda one: -worth[one.move.key].centre.value,
    )
    fair = [one for one in changes if _is_fair(one, option)]
    idle = [one for one in in_order(changes) if not one.helps and one not in fair]
    if not useful:
        st.caption(say(lang, "counter.nothing"))
    with st.container(key="counter_list", gap="xsmall"):
        for one in useful:
            _row(scenario, option, one, worth[one.move.key], changes, lang)
        for one in fair:
            own = worth[one.move.key] if option.stop_loss else None
            _row(scenario, option, one, own, changes, lang)
    with st.expander(say(lang, "counter.more"), key="counter_more", on_change="rerun") as fold:
        if fold.open:
            found = [change_name(one.move, option, scenario, lang) for one in idle]
            st.caption(said(say(lang, "counter.note")))
            if found:
                st.caption(
                    said(say(lang, "counter.idle", names=say(lang, "kpi.semicolon").join(found)))
                )


def _is_fair(one: ContractChange, option: Option) -> bool:
    """Say whether a change is offered although it brings the quote no nearer to "sign": from which
    month the stop-loss counts, once there is one.
    """
    asked = one.move.key == "stop_from" and not one.helps
    return asked and (option.stop_loss or "stop_loss" in ticks_of(option))


def _worth(scenario: Scenario, option: Option, one: ContractChange) -> Estimate:
    """Return what a change is worth as it stands in the list: a part of the fee at the level that
    it comes down to.
    """
    left = ticks_of(option).get(one.move.key)
    if one.first is None:
        return one.client
    if left is None:
        return one.first
    return quote_answers.move_worth(scenario, option.id, one.move.key, left)


def _row(
    scenario: Scenario,
    option: Option,
    one: ContractChange,
    worth: Estimate | None,
    every: tuple[ContractChange, ...],
    lang: Lang,
) -> None:
    """Draw one change to tick: its worth alone, and for a fee the level that it comes down to; one
    that is worth nothing alone has none.
    """
    ticks, name = ticks_of(option), one.move.key
    key = f"counter_tick_{option.id}_{name}_{lang}_{tab.revision}"
    if not tab.has(key):
        tab.put(key, name in ticks)
    move = at_level(option, one.move, ticks.get(name))
    told = ""
    if worth is not None:
        text = worth_text(worth, scenario, lang)
        told = f":green[**+{text}**] · " if one.helps else f"**{text}** · "
    st.checkbox(
        said(f"{told}{change_name(move, option, scenario, lang)}"),
        key=key,
        on_change=_tick,
        args=(scenario, option, move, every, key),
    )
    if name == "cap" and starts_at(scenario, option) is not None:
        st.caption(say(lang, "counter.cap_by_hand"))
    if move.left is not None and name in ticks and name in ("base", "setup"):
        _level(option, move, lang)


def _hidden(move: Move) -> bool:
    return move.left is not None and move.key == "instalments"


def _level(option: Option, move: Move, lang: Lang) -> None:
    """Draw the level that a fee is to come down to."""
    now = float(getattr(option, move.key))
    level = float(move.fields[move.key])

    def changed(given: float | None) -> None:
        if given is not None:
            ticks_of(option)[move.key] = min(max(given / now, 0.0), 1.0)

    with st.container(width=180):
        number(
            say(lang, "counter.level"),
            level,
            changed,
            key=f"counter_level_{option.id}_{move.key}_{lang}_{tab.revision}",
            kind=NumberKind(digits=0, low=0.0, high=now),
        )


def _tick(
    scenario: Scenario, option: Option, move: Move, every: tuple[ContractChange, ...], key: str
) -> None:
    """Take a change or leave it; what cannot be asked for together with it is left, and told."""
    ticks = ticks_of(option)
    if not tab.typed(key):
        ticks.pop(move.key, None)
        if move.key == "stop_loss":  # from which month it counts goes with it
            ticks.pop("stop_from", None)
        return
    chosen = [
        at_level(option, one.move, ticks[one.move.key]) for one in every if one.move.key in ticks
    ]
    gone = displaced(move, chosen)
    for one in gone:
        ticks.pop(one.key)
    ticks[move.key] = None
    if gone:
        lang = state.lang()
        names = [change_name(one, option, scenario, lang) for one in gone]
        told = say(
            lang,
            "counter.displaced",
            taken=change_name(move, option, scenario, lang),
            names=say(lang, "kpi.semicolon").join(names),
        )
        state.notice("warning", told)
        tab.revision += 1


def _find(scenario: Scenario, option: Option) -> None:
    tab.quote_asked[option.id] = option.model_dump_json()
    found = quote_answers.counter_of(scenario, option.id)
    if found.ways:
        _use(option, found.ways[0])


def _use(option: Option, way: Offer) -> None:
    ticks = ticks_of(option)
    ticks.clear()
    ticks.update({move.key: _share_left(option, move) for move in way.moves})
    tab.revision += 1


def _share_left(option: Option, move: Move) -> float | None:
    """Return which share of a fee a change leaves: of one that has a box, of the rounded figure
    that the change names, so that box, text and draft say the same.
    """
    if move.left is None or move.key not in ("base", "setup"):
        return move.left
    return float(move.fields[move.key]) / float(getattr(option, move.key))


def _ways(found: CounterOffer, option: Option, lang: Lang) -> None:
    figure_table(
        "counter_ways",
        way_rows(found, lang),
        way_heads(lang),
        say(lang, "counter.way"),
        title=say(lang, "counter.way"),
    )
    with st.container(horizontal=True):
        for place, way in enumerate(found.ways, 1):
            st.button(
                say(lang, "counter.use_way", number=place),
                key=f"counter_way_{place}",
                on_click=_use,
                args=(option, way),
            )


# ---- what can be done with it
# --------------------------------------------------------------------------------------


def _taken(scenario: Scenario, option: Option, bargain: Bargain, lang: Lang) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        full = len(quotes_in(state.scenario())) >= MOST_QUOTES
        st.button(
            say(lang, "counter.copy"),
            key="counter_copy",
            icon=":material/content_copy:",
            disabled=full,
            on_click=copied,
            args=(scenario, option, bargain.ticked, lang),
        )
        speech: Lang = st.segmented_control(
            say(lang, "counter.speech"),
            list(LANGS),
            default=lang,
            key=f"counter_speech_{lang}",
            required=True,
            label_visibility="collapsed",
            format_func=lambda code: shell.LANGUAGE_NAMES[code],
        )
        made = applied(option, bargain.ticked)
        st.download_button(
            say(lang, "counter.draft"),
            partial(
                counter_draft_docx,
                needed_for(state.scenario(), scenario, made),
                option,
                made,
                speech,
            ),
            file_name=f"counter-offer-{option.id}-{speech}.docx",
            mime=DOCX,
            on_click="ignore",
            key="counter_docx",
            icon=":material/description:",
        )
        if bargain.offer is not None:
            st.download_button(
                say(lang, "counter.boss"),
                partial(_boss, scenario, option, bargain.offer, speech),
                file_name=f"one-page-{option.id}-{speech}.pdf",
                mime="application/pdf",
                on_click="ignore",
                key="counter_pdf",
                icon=":material/picture_as_pdf:",
            )
    if early := early_sentence(made, scenario, lang):
        st.markdown(said(f":orange[:material/schedule: {early}]"))
    if bargain.found is not None:
        for note in counter_notes(bargain.found, lang)[1:]:
            st.caption(said(note))


def _boss(scenario: Scenario, option: Option, offer: Offer, lang: Lang) -> bytes:
    answers, cash = quote_answers.quotes_of(scenario), None
    if not neutral_terms(scenario.cash):
        with suppress(InputError):  # the page says the verdict without it, as the quote page does
            cash = quote_cash_of(scenario.with_balance_shown(), option.id)
    return boss_pdf(answers, option.id, offer, quote_answers.own_budget_of(scenario), lang, cash)
