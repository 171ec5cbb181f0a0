"""Dated, sourced parameters: tax, commission, payment, fulfilment, payout, benchmarks, priors, FX.

Every figure carries the date from which it is known to hold, its source and the kind of evidence.
Ask for it by date: the newest row that had started by then is the answer; a row without a date is
older than every dated one. Nothing here knows what day it is today.
"""

import csv
import datetime as dt
import math
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
        """By what the middle is divided and multiplied to reach P10 and P90: the root of high / low."""
        return math.sqrt(self.high / self.low)


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


Rule = TaxRule | CommissionRule | PaymentFee | FulfilmentFee | Payout | Benchmark | Prior | FxLevel | Spread
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
    start = dt.date.fromisoformat(row["start"]) if row["start"] else None
    evidence: Any = row["evidence"]
    return Provenance(topic, start, row["as_of"], evidence, row["weak"] == "true", row["source"], row["note"])


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
def spreads() -> tuple[Spread, ...]:
    """Return every spread between sellers."""
    return tuple(
        Spread(
            r["metric"], r["scope"], r["market"], float(r["low"]), float(r["typical"]), float(r["high"]), r["unit"], r["meaning"],
            _source("spread", r),
        )
        for r in _rows("spreads")
    )  # fmt: skip


def spread(metric: str, scopes: Sequence[str], market: str, on: dt.date) -> Spread | None:
    """Return how much sellers differ in a figure on a day: the first scope of which something is known, the market before ALL.

    None where nothing is known of any of the scopes by that day.

    >>> spread("cvr_visit_to_order", ["Amazon listing"], "DE", DATA_DATE).factor
    2.0
    """
    for scope in scopes:
        for place in (market, "ALL"):
            rows = [r for r in spreads() if (r.metric, r.scope, r.market) == (metric, scope, place)]
            started = [r for r in rows if r.provenance.start is None or r.provenance.start <= on]
            if started:
                return max(started, key=lambda r: (not r.provenance.weak, r.provenance.start or dt.date.min))
    return None


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
    """Return the row in force on a day: the newest that had started by then.

    `what` names the parameter in the message. Raises InputError where there is none, saying from
    which day there is one.
    """
    every = list(rows)
    started = [r for r in every if r.provenance.start is None or r.provenance.start <= on]
    if started:
        return max(started, key=lambda r: r.provenance.start or dt.date.min)
    if not every:
        raise refuse(what, None, "no_parameter")
    first = min(r.provenance.start for r in every if r.provenance.start)
    raise refuse(what, on.isoformat(), "no_parameter_yet", first=first.isoformat())


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
    tier = [r for r in fulfilment_fees() if (r.programme, r.size_tier) == (programme, size_tier)]
    if weight_kg is None:
        return ask(tier, on, what)
    holding = [r for r in tier if r.weight_upper_kg is not None and r.weight_upper_kg >= weight_kg]
    lightest = min((r.weight_upper_kg for r in holding if r.weight_upper_kg), default=0.0)
    return ask((r for r in holding if r.weight_upper_kg == lightest), on, f"{what} {weight_kg:g} kg")


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
