"""What the data tables hold as codes and fractions, as people read it: layers of duty, what a fee
is counted on, whose benchmark a range is.
"""

from typing import Any

from funnel_sim.output.words import formats
from funnel_sim.reference.places import country_words
from funnel_sim.reference.studies import Benchmark
from funnel_sim.words import Lang, catalogue, say

CODED: frozenset[str] = frozenset(
    {
        "layer",
        "per",
        "base",
        "fee",
        "role",
        "mode",
        "unless_layer",
        "replaces",
        "marketplace_remits",
        "when",
        "counted_from",
        "cycle",
        "sellers",
        "billing",
        "import_tax",
        "term",
        "party",
    }
)
"""Columns of the tables that hold codes."""
RATES: frozenset[str] = frozenset(
    {
        "rate",
        "general_rate",
        "refund_kept_rate",
        "payment_rate",
        "cross_border_extra",
        "fx_spread",
        "reserve_rate",
    }
)
"""Columns of the tables that hold fractions; others do where their row's unit is one."""
_OF_UNIT = ("low", "typical", "high")
_SHARES = ("fraction", "gmv", "ad_spend")
_FLAT: dict[int, str] = {ord(" "): "_", ord("-"): "_", ord("("): "", ord(")"): ""}
_INSIDE = {
    "SEA": frozenset({"ID", "MY", "PH", "SG", "TH", "VN"}),
    "EU": frozenset(
        {
            "AT",
            "BE",
            "CZ",
            "DE",
            "DK",
            "ES",
            "FI",
            "FR",
            "GR",
            "HU",
            "IE",
            "IT",
            "NL",
            "PL",
            "PT",
            "RO",
            "SE",
            "SK",
        }
    ),
}


def cell_text(column: str, value: Any, unit: str, lang: Lang) -> str:
    """Return one cell of a data table: a code in words, a fraction in per cent, a list of tiers one
    after the other; `unit` that of its row, empty where it has none.

    Args:
        column: of the table.
        value: as the file holds it.

    >>> (
    ...     cell_text("per", "ad_valorem", "", "en"),
    ...     cell_text("rate", 0.075, "", "en"),
    ...     cell_text("tiers", ((100.0, 0.15), (None, 0.08)), "", "en"),
    ... )
    ('share of the value', '7.5%', '≤100: 15%; 8%')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return say(lang, "word.yes" if value else "word.no")
    if isinstance(value, tuple) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    if isinstance(value, tuple):
        show = formats.exact_percent if column == "tiers" else (lambda amount: f"{amount:g}")
        return "; ".join(
            f"≤{upto:g}: {show(amount)}" if upto is not None else show(amount)
            for upto, amount in value
        )
    if isinstance(value, (int, float)):
        share = column in RATES or (column in _OF_UNIT and unit in _SHARES)
        return (
            formats.exact_percent(float(value))
            if share
            else f"{value:g}"
            if isinstance(value, float)
            else str(value)
        )
    key = _key(str(value))
    own = _known(f"code.{column}_{key}", "", lang)
    return own or (_known(f"code.{key}", str(value), lang) if column in CODED else str(value))


def benchmark_words(row: Benchmark, market: str, lang: Lang) -> str:
    """Return whose range a benchmark is: platform, category, market; that it is another market's
    where it is not of the store's own.

    Args:
        market: code of the store's own, "us".

    >>> from funnel_sim.reference import studies
    >>> row = next(
    ...     b
    ...     for b in studies.benchmarks()
    ...     if (b.scope, b.category, b.market) == ("Amazon Ads", "all", "US")
    ... )
    >>> benchmark_words(row, "US", "en"), benchmark_words(row, "DE", "en")
    ('Amazon Ads · all categories · United States',
     'Amazon Ads · all categories · United States (from another market, none is known for yours)')
    """
    where = _known(f"who.market_{row.market.lower()}", country_words(row.market).of(lang), lang)
    if row.market not in (market, "ALL") and market not in _INSIDE.get(row.market, frozenset()):
        where = say(lang, "who.in_brackets", text=where, more=say(lang, "who.other_market"))
    return " · ".join(
        (
            _known(f"who.{_key(row.scope)}", row.scope, lang),
            _known(f"who.category_{_key(row.category)}", row.category, lang),
            where,
        )
    )


def layer_words(name: str, lang: Lang) -> str:
    """Return the name of a layer of duty in the reader's language where the data have it; one that
    was typed as it is.

    Args:
        name: as data or the user write it.

    >>> (
    ...     layer_words("Section 301 list 3", "zh"),
    ...     layer_words("Section 301 list 3", "en"),
    ...     layer_words("my own", "zh"),
    ... )
    ('301 条款清单 3', 'Section 301, list 3', 'my own')
    """
    key = next(
        (
            key
            for key, words in catalogue("en").items()
            if key.startswith("code.") and words.replace(",", "") == name
        ),
        None,
    )
    return name if key is None else say(lang, key)


def _key(name: str) -> str:
    return name.lower().translate(_FLAT)


def _known(key: str, otherwise: str, lang: Lang) -> str:
    return say(lang, key) if key in catalogue(lang) else otherwise
