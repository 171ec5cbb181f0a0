"""What the page of risk shows, computed before anything is drawn, and how its figures are
written.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from funnel_sim.chance.drivers import Drivers
from funnel_sim.chance.estimates import Figure
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.model.metrics import less_is_better
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import RESULTS, believed, margin_text
from funnel_sim.output.words.figure_names import unit_of
from funnel_sim.scenario.in_force import five_paths
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session import chance_answers, state
from funnel_sim.ui.session.chance_answers import Distribution, ScenarioDifference
from funnel_sim.ui.session.tab import tab
from funnel_sim.words import Lang

SIGNED = frozenset(RESULTS)


@dataclass(frozen=True)
class Ready:
    """Everything the page shows, computed before anything is drawn."""

    view: str
    metric: str
    odds: Distribution
    drivers: Drivers | None = None
    difference: ScenarioDifference | None = None


def prepare(result: Result) -> Ready | InputError:
    """Return what the page shows now, or why nothing can be simulated."""
    try:
        return _prepared(result)
    except InputError as error:
        return error


def _prepared(result: Result) -> Ready:
    view, metric = tab.risk_view, tab.risk_metric
    scenario = result.scenario
    odds = chance_answers.distribution_of(
        scenario, metric, loss_threshold(metric), scenario.chance.paths
    )
    if view == "drivers":
        wanted = tuple(path for path in five_paths(scenario) if scenario.get(path) is not None)
        return Ready(
            view,
            metric,
            odds,
            drivers=chance_answers.drivers_of(
                scenario, metric, 0.0 if metric in SIGNED else _middle(odds), wanted
            ),
        )
    if view == "compare":
        base = compared_with(scenario)
        found = (
            None
            if base is None
            else chance_answers.difference_of(
                base, scenario, metric, lower=less_is_better(metric), paths=odds.run.plan.paths
            )
        )
        return Ready(view, metric, odds, difference=found)
    return Ready(view, metric, odds)


def loss_threshold(metric: str) -> float | None:
    """Return the value below which a figure is a loss; None for one that cannot be a loss."""
    return 0.0 if metric in SIGNED else None


def _middle(odds: Distribution) -> float:
    value = odds.estimate.quantiles[0.50].value
    return float(f"{value:.2g}") if np.isfinite(value) else 0.0


def shown_figure(ready: Ready, found: Figure, lang: Lang) -> str:
    """Return a figure of the metric, with the digits that can be believed."""
    scenario = ready.odds.run.scenario
    return believed(found, unit_of(ready.metric), scenario.shown, scenario.cost_currency, lang)


def error_text(ready: Ready, found: Figure, lang: Lang) -> str:
    """Return the error of simulation of a figure of the metric."""
    scenario = ready.odds.run.scenario
    return margin_text(found, unit_of(ready.metric), scenario.shown, scenario.cost_currency, lang)


def axis_of(metric: str) -> tuple[formats.Axis, float, Callable[[float], str]]:
    """Return how the axis of a figure is written, the factor to what it shows, and how a value is
    worded.
    """
    scenario, lang, unit = state.scenario(), state.lang(), unit_of(metric)
    axis = formats.axis(unit, scenario.shown, lang)
    if unit == "money":
        return axis, scenario.shown.rate, lambda v: formats.compact(v, scenario.shown, lang)
    if unit == "rate":
        return axis, 1.0, formats.percent
    return (
        axis,
        1.0,
        lambda v: formats.figure(v, unit, scenario.shown, scenario.cost_currency, lang),
    )


def compared_with(scenario: Scenario) -> Scenario | None:
    """Return what to compare with: the numbers that were kept, else the preset as it came."""
    chosen = tab.risk_base
    kept = tab.risk_kept
    if chosen == "kept" and isinstance(kept, Scenario):
        same = kept.currency == scenario.currency
        return kept.but(shown_in=scenario.shown_in) if same else None
    try:
        base = preset(scenario.preset, scenario.as_of) if scenario.preset else None
    except InputError:
        return None
    if base is None or base.currency != scenario.currency:
        return None
    return base.but(shown_in=scenario.shown_in)
