"""Where the KPIs stand: by hand what is settled, by law what is not."""

import datetime as dt

import pytest

from funnel_sim.decisions.review.standing import dates_of, standing
from funnel_sim.errors import InputError
from funnel_sim.output.words.review import standing_sentences
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
