"""Half of the smallest coin: what is less than that is rounding."""

import numpy as np
from numpy.typing import NDArray

from funnel_sim.model.arrays import Array

HALF_A_CENT = 0.005
"""A balance is below zero, a lack is one, from half of the smallest coin on."""


def short(balance: Array) -> NDArray[np.bool_]:
    """Say where a balance is below zero by half of the smallest coin or more.

    Args:
        balance: in any currency and shape.

    Examples:
        >>> short(np.array([-0.006, -0.004, 0.0])).tolist()
        [True, False, False]
    """
    return balance < -HALF_A_CENT
