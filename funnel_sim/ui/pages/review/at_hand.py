"""What every part of the review page is about: the scenario, the period, the contract."""

from dataclasses import dataclass

from funnel_sim.decisions.review.periods import ReviewPeriod
from funnel_sim.decisions.review.reviewed import contract_of
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session import reviews


@dataclass(frozen=True)
class AtHand:
    """The scenario as typed and as it was known at the period's end, the period, the contract."""

    scenario: Scenario
    known: Scenario
    period: ReviewPeriod
    option: Option | None

    @property
    def contract(self) -> str:
        """The contract's id, "" for none."""
        return "" if self.option is None else self.option.id


def at_hand(scenario: Scenario, period: str) -> AtHand:
    """Return what a period's review is about.

    Args:
        scenario: the scenario as typed.
        period: its name.

    Raises:
        InputError: no month of it is known.
    """
    known, asked = reviews.known_at(scenario, period)
    return AtHand(scenario, known, asked, contract_of(known))
