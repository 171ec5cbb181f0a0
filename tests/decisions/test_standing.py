"""Where the KPIs stand: by hand what is settled, by law what is not."""

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pytest

from funnel_sim.chance.estimates import Figure
from funnel_sim.decisions.review.standing import _health, _stop, dates_of, standing
from funnel_sim.errors import InputError
from funnel_sim.output.words.review_kpis import standing_sentences
from funnel_sim.scenario.quotes import Option
from tests.conftest import neutral

BEFORE = [
    10_000.0,
    10_200,
    9_900,
    10_100,
    9_950,
    10_050,
    10_020,
    9_980,
    10_000,
    10_010,
    9_990,
    10_000,
]


def store(came, *kpis):
    gmv = [*BEFORE, *came]
    return neutral(
        {
            "history.first_month": "2025-01",
            "history.engagement_from": "2026-01",
            "history.seen_gmv": gmv,
            "history.seen_orders": [one / 100 for one in gmv],
            "kpis": list(kpis),
        }
    )


def kpi(**more):
    return {"id": "g", "metric": "gmv", "target": 11_000.0, **more}


def row(came, **more):
    return standing(store(came, kpi(**more)), paths=1024).rows[0]


def test_the_table_of_a_month():
    # January 12,000 against January a year ago 10,000 and December 10,000; 12,000 / 11,000
    found = row([12_000.0], window="month", month_to=1)
    assert (found.now, found.year_ago, found.month_ago) == (12_000, 10_000, 10_000)
    assert found.attained == pytest.approx(12 / 11) and found.health == "good"
    assert found.decided and found.probability.value == 1 and found.left == 0


def test_what_the_rest_must_bring():
    # 3 months at 11,000 on average are 33,000; 12,000 came: 10,500 each
    found = row([12_000.0], window="average", month_to=3)
    assert (found.left, found.rest) == (2, pytest.approx(10_500))
    # a total of 33,000: the same
    assert row([12_000.0], target=33_000.0, window="total", month_to=3).rest == pytest.approx(
        10_500
    )
    assert row([12_000.0], window="every", month_to=3).rest == 11_000


def test_a_missed_month_settles_every_and_a_reached_one_settles_by():
    missed = row([10_500.0], window="every", month_to=6)
    assert missed.decided and missed.probability.value == 0 and missed.health == "bad"
    reached = row([11_500.0], window="by", month_to=6)
    assert reached.decided and reached.probability.value == 1


def test_good_months_so_far_make_the_window_likelier():
    low, high = (
        row([came], window="average", month_to=3).probability.value for came in (10_000.0, 14_000.0)
    )
    assert low < 0.35 and high > 0.65


def test_a_target_far_below_is_all_but_certain_and_one_far_above_is_not():
    assert row([10_000.0], target=7_000.0, window="average", month_to=3).probability.value > 0.95
    assert row([10_000.0], target=16_000.0, window="average", month_to=3).probability.value < 0.05


def test_all_together_are_no_likelier_than_the_hardest():
    found = standing(
        store(
            [10_500.0],
            kpi(window="average", month_to=3, target=10_300.0),
            {"id": "o", "metric": "orders", "target": 103.0, "window": "average", "month_to": 4},
        ),
        paths=1024,
    )
    assert found.joint.value <= min(one.probability.value for one in found.rows) + 1e-12
    assert found.month == "2026-01"


def test_a_ratio_half_way_through_its_average_is_not_told():
    scenario = store(
        [10_500.0], {"id": "r", "metric": "tacos", "comparator": "at_most", "target": 0.1,
                     "window": "average", "month_to": 3}
    ).replace({"history.seen_ad_spend": [500.0] * 13})  # fmt: skip
    found = standing(scenario, paths=1024).rows[0]
    assert found.probability is None and found.rest is None and found.now is not None


def test_the_stop_loss_counts_months_in_a_row():
    # line at 0.8 · 11,000 = 8,800: February and March lie below it, January does not
    option = Option.model_validate(
        {"id": "a", "decided_by": "g", "stop_loss": True, "stop_share": 0.8, "stop_months": 3}
    )
    scenario = store([8_800.0, 8_700.0, 8_700.0], kpi(window="every", month_to=6))
    found = standing(scenario, option, paths=1024).stop
    assert (found.below, found.running, found.triggered) == (("2026-02", "2026-03"), 2, None)
    harder = standing(scenario, option.but(stop_months=2), paths=1024).stop
    assert harder.triggered == "2026-03"


def test_the_dates_follow_the_term_that_runs():
    scenario = store([10_000.0] * 13)
    option = Option.model_validate(
        {"id": "a", "term": 12, "notice": 1, "renewal": "automatic", "renewal_months": 6}
    )
    found = {one.kind: one.day for one in dates_of(scenario, option)}
    # 13 months are over: the term that runs ends with month 18, June 2027; notice by the end of May
    assert found == {"term_end": dt.date(2027, 6, 30), "notice": dt.date(2027, 5, 31)}


def test_without_months_nothing_stands():
    with pytest.raises(InputError):
        standing(store([], kpi()))


def test_a_ratio_half_way_is_the_ratio_of_the_sums_so_far():
    # ad spend 500 + 3,000 over sales 10,500 + 14,000: 3,500 / 24,500 = 1 / 7; the sum of the
    # months' ratios would be 0.2619, their mean 0.1310
    for window in ("total", "average"):
        scenario = store(
            [10_500.0, 14_000.0], {"id": "r", "metric": "tacos", "comparator": "at_most",
                                   "target": 0.1, "window": window, "month_to": 6}
        ).replace({"history.seen_ad_spend": [500.0] * 13 + [3_000.0]})  # fmt: skip
        found = standing(scenario, paths=1024).rows[0]
        assert found.so_far == pytest.approx(1 / 7) and found.left == 4
        assert found.window_attained == pytest.approx(0.1 * 7)


def test_a_line_shows_what_its_health_is_about():
    # the window misses, and the last month is at
    # 10,975 / 11,000 = 99.8 %, which is not 100 %
    scenario = store([9_000.0, 10_975.0], kpi(window="average", month_to=2))
    said = standing_sentences(standing(scenario, paths=1024), scenario, "en")[0]
    assert "attained 99%" in said and "100%" not in said
    # (9,000 + 10,975) / 2 = 9,987.50; / 11,000 = 90.8 %
    assert "$9,987.50, target $11,000.00, attained 91% – bad. Missed." in said
    # the other way round: the month misses, the window holds: (13,000 + 10,000) / 2 = 11,500
    scenario = store([13_000.0, 10_000.0], kpi(window="average", month_to=2))
    said = standing_sentences(standing(scenario, paths=1024), scenario, "en")[0]
    assert "$11,500.00, target $11,000.00, attained 105% – good. Reached." in said


def test_what_is_settled_warns_of_nothing(recwarn):
    standing(store([12_000.0], kpi(window="month", month_to=1)), paths=1024)
    assert not [one for one in recwarn if issubclass(one.category, RuntimeWarning)]


# ---- windows that are over: each counts its months in its own way

FOUR = [12_000.0, 9_000.0, 10_500.0, 12_500.0]
WINDOWS = {  # what the window comes to over months 2 to 4 of FOUR
    "month": 12_500.0,
    "average": (9_000 + 10_500 + 12_500) / 3,
    "total": 9_000 + 10_500 + 12_500.0,
    "every": 9_000.0,
    "by": 12_500.0,
}


@pytest.mark.parametrize(("window", "value"), WINDOWS.items())
def test_a_window_that_is_over_is_met_at_what_it_came_to_and_not_above(window, value):
    more = {"window": window, "month_from": 2, "month_to": 4}
    if window == "by":  # reached once, from the first month on: January counts
        more["month_from"] = 1
    at, above = (row(FOUR, target=target, **more) for target in (value, value * 1.001))
    assert at.so_far == above.so_far == pytest.approx(value)
    assert (at.probability.value, above.probability.value) == (1, 0)
    assert at.decided and above.decided and at.left == above.left == 0
    assert at.rest is None or window in ("month", "every", "by")
    assert at.window_attained == pytest.approx(1) and above.window_attained < 1


@pytest.mark.parametrize(
    ("window", "value"),
    # at most: every month is the highest one, reached once is the lowest
    [*list(WINDOWS.items())[:3], ("every", 12_500.0), ("by", 9_000.0)],
)
def test_at_most_turns_a_window_round(window, value):
    more = {"window": window, "month_from": 2, "month_to": 4, "comparator": "at_most"}
    if window == "by":
        more["month_from"] = 1
    at, below = (row(FOUR, target=target, **more) for target in (value, value * 0.999))
    assert at.so_far == pytest.approx(value)
    assert (at.probability.value, below.probability.value) == (1, 0)
    assert at.window_attained == pytest.approx(1) and below.window_attained < 1


@pytest.mark.parametrize(("target", "health"), [(10_000.0, "good"), (10_001.0, "bad")])
def test_a_ratio_whose_window_is_over_is_the_ratio_of_its_sums(target, health):
    # order value over two months: (9,000 + 11,000) / (1 + 1) = 10,000; the mean of the months' too
    scenario = store([9_000.0, 11_000.0], {"id": "v", "metric": "aov", "target": target,
                     "window": "average", "month_to": 2}).replace(
        {"history.seen_orders": [100.0] * 12 + [1.0, 1.0]}
    )  # fmt: skip
    found = standing(scenario, paths=1024).rows[0]
    assert found.so_far == pytest.approx(10_000) and found.decided and found.health == health


# ---- windows that are not over


def test_a_window_that_has_not_begun_has_nothing_so_far():
    found = row([12_000.0], window="average", month_from=2, month_to=4)
    assert found.so_far is None and found.window_attained is None and not found.decided
    assert found.left == 3 and found.rest == 11_000  # 3 · 11,000 / 3
    later = row([12_000.0, 12_000.0], window="average", month_from=2, month_to=4)
    assert later.so_far == 12_000 and later.left == 2
    assert later.rest == pytest.approx((33_000 - 12_000) / 2)


def likely(**more):
    """The probability of an open window after a January just below its target."""
    return row([9_700.0], target=9_800.0, **more).probability.value


def test_every_month_is_harder_than_the_last_one_and_once_is_easier():
    every, last, once = (
        likely(window="every", month_from=2, month_to=5),
        likely(window="month", month_to=5),
        likely(window="by", month_to=5),
    )
    assert 0 < every < last < once < 1


def test_a_window_of_one_month_to_come_is_that_month_however_it_counts():
    one = likely(window="month", month_to=4)
    assert 0 < one < 1
    for window in ("average", "total", "every"):
        assert likely(window=window, month_from=4, month_to=4) == one


def test_a_total_so_far_is_not_held_against_the_whole():
    part = row([12_000.0], target=30_000.0, window="total", month_to=3)
    assert part.so_far == 12_000 and part.window_attained is None
    assert part.target == 10_000 and part.attained == pytest.approx(1.2)  # a month's share of it


def test_months_before_the_window_do_not_count_to_it():
    # only months 2 to 3 count: January's 50,000 changes nothing
    low, high = (
        row([first, 10_000.0], window="total", target=20_000.0, month_from=2, month_to=3)
        for first in (1_000.0, 50_000.0)
    )
    assert low.so_far == high.so_far == 10_000 and low.left == high.left == 1
    assert low.rest == high.rest == 10_000


def test_a_month_that_nobody_typed_leaves_a_total_untold_and_settles_no_other_way():
    gap = [None, 12_000.0]
    scenario = store([1.0, 1.0], kpi(window="total", month_to=3, target=30_000.0)).replace(
        {"history.seen_gmv": [*BEFORE, *gap]}
    )
    found = standing(scenario, paths=1024)
    assert found.rows[0].probability is None and found.rows[0].rest is None
    assert found.rows[0].now == 12_000 and found.rows[0].month_ago is None
    assert found.joint is None
    every = scenario.replace({"kpis": [kpi(window="every", month_to=3)]})
    assert standing(every, paths=1024).rows[0].probability is None
    missed = every.replace({"history.seen_gmv": [*BEFORE, None, 9_000.0]})
    assert standing(missed, paths=1024).rows[0].probability.value == 0


def test_what_is_certain_together_is_certain_and_one_miss_is_a_miss_of_all():
    over = {"window": "month", "month_to": 1}
    met = {"id": "a", "metric": "gmv", "target": 12_000.0, **over}
    missed = {"id": "b", "metric": "orders", "target": 121.0, **over}
    assert standing(store([12_000.0], met, {**missed, "target": 120.0})).joint.value == 1
    assert standing(store([12_000.0], met, missed)).joint.value == 0
    assert standing(store([12_000.0])).joint is None


def test_another_kpis_longer_window_is_no_part_of_a_shorter_one():
    # two months bring about 20,000: not 30,000, which five would
    short = kpi(window="total", month_from=2, month_to=3, target=30_000.0)
    longer = {"id": "o", "metric": "orders", "target": 1.0, "window": "average", "month_to": 6}
    assert standing(store([10_000.0], short, longer), paths=1024).rows[0].probability.value == 0


def test_a_settled_kpi_and_an_open_one_are_as_likely_together_as_the_open_one():
    open_one = kpi(window="average", month_to=3, target=10_200.0)
    met = {"id": "m", "metric": "orders", "target": 105.0, "window": "month", "month_to": 1}
    found = standing(store([10_500.0], met, open_one), paths=1024)
    assert 0 < found.joint.value == found.rows[1].probability.value < 1
    missed = standing(store([10_500.0], {**met, "target": 106.0}, open_one), paths=1024)
    assert missed.joint.value == 0


# ---- the words of a line


@pytest.mark.parametrize(
    ("came", "health"),
    [(11_000.0, "good"), (10_999.0, "watch"), (8_800.0, "watch"), (8_799.0, "bad")],
)
def test_a_month_without_a_probability_is_good_from_its_target_on_and_watched_from_80_percent(
    came, health
):
    # a ratio half way through its average: order value is what came, one order a month
    scenario = store([came], {"id": "v", "metric": "aov", "target": 11_000.0,
                     "window": "average", "month_to": 3}).replace(
        {"history.seen_orders": [100.0] * 12 + [1.0]}
    )  # fmt: skip
    found = standing(scenario, paths=1024).rows[0]
    assert found.probability is None and found.health == health


def test_an_open_window_is_good_from_safe_on_watched_from_a_stretch_on_and_bad_below():
    # 10,220 in place of 10,200 since the outlook's weights of model version 6: a steady store is
    # foreseen more surely, and the test needs a probability in between
    scenario = store([10_500.0], kpi(window="average", month_to=3, target=10_220.0))
    likely = standing(scenario, paths=1024).rows[0].probability.value
    assert 0.05 < likely < 0.8

    def health(safe, stretch):
        bounds = {"verdicts.safe": safe, "verdicts.stretch": stretch}
        bounds["verdicts.realistic"] = (safe + stretch) / 2
        return standing(scenario.replace(bounds), paths=1024).rows[0].health

    assert health(likely, likely / 2) == "good"
    assert health(likely + 1e-6, likely) == "watch"
    assert health(0.9, likely + 1e-6) == "bad"


def test_less_is_better_attains_the_other_way_round_and_nothing_without_a_figure():
    spend = {"id": "s", "metric": "ad_spend", "comparator": "at_most", "target": 500.0,
             "window": "month", "month_to": 1}  # fmt: skip

    def attained(spent):
        scenario = store([12_000.0], spend).replace({"history.seen_ad_spend": [400.0] * 12 + spent})
        return standing(scenario).rows[0]

    assert attained([400.0]).attained == pytest.approx(500 / 400)
    assert attained([0.0]).attained is None and attained([0.0]).probability.value == 1
    unknown = attained([None])
    assert unknown.attained is None and unknown.now is None and unknown.health == "unknown"


def test_a_month_a_year_ago_that_is_not_in_the_series_is_not_known():
    plain = store([12_000.0], kpi(window="month", month_to=1))
    cut = plain.replace(
        {
            "history.first_month": "2025-02",
            "history.seen_gmv": plain.history.seen_gmv[1:],
            "history.seen_orders": plain.history.seen_orders[1:],
        }
    )
    assert standing(plain).rows[0].year_ago == 10_000
    found = standing(cut).rows[0]
    assert found.year_ago is None and found.month_ago == 10_000


def test_what_is_counted_for_itself_has_no_month_before():
    own = {"id": "h", "metric": "account_health", "target": 800.0, "window": "month",
           "month_to": 1, "seen": 900.0, "over_dispersion": 0.1}  # fmt: skip
    found = standing(store([12_000.0], own), counted={"h": [820.0]}).rows[0]
    assert (found.now, found.month_ago, found.year_ago) == (820, None, None)
    assert found.probability.value == 1


# ---- the stop-loss


def stopped(came, **more):
    option = Option.model_validate(
        {"id": "a", "decided_by": "g", "stop_loss": True, "stop_share": 0.8, "stop_months": 2,
         **more}
    )  # fmt: skip
    return standing(store(came, kpi(window="every", month_to=len(came))), option).stop


def test_a_stop_loss_begins_in_its_month_and_a_good_one_starts_it_anew():
    low, good = 8_799.0, 8_800.0  # the line: 0.8 · 11,000
    assert stopped([low, low]).triggered == "2026-02"
    assert stopped([low, low], stop_from=2).triggered is None
    assert stopped([low, low], stop_from=2).running == 1
    assert stopped([low, low, low], stop_from=2).triggered == "2026-03"
    anew = stopped([low, good, low])
    assert (anew.running, anew.triggered, anew.below) == (1, None, ("2026-01", "2026-03"))
    # the month it was triggered in is the first such one, whatever came after
    assert stopped([low, low, low, low]).triggered == "2026-02"
    assert stopped([low, low, good]).triggered == "2026-02"
    # what came after the end is not judged any more (it was: a good month began the count anew)
    assert stopped([low, low, good]).running == 2
    assert (anew.kpi, anew.share, anew.ends_after) == ("g", 0.8, 2)


def test_without_a_stop_loss_or_what_decides_it_there_is_none():
    assert stopped([1.0], stop_loss=False) is None
    assert stopped([1.0], decided_by="", stop_loss=False) is None


# ---- the dates


def dates(done, **terms):
    option = Option.model_validate({"id": "a", **terms})
    return [(one.kind, one.day.isoformat()) for one in dates_of(store([1e4] * done), option)]


def test_a_term_that_has_just_ended_is_renewed_and_one_with_a_month_left_is_not():
    terms = {"term": 12, "notice": 3, "renewal": "automatic", "renewal_months": 12}
    # after 11 months the term ends with December 2026, notice by the end of September
    assert dates(11, **terms) == [("notice", "2026-09-30"), ("term_end", "2026-12-31")]
    assert dates(12, **terms) == [("notice", "2027-09-30"), ("term_end", "2027-12-31")]
    # after 24 the second renewal runs
    assert dates(24, **terms)[-1] == ("term_end", "2028-12-31")
    assert dates(24, **terms | {"renewal": "open"})[-1] == ("term_end", "2026-12-31")
    assert dates(1, **terms | {"notice": 0}) == [("term_end", "2026-12-31")]


def test_a_trial_has_an_end_while_it_runs_and_where_one_may_leave_then():
    terms = {"term": 6, "notice": 0, "trial": 2}
    leave = terms | {"trial_exit": True}
    end = ("term_end", "2026-06-30")
    assert dates(1, **leave) == [("trial_end", "2026-02-28"), end]
    assert dates(2, **leave) == [end]
    assert dates(1, **terms | {"trial_exit": False}) == [end]


def test_without_a_mark_there_are_no_dates():
    assert dates_of(neutral(), Option(id="a")) == ()


def test_a_total_that_is_reached_is_decided_before_its_last_month():
    """20,000 + 15,000 = 35,000 of 35,000: sales cannot be below zero, so February settles it; one
    cent below, it is not settled.
    """
    found = row([20_000.0, 15_000.0], window="total", month_to=3, target=35_000.0)
    assert found.decided and found.probability.value == 1 and found.rest is None
    assert found.left == 1 and found.health == "good"
    found = row([20_000.0, 15_000.0], window="total", month_to=3, target=35_000.01)
    assert not found.decided and found.rest == pytest.approx(0.01)
    # an average of three months at 11,000 is 33,000 in all
    found = row([20_000.0, 13_000.0], window="average", month_to=3)
    assert found.decided and found.probability.value == 1 and found.rest is None
    # at most: passed is missed whatever comes
    most = {"window": "total", "month_to": 3, "comparator": "at_most"}
    found = row([20_000.0, 15_000.0], target=34_999.0, **most)
    assert found.decided and found.probability.value == 0 and found.rest is None
    assert found.health == "bad"
    found = row([20_000.0, 15_000.0], target=35_000.0, **most)
    assert not found.decided
    # profit can be lost again
    found = row([20_000.0, 15_000.0], metric="profit", window="total", month_to=3, target=1.0)
    assert not found.decided


def bonus(came, **more):
    paid = {"kpi": "g", "kind": "bonus", "form": "fixed", "amount": 100.0, "each": "month", **more}
    option = Option.model_validate({"id": "a", "term": 12, "rewards": [paid]})
    shop = store(came, kpi(target=12_000.0, window="average", month_to=6))
    return shop, standing(shop, option, paths=1024)


def test_a_bonus_by_the_month_is_no_duty_of_the_window():
    # 12,500 and 12,000 reach 12,000, 9,000 does not; three months are left
    shop, found = bonus([12_500.0, 9_000.0, 12_000.0])
    one = found.rows[0]
    assert (one.months_met, one.left, one.rest, one.owed) == ((2, 3), 3, None, False)
    assert one.health == "none" and found.joint is None
    assert "2 of 3 months" in standing_sentences(found, shop, "en")[0]
    assert "3 个月中 2 个月" in standing_sentences(found, shop, "zh")[0]
    # a penalty by the month, and a bonus for the window, are owed as before
    for more in ({"kind": "penalty"}, {"each": "window"}):
        owed = bonus([12_500.0, 9_000.0, 12_000.0], **more)[1].rows[0]
        assert owed.owed and owed.rest == pytest.approx((72_000 - 33_500) / 3)


def test_a_bonus_is_likelier_in_any_month_left_than_in_the_window_and_over_when_none_is():
    _, found = bonus([10_000.0, 10_100.0])
    _, owed = bonus([10_000.0, 10_100.0], each="window")
    assert found.rows[0].probability.value >= owed.rows[0].probability.value
    _, over = bonus([12_500.0] + [10_000.0] * 5)
    assert over.rows[0].months_met == (1, 6) and over.rows[0].probability is None


def test_a_contract_that_does_not_renew_itself_has_no_second_term():
    option = Option.model_validate({"id": "a", "term": 12, "notice": 1, "renewal": "ends"})
    found = {one.kind: one.day for one in dates_of(store([10_000.0] * 13), option)}
    assert found == {"term_end": dt.date(2026, 12, 31), "notice": dt.date(2026, 11, 30)}


def test_a_window_beyond_the_contract_counts_its_months_only():
    # 100 a month came in three months; a total of 1,200 in 12 months is 600 in the contract's 6:
    # (600 − 300) / 3 = 100 a month are left, not (1,200 − 300) / 9
    long = kpi(id="g", window="total", target=1200.0, month_to=12)
    scenario = store([100.0] * 3, long)
    six = Option(id="a", term=6)
    found = standing(scenario, six)
    [row] = found.rows
    assert row.kpi.months == (1, 6) and row.left == 3
    assert row.rest == pytest.approx(100.0) and row.window_target == pytest.approx(600.0)
    assert [one.months for one in found.cut] == [(1, 12)] and found.ends == 6
    [row] = standing(scenario).rows
    assert row.left == 9
    twelve = standing(scenario, Option(id="a", term=12))
    assert twelve.cut == () and twelve.rows[0].left == 9
    renewed = Option(id="a", term=3, renewal="automatic", renewal_months=6)  # month 3 is its end
    assert standing(scenario, renewed).rows[0].left == 0


def stop(attained, unknown=(), **clauses):
    option = Option(
        id="a", stop_loss=True, decided_by="k", stop_share=0.8, stop_months=2, **clauses
    )
    months = [f"2026-{month:02}" for month in range(3, 3 + len(attained))]
    path = SimpleNamespace(attained=np.array(attained)[:, None])
    seen = SimpleNamespace(path=path, unknown=set(unknown))
    return _stop(option, SimpleNamespace(months=months, kpis={"k": seen}))


def test_two_months_in_a_row_below_the_share_stop_it():
    """Below 0.8 in April and May; June at 0.8 itself is not below, and ends the row."""
    found = stop([0.9, 0.79, 0.5, 0.8])
    assert (found.below, found.running, found.triggered) == (("2026-04", "2026-05"), 0, "2026-05")
    apart = stop([0.5, 0.9, 0.5])
    assert (apart.running, apart.triggered) == (1, None)
    # the first time that it stops is told, though the row goes on
    assert stop([0.5, 0.5, 0.5]).triggered == "2026-04" and stop([0.5] * 3).running == 3


def test_a_month_that_is_not_known_is_none_that_was_missed():
    lacks = stop([0.5, np.nan, 0.5], unknown=["2026-04"])
    assert (lacks.below, lacks.running, lacks.triggered) == (("2026-03", "2026-05"), 1, None)
    # one without a figure though its months are known is missed
    assert stop([0.5, np.nan]).triggered == "2026-04"


def test_months_before_the_stop_loss_begins_do_not_count():
    late = stop([0.5, 0.5, 0.5], stop_from=2)
    assert (late.running, late.triggered, late.counts_from) == (2, "2026-05", "2026-04")
    assert stop([0.5, 0.5], stop_from=2).triggered is None
    assert stop([0.5]).counts_from == ""
    assert stop([0.5], stop_from=3).counts_from == "2026-05"
    # what is below is told from the first month on
    assert late.below == ("2026-03", "2026-04", "2026-05")


def test_no_stop_loss_has_no_state():
    none = SimpleNamespace(months=[], kpis={})
    assert _stop(Option(id="a", decided_by="k"), none) is None


@pytest.mark.parametrize(
    ("probability", "attained", "health"),
    [(0.8, None, "good"), (0.79, None, "watch"), (0.5, None, "watch"), (0.49, None, "bad"),
     (0.49, 2.0, "bad"), (None, None, "unknown"), (None, 1.0, "good"), (None, 0.99, "watch"),
     (None, 0.8, "watch"), (None, 0.79, "bad")],
)  # fmt: skip
def test_a_kpi_is_well_by_its_probability_else_by_its_month(probability, attained, health):
    store = neutral({"verdicts.safe": 0.8, "verdicts.realistic": 0.6, "verdicts.stretch": 0.5})
    figure = None if probability is None else Figure(probability, 0.0, 4)
    assert _health(store, figure, attained) == health
