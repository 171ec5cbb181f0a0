"""The exchange rate, the one field at the top of a scenario that holds a range: on every page, from
a link and typed.
"""

import pytest

from funnel_sim.model.economics import evaluate
from funnel_sim.scenario import links
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.ui.frame import PLACES
from tests.pages.numbers import numbers
from tests.pages.test_pages import LANGS, page, texts

RATE = {"dist": "pert", "low": 7.4, "likely": 7.9, "high": 8.5, "meaning": "p80"}
KPI = {"id": "gmv", "metric": "gmv", "target": 0.2, "relative": True, "month_to": 3}
RANGED = preset("amazon-de-kitchen").replace(
    {
        "fx_rate": RATE,
        "kpis": [KPI],
        "options": [{"id": "quote", "base": 3000.0}],
        "chance.paths": 1024,
    }
)


@pytest.mark.sampled(11)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", [place.name for place in PLACES])
def test_a_range_on_the_rate_reaches_every_page(name, lang):
    """Opened by its link, drawn without a failure (each run is looked at), and the scenario holds
    the same range afterwards.
    """
    test = page(name, lang, links.encode(RANGED))
    assert not test.error
    assert test.session_state["scenario"] == RANGED
    assert test.session_state["page"] == {
        place.name: place.path for place in PLACES if place.name != "start"
    }.get(name, "")  # the first page has no address of its own


@pytest.mark.parametrize("lang", LANGS)
def test_the_inputs_show_its_likely_rate_and_a_new_one_moves_the_range_along(lang):
    """The rate typed is the likely one; the ends move by the same ratio: 7.4 × 8.058 / 7.9 = 7.548,
    8.5 × 8.058 / 7.9 = 8.67.
    """
    test = page("my_shop", lang, links.encode(RANGED))
    test.session_state["theme_basics"] = True
    test.run()
    rate = next(one for one in numbers(test) if "CNY / 1 EUR" in one.label)
    assert rate.value == pytest.approx(7.9)
    rate.set_value(8.058).run()
    found = test.session_state["scenario"].fx_rate
    assert is_range(found) and point_value(found) == pytest.approx(8.058)
    assert (found.low, found.high) == pytest.approx((7.548, 8.67), rel=1e-4)


def test_the_rate_at_which_the_store_loses_is_named_where_the_rate_has_a_range():
    """All else certain, profit = R − C ÷ rate: it is zero at C ÷ R, worked out from the profit at
    7.5 and 8.5.

    Where the price alone has a range, the rate is only named among the inputs left out.
    """
    sure = preset("amazon-de-kitchen").replace({"product.unit_cost": 75.0})
    flat = sure.replace(
        {path: point_value(value) for path, value in sure.quantities() if is_range(value)}
        | {"chance.month_noise": False, "chance.counting": False}
    )
    low, high = (evaluate(flat.replace({"fx_rate": rate})).horizon["profit"] for rate in (7.5, 8.5))
    costs = (high - low) / (1 / 7.5 - 1 / 8.5)
    even = costs / (low + costs / 7.5)
    for path, value, named in (
        ("fx_rate", RATE, True),
        ("product.price", RATE | {"low": 28.0, "likely": 30.0, "high": 32.0}, False),
    ):
        test = page("risk_and_odds", "en", links.encode(flat.replace({path: value})))
        test.segmented_control(key="risk_view_en").set_value("drivers").run()
        assert (f"- Exchange rate under {even:.2f}: you lose money" in texts(test.run())) is named
