"""The parts of a contract that are rows: tiers of a share, bonuses and penalties, instalments, fees
beside the quote.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from funnel_sim.output.words.kpi import kpi_text
from funnel_sim.scenario.fields import Section, Spec
from funnel_sim.scenario.kpis import STEADY_METRICS
from funnel_sim.scenario.quotes import Extra, Instalment, Option, Reward, ShareTier
from funnel_sim.scenario.scenario import specs_of
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session import state
from funnel_sim.ui.widgets.fields import widget_key
from funnel_sim.words import say

_PERCENT = 100.0
_MOST_MONEY = 100_000.0


@dataclass(frozen=True)
class Group:
    """One list of a contract: its section, and what a new row is."""

    section: type[Section]
    fresh: Callable[[Option], dict[str, Any]]


def contract_currency(option: Option) -> str:
    """Return the currency that a contract's amounts are in."""
    return (
        state.scenario().currency
        if option.fee_currency == "sales"
        else state.scenario().cost_currency
    )


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
    """Draw a choice among the scenario's KPIs, with "none" where that is allowed."""
    lang, scenario = state.lang(), state.scenario()
    names = {kpi.id: kpi_text(kpi, scenario, lang) for kpi in scenario.kpis}
    key = widget_key(path)
    options = ([""] if none else []) + [name for name in kpi_ids() if name]
    if key not in st.session_state:
        st.session_state[key] = value if value in options else (options[0] if options else None)
    st.selectbox(
        label,
        options,
        key=key,
        help=help_ or None,
        format_func=lambda name: names.get(str(name), say(lang, "quote.no_kpi_choice")),
        on_change=lambda: changed(str(st.session_state.get(key) or "")),
    )


_GROUPS: Mapping[str, Group] = {
    "share_tiers": Group(ShareTier, lambda option: {"upto": None, "rate": 0.0}),
    "rewards": Group(
        Reward,
        lambda option: {
            "kpi": kpi_ids()[0],
            "kind": "bonus",
            "form": "fixed",
            "amount": 0.0,
            "each": "window",
        },
    ),
    "instalments": Group(Instalment, lambda option: {"amount": 0.0, "month": 1, "kpi": ""}),
    "extras": Group(
        Extra, lambda option: {"name": "", "amount": 0.0, "every": "month", "chance": 0.0}
    ),
}


def rows(option: Option, name: str, *, shown: bool = True) -> None:
    """Draw one list of a contract; rows can be added and removed; not `shown`, only the button that
    adds one, for what is there stands elsewhere on the page.
    """
    lang, path = state.lang(), f"options.{option.id}.{name}"
    now: list[dict[str, Any]] = [row.model_dump(mode="json") for row in getattr(option, name)]
    spec = specs_of(Option)[name]
    st.markdown(f"**{spec.label.of(lang)}**", help=spec.help.of(lang) or None)

    def save(changed: list[dict[str, Any]]) -> None:
        if state.change(path, changed):
            st.session_state.revision += len(changed) != len(now)

    def put(index: int, changes: dict[str, Any]) -> None:
        save([row | changes if i == index else row for i, row in enumerate(now)])

    for index, row in enumerate(now if shown else ()):
        with st.container(border=True):
            _row(option, name, now, index, row, put)
            st.button(
                say(lang, "rows.remove"),
                icon=":material/delete:",
                key=widget_key(f"{path}.{index}.drop"),
                type="tertiary",
                on_click=lambda i=index: save(_without(name, now, i)),
            )
    needs_kpi = name == "rewards" and not kpi_ids()
    st.button(
        say(lang, "quote.rows_add"),
        icon=":material/add:",
        key=widget_key(f"{path}.add"),
        disabled=needs_kpi,
        on_click=lambda: save(_with_row(option, name, now)),
    )
    problem = state.problem_at(path)
    if problem is not None:
        st.markdown(
            ":red[:material/error:"
            f" {literal(' '.join(one.short(lang, path) for one in problem.problems))}"
            f" {say(lang, 'field.kept')}]"
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


def _row(
    option: Option,
    name: str,
    now: list[dict[str, Any]],
    index: int,
    row: dict[str, Any],
    put: Callable[[int, dict[str, Any]], None],
) -> None:
    specs, path = specs_of(_GROUPS[name].section), f"options.{option.id}.{name}.{index}"

    def change(field: str) -> Callable[[Any], None]:
        return lambda value: put(index, {field: value})

    with st.grid(3, min_column_width=165, gap="small"):
        match name:
            case "share_tiers":
                with st.container():
                    _bound(option, path, now, index, row, change("upto"))
                with st.container():
                    number(
                        f"{path}.rate",
                        f"{specs['rate'].label.of(state.lang())} (%)",
                        row["rate"],
                        change("rate"),
                        _PERCENT,
                    )
            case "rewards":
                with st.container():
                    _pick(f"{path}.kind", specs["kind"], row["kind"], change("kind"))
                with st.container():
                    kpi_choice(
                        f"{path}.kpi",
                        specs["kpi"].label.of(state.lang()),
                        row["kpi"],
                        change("kpi"),
                        none=False,
                    )
                with st.container():
                    _pick(
                        f"{path}.form",
                        specs["form"],
                        row["form"],
                        lambda form: put(index, {"form": form, "amount": 0.0}),
                    )
                with st.container():
                    fixed = row["form"] == "fixed"
                    unit = contract_currency(option) if fixed else "%"
                    number(
                        f"{path}.amount.{row['form']}",
                        f"{specs['amount'].label.of(state.lang())} ({unit})",
                        row["amount"],
                        change("amount"),
                        1.0 if fixed else _PERCENT,
                    )
                with st.container():
                    _pick(f"{path}.each", specs["each"], row["each"], change("each"))
                with st.container():
                    _pick(f"{path}.bound", specs["bound"], row["bound"], change("bound"))
            case "instalments":
                with st.container():
                    number(
                        f"{path}.amount",
                        f"{specs['amount'].label.of(state.lang())} ({contract_currency(option)})",
                        row["amount"],
                        change("amount"),
                    )
                with st.container():
                    kpi_choice(
                        f"{path}.kpi",
                        specs["kpi"].label.of(state.lang()),
                        row["kpi"],
                        lambda kpi: put(index, {"kpi": kpi, "month": None if kpi else 1}),
                        specs["kpi"].help.of(state.lang()),
                    )
                if not row["kpi"]:
                    with st.container():
                        number(
                            f"{path}.month",
                            specs["month"].label.of(state.lang()),
                            row["month"],
                            change("month"),
                            whole=True,
                        )
            case _:
                with st.container():
                    key = widget_key(f"{path}.name")
                    st.session_state.setdefault(key, row["name"])
                    st.text_input(
                        say(state.lang(), "rows.name"),
                        key=key,
                        max_chars=200,
                        on_change=lambda: put(index, {"name": st.session_state.get(key) or ""}),
                    )
                with st.container():
                    number(
                        f"{path}.amount",
                        f"{specs['amount'].label.of(state.lang())} ({contract_currency(option)})",
                        row["amount"],
                        change("amount"),
                    )
                with st.container():
                    _pick(f"{path}.every", specs["every"], row["every"], change("every"))
                if row["every"] == "event":
                    with st.container():
                        number(
                            f"{path}.chance",
                            f"{specs['chance'].label.of(state.lang())} (%)",
                            row["chance"],
                            change("chance"),
                            _PERCENT,
                        )


def _bound(
    option: Option,
    path: str,
    now: list[dict[str, Any]],
    index: int,
    row: dict[str, Any],
    changed: Callable[[Any], None],
) -> None:
    lang, reaches = state.lang(), option.share_bound == "from"
    if index == len(now) - 1:
        st.markdown(
            say(
                lang,
                (
                    ("quote.tier_from" if reaches else "quote.tier_above")
                    if index
                    else "quote.tier_all"
                ),
            )
        )
        return
    number(
        f"{path}.upto",
        say(
            lang,
            "quote.tier_below" if reaches else "quote.tier_upto",
            unit=state.scenario().currency,
        ),
        row["upto"],
        changed,
    )


def number(
    path: str,
    label: str,
    value: float | None,
    changed: Callable[[Any], None],
    factor: float = 1.0,
    *,
    whole: bool = False,
) -> None:
    """Draw one number of a row, in percent where `factor` is 100."""
    key = widget_key(path)
    if key not in st.session_state:
        st.session_state[key] = (
            None if value is None else (int(value) if whole else round(value * factor, 10))
        )

    def typed() -> None:
        given = st.session_state.get(key)
        changed(None if given is None else int(given) if whole else round(given / factor, 12))

    step: Any = 1 if whole else None
    st.number_input(
        label, value=None, key=key, step=step, format="%d" if whole else "%.2f", on_change=typed
    )


def _pick(path: str, spec: Spec, value: str, changed: Callable[[Any], None]) -> None:
    lang, key = state.lang(), widget_key(path)
    if key not in st.session_state:
        st.session_state[key] = value
    st.selectbox(
        spec.label.of(lang),
        list(spec.choices),
        key=key,
        help=spec.help.of(lang) or None,
        format_func=lambda code: spec.choices[code].of(lang) if code in spec.choices else str(code),
        on_change=lambda: changed(st.session_state.get(key)),
    )
