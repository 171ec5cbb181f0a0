"""When a preset's money moves: the payout rule of its platform, its supplier's terms, freight, ads,
tax.

A preset is a store that runs: its opening stock is left empty, which stands for what its plan
needs until the first order arrives. What it has in money stays at nothing, no platform owes it
anything and no credit line is given: that is the reader's own (ADR 0071).
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from funnel_sim.reference import cash_terms, customs, exchange_rates, payouts
from funnel_sim.reference.provenance import Provenance
from funnel_sim.scenario.preset_parts.build import (
    HOME_COUNTRY,
    Build,
    assumed,
    assumption,
    in_bulk,
)

_BASIS = {
    "order": "order",
    "payment": "order",
    "shipment": "shipment",
    "delivery": "delivery",
    "confirmation": "delivery",
}
"""The event of the scenario that stands for one of a payout rule."""
_WORN = frozenset({"61", "62"})
"""Chapters of the tariff that hold clothing, knitted and not."""
_TRADE_AREAS = ("US", "EU")
"""Importers whose days of paying duty have a row of their own."""


@dataclass(frozen=True)
class _Way:
    """How the goods of a preset reach the buyer, as the rows of cash_terms.csv name it."""

    sent: str
    delivered: str
    refunded: str
    withheld: bool


def put_cash(build: Build, row: dict[str, Any], on: dt.date) -> None:
    """Put when each kind of money is paid.

    Args:
        build: the scenario in the making.
        row: what data/presets.toml says of the preset.
        on: the day for which parameters are asked.
    """
    way = _way(row)
    _put_payout(build, row, way, on)
    _put_goods(build, row, on)
    if "ads" in row:
        _put_ads(build, row, on)
    for name, term, party in (
        ("operator_due_days", "operator_due_days", "agency"),
        ("fixed_due_days", "fixed_due_days", "office"),
    ):
        _put_days(build, name, term, party, on)
    if row.get("registered", True):
        found = cash_terms.filing(row["market"], on)
        build.put("cash.vat_months", found.months, found.provenance)
        build.put("cash.vat_due_days", found.due_days, found.provenance)
        if found.import_tax == "postponed" and in_bulk(row):
            build.put("cash.import_tax_paid", "return", found.provenance)


def _way(row: dict[str, Any]) -> _Way:
    near = _transit_mode(row) == "short way"
    if "fba" in row:
        return _Way("Amazon FBA", "Amazon FBA", "own stock", withheld=True)
    if not in_bulk(row):
        parcels = "parcels to South-East Asia" if near else "parcels overseas"
        return _Way("parcels", parcels, "parcels", withheld=True)
    if row["market"] == HOME_COUNTRY:
        return _Way("warehouse", "supply to the platform", "own stock", withheld=False)
    warehouse = "warehouse in South-East Asia" if near else "warehouse"
    return _Way("warehouse", warehouse, "own stock", withheld=False)


def _transit_mode(row: dict[str, Any]) -> str:
    """Return how the goods of a preset travel: as it says, or the usual way into its market."""
    return str(row.get("mode", cash_terms.usual_mode(row["market"])))


def _put_days(build: Build, name: str, term: str, party: str, on: dt.date) -> cash_terms.CashTerm:
    found = cash_terms.cash_term(term, party, on)
    build.put(f"cash.{name}", round(found.typical), found.provenance)
    return found


def _put_payout(build: Build, row: dict[str, Any], way: _Way, on: dt.date) -> None:
    provider = row["payment"]["provider"] if "payment" in row else _provider(row)
    rule = payouts.payout_rule(
        provider, row["market"], on, row.get("payout_sellers", payouts.ESTABLISHED)
    )
    origin = rule.provenance
    build.put("cash.payout_basis", _BASIS[rule.counted_from], origin)
    hold, held = rule.hold_days or 0.0, origin
    if rule.counted_from == "confirmation":
        wait = cash_terms.cash_term("confirmation_days", rule.platform, on)
        hold += wait.typical
        note = f"{origin.note} Here with {wait.typical:g} days from delivery to confirmation."
        held = replace(origin, weak=True, note=note)
    build.put("cash.payout_delay_days", hold, held)
    build.put("cash.payout_cycle", rule.cycle, origin)
    build.put("cash.payout_bank_days", round(rule.bank_days or 0.0), origin)
    if rule.reserve_rate:
        build.put("cash.reserve_rate", rule.reserve_rate, origin)
        build.put("cash.reserve_days", rule.reserve_days or 0.0, origin)
    if rule.minimum:
        build.put(
            "cash.payout_minimum",
            _in_sales(build, rule.minimum, rule.minimum_currency, on),
            _converted(origin, rule.minimum, rule.minimum_currency, build),
        )
    _put_days(build, "ship_days", "ship_days", way.sent, on)
    _put_days(build, "delivery_days", "delivery_days", way.delivered, on)
    _put_days(build, "refund_days", "refund_days", way.refunded, on)
    if row.get("chargeback"):
        _put_days(build, "chargeback_days", "chargeback_days", "card payments", on)
    if way.withheld:
        note = "the platform's own warehouse or parcel line is taken off the payout"
        build.put("cash.fulfilment_paid", "withheld", assumed(note))
    else:
        note = "a hired warehouse sends an invoice for the month"
        build.put("cash.fulfilment_paid", "invoiced", assumed(note))
        _put_days(build, "fulfilment_due_days", "fulfilment_due_days", "warehouse", on)


def _provider(row: dict[str, Any]) -> str:
    """Return who pays out: the platform, or the payments of a shop of one's own."""
    return "Shopify Payments" if row["platform"] == "Shopify" else str(row["platform"])


def _put_goods(build: Build, row: dict[str, Any], on: dt.date) -> None:
    if not in_bulk(row):
        note = "bought parcel by parcel from a wholesaler when it is sold, paid at once"
        build.put("cash.stocking", "as_sold", assumed(note))
        return
    mode = _transit_mode(row)
    party = "sea" if mode == "sea" else "short way"
    note = f"own stock sent by {mode}: ordered at fixed intervals"
    build.put("cash.stocking", "periodic", assumed(note))
    _put_days(build, "order_every_days", "order_every_days", party, on)
    _put_days(build, "safety_days", "safety_days", party, on)
    dear = float(row["unit_cost"]) > assumption("high_price_goods_cny")
    least = cash_terms.cash_term(
        "minimum_order_units", "high price goods" if dear else "ordered goods", on
    )
    build.put("cash.minimum_order_units", least.typical, least.provenance)
    carton = cash_terms.cash_term("carton_units", "ordered goods", on)
    build.put("cash.carton_units", carton.typical, carton.provenance)
    worn = row["customs"].replace(".", "")[:2] in _WORN
    made = cash_terms.cash_term("production_days", "apparel" if worn else "other goods", on)
    build.put("cash.production_days", made.typical, made.provenance)
    transit = cash_terms.transit(row["market"], mode, on)
    build.put("cash.transit_days", transit.days_typical, transit.provenance)
    _put_days(
        build,
        "receiving_days",
        "receiving_days",
        "Amazon FBA" if "fba" in row else "warehouse",
        on,
    )
    deposit = cash_terms.cash_term("deposit_rate", "ordered goods", on)
    build.put("cash.deposit_rate", deposit.typical, deposit.provenance)
    balance = cash_terms.cash_term("balance_days", "ordered goods", on)
    build.put("cash.balance_due", "shipment", balance.provenance)
    build.put("cash.balance_days", round(balance.typical), balance.provenance)
    _put_days(build, "freight_due_days", "freight_due_days", "forwarder", on)
    areas = [one for one in customs.importers(row["market"], on) if one in _TRADE_AREAS]
    _put_days(build, "border_due_days", "border_due_days", (*areas, "others")[0], on)


def _put_ads(build: Build, row: dict[str, Any], on: dt.date) -> None:
    found = cash_terms.ads_billing(row["platform"], on)
    origin = found.provenance
    build.put("cash.ads_billing", found.billing, origin)
    if found.billing == "prepaid" and found.prepaid_days:
        build.put("cash.ads_prepaid_days", round(found.prepaid_days), origin)
    if found.billing == "threshold" and found.threshold:
        build.put(
            "cash.ads_threshold",
            _in_sales(build, found.threshold, found.currency, on),
            _converted(origin, found.threshold, found.currency, build),
        )


def _in_sales(build: Build, amount: float, currency: str, on: dt.date) -> float:
    sales = build.data["currency"]
    if currency == sales:
        return amount
    return float(f"{amount * exchange_rates.exchange(currency, sales, on):.3g}")


def _converted(origin: Provenance, amount: float, currency: str, build: Build) -> Provenance:
    if currency == build.data["currency"]:
        return origin
    note = f"{origin.note} Here {amount:g} {currency} at the day's rate, rounded."
    return replace(origin, evidence="derived", note=note)
