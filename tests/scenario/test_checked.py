"""A changed part is checked as if it had been read: no typo and no wrong value gets in."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import funnel_sim
from funnel_sim.errors import InputError
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import LogPert, Pert, Uniform, moved
from funnel_sim.scenario.quote_rows import Reward
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

PRESETS = ("amazon-de-kitchen", "shopify-de-fashion")
QUOTE = Option(id="a", name="A", base=100.0)


@pytest.mark.parametrize(
    ("changes", "where", "rule"),
    [
        ({"stop_los": True}, "Option.stop_los", "unknown_name"),
        ({"notice": -1}, "notice", "at_least"),
        ({"notice": 1.5}, "notice", "whole"),
        ({"base": "free"}, "base", "number"),
        ({"stop_loss": 1}, "stop_loss", "switch"),
        ({"service": "ful"}, "service", "choice"),
        ({"ad_budget": 20.5}, "ad_budget", "at_most"),
        ({"share_tiers": [{"rate": 1.5}]}, "share_tiers.1.rate", "at_most"),
        ({"trial": 13}, "trial", "trial_term"),  # the term is 12
        ({"stop_loss": True}, "decided_by", "stop_kpi"),  # nothing decides
    ],
)
def test_a_change_that_cannot_be_is_refused_by_name(changes, where, rule):
    with pytest.raises(InputError) as error:
        QUOTE.but(**changes)
    [problem] = error.value.problems
    assert (problem.where, problem.rule) == (where, rule)
    assert all(problem.sentence(lang) for lang in ("en", "zh"))


def test_the_bounds_themselves_are_accepted_and_nothing_else_changes():
    changed = QUOTE.but(notice=0, ad_budget=20.0, trial=12)
    assert (changed.notice, changed.ad_budget, changed.trial) == (0, 20.0, 12)
    assert changed.but(notice=QUOTE.notice, ad_budget=QUOTE.ad_budget, trial=QUOTE.trial) == QUOTE
    assert QUOTE.but() == QUOTE


def test_a_typo_is_told_the_field_that_was_meant():
    with pytest.raises(InputError, match="stop_loss"):
        QUOTE.but(stop_los=True)
    with pytest.raises(InputError, match="product"):
        preset("amazon-de-kitchen").but(produkt=None)


def test_a_changed_scenario_holds_its_rules_across_sections():
    scenario = preset("amazon-de-kitchen")
    with pytest.raises(InputError) as error:
        scenario.but(options=[QUOTE.but(rewards=[Reward(kpi="none_such")])])
    assert [one.rule for one in error.value.problems] == ["contract_kpi"]
    with pytest.raises(InputError) as error:
        scenario.but(currency="CNY", cost_currency="CNY", fx_rate=2.0)
    assert error.value.problems[0].where == "fx_rate"


def test_presets_are_themselves_when_nothing_changes():
    for name in PRESETS:
        assert preset(name).but() == preset(name)


def test_what_moved_with_an_item_goes_with_it():
    event = {
        "id": "storm",
        "effect": "demand",
        "probability": 0.2,
        "length": 2,
        "size": {"dist": "uniform", "low": 0.1, "high": 0.3},
    }
    together = [
        {"a": "shocks.storm.size", "b": "product.price", "rank": 0.5},
        {"a": "product.price", "b": "conversion.cvr", "rank": -0.3},
    ]
    scenario = preset("amazon-de-kitchen").replace(
        {"shocks": [event], "chance.correlations": together}
    )
    with pytest.raises(InputError):
        scenario.but(shocks=[])  # half of a pair would be left
    left = scenario.only(shocks=[])
    assert left.shocks == [] and [(one.a, one.b) for one in left.chance.correlations] == [
        ("product.price", "conversion.cvr")
    ]
    assert scenario.only(shocks=scenario.shocks) == scenario


ABOVE = st.floats(1e-3, 1e6)


@given(ABOVE, st.floats(1.0, 9.0), st.floats(1.0, 9.0), ABOVE)
def test_a_range_moved_along_is_still_a_range(likely, down, up, now):
    for kind in (Pert, LogPert):
        for low, high in (
            (likely, likely * up),
            (likely / down, likely),
            (likely / down, likely * up),
        ):  # an end may be the likely value itself
            found = moved(kind(low=min(low, likely), likely=likely, high=max(high, likely)), now)
            assert found.low <= found.likely == now <= found.high
    even = moved(Uniform(low=likely / down, high=likely * up), now)
    assert even.low <= even.high


def test_nothing_is_copied_past_the_checks():
    """Pydantic's own copies check neither names nor values: `but` is the only way to change a
    part.
    """
    root = Path(funnel_sim.__file__).parent
    unchecked = re.compile(r"\bmodel_copy\(|\bmodel_construct\(|\.copy\(update")
    found = [
        f"{path.relative_to(root)}:{number}"
        for path in sorted(root.rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if unchecked.search(line)
    ]
    assert found == []


def test_every_declared_field_is_found_by_its_section():
    assert Option.declared("notice") is spec_of("options.any.notice")
    assert Scenario.declared("product.price") is spec_of("product.price")
    assert (
        Option.declared("share_tiers.1.rate") is spec_of("options.any.share_tiers")
        and Option.declared("none") is None
    )
