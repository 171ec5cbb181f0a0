"""Why a KPI's median is worse than today: by hand on a store whose months are known."""

import math

import pytest

from funnel_sim.decisions.kpi.check import check
from funnel_sim.decisions.kpi.pulls import pulls
from funnel_sim.output.words.kpi_remarks import pull_sentence
from funnel_sim.scenario.presets import preset
from funnel_sim.words import LANGS
from tests.decisions.test_stop_loss import growth, store


def test_skewed_months_pull_the_median_below_today():
    """One lognormal month of CV 0.3 and mean 20,000 has its median at 20,000 ÷ √1.09 = 19,157;
    without the noise it is 20,000.
    """
    noisy = {"chance.month_noise": True, "chance.demand_cv": 0.3, "chance.autocorrelation": 0.0}
    scenario = store(growth(0.1, window="month", month_to=1), **noisy)
    [pull] = pulls(check(scenario, paths=4096))
    assert pull.current == pytest.approx(20_000) and pull.median == pytest.approx(
        20_000 / math.sqrt(1.09), rel=0.01
    )
    assert [name for name, _ in pull.by] == ["noise"] and pull.by[0][1] == pytest.approx(
        20_000, rel=0.002
    )
    for lang in LANGS:
        text = pull_sentence(pull, scenario, lang)
        assert "20,0" in text and "{" not in text


def test_the_season_is_named_where_it_pulls():
    """Months 1 to 3 at 0.8: the median is 16,000; with an even year 20,000."""
    scenario = store(
        growth(0.1), **{"plan.season": [0.8] * 3 + [9.6 / 9] * 9, "plan.start_month": 1}
    )
    [pull] = pulls(check(scenario, paths=256))
    assert pull.median == pytest.approx(16_000) and pull.by == (("season", pytest.approx(20_000)),)


def test_nothing_is_said_where_the_median_is_as_good_as_today():
    assert pulls(check(store(growth(0.1)), paths=256)) == []


def test_a_ratio_that_has_become_worse_is_told_upwards():
    """ACoS is spend over sales: without noise the median stands on today and nothing is said; every
    pull of a preset leads back towards today.
    """
    kpi = {"id": "a", "metric": "acos", "comparator": "at_most", "target": 0.2}
    [pull] = pulls(check(preset("amazon-de-kitchen").replace({"kpis": [kpi]}), paths=1024))
    assert pull.median > pull.current and pull.by
    assert all(value < pull.median for _, value in pull.by)
