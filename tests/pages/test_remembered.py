"""What was computed belongs to one tab and goes with it."""

import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import funnel_sim
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.ui.frame import PLACES
from funnel_sim.ui.session.remembered import keep, remembered, shelf
from funnel_sim.ui.widgets.uploads import worked_out
from tests.pages.test_pages import page

ROOT = Path(__file__).resolve().parents[2]


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
    assert (
        one.session_state["remembered"]["result_of"].keys()
        == other.session_state["remembered"]["result_of"].keys()
    )
    assert one.session_state["remembered"] is not other.session_state["remembered"]
    result = [
        next(iter(tab.session_state["remembered"]["result_of"].values())) for tab in (one, other)
    ]
    assert result[0] is not result[1]


VISITS = """
import gc, sys
import pytest
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario
from tests.pages.failures import watch
from tests.pages.test_pages import page

watch(pytest.MonkeyPatch())

def marked():
    return [one for one in gc.get_objects() if type(one) is Scenario and one.name == "Marker 7431"]

def visit():
    for name in {pages}:
        test = page(name, "en")
        test.session_state["scenario"] = preset("amazon-de-kitchen").replace(
            {{"name": "Marker 7431", "chance.paths": 1024}}
        )
        test.run()
        assert marked()
"""


def alone(code):
    """Run code in a process of its own, in which nothing has been loaded before; return what it
    wrote.
    """
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.slow
def test_no_scenario_is_in_memory_after_the_first_tab_of_a_process():
    """The first visitor's run loads the libraries; `gc.unfreeze` makes those findable that were set
    aside from the search.
    """
    code = VISITS.format(pages=("unit_economics", "risk_and_odds", "cac_and_ltv", "side_by_side"))
    frozen = (
        "start = gc.get_freeze_count(); visit(); gc.collect(); left = len(marked()); frozen ="
        " gc.get_freeze_count() - start; gc.unfreeze(); print(left, len(marked()), frozen)"
    )
    assert alone(code + frozen).split() == ["0", "0", "0"]


@pytest.mark.slow
def test_no_library_keeps_an_error_with_the_frames_of_the_run_that_loaded_it():
    """Every page drawn and every file made, no module's global (nor a class's) holds an exception
    that has a traceback.
    """
    code = (
        VISITS.format(pages=tuple(place.name for place in PLACES))
        + """
visit()
from funnel_sim.output.exports import FORMATS
from funnel_sim.decisions.found import find
scenario = preset("amazon-de-kitchen")
for kind in FORMATS.values():
    kind.made(scenario, find(scenario), "en")
def chain(error):
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
for module in list(sys.modules.values()):
    for name, thing in list(getattr(module, "__dict__", {}).items()):
        inner = list(vars(thing).values()) if isinstance(thing, type) else []
        for one in (thing, *inner):
            if isinstance(one, BaseException) and any(
            each.__traceback__ is not None for each in chain(one)
        ):
                print(module.__name__, name)
"""
    )
    assert alone(code).split() == []


def test_no_cache_of_the_process_is_asked_by_scenario():
    """A function that is remembered for all tabs takes no scenario, nor a text that could be
    one.
    """
    found = []
    for part in pkgutil.walk_packages(funnel_sim.__path__, "funnel_sim."):
        if part.name.endswith("__main__"):
            continue
        for name, thing in vars(importlib.import_module(part.name)).items():
            if hasattr(thing, "cache_info") and thing.__module__ == part.name:
                found.append(f"{part.name}.{name}")
                words = inspect.signature(thing).parameters
                assert not any(
                    p.name in ("text", "scenario") or "Scenario" in str(p.annotation)
                    for p in words.values()
                ), found[-1]
    assert len(found) > 20


def test_what_a_file_tells_is_worked_out_once_for_each_question_and_nothing_of_a_stop_is_kept():
    table = read_table(b"date,gmv\n2026-01-01,5\n", "x.csv")
    asked = []

    def work(show):
        asked.append(show)
        show(0.5)
        return len(asked)

    def stopped(show):
        show(0.5)
        raise KeyboardInterrupt

    answers = [worked_out(table, "f", (question,), work, "en") for question in ("a", "b", "a")]
    assert answers == [1, 2, 1] and len(asked) == 2
    with pytest.raises(KeyboardInterrupt):
        worked_out(table, "g", ("a",), stopped, "en")
    assert worked_out(table, "g", ("a",), work, "en") == 3
    shelf("told by files").clear()
