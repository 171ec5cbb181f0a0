"""Ranges: their point, their bounds, and what is refused."""

import math

import pytest
from pydantic import TypeAdapter

from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.quantity import Quantity, bounds, is_range, point_value
from tests.conftest import neutral

READ = TypeAdapter(Quantity)
RANGES = [
    ({"dist": "uniform", "low": 1.0, "high": 3.0}, 2.0, (1.0, 3.0)),
    ({"dist": "triangular", "low": 1.0, "likely": 2.0, "high": 5.0}, 2.0, (1.0, 5.0)),
    ({"dist": "pert", "low": 1.0, "likely": 2.0, "high": 5.0}, 2.0, (1.0, 5.0)),
    (
        {"dist": "pert", "low": 1.0, "likely": 2.0, "high": 5.0, "meaning": "p80"},
        2.0,
        (-math.inf, math.inf),
    ),
    ({"dist": "logpert", "low": 1.0, "likely": 2.0, "high": 5.0}, 2.0, (1.0, 5.0)),
    (
        {"dist": "logpert", "low": 1.0, "likely": 2.0, "high": 5.0, "meaning": "p80"},
        2.0,
        (math.nextafter(0.0, 1.0), math.inf),
    ),
    ({"dist": "normal", "mean": 4.0, "sd": 1.0}, 4.0, (-math.inf, math.inf)),
    ({"dist": "lognormal", "median": 4.0, "sigma": 0.5}, 4.0, (math.nextafter(0.0, 1.0), math.inf)),
    (
        {"dist": "beta", "successes": 37.0, "trials": 1200.0},
        37 / 1200,
        (math.nextafter(0.0, 1.0), math.nextafter(1.0, 0.0)),
    ),
    ({"dist": "sample", "values": [3.0, 1.0, 2.0]}, 2.0, (1.0, 3.0)),
    ({"dist": "sample", "values": [4.0, 1.0, 2.0, 3.0]}, 2.5, (1.0, 4.0)),
]


@pytest.mark.parametrize(("data", "point", "ends"), RANGES)
def test_point_and_bounds(data, point, ends):
    value = READ.validate_python(data)
    assert is_range(value)
    assert point_value(value) == point
    assert bounds(value) == ends


@pytest.mark.parametrize(("data", "point", "ends"), RANGES)
def test_a_range_survives_the_scenario_and_counts_at_its_point(data, point, ends):
    if data["dist"] == "beta":  # counts describe a rate, never a price
        with pytest.raises(InputError, match="describe a rate"):
            neutral({"product.price": data})
        assert evaluate(neutral({"conversion.cvr": data})).steady["cvr"] == pytest.approx(point)
        return
    scaled = neutral({"product.price": data})
    assert scaled.product.price == READ.validate_python(data)
    assert (
        neutral(scaled.plain() and {"product.price": scaled.plain()["product"]["price"]}) == scaled
    )
    assert evaluate(scaled).steady["aov"] == pytest.approx(point)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        ({"dist": "pert", "low": 3.0, "likely": 2.0, "high": 5.0}, "range_order"),
        ({"dist": "triangular", "low": 1.0, "likely": 6.0, "high": 5.0}, "range_order"),
        ({"dist": "uniform", "low": 5.0, "high": 1.0}, "range_order"),
        ({"dist": "normal", "mean": 1.0, "sd": -1.0}, "range_spread"),
        ({"dist": "lognormal", "median": 1.0, "sigma": -0.1}, "range_spread"),
        ({"dist": "lognormal", "median": -1.0, "sigma": 1.0}, "range_positive"),
        ({"dist": "logpert", "low": 0.0, "likely": 2.0, "high": 5.0}, "range_positive"),
        ({"dist": "logpert", "low": 3.0, "likely": 2.0, "high": 5.0}, "range_order"),
        ({"dist": "beta", "successes": 5.0, "trials": 4.0}, "counts"),
        ({"dist": "sample", "values": [1.0]}, "sample_size"),
        ({"dist": "weibull", "low": 1.0}, "range_kind"),
        ({"low": 1.0, "high": 2.0}, "range_kind"),
        ({"dist": "uniform", "low": 1.0}, "missing"),
        ({"dist": "uniform", "low": 1.0, "high": 2.0, "mode": 1.5}, "unknown_field"),
        ("ten", "number"),
        (True, "number"),
        (float("nan"), "finite"),
        (float("inf"), "finite"),
        # bounds known in advance may not leave the field's domain (a price above 0)
        ({"dist": "uniform", "low": -1.0, "high": 3.0}, "above"),
        ({"dist": "sample", "values": [0.0, 1.0]}, "above"),
    ],
)
def test_what_is_refused_and_by_which_rule(data, rule):
    with pytest.raises(InputError) as caught:
        neutral({"product.price": data})
    assert [p.rule for p in caught.value.problems] == [rule]
    assert caught.value.problems[0].where.startswith("product.price")


def test_a_rate_range_may_not_pass_one():
    with pytest.raises(InputError) as caught:
        neutral(
            {"fulfilment.return_rate": {"dist": "pert", "low": 0.1, "likely": 0.5, "high": 1.2}}
        )
    assert caught.value.problems[0].rule == "at_most"
