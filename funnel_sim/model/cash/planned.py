"""Cash as typed and as planned on the same months: worked out with goods ordered as planned, and
once more as typed on the paths that cash would hold back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.amounts import CASH_WANTED, Amounts, amounts_of
from funnel_sim.model.cash.day_rows import Room
from funnel_sim.model.cash.forecast import Forecast
from funnel_sim.model.cash.run import CashRun, Extra, till_of
from funnel_sim.model.cash.terms import Terms, terms_of
from funnel_sim.model.demand import PayoutsHeld
from funnel_sim.model.economics import book_of
from funnel_sim.model.values import Values

Places = NDArray[np.intp]
_Parts = TypeVar("_Parts", Terms, Amounts)


@dataclass(frozen=True)
class _Some:
    """What the days of some paths need, `places` being theirs among all paths."""

    places: Places
    terms: Terms
    amounts: Amounts
    holds: tuple[PayoutsHeld, ...]
    extra: Mapping[str, Extra]


class BothWays:
    """Works blocks of paths out as planned, gathers the paths that the terms as typed would change
    (`run.Pressed`), and works these out as typed, many at once: the calls of a day are shared.
    """

    def __init__(self, forecast: Forecast | None):
        self.forecast, self.room = forecast, Room()
        self.gathered: list[_Some] = []

    def planned(
        self, values: Values, first: int, paths: int, extra: Mapping[str, Extra] | None
    ) -> tuple[CashRun, Places]:
        """Return what cash does on a block with goods ordered as planned and no interest.

        Args:
            values: the numbers of the scenario's fields on the block.
            first: the place of its first path among all.
            paths: how many it has.
            extra: amounts on top of the scenario's own, by a name of the caller's.

        Returns:
            What it does, which holds until the next call, and the places in the block of the paths
            on which that is not so as typed, shape (some paths,).
        """
        scenario, holds = values.scenario, values.by_chance.payouts_held
        book = book_of(values, steady=False, wanted=CASH_WANTED)
        terms, amounts = terms_of(scenario, book), amounts_of(scenario, book, paths)
        more = extra or {}
        till = till_of(
            scenario,
            terms.as_planned(),
            amounts,
            holds,
            more,
            self.forecast,
            watching=terms,
            room=self.room,
        )
        at = till.pressed_paths()
        if at.size:
            some = _Some(
                first + at,
                _of_parts(terms, [terms], [at]),
                _of_parts(amounts, [amounts], [at]),
                tuple(_held([one], [at]) for one in holds),
                {name: _extra([one], [at]) for name, one in more.items()},
            )
            self.gathered.append(some)
        return till.result(), at

    def typed(self, values: Values, least: int) -> Iterator[tuple[Places, CashRun]]:
        """Yield what cash does as typed on the paths that were gathered; nothing where they are too
        few yet.

        Args:
            values: of any block: its scenario is taken.
            least: how many paths are enough to be worked out.

        Yields:
            Their places among all paths, shape (gathered paths,), and what cash does on them, which
            holds until the next call.
        """
        if sum(one.places.size for one in self.gathered) < max(1, least):
            return
        all_of, self.gathered = self.gathered, []
        every = [np.arange(one.places.size) for one in all_of]
        first = all_of[0]
        till = till_of(
            values.scenario,
            _of_parts(first.terms, [one.terms for one in all_of], every),
            _of_parts(first.amounts, [one.amounts for one in all_of], every),
            tuple(_held(same, every) for same in zip(*(one.holds for one in all_of), strict=True)),
            {name: _extra([one.extra[name] for one in all_of], every) for name in first.extra},
            self.forecast,
            room=self.room,
        )
        yield np.concatenate([one.places for one in all_of]), till.result()


def _columns(values: Sequence[Array], at: Sequence[Places]) -> Array:
    """Return the columns of some paths of several blocks, side by side; the only one where all
    paths share it.

    >>> _columns([np.array([[1.0, 2.0, 3.0]]), np.array([[4.0, 5.0]])], [[2, 0], [1]]).tolist()
    [[3.0, 1.0, 5.0]]
    """
    if np.atleast_2d(values[0]).shape[1] == 1:
        return values[0]
    kept = [np.take(one, some, axis=1) for one, some in zip(values, at, strict=True)]
    return kept[0] if len(kept) == 1 else np.concatenate(kept, axis=1)


def _of_parts(first: _Parts, parts: Sequence[_Parts], at: Sequence[Places]) -> _Parts:
    """Return terms or amounts of some paths of several blocks."""
    columns: dict[str, Any] = {
        one.name: _columns([getattr(part, one.name) for part in parts], at)
        for one in fields(first)
        if isinstance(getattr(first, one.name), np.ndarray)
    }
    return replace(first, **columns)


def _held(same: Sequence[PayoutsHeld], at: Sequence[Places]) -> PayoutsHeld:
    shares = _columns([np.atleast_2d(np.asarray(one.share)) for one in same], at)
    return PayoutsHeld(_columns([one.covered for one in same], at), shares[0])


def _extra(same: Sequence[Extra], at: Sequence[Places]) -> Extra:
    return replace(same[0], amounts=_columns([one.amounts for one in same], at))
