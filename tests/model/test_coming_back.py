"""The five ways in which customers come back, in the model: by hand, at their limits, and with
ranges.
"""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.chance.simulation import simulate
from funnel_sim.errors import InputError
from funnel_sim.model import retention
from funnel_sim.model.economics import evaluate, figures
from funnel_sim.model.repeat_orders import orders_at_age
from funnel_sim.model.values import Values
from funnel_sim.output.words.explain import explain
from funnel_sim.scenario.coming_back import repeats
from funnel_sim.scenario.unused import unused
from tests.conftest import neutral

SBG = {"customers.retention": "sbg", "customers.sbg_alpha": 1.0, "customers.sbg_beta": 1.0}
PACE = {
    "customers.retention": "bgnbd",
    "customers.bgnbd_r": 0.5,
    "customers.bgnbd_alpha": 2.0,
    "customers.bgnbd_a": 1.5,
    "customers.bgnbd_b": 4.0,
}
OFTEN = {
    "customers.retention": "frequency",
    "customers.orders_a_year": 4.0,
    "customers.lifespan_years": 0.5,
}
TABLE = {"customers.retention": "table", "customers.age_orders": [0.2, 0.1, 0.05]}


def test_sbg_months_by_hand():
    """100 new customers a month; α = β = 1 keeps 1/2, 1/3, 1/4 …: months bring 0, 50, 50 + 33.3, …
    repeat orders.
    """
    found = evaluate(neutral(SBG | {"plan.horizon_months": 4})).monthly["repeat_orders"]
    assert found == pytest.approx([0, 50, 50 + 100 / 3, 50 + 100 / 3 + 25])


def test_orders_a_year_for_some_years_by_hand():
    """4 a year for half a year are 2 in all: the first, and one more spread over the 5 months left;
    contribution 100 an order.
    """
    found = evaluate(neutral(OFTEN | {"plan.horizon_months": 7}))
    assert found.monthly["repeat_orders"] == pytest.approx([0, 20, 40, 60, 80, 100, 100])
    assert (
        found.steady["repeat_orders"] == pytest.approx(100)
        and found.steady["ltv"] == pytest.approx(200) == found.steady["ltv_unlimited"]
    )
    assert found.steady["repeat_rate"] == pytest.approx(0.2)
    # 2 a year for 1.3 years are 2.6, over 14.6 months: the last one in part; with half an order in
    # all nobody comes again
    odd = OFTEN | {
        "customers.orders_a_year": 2.0,
        "customers.lifespan_years": 1.3,
        "customers.ltv_horizon": 120,
    }
    assert evaluate(neutral(odd)).steady["ltv"] == pytest.approx(260)
    assert evaluate(neutral(odd | {"customers.orders_a_year": 0.5})).steady["ltv"] == pytest.approx(
        100
    )
    # discounted at 10 % a year: 100 + Σ 20 · 1.1^(−k/12), k = 1 … 5
    discounted = evaluate(neutral(OFTEN | {"customers.ltv_discount": 0.1})).steady
    assert (
        discounted["ltv"]
        == pytest.approx(100 + sum(20 * 1.1 ** (-k / 12) for k in range(1, 6)))
        == discounted["ltv_unlimited"]
    )


@given(st.floats(0.1, 50), st.floats(0.25, 10))
def test_orders_a_year_times_years_is_what_a_customer_orders_in_all(a_year, years):
    ages = retention.evenly(a_year, years, 120)
    assert sum(ages) == pytest.approx(max(1.0, a_year * years), rel=1e-9)
    assert retention.evenly_within(a_year, years, 7) == pytest.approx(sum(ages[1:8]), rel=1e-9)


def test_a_typed_table_by_hand():
    """0.2, 0.1, 0.05 orders one, two, three months after the first; LTV of cm2 100 an order: 100 ·
    1.35.
    """
    found = evaluate(neutral(TABLE | {"plan.horizon_months": 5}))
    assert found.monthly["repeat_orders"] == pytest.approx([0, 20, 30, 35, 35])
    assert found.steady["repeat_orders"] == pytest.approx(35) and found.steady[
        "ltv"
    ] == pytest.approx(135)
    assert found.steady["repeat_rate"] == pytest.approx(0.2)


def test_bgnbd_months_are_the_increments_of_what_is_expected():
    found = evaluate(neutral(PACE | {"plan.horizon_months": 3}))
    upto = [float(retention.expected_orders(t, 0.5, 2.0, 1.5, 4.0)) for t in (1.0, 2.0)]
    assert found.monthly["repeat_orders"] == pytest.approx([0, 100 * upto[0], 100 * upto[1]])
    assert found.steady["repeat_rate"] == pytest.approx(1 - (2 / 3) ** 0.5)
    # twelve months: that of the first order and the eleven after it (model 3; 2 counted a
    # thirteenth)
    assert found.steady["ltv"] == pytest.approx(
        100 * (1 + float(retention.expected_orders(11.0, 0.5, 2.0, 1.5, 4.0)))
    )


@pytest.mark.parametrize(
    ("kind", "months", "orders"),
    [
        ({"customers.repeat_probability": 0.5}, 1, 1.0),
        ({"customers.repeat_probability": 0.5}, 3, 1.75),
        ({"customers.repeat_probability": 0.5}, 4, 1.875),
        ({"customers.repeat_probability": 0.5, "customers.repeat_interval": 6}, 12, 1.5),
        ({"customers.repeat_probability": 0.5, "customers.repeat_interval": 6}, 13, 1.75),
        (SBG, 3, 1 + 1 / 2 + 1 / 3),
        (SBG, 4, 1 + 1 / 2 + 1 / 3 + 1 / 4),
        (OFTEN, 1, 1.0),
        (OFTEN, 3, 1.4),
        (OFTEN, 6, 2.0),
        (OFTEN, 7, 2.0),
        (TABLE, 1, 1.0),
        (TABLE, 3, 1.3),
        (TABLE, 4, 1.35),
        (TABLE, 120, 1.35),
    ],
)
def test_a_horizon_of_some_months_is_the_first_and_those_after(kind, months, orders):
    """Contribution 100 an order: the LTV is 100 · Σ g(k), k = 0 … months − 1.

    Buying again every six months, twelve months hold one repeat order, thirteen two.
    """
    assert evaluate(neutral(kind | {"customers.ltv_horizon": months})).steady[
        "ltv"
    ] == pytest.approx(100 * orders)


@given(
    st.sampled_from(
        [
            {"customers.repeat_probability": 0.4},
            {"customers.repeat_probability": 0.4, "customers.repeat_interval": 3},
            OFTEN,
            SBG,
            PACE,
            TABLE,
        ]
    ),
    st.integers(1, 24),
)
def test_the_horizon_covers_as_many_months_as_a_plan_that_starts_with_the_customer(kind, months):
    """100 customers come in month 1 and none later: what they bring in a plan of as many months is
    their LTV, without discount.
    """
    scenario = neutral(kind | {"plan.horizon_months": months, "customers.ltv_horizon": months})
    new = np.zeros((months, 1))
    new[0] = 100.0
    _, repeat = retention.cohorts(
        new, orders_at_age(scenario.customers, Values(scenario).symbols, months), 0.0
    )
    assert 100 * (100 + float(repeat.sum())) == pytest.approx(
        100 * evaluate(scenario).steady["ltv"], rel=1e-9
    )


@pytest.mark.parametrize("kind", [SBG, PACE, TABLE])
@pytest.mark.parametrize("months", [1, 2, 12])
def test_a_steady_month_holds_what_a_customer_brings_in_its_horizon(kind, months):
    """Every month brings as many customers: the cohorts of a steady month lie at the ages of one
    customer's horizon, so margin = customers · LTV.
    """
    steady = evaluate(neutral(kind | {"customers.ltv_horizon": months})).steady
    assert steady["cm2"] == pytest.approx(steady["new_customers"] * steady["ltv"], rel=1e-12)


def test_the_expectation_is_the_mean_of_simulated_customers():
    """400,000 customers who live by BG/NBD: orders within 12 months."""
    rng = np.random.default_rng(5)
    n, (r, alpha, a, b) = 400_000, (0.8, 2.0, 1.2, 3.0)
    pace, stop = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n)
    time, orders, alive = np.zeros(n), np.zeros(n), np.ones(n, dtype=bool)
    for _ in range(400):
        time = np.where(alive, time + rng.exponential(1, n) / pace, time)
        alive &= time < 12
        orders += alive
        alive &= rng.random(n) >= stop
        if not alive.any():
            break
    assert float(retention.expected_orders(12.0, r, alpha, a, b)) == pytest.approx(
        orders.mean(), rel=0.01
    )


@given(st.floats(0.01, 0.9), st.integers(1, 4))
def test_sbg_of_customers_all_alike_is_the_constant_probability(p, interval):
    alike = retention.differing_loyalty(1e9 * (1 - p), 1e9 * p, interval, 12)
    assert alike == pytest.approx(retention.geometric(p, interval, 12), abs=1e-6)


@given(st.floats(0.05, 5), st.floats(0.1, 20), st.floats(0.05, 5), st.floats(0.1, 10))
def test_bgnbd_orders_fall_with_age_and_are_never_negative(r, alpha, a, b):
    ages = [float(g) for g in retention.differing_pace(r, alpha, a, b, 24)]
    assert ages[0] == 1.0 and min(ages) >= -1e-6
    assert all(x >= y - 1e-6 for x, y in itertools.pairwise(ages[1:]))


@pytest.mark.parametrize("kind", [SBG, PACE, TABLE])
def test_each_path_of_a_simulation_is_its_point_calculation(kind):
    ranged = (
        {"customers.sbg_beta": {"dist": "lognormal", "median": 1.0, "sigma": 0.2}}
        if kind is SBG
        else {}
    )
    ranged |= (
        {"customers.bgnbd_a": {"dist": "lognormal", "median": 1.5, "sigma": 0.3}}
        if kind is PACE
        else {}
    )
    scenario = neutral(kind | ranged | {"customers.referral": 0.02})
    result = simulate(
        scenario, ["profit", "ltv", "repeat_orders", "repeat_rate"], paths=256, keep_inputs=True
    )
    for path in (0, 99):
        alone = evaluate(
            scenario.replace({place: float(v[path]) for place, v in result.inputs.items()})
        ).horizon
        for key in ("profit", "ltv", "repeat_orders", "repeat_rate"):
            assert result.of(key)[path] == pytest.approx(alone[key], rel=1e-12)
    assert (result.of("ltv").std() > 1) == bool(ranged)


def test_what_was_not_chosen_does_nothing():
    scenario = neutral(
        PACE | {"customers.repeat_probability": {"dist": "uniform", "low": 0.1, "high": 0.5}}
    )
    assert unused(scenario, "customers.repeat_probability") and not unused(
        scenario, "customers.bgnbd_r"
    )
    assert not simulate(scenario, paths=256, keep_inputs=True).inputs
    assert evaluate(scenario).steady == evaluate(neutral(PACE)).steady


@pytest.mark.parametrize("kind", ["sbg", "bgnbd", "table"])
def test_a_kind_without_its_numbers_is_refused(kind):
    with pytest.raises(InputError, match="is needed for this repeat-order model"):
        neutral({"customers.retention": kind})


@pytest.mark.parametrize("kind", [{}, SBG, PACE, TABLE])
@pytest.mark.parametrize("key", ["new_customers", "repeat_orders", "ltv", "payback_months"])
def test_the_explanation_works_with_every_kind(kind, key):
    shown = explain(evaluate(neutral(kind | {"customers.referral": 0.02})), key, "en")
    assert "customers.retention" in {operand.path for operand in shown.operands}


def test_the_interval_decides_the_repurchase_rate_alone_where_nothing_goes_by_intervals():
    """With BG/NBD and a table the LTV is the same for any interval: its explanation does not list
    it, that of the repurchase rate does.
    """
    for kind in (PACE, TABLE):
        one, three = (evaluate(neutral(kind | {"customers.repeat_interval": n})) for n in (1, 3))
        assert (
            one.steady["ltv"] == three.steady["ltv"]
            and one.steady["repeat_rate"] < three.steady["repeat_rate"]
        )
        assert "customers.repeat_interval" not in {
            operand.path for operand in explain(three, "ltv", "en").operands
        }
        assert "customers.repeat_interval" in {
            operand.path for operand in explain(three, "repeat_rate", "en").operands
        }
    assert "customers.repeat_interval" in {
        operand.path for operand in explain(evaluate(neutral(SBG)), "ltv", "en").operands
    }


@pytest.mark.parametrize("kind", [SBG, TABLE])
def test_no_steady_month_where_every_customer_brings_another(kind):
    """Without a limit there is no steady month: refused where it is typed, no figure where a range
    reaches it, and never fewer than no customers.
    """
    with pytest.raises(InputError, match="without end"):
        neutral(kind | {"customers.referral": 0.99})
    found = figures(
        Values(neutral(kind), {"customers.referral": np.array([0.1, 0.99])}),
        {"steady": ["new_customers"]},
    )["new_customers", "steady"]
    assert np.isnan(found.ravel()).tolist() == [False, True]


def test_a_customer_who_brings_another_for_ever_is_refused_by_a_hair_too():
    with pytest.raises(InputError, match="without end"):
        neutral({"customers.repeat_probability": 0.99, "customers.referral": 0.01})


@pytest.mark.parametrize(
    ("kind", "numbers", "typed"),
    [
        ("frequency", {"orders_a_year": 4.0, "lifespan_years": 0.7}, []),
        ("frequency", {"orders_a_year": 0.5, "lifespan_years": 1.0}, []),
        ("sbg", {"sbg_alpha": 0.7, "sbg_beta": 1.2}, []),
        ("bgnbd", {"bgnbd_r": 0.243, "bgnbd_alpha": 4.4, "bgnbd_a": 0.793, "bgnbd_b": 2.4}, []),
        ("bgnbd", {"bgnbd_r": 0.5, "bgnbd_alpha": 2.0, "bgnbd_a": 1.0, "bgnbd_b": 3.0}, []),
        ("table", {}, [0.3, 0.2, 0.1, 0.4]),
    ],
)
@pytest.mark.parametrize(("interval", "horizon"), [(1, 12), (3, 12), (1, 4), (1, 1)])
def test_what_a_scenario_checks_of_repeat_orders_is_what_the_model_counts(
    kind, numbers, typed, interval, horizon
):
    fields = {
        "retention": kind,
        "repeat_interval": interval,
        "ltv_horizon": horizon,
        "age_orders": typed,
    } | numbers
    customers = neutral({f"customers.{name}": value for name, value in fields.items()}).customers
    ages = orders_at_age(customers, numbers, horizon)
    assert repeats(kind, numbers, interval, horizon, typed) == pytest.approx(
        float(sum(np.sum(age) for age in ages[1:])), rel=1e-9
    )


def test_customers_who_bring_more_than_themselves_are_refused_in_every_way_of_coming_back():
    # 0.3 + 0.2 repeat orders a customer, each order brings 0.7: 0.7 · 1.5 = 1.05 new ones for one
    table = {"customers.retention": "table", "customers.age_orders": [0.3, 0.2]}
    assert neutral(table | {"customers.referral": 0.66})
    with pytest.raises(InputError) as caught:
        neutral(table | {"customers.referral": 0.7})
    assert [(one.where, one.rule) for one in caught.value.problems] == [
        ("customers.referral", "referral_explodes")
    ]


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize(
    ("r", "alpha", "refused"),
    [
        (0.243, 1.0, False),
        (150.0, 1.0, False),
        (250.0, 2500.0, False),
        (1e12, 0.35, True),
        (1e6, 1.0, True),
    ],
)
def test_orders_too_frequent_to_be_computed_are_refused(r, alpha, refused):
    """At r / α orders a month nothing times without limit is no number, and no later check holds
    against it; a tenth of an order a month is fine at any r.
    """
    changes = {
        "customers.retention": "bgnbd",
        "customers.bgnbd_r": r,
        "customers.bgnbd_alpha": alpha,
        "customers.bgnbd_a": 1.5,
        "customers.bgnbd_b": 4.0,
    }
    if refused:
        with pytest.raises(InputError) as caught:
            neutral(changes)
        assert [(one.where, one.rule) for one in caught.value.problems] == [
            ("customers.bgnbd_r", "bgnbd_no_number")
        ]
    else:
        assert evaluate(neutral(changes)).steady["ltv"] is not None
