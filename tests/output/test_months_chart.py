"""The chart of a store's months: what is before and since, what is not known, what was marked."""

import math

import pytest

from funnel_sim.decisions.review.example import example_after_signing
from funnel_sim.output.charts.months import data_series, spec_series
from funnel_sim.output.words import formats
from funnel_sim.output.words.actual_months import (
    at_odds_sentences,
    events_by_month,
    series_sentence,
)
from funnel_sim.scenario.presets import preset

MONTHS = ("2026-01", "2026-02", "2026-03")


def series(mark, values=(5.0, math.nan, 7.0), events=None):
    return data_series(MONTHS, values, mark, events or {}, formats.number, "en")


def test_months_are_told_apart_by_the_mark_and_a_gap_is_no_zero():
    rows = series("2026-02", events={"2026-03": "Promotion"})
    assert rows["kind"].tolist() == ["before", "since", "since"]
    assert rows["first"].tolist() == [False, True, False]
    assert rows["value"].isna().tolist() == [False, True, False]
    assert rows["text"].tolist() == ["5", "not known", "7"]
    assert rows["event"].tolist() == ["", "", "Promotion"]


@pytest.mark.parametrize(
    ("mark", "first"),
    [("", [False] * 3), ("2025-06", [True, False, False]), ("2026-04", [False] * 3)],
)
def test_a_mark_beside_the_months_draws_no_line_where_there_is_none(mark, first):
    assert series(mark)["first"].tolist() == first


def test_the_name_of_the_mark_stands_on_the_side_that_has_room():
    assert series("2026-01")["side"][0] == "left" and series("2026-03")["side"][2] == "right"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_colours_are_those_of_the_theme(theme):
    axis = formats.axis("money", "EUR", "en")
    spec = spec_series("en", theme, axis, "GMV")
    ranges = [
        layer["encoding"]["color"]["scale"]["range"]
        for layer in spec["layer"]
        if "color" in layer.get("encoding", {})
    ]
    assert len(ranges) == 1 and len(set(ranges[0])) == 2


STORE = preset("amazon-de-kitchen").replace(
    {
        "history.first_month": "2025-12",
        "history.engagement_from": "2026-03",
        "history.seen_gmv": [9.0, 9.0, 9.0, 10.0, 12.0],
        "history.seen_orders": [1.0, 1.0, 1.0, 2.0, None],
    }
)


def test_the_sentence_counts_both_sides_and_names_what_lacks_with_its_months():
    assert series_sentence(STORE, "en") == (
        "3 months before the engagement, 2 since. Missing: orders in 2026-04; ad spend, sales from"
        " ads, visits, clicks, refunds in every month since."
    )
    assert series_sentence(STORE, "zh") == (
        "合作之前 3 个月，合作以来 2 个月。"
        "还缺：2026-04 的订单数；合作以来各月的广告花费、广告销售额、访客数、点击量、退款。"
    )


def test_too_few_months_before_are_said_from_two_down():
    less = STORE.replace({"history.engagement_from": "2026-02"})  # two before
    assert "With fewer than 3 months before" in series_sentence(less, "en")
    assert "With fewer than 3 months before" not in series_sentence(STORE, "en")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_marks_and_contradictions_are_in_words(lang):
    example = example_after_signing(lang)
    assert events_by_month(example, lang) == {"2026-08": {"zh": "断货", "en": "Out of stock"}[lang]}
    odd = STORE.replace({"history.seen_refunds": [None, None, None, 11.0, 12.0]})
    told = at_odds_sentences(odd, ("2026-03", "2026-04"), lang)
    assert len(told) == 1 and "2026-03" in told[0]  # 12 of 12 in April: all of it came back
