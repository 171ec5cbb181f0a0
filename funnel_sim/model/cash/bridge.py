"""From profit to cash: what explains their difference on any day.

What was earned and not yet paid is a claim or a debt in its own currency, worth what the month's
exchange rate makes of it; goods are worth the month's landed cost. A change of either between two
months, and goods that came at another cost than that of the month of their arrival, are the row
"price_currency".
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.amounts import Amounts
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.cash.goods import Goods
from funnel_sim.model.cash.payments import Currency, Payments
from funnel_sim.model.cash.payouts import Payouts
from funnel_sim.model.cash.served import Served
from funnel_sim.model.cash.taxes import Taxes
from funnel_sim.model.cash.terms import Terms, row

ROWS: tuple[str, ...] = (
    "opening",
    "profit",
    "receivable",
    "reserve",
    "stock",
    "on_the_way",
    "suppliers",
    "fulfilment_owed",
    "ads_open",
    "operator_owed",
    "fixed_owed",
    "tax",
    "price_currency",
    "extra",
    "draw",
    "interest",
    "hedging",
)
"""Rows of the bridge, in this order; they add up to the balance. Opening (cash, and what was open
then, as far as it was paid) and profit are sums since the first day; the others are what there is
in cash more (above zero) or less (below zero) for this reason."""
_CLAIMS = ("receivable", "reserve", "on_the_way", "ads_open")
_DEBTS = ("suppliers", "fulfilment_owed", "operator_owed", "fixed_owed", "tax")
_GOODS = {"home": ("deposit", "goods", "freight"), "sales": ("border",)}
_CURRENCIES: tuple[Currency, ...] = ("sales", "home")


@dataclass(frozen=True)
class Books:
    """What was earned and paid on each day, of runs that keep their days."""

    days: CashDays
    terms: Terms
    amounts: Amounts
    served: Served
    payments: Payments
    goods: Goods | None
    payouts: Payouts
    taxes: Taxes

    # ---- what is earned on each day, shape (days, paths)
    # --------------------------------------------

    def nothing(self) -> Array:
        """Return zeros, shape (days, paths)."""
        return np.zeros((self.days.all, self.payments.paths))

    def with_orders(self, monthly: Array) -> Array:
        """Return what goes with the orders that are served, shape (days, paths)."""
        share = self.served.between
        out, days = self.nothing(), self.days
        for day in range(days.horizon):
            month = int(days.month[day])
            out[day] = monthly[month] / days.lengths[month] * share(day, day + 1)
        return out

    def evenly(self, monthly: Array) -> Array:
        """Return what falls evenly on the days of a month, shape (days, paths)."""
        out, days = self.nothing(), self.days
        for month in range(days.months):
            out[days.starts[month] : days.starts[month + 1]] = monthly[month] / days.lengths[month]
        return out

    def at_the_end(self, monthly: Array, *, of_orders: bool = False) -> Array:
        """Return what falls on the last day of a month.

        Args:
            monthly: the amount of each month, shape (months, paths).
            of_orders: whether it goes with the orders that are served.

        Returns:
            The amount of each day, shape (days, paths).
        """
        out = self.nothing()
        for month in range(self.days.months):
            share = self.served.of_month(month) if of_orders else 1.0
            out[self.days.starts[month + 1] - 1] = monthly[month] * share
        return out

    def by_day(self, monthly: Array) -> Array:
        """Return a rate or a price of each day, its month's, shape (days, paths)."""
        rows = np.minimum(self.days.month, monthly.shape[0] - 1)
        return np.broadcast_to(monthly[rows], (self.days.all, self.payments.paths))

    def landed(self) -> Array:
        """Return what a unit costs until it can be sold, at the month's landed cost and rate, in
        the currency of the balance, shape (days, paths).
        """
        cost = self.by_day(self.amounts.landed)
        return cost * self.by_day(self.amounts.fx) if self.at_home else cost

    @property
    def at_home(self) -> bool:
        """Say whether the balance is kept in the cost currency."""
        return self.terms.typed.kept_in == "home"

    # ---- what is paid on each day
    # -------------------------------------------------------------------

    def paid(self, kind: str, currency: Currency) -> Array:
        """Return what came in (above zero) and went out.

        Args:
            kind: what it was for (`run.KINDS`).
            currency: which part of it, in this currency.

        Returns:
            The amount of each day in that currency, shape (days, paths).
        """
        found = self.payments.native.get((kind, currency))
        return self.nothing() if found is None else found[: self.days.all]

    def converted(self, kind: str) -> Array:
        """Return the same of both currencies in that of the balance, shape (days, paths)."""
        found = self.payments.flows.get(kind)
        return self.nothing() if found is None else found[: self.days.all]


def bridge_rows(books: Books, opening: Array) -> Mapping[str, Array]:
    """Return the rows of the bridge from profit to cash for every day.

    Args:
        books: what was earned and paid.
        opening: the cash of the first morning, in the currency of the balance, shape (paths,).

    Returns:
        Each row of `ROWS`, shape (days, paths), in the currency of the balance.
    """
    earned, claims, debts = _positions(books)
    rates = {c: books.by_day(books.payments.rates[c]) for c in _CURRENCIES}
    home = books.at_home
    ledger = books.by_day(books.amounts.fx) if home else np.ones_like(rates["sales"])
    of_home = np.ones_like(ledger) if home else 1.0 / books.by_day(books.amounts.fx)
    landed = books.landed()
    came, units, first = _units(books)

    difference = _ledger_differences(books, earned, rates, {"sales": ledger, "home": of_home})
    arrived = _recognised(books)
    value = sum((arrived[c] * rates[c] for c in _CURRENCIES), books.nothing())
    difference += came * landed - value
    if books.goods is not None:
        difference[1:] += units[:-1] * np.diff(landed, axis=0)
    for currency in _CURRENCIES:
        net = sum((claims[key, currency] for key in _CLAIMS), books.nothing()) - sum(
            (debts[key, currency] for key in _DEBTS), books.nothing()
        )
        difference[1:] += net[:-1] * np.diff(rates[currency], axis=0)

    out = {key: np.cumsum(books.converted(key), axis=0) for key in ("extra", "draw", "interest")}
    out["hedging"] = np.cumsum(books.converted("hedging"), axis=0)
    out["opening"] = opening + np.cumsum(books.converted("opening"), axis=0)
    out["profit"] = np.cumsum(_profit(books) * ledger, axis=0)
    out["price_currency"] = np.cumsum(difference, axis=0)
    for key in _CLAIMS:
        out[key] = -sum((claims[key, c] * rates[c] for c in _CURRENCIES), books.nothing())
    for key in _DEBTS:
        out[key] = sum((debts[key, c] * rates[c] for c in _CURRENCIES), books.nothing())
    # goods that were on the way on the first morning are on the way until they arrive
    way = _coming(books)
    now, before = way * landed, way[0] * landed[0]
    out["stock"] = (first * landed[0] - before) - (units * landed - now)
    out["on_the_way"] = out["on_the_way"] + (before - now)
    return {key: out[key] for key in ROWS}


def _profit(books: Books) -> Array:
    """Return the profit of each day in the sales currency: orders and ads by day, the agency and
    fixed amounts on the last day of the month.
    """
    amounts = books.amounts
    fixed = amounts.fixed + (amounts.fixed_home + amounts.operator_home) / amounts.fx
    return np.asarray(
        books.with_orders(amounts.of_orders + amounts.operator)
        - books.evenly(amounts.ads)
        - books.at_the_end(amounts.operator, of_orders=True)
        - books.at_the_end(fixed)
    )


Positions = dict[tuple[str, Currency], Array]


def _positions(books: Books) -> tuple[Positions, Positions, Positions]:
    """Return what was earned of each row on each day, the claims, and the debts, each in its own
    currency; goods are earned when they arrive.
    """
    amounts, typed = books.amounts, books.terms.typed
    zero = books.nothing()
    spend = books.evenly(amounts.ads) + books.with_orders(amounts.ads_of_orders)
    sale = books.with_orders(amounts.sale + amounts.refund + amounts.chargeback)
    withheld = typed.ads_billing == "withheld"
    earned: Positions = {
        (key, currency): zero for key in (*_CLAIMS, *_DEBTS) for currency in _CURRENCIES
    }
    earned["receivable", "sales"] = sale - spend if withheld else sale
    earned["ads_open", "sales"] = zero if withheld else -spend
    earned["fulfilment_owed", "sales"] = books.with_orders(amounts.invoiced)
    earned["fulfilment_owed", "home"] = books.with_orders(amounts.invoiced_home)
    earned["operator_owed", "sales"] = books.at_the_end(amounts.operator, of_orders=True)
    earned["operator_owed", "home"] = books.at_the_end(amounts.operator_home)
    earned["fixed_owed", "sales"] = books.at_the_end(amounts.fixed)
    earned["fixed_owed", "home"] = books.at_the_end(amounts.fixed_home)
    earned["tax", "sales"] = books.with_orders(
        amounts.output_tax - amounts.refund_tax - amounts.chargeback_tax
    )
    border = books.taxes.paid_at_border
    assert border is not None
    arrived = _recognised(books)
    claims: Positions = {(key, currency): zero for key in _CLAIMS for currency in _CURRENCIES}
    debts: Positions = {}
    held = zero if books.payouts.held is None else books.payouts.held[: books.days.all]
    for currency in _CURRENCIES:
        got = books.paid("payout", currency)
        claims["receivable", currency] = np.cumsum(earned["receivable", currency] - got, axis=0)
        claims["ads_open", currency] = np.cumsum(
            earned["ads_open", currency] - books.paid("ads", currency), axis=0
        )
        for key, kind in (
            ("fulfilment_owed", "fulfilment"),
            ("operator_owed", "operator"),
            ("fixed_owed", "fixed"),
        ):
            debts[key, currency] = np.cumsum(
                earned[key, currency] + books.paid(kind, currency), axis=0
            )
        back = border[: books.days.all] if currency == "sales" else zero
        debts["tax", currency] = np.cumsum(
            earned["tax", currency] + books.paid("vat", currency) - back, axis=0
        )
        way = None if books.goods is None else books.goods.record.way.get(currency)
        on_the_way = zero if way is None else np.cumsum(way[: books.days.all], axis=0)
        spent = -sum((books.paid(kind, currency) for kind in _GOODS[currency]), zero) - back
        claims["on_the_way", currency] = on_the_way
        debts["suppliers", currency] = np.cumsum(arrived[currency] - spent, axis=0) + on_the_way
    claims["reserve", "sales"] = np.cumsum(held, axis=0)
    claims["receivable", "sales"] = claims["receivable", "sales"] - claims["reserve", "sales"]
    return earned, claims, debts


def _recognised(books: Books) -> dict[Currency, Array]:
    """Return what the goods cost that arrive on each day, by currency, without tax that comes
    back.
    """
    amounts, zero = books.amounts, books.nothing()
    if books.goods is not None:
        found = books.goods.record.recognised
        return {c: found[c][: books.days.all] if c in found else zero for c in _CURRENCIES}
    units = books.evenly(amounts.units - amounts.recovered)
    home = amounts.purchase_home, amounts.packing_home, amounts.freight_home
    return {
        "home": units * sum((books.by_day(one) for one in home), zero),
        "sales": units * (books.by_day(amounts.border) - books.by_day(amounts.reclaimed)),
    }


def _units(books: Books) -> tuple[Array, Array, Array]:
    """Return the units that arrive on each day, those that the books hold at its end, and those of
    the first morning; sold units leave and units that will be sold once more are back with the
    order.
    """
    net = books.with_orders(books.amounts.units - books.amounts.recovered)
    if books.goods is None:
        return net, books.nothing(), np.zeros(books.payments.paths)
    goods, terms = books.goods, books.terms
    came = goods.arriving.whole()[: books.days.all].copy()
    coming = terms.typed.opening_coming_days
    if coming < books.days.all:
        came[coming] -= row(terms.opening_coming, 0)
    return came, goods.opening_units + np.cumsum(came - net, axis=0), goods.opening_units


def _coming(books: Books) -> Array:
    """Return the units that were on the way on the first morning and have not arrived by each
    evening, shape (days, paths); those that arrive on the first day are there from the start.
    """
    out = books.nothing()
    if books.goods is not None:
        day = min(books.terms.typed.opening_coming_days, books.days.all)
        out[:day] += row(books.terms.opening_coming, 0)
    return out


def _ledger_differences(
    books: Books,
    earned: Positions,
    rates: Mapping[Currency, Array],
    ledger: Mapping[Currency, Array],
) -> Array:
    """Return what is earned at a locked rate in place of the month's own."""
    out = books.nothing()
    for (key, currency), amount in earned.items():
        sign = 1.0 if key in _CLAIMS else -1.0
        out += sign * amount * (rates[currency] - ledger[currency])
    return out
