"""How many more months would tell of an effect, which effect any of them would tell, and what is
believed of it: small cases by hand.

With a spread s and no difference between draws, a log effect x is above zero with the probability
0.94 · Φ(x / s) + 0.06 · Φ(x / 0.6) (data/review.toml); "it worked" is said from 0.95 on.
"""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from funnel_sim.decisions.review.effect import (
    _beside,
    _counted,
    _least_told,
    _log_likelihood,
    _moved,
    _needed,
    _verdict,
    _weighted_quantiles,
    likelihood,
)


def above(logs, spread):
    return 0.94 * norm.cdf(logs / spread).mean() + 0.06 * norm.cdf(np.median(logs) / 0.6)


def least(spread, logs=0.0):
    """The log effect that is just told, on top of draws around nothing."""
    return brentq(lambda size: above(np.atleast_1d(logs) + size, spread) - 0.95, 0.0, 3.0)


def months(first, *later):
    """Two months that came and more to come, three futures each."""
    return np.array([first, first, *later], np.float64)


EVEN = [100.0, 100.0, 100.0]


@pytest.mark.parametrize("middle", [0.2, 0.0, -0.2])
def test_the_least_effect_told_is_where_the_probability_is_enough(middle):
    """Where futures do not differ it depends on the spread alone; downwards it is the inverse."""
    found = _least_told(
        months(EVEN, EVEN), np.array([1.0, 1.0]), np.array([True, True]), middle, 0.1
    )
    size = least(0.1)
    assert math.log1p(found) == pytest.approx(math.copysign(size, middle), abs=0.001)
    assert abs(math.log1p(found)) >= size  # the search ends on the side that is told


def test_the_least_effect_is_that_of_the_month_which_tells_best():
    """The months that came swing by a half. After one more of 800 at the budget of the last month,
    twice the usual, sums are 50·1 + 50·2 + 800·2 = 1,750, 1,900 and 2,050.
    """
    swing = months([50.0, 100.0, 150.0], [800.0] * 3)
    scale, kept = np.array([1.0, 2.0]), np.array([True, True])
    sums = np.array([1750.0, 1900.0, 2050.0])
    size = least(0.05, np.log(1900.0 / sums))
    assert math.log1p(_least_told(swing, scale, kept, 0.1, 0.05)) == pytest.approx(size, abs=1e-3)
    # the first of the months that came is taken out: 1,700, 1,800 and 1,900
    size = least(0.05, np.log(1800.0 / np.array([1700.0, 1800.0, 1900.0])))
    found = _least_told(swing, scale, np.array([False, True]), 0.1, 0.05)
    assert math.log1p(found) == pytest.approx(size, abs=1e-3)
    # no month to come, or none that tells of ten times as much: nothing
    assert _least_told(swing[:2], scale, kept, 0.1, 0.05) is None
    assert _least_told(swing, scale, kept, 0.1, 5.0) is None


@pytest.mark.parametrize(
    ("middle", "needed"),
    [(0.25, None), (0.3, 3), (0.35, 2), (0.4, 1), (-0.2, None), (-0.3, 2), (-0.4, 1)],
)
def test_as_many_more_months_are_needed_as_bring_the_probability(middle, needed):
    """The two months that came swing by 40 %, the four to come, at half the budget, by nothing:
    with each of them the sum swings less. Counted here month by month, by the formula above.
    """
    first, scale, kept = [60.0, 100.0, 140.0], np.array([1.0, 0.5]), np.array([True, True])
    told = []
    for more in range(1, 5):
        sums = 1.5 * np.array(first) + 0.5 * 100.0 * more
        at = above(np.log((1 + middle) * sums[1] / sums), 0.05)
        told.append(at >= 0.95 or at <= 0.05)
    assert (told.index(True) + 1 if any(told) else None) == needed
    drawn = months(first, *[EVEN] * 4)
    assert _needed(drawn, scale, kept, middle, 0.05, None, None) == needed


def test_no_month_tells_before_thirty_orders_came():
    """10 orders a month that swing by nothing, ten times as many with the effect; and as few
    before the mark tell nothing, whatever comes.
    """
    drawn, scale, kept = months(*[[10.0] * 512] * 4), np.ones(2), np.array([True, True])
    assert _needed(drawn, scale, kept, 9.0, 0.05, 30.0, 1.0) == 1
    assert _needed(drawn, scale, kept, 9.0, 0.05, 29.0, 1.0) is None
    # a twentieth of them: 2 · 10 / 20 = 1 order came, 1.5, 2 and 2.5 with one to three more
    assert _needed(drawn, scale, kept, -0.95, 0.05, 1e6, 1.0) is None
    # sales of 150 a month, twice as many with the effect: 900 in three months, 1,200 in four; at
    # 0.034 orders per unit of sales 30.6 orders, at 0.033 no more than 29.7
    assert _needed(drawn * 15, scale, kept, 1.0, 0.05, 1e6, 0.034) == 1
    assert _needed(drawn * 15, scale, kept, 1.0, 0.05, 1e6, 0.033) == 2


def test_the_chance_of_many_orders_is_the_root_of_their_number():
    """100 million orders: a deviation of 1 / 10,000 of the logarithm; of 10 none may come, which
    counts as a quarter of one.
    """
    logs = np.full(4096, math.log(1e8))
    assert _counted(logs, 1e15, 1.0).std() == pytest.approx(1e-4, rel=0.05)
    assert _counted(logs, 1e15, 1.0).mean() == pytest.approx(math.log(1e8), abs=1e-5)
    # as sales of 50 an order
    assert _counted(logs + math.log(50), 1e15, 0.02).std() == pytest.approx(1e-4, rel=0.05)
    # read off a hundred orders: a tenth
    assert _counted(logs, 99.5, 1.0).std() == pytest.approx(0.1, rel=0.05)
    few = _counted(np.full(4096, math.log(2.0)), 1e15, 2.0)
    assert few.min() == pytest.approx(math.log(0.25 / 2.0))
    assert (few == few.min()).mean() == pytest.approx(math.exp(-4.0), abs=0.01)
    assert _counted(logs, None, 1.0) is logs and _counted(logs, 5.0, None) is logs


def test_the_likelihood_is_a_normal_one_around_what_arrived():
    """Two draws, 0 and 1: their deviation 0.5 gives a kernel of 0.9 · 0.5 / 2^0.2 = 0.3918, unless
    the spread is wider. Of an effect of +40 % half has arrived: log 1.2.
    """
    start = np.array([1.0, 1.4])
    for spread, width in ((0.1, 0.9 * 0.5 / 2**0.2), (0.6, 0.6)):
        gaps = np.array([[0.0, 1.0], [0.0 - math.log(1.2), 1.0 - math.log(1.2)]])
        expected = np.log(np.exp(-0.5 * (gaps / width) ** 2).sum(axis=1))
        found = _log_likelihood(np.array([0.0, 1.0]), spread, 0.5, start)
        assert found == pytest.approx(expected)


def test_each_weighed_value_is_spread_half_way_to_its_neighbours():
    """0, 1 and 3, only 1 with a weight: over 0.5 to 1 lies 2/3 of it and over 1 to 2 the third, so
    that its mean stays 0.75 · 2/3 + 1.5 / 3 = 1. Thirds of the weight: 0.5 to 0.75, 0.75 to 1 and
    1 to 2; in any order of the values.
    """
    assert _weighted_quantiles(np.array([0.0, 1.0, 3.0]), np.array([0.0, 2.0, 0.0])) == (
        pytest.approx([0.625, 0.875, 1.5])
    )
    assert _weighted_quantiles(np.array([3.0, 1.0, 0.0]), np.array([0.0, 2.0, 0.0])) == (
        pytest.approx([0.625, 0.875, 1.5])
    )
    # the ends are spread to one side, all of them: 0 keeps to 0 … 0.5, 3 to 2 … 3
    ends = _weighted_quantiles(np.array([0.0, 1.0, 3.0]), np.array([1.0, 0.0, 1.0]))
    assert ends.min() >= 0.0 and ends.max() <= 3.0
    # alike ones have no neighbour to go to
    assert _weighted_quantiles(np.array([2.0, 2.0]), np.array([1.0, 3.0])).tolist() == [2.0, 2.0]


def test_a_month_beside_what_the_store_alone_sells():
    """Alone 80, 100, 125 in as many futures: 100 is 25 %, 0 and −20 % above."""
    alone = np.repeat([80.0, 100.0, 125.0], [30, 40, 30])
    assert _beside(100.0, alone).tolist() == pytest.approx([-0.2, 0.0, 0.25])
    # nothing where something was expected, and where in a part of the futures nothing was
    assert _beside(0.0, alone).tolist() == [-1.0] * 3
    assert _beside(100.0, np.repeat([0.0, 100.0], [20, 80])).tolist() == [0.0, 0.0, np.inf]
    assert _beside(0.0, np.repeat([0.0, 100.0], [20, 80])).tolist() == [-1.0, -1.0, 0.0]


@pytest.mark.parametrize(
    ("above", "verdict"),
    [(1.0, "worked"), (0.95, "worked"), (0.949, "not_yet"), (0.051, "not_yet"),
     (1.0 - 0.95, "harmed"), (0.0, "harmed")],
)  # fmt: skip
def test_it_is_told_from_the_bound_itself_on(above, verdict):
    assert _verdict(above, few=False) == verdict and _verdict(above, few=True) == "few"


def test_a_level_read_off_three_halves_of_an_order_is_right_on_average():
    """A gamma of shape 2 and mean 1: its deviation is 1 / √2."""
    level = np.exp(_counted(np.full(4096, math.log(1e8)), 1.5, 1.0)) / 1e8
    assert (level.mean(), level.std()) == pytest.approx((1.0, 0.5**0.5), rel=0.05)


def test_the_likeliest_of_many_effects_has_a_likelihood_of_one_however_narrow_it_is():
    """In steps of 3 % at a spread of a thousandth the farthest lie hundreds of them away."""
    found = SimpleNamespace(logs=np.zeros(8), spread=0.001, arrived=1.0)
    told = likelihood(found, np.array([[0.5, 1.0, 1.03], [2.0, 1.0, 0.97]]))
    assert told == pytest.approx(np.array([[0.0, 1.0, 0.0]] * 2), abs=1e-12)
    found.arrived = 0.0
    assert likelihood(found, np.array([0.5, 2.0])).tolist() == [1.0, 1.0]


def test_what_came_while_half_of_the_effect_was_there_tells_of_twice_as_much():
    """10 % more in months in which half of the effect is reached: an effect of 20 %. Beliefs from
    −50 to +50 %, a spread of 1 %: what does not fit has no weight.
    """
    prior = np.linspace(0.5, 1.5, 1001)
    found = _moved(np.full(64, math.log(1.1)), 0.01, 0.5, prior)
    assert float(np.median(found)) == pytest.approx(0.2, abs=0.005)
    assert found.min() > 0.1 and found.max() < 0.3
    whole = _moved(np.full(64, math.log(1.1)), 0.01, 1.0, prior)
    assert float(np.median(whole)) == pytest.approx(0.1, abs=0.005)
    # nothing of it is reached yet: what was believed before stands
    assert _moved(np.zeros(64), 0.01, 0.0, prior).tolist() == (prior - 1.0).tolist()
