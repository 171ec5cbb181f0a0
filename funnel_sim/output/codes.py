"""What the data tables hold as codes and fractions, as people read it: layers of duty, what a fee is counted on, whose benchmark a range is."""

from typing import Any

from funnel_sim.inputs.parameters import Benchmark, country_words
from funnel_sim.output import formats
from funnel_sim.words import Lang, catalogue, say

CODED: frozenset[str] = frozenset({"layer", "per", "base", "fee", "role", "mode", "unless_layer", "replaces", "marketplace_remits", "when"})
"""Columns of the tables that hold codes."""
RATES: frozenset[str] = frozenset({"rate", "general_rate", "refund_kept_rate", "payment_rate", "cross_border_extra", "fx_spread"})
"""Columns of the tables that hold fractions; others do where their row's unit is one."""
_OF_UNIT = ("low", "typical", "high")
_SHARES = ("fraction", "gmv", "ad_spend")
_INSIDE = {
    "SEA": frozenset({"ID", "MY", "PH", "SG", "TH", "VN"}),
    "EU": frozenset({"AT", "BE", "CZ", "DE", "DK", "ES", "FI", "FR", "GR", "HU", "IE", "IT", "NL", "PL", "PT", "RO", "SE", "SK"}),
}


def cell_text(column: str, value: Any, unit: str, lang: Lang) -> str:
    """Return one cell of a data table: a code in words, a fraction in per cent, a list of tiers one after the other; `unit` that of its row, empty where it has none.

    >>> cell_text("per", "ad_valorem", "", "en"), cell_text("rate", 0.075, "", "en"), cell_text("tiers", ((100.0, 0.15), (None, 0.08)), "", "en")
    ('share of the value', '7.5%', '≤100: 15%; 8%')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return say(lang, "word.yes" if value else "word.no")
    if isinstance(value, tuple):
        show = formats.exact_percent if column == "tiers" else (lambda amount: f"{amount:g}")
        return "; ".join(f"≤{upto:g}: {show(amount)}" if upto is not None else show(amount) for upto, amount in value)
    if isinstance(value, (int, float)):
        share = column in RATES or (column in _OF_UNIT and unit in _SHARES)
        return formats.exact_percent(float(value)) if share else f"{value:g}" if isinstance(value, float) else str(value)
    if column in CODED and f"code.{_key(str(value))}" in catalogue(lang):
        return say(lang, f"code.{_key(str(value))}")
    return str(value)


def benchmark_words(row: Benchmark, market: str, lang: Lang) -> str:
    """Return whose range a benchmark is: platform, category, market; that it is another market's where it is not of the store's own.

    >>> from funnel_sim.inputs import parameters
    >>> row = next(b for b in parameters.benchmarks() if (b.scope, b.category, b.market) == ("Amazon Ads", "all", "US"))
    >>> benchmark_words(row, "US", "en"), benchmark_words(row, "DE", "en")
    ('Amazon Ads · all categories · United States', 'Amazon Ads · all categories · United States (from another market, none is known for yours)')
    """
    where = _known(f"who.market_{row.market.lower()}", country_words(row.market).of(lang), lang)
    if row.market not in (market, "ALL") and market not in _INSIDE.get(row.market, frozenset()):
        where = say(lang, "who.in_brackets", text=where, more=say(lang, "who.other_market"))
    return " · ".join((_known(f"who.{_key(row.scope)}", row.scope, lang), _known(f"who.category_{_key(row.category)}", row.category, lang), where))


def _key(name: str) -> str:
    return name.lower().replace(" ", "_").replace("-", "_")


def _known(key: str, otherwise: str, lang: Lang) -> str:
    return say(lang, key) if key in catalogue(lang) else otherwise
