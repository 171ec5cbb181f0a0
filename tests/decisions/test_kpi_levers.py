"""What would have to be true, against a plain reference: every lever at every setting, nothing left
out, each time the whole model over; on several presets and on scenarios that nobody would write.
"""

import numpy as np
import pytest

from funnel_sim.chance.simulation import futures
from funnel_sim.decisions.economics.levers import LEVER, current_setting, for_scenario, usable
from funnel_sim.decisions.growth import UsualLevel
from funnel_sim.decisions.kpi import levers
from funnel_sim.decisions.kpi.belief import as_believed
from funnel_sim.decisions.kpi.draws import draws_of, met, over_windows
from funnel_sim.decisions.kpi.levers import (
    MOVED_FOR_PROFIT,
    PROBABILITIES,
    SHARED,
    TOGETHER,
    _outward,
    movable,
    moved_values,
    nearest_setting,
    needed,
    settings_of,
    shared_gap,
)
from funnel_sim.decisions.kpi.measured import target_of
from funnel_sim.errors import InputError
from funnel_sim.scenario.files import from_bytes
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario
from tests.fuzz.run import luck_of, module_of

PATHS = 256
"""Futures asked here: the reference is slow."""


def odds_at(scenario, settings):
    """Return the odds of each KPI and of all at settings: all draws anew, every figure worked
    out.
    """
    kpis, believed = movable(scenario), as_believed(scenario)
    levels: dict[str, UsualLevel] = {}
    drawn, _ = draws_of(
        believed,
        kpis,
        moved=moved_values(believed, settings),
        levels=levels,
        drawn_before=futures(over_windows(believed, kpis), PATHS),
    )
    truth = {k.id: met(k, target_of(scenario, k), drawn[k.id].value) for k in kpis}
    return {name: one.mean() for name, one in truth.items()} | {
        TOGETHER: np.logical_and.reduce(list(truth.values())).mean()
    }


def slowly(scenario, settings, start, at):
    """Return by name and odds the setting nearest to `start`, from the odds at all settings."""
    found = [odds_at(scenario, at(float(setting))) for setting in settings]
    return {
        name: {
            goal: nearest_setting(settings, np.array([one[name] for one in found]), start, goal)
            for goal in PROBABILITIES
        }
        for name in found[0]
    }


def compared(scenario, keys):
    """Assert that levers answer as the reference does."""
    found = {one.lever.key: one for one in needed(scenario)}
    for key in keys:
        if key not in found:
            continue
        one = for_scenario(LEVER[key], scenario)
        start = current_setting(scenario, one)
        if not start:
            continue
        by_hand = slowly(
            scenario, settings_of(scenario, one), start, lambda setting, key=key: {key: setting}
        )
        expected = {
            name: {
                goal: None if setting is None else found[key].current * setting / start
                for goal, setting in by.items()
            }
            for name, by in by_hand.items()
        }
        assert found[key].values == expected, key


@pytest.fixture(autouse=True)
def few_paths(monkeypatch):
    monkeypatch.setattr(levers, "_PATHS", PATHS)


KPIS = [
    {"id": "gmv", "metric": "gmv", "target": 0.3, "relative": True, "month_to": 4},
    {"id": "acos", "metric": "acos", "comparator": "at_most", "target": 0.2, "month_to": 3},
    {"id": "profit", "metric": "profit", "target": 2_000.0, "window": "total", "month_to": 4},
    {"id": "clicks", "metric": "clicks", "target": 5_000.0, "window": "every", "month_to": 2},
]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("amazon-de-kitchen", ("cvr", "price", "cogs")),
        ("amazon-us-kitchen", ("cpc", "aov", "commission")),
        ("tiktok-us-beauty", ("ad_budget", "return_rate", "agency_fee")),
        ("shopee-sg", ("cvr", "price", "return_rate")),
    ],
)
def test_levers_of_presets_are_those_of_the_reference(name, keys):
    compared(preset(name).replace({"kpis": KPIS}), keys)


@pytest.mark.slow
@pytest.mark.parametrize("known_as", ["orders", "units", "sales"])
def test_a_price_moves_orders_that_are_typed_as_sales(known_as):
    """Then the funnel may not be kept from one setting to the next: 600 a month in sales are fewer
    orders at a higher price.
    """
    scenario = preset("amazon-de-kitchen")
    typed = {"id": "own", "kind": "orders", "known_as": known_as, "known_sales": 600.0}
    scenario = scenario.replace(
        {
            "channels": [*scenario.plain()["channels"], typed],
            "kpis": [{"id": "a", "metric": "orders", "target": 0.05, "relative": True}],
        }
    )
    compared(scenario, ("price", "aov"))


@pytest.mark.slow
def test_the_shared_gap_is_that_of_the_reference():
    scenario = preset("amazon-de-kitchen").replace({"kpis": KPIS[:3]})
    keys = [key for key in SHARED if usable(scenario, LEVER[key])]
    lower = {"cpc", "ad_share"}
    assert shared_gap(scenario).factor == slowly(
        scenario,
        np.geomspace(1.0, 4.0, 25),
        1.0,
        lambda f: {key: 1 / f if key in lower else f for key in keys},
    )


def random_scenarios(seed, count):
    """Return the first scenarios of a seed of the fuzzer with KPIs of the funnel within a year."""
    out: list[Scenario] = []
    number = 0
    while len(out) < count:
        content = module_of("scenarios").make(luck_of("scenarios", seed, number))
        number += 1
        try:
            scenario = from_bytes(content)
            if max((kpi.month_to for kpi in movable(scenario)), default=99) <= 12:
                needed(scenario)
                out.append(scenario)
        except InputError:
            continue
    return out


@pytest.mark.slow
def test_levers_of_random_scenarios_are_those_of_the_reference():
    for place, scenario in enumerate(random_scenarios(5, 4)):
        keys = [key for key in MOVED_FOR_PROFIT if usable(scenario, LEVER[key])]
        compared(scenario, keys[place % 3 :: 3])


@pytest.mark.parametrize(
    ("start", "order"),
    [
        # as ratios: from 2 both neighbours are as far, and the lower one comes first
        (2.0, [(1, 1, 1), (0, 1, 0), (0, 2, 2), (0, 3, 3)]),
        (1.0, [(0, 0, 0), (0, 1, 1), (0, 2, 2), (0, 3, 3)]),
        (8.0, [(3, 3, 3), (2, 3, 2), (1, 3, 1), (0, 3, 0)]),
        (4.5, [(2, 2, 2), (2, 3, 3), (1, 3, 1), (0, 3, 0)]),
        (4.0, [(2, 2, 2), (1, 2, 1), (1, 3, 3), (0, 3, 0)]),
    ],
)
def test_settings_are_looked_at_from_the_nearest_outward(start, order):
    assert list(_outward(np.array([1.0, 2.0, 4.0, 8.0]), start)) == order
