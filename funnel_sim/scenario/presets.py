"""Presets: platform, market and category joined into a complete scenario, every field with its
origin.

A preset is built, not stored: fees, taxes, rates and benchmarks are asked for by date, the product
around them is plausible and marked as assumed. `origins` says for every field where its value
comes from; a field that nobody set keeps its neutral default.
"""

import datetime as dt
import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from funnel_sim.errors import refuse
from funnel_sim.reference import border, customs, exchange_rates, platform_fees, provenance, studies
from funnel_sim.reference.benchmarks import Store, between_sellers
from funnel_sim.reference.preset_cards import PresetCard, preset_cards, preset_rows
from funnel_sim.reference.provenance import DATA_DATE, Provenance, day_asked, first_source, middle
from funnel_sim.scenario.paths import may_vary
from funnel_sim.scenario.scenario import Scenario

_LITRES = {"cubic foot": 28.316846592, "cubic metre": 1000.0, "litre": 1.0}
HOME = "CNY"
"""The currency of costs in every preset, and of who reads them."""
_HOME_COUNTRY = "CN"
CHOSEN = (
    "assumed, chosen to be consistent with the other figures of the example; no evidence of the"
    " market."
)
_AGAIN = "a season for which no newer card is known is taken to come again on the same days"
_TAXED = {
    "fees": "tax.tax_on_fees",
    "fulfilment": "tax.tax_on_fulfilment",
    "ads": "tax.tax_on_ads",
    "payment": "payment.payment_tax",
}


@dataclass
class _Build:
    """A scenario in the making: plain values, and where each comes from."""

    data: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, Provenance] = field(default_factory=dict)
    channels: list[dict[str, Any]] = field(default_factory=list)

    def put(self, path: str, value: Any, origin: Provenance) -> None:
        section, _, name = path.rpartition(".")
        if section.startswith("channels."):
            channel = next(c for c in self.channels if c["id"] == section.removeprefix("channels."))
            channel[name] = value
        elif section:
            self.data.setdefault(section, {})[name] = value
        else:
            self.data[name] = value
        self.origins[path] = origin


def _assumed(note: str = "") -> Provenance:
    return Provenance("preset", DATA_DATE, DATA_DATE.isoformat(), "assumed", True, "assumed", note)


@cache
def _assumptions() -> dict[str, float]:
    """Return what presets assume where no source exists (data/assumptions.toml)."""
    text = resources.files("funnel_sim").joinpath("data", "assumptions.toml").read_text("utf-8")
    return tomllib.loads(text)


def assumption(name: str) -> float:
    """Return what is assumed where no source exists (data/assumptions.toml); raises KeyError for an
    unknown name.
    """
    return float(_assumptions()[name])


def preset(name: str, on: dt.date = DATA_DATE) -> Scenario:
    """Return the complete scenario of a preset.

    Args:
        name: its id, such as "amazon-de-kitchen".
        on: the day for which its parameters are asked.

    Raises:
        InputError: if the name is unknown, the day lies before its parameters are known, or in no
            year of `provenance.YEARS`.

    Examples:
        >>> preset("amazon-de-kitchen").tax.tax_rate
        0.19
    """
    return _built(name, on)[0]


def origins(name: str, on: dt.date = DATA_DATE) -> dict[str, Provenance]:
    """Return where each value of a preset comes from.

    Args:
        name: its id.
        on: the day for which its parameters are asked.

    Returns:
        Sources by field path.

    Raises:
        InputError: as in `preset`.
    """
    return _built(name, on)[1]


@lru_cache(maxsize=256)
def _built(name: str, on: dt.date) -> tuple[Scenario, dict[str, Provenance]]:
    if name not in preset_rows():
        raise refuse("preset", name, "preset", known=", ".join(sorted(preset_rows())))
    row, build = preset_rows()[name], _Build()
    tax_rule = customs.tax(row["market"], day_asked(on))
    rule = platform_fees.commission(row["platform"], row["fee_market"], row["fee_category"], on)
    _where(build, name, row, tax_rule, on)
    _goods(build, row)
    _tax(build, row, tax_rule, on)
    _commission(build, row, rule, on)
    _payment(build, row, rule, on)
    _fulfilment(build, row, on)
    _taxes_on_fees(build, row, on)
    _channels(build, row, on)
    _customers(build, row, on)
    _months(build, row, on)
    _announced(build, row, tax_rule, rule, on)
    _fixed(build, row, rule, on)
    _chance(build)
    build.data["channels"] = build.channels
    _ranges(build, on)
    return Scenario.read(build.data), build.origins


def _where(
    build: _Build, name: str, row: dict[str, Any], tax_rule: customs.TaxRule, on: dt.date
) -> None:
    currency = tax_rule.currency
    build.data |= {
        "name": "",
        "preset": name,
        "as_of": on.isoformat(),
        "platform": row["platform"],
        "market": row["market"],
        "category": row["fee_category"],
        "currency": currency,
        "cost_currency": HOME,
    }
    level = exchange_rates.fx(currency, on)
    build.put("fx_rate", level.cny_per_unit, level.provenance)


def _goods(build: _Build, row: dict[str, Any]) -> None:
    guess = _assumed(CHOSEN)
    build.put("product.price", row["price"], guess)
    build.put("product.unit_cost", row["unit_cost"], guess)
    build.put("product.inbound_freight", row.get("freight", 0), guess)
    build.put("product.packaging", row.get("packaging", 0), guess)


def _tax(build: _Build, row: dict[str, Any], rule: customs.TaxRule, on: dt.date) -> None:
    origin = rule.provenance
    outside = rule.price_includes_tax is False
    build.put("product.price_includes_tax", not outside, origin)
    if "situation" in row:
        situation = row["situation"]
        build.put(
            "tax.situation",
            situation,
            _assumed("the usual case of a seller from abroad on this platform"),
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
    bulk = _in_bulk(row)
    owed = _duty(build, row, rule, on)
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
        _assumed("goods stocked in the market by a registered seller"),
    )
    if bulk:
        _entry(build, row, rule, on)


def _in_bulk(row: dict[str, Any]) -> bool:
    return "parcel" not in row and "parcel_value" not in row


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
    if _in_bulk(row):
        return border.freight(market, origin, line, on)
    value = row["price"] / (1.0 if rule.price_includes_tax is False else 1 + rule.rate)
    return border.parcel(market, origin, line, on, value, rule.currency, 1.0)


def _duty(build: _Build, row: dict[str, Any], rule: customs.TaxRule, on: dt.date) -> border.Duty:
    """Put what the goods are, and the duty on them, the general rate and each layer beside it."""
    line, origin = row["customs"], row.get("origin", "CN")
    guess = _assumed("the line that fits the goods as described; your own decides")
    build.put("product.customs_line", line, guess)
    build.put("product.material", row["material"]["en"], guess)
    build.put("product.origin", origin, _assumed("made in China") if origin == "CN" else guess)
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


def _entry(build: _Build, row: dict[str, Any], rule: customs.TaxRule, on: dt.date) -> None:
    """Put the fees of an entry in bulk, in the market's currency."""
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
        float(row.get("shipment", _assumptions()["units_per_shipment"])),
        _assumed("units entered through customs together"),
    )


def _seat(row: dict[str, Any]) -> str:
    """Return the country of the seller, which decides some fees."""
    return str(row.get("seat", _HOME_COUNTRY))


def _added(row: dict[str, Any], basis: str, on: dt.date) -> tuple[platform_fees.SellerFee, ...]:
    """Return the fees that the platform adds for a seller of this country, as shares of one
    basis.
    """
    return tuple(
        fee
        for fee in platform_fees.seller_fees(row["platform"], row["market"], _seat(row), on)
        if fee.basis == basis
    )


def _growth(fees: tuple[platform_fees.SellerFee, ...]) -> float:
    """Return by what factor fees on a fee make it grow; each is charged on the fee with those
    before it.
    """
    return math.prod(1 + fee.rate for fee in fees)


def _joined(
    origin: Provenance, fees: tuple[platform_fees.SellerFee, ...], said: Sequence[str] = ()
) -> Provenance:
    """Return the origin of a figure that other dated rows have changed: all sources, and what was
    added.
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


def _net_of(row: dict[str, Any], kind: str, on: dt.date) -> tuple[float, str]:
    """Return what is left of a published fee once the tax in it is recovered, and a sentence that
    says so.
    """
    tax = platform_fees.fee_tax(row["platform"], row["market"], _seat(row), kind, on)
    if tax is None or tax.charged != "included" or not _recovers(row, tax):
        return 1.0, ""
    return (
        1 / (1 + tax.rate),
        f"published with {tax.rate:.0%} {tax.tax}, which a registered seller recovers",
    )


def _recovers(row: dict[str, Any], tax: platform_fees.FeeTax) -> bool:
    registered = row.get("registered", True) and row.get("situation") != "not_registered"
    return tax.recovered == "yes" or (tax.recovered == "registered" and registered)


def _commission(
    build: _Build, row: dict[str, Any], rule: platform_fees.CommissionRule, on: dt.date
) -> None:
    on_fee, on_sales = _added(row, "commission", on), _added(row, "sales", on)
    net, said = _net_of(row, "fees", on)
    factor, extra = (
        _growth(on_fee) * net,
        row.get("extra_commission", 0.0) + sum(fee.rate for fee in on_sales),
    )
    more = ([f"+ {row['extra_note']}"] if row.get("extra_commission") else []) + (
        [said] if said else []
    )
    origin = _joined(rule.provenance, on_fee + on_sales, more)
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
    unknown = _assumed("not found for this platform; taken as given back in full")
    build.put(
        "commission.refund_kept_rate",
        rule.refund_kept_rate if known else 0.0,
        origin if known else unknown,
    )
    if rule.refund_kept_cap is not None:
        build.put("commission.refund_kept_cap", rule.refund_kept_cap, origin)


def _payment(
    build: _Build, row: dict[str, Any], rule: platform_fees.CommissionRule, on: dt.date
) -> None:
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
            _assumptions()["chargeback_fee"],
            _assumed("the dispute fee of large card processors"),
        )


def _fulfilment(build: _Build, row: dict[str, Any], on: dt.date) -> None:
    if "fba" in row:
        _fba(build, row, on)
    if "fulfil" in row:
        build.put(
            "fulfilment.fulfilment_per_order",
            row["fulfil"],
            _assumed("warehouse abroad: pick, pack and local parcel"),
        )
    if "parcel" in row:
        ask = row["parcel"]
        line = platform_fees.fulfilment(
            ask["programme"], ask["tier"], None if "reseller" in ask["programme"] else ask["kg"], on
        )
        value, origin = line.fee, line.provenance
        if "reseller" in ask["programme"] and line.weight_upper_kg:
            fixed = _assumptions()["parcel_fixed_share"]
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
            _assumed("direct parcel; no price list found"),
        )
    if "storage" in row:
        _storage(build, row, on)
    returns = row["returns"]
    rate, origin = _figure(returns["rate"], on)
    build.put("fulfilment.return_rate", rate, origin)
    build.put("fulfilment.return_handling", returns["handling"], _assumed())
    build.put("fulfilment.resellable_share", returns["resellable"], _assumed())


def _fba(build: _Build, row: dict[str, Any], on: dt.date) -> None:
    """Put the year's mean of the fee per unit with what is added to it, and each calendar month as
    a multiple of it.
    """
    ask, added = row["fba"], _added(row, "fulfilment", on)
    fees, plain = platform_fees.fulfilment_by_month(ask["programme"], ask["tier"], ask["kg"], on)
    net, recovered = _net_of(row, "fulfilment", on)
    mean = sum(fees) / 12
    said = [f"{plain.size_tier}, {ask['kg']:g} kg", *([recovered] if recovered else [])]
    if len(set(fees)) > 1:
        said.append(
            f"mean of twelve months: outside the season {min(fees):.2f}, in it {max(fees):.2f}"
            f" {plain.currency} before what is added; {_AGAIN}"
        )
    build.put(
        "fulfilment.fulfilment_per_unit",
        round(mean * _growth(added) * net, 4),
        _joined(plain.provenance, added, said),
    )
    if len(set(fees)) > 1:
        build.put(
            "fulfilment.fee_season",
            [round(fee / mean, 6) for fee in fees],
            _joined(plain.provenance, (), said),
        )


def _storage(build: _Build, row: dict[str, Any], on: dt.date) -> None:
    ask = row["storage"]
    fees, plain = platform_fees.fulfilment_by_month(ask["programme"], ask["tier"], None, on)
    size = next(words for words in _LITRES if words in ask["tier"])
    net, recovered = _net_of(row, "fulfilment", on)
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
    origin = _joined(plain.provenance, (), said)
    build.put(
        "fulfilment.storage_per_unit_month",
        round(mean * net * ask["litres"] / _LITRES[size], 4),
        origin,
    )
    if len(set(fees)) > 1:
        build.put("fulfilment.storage_season", [round(fee / mean, 6) for fee in fees], origin)
    build.put("fulfilment.months_in_storage", ask["months"], _assumed())


def _taxes_on_fees(build: _Build, row: dict[str, Any], on: dt.date) -> None:
    """Put the tax that is added to each kind of fee and not recovered, where it is known."""
    for kind, path in _TAXED.items():
        tax = platform_fees.fee_tax(row["platform"], row["market"], _seat(row), kind, on)
        if tax is not None:
            lost = tax.rate if tax.charged == "added" and not _recovers(row, tax) else 0.0
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


def _figure(entry: Any, on: dt.date) -> tuple[float, Provenance]:
    """Return a number and its origin: a bare number was chosen to fit the other figures, a text
    names a benchmark.
    """
    if not isinstance(entry, str):
        return float(entry), _assumed(CHOSEN)
    found = studies.benchmark(*_four(entry), on)
    value = middle(found.low, found.typical, found.high)
    origin = found.provenance
    if found.typical is None:
        origin = Provenance(
            "benchmark",
            origin.start,
            origin.as_of,
            "derived",
            origin.weak,
            origin.source,
            f"middle of the range. {origin.note}",
        )
    return round(value, 6), origin


def _four(entry: str) -> tuple[str, str, str, str]:
    scope, category, market, metric = entry.split("|")
    return scope, category, market, metric


def _channels(build: _Build, row: dict[str, Any], on: dt.date) -> None:
    def channel(key: str, kind: str, entries: dict[str, Any], names: dict[str, str]) -> None:
        build.channels.append({"id": key, "name": "", "kind": kind})
        for entry, value in entries.items():
            figure, origin = _figure(value, on)
            build.put(f"channels.{key}.{names.get(entry, entry)}", figure, origin)

    if "orders" in row:
        channel("orders", "orders", row["orders"], {})
        return
    ads = dict(row["ads"])
    cvr, origin = _figure(ads.pop("cvr"), on)
    build.put("conversion.cvr", cvr, origin)
    channel("ads", "cpc", ads, {})
    channel("organic", "organic", row["organic"], {"cvr": "channel_cvr"})
    if "affiliates" in row:
        channel(
            "creators", "share", row["affiliates"], {"cvr": "channel_cvr", "rate": "affiliate_rate"}
        )
    if "list" in row:
        channel("list", "list", row["list"], {"cvr": "channel_cvr"})
    build.put(
        "conversion.landing_rate",
        row.get("landing", 1.0),
        _assumed("inside a marketplace every click lands"),
    )
    if "add_to_cart" in row:
        rate, origin = _figure(row["add_to_cart"], on)
        build.put("conversion.add_to_cart_rate", rate, origin)


def _customers(build: _Build, row: dict[str, Any], on: dt.date) -> None:
    if "repeat" in row:
        rate, origin = _figure(row["repeat"]["rate"], on)
        build.put("customers.repeat_probability", rate, origin)
        build.put("customers.repeat_interval", row["repeat"]["interval"], _assumed())
        return
    few = studies.prior("retention", "share_of_customers_with_a_second_order", "Olist", on)
    build.put("customers.repeat_probability", few.typical, few.provenance)
    build.put(
        "customers.repeat_interval", int(_assumptions()["repeat_interval_months"]), _assumed()
    )


def _months(build: _Build, row: dict[str, Any], on: dt.date) -> None:
    build.put(
        "plan.start_month",
        provenance.first_month(on).month,
        _assumed("the first whole calendar month from the day asked for"),
    )
    if "season" not in row:
        build.put(
            "plan.season", [1.0] * 12, _assumed("no monthly index found for this market: no season")
        )
        return
    rows = [studies.prior("seasonality", f"month_{m:02d}", row["season"], on) for m in range(1, 13)]
    raw = [r.typical or 1.0 for r in rows]
    mean = sum(raw) / len(raw)
    build.put("plan.season", [round(value / mean, 4) for value in raw], rows[0].provenance)


def _announced(
    build: _Build,
    row: dict[str, Any],
    tax_rule: customs.TaxRule,
    rule: platform_fees.CommissionRule,
    on: dt.date,
) -> None:
    """Put what is known to change within the plan: VAT, and what a platform charges beside its
    tiers.
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


def _fixed(
    build: _Build, row: dict[str, Any], rule: platform_fees.CommissionRule, on: dt.date
) -> None:
    if rule.subscription_month:
        plan = rule.subscription_month
        if rule.currency != build.data["currency"]:
            plan = round(
                plan
                * exchange_rates.fx(rule.currency, on).cny_per_unit
                / exchange_rates.fx(build.data["currency"], on).cny_per_unit,
                2,
            )
        build.put("fixed.platform_monthly", plan, rule.provenance)
    _compliance(build, row, on)
    if "own" in row:
        own = row["own"]
        build.put(
            "fixed.own_hours",
            float(own["hours"]),
            _assumed("listings, customers, stock, books: what this line takes in a month"),
        )
        build.put(
            "fixed.own_hours_per_order",
            float(own.get("per_order", 0.0)),
            _assumed("making and packing"),
        )
        pay = round(_assumptions()["own_hour_pay_cny"], 2)
        build.put(
            "fixed.own_hour_pay",
            pay,
            _assumed(
                "about 10,500 CNY a month of 174 hours, an operations clerk in a coastal city"
            ),
        )
    build.put(
        "fixed.saas_monthly",
        row.get("saas", _assumptions()["saas_monthly_cny"]),
        _assumed("research and ERP tools"),
    )


def compliance_of(name: str, on: dt.date) -> tuple[customs.ComplianceItem, ...]:
    """Return the compliance items that a preset's fixed costs are added up from.

    Args:
        name: its id.
        on: the day on which the rows have to be in force.

    Returns:
        The items, each in its own currency.
    """
    row = preset_rows()[name]
    return border.compliance(
        row["market"], row["customs"], row["platform"], on, stocked=_in_bulk(row)
    )


def _compliance(build: _Build, row: dict[str, Any], on: dt.date) -> None:
    """Put the monthly and the one-off cost of compliance: the typical figures of the items that
    apply, in the home currency.
    """
    items = border.compliance(
        row["market"], row["customs"], row["platform"], on, stocked=_in_bulk(row)
    )

    def home(value: float, currency: str) -> float:
        return round(value * exchange_rates.exchange(currency, HOME, on))

    months = [(item, item.monthly_typical) for item in items if item.monthly_typical]
    if months:
        note = "; ".join(f"{item.item_en} {value:g} {item.currency}" for item, value in months)
        build.put(
            "fixed.compliance_monthly",
            sum(home(value, item.currency) for item, value in months),
            border.combined([i.provenance for i, _ in months], note),
        )
    else:
        build.put(
            "fixed.compliance_monthly", 0, _assumed("no item of the compliance table applies")
        )
    once = [(item, item.one_off_typical) for item in items if item.one_off_typical]
    if once:
        note = "; ".join(f"{item.item_en} {value:g} {item.currency}" for item, value in once)
        rows = [
            {
                "name": "",
                "group": "compliance",
                "amount": sum(home(value, item.currency) for item, value in once),
                "month": 1,
            }
        ]
        build.put("fixed.one_off", rows, border.combined([i.provenance for i, _ in once], note))


def _chance(build: _Build) -> None:
    build.put(
        "chance.month_noise",
        True,
        _assumed("months of every store differ; how much follows from the number of products"),
    )
    build.put("chance.counting", True, _assumed("orders come one by one"))
    build.put("chance.products", int(_assumptions()["products"]), _assumed())


def _ranges(build: _Build, on: dt.date) -> None:
    """Turn every figure of which it is known how much sellers differ into a range around the
    preset's own value, its median.

    Ranges are symmetric on the logarithm: half of the futures lie below the preset's value, as the
    point calculation has it, and nothing that something is divided by comes near zero.
    """
    data = build.data
    store = Store(data["platform"], data["market"], data["category"], data["currency"], on)
    sections = ("product", "conversion", "fulfilment", "customers")
    holders: list[tuple[str, dict[str, Any], str]] = [
        (section, data[section], "") for section in sections if section in data
    ]
    holders += [
        (f"channels.{channel['id']}", channel, channel["kind"]) for channel in build.channels
    ]
    for place, holder, kind in holders:
        for name, value in holder.items():
            path = f"{place}.{name}"
            is_number = isinstance(value, int | float) and not isinstance(value, bool) and value > 0
            found = between_sellers(store, path, kind) if is_number and may_vary(path) else None
            if found is not None:
                holder[name] = around(float(value), found.factor)
                origin = build.origins[path]
                build.origins[path] = replace(
                    origin,
                    note=f"{origin.note} Range: {first_source(found.provenance.source)}".strip(),
                )


def around(value: float, factor: float) -> dict[str, Any]:
    """Return a range whose median is a value above zero, its P10 and P90 a factor below and above.

    Args:
        value: the median, any unit.
        factor: the factor [1], above 1.

    Returns:
        The range as plain data.

    Examples:
        >>> around(10.0, 1.25)["low"], around(10.0, 1.25)["high"]
        (8.0, 12.5)
    """
    low, high = float(f"{value / factor:.4g}"), float(f"{value * factor:.4g}")
    return {"dist": "logpert", "low": low, "likely": value, "high": high, "meaning": "p80"}


def platforms() -> list[str]:
    """Return the platforms that have a preset, in the order of the file."""
    return list(dict.fromkeys(card.platform for card in preset_cards()))


def markets(platform: str) -> list[str]:
    """Return the markets of a platform that have a preset."""
    return list(dict.fromkeys(card.market for card in preset_cards() if card.platform == platform))


def products(platform: str, market: str) -> list[PresetCard]:
    """Return the presets of one platform and market.

    Args:
        platform: where it is sold, such as "Amazon".
        market: the country of sale.

    Returns:
        Their cards, in the order of the data.
    """
    return [card for card in preset_cards() if (card.platform, card.market) == (platform, market)]
