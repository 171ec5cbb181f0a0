"""A sheet of formulas: each figure has one formula, and that formula computes, explains and exports
it.

The ledger and the metrics are written as expressions of named figures ("-paid_orders *
order_fulfilment"). The text is compiled once and evaluated on floats or arrays alike; the screen
shows the same text with the scenario's numbers in it; so an explanation cannot differ from the
calculation. How functions do the same: `model.written`,
docs/decisions/0043-one-model-three-readings.md.
"""

import ast
import functools
import math
import operator
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from types import CodeType
from typing import Any, Literal, cast

import numpy as np

from funnel_sim.model.arrays import Array, Number
from funnel_sim.words import Words

FigureUnit = Literal["money", "cost_money", "rate", "ratio", "count", "months", "days"]


def if_positive(value: Number) -> Array:
    """Return a value where it is above zero, NaN (no such figure) elsewhere, in its shape."""
    return np.where(np.asarray(value) > 0, value, np.nan)


def settled(*terms: Number) -> Number:
    """Return the sum of terms, first to last; zero where it is only what rounding leaves of terms
    that cancel each other.

    Sums that others are divided by are taken so: sales less equal refunds leave no 7e-12 to divide
    by. What is left must be below `ROUNDING_ERROR` of the distance between the largest and the
    smallest term.

    >>> settled(0.3, -0.1, -0.2), settled(3e8, -3e8, 1.0)
    (0.0, 1.0)
    """
    total: Any = functools.reduce(operator.add, terms)
    if isinstance(total, float):
        return 0.0 if abs(total) < ROUNDING_ERROR * (max(terms) - min(terms)) else total
    # months of a linear figure are not worked out yet: they are settled when they are added up
    if not isinstance(total, np.ndarray):
        return cast("Number", total)
    apart = functools.reduce(np.maximum, terms) - functools.reduce(np.minimum, terms)
    return np.where(np.abs(total) < ROUNDING_ERROR * apart, 0.0, total)


def limited(rate: object) -> object:
    """Return a rate, infinite where it is beyond `MOST`: its denominator is then so small that it
    counts as zero.

    >>> limited(np.array([0.3, -2e9])).tolist()
    [0.3, -inf]
    """
    if not isinstance(rate, float | np.ndarray):
        return rate
    beyond = np.abs(rate) > MOST
    return np.where(beyond, np.copysign(np.inf, rate), rate) if np.any(beyond) else rate


MOST = 1e9
"""A rate beyond this is taken of less than a billionth of what it compares: of nothing."""


def is_rounding_error(value: float, size: float) -> bool:
    """Return whether a difference is only the rounding error of amounts as large as `size`.

    Args:
        value: the difference, any unit.
        size: the size of the amounts it comes from, same unit.

    Returns:
        True at or below a relative error of `ROUNDING_ERROR`.

    Examples:
        >>> is_rounding_error(3e-12, 40.0), is_rounding_error(0.001, 40.0)
        (True, False)
    """
    return abs(value) <= ROUNDING_ERROR * abs(size)


ROUNDING_ERROR = 1e-12
"""What is smaller than this share of the amounts that it is the difference of is rounding: a double
holds 16 digits, and a ledger line is some ten steps.
"""
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "max": np.maximum,
    "min": np.minimum,
    "if_positive": if_positive,
}
_NAMES: dict[str, Any] = {"__builtins__": {}, **FUNCTIONS, "settled": settled}
_ALLOWED = (
    ast.Expression,
    ast.BinOp,
    ast.UnaryOp,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
    ast.USub,
    ast.Name,
    ast.Load,
    ast.Constant,
    ast.Call,
)


@dataclass(frozen=True)
class Formula:
    """One figure: its key, its expression, its unit and its words.

    `note` says in words what the expression cannot (a condition, a choice between definitions).
    `divides`: other figures are divided by it or by a sum in it, so its sums are `settled`.
    """

    key: str
    expression: str
    unit: FigureUnit
    words: Words
    note: Words = Words("", "")
    divides: bool = False
    operands: tuple[str, ...] = field(init=False)
    is_rate: bool = field(init=False)
    code: CodeType = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        tree = ast.parse(self.expression, mode="eval")
        names: list[str] = []
        for node in ast.walk(tree):
            if not isinstance(node, _ALLOWED):
                raise ValueError(f"{self.key}: {type(node).__name__} is not allowed in a formula")
            if isinstance(node, ast.Name) and node.id not in FUNCTIONS:
                names.append(node.id)
        names.sort(key=self.expression.find)
        object.__setattr__(self, "operands", tuple(dict.fromkeys(names)))
        object.__setattr__(
            self,
            "is_rate",
            self.unit in ("rate", "ratio")
            and isinstance(tree.body, ast.BinOp)
            and isinstance(tree.body.op, ast.Div),
        )
        if self.divides:
            tree = ast.fix_missing_locations(_Settle().visit(tree))
        object.__setattr__(self, "code", compile(tree, f"<formula {self.key}>", "eval"))


class _Settle(ast.NodeTransformer):
    """Turns each sum of an expression into a call of `settled` on its terms, in their order."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Return a product or ratio as it is, a sum as the call."""
        if not isinstance(node.op, ast.Add | ast.Sub):
            return self.generic_visit(node)
        terms = [self.visit(term) for term in _terms(node)]
        return ast.Call(ast.Name("settled", ast.Load()), terms, [])


def _terms(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return [*_terms(node.left), node.right]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        return [*_terms(node.left), ast.UnaryOp(ast.USub(), node.right)]
    return [node]


def formula(
    key: str,
    expression: str,
    unit: FigureUnit,
    zh: str,
    en: str,
    note_zh: str = "",
    note_en: str = "",
    *,
    divides: bool = False,
) -> Formula:
    """Return a formula from plain texts, as the tables of the ledger and the metrics write them.

    Args:
        key: which figure, such as "profit".
        expression: its arithmetic over other keys, as Python writes it.
        unit: of the figure, such as "money", "count" or "rate".
        zh: its name in Chinese.
        en: its name in English.
        note_zh: what to know of it, in Chinese.
        note_en: the same in English.
        divides: whether other figures are divided by it, so that its sums are `settled`.
    """
    return Formula(key, expression, unit, Words(zh, en), Words(note_zh, note_en), divides)


def fill(formulas: Iterable[Formula], book: MutableMapping[str, Number]) -> None:
    """Evaluate formulas in order and put each figure into the book under its key.

    A figure whose operand is None is None. A division by zero gives an infinity or NaN, which
    `known_or_none` turns into "no such figure" at the edge.

    Args:
        formulas: in the order in which they need each other.
        book: figures by key, changed in place; floats or arrays that broadcast to (months, paths).

    Examples:
        >>> book = {"visits": 200.0, "orders": 5.0}
        >>> fill([Formula("cvr", "orders / visits", "rate", Words("转化率", "CVR"))], book)
        >>> book["cvr"]
        0.025
    """
    figures = cast("dict[str, object]", book)  # one of them may be None
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for one in formulas:
            try:
                value = eval(one.code, _NAMES, book)  # noqa: S307 - checked when it was compiled
                figures[one.key] = limited(value) if one.is_rate else value
            except ZeroDivisionError:
                figures[one.key] = float("nan")
            except TypeError:
                if all(figures[name] is not None for name in one.operands):
                    raise
                figures[one.key] = None


def known_or_none(value: Number | None) -> float | None:
    """Return a figure of a single path as a float, or None where there is no such figure.

    >>> known_or_none(float("inf")), known_or_none(np.array([[2.0]]))
    (None, 2.0)
    """
    if value is None:
        return None
    number = float(value.flat[0]) if isinstance(value, np.ndarray) else float(value)
    return number + 0.0 if math.isfinite(number) else None


def registry(*groups: Iterable[Formula]) -> Mapping[str, Formula]:
    """Return formulas by key.

    Args:
        *groups: tables of formulas.

    Returns:
        All of them, in their order.

    Raises:
        ValueError: if a key stands twice.
    """
    out: dict[str, Formula] = {}
    for group in groups:
        for one in group:
            if one.key in out:
                raise ValueError(f"two formulas for {one.key}")
            out[one.key] = one
    return out
