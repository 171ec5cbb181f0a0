"""What sales sees alone, in a window of its own: its cost of serving, what it keeps at this fee,
what each guarantee leaves, which fee a margin needs, and what the client's own test will say.
"""

from functools import partial

import streamlit as st

from funnel_sim.decisions.quote.fee_from_cost import serving_cost
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.words import formats
from funnel_sim.output.words.our_offer import (
    fee_sentence,
    kept_heads,
    kept_rows,
    kept_sentences,
    offer_line,
    offer_name,
)
from funnel_sim.output.words.quote import verdict_sentence
from funnel_sim.output.words.quote_serving import serving_parts, serving_ranges
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.roles import kept, set_role, with_private
from funnel_sim.ui.session import quote_answers, state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets import fee_from_cost, private_window, scope
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.ui.widgets.number import NumberKind, number
from funnel_sim.units import PERCENT
from funnel_sim.words import Lang, say

_OWN = ("people", "pay", "on_cost", "other")
_MOST_ON_COST = 2.0


def prepare(result: Result) -> Option | None:
    """Return the offer that is looked at; None while there is none."""
    mine = [one for one in result.scenario.options if one.kind == "quote"]
    return next((one for one in mine if one.id == tab.quote_shown), mine[0] if mine else None)


def draw(result: Result, option: Option | None) -> None:
    """Draw the page.

    Args:
        option: the quote whose margin is shown; None while there is none.
    """
    lang, scenario = state.lang(), result.scenario
    set_role("sales")
    private_window.follower()
    st.subheader(f":material/lock: {say(lang, 'private.title')}")
    st.caption(say(lang, "private.note"))
    st.caption(say(lang, "private.follows" if tab.private_follows else "private.waiting"))
    if option is None:
        st.info(say(lang, "private.no_quote", page=say(lang, "page.quote_test")))
        return
    _which(scenario, option, lang)
    _cost(scenario, option, lang)
    mine = with_private(scenario, option.id)
    if not option.priced:  # nothing is asked for yet: no uplift is worth anything, and none is told
        st.info(literal(say(lang, "ours.need_fee")))
        _fee(mine, option.id, lang)
        return
    try:
        found = quote_answers.ours_of(mine, option.id)
    except InputError as error:
        st.error(literal(error.sentences(lang)[0]))
        return
    st.markdown(said(offer_line(found, lang)))
    held, failed = kept_sentences(found, lang)
    st.markdown(said(f"##### {held}"))
    st.markdown(said(f"- {failed}\n- {fee_sentence(found, lang)}"))
    _parts(mine, option.id, lang)
    _fee(mine, option.id, lang)
    with st.expander(
        say(lang, "quote.hours_title"), key="private_hours", on_change="rerun"
    ) as fold:
        if fold.open:
            scope.hours(next(one for one in mine.options if one.id == option.id), mine, lang, "own")
    figure_table(
        "private_guarantees",
        kept_rows(found, lang),
        kept_heads(lang),
        say(lang, "private.guarantees"),
        title=say(lang, "private.guarantees"),
        note=say(lang, "private.table_note"),
    )
    _own_test(scenario, option.id, lang)


def _fee(mine: Scenario, name: str, lang: Lang) -> None:
    """Draw which fee the offer needs, by what serving costs."""
    option = next(one for one in mine.options if one.id == name)
    fee_from_cost.draw(option, mine, lang, "private", give=_give)


def _which(scenario: Scenario, option: Option, lang: Lang) -> None:
    mine = [one for one in scenario.options if one.kind == "quote"]
    if len(mine) < 2:
        st.markdown(f"**{literal(offer_name(option, lang))}**")
        return
    names = {one.id: offer_name(one, lang) for one in mine}
    key = f"private_which_{lang}_{tab.revision}"
    st.segmented_control(
        say(lang, "quote.which"),
        list(names),
        default=option.id,
        key=key,
        required=True,
        label_visibility="collapsed",
        format_func=lambda name: names.get(str(name), str(name)),
        on_change=lambda: Tab.quote_shown.put(tab.typed(key)),
    )


def _cost(scenario: Scenario, option: Option, lang: Lang) -> None:
    """Draw what serving costs, to be typed; what is left empty counts as its default."""
    mine = kept().setdefault(option.id, {})
    bare = serving_cost(
        scenario,
        option.but(**{f"serving_{name}": 0.0 if name == "other" else None for name in _OWN}),
    )
    with st.grid(2, min_column_width=220, gap="small"):
        for name in _OWN:
            unit = "" if name in ("people", "on_cost") else f" ({scenario.cost_currency})"
            share = name == "on_cost"
            kind = NumberKind(
                Unit.RATE if share else Unit.COUNT,
                scenario.cost_currency if unit else "",
                digits=2,
                low=0.0,
                high=_MOST_ON_COST if share else None,
            )
            usual = getattr(bare, name) * (PERCENT if share else 1.0)
            number(
                f"{say(lang, f'role.own_{name}')}{unit}",
                mine.get(name),
                partial(_keep, mine, name),
                key=f"private_{option.id}_{name}_{lang}",
                kind=kind,
                empty=formats.number(usual, 2 if name == "people" else 1),
            )


def _keep(mine: dict[str, float | None], name: str, value: float | None) -> None:
    mine[name] = value


def _parts(mine: Scenario, name: str, lang: Lang) -> None:
    """Say what serving costs as a formula, and at which rate it was converted."""
    cost = serving_cost(mine, next(one for one in mine.options if one.id == name))
    told = [
        say(lang, "private.parts", **serving_parts(cost, mine, lang)),
        serving_ranges(cost, mine, lang),
    ]
    if mine.currency != mine.cost_currency:
        rate = formats.exact(point_value(mine.fx_rate))
        told.append(say(lang, "private.rate", rate=rate, sales=mine.currency))
    st.caption(said(" ".join(part for part in told if part)))


def _give(option: str, base: float) -> None:
    """Take a monthly base over here and in the shared window."""
    if state.change(f"options.{option}.base", base):
        tab.revision += 1
        private_window.give(option, base)
        tab.toast = say(state.lang(), "private.given")


def _own_test(scenario: Scenario, name: str, lang: Lang) -> None:
    answers = quote_answers.quotes_of(scenario)
    answer = next((one for one in answers.options if one.option.id == name), None)
    if answer is None:
        return
    with st.expander(
        say(lang, "private.own_test"), key="private_own_test", on_change="rerun"
    ) as fold:
        if fold.open:
            st.markdown(
                said(
                    say(
                        lang,
                        "private.own_test_text",
                        verdict=say(lang, f"quote.{answer.verdict}"),
                        text=verdict_sentence(answer, answers, lang),
                    )
                )
            )
