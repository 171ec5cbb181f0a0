"""A question or a refusal below a field stands in the verdict beside it too, until it is gone."""

import pytest

from funnel_sim.scenario import links
from funnel_sim.scenario.presets import preset
from funnel_sim.words import say
from tests.pages.numbers import numbers, type_number
from tests.pages.test_pages import LANGS, page, texts

KPI = {"id": "roas", "metric": "roas", "target": 3.0}
QUOTE = {"id": "quote", "base": 20_000.0, "claimed": 0.1}


def opened(name, lang):
    start = preset("amazon-de-kitchen")
    changes = {"options": [QUOTE]} if name == "quote_test" else {"kpis": [KPI]}
    return page(name, lang, links.encode(start.replace(changes)))


def told(test, fields, count, lang):
    return say(lang, "number.not_taken", count=count, fields=fields) in texts(test).replace(
        "\\", ""
    )


def label(test, end):
    return next(one.label for one in numbers(test) if one.key.endswith(end))


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["quote_test", "kpi_check"])
def test_a_question_marks_the_verdict_until_it_is_answered(name, lang):
    """2,599 against 29.99 is asked about; 40 % is no price."""
    test = opened(name, lang)
    price, cost = label(test, "product.price"), label(test, "product.unit_cost")
    assert say(lang, "number.not_taken_short", count=1) not in texts(test)
    test = type_number(test, "product.price", "2599")
    assert told(test, price, 1, lang)
    assert say(lang, "number.not_taken_short", count=1) in texts(test)
    test = type_number(test, "product.unit_cost", "abc")
    assert told(test, say(lang, "risk.listed").join([price, cost]), 2, lang)
    asked = next(one for one in test.button if "product.price:ask:0" in str(one.key))
    test = asked.click().run()
    assert told(test, cost, 1, lang)
    test = type_number(test, "product.unit_cost", "38")
    assert not told(test, cost, 1, lang)
    assert say(lang, "number.not_taken_short", count=1) not in texts(test)
    assert not test.exception


def test_what_its_owner_refuses_marks_the_verdict_too():
    """A negative cost is a number, and yet no cost."""
    test = opened("kpi_check", "en")
    cost = label(test, "product.unit_cost")
    test = type_number(test, "product.unit_cost", "-3")
    assert told(test, cost, 1, "en")
    assert not told(type_number(test, "product.unit_cost", "38"), cost, 1, "en")
