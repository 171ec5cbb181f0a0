"""How much of its first and last month a list of orders covers, by hand."""

import numpy as np
import pandas as pd
import pytest

from funnel_sim.evidence.store.from_orders import _CHANCE_OF_NONE, _ends


def ends(first, last, orders=None):
    """Days from one to another, an order a day or as many of them as named."""
    days = pd.Series(pd.date_range(first, last, freq="D"))
    if orders is not None:
        days = pd.Series([days.iloc[0], days.iloc[-1], *[days.iloc[1]] * (orders - 2)])
    months = pd.period_range(first, last, freq="M")
    covered, told = _ends(days, months)
    return covered, [(one.kind, one.month, dict(one.parts)) for one in told]


def test_days_that_lack_at_either_end_are_taken_off_their_months():
    """From 10 January 9 days of 31 lack, after 20 March 11 of 31; none of February."""
    covered, told = ends("2025-01-10", "2025-03-20")
    assert covered == pytest.approx([22 / 31, 1.0, 20 / 31])
    assert told == [
        ("partial_orders", "2025-01", {"missing": 9, "day": "2025-01-10"}),
        ("partial_orders", "2025-03", {"missing": 11, "day": "2025-03-20"}),
    ]


def test_whole_months_are_covered_and_nothing_is_told():
    covered, told = ends("2025-01-01", "2025-02-28")
    assert covered.tolist() == [1.0, 1.0] and told == []


def test_both_ends_of_one_month():
    """9 days before and 11 after of the 31 of January."""
    covered, told = ends("2025-01-10", "2025-01-20")
    assert covered == pytest.approx([11 / 31]) and len(told) == 2


def test_as_many_days_as_orders_leave_empty_by_chance_are_covered():
    """Orders on 61 days of 70 that lack 9 before: exp(−9 · n / 70) is just above or below the
    chance that is still taken for one.
    """
    edge = -np.log(_CHANCE_OF_NONE) * 70 / 9
    few, told = ends("2025-01-10", "2025-03-20", orders=int(edge))
    assert few[0] == 1.0 and told[0] == ("open_first", "2025-01", {"day": "2025-01-10"})
    many, told = ends("2025-01-10", "2025-03-20", orders=int(edge) + 1)
    assert many[0] == pytest.approx(22 / 31) and told[0][0] == "partial_orders"
    late = -np.log(_CHANCE_OF_NONE) * 70 / 11
    few, told = ends("2025-01-10", "2025-03-20", orders=int(late))
    assert few[2] == 1.0 and told[1] == ("open_last", "2025-03", {"day": "2025-03-20"})
