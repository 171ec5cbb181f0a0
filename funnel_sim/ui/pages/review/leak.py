"""The review's third part: where it leaks, step by step."""

import streamlit as st

from funnel_sim.output.words.review_leak import (
    leak_sentences,
    leak_title,
    step_heads,
    step_rows,
    step_workings,
)
from funnel_sim.ui import shell
from funnel_sim.ui.markup import said
from funnel_sim.ui.pages.review.at_hand import AtHand
from funnel_sim.ui.session import reviews
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.words import Lang, say


def draw(at: AtHand, lang: Lang) -> None:
    """Draw the part.

    Raises:
        InputError: no month of the series is known.
    """
    found = reviews.leaks_known(at.scenario, at.period.name, say_enough=True)
    told = leak_sentences(found, at.known, lang)
    st.markdown(said("\n".join(f"- {one}" for one in told)))
    if found.steps:
        title = leak_title(found, lang)
        season = "leak_seasonal" if found.seasonal else "leak_not_seasonal"
        figure_table(
            "review_steps",
            step_rows(found, at.known, lang),
            step_heads(lang),
            title,
            title=title,
            words=(5, 6),
            note=f"{say(lang, 'review.leak_note')} {say(lang, f'review.{season}')}",
        )
        with st.expander(
            say(lang, "review.how"), key="review_how_steps", on_change="rerun"
        ) as fold:
            if fold.open:
                st.markdown(
                    said("\n".join(f"- {one}" for one in step_workings(found, at.known, lang)))
                )
    if (found.missing or not found.steps) and st.button(
        say(lang, "review.to_enter"), key="review_enter_steps"
    ):
        shell.go("actual_months")
