"""Price and demand: how orders answer to the price, what is best, what a new price takes."""

import pandas as pd
import streamlit as st

from funnel_sim.decisions.economics.best_price import BestPrice, Held
from funnel_sim.output.charts.price import spec_price
from funnel_sim.output.words.best_price import (
    curve_note,
    held_heads,
    held_rows,
    held_sentence,
    price_sentences,
    source_sentence,
    table_note,
)
from funnel_sim.output.words.joining import run_on
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.price_prior import suggested_elasticity
from funnel_sim.ui.markup import said
from funnel_sim.ui.session import calls, state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.fields import field
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.ui.widgets.number import NumberKind, number
from funnel_sim.words import Lang, say

_ELASTICITY, _REFERENCE = "conversion.demand_elasticity", "conversion.reference_price"


def draw_price(found: BestPrice | None, data: pd.DataFrame | None, lang: Lang) -> None:
    """Draw what the price brings: the verdict, its inputs beside the curve, what other prices take.

    Args:
        found: what the price brings, worked out for this view.
        data: of the curve.
        lang: "zh" or "en".
    """
    assert found is not None
    assert data is not None
    scenario = found.scenario
    first, *rest = price_sentences(found, lang)
    st.markdown(said(f"**{first}**" + (f"\n\n{run_on(rest, lang)}" if rest else "")))
    with st.grid(2, min_column_width=330, gap="medium"):
        with st.container():
            field(_ELASTICITY, ranged=True)
            if found.answers:
                field(_REFERENCE)
            else:
                st.caption(said(source_sentence(scenario, lang)))
            st.button(
                say(lang, "price.stop" if found.answers else "price.take"),
                key="price_switch",
                icon=":material/undo:" if found.answers else ":material/trending_down:",
                on_click=_switch_price,
                args=(not found.answers,),
            )
            _tried(found, lang)
        figure(
            "price_curve",
            say(lang, "price.curve"),
            data,
            spec_price(found, lang, theme()),
            curve_note(found, lang),
        )
    heads, also = held_heads(found, lang), _also(found)
    figure_table(
        "price_table",
        held_rows(found, lang, also),
        heads,
        say(lang, "price.table"),
        title=say(lang, "price.table"),
        note=table_note(lang),
    )


def _switch_price(on: bool) -> None:
    """Let orders answer to the price as suggested, from today's price on; or not at all."""
    scenario = state.scenario()
    new: object = suggested_elasticity(scenario.as_of) if on else 0.0
    state.change_all({_ELASTICITY: new, _REFERENCE: None}, _ELASTICITY)


def _also(found: BestPrice) -> list[Held]:
    """Return what the price that was typed to be tried takes, where one was."""
    tried = tab.price_tried
    if tried is None or tried == found.now or not _is_price(tried):
        return []
    return [calls.held_of(found.scenario, tried)]


def _is_price(value: float) -> bool:
    spec = spec_of("product.price")
    return spec is not None and spec.holds(value)


def _taken(value: float | None) -> bool:
    """Keep a price to be tried; say whether it is one."""
    fine = value is None or _is_price(value)
    if fine:
        tab.price_tried = value
    return fine


def _tried(found: BestPrice, lang: Lang) -> None:
    """Draw the price to be tried, and what it takes."""
    number(
        say(lang, "price.new", currency=found.scenario.currency),
        tab.price_tried,
        _taken,
        key=f"price_tried_{lang}",
        kind=NumberKind(Unit.MONEY, found.scenario.currency, low=0.0),
    )
    for one in _also(found):
        st.markdown(said(held_sentence(found, one, lang)))
