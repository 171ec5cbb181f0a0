"""Dated, sourced parameters: tax, duty, import fees, compliance, commission, payment, fulfilment,
payout, benchmarks, priors, FX.

Every figure carries the date from which it is known to hold, the last day where it ends, its source
and the kind of evidence. Ask for it by date: the newest row in force that day (start <= day <= end)
is the answer; a row without a start is older than every dated one. Nothing here knows what day it
is today.

Law, rate cards and exchange rates are strict: a day before the first row, or after the last day of
the last one, has no figure. Evidence (priors, agency prices, payout days) is older or newer
knowledge of the same world: before its first day the earliest row stands in and says so.
"""

import calendar
import csv
import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, Literal, TypeVar

from funnel_sim.errors import refuse
from funnel_sim.words import Words

Evidence = Literal[
    "published", "transcribed", "measured", "derived", "secondary", "claim", "assumed"
]
LAW = frozenset({"tax", "duty", "import_fees", "customs_line", "compliance"})
"""Topics whose figures hold until the law is changed: what counts is when they were last looked at.
"""
DATA_DATE = dt.date(2026, 11, 27)
"""The day up to which the parameters were gathered; the date asked for where none is given."""
YEARS = (1990, 2199)
"""First and last year of a day for which figures are asked: before and after it nothing is known.
"""


_LAST_QUARTER = 10  # October
_HALF_A_YEAR = 183  # days
_A_GRAM = 0.0005  # kg: 0.4536 and 0.4535924 kg are the same pound


@dataclass(frozen=True)
class Provenance:
    """Where a figure comes from: since when, from whom, how well it is known."""

    topic: str
    start: dt.date | None
    as_of: str
    evidence: Evidence
    weak: bool
    source: str
    note: str
    end: dt.date | None = None
    seen: dt.date | None = None

    def holds(self, on: dt.date) -> bool:
        """Say whether the figure is in force on a day."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)

    @property
    def checked(self) -> dt.date | None:
        """The day on which the figure was last looked at; None where it is undated.

        Law holds until it is changed, so a look at it counts (`seen`: the column `checked`, else
        `as_of` where that is a whole date); a rate of exchange, a rate card or a study ages from
        its own day.
        """
        if self.topic not in LAW or self.seen is None:
            return self.start
        return self.seen if self.start is None else max(self.seen, self.start)

    def review_due(self) -> dt.date | None:
        """Return the day from which the figure should be checked again; None where it is undated.

        That is the review interval after the last check, or the day after the row's last day where
        that comes first.
        """
        if self.checked is None:
            return None
        whole = self.checked.month - 1 + review_months()[self.topic]
        due = dt.date(self.checked.year + whole // 12, whole % 12 + 1, min(self.checked.day, 28))
        return due if self.end is None else min(due, self.end + dt.timedelta(days=1))

    def overdue(self, on: dt.date) -> bool:
        """Say whether the figure is past its review date on a day; an undated one always is.

        A figure that was assumed has no date to be past: it is marked as assumed instead.
        """
        if self.evidence == "assumed" and self.topic == "preset":
            return False
        due = self.review_due()
        return due is None or due < on


@dataclass(frozen=True)
class TaxRule:
    """Tax on consumer sales in one market: rate on the net price, and who remits it."""

    market: str
    country_en: str
    country_zh: str
    currency: str
    tax_name_en: str
    tax_name_zh: str
    rate: float
    price_includes_tax: bool | None
    marketplace_remits: str
    provenance: Provenance


@dataclass(frozen=True)
class DutyRow:
    """One duty of an importing country: which goods and origins, how it is charged, which lines are
    exempt.

    `layer` groups rows of which only one is due (the longest customs line wins); `name` is what a
    reader sees. `rate` a fraction, None where it was not found; `per` says what rate and amount
    mean (data/parameters/README.md).
    """

    importer: str
    origin: str
    customs_line: str
    layer: str
    name: str
    rate: float | None
    per: str
    amount: float | None
    currency: str
    limit: float | None
    limit_currency: str
    base: str
    exempt_lines: str
    unless_layer: str
    replaces: str
    provenance: Provenance

    @property
    def adds(self) -> bool:
        """Say whether the row is a plain share of the value that enters a sum of duties."""
        return self.rate is not None and self.per in ("ad_valorem", "ad_valorem_total_with_general")


@dataclass(frozen=True)
class ImportFee:
    """A fee at the border that is no duty; `role` says which input it fills: "entry_fee",
    "harbour", "clearance", "insurance" or "" (none).
    """

    importer: str
    fee: str
    role: str
    mode: str
    rate: float | None
    amount: float | None
    base: str
    minimum: float | None
    maximum: float | None
    currency: str
    per: str
    provenance: Provenance


@dataclass(frozen=True)
class CustomsLine:
    """How a product is classified in an importing country, and why."""

    product: str
    product_zh: str
    product_en: str
    material: str
    importer: str
    customs_line: str
    general_rate: float | None
    compound_rate: str
    provenance: Provenance


@dataclass(frozen=True)
class ComplianceItem:
    """What registering, representing, testing or insuring costs in a market, for goods of some
    customs lines.

    `when`: "sale" (whoever sells there), "stock" (who imports and stocks there), "own_shop_parcel",
    "instead" (in place of other rows) or "optional". One-off and monthly amounts in `currency`.
    """

    market: str
    item_zh: str
    item_en: str
    customs_line: str
    exempt_lines: str
    when: str
    platform: str
    one_off_low: float | None
    one_off_typical: float | None
    one_off_high: float | None
    monthly_low: float | None
    monthly_typical: float | None
    monthly_high: float | None
    currency: str
    provenance: Provenance


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


@dataclass(frozen=True)
class Payout:
    """Days until a marketplace pays out; the note says from which event."""

    platform: str
    market: str
    days_low: float | None
    days_typical: float | None
    days_high: float | None
    provenance: Provenance


@dataclass(frozen=True)
class Benchmark:
    """A typical range of a metric; several rows may answer one question as rival sources."""

    scope: str
    category: str
    market: str
    metric: str
    low: float | None
    typical: float | None
    high: float | None
    unit: str
    provenance: Provenance


@dataclass(frozen=True)
class Spread:
    """How much sellers differ in one figure: P10, middle and P90 of what `meaning` names."""

    metric: str
    scope: str
    market: str
    low: float
    typical: float
    high: float
    unit: str
    meaning: str
    provenance: Provenance

    @property
    def factor(self) -> float:
        """By what the middle is divided and multiplied to reach P10 and P90: the root of high /
        low.
        """
        return math.sqrt(self.high / self.low)


@dataclass(frozen=True)
class Prior:
    """Evidence for what a seller cannot supply: season, noise, retention, effects."""

    topic: str
    quantity: str
    scope: str
    low: float | None
    typical: float | None
    high: float | None
    unit: str
    meaning: str
    n: str
    provenance: Provenance


@dataclass(frozen=True)
class FxLevel:
    """CNY for one unit of a currency."""

    currency: str
    cny_per_unit: float
    provenance: Provenance


@dataclass(frozen=True)
class AgencyPrice:
    """What operators ask for one clause; `unit` a currency (a month), "CNY a year", "USD once", or
    the basis of a share ("gmv", "ad_spend").
    """

    clause: str
    service: str
    low: float | None
    typical: float | None
    high: float | None
    unit: str
    market: str
    provenance: Provenance


Rule = (
    TaxRule
    | DutyRow
    | ImportFee
    | CustomsLine
    | ComplianceItem
    | CommissionRule
    | PaymentFee
    | FulfilmentFee
    | SellerFee
    | FeeTax
    | Payout
    | Benchmark
    | Prior
    | FxLevel
    | AgencyPrice
    | Spread
)
R = TypeVar("R", bound=Rule)


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    text = (
        resources.files("funnel_sim")
        .joinpath("data", "parameters", f"{name}.csv")
        .read_text("utf-8")
    )
    return tuple(csv.DictReader(text.splitlines()))


@cache
def review_months() -> dict[str, int]:
    """Return, by topic, after how many months a figure should be looked at again."""
    return {row["topic"]: int(row["months"]) for row in _rows("review")}


@cache
def review_days() -> tuple[tuple[str, dt.date, str, str], ...]:
    """Return known days of change as (topic, day, what, source): the table must be looked at
    whatever its interval says.
    """
    return tuple(
        (row["topic"], dt.date.fromisoformat(row["day"]), row["what"], row["source"])
        for row in _rows("review_days")
    )


def _number(text: str) -> float | None:
    return float(text) if text.strip() else None


def _steps(text: str) -> tuple[tuple[float | None, float], ...]:
    parts = [step.split(":") for step in text.split(";") if step]
    return tuple((float(bound) if bound else None, float(value)) for bound, value in parts)


def _source(topic: str, row: dict[str, str]) -> Provenance:
    start, end, seen = (_day(row.get(name, "")) for name in ("start", "end", "checked"))
    evidence: Any = row["evidence"]
    return Provenance(
        topic,
        start,
        row["as_of"],
        evidence,
        row["weak"] == "true",
        row["source"],
        row["note"],
        end,
        seen or _day(row["as_of"]),
    )


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None


def _flag(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text)


@cache
def tax_rules() -> tuple[TaxRule, ...]:
    """Return every dated tax rule."""
    return tuple(
        TaxRule(
            r["market"],
            r["country_en"],
            r["country_zh"],
            r["currency"],
            r["tax_name_en"],
            r["tax_name_zh"],
            float(r["rate"]),
            _flag(r["price_includes_tax"]),
            r["marketplace_remits"],
            _source("tax", r),
        )
        for r in _rows("tax")
    )


@cache
def duty_rows() -> tuple[DutyRow, ...]:
    """Return every duty row, in force or not."""
    return tuple(
        DutyRow(
            r["importer"],
            r["origin"],
            r["customs_line"],
            r["layer"],
            r["name"],
            _number(r["rate"]),
            r["per"],
            _number(r["amount"]),
            r["currency"],
            _number(r["limit"]),
            r["limit_currency"],
            r["base"],
            r["exempt_lines"],
            r["unless_layer"],
            r["replaces"],
            _source("duty", r),
        )
        for r in _rows("duty")
    )


@cache
def import_fee_rows() -> tuple[ImportFee, ...]:
    """Return every import fee, in force or not."""
    return tuple(
        ImportFee(
            r["importer"],
            r["fee"],
            r["role"],
            r["mode"],
            _number(r["rate"]),
            _number(r["amount"]),
            r["base"],
            _number(r["minimum"]),
            _number(r["maximum"]),
            r["currency"],
            r["per"],
            _source("import_fees", r),
        )
        for r in _rows("import_fees")
    )


@cache
def customs_lines() -> tuple[CustomsLine, ...]:
    """Return every classification of a product."""
    return tuple(
        CustomsLine(
            r["product"],
            r["product_zh"],
            r["product_en"],
            r["material"],
            r["importer"],
            r["customs_line"],
            _number(r["general_rate"]),
            r["compound_rate"],
            _source("customs_line", r),
        )
        for r in _rows("customs_lines")
    )


@cache
def compliance_items() -> tuple[ComplianceItem, ...]:
    """Return every compliance item."""
    return tuple(
        ComplianceItem(
            r["market"],
            r["item_zh"],
            r["item_en"],
            r["customs_line"],
            r["exempt_lines"],
            r["when"],
            r["platform"],
            _number(r["one_off_low"]),
            _number(r["one_off_typical"]),
            _number(r["one_off_high"]),
            _number(r["monthly_low"]),
            _number(r["monthly_typical"]),
            _number(r["monthly_high"]),
            r["currency"],
            _source("compliance", r),
        )
        for r in _rows("compliance")
    )


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
            _steps(r["tiers"]),
            _number(r["minimum"]) or 0.0,
            _steps(r["fixed_bands"]) or ((None, 0.0),),
            r["per"],
            r["on_shipping"] == "true",
            r["on_tax"] == "true",
            r["before_discount"] == "true",
            _number(r["refund_kept_rate"]),
            _number(r["refund_kept_cap"]),
            _number(r["payment_rate"]),
            _number(r["payment_fixed"]),
            _number(r["subscription_month"]),
            r["currency"],
            _source("commission", r),
        )
        for r in _rows("commission")
    )


@cache
def payment_fees() -> tuple[PaymentFee, ...]:
    """Return every payment and collection fee."""
    return tuple(
        PaymentFee(
            r["provider"],
            r["region"],
            _number(r["rate"]),
            _number(r["cross_border_extra"]),
            _number(r["fixed"]),
            r["currency"],
            _number(r["fx_spread"]),
            _source("payment", r),
        )
        for r in _rows("payment")
    )


@cache
def fulfilment_fees() -> tuple[FulfilmentFee, ...]:
    """Return every fulfilment, storage and freight fee."""
    return tuple(
        FulfilmentFee(
            r["programme"],
            r["market"],
            r["size_tier"],
            _number(r["weight_upper_kg"]),
            float(r["fee"]),
            r["currency"],
            _source("fulfilment", r),
        )
        for r in _rows("fulfilment")
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
            _source("seller_fees", r),
        )
        for r in _rows("seller_fees")
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
            _source("tax_on_fees", r),
        )
        for r in _rows("tax_on_fees")
    )


@cache
def payouts() -> tuple[Payout, ...]:
    """Return every payout delay."""
    return tuple(
        Payout(
            r["platform"],
            r["market"],
            _number(r["days_low"]),
            _number(r["days_typical"]),
            _number(r["days_high"]),
            _source("payout", r),
        )
        for r in _rows("payout")
    )


@cache
def benchmarks() -> tuple[Benchmark, ...]:
    """Return every benchmark row."""
    return tuple(
        Benchmark(
            r["scope"],
            r["category"],
            r["market"],
            r["metric"],
            _number(r["low"]),
            _number(r["typical"]),
            _number(r["high"]),
            r["unit"],
            _source("benchmark", r),
        )
        for r in _rows("benchmarks")
    )


@cache
def spreads() -> tuple[Spread, ...]:
    """Return every spread between sellers."""
    return tuple(
        Spread(
            r["metric"],
            r["scope"],
            r["market"],
            float(r["low"]),
            float(r["typical"]),
            float(r["high"]),
            r["unit"],
            r["meaning"],
            _source("spread", r),
        )
        for r in _rows("spreads")
    )


def spread(metric: str, scopes: Sequence[str], market: str, on: dt.date) -> Spread | None:
    """Return how much sellers differ in a figure on a day: the first scope of which something is
    known, the market before ALL.

    None where nothing is known of any of the scopes by that day.

    >>> spread("cvr_visit_to_order", ["Amazon listing"], "DE", DATA_DATE).factor
    2.0
    """
    for scope in scopes:
        for place in (market, "ALL"):
            rows = [r for r in spreads() if (r.metric, r.scope, r.market) == (metric, scope, place)]
            started = [r for r in rows if r.provenance.start is None or r.provenance.start <= on]
            if started:
                return max(
                    started,
                    key=lambda r: (not r.provenance.weak, r.provenance.start or dt.date.min),
                )
    return None


@cache
def priors() -> tuple[Prior, ...]:
    """Return every prior."""
    return tuple(
        Prior(
            r["topic"],
            r["quantity"],
            r["scope"],
            _number(r["low"]),
            _number(r["typical"]),
            _number(r["high"]),
            r["unit"],
            r["meaning"],
            r["n"],
            _source("prior", r),
        )
        for r in _rows("priors")
    )


@cache
def agency_prices() -> tuple[AgencyPrice, ...]:
    """Return every published price of an operator or agency."""
    return tuple(
        AgencyPrice(
            r["clause"],
            r["service"],
            _number(r["low"]),
            _number(r["typical"]),
            _number(r["high"]),
            r["unit"],
            r["market"],
            _source("agency", r),
        )
        for r in _rows("agency_pricing")
    )


@cache
def fx_levels() -> tuple[FxLevel, ...]:
    """Return every exchange level."""
    return tuple(
        FxLevel(r["currency"], float(r["cny_per_unit"]), _source("fx", r)) for r in _rows("fx")
    )


def ask(rows: Iterable[R], on: dt.date, what: str) -> R:
    """Return the row in force on a day: the newest that had started by then and had not ended.

    `what` names the parameter in the message. Raises InputError where there is none, saying from
    which day there is one, or until which day there was.
    """
    every = list(rows)
    holding = [r for r in every if r.provenance.holds(on)]
    if holding:
        return max(holding, key=lambda r: r.provenance.start or dt.date.min)
    if not every:
        raise refuse(what, None, "no_parameter")
    later = [r.provenance.start for r in every if r.provenance.start and r.provenance.start > on]
    if later:
        raise refuse(what, on.isoformat(), "no_parameter_yet", first=min(later).isoformat())
    last = max(r.provenance.end for r in every if r.provenance.end)
    raise refuse(what, on.isoformat(), "no_parameter_more", last=last.isoformat())


def known(rows: Iterable[R], on: dt.date, what: str) -> R:
    """Return the evidence known on a day; before the first day of any, the earliest, whose note
    then says so.

    Raises InputError where there is no row at all.
    """
    every = list(rows)
    if any(r.provenance.holds(on) for r in every) or not every:
        return ask(every, on, what)
    first = min(every, key=lambda r: r.provenance.start or dt.date.min)
    source = first.provenance
    late = (
        f"Known from {source.start.isoformat() if source.start else '?'}, asked for"
        f" {on.isoformat()}: the earliest there is. {source.note}"
    )
    return replace(first, provenance=replace(source, note=late))


def tax(market: str, on: dt.date) -> TaxRule:
    """Return the tax rule of a market on a day.

    >>> [
    ...     tax("DE", dt.date.fromisoformat(day)).rate
    ...     for day in ("2020-06-30", "2020-07-01", "2021-01-01")
    ... ]
    [0.19, 0.16, 0.19]
    """
    return ask((r for r in tax_rules() if r.market == market), on, f"tax {market}")


def digits(line: str) -> str:
    """Return the digits of a customs line, however it is written.

    >>> digits("8507.60.0020"), digits("7323 93 00")
    ('8507600020', '73239300')
    """
    return "".join(c for c in line if c.isdigit())


def prefix_length(lines: str, line: str) -> int:
    """Return how many digits of a customs line the longest of some prefixes fixes; -1 where none
    fits.

    `lines` is "*" (every line) or prefixes separated by "|".

    >>> (
    ...     prefix_length("61|6104.63", "6104.63.2011"),
    ...     prefix_length("*", "9503"),
    ...     prefix_length("62", "6104"),
    ... )
    (6, 0, -1)
    """
    number = digits(line)
    return max(
        (
            len(digits(one))
            for one in lines.split("|")
            if one == "*" or (digits(one) and number.startswith(digits(one)))
        ),
        default=-1,
    )


def importers(market: str, on: dt.date) -> tuple[str, ...]:
    """Return under which names a market stands in the tables of customs: its own, and the customs
    union it belongs to.

    >>> importers("DE", DATA_DATE), importers("US", DATA_DATE)
    (('DE', 'EU'), ('US',))
    """
    unions = [
        r["importer"]
        for r in _rows("customs_unions")
        if r["market"] == market and _source("duty", r).holds(on)
    ]
    return (market, *unions)


_PARCELS = frozenset(
    {
        "parcel_tax",
        "parcel_vat",
        "parcel_tax_uncertified",
        "parcel_icms",
        "de_minimis_parcel",
        "handling_fee",
    }
)


def duties(
    importer: str, origin: str, line: str, on: dt.date, *, parcel: bool = False
) -> tuple[DutyRow, ...]:
    """Return the duties on goods of an origin and customs line in force on a day, one row a layer,
    the general rate first.

    Of one layer the row with the longest customs line is due, then the one that names the origin.
    Left out are exempt lines, a layer that another one lifts (`unless_layer`), lists whose lines
    are not known here (`ad_valorem_if_listed`), a preferential rate where there is a general one
    (it needs a proof of origin), and what only parcels to consumers meet; with `parcel` these alone
    are returned. Empty where nothing is known or due.

    >>> [(row.name, row.rate) for row in duties("US", "CN", "8507.60.0020", DATA_DATE)]
    [('General rate', 0.034), ('Section 301 four-year review', 0.25), ('Section 301 forced labour', 0.125)]
    """
    names = importers(importer, on)
    best: dict[str, tuple[tuple[int, bool, dt.date], DutyRow]] = {}
    for row in duty_rows():
        if (
            row.importer not in names
            or row.origin not in ("*", origin)
            or not row.provenance.holds(on)
            or row.per == "ad_valorem_if_listed"
        ):
            continue
        if (row.layer in _PARCELS) is not parcel:
            continue
        length = prefix_length(row.customs_line, line)
        if length < 0:
            continue
        rank = (length, row.origin != "*", row.provenance.start or dt.date.min)
        key = f"{row.layer} {row.per}" if parcel else f"{row.layer} {row.adds}"
        if key not in best or rank > best[key][0]:
            best[key] = (rank, row)
    found = [
        row
        for _, row in best.values()
        if not (row.exempt_lines and prefix_length(row.exempt_lines, line) >= 0)
    ]
    layers = [row.layer for row in found]
    due = [
        row
        for row in found
        if not (row.unless_layer and any(layer.startswith(row.unless_layer) for layer in layers))
    ]
    if any(row.layer == "general" and row.rate is not None for row in due):
        due = [row for row in due if row.layer != "preferential"]
    return tuple(
        sorted(
            due,
            key=lambda row: (
                row.layer != "general",
                row.provenance.start or dt.date.min,
                row.layer,
            ),
        )
    )


def added_rate(row: DutyRow, general: float) -> float:
    """Return the share of the value that a row adds to a general rate; 0 for a row that is no share
    of the value.

    A row that tops the general rate up to a total adds what is missing.
    """
    if not row.adds or row.rate is None:
        return 0.0
    return (
        max(0.0, round(row.rate - general, 6))
        if row.per == "ad_valorem_total_with_general"
        else row.rate
    )


def duty_total(rows: Iterable[DutyRow]) -> float:
    """Return the sum of the general rate and of all layers that are shares of the value.

    >>> duty_total(duties("US", "CN", "9503.00.0073", DATA_DATE))
    0.125
    """
    every = list(rows)
    general = sum(
        row.rate or 0.0 for row in every if row.layer in ("general", "preferential") and row.adds
    )
    return round(
        general
        + sum(
            added_rate(row, general)
            for row in every
            if row.layer not in ("general", "preferential")
        ),
        6,
    )


def import_fees(importer: str, on: dt.date) -> tuple[ImportFee, ...]:
    """Return the fees at the border of a country in force on a day, those of every country
    included.

    >>> [
    ...     (fee.minimum, fee.maximum)
    ...     for fee in import_fees("US", DATA_DATE)
    ...     if fee.fee == "merchandise_processing_fee"
    ... ]
    [(34.58, 670.86)]
    """
    names = (*importers(importer, on), "*")
    return tuple(
        row for row in import_fee_rows() if row.importer in names and row.provenance.holds(on)
    )


def customs_line(product: str, importer: str, on: dt.date) -> CustomsLine:
    """Return how a product is classified in a country on a day.

    >>> customs_line("power_bank", "US", DATA_DATE).customs_line
    '8507.60.0020'
    """
    names = importers(importer, on)
    return ask(
        (r for r in customs_lines() if r.product == product and r.importer in names),
        on,
        f"customs line {product} {importer}",
    )


def compliance(market: str, on: dt.date) -> tuple[ComplianceItem, ...]:
    """Return what compliance may cost in a market on a day, its customs union included."""
    names = importers(market, on)
    return tuple(
        row for row in compliance_items() if row.market in names and row.provenance.holds(on)
    )


def commission(platform: str, market: str, category: str, on: dt.date) -> CommissionRule:
    """Return the fee table of a platform, market and category on a day."""
    found = (
        r
        for r in commission_rules()
        if (r.platform, r.market, r.category) == (platform, market, category)
    )
    return ask(found, on, f"commission {platform} {market} {category}")


def category_words(platform: str, category: str) -> Words:
    """Return a fee category's name in both languages; as it stands where the table does not know
    it.
    """
    row = next(
        (r for r in commission_rules() if (r.platform, r.category) == (platform, category)), None
    )
    return Words(row.category_zh, row.category) if row else Words(category, category)


def country_words(market: str) -> Words:
    """Return a market's name in both languages; its code where the tax table does not know it."""
    row = next((r for r in tax_rules() if r.market == market), None)
    return Words(row.country_zh, row.country_en) if row else Words(market, market)


def payment(provider: str, region: str, on: dt.date) -> PaymentFee:
    """Return the fee of a payment provider in a region on a day."""
    return ask(
        (r for r in payment_fees() if (r.provider, r.region) == (provider, region)),
        on,
        f"payment {provider} {region}",
    )


def fulfilment(
    programme: str, size_tier: str, weight_kg: float | None, on: dt.date
) -> FulfilmentFee:
    """Return the fee of the lightest weight step of a size tier that still holds the weight (kg).

    Without a weight, the tier must have one row. Raises InputError where no step holds it.
    """
    what = f"fulfilment {programme} {size_tier}"
    return ask(_of_weight(programme, size_tier, weight_kg, what), on, what)


def fulfilment_by_month(
    programme: str, size_tier: str, weight_kg: float | None, on: dt.date
) -> tuple[tuple[float, ...], FulfilmentFee]:
    """Return the fee in January … December of the plan's year (day-weighted where it changes within
    a month), and the row outside the season.

    The year is the twelve months that begin with `first_month(on)`. A row that holds for less than
    half a year is a season (holiday peak): where no newer one is known it is taken to come again on
    the same days of the next year. A size tier whose name holds "Jan-Sep" has its fee of the last
    quarter in the row that says "Oct-Dec". Currency of the row. Raises InputError where no row
    holds the weight, or none is in force.
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
    """Return the fee in force on a day, seasons of less than half a year left out."""
    what = f"fulfilment {programme} {size_tier}"
    return ask(
        (row for row in _of_weight(programme, size_tier, weight_kg, what) if not _is_season(row)),
        on,
        what,
    )


def day_asked(on: dt.date) -> dt.date:
    """Return a day for which figures may be asked; raises InputError for one outside `YEARS`.

    >>> day_asked(dt.date(2026, 11, 22))
    datetime.date(2026, 11, 22)
    """
    if not YEARS[0] <= on.year <= YEARS[1]:
        raise refuse("as_of", on.isoformat(), "date_far", first=YEARS[0], last=YEARS[1])
    return on


def first_month(on: dt.date) -> dt.date:
    """Return the first day of the first whole calendar month from a day on: the plan's month 1.

    >>> first_month(dt.date(2026, 11, 22)), first_month(dt.date(2026, 12, 1))
    (datetime.date(2026, 12, 1), datetime.date(2026, 12, 1))
    """
    if on.day == 1:
        return on
    return dt.date(on.year + on.month // 12, on.month % 12 + 1, 1)


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

    >>> [
    ...     (fee.basis, fee.rate)
    ...     for fee in seller_fees("Amazon", "IT", "CN", DATA_DATE)
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


def fx(currency: str, on: dt.date) -> FxLevel:
    """Return the level of CNY per unit of a currency on a day."""
    return ask((r for r in fx_levels() if r.currency == currency), on, f"fx {currency}")


def exchange(one: str, other: str, on: dt.date) -> float:
    """Return what one unit of a currency is in another on a day."""
    return 1.0 if one == other else fx(one, on).cny_per_unit / fx(other, on).cny_per_unit


def benchmark(scope: str, category: str, market: str, metric: str, on: dt.date) -> Benchmark:
    """Return the best benchmark row: not weak before weak, then the newest."""
    rows = [
        b
        for b in benchmarks()
        if (b.scope, b.category, b.market, b.metric) == (scope, category, market, metric)
    ]
    strong = [b for b in rows if not b.provenance.weak]
    return ask(strong or rows, on, f"benchmark {scope} {category} {market} {metric}")


def prior(topic: str, quantity: str, scope_start: str, on: dt.date = DATA_DATE) -> Prior:
    """Return the prior of a quantity whose scope begins with the given words, as it was known on a
    day.

    A study that came later than the day stands in where there is no other, and its note says so.
    """
    rows = [
        row
        for row in priors()
        if (row.topic, row.quantity) == (topic, quantity) and row.scope.startswith(scope_start)
    ]
    if not rows:
        raise refuse(f"prior {topic} {quantity}", scope_start, "no_parameter")
    return known(
        (row for row in rows if row.scope == rows[0].scope), on, f"prior {topic} {quantity}"
    )


def prior_at(reference: Sequence[str], on: dt.date = DATA_DATE) -> Prior:
    """Return the prior that a data file names as topic, quantity and scope."""
    topic, quantity, scope = reference
    return prior(topic, quantity, scope, on)


def prices_on(on: dt.date = DATA_DATE) -> tuple[AgencyPrice, ...]:
    """Return every published price of an operator or agency as it was known on a day, one row a
    clause, service, market and source.
    """
    groups: dict[tuple[str, str, str, str, str], list[AgencyPrice]] = {}
    for row in agency_prices():
        groups.setdefault(
            (row.clause, row.service, row.market, row.unit, row.provenance.source), []
        ).append(row)
    return tuple(known(rows, on, f"agency {key[0]} {key[1]}") for key, rows in groups.items())


def payout(platform: str, market: str, on: dt.date = DATA_DATE) -> Payout:
    """Return the days until a marketplace pays out, as they were known on a day."""
    return known(
        (r for r in payouts() if (r.platform, r.market) == (platform, market)),
        on,
        f"payout {platform} {market}",
    )


def middle(low: float | None, typical: float | None, high: float | None) -> float:
    """Return the typical value, or the middle of the range, or its only end."""
    if typical is not None:
        return typical
    ends = [e for e in (low, high) if e is not None]
    return sum(ends) / len(ends)


def first_source(sources: Sequence[str] | str) -> str:
    """Return the main address of a source that lists several, separated by ' ; '."""
    text = sources if isinstance(sources, str) else " ; ".join(sources)
    first = text.split(" ; ")[0]
    return first.split(" and ")[0] if first.startswith("http") else first
