"""Rows put together by what they share: sums, extremes and first ones of each group, without a loop
over rows.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Groups:
    """Groups of rows by a key, in the order in which they come first.

    Mostly the rows of a group stand together; then nothing is sorted or copied.
    """

    def __init__(self, keys: NDArray[Any]):
        """Put rows together.

        Args:
            keys: a whole number a row, equal within a group.
        """
        self.rows = len(keys)
        new = np.ones(self.rows, dtype=bool)
        new[1:] = keys[1:] != keys[:-1]
        self.starts = np.flatnonzero(new)
        self.order: NDArray[Any] | None = None
        heads = keys[self.starts]
        if (heads[1:] > heads[:-1]).all():
            self.keys = heads
        else:
            different, first, codes = np.unique(keys, return_index=True, return_inverse=True)
            by_first = np.argsort(first)
            rank = np.empty(len(different), dtype=np.int64)
            rank[by_first] = np.arange(len(different))
            codes = rank[codes]
            self.keys = different[by_first]
            self.order = np.argsort(codes, kind="stable")
            self.starts = np.append(0, np.cumsum(np.bincount(codes))[:-1])
        self.sizes = np.diff(self.starts, append=self.rows)

    def __len__(self) -> int:
        """Return how many groups there are."""
        return len(self.starts)

    @property
    def first(self) -> NDArray[Any]:
        """The place of each group's first row, shape (groups,)."""
        return self.starts if self.order is None else self.order[self.starts]

    def by_row(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return of each row the value of its group: from shape (groups,) to shape (rows,).

        >>> Groups(np.array([4, 4, 7])).by_row(np.array([1.0, 2.0])).tolist()
        [1.0, 1.0, 2.0]
        """
        spread = np.repeat(values, self.sizes)
        if self.order is None:
            return spread
        out = np.empty_like(spread)
        out[self.order] = spread
        return out

    def sum(self, values: NDArray[Any], fewest: int = 0) -> NDArray[np.float64]:
        """Return each group's sum, numbers that are not known left out.

        Args:
            values: a number a row, shape (rows,), NaN where it is not known.
            fewest: known numbers of a group below which its sum is not known (NaN).

        Returns:
            The sums, shape (groups,), groups in the order in which they come.

        >>> Groups(np.array([4, 4, 7])).sum(np.array([1.5, np.nan, np.nan]), 1).tolist()
        [1.5, nan]
        """
        if not fewest and not values.any():
            return np.zeros(len(self))
        known = ~np.isnan(values)
        whole = bool(known.all())
        codes = self.by_row(np.arange(len(self), dtype=np.int32))
        total = np.bincount(codes, values if whole else np.where(known, values, 0.0), len(self))
        if fewest > 1 or (fewest and not whole):
            total[self.count(known) < fewest] = np.nan
        return np.asarray(total, dtype=np.float64)

    def max(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return each group's largest known number, shape (groups,); NaN where none is."""
        return self._each(np.fmax, self._sorted(values))

    def min(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return each group's smallest known number, shape (groups,); NaN where none is."""
        return self._each(np.fmin, self._sorted(values))

    def count(self, rows: NDArray[np.bool_]) -> NDArray[Any]:
        """Return how many rows of each group are marked, shape (groups,)."""
        return self._each(np.add, self._sorted(rows).astype(np.int64))

    def any(self, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return whether any row of each group is marked, shape (groups,)."""
        return self._each(np.logical_or, self._sorted(rows))

    def first_of(self, rows: NDArray[np.bool_]) -> NDArray[Any]:
        """Return the place of each group's first row that is marked, shape (groups,), −1 where
        none is.

        >>> Groups(np.array([4, 4, 7])).first_of(np.array([False, True, False])).tolist()
        [1, -1]
        """
        places = np.where(rows, np.arange(self.rows), self.rows)
        found = self._each(np.minimum, self._sorted(places))
        return np.where(found == self.rows, -1, found)

    def _sorted(self, values: NDArray[Any]) -> NDArray[Any]:
        return values if self.order is None else values[self.order]

    def _each(self, what: Any, values: NDArray[Any]) -> NDArray[Any]:
        out: NDArray[Any] = what.reduceat(values, self.starts) if len(self) else values[:0]
        return out
