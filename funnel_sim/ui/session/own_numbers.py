"""Which numbers are the reader's own, remembered for the screen (calls.py says how)."""

from typing import Literal

from funnel_sim.decisions.economics import whose
from funnel_sim.decisions.economics.assumed_orders import AssumedOrders, assumed_orders
from funnel_sim.scenario.own_numbers import Own
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.remembered import remembered


@remembered(8)
def assumed_of(scenario: Scenario) -> AssumedOrders:
    """Return the orders of a scenario that nobody named."""
    return assumed_orders(scenario)


@remembered(8)
def not_typed(scenario: Scenario) -> dict[str, Literal["funnel", "split"]]:
    """Return which numbers of typed orders nobody typed, and where they come from."""
    return whose.not_typed(scenario)


@remembered(8)
def own_of(scenario: Scenario) -> Own:
    """Return which of a scenario's numbers are the reader's own."""
    return whose.own_of(scenario)


@remembered(8)
def own_of_cash(scenario: Scenario) -> Own:
    """Return which of the numbers behind an answer on cash are the reader's own."""
    return whose.own_of_cash(scenario)


@remembered(8)
def own_of_kpis(scenario: Scenario) -> Own:
    """Return which of the numbers behind the verdict on KPIs are the reader's own."""
    return whose.own_of_kpis(scenario)


@remembered(8)
def own_of_quote(scenario: Scenario) -> Own:
    """Return which of the numbers behind the verdict on a quote are the reader's own."""
    return whose.own_of_quote(scenario)


@remembered(8)
def own_of_verdicts(scenario: Scenario) -> Own:
    """Return which of the numbers behind the verdicts of a link's page are the reader's own."""
    return whose.own_of_verdicts(scenario)


@remembered(8)
def share_assumed(scenario: Scenario) -> bool:
    """Say whether nobody typed which share of the typed orders ads bring."""
    return whose.share_assumed(scenario)


@remembered(8)
def example_share(scenario: Scenario) -> float:
    """Return which share of a month's orders ads bring in the scenario's example [fraction]."""
    return whose.example_share(scenario)
