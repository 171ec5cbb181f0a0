"""The cash of many rows as one account, against a slow loop; what pooling saves."""

import datetime as dt

import numpy as np
import pytest

from funnel_sim.chance.cash import cash_of
from funnel_sim.chance.draws import Sources
from funnel_sim.chance.portfolio import PortfolioJob, RowSources
from funnel_sim.chance.portfolio_cash import pooled_cash
from funnel_sim.chance.simulation import blocks
from funnel_sim.chance.streams import plan_of
from funnel_sim.errors import InputError
from funnel_sim.model.cash.forecast import forecast_of
from funnel_sim.model.cash.run import cash_run
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.reference.portfolio_settings import most_cash_rows, shared_demand
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow

ROWS = (
    PortfolioRow("pan", "amazon-de-kitchen", {"cash.opening_cash": 20000.0}),
    PortfolioRow("pot", "amazon-de-kitchen", {"product.unit_cost": 60.0}),
    PortfolioRow("lip", "tiktok-us-beauty", {"plan.horizon_months": 9}),
)
ITEMS = Portfolio(ROWS, DATA_DATE)


def home(portfolio, number):
    row = portfolio.scenario_of(number)
    return row.but(cash=row.cash.but(kept_in="home"))


def test_the_sum_of_each_day_is_that_of_the_rows_by_a_slow_loop():
    """Day by day, row by row, in CNY; a plan that is over holds its last balance."""
    found = pooled_cash(ITEMS)
    runs = [cash_of(home(ITEMS, n)).run for n in range(len(ROWS))]
    first = min(run.days.first for run in runs)
    length = max(run.days.horizon for run in runs)
    total = []
    for day in range(length):
        sum_of_day = 0.0
        for run in runs:
            of_plan = min(day, run.days.horizon - 1)
            sum_of_day += round(float(run.balance[of_plan, 0]), 2)
        total.append(sum_of_day)
    assert found.first == first and found.balance.shape == (length,)
    assert found.balance == pytest.approx(np.array(total), abs=1e-6)
    assert found.lowest == pytest.approx(min(total))
    assert found.lowest_day == first + dt.timedelta(days=int(np.argmin(total)))
    lows = [float(run.balance[: run.days.horizon].min()) for run in runs]
    assert found.row_lowest == pytest.approx(lows, abs=0.01)
    assert found.separate == pytest.approx(sum(max(0.0, -low) for low in lows), abs=0.05)


def test_every_future_is_the_sum_of_the_rows_futures():
    found = pooled_cash(ITEMS, 256)
    job = PortfolioJob(ITEMS, plan_of(256, 1), shared_demand())
    total, need = 0, 0
    for n, row in enumerate(ROWS):
        scenario = home(ITEMS, n)
        places = {tag: words[n] for tag, words in job.tags.items()}
        sources = RowSources(scenario, row.name, places, shared_demand())
        parts = [
            cash_run(values, forecast=forecast_of(scenario), paths=where.stop - where.start).daily
            for where, _, values in blocks(sources, job.plan)
        ]
        daily = np.concatenate(parts, axis=1)
        daily = np.vstack([daily, np.repeat(daily[-1:], 365 - len(daily), axis=0)])
        total = total + daily
        need = need + np.maximum(0.0, -daily.min(axis=0))
    assert found.lowest_drawn == pytest.approx(total.min(axis=0), abs=0.05)
    assert found.separate_drawn == pytest.approx(need, abs=0.05)
    assert found.below.value == pytest.approx((total.min(axis=0) < 0).mean())
    assert isinstance(sources, Sources)


def test_one_account_never_needs_more_than_many():
    found = pooled_cash(ITEMS, 256)
    assert (found.pooled_drawn <= found.separate_drawn + 1e-9).all()
    assert found.pooled <= found.separate and found.saved == found.separate - found.pooled
    one, many = found.needs()
    assert one.mean.value <= many.mean.value
    assert found.below.value <= found.below_separate.value + 1e-12


def test_the_order_of_rows_changes_no_digit():
    one, two = pooled_cash(ITEMS, 256), pooled_cash(Portfolio(ROWS[::-1], DATA_DATE), 256)
    assert one.lowest_drawn.tolist() == two.lowest_drawn.tolist()
    assert one.balance.tolist() == two.balance.tolist()


def test_one_row_is_its_scenario():
    alone = Portfolio(ROWS[:1], DATA_DATE, "EUR")
    run = cash_of(alone.scenario_of(0)).run
    found = pooled_cash(alone)
    assert found.lowest == pytest.approx(float(run.lowest[0]), abs=0.01)
    assert found.saved == 0


def test_a_third_currency_is_counted_at_the_dated_rate():
    one, two = (pooled_cash(Portfolio(ROWS[:1], DATA_DATE, code)) for code in ("EUR", "GBP"))
    rate = exchange("EUR", "GBP", DATA_DATE)
    assert two.lowest == pytest.approx(one.lowest * rate, abs=0.02)


def test_too_many_rows_are_refused():
    rows = tuple(PortfolioRow(f"r{n}", "amazon-de-kitchen") for n in range(most_cash_rows() + 1))
    with pytest.raises(InputError) as refused:
        pooled_cash(Portfolio(rows, DATA_DATE))
    assert refused.value.problems[0].rule == "portfolio_cash_rows"
