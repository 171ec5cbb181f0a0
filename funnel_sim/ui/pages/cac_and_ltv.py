"""Customers: what one costs, what it brings back, until when, up to which budget; fitted to a file
of orders.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from funnel_sim.decisions.customer.budgets import ads_bought, between_budgets, budget_now
from funnel_sim.decisions.customer.worth import (
    MOST_BROUGHT,
    Budget,
    Contribution,
    Fitted,
    Gain,
    Worth,
    cohort_orders,
    fit_transactions,
    gains,
    wide_prior,
    with_fit,
)
from funnel_sim.errors import InputError
from funnel_sim.evidence.orders import sbg
from funnel_sim.evidence.orders.fits import Fit
from funnel_sim.evidence.orders.orders import Orders, named_currencies
from funnel_sim.evidence.orders.roles import ROLES, choices, recognise
from funnel_sim.evidence.orders.several import together
from funnel_sim.evidence.orders.transactions import bought, last_date, of_customers
from funnel_sim.evidence.tables.progress import Progress
from funnel_sim.evidence.tables.tables import Table
from funnel_sim.evidence.tables.values import numbers
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
    counted_sentence,
    currency_sentence,
    fit_sentences,
    gap_sentence,
    payback_sentence,
    prior_sentence,
    prior_source,
    step_heads,
    step_rows,
    step_sentence,
    unlimited_sentence,
)
from funnel_sim.output.words.explain import channel_name, name_of, text_of, told, why_none
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.correlation import spearman
from funnel_sim.scenario.customers import STEPPED
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.in_force import knows_orders
from funnel_sim.scenario.paths import SECTIONS, specs_of
from funnel_sim.scenario.quantity import Pert, point_value
from funnel_sim.scenario.unused import unused
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.session import calls, state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.fields import field
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import Card, cards_strip, explain_figure, figure_table, theme
from funnel_sim.ui.widgets.number import NumberKind, number
from funnel_sim.ui.widgets.uploads import (
    answered,
    columns_chosen,
    converted_to,
    tables_of,
    ways_of_writing,
    worked_out,
)
from funnel_sim.words import Lang, say

VIEWS = ("payback", "cohorts", "budget", "orders")
_STRIP = ("cac", "blended_cac", "loaded_cac", "ltv", "ltv_cac", "payback_months")
_GREEK = {"alpha": "α", "beta": "β", "gamma": "γ"}
_Z95 = 1.96  # 95 % of a normal lies within
_ASKED = ("customer", "date", "amount")
TEMPLATE = (
    "customer,date,amount\nanna@example.com,2026-01-05,29.99\n"
    "bo@example.com,2026-01-06,35.50\nanna@example.com,2026-02-10,18.00\n"
    "bo@example.com,2026-02-11,-35.50\n"
)


@dataclass(frozen=True)
class Ready:
    """Everything the page shows, computed before anything is drawn."""

    view: str
    worth: Worth
    contribution: Contribution | None
    budget: Budget | None


def prepare(result: Result) -> Ready | InputError:
    """Return what the page shows now, or why nothing can be simulated."""
    view = tab.customers_view
    try:
        return Ready(view, *calls.customers_of(result.scenario))
    except InputError as error:
        return error


def draw(result: Result, ready: Ready | InputError) -> None:
    """Draw the page."""
    lang = state.lang()
    if isinstance(ready, InputError):
        for sentence in ready.sentences(lang):
            st.error(literal(sentence))
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
    _order_gap(result, lang)
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
    {"payback": _payback, "cohorts": _cohorts, "budget": _budget, "orders": _orders}[ready.view](
        result, ready, lang
    )


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


def _order_gap(result: Result, lang: Lang) -> None:
    """Warn, as long as a fit of this session is in use, where the file's mean order is not the
    scenario's.
    """
    fitted: Fitted | None = tab.orders_used
    if fitted is not None and _in_use(fitted):
        _warn_gap(result, fitted, lang)


def _in_use(fitted: Fitted) -> bool:
    """Say whether the scenario's customers come back as a fit says."""
    c = state.scenario().customers
    return c.retention == "bgnbd" and any(
        getattr(getattr(c, f"bgnbd_{name}"), "median", None) == value
        for name, value in zip(fitted.pace.names, fitted.pace.values, strict=True)
    )


def _warn_gap(result: Result, fitted: Fitted, lang: Lang) -> None:
    told = gap_sentence(result, fitted.average, lang)
    if told:
        st.warning(said(told), icon=":material/warning:")


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
        "repeat_probability",
        "orders_a_year",
        "lifespan_years",
        "sbg_alpha",
        "sbg_beta",
        "bgnbd_r",
        "bgnbd_alpha",
        "bgnbd_a",
        "bgnbd_b",
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


# ---- from a file of orders
# -------------------------------------------------------------------------------


def _orders(result: Result, ready: Ready, lang: Lang) -> None:
    st.markdown(say(lang, "customers.orders_lead"))
    st.download_button(
        say(lang, "customers.template"),
        TEMPLATE,
        file_name="orders.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="orders_template",
    )
    _cohort(result, lang)
    uploads = st.file_uploader(
        say(lang, "customers.file"),
        type=["csv", "txt", "tsv", "xlsx", "xls"],
        accept_multiple_files=True,
        key="orders_file",
    )
    if not uploads:
        return
    try:
        tables = tables_of(uploads, "orders_table", lang)
        if tables is None:
            return
        _fit(
            result,
            {upload.file_id: table for upload, table in zip(uploads, tables, strict=True)},
            lang,
        )
    except InputError as error:
        for sentence in error.sentences(lang):
            st.error(literal(sentence))
        _offer_prior(lang)


def _offer_prior(lang: Lang) -> None:
    """Say what holds while records say too little, and offer the wide prior."""
    wide = wide_prior(state.scenario())
    if wide is None:
        st.caption(prior_sentence(state.scenario(), lang))
        return
    st.caption(say(lang, "customers.kept"))
    rate = wide.customers.repeat_probability
    assert isinstance(rate, Pert)
    low, high = formats.percent(rate.low), formats.percent(rate.high)
    st.button(
        say(lang, "customers.use_prior", low=low, high=high),
        key="orders_prior",
        on_click=_use_prior,
    )
    st.caption(prior_source(rate, lang))


def _use_prior() -> None:
    wide = wide_prior(state.scenario())
    if wide is not None:
        state.replace_whole(wide)
        state.notice("success", prior_sentence(wide, state.lang()))


def _cohort(result: Result, lang: Lang) -> None:
    """Draw the way from a cohort table: customers still there after 0, 1, 2 … intervals."""
    with st.expander(
        say(lang, "customers.cohort_table"), key="orders_cohort", on_change="rerun"
    ) as fold:
        if not fold.open:
            return
        text = st.text_input(
            say(lang, "customers.alive"),
            key=f"orders_alive_{lang}",
            placeholder="1000 631 468 382 326",
            help=say(lang, "customers.alive_help"),
        )
        st.caption(
            say(lang, "customers.alive_interval", months=result.scenario.customers.repeat_interval)
        )
        field("customers.repeat_interval", note=False)
        if not text.strip():
            return
        where = say(lang, "customers.alive")
        try:
            fitted = sbg.fit(numbers(text, where), where)
        except InputError as error:
            st.error(literal(error.sentences(lang)[0]))
            return
        rows = [
            Row(
                "",
                f"sBG {_GREEK[name]}",
                (formats.number(value, 3), f"± {formats.percent(fitted.errors[name] * _Z95, 0)}"),
            )
            for name, value in zip(fitted.names, fitted.values, strict=True)
        ]
        figure_table(
            "orders_sbg",
            rows,
            [
                say(lang, "customers.parameter"),
                say(lang, "customers.value"),
                say(lang, "customers.error"),
            ],
            say(lang, "customers.fit"),
        )
        st.button(
            say(lang, "customers.use_fit"),
            key="orders_use_sbg",
            on_click=_use_cohort,
            args=(fitted,),
        )


def _use_cohort(fitted: Fit) -> None:
    changes: dict[str, Any] = {"customers.retention": "sbg"}
    for name, value in zip(fitted.names, fitted.values, strict=True):
        changes[f"customers.sbg_{name}"] = {
            "dist": "lognormal",
            "median": value,
            "sigma": fitted.errors[name],
        }
    shared = float(fitted.covariance[0, 1]) / (fitted.errors["alpha"] * fitted.errors["beta"])
    kept = [
        one.model_dump()
        for one in state.scenario().chance.correlations
        if not one.a.startswith("customers.")
    ]
    pair = {
        "a": "customers.sbg_alpha",
        "b": "customers.sbg_beta",
        "rank": round(spearman(shared) * 0.999, 3),
    }
    if state.change_all(changes | {"chance.correlations": [*kept, pair]}, "customers.retention"):
        tab.revision += 1
        tab.customers_view = "payback"
        state.notice("success", say(state.lang(), "customers.used"))


def _columns(
    table: Table, file: str, result: Result, lang: Lang
) -> tuple[Callable[[], Orders], dt.date] | None:
    """Draw the columns of a file as recognised; return what reads its orders, and its last date;
    None while it is open which of several columns is meant.
    """
    known, prefix = recognise(table), f"orders_{file}"
    answers = answered(table, choices(table, roles=_ASKED), prefix, lang)
    if answers is None:
        return None
    label = say(lang, "kpi.history_columns")
    with st.expander(
        f"{label} · {literal(table.name)}",
        key=f"orders_columns_{file}",
        expanded=not {"customer", "date"} <= known.keys(),
        on_change="rerun",
    ):
        chosen = columns_chosen(
            table,
            ROLES,
            known,
            prefix,
            lang,
            lambda role: say(lang, f"customers.column_{role}"),
            answers,
        )
        left, right = st.columns(2)
        day_first, decimal = ways_of_writing(left, right, prefix, lang)
    target = converted_to(
        named_currencies(table, chosen), result.scenario, prefix, table.name, lang
    )

    def work(show: Progress) -> Orders:
        return of_customers(
            table, chosen, day_first=day_first, decimal=decimal, into=target, progress=show
        )

    def read() -> Orders:
        asked = ("customers", tuple(chosen.items()), day_first, decimal, target)
        return worked_out(table, file, asked, work, lang)

    last = worked_out(
        table,
        file,
        ("last date", tuple(chosen.items()), day_first),
        lambda show: last_date(table, chosen, day_first=day_first, progress=show),
        lang,
    )
    return read, last


def _fit(result: Result, tables: Mapping[str, Table], lang: Lang) -> None:
    read = [_columns(table, file, result, lang) for file, table in tables.items()]
    ready = [one for one in read if one is not None]
    if len(ready) < len(read):
        return
    with st.spinner(say(lang, "customers.fitting")):
        until = min(max(last for _, last in ready), dt.date.today())
        found = bought(together([orders() for orders, _ in ready]), until)
        foreign = currency_sentence(found.counted, result.scenario, lang)
        if foreign:
            st.warning(literal(foreign), icon=":material/currency_exchange:")
        st.markdown(
            "\n".join(
                [
                    f"- {counted_sentence(found.counted, lang)}",
                    *(f"- {literal(one.sentence(lang))}" for one in found.counted.findings),
                ]
            )
        )
        fitted = fit_transactions(found, ", ".join(table.name for table in tables.values()))
    _show_fit(result, fitted, lang)
    st.button(
        say(lang, "customers.use_fit"),
        type="primary",
        key="orders_use",
        on_click=_use,
        args=(fitted,),
    )


def _show_fit(result: Result, fitted: Fitted, lang: Lang) -> None:
    st.markdown("\n\n".join(fit_sentences(fitted, lang)))
    pace = fitted.pace
    rows = [
        Row(
            "",
            f"BG/NBD {_GREEK.get(name, name)}",
            (formats.number(value, 3), f"± {formats.percent(pace.errors[name] * _Z95, 0)}"),
        )
        for name, value in zip(pace.names, pace.values, strict=True)
    ]
    if fitted.spending is not None:
        s = fitted.spending
        rows += [
            Row(
                "",
                f"Gamma-Gamma {_GREEK.get(name, name)}",
                (formats.number(value, 3), f"± {formats.percent(s.errors[name] * _Z95, 0)}"),
            )
            for name, value in zip(s.names, s.values, strict=True)
        ]
    found = fitted.repeat_worth()
    if found is not None:
        rows.append(
            Row(
                "",
                say(lang, "customers.repeat_worth"),
                (f"{found[0]:.2f} ×", f"± {formats.percent(found[1] * _Z95, 0)}"),
            )
        )
    note = say(
        lang,
        "customers.fit_note",
        customers=formats.number(pace.cases),
        until=fitted.until.isoformat(),
    )
    figure_table(
        "orders_fit",
        rows,
        [
            say(lang, "customers.parameter"),
            say(lang, "customers.value"),
            say(lang, "customers.error"),
        ],
        say(lang, "customers.fit"),
        title=say(lang, "customers.fit"),
        note=note,
    )
    currency = result.scenario.shown
    shown = {
        "file": formats.money(fitted.average, currency, lang),
        "scenario": formats.money(result.steady["aov"], currency, lang),
    }
    st.caption(said(say(lang, "customers.amounts_as", currency=currency, **shown)))
    if not _in_use(fitted):  # else it stands above already
        _warn_gap(result, fitted, lang)


def _use(fitted: Fitted) -> None:
    try:
        state.replace_whole(with_fit(state.scenario(), fitted))
    except InputError as error:
        state.notice("error", error.sentences(state.lang())[0])
        return
    tab.customers_view, tab.orders_used = "payback", fitted
    state.notice("success", say(state.lang(), "customers.used"))
