"""The effects at which an option turns: where its mean gain is zero, and where it becomes worth
signing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from funnel_sim.decisions.context import Context
from funnel_sim.decisions.quote.effect import Case, most_effect
from funnel_sim.decisions.quote.futures import SEARCH_PATHS, QuoteFutures
from funnel_sim.decisions.quote.no_mean import mean_or_median
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Turning:
    """Effects (relative changes of first orders, once all has arrived) at which things turn; None:
    not between −20 % and +600 %.

    `break_even` the mean gain is zero, `sign` the verdict becomes "sign". `course` how the mean
    gain goes along the effects tried (the median where there is no mean): it "crosses" zero
    upwards, is above or below it "always" or "never", or "falls" below it where more orders mean
    more loss.
    """

    break_even: float | None
    sign: float | None
    course: Literal["crosses", "always", "never", "falls"] = "crosses"


def turnings(
    scenario: Scenario, options: Sequence[Option], store: Context | None = None
) -> dict[str, Turning]:
    """Return for each option the effects at which it turns.

    Args:
        scenario: the store and its plan, as typed.
        options: ways to run the store: effect, costs, contract.
        store: the context of the store alone, where it is at hand.

    Returns:
        By the id of the option.
    """
    found = turnings_of_forms(scenario, options, store)
    return {option.id: one for option, one in zip(options, found, strict=True)}


def turnings_of_forms(
    scenario: Scenario, options: Sequence[Option], store: Context | None = None
) -> list[Turning]:
    """Return for each option the effects at which its mean gain (median where it has no mean) is
    zero and at which it becomes worth signing, in their order; several may be forms of one
    contract, which have its id and so its draws.

    A few effects are tried, then, where a test fails and passes again, closer ones: in turn the
    effect at which a straight line between the two ends reaches zero, and the middle.

    Args:
        scenario: the store and its plan, as typed.
        options: ways to run the store: effect, costs, contract.
        store: the context of the store alone, where it is at hand.

    Returns:
        By the id of the option.
    """
    every = range(len(options))
    looked: list[dict[float, tuple[float, float]]] = [{} for _ in every]

    futures = QuoteFutures(
        scenario, options, SEARCH_PATHS, both_sides=False, store=store
    )  # the serving cost is not drawn: only the client's gain is needed

    def look(at: Sequence[Sequence[float]]) -> None:
        asked = [(place, effect) for place in every for effect in at[place]]
        cases = [Case(options[place], effect) for place, effect in asked]
        found = futures.outcomes(cases) if cases else []
        for (place, effect), one in zip(asked, found, strict=True):
            looked[place][effect] = (
                mean_or_median(one.gain, one.no_mean.gain),
                float((one.gain > 0).mean()),
            )

    most = most_effect(scenario)
    tried = tuple(effect for effect in _GRID if effect < most) + (
        (most,) if most < _GRID[-1] else ()
    )
    look([tried for _ in every])
    need = scenario.comparison.sign_odds
    tests: tuple[_Test, ...] = (
        lambda told: told[0],
        lambda told: min(told[0], told[1] - need + 1e-12),
    )
    for turn in range(_ROUNDS):
        more: list[list[float]] = []
        for known in looked:
            brackets = [
                (test, ends)
                for test in tests
                if (ends := _crossing(known, test)) is not None and ends[1] - ends[0] > _FINE
            ]
            new = {_next(known, test, ends, turn) for test, ends in brackets}
            more.append(sorted(new - set(known)))
        look(more)
    out = []
    for known in looked:
        mean, sign = (_crossing(known, test) for test in tests)
        break_even = _between(known, mean)
        at = None if sign is None else sign[1]
        if (
            sign is not None
            and break_even is not None
            and sign == mean
            and min(known[end][1] for end in sign) >= need
        ):
            at = break_even  # the probability is high enough at both ends: only the mean decides
        out.append(Turning(break_even, at, _course(known) if break_even is None else "crosses"))
    return out


def _course(looked: Mapping[float, tuple[float, float]]) -> Literal["always", "never", "falls"]:
    above = [looked[effect][0] > 0 for effect in sorted(looked)]
    return "always" if all(above) else "falls" if above[0] else "never"


_Test = Callable[[tuple[float, float]], float]

_GRID = (-0.2, 0.0, 0.1, 0.3, 1.0, 6.0)

_FINE = 2e-3

_ROUNDS = 6

_APART = 0.02


def _next(
    looked: Mapping[float, tuple[float, float]], test: _Test, ends: tuple[float, float], turn: int
) -> float:
    """Return the effect to be tried next between two: just beyond where a straight line meets zero,
    on either side in turn, or the middle where the line says nothing.
    """
    low, high = (test(looked[end]) for end in ends)
    width = ends[1] - ends[0]
    if turn % 3 == 2 or not high > low:
        return round(ends[0] + width / 2, 7)
    at = ends[0] + width * (-low / (high - low))
    aside = max(_FINE / 2, width * _APART)
    return round(
        min(
            ends[1] - width * 1e-3,
            max(ends[0] + width * 1e-3, at + (aside if turn % 2 == 0 else -aside)),
        ),
        7,
    )


def _crossing(
    looked: Mapping[float, tuple[float, float]], test: Callable[[tuple[float, float]], float]
) -> tuple[float, float] | None:
    """Return the last effect that fails and the first that passes from there on; None where the
    largest fails or the least passes.
    """
    effects_ = sorted(looked)
    failing = [effect for effect in effects_ if not test(looked[effect]) > 0]
    if not failing or failing[-1] == effects_[-1]:
        return None
    return failing[-1], effects_[effects_.index(failing[-1]) + 1]


def _between(
    looked: Mapping[float, tuple[float, float]], ends: tuple[float, float] | None
) -> float | None:
    if ends is None:
        return None
    low, high = (looked[end][0] for end in ends)
    return ends[0] + (ends[1] - ends[0]) * (-low / (high - low) if high > low else 1.0)
