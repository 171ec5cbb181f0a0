"""The outlook at its edges: which months a probability is of, how far it looks, how long a history
may be, and how months hang together.
"""

import math

import numpy as np
import pytest

from funnel_sim.errors import InputError
from funnel_sim.evidence.store.month_models import MonthModels, Structure, month_models
from funnel_sim.evidence.store.outlook import Outlook, outlook, parts_of
from funnel_sim.words import Words


def certain(*months):
    """An outlook of which each month is known, but for a thousandth."""
    count = len(months)
    return Outlook(
        np.ones(1), np.log([months]), np.eye(count)[None] * 1e-3, 0.0, np.ones(12), 0.1, 3
    )


@pytest.mark.parametrize(
    ("limit", "first", "last", "odds"),
    [
        # months of 100, 200 and 600: alone, and their means 150, 400 and 300
        (90, 1, 1, 1.0), (110, 1, 1, 0.0), (190, 2, 2, 1.0), (210, 2, 2, 0.0),
        (140, 1, 2, 1.0), (160, 1, 2, 0.0), (390, 2, 3, 1.0), (410, 2, 3, 0.0),
        (290, 1, 3, 1.0), (310, 1, 3, 0.0),
    ],
)  # fmt: skip
def test_a_probability_is_of_the_mean_of_its_months(limit, first, last, odds):
    assert certain(100.0, 200.0, 600.0).odds(limit, first, last, 64) == odds


def test_one_month_below_a_value_and_percentiles_by_month():
    found = certain(100.0, 200.0)
    assert [found.below(1, 110.0), found.below(1, 90.0)] == pytest.approx([1.0, 0.0])
    assert [found.below(2, 190.0), found.below(2, 210.0)] == pytest.approx([0.0, 1.0])
    assert found.below(2, 200.0) == pytest.approx(0.5)
    low, high = found.quantiles([0.1, 0.9], 2, 256)
    # 1.2816 deviations of a thousandth to either side
    assert low == pytest.approx([100 * math.exp(-0.0012816), 200 * math.exp(-0.0012816)], rel=1e-4)
    assert high == pytest.approx([100 * math.exp(0.0012816), 200 * math.exp(0.0012816)], rel=1e-4)


def test_it_looks_as_far_as_asked_and_no_further():
    found = certain(100.0, 200.0)
    assert found.draws(np.array([0.5]), np.zeros((2, 1)))[:, 0] == pytest.approx([100, 200])
    assert found.draws(np.array([0.5]), np.zeros((1, 1)))[:, 0] == pytest.approx([100])
    with pytest.raises(ValueError, match="3 months asked, 2 known"):
        found.draws(np.array([0.5]), np.zeros((3, 1)))


def test_a_uniform_number_picks_the_part():
    # parts of weight 0.25 and 0.75: a quarter of the numbers is of the first
    found = Outlook(
        np.array([0.25, 0.75]), np.log([[10.0], [20.0]]), np.zeros((2, 1, 1)), 0, np.ones(12), 0, 3
    )
    picked = found.draws(np.array([0.0, 0.24, 0.26, 0.5, 1.0]), np.zeros((1, 5)))[0]
    assert picked == pytest.approx([10, 10, 20, 20, 20])


def test_the_fitted_weights_say_where_they_come_from():
    models = month_models()
    assert np.isfinite(models.log_weight).all()
    assert len(models.structures) == models.log_weight.size
    zh, en = models.source.of("zh"), models.source.of("en")
    assert any("\u4e00" <= one <= "\u9fff" for one in zh)
    assert not any("\u4e00" <= one <= "\u9fff" for one in en) and "zh:" not in zh + en
    assert "#" not in zh + en and en[0].isalnum()


def test_how_long_a_history_may_be():
    assert outlook([100.0] * 120, 1).months == 120
    with pytest.raises(InputError) as refused:
        outlook([100.0] * 121, 1, where="shop.csv")
    [problem] = refused.value.problems
    assert (problem.where, problem.value, problem.rule) == ("shop.csv", 121, "history_long")
    assert outlook([100.0, math.nan, 110.0, 90.0], 1).months == 3
    with pytest.raises(InputError) as refused:
        outlook([100.0, math.nan, 110.0], 1)
    [problem] = refused.value.problems
    assert (problem.value, problem.rule) == (2, "history_short")
    assert problem.parts == {"least": 3, "most": 120}


@pytest.mark.parametrize(
    ("values", "bad"), [([1, -2, 3], -2), ([1, math.inf, 3], math.inf), ([0, 0, 0], 0)]
)
def test_the_month_that_is_none_is_named(values, bad):
    with pytest.raises(InputError) as refused:
        outlook(values, 1)
    [problem] = refused.value.problems
    assert (problem.value, problem.rule) == (bad, "history_values")


def test_a_month_of_nothing_is_a_month_where_others_are_not():
    assert outlook([100.0, 0.0, 100.0], 1).months == 3


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        # level 2, noise 3 and season 5 in squares of 0.1
        (Structure(1.0, 2.0, 3.0, 5.0, 0.0, 0.1, loose=0.0), [3.0 + 5.0, 5.0], 0.0),
        # a level that keeps half from month to month: 2, 1, and 2 / 2^12 a year away
        (
            Structure(0.5, 2.0, 3.0, 5.0, 0.0, 0.1, loose=0.0),
            [2.0 + 3.0 + 5.0, 5.0 + 2 / 4096],
            1.0,
        ),
    ],
)
def test_months_hang_together_by_level_noise_and_season(one, same, other):
    """Of months 0, 1 and 12: a season adds 5 between equal months of the year and −5 / 11 between
    others; what wanders adds 2 for each month since the first.
    """
    found = one.covariance(np.array([0.0, 1.0, 12.0])) / 0.01
    assert found[0, 0] == pytest.approx(same[0], abs=1e-6)
    assert found[0, 2] == found[2, 0] == pytest.approx(same[1], abs=1e-6)
    assert found[0, 1] == pytest.approx(other - 5 / 11, abs=1e-6)
    if one.memory == 1:
        assert found[1, 1] == pytest.approx(2 + 8, abs=1e-6)
        assert found[2, 2] == pytest.approx(24 + 8, abs=1e-6)
        assert found[1, 2] == pytest.approx(2 - 5 / 11, abs=1e-6)


def test_a_drift_grows_with_both_months():
    one = Structure(1.0, 0.0, 0.0, 0.0, 0.5, 0.1, loose=0.0)
    found = one.covariance(np.array([-2.0, -3.0]))
    assert found == pytest.approx(0.25 * np.array([[4.0, 6.0], [6.0, 9.0]]), abs=1e-9)
    # ahead it dies away, so that two years hold less than ten months of it
    far = one.covariance(np.array([240.0]))[0, 0]
    assert far == pytest.approx(0.25 / math.log(0.9) ** 2)


def test_what_the_weights_are_fitted_with_is_the_outlook_itself():
    """Two structures and two histories: each outlook has its weights from the likelihoods that
    `parts_of` tells, and its means and covariances.
    """
    models = MonthModels(
        (
            Structure(1.0, 0.2, 1.0, 0.0, 0.0, 0.2),
            Structure(0.5, 1.0, 0.5, 0.5, 0.02, 0.3, momentum=0.3, slope=0.02),
        ),
        np.log([0.3, 0.7]),
        Words("", ""),
    )
    for history in ([1000.0, 1300.0, 900.0, 1200.0], [10.5, 11.0, 9.0, 1.0]):
        [part], unit = parts_of(np.array(history), 2, models)
        assert unit == 1.0 and not part.counted
        found = outlook(history, 2, models=models)
        weight = np.exp(part.given.likelihood - part.given.likelihood.max()) * [0.3, 0.7]
        order = np.argsort(-weight)[: found.weight.size]  # 99.5 % of the weight is kept
        assert found.weight == pytest.approx(weight[order] / weight[order].sum(), rel=1e-6)
        assert found.mean == pytest.approx(part.given.mean[order] + part.level, rel=1e-9)
        for place, which in enumerate(order):
            root = found.root[place]
            assert root @ root.T == pytest.approx(part.given.covariance[which], rel=1e-6)


def test_momentum_and_slope_die_away():
    """A pace that keeps 0.7 from month to month: of months 0, 1 and 2 the second lies one pace
    above the first, the third two, whose covariance is 0.7: variances 1 and 1 + 1 + 2 × 0.7. A
    slope of 0.1 fades by a tenth a month: half a month of it to the end of two months, then 0.09.
    """
    one = Structure(1.0, 0.0, 0.0, 0.0, 0.0, 1.0, momentum=1.0, loose=0.0)
    assert one.covariance(np.array([-2.0, -1.0, 0.0])) == pytest.approx(
        np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 1.7], [0.0, 1.7, 3.4]])
    )
    # the pace of the last month, 1, is 0.7 and 0.49 in the two to come: 1.19 above it
    ahead = one.covariance(np.array([-1.0, 0.0, 1.0, 2.0]))
    assert ahead[3, 3] - 2 * ahead[1, 3] + ahead[1, 1] == pytest.approx(1.19**2)
    rising = Structure(1.0, 0.0, 1.0, 0.0, 0.0, 0.2, slope=0.1, shift=-0.5)
    assert rising.expected(2, 2) == pytest.approx([-0.55, -0.45, -0.45 + 0.09, -0.45 + 0.171])
