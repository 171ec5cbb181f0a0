"""Inputs that are rows: fee tiers, fixed-fee bands, one-off costs, channels.

Rows can be added and removed.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from funnel_sim.output.words.codes import layer_words
from funnel_sim.output.words.explain import channel_name
from funnel_sim.scenario.costs import GROUP_WORDS
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.in_force import five_paths
from funnel_sim.scenario.paths import field_paths, may_vary, spec_of, specs_of
from funnel_sim.scenario.plan import ANNOUNCED_IN
from funnel_sim.scenario.quantity import likely
from funnel_sim.scenario.tax import DutyLayer
from funnel_sim.scenario.traffic import Channel
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.fields import field, label_words, note_text, widget_key
from funnel_sim.words import say

_BY_KIND = {
    "cpc": ("budget", "cpc", "ctr", "affiliate_rate", "elasticity", "reference_budget"),
    "cpm": ("budget", "cpm", "ctr", "affiliate_rate", "elasticity", "reference_budget"),
    "share": ("impressions", "ctr", "affiliate_rate"),
    "organic": ("impressions", "ctr"),
    "list": ("impressions", "ctr", "send_cost"),
    "orders": (
        "known_sales",
        "known_as",
        "known_spend",
        "cost_per_order",
        "acos_rate",
        "tacos_rate",
        "affiliate_rate",
    ),
}
_OWN = ("channel_landing_rate", "channel_cvr", "channel_add_to_cart_rate", "channel_checkout_rate")


def steps(path: str, value_name: str, *, percent: bool) -> None:
    """Draw a schedule by price: an upper bound and a value a row; the last row has no bound."""
    lang, scenario = state.lang(), state.scenario()
    spec = spec_of(path)
    assert spec is not None
    rows: list[dict[str, Any]] = scenario.plain()["commission"][path.split(".")[1]]
    st.markdown(f"**{spec.label.of(lang)}**", help=spec.help.of(lang))
    st.caption(note_text(scenario, path, spec, lang))
    factor = 100.0 if percent else 1.0
    unit = "%" if percent else scenario.currency

    def save(changed: list[dict[str, Any]]) -> None:
        changes: dict[str, Any] = {path: changed}
        if (
            path == "commission.tiers"
            and len(changed) > 1
            and scenario.commission.commission_mode == "flat"
        ):
            changes["commission.commission_mode"] = "marginal"
        if path == "commission.tiers" and len(changed) == 1:
            changes["commission.commission_mode"] = "flat"
        if state.change_all(changes, path):
            tab.revision += len(changed) != len(rows)

    def edited(index: int, name: str, key: str) -> None:
        typed = tab.typed(key)
        changed = [dict(row) for row in rows]
        changed[index][name] = (
            None if typed is None else round(typed / (factor if name == value_name else 1.0), 12)
        )
        save(changed)

    for index, row in enumerate(rows):
        last = index == len(rows) - 1
        left, right, end = st.columns([5, 5, 1], vertical_alignment="bottom")
        if last:
            left.markdown(say(lang, "rows.above" if index else "rows.every"))
        else:
            key = widget_key(f"{path}.{index}.upto")
            tab.seed(key, row["upto"])
            left.number_input(
                say(lang, "rows.upto", unit=scenario.currency),
                key=key,
                on_change=edited,
                args=(index, "upto", key),
                format="%.2f",
            )
        key = widget_key(f"{path}.{index}.{value_name}")
        tab.seed(key, round(row[value_name] * factor, 10))
        right.number_input(
            say(lang, f"rows.{value_name}", unit=unit),
            key=key,
            on_change=edited,
            args=(index, value_name, key),
            format="%.2f",
        )
        if len(rows) > 1:
            end.button(
                "",
                icon=":material/delete:",
                key=widget_key(f"{path}.{index}.drop"),
                help=say(lang, "rows.remove"),
                on_click=lambda i=index: save(_without(rows, i)),
            )
    st.button(
        say(lang, "rows.add_step"),
        icon=":material/add:",
        key=widget_key(f"{path}.add"),
        on_click=lambda: save(_with_step(rows, value_name)),
    )
    _problem_line(path)


def _problem_line(path: str) -> None:
    """Say below a list of rows what is wrong with what was typed last; names that a reader typed
    stay text.
    """
    lang, problem = state.lang(), state.problem_at(path)
    if problem is not None:
        st.markdown(
            ":red[:material/error:"
            f" {literal(' '.join(one.short(lang, path) for one in problem.problems))}"
            f" {say(lang, 'field.kept')}]"
        )


def _drop_button(
    place: Any,
    path: str,
    index: int,
    rows: list[dict[str, Any]],
    save: Callable[[list[dict[str, Any]]], None],
) -> None:
    """Draw what removes a row of a list."""
    place.button(
        "",
        icon=":material/delete:",
        key=widget_key(f"{path}.{index}.drop"),
        help=say(state.lang(), "rows.remove"),
        on_click=lambda: save([dict(row) for other, row in enumerate(rows) if other != index]),
    )


def _without(rows: list[dict[str, Any]], index: int) -> list[dict[str, Any]]:
    kept = [dict(row) for i, row in enumerate(rows) if i != index]
    kept[-1]["upto"] = None
    return kept


def _with_step(rows: list[dict[str, Any]], value_name: str) -> list[dict[str, Any]]:
    bounds = [row["upto"] for row in rows if row["upto"]]
    bound = round(bounds[-1] * 2, 2) if bounds else round(2 * _price(), 2)
    return [
        *[dict(row) for row in rows[:-1]],
        {**rows[-1], "upto": bound},
        {**rows[-1], "upto": None},
    ]


def _price() -> float:
    return likely(state.scenario().product.price)


def one_offs() -> None:
    """Draw the one-off costs: name, group, amount and month a row."""
    lang, scenario, path = state.lang(), state.scenario(), "fixed.one_off"
    rows: list[dict[str, Any]] = scenario.plain()["fixed"]["one_off"]
    spec = spec_of(path)
    assert spec is not None
    st.markdown(f"**{spec.label.of(lang)}**", help=spec.help.of(lang))

    def save(changed: list[dict[str, Any]]) -> None:
        if state.change(path, changed):
            tab.revision += len(changed) != len(rows)

    def edited(index: int, name: str, key: str) -> None:
        changed = [dict(row) for row in rows]
        typed = tab.typed(key)
        changed[index][name] = typed if typed is not None else 0
        save(changed)

    for index, row in enumerate(rows):
        columns = st.columns([4, 3, 3, 2, 1], vertical_alignment="bottom")
        for column, name in zip(columns, ("name", "group", "amount", "month"), strict=False):
            key = widget_key(f"{path}.{index}.{name}")
            tab.seed(key, row[name])
            label = say(lang, f"rows.{name}", unit=scenario.cost_currency)
            args = (index, name, key)
            if name == "name":
                words = layer_words(row[name], lang)
                label = f"{label} · {words}" if lang == "zh" and words != row[name] else label
                column.text_input(label, key=key, on_change=edited, args=args, max_chars=200)
            elif name == "group":
                column.selectbox(
                    label,
                    list(GROUP_WORDS),
                    key=key,
                    on_change=edited,
                    args=args,
                    format_func=lambda g: GROUP_WORDS[g].of(lang) if g in GROUP_WORDS else str(g),
                )
            else:
                column.number_input(
                    label,
                    key=key,
                    on_change=edited,
                    args=args,
                    **({"format": "%.2f"} if name == "amount" else {"step": 1}),
                )
        _drop_button(columns[4], path, index, rows, save)
    late = [row["month"] for row in rows if row["month"] > scenario.plan.horizon_months]
    if late:
        told = say(
            lang,
            "rows.beyond",
            months=", ".join(map(str, late)),
            horizon=scenario.plan.horizon_months,
        )
        st.caption(f":orange[:material/warning: {told}]")
    st.button(
        say(lang, "rows.add_one_off"),
        icon=":material/add:",
        key=widget_key(f"{path}.add"),
        on_click=lambda: save([*rows, {"name": "", "group": "other", "amount": 0.0, "month": 1}]),
    )
    _problem_line(path)


def duties() -> None:
    """Draw the additional duties: name, rate, base and amount per unit a row."""
    lang, scenario, path = state.lang(), state.scenario(), "tax.duty_layers"
    rows: list[dict[str, Any]] = scenario.plain()["tax"]["duty_layers"]
    spec = spec_of(path)
    assert spec is not None
    st.markdown(f"**{spec.label.of(lang)}**", help=spec.help.of(lang))
    bases = specs_of(DutyLayer)["base"].choices
    if not rows:
        st.caption(say(lang, "rows.no_duties"))

    def save(changed: list[dict[str, Any]]) -> None:
        if state.change(path, changed):
            tab.revision += len(changed) != len(rows)

    def edited(index: int, name: str, key: str) -> None:
        changed = [dict(row) for row in rows]
        typed = tab.typed(key)
        changed[index][name] = (
            round(typed / 100, 12)
            if name == "rate" and typed is not None
            else 0.0
            if typed is None
            else typed
        )
        save(changed)

    for index, row in enumerate(rows):
        columns = st.columns([5, 3, 4, 3, 1], vertical_alignment="bottom")
        for column, name in zip(columns, ("name", "rate", "base", "per_unit"), strict=False):
            key = widget_key(f"{path}.{index}.{name}")
            tab.seed(key, round(row[name] * 100, 10) if name == "rate" else row[name])
            label, args = say(lang, f"rows.duty_{name}", unit=scenario.currency), (index, name, key)
            if name == "name":
                column.text_input(label, key=key, on_change=edited, args=args, max_chars=200)
            elif name == "base":
                column.selectbox(
                    label,
                    list(bases),
                    key=key,
                    on_change=edited,
                    args=args,
                    format_func=lambda b: bases[b].of(lang) if b in bases else str(b),
                )
            else:
                column.number_input(label, key=key, on_change=edited, args=args, format="%.2f")
        _drop_button(columns[4], path, index, rows, save)
    st.button(
        say(lang, "rows.add_duty"),
        icon=":material/add:",
        key=widget_key(f"{path}.add"),
        on_click=lambda: save(
            [*rows, {"name": "", "rate": 0.0, "base": "customs", "per_unit": 0.0}]
        ),
    )
    _problem_line(path)


def announced() -> None:
    """Draw the announced changes: which number, from which month on, and what it then is."""
    lang, scenario, path = state.lang(), state.scenario(), "plan.announced"
    rows: list[dict[str, Any]] = scenario.plain()["plan"]["announced"]
    spec = spec_of(path)
    assert spec is not None
    st.markdown(f"**{spec.label.of(lang)}**", help=spec.help.of(lang))
    fields = [
        p
        for p, one in field_paths(scenario)
        if p.partition(".")[0] in ANNOUNCED_IN and may_vary(p) and scenario.get(p) is not None
    ]

    def factor(field_path: str) -> float:
        found = spec_of(field_path)
        return 100.0 if found is not None and found.unit is Unit.RATE else 1.0

    def save(changed: list[dict[str, Any]]) -> None:
        if state.change(path, changed):
            tab.revision += len(changed) != len(rows)

    def edited(index: int, name: str, key: str) -> None:
        changed = [dict(row) for row in rows]
        typed = tab.typed(key)
        if name == "field" and typed:
            changed[index] |= {"field": typed, "value": likely(scenario.get(typed))}
            tab.revision += 1
        elif typed is not None:
            changed[index][name] = (
                round(typed / factor(rows[index]["field"]), 12) if name == "value" else typed
            )
        save(changed)

    for index, row in enumerate(rows):
        columns = st.columns([6, 2, 3, 1], vertical_alignment="bottom")
        for column, name in zip(columns, ("field", "month", "value"), strict=False):
            key = widget_key(f"{path}.{index}.{name}")
            tab.seed(
                key, round(row[name] * factor(row["field"]), 10) if name == "value" else row[name]
            )
            unit = "%" if factor(row["field"]) > 1 else ""
            label, args = say(lang, f"rows.announced_{name}", unit=unit), (index, name, key)
            if name == "field":
                column.selectbox(
                    label,
                    fields,
                    key=key,
                    on_change=edited,
                    args=args,
                    format_func=lambda p: label_words(p, lang),
                )
            else:
                column.number_input(
                    label,
                    key=key,
                    on_change=edited,
                    args=args,
                    **({"format": "%.4g"} if name == "value" else {"step": 1}),
                )
        _drop_button(columns[3], path, index, rows, save)
    first = fields[0]
    st.button(
        say(lang, "rows.add_announced"),
        icon=":material/add:",
        key=widget_key(f"{path}.add"),
        on_click=lambda: save(
            [*rows, {"field": first, "month": 2, "value": likely(scenario.get(first))}]
        ),
    )
    _problem_line(path)


def channels() -> None:
    """Draw the channels, each in a frame with the fields that its kind needs."""
    lang, scenario = state.lang(), state.scenario()
    for channel in scenario.channels:
        with st.container(border=True):
            head, end = st.columns([11, 1], vertical_alignment="center")
            head.markdown(f"**{literal(channel_name(scenario, channel.id, lang))}**")
            if len(scenario.channels) > 1:
                end.button(
                    "",
                    icon=":material/delete:",
                    key=widget_key(f"channels.{channel.id}.drop"),
                    help=say(lang, "rows.remove"),
                    on_click=lambda c=channel.id: _save_channels(
                        [d for d in _plain() if d["id"] != c]
                    ),
                )
            _fields(channel, ("name", "kind", *_BY_KIND[channel.kind]))
            if channel.kind == "orders":  # no visits, so no rates of its own
                continue
            with st.expander(
                say(lang, "rows.own_rates"), key=f"own_{channel.id}", on_change="rerun"
            ) as own:
                if own.open:
                    _fields(channel, _OWN)
    st.button(
        say(lang, "rows.add_channel"),
        icon=":material/add:",
        key=widget_key("channels.add"),
        on_click=_add_channel,
    )


def _fields(channel: Channel, names: tuple[str, ...]) -> None:
    paths = [f"channels.{channel.id}.{name}" for name in names if name in specs_of(Channel)]
    above = [path for path in paths if path in five_paths(state.scenario())]
    with st.grid(3, min_column_width=190):
        for path in paths:
            if path not in above:
                with st.container():
                    field(path, ranged=True)
    if above:
        st.caption(
            say(
                state.lang(),
                "rows.among_five",
                names=", ".join(label_words(path, state.lang()) for path in above),
            )
        )


def _plain() -> list[dict[str, Any]]:
    return list(state.scenario().plain()["channels"])


def _save_channels(rows: list[dict[str, Any]]) -> None:
    try:
        state.replace_whole(state.scenario().read(state.scenario().plain() | {"channels": rows}))
    except ValueError as error:
        state.notice("error", str(error))


def _add_channel() -> None:
    taken = {row["id"] for row in _plain()}
    new = next(f"channel_{n}" for n in range(1, 100) if f"channel_{n}" not in taken)
    _save_channels([*_plain(), {"id": new, "kind": "cpc", "budget": 0.0}])
