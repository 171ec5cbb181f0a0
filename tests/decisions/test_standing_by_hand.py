"""In which futures a window is met, of which some months came and others are drawn: by hand, two
futures. A settled window is one place; what cannot be told is nothing.
"""

import math

import numpy as np
import pytest

from funnel_sim.decisions.review.kpis_seen import settled_sum
from funnel_sim.decisions.review.standing import _any_left, _met, _share, _whole, beyond_term
from funnel_sim.scenario.kpis import Kpi

AHEAD = np.array([[10.0, 40.0], [30.0, 20.0], [50.0, 5.0]])  # months 3, 4 and 5, two futures


def kpi(window="total", **more):
    plain = {"id": "k", "metric": "orders", "target": 60.0, "window": window, "month_from": 2,
             "month_to": 4}  # fmt: skip
    return Kpi.model_validate(plain | more)


def met(one, came=(5.0, 20.0), ahead=AHEAD):
    found = _met(one, one.target, np.array(came), ahead)
    return None if found is None else found.tolist()


@pytest.mark.parametrize(
    ("window", "target", "truth"),
    [
        # month 2 came with 20, months 3 and 4 bring 10 + 30 and 40 + 20
        ("total", 60.0, [True, True]), ("total", 61.0, [False, True]), ("total", 81.0, [False] * 2),
        ("average", 20.0, [True, True]), ("average", 20.1, [False, True]),
        ("every", 10.0, [True, True]), ("every", 11.0, [False, True]),
        ("every", 20.0, [False, True]),
        ("month", 30.0, [True, False]), ("month", 20.0, [True, True]),
        ("by", 31.0, [False, True]), ("by", 30.0, [True, True]), ("by", 41.0, [False, False]),
    ],
)  # fmt: skip
def test_a_window_that_is_open(window, target, truth):
    assert met(kpi(window, target=target)) == truth


@pytest.mark.parametrize(
    ("window", "target", "truth"),
    [
        ("every", 21.0, [False]),  # month 2 has missed it
        ("by", 20.0, [True]),  # month 2 has reached it, and by counts from month 1
        ("total", 20.0, [True]), ("average", 20 / 3, [True]),  # reached whatever comes
    ],
)  # fmt: skip
def test_what_came_decides_a_window_before_its_end(window, target, truth):
    assert met(kpi(window, target=target)) == truth


def test_at_most_is_missed_once_for_all():
    most = {"comparator": "at_most"}
    assert met(kpi("total", target=19.0, **most)) == [False]
    assert met(kpi("total", target=60.0, **most)) == [True, False]
    assert met(kpi("every", target=19.0, **most)) == [False]
    assert met(kpi("by", target=20.0, **most)) == [True]


@pytest.mark.parametrize(
    ("window", "whole", "least"),
    [("total", 60.0, 60.0), ("average", 20.0, 20.0), ("every", 10.0, 10.0), ("month", 20.0, 20.0),
     ("by", 30.0, 30.0)],
)  # fmt: skip
def test_a_window_that_is_over(window, whole, least):
    came = (7.0, 30.0, 10.0, 20.0)
    assert _whole(kpi(window), np.array(came[1:])) == whole
    assert met(kpi(window, target=least), came, None) == [True]
    assert met(kpi(window, target=least + 0.1), came, None) == [False]


def test_the_ends_of_a_window_of_at_most():
    part = np.array([30.0, 10.0, 20.0])
    assert _whole(kpi("every", comparator="at_most"), part) == 30.0
    assert _whole(kpi("by", comparator="at_most"), part) == 10.0


def test_a_month_that_is_not_known_leaves_a_window_open():
    """Unless it is settled whatever that month was."""
    assert met(kpi("total", target=60.0), (5.0, math.nan)) is None
    assert met(kpi("every", target=10.0), (5.0, math.nan)) is None
    assert met(kpi("every", target=10.0), (5.0, math.nan, 9.0)) == [False]
    assert met(kpi("by", target=30.0), (5.0, math.nan, 30.0)) == [True]
    assert met(kpi("total", target=9.0), (5.0, math.nan, 9.0)) == [True]


def test_a_ratio_over_several_months_is_told_from_the_ledger():
    ratio = kpi("average", metric="roas", target=4.0)
    assert met(ratio) is None and met(ratio, (1.0, 5.0, 6.0, 7.0), None) is None
    assert met(ratio, (1.0,)) is not None  # no month of its window came
    one = kpi("average", metric="roas", target=4.0, month_to=2)
    assert met(one, (1.0, 5.0), None) == [True] and met(one, (1.0, 3.0), None) == [False]


def test_without_drawn_months_or_with_too_few_an_open_window_is_not_told():
    assert met(kpi("total", target=61.0), ahead=None) is None
    assert met(kpi("total", target=61.0), ahead=AHEAD[:1]) is None
    # a window that begins later looks at its own months: 4 and 5
    late = kpi("total", month_from=4, month_to=5)
    assert met(late.but(target=80.0)) == [True, False]
    assert met(late.but(target=80.0), ahead=AHEAD[:2]) is None


def test_at_least_one_month_that_is_left_meets_it():
    every = kpi("every", target=30.0)
    assert _any_left(every, 30.0, 2, AHEAD).tolist() == [True, True]
    assert _any_left(every, 35.0, 2, AHEAD).tolist() == [False, True]
    assert _any_left(every, 50.0, 2, AHEAD).tolist() == [False, False]  # month 5 is outside
    assert _any_left(every, 30.0, 3, AHEAD[1:]).tolist() == [True, False]
    assert _any_left(kpi("every", month_from=4), 35.0, 2, AHEAD).tolist() == [False, False]
    assert _any_left(every, 30.0, 4, AHEAD) is None and _any_left(every, 30.0, 2, None) is None


def test_what_is_decided_has_no_error():
    assert (_share(np.ones(1, bool), 4).value, _share(np.ones(1, bool), 4).error) == (1.0, 0.0)
    assert _share(np.zeros(1, bool), 4).value == 0.0
    some = _share(np.array([True, True, False, False] * 64), 4)
    assert some.value == 0.5 and some.replicates == 4


@pytest.mark.parametrize(
    ("first", "last", "beyond"),
    [(2, 4, False), (2, 5, True), (4, 5, True), (5, 6, False), (4, 4, False)],
)
def test_a_window_goes_beyond_a_contract_in_which_it_begins(first, last, beyond):
    """The contract ends with month 4."""
    one = kpi(month_from=first, month_to=last)
    assert beyond_term([one], 4) == ((one,) if beyond else ())


@pytest.mark.parametrize(
    ("window", "comparator", "known", "settled"),
    [
        ("total", "at_least", [60.0], True), ("total", "at_least", [59.0], None),
        ("total", "at_most", [61.0], False), ("total", "at_most", [60.0], None),
        # 180 over three months are 60 each
        ("average", "at_least", [100.0, 80.0], True), ("average", "at_least", [100.0, 79.0], None),
        ("average", "at_most", [100.0, 81.0], False), ("average", "at_most", [60.0], None),
        ("every", "at_least", [90.0], None),
    ],
)  # fmt: skip
def test_a_sum_that_cannot_fall_is_settled_before_its_end(window, comparator, known, settled):
    one = kpi(window, comparator=comparator)
    assert settled_sum(one, 60.0, np.array([*known, math.nan])) is settled
    # profit may still fall
    assert settled_sum(one.but(metric="profit"), 60.0, np.array(known)) is None
