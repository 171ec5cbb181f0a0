"""The answers on a scenario's KPIs, remembered for the screen (calls.py says how)."""

from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.context import Context, without_targets
from funnel_sim.decisions.kpi.check import KpiCheck, check
from funnel_sim.decisions.kpi.definitions import Definition, definitions
from funnel_sim.decisions.kpi.levers import LeverNeeded, Shared, needed, shared_gap
from funnel_sim.decisions.kpi.path import Path, growth_path
from funnel_sim.decisions.kpi.pulls import Pull, pulls
from funnel_sim.decisions.kpi.review import Remark, remarks
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.calls import result_of
from funnel_sim.ui.session.remembered import keep, remembered, shelf


@remembered(8)
def check_of(scenario: Scenario) -> tuple[KpiCheck, list[Remark]]:
    """Return the odds of a scenario's KPIs, and what is vague or contradictory in them."""
    store = without_targets(scenario).model_dump_json()
    at = Context(scenario, result_of(scenario), shelf("without_targets").get(store))
    found = check(at, LIVE), remarks(at)
    keep("without_targets", store, at.without_targets, 1)
    return found


@remembered(8)
def levers_of(scenario: Scenario) -> tuple[list[LeverNeeded], Shared]:
    """Return what would have to be true for a scenario's KPIs."""
    return needed(scenario), shared_gap(scenario)


@remembered(8)
def path_of(scenario: Scenario, kpi: str) -> Path | None:
    """Return the way to one KPI's target, with the months of its answer.

    Args:
        kpi: its id.
    """
    check, _ = check_of(scenario)
    one = next(one for one in check.answers if one.kpi.id == kpi)
    return growth_path(check.at, one.kpi, months=one.months)


@remembered(8)
def definitions_of(scenario: Scenario, kpi: str) -> list[Definition]:
    """Return one KPI under every basis.

    Args:
        kpi: its id.
    """
    check, _ = check_of(scenario)
    asked = next(one for one in scenario.kpis if one.id == kpi)
    return definitions(scenario, asked, LIVE, check.record)


@remembered(8)
def pulls_of(scenario: Scenario) -> list[Pull]:
    """Return why medians of KPIs are worse than today."""
    return pulls(check_of(scenario)[0])
