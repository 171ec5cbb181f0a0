"""The core, remembered for the screen: one scenario's figures are computed once, not once a widget.

The key is the scenario's own text, so nothing else can get in; what is kept is bounded, holds
aggregates only, and belongs to one tab (remembered.py).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from funnel_sim.chance.drivers import Drivers, drivers
from funnel_sim.chance.estimates import Estimate, Figure, estimate, monthly_quantiles, odds
from funnel_sim.chance.simulation import Simulation, simulate
from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.clause_prices import ClausePrice, StopLoss, prices, stop_losses
from funnel_sim.decisions.contract_check import ContractCheck, check_contract
from funnel_sim.decisions.customers import Budget, Contribution, Worth, budget_curve, contribution, worth
from funnel_sim.decisions.grid import Grid, two_way
from funnel_sim.decisions.incentives import Incentives, incentives
from funnel_sim.decisions.kpi_definitions import Definition, definitions
from funnel_sim.decisions.kpi_levers import Needed, Shared, needed, shared
from funnel_sim.decisions.kpi_path import Path, growth_path
from funnel_sim.decisions.kpi_review import Remark, remarks
from funnel_sim.decisions.kpis import Check, check
from funnel_sim.decisions.measure_first import MeasureFirst, measure_first
from funnel_sim.decisions.quotes import Answers, Case, compare, outcomes
from funnel_sim.decisions.targets import Answer, Over, answers
from funnel_sim.inputs.alternatives import option_of
from funnel_sim.inputs.links import encode
from funnel_sim.inputs.scenario import Scenario
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import Result, evaluate
from funnel_sim.output.charts import Bars, bars_of
from funnel_sim.ui.remembered import keep, remembered, shelf


@remembered(8)
def _result(text: str) -> Result:
    return evaluate(Scenario.model_validate_json(text))


@remembered(8)
def _answers(text: str, metric: str, target: float, over: Over) -> list[Answer]:
    return answers(_result(text).scenario, metric=metric, target=target, over=over)


@remembered(8)
def _grid(text: str, across: str, up: str) -> Grid:
    return two_way(_result(text).scenario, across, up)


@remembered(8)
def _link(text: str) -> str:
    return encode(_result(text).scenario)


@remembered(8)
def _customers(text: str) -> tuple[Worth, Contribution | None, Budget | None]:
    scenario = Scenario.model_validate_json(text)
    found = worth(scenario, LIVE)
    return replace(found, simulation=replace(found.simulation, drawn={})), contribution(scenario), budget_curve(scenario)


def customers_of(scenario: Scenario) -> tuple[Worth, Contribution | None, Budget | None]:
    """Return CAC against LTV, the way to payback, and the budget curve."""
    return _customers(scenario.model_dump_json())


def link_of(scenario: Scenario) -> str:
    """Return a scenario's text for the query string."""
    return _link(scenario.model_dump_json())


def result_of(scenario: Scenario) -> Result:
    """Return every figure of a scenario."""
    return _result(scenario.model_dump_json())


def answers_of(scenario: Scenario, metric: str, target: float, over: Over) -> list[Answer]:
    """Return what every lever must be for a metric to reach a target."""
    return _answers(scenario.model_dump_json(), metric, target, over)


def grid_of(scenario: Scenario, across: str, up: str) -> Grid:
    """Return the profit over two levers."""
    return _grid(scenario.model_dump_json(), across, up)


@dataclass(frozen=True)
class Odds:
    """What the Risk page shows of a simulation: no paths, only what was made of them."""

    run: Simulation
    estimate: Estimate
    bars: Bars | None
    by_month: Array


_KEPT = 16


def odds_of(scenario: Scenario, metric: str, threshold: float | None, paths: int, progress: Callable[[float], None] | None = None) -> Odds:
    """Return the odds of a figure; many paths are simulated only when `progress` is there to say so, else live ones stand in."""
    text = scenario.model_dump_json()
    known: Odds | None = shelf("odds").get((text, metric, paths))
    if known is not None:
        return known
    if paths > LIVE and progress is None:
        return odds_of(scenario, metric, threshold, LIVE)
    simulation = simulate(scenario, [metric], month=[metric], paths=paths, progress=progress)
    values = simulation.of(metric)
    fine = values[np.isfinite(values)]
    bars = bars_of(np.sort(fine), threshold) if fine.size else None
    months = monthly_quantiles(simulation.of(metric, "month"))
    found = Odds(replace(simulation, drawn={}), simulation.estimate(metric), bars, months)
    keep("odds", (text, metric, paths), found, _KEPT)
    return found


@remembered(8)
def _drivers(text: str, metric: str, threshold: float, also: tuple[str, ...]) -> Drivers:
    found = drivers(Scenario.model_validate_json(text), metric, threshold=threshold, also=also)
    return replace(found, simulation=replace(found.simulation, inputs={}))


def drivers_of(scenario: Scenario, metric: str, threshold: float, also: tuple[str, ...]) -> Drivers:
    """Return what drives a figure."""
    return _drivers(scenario.model_dump_json(), metric, threshold, also)


@remembered(8)
def _check(text: str) -> tuple[Check, list[Remark]]:
    scenario = Scenario.model_validate_json(text)
    return check(scenario, LIVE), remarks(scenario)


def check_of(scenario: Scenario) -> tuple[Check, list[Remark]]:
    """Return the odds of a scenario's KPIs, and what is vague or contradictory in them."""
    return _check(scenario.model_dump_json())


@remembered(8)
def _contract(text: str, option: str) -> ContractCheck:
    return check_contract(Scenario.model_validate_json(text), option)


def contract_of(scenario: Scenario, option: str) -> ContractCheck:
    """Return what one quote's contract leaves open, and what that costs."""
    return _contract(scenario.model_dump_json(), option)


@remembered(8)
def _levers(text: str) -> tuple[list[Needed], Shared]:
    scenario = Scenario.model_validate_json(text)
    return needed(scenario), shared(scenario)


def levers_of(scenario: Scenario) -> tuple[list[Needed], Shared]:
    """Return what would have to be true for a scenario's KPIs."""
    return _levers(scenario.model_dump_json())


@remembered(8)
def _path(text: str, kpi: str) -> Path | None:
    scenario = Scenario.model_validate_json(text)
    return growth_path(scenario, next(one for one in scenario.kpis if one.id == kpi))


def path_of(scenario: Scenario, kpi: str) -> Path | None:
    """Return the way to one KPI's target."""
    return _path(scenario.model_dump_json(), kpi)


@remembered(8)
def _definitions(text: str, kpi: str) -> list[Definition]:
    scenario = Scenario.model_validate_json(text)
    return definitions(scenario, next(one for one in scenario.kpis if one.id == kpi))


def definitions_of(scenario: Scenario, kpi: str) -> list[Definition]:
    """Return one KPI under every basis."""
    return _definitions(scenario.model_dump_json(), kpi)


@remembered(8)
def _answers_on_quotes(text: str) -> Answers:
    return compare(Scenario.model_validate_json(text), LIVE)


def quotes_of(scenario: Scenario) -> Answers:
    """Return the answer on every option of a scenario."""
    return _answers_on_quotes(scenario.model_dump_json())


@remembered(8)
def _clauses(text: str, option: str, belief: Literal["believed", "claimed"]) -> list[ClausePrice]:
    scenario = Scenario.model_validate_json(text)
    return prices(scenario, option_of(scenario, option), belief, paths=LIVE)


def clauses_of(scenario: Scenario, option: str, belief: Literal["believed", "claimed"] = "believed") -> list[ClausePrice]:
    """Return what each clause of an option's contract is worth."""
    return _clauses(scenario.model_dump_json(), option, belief)


@remembered(8)
def _paid_for_nothing(text: str, option: str) -> float:
    scenario = Scenario.model_validate_json(text)
    return float(outcomes(scenario, [Case(option_of(scenario, option), "none")], paths=LIVE)[0].paid.mean())


def paid_for_nothing(scenario: Scenario, option: str) -> float:
    """Return what an option would still be paid, on average, if it brought nothing; money of the sales currency over the plan."""
    return _paid_for_nothing(scenario.model_dump_json(), option)


@remembered(8)
def _stops(text: str, option: str, belief: Literal["believed", "claimed"]) -> list[StopLoss]:
    scenario = Scenario.model_validate_json(text)
    return stop_losses(scenario, option_of(scenario, option), belief, paths=LIVE)


def stops_of(scenario: Scenario, option: str, belief: Literal["believed", "claimed"]) -> list[StopLoss]:
    """Return what a stop-loss does by threshold and months."""
    return _stops(scenario.model_dump_json(), option, belief)


@remembered(8)
def _incentives(text: str, option: str) -> Incentives:
    scenario = Scenario.model_validate_json(text)
    return incentives(scenario, option_of(scenario, option))


def incentives_of(scenario: Scenario, option: str) -> Incentives:
    """Return what each side would choose under an option's fee."""
    return _incentives(scenario.model_dump_json(), option)


@remembered(8)
def _measure(text: str) -> MeasureFirst:
    return measure_first(Scenario.model_validate_json(text), paths=LIVE)


def measure_of(scenario: Scenario) -> MeasureFirst:
    """Return what to find out before signing."""
    return _measure(scenario.model_dump_json())


@dataclass(frozen=True)
class Difference:
    """Two scenarios on the same draws: each for itself, and what the second has over the first."""

    run: Simulation
    first: Estimate
    second: Estimate
    gap: Estimate
    better: Figure
    bars: Bars


@remembered(8)
def _difference(first: str, second: str, metric: str, lower: bool, paths: int) -> Difference:
    seed = Scenario.model_validate_json(second).chance.seed  # one seed for both: else the draws would differ
    one, other = (simulate(Scenario.model_validate_json(text), [metric], seed=seed, paths=paths) for text in (first, second))
    a, b = one.of(metric), other.of(metric)
    with np.errstate(invalid="ignore"):  # without limit on both sides: no difference can be told
        gap, sets = b - a, one.plan.replicates
    known = gap[np.isfinite(gap)]
    return Difference(
        replace(other, drawn={}),
        estimate(a, sets, less_is_better=lower),
        estimate(b, sets, less_is_better=lower),
        estimate(gap, sets, less_is_better=lower),
        odds(gap < 0 if lower else gap > 0, sets),
        bars_of(np.sort(known) if known.size else np.zeros(1), 0.0),
    )


def difference_of(first: Scenario, second: Scenario, metric: str, *, lower: bool, paths: int) -> Difference:
    """Return what a second scenario has over a first one, on the same draws; `lower`: less is better."""
    return _difference(first.model_dump_json(), second.model_dump_json(), metric, lower, paths)


@dataclass(frozen=True)
class IfItHappens:
    """An event on the same draws: without it, if it happens for sure, and the difference in each future."""

    without: Estimate
    certain: Estimate
    gap: Estimate


@remembered(16)
def _if_it_happens(text: str, event: str) -> IfItHappens:
    scenario = Scenario.model_validate_json(text)
    never, surely = (scenario.replace({f"shocks.{event}.probability": p}) for p in (0.0, 1.0))
    a, b = (simulate(one, ["profit"], paths=LIVE) for one in (never, surely))
    gap = estimate(b.of("profit") - a.of("profit"), a.plan.replicates)
    return IfItHappens(a.estimate("profit"), b.estimate("profit"), gap)


def if_it_happens(scenario: Scenario, event: str) -> IfItHappens:
    """Return what one event does to the profit if it happens, on the same draws."""
    return _if_it_happens(scenario.model_dump_json(), event)
