"""The next term: go on, renegotiate or leave; what each option leaves; what it is worth and what to
ask for; the effect month by month; the days that must not be missed.
"""

import datetime as dt
from dataclasses import dataclass

import streamlit as st

from funnel_sim.decisions.quote.effect import arrival
from funnel_sim.decisions.quote.moves import needed_for
from funnel_sim.decisions.review.renewal import Renewal, next_quote
from funnel_sim.decisions.review.standing import dates_of
from funnel_sim.errors import InputError
from funnel_sim.output.charts.quote import data_gains, spec_gains
from funnel_sim.output.charts.settlement import data_trend, spec_trend
from funnel_sim.output.words import formats
from funnel_sim.output.words.counter_offer import counter_sentence, way_heads, way_rows
from funnel_sim.output.words.renewal import (
    as_quote_sentence,
    assumed_sentences,
    day_sentences,
    gain_rows,
    option_heads,
    option_rows,
    price_sentence,
    reason_sentences,
    verdict_sentence,
)
from funnel_sim.output.words.renewal_worth import share_sentence, worth_heads, worth_rows
from funnel_sim.output.words.review_dates import calendar_of
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.quotes import MOST_QUOTES, Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import frame, shell
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.session import signed_contracts, state
from funnel_sim.ui.session.quotes import copy, quotes_in
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.words import LANGS, Lang, say


@dataclass(frozen=True)
class NextTermReady:
    """What is known of the next term, or the `error` that says why nothing is."""

    option: Option
    found: Renewal | None
    error: InputError | None = None


def prepare(scenario: Scenario, option: Option) -> NextTermReady:
    """Return what is known of the next term of a contract."""
    try:
        return NextTermReady(option, signed_contracts.renewal_of(scenario, option.id))
    except InputError as error:
        return NextTermReady(option, None, error)


def draw(ready: NextTermReady, scenario: Scenario, lang: Lang) -> None:
    """Draw the next term."""
    if ready.found is None:
        assert ready.error is not None
        st.error(literal(ready.error.sentences(lang)[0]))
        return
    found = ready.found
    with st.container(border=True, key="renewal_verdict"):
        st.markdown(said(f"#### {verdict_sentence(found, scenario, lang)}"))
        for sentence in [*assumed_sentences(found, lang), *reason_sentences(found, scenario, lang)]:
            st.markdown(said(f"- {sentence}"))
    if found.effect.ended is None:
        _days(scenario, ready.option, lang)
    figure_table(
        "renewal_options",
        option_rows(found, scenario, lang),
        option_heads(lang),
        say(lang, "renewal.options_title", months=found.months),
        title=say(lang, "renewal.options_title", months=found.months),
        note=say(lang, "renewal.options_note"),
    )
    figure(
        "renewal_gains",
        say(lang, "renewal.picture_title", months=found.months, code=scenario.shown),
        data_gains(gain_rows(found, scenario, lang), scenario.shown.rate),
        spec_gains(lang, theme(), formats.axis("money", scenario.shown, lang)),
        say(lang, "renewal.picture_note"),
    )
    _price(found, scenario, ready.option, lang)
    _trend(found, ready.option, lang)


def _days(scenario: Scenario, option: Option, lang: Lang) -> None:
    dates = dates_of(scenario, option)
    if not dates:
        return
    today = dt.date.fromisoformat(frame.today())
    with st.container(horizontal=True, vertical_alignment="center", key="renewal_days"):
        st.markdown(said(" · ".join(day_sentences(dates, today, lang))))
        st.download_button(
            say(lang, "renewal.calendar"),
            calendar_of(dates, scenario, lang).encode(),
            file_name="contract-days.ics",
            mime="text/calendar",
            icon=":material/event:",
            key="renewal_ics",
            on_click="ignore",
        )


def _price(found: Renewal, scenario: Scenario, option: Option, lang: Lang) -> None:
    """Draw what the effect shown is worth, what to ask for, and the way to a new quote."""
    st.markdown(f"**{say(lang, 'renewal.price')}**")
    st.markdown(said(price_sentence(found, scenario, lang)))
    figure_table(
        "renewal_worth",
        worth_rows(found, scenario, lang),
        worth_heads(lang),
        say(lang, "renewal.worth_title"),
        words=(1,),
        title=say(lang, "renewal.worth_title"),
        note=say(lang, "renewal.worth_note"),
        stacked=True,
    )
    share = share_sentence(found, scenario, lang)
    if share:
        st.markdown(said(share))
    with st.expander(
        say(lang, "renewal.ask_fold"),
        key="renewal_ask",
        on_change="rerun",
        icon=":material/handshake:",
    ) as fold:
        if fold.open:
            _ask(scenario, option, lang)
    full = len(quotes_in(scenario)) >= MOST_QUOTES
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            say(lang, "renewal.new_quote"),
            key="renewal_new_quote",
            type="primary",
            icon=":material/post_add:",
            disabled=full,
            help=say(lang, "renewal.full" if full else "renewal.new_quote_help"),
            on_click=_new_quote,
            args=(found, option, lang),
        )
        if st.button(
            say(lang, "renewal.to_quotes"), key="renewal_to_quotes", icon=":material/arrow_forward:"
        ):
            shell.go("quote_test")
    names = {say(speech, "renewal.new_name", name=option_name(option, speech)) for speech in LANGS}
    if names & {one.name for one in scenario.options}:
        quote = signed_contracts.renewal_as_quote(scenario, option.id)
        st.caption(said(as_quote_sentence(quote, found, scenario, lang)))


def _ask(scenario: Scenario, option: Option, lang: Lang) -> None:
    counter = signed_contracts.next_counter_of(scenario, option.id)
    st.markdown(said(counter_sentence(counter, lang)))
    if counter.ways:
        figure_table(
            "renewal_ways",
            way_rows(counter, lang),
            way_heads(lang),
            say(lang, "counter.way"),
            title=say(lang, "counter.way"),
        )
        for place, way in enumerate(counter.ways, 1):
            st.button(
                say(lang, "renewal.take_way", number=place),
                key=f"renewal_way_{place}",
                icon=":material/content_copy:",
                disabled=len(quotes_in(scenario)) >= MOST_QUOTES,
                on_click=_take_way,
                args=(counter.scenario, way.option, scenario, option, lang),
            )


def _take_way(told: Scenario, made: Option, scenario: Scenario, option: Option, lang: Lang) -> None:
    """Add the contract that is asked for as a quote, with the effect as it is known."""
    known = next_quote(signed_contracts.renewal_of(scenario, option.id)).effect
    needed = tuple(needed_for(scenario, told, made).kpis)
    _add(made.but(effect=known), option, lang, needed)


def _new_quote(found: Renewal, option: Option, lang: Lang) -> None:
    _add(next_quote(found), option, lang, ())


def _add(made: Option, option: Option, lang: Lang, kpis: tuple[Kpi, ...]) -> None:
    name = say(lang, "renewal.new_name", name=option_name(option, lang))
    copy(made, name, kpis)
    state.notice("success", say(lang, "renewal.made", name=name))


def _trend(found: Renewal, option: Option, lang: Lang) -> None:
    effect = found.effect
    if effect.found is None:
        return
    promise = None
    if effect.promise is not None:
        share = arrival(option, float(point_value(option.ramp)), len(effect.months))[:, 0]
        promise = [effect.promise * float(one) for one in share]
    figure(
        "renewal_trend",
        say(lang, "renewal.trend_title"),
        data_trend(
            effect.months, effect.found.by_month.tolist(), promise, formats.signed_percent, lang
        ),
        spec_trend(lang, theme(), formats.axis("rate", "", lang)),
        say(lang, "renewal.trend_note", figure=say(lang, f"history.figure_{effect.figure}")),
    )
