"""What drives a result: which inputs decide it, at which value of each it turns, and what knowing
each is worth.

Six answers to six questions. Tornado: how far does the result move when one input goes from its P10
to its P90? Sobol indices: what share of its variance does each decide? Rank correlation: do they
rise together? Flip point: at which value is the result zero? Knowing: how much better would the
decision be if this input were known first?
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from funnel_sim.chance.draws import Draws, Sources, drawable_input
from funnel_sim.chance.estimates import Figure
from funnel_sim.chance.indices import Index, indices
from funnel_sim.chance.simulation import Simulation, known_figure, simulate
from funnel_sim.chance.streams import SamplingPlan, batches, plan_of
from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import figures
from funnel_sim.model.metrics import less_is_better
from funnel_sim.model.search import crossings
from funnel_sim.model.values import Values
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.scenario import Scenario

MONTHS = "months"
"""The name under which all month-to-month chance counts as one input."""
_INDEX_PATHS = 4096
_BLOCK = 2048
_DEGREE = 5
_SCAN = 48
_FAR = 1000.0


@dataclass(frozen=True)
class Swing:
    """A result with one input at its P10 and at its P90, the others at their point value."""

    path: str
    low: float
    high: float
    at_low: float
    at_high: float

    @property
    def width(self) -> float:
        """How far the result moves."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True)
class Flip:
    """At which value of an input the result just meets its threshold (less is better for some
    figures), the others at their point value.

    `value` None: at no possible value. `losing`: "below" or "above" it the result misses the
    threshold. `probability` is the share of the input's range on the losing side, None for an
    input that is no range. `short_now`: it misses already at the point value.
    """

    path: str
    likely: float
    value: float | None
    losing: str | None
    probability: float | None
    short_now: bool


@dataclass(frozen=True)
class Factor:
    """One input, a group of inputs that move together, or what happens by chance: how much it
    decides.

    `name` is the path of the input, the first path of a group, "shocks.<id>" for an event, "months"
    for the months' chance.
    """

    name: str
    paths: tuple[str, ...]
    index: Index


@dataclass(frozen=True)
class Drivers:
    """All answers for one figure of a scenario.

    `ranks` and `value_of_information` are by path; `value_of_information` is money (or the
    figure's unit): the expected gain from deciding to go on or not after the input is known,
    instead of before.
    """

    metric: str
    threshold: float
    simulation: Simulation
    tornado: tuple[Swing, ...]
    factors: tuple[Factor, ...]
    ranks: Mapping[str, Figure]
    flips: tuple[Flip, ...]
    value_of_information: Mapping[str, Figure]
    knowing_all: float


def drivers(
    scenario: Scenario,
    metric: str = "profit",
    *,
    threshold: float = 0.0,
    paths: int | None = None,
    seed: int | None = None,
    also: Sequence[str] = (),
) -> Drivers:
    """Return what drives a figure over the horizon.

    Args:
        scenario: the store and its plan, as typed.
        metric: which figure, such as "profit".
        threshold: the value that it is held against, in its unit.
        paths: how many draws; the scenario's own where None.
        seed: of the draws; the scenario's own where None.
        also: paths of further inputs (no ranges) whose flip point is wanted.

    Raises:
        InputError: if the figure is unknown or the threshold is not finite.
    """
    known_figure(metric)
    if not math.isfinite(threshold):
        raise refuse("threshold", str(threshold), "finite")
    sign = -1.0 if less_is_better(metric) else 1.0
    sources = Sources(scenario)
    simulation = simulate(scenario, [metric], paths=paths, seed=seed, keep_inputs=True)
    results = simulation.of(metric)
    replicates = simulation.plan.replicates
    return Drivers(
        metric,
        threshold,
        simulation,
        tornado(scenario, metric),
        _factors(sources, metric, simulation.plan.seed),
        {
            path: rank_correlation(values, results, replicates)
            for path, values in simulation.inputs.items()
            if _in_the_ledger(path)
        },
        flips(
            scenario,
            metric,
            threshold=threshold,
            paths=[*sources.inputs, *(path for path in also if path not in sources.inputs)],
        ),
        {
            path: value_of_information(values, sign * (results - threshold), replicates)
            for path, values in simulation.inputs.items()
            if _in_the_ledger(path)
        },
        _value_of_certainty(sign * (results - threshold)),
    )


def tornado(scenario: Scenario, metric: str = "profit") -> tuple[Swing, ...]:
    """Return the change of a figure over each range, the widest first; chance and events are left
    out.

    Every other input stays at its point value.

    Args:
        scenario: the store and its plan, as typed.
        metric: the key of the figure, over the whole horizon.

    Returns:
        For each input its P10 and P90, and the figure at both, in its unit.
    """
    inputs = {
        path: one for path, one in Sources(scenario).inputs.items() if _in_the_likely_case(path)
    }
    if not inputs:
        return ()
    ends = {path: (one.quantile(0.1), one.quantile(0.9)) for path, one in inputs.items()}
    result = _at(scenario, metric, [{path: value} for path, pair in ends.items() for value in pair])
    swings = [
        Swing(path, low, high, float(result[2 * i]), float(result[2 * i + 1]))
        for i, (path, (low, high)) in enumerate(ends.items())
    ]
    return tuple(sorted(swings, key=lambda swing: -np.nan_to_num(swing.width)))


def _in_the_likely_case(path: str) -> bool:
    """Return whether an input changes the result where chance and events are left out."""
    return not path.startswith(("shocks.", "chance.")) and _in_the_ledger(path)


def _in_the_ledger(path: str) -> bool:
    """Return whether an input changes what is earned, and not only when it is paid."""
    return not path.startswith("cash.")


def _at(scenario: Scenario, metric: str, cases: Sequence[Mapping[str, float]]) -> Array:
    """Return a figure of the horizon for each case: some inputs moved, the others at their point
    value.
    """
    moved = sorted({path for case in cases for path in case})
    given = {
        path: np.array([case.get(path, point_value(scenario.get(path))) for case in cases])
        for path in moved
    }
    return _one(figures(Values(scenario, given), {"total": [metric]})[metric, "total"], len(cases))


def _one(value: object, paths: int) -> Array:
    if value is None:
        return np.full(paths, np.nan)
    return np.array(np.broadcast_to(np.asarray(value, dtype=np.float64), (1, paths))[0])


def flips(
    scenario: Scenario,
    metric: str = "profit",
    *,
    threshold: float = 0.0,
    paths: Sequence[str] | None = None,
) -> tuple[Flip, ...]:
    """Return, for each input, the value nearest to its point value at which a figure reaches the
    threshold.

    Searched over the whole domain of a rate, and from a thousandth to a thousand times the point
    value of anything else.

    Args:
        scenario: the store and its plan, as typed.
        metric: the key of the figure, over the whole horizon.
        threshold: the value that it has to reach, in its unit.
        paths: paths of the inputs; every range where None.

    Returns:
        One flip an input, in the unit of the input; None as its value where no possible value does.
    """
    chosen = [
        p
        for p in (Sources(scenario).inputs if paths is None else paths)
        if scenario.get(p) is not None and _in_the_likely_case(p)
    ]
    if not chosen:
        return ()
    now = np.array([point_value(scenario.get(path)) for path in chosen])
    sign = -1.0 if less_is_better(metric) else 1.0

    def gap(values: Array, which: Array) -> Array:
        flat, mine = values.reshape(-1), which.reshape(-1)
        given = {
            path: np.where(mine == index, flat, now[index])
            for index, path in enumerate(chosen)
            if (mine == index).any()
        }
        found = _one(
            figures(Values(scenario, given), {"total": [metric]})[metric, "total"], flat.size
        )
        return (sign * (found - threshold)).reshape(values.shape)

    roots, which = crossings(
        gap, [_grid(scenario, path, value) for path, value in zip(chosen, now, strict=True)]
    )
    beside = np.maximum(np.abs(roots) * 1e-7, 1e-12)
    after = gap(roots + beside, which.astype(np.float64)) if roots.size else roots
    short = bool(gap(now[:1], np.zeros(1))[0] < 0)
    out = []
    for index, path in enumerate(chosen):
        mine = [i for i in range(roots.size) if which[i] == index]
        if not mine:
            out.append(Flip(path, float(now[index]), None, None, None, short))
            continue
        near = min(mine, key=lambda i: abs(roots[i] - now[index]))
        losing = "below" if after[near] > 0 else "above"
        value = float(roots[near])
        odds = None
        if is_range(scenario.get(path)):
            share = drawable_input(scenario, path).below(value)
            odds = share if losing == "below" else 1.0 - share
        out.append(Flip(path, float(now[index]), value, losing, odds, short))
    return tuple(out)


def _grid(scenario: Scenario, path: str, now: float) -> Array:
    spec = spec_of(path)
    assert spec is not None, path
    low, high = spec.domain
    if high <= 1.0:
        points = np.concatenate([np.linspace(low, high, _SCAN), np.geomspace(1e-5, 1.0, _SCAN)])
    else:
        size = abs(now) or 1.0
        points = np.concatenate(
            [
                np.geomspace(size / _FAR, size * _FAR, _SCAN),
                size * np.linspace(0.5, 1.5, _SCAN),
                [low],
            ]
        )
    points = np.concatenate([points, [now]])
    return np.unique(points[(points >= low) & (points <= high)])


def rank_correlation(values: Array, results: Array, replicates: int) -> Figure:
    """Return Spearman's rank correlation of an input with a result; zero where one of them does not
    vary.

    Args:
        values: draws of the input, shape (paths,), replicate after replicate.
        results: draws of the result, shape (paths,); NaN is left out.
        replicates: how many replicates they hold.

    Returns:
        The correlation, −1 to 1, with its standard error over the replicates.
    """

    def one(x: Array, y: Array) -> float:
        fine = ~np.isnan(y)
        if fine.sum() < 3 or np.ptp(x[fine]) == 0 or y[fine].min() == y[fine].max():
            return 0.0
        return float(stats.spearmanr(x[fine], y[fine]).statistic)

    each = np.array(
        [
            one(x, y)
            for x, y in zip(
                values.reshape(replicates, -1), results.reshape(replicates, -1), strict=True
            )
        ]
    )
    return Figure(one(values, results), float(each.std(ddof=1)) / math.sqrt(replicates), replicates)


def value_of_information(values: Array, results: Array, replicates: int) -> Figure:
    """Return what it is worth to know an input before deciding to go on (result) or not (zero): its
    expected value of partial perfect information (EVPPI).

    E[max(E[result | input], 0)] − max(E[result], 0). The conditional mean is a polynomial of degree
    5 in the input's rank, fitted on one half of the replicates and used to decide on the other, so
    that chance is not taken for knowledge (Strong, Oakley and Brennan 2014, by cross-fitting).

    Args:
        values: draws of the input, shape (paths,), replicate after replicate.
        results: draws of the result, shape (paths,).
        replicates: how many replicates they hold.

    Returns:
        The value in the unit of the result, with its standard error over the replicates.
    """
    results = _bounded(results, results)
    rank = (stats.rankdata(values) - 0.5) / values.size
    basis = np.polynomial.legendre.legvander(2 * rank - 1, _DEGREE)
    which = np.repeat(np.arange(replicates) % 2, values.size // replicates)
    go = np.empty(values.size, dtype=bool)
    for half in (0, 1):
        fitted, *_ = np.linalg.lstsq(basis[which == half], results[which == half], rcond=None)
        go[which != half] = basis[which != half] @ fitted > 0
    blind = results if results.mean() > 0 else np.zeros_like(results)
    gain = (np.where(go, results, 0.0) - blind).reshape(replicates, -1).mean(axis=1)
    return Figure(
        max(0.0, float(gain.mean())), float(gain.std(ddof=1)) / math.sqrt(replicates), replicates
    )


def _bounded(results: Array, scale: Array) -> Array:
    """Return results that are all finite: an infinite one counts as the largest or smallest finite
    result, a missing one as the median.
    """
    fine = scale[np.isfinite(scale)]
    if fine.size == results.size == scale.size:
        return results
    if not fine.size:
        return np.zeros_like(results)
    return np.nan_to_num(
        results, nan=float(np.median(fine)), posinf=float(fine.max()), neginf=float(fine.min())
    )


def _value_of_certainty(results: Array) -> float:
    """Return what it would be worth to know the result itself before deciding: E[max(result, 0)] −
    max(E[result], 0).
    """
    fine = _bounded(results, results)
    return float(np.maximum(fine, 0.0).mean() - max(0.0, float(fine.mean())))


# ---- Sobol indices of a scenario
# ---------------------------------------------------------------------


def _factors(sources: Sources, metric: str, seed: int) -> tuple[Factor, ...]:
    """Return how much of the variance each input, group, event, and the chance of the months
    decide, by falling total index.
    """
    names = _names(sources)
    if not names:
        return ()
    plan = plan_of(_INDEX_PATHS, seed)
    other = SamplingPlan(plan.seed, plan.replicates, plan.points, second=True)
    results: dict[str, list[Array]] = {key: [] for key in ("a", "b", *names)}
    base = Values(sources.scenario)
    for which in batches(plan):
        a, b = sources.draw(plan, which), sources.draw(other, which)
        for key, one in {
            "a": a,
            "b": b,
            **{name: _mixer(name, paths)(a, b) for name, paths in names.items()},
        }.items():
            size = plan.points * len(which)
            found = [
                _block(sources, metric, one.part(slice(s, min(s + _BLOCK, size))), base)
                for s in range(0, size, _BLOCK)
            ]
            results[key].append(np.concatenate(found))
    whole = {key: np.concatenate(parts) for key, parts in results.items()}
    scale = np.concatenate([whole["a"], whole["b"]])
    whole = {key: _bounded(values, scale) for key, values in whole.items()}
    shares = indices(whole.pop("a"), whole.pop("b"), whole, plan.replicates)
    out = [Factor(name, names[name], index) for name, index in shares.items()]
    return tuple(sorted(out, key=lambda one: -one.index.total.value))


def _names(sources: Sources) -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {
        path: (path,) for path in sources.alone if _in_the_ledger(path)
    }
    out |= {
        group.paths[0]: group.paths
        for group in sources.joined
        if any(_in_the_ledger(path) for path in group.paths)
    }
    out |= {f"shocks.{shock.id}": () for shock in sources.scenario.shocks}
    return out | ({MONTHS: ()} if sources.month_streams else {})


def _mixer(name: str, paths: tuple[str, ...]) -> Callable[[Draws, Draws], Draws]:
    def mix(a: Draws, b: Draws) -> Draws:
        if name == MONTHS:
            return Draws(a.given, a.uniforms, b.normals)
        if paths:
            return Draws(
                {**a.given, **{path: b.given[path] for path in paths}}, a.uniforms, a.normals
            )
        own = {key: b.uniforms[key] for key in a.uniforms if key.startswith(f"{name}.")}
        return Draws(a.given, {**a.uniforms, **own}, a.normals)

    return mix


def _block(sources: Sources, metric: str, draws: Draws, base: Values) -> Array:
    paths = next(
        (
            v.shape[-1]
            for v in (*draws.given.values(), *draws.uniforms.values(), *draws.normals.values())
        ),
        1,
    )
    return _one(
        figures(sources.model_values(draws, base), {"total": [metric]})[metric, "total"], paths
    )
