"""The daily loop against a plain one, path by path; the bridge; neutral terms."""

import random
from typing import Any

import numpy as np
import pytest

from funnel_sim.chance.draws import Sources
from funnel_sim.chance.simulation import blocks
from funnel_sim.chance.streams import plan_of
from funnel_sim.model.cash.amounts import CASH_WANTED
from funnel_sim.model.cash.bridge import ROWS
from funnel_sim.model.cash.forecast import forecast_of
from funnel_sim.model.cash.moments import MOMENTS
from funnel_sim.model.cash.run import CashRun, cash_run
from funnel_sim.model.economics import book_of, evaluate
from funnel_sim.model.ledger import LINE_KEYS
from funnel_sim.model.linear import by_month
from funnel_sim.model.values import Values
from funnel_sim.scenario.cash import CashTerms
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import point_value
from tests.conftest import neutral
from tests.model.cash.random_terms import STORES, random_store
from tests.model.cash.slow_reference import plain_cash

CENT = 0.005


def reader(book: Any, path: int) -> Any:
    """Return a function that gives a figure or input of a path in a month."""
    known: dict[str, Any] = {}

    def of(key: str, month: int) -> float:
        if key not in known:
            rows = by_month(book[key])
            known[key] = rows[:, path if rows.shape[1] > 1 else 0].tolist()
        rows = known[key]
        return rows[min(month, len(rows) - 1)]

    return of


def compare(run: CashRun, book: Any, values: Values, path: int) -> None:
    """Hold one path of a run against the plain loop."""
    scenario = values.scenario
    forecast = forecast_of(scenario)

    def expected(month: int) -> tuple[float, float]:
        return forecast.shipped[month], forecast.needed[month]

    rate = float(point_value(scenario.fx_rate))
    plain = plain_cash(scenario, reader(book, path), expected, rate)
    horizon = run.days.horizon
    assert len(plain.balance) == horizon
    ends = run.days.starts[1 : run.days.months + 1] - 1
    if run.balance is not None:
        assert run.balance[:horizon, path] == pytest.approx(plain.balance, abs=CENT)
    assert run.month_end[:, path] == pytest.approx([plain.balance[end] for end in ends], abs=CENT)
    assert run.lowest[path] == pytest.approx(min(plain.balance), abs=CENT)
    assert plain.balance[run.lowest_day[path]] == pytest.approx(min(plain.balance), abs=CENT)
    share = np.add.reduceat(plain.share, run.days.starts[: run.days.months])
    assert run.served[:, path] * run.days.lengths[: run.days.months] == pytest.approx(
        share, abs=1e-6
    )
    if scenario.cash.stocking != "as_sold":
        assert run.stock_units[:, path] == pytest.approx([plain.stock[e] for e in ends], abs=1e-4)
    for kind, amount in plain.paid.items():
        assert run.flows[kind][:, path].sum() == pytest.approx(amount, abs=CENT), kind


@pytest.mark.sampled(7)
@pytest.mark.parametrize("seed", range(60))
def test_the_daily_balance_is_that_of_a_plain_loop_over_days(seed):
    store = random_store(random.Random(seed))
    values = Values(store)
    book = book_of(values, steady=False, wanted=CASH_WANTED)
    compare(cash_run(values, book, by_day=True), book, values, 0)


@pytest.mark.sampled(11)
@pytest.mark.parametrize("seed", range(100, 116))
def test_drawn_paths_are_those_of_the_plain_loop(seed):
    luck = random.Random(seed)
    store = random_store(luck, ranges=True).replace({"chance.fx_walk": True})
    _, _, values = next(blocks(Sources(store), plan_of(256, seed)))
    book = book_of(values, steady=False, wanted=CASH_WANTED)
    run = cash_run(values, book, paths=256)
    for path in luck.sample(range(256), 2):
        compare(run, book, values, path)


@pytest.mark.slow
def test_the_random_stores_meet_what_is_special():
    # what the comparison above would be worth nothing without
    stores = [random_store(random.Random(seed)) for seed in range(60)]
    runs = [cash_run(Values(store), by_day=True) for store in stores]
    ahead = [run for run, store in zip(runs, stores, strict=True) if stocked(store)]
    assert sum(bool((run.served < 0.999).any()) for run in ahead) >= 8
    cut = [run for run, store in zip(runs, stores, strict=True) if store.cash.orders_need_cash]
    assert sum(bool((run.served < 0.999).any()) for run in cut) >= 1
    assert sum(bool(store.cash.vat_months == 3) for store in stores) >= 5
    assert sum(bool(run.interest.any()) for run in runs) >= 8
    assert sum(bool(run.flows["hedging"].any()) for run in runs) >= 3


def stocked(store: Any) -> bool:
    """Return whether goods are ordered ahead."""
    return bool(store.cash.stocking != "as_sold")


# ---- profit and cash
# ----------------------------------------------------------------------------------


def drawn_together(store: Any, luck: random.Random, paths: int = 20) -> Values:
    """Return numbers of a store on some paths, each of them another scenario: other prices, costs,
    terms, exchange rates by month.
    """
    rng = np.random.default_rng(luck.randrange(2**32))

    def about(path: str, low: float, high: float) -> Any:
        return point_value(store.get(path)) * rng.uniform(low, high, paths)

    given = {
        "product.price": about("product.price", 0.6, 1.5),
        "product.unit_cost": about("product.unit_cost", 0.7, 1.3),
        "cash.opening_cash": rng.uniform(0, 90000, paths),
        "cash.payout_delay_days": rng.uniform(0, 21, paths),
        "cash.production_days": rng.uniform(0, 40, paths),
        "cash.transit_days": rng.uniform(0, 40, paths),
        "cash.deposit_rate": rng.uniform(0, 1, paths),
        "cash.reserve_rate": rng.uniform(0, 0.5, paths) * (rng.random() < 0.5),
    }
    months = store.plan.horizon_months
    rate = point_value(store.fx_rate) * np.exp(rng.normal(0, 0.05, (months, paths)))
    price = point_value(store.product.unit_cost) * rng.uniform(0.8, 1.2, (months, paths))
    by_month_ = {"product.unit_cost": price}
    if store.currency != store.cost_currency:
        by_month_["fx_rate"] = rate
    return Values(store, given, by_month=by_month_)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("seed", range(50))
def test_profit_and_cash_differ_by_the_rows_of_the_bridge_on_every_day(seed):
    # 50 sets of terms × 20 paths that differ in the rest: 1,000 scenarios
    luck = random.Random(1000 + seed)
    store = random_store(luck)
    run = cash_run(drawn_together(store, luck), by_day=True)
    assert run.balance is not None and run.bridge is not None
    assert tuple(run.bridge) == ROWS and run.balance.shape == (run.days.all, 20)
    assert np.abs(sum(run.bridge.values()) - run.balance).max() < CENT

    # the rows are what they say: profit is the ledger's, and at the end all is settled
    if store.cash.kept_in == "sales":
        profit = run.profit.sum(axis=0)
        assert run.bridge["profit"][-1] == pytest.approx(profit, abs=CENT)
    settled = ["receivable", "reserve", "fulfilment_owed", "ads_open", "operator_owed"]
    for name in (*settled, "fixed_owed", "tax"):
        assert np.abs(run.bridge[name][-1]).max() < CENT, name
    if not store.cash.orders_need_cash:  # goods that nobody can pay for stay at the factory
        # since 28 November 2026 against the first day: what was on the way then has arrived and
        # stands in the stock (before, it counted as stock from the start)
        coming = float(point_value(store.cash.opening_coming_units))
        gone = np.zeros(1)
        if stocked(store) and coming and store.cash.opening_coming_days:
            gone = coming * run.opening_stock / run.opening_units
        assert np.abs(run.bridge["on_the_way"][-1] - gone).max() < CENT
        assert np.abs(run.bridge["suppliers"][-1]).max() < CENT
    if not stocked(store):
        assert not run.bridge["stock"].any() and run.served.min() == 1.0


@pytest.mark.parametrize("name", STORES)
def test_with_neutral_terms_the_balance_is_the_profit_added_up(name):
    store = preset(name).but(cash=CashTerms())  # presets carry terms since ADR 0071
    result, run = evaluate(store), cash_run(Values(store), by_day=True)
    profit = result.monthly["profit"]
    assert profit is not None and run.balance is not None and run.bridge is not None
    assert run.month_end[:, 0] == pytest.approx(np.cumsum(profit), rel=1e-12, abs=1e-9)
    assert run.balance == pytest.approx(run.bridge["profit"], rel=1e-12, abs=1e-9)
    for row in ROWS:
        if row not in ("opening", "profit"):
            assert np.abs(run.bridge[row]).max() < 1e-8, row


@pytest.mark.parametrize("seed", range(6))
def test_settled_long_after_the_end_cash_is_profit_and_what_was_opened_with(seed):
    # goods bought as sold, one exchange rate: nothing is left but opening, draw and interest
    luck = random.Random(seed)
    store = random_store(luck).replace(
        {"cash.stocking": "as_sold", "cash.hedged_share": 0.0, "cash.kept_in": "sales"}
        | {"plan.announced": [], "chance.fx_walk": False}
    )
    run = cash_run(Values(store), by_day=True)
    assert run.balance is not None and run.bridge is not None
    other = sum(run.bridge[row][-1, 0] for row in ("opening", "draw", "interest"))
    assert run.balance[-1, 0] == pytest.approx(other + run.profit.sum(), abs=CENT)


def test_every_line_of_the_ledger_has_its_moment():
    assert set(MOMENTS) == set(LINE_KEYS)


def test_goods_that_arrive_go_from_the_way_to_the_shelf():
    """100 units at 20 on the shelf, 300 on the way until day 20, and 100 ÷ 31 units sold a day: the
    evening before, 300 are on the way as on the first day; on day 20 they are not, and the shelf
    holds them. The rows by the words beside them, and their sum as before.
    """
    scenario = neutral(
        {
            "product.unit_cost": 20.0,
            "cash.stocking": "periodic",
            "cash.opening_stock_units": 100.0,
            "cash.opening_coming_units": 300.0,
            "cash.opening_coming_days": 20,
            "cash.order_every_days": 60,
            "cash.production_days": 60,
        }
    )
    run = cash_run(Values(scenario), by_day=True)
    stock, way = (run.bridge[name][:, 0] for name in ("stock", "on_the_way"))
    sold = 20.0 * 100 / 31
    assert (stock[19], way[19]) == (pytest.approx(20 * sold), pytest.approx(0.0))
    assert (stock[20], way[20]) == (pytest.approx(21 * sold - 6000.0), pytest.approx(6000.0))
    total = sum(run.bridge[name] for name in ROWS)
    np.testing.assert_allclose(total, run.balance, atol=1e-6)
