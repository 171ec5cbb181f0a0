"""How months differ: mean, spread and memory of the noise; Poisson counts; the walk of the exchange
rate; defaults.
"""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats
from scipy.special import ndtri

from funnel_sim.chance import noise
from funnel_sim.chance.simulation import simulate
from funnel_sim.errors import InputError
from funnel_sim.reference import studies
from tests.conftest import neutral

Z = ndtri((np.arange(100_000) + 0.5) / 100_000)


@pytest.mark.sampled(10)
@pytest.mark.parametrize("expected", [0.2, 1.0, 3.0, 5.9, 6.0, 8.0, 15.0, 40.0, 400.0, 1e6])
def test_counts_are_poisson(expected):
    found = noise.counts(np.full(Z.size, expected), Z)
    assert (found == np.round(found)).all() and found.min() >= 0
    assert found.mean() == pytest.approx(expected, rel=2e-4)
    assert found.var() == pytest.approx(expected, rel=3e-3)
    exact = stats.poisson.ppf(stats.norm.cdf(Z), expected)
    assert (found == exact).mean() > 0.99
    assert np.abs(found - exact).max() <= 1


def test_counts_rise_with_what_is_expected_and_with_the_draw():
    expected = np.linspace(0, 60, 2001)
    for z in (-2.5, 0.0, 1.3):
        assert (np.diff(noise.counts(expected, np.full(expected.size, z))) >= 0).all()
    for mean in (2.0, 5.99, 30.0):
        assert (np.diff(noise.counts(np.full(Z.size, mean), Z)) >= 0).all()


@pytest.mark.parametrize("trials", [1.0, 2.0, 11.0, 12.0, 13.0, 40.0, 1_000.0, 1e5, 1e9, 1e12])
def test_binomial_counts_are_scipys_up_to_a_million_million_trials(trials):
    """Each side of 6 expected cases, of a half, and both ends; deviations as they are drawn, and
    evenly to six on either side.
    """
    rates = [
        0.0,
        1e-13,
        1e-12,
        1e-9,
        1e-4,
        0.1,
        0.499,
        0.5,
        0.501,
        0.9,
        1 - 1e-6,
        1.0,
        *(few / trials for few in (0.5, 3.0, 5.99, 6.01, 20.0) if few < trials),
    ]
    z = np.concatenate(
        [Z[:: len(Z) // 100], np.linspace(-6, 6, 100)]
    )  # no 0: half of 11 at one half is a tie
    for rate in rates:
        found = noise.binomial(trials, np.full(z.size, rate), z)
        assert (found == stats.binom.ppf(stats.norm.cdf(z), trials, rate)).all(), rate


def test_binomial_counts_by_hand_and_nothing_for_nothing():
    """Of 2 at one half: P(0) = 1/4, P(≤ 1) = 3/4, so that Φ(−0.7) = 0.242 is none, Φ(0.6) = 0.726
    one, Φ(0.7) = 0.758 two.
    """
    assert noise.binomial(2.0, np.array(0.5), np.array([-0.7, 0.6, 0.7])).tolist() == [0, 1, 2]
    assert np.isnan(noise.binomial(50.0, np.array([np.nan]), np.array([0.0]))).all()


def test_binomial_counts_of_each_outcome_add_up():
    """What happens and what does not are all there is: at Φ(z) and at Φ(−z)."""
    rate, z = np.linspace(0.001, 0.999, 400), Z[:: len(Z) // 400][:400]
    for trials in (7.0, 300.0, 1e9):
        assert noise.binomial(trials, rate, z) + noise.binomial(
            trials, 1.0 - rate, -z
        ) == pytest.approx(trials, rel=1e-12)


def test_the_time_of_binomial_counts_does_not_grow_with_the_trials(monkeypatch):
    """SciPy's inverse, which takes longer the more trials there are, is asked for a few in ten
    thousand at most.
    """
    asked = []
    real = stats.binom.ppf

    def counted(chance, trials, rate):
        asked.append(chance.size)
        return real(chance, trials, rate)

    monkeypatch.setattr(noise.stats.binom, "ppf", counted)
    for trials, rate in ((1_000.0, 0.3), (1e9, 0.01), (1e12, 1e-9)):
        noise.binomial(trials, np.full(Z.size, rate), Z)
    assert sum(asked) < 1e-4 * 3 * Z.size


def test_counts_and_noise_of_many_paths_from_one_figure():
    """An expectation that no range moves has one path, its luck many: the result has many."""
    z = np.array([[-1.0, 0.0, 1.0], [0.5, 0.1, -2.0]])
    for expected in (3.0, 40.0):
        wide = np.full(z.shape, expected)
        assert (noise.counts(np.full((2, 1), expected), z) == noise.counts(wide, z)).all()
        assert (
            noise.counts(wide, z[:, :1]) == noise.counts(wide, np.broadcast_to(z[:, :1], z.shape))
        ).all()
    cv = np.array([0.1, 0.2, 0.3])
    assert (
        noise.demand(z[:, :1], cv, 0.4) == noise.demand(np.broadcast_to(z[:, :1], z.shape), cv, 0.4)
    ).all()


@pytest.mark.parametrize("orders", [3.0, 8.0, 40.0])
def test_a_month_of_few_orders_swings_like_poisson(orders):
    scenario = neutral({"chance.counting": True, "channels.orders.impressions": orders})
    months = simulate(scenario, ["profit"], month=["first_orders"]).of("first_orders", "month")
    assert months.mean() == pytest.approx(orders, rel=0.002)
    assert months.var() == pytest.approx(orders, rel=0.02)
    assert abs(np.corrcoef(months[0], months[1])[0, 1]) < 0.03


@pytest.mark.parametrize(("cv", "link"), [(0.3, 0.0), (0.3, 0.5), (0.9, 0.41)])
def test_demand_has_mean_one_its_spread_and_its_memory(cv, link):
    changes = {
        "chance.month_noise": True,
        "chance.demand_cv": cv,
        "chance.autocorrelation": link,
        "conversion.cvr": 0.01,
    }
    months = simulate(neutral(changes), month=["first_orders"]).of("first_orders", "month")
    assert months.mean(axis=1) == pytest.approx(np.ones(12), rel=0.02)  # 100 sends × 1 %
    logs = np.log(months)
    assert logs.std(axis=1) == pytest.approx(
        np.full(12, np.sqrt(np.log1p(cv**2))), rel=0.01
    )  # lognormal: σ² = ln(1 + cv²)
    assert np.corrcoef(months[4], months[5])[0, 1] == pytest.approx(link, abs=0.03)
    in_logs = np.log1p(link * cv**2) / np.log1p(cv**2)
    assert np.corrcoef(logs[4], logs[5])[0, 1] == pytest.approx(in_logs, abs=0.02)
    assert np.corrcoef(logs[4], logs[6])[0, 1] == pytest.approx(in_logs**2, abs=0.03)


def test_the_exchange_rate_walks_from_today_and_its_mean_stays():
    """A year's log change has the yearly volatility; after 3 months half of it (√(3/12))."""
    normals = np.random.default_rng(3).standard_normal((12, 200_000))
    path = noise.walk(normals, 0.1)
    assert path.mean(axis=1) == pytest.approx(np.ones(12), abs=2e-3)
    assert np.log(path[11]).std() == pytest.approx(0.1, rel=0.01)
    assert np.log(path[2]).std() == pytest.approx(0.05, rel=0.01)


def test_the_walk_reaches_the_costs_in_the_ledger():
    """Unit cost 10 CNY at 5 CNY per USD is 2 USD; a dearer CNY (lower rate) makes it more."""
    changes = {
        "cost_currency": "CNY",
        "fx_rate": 5.0,
        "product.unit_cost": 10.0,
        "chance.fx_walk": True,
        "chance.fx_volatility": 0.3,
    }
    months = simulate(neutral(changes), month=["goods_purchase"]).of("goods_purchase", "month")
    assert np.median(-months[0]) == pytest.approx(200, rel=0.01)
    assert (-months[11]).std() > 2.5 * (-months[0]).std()


def test_defaults_follow_the_number_of_products():
    """The rows say 0.543, 0.429, 0.328, 0.264, 0.220 for 5, 10, 25, 50, 100 products, and 0.078 for
    a whole store.
    """
    assert [noise.typical_cv(n).value for n in (5, 10, 25, 50, 100)] == [
        0.543,
        0.429,
        0.328,
        0.264,
        0.22,
    ]
    assert noise.typical_cv(1593).value == noise.typical_cv(50_000).value == 0.078
    assert 0.429 > noise.typical_cv(15).value > 0.328
    assert noise.typical_cv(1).value == 0.62  # the better-selling products
    assert [noise.typical_autocorrelation(n).value for n in (5, 10, 100, 5000)] == [
        0.36,
        0.41,
        0.59,
        0.59,
    ]
    cvs = [noise.typical_cv(n).value for n in range(1, 3000, 7)]
    assert all(a >= b for a, b in itertools.pairwise(cvs))


def test_the_volatility_of_a_currency_comes_from_its_history():
    assert (
        noise.typical_volatility("USD", "CNY").value
        == noise.typical_volatility("CNY", "USD").value
        == 0.038
    )
    # both against CNY, which the two share part of: correlation 0.23 (fx_correlation.csv)
    assert noise.typical_volatility("EUR", "USD").value == pytest.approx(
        (0.0628**2 + 0.038**2 - 2 * 0.23 * 0.0628 * 0.038) ** 0.5, abs=1e-4
    )
    # of dong and peso together nothing is known: as if they moved independently
    assert noise.typical_volatility("VND", "MXN").value == pytest.approx(
        (0.0357**2 + 0.115**2) ** 0.5, abs=1e-4
    )
    assert noise.typical_volatility("VND", "CNY").value == 0.0357
    with pytest.raises(InputError, match="no known history"):
        noise.typical_volatility("CHF", "CNY")


def test_each_correlation_row_has_the_row_of_its_noise():
    rows = {(p.quantity, p.scope) for p in studies.priors() if p.topic == "noise"}
    for quantity, scope in rows:
        if quantity == "autocorrelation_lag1_small_store":
            assert ("cv_monthly_sales_small_store", scope) in rows


@pytest.mark.parametrize(
    ("products", "bent", "straight", "sources"),
    [
        (1, 0.4, 0.4, "a"), (10, 0.2, 0.2, "ab"), (100, 0.1, 0.1, "bc"), (500, 0.1, 0.1, "c"),
        # half way between 1 and 10 as a ratio: √(0.4 · 0.2), or 0.3
        (10**0.5, 0.08**0.5, 0.3, "ab"), (10**1.5, 0.02**0.5, 0.15, "bc"),
    ],
)  # fmt: skip
def test_what_is_typical_lies_between_the_two_nearest_numbers_of_products(
    products, bent, straight, sources
):
    steps = ((1, 0.4, "a"), (10, 0.2, "b"), (100, 0.1, "c"))
    ladder = tuple((size, SimpleNamespace(typical=v, key=name)) for size, v, name in steps)
    for log, value in ((True, bent), (False, straight)):
        found = noise._between(ladder, products, log=log)
        assert found.value == pytest.approx(value, abs=1e-4)
        assert "".join(one.key for one in found.rows) == sources
