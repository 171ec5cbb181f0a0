"""The promised KPIs as inputs: added from a template or a metric, changed, dropped; and the promise
as a whole.
"""

from functools import partial
from typing import Any

import streamlit as st

from funnel_sim.decisions.kpi.console import agreed_metric
from funnel_sim.decisions.kpi.measured import baseline_of, lower_is_better, months_added
from funnel_sim.decisions.kpi.target_form import with_target_as
from funnel_sim.errors import InputError
from funnel_sim.model.bases import SALES, SPEND
from funnel_sim.output.words.clause_kpis import is_by_month
from funnel_sim.output.words.joining import apart, listed
from funnel_sim.output.words.kpi import (
    kpi_text,
    metric_name,
    metric_unit,
    typed_currency,
    value_text,
    window_text,
)
from funnel_sim.output.words.kpi_contract import baseline_words
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.scenario.alternatives import option_name
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.kpi_metrics import CASH_METRICS, FUNNEL, OPERATIONAL, RATES, STEADY_METRICS
from funnel_sim.scenario.kpi_templates import Template, example_counts, fresh_id, templates
from funnel_sim.scenario.kpi_uses import uses_of, without_kpi
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import markup
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session import state
from funnel_sim.ui.session.quotes import promised_ramp
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets import promise
from funnel_sim.ui.widgets.fields import field, in_percent, widget_key
from funnel_sim.ui.widgets.folds import kept_fold
from funnel_sim.ui.widgets.hints import hints
from funnel_sim.ui.widgets.number import NumberKind, number
from funnel_sim.words import Lang, say

_COUNTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(RATES, ("seen", "seen_of", "seen_months", "per_month", "over_dispersion")),
    "listing_completion": ("seen", "seen_of", "seen_months", "per_month", "over_dispersion"),
    "listings_live": ("seen", "seen_months", "per_month", "over_dispersion"),
    "sell_through": ("seen", "seen_of", "over_dispersion"),
    "stock_days": ("seen",),
    "account_health": ("seen", "seen_of", "over_dispersion"),
}


_COUNTED = frozenset(
    {
        "listings_live",
        "listing_completion",
        "orders",
        "paid_orders",
        "new_customers",
        "repeat_orders",
        "impressions",
        "clicks",
        "visits",
        "carts",
    }
)
"""Promised as so many within the window ("20 new SKUs in 3 months"), not as an average month."""


def promise_line(scenario: Scenario, lang: Lang) -> None:
    """Draw what the agency promises as a whole; the quote says the same."""
    quote = promise.promised_by(scenario)
    with (
        st.container(key="quote_sentence", gap="small"),
        st.container(horizontal=True, vertical_alignment="center", gap="xsmall"),
    ):
        promise.uplift(quote, scenario, lang)
        promise.words("s_months", lang, month=promise.month_of_all(quote, scenario))
        promise.record(quote, scenario, lang)
    promise.problems(quote, lang)
    hints(promise.meanings(lang), "kpi_hints")


def ready_made(lang: Lang, *, first: bool) -> None:
    """Draw the templates of KPIs and the choice of any other metric; `first` where none is there
    yet.
    """
    with st.grid(2, min_column_width=230, gap="small"):
        for template in templates():
            st.button(
                template.words.of(lang),
                key=f"kpi_template_{template.id}_{lang}_{first}",
                width="stretch",
                icon=":material/add:",
                on_click=_add,
                args=(template,),
            )
    key = f"kpi_new_{lang}_{first}_{tab.revision}"
    st.selectbox(
        say(lang, "kpi.other_metric"),
        [*FUNNEL, *OPERATIONAL],
        index=None,
        placeholder=say(lang, "kpi.choose_to_add"),
        key=key,
        format_func=lambda m: metric_name(str(m), lang),
        on_change=lambda: _add_metric(tab.typed(key)),
    )


def _add(template: Template) -> None:
    scenario, lang = state.scenario(), state.lang()
    factor = 1.0
    if template.currency and template.currency != scenario.currency:
        factor = exchange(template.currency, scenario.currency, scenario.as_of)
        state.notice(
            "warning", say(lang, "kpi.converted", currency=template.currency, to=scenario.currency)
        )
    if template.new_store and not scenario.history.names():
        state.change_all(dict(template.new_store), "kpis")
        state.notice("warning", say(lang, "kpi.made_new"))
    _save(
        [
            *state.scenario().plain()["kpis"],
            *(
                one | {"metric": agreed_metric(state.scenario(), str(one["metric"]))}
                for one in template.made([kpi.id for kpi in scenario.kpis], factor)
            ),
        ]
    )


def _add_metric(metric: str | None) -> None:
    if metric is None:
        return
    scenario = state.scenario()
    metric = agreed_metric(scenario, metric)
    row: dict[str, Any] = {
        "id": fresh_id(metric, [kpi.id for kpi in scenario.kpis]),
        "metric": metric,
        "target": 0.0,
        "comparator": "at_most" if lower_is_better(metric) else "at_least",
    }
    row |= example_counts(metric)
    if metric in _COUNTED:
        row["window"] = "total"
    kpi = Kpi.model_validate(row)
    base = baseline_of(scenario, kpi)
    row["target"] = (
        0.0 if base is None else float(f"{max(0.0, base.value * months_added(kpi)):.3g}")
    )
    tab.kpi_opened[str(row["id"])] = True
    _save([*scenario.plain()["kpis"], row])


def _save(rows: list[dict[str, Any]]) -> None:
    """Write the KPIs; the first one begins with the usual months of a promise, as a quote does."""
    changes = {"kpis": rows, "promise.promise_ramp": promised_ramp(state.scenario())}
    if state.change_all(changes, "kpis"):
        tab.revision += 1
        return
    error = state.problem_at("kpis")
    state.problems_forget("kpis")
    if error is not None:
        state.notice("error", error.sentences(state.lang())[0])


def _drop(name: str) -> None:
    """Take a KPI out; one that a contract names is asked about first."""
    if uses_of(state.scenario(), name):
        tab.kpi_dropping = name
        return
    _save([row for row in state.scenario().plain()["kpis"] if row["id"] != name])


def _drop_both(name: str) -> None:
    tab.kpi_dropping = ""
    if state.change_all(without_kpi(state.scenario(), name), "kpis"):
        tab.revision += 1


def _keep() -> None:
    tab.kpi_dropping = ""


def _named(kpi: Kpi, scenario: Scenario, lang: Lang) -> None:
    """Say which contracts name a KPI that is to go, and offer to take both out."""
    specs = specs_of(Option)
    told = [
        say(
            lang,
            "kpi.used_by_one",
            quote=option_name(option, lang),
            fields=listed([specs[one].label.of(lang) for one in fields], lang),
        )
        for option, fields in uses_of(scenario, kpi.id)
    ]
    with st.container(border=True, key=f"kpi_used_{kpi.id}", gap="small"):
        st.markdown(literal(say(lang, "kpi.used_by", uses=apart(told, lang))))
        with st.container(horizontal=True, gap="small"):
            st.button(
                say(lang, "kpi.drop_both"),
                key=widget_key(f"kpis.{kpi.id}.drop_both"),
                on_click=_drop_both,
                args=(kpi.id,),
            )
            st.button(
                say(lang, "kpi.drop_not"),
                key=widget_key(f"kpis.{kpi.id}.drop_not"),
                type="tertiary",
                on_click=_keep,
            )


def kpi_rows(scenario: Scenario, lang: Lang) -> None:
    """Draw every promised KPI as a fold with its fields, and below them what can be added."""
    st.markdown(f"**{say(lang, 'kpi.promised', count=len(scenario.kpis))}**")
    for kpi in scenario.kpis:
        with kept_fold(
            markup.said(kpi_text(kpi, scenario, lang)),
            f"kpi_one_{kpi.id}",
            tab.kpi_opened,
            kpi.id,
            first=len(scenario.kpis) == 1,
        ) as fold:
            if fold.open:
                _one(kpi, scenario, lang)
    with st.expander(
        say(lang, "kpi.more"), key="kpi_more", on_change="rerun", icon=":material/add:"
    ) as fold:
        if fold.open:
            ready_made(lang, first=False)


def _one(kpi: Kpi, scenario: Scenario, lang: Lang) -> None:
    path = f"kpis.{kpi.id}"
    with st.grid(3, min_column_width=165, gap="small"):
        with st.container():
            field(f"{path}.comparator", note=False)
        with st.container():
            _scaled(kpi, "target", lang)
        if kpi.metric not in CASH_METRICS:  # those are looked at in one way only
            with st.container():
                field(f"{path}.window", note=False)
        if kpi.window in ("average", "total", "every"):
            with st.container():
                field(f"{path}.month_from", note=False)
        with st.container():
            field(f"{path}.month_to", note=False)
        with st.container():
            field(f"{path}.relative", note=False, switched=partial(_said_as, kpi.id))
    _by_month(kpi, scenario, lang)
    _stops(kpi, scenario, lang)
    _details(kpi, scenario, lang)
    st.button(
        say(lang, "rows.remove"),
        icon=":material/delete:",
        key=widget_key(f"{path}.drop"),
        on_click=_drop,
        args=(kpi.id,),
    )
    if tab.kpi_dropping == kpi.id and uses_of(scenario, kpi.id):
        _named(kpi, scenario, lang)


def _by_month(kpi: Kpi, scenario: Scenario, lang: Lang) -> None:
    """Say which contracts pay a bonus on a KPI month by month, not on what it comes to over its
    window.
    """
    first, last = kpi.months
    for option in scenario.options:
        if first != last and is_by_month(scenario, option, kpi):
            parts = {"first": first, "last": last, "window": window_text(kpi, lang)}
            name = option_name(option, lang)
            st.caption(literal(say(lang, "kpi.paid_by_month", quote=name, **parts)))


def _stops(kpi: Kpi, scenario: Scenario, lang: Lang) -> None:
    """Draw whether the contract's stop-loss looks at a KPI, where there is one contract to mean."""
    option = scenario.signed_option()
    if option is None or not option.paid or kpi.metric in STEADY_METRICS:
        return
    key = widget_key(f"kpis.{kpi.id}.stop_of")
    if not tab.has(key):
        tab.put(key, option.stop_loss and option.decided_by == kpi.id)
    st.toggle(
        say(lang, "kpi.stop_of", quote=option_name(option, lang)),
        key=key,
        on_change=lambda: _stop_of(option.id, kpi.id, wanted=bool(tab.typed(key))),
    )


def _stop_of(option: str, name: str, *, wanted: bool) -> None:
    path = f"options.{option}"
    changes: dict[str, Any] = {f"{path}.stop_loss": wanted}
    if wanted:
        changes[f"{path}.decided_by"] = name
    if state.change_all(changes, f"{path}.stop_loss"):
        tab.revision += 1  # another KPI may have been the one


def _said_as(name: str, relative: bool) -> None:
    """Say the same target as a change against the baseline, or as a value again."""
    place = f"kpis.{name}.relative"
    try:
        kpi = with_target_as(state.scenario(), name, relative=relative)
    except InputError as error:
        state.refused(place, error)
        tab.drop(widget_key(place))
        return
    inside = f"kpis.{name}"
    state.change_all({place: kpi.relative, f"{inside}.target": kpi.target}, place)


def _details(kpi: Kpi, scenario: Scenario, lang: Lang) -> None:
    path = f"kpis.{kpi.id}"
    base = baseline_of(scenario, kpi)
    with st.expander(
        say(lang, "kpi.details"), key=f"kpi_details_{kpi.id}", on_change="rerun"
    ) as fold:
        if not fold.open:
            return
        names = _COUNTS.get(kpi.metric, ())
        if names:
            st.caption(say(lang, "kpi.counts_note"))
        if kpi.metric in SALES:
            names = ("sales_counted", "sales_tax", "sales_refunds", "sales_cancelled")
        if kpi.metric in SPEND:
            names = (*names, "spend_tax", "spend_fee", "attribution")
        with st.grid(3, min_column_width=190):
            with st.container():
                _scaled(kpi, "baseline", lang)
            defined = () if kpi.metric in CASH_METRICS else ("says_definition",)
            for name in (*names, "says_date", "says_source", *defined):
                with st.container():
                    field(f"{path}.{name}", note=False)
        if base is not None:
            shown = value_text(base.value, kpi.metric, scenario, lang)
            st.caption(
                markup.said(
                    say(
                        lang,
                        "kpi.baseline_is",
                        value=shown,
                        source=baseline_words(base, scenario, lang),
                    )
                )
            )


def _scaled(kpi: Kpi, name: str, lang: Lang) -> None:
    """Draw the target or the baseline in the unit that it is read in: percent for rates and
    changes.
    """
    path, spec = f"kpis.{kpi.id}.{name}", specs_of(Kpi)[name]
    unit = metric_unit(kpi.metric)
    percent = unit == "rate" or (name == "target" and kpi.relative)
    key = widget_key(f"{path}.{'percent' if percent else 'plain'}")
    is_money = unit == "money" and not percent
    money = typed_currency(kpi.metric, state.scenario()) if is_money else ""
    shown = "%" if percent else money
    number(
        f"{spec.label.of(lang)}{f' ({shown})' if shown else ''}",
        getattr(kpi, name),
        lambda new: state.change(path, new),
        key=key,
        kind=NumberKind(
            Unit.RATE if percent else Unit.FACTOR,
            money,
            change=name == "target" and kpi.relative,
        ),
        help_=spec.help.of(lang),
        place=path,
    )
    problem = state.problem_at(path)
    if problem is not None:
        told = " ".join(
            (in_percent(one) if percent else one).short(lang, path) for one in problem.problems
        )
        st.markdown(f":red[:material/error: {literal(told)} {say(lang, 'field.kept')}]")
