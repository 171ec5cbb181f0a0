"""Response curves from a file of channel-months: what was read, the fit, and taking it over."""

from collections.abc import Sequence

import streamlit as st

from funnel_sim.decisions.budget.curves import ResponseCurve, fit_all, matched, with_curves
from funnel_sim.decisions.customer.budgets import ads_bought
from funnel_sim.errors import InputError
from funnel_sim.evidence.store.channel_spend import ChannelMonths, channel_spend
from funnel_sim.evidence.tables.headings import may_mean
from funnel_sim.output.words import formats
from funnel_sim.output.words.budget import curve_heads, curve_rows, curve_sentences, names_of
from funnel_sim.output.words.joining import listed
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.ui.widgets.uploads import tables_of, ways_of_writing
from funnel_sim.words import Lang, say

_KEPT = "channel_months"
_TYPES = ["csv", "txt", "tsv", "xlsx", "xls"]


def draw(scenario: Scenario, lang: Lang) -> None:
    """Draw the upload, what was read, and the fitted curves.

    Args:
        scenario: the store.
        lang: the language.
    """
    st.caption(say(lang, "budget.upload_help"))
    upload = st.file_uploader(say(lang, "budget.upload"), type=_TYPES, key="budget_file")
    if upload is None:
        return
    try:
        tables = tables_of([upload], _KEPT, lang)
        if not tables:
            return
        left, right = st.columns(2)
        day_first, decimal = ways_of_writing(left, right, "budget", lang)
        months = channel_spend(tables[0], day_first=day_first, decimal=decimal)
        curves = fit_all(scenario, months)
    except InputError as error:
        for told in error.sentences(lang):
            st.error(literal(told))
        return
    _preview(months, scenario, lang)
    figure_table(
        "budget_curves",
        curve_rows(curves, lang),
        [say(lang, "budget.channel"), *curve_heads(lang)],
        say(lang, "budget.curves_title"),
        title=say(lang, "budget.curves_title"),
    )
    for told in curve_sentences(curves, lang):
        st.caption(said(told))
    _take(scenario, curves, lang)


def _preview(months: Sequence[ChannelMonths], scenario: Scenario, lang: Lang) -> None:
    keys = ("months", "spent_mean", "result", "left")
    heads = [say(lang, "budget.channel"), *(say(lang, f"budget.head_of_{key}") for key in keys)]
    rows = [
        Row(
            "",
            one.name,
            (
                f"{one.months[0]} – {one.months[-1]} ({len(one.months)})",
                formats.number(float(one.spend.mean())),
                say(lang, f"budget.result_{one.result}"),
                f"{one.left_out}",
            ),
        )
        for one in months
    ]
    title = say(lang, "budget.preview")
    figure_table("budget_preview", rows, heads, title, title=title)
    other = _other_currency(months, scenario)
    if other:
        st.caption(
            said(say(lang, "budget.other_currency", found=other, currency=scenario.currency))
        )


def _other_currency(months: Sequence[ChannelMonths], scenario: Scenario) -> str:
    """Return the currency of a file's amounts where it is another one than the scenario's."""
    named = {one.currency for one in months if one.currency}
    return listed(
        sorted(one for one in named if scenario.currency not in may_mean(one)), state.lang()
    )


def _take(scenario: Scenario, curves: Sequence[ResponseCurve], lang: Lang) -> None:
    """Draw which channel each is, and the button that puts the fits into them."""
    known = matched(scenario, curves)
    words = dict(names_of(scenario, lang).of)
    options = ["", *(one.id for one in ads_bought(scenario))]
    channel_of: dict[str, str] = {}
    with st.grid(3, min_column_width=200):
        for place, curve in enumerate(curves):
            name = curve.channel.name
            key = f"budget_match_{place}_{name}_{lang}_{tab.revision}"
            tab.seed(key, known.get(name, ""))
            channel_of[name] = str(
                st.selectbox(
                    say(lang, "budget.is_channel", name=literal(name)),
                    options,
                    key=key,
                    format_func=lambda one: (
                        literal(words.get(str(one), str(one)))
                        if one
                        else say(lang, "budget.no_channel")
                    ),
                )
                or ""
            )
    taken = [one for one in channel_of.values() if one]
    st.button(
        say(lang, "budget.take_curves"),
        key="budget_take_curves",
        icon=":material/show_chart:",
        disabled=not taken or len(set(taken)) < len(taken),
        on_click=_taken,
        args=(
            scenario,
            tuple(curves),
            channel_of,
            bool(_other_currency([c.channel for c in curves], scenario)),
            lang,
        ),
    )


def _taken(
    scenario: Scenario,
    curves: tuple[ResponseCurve, ...],
    channel_of: dict[str, str],
    other: bool,
    lang: Lang,
) -> None:
    try:
        made = with_curves(scenario, curves, channel_of)
        if other:  # what was spent, in another currency, is no bound of this scenario's
            made = made.but(budget=scenario.budget)
    except InputError as error:
        state.notice("error", error.sentences(lang)[0])
        return
    state.replace_whole(made)
    state.notice("success", say(lang, "budget.curves_taken"))
