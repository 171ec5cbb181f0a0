"""A store's history in the simulation: its level, its earlier customers, its switches; operational
KPIs from their own counts.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from funnel_sim.chance.history import in_conversion, shared_out
from funnel_sim.chance.operational import monthly, spread_over_skus
from funnel_sim.chance.simulation import simulate
from funnel_sim.chance.streams import plan_of
from funnel_sim.decisions.kpi.store_history import fit_funnel
from funnel_sim.evidence.store.outlook import outlook
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import is_range, point_value
from tests.conftest import neutral

PLAN = plan_of(16_384, 1)


def with_months(scenario, values, **more):
    return scenario.replace(
        {
            "history.first_month": "2025-01",
            "history.seen_gmv": values,
            **{f"history.{k}": v for k, v in more.items()},
        }
    )


def test_months_are_the_outlook_where_the_steady_month_is_the_baseline():
    store = preset("amazon-us-kitchen").replace({"shocks": []})
    store = store.replace(
        {
            path: value.point if hasattr(value, "point") else value
            for path, value in store.quantities()
        }
    )
    gmv = evaluate(store).steady["gmv"]
    values = [
        gmv * f for f in (0.9, 1.1, 1.0, 0.95, 1.05, 1.0)
    ]  # the last three, the baseline, are the steady month on average
    run = simulate(with_months(store, values), [], month=["gmv"], paths=16_384)
    months = run.of("gmv", "month")
    found = outlook(values, 3)
    for month in (1, 2, 3):  # repeat orders included: the history is of the whole store
        for value in (0.8 * gmv, gmv, 1.2 * gmv):
            assert (months[month - 1] < value).mean() == pytest.approx(
                found.below(month, value), abs=0.01
            )


def test_earlier_customers_keep_a_steady_store_steady():
    """A store that had customers and nothing that varies: every month is the steady month, from the
    first on.
    """
    store = neutral().replace(
        {
            "customers.repeat_probability": 0.3,
            "customers.referral": 0.05,
            "history.had_customers": True,
        }
    )
    steady = evaluate(store).steady["paid_orders"]
    months = simulate(store, [], month=["paid_orders"], paths=256).of("paid_orders", "month")
    assert months == pytest.approx(np.full_like(months, steady), rel=1e-9)
    from_nothing = simulate(
        store.replace({"history.had_customers": False}), [], month=["paid_orders"], paths=256
    ).of("paid_orders", "month")
    assert (from_nothing[0] < steady * 0.75).all()


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("frequency", {"orders_a_year": 2.0, "lifespan_years": 0.5}),
        ("sbg", {"sbg_alpha": 1.0, "sbg_beta": 2.0}),
        ("table", {"age_orders": [0.2, 0.1, 0.05]}),
    ],
)
def test_earlier_customers_whatever_the_way_of_coming_back(kind, more):
    store = neutral().replace(
        {
            "customers.retention": kind,
            **{f"customers.{k}": v for k, v in more.items()},
            "customers.ltv_horizon": 12,
            "history.had_customers": True,
        }
    )
    steady = evaluate(store).steady["paid_orders"]
    months = simulate(store, [], month=["paid_orders"], paths=256).of("paid_orders", "month")
    assert months == pytest.approx(np.full_like(months, steady), rel=1e-9)


def test_a_history_can_be_switched_off_and_months_left_out():
    store = preset("amazon-us-kitchen")
    values = [10_000.0, 10_500.0, 60_000.0, 10_200.0, 9_900.0, 10_100.0]
    plain = simulate(store, ["gmv"], paths=1024).of("gmv")
    off = simulate(with_months(store, values, use_history=False), ["gmv"], paths=1024).of("gmv")
    assert (plain == off).all()
    on, without = (
        simulate(with_months(store, values, **more), [], month=["gmv"], paths=1024).of(
            "gmv", "month"
        )[0]
        for more in ({}, {"left_out": ["2025-03"]})
    )
    assert without.std() / without.mean() < on.std() / on.mean()


def test_a_rate_is_beta_binomial():
    """5 of 500 seen, 100 a month, no extra spread: P(no bad review in month 1) is the
    beta-binomial's, known from SciPy.
    """
    kpi = Kpi(
        id="r",
        metric="negative_review_rate",
        comparator="at_most",
        target=0.008,
        seen=5,
        seen_of=500,
        seen_months=5,
        over_dispersion=0.0,
    )
    counts, of = monthly(kpi, PLAN, 2, {}, 0.0)
    assert (of == 100).all()
    exact = stats.betabinom(100, 5.5, 495.5)
    assert (counts[0] == 0).mean() == pytest.approx(exact.pmf(0), abs=0.01)
    assert counts[0].mean() == pytest.approx(exact.mean(), rel=0.03)
    assert counts[0].var() == pytest.approx(exact.var(), rel=0.06)
    assert np.corrcoef(counts[0], counts[1])[0, 1] > 0.05  # what the rate is, is drawn once


def test_throughput_is_gamma_poisson():
    """12 listings done in 4 months: a month brings a negative binomial of shape 12.5 and rate 4."""
    kpi = Kpi(
        id="l", metric="listings_live", target=20, seen=12, seen_months=4, over_dispersion=0.0
    )
    done, one = monthly(kpi, PLAN, 1, {}, 0.0)
    fresh = done[0] - 12
    exact = stats.nbinom(12.5, 4 / 5)
    assert (one == 1).all()
    assert fresh.mean() == pytest.approx(exact.mean(), rel=0.02)
    assert (fresh >= 5).mean() == pytest.approx(exact.sf(4), abs=0.01)


def test_listings_are_never_more_than_agreed():
    kpi = Kpi(id="l", metric="listing_completion", target=0.9, seen=40, seen_of=50, seen_months=1)
    done, of = monthly(kpi, PLAN, 3, {}, 0.0)
    assert (done <= 50).all() and (of == 50).all() and (np.diff(done, axis=0) >= 0).all()


def test_stock_days_are_stock_over_cost_of_goods_a_day():
    kpi = Kpi(id="s", metric="stock_days", comparator="at_most", target=60, seen=9000)
    above, below = monthly(kpi, PLAN, 1, {"cogs": np.full((1, PLAN.paths), 3650.0)}, 0.0)
    assert (above / below)[0] == pytest.approx(np.full(PLAN.paths, 9000 / (3650 * 12 / 365)))


@settings(max_examples=50, deadline=None)
@given(st.floats(0.02, 0.98), st.floats(0.05, 50.0))
def test_the_spread_over_skus_gives_back_what_was_seen(share, orders):
    size = spread_over_skus(share, orders)
    assert 1 - (1 + orders / size) ** -size == pytest.approx(
        min(share, 1 - np.exp(-orders)), abs=2e-3
    )


# ---- a season of visits is no season of conversion
# -----------------------------------------------------------------

SALES = (100.0, 120.0, 150.0, 180.0, 150.0, 110.0, 90.0, 105.0)


def seen(visits):
    """Return the store with eight months of sales, and visits to them."""
    return preset("amazon-de-kitchen").replace(
        {
            "history.first_month": "2026-01",
            "history.seen_gmv": [100.0 * one for one in SALES],
            "history.seen_visits": visits,
        }
    )


def test_visits_that_move_with_the_sales_leave_nothing_to_conversion():
    assert in_conversion(seen([40.0 * one for one in SALES]), "gmv") == pytest.approx(
        0.0, abs=1e-12
    )
    assert in_conversion(seen([5000.0] * 8), "gmv") == pytest.approx(1.0)
    # half of it each: visits go with the square root of the sales, so sales per visit do too
    assert in_conversion(seen([400.0 * one**0.5 for one in SALES]), "gmv") == pytest.approx(0.5)


def test_without_visits_or_with_too_few_all_of_it_is_conversion():
    plain = seen([])
    assert in_conversion(plain, "gmv") == 1.0
    few = [
        4000.0,
        4800.0,
        6000.0,
        7200.0,
        6000.0,
        None,
        None,
        None,
    ]  # five of the six that are needed
    assert in_conversion(seen(few), "gmv") == 1.0
    assert in_conversion(seen([*few[:5], 4400.0, None, None]), "gmv") == pytest.approx(
        0.0, abs=1e-12
    )


@given(
    months=st.lists(st.floats(0.2, 4), min_size=1, max_size=6),
    share=st.floats(0, 1),
    rest=st.floats(0, 1000),
    free=st.floats(0.01, 1000),
)
def test_the_months_sell_what_the_history_says_however_they_are_shared_out(
    months, share, rest, free
):
    whole = np.array(months)
    conversion, traffic = shared_out(whole, share, np.array(rest), np.array(free))
    assert np.allclose(conversion * (rest + free * traffic), whole * (rest + free), rtol=1e-9)
    assert np.all(traffic >= 0)


def test_a_season_of_visits_leaves_the_roas_of_the_ads_where_it_was():
    """Ads convert as they did and their budget stands still: the median ROAS of the horizon is the
    steady one, and the spread of the months is gone from it.
    """
    moved, still = (
        fit_funnel(seen(visits))[0] for visits in ([40.0 * one for one in SALES], [5000.0] * 8)
    )
    moved, still = (
        one.replace(
            {path: point_value(value) for path, value in one.quantities() if is_range(value)}
        )
        for one in (moved, still)
    )
    steady = evaluate(moved).steady
    with_it, without = (simulate(one, ["acos", "gmv"], paths=2048) for one in (moved, still))
    acos = with_it.of("acos")
    spread = {
        name: np.subtract(*np.quantile(one.of("acos"), [0.9, 0.1]))
        for name, one in (("visits", with_it), ("conversion", without))
    }
    assert np.median(acos) == pytest.approx(steady["acos"], rel=0.03)
    assert spread["visits"] < 0.5 * spread["conversion"]
    gmv = [
        np.median(one.of("gmv")) / evaluate(s).steady["gmv"]
        for one, s in ((with_it, moved), (without, still))
    ]
    assert gmv[0] == pytest.approx(gmv[1], rel=0.01)  # the sales themselves are the same
