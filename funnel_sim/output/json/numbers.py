"""Numbers for machines: null where there is none or it is infinite, estimates beside their standard
errors.
"""

import math
from typing import Any

from funnel_sim.chance.estimates import QUANTILE_NAMES, QUANTILES, Estimate, Figure
from funnel_sim.model.valued import counts_at_home
from funnel_sim.scenario.scenario import Scenario


def estimate_json(found: Estimate) -> dict[str, Any]:
    """Return an estimate for machines: each number beside its standard error; null where there is
    none.
    """
    every: dict[str, Figure] = {
        "mean": found.mean,
        "sd": found.sd,
        **{QUANTILE_NAMES[p]: found.quantiles[p] for p in QUANTILES},
        "mean_of_worst_5_percent": found.expected_shortfall,
        "odds_of_loss": found.loss,
    }
    return {
        **{name: plain_number(one.value) for name, one in every.items()},
        "standard_errors": {name: plain_number(one.error) for name, one in every.items()},
        "digits_of_mean": found.mean.digits if math.isfinite(found.mean.value) else None,
        "without_mean_because_of": list(found.heavy),
        "defined": found.defined,
        "infinite": found.infinite,
    }


def plain_number(value: float | None) -> float | None:
    """Return a number for machines, null where there is none or it is without limit."""
    return None if value is None or not math.isfinite(value) else float(value) + 0.0


def probability_json(found: Figure) -> dict[str, float | None]:
    """Return odds with their standard error, for machines."""
    return {"odds": plain_number(found.value), "standard_error": plain_number(found.error)}


def figure_json(found: Figure) -> dict[str, float | None]:
    """Return a figure with its standard error, for machines."""
    return {"value": plain_number(found.value), "standard_error": plain_number(found.error)}


def currency_json(scenario: Scenario) -> dict[str, Any]:
    """Return in which currency the amounts of an answer are, and in which they are shown.

    Amounts for machines stay in the sales currency at today's rate. Where results are shown at
    home, `shown` says by what they are multiplied there; those of simulated futures already hold
    what each month's own rate made of them, against today's.
    """
    shown = scenario.shown
    return {
        "currency": scenario.currency,
        "shown": {
            "currency": str(shown),
            "rate": shown.rate,
            "futures_at_their_own_rates": counts_at_home(scenario),
        },
    }
