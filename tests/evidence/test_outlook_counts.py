"""Months that are counts, and months without sales: the chance of an order, of a month of nothing,
and what a small shop's future holds, each against a slow plain reference.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from funnel_sim.evidence.store import month_draws
from funnel_sim.evidence.store.month_models import (
    Chain,
    Gate,
    MonthModels,
    Structure,
    features,
    month_models,
)
from funnel_sim.evidence.store.months_given import from_counts
from funnel_sim.evidence.store.outlook import Outlook, outlook
from funnel_sim.words import Words

STILL = Structure(1.0, 0.0, 1.0, 0.0, 0.0, 1e-3, loose=1.0, counted=True)
COUNTS = MonthModels((STILL,), np.zeros(1), Words("", "by hand"))


@pytest.mark.parametrize("expected", [0.01, 0.7, 3.0, 14.9])
def test_few_orders_are_counted_one_by_one(expected):
    uniform = np.linspace(0.0005, 0.9995, 1000)
    found = month_draws.counted(np.full(1000, expected), uniform)
    assert found == pytest.approx(stats.poisson.ppf(uniform, expected))


@pytest.mark.parametrize("expected", [15.0, 60.0, 5000.0])
def test_many_orders_are_poisson_but_for_one(expected):
    uniform = np.linspace(0.0005, 0.9995, 1000)
    found = month_draws.counted(np.full(1000, expected), uniform)
    assert np.abs(found - stats.poisson.ppf(uniform, expected)).max() <= 1
    assert found.mean() == pytest.approx(expected, rel=0.003)


def test_a_normal_number_halved_holds_two_independent_ones():
    normals = np.random.default_rng(2).standard_normal(40_000)
    moving, uniform = month_draws.halved(normals)
    assert np.abs(moving - normals).max() < 0.7  # the outermost of 4096 parts is wide
    assert np.median(np.abs(moving - normals)) < 3e-4
    assert stats.kstest(uniform, "uniform").pvalue > 0.01
    assert abs(np.corrcoef(moving, uniform)[0, 1]) < 0.02


def test_months_without_sales_come_and_go_as_the_chain_says():
    """Closes 0.2, reopens 0.5: shut in the first month 0.2, in the second 0.2 × 0.5 + 0.8 × 0.2."""
    chain = Chain(0.2, 0.5)
    assert chain.closed(2, sold_last=True) == pytest.approx([0.2, 0.26])
    assert chain.closed(1, sold_last=False) == pytest.approx([0.5])
    normals = np.random.default_rng(3).standard_normal((3, 60_000))
    shut, left = month_draws.thinned(
        normals, np.full(60_000, 0.2), np.full(60_000, 0.5), sold_last=True
    )
    assert shut.mean(axis=1) == pytest.approx(chain.closed(3, sold_last=True), abs=0.006)
    assert shut[1, shut[0]].mean() == pytest.approx(0.5, abs=0.015)
    for of in (left[1][shut[1]], left[1][~shut[1]]):  # normal, whether shut or not
        assert (of.mean(), of.std()) == pytest.approx((0.0, 1.0), abs=0.03)
    none, same = month_draws.thinned(normals, np.zeros(60_000), np.ones(60_000), sold_last=True)
    assert not none.any() and (same == normals).all()


def test_what_a_chain_says_of_a_history_by_hand():
    # sold, shut, shut, sold: closes 0.2, stays shut 0.5, reopens 0.5
    found = Chain(0.2, 0.5).log_likelihood(np.array([True, False, False, True]))
    assert found == pytest.approx(math.log(0.2 * 0.5 * 0.5))


@pytest.mark.parametrize("counts", [[0, 2, 1], [3, 5, 4, 6, 2], [40, 55, 38]])
def test_the_expected_count_is_that_of_a_slow_integral(counts):
    """One level for all months, normal with deviation 1 around the log of the mean, months Poisson:
    its posterior and the likelihood by a sum over 20,000 levels.
    """
    seen = np.array(counts, dtype=float)
    level = math.log(seen.mean())
    found = from_counts(seen, level, tuple(range(seen.size)), seen.size, 1, COUNTS)
    at = np.linspace(-8, 8, 20_001)
    log = stats.norm.logpdf(at) + sum(stats.poisson.logpmf(c, np.exp(level + at)) for c in counts)
    weight = np.exp(log - log.max())
    whole = float(weight.sum()) * (at[1] - at[0])
    mean = float((weight * at).sum() / weight.sum())
    spread = float((weight * (at - mean) ** 2).sum() / weight.sum())
    assert found.likelihood[0] == pytest.approx(math.log(whole) + log.max(), abs=0.04)
    # the normal at the mode lies above the mean of a skewed posterior by at most a fifth of it
    assert abs(found.mean[0, 0] - mean) < 0.25 * math.sqrt(spread)
    assert found.covariance[0, 0, 0] == pytest.approx(spread, rel=0.15)


def test_a_count_is_drawn_as_often_as_it_is_said_to_be():
    models = MonthModels((STILL, month_models().structures[-1]), np.zeros(2), Words("", ""))
    found = outlook([2, 0, 1, 3, 0, 2, 1, 1], 3, models=models)
    generator = np.random.default_rng(4)
    drawn = found.draws(generator.random(60_000), generator.standard_normal((3, 60_000)))
    assert (drawn == np.rint(drawn)).all()
    for month in (1, 3):
        for value in (1.0, 2.0, 3.5):
            assert (drawn[month - 1] < value).mean() == pytest.approx(
                found.below(month, value), abs=0.012
            )


def test_months_without_sales_are_drawn_as_often_as_said():
    found = Outlook(
        np.array([0.5, 0.5]), np.log([[100.0] * 2] * 2), np.array([np.eye(2) * 0.1] * 2),
        0.0, np.ones(12), 0.1, 3, may_close=np.array([True, False]),
        chains=(Chain(0.0, 1.0), Chain(0.4, 0.5)), chain_shares=(0.25, 0.75),
    )  # fmt: skip
    generator = np.random.default_rng(5)
    drawn = found.draws(generator.random(60_000), generator.standard_normal((2, 60_000)))
    # half of the parts, three quarters of the chains, 0.4 in the first month, 0.44 in the second
    assert (drawn == 0).mean(axis=1) == pytest.approx([0.15, 0.165], abs=0.005)
    assert found.none_sold == pytest.approx(0.15)
    assert found.below(2, 1.0) == pytest.approx(0.165, abs=1e-6)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_shop_with_four_empty_months_in_ten_has_about_as_many_to_come(seed):
    months = np.random.default_rng(seed).poisson(-math.log(0.4), 36).astype(float)
    share = float((months == 0).mean())
    found = outlook(months, 6)
    generator = np.random.default_rng(9)
    drawn = found.draws(generator.random(8000), generator.standard_normal((6, 8000)))
    assert float((drawn == 0).mean()) == pytest.approx(share, abs=0.17)


def test_a_store_that_always_sold_thousands_foresees_no_month_of_nothing():
    months = 5000 * np.exp(0.1 * np.random.default_rng(1).standard_normal(24))
    assert outlook(np.rint(months), 3).none_sold < 1e-9
    months[3] = 0.0
    assert outlook(np.rint(months), 3).none_sold > 1e-3


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=3, max_size=24).filter(any), st.integers(1, 4))
def test_blocks_of_paths_are_the_paths_and_limits_fall(months, parts):
    found = outlook([float(one) for one in months], 4)
    generator = np.random.default_rng(6)
    which, normals = generator.random(96), generator.standard_normal((4, 96))
    whole = found.draws(which, normals)
    assert np.isfinite(whole).all() and (whole >= 0).all()
    cut = np.array_split(np.arange(96), parts)
    blocks = np.concatenate([found.draws(which[one], normals[:, one]) for one in cut], axis=1)
    assert blocks == pytest.approx(whole, rel=1e-12)
    odds = found.odds_of([0.0, 1.0, 5.0, 40.0], 1, 3, 256)
    assert odds[0] == 1.0 and odds == sorted(odds, reverse=True)


def test_a_gate_leans_on_features_within_the_bounds_it_learnt_from():
    models = month_models()
    tame, wild = np.array([5.0, 6.0, 4.0, 5.0]), np.array([1.0, 0.0, 0.0, 1e6])
    for seen in (tame, wild):
        weights, chains, small, power = models.priors(seen)
        assert np.isfinite(weights).all() and np.isfinite(chains).all() and math.isfinite(small)
        assert math.exp(-3.0) <= power <= math.exp(0.3)
    assert features(tame)[1] == 0.0 and features(wild)[1] == 0.5


@pytest.mark.slow
def test_small_shops_meet_their_odds():
    """400 shops of 1 to 12 orders a month around a level that stands still: of the targets called
    p about p are met, a little more (0.06), for small counts fell in the series learnt from.
    """
    generator = np.random.default_rng(8)
    said, came = [], []
    for _ in range(400):
        months = generator.poisson(generator.uniform(1, 12), 15).astype(float)
        if months[9:12].sum() == 0:
            continue
        limits = months[9:12].mean() * np.array([0.8, 1.0, 1.2])
        said.append(outlook(months[:12], 3).odds_of(limits, 1, 3, 512))
        came.append(months[12:].mean() >= limits * (1 - 1e-12))
    said, came = np.array(said), np.array(came, dtype=float)
    assert abs(said.mean() - came.mean()) < 0.09
    assert np.square(said - came).mean() < np.square(came.mean(axis=0) - came).mean()


def test_halves_of_a_normal_number_lie_in_the_middle_of_4096_parts_of_alike_probability():
    normals = np.random.default_rng(7).standard_normal(60_000)
    moving, uniform = month_draws.halved(normals)
    parts = stats.norm.cdf(moving) * 4096 - 0.5
    assert parts == pytest.approx(np.rint(parts), abs=1e-6)
    # the part and what is left of it are the number once more
    again = (np.rint(parts) + uniform) / 4096
    assert again == pytest.approx(stats.norm.cdf(normals), abs=1e-9)
    ends, _ = month_draws.halved(np.array([-40.0, 40.0]))  # beyond every part
    assert stats.norm.cdf(ends) * 4096 == pytest.approx([0.5, 4095.5])


def test_counts_are_drawn_in_the_unit_of_the_history():
    """Ten orders of 30 are expected: without chance 300, with it 30 times a count of mean 10 and
    variance 10, so 300 and 30² · 10 = 9000.
    """
    found = Outlook(
        np.array([1.0]), np.array([[math.log(300.0)]]), np.zeros((1, 1, 1)), 0.0, np.ones(12), 0.1,
        12, counted=np.array([True]), unit=30.0,
    )  # fmt: skip
    generator = np.random.default_rng(8)
    which, normals = generator.random(40_000), generator.standard_normal((1, 40_000))
    drawn = found.draws(which, normals)
    assert drawn / 30.0 == pytest.approx(np.rint(drawn / 30.0))
    assert drawn.mean() == pytest.approx(300.0, rel=0.01)
    assert drawn.var() == pytest.approx(9000.0, rel=0.03)
    assert found.draws(which, normals, chance=False) == pytest.approx(np.full((1, 40_000), 300.0))


def test_the_gate_divides_its_row_of_chains_into_the_chains_and_the_counts():
    """Two chains and a third column for months without sales that are small counts, each moved by
    the first feature alone: the log of the months divided by 8.5.
    """
    many = len(features(np.array([3.0, 5.0, 4.0])))
    rows = np.zeros((many + 1, 3))
    rows[0], rows[1] = [0.1, 0.2, 0.3], [1.0, 2.0, 4.0]
    trust = np.zeros(many + 1)
    trust[0] = -0.5
    gate = Gate(np.full(many, -9.0), np.full(many, 9.0), np.zeros((many, 10)), rows, trust)
    models = MonthModels(
        (STILL,), np.array([0.7]), Words("", ""), (Chain(0.1, 0.5), Chain(0.2, 0.5)), gate
    )
    log_weight, chains, counts, power = models.priors(np.array([3.0, 5.0, 4.0] * 3))
    length = math.log(9 / 8.5)
    assert log_weight == pytest.approx([0.7])
    assert chains == pytest.approx([0.1 + length, 0.2 + 2 * length])
    assert counts == pytest.approx(0.3 + 4 * length) and power == pytest.approx(math.exp(-0.5))
    # the power keeps within its bounds
    trust[0] = 2.0
    assert models.priors(np.array([3.0, 5.0, 4.0]))[3] == pytest.approx(math.exp(0.3))
    trust[0] = -9.0
    assert models.priors(np.array([3.0, 5.0, 4.0]))[3] == pytest.approx(math.exp(-3.0))
    plain = MonthModels((STILL,), np.array([0.7]), Words("", ""), (Chain(0.1, 0.5),) * 2)
    alone = plain.priors(np.array([3.0, 5.0, 4.0]))
    assert alone[1].tolist() == [0.0, 0.0] and alone[2:] == (0.0, 1.0)


def test_the_features_of_a_history_by_hand():
    """Six months 2, 4, 8, 4, 2, 4: mean 4, every step ± ln 2."""
    found = features(np.array([2.0, 4.0, 8.0, 4.0, 2.0, 4.0]))
    step = math.log(2)
    length = math.log(6 / 8.5)
    size = math.log(4.0) / 3 - 1.2
    noise = math.log(step + 0.03) + 1
    recent = math.log((10 / 3) / 4)
    trend = math.log((10 / 3) / (14 / 3))
    echo = (1 - 1 + 1 - 1) * step**2 / (5 * step**2 + 1e-6)  # steps + + − − +
    assert found == pytest.approx(
        [length, 0.0, size, noise, recent, -recent, math.log(2), echo, math.exp(-1) - 0.4,
         length * noise, trend, noise**2 - 1, size**2 - 1, -trend - 0.3]
    )  # fmt: skip
    # what is no count is as large as can be told, and so is a large one; a month of nothing is
    # a twentieth at least where it is compared
    large = math.log(1000.0) / 3 - 1.2
    assert features(np.array([2.5, 4.0, 8.0]))[2] == pytest.approx(large)
    assert features(np.array([2000.0, 4000.0, 8000.0]))[2] == pytest.approx(large)
    gone = features(np.array([9.0, 0.0, 0.0, 0.0]))
    assert gone[1] == 0.75 and gone[4] == pytest.approx(math.log(0.05))
