"""Two conversion rates: against sums and integrals done another way, published tables, and laws
that hold for any counts.
"""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st
from scipy import integrate, special, stats

from funnel_sim.decisions.conversion_test.arms import Arm, StoreTerms, store_terms
from funnel_sim.decisions.conversion_test.compare import compare_rates, rate_spread
from funnel_sim.decisions.conversion_test.posterior import Posteriors, prior_of
from funnel_sim.decisions.conversion_test.sample_size import (
    Size,
    power_of,
    sample_size,
    two_proportions,
)
from funnel_sim.decisions.conversion_test.trial import even_lifts, plan_trial
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.reference.rate_settings import BOUNDS, constant, prior_shape, settings
from funnel_sim.scenario.presets import preset

UNIFORM = settings(prior="uniform")


def miller(a, b):
    """P(B > A) for whole a, b: Evan Miller, Formulas for Bayesian A/B Testing (2014), equation 6; a
    sum over B's successes.
    """
    (aa, ba), (ab, bb) = a, b
    i = np.arange(int(ab))
    return float(
        np.exp(
            special.betaln(aa + i, bb + ba)
            - np.log(bb + i)
            - special.betaln(1 + i, bb)
            - special.betaln(aa, ba)
        ).sum()
    )


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((5000, 200), (5000, 236)),
        ((3, 0), (2, 1)),
        ((1, 1), (1, 0)),
        ((10, 0), (200_000, 20)),
        ((40, 40), (40, 38)),
        ((1_000_000, 30_000), (1_000_000, 30_300)),
        ((50, 3), (3_000_000, 90_000)),
    ],
)
def test_the_probability_is_millers_sum(a, b):
    found = compare_rates(Arm(*a), Arm(*b), chosen=UNIFORM)
    assert found.better == pytest.approx(miller(*found.shapes), abs=1e-8)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((0.5, 100.5), (1.5, 99.5)),
        ((3.5, 60.5), (0.5, 20.5)),
        ((200.5, 4800.5), (236.5, 4764.5)),
        ((1.0, 24.0), (3.0, 40.0)),
    ],
)
def test_the_probability_is_the_slow_double_integral(a, b):
    # two nested adaptive integrals over x = p^(1/4), which takes the Jeffreys spike at zero away: p
    # = x^4, dp = 4 x^3 dx
    def f(x, shape):
        return 4 * x**3 * stats.beta.pdf(x**4, *shape) if x > 0 else 0.0

    def inner(x):
        return integrate.quad(f, 0, x, args=(a,), epsabs=1e-11, limit=200, points=None)[0]

    edge = max(stats.beta.isf(1e-13, *b), 1e-12) ** 0.25
    slow = integrate.quad(lambda x: f(x, b) * inner(x), 0, edge, epsabs=1e-9, limit=200)[0]
    assert 1 - Posteriors(a, b).below(0, 1) == pytest.approx(slow, abs=1e-6)


def test_huge_counts_are_the_normal_approximation():
    # a billion visits each: difference 9e-6, standard error √(2 · 0.03 · 0.97 / 1e9) = 7.629e-6, z
    # = 1.17973
    found = compare_rates(Arm(1e9, 3e7), Arm(1e9, 3e7 + 9000))
    assert found.better == pytest.approx(
        stats.norm.cdf(9e-6 / math.sqrt((0.03 * 0.97 + 0.030009 * 0.969991) / 1e9)), abs=1e-5
    )


def test_one_visit_each_by_hand():
    # uniform prior, A 1 visit 0 orders: Beta(1, 2), density 2(1 - p); B 1 visit 1 order: Beta(2,
    # 1), density 2p.
    # P(B > A) = ∫ 2p (2p - p²) dp = 4/3 - 1/2 = 5/6.  E max(B - A, 0) - E max(A - B, 0) = 2/3 - 1/3
    # = 1/3.
    found = compare_rates(Arm(1, 0), Arm(1, 1), chosen=UNIFORM)
    assert found.better == pytest.approx(5 / 6, abs=1e-12)
    assert found.loss_a - found.loss_b == pytest.approx(1 / 3, abs=1e-12)
    # E max(A - B, 0) = ∫∫_{a > b} (a - b) 2(1 - a) 2b db da = ∫ 4(1 - a)(a³/6) da = (4/6)(1/4 -
    # 1/5) = 1/30
    assert found.loss_b == pytest.approx(1 / 30, abs=1e-12)


def test_interval_and_losses_against_many_draws():
    found = compare_rates(Arm(800, 30), Arm(500, 24), StoreTerms(10_000, 8.0, fee=100.0))
    rng = np.random.default_rng(5)
    a, b = (rng.beta(*shape, 2_000_000) for shape in found.shapes)
    ratio = b / a - 1
    for spread, draws in (
        (found.points, b - a),
        (found.lift, ratio),
        (found.money.gain, 80_000 * (b - a) - 100),
    ):
        for level, pair in ((0.95, spread.wide), (0.8, spread.narrow)):
            assert pair == pytest.approx(
                np.quantile(draws, [(1 - level) / 2, (1 + level) / 2]), abs=0.004 * draws.std()
            )
        assert spread.median == pytest.approx(np.median(draws), abs=0.004 * draws.std())
    gain = 80_000 * (b - a) - 100
    assert found.loss_b == pytest.approx(np.maximum(a - b, 0).mean(), rel=0.01)
    assert found.loss_a == pytest.approx(np.maximum(b - a, 0).mean(), rel=0.01)
    assert found.money.loss_b == pytest.approx(np.maximum(-gain, 0).mean(), rel=0.01)
    assert found.money.better == pytest.approx((gain > 0).mean(), abs=0.002)


@pytest.mark.slow
def test_margins_of_their_own_and_their_spread_against_many_draws():
    a, b = Arm(5000, 200, 8.0, 6.0), Arm(5000, 236, 7.0, 14.0)
    found = compare_rates(a, b, StoreTerms(4000))
    rng = np.random.default_rng(6)
    rates = [rng.beta(*shape, 1_000_000) for shape in found.shapes]
    # the mean of n orders is uncertain by spread / √n: 6/√200 = 0.424, 14/√236 = 0.911
    means = (
        rng.normal(8.0, 6 / math.sqrt(200), 1_000_000),
        rng.normal(7.0, 14 / math.sqrt(236), 1_000_000),
    )
    gain = 4000 * (rates[1] * means[1] - rates[0] * means[0])
    assert found.money.better == pytest.approx((gain > 0).mean(), abs=0.003)
    assert found.money.gain.wide == pytest.approx(
        np.quantile(gain, [0.025, 0.975]), abs=0.01 * gain.std()
    )
    assert found.money.loss_b == pytest.approx(np.maximum(-gain, 0).mean(), rel=0.01)
    assert (
        found.better > 0.95 and found.money.better < 0.6
    )  # it converts better and hardly brings more


@pytest.mark.parametrize(
    ("to_b", "to_a"), [(2.0, -1.0), (-2.0, 3.0), (0.0, 2.0), (0.0, -2.0), (-1.0, -1.0), (0.0, 0.0)]
)
def test_any_sign_of_a_margin(to_b, to_a):
    pair = Posteriors((3.0, 9.0), (4.0, 7.0))
    rng = np.random.default_rng(7)
    value = to_b * rng.beta(4, 7, 400_000) - to_a * rng.beta(3, 9, 400_000)
    for at in (-0.6, 0.05, 0.4):
        assert pair.value_below(at, to_b, to_a) == pytest.approx((value <= at).mean(), abs=0.004)
        assert pair.excess(to_b, to_a, at) == pytest.approx(
            np.maximum(value - at, 0).mean(), abs=0.004
        )


def test_the_prior_and_its_strength_are_pinned():
    # definitions.md 21: the posterior is Beta(a + orders, b + visits - orders), Jeffreys unless
    # another prior is chosen
    arms = Arm(100, 4), Arm(100, 6)
    assert compare_rates(*arms).shapes == ((4.5, 96.5), (6.5, 94.5))
    assert compare_rates(*arms, chosen=UNIFORM).shapes == ((5.0, 97.0), (7.0, 95.0))
    # the store's: 2 orders at 4 % are 50 visits: a = 2, b = 48
    assert prior_of(settings(prior="store", prior_orders=2.0), 0.04) == pytest.approx((2.0, 48.0))
    assert prior_shape("jeffreys") == (0.5, 0.5)


def test_a_stronger_prior_draws_the_two_together():
    odds = [
        compare_rates(
            Arm(500, 15),
            Arm(500, 25),
            StoreTerms(rate=0.04),
            settings(prior="store", prior_orders=n),
        ).better
        for n in (1.0, 10.0, 1000.0)
    ]
    assert odds[0] > odds[1] > odds[2] > 0.5


def test_the_kind_of_interval_is_pinned():
    # one version's rate, no order of 20: Beta(0.5, 20.5). Equal tails leave out 2.5 % below; the
    # shortest interval begins at (nearly) zero.
    equal = rate_spread(compare_rates(Arm(20, 0), Arm(20, 5)), "a").wide
    assert equal == pytest.approx(stats.beta.ppf([0.025, 0.975], 0.5, 20.5))
    short = rate_spread(
        compare_rates(Arm(20, 0), Arm(20, 5), chosen=settings(interval="highest_density")), "a"
    ).wide
    assert short[0] < 1e-6 and short[1] == pytest.approx(stats.beta.ppf(0.95, 0.5, 20.5), rel=1e-3)


def test_the_shortest_interval_has_equal_heights_at_its_ends():
    found = rate_spread(
        compare_rates(Arm(50, 5), Arm(50, 5), chosen=settings(interval="highest_density")), "a"
    ).wide
    density = stats.beta(5.5, 45.5)
    assert density.pdf(found[0]) == pytest.approx(density.pdf(found[1]), rel=0.01)
    assert density.cdf(found[1]) - density.cdf(found[0]) == pytest.approx(0.95, abs=1e-9)


COUNTS = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


@pytest.mark.slow
@few(max_examples=40, deadline=None)
@given(COUNTS, COUNTS)
def test_laws_for_any_counts(a, b):
    there, back = compare_rates(Arm(*a), Arm(*b)), compare_rates(Arm(*b), Arm(*a))
    assert there.better + back.better == pytest.approx(
        1, abs=1e-9
    )  # A against B is B against A turned round
    assert there.loss_b == pytest.approx(back.loss_a, abs=1e-9)
    means = [shape[0] / sum(shape) for shape in there.shapes]
    assert there.loss_a - there.loss_b == pytest.approx(
        means[1] - means[0], abs=1e-9
    )  # E max(X, 0) - E max(-X, 0) = E X
    assert (
        there.points.wide[0]
        <= there.points.narrow[0]
        <= there.points.median
        <= there.points.narrow[1]
        <= there.points.wide[1]
    )
    assert there.points.wide[0] == pytest.approx(-back.points.wide[1], abs=1e-8)
    assert (there.lift.median > 0) == (there.points.median > 0) or abs(there.points.median) < 1e-9
    assert (there.p_value is None) == (sum(arm[1] for arm in (a, b)) in (0, a[0] + b[0]))


@pytest.mark.slow
@few(max_examples=15, deadline=None)
@given(st.integers(2, 400), st.floats(0.01, 100))
def test_scaling_the_currency_scales_the_money(orders, factor):
    one = compare_rates(Arm(4000, 100), Arm(4000, orders), StoreTerms(3000, 5.0, fee=20.0)).money
    other = compare_rates(
        Arm(4000, 100), Arm(4000, orders), StoreTerms(3000, 5.0 * factor, fee=20.0 * factor)
    ).money
    assert other.gain.wide == pytest.approx(
        [factor * end for end in one.gain.wide], rel=1e-6, abs=1e-6 * factor
    )
    assert other.better == pytest.approx(one.better, abs=1e-9)
    assert other.certainty == pytest.approx(factor * one.certainty, rel=1e-6, abs=1e-9)


# ---- the classical side
# ------------------------------------------------------------------------------------------


def test_p_values_against_scipy_and_a_textbook():
    # chi-square without correction is z squared
    table = np.array([[200, 4800], [236, 4764]])
    assert two_proportions(Arm(5000, 200), Arm(5000, 236)) == (
        "z",
        pytest.approx(stats.chi2_contingency(table, correction=False).pvalue, rel=1e-9),
    )
    # Fisher's lady tasting tea, 3 of 4 right: two-sided p = 34/70 (Agresti, Categorical Data
    # Analysis, section 3.5.2)
    assert two_proportions(Arm(4, 1), Arm(4, 3)) == ("fisher", pytest.approx(34 / 70))


def test_the_test_changes_where_an_expected_count_falls_below_five():
    # 100 visits each: orders together 10 → 5 expected in each: z; together 9 → 4.5: Fisher
    assert constant("fewest_expected").value == 5
    assert two_proportions(Arm(100, 4), Arm(100, 6))[0] == "z"
    assert two_proportions(Arm(100, 4), Arm(100, 5))[0] == "fisher"
    assert (
        two_proportions(Arm(100, 96), Arm(100, 95))[0] == "fisher"
    )  # the rare ones are those who did not order
    assert two_proportions(Arm(100, 0), Arm(100, 0)) == ("none", None)


@pytest.mark.parametrize(
    ("base", "other", "power", "alpha", "n"),
    [
        # R documentation of power.prop.test: p1 = .50, p2 = .75, power = .90 gives n = 76.7 → 77 in
        # each group
        (0.50, 0.75, 0.90, 0.05, 77),
        # and its help page: power.prop.test(p1 = .2, p2 = .25, power = .8): (1.95996 √(2 · .225 ·
        # .775) + .84162 √(.16 + .1875))² / .0025
        # = (1.95996 · .590550 + .84162 · .589491)² / .0025 = (1.157455 + .496127)² / .0025 = 1093.7
        # → 1,094
        (0.20, 0.25, 0.80, 0.05, 1094),
        # .05 against .10: (1.95996 √(2 · .075 · .925) + .84162 √(.0475 + .09))² / .0025 = (.730072
        # + .312078)² / .0025 = 434.4 → 435
        (0.05, 0.10, 0.80, 0.05, 435),
    ],
)
def test_sample_sizes_of_published_examples(base, other, power, alpha, n):
    size = sample_size(base, other / base - 1, settings(power=power, alpha=alpha))
    assert (size.a, size.b) == (n, n)


@few(max_examples=60, deadline=None)
@given(
    st.floats(0.001, 0.5),
    st.floats(0.02, 0.9),
    st.floats(0.1, 0.9),
    st.sampled_from([0.5, 0.8, 0.95]),
    st.sampled_from([0.01, 0.05, 0.2]),
)
def test_the_size_has_the_power_and_one_fewer_has_not(base, effect, share_b, power, alpha):
    chosen = settings(power=power, alpha=alpha, share_b=share_b)
    size = sample_size(base, effect, chosen)
    k = share_b / (1 - share_b)
    assert power_of(base, effect, Size(size.a, k * size.a), alpha) >= power - 1e-9
    assert (
        size.a <= 1
        or power_of(base, effect, Size(size.a - 1, k * (size.a - 1)), alpha) < power + 1e-9
    )
    assert abs(size.b - k * size.a) <= k + 1


def test_the_power_is_what_simulated_tests_find():
    # 4 % against 5 %, 6,745 visits each by the formula: simulated tests call a difference in 80 %
    # of the runs (± 3 standard errors of 20,000 runs = 0.85 %)
    size = sample_size(0.04, 0.25)
    rng = np.random.default_rng(11)
    a, b = rng.binomial(int(size.a), 0.04, 20_000), rng.binomial(int(size.b), 0.05, 20_000)
    pooled = (a + b) / size.total
    z = (b / size.b - a / size.a) / np.sqrt(pooled * (1 - pooled) * (1 / size.a + 1 / size.b))
    assert (np.abs(z) > 1.959964).mean() == pytest.approx(0.80, abs=0.012)


def test_ten_looks_find_what_is_not_there_as_often_as_published():
    # Armitage, McPherson and Rowe 1969: ten looks at 5 % each, 0.193; here by 200,000 random walks
    # (standard error 0.0009)
    steps = (
        np.random.default_rng(3)
        .standard_normal((200_000, int(constant("looks").value)))
        .cumsum(axis=1)
    )
    z = np.abs(steps) / np.sqrt(np.arange(1, steps.shape[1] + 1))
    assert (z > stats.norm.isf(constant("looks_alpha").value / 2)).any(
        axis=1
    ).mean() == pytest.approx(constant("looks_false").value, abs=0.003)


def test_visits_still_needed_and_months():
    found = compare_rates(Arm(5000, 200), Arm(5000, 236), StoreTerms(visits_month=4000))
    # 4 % against 4.4 %: 39,475 each (R: power.prop.test(p1 = .04, p2 = .044, power = .8)); 5,000
    # each are there: 68,950 missing, 17.2375 months
    assert (found.wanted.size.a, found.wanted.more, found.wanted.months) == (
        39475,
        68950,
        pytest.approx(17.2375),
    )
    assert found.measured.effect == pytest.approx(0.18)
    assert found.measured.more < found.wanted.more
    many = compare_rates(Arm(50_000, 2000), Arm(50_000, 2010), StoreTerms(visits_month=4000))
    assert many.wanted.more == 0 and many.wanted.months == 0
    uneven = compare_rates(
        Arm(60_000, 2400), Arm(5000, 200)
    )  # A's surplus does not stand in for B's lack: only B's 34,475 are missing
    assert uneven.wanted.more == 39475 - 5000


def test_an_uneven_split_needs_more_visits():
    sizes = {
        share: sample_size(0.04, 0.1, settings(share_b=share)) for share in (0.1, 0.3, 0.5, 0.9)
    }
    assert sizes[0.1].total > sizes[0.3].total > sizes[0.5].total < sizes[0.9].total
    assert sizes[0.1].b / sizes[0.1].a == pytest.approx(1 / 9, rel=1e-4)


# ---- edges
# --------------------------------------------------------------------------------------------------


def test_no_order_at_all_and_none_of_a():
    none = compare_rates(Arm(100, 0), Arm(100, 0), StoreTerms(1000, 5.0))
    assert (
        none.better == pytest.approx(0.5)
        and none.verdict == "unclear"
        and none.p_value is None
        and none.lift.measured is None
    )
    some = compare_rates(Arm(1000, 0), Arm(1000, 12))
    assert (
        some.verdict == "better"
        and some.lift.measured is None
        and some.measured.effect is None
        and math.isinf(some.measured.more)
    )
    everyone = compare_rates(Arm(5, 5), Arm(5, 5))
    assert everyone.verdict == "unclear" and math.isinf(everyone.wanted.more)


def test_the_verdict_turns_at_the_bound():
    arms = Arm(5000, 200), Arm(5000, 236)
    odds = compare_rates(*arms).better
    assert compare_rates(*arms, chosen=settings(decide=odds - 1e-9)).verdict == "better"
    assert compare_rates(*arms, chosen=settings(decide=odds + 1e-9)).verdict == "unclear"
    assert compare_rates(*reversed(arms), chosen=settings(decide=odds - 1e-9)).verdict == "worse"


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        (Arm(100, 101), Arm(100, 1), "cannot be more than the visits (100)"),
        (Arm(0, 0), Arm(100, 1), "0 — must be at least 1"),
        (Arm(100, -1), Arm(100, 1), "-1 — must be at least 0"),
        (Arm(100, 1.5), Arm(100, 1), "whole number"),
        (Arm(math.nan, 1), Arm(100, 1), "finite"),
        (Arm(math.inf, 1), Arm(100, 1), "finite"),
        (Arm(100, 1, None, 2.0), Arm(100, 1), "is missing"),
        (Arm(100, 1, 2.0, -1.0), Arm(100, 1), "-1 — must be at least 0"),
        (Arm(2e12, 1), Arm(100, 1), "must be at most 1,000,000,000,000"),
    ],
)
def test_counts_that_are_none_are_refused_by_name(a, b, words):
    with pytest.raises(InputError) as refused:
        compare_rates(a, b)
    sentence = refused.value.sentences("en")[0]
    assert words in sentence and ("A" in sentence)
    assert refused.value.sentences("zh")[0] != sentence


def test_as_many_orders_as_visits_are_taken():
    assert compare_rates(Arm(100, 100), Arm(100, 99)).verdict == "unclear"


@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_settings_are_refused_beyond_their_bounds_and_taken_at_them(name):
    least, most = BOUNDS[name]
    for bound, beyond in ((least, least - 1e-6), (most, most + 1e-6)):
        assert getattr(settings(**{name: bound}), name) == bound
        with pytest.raises(InputError):
            settings(**{name: beyond})


def test_rates_beyond_all_visits_are_refused():
    assert sample_size(0.5, 1.0).a > 0  # 50 % doubled is 100 %
    with pytest.raises(InputError, match="120%"):
        sample_size(0.6, 1.0)
    with pytest.raises(InputError):
        sample_size(0.0, 0.1)
    with pytest.raises(InputError):
        prior_of(settings(prior="store"), None)


# ---- before a test
# -----------------------------------------------------------------------------------------------


def test_a_trials_costs_by_hand():
    # 4 %, 10 % better, even split: 39,475 visits each, 78,950 in all; 10,000 a month: 7.895 months,
    # fee for 8 of them.
    store = StoreTerms(10_000, 8.0, visit_cost=0.5, bought=0.6, fee=300.0)
    trial = plan_trial(0.04, store, lifts=np.array([-0.1, 0.2]))
    assert (trial.size.total, trial.months) == (78950, pytest.approx(7.895))
    assert trial.ads == pytest.approx(78950 * 0.6 * 0.5)
    assert trial.fee == 8 * 300
    assert trial.loss == pytest.approx(
        39475 * 0.5 * 0.04 * 0.1 * 8.0
    )  # half of the belief is worse by 0.4 points
    assert trial.cost == pytest.approx(23685 + 2400 + 631.6)
    # over 12 months B gains 12 · (10,000 · 0.04 · lift · 8 - 300): -7,440 or +4,080; the mean is
    # below zero, so now one keeps A
    assert trial.now == pytest.approx((-7440 + 4080) / 2)
    assert trial.certain == pytest.approx(4080 / 2)
    assert trial.worth == pytest.approx(
        4080 / 2, rel=1e-3
    )  # the test parts 3.6 % from 4.8 % almost surely
    assert trial.back == pytest.approx(8.0 * (39475 * 0.04 + 39475 * 0.042))


@few(max_examples=25, deadline=None)
@given(
    st.floats(0.005, 0.3),
    st.floats(0.05, 0.5),
    st.floats(-0.3, 0.0),
    st.floats(0.0, 0.4),
    st.floats(0, 500),
)
def test_a_result_is_worth_no_more_than_certainty_and_no_less_than_nothing(
    base, effect, low, high, fee
):
    trial = plan_trial(
        base, StoreTerms(5000, 6.0, fee=fee), settings(effect=effect), even_lifts(low, high, 60)
    )
    assert -1e-6 <= trial.worth <= trial.certain * (1 + 1e-6) + 1e-6


def test_what_is_surely_known_is_not_worth_finding_out():
    trial = plan_trial(0.04, StoreTerms(5000, 6.0), lifts=even_lifts(0.1, 0.1))
    assert (
        trial.worth == pytest.approx(0, abs=1e-6)
        and trial.certain == pytest.approx(0, abs=1e-9)
        and trial.loss == 0
    )


def test_without_money_a_trial_still_has_its_size():
    trial = plan_trial(0.04)
    assert trial.size.a == 39475 and trial.months is None and trial.cost is None


@pytest.mark.parametrize("name", ["amazon-de-kitchen", "shopify-us-beauty", "etsy-us-jewelry"])
def test_the_store_comes_from_the_scenario(name):
    result = evaluate(preset(name))
    store = store_terms(result)
    assert store.visits_month * store.bought * store.visit_cost == pytest.approx(
        result.steady["ad_spend"]
    )  # bought visits cost the month's ads
    assert store.margin == pytest.approx(result.steady["cm2"] / result.steady["paid_orders"])
    assert store.rate == pytest.approx(result.steady["first_orders"] / result.steady["visits"])


def test_a_fee_lowers_the_gain_by_itself():
    arms, store = (Arm(5000, 200), Arm(5000, 236)), StoreTerms(4000, 8.0)
    free, dear = (compare_rates(*arms, replace(store, fee=fee)).money for fee in (0.0, 100.0))
    assert free.gain.wide == pytest.approx([end + 100 for end in dear.gain.wide])
    assert free.gain.measured == pytest.approx(
        4000 * 0.0072 * 8
    )  # 36 of 5,000 more: 28.8 orders a month, 230.40


@pytest.mark.slow
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_fishers_test_of_a_million_million_visits():
    """Who did not order: none of 1,000 against 1 of 10¹², as even as one can be shared: p = 1. 999
    against 1: as good as impossible.
    """
    many = Arm(1e12, 1e12 - 1)
    assert two_proportions(many, Arm(1000, 1000)) == ("fisher", pytest.approx(1.0))
    name, probability = two_proportions(many, Arm(1000, 1))
    assert name == "fisher" and probability < 1e-300


@pytest.mark.slow
def test_the_shortest_interval_is_looked_for_where_it_was_looked_before(monkeypatch):
    """Margins that are uncertain on both sides make 49 integrals of each probability; a hundred
    quantiles from end to end would be 100,000 of them.
    """
    asked: list[float] = []
    plain = Posteriors.below

    def counted(self, alpha, beta):
        asked.append(alpha)
        return plain(self, alpha, beta)

    monkeypatch.setattr(Posteriors, "below", counted)
    store = StoreTerms(visits_month=1000, margin=12.5)
    arms = Arm(5000, 200, margin=10, margin_sd=5), Arm(5000, 240, margin=10, margin_sd=3)
    found = compare_rates(*arms, store, settings(interval="highest_density"))
    assert len(asked) < 16_000
    assert found.money is not None
    even = compare_rates(*arms, store, settings(interval="equal_tailed")).money
    assert even is not None
    (low, high), (left, right) = found.money.gain.wide, even.gain.wide
    assert 0.9 * (right - left) < high - low <= right - left  # the shortest of that probability


def test_two_margins_that_are_certain_are_each_multiplied_with_their_own_rate():
    """10 % of a million at a margin of 10 against 8 % at 20: per visit 1.0 against 1.6, so 1,000
    visits are worth 600 more; each rate is certain to within 0.03 points, so that of B moves the
    gain by 5.4 a standard deviation, that of A by 3.
    """
    a, b = Arm(1_000_000, 100_000, margin=10.0), Arm(1_000_000, 80_000, margin=20.0)
    found = compare_rates(a, b, StoreTerms(visits_month=1000)).money
    deviation = 1000 * math.hypot(
        20 * math.sqrt(0.08 * 0.92 / 1e6), 10 * math.sqrt(0.1 * 0.9 / 1e6)
    )
    assert (found.gain.measured, found.gain.median) == pytest.approx((600, 600), abs=0.1)
    assert found.gain.wide == pytest.approx(
        (600 - 1.96 * deviation, 600 + 1.96 * deviation), abs=0.1 * deviation
    )
    # the other way round it is as much worse
    other = compare_rates(b, a, StoreTerms(visits_month=1000)).money
    assert other.gain.measured == pytest.approx(-600, abs=0.1)
    assert other.gain.wide[0] == pytest.approx(-found.gain.wide[1], rel=1e-3)
