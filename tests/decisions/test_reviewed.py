"""A review of a period, whole: the same as its answers one by one, and what it comes to."""

from dataclasses import replace

import pytest

from funnel_sim.decisions.review.bill import bill_of
from funnel_sim.decisions.review.effect import effect_of
from funnel_sim.decisions.review.leak import leaks
from funnel_sim.decisions.review.month_drivers import against_plan, between_months
from funnel_sim.decisions.review.periods import period_of, up_to
from funnel_sim.decisions.review.reviewed import (
    AGAINST,
    change_of,
    months_against,
    review_of,
    state_of,
)
from tests.engaged import OWN, engaged, series


@pytest.mark.slow
def test_the_review_of_june_knows_nothing_of_july():
    store = engaged()
    june = review_of(store, None, "2026-06", paths=1024)
    known = up_to(store, "2026-06")
    option = known.options[0]
    assert june.scenario.history.names()[-1] == "2026-06"
    assert june.effect.found.whole == effect_of(known, option).found.whole
    assert june.bill.total == bill_of(known, option).total
    assert june.standing.month == "2026-06"
    assert not june.leaks.broken  # July's checkout is what breaks
    assert review_of(store, paths=1024).leaks.broken[0].step == "checkout"


@pytest.mark.slow
def test_every_comparison_adds_up_and_holds_its_months():
    store = engaged(OWN)  # against the plan only where it is the shop's own
    period = period_of(store)
    sides = {against: months_against(store, period, against) for against in AGAINST}
    assert sides["before"] == (("2026-06",), ("2026-07",))
    assert sides["year"] == (("2025-07",), ("2026-07",))
    assert sides["mark"][0] == ("2025-12", "2026-01", "2026-02", "2026-03")
    assert sides["plan"] == ((), ("2026-07",))
    for against in AGAINST:
        for found in change_of(store, period, against).values():
            assert sum(part.amount for part in found.parts) == pytest.approx(found.change)
    whole = change_of(store, period, "before")["gmv"]
    months = series()["gmv"]
    assert (whole.before, whole.after) == (months[-2], months[-1])
    assert whole.change == between_months(store, ["2026-06"], ["2026-07"])["gmv"].change


def test_a_comparison_without_months_is_none():
    store = engaged({"history.engagement_from": "2026-03"})
    assert change_of(store, period_of(store, "2026-03"), "year") is None


def test_the_plan_is_the_scenario_at_the_season_of_the_month():
    # the plan's usual month without a season, and with July at half
    plain = against_plan(engaged(), ["2026-07"])["gmv"]
    season = [11.5 / 11] * 6 + [0.5] + [11.5 / 11] * 5
    half = against_plan(engaged({"plan.season": season}), ["2026-07"])["gmv"]
    assert half.before == pytest.approx(plain.before / 2)
    assert plain.after == half.after == series()["gmv"][-1]
    assert sum(part.amount for part in half.parts) == pytest.approx(half.after - half.before)


@pytest.mark.slow
def test_what_a_review_comes_to():
    found = review_of(engaged(), paths=1024)
    assert found.state == "act"  # KPIs are missed
    effect, none = found.effect, replace(leaks(engaged()), steps=(), costly=())
    assert state_of(replace(effect, verdict="harmed"), none, None) == "act"
    assert state_of(replace(effect, verdict="not_yet"), none, None) == "watch"
    assert state_of(replace(effect, verdict="worked"), none, None) == "good"
    assert state_of(replace(effect, verdict="worked"), found.leaks, None) == "watch"


@pytest.mark.slow
def test_without_a_quote_nothing_is_billed_and_the_rest_is_told():
    found = review_of(engaged(OWN | {"options": []}), paths=1024)
    assert found.bill is None and found.option is None and not found.problems
    assert found.standing.stop is None and set(found.changes) == set(AGAINST)
