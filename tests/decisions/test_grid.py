"""The two-way grid: each cell is the model's own figure; the zero line is where it is zero."""

import numpy as np
import pytest

from funnel_sim.decisions.economics.grid import two_way
from funnel_sim.decisions.economics.levers import LEVERS
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.presets import preset


def test_cells_are_the_models_own_figures():
    scenario = preset("amazon-de-kitchen")
    grid = two_way(scenario, "price", "cogs", steps=5)
    for j in (0, 4):
        for i in (0, 4):
            alone = scenario.replace(
                {"product.price": float(grid.across[i]), "product.unit_cost": float(grid.up[j])}
            )
            assert grid.metric[j, i] == evaluate(alone).steady["profit"]
    assert grid.now == pytest.approx((29.99, 42.0))


def test_the_zero_line_is_where_profit_is_zero():
    scenario = preset("amazon-de-kitchen")
    grid = two_way(scenario, "price", "cogs", steps=33)
    assert grid.zero_line
    scale = np.abs(grid.metric).max()
    for piece in grid.zero_line:
        for price, cost in piece[:: max(1, len(piece) // 5)]:
            profit = evaluate(
                scenario.replace({"product.price": float(price), "product.unit_cost": float(cost)})
            ).steady["profit"]
            assert abs(profit) < 0.01 * scale


@pytest.mark.parametrize("first", LEVERS, ids=lambda lever: lever.key)
def test_every_pair_of_levers_gives_a_grid(first):
    scenario = preset("amazon-uk-home")
    for second in LEVERS:
        if first.key != second.key:
            grid = two_way(scenario, first.key, second.key, steps=4)
            assert grid.metric.shape == (4, 4) and np.isfinite(grid.metric).all()
            assert (np.diff(grid.across) > 0).all() and (np.diff(grid.up) > 0).all()
