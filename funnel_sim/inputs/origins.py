"""Where the value of a field comes from, and what is typical for it.

The screen, the method page and every export ask here: `origin_of` says preset's source, changed by
the user, or neutral default; `typical` gives the benchmark range that fits platform and category.
"""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

from funnel_sim.errors import InputError
from funnel_sim.inputs import parameters
from funnel_sim.inputs.parameters import Benchmark, Provenance
from funnel_sim.inputs.presets import origins, preset
from funnel_sim.inputs.scenario import Scenario


@dataclass(frozen=True)
class Origin:
    """`kind`: "source" (a dated figure), "assumed" (by the preset), "yours", or "default" (neutral)."""

    kind: Literal["source", "assumed", "yours", "default"]
    provenance: Provenance | None
    preset_value: object = None


@dataclass(frozen=True)
class Typical:
    """A typical range of a field, in the field's own unit, and the row it rests on."""

    low: float
    high: float
    benchmark: Benchmark

    def outside(self, value: float) -> bool:
        """Say whether a value lies outside the range."""
        return not self.low <= value <= self.high


def origin_of(scenario: Scenario, path: str) -> Origin:
    """Return where the value of a field comes from."""
    value = scenario.get(path)
    try:
        base = preset(scenario.preset, scenario.as_of) if scenario.preset else None
        known = origins(scenario.preset, scenario.as_of) if base is not None else {}
        before = base.get(path) if base is not None else None
    except InputError:
        return Origin("yours", None)
    if base is None:
        return Origin("yours", None)
    if value != before:
        return Origin("yours", None, before)
    found = known.get(path)
    if found is None:
        return Origin("default", None)
    return Origin("assumed" if found.evidence == "assumed" else "source", found)


# field path (channel fields by kind) → metric of the benchmark table
_METRIC = {
    "conversion.cvr": "cvr_visit_to_order",
    "conversion.add_to_cart_rate": "add_to_cart_rate",
    "fulfilment.return_rate": "return_rate",
    "customers.repeat_probability": "repeat_purchase_rate",
    "cpc": "cpc",
    "cpm": "cpm",
    "ctr": "ctr",
    "channel_cvr": "cvr_visit_to_order",
    "affiliate_rate": "affiliate_commission_rate",
}
_SCOPES = {
    "Amazon": ("Amazon Ads", "Amazon listing"),
    "Shopee": ("Shopee cross-border", "Shopee ads", "Lazada ads"),
    "Lazada": ("Lazada ads",),
    "TikTok Shop": ("TikTok Shop", "TikTok ads"),
    "Shopify": ("Shopify store", "Meta ads"),
    "Etsy": ("Shopify store",),
}
_CATEGORY_WORDS = {
    "clothing": ("cloth", "apparel", "fashion"),
    "fashion": ("cloth", "apparel", "fashion"),
    "beauty": ("beauty",),
    "electronics": ("electronic", "headphone", "computer"),
    "home and garden": ("home", "kitchen", "garden"),
    "toys": ("toy",),
}


def typical(scenario: Scenario, path: str) -> Typical | None:
    """Return the typical range of a field for this platform and category; None where none is known.

    Only ranges count (a row with a low and a high). Money in another currency than the scenario's is
    converted at the exchange levels of the data. Nearest category first, then newest.
    """
    parts = path.split(".")
    if parts[0] == "channels" and scenario.get(f"channels.{parts[1]}.kind") in ("organic", "list") and parts[2] == "ctr":
        return None
    metric = _METRIC.get(path) or _METRIC.get(parts[-1])
    if metric is None:
        return None
    scopes = _SCOPES.get(scenario.platform, ())
    wider = ("E-commerce",) if metric == "return_rate" else ()
    for scope in (*scopes, *wider):
        rows = [
            b
            for b in parameters.benchmarks()
            if b.scope == scope and b.metric == metric and b.low is not None and b.high is not None
            and _category_fits(b.category, scenario.category) and b.market in (scenario.market, "ALL", "SEA", "US", "EU")
        ]  # fmt: skip
        if rows:
            best = max(rows, key=lambda b: (b.category.startswith("all") is False, not b.provenance.weak, b.provenance.start or dt.date.min))
            return _in_scenario_money(best, scenario)
    return _between_rivals(scenario, metric, (*scopes, *wider))


def _between_rivals(scenario: Scenario, metric: str, scopes: tuple[str, ...]) -> Typical | None:
    """Return the span between rival sources that each name one typical value, where there are at least two."""
    for scope in scopes:
        rows = [b for b in parameters.benchmarks() if (b.scope, b.category, b.metric) == (scope, "all", metric) and b.typical is not None]
        values = [b.typical for b in rows if b.typical is not None]
        if len(set(values)) > 1 and len({b.unit for b in rows}) == 1:
            newest = max(rows, key=lambda b: (not b.provenance.weak, b.provenance.start or dt.date.min))
            return _in_scenario_money(replace(newest, low=min(values), high=max(values)), scenario)
    return None


def _category_fits(row: str, category: str) -> bool:
    if row.startswith("all") or row in ("e-commerce",):
        return True
    words = _CATEGORY_WORDS.get(row, (row,))
    return any(word in category.lower() for word in words)


def _in_scenario_money(row: Benchmark, scenario: Scenario) -> Typical | None:
    assert row.low is not None
    assert row.high is not None
    factor = 1.0
    if row.unit.isupper() and len(row.unit) == 3 and row.unit != scenario.currency:  # noqa: PLR2004
        try:
            factor = parameters.fx(row.unit, scenario.as_of).cny_per_unit / parameters.fx(scenario.currency, scenario.as_of).cny_per_unit
        except InputError:
            return None
    return Typical(row.low * factor, row.high * factor, row)
