"""The answers of a review, remembered for the screen: each is worked out when the part that shows
it is open (calls.py says how they are kept).

Every function takes the scenario as it was typed, the name of the period and, where it matters, the
id of the contract; "" for none.
"""

from collections.abc import Mapping

from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.review.bill import Bill, bill_of
from funnel_sim.decisions.review.drivers import Split
from funnel_sim.decisions.review.effect import Drop, Effect, drop, effect_of
from funnel_sim.decisions.review.leak import Leaks, leaks
from funnel_sim.decisions.review.month_drivers import between_months
from funnel_sim.decisions.review.periods import (
    PeriodFigure,
    ReviewPeriod,
    figures_of_period,
    period_of,
    up_to,
)
from funnel_sim.decisions.review.reviewed import Against, change_of
from funnel_sim.decisions.review.standing import Standing, standing
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.remembered import remembered


def _contract(scenario: Scenario, name: str) -> Option | None:
    return next((one for one in scenario.options if one.id == name), None)


@remembered(8)
def known_at(scenario: Scenario, period: str) -> tuple[Scenario, ReviewPeriod]:
    """Return the scenario as it was known at a period's end, and the period.

    Args:
        period: its name, "2026-03" or "2026-Q1".
    """
    asked = period_of(scenario, period)
    return up_to(scenario, asked.last), asked


@remembered(8)
def head_of(scenario: Scenario, period: str) -> tuple[PeriodFigure, ...]:
    """Return the figures of a period's head.

    Args:
        period: its name, "2026-03" or "2026-Q1".
    """
    return figures_of_period(*known_at(scenario, period))


@remembered(8)
def effect_known(scenario: Scenario, period: str, contract: str) -> tuple[Effect, Drop | None]:
    """Return whose doing it is, and whether the last month is a signal.

    Args:
        period: its name, "2026-03" or "2026-Q1".
        contract: the id of the option that was signed, "" for none.
    """
    known, asked = known_at(scenario, period)
    return effect_of(known, _contract(known, contract)), drop(known, asked.last)


@remembered(8)
def leaks_known(scenario: Scenario, period: str, *, say_enough: bool) -> Leaks:
    """Return the steps of the funnel; how many counts would be enough where that is asked.

    Args:
        period: its name, "2026-03" or "2026-Q1".
        say_enough: whether to work out how many counts would be enough, which takes longer.
    """
    known, asked = known_at(scenario, period)
    return leaks(known, asked.months, say_enough=say_enough)


@remembered(16)
def change_known(scenario: Scenario, period: str, against: Against) -> Mapping[str, Split] | None:
    """Return what drove a change.

    Args:
        period: its name, "2026-03" or "2026-Q1".
    """
    return change_of(*known_at(scenario, period), against)


@remembered(16)
def change_from(scenario: Scenario, period: str, first: tuple[str, ...]) -> Mapping[str, Split]:
    """Return what drove the change from any months of the series to a period.

    Args:
        period: its name, "2026-03" or "2026-Q1".
        first: the months it is held against, such as ("2025-03",).
    """
    known, asked = known_at(scenario, period)
    return between_months(known, first, asked.months)


@remembered(8)
def standing_known(scenario: Scenario, period: str, contract: str) -> Standing:
    """Return where the KPIs stand.

    Args:
        period: its name, "2026-03" or "2026-Q1".
        contract: the id of the option that was signed, "" for none.
    """
    known, _ = known_at(scenario, period)
    return standing(known, _contract(known, contract), paths=LIVE)


@remembered(8)
def bill_known(scenario: Scenario, period: str, contract: str) -> Bill | None:
    """Return the bill of the contract up to a period's end; None without a contract.

    Args:
        period: its name, "2026-03" or "2026-Q1".
        contract: the id of the option that was signed, "" for none.
    """
    known, _ = known_at(scenario, period)
    option = _contract(known, contract)
    return None if option is None else bill_of(known, option)
