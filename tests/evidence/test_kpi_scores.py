"""How benchmarks/kpi_calibration.py judges probabilities: windows, targets, rivals and scores by
hand.
"""

import math

import numpy as np
import pytest
from scipy import stats

from benchmarks import plain_rivals


def test_a_target_is_met_where_it_is_just_reached():
    """The last three months have the mean 100: what came is held against 80, 85, … 140."""
    history = np.array([7.0, 90.0, 100.0, 110.0])
    assert plain_rivals.targets(history)[[0, 4, -1]] == pytest.approx([80, 100, 140])
    assert plain_rivals.met(history, 100.0).tolist() == [1.0] * 5 + [0.0] * 8
    assert plain_rivals.met(history, 99.999).tolist() == [1.0] * 4 + [0.0] * 9


def test_the_brier_score_is_the_mean_square():
    # (0.8 − 1)² = 0.04 and (0.3 − 0)² = 0.09
    assert plain_rivals.brier(np.array([[0.8, 0.3]]), np.array([[1.0, 0.0]])) == pytest.approx(
        0.065
    )


def test_the_calibration_error_weighs_bins_by_their_size():
    """Four of 0.25, of which one came: no gap. Six of 0.85, of which three came: 0.35, and six
    tenths of all are there: 0.21.
    """
    said = np.array([[0.25] * 4 + [0.85] * 6])
    came = np.array([[1.0, 0, 0, 0, 1, 1, 1, 0, 0, 0]])
    assert plain_rivals.calibration_error(said, came) == pytest.approx(0.21)


@pytest.mark.parametrize(("cases", "worst"), [(199, 0.0), (200, 0.45)])
def test_too_sure_is_told_of_bins_of_two_hundred(cases, worst):
    """Said 95 %, half came: 0.45 too sure. Said 0.35 and nothing came: not sure enough, no
    fault.
    """
    said = np.array([[0.95] * cases + [0.35] * 300])
    came = np.array([[1.0, 0.0] * (cases // 2) + [1.0] * (cases % 2) + [0.0] * 300])
    assert plain_rivals.over_confidence(said, came) == pytest.approx(worst)
    # said 5 %, half came: as much too sure
    mirrored = plain_rivals.over_confidence(1 - said[:, :cases], 1 - came[:, :cases])
    assert mirrored == pytest.approx(worst)


def test_true_probabilities_show_an_error_by_chance_alone():
    """100 windows of one target at 0.55: the frequency that comes has the deviation
    √(0.55 · 0.45 / 100) = 0.05, whose mean size is √(2/π) of it. Four times the windows show half.
    Of what is certain nothing is left to chance.
    """
    expected = math.sqrt(2 / math.pi) * math.sqrt(0.55 * 0.45 / 100)
    few = plain_rivals.error_by_chance(np.full((100, 1), 0.55))
    many = plain_rivals.error_by_chance(np.full((10_000, 1), 0.55))
    assert few == pytest.approx(expected, rel=0.4)  # a mean of twenty draws
    assert many == pytest.approx(expected / 10, rel=0.4)
    assert plain_rivals.error_by_chance(np.ones((50, 3))) == 0.0
    # targets of one window are met together: thirteen of one window tell no more than one
    assert plain_rivals.error_by_chance(np.full((100, 13), 0.55)) == pytest.approx(few)


def test_a_random_walk_by_hand():
    """Months of 1 and e in turn: steps of 1 and −1, mean square 1; the mean of three months lies
    √(1 + 4/9 + 1/9) steps off the last month, of logarithm 0; t with three degrees.
    """
    history = np.array([math.e, 1.0, math.e, 1.0])
    error = math.sqrt(1 + 4 / 9 + 1 / 9)
    expected = stats.t.sf(np.log(plain_rivals.targets(history)) / error, 3)
    assert plain_rivals.random_walk(history) == pytest.approx(expected)


def test_windows_are_apart_and_of_the_half_that_is_asked():
    series = [np.arange(1.0, 61.0), np.arange(101.0, 161.0)]
    # from month 24, every eleventh, three months must follow: 24, 35, 46, 57
    every = plain_rivals.windows(series, 6, 11)
    assert [history[0] for history, _ in every] == [19, 30, 41, 52, 119, 130, 141, 152]
    assert every[0][1] == pytest.approx((25 + 26 + 27) / 3)
    # fewer than a thousand windows: as close as one month, of the second series alone
    half = plain_rivals.enough(series, 6, half=1)
    assert [history[0] for history, _ in half[:2]] == [119, 120]
    assert len(half) == 34  # from month 24 to 57
