"""A KPI as a contract looks at it, by month and over its window, on months written by hand."""

import math

import numpy as np
import pytest

from funnel_sim.decisions.kpi.draws import KpiDraws
from funnel_sim.decisions.quote.kpi_in_contract import kpi_path
from funnel_sim.scenario.kpis import Kpi

NAN = math.nan
# three months in three futures: one above 100 throughout, one that reaches it once, one without
# its figure in the second month
MONTHS = np.array([[110.0, 50.0, 120.0], [120.0, 100.0, NAN], [130.0, 90.0, 100.0]])


def path(value=(0.0, 0.0, 0.0), target=100.0, months=MONTHS, beyond=False, **more):
    kpi = Kpi.model_validate({"id": "g", "metric": "gmv", "target": 1.0, "month_to": 3, **more})
    return kpi_path(kpi, target, KpiDraws(np.array(value), months), len(months), beyond=beyond)


def test_what_is_attained_is_the_value_over_the_target_or_the_other_way_round():
    found = path()
    assert found.attained[0].tolist() == pytest.approx([1.1, 0.5, 1.2])
    assert math.isnan(found.attained[1, 2]) and not found.month_met[1, 2]
    assert found.month_met.tolist() == [
        [True, False, True], [True, True, False], [True, False, True]
    ]  # fmt: skip
    most = path(comparator="at_most")
    assert most.attained[0].tolist() == pytest.approx([100 / 110, 2, 100 / 120])
    assert most.month_met[:, 1].tolist() == [True, True, True]
    assert math.isnan(most.attained[1, 2])


def test_a_total_asks_each_month_for_its_part():
    found = path(target=300.0, window="total")
    assert found.attained[0].tolist() == pytest.approx([1.1, 0.5, 1.2])
    assert path(target=300.0, window="average").attained[0, 0] == pytest.approx(110 / 300)


@pytest.mark.parametrize(
    ("comparator", "target", "value", "attained"),
    [
        ("at_most", 5.0, 0.0, math.inf),  # nothing spent of what may be
        ("at_most", 5.0, -1.0, math.inf),
        ("at_least", 0.0, 1.0, 1.0),  # of a target of nothing there is no share
        ("at_least", 0.0, -1.0, 0.0),
        ("at_least", -5.0, -4.0, 1.0),
        ("at_most", -5.0, -4.0, 0.0),
    ],
)
def test_shares_of_nothing(comparator, target, value, attained):
    found = path(target=target, months=np.array([[value]]), value=(value,), comparator=comparator,
                 metric="profit", month_to=1)  # fmt: skip
    assert found.attained[0, 0] == attained


@pytest.mark.parametrize(
    ("last", "met", "due"), [(3, [True, False, True], [3, 0, 3]), (4, None, [0, 0, 0])]
)
def test_an_instalment_falls_due_in_the_last_month_of_a_window_that_was_met(last, met, due):
    found = path(value=(120.0, 80.0, 100.0), month_to=last, month_from=2)
    assert (None if found.window_met is None else found.window_met.tolist()) == met
    assert found.paid_in.tolist() == due and found.window == (2, last)


def test_what_is_asked_by_a_month_is_due_when_it_is_reached():
    found = path(value=(130.0, 100.0, 120.0), window="by")
    assert found.paid_in.tolist() == [1, 2, 1] and found.window == (3, 3)
    # in its last month counts whether it was reached by then
    assert found.month_met[2].tolist() == [True, True, True]
    assert found.month_met[0].tolist() == [True, False, True]
    never = path(value=(50.0,), months=np.array([[50.0], [40.0]]), window="by", month_to=2)
    assert never.paid_in.tolist() == [0] and not never.month_met.any()
    # of a window that goes on, the months so far
    open_one = path(window="by", month_to=9)
    assert open_one.paid_in.tolist() == [1, 2, 1] and open_one.window_met is None
    late = path(value=(50.0,), months=np.array([[50.0], [40.0], [200.0]]), window="by", month_to=2)
    assert late.paid_in.tolist() == [0]  # reached after its month


def test_money_has_an_amount_by_which_it_is_better_and_a_ratio_has_none():
    gap = path().gap
    assert gap.tolist() == [[10, -50, 20], [20, 0, 0], [30, -10, 0]]  # unknown: no amount
    assert path(comparator="at_most").gap[0].tolist() == [-10, 50, -20]
    assert path(metric="roas").gap is None and path(metric="orders").gap is None


def test_beyond_a_target_begins_above_it():
    plain = path()
    assert plain.month_beyond is None and plain.window_beyond is None
    found = path(value=(120.0, 100.0, 99.0), beyond=True)
    assert found.month_beyond[1].tolist() == [True, False, False]
    assert found.window_beyond.tolist() == [True, False, False]
    assert found.window_met.tolist() == [True, True, False]
    most = path(value=(80.0, 100.0, 101.0), beyond=True, comparator="at_most")
    assert most.window_beyond.tolist() == [True, False, False]
    by = path(value=(130.0, 100.0, 120.0), beyond=True, window="by")
    assert by.month_beyond[2].tolist() == [True, False, True]
    assert path(beyond=True, month_to=9).window_beyond is None
