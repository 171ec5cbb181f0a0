"""Goods ordered ahead of the sales that are expected: the reorder rule, and what an order costs
when (ADR 0069).
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.amounts import Amounts
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.cash.forecast import Forecast
from funnel_sim.model.cash.payments import Currency, Payments
from funnel_sim.model.cash.served import Served
from funnel_sim.model.cash.taxes import Taxes
from funnel_sim.model.cash.terms import Terms, Whole, by_day_of_month, days_of, row
from funnel_sim.reference.cash_settings import cash_settings

_HAIR = 1e-6
"""Of a unit or a carton: rounding that is no need of a further one."""


@dataclass
class _Waiting:
    """An order whose goods leave when their balance can be paid: the day it was placed, on which
    `paths`, and for each of these its units, the day they are ready, and what is due in the cost
    currency.
    """

    day: int
    paths: NDArray[np.intp]
    units: Array
    ready: Whole
    due: Array

    def without(self, gone: NDArray[np.bool_]) -> None:
        """Leave out the paths on which the goods left."""
        stays = ~gone
        self.paths, self.units, self.due = self.paths[stays], self.units[stays], self.due[stays]
        if not isinstance(self.ready, int):
            self.ready = self.ready[stays]


@dataclass
class GoodsRecord:
    """What the bridge needs of the goods, by day, shape (days + 1, paths): `recognised` what
    arrived on the shelf at its own cost, by currency; `way` changes of what is paid for goods that
    have not arrived, by currency.
    """

    recognised: dict[Currency, Array]
    way: dict[Currency, Array]


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
        self.arriving = np.zeros((days.all + 1, paths))
        coming = np.zeros(paths) + row(terms.opening_coming, 0)
        self.arriving[min(terms.typed.opening_coming_days, days.all)] += coming
        self.on_order = coming
        self.waiting: list[_Waiting] = []
        typed = terms.typed
        self.gated = (
            typed.orders_need_cash and typed.balance_due == "shipment" and not typed.balance_days
        )
        self.record = GoodsRecord({}, {})
        self._shipped = np.concatenate(
            [np.zeros((1, paths)), np.cumsum(amounts.units, axis=0)]
        )  # before each month; one month after the other
        self.demanded = amounts.units / np.asarray(days.lengths[: days.months])[:, None]
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
            balance: that of the evening before, in its currency.
        """
        # what is sent back on the day of its sale is there the next morning
        sold_on = day - max(1, self.terms.typed.refund_days)
        if 0 <= sold_on < self.days.horizon and self.returned.any():
            month = int(self.days.month[sold_on])
            self.stock = self.stock + self.returned[month] * self.served.of_day(sold_on)
        limit = self._credit(day)
        if self.waiting:
            balance = self._send(day, balance, limit)
        if day < self.days.horizon and self._reviews(day):
            units = self._wanted(day)
            if self.terms.typed.orders_need_cash:
                units = self._affordable(day, units, balance + limit)
            if units.any():
                self._order(day, units)
                if self.waiting:
                    self._send(day, balance, limit)
        came = self.arriving[day]
        self.stock = self.stock + came
        self.on_order = self.on_order - came

    def sell(self, day: int) -> Array:
        """Return the share of a day's orders that the stock serves, and take it off the stock."""
        asked = self.demanded[int(self.days.month[day])]
        sold = np.minimum(self.stock, asked)
        self.stock = self.stock - sold
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

    def _credit(self, day: int) -> Array:
        month = int(self.days.month[day])
        return row(self.terms.credit_limit, 0) * self.payments.rate("home", month)

    def _affordable(self, day: int, units: Array, cash: Array) -> Array:
        """Return the units whose deposit cash and credit can pay, in whole cartons; none where that
        is less than the smallest order.
        """
        month, carton = int(self.days.month[day]), self._carton()
        deposit = (
            row(self.amounts.purchase_home, month)
            * row(self.terms.deposit_rate, 0)
            * self.payments.rate("home", month)
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            most = np.floor(np.maximum(cash, 0.0) / deposit / carton + _HAIR) * carton
        kept = np.where(deposit > 0, np.minimum(units, most), units)
        return np.where(kept >= row(self.terms.minimum_order, 0), kept, 0.0)

    # ---- what it costs when
    # ----------------------------------------------------------------------

    def _order(self, day: int, units: Array) -> None:
        month = int(self.days.month[day])
        self.on_order = self.on_order + units
        price = row(self.amounts.purchase_home, month)
        self._pay(day, units * price * row(self.terms.deposit_rate, 0), "deposit", "home")
        ready = day + days_of(row(self.terms.production_days, month))
        if self.gated:
            at = np.flatnonzero(units)
            due = (units * self._rest(day))[at]
            when = ready if isinstance(ready, int) else ready[at]
            self.waiting.append(_Waiting(day, at, units[at], when, due))
        else:
            self._ship(day, units, ready)

    def _rest(self, day: int) -> Array:
        """Return what is still to be paid for a unit that was ordered on a day: the rest of its
        price, and packaging.
        """
        month = int(self.days.month[day])
        return np.asarray(
            row(self.amounts.purchase_home, month) * (1.0 - row(self.terms.deposit_rate, 0))
            + row(self.amounts.packing_home, month)
        )

    def _send(self, day: int, balance: Array, limit: Array) -> Array:
        """Ship the orders whose goods are ready and whose balance can be paid, the oldest first."""
        rate = self.payments.rate("home", int(self.days.month[day]))
        for one in self.waiting:
            if isinstance(one.ready, int) and one.ready > day:
                continue
            due = one.due * (rate if rate.size == 1 else rate[one.paths])
            there = np.maximum(balance + limit, 0.0)[one.paths]
            goes = (one.ready <= day) & (due <= there + _HAIR)
            if goes.any():
                units, paid = np.zeros((2, self.payments.paths))
                units[one.paths[goes]], paid[one.paths[goes]] = one.units[goes], due[goes]
                self._ship(one.day, units, day)
                balance = balance - paid
                one.without(goes)
        self.waiting = [one for one in self.waiting if one.paths.size]
        return balance

    def _ship(self, ordered: int, units: Array, leaves: Whole) -> None:
        """Pay what is left of an order on its days, and let its units arrive."""
        typed, amounts, days = self.terms.typed, self.amounts, self.days
        month = int(days.month[ordered])
        arrives = leaves + days_of(row(self.terms.transit_days, month))
        shelf = arrives + typed.receiving_days
        rest_day = (leaves if typed.balance_due == "shipment" else arrives) + typed.balance_days
        border_day = arrives + typed.border_due_days
        parts: list[tuple[str, Whole, Array, Currency]] = [
            ("goods", rest_day, units * self._rest(ordered), "home"),
            (
                "freight",
                leaves + typed.freight_due_days,
                units * self._cost(amounts.freight_home, leaves),
                "home",
            ),
            ("border", border_day, units * self._cost(amounts.border, arrives), "sales"),
        ]
        back = units * self._cost(amounts.reclaimed, arrives)
        for kind, when, amount, currency in parts:
            self._pay(when, amount, kind, currency, shelf, back if kind == "border" else 0.0)
        if np.any(back):
            self.taxes.reclaim(border_day, back)
        self._add(self.arriving, shelf, units)
        if self.payments.by_day:
            deposit = row(amounts.purchase_home, month) * row(self.terms.deposit_rate, 0)
            self._add(self._of(self.record.way, "home"), shelf, -units * deposit)
            self._add(
                self._of(self.record.recognised, "home"),
                shelf,
                units * deposit + parts[0][2] + parts[1][2],
            )
            self._add(self._of(self.record.recognised, "sales"), shelf, parts[2][2] - back)

    def _cost(self, monthly: Array, day: Whole) -> Array:
        if isinstance(day, int):
            return row(monthly, int(self.days.month[min(day, self.days.all - 1)]))
        return by_day_of_month(monthly, self.days, day)

    def _pay(
        self,
        day: Whole,
        amount: Array,
        kind: str,
        currency: Currency,
        shelf: Whole | None = None,
        reclaimed: Array | float = 0.0,
    ) -> None:
        """Pay for goods; what is paid before they arrive is on the way until then."""
        self.payments.at(day, -amount, kind, currency)
        if not self.payments.by_day:
            return
        way, cost = self._of(self.record.way, currency), amount - reclaimed
        if shelf is None:
            self._add(way, day, cost)
            return
        early = np.where(np.asarray(day) < np.asarray(shelf), cost, 0.0)
        self._add(way, day, early)
        self._add(way, shelf, -early)

    def _of(self, kept: dict[Currency, Array], currency: Currency) -> Array:
        if currency not in kept:
            kept[currency] = np.zeros((self.days.all + 1, self.payments.paths))
        return kept[currency]

    def _add(self, into: Array, day: Whole, amount: Array) -> None:
        when = np.minimum(day, self.days.all)
        if isinstance(day, int):
            into[cast("int", when)] += amount
        else:
            into[when, self.every] += amount
