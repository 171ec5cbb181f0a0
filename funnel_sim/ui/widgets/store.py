"""Which store a page computes, in a line that can be seen, and the choice of another platform,
market and product.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from funnel_sim.decisions.economics.currencies import with_terms_of
from funnel_sim.errors import InputError
from funnel_sim.reference.places import category_words, country_words
from funnel_sim.scenario.presets import markets, platforms, preset, products
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session import state
from funnel_sim.words import Lang, say


def store_line(scenario: Scenario, lang: Lang) -> None:
    """Draw which store the page tests, and beside it the choice of another one; what is typed of
    quotes and KPIs stays.
    """
    places = (
        scenario.platform,
        country_words(scenario.market).of(lang),
        category_words(scenario.platform, scenario.category).of(lang),
    )
    where = literal(" · ".join(place for place in places if place)) or scenario.currency
    with st.container(horizontal=True, vertical_alignment="center", key="store_line"):
        st.markdown(
            say(lang, "kpi.store", where=where, currency=scenario.currency), width="content"
        )
        with st.popover(
            say(lang, "kpi.store_change"),
            icon=":material/storefront:",
            key=f"store_pick_{st.session_state.revision}",
            on_change="rerun",
        ) as fold:
            if fold.open:
                picker(_instead, note=say(lang, "kpi.store_keeps"))


def picker(use: Callable[[Scenario], None], *, note: str) -> None:
    """Draw platform, market and product, and the button that hands the chosen preset to `use`;
    `note` stands below.
    """
    lang, current = state.lang(), state.scenario()
    columns = st.columns([3, 3, 5, 3], vertical_alignment="bottom")
    known = platforms()
    start = known.index(current.platform) if current.platform in known else 0
    platform: Any = columns[0].selectbox(
        say(lang, "start.platform"),
        known,
        index=start,
        key="pick_platform",
        persist_state="session",
    )
    places = markets(platform)
    market: Any = columns[1].selectbox(
        say(lang, "start.market"),
        places,
        index=places.index(current.market) if current.market in places else 0,
        key=f"pick_market_{lang}_{platform}",
        format_func=lambda m: country_words(str(m)).of(lang),
    )
    cards = {card.id: card for card in products(platform, market)}
    chosen: Any = columns[2].selectbox(
        say(lang, "start.category"),
        list(cards),
        index=list(cards).index(current.preset) if current.preset in cards else 0,
        key=f"pick_product_{lang}_{platform}_{market}",
        format_func=lambda k: (
            cards[k].product.of(lang) + _category(k, lang) if k in cards else str(k)
        ),
    )
    if columns[3].button(say(lang, "start.use"), type="primary", key="use_preset", width="stretch"):
        use(preset(chosen))
    st.caption(note)


def _instead(new: Scenario) -> None:
    """Put another store in place, with the quotes and KPIs that are open, their amounts in its
    currencies; where they do not fit it, the reason is said and all stays.
    """
    now = state.scenario()
    try:
        state.replace_whole(with_terms_of(now, new))
    except InputError as error:
        state.notice("error", " ".join(error.sentences(state.lang())))
    st.rerun()


def _category(key: str, lang: Lang) -> str:
    scenario = preset(key)
    return f" · {category_words(scenario.platform, scenario.category).of(lang)}"
