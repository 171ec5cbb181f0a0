"""The line on screen about the age of the data: there when it must be, absent otherwise."""

import datetime as dt

import pytest

from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.presets import preset
from funnel_sim.words import LANGS, say
from tests.pages.test_pages import page


def banner(test):
    return [one.value for one in test.caption if "event_busy" in one.value]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    ("when", "there"), [(DATA_DATE, False), (DATA_DATE + dt.timedelta(days=1), True)]
)
def test_a_plan_after_the_last_check_is_told_in_one_sentence(when, there, lang):
    test = page("my_shop", lang)
    test.session_state["scenario"] = preset("amazon-de-kitchen").replace(
        {"as_of": when.isoformat()}
    )
    test.run()
    assert not test.exception
    told = banner(test)
    assert bool(told) is there
    if there:
        assert say(lang, "upkeep.past", day=when.isoformat(), last=DATA_DATE.isoformat()) in told[0]


def test_the_duty_that_changed_since_is_said_and_the_plan_keeps_its_own():
    test = page("my_shop")
    then = preset("amazon-us-toys").replace(
        {"as_of": "2026-07-23", "tax.duty_layers": [{"name": "Section 122", "rate": 0.1}]}
    )
    test.session_state["scenario"] = then
    test.run()
    assert not test.exception
    assert any("10.0% on 2026-07-23" in text and "12.5%" in text for text in banner(test))
    assert test.session_state["scenario"] == then
