"""The store in a block of paths: its months alone, at each ad budget, and with what an option
brings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from funnel_sim.decisions.growth import UsualLevel, level_of
from funnel_sim.decisions.quote.effect import arrival
from funnel_sim.model.arrays import Array, Number
from funnel_sim.model.economics import figures_of, with_uplift
from funnel_sim.model.keys import Book
from funnel_sim.model.linear import by_month
from funnel_sim.model.metrics import FLOWS
from funnel_sim.model.periods import Over
from funnel_sim.model.values import Values
from funnel_sim.scenario.quotes import Option

_LIFTED = 3
"""Books of what options bring that a block keeps: as the contract lasts, and as it ends early."""
_ARRIVED = 8
"""Ways an effect arrives that a block keeps: one for each delay and ramp among the forms of a few
contracts."""


@dataclass(frozen=True)
class StoreBlock:
    """Some of the paths: which, the store carried on alone, the store at each ad budget that an
    option asks for, and the numbers at the planned one.
    """

    where: slice
    before: "StorePaths"
    stores: Mapping[float, "StorePaths"]
    others: Values
    _lifted: list[tuple["StorePaths", Array, Array, Book]] = field(default_factory=list)
    _arrived: list[tuple[int, Number, Array]] = field(default_factory=list)

    def arrived(self, option: Option, ramp: Number, months: int) -> Array:
        """Return the share of an option's effect that has arrived by month in the block's paths.

        Forms of one contract share their ramp and mostly their delay: what was worked out for one
        serves the others.

        Args:
            option: the option with its delay [months].
            ramp: how long the effect takes to arrive [months], in all paths: a number, or the
                drawn ones, an array that nobody changes.
            months: how many months.

        Returns:
            Fractions, shape (months, paths of the block).
        """
        for delay, known, share in self._arrived:
            if delay == option.delay and (known is ramp or _same_number(known, ramp)):
                return share
        shape = (months, self.where.stop - self.where.start)
        share = np.broadcast_to(arrival(option, part_of(ramp, self.where), months), shape)
        self._arrived.append((option.delay, ramp, share))
        del self._arrived[:-_ARRIVED]
        return share

    def lifted(
        self, store: "StorePaths", effect: Array, share: Array, wanted: frozenset[str]
    ) -> Book:
        """Return the months of a store with what an option brings there.

        Forms of one contract differ in what they cost, mostly not in what they bring: the last few
        books are kept for the next form, as long as the block is worked on.

        Args:
            store: the block's paths of the store.
            effect: the relative change of first orders, once all has arrived, shape (paths,).
            share: what of it is there by month [fraction], shape (months, paths).
            wanted: the figures that will be asked for.
        """
        for known, lift, arrived, book in self._lifted:
            same = arrived is share or np.array_equal(arrived, share)
            if known is store and same and np.array_equal(lift, effect):
                return book
        book = with_uplift(store.values, store.book, 1.0 + effect * share, wanted)
        self._lifted.append((store, effect, share, book))
        del self._lifted[:-_LIFTED]
        return book


@dataclass(frozen=True)
class StorePaths:
    """A block of paths of the store: its numbers, its months, its steady month."""

    values: Values
    book: Book
    steady: Book
    _known: dict[str, Array] = field(default_factory=dict)
    _told: list[tuple[Book, dict[tuple[str, Over], Array]]] = field(default_factory=list)

    def months(self, book: Book, *keys: str) -> list[Array]:
        """Return figures by month of this store, or of what an option makes of it: flows as they
        stand in the book, others by their formula.

        Args:
            book: the months.
            *keys: the figures asked for.

        Returns:
            One array a figure, shape (months, paths) or what broadcasts to it; NaN where there is
            none.
        """
        found = self.figures(book, {"month": [key for key in keys if key not in FLOWS]})
        return [
            (
                found[key, "month"]
                if key not in FLOWS
                else _known(None if book[key] is None else by_month(book[key]))
            )
            for key in keys
        ]

    def before(self, key: str) -> Array:
        """Return one figure by month as it is without any option, shape (months, paths) or what
        broadcasts to it.
        """
        if key not in self._known:
            [self._known[key]] = self.months(self.book, key)
        return self._known[key]

    def levels(self, usual: Mapping[str, float | None], paths: int) -> dict[str, UsualLevel]:
        """Return the usual month of figures in each path, by figure, where the store at its point
        values has one.

        Args:
            usual: the usual month at the point values, by figure; None where there is none.
            paths: how many paths the block has.

        Returns:
            Levels, by figure.
        """
        found = self.figures(self.book, {"steady": tuple(usual)}) if usual else {}
        out = {
            key: level_of(key.partition("@")[0], usual[key], value, paths)
            for (key, _), value in found.items()
        }
        return {key: level for key, level in out.items() if level is not None}

    def figures(
        self, book: Book, asked: Mapping[Over, Sequence[str]]
    ) -> dict[tuple[str, Over], Array]:
        """Return figures of this store's months, or of those that an option makes of them; NaN
        where there is none.

        Args:
            book: the months.
            asked: figures, by what they are over.

        Returns:
            Arrays by figure and by what it is over, shape (months, paths), (1, paths) over several
            months, or what broadcasts to it.
        """
        told = next((told for one, told in self._told if one is book), None)
        if told is None:  # forms of one contract ask the same of the same book
            told = {}
            self._told.append((book, told))
            del self._told[: -_LIFTED - 1]
        missing = {
            over: some
            for over, keys in asked.items()
            if (some := [key for key in keys if (key, over) not in told])
        }
        if missing:
            found = figures_of(self.values, book, self.steady, missing)
            told |= {name: _known(value) for name, value in found.items()}
        return {(key, over): told[key, over] for over, keys in asked.items() for key in keys}


def part_of(value: Number, where: slice) -> Number:
    """Return a block's paths of drawn numbers; a number that is the same in all paths stays.

    Args:
        value: a number, or an array of shape (paths,) or (months, paths).
        where: the paths of the block.

    Returns:
        What was given, of shape (..., paths of the block) where it was an array.
    """
    return value[..., where] if isinstance(value, np.ndarray) and value.ndim else value


def _same_number(one: Number, other: Number) -> bool:
    return np.ndim(one) == 0 == np.ndim(other) and bool(one == other)


def _known(value: Any) -> Array:
    return np.asarray(np.nan if value is None else value, np.float64)
