"""Goods ordered ahead of the sales that are expected: the reorder rule, and what an order costs
when (ADR 0069).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.amounts import Amounts
from funnel_sim.model.cash.day_rows import DayRows
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.cash.forecast import Forecast
from funnel_sim.model.cash.payments import Currency, Payments
from funnel_sim.model.cash.served import Served
from funnel_sim.model.cash.taxes import Taxes
from funnel_sim.model.cash.terms import (
    Paths,
    Terms,
    Whole,
    anything,
    by_day_of_month,
    days_of,
    of_paths,
    row,
)
from funnel_sim.reference.cash_settings import cash_settings

_HAIR = 1e-6
"""Of a unit or a carton: rounding that is no need of a further one."""


@dataclass
class _Waiting:
    """An order whose goods leave when their balance can be paid: the day it was placed, on which
    `paths`, and for each of these its units, the day they are ready (the earliest first), and what
    is due in the cost currency. The first `upto` have been ready; of these those at the places
    `stuck` have not left.
    """

    day: int
    paths: NDArray[np.intp]
    units: Array
    ready: NDArray[np.intp]
    due: Array
    stuck: NDArray[np.intp]
    upto: int = 0

    @classmethod
    def of(
        cls, day: int, paths: NDArray[np.intp], units: Array, ready: Whole, due: Array
    ) -> "_Waiting":
        """Return an order of a day.

        Args:
            day: on which it is placed.
            paths: on which paths.
            units: of each of them.
            ready: the day on which its goods are ready, one for all of them or one for each.
            due: what is due then on each of them [cost currency].
        """
        none = np.empty(0, dtype=np.intp)
        if isinstance(ready, int):
            return cls(day, paths, units, np.full(paths.size, ready, dtype=np.intp), due, none)
        by_day = np.argsort(ready, kind="stable")
        return cls(day, paths[by_day], units[by_day], ready[by_day], due[by_day], none)

    def at_hand(self, day: int) -> NDArray[np.intp]:
        """Return the places of the goods that are ready on a day and have not left; days come one
        after the other.
        """
        before, self.upto = self.upto, int(np.searchsorted(self.ready, day, side="right"))
        if before == self.upto:
            return self.stuck
        return np.concatenate([self.stuck, np.arange(before, self.upto)])

    @property
    def gone(self) -> bool:
        """Whether the goods of all paths have left."""
        return self.upto == self.paths.size and not self.stuck.size


@dataclass
class GoodsRecord:
    """What the bridge needs of the goods, by day, shape (days + 1, paths): `recognised` what
    arrived on the shelf at its own cost, by currency; `way` changes of what is paid for goods that
    have not arrived, by currency.
    """

    recognised: dict[Currency, Array]
    way: dict[Currency, Array]


@dataclass(frozen=True)
class GoodsOrder:
    """An order of goods on the one path of the likely values: the day it is placed, its units, what
    is paid for it as (kind of `run.KINDS`, day, amount [currency of the balance]), and the day from
    which the goods can be sold, None while they wait for cash.
    """

    day: int
    units: float
    paid: tuple[tuple[str, int, float], ...]
    shelf: int | None = None


class Goods:
    """Stock, what is on order, and the orders of goods of each path."""

    def __init__(
        self,
        days: CashDays,
        terms: Terms,
        amounts: Amounts,
        served: Served,
        payments: Payments,
        taxes: Taxes,
        forecast: Forecast,
    ):
        self.days, self.terms, self.amounts, self.served = days, terms, amounts, served
        self.payments, self.taxes, self.forecast = payments, taxes, forecast
        paths = payments.paths
        self.back = int(cash_settings("ordering")["forecast_days"])
        self.every = np.arange(paths)
        self.stock = np.zeros(paths) + self._opening()
        self.opening_units = self.stock + row(terms.opening_coming, 0)
        self.arriving = DayRows(payments.room.of("arriving", days.all + 1, paths))
        coming = np.zeros(paths) + row(terms.opening_coming, 0)
        if coming.any():
            self.arriving.add(min(terms.typed.opening_coming_days, days.all), coming)
        self.on_order = coming
        self._now = np.empty(paths)  # of the day at hand
        self.waiting: list[_Waiting] = []
        typed = terms.typed
        self.gated = (
            typed.orders_need_cash and typed.balance_due == "shipment" and not typed.balance_days
        )
        self.more_at_once = typed.orders_need_cash and (
            not typed.freight_due_days or bool(np.any(terms.transit_days == 0))
        )  # goods that leave may have more due on that day than their balance at shipment
        self.record = GoodsRecord({}, {})
        self.orders: dict[int, GoodsOrder] | None = {} if payments.by_day and paths == 1 else None
        self._shipped = np.concatenate(
            [np.zeros((1, paths)), np.cumsum(amounts.units, axis=0)]
        )  # before each month; one month after the other
        self.demanded = amounts.units / np.asarray(days.lengths[: days.months])[:, None]
        self.credit = bool(np.any(terms.credit_limit))
        self.idle = not (self.demanded > 0).all()  # some month sells nothing
        self.returns = bool(np.any(amounts.recovered))
        self.returned = amounts.recovered / np.asarray(days.lengths[: days.months])[:, None]

    def _opening(self) -> Array | float:
        """Return the stock of the first day: as typed, else what the plan needs until an order of
        that day arrives, with the safety stock.
        """
        if self.terms.opening_stock is not None:
            return row(self.terms.opening_stock, 0)
        return self.forecast.needed_in(0, self.terms.lead_planned + self.terms.typed.safety_days)

    # ---- a day
    # -----------------------------------------------------------------------------------

    def morning(self, day: int, balance: Array) -> None:
        """Send what can be paid, order, and take in what arrives.

        Args:
            day: which day.
            balance: that of the evening before, in its currency, shape (paths,).
        """
        # what is sent back on the day of its sale is there the next morning
        sold_on = day - max(1, self.terms.typed.refund_days)
        if 0 <= sold_on < self.days.horizon and self.returns:
            month = int(self.days.month[sold_on])
            np.multiply(self.returned[month], self.served.of_day(sold_on), out=self._now)
            self.stock += self._now
        limit = self._credit(day) if self.terms.typed.orders_need_cash else 0.0
        if self.waiting:
            balance = self._send(day, balance, limit)
        if day < self.days.horizon and self._reviews(day):
            units = self._wanted(day)
            if self.terms.typed.orders_need_cash:
                now = self._due_at_order(day)
                units = self._affordable(day, units, balance + limit, now)
                balance = balance - units * now
            if units.any():
                self._order(day, units)
                if self.waiting:
                    self._send(day, balance, limit)
        if self.arriving.there[day]:
            came = self.arriving.amounts[day]
            self.stock += came
            self.on_order = self.on_order - came

    def sell(self, day: int) -> Array:
        """Return the share of a day's orders that the stock serves [1], shape (paths,), until the
        next day; the units leave the stock.
        """
        asked = self.demanded[int(self.days.month[day])]
        sold: Array = np.minimum(self.stock, asked, out=self._now)
        self.stock -= sold
        if not self.idle:
            np.divide(sold, asked, out=sold)
            return sold
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(asked > 0, sold / asked, 1.0)

    # ---- how much
    # --------------------------------------------------------------------------------

    def _reviews(self, day: int) -> bool:
        typed = self.terms.typed
        return typed.stocking == "reorder_point" or day % typed.order_every_days == 0

    def _against_plan(self, day: int) -> Array | float:
        """Return what the path was asked for in the last days, over what the plan foresaw."""
        first = max(0, day - self.back)
        foreseen = float(self.forecast.shipped_until[day] - self.forecast.shipped_until[first])
        if foreseen <= 0:
            return 1.0
        return (self._asked_until(day) - self._asked_until(first)) / foreseen

    def _asked_until(self, day: int) -> Array:
        month = int(self.days.month[day])
        return np.asarray(
            self._shipped[month] + self.demanded[month] * (day - int(self.days.starts[month]))
        )

    def _wanted(self, day: int) -> Array:
        """Return the units to order by the rule, before cash is looked at."""
        typed, lead = self.terms.typed, self.terms.lead_planned
        ratio = self._against_plan(day)
        position = self.stock + self.on_order
        if typed.stocking == "periodic":
            ahead = lead + typed.order_every_days + typed.safety_days
            missing = ratio * self.forecast.needed_in(day, ahead) - position
        else:
            level = ratio * self.forecast.needed_in(day, lead + typed.safety_days)
            ahead = lead + typed.safety_days + typed.cover_days
            missing = np.where(
                position <= level + _HAIR,
                ratio * self.forecast.needed_in(day, ahead) - position,
                0.0,
            )
        carton = self._carton()
        least = np.maximum(missing, row(self.terms.minimum_order, 0))
        return np.where(missing > _HAIR, np.ceil(least / carton - _HAIR) * carton, 0.0)

    def _carton(self) -> Array:
        return np.maximum(1.0, row(self.terms.carton, 0))

    def _credit(self, day: int) -> Array | float:
        if not self.credit:
            return 0.0
        month = int(self.days.month[day])
        worth = self.amounts.home_worth(self.payments.kept, month)
        return np.asarray(row(self.terms.credit_limit, 0) * worth)

    def _affordable(self, day: int, units: Array, cash: Array, now: Array) -> Array:
        """Return the units of which cash and credit can pay what is due at once, `now` a unit, in
        whole cartons; none where that is less than the smallest order.
        """
        carton = self._carton()
        with np.errstate(divide="ignore", invalid="ignore"):
            most = np.floor(np.maximum(cash, 0.0) / now / carton + _HAIR) * carton
        kept = np.where(now > 0, np.minimum(units, most), units)
        return np.where(kept >= row(self.terms.minimum_order, 0), kept, 0.0)

    def _due_at_order(self, day: int) -> Array:
        """Return what a unit that is ordered on a day makes due on that day and what cannot wait,
        in the currency of the balance: the deposit; where its goods leave on it unasked, also what
        they have due then.
        """
        month = int(self.days.month[day])
        price = row(self.amounts.purchase_home, month)
        now = price * row(self.terms.deposit_rate, 0) * self.payments.rate("home", month)
        if self.gated or not self.more_at_once:
            return now
        typed, more = self.terms.typed, self._more_at_once(day, day, slice(None))
        if typed.balance_due == "arrival" and not typed.balance_days:
            rest = self._rest(day) * self.payments.rate("home", month)
            more = more + np.where(row(self.terms.transit_days, month) == 0, rest, 0.0)
        return now + np.where(row(self.terms.production_days, month) == 0, more, 0.0)

    def _more_at_once(self, ordered: int, day: int, paths: Paths) -> Array:
        """Return what a unit of an order has due on the day on which it leaves, besides what is
        left of its price, in the currency of the balance: freight, duty and import tax, where they
        are due on that day.
        """
        month, typed = int(self.days.month[day]), self.terms.typed
        due = np.zeros(1)
        if not typed.freight_due_days:
            freight = self._cost(self.amounts.freight_home, day, paths)
            due = due + freight * of_paths(self.payments.rate("home", month), paths)
        if not typed.border_due_days:
            border = self._cost(self.amounts.border, day, paths)
            border = border * of_paths(self.payments.rate("sales", month), paths)
            days = row(self.terms.transit_days, int(self.days.month[ordered]))
            due = due + np.where(of_paths(days, paths) == 0, border, 0.0)
        return due

    # ---- what it costs when
    # ----------------------------------------------------------------------

    def _order(self, day: int, units: Array) -> None:
        month = int(self.days.month[day])
        self.on_order = self.on_order + units
        paths = np.flatnonzero(units)
        some: Paths = slice(None) if paths.size == units.size else paths
        units = units[some]
        price = of_paths(row(self.amounts.purchase_home, month), some)
        deposit = units * price * of_paths(row(self.terms.deposit_rate, 0), some)
        self._pay(day, deposit, "deposit", "home", some)
        if self.orders is not None:
            paid = self._paid("deposit", day, deposit, "home")
            self.orders[day] = GoodsOrder(day, float(units[0]), paid)
        ready = day + days_of(of_paths(row(self.terms.production_days, month), some))
        if self.gated:
            due = units * of_paths(self._rest(day), some)
            self.waiting.append(_Waiting.of(day, paths, units, ready, due))
        else:
            self._ship(day, units, ready, some)

    def _rest(self, day: int) -> Array:
        """Return what is still to be paid for a unit that was ordered on a day: the rest of its
        price, and packaging.
        """
        month = int(self.days.month[day])
        return np.asarray(
            row(self.amounts.purchase_home, month) * (1.0 - row(self.terms.deposit_rate, 0))
            + row(self.amounts.packing_home, month)
        )

    def _send(self, day: int, balance: Array, limit: Array | float) -> Array:
        """Ship the orders whose goods are ready and of which what is then due can be paid, the
        oldest first; return what is left of the balance.
        """
        rate, own = self.payments.rate("home", int(self.days.month[day])), False
        for one in self.waiting:
            at = one.at_hand(day)
            if not at.size:
                continue
            paths = one.paths[at]
            due = one.due[at] * of_paths(rate, paths)
            if self.more_at_once:
                due = due + one.units[at] * self._more_at_once(one.day, day, paths)
            there = np.maximum(balance[paths] + of_paths(np.asarray(limit), paths), 0.0)
            goes = due <= there + _HAIR
            one.stuck = at[~goes]
            if goes.any():
                at, paths, due = at[goes], paths[goes], due[goes]
                self._ship(one.day, one.units[at], day, paths)
                if not own:  # the balance of the evening is not ours to change
                    balance, own = balance.copy(), True
                balance[paths] -= due
        self.waiting = [one for one in self.waiting if not one.gone]
        return balance

    def _ship(self, ordered: int, units: Array, leaves: Whole, paths: Paths) -> None:
        """Pay what is left of an order on its days, and let its units arrive.

        Args:
            ordered: the day it was placed.
            units: of the paths named, shape (paths named,).
            leaves: the day of shipment, one for all or one for each.
            paths: which paths it is about.
        """
        typed, amounts = self.terms.typed, self.amounts
        month = int(self.days.month[ordered])
        arrives = leaves + days_of(of_paths(row(self.terms.transit_days, month), paths))
        shelf = arrives + typed.receiving_days
        rest_day = (leaves if typed.balance_due == "shipment" else arrives) + typed.balance_days
        border_day = arrives + typed.border_due_days
        rest = units * of_paths(self._rest(ordered), paths)
        freight = units * self._cost(amounts.freight_home, leaves, paths)
        border = units * self._cost(amounts.border, arrives, paths)
        back = units * self._cost(amounts.reclaimed, arrives, paths)
        self._pay(rest_day, rest, "goods", "home", paths, shelf)
        self._pay(leaves + typed.freight_due_days, freight, "freight", "home", paths, shelf)
        self._pay(border_day, border, "border", "sales", paths, shelf, back)
        if np.any(back):
            self.taxes.reclaim(border_day, back, paths)
        if self.orders is not None:
            now = self.orders[ordered]
            parts = (
                *self._paid("goods", rest_day, rest, "home"),
                *self._paid("freight", leaves + typed.freight_due_days, freight, "home"),
                *self._paid("border", border_day, border, "sales"),
            )
            self.orders[ordered] = replace(now, paid=(*now.paid, *parts), shelf=_only(shelf))
        last = self.days.all
        self.arriving.add(
            min(shelf, last) if isinstance(shelf, int) else np.minimum(shelf, last), units, paths
        )
        if self.payments.by_day:
            price = of_paths(row(amounts.purchase_home, month), paths)
            deposit = units * price * of_paths(row(self.terms.deposit_rate, 0), paths)
            self._add(self._of(self.record.way, "home"), shelf, -deposit, paths)
            arrived = self.record.recognised
            self._add(self._of(arrived, "home"), shelf, deposit + rest + freight, paths)
            self._add(self._of(arrived, "sales"), shelf, border - back, paths)

    def _paid(
        self, kind: str, day: Whole, amount: Array, currency: Currency
    ) -> tuple[tuple[str, int, float], ...]:
        """Return what an order of the one path is paid on a day, in the currency of the balance;
        nothing where it is nothing.
        """
        when = _only(day)
        month = int(self.days.month[min(when, self.days.all - 1)])
        value = float((amount * self.payments.rate(currency, month))[0])
        return ((kind, when, value),) if value else ()

    def _cost(self, monthly: Array, day: Whole, paths: Paths) -> Array:
        if isinstance(day, int) or monthly.shape[0] == 1:
            month = int(self.days.month[min(day, self.days.all - 1)]) if isinstance(day, int) else 0
            return of_paths(row(monthly, month), paths)
        every = self.every if isinstance(paths, slice) else paths
        return by_day_of_month(monthly, self.days, day, every)

    def _pay(
        self,
        day: Whole,
        amount: Array,
        kind: str,
        currency: Currency,
        paths: Paths,
        shelf: Whole | None = None,
        reclaimed: Array | float = 0.0,
    ) -> None:
        """Pay for goods; what is paid before they arrive is on the way until then."""
        if not anything(amount):
            return
        self.payments.at(day, -amount, kind, currency, paths)
        if not self.payments.by_day:
            return
        way, cost = self._of(self.record.way, currency), amount - reclaimed
        if shelf is None:
            self._add(way, day, cost, paths)
            return
        early = np.where(np.asarray(day) < np.asarray(shelf), cost, 0.0)
        self._add(way, day, early, paths)
        self._add(way, shelf, -early, paths)

    def _of(self, kept: dict[Currency, Array], currency: Currency) -> Array:
        if currency not in kept:
            kept[currency] = np.zeros((self.days.all + 1, self.payments.paths))
        return kept[currency]

    def _add(self, into: Array, day: Whole, amount: Array, paths: Paths) -> None:
        if isinstance(day, int):
            into[min(day, self.days.all), paths] += amount
        else:
            every = self.every if isinstance(paths, slice) else paths
            into[np.minimum(day, self.days.all), every] += amount


def _only(day: Whole) -> int:
    """Return the day of the one path."""
    return day if isinstance(day, int) else int(day[0])
