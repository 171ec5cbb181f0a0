"""Response curves from months of channels: the posterior by quadrature, what few or equal months
say, the season, and the way into the scenario.
"""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from funnel_sim.chance.draws import drawable_input
from funnel_sim.decisions.budget.answer import budget_answer
from funnel_sim.decisions.budget.curves import fit_all, fitted, matched, with_curves
from funnel_sim.evidence.store.channel_spend import ChannelMonths
from funnel_sim.reference.budget_settings import response_prior
from funnel_sim.scenario import files, links
from funnel_sim.scenario.presets import preset

KITCHEN = preset("amazon-de-kitchen")
MONTHS = tuple(f"{2025 + n // 12}-{n % 12 + 1:02}" for n in range(24))


def channel(spend, brought, name="Meta"):
    spend = np.asarray(spend, dtype=float)
    months = MONTHS[: spend.size]
    return ChannelMonths(name, months, spend, np.asarray(brought, dtype=float), "orders", "", 0)


def test_the_posterior_by_quadrature():
    rng = np.random.default_rng(1)
    spend = rng.uniform(300, 2000, 14)
    brought = 3 * spend**0.65 * np.exp(0.1 * rng.standard_normal(14))
    found = fitted(channel(spend, brought))
    known = response_prior()
    x, y = np.log(spend), np.log(brought)
    dx, dy = x - x.mean(), y - y.mean()

    def density(e):
        sse = ((dy - (1 - e) * dx) ** 2).sum()
        return norm.pdf(e, known.likely, known.sd) * sse ** (-(14 - 1) / 2)

    whole = quad(density, 0, 0.995, epsrel=1e-10)[0]
    for level, value in ((0.1, found.low), (0.5, found.likely), (0.9, found.high)):
        assert quad(density, 0, value, epsrel=1e-10)[0] / whole == pytest.approx(level, abs=2e-3)
    assert found.alone == pytest.approx(1 - (dx @ dy) / (dx @ dx))


def test_many_months_find_the_truth_and_few_say_little():
    rng = np.random.default_rng(2)
    for true in (0.1, 0.5, 0.7):
        spend = np.exp(rng.uniform(5, 8, 24))
        brought = spend ** (1 - true) * np.exp(0.05 * rng.standard_normal(24))
        found = fitted(channel(spend, brought))
        assert found.low < true + 0.03 and found.high > true - 0.03
        assert found.likely == pytest.approx(true, abs=0.04) and found.from_data > 0.6
    known = response_prior()
    three = fitted(channel([100, 200, 300], [10, 17, 23]))  # one month short
    assert not three.enough and three.likely == pytest.approx(known.likely, abs=0.01)
    assert (three.low, three.high) == pytest.approx((known.low, known.high), abs=0.02)
    four = fitted(channel([100, 200, 300, 400], [10, 17, 23, 29]))
    assert four.enough and four.high - four.low < three.high - three.low
    same = fitted(channel([500] * 12, range(20, 32)))  # every month the same spend
    assert not same.enough and np.isnan(same.alone)


def test_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(3)
    inside = 0
    known = response_prior()
    for _ in range(300):
        true = float(np.clip(rng.normal(known.likely, known.sd), 0.01, 0.99))
        spend = rng.uniform(300, 1500, 10)
        noise = np.exp(0.15 * rng.standard_normal(10))
        found = fitted(channel(spend, spend ** (1 - true) * noise), (), known)
        inside += found.low <= true <= found.high
    assert 0.74 < inside / 300 < 0.86  # 80 %, with a standard error of 2.3


def test_a_season_is_taken_out_first():
    season = [0.5, 0.5, 0.6, 0.8, 1.0, 1.0, 1.0, 1.0, 1.1, 1.2, 1.7, 1.6]
    spend = np.array([400.0 * one for one in season * 2])  # ads follow the season
    brought = np.array(season * 2) * spend**0.6
    plain, freed = fitted(channel(spend, brought)), fitted(channel(spend, brought), season)
    assert plain.alone < 0  # by the months alone, more spend sells more than in proportion
    assert freed.alone == pytest.approx(0.4) and freed.likely == pytest.approx(0.4, abs=0.02)


def test_channels_are_matched_by_name_or_id_once():
    ads = KITCHEN.channels[0]
    store = KITCHEN.but(
        channels=[ads.but(name="Sponsored Products"), ads.but(id="meta"), *KITCHEN.channels[1:]]
    )
    curves = [fitted(channel([1], [1], name)) for name in ("sponsored-products", "META", "Other")]
    assert matched(store, curves) == {"sponsored-products": "ads", "META": "meta"}
    assert matched(store, [*curves, fitted(channel([1], [1], "Meta "))])["META"] == "meta"


def test_a_fitted_curve_becomes_the_channels_range_and_lives_in_file_and_link():
    rng = np.random.default_rng(4)
    spend = rng.uniform(600, 2500, 18)
    months = channel(spend, spend**0.55 * np.exp(0.05 * rng.standard_normal(18)))
    curves = fit_all(KITCHEN, [months])
    made = with_curves(KITCHEN, curves, {"Meta": "ads"})
    ads = made.channels[0]
    assert ads.reference_budget == 1300.0  # today's: the price of a click stays what it is
    assert ads.elasticity.likely == pytest.approx(curves[0].likely, abs=5e-4)
    bound = made.budget.bound("ads")
    assert (bound.seen_low, bound.seen_high) == (spend.min(), spend.max())
    assert files.from_bytes(files.to_text(made).encode()) == made
    assert links.decode(links.encode(made)).scenario == made
    assert not budget_answer(made).lines[0].assumed
    draws = drawable_input(made, "channels.ads.elasticity").values(np.linspace(0.001, 0.999, 999))
    assert (draws >= 0).all() and (draws < 1).all()
    assert np.quantile(draws, 0.1) == pytest.approx(ads.elasticity.low, abs=0.02)
    assert np.quantile(draws, 0.9) == pytest.approx(ads.elasticity.high, abs=0.02)


def test_bounds_that_were_typed_stay_beside_a_fit():
    store = KITCHEN.replace({"budget.bounds": [{"channel": "ads", "low": 200.0, "high": 900.0}]})
    curves = fit_all(store, [channel([500, 700, 900, 1100], [30, 38, 44, 50])])
    bound = with_curves(store, curves, {"Meta": "ads"}).budget.bound("ads")
    assert (bound.low, bound.high, bound.seen_low, bound.seen_high) == (200, 900, 500, 1100)
