"""What it costs to store and send a preset's goods, and what is announced for it."""

import datetime as dt
from typing import Any

from funnel_sim.reference import customs, platform_fees, provenance
from funnel_sim.reference.provenance import Provenance
from funnel_sim.scenario.preset_parts.build import (
    LITRES,
    Build,
    assumed,
    assumption,
    benchmark,
    net_of,
)
from funnel_sim.scenario.preset_parts.platform import fees_on_top, growth_of, joined

_AGAIN = "a season for which no newer card is known is taken to come again on the same days"


def put_fulfilment(build: Build, row: dict[str, Any], on: dt.date) -> None:
    """Put what it costs to send an order, by the marketplace's warehouse or by parcel.

    Args:
        build: the scenario in the making.
        row: what data/presets.toml says of the preset.
        on: the day for which parameters are asked.
    """
    if "fba" in row:
        _fba(build, row, on)
    if "fulfil" in row:
        build.put(
            "fulfilment.fulfilment_per_order",
            row["fulfil"],
            assumed("warehouse abroad: pick, pack and local parcel"),
        )
    if "parcel" in row:
        ask = row["parcel"]
        line = platform_fees.fulfilment(
            ask["programme"], ask["tier"], None if "reseller" in ask["programme"] else ask["kg"], on
        )
        value, origin = line.fee, line.provenance
        if "reseller" in ask["programme"] and line.weight_upper_kg:
            fixed = assumption("parcel_fixed_share")
            value = round(line.fee * (fixed + (1 - fixed) * ask["kg"] / line.weight_upper_kg), 2)
            note = (
                f"scaled from one {line.weight_upper_kg:g} kg quote to {ask['kg']:g} kg,"
                f" {fixed:.0%} of it taken as fixed"
            )
            origin = Provenance(
                "fulfilment", origin.start, origin.as_of, "derived", True, origin.source, note
            )
        build.put("fulfilment.parcel_per_order", value, origin)
    if "parcel_value" in row:
        build.put(
            "fulfilment.parcel_per_order",
            row["parcel_value"],
            assumed("direct parcel; no price list found"),
        )
    if "storage" in row:
        put_storage(build, row, on)
    returns = row["returns"]
    rate, origin = benchmark(returns["rate"], on)
    build.put("fulfilment.return_rate", rate, origin)
    build.put("fulfilment.return_handling", returns["handling"], assumed())
    build.put("fulfilment.resellable_share", returns["resellable"], assumed())


def _fba(build: Build, row: dict[str, Any], on: dt.date) -> None:
    """Put the year's mean of the fee per unit with what is added to it, and each calendar month as
    a multiple of it.
    """
    ask, added = row["fba"], fees_on_top(row, "fulfilment", on)
    fees, plain = platform_fees.fulfilment_by_month(ask["programme"], ask["tier"], ask["kg"], on)
    net, recovered = net_of(row, "fulfilment", on)
    mean = sum(fees) / 12
    said = [f"{plain.size_tier}, {ask['kg']:g} kg", *([recovered] if recovered else [])]
    if len(set(fees)) > 1:
        said.append(
            f"mean of twelve months: outside the season {min(fees):.2f}, in it {max(fees):.2f}"
            f" {plain.currency} before what is added; {_AGAIN}"
        )
    build.put(
        "fulfilment.fulfilment_per_unit",
        round(mean * growth_of(added) * net, 4),
        joined(plain.provenance, added, said),
    )
    if len(set(fees)) > 1:
        build.put(
            "fulfilment.fee_season",
            [round(fee / mean, 6) for fee in fees],
            joined(plain.provenance, (), said),
        )


def put_storage(build: Build, row: dict[str, Any], on: dt.date) -> None:
    """Put what it costs to store a unit for a month, by calendar month.

    Args:
        build: the scenario in the making.
        row: what data/presets.toml says of the preset.
        on: the day for which parameters are asked.
    """
    ask = row["storage"]
    fees, plain = platform_fees.fulfilment_by_month(ask["programme"], ask["tier"], None, on)
    size = next(words for words in LITRES if words in ask["tier"])
    net, recovered = net_of(row, "fulfilment", on)
    mean = sum(fees) / 12
    said = [
        f"{mean:.4g} {plain.currency} per {size} and month × {ask['litres']:g} litres",
        *([recovered] if recovered else []),
    ]
    if len(set(fees)) > 1:
        said.append(
            f"mean of twelve months: January to September {min(fees):g}, October to December"
            f" {max(fees):g}"
        )
    origin = joined(plain.provenance, (), said)
    build.put(
        "fulfilment.storage_per_unit_month",
        round(mean * net * ask["litres"] / LITRES[size], 4),
        origin,
    )
    if len(set(fees)) > 1:
        build.put("fulfilment.storage_season", [round(fee / mean, 6) for fee in fees], origin)
    build.put("fulfilment.months_in_storage", ask["months"], assumed())


def put_announced(
    build: Build,
    row: dict[str, Any],
    tax_rule: customs.TaxRule,
    rule: platform_fees.CommissionRule,
    on: dt.date,
) -> None:
    """Put what is known to change within the plan: VAT, and what a platform charges beside its
    tiers.

    Args:
        build: the scenario in the making.
        row: what data/presets.toml says of the preset.
        tax_rule: the tax rule of its market.
        rule: the fee table of its platform.
        on: the day from which the plan begins.
    """
    begin = provenance.first_month(on)
    end = dt.date(begin.year + 1, begin.month, 1)
    taxed = build.data["tax"]["tax_rate"]
    known: list[tuple[str, float, Provenance]] = [
        ("tax.tax_rate", later.rate, later.provenance)
        for later in customs.tax_rules()
        if later.market == tax_rule.market and taxed
    ]
    for other in platform_fees.commission_rules():
        if (other.platform, other.market, other.category) == (
            rule.platform,
            rule.market,
            rule.category,
        ):
            known.append(("commission.commission_minimum", other.minimum, other.provenance))
            if "payment" not in row:
                known.append(("payment.payment_rate", other.payment_rate or 0.0, other.provenance))
    changes = []
    for path, value, origin in known:
        section, name = path.split(".")
        if (
            origin.start is None
            or not on < origin.start < end
            or build.data[section].get(name) in (None, value)
        ):
            continue
        month = provenance.first_month(origin.start)
        if month < end:
            changes.append(
                (
                    {
                        "field": path,
                        "month": (month.year - begin.year) * 12 + month.month - begin.month + 1,
                        "value": value,
                    },
                    origin,
                )
            )
    if changes:
        build.put("plan.announced", [change for change, _ in changes], changes[0][1])
