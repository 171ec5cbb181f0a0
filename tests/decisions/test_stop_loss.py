"""The stop-loss that tells failure from chance: trips by hand, the search by what it promises, and
one definition wherever it is said.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from funnel_sim.decisions.kpi.check import check
from funnel_sim.decisions.kpi.stop_loss import attained, stop_loss, trips
from funnel_sim.decisions.quote.contract_check.check import check_contract
from funnel_sim.output.words.contract_check import to_markdown
from funnel_sim.output.words.kpi_offers import counter_offer, stop_rule
from funnel_sim.reference.stop_loss import StopLossLine, rules
from funnel_sim.scenario.presets import preset
from funnel_sim.words import LANGS
from tests.conftest import neutral

STILL = {
    "chance.month_noise": False,
    "chance.counting": False,
    "chance.fx_walk": False,
    "plan.season": [1.0] * 12,
    "plan.ramp_months": 0,
    "promise.believed": "none",
}


def store(kpi, **changes):
    """Return a store that sells 20,000 a month: 1,000 visits, 20 % buy, 100 each."""
    return neutral(
        {
            **STILL,
            "conversion.cvr": 0.2,
            "channels.orders.impressions": 1000.0,
            "kpis": [kpi],
            **changes,
        }
    )


def growth(target=0.4, **more):
    return {"id": "g", "metric": "gmv", "target": target, "relative": True, **more}


def test_trips_by_hand():
    """Line 80 of 100.

    Future 1: 79, 81, 79 never twice in a row; mean 79.67 is below. Future 2 stands exactly on the
    line: not below. Future 3 has no figure in two months.
    """
    months = np.array([[79.0, 80.0, 100.0], [81.0, 80.0, np.nan], [79.0, 80.0, np.nan]])
    usual = np.full(3, 100.0)
    assert trips(months, usual, StopLossLine(0.8, 2, "row"), True).tolist() == [False, False, True]
    assert trips(months, usual, StopLossLine(0.8, 3, "mean"), True).tolist() == [True, False, True]
    # a season of 0.5 asks for 40 in month 2: 81, 39, 39 misses months 2 (39 < 40) and 3 (39 < 80)
    assert trips(
        np.array([[81.0], [39.0], [39.0]]), usual * [1, 0.5, 1], StopLossLine(0.8, 2, "row"), True
    ).tolist() == [True]


def test_trips_where_less_is_better_by_hand():
    """Today 0.2, line 0.2 ÷ 0.8 = 0.25: 0.26 twice is above it, 0.25 stands on it."""
    months = np.array([[0.26, 0.25], [0.26, 0.25], [0.1, 0.25]])
    assert trips(months, np.full(3, 0.2), StopLossLine(0.8, 2, "row"), False).tolist() == [
        True,
        False,
    ]


def test_a_run_with_a_month_that_nobody_knows_attains_nothing_whatever_the_others_are():
    """Sales over ad spend: 3, then nothing sold and nothing spent (unknown), then sales without
    spend (no limit). Runs of two that hold the second month attain nothing either way round; the
    last run, (∞ + 3) over 2 + 2, attains more than any line.
    """
    months = np.array([[3.0], [np.nan], [np.inf], [3.0]])
    reached = attained(months, np.full(4, 2.0), 2, True)
    assert reached[:, 0].tolist() == [-np.inf, -np.inf, np.inf]
    # spend over sales, where less is better: spend without sales is as bad as what is not known
    reached = attained(months, np.full(4, 2.0), 2, False)
    assert reached[:, 0].tolist() == [0.0, 0.0, 0.0]
    # gains and losses without limit in one run: nobody knows their sum
    both = np.array([[np.inf], [-np.inf]])
    assert attained(both, np.full(2, 2.0), 2, True)[0, 0] == -np.inf


def test_two_in_a_row_by_the_chain_of_runs():
    """Independent lognormal months of CV 0.3: p = P(month < 0.8); two in a row within a year by the
    chain of runs.

    The unchanged store of the line found has the odds of its own chain.
    """
    scenario = store(
        growth(),
        **{"chance.month_noise": True, "chance.demand_cv": 0.3, "chance.autocorrelation": 0.0},
    )
    found = stop_loss(scenario, scenario.kpis[0])
    sigma = math.sqrt(math.log(1.09))
    rng = np.random.default_rng(1)
    months = np.exp(rng.normal(-(sigma**2) / 2, sigma, (12, 200_000)))
    p = float(ndtr((math.log(0.8) + sigma**2 / 2) / sigma))
    good, once = 1.0, 0.0
    for _ in range(12):
        good, once = (good + once) * (1 - p), good * p
    assert trips(months, np.ones(12), StopLossLine(0.8, 2, "row"), True).mean() == pytest.approx(
        1 - good - once, abs=0.005
    )
    assert found.unchanged.value == pytest.approx(
        trips(months, np.ones(12), found.line, True).mean(), abs=0.01
    )
    assert found.failing == pytest.approx(
        trips(0.7 * months, np.ones(12), found.line, True).mean(), abs=0.02
    )


@given(
    st.lists(st.lists(st.floats(0.0, 300.0), min_size=3, max_size=3), min_size=6, max_size=12),
    st.sampled_from(
        [
            (one, other)
            for one in rules().lines
            for other in rules().lines
            if (one.by, one.months) == (other.by, other.months) and one.share < other.share
        ]
    ),
)
def test_a_stricter_line_never_trips_less(rows, pair):
    one, other = pair
    months, usual = np.array(rows), np.full(len(rows), 100.0)
    assert (trips(months, usual, one, True) <= trips(months, usual, other, True)).all()


def test_what_is_not_known_of_the_level_trips_nothing():
    """Conversion anywhere from 10 to 30 %: no month of any future leaves its own usual month,
    though the level itself lies below 80 % of today in three futures of ten.
    """
    unsure = {"conversion.cvr": {"dist": "uniform", "low": 0.1, "high": 0.3}}
    for kpi in (growth(), growth(500.0, relative=False)):
        scenario = store(kpi, **unsure)
        assert stop_loss(scenario, scenario.kpis[0]).unchanged.value == 0.0


@pytest.mark.parametrize(
    "name", ["amazon-de-kitchen", "amazon-us-kitchen", "amazon-us-beauty", "amazon-uk-home"]
)
@pytest.mark.parametrize("metric", ["gmv", "roas", "acos"])
def test_an_offered_line_trips_at_most_a_tenth_of_unchanged_stores(name, metric):
    kpi = {
        "id": "k",
        "metric": metric,
        "target": 0.3,
        "comparator": "at_most" if metric == "acos" else "at_least",
    }
    scenario = preset(name).replace({"kpis": [kpi]})
    found = stop_loss(scenario, scenario.kpis[0])
    assert found.offered and found.unchanged.value <= rules().most_unchanged < found.failing


def test_a_store_that_swings_too_much_gets_no_line():
    """Profit of the preset: the usual month is small against its noise; every line trips too often,
    and that is said.
    """
    scenario = preset("amazon-de-kitchen").replace(
        {"kpis": [{"id": "p", "metric": "profit", "target": 5000.0}]}
    )
    found = stop_loss(scenario, scenario.kpis[0])
    assert not found.offered and found.unchanged.value > rules().most_unchanged
    assert "No stop-loss line tells failure from chance" in counter_offer(
        check(scenario, paths=1024), "en"
    )


@pytest.mark.slow
def test_one_definition_wherever_it_is_said():
    """The KPI check and the sentence to add to the contract name the same line; the clause on the
    target is called what it is: tripped by a shop that stays as it is.
    """
    scenario = preset("amazon-de-kitchen").replace(
        {"kpis": [growth()], "options": [{"id": "q", "base": 800.0}]}
    )
    found = check(scenario, paths=1024)
    contract = check_contract(scenario, "q", 1024)
    judged = contract.of("stop_loss")
    assert judged.case == "bad_noise" and judged.figures["unchanged"].value > 0.5
    for lang in LANGS:
        rule = stop_rule(stop_loss(scenario, scenario.kpis[0]), scenario.kpis[0], scenario, lang)
        assert rule in counter_offer(found, lang)
        assert (
            to_markdown(contract, lang).count(rule) == 2
        )  # what was found, and the sentence to add
    agreed = scenario.replace({"options.q.decided_by": "g", "options.q.stop_loss": True})
    assert check_contract(agreed, "q", 1024).of("stop_loss").case == "good_noise"


@pytest.mark.parametrize("metric", ["gmv", "profit"])
def test_the_line_offered_lies_above_a_store_that_fails(metric):
    """A store without luck, at 20,000 a month; one that fails keeps 70 % of its sales, and of its
    profit 30 % of a usual one less: 14,000 either way. The first line above that is 75 %.
    """
    scenario = store({"id": "p", "metric": metric, "target": 30_000.0})
    found = stop_loss(scenario, scenario.kpis[0])
    assert found.usual == pytest.approx(20_000.0)
    assert (found.line.share, found.failing, found.unchanged.value) == (0.75, 1.0, 0.0)
