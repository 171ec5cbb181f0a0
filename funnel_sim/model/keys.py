"""The keys of figures: which there are, and what was meant by one that is none.

A figure is asked for by a text, in code as on the command line. A text that names no figure is
refused where it is used, with those written alike, so that a slip of the pen neither fails far away
nor gives another figure.
"""

import difflib
from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar, cast

from funnel_sim.errors import InputError, refuse
from funnel_sim.model import bases
from funnel_sim.model.arrays import Number
from funnel_sim.model.funnel_words import FUNNEL_WORDS
from funnel_sim.model.metrics import FORMULAS, NOT_FROM_THE_FUNNEL

T = TypeVar("T")
Book = dict[str, Number]
"""Inputs and figures of a month or a period by their names: numbers, or arrays of shape (months,
paths). What stands for a number computes like one: a multiple of the month's orders
(`linear.Linear`) and, in a workbook, a cell (`written.Term`).

Two things the type does not say have functions of their own: a figure may be unknown (`known`), and
under "channels" stands what each channel brings (`channels_of`).
"""
Flows = Mapping[str, Number | None]
"""What one channel brings, by step of the funnel (`metrics.STEPS`); None where a step is not
known.
"""
COMPUTED: frozenset[str] = frozenset(FORMULAS) | frozenset(FUNNEL_WORDS)
"""Every figure that the model works out: formulas, volumes of the funnel, and what the concepts
between them give.

No input has such a name in a book.
"""
FIGURES: frozenset[str] = COMPUTED | {"return_rate"}
"""Every figure that can be asked for: those worked out, and the return rate, an input that
contracts name as a figure.
"""


def known(book: Book, key: str) -> Number | None:
    """Return a figure of a book; None where it is not known.

    Args:
        book: inputs and figures by their names.
        key: the figure; it is in the book.

    Returns:
        The figure in its unit, of a shape that broadcasts to (months, paths).
    """
    return book[key]


def channels_of(book: Book) -> Mapping[str, Flows]:
    """Return what each channel brings, by its id; the book holds the funnel."""
    return cast("Mapping[str, Flows]", book["channels"])


def figure_key(key: str) -> str:
    """Return the key of a figure, on whatever basis, checked.

    Args:
        key: the key, such as "profit" or "roas@sales=all".

    Returns:
        The same key.

    Raises:
        InputError: if there is no such figure; the message names the keys written alike.

    Examples:
        >>> figure_key("roas@sales=all")
        'roas@sales=all'
        >>> figure_key("profitt")
        Traceback (most recent call last):
        ...
        funnel_sim.errors.InputError: figure: profitt — is not a figure; did you mean:
        profit, profit_home, order_profit
    """
    if key not in FIGURES and not bases.is_figure(key):
        raise _unknown(key, FIGURES)
    return key


class Figures(dict[str, T], Generic[T]):
    """Figures by key; asking for one under a key that there is not raises InputError and names
    those written alike.

    >>> Figures(profit=12.0)["profitt"]
    Traceback (most recent call last):
    ...
    funnel_sim.errors.InputError: figure: profitt — is not a figure; did you mean: profit
    """

    def __missing__(self, key: str) -> T:
        """Refuse a key that there is not."""
        raise _unknown(key, self)

    def get(self, key: str, default: T | None = None) -> T | None:  # type: ignore[override]
        """Return a figure, or the default for a metric that no funnel gives (fulfilment rate,
        ratings).

        Args:
            key: the key of a figure.
            default: what stands in for such a metric.

        Returns:
            The figure, in its unit.

        Raises:
            InputError: if the text is no key of a figure.
        """
        if key in self:
            return self[key]
        if key in NOT_FROM_THE_FUNNEL or "@" in key:
            return default
        raise _unknown(key, self)


def _unknown(key: object, among: Iterable[str]) -> InputError:
    near = difflib.get_close_matches(str(key), sorted(among), 3) or [
        "profit",
        "roas",
        "paid_orders",
    ]
    return refuse("figure", key, "figure_unknown", near=", ".join(near))
