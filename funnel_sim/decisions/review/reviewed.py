"""All that a review tells of a period, worked out once: for the report, the command line and
Python; the screen asks for the same parts one by one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from funnel_sim.decisions.review.bill import Bill, bill_of
from funnel_sim.decisions.review.borrowed import plan_is_example
from funnel_sim.decisions.review.drivers import Split
from funnel_sim.decisions.review.effect import Drop, Effect, drop, effect_of
from funnel_sim.decisions.review.leak import Leaks, leaks
from funnel_sim.decisions.review.month_drivers import against_plan, between_months
from funnel_sim.decisions.review.otherwise import Otherwise, otherwise
from funnel_sim.decisions.review.periods import (
    PeriodFigure,
    ReviewPeriod,
    figures_of_period,
    period_of,
    up_to,
)
from funnel_sim.decisions.review.standing import Standing, standing
from funnel_sim.decisions.review.usual_period import MOST_MONTHS
from funnel_sim.errors import InputError
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

Against = Literal["before", "year", "mark", "plan"]
"""What a period is held against: as many months before it, the same months a year ago, everything
since the mark against before it, the plan.
"""
AGAINST: tuple[Against, ...] = get_args(Against)
State = Literal["act", "watch", "good"]
T = TypeVar("T")


@dataclass(frozen=True)
class Reviewed:
    """A review: the scenario as it was known at the period's end, whose contract, and every answer;
    None for what was not asked or could not be worked out, `problems` why. `changes` holds what
    drove the change by what the period is held against.
    """

    scenario: Scenario
    option: Option | None
    period: ReviewPeriod
    figures: tuple[PeriodFigure, ...]
    effect: Effect
    dropped: Drop | None
    leaks: Leaks | None
    changes: Mapping[Against, Mapping[str, Split]]
    standing: Standing | None
    bill: Bill | None
    others: tuple[Otherwise, ...]
    problems: tuple[InputError, ...]

    @property
    def state(self) -> State:
        """What the review comes to (`state_of`)."""
        return state_of(self.effect, self.leaks, self.standing)


def contract_of(scenario: Scenario) -> Option | None:
    """Return the contract that a review is about: the one that was signed; None where there is no
    quote, or several and none is chosen.
    """
    return scenario.signed_option()


def review_of(
    scenario: Scenario,
    option: Option | None = None,
    period: str = "",
    *,
    paths: int | None = None,
) -> Reviewed:
    """Return the review of a period, with what was known at its end.

    Args:
        scenario: the store with its series of months.
        option: whose contract; None: the one at hand.
        period: "2026-08" or "2026-Q3"; "" for the last month.
        paths: futures of the probabilities; None: the scenario's own number.

    Raises:
        InputError: no month of the period is known since the engagement began, or the effect
            cannot be looked at.
    """
    asked = period_of(scenario, period)
    known = up_to(scenario, asked.last)
    option = contract_of(known) if option is None else option
    problems: list[InputError] = []

    def tried(make: Callable[[], T]) -> T | None:
        try:
            return make()
        except InputError as error:
            problems.append(error)
            return None

    changes: dict[Against, Mapping[str, Split]] = {}
    for against in AGAINST:
        try:
            found = change_of(known, asked, against)
        except InputError:
            continue  # the screen says which months lack; a report leaves the comparison out
        if found is not None:
            changes[against] = found
    billed = None if option is None else tried(lambda: bill_of(known, option))
    others = None if billed is None else tried(lambda: otherwise(known, billed))
    return Reviewed(
        known,
        option,
        asked,
        figures_of_period(known, asked),
        effect_of(known, option),
        drop(known, asked.last),
        tried(lambda: leaks(known, asked.months)),
        changes,
        tried(lambda: standing(known, option, paths=paths)),
        billed,
        others or (),
        tuple(problems),
    )


def months_against(
    scenario: Scenario, period: ReviewPeriod, against: Against
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the months of both sides of a comparison; the first are none where the series has
    none, or where the plan stands there.

    Args:
        scenario: the store with its series of months, up to the period's end.
        period: the one under review.
        against: what it is held against.

    Returns:
        The months before and those after the change.
    """
    match against:
        case "before":
            return period.before, period.months
        case "year":
            return period.year_ago, period.months
        case "mark":
            history = scenario.history
            names = history.names()
            since = tuple(one for one in history.engaged() if one in names)[-MOST_MONTHS:]
            before = names[: history.before_mark()][-len(since) :] if since else []
            return tuple(before), since
        case "plan":
            return (), period.months


def change_of(
    scenario: Scenario, period: ReviewPeriod, against: Against
) -> Mapping[str, Split] | None:
    """Return what drove a change of the usual month; None where there are no months to hold it
    against, or the plan is still an example's.

    Args:
        scenario: the store with its series of months, up to the period's end.
        period: the one under review.
        against: what it is held against.

    Raises:
        InputError: months without sales, or stores that differ in what is no number.
    """
    first, second = months_against(scenario, period, against)
    if against == "plan":
        return None if plan_is_example(scenario) else against_plan(scenario, second)
    return between_months(scenario, first, second) if first else None


def state_of(effect: Effect, found: Leaks | None, stand: Standing | None) -> State:
    """Return what a review comes to: "act" where the stop-loss was triggered, a KPI is missed or
    unlikely, or sales lie below the store alone; "good" where the effect shows and nothing is
    broken or to watch; else "watch".

    Args:
        effect: whose doing it is.
        found: the steps of the funnel; None where they cannot be looked at, which is not good.
        stand: where the KPIs stand; None where there are none.
    """
    rows = () if stand is None else tuple(row for row in stand.rows if row.owed)
    stopped = stand is not None and stand.stop is not None and stand.stop.triggered is not None
    if stopped or effect.verdict == "harmed" or any(row.health == "bad" for row in rows):
        return "act"
    broken = found is None or bool(found.broken) or bool(found.costly)
    fine = effect.verdict == "worked" and not broken and all(r.health == "good" for r in rows)
    return "good" if fine else "watch"
