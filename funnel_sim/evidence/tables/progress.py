"""Long work that tells how far it is, and that may be ended where it tells it: what the one who is
told raises goes through to the caller, and nothing was changed.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Progress = Callable[[float], None]
"""Is told the share of the work that is done, from 0 to 1; what it raises ends the work."""
_AT_ONCE = 5_000  # cells between two tellings: some hundredths of a second
_In = TypeVar("_In")
_Out = TypeVar("_Out")


def part(progress: Progress | None, first: float, last: float) -> Progress | None:
    """Return what a part of some work is to tell: its own share, of the whole from `first` to
    `last`.

    Args:
        progress: is told the share of the whole; None where nobody wants to know.
        first: the share of the whole at which the part begins, from 0 to 1.
        last: the share at which it ends.

    >>> told = []
    >>> part(told.append, 0.5, 1.0)(0.5)
    >>> told
    [0.75]
    """
    if progress is None:
        return None
    return lambda share: progress(first + (last - first) * share)


def tell(progress: Progress | None, share: float) -> None:
    """Tell the share that is done, where somebody wants to know.

    Args:
        progress: is told; None where nobody wants to know.
        share: what is done, from 0 to 1.
    """
    if progress is not None:
        progress(share)


def each(
    read: Callable[[_In], _Out], cells: Sequence[_In], progress: Progress | None
) -> Iterator[_Out]:
    """Yield what is read of each cell, telling now and then how far that is.

    Args:
        read: what is done with a cell.
        cells: the cells, in order.
        progress: is told the share of the cells that is read; None where nobody wants to know.

    >>> told = []
    >>> list(each(str.upper, ["a", "b"], told.append)), told
    (['A', 'B'], [0.0])
    """
    for place, cell in enumerate(cells):
        if place % _AT_ONCE == 0:
            tell(progress, place / len(cells))
        yield read(cell)
