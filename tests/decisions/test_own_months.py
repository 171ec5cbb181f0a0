"""A KPI in the store's own months, by hand."""

import pytest

from funnel_sim.decisions.kpi.check import check
from funnel_sim.decisions.kpi.own_months import OwnMonths, last_year, own_months, spend_last_year
from funnel_sim.decisions.kpi.store_history import fit_funnel
from funnel_sim.output.words.kpi import value_text
from funnel_sim.output.words.kpi_remarks import spend_sentence
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


SEEN = [905.0, 1120.0, 540.0, 495.0, 560.0, 548.0, 575.0, 552.0, 538.0, 570.0, 601.0, 655.0]
"""Orders from November 2025 to October 2026."""


def shop(**more):
    return preset("amazon-de-kitchen").replace(
        {"history.first_month": "2025-11", "history.seen_orders": SEEN} | more
    )


@pytest.mark.parametrize(
    ("window", "first", "last", "value"),
    [
        ("total", 1, 3, 905 + 1120 + 540),
        ("average", 1, 3, (905 + 1120 + 540) / 3),
        ("month", 2, 2, 1120),
        ("by", 1, 3, 1120),
        ("every", 1, 3, 540),
        ("total", 11, 12, 601 + 655),
        ("total", 11, 13, None),  # month 13 is not a year old when the file ends
    ],
)
def test_the_same_months_of_last_year(window, first, last, value):
    kpi = Kpi(
        id="a", metric="orders", target=2374.0, window=window, month_from=first, month_to=last
    )
    found = last_year(shop(), kpi)
    assert (found.value if found else None) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(("target", "met"), [(2565.0, True), (2566.0, False)])
def test_last_year_meets_a_target_or_not(target, met):
    kpi = Kpi(id="a", metric="orders", target=target, window="total", month_to=3)
    found = last_year(shop(**{"history.left_out": ["2025-12"]}), kpi)  # it was all the same
    assert found.months == ("2025-11", "2025-12", "2026-01") and found.meets(kpi, target) is met


def test_months_with_the_agency_say_nothing_of_a_year_without():
    kpi = Kpi(id="a", metric="orders", target=2374.0, window="total", month_to=3)
    marked = shop(**{"history.engagement_from": "2026-10"})  # month 1 is October 2026
    assert last_year(marked, kpi) is None  # October 2025 is not in the file
    assert last_year(shop(**{"history.engagement_from": "2026-11"}), kpi).value == 2565
    ours = kpi.but(metric="acos", window="average")
    seen = {"history.seen_ad_spend": [2000.0] * 12, "history.seen_ad_sales": [5000.0] * 12}
    assert last_year(shop(**seen), ours) is None  # the console's, and ours is another figure
    assert last_year(shop(**seen), ours.but(metric="acos_console")).value == pytest.approx(0.4)


def season_of_ads(**changes):
    """November to October: ads at 3,600 in the season's two months, at 3,000 in all others."""
    return STORE.replace(
        {
            "history.first_month": "2025-11",
            "history.seen_gmv": [30_000.0, 34_000.0, *[20_000.0] * 10],
            "history.seen_orders": [1200.0, 1360.0, *[800.0] * 10],
            "history.seen_ad_spend": [3_600.0, 3_600.0, *[3_000.0] * 10],
            "history.seen_ad_sales": [],
        }
        | changes
    )


@pytest.mark.parametrize(
    ("metric", "value", "turned"),
    [
        ("roas_console", 4.8, 4.0),  # 4.8 / (3,600 / 3,000)
        ("acos", 0.20, 0.24),  # 0.20 * 1.2
        ("tacos", 0.10, 0.12),
    ],
)
def test_ads_of_the_season_a_year_ago_turn_a_ratio(metric, value, turned):
    kpi = Kpi(id="a", metric=metric, target=1.0, window="average", month_to=2)
    found = spend_last_year(season_of_ads(), kpi)
    assert (found.mean, found.usual) == (3_600.0, 3_000.0)
    assert found.months == ("2025-11", "2025-12")
    assert found.turned(metric, value) == pytest.approx(turned)


def test_nothing_is_told_of_ads_where_nothing_is_known_of_them():
    kpi = Kpi(id="a", metric="roas_console", target=1.0, window="average", month_to=2)
    assert spend_last_year(season_of_ads(), kpi.but(metric="gmv")) is None  # no ratio of spend
    for change in (
        {"history.seen_ad_spend": [None, None, *[3_000.0] * 10]},  # not in the file
        {"history.use_history": False},  # the months are not behind the check
        {"plan.budget_plan": [1.2, 1.2]},  # the budget is typed by month
    ):
        assert spend_last_year(season_of_ads(**change), kpi) is None


def test_a_kpi_that_holds_only_with_the_usual_ads_says_so():
    """ROAS of the season looks better than it was where the ads were raised with it: the median
    over 3,600 / 3,000 = 1.2, and the target in between is missed.
    """
    store = fit_funnel(season_of_ads())[0]
    kpi = {"id": "a", "metric": "roas_console", "target": 1.0, "window": "average", "month_to": 2}
    median = check(store.replace({"kpis": [kpi]})).answers[0].median
    store = store.replace({"kpis": [kpi | {"target": round(median * 0.9, 2)}]})
    [answer] = check(store).answers
    for lang, missed in (("zh", "达不到目标"), ("en", "short of the target")):
        told = spend_sentence(answer, store, lang)
        assert missed in told and value_text(median / 1.2, "roas_console", store, lang) in told
    level = store.replace({"history.seen_ad_spend": [3_000.0] * 12})
    assert spend_sentence(answer, level, "en") == ""
