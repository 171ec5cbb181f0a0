"""BG/NBD: customers buy at their own pace and stop, unseen, after some order (Fader, Hardie and Lee 2005).

Paces follow a Gamma(r, α), the probability of stopping after an order a Beta(a, b). What is known of a customer is
x repeat orders, the last of them at time t_x, watched until T.
"""

import numpy as np
from scipy.special import gammaln, hyp2f1, psi

from funnel_sim.errors import refuse
from funnel_sim.evidence.fits import Fit, maximise
from funnel_sim.model.arrays import Array, Number
from funnel_sim.model.retention import off_the_pole

NAMES = ("r", "alpha", "a", "b")
_FEWEST_CUSTOMERS = 50
_FEWEST_REPEATERS = 20


def fit(repeats: Array, last: Array, watched: Array, what: str = "transactions") -> Fit:
    """Return the fit to customers' repeat orders, time of the last one and time watched, each of shape (customers,).

    Customers with the same history count together, so that a million of them take seconds. Raises InputError where there are too few
    customers or repeat buyers to tell anything, or where no greatest likelihood exists.
    """
    if repeats.size < _FEWEST_CUSTOMERS:
        raise refuse(what, str(repeats.size), "few_customers", least=_FEWEST_CUSTOMERS)
    again = int((repeats > 0).sum())
    if again < _FEWEST_REPEATERS:
        raise refuse(what, str(again), "few_repeaters", least=_FEWEST_REPEATERS)
    rows, weights = np.unique(np.stack([repeats, last, watched], axis=1), axis=0, return_counts=True)
    x, t_x, until = rows.T
    bought = x > 0
    w = weights.astype(np.float64)
    least = np.where(bought, x, 1.0)

    def likelihood(values: Array) -> tuple[float, Array]:
        r, alpha, a, b = values
        common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        alive = -(r + x) * np.log(alpha + until)
        gone = np.where(bought, np.log(a) - np.log(b + least - 1) - (r + x) * np.log(alpha + t_x), -np.inf)
        either = np.logaddexp(alive, gone)
        share = np.exp(gone - either)  # that the customer has stopped
        by_r = psi(r + x) - psi(r) + np.log(alpha) - (1 - share) * np.log(alpha + until) - share * np.log(alpha + t_x)
        by_alpha = r / alpha - (r + x) * ((1 - share) / (alpha + until) + share / (alpha + t_x))
        by_a = psi(a + b) - psi(a + b + x) + share / a
        by_b = psi(a + b) + psi(b + x) - psi(b) - psi(a + b + x) - share / (b + least - 1)
        return float((w * (common + either)).sum()), np.array([(w * part).sum() for part in (by_r, by_alpha, by_a, by_b)])

    mean = float(watched.mean())
    return maximise(likelihood, NAMES, [(1.0, mean / 4, 1.0, 2.0), (0.3, mean / 8, 0.5, 3.0)], repeats.size, what)


def expected_next(time: Number, repeats: Array, last: Array, watched: Array, fitted: Fit) -> Array:
    """Return the expected orders of each customer in the time to come, given its history (equation 10 of the paper)."""
    r, alpha, _, b = fitted.values
    a = off_the_pole(fitted["a"], b)
    x = repeats
    z = time / (alpha + watched + time)
    grown = 1 - ((alpha + watched) / (alpha + watched + time)) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, z)
    stopped = np.where(x > 0, a / (b + np.maximum(x, 1) - 1) * ((alpha + watched) / (alpha + last)) ** (r + x), 0.0)
    return np.asarray((a + b + x - 1) / (a - 1) * grown / (1 + stopped))
