"""What a marketplace charges on one sale: flat, marginal or whole-amount tiers, minimum, cap,
fixed.

A price on a bound belongs to the lower tier (`closed`, Amazon: "$10.00 or less") or to the upper
one ("reaches $10"). Nothing is rounded here: amounts are rounded once, where they are shown.
"""

from collections.abc import Sequence

import numpy as np

from funnel_sim.model.arrays import Array, Number, as_array


def marginal(base: Number, bounds: Sequence[Number], rates: Sequence[Number]) -> Array:
    """Return the fee when each part of the base is charged at the rate of its own tier.

    Args:
        base: the amount charged on [money].
        bounds: upper ends [money] of all tiers but the last, rising.
        rates: rates of the tiers [fraction], one more than bounds.

    Returns:
        The fee [money], of the shape that base and rates broadcast to.

    Examples:
        >>> float(marginal(300.0, [250.0], [0.20, 0.05]))
        52.5
    """
    base = as_array(base)
    fee = (np.minimum(base, bounds[0]) if bounds else base) * rates[0]
    for index, lower in enumerate(bounds):
        upper = np.minimum(base, bounds[index + 1]) if index + 1 < len(bounds) else base
        fee = fee + np.maximum(upper - lower, 0.0) * rates[index + 1]
    return as_array(fee)


def step(
    base: Number, bounds: Sequence[Number], values: Sequence[Number], *, closed: bool = True
) -> Array:
    """Return the value of the tier that the base falls into.

    Args:
        base: the amount [money].
        bounds: ends [money] of all tiers but the last, rising.
        values: what each tier holds, one more than bounds, any unit.
        closed: whether a base that equals a bound belongs to the lower tier.

    Returns:
        The value of the tier, of the shape of the base.

    Examples:
        >>> [float(step(b, [10.0], [0.08, 0.15])) for b in (10.0, 10.01)]
        [0.08, 0.15]
        >>> [float(step(b, [10.0], [0.08, 0.15], closed=False)) for b in (9.99, 10.0)]
        [0.08, 0.15]
    """
    base = as_array(base)
    out = as_array(values[-1] + np.zeros_like(base))
    for bound, value in reversed(list(zip(bounds, values, strict=False))):
        out = np.where(base <= bound if closed else base < bound, value, out)
    return out


def percentage(
    base: Number,
    mode: str,
    bounds: Sequence[Number],
    rates: Sequence[Number],
    minimum: Number,
    cap: Number | None,
    *,
    closed: bool = True,
) -> Array:
    """Return the percentage commission on one item (or order): tiers, then minimum, then cap.

    Args:
        base: the amount charged on [money].
        mode: "flat", "marginal" or "whole" (crossing a bound re-rates the whole base).
        bounds: ends [money] of all tiers but the last.
        rates: rates of the tiers [fraction], one more than bounds.
        minimum: the least fee [money].
        cap: the largest fee [money]; None where there is none.
        closed: as in `step`; only "whole" asks.

    Returns:
        The fee [money], of the broadcast shape.

    Examples:
        >>> float(percentage(1.0, "flat", [], [0.15], 0.30, None))
        0.3
    """
    fee = (
        as_array(base * step(base, bounds, rates, closed=closed))
        if mode == "whole"
        else marginal(base, bounds, rates)
    )
    fee = np.maximum(fee, minimum)
    return fee if cap is None else np.minimum(fee, cap)


def kept_on_refund(fee: Number, rate: Number, cap: Number | None) -> Array:
    """Return the part of the percentage commission that a refund does not bring back.

    Args:
        fee: the percentage commission [money].
        rate: the part of it that the platform keeps [fraction].
        cap: the largest amount kept [money]; None where there is none.

    Returns:
        The amount kept [money], of the broadcast shape.

    Examples:
        >>> float(kept_on_refund(30.0, 0.2, 5.0))
        5.0
    """
    kept = as_array(fee * rate)
    return kept if cap is None else np.minimum(kept, cap)
