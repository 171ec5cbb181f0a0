"""Sobol indices: what share of a result's variance each input decides, alone and with all its
interactions.

With two independent sets of draws A and B, and A with input i taken from B (ABᵢ):
first order  Sᵢ = E[(f(B) − E f)(f(ABᵢ) − f(A))] / V   (Saltelli et al. 2010),
total        Tᵢ = E[(f(A) − f(ABᵢ))²] / 2V              (Jansen 1999).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from funnel_sim.chance.estimates import Figure
from funnel_sim.model.arrays import Array


@dataclass(frozen=True)
class Index:
    """The indices of one input (or group of inputs that move together)."""

    first: Figure
    total: Figure


def indices(
    of_a: Array, of_b: Array, mixed: Mapping[str, Array], replicates: int
) -> dict[str, Index]:
    """Return first-order and total Sobol indices.

    Args:
        of_a: results of the sample A, shape (paths,), replicate after replicate.
        of_b: results of the sample B, shape (paths,).
        mixed: by input, results of A with that input taken from B, shape (paths,).
        replicates: how many independent replicates they hold.

    Returns:
        Indices by input [fractions of the variance], with standard errors from the spread over the
        replicates; zero for a result that does not vary.
    """
    a, b = of_a.reshape(replicates, -1), of_b.reshape(replicates, -1)
    centre = (a.mean(axis=1, keepdims=True) + b.mean(axis=1, keepdims=True)) / 2
    variance = (np.square(a - centre).mean(axis=1) + np.square(b - centre).mean(axis=1)) / 2
    out: dict[str, Index] = {}
    for name, result in mixed.items():
        ab = result.reshape(replicates, -1)
        first = ((b - centre) * (ab - a)).mean(axis=1)
        total = np.square(a - ab).mean(axis=1) / 2
        out[name] = Index(_share(first, variance), _share(total, variance))
    return out


def _share(part: Array, whole: Array) -> Figure:
    """Return Σ part / Σ whole; its standard error by the linearised spread over replicates."""
    count = len(part)
    if not whole.sum() > 0:
        return Figure(0.0, 0.0, count)
    ratio = float(part.sum() / whole.sum())
    spread = part - ratio * whole
    return Figure(ratio, float(spread.std(ddof=1)) / float(whole.mean()) / math.sqrt(count), count)
