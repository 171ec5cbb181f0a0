"""The discount for optimism on made-up truth: stores whose responses are known, estimated with
noise, split by the estimate, and judged by the truth.
"""

import numpy as np
import pytest

from funnel_sim.chance.streams import plan_of
from funnel_sim.decisions.budget.goals import Bounds
from funnel_sim.decisions.budget.optimism import gain_with_chance
from funnel_sim.decisions.budget.split import best_split

PLAN = plan_of(256, 1)


class MadeUp:
    """Items that sell `worth · now · (budget / now)^(1 − e)`; the draws are noise around them."""

    def __init__(self, worth, elasticity, now, noise=(0.0, 0.0), seed=0):
        self.worth, self.elasticity, self.now = worth, elasticity, now
        self.noise, self.seed = noise, seed

    def along(self, budgets, plan=None):
        k, e = self.worth[:, None, None], self.elasticity[:, None, None]
        if plan is not None:
            rng, count = np.random.default_rng(self.seed), self.worth.size
            first, second = (rng.standard_normal((count, plan.paths, 1)) for _ in range(2))
            k = k * np.exp(self.noise[0] * first)
            e = np.clip(e + self.noise[1] * second, 0, 0.95)
        now = self.now[:, None, None]
        sales = k * now * (budgets / now) ** (1 - e)
        return np.stack([sales - budgets, sales])


def judged(noise, count):
    """Return (seen, honest, true, whether the interval holds the true gain) of many stores."""
    rng = np.random.default_rng(5)
    out = []
    for seed in range(count):
        now = rng.uniform(500, 3000, 5)
        worth = np.exp(rng.normal(np.log(2.5), 0.25, 5))
        elasticity = np.clip(rng.normal(0.3, 0.1, 5), 0.05, 0.7)
        seen_worth = worth * np.exp(noise[0] * rng.standard_normal(5))
        seen_e = np.clip(elasticity + noise[1] * rng.standard_normal(5), 0, 0.95)
        estimate, truth = (
            MadeUp(seen_worth, seen_e, now, noise, seed),
            MadeUp(worth, elasticity, now),
        )
        bounds = Bounds(np.zeros(5), np.full(5, np.inf))
        total = float(np.round(now.sum(), 2))

        def gains(budgets, of=estimate):
            return of.along(budgets)[0]

        best = best_split(gains, bounds.low, bounds.high, total).amounts
        found = gain_with_chance(estimate, bounds, best, 1.0, PLAN)
        both = truth.along(np.stack([now, best], axis=1)[:, None, :])[0].sum(axis=0)[0]
        true = both[1] - both[0]
        out.append((found.seen, found.honest, true, found.low <= true <= found.high))
    return np.array(out, dtype=float)


@pytest.mark.parametrize("noise", [(0.1, 0.05), (0.3, 0.1), (0.5, 0.1)])
def test_most_of_the_optimism_is_taken_off_and_the_interval_holds_the_truth(noise):
    seen, honest, true, inside = judged(noise, 120).T
    optimism, left = (seen - true).mean(), (honest - true).mean()
    assert optimism > 0.3 * seen.mean()  # the gain that is seen is far too large
    assert abs(left) < 0.25 * optimism
    assert inside.mean() > 0.6  # of an interval of 80 %


def test_no_more_than_twice_the_gain_is_taken_off():
    noise = (0.5, 0.1)
    now = np.array([1000.0, 1000.0])
    store = MadeUp(np.array([2.5, 2.5]), np.array([0.3, 0.301]), now, noise)
    bounds = Bounds(np.zeros(2), np.full(2, np.inf))
    best = best_split(lambda b: store.along(b)[0], bounds.low, bounds.high, 2000.0).amounts
    found = gain_with_chance(store, bounds, best, 1.0, PLAN)
    assert 0 < found.seen < 1  # today's split is as good as the best one
    assert found.optimism == pytest.approx(2 * found.seen)
    assert not found.worth_taking


def test_without_noise_there_is_no_optimism_and_no_width():
    now = np.array([1000.0, 1000.0])
    store = MadeUp(np.array([4.0, 2.0]), np.array([0.3, 0.4]), now)
    bounds = Bounds(np.zeros(2), np.full(2, np.inf))
    best = best_split(lambda b: store.along(b)[0], bounds.low, bounds.high, 2000.0).amounts
    found = gain_with_chance(store, bounds, best, 1.0, PLAN)
    assert found.optimism == pytest.approx(0.0, abs=1e-3 * found.seen)
    assert found.low == pytest.approx(found.high) and found.better == 1.0
    assert found.honest == pytest.approx(found.seen, rel=1e-3) and found.worth_taking
