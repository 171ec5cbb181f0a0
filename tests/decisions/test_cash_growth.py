"""Growth of traffic and ad budgets by a rate a month, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from funnel_sim.decisions.cash.growth import grown
from funnel_sim.model.values import Values
from tests.conftest import neutral


@pytest.mark.parametrize("rate", [0.1, -0.1, 0.0])
def test_month_by_month_it_is_the_months_before_times_one_and_the_rate(rate):
    """1, 1.1 and 1.21: the first month is the plan's own."""
    plain = Values(neutral({"plan.horizon_months": 3}))
    found = np.asarray(grown(rate)(plain).by_chance.traffic)
    assert found.reshape(-1) == pytest.approx([1.0, 1 + rate, (1 + rate) ** 2])
    # on top of what events leave of it
    half = np.array([[1.0, 0.5], [0.5, 1.0], [0.0, 1.0]])
    hit = replace(plain, by_chance=replace(plain.by_chance, traffic=half))
    both = np.asarray(grown(rate)(hit).by_chance.traffic)
    assert both == pytest.approx(half * found.reshape(3, 1))
