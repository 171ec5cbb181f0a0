"""The core, remembered for the screen: one scenario's figures are computed once, not once a widget.

The key is the scenario's own text, so nothing else can get in; what is kept is bounded, holds
aggregates only, and belongs to one tab (remembered.py).
"""

from dataclasses import replace

from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.conversion_test.arms import Arm, StoreTerms
from funnel_sim.decisions.conversion_test.compare import RateComparison, compare_rates
from funnel_sim.decisions.conversion_test.trial import Trial, even_lifts, plan_trial
from funnel_sim.decisions.customer.budget_curve import Budget, budget_curve
from funnel_sim.decisions.customer.contribution import Contribution, contribution
from funnel_sim.decisions.customer.worth import Worth, customer_worth
from funnel_sim.decisions.economics.best_price import BestPrice, Held, best_price, held_at
from funnel_sim.decisions.economics.grid import LeverGrid, two_way
from funnel_sim.decisions.economics.targets import LeverAnswer, answers
from funnel_sim.model.economics import Result, evaluate
from funnel_sim.model.periods import Whole
from funnel_sim.reference.rate_settings import Settings
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.remembered import remembered


@remembered(8)
def customers_of(scenario: Scenario) -> tuple[Worth, Contribution | None, Budget | None]:
    """Return CAC against LTV, the way to payback, and the budget curve."""
    found = customer_worth(scenario, LIVE)
    return (
        replace(found, simulation=replace(found.simulation, drawn={})),
        contribution(scenario),
        budget_curve(scenario),
    )


@remembered(8)
def rates_of(a: Arm, b: Arm, store: StoreTerms, chosen: Settings) -> RateComparison:
    """Return the comparison of two conversion rates."""
    return compare_rates(a, b, store, chosen)


@remembered(8)
def trial_of(
    base: float, store: StoreTerms, chosen: Settings, belief: tuple[float, float] | None
) -> Trial:
    """Return the plan of a test; `belief` is a range of relative differences, or the sceptical one
    where none is given.

    Args:
        base: the rate of version A [fraction].
    """
    return plan_trial(base, store, chosen, None if belief is None else even_lifts(*belief))


@remembered(8)
def result_of(scenario: Scenario) -> Result:
    """Return every figure of a scenario."""
    return evaluate(scenario)


@remembered(8)
def answers_of(scenario: Scenario, metric: str, target: float, over: Whole) -> list[LeverAnswer]:
    """Return what every lever must be for a metric to reach a target.

    Args:
        metric: the figure's key, "profit" or "roas@sales=all".
        target: in the unit of the metric, rates as fractions.
    """
    return answers(scenario, metric=metric, target=target, over=over)


@remembered(8)
def price_of(scenario: Scenario) -> BestPrice:
    """Return what the price brings, and the one that brings most."""
    return best_price(scenario)


@remembered(8)
def held_of(scenario: Scenario, price: float) -> Held:
    """Return what a new price takes.

    Args:
        price: in the sales currency.
    """
    return held_at(scenario, [price])[0]


@remembered(8)
def grid_of(scenario: Scenario, across: str, up: str) -> LeverGrid:
    """Return the profit over two levers.

    Args:
        across: path of the lever along the width.
        up: path of the lever along the height.
    """
    return two_way(scenario, across, up)
