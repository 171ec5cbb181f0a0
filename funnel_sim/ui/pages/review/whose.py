"""The review's fourth part: whose doing it is."""

import streamlit as st

from funnel_sim.output.charts.review import data_alone, spec_alone
from funnel_sim.output.words import formats
from funnel_sim.output.words.joining import begun
from funnel_sim.output.words.review_effect import (
    drop_sentence,
    effect_heads,
    effect_rows,
    effect_sentences,
    effect_workings,
    extra_sentences,
)
from funnel_sim.ui import shell
from funnel_sim.ui.markup import said
from funnel_sim.ui.pages.review.at_hand import AtHand
from funnel_sim.ui.session import reviews
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.words import Lang, say


def draw(at: AtHand, lang: Lang) -> None:
    """Draw the part.

    Raises:
        InputError: the effect cannot be looked at.
    """
    found, dropped = reviews.effect_known(at.scenario, at.period.name, at.contract)
    head, *rest = effect_sentences(found, at.known, lang)
    st.markdown(said(f"**{head}**"))
    if found.found is not None:
        label = say(lang, f"history.figure_{found.figure}")
        title = say(lang, "review.effect_title", figure=begun(label))
        unit = "money" if found.figure == "gmv" else "count"
        figure(
            "review_effect",
            title,
            data_alone(found, at.known, lang),
            spec_alone(lang, theme(), formats.axis(unit, at.known.shown, lang)),
            say(lang, "review.effect_chart_note"),
            said,
        )
    lines = [*rest, *extra_sentences(found, at.known, lang)]
    if drop := drop_sentence(dropped, at.known, lang):
        lines.append(drop)
    st.markdown(said("\n".join(f"- {one}" for one in lines)))
    if found.found is not None:
        title = say(lang, "review.effect_months")
        figure_table(
            "review_months",
            effect_rows(found, at.known, lang),
            effect_heads(lang),
            title,
            title=title,
            words=(4,),
        )
        with st.expander(
            say(lang, "review.how"), key="review_how_months", on_change="rerun"
        ) as fold:
            if fold.open:
                told = effect_workings(found, at.known, lang)
                st.markdown(said("\n".join(f"- {one}" for one in told)))
    lacks = found.budget is None or found.verdict in ("no_baseline", "no_months")
    if lacks and st.button(say(lang, "review.to_enter"), key="review_enter_effect"):
        shell.go("actual_months")
