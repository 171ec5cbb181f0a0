"""The book of a model in cells: one sheet with a column a month, and each figure written into every
month, its total and the steady month.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from funnel_sim.model import demand
from funnel_sim.model.bases import formula_of
from funnel_sim.model.metrics import FLOWS
from funnel_sim.model.values import Values
from funnel_sim.model.written import (
    Named,
    Plain,
    Term,
    as_number,
    total,
)
from funnel_sim.output.words.figure_names import formula_words, name_of, unit_of, words_of
from funnel_sim.output.workbook.cells import (
    CellPlace,
    Sheet,
    or_nothing,
    plain_name,
    span,
)
from funnel_sim.output.workbook.inputs import Inputs
from funnel_sim.scenario.channels import Channel
from funnel_sim.words import Lang, say

Column = int | Literal["steady"]
_FIRST = 2
TOP = 3
_NOT_CARRIED = frozenset(FLOWS)
LOOKS = {
    "money": "money",
    "cost_money": "money",
    "rate": "rate",
    "count": "count",
    "months": "count",
    "days": "count",
    "ratio": "ratio",
}
_NO_SUM = ""


@dataclass
class MonthGrid:
    """A sheet with one column a month, then the total and the steady month."""

    sheet: Sheet
    months: int
    lang: Lang
    row: int = TOP
    total_head: str = "total"

    def __post_init__(self) -> None:
        lang, sheet, last = self.lang, self.sheet, _FIRST + self.months
        sheet.put(0, 0, sheet.title, "title")
        sheet.put(1, 0, say(lang, f"workbook.{sheet.key}_lead"), "lead")
        heads = [
            say(lang, "workbook.head_figure"),
            say(lang, "workbook.head_unit"),
            *(say(lang, "table.month", n=m + 1) for m in range(self.months)),
        ]
        heads += [
            say(lang, f"workbook.head_{self.total_head}"),
            say(lang, "workbook.head_steady"),
            say(lang, "workbook.head_how"),
        ]
        for column, text in enumerate(heads):
            sheet.put(2, column, text, "head" if column in (0, 1, last + 2) else "head right")
        sheet.freeze = (3, 2)
        sheet.widths = {0: 46, 1: 10, **dict.fromkeys(range(_FIRST, last + 2), 14), last + 2: 100}

    def heading(self, text: str) -> None:
        """Begin a group of rows."""
        self.sheet.put(self.row, 0, text, "group")
        self.row += 1

    def column(self, where: Column | Literal["total"]) -> int:
        """Return the column of a month, of the total, or of the steady month."""
        return (
            _FIRST + where - 1
            if isinstance(where, int)
            else _FIRST + self.months + (where == "steady")
        )

    def label(self, text: str, unit: str, how: str = "") -> None:
        """Write what stands beside the numbers of the row."""
        self.sheet.put(self.row, 0, text)
        self.sheet.put(self.row, 1, unit, "quiet")
        self.sheet.put(self.row, self.column("steady") + 1, how, "quiet")


MonthBook = dict[str, Term | None]
Made = dict[str, Any]
"""A book that the model has written into: terms, which it takes for numbers."""


@dataclass(frozen=True)
class Cells(Values):
    """The numbers of a scenario as the cells in which they are typed."""

    inputs: Any = None

    def number(self, path: str, value: Any) -> Any:
        """Return the cell of a field, None where it is empty."""
        return self.inputs.number(path)

    def channel(self, channel: Channel, name: str) -> Any:
        """Return the cell of a channel's field, read anew each time."""
        found = self.number(f"channels.{channel.id}.{name}", None)
        return None if found is None else Named(found.name, found.value, own=True)

    def typed(self, path: str, value: Any) -> Any:
        """Return the cell of a number that is there."""
        return self.inputs.sure(path)

    def with_share(self, out: Made) -> Made:
        """Return the numbers as they are: the share that buys again has a cell of its own."""
        return out


@dataclass
class ModelBook:
    """The figures of a scenario as cells; `books` hold them by column and key, `names` of a figure
    are `months_…`, `total_…`, `steady_…`. What is written, and in which order, says `months.Model`.
    """

    inputs: Inputs
    sheets: Mapping[str, Sheet]
    books: dict[Column | Literal["total"], MonthBook] = field(default_factory=dict)
    symbols: MonthBook = field(default_factory=dict)
    ages: list[CellPlace] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.scenario, self.lang = self.inputs.scenario, self.inputs.lang
        self.months = self.scenario.plan.horizon_months
        self.columns: list[Column] = [*range(1, self.months + 1), "steady"]
        self.everywhere: list[Column | Literal["total"]] = [*self.columns, "total"]
        self.books = {column: {} for column in self.everywhere}
        self.grids = {
            key: MonthGrid(self.sheets[key], self.months, self.lang)
            for key in ("funnel", "order", "cohorts", "ledger", "figures")
        }
        self.cells = Cells(self.scenario, inputs=self.inputs)
        self.symbols = dict(as_number(self.cells.symbols))

    def symbol(self, name: str) -> Any:
        """Return the cell of an input that is there, by its symbol."""
        found = self.symbols[name]
        assert found is not None
        return found

    def book(self, column: Column) -> MonthBook:
        """Return inputs and the figures of a column, as the formulas of one order and of the ledger
        read them.
        """
        return {**self.symbols, **self.books[column]}

    def period(self, column: Column | Literal["total"]) -> MonthBook:
        """Return what the metrics of a period read: its own flows, all else from the steady
        month.
        """
        steady = {
            key: value for key, value in self.books["steady"].items() if key not in _NOT_CARRIED
        }
        return {
            **self.symbols,
            **steady,
            **{key: self.books[column][key] for key in FLOWS},
            "ltv": self.books["steady"]["ltv"],
        }

    def line(
        self,
        where: str,
        key: str,
        make: Callable[[Column], Any],
        *,
        label: str = "",
        look: str = "",
        unit: str | None = None,
        how: str = "",
        sums: Callable[[], Term | None] | str = _NO_SUM,
        guard: bool = False,
        bold: str = "",
    ) -> None:
        """Write one figure in every month, its total and its steady month; `guard` keeps an error
        out of every column, else only out of the steady one.
        """
        grid = self.grids[where]
        sheet, row = grid.sheet, grid.row
        shown = f"{look or LOOKS[unit_of(key)]} {bold}".strip()
        grid.label(
            label or name_of(key, self.lang),
            self._unit(key) if unit is None else unit,
            how or self._how(key),
        )
        made: list[CellPlace | None] = []
        for column in self.columns:
            part = make(column)
            if isinstance(part, Plain):
                part = float(part.value)
            if (
                isinstance(part, Term)
                and (guard or column == "steady")
                and not isinstance(part, (CellPlace, Named))
            ):
                part = or_nothing(part)
            place = sheet.put(row, grid.column(column), part, shown)
            self.books[column][key] = None if part is None else place
            made.append(None if part is None else place)
        self._name("steady", key, sheet, row, grid.column("steady"))
        sheet.name(
            f"months_{plain_name(key)}", (row, grid.column(1)), (row, grid.column(self.months))
        )
        self._total(grid, key, sums, made[:-1], shown, guard=guard)
        grid.row += 1

    def _total(
        self,
        grid: MonthGrid,
        key: str,
        sums: Callable[[], Term | None] | str,
        made: Sequence[CellPlace | None],
        look: str,
        *,
        guard: bool,
    ) -> None:
        if sums == _NO_SUM:
            return
        known = [place for place in made if place is not None]
        whole = (
            sums() if callable(sums) else total(span(known)) if len(known) == self.months else None
        )
        if whole is not None and guard:
            whole = or_nothing(whole)
        place = grid.sheet.put(grid.row, grid.column("total"), whole, look)
        self.books["total"][key] = None if whole is None else place
        self._name("total", key, grid.sheet, grid.row, grid.column("total"))

    def _name(self, over: str, key: str, sheet: Sheet, row: int, column: int) -> None:
        sheet.name(f"{over}_{plain_name(key)}", (row, column))

    def _unit(self, key: str) -> str:
        match unit_of(key):
            case "money":
                return self.scenario.currency
            case "cost_money":
                return self.scenario.cost_currency
            case "rate":
                return "%"
            case kind:
                return say(self.lang, f"workbook.unit_{kind}")

    def _how(self, key: str) -> str:
        try:
            formula = formula_of(key)
        except KeyError:
            return ""
        note = formula.note.of(self.lang)
        return f"{formula_words(formula, self.lang)}  {note}".strip()

    def _effect(self, where: str, key: str, name: str) -> None:
        label = name_of(key, self.lang) if words_of(key) else say(self.lang, f"workbook.{key}")
        self.line(
            where,
            key,
            lambda c: demand.with_effect(self.symbol(name), self.at(c, "arrived")),
            label=label,
            look="ratio",
            unit="",
            how=say(self.lang, "workbook.how_effect"),
        )

    def at(self, column: Column, key: str) -> Any:
        """Return a figure of a column that is there."""
        found = self.books[column][key]
        assert found is not None
        return found

    def _made(self, work: Callable[[Column, Made], object]) -> dict[Column, Made]:
        """Return the book of each column after the model has put its figures there."""
        out: dict[Column, Made] = {}
        for column in self.columns:
            out[column] = self.book(column)
            work(column, out[column])
        return out


def put_heads(sheet: Sheet, lang: Lang, heads: Sequence[str]) -> None:
    """Write the title, the lead and the heads of a sheet whose columns are no months.

    Args:
        sheet: where they go.
        lang: their language.
        heads: by the names of their sentences, `workbook.head_…`; the first stands over the labels.
    """
    sheet.put(0, 0, sheet.title, "title")
    sheet.put(1, 0, say(lang, f"workbook.{sheet.key}_lead"), "lead")
    for column, key in enumerate(heads):
        sheet.put(2, column, say(lang, f"workbook.head_{key}"), "head right" if column else "head")
    sheet.freeze, sheet.widths = (3, 1), {0: 46, **dict.fromkeys(range(1, 8), 18)}
