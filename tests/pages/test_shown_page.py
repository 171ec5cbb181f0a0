"""Every page in the home currency, by AppTest: the frame has the choice, and no amount of the sales
currency stands beside converted ones, but where it is typed or agreed.
"""

import re

import pytest

from funnel_sim.scenario.presets import preset
from tests.pages.test_pages import page, texts

HOME = preset("amazon-de-kitchen").replace(
    {
        "shown_in": "home",
        "chance.fx_walk": True,
        "kpis": [
            {"id": "p", "metric": "profit", "target": 1500.0, "window": "average", "month_to": 3}
        ],
        "options": [
            {"id": "q", "name": "Q", "base": 8000.0, "claimed": 0.3, "fee_currency": "cost"}
        ],
    }
)
PAGES = (
    "start", "my_shop", "quote_test", "kpi_check", "unit_economics", "risk_and_odds",
    "cac_and_ltv", "conversion_test", "method_and_sources", "side_by_side", "slide_show",
    "export_files",
)  # fmt: skip
TYPED = (
    r"^€[\d.,]+\s–\s€[\d.,]+$",  # a range that was typed
    r"≈ CN¥",  # as it was typed, with what it is today
    r"ad budget of €",  # a budget to type
)
"""What may stand in the sales currency."""


def at_home(name):
    test = page(name)
    test.session_state["scenario"], test.session_state["revision"] = HOME, 1
    return test.run()


@pytest.mark.sampled(9)
@pytest.mark.parametrize("name", PAGES)
def test_no_result_is_in_the_sales_currency(name):
    test = at_home(name)
    assert not test.exception and not test.error
    told = [
        line
        for line in texts(test).splitlines()
        if "€" in line and not any(re.search(one, line) for one in TYPED)
    ]
    if name not in ("my_shop", "method_and_sources"):  # these show inputs
        assert told == []
    assert "Results are in CNY" in texts(test) or name in ("start", "slide_show")


def test_the_choice_in_the_frame_is_kept_with_the_scenario_and_undone():
    test = page("unit_economics")
    assert "€" in texts(test) and "CN¥13" not in texts(test)
    next(one for one in test.segmented_control if one.key == "shown_in_sales").set_value(
        "home"
    ).run()
    assert test.session_state["scenario"].shown_in == "home"
    assert "CN¥" in texts(test)
    test.button(key="undo").click().run()
    assert test.session_state["scenario"].shown_in == "sales"
    assert next(one for one in test.segmented_control if one.key == "shown_in_sales").value == (
        "sales"
    )


def test_a_store_without_another_currency_has_no_choice():
    test = page("unit_economics")
    test.session_state["scenario"] = HOME.replace(
        {"currency": "CNY", "cost_currency": "CNY", "fx_rate": 1.0, "shown_in": "sales",
         "chance.fx_walk": False}
    )  # fmt: skip
    test.session_state["revision"] = 2
    test.run()
    assert not [one for one in test.segmented_control if "shown_in" in str(one.key)]
