"""Another shop in place of the one at hand: what was typed beside the old one comes along."""

from typing import Any

import streamlit as st

from funnel_sim.decisions.economics.assumed_orders import named_only
from funnel_sim.decisions.economics.currencies import with_terms_of
from funnel_sim.decisions.economics.known import with_ads_as, with_month
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.reference.places import category_words, country_words
from funnel_sim.reference.preset_cards import PresetCard
from funnel_sim.scenario.files import MOST_ASIDE, aside_named
from funnel_sim.scenario.in_force import (
    ads_as,
    conversion_paths,
    knows_orders,
    main_channel,
    paid_channel,
)
from funnel_sim.scenario.origins import origin_of
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.words import Lang, say


def market_words(market: str, lang: Lang) -> str:
    """Return a market in words.

    Args:
        market: its code, "us".
    """
    return country_words(market).of(lang)


def product_words(card: PresetCard, lang: Lang) -> str:
    """Return an example's product with the category of its fees."""
    one = preset(card.id)
    return f"{card.product.of(lang)} · {category_words(one.platform, one.category).of(lang)}"


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
        found = with_own_numbers(now, with_terms_of(now, new))
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


def with_own_numbers(now: Scenario, new: Scenario) -> Scenario:
    """Return another shop with the numbers that were typed for this one, where both are counted in
    the same currencies: price, cost, and how much is sold by which ads.
    """
    if (now.currency, now.cost_currency) != (new.currency, new.cost_currency):
        return new
    kept = {
        path: _plain(now, path)
        for path in ("product.price", "product.unit_cost")
        if origin_of(now, path).kind == "yours"
    }
    try:
        found = new.replace(kept)
        if knows_orders(now):
            found = _with_orders_of(now, found)
        else:
            found = found.replace(_ads_of(now, found))
    except InputError:  # what does not fit the other shop is not carried over
        return new
    return found


def _plain(scenario: Scenario, path: str) -> Any:
    value = scenario.get(path)
    return value.model_dump(mode="json") if is_range(value) else value


def _with_orders_of(now: Scenario, new: Scenario) -> Scenario:
    orders = evaluate(now).steady["paid_orders"]
    if not orders:
        return new
    found = with_month(new, orders)
    main, there = main_channel(now), main_channel(found)
    way = ads_as(main)
    if way is None or ads_as(there) is None:
        return found
    found = with_ads_as(found, way)
    spent = point_value(getattr(main, way))
    return found.replace({f"channels.{there.id}.{way}": spent})


def _ads_of(now: Scenario, new: Scenario) -> dict[str, Any]:
    ads, there = paid_channel(now), paid_channel(new)
    kept: dict[str, Any] = {}
    if ads is not None and there is not None and ads.kind == there.kind:
        for name in ("budget", ads.kind):
            if origin_of(now, f"channels.{ads.id}.{name}").kind == "yours":
                kept[f"channels.{there.id}.{name}"] = _plain(now, f"channels.{ads.id}.{name}")
    rates = conversion_paths(now)
    if rates == conversion_paths(new):
        kept |= {path: _plain(now, path) for path in rates if origin_of(now, path).kind == "yours"}
    return kept


def _months(scenario: Scenario) -> int:
    return max(
        (len(values) for values in (scenario.history.seen_gmv, scenario.history.seen_orders)),
        default=0,
    )


def ask_shop(lang: Lang) -> None:
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
