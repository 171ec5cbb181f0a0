"""What currencies are worth in each other, by day."""

import datetime as dt
from dataclasses import dataclass
from functools import cache

from funnel_sim.errors import InputError
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


@dataclass(frozen=True)
class FxCorrelation:
    """How two currencies move together against CNY: the correlation of their monthly log
    changes.
    """

    one: str
    other: str
    correlation: float
    months: int
    provenance: Provenance


@cache
def fx_correlations() -> tuple[FxCorrelation, ...]:
    """Return every correlation of two currencies."""
    return tuple(
        FxCorrelation(
            r["one"],
            r["other"],
            float(r["correlation"]),
            int(r["n"]),
            source("fx_correlation", r),
        )
        for r in rows_of("fx_correlation")
    )


def fx_correlation(one: str, other: str, on: dt.date) -> FxCorrelation | None:
    """Return how two currencies move together against CNY.

    Args:
        one: a currency's code, such as "EUR".
        other: that of the other one.
        on: the day on which the row has to be in force.

    Returns:
        The row, whichever of the two it names first; None where none is known.

    >>> fx_correlation("USD", "EUR", dt.date(2026, 11, 27)).correlation
    0.23
    """
    pair = sorted((one, other))
    rows = (r for r in fx_correlations() if [r.one, r.other] == pair)
    try:
        return ask(rows, on, f"fx {one} {other}")
    except InputError:
        return None
