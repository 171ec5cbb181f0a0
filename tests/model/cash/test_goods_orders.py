"""The orders of goods at the likely values: what is paid for them is what the calendar pays."""

import datetime as dt
import random

import numpy as np
import pytest

from funnel_sim.chance.cash import cash_of
from funnel_sim.output.words.cash_tables import ORDER_KINDS, order_heads, order_rows
from funnel_sim.scenario.presets import preset
from tests.model.cash.random_terms import random_store


@pytest.mark.parametrize("seed", range(12))
def test_every_payment_for_goods_is_that_of_an_order(seed):
    """Of any store that orders ahead, also one whose orders wait for cash: by kind and day."""
    luck = random.Random(f"orders {seed}")
    store = random_store(luck).replace(
        {"cash.stocking": luck.choice(("periodic", "reorder_point"))}
    )
    run = cash_of(store).run
    assert run.orders and [one.day for one in run.orders] == sorted(one.day for one in run.orders)
    for kind in ORDER_KINDS:
        paid = np.zeros(run.days.all)
        for order in run.orders:
            for name, day, amount in order.paid:
                if name == kind and day < run.days.all:
                    paid[day] += amount
        flows = run.day_flows.get(kind, np.zeros((run.days.all, 1)))[:, 0]
        assert np.allclose(paid, -flows, rtol=1e-9, atol=1e-6), kind


def test_goods_bought_as_they_are_sold_are_no_orders():
    store = preset("amazon-de-kitchen").replace({"cash.stocking": "as_sold"})
    assert cash_of(store).run.orders == ()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_order_is_told_with_its_days(lang):
    """Ordered on the first day: 30 % of the price on it, the rest 20 days later when the goods
    leave, freight with it, duty 35 days after that, on the shelf 7 days later: days 0, 20, 55, 62.
    """
    store = preset("amazon-de-kitchen").replace(
        {
            "cash.stocking": "periodic",
            "cash.kept_in": "home",
            "cash.deposit_rate": 0.3,
            "cash.production_days": 20.0,
            "cash.transit_days": 35.0,
            "cash.receiving_days": 7,
            "cash.balance_due": "shipment",
            "cash.balance_days": 0,
            "cash.freight_due_days": 0,
            "cash.border_due_days": 0,
            "product.unit_cost": 40.0,
        }
    )
    run = cash_of(store).run
    first = run.orders[0]
    assert first.day == 0 and first.shelf == 62
    days = {kind: day for kind, day, _ in first.paid}
    assert days == {"deposit": 0, "goods": 20, "freight": 20, "border": 55}
    assert first.paid[0][2] == pytest.approx(first.units * 40.0 * 0.3)
    row = order_rows(run.orders, run.days, lang)[0]
    assert len(row.cells) == len(order_heads(lang)) - 1
    assert row.name == run.days.first.isoformat()
    assert row.cells[-1] == (run.days.first + dt.timedelta(days=62)).isoformat()
    assert (run.days.first + dt.timedelta(days=20)).isoformat() in row.cells[2]
