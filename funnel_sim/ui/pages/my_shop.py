"""My shop: the five numbers first, everything else folded by theme."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from funnel_sim.model.economics import Result, evaluate
from funnel_sim.output.words import formats
from funnel_sim.output.words.best_price import response_sentence
from funnel_sim.reference.border import item_name
from funnel_sim.scenario.in_force import five_paths
from funnel_sim.scenario.origins import origin_of
from funnel_sim.scenario.paths import SECTIONS, specs_of
from funnel_sim.scenario.preset_parts.trade import compliance_of
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.unused import unused
from funnel_sim.ui import shell
from funnel_sim.ui.markup import said
from funnel_sim.ui.pages.quote.editor import begin_blank
from funnel_sim.ui.roles import role
from funnel_sim.ui.session import state
from funnel_sim.ui.session.quotes import quotes_in
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets import chance_inputs, knowing
from funnel_sim.ui.widgets.fields import field, label_words, number_list
from funnel_sim.ui.widgets.five import whose_numbers
from funnel_sim.ui.widgets.rows import announced, channels, duties, one_offs, steps
from funnel_sim.ui.widgets.shop import counted, form_paths, numbers, where_shop
from funnel_sim.words import Lang, say

_ROWS = frozenset(
    {
        "commission.tiers",
        "commission.fixed_bands",
        "fixed.one_off",
        "plan.season",
        "plan.budget_plan",
        "customers.age_orders",
        "tax.duty_layers",
        "fulfilment.fee_season",
        "fulfilment.storage_season",
        "plan.announced",
    }
)


def draw(result: Result) -> None:
    """Draw the page."""
    lang, scenario = state.lang(), state.scenario()
    st.subheader(say(lang, "my_shop.title"))
    where_shop(scenario, lang)
    st.caption(say(lang, "my_shop.where", day=scenario.as_of.isoformat()))
    knowing.switches()
    numbers(scenario, lang, noted=True)
    whose_numbers(scenario)
    counted(scenario, lang)
    _onward(lang)
    st.markdown(f"##### {say(lang, 'my_shop.rest')}")
    for theme, body in THEMES.items():
        with st.expander(
            say(lang, f"theme.{theme}"), key=f"theme_{theme}", on_change="rerun"
        ) as fold:
            if fold.open:
                body()
    st.caption(say(lang, "cash.elsewhere"))


def _onward(lang: Lang) -> None:
    """Draw where to go on from here: to what an order earns, for sales also to its own offer."""
    with st.container(horizontal=True):
        if st.button(say(lang, "my_shop.see"), type="primary", icon=":material/waterfall_chart:"):
            shell.go("unit_economics")
        if role() == "sales" and st.button(
            say(lang, "my_shop.our_offer"),
            key="my_shop_our_offer",
            icon=":material/request_quote:",
            on_click=_begin_offer,
        ):
            shell.go("quote_test")


def _begin_offer() -> None:
    if not quotes_in(state.scenario()):
        begin_blank()


def _section(name: str) -> Callable[[], None]:
    def body() -> None:
        shown = form_paths(state.scenario())
        _in_columns(
            [
                p
                for n in specs_of(SECTIONS[name])
                if (p := f"{name}.{n}") not in shown and p not in _ROWS
            ]
        )

    return body


def _in_columns(paths: list[str]) -> None:
    with st.grid(3, min_column_width=190):
        for path in paths:
            with st.container():
                field(path, ranged=True)


def _commission() -> None:
    steps("commission.tiers", "rate", percent=True)
    _section("commission")()
    steps("commission.fixed_bands", "fee", percent=False)


def _tax() -> None:
    _section("tax")()
    duties()


def _conversion() -> None:
    lang, conversion = state.lang(), state.scenario().conversion
    if all(channel.kind == "orders" for channel in state.scenario().channels):
        st.caption(say(lang, "known.conversion_idle"))
    known = conversion.cvr is not None
    choice = st.segmented_control(
        say(lang, "my_shop.conversion_way"),
        ["cvr", "steps"],
        default="cvr" if known else "steps",
        key=f"way_{lang}_{tab.revision}",
        format_func=lambda w: say(lang, f"my_shop.way_{w}"),
        required=True,
    )
    if (choice == "cvr") != known:
        _switch_way(choice == "cvr")
        st.rerun()
    st.caption(say(lang, "known.steps"))
    split = {name: getattr(conversion, parts[0]) is not None for name, parts in _SPLIT.items()}
    offered = ("cart",) if known else tuple(_SPLIT)
    with st.container(horizontal=True):
        for name in offered:
            st.toggle(
                say(lang, f"known.split_{name}"),
                value=split[name],
                key=f"split_{name}_{lang}_{tab.revision}",
                on_change=_switch_split,
                args=(name,),
            )
    hidden = {"checkout_rate", *_SPLIT["checkout"]} if known else {"cvr"}
    for name, parts in _SPLIT.items():
        hidden |= {_WHOLE[name]} if split[name] else set(parts)
    if not conversion.answers_to_price:
        hidden |= {"reference_price"}
    above = five_paths(state.scenario())
    paths = [f"conversion.{n}" for n in specs_of(SECTIONS["conversion"]) if n not in hidden]
    _in_columns([path for path in paths if path not in above])
    names = ", ".join(label_words(path, lang) for path in paths if path in above)
    if names:
        st.caption(say(lang, "rows.among_five", names=names))
    answer = response_sentence(evaluate(state.scenario()), lang)
    if answer is not None:
        st.caption(said(answer))


_SPLIT = {
    "cart": ("product_view_rate", "cart_of_views_rate"),
    "checkout": ("checkout_start_rate", "checkout_completion_rate"),
}
"""Steps that reports such as GA4's give in two parts."""
_WHOLE = {"cart": "add_to_cart_rate", "checkout": "checkout_rate"}


def _switch_split(name: str) -> None:
    """Give a step in two parts, or as one rate again; its product stays."""
    conversion, parts, whole = state.scenario().conversion, _SPLIT[name], _WHOLE[name]
    if getattr(conversion, parts[0]) is None:
        rate = getattr(conversion, whole)
        changes: dict[str, Any] = {
            f"conversion.{parts[0]}": 1.0,
            f"conversion.{parts[1]}": 1.0 if rate is None else point_value(rate),
            f"conversion.{whole}": None,
        }
    else:
        product = point_value(getattr(conversion, parts[0])) * point_value(
            getattr(conversion, parts[1])
        )
        changes = {f"conversion.{part}": None for part in parts} | {
            f"conversion.{whole}": round(product, 12)
        }
    state.change_all(changes, f"conversion.{whole}")
    tab.revision += 1


def _switch_way(to_cvr: bool) -> None:
    """Turn a conversion rate into steps or back, keeping what a visit converts at."""
    c = state.scenario().conversion
    paid, cart = (
        point_value(c.payment_success_rate),
        None if c.cart_rate is None else point_value(c.cart_rate),
    )
    checkout = point_value(c.checkout_rate) if c.checkout_rate is not None else None
    if c.checkout_start_rate is not None and c.checkout_completion_rate is not None:
        checkout = point_value(c.checkout_start_rate) * point_value(c.checkout_completion_rate)
    nothing = dict.fromkeys(
        (
            "conversion.checkout_rate",
            "conversion.checkout_start_rate",
            "conversion.checkout_completion_rate",
        )
    )
    if to_cvr and cart is not None and checkout is not None:
        state.change_all({**nothing, "conversion.cvr": cart * checkout * paid}, "conversion.cvr")
    elif not to_cvr and c.cvr is not None:
        start = cart if cart is not None else min(1.0, 3 * point_value(c.cvr) / paid)
        changes: dict[str, Any] = {
            "conversion.cvr": None,
            "conversion.checkout_rate": min(
                1.0, point_value(c.cvr) / paid / start if start else 0.0
            ),
        }
        state.change_all(
            changes | ({} if cart is not None else {"conversion.add_to_cart_rate": start}),
            "conversion.cvr",
        )
    tab.revision += 1


def _payment() -> None:
    """Draw how the money comes home, and what the bank's own rate and the fee of each payout come
    to.
    """
    _section("payment")()
    lang, scenario = state.lang(), state.scenario()
    steady = evaluate(scenario).steady
    rules = scenario.payment
    if rules.bank_rate is not None and scenario.currency != scenario.cost_currency:
        bank, rate = point_value(rules.bank_rate), point_value(scenario.fx_rate)
        loss = formats.percent(1 - bank / rate, 2)
        cost = formats.money(-(steady["fx_cost"] or 0.0), scenario.shown, lang)
        told = say(
            lang,
            "known.bank_loss",
            rate=f"{rate:g}",
            bank=f"{bank:g}",
            loss=loss,
            cost=cost,
            home=scenario.cost_currency,
            sales=scenario.currency,
        )
        st.caption(told.replace("$", "\\$"))
    fee, times = point_value(rules.payout_fee), point_value(rules.payouts_month)
    if fee and times:
        st.caption(
            say(
                lang, "known.payouts", cost=formats.money(fee * times, scenario.shown, lang)
            ).replace("$", "\\$")
        )
    elif fee:
        st.caption(f":orange[:material/warning: {say(lang, 'known.payouts_none')}]")


def _customers() -> None:
    """Draw how customers come back: only what the chosen way needs."""
    scenario = state.scenario()
    paths = [f"customers.{name}" for name in specs_of(SECTIONS["customers"])]
    _in_columns([path for path in paths if path not in _ROWS and not unused(scenario, path)])
    if scenario.customers.retention == "table":
        number_list("customers.age_orders")


def _plan() -> None:
    _section("plan")()
    number_list("plan.season")
    number_list("plan.budget_plan")
    announced()


def _fulfilment() -> None:
    _section("fulfilment")()
    number_list("fulfilment.fee_season")
    number_list("fulfilment.storage_season")


def _fixed() -> None:
    _section("fixed")()
    one_offs()
    lang, scenario = state.lang(), state.scenario()
    if (
        origin_of(scenario, "fixed.one_off").kind == "source"
    ):  # the preset's own: say what it is added up from
        items = [
            item for item in compliance_of(scenario.preset, scenario.as_of) if item.one_off_typical
        ]
        told = [
            f"{item_name(item, lang)}"
            f" {formats.whole_money(item.one_off_typical or 0.0, item.currency, lang)}"
            for item in items
        ]
        st.caption(f"{say(lang, 'topic.compliance')}: {' · '.join(told)}".replace("$", "\\$"))


def _basics() -> None:
    _in_columns(["name", "currency", "cost_currency", "fx_rate", "as_of"])
    st.caption(say(state.lang(), "my_shop.basics_note"))


THEMES: dict[str, Callable[[], None]] = {
    "product": _section("product"),
    "tax": _tax,
    "commission": _commission,
    "payment": _payment,
    "fulfilment": _fulfilment,
    "channels": channels,
    "conversion": _conversion,
    "customers": _customers,
    "fixed": _fixed,
    "plan": _plan,
    "effect": _section("effect"),
    "chance": chance_inputs.draw,
    "basics": _basics,
}
