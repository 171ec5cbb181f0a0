"""Figures without a finite mean: found by the order of the range and the power of the figure, and
said instead of a mean.
"""

import math

import numpy as np
import pytest

from funnel_sim.chance.distributions import drawable
from funnel_sim.chance.heavy import heavy, without_means
from funnel_sim.chance.simulation import simulate
from funnel_sim.output.json.numbers import estimate_json
from funnel_sim.output.words.chance import left_out
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import (
    BetaCounts,
    Lognormal,
    LogPert,
    Normal,
    Pert,
    Sample,
    Triangular,
    Uniform,
)

ABOVE_ZERO = (1e-9, 1e12)
# k of P(X < d) ~ d^k: the density at zero is positive (1), rises in a straight line (2), as x^(a -
# 1) (a), or is nothing near zero
ORDERS = [
    (Uniform(low=0.0, high=2.0), 1.0),
    (Uniform(low=0.1, high=1.1, meaning="p80"), 1.0),  # limits 0.1 - 1/8 < 0
    (Uniform(low=0.2, high=1.0, meaning="p80"), math.inf),  # limits 0.1 … 1.1
    (Triangular(low=0.0, likely=1.0, high=2.0), 2.0),
    (Triangular(low=0.0, likely=0.0, high=2.0), 1.0),
    (Pert(low=0.0, likely=1.0, high=4.0), 2.0),  # a = 1 + 4 · 1/4
    (Pert(low=0.0, likely=3.0, high=4.0), 4.0),
    (Pert(low=0.1, likely=0.3, high=2.0), math.inf),
    (Pert(low=0.1, likely=0.3, high=2.0, meaning="p80"), 1.0),  # its lower limit lies below zero
    (LogPert(low=0.1, likely=0.3, high=2.0, meaning="p80"), math.inf),
    (Lognormal(median=1.0, sigma=2.0), math.inf),
    (Normal(mean=1.0, sd=0.1), math.inf),  # zero lies ten deviations away
    (Normal(mean=1.0, sd=0.5), 1.0),
    (BetaCounts(successes=0.0, trials=100.0), 0.5),
    (BetaCounts(successes=2.0, trials=100.0), 2.5),
    (Sample(values=[0.5, 1.0]), math.inf),
]


@pytest.mark.parametrize(("quantity", "order"), ORDERS)
def test_how_fast_the_probability_vanishes_at_zero(quantity, order):
    assert drawable(quantity, ABOVE_ZERO).order_at(0) == pytest.approx(order)


@pytest.mark.parametrize(
    ("quantity", "order"), [(q, k) for q, k in ORDERS if math.isfinite(k) and k >= 1]
)
def test_the_order_is_that_of_the_probability_itself(quantity, order):
    """P(X < d) / P(X < d / 2) = 2^k near zero, of the part above zero."""
    shape = drawable(quantity, ABOVE_ZERO).shape
    zero = shape.below(0.0)
    near = [shape.below(d) - zero for d in (1e-4, 5e-5)]
    assert math.log2(near[0] / near[1]) == pytest.approx(order, abs=0.01)


STORE, CPC = preset("tiktok-uk-home"), "channels.ads.cpc"


@pytest.mark.parametrize(
    ("quantity", "missing"),
    [
        (
            {"dist": "uniform", "low": 0.1, "high": 1.2, "meaning": "p80"},
            "mean",
        ),  # k = 1, clicks = budget / price grow with power 1
        ({"dist": "pert", "low": 0.1, "likely": 0.2, "high": 1.8, "meaning": "p80"}, "mean"),
        ({"dist": "normal", "mean": 0.6, "sd": 0.2}, "mean"),
        ({"dist": "uniform", "low": 0.2, "high": 1.2}, None),
        ({"dist": "logpert", "low": 0.1, "likely": 0.5, "high": 1.8, "meaning": "p80"}, None),
        ({"dist": "lognormal", "median": 0.6, "sigma": 1.0}, None),
    ],
)
def test_a_price_per_click_that_may_come_to_nothing_leaves_the_profit_without_a_mean(
    quantity, missing
):
    found = heavy(STORE.replace({CPC: quantity}))
    assert [(one.path, one.missing, one.upward) for one in found] == (
        [(CPC, missing, True)] if missing else []
    )


@pytest.mark.parametrize(("orders", "missing"), [(0.0, "mean"), (1.0, "spread"), (2.0, None)])
def test_a_conversion_known_from_few_orders_leaves_the_cost_per_customer_without_one(
    orders, missing
):
    """CAC = spend / customers grows with power 1; Beta(n + ½): no mean at ½, a mean without
    variance at 1½ (not above 2), both at 2½.
    """
    scenario = STORE.replace(
        {"conversion.cvr": {"dist": "beta", "successes": orders, "trials": 100.0}}
    )
    assert [one.missing for one in heavy(scenario, "cac")] == ([missing] if missing else [])
    assert heavy(scenario, "profit") == ()  # orders that do not come cost nothing without limit


def test_without_a_mean_there_are_median_percentiles_and_odds_and_a_sentence():
    scenario = STORE.replace({CPC: {"dist": "uniform", "low": 0.1, "high": 1.2, "meaning": "p80"}})
    result = simulate(scenario, ["profit", "roas", "order_net"], paths=1024)
    found = result.estimate("profit")
    assert math.isnan(found.mean.value) and math.isnan(found.sd.value) and found.heavy == (CPC,)
    assert math.isfinite(
        found.expected_shortfall.value
    )  # what grows is the gain: the worst futures have their mean
    assert found.centre == found.quantiles[0.5] and math.isfinite(found.centre.value)
    told = estimate_json(found)
    assert (
        told["mean"] is None
        and told["without_mean_because_of"] == [CPC]
        and told["p50"] is not None
    )
    for lang, words in (("en", "has no usable average here"), ("zh", "没有可用的平均值")):
        sentences = left_out(result, ["profit"], lang)
        assert len(sentences) == 1 and words in sentences[0]


def test_the_mean_of_the_worst_goes_where_the_figure_falls_without_end():
    whole = simulate(STORE, ["profit"], paths=256).estimate("profit")
    up, down = (
        without_means(
            whole,
            heavy(
                STORE.replace(
                    {path: {"dist": "uniform", "low": 0.0001, "high": 9.0, "meaning": "p80"}}
                ),
                "profit",
            ),
        )
        for path in (CPC, "fx_rate")
    )
    assert math.isfinite(up.expected_shortfall.value)
    assert math.isnan(
        down.expected_shortfall.value
    )  # costs in the other currency, divided by the rate


def test_no_preset_has_a_figure_without_a_mean():
    for card in preset_cards():
        assert heavy(preset(card.id), "profit") == (), card.id
        assert heavy(preset(card.id), "cac") == (), card.id


def test_both_ways_of_drawing_see_the_same_median():
    """The median stays where the mean cannot: two seeds agree on it within its error, while their
    raw means need not.
    """
    scenario = STORE.replace({CPC: {"dist": "uniform", "low": 0.1, "high": 1.2, "meaning": "p80"}})
    one, two = (
        simulate(scenario, ["profit"], paths=4096, seed=seed).estimate("profit").centre
        for seed in (1, 2)
    )
    assert abs(one.value - two.value) <= 2 * np.hypot(one.margin, two.margin)
