"""Where a leak begins and ends: each bound of the arithmetic from both sides, by hand, on the
neutral store (an order brings 100, nothing costs anything).
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from funnel_sim.decisions.review.leak import _rate, _returned, leaks
from funnel_sim.decisions.review.step_rates import Rate, chance_of, enough_of, holm, spread_of
from funnel_sim.scenario.presets import preset
from tests.conftest import neutral

PRIOR, WEIGHT = 0.06, 4.0  # the prior counts for four months (data/review.toml)
MANY = 1e9  # so many that counting adds nothing


def series(figures, **more):
    """Return the neutral store with a series from January 2026 on."""
    named = {f"history.seen_{name}": values for name, values in figures.items()}
    return neutral({"history.first_month": "2026-01", **named, **more})


def looked(scenario, months=None):
    return leaks(scenario, months, say_enough=False)


def usual(months=5, **more):
    return {"orders": [100.0] * months, "gmv": [10_000.0] * months, **more}


# ---- the spread between months


def test_months_that_are_even_leave_a_share_of_the_prior():
    # 4 months of the prior against 3 − 1 own degrees of freedom without any spread
    spread, free = spread_of(np.full(3, 50.0), np.full(3, 1000.0), PRIOR)
    assert spread == pytest.approx(math.sqrt(WEIGHT * PRIOR**2 / (WEIGHT + 2))) and free == 6


def test_the_spread_is_that_of_the_logarithms_weighed_by_the_counts():
    # 4 % of 3 parts and 6 % of 1: the mean logarithm is ln 4 % + ln 1.5 / 4, so the squares are
    # (1 / 4)² + (3 / 4)² of ln 1.5
    out_of = np.array([3 * MANY, MANY])
    squares = math.log(1.5) ** 2 * (1 / 16 + 9 / 16)
    found, free = spread_of(out_of * [0.04, 0.06], out_of, PRIOR)
    assert found == pytest.approx(math.sqrt((WEIGHT * PRIOR**2 + squares) / (WEIGHT + 1)), rel=1e-6)
    assert free == WEIGHT + 1


def test_what_counting_explains_is_no_spread():
    # 40 and 60 of 1,000: the squares of the logarithms less (1 − 5 %) / (5 % · 1,000)
    squares = math.log(1.5) ** 2 / 2 - 0.95 / 50
    found, _ = spread_of(np.array([40.0, 60]), np.full(2, 1000.0), PRIOR)
    assert found == pytest.approx(math.sqrt((WEIGHT * PRIOR**2 + squares) / (WEIGHT + 1)))
    # 49 and 51: counting alone makes more than that
    found, _ = spread_of(np.array([49.0, 51]), np.full(2, 1000.0), PRIOR)
    assert found == pytest.approx(math.sqrt(WEIGHT * PRIOR**2 / (WEIGHT + 1)))


def test_a_month_without_a_success_counts_as_half_of_one():
    out_of = np.full(2, 1000.0)
    none, half = (spread_of(np.array([one, 50.0]), out_of, PRIOR)[0] for one in (0.0, 0.5))
    assert none == pytest.approx(half, rel=0.01)


# ---- the probability of an unchanged step


def rate(ratio, base=0.05, out_of=MANY, now_months=1, base_months=6):
    return Rate(
        np.full(base_months, base * out_of),
        np.full(base_months, out_of),
        np.full(now_months, base * ratio * out_of),
        np.full(now_months, out_of),
    )


@pytest.mark.parametrize(("now", "base"), [(1, 6), (2, 6), (1, 3), (4, 12)])
def test_the_spread_of_a_mean_is_that_of_a_month_over_the_root_of_their_number(now, base):
    # 5 % lower at a spread of 5 %: one over √(1 / now + 1 / base) standard deviations
    found = chance_of(rate(0.95, now_months=now, base_months=base), 0.05, 1e6)
    assert found == pytest.approx(stats.norm.cdf(-1 / math.sqrt(1 / now + 1 / base)), abs=0.004)


@pytest.mark.parametrize("free", [3.0, 6.0, 12.0])
def test_a_spread_read_off_few_months_has_the_wider_tail_of_students_t(free):
    found = chance_of(rate(0.9), 0.05, free)
    assert found == pytest.approx(stats.t.cdf(-2 / math.sqrt(7 / 6), free), abs=0.006)


def test_the_counting_of_a_small_baseline_counts_too():
    # 50 of 1,000 before, 45,000 of 1,000,000 now: nearly all the error is the baseline's
    few = Rate(np.array([50.0]), np.array([1000.0]), np.array([45_000.0]), np.array([1e6]))
    mean = 50.5 / 1001
    error = math.sqrt(mean * (1 - mean) * (1 / 1000 + 1 / 1e6))
    assert chance_of(few, 1e-9, 9.0) == pytest.approx(
        stats.norm.cdf((0.045 - mean) / error), abs=0.02
    )


@given(st.floats(0.02, 0.98), st.floats(0.0, 1.0), st.sampled_from([0.5, 5.0, 50.0]))
def test_however_wide_the_spread_it_is_a_probability(base, ratio, spread):
    """More variance than any share can have is as much as one can have."""
    assert 0 <= chance_of(rate(ratio, base=base, out_of=20.0), spread, 3.0) <= 1


# ---- many steps at once


@pytest.mark.parametrize(
    ("chances", "adjusted"),
    [
        ([0.5, 0.6], [1.0, 1.0]),  # never above one
        ([0.2, 0.9], [0.4, 0.9]),
        ([0.011, 0.01, 0.5], [0.03, 0.03, 0.5]),  # 2 · 0.011 is less than 3 · 0.01: kept in order
        ([], []),
    ],
)
def test_holm_by_hand(chances, adjusted):
    assert holm(chances) == pytest.approx(adjusted)


# ---- how many counts are enough


@pytest.mark.parametrize("steps", [1, 5])
@pytest.mark.parametrize("months", [1, 2])
def test_enough_without_spread_is_the_sample_size_of_a_share(steps, months):
    # n = ((z of 5 % / steps)√(p (1 − p)) + (z of 90 %)√(q (1 − q)))² / (p − q)², q = 0.7 p
    p, q = 0.05, 0.035
    alpha, beta = stats.norm.ppf(1 - 0.05 / steps), stats.norm.ppf(0.9)
    whole = (alpha * math.sqrt(p * (1 - p)) + beta * math.sqrt(q * (1 - q))) ** 2 / (p - q) ** 2
    found = enough_of(rate(1.0, now_months=months), 1e-9, 1e6, steps)
    assert found == pytest.approx(whole / months, rel=0.08)


# ---- which months are looked at, and held against which


def test_the_last_month_is_held_against_all_before_it_or_those_before_the_mark():
    plain = series(usual(6, visits=[1000.0] * 6))
    assert looked(plain).months == ("2026-06",)
    assert looked(plain).baseline == tuple(f"2026-0{month}" for month in range(1, 6))
    marked = plain.replace({"history.engagement_from": "2026-05"})
    assert looked(marked).baseline == tuple(f"2026-0{month}" for month in range(1, 5))
    # months after the ones looked at are no baseline
    assert looked(plain, ["2026-05"]).baseline == tuple(f"2026-0{m}" for m in range(1, 5))
    assert looked(plain, ["2026-04", "2026-06"]).baseline == ("2026-01", "2026-02", "2026-03")


def test_a_baseline_holds_twelve_months_the_latest():
    found = looked(series(usual(15, visits=[1000.0] * 15)))
    assert found.baseline[0] == "2026-03" and len(found.baseline) == 12


def test_a_mark_that_takes_out_a_month_does_and_one_that_only_tells_does_not():
    for taken_out, first in ((True, "2026-02"), (False, "2026-01")):
        marked = [{"month": "2026-01", "event": "stock_out", "taken_out": taken_out}]
        found = looked(series(usual(6, visits=[1000.0] * 6), **{"history.marked": marked}))
        assert found.baseline[0] == first


def test_two_months_looked_at_are_one_rate():
    found = looked(
        series(usual(6, visits=[1000.0] * 4 + [500.0, 1500.0])), ["2026-05", "2026-06"]
    ).steps[0]
    assert (found.step, found.rate.now, found.counts) == ("order", 0.1, 1000.0)


# ---- which steps there are


def test_a_step_needs_three_months_of_a_baseline_and_one_looked_at():
    for known, there in ((2, False), (3, True)):
        visits = [1000.0] * known + [None] * (5 - known) + [1000.0]
        found = looked(series(usual(6, visits=visits)))
        assert ([one.step for one in found.steps] == ["order"]) == there
        assert ("order" in found.missing) != there
    assert looked(series(usual(6, visits=[1000.0] * 5 + [None]))).steps == ()
    # nothing of nothing is no rate, and one of one is one
    assert looked(series(usual(6, visits=[1000.0] * 5 + [0.0]))).steps == ()
    one = looked(series(usual(6, orders=[100.0] * 5 + [1.0], visits=[1000.0] * 5 + [1.0])))
    assert [(step.step, step.rate.now) for step in one.steps] == [("order", 1.0)]


def test_a_step_that_never_had_a_success_has_no_baseline():
    repeat = [0.0] * 5 + [10.0]
    assert "repeat" in looked(series(usual(6, repeat_orders=repeat))).missing


@pytest.mark.parametrize(("most", "unfit"), [(100.0, ()), (99.0, ("order",))])
@pytest.mark.parametrize("place", [0, 5])
def test_counts_above_what_they_are_counted_of_are_told_wherever_they_stand(place, most, unfit):
    visits = [1000.0] * 6
    visits[place] = most  # 100 orders
    found = looked(series(usual(6, visits=visits)))
    assert found.unfit == unfit and bool(found.steps) == (not unfit)


def test_visit_to_order_is_looked_at_where_carts_are_not_known():
    visits = [1000.0] * 6
    carts = looked(series(usual(6, visits=visits, carts=[200.0] * 6)))
    assert [one.step for one in carts.steps] == ["cart", "checkout"]
    assert "order" not in carts.missing
    assert [one.step for one in looked(series(usual(6, visits=visits))).steps] == ["order"]
    # of a channel it is told in both cases
    ads = [{"channel": "ads", "seen_visits": [500.0] * 6, "seen_orders": [50.0] * 6}]
    both = looked(series(usual(6, visits=visits, carts=[200.0] * 6), **{"history.by_channel": ads}))
    assert ("order", "ads") in [(one.step, one.channel) for one in both.steps]


def test_orders_placed_hold_the_cancelled_ones():
    # 100 paid and 25 cancelled of 250 carts: 50 % are placed, 80 % of them paid
    found = looked(series(usual(6, carts=[250.0] * 6, cancelled=[25.0] * 6))).steps
    rates = {one.step: one.rate.now for one in found}
    assert rates == pytest.approx({"checkout": 0.5, "paid": 0.8})


# ---- what it is worth


def test_a_step_at_half_its_baseline_costs_as_many_orders_as_there_are():
    # 100 of 2,000 instead of 10 %: back at it there were 200, 100 more at 100 each
    found = looked(series(usual(6, visits=[1000.0] * 5 + [2000.0]))).steps[0]
    assert found.ratio == pytest.approx(0.5) and found.broken
    assert (found.orders, found.money) == pytest.approx((100, 10_000))


def test_a_step_tells_its_own_spread():
    # 4 months of the prior of 8 % (data/review.toml) and ln(12 / 8) between two of six months, the
    # others at 10
    of = np.array([80.0, 120, 100, 100, 100]) * 1e4
    found = looked(series({"orders": [*of, 1e6], "gmv": [1e8] * 6, "visits": [1e7] * 6})).steps[0]
    logs = np.log(of)
    squares = np.square(logs - logs.mean()).sum()
    by_hand = math.sqrt((4 * 0.08**2 + squares) / (4 + 4))
    assert found.step == "order" and found.spread == pytest.approx(by_hand, rel=1e-3)


def test_repeat_orders_come_on_top_of_the_new_ones():
    # 90 new and 10 repeat orders; at 40 % repeat orders 90 / 0.6 = 150 in all: 50 more
    found = looked(series(usual(6, repeat_orders=[40.0] * 5 + [10.0]))).steps[0]
    assert (found.step, found.orders) == ("repeat", pytest.approx(50))
    assert found.money == pytest.approx(5000)


def test_a_step_that_stands_still_cannot_be_priced():
    found = looked(series(usual(6, carts=[200.0] * 6, visits=[1000.0] * 6) | {
        "clicks": [100.0] * 5 + [0.0], "impressions": [10_000.0] * 6})).steps  # fmt: skip
    ctr = next(one for one in found if one.step == "ctr")
    assert ctr.broken and ctr.ratio == 0 and ctr.orders is None and ctr.money is None


def test_the_dearest_leak_comes_first_and_the_sound_steps_in_the_funnels_order():
    found = looked(
        series(
            usual(6, carts=[200.0] * 5 + [128.0], visits=[1000.0] * 5 + [1600.0])
            | {"impressions": [50_000.0] * 6, "clicks": [5000.0] * 5 + [2500.0],
               "repeat_orders": [30.0] * 6}
        )
    )  # fmt: skip
    # at the baseline twice the clicks, 320 carts of 1,600 visits instead of 128; the others hold
    assert [one.step for one in found.steps] == ["cart", "ctr", "landing", "checkout", "repeat"]
    assert [one.step for one in found.broken] == ["cart", "ctr"]


# ---- channels


def test_a_channel_whose_ads_cost_more_than_its_orders_leave_is_told_the_dearest_first():
    # an order leaves 100: 50 orders leave 5,000
    rows = {"even": (50.0, 5000.0), "over": (50.0, 5001.0), "far": (10.0, 5000.0)}
    channels = [
        {"channel": name, "seen_orders": [orders] * 6, "seen_ad_spend": [spend] * 6}
        for name, (orders, spend) in rows.items()
    ]
    channels.append({"channel": "unknown", "seen_ad_spend": [9000.0] * 6})
    channels.append({"channel": "none", "seen_orders": [0.0] * 6, "seen_ad_spend": [0.0] * 6})
    found = looked(series(usual(6), **{"history.by_channel": channels})).costly
    assert [(one.channel, one.spend, one.orders) for one in found] == [
        ("far", 5000.0, 10.0),
        ("over", 5001.0, 50.0),
    ]
    assert [one.leaves for one in found] == pytest.approx([100, 100])


def test_only_bought_channels_have_a_usual_click_through_rate():
    shop = preset("shopify-us-beauty")
    clicks = {"seen_impressions": [1e5] * 6, "seen_clicks": [1000.0] * 6}
    names = {one.id: one.kind for one in shop.channels}
    bought = [name for name, kind in names.items() if kind in ("cpc", "cpm")]
    assert bought and len(bought) < len(names)
    found = looked(
        shop.replace(
            {
                "history.first_month": "2026-01",
                "history.by_channel": [{"channel": name, **clicks} for name in names],
                **{f"history.{name}": values for name, values in clicks.items()},
            }
        )
    )
    told = {one.channel: one.typical is not None for one in found.steps if one.step == "ctr"}
    assert told == {"": True} | {name: name in bought for name in names}


MONTHS = [f"2025-{month:02}" for month in range(1, 13)]


def test_a_rate_needs_three_months_before_and_one_of_those_looked_at():
    ones, two = np.ones(5), np.full(5, 2.0)
    found = _rate((ones, two), MONTHS[:3], MONTHS[3:5])
    assert found.base_of.tolist() == [1.0] * 3 and found.base_out_of.tolist() == [2.0] * 3
    assert _rate((ones, two), MONTHS[:2], MONTHS[2:5]) is None
    assert _rate(None, MONTHS[:3], MONTHS[3:5]) is None
    # one visit is a month of the rate, none is not, and neither is a count that is not known
    assert _rate((ones, ones), MONTHS[:3], MONTHS[3:5]) is not None
    assert _rate((ones, np.array([1.0, 0, 1, 1, 1])), MONTHS[:3], MONTHS[3:5]) is None
    assert _rate((np.array([1.0, np.nan, 1, 1, 1]), two), MONTHS[:3], MONTHS[3:5]) is None
    assert _rate((ones, np.array([1.0, 1, 1, 0, 0])), MONTHS[:3], MONTHS[3:5]) is None
    assert _rate((ones, np.array([1.0, 1, 1, 0, 1])), MONTHS[:3], MONTHS[3:5]) is not None
    # a baseline in which nothing happened says nothing
    assert _rate((np.array([0.0, 0, 0, 1, 1]), two), MONTHS[:3], MONTHS[3:5]) is None


def test_the_same_months_of_the_year_before_are_kept_where_each_is_there():
    counts = np.arange(1.0, 15.0)
    out_of = np.full(14, 100.0)
    found = _rate((counts, out_of), MONTHS, ["2026-01", "2026-02"])
    assert found.same_of.tolist() == [1.0, 2.0]
    lacks = out_of.copy()
    lacks[1] = 0.0  # February of the year before is not known
    assert _rate((counts, lacks), MONTHS, ["2026-01", "2026-02"]).same_of.tolist() == []


def test_what_came_back_is_counted_in_one_kind_for_all_months():
    """100 orders for 5,000, of which 250 were refunded, are 5 of 100; counts go first, and a month
    without one then stays unknown.
    """
    told = {"refunds": np.array([250.0, 0.0]), "gmv": np.array([5000.0, 0.0])}
    orders = np.array([100.0, 0.0])
    in_money = _returned((told | {"returned_orders": np.full(2, np.nan)}).__getitem__, orders)
    assert in_money[0] == 5.0 and np.isnan(in_money[1])
    counted = _returned((told | {"returned_orders": np.array([7.0, np.nan])}).__getitem__, orders)
    assert counted[0] == 7.0 and np.isnan(counted[1])
