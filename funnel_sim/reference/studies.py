"""What is typical, measured or asked: benchmarks, spreads between sellers, priors, prices of
agencies.
"""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from funnel_sim.errors import refuse
from funnel_sim.reference.provenance import (
    DATA_DATE,
    Provenance,
    ask,
    cell_number,
    known,
    rows_of,
    source,
)


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


@cache
def benchmarks() -> tuple[Benchmark, ...]:
    """Return every benchmark row."""
    return tuple(
        Benchmark(
            r["scope"],
            r["category"],
            r["market"],
            r["metric"],
            cell_number(r["low"]),
            cell_number(r["typical"]),
            cell_number(r["high"]),
            r["unit"],
            source("benchmark", r),
        )
        for r in rows_of("benchmarks")
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
            source("spread", r),
        )
        for r in rows_of("spreads")
    )


def spread(metric: str, scopes: Sequence[str], market: str, on: dt.date) -> Spread | None:
    """Return how much sellers differ in a figure, as it was known on a day.

    Args:
        metric: the figure, as the table names it.
        scopes: where it was measured, the first one preferred.
        market: the country of sale; a row of it comes before one of ALL.
        on: the day on which the rows have to be in force.

    Examples:
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
            cell_number(r["low"]),
            cell_number(r["typical"]),
            cell_number(r["high"]),
            r["unit"],
            r["meaning"],
            r["n"],
            source("prior", r),
        )
        for r in rows_of("priors")
    )


_ONLINE_RETAIL = "US; online and mail-order retail"


@cache
def peak_months() -> tuple[int, ...]:
    """Return the calendar months that are above the year's mean in every year of the longest
    published index of online retail: there sales are high because of the season.

    Examples:
        >>> peak_months()
        (11, 12)
    """
    rows = {
        int(row.quantity.removeprefix("month_")): row.low
        for row in priors()
        if row.topic == "seasonality"
        and row.quantity.startswith("month_")
        and row.scope.startswith(_ONLINE_RETAIL)
    }
    return tuple(month for month, low in sorted(rows.items()) if low is not None and low > 1)


@cache
def agency_prices() -> tuple[AgencyPrice, ...]:
    """Return every published price of an operator or agency."""
    return tuple(
        AgencyPrice(
            r["clause"],
            r["service"],
            cell_number(r["low"]),
            cell_number(r["typical"]),
            cell_number(r["high"]),
            r["unit"],
            r["market"],
            source("agency", r),
        )
        for r in rows_of("agency_pricing")
    )


def benchmark(scope: str, category: str, market: str, metric: str, on: dt.date) -> Benchmark:
    """Return the best benchmark row: not weak before weak, then the newest.

    Args:
        scope: where it was measured, such as "Amazon listing".
        category: the category of goods.
        market: the country of sale.
        metric: the figure.
        on: the day on which the rows have to be in force.

    Raises:
        InputError: if none is known for that day.
    """
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

    Args:
        topic: what it is a prior of.
        quantity: the quantity, as the table names it.
        scope_start: how its scope begins.
        on: the day for which the data are asked.

    Raises:
        InputError: if there is no such row.
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
    """Return the prior that a data file names.

    Args:
        reference: topic, quantity and the beginning of the scope.
        on: the day for which the data are asked.

    Raises:
        InputError: if there is no such row.
    """
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
