"""What a shop's own orders, or its table of cohorts, say of how customers come back."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from funnel_sim.decisions.customer.fitted import Fitted, fit_transactions, with_fit
from funnel_sim.decisions.customer.worth import wide_prior
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
from funnel_sim.output.words import formats
from funnel_sim.output.words.customer import (
    counted_sentence,
    currency_sentence,
    fit_sentences,
    gap_sentence,
    prior_sentence,
    prior_source,
)
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.correlation import spearman
from funnel_sim.scenario.quantity import Pert
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.pages.customer.ready import Ready
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.fields import field
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.ui.widgets.uploads import (
    answered,
    columns_chosen,
    converted_to,
    tables_of,
    ways_of_writing,
    worked_out,
)
from funnel_sim.words import Lang, say

_GREEK = {"alpha": "α", "beta": "β", "gamma": "γ"}
_Z95 = 1.96  # 95 % of a normal lies within
_ASKED = ("customer", "date", "amount")
TEMPLATE = (
    "customer,date,amount\nanna@example.com,2026-01-05,29.99\n"
    "bo@example.com,2026-01-06,35.50\nanna@example.com,2026-02-10,18.00\n"
    "bo@example.com,2026-02-11,-35.50\n"
)


def warn_of_order_gap(result: Result, lang: Lang) -> None:
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


def draw_records(result: Result, ready: Ready, lang: Lang) -> None:
    """Draw the ways from own orders or from a cohort table to how customers come back."""
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
