"""A KPI in the store's own months, by hand."""

import pytest

from funnel_sim.decisions.kpi.own_months import OwnMonths, own_months
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.presets import preset

STORE = preset("amazon-de-kitchen").replace(
    {
        "history.first_month": "2026-01",
        "history.seen_gmv": [10_000.0, 12_000.0, 9_000.0, 11_000.0],
        "history.seen_orders": [400.0, 480.0, 300.0, 440.0],
        "history.seen_ad_spend": [2_000.0, 2_400.0, None, 0.0],
        "history.seen_ad_sales": [5_000.0, 7_200.0, 4_000.0, 3_000.0],
    }
)


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("gmv", OwnMonths(9_000.0, 10_500.0, 12_000.0, 4)),  # 9, 10, 11, 12: (10 + 11) ÷ 2
        ("roas", OwnMonths(2.5, 2.75, 3.0, 2)),  # 5 ÷ 2, 7.2 ÷ 2.4; a month without spend has none
        ("acos", OwnMonths(0.0, 1 / 3, 0.4, 3)),  # 0 ÷ 3, 2.4 ÷ 7.2, 2 ÷ 5
        ("aov", OwnMonths(25.0, 25.0, 30.0, 4)),  # 25, 25, 30, 25
    ],
)
def test_own_months_by_hand(metric, expected):
    found = own_months(STORE, Kpi(id="kpi", metric=metric, target=0.1))
    assert found is not None and found.count == expected.count
    assert (found.low, found.middle, found.high) == pytest.approx(
        (expected.low, expected.middle, expected.high)
    )


def test_a_month_left_out_is_not_counted():
    found = own_months(
        STORE.replace({"history.left_out": ["2026-03"]}), Kpi(id="gmv", metric="gmv", target=1.0)
    )
    assert found is not None and (found.low, found.count) == (10_000.0, 3)


@pytest.mark.parametrize(
    "kpi",
    [
        Kpi(id="kpi", metric="margin", target=0.1),  # no file holds it
        Kpi(id="kpi", metric="cvr", target=0.1),  # no visits in this one
        Kpi(id="kpi", metric="gmv", target=1.0, window="total", month_from=1, month_to=3),
    ],
)
def test_what_a_month_of_the_file_does_not_tell_has_none(kpi):
    assert own_months(STORE, kpi) is None
    assert own_months(preset("amazon-de-kitchen"), kpi) is None
