"""What another term is worth, step by step."""

from dataclasses import replace

import numpy as np
import pytest

from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.futures import outcomes
from funnel_sim.decisions.review.renewal import renewal
from funnel_sim.output.words.renewal_worth import share_sentence, worth_heads, worth_rows
from funnel_sim.scenario.quotes import Option
from funnel_sim.words import LANGS
from tests.pages.after_signing import SINCE, store


@pytest.fixture(scope="module")
def found():
    scenario = store()
    return scenario, renewal(scenario, scenario.options[0], paths=512)


def test_the_steps_lead_from_the_months_to_the_worth(found):
    _, known = found
    steps, stays = known.steps, known.options[0]
    # (11,800 + 13,500 + 14,200 + 14,900) / 4 = 13,600
    assert steps.came == pytest.approx(sum(SINCE) / 4) == 13600 and steps.months == 4
    assert steps.middle == pytest.approx(np.median(known.effect.found.belief))
    assert steps.added * steps.left == pytest.approx(steps.brought)
    assert steps.worth == pytest.approx(steps.brought + steps.saved - steps.own)
    assert steps.worth == pytest.approx(known.worth) and steps.fee == pytest.approx(known.fee)
    assert (steps.worth - steps.fee) * known.months == pytest.approx(stays.gain)


def test_sales_without_the_agency_are_those_of_an_option_that_changes_nothing(found):
    scenario, known = found
    nothing = Option(id="nothing", fee_currency="sales", term=known.months, effect=0.0, base=1.0)
    store_alone = known.store.replace({"options": [nothing.model_dump(mode="json")]})
    [alone] = outcomes(store_alone, [Case(nothing)], paths=512)
    # counted as the months' GMV is, with the 19 % of tax that their prices hold
    assert known.steps.alone == pytest.approx(1.19 * alone.sales.mean() / known.months)
    mean = float(np.mean(known.effect.found.belief))
    # all of the effect is there from the first month: its mean, give or take repeat orders
    assert known.steps.added / known.steps.alone == pytest.approx(mean, abs=0.02)
    assert scenario.currency == "EUR"


def numbers(text):
    """Return the amounts of "€1,234" in a text."""
    parts = "".join(c if c.isdigit() or c in "€," else " " for c in text).split()
    return [float(one.strip("€,").replace(",", "")) for one in parts if one.startswith("€")]


@pytest.mark.parametrize("lang", LANGS)
def test_what_stands_in_the_table_can_be_worked_out_again(found, lang):
    scenario, known = found
    rows = worth_rows(known, scenario, lang)
    assert len(worth_heads(lang)) == 3 and all(len(row.cells) == 2 for row in rows)
    came, alone, added, brought, worth, fee, gain = (numbers(row.cells[1])[0] for row in rows)
    assert numbers(rows[1].cells[0])[0] == came
    for row, sales in ((rows[2], alone), (rows[3], added)):
        rate = float(row.cells[0].split("×")[1].split("%")[0].strip(" +")) / 100
        assert numbers(row.cells[0])[0] == sales
        assert sales * rate == pytest.approx(numbers(row.cells[1])[0], abs=sales * 0.0005 + 1)
    assert worth == brought and worth - fee == pytest.approx(gain, abs=1)


@pytest.mark.parametrize("lang", LANGS)
def test_own_costs_and_hours_saved_stand_in_the_sum(found, lang):
    scenario, known = found
    steps = replace(known.steps, brought=500.0, saved=120.0, own=80.0, worth=540.0, fee=400.0)
    rows = worth_rows(replace(known, steps=steps), scenario, lang)
    total = next(row for row in rows if row.cells[1] == "€540")
    assert numbers(total.cells[0]) == [500, 120, 80]  # 500 + 120 − 80 = 540
    # a month without figures has no first step, next to nothing added no margin
    bare = replace(known.steps, came=None, added=0.001, brought=3.0)
    assert len(worth_rows(replace(known, steps=bare), scenario, lang)) == 6


@pytest.mark.parametrize("lang", LANGS)
def test_the_share_at_which_the_fee_is_what_it_is_worth(found, lang):
    """600 a month, 150 by a share of 5 %; worth 520: 150 − 80 = 70, 5 % · 70 / 150 = 2.33 %."""
    scenario, known = found
    stays = replace(known.options[0], lines={"base": 450.0 * 12, "share": 150.0 * 12})
    one = replace(known, months=12, fee=600.0, worth=520.0, options=(stays,), advice="renegotiate")
    assert "2.33%" in share_sentence(one, scenario, lang)
    assert share_sentence(replace(one, worth=440.0), scenario, lang) == ""  # 150 < 160
    assert share_sentence(replace(one, advice="leave"), scenario, lang) == ""
    capped = replace(stays, lines={**stays.lines, "cap": -600.0})
    assert share_sentence(replace(one, options=(capped,)), scenario, lang) == ""
