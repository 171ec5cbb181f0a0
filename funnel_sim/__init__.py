"""Funnel Sim: unit economics and odds of cross-border stores, with dated and sourced figures.

>>> from funnel_sim import evaluate, preset
>>> result = evaluate(preset("amazon-de-kitchen"))
>>> result.steady["profit"] > 0
True
"""

from funnel_sim.chance.drivers import drivers
from funnel_sim.chance.simulation import Simulation, simulate
from funnel_sim.decisions.targets import answers
from funnel_sim.errors import InputError
from funnel_sim.inputs.files import load, to_text
from funnel_sim.inputs.presets import preset, preset_cards
from funnel_sim.inputs.scenario import Scenario
from funnel_sim.model.economics import Result, evaluate

__version__ = "0.6.0"
__all__ = [
    "InputError", "Result", "Scenario", "Simulation", "__version__", "answers", "drivers", "evaluate", "load", "preset", "preset_cards", "simulate",
    "to_text",
]  # fmt: skip
