"""A KPI of counts that is added: read as a total, open, and not counted before it has a target."""

import pytest

from funnel_sim.decisions.kpi.check import check
from funnel_sim.errors import InputError
from funnel_sim.scenario import links
from funnel_sim.scenario.presets import preset
from tests.pages.numbers import numbers
from tests.pages.test_pages import LANGS, page

ROAS = {"id": "roas", "metric": "roas", "target": 2.0}
SKUS = {"id": "skus", "metric": "listings_live", "target": 0.0, "window": "total", "month_to": 3}
OWN = {"seen": 4.0, "seen_months": 2, "per_month": 9.0}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("metric", "window"), [("listings_live", "total"), ("orders", "total"), ("roas", "average")]
)
def test_a_counted_kpi_is_added_open_and_as_a_total(metric, window, lang):
    start = preset("amazon-de-kitchen").replace({"kpis": [ROAS]})
    test = page("kpi_check", lang, links.encode(start))
    test.session_state["kpi_more"] = True
    test.run()
    chosen = next(one for one in test.selectbox if str(one.key).startswith("kpi_new_"))
    chosen.set_value(metric).run()  # chosen is added: no button beside it any more
    made = test.session_state["scenario"].kpis[1]
    # Germany's 19 % stand in the console's sales: what an agency means by ROAS is the console's
    counted = {"roas": "roas_console"}.get(metric, metric)
    assert (made.metric, made.window) == (counted, window)
    assert any(f"kpis.{made.id}.target" in one.key for one in numbers(test))
    assert not test.exception


def test_a_target_of_nothing_is_not_counted():
    """0 new SKUs are met for certain: left out. One is counted, and so is the other KPI."""
    start = preset("amazon-de-kitchen")
    none = start.replace({"kpis": [ROAS, SKUS | OWN]})
    assert check(none, paths=1024).left_out == ("skus",)
    one = start.replace({"kpis": [ROAS, SKUS | OWN | {"target": 1.0}]})
    assert check(one, paths=1024).left_out == ()
    with pytest.raises(InputError) as refused:
        check(start.replace({"kpis": [SKUS | OWN]}))
    assert [each.rule for each in refused.value.problems] == ["kpi_target_missing"]
