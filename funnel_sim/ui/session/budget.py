"""The answer on the ad budget, remembered for the screen."""

from funnel_sim.decisions.budget.answer import BudgetAnswer, budget_answer
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.remembered import remembered


@remembered(8)
def budget_of(scenario: Scenario) -> BudgetAnswer:
    """Return the best split of a scenario's ad budget, what it brings, and how sure that is."""
    return budget_answer(scenario)
