"""Inputs that are rows: one editor for every list, and the lists of the scenario that are edited by
it.

Rows can be added and removed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from funnel_sim.errors import InputError
from funnel_sim.output.words.codes import layer_words
from funnel_sim.output.words.figure_names import channel_name
from funnel_sim.scenario.channels import Channel
from funnel_sim.scenario.costs import GROUP_WORDS
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.in_force import five_paths
from funnel_sim.scenario.paths import field_paths, may_vary, spec_of, specs_of
from funnel_sim.scenario.plan import ANNOUNCED_IN
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.tax import DutyLayer
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.fields import field, kind_of, label_words, note_text, widget_key
from funnel_sim.ui.widgets.number import RATE, WHOLE, NumberKind, money, number
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


EditedRow = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One part of a row: a number where it has a `kind`, a choice where it has `choices` (code to
    words), else a text; or what `drawn` draws.

    `empty`: what an emptied number means. `sets`: what a new value sets in its row, where that is
    more than the value. `key`: its widget's, where not the name.
    """

    name: str = ""
    label: str = ""
    width: int = 3
    kind: NumberKind | None = None
    choices: Mapping[Any, str] | None = None
    empty: Any = None
    sets: Callable[[Any], EditedRow] | None = None
    help: str = ""
    key: str = ""
    drawn: Callable[[], object] | None = None


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A list that is edited row by row: its rows now, the cells of each, how it is saved, what adds
    a row and what is left without one.

    `save` gets the changed rows and returns False where they are refused. `add` is the button's
    words, its rows, and whether it can be pressed. `card`: a frame a row, its cells in a grid; else
    a line a row. `head`: the words above a row's frame. `removable`: whether a row may go. `wide`:
    the least width of a cell in a grid.
    """

    path: str
    rows: Sequence[EditedRow]
    cells: Callable[[int, EditedRow], Sequence[Cell]]
    save: Callable[[list[EditedRow]], bool]
    add: tuple[str, Callable[[], list[EditedRow]], bool] | None = None
    without: Callable[[int], list[EditedRow]] | None = None
    card: bool = False
    head: Callable[[int, EditedRow], str] | None = None
    below: Callable[[int, EditedRow], None] | None = None
    removable: bool = True
    wide: int = 165
    across: int = 3


def editor(of: Rows) -> None:
    """Draw a list row by row, the button that adds one, and below them what was refused last.

    Every list of the product is edited by this.
    """
    for index, row in enumerate(of.rows):
        if of.card:
            _card(of, index, row)
        else:
            _line(of, index, row)
    if of.add is not None:
        words, added, possible = of.add

        def add() -> None:
            _saved(of, added())

        key = widget_key(f"{of.path}.add")
        st.button(words, icon=":material/add:", key=key, disabled=not possible, on_click=add)
    _problem_line(of.path)


def titled(path: str) -> None:
    """Draw the name of a list."""
    spec, lang = spec_of(path), state.lang()
    assert spec is not None
    st.markdown(f"**{spec.label.of(lang)}**", help=spec.help.of(lang) or None)


def put(path: str) -> Callable[[list[EditedRow]], bool]:
    """Return how a list that is one field is saved."""
    return lambda rows: state.change(path, rows)


def _saved(of: Rows, changed: list[EditedRow]) -> bool:
    """Save; with another number of rows every widget is seeded anew, for its key holds the place of
    its row.
    """
    revision = tab.revision
    if not of.save(changed):
        return False
    if len(changed) != len(of.rows) and tab.revision == revision:
        tab.revision += 1
    return True


def _line(of: Rows, index: int, row: EditedRow) -> None:
    cells = of.cells(index, row)
    places = st.columns([*(cell.width for cell in cells), 1], vertical_alignment="bottom")
    for place, cell in zip(places, cells, strict=False):
        with place:
            _cell(of, index, row, cell)
    if of.removable:
        with places[-1]:
            _remove(of, index)


def _card(of: Rows, index: int, row: EditedRow) -> None:
    with st.container(border=True):
        if of.head is not None:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(of.head(index, row), width="stretch")
                if of.removable:
                    _remove(of, index)
        cells = of.cells(index, row)
        if cells:
            with st.grid(of.across, min_column_width=of.wide, gap="small"):
                for cell in cells:
                    with st.container():
                        _cell(of, index, row, cell)
        if of.below is not None:
            of.below(index, row)
        if of.head is None and of.removable:
            _remove(of, index, words=True)


def _remove(of: Rows, index: int, *, words: bool = False) -> None:
    told = say(state.lang(), "rows.remove")

    def removed() -> None:
        kept = [dict(row) for other, row in enumerate(of.rows) if other != index]
        _saved(of, of.without(index) if of.without is not None else kept)

    id_ = of.rows[index].get("id", index)
    st.button(
        told if words else "",
        icon=":material/delete:",
        key=widget_key(f"{of.path}.{id_}.drop"),
        help=None if words else told,
        type="tertiary" if words else "secondary",
        on_click=removed,
    )


def _cell(of: Rows, index: int, row: EditedRow, cell: Cell) -> None:
    """Draw one part of a row, which saves the whole list when it is changed."""
    if cell.drawn is not None:
        cell.drawn()
        return
    key = widget_key(f"{of.path}.{index}.{cell.key or cell.name}")
    value = row[cell.name]

    def changed(new: Any) -> bool:
        new = cell.empty if new is None else new
        sets = {cell.name: new} if cell.sets is None else cell.sets(new)
        return _saved(
            of, [dict(one) | (sets if i == index else {}) for i, one in enumerate(of.rows)]
        )

    if cell.kind is not None:
        number(cell.label, value, changed, key=key, kind=cell.kind, help_=cell.help, place=of.path)
        return

    def chosen() -> None:
        now = tab.typed(key)
        changed("" if now is None else now)

    tab.seed(key, value)
    if cell.choices is None:
        st.text_input(cell.label, key=key, max_chars=200, help=cell.help or None, on_change=chosen)
        return
    words = cell.choices
    st.selectbox(
        cell.label,
        list(words),
        key=key,
        help=cell.help or None,
        on_change=chosen,
        format_func=lambda code: words.get(code, str(code)),
    )


def _problem_line(path: str) -> None:
    """Say below a list of rows what is wrong with what was typed last; names that a reader typed
    stay text.
    """
    lang, problem = state.lang(), state.problem_at(path)
    if problem is not None:
        told = " ".join(one.short(lang, path) for one in problem.problems)
        st.markdown(f":red[:material/error: {literal(told)} {say(lang, 'field.kept')}]")


def steps(path: str, value_name: str, *, percent: bool) -> None:
    """Draw a schedule by price: an upper bound and a value a row; the last row has no bound.

    Args:
        path: of a field, "product.price" or "options.quote.base".
        value_name: the field of a row beside its bound.
        percent: whether that is read in percent.
    """
    lang, scenario = state.lang(), state.scenario()
    spec = spec_of(path)
    assert spec is not None
    rows: list[EditedRow] = scenario.plain()["commission"][path.split(".")[1]]
    titled(path)
    st.caption(note_text(scenario, path, spec, lang))
    unit = "%" if percent else scenario.currency

    def save(changed: list[EditedRow]) -> bool:
        changes: dict[str, Any] = {path: changed}
        if (
            path == "commission.tiers"
            and len(changed) > 1
            and scenario.commission.commission_mode == "flat"
        ):
            changes["commission.commission_mode"] = "marginal"
        if path == "commission.tiers" and len(changed) == 1:
            changes["commission.commission_mode"] = "flat"
        return state.change_all(changes, path)

    def cells(index: int, _: EditedRow) -> list[Cell]:
        above = say(lang, "rows.above" if index else "rows.every")
        bound = Cell(
            name="upto",
            label=say(lang, "rows.upto", unit=scenario.currency),
            kind=money(scenario.currency),
        )
        if index == len(rows) - 1:
            bound = Cell(drawn=lambda: st.markdown(above))
        kind = RATE if percent else money(scenario.currency)
        return [
            bound,
            Cell(name=value_name, label=say(lang, f"rows.{value_name}", unit=unit), kind=kind),
        ]

    editor(
        Rows(
            path=path,
            rows=rows,
            cells=cells,
            save=save,
            without=lambda index: _without(rows, index),
            removable=len(rows) > 1,
            add=(say(lang, "rows.add_step"), lambda: _with_step(rows), True),
        )
    )


def _without(rows: list[EditedRow], index: int) -> list[EditedRow]:
    kept = [dict(row) for i, row in enumerate(rows) if i != index]
    kept[-1]["upto"] = None
    return kept


def _with_step(rows: list[EditedRow]) -> list[EditedRow]:
    bounds = [row["upto"] for row in rows if row["upto"]]
    bound = round(bounds[-1] * 2, 2) if bounds else round(2 * _price(), 2)
    return [
        *[dict(row) for row in rows[:-1]],
        {**rows[-1], "upto": bound},
        {**rows[-1], "upto": None},
    ]


def _price() -> float:
    return point_value(state.scenario().product.price)


def one_offs() -> None:
    """Draw the one-off costs: name, group, amount and month a row."""
    lang, scenario, path = state.lang(), state.scenario(), "fixed.one_off"
    rows: list[EditedRow] = scenario.plain()["fixed"]["one_off"]
    titled(path)

    def cells(_: int, row: EditedRow) -> list[Cell]:
        label = {name: say(lang, f"rows.{name}", unit=scenario.cost_currency) for name in row}
        words = layer_words(row["name"], lang)
        told = (
            f"{label['name']} · {words}" if lang == "zh" and words != row["name"] else label["name"]
        )
        groups = {code: one.of(lang) for code, one in GROUP_WORDS.items()}
        return [
            Cell(name="name", label=told, width=4),
            Cell(name="group", label=label["group"], choices=groups),
            Cell(
                name="amount", label=label["amount"], kind=money(scenario.cost_currency), empty=0.0
            ),
            Cell(name="month", label=label["month"], kind=WHOLE, empty=0, width=2),
        ]

    fresh = {"name": "", "group": "other", "amount": 0.0, "month": 1}
    editor(
        Rows(
            path=path,
            rows=rows,
            cells=cells,
            save=put(path),
            add=(say(lang, "rows.add_one_off"), lambda: [*rows, fresh], True),
        )
    )
    late = [row["month"] for row in rows if row["month"] > scenario.plan.horizon_months]
    if late:
        told = say(
            lang,
            "rows.beyond",
            months=", ".join(map(str, late)),
            horizon=scenario.plan.horizon_months,
        )
        st.caption(f":orange[:material/warning: {told}]")


def duties() -> None:
    """Draw the additional duties: name, rate, base and amount per unit a row."""
    lang, scenario, path = state.lang(), state.scenario(), "tax.duty_layers"
    rows: list[EditedRow] = scenario.plain()["tax"]["duty_layers"]
    titled(path)
    bases = {code: words.of(lang) for code, words in specs_of(DutyLayer)["base"].choices.items()}
    if not rows:
        st.caption(say(lang, "rows.no_duties"))

    def cells(_: int, row: EditedRow) -> list[Cell]:
        label = {
            name: say(lang, f"rows.duty_{name}", unit=scenario.currency)
            for name in ("name", "rate", "base", "per_unit")
        }
        return [
            Cell(name="name", label=label["name"], width=5),
            Cell(name="rate", label=label["rate"], kind=RATE, empty=0.0),
            Cell(name="base", label=label["base"], choices=bases, width=4),
            Cell(
                name="per_unit", label=label["per_unit"], kind=money(scenario.currency), empty=0.0
            ),
        ]

    fresh = {"name": "", "rate": 0.0, "base": "customs", "per_unit": 0.0}
    editor(
        Rows(
            path=path,
            rows=rows,
            cells=cells,
            save=put(path),
            add=(say(lang, "rows.add_duty"), lambda: [*rows, fresh], True),
        )
    )


def announced() -> None:
    """Draw the announced changes: which number, from which month on, and what it then is."""
    lang, scenario, path = state.lang(), state.scenario(), "plan.announced"
    rows: list[EditedRow] = scenario.plain()["plan"]["announced"]
    titled(path)
    fields = [
        p
        for p, one in field_paths(scenario)
        if p.partition(".")[0] in ANNOUNCED_IN and may_vary(p) and scenario.get(p) is not None
    ]
    names = {one: label_words(one, lang) for one in fields}

    def cells(_: int, row: EditedRow) -> list[Cell]:
        spec = spec_of(row["field"])
        kind = (
            NumberKind(digits=0)
            if spec is None
            else replace(kind_of(row["field"], spec, scenario), digits=0)
        )
        unit = "%" if kind.unit is Unit.RATE else kind.currency
        label = {
            name: say(lang, f"rows.announced_{name}", unit=unit)
            for name in ("field", "month", "value")
        }
        chosen = {row["field"]: label_words(row["field"], lang)} | names
        return [
            Cell(
                name="field",
                label=label["field"],
                choices=chosen,
                width=6,
                sets=lambda one: {"field": one, "value": point_value(scenario.get(one))},
            ),
            Cell(name="month", label=label["month"], kind=WHOLE, empty=row["month"], width=2),
            Cell(name="value", label=label["value"], kind=kind, empty=row["value"]),
        ]

    fresh = {"field": fields[0], "month": 2, "value": point_value(scenario.get(fields[0]))}
    editor(
        Rows(
            path=path,
            rows=rows,
            cells=cells,
            save=put(path),
            add=(say(lang, "rows.add_announced"), lambda: [*rows, fresh], True),
        )
    )


def channels() -> None:
    """Draw the channels, each in a frame with the fields that its kind needs."""
    lang, scenario = state.lang(), state.scenario()
    rows: list[EditedRow] = scenario.plain()["channels"]

    def below(index: int, _: EditedRow) -> None:
        channel = scenario.channels[index]
        _fields(channel, ("name", "kind", *_BY_KIND[channel.kind]))
        if channel.kind != "orders":  # orders have no visits, so no rates of their own
            with st.expander(
                say(lang, "rows.own_rates"), key=f"own_{channel.id}", on_change="rerun"
            ) as own:
                if own.open:
                    _fields(channel, _OWN)

    editor(
        Rows(
            path="channels",
            rows=rows,
            cells=lambda *_: (),
            save=_save_channels,
            card=True,
            below=below,
            removable=len(rows) > 1,
            head=lambda _, row: f"**{literal(channel_name(scenario, row['id'], lang))}**",
            add=(say(lang, "rows.add_channel"), lambda: [*rows, _fresh_channel(rows)], True),
        )
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


def _save_channels(rows: list[EditedRow]) -> bool:
    try:
        state.replace_whole(state.scenario().read(state.scenario().plain() | {"channels": rows}))
    except InputError as error:
        state.refused("channels", error)
        return False
    return True


def _fresh_channel(rows: list[EditedRow]) -> EditedRow:
    taken = {row["id"] for row in rows}
    new = next(f"channel_{n}" for n in range(1, 100) if f"channel_{n}" not in taken)
    return {"id": new, "kind": "cpc", "budget": 0.0}
