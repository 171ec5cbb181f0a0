"""A quote in the cash: its fees on their days beside what it brings, in the same futures."""

import numpy as np
import pytest

from funnel_sim.decisions.cash.answer import as_planned, cash_answer
from funnel_sim.decisions.cash.quote_cash import quote_cash
from funnel_sim.scenario.quotes import Option
from tests.conftest import neutral

PLAIN = {"id": "a", "claimed": 0.0, "effect": 0.0, "term": 12, "fee_currency": "sales"}


def found(changes=None, belief=0.0, **clauses):
    """Return the cash of a contract in a store that earns 10,000 a month and pays at once."""
    option = Option.model_validate({**PLAIN, **clauses})
    return quote_cash(neutral(changes), option, belief, paths=256)


def test_a_quote_that_costs_and_brings_nothing_changes_nothing():
    one = found()
    assert one.fees == () and not one.by_month.any()
    assert one.at_risk.mean.value == 0.0 and one.capital.value == 0.0
    assert one.below == one.below_alone


def test_fees_lower_the_balance_by_what_was_paid_by_then():
    """1,000 at the end of each month: 1,000, 2,000 … 12,000 less."""
    one = found(base=1000.0, due_base="arrears")
    np.testing.assert_allclose(one.by_month, -1000.0 * np.arange(1, 13), atol=1e-6)
    assert [(fee.line, fee.amount) for fee in one.fees] == [("base", 1000.0)] * 12
    assert one.days.date(one.fees[0].day).day == 31


def test_a_quarter_paid_ahead_is_cash_that_is_at_risk():
    """3,000 on the first day, when 10,000 a month are earned day by day: the lowest balance is that
    of the first day, 10,000 ÷ 31 less 3,000; alone it is 10,000 ÷ 31.
    """
    one = found(base=1000.0, due_base="advance", due_every=3)
    day = 10_000.0 / 31
    assert one.lowest_alone.mean.value == pytest.approx(day)
    assert one.lowest.mean.value == pytest.approx(day - 3000.0)
    assert one.at_risk.mean.value == pytest.approx(3000.0)
    assert one.capital.value == pytest.approx(3000.0)
    assert (one.below.value, one.below_alone.value) == (1.0, 0.0)
    assert [fee.day for fee in one.fees] == [0, 90, 181, 273]


def test_what_is_due_before_the_first_day_is_paid_on_it():
    one = found(base=1000.0, due_base="advance", due_base_days=10)
    assert one.fees[0].day == -10
    assert one.lowest.mean.value == pytest.approx(10_000.0 / 31 - 1000.0)


def test_what_is_due_after_the_plan_is_not_paid_in_it():
    """December's share is due 30 days later: eleven months of 5 % of 10,000 are paid."""
    one = found(share_tiers=[{"rate": 0.05}], due_results_days=30)
    assert one.by_month[-1] == pytest.approx(-11 * 500.0)
    assert one.by_month[0] == 0.0
    assert len(one.fees) == 12


def test_a_year_in_arrears_that_ends_after_the_plan_is_not_paid_in_it():
    """A plan of 18 months: the first 12 × 1,000 are due on 31 December, the six months after that
    with the second year's end, on day 730 of a leap year, outside the plan: owed and not paid.
    """
    one = found({"plan.horizon_months": 18}, base=1000.0, term=24, due_base="arrears", due_every=12)
    assert [(fee.day, fee.amount) for fee in one.fees] == [(364, 12_000.0), (730, 6_000.0)]
    np.testing.assert_allclose(one.by_month, [0.0] * 11 + [-12_000.0] * 7, atol=1e-6)


def test_a_deposit_takes_cash_and_no_fee():
    one = found(deposit=5000.0)
    np.testing.assert_allclose(one.by_month, -5000.0)
    assert one.at_risk.mean.value == pytest.approx(5000.0)


def test_payment_terms_move_cash_and_no_gain():
    from funnel_sim.decisions.quote.effect import Case
    from funnel_sim.decisions.quote.futures import outcomes

    plain = Option.model_validate({**PLAIN, "base": 1000.0, "setup": 300.0})
    moved = plain.but(
        due_base="advance", due_every=6, due_base_days=3, due_setup_days=40, due_results_days=60,
        deposit=900.0, deposit_days=5,
    )  # fmt: skip
    one, two = outcomes(neutral(), [Case(plain, 0.1), Case(moved, 0.1)], paths=256)
    np.testing.assert_array_equal(one.gain, two.gain)
    np.testing.assert_array_equal(one.income, two.income)


def test_what_it_brings_is_paid_out_as_all_sales_are():
    """+10 % of orders in full from month 1: 1,000 a month more, paid 40 days after the order."""
    one = found({"cash.payout_delay_days": 40}, belief=0.1, ramp=0.0)
    assert one.by_month[0] == pytest.approx(0.0)
    assert one.by_month[-1] == pytest.approx(1000.0 * (12 - 40 / 31), rel=0.02)


def test_a_contract_in_the_cost_currency_is_paid_at_the_rate():
    one = found(
        {"currency": "USD", "cost_currency": "CNY", "fx_rate": 7.0},
        base=700.0,
        fee_currency="cost",
        due_base="arrears",
    )
    assert (one.currency, one.fee_currency) == ("USD", "CNY")
    np.testing.assert_allclose(one.by_month, -100.0 * np.arange(1, 13), atol=1e-6)


AS_TYPED = {
    "product.unit_cost": 20.0,
    "cash.opening_cash": 3000.0,
    "cash.stocking": "periodic",
    "cash.order_every_days": 30,
    "cash.orders_need_cash": True,
    "cash.credit_limit": 2000.0,
    "cash.credit_rate": 0.12,
    "chance.demand_cv": 0.3,
}


def test_without_the_quote_the_store_is_that_of_the_head():
    """Orders that need cash, interest and a stock that runs out: the store alone is the one that
    the answer tells, figure by figure, and the capital is read off goods ordered as planned.
    """
    short = {"product.unit_cost": 50.0, "cash.opening_cash": 1000.0, "cash.deposit_rate": 1.0}
    store = neutral(AS_TYPED | short | {"cash.payout_delay_days": 20})
    option = Option.model_validate({**PLAIN, "base": 900.0, "due_base": "advance"})
    one, head = quote_cash(store, option, 0.0, paths=256), cash_answer(store, paths=256)
    assert (one.lowest_alone, one.below_alone) == (head.lowest, head.below)
    assert one.stock_out_alone == head.stock_out.probability
    assert head.below.value > 0.0 and head.stock_out.probability.value > 0.0
    planned = cash_answer(as_planned(store), paths=256)
    assert planned.lowest.mean.value < head.lowest.mean.value - 100.0  # the terms do something


def test_interest_on_what_the_quote_takes():
    """3,000 on the first day, 10,000 ÷ 31 earned a day: the first nine evenings are below zero by
    3,000 − k · 322.58; their interest at 12 % a year is paid on 31 January.
    """
    clauses = {"base": 1000.0, "due_base": "advance", "due_every": 3}
    one = found({"cash.credit_rate": 0.12}, **clauses)
    owed = sum(3000.0 - k * 10_000.0 / 31 for k in range(1, 10))
    assert one.by_month[0] == pytest.approx(-3000.0 - owed * 0.12 / 365)
    assert one.capital.value == pytest.approx(3000.0)


def test_a_fee_that_takes_the_money_for_goods_is_a_stock_out():
    """A unit costs 20, goods come on the day they are ordered, every 30 days. 200,000 on the first
    day leave nothing to order with from day 30 on; alone nothing is ever missing. The capital for
    goods ordered as planned is the fee.
    """
    changes = {**AS_TYPED, "cash.opening_cash": 20_000.0, "chance.demand_cv": 0.0}
    changes |= {"cash.credit_limit": 0.0, "cash.credit_rate": 0.0}
    one = found(changes, setup=200_000.0)
    assert (one.stock_out.value, one.stock_out_alone.value) == (1.0, 0.0)
    assert one.capital.value == pytest.approx(200_000.0)
    # 30 of 365 days are served: at least ten months without their 8,000 of margin
    assert one.by_month[-1] < -200_000.0 - 10 * 7_500.0
    slow = found({**changes, "cash.orders_need_cash": False}, setup=200_000.0)
    assert slow.stock_out.value == 0.0
    assert slow.by_month[-1] == pytest.approx(-200_000.0)
