"""Ranges as they are drawn: their moments, their percentiles, their cut at the domain, and the inversion's error."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from funnel_sim.chance.distributions import drawable
from funnel_sim.inputs.quantity import BetaCounts, Lognormal, Normal, Pert, Sample, Triangular, Uniform, likely, moved

GRID = (np.arange(200_000) + 0.5) / 200_000


def drawn(quantity, domain=(-1e12, 1e12)):
    return drawable(quantity, domain).values(GRID)


# mean and standard deviation, each from its textbook formula
MOMENTS = [
    (Uniform(low=2.0, high=8.0), 5.0, 6 / math.sqrt(12)),
    (Triangular(low=1.0, likely=2.0, high=6.0), 9 / 3, math.sqrt((1 + 4 + 36 - 2 - 6 - 12) / 18)),
    (Normal(mean=10.0, sd=2.0), 10.0, 2.0),
    (Lognormal(median=2.0, sigma=0.5), 2 * math.exp(0.125), 2 * math.exp(0.125) * math.sqrt(math.exp(0.25) - 1)),
    (BetaCounts(successes=37.0, trials=1200.0), 37.5 / 1201, math.sqrt(37.5 * 1163.5 / (1201**2 * 1202))),
    (Sample(values=[1.0, 2.0, 6.0]), 3.0, math.sqrt(14 / 3)),
]


@pytest.mark.parametrize(("quantity", "mean", "sd"), MOMENTS, ids=lambda x: getattr(x, "dist", ""))
def test_moments(quantity, mean, sd):
    values = drawn(quantity)
    assert values.mean() == pytest.approx(mean, rel=2e-5)
    assert values.std() == pytest.approx(sd, rel=2e-4)
    assert drawable(quantity).shape.moments() == pytest.approx((mean, sd))


def test_pert_has_its_true_deviation_not_a_sixth_of_its_width():
    """PERT of 0, 1, 6: alpha = 1 + 4/6, beta = 1 + 20/6, mean (0 + 4 + 6)/6; variance (mean - 0)(6 - mean)/7."""
    values = drawn(Pert(low=0.0, likely=1.0, high=6.0))
    mean = 10 / 6
    assert values.mean() == pytest.approx(mean, rel=1e-5)
    assert values.std() == pytest.approx(math.sqrt(mean * (6 - mean) / 7), rel=1e-4)
    assert abs(values.std() - 1.0) > 0.01  # (6 - 0) / 6


@pytest.mark.parametrize("kind", [Pert, Triangular])
@pytest.mark.parametrize(("low", "likely_", "high"), [(2.0, 3.0, 5.0), (2.0, 2.0, 5.0), (2.0, 5.0, 5.0), (-1.0, 0.0, 1.0), (0.01, 0.011, 0.5)])
def test_an_80_percent_interval_has_its_ends_at_p10_and_p90_and_its_mode_where_it_was(kind, low, likely_, high):
    one = drawable(kind(low=low, likely=likely_, high=high, meaning="p80"))
    assert (one.quantile(0.1), one.quantile(0.9)) == pytest.approx((low, high), abs=1e-8 * (high - low))
    values, heights = one.curve()
    assert values[int(np.argmax(heights))] == pytest.approx(likely_, abs=0.04 * (high - low))


def test_a_flat_80_percent_interval_is_a_quarter_wider():
    assert drawable(Uniform(low=10.0, high=18.0, meaning="p80")).values(np.array([0.0, 1.0])).tolist() == [9.0, 19.0]


@pytest.mark.parametrize(("a", "b"), [(1.0, 5.0), (1.9, 4.1), (3.0, 3.0), (5.0, 1.0), (37.5, 1163.5), (0.5, 50.5), (2000.5, 8000.5)])
def test_the_fast_inversion_is_right_to_a_ten_millionth(a, b):
    one = drawable(BetaCounts(successes=a - 0.5, trials=a + b - 1.0))
    u = np.concatenate([GRID[::50], [1e-6, 1 - 1e-6]])
    assert np.abs(one.values(u) - special.betaincinv(a, b, u)).max() < 1e-7


def test_what_leaves_the_domain_is_cut_and_said():
    """A normal 0.1 ± 0.1 for a rate in 0 … 1: Φ(-1) = 15.87 % lies below 0."""
    one = drawable(Normal(mean=0.1, sd=0.1), (0.0, 1.0))
    assert one.cut == pytest.approx(stats.norm.cdf(-1), abs=1e-9)
    values = one.values(GRID)
    known = stats.truncnorm(-1, 9, loc=0.1, scale=0.1)
    assert values.min() >= 0 and values.mean() == pytest.approx(known.mean(), rel=1e-4) and values.std() == pytest.approx(known.std(), rel=1e-3)
    assert drawable(Normal(mean=0.5, sd=0.01), (0.0, 1.0)).cut == pytest.approx(0.0, abs=1e-12)


def test_no_hits_in_fifty_is_not_a_rate_of_zero():
    values = drawn(BetaCounts(successes=0.0, trials=50.0))
    assert 0.005 < values.mean() < 0.015 and np.quantile(values, 0.95) > 0.03


def test_a_range_of_no_width_is_its_value_exactly():
    for quantity in (Pert(low=0.1, likely=0.1, high=0.1), Uniform(low=0.1, high=0.1), Normal(mean=0.1, sd=0.0), Lognormal(median=0.1, sigma=0.0),
                     Triangular(low=0.1, likely=0.1, high=0.1, meaning="p80"), Sample(values=[0.1, 0.1])):  # fmt: skip
        assert set(drawn(quantity).tolist()) == {0.1}


THREE = st.tuples(st.floats(0.001, 100), st.floats(0, 1), st.floats(0.001, 100)).map(
    lambda t: {"low": t[0], "likely": t[0] + t[1] * t[2], "high": t[0] + t[2]}
)


@given(THREE, st.sampled_from([Pert, Triangular]), st.sampled_from(["limits", "p80"]))
def test_a_share_and_its_quantile_undo_each_other(ends, kind, meaning):
    one = drawable(kind(**ends, meaning=meaning))
    for p in (0.01, 0.3, 0.5, 0.97):
        assert one.below(one.quantile(p)) == pytest.approx(p, abs=1e-6)
    values = one.values(np.linspace(0.001, 0.999, 101))
    assert (np.diff(values) >= 0).all()


@given(THREE, st.floats(0.01, 10))
def test_a_range_moved_along_keeps_its_relative_width(ends, factor):
    before = Pert(**ends)
    after = moved(before, before.likely * factor)
    assert likely(after) == before.likely * factor
    assert (after.high - after.low) / after.likely == pytest.approx((before.high - before.low) / before.likely)
    assert moved(BetaCounts(successes=3.0, trials=10.0), 0.4) == 0.4  # counts are evidence, they cannot be moved
