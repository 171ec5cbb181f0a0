"""What a quote lacks to be signed, by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from funnel_sim.decisions.quote.changes import Desk


@pytest.mark.parametrize(
    ("gains", "need", "lacks"),
    [
        # the mean 0.5 is above zero; 3 of 4 must gain, the third best loses 1: 1 lacks
        ([-3.0, -1.0, 2.0, 4.0], 0.75, 1.0),
        # 2 of 4: the second best gains 2 already, the mean 0.5: half a unit to spare
        ([-3.0, -1.0, 2.0, 4.0], 0.5, -0.5),
        # all of them: the worst loses 3
        ([-3.0, -1.0, 2.0, 4.0], 1.0, 3.0),
        # a tenth of 4 is one path, the best; the mean −4 lacks 4
        ([-9.0, -8.0, -1.0, 2.0], 0.1, 4.0),
    ],
)
def test_what_lacks_is_the_mean_or_the_probability_whichever_is_farther(gains, need, lacks):
    desk = SimpleNamespace(scenario=SimpleNamespace(comparison=SimpleNamespace(sign_odds=need)))
    found = SimpleNamespace(gain=np.array(gains), no_mean=SimpleNamespace(gain=False))
    assert Desk.short(desk, found) == lacks
    # paid once, the contract is just signed, and with a unit less it is not
    enough = SimpleNamespace(gain=np.array(gains) + lacks + 1e-6, no_mean=found.no_mean)
    less = SimpleNamespace(gain=np.array(gains) + lacks - 1.0, no_mean=found.no_mean)
    assert Desk.signed(desk, enough) and not Desk.signed(desk, less)


def test_without_a_mean_the_median_stands_in_its_place():
    desk = SimpleNamespace(scenario=SimpleNamespace(comparison=SimpleNamespace(sign_odds=0.2)))
    gains = np.array([-100.0, 1.0, 3.0, 4.0, 5.0])  # mean −17.4, median 3
    found = SimpleNamespace(gain=gains, no_mean=SimpleNamespace(gain=True))
    assert Desk.short(desk, found) == -3.0 and Desk.signed(desk, found)
    found.no_mean.gain = False
    assert Desk.short(desk, found) == pytest.approx(17.4) and not Desk.signed(desk, found)
