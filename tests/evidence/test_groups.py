"""Rows put together by a key: every answer of a group by hand, for rows that stand together and for
rows that do not.
"""

import numpy as np
import pytest

from funnel_sim.evidence.orders.groups import Groups

NAN = np.nan
TOGETHER = Groups(np.array([2, 2, 5, 9, 9, 9]))  # rows 0-1, 2, 3-5
APART = Groups(np.array([7, 3, 7, 1, 3, 7]))  # in the order they come: 7 (0, 2, 5), 3 (1, 4), 1 (3)
BACK = Groups(np.array([4, 4, 2]))  # together, and the keys fall


def test_groups_are_in_the_order_in_which_they_come():
    assert TOGETHER.keys.tolist() == [2, 5, 9] and TOGETHER.sizes.tolist() == [2, 1, 3]
    assert APART.keys.tolist() == [7, 3, 1] and APART.sizes.tolist() == [3, 2, 1]
    assert BACK.keys.tolist() == [4, 2] and BACK.sizes.tolist() == [2, 1]
    assert [len(one) for one in (TOGETHER, APART, BACK)] == [3, 3, 2]
    assert TOGETHER.first.tolist() == [0, 2, 3]
    assert APART.first.tolist() == [0, 1, 3] and BACK.first.tolist() == [0, 2]
    assert TOGETHER.order is None and APART.order is not None


def test_a_value_of_a_group_is_that_of_each_of_its_rows():
    assert APART.by_row(np.array([10.0, 20.0, 30.0])).tolist() == [10, 20, 10, 30, 20, 10]
    assert TOGETHER.by_row(np.array([10.0, 20.0, 30.0])).tolist() == [10, 10, 20, 30, 30, 30]


@pytest.mark.parametrize(
    ("fewest", "sums"),
    [
        # 7: 1 + 4 (its third is not known); 3: 2 alone; 1: nothing is known
        (0, [5.0, 2.0, 0.0]),
        (1, [5.0, 2.0, NAN]),
        (2, [5.0, NAN, NAN]),
        (3, [NAN, NAN, NAN]),
    ],
)
def test_a_sum_of_fewer_known_numbers_than_asked_is_not_known(fewest, sums):
    values = np.array([1.0, 2.0, 4.0, NAN, NAN, NAN])
    np.testing.assert_array_equal(APART.sum(values, fewest), sums)


def test_a_group_of_fewer_rows_than_asked_has_no_sum_though_every_number_is_known():
    values = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
    np.testing.assert_array_equal(APART.sum(values), [37.0, 18.0, 8.0])
    np.testing.assert_array_equal(APART.sum(values, 1), [37.0, 18.0, 8.0])
    np.testing.assert_array_equal(APART.sum(values, 2), [37.0, 18.0, NAN])
    np.testing.assert_array_equal(TOGETHER.sum(values, 3), [NAN, NAN, 56.0])


def test_nothing_but_zeros_sums_to_zero_and_is_known():
    zeros = np.zeros(6)
    assert APART.sum(zeros).tolist() == APART.sum(zeros, 1).tolist() == [0.0, 0.0, 0.0]
    np.testing.assert_array_equal(APART.sum(zeros, 2), [0.0, 0.0, NAN])


def test_extremes_counts_and_marks_of_each_group():
    values = np.array([1.0, NAN, 4.0, NAN, -2.0, 3.0])
    np.testing.assert_array_equal(APART.max(values), [4.0, -2.0, NAN])
    np.testing.assert_array_equal(APART.min(values), [1.0, -2.0, NAN])
    marked = np.array([False, True, True, False, True, False])
    assert APART.count(marked).tolist() == [1, 2, 0]
    assert APART.any(marked).tolist() == [True, True, False]
    assert APART.first_of(marked).tolist() == [2, 1, -1]
    # the last row of all may be the first that is marked
    assert TOGETHER.first_of(np.arange(6) == 5).tolist() == [-1, -1, 5]


def test_no_rows_make_no_groups():
    none = Groups(np.array([], dtype=np.int64))
    assert len(none) == 0 and none.sum(np.array([])).tolist() == []
    assert none.max(np.array([])).tolist() == [] and none.by_row(np.array([])).tolist() == []
