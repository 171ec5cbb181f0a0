"""The shape of numbers in the model, and sums whose digits do not depend on it.

A quantity of the model is an array of shape (months, paths): one path for the point calculation,
thousands for grids, searches and simulations. Elementwise arithmetic gives each path the same
digits whatever the number of paths; NumPy's own sums along an axis do not (they change their order
of addition with the memory layout), so months are added here, one after the other.
"""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Number = float | Array


def as_array(value: object) -> Array:
    """Return a value as an array; a number that writes down how it comes about (`model.written`)
    stays itself.

    Args:
        value: a number, an array of any shape, or a term.

    Returns:
        The array, of the shape of the value.

    Examples:
        >>> as_array(2.0)
        array(2.)
    """
    if hasattr(value, "__array_function__") and not isinstance(value, np.ndarray):
        return cast("Array", value)
    return np.asarray(value, dtype=np.float64)


def either(condition: bool | Number | NDArray[np.bool_], yes: Number, no: Number) -> Number:
    """Return one of two numbers by a switch; where the switch is written down, both with the
    condition.

    Args:
        condition: the switch; true or 1 chooses `yes`. A term or an array chooses elementwise.
        yes: the number where the switch is on, any unit.
        no: the number where it is off, same unit.

    Returns:
        The number chosen, or an array or term of the broadcast shape.

    Examples:
        >>> either(True, 1.0, 2.0), either(0.0, 1.0, 2.0)
        (1.0, 2.0)
    """
    return (
        (yes if condition else no)
        if isinstance(condition, bool | float)
        else np.where(condition, yes, no)
    )


def pick(several: Sequence[Number], place: Number) -> Array:
    """Return of several numbers the one at each place, counted from 1.

    Args:
        several: the numbers to choose from, any unit.
        place: which one, counted from 1, a number or of any shape, as (months, 1).

    Returns:
        The numbers chosen, of the shape of the places.

    Examples:
        >>> pick([5.0, 7.0], np.array([[2.0], [1.0]])).tolist()
        [[7.0], [5.0]]
    """
    before = as_array(place) - 1.0
    where: Any = before.astype(np.intp) if isinstance(before, np.ndarray) else before
    return as_array(np.choose(where, list[Any](several)))


def portion(part: Number, whole: Number, otherwise: float, most: float | None = None) -> Array:
    """Return a part of a whole as a fraction of it.

    Args:
        part: the part, any unit.
        whole: the whole, same unit; both broadcast together.
        otherwise: the fraction where the whole is not above zero.
        most: the largest fraction returned; no bound where None.

    Returns:
        part / whole [fraction], of the broadcast shape.

    Examples:
        >>> portion(np.array([1.0, 3.0]), np.array([2.0, 0.0]), 0.0).tolist()
        [0.5, 0.0]
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        share = np.divide(part, whole)
    return np.where(whole > 0, share if most is None else np.minimum(most, share), otherwise)


def over_months(values: Array) -> Array:
    """Return the sum over months, from the first to the last.

    Args:
        values: a figure by month, shape (months, paths).

    Returns:
        The sum, shape (1, paths), in the unit of the figure.

    Examples:
        >>> over_months(np.array([[1.0, 2.0], [3.0, 4.0]]))
        array([[4., 6.]])
    """
    if values.shape[0] == 1:
        return values
    if values.shape[1] == 1:
        # the months added one after the other, as in the loop below
        return np.cumsum(values, axis=0)[-1:]
    total = values[0:1].copy()
    for month in range(1, values.shape[0]):
        total += values[month : month + 1]
    return total


def column(values: "list[float] | tuple[float, ...]") -> Array:
    """Return monthly numbers as a column that broadcasts against paths.

    Args:
        values: one number a month, any unit.

    Returns:
        The numbers, shape (months, 1).
    """
    return np.asarray(values, dtype=np.float64).reshape(-1, 1)
