"""All that is found of a scenario is what each function says, and nothing that is not asked."""

import pytest

from funnel_sim.decisions.found import find
from funnel_sim.decisions.kpi.check import check
from funnel_sim.decisions.quote.answer import compare
from funnel_sim.model.economics import evaluate
from tests.conftest import neutral

KPI = {"id": "g", "metric": "gmv", "target": 9_000.0, "window": "month", "month_to": 1}
QUOTE = {"id": "q", "base": 100.0, "claimed": 0.2, "ramp": 0.0}


def test_a_store_alone_asks_for_no_kpi_and_no_quote():
    found = find(neutral(), 256)
    assert found.result.steady == evaluate(neutral()).steady
    assert found.estimate.mean.value == 120_000 and found.paths == 256  # 12 months of 10,000
    assert found.by_month is not None and found.bars is not None and found.worth is not None
    assert found.check is None and found.answers is None and found.quotes == ()
    assert found.remarks == found.contracts == found.counters == found.problems == ()


@pytest.mark.slow
def test_kpis_and_compared_quotes_are_answered_as_alone():
    options = [QUOTE, QUOTE | {"id": "r", "compared": False}]
    shop = neutral({"kpis": [KPI], "options": options, "conversion.cvr": 0.5,
                    "channels.orders.impressions": 200.0})  # fmt: skip
    found = find(shop, 256)
    assert found.check.joint == check(shop, 256).joint and found.remarks
    assert [one.option.id for one in found.quotes] == ["q"]
    assert found.quotes[0].miss == compare(shop, 256).of("q").miss
    assert [one.option.id for one in found.contracts] == ["q"]
    assert [one.option.id for one in found.counters] == ["q"]
    assert found.measured is not None and found.scenario is not None


def test_a_quote_that_is_not_compared_is_no_question():
    found = find(neutral({"options": [QUOTE | {"compared": False}]}), 256)
    assert found.answers is None and found.contracts == () and found.problems == ()


def test_what_cannot_be_worked_out_is_told_and_the_rest_is_there():
    """All visitors buy already: 20 % more buyers there cannot be."""
    found = find(neutral({"options": [QUOTE]}), 256)
    assert {one.problems[0].where for one in found.problems} == {"options.q.claimed"}
    assert found.answers is None and found.quotes == () and found.counters == ()
    assert found.estimate is not None and found.worth is not None
