"""The shape of numbers in the model, and sums whose digits do not depend on it.

A quantity of the model is an array of shape (months, paths): one path for the point calculation,
thousands for grids, searches and simulations. Elementwise arithmetic gives each path the same
digits whatever the number of paths; NumPy's own sums along an axis do not (they change their order
of addition with the memory layout), so months are added here, one after the other.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Number = float | Array


def over_months(values: Array) -> Array:
    """Return the sum over months, first to last: shape (months, paths) → (1, paths).

    >>> over_months(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[4., 6.]])
    """
    if values.shape[0] == 1:
        return values
    if values.shape[1] == 1:
        return np.cumsum(values, axis=0)[-1:]  # one after the other, as below
    total = values[0:1].copy()
    for month in range(1, values.shape[0]):
        total += values[month : month + 1]
    return total


def column(values: "list[float] | tuple[float, ...]") -> Array:
    """Return monthly numbers as an array of shape (months, 1)."""
    return np.asarray(values, dtype=np.float64).reshape(-1, 1)
