"""What a small step more of repurchase, referral or messages to the own list is worth."""

import math
from dataclasses import dataclass

from funnel_sim.errors import InputError
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.unused import unused


@dataclass(frozen=True)
class Gain:
    """What a small step of a lever is worth: profit of a steady month and LTV, with it less without
    it.

    `endless`: with the step the store would grow (nearly) for ever, so that no figure is
    believable.
    """

    key: str
    step: float
    profit: float | None
    ltv: float | None
    endless: bool = False


_GAINS: tuple[tuple[str, str, float], ...] = (
    ("repeat", "customers.repeat_probability", 0.01),
    ("referral", "customers.referral", 0.01),
)
_MORE_SENDS = 1000.0
MOST_BROUGHT = 100.0
"""Orders that one first order may bring in the long run, 1 / (1 − p − q) with a constant
probability; with more, a gain is not believable.
"""


def gains(scenario: Scenario) -> list[Gain]:
    """Return what one point more of repurchase or referral, and a thousand more messages to the own
    list, are worth.
    """
    steps = [(key, path, step) for key, path, step in _GAINS if not unused(scenario, path)]
    steps += [
        (f"sends.{c.id}", f"channels.{c.id}.impressions", _MORE_SENDS)
        for c in scenario.channels
        if c.kind == "list"
    ]
    out = []
    for key, path, step in steps:
        try:
            after = evaluate(
                scenario.replace({path: point_value(scenario.get(path)) + step})
            ).steady
            least = evaluate(
                scenario.replace({path: point_value(scenario.get(path))})
            ).steady  # a range becomes its point value, so that both results are plain numbers
        except (
            InputError
            # a step beyond a probability of 1: everybody would come back, or bring another
            # customer, for ever
        ):
            out += [] if key.startswith("sends.") else [Gain(key, step, None, None, endless=True)]
            continue
        if after["paid_orders"] is None or after["paid_orders"] > MOST_BROUGHT * (
            after["first_orders"] or math.inf
        ):
            out.append(Gain(key, step, None, None, endless=True))
            continue
        profit, ltv = (
            (
                None
                if after[name] is None or least[name] is None
                else (after[name] or 0.0) - (least[name] or 0.0)
            )
            for name in ("profit", "ltv")
        )
        out.append(Gain(key, step, profit, ltv))
    return out
