"""Quotes: how sharp differences between options are, and how long five quotes take beside the Risk
page's own work.

Ratios inside one run.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from benchmarks._goals import finish, report
from funnel_sim.chance.estimates import estimate
from funnel_sim.chance.simulation import simulate
from funnel_sim.decisions.quote.answer import compare
from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.futures import outcomes
from funnel_sim.decisions.quote.store_alone import without_operator
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quote_templates import quote_templates
from funnel_sim.scenario.scenario import Scenario

PATHS = 16_384
SHARPER = 10.0
ROUNDS = 5


def five_quotes() -> Scenario:
    """Return a preset with five ready-made quotes: flat, base and bonus, share, base and tiers,
    instalments by milestone.
    """
    scenario = preset("amazon-de-kitchen")
    day = scenario.as_of
    for template in quote_templates()[:5]:
        scenario = scenario.replace(
            template.added_to(scenario, lambda one, other: exchange(one, other, day))
        )
    return scenario


def sharpness(scenario: Scenario) -> float:
    """Return the smallest factor by which a difference is sharper than from as many independent
    plain draws: each quote against alone, and each pair.
    """
    before = simulate(without_operator(scenario), ["profit"], paths=PATHS).of("profit")
    found = outcomes(scenario, [Case(option) for option in scenario.options], paths=PATHS)
    gains = {"alone": np.zeros(PATHS)} | {one.case.option.id: one.gain for one in found}
    sets, worst = found[0].plan.replicates, np.inf
    for index, first in enumerate(gains):
        for second in list(gains)[index + 1 :]:
            plain = np.sqrt(
                (np.var(before + gains[first]) + np.var(before + gains[second])) / PATHS
            )
            ours = estimate(gains[second] - gains[first], sets).mean.error
            print(
                f"  {first:>8} against {second:<8} plain draws ± {plain:8.2f}   same draws ±"
                f" {ours:6.2f}   {plain / ours:5.1f} ×"
            )
            worst = min(worst, plain / ours)
    return float(worst)


def best_of(work: Callable[[], object]) -> float:
    """Return the least of a few runs, in seconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Report both."""
    scenario = five_quotes()
    met = report(
        "differences sharper than plain draws (smallest)",
        sharpness(scenario),
        SHARPER,
        at_most=False,
    )
    quotes_only = best_of(
        lambda: outcomes(scenario, [Case(option) for option in scenario.options], paths=PATHS)
    )
    everything = best_of(lambda: compare(scenario, PATHS))
    risk = best_of(lambda: simulate(scenario, ["profit"], month=["profit"], paths=PATHS))
    print(
        f"  one simulation 1.0   five quotes, one effect each {quotes_only / risk:.1f} ×   nine"
        f" options, both effects, searches {everything / risk:.1f} ×"
    )
    finish([met])


if __name__ == "__main__":
    main()
