"""Numbers that remember how they came about: the arithmetic of the model on them writes it down.

A `Term` is a formula and its value at once. It takes part in Python's operators and in NumPy's
protocol, so a function of the model, called with terms in place of numbers, gives the formula that
it computes by: for a cell of a workbook (`output.workbook.cells`), or in words
(`output.words.readings`). Not a number: there is no such figure.
"""

import math
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import numpy as np

from funnel_sim.model.arrays import Number

COMPARE, ADD, TIMES, POWER, WHOLE = 1, 2, 3, 5, 9
NONE = math.nan
_EXACT = 1e15


class Home(Protocol):
    """Where formulas are written: it knows which names they use, and which cell it is writing."""

    used: set[str]

    def is_writing(self, cell: "Term") -> bool:
        """Return whether the formula of this very cell is being written."""

    def sign(self, sign: str) -> str:
        """Return how a sign between two terms is written."""

    def function(self, name: str, parts: list[str]) -> str:
        """Return how a function of some parts is written.

        Args:
            name: the function, as a spreadsheet names it.
            parts: its arguments, written.

        Returns:
            The text of the call.
        """


def _number(work: Callable[[], Any]) -> float:
    try:
        value = work()
    except (ZeroDivisionError, OverflowError, TypeError):
        return NONE
    return NONE if isinstance(value, complex) else float(value)


class Term(ABC):
    """A formula with its value; `rank` is how tightly its outermost sign binds.

    `fails`: it may be text or an error. `cell`: where it stands once it has been put down; whatever
    is made of it then names that cell. `ratio`: the two sides of a cell's formula where it divides
    one figure by another. `values`: what it holds, several where it is a range of cells.
    """

    rank: int = WHOLE
    fails: bool = False
    cell: "Term | None" = None
    ratio: "tuple[Term, Term] | None" = None
    shape: tuple[int, ...] = ()
    __array_priority__ = 2000

    def __init__(self, value: float | str):
        self.value = value

    @property
    def values(self) -> list[float | str]:
        """What it holds."""
        return [self.value]

    @abstractmethod
    def formula(self, home: Home) -> str:
        """Return its formula as `home` writes it."""

    def place(self, home: Home) -> "Term":
        """Return the cell that stands for it in formulas of `home`; itself where it has none, or
        where that is the cell being written.
        """
        return self if self.cell is None or home.is_writing(self.cell) else self.cell

    def text(self, home: Home) -> str:
        """Return what a formula of `home` writes for it: its cell's address, or its own formula."""
        return self.place(home).formula(home)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Let NumPy's arithmetic write the formula."""
        work = _UFUNCS.get(ufunc)
        return (
            NotImplemented
            if work is None or method != "__call__" or options
            else work(*map(term, inputs))
        )

    def __array_function__(self, function: Any, _types: Any, parts: Any, _options: Any) -> Any:
        """Let NumPy's choices and bounds write the formula."""
        work = _ARRAY_FUNCTIONS.get(function)
        return NotImplemented if work is None else work(*parts)

    def __neg__(self) -> "Term":
        """Return the term with its sign turned."""
        return Minus(self)

    def __add__(self, other: Any) -> "Term":
        """Return the sum; nothing is written where nothing is added, or what is added is taken off
        again.
        """
        right = term(other)
        if (
            isinstance(right, Work)
            and right.sign == "-"
            and isinstance(self, Plain)
            and is_plain(right.right, float(self.value))
        ):
            return right.left
        if (
            isinstance(self, Work)
            and self.sign == "-"
            and isinstance(right, Plain)
            and is_plain(self.right, float(right.value))
        ):
            return self.left
        return (
            right
            if is_plain(self, 0.0)
            else self
            if is_plain(right, 0.0)
            else Work("+", self, right)
        )

    def __radd__(self, other: Any) -> "Term":
        """Return the sum."""
        return term(other) + self

    def __sub__(self, other: Any) -> "Term":
        """Return the difference; what was added and is taken off again is not written."""
        right = term(other)
        if (
            isinstance(self, Work)
            and self.sign == "+"
            and isinstance(right, Plain)
            and is_plain(self.right, float(right.value))
        ):
            return self.left
        return self if is_plain(right, 0.0) else Work("-", self, right)

    def __rsub__(self, other: Any) -> "Term":
        """Return the difference."""
        return term(other) - self

    def __mul__(self, other: Any) -> "Term":
        """Return the product; nothing is written where a factor is 1."""
        right = term(other)
        return (
            right
            if is_plain(self, 1.0)
            else self
            if is_plain(right, 1.0)
            else Work("*", self, right)
        )

    def __rmul__(self, other: Any) -> "Term":
        """Return the product."""
        return term(other) * self

    def __truediv__(self, other: Any) -> "Term":
        """Return the ratio; a division by a ratio becomes a product with its inverse, so that
        dividing by an infinite ratio gives zero, as in the app.
        """
        below = term(other)
        if below.ratio is not None:
            return self * below.ratio[1] / below.ratio[0]
        return self if is_plain(below, 1.0) else Work("/", self, below)

    def __rtruediv__(self, other: Any) -> "Term":
        """Return the ratio."""
        return term(other) / self

    def __pow__(self, other: Any) -> "Term":
        """Return the power; 1 to whatever power is 1, and so is whatever to the power of 0."""
        right = term(other)
        if is_plain(right, 0.0):
            return Plain(1.0)
        return self if is_plain(self, 1.0) or is_plain(right, 1.0) else Work("^", self, right)

    def __rpow__(self, other: Any) -> "Term":
        """Return the power."""
        return term(other) ** self

    def __gt__(self, other: Any) -> "Term":
        """Return whether it is greater."""
        return Work(">", self, term(other))

    def __ge__(self, other: Any) -> "Term":
        """Return whether it is at least as great."""
        return Work(">=", self, term(other))

    def __lt__(self, other: Any) -> "Term":
        """Return whether it is smaller."""
        return Work("<", self, term(other))

    def __le__(self, other: Any) -> "Term":
        """Return whether it is at most as great."""
        return Work("<=", self, term(other))


class Plain(Term):
    """A number or a text of its own."""

    def formula(self, home: Home) -> str:
        """Return it as a formula writes it."""
        if isinstance(self.value, str):
            return '"' + self.value.replace('"', '""') + '"'
        whole = float(self.value).is_integer() and abs(self.value) < _EXACT
        return str(int(self.value)) if whole else repr(float(self.value)).upper()


def term(value: "Term | Number | str") -> Term:
    """Return a term as it is, a number or a text as one; not a number is no figure."""
    if isinstance(value, Term):
        return value
    if isinstance(value, str):
        return Plain(value)
    number = float(value)
    return no_figure() if math.isnan(number) else Plain(number)


def as_number(value: Any) -> Any:
    """Return a value as it is: a term that a function of the model takes for a number, or the term
    that it gives back.
    """
    return value


def is_plain(part: object, value: float) -> bool:
    """Return whether a term is this number itself, not a cell or a formula whose value is that
    number.

    Args:
        part: a term or a number.
        value: the number.
    """
    return isinstance(part, Plain) and part.value == value


class Named(Term):
    """An input, by the name of its cell; `own`: read for one figure alone, whose cell may stand for
    it once it is put down.
    """

    def __init__(self, name: str, value: float | str, *, own: bool = False):
        super().__init__(value)
        self.name, self.own = name, own

    def formula(self, home: Home) -> str:
        """Return the name, and remember that a formula uses it."""
        home.used.add(self.name)
        return self.name


_SIGNS: Mapping[str, tuple[int, Callable[[Any, Any], Any]]] = {
    "+": (ADD, operator.add),
    "-": (ADD, operator.sub),
    "*": (TIMES, operator.mul),
    "/": (TIMES, operator.truediv),
    "^": (POWER, operator.pow),
    ">": (COMPARE, operator.gt),
    "<": (COMPARE, operator.lt),
    ">=": (COMPARE, operator.ge),
    "<=": (COMPARE, operator.le),
    "=": (COMPARE, operator.eq),
}


class Work(Term):
    """Two terms and the sign between them."""

    fails = True

    def __init__(self, sign: str, left: Term, right: Term):
        self.sign, self.left, self.right = sign, left, right
        self.rank, work = _SIGNS[sign]
        none = any(isinstance(one.value, float) and math.isnan(one.value) for one in (left, right))
        super().__init__(NONE if none else _number(lambda: work(left.value, right.value)))

    def formula(self, home: Home) -> str:
        """Return both sides with the sign, in brackets where the signs need them."""
        one, other = self.left.place(home), self.right.place(home)
        left, right = one.formula(home), other.formula(home)
        if one.rank < self.rank or (self.sign == "^" and one.rank <= POWER):
            left = f"({left})"
        closer = other.rank < self.rank or (other.rank == self.rank and self.sign != "+")
        if closer or isinstance(other, Minus) or right.startswith("-"):
            right = f"({right})"
        return f"{left}{home.sign(self.sign)}{right}"


class Minus(Term):
    """A term with its sign turned."""

    rank = TIMES
    fails = True

    def __init__(self, inner: Term):
        super().__init__(_number(lambda: -inner.value))  # type: ignore[operator]
        self.inner = inner

    def formula(self, home: Home) -> str:
        """Return it with a minus before it."""
        one = self.inner.place(home)
        minus = home.sign("-").strip()
        return (
            f"{minus}({one.formula(home)})" if one.rank <= TIMES else f"{minus}{one.formula(home)}"
        )


class Call(Term):
    """A function of a spreadsheet with its parts; `firm`: cells that may hold text are forced to be
    numbers or errors.
    """

    fails = True

    def __init__(self, name: str, parts: Iterable[Any], value: float | str, *, firm: bool = False):
        super().__init__(value)
        self.name, self.parts, self.firm = name, [term(part) for part in parts], firm

    def formula(self, home: Home) -> str:
        """Return the function with its parts."""
        return home.function(self.name, [self._part(part.place(home), home) for part in self.parts])

    def _part(self, part: Term, home: Home) -> str:
        """Return a part; the largest and the smallest of cells would pass over one that holds a
        text instead of a number.
        """
        soft = self.firm and part.fails and part.rank == WHOLE and not isinstance(part, Call)
        return f"{part.formula(home)}+0" if soft else part.formula(home)


# ---- functions
# ---------------------------------------------------------------------------------------------


def _values(parts: Iterable[Term]) -> list[Any]:
    return [value for part in parts for value in part.values]


def largest(*parts: "Term | Number | str") -> Term:
    """Return the largest of some terms."""
    every = [term(part) for part in parts]
    values = _values(every)
    return Call("MAX", every, NONE if any(is_none(v) for v in values) else max(values), firm=True)


def smallest(*parts: "Term | Number | str") -> Term:
    """Return the smallest of some terms."""
    every = [term(part) for part in parts]
    values = _values(every)
    return Call("MIN", every, NONE if any(is_none(v) for v in values) else min(values), firm=True)


def total(*parts: "Term | Number | str") -> Term:
    """Return the sum of terms and ranges; text in a range counts nothing."""
    every = [term(part) for part in parts]
    return Call(
        "SUM",
        every,
        math.fsum(v for v in _values(every) if isinstance(v, float) and not is_none(v)),
    )


def when(
    condition: "Term | bool | float", yes: "Term | Number | str", no: "Term | Number | str"
) -> Term:
    """Return one term or the other; a number in place of a condition holds where it is 1.

    Args:
        condition: a term or a truth value; a number in place of a condition holds where it is 1.
        yes: the term or number where it holds.
        no: the one where it does not.
    """
    one, other = term(yes), term(no)
    if isinstance(condition, bool):
        return one if condition else other
    asked = (
        condition
        if isinstance(condition, Term)
        and (condition.rank == COMPARE or isinstance(condition, Call))
        else same(condition, 1)
    )
    if isinstance(asked.value, float) and math.isnan(asked.value):
        return Call("IF", [asked, one, other], NONE)  # what cannot be compared chooses nothing
    return Call("IF", [asked, one, other], one.value if asked.value == 1.0 else other.value)


def chosen(place: "Term | Number | str", several: Iterable["Term | Number | str"]) -> Term:
    """Return one of several terms by its place, counted from 1.

    Args:
        place: which one, counted from 1.
        several: the terms or numbers to choose from.
    """
    where, every = term(place), [term(one) for one in several]
    return Call("CHOOSE", [where, *every], every[int(where.value) - 1].value)


def same(left: "Term | Number | str", right: "Term | Number | str") -> Term:
    """Return whether two terms are equal.

    Args:
        left: a term or a number.
        right: the other one.
    """
    return Work("=", term(left), term(right))


def both(*parts: Term) -> Term:
    """Return whether all of them hold."""
    return Call("AND", parts, float(all(part.value == 1.0 for part in parts)))


def is_number(part: Term) -> Term:
    """Return whether a term is a number."""
    return Call(
        "ISNUMBER", [part], float(not isinstance(part.value, str) and not is_none(part.value))
    )


def absolute(part: Term) -> Term:
    """Return the absolute value of a term."""
    return Call("ABS", [part], NONE if is_none(part.value) else abs(float(part.value)))


def no_figure() -> Term:
    """Return the term with which a formula shows that there is no figure."""
    return Call("NA", [], NONE)


def call(name: str, parts: Iterable["Term | Number | str"], value: float | str) -> Term:
    """Return any other function as a term, with the value that it has.

    Args:
        name: the function, as a spreadsheet names it.
        parts: its arguments, terms or numbers.
        value: what it comes to.
    """
    return Call(name, parts, value)


def is_none(value: float | str) -> bool:
    """Return whether a value is no number: a text, or NaN."""
    return isinstance(value, str) or math.isnan(value)


def is_nothing(amount: object) -> bool:
    """Return whether an amount is a plain zero, or an input that is zero: formulas that use it are
    then left out.

    >>> is_nothing(0.0), is_nothing(Named("rate", 0.0)), is_nothing(Named("rate", 0.0) * 2)
    (True, True, False)
    """
    if isinstance(amount, np.ndarray):
        return False
    return (isinstance(amount, float) and amount == 0.0) or (
        isinstance(amount, Named | Plain) and amount.value == 0.0
    )


_UFUNCS: Mapping[Any, Callable[..., Term]] = {
    np.add: operator.add,
    np.subtract: operator.sub,
    np.multiply: operator.mul,
    np.divide: operator.truediv,
    np.power: operator.pow,
    np.negative: operator.neg,
    np.minimum: smallest,
    np.maximum: largest,
    np.absolute: absolute,
    np.equal: same,
    np.remainder: lambda one, by: Call("MOD", [one, by], _number(lambda: one.value % by.value)),
    np.greater: operator.gt,
    np.greater_equal: operator.ge,
    np.less: operator.lt,
    np.less_equal: operator.le,
}
_ARRAY_FUNCTIONS: Mapping[Any, Callable[..., Any]] = {
    np.where: when,
    np.choose: lambda place, several: chosen(place + 1, several),
    np.zeros_like: lambda _: term(0.0),
    np.shape: lambda _: (),
    np.ndim: lambda _: 0,
    np.clip: lambda part, low, high: largest(low, smallest(high, part)),
}
