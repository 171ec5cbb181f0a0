"""What has to be looked at again, and when: every figure in force with its review date, and what a
scenario's own day says of the data it rests on.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from funnel_sim.errors import InputError
from funnel_sim.reference import (
    cash_terms,
    customs,
    exchange_rates,
    payouts,
    platform_fees,
    provenance,
    studies,
)
from funnel_sim.reference.cash_terms import AdsBilling, CashTerm, Filing, Transit
from funnel_sim.reference.customs import ComplianceItem, CustomsLine, DutyRow, ImportFee, TaxRule
from funnel_sim.reference.exchange_rates import FxLevel
from funnel_sim.reference.payouts import Payout
from funnel_sim.reference.platform_fees import (
    CommissionRule,
    FeeTax,
    FulfilmentFee,
    PaymentFee,
    SellerFee,
)
from funnel_sim.reference.provenance import DATA_DATE, LAW
from funnel_sim.reference.studies import AgencyPrice, Benchmark, Prior, Spread
from funnel_sim.scenario.origins import origin_of
from funnel_sim.scenario.preset_parts.border import duty_of
from funnel_sim.scenario.presets import origins
from funnel_sim.scenario.scenario import Scenario

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
    | Filing
    | AdsBilling
    | Transit
    | CashTerm
    | Benchmark
    | Prior
    | FxLevel
    | AgencyPrice
    | Spread
)
"""A row of any table of figures."""

TABLES: dict[str, Callable[[], tuple[Any, ...]]] = {
    "tax": customs.tax_rules,
    "duty": customs.duty_rows,
    "import_fees": customs.import_fee_rows,
    "customs_line": customs.customs_lines,
    "compliance": customs.compliance_items,
    "commission": platform_fees.commission_rules,
    "payment": platform_fees.payment_fees,
    "fulfilment": platform_fees.fulfilment_fees,
    "payout": payouts.payouts,
    "benchmark": studies.benchmarks,
    "prior": studies.priors,
    "agency": studies.agency_prices,
    "fx": exchange_rates.fx_levels,
    "spread": studies.spreads,
    "seller_fees": platform_fees.seller_fee_rows,
    "tax_on_fees": platform_fees.fee_tax_rows,
    "filing": cash_terms.filings,
    "ads_billing": cash_terms.ads_billings,
    "transit": cash_terms.transits,
    "cash_terms": cash_terms.cash_terms,
}
"""Every table of the parameters by topic, in the order in which they are shown."""
_WHAT = {
    "tax": ("market",),
    "duty": ("importer", "origin", "customs_line", "name", "per"),
    "import_fees": ("importer", "fee", "mode"),
    "customs_line": ("product", "importer", "customs_line"),
    "compliance": ("market", "item_en"),
    "commission": ("platform", "market", "category"),
    "payment": ("provider", "region"),
    "fulfilment": ("programme", "market", "size_tier", "weight_upper_kg"),
    "payout": ("platform", "market", "sellers"),
    "benchmark": ("scope", "category", "market", "metric"),
    "prior": ("topic", "quantity", "scope"),
    "agency": ("clause", "service", "market"),
    "fx": ("currency",),
    "spread": ("metric", "scope", "market"),
    "seller_fees": ("fee", "platform", "market", "seller_seat", "basis"),
    "tax_on_fees": ("platform", "market", "kind", "seller_seat"),
    "filing": ("market",),
    "ads_billing": ("provider",),
    "transit": ("origin", "market", "mode"),
    "cash_terms": ("term", "party"),
}
_VALUE = {
    "tax": ("rate",),
    "duty": ("rate", "amount", "limit"),
    "import_fees": ("rate", "amount"),
    "customs_line": ("general_rate",),
    "compliance": ("one_off_typical", "monthly_typical"),
    "commission": ("tiers",),
    "payment": ("rate", "fixed"),
    "fulfilment": ("fee",),
    "payout": ("counted_from", "hold_days", "cycle", "bank_days"),
    "benchmark": ("typical", "low", "high"),
    "prior": ("typical", "low", "high"),
    "agency": ("typical", "low", "high"),
    "fx": ("cny_per_unit",),
    "spread": ("typical", "low", "high"),
    "seller_fees": ("rate",),
    "tax_on_fees": ("rate",),
    "filing": ("months", "due_days"),
    "ads_billing": ("billing", "prepaid_days", "threshold"),
    "transit": ("days_low", "days_typical", "days_high"),
    "cash_terms": ("low", "typical", "high"),
}


@dataclass(frozen=True)
class DataCheck:
    """A figure to look at again: `due` None where it is undated, `value` as it stands in the table,
    "" for a day that is only to be kept in mind.
    """

    topic: str
    what: str
    value: str
    since: dt.date | None
    due: dt.date | None
    source: str


def _shown(item: Rule, names: tuple[str, ...], between: str) -> str:
    parts = []
    for name in names:
        value = getattr(item, name)
        if isinstance(value, tuple):
            value = "; ".join(f"{step[1]:g}" for step in value)
        if value not in (None, ""):
            parts.append(f"{value:g}" if isinstance(value, float) else str(value))
    return between.join(parts)


@cache
def due(on: dt.date = DATA_DATE) -> tuple[DataCheck, ...]:
    """Return every figure in force on a day, the soonest to be checked first, undated ones last.

    Of several rows for one thing the newest counts. Known days of change (review_days.csv) of the
    year before and all later ones stand among them.

    >>> next((one.topic, one.due.isoformat()) for one in due() if one.topic in LAW)
    ('compliance', '2026-08-12')
    """
    found = []
    for topic, table in TABLES.items():
        newest: dict[str, Any] = {}
        for item in table():
            key = _shown(item, _WHAT[topic], " · ")
            start = item.provenance.start or dt.date.min
            if item.provenance.holds(on) and (
                key not in newest or start >= (newest[key].provenance.start or dt.date.min)
            ):
                newest[key] = item
        for key, item in newest.items():
            source = item.provenance
            found.append(
                DataCheck(
                    topic,
                    key,
                    _shown(item, _VALUE[topic], " / "),
                    source.start,
                    source.review_due(),
                    provenance.first_source(source.source),
                )
            )
    found += [
        DataCheck(topic, what, "", None, day, source)
        for topic, day, what, source in provenance.review_days()
        if (on - day).days <= 365
    ]
    return tuple(
        sorted(
            found, key=lambda one: (one.due is None, one.due or dt.date.max, one.topic, one.what)
        )
    )


@dataclass(frozen=True)
class Aged:
    """What the day of a scenario says of its data: `past` the day is after the last check, `late`
    law-like fields past their review, the duty of its preset then and now.
    """

    past: bool
    late: tuple[str, ...]
    duty_then: float | None
    duty_now: float | None

    @property
    def said(self) -> bool:
        """Say whether there is anything to tell."""
        return self.past or bool(self.late) or self.duty_then is not None


def aged(scenario: Scenario) -> Aged:
    """Return what a scenario's day says of the data it rests on; values the user typed are the
    user's.

    The duty is that of its preset on the scenario's own day and on `DATA_DATE`, both as shares of
    the value they are charged on; None where they are the same.
    """
    late = tuple(_late(scenario))
    then = now = None
    if scenario.preset:
        then, now = (_duty(scenario.preset, day) for day in (scenario.as_of, DATA_DATE))
        if then is None or now is None or abs(then - now) < 1e-9:
            then = now = None
    return Aged(scenario.as_of > DATA_DATE, late, then, now)


def _late(scenario: Scenario) -> Iterator[str]:
    if not scenario.preset:
        return
    try:
        known = origins(scenario.preset, scenario.as_of)
    except InputError:
        return
    for path, source in known.items():
        if (
            source.topic in LAW
            and source.checked is not None
            and source.overdue(scenario.as_of)
            and origin_of(scenario, path).kind != "yours"
        ):
            yield path


@cache
def _duty(name: str, on: dt.date) -> float | None:
    try:
        found = duty_of(name, on)
    except (InputError, KeyError):
        return None
    return found.general + sum(layer.rate for layer in found.layers)
