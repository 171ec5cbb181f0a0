"""How far benchmarks of click prices and conversion rates can be wrong, by what the dated table
itself shows: rival sources about one market differ, and so do the markets of one platform.

The first is what is not known where a figure rests on weak rows; the second where no row says how
two markets differ. Both are standard deviations of the logarithm, pooled over all scopes of the
table (docs/decisions/0088-carried-on-weak-evidence.md).
"""

import math
import statistics
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal

from funnel_sim.reference.benchmarks import is_ads, is_general
from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.reference.provenance import DATA_DATE, typical_or_middle
from funnel_sim.reference.studies import Benchmark, benchmarks

Figure = Literal["clicks", "sales"]
"""Click prices, and orders per visit."""
METRICS: Mapping[Figure, str] = {"clicks": "cpc", "sales": "cvr_visit_to_order"}
_ONE = "USD"
"""The currency in which click prices of several markets are compared."""


@cache
def between_sources(figure: Figure) -> float:
    """Return how far sources differ about one market, one scope and one category [standard
    deviation of the logarithm].

    Args:
        figure: "clicks" or "sales".

    >>> round(between_sources("clicks"), 3), round(between_sources("sales"), 3)
    (0.2, 0.26)
    """
    found: dict[tuple[str, ...], list[float]] = {}
    for row in _rows(figure):
        category = "" if is_general(row.category) else row.category
        found.setdefault((row.scope, row.market, category), []).append(_level(row))
    return _pooled(found.values())


@cache
def between_markets(figure: Figure) -> float:
    """Return how far the markets of one platform's ads differ, all categories, or its sources where
    these differ more [standard deviation of the logarithm].

    Args:
        figure: "clicks" or "sales".

    >>> round(between_markets("clicks"), 3), round(between_markets("sales"), 3)
    (0.576, 0.26)
    """
    found: dict[str, dict[str, list[float]]] = {}
    for row in _rows(figure):
        if is_ads(row.scope) and is_general(row.category):
            found.setdefault(row.scope, {}).setdefault(row.market, []).append(_level(row))
    means = [[statistics.mean(some) for some in by.values()] for by in found.values()]
    return max(_pooled(means), between_sources(figure))


def _rows(figure: Figure) -> Iterable[Benchmark]:
    return (
        row
        for row in benchmarks()
        if row.metric == METRICS[figure]
        and any(one is not None for one in (row.low, row.typical, row.high))
    )


def _level(row: Benchmark) -> float:
    """Return the logarithm of what is typical by a row, money in one currency."""
    value = typical_or_middle(row.low, row.typical, row.high)
    return math.log(value * (exchange(row.unit, _ONE, DATA_DATE) if row.unit.isupper() else 1.0))


def _pooled(groups: Iterable[list[float]]) -> float:
    """Return the standard deviation within groups, each about its own mean."""
    squares, free = 0.0, 0
    for some in groups:
        middle = statistics.mean(some)
        squares += sum((one - middle) ** 2 for one in some)
        free += len(some) - 1
    return math.sqrt(squares / free)
