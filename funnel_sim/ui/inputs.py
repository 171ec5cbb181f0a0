"""Scenario: the five numbers first, everything else folded by theme."""

from collections.abc import Callable

import streamlit as st

from funnel_sim.inputs.border import item_name
from funnel_sim.inputs.origins import origin_of
from funnel_sim.inputs.parameters import category_words, country_words
from funnel_sim.inputs.presets import compliance_of
from funnel_sim.inputs.quantity import likely
from funnel_sim.inputs.scenario import SECTIONS, specs_of, unused
from funnel_sim.model.economics import Result
from funnel_sim.output import formats
from funnel_sim.ui import chances, shell, state
from funnel_sim.ui.fields import field, label_words, number_list
from funnel_sim.ui.five import five_numbers, five_paths
from funnel_sim.ui.markup import literal
from funnel_sim.ui.rows import announced, channels, duties, one_offs, steps
from funnel_sim.words import say

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
    st.subheader(say(lang, "inputs.title"))
    places = (scenario.platform, country_words(scenario.market).of(lang), category_words(scenario.platform, scenario.category).of(lang))
    where = " · ".join(place for place in places if place)
    st.caption(say(lang, "inputs.where", where=literal(where) or scenario.currency, day=scenario.as_of.isoformat()))
    five_numbers(note=True, ranged=True)
    if st.button(say(lang, "inputs.see"), type="primary", icon=":material/waterfall_chart:"):
        shell.go("unit_economics")
    st.markdown(f"##### {say(lang, 'inputs.rest')}")
    for theme, body in THEMES.items():
        with st.expander(say(lang, f"theme.{theme}"), key=f"theme_{theme}", on_change="rerun") as fold:
            if fold.open:
                body()


def _section(name: str) -> Callable[[], None]:
    def body() -> None:
        shown = set(five_paths(state.scenario()))
        _in_columns([p for n in specs_of(SECTIONS[name]) if (p := f"{name}.{n}") not in shown and p not in _ROWS])

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
    known = conversion.cvr is not None
    choice = st.segmented_control(
        say(lang, "inputs.conversion_way"), ["cvr", "steps"], default="cvr" if known else "steps", key=f"way_{lang}_{st.session_state.revision}",
        format_func=lambda w: say(lang, f"inputs.way_{w}"), required=True,
    )  # fmt: skip
    if (choice == "cvr") != known:
        _switch_way(choice == "cvr")
        st.rerun()
    hidden = "checkout_rate" if known else "cvr"
    above = five_paths(state.scenario())
    paths = [f"conversion.{n}" for n in specs_of(SECTIONS["conversion"]) if n != hidden]
    _in_columns([path for path in paths if path not in above])
    names = ", ".join(label_words(path, lang) for path in paths if path in above)
    st.caption(say(lang, "rows.among_five", names=names))


def _switch_way(to_cvr: bool) -> None:
    """Turn a conversion rate into steps or back, keeping what a visit converts at."""
    c = state.scenario().conversion
    paid = likely(c.payment_success_rate)
    if to_cvr and c.add_to_cart_rate is not None and c.checkout_rate is not None:
        rate = likely(c.add_to_cart_rate) * likely(c.checkout_rate) * paid
        state.change_all({"conversion.cvr": rate, "conversion.checkout_rate": None}, "conversion.cvr")
    elif not to_cvr and c.cvr is not None:
        cart = likely(c.add_to_cart_rate) if c.add_to_cart_rate is not None else min(1.0, 3 * likely(c.cvr) / paid)
        checkout = likely(c.cvr) / paid / cart if cart else 0.0
        changes = {"conversion.cvr": None, "conversion.add_to_cart_rate": cart, "conversion.checkout_rate": min(1.0, checkout)}
        state.change_all(changes, "conversion.cvr")
    st.session_state.revision += 1


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
    if origin_of(scenario, "fixed.one_off").kind == "source":  # the preset's own: say what it is added up from
        items = [item for item in compliance_of(scenario.preset, scenario.as_of) if item.one_off_typical]
        told = [f"{item_name(item, lang)} {formats.whole_money(item.one_off_typical or 0.0, item.currency, lang)}" for item in items]
        st.caption(f"{say(lang, 'topic.compliance')}: {' · '.join(told)}".replace("$", "\\$"))


def _basics() -> None:
    _in_columns(["name", "currency", "cost_currency", "fx_rate", "as_of"])
    st.caption(say(state.lang(), "inputs.basics_note"))


THEMES: dict[str, Callable[[], None]] = {
    "product": _section("product"),
    "tax": _tax,
    "commission": _commission,
    "payment": _section("payment"),
    "fulfilment": _fulfilment,
    "channels": channels,
    "conversion": _conversion,
    "customers": _customers,
    "fixed": _fixed,
    "plan": _plan,
    "effect": _section("effect"),
    "chance": chances.draw,
    "basics": _basics,
}
