"""Ranges as they are drawn: their moments, their percentiles, their cut at the domain, and the
inversion's error.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from funnel_sim.chance import distributions
from funnel_sim.chance.distributions import drawable, usual_shape
from funnel_sim.scenario.quantity import (
    BetaCounts,
    Lognormal,
    LogPert,
    Normal,
    Pert,
    Sample,
    Triangular,
    Uniform,
    moved,
    point_value,
)

GRID = (np.arange(200_000) + 0.5) / 200_000


def drawn(quantity, domain=(-1e12, 1e12)):
    return drawable(quantity, domain).values(GRID)


# mean and standard deviation, each from its textbook formula
MOMENTS = [
    (Uniform(low=2.0, high=8.0), 5.0, 6 / math.sqrt(12)),
    (Triangular(low=1.0, likely=2.0, high=6.0), 9 / 3, math.sqrt((1 + 4 + 36 - 2 - 6 - 12) / 18)),
    (Normal(mean=10.0, sd=2.0), 10.0, 2.0),
    (
        Lognormal(median=2.0, sigma=0.5),
        2 * math.exp(0.125),
        2 * math.exp(0.125) * math.sqrt(math.exp(0.25) - 1),
    ),
    # the logarithm is Beta(3, 3) between ln 1 and ln 4 (2 is the geometric middle): ∫ 4^(kt) 30
    # t²(1 − t)² dt, k = 1 and 2, summed over two million steps
    (LogPert(low=1.0, likely=2.0, high=4.0), 2.069558857, 0.54424),
    (
        BetaCounts(successes=37.0, trials=1200.0),
        37.5 / 1201,
        math.sqrt(37.5 * 1163.5 / (1201**2 * 1202)),
    ),
    (Sample(values=[1.0, 2.0, 6.0]), 3.0, math.sqrt(14 / 3)),
]


@pytest.mark.parametrize(("quantity", "mean", "sd"), MOMENTS, ids=lambda x: getattr(x, "dist", ""))
def test_moments(quantity, mean, sd):
    values = drawn(quantity)
    assert values.mean() == pytest.approx(mean, rel=2e-5)
    assert values.std() == pytest.approx(sd, rel=2e-4)
    assert drawable(quantity).shape.moments() == pytest.approx((mean, sd))


def test_pert_has_its_true_deviation_not_a_sixth_of_its_width():
    """PERT of 0, 1, 6: alpha = 1 + 4/6, beta = 1 + 20/6, mean (0 + 4 + 6)/6; variance (mean - 0)(6
    - mean)/7.
    """
    values = drawn(Pert(low=0.0, likely=1.0, high=6.0))
    mean = 10 / 6
    assert values.mean() == pytest.approx(mean, rel=1e-5)
    assert values.std() == pytest.approx(math.sqrt(mean * (6 - mean) / 7), rel=1e-4)
    assert abs(values.std() - 1.0) > 0.01  # (6 - 0) / 6


@pytest.mark.parametrize("kind", [Pert, Triangular])
@pytest.mark.parametrize(
    ("low", "likely_", "high"),
    [(2.0, 3.0, 5.0), (2.0, 2.0, 5.0), (2.0, 5.0, 5.0), (-1.0, 0.0, 1.0), (0.01, 0.011, 0.5)],
)
def test_an_80_percent_interval_has_its_ends_at_p10_and_p90_and_its_mode_where_it_was(
    kind, low, likely_, high
):
    one = drawable(kind(low=low, likely=likely_, high=high, meaning="p80"))
    assert (one.quantile(0.1), one.quantile(0.9)) == pytest.approx(
        (low, high), abs=1e-8 * (high - low)
    )
    values, heights = one.curve()
    assert values[int(np.argmax(heights))] == pytest.approx(likely_, abs=0.04 * (high - low))


def test_a_flat_80_percent_interval_is_a_quarter_wider():
    assert drawable(Uniform(low=10.0, high=18.0, meaning="p80")).values(
        np.array([0.0, 1.0])
    ).tolist() == [9.0, 19.0]


@pytest.mark.parametrize(
    ("a", "b"),
    [(1.0, 5.0), (1.9, 4.1), (3.0, 3.0), (5.0, 1.0), (37.5, 1163.5), (0.5, 50.5), (2000.5, 8000.5)],
)
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
    assert (
        values.min() >= 0
        and values.mean() == pytest.approx(known.mean(), rel=1e-4)
        and values.std() == pytest.approx(known.std(), rel=1e-3)
    )
    assert drawable(Normal(mean=0.5, sd=0.01), (0.0, 1.0)).cut == pytest.approx(0.0, abs=1e-12)


def test_no_hits_in_fifty_is_not_a_rate_of_zero():
    values = drawn(BetaCounts(successes=0.0, trials=50.0))
    assert 0.005 < values.mean() < 0.015 and np.quantile(values, 0.95) > 0.03


def test_a_range_of_no_width_is_its_value_exactly():
    for quantity in (
        Pert(low=0.1, likely=0.1, high=0.1),
        Uniform(low=0.1, high=0.1),
        Normal(mean=0.1, sd=0.0),
        Lognormal(median=0.1, sigma=0.0),
        Triangular(low=0.1, likely=0.1, high=0.1, meaning="p80"),
        Sample(values=[0.1, 0.1]),
    ):
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
    assert point_value(after) == before.likely * factor
    assert (after.high - after.low) / after.likely == pytest.approx(
        (before.high - before.low) / before.likely
    )
    assert (
        moved(BetaCounts(successes=3.0, trials=10.0), 0.4) == 0.4
    )  # counts are evidence, they cannot be moved


# ---- every shape, not only those that were thought of
# ------------------------------------------------------

ENDS = np.array([5e-10, 1e-8, 1e-6, 1e-4])  # the outermost of a million Sobol points lies at 5e-10
EVERYWHERE = np.concatenate([ENDS, (np.arange(64) + 0.5) / 64, 1 - ENDS])
MOST_EVALUATIONS = (
    25_000  # of the density, by plain floats: 5 ms; the shapes that hung took millions
)


@pytest.fixture
def evaluations(monkeypatch):
    """Count how often densities are asked for, with nothing prepared before."""
    distributions._prepared.cache_clear()
    count = [0]
    density = distributions._LogOdds.pdf

    def counted(self, deviations):
        count[0] += 1
        return density(self, deviations)

    monkeypatch.setattr(distributions._LogOdds, "pdf", counted)
    yield count
    distributions._prepared.cache_clear()


def inverted(one, a, b, low=0.0, width=1.0):
    """Return the largest error of the values, relative to the width of the shape."""
    return np.abs(
        (one.values(EVERYWHERE) - low) / width - special.betaincinv(a, b, EVERYWHERE)
    ).max()


@pytest.mark.sampled(4)
@pytest.mark.parametrize("meaning", ["limits", "p80"])
@pytest.mark.parametrize("kind", [Pert, LogPert])
def test_every_hill_from_1_to_50_to_50_to_1_is_set_up_in_a_moment_and_right(
    evaluations, kind, meaning
):
    """The left side to the right one from 1:50 to 50:1 in 81 steps: among them b between 1.70 and
    1.99, which took 75 to 105 s each.
    """
    slow = 0
    for left in np.exp(np.linspace(-math.log(50), math.log(50), 81)):
        turn = left / (1 + left)
        low, likely_, high = (
            (2.0, 2.0 + 3.0 * turn, 5.0) if kind is Pert else (2.0, 2.0 * 2.5**turn, 5.0)
        )
        evaluations[0] = 0
        one = drawable(kind(low=low, likely=likely_, high=high, meaning=meaning))
        shape = one.shape
        values = one.values(EVERYWHERE)
        inside = (values if kind is Pert else np.log(values)) - shape.low
        assert (
            np.abs(inside / shape.width - special.betaincinv(shape.a, shape.b, EVERYWHERE)).max()
            < 1e-7
        ), left
        assert evaluations[0] <= MOST_EVALUATIONS, left
        slow += 1.70 <= shape.b <= 1.99 or 1.70 <= shape.a <= 1.99
    assert slow >= 4  # the shapes that hung are among them


def test_the_range_that_hung(evaluations):
    """Price 24 / 30 / 32 as an 80 % interval."""
    one = drawable(Pert(low=24.0, likely=30.0, high=32.0, meaning="p80"))
    assert 1.70 < one.shape.b < 1.99
    assert inverted(one, one.shape.a, one.shape.b, one.shape.low, one.shape.width) < 1e-7
    assert 0 < evaluations[0] <= MOST_EVALUATIONS


COUNTS = [
    (0, 1),
    (1, 1),
    (0, 50),
    (50, 50),
    (1, 2),
    (37, 1200),
    (0, 1e6),
    (1e6, 1e6),
    (1, 1e6),
    (5e5, 1e6),
    (999_999, 1e6),
    (0, 1e12),
    (1e9, 3e9),
    (1e100, 3e100),
]


@pytest.mark.parametrize(("hits", "trials"), COUNTS)
def test_every_count_is_set_up_in_a_moment_and_right(evaluations, hits, trials):
    one = drawable(BetaCounts(successes=float(hits), trials=float(trials)))
    assert inverted(one, hits + 0.5, trials - hits + 0.5) < 1e-7
    assert evaluations[0] <= MOST_EVALUATIONS


@pytest.mark.slow
@given(st.floats(0.0, 1e7), st.floats(1e-3, 1e7))
@settings(max_examples=60)
def test_any_beta_is_inverted(a, b):
    one = drawable(BetaCounts(successes=a, trials=a + b))  # Beta(a + ½, b + ½)
    shape = one.shape
    assert inverted(one, shape.a, shape.b) < 1e-7
    assert (np.diff(one.values(np.linspace(1e-9, 1 - 1e-9, 101))) >= 0).all()


@pytest.mark.parametrize(
    "quantity",
    [
        Normal(mean=0.1, sd=0.1),
        Lognormal(median=0.3, sigma=1.5),
        Pert(low=-0.2, likely=0.1, high=0.6),
        Pert(low=0.05, likely=0.06, high=0.5, meaning="p80"),
        Triangular(low=0.05, likely=0.06, high=0.5, meaning="p80"),
        Uniform(low=0.1, high=0.9, meaning="p80"),
        LogPert(low=0.3, likely=0.6, high=0.9, meaning="p80"),
    ],
)
def test_a_shape_that_is_cut_keeps_its_shares(quantity):
    one = drawable(quantity, (0.0, 1.0))
    values = one.values(EVERYWHERE)
    assert (
        values.min() >= 0
        and values.max() <= 1
        and (np.diff(one.values(np.linspace(0.001, 0.999, 101))) >= 0).all()
    )
    for p in (1e-6, 0.1, 0.5, 0.9, 1 - 1e-6):
        assert one.below(one.quantile(p)) == pytest.approx(p, abs=1e-9)


def test_drawing_leaves_the_uniform_numbers_as_they_are():
    """They are shared by everything that is drawn from the same points."""
    for quantity in (
        Pert(low=1.0, likely=2.0, high=4.0),
        LogPert(low=1.0, likely=2.0, high=4.0),
        Uniform(low=0.0, high=1.0),
        Normal(mean=0.5, sd=0.1),
        Lognormal(median=1.0, sigma=0.3),
        Triangular(low=0.0, likely=0.5, high=1.0),
        BetaCounts(successes=3.0, trials=9.0),
        BetaCounts(successes=2e9, trials=4e9),
        Sample(values=[1.0, 2.0]),
        Pert(low=1.0, likely=1.0, high=1.0),
    ):
        uniforms = np.linspace(0.01, 0.99, 99)
        drawable(quantity, (0.1, 3.0)).values(uniforms)
        assert (uniforms == np.linspace(0.01, 0.99, 99)).all()


# ---- the shape for prices
# --------------------------------------------------------------------------------


@given(THREE, st.sampled_from(["limits", "p80"]))
def test_a_price_is_above_zero_and_has_its_ends_where_they_were_given(ends, meaning):
    one = drawable(LogPert(**ends, meaning=meaning))
    drawn_ = one.values(EVERYWHERE)
    assert (drawn_ > 0).all() and np.isfinite(drawn_).all() and (np.diff(drawn_[4:-4]) >= 0).all()
    if ends["high"] <= ends["low"] * (1 + 1e-9):
        return
    low, high = (
        (one.quantile(0.1), one.quantile(0.9))
        if meaning == "p80"
        else (one.quantile(1e-15), one.quantile(1 - 1e-15))
    )
    if meaning == "p80":
        assert (low, high) == (
            pytest.approx(ends["low"], rel=1e-6),
            pytest.approx(ends["high"], rel=1e-6),
        )
    else:
        assert ends["low"] * (1 - 1e-9) <= low and high <= ends["high"] * (1 + 1e-9)


def test_a_price_at_the_geometric_middle_is_the_median_and_its_reciprocal_mirrors_it():
    """4 / 6 / 9: 6 = √(4 · 9); 1/x is then the same shape of 1/9, 1/6, 1/4."""
    one = drawable(LogPert(low=4.0, likely=6.0, high=9.0, meaning="p80"))
    other = drawable(LogPert(low=1 / 9, likely=1 / 6, high=1 / 4, meaning="p80"))
    assert one.quantile(0.5) == pytest.approx(6.0, rel=1e-9)
    shares = np.linspace(0.001, 0.999, 99)
    assert np.allclose(1 / one.values(shares), other.values(shares)[::-1], rtol=1e-9)
    assert moved(LogPert(low=4.0, likely=6.0, high=9.0), 12.0) == LogPert(
        low=8.0, likely=12.0, high=18.0
    )


def test_which_shape_low_likely_and_high_make():
    price, rate = (1e-9, 1e12), (0.0, 1.0)
    assert usual_shape(24.0, 30.0, 32.0, "p80", price) == "logpert"
    assert usual_shape(0.0, 30.0, 32.0, "limits", rate) == "pert"  # zero is meant
    assert (
        usual_shape(0.01, 0.03, 0.12, "p80", rate) == "logpert"
    )  # the hill's own limit would lie below zero
    assert usual_shape(0.01, 0.03, 0.12, "limits", rate) == "pert"
    assert usual_shape(0.02, 0.03, 0.04, "p80", rate) == "pert"


def test_the_curve_of_a_uniform_range_is_flat_and_its_greatest_height_is_one():
    values, heights = drawable(Uniform(low=2.0, high=4.0)).curve()
    assert heights == pytest.approx(np.ones(heights.size))
    assert np.diff(values) == pytest.approx(np.full(values.size - 1, values[1] - values[0]))
    assert 2.0 < values[0] < 2.05 and 3.95 < values[-1] < 4.0


def test_the_curve_of_a_triangle_rises_to_its_top_in_proportion():
    """Between 0, 1 and 3 the density rises to 1 and falls by half the slope: at 0.5 it is half of
    the top, at 2 as well.
    """
    values, heights = drawable(Triangular(low=0.0, likely=1.0, high=3.0)).curve()
    assert heights.max() == 1.0
    assert values[heights.argmax()] == pytest.approx(1.0, abs=0.05)
    assert np.interp([0.5, 2.0], values, heights) == pytest.approx([0.5, 0.5], abs=0.03)


def test_values_at_the_ends_of_a_domain_belong_to_it():
    """0, 0, 1, 2 within 0 to 2, each a quarter; within 0 to 1 three of them, each a third."""
    sample = Sample(values=[0.0, 0.0, 1.0, 2.0])
    whole, part = drawable(sample, (0.0, 2.0)), drawable(sample, (0.0, 1.0))
    assert [whole.below(value) for value in (-0.1, 0.0, 0.9, 1.0, 2.0)] == [0, 0.5, 0.5, 0.75, 1]
    assert [part.below(value) for value in (0.0, 0.9, 1.0)] == pytest.approx([2 / 3, 2 / 3, 1])
    assert [whole.quantile(p) for p in (0.1, 0.6, 0.9)] == [0, 1, 2]
    assert [part.quantile(p) for p in (0.1, 0.6, 0.9)] == [0, 0, 1]


@pytest.mark.parametrize(
    ("mode", "at", "order"),
    [
        # towards an end a triangle falls to nothing, unless its top stands there
        (1.0, 0.0, 2.0), (1.0, 3.0, 2.0), (0.0, 0.0, 1.0), (3.0, 3.0, 1.0),
        (1.0, 1.5, 1.0), (1.0, -0.5, math.inf), (1.0, 3.5, math.inf),
        (1.0, 1e-10, 2.0), (1.0, 3.0 - 1e-10, 2.0),  # within rounding of an end
    ],
)  # fmt: skip
def test_how_fast_the_probability_vanishes_towards_an_end(mode, at, order):
    assert distributions._Triangle(0.0, mode, 3.0).order(at) == order


def test_few_hits_in_a_thousand_million_are_no_normal_distribution():
    """2 of 10⁹: Beta(2.5, 10⁹ − 1.5), which is lopsided however many trials there were."""
    one = drawable(BetaCounts(successes=2.0, trials=1e9))
    for share in (0.01, 0.5, 0.99):
        assert one.quantile(share) == pytest.approx(
            special.betaincinv(2.5, 1e9 - 1.5, share), rel=1e-3
        )
