"""The table of a portfolio, edited in place: one page of its rows travels to the browser, what is
typed comes back cell by cell.

A cell is read as people type numbers; what has two readings is asked about above the table, what is
refused stays in its cell, and the value before counts.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from funnel_sim.decisions.portfolio.products import Products
from funnel_sim.errors import InputError
from funnel_sim.evidence.portfolio.columns import OF_CHANNEL, heading
from funnel_sim.evidence.portfolio.typed import cell_currency, typed_cell
from funnel_sim.output.words import formats
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.fields import Spec, Unit
from funnel_sim.scenario.paths import is_whole, spec_of
from funnel_sim.scenario.portfolio import TAGS, Portfolio, PortfolioRow
from funnel_sim.scenario.portfolio_edits import with_change, with_copy, with_row, without_row
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.typed_numbers import TypedNumber
from funnel_sim.ui.session import portfolios, state
from funnel_sim.ui.session.portfolios import RESULTS, Cells, cells_of
from funnel_sim.ui.session.static import static
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.figures import theme
from funnel_sim.ui.widgets.number import NumberKind, text_of
from funnel_sim.words import Lang, say

_table = st.components.v2.component(
    "funnel_sim_portfolio_table",
    css=static("portfolio_table.css"),
    js=static("portfolio_table.js"),
)
KEY = "portfolio_table"
_MOST_ACTS = 500
_LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """A number that was typed and has several readings: of which row and field, the text, what it
    may mean, the number that stands there; None for nothing.
    """

    row: str
    column: str
    path: str
    text: str
    found: TypedNumber
    before: float | None


# ---- what is drawn
# --------------------------------------------------------------------------------------------


def portfolio_table(
    found: Products, which: Sequence[int], columns: Sequence[str], lang: Lang
) -> None:
    """Draw some rows of a portfolio.

    Args:
        found: all rows.
        which: those that are drawn, in order.
        columns: tags and fields beside name, results and base.
        lang: the language.
    """
    portfolio, cells = found.portfolio, cells_of(found.portfolio)
    every = ("name", *results_shown(portfolio), *columns, "base")
    tags = {tag: portfolio.tags(tag) for tag in TAGS if tag in columns}
    data = {
        "heads": [_head(one, lang) for one in every],
        "rows": [
            {
                "name": portfolio.rows[at].name,
                "tone": "bad" if found.profit_shown[at] < 0 else "",
                "cells": [_cell(found, cells, at, one, tags, lang) for one in every],
            }
            for at in which
        ],
        "bases": _bases(portfolio, lang),
        "words": {
            name: say(lang, f"portfolio_page.table_{name}")
            for name in ("sort", "acts", "open", "copy", "drop", "more")
        },
        "seen": tab.portfolio_seen,
        "label": say(lang, "portfolio_page.table"),
        "theme": theme(),
    }
    _table(key=KEY, data=data, on_acted_change=_acted)


def results_shown(portfolio: Portfolio) -> tuple[str, ...]:
    """Return which columns of results there are: without futures there is no probability.

    Args:
        portfolio: the rows.
    """
    simulated = portfolios.odds_of(portfolio) is not None
    return ("result.profit", "result.margin", *(("result.loss",) if simulated else ()))


def _head(column: str, lang: Lang) -> dict[str, Any]:
    sorted_by, downward = tab.portfolio_sort
    spec = column_spec(column)
    choices = _choices(column, spec, lang)
    kind = (
        "name"
        if column == "name"
        else "result"
        if column in RESULTS
        else "text"
        if spec is None or spec.unit is Unit.TEXT
        else "num"
    )
    return {
        "key": column,
        "label": column_words(column, lang),
        "title": spec.help.of(lang) if spec is not None else _says(column, lang),
        "kind": kind,
        "sorted": ("down" if downward else "up") if column == sorted_by else "",
        "list": column == "base",
    } | ({"choices": choices} if choices else {})


def _says(column: str, lang: Lang) -> str:
    if column in RESULTS:
        return say(lang, f"portfolio_page.{column.replace('.', '_')}_says")
    return say(lang, f"portfolio.column_{column}")


def column_spec(column: str) -> Spec | None:
    """Return the declaration of a column's field; None for names, tags and results.

    Args:
        column: a path, or a field of the bought channel with `OF_CHANNEL`.
    """
    if column in RESULTS:
        return None
    return spec_of(column.replace(OF_CHANNEL, "channels.any.", 1) if _of_bought(column) else column)


def _of_bought(column: str) -> bool:
    return column.startswith(OF_CHANNEL)


def column_words(column: str, lang: Lang) -> str:
    """Return what a column is called.

    Args:
        column: of the table.
        lang: the language.
    """
    if column in RESULTS:
        return say(lang, f"portfolio_page.{column.replace('.', '_')}")
    if column.startswith("channels."):
        spec = spec_of(column)
        name = column.split(".")[1]
        return f"{spec.label.of(lang) if spec else column} · {name}"
    return heading(column, lang)


def _choices(column: str, spec: Spec | None, lang: Lang) -> list[list[str]]:
    """Return the codes of a choice with their words; those of a switch where the field is one."""
    if spec is None or column in ("name", "base", *TAGS):
        return []
    if spec.choices:
        return [[code, words.of(lang)] for code, words in spec.choices.items()]
    portfolio = tab.portfolio
    assert portfolio is not None
    if isinstance(cells_of(portfolio).value(portfolio.rows[0], column), bool):
        return [["true", say(lang, "word.yes")], ["false", say(lang, "word.no")]]
    return []


def _bases(portfolio: Portfolio, lang: Lang) -> list[list[str]]:
    """Return what a row can start from, each in words."""
    own = [[name, one.name or name] for name, one in portfolio.bases.items()]
    cards = [
        [one.id, f"{one.platform} · {one.market} · {one.product.of(lang)}"]
        for one in preset_cards()
    ]
    return own + cards


def _cell(
    found: Products,
    cells: Cells,
    at: int,
    column: str,
    tags: dict[str, list[str]],
    lang: Lang,
) -> dict[str, Any]:
    """Return one cell: its text, whether it is the row's own, its unit, what is wrong with it."""
    portfolio = found.portfolio
    row = portfolio.rows[at]
    if column in RESULTS:
        return {"t": _result(found, at, column, lang)}
    wrong = tab.portfolio_wrong.get((row.name, column))
    if wrong is not None:
        return {"t": wrong[0], "own": True, "wrong": True, "says": wrong[1]}
    if column in ("name", "base"):
        return {"t": str(getattr(row, column)), "own": True}
    if column in TAGS:
        own = str(getattr(row, column))
        return {"t": own, "own": bool(own), "grey": tags[column][at]}
    path = cells.path(row, column)
    if not path:
        return {"t": formats.NOTHING, "lock": True, "says": say(lang, "portfolio_page.no_field")}
    return _field_cell(portfolio.base_of(row), row, path, cells.value(row, column), lang)


def _field_cell(
    base: Scenario, row: PortfolioRow, path: str, value: Any, lang: Lang
) -> dict[str, Any]:
    own = path in row.changes
    if isinstance(value, bool):
        return {"t": str(value).lower(), "own": own}
    if isinstance(value, str):
        return {"t": value, "own": own}
    if not (value is None or isinstance(value, int | float) or is_range(value)):
        return {"t": "…", "lock": True, "says": say(lang, "portfolio_page.whole_list")}
    number = None if value is None else float(point_value(value))
    spec = spec_of(path)
    assert spec is not None, path
    code = cell_currency(base, path)
    unit = code or ("%" if spec.unit is Unit.RATE else "")
    kind = NumberKind(spec.unit, code, is_whole(path), 0 if spec.unit is not Unit.MONEY else None)
    return {
        "t": text_of(number, kind, exact=True),
        "own": own,
        "unit": unit,
        "says": "" if own else say(lang, "portfolio_page.of_base"),
    }


def _result(found: Products, at: int, column: str, lang: Lang) -> str:
    if column == "result.loss":
        odds = portfolios.odds_of(found.portfolio)
        return formats.NOTHING if odds is None else formats.percent(float(odds.loss[at]))
    if column == "result.margin":
        return formats.percent(float(found.margin[at]))
    return formats.whole_money(float(found.profit_shown[at]), found.portfolio.currency, lang)


# ---- what comes back
# --------------------------------------------------------------------------------------------


def _acted() -> None:
    """Do what was done in the browser, in its order, each act once."""
    text = tab.fired(KEY, "acted")
    try:
        acts = json.loads(text)
    except ValueError:
        return
    if not isinstance(acts, list):
        return
    for one in acts[:_MOST_ACTS]:
        number = one.get("n") if isinstance(one, dict) else None
        if isinstance(number, int) and number > tab.portfolio_seen:
            tab.portfolio_seen = number
            act(one)


def act(one: dict[str, Any]) -> None:
    """Do one act: sort by a column, open, copy or drop a row, or type into a cell.

    Args:
        one: as the browser tells it.
    """
    portfolio = tab.portfolio
    if portfolio is None:
        return
    if "sort" in one:
        _sort(str(one["sort"]))
        return
    index = _index(portfolio, str(one.get("row", "")))
    if index is None:
        return
    doing = one.get("act")
    if doing == "open":
        portfolios.open_row(index)
        tab.portfolio_go = "my_shop"
    elif doing in ("copy", "drop"):
        step: Callable[[Portfolio, int], Portfolio] = with_copy if doing == "copy" else without_row
        _done(lambda: step(portfolio, index), portfolio.rows[index].name, "name", "")
    elif "col" in one:
        type_into(index, str(one["col"]), str(one.get("text", ""))[: _LONGEST + 1].strip())


def _sort(column: str) -> None:
    """Sort by a column: numbers downward first, again the other way, a third time not at all."""
    by, downward = tab.portfolio_sort
    first = column_spec(column) is not None or column in RESULTS
    if by != column:
        tab.portfolio_sort = (column, first)
    elif downward == first:
        tab.portfolio_sort = (column, not first)
    else:
        tab.portfolio_sort = ("", False)
    tab.portfolio_page = 0


def _index(portfolio: Portfolio, name: str) -> int | None:
    """Return which row bears a name, or bore it before it was renamed."""
    names = {row.name: at for at, row in enumerate(portfolio.rows)}
    for _ in range(len(tab.portfolio_renamed) + 1):
        if name in names:
            return names[name]
        if name not in tab.portfolio_renamed:
            return None
        name = tab.portfolio_renamed[name]
    return None


def type_into(index: int, column: str, text: str) -> None:
    """Write what was typed into a cell; an emptied cell has its base's own again.

    Args:
        index: which row.
        column: of the table.
        text: what was typed.
    """
    portfolio = tab.portfolio
    assert portfolio is not None
    row = portfolio.rows[index]
    if column in ("name", "base", *TAGS):
        named: dict[str, Any] = {column: text, "place": ""}
        new = replace(row, **named)
        taken = _done(lambda: with_row(portfolio, index, new), row.name, column, text)
        if taken and column == "name" and text != row.name:
            tab.portfolio_renamed = {**tab.portfolio_renamed, row.name: text}
        return
    cells = cells_of(portfolio)
    path = cells.path(row, column)
    if not path:
        return
    if not text:
        _done(lambda: with_change(portfolio, index, path, None), row.name, column, text)
        return
    now = cells.value(row, column)
    known = is_range(now) or (isinstance(now, int | float) and not isinstance(now, bool))
    before = float(point_value(now)) if known else None
    try:
        value = typed_cell(portfolio.base_of(row), path, text, before)
    except InputError as error:
        _wrong(row.name, column, text, error)
        return
    if isinstance(value, TypedNumber):
        tab.portfolio_asked = (
            *(one for one in tab.portfolio_asked if (one.row, one.column) != (row.name, column)),
            Asked(row.name, column, path, text, value, before),
        )
        return
    _done(lambda: with_change(portfolio, index, path, value), row.name, column, text)


def _done(made: Callable[[], Portfolio], name: str, column: str, text: str) -> bool:
    """Take a step; what is refused stays in its cell with the reason."""
    wrong, asked = dict(tab.portfolio_wrong), tab.portfolio_asked
    wrong.pop((name, column), None)
    error = portfolios.taken(made)
    if error is not None:
        tab.portfolio_wrong, tab.portfolio_asked = wrong, asked
        _wrong(name, column, text, error)
        return False
    tab.portfolio_wrong = wrong
    tab.portfolio_asked = tuple(one for one in asked if (one.row, one.column) != (name, column))
    return True


def _wrong(name: str, column: str, text: str, error: InputError) -> None:
    lang = state.lang()
    told = " ".join(one.short(lang, one.where) for one in error.problems[:1])
    tab.portfolio_wrong = {**tab.portfolio_wrong, (name, column): (text, told)}


def answer(asked: Asked, value: float | None) -> None:
    """Take the reading that was chosen of a number; None keeps what was there.

    Args:
        asked: the question.
        value: the number that was meant, a rate as a fraction.
    """
    portfolio = tab.portfolio
    tab.portfolio_asked = tuple(one for one in tab.portfolio_asked if one != asked)
    if portfolio is None or value is None:
        return
    index = _index(portfolio, asked.row)
    if index is not None:
        new = int(value) if is_whole(asked.path) and value.is_integer() else value
        _done(
            lambda: with_change(portfolio, index, asked.path, new),
            asked.row,
            asked.column,
            asked.text,
        )
