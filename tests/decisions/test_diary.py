"""The forecast diary by hand: what was met, where an outcome fell, how probabilities did, and what
is no entry.
"""

import datetime as dt
import json

import pytest

from funnel_sim.decisions.kpi.check import LEVELS
from funnel_sim.decisions.kpi.diary import DiaryEntry, Forecast, diary_text, read_diary, score
from funnel_sim.errors import InputError

COUNT = len(LEVELS)


def forecast(odds=0.5, came=None, comparator="at_least", target=100.0):
    quantiles = tuple(float(10 * place) for place in range(COUNT))
    return Forecast("g", "gmv", "GMV", comparator, target, odds, quantiles, came)


def entry(*said):
    return DiaryEntry(dt.date(2026, 11, 27), "shop", 3, "9", 0.25, said)


@pytest.mark.parametrize(
    ("comparator", "came", "met"),
    [
        ("at_least", 100.0, True), ("at_least", 99.9, False), ("at_least", None, None),
        ("at_most", 100.0, True), ("at_most", 100.1, False),
    ],
)  # fmt: skip
def test_a_target_that_is_just_reached_is_met(comparator, came, met):
    assert forecast(came=came, comparator=comparator).met is met


def test_an_outcome_falls_among_the_simulated_ones():
    assert forecast(came=-1.0).fell == 0 and forecast(came=1e9).fell == 1
    assert forecast(came=10.0).fell == pytest.approx(LEVELS[1])
    assert forecast(came=15.0).fell == pytest.approx((LEVELS[1] + LEVELS[2]) / 2)
    assert forecast().fell is None


def test_the_score_of_probabilities_by_hand():
    # (0.9 − 1)² = 0.01, (0.6 − 0)² = 0.36, (1 − 1)² = 0, (0 − 0)² = 0: 0.0925 on average; always
    # saying 50 %, the share that was met: 0.25
    entries = [
        entry(forecast(0.9, 100.0), forecast(0.6, 1.0), forecast(0.7)),
        entry(forecast(1.0, 200.0), forecast(0.0, 0.0)),
    ]
    found = score(entries)
    assert (found.known, found.met) == (4, 2)
    assert found.brier == pytest.approx(0.0925) and found.always == pytest.approx(0.25)
    assert sum(number for _, _, number, _, _ in found.bins) == 4  # each once, also 0 and 1
    for low, high, number, said, met in found.bins:
        assert low <= said <= high and 0 <= met <= 1 and number > 0
    assert found.bins[-1][1] == 1.0 and found.bins[0][3:] == (0, 0)
    assert score([entry(forecast())]) is None and score([]) is None


@pytest.mark.parametrize("odds", [0.0, 0.2, 0.5, 0.8, 0.95, 0.99, 1.0])
def test_every_probability_has_one_bin(odds):
    [only] = score([entry(forecast(odds, 100.0))]).bins
    assert only[0] <= odds <= only[1] and only[2:] == (1, odds, 1.0)


def test_what_came_is_written_down_by_kpi_and_stays():
    first = entry(forecast()).with_actuals({"g": 7.0})
    assert first.said[0].came == 7
    assert first.with_actuals({}).said[0].came == 7
    assert first.with_actuals({"g": None}).said[0].came is None
    assert read_diary(diary_text(first).encode()) == first


def changed(**more):
    body = json.loads(diary_text(entry(forecast(), forecast())))
    for path, value in more.items():
        (body if path in body else body["said"][1])[path] = value
    return json.dumps(body).encode()


@pytest.mark.parametrize("more", [{"joint": 0.0}, {"joint": 1.0}, {"odds": 0}, {"odds": 1}])
def test_a_probability_of_nothing_or_all_is_one(more):
    assert read_diary(changed(**more))


@pytest.mark.parametrize(
    "more",
    [
        {"joint": -0.01}, {"joint": 1.01}, {"odds": -0.01}, {"odds": 1.01}, {"said": []},
        {"comparator": "more"}, {"quantiles": [1.0] * (COUNT - 1)},
        {"quantiles": [1.0] * (COUNT + 1)}, {"made": "yesterday"}, {"seed": "x"},
        {"funnel_sim_diary": 99},
    ],
)  # fmt: skip
def test_what_is_no_entry_is_refused(more):
    with pytest.raises(InputError, match="diary"):
        read_diary(changed(**more))
