"""Funnel Sim: unit economics and odds of cross-border stores, with dated and sourced figures.

>>> from funnel_sim import evaluate, preset
>>> result = evaluate(preset("amazon-de-kitchen"))
>>> result.steady["profit"] > 0
True
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from funnel_sim.chance.cash import cash_of, simulate_cash
    from funnel_sim.chance.drivers import drivers
    from funnel_sim.chance.simulation import Simulation, simulate
    from funnel_sim.decisions.cash.answer import cash_answer
    from funnel_sim.decisions.economics.targets import answers
    from funnel_sim.errors import InputError
    from funnel_sim.model.economics import Result, evaluate
    from funnel_sim.reference.preset_cards import preset_cards
    from funnel_sim.scenario.files import load, to_text
    from funnel_sim.scenario.presets import preset
    from funnel_sim.scenario.scenario import Scenario

__version__ = "0.7.0"
__all__ = [
    "InputError",
    "Result",
    "Scenario",
    "Simulation",
    "__version__",
    "answers",
    "cash_answer",
    "cash_of",
    "drivers",
    "evaluate",
    "load",
    "preset",
    "preset_cards",
    "simulate",
    "simulate_cash",
    "to_text",
]

# Where each public name lives. It is loaded when it is asked for: a command that needs no
# simulation does not wait for SciPy.
_HOMES = {
    "InputError": "errors",
    "Result": "model.economics",
    "Scenario": "scenario.scenario",
    "Simulation": "chance.simulation",
    "answers": "decisions.economics.targets",
    "cash_answer": "decisions.cash.answer",
    "cash_of": "chance.cash",
    "drivers": "chance.drivers",
    "evaluate": "model.economics",
    "load": "scenario.files",
    "preset": "scenario.presets",
    "preset_cards": "reference.preset_cards",
    "simulate": "chance.simulation",
    "simulate_cash": "chance.cash",
    "to_text": "scenario.files",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
