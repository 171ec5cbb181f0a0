"""Funnel Sim: unit economics of cross-border stores, with dated and sourced figures.

>>> from funnel_sim import evaluate, preset
>>> result = evaluate(preset("amazon-de-kitchen"))
>>> result.steady["profit"] > 0
True
"""

from funnel_sim.decisions.targets import answers
from funnel_sim.errors import InputError
from funnel_sim.inputs.files import load, to_text
from funnel_sim.inputs.presets import preset, preset_cards
from funnel_sim.inputs.scenario import Scenario
from funnel_sim.model.economics import Result, evaluate

__version__ = "0.1.0"
__all__ = ["InputError", "Result", "Scenario", "__version__", "answers", "evaluate", "load", "preset", "preset_cards", "to_text"]
