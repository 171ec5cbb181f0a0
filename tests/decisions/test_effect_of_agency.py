"""Is it the agency's doing? By hand, by law, and with what lacks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnel_sim.decisions.review.effect import drop, effect_of, measured
from funnel_sim.errors import InputError
from funnel_sim.reference.review import settings
from funnel_sim.scenario.effects import sceptical
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quotes import Option

STEADY = [1000.0, 1040, 980, 1010, 970, 1030, 1020, 990, 1005, 1015, 985, 1025]
SHOP = preset("amazon-de-kitchen")


def store(before, after, mark="2026-01", **more):
    first = f"{2025 - (len(before) - 1) // 12}-{12 - (len(before) - 1) % 12:02d}"
    return SHOP.replace(
        {
            "history.first_month": first,
            "history.seen_gmv": [*before, *after],
            "history.engagement_from": mark,
            "plan.season": [1.0] * 12,
            **{f"history.{name}": value for name, value in more.items()},
        }
    )


# ---- the numbers


def test_a_steady_store_that_sells_half_more_worked_and_one_that_sells_half_less_was_harmed():
    more = measured(STEADY, [1500.0] * 3)
    assert more.verdict == "worked" and more.needed == 0
    low, middle, high = more.whole
    assert low < 0.5 < high and abs(middle - 0.5) < 0.05
    less = measured(STEADY, [500.0] * 3)
    assert less.verdict == "harmed" and less.whole[1] == pytest.approx(-0.5, abs=0.05)


def test_nothing_done_cannot_be_told():
    found = measured(STEADY, [1000.0, 1010, 995])
    assert found.verdict == "not_yet" and 0.2 < found.above_zero < 0.8
    assert found.whole[0] < 0 < found.whole[2]


def test_an_effect_that_shows_later_says_how_many_months_more():
    small = [50.0, 61, 45, 55, 40, 58, 49, 62, 44, 53, 47, 57]  # orders a month
    soon = measured(small, [70.0], counts=1.0)
    assert soon.verdict == "not_yet" and soon.needed == 1
    # a second month with the same effect over what the store would have done alone tells it
    alone = measured(small, [70.0, math.nan], counts=1.0).alone[1, 1]
    again = measured(small, [70.0, alone * (1 + soon.whole[1])], counts=1.0)
    assert again.verdict == "worked" and again.needed == 0
    assert measured(STEADY, [1003.0]).needed is None  # next to nothing is never told


def test_what_came_is_what_alone_is_times_the_effect():
    found = measured(STEADY, [1500.0, 1600.0])
    # the middle of each month: what came over the middle of alone, less one
    assert found.by_month[1] == pytest.approx(np.array([1500, 1600]) / found.alone[1] - 1, abs=1e-3)
    assert found.extra[0] < found.extra[1] < found.extra[2]
    assert found.extra[1] == pytest.approx(3100 - 3100 / (1 + found.whole[1]), rel=1e-6)


@given(st.floats(0.5, 2.0), st.floats(0.01, 1e4))
def test_units_do_not_matter_and_more_that_came_is_more_effect(factor, unit):
    base = measured(STEADY, [1000.0 * factor] * 2, look_ahead=False)
    scaled = measured([v * unit for v in STEADY], [1000.0 * factor * unit] * 2, look_ahead=False)
    assert scaled.whole == pytest.approx(base.whole, rel=1e-6, abs=1e-9)
    assert scaled.above_zero == pytest.approx(base.above_zero, abs=1e-9)
    more = measured(STEADY, [1000.0 * factor * 1.1] * 2, look_ahead=False)
    assert more.above_zero >= base.above_zero and more.whole[1] > base.whole[1]


def test_few_orders_tell_nothing_and_one_more_than_few_may():
    least = int(settings("effect")["fewest_counts"])
    before = [least / 3] * 3  # just enough before
    assert measured(before, [float(least) - 1], counts=1.0).verdict == "few"
    assert measured(before, [10.0 * least], counts=1.0).verdict == "worked"
    assert measured([3.0, 2, 4, 3, 2, 3], [60.0], counts=1.0).verdict == "few"


def test_small_counts_widen_the_interval():
    one, many = ([v / 50 for v in STEADY], STEADY)
    narrow = measured(many, [1000.0], counts=1.0).whole
    wide = measured([round(v) for v in one], [20.0], counts=1.0).whole
    assert wide[2] - wide[0] > 1.5 * (narrow[2] - narrow[0])


def test_the_belief_lies_between_the_sceptical_start_and_what_the_months_say():
    start = float(np.mean(sceptical().values)) - 1
    found = measured(STEADY, [1500.0] * 6)
    assert start < float(np.mean(found.belief)) < 0.6
    assert float(np.mean(measured(STEADY, [1000.0] * 6).belief)) == pytest.approx(start, abs=0.03)
    assert (
        measured(STEADY, [1500.0] * 6, arrived=[0.0] * 6).belief.tolist()
        == (np.array(sceptical().values) - 1).tolist()
    )


def test_a_promise_below_what_came_is_likely_reached_and_one_above_is_not():
    found = measured(STEADY, [1300.0] * 6)
    assert found.reaches(0.1) > 0.9 and found.reaches(0.6) < 0.1
    assert found.reaches(0.0) == pytest.approx(found.above_zero)


# ---- of a scenario


def test_the_effect_of_a_scenario_begins_at_its_mark():
    found = effect_of(store(STEADY, [1500.0] * 3))
    assert (found.figure, found.known, found.verdict) == ("gmv", 12, "worked")
    assert found.months == ("2026-01", "2026-02", "2026-03")
    assert found.found.whole == pytest.approx(measured(STEADY, [1500.0] * 3).whole)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ([1000.0, 1000.0], [2000.0], "no_baseline"),
        ([None, 1000.0, None, 1000.0], [2000.0], "no_baseline"),
        (STEADY, [None, None], "no_months"),
    ],
)
def test_what_lacks_is_said(before, after, verdict):
    found = effect_of(store(before, after))
    assert found.verdict == verdict and found.found is None


def test_a_month_that_is_taken_out_moves_nothing_and_one_that_is_only_marked_is_told():
    after = [1000.0, 10.0, 1010.0]
    stock_out = [{"month": "2026-02", "event": "stock_out"}]
    found = effect_of(store(STEADY, after, marked=stock_out))
    assert found.taken_out == ("2026-02",) and found.verdict == "not_yet"
    assert math.isnan(found.found.by_month[1, 1])
    only = [{"month": "2026-02", "event": "stock_out", "taken_out": False}]
    told = effect_of(store(STEADY, after, marked=only))
    assert told.taken_out == () and told.mentioned[0].month == "2026-02"
    assert told.found.whole[1] < -0.25


def test_twice_the_ad_budget_is_not_the_agencys_doing():
    spend = {"seen_ad_spend": [100.0] * 12 + [200.0] * 3}
    plain = effect_of(store(STEADY, [1200.0] * 3))
    richer = effect_of(store(STEADY, [1200.0] * 3, **spend))
    assert plain.budget is None and all(one > 1 for one in richer.budget)
    assert richer.found.whole[1] < plain.found.whole[1]
    same = effect_of(store(STEADY, [1200.0] * 3, seen_ad_spend=[100.0] * 15))
    assert same.budget == pytest.approx([1.0] * 3)
    assert same.found.whole == pytest.approx(plain.found.whole)


def test_a_typed_season_is_taken_out_where_no_year_was_seen():
    season = [2.0] + [10 / 11] * 11  # January sells twice a usual month
    flat = effect_of(store([1000.0] * 6, [2200.0]))
    assert flat.found.whole[1] > 0.8
    seasonal = effect_of(store([1000.0] * 6, [2200.0]).replace({"plan.season": season}))
    assert abs(seasonal.found.whole[1]) < 0.1  # 2200 ≈ 1000 / (10 / 11) · 2


def test_the_claim_of_the_option_is_what_is_promised():
    option = Option(id="a", claimed=0.3, ramp=0.0)
    found = effect_of(store(STEADY, [1500.0] * 3), option)
    assert found.promise == 0.3 and found.reached > 0.8
    assert effect_of(store(STEADY, [1500.0] * 3)).promise is None
    assert effect_of(store(STEADY, [1050.0] * 3), option).reached < 0.2


def test_without_a_mark_there_is_no_effect():
    with pytest.raises(InputError, match="engagement_from"):
        effect_of(store(STEADY, [1.0], mark=""))


# ---- noise or signal


def test_a_month_within_the_usual_swing_is_noise_and_one_far_below_a_signal():
    found = store(STEADY, [960.0, 500.0])
    assert not drop(found, "2026-01").signal
    low = drop(found, "2026-02")
    assert low.signal and low.below < 0.05 and low.came < low.expected[0]
    assert drop(found, "2030-01") is None
    assert drop(store([1000.0, 1000.0], [1.0]), "2026-01") is None
