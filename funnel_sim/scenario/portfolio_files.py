"""Portfolio files: JSON of rows, with the scenarios that they start from where these are no
presets.

`{"funnel_sim_portfolio": 1, "currency": "CNY", "as_of": "2026-11-27", "bases": {"mine": {…}},
"rows": [{"name": "Mug", "base": "amazon-de-kitchen", "changes": {"product.price": 24.9}}]}`. A base
is what a scenario file holds; one that is the name of a file is read from beside the portfolio.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from funnel_sim.errors import InputError, refuse, refuse_file
from funnel_sim.scenario.budget import BudgetTerms, changed_budget
from funnel_sim.scenario.files import (
    MODEL_VERSION,
    check_extent,
    from_plain,
    load,
    parsed,
    read_date,
)
from funnel_sim.scenario.portfolio import MOST_ROWS, TAGS, Portfolio, PortfolioRow, one_line
from funnel_sim.scenario.portfolio_loss import losses_plain, read_losses
from funnel_sim.scenario.problems import problems
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.shown import HOME

PORTFOLIO_VERSION = 1
LARGEST_PORTFOLIO = 64 * 1024 * 1024
"""Bytes of a portfolio file: a hundred thousand rows of ten changes."""
_MOST_BASES = 1_000
_ASKED = {"budget", "exact", "losses"}
_HEAD = {"funnel_sim_portfolio", "model", "currency", "as_of", "bases", "rows", *_ASKED}
_OF_ROW = {"name", "base", "changes", *TAGS}


def portfolio_text(portfolio: Portfolio) -> str:
    """Return a portfolio as the text of a file; `portfolio_from_bytes` gives it back.

    Args:
        portfolio: its rows and the scenarios that they start from.
    """
    bases = {
        name: {"funnel_sim": 1, "model": MODEL_VERSION, "scenario": one.plain()}
        for name, one in portfolio.bases.items()
    }
    head = {
        "funnel_sim_portfolio": PORTFOLIO_VERSION,
        "model": MODEL_VERSION,
        "currency": portfolio.currency,
        "as_of": portfolio.as_of.isoformat(),
        "bases": bases,
    }
    asked = changed_budget(portfolio.budget.model_dump(mode="json"))
    if asked:
        head["budget"] = asked
    if portfolio.exact:
        head["exact"] = True
    if lost := losses_plain(portfolio.losses):
        head["losses"] = lost
    lines = ",\n".join(
        "  " + json.dumps(_row_plain(row), ensure_ascii=False) for row in portfolio.rows
    )
    text = json.dumps(head, ensure_ascii=False, indent=1)
    return f'{text[:-2]},\n "rows": [\n{lines}\n ]\n}}\n'


def _row_plain(row: PortfolioRow) -> dict[str, Any]:
    tags = {name: getattr(row, name) for name in TAGS if getattr(row, name)}
    return {"name": row.name, "base": row.base, **tags, "changes": dict(row.changes)}


def portfolio_from_bytes(
    content: bytes, where: str = "file", folder: Path | None = None
) -> Portfolio:
    """Return the portfolio that a file's bytes hold.

    Args:
        content: the whole file.
        where: what the message names, the file's name.
        folder: where bases that are named as files lie; None where none may be read.

    Raises:
        InputError: if they hold no portfolio, or rows that are not allowed: row and field are
            named.
    """
    if len(content) > LARGEST_PORTFOLIO:
        size = f"{len(content) / 1024 / 1024:.1f} MB"
        raise refuse(where, size, "file_large", limit=LARGEST_PORTFOLIO // 1024 // 1024)
    try:
        data = parsed(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise refuse(where, None, "file_encoding") from None
    except json.JSONDecodeError as error:
        raise refuse(where, None, "file_json", line=error.lineno, column=error.colno) from None
    except (RecursionError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise refuse(where, None, "portfolio_file") from None
    return portfolio_from_plain(data, where, folder)


def portfolio_from_plain(
    data: object, where: str = "file", folder: Path | None = None
) -> Portfolio:
    """Return the portfolio that the parsed JSON of a file describes.

    Args:
        data: what the JSON holds.
        where: what the message names.
        folder: where bases that are named as files lie; None where none may be read.

    Raises:
        InputError: as in `portfolio_from_bytes`.
    """
    if not isinstance(data, dict) or "funnel_sim_portfolio" not in data:
        raise refuse(where, None, "portfolio_file")
    version = data["funnel_sim_portfolio"]
    if version != PORTFOLIO_VERSION or isinstance(version, bool):
        raise refuse(where, version, "schema_unknown")
    unknown = sorted(set(data) - _HEAD)
    if unknown:
        raise refuse(unknown[0], None, "unknown_field")
    rows, named = data.get("rows"), data.get("bases", {})
    if not isinstance(rows, list):
        raise refuse("rows", None, "missing" if rows is None else "list")
    if not 1 <= len(rows) <= MOST_ROWS:
        raise refuse("rows", len(rows), "portfolio_rows", most=f"{MOST_ROWS:,}")
    if not isinstance(named, dict) or len(named) > _MOST_BASES:
        raise refuse("bases", None, "group")
    bases = {str(name): _base(name, one, folder, f"bases.{name}") for name, one in named.items()}
    made = [_row(row, f"rows.{number}") for number, row in enumerate(rows, 1)]
    for row in made:
        if folder is not None and row.base not in bases and row.base.endswith(".json"):
            bases[row.base] = _base(row.base, row.base, folder, f"{row.place}.base")
    currency = data.get("currency", HOME)
    if not isinstance(currency, str):
        raise refuse("currency", currency, "text")
    asked, exact = read_budget(data.get("budget", {})), data.get("exact", False)
    if not isinstance(exact, bool):
        raise refuse("exact", exact, "switch")
    lost, day = read_losses(data.get("losses", [])), read_date(data.get("as_of"))
    return Portfolio(tuple(made), day, currency, bases, asked, exact, lost)


def read_budget(plain: object) -> BudgetTerms:
    """Return what is asked of the ad budget of all rows.

    Args:
        plain: as a file or a link holds it, fields by name.

    Raises:
        InputError: naming the field that is not allowed.

    >>> read_budget({"budget_total": 500.0}).budget_total
    500.0
    """
    if not isinstance(plain, dict):
        raise refuse("budget", None, "group")
    try:
        return BudgetTerms.model_validate(plain)
    except ValidationError as error:
        found = problems(error, plain, BudgetTerms.declared)
        raise InputError(replace(one, where=f"budget.{one.where}") for one in found) from None


def _base(name: str, one: object, folder: Path | None, where: str) -> Scenario:
    """Return one base: what a scenario file holds, or a file of it."""
    try:
        if isinstance(one, str):
            if folder is None:
                raise refuse(where, one, "portfolio_base", known=name)
            return load(folder / one)
        check_extent(one, where)
        return from_plain(one, where)
    except InputError as error:
        raise InputError(
            [
                problem if problem.where.startswith(where) else _below(where, problem)
                for problem in error.problems
            ]
        ) from None


def _below(where: str, problem: Any) -> Any:
    return type(problem)(
        f"{where}: {problem.where}", problem.value, problem.rule, problem.parts, problem.label
    )


def _row(row: object, place: str) -> PortfolioRow:
    if not isinstance(row, Mapping):
        raise refuse(place, None, "group")
    unknown = sorted(set(map(str, row)) - _OF_ROW)
    if unknown:
        raise refuse(f"{place}.{unknown[0]}", None, "unknown_field")
    for name in ("name", "base", *TAGS):
        value = row.get(name, "")
        if not isinstance(value, str):
            raise refuse(f"{place}.{name}", value, "text")
        if len(value) > _LONGEST:
            raise refuse(f"{place}.{name}", value, "text_long", limit=_LONGEST)
    changes = row.get("changes", {})
    if not isinstance(changes, Mapping):
        raise refuse(f"{place}.changes", changes, "group")
    tags = {name: one_line(str(row.get(name, ""))) for name in TAGS}
    called = one_line(str(row.get("name", "")))
    return PortfolioRow(called, str(row.get("base", "")), dict(changes), **tags, place=place)


_LONGEST = 200
"""Characters of a name or a tag, as of any text of a scenario."""


def load_portfolio(path: str | Path) -> Portfolio:
    """Return the portfolio in a JSON file on disk.

    Args:
        path: the file; bases that it names as files lie beside it.

    Raises:
        InputError: if it cannot be read or holds no portfolio.
    """
    file = Path(path)
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_PORTFOLIO + 1)
    except (OSError, ValueError) as error:
        raise refuse_file(str(path), error, "file_missing") from None
    return portfolio_from_bytes(content, file.name, file.parent)
