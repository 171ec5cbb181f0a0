"""Which share of the orders of each day can be served from stock."""

import numpy as np

from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.day_rows import Room
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.cash.terms import Whole


class Served:
    """The share of each day's orders that is served, known day by day; all of them where goods are
    bought as they are sold (`full`).

    What a month earns is spread evenly over its days; a day brings that times its share.
    """

    def __init__(self, days: CashDays, paths: int, *, full: bool, room: Room):
        self.days, self.full = days, full
        self._until = np.zeros((1, 1)) if full else room.of("served", days.horizon + 1, paths)
        self._until[0] = 0.0
        self._columns = np.arange(paths)

    def put(self, day: int, share: Array) -> None:
        """Say which share of a day's orders is served; days come one after the other.

        Args:
            day: which one.
            share: of its orders [1], shape (paths,).
        """
        np.add(self._until[day], share, out=self._until[day + 1])

    def between(self, first: Whole, after: Whole) -> Array | float:
        """Return how many days' worth of orders were served in some days of the horizon.

        Args:
            first: the first of them, one for all paths or one for each.
            after: the day after the last.

        Returns:
            Days [1], shape (paths,) or one number.
        """
        if self.full:
            return np.subtract(after, first) * 1.0
        if isinstance(first, int) and isinstance(after, int):
            return np.asarray(self._until[after] - self._until[first])
        return np.asarray(self._until[after, self._columns] - self._until[first, self._columns])

    def of_day(self, day: int) -> Array | float:
        """Return the share of a day's orders that is served [1], shape (paths,)."""
        return self.between(day, day + 1)

    def of_month(self, month: int) -> Array | float:
        """Return the share of a month's orders that is served [1], shape (paths,)."""
        start, after = int(self.days.starts[month]), int(self.days.starts[month + 1])
        return self.between(start, after) / (after - start)

    def earned(self, monthly: Array, first: int, after: int) -> Array | float:
        """Return what orders of some days bring.

        Args:
            monthly: what a month brings at full stock, shape (months, paths).
            first: the first of the days; those before the plan bring nothing.
            after: the day after the last; those after the horizon bring nothing.

        Returns:
            The amount, shape (paths,), or 0.
        """
        first, after = max(0, first), min(after, self.days.horizon)
        out: Array | float = 0.0
        while first < after:
            month = int(self.days.month[first])
            end = min(after, int(self.days.starts[month + 1]))
            out = out + monthly[month] / self.days.lengths[month] * self.between(first, end)
            first = end
        return out
