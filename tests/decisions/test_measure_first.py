"""What knowing an input before signing is worth, by hand."""

import numpy as np
import pytest

from funnel_sim.decisions.quote.measure_first import value_of_information_of


def test_knowing_an_input_that_decides_is_worth_what_it_gains_by_hand():
    """Two options: nothing, and x for an input x that is −1 or 1 alike often. Blind both bring
    nothing; knowing x, nothing is taken at −1 and 1 at 1: half a unit, in every replicate.
    """
    x = np.tile(np.repeat([-1.0, 1.0], 32), 4)
    gains = np.stack([np.zeros_like(x), x])
    found = value_of_information_of(x, gains, 4)
    assert found.value == pytest.approx(0.5) and found.error == pytest.approx(0.0, abs=1e-12)
    assert found.replicates == 4


def test_the_error_is_the_deviation_of_the_replicates_over_the_root_of_their_number():
    """Of four replicates the shares of x = 1 are 1/4, 1/2, 1/2, 3/4: knowing x gains 0.25, 0.5, 0.5
    and 0.75 against taking nothing; blind the second option brings 0 on average, so the first is
    kept. The deviation with 3 in the denominator is √(0.125 / 3), its half 0.10206.
    """
    rows = [[-1.0] * 48 + [1.0] * 16, [-1.0] * 32 + [1.0] * 32, [-1.0] * 32 + [1.0] * 32,
            [-1.0] * 16 + [1.0] * 48]  # fmt: skip
    x = np.array(rows).reshape(-1)
    found = value_of_information_of(x, np.stack([np.zeros_like(x), x]), 4)
    assert found.value == pytest.approx(0.5)
    assert found.error == pytest.approx(np.sqrt(0.125 / 3) / 2)
