"""Which store a page computes, in a line that can be seen, and the choice of another platform,
market and product.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from funnel_sim.decisions.economics.assumed_orders import named_only
from funnel_sim.decisions.economics.currencies import with_terms_of
from funnel_sim.errors import InputError
from funnel_sim.reference.places import category_words, country_words
from funnel_sim.scenario.files import MOST_ASIDE, aside_named
from funnel_sim.scenario.presets import markets, platforms, preset, products
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import Tab, tab
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
            key=f"store_pick_{tab.revision}",
            on_change="rerun",
        ) as fold:
            if fold.open:
                picker(lambda: None, note=say(lang, "kpi.store_keeps"))


def picker(after: Callable[[], None], *, note: str) -> None:
    """Draw platform, market and product, and the button that puts the chosen shop in place; `after`
    is called then, `note` stands below.
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
        if change_shop(preset(chosen)):
            after()
        st.rerun()
    st.caption(note)
    if tab.shop_wanted is not None:
        _ask(lang)


def change_shop(new: Scenario) -> bool:
    """Put another shop in place, with the name, quotes, KPIs and months that are open, their
    amounts in its currencies.

    Returns False where they do not fit it: the question what to do with them then stands below the
    choice.
    """
    now, lang = state.scenario(), state.lang()
    if tab.role == "sales":  # a pitch counts what the prospect said
        new = named_only(new)
    try:
        found = with_terms_of(now, new)
    except InputError as error:
        tab.shop_wanted, tab.shop_why = new, error.sentences(lang)[0]
        return False
    tab.shop_wanted = None
    state.replace_whole(found)
    parts = [(len(now.options), "options"), (len(now.kpis), "kpis"), (_months(now), "months")]
    told = [say(lang, f"frame.kept_{name}", count=count) for count, name in parts if count]
    if told:
        same = now.currency == new.currency and now.cost_currency == new.cost_currency
        words = "frame.shop_kept" if same else "frame.shop_converted"
        state.notice("success", say(lang, words, what=say(lang, "frame.apart").join(told)))
    return True


def _months(scenario: Scenario) -> int:
    return max(
        (len(values) for values in (scenario.history.seen_gmv, scenario.history.seen_orders)),
        default=0,
    )


def _ask(lang: Lang) -> None:
    """Ask what becomes of what was typed beside the old shop, where it cannot come along."""
    st.warning(literal(say(lang, "frame.shop_ask", why=tab.shop_why)))
    with st.container(horizontal=True):
        st.button(
            say(lang, "frame.shop_leave"),
            key="shop_leave",
            on_click=_leave,
            disabled=len(tab.compared) >= MOST_ASIDE,
        )
        st.button(
            say(lang, "frame.shop_stay"),
            key="shop_stay",
            type="tertiary",
            on_click=lambda: Tab.shop_wanted.put(None),
        )


def _leave() -> None:
    """Put the scenario at hand aside as it is, and begin with the other shop."""
    new, now = tab.shop_wanted, state.scenario()
    if new is not None:
        tab.compared = [*tab.compared, aside_named(now.name or now.platform, now)]
        tab.shop_wanted = None
        state.replace_whole(new)


def _category(key: str, lang: Lang) -> str:
    scenario = preset(key)
    return f" · {category_words(scenario.platform, scenario.category).of(lang)}"
