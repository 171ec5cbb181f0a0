"""What changes to a quote come to, on the draws of its verdict: each alone, and any set of them.

Read `priced`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from funnel_sim.chance.estimates import Estimate
from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.context import Context
from funnel_sim.decisions.quote import clause_prices
from funnel_sim.decisions.quote.answer import QuoteVerdict, miss_of, quote_verdict
from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.fee_cap import month_to_cap
from funnel_sim.decisions.quote.futures import outcomes
from funnel_sim.decisions.quote.moves import (
    Move,
    applied,
    lowered,
    moves,
    offer_settings,
    with_promise,
)
from funnel_sim.decisions.quote.no_mean import mean_or_median
from funnel_sim.decisions.quote.outcome import Outcome
from funnel_sim.decisions.quote.store_alone import without_operator
from funnel_sim.decisions.quote.summary import Summary, summary
from funnel_sim.decisions.quote.turning import Turning
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

Paper = Literal["", "below_cost", "small"]
_ROUNDING = 1e-9


@dataclass(frozen=True)
class ContractChange:
    """A move made alone: what it leaves the client and the agency over the quote, money of the
    sales currency over the plan, and the fees that the agency loses by it (`cost`, the mean; the
    median where there is none).

    `helps`: it brings the quote nearer to "sign" and leaves the client more; what does not is never
    proposed. `signs`: it is enough alone (a part of the fee: where all of it goes). `first`: what a
    part of the fee leaves the client where it comes down to the level that is asked for first; None
    for every other change.
    """

    move: Move
    client: Estimate
    agency: Estimate
    cost: float
    helps: bool
    signs: bool
    first: Estimate | None = None


@dataclass(frozen=True)
class Offer:
    """A set of changes with what the quote then is, evaluated anew on all draws.

    `option` the contract with them, `found` what it comes to, `verdict` its verdict, `short` the
    sum that is missing until it is signed, over the plan (below zero what is to spare), `cost` the
    fees that the agency loses, `covers` whether the fees still pay for what serving costs a lean
    agency (or the quote itself did not), `paper` why "sign" holds on paper only (`on_paper`).
    """

    moves: tuple[Move, ...]
    option: Option
    found: Summary
    verdict: QuoteVerdict
    short: float
    cost: float
    covers: bool
    paper: Paper = ""

    @property
    def word(self) -> str:
        """The verdict as it is said: "on_paper" where "sign" holds on paper only."""
        return "on_paper" if self.paper else self.verdict


def on_paper(verdict: QuoteVerdict, gain: float, quoted: float, *, covers: bool) -> Paper:
    """Return why a set that makes a quote "sign" is worth signing on paper only: it leaves the
    agency less than serving costs a lean one, or next to nothing to the client; "" where neither
    holds, or it is not signed.

    Args:
        verdict: of the quote with the set.
        gain: what the client keeps more with it, over the plan [sales currency].
        quoted: the fees of the quote as it is, over the plan [sales currency].
        covers: whether the fees with the set pay a lean agency.

    Examples:
        >>> [on_paper("sign", gain, 10000.0, covers=True) for gain in (70.0, 100.0)]
        ['small', '']
    """
    if verdict != "sign":
        return ""
    if not covers:
        return "below_cost"
    return "small" if gain < offer_settings()["next_to_nothing"] * quoted else ""


_NOWHERE = Turning(None, None)


class Desk:
    """One quote and whatever is evaluated of it, in the same futures as its verdict; `others` forms
    of it that are evaluated with it at once.
    """

    def __init__(
        self,
        scenario: Scenario,
        option: Option,
        paths: int,
        store: Context,
        others: Sequence[Option] = (),
    ):
        self.scenario, self.option, self.paths, self.store = scenario, option, paths, store
        self.now, *self.others = self.run([option, *others])
        _, self.band = miss_of(scenario, self.now, _NOWHERE)

    def run(self, options: Sequence[Option]) -> list[Outcome]:
        """Return what forms of the quote come to in the futures of its verdict.

        Args:
            options: the forms.
        """
        return outcomes(
            self.scenario, [Case(one) for one in options], paths=self.paths, store=self.store
        )

    def signed(self, found: Outcome) -> bool:
        """Say whether a form of the quote is worth signing."""
        enough = float((found.gain > 0).mean()) >= self.scenario.comparison.sign_odds
        return mean_or_median(found.gain, found.no_mean.gain) > 0 and enough

    def lost(self, found: Outcome) -> float:
        """Return the fees that the agency loses, and the rebate that it keeps no more."""
        return _income(self.now) - _income(found)

    def short(self, found: Outcome) -> float:
        """Return the sum, paid once, with which a contract would just be signed: the mean (median
        where there is none) and the probability that is asked for.
        """
        gain, need = found.gain, self.scenario.comparison.sign_odds
        place = min(gain.size, math.ceil(need * gain.size)) - 1
        return max(
            -mean_or_median(gain, found.no_mean.gain), float(np.partition(-gain, place)[place])
        )

    def offer(self, chosen: Sequence[Move], found: Outcome) -> Offer:
        """Return a form of the quote with its verdict.

        Args:
            chosen: the moves that make it.
            found: what it comes to in every future.
        """
        told = summary(found, course=False)
        miss, band = miss_of(self.scenario, found, _NOWHERE)
        covers = band.now >= min(band.low, self.band.now) - _ROUNDING
        if (
            self.band.now < self.band.low
            # not signed even at the fee that was asked: it may then come down to the fee at which
            # the verdict speaks of a doubt
        ):
            covers = self.band.now < self.band.doubtful_to
        verdict, changed = quote_verdict(self.scenario, told, miss), found is not self.now
        gain = mean_or_median(found.gain, found.no_mean.gain)
        quoted = mean_or_median(self.now.paid, self.now.no_mean.fee)
        return Offer(
            tuple(chosen),
            found.case.option,
            told,
            verdict,
            self.short(found),
            self.lost(found),
            covers,
            on_paper(verdict, gain, quoted, covers=covers) if changed else "",
        )

    def offers(self, sets: Sequence[Sequence[Move]]) -> list[Offer]:
        """Return the quote with each of some sets of moves, evaluated anew.

        Args:
            sets: the sets, in their order.
        """
        if not sets:
            return []
        found = self.run([applied(self.option, one) for one in sets])
        return [self.offer(one, each) for one, each in zip(sets, found, strict=True)]


def _income(found: Outcome) -> float:
    return mean_or_median(found.income, found.no_mean.fee)


def priced(
    scenario: Scenario, option: Option, paths: int = LIVE, store: Context | None = None
) -> tuple[Scenario, str, Offer, list[ContractChange]]:
    """Return every change to a quote made alone, worked out on the draws of its verdict.

    Args:
        scenario: the store with the quote's KPIs.
        option: the terms of the quote.
        paths: how many draws.
        store: the context of the store alone, where it is at hand.

    Returns:
        (the scenario with the KPI that pay by results needs, that KPI's id, the quote as it is, the
        changes).
    """
    desk, name, changes, _ = alone(scenario, option, paths, store)
    return desk.scenario, name, desk.offer((), desk.now), changes


def negotiable(
    scenario: Scenario, option: Option, paths: int = LIVE, store: Context | None = None
) -> tuple[Scenario, str, Context, list[Move]]:
    """Return every change that can be made to a quote, with what they are evaluated in.

    Args:
        scenario: the store with the quote's KPIs.
        option: the terms of the quote.
        paths: how many draws.
        store: the context of the store alone, where it is at hand.

    Returns:
        (the scenario with the KPI that pay by results needs, that KPI's id, the context of the
        store alone, the changes).
    """
    told, kpi = with_promise(scenario, option)
    at = store if store is not None and told is scenario else Context(without_operator(told))
    return told, kpi, at, moves(told, option, kpi, month_to_cap(told, option, paths, at))


def alone(
    scenario: Scenario, option: Option, paths: int, store: Context | None
) -> tuple[Desk, str, list[ContractChange], list[Outcome]]:
    """Return every change made alone, with what the search for a set of them needs.

    Args:
        scenario: the store with the quote's KPIs.
        option: the terms of the quote.
        paths: how many draws.
        store: the context of the store alone, where it is at hand.

    Returns:
        (the quote as it is evaluated, the KPI that pay by results needs, the changes, and what each
        of them comes to in every future).
    """
    told, kpi, at, asked = negotiable(scenario, option, paths, store)
    level = offer_settings()["first_level"]
    cuts = [move.key for move in asked if move.left is not None]
    forms = [applied(option, [move]) for move in asked]
    forms += [applied(option, [lowered(option, key, level)]) for key in cuts]
    desk = Desk(told, option, paths, at, forms)
    found = desk.others[: len(asked)]
    first = {
        key: clause_prices.variant_worth(one, desk.now)[0]
        for key, one in zip(cuts, desk.others[len(asked) :], strict=True)
    }
    changes, now = [], desk.short(desk.now)
    for move, one in zip(asked, found, strict=True):
        client, agency = clause_prices.variant_worth(one, desk.now)
        helps = client.centre.value > _ROUNDING and desk.short(one) < now - _ROUNDING
        changes.append(
            ContractChange(
                move,
                client,
                agency,
                desk.lost(one),
                helps,
                desk.signed(one),
                first.get(move.key),
            )
        )
    return desk, kpi, changes, found


def worth_of_move(
    scenario: Scenario,
    option: Option,
    move: Move,
    paths: int = LIVE,
    store: Context | None = None,
) -> Estimate:
    """Return what one change alone leaves the client over the quote as it is.

    Args:
        scenario: the scenario that the move was made for.
        option: the terms of the quote.
        move: the change.
        paths: how many draws.
        store: the context of the store alone, where it is at hand.

    Returns:
        Money over the plan [sales currency].
    """
    at = Context(without_operator(scenario)) if store is None else store
    desk = Desk(scenario, option, paths, at, [applied(option, [move])])
    return clause_prices.variant_worth(desk.others[0], desk.now)[0]


def evaluated(
    scenario: Scenario,
    option: Option,
    chosen: Sequence[Move],
    paths: int = LIVE,
    store: Context | None = None,
) -> tuple[Offer, Offer]:
    """Return a quote as it is and with some changes, each with its verdict.

    Args:
        scenario: the scenario that the moves were made for.
        option: the terms of the quote.
        chosen: the moves.
        paths: how many draws.
        store: the context of the store alone, where it is at hand.

    Returns:
        (as it is, with the changes).
    """
    desk = Desk(
        scenario, option, paths, Context(without_operator(scenario)) if store is None else store
    )
    return desk.offer((), desk.now), (
        desk.offers([chosen])[0] if chosen else desk.offer((), desk.now)
    )


def beside_quote(
    scenario: Scenario,
    option: Option,
    made: Option,
    paths: int = LIVE,
    store: Context | None = None,
) -> Offer:
    """Return what another form of a quote comes to beside the quote itself; its `moves` are not
    told.

    Args:
        scenario: the store with the quote's KPIs.
        option: the terms of the quote.
        made: the other form.
        paths: how many draws.
        store: the context of the store alone, where it is at hand.
    """
    at = Context(without_operator(scenario)) if store is None else store
    desk = Desk(scenario, option, paths, at, [made])
    return desk.offer((), desk.others[0])
