"""In which currency results are shown: the choice, its rate, and what is refused."""

import copy

import pytest

from funnel_sim.errors import InputError
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.scenario import links
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.shown import Shown, rate_of

STORE = preset("amazon-de-kitchen").replace({"fx_rate": 8.0})


def test_results_are_in_the_sales_currency_unless_home_is_chosen():
    assert (STORE.shown, STORE.shown.rate) == ("EUR", 1.0)
    home = STORE.replace({"shown_in": "home"})
    assert (home.shown, home.shown.rate) == ("CNY", 8.0)


def test_of_a_range_the_likely_rate_shows_amounts():
    wide = {"dist": "triangular", "low": 7.0, "likely": 8.0, "high": 9.0}
    assert STORE.replace({"shown_in": "home", "fx_rate": wide}).shown.rate == 8.0


def test_with_one_currency_home_is_that_of_presets_at_the_level_of_the_table():
    one = STORE.replace({"cost_currency": "EUR", "fx_rate": 1.0, "shown_in": "home"})
    assert (one.shown, one.shown.rate) == ("CNY", exchange("EUR", "CNY", one.as_of))


def test_a_store_at_home_has_no_other_currency():
    one = STORE.replace({"currency": "CNY", "cost_currency": "CNY", "fx_rate": 1.0})
    assert one.home is None
    assert one.replace({"shown_in": "home"}).shown == Shown("CNY")


def test_the_choice_goes_with_links_and_files():
    home = STORE.replace({"shown_in": "home"})
    assert links.decode(links.encode(home)).scenario.shown_in == "home"
    assert Scenario.read(home.plain()) == home


def test_the_choice_alone_is_no_change_of_the_preset():
    """Links that were made before there was a choice still find their preset unchanged."""
    plain = preset("amazon-de-kitchen")
    assert not links.decode(links.encode(plain)).preset_changed
    assert links.fingerprint(plain) != links.fingerprint(plain.replace({"shown_in": "home"}))


@pytest.mark.parametrize(
    ("changes", "field", "named"),
    [
        (
            {"cost_currency": "XOF", "fx_rate": 1.0, "currency": "EUR"},
            "fx_rate",
            ("EUR", "XOF"),
        ),
        (
            {"cost_currency": "XOF", "currency": "XOF", "fx_rate": 1.0, "shown_in": "home"},
            "shown_in",
            ("XOF", "CNY"),
        ),
    ],
)
def test_currencies_without_a_rate_are_refused_by_name(changes, field, named):
    with pytest.raises(InputError) as refusal:
        STORE.replace(changes)
    [problem] = refusal.value.problems
    assert problem.where == field
    for lang in ("zh", "en"):
        sentence = refusal.value.sentences(lang)[0]
        assert all(code in sentence for code in named), sentence


def test_a_rate_that_is_typed_is_taken_though_the_table_has_none():
    assert STORE.replace({"cost_currency": "XOF", "fx_rate": 655.957}).home == "XOF"


def test_a_shown_code_is_a_code_that_knows_its_rate():
    code = Shown("CNY", 7.5)
    assert code == "CNY" and hash(code) == hash("CNY")
    again = copy.deepcopy(code)
    assert (again, again.rate) == ("CNY", 7.5)
    assert (rate_of(code), rate_of("CNY"), code.of(None)) == (7.5, 1.0, None)
