"""When ads are paid: as the ad account is billed."""

import numpy as np

from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.amounts import Amounts
from funnel_sim.model.cash.cents import HALF_A_CENT
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.cash.payments import Payments
from funnel_sim.model.cash.served import Served
from funnel_sim.model.cash.terms import Terms, row


class Ads:
    """Pays the spend of each day: a budget goes on where stock is out, ads typed per order or as a
    share of sales go with the orders.
    """

    def __init__(
        self, days: CashDays, terms: Terms, amounts: Amounts, served: Served, payments: Payments
    ):
        self.days, self.terms, self.amounts = days, terms, amounts
        self.served, self.payments = served, payments
        self.billing = terms.typed.ads_billing
        self.ahead = terms.typed.ads_prepaid_days if self.billing == "prepaid" else 0
        self.open: Array | float = 0.0
        self.follows = not served.full and bool(np.any(amounts.ads_of_orders))
        if self.billing in ("as_spent", "prepaid"):
            for month in range(days.months):
                start, length = int(days.starts[month]), days.lengths[month]
                daily = -(amounts.ads[month] + amounts.ads_of_orders[month]) / length
                first = max(0, start - self.ahead)
                after = max(0, start + length - self.ahead)
                payments.between(first, after, daily, "ads", "sales")
                before = length - (after - first)  # days whose money is in the account on day 1
                if before:
                    payments.at(0, daily * before, "ads", "sales")

    def spent(self, day: int) -> Array:
        """Return the spend of a day of the horizon, sales currency, shape (paths,)."""
        month = int(self.days.month[day])
        of_orders = self.amounts.ads_of_orders[month] * self.served.of_day(day)
        return np.asarray((self.amounts.ads[month] + of_orders) / self.days.lengths[month])

    def of_day(self, day: int) -> None:
        """Pay what is billed on a day."""
        if day >= self.days.horizon:
            return
        month = int(self.days.month[day])
        if self.billing in ("as_spent", "prepaid"):
            if self.follows:  # what was not spent on lost orders stays, and less is paid in
                left = (1.0 - self.served.of_day(day)) / self.days.lengths[month]
                left = left * self.amounts.ads_of_orders[month]
                self.payments.at(day, left, "ads", "sales")
        elif self.billing == "threshold":
            self.open = self.open + self.spent(day)
            last = day == self.days.starts[month + 1] - 1
            limit = row(self.terms.ads_threshold, month)
            met = self.open >= limit - HALF_A_CENT
            billed = self.open if last else np.where(met, self.open, 0.0)
            self.open = self.open - billed
            self.payments.at(day, -billed, "ads", "sales")

    def end_of_month(self, month: int, day: int) -> None:
        """Bill a month, where ads are billed monthly.

        Args:
            month: which one, counted from 0.
            day: its last day.
        """
        if self.billing == "monthly":
            of_orders = self.amounts.ads_of_orders[month] * self.served.of_month(month)
            due = day + self.terms.typed.ads_due_days
            self.payments.at(due, -(self.amounts.ads[month] + of_orders), "ads", "sales")
