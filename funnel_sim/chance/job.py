"""Work that can be cut into blocks, each of which gives arrays by name."""

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64] | NDArray[np.int64]
Arrays = Mapping[str, Numbers]


class Job(Protocol):
    """Work that can be cut: it is sent to each worker once."""

    def block(self, number: int) -> Arrays:
        """Return what a block gives, counted from 0; the same wherever and whenever it is done."""
