"""What is typical for a field: the benchmark range that fits platform, market and category."""

import datetime as dt
import math
import statistics
from dataclasses import dataclass, replace

from funnel_sim.errors import InputError
from funnel_sim.reference import exchange_rates, studies
from funnel_sim.reference.provenance import Provenance, typical_or_middle
from funnel_sim.reference.studies import Benchmark


@dataclass(frozen=True)
class Store:
    """What decides which benchmark fits."""

    platform: str
    market: str
    category: str
    currency: str
    as_of: dt.date


@dataclass(frozen=True)
class Typical:
    """A typical range of a field, in the field's own unit, and the row it rests on."""

    low: float
    high: float
    benchmark: Benchmark
    middle: float

    def outside(self, value: float) -> bool:
        """Say whether a value lies outside the range."""
        return not self.low <= value <= self.high


# field path → metric of the table of spreads, where benchmarks know none
_SPREAD_METRIC = {
    "product.price": "price",
    "product.unit_cost": "unit_cost",
    "product.inbound_freight": "freight",
}
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
    "Shopee": ("Shopee ads", "Shopee cross-border"),
    "Lazada": ("Lazada ads", "Shopee cross-border"),
    "TikTok Shop": ("TikTok Shop ads", "TikTok Shop", "TikTok ads", "Shopee cross-border"),
    "Shopify": ("Shopify store", "Meta ads to own shop", "Meta ads"),
    "Etsy": ("Etsy Ads", "Etsy listing"),
    "eBay": ("eBay Promoted (per click)",),
    "Walmart": ("Walmart Connect",),
    "Mercado Libre": ("Mercado Ads",),
    "Ozon": ("Ozon ads",),
    "AliExpress": ("AliExpress ads",),
}
_ADS_SCOPES = {
    "Amazon": "Amazon Ads",
    "Shopee": "Shopee ads",
    "Lazada": "Lazada ads",
    "TikTok Shop": "TikTok Shop ads",
    "Shopify": "Meta ads to own shop",
    "Etsy": "Etsy Ads",
    "eBay": "eBay Promoted (per click)",
    "Walmart": "Walmart Connect",
    "Mercado Libre": "Mercado Ads",
    "Ozon": "Ozon ads",
    "AliExpress": "AliExpress ads",
}
"""The ads of each platform, of which click price and conversion are known market by market."""
_EVERYWHERE = "E-commerce"
"""What is measured of all online shops together."""
# wider markets of the benchmark table, and the markets that belong to them; ALL is the world
_REGIONS = {
    "SEA": ("MY", "SG", "TH", "VN", "PH", "ID"),
    "EU": ("DE", "FR", "IT", "ES", "NL", "BE", "PL", "SE", "AT", "IE", "PT"),
    "EMEA": (
        "GB",
        "DE",
        "FR",
        "IT",
        "ES",
        "NL",
        "BE",
        "PL",
        "SE",
        "AT",
        "IE",
        "PT",
        "AE",
        "SA",
        "TR",
    ),
    "APAC": ("MY", "SG", "TH", "VN", "PH", "ID", "JP", "KR", "AU", "NZ", "TW", "HK", "IN"),
}
_CATEGORY_WORDS = {
    "clothing": ("cloth", "apparel", "fashion"),
    "fashion": ("cloth", "apparel", "fashion"),
    "beauty": ("beauty",),
    "electronics": ("electronic", "headphone", "computer"),
    "home and garden": ("home", "kitchen", "garden"),
    "toys": ("toy",),
}


def typical(store: Store, path: str, kind: str = "", *, rivals: bool = True) -> Typical | None:
    """Return the typical range of a field for a store; None where none is known.

    Like is compared with like: a row is of the store's own market, of a region that holds it, or of
    the whole world; a row of another market never counts. Only ranges count (a row with a low and a
    high). Money in another currency than the scenario's is converted at the exchange levels of the
    data. Nearest category first (none where several fit, as with "everything else"), then nearest
    market, then newest.

    Args:
        store: platform, market, category, currency and day.
        path: the address of the field, such as "product.price".
        kind: the kind of the field's channel; "" for a field of no channel.
        rivals: whether a range made of two rival averages counts.
    """
    parts = path.split(".")
    if parts[0] == "channels" and kind in ("organic", "list") and parts[2] == "ctr":
        return None
    metric = _METRIC.get(path) or _METRIC.get(parts[-1])
    if metric is None:
        return None
    scopes = _SCOPES.get(store.platform, ())
    wider = ("E-commerce",) if metric == "return_rate" else ()
    for scope in (*scopes, *wider):
        rows = [
            b
            for b in studies.benchmarks()
            if b.scope == scope
            and b.metric == metric
            and b.low is not None
            and b.high is not None
            and _category_fits(b.category, store.category)
            and _nearness(b.market, store.market)
        ]
        named = {b.category for b in rows if not is_general(b.category)}
        if len(named) > 1:
            rows = [b for b in rows if b.category not in named]
        if rows:
            best = max(
                rows,
                key=lambda b: (
                    not is_general(b.category),
                    _nearness(b.market, store.market),
                    not b.provenance.weak,
                    b.provenance.start or dt.date.min,
                ),
            )
            return _in_own_money(best, store)
    return _between_rivals(store, metric, (*scopes, *wider)) if rivals else None


@dataclass(frozen=True)
class Sellers:
    """How far sellers lie from the middle in one figure: P10 is the middle divided by `factor`, P90
    the middle times it.
    """

    factor: float
    provenance: Provenance


def between_sellers(store: Store, path: str, kind: str = "") -> Sellers | None:
    """Return how much sellers like a store differ in a field; None where no source says it.

    A table of spreads first, then a benchmark that gives a low and a high. Two rival averages say
    nothing of how sellers differ.

    Args:
        store: platform, market, category, currency and day.
        path: the address of the field, such as "product.price".
        kind: the kind of the field's channel; "" for a field of no channel.
    """
    metric = _SPREAD_METRIC.get(path) or _METRIC.get(path) or _METRIC.get(path.rpartition(".")[2])
    if metric is None:
        return None
    found = studies.spread(
        metric, (*_SCOPES.get(store.platform, ()), "ALL"), store.market, store.as_of
    )
    if found is not None:
        return Sellers(found.factor, found.provenance)
    usual = typical(store, path, kind, rivals=False)
    if usual is None or not usual.high > usual.low > 0:
        return None
    return Sellers(math.sqrt(usual.high / usual.low), usual.benchmark.provenance)


def benchmark_spread(metric: str) -> tuple[float, float, float]:
    """Return the lowest, the median and the highest typical value that the benchmark table holds of
    a metric, over all scopes and categories.

    >>> benchmark_spread("repeat_purchase_rate")
    (0.099, 0.271, 0.652)
    """
    values = sorted(
        b.typical for b in studies.benchmarks() if b.metric == metric and b.typical is not None
    )
    return values[0], statistics.median(values), values[-1]


@dataclass(frozen=True)
class MarketRatio:
    """What is typical of one market over what is typical of another: `value` a factor [1], for
    money in the currencies of the two stores; the rows that it rests on, the same row where no
    difference between the two is known.
    """

    value: float
    here: Benchmark
    there: Benchmark

    @property
    def known(self) -> bool:
        """Whether two rows are compared, not one with itself."""
        return self.here != self.there

    @property
    def weak(self) -> bool:
        """Whether either row is weak evidence."""
        return self.here.provenance.weak or self.there.provenance.weak


def market_ratio(here: Store, there: Store, path: str) -> MarketRatio | None:
    """Return by what a rate or price of one market is to be multiplied in another: the ratio of
    what is typical of both; None where one of them is not known, or not by a like source.

    Click prices and conversion rates are those of the platforms' own ads, all categories together;
    return rates are of one source for both, the goods' own category where both have a row of it.
    Only rows in force on the day count, not weak before weak, then the newest.

    Args:
        here: where the own figure was measured.
        there: where it is carried to; the category is that of the same goods.
        path: the address of the field, such as "channels.ads.cpc".

    Examples:
        >>> on = dt.date(2026, 11, 27)
        >>> stores = [
        ...     Store("Amazon", *place, on) for place in (("US", "", "USD"), ("DE", "", "EUR"))
        ... ]
        >>> found = market_ratio(*stores, "channels.ads.cpc")
        >>> round(found.value, 6), found.weak  # 0.68 EUR a click over 1.18 USD
        (0.576271, True)
    """
    metric = _METRIC.get(path) or _METRIC.get(path.rpartition(".")[2])
    if metric is None:
        return None
    pairs: list[tuple[Benchmark | None, Benchmark | None]] = []
    if metric == "return_rate":
        pairs += [_like(here, there, metric, named=named) for named in (True, False)]
    elif here.platform in _ADS_SCOPES and there.platform in _ADS_SCOPES:
        scopes = (_ADS_SCOPES[here.platform], _ADS_SCOPES[there.platform])
        pairs.append(
            (
                _of_scopes((scopes[0],), here, metric, named=False),
                _of_scopes((scopes[1],), there, metric, named=False),
            )
        )
    for one, other in pairs:
        if one is None or other is None:
            continue
        before, after = _middle(one, here), _middle(other, there)
        if before is not None and after is not None and before > 0:
            return MarketRatio(1.0 if one == other else after / before, one, other)
    return None


def _like(
    here: Store, there: Store, metric: str, *, named: bool
) -> tuple[Benchmark | None, Benchmark | None]:
    """Return a row of each store by a like source: both platforms' own, else all online shops."""
    own = [
        _of_scopes(_SCOPES.get(one.platform, ()), one, metric, named=named) for one in (here, there)
    ]
    if None not in own:
        return own[0], own[1]
    every = [_of_scopes((_EVERYWHERE,), one, metric, named=named) for one in (here, there)]
    return every[0], every[1]


def _of_scopes(
    scopes: tuple[str, ...], store: Store, metric: str, *, named: bool
) -> Benchmark | None:
    """Return the best row of the first scope that has one: of the goods' own category, or of all
    categories.
    """
    for scope in scopes:
        rows = [
            b
            for b in studies.benchmarks()
            if (b.scope, b.metric) == (scope, metric)
            and _nearness(b.market, store.market)
            and is_general(b.category) is not named
            and _category_fits(b.category, store.category)
            and b.provenance.holds(store.as_of)
            and any(value is not None for value in (b.low, b.typical, b.high))
        ]
        if named and len({b.category for b in rows}) > 1:
            continue
        if rows:
            return max(
                rows,
                key=lambda b: (
                    _nearness(b.market, store.market),
                    not b.provenance.weak,
                    b.provenance.start or dt.date.min,
                ),
            )
    return None


def _middle(row: Benchmark, store: Store) -> float | None:
    """Return what is typical by a row, money in the store's currency; None without a rate."""
    value = typical_or_middle(row.low, row.typical, row.high)
    if row.unit.isupper() and len(row.unit) == _OF_A_CODE and row.unit != store.currency:
        try:
            return value * exchange_rates.exchange(row.unit, store.currency, store.as_of)
        except InputError:
            return None
    return value


_OF_A_CODE = 3
"""Letters of a currency's code."""


def _between_rivals(store: Store, metric: str, scopes: tuple[str, ...]) -> Typical | None:
    """Return the span between rival sources that each name one typical value, where there are at
    least two.
    """
    for scope in scopes:
        rows = [
            b
            for b in studies.benchmarks()
            if (b.scope, b.category, b.metric) == (scope, "all", metric)
            and b.typical is not None
            and _nearness(b.market, store.market)
        ]
        values = [b.typical for b in rows if b.typical is not None]
        if len(set(values)) > 1 and len({b.unit for b in rows}) == 1:
            newest = max(
                rows, key=lambda b: (not b.provenance.weak, b.provenance.start or dt.date.min)
            )
            return _in_own_money(
                replace(newest, low=min(values), typical=None, high=max(values)), store
            )
    return None


def _nearness(row: str, market: str) -> int:
    """Return 3 for a row of the market itself, 2 for a region that holds it, 1 for the world, 0 for
    another market.
    """
    return 3 if row == market else 2 if market in _REGIONS.get(row, ()) else int(row == "ALL")


def is_general(row: str) -> bool:
    """Say whether a benchmark's category is all of them together."""
    return row.startswith("all") or row == "e-commerce"


def is_ads(scope: str) -> bool:
    """Say whether a benchmark is of a platform's own ads, which are known market by market."""
    return scope in _ADS_SCOPES.values()


def _category_fits(row: str, category: str) -> bool:
    if is_general(row):
        return True
    words = _CATEGORY_WORDS.get(row, (row,))
    return any(word in category.lower() for word in words)


def _in_own_money(row: Benchmark, store: Store) -> Typical | None:
    assert row.low is not None
    assert row.high is not None
    factor = 1.0
    if row.unit.isupper() and len(row.unit) == 3 and row.unit != store.currency:
        try:
            factor = (
                exchange_rates.fx(row.unit, store.as_of).cny_per_unit
                / exchange_rates.fx(store.currency, store.as_of).cny_per_unit
            )
        except InputError:
            return None
    return Typical(
        row.low * factor,
        row.high * factor,
        row,
        typical_or_middle(row.low, row.typical, row.high) * factor,
    )
