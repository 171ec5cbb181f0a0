"""Typing single figures of a series: it grows and shrinks, and nothing else of it moves."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.errors import InputError
from funnel_sim.scenario.edited_months import (
    at_odds,
    lacking,
    with_figure,
    without_channel,
    without_month,
)
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.store_months import StoreHistory, month_name, month_number

STORE = preset("amazon-de-kitchen")
FIRST = month_number("2026-01")


def store(**fields):
    return STORE.replace({f"history.{name}": value for name, value in fields.items()})


def typed(scenario, *told):
    for month, figure, value in told:
        scenario = scenario.replace(with_figure(scenario.history, month, figure, value))
    return scenario.history


def test_the_first_figure_begins_the_series():
    made = typed(STORE, ("2026-03", "gmv", 120.0))
    assert (made.first_month, made.seen_gmv, made.names()) == ("2026-03", [120], ["2026-03"])


def test_the_series_grows_on_both_sides_and_lists_stay_even():
    made = typed(
        STORE, ("2026-03", "gmv", 1.0), ("2026-05", "orders", 2.0), ("2026-01", "gmv", 3.0)
    )
    assert made.first_month == "2026-01"
    assert made.seen_gmv == [3, None, 1, None, None]
    assert made.seen_orders == [None, None, None, None, 2]


def test_the_last_figure_taken_away_leaves_no_series_but_the_mark_and_the_contract():
    had = store(first_month="2026-03", seen_gmv=[1.0], engagement_from="2026-03", signed="quote")
    made = typed(had, ("2026-03", "gmv", None))
    assert made.names() == [] and made.first_month == ""
    assert (made.engagement_from, made.signed) == ("2026-03", "quote")


def test_zero_is_a_figure_and_stays():
    assert typed(STORE, ("2026-03", "ad_spend", 0.0)).seen_ad_spend == [0]


def series():
    return store(
        first_month="2026-01",
        seen_orders=[5.0, 6.0, 7.0],
        by_channel=[
            {"channel": "ads", "seen_clicks": [1.0, 2.0, 3.0]},
            {"channel": "mail", "seen_clicks": [None, None, 4.0]},
        ],
        left_out=["2026-01"],
    )


def test_a_month_goes_with_its_channels():
    had = series()
    inner = had.replace(without_month(had.history, "2026-02")).history
    assert inner.seen_orders == [5, None, 7] and inner.by_channel[0].seen_clicks == [1, None, 3]
    first = had.replace(without_month(had.history, "2026-01")).history
    assert first.names() == ["2026-02", "2026-03"] and first.left_out == []
    last = had.replace(without_month(had.history, "2026-03")).history
    assert [one.channel for one in last.by_channel] == ["ads"]  # nothing is left of mail


def test_a_channel_goes_and_the_store_stays():
    had = series()
    made = had.replace(without_channel(had.history, "ads")).history
    assert [one.channel for one in made.by_channel] == ["mail"] and made.seen_orders == [5, 6, 7]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 20),
            st.sampled_from(["gmv", "orders", "visits"]),
            st.none() | st.integers(0, 10**6).map(lambda cents: cents / 100),
        ),
        max_size=25,
    )
)
def test_what_was_typed_last_is_what_is_known(told):
    # law: after any typing, each figure of each month is the last that was typed for it
    scenario, last = STORE, {}
    for place, figure, value in told:
        month = month_name(FIRST + place)
        scenario = scenario.replace(with_figure(scenario.history, month, figure, value))
        last[month, figure] = value
    history = scenario.history
    for (month, figure), value in last.items():
        [known] = history.of(figure, [month])
        assert math.isnan(known) if value is None else known == value
    known = sorted(month for (month, _), value in last.items() if value is not None)
    assert history.names()[:1] == known[:1] and history.names()[-1:] == known[-1:]


@pytest.mark.parametrize(
    ("figures", "found"),
    [
        ({"seen_ad_sales": [10.0], "seen_gmv": [10.0]}, []),  # equal: all sales came from ads
        ({"seen_ad_sales": [10.1], "seen_gmv": [10.0]}, [("2026-01", "ad_sales", "gmv")]),
        ({"seen_orders": [9.0], "seen_units": [8.0]}, [("2026-01", "orders", "units")]),
        ({"seen_orders": [9.0]}, []),  # nothing to hold it against
    ],
)
def test_a_part_above_its_whole_is_named(figures, found):
    assert at_odds(StoreHistory(first_month="2026-01", **figures), ["2026-01"]) == found


def test_what_lacks_is_named_by_month():
    made = StoreHistory(first_month="2026-01", seen_orders=[1.0, None, 3.0])
    assert lacking(made, ("orders", "gmv"), ["2026-02", "2026-03"]) == {
        "orders": ("2026-02",),
        "gmv": ("2026-02", "2026-03"),
    }


@pytest.mark.parametrize(
    ("month", "figure", "where"),
    [
        ("", "orders", "month"),
        ("x", "orders", "month"),
        ("2026-13", "orders", "month"),
        ("2026-1", "orders", "month"),
        ("٢٠٢٦-01", "orders", "month"),
        ("2026-01", "order", "figure"),
        ("2026-01", "seen_orders", "figure"),
    ],
)
def test_a_month_or_a_figure_that_is_none_is_refused(month, figure, where):
    """What was typed would be lost without a word, or end in an error of Python's."""
    with pytest.raises(InputError) as caught:
        with_figure(StoreHistory(first_month="2026-01", seen_orders=[1.0]), month, figure, 5.0)
    assert [one.where for one in caught.value.problems] == [where]
