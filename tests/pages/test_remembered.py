"""What was computed belongs to one tab and goes with it."""

import gc
import importlib
import inspect
import pkgutil

import funnel_sim
from funnel_sim.inputs.presets import preset
from funnel_sim.inputs.scenario import Scenario
from funnel_sim.ui.remembered import keep, remembered, shelf
from tests.pages.test_pages import page


def test_an_answer_is_computed_once_and_the_oldest_forgotten():
    asked = []

    @remembered(2)
    def double(number):
        asked.append(number)
        return 2 * number

    assert [double(n) for n in (1, 2, 1, 3, 1, 2)] == [2, 4, 2, 6, 2, 4]
    assert asked == [1, 2, 3, 2]  # 2 was the oldest when 3 came; 1 had been asked for again
    assert list(shelf("double")) == [(1,), (2,)]
    keep("double", (9,), 18, 2)
    assert list(shelf("double")) == [(2,), (9,)]
    shelf("double").clear()


def test_two_tabs_share_nothing():
    one, other = page("unit_economics", "en"), page("unit_economics", "en")
    assert one.session_state["remembered"]["result_of"].keys() == other.session_state["remembered"]["result_of"].keys()
    assert one.session_state["remembered"] is not other.session_state["remembered"]
    result = [next(iter(tab.session_state["remembered"]["result_of"].values())) for tab in (one, other)]
    assert result[0] is not result[1]


def test_no_scenario_is_in_memory_after_the_tab():
    def visit():
        for name in ("unit_economics", "risk", "customers", "compare"):
            test = page(name, "en")
            test.session_state["scenario"] = preset("amazon-de-kitchen").replace({"name": "Marker 7431", "chance.paths": 1024})
            test.run()
            assert not test.exception
            assert marked()

    def marked():
        return [one for one in gc.get_objects() if type(one) is Scenario and one.name == "Marker 7431"]

    visit()
    gc.collect()
    assert marked() == []


def test_no_cache_of_the_process_is_asked_by_scenario():
    """A function that is remembered for all tabs takes no scenario, nor a text that could be one."""
    found = []
    for part in pkgutil.walk_packages(funnel_sim.__path__, "funnel_sim."):
        if part.name.endswith("__main__"):
            continue
        for name, thing in vars(importlib.import_module(part.name)).items():
            if hasattr(thing, "cache_info") and thing.__module__ == part.name:
                found.append(f"{part.name}.{name}")
                words = inspect.signature(thing).parameters
                assert not any(p.name in ("text", "scenario") or "Scenario" in str(p.annotation) for p in words.values()), found[-1]
    assert len(found) > 20
