"""What do you know: a conversion rate with budget and price of clicks, or the orders of a month
with their ad spend.

One switch, and back.
"""

from collections.abc import Callable
from typing import cast

import streamlit as st

from funnel_sim.decisions.economics.known import (
    CountedIn,
    Switched,
    counted_in,
    typed_total,
    with_ads_as,
    with_orders,
    with_rates,
    with_total,
)
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.output.words import formats
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.in_force import ADS_AS, AdsAs, ads_as, knows_orders, main_channel
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.shown import HOME
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.fields import into_currency
from funnel_sim.ui.widgets.number import NumberKind, number
from funnel_sim.words import say

KNOWN = ("rate", "orders", "units", "sales")
ADS = ("budget", *ADS_AS)


def switches() -> None:
    """Draw the two choices above the numbers: how sales are known, how ads are known."""
    lang, scenario = state.lang(), state.scenario()
    typed = knows_orders(scenario)
    main = main_channel(scenario)
    now = main.known_as if typed else "rate"
    way = (ads_as(main) or "cost_per_order") if typed else "budget"
    mark = f"{lang}_{tab.revision}_{now}_{way}"  # typed orders seed the choices alone anew
    with st.container(horizontal=True, key="knowing", gap="medium"):
        for name, options, chosen, changed in (
            ("sales", KNOWN, now, _sales),
            ("ads", ADS, way, _ads),
        ):
            key = f"known_{name}_{mark}"
            st.segmented_control(
                say(lang, f"known.{name}_title"),
                options,
                default=chosen,
                key=key,
                required=True,
                on_change=changed,
                args=(key,),
                width="content",
                format_func=lambda one, name=name: say(lang, f"known.{name}_{one}"),
            )
        _costs_in(scenario, mark)
    with st.container(key="known_typed", gap="xsmall"):  # always there, so that no form moves
        if typed:
            _total(scenario, mark)
            st.caption(say(lang, "known.typed_note" if way != "tacos_rate" else "known.tacos_note"))


def _costs_in(scenario: Scenario, mark: str) -> None:
    """Draw in which currency costs are typed; another one converts them, and every figure stays
    what it was.
    """
    lang, now = state.lang(), scenario.cost_currency
    options = list(dict.fromkeys((now, HOME, scenario.currency)))
    if len(options) == 1:
        return
    key = f"known_costs_{mark}"

    def chosen() -> None:
        into_currency("cost_currency", str(tab.typed(key)))

    st.segmented_control(
        say(lang, "known.costs_title"),
        sorted(options, key=lambda one: one != HOME),
        default=now,
        key=key,
        required=True,
        on_change=chosen,
        width="content",
        help=say(lang, "known.costs_help"),
    )


def _total(scenario: Scenario, mark: str) -> None:
    """Draw the units or sales of all channels as one number, and which share of them ads bring;
    nothing where one channel is all there is, or where orders are counted: these stand below.
    """
    lang = state.lang()
    unit = main_channel(scenario).known_as
    if unit == "orders" or sum(channel.kind == "orders" for channel in scenario.channels) < 2:
        return
    total, share = typed_total(scenario)

    def changed(now: float | None, part: float | None) -> None:
        if now is not None and part is not None:
            _put(lambda one: with_total(one, now, part))

    with st.container(horizontal=True, key="known_all"):
        word = say(lang, f"known.total_{unit}", currency=scenario.currency)
        money = scenario.currency if unit == "sales" else ""
        number(
            word,
            total,
            lambda new: changed(new, share),
            key=f"known_total_{mark}",
            width=220,
            kind=NumberKind(Unit.MONEY if money else Unit.COUNT, money, digits=0, low=0.0),
            help_=say(lang, "known.total_help"),
        )
        if _both(scenario):
            text = say(lang, "known.share_of_ads")
            kind = NumberKind(Unit.RATE, digits=0, low=0.0, high=1.0)
            number(
                text,
                share,
                lambda new: changed(total, new),
                key=f"known_share_{mark}",
                width=220,
                kind=kind,
            )


def _both(scenario: Scenario) -> bool:
    """Say whether some typed channels have ads and some do not, so that there is something to share
    out.
    """
    return (
        len({ads_as(channel) is None for channel in scenario.channels if channel.kind == "orders"})
        > 1
    )


def _sales(key: str) -> None:
    chosen = str(tab.typed(key))
    if chosen == "rate":
        _to_rates()
    elif knows_orders(state.scenario()):
        _put(lambda one: counted_in(one, cast("CountedIn", chosen)))
    else:
        _to_orders(lambda one: counted_in(one, cast("CountedIn", chosen)))


def _ads(key: str) -> None:
    chosen = str(tab.typed(key))
    if chosen == "budget":
        _to_rates()
        if not knows_orders(state.scenario()):
            state.notice("warning", say(state.lang(), "known.budget_needs_rate"))
    elif knows_orders(state.scenario()):
        _put(lambda one: with_ads_as(one, cast("AdsAs", chosen)))
    else:
        _to_orders(lambda one: with_ads_as(one, cast("AdsAs", chosen)))


def _put(change: Callable[[Scenario], Scenario]) -> None:
    try:
        state.replace_whole(change(state.scenario()))
    except InputError as error:
        _refused(error)


def _to_orders(then: Callable[[Scenario], Scenario]) -> None:
    before = state.scenario()
    try:
        found = with_orders(before)
        after = found.scenario if found.restored else then(found.scenario)
    except InputError as error:
        _refused(error)
        return
    tab.kinds_before = {channel.id: channel.kind for channel in before.channels}
    _said(before, Switched(after, found.restored), "known.now_orders")


def _to_rates() -> None:
    before = state.scenario()
    try:
        found = with_rates(
            before, {key: kind for key, kind in tab.kinds_before.items() if kind != "orders"}
        )
    except InputError as error:
        _refused(error)
        return
    _said(before, found, "known.now_rates")


def _said(before: Scenario, found: Switched, sentence: str) -> None:
    """Put the scenario in place and say whether its orders stay as they were."""
    lang = state.lang()
    was, now = (evaluate(one).steady["paid_orders"] for one in (before, found.scenario))
    state.replace_whole(found.scenario)
    kind = "restored" if found.restored else "same"
    state.notice(
        "success",
        literal(say(lang, f"{sentence}_{kind}", before=formats.count(was), now=formats.count(now))),
    )


def _refused(error: InputError) -> None:
    tab.revision += 1  # the choice falls back to what holds
    state.notice("error", literal(" ".join(error.sentences(state.lang()))))
