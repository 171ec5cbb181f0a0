"""Repeat orders of BG/NBD, walked, against SciPy's function and against orders counted one by
one.
"""

from itertools import pairwise

import numpy as np
import pytest
from scipy.special import betainc, hyp2f1

from funnel_sim.model import pace, retention

MONTHS = np.array([1, 2, 3, 6, 11, 35, 70, 119])
"""Ages that are compared; the longest horizon has 120 months, the first order's among them."""


def spread(seed, count, least=1e-6):
    """Return r, α, a, b over all that is walked, each of any size, as likely at 0.001 as at 1.

    α goes from a day to beyond any horizon; some a stand at the pole of the closed form.
    """
    rng = np.random.default_rng(seed)
    r, a, b = (np.exp(rng.uniform(np.log(least), np.log(15.0), count)) for _ in range(3))
    alpha = np.exp(rng.uniform(np.log(1 / 30), np.log(1e4), count))
    a[::50] = 1.0
    near = pace.within_reach(r, alpha, a, b)
    return [one[near] for one in (r, alpha, a, b)]


def by_count(t, r, alpha, a, b, most):
    """Return the expected orders as the sum over j of the odds of a j-th order.

    They are those of still buying after j − 1, Π (b + i) / (a + b + i), times those of j within t.
    """
    j = np.arange(1, most)
    still = np.exp(np.cumsum(np.concatenate([[0.0], -np.log1p(a / (b + j[:-1] - 1))])))
    return float(np.sum((still * betainc(j, r, t / (alpha + t)))[::-1]))


def test_one_pace_by_hand():
    """With a = b = r = 1 F is the mean of (1 + pξ)^−2 over all p alike, which is 1 / (1 + ξ).

    So the orders up to t are ln(1 + t / α).
    """
    found = pace.orders_up_to(120, 1.0, 2.0, 1.0, 1.0)
    assert np.array(found) == pytest.approx(np.log1p(np.arange(1, 121) / 2.0), rel=1e-13)


def test_nobody_stops_by_hand():
    """With a next to 0 nobody stops, and each customer orders r / α a month for ever."""
    assert np.array(pace.orders_up_to(36, 0.5, 2.0, 1e-300, 3.0)) == pytest.approx(
        np.arange(1, 37) * 0.25, rel=1e-13
    )


def test_everybody_stops_at_once_by_hand():
    """With b next to 0 there is one repeat order at most; 1 − (α / (α + t))^r have placed it."""
    found = np.array(pace.orders_up_to(36, 0.5, 2.0, 3.0, 1e-300))
    assert found == pytest.approx(1 - (2.0 / (2.0 + np.arange(1, 37))) ** 0.5, rel=1e-12)


def scipy_is_exact(r, a):
    """SciPy loses digits where c − a − b of its function, here a − r − 1, is nearly whole.

    There the counted orders judge.
    """
    return np.abs(a - r - np.round(a - r)) > 1e-4


@pytest.mark.slow
def test_the_orders_are_the_integral_of_scipys_function_over_all_that_is_walked():
    """By Gauss and Legendre in u = ln(1 + ξ), 40 points in each of 40 pieces.

    F · dξ = e^(−ru) ₂F₁(r + 1, b; a + b; ξ / (1 + ξ)) · du: all positive, so nothing cancels.
    """
    r, alpha, a, b = spread(1, 1500)
    assert r.size > 1000
    found = np.array(pace.orders_up_to(119, r, alpha, a, b))
    points, weights = np.polynomial.legendre.leggauss(40)
    upto, pieces = np.zeros(r.size), [0.0, *np.geomspace(1e-3, 119.0, 40)]
    for before, end in pairwise(pieces):
        low, high = np.log1p(before / alpha), np.log1p(end / alpha)
        for point, weight in zip(points, weights, strict=True):
            u = low + (high - low) * (point + 1) / 2
            upto += (
                r
                * np.exp(-r * u)
                * hyp2f1(r + 1, b, a + b, -np.expm1(-u))
                * (high - low)
                / 2
                * weight
            )
    assert np.abs(found[-1] / upto - 1)[scipy_is_exact(r, a)].max() < 1e-10


def test_the_orders_are_those_of_the_closed_form_where_it_does_not_cancel():
    """The closed form takes a number from 1 and divides by a − 1.

    Where that costs hardly a digit, both agree to ten.
    """
    r, alpha, a, b = spread(2, 4000)
    found, compared = np.array(pace.orders_up_to(119, r, alpha, a, b)), 0
    for month in MONTHS:
        with np.errstate(divide="ignore"):
            lost = np.abs((a + b - 1) / (a - 1)) / found[month - 1]
        good = (
            scipy_is_exact(r, a) & (np.abs(a - 1) > 1e-3) & (np.abs(a + b - 1) > 1e-3) & (lost < 20)
        )
        compared += int(good.sum())
        closed = retention.expected_orders(float(month), r, alpha, a, b)
        assert np.abs(found[month - 1] / closed - 1)[good].max() < 1e-10
    assert compared > 4_000


@pytest.mark.slow
def test_the_orders_are_those_counted_one_by_one():
    r, alpha, a, b = (one[spread(3, 400)[1] > 0.5] for one in spread(3, 400))
    found = np.array(pace.orders_up_to(119, r, alpha, a, b))
    assert r.size > 100
    for path in range(0, r.size, 5):
        for month in (1, 12, 119):
            counted = by_count(month, r[path], alpha[path], a[path], b[path], 40_000)
            assert found[month - 1, path] == pytest.approx(counted, rel=1e-10)


def test_a_path_has_the_digits_that_it_has_alone_and_a_month_those_of_every_horizon():
    some = spread(4, 60)
    whole = np.array(pace.orders_up_to(119, *some))
    for path in range(some[0].size):
        alone = pace.orders_up_to(119, *(float(one[path]) for one in some))
        assert np.array_equal(whole[:, path], alone)
        assert alone[:11] == pace.orders_up_to(11, *(float(one[path]) for one in some))


def test_what_is_kept_is_nobodys_to_change():
    """The same numbers twice are worked out once; whoever changes the list that it was given
    changes nobody else's, and the months themselves refuse to be changed.
    """
    pace_of = np.array([[0.2, 0.4]])
    first = retention.differing_pace(pace_of, 1.0, 0.8, 2.4, 4)
    kept = [np.array(month) for month in first]
    first[1] = first[1] * 0
    first.clear()
    for again, month in zip(retention.differing_pace(pace_of, 1.0, 0.8, 2.4, 4), kept, strict=True):
        assert np.array_equal(again, month)
    moved = retention.differing_pace(pace_of * 2, 1.0, 0.8, 2.4, 4)
    assert np.all(moved[1] > kept[1])  # twice the pace, more orders in the first month
    upto = retention._orders_up_to(3, pace_of, 1.0, 0.8, 2.4)
    with pytest.raises(ValueError, match="read-only"):
        upto[0] *= 2


@pytest.mark.parametrize("outside", [{"r": 20.0}, {"b": 80.0}, {"a": 30.0}, {"alpha": 0.03}])
def test_beyond_reach_the_closed_form_speaks_path_by_path(outside):
    inside = {"r": 0.5, "alpha": 2.0, "a": 1.5, "b": 4.0}
    assert pace.within_reach(**inside) and not pace.within_reach(**(inside | outside))
    both = {name: np.array([[value, (inside | outside)[name]]]) for name, value in inside.items()}
    found = retention.differing_pace(**both, months=13)
    for column, one in enumerate((inside, inside | outside)):
        alone = [float(orders) for orders in retention.differing_pace(**one, months=13)]
        assert [float(np.broadcast_to(orders, (1, 2))[0, column]) for orders in found] == alone
        expected = float(retention.expected_orders(12.0, **one))
        assert sum(alone[1:]) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("r", [60.0, 1e3, 1e12])
def test_what_cannot_be_computed_is_no_number_and_no_warning(r):
    """A million orders a month: the search for turning points tries such numbers (fuzzers)."""
    both = np.array([[0.5, r]])
    ages = retention.differing_pace(both, 1e-6, 1.3, 2.5, 4)
    assert all(np.isnan(age[0, 1]) and np.isfinite(age[0, 0]) for age in map(np.asarray, ages[1:]))


@pytest.mark.parametrize(("b", "walked"), [(13.0, True), (13.001, False)])
def test_the_border_of_what_is_walked(b, walked):
    """1 + 1 + 1 + 13 = 16."""
    assert bool(pace.within_reach(1.0, 1.0, 1.0, b)) is walked
    assert bool(pace.within_reach(1.0, 1 / 30 if walked else 0.0333, 1.0, 2.0)) is walked
    upto = retention.differing_pace(1.0, 1.0, 1.0, b, 120)
    assert float(sum(upto[1:])) == pytest.approx(
        by_count(119.0, 1.0, 1.0, 1.0, b, 40_000), rel=1e-6
    )  # the closed form is moved off its pole by a hair
