"""Targets between two counts, what the months left must bring, and from when a stop-loss counts."""

import pytest

from funnel_sim.decisions.review.bill import bill_of
from funnel_sim.decisions.review.settlement import settled
from funnel_sim.decisions.review.standing import standing
from funnel_sim.output.words.actual_months import series_sentence
from funnel_sim.output.words.review_kpis import kpi_cells, kpi_workings, stop_lines, window_rows
from funnel_sim.output.words.settlement import line_rows
from funnel_sim.output.words.settlement_kpis import kpi_rows
from funnel_sim.scenario.quotes import Option
from funnel_sim.words import LANGS
from tests.conftest import neutral

ORDERS = [592.0, 571.0, 739.0, 764.0, 789.0]  # 3,455 in five months
GMV = [24_781.16, 23_973.60, 30_909.07, 32_141.62, 33_024.48]
TERMS = {
    "id": "a",
    "base": 1800.0,
    "fee_currency": "sales",
    "decided_by": "o",
    "stop_loss": True,
    "stop_share": 0.8,
    "stop_months": 2,
    "stop_from": 3,
    "rewards": [{"kpi": "o", "form": "fixed", "amount": 500.0, "each": "month"}],
}


def store(target=752.5, first="2026-06", **kpi):
    return neutral(
        {
            "history.first_month": first,
            "history.engagement_from": first,
            "history.seen_orders": ORDERS,
            "history.seen_gmv": GMV,
            "kpis": [{"id": "o", "metric": "paid_orders", "target": target, "month_to": 12, **kpi}],
        }
    )


@pytest.mark.parametrize("lang", LANGS)
def test_following_what_the_rest_must_bring_meets_the_target(lang):
    """(752.5 · 12 − 3,455) / 7 = (9,030 − 3,455) / 7 = 796.43: with 796 a month 9,027 / 12 =
    752.25 misses, with 797 it is 9,034 / 12 = 752.83.
    """
    scenario = store(window="average")
    found = standing(scenario, paths=256)
    assert found.rows[0].rest == pytest.approx(5575 / 7)
    cells = kpi_cells(found.rows[0], scenario, lang)
    assert (cells.rest, cells.target, cells.window_target) == ("797", "752.5", "752.5")
    [told] = [one for one in kpi_workings(found, scenario, lang) if "9,030" in one or "× 12" in one]
    assert "752.5 × 12" in told and "3,455" in told and "796.43" in told and "797" in told
    assert "797" in window_rows(found, scenario, lang)[0].cells[-1]


def test_at_most_is_rounded_down():
    """At most 752.5: 796 a month keeps it, 797 does not."""
    scenario = store(window="average", comparator="at_most")
    row = standing(scenario, paths=256).rows[0]
    assert kpi_cells(row, scenario, "en").rest == "796"


@pytest.mark.parametrize("target", [752.0, 753.0, 702.5])
def test_whole_months_are_enough_and_one_less_is_not(target):
    scenario = store(target, window="average")
    rest = int(kpi_cells(standing(scenario, paths=256).rows[0], scenario, "en").rest)
    assert (3455 + 7 * rest) / 12 >= target > (3455 + 7 * (rest - 1)) / 12


@pytest.mark.parametrize("lang", LANGS)
def test_a_stop_loss_says_from_which_month_it_counts(lang):
    """80 % of 752.5 is 602: June and July lie below and end nothing, for month 3 is August."""
    scenario = store(window="average")
    found = standing(scenario, Option.model_validate(TERMS), paths=256)
    assert found.stop.triggered is None and found.stop.below == ("2026-06", "2026-07")
    assert (found.stop.first, found.stop.counts_from) == (3, "2026-08")
    line, said, *months = stop_lines(found, scenario, lang)
    assert "602" in line and "2026-08" in said and len(months) == 1
    assert "2026-06" in months[0] and {"zh": "不计入", "en": "before it counts"}[lang] in months[0]
    at_once = standing(scenario, Option.model_validate(TERMS | {"stop_from": 1}), paths=256)
    assert at_once.stop.triggered == "2026-07" and at_once.stop.counts_from == ""


@pytest.mark.parametrize("lang", LANGS)
def test_a_bonus_of_a_bill_says_what_was_held_against_what(lang):
    scenario = store(window="average")
    found = settled(bill_of(scenario, Option.model_validate(TERMS)))
    told = {
        one.month: one.working for one in line_rows(found, scenario, lang) if one.line == "bonus"
    }
    assert set(told) == {"2026-09", "2026-10"}  # 764 and 789 of 752.5
    assert "764 ≥ 752.5" in told["2026-09"] and "789 ≥ 752.5" in told["2026-10"]
    months = [one for one in kpi_rows(found, scenario, lang) if one.when in found.chosen]
    assert [one.target for one in months] == ["752.5"] * 5
    window = {"zh": "平均", "en": "average"}[lang]
    assert all(window not in one.text for one in months)  # each is judged by itself


@pytest.mark.parametrize("lang", LANGS)
def test_months_without_sales_are_no_baseline(lang):
    """Six months, of which two hold ads only and one nothing: three before the engagement."""
    scenario = neutral(
        {
            "history.first_month": "2026-01",
            "history.engagement_from": "2026-07",
            "history.seen_gmv": [None, None, None, 900.0, 900.0, 900.0, 950.0],
            "history.seen_orders": [None, None, None, 9.0, 9.0, 9.0, 10.0],
            "history.seen_ad_spend": [50.0, 50.0, None, 50.0, 50.0, 50.0, 50.0],
        }
    )
    told = series_sentence(scenario, lang)
    assert {"zh": "合作之前 3 个月", "en": "3 months before"}[lang] in told
    assert {"zh": "另有 3 个月没有销售数", "en": "3 further months"}[lang] in told
