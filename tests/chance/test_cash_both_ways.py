"""Cash as typed and as planned, worked out together: the same as worked out one after the other."""

import random

import numpy as np
import pytest

from funnel_sim.chance.cash import simulate_cash
from funnel_sim.decisions.cash.answer import as_planned, capital_of, cash_answer, planned_futures
from tests.model.cash.random_terms import random_store

KEPT = ("lowest", "bands", "month_end", "month_low", "profit", "profit_full", "interest", "sales")
WHOLE = ("lowest_day", "below_zero", "served", "lost_orders")
PATHS = 256


def gated(seed):
    """A store by chance whose orders need cash, or that pays interest."""
    luck = random.Random(f"both ways {seed}")
    store = random_store(luck, ranges=seed % 3 != 0)
    if seed % 4 == 0:
        return store.replace({"cash.orders_need_cash": False, "cash.credit_rate": 0.12})
    stocking = luck.choice(("periodic", "reorder_point"))
    return store.replace({"cash.orders_need_cash": True, "cash.stocking": stocking})


@pytest.mark.sampled(13)
@pytest.mark.parametrize("seed", range(16))
def test_together_they_are_what_they_are_apart(seed):
    store = gated(seed)
    together = simulate_cash(store, paths=PATHS, planned_too=True)
    apart = simulate_cash(store, paths=PATHS)
    for name in KEPT:
        one, two = getattr(together, name), getattr(apart, name)
        assert np.allclose(one, two, rtol=1e-11, atol=1e-6), name
    for name in WHOLE:
        assert np.array_equal(getattr(together, name), getattr(apart, name)), name
    for kind, flow in apart.mean_flows.items():
        assert np.allclose(together.mean_flows[kind], flow, rtol=1e-11, atol=1e-6), kind
    plain = simulate_cash(as_planned(store), paths=PATHS)
    assert np.array_equal(together.planned.lowest, plain.lowest)
    assert np.array_equal(together.planned.profit, plain.profit)
    assert np.array_equal(together.planned.sales, plain.sales)


def test_some_paths_are_held_back_and_some_are_not():
    store = gated(1).replace({"cash.opening_cash": 30_000.0})
    together = simulate_cash(store, paths=PATHS, planned_too=True)
    moved = ~np.isclose(together.lowest, together.planned.lowest, rtol=1e-9, atol=1e-6)
    assert 0 < moved.mean() < 1


@pytest.mark.slow
def test_the_answer_takes_what_was_worked_out_together():
    store = gated(1)
    answer = cash_answer(store, paths=PATHS)
    assert answer.futures.planned is not None
    assert answer.capital == capital_of(store, planned_futures(store, None, PATHS))


def test_what_is_as_planned_is_worked_out_once():
    store = as_planned(gated(1))
    assert cash_answer(store, paths=PATHS).futures.planned is None
