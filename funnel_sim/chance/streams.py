"""Streams of chance: uniform numbers that belong to (seed, input name) and to nothing else.

Every input with a place in data/streams.txt has its own dimension of one scrambled Sobol sequence
of fixed size, so that giving another input a range changes nobody else's draws. Names without a
place (channels and events that a user named) get a stream of their own: one point in each of n
equal strata, in random order. Paths come in replicates, each an independent scramble of the same
points: their spread is the honest standard error.
"""

import hashlib
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from scipy.special import ndtri
from scipy.stats import qmc

from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array
from funnel_sim.scenario.chance import FEWEST_PATHS, LIVE_PATHS, MOST_PATHS
from funnel_sim.stored import read_data

DIMENSIONS = 256
"""Places for names; further dimensions serve the second set of draws."""
# dimensions scrambled at once: fixed, because SciPy's scrambles of all of them depend on their
# number
_TIER = 64
REPLICATES = 16
FEWEST, LIVE, MOST = FEWEST_PATHS, LIVE_PATHS, MOST_PATHS
# the sequence once had three tiers; the dimensions of these and of their second set never move, so
# that no draw changes
_FIRST_TIERS = 3
_KEPT_POINTS = 4096  # replicates of more points are not remembered
_CHUNK = 4096
_HALF_CELL = 0.5**31  # SciPy's points are multiples of 2^-30: half a cell away from 0


@dataclass(frozen=True)
class SamplingPlan:
    """How many paths: `replicates` independent scrambles of `points` points (a power of two).

    `second` asks for another set of draws, independent of the first (further dimensions of the
    sequence), as sensitivity indices need them.
    """

    seed: int
    replicates: int
    points: int
    second: bool = False

    @property
    def paths(self) -> int:
        """All paths together."""
        return self.replicates * self.points


def plan_of(paths: int, seed: int) -> SamplingPlan:
    """Return the plan of a simulation with at least `paths` paths.

    Args:
        paths: how many, 256 to 1,048,576.
        seed: of the draws.

    Raises:
        InputError: if there are fewer or more.

    Examples:
        >>> plan_of(16_384, 1), plan_of(10_000, 1).paths
        (SamplingPlan(seed=1, replicates=16, points=1024, second=False), 10240)
    """
    if not FEWEST <= paths <= MOST:
        raise refuse("paths", paths, "between", least=FEWEST, most=MOST)
    points = 2 ** math.floor(math.log2(paths / REPLICATES))
    return SamplingPlan(seed, math.ceil(paths / points), points)


@cache
def places() -> dict[str, int]:
    """Return the Sobol dimension of every input that has one."""
    text = read_data("streams.txt")
    names = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {name: index for index, name in enumerate(names)}


def _key(seed: int, replicate: int, name: str) -> np.random.Generator:
    digest = hashlib.blake2b(f"{seed}/{replicate}/{name}".encode(), digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest, "little"))


def _end_of(tier: int, *, second: bool) -> int:
    """Return where the dimensions of a tier end: the first three tiers, their second set, then each
    later tier and its second set.
    """
    if tier < _FIRST_TIERS:
        return _TIER * (tier + 1 + (_FIRST_TIERS if second else 0))
    return _TIER * (2 * tier + 1 + second)


def _engine(plan: SamplingPlan, replicate: int, tier: int) -> qmc.Sobol:
    """Return a sequence whose last dimensions are those of a tier: no two tiers, and no two sets,
    share a dimension.
    """
    dimensions = _end_of(tier, second=plan.second)
    return qmc.Sobol(dimensions, scramble=True, rng=_key(plan.seed, replicate, f"sobol/{tier}"))


@lru_cache(maxsize=6)
def _sobol(plan: SamplingPlan, which: range, tier: int) -> Array:
    """Return the dimensions of a tier in some replicates, one after the other, shape (tier,
    paths).
    """
    parts = [
        _engine(plan, replicate, tier).random(plan.points)[:, -_TIER:].T for replicate in which
    ]
    return np.concatenate(parts, axis=1) + _HALF_CELL


def _long_sobol(plan: SamplingPlan, replicate: int, tier: int, columns: list[int]) -> Array:
    engine = _engine(plan, replicate, tier)
    out = np.empty((len(columns), plan.points))
    for start in range(0, plan.points, _CHUNK):
        points = engine.random(min(_CHUNK, plan.points - start))[:, -_TIER:]
        out[:, start : start + _CHUNK] = points.T[columns]
    return out + _HALF_CELL


def batches(plan: SamplingPlan) -> Iterator[range]:
    """Yield the replicates in groups that are drawn at once, of about as many paths as a live
    simulation has.
    """
    size = max(1, LIVE // plan.points)
    for first in range(0, plan.replicates, size):
        yield range(first, min(first + size, plan.replicates))


def uniforms(plan: SamplingPlan, which: range, names: Iterable[str]) -> dict[str, Array]:
    """Return uniform numbers for each name, which belong to (seed, name) and to nothing else.

    Args:
        plan: seed, replicates and points.
        which: which replicates, counted from 0.
        names: the streams, named by the paths of inputs.

    Returns:
        One array in (0, 1) for each name, shape (paths of these replicates,), replicate after
        replicate.

    Examples:
        >>> plan = plan_of(256, 1)
        >>> alone = uniforms(plan, range(2), ["product.price"])["product.price"]
        >>> bool(
        ...     (
        ...         alone
        ...         == uniforms(plan, range(2), ["conversion.cvr", "product.price"])[
        ...             "product.price"
        ...         ]
        ...     ).all()
        ... )
        True
    """
    wanted = list(dict.fromkeys(names))
    placed = [name for name in wanted if name in places()]
    out: dict[str, Array] = {}
    for tier in sorted({places()[name] // _TIER for name in placed}):
        mine = [name for name in placed if places()[name] // _TIER == tier]
        columns = [places()[name] % _TIER for name in mine]
        if plan.points <= _KEPT_POINTS:
            every = _sobol(plan, which, tier)
            out |= {name: every[column] for name, column in zip(mine, columns, strict=True)}
        else:
            parts = [_long_sobol(plan, replicate, tier, columns) for replicate in which]
            out |= dict(zip(mine, np.concatenate(parts, axis=1), strict=True))
    for name in wanted:
        if name not in out:
            out[name] = _own_stream(plan, which, name)[0]
    return out


def normals_by_month(plan: SamplingPlan, which: range, name: str, months: int) -> Array:
    """Return standard normal numbers by month; more months leave the first ones as they are.

    Args:
        plan: seed, replicates and points.
        which: which replicates, counted from 0.
        name: the stream.
        months: how many months.

    Returns:
        Shape (months, paths of these replicates).
    """
    if plan.points <= _KEPT_POINTS:
        return _kept_normals(plan, which, name, months)
    return _normals(plan, which, name, months)


@lru_cache(maxsize=32)
def _kept_normals(plan: SamplingPlan, which: range, name: str, months: int) -> Array:
    return _normals(plan, which, name, months)


def _normals(plan: SamplingPlan, which: range, name: str, months: int) -> Array:
    if f"{name}.1" in places():
        rows = uniforms(plan, which, [f"{name}.{month}" for month in range(1, months + 1)])
        return np.asarray(ndtri(np.stack(list(rows.values()))))
    return np.asarray(ndtri(_own_stream(plan, which, name, months)))


def _own_stream(plan: SamplingPlan, which: range, name: str, rows: int = 1) -> Array:
    """Return the stream of a name without a place, shape (rows, paths): equal strata in random
    order, row by row.
    """
    parts = []
    for replicate in which:
        generator = _key(plan.seed, replicate, f"{name}/second" if plan.second else name)
        parts.append(
            np.stack(
                [
                    (generator.permutation(plan.points) + generator.random(plan.points))
                    / plan.points
                    for _ in range(rows)
                ]
            )
        )
    return np.concatenate(parts, axis=1)
