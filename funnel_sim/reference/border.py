"""What goods owe where they enter a market: duty in layers, fees of the entry, compliance; by the
tables of data/parameters, on a day.

Goods in bulk pay the general rate and every additional layer on the customs value. A parcel to a
consumer meets the rules for parcels first: a relief below a limit, a tax of its own in place of the
duty, or the same layers as freight.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from funnel_sim.reference import customs, exchange_rates
from funnel_sim.reference.customs import ComplianceItem, DutyRow, ImportFee
from funnel_sim.reference.provenance import Provenance
from funnel_sim.words import Lang

_GENERAL = ("general", "preferential")


@dataclass(frozen=True)
class Layer:
    """A duty beside the general rate: `rate` of the customs value or of the sale without tax,
    `per_unit` in the market's currency.
    """

    name: str
    rate: float
    base: Literal["customs", "sale"]
    per_unit: float
    provenance: Provenance


@dataclass(frozen=True)
class Duty:
    """What is due on the goods: general rate with its source, the layers beside it, whether the
    customs value is FOB (None: not known), and whether it stands in for VAT.
    """

    general: float
    provenance: Provenance
    layers: tuple[Layer, ...] = ()
    fob: bool | None = None
    replaces_vat: bool = False

    @property
    def total(self) -> float:
        """The sum of the shares of the customs value.

        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> freight("US", "CN", "9503.00.0073", DATA_DATE).total
        0.125
        """
        return round(
            self.general + sum(layer.rate for layer in self.layers if layer.base == "customs"), 6
        )


def freight(market: str, origin: str, line: str, on: dt.date) -> Duty:
    """Return the duty on goods in bulk; none where they are sold in the country that made them.

    Args:
        market: the country of import, such as "US".
        origin: the country that made the goods.
        line: their customs line.
        on: the day of import.

    Returns:
        The general rate and the layers on top [fractions of the customs value].

    Examples:
        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> duty = freight("US", "CN", "7323.93.0080", DATA_DATE)
        >>> duty.general, [(layer.name, layer.rate) for layer in duty.layers]
        (0.02, [('Section 232 steel, aluminium, copper', 0.25)])
    """
    if market == origin:
        return Duty(
            0.0,
            Provenance(
                "duty",
                None,
                "",
                "assumed",
                False,
                "assumed",
                f"made and sold in {market}: nothing is imported",
            ),
        )
    rows = customs.duties(market, origin, line, on)
    general = next((row for row in rows if row.layer in _GENERAL and row.adds), None)
    rate = 0.0 if general is None or general.rate is None else general.rate
    layers = tuple(
        Layer(row.name, added, "customs", 0.0, row.provenance)
        for row in rows
        if row.layer not in _GENERAL and (added := customs.added_rate(row, rate)) > 0
    )
    return Duty(
        rate,
        general.provenance if general else _not_found(market, line),
        layers,
        general.base == "customs_value_fob" if general else None,
    )


def _not_found(market: str, line: str) -> Provenance:
    return Provenance(
        "duty",
        None,
        "",
        "assumed",
        True,
        "assumed",
        f"no rate found for customs line {line} in {market}: look it up",
    )


def parcel(
    market: str, origin: str, line: str, on: dt.date, value: float, currency: str, units: float
) -> Duty:
    """Return the duty on a parcel to a consumer.

    Shares of a parcel tax are of the sale; amounts per parcel are spread over its units. A tax that
    is the greater of a share and an amount per kilogram is taken as the share, fees for handling a
    parcel are left out: both are told in the note of the row. A tax that takes the place of VAT
    (Mexico) is inside the price as VAT would be: r / (1 + r) of what the shopper pays.

    Args:
        market: the country of import.
        origin: the country that made the goods.
        line: their customs line.
        on: the day of import.
        value: what the goods were sold for, tax left out [currency].
        currency: the currency of the value.
        units: units in the parcel.

    Returns:
        Rates [fractions] and amounts per unit [currency], layer by layer.

    Examples:
        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> parcel("EU", "CN", "6109 10 00", DATA_DATE, 40.0, "EUR", 1.0).layers[0].per_unit
        3.0
        >>> parcel("BR", "CN", "8518.30", DATA_DATE, 99.9, "BRL", 1.0).layers
        ()
    """
    rows = customs.duties(market, origin, line, on, parcel=True)

    def within(row: DutyRow) -> bool:
        return (
            row.limit is None
            or value * exchange_rates.exchange(currency, row.limit_currency, on) <= row.limit
        )

    relief = next(
        (
            row
            for row in rows
            if row.layer == "de_minimis_parcel" and row.per == "threshold" and within(row)
        ),
        None,
    )
    if relief is not None:
        return Duty(0.0, relief.provenance)
    taxes = [row for row in rows if row.layer == "parcel_tax" and within(row)]
    tax = min(taxes, key=lambda row: (row.limit is None, row.limit or 0.0), default=None)
    if tax is None or tax.per == "all_layers":
        return freight(market, origin, line, on)
    each = (
        0.0
        if tax.amount is None
        else tax.amount * exchange_rates.exchange(tax.currency, currency, on)
    )
    rate, fixed = tax.rate or 0.0, 0.0
    if tax.per == "ad_valorem_minus_amount":
        rate = max(0.0, round(rate - each / value, 6))
    elif tax.per in ("per_item", "per_parcel"):
        fixed = round(each / units, 4)
    name, inside = tax.name, tax.replaces == "vat"
    if inside and rate:
        name, rate = (
            f"{tax.name} {rate:.1%} of the price before it".replace("%", " %"),
            round(rate / (1 + rate), 6),
        )
    layers = (Layer(name, rate, "sale", fixed, tax.provenance),) if rate or fixed else ()
    return Duty(0.0, tax.provenance, layers, replaces_vat=inside)


def inclusive_rate(market: str, line: str, on: dt.date) -> tuple[float, Provenance] | None:
    """Return the rate on the net price of a parcel tax that is a share of the amount with tax, such
    as Brazil's ICMS: r / (1 − r).

    Args:
        market: the country of import.
        line: the customs line of the goods.
        on: the day of import.

    Returns:
        (the rate [fraction], its source); None where there is no such tax.

    Examples:
        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> inclusive_rate("BR", "8518.30", DATA_DATE)[0]
        0.204819
    """
    row = next(
        (
            row
            for row in customs.duties(market, "CN", line, on, parcel=True)
            if row.per == "ad_valorem_tax_inclusive"
        ),
        None,
    )
    if row is None or row.rate is None:
        return None
    p = row.provenance
    note = (
        f"{row.rate:.4g} of the amount with tax = {row.rate:.4g} / (1 - {row.rate:.4g}) of the net"
        f" price. {p.note}"
    )
    return round(row.rate / (1 - row.rate), 6), Provenance(
        p.topic, p.start, p.as_of, "derived", p.weak, p.source, note, p.end, p.seen
    )


def fees(market: str, on: dt.date, mode: str) -> dict[str, tuple[ImportFee, ...]]:
    """Return the fees of an entry in bulk by the input they fill.

    Args:
        market: the country of import.
        on: the day of import.
        mode: "sea" or "air".

    Returns:
        Fees by "entry_fee", "harbour", "clearance" and "insurance", where there are any.
    """
    rows = [
        row for row in customs.import_fees(market, on) if row.role and row.mode in ("all", mode)
    ]
    return {
        role: found
        for role in ("entry_fee", "harbour", "clearance", "insurance")
        if (found := tuple(row for row in rows if row.role == role))
    }


def compliance_of_goods(
    market: str, line: str, platform: str, on: dt.date, *, stocked: bool
) -> tuple[ComplianceItem, ...]:
    """Return the compliance items that a seller on a platform meets with goods of a customs line.

    Args:
        market: the country of sale.
        line: the customs line of the goods.
        platform: the platform, as the presets name it.
        on: the day on which the rows have to be in force.
        stocked: whether the goods are stocked in the market.

    Returns:
        The items, each with its cost in its own currency.
    """
    wanted = ("sale", "stock") if stocked else ("sale",)
    return tuple(
        row
        for row in customs.compliance(market, on)
        if row.when in wanted
        and row.platform in ("", platform)
        and customs.prefix_length(row.customs_line, line) >= 0
        and not (row.exempt_lines and customs.prefix_length(row.exempt_lines, line) >= 0)
    )


def item_name(item: ComplianceItem, lang: Lang) -> str:
    """Return the name of a compliance item.

    Args:
        item: a row of the compliance table.
        lang: "zh" or "en".
    """
    return item.item_zh if lang == "zh" else item.item_en


def combined(rows: Sequence[Provenance], note: str) -> Provenance:
    """Return the provenance of a figure that was added up from several rows: the latest start, the
    earliest check, the first end.

    Args:
        rows: where the parts come from, at least one.
        note: how the figure was added up.
    """
    first = rows[0]
    starts, seen, ends = (
        [day for row in rows if (day := getattr(row, name))] for name in ("start", "seen", "end")
    )
    sources = " ; ".join(dict.fromkeys(row.source for row in rows))
    return Provenance(
        first.topic,
        max(starts, default=None),
        first.as_of,
        "derived",
        any(row.weak for row in rows),
        sources,
        note,
        min(ends, default=None),
        min(seen, default=None),
    )
