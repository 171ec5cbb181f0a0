"""What structures say of the months ahead once a history is known: exactly where log months are
seen, by Laplace's approximation where months are counts of an expected number.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import gammaln

from funnel_sim.evidence.store.month_models import YEAR, MonthModels, same_month
from funnel_sim.model.arrays import Array

_JITTER = 1e-10
_ROUNDS = 10
_STEP = 2.0  # at most this much in a log month in one step of Newton's method
_STILL = 1e-4
_FAR = 8.0  # log months further from the level than this count as that in the curvature


@dataclass(frozen=True)
class Given:
    """Of each structure the log likelihood of the months seen, shape (structures,), mean (…,
    ahead) and covariance (…, ahead, ahead) of the log months to come less the level, and the log
    indices of the season in the year after the history, (…, 12).
    """

    likelihood: Array
    mean: Array
    covariance: Array
    season: Array


@dataclass(frozen=True)
class _Prior:
    """Of each structure, covariances and expected log months, at known months and those ahead."""

    known: Array
    across: Array
    ahead: Array
    season: Array
    expected: Array
    expected_ahead: Array


@dataclass(frozen=True)
class _Solved:
    """For one pattern of known months: of each structure the inverse covariance, the constant of
    the likelihood, the gain and the covariance of what is left.
    """

    inverse: Array
    constant: Array
    gain: Array
    left: Array


@lru_cache(maxsize=64)
def _prior(
    known: tuple[int, ...], length: int, ahead: int, models: MonthModels, counted: bool
) -> _Prior:
    places = np.concatenate(
        [np.asarray(known, dtype=np.float64) - length + 0.5, np.arange(ahead) + 0.5]
    )
    whole_time = np.asarray(np.arange(-length, ahead) + 0.5, dtype=np.float64)
    at = np.concatenate([np.asarray(known), length + np.arange(ahead)])
    n, year = len(known), np.arange(YEAR)
    parts: list[tuple[Any, ...]] = []
    for one in models.structures:
        if one.counted is not counted:
            continue
        whole = one.covariance(whole_time)[np.ix_(at, at)]
        expected = one.expected(length, ahead)[at]
        season = one.season * one.scale**2 * same_month((year[:, None] + 0.5) - places[None, :n])
        parts.append(
            (whole[:n, :n], whole[n:, :n], whole[n:, n:], season, expected[:n], expected[n:])
        )
    if not parts:
        sizes = ((n, n), (ahead, n), (ahead, ahead), (YEAR, n), (n,), (ahead,))
        return _Prior(*(np.empty((0, *size)) for size in sizes))
    return _Prior(*(np.stack(part) for part in zip(*parts, strict=True)))


@lru_cache(maxsize=64)
def _solved(known: tuple[int, ...], length: int, ahead: int, models: MonthModels) -> _Solved:
    prior = _prior(known, length, ahead, models, False)
    inverse = np.linalg.inv(prior.known)
    _, log_size = np.linalg.slogdet(prior.known)
    gain = prior.across @ inverse
    left = prior.ahead - gain @ np.swapaxes(prior.across, 1, 2)
    constant = -0.5 * log_size - 0.5 * len(known) * np.log(2 * np.pi)
    return _Solved(np.asarray(inverse, np.float64), constant, gain, left)


def from_logs(
    logs: Array, known: tuple[int, ...], length: int, ahead: int, models: MonthModels
) -> Given:
    """Return what the structures of months, not counts, say of those to come.

    Args:
        logs: log months less their level, at the places `known` of a history of `length`, shape
            (known,).
        known: places of the months seen, from 0.
        length: months of the history, known or not.
        ahead: months after it.
        models: the structures.
    """
    prior, solved = (
        _prior(known, length, ahead, models, False),
        _solved(known, length, ahead, models),
    )
    off = logs[None, :] - prior.expected
    pull = np.einsum("kij,kj->ki", solved.inverse, off)
    return Given(
        solved.constant - 0.5 * (off * pull).sum(axis=1),
        prior.expected_ahead + np.einsum("kan,kn->ka", solved.gain, off),
        solved.left,
        np.einsum("ksn,kn->ks", prior.season, pull),
    )


def from_counts(
    counts: Array,
    level: float,
    known: tuple[int, ...],
    length: int,
    ahead: int,
    models: MonthModels,
) -> Given:
    """Return what the structures of expected counts say, each month Poisson around its own.

    The posterior of the expected counts is taken as normal at its mode (Laplace; Newton's method
    as in Rasmussen and Williams 2006, algorithm 3.1).

    Args:
        counts: at the places `known` of a history of `length`, shape (known,).
        level: log count that structures are around.
        known: places of the months seen, from 0.
        length: months of the history, known or not.
        ahead: months after it.
        models: the structures.
    """
    prior = _prior(known, length, ahead, models, True)
    usual, one = np.exp(level), np.eye(counts.size)
    start = np.log(np.maximum((counts + 0.3 * usual) / (1.3 * usual), 0.05))
    log_rate = np.broadcast_to(start, prior.expected.shape).copy()
    for _ in range(_ROUNDS):
        rate = usual * np.exp(np.clip(log_rate, -_FAR, _FAR))
        root = np.sqrt(rate)
        inner = one + root[:, :, None] * prior.known * root[:, None, :]
        wanted = rate * (log_rate - prior.expected) + counts - rate
        moved = np.einsum("kij,kj->ki", prior.known, wanted) * root
        pull = wanted - root * np.linalg.solve(inner, moved[:, :, None])[:, :, 0]
        step = np.einsum("kij,kj->ki", prior.known, pull) + prior.expected - log_rate
        step = np.clip(step, -_STEP, _STEP)
        log_rate = log_rate + step
        if not step.size or float(np.abs(step).max()) < _STILL:
            break
    rate = usual * np.exp(np.clip(log_rate, -_FAR, _FAR))
    root = np.sqrt(rate)
    inner = one + root[:, :, None] * prior.known * root[:, None, :]
    _, log_size = np.linalg.slogdet(inner)
    likelihood = (
        (counts * (log_rate + level) - rate - gammaln(counts + 1)).sum(axis=1)
        - 0.5 * (pull * (log_rate - prior.expected)).sum(axis=1)
        - 0.5 * log_size
    )
    solved = np.linalg.solve(inner, root[:, :, None] * np.swapaxes(prior.across, 1, 2))
    return Given(
        likelihood,
        prior.expected_ahead + np.einsum("kan,kn->ka", prior.across, pull),
        prior.ahead - np.einsum("kan,kn,knb->kab", prior.across, root, solved),
        np.einsum("ksn,kn->ks", prior.season, pull),
    )


def roots(covariance: Array) -> Array:
    """Return lower triangles whose squares are covariances, shape (…, months, months)."""
    even = (covariance + np.swapaxes(covariance, 1, 2)) / 2
    size = np.maximum(np.einsum("kaa->k", even) / even.shape[1], _JITTER)
    return np.linalg.cholesky(even + _JITTER * size[:, None, None] * np.eye(even.shape[1]))
