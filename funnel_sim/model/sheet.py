"""A sheet of formulas: each figure has one formula, and that formula computes, explains and exports it.

The ledger and the metrics are written as expressions of named figures ("-paid_orders *
order_fulfilment"). The text is compiled once and evaluated on floats or arrays alike; the screen
shows the same text with today's numbers in it; so an explanation cannot differ from the
calculation. Why this and not plain functions: docs/decisions/0002-formula-sheet.md.
"""

import ast
import math
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from types import CodeType
from typing import Any, Literal

import numpy as np

from funnel_sim.words import Words

FigureUnit = Literal["money", "cost_money", "rate", "ratio", "count", "months", "days"]


def if_positive(value: Any) -> Any:
    """Return a value where it is above zero, NaN (no such figure) elsewhere."""
    return np.where(np.asarray(value) > 0, value, np.nan)


FUNCTIONS: dict[str, Callable[..., Any]] = {"max": np.maximum, "min": np.minimum, "if_positive": if_positive}
_NAMES: dict[str, Any] = {"__builtins__": {}, **FUNCTIONS}
_ALLOWED = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub,
            ast.Name, ast.Load, ast.Constant, ast.Call)  # fmt: skip


@dataclass(frozen=True)
class Formula:
    """One figure: its key, its expression, its unit and its words.

    `note` says in words what the expression cannot (a condition, a choice between definitions).
    """

    key: str
    expression: str
    unit: FigureUnit
    words: Words
    note: Words = Words("", "")
    operands: tuple[str, ...] = field(init=False)
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
        object.__setattr__(self, "code", compile(tree, f"<formula {self.key}>", "eval"))


def formula(key: str, expression: str, unit: FigureUnit, zh: str, en: str, note_zh: str = "", note_en: str = "") -> Formula:
    """Return a formula from plain texts, as the tables of the ledger and the metrics write them."""
    return Formula(key, expression, unit, Words(zh, en), Words(note_zh, note_en))


def fill(formulas: Iterable[Formula], book: MutableMapping[str, Any]) -> None:
    """Evaluate formulas in order and put each figure into the book under its key.

    A figure whose operand is None is None. A division by zero gives an infinity or NaN, which
    `known` turns into "no such figure" at the edge.

    >>> book = {"visits": 200.0, "orders": 5.0}
    >>> fill([Formula("cvr", "orders / visits", "rate", Words("转化率", "CVR"))], book)
    >>> book["cvr"]
    0.025
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for one in formulas:
            try:
                book[one.key] = eval(one.code, _NAMES, book)  # noqa: S307
            except ZeroDivisionError:
                book[one.key] = float("nan")
            except TypeError:
                if all(book[name] is not None for name in one.operands):
                    raise
                book[one.key] = None


def known(value: Any) -> float | None:
    """Return a figure of a single path as a float, or None where there is no such figure.

    >>> known(float("inf")), known(np.array([[2.0]]))
    (None, 2.0)
    """
    if value is None:
        return None
    number = float(value.flat[0]) if isinstance(value, np.ndarray) else float(value)
    return number + 0.0 if math.isfinite(number) else None


def registry(*groups: Iterable[Formula]) -> Mapping[str, Formula]:
    """Return formulas by key; raises ValueError where a key stands twice."""
    out: dict[str, Formula] = {}
    for group in groups:
        for one in group:
            if one.key in out:
                raise ValueError(f"two formulas for {one.key}")
            out[one.key] = one
    return out
