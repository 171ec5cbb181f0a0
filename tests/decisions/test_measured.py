"""Where a metric breaks even, what its floor is, and how many months it adds up, by hand."""

import numpy as np
import pytest

from funnel_sim.decisions.kpi.measured import (
    Baseline,
    baseline_of,
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


ADS = {"id": "ads", "kind": "cpc", "budget": 1000.0, "cpc": 2.0, "channel_cvr": 0.2}


@pytest.mark.parametrize(("cost", "acos", "roas"), [(60.0, 0.4, 2.5), (75.0, 0.25, 4.0),
                                                    (120.0, 0.0, np.inf)])  # fmt: skip
def test_ads_break_even_at_what_an_order_leaves(cost, acos, roas):
    """Of 100 an order leaves 40 after goods for 60: ads may take 40 %. Where it leaves nothing no
    target is good enough.
    """
    store = neutral({"channels": [ADS], "product.unit_cost": cost})
    most = Kpi(id="k", metric="acos", target=0.1, comparator="at_most")
    least = Kpi(id="k", metric="roas", target=3.0)
    assert break_even_of(store, most) == pytest.approx(acos)
    assert break_even_of(store, least) == pytest.approx(roas)
    # counted with a quarter more orders, placed and never paid, ACoS is lower and ROAS higher
    unpaid = store.replace({"conversion.payment_success_rate": 0.8})
    for kpi, limit, factor in ((most, acos, 0.8), (least, roas, 1.25)):
        placed = kpi.but(sales_cancelled="in")
        assert break_even_of(unpaid, kpi) == pytest.approx(limit)
        assert break_even_of(unpaid, placed) == pytest.approx(limit * factor)


def test_counts_of_their_own_have_the_baseline_that_was_counted():
    """45 of 50; a score of 820 whatever it is out of; a stock of 600 at goods for 6,000 a month."""
    listed = Kpi(id="k", metric="listing_completion", target=0.9, seen=45.0, seen_of=50.0,
                 seen_months=1.0)  # fmt: skip
    assert baseline_of(neutral(), listed) == Baseline(0.9, "counts")
    score = Kpi(id="k", metric="account_health", target=800.0, seen=820.0, seen_of=1000.0,
                over_dispersion=0.1, seen_months=1.0)  # fmt: skip
    assert baseline_of(neutral(), score) == Baseline(820.0, "counts")
    stock = Kpi(id="k", metric="stock_days", target=30.0, seen=600.0, seen_months=1.0)
    costly = neutral({"product.unit_cost": 60.0})
    assert baseline_of(costly, stock).value == pytest.approx(600 / 6000 * 365 / 12)
    assert baseline_of(neutral(), stock) is None  # goods that cost nothing last for ever
