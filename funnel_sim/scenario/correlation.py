"""Rank correlations: whether a set of them can hold together, and the nearest set that can.

A Gaussian copula joins inputs by a matrix of Pearson correlations of normal numbers; a Spearman
rank correlation ρ needs 2 sin(π ρ / 6) there (Kruskal 1958). Pairs not named are independent.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Pair = tuple[str, str]
_ENOUGH = -1e-10
_ROUNDS = 200


def pearson(spearman: float) -> float:
    """Return the correlation of the normal numbers behind a rank correlation.

    >>> round(pearson(0.5), 6)
    0.517638
    """
    return 2.0 * math.sin(math.pi * spearman / 6.0)


def spearman(pearson: float) -> float:
    """Return the rank correlation of two normal numbers with this correlation: 6/π · asin(r/2).

    >>> round(spearman(pearson=0.517638), 6)
    0.5
    """
    return 6.0 / math.pi * math.asin(max(-1.0, min(1.0, pearson)) / 2.0)


def matrix(names: Sequence[str], ranks: Mapping[Pair, float]) -> Matrix:
    """Return the Pearson matrix of the Gaussian copula for some rank correlations.

    Args:
        names: the inputs, in the order of rows and columns.
        ranks: rank correlations [−1 to 1] by pair; pairs of other inputs are left out.

    Returns:
        Correlations, shape (names, names).
    """
    place = {name: index for index, name in enumerate(names)}
    out = np.eye(len(names))
    for (a, b), rank in ranks.items():
        if a in place and b in place:
            out[place[a], place[b]] = out[place[b], place[a]] = pearson(rank)
    return out


def groups(pairs: Sequence[Pair]) -> list[list[str]]:
    """Return the names in groups that are linked by pairs, each sorted.

    >>> groups([("a", "b"), ("c", "d"), ("b", "e")])
    [['a', 'b', 'e'], ['c', 'd']]
    """
    out: list[set[str]] = []
    for pair in pairs:
        touching = [group for group in out if group & set(pair)]
        out = [group for group in out if group not in touching] + [set(pair).union(*touching)]
    return sorted(sorted(group) for group in out)


def possible(correlations: Matrix) -> bool:
    """Say whether a matrix can be a matrix of correlations (no negative eigenvalue)."""
    return bool(np.linalg.eigvalsh(correlations).min() >= _ENOUGH)


def nearest_matrix(correlations: Matrix) -> Matrix:
    """Return the nearest matrix of correlations in the Frobenius norm (Higham 2002, alternating
    projections).
    """
    current, step = correlations.copy(), np.zeros_like(correlations)
    for _ in range(_ROUNDS):
        before = current - step
        values, vectors = np.linalg.eigh(before)
        lifted = (vectors * np.maximum(values, 1e-9)) @ vectors.T
        step = lifted - before
        current = lifted.copy()
        np.fill_diagonal(current, 1.0)
        if np.abs(current - lifted).max() < 1e-12:
            break
    return np.asarray((current + current.T) / 2)


def mend(ranks: Mapping[Pair, float]) -> dict[Pair, float]:
    """Return the pairs that cannot hold together, each with the rank correlation that could; empty
    where all can.

    >>> bad = {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9}
    >>> sorted(mend(bad)) == sorted(bad), mend({("a", "b"): 0.9})
    (True, {})
    """
    out: dict[Pair, float] = {}
    for names in groups(list(ranks)):
        wished = matrix(names, ranks)
        if possible(wished):
            continue
        valid, place = nearest_matrix(wished), {name: index for index, name in enumerate(names)}
        for (a, b), rank in ranks.items():
            if a in place and b in place:
                could = math.trunc(spearman(float(valid[place[a], place[b]])) * 1000) / 1000
                if abs(could - rank) > 1e-3:
                    out[a, b] = could
    return out


def factor(correlations: Matrix) -> Matrix:
    """Return the lower triangle L with L Lᵀ = the matrix; zero where an input follows wholly from
    those before.

    >>> factor(np.array([[1.0, 1.0], [1.0, 1.0]])).tolist()
    [[1.0, 0.0], [1.0, 0.0]]
    """
    size = len(correlations)
    out = np.zeros_like(correlations)
    for j in range(size):
        rest = correlations[j:, j] - out[j:, :j] @ out[j, :j]
        if rest[0] > 1e-12:
            out[j:, j] = rest / math.sqrt(rest[0])
    return out
