"""Formulas of a spreadsheet that know what they come to: the arithmetic of the model's own texts,
on cells in place of numbers.

A `Term` is a formula and its value at once; the operators of Python build both, so that a compiled
formula of `model.sheet`, evaluated on terms, gives the same formula for the sheet. Not a number:
there is no such figure, and the cell says "–".
"""

import math
import operator
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from funnel_sim.model.sheet import DUST, Formula
from funnel_sim.model.sheet import settled as sheet_settled
from funnel_sim.output.words.formats import NOTHING

_COMPARE, _ADD, _TIMES, _POWER, _WHOLE = 1, 2, 3, 5, 9
NONE = math.nan


def _number(work: Callable[[], Any]) -> float:
    try:
        value = work()
    except (ZeroDivisionError, OverflowError, TypeError):
        return NONE
    return NONE if isinstance(value, complex) else float(value)


class Term(ABC):
    """A formula with its value; `rank` is how tightly its outermost sign binds, `fails` whether it
    may be text or an error.
    """

    rank: int = _WHOLE
    fails: bool = False

    def __init__(self, value: float | str):
        self.value = value

    @abstractmethod
    def text(self, home: "Sheet") -> str:
        """Return the formula as a cell of `home` writes it."""

    def __neg__(self) -> "Term":
        """Return the term with its sign turned."""
        return _Minus(self)

    def __add__(self, other: Any) -> "Term":
        """Return the sum."""
        return _Work("+", self, term(other))

    def __radd__(self, other: Any) -> "Term":
        """Return the sum."""
        return _Work("+", term(other), self)

    def __sub__(self, other: Any) -> "Term":
        """Return the difference."""
        return _Work("-", self, term(other))

    def __rsub__(self, other: Any) -> "Term":
        """Return the difference."""
        return _Work("-", term(other), self)

    def __mul__(self, other: Any) -> "Term":
        """Return the product."""
        return _Work("*", self, term(other))

    def __rmul__(self, other: Any) -> "Term":
        """Return the product."""
        return _Work("*", term(other), self)

    def __truediv__(self, other: Any) -> "Term":
        """Return the ratio; over a ratio it is the product with its reverse, so that dividing by
        one without limit gives nothing, as in the app.
        """
        below = term(other)
        if isinstance(below, Place) and below.ratio is not None:
            return self * below.ratio[1] / below.ratio[0]
        return _Work("/", self, below)

    def __rtruediv__(self, other: Any) -> "Term":
        """Return the ratio."""
        return term(other) / self

    def __pow__(self, other: Any) -> "Term":
        """Return the power."""
        return _Work("^", self, term(other))

    def __rpow__(self, other: Any) -> "Term":
        """Return the power."""
        return _Work("^", term(other), self)

    def __gt__(self, other: Any) -> "Term":
        """Return whether it is greater."""
        return _Work(">", self, term(other))

    def __ge__(self, other: Any) -> "Term":
        """Return whether it is at least as great."""
        return _Work(">=", self, term(other))

    def __le__(self, other: Any) -> "Term":
        """Return whether it is at most as great."""
        return _Work("<=", self, term(other))


class _Plain(Term):
    """A number or a text of its own."""

    def text(self, home: "Sheet") -> str:
        """Return it as a formula writes it."""
        if isinstance(self.value, str):
            return '"' + self.value.replace('"', '""') + '"'
        return (
            str(int(self.value))
            if float(self.value).is_integer() and abs(self.value) < 1e15
            else repr(float(self.value)).upper()
        )


def term(value: Any) -> Term:
    """Return a term as it is, a number or a text as one."""
    return (
        value
        if isinstance(value, Term)
        else _Plain(value if isinstance(value, str) else float(value))
    )


class Named(Term):
    """An input, by the name of its cell."""

    def __init__(self, name: str, value: float | str):
        super().__init__(value)
        self.name = name

    def text(self, home: "Sheet") -> str:
        """Return the name, and remember that a formula uses it."""
        home.used.add(self.name)
        return self.name


class Place(Term):
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

    def text(self, home: "Sheet") -> str:
        """Return the address, with the sheet where it is another one."""
        return address(self.sheet, home, self.row, self.column)


class Span(Term):
    """Cells that lie together, first to last; `values` in order."""

    def __init__(self, first: Place, last: Place, values: list[float | str]):
        super().__init__(NONE)
        self.first, self.last, self.values = first, last, values

    def text(self, home: "Sheet") -> str:
        """Return the address of the range."""
        return f"{self.first.text(home)}:{cell(self.last.row, self.last.column)}"


def span(places: list[Place]) -> Span:
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


_SIGNS: Mapping[str, tuple[int, Callable[[Any, Any], Any]]] = {
    "+": (_ADD, operator.add),
    "-": (_ADD, operator.sub),
    "*": (_TIMES, operator.mul),
    "/": (_TIMES, operator.truediv),
    "^": (_POWER, operator.pow),
    ">": (_COMPARE, operator.gt),
    "<": (_COMPARE, operator.lt),
    ">=": (_COMPARE, operator.ge),
    "<=": (_COMPARE, operator.le),
    "=": (_COMPARE, operator.eq),
}


class _Work(Term):
    def __init__(self, sign: str, left: Term, right: Term):
        self.sign, self.left, self.right = sign, left, right
        self.rank, work = _SIGNS[sign]
        super().__init__(_number(lambda: work(left.value, right.value)))
        self.fails = True

    def text(self, home: "Sheet") -> str:
        left, right = self.left.text(home), self.right.text(home)
        if self.left.rank < self.rank or (self.sign == "^" and self.left.rank <= _POWER):
            left = f"({left})"
        if (
            self.right.rank < self.rank
            or (self.right.rank == self.rank and self.sign != "+")
            or isinstance(self.right, _Minus)
            or right.startswith("-")
        ):
            right = f"({right})"
        return f"{left}{self.sign}{right}"


class _Minus(Term):
    rank = _TIMES

    def __init__(self, inner: Term):
        super().__init__(_number(lambda: -inner.value))  # type: ignore[operator]
        self.inner = inner

    def text(self, home: "Sheet") -> str:
        inner = self.inner.text(home)
        return f"-({inner})" if self.inner.rank <= _TIMES else f"-{inner}"


class _Call(Term):
    def __init__(self, name: str, parts: Iterable[Any], value: float | str):
        super().__init__(value)
        self.name, self.parts = name, [term(part) for part in parts]
        self.fails = True

    def text(self, home: "Sheet") -> str:
        return f"{self.name}({','.join(part.text(home) for part in self.parts)})"


# ---- functions
# ---------------------------------------------------------------------------------------------


def _firm(part: Any) -> Term:
    """Return a term that is an error, not nothing, where its cell holds no number: the largest and
    the smallest of cells pass over text.
    """
    one = term(part)
    return one + 0 if isinstance(one, Place) and one.fails else one


def _values(parts: Iterable[Term]) -> list[Any]:
    return [
        value
        for part in parts
        for value in (part.values if isinstance(part, Span) else [part.value])
    ]


def largest(*parts: Any) -> Term:
    """Return the largest of some terms."""
    every = [_firm(part) for part in parts]
    values = _values(every)
    return _Call("MAX", every, NONE if any(_is_none(v) for v in values) else max(values))


def smallest(*parts: Any) -> Term:
    """Return the smallest of some terms."""
    every = [_firm(part) for part in parts]
    values = _values(every)
    return _Call("MIN", every, NONE if any(_is_none(v) for v in values) else min(values))


def total(*parts: Any) -> Term:
    """Return the sum of terms and ranges; text in a range counts nothing."""
    every = [term(part) for part in parts]
    return _Call(
        "SUM",
        every,
        math.fsum(v for v in _values(every) if isinstance(v, float) and not _is_none(v)),
    )


def when(condition: Term, yes: Any, no: Any) -> Term:
    """Return one term or the other."""
    one, other = term(yes), term(no)
    return _Call(
        "IF", [condition, one, other], one.value if condition.value == 1.0 else other.value
    )


def same(left: Any, right: Any) -> Term:
    """Return whether two terms are equal."""
    return _Work("=", term(left), term(right))


def both(*parts: Term) -> Term:
    """Return whether all of them hold."""
    return _Call("AND", parts, float(all(part.value == 1.0 for part in parts)))


def is_number(part: Term) -> Term:
    """Return whether a term is a number."""
    return _Call(
        "ISNUMBER", [part], float(not isinstance(part.value, str) and not _is_none(part.value))
    )


def positive(part: Any) -> Term:
    """Return a term where it is above zero, no figure elsewhere."""
    one = term(part)
    return _Call(
        "IF",
        [one > 0, one, no_figure()],
        one.value if isinstance(one.value, float) and one.value > 0 else NONE,
    )


def settled(*parts: Any) -> Term:
    """Return the sum of terms, zero where rounding alone is left of it, as `model.sheet.settled`."""
    every = [term(part) for part in parts]
    whole = every[0]
    for one in every[1:]:
        whole = whole + one
    if any(_is_none(one.value) for one in every):
        return whole
    apart = DUST * (largest(*every) - smallest(*every))
    return _Call(
        "IF",
        [_Work("<", absolute(whole), apart), 0.0, whole],
        sheet_settled(*(float(one.value) for one in every)),
    )


def absolute(part: Term) -> Term:
    """Return how far a term is from zero."""
    return _Call("ABS", [part], NONE if _is_none(part.value) else abs(float(part.value)))


def no_figure() -> Term:
    """Return what makes a formula say that there is no figure."""
    return _Call("NA", [], NONE)


def or_nothing(part: Term) -> Term:
    """Return a term, "–" where it has no value."""
    return _Call("IFERROR", [part, NOTHING], part.value)


def call(name: str, parts: Iterable[Any], value: float | str) -> Term:
    """Return any other function with the value that it has."""
    return _Call(name, parts, value)


def _is_none(value: Any) -> bool:
    return isinstance(value, str) or math.isnan(value)


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
"""What a cell looks like: words of `workbook_file.LOOKS`, parted by blanks."""


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
    bounds: dict[tuple[int, int], tuple[float | None, float | None]] = field(default_factory=dict)

    def put(self, row: int, column: int, content: Content, look: Look = "") -> Place:
        """Write a cell; a term becomes a formula."""
        self.cells[row, column] = (content, look)
        value: float | str = (
            content.value if isinstance(content, Term) else NOTHING if content is None else content
        )
        ratio = None
        inner = (
            content.parts[0]
            if isinstance(content, _Call) and content.name == "IFERROR"
            else content
        )
        if self.ratios and isinstance(inner, _Work) and inner.sign == "/":
            ratio = (inner.left, inner.right)
        fails = isinstance(content, _Call) and content.name == "IFERROR"
        return Place(self, row, column, value, fails=fails, ratio=ratio)

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
