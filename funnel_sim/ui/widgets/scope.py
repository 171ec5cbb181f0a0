"""What a quote has to serve, typed once, and the hours a month that it takes, factor by factor."""

import streamlit as st

from funnel_sim.output.words.quote_serving import (
    hourly_heads,
    hourly_rows,
    hourly_words,
    hours_heads,
    hours_notes,
    hours_rows,
    price_sentence,
)
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import said
from funnel_sim.ui.widgets.fields import field
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.words import Lang, say

_COUNTS = ("scope_platforms", "scope_sites", "scope_products", "scope_languages", "scope_stage")
_SWITCHES = ("scope_support", "scope_offsite", "scope_manager", "scope_tools", "scope_hard")


def form(option: Option, lang: Lang) -> None:
    """Draw what is to be served as fields of the quote."""
    st.caption(say(lang, "quote.scope_lead"))
    for names, width in ((_COUNTS, 150), (_SWITCHES, 150)):
        with st.grid(3, min_column_width=width, gap="small"):
            for name in names:
                with st.container():
                    field(f"options.{option.id}.{name}", note=False)


def hours(option: Option, scenario: Scenario, lang: Lang, where: str) -> None:
    """Draw the hours a month by factor, what an hour costs, and what such hours usually sell for;
    `where` keeps two of them apart.
    """
    figure_table(
        f"hours_{where}_{option.id}",
        hours_rows(scenario, option, lang),
        hours_heads(lang),
        say(lang, "quote.hours_title"),
        title=say(lang, "quote.hours_title"),
    )
    st.caption(said("\n".join(f"- {note}" for note in hours_notes(scenario, option, lang))))
    st.markdown(said(price_sentence(scenario, option, lang)))
    title, note = hourly_words(scenario, lang)
    with st.expander(title, key=f"hourly_{where}_{option.id}", on_change="rerun") as fold:
        if fold.open:
            figure_table(
                f"hourly_table_{where}_{option.id}",
                hourly_rows(scenario, lang),
                hourly_heads(lang),
                title,
                note=note,
            )
