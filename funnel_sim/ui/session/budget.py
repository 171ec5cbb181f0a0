"""The answers on ad budgets, remembered for the screen."""

from funnel_sim.decisions.budget.answer import BudgetAnswer, budget_answer, portfolio_budget
from funnel_sim.decisions.budget.responses import PortfolioResponses
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session import portfolios
from funnel_sim.ui.session.remembered import remembered, shelf


@remembered(8)
def budget_of(scenario: Scenario) -> BudgetAnswer:
    """Return the best split of a scenario's ad budget, what it brings, and how sure that is."""
    return budget_answer(scenario)


def budgets_of(portfolio: Portfolio) -> PortfolioResponses:
    """Return the ad budgets of the rows of a portfolio, with what they bring."""
    return portfolios.once(
        "budgets", portfolio, "", lambda: PortfolioResponses(portfolio, portfolio.budget)
    )


def split_shown(portfolio: Portfolio) -> BudgetAnswer | None:
    """Return the best split over the rows of a portfolio where the page has worked it out; None
    where it has not.
    """
    held = shelf("portfolio_budget").get((id(portfolio), ""))
    return held[1] if held is not None and held[0] is portfolio else None


def rows_budget_of(portfolio: Portfolio) -> BudgetAnswer:
    """Return the best split of the ad budget over the rows of a portfolio."""
    return portfolios.once(
        "budget", portfolio, "", lambda: portfolio_budget(portfolio, portfolio.budget)
    )
