"""The first step of every path: whose shop it is, in one form of eight fields, or from its own
file.

Orders and conversion rate stand side by side: whichever is typed last is in force.
"""

import math
from collections.abc import Callable
from functools import partial

import streamlit as st

from funnel_sim.decisions.economics.known import (
    already_running,
    still_starts,
    typed_total,
    with_month,
    with_rates,
    with_total,
)
from funnel_sim.errors import InputError, refuse
from funnel_sim.output.words import formats
from funnel_sim.output.words.figure_names import channel_name
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.in_force import (
    ads_as,
    conversion_paths,
    five_paths,
    knows_orders,
    main_channel,
    paid_channel,
)
from funnel_sim.scenario.own_numbers import Own
from funnel_sim.scenario.presets import preset, products
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal, said, typed
from funnel_sim.ui.session import calls, own_numbers, state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.fields import (
    beneath,
    field,
    label_words,
    number_changed,
    widget_key,
)
from funnel_sim.ui.widgets.number import RATE, NumberKind, money, number
from funnel_sim.ui.widgets.store import ask_shop, change_shop, market_words, product_words
from funnel_sim.words import Lang, say

_COUNT = NumberKind(Unit.COUNT, digits=0, low=0.0)
_SHARE = NumberKind(Unit.RATE, digits=0, low=0.0, high=1.0)
_RETURNS = "fulfilment.return_rate"
_SAME = 1e-6  # a rounding error of the way from one to the other is no change


def form_paths(scenario: Scenario) -> set[str]:
    """Return the fields that the form of the shop shows: the five numbers, and the return rate
    where it counts.

    Args:
        scenario: the store and its plan, as typed.
    """
    return {*five_paths(scenario), *((_RETURNS,) if _asks_returns(scenario) else ())}


def _asks_returns(scenario: Scenario) -> bool:
    """Say whether the return rate stands among the shop's numbers: where it counts, but beside a
    contract, whose page is long and asks nothing of it.
    """
    in_contract = tab.page == "quote-test" and tab.quote_part == "contract"
    return bool(point_value(scenario.get(_RETURNS))) and not in_contract


def own_of(scenario: Scenario) -> Own:
    """Return which of a scenario's numbers are the reader's own."""
    return own_numbers.own_of(scenario)


def shop_step(scenario: Scenario, lang: Lang, file: Callable[[Lang], None] | None = None) -> None:
    """Draw platform, market, product and the numbers of the shop; `file` draws how its own file is
    read, behind a fold.
    """
    with st.container(key="shop_step", gap="small"):
        where_shop(scenario, lang)
        numbers(scenario, lang)
        counted(scenario, lang)
        if file is not None:
            with st.expander(
                say(lang, "shop.file"),
                key="shop_file",
                on_change="rerun",
                icon=":material/upload_file:",
            ) as fold:
                if fold.open:
                    file(lang)


# ---- which shop
# ----------------------------------------------------------------------------------


def places() -> list[tuple[str, str]]:
    """Return each platform with each of its markets for which there is an example."""
    return list(dict.fromkeys((card.platform, card.market) for card in preset_cards()))


def place_words(place: tuple[str, str], lang: Lang) -> str:
    """Return a platform and its market in words.

    Args:
        place: platform and market's code, ("Amazon", "us").
        lang: "zh" or "en".
    """
    return f"{place[0]} · {market_words(place[1], lang)}"


def where_shop(scenario: Scenario, lang: Lang) -> None:
    """Draw platform with market as one choice and the product as another; either is in place at
    once, and what is the reader's own stays.
    """
    here = (scenario.platform, scenario.market)
    mark = f"{tab.page}_{lang}_{tab.revision}"
    left, right = st.columns(2, gap="small")
    place_key = f"shop_place_{mark}"
    left.selectbox(
        say(lang, "shop.place"),
        places(),
        index=places().index(here) if here in places() else None,
        key=place_key,
        placeholder=say(lang, "shop.choose"),
        format_func=lambda one: place_words(one, lang),
        on_change=lambda: moved(tab.typed(place_key)),
    )
    cards = {card.id: card for card in products(*here)} if here in places() else {}
    product_key = f"shop_product_{mark}"
    right.selectbox(
        say(lang, "start.category"),
        list(cards),
        index=list(cards).index(scenario.preset) if scenario.preset in cards else None,
        key=product_key,
        placeholder=say(lang, "shop.choose"),
        format_func=lambda one: product_words(cards[one], lang) if one in cards else str(one),
        on_change=lambda: _chosen(tab.typed(product_key)),
    )
    if tab.shop_wanted is not None:
        ask_shop(lang)


def moved(place: tuple[str, str] | None) -> None:
    """Put the first example of another platform and market in place."""
    if place is not None:
        _chosen(products(*place)[0].id)


def _chosen(product: str | None) -> None:
    if product is not None:
        change_shop(preset(product))


# ---- its numbers
# ---------------------------------------------------------------------------------


def numbers(scenario: Scenario, lang: Lang, *, noted: bool = False) -> None:
    """Draw the numbers of the shop in one grid. Typed orders change what counts, not what is drawn:
    each field keeps its place and its widget, and what they ask for more comes last, so that
    nothing is taken from under the hand that types.

    Args:
        scenario: the store and its plan, as typed.
        lang: "zh" or "en".
        noted: whether origin and range stand beneath each.
    """
    columns, width = (4, 190) if noted else (3, 150)
    key = "five_noted" if noted else "shop_numbers"
    with st.grid(columns, min_column_width=width, gap="small", key=key):
        for draw in _blanks(scenario, lang, noted=noted):
            with st.container(gap="xsmall"):
                draw()


def _blanks(scenario: Scenario, lang: Lang, *, noted: bool) -> list[Callable[[], None]]:
    """Return what draws each number: price, cost, orders, ad spend, price of the ads, conversion;
    where orders are typed then their share of ads, with notes each channel's own orders too.
    """
    by_orders = knows_orders(scenario)

    def plain(path: str) -> Callable[[], None]:
        return partial(field, path, note=noted, ranged=noted)

    out = [plain("product.price"), plain("product.unit_cost")]
    out.append(partial(orders_blank, scenario, lang))
    main, spend = main_channel(scenario), _spend_path(scenario)
    if spend is not None:
        out.append(partial(_spend, scenario, spend, lang, noted=noted))
    elif by_orders and ads_as(main) is not None:
        out.append(plain(f"channels.{main.id}.{ads_as(main)}"))
    click = _click_path(scenario)
    if click is not None:
        out.append(partial(_click, click, plain(click), lang, idle=by_orders))
    out += [] if by_orders else [plain(path) for path in conversion_paths(scenario)[:-1]]
    out.append(partial(_rate, scenario, lang, noted=noted))
    if _asks_returns(scenario):
        out.append(plain(_RETURNS))
    if not by_orders:
        return out
    if ads_as(main) is not None and _free(scenario):
        out.append(partial(_share, scenario, typed_total(scenario)[1], lang))
    typed = [one.id for one in scenario.channels if one.kind == "orders"]
    return [*out, *(plain(f"channels.{one}.known_sales") for one in typed if noted)]


def _click_path(scenario: Scenario) -> str | None:
    """Return where the price of the ads is kept, also while typed orders leave it aside; None where
    no ads are bought by click or impression.
    """
    ads = paid_channel(scenario)
    if ads is not None:
        return f"channels.{ads.id}.{ads.kind}"
    main = main_channel(scenario)
    kind = tab.kinds_before.get(main.id, "cpc" if ads_as(main) is not None else "")
    return f"channels.{main.id}.{kind}" if kind in ("cpc", "cpm") else None


def _click(path: str, draw: Callable[[], None], lang: Lang, *, idle: bool) -> None:
    """Draw the price of the ads; while orders are in force with the word that it is not counted."""
    draw()
    if idle and point_value(state.scenario().get(path) or 0.0):
        st.caption(say(lang, "shop.click_idle"))


def _put(made: Callable[[], Scenario], place: str) -> bool:
    try:
        state.replace_beside(made(), place)
    except InputError as error:
        state.refused(place, error)
        return False
    return True


def orders_blank(scenario: Scenario, lang: Lang) -> None:
    """Draw the paid orders of a month; typed, they stand in for clicks and conversion."""
    now = calls.result_of(scenario).steady["paid_orders"] or 0.0
    by_orders = knows_orders(scenario)
    label = say(lang, "shop.orders")

    def changed(value: float | None) -> bool:
        if value is None:
            return not by_orders
        if not value:
            state.refused("shop.orders", refuse("paid_orders", 0, "orders_zero"))
            return False
        if not by_orders:
            tab.kinds_before = {one.id: one.kind for one in state.scenario().channels}

        def made() -> Scenario:
            before = state.scenario()
            return _same_spend(before, with_month(before, value))

        return _put(made, "shop.orders")

    number(
        label,
        now if by_orders else None,
        changed,
        key=widget_key("shop.orders"),
        kind=_COUNT,
        help_=say(lang, "shop.orders_help"),
        empty=say(lang, "shop.about", number=formats.number(round(now))),
        place="shop.orders",
    )
    _refusal("shop.orders", lang)


def _spend_path(scenario: Scenario) -> str | None:
    """Return where the ad spend of a month is kept now: a budget, or beside typed orders; None
    where no amount is.
    """
    if knows_orders(scenario):
        main = main_channel(scenario)
        return f"channels.{main.id}.known_spend" if ads_as(main) == "known_spend" else None
    ads = paid_channel(scenario)
    return None if ads is None else f"channels.{ads.id}.budget"


def _spend(scenario: Scenario, path: str, lang: Lang, *, noted: bool) -> None:
    """Draw the ad spend of a month: one field under one name, whichever way sales are known.

    Orders typed just before change where it is kept while somebody types here: where it goes is
    therefore asked when it is typed, not when it is drawn.
    """

    def changed(value: float | None) -> bool:
        return number_changed(_spend_path(state.scenario()) or path, value)

    number(
        f"{say(lang, 'shop.spend')} ({scenario.currency})",
        point_value(scenario.get(path)),
        changed,
        key=widget_key("shop.spend"),
        kind=money(scenario.currency),
        help_=say(lang, "shop.spend_help"),
        place=path,
    )
    beneath(path, noted=noted)


def _same_spend(before: Scenario, after: Scenario) -> Scenario:
    """Return `after` with the ad spend of a month that was in force: the field stays what it is."""
    here, there = _spend_path(before), _spend_path(after)
    if here is None or there is None or here == there:
        return after
    old, new = before.get(here), after.get(there)
    same = math.isclose(point_value(old), point_value(new), rel_tol=_SAME)
    return after if same else after.replace({there: old})


def _share(scenario: Scenario, share: float, lang: Lang) -> None:
    assumed = own_numbers.share_assumed(scenario)

    def changed(value: float | None) -> bool:
        if value is None:
            return assumed
        now = state.scenario()
        return _put(lambda: with_total(now, typed_total(now)[0], value), "shop.share")

    number(
        say(lang, "shop.share"),
        None if assumed else share,
        changed,
        key=widget_key("shop.share"),
        kind=_SHARE,
        help_=say(lang, "shop.share_help"),
        empty=say(lang, "shop.share_assumed", share=formats.percent(share, 0)) if assumed else "",
        place="shop.share",
    )
    _refusal("shop.share", lang)


def _rate(scenario: Scenario, lang: Lang, *, noted: bool) -> None:
    """Draw the conversion rate; while orders are in force it is empty, and typed, clicks and it
    count again. Which of both holds is asked when it is typed, not when it is drawn.
    """
    by_orders = knows_orders(scenario)
    path = "shop.rate" if by_orders else conversion_paths(scenario)[-1]

    def changed(value: float | None) -> bool:
        now = state.scenario()
        if not knows_orders(now):
            return number_changed(conversion_paths(now)[-1], value)
        if value is None:
            return True

        def made() -> Scenario:
            back = with_rates(
                now, {key: kind for key, kind in tab.kinds_before.items() if kind != "orders"}
            ).scenario
            back = _same_spend(now, back)
            return back.replace({conversion_paths(back)[-1]: value})

        return _put(made, "shop.rate")

    number(
        f"{say(lang, 'shop.rate') if by_orders else label_words(path, lang)} (%)",
        None if by_orders else scenario.get(path) and point_value(scenario.get(path)),
        changed,
        key=widget_key("shop.rate"),
        kind=RATE,
        help_=say(lang, "shop.rate_help"),
        empty=say(lang, "shop.idle") if by_orders else None,
        place=path,
    )
    if by_orders:
        _refusal("shop.rate", lang)
    else:
        beneath(path, noted=noted)


def _refusal(place: str, lang: Lang) -> None:
    problem = state.problem_at(place)
    if problem is not None:
        told = " ".join(problem.sentences(lang))
        st.markdown(f":small[:red[:material/error: {literal(told)} {say(lang, 'field.kept')}]]")


# ---- which orders nobody has named
# ---------------------------------------------------------------


def counted(scenario: Scenario, lang: Lang) -> None:
    """Say which of the orders that are computed nobody typed, and offer to leave them out; where
    orders are typed, that no click is counted.
    """
    _starts(scenario, lang)
    if knows_orders(scenario):
        if paid_channel(scenario) is None:
            st.caption(said(say(lang, "shop.no_click")))
        share = _of_the_example(scenario)
        if share is not None:
            told = say(lang, "shop.all_by_ads", share=formats.percent(share, 0))
            st.caption(said(told))
        return
    result = calls.result_of(scenario)
    every = result.steady["paid_orders"] or 0.0
    shown = {path.split(".")[1] for path in five_paths(scenario) if path.startswith("channels.")}
    ads = sum(result.channels[one]["orders"] or 0.0 for one in shown)
    if every <= 0 or ads >= every * (1 - _FEW):
        return
    parts = [
        (channel_name(scenario, channel.id, lang), result.channels[channel.id]["orders"] or 0.0)
        for channel in scenario.channels
        if channel.id not in shown
    ]
    parts.append((say(lang, "shop.repeat"), every - ads - sum(count for _, count in parts)))
    named = say(lang, "shop.and").join(
        f"{typed(name)} {formats.number(round(count))}" for name, count in parts if round(count)
    )
    told = say(
        lang,
        "shop.counted",
        all=formats.number(round(every)),
        ads=formats.number(round(ads)),
        rest=named,
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(said(told), width="content")
        st.button(
            say(lang, "shop.only_ads"),
            key=f"shop_only_ads_{lang}",
            type="tertiary",
            on_click=_only_ads,
            args=(tuple(sorted(shown)),),
        )


def _free(scenario: Scenario) -> bool:
    """Say whether a channel of typed orders has no ads, so that a share of ads can be typed."""
    return any(one.kind == "orders" and ads_as(one) is None for one in scenario.channels)


def _of_the_example(scenario: Scenario) -> float | None:
    """Return which share of orders ads bring in the example with all its sources, where those of
    the scenario are all taken for orders of ads and nobody typed that; None elsewhere.
    """
    if not (scenario.preset and _free(scenario) and typed_total(scenario)[1] == 1):
        return None
    if not own_numbers.share_assumed(scenario):
        return None
    share = own_numbers.example_share(scenario)
    return share if share < 1 else None


def _starts(scenario: Scenario, lang: Lang) -> None:
    """Ask whether a shop that sells already is to be planned as one that only starts."""
    share = still_starts(scenario)
    if share is None:
        return
    told = say(
        lang,
        "shop.starts",
        months=formats.number(point_value(scenario.plan.ramp_months)),
        share=formats.percent(share, 0),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(said(f":orange[:material/trending_up: {told}]"), width="content")
        st.button(
            say(lang, "shop.runs"),
            key=f"shop_runs_{lang}",
            on_click=lambda: state.replace_whole(already_running(state.scenario())),
        )


_FEW = 0.005


def _only_ads(shown: tuple[str, ...]) -> None:
    """Leave out the orders that nobody typed: visits that are free, and customers who come back."""
    changes: dict[str, float] = {
        f"channels.{channel.id}.{name}": 0.0
        for channel in state.scenario().channels
        if channel.id not in shown
        for name in ("impressions", "budget")
        if point_value(getattr(channel, name))
    }
    changes["customers.repeat_probability"] = 0.0
    if state.change_all(changes, "shop.only_ads"):
        tab.revision += 1


# ---- whose numbers a verdict rests on
# ------------------------------------------------------------


def missing_words(own: Own, lang: Lang) -> str:
    """Return in words which of the shop's numbers are still the example's."""
    names = [
        label_words(path, lang)
        if path in ("product.price", "product.unit_cost")
        else say(lang, "shop.sold")
        for path in own.missing
    ]
    return say(lang, "risk.listed").join(names)
