"""Estimates and the store's own months at their edges: what one draw carries, lopsided replicates,
bars that end at a threshold, shapes of distributions, months of nothing.
"""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.chance.distributions import _Constant, drawable
from funnel_sim.chance.estimates import (
    Figure,
    _carried,
    _groups,
    _lopsided,
    _percentile,
    _share_figure,
    bars_of,
    quantile,
)
from funnel_sim.chance.history import StoreOutlook, in_conversion, shared_out
from funnel_sim.chance.noise import autoregressive, demand
from funnel_sim.scenario.quantity import Uniform
from tests.conftest import neutral

# ---- what a few draws carry


def test_the_farthest_draw_of_a_thousand_carries_its_part_of_all_squares():
    """998 zeros, −1 and 3: mean 0.002, squares 998 · 0.002² + 1.002² + 2.998² = 9.996; one draw in
    a thousand is the 3, which carries 8.988 of them.
    """
    values = np.array([-1.0, *[0.0] * 998, 3.0])
    assert _carried(values) == pytest.approx(2.998**2 / (998 * 0.002**2 + 1.002**2 + 2.998**2))
    # two in two thousand, wherever they lie: both ends
    ends = np.array([-3.0, *[0.0] * 1998, 3.0])
    assert _carried(ends) == pytest.approx(1.0)
    # of few draws it is one all the same; equal ones carry nothing
    assert _carried(np.array([-1.0, 0.0, 1.0])) == pytest.approx(0.5)
    assert _carried(np.full(9, 7.0)) == 0.0


def test_replicates_without_any_figure_leave_none():
    """Four draws in two replicates: what is not known is left out, unless a replicate is empty."""
    known = _groups(np.array([1.0, math.nan, 3.0, 4.0]), 2)
    assert [one.tolist() for one in known] == [[1.0], [3.0, 4.0]]
    assert _groups(np.array([math.nan, math.nan, 3.0, 4.0]), 2) is None
    assert [one.tolist() for one in _groups(np.arange(4.0), 2)] == [[0.0, 1.0], [2.0, 3.0]]


@pytest.mark.parametrize("carried", [0.0, 0.02, 0.27, 1.0])
def test_lopsided_replicates_widen_the_error_by_what_few_draws_carry(carried):
    """Replicates 0, 0, 0, 4: mean 1, squares 1, 1, 1, 9, mean 3; cubes −1, −1, −1, 27, mean 6;
    skewness 6 / 3^1.5 = 1.1547, its square 4 / 3. Two hundredths are usual.
    """
    found = Figure(1.0, 0.5, 4)
    more = _lopsided(found, np.array([0.0, 0.0, 0.0, 4.0]), carried)
    wider = 1 + 2 * math.sqrt(max(0.0, carried - 0.02)) * 4 / 3
    assert more.error == pytest.approx(0.5 * wider)
    assert (more.value, more.replicates) == (1.0, 4)
    # in a thousandth of the unit a thousandth of it
    tiny = Figure(0.001, 0.0005, 4)
    small = _lopsided(tiny, np.array([0.0, 0.0, 0.0, 0.004]), carried)
    assert small.error == pytest.approx(more.error / 1000)
    # the same to either side, and nothing where replicates agree or are even
    assert _lopsided(found, np.array([0.0, 0.0, 0.0, -4.0]), carried).error == pytest.approx(
        more.error
    )
    assert _lopsided(found, np.full(4, 2.0), carried) == found
    assert _lopsided(found, np.array([-1.0, 1.0, -1.0, 1.0]), carried).error == 0.5


def test_a_percentile_and_its_mirror_image_are_known_as_well():
    """P99 of x has the error of P1 of −x: the stretch that tells the slope shrinks towards either
    end, and not only towards the lower one.
    """
    rows = np.sort(np.random.default_rng(4).exponential(size=(16, 1024)), axis=1)
    ordered, turned = np.sort(rows.ravel()), np.sort(-rows.ravel())
    for share in (0.005, 0.01, 0.05, 0.3):
        one = _percentile(ordered, list(rows), 1 - share)
        other = _percentile(turned, list(np.sort(-rows, axis=1)), share)
        assert one.error == pytest.approx(other.error, rel=0.03), share


# ---- bars


@given(
    st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=200).map(np.sort),
    st.one_of(st.none(), st.floats(-1e3, 1e3)),
    st.integers(1, 60),
)
def test_bars_hold_what_lies_between_their_ends_and_end_at_the_threshold(values, threshold, bars):
    found = bars_of(values, threshold, bars)
    edges, shares = found.edges, found.shares
    assert len(edges) == len(shares) + 1 and (np.diff(edges) > 0).all()
    low, high = quantile(values, 0.01), quantile(values, 0.99)
    tiny = 1e-9 * max(1.0, abs(low), abs(high))
    if high > low:
        assert edges[0] <= low + tiny and edges[-1] >= high - tiny
        assert bars <= len(shares) <= bars + 2
        inside = (values >= edges[0]) & (values <= edges[-1])
        assert shares.sum() == pytest.approx(inside.mean())
        if threshold is not None and low < threshold < high:
            assert np.abs(edges - threshold).min() <= 1e-6 * (high - low) + 1e-9


def cut(values, threshold):
    found = bars_of(values, threshold, 3)
    return found.edges, found.shares


def test_bars_by_hand():
    """0 … 9 in three bars of 3 each: an edge belongs to the bar that begins there, the last one to
    the last bar.
    """
    edges, shares = cut(np.arange(10.0), None)
    assert edges.tolist() == [0.0, 3.0, 6.0, 9.0]
    assert shares == pytest.approx([0.3, 0.3, 0.4])
    # an edge at 4: bars begin at 4 − 2 · 3 = −2
    edges, shares = cut(np.arange(10.0), 4.0)
    assert edges.tolist() == [-2.0, 1.0, 4.0, 7.0, 10.0]
    assert shares == pytest.approx([0.1, 0.3, 0.3, 0.3])
    # a threshold at an end is none
    assert cut(np.arange(10.0), 0.0)[0].tolist() == [0.0, 3.0, 6.0, 9.0]
    edges, shares = cut(np.full(5, 7.0), None)
    assert edges.tolist() == [6.5, 7.5] and shares.tolist() == [1.0]


# ---- shapes


def test_the_shape_of_a_uniform_range_is_flat_and_one_high():
    values, heights = drawable(Uniform(low=2.0, high=4.0)).curve()
    assert heights == pytest.approx(np.ones(values.size), rel=1e-6)
    assert values.size == heights.size > 50 and (np.diff(values) > 0).all()
    # from P0.25 (2.005) to P99.75, the middles of as many pieces
    piece = (3.995 - 2.005) / values.size
    assert values[0] == pytest.approx(2.005 + piece / 2, abs=1e-3)
    assert values[-1] == pytest.approx(3.995 - piece / 2, abs=1e-3)


# ---- the store's own months


def test_a_month_of_nothing_is_a_billionth_and_any_other_is_itself():
    draws = np.array([[0.0, 1.0], [1e-7, 400.0]])
    told = StoreOutlook("gmv", SimpleNamespace(draws=lambda which, normals: draws), 200.0)
    found = told.multiples(np.zeros(2), np.zeros((2, 2)))
    assert found.tolist() == [[1e-9, 0.005], [1e-9, 2.0]]


def test_without_free_traffic_all_of_a_month_is_conversion():
    """60 orders that no visit of the free traffic brings: a month of 1.5 is 1.5 times the rate."""
    months = np.array([1.5, 0.5, 1.0])
    for share in (0.0, 0.4, 1.0):
        rate, traffic = shared_out(months, share, np.array(60.0), np.array(0.0))
        assert rate.tolist() == months.tolist() and traffic.tolist() == [1.0] * 3


def test_of_free_traffic_alone_the_part_of_visits_moves_it_and_the_rest_the_rate():
    """100 free orders, a month of 4, half in the conversion: visits √4 = 2, and the rate 2."""
    rate, traffic = shared_out(np.array([4.0, 0.25]), 0.5, np.array(0.0), np.array(100.0))
    assert rate.tolist() == [2.0, 0.5] and traffic.tolist() == [2.0, 0.5]


def test_nothing_sold_at_all_stays_what_the_month_says():
    rate, traffic = shared_out(np.array([2.0]), 0.0, np.array(0.0), np.array(0.0))
    assert rate.tolist() == [2.0] and traffic.tolist() == [1.0]


def seen(orders, visits):
    return neutral(
        {"history.first_month": "2025-01", "history.seen_orders": orders,
         "history.seen_visits": visits}
    )  # fmt: skip


@pytest.mark.parametrize("power", [0.0, 0.3, 1.0])
def test_the_share_in_the_conversion_is_the_slope_of_the_rate(power):
    """Visits are orders to the power 1 − p: so the rate is orders to the power p."""
    orders = np.array([100.0, 120, 80, 150, 110, 95, 130, 70, 105, 140, 90, 125])
    visits = 1000 * (orders / 100) ** (1 - power)
    assert in_conversion(seen(orders.tolist(), visits.tolist()), "orders") == pytest.approx(power)
    # visits that move more than sales, or against them, leave nothing, or all
    assert in_conversion(seen(orders.tolist(), (orders**2).tolist()), "orders") == 0.0
    assert in_conversion(seen(orders.tolist(), (1e6 / orders).tolist()), "orders") == 1.0


def test_months_that_do_not_move_say_nothing_of_either():
    assert in_conversion(seen([100.0] * 12, [1000.0] * 12), "orders") == 1.0
    assert in_conversion(seen([100.0, 120.0], [1000.0, 1000.0]), "orders") == 1.0


# ---- shares, constants, noise


@pytest.mark.parametrize("points", [64, 1024])
def test_a_share_is_known_no_better_than_one_stratum_but_where_it_is_all_or_nothing(points):
    """Four replicates that agree: the width of a stratum, 1 / points, has a deviation of
    1 / (points · √12), and four replicates half of it.
    """
    least = 1 / (points * math.sqrt(12)) / 2
    same = _share_figure(0.3, np.full(4, 0.3), points)
    assert same.value == 0.3 and same.error == pytest.approx(least)
    assert _share_figure(0.0, np.zeros(4), points).error == 0.0
    assert _share_figure(1.0, np.ones(4), points).error == 0.0
    # replicates 0.2, 0.4, 0.2, 0.4: deviation 0.1 · √(4 / 3), half of it
    wide = _share_figure(0.3, np.array([0.2, 0.4, 0.2, 0.4]), points)
    assert wide.error == pytest.approx(0.1 * math.sqrt(4 / 3) / 2) and wide.replicates == 4


def test_a_range_of_one_value_lies_at_it():
    """What is at most 5 is all of it, what is below 5 nothing."""
    one = _Constant(5.0)
    assert [one.below(at) for at in (4.9, 5.0, 5.1)] == [0.0, 1.0, 1.0]
    assert [one.strictly_below(at) for at in (4.9, 5.0, 5.1)] == [0.0, 0.0, 1.0]
    assert one.inverse(np.array([0.1, 0.9])).tolist() == [5.0, 5.0]


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_demand_that_does_not_vary_is_its_mean(correlation):
    """One path of two varies by 20 %, the other not at all."""
    normals = np.random.default_rng(3).standard_normal((200, 2))
    found = demand(normals, np.array([0.0, 0.2]), correlation)
    assert found[:, 0] == pytest.approx(np.ones(200)) and np.isfinite(found).all()
    assert found[:, 1].std() == pytest.approx(0.2, rel=0.2)
    assert demand(normals, 0.0, correlation) == pytest.approx(np.ones((200, 2)))


def test_a_month_follows_the_one_before_by_its_correlation():
    """0.6 of the month before and √(1 − 0.36) = 0.8 of its own."""
    found = autoregressive(np.array([[1.0], [2.0], [-1.0]]), 0.6)
    assert found[:, 0] == pytest.approx([1.0, 0.6 + 1.6, 0.6 * 2.2 - 0.8])
