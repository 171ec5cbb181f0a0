"""Customers: what one costs, what it brings back, until when, up to which budget; fitted to a file
of orders.
"""

import streamlit as st

from funnel_sim.decisions.customer.budgets import ads_bought, between_budgets, budget_now
from funnel_sim.decisions.customer.contribution import cohort_orders
from funnel_sim.decisions.customer.gains import MOST_BROUGHT, Gain, gains
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.output.charts.customers import (
    data_budget,
    data_cohorts,
    data_payback,
    spec_budget,
    spec_cohorts,
    spec_payback,
)
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import probability_text
from funnel_sim.output.words.customer import (
    bought_sentence,
    payback_sentence,
    step_heads,
    step_rows,
    step_sentence,
    unlimited_sentence,
)
from funnel_sim.output.words.figure_names import channel_name, name_of, text_of, told, why_none
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.customers import RETENTION_NUMBERS, STEPPED
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.in_force import knows_orders
from funnel_sim.scenario.paths import SECTIONS, specs_of
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.unused import unused
from funnel_sim.ui.markup import said
from funnel_sim.ui.pages.customer.ready import Ready
from funnel_sim.ui.pages.customer.records import draw_records, warn_of_order_gap
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.fields import field
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import Card, cards_strip, explain_figure, figure_table, theme
from funnel_sim.ui.widgets.number import NumberKind, number
from funnel_sim.ui.widgets.refusals import refusal
from funnel_sim.words import Lang, say

VIEWS = ("payback", "cohorts", "budget", "orders")
_STRIP = ("cac", "blended_cac", "loaded_cac", "ltv", "ltv_cac", "payback_months")


def draw(result: Result, ready: Ready | InputError) -> None:
    """Draw the page."""
    lang = state.lang()
    if isinstance(ready, InputError):
        refusal(ready, lang, "customers")
        return
    cards = [
        Card(
            key,
            name_of(key, lang),
            text_of(result, key, lang),
            _tone(result, key),
            _interval(result, ready, key, lang) or why_none(result, key, lang),
        )
        for key in _STRIP
    ]
    cards_strip("customers_strip", cards, explain_figure)
    _verdict(result, ready, lang)
    told = [
        one for one in (unlimited_sentence(result, lang), payback_sentence(result, lang)) if one
    ]
    if told:
        st.markdown("\n".join(f"- {one}" for one in told).replace("$", "\\$"))
    warn_of_order_gap(result, lang)
    key = f"customers_view_{lang}"
    if (
        tab.typed(key) != ready.view
    ):  # the view shown is the one highlighted, also where something else than a click chose it
        tab.put(key, ready.view)
    st.segmented_control(
        say(lang, "economics.view"),
        VIEWS,
        key=key,
        required=True,
        label_visibility="collapsed",
        width="stretch",
        format_func=lambda view: say(lang, f"customers.view_{view}"),
        on_change=lambda: Tab.customers_view.put(tab.typed(key)),
    )
    {"payback": _payback, "cohorts": _cohorts, "budget": _budget, "orders": draw_records}[
        ready.view
    ](result, ready, lang)


def _interval(result: Result, ready: Ready, key: str, lang: Lang) -> str:
    """Return P10 and P90 of a figure over the ranges, where they are simulated and differ."""
    found = {"ltv": ready.worth.ltv, "ltv_cac": ready.worth.ratio}.get(key)
    if found is None or not found.sd.value > 0:
        return ""
    low, high = (text_of(result, key, lang, found.quantiles[p].value) for p in (0.10, 0.90))
    # where there is little room the line breaks before the figures, not inside them
    return f"P10–P90 {low}\u00a0–\u2060\u00a0{high}"


def _tone(result: Result, key: str) -> str:
    value = result.steady[key]
    return "bad" if key == "ltv_cac" and value is not None and value < 1 else ""


def _verdict(result: Result, ready: Ready, lang: Lang) -> None:
    scenario, steady = result.scenario, result.steady
    cac, ltv = steady["cac"], steady["ltv"]
    if cac is None or ltv is None:
        st.info(say(lang, "customers.no_cac"))
        return
    c = scenario.customers
    parts = {
        "cac": formats.money(cac, scenario.shown, lang),
        "ltv": formats.money(ltv, scenario.shown, lang),
        "months": c.ltv_horizon,
    }
    told = say(lang, "customers.pays" if ltv >= cac else "customers.does_not_pay", **parts)
    paths = ready.worth.simulation.plan.paths
    odds = say(
        lang,
        "customers.odds",
        one=probability_text(ready.worth.below_one, paths, lang),
        three=probability_text(ready.worth.below_three, paths, lang),
    )
    st.markdown(said(f"#### {told}\n\n{odds}\n\n:small[:gray[{_definition(result, lang)}]]"))
    warning = bought_sentence(result, lang)
    if warning:
        st.warning(said(warning), icon=":material/warning:")


def _definition(result: Result, lang: Lang) -> str:
    """Return the choices behind the LTV, beside the number."""
    c = result.scenario.customers
    specs = specs_of(SECTIONS["customers"])
    basis, kind = (
        specs["ltv_basis"].choices[c.ltv_basis].of(lang),
        specs["retention"].choices[c.retention].of(lang),
    )
    discount = formats.percent(point_value(c.ltv_discount))
    first = say(lang, "word.yes" if c.ltv_first_order else "word.no")
    return say(
        lang,
        "customers.definition",
        basis=basis,
        months=c.ltv_horizon,
        discount=discount,
        first=first,
        kind=kind,
    )


def _payback(result: Result, ready: Ready, lang: Lang) -> None:
    scenario = result.scenario
    with st.grid(2, min_column_width=330, gap="medium"):
        with st.container():
            if ready.contribution is None:
                st.markdown(f"**{say(lang, 'customers.payback_title')}**")
                st.info(say(lang, "customers.no_cac"))
            else:
                data = data_payback(ready.contribution, scenario.shown, lang)
                money = formats.axis("money", scenario.shown, lang)
                title = say(lang, "customers.payback_title")
                figure("customers_payback", title, data, spec_payback(lang, theme(), money))
                last = float(ready.contribution.paid_back[-1])
                st.caption(
                    say(
                        lang,
                        "customers.payback_note",
                        share=formats.percent(last),
                        months=scenario.customers.ltv_horizon,
                    )
                )
        figure_table(
            "customers_definitions",
            _definition_rows(result, ready, lang),
            ["", say(lang, "customers.amount"), say(lang, "customers.meaning")],
            say(lang, "customers.definitions"),
            words=(2,),
            title=say(lang, "customers.definitions"),
        )
    lines = [_gain_sentence(result, one, lang) for one in gains(scenario)]
    if lines:
        st.markdown(
            said(
                f"**{say(lang, 'customers.gains')}**\n\n" + "\n".join(f"- {line}" for line in lines)
            )
        )
    st.markdown(f"**{say(lang, 'customers.coming_back')}**")
    names = (
        "retention",
        *RETENTION_NUMBERS,
        "repeat_interval",
        "ltv_horizon",
        "ltv_basis",
        "ltv_discount",
        "ltv_first_order",
        "repeat_order_value",
        "referral",
    )
    with st.grid(4, min_column_width=170):
        for name in names:
            idle = (
                name == "repeat_interval" and scenario.customers.retention not in STEPPED
            )  # nothing on this page depends on it
            if not idle and not unused(scenario, f"customers.{name}"):
                with st.container():
                    field(f"customers.{name}", note=False, ranged=True)


def _gain_sentence(result: Result, one: Gain, lang: Lang) -> str:
    currency = result.scenario.shown
    kind, _, channel = one.key.partition(".")
    name = channel_name(result.scenario, channel, lang) if channel else ""
    if one.endless:
        return say(
            lang, f"customers.gain_{kind}_endless", most=formats.number(MOST_BROUGHT), channel=name
        )
    return say(
        lang,
        f"customers.gain_{kind}",
        profit=formats.money(one.profit, currency, lang),
        ltv=formats.money(one.ltv, currency, lang),
        channel=name,
    )


def _definition_rows(result: Result, ready: Ready, lang: Lang) -> list[Row]:
    rows = [
        Row(key, name_of(key, lang), (told(result, key, lang), say(lang, f"customers.about_{key}")))
        for key in ("cac", "blended_cac", "loaded_cac")
    ]
    for key, value in ready.worth.acquisition.by_channel.items():
        name = say(lang, "customers.of_channel", channel=channel_name(result.scenario, key, lang))
        rows.append(
            Row(
                "",
                name,
                (
                    formats.money(value, result.scenario.shown, lang),
                    say(lang, "customers.about_channel"),
                ),
            )
        )
    return rows


def _cohorts(result: Result, ready: Ready, lang: Lang) -> None:
    data = data_cohorts(cohort_orders(result.scenario, result))
    figure(
        "customers_cohorts",
        say(lang, "customers.cohorts_title"),
        data,
        spec_cohorts(lang, theme()),
        say(lang, "customers.cohorts_note"),
    )


def _budget(result: Result, ready: Ready, lang: Lang) -> None:
    found = ready.budget
    if found is None:
        st.info(
            say(
                lang,
                "customers.budget_unknown" if knows_orders(result.scenario) else "customers.no_cac",
            )
        )
        if ads_bought(result.scenario):
            _two_budgets(result, lang)
        return
    currency = result.scenario.shown
    if found.last_worth is not None:
        budget = formats.money(found.last_worth, currency, lang)
        st.markdown(said(f"**{say(lang, 'customers.last_worth', budget=budget)}**"))
    elif found.ltv is None:
        st.markdown(
            f"**{say(lang, 'customers.budget_no_ltv', why=why_none(result, 'ltv', lang))}**"
        )
    else:
        pays = found.marginal[0] <= found.ltv
        st.markdown(f"**{say(lang, 'customers.every_budget' if pays else 'customers.no_budget')}**")
    figure(
        "customers_budget",
        say(lang, "customers.budget_title"),
        data_budget(found, currency, lang),
        spec_budget(lang, theme(), formats.axis("money", currency, lang)),
        say(lang, "customers.budget_note"),
    )
    _two_budgets(result, lang)


def _two_budgets(result: Result, lang: Lang) -> None:
    """Draw two budgets and what lies between them."""
    scenario = result.scenario
    now = budget_now(scenario)
    typed: dict[str, float] = tab.two_budgets
    start = {"first": now, "second": 1.5 * now or 1000.0}
    st.markdown(f"**{say(lang, 'customers.step_title')}**")
    for column, name in zip(st.columns(2), start, strict=True):
        key = f"budget_{name}_{lang}_{tab.revision}"

        def keep(value: float | None, name: str = name) -> None:
            typed.update({name: value} if value is not None else {})

        label = say(lang, f"customers.step_{name}", unit=scenario.currency)
        kind = NumberKind(Unit.MONEY, scenario.currency, low=0.0)
        with column:
            number(label, float(typed.get(name, start[name])), keep, key=key, kind=kind)
    try:
        step = between_budgets(scenario, *(typed.get(name, start[name]) for name in start))
    except InputError as error:
        st.error(error.sentences(lang)[0])
        return
    st.markdown(f"**{step_sentence(step, lang)}**")
    figure_table(
        "two_budgets_table",
        step_rows(step, result, lang),
        ["", *step_heads(step, result, lang)],
        say(lang, "customers.step_title"),
        note=say(lang, "customers.step_note"),
    )
