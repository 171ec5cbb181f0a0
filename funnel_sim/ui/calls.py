"""The core, remembered for the screen: one scenario's figures are computed once, not once a widget.

The key is the scenario's own text, so nothing else can get in; caches are bounded and hold
aggregates only.
"""

from functools import lru_cache

from funnel_sim.decisions.grid import Grid, two_way
from funnel_sim.decisions.targets import Answer, Over, answers
from funnel_sim.inputs.links import encode
from funnel_sim.inputs.scenario import Scenario
from funnel_sim.model.economics import Result, evaluate


@lru_cache(maxsize=256)
def _result(text: str) -> Result:
    return evaluate(Scenario.model_validate_json(text))


@lru_cache(maxsize=256)
def _answers(text: str, metric: str, target: float, over: Over) -> list[Answer]:
    return answers(_result(text).scenario, metric=metric, target=target, over=over)


@lru_cache(maxsize=256)
def _grid(text: str, across: str, up: str) -> Grid:
    return two_way(_result(text).scenario, across, up)


@lru_cache(maxsize=256)
def _link(text: str) -> str:
    return encode(_result(text).scenario)


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
