"""Which input leans: its effect is that of the model itself with the mean in the place of the
likely value.
"""

import pytest

from funnel_sim.chance.distributions import mean_of
from funnel_sim.decisions.portfolio.leaning import leaning
from funnel_sim.model.portfolio import portfolio_figures
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.portfolio import Portfolio, PortfolioRow
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import Pert, Uniform, is_range, point_value

KITCHEN = preset("amazon-de-kitchen")
EXACT = KITCHEN.replace(
    {path: point_value(value) for path, value in KITCHEN.quantities() if is_range(value)}
)


def whole(base):
    """Return the portfolio whose one row is a scenario."""
    return Portfolio((PortfolioRow("A", "b"),), DATA_DATE, "EUR", {"b": base})


def test_the_effect_is_the_models_own_and_the_mean_of_the_range_is_told():
    # Pert of 12, 30 and 36: mean (12 + 4 · 30 + 36) / 6 = 28, 28/30 of the likely value
    base = EXACT.replace(
        {"product.price": Pert(low=12.0, likely=30.0, high=36.0).model_dump(mode="json")}
    )
    found = leaning(whole(base))
    assert found.path == "product.price" and found.ratio == pytest.approx(28 / 30, rel=1e-3)
    mean = mean_of(base.product.price)
    ends = [
        portfolio_figures(whole(EXACT.replace({"product.price": price})), ["profit"], "total")[
            "profit"
        ][0]
        for price in (30.0, mean)
    ]
    assert found.plan == pytest.approx(ends[0])
    assert found.effect == pytest.approx(ends[1] - ends[0], rel=1e-6)


def test_nothing_leans_where_nothing_is_a_range_and_where_a_range_lies_even():
    found = leaning(whole(EXACT))
    assert (found.path, found.effect, found.ratio) == ("", 0.0, 1.0)
    even = EXACT.replace({"product.price": Uniform(low=20.0, high=40.0).model_dump(mode="json")})
    found = leaning(whole(even))
    assert abs(found.effect) < 0.05
