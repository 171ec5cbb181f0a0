"""The parts of a contract that are rows: tiers of a share, bonuses and penalties, instalments, fees
beside the quote.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from funnel_sim.output.words.kpi import kpi_text
from funnel_sim.scenario.fields import Section
from funnel_sim.scenario.kpi_metrics import STEADY_METRICS
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.quote_rows import Extra, Instalment, Reward, ShareTier
from funnel_sim.scenario.quotes import Option
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.fields import widget_key
from funnel_sim.ui.widgets.number import RATE, WHOLE, NumberKind, money
from funnel_sim.ui.widgets.rows import Cell, Rows, editor, put
from funnel_sim.words import say

_MOST_MONEY = 100_000.0


@dataclass(frozen=True)
class RowGroup:
    """One list of a contract: its section, and what a new row is."""

    section: type[Section]
    fresh: Callable[[Option], dict[str, Any]]


def kpi_ids() -> list[str]:
    """Return the scenario's KPIs that a contract can pay by."""
    return [kpi.id for kpi in state.scenario().kpis if kpi.metric not in STEADY_METRICS]


def kpi_choice(
    path: str,
    label: str,
    value: str,
    changed: Callable[[str], None],
    help_: str = "",
    *,
    none: bool = True,
) -> None:
    """Draw a choice among the scenario's KPIs, with "none" where that is allowed.

    Args:
        path: of a field, "product.price" or "options.quote.base".
        label: what the reader sees above it.
        value: id of the KPI that is chosen; "" for none.
        changed: called with the id of another one.
        help_: what stands under "?".
        none: whether none may be chosen.
    """
    lang, scenario = state.lang(), state.scenario()
    names = {kpi.id: kpi_text(kpi, scenario, lang) for kpi in scenario.kpis}
    key = widget_key(path)
    options = ([""] if none else []) + [name for name in kpi_ids() if name]
    if not tab.has(key):
        tab.put(key, value if value in options else (options[0] if options else None))
    st.selectbox(
        label,
        options,
        key=key,
        help=help_ or None,
        format_func=lambda name: names.get(str(name), say(lang, "quote.no_kpi_choice")),
        on_change=lambda: changed(str(tab.typed(key) or "")),
    )


_GROUPS: Mapping[str, RowGroup] = {
    "share_tiers": RowGroup(ShareTier, lambda option: {"upto": None, "rate": 0.0}),
    "rewards": RowGroup(
        Reward,
        lambda option: {
            "kpi": kpi_ids()[0],
            "kind": "bonus",
            "form": "fixed",
            "amount": 0.0,
            "each": "window",
        },
    ),
    "instalments": RowGroup(Instalment, lambda option: {"amount": 0.0, "month": 1, "kpi": ""}),
    "extras": RowGroup(
        Extra, lambda option: {"name": "", "amount": 0.0, "every": "month", "chance": 0.0}
    ),
}


def rows(option: Option, name: str, *, shown: bool = True) -> None:
    """Draw one list of a contract; rows can be added and removed; not `shown`, only the button that
    adds one, for what is there stands elsewhere on the page.

    Args:
        name: the list's field, "rewards".
    """
    lang, path = state.lang(), f"options.{option.id}.{name}"
    now: list[dict[str, Any]] = [row.model_dump(mode="json") for row in getattr(option, name)]
    spec = specs_of(Option)[name]
    st.markdown(f"**{spec.label.of(lang)}**", help=spec.help.of(lang) or None)

    if name != "rewards" or kpi_ids():
        add = (say(lang, "quote.rows_add"), lambda: _with_row(option, name, now), True)
    else:
        add = (say(lang, "quote.rows_add"), lambda: now, False)
    editor(
        Rows(
            path=path,
            rows=now,
            cells=lambda index, row: _cells(option, name, now, index, row),
            save=put(path),
            add=add,
            card=True,
            without=lambda index: _without(name, now, index),
        )
    )


def _with_row(option: Option, name: str, now: list[dict[str, Any]]) -> list[dict[str, Any]]:
    new = _GROUPS[name].fresh(option)
    if name != "share_tiers" or not now:
        return [*now, new]
    bounds = [row["upto"] for row in now if row["upto"]]
    bound = bounds[-1] * 2 if bounds else _MOST_MONEY
    return [*now[:-1], now[-1] | {"upto": bound}, {"upto": None, "rate": now[-1]["rate"]}]


def _without(name: str, now: list[dict[str, Any]], index: int) -> list[dict[str, Any]]:
    kept = [row for i, row in enumerate(now) if i != index]
    if name == "share_tiers" and kept:
        kept[-1] = kept[-1] | {"upto": None}
    return kept


def _cells(
    option: Option, name: str, now: list[dict[str, Any]], index: int, row: dict[str, Any]
) -> list[Cell]:
    """Return what one row of a list shows."""
    lang, specs = state.lang(), specs_of(_GROUPS[name].section)
    currency = option.currency(state.scenario())

    def amount(kind: NumberKind, unit: str, key: str = "amount") -> Cell:
        return Cell(
            name="amount", label=f"{specs['amount'].label.of(lang)} ({unit})", kind=kind, key=key
        )

    def pick(field: str, sets: Callable[[Any], dict[str, Any]] | None = None) -> Cell:
        words = {code: one.of(lang) for code, one in specs[field].choices.items()}
        return Cell(
            name=field,
            label=specs[field].label.of(lang),
            choices=words,
            help=specs[field].help.of(lang),
            sets=sets,
        )

    def rate(field: str) -> Cell:
        return Cell(name=field, label=f"{specs[field].label.of(lang)} (%)", kind=RATE)

    match name:
        case "share_tiers":
            return [_bound(option, now, index), rate("rate")]
        case "rewards":
            fixed = row["form"] == "fixed"
            kpi = Cell(
                name="kpi", label=specs["kpi"].label.of(lang), choices=_kpi_words(none=False)
            )
            paid = amount(
                money(currency) if fixed else RATE,
                currency if fixed else "%",
                f"amount.{row['form']}",
            )
            form = pick("form", lambda one: {"form": one, "amount": 0.0})
            return [pick("kind"), kpi, form, paid, pick("each"), pick("bound")]
        case "instalments":
            told = specs["kpi"].help.of(lang)
            kpi = Cell(
                name="kpi",
                label=specs["kpi"].label.of(lang),
                choices=_kpi_words(none=True),
                help=told,
                sets=lambda one: {"kpi": one, "month": None if one else 1},
            )
            month = Cell(name="month", label=specs["month"].label.of(lang), kind=WHOLE)
            return [amount(money(currency), currency), kpi, *([] if row["kpi"] else [month])]
        case _:
            called = Cell(name="name", label=say(lang, "rows.name"))
            chance = [rate("chance")] if row["every"] == "event" else []
            return [called, amount(money(currency), currency), pick("every"), *chance]


def _kpi_words(*, none: bool) -> dict[str, str]:
    """Return the scenario's KPIs that a contract can pay by in words, with "none" where that is
    allowed.
    """
    lang, scenario = state.lang(), state.scenario()
    names = {kpi.id: kpi_text(kpi, scenario, lang) for kpi in scenario.kpis}
    listed = {name: names.get(name, name) for name in kpi_ids() if name}
    return ({"": say(lang, "quote.no_kpi_choice")} if none else {}) | listed


def _bound(option: Option, now: list[dict[str, Any]], index: int) -> Cell:
    lang, reaches = state.lang(), option.share_bound == "from"
    if index == len(now) - 1:
        told = say(
            lang,
            ("quote.tier_from" if reaches else "quote.tier_above") if index else "quote.tier_all",
        )
        return Cell(drawn=lambda: st.markdown(told))
    unit = state.scenario().currency
    label = say(lang, "quote.tier_below" if reaches else "quote.tier_upto", unit=unit)
    return Cell(name="upto", label=label, kind=money(unit))
