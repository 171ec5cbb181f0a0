"""Maximum likelihood with honest standard errors, shared by the customer models.

Parameters are positive and are fitted as logarithms; their standard errors and correlations come
from the inverse of the observed information there. A fit that does not converge, or whose
information is not positive, is refused: the caller then keeps its prior.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array
from funnel_sim.reference.reading import judged

FEWEST_CUSTOMERS = int(judged("fewest_customers"))
"""Fewer customers tell nothing."""
_STEP = 1e-5
_STEEPEST = 1e-3  # of the mean log-likelihood: what may be left of the gradient
_EDGE = 1e-6
_FARTHEST = 12.0  # in logarithms: a parameter beyond e^12 or below e^-12 has run away


@dataclass(frozen=True)
class Fit:
    """Fitted parameters by name, with the covariance of their logarithms and the log-likelihood.

    `cases` is the number of customers (or other cases) that the fit rests on.
    """

    names: tuple[str, ...]
    values: tuple[float, ...]
    covariance: Array
    log_likelihood: float
    cases: int

    def __getitem__(self, name: str) -> float:
        """Return one parameter."""
        return self.values[self.names.index(name)]

    @property
    def errors(self) -> dict[str, float]:
        """Standard error of each parameter's logarithm: 0.1 is about 10 % of the parameter."""
        return dict(zip(self.names, np.sqrt(np.diag(self.covariance)).tolist(), strict=True))

    def draws(self, count: int, generator: np.random.Generator) -> Array:
        """Return parameters as uncertain as the fit leaves them, shape (parameters, count).

        Args:
            count: how many.
            generator: where their chance comes from.

        Returns:
            Shape (parameters, count), in the order of the parameters' names.
        """
        return np.exp(
            generator.multivariate_normal(np.log(self.values), self.covariance, size=count).T
        )


Likelihood = Callable[[Array], tuple[float, Array]]
"""Takes parameters; returns the log-likelihood and its gradient by parameter."""


def maximise(
    likelihood: Likelihood,
    names: Sequence[str],
    starts: Sequence[Sequence[float]],
    cases: int,
    what: str,
) -> Fit:
    """Return the parameters of the greatest likelihood, with what is not known of them.

    Args:
        likelihood: from the parameters, all above zero, to the log likelihood and its gradient.
        names: of the parameters.
        starts: parameters to begin at; the next only where the search from one leads nowhere.
        cases: how many customers the likelihood is of.
        what: what was fitted, as a refusal names it.

    Raises:
        InputError: where no greatest likelihood is found.
    """

    def lost(logs: Array) -> tuple[float, Array]:
        values = np.exp(logs)
        total, gradient = likelihood(values)
        return -total / cases, -gradient * values / cases

    bounds = [(-_FARTHEST, _FARTHEST)] * len(names)
    best = None
    for start in starts:  # the next one only where this one leads nowhere
        one = minimize(
            lost,
            np.log(start),
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": 2000, "ftol": 1e-14, "gtol": 1e-9},
        )
        if (
            np.isfinite(one.fun)
            and np.abs(lost(one.x)[1]).max() < _STEEPEST
            and np.abs(one.x).max() < _FARTHEST - _EDGE
        ):
            best = one
            break
    if best is None:
        raise refuse(what, None, "no_fit")
    information = _information(lost, best.x) * cases
    if np.linalg.eigvalsh(information).min() <= 0:
        raise refuse(what, None, "no_fit")
    return Fit(
        tuple(names),
        tuple(np.exp(best.x).tolist()),
        np.asarray(np.linalg.inv(information), dtype=np.float64),
        -float(best.fun) * cases,
        cases,
    )


def _information(lost: Callable[[Array], tuple[float, Array]], at: Array) -> Array:
    """Return the second derivatives by central differences of the gradient, made symmetric."""
    rows = []
    for index in range(at.size):
        step = np.zeros_like(at)
        step[index] = _STEP
        rows.append((lost(at + step)[1] - lost(at - step)[1]) / (2 * _STEP))
    matrix = np.array(rows)
    return np.asarray((matrix + matrix.T) / 2)
