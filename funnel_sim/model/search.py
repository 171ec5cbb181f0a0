"""Where a result turns: many unknowns searched side by side, each point of the search one path of
the model.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import elementwise

from funnel_sim.model.arrays import Array

Gap = Callable[[Array, Array], Array]


def crossings(gap: Gap, grids: Sequence[Array]) -> tuple[Array, NDArray[np.int64]]:
    """Return every value at which `gap` changes sign, and which unknown it belongs to.

    Each change of sign is closed in on by SciPy's vectorised root finder (Chandrupatla).

    Args:
        gap: `gap(values, which)` gives, elementwise, how far a result lies above its target with
            unknown number `which` at a value; NaN where undefined.
        grids: rising values to scan, one array for each unknown, shape (points,), in the unit of
            the unknown.

    Returns:
        (roots, which unknown each belongs to), both of shape (roots,).

    Examples:
        >>> roots, which = crossings(lambda x, which: x - 2.5, [np.array([1.0, 2.0, 3.0])])
        >>> roots.tolist(), which.tolist()
        ([2.5], [0])
    """
    if not len(grids):
        return np.empty(0), np.empty(0, np.int64)
    which = np.concatenate([np.full(grid.size, index) for index, grid in enumerate(grids)])
    values = np.concatenate(grids)
    gaps = gap(values, which)
    met = gaps >= 0
    turns = (
        (which[:-1] == which[1:])
        & np.isfinite(gaps[:-1])
        & np.isfinite(gaps[1:])
        & (met[:-1] != met[1:])
    )
    left, right, mine = values[:-1][turns], values[1:][turns], which[:-1][turns]
    if not left.size:
        return left, mine
    found = elementwise.find_root(
        gap,
        (left, right),
        args=(mine.astype(np.float64),),
        tolerances={"xrtol": 1e-11, "xatol": 0.0},
        maxiter=200,
    )
    return np.asarray(found.x, dtype=np.float64), mine
