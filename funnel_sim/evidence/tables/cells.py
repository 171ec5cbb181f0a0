"""A column of cells as one Arrow array: what a million rows are asked at once.

A column's meaning is decided by its different texts; what needs every row (which rows hold the same
text, where all of them are plain numbers) is asked here without a Python object a cell.
"""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from funnel_sim.model.arrays import Array

_TEXT = pd.StringDtype("pyarrow", na_value=np.nan)  # what pandas calls str
_SAMPLE = 100  # cells by which it is tried whether a column may be whole numbers
_LONGEST_PLAIN = 15  # digits that a float holds exactly
_SPARE = 1.1  # times the room that a column is expected to need
_POINT, _MINUS = ord("."), ord("-")


def texts_of(column: pd.Series) -> pa.LargeStringArray:
    """Return a column of texts as one Arrow array without missing cells; nothing is copied where
    the column is one already.
    """
    found = pa.array(column, from_pandas=True)
    if isinstance(found, pa.ChunkedArray):
        found = found.combine_chunks()
    if found.type != pa.large_string():
        found = found.cast(pa.large_string())
    return found.fill_null("") if found.null_count else found


def series_of(texts: pa.Array, index: pd.Index | None = None) -> pd.Series:
    """Return an Arrow array of texts as a column of a table.

    Args:
        texts: the cells, shape (rows,).
        index: the row labels; None numbers the rows from 0.
    """
    found = texts.cast(pa.large_string()).to_pandas(types_mapper={pa.large_string(): _TEXT}.get)
    return pd.Series(found.array, index=index)


def release() -> None:
    """Give back to the machine what Arrow no longer needs; it keeps that for what may come."""
    pa.default_memory_pool().release_unused()


def codes_of(column: pd.Series) -> tuple[NDArray[np.int32], list[str]]:
    """Return of each cell the place of its text among the different ones, shape (cells,), and these
    in the order in which they come.

    >>> codes, ways = codes_of(pd.Series(["b", "a", "b"]))
    >>> codes.tolist(), ways
    ([0, 1, 0], ['b', 'a'])
    """
    found = texts_of(column).dictionary_encode()
    return found.indices.to_numpy(), found.dictionary.to_pylist()


def buffers_of(texts: pa.LargeStringArray) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return where each cell begins (and, last, where the last one ends) in the bytes of all, shape
    (cells + 1,), and these bytes.
    """
    _, places, content = texts.buffers()
    starts = np.frombuffer(places, np.int64, len(texts) + 1, 8 * texts.offset)
    return starts, np.frombuffer(content or b"", np.uint8)


class Gathered:
    """A column of which pieces come one after the other, in one stretch of memory from the start:
    putting pieces together at the end would take the room of the column twice.
    """

    def __init__(self, most: int):
        """Begin an empty column.

        Args:
            most: cells that may come; room that is not used takes no memory.
        """
        self._most, self._rows, self._bytes = most, 0, 0
        self._places = np.empty(most + 1, dtype=np.int64)
        self._places[0] = 0
        self._content = np.empty(0, dtype=np.uint8)

    def add(self, texts: pa.LargeStringArray) -> None:
        """Add cells at the end.

        Args:
            texts: the cells.
        """
        if not len(texts):
            return
        starts, content = buffers_of(texts)
        rows, size = self._rows + len(texts), self._bytes + int(starts[-1] - starts[0])
        if size > len(self._content):  # as much as the cells until now let expect, and some more
            room = np.empty(int(_SPARE * size * max(1.0, self._most / rows)), dtype=np.uint8)
            room[: self._bytes] = self._content[: self._bytes]
            self._content = room
        self._content[self._bytes : size] = content[starts[0] : starts[-1]]
        np.add(starts[1:], self._bytes - starts[0], out=self._places[self._rows + 1 : rows + 1])
        self._rows, self._bytes = rows, size

    def whole(self) -> pa.LargeStringArray:
        """Return all cells; nothing can be added afterwards."""
        return pa.LargeStringArray.from_buffers(
            self._rows,
            pa.py_buffer(self._places[: self._rows + 1]),
            pa.py_buffer(self._content[: self._bytes]),
        )


def only_of(texts: pa.LargeStringArray, allowed: bytes) -> bool:
    """Say whether cells hold no other bytes than some.

    Args:
        texts: the cells.
        allowed: the bytes that may occur, in any order.

    >>> only_of(pa.array(["1", "", "2.5"], pa.large_string()), b"0123456789.")
    True
    """
    if not len(texts):
        return True
    starts, content = buffers_of(texts)
    return not content[starts[0] : starts[-1]].tobytes().translate(None, allowed)


def leaders(column: pd.Series) -> NDArray[np.int32]:
    """Return of each cell the place of the first one with the same text, shape (cells,).

    Equal cells mostly stand together, so that hardly more than one of each has to be compared.

    >>> leaders(pd.Series(["b", "b", "a", "b"])).tolist()
    [0, 0, 2, 0]
    """
    texts = texts_of(column)
    rows = len(texts)
    if rows == 0:
        return np.empty(0, dtype=np.int32)
    new = np.ones(rows, dtype=bool)
    new[1:] = pc.not_equal(texts.slice(1), texts.slice(0, rows - 1)).to_numpy(zero_copy_only=False)
    heads = np.flatnonzero(new).astype(np.int32)
    first = heads[_first_equal(texts.take(pa.array(heads)))]
    return first if len(heads) == rows else np.repeat(first, np.diff(heads, append=rows))


def _first_equal(texts: pa.LargeStringArray) -> NDArray[np.int32]:
    """Return of each cell the place of the first one with the same text."""
    whole = _whole_numbers(texts)
    if whole is not None:
        steps = whole[1:] > whole[:-1]
        if steps.all() or not (steps | (whole[1:] == whole[:-1])).any():  # up or down throughout
            return np.arange(len(texts), dtype=np.int32)
    found = (texts if whole is None else pa.array(whole)).dictionary_encode()
    codes = found.indices.to_numpy()
    if len(found.dictionary) == len(texts):
        return np.arange(len(texts), dtype=np.int32)
    first = np.empty(len(found.dictionary), dtype=np.int32)
    first[codes[::-1]] = np.arange(len(texts) - 1, -1, -1, dtype=np.int32)  # the last one written
    return np.asarray(first[codes])


def _whole_numbers(texts: pa.LargeStringArray) -> NDArray[np.int64] | None:
    """Return cells as whole numbers, None where one is none or is written in another way than the
    number would be ("007").
    """
    try:
        if (
            not texts.slice(0, _SAMPLE)
            .cast(pa.int64())
            .cast(pa.large_string())
            .equals(texts.slice(0, _SAMPLE))
        ):
            return None
        found = texts.cast(pa.int64())
    except pa.ArrowInvalid:
        return None
    return np.asarray(found.to_numpy()) if found.cast(pa.large_string()).equals(texts) else None


def plain_numbers(texts: pa.LargeStringArray) -> Array | None:
    """Return the numbers of cells that are all empty or digits with "." before at most two more,
    which can be read in one way only; None where one is not. Empty cells are NaN, the shape is
    (cells,).

    >>> plain_numbers(pa.array(["12.5", "", "-3"], pa.large_string())).tolist()
    [12.5, nan, -3.0]
    >>> plain_numbers(pa.array(["1.250"], pa.large_string())) is None
    True
    """
    if not len(texts):
        return np.empty(0)
    starts, content = buffers_of(texts)
    lengths = np.diff(starts)
    written = content[starts[0] : starts[-1]]
    if lengths.max() > _LONGEST_PLAIN or written.tobytes().translate(None, b"0123456789.-"):
        return None
    points = int(np.count_nonzero(written == _POINT))
    if points and (lengths.max() < 3 or points != _plain_points(starts[1:], lengths, content)):
        return None
    empty = lengths == 0
    cells = pc.if_else(pa.array(empty), None, texts) if empty.any() else texts
    try:
        return np.asarray(cells.cast(pa.float64()).to_numpy(zero_copy_only=False))
    except pa.ArrowInvalid:  # "-", "1.2.3"
        return None


def _plain_points(
    ends: NDArray[np.int64], lengths: NDArray[np.int64], content: NDArray[np.uint8]
) -> int:
    """Return in how many cells a point stands behind a digit and before the last one or two."""
    found = np.zeros(len(ends), dtype=bool)
    for digits in (1, 2):
        place = np.maximum(ends - digits - 1, 1)
        long = lengths >= digits + 2
        found |= long & (content[place] == _POINT) & (content[place - 1] != _MINUS)
    return int(np.count_nonzero(found))
