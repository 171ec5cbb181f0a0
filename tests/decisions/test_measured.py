"""Where a metric breaks even, what its floor is, and how many months it adds up, by hand."""

import pytest

from funnel_sim.decisions.kpi.measured import (
    Baseline,
    break_even_of,
    floor_of,
    is_added_up,
    months_added,
    target_of,
)
from funnel_sim.errors import InputError
from funnel_sim.scenario.kpis import Kpi
from tests.conftest import neutral


@pytest.mark.parametrize(
    ("metric", "limit"),
    [("profit", 0.0), ("cm1", 0.0), ("cm2", 0.0), ("cm3", 0.0), ("margin", 0.0), ("ltv_cac", 1.0)],
)
def test_profit_and_its_kin_break_even_at_nothing(metric, limit):
    kpi = Kpi(id="k", metric=metric, target=5.0)
    assert break_even_of(neutral(), kpi) == limit
    # less than today is no floor below break-even, and the other way round
    assert floor_of(neutral(), kpi, Baseline(limit - 1.0, "funnel")).source == "break_even"
    assert floor_of(neutral(), kpi, Baseline(limit + 1.0, "funnel")).source == "today"
    # nobody asks a most of what should be high: then only today counts
    least = kpi.but(comparator="at_most")
    assert floor_of(neutral(), least, Baseline(limit - 1.0, "funnel")).source == "today"
    assert floor_of(neutral(), least, None) is None


def test_a_metric_without_a_break_even_point_has_none():
    kpi = Kpi(id="k", metric="orders", target=5.0)
    assert break_even_of(neutral(), kpi) is None and floor_of(neutral(), kpi, None) is None


@pytest.mark.parametrize(
    ("metric", "window", "months"),
    [("gmv", "total", 4), ("orders", "total", 4), ("gmv", "average", 1), ("gmv", "every", 1),
     ("roas", "total", 1), ("return_rate", "total", 1)],
)  # fmt: skip
def test_only_totals_of_money_and_counts_add_up_over_their_months(metric, window, months):
    kpi = Kpi(id="k", metric=metric, target=1.0, window=window, month_from=2, month_to=5)
    assert months_added(kpi) == months
    assert is_added_up(metric) == (metric in ("gmv", "orders"))


@pytest.mark.parametrize(
    ("window", "target"), [("month", 120.0), ("average", 120.0), ("total", 480.0)]
)
def test_a_fifth_more_than_the_baseline_is_asked_of_each_month_of_a_total(window, target):
    """Of 100 orders a month, over months 2 to 5."""
    kpi = Kpi(id="k", metric="orders", target=0.2, relative=True, baseline=100.0, window=window,
              month_from=2, month_to=5)  # fmt: skip
    assert target_of(neutral(), kpi) == pytest.approx(target)
    assert target_of(neutral(), kpi.but(relative=False)) == 0.2


@pytest.mark.parametrize("baseline", [0.0, -1.0])
def test_growth_from_nothing_is_refused(baseline):
    kpi = Kpi(id="k", metric="profit", target=0.2, relative=True, baseline=baseline)
    with pytest.raises(InputError, match=r"kpis\.k\.relative"):
        target_of(neutral(), kpi)
