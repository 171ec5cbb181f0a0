"""What the page of customers shows, computed before anything is drawn."""

from dataclasses import dataclass

from funnel_sim.decisions.customer.budget_curve import Budget
from funnel_sim.decisions.customer.contribution import Contribution
from funnel_sim.decisions.customer.worth import Worth
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.ui.session import calls
from funnel_sim.ui.session.tab import tab


@dataclass(frozen=True)
class Ready:
    """Everything the page shows, computed before anything is drawn."""

    view: str
    worth: Worth
    contribution: Contribution | None
    budget: Budget | None


def prepare(result: Result) -> Ready | InputError:
    """Return what the page shows now, or why nothing can be simulated."""
    view = tab.customers_view
    try:
        return Ready(view, *calls.customers_of(result.scenario))
    except InputError as error:
        return error
