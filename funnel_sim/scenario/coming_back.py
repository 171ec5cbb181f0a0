"""How many repeat orders a new customer brings in all, at the point values: what a scenario needs
to know before it can promise a steady month.
"""

from funnel_sim.scenario.quantity import Range, point_value

_OFF_THE_POLE = 1e-7
_BESIDE_ONE = 1e-5


def repeats(
    kind: str,
    numbers: dict[str, "float | Range | None"],
    interval: int,
    horizon: int,
    typed: list[float],
) -> float:
    """Return the repeat orders of a new customer within a horizon (over all time with a constant
    probability), as `model.retention` counts them.

    A test holds this to the model: it stands below it, because a scenario is checked before
    anything is computed.

    Args:
        kind: how customers come back: "constant", "sbg", "bgnbd", "frequency" or "table".
        numbers: the fields of that way, by name; ranges count with their point value.
        interval: time between orders [months].
        horizon: of the LTV [months], the month of the first order counted.
        typed: orders per customer at ages 1, 2 … [months] of a table.

    Returns:
        Orders per new customer; NaN where BG/NBD cannot be computed.

    Examples:
        >>> (
        ...     repeats("constant", {"repeat_probability": 0.5}, 1, 12, []),
        ...     repeats("table", {}, 1, 3, [0.2, 0.1, 0.9]),
        ... )
        (1.0, 0.30000000000000004)
    """
    given = {name: point_value(value) for name, value in numbers.items() if value is not None}
    match kind:
        case "frequency":
            a_year, years = given["orders_a_year"], given["lifespan_years"]
            return (
                max(0.0, a_year * years - 1.0)
                / (12 * years - 1.0)
                * min(horizon - 1, 12 * years - 1.0)
            )
        case "table":
            return sum(typed[: horizon - 1])
        case "sbg":
            alpha, beta, there, total = given["sbg_alpha"], given["sbg_beta"], 1.0, 0.0
            for renewal in range(1, (horizon - 1) // interval + 1):
                there *= (beta + renewal - 1) / (alpha + beta + renewal - 1)
                total += there
            return total
        case "bgnbd":
            import numpy as np
            from scipy.special import hyp2f1

            r, alpha, a, b = (given[f"bgnbd_{name}"] for name in ("r", "alpha", "a", "b"))
            time = float(horizon - 1)
            z = time / (alpha + time)

            def closed(a: float) -> float:
                a = a + _OFF_THE_POLE if abs(a + b - 1.0) < _OFF_THE_POLE else a
                return float(
                    (a + b - 1)
                    / (a - 1)
                    * (1 - (alpha / (alpha + time)) ** r * hyp2f1(r, b, a + b - 1, z))
                )

            with np.errstate(
                all="ignore"
                # zero times infinity, where r is large and alpha small: a rate of orders too large
                # to compute with
            ):
                if abs(a - 1.0) >= _BESIDE_ONE:
                    return closed(a)
                share = (a - 1.0 + _BESIDE_ONE) / (
                    2 * _BESIDE_ONE
                )  # a = 1 is a removable pole: linear interpolation between its two sides
                return (1.0 - share) * closed(1.0 - _BESIDE_ONE) + share * closed(1.0 + _BESIDE_ONE)
    return given["repeat_probability"] / (1 - given["repeat_probability"])
