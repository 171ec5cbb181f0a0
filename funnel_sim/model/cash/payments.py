"""What is paid on which day, in the currency of the balance."""

from typing import Literal

import numpy as np

from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.day_rows import DayRows, Room
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.cash.terms import Paths, Whole, by_day_of_month, is_none, of_paths, row

Currency = Literal["sales", "home"]


class Payments:
    """Flows of every day, filled in any order; what falls after the days looked at is dropped.

    `total` is the sum of the flows of single days in the currency of the balance, the row after the
    last day for what falls later; what is the same on each of many days is in `steps`,
    the changes of such a daily amount by day. `flows` the same by kind and month, or by day where
    these are kept; `native` by kind, currency and day, unconverted, where days are kept. `crossing`
    what was converted in each month, in the currency of the balance.
    """

    def __init__(
        self,
        days: CashDays,
        paths: int,
        rates: dict[Currency, Array],
        kept: Currency,
        *,
        by_day: bool,
        room: Room,
    ):
        self.days, self.paths, self.rates, self.kept, self.by_day = days, paths, rates, kept, by_day
        self.steady = all(one.shape[0] == 1 for one in rates.values())
        self.unit = {name: bool((one == 1.0).all()) for name, one in rates.items()}
        self.room = room
        self.total = DayRows(room.of("total", days.all + 1, paths))
        self.steps: dict[int, Array] = {}
        self.flows: dict[str, Array] = {}
        self.native: dict[tuple[str, Currency], Array] = {}
        self.crossing: Array | None = None
        self._watched: tuple[tuple[str, ...], DayRows] | None = None
        self._slots = days.all + 1 if by_day else len(days.lengths) + 1

    def rate(self, currency: Currency, month: int) -> Array:
        """Return what one unit of a currency is worth in that of the balance.

        Args:
            currency: which one.
            month: in which month.

        Returns:
            Units of the currency of the balance, shape (paths or 1,).
        """
        return row(self.rates[currency], month)

    def count_crossing(self) -> None:
        """Keep what is converted in each month from now on."""
        self.crossing = np.zeros((len(self.days.lengths) + 1, self.paths))

    def watch(self, kinds: tuple[str, ...]) -> DayRows:
        """Keep what is paid by day for some kinds, paid out above zero, from now on.

        Args:
            kinds: which (`run.KINDS`); no steady flows.

        Returns:
            What is filled in, currency of the balance, days + 1 rows.
        """
        rows = DayRows(self.room.of("watched", self.days.all + 1, self.paths))
        self._watched = (kinds, rows)
        return rows

    def _of(self, kind: str) -> Array:
        if kind not in self.flows:
            self.flows[kind] = np.zeros((self._slots, self.paths))
        return self.flows[kind]

    def _natively(self, kind: str, currency: Currency) -> Array:
        if (kind, currency) not in self.native:
            self.native[kind, currency] = np.zeros((self.days.all + 1, self.paths))
        return self.native[kind, currency]

    def _step(self, day: int, change: Array) -> None:
        now = self.steps.get(day)
        self.steps[day] = np.zeros(self.paths) + change if now is None else now + change

    def at(
        self,
        day: Whole,
        amount: Array | float,
        kind: str,
        currency: Currency,
        paths: Paths = slice(None),
    ) -> None:
        """Pay an amount on a day.

        Args:
            day: the day, one for all paths or one for each.
            amount: above zero comes in, in its currency; shape (paths or 1,).
            kind: what it is for (`run.KINDS`).
            currency: that of the amount.
            paths: which paths it is about, their places; all of them where not said.
        """
        if not isinstance(day, int):
            self._scattered(day, amount, kind, currency, paths)
            return
        if day >= self.days.all or (not self.by_day and is_none(amount)):
            return
        month = int(self.days.month[day])
        paid = amount
        if not self.unit[currency]:
            paid = amount * of_paths(self.rate(currency, month), paths)
        self.total.add(day, paid, paths)
        if self._watched is not None and kind in self._watched[0]:
            self._watched[1].add(day, -paid, paths)
        self._of(kind)[day if self.by_day else month, paths] += paid
        if self.by_day:
            self._natively(kind, currency)[day, paths] += amount
        if self.crossing is not None and currency != self.kept:
            self.crossing[month, paths] += paid

    def _scattered(
        self, day: Whole, amount: Array | float, kind: str, currency: Currency, paths: Paths
    ) -> None:
        last = self.days.all
        when = np.minimum(day, last)
        every = np.arange(self.paths) if isinstance(paths, slice) else paths
        paid = (
            amount
            if self.unit[currency]
            else amount * by_day_of_month(self.rates[currency], self.days, when, every)
        )
        self.total.add(when, paid, every)
        if self._watched is not None and kind in self._watched[0]:
            self._watched[1].add(when, -paid, every)
        months = np.where(when < last, self.days.month[np.minimum(when, last - 1)], -1)
        self._of(kind)[when if self.by_day else months, every] += paid
        if self.by_day:
            self._natively(kind, currency)[when, every] += amount
        if self.crossing is not None and currency != self.kept:
            self.crossing[months, every] += paid

    def between(self, first: int, after: int, amount: Array, kind: str, currency: Currency) -> None:
        """Pay the same amount on each of some days.

        Args:
            first: the first of the days.
            after: the day after the last.
            amount: of one day, shape (paths or 1,).
            kind: what it is for.
            currency: that of the amount.
        """
        after = min(after, self.days.all)
        while first < after:
            month = int(self.days.month[first])
            end = min(after, int(self.days.starts[month + 1]))
            paid = amount if self.unit[currency] else amount * self.rate(currency, month)
            self._step(first, paid)
            self._step(end, -paid)
            if self.by_day:
                self._of(kind)[first:end] += paid
                self._natively(kind, currency)[first:end] += amount
            else:
                self._of(kind)[month] += paid * (end - first)
            if self.crossing is not None and currency != self.kept:
                self.crossing[month] += paid * (end - first)
            first = end
