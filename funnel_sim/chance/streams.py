"""Streams of chance: uniform numbers that belong to (seed, input name) and to nothing else.

Every input with a place in data/streams.txt has its own dimension of one scrambled Sobol sequence
of fixed size, so that giving another input a range changes nobody else's draws. Names without a
place (channels and events that a user named) get a stream of their own: one point in each of n equal
strata, in random order. Paths come in replicates, each an independent scramble of the same points:
their spread is the honest standard error.
"""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import numpy as np
from scipy.special import ndtri
from scipy.stats import qmc

from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array

DIMENSIONS = 192
"""Size of the Sobol sequence: fixed, because SciPy's scrambles of all dimensions depend on it."""
REPLICATES = 16
FEWEST, MOST = 256, 1_048_576
LIVE = 16_384
_KEPT_POINTS = 4096  # replicates of more points are not remembered
_CHUNK = 4096
_HALF_CELL = 0.5**31  # SciPy's points are multiples of 2^-30: half a cell away from 0


@dataclass(frozen=True)
class Plan:
    """How many paths: `replicates` independent scrambles of `points` points (a power of two).

    `second` asks for another set of draws, independent of the first (further dimensions of the sequence), as sensitivity
    indices need them.
    """

    seed: int
    replicates: int
    points: int
    second: bool = False

    @property
    def paths(self) -> int:
        """All paths together."""
        return self.replicates * self.points


def plan_of(paths: int, seed: int) -> Plan:
    """Return the plan with at least `paths` paths; raises InputError outside 256 to 1,048,576.

    >>> plan_of(16_384, 1), plan_of(10_000, 1).paths
    (Plan(seed=1, replicates=16, points=1024, second=False), 10240)
    """
    if not FEWEST <= paths <= MOST:
        raise refuse("paths", paths, "between", least=FEWEST, most=MOST)
    points = 2 ** math.floor(math.log2(paths / REPLICATES))
    return Plan(seed, math.ceil(paths / points), points)


@cache
def places() -> dict[str, int]:
    """Return the Sobol dimension of every input that has one."""
    text = resources.files("funnel_sim").joinpath("data", "streams.txt").read_text("utf-8")
    names = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {name: index for index, name in enumerate(names)}


def _key(seed: int, replicate: int, name: str) -> np.random.Generator:
    digest = hashlib.blake2b(f"{seed}/{replicate}/{name}".encode(), digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest, "little"))


def _engine(plan: Plan, replicate: int) -> qmc.Sobol:
    dimensions = 2 * DIMENSIONS if plan.second else DIMENSIONS
    return qmc.Sobol(dimensions, scramble=True, rng=_key(plan.seed, replicate, "sobol"))


@lru_cache(maxsize=64)
def _sobol(plan: Plan, replicate: int) -> Array:
    """Return every dimension of one replicate, shape (DIMENSIONS, points)."""
    return np.ascontiguousarray(_engine(plan, replicate).random(plan.points)[:, -DIMENSIONS:].T) + _HALF_CELL


def _long_sobol(plan: Plan, replicate: int, columns: list[int]) -> Array:
    engine = _engine(plan, replicate)
    out = np.empty((len(columns), plan.points))
    for start in range(0, plan.points, _CHUNK):
        points = engine.random(min(_CHUNK, plan.points - start))[:, -DIMENSIONS:]
        out[:, start : start + _CHUNK] = points.T[columns]
    return out + _HALF_CELL


def uniforms(plan: Plan, replicate: int, names: Iterable[str]) -> dict[str, Array]:
    """Return one array of shape (points,) in (0, 1) for each name.

    >>> plan = plan_of(256, 1)
    >>> alone = uniforms(plan, 0, ["product.price"])["product.price"]
    >>> bool((alone == uniforms(plan, 0, ["conversion.cvr", "product.price"])["product.price"]).all())
    True
    """
    wanted = list(dict.fromkeys(names))
    placed = [name for name in wanted if name in places()]
    out: dict[str, Array] = {}
    if placed and plan.points <= _KEPT_POINTS:
        every = _sobol(plan, replicate)
        out = {name: every[places()[name]] for name in placed}
    elif placed:
        out = dict(zip(placed, _long_sobol(plan, replicate, [places()[n] for n in placed]), strict=True))
    for name in wanted:
        if name not in out:
            out[name] = _strata(_own(plan, replicate, name), plan.points)
    return out


def _own(plan: Plan, replicate: int, name: str) -> np.random.Generator:
    return _key(plan.seed, replicate, f"{name}/second" if plan.second else name)


def _strata(generator: np.random.Generator, points: int) -> Array:
    return np.asarray((generator.permutation(points) + generator.random(points)) / points)


def normals_by_month(plan: Plan, replicate: int, name: str, months: int) -> Array:
    """Return standard normal numbers of shape (months, points); more months leave the first ones as they are."""
    if plan.points <= _KEPT_POINTS:
        return _kept_normals(plan, replicate, name, months)
    return _normals(plan, replicate, name, months)


@lru_cache(maxsize=256)
def _kept_normals(plan: Plan, replicate: int, name: str, months: int) -> Array:
    return _normals(plan, replicate, name, months)


def _normals(plan: Plan, replicate: int, name: str, months: int) -> Array:
    if f"{name}.1" in places():
        rows = uniforms(plan, replicate, [f"{name}.{month}" for month in range(1, months + 1)])
        return np.asarray(ndtri(np.stack(list(rows.values()))))
    generator = _own(plan, replicate, name)
    return np.asarray(ndtri(np.stack([_strata(generator, plan.points) for _ in range(months)])))
