"""The period of a review: which months, what it is held against, and nothing from after it."""

import pytest

from funnel_sim.decisions.review.periods import (
    figures_of_period,
    other_periods,
    period_of,
    periods,
    up_to,
)
from funnel_sim.errors import InputError
from tests.engaged import engaged, series


def test_a_month_stands_beside_the_one_before_and_the_same_a_year_ago():
    found = period_of(engaged())
    assert (found.name, found.months) == ("2026-07", ("2026-07",))
    assert (found.before, found.year_ago, found.part) == (("2026-06",), ("2025-07",), False)


def test_a_quarter_holds_the_months_that_came():
    whole, begun = (period_of(engaged(), name) for name in ("2026-Q2", "2026-Q3"))
    assert whole.months == ("2026-04", "2026-05", "2026-06") and not whole.part
    assert whole.before == ("2026-01", "2026-02", "2026-03")
    assert whole.year_ago == ("2025-04", "2025-05", "2025-06")
    assert begun.months == ("2026-07",) and begun.part


def test_a_year_ago_needs_every_month():
    # the series begins in April 2025: March 2025 is not there
    store = engaged({"history.engagement_from": "2026-03"})
    assert period_of(store, "2026-03").year_ago == ()
    assert period_of(store, "2026-Q1").months == ("2026-03",)


@pytest.mark.parametrize("name", ["2026-03", "2026-13", "2026-Q5", "July", "2026-Q1"])
def test_what_is_no_period_of_the_engagement_is_refused(name):
    with pytest.raises(InputError) as refused:
        period_of(engaged(), name)
    assert name in refused.value.sentences("en")[0]


def test_every_period_can_be_asked_for():
    store = engaged()
    assert periods(store)[0] == "2026-07" and periods(store)[-1] == "2026-Q2"
    assert all(period_of(store, name).name == name for name in periods(store))


def test_nothing_after_the_period_is_known():
    june = up_to(engaged(), "2026-06")
    assert june.history.names()[-1] == "2026-06" and len(june.history.seen_gmv) == 15
    assert len(june.history.by_channel[0].seen_orders) == 15
    assert up_to(engaged(), "2026-07") is not None
    assert up_to(june, "2026-06") == june


def test_marks_after_the_period_go_too():
    marked = [{"month": "2026-05", "event": "price"}, {"month": "2026-07", "event": "stock_out"}]
    known = up_to(engaged({"history.marked": marked}), "2026-06")
    assert [one.month for one in known.history.marked] == ["2026-05"]


def test_the_figures_of_a_quarter_are_sums():
    store, months = engaged(), series()
    found = {one.key: one for one in figures_of_period(store, period_of(store, "2026-Q2"))}
    assert found["gmv"].now == pytest.approx(sum(months["gmv"][12:15]))
    assert found["gmv"].before == pytest.approx(sum(months["gmv"][9:12]))
    assert found["gmv"].year_ago == pytest.approx(sum(months["gmv"][0:3]))
    assert found["paid_orders"].now == pytest.approx(sum(months["orders"][12:15]))


def test_a_figure_that_lacks_a_month_is_not_known():
    ads = [float(one) for one in series()["ad_spend"]]
    store = engaged({"history.seen_ad_spend": [*ads[:-1], None]})
    found = {one.key: one for one in figures_of_period(store, period_of(store))}
    assert found["profit"].now is None and found["profit"].before is not None
    assert found["gmv"].now == series()["gmv"][-1]


def test_what_else_a_period_can_be_held_against_shares_no_month_with_it():
    store = engaged()
    quarter = other_periods(store, period_of(store, "2026-Q2"))
    # sixteen months from April 2025 to July 2026, of which three are the quarter's own
    assert list(quarter)[:5] == ["2026-07", "2026-03", "2026-02", "2026-01", "2025-12"]
    assert not {"2026-04", "2026-05", "2026-06", "2026-Q2", "2026-Q3"} & set(quarter)
    assert [name for name in quarter if "Q" in name] == [
        "2026-Q1", "2025-Q4", "2025-Q3", "2025-Q2",
    ]  # fmt: skip
    assert quarter["2025-Q2"] == ("2025-04", "2025-05", "2025-06")
    assert quarter["2026-07"] == ("2026-07",) and len(quarter) == 13 + 4
    # May alone: its quarter is no whole one without it
    month = other_periods(store, period_of(store, "2026-05"))
    assert "2026-05" not in month and "2026-Q2" not in month and "2026-04" in month


def test_a_figure_without_months_to_hold_it_against_has_none():
    store = engaged({"history.engagement_from": "2025-04"})
    first = period_of(store, "2025-04")
    found = figures_of_period(store, first, ("gmv", "paid_orders"))
    assert [one.key for one in found] == ["gmv", "paid_orders"]
    assert [(one.before, one.year_ago) for one in found] == [(None, None)] * 2
    assert found[0].now == pytest.approx(series()["gmv"][0])
