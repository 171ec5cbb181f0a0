"""What a quote does to the cash: its fees on the days on which they are due, beside what it brings,
in the same futures, day by day on the terms as typed.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

from funnel_sim.chance.estimates import (
    Estimate,
    Figure,
    estimate,
    percentiles,
    probability,
    quantile,
)
from funnel_sim.decisions.cash.answer import ENOUGH, as_planned, balance_currency
from funnel_sim.decisions.cash.fee_days import DatedFee, dated_fees
from funnel_sim.decisions.cash.levers import paired
from funnel_sim.decisions.quote.effect import Case, OptionBelief
from funnel_sim.decisions.quote.futures import QuoteFutures
from funnel_sim.decisions.quote.outcome import Worked
from funnel_sim.model.arrays import Array, over_months
from funnel_sim.model.cash.amounts import CASH_WANTED
from funnel_sim.model.cash.cents import short
from funnel_sim.model.cash.day_rows import Room
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.cash.forecast import Forecast, forecast_of
from funnel_sim.model.cash.run import CashRun, Extra, cash_run
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class FeeDay:
    """What a contract takes on a day, its mean over the futures [currency of the contract]; below
    zero where money comes back. `line` as in `fee_days.DatedFee`; days before the first one are
    before month 1.
    """

    day: int
    line: str
    amount: float


@dataclass(frozen=True)
class QuoteCash:
    """The balance with an option and without it, in the same futures, on the terms as typed.

    `lowest` and `below` are of the store with the option, `lowest_alone` and `below_alone` of the
    store alone; `at_risk` is how much lower the lowest balance is with it (above zero: it takes
    cash), `stock_out` and `stock_out_alone` the probability that an order is lost because goods
    have run out. `capital` is the opening cash that it asks for beside what the store alone needs
    in 95 % of futures, as all capital with goods ordered as planned (ADR 0070). `by_month` is what
    it changes in the balance at the end of each month, the mean, and `median_end` that balance with
    the option, the median, both shape (months,); `fees` what is paid on which day, in
    `fee_currency`.
    """

    option: str
    currency: str
    fee_currency: str
    days: CashDays
    lowest: Estimate
    lowest_alone: Estimate
    below: Figure
    below_alone: Figure
    at_risk: Estimate
    stock_out: Figure
    stock_out_alone: Figure
    capital: Figure
    by_month: Array
    median_end: Array
    fees: tuple[FeeDay, ...]


def fee_flows(
    fees: Sequence[DatedFee], days: CashDays, currency: Literal["sales", "home"]
) -> dict[str, Extra]:
    """Return the payments of a contract as amounts of the cash: what is due before the first day is
    paid on it, what is due after the horizon is owed at its end.

    Args:
        fees: the payments.
        days: the days of the plan.
        currency: that of the contract.

    Returns:
        By a name of its own for each day that counts from a month's end.
    """
    by_offset: dict[int, list[tuple[int, Array]]] = defaultdict(list)
    for fee in fees:
        day = max(fee.day, 0)
        month = min(int(np.searchsorted(days.starts, day, side="right")) - 1, days.months - 1)
        by_offset[day - int(days.starts[month + 1]) + 1].append((month, fee.amount))
    out = {}
    for offset, some in by_offset.items():
        amounts = np.zeros((days.months, some[0][1].size))
        for month, amount in some:
            amounts[month] -= amount
        out[f"fee {offset}"] = Extra(amounts, offset, currency)
    return out


def quote_cash(
    scenario: Scenario,
    option: Option,
    belief: OptionBelief | float = "believed",
    *,
    paths: int | None = None,
) -> QuoteCash:
    """Return the balance with an option and without it.

    The store is the one of the quote test: without any other agency. Its days are those of
    `simulate_cash`, with the fees as further payments and the orders lifted by what the option
    brings; the buyer of goods sees these as they come and does not foresee them. The client's own
    costs of the option are paid at the end of their month; hours that it saves the client are no
    cash. A bill is what the contract makes of the orders that shoppers ask for: it does not fall
    where some of them cannot be served.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the contract.
        belief: the effect that is taken: a belief, or a relative change of first orders [fraction].
        paths: how many draws; the scenario's own where None.

    Returns:
        The comparison [currency of the balance].
    """
    watched = _Watched(option, scenario)
    futures = QuoteFutures(
        scenario,
        [option],
        paths,
        once=True,
        also=CASH_WANTED,
        watch=watched.see,
    )
    watched.begin(futures.base, futures.plan.paths)
    futures.outcomes([Case(option, belief)])
    sets = futures.plan.replicates
    lowest, alone = watched.lowest
    needs, needs_alone = (-one for one in watched.planned or watched.lowest)
    lost, lost_alone = watched.lost
    return QuoteCash(
        option.id,
        balance_currency(scenario),
        option.currency(scenario),
        watched.days,
        estimate(lowest, sets),
        estimate(alone, sets),
        probability(short(lowest), sets),
        probability(short(alone), sets),
        estimate(alone - lowest, sets, less_is_better=True),
        probability(lost > 0, sets),
        probability(lost_alone > 0, sets),
        paired(
            needs, needs_alone, sets, lambda draws: percentiles(draws, (ENOUGH,), sets)[0].value
        ),
        watched.by_month / futures.plan.paths,
        np.array([quantile(np.sort(one), 0.5) for one in watched.month_end]),
        watched.told(futures.plan.paths),
    )


_Both = tuple[NDArray[np.float64], NDArray[np.float64]]
"""A number of each path with the option, and without it."""


class _How(TypedDict):
    """How cash is worked out, with the option and without it."""

    paths: int
    forecast: Forecast | None
    as_planned: bool
    room: Room


class _Watched:
    """The balances of an option while its futures are worked out, block by block."""

    def __init__(self, option: Option, scenario: Scenario):
        self.option = option
        # a period of the base that begins in the last month of the plan ends after it
        later = CashDays.of(scenario, option.due_every)
        self.starts = [int(day) for day in later.starts]

    def begin(self, base: Scenario, paths: int) -> None:
        """Make room for the paths.

        Args:
            base: the store carried on alone.
            paths: how many.
        """
        self.days, self.room = CashDays.of(base), Room()
        self.forecast = forecast_of(base) if base.cash.stocking != "as_sold" else None
        self.lowest: _Both = (np.empty(paths), np.empty(paths))
        self.lost: _Both = (np.empty(paths), np.empty(paths))
        self.planned: _Both | None = None
        if as_planned(base) != base:
            self.planned = (np.empty(paths), np.empty(paths))
        self.by_month = np.zeros(self.days.months)
        self.month_end = np.empty((self.days.months, paths))
        self.sums: dict[tuple[int, str], float] = defaultdict(float)

    def see(self, block: Worked) -> None:
        """Read the months of a block by the day on which money moves."""
        option, days = self.option, self.days
        fees = dated_fees(option, block.lines, block.life, self.starts)
        extra = fee_flows(fees, days, "home" if option.fee_currency == "cost" else "sales")
        extra["own"] = Extra(-block.own, 0, "sales")
        where = block.where

        def runs(*, planned: bool = False) -> tuple[CashRun, CashRun]:
            """Return what cash does with the option and without it."""
            how: _How = {
                "paths": where.stop - where.start,
                "forecast": self.forecast,
                "as_planned": planned,
                "room": self.room,
            }
            return (
                cash_run(block.values, block.book, extra=extra, **how),
                cash_run(block.alone, block.alone_book, **how),
            )

        found = runs()
        for place, one in enumerate(found):
            self.lowest[place][where] = one.lowest
            self.lost[place][where] = over_months(one.lost_orders)[0]
        if self.planned is not None:
            for place, one in enumerate(runs(planned=True)):
                self.planned[place][where] = one.lowest
        self.month_end[:, where] = found[0].month_end
        self.by_month += (found[0].month_end - found[1].month_end).sum(axis=1)
        for fee in fees:
            self.sums[fee.day, fee.line] += float(fee.amount.sum())

    def told(self, paths: int) -> tuple[FeeDay, ...]:
        """Return what is paid on which day, its mean over the paths."""
        return tuple(
            FeeDay(day, line, amount / paths) for (day, line), amount in sorted(self.sums.items())
        )
