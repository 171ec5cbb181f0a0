"""Payment terms that cannot be: field, value and rule, in both languages, in the core and on the
command line.
"""

import io
import json

import pytest

from funnel_sim.cli import main
from funnel_sim.errors import InputError
from funnel_sim.scenario.files import to_text
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.presets import preset
from funnel_sim.words import say

STORE = preset("amazon-de-kitchen")
RANGE = {"dist": "uniform", "low": 0.5, "high": 1.5}
CASES = [
    # a delay of 200 days after 8 of delivery, in a plan of 90: the value is the one that was typed
    ({"plan.horizon_months": 3, "cash.payout_delay_days": 200.0}, "200", "payout_late"),
    ({"cash.payout_delay_days": 400.0}, "400", "at_most"),
    ({"cash.transit_days": -5.0}, "-5", "at_least"),
    ({"cash.production_days": -1.0}, "-1", "at_least"),
    ({"cash.receiving_days": -1}, "-1", "at_least"),
    ({"cash.reserve_rate": 1.2}, "1.2", "at_most"),
    ({"cash.reserve_rate": RANGE}, "1.5", "at_most"),
]


def file_of(tmp_path, changes):
    """A scenario file into which the values were written by hand."""
    plain = json.loads(to_text(STORE))
    for path, value in changes.items():
        section, name = path.split(".")
        plain["scenario"][section][name] = value
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(plain), "utf-8")
    return str(path)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("changes", "value", "rule"), CASES)
def test_a_term_that_cannot_be_is_named_with_value_and_rule(changes, value, rule, lang, tmp_path):
    path = list(changes)[-1]
    name = spec_of(path).label.of(lang)
    with pytest.raises(InputError) as refused:
        STORE.replace(changes)
    assert refused.value.problems[0].where == path
    [told] = refused.value.sentences(lang)
    err = io.StringIO()
    given = file_of(tmp_path, changes)
    assert main(("cash", given, "--lang", lang, "--paths", "256"), io.StringIO(), err) != 0
    for text in (told, err.getvalue()):
        assert name in text and value in text, text
    if rule == "payout_late":
        delivery = say(lang, "rule.payout_late", days=90, waits=208)
        assert delivery in told and delivery in err.getvalue()
    assert refused.value.problems[0].rule == rule


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_two_currencies_without_a_rate_are_named(lang):
    """One dinar of Bahrain is not known in yuan, and no rate is typed."""
    with pytest.raises(InputError) as refused:
        STORE.replace({"currency": "BHD", "fx_rate": 1.0, "shown_in": "home"})
    [told] = refused.value.sentences(lang)
    assert spec_of("fx_rate").label.of(lang) in told and "BHD" in told and "CNY" in told
