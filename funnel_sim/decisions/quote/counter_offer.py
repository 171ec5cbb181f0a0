"""What to offer instead: the smallest set of changes to a quote with which its verdict becomes
"sign", and what each change is worth alone.

What may be asked for stands in moves.py, what that comes to on the draws of the verdict in
changes.py. Read `counter_offer`. Why so: docs/decisions/0047.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.context import Context
from funnel_sim.decisions.quote.changes import ContractChange, Desk, Offer, alone
from funnel_sim.decisions.quote.moves import (
    Move,
    can_be_combined,
    lowered,
    offer_settings,
)
from funnel_sim.decisions.quote.no_mean import mean_or_median
from funnel_sim.decisions.quote.outcome import Outcome
from funnel_sim.model.arrays import Array
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

Reach = Literal["already", "sign", "below_cost", "none"]
_HALVINGS = 10


@dataclass(frozen=True)
class CounterOffer:
    """What to offer instead of a quote.

    `reach`: the quote is "already" signed as it is; a set makes it "sign"; one does, yet leaves the
    agency less than serving costs even a lean one ("below_cost"); or "none" does. `ways` sets that
    make it "sign" from which nothing can be left out, the one to propose first: the fewest changes,
    of these the one that costs the agency least; then, where they differ, one without a lower fee
    and one by results. `nearest` where none does: the set that comes nearest, which is not to be
    signed either. `ordinary` where only sets below the agency's cost make it "sign": the set of
    clauses and pay by results on which the agency can live that comes nearest, which is not to be
    signed yet; None where none comes nearer. `changes` every move alone; `scenario` the one in
    which all of it was evaluated, with the KPI that a move needs where the store has none (`kpi`,
    else empty).
    """

    scenario: Scenario
    option: Option
    as_is: Offer
    reach: Reach
    ways: tuple[Offer, ...]
    nearest: Offer | None
    changes: tuple[ContractChange, ...]
    kpi: str = ""
    ordinary: Offer | None = None

    def move(self, key: str) -> Move | None:
        """Return a move as it stands alone, or as the first way has it; None where there is
        none.
        """
        proposed = [one for way in self.ways[:1] for one in way.moves]
        return next(
            (one for one in [*proposed, *(each.move for each in self.changes)] if one.key == key),
            None,
        )


def counter_offer(
    scenario: Scenario, option: Option, paths: int = LIVE, store: Context | None = None
) -> CounterOffer:
    """Return the smallest set of changes with which a quote becomes "sign", of equal ones the one
    that costs the agency least.

    The search is bounded: sets are ranked by what their changes leave alone in each future, the
    best of each kind are simulated, and what is proposed is what was simulated. Two calls give the
    same.

    Args:
        scenario: the store with the quote's KPIs.
        option: the terms of the quote.
        paths: futures; those of the verdict, so that it is the same verdict.
        store: what is known of the store alone, where that is at hand.

    >>> from funnel_sim.scenario.presets import preset
    >>> quote = {"id": "quote", "base": 6000.0, "claimed": 0.2, "effect": 0.2}
    >>> store = preset("amazon-de-kitchen").replace({"options": [quote]})
    >>> found = counter_offer(store, store.options[0], paths=1024)
    >>> found.reach, [move.key for move in found.ways[0].moves]
    ('sign', ['base'])
    """
    desk, kpi, changes, found = alone(scenario, option, paths, store)
    as_is = desk.offer((), desk.now)

    def told(
        reach: Reach,
        ways: Sequence[Offer] = (),
        nearest: Offer | None = None,
        ordinary: Offer | None = None,
    ) -> CounterOffer:
        every = tuple(changes)
        return CounterOffer(
            desk.scenario, option, as_is, reach, tuple(ways), nearest, every, kpi, ordinary
        )

    if as_is.verdict == "sign":
        return told("already")
    useful = [(change, one) for change, one in zip(changes, found, strict=True) if change.helps]
    if not useful:
        return told("none")
    fails = frozenset(change.move.key for change in changes if not change.signs)
    ways = _ways(desk, useful, fails)
    if as_is.verdict == "renegotiate" and not (
        ways and ways[0].covers
    ):  # a fee by results may suit both sides where no lower fixed fee does
        forms = _all_together(desk, [pair for pair in useful if pair[0].move.kind != "fee"])
        suits = next((one for one in forms if one.verdict == "sign" and one.covers), None)
        ways = ways if suits is None else [_without_needless(desk, suits, fails)]
    ordinary = None
    if ways and not ways[0].covers:
        near = _livable(desk, useful, as_is)
        if near is not None and near.verdict == "sign":
            ways = [_without_needless(desk, near, fails)]
        else:
            ordinary = near
    if ways:
        return told("sign" if ways[0].covers else "below_cost", ways, ordinary=ordinary)
    steps = _all_together(desk, useful)
    signed = next((one for one in steps if one.verdict == "sign"), None)
    if signed is not None:
        kept = _without_needless(desk, signed, fails)
        return told("sign" if kept.covers else "below_cost", [kept])
    best = min(
        [*steps, *(desk.offer([change.move], one) for change, one in useful)],
        key=lambda offer: offer.short,
    )
    return told("none", nearest=best)


def _livable(
    desk: Desk, useful: Sequence[tuple[ContractChange, Outcome]], as_is: Offer
) -> Offer | None:
    """Return the set of clauses and pay by results that leaves an agency its cost and is signed or,
    where none is, comes nearest; None where none comes nearer than the quote.
    """
    forms = _all_together(desk, [pair for pair in useful if pair[0].move.kind != "fee"])
    able = [one for one in forms if one.covers and one.short < as_is.short]
    return min(able, key=lambda one: (one.verdict != "sign", one.short), default=None)


# ---- the search
# -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Tried:
    """A set by what its changes leave alone: whether the agency's cost would be covered, and the
    fees that it loses.
    """

    moves: tuple[Move, ...]
    covers: bool
    cost: float

    @property
    def order(self) -> tuple[bool, int, float]:
        return not self.covers, len(self.moves), self.cost


class _Alone:
    """What each useful change leaves alone in some or all of the futures: sets are ranked, and fees
    are set, by it without simulating them.
    """

    def __init__(self, desk: Desk, useful: Sequence[tuple[ContractChange, Outcome]], part: int = 1):
        self.desk, self.sets = desk, max(desk.now.plan.replicates // part, 1)
        self.now = self._of(desk.now)
        self.gains = {change.move.key: self._of(one) - self.now for change, one in useful}
        self.costs = {change.move.key: change.cost for change, _ in useful}
        self.fees = float((desk.now.income - desk.now.rebate).mean())
        self.lasts = float(desk.now.last.mean())
        self.shorter = {
            change.move.key: self.lasts - float(one.last.mean()) for change, one in useful
        }
        self.need = desk.scenario.comparison.sign_odds

    def _of(self, found: Outcome) -> Array:
        return found.gain[
            : found.gain.size * self.sets // found.plan.replicates
        ]  # whole replicates only, because each of them samples the whole distribution evenly

    def signed(self, gain: Array) -> bool:
        return (
            mean_or_median(gain, self.desk.now.no_mean.gain) > 0
            and float((gain > 0).mean()) >= self.need
        )

    def part(self, gain: Array, by: Array) -> float | None:
        """Return which part of a change is enough on top of a gain, 0 to 1; None where not all of
        it is.
        """
        if not self.signed(gain + by):
            return None
        low, high = 0.0, 1.0
        for _ in range(_HALVINGS):
            half = (low + high) / 2
            low, high = (low, half) if self.signed(gain + half * by) else (half, high)
        return high

    def tried(self, clauses: Sequence[Move], fees: Sequence[Move]) -> _Tried | None:
        """Return the set of some clauses and some parts of the fee, these lowered by one and the
        same share until it is signed; None where it is not, or is without the fees.
        """
        gain = self.now + sum((self.gains[move.key] for move in clauses), np.zeros_like(self.now))
        cost = sum(self.costs[move.key] for move in clauses)
        chosen = list(clauses)
        if fees:
            if self.signed(gain):
                return None
            part = self.part(
                gain, sum((self.gains[move.key] for move in fees), np.zeros_like(self.now))
            )
            if part is None:
                return None
            chosen += [lowered(self.desk.option, move.key, 1.0 - part) for move in fees]
            cost += part * sum(self.costs[move.key] for move in fees)
        elif not self.signed(gain):
            return None
        months = max(self.lasts - sum(self.shorter[move.key] for move in clauses), 1.0)
        covers = (self.fees - cost) / months >= min(self.desk.band.low, self.desk.band.now)
        return _Tried(tuple(chosen), covers, cost)


def _ranked(known: _Alone, useful: Sequence[tuple[ContractChange, Outcome]]) -> list[_Tried]:
    """Return every set of few changes that should be signed, the one to propose first: nothing is
    added to a set that is one already.
    """
    fees = [change.move for change, _ in useful if change.move.kind == "fee"]
    others = [change.move for change, _ in useful if change.move.kind != "fee"]
    most = offer_settings()["most_changes"]
    out: list[_Tried] = []
    enough: list[set[str]] = []
    for size in range(1, most + 1):
        for lower in range(size + 1):
            for group in combinations(fees, lower):
                for clauses in combinations(others, size - lower):
                    every = (*group, *clauses)
                    if any(one <= {move.key for move in every} for one in enough):
                        continue
                    if not all(
                        can_be_combined(one, other) for one, other in combinations(every, 2)
                    ):
                        continue
                    found = known.tried(clauses, group)
                    if found is not None:
                        out.append(found)
        enough = [{move.key for move in one.moves} for one in out]
    return sorted(out, key=lambda one: one.order)


def _ways(
    desk: Desk, useful: Sequence[tuple[ContractChange, Outcome]], fails: frozenset[str]
) -> list[Offer]:
    """Return the sets to propose: the smallest and cheapest, then one that leaves the level of the
    fee, and one by results, where they differ.
    """
    rules = offer_settings()
    tried = _ranked(_Alone(desk, useful, rules["thinned"]), useful)
    whole = _Alone(desk, useful)
    own = {change.move.key: change.move for change, _ in useful}
    picked: list[tuple[Move, ...]] = []
    for turn, fits in enumerate((_only_fees, *_KINDS)):
        new = [
            one.moves
            for one in tried
            if fits(one.moves) and one.moves not in picked and (one.covers or turn <= 1)
        ]
        picked += new[: rules["checked"]]
    exact: list[tuple[Move, ...]] = []
    for chosen in picked:
        clauses = [move for move in chosen if move.left is None]
        found = whole.tried(clauses, [own[move.key] for move in chosen if move.left is not None])
        exact.append(chosen if found is None else found.moves)
    offers = _simulated(desk, exact)
    best = [
        min((one for one in offers if fits(one.moves)), key=_order, default=None) for fits in _KINDS
    ]
    made: list[Offer] = []
    for way in best:
        if (
            way is None
            or (made and not way.covers)
            or any(
                {move.key for move in one.moves} <= {move.key for move in way.moves} for one in made
            )
        ):
            continue
        kept = _without_needless(desk, way, fails)
        if kept.moves not in [one.moves for one in made]:
            made.append(kept)
    return made


_KINDS: tuple[Callable[[tuple[Move, ...]], bool], ...] = (
    lambda chosen: True,
    lambda chosen: all(move.kind != "fee" for move in chosen),
    lambda chosen: any(move.kind == "results" for move in chosen),
)
"""The ways to propose: the first of all, one that leaves the level of the fee, one by results."""


def _only_fees(chosen: tuple[Move, ...]) -> bool:
    """Say whether nothing but the level of the fee changes: what these leave alone adds up."""
    return all(move.kind == "fee" for move in chosen)


def _simulated(desk: Desk, picked: Sequence[Sequence[Move]]) -> list[Offer]:
    """Return those of some sets that make the quote "sign" when they are simulated; where none
    does, the first with a fee comes down further, step by step.
    """
    found = desk.offers(picked)
    fine = [one for one in found if one.verdict == "sign"]
    if fine:
        return fine
    levels = [one.moves for one in found if any(move.left is not None for move in one.moves)]
    again = [
        [
            lowered(desk.option, move.key, move.left * step) if move.left is not None else move
            for move in levels[0]
        ]
        for step in offer_settings()["steps"]
        if levels
    ]
    return [one for one in desk.offers(again) if one.verdict == "sign"][:1]


def _all_together(desk: Desk, useful: Sequence[tuple[ContractChange, Outcome]]) -> list[Offer]:
    """Return the changes made one after the other, what is worth most to the client first, until
    nothing can be added: each with what it then is.
    """
    every: list[Move] = []
    for change, _ in sorted(useful, key=lambda pair: -pair[0].client.centre.value):
        if all(can_be_combined(change.move, move) for move in every):
            every.append(change.move)
    return desk.offers([every[: count + 1] for count in range(len(every))])


def _order(offer: Offer) -> tuple[bool, int, float]:
    return not offer.covers, len(offer.moves), offer.cost


def _without_needless(desk: Desk, offer: Offer, fails: frozenset[str] = frozenset()) -> Offer:
    """Return a set without the changes that it does not need: of what can be left out, what costs
    the agency most goes first; `fails` changes that are known not to be enough alone.
    """
    while len(offer.moves) > 1:
        fewer = [[move for move in offer.moves if move is not left] for left in offer.moves]
        open_ = [one for one in fewer if len(one) > 1 or one[0].key not in fails]
        enough = [one for one in desk.offers(open_) if one.verdict == "sign"]
        if not enough:
            return offer
        offer = min(enough, key=_order)
    return offer
