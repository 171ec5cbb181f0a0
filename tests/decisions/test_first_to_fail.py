"""Which KPI breaks first, and by how much one is missed, path by path by hand; the ways in which a
contract may count each metric.
"""

import math

import numpy as np
import pytest

from funnel_sim.decisions.kpi.check import (
    _first_to_fail,
    _joint_by_month,
    _shortfall,
    missed_without,
)
from funnel_sim.decisions.kpi.console import CONSOLE, OURS
from funnel_sim.decisions.kpi.definitions import ways_of
from funnel_sim.decisions.kpi.draws import KpiDraws
from funnel_sim.model.bases import SALES, SPEND
from funnel_sim.scenario.kpis import Kpi

NAN = math.nan
LEAST = Kpi(id="least", metric="gmv", target=10.0, window="total", month_from=1, month_to=2)
MOST = Kpi(
    id="most", metric="acos", target=0.3, comparator="at_most", window="total", month_from=1,
    month_to=2,
)  # fmt: skip


def test_a_miss_is_told_in_standard_deviations_of_the_kpis_own_futures():
    """6 and 14: mean 10, deviation 4. At least 10: short by 4 / 4 = 1, and beyond by 1. At most
    10 the other way round. A future without a figure is missed by more than any.
    """
    values = np.array([6.0, 14.0, NAN])
    assert _shortfall(LEAST, 10.0, values).tolist() == [1.0, -1.0, math.inf]
    assert _shortfall(MOST, 10.0, values).tolist() == [-1.0, 1.0, math.inf]


def test_a_kpi_that_does_not_move_is_missed_by_its_gap_all_the_same():
    found = _shortfall(LEAST, 10.0, np.array([6.0, 6.0]))
    assert found.tolist() == [4e12, 4e12] and np.isfinite(found).all()
    assert _shortfall(LEAST, 10.0, np.array([NAN, NAN])).tolist() == [math.inf, math.inf]
    # what lies beyond every number is no measure of the others
    assert _shortfall(LEAST, 10.0, np.array([6.0, 14.0, math.inf]))[:2].tolist() == [1.0, -1.0]


def first(kpis, values, months=None):
    """Return what breaks first; each KPI's draws by its id."""
    drawn = {
        kpi.id: KpiDraws(
            np.array(values[kpi.id]),
            np.zeros((2, len(values[kpi.id]))) if months is None else np.array(months[kpi.id]),
        )
        for kpi in kpis
    }
    targets = {kpi.id: kpi.target for kpi in kpis}
    truth = {
        kpi.id: (
            drawn[kpi.id].value >= kpi.target
            if kpi.comparator == "at_least"
            else drawn[kpi.id].value <= kpi.target
        )
        for kpi in kpis
    }
    return _first_to_fail(kpis, targets, drawn, truth)


def test_of_two_that_end_together_the_one_that_is_further_off_breaks_first():
    """Paths 1 and 2 miss one of both, path 3 none, path 4 both. GMV 6, 14, 14, 6: deviation 4,
    short by 1. ACoS 0.1, 0.5, 0.1, 0.9, target 0.3: deviation 0.3317 (mean 0.4; 0.09 + 0.01 +
    0.09 + 0.25 = 0.44, a quarter of it 0.11), path 4 beyond by 0.6 / 0.3317 = 1.81. So GMV is
    first in 1 of 3 failing futures, ACoS in 2.
    """
    found = first([LEAST, MOST], {"least": [6.0, 14, 14, 6], "most": [0.1, 0.5, 0.1, 0.9]})
    assert found == pytest.approx({"least": 1 / 3, "most": 2 / 3})


def test_what_ends_earlier_breaks_first_however_little_it_is_missed():
    early = MOST.but(month_to=1)
    found = first([LEAST, early], {"least": [0.0, 20.0, 0.0], "most": [0.31, 0.1, 0.1]})
    # path 1: both, ACoS in month 1; path 2 none; path 3 GMV alone
    assert found == pytest.approx({"least": 0.5, "most": 0.5})


def test_where_nothing_fails_nothing_breaks_first():
    assert first([LEAST, MOST], {"least": [14.0, 10.0], "most": [0.1, 0.3]}) == {
        "least": 0.0,
        "most": 0.0,
    }


def test_the_probability_of_a_month_is_that_of_all_kpis_whose_window_it_lies_in():
    """GMV of at least 10 in each of months 1 to 2, ACoS of at most 0.3 in months 2 to 3: month 2
    needs both.
    """
    gmv = LEAST.but(window="every")
    acos = MOST.but(window="every", month_from=2, month_to=3)
    drawn = {
        "least": KpiDraws(
            np.zeros(4), np.array([[9.0, 10, 11, 12], [9, 10, 11, 12], [0, 0, 0, 0]])
        ),
        "most": KpiDraws(np.zeros(4), np.array([[1.0] * 4, [0.1, 0.5, 0.3, 0.5], [0.1] * 4])),
    }
    found = _joint_by_month([gmv, acos], {"least": 10.0, "most": 0.3}, drawn)
    assert found.tolist() == [0.75, 0.25, 1.0]


def test_a_month_in_no_window_has_no_probability():
    late = MOST.but(window="every", month_from=3, month_to=3)
    drawn = {"most": KpiDraws(np.zeros(2), np.array([[0.1, 0.1], [0.1, 0.1], [0.1, 0.9]]))}
    found = _joint_by_month([late], {"most": 0.3}, drawn)
    assert np.isnan(found[:2]).all() and found[2] == 0.5


def test_a_future_without_a_figure_lies_on_the_bad_side():
    values = np.array([3.0, NAN])
    assert missed_without(LEAST, values).tolist() == [3.0, -math.inf]
    assert missed_without(MOST, values).tolist() == [3.0, math.inf]


@pytest.mark.parametrize(
    "metric", sorted(SALES | SPEND | CONSOLE.keys() | OURS.keys() | {"orders", "return_rate"})
)
def test_every_metric_is_first_counted_as_typed_and_then_in_ways_that_change_something(metric):
    ways = ways_of(Kpi(id="a", metric=metric, target=1.0))
    names = [way for way, _ in ways]
    assert names[0] == "typed" and ways[0][1] == {}
    assert len(set(names)) == len(names)
    assert all(changes for _, changes in ways[1:])


@pytest.mark.parametrize(
    ("metric", "of_sales", "of_spend"),
    [("gmv", True, False), ("cpc", False, True), ("acos", True, True), ("roas", True, True),
     ("orders", False, False), ("return_rate", False, False)],
)  # fmt: skip
def test_ratios_of_sales_to_spend_may_be_counted_strictly_or_loosely(metric, of_sales, of_spend):
    names = {way for way, _ in ways_of(Kpi(id="a", metric=metric, target=1.0))}
    assert ({"tax_in", "tax_out", "refunds_out", "cancelled_in"} <= names) == of_sales
    assert ({"spend_in", "spend_out", "fee_in"} <= names) == of_spend
    assert bool(names & {"spend_in", "spend_out", "fee_in"}) == of_spend
    assert ({"strictest", "loosest"} <= names) == (of_sales and of_spend)
    assert bool(names & {"strictest", "loosest"}) == (of_sales and of_spend)
