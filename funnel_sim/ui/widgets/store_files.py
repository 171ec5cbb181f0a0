"""A store's months from files on the screen: the columns of each, what was found in them, and the
months as they would be used; whichever page asks for them.
"""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st

from funnel_sim.errors import InputError
from funnel_sim.evidence.orders import orders
from funnel_sim.evidence.orders.roles import are_orders
from funnel_sim.evidence.store.channels import by_channel
from funnel_sim.evidence.store.columns import choices, money_named, recognised
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.months import ROLES, SALES, History, as_template
from funnel_sim.evidence.store.repeated import Repeated
from funnel_sim.evidence.tables.findings import Finding, in_runs
from funnel_sim.evidence.tables.progress import Progress
from funnel_sim.evidence.tables.tables import Table
from funnel_sim.output.words import formats
from funnel_sim.output.words.joining import begun
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.store_months import MONEY
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session import state
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.ui.widgets.uploads import (
    answered,
    columns_chosen,
    converted_to,
    ways_of_writing,
    worked_out,
)
from funnel_sim.words import Lang, say

TYPES = ["csv", "txt", "tsv", "xlsx", "xls"]
_WARNED = (
    "duplicates",
    "negative",
    "reports_differ",
    "states",
    "formulas",
    "after_refunds",
    "before_refunds",
    "holds_tax",
    "zero_beside",
)  # findings to be settled before the history is used


@dataclass(frozen=True)
class StoreFile:
    """One file as it was read: its history, and that of each channel that it names."""

    name: str
    history: History
    channels: Mapping[str, History]


def today() -> str:
    """Return the day, such as "2026-11-27"."""
    return dt.datetime.now(tz=dt.UTC).date().isoformat()


def figure_words(figure: str, lang: Lang) -> str:
    """Return the name of a figure of a month, inside a sentence.

    Args:
        figure: a figure of `evidence/store/months.py`, such as "orders".
    """
    return say(lang, f"history.figure_{figure}")


def figure_head(figure: str, lang: Lang) -> str:
    """Return the name of a figure of a month, standing alone.

    Args:
        figure: a figure of `evidence/store/months.py`, such as "orders".
    """
    return begun(figure_words(figure, lang))


def read_file(
    table: Table, prefix: str, file: str, lang: Lang, *, beside_others: bool, channels: bool = False
) -> StoreFile | None:
    """Draw the columns of a file as recognised, and return what it tells; None while it is open
    which of several columns is meant.

    Args:
        table: the file.
        prefix: what tells the widgets of this file apart.
        file: what tells its content from any other's: the upload's id, or the text pasted.
        lang: the language.
        beside_others: whether other files of its store are read too, so that it needs no sales.
        channels: whether each channel that it names is read too.

    Raises:
        InputError: where it holds no history.
    """
    by_order = are_orders(table)
    known, roles = (
        (orders.recognise(table), orders.ROLES) if by_order else (recognised(table), ROLES)
    )
    asked = orders.choices(table) if by_order else choices(table)
    answers = answered(table, asked, prefix, lang)
    if answers is None:
        return None
    title, _, which = prefix.partition("_")
    label = f"{say(lang, 'kpi.history_columns')} · {literal(table.name)}"
    with st.expander(
        label, key=f"{title}_columns_{which}", expanded=not known.get("date"), on_change="rerun"
    ):
        names = (
            (lambda role: say(lang, f"customers.column_{role}"))
            if by_order
            else (lambda role: _role_name(role, lang))
        )
        picked = columns_chosen(table, roles, known, prefix, lang, names, answers)
        left, right = st.columns(2)
        day_first, decimal = ways_of_writing(left, right, prefix, lang)
        net = None if by_order else _after_refunds(left, prefix, lang)
    taxed = state.scenario().tax.situation != "outside_price"
    target = converted_to(money_named(table, picked), state.scenario(), prefix, table.name, lang)

    def work(show: Progress, repeated: Repeated | None = None) -> History:
        return history(
            table,
            picked,
            day_first=day_first,
            decimal=decimal,
            beside_others=beside_others,
            into=target,
            taxed=taxed,
            after_refunds=net,
            repeated=repeated,
            progress=show,
        )

    how = (day_first, decimal, beside_others, target, taxed, net)
    asked_for = ("history", tuple(picked.items()), *how)
    repeated: Repeated | None = None
    try:
        found = worked_out(table, file, asked_for, work, lang)
    except InputError as error:
        if error.problems[0].rule != "rows_repeat":
            raise
        repeated = _repeated(error, table.name, prefix, lang)
        if repeated is None:
            return None
        again = partial(work, repeated=repeated)
        found = worked_out(table, file, (*asked_for, repeated), again, lang)
    parts = (
        by_channel(
            table,
            picked,
            day_first=day_first,
            decimal=decimal,
            into=target,
            taxed=taxed,
            after_refunds=net,
            repeated=repeated or "add",
        )
        if channels
        else {}
    )
    return StoreFile(table.name, found, parts)


def _repeated(error: InputError, name: str, prefix: str, lang: Lang) -> Repeated | None:
    """Ask what rows are that tell a month again; return None until it is said."""
    st.warning(literal(error.sentences(lang)[0]))
    ways: tuple[Repeated, ...] = ("once", "add")
    return st.radio(
        say(lang, "history.repeated_ask", name=literal(name)),
        ways,
        index=None,
        key=f"{prefix}_repeated_{lang}",
        format_func=lambda one: say(lang, f"history.repeated_{one}"),
        horizontal=True,
    )


def _after_refunds(place: Any, prefix: str, lang: Lang) -> bool | None:
    """Draw whether a file's sales are before or after refunds; return None where its headings say
    it.
    """
    told = place.selectbox(
        say(lang, "history.sales_are"),
        ["auto", "before", "after"],
        key=f"{prefix}_net_{lang}",
        format_func=lambda one: say(lang, f"history.sales_{one}"),
        help=say(lang, "history.sales_help"),
    )
    return None if told == "auto" else told == "after"


def _role_name(role: str, lang: Lang) -> str:
    if role in ("date", "currency"):
        return say(lang, "kpi.history_date" if role == "date" else "kpi.history_currency_column")
    return figure_words(role, lang)


def say_found(found: History, findings: Sequence[Finding], lang: Lang) -> None:
    """Draw how much was found in files, and what is to be known of it.

    Args:
        findings: what is to be known beside the figures, in the order to be shown.
    """
    currency = state.scenario().currency
    if not found.may_be_in(currency):
        st.warning(
            say(lang, "kpi.history_currency", found=found.currency, currency=currency),
            icon=":material/currency_exchange:",
        )
    sales = [found.figures[one] for one in SALES if one in found.figures]
    whole = sum(
        1
        for place, share in enumerate(found.covered)
        if share >= 1 and not any(math.isnan(one[place]) for one in sales)
    )
    st.markdown(
        say(
            lang,
            "kpi.history_found",
            rows=found.rows,
            grain=say(lang, f"kpi.grain_{found.grain}"),
            months=len(found.months),
            whole=whole,
            first=found.months[0],
            last=found.months[-1],
        )
    )
    mark = state.scenario().history.engagement_from
    for finding in in_runs(_billed(one, mark) for one in findings):
        inner = _inner(finding)
        sold = inner.kind in ("gap", "gap_run") and inner.role in (*SALES, "")  # "": of all
        show = st.warning if sold or inner.kind in _WARNED else st.markdown
        show(f":material/search: {literal(finding.sentence(lang))}")


def _inner(finding: Finding) -> Finding:
    """Return what is found, without the name of the file of several that says it."""
    inner = finding.parts.get("finding")
    return inner if isinstance(inner, Finding) else finding


def _billed(finding: Finding, mark: str) -> Finding:
    """Return a finding on an odd month since the engagement began, which is billed and cannot be
    left out, without the advice to leave it out.
    """
    inner = _inner(finding)
    if inner.kind != "outlier" or not mark or inner.month < mark:
        return finding
    since = Finding("outlier_since", inner.month, inner.role, inner.parts)
    return since if inner is finding else replace(finding, parts=dict(finding.parts, finding=since))


def leave_out(
    months: Sequence[str], running: Sequence[str], odd: Sequence[str], key: str, lang: Lang
) -> list[str]:
    """Draw which months are not taken, those that are not over yet left out at first; return them.

    Args:
        months: those to choose from.
        running: those that are not over yet.
        odd: those that were found to lie far from the others.
        key: of the choice.
        lang: the language.
    """
    open_ = [month for month in running if month in months]
    if open_:
        st.markdown(
            f":material/hourglass_top: {say(lang, 'kpi.history_running', months=', '.join(open_))}"
        )
    return list(
        st.multiselect(
            say(lang, "kpi.history_leave_out"),
            list(months),
            placeholder=say(lang, "kpi.none_chosen"),
            default=open_,
            key=key,
            help=say(lang, "kpi.history_odd", months=", ".join(odd) or formats.NOTHING),
        )
    )


def months_table(found: History, key: str, lang: Lang, *, note: str = "", mark: str = "") -> None:
    """Draw months figure by figure.

    Args:
        found: the months.
        key: of the table.
        lang: the language.
        note: in small print beneath.
        mark: the engagement's first month, which the small print names.
    """
    currency = state.scenario().currency

    def show(figure: str, value: float) -> str:
        if math.isnan(value):
            return formats.NOTHING
        if figure in MONEY and figure != "fees_paid":
            return formats.whole_money(value, currency, lang)
        return formats.number(value)

    heads = [
        say(lang, "kpi.history_month"),
        *(figure_head(name, lang) for name in found.figures),
    ]
    rows = [
        Row(
            "",
            month if share >= 1 else f"{month} *",
            tuple(show(name, float(value[place])) for name, value in found.figures.items()),
        )
        for place, (month, share) in enumerate(zip(found.months, found.covered, strict=True))
    ]
    title = say(lang, "kpi.history_table")
    if mark:
        note += say(lang, "actuals.table_mark", month=mark)
    figure_table(key, rows, heads, title, title=title, note=note)


def download_as_template(found: History, key: str, lang: Lang) -> None:
    """Offer months as the product's own file.

    Args:
        key: the key of the button in the session.
    """
    st.download_button(
        say(lang, "kpi.history_as_template"),
        as_template(found),
        file_name="history.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=key,
    )
