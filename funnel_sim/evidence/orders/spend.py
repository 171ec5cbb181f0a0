"""Gamma-Gamma: what customers spend an order differs between them, whatever their pace (Fader,
Hardie and Lee 2005b; Fader and Hardie 2013).

A customer's orders are Gamma(p, ν), ν differing between customers as Gamma(q, γ); what is known of
one is x orders of mean m.
"""

import numpy as np
from scipy.special import gammaln, psi

from funnel_sim.errors import refuse
from funnel_sim.evidence.orders.fits import Fit, maximise
from funnel_sim.model.arrays import Array
from funnel_sim.reference.reading import judged

NAMES = ("p", "q", "gamma")
_FEWEST = int(judged("fewest_repeaters"))


def fit(orders: Array, mean: Array, what: str = "transactions") -> Fit:
    """Return the fit to customers' numbers of orders and mean amounts, each of shape (customers,);
    all must be above zero.

    Args:
        orders: number of each customer's orders, shape (customers,).
        mean: their mean amount [currency of the file], shape (customers,).
        what: what was fitted, as a refusal names it.

    Raises:
        InputError: where too few customers bought again, or no greatest likelihood exists.
    """
    good = (orders > 0) & (mean > 0)
    x, m = orders[good], mean[good]
    if x.size < _FEWEST:
        raise refuse(what, str(x.size), "few_repeaters", least=_FEWEST)
    rows, weights = np.unique(np.stack([x, m], axis=1), axis=0, return_counts=True)
    x, m = rows.T
    w = weights.astype(np.float64)

    def likelihood(values: Array) -> tuple[float, Array]:
        p, q, g = values
        whole = np.log(g + m * x)
        each = (
            gammaln(p * x + q)
            - gammaln(p * x)
            - gammaln(q)
            + q * np.log(g)
            + (p * x - 1) * np.log(m)
            + p * x * np.log(x)
            - (p * x + q) * whole
        )
        by_p = x * (psi(p * x + q) - psi(p * x) + np.log(m) + np.log(x) - whole)
        by_q = psi(p * x + q) - psi(q) + np.log(g) - whole
        by_g = q / g - (p * x + q) / (g + m * x)
        return float((w * each).sum()), np.array([(w * part).sum() for part in (by_p, by_q, by_g)])

    scale = float(np.average(m, weights=w))
    return maximise(
        likelihood, NAMES, [(2.0, 3.0, scale), (6.0, 4.0, scale / 2)], int(good.sum()), what
    )


def mean_order(fitted: Fit) -> float:
    """Return the mean amount of an order over all customers, p γ / (q − 1).

    Raises:
        InputError: where it does not exist (q ≤ 1).
    """
    p, q, gamma = fitted.values
    if q <= 1:
        raise refuse("transactions", f"{q:.3g}", "no_mean_spend")
    return p * gamma / (q - 1)
