"""What a preset's marketplace charges: commission, payment, further fees, and the taxes on them."""

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

from funnel_sim.reference import platform_fees, studies
from funnel_sim.reference.provenance import Provenance
from funnel_sim.scenario.preset_parts.build import (
    TAXED,
    Build,
    assumed,
    assumption,
    net_of,
    recovers,
    seat_of,
)
from funnel_sim.scenario.shown import HOME


def fees_on_top(
    row: dict[str, Any], basis: str, on: dt.date
) -> tuple[platform_fees.SellerFee, ...]:
    """Return the fees that the platform adds for a seller of this country, as shares of one
    basis.

    Args:
        row: what data/presets.toml says of the preset.
        basis: what the shares are of: "commission", "fulfilment" or "sales".
        on: the day for which parameters are asked.

    Returns:
        The rows in force, rates as fractions.
    """
    return tuple(
        fee
        for fee in platform_fees.seller_fees(row["platform"], row["market"], seat_of(row), on)
        if fee.basis == basis
    )


def growth_of(fees: tuple[platform_fees.SellerFee, ...]) -> float:
    """Return by what factor fees on a fee make it grow; each is charged on the fee with those
    before it.
    """
    return math.prod(1 + fee.rate for fee in fees)


def joined(
    origin: Provenance, fees: tuple[platform_fees.SellerFee, ...], said: Sequence[str] = ()
) -> Provenance:
    """Return the origin of a figure that other dated rows have changed: all sources, and what was
    added.

    Args:
        origin: where the figure comes from.
        fees: the fees that were added to it.
        said: further sentences for the note.
    """
    parts = [
        part
        for part in (
            origin.note,
            *said,
            *(f"+ {fee.fee} {fee.rate:.2%} on {fee.basis}" for fee in fees),
        )
        if part
    ]
    if not fees and not said:
        return origin
    sources = dict.fromkeys([origin.source, *(fee.provenance.source for fee in fees)])
    weak = origin.weak or any(fee.provenance.weak for fee in fees)
    return Provenance(
        origin.topic,
        origin.start,
        origin.as_of,
        "derived",
        weak,
        " ; ".join(sources),
        "; ".join(parts),
    )


def put_commission(
    build: Build, row: dict[str, Any], rule: platform_fees.CommissionRule, on: dt.date
) -> None:
    """Put the marketplace's commission: tiers, minimum, and what it keeps of a refund.

    Args:
        build: the scenario in the making.
        row: what data/presets.toml says of the preset.
        rule: the fee table of its platform.
        on: the day for which parameters are asked.
    """
    on_fee, on_sales = fees_on_top(row, "commission", on), fees_on_top(row, "sales", on)
    net, said = net_of(row, "fees", on)
    factor, extra = (
        growth_of(on_fee) * net,
        row.get("extra_commission", 0.0) + sum(fee.rate for fee in on_sales),
    )
    more = ([f"+ {row['extra_note']}"] if row.get("extra_commission") else []) + (
        [said] if said else []
    )
    origin = joined(rule.provenance, on_fee + on_sales, more)
    build.put("commission.commission_mode", rule.mode, origin)
    build.put(
        "commission.tiers",
        [{"upto": upto, "rate": round(rate * factor + extra, 6)} for upto, rate in rule.tiers],
        origin,
    )
    build.put("commission.commission_minimum", round(rule.minimum * factor, 6), origin)
    per_order = "per ORDER" in origin.note and rule.per == "item" and len(rule.fixed_bands) == 1
    if per_order:
        build.put("commission.order_fee", rule.fixed_bands[0][1], origin)
    else:
        build.put(
            "commission.fixed_bands",
            [{"upto": upto, "fee": fee} for upto, fee in rule.fixed_bands],
            origin,
        )
    build.put("commission.commission_per", rule.per, origin)
    build.put("commission.commission_on_shipping", rule.on_shipping, origin)
    build.put("commission.commission_on_tax", rule.on_tax, origin)
    build.put("commission.commission_before_discount", rule.before_discount, origin)
    known = rule.refund_kept_rate is not None
    unknown = assumed("not found for this platform; taken as given back in full")
    build.put(
        "commission.refund_kept_rate",
        rule.refund_kept_rate if known else 0.0,
        origin if known else unknown,
    )
    if rule.refund_kept_cap is not None:
        build.put("commission.refund_kept_cap", rule.refund_kept_cap, origin)


def put_payment(
    build: Build, row: dict[str, Any], rule: platform_fees.CommissionRule, on: dt.date
) -> None:
    """Put the fees of payment, chargebacks, and the spread of the conversion home.

    Args:
        build: the scenario in the making.
        row: what data/presets.toml says of the preset.
        rule: the fee table of its platform.
        on: the day for which parameters are asked.
    """
    if "payment" in row:
        fee = platform_fees.payment(row["payment"]["provider"], row["payment"]["region"], on)
        build.put("payment.payment_rate", fee.rate or 0.0, fee.provenance)
        build.put("payment.payment_fixed", fee.fixed or 0.0, fee.provenance)
    else:
        build.put("payment.payment_rate", rule.payment_rate or 0.0, rule.provenance)
        build.put("payment.payment_fixed", rule.payment_fixed or 0.0, rule.provenance)
    collection = platform_fees.payment(
        "Third-party collection (PingPong / LianLian / WorldFirst class)",
        "China seller withdrawing marketplace proceeds",
        on,
    )
    if build.data["currency"] != HOME:
        build.put("payment.fx_spread", collection.fx_spread or 0.0, collection.provenance)
    if row.get("chargeback"):
        lost = studies.prior("loss_events", "chargeback_rate", "online merchants", on)
        build.put("payment.chargeback_rate", lost.high, lost.provenance)
        build.put(
            "payment.chargeback_fee",
            assumption("chargeback_fee"),
            assumed("the dispute fee of large card processors"),
        )


def put_taxes_on_fees(build: Build, row: dict[str, Any], on: dt.date) -> None:
    """Put the tax that is added to each kind of fee and not recovered, where it is known.

    Args:
        build: the scenario in the making.
        row: what data/presets.toml says of the preset.
        on: the day for which parameters are asked.
    """
    for kind, path in TAXED.items():
        tax = platform_fees.fee_tax(row["platform"], row["market"], seat_of(row), kind, on)
        if tax is not None:
            lost = tax.rate if tax.charged == "added" and not recovers(row, tax) else 0.0
            told = f"{tax.tax}: {tax.charged}, recovered: {tax.recovered}. {tax.provenance.note}"
            source = tax.provenance
            build.put(
                path,
                lost,
                Provenance(
                    source.topic,
                    source.start,
                    source.as_of,
                    source.evidence,
                    source.weak,
                    source.source,
                    told,
                ),
            )
