"""When a platform or payment provider pays out: the rule row by row, and the days it comes to."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from funnel_sim.reference.provenance import (
    DATA_DATE,
    Provenance,
    cell_number,
    known,
    one_of,
    rows_of,
    source,
)

Basis = Literal["order", "shipment", "delivery", "payment", "confirmation"]
"""The event from which a hold is counted; a buyer pays with the order, and confirms after the
delivery.
"""
Cycle = Literal["daily", "weekly", "fortnightly", "half_month", "monthly"]
WAIT: dict[Cycle, float] = {
    "daily": 0.5,
    "weekly": 3.5,
    "fortnightly": 7.0,
    "half_month": 7.6,
    "monthly": 15.2,
}
"""Days that money waits on average for the end of a cycle: half its length."""
EVERYWHERE = "*"
ESTABLISHED = "established"


@dataclass(frozen=True)
class Payout:
    """The payout rule of a platform for some markets and sellers, in calendar days.

    `markets` country codes, "*" for every one; `sellers` whose rule it is ("established", "new",
    "local", …); `days_low` to `days_high` from the event to the bank as the source or a
    derivation has them; `hold_days` from `counted_from` until the money is free, None where it
    was not found; then the end of `cycle`, then `bank_days`. `reserve_rate` [fraction] is held
    back for `reserve_days`; nothing is paid below `minimum` in `minimum_currency`. None is "not
    known".
    """

    platform: str
    market: str
    days_low: float | None
    days_typical: float | None
    days_high: float | None
    markets: tuple[str, ...]
    sellers: str
    counted_from: Basis
    hold_low: float | None
    hold_days: float | None
    hold_high: float | None
    cycle: Cycle
    bank_days: float | None
    reserve_rate: float | None
    reserve_days: float | None
    minimum: float | None
    minimum_currency: str
    provenance: Provenance

    @property
    def days(self) -> float:
        """Days from the event to the bank that the rule comes to on average: hold, half a cycle,
        bank.
        """
        return (self.hold_days or 0.0) + WAIT[self.cycle] + (self.bank_days or 0.0)


@cache
def payouts() -> tuple[Payout, ...]:
    """Return every payout rule, in force or not."""
    return tuple(
        Payout(
            r["platform"],
            r["market"],
            cell_number(r["days_low"]),
            cell_number(r["days_typical"]),
            cell_number(r["days_high"]),
            tuple(r["markets"].split("|")),
            r["sellers"],
            one_of(r["counted_from"], get_args(Basis)),
            cell_number(r["hold_low"]),
            cell_number(r["hold_days"]),
            cell_number(r["hold_high"]),
            one_of(r["cycle"], get_args(Cycle)),
            cell_number(r["bank_days"]),
            cell_number(r["reserve_rate"]),
            cell_number(r["reserve_days"]),
            cell_number(r["minimum"]),
            r["minimum_currency"],
            source("payout", r),
        )
        for r in rows_of("payout")
    )


def payout_rule(
    platform: str, market: str, on: dt.date = DATA_DATE, sellers: str = ESTABLISHED
) -> Payout:
    """Return the rule by which a platform pays sellers in a market on a day.

    A rule that names the market comes before one for every market.

    Args:
        platform: the marketplace or payment provider.
        market: the country of sale.
        on: the day for which the data are asked.
        sellers: whose rule is asked, such as "new".

    Returns:
        The rule in force that day; the earliest that is known where none was yet.

    Raises:
        InputError: if nothing is known of that platform, market and kind of seller.

    Examples:
        >>> rule = payout_rule("Amazon", "US")
        >>> rule.counted_from, rule.hold_days, rule.cycle
        ('delivery', 8.0, 'fortnightly')
        >>> payout_rule("Amazon", "US", dt.date(2026, 3, 11)).counted_from
        'shipment'
    """
    of_sellers = [r for r in payouts() if (r.platform, r.sellers) == (platform, sellers)]
    named = [r for r in of_sellers if market in r.markets]
    return known(
        named or [r for r in of_sellers if EVERYWHERE in r.markets],
        on,
        f"payout {platform} {market} {sellers}",
    )
