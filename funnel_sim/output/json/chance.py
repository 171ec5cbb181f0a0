"""A simulation and what drives its result, for machines."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from funnel_sim.chance.conditions import Condition
from funnel_sim.chance.draws import Sources
from funnel_sim.chance.drivers import Drivers
from funnel_sim.chance.estimates import percentiles, probability
from funnel_sim.chance.simulation import Simulation
from funnel_sim.output.json.numbers import (
    currency_json,
    estimate_json,
    plain_number,
    probability_json,
)
from funnel_sim.output.words.chance import SMALLEST_CUT


def _head(simulation: Simulation) -> dict[str, Any]:
    plan = simulation.plan
    return {
        "model_version": simulation.model_version,
        "seed": plan.seed,
        "paths": plan.paths,
        "replicates": plan.replicates,
        "months": simulation.scenario.plan.horizon_months,
        **currency_json(simulation.scenario),
        "cut": {
            path: one.cut
            for path, one in Sources(simulation.scenario).inputs.items()
            if one.cut > SMALLEST_CUT
        },
    }


def simulation_json(
    simulation: Simulation,
    conditions: Sequence[tuple[str, Condition]],
    levels: Sequence[float] = (),
) -> dict[str, Any]:
    """Return what a simulation found, for machines: per figure and period, percentiles at levels of
    one's choice, and the odds of each condition and of all together.

    Args:
        conditions: as typed, with what each is.
        levels: further percentiles, as probabilities (0.8 for P80).
    """
    plan = simulation.plan
    out: dict[str, Any] = _head(simulation) | {
        "metrics": {},
        "months_metrics": {},
        "end_metrics": {},
    }
    for (key, over), values in simulation.drawn.items():
        if over == "month":
            out["months_metrics"][key] = [
                estimate_json(simulation.estimate_of(np.ascontiguousarray(row), key, over))
                for row in values
            ]
        else:
            found = percentiles(values, levels, plan.replicates)
            own = {
                f"{p:g}": {
                    "value": plain_number(one.value),
                    "standard_error": plain_number(one.error),
                }
                for p, one in zip(levels, found, strict=True)
            }
            out["metrics" if over == "total" else "end_metrics"][key] = estimate_json(
                simulation.estimate(key, over)
            ) | ({"quantiles": own} if own else {})
    if conditions:
        met = [one.met(simulation.of(one.metric)) for _, one in conditions]
        out["where"] = [
            {"condition": text, **probability_json(probability(truth, plan.replicates))}
            for (text, _), truth in zip(conditions, met, strict=True)
        ]
        out["where_all"] = probability_json(
            probability(np.logical_and.reduce(met), plan.replicates)
        )
    return out | {"scenario": simulation.scenario.plain()}


def drivers_json(found: Drivers) -> dict[str, Any]:
    """Return what drives a result, for machines; null where it rests on a mean that does not
    exist.
    """
    heavy = bool(found.simulation.estimate(found.metric).heavy)

    def known(value: float) -> float | None:
        return None if heavy else plain_number(value)

    return _head(found.simulation) | {
        "metric": found.metric,
        "threshold": found.threshold,
        "estimate": estimate_json(found.simulation.estimate(found.metric)),
        "tornado": [
            {
                "input": s.path,
                "p10": s.low,
                "p90": s.high,
                "at_p10": plain_number(s.at_low),
                "at_p90": plain_number(s.at_high),
            }
            for s in found.tornado
        ],
        "indices": [
            {
                "input": f.name,
                "group": list(f.paths),
                "first": known(f.index.first.value),
                "total": known(f.index.total.value),
                "standard_errors": {
                    "first": known(f.index.first.error),
                    "total": known(f.index.total.error),
                },
            }
            for f in found.factors
        ],
        "rank_correlation": {
            path: {"value": plain_number(one.value), "standard_error": plain_number(one.error)}
            for path, one in found.ranks.items()
        },
        "flip_points": [
            {
                "input": f.path,
                "likely": f.likely,
                "value": f.value,
                "loses": f.losing,
                "odds": f.probability,
                "loses_at_likely": f.short_now,
            }
            for f in found.flips
        ],
        "value_of_knowing": {
            path: {"value": known(one.value), "standard_error": known(one.error)}
            for path, one in found.value_of_information.items()
        },
        "value_of_certainty": known(found.knowing_all),
        "scenario": found.simulation.scenario.plain(),
    }
