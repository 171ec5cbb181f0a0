"""The answer on an ad budget as it is drawn, for one shop as for the rows of a portfolio."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import streamlit as st

from funnel_sim.decisions.budget.answer import BudgetAnswer
from funnel_sim.output.charts.budget import data_curve, data_split, spec_curve, spec_split
from funnel_sim.output.words import formats
from funnel_sim.output.words.budget import (
    LINES_TOLD,
    BudgetNames,
    chance_sentences,
    headline,
    line_heads,
    line_rows,
    move_sentences,
    next_sentences,
    rest_sentences,
    total_sentences,
)
from funnel_sim.ui.markup import said, with_names
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.words import Lang, say

_SMALL = 0.005
_DRAWN = 3


def card(
    found: BudgetAnswer,
    names: BudgetNames,
    lang: Lang,
    take: Callable[[], None],
    key: str,
    before: Callable[[], None] = lambda: None,
    after: Callable[[], None] = lambda: None,
    typed_names: tuple[str, ...] = (),
) -> None:
    """Draw the verdict and the button that takes the split over, then what it rests on.

    Args:
        found: the answer.
        names: what its items are called.
        lang: the language.
        take: takes the split over.
        key: of the card and its widgets.
        before: draws what stands above the verdict, inside the card.
        after: the same below it.
        typed_names: of items, as somebody typed them, whatever marks they hold; the longest first.
    """

    def told_of(sentences: Iterable[str], between: str) -> str:
        return said(with_names(between.join(sentences), typed_names))

    with st.container(border=True, key=f"{key}_card"):
        before()
        st.markdown(told_of([f"##### {headline(found, names, lang)}"], ""))
        told = [*move_sentences(found, names, lang), *chance_sentences(found, names, lang)]
        if told:
            st.markdown(told_of(told, "\n\n"))
        further = [*total_sentences(found, names, lang), *next_sentences(found, names, lang)]
        st.markdown(told_of((f"- {one}" for one in further), "\n"))
        same = all(abs(one.moved) < _SMALL for one in found.lines)
        st.button(
            say(lang, "budget.take"),
            key=f"{key}_take",
            icon=":material/check:",
            disabled=same,
            help=say(lang, "budget.taken_same" if same else "budget.take_help"),
            on_click=take,
        )
        after()
    st.caption(told_of(rest_sentences(found, names, lang), "  \n"))


def figures(found: BudgetAnswer, names: BudgetNames, lang: Lang, key: str) -> None:
    """Draw the split, the marginal table and the curve along the total.

    Args:
        found: the answer.
        names: what its items are called.
        lang: the language.
        key: of the figures.
    """
    spent = formats.axis("money", found.currency, lang)
    if len(found.lines) > LINES_TOLD:
        count = f"{len(found.lines):,}"
        st.caption(say(lang, "budget.largest", shown=LINES_TOLD, count=count))
    figure(
        f"{key}_split",
        say(lang, "budget.split_title"),
        data_split(found, names, lang),
        spec_split(lang, theme(), spent),
        say(lang, "budget.split_note"),
    )
    title = say(lang, "budget.table_title")
    figure_table(
        f"{key}_table",
        # today's and the best budget stand in the chart
        [replace(one, cells=one.cells[_DRAWN:]) for one in line_rows(found, names, lang)],
        [say(lang, "budget.channel"), *line_heads(found, lang)[_DRAWN:]],
        title,
        title=title,
        stacked=True,
    )
    shown_in = formats.axis("money", names.shown or found.currency, lang)
    figure(
        f"{key}_curve",
        say(lang, "budget.curve_title"),
        data_curve(found, names, lang),
        spec_curve(lang, theme(), spent, shown_in),
        say(lang, "budget.curve_note"),
    )
