"""KPIs that are counted for themselves: means and spreads of their months by hand, and each bound
that a count cannot pass.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from funnel_sim.chance.operational import monthly, needs, spread_of, spread_over_skus
from funnel_sim.chance.streams import plan_of
from funnel_sim.scenario.effects import usual_rate_spread
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.units import DAYS_A_MONTH

PLAN = plan_of(4096, 1)
RATE = {"metric": "negative_review_rate", "seen": 30.0, "seen_of": 1000.0, "seen_months": 10}


def drawn(months=3, paid=0.0, cogs=0.0, usual=0.0, **more):
    """Return the counts of some months and what they are counted of, shape (months, paths)."""
    kpi = Kpi.model_validate({"id": "k", "target": 0.5, "over_dispersion": 0.0, **more})
    flows = {"paid_orders": np.full((months, 1), paid), "cogs": np.full((months, 1), cogs)}
    return monthly(kpi, PLAN, months, flows, usual)


# ---- rates


@pytest.mark.parametrize(
    ("more", "trials"),
    [({}, 100), ({"per_month": 250.0}, 250), ({"seen_months": 3}, 333), ({"per_month": 0.2}, 1)],
)
def test_a_rate_is_counted_of_as_many_as_a_month_has(more, trials):
    count, of = drawn(**RATE | more)
    assert (of == trials).all() and (count == np.round(count)).all()
    assert (count >= 0).all() and (count <= trials).all()
    # the rate is Beta(30.5, 970.5): its mean is 30.5 / 1001
    assert count.mean() == pytest.approx(trials * 30.5 / 1001, rel=0.03)


def test_months_of_a_rate_vary_by_counting_by_the_level_and_by_their_own_spread():
    # n p (1 − p) of counting; n² times the level's p (1 − p) / 1002 and the months' (0.5 p)²
    p, n = 30.5 / 1001, 1000.0
    counting, level = n * p * (1 - p), n**2 * p * (1 - p) / 1002
    still, _ = drawn(per_month=n, **RATE)
    assert still.var() == pytest.approx(counting + level, rel=0.06)
    moved, _ = drawn(per_month=n, **RATE | {"over_dispersion": 0.5})
    assert moved.var() == pytest.approx(counting + level + (0.5 * n * p) ** 2, rel=0.15)
    assert moved.mean() == pytest.approx(n * p, rel=0.03)
    # the level is one for all months of a path, the rest is a month's own
    expected = level / (counting + level)
    assert np.corrcoef(still[0], still[2])[0, 1] == pytest.approx(expected, abs=0.06)
    plain = Kpi.model_validate({"id": "k", "target": 0.5, **RATE})
    assert spread_of(plain) == usual_rate_spread()[0]
    assert spread_of(plain.but(over_dispersion=0.0)) == 0.0


def test_a_rate_near_all_varies_like_its_few_failures():
    """970 of 1,000 in time is 30 late: months differ in the late ones."""
    often = RATE | {"metric": "fulfilment_rate", "seen": 970.0, "over_dispersion": 0.5}
    rare, _ = drawn(per_month=1000.0, **RATE | {"over_dispersion": 0.5})
    late = 1000.0 - drawn(per_month=1000.0, **often)[0]
    assert late.mean() == pytest.approx(rare.mean(), rel=0.03)
    assert late.std() == pytest.approx(rare.std(), rel=0.06)
    assert (late >= 0).all()


def test_a_rate_that_swings_beyond_all_stops_there():
    count, of = drawn(**RATE | {"seen": 500.0, "over_dispersion": 0.95})
    assert (count <= of).all() and (count == of).any()


def test_more_luck_is_more_of_what_is_counted_and_less_late():
    """Equal draws compare: what the draw makes more of is the same for both outcomes."""
    rare, _ = drawn(months=1, per_month=1e6, **RATE)
    often, _ = drawn(months=1, per_month=1e6, **RATE | {"metric": "fulfilment_rate", "seen": 970.0})
    assert stats.spearmanr(rare[0], often[0]).statistic > 0.95


# ---- listings


def test_listings_are_finished_at_the_pace_seen_and_no_more_than_there_are():
    more = {"metric": "listing_completion", "seen": 40.0, "seen_of": 100.0, "seen_months": 4}
    done, of = drawn(months=12, **more)
    assert (of == 100).all() and done.max() == 100 and (np.diff(done, axis=0) >= 0).all()
    # Gamma(40.5) / 4 a month, gamma-Poisson: mean 10.125, variance 10.125 + 40.5 / 16
    first = done[0] - 40
    assert first.mean() == pytest.approx(10.125, rel=0.02)
    assert first.var() == pytest.approx(10.125 + 40.5 / 16, rel=0.08)
    assert (done[1] - done[0]).mean() == pytest.approx(10.125, rel=0.02)
    typed, _ = drawn(months=2, per_month=5.0, **more)
    assert (typed[0] - 40).mean() == pytest.approx(5, rel=0.03)
    assert (typed[0] - 40).var() == pytest.approx(5, rel=0.08)


def test_listings_live_have_no_end():
    done, one = drawn(months=12, metric="listings_live", seen=40.0, seen_months=4)
    assert (one == 1).all() and done[-1].mean() == pytest.approx(40 + 12 * 10.125, rel=0.02)


def test_a_typed_pace_is_uncertain_by_its_spread():
    still, moved = (
        drawn(months=1, metric="listings_live", seen=0.0, seen_months=1, per_month=100.0,
              over_dispersion=spread)[0] for spread in (0.0, 0.3)
    )  # fmt: skip
    assert still.var() == pytest.approx(100, rel=0.08)
    # both the pace and each month: (1 + 0.3²)² − 1 of 100², and the counting of 100
    assert moved.var() == pytest.approx(100 + 100**2 * (1.09**2 - 1), rel=0.15)


# ---- sell-through, stock, score


@pytest.mark.parametrize(("paid", "share"), [(500.0, 0.6), (0.0, 0.0), (1e9, 1.0)])
def test_the_share_of_skus_that_sell_is_the_one_seen_at_the_orders_it_was_seen_with(paid, share):
    more = {"metric": "sell_through", "seen": 60.0, "seen_of": 100.0}
    sold, of = drawn(paid=paid, usual=500.0, **more)
    assert (of == 100).all() and sold.mean() / 100 == pytest.approx(share, abs=0.01)


def test_sell_through_follows_how_orders_spread():
    """At 5 orders a SKU 60 % sell: 1 − (1 + 5 / k)^−k = 0.6; at 10 the same k gives its share."""
    k = spread_over_skus(0.6, 5.0)
    sold, _ = drawn(paid=1000.0, usual=500.0, metric="sell_through", seen=60.0, seen_of=100.0)
    assert sold.mean() / 100 == pytest.approx(1 - (1 + 10 / k) ** -k, abs=0.01)


@given(st.floats(0.01, 0.99), st.floats(0.01, 100.0))
def test_the_spread_over_skus_gives_back_the_share(share, orders):
    k = spread_over_skus(share, orders)
    most = 1 - math.exp(-orders)  # spread evenly
    if share < most * 0.999 and k > 1.1e-3:
        assert 1 - (1 + orders / k) ** -k == pytest.approx(share, rel=1e-6)
    if share > most:
        assert k == 1e6


@pytest.mark.parametrize(("share", "orders"), [(0.0, 5.0), (0.5, 0.0), (0.5, -1.0)])
def test_without_sales_the_spread_is_one(share, orders):
    assert spread_over_skus(share, orders) == 1.0


def test_stock_lasts_its_cost_over_the_days_cost_of_goods():
    stock, a_day = drawn(cogs=3000.0, metric="stock_days", seen=6000.0)
    assert (stock / a_day)[0] == pytest.approx(6000 / (3000 / DAYS_A_MONTH))
    assert needs(Kpi(id="k", metric="stock_days", target=1.0, seen=1.0)) == ("cogs",)


def test_a_score_varies_around_todays_and_stays_within_its_scale():
    more = {"metric": "account_health", "seen": 900.0, "over_dispersion": 0.1}
    score, one = drawn(**more)
    assert (one == 1).all() and score.mean() == pytest.approx(900, rel=0.005)
    assert score.std() == pytest.approx(90, rel=0.05) and score.max() > 1000
    assert drawn(seen_of=1000.0, **more)[0].max() == 1000
    assert drawn(**more | {"over_dispersion": 0.95})[0].min() == 0


def test_parts_of_the_paths_are_those_of_the_whole():
    kpi = Kpi.model_validate({"id": "k", "target": 0.5, **RATE})
    whole, _ = monthly(kpi, PLAN, 2, {}, 0.0)
    part, _ = monthly(kpi, PLAN, 2, {}, 0.0, slice(100, 300))
    assert (whole[:, 100:300] == part).all()


def test_where_nearly_all_has_sold_months_differ_little():
    """90 of 100 SKUs sold: their share may differ by a tenth of the spread, 0.5 · 0.1 = 5 %, beside
    the counting of 0.9 · 0.1 / 100, a deviation of 3 %; of 10 that sold by 45 % of itself.
    """
    sold = {"metric": "sell_through", "seen_of": 100.0, "over_dispersion": 0.5, "seen_months": 1.0}
    count, of = drawn(paid=300.0, usual=300.0, seen=90.0, **sold)
    assert (of == 100).all() and (count / of).mean() == pytest.approx(0.9, abs=0.015)
    assert (count / of).std() == pytest.approx(math.hypot(0.045, 0.03), abs=0.012)
    few, _ = drawn(paid=12.0, usual=12.0, seen=10.0, **sold)
    assert few.std() / few.mean() == pytest.approx(math.hypot(0.45, 0.3), abs=0.06)
