"""Beside a verdict: how many of the numbers that it rests on are the reader's own, and one click to
all of them.
"""

import streamlit as st

from funnel_sim.output.words.assumptions import assumptions
from funnel_sim.scenario.own_numbers import Own
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.widgets.shop import missing_words
from funnel_sim.words import Lang, say


def whose(own: Own, scenario: Scenario, lang: Lang, key: str) -> None:
    """Draw the two counts as a button that opens the list of both; `key` names the verdict."""
    told = say(lang, "shop.whose", yours=own.yours, others=own.others)
    with st.popover(
        told, key=f"{key}_whose", type="tertiary", icon=":material/fact_check:", on_change="rerun"
    ) as fold:
        if fold.open:
            _list(own, scenario, lang, key)


def _list(own: Own, scenario: Scenario, lang: Lang, key: str) -> None:
    every = {one.path: one for one in assumptions(scenario, lang)}
    for name, paths in (("yours", own.mine), ("assumed", own.assumed)):
        shown = [every[path] for path in paths if path in every]
        if not shown:
            continue
        st.markdown(f"**{say(lang, f'shop.list_{name}', count=len(paths))}**")
        lines = [
            f"- {literal(one.full_name)}: **{literal(one.shown)}**"
            f" :small[{literal(one.told(lang))}]"
            for one in shown
        ]
        st.markdown("\n".join(lines))
    if st.button(say(lang, "shop.change_them"), key=f"{key}_whose_go", icon=":material/tune:"):
        shell.go("my_shop")


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
