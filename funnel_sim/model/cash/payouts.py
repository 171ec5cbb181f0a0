"""What the platform or the payment provider pays out: cycles, reserve, minimum, deductions."""

from collections.abc import Sequence

import numpy as np

from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.amounts import Amounts
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.cash.payments import Payments
from funnel_sim.model.cash.served import Served
from funnel_sim.model.cash.terms import Terms, Whole, anything, days_of, row
from funnel_sim.model.demand import PayoutsHeld

_HAIR = 1e-9
"""Of a month: rounding of the end of a hold that is no further day."""


class Payouts:
    """Pays out what is free at the end of each cycle.

    Free in a cycle: the sales of the orders whose wait ends in it, less refunds, chargebacks and
    (where they are withheld) ads of its days. A share of what is newly free is held back and
    released with the first cycle that ends late enough. What is below the minimum, or below zero,
    is carried to the next cycle. Paid out daily without reserve and minimum, each day is settled in
    either direction. A share of what would be paid is frozen at the ends of cycles that fall into a
    hold, and released with the first cycle that ends after it.
    """

    def __init__(
        self,
        days: CashDays,
        terms: Terms,
        amounts: Amounts,
        served: Served,
        payments: Payments,
        holds: Sequence[PayoutsHeld] = (),
    ):
        self.days, self.terms, self.amounts = days, terms, amounts
        self.served, self.payments = served, payments
        typed = terms.typed
        self.bank = typed.payout_bank_days
        self.waits = [days_of(row(terms.waits, m)) for m in range(days.months)]
        self.spans = [
            (w, w) if isinstance(w, int) else (int(w.min()), int(w.max())) for w in self.waits
        ]
        self.ads = typed.ads_billing == "withheld"
        self.ads_follow = anything(amounts.ads_of_orders)
        later = (amounts.refund, typed.refund_days), (amounts.chargeback, typed.chargeback_days)
        self.taken_off = [one for one in later if anything(one[0])]
        self.holds = bool(np.any(terms.reserve_rate > 0))
        self.direct = (
            typed.payout_cycle == "daily"
            and not self.holds
            and not np.any(terms.payout_minimum > 0)
            and not holds
        )
        self.freezes, self.frozen = tuple(holds), np.zeros(payments.paths)
        self.ends = [] if self.direct else days.cycle_ends(typed.payout_cycle)
        self.closing = -1  # the cycle that settles all, where days after the horizon are looked at
        if payments.by_day:
            self.ends = [end for end in self.ends if end + self.bank < days.all]
            self.closing = len(self.ends) - 1
        self.cycle_of = {end: place for place, end in enumerate(self.ends)}
        self.carried: Array | float = 0.0
        paths = payments.paths
        self.released = np.zeros((len(self.ends) + 1, paths)) if self.holds else None
        self.held = np.zeros((days.all + 1, paths)) if self.holds and payments.by_day else None
        self.at_once = self.direct and served.full and all(isinstance(w, int) for w in self.waits)
        if self.at_once:
            self._all_at_once()

    def _all_at_once(self) -> None:
        """Pay a plan in which each day of a month brings the same and is settled for itself."""
        typed, days = self.terms.typed, self.days
        for month in range(days.months):
            wait = self.waits[month]
            assert isinstance(wait, int)
            streams = [
                (self.amounts.sale, wait),
                (self.amounts.refund, typed.refund_days),
                (self.amounts.chargeback, typed.chargeback_days),
            ]
            if self.ads:
                streams.append((-(self.amounts.ads + self.amounts.ads_of_orders), 0))
            for stream, later in streams:
                first = int(days.starts[month]) + later + self.bank
                daily = stream[month] / days.lengths[month]
                self.payments.between(first, first + days.lengths[month], daily, "payout", "sales")

    def of_day(self, day: int) -> None:
        """Settle what a day's orders bring, each part on its own day; for daily payouts that were
        not paid all at once.
        """
        typed, days = self.terms.typed, self.days
        if not self.direct or self.at_once or day >= days.horizon:
            return
        month = int(days.month[day])
        share = self.served.of_day(day) / days.lengths[month]
        for amount, later in (
            (self.amounts.sale[month] * share, self.waits[month]),
            (self.amounts.refund[month] * share, typed.refund_days),
            (self.amounts.chargeback[month] * share, typed.chargeback_days),
        ):
            self.payments.at(day + later + self.bank, amount, "payout", "sales")
        if self.ads:
            self.payments.at(day + self.bank, -self._ads(day, day + 1), "payout", "sales")

    def _ads(self, first: int, after: int) -> Array | float:
        """Return the ad spend of some days."""
        first, after = max(0, first), min(after, self.days.horizon)
        out: Array | float = 0.0
        if self.ads_follow:
            out = self.served.earned(self.amounts.ads_of_orders, first, after)
        while first < after:
            month = int(self.days.month[first])
            end = min(after, int(self.days.starts[month + 1]))
            out = out + self.amounts.ads[month] / self.days.lengths[month] * (end - first)
            first = end
        return out

    def free(self, before: int, end: int) -> Array | float:
        """Return what becomes free in a cycle.

        Args:
            before: the last day of the cycle before.
            end: the last day of this one.

        Returns:
            Sales currency, shape (paths,); below zero where more is taken off than comes.
        """
        out = self._sales(before, end)
        for stream, later in self.taken_off:
            out = out + self.served.earned(stream, before + 1 - later, end + 1 - later)
        return out - self._ads(before + 1, end + 1) if self.ads else out

    def _sales(self, before: int, end: int) -> Array | float:
        out: Array | float = 0.0
        for month in range(self.days.months):
            start, after = int(self.days.starts[month]), int(self.days.starts[month + 1])
            least, most = self.spans[month]
            if end + 1 - least <= start or before + 1 - most >= after:
                continue
            wait = self.waits[month]
            first: Whole
            last: Whole
            if isinstance(wait, int):
                first = min(max(before + 1 - wait, start), after)
                last = min(max(end + 1 - wait, start), after)
            else:
                first = np.clip(before + 1 - wait, start, after)
                last = np.clip(end + 1 - wait, start, after)
            worth = self.served.between(first, last)
            out = out + self.amounts.sale[month] / self.days.lengths[month] * worth
        return out

    def end_of_cycle(self, day: int) -> None:
        """Pay out at the end of a cycle; does nothing on another day."""
        place = self.cycle_of.get(day)
        if place is None:
            return
        free = self.free(self.ends[place - 1] if place else -1, day)
        waiting = self.carried + free
        if self.released is not None:
            waiting = waiting + self._reserve(day, place, free)
        stopped = self._held(day) if self.freezes else None
        if stopped is not None:
            waiting = waiting + np.where(stopped > 0, 0.0, self.frozen)
            self.frozen = np.where(stopped > 0, self.frozen, 0.0)
        month = int(self.days.month[day])
        least = row(self.terms.payout_minimum, month)
        paid = (
            waiting
            if place == self.closing
            else np.where(waiting >= least, np.maximum(waiting, 0.0), 0.0)
        )
        self.carried = waiting - paid
        if stopped is not None:
            self.frozen = self.frozen + paid * stopped
            paid = paid * (1.0 - stopped)
        self.payments.at(day + self.bank, paid, "payout", "sales")

    def _held(self, day: int) -> Array:
        """Return the share of a day's payout that is frozen [1], shape (paths,)."""
        month = int(self.days.month[day])
        free = np.ones(self.payments.paths)
        if month < self.days.months:
            gone = (day - int(self.days.starts[month])) / self.days.lengths[month]
            for one in self.freezes:
                free = free * (1.0 - one.share * (row(one.covered, month) > gone + _HAIR))
        return 1.0 - free

    def _reserve(self, day: int, place: int, free: Array | float) -> Array:
        """Hold a share of what is newly free back; return what is released less what is held."""
        assert self.released is not None
        month = int(self.days.month[day])
        kept = row(self.terms.reserve_rate, month) * np.maximum(free, 0.0)
        until = day + days_of(row(self.terms.reserve_days, month))
        at = np.searchsorted(self.ends, until)
        if isinstance(until, int):
            self.released[int(at)] += kept
        else:
            self.released[at, np.arange(self.payments.paths)] += kept
        back = self.released[place]
        if self.held is not None:
            self.held[day] += kept - back
        return np.asarray(back - kept)
