"""Formulas of a spreadsheet that know what they come to: the arithmetic of the model's own texts,
on cells in place of numbers.

A `Term` is a formula and its value at once; the operators of Python build both, so that a compiled
formula of `model.sheet`, evaluated on terms, gives the same formula for the sheet. Not a number:
there is no such figure, and the cell says "–".
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from funnel_sim.model.sheet import ROUNDING_ERROR, Formula
from funnel_sim.model.written import (
    NONE,
    Call,
    Named,
    Plain,
    Term,
    Work,
    absolute,
    call,
    is_none,
    largest,
    no_figure,
    smallest,
    term,
    when,
)
from funnel_sim.output.words import formats
from funnel_sim.output.words.formats import NOTHING


class CellPlace(Term):
    """A cell; `ratio` are the two sides of its formula where it divides one figure by another."""

    def __init__(
        self,
        sheet: "Sheet",
        row: int,
        column: int,
        value: float | str,
        *,
        fails: bool = False,
        ratio: "tuple[Term, Term] | None" = None,
    ):
        super().__init__(value)
        self.sheet, self.row, self.column, self.fails, self.ratio = sheet, row, column, fails, ratio

    def formula(self, home: Any) -> str:
        """Return the address, with the sheet where it is another one."""
        return address(self.sheet, home, self.row, self.column)


class Span(Term):
    """Cells that lie together, first to last, also such as are still to be put down; `values` in
    order.
    """

    def __init__(self, first: Term, last: Term, values: list[float | str]):
        super().__init__(NONE)
        self.first, self.last, self._values = first, last, values

    @property
    def values(self) -> list[float | str]:
        """What its cells hold."""
        return self._values

    def formula(self, home: Any) -> str:
        """Return the address of the range."""
        first, last = self.first.cell or self.first, self.last.cell or self.last
        assert isinstance(first, CellPlace)
        assert isinstance(last, CellPlace)
        return f"{first.formula(home)}:{cell(last.row, last.column)}"


def span(places: Sequence[Term]) -> Span:
    """Return the range from the first place to the last."""
    return Span(places[0], places[-1], [place.value for place in places])


def cell(row: int, column: int) -> str:
    """Return an address, counted from zero.

    >>> cell(0, 0), cell(11, 27)
    ('A1', 'AB12')
    """
    letters, left = "", column + 1
    while left:
        left, rest = divmod(left - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def address(sheet: "Sheet", home: "Sheet | None", row: int, column: int) -> str:
    """Return a cell's address as another sheet says it."""
    return cell(row, column) if sheet is home else f"{quoted(sheet.title)}!{cell(row, column)}"


def quoted(title: str) -> str:
    """Return a sheet's title as formulas write it.

    >>> quoted("Seller's")
    "'Seller''s'"
    """
    return "'" + title.replace("'", "''") + "'"


def positive(part: Any) -> Term:
    """Return a term where it is above zero, no figure elsewhere."""
    one = term(part)
    return call(
        "IF",
        [one > 0, one, no_figure()],
        one.value if isinstance(one.value, float) and one.value > 0 else NONE,
    )


def settled(*parts: Any) -> Term:
    """Return the sum of terms, zero where rounding alone is left of it, as
    `model.sheet.settled`.
    """
    every = [term(part) for part in parts]
    whole = every[0]
    for one in every[1:]:
        whole = whole + one
    if any(is_none(one.value) for one in every):
        return whole
    apart = ROUNDING_ERROR * (largest(*every) - smallest(*every))
    return when(absolute(whole) < apart, 0.0, whole)


def or_nothing(part: Term) -> Term:
    """Return a term, "–" where it has no value."""
    return call("IFERROR", [part, NOTHING], part.value)


_FUNCTIONS: dict[str, Any] = {
    "__builtins__": {},
    "max": largest,
    "min": smallest,
    "if_positive": positive,
    "settled": settled,
}


def translated(formula: Formula, book: Mapping[str, Term | None]) -> Term | None:
    """Return a formula of the model as one of the sheet: the same compiled text, on terms; None
    where an operand is not known.

    >>> from funnel_sim.words import Words
    >>> found = translated(
    ...     Formula("cvr", "-orders / visits", "rate", Words("", "")),
    ...     {"orders": Named("o", 5.0), "visits": Named("v", 200.0)},
    ... )
    >>> found.text(Sheet("any", "Any")), found.value
    ('-o/v', -0.025)
    """
    if any(book[name] is None for name in formula.operands):
        return None
    return term(eval(formula.code, _FUNCTIONS, dict(book)))  # noqa: S307 - the texts of the model, compiled by it


# ---- sheets
# ------------------------------------------------------------------------------------------------

Content = Term | str | float | None
Look = str
"""What a cell looks like: words that `xlsx_file.py` knows, parted by blanks."""
CHART_ROWS = 16
"""Rows that a chart covers."""


@dataclass(frozen=True)
class MonthsChart:
    """A chart of a row of months: where it stands, its title, and the sheet and the cells that it
    draws (top, left, bottom, right).
    """

    at: tuple[int, int]
    title: str
    sheet: str
    cells: tuple[int, int, int, int]


@dataclass
class Sheet:
    """A sheet in the making: its cells, its names, which inputs its formulas use, and whether its
    cells may be ratios without limit.
    """

    key: str
    title: str
    cells: dict[tuple[int, int], tuple[Content, Look]] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    freeze: tuple[int, int] = (0, 0)
    names: dict[str, tuple[int, int, int, int]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    lists: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    ratios: bool = False
    at: tuple[int, int] | None = None
    bounds: dict[tuple[int, int], tuple[float | None, float | None]] = field(default_factory=dict)
    charts: list[MonthsChart] = field(default_factory=list)

    def put(self, row: int, column: int, content: Content, look: Look = "") -> CellPlace:
        """Write a cell; a term becomes a formula, and stands there from now on: what is made of it
        names the cell.
        """
        self.cells[row, column] = (content, look)
        value: float | str = (
            content.value if isinstance(content, Term) else NOTHING if content is None else content
        )
        guarded = isinstance(content, Call) and content.name == "IFERROR"
        inner = content.parts[0] if isinstance(content, Call) and guarded else content
        fails = (
            guarded
            or (isinstance(inner, Term) and inner.cell is not None and inner.cell.fails)
            or (isinstance(inner, CellPlace) and inner.fails)
        )
        ratio = (
            (inner.left, inner.right)
            if self.ratios and isinstance(inner, Work) and inner.sign == "/"
            else None
        )
        place = CellPlace(self, row, column, value, fails=fails, ratio=ratio)
        shared = isinstance(inner, CellPlace | Plain) or (
            isinstance(inner, Named) and not inner.own
        )
        if isinstance(inner, Term) and inner.cell is None and not shared:
            inner.cell = place
        return place

    def is_writing(self, cell: Term) -> bool:
        """Say whether the formula of this very cell is being written."""
        return (
            isinstance(cell, CellPlace)
            and cell.sheet is self
            and (cell.row, cell.column) == self.at
        )

    def sign(self, sign: str) -> str:
        """Return a sign as a spreadsheet writes it."""
        return sign

    def function(self, name: str, parts: list[str]) -> str:
        """Return a function as a spreadsheet writes it."""
        return f"{name}({','.join(parts)})"

    def formula(self, row: int, column: int) -> str:
        """Return the formula of a cell that holds one."""
        content = self.cells[row, column][0]
        assert isinstance(content, Term)
        self.at = (row, column)
        found = content.text(self)
        self.at = None
        return found

    def name(self, name: str, first: tuple[int, int], last: tuple[int, int] | None = None) -> None:
        """Give a cell or a range a name."""
        self.names[name] = (*first, *(last or first))


_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_]")


def plain_name(text: str) -> str:
    """Return a text as a name of a cell.

    >>> plain_name("channels.ads.cpc"), plain_name("roas@tax=out,sales=all")
    ('channels_ads_cpc', 'roas_tax_out_sales_all')
    """
    return _NOT_IN_NAMES.sub("_", text)


def finite(value: float) -> float | str:
    """Return a number as a cell holds it: "–" where there is none, and no zero below zero.

    Args:
        value: the number.
    """
    return float(value) + 0.0 if math.isfinite(value) else formats.NOTHING
