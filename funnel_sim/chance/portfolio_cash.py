"""The cash of many rows as one account: the balances added up day by day, in one currency.

Each row is run as its own scenario is (`model.cash.run`), with the draws that it has in the
portfolio's futures: what rows have in common is drawn once, the rest is a row's own. Money is
counted in the portfolio's currency on the day it is paid, where that is the currency of a row's
sales or costs; else at the dated rate.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnel_sim.chance.cash import BANDS, cash_of
from funnel_sim.chance.estimates import Estimate, Figure, estimate, probability, quantiles
from funnel_sim.chance.portfolio import PortfolioJob, RowSources
from funnel_sim.chance.simulation import Progress, blocks
from funnel_sim.chance.streams import SamplingPlan, plan_of
from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.cents import short
from funnel_sim.model.cash.day_rows import Room
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.cash.forecast import forecast_of
from funnel_sim.model.cash.run import WEEK, CashRun, cash_run
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.reference.portfolio_settings import most_cash_rows, shared_demand
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.scenario.scenario import Scenario

_CENTS = 100
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class PooledCash:
    """The balances of all rows added up, in the portfolio's currency.

    `first` is the first day, `balance` the sum of each day at the likely values, (days,); days on
    which a row's plan has not begun, or is over, hold its first or last balance. `lowest` is the
    lowest sum with its day; `row_lowest` the lowest balance of each row alone, (rows,). `pooled` is
    the money that one account for all needs so that it never falls below zero, `separate` what as
    many accounts need, each for itself.

    Where futures were drawn, else None: `lowest_drawn`, `pooled_drawn`, `separate_drawn` the same
    in every future, (paths,); `below` the probability that the sum is below zero on any day,
    `below_separate` that any row is; `bands` percentiles (`BANDS`) of the sum every seventh day,
    (weeks, percentiles).
    """

    portfolio: Portfolio
    first: dt.date
    balance: Array
    lowest: float
    lowest_day: dt.date
    row_lowest: Array
    plan: SamplingPlan | None = None
    lowest_drawn: Array | None = None
    pooled_drawn: Array | None = None
    separate_drawn: Array | None = None
    below: Figure | None = None
    below_separate: Figure | None = None
    bands: Array | None = None

    @property
    def pooled(self) -> float:
        """The money that one account needs at the likely values."""
        return max(0.0, -self.lowest)

    @property
    def separate(self) -> float:
        """The money that an account for each row needs at the likely values."""
        return float(np.maximum(0.0, -self.row_lowest).sum())

    @property
    def saved(self) -> float:
        """What pooling saves at the likely values."""
        return self.separate - self.pooled

    def needs(self) -> tuple[Estimate, Estimate] | None:
        """Return what one account, and an account for each row, needs over the futures; None where
        none were drawn.
        """
        if self.plan is None or self.pooled_drawn is None or self.separate_drawn is None:
            return None
        copies = self.plan.replicates
        return estimate(self.pooled_drawn, copies), estimate(self.separate_drawn, copies)


def pooled_cash(
    portfolio: Portfolio,
    paths: int | None = None,
    seed: int = 1,
    *,
    shared: float | None = None,
    progress: Progress | None = None,
) -> PooledCash:
    """Return the cash of all rows of a portfolio as one account.

    Args:
        portfolio: the rows, at most `most_cash_rows()`.
        paths: how many futures; none where None.
        seed: of the futures.
        shared: as in `simulate_portfolio`.
        progress: is called with the share done after each row, and may raise to stop.

    Raises:
        InputError: if there are more rows, or the number of paths is not allowed.

    Examples:
        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> from funnel_sim.scenario.portfolio import PortfolioRow
        >>> rows = tuple(PortfolioRow(name, "amazon-de-kitchen") for name in "ab")
        >>> found = pooled_cash(Portfolio(rows, DATA_DATE))
        >>> found.pooled > 0, round(found.saved, 6)  # two alike are low on the same day
        (True, 0.0)
    """
    most = most_cash_rows()
    if len(portfolio.rows) > most:
        raise refuse("rows", len(portfolio.rows), "portfolio_cash_rows", most=most)
    rows = [_in_pool(portfolio, portfolio.scenario_of(n)) for n in range(len(portfolio.rows))]
    calendar = _Calendar([CashDays.of(one) for one, _ in rows])
    total = np.zeros((calendar.days, 1), dtype=np.int64)
    lows = np.empty(len(rows))
    for number, (scenario, rate) in enumerate(rows):
        run = cash_of(scenario).run
        cents = _cents(run, rate)
        lows[number] = cents.min() / _CENTS
        total += calendar.placed(cents, run.days)
    balance = total[:, 0] / _CENTS
    at = int(np.argmin(balance))
    likely = PooledCash(
        portfolio,
        calendar.first,
        balance,
        float(balance[at]),
        calendar.first + dt.timedelta(days=at),
        lows,
    )
    if paths is None:
        return likely
    return _drawn(likely, rows, calendar, paths, seed, shared, progress)


def _drawn(
    likely: PooledCash,
    rows: Sequence[tuple[Scenario, float]],
    calendar: "_Calendar",
    paths: int,
    seed: int,
    shared: float | None,
    progress: Progress | None,
) -> PooledCash:
    """Return the same with its futures."""
    share = shared_demand() if shared is None else shared
    job = PortfolioJob(likely.portfolio, plan_of(paths, seed), share)
    size = job.plan.paths
    total = np.zeros((calendar.days, size), dtype=np.int64)
    need, ever = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.bool_)
    room = Room()
    for number, (scenario, rate) in enumerate(rows):
        places = {tag: words[number] for tag, words in job.tags.items()}
        sources = RowSources(scenario, likely.portfolio.rows[number].name, places, share)
        ahead = scenario.cash.stocking != "as_sold"
        forecast = forecast_of(scenario) if ahead else None
        for where, _, values in blocks(sources, job.plan):
            run = cash_run(values, forecast=forecast, paths=where.stop - where.start, room=room)
            cents = _cents(run, rate)
            total[:, where] += calendar.placed(cents, run.days)
            lows = cents.min(axis=0)
            need[where] += np.maximum(0, -lows)
            ever[where] |= short(lows / _CENTS)
        if progress is not None:
            progress((number + 1) / len(rows))
    lowest = total.min(axis=0) / _CENTS
    copies = job.plan.replicates
    return PooledCash(
        likely.portfolio,
        likely.first,
        likely.balance,
        likely.lowest,
        likely.lowest_day,
        likely.row_lowest,
        job.plan,
        lowest,
        np.maximum(0.0, -lowest),
        need / _CENTS,
        probability(short(lowest), copies),
        probability(ever, copies),
        np.array([quantiles(one / _CENTS, BANDS) for one in total[WEEK - 1 :: WEEK]]),
    )


class _Calendar:
    """The days on which any row's plan runs."""

    def __init__(self, plans: Sequence[CashDays]):
        self.first = min(one.first for one in plans)
        self.days = max((one.first - self.first).days + one.horizon for one in plans)

    def placed(self, cents: Whole, plan: CashDays) -> Whole:
        """Return a row's balances on these days; before its plan the first, after it the last.

        Args:
            cents: its balances, shape (days of its plan, paths).
            plan: its days.
        """
        begin = (plan.first - self.first).days
        after = self.days - begin - cents.shape[0]
        return np.pad(cents, ((begin, after), (0, 0)), mode="edge")


def _in_pool(portfolio: Portfolio, scenario: Scenario) -> tuple[Scenario, float]:
    """Return a row with its balance in the portfolio's currency, or in that of its sales with the
    dated rate.
    """
    if portfolio.currency == scenario.currency:
        kept, rate = "sales", 1.0
    elif portfolio.currency == scenario.cost_currency:
        kept, rate = "home", 1.0
    else:
        kept = "sales"
        rate = exchange(scenario.currency, portfolio.currency, portfolio.as_of)
    return scenario.but(cash=scenario.cash.but(kept_in=kept)), rate


def _cents(run: CashRun, rate: float) -> Whole:
    """Return the balance of each day in whole cents, which add up to the same in any order."""
    return np.rint(run.daily * (rate * _CENTS)).astype(np.int64)
