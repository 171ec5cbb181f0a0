"""Dated, sourced parameters: tax, commission, payment, fulfilment, payout, benchmarks, priors, FX.

Every figure carries the date from which it is known to hold, the last day where it ends, its source and the kind of evidence.
Ask for it by date: the newest row in force that day (start <= day <= end) is the answer; a row without a start is
older than every dated one. Nothing here knows what day it is today.
"""

import calendar
import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, TypeVar

from funnel_sim.errors import refuse
from funnel_sim.words import Words

Evidence = Literal["published", "transcribed", "measured", "derived", "secondary", "claim", "assumed"]
DATA_DATE = dt.date(2026, 11, 22)
"""The day up to which the parameters were gathered; the date asked for where none is given."""


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

    def holds(self, on: dt.date) -> bool:
        """Say whether the figure is in force on a day."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)

    def review_due(self) -> dt.date | None:
        """Return the day from which the figure should be checked again; None where it is undated."""
        if self.start is None:
            return None
        whole = self.start.month - 1 + review_months()[self.topic]
        return dt.date(self.start.year + whole // 12, whole % 12 + 1, min(self.start.day, 28))

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

    `basis` says what `rate` (a fraction) is a share of: "commission" and "fulfilment" of these fees, "sales" of the price.
    `seller_seat` is a country code or "any".
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

    `charged` is "added" to the published fee, "included" in it, or "none"; `recovered` is "yes", "no", or "registered" (by a seller
    registered for the market's tax).
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
class Prior:
    """Evidence for what a seller cannot supply: season, noise, duty, retention, effects."""

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
    """What operators ask for one clause; `unit` a currency (a month), "CNY a year", "USD once", or the basis of a share ("gmv", "ad_spend")."""

    clause: str
    service: str
    low: float | None
    typical: float | None
    high: float | None
    unit: str
    market: str
    provenance: Provenance


Rule = TaxRule | CommissionRule | PaymentFee | FulfilmentFee | SellerFee | FeeTax | Payout | Benchmark | Prior | FxLevel
R = TypeVar("R", bound=Rule)


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    text = resources.files("funnel_sim").joinpath("data", "parameters", f"{name}.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def review_months() -> dict[str, int]:
    """Return, by topic, after how many months a figure should be looked at again."""
    return {row["topic"]: int(row["months"]) for row in _rows("review")}


def _number(text: str) -> float | None:
    return float(text) if text.strip() else None


def _steps(text: str) -> tuple[tuple[float | None, float], ...]:
    parts = [step.split(":") for step in text.split(";") if step]
    return tuple((float(bound) if bound else None, float(value)) for bound, value in parts)


def _source(topic: str, row: dict[str, str]) -> Provenance:
    start, end = (dt.date.fromisoformat(day) if day else None for day in (row["start"], row.get("end", "")))
    evidence: Any = row["evidence"]
    return Provenance(topic, start, row["as_of"], evidence, row["weak"] == "true", row["source"], row["note"], end)


def _flag(text: str) -> bool | None:
    return {"true": True, "false": False}.get(text)


@cache
def tax_rules() -> tuple[TaxRule, ...]:
    """Return every dated tax rule."""
    return tuple(
        TaxRule(
            r["market"], r["country_en"], r["country_zh"], r["currency"], r["tax_name_en"], r["tax_name_zh"], float(r["rate"]),
            _flag(r["price_includes_tax"]), r["marketplace_remits"], _source("tax", r),
        )
        for r in _rows("tax")
    )  # fmt: skip


@cache
def commission_rules() -> tuple[CommissionRule, ...]:
    """Return every commission rule."""
    return tuple(
        CommissionRule(
            r["platform"], r["market"], r["category"], r["category_zh"], r["mode"], _steps(r["tiers"]), _number(r["minimum"]) or 0.0,
            _steps(r["fixed_bands"]) or ((None, 0.0),), r["per"], r["on_shipping"] == "true", r["on_tax"] == "true",
            r["before_discount"] == "true", _number(r["refund_kept_rate"]), _number(r["refund_kept_cap"]),
            _number(r["payment_rate"]), _number(r["payment_fixed"]), _number(r["subscription_month"]), r["currency"],
            _source("commission", r),
        )
        for r in _rows("commission")
    )  # fmt: skip


@cache
def payment_fees() -> tuple[PaymentFee, ...]:
    """Return every payment and collection fee."""
    return tuple(
        PaymentFee(
            r["provider"], r["region"], _number(r["rate"]), _number(r["cross_border_extra"]), _number(r["fixed"]), r["currency"],
            _number(r["fx_spread"]), _source("payment", r),
        )
        for r in _rows("payment")
    )  # fmt: skip


@cache
def fulfilment_fees() -> tuple[FulfilmentFee, ...]:
    """Return every fulfilment, storage and freight fee."""
    return tuple(
        FulfilmentFee(
            r["programme"], r["market"], r["size_tier"], _number(r["weight_upper_kg"]), float(r["fee"]), r["currency"],
            _source("fulfilment", r),
        )
        for r in _rows("fulfilment")
    )  # fmt: skip


@cache
def seller_fee_rows() -> tuple[SellerFee, ...]:
    """Return every fee by the country of the seller, in force or not."""
    return tuple(
        SellerFee(r["fee"], r["platform"], r["market"], r["seller_seat"], r["basis"], float(r["rate"]), _source("seller_fees", r))
        for r in _rows("seller_fees")
    )


@cache
def fee_tax_rows() -> tuple[FeeTax, ...]:
    """Return every tax on fees, in force or not."""
    return tuple(
        FeeTax(
            r["platform"], r["market"], r["kind"], r["seller_seat"], r["tax"], float(r["rate"]), r["charged"], r["recovered"], _source("tax_on_fees", r),
        )
        for r in _rows("tax_on_fees")
    )  # fmt: skip


@cache
def payouts() -> tuple[Payout, ...]:
    """Return every payout delay."""
    return tuple(
        Payout(
            r["platform"], r["market"], _number(r["days_low"]), _number(r["days_typical"]), _number(r["days_high"]),
            _source("payout", r),
        )
        for r in _rows("payout")
    )  # fmt: skip


@cache
def benchmarks() -> tuple[Benchmark, ...]:
    """Return every benchmark row."""
    return tuple(
        Benchmark(
            r["scope"], r["category"], r["market"], r["metric"], _number(r["low"]), _number(r["typical"]), _number(r["high"]),
            r["unit"], _source("benchmark", r),
        )
        for r in _rows("benchmarks")
    )  # fmt: skip


@cache
def priors() -> tuple[Prior, ...]:
    """Return every prior."""
    return tuple(
        Prior(
            r["topic"], r["quantity"], r["scope"], _number(r["low"]), _number(r["typical"]), _number(r["high"]), r["unit"],
            r["meaning"], r["n"], _source("prior", r),
        )
        for r in _rows("priors")
    )  # fmt: skip


@cache
def agency_prices() -> tuple[AgencyPrice, ...]:
    """Return every published price of an operator or agency."""
    return tuple(
        AgencyPrice(
            r["clause"], r["service"], _number(r["low"]), _number(r["typical"]), _number(r["high"]), r["unit"], r["market"],
            _source("agency", r),
        )
        for r in _rows("agency_pricing")
    )  # fmt: skip


@cache
def fx_levels() -> tuple[FxLevel, ...]:
    """Return every exchange level."""
    return tuple(FxLevel(r["currency"], float(r["cny_per_unit"]), _source("fx", r)) for r in _rows("fx"))


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


def tax(market: str, on: dt.date) -> TaxRule:
    """Return the tax rule of a market on a day.

    >>> [tax("DE", dt.date.fromisoformat(day)).rate for day in ("2020-06-30", "2020-07-01", "2021-01-01")]
    [0.19, 0.16, 0.19]
    """
    return ask((r for r in tax_rules() if r.market == market), on, f"tax {market}")


def commission(platform: str, market: str, category: str, on: dt.date) -> CommissionRule:
    """Return the fee table of a platform, market and category on a day."""
    found = (r for r in commission_rules() if (r.platform, r.market, r.category) == (platform, market, category))
    return ask(found, on, f"commission {platform} {market} {category}")


def category_words(platform: str, category: str) -> Words:
    """Return a fee category's name in both languages; as it stands where the table does not know it."""
    row = next((r for r in commission_rules() if (r.platform, r.category) == (platform, category)), None)
    return Words(row.category_zh, row.category) if row else Words(category, category)


def country_words(market: str) -> Words:
    """Return a market's name in both languages; its code where the tax table does not know it."""
    row = next((r for r in tax_rules() if r.market == market), None)
    return Words(row.country_zh, row.country_en) if row else Words(market, market)


def payment(provider: str, region: str, on: dt.date) -> PaymentFee:
    """Return the fee of a payment provider in a region on a day."""
    return ask((r for r in payment_fees() if (r.provider, r.region) == (provider, region)), on, f"payment {provider} {region}")


def fulfilment(programme: str, size_tier: str, weight_kg: float | None, on: dt.date) -> FulfilmentFee:
    """Return the fee of the lightest weight step of a size tier that still holds the weight (kg).

    Without a weight, the tier must have one row. Raises InputError where no step holds it.
    """
    what = f"fulfilment {programme} {size_tier}"
    return ask(_of_weight(programme, size_tier, weight_kg, what), on, what)


def fulfilment_by_month(programme: str, size_tier: str, weight_kg: float | None, on: dt.date) -> tuple[tuple[float, ...], FulfilmentFee]:
    """Return the fee in January … December of the plan's year (day-weighted where it changes within a month), and the row outside the season.

    The year is the twelve months that begin with `first_month(on)`. A row that holds for less than half a year is a season
    (holiday peak): where no newer one is known it is taken to come again on the same days of the next year. A size tier whose
    name holds "Jan-Sep" has its fee of the last quarter in the row that says "Oct-Dec". Currency of the row.
    Raises InputError where no row holds the weight, or none is in force.
    """
    what = f"fulfilment {programme} {size_tier}"
    fees, plain = [0.0] * 12, fulfilment_outside_season(programme, size_tier, weight_kg, on)
    start = first_month(on)
    for place in range(12):
        year, month = start.year + (start.month - 1 + place) // 12, (start.month - 1 + place) % 12 + 1
        tier = size_tier.replace("Jan-Sep", "Oct-Dec") if month >= _LAST_QUARTER else size_tier
        rows = _of_weight(programme, tier, weight_kg, what)
        days = calendar.monthrange(year, month)[1]
        fees[month - 1] = sum(_on_day(rows, dt.date(year, month, day), what).fee for day in range(1, days + 1)) / days
    return tuple(fees), plain


def fulfilment_outside_season(programme: str, size_tier: str, weight_kg: float | None, on: dt.date) -> FulfilmentFee:
    """Return the fee in force on a day, seasons of less than half a year left out."""
    what = f"fulfilment {programme} {size_tier}"
    return ask((row for row in _of_weight(programme, size_tier, weight_kg, what) if not _is_season(row)), on, what)


def first_month(on: dt.date) -> dt.date:
    """Return the first day of the first whole calendar month from a day on: the plan's month 1.

    >>> first_month(dt.date(2026, 11, 22)), first_month(dt.date(2026, 12, 1))
    (datetime.date(2026, 12, 1), datetime.date(2026, 12, 1))
    """
    if on.day == 1:
        return on
    return dt.date(on.year + on.month // 12, on.month % 12 + 1, 1)


def _of_weight(programme: str, size_tier: str, weight_kg: float | None, what: str) -> list[FulfilmentFee]:
    tier = [r for r in fulfilment_fees() if (r.programme, r.size_tier) == (programme, size_tier)]
    if weight_kg is None:
        return tier
    holding = [r for r in tier if r.weight_upper_kg is not None and r.weight_upper_kg >= weight_kg - _A_GRAM]
    if not holding:
        raise refuse(f"{what} {weight_kg:g} kg", None, "no_parameter")
    lightest = min(r.weight_upper_kg for r in holding if r.weight_upper_kg is not None)
    return [r for r in holding if r.weight_upper_kg is not None and r.weight_upper_kg - lightest < _A_GRAM]


def _is_season(row: FulfilmentFee) -> bool:
    start, end = row.provenance.start, row.provenance.end
    return start is not None and end is not None and (end - start).days < _HALF_A_YEAR


def _on_day(rows: Sequence[FulfilmentFee], day: dt.date, what: str) -> FulfilmentFee:
    seasons = [row for row in rows if _is_season(row)]
    a_year_before = day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)  # noqa: PLR2004
    for asked in (day, a_year_before):
        if any(row.provenance.holds(asked) for row in seasons):
            return ask(seasons, asked, what)
    return ask((row for row in rows if not _is_season(row)), day, what)


def seller_fees(platform: str, market: str, seat: str, on: dt.date) -> tuple[SellerFee, ...]:
    """Return the fees that a platform adds for sellers of a country in a market on a day.

    >>> [(fee.basis, fee.rate) for fee in seller_fees("Amazon", "IT", "CN", DATA_DATE) if fee.fee == "digital services fee"]
    [('commission', 0.02)]
    """
    return tuple(
        row
        for row in seller_fee_rows()
        if row.platform == platform and row.market in (market, "ALL") and row.seller_seat in (seat, "any") and row.provenance.holds(on)
    )


def fee_tax(platform: str, market: str, seat: str, kind: str, on: dt.date) -> FeeTax | None:
    """Return the tax on a kind of fee for sellers of a country on a day; None where nothing is known."""
    rows = [
        row
        for row in fee_tax_rows()
        if (row.platform, row.kind) == (platform, kind)
        and row.market in (market, "ALL")
        and row.seller_seat in (seat, "any")
        and row.provenance.holds(on)
    ]
    return max(rows, key=lambda row: (row.seller_seat == seat, row.provenance.start or dt.date.min), default=None)


def fx(currency: str, on: dt.date) -> FxLevel:
    """Return the level of CNY per unit of a currency on a day."""
    return ask((r for r in fx_levels() if r.currency == currency), on, f"fx {currency}")


def exchange(one: str, other: str, on: dt.date) -> float:
    """Return what one unit of a currency is in another on a day."""
    return 1.0 if one == other else fx(one, on).cny_per_unit / fx(other, on).cny_per_unit


def benchmark(scope: str, category: str, market: str, metric: str, on: dt.date) -> Benchmark:
    """Return the best benchmark row: not weak before weak, then the newest."""
    rows = [b for b in benchmarks() if (b.scope, b.category, b.market, b.metric) == (scope, category, market, metric)]
    strong = [b for b in rows if not b.provenance.weak]
    return ask(strong or rows, on, f"benchmark {scope} {category} {market} {metric}")


def prior(topic: str, quantity: str, scope_start: str) -> Prior:
    """Return the prior of a quantity whose scope begins with the given words."""
    for row in priors():
        if (row.topic, row.quantity) == (topic, quantity) and row.scope.startswith(scope_start):
            return row
    raise refuse(f"prior {topic} {quantity}", scope_start, "no_parameter")


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
