"""A condition on a figure, as one types it: "roas>=3", "acos <= 22%", "profit > 0"."""

import difflib
import math
import re
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array

_WRITTEN = re.compile(
    r"^\s*([a-z][a-z0-9_]*)\s*(>=|<=|>|<|≥|≤)\s*([-+]?[0-9][0-9_.eE+-]*)\s*(%?)\s*$"
)
_MEANS = {"≥": ">=", "≤": "<="}


@dataclass(frozen=True)
class Condition:
    """A figure, a comparator and a limit; a rate's limit is a fraction."""

    metric: str
    comparator: str
    limit: float

    def met(self, values: Array) -> NDArray[np.bool_]:
        """Return in which draws the condition holds; a draw without the figure does not meet it.

        Args:
            values: draws of the figure, any shape, in its unit.

        Returns:
            Truth values of that shape.
        """
        with np.errstate(invalid="ignore"):
            match self.comparator:
                case ">=":
                    return np.asarray(values >= self.limit)
                case "<=":
                    return np.asarray(values <= self.limit)
                case ">":
                    return np.asarray(values > self.limit)
                case _:
                    return np.asarray(values < self.limit)


def condition(text: str, known: Collection[str]) -> Condition:
    """Return the condition that a text writes.

    Args:
        text: a figure, a comparison and a number: "roas>=3", "acos <= 22%".
        known: the keys of the figures that may stand in it.

    Returns:
        The condition; a limit in percent as a fraction.

    Raises:
        InputError: if it is written otherwise, names an unknown figure, or its number is not
            finite.

    Examples:
        >>> condition("acos <= 22%", ["acos"])
        Condition(metric='acos', comparator='<=', limit=0.22)
    """
    written = _WRITTEN.match(text)
    if written is None:
        raise refuse("where", text, "condition")
    metric, comparator, number, percent = written.groups()
    if metric not in known:
        near = difflib.get_close_matches(metric, list(known), 4) or list(known)[:4]
        raise refuse("where", metric, "figure", near=", ".join(near))
    try:
        limit = float(number.replace("_", ""))
    except ValueError:
        raise refuse("where", text, "condition") from None
    if not math.isfinite(limit):
        raise refuse("where", text, "finite")
    return Condition(metric, _MEANS.get(comparator, comparator), limit / 100 if percent else limit)
