"""Beside a verdict: how many of the numbers that it rests on are the reader's own, and one click to
all of them.
"""

from collections.abc import Mapping

import streamlit as st

from funnel_sim.decisions.economics.known import typed_total
from funnel_sim.decisions.economics.whose import ORDERS, SHARE
from funnel_sim.output.words import formats
from funnel_sim.output.words.assumptions import Assumption, assumption_at, assumptions
from funnel_sim.scenario.origins import range_assumed
from funnel_sim.scenario.own_numbers import Own
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.session import state
from funnel_sim.ui.session.calls import result_of
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.shop import missing_words
from funnel_sim.words import Lang, say


def whose(own: Own, scenario: Scenario, lang: Lang, key: str) -> None:
    """Draw the two counts as a button that opens the list of both; `key` names the verdict."""
    told = say(lang, "shop.whose", yours=own.yours, others=own.others)
    around = _ranged(own, scenario)
    if around:
        told = say(lang, "shop.whose_ranges", told=told, count=len(around))
    with st.popover(
        told, key=f"{key}_whose", type="tertiary", icon=":material/fact_check:", on_change="rerun"
    ) as fold:
        if fold.open:
            _list(own, around, scenario, lang, key)


def _list(own: Own, around: list[str], scenario: Scenario, lang: Lang, key: str) -> None:
    every = {one.path: one for one in assumptions(scenario, lang)}
    for name, paths in (("yours", own.mine), ("assumed", own.assumed)):
        if paths:
            st.markdown(f"**{say(lang, f'shop.list_{name}', count=len(paths))}**")
            st.markdown("\n".join(_line(path, every, scenario, lang) for path in paths))
        if name == "yours":
            _exact(around, lang, key)
    if any(path.startswith("cash.") for path in (*own.mine, *own.assumed)):
        st.caption(say(lang, "cash.terms_below"))
    if st.button(say(lang, "shop.change_them"), key=f"{key}_whose_go", icon=":material/tune:"):
        shell.go("my_shop")


def _ranged(own: Own, scenario: Scenario) -> list[str]:
    """Return the paths of the reader's own numbers that are simulated as the example's range, moved
    along with them.
    """
    numbers = [path for path in own.mine if path not in (ORDERS, SHARE)]
    return [path for path in numbers if range_assumed(scenario, path)]


def _exact(paths: list[str], lang: Lang, key: str) -> None:
    """Say that own numbers are simulated as ranges, and offer to take them as exact."""
    if not paths:
        return
    st.caption(say(lang, "shop.ranges_why", count=len(paths)))
    st.button(
        say(lang, "shop.ranges_exact"),
        key=f"{key}_whose_exact",
        icon=":material/straighten:",
        on_click=_without_ranges,
        args=(tuple(paths),),
    )


def _without_ranges(paths: tuple[str, ...]) -> None:
    now = state.scenario()
    if state.change_all({path: point_value(now.get(path)) for path in paths}, paths[0]):
        tab.revision += 1


def _line(path: str, every: Mapping[str, Assumption], scenario: Scenario, lang: Lang) -> str:
    """Return a number of the list in one line, the orders of a month as they were typed."""
    if path in (ORDERS, SHARE):
        orders = result_of(scenario).steady["paid_orders"] or 0.0
        shown = (
            formats.count(orders)
            if path == ORDERS
            else formats.percent(typed_total(scenario)[1], 0)
        )
        name = say(lang, "shop.orders_plain" if path == ORDERS else "shop.share_of_ads")
        return f"- {name}: **{literal(shown)}** :small[{say(lang, 'origin.yours')}]"
    one = every.get(path) or assumption_at(scenario, path, lang)
    told = f"**{literal(one.shown)}** :small[{literal(one.told(lang))}]"
    return f"- {literal(one.full_name)}: {told}"


def example_note(own: Own, lang: Lang, *, sent: bool = False) -> None:
    """Say that what stands here is about the example, and what is to be typed first.

    Args:
        own: whose the numbers are.
        lang: the language.
        sent: whether somebody else has sent it.
    """
    if own.example:
        key = "shared.example" if sent else "shop.example_why"
        told = say(lang, key, names=missing_words(own, lang))
        st.markdown(said(f":gray-badge[{say(lang, 'shop.example')}] {told}"))
