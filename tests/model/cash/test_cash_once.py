"""Where orders need cash: what several payments of one morning need is not there twice."""

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnel_sim.chance.draws import Sources
from funnel_sim.chance.simulation import blocks
from funnel_sim.chance.streams import plan_of
from funnel_sim.model.cash.amounts import CASH_WANTED
from funnel_sim.model.cash.run import CashRun, cash_run
from funnel_sim.model.economics import book_of
from funnel_sim.model.values import Values
from tests.conftest import neutral
from tests.model.cash.random_terms import random_store
from tests.model.cash.test_run import compare

CENT = 0.005


def run_of(**terms: Any) -> CashRun:
    """Return the days of a shop that buys at 20.00 what it sells 100 a month of, in months of 31
    days first; nothing is paid out, nothing else is paid, and every order of goods is for what the
    31 days from it need, 100 units, where cash pays it.
    """
    usual: dict[str, Any] = {
        "stocking": "periodic",
        "order_every_days": 21,
        "production_days": 0,
        "transit_days": 10,
        "opening_stock_units": 0.0,
        "orders_need_cash": True,
        "deposit_rate": 0.5,
        "freight_due_days": 30,
        "border_due_days": 30,
        "payout_delay_days": 180,
    }
    costs = {"product.unit_cost": 20.0, "product.inbound_freight": 3.0}
    changes = {f"cash.{name}": value for name, value in (usual | terms).items()}
    return cash_run(Values(neutral(costs | changes)), by_day=True)


KINDS = ("deposit", "goods", "freight", "border")


def for_goods(run: CashRun) -> dict[str, Any]:
    """Return what is paid for goods on each day of the horizon, by kind."""
    assert run.day_flows is not None
    nothing = np.zeros((run.days.all, 1))
    return {kind: run.day_flows.get(kind, nothing)[: run.days.horizon, 0] for kind in KINDS}


def first_day(run: CashRun) -> dict[str, float]:
    """Return what is paid for goods on the first day, by kind."""
    return {kind: round(float(one[0]), 2) for kind, one in for_goods(run).items()}


def paid(**kinds: float) -> dict[str, float]:
    """Return payments of a day, those not named at zero."""
    return dict.fromkeys(KINDS, 0.0) | kinds


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        # 100 units at 20.00, 10.00 down: 1,000 and 1,000 on one day; 2,000 pays both
        ({"opening_cash": 2_000.0}, paid(deposit=-1_000.0, goods=-1_000.0)),
        # a cent less pays the deposit, and the goods wait
        ({"opening_cash": 1_999.99}, paid(deposit=-1_000.0)),
        # the credit line counts once too: 1,200 + 800, and a cent less
        ({"opening_cash": 1_200.0, "credit_limit": 800.0}, paid(deposit=-1000.0, goods=-1000.0)),
        ({"opening_cash": 1_200.0, "credit_limit": 799.99}, paid(deposit=-1_000.0)),
        # all of the price down: nothing is left to wait for
        (
            {"opening_cash": 2_000.0, "deposit_rate": 1.0},
            paid(deposit=-2_000.0),
        ),
        # freight on the day of shipment, 3.00 a unit: goods leave with 2,300 and not with less
        (
            {"opening_cash": 2_300.0, "freight_due_days": 0},
            paid(deposit=-1_000.0, goods=-1_000.0, freight=-300.0),
        ),
        ({"opening_cash": 2_299.99, "freight_due_days": 0}, paid(deposit=-1_000.0)),
        # balance 30 days after shipment: the goods leave at once, and freight that is then due is
        # paid with the deposit, 10.00 + 3.00 a unit: 1,300 buys 100, 1,299.99 buys 99
        (
            {"opening_cash": 1_300.0, "freight_due_days": 0, "balance_days": 30},
            paid(deposit=-1_000.0, freight=-300.0),
        ),
        (
            {"opening_cash": 1_299.99, "freight_due_days": 0, "balance_days": 30},
            paid(deposit=-990.0, freight=-297.0),
        ),
        # all on the day of the order, the balance on arrival: 23.00 a unit, 31 days a time
        (
            {"opening_cash": 2_299.99, "freight_due_days": 0, "balance_due": "arrival"}
            | {"transit_days": 0, "order_every_days": 31},
            paid(deposit=-990.0, goods=-990.0, freight=-297.0),
        ),
        # the same with the balance on arrival ten days later: only what is due now counts
        (
            {"opening_cash": 1_300.0, "freight_due_days": 0, "balance_due": "arrival"},
            paid(deposit=-1_000.0, freight=-300.0),
        ),
    ],
)
def test_what_is_due_on_the_day_of_the_order_is_there_once(terms, expected):
    assert first_day(run_of(**terms)) == expected


def test_goods_that_leave_and_a_new_order_share_one_morning():
    """Ready 21 days later, when the next order is due; lead 31 days. The first order is for the 52
    days ahead, 100 + 21/28 · 100 = 175, less 68 on the shelf: 107 units, 1,070 down and 1,070
    when they leave. In 21 days 67.7 of the 68 are sold, and the second order makes up for them.
    """
    terms = {"production_days": 21, "opening_cash": 2_180.0, "opening_stock_units": 68.0}
    free = for_goods(run_of(**terms | {"orders_need_cash": False}))
    assert free["deposit"][0] == pytest.approx(-1_070.0) and free["deposit"][21] < -40.0
    # 1,110 is left on day 21: the balance takes 1,070, and 40 pays the deposit of 4 units
    run = run_of(**terms)
    assert run.balance is not None
    assert for_goods(run)["goods"][21] == pytest.approx(-1_070.0)
    assert for_goods(run)["deposit"][21] == pytest.approx(-40.0)
    assert run.balance[21, 0] == pytest.approx(0.0)


def together(seed: int, *, ranges: bool = False) -> Any:
    """Return a random store in which an order's payments fall on few days, and need cash."""
    luck = random.Random(seed)

    def some(low: int, high: int) -> Any:
        if ranges and luck.random() < 0.5:
            return {"dist": "uniform", "low": 0.0, "high": 1.4}
        return float(luck.choice((0, 0, luck.randint(low, high))))

    return random_store(luck, ranges=ranges).replace(
        {
            "cash.orders_need_cash": True,
            "cash.stocking": luck.choice(("periodic", "reorder_point")),
            "cash.opening_cash": luck.choice((500.0, 5000.0, 20000.0)),
            "cash.opening_stock_units": luck.choice((0.0, 100.0)),
            "cash.credit_limit": luck.choice((0.0, 3000.0)),
            "cash.production_days": some(1, 3),
            "cash.transit_days": some(1, 5),
            "cash.deposit_rate": luck.choice((0.0, 0.3, 0.5, 1.0)),
            "cash.balance_due": luck.choice(("shipment", "shipment", "arrival")),
            "cash.balance_days": luck.choice((0, 0, 20)),
            "cash.freight_due_days": luck.choice((0, 0, 7)),
            "cash.border_due_days": luck.choice((0, 0, 7)),
        }
    )


@pytest.mark.sampled(6)
@pytest.mark.parametrize("seed", range(24))
def test_payments_of_one_day_are_those_of_the_plain_loop(seed):
    values = Values(together(seed))
    book = book_of(values, steady=False, wanted=CASH_WANTED)
    compare(cash_run(values, book, by_day=True), book, values, 0)


@pytest.mark.sampled(8)
@pytest.mark.parametrize("seed", range(100, 108))
def test_drawn_payments_of_one_day_are_those_of_the_plain_loop(seed):
    store = together(seed, ranges=True).replace({"chance.fx_walk": True})
    _, _, values = next(blocks(Sources(store), plan_of(256, seed)))
    book = book_of(values, steady=False, wanted=CASH_WANTED)
    run = cash_run(values, book, paths=256)
    for path in (3, 200):
        compare(run, book, values, path)


@pytest.mark.slow
@settings(max_examples=40)
@given(
    cash=st.integers(0, 20_000).map(float),
    credit=st.sampled_from((0.0, 1_500.0)),
    deposit=st.sampled_from((0.0, 0.3, 1.0)),
    due=st.sampled_from(("shipment", "arrival")),
    every=st.integers(5, 40),
)
def test_no_morning_pays_more_than_cash_and_credit(cash, credit, deposit, due, every):
    # everything about an order falls on its day: no day's goods cost more than was there
    terms = {
        "opening_cash": cash,
        "credit_limit": credit,
        "deposit_rate": deposit,
        "balance_due": due,
        "order_every_days": every,
        "transit_days": 0,
        "freight_due_days": 0,
        "border_due_days": 0,
        "payout_delay_days": 10,
    }
    run = run_of(**terms)
    assert run.balance is not None
    horizon = run.days.horizon
    spent = -sum(for_goods(run).values())
    before = np.concatenate([[cash], run.balance[: horizon - 1, 0]])
    assert (spent <= np.maximum(before + credit, 0.0) + CENT).all()
    assert spent.any() or cash + credit < 23.0  # what a unit costs


def test_duty_that_is_due_with_an_order_is_paid_in_the_currency_of_the_balance():
    """In stock at once, all due with the order: 70.00 CNY for the goods and 10 % duty of their 10
    USD, which is 7.00 CNY at 7 CNY a dollar. 7,700 CNY pay 100 units of the 1,000 wanted.
    """
    store = neutral(
        {
            "cost_currency": "CNY",
            "fx_rate": 7.0,
            "product.unit_cost": 70.0,
            "tax.duty_rate": 0.1,
            "cash.kept_in": "home",
            "cash.opening_cash": 7_700.0,
            "cash.opening_stock_units": 0.0,
            "cash.stocking": "periodic",
            "cash.order_every_days": 300,
            "cash.orders_need_cash": True,
            "cash.deposit_rate": 1.0,
            "cash.balance_days": 1,
            "cash.payout_delay_days": 30.0,
        }
    )
    paid = first_day(cash_run(Values(store), by_day=True))
    assert (paid["deposit"], paid["border"]) == (-7_000.0, -700.0)
