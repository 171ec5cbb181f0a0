"""Our own offer, looked at from the agency's side: from which uplift on it is worth signing for the
client, which guarantee brings that down or takes the client's risk, at which fee, and what is kept.

Nothing here doubts the agency's promise, and nothing believes it: an offer is looked at where the
promise holds and where nothing comes of it. Why so: docs/decisions/0054.
"""

import math
from dataclasses import dataclass

from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.context import Context
from funnel_sim.decisions.quote.answer import miss_of, worth_signing
from funnel_sim.decisions.quote.changes import negotiable
from funnel_sim.decisions.quote.effect import Case, OptionBelief, claim
from funnel_sim.decisions.quote.futures import outcomes
from funnel_sim.decisions.quote.moves import Move, applied
from funnel_sim.decisions.quote.outcome import Outcome
from funnel_sim.decisions.quote.summary import Summary, summary
from funnel_sim.decisions.quote.turning import Turning, turnings_of_forms
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

_DUST = 1e-6


@dataclass(frozen=True)
class Form:
    """Our offer in one form: as it is (`move` None), or with one guarantee added.

    `turning` the effects at which it turns for the client; `held` what it comes to where the
    promised uplift comes, `failed` where none comes; `fits` whether it is worth signing for the
    client where the promise holds; `paid` the fee of a running month where it holds, `most` the
    highest at which it would still be worth signing there (below zero: not even for nothing), money
    of the sales currency.
    """

    move: Move | None
    option: Option
    turning: Turning
    held: Summary
    failed: Summary
    fits: bool
    paid: float
    most: float

    @property
    def needed(self) -> float | None:
        """The uplift from which it is worth signing; None where there is none, or any is enough."""
        return self.turning.sign

    def kept(self, *, held: bool) -> float:
        """Return what the agency keeps: its income (a media rebate in it) less what serving costs
        it, over the plan, where the promise holds or not.
        """
        return (self.held if held else self.failed).agency.centre.value

    def client(self, *, held: bool) -> float:
        """Return what the client gains or, below zero, loses over the plan."""
        return (self.held if held else self.failed).gain.centre.value


@dataclass(frozen=True)
class OurOffer:
    """Our offer as it is and with each guarantee that brings the client nearer to signing.

    `promised` the uplift that it is looked at with: what it promises, or what case studies claim
    where it promises none (`typed` False). `guarantees` those that lower the uplift from which it
    is worth signing, or what the client loses where nothing comes: those that cost the agency least
    where the promise holds first. `scenario` has the KPI that a guarantee needs (`kpi`).
    """

    scenario: Scenario
    option: Option
    promised: float
    typed: bool
    as_is: Form
    guarantees: tuple[Form, ...]
    kpi: str = ""

    @property
    def lacking(self) -> float | None:
        """How much the promise falls short of the uplift that is needed; None where it does not."""
        needed = self.as_is.needed
        return None if self.as_is.fits or needed is None else needed - self.promised

    @property
    def affordable(self) -> tuple[Form, ...]:
        """The guarantees with which the agency still earns where the promise holds."""
        return tuple(one for one in self.guarantees if one.kept(held=True) > 0)

    @property
    def best(self) -> Form | None:
        """The affordable guarantee to name first where the offer does not fit: the one that lowers
        what is needed most, of several alike the one that costs least; None where none lowers it.
        """
        lower = [one for one in self.affordable if _lowers(one, self.as_is)]
        return min(
            lower, key=lambda one: -math.inf if one.needed is None else one.needed, default=None
        )

    @property
    def safest(self) -> Form | None:
        """The affordable guarantee that leaves the client most where nothing comes; None where none
        leaves more.
        """
        better = [one for one in self.affordable if _protects(one, self.as_is)]
        return max(better, key=lambda one: one.client(held=False), default=None)


def our_offer(
    scenario: Scenario, option: Option, paths: int = LIVE, store: Context | None = None
) -> OurOffer:
    """Return what a quote is to the agency that makes it.

    Args:
        scenario: the client's store, with the quote's KPIs.
        option: the quote.
        paths: futures for what it comes to; the uplifts needed are searched on fewer, as those of
            the verdict are (turning.py), so that both say the same.
        store: what is known of the store alone, where that is at hand.

    >>> from funnel_sim.scenario.presets import preset
    >>> quote = {"id": "quote", "base": 3000.0, "claimed": 0.4}
    >>> shop = preset("amazon-de-kitchen").replace({"options": [quote]})
    >>> found = our_offer(shop, shop.options[0], paths=1024)
    >>> found.promised, found.as_is.fits, found.as_is.kept(held=False) < 0
    (0.4, True, True)
    """
    told, kpi, at, asked = negotiable(scenario, option, paths, store)
    moves: list[Move | None] = [None, *(one for one in asked if one.kind != "fee")]
    forms = [option if move is None else applied(option, [move]) for move in moves]
    turning = turnings_of_forms(told, forms, at)
    beliefs: tuple[OptionBelief, ...] = ("claimed", "none")
    cases = [Case(form, belief) for form in forms for belief in beliefs]
    found = outcomes(told, cases, paths=paths, store=at)
    made = [
        _form(told, move, turn, *found[2 * place : 2 * place + 2])
        for place, (move, turn) in enumerate(zip(moves, turning, strict=True))
    ]
    as_is, promised = made[0], claim(told, option)
    guarantees = [one for one in made[1:] if _lowers(one, as_is) or _protects(one, as_is)]
    guarantees.sort(key=lambda one: _cost(one, as_is))
    return OurOffer(
        told, option, promised, option.claimed is not None, as_is, tuple(guarantees), kpi
    )


def _form(
    scenario: Scenario, move: Move | None, turning: Turning, held: Outcome, failed: Outcome
) -> Form:
    option, there = held.case.option, summary(held, course=False)
    _, band = miss_of(scenario, held, turning)
    return Form(
        move,
        option,
        turning,
        there,
        summary(failed, course=False),
        worth_signing(scenario, there),
        band.now,
        band.high,
    )


def _cost(one: Form, as_is: Form) -> float:
    """Return what a guarantee costs the agency where the promise holds."""
    return as_is.kept(held=True) - one.kept(held=True)


def _lowers(one: Form, as_is: Form) -> bool:
    if one.needed is None:
        return one.fits and not as_is.fits
    gone = as_is.needed is None and not as_is.fits
    return gone or one.needed < (as_is.needed or 0.0) - _DUST


def _protects(one: Form, as_is: Form) -> bool:
    return one.client(held=False) > as_is.client(held=False) + _DUST
