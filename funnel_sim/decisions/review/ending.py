"""A contract that ended before the last month that is known: by its stop-loss, its trial, or
because it was not renewed. What came after is nobody's effect, nobody's KPI, and no fee.
"""

from dataclasses import dataclass

from funnel_sim.decisions.quote.contract import STAYED, STOPPED, TRIAL
from funnel_sim.decisions.review.bill import Bill, bill_of
from funnel_sim.errors import InputError
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

_BY = {STOPPED: "stop", TRIAL: "trial"}


@dataclass(frozen=True)
class Ending:
    """The last `month` in which a contract ran, the known months `after` it, and what ended it:
    "stop" (the stop-loss), "trial" or "term" (not renewed).
    """

    month: str
    after: tuple[str, ...]
    by: str


def ending_in(found: Bill) -> Ending | None:
    """Return how a contract ended before the last month of its bill; None where it runs on.

    Args:
        found: the bill of all months that are known.
    """
    if all(found.running) or found.why == STAYED or not found.last:
        return None
    return Ending(
        found.months[found.last - 1], found.months[found.last :], _BY.get(found.why, "term")
    )


def ending_of(scenario: Scenario, option: Option | None) -> Ending | None:
    """Return how a contract ended before the last month that is known; None where it runs on, or
    where that cannot be told.

    Args:
        scenario: the store with its series of months.
        option: whose contract; None where there is none.
    """
    if option is None or not option.paid or not _can_end(scenario, option):
        return None
    try:
        return ending_in(bill_of(scenario, option))
    except InputError:
        return None


def _can_end(scenario: Scenario, option: Option) -> bool:
    """Return whether anything could have ended a contract before the last known month."""
    months = len(scenario.history.engaged())
    return bool(option.decided_by) or (option.renewal == "ends" and option.term < months)
