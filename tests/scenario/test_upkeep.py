"""What to check next: the soonest first; a scenario's day against the data it rests on."""

import datetime as dt
import json

import pytest

from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.upkeep import aged, due
from tests.conftest import neutral
from tests.test_cli import run


def test_the_soonest_comes_first_and_only_rows_in_force_are_there():
    found = due(DATA_DATE)
    dated = [one.due for one in found if one.due]
    assert dated == sorted(dated) and all(one.source for one in found)
    dollars = [one for one in found if (one.topic, one.what) == ("fx", "USD")]
    assert [(one.value, one.since) for one in dollars] == [
        ("6.7046", dt.date(2026, 10, 2))
    ]  # not the older levels beside it
    assert not any("IEEPA" in one.what for one in found)  # ended on 2026-02-23
    assert any("IEEPA" in one.what for one in due(dt.date(2026, 2, 1)))


@pytest.mark.parametrize(
    ("when", "past"), [(DATA_DATE, False), (DATA_DATE + dt.timedelta(days=1), True)]
)
def test_a_plan_dated_after_the_last_check_is_told(when, past):
    assert aged(preset("amazon-de-kitchen", when)).past is past
    assert aged(neutral({"as_of": when.isoformat()})).past is past


def test_law_past_its_review_is_told_by_field_unless_it_is_the_users_own():
    # duty checked on 2026-11-27, every 2 months: due 2027-01-27
    assert "tax.duty_rate" not in aged(preset("amazon-us-toys", dt.date(2027, 1, 27))).late
    late = preset("amazon-us-toys", dt.date(2027, 1, 28))
    assert "tax.duty_rate" in aged(late).late
    assert "tax.duty_rate" not in aged(late.replace({"tax.duty_rate": 0.01})).late


def test_a_change_of_duty_since_the_plans_day_is_said_and_changes_nothing():
    then = preset("amazon-us-toys").replace(
        {"as_of": "2026-07-23", "tax.duty_layers": [{"name": "Section 122", "rate": 0.1}]}
    )
    found = aged(then)
    assert (found.duty_then, found.duty_now) == (0.10, 0.125)  # Section 122 then, forced labour now
    assert sum(layer.rate for layer in then.tax.duty_layers) == 0.10
    assert not aged(preset("amazon-us-toys")).said


def test_the_command_line_lists_it():
    code, out, err = run("parameters", "--due", "--topic", "duty", "--json")
    rows = json.loads(out)
    assert (code, err) == (0, "") and {row["topic"] for row in rows} == {"duty"}
    assert set(rows[0]) == {"topic", "what", "value", "since", "due", "source"}
    for lang in ("en", "zh"):
        code, out, _ = run("parameters", "--due", "--on", "2026-12-01", "--lang", lang)
        assert code == 0 and "2026-12-01" in out.splitlines()[-1]
    assert run("parameters", "--due", "--on", "x")[0] == 2
