"""The daily loop: from what is earned in each month to the balance of each day (ADR 0068)."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.ads import Ads
from funnel_sim.model.cash.amounts import CASH_WANTED, Amounts, amounts_of
from funnel_sim.model.cash.bridge import Books, bridge_rows
from funnel_sim.model.cash.cents import HALF_A_CENT, short
from funnel_sim.model.cash.day_rows import DayRows, Room
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.cash.forecast import Forecast, forecast_of
from funnel_sim.model.cash.goods import Goods, GoodsOrder
from funnel_sim.model.cash.payments import Currency, Payments
from funnel_sim.model.cash.payouts import Payouts
from funnel_sim.model.cash.served import Served
from funnel_sim.model.cash.taxes import Taxes
from funnel_sim.model.cash.terms import Terms, row, terms_of
from funnel_sim.model.demand import PayoutsHeld
from funnel_sim.model.economics import book_of
from funnel_sim.model.keys import Book
from funnel_sim.model.values import Values
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario

DAYS_A_YEAR = 365
WEEK = 7

KINDS: tuple[str, ...] = (
    "payout",
    "fulfilment",
    "deposit",
    "goods",
    "freight",
    "border",
    "ads",
    "operator",
    "fixed",
    "vat",
    "extra",
    "opening",
    "draw",
    "interest",
    "hedging",
)
"""Kinds of cash flow: money from the platform or payment provider (less what it withholds);
invoiced fulfilment; deposits; the rest of the purchase price with packaging; freight; duty, entry
fees and import tax; ads; the agency; fixed costs; tax paid or coming back; what a caller adds
(`Extra`); what was open on the first day; the owner's draw; interest; what hedging costs."""


@dataclass(frozen=True)
class Extra:
    """Amounts that come on top of the scenario's own, such as the fees of a quote.

    `amounts` by month, shape (months, paths) or (months, 1): above zero comes in, below goes out.
    `days`: how many days after the end of the month (below zero: before it) each is paid.
    `currency`: that of the amounts.
    """

    amounts: Array
    days: int = 0
    currency: Currency = "sales"


@dataclass(frozen=True)
class CashRun:
    """What cash does on each path; money in the currency in which the balance is kept.

    `daily`: balance of every day of the horizon, shape (days, paths); it does not hold the unused
    credit line. `month_end`: that of the last day of each month, shape (months, paths). `weekly`:
    that of every seventh day (`week_days`), shape (weeks, paths).
    `lowest`: the lowest balance of any day, `lowest_day`: the first day of it, counted from 0, both
    (paths,). `month_low`: the lowest of each month, `below_zero`: whether it is below zero, both
    (months, paths). `served`: share of the month's orders that could be served [1],
    `lost_orders`: those that could not, `profit`: profit of the month with the orders that were
    lost taken out, `profit_full` the same without a stock-out, `stock_units`: units that can be
    sold at the end of the month, `interest`: paid in the month; all (months, paths). `flows`:
    what was paid in each month by kind (`KINDS`), above zero coming in, (months, paths).
    `opening_stock`: what the units of the first morning cost, `opening_units` how many they are, at
    hand and on the way, `sales`: what shoppers ask for over the plan, with what is lost, paid out
    for it in the sales currency, all (paths,). Where days were asked for,
    else None: `balance` of every day, also after the horizon until all is settled, `day_flows` by
    kind, `native` the same by kind and currency before it is converted, and the rows of the bridge
    from profit to cash (`bridge.ROWS`) by day, all (days, paths); `shelf`: what the units that can
    be sold on the evening of each day of the horizon are worth at the month's landed cost, without
    those that are still to come back from shoppers, (days of the horizon, paths). `orders`: the
    orders of goods, by day, where days were asked for and there is one path.
    """

    days: CashDays
    daily: Array
    month_end: Array
    week_days: NDArray[np.intp]
    weekly: Array
    lowest: Array
    lowest_day: NDArray[np.intp]
    month_low: Array
    below_zero: NDArray[np.bool_]
    served: Array
    lost_orders: Array
    profit: Array
    profit_full: Array
    stock_units: Array
    interest: Array
    flows: Mapping[str, Array]
    opening_stock: Array
    opening_units: Array
    sales: Array
    balance: Array | None = None
    day_flows: Mapping[str, Array] | None = None
    native: Mapping[tuple[str, Currency], Array] | None = None
    bridge: Mapping[str, Array] | None = None
    shelf: Array | None = None
    orders: tuple[GoodsOrder, ...] = ()

    @property
    def credit_used(self) -> Array:
        """The most that was borrowed, shape (paths,)."""
        return np.maximum(0.0, -self.lowest)


def cash_run(
    values: Values,
    book: Book | None = None,
    *,
    extra: Mapping[str, Extra] | None = None,
    by_day: bool = False,
    forecast: Forecast | None = None,
    paths: int | None = None,
    as_planned: bool = False,
    room: Room | None = None,
) -> CashRun:
    """Return what cash does on the paths of some values.

    Args:
        values: the numbers of the scenario's fields, drawn or likely.
        book: the months (`economics.book_of(values, steady=False, wanted=CASH_WANTED)`, or the same
            changed by `with_uplift`); worked out where None.
        extra: amounts on top of the scenario's own, by a name of the caller's.
        by_day: whether the balance and the flows of every day are kept, with the bridge.
        forecast: what the buyer of goods expects; of the scenario's plan where None.
        paths: how many paths there are, where the numbers alone do not tell (nothing varies).
        as_planned: whether goods are ordered whatever cash there is, and no interest is paid.
        room: memory to work in; `daily` and `weekly` hold until it is used again.
    """
    scenario = values.scenario
    if book is None:
        book = book_of(values, steady=False, wanted=CASH_WANTED)
    terms, amounts = terms_of(scenario, book), amounts_of(scenario, book, paths)
    return till_of(
        scenario,
        terms.as_planned() if as_planned else terms,
        amounts,
        values.by_chance.payouts_held,
        extra or {},
        forecast,
        by_day=by_day,
        room=room,
    ).result()


def till_of(
    scenario: Scenario,
    terms: Terms,
    amounts: Amounts,
    holds: tuple[PayoutsHeld, ...],
    extra: Mapping[str, Extra],
    forecast: Forecast | None,
    *,
    by_day: bool = False,
    watching: Terms | None = None,
    room: Room | None = None,
) -> "Till":
    """Return what pays and is paid, at the end of its days.

    Args:
        scenario: the store and its plan.
        terms: its payment terms as numbers.
        amounts: what its months earn.
        holds: payouts held back.
        extra: amounts on top of the scenario's own.
        forecast: what the buyer of goods expects; of the scenario's plan where None.
        by_day: whether the balance and the flows of every day are kept.
        watching: the terms as typed, where it is asked which paths they would change.
        room: memory to work in; `daily` and `weekly` hold until it is used again.
    """
    till = Till(
        CashDays.of(scenario, terms.run_out() if by_day else 0),
        terms,
        amounts,
        float(point_value(scenario.fx_rate)),
        by_day=by_day,
        holds=holds,
        room=room or Room(),
    )
    if terms.orders_ahead:
        till.stock_up(forecast_of(scenario) if forecast is None else forecast)
    if watching is not None:
        till.pressed = Pressed(till.payments, watching, amounts)
    till.plan_ahead(extra)
    till.run()
    return till


class Pressed:
    """Which paths cash would hold back, or charge interest, while goods are ordered as planned.

    A path is pressed on a day on which all that its goods cost, due on that day, comes to more than
    the balance of the evening before with the unused credit, or whose balance falls below zero
    where credit costs. On a path that never is, the rules of `Goods` let every order through as it
    is, and no interest is due. `paths`: whether each is, shape (paths,).
    """

    def __init__(self, payments: Payments, terms: Terms, amounts: Amounts):
        self.terms, self.amounts, self.kept = terms, amounts, payments.kept
        self.paths = np.zeros(payments.paths, dtype=np.bool_)
        self.of_goods: DayRows | None = None
        if terms.typed.orders_need_cash and terms.orders_ahead:
            self.of_goods = payments.watch(("deposit", "goods", "freight", "border"))
        self.charged = bool(np.any(terms.credit_rate > 0))

    def see(self, day: int, month: int, before: Array, now: Array) -> None:
        """Look at a day on which the balance changes, or the first.

        Args:
            day: which one.
            month: in which month.
            before: the balance of the evening before, shape (paths,).
            now: that of its evening, shape (paths,).
        """
        if self.charged:
            self.paths |= now < 0
        if self.of_goods is not None and self.of_goods.there[day]:
            due = self.of_goods.amounts[day]
            worth = self.amounts.home_worth(self.kept, month)
            there = before + row(self.terms.credit_limit, 0) * worth
            self.paths |= (due > 0) & (due > there - HALF_A_CENT)


class Till:
    """The parts that pay, and the loop over days that they are called in."""

    def __init__(
        self,
        days: CashDays,
        terms: Terms,
        amounts: Amounts,
        planned_rate: float,
        *,
        by_day: bool,
        room: Room,
        holds: tuple[PayoutsHeld, ...] = (),
    ):
        self.days, self.terms, self.amounts = days, terms, amounts
        self.planned_rate = planned_rate
        kept = terms.typed.kept_in
        rates = converted_at(amounts.fx, kept, terms.hedged_share, planned_rate)
        paths = amounts.paths
        self.payments = Payments(days, paths, rates, kept, by_day=by_day, room=room)
        if np.any(terms.hedged_share > 0):
            self.payments.count_crossing()
        self.served = Served(days, paths, full=not terms.orders_ahead, room=room)
        self.taxes = Taxes(days, terms, amounts, self.served, self.payments)
        self.payouts = Payouts(days, terms, amounts, self.served, self.payments, holds)
        self.ads = Ads(days, terms, amounts, self.served, self.payments)
        self.goods: Goods | None = None
        self.pressed: Pressed | None = None
        self.lowest = np.full((days.months, paths), np.inf)
        self.stock_units = np.zeros((days.months, paths))
        self.changed = np.zeros(days.all, np.bool_)  # days that may have another balance
        self.changed[days.starts[:-1]] = True
        self.evenings = np.zeros((days.horizon, paths)) if by_day else None
        self.opening = np.zeros(paths) + row(terms.opening_cash, 0) * amounts.home_worth(kept, 0)

    def stock_up(self, forecast: Forecast) -> None:
        """Order goods ahead, by a forecast."""
        self.goods = Goods(
            self.days, self.terms, self.amounts, self.served, self.payments, self.taxes, forecast
        )

    def plan_ahead(self, extra: Mapping[str, Extra]) -> None:
        """Put down what does not depend on what is served: fixed amounts, what was open on the
        first day, the owner's draw, and goods that are bought as they are sold.
        """
        typed, amounts, pay = self.terms.typed, self.amounts, self.payments
        pay.at(
            typed.opening_receivable_days,
            row(self.terms.opening_receivable, 0),
            "opening",
            "sales",
        )
        pay.at(typed.opening_payable_days, -row(self.terms.opening_payable, 0), "opening", "home")
        for month in range(self.days.months):
            last = int(self.days.starts[month + 1]) - 1
            fixed = last + typed.fixed_due_days
            pay.at(fixed, -amounts.fixed[month], "fixed", "sales")
            pay.at(fixed, -amounts.fixed_home[month], "fixed", "home")
            fee = -amounts.operator_home[month]
            pay.at(last + typed.operator_due_days, fee, "operator", "home")
            pay.at(last, -row(self.terms.owner_draw, month), "draw", "home")
            for one in extra.values():
                when = max(0, last + one.days)
                pay.at(when, row(np.atleast_2d(one.amounts), month), "extra", one.currency)
            if not self.terms.orders_ahead:
                self._bought_as_sold(month)

    def _bought_as_sold(self, month: int) -> None:
        """Pay for the goods of a month's sales, less those that come back, on the terms of the
        supplier: order, shipment and arrival fall on the day of the sale.
        """
        typed, amounts, pay = self.terms.typed, self.amounts, self.payments
        start, length = int(self.days.starts[month]), self.days.lengths[month]
        units = (amounts.units[month] - amounts.recovered[month]) / length
        price, down = row(amounts.purchase_home, month), row(self.terms.deposit_rate, 0)
        back = units * row(amounts.reclaimed, month)
        rest = units * (price * (1.0 - down) + row(amounts.packing_home, month))
        freight = units * row(amounts.freight_home, month)
        border = units * row(amounts.border, month)
        parts: list[tuple[str, int, Array, Currency]] = [
            ("deposit", 0, units * price * down, "home"),
            ("goods", typed.balance_days, rest, "home"),
            ("freight", typed.freight_due_days, freight, "home"),
            ("border", typed.border_due_days, border, "sales"),
        ]
        for kind, later, amount, currency in parts:
            first = start + later
            if np.any(amount):
                pay.between(first, first + length, -amount, kind, currency)
        if np.any(back):
            first = start + typed.border_due_days
            self.taxes.reclaim_daily(first, first + length, back)

    def run(self) -> None:
        """Go through the days: goods first, then what is paid, then interest."""
        days, steps = self.days, self.payments.steps
        balance = self.opening
        daily: Array | None = None
        rate = self.terms.credit_rate if np.any(self.terms.credit_rate > 0) else None
        owed: Array | float = 0.0
        for day in range(days.all):
            month = int(days.month[day])
            last = day == days.starts[month + 1] - 1
            self._of_day(day, month, balance, last=last)
            if day in steps:
                daily = steps[day] if daily is None else daily + steps[day]
            now = self._evening(day, balance, daily)
            if rate is not None and last:
                self.changed[day] = True
            looks = month < days.months and self.changed[day]
            if self.pressed is not None and looks:
                self.pressed.see(day, month, balance, now)
            balance = now
            if month < days.months and rate is not None:
                owed = owed - np.minimum(balance, 0.0) * row(rate, month) / DAYS_A_YEAR
                if last:
                    self.payments.at(day, -owed, "interest", self.payments.kept)
                    owed = 0.0
            if looks:
                low = self.lowest[month]
                np.minimum(low, now, out=low)

    def _of_day(self, day: int, month: int, balance: Array, *, last: bool) -> None:
        """Let the parts pay what falls on a day, goods first; `last` day of its month."""
        if self.goods is not None:
            self.goods.morning(day, balance)
            if day < self.days.horizon:
                self.served.put(day, self.goods.sell(day))
                if self.evenings is not None:
                    self.evenings[day] = self.goods.stock
                if last:
                    self.stock_units[month] = self.goods.stock
            self.payouts.of_day(day)
            self.taxes.of_day(day)
        elif not self.payouts.at_once:
            self.payouts.of_day(day)
        self.ads.of_day(day)
        self.payouts.end_of_cycle(day)
        if last and month < self.days.months:
            self._end_of_month(month, day)
        self.taxes.end_of_period(day)

    def _evening(self, day: int, balance: Array, daily: Array | None) -> Array:
        """Put the balance of a day's evening in the place of what is paid on it; return it.

        Args:
            day: which one.
            balance: that of the evening before, shape (paths,).
            daily: what is the same on each of many days, where there is any.
        """
        total = self.payments.total
        paid = bool(total.there[day])
        now: Array = total.amounts[day]
        total.there[day] = 1  # what comes from now on comes on top of the balance
        if paid and daily is not None:
            np.add(now, daily, out=now)
        if paid:
            np.add(now, balance, out=now)
        elif daily is not None:
            np.add(daily, balance, out=now)
        else:
            now[:] = balance
        if paid or daily is not None:
            self.changed[day] = True
        return now

    def _end_of_month(self, month: int, day: int) -> None:
        typed, amounts, pay = self.terms.typed, self.amounts, self.payments
        share = self.served.of_month(month)
        due = day + typed.operator_due_days
        pay.at(due, -amounts.operator[month] * share, "operator", "sales")
        if typed.fulfilment_paid == "invoiced":
            due = day + typed.fulfilment_due_days
            pay.at(due, -amounts.invoiced[month] * share, "fulfilment", "sales")
            pay.at(due, -amounts.invoiced_home[month] * share, "fulfilment", "home")
        self.ads.end_of_month(month, day)
        if pay.crossing is not None:
            years = (month + 1) / 12
            cost = row(self.terms.hedge_cost, month) * row(self.terms.hedged_share, month) * years
            pay.at(day, -cost * np.abs(pay.crossing[month]), "hedging", pay.kept)

    def _orders(self) -> tuple[GoodsOrder, ...]:
        kept = None if self.goods is None else self.goods.orders
        return () if kept is None else tuple(kept[day] for day in sorted(kept))

    def _opening_stock(self) -> Array:
        """Return what the units of the first morning cost, in the currency of the balance."""
        if self.goods is None:
            return np.zeros(self.payments.paths)
        cost = self.goods.opening_units * row(self.amounts.landed, 0)
        home = self.payments.kept == "home"
        return np.asarray(cost * row(self.amounts.fx, 0) if home else cost)

    def pressed_paths(self) -> NDArray[np.intp]:
        """Return the places of the paths that the terms as typed would change, shape (some,)."""
        nothing: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
        return nothing if self.pressed is None else np.flatnonzero(self.pressed.paths)

    def result(self) -> CashRun:
        """Return what came out."""
        days, pay, amounts = self.days, self.payments, self.amounts
        horizon, months = days.horizon, days.months
        balance = pay.total.amounts[:horizon]
        ends = days.starts[1 : months + 1] - 1
        by_month = self.lowest
        lowest = by_month.min(axis=0)
        served = np.ones((months, 1)) * np.ones((1, pay.paths))
        if not self.served.full:
            served = np.stack([np.asarray(self.served.of_month(m)) for m in range(months)])
        lost = 1.0 - served
        profit = amounts.profit if self.served.full else amounts.profit - lost * amounts.of_orders
        flows = {
            kind: np.add.reduceat(one[:horizon], days.starts[:months], axis=0)
            if pay.by_day
            else one[:months]
            for kind, one in pay.flows.items()
        }
        nothing = np.zeros((months, pay.paths))
        books = None
        if pay.by_day:
            books = Books(
                days, self.terms, amounts, self.served, pay, self.goods, self.payouts, self.taxes
            )
        return CashRun(
            days=days,
            daily=balance,
            month_end=balance[ends],
            week_days=np.arange(WEEK - 1, horizon, WEEK),
            weekly=balance[WEEK - 1 :: WEEK],
            lowest=lowest,
            lowest_day=_first_day(balance, by_month, days.starts, self.changed),
            month_low=by_month,
            below_zero=short(by_month),
            served=served,
            lost_orders=lost * amounts.orders,
            profit=profit,
            profit_full=amounts.profit,
            stock_units=self.stock_units,
            interest=-flows.get("interest", nothing),
            flows={kind: flows.get(kind, nothing) for kind in KINDS},
            opening_stock=self._opening_stock(),
            opening_units=np.zeros(pay.paths) if self.goods is None else self.goods.opening_units,
            sales=amounts.sale.sum(axis=0),
            balance=pay.total.amounts[: days.all] if pay.by_day else None,
            day_flows=(
                {kind: one[: days.all] for kind, one in pay.flows.items()} if pay.by_day else None
            ),
            native=(
                {key: one[: days.all] for key, one in pay.native.items()} if pay.by_day else None
            ),
            orders=self._orders(),
            bridge=None if books is None else bridge_rows(books, self.opening),
            shelf=(
                None
                if books is None or self.evenings is None
                else self.evenings * books.landed()[:horizon]
            ),
        )


def _first_day(
    balance: Array,
    by_month: Array,
    starts: NDArray[np.intp],
    changed: NDArray[np.bool_],
) -> NDArray[np.intp]:
    """Return the first day of the lowest balance, looked for in its month only.

    Args:
        balance: of each day, shape (days, paths).
        by_month: the lowest of each month, shape (months, paths).
        starts: the first day of each month, and the day after the last.
        changed: which days may have another balance than the day before, those that begin a month
            among them, shape (days,).

    Returns:
        Days, shape (paths,).

    >>> balance = np.array([[3.0, 1.0], [2.0, 4.0], [2.0, 1.0]])
    >>> starts, changed = np.array([0, 2, 3]), np.ones(3, dtype=bool)
    >>> _first_day(balance, np.array([[2.0, 1.0], [2.0, 1.0]]), starts, changed)
    array([1, 0])
    """
    months = np.argmin(by_month, axis=0)
    out = np.empty(months.size, dtype=np.intp)
    for month in np.unique(months):
        paths = np.flatnonzero(months == month)
        first, after = int(starts[month]), int(starts[month + 1])
        days = first + np.flatnonzero(changed[first:after])
        low = balance[np.ix_(days, paths)] <= by_month[month, paths]
        out[paths] = days[np.argmax(low, axis=0)]
    return out


def converted_at(
    fx: Array, kept: Currency, hedged: Array, planned_rate: float
) -> dict[Currency, Array]:
    """Return what one unit of each currency is worth in that of the balance, month by month; the
    hedged share at the planned rate.

    Args:
        fx: cost currency per unit of the sales currency, shape (months or 1, paths or 1).
        kept: the currency of the balance.
        hedged: share of what is converted that is locked [1], shape (1, paths or 1).
        planned_rate: the rate at which it is locked.

    Returns:
        Shape (months or 1, paths or 1).

    >>> converted_at(np.array([[8.0]]), "home", np.array([[0.5]]), 7.0)["sales"]
    array([[7.5]])
    """
    one = np.ones((1, 1))
    if kept == "home":
        return {"sales": (1.0 - hedged) * fx + hedged * planned_rate, "home": one}
    return {"sales": one, "home": (1.0 - hedged) / fx + hedged / planned_rate}
