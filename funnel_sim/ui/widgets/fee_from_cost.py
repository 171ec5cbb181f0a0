"""The fee that an agency's cost and margin need, beside the quote: its formula with numbers, and a
button that makes it the monthly base.

The margin wanted stays in this tab, like what sales types about its own cost (docs/decisions/0017).
"""

from collections.abc import Callable

import streamlit as st

from funnel_sim.decisions.quote.fee_from_cost import fee_from_cost
from funnel_sim.output.words.quote_serving import base_that_brings, fee_sentences
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import said
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.number import NumberKind, number
from funnel_sim.words import Lang, say

_MOST = 0.95


def draw(
    option: Option,
    scenario: Scenario,
    lang: Lang,
    where: str = "quote",
    give: Callable[[str, float], None] | None = None,
) -> None:
    """Draw the margin wanted and, once it is given, the fee; `where` keeps two of them apart, each
    with a margin of its own: one of them is private, and its base goes by `give`.
    """
    margins: dict[str, float | None] = tab.margin_wanted
    key = f"margin_{where}_{option.id}_{lang}"
    place = f"{where}.{option.id}"
    number(
        say(lang, "quote.margin_wanted"),
        margins.get(place),
        lambda new: margins.update({place: new}),
        key=key,
        kind=NumberKind(Unit.RATE, low=0.0, high=_MOST),
        help_=say(lang, "quote.margin_help"),
    )
    typed = margins.get(place)
    if typed is None:
        return
    found = fee_from_cost(scenario, option, typed)
    for sentence in fee_sentences(found, option, scenario, lang):
        st.markdown(said(sentence))
    text, base = base_that_brings(found, option, scenario, lang)
    st.button(
        said(say(lang, "quote.use_fee" if give is None else "private.give", base=text)),
        key=f"fee_use_{where}_{option.id}",
        icon=":material/input:",
        disabled=base == option.base,
        on_click=_use if give is None else give,
        args=(option.id, base),
    )


def _use(option: str, base: float) -> None:
    if state.change(f"options.{option}.base", base):
        tab.revision += 1
