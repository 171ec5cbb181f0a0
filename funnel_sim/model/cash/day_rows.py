"""Amounts by day and path of which most days have none, and the memory that they lie in."""

import numpy as np

from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.terms import Paths, Whole


class Room:
    """Memory that one block of paths after the other is worked out in: the system gives it once,
    in place of taking and giving it again for each. What lies there holds until the next block.
    """

    def __init__(self) -> None:
        self._held: dict[str, Array] = {}

    def of(self, name: str, days: int, paths: int) -> Array:
        """Return an array that holds anything, shape (days, paths).

        Args:
            name: of what lies there; nothing else lies under it.
            days: how many rows.
            paths: how many columns.

        Returns:
            The array, shape (days, paths).
        """
        held, size = self._held.get(name), days * paths
        if held is None or held.size < size:
            held = self._held[name] = np.empty(size)
        return held[:size].reshape(days, paths)


class DayRows:
    """An amount of each path on each day: nothing until something is put there.

    `amounts`: shape (days, paths); rows of days on which nothing was put hold anything. `there`:
    which days are others, one byte a day.
    """

    def __init__(self, amounts: Array):
        self.amounts = amounts
        self.there = bytearray(len(amounts))

    def row(self, day: int) -> Array:
        """Return the amounts of a day to be added to, shape (paths,)."""
        found: Array = self.amounts[day]
        if not self.there[day]:
            self.there[day] = 1
            found[:] = 0.0
        return found

    def add(self, day: Whole, amount: Array | float, paths: Paths = slice(None)) -> None:
        """Put an amount on a day, on top of what is there.

        Args:
            day: the day, one for all paths or one for each.
            amount: shape (paths named or 1,).
            paths: which paths it is about, their places; all of them where not said.

        Examples:
            >>> rows = DayRows(np.empty((3, 2)))
            >>> rows.add(1, np.array([5.0, 7.0]))
            >>> rows.add(np.array([1, 2]), 1.0)
            >>> rows.whole().tolist()
            [[0.0, 0.0], [6.0, 7.0], [0.0, 1.0]]
        """
        if isinstance(day, int):
            self.row(day)[paths] += amount
            return
        for one in np.flatnonzero(np.bincount(day)).tolist():
            self.row(one)
        every = np.arange(self.amounts.shape[1]) if isinstance(paths, slice) else paths
        self.amounts[day, every] += amount

    def whole(self) -> Array:
        """Return the amounts of all days, shape (days, paths)."""
        for day, there in enumerate(self.there):
            if not there:
                self.row(day)
        return self.amounts
