"""When money moves beside the payouts: filing of tax, billing of ads, ways of freight, terms of
suppliers and of everybody else who is paid.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from funnel_sim.errors import refuse
from funnel_sim.reference.provenance import (
    DATA_DATE,
    Provenance,
    cell_number,
    known,
    one_of,
    rows_of,
    source,
)

ImportTax = Literal["cash", "postponed", "none"]
"""How tax at the border is paid: in money, only in the return, or there is none."""
Billing = Literal["as_spent", "prepaid", "threshold", "monthly", "withheld"]
ORIGIN = "CN"


@dataclass(frozen=True)
class Filing:
    """How often tax on sales is filed in a market, and when it is paid.

    `months` is the length of the period, `due_days` the days from its end to the payment.
    """

    market: str
    months: int
    due_days: int
    import_tax: ImportTax
    provenance: Provenance


@dataclass(frozen=True)
class AdsBilling:
    """How a seller of ads is paid.

    `platforms` whose example shops take the row; `prepaid_days` the days of spend paid ahead;
    `threshold` in `currency`: charged whenever so much is owed; `due_days` after the end of a
    month the rest is charged. None where it plays no part or is not known.
    """

    provider: str
    platforms: tuple[str, ...]
    billing: Billing
    prepaid_days: float | None
    threshold: float | None
    currency: str
    due_days: float | None
    provenance: Provenance


@dataclass(frozen=True)
class Transit:
    """Days of a freight from the factory's door to the warehouse's, by mode ("sea", "short
    way" for near seas and roads, "air", "rail").
    """

    origin: str
    market: str
    mode: str
    days_low: float
    days_typical: float
    days_high: float
    provenance: Provenance


@dataclass(frozen=True)
class CashTerm:
    """A term of payment or supply: what it is, for whom it holds; `unit` says what it counts."""

    term: str
    party: str
    low: float
    typical: float
    high: float
    unit: str
    provenance: Provenance


@cache
def filings() -> tuple[Filing, ...]:
    """Return every rule of filing, in force or not."""
    return tuple(
        Filing(
            r["market"],
            int(r["months"]),
            int(r["due_days"]),
            one_of(r["import_tax"], get_args(ImportTax)),
            source("filing", r),
        )
        for r in rows_of("filing")
    )


@cache
def ads_billings() -> tuple[AdsBilling, ...]:
    """Return how every seller of ads is paid."""
    return tuple(
        AdsBilling(
            r["provider"],
            tuple(one for one in r["platforms"].split("|") if one),
            one_of(r["billing"], get_args(Billing)),
            cell_number(r["prepaid_days"]),
            cell_number(r["threshold"]),
            r["currency"],
            cell_number(r["due_days"]),
            source("ads_billing", r),
        )
        for r in rows_of("ads_billing")
    )


@cache
def transits() -> tuple[Transit, ...]:
    """Return the days of every way of freight."""
    return tuple(
        Transit(
            r["origin"],
            r["market"],
            r["mode"],
            float(r["days_low"]),
            float(r["days_typical"]),
            float(r["days_high"]),
            source("transit", r),
        )
        for r in rows_of("transit")
    )


@cache
def cash_terms() -> tuple[CashTerm, ...]:
    """Return every term of payment or supply."""
    return tuple(
        CashTerm(
            r["term"],
            r["party"],
            float(r["low"]),
            float(r["typical"]),
            float(r["high"]),
            r["unit"],
            source("cash_terms", r),
        )
        for r in rows_of("cash_terms")
    )


def filing(market: str, on: dt.date = DATA_DATE) -> Filing:
    """Return how tax on sales is filed in a market, as it is known on a day.

    Args:
        market: the country of sale.
        on: the day for which the data are asked.

    Raises:
        InputError: if nothing is known of that market.

    Examples:
        >>> filing("GB").months, filing("GB").due_days
        (3, 37)
    """
    return known((r for r in filings() if r.market == market), on, f"filing {market}")


def ads_billing(platform: str, on: dt.date = DATA_DATE) -> AdsBilling:
    """Return how ads for sales on a platform are paid, as it is known on a day.

    Args:
        platform: where it is sold, such as "Amazon".
        on: the day for which the data are asked.

    Raises:
        InputError: if nothing is known of that platform.

    Examples:
        >>> ads_billing("Shopee").billing
        'prepaid'
    """
    return known(
        (r for r in ads_billings() if platform in r.platforms), on, f"ads billing {platform}"
    )


def transit(market: str, mode: str, on: dt.date = DATA_DATE, origin: str = ORIGIN) -> Transit:
    """Return the days of a freight, as they are known on a day.

    Args:
        market: the country of sale.
        mode: how it travels, such as "sea".
        on: the day for which the data are asked.
        origin: the country that it leaves from.

    Raises:
        InputError: if nothing is known of that way.

    Examples:
        >>> transit("DE", "sea").days_typical, transit("DE", "air").days_typical
        (50.0, 9.0)
    """
    return known(
        (r for r in transits() if (r.origin, r.market, r.mode) == (origin, market, mode)),
        on,
        f"transit {origin} {market} {mode}",
    )


def usual_mode(market: str, origin: str = ORIGIN) -> str:
    """Return how goods usually travel into a market: the first row of the table for it.

    Args:
        market: the country of sale.
        origin: the country that they leave from.

    Raises:
        InputError: if nothing is known of it.

    Examples:
        >>> usual_mode("DE"), usual_mode("MY")
        ('sea', 'short way')
    """
    modes = [r.mode for r in transits() if (r.origin, r.market) == (origin, market)]
    if not modes:
        raise refuse(f"transit {origin} {market}", None, "no_parameter")
    return modes[0]


def cash_term(term: str, party: str, on: dt.date = DATA_DATE) -> CashTerm:
    """Return a term of payment or supply, as it is known on a day.

    Args:
        term: what is asked, such as "deposit_rate".
        party: for whom, such as "ordered goods".
        on: the day for which the data are asked.

    Raises:
        InputError: if nothing is known of it.

    Examples:
        >>> cash_term("deposit_rate", "ordered goods").typical
        0.3
    """
    return known(
        (r for r in cash_terms() if (r.term, r.party) == (term, party)),
        on,
        f"{term} {party}",
    )
