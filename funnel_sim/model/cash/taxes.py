"""When output tax is paid and import tax comes back."""

import numpy as np

from funnel_sim.model.arrays import Array, over_months
from funnel_sim.model.cash.amounts import Amounts
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.cash.payments import Payments
from funnel_sim.model.cash.served import Served
from funnel_sim.model.cash.terms import Paths, Terms, Whole, anything
from funnel_sim.units import MONTHS_A_YEAR


class Taxes:
    """Pays the tax of each period on its due date: that of its orders, less that of the refunds and
    chargebacks that happen in it, less the import tax that was paid in it and is recovered.

    Without periods the tax of each day is due by itself, `vat_due_days` later.
    """

    def __init__(
        self, days: CashDays, terms: Terms, amounts: Amounts, served: Served, payments: Payments
    ):
        self.days, self.amounts, self.served, self.payments = days, amounts, served, payments
        typed = terms.typed
        self.later, self.months = typed.vat_due_days, typed.vat_months
        streams = (
            (-amounts.output_tax, 0),
            (amounts.refund_tax, typed.refund_days),
            (amounts.chargeback_tax, typed.chargeback_days),
        )
        self.streams = [one for one in streams if anything(one[0])]
        self.reclaimed = np.zeros((len(days.lengths) + 1, payments.paths)) if self.months else None
        self.paid_at_border = np.zeros((days.all + 1, payments.paths)) if payments.by_day else None
        self.due: dict[int, tuple[int, int]] = {}
        if self.months:
            for first, last in days.tax_periods(self.months):
                if (days.first.month + last) % MONTHS_A_YEAR % self.months == 0:
                    self.due[int(days.starts[last + 1]) - 1 + self.later] = (first, last)
        self.at_once = not self.months and served.full
        if self.at_once:
            for month in range(days.months):
                for stream, later in self.streams:
                    first = int(days.starts[month]) + later + self.later
                    daily = stream[month] / days.lengths[month]
                    payments.between(first, first + days.lengths[month], daily, "vat", "sales")

    def reclaim(self, day: Whole, amount: Array, paths: Paths = slice(None)) -> None:
        """Note import tax that is paid at the border and will come back.

        Args:
            day: the day on which it is paid, one for all paths or one for each.
            amount: sales currency, shape (paths,).
            paths: which paths it is about, their places; all of them where not said.
        """
        last = self.days.all
        every = np.arange(self.payments.paths) if isinstance(paths, slice) else paths
        when = np.minimum(day, last)
        if self.paid_at_border is not None:
            self.paid_at_border[when, every] += amount
        if self.reclaimed is None:
            self.payments.at(day + self.later, amount, "vat", "sales", paths)
        elif isinstance(day, int):
            self.reclaimed[int(self.days.month[day]) if day < last else -1, paths] += amount
        else:
            months = np.where(when < last, self.days.month[np.minimum(when, last - 1)], -1)
            self.reclaimed[months, every] += amount

    def reclaim_daily(self, first: int, after: int, amount: Array) -> None:
        """Note import tax that is paid on each of some days and will come back.

        Args:
            first: the first of the days.
            after: the day after the last.
            amount: of one day, sales currency, shape (paths or 1,).
        """
        after = min(after, self.days.all)
        if self.paid_at_border is not None:
            self.paid_at_border[first:after] += amount
        if self.reclaimed is None:
            self.payments.between(first + self.later, after + self.later, amount, "vat", "sales")
            return
        while first < after:
            month = int(self.days.month[first])
            end = min(after, int(self.days.starts[month + 1]))
            self.reclaimed[month] += amount * (end - first)
            first = end

    def of_day(self, day: int) -> None:
        """Pay the tax of a day's orders by itself, where there are no periods and stock decides."""
        if self.months or self.at_once or day >= self.days.horizon:
            return
        month = int(self.days.month[day])
        share = self.served.of_day(day) / self.days.lengths[month]
        for stream, later in self.streams:
            self.payments.at(day + later + self.later, stream[month] * share, "vat", "sales")

    def end_of_period(self, day: int) -> None:
        """Pay the tax that is due on a day; does nothing on another one."""
        if day not in self.due:
            return
        first, last = self.due[day]
        start, after = int(self.days.starts[first]), int(self.days.starts[last + 1])
        assert self.reclaimed is not None
        paid = over_months(self.reclaimed[first : last + 1])[0]
        for stream, later in self.streams:
            paid = paid + self.served.earned(stream, start - later, after - later)
        self.payments.at(day, paid, "vat", "sales")
