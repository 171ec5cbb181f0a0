"""What drives a result: indices of functions with known answers, swings and flips by hand, the
analytic value of knowing.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from funnel_sim.chance.drivers import (
    drivers,
    flips,
    rank_correlation,
    tornado,
    value_of_information,
)
from funnel_sim.chance.indices import indices
from funnel_sim.chance.streams import SamplingPlan, plan_of, uniforms
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.presets import preset
from tests.conftest import neutral

NAMES = [card.id for card in preset_cards()]
INPUTS = [
    "conversion.cvr",
    "channels.ads.cpc",
    "fulfilment.return_rate",
    "product.price",
    "fx_rate",
    "tax.duty_rate",
    "channels.a.cpc",
    "channels.b.cpc",
]


def _one(replicate):
    return range(replicate, replicate + 1)


def indices_of(function, count, paths=65_536):
    """Return the indices of a function of `count` uniform inputs."""
    plan = plan_of(paths, 1)
    other = SamplingPlan(plan.seed, plan.replicates, plan.points, second=True)
    names = INPUTS[:count]
    a, b = ([uniforms(p, _one(r), names) for r in range(p.replicates)] for p in (plan, other))

    def run(draws):
        return np.concatenate([function(np.stack([one[name] for name in names])) for one in draws])

    mixed = {name: run([{**x, name: y[name]} for x, y in zip(a, b, strict=True)]) for name in names}
    found = indices(run(a), run(b), mixed, plan.replicates)
    return [found[name] for name in names]


def ishigami(u, a=7.0, b=0.1):
    x = math.pi * (2 * u - 1)
    return np.sin(x[0]) + a * np.sin(x[1]) ** 2 + b * x[2] ** 4 * np.sin(x[0])


def test_the_indices_of_ishigami():
    """Ishigami and Homma 1990; a = 7, b = 0.1: S = 0.3139, 0.4424, 0; T = 0.5576, 0.4424, 0.2437
    (Saltelli et al. 2008, section 4).
    """
    for one, first, total in zip(
        indices_of(ishigami, 3), (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437), strict=True
    ):
        assert one.first.value == pytest.approx(first, abs=0.006)
        assert one.total.value == pytest.approx(total, abs=0.006)
        assert abs(one.first.value - first) < 2 * one.first.margin + 1e-4
        assert abs(one.total.value - total) < 2 * one.total.margin + 1e-4


def test_the_indices_of_sobols_g():
    """G = Π (|4x − 2| + aᵢ)/(1 + aᵢ), a = 0, 1, 4.5, 9, 99, 99, 99, 99; Vᵢ = 1/(3 (1 + aᵢ)²), V = Π
    (1 + Vᵢ) − 1.
    """
    a = np.array([0, 1, 4.5, 9, 99, 99, 99, 99.0])
    part = 1 / (3 * (1 + a) ** 2)
    whole = np.prod(1 + part) - 1
    total = part * np.prod(1 + part) / (1 + part) / whole
    found = indices_of(
        lambda u: np.prod((np.abs(4 * u - 2) + a[:, None]) / (1 + a[:, None]), axis=0), 8
    )
    assert [round(p / whole, 4) for p in part[:2]] == [0.7162, 0.1790]  # as published
    for one, first, all_of_it in zip(found, part / whole, total, strict=True):
        assert one.first.value == pytest.approx(first, abs=0.008)
        assert one.total.value == pytest.approx(all_of_it, abs=0.008)


def test_a_constant_result_has_indices_of_zero():
    [one] = indices_of(lambda u: np.ones(u.shape[1]), 1, 256)
    assert (one.first.value, one.total.value) == (0.0, 0.0)


def test_additive_inputs_share_the_variance_by_their_own():
    """Profit = 1200 · price − 12 · staff: variances 1200² · 10²/12·… with price 90–110 and staff
    4,000–8,000, uniform.
    """
    scenario = neutral(
        {
            "product.price": {"dist": "uniform", "low": 90.0, "high": 110.0},
            "fixed.staff_monthly": {"dist": "uniform", "low": 4000.0, "high": 8000.0},
        }
    )
    found = {f.name: f.index for f in drivers(scenario).factors}
    price, staff = (1200 * 20) ** 2 / 12, (12 * 4000) ** 2 / 12
    assert found["product.price"].first.value == pytest.approx(price / (price + staff), abs=0.02)
    assert found["fixed.staff_monthly"].total.value == pytest.approx(
        staff / (price + staff), abs=0.02
    )


def test_the_tornado_by_hand():
    """Price uniform 90–110 has P10 92 and P90 108: gross 1200 · 92 = 110,400 and 129,600, less 12 ·
    1,000.
    """
    scenario = neutral(
        {
            "product.price": {"dist": "uniform", "low": 90.0, "high": 110.0},
            "fixed.staff_monthly": {"dist": "uniform", "low": 900.0, "high": 1100.0},
        }
    )
    wide, narrow = tornado(scenario)
    assert (wide.path, wide.low, wide.high, wide.at_low, wide.at_high) == (
        "product.price",
        *map(pytest.approx, (92, 108, 98_400, 117_600)),
    )
    assert (narrow.path, narrow.at_low, narrow.at_high) == (
        "fixed.staff_monthly",
        *map(pytest.approx, (120_000 - 12 * 920, 120_000 - 12 * 1080)),
    )


def test_a_flip_by_hand():
    """1,200 orders at price p less 12 · 9,000: zero at 90; the range 80–110 lies below it in a
    third of cases.
    """
    scenario = neutral(
        {
            "product.price": {"dist": "uniform", "low": 80.0, "high": 110.0},
            "fixed.staff_monthly": 9_000.0,
        }
    )
    [one] = flips(scenario)
    assert (one.value, one.losing, one.probability, one.short_now) == (
        pytest.approx(90.0),
        "below",
        pytest.approx(1 / 3),
        False,
    )
    [cost] = flips(scenario, paths=["fixed.staff_monthly"])
    assert (cost.value, cost.losing, cost.probability) == (
        pytest.approx(9_500.0),
        "above",
        None,
    )  # at the likely price of 95
    [never] = flips(neutral({"product.price": {"dist": "uniform", "low": 80.0, "high": 110.0}}))
    assert never.value is None and not never.short_now


@pytest.mark.slow
@settings(max_examples=20)
@given(
    st.sampled_from(NAMES),
    st.sampled_from(
        [
            "product.price",
            "product.unit_cost",
            "conversion.cvr",
            "fulfilment.return_rate",
            "channels.ads.cpc",
        ]
    ),
)
def test_a_flip_put_back_is_where_the_profit_is_zero(name, path):
    scenario = preset(name)
    if path.startswith("channels.ads") and not any(c.id == "ads" for c in scenario.channels):
        return
    [one] = flips(scenario, paths=[path])
    if one.value is not None:
        back = evaluate(scenario.replace({path: one.value})).horizon
        assert abs(back["profit"]) <= 1e-6 * back["gross_sales"] + 1e-6
        worse = one.value * (0.999 if one.losing == "below" else 1.001)
        assert evaluate(scenario.replace({path: worse})).horizon["profit"] < 0


def test_the_value_of_knowing_is_the_analytic_one():
    """Result = m + s·x + e with x, e standard normal: E max(m + s x, 0) − max(m, 0) = s φ(m/s) + m
    Φ(m/s) − max(m, 0).
    """
    plan = plan_of(65_536, 1)
    x, e = (
        np.concatenate([stats.norm.ppf(uniforms(plan, _one(r), [n])[n]) for r in range(16)])
        for n in INPUTS[:2]
    )
    for m, s in ((100.0, 400.0), (-200.0, 400.0), (1000.0, 100.0)):
        found = value_of_information(x, m + s * x + 700 * e, 16)
        exact = s * stats.norm.pdf(m / s) + m * stats.norm.cdf(m / s) - max(m, 0)
        assert found.value == pytest.approx(exact, abs=3 * found.error + 0.02 * s)
        assert (
            value_of_information(e, m + s * x, 16).value <= 0.02 * s
        )  # what has no bearing is worth nothing


def test_chance_in_few_draws_is_not_taken_for_knowledge():
    """Input and result have nothing to do with each other, 256 draws: whoever decides on the draws
    that the curve was fitted to seems to gain about 0.05.
    """
    generator = np.random.default_rng(7)
    found = [
        value_of_information(generator.random(256), generator.standard_normal(256), 16).value
        for _ in range(100)
    ]
    assert np.mean(found) < 0.03


@pytest.mark.slow
def test_knowing_one_input_is_worth_no_more_than_knowing_all():
    scenario = preset("amazon-de-kitchen").replace({"fixed.staff_monthly": 8000.0})
    found = drivers(scenario)
    assert found.knowing_all > 0
    for one in found.value_of_information.values():
        assert 0 <= one.value <= found.knowing_all + 2 * one.margin
    assert any(one.value > 0 for one in found.value_of_information.values())


def test_rank_correlation_is_spearmans():
    x = np.linspace(0.01, 0.99, 64)
    assert rank_correlation(x, x**3, 2).value == pytest.approx(1.0)
    assert rank_correlation(x, -np.exp(x), 2).value == pytest.approx(-1.0)
    assert rank_correlation(x, np.ones(64), 2).value == 0.0


@pytest.mark.slow
def test_inputs_that_move_together_are_one_factor_and_chance_is_another():
    returns = {"dist": "pert", "low": 0.05, "likely": 0.09, "high": 0.15, "meaning": "p80"}
    scenario = preset("amazon-de-kitchen").replace({"fulfilment.return_rate": returns})
    pair = {"a": "conversion.cvr", "b": "fulfilment.return_rate", "rank": 0.5}
    event = {"id": "fire", "effect": "suspended", "probability": 0.2, "size": 1.0, "month_to": 12}
    plain = scenario.plain()
    joined = scenario.read(
        plain | {"chance": plain["chance"] | {"correlations": [pair]}, "shocks": [event]}
    )
    names = {f.name: f.paths for f in drivers(joined).factors}
    assert names["conversion.cvr"] == ("conversion.cvr", "fulfilment.return_rate")
    assert (
        "fulfilment.return_rate" not in names
        and names["months"] == ()
        and names["shocks.fire"] == ()
    )
    total = sum(f.index.first.value for f in drivers(joined).factors)
    assert total == pytest.approx(1.0, abs=0.1)


def test_nothing_uncertain_has_no_factors():
    found = drivers(neutral({"product.unit_cost": 5.0}), also=["product.price"])
    assert found.factors == () and found.tornado == () and len(found.flips) == 1
    with pytest.raises(InputError, match="is not a figure"):
        drivers(neutral(), "speed")


def test_a_figure_of_which_less_is_better_turns_the_other_way():
    """ACoS = CPC / (CVR · gross sales per order): at 30 % and CPC 0.70, gross 25.2017, CVR must be
    0.7 / (0.3 · 25.2017) = 9.2586 %.
    """
    rows = {
        one.path: one
        for one in flips(
            preset("amazon-de-kitchen"),
            "acos",
            threshold=0.3,
            paths=["conversion.cvr", "channels.ads.cpc"],
        )
    }
    cvr, cpc = rows["conversion.cvr"], rows["channels.ads.cpc"]
    assert (cvr.value, cvr.losing, cvr.short_now) == (
        pytest.approx(0.092586, rel=1e-4),
        "below",
        False,
    )
    assert cpc.losing == "above" and cpc.value > 0.7
    found = drivers(preset("amazon-de-kitchen"), "acos", threshold=0.29, paths=4096)
    assert found.value_of_information["conversion.cvr"].value > 0


def test_a_threshold_that_is_no_number_is_refused():
    with pytest.raises(InputError, match="finite"):
        drivers(preset("amazon-de-kitchen"), threshold=math.inf)
