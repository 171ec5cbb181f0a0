"""The KPIs of a contract as its check judges them, by hand."""

from types import SimpleNamespace

import pytest

from funnel_sim.decisions.quote.contract_check.judged_kpis import _baseline, _kpi_season
from funnel_sim.reference.contract_items import standard
from funnel_sim.scenario.quotes import Option
from tests.conftest import neutral


def case(kpis, check=None, **changes):
    store = neutral({"kpis": kpis} | changes)
    return SimpleNamespace(scenario=store, option=Option(id="a"), check=check, remarks=())


def gmv(name, **more):
    return {"id": name, "metric": "gmv", "target": 12_000.0, **more}


def test_a_kpi_without_a_baseline_is_named_and_one_with_it_is_good():
    """Two KPIs of money: the first has its baseline, the second lacks it (the funnel's 10,000)."""
    typed, open_ = gmv("typed", baseline=9000.0), gmv("open")
    found = _baseline(case([typed, open_]))
    assert (found.state, found.kpis) == ("bad", ("open",))
    assert found.figures["value"].value == pytest.approx(10_000.0)
    assert _baseline(case([typed])).state == "good"
    ratio = {"id": "r", "metric": "return_rate", "target": 0.1, "comparator": "at_most"}
    assert _baseline(case([ratio])).state == "good"


@pytest.mark.parametrize(("over", "state"), [(-0.001, "good"), (0.001, "bad")])
def test_a_season_above_the_standard_makes_a_target_of_those_months_easy(over, state):
    """Months 1 to 6 lie above a usual month by the standard, and by a hair less or more."""
    index = 1.0 + standard("season") + over
    season = [index] * 6 + [2.0 - index] * 6
    kpis = [gmv("peak", month_to=6), gmv("low", month_from=7, month_to=12)]
    found = _kpi_season(case(kpis, **{"plan.season": season}))
    assert (found.state, found.kpis) == (state, ("peak",))
    assert found.figures["season"].value == pytest.approx(standard("season") + over)
