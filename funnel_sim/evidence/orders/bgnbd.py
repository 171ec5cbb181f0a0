"""BG/NBD: customers buy at their own pace and stop, unseen, after some order (Fader, Hardie and Lee
2005).

Paces follow a Gamma(r, α), the probability of stopping after an order a Beta(a, b). What is known
of a customer is x repeat orders, the last of them at time t_x, watched until T.
"""

import numpy as np
from scipy.special import expit, gammaln, hyp2f1, psi

from funnel_sim.errors import refuse
from funnel_sim.evidence.orders.fits import FEWEST_CUSTOMERS, Fit, maximise
from funnel_sim.model.arrays import Array, Number
from funnel_sim.model.retention import off_the_pole
from funnel_sim.reference.reading import judged

NAMES = ("r", "alpha", "a", "b")
_FEWEST_REPEATERS = int(judged("fewest_repeaters"))


def fit(repeats: Array, last: Array, watched: Array, what: str = "transactions") -> Fit:
    """Return the fit to customers' repeat orders, time of the last one and time watched, each of
    shape (customers,).

    Customers with the same history count together, so that a million of them take seconds.

    Args:
        repeats: orders after the first, shape (customers,).
        last: time of the last of them since the first order [weeks], 0 without any, shape
            (customers,).
        watched: time since the first order [weeks], shape (customers,).
        what: what was fitted, as a refusal names it.

    Raises:
        InputError: where there are too few customers or repeat buyers to tell anything, or where no
            greatest likelihood exists.
    """
    if repeats.size < FEWEST_CUSTOMERS:
        raise refuse(what, str(repeats.size), "few_customers", least=FEWEST_CUSTOMERS)
    again = int((repeats > 0).sum())
    if again < _FEWEST_REPEATERS:
        raise refuse(what, str(again), "few_repeaters", least=_FEWEST_REPEATERS)
    counts, of_count = np.unique(repeats, return_inverse=True)
    lasts, of_last = np.unique(last, return_inverse=True)
    ends, of_end = np.unique(watched, return_inverse=True)
    keys, weights = np.unique(
        (of_count * lasts.size + of_last) * ends.size + of_end, return_counts=True
    )
    nth, end = np.divmod(keys, ends.size)
    nth, late = np.divmod(
        nth, lasts.size
    )  # each history by its places among the distinct counts, last orders and times watched
    w, x = weights.astype(np.float64), counts[nth]
    per_count = np.bincount(nth, w, counts.size)
    bought = counts > 0
    least = np.where(bought, counts, 1.0)

    def likelihood(values: Array) -> tuple[float, Array]:
        r, alpha, a, b = values
        # what depends on one thing only is worked out once for each of its distinct values
        common = (
            gammaln(r + counts)
            - gammaln(r)
            + r * np.log(alpha)
            + gammaln(a + b)
            + gammaln(b + counts)
            - gammaln(b)
            - gammaln(a + b + counts)
        )
        start = np.where(bought, np.log(a) - np.log(b + least - 1), -np.inf)
        log_end, log_last = np.log(alpha + ends)[end], np.log(alpha + lasts)[late]
        gap = start[nth] + (r + x) * (
            log_end - log_last
        )  # ln of the odds that the customer has stopped
        share = expit(gap)
        either = -(r + x) * log_end + np.logaddexp(0.0, gap)
        stopped, still = w * share, w * (1.0 - share)
        share_of_count = np.bincount(nth, stopped, counts.size)
        by_r = (
            (per_count * (psi(r + counts) - psi(r) + np.log(alpha))).sum()
            - still @ log_end
            - stopped @ log_last
        )
        by_alpha = (
            w.sum() * r / alpha
            - ((r + x) * still) @ (1 / (alpha + ends))[end]
            - ((r + x) * stopped) @ (1 / (alpha + lasts))[late]
        )
        by_a = (per_count * (psi(a + b) - psi(a + b + counts))).sum() + share_of_count.sum() / a
        by_b = (per_count * (psi(a + b) + psi(b + counts) - psi(b) - psi(a + b + counts))).sum() - (
            share_of_count / (b + least - 1)
        ).sum()
        return float(per_count @ common + w @ either), np.array([by_r, by_alpha, by_a, by_b])

    mean = float(watched.mean())
    return maximise(
        likelihood,
        NAMES,
        [(1.0, mean / 4, 1.0, 2.0), (0.3, mean / 8, 0.5, 3.0)],
        repeats.size,
        what,
    )


def expected_next(time: Number, repeats: Array, last: Array, watched: Array, fitted: Fit) -> Array:
    """Return the expected orders of each customer in the time to come, given its history (equation
    10 of the paper).

    Args:
        time: how far ahead [weeks].
        repeats: orders after the first, shape (customers,).
        last: time of the last of them since the first order [weeks], shape (customers,).
        watched: time since the first order [weeks], shape (customers,).
        fitted: r, α, a and b of the model.

    Returns:
        Orders in that time, shape (customers,).
    """
    r, alpha, _, b = fitted.values
    a = off_the_pole(fitted["a"], b)
    x = repeats
    z = time / (alpha + watched + time)
    grown = 1 - ((alpha + watched) / (alpha + watched + time)) ** (r + x) * hyp2f1(
        r + x, b + x, a + b + x - 1, z
    )
    stopped = np.where(
        x > 0, a / (b + np.maximum(x, 1) - 1) * ((alpha + watched) / (alpha + last)) ** (r + x), 0.0
    )
    return np.asarray((a + b + x - 1) / (a - 1) * grown / (1 + stopped))
