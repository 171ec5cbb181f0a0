"""KPIs at the edges of their rules: the month in which one fails, ACoS and ROAS that ask for
exactly
the same, and a history taken over in part.
"""

import math

import numpy as np
import pytest

from funnel_sim.decisions.kpi.check import _fails_in, check
from funnel_sim.decisions.kpi.draws import KpiDraws
from funnel_sim.decisions.kpi.path import growth_path, required_path
from funnel_sim.decisions.kpi.review import remarks
from funnel_sim.decisions.kpi.store_history import (
    PLAN,
    as_rows,
    fit_funnel,
    with_changes,
    with_months,
)
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.months import TEMPLATE
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.presets import preset
from tests.conftest import kitchen, neutral


def test_a_kpi_of_every_month_fails_in_its_first_bad_month_by_hand():
    """At least 10 in each of months 2 to 4. Path 1: 9 in month 2 fails there; its 0 in month 1 is
    outside the window. Path 2: the first bad one is month 3. Path 3 meets it.
    """
    kpi = Kpi(id="k", metric="gmv", target=10.0, window="every", month_from=2, month_to=4)
    months = np.array(
        [[0.0, 99.0, 0.0], [9.0, 10.0, 10.0], [99.0, 9.0, 11.0], [9.0, 0.0, 12.0], [0.0, 0.0, 0.0]]
    )
    drawn = KpiDraws(np.zeros(3), months)
    found = _fails_in(kpi, 10.0, drawn, np.array([False, False, True]))
    assert found.tolist() == [2.0, 3.0, math.inf]
    total = kpi.but(window="total")
    assert _fails_in(total, 10.0, drawn, np.array([False, False, True])).tolist() == [
        4.0,
        4.0,
        math.inf,
    ]  # a total is known to be missed when its window ends


@pytest.mark.parametrize(("asked", "opposed"), [(4.0, False), (4.01, True), (3.99, False)])
def test_an_acos_to_spend_at_least_opposes_a_roas_above_its_inverse(asked, opposed):
    """ACoS of at least 25 % is ROAS of at most 1 / 0.25 = 4: 4 itself can be had, more cannot."""
    kpis = [
        {"id": "a", "metric": "acos", "comparator": "at_least", "target": 0.25},
        {"id": "r", "metric": "roas", "target": asked},
    ]
    found = {one.key for one in remarks(kitchen().replace({"kpis": kpis}))}
    assert ("acos_roas_opposed" in found) == opposed


@pytest.mark.parametrize(("asked", "which"), [(3.99, "acos"), (4.0, "same"), (4.01, "roas")])
def test_the_stricter_of_acos_and_roas_is_told_on_either_side_of_the_same(asked, which):
    """ACoS of at most 25 % means ROAS of at least 4."""
    kpis = [
        {"id": "a", "metric": "acos", "comparator": "at_most", "target": 0.25},
        {"id": "r", "metric": "roas", "target": asked},
    ]
    found = {one.key for one in remarks(kitchen().replace({"kpis": kpis}))}
    assert f"acos_roas_{which}" in found


@pytest.fixture(scope="module")
def fitted():
    """A store whose ads convert at a rate of their own, and its fit to the template's months, where
    they convert as the store does.
    """
    months = history(read_table(TEMPLATE.encode(), "x.csv"))
    before = with_months(
        preset("amazon-de-kitchen").replace({"channels.ads.channel_cvr": 0.12}), months
    )
    after, changes = fit_funnel(before)
    assert after.channels[0].channel_cvr is None
    return before, after, changes


def test_a_fit_is_told_change_by_change_and_its_plan_as_one(fitted):
    before, after, changes = fitted
    rows = as_rows(before, after, changes)
    assert [one.path for one in rows if one.path == PLAN] == [PLAN]
    assert not any(one.path.startswith(f"{PLAN}.") for one in rows)
    assert (rows[-1].before, rows[-1].after) == (
        float(before.plan.start_month),
        float(after.plan.start_month),
    )
    assert as_rows(before, before, ()) == ()


def test_all_changes_of_a_fit_are_the_fit(fitted):
    before, after, changes = fitted
    every = {one.path for one in as_rows(before, after, changes)}
    assert with_changes(before, after, changes, every) is after
    assert with_changes(before, after, changes, every - {PLAN}) != after


@pytest.mark.parametrize("others", [set(), {"product.price"}, {PLAN}])
def test_the_stores_rate_taken_over_is_the_rate_of_channels_that_the_fit_left_to_it(fitted, others):
    """With the store's conversion the ads' own rate goes, whatever else is taken; organic visits
    keep a rate, as they have one in the fit.
    """
    before, after, changes = fitted
    some = with_changes(before, after, changes, {"conversion.cvr"} | others)
    assert some.conversion.cvr == after.conversion.cvr
    assert [one.channel_cvr for one in some.channels] == [None, before.channels[1].channel_cvr]
    assert (some.product.price == after.product.price) == ("product.price" in others)
    assert (some.plan == after.plan) == (PLAN in others)


def test_without_the_stores_rate_the_channels_keep_theirs(fitted):
    before, after, changes = fitted
    some = with_changes(before, after, changes, {"product.price", PLAN})
    assert some.conversion == before.conversion
    assert [one.channel_cvr for one in some.channels] == [
        one.channel_cvr for one in before.channels
    ]


def test_a_path_to_one_month_asks_for_no_more_than_the_target():
    # season 1, 1.2, 0.8 of mean 1; 100 · (1 + g)² · 1.2 = 172.8, so g = 0.2: 120, 172.8, 138.24;
    # month 3 itself would need 100 · (1 + g)³ · 0.8 = 172.8, g = 0.293, and 200.6 in month 2
    by = Kpi(id="a", metric="gmv", target=172.8, window="by", month_to=3)
    path, growth = required_path(100.0, 172.8, by, np.array([1.0, 1.2, 0.8]))
    assert growth == pytest.approx(0.2)
    assert path.tolist() == pytest.approx([120.0, 172.8, 138.24])


@pytest.mark.parametrize("low", [0.3, 0.8, 1.0, 1.7])
def test_no_month_of_a_path_by_is_above_the_target(low):
    season = np.array([1.0, 1.4, 0.9, low, 0.7])
    by = Kpi(id="a", metric="gmv", target=300.0, window="by", month_to=5)
    path, _ = required_path(100.0, 300.0, by, season / season.mean())
    assert path.max() == pytest.approx(300.0)


def test_a_target_has_its_place_among_the_futures():
    """The share of futures below it: what is left of the probability of at least that much."""
    kpi = {"id": "k", "metric": "gmv", "target": 55_000.0, "window": "average", "month_to": 3}
    [answer] = check(preset("amazon-de-kitchen").replace({"kpis": [kpi]}), paths=1024).answers
    middle = kpi | {"target": answer.median}
    [answer] = check(preset("amazon-de-kitchen").replace({"kpis": [middle]}), paths=1024).answers
    assert answer.place == pytest.approx(1.0 - answer.probability.value, abs=0.005)
    assert answer.place == pytest.approx(0.5, abs=0.05)


def test_the_path_of_a_kpi_goes_by_a_tenth_a_month_from_its_baseline():
    """From 10,000 to 12,100 in two months; what the simulation gives is taken over as it is."""
    kpi = {"id": "k", "metric": "gmv", "target": 12_100.0, "window": "month", "month_to": 2,
           "baseline": 10_000.0}  # fmt: skip
    given = np.array([[1.0, 2.0, 9.0], [3.0, 4.0, 9.0], [5.0, 6.0, 9.0]])
    store = neutral({"kpis": [kpi]})
    found = growth_path(store, store.kpis[0], paths=256, months=given)
    assert found.required == pytest.approx([11_000.0, 12_100.0])
    assert found.growth == pytest.approx(0.1)
    assert [one.tolist() for one in (found.low, found.median, found.high)] == [
        [1.0, 2.0], [3.0, 4.0], [5.0, 6.0],
    ]  # fmt: skip
    offered = found.stop is not None and found.stop.offered
    assert np.isnan(found.line).all() != offered and found.line.size == 2
    # without its own draws the simulation's are taken: 10,000 in every future of this store
    drawn = growth_path(store, store.kpis[0], paths=256)
    assert drawn.median == pytest.approx([10_000.0] * 2, rel=0.05)


@pytest.mark.parametrize(
    "more", [{"baseline": 0.0}, {"baseline": -5.0}, {"target": 0.0}, {"metric": "acos"}]
)
def test_without_a_baseline_or_a_target_above_zero_there_is_no_path(more):
    """ACoS has none in a store without ads."""
    kpi = {"id": "k", "metric": "gmv", "target": 9.0, "window": "month", "month_to": 2}
    store = neutral({"kpis": [kpi | more]})
    assert growth_path(store, store.kpis[0], paths=256, months=np.ones((3, 2))) is None
