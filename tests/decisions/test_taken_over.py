"""A lever's value taken over: the scenario then is what the comparison showed."""

import numpy as np
import pytest

from funnel_sim.decisions.economics.levers import (
    books_at,
    current_setting,
    figure_at,
    levers_of,
    settings_range,
    taken_over,
    usable,
)
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import is_range, point_value

SHOPS = ("amazon-de-kitchen", "tiktok-us-beauty", "temu-full-managed-home", "shopify-us-beauty")


@pytest.mark.parametrize("name", SHOPS)
@pytest.mark.parametrize("factor", [0.8, 1.2])
def test_every_lever_leaves_the_profit_that_it_showed(name, factor):
    scenario = preset(name)
    for one in [each for each in levers_of(scenario) if usable(scenario, each)]:
        now = current_setting(scenario, one)
        if not now:
            continue
        least, most = settings_range(scenario, one)
        setting = min(most, max(least, now * factor))
        shown = figure_at(books_at(scenario, {one.key: np.array([setting])}), "profit", 1)[0]
        taken = scenario.replace(taken_over(scenario, one.key, setting))
        assert evaluate(taken).steady["profit"] == pytest.approx(shown, rel=1e-6), one.key


def test_a_range_moves_along():
    scenario = preset("amazon-de-kitchen")
    before = scenario.get("channels.ads.cpc")
    changes = taken_over(scenario, "cpc", 1.5)
    assert is_range(before) and is_range(changes["channels.ads.cpc"])
    assert point_value(changes["channels.ads.cpc"]) == pytest.approx(1.5 * point_value(before))


def test_the_agencys_effect_is_left_alone():
    """A quote test takes the effect typed for an agency out again; what is taken over must stay."""
    scenario = preset("amazon-de-kitchen")
    for key in ("cvr", "cpc", "aov"):
        assert not any(path.startswith("effect.") for path in taken_over(scenario, key, 1.1))
