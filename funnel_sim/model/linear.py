"""Figures that are a multiple of one volume plus a remainder: a · V + b, kept as a and b until
somebody needs the months.

Almost every ledger line is a month's orders times what one order brings or costs, and that does not
change from month to month. Keeping the factor and the volume apart, a simulation multiplies
thousands of paths by twelve months once instead of once a line. The formulas of the sheet do not
know: they add and multiply such figures like any other.
"""

from functools import cached_property
from typing import Any

import numpy as np

from funnel_sim.model.arrays import Array, Number, over_months

_ZERO = 0.0


class Volume:
    """What other figures are multiples of: at least zero, shape (months, paths)."""

    def __init__(self, values: Array):
        self.values = values

    @cached_property
    def total(self) -> Array:
        """The sum over months, shape (1, paths)."""
        return over_months(self.values)


class Linear:
    """a · V + b, with `a` and `b` floats or arrays that broadcast to (months, paths).

    >>> orders = Linear(Volume(np.array([[10.0], [20.0]])))
    >>> profit = orders * 3.0 - 25.0
    >>> profit.months().ravel().tolist(), profit.total().ravel().tolist()
    ([5.0, 35.0], [40.0])
    """

    __slots__ = ("a", "b", "volume")
    __array_priority__ = 1000

    def __init__(self, volume: Volume, a: Number = 1.0, b: Number = _ZERO):
        self.volume, self.a, self.b = volume, a, b

    def months(self) -> Array:
        """Return the figure month by month, shape (months, paths)."""
        out = self.volume.values * self.a
        return out if self.b is _ZERO else np.asarray(out + self.b)

    def some_months(self, first: int, final: int) -> Array:
        """Return the figure in some of its months: those rows of `months`.

        Args:
            first: the first of them, counted from 1.
            final: the last of them.

        Returns:
            The figure, shape (months asked for, paths).
        """
        part = slice(first - 1, final)
        out = _rows(self.volume.values, part) * _rows(self.a, part)
        return out if self.b is _ZERO else np.asarray(out + _rows(self.b, part))

    def total(self) -> Array:
        """Return the sum over months, shape (1, paths)."""
        if np.ndim(self.a) == 2 and np.shape(self.a)[0] > 1:
            return over_months(self.months())
        out = self.volume.total * self.a
        if self.b is _ZERO:
            return np.asarray(out)
        rest = np.atleast_2d(self.b)
        rows = self.volume.values.shape[0]
        return np.asarray(out + over_months(np.broadcast_to(rest, (rows, rest.shape[1]))))

    def last(self) -> Array:
        """Return the last month, shape (1, paths)."""
        return self.months()[-1:]

    # ---- arithmetic
    # ------------------------------------------------------------------------------------

    def __neg__(self) -> "Linear":
        """Return −a · V − b."""
        return Linear(self.volume, -self.a, self.b if self.b is _ZERO else -self.b)

    def __mul__(self, other: Any) -> Any:
        """Return the figure times a number or an array; times another linear figure, the months of
        both.
        """
        if isinstance(other, Linear):
            return self.months() * other.months()
        return Linear(self.volume, self.a * other, self.b if self.b is _ZERO else self.b * other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        """Return the figure divided by a number or an array; by another linear figure, the months
        of both.
        """
        if isinstance(other, Linear):
            return self.months() / other.months()
        return Linear(self.volume, self.a / other, self.b if self.b is _ZERO else self.b / other)

    def __rtruediv__(self, other: Any) -> Array:
        """Return something divided by the figure, month by month."""
        return np.asarray(other / self.months())

    def __add__(self, other: Any) -> Any:
        """Return the sum: linear again with a figure of the same volume or with anything that has
        none.
        """
        if isinstance(other, Linear):
            if other.volume is not self.volume:
                return self.months() + other.months()
            b: Any = (
                other.b if self.b is _ZERO else self.b if other.b is _ZERO else self.b + other.b
            )
            return Linear(self.volume, self.a + other.a, b)
        return Linear(self.volume, self.a, other if self.b is _ZERO else self.b + other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        """Return the difference."""
        return self + -other

    def __rsub__(self, other: Any) -> Any:
        """Return something less the figure."""
        return -self + other

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Let NumPy's arithmetic with arrays come here; anything else is done month by month."""
        if method == "__call__" and not options:
            one, *rest = inputs
            if ufunc is np.negative:
                return -one
            if ufunc in _ARITHMETIC and rest:
                left, right = one, rest[0]
                if isinstance(left, Linear):
                    return _ARITHMETIC[ufunc][0](left, right)
                return _ARITHMETIC[ufunc][1](right, left)
            if (
                ufunc is np.maximum
                and _nothing(rest[0])
                and isinstance(one, Linear)
                and one.b is _ZERO
            ):
                # the volume is never negative, so the sign of a · V is that of a
                return Linear(one.volume, np.maximum(one.a, 0.0))
        plain_inputs = [value.months() if isinstance(value, Linear) else value for value in inputs]
        return getattr(ufunc, method)(*plain_inputs, **options)


def _nothing(value: Any) -> bool:
    return isinstance(value, (int, float)) and value == 0


_ARITHMETIC: dict[Any, tuple[Any, Any]] = {
    np.add: (Linear.__add__, Linear.__radd__),
    np.subtract: (Linear.__sub__, Linear.__rsub__),
    np.multiply: (Linear.__mul__, Linear.__rmul__),
    np.divide: (Linear.__truediv__, Linear.__rtruediv__),
}


def by_month(value: "Linear | Number") -> Array:
    """Return a figure's months, whether it is linear or an array.

    Args:
        value: a figure by month.

    Returns:
        Its months, shape (months, paths).
    """
    return value.months() if isinstance(value, Linear) else np.atleast_2d(value)


def _rows(value: Any, part: slice) -> Any:
    """Return the months of a factor that differs by month; any other holds for each of them."""
    return value[part] if np.ndim(value) == 2 and np.shape(value)[0] > 1 else value


def in_months(value: "Linear | Number", first: int, final: int) -> Array:
    """Return some of a figure's months, whether it is linear or an array.

    Args:
        value: a figure by month.
        first: the first of them, counted from 1.
        final: the last of them.

    Returns:
        The figure, shape (months asked for, paths).
    """
    return (
        value.some_months(first, final)
        if isinstance(value, Linear)
        else np.atleast_2d(value)[first - 1 : final]
    )


def summed(value: "Linear | Number") -> Array:
    """Return a figure's sum over months, whether it is linear or an array.

    Args:
        value: a figure by month.

    Returns:
        The sum, shape (1, paths).
    """
    return value.total() if isinstance(value, Linear) else over_months(np.atleast_2d(value))


def last(value: "Linear | Number") -> Array:
    """Return a figure's last month, whether it is linear or an array.

    Args:
        value: a figure by month.

    Returns:
        The last month, shape (1, paths).
    """
    return value.last() if isinstance(value, Linear) else np.atleast_2d(value)[-1:]
