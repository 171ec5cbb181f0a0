"""With which levers on the cash to begin, and which have no clear effect."""

import pytest

from funnel_sim.chance.estimates import Figure
from funnel_sim.decisions.cash.levers import CashLever
from funnel_sim.output.words.cash_levers import clear, free_of_profit, start_sentence
from funnel_sim.words import LANGS, say


def lever(key, frees, profit, error=10.0, size=30.0):
    nothing = Figure(0.0, 0.0, 16)
    return CashLever(
        key, size, (), Figure(frees, error, 16), nothing, nothing, Figure(profit, 0.0, 16)
    )


def test_an_effect_within_its_interval_is_not_clear():
    """An error of 10 over 16 replicates is half a 95 % interval of 10 × 2.131 = 21.3."""
    assert clear(lever("supplier", 22.0, 0.0)) and clear(lever("supplier", -22.0, 0.0))
    assert not clear(lever("supplier", 21.0, 0.0))
    assert free_of_profit(lever("supplier", 22.0, 0.0))
    assert not free_of_profit(lever("supplier", 22.0, -1.0))


@pytest.mark.parametrize("lang", LANGS)
def test_those_that_cost_no_profit_come_first(lang):
    """The one that frees most costs profit, the third has no clear effect: the second is named."""
    found = [lever("slower", 900.0, -500.0, size=-0.02), lever("supplier", 500.0, 0.0),
             lever("deposit", 5.0, 0.0)]  # fmt: skip
    told = start_sentence(found, "EUR", lang)
    assert say(lang, "cash_answer.lever_supplier", size="30") in told
    assert say(lang, "cash_answer.lever_deposit") not in told
    assert start_sentence(found[:1], "EUR", lang) == say(lang, "cash.levers_cost")
    assert start_sentence(found[2:], "EUR", lang) == say(lang, "cash.levers_none")
