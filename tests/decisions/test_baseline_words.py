"""A baseline names the months that it is the mean of: the mark and months left out count."""

import pytest

from funnel_sim.decisions.kpi.measured import baseline_of
from funnel_sim.decisions.kpi.review import remarks
from funnel_sim.output.words.kpi_contract import baseline_words
from funnel_sim.output.words.kpi_remarks import remark_sentence
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.presets import preset

GROWTH = Kpi(id="a", metric="gmv", target=0.1, relative=True, window="average", month_to=3)
MONTHS = [100.0, 200.0, 300.0, 400.0, 900.0, 900.0]


@pytest.mark.parametrize(
    ("changes", "mean", "months", "last"),
    [
        ({}, (400 + 900 + 900) / 3, 3, "2026-06"),
        ({"history.engagement_from": "2026-05"}, (200 + 300 + 400) / 3, 3, "2026-04"),
        (
            {"history.engagement_from": "2026-05", "history.left_out": ["2026-04"]},
            (100 + 200 + 300) / 3,
            3,
            "2026-03",
        ),
        ({"history.engagement_from": "2026-03"}, (100 + 200) / 2, 2, "2026-02"),
        ({"history.seen_gmv": [*MONTHS[:5], None]}, (300 + 400 + 900) / 3, 3, "2026-05"),
    ],
)
def test_the_last_month_named_is_the_last_of_the_baseline(changes, mean, months, last):
    scenario = preset("amazon-de-kitchen").replace(
        {
            "history.first_month": "2026-01",
            "history.seen_gmv": MONTHS,
            "kpis": [GROWTH.model_dump(mode="json")],
        }
        | changes
    )
    base = baseline_of(scenario, GROWTH)
    assert base is not None and base.value == pytest.approx(mean)
    assert baseline_words(base, scenario, "en") == (
        f"mean of the last {months} months used, up to {last}, before refunds"
    )
    assert baseline_words(base, scenario, "zh").endswith(f"至 {last}，未扣退款")
    one = next(found for found in remarks(scenario) if found.key == "baseline_unwritten")
    assert f"up to {last}" in remark_sentence(one, scenario, "en")
