"""The best split of a total: against closed forms, every split of small problems, SLSQP; steps,
bounds, responses that are not concave, refusals.
"""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from funnel_sim.decisions.budget.split import are_concave, best_split, filled, programmed
from funnel_sim.errors import InputError

OPEN = np.inf


def powers(scale, power):
    """Return profit of `scale · budget^power − budget` by item."""
    a, b = np.asarray(scale)[:, None, None], np.asarray(power)[:, None, None]
    return lambda budgets: a * budgets**b - budgets


def worth(gains, amounts):
    return float(gains(np.asarray(amounts)[:, None, None]).sum())


def exact(scale, power, low, high, total):
    """Return the best split in closed form: the amount at which each item's marginal gain is the
    same, a·b·x^(b−1) − 1 = price, cut at its bounds; the price by bisection.
    """
    below, above = 1e-15, 1e12
    for _ in range(400):
        middle = np.sqrt(below * above)
        amounts = np.clip((scale * power / middle) ** (1 / (1 - power)), low, high)
        below, above = (middle, above) if amounts.sum() > total else (below, middle)
    return amounts


@st.composite
def problems(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = draw(st.integers(2, 12))
    scale, power = rng.uniform(1.5, 40.0, count), rng.uniform(0.3, 0.95, count)
    total = float(np.round(rng.uniform(200.0, 80_000.0), 2))
    low = np.where(rng.random(count) < 0.4, rng.uniform(0, 0.6 / count, count) * total, 0.0)
    high = np.where(rng.random(count) < 0.5, rng.uniform(1.3, 3.0, count) * total / count, OPEN)
    return scale, power, np.floor(low), np.ceil(high), total


@given(problems())
@settings(max_examples=60, deadline=None)
def test_regret_is_below_a_thousandth_and_the_sum_is_kept_to_the_cent(problem):
    scale, power, low, high, total = problem
    if high.sum() < total:
        return
    gains = powers(scale, power)
    found = best_split(gains, low, high, total)
    best = exact(scale, power, low, np.minimum(high, total), total)
    most = worth(gains, best) + total  # what the split sells: profit alone may be near zero
    assert worth(gains, best) - worth(gains, found.amounts) <= 1e-3 * most * 1e-3
    assert sum(round(one * 100) for one in found.amounts) == round(total * 100)
    assert (found.amounts >= low).all() and (found.amounts <= high).all()
    assert found.proven


@pytest.mark.parametrize("seed", range(12))
def test_slsqp_finds_nothing_better(seed):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 13))
    scale, power = rng.uniform(2.0, 30.0, count), rng.uniform(0.4, 0.9, count)
    total = 10_000.0
    high = np.full(count, np.floor(2.5 * total / count))  # a whole number of cents
    gains = powers(scale, power)
    found = best_split(gains, np.zeros(count), high, total)
    start = np.full(count, total / count)
    peer = minimize(
        lambda x: -worth(gains, x),
        start,
        method="SLSQP",
        bounds=[(1e-6, one) for one in high],
        constraints={"type": "eq", "fun": lambda x: x.sum() - total},
    )
    assert worth(gains, found.amounts) >= -peer.fun - 1e-6 * total


def test_two_roots_by_hand():
    # √x and 2√y have the same slope where y = 4x: 1,000 is split 200 to 800
    found = best_split(
        lambda x: np.sqrt(x) * np.array([1.0, 2.0])[:, None, None],
        np.zeros(2),
        np.full(2, OPEN),
        1000.0,
    )
    assert found.amounts.tolist() == [200.0, 800.0]


def test_steps_are_the_best_of_all_splits_in_steps():
    rng = np.random.default_rng(3)
    for _ in range(10):
        scale, power = rng.uniform(3, 20, 3), rng.uniform(0.4, 0.9, 3)
        gains = powers(scale, power)
        low, high = np.array([100.0, 0.0, 0.0]), np.array([OPEN, 500.0, OPEN])
        found = best_split(gains, low, high, 1200.0, 100.0)
        steps = np.arange(0, 1201, 100.0)
        every = [
            (a, b, 1200 - a - b)
            for a, b in itertools.product(steps, steps)
            if a >= 100 and b <= 500 and a + b <= 1200
        ]
        assert (found.amounts % 100 == 0).all() and found.amounts.sum() == 1200
        assert worth(gains, found.amounts) == pytest.approx(max(worth(gains, x) for x in every))


def test_what_is_over_whole_steps_goes_to_one_item_and_the_total_is_kept():
    gains = powers([10.0, 12.0], [0.6, 0.6])
    found = best_split(gains, np.zeros(2), np.full(2, OPEN), 1034.56, 100.0)
    over = np.round(found.amounts % 100, 2)
    assert sorted(over.tolist()) == [0.0, 34.56]
    assert round(found.amounts.sum() * 100) == 103_456


def test_items_without_room_keep_what_they_have():
    gains = powers([5.0, 5.0, 5.0], [0.5, 0.5, 0.5])
    low, high = np.array([123.45, 0.0, 0.0]), np.array([123.45, OPEN, OPEN])
    found = best_split(gains, low, high, 1123.45, 50.0)
    assert found.amounts.tolist() == [123.45, 500.0, 500.0]


def test_thresholds_are_not_concave_and_are_met_by_trying_all_splits():
    # nothing below 400, then 900 at once; the other item is a root
    def gains(x):
        out = np.empty_like(x)
        out[0] = np.where(x[0] >= 400.0, 900.0, 0.0)
        out[1] = 20.0 * np.sqrt(x[1])
        return out

    low, high = np.zeros(2), np.full(2, OPEN)
    assert are_concave(gains, low, np.full(2, 1000.0)).tolist() == [False, True]
    found = best_split(gains, low, high, 1000.0)
    # exactly the threshold, the rest to the other: 900 + 20·√600
    assert worth(gains, found.amounts) == pytest.approx(900 + 20 * np.sqrt(600), abs=0.5)
    assert found.amounts.sum() == 1000.0 and not found.proven


def test_many_totals_at_once_are_the_same_as_one_by_one():
    gains = powers([8.0, 9.0, 4.0], [0.5, 0.7, 0.9])
    totals = np.array([10.0, 500.0, 20_000.0])
    many = filled(gains, np.zeros(3), np.full(3, OPEN), totals)
    for place, total in enumerate(totals):
        one = best_split(gains, np.zeros(3), np.full(3, OPEN), float(total))
        assert many[:, place] == pytest.approx(one.amounts, abs=0.02 + 1e-4 * total)


@pytest.mark.parametrize(
    ("low", "high", "total", "step", "rule"),
    [
        (
            [60.0, 50.0],
            [OPEN, OPEN],
            100.0,
            None,
            "budget_room",
        ),  # the least is more than the total
        ([0.0, 0.0], [40.0, 50.0], 100.0, None, "budget_room"),  # the most is less
        ([50.0, 0.0], [40.0, OPEN], 100.0, None, "budget_room"),  # upside down
        ([-1.0, 0.0], [OPEN, OPEN], 100.0, None, "budget_room"),
        ([0.0, 0.0], [OPEN, OPEN], -5.0, None, "budget_room"),
        ([10.0, 10.0], [90.0, 90.0], 100.0, 95.0, "budget_steps"),  # no whole step inside
    ],
)
def test_what_leaves_no_split_is_refused(low, high, total, step, rule):
    gains = powers([5.0, 5.0], [0.5, 0.5])
    with pytest.raises(InputError) as error:
        best_split(gains, np.array(low), np.array(high), total, step)
    assert error.value.problems[0].rule == rule


def test_bounds_that_just_hold_the_total_are_taken():
    gains = powers([5.0, 5.0], [0.5, 0.5])
    least = best_split(gains, np.array([60.0, 40.0]), np.full(2, OPEN), 100.0)
    most = best_split(gains, np.zeros(2), np.array([60.0, 40.0]), 100.0)
    assert least.amounts.tolist() == most.amounts.tolist() == [60.0, 40.0]


def test_published_misses_of_others_are_none_here():
    # pymc-marketing 1624 and 1681: channels of different worth, the same amount for all returned
    worths = powers([30.0, 3.0, 3.0], [0.6, 0.6, 0.6])
    split = best_split(worths, np.zeros(3), np.full(3, OPEN), 3000.0).amounts
    assert split[0] > 10 * split[1]
    # pymc-marketing 848: the sum of the split is not the budget; here 5,230 over seven channels
    seven = powers(np.linspace(2, 9, 7), np.linspace(0.3, 0.8, 7))
    split = best_split(seven, np.zeros(7), np.full(7, 2000.0), 5230.0).amounts
    assert round(split.sum() * 100) == 523_000
    # Robyn 134: bounds of 1.0 × today on every channel, and the split still changed
    today = np.array([100.0, 250.0, 650.0])
    assert best_split(worths, today, today, 1000.0).amounts.tolist() == today.tolist()
    # Robyn 1002: "max response" within bounds brought less than the initial split
    low, high = 0.7 * today, 1.2 * today
    found = best_split(worths, low, high, 1000.0).amounts
    assert worth(worths, found) >= worth(worths, today)
    # lightweight_mmm 317: budgets of 1e6 and more, SLSQP ends with all alike ("positive
    # directional derivative")
    large = best_split(worths, np.zeros(3), np.full(3, OPEN), 3e7).amounts
    assert large[0] > 10 * large[1] and round(large.sum() * 100) == 3_000_000_000


def test_every_item_keeps_its_bounds_and_the_better_one_gets_the_rest():
    """512 to share; the second brings twice as much a unit, but holds 100 at most."""
    low, high = np.array([12.0, 0.0]), np.array([1000.0, 100.0])

    def gains(budgets):
        return budgets * np.array([1.0, 2.0])[:, None, None]

    assert programmed(gains, low, high, 524.0).tolist() == [424.0, 100.0]
    # a high of 99.5 lies between two cells of 1: 99 of it
    between = programmed(gains, low, np.array([1000.0, 99.5]), 524.0)
    assert between.tolist() == [425.0, 99.0]
    # turned round the first is filled up to its bound
    turned = programmed(gains, low[::-1], np.array([300.0, 1000.0]), 524.0)
    assert turned.tolist() == [0.0, 524.0]
