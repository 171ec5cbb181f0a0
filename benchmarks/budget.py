"""The best split of an ad budget over 12 channels: its time in one run beside SciPy's SLSQP on the
same responses, its regret against closed forms, and misses published of others as cases.

SLSQP gets the same responses of the model, its gradients by differences in one call each, so that
neither pays for a second model; both begin at today's split. The misses: an equal split returned
though channels differ (pymc-marketing 1624, 1681; lightweight_mmm 317), sums that are not the
budget (pymc-marketing 848), bounds broken (Robyn 134), a "best" split worse than today's (Robyn
1002).
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks._goals import finish, report
from funnel_sim.decisions.budget.responses import PROFIT, ScenarioResponses, with_responses
from funnel_sim.decisions.budget.split import Gains, best_split
from funnel_sim.scenario.budget import BudgetTerms
from funnel_sim.scenario.presets import preset

Array = NDArray[np.float64]
BASE, CHANNELS, ROUNDS, PROBLEMS = "amazon-de-kitchen", 12, 9, 200
SECONDS, RATIO, REGRET = 0.2, 1.0, 1e-3
_STEP = 0.01


def store() -> ScenarioResponses:
    """Return a shop with twelve ad channels that differ."""
    chance = np.random.default_rng(1)
    base = preset(BASE)
    ads = base.channels[0]
    channels = [
        ads.but(
            id=f"c{n}",
            budget=float(np.round(chance.uniform(100, 2500), 2)),
            cpc=float(np.round(chance.uniform(0.3, 1.1), 2)),
            channel_cvr=float(np.round(chance.uniform(0.03, 0.12), 3)),
        )
        for n in range(CHANNELS)
    ]
    made, assumed = with_responses(base.but(channels=channels), BudgetTerms())
    return ScenarioResponses(made, assumed)


def ours(responses: ScenarioResponses, low: Array, high: Array, total: float) -> Array:
    """Return the split of the product."""
    return best_split(lambda x: responses.along(x)[PROFIT], low, high, total).amounts


def peers(responses: ScenarioResponses, low: Array, high: Array, total: float) -> Array:
    """Return the split of SLSQP."""

    def loss(x: Array) -> float:
        return -float(responses.together(x[None])[PROFIT, 0])

    def slope(x: Array) -> Array:
        near = np.vstack([x + _STEP * np.eye(x.size), x - _STEP * np.eye(x.size)])
        found = responses.together(np.maximum(near, 0.0))[PROFIT]
        return -(found[: x.size] - found[x.size :]) / (2 * _STEP)

    found = minimize(
        loss,
        responses.now * total / responses.now.sum(),
        jac=slope,
        method="SLSQP",
        bounds=list(zip(low + 2 * _STEP, high, strict=True)),
        constraints={
            "type": "eq",
            "fun": lambda x: x.sum() - total,
            "jac": np.ones_like,
        },
        options={"maxiter": 500, "ftol": 1e-10},
    )
    return np.asarray(found.x)


def seconds(work: Callable[[], object]) -> float:
    """Return how long one run takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def powers(scale: Array, power: Array) -> Gains:
    """Return profit of scale · budget^power − budget."""
    return lambda x: scale[:, None, None] * x ** power[:, None, None] - x


def worth(gains: Gains, amounts: Array) -> float:
    """Return what a split brings."""
    return float(gains(amounts[:, None, None]).sum())


def worst_regret() -> tuple[float, int]:
    """Return the worst regret of random concave problems with bounds, in parts of what the best
    split sells, and how many splits broke a bound or the sum.
    """
    chance = np.random.default_rng(2)
    worst, broken = 0.0, 0
    for _ in range(PROBLEMS):
        count = int(chance.integers(2, CHANNELS + 1))
        scale, power = chance.uniform(1.5, 40, count), chance.uniform(0.3, 0.95, count)
        total = float(np.round(chance.uniform(200, 80_000), 2))
        low = np.floor(chance.uniform(0, 0.6 / count, count) * total)
        high = np.ceil(chance.uniform(1.3, 3.0, count) * total / count)
        gains = powers(scale, power)
        found = best_split(gains, low, high, total).amounts
        below, above = 1e-15, 1e12
        for _ in range(400):
            price = np.sqrt(below * above)
            best = np.clip((scale * power / price) ** (1 / (1 - power)), low, high)
            below, above = (price, above) if best.sum() > total else (below, price)
        most = worth(gains, best)
        worst = max(worst, (most - worth(gains, found)) / (most + total))
        kept = sum(round(one * 100) for one in found) == round(total * 100)
        broken += not (kept and (found >= low).all() and (found <= high).all())
    return worst, broken


def published_misses() -> int:
    """Return how many of the misses published of others happen here."""
    gains = powers(np.array([30.0, 3.0, 3.0]), np.array([0.6, 0.6, 0.6]))
    zero, open_ = np.zeros(3), np.full(3, np.inf)
    today = np.array([100.0, 250.0, 650.0])
    some = [best_split(gains, zero, open_, total).amounts for total in (3e3, 3e7)]
    equal = sum(one[0] < 2 * one[1] for one in some)
    odd = best_split(gains, zero, np.full(3, 3000.0), 5230.01).amounts
    sums = round(odd.sum() * 100) != 523_001
    moved = bool((best_split(gains, today, today, 1000.0).amounts != today).any())
    inside = best_split(gains, 0.7 * today, 1.2 * today, 1000.0).amounts
    worse = worth(gains, inside) < worth(gains, today)
    return int(equal + sums + moved + worse)


def main() -> None:
    """Run every part and report it against its goal."""
    responses = store()
    total = float(np.round(responses.now.sum(), 2))
    low, high = np.zeros(CHANNELS), np.floor(np.full(CHANNELS, total / 3))
    split = ours(responses, low, high, total)  # and warms both up
    other = peers(responses, low, high, total)
    profits = responses.together(np.stack([responses.now, split, other]))[PROFIT]
    pairs = [
        (
            seconds(lambda: ours(responses, low, high, total)),
            seconds(lambda: peers(responses, low, high, total)),
        )
        for _ in range(ROUNDS)
    ]
    own = statistics.median(one for one, _ in pairs)
    ratio = statistics.median(one / two for one, two in pairs)
    regret, broken = worst_regret()
    gap = (max(profits) - profits[1]) / (max(profits) - profits[0])
    sys.stdout.write(
        f"profit a month: today {profits[0]:,.2f}, ours {profits[1]:,.2f}, SLSQP {profits[2]:,.2f}"
        f" (its sum is off by {abs(other.sum() - total):.2g})\n"
    )
    finish(
        [
            report(f"{CHANNELS} channels, best split", own, SECONDS, unit="s"),
            report("time beside SLSQP, same responses", ratio, RATIO),
            report("gain that SLSQP finds and we do not", gap, REGRET, unit="parts"),
            report(
                f"worst regret of {PROBLEMS} problems with bounds", regret, REGRET, unit="parts"
            ),
            report("splits that break a bound or the sum", float(broken), 0.0, unit="splits"),
            report(
                "published misses that happen here", float(published_misses()), 0.0, unit="cases"
            ),
        ]
    )


if __name__ == "__main__":
    main()
