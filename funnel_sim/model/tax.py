"""What part of the shopper's money is tax, and whose it is.

Four situations (see docs/model.md):

- seller_remits: the price holds the tax; the seller receives it and pays it over.
- marketplace_remits: the price holds the tax; the marketplace keeps it, the seller never has it.
- outside_price: the tax comes on top at the till (US style) and never reaches the seller.
- not_registered: the seller charges no tax; the whole price is the seller's.
"""

from dataclasses import dataclass

from funnel_sim.model.arrays import Number, either


@dataclass(frozen=True)
class TaxFactors:
    """Multipliers of the amount entered (price after discount, plus shipping charged).

    `consumer`: what the shopper pays in all; `gross`: what enters the seller's books; `output_tax`:
    what the seller pays over out of it; `withheld`: what the marketplace pays over instead.
    """

    consumer: Number
    gross: Number
    output_tax: Number
    withheld: Number


def inside(rate: Number) -> Number:
    """Return the share of a tax-inclusive amount that is tax: v / (1 + v).

    >>> inside(0.25)
    0.2
    """
    return rate / (1 + rate)


def factors(rate: Number, situation: str, entered_with_tax: bool | float) -> TaxFactors:
    """Return the multipliers of an amount entered with or without tax.

    A price entered without tax at 19 % and the same price entered with it (× 1.19) give the same
    money.

    Args:
        rate: tax as a fraction of the net amount.
        situation: whose the tax is: "seller_remits", "marketplace_remits", "outside_price" or
            "not_registered".
        entered_with_tax: whether the amount holds the tax; 1.0 and 0.0 as booleans.

    Returns:
        Multipliers [1] of the amount entered.

    Raises:
        ValueError: if the situation is another one.

    Examples:
        >>> with_tax = factors(0.25, "seller_remits", True)
        >>> without = factors(0.25, "seller_remits", False)
        >>> 125 * with_tax.output_tax, 100 * without.output_tax
        (25.0, 25.0)
    """
    if situation == "not_registered":
        return TaxFactors(1.0, 1.0, 0.0, 0.0)
    net = either(entered_with_tax, 1 / (1 + rate), 1.0)
    tax = either(entered_with_tax, inside(rate), rate)
    consumer = either(entered_with_tax, 1.0, 1 + rate)
    if situation == "seller_remits":
        return TaxFactors(consumer, consumer, tax, 0.0)
    if situation in ("marketplace_remits", "outside_price"):
        return TaxFactors(consumer, net, 0.0, tax)
    raise ValueError(situation)
