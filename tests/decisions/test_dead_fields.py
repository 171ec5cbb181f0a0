"""No number that is offered is dead: each of the five, each lever and each drawn input changes the
result, with and without a history taken over.
"""

from functools import cache

import numpy as np
import pytest

from funnel_sim.chance.draws import Sources
from funnel_sim.decisions.economics.levers import (
    LEVERS,
    books_at,
    current_setting,
    figure_at,
    usable,
)
from funnel_sim.decisions.kpi.store_history import fit_funnel, with_months
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.months import TEMPLATE
from funnel_sim.evidence.tables.tables import read_table
from funnel_sim.model.economics import evaluate
from funnel_sim.reference.preset_cards import preset_cards
from funnel_sim.scenario.in_force import conversion_paths, five_paths, others
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.unused import unused
from tests.conftest import neutral

NAMES = [card.id for card in preset_cards()]


@cache
def store(name, adopted):
    scenario = preset(name)
    if not adopted:
        return scenario
    return fit_funnel(with_months(scenario, history(read_table(TEMPLATE.encode(), "x.csv"))))[0]


@pytest.mark.sampled(6)
@pytest.mark.parametrize("adopted", [False, True], ids=["plain", "adopted"])
@pytest.mark.parametrize("name", NAMES)
def test_each_of_the_five_numbers_changes_the_profit(name, adopted):
    scenario = store(name, adopted)
    before = evaluate(scenario).horizon["profit"]
    for path in five_paths(scenario):
        now = point_value(scenario.get(path))
        after = evaluate(scenario.replace({path: now * 0.9 if now else 1.0})).horizon[
            "profit"
        ]  # a shop without ads pays nothing for them yet
        assert abs(after - before) > 1e-6 * abs(before), path
        assert not unused(scenario, path)


@pytest.mark.sampled(6)
@pytest.mark.parametrize("adopted", [False, True], ids=["plain", "adopted"])
@pytest.mark.parametrize("name", NAMES)
def test_each_lever_that_is_offered_changes_the_profit(name, adopted):
    scenario = store(name, adopted)
    for moved in LEVERS:
        if usable(scenario, moved):
            rules = scenario.commission
            if moved.key == "commission" and max(one.rate for one in rules.tiers) * point_value(
                scenario.product.price
            ) < point_value(rules.commission_minimum):
                # a history in euros gives a store in yen a price of 30 yen, all under the minimum
                # of 30 yen
                continue
            now = current_setting(scenario, moved)
            values = figure_at(
                books_at(scenario, {moved.key: np.array([now, now * 0.9 if now else 1.0])}),
                "profit",
                2,
            )
            assert values[0] != values[1], moved.key


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", NAMES)
def test_the_number_on_the_screen_is_the_stores_after_a_history(name):
    """Taken over, the ads convert at the store's rate again, and a store that had one number for
    all has one for the ads.
    """
    assert conversion_paths(store(name, adopted=True)) == conversion_paths(
        store(name, adopted=False)
    )


def two_ads(**more):
    ads = {"kind": "cpc", "cpc": 1.0, "ctr": None}
    scenario = neutral()
    rows = [
        ads | {"id": "quiet", "budget": 0.0},
        ads | {"id": "loud", "budget": 100.0},
        {"id": "free", "kind": "organic", "impressions": 100.0, "ctr": 0.5},
    ]
    return scenario.read(scenario.plain() | {"channels": rows}).replace(
        {"conversion.cvr": 0.1} | more
    )


def test_the_ads_among_the_five_are_those_that_are_paid_for():
    assert five_paths(two_ads()) == [
        "product.price",
        "product.unit_cost",
        "channels.loud.budget",
        "channels.loud.cpc",
        "conversion.cvr",
    ]


@pytest.mark.parametrize(
    ("changes", "paths", "rest"),
    [
        ({}, ["conversion.cvr"], []),
        ({"channels.loud.channel_cvr": 0.2}, ["conversion.cvr"], ["loud"]),
        ({"channels.quiet.channel_cvr": 0.2}, ["conversion.cvr"], []),  # brings no visit
        (
            {"channels.loud.channel_cvr": 0.2, "channels.free.channel_cvr": 0.3},
            ["channels.loud.channel_cvr"],
            ["free"],
        ),
        (
            {
                "channels.loud.channel_checkout_rate": 0.5,
                "channels.loud.channel_add_to_cart_rate": 0.2,
                "channels.free.channel_cvr": 0.3,
            },
            ["channels.loud.channel_add_to_cart_rate", "channels.loud.channel_checkout_rate"],
            ["free"],
        ),
    ],
)
def test_the_conversion_in_force(changes, paths, rest):
    scenario = two_ads(**changes)
    assert conversion_paths(scenario) == paths
    assert [one.id for one in others(scenario)] == rest
    assert all(spec_of(path) for path in paths)


@pytest.mark.parametrize(
    ("path", "idle"),
    [
        ("channels.free.cpc", True),
        ("channels.free.budget", True),
        ("channels.loud.cpc", False),
        ("channels.loud.impressions", True),
        ("channels.loud.cpm", True),
        ("channels.free.impressions", False),
        ("channels.free.affiliate_rate", False),
        ("channels.free.known_sales", True),
        ("conversion.cvr", False),
        ("conversion.landing_rate", False),
    ],
)
def test_fields_of_another_way_of_buying_are_idle(path, idle):
    assert unused(two_ads(), path) == idle
    if idle:
        before = evaluate(two_ads()).horizon
        assert evaluate(two_ads(**{path: 0.123})).horizon == before


def test_a_range_on_a_rate_that_no_channel_follows_is_not_drawn():
    own = {f"channels.{name}.channel_cvr": 0.2 for name in ("quiet", "loud", "free")}
    wide = {"conversion.cvr": {"dist": "uniform", "low": 0.01, "high": 0.2}}
    assert "conversion.cvr" not in Sources(two_ads(**own, **wide)).inputs
    assert "conversion.cvr" in Sources(two_ads(**wide)).inputs
