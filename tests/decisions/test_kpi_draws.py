"""A KPI over its window in two futures of four months, by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from funnel_sim.chance.streams import plan_of
from funnel_sim.decisions.growth import UsualLevel
from funnel_sim.decisions.kpi.draws import _of_cash, drawn, good_enough, met
from funnel_sim.decisions.kpi.measured import Floor
from funnel_sim.scenario.kpis import Kpi
from tests.conftest import neutral

MONTHS = np.array([[40.0, 10], [10.0, 20], [30.0, 50], [20.0, 90]])
PLAN = plan_of(256, 1)


def of(key, over):
    return MONTHS if over == "month" else MONTHS[over[0] - 1 : over[1]].sum(axis=0)


def kpi(metric="orders", window="average", **more):
    plain = {"id": "k", "metric": metric, "target": 1.0, "window": window, "month_from": 2,
             "month_to": 3}  # fmt: skip
    return Kpi.model_validate(plain | more)


def value(one, months=4, spans=((2, 3),), **more):
    return drawn(neutral(), one, of, months, PLAN, spans, **more).value.tolist()


@pytest.mark.parametrize(
    ("window", "least", "most"),
    [
        ("month", [30, 50], [30, 50]),  # the window's last month
        ("every", [10, 20], [30, 50]),
        ("by", [40, 50], [10, 10]),  # one of all months up to its last is enough
        ("average", [20, 35], [20, 35]),
        ("total", [40, 70], [40, 70]),
    ],
)
def test_a_window_of_two_months(window, least, most):
    assert value(kpi(window=window)) == least
    assert value(kpi(window=window, comparator="at_most")) == most


@pytest.mark.parametrize("window", ["month", "every", "by", "average", "total"])
def test_a_ratio_over_a_window_is_the_one_of_the_span(window):
    """ROAS is no sum: its average is what the span says, here 40 and 70, not half of it."""
    expected = {"every": [10, 20], "month": [30, 50], "by": [40, 50]}.get(window, [40, 70])
    assert value(kpi("roas", window)) == expected


def test_a_window_that_ends_past_the_months_is_cut_at_the_last():
    """Of months 3 to 6 there are two: 30 + 20 and 50 + 90; of month 6 the fourth is looked at."""
    late = {"month_from": 3, "month_to": 6}
    assert value(kpi(window="every", **late)) == [20, 50]
    assert value(kpi(window="average", **late), spans=((3, 4),)) == [25, 70]
    assert value(kpi(window="month", month_to=6)) == [20, 90]
    assert value(kpi(window="every", month_from=5, month_to=6)) == [20, 90]


def test_without_its_span_a_window_is_judged_by_its_last_month():
    assert value(kpi(window="average"), spans=()) == [15, 25]
    assert value(kpi(window="total"), spans=()) == [30, 50]


def test_months_are_left_out_only_of_windows_that_add_up():
    assert drawn(neutral(), kpi(), of, 4, PLAN, [(2, 3)], months_too=False).months.size == 0
    every = drawn(neutral(), kpi(window="every"), of, 4, PLAN, [], months_too=False)
    assert every.months.tolist() == MONTHS.tolist() and every.value.tolist() == [10, 20]


def test_growth_is_told_at_the_usual_month():
    """Usual months of 50 and 20 where the point values have 40: sizes 1.25 and 0.5. Profit is
    moved by 10 and −20, twice as much over two months, and keeps its size.
    """
    level = UsualLevel(40.0, np.array([50.0, 20.0]))
    found = drawn(neutral(), kpi(window="total"), of, 4, PLAN, [(2, 3)], level=level)
    assert found.value.tolist() == [32, 140] and found.months[0].tolist() == [32, 20]
    assert np.asarray(found.size).tolist() == [1.25, 0.5]
    moved = drawn(neutral(), kpi("profit", "total"), of, 4, PLAN, [(2, 3)], level=level)
    assert moved.value.tolist() == [20, 110] and moved.months[0].tolist() == [30, 30]
    assert moved.size == 1.0
    one = drawn(neutral(), kpi("profit", "month"), of, 4, PLAN, [], level=level)
    assert one.value.tolist() == [20, 70]


def test_a_steady_metric_is_the_same_in_every_month():
    def steady(key, over):
        assert over == "steady"
        return np.array([3.0, 4.0])

    found = drawn(neutral(), kpi("ltv_cac", "every"), steady, 4, PLAN, [])
    assert found.value.tolist() == [3, 4] and found.months.tolist() == [[3, 4]] * 4


def test_days_of_stock_are_pooled_over_the_window():
    """300 of goods on stock, a month's goods of 40, 10, 30, 20: over months 2 and 3 600 at 40 in 60
    days of sales, two months' worth: 600 · 30.42 / 40.
    """
    stock = kpi("stock_days", "average", seen=300.0)
    found = drawn(neutral(), stock, lambda key, over: MONTHS, 4, PLAN, [], slice(0, 2))
    assert found.months == pytest.approx(300 * 365 / 12 / MONTHS)
    assert found.value == pytest.approx([600 * 365 / 12 / 40, 600 * 365 / 12 / 70])


def test_listings_are_a_level_and_no_sum():
    """All 50 of 50 are live in every month: half way or at the end it is the same share."""
    live = {"seen": 50.0, "seen_of": 50.0, "seen_months": 1.0}
    for window in ("average", "total", "month"):
        one = kpi("listing_completion", window, **live)
        found = drawn(neutral(), one, of, 4, PLAN, [], slice(0, 2))
        assert found.value.tolist() == [1, 1] and found.months.tolist() == [[1, 1]] * 4
    growing = kpi("listings_live", "average", seen=10.0, seen_of=None, seen_months=1.0)
    found = drawn(neutral(), growing, of, 4, PLAN, [], slice(0, 64))
    assert found.value == pytest.approx(found.months[1:3].mean(axis=0))
    last = drawn(neutral(), growing.but(window="total"), of, 4, PLAN, [], slice(0, 64))
    assert last.value.tolist() == found.months[2].tolist()


def test_the_lowest_balance_is_the_one_of_the_windows_months():
    cash = SimpleNamespace(month_low=MONTHS)
    assert _of_cash(kpi("cash_low"), cash).value.tolist() == [10, 20]
    first = _of_cash(kpi("cash_low", month_from=1, month_to=1), cash)
    assert first.value.tolist() == [40, 10] and first.months is MONTHS


@pytest.mark.parametrize(
    ("comparator", "reached", "passed"),
    [("at_least", [False, True, True, False], [False, False, True, False]),
     ("at_most", [True, True, False, False], [True, False, False, False])],
)  # fmt: skip
def test_a_target_is_met_up_to_rounding_and_passed_beyond_it(comparator, reached, passed):
    """At −100 a difference of a billionth is rounding; what is not known is neither."""
    values = np.array([-100.001, -100.0, -99.999, np.nan])
    one = kpi(comparator=comparator)
    for rounding in (-5e-8, 0.0, 5e-8):
        assert met(one, -100.0, values + rounding).tolist() == reached
        assert met(one, -100.0, values + rounding, beyond=True).tolist() == passed


def test_a_target_is_proposed_where_it_is_known_and_no_worse_than_its_floor():
    floor = Floor(5.0, "today")
    assert [good_enough(kpi(), at, floor) for at in (4.9, 5.0, 5.1)] == [False, True, True]
    less = kpi(comparator="at_most")
    assert [good_enough(less, at, floor) for at in (4.9, 5.0, 5.1)] == [True, True, False]
    assert good_enough(kpi(), -9.0, None) and not good_enough(kpi(), np.nan, None)
    assert not good_enough(kpi(), np.inf, None)
