"""What platforms and payment providers take: commission, payment, fulfilment, fees by the seller's
country.
"""

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from funnel_sim.errors import refuse
from funnel_sim.reference.provenance import (
    Provenance,
    ask,
    cell_number,
    cell_steps,
    first_month,
    rows_of,
    source,
)

_LAST_QUARTER = 10  # October

_HALF_A_YEAR = 183  # days

_A_GRAM = 0.0005  # kg; tolerance, because rate cards write one pound as 0.4536 kg or 0.4535924 kg


@dataclass(frozen=True)
class CommissionRule:
    """A marketplace's fee table for one category. Steps are (upper bound or None, rate or fee)."""

    platform: str
    market: str
    category: str
    category_zh: str
    mode: str
    tiers: tuple[tuple[float | None, float], ...]
    minimum: float
    fixed_bands: tuple[tuple[float | None, float], ...]
    per: str
    on_shipping: bool
    on_tax: bool
    before_discount: bool
    refund_kept_rate: float | None
    refund_kept_cap: float | None
    payment_rate: float | None
    payment_fixed: float | None
    subscription_month: float | None
    currency: str
    provenance: Provenance


@dataclass(frozen=True)
class PaymentFee:
    """A payment or collection provider's fee."""

    provider: str
    region: str
    rate: float | None
    cross_border_extra: float | None
    fixed: float | None
    currency: str
    fx_spread: float | None
    provenance: Provenance


@dataclass(frozen=True)
class FulfilmentFee:
    """One row of a fulfilment, freight or storage rate card."""

    programme: str
    market: str
    size_tier: str
    weight_upper_kg: float | None
    fee: float
    currency: str
    provenance: Provenance


@dataclass(frozen=True)
class SellerFee:
    """A fee that a platform adds by the country of the seller.

    `basis` says what `rate` (a fraction) is a share of: "commission" and "fulfilment" of these
    fees, "sales" of the price. `seller_seat` is a country code or "any".
    """

    fee: str
    platform: str
    market: str
    seller_seat: str
    basis: str
    rate: float
    provenance: Provenance


@dataclass(frozen=True)
class FeeTax:
    """Tax on one kind of fee ("fees", "fulfilment", "ads", "payment") by the country of the seller.

    `charged` is "added" to the published fee, "included" in it, or "none"; `recovered` is "yes",
    "no", or "registered" (by a seller registered for the market's tax).
    """

    platform: str
    market: str
    kind: str
    seller_seat: str
    tax: str
    rate: float
    charged: str
    recovered: str
    provenance: Provenance


@cache
def commission_rules() -> tuple[CommissionRule, ...]:
    """Return every commission rule."""
    return tuple(
        CommissionRule(
            r["platform"],
            r["market"],
            r["category"],
            r["category_zh"],
            r["mode"],
            cell_steps(r["tiers"]),
            cell_number(r["minimum"]) or 0.0,
            cell_steps(r["fixed_bands"]) or ((None, 0.0),),
            r["per"],
            r["on_shipping"] == "true",
            r["on_tax"] == "true",
            r["before_discount"] == "true",
            cell_number(r["refund_kept_rate"]),
            cell_number(r["refund_kept_cap"]),
            cell_number(r["payment_rate"]),
            cell_number(r["payment_fixed"]),
            cell_number(r["subscription_month"]),
            r["currency"],
            source("commission", r),
        )
        for r in rows_of("commission")
    )


@cache
def payment_fees() -> tuple[PaymentFee, ...]:
    """Return every payment and collection fee."""
    return tuple(
        PaymentFee(
            r["provider"],
            r["region"],
            cell_number(r["rate"]),
            cell_number(r["cross_border_extra"]),
            cell_number(r["fixed"]),
            r["currency"],
            cell_number(r["fx_spread"]),
            source("payment", r),
        )
        for r in rows_of("payment")
    )


@cache
def fulfilment_fees() -> tuple[FulfilmentFee, ...]:
    """Return every fulfilment, storage and freight fee."""
    return tuple(
        FulfilmentFee(
            r["programme"],
            r["market"],
            r["size_tier"],
            cell_number(r["weight_upper_kg"]),
            float(r["fee"]),
            r["currency"],
            source("fulfilment", r),
        )
        for r in rows_of("fulfilment")
    )


@cache
def seller_fee_rows() -> tuple[SellerFee, ...]:
    """Return every fee by the country of the seller, in force or not."""
    return tuple(
        SellerFee(
            r["fee"],
            r["platform"],
            r["market"],
            r["seller_seat"],
            r["basis"],
            float(r["rate"]),
            source("seller_fees", r),
        )
        for r in rows_of("seller_fees")
    )


@cache
def fee_tax_rows() -> tuple[FeeTax, ...]:
    """Return every tax on fees, in force or not."""
    return tuple(
        FeeTax(
            r["platform"],
            r["market"],
            r["kind"],
            r["seller_seat"],
            r["tax"],
            float(r["rate"]),
            r["charged"],
            r["recovered"],
            source("tax_on_fees", r),
        )
        for r in rows_of("tax_on_fees")
    )


def commission(platform: str, market: str, category: str, on: dt.date) -> CommissionRule:
    """Return the fee table of a platform, market and category on a day.

    Args:
        platform: where it is sold, such as "Amazon".
        market: the country of sale.
        category: the fee category.
        on: the day of the sale.

    Returns:
        The table: rates as fractions, amounts in the market's currency.

    Raises:
        InputError: if no table is in force that day.
    """
    found = (
        r
        for r in commission_rules()
        if (r.platform, r.market, r.category) == (platform, market, category)
    )
    return ask(found, on, f"commission {platform} {market} {category}")


def payment(provider: str, region: str, on: dt.date) -> PaymentFee:
    """Return the fee of a payment provider in a region on a day.

    Args:
        provider: the payment provider.
        region: where its table holds.
        on: the day on which the rows have to be in force.

    Returns:
        The fee: a rate [fraction] and an amount per order.

    Raises:
        InputError: if no fee is in force that day.
    """
    return ask(
        (r for r in payment_fees() if (r.provider, r.region) == (provider, region)),
        on,
        f"payment {provider} {region}",
    )


def fulfilment(
    programme: str, size_tier: str, weight_kg: float | None, on: dt.date
) -> FulfilmentFee:
    """Return the fee of the lightest weight step of a size tier that still holds the weight.

    Args:
        programme: the fulfilment programme, such as "FBA US".
        size_tier: its size tier.
        weight_kg: the weight of a unit [kg]; None where the tier has one row only.
        on: the day on which the rows have to be in force.

    Returns:
        The row, its fee in the currency of the row per unit.

    Raises:
        InputError: if no step holds the weight, or none is in force that day.
    """
    what = f"fulfilment {programme} {size_tier}"
    return ask(_of_weight(programme, size_tier, weight_kg, what), on, what)


def fulfilment_by_month(
    programme: str, size_tier: str, weight_kg: float | None, on: dt.date
) -> tuple[tuple[float, ...], FulfilmentFee]:
    """Return the fee in January … December of the plan's year, and the row outside the season.

    The year is the twelve months that begin with `first_month(on)`; where a fee changes within a
    month, days weigh it. A row that holds for less than half a year is a season (holiday peak):
    where no newer one is known it is taken to come again on the same days of the next year. A size
    tier whose name holds "Jan-Sep" has its fee of the last quarter in the row that says "Oct-Dec".

    Args:
        programme: the fulfilment programme.
        size_tier: its size tier.
        weight_kg: the weight of a unit [kg]; None where the tier has one row only.
        on: the day on which the rows have to be in force.

    Returns:
        (twelve fees per unit [currency of the row], January first; the row outside the season).

    Raises:
        InputError: if no row holds the weight, or none is in force.
    """
    what = f"fulfilment {programme} {size_tier}"
    fees, plain = [0.0] * 12, fulfilment_outside_season(programme, size_tier, weight_kg, on)
    start = first_month(on)
    for place in range(12):
        year, month = (
            start.year + (start.month - 1 + place) // 12,
            (start.month - 1 + place) % 12 + 1,
        )
        tier = size_tier.replace("Jan-Sep", "Oct-Dec") if month >= _LAST_QUARTER else size_tier
        rows = _of_weight(programme, tier, weight_kg, what)
        days = calendar.monthrange(year, month)[1]
        fees[month - 1] = (
            sum(_on_day(rows, dt.date(year, month, day), what).fee for day in range(1, days + 1))
            / days
        )
    return tuple(fees), plain


def fulfilment_outside_season(
    programme: str, size_tier: str, weight_kg: float | None, on: dt.date
) -> FulfilmentFee:
    """Return the fee in force on a day, seasons of less than half a year left out.

    Args:
        programme: the fulfilment programme.
        size_tier: its size tier.
        weight_kg: the weight of a unit [kg]; None where the tier has one row only.
        on: the day on which the rows have to be in force.

    Raises:
        InputError: if no row holds the weight, or none is in force that day.
    """
    what = f"fulfilment {programme} {size_tier}"
    return ask(
        (row for row in _of_weight(programme, size_tier, weight_kg, what) if not _is_season(row)),
        on,
        what,
    )


def _of_weight(
    programme: str, size_tier: str, weight_kg: float | None, what: str
) -> list[FulfilmentFee]:
    tier = [r for r in fulfilment_fees() if (r.programme, r.size_tier) == (programme, size_tier)]
    if weight_kg is None:
        return tier
    holding = [
        r
        for r in tier
        if r.weight_upper_kg is not None and r.weight_upper_kg >= weight_kg - _A_GRAM
    ]
    if not holding:
        raise refuse(f"{what} {weight_kg:g} kg", None, "no_parameter")
    lightest = min(r.weight_upper_kg for r in holding if r.weight_upper_kg is not None)
    return [
        r
        for r in holding
        if r.weight_upper_kg is not None and r.weight_upper_kg - lightest < _A_GRAM
    ]


def _is_season(row: FulfilmentFee) -> bool:
    start, end = row.provenance.start, row.provenance.end
    return start is not None and end is not None and (end - start).days < _HALF_A_YEAR


def _on_day(rows: Sequence[FulfilmentFee], day: dt.date, what: str) -> FulfilmentFee:
    seasons = [row for row in rows if _is_season(row)]
    a_year_before = day.replace(
        year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day
    )
    for asked in (day, a_year_before):
        if any(row.provenance.holds(asked) for row in seasons):
            return ask(seasons, asked, what)
    return ask((row for row in rows if not _is_season(row)), day, what)


def seller_fees(platform: str, market: str, seat: str, on: dt.date) -> tuple[SellerFee, ...]:
    """Return the fees that a platform adds for sellers of a country in a market on a day.

    Args:
        platform: where it is sold, such as "Amazon".
        market: the country of sale.
        seat: the country of the seller.
        on: the day on which the rows have to be in force.

    Returns:
        The rows in force, rates as fractions of their basis.

    Examples:
        >>> [
        ...     (fee.basis, fee.rate)
        ...     for fee in seller_fees("Amazon", "IT", "CN", dt.date(2026, 11, 27))
        ...     if fee.fee == "digital services fee"
        ... ]
        [('commission', 0.02)]
    """
    return tuple(
        row
        for row in seller_fee_rows()
        if row.platform == platform
        and row.market in (market, "ALL")
        and row.seller_seat in (seat, "any")
        and row.provenance.holds(on)
    )


def fee_tax(platform: str, market: str, seat: str, kind: str, on: dt.date) -> FeeTax | None:
    """Return the tax on a kind of fee for sellers of a country on a day; None where nothing is
    known.

    Args:
        platform: where it is sold, such as "Amazon".
        market: the country of sale.
        seat: the country of the seller.
        kind: the kind of fee, such as "commission".
        on: the day on which the rows have to be in force.
    """
    rows = [
        row
        for row in fee_tax_rows()
        if (row.platform, row.kind) == (platform, kind)
        and row.market in (market, "ALL")
        and row.seller_seat in (seat, "any")
        and row.provenance.holds(on)
    ]
    return max(
        rows,
        key=lambda row: (row.seller_seat == seat, row.provenance.start or dt.date.min),
        default=None,
    )
