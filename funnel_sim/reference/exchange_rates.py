"""What currencies are worth in each other, by day."""

import datetime as dt
from dataclasses import dataclass
from functools import cache

from funnel_sim.reference.provenance import Provenance, ask, rows_of, source


@dataclass(frozen=True)
class FxLevel:
    """CNY for one unit of a currency."""

    currency: str
    cny_per_unit: float
    provenance: Provenance


@cache
def fx_levels() -> tuple[FxLevel, ...]:
    """Return every exchange level."""
    return tuple(
        FxLevel(r["currency"], float(r["cny_per_unit"]), source("fx", r)) for r in rows_of("fx")
    )


def fx(currency: str, on: dt.date) -> FxLevel:
    """Return the level of CNY per unit of a currency on a day.

    Args:
        currency: its code, such as "EUR".
        on: the day on which the rows have to be in force.

    Raises:
        InputError: if no level is known for that day.
    """
    return ask((r for r in fx_levels() if r.currency == currency), on, f"fx {currency}")


def exchange(one: str, other: str, on: dt.date) -> float:
    """Return the exchange rate of two currencies on a day, crossed through CNY.

    Args:
        one: the currency that is given.
        other: the currency that is wanted.
        on: the day on which the rows have to be in force.

    Returns:
        Units of the other currency for one unit of the first; 1 for the same currency.

    Raises:
        InputError: if a level is not known for that day.
    """
    return 1.0 if one == other else fx(one, on).cny_per_unit / fx(other, on).cny_per_unit
