"""Estimates: analytic VaR and CVaR, NumPy's percentiles, odds, standard errors, digits."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats
from scipy.stats import qmc

from funnel_sim.chance.conditions import condition
from funnel_sim.chance.estimates import (
    QUANTILES,
    Figure,
    bars_of,
    estimate,
    expected_shortfall,
    monthly_quantiles,
    percentiles,
    probability,
    quantile,
)
from funnel_sim.chance.simulation import simulate
from funnel_sim.errors import InputError
from tests.conftest import neutral


def test_var_and_cvar_of_a_normal_result_are_the_analytic_ones():
    """Price normal 100 ± 20, 1,200 orders: P5 = μ − 1.6449 σ; mean of the worst 5 % = μ − σ
    φ(1.6449)/0.05 (Rockafellar and Uryasev 2000).
    """
    result = simulate(
        neutral({"product.price": {"dist": "normal", "mean": 100.0, "sd": 20.0}}),
        ["gross_sales"],
        paths=65_536,
    )
    found = result.estimate("gross_sales")
    mean, sd = 120_000, 24_000
    z = stats.norm.ppf(0.05)
    assert found.mean.value == pytest.approx(mean, rel=1e-5)
    assert found.sd.value == pytest.approx(sd, rel=1e-3)
    assert found.quantiles[0.05].value == pytest.approx(mean + sd * z, rel=1e-3)
    assert found.expected_shortfall.value == pytest.approx(
        mean - sd * stats.norm.pdf(z) / 0.05, rel=1e-3
    )
    for one, exact in (
        (found.mean, mean),
        (found.quantiles[0.05], mean + sd * z),
        (found.expected_shortfall, mean - sd * stats.norm.pdf(z) / 0.05),
    ):
        assert abs(one.value - exact) < 2 * one.margin + 1e-9


def test_the_odds_of_loss_are_counted():
    """Profit = 1200 · price − 12 · 9,000; price uniform 80–100: a loss below 90, in half of the
    futures.
    """
    result = simulate(
        neutral(
            {
                "product.price": {"dist": "uniform", "low": 80.0, "high": 100.0},
                "fixed.staff_monthly": 9_000.0,
            }
        ),
        paths=4096,
    )
    assert result.estimate("profit").loss.value == pytest.approx(0.5, abs=1e-3)


@given(st.lists(st.floats(-1e6, 1e6), min_size=40, max_size=40))
def test_percentiles_are_numpys_inverted_distribution(values):
    """The definition changed on purpose (docs/decisions/0033-one-percentile.md): from straight
    lines between draws to a value that was drawn.
    """
    data = np.array(values)
    found = estimate(data, 4)
    for p, one in found.quantiles.items():
        assert one.value == np.quantile(data, p, method="inverted_cdf")
    assert found.mean.value == pytest.approx(data.mean(), abs=1e-6)
    assert found.expected_shortfall.value <= found.quantiles[0.10].value + 1e-9


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.floats(0.001, 0.999))
def test_at_least_a_share_lies_on_each_side_of_a_percentile(values, p):
    ordered = np.sort(np.array(values))
    found = quantile(ordered, p)
    assert found in values
    assert (ordered <= found).mean() >= p - 1e-9 and (ordered >= found).mean() >= 1 - p - 1e-9
    assert (ordered < found).mean() < p  # and it is the smallest that does


def test_a_percentile_by_hand():
    # 10 draws: P10 is the 1st (1 of 10 at or below), P11 the 2nd; P50 the 5th; 7 % of 100 is the
    # 7th, though 0.07 · 100 is a hair above 7
    ten = np.arange(1.0, 11.0)
    assert [quantile(ten, p) for p in (0.1, 0.11, 0.5, 0.9)] == [1.0, 2.0, 5.0, 9.0]
    assert quantile(np.arange(1.0, 101.0), 0.07) == 7.0
    assert (
        quantile(np.array([6.0, math.inf]), 0.5) == 6.0
        and quantile(np.array([6.0, math.inf]), 0.51) == math.inf
    )  # nothing made up between
    assert math.isnan(quantile(np.array([]), 0.5))


def test_the_worst_five_percent_by_hand():
    assert expected_shortfall(np.arange(1.0, 101.0)) == 3.0  # 1 … 5
    assert expected_shortfall(np.arange(1.0, 31.0)) == pytest.approx(
        (1 + 0.5 * 2) / 1.5
    )  # one and a half of 30
    assert expected_shortfall(np.array([7.0])) == 7.0


def test_a_standard_error_is_the_spread_over_replicates():
    """Two replicates with means 1 and 3: √(((1−2)² + (3−2)²)/1)/√2 = 1."""
    found = estimate(np.array([1.0, 1.0, 3.0, 3.0]), 2)
    assert (found.mean.value, found.mean.error) == (2.0, 1.0)
    assert probability(np.array([True, True, False, False]), 2).error == 0.5
    assert found.mean.margin == pytest.approx(12.706, abs=1e-3)  # t with one degree of freedom


@pytest.mark.parametrize(
    ("value", "margin", "digits"),
    [
        (12_345.0, 9.9, 4),
        (12_345.0, 10.1, 3),
        (12_345.0, 99.0, 3),
        (12_345.0, 9_900.0, 1),
        (12_345.0, 10_100.0, 0),
        (0.122, 0.0029, 2),
        (0.122, 0.00099, 3),
    ],
)
def test_a_digit_is_believed_when_the_margin_is_at_most_its_unit(value, margin, digits):
    figure = Figure(value, margin / stats.t.ppf(0.975, 15), 16)
    assert figure.margin == pytest.approx(margin)
    assert figure.digits == digits


def test_what_has_no_uncertainty_has_every_digit():
    assert Figure(5.0, 0.0, 16).digits == 15 and Figure(5.0, 0.0, 16).unit == 0.0
    assert Figure(0.0, 1.0, 16).digits == 0


def test_paths_without_the_figure_are_left_out_and_said():
    found = estimate(np.array([1.0, np.nan, 3.0, 3.0]), 2)
    assert found.defined == 0.75 and found.mean.value == pytest.approx(7 / 3)
    nothing = estimate(np.full(4, np.nan), 2)
    assert (
        nothing.defined == 0
        and math.isnan(nothing.mean.value)
        and math.isnan(nothing.quantiles[0.05].value)
    )


def test_months_have_their_own_percentiles():
    months = np.array([[1.0, 2.0, 3.0], [30.0, 10.0, 20.0]])
    assert monthly_quantiles(months)[2].tolist() == [2.0, 20.0]


@pytest.mark.parametrize(
    ("text", "metric", "limit", "met"),
    [
        ("roas>=3", "roas", 3.0, [False, True, True]),
        ("roas > 3", "roas", 3.0, [False, False, True]),
        ("acos<=22%", "acos", 0.22, [True, True, True]),
        ("roas ≤ 3", "roas", 3.0, [True, True, False]),
        ("profit<1e2", "profit", 100.0, [True, True, True]),
        ("gmv>=-1_000", "gmv", -1000.0, [True] * 3),
    ],
)
def test_a_condition_is_read_as_typed(text, metric, limit, met):
    one = condition(text, ["roas", "acos", "profit", "gmv"])
    assert (one.metric, one.limit) == (metric, pytest.approx(limit))
    values = np.array([2.0, 3.0, 4.0]) if metric == "roas" else np.array([0.1, 0.2, 0.22])
    assert one.met(values).tolist() == met
    assert not one.met(np.array([np.nan])).any()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("roas", "is not a condition"),
        ("roas=3", "is not a condition"),
        ("speed>3", "is not a figure"),
        ("roas>=x", "is not a condition"),
        ("roas>=1e999", "finite"),
        ("roas>=1e", "is not a condition"),
    ],
)
def test_anything_else_is_refused(text, rule):
    with pytest.raises(InputError, match=rule):
        condition(text, ["roas"])


# ---- what an audit with pencil and paper found, each kept right
# ---------------------------------------------


def test_the_worst_five_percent_are_the_high_ones_where_less_is_better():
    result = simulate(
        neutral(
            {
                "product.price": {"dist": "uniform", "low": 50.0, "high": 150.0},
                "channels.orders.send_cost": 1.0,
            }
        ),
        ["aov", "blended_cac"],
    )
    high = simulate(
        neutral({"channels.orders.send_cost": {"dist": "uniform", "low": 1.0, "high": 2.0}}),
        ["blended_cac"],
        end=["aov"],
    ).estimate("blended_cac")
    assert result.estimate("aov").expected_shortfall.value == pytest.approx(
        52.5, rel=1e-3
    )  # the mean of 50 … 55
    assert high.expected_shortfall.value == pytest.approx(1.975, rel=1e-3)  # the mean of 1.95 … 2


def test_without_a_customer_his_cost_is_without_limit_and_counts_in_the_percentiles():
    """One month, one order expected: no order in e⁻¹ = 36.8 % of futures; then spend over nobody,
    and margin −∞ is a loss like the profit.
    """
    scenario = neutral(
        {"plan.horizon_months": 1, "chance.counting": True, "fixed.staff_monthly": 1.0}
    )
    ads = {"id": "ads", "kind": "cpc", "budget": 10.0, "cpc": 1.0}
    scenario = scenario.read(scenario.plain() | {"channels": [ads], "conversion": {"cvr": 0.1}})
    result = simulate(scenario, ["cac", "margin", "profit"])
    cac, margin, profit = (result.estimate(key) for key in ("cac", "margin", "profit"))
    assert cac.infinite == pytest.approx(math.exp(-1), abs=2e-3) and cac.defined == 1
    assert (
        math.isinf(cac.quantiles[0.90].value)
        and math.isfinite(cac.quantiles[0.50].value)
        and math.isfinite(cac.mean.value)
    )
    assert margin.loss.value == profit.loss.value == pytest.approx(math.exp(-1), abs=2e-3)


@pytest.mark.slow
def test_the_stated_error_of_percentiles_and_odds_covers_with_one_single_range():
    """Price uniform 10–30: P10 is 12, P95 is 29; the share below 17.3 is 36.5 %.

    One stratified input is the hardest case.
    """
    scenario = neutral({"product.price": {"dist": "uniform", "low": 10.0, "high": 30.0}})
    covered = dict.fromkeys((0.05, 0.10, 0.90, 0.95, "odds"), 0)
    seeds = 100
    for seed in range(seeds):
        result = simulate(scenario, ["aov"], paths=4096, seed=seed)
        found = result.estimate("aov").quantiles
        for p in (0.05, 0.10, 0.90, 0.95):
            covered[p] += abs(found[p].value - (10 + 20 * p)) <= found[p].margin
        share = probability(result.of("aov") < 17.3, 16)
        covered["odds"] += abs(share.value - 0.365) <= share.margin
    assert min(covered.values()) >= 0.90 * seeds, covered


def test_the_stated_error_of_a_percentile_is_neither_too_narrow_nor_too_wide():
    """Independent standard normal draws, 16 sets of 1,024: the median's error is √(π/2) / √16,384 =
    0.00979, that of P90 √(0.09) / 0.17550 / 128 = 0.01335.

    Of 40 files the mean stated error has a deviation of about 18 % / √40 = 3 %.
    """
    generator = np.random.default_rng(2)
    found = [estimate(generator.standard_normal(16 * 1024), 16).quantiles for _ in range(40)]
    assert np.mean([one[0.50].error for one in found]) == pytest.approx(0.00979, rel=0.12)
    assert np.mean([one[0.90].error for one in found]) == pytest.approx(0.01335, rel=0.12)


# the mean of each, exactly; drawn from scrambled Sobol points in 16 replicates of 256
HEAVY = {
    "lognormal, sigma 1.5": (lambda u: np.exp(1.5 * special.ndtri(u[:, 0])), math.exp(1.125)),
    "lognormal, sigma 2": (lambda u: np.exp(2.0 * special.ndtri(u[:, 0])), math.exp(2.0)),
    "product of four lognormals": (
        lambda u: np.exp(0.75 * special.ndtri(u).sum(axis=1)),
        math.exp(4 * 0.75**2 / 2),
    ),
    "1 / uniform 0.01 to 1": (lambda u: 1 / (0.01 + 0.99 * u[:, 0]), math.log(100) / 0.99),
    "1 / beta(3, 3)": (lambda u: 1 / special.betaincinv(3.0, 3.0, u[:, 0]), 5 / 2),
    "1 / beta(2.2, 3.8)": (lambda u: 1 / special.betaincinv(2.2, 3.8, u[:, 0]), 5 / 1.2),
    "normal": (lambda u: special.ndtri(u[:, 0]) + special.ndtri(u[:, 1]) + 5, 5.0),
}


@pytest.mark.slow
def test_the_stated_error_of_a_mean_covers_for_heavy_tails_too():
    """200 sets each: the 95 % interval holds the mean in at least 88 % of them (the spread alone:
    75 to 87 % of the first six).

    Binomial deviation of 200 cases at 95 %: 1.5 points; 88 % lies more than four of them below, so
    the test fails only if the interval is too narrow.
    """
    generator = np.random.default_rng(11)
    covered = dict.fromkeys(HEAVY, 0)
    for _ in range(200):
        points = [
            qmc.Sobol(4, scramble=True, rng=generator).random(256) + 0.5**31 for _ in range(16)
        ]
        for name, (figure, exact) in HEAVY.items():
            found = estimate(np.concatenate([figure(u) for u in points]), 16).mean
            covered[name] += abs(found.value - exact) <= found.margin
    assert {name: count for name, count in covered.items() if count < 176} == {}


def test_the_error_of_a_mean_that_no_draw_carries_is_the_plain_one():
    """Uniform draws: the farthest of a thousand carries three thousandths of the squares, so the
    error is that of the replicates' spread.
    """
    values = np.random.default_rng(3).random(16 * 256)
    plain = values.reshape(16, -1).mean(axis=1).std(ddof=1) / 4
    assert estimate(values, 16).mean.error == pytest.approx(plain, rel=1e-12)


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("power", [500, 900, 1020])
@pytest.mark.parametrize("less", [False, True])
def test_numbers_near_the_largest_keep_their_digits(power, less):
    """A power of two times the draws: a power of two times every figure, and no ∞ − ∞ on the way;
    what is infinite already stays so.
    """
    draws = np.random.default_rng(4).standard_normal(1024)
    far = np.copysign(np.inf, draws)
    for values in (
        draws,
        np.where(draws > 1, far, draws),
        np.where(draws < -1, far, draws),
        np.where(abs(draws) > 1, far, draws),
    ):
        plain, huge = (estimate(values * 2.0**by, 16, less_is_better=less) for by in (0, power))
        pairs = [
            (plain.mean, huge.mean),
            (plain.sd, huge.sd),
            (plain.expected_shortfall, huge.expected_shortfall),
            *((plain.quantiles[p], huge.quantiles[p]) for p in QUANTILES),
        ]
        for one, other in pairs:
            assert np.array_equal(
                [one.value * 2.0**power, one.error * 2.0**power],
                [other.value, other.error],
                equal_nan=True,
            )
        assert (plain.loss, plain.defined, plain.infinite) == (
            huge.loss,
            huge.defined,
            huge.infinite,
        )


def test_bars_by_hand():
    """Of 1 to 1,000, P1 is 10 and P99 is 990: four bars of 245 end at 255, 500, 745 and 990. Nine
    draws lie below 10 and ten above 990, in no bar (until version 0.7 bars went from P0.1 to
    P99.9).
    From 10 on there are 245 draws below 255, 500 and 745 each, and 246 up to 990 with it.
    """
    found = bars_of(np.arange(1.0, 1001.0), None, bars=4)
    assert found.edges == pytest.approx([10.0, 255.0, 500.0, 745.0, 990.0])
    assert found.shares == pytest.approx([0.245, 0.245, 0.245, 0.246])
    assert found.outside == pytest.approx(0.019)


def test_a_threshold_is_an_edge_of_the_bars():
    """Edges of 245 are counted from 600: three below it reach −135, under the least draw, two above
    it 1,090, over the greatest. Below the inner ones lie 109, 354, 599 and 844 draws.
    """
    found = bars_of(np.arange(1.0, 1001.0), 600.0, bars=4)
    assert found.edges == pytest.approx([-135.0, 110.0, 355.0, 600.0, 845.0, 1090.0])
    assert found.shares == pytest.approx([0.109, 0.245, 0.245, 0.245, 0.156])
    outside = bars_of(np.arange(1.0, 1001.0), 2_000.0, bars=4)
    assert outside.edges == pytest.approx([10.0, 255.0, 500.0, 745.0, 990.0])


def test_draws_that_are_all_one_value_are_one_bar():
    found = bars_of(np.full(9, 7.0), 3.0)
    assert (found.edges.tolist(), found.shares.tolist()) == ([6.5, 7.5], [1.0])


def test_a_percentile_near_either_end_has_the_error_of_one_in_the_middle():
    """1 to 2,000 twice: half a draw of 4,000 is uncertain, 0.000125 of the share, and a share of
    0.001 is 2 of the values; so 0.25 at P0.5, P50 and P99.5 alike.
    """
    found = percentiles(np.tile(np.arange(1.0, 2001.0), 2), (0.005, 0.5, 0.995), 2)
    assert [one.value for one in found] == [10.0, 1000.0, 1990.0]
    assert [one.error for one in found] == pytest.approx([0.25, 0.25, 0.25])
