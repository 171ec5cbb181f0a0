"""Where the simulation counts customers of before month 1 and the point values do not, the files
say so.
"""

import pytest

from funnel_sim.chance.simulation import simulate
from funnel_sim.output.words.chance import apart_sentence
from funnel_sim.output.workbook.book import built
from funnel_sim.words import say
from tests.conftest import neutral

KPI = {"id": "g", "metric": "gmv", "target": 1e9, "window": "total", "month_to": 2}


def store(**changes):
    return neutral({"customers.repeat_probability": 0.2, "kpis": [KPI], **changes})


def cells(scenario, lang):
    found = next(
        sheet for sheet in built(scenario, lang) if sheet.title == say(lang, "workbook.sheet_kpis")
    )
    texts = (getattr(cell[0], "value", cell[0]) for cell in found.cells.values())
    return [one for one in texts if isinstance(one, str)]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("changes", "earlier"),
    [
        ({"history.had_customers": True}, True),
        ({"plan.ramp_months": 6.0, "plan.ramp_start": 0.3}, False),
        ({"history.had_customers": True, "customers.repeat_probability": 0.0}, False),
    ],
)
def test_the_kpi_sheet_sends_to_the_simulation_where_earlier_customers_count(
    changes, earlier, lang
):
    texts = cells(store(**changes), lang)
    assert (say(lang, "workbook.k_see_simulation") in texts) == earlier
    assert (say(lang, "workbook.k_met_before") in texts) == earlier
    assert (say(lang, "word.no") in texts) == (not earlier)


def test_nothing_uncertain_is_not_blamed_on_uncertainty():
    scenario = store(**{"history.had_customers": True, "kpis": []})
    median = simulate(scenario).of("profit")
    value = float(sum(median.mean(axis=1))) if median.ndim > 1 else float(median.mean())
    said = apart_sentence(scenario, value * 1.5, "x", "en")
    assert "customers of before month 1" in said and "uncertainty" not in said
    ranged = scenario.replace(
        {"product.price": {"dist": "pert", "low": 90.0, "likely": 100.0, "high": 120.0}}
    )
    assert "uncertainty" in apart_sentence(ranged, value * 1.5, "x", "en")
