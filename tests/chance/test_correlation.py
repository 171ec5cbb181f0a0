"""What moves together: reached rank correlations, and matrices that are none."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from funnel_sim.chance.simulation import simulate
from funnel_sim.errors import InputError
from funnel_sim.scenario.correlation import (
    factor,
    matrix,
    mend,
    nearest_matrix,
    pearson,
    possible,
    spearman,
)
from tests.conftest import neutral

RANGES = {
    "product.price": {"dist": "pert", "low": 50.0, "likely": 80.0, "high": 150.0},
    "conversion.cvr": {"dist": "uniform", "low": 0.2, "high": 0.8},
    "fulfilment.return_rate": {"dist": "beta", "successes": 3.0, "trials": 40.0},
    "product.unit_cost": {"dist": "lognormal", "median": 20.0, "sigma": 0.4},
}
PATHS = list(RANGES)


def joined(*pairs):
    return {"chance.correlations": [{"a": a, "b": b, "rank": rank} for a, b, rank in pairs]}


@pytest.mark.parametrize("rank", [-1.0, -0.6, 0.0, 0.3, 0.9, 1.0])
def test_the_rank_correlation_is_reached_whatever_the_shapes(rank):
    result = simulate(neutral(RANGES | joined((PATHS[0], PATHS[3], rank))), keep_inputs=True)
    found = stats.spearmanr(result.inputs[PATHS[0]], result.inputs[PATHS[3]]).statistic
    assert found == pytest.approx(rank, abs=0.006)
    other = stats.spearmanr(result.inputs[PATHS[0]], result.inputs[PATHS[1]]).statistic
    assert other == pytest.approx(0.0, abs=0.01)


def test_three_inputs_reach_all_three_correlations():
    wished = {(PATHS[0], PATHS[1]): 0.5, (PATHS[1], PATHS[2]): -0.4, (PATHS[0], PATHS[2]): -0.7}
    result = simulate(
        neutral(RANGES | joined(*((a, b, r) for (a, b), r in wished.items()))), keep_inputs=True
    )
    for (a, b), rank in wished.items():
        assert stats.spearmanr(result.inputs[a], result.inputs[b]).statistic == pytest.approx(
            rank, abs=0.01
        )


def test_each_input_keeps_its_own_distribution_when_joined():
    alone = simulate(neutral(RANGES), keep_inputs=True)
    together = simulate(neutral(RANGES | joined((PATHS[0], PATHS[3], 0.8))), keep_inputs=True)
    for path in PATHS:
        for p in (0.05, 0.5, 0.95):
            assert np.quantile(together.inputs[path], p) == pytest.approx(
                np.quantile(alone.inputs[path], p), rel=0.02
            )


def test_an_impossible_matrix_is_refused_with_its_pairs_and_the_nearest_possible_one():
    bad = joined((PATHS[0], PATHS[1], 0.9), (PATHS[1], PATHS[2], 0.9), (PATHS[0], PATHS[2], -0.9))
    with pytest.raises(InputError) as refused:
        neutral(RANGES | bad)
    [sentence] = refused.value.sentences("en")
    for name in PATHS[:3]:
        assert name in sentence
    assert "cannot hold together" in sentence and "nearest" in sentence


@pytest.mark.parametrize(
    ("pairs", "rule"),
    [
        ([(PATHS[0], PATHS[1], 1.2)], "between -1 and 1"),
        ([(PATHS[0], PATHS[0], 0.5)], "cannot be correlated with itself"),
        ([(PATHS[0], PATHS[1], 0.5), (PATHS[1], PATHS[0], 0.2)], "named twice"),
        ([(PATHS[0], "product.colour", 0.5)], "is not an input"),
        ([(PATHS[0], "channels.nowhere.cpc", 0.5)], "is not an input"),
    ],
)
def test_other_wrong_pairs_are_refused(pairs, rule):
    with pytest.raises(InputError, match=rule):
        neutral(RANGES | joined(*pairs))


NAMES = ["a", "b", "c", "d"]
RANKS = st.fixed_dictionaries(
    {pair: st.floats(-1, 1).map(lambda r: round(r, 2)) for pair in combinations(NAMES, 2)}
)


@given(RANKS)
def test_what_is_offered_instead_can_hold_together(ranks):
    offered = ranks | mend(ranks)
    assert (
        possible(matrix(NAMES, offered)) or min(np.linalg.eigvalsh(matrix(NAMES, offered))) > -0.01
    )


@given(RANKS)
def test_the_nearest_matrix_is_one_and_a_possible_one_is_its_own_nearest(ranks):
    wished = matrix(NAMES, ranks)
    found = nearest_matrix(wished)
    assert np.linalg.eigvalsh(found).min() > -1e-7
    assert np.allclose(np.diag(found), 1.0)
    if possible(wished):
        assert np.abs(found - wished).max() < 1e-6
        assert np.allclose(factor(wished) @ factor(wished).T, wished, atol=1e-6)


@given(st.floats(-1, 1))
def test_spearman_and_pearson_undo_each_other(rank):
    assert spearman(pearson(rank)) == pytest.approx(rank, abs=1e-9)
