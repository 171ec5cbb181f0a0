"""What tax, the border, the conversion of money and the marketplace take of an order."""

import numpy as np

from funnel_sim.model import commission, demand, tax
from funnel_sim.model.arrays import Number, either
from funnel_sim.model.keys import Book
from funnel_sim.model.values import Values
from funnel_sim.model.written import as_number
from funnel_sim.scenario.fields import LARGEST
from funnel_sim.scenario.scenario import Scenario


def put_charges(scenario: Scenario, values: Values, book: Book) -> None:
    """Put into a book the tax, the duty of the border and the cost of converting money.

    Args:
        scenario: whose tax, border and payout fields count.
        values: the numbers of its fields.
        book: changed in place; factors [1] and money [sales currency per order].
    """
    _tax(scenario, book)
    _at_the_border(scenario, values, book)
    _payment(scenario, values, book)


def _tax(scenario: Scenario, book: Book) -> None:
    split = tax.factors(
        book["tax_rate"], scenario.tax.situation, as_number(book["price_includes_tax"])
    )
    book["consumer_factor"], book["gross_factor"] = split.consumer, split.gross
    book["output_tax_factor"], book["withheld_factor"] = split.output_tax, split.withheld
    book["console_factor"] = (
        split.gross if scenario.tax.situation == "outside_price" else split.consumer
    )  # a US dashboard shows no sales tax


def _at_the_border(scenario: Scenario, values: Values, book: Book) -> None:
    """Put the sum of the additional duties, and the cap of the entry fee, into the book."""
    layers = [
        (f"tax.duty_layers.{n}", layer) for n, layer in enumerate(scenario.tax.duty_layers, 1)
    ]
    for key, base in (("duty_added", "customs"), ("duty_on_sale", "sale")):
        book[key] = sum(
            (
                values.typed(f"{path}.rate", layer.rate)
                for path, layer in layers
                if layer.base == base
            ),
            0.0,
        )
    book["duty_fixed"] = sum(
        (values.typed(f"{path}.per_unit", layer.per_unit) for path, layer in layers), 0.0
    )
    book["entry_fee_cap"] = (
        LARGEST if book["entry_fee_maximum"] is None else book["entry_fee_maximum"]
    )
    for name in ("fulfilment", "ads"):
        own = book[f"tax_on_{name}"]
        book[f"{name}_tax"] = book["tax_on_fees"] if own is None else own


def _payment(scenario: Scenario, values: Values, book: Book) -> None:
    """Put what is lost when money is converted into the book: the spread, or what the bank's own
    rate lies below the exchange rate.
    """
    bank = book["bank_rate"]
    book["fx_loss"] = (
        book["fx_spread"]
        if bank is None
        else 1.0 - bank / values.typed("fx_rate", scenario.fx_rate)
    )
    book["fx_on_gross"] = float(scenario.payment.fx_on == "gross")


def put_commission(
    scenario: Scenario, values: Values, chance: demand.ByChance, book: Book
) -> tuple[Number, Number]:
    """Put what the marketplace charges on an order into a book.

    Args:
        scenario: whose commission rules count.
        values: the numbers of its fields.
        chance: what chance does to the months, such as a change of commission.
        book: changed in place; money [sales currency per order].

    Returns:
        (what one piece is charged on, the percentage fee of one piece), both [sales currency].
    """
    rules = scenario.commission
    net_factor = book["gross_factor"] - book["output_tax_factor"]
    factor = either(book["commission_on_tax"], book["consumer_factor"], net_factor)
    own_rate = book["shipping_commission"]
    shipping = (
        either(book["commission_on_shipping"], book["shipping_charged"], 0.0)
        if own_rate is None
        else 0.0
    )
    goods = either(
        book["commission_before_discount"], book["price"] * book["units"], book["goods_entered"]
    )
    whole_order = (goods + shipping) * factor
    pieces = book["units"] if rules.commission_per == "item" else 1.0
    base = whole_order / pieces

    tiers, bands = list(enumerate(rules.tiers, 1)), list(enumerate(rules.fixed_bands, 1))
    bounds = [
        values.typed(f"commission.tiers.{n}.upto", tier.upto)
        for n, tier in tiers
        if tier.upto is not None
    ]
    rates = [
        values.typed(f"commission.tiers.{n}.rate", tier.rate) * values.commission_scale
        for n, tier in tiers
    ]
    if chance.commission is not None:
        rates = [np.minimum(1.0, rate + chance.commission) for rate in rates]
    closed = rules.tier_bound == "upto"
    fee = commission.percentage(
        base,
        rules.commission_mode,
        bounds,
        rates,
        book["commission_minimum"],
        book["commission_cap"],
        closed=closed,
    )
    ends = [
        values.typed(f"commission.fixed_bands.{n}.upto", band.upto)
        for n, band in bands
        if band.upto is not None
    ]
    fixed = commission.step(
        base,
        ends,
        [values.typed(f"commission.fixed_bands.{n}.fee", band.fee) for n, band in bands],
        closed=closed,
    )
    book["commission_base"] = whole_order
    book["commission_percentage"] = fee * pieces
    if own_rate is not None:
        book["commission_base"] = whole_order + book["shipping_charged"] * factor
        book["commission_percentage"] = (
            book["commission_percentage"] + book["shipping_charged"] * factor * own_rate
        )
    book["commission_fixed"] = fixed * pieces
    book["commission_kept"] = (
        commission.kept_on_refund(fee, book["refund_kept_rate"], book["refund_kept_cap"]) * pieces
    )
    return base, fee
