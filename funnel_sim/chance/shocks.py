"""Named risks in the months of each path: whether one happens, when, for how long, and what it
changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from funnel_sim.model.arrays import Array, Number
from funnel_sim.scenario.chance import Shock


@dataclass(frozen=True)
class Happening:
    """One event in many paths: `covered` is the share of each month in which it lasts, shape
    (months, paths); `size` its size, `days` its size in days, for effects that have one.
    """

    shock: Shock
    covered: Array
    size: Number
    days: Number = 0.0

    @property
    def strength(self) -> Array:
        """Return size times share of the month: the month's mean effect where effects add up.

        Returns:
            Shape (months, paths), in the unit of the size.
        """
        return np.asarray(self.covered * self.size)

    def mean_of_inverse(self, factor: Number) -> Array:
        """Return the factor whose inverse is the mean over the month of 1 (before the event) and 1
        / factor: for prices and rates that are divided by.

        Args:
            factor: the multiplier during the event [1], shape (paths,) or a number.

        Returns:
            Multipliers [1], shape (months, paths).
        """
        return np.asarray(1.0 / (1.0 - self.covered + self.covered / factor))


def names(shock: Shock) -> tuple[str, str]:
    """Return the streams that decide whether an event happens, and when."""
    return f"shocks.{shock.id}.happens", f"shocks.{shock.id}.month"


def happening(
    shock: Shock, months: int, numbers: Mapping[str, Number], uniforms: Mapping[str, Array]
) -> Happening:
    """Return an event in every path.

    A month is covered from its beginning; a length of 1.5 months covers half of the second.

    Args:
        shock: the event as it was typed.
        months: how many months.
        numbers: its probability [fraction], length [months], size and days, drawn (paths,) or
            fixed.
        uniforms: its two streams of numbers in (0, 1), shape (paths,).

    Returns:
        Which share of each month it covers, shape (months, paths), and its size.
    """
    happens, when = (uniforms[name] for name in names(shock))
    choices = shock.month_to - shock.month_from + 1
    first = shock.month_from - 1 + np.minimum(np.floor(when * choices), choices - 1)
    month = np.arange(months, dtype=np.float64)[:, None]
    covered = np.clip(
        np.minimum(month + 1, first + numbers["length"]) - np.maximum(month, first), 0.0, 1.0
    )
    return Happening(
        shock,
        np.asarray(covered * (happens < numbers["probability"])),
        numbers["size"],
        numbers["days"],
    )
