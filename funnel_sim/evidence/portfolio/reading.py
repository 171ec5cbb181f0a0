"""A portfolio read from a spreadsheet: one row an item, its headings those of the template, fields'
names on screen, or their paths.

Cells are read as people type numbers; a rate is a fraction or has its percent sign. An empty cell
leaves the base's own. What cannot be read is refused with file, line, column, cell and rule.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from funnel_sim.errors import InputError, Problem
from funnel_sim.evidence.portfolio.columns import Columns, columns_of, path_in
from funnel_sim.evidence.tables.columns import NOTHING
from funnel_sim.evidence.tables.progress import Progress
from funnel_sim.evidence.tables.tables import Table, read_table
from funnel_sim.reference.preset_cards import preset_rows
from funnel_sim.scenario.fields import Spec, Unit
from funnel_sim.scenario.paths import may_vary, spec_of
from funnel_sim.scenario.portfolio import MOST_TOLD, Portfolio, PortfolioRow, one_line
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.shown import HOME
from funnel_sim.scenario.typed_numbers import read_number

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
_FIRST_LINE = 2  # a spreadsheet counts from 1, and its first line holds the headings
_PLAIN = re.compile(r"-?\d{1,12}(\.\d{1,25})?(e-?\d{1,3})?")
_EMPTY = re.compile(NOTHING)
_SWITCHES = {
    "true": True,
    "yes": True,
    "是": True,
    "1": True,
    "false": False,
    "no": False,
    "否": False,
    "0": False,
}


@dataclass(frozen=True)
class ReadPortfolio:
    """A portfolio from a spreadsheet, and the headings of columns that say nothing to it."""

    portfolio: Portfolio
    left_out: tuple[str, ...]


def read_portfolio(
    content: bytes,
    name: str,
    as_of: dt.date,
    currency: str = HOME,
    bases: Mapping[str, Scenario] | None = None,
    progress: Progress | None = None,
) -> ReadPortfolio:
    r"""Return the portfolio that a spreadsheet's bytes hold (CSV, XLSX, XLS).

    Args:
        content: the whole file.
        name: of the file, for refusals.
        as_of: the day of presets and exchange rates.
        currency: that of totals.
        bases: scenarios that rows may start from, beside the presets.
        progress: told the share that has been read; what it raises ends the reading.

    Raises:
        InputError: naming file, line, column, cell and rule.

    Examples:
        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> text = "Name,Base,Price,Conversion rate\nMug,amazon-de-kitchen,24.90,8%\n"
        >>> read_portfolio(text.encode(), "x.csv", DATA_DATE).portfolio.rows[0].changes
        {'product.price': 24.9, 'conversion.cvr': 0.08}
    """
    table = read_table(content, name, progress)
    columns = columns_of(table)
    rows, found = _Rows(table, columns, as_of, bases or {}).read()
    try:
        made = Portfolio(rows, as_of, currency, bases or {})
    except InputError as error:
        found += [_under_heading(one, columns) for one in error.problems]
    if found:
        raise InputError(sorted(found, key=lambda one: _line(one, table.name))[:MOST_TOLD])
    return ReadPortfolio(made, columns.left_out)


def _under_heading(problem: Problem, columns: Columns) -> Problem:
    """Return what is wrong with a row, its column named by the heading that the file has."""
    where, parted, part = problem.where.rpartition(": ")
    headings = {role: column for column, role in columns.roles.items()}
    heading = headings.get(part)
    return replace(problem, where=f"{where}{parted}{heading}") if heading else problem


def _line(problem: Problem, name: str) -> int:
    """Return the line of the file that a problem is in; 0 where it is in none."""
    found = re.match(re.escape(name) + r":(\d+)", problem.where)
    return int(found.group(1)) if found else 0


class _Rows:
    """The rows of one table, cell by cell; equal cells of a field are read once."""

    def __init__(
        self, table: Table, columns: Columns, as_of: dt.date, bases: Mapping[str, Scenario]
    ):
        self.table, self.columns, self.as_of, self.bases = table, columns, as_of, bases
        self.known: dict[str, Scenario | None] = {}
        self.paths: dict[tuple[str, str], str | Problem] = {}
        self.cells: dict[tuple[str, str, str], object] = {}

    def read(self) -> tuple[tuple[PortfolioRow, ...], list[Problem]]:
        """Return the rows and what is wrong with cells, at most `MOST_TOLD`."""
        out, found = [], []
        cells = self.table.cells
        parts = {role: cells[column].tolist() for column, role in self.columns.roles.items()}
        fields = {column: cells[column].tolist() for column in self.columns.paths}
        for place, label in enumerate(cells.index):
            where = f"{self.table.name}:{int(label) + _FIRST_LINE}"
            named = {role: _unmarked(one_line(some[place].strip())) for role, some in parts.items()}
            if not any(named.values()) and not any(some[place] for some in fields.values()):
                continue
            changes = {}
            base = self._base(named["base"])
            for column, some in fields.items() if base else ():
                if not some[place] or _EMPTY.fullmatch(some[place].strip()):
                    continue
                got = self._change(named["base"], base, column, some[place].strip(), where)
                if isinstance(got, Problem):
                    found.append(got)
                else:
                    changes[got[0]] = got[1]
            out.append(PortfolioRow(changes=changes, place=where, **named))
            if len(found) >= MOST_TOLD:
                break
        return tuple(out), found

    def _base(self, name: str) -> Scenario | None:
        """Return a row's base; None where there is none, which the portfolio refuses."""
        if name not in self.known:
            self.known[name] = (
                self.bases[name]
                if name in self.bases
                else preset(name, self.as_of)
                if name in preset_rows()
                else None
            )
        return self.known[name]

    def _change(
        self, name: str, base: Scenario | None, column: str, cell: str, where: str
    ) -> tuple[str, object] | Problem:
        """Return the path and the value that a cell gives."""
        assert base is not None
        key = (name, column)
        if key not in self.paths:
            self.paths[key] = path_in(base, self.columns.paths[column], f"{where}: {column}")
        path = self.paths[key]
        if isinstance(path, Problem):
            return path
        if (name, path, cell) not in self.cells:
            try:
                self.cells[name, path, cell] = _value(base, path, cell)
            except InputError as error:
                self.cells[name, path, cell] = error.problems[0]
        value = self.cells[name, path, cell]
        if isinstance(value, Problem):
            return Problem(f"{where}: {column}", cell, value.rule, value.parts)
        return path, value


def _unmarked(text: str) -> str:
    """Return a name without the mark that keeps a spreadsheet from taking it for a formula."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(RISKY) else text


def _value(base: Scenario, path: str, cell: str) -> object:
    """Return what a cell gives a field; raises InputError."""
    spec = spec_of(path)
    assert spec is not None, path
    if spec.unit is Unit.TEXT:
        return switch_or_code(base, path, cell)
    value = float(cell) if _PLAIN.fullmatch(cell) else _number(base, spec, path, cell)
    return int(value) if not may_vary(path) and value.is_integer() else value


def switch_or_code(base: Scenario, path: str, cell: str) -> bool | str:
    """Return what a cell gives a field that holds no number: a switch, the code of a choice, else
    the words as they stand.

    Args:
        base: the scenario of the row.
        path: of the field.
        cell: its text.

    >>> switch_or_code(preset("amazon-de-kitchen"), "tax.import_tax_recoverable", "否")
    False
    """
    spec = spec_of(path)
    assert spec is not None, path
    if isinstance(base.get(path), bool) and cell.lower() in _SWITCHES:
        return _SWITCHES[cell.lower()]
    return _code(spec, cell)


def _code(spec: Spec, cell: str) -> str:
    """Return the code of a choice that a cell names in words, else the cell."""
    named = {text: code for code, words in spec.choices.items() for text in (words.zh, words.en)}
    return named.get(cell, cell)


def _number(base: Scenario, spec: Spec, path: str, cell: str) -> float:
    """Return the number that a cell says as people write numbers; raises InputError."""
    currencies = {Unit.MONEY: base.currency, Unit.COST_MONEY: base.cost_currency}
    unit = Unit.FACTOR if spec.unit is Unit.RATE else spec.unit
    found = read_number(cell, path, unit=unit, currency=currencies.get(spec.unit, ""))
    if found.value is not None:
        return found.value
    if found.why == "currency":
        rule, parts = "portfolio_money", {"currency": currencies.get(spec.unit, "")}
    else:
        readings = " / ".join(f"{one:.12g}" for one in found.readings)
        rule, parts = "typed_unclear", {"readings": readings}
    raise InputError([Problem(path, cell, rule, parts)])
