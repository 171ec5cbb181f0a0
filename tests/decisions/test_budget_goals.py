"""The split for a goal where it can be written down: two items whose sales are 3√b and 4√b, of
which 1 and 0.25 are earned, less what they cost. For a weight w of profit the shares of a total go
by the squares of 3 · (w + 1 − w) = 3 and 4 · (w / 4 + 1 − w) = 4 − 3w.
"""

from types import SimpleNamespace

import numpy as np
import pytest

from funnel_sim.decisions.budget.goals import Bounds, _farthest, at, choose
from funnel_sim.errors import InputError

SALES, EARNED = np.array([3.0, 4.0]), np.array([1.0, 0.25])


class Roots:
    """Responses that are roots; today 16 and 9 are spent."""

    names, currency = ("a", "b"), "USD"
    now = np.array([16.0, 9.0])

    def along(self, budgets, plan=None):
        sales = SALES[:, None, None] * np.sqrt(budgets)
        return np.stack([EARNED[:, None, None] * sales - budgets, sales])

    def together(self, splits):
        sales = SALES * np.sqrt(splits)
        return np.stack([(EARNED * sales - splits).sum(axis=1), sales.sum(axis=1)])


def terms(goal, **more):
    plain = {"budget_goal": goal, "profit_floor": None, "gmv_target": None, "budget_step": None}
    return SimpleNamespace(**(plain | more))


def bounds(low=(0.0, 0.0), high=(np.inf, np.inf)):
    return Bounds(np.array(low), np.array(high))


def by_hand(weight, total):
    """Amounts, profit and sales of a total for a weight of profit."""
    squares = np.array([9.0, (4 - 3 * weight) ** 2])
    amounts = total * squares / squares.sum()
    profit, sales = Roots().together(amounts[None, :])[:, 0]
    return amounts, profit, sales


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0])
def test_a_total_is_shared_by_the_squares(weight):
    found = at(Roots(), bounds(), terms("profit"), 100.0, weight)
    assert found.amounts == pytest.approx(by_hand(weight, 100.0)[0], abs=0.011)
    assert round(found.amounts.sum() * 100) == 10_000


def test_most_profit_looks_at_profit_alone():
    found = choose(Roots(), bounds(), terms("profit"), 100.0)
    assert found.split.amounts == pytest.approx([90.0, 10.0], abs=0.011)
    assert (found.total, found.weight) == (100.0, 1.0)


def test_most_sales_give_no_more_profit_away_than_the_floor_lets_them():
    """Of 100: most sales are 50 at a loss of 74 (36 and 64), most profit is a loss of 68.38."""
    free = choose(Roots(), bounds(), terms("gmv", profit_floor=-74.5), 100.0)
    assert free.split.amounts == pytest.approx([36.0, 64.0], abs=0.011) and free.weight == 0.0
    weight = 7 / 12  # (4 − 21 / 12)² = 5.0625 beside 9: 64 and 36, 24 + 24 / 4 − 100 = −70
    found = choose(Roots(), bounds(), terms("gmv", profit_floor=-70.0), 100.0)
    assert found.weight == pytest.approx(weight, abs=1e-4)
    assert found.split.amounts == pytest.approx(by_hand(weight, 100.0)[0], abs=0.03)
    profit, sales = Roots().together(found.split.amounts[None, :])[:, 0]
    assert (
        profit == pytest.approx(-70.0, abs=0.01)
        and profit >= -70.0
        and sales == pytest.approx(by_hand(weight, 100.0)[2], abs=0.01)
    )


def test_a_floor_that_whole_steps_miss_takes_the_next_weight_that_keeps_it():
    """In steps of 10 a loss of no more than 70 is kept by 80 and 20 (26.83 + 4.47 − 100 = −68.7)
    and by 70 and 30 (25.10 + 5.48 − 100 = −69.4), not by 60 and 40 (−70.4).
    """
    found = choose(Roots(), bounds(), terms("gmv", profit_floor=-70.0, budget_step=10.0), 100.0)
    assert found.split.amounts.tolist() in ([70.0, 30.0], [80.0, 20.0])
    profit = Roots().together(found.split.amounts[None, :])[0, 0]
    assert profit >= -70.0 and found.weight <= 1.0


def test_without_a_floor_nothing_may_be_lost_and_a_floor_above_the_most_is_refused():
    """Of 1: most profit is 3√0.9 + √0.1 − 1 = 2.16, most sales leave 1.8 + 0.8 − 1 = 1.6."""
    assert choose(Roots(), bounds(), terms("gmv"), 1.0).weight == 0.0
    with pytest.raises(InputError, match=r"budget\.profit_floor"):
        choose(Roots(), bounds(), terms("gmv", profit_floor=2.17), 1.0)
    assert choose(Roots(), bounds(), terms("gmv", profit_floor=2.16), 1.0).weight > 0.9
    with pytest.raises(InputError, match=r"-68\.38"):
        choose(Roots(), bounds(), terms("gmv"), 100.0)


@pytest.mark.parametrize(
    ("target", "low", "step", "total"),
    [
        (40.0, (0.0, 0.0), None, 64.0),  # sales are 5√T: T = 8²
        (41.0, (0.0, 0.0), None, 67.24),
        (40.0, (0.0, 0.0), 10.0, 70.0),
        # (44.71 / 5)² = 79.96: 80 in fives are 30 and 50, which sell 44.715, and no more
        (44.71, (0.0, 0.0), 5.0, 80.0),
        (44.72, (0.0, 0.0), 5.0, 85.0),
        # 50 each sell 49.5 at least, and are the least: in steps no less either
        (40.0, (50.0, 50.0), None, 100.0),
        (40.0, (50.0, 53.0), 10.0, 110.0),
    ],
)
def test_the_cheapest_total_that_sells_enough(target, low, step, total):
    asked = terms("cheapest", gmv_target=target, budget_step=step)
    found = choose(Roots(), bounds(low), asked, 0.0)
    assert found.total == pytest.approx(total, abs=0.011) and found.weight == 0.0
    assert found.split.amounts.sum() == pytest.approx(found.total)
    assert Roots().together(found.split.amounts[None, :])[1, 0] >= target


def test_how_far_is_looked_for_a_target():
    """From today's 25, 100 or the least that must be spent, doubled until it sells enough; at
    most 4,096 times as much, or all upper bounds: 10 and 10 sell 7 · √10 = 22.14.
    """
    assert _farthest(Roots(), bounds(), 25.0) == 25.0
    assert _farthest(Roots(), bounds(), 25.001) == 50.0
    assert _farthest(Roots(), bounds((60.0, 40.0)), 25.0) == 100.0
    assert _farthest(Roots(), bounds(high=(20.0, 20.0)), 30.0) == 40.0
    # 25 doubled eleven times is 51,200: 5 · √51,200 = 1,131.4
    assert _farthest(Roots(), bounds(), 1131.0) == 51_200.0
    with pytest.raises(InputError, match=r"1,131\.37"):
        _farthest(Roots(), bounds(), 1132.0)
    with pytest.raises(InputError, match=r"22\.14"):
        _farthest(Roots(), bounds(high=(10.0, 10.0)), 22.2)
    with pytest.raises(InputError, match=r"budget\.gmv_target"):
        choose(Roots(), bounds(), terms("cheapest"), 100.0)
