"""Figures kept as a · V + b: whatever is done with them, they are the months' arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from funnel_sim.model.linear import Linear, Volume, by_month, in_months, last, summed

MONTHS, PATHS = 4, 3
AMOUNT = st.floats(-1e6, 1e6, allow_subnormal=False)


def arrays(shape, least=-1e6):
    return hnp.arrays(np.float64, shape, elements=st.floats(least, 1e6, allow_subnormal=False))


OTHERS = st.one_of(
    AMOUNT, arrays((PATHS,)), arrays((MONTHS, 1)), arrays((MONTHS, PATHS)), arrays((1, PATHS))
)


@given(arrays((MONTHS, PATHS), 0.0), OTHERS, OTHERS, OTHERS)
def test_any_expression_gives_the_months_that_arrays_would(volume, a, b, c):
    one = Linear(Volume(volume))
    plain = volume
    for build in (
        lambda v: a * v + b,
        lambda v: v * a - b,
        lambda v: b - a * v,
        lambda v: -(v * a) + c,
        lambda v: (v * a + b) * c,
        lambda v: a * v + c * v,
        lambda v: (a * v + b) + (c * v + a),
        lambda v: np.maximum(a * v, 0),
        lambda v: np.maximum(a * v + b, 0),
        lambda v: v * v,
        lambda v: v - a * v,
        lambda v: (v * a + b) - (v * c),
    ):
        expected = np.broadcast_to(build(plain), (MONTHS, PATHS))
        found = np.broadcast_to(by_month(build(one)), (MONTHS, PATHS))
        scale = max(
            1.0,
            float(np.abs(expected).max()),
            float(np.abs(volume).max())
            * max(float(np.abs(x).max()) for x in map(np.asarray, (a, b, c))) ** 2,
        )
        assert found == pytest.approx(expected, abs=1e-12 * scale)
        total = summed(build(one))
        assert np.broadcast_to(total, (1, PATHS)) == pytest.approx(
            expected.sum(axis=0, keepdims=True), abs=1e-11 * scale
        )
        assert np.broadcast_to(last(build(one)), (1, PATHS)) == pytest.approx(
            expected[-1:], abs=1e-12 * scale
        )


def test_division_by_hand():
    orders = Linear(Volume(np.array([[10.0], [20.0]])))
    assert by_month(orders * 6.0 / 3.0).ravel().tolist() == [20.0, 40.0]
    assert (100.0 / orders).ravel().tolist() == [10.0, 5.0]
    assert ((orders * 4.0) / (orders * 2.0)).ravel().tolist() == [2.0, 2.0]


def test_many_paths_have_the_digits_of_one():
    rng = np.random.default_rng(1)
    volume, a, b = rng.random((12, 5)) * 100, rng.random(5), rng.random((12, 1))
    whole = Linear(Volume(volume)) * a - b
    for i in range(5):
        alone = Linear(Volume(np.ascontiguousarray(volume[:, i : i + 1]))) * a[i : i + 1] - b
        assert (by_month(whole)[:, i : i + 1] == by_month(alone)).all()
        assert summed(whole)[0, i] == summed(alone)[0, 0]


def test_some_months_are_those_rows_of_all_months():
    """Orders 10, 20, 30; times 1, 2, 3 by month, less 5: 5, 35, 85. Of months 2 to 3: 35 and 85."""
    orders, by = Linear(Volume(np.array([[10.0], [20.0], [30.0]]))), np.array([[1.0], [2.0], [3.0]])
    assert in_months(orders * by - 5.0, 2, 3).ravel().tolist() == [35.0, 85.0]
    for one in (
        orders,
        orders * 2.0 - by,
        orders * by,
        -orders,
        orders * np.array([3.0]) - np.array([1.0]),
        by,
    ):
        for first, final in ((1, 1), (1, 3), (2, 3), (3, 3)):
            assert np.array_equal(in_months(one, first, final), by_month(one)[first - 1 : final])
