"""What a preset's goods cost and owe: tax, duty, entry."""

import datetime as dt
from typing import Any

from funnel_sim.reference import border, customs, exchange_rates
from funnel_sim.reference.preset_cards import preset_rows
from funnel_sim.scenario.preset_parts.build import CHOSEN, Build, assumed, assumption, in_bulk


def put_goods(build: Build, row: dict[str, Any]) -> None:
    """Put price, cost and the other facts of the goods.

    Args:
        build: the scenario in the making.
        row: what data/presets.toml says of the preset.
    """
    guess = assumed(CHOSEN)
    build.put("product.price", row["price"], guess)
    build.put("product.unit_cost", row["unit_cost"], guess)
    build.put("product.inbound_freight", row.get("freight", 0), guess)
    build.put("product.packaging", row.get("packaging", 0), guess)


def put_tax(build: Build, row: dict[str, Any], rule: customs.TaxRule, on: dt.date) -> None:
    """Put the sales tax of the market, and what is owed where the goods enter it.

    Args:
        build: the scenario in the making.
        row: what data/presets.toml says of the preset.
        rule: the tax rule of its market.
        on: the day for which parameters are asked.
    """
    origin = rule.provenance
    outside = rule.price_includes_tax is False
    build.put("product.price_includes_tax", not outside, origin)
    if "situation" in row:
        situation = row["situation"]
        build.put(
            "tax.situation",
            situation,
            assumed("the usual case of a seller from abroad on this platform"),
        )
    else:
        situation = (
            "outside_price"
            if outside
            else (
                "seller_remits"
                if rule.marketplace_remits in ("false", "")
                else "marketplace_remits"
            )
        )
        build.put("tax.situation", situation, origin)
    build.put("tax.tax_rate", 0.0 if situation == "not_registered" else rule.rate, origin)
    bulk = in_bulk(row)
    owed = put_duty(build, row, rule, on)
    if owed.replaces_vat:
        build.put("tax.situation", "not_registered", owed.provenance)
        build.put("tax.tax_rate", 0.0, owed.provenance)
    elif (
        not bulk
        and (inclusive := border.inclusive_rate(row["market"], row["customs"], on)) is not None
    ):
        build.put("tax.tax_rate", *inclusive)
    build.put(
        "tax.customs_includes_freight",
        not outside if owed.fob is None else not owed.fob,
        owed.provenance,
    )
    imports_in_bulk = bulk and row.get("registered", True)
    taxed = imports_in_bulk and not outside
    build.put("tax.import_tax_rate", rule.rate if taxed else 0.0, origin)
    build.put(
        "tax.import_tax_recoverable",
        bool(taxed and situation != "not_registered"),
        assumed("goods stocked in the market by a registered seller"),
    )
    if bulk:
        put_entry(build, row, rule, on)


def duty_of(name: str, on: dt.date) -> border.Duty:
    """Return the duty on the goods of a preset on a day, whether its other parameters are known
    that day or not.

    Args:
        name: its id.
        on: the day of import.

    Raises:
        InputError: if the tax of its market is not known for that day.

    Examples:
        >>> duty_of("amazon-us-toys", dt.date(2026, 7, 23)).total
        0.1
    """
    row = preset_rows()[name]
    return _owed(row, customs.tax(row["market"], on), on)


def _owed(row: dict[str, Any], rule: customs.TaxRule, on: dt.date) -> border.Duty:
    market, line, origin = row["market"], row["customs"], row.get("origin", "CN")
    if in_bulk(row):
        return border.freight(market, origin, line, on)
    value = row["price"] / (1.0 if rule.price_includes_tax is False else 1 + rule.rate)
    return border.parcel(market, origin, line, on, value, rule.currency, 1.0)


def put_duty(build: Build, row: dict[str, Any], rule: customs.TaxRule, on: dt.date) -> border.Duty:
    """Put what the goods are, and the duty on them, the general rate and each layer beside it.

    Args:
        build: the scenario in the making.
        row: what data/presets.toml says of the preset.
        rule: the tax rule of its market.
        on: the day of import.
    """
    line, origin = row["customs"], row.get("origin", "CN")
    guess = assumed("the line that fits the goods as described; your own decides")
    build.put("product.customs_line", line, guess)
    build.put("product.material", row["material"]["en"], guess)
    build.put("product.origin", origin, assumed("made in China") if origin == "CN" else guess)
    owed = _owed(row, rule, on)
    build.put("tax.duty_rate", owed.general, owed.provenance)
    if owed.layers:
        parts = [
            f"{layer.name}:"
            f" {f'{layer.rate:.4g}' if layer.rate else f'{layer.per_unit:g} {rule.currency}'}"
            for layer in owed.layers
        ]
        rows = [
            {"name": layer.name, "rate": layer.rate, "base": layer.base, "per_unit": layer.per_unit}
            for layer in owed.layers
        ]
        build.put(
            "tax.duty_layers",
            rows,
            border.combined([layer.provenance for layer in owed.layers], " + ".join(parts)),
        )
    return owed


def put_entry(build: Build, row: dict[str, Any], rule: customs.TaxRule, on: dt.date) -> None:
    """Put the fees of an entry in bulk, in the market's currency.

    Args:
        build: the scenario in the making.
        row: what data/presets.toml says of the preset.
        rule: the tax rule of its market, which names the currency.
        on: the day of import.
    """
    found = border.fees(row["market"], on, row.get("mode", "sea"))

    def money(value: float | None, currency: str) -> float:
        return round((value or 0.0) * exchange_rates.exchange(currency, rule.currency, on), 2)

    for fee in found.get("entry_fee", ())[:1]:
        build.put("tax.entry_fee_rate", fee.rate or 0.0, fee.provenance)
        build.put("tax.entry_fee_minimum", money(fee.minimum, fee.currency), fee.provenance)
        if fee.maximum is not None:
            build.put("tax.entry_fee_maximum", money(fee.maximum, fee.currency), fee.provenance)
    for fee in found.get("harbour", ())[:1]:
        build.put("tax.harbour_rate", fee.rate or 0.0, fee.provenance)
    for fee in found.get("insurance", ())[:1]:
        build.put("tax.insurance_rate", fee.rate or 0.0, fee.provenance)
    clearing = found.get("clearance", ())
    if clearing:
        note = " + ".join(
            f"{fee.fee.replace('_', ' ')} {fee.amount:g} {fee.currency}" for fee in clearing
        )
        build.put(
            "tax.clearance_per_shipment",
            sum(money(fee.amount, fee.currency) for fee in clearing),
            border.combined([fee.provenance for fee in clearing], note),
        )
    build.put(
        "product.units_per_shipment",
        float(row.get("shipment", assumption("units_per_shipment"))),
        assumed("units entered through customs together"),
    )
