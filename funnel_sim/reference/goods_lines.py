"""The same goods in another tariff: the first six digits of a customs line are the world's, the
rest is each country's own.
"""

import datetime as dt

from funnel_sim.reference import customs

_SHARED = 6
"""Digits of a customs line that every country shares (Harmonized System)."""
_GENERAL = ("general", "preferential")


def line_in(market: str, line: str, origin: str, on: dt.date) -> str | None:
    """Return the customs line of goods in a market's own tariff, found by their line in another
    one; None where the tables know no rate for these goods there.

    Goods that the tables classify in both tariffs first (data/parameters/customs_lines.csv), then a
    line of the market that begins with the same six digits, then the six digits themselves where
    the market's rate goes by them or by less.

    Args:
        market: the country of import.
        line: the customs line of the goods in any tariff.
        origin: the country that made them.
        on: the day of import.

    Examples:
        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> (
        ...     line_in("DE", "3924.90.5650", "CN", DATA_DATE),
        ...     line_in("JP", "95030061", "CN", DATA_DATE),
        ... )
        ('3924 90 00', '9503.00')
        >>> line_in("DE", "0101.21.0000", "CN", DATA_DATE) is None
        True
    """
    number, names = customs.digits(line), customs.importers(market, on)
    if len(number) < _SHARED:
        return None
    known = [row for row in customs.customs_lines() if row.provenance.holds(on)]
    goods = {row.product for row in known if customs.digits(row.customs_line) == number}
    here = [row for row in known if row.importer in names]
    for row in here:
        if row.product in goods:
            return row.customs_line
    shared = number[:_SHARED]
    lines = [row.customs_line for row in here] + [
        one
        for row in customs.duty_rows()
        if row.importer in names and row.layer == "general" and row.provenance.holds(on)
        for one in row.customs_line.split("|")
    ]
    for one in (number, shared):
        found = sorted(text for text in lines if customs.digits(text).startswith(one))
        if found:
            return found[0]
    six = shared_line(line)
    rates = customs.duties(market, origin, six, on)
    return six if any(row.layer in _GENERAL for row in rates) else None


def shared_line(line: str) -> str:
    """Return the part of a customs line that every country shares.

    >>> shared_line("3924900090")
    '3924.90'
    """
    number = customs.digits(line)
    return f"{number[:4]}.{number[4:_SHARED]}"
