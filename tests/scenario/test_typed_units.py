"""Words of a unit typed after a number, and examples that suit the field."""

import pytest

from funnel_sim.errors import InputError
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.typed_numbers import read_number, typed_record
from funnel_sim.words import catalogue


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("900单", Unit.COUNT, 900.0),
        ("900 单", Unit.COUNT, 900.0),
        ("1.2万单", Unit.COUNT, 12_000.0),
        ("40件", Unit.COUNT, 40.0),
        ("900 orders", Unit.COUNT, 900.0),
        ("3个月", Unit.MONTHS, 3.0),
        ("2500欧", Unit.MONEY, 2_500.0),
        ("2500欧元", Unit.MONEY, 2_500.0),
    ],
)
def test_a_unit_that_the_label_names_is_read(text, unit, value):
    assert read_number(text, unit=unit, currency="EUR" if unit is Unit.MONEY else "").value == value


def test_euros_in_another_currency_are_asked_about():
    assert read_number("2500欧", unit=Unit.MONEY, currency="USD").why == "currency"


@pytest.mark.parametrize(
    ("text", "unit", "rule"),
    [
        ("40%", Unit.MONEY, "typed_money"),
        ("40%", Unit.COST_MONEY, "typed_money"),
        ("900单", Unit.MONEY, "typed_money"),
        ("单", Unit.COUNT, "typed_count"),
        ("40%", Unit.MONTHS, "typed_count"),
        ("abc", Unit.RATE, "typed_number"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_refusal_gives_no_example_that_would_be_refused(text, unit, rule, lang):
    with pytest.raises(InputError) as refused:
        read_number(text, unit=unit)
    [problem] = refused.value.problems
    assert problem.rule == rule
    assert ("40%" in catalogue(lang)[f"rule.{rule}"]) is (rule == "typed_number")


@pytest.mark.parametrize("text", ["12/10", "12 of 10", "１２／１０", "12 out of 10"])
def test_a_record_with_more_met_than_shown_is_asked_about(text):
    with pytest.raises(InputError) as refused:
        typed_record(text)
    [problem] = refused.value.problems
    assert problem.rule == "typed_record_swapped" and problem.parts["other"] == "10/12"


@pytest.mark.parametrize("text", ["10/12", "10 of 12", "12家里10家达标"])
def test_a_record_in_either_order_of_words_is_read(text):
    assert typed_record(text) == (10.0, 12.0)
