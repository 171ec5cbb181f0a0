"""The question about the ad budget in file, link and another currency; what it refuses."""

import json

import pytest

from funnel_sim.decisions.economics.currencies import in_currency
from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario import files, links
from funnel_sim.scenario.budget import BudgetBound, BudgetTerms
from funnel_sim.scenario.presets import preset

KITCHEN = preset("amazon-de-kitchen")
ASKED = {
    "budget.budget_total": 2500.0,
    "budget.budget_goal": "gmv",
    "budget.profit_floor": -100.0,
    "budget.budget_step": 50.0,
    "budget.next_spend": 800.0,
    "budget.assume_response": False,
    "budget.bounds": [{"channel": "ads", "low": 100.0, "high": 900.0}],
}


def test_it_lives_in_file_and_link():
    made = KITCHEN.replace(ASKED)
    assert files.from_bytes(files.to_text(made).encode()) == made
    assert links.decode(links.encode(made)).scenario == made
    whole = made.but(preset="")
    assert links.decode(links.encode(whole)).scenario == whole


def test_a_file_written_before_there_was_one_opens_unchanged():
    plain = json.loads(files.to_text(KITCHEN))
    del plain["scenario"]["budget"]
    assert files.from_bytes(json.dumps(plain).encode()) == KITCHEN


def test_no_figure_reads_it():
    asked, plain = (evaluate(one).steady for one in (KITCHEN.replace(ASKED), KITCHEN))
    own = {path.rpartition(".")[2] for path in ASKED}
    assert {key for key in plain if asked[key] != plain[key]} <= own


def test_amounts_go_along_into_another_currency():
    made = in_currency(KITCHEN.replace(ASKED), "currency", "USD").budget
    rate = made.budget_total / 2500.0
    assert rate != 1 and made.profit_floor == pytest.approx(-100 * rate)
    assert made.bounds[0].high == pytest.approx(900 * rate)
    assert made.budget_step == pytest.approx(50 * rate)
    assert made.next_spend == pytest.approx(800 * rate)


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        ("budget.budget_total", -0.01, "at_least"),
        ("budget.budget_step", 0.0, "above"),
        ("budget.gmv_target", 0.0, "above"),
        ("budget.next_spend", 0.0, "above"),
        ("budget.budget_goal", "most", "choice"),
        ("budget.bounds", [{"channel": "ads", "low": 5.01, "high": 5.0}], "budget_bounds"),
        ("budget.bounds", [{"channel": "ads", "low": -1.0}], "at_least"),
        ("budget.bounds", [{"channel": "ads"}, {"channel": "ads"}], "budget_twice"),
        ("budget.bounds", [{"channel": f"c{n}"} for n in range(241)], "too_many"),
    ],
)
def test_what_it_refuses(path, value, rule):
    with pytest.raises(InputError) as error:
        KITCHEN.replace({path: value})
    assert error.value.problems[0].rule == rule
    assert all("{" not in one for lang in ("zh", "en") for one in error.value.sentences(lang))


def test_what_it_just_takes():
    assert KITCHEN.replace({"budget.budget_total": 0.0}).budget.budget_total == 0.0
    same = [{"channel": "ads", "low": 5.0, "high": 5.0}]
    assert KITCHEN.replace({"budget.bounds": same}).budget.bound("ads").high == 5.0
    assert BudgetTerms().bound("x") == BudgetBound(channel="x")
