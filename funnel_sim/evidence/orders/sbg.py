"""Shifted beta-geometric: customers differ in how likely each is to stay (Fader and Hardie 2007).

Each customer leaves with its own probability at every renewal; the probabilities follow a Beta(α,
β). Survival after t renewals is S(t) = B(α, β + t) / B(α, β); the share that leaves at renewal t is
S(t − 1) − S(t).
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import betaln, psi

from funnel_sim.errors import refuse
from funnel_sim.evidence.orders.fits import FEWEST_CUSTOMERS, Fit, maximise
from funnel_sim.model.arrays import Array

_FEWEST_PERIODS = 2


def fit(alive: Sequence[float], what: str = "cohort") -> Fit:
    """Return the fit to the customers of one cohort still there after 0, 1, 2 … renewals.

    Args:
        alive: customers still there after 0, 1, 2 … renewals.
        what: what was fitted, as a refusal names it.

    Raises:
        InputError: with the numbers that are wrong, where they are too few, negative or rise, where
            there were fewer than 50 customers, or where nobody or everybody left.
    """
    counts = np.asarray(alive, dtype=np.float64)
    if counts.size <= _FEWEST_PERIODS:
        raise refuse(what, _shown(counts), "cohort_short", least=_FEWEST_PERIODS + 1)
    if (counts < 0).any():
        raise refuse(what, _shown(counts[counts < 0]), "cohort_negative")
    if not counts[0] > 0:
        raise refuse(what, _shown(counts), "cohort_none")
    lost, left = -np.diff(counts), float(counts[-1])
    if (lost < 0).any():
        at = int((lost < 0).argmax())
        raise refuse(what, f"{counts[at]:g} → {counts[at + 1]:g}", "cohort_rises")
    if counts[0] < FEWEST_CUSTOMERS:
        raise refuse(what, f"{counts[0]:g}", "few_customers", least=FEWEST_CUSTOMERS)
    if not 0 < lost.sum() < counts[0]:
        raise refuse(what, _shown(counts), "cohort_flat")
    t = np.arange(1, counts.size, dtype=np.float64)

    def likelihood(values: Array) -> tuple[float, Array]:
        a, b = values
        shared = betaln(a, b)
        # ln P(leaves at t) = ln B(a + 1, b + t − 1) − ln B(a, b)
        # ln S(n) = ln B(a, b + n) − ln B(a, b)
        gone, stay = betaln(a + 1, b + t - 1) - shared, betaln(a, b + t[-1]) - shared
        by_a = psi(a + 1) - psi(a + b + t) - psi(a) + psi(a + b)
        by_b = psi(b + t - 1) - psi(a + b + t) - psi(b) + psi(a + b)
        stay_a = -psi(a + b + t[-1]) + psi(a + b)
        stay_b = psi(b + t[-1]) - psi(a + b + t[-1]) - psi(b) + psi(a + b)
        total = float((lost * gone).sum() + left * stay)
        return total, np.array(
            [(lost * by_a).sum() + left * stay_a, (lost * by_b).sum() + left * stay_b]
        )

    return maximise(
        likelihood, ("alpha", "beta"), [(1.0, 1.0), (0.5, 3.0)], round(float(counts[0])), what
    )


def _shown(counts: Array) -> str:
    return " ".join(f"{c:g}" for c in counts)
