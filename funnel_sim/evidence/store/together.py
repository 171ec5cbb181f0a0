"""Several files of one store as one history: joined by month, what two of them report twice found
and compared, what no file has named.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from funnel_sim.errors import refuse
from funnel_sim.evidence.store.doubts import SPARSE, impossible_zeros
from funnel_sim.evidence.store.months import FIGURES, MOST_MONTHS, History
from funnel_sim.evidence.store.net_sales import before_refunds
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.evidence.tables.headings import may_mean
from funnel_sim.evidence.tables.periods import MIXED
from funnel_sim.model.arrays import Array
from funnel_sim.reference.reading import share
from funnel_sim.scenario.fields import LARGEST

SAME = share("same_report")
"""Two reports of one figure that lie no further apart than this share tell the same."""
_HOLES = ("gap", "partial", "partial_orders")  # of one file, which another may fill


@dataclass(frozen=True)
class Source:
    """One file: its name and the history that it tells."""

    name: str
    history: History


def together(sources: Sequence[Source]) -> History:
    r"""Return one history of some files of a store.

    A figure that one file alone has in a month is taken from it. Where several have it, the first
    file that covers the whole month counts, and is compared with the others: the same figure within
    half a percent is one sale reported twice; anything else is told with both sums. A month counts
    as covered as far as the best file covers it.

    Args:
        sources: the files, the one that counts first where several say the same.

    Raises:
        InputError: where none has sales or orders, their money is in several currencies, or they
            span more than `MOST_MONTHS`.

    >>> from funnel_sim.evidence.store.history import history
    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> sales = history(
    ...     read_table(b"month,gmv,orders\n2026-01,100,4\n2026-02,120,5\n", "sales.csv")
    ... )
    >>> ads = history(read_table(b"month,orders,ad_spend\n2026-02,5,30\n2026-03,6,35\n", "ads.csv"))
    >>> both = together([Source("sales.csv", sales), Source("ads.csv", ads)])
    >>> both.months, both.figures["orders"].tolist()
    (('2026-01', '2026-02', '2026-03'), [4.0, 5.0, 6.0])
    """
    if not any(role in source.history.figures for source in sources for role in ("gmv", "orders")):
        raise refuse(", ".join(source.name for source in sources), None, "no_sales_there")
    if len(sources) == 1:
        return _alone(sources[0].history)
    currency = _currency(sources)
    first = min(source.history.first for source in sources)
    starts = {source.name: _months_between(first, source.history.first) for source in sources}
    count = max(starts[source.name] + len(source.history.covered) for source in sources)
    if count > MOST_MONTHS:
        last = pd.Period(first, "M") + count - 1
        raise refuse(
            sources[0].name,
            count,
            "history_span",
            first=str(first),
            last=str(last.end_time.date()),
            most=MOST_MONTHS,
        )
    names = tuple(
        str(month) for month in pd.period_range(pd.Period(first, "M"), periods=count, freq="M")
    )
    covered = np.zeros(count)
    figures: dict[str, Array] = {}
    net = np.zeros(count, dtype=bool)
    findings: list[Finding] = []
    for source in sources:
        place = slice(starts[source.name], starts[source.name] + len(source.history.covered))
        covered[place] = np.maximum(covered[place], source.history.covered)
    full = {name for name, part in zip(names, covered, strict=True) if part >= 1}
    for source in sources:
        open_there = (
            one
            for one in source.history.findings
            if not (one.kind in _HOLES and not one.role and one.month in full)
            and one.kind != "no_sales"  # another file has them
            and not (one.kind == "gap" and one.role)  # told below of what all of them say
        )
        findings += [
            Finding("of_file", parts={"name": source.name, "finding": one}) for one in open_there
        ]
    for role in FIGURES:
        those = [source for source in sources if role in source.history.figures]
        if those:
            figures[role], chosen, told = _joined(role, those, starts, count, names)
            findings += told
            if role == "gmv":
                net = np.array(
                    [
                        name in those[row].history.after_refunds
                        for name, row in zip(names, chosen, strict=True)
                    ]
                )
    left, added = before_refunds(figures, net, names)  # one file's sales, another's refunds
    odd = impossible_zeros(figures, names)
    zeros = {(one.month, one.role) for one in odd}
    findings += odd
    if added:
        findings.append(Finding("refunds_joined", parts={"months": ", ".join(added)}))
    findings += [
        Finding("gap", name, role)
        for role, values in figures.items()
        if role not in SPARSE
        for name, value, part in zip(names, values, covered, strict=True)
        if np.isnan(value) and part > 0 and (name, role) not in zeros
    ]
    findings += [
        Finding("gap", name) for name, part in zip(names, covered, strict=True) if part == 0
    ]
    grains = {source.history.grain for source in sources}
    grain = grains.pop() if len(grains) == 1 else MIXED
    return History(
        first,
        figures,
        covered,
        grain,
        currency,
        sum(source.history.rows for source in sources),
        tuple(findings),
        left,
    )


def _alone(found: History) -> History:
    """Return the history of a single file, its impossible zeros not known."""
    figures = dict(found.figures)
    told = impossible_zeros(figures, found.months)
    return replace(found, figures=figures, findings=(*found.findings, *told)) if told else found


def _months_between(first: dt.date, then: dt.date) -> int:
    return (then.year - first.year) * 12 + then.month - first.month


def _currency(sources: Sequence[Source]) -> str:
    """Return the one currency of the files that name any; a sign that several currencies share
    agrees with each of them.
    """
    named = {source.history.currency: source.name for source in sources if source.history.currency}
    possible = [set(may_mean(one)) for one in named]
    if possible and not set.intersection(*possible):
        raise refuse(", ".join(named.values()), ", ".join(named), "several_currencies")
    return min(named, key=lambda one: len(may_mean(one)), default="")


def _joined(
    role: str,
    sources: Sequence[Source],
    starts: Mapping[str, int],
    count: int,
    names: Sequence[str],
) -> tuple[Array, NDArray[np.int64], list[Finding]]:
    """Return a figure by month from the files that have it, which of them it is from, and what is
    to be known where several have it.
    """
    values = np.full((len(sources), count), np.nan)
    whole = np.zeros((len(sources), count), dtype=bool)
    for row, source in enumerate(sources):
        place = slice(starts[source.name], starts[source.name] + len(source.history.covered))
        values[row, place] = source.history.figures[role]
        whole[row, place] = source.history.covered >= 1
    known = ~np.isnan(values)
    rank = np.where(known & whole, 0, np.where(known, 1, 2))
    chosen = rank.argmin(axis=0)
    out = np.asarray(values[chosen, np.arange(count)])
    told = []
    for one in range(len(sources)):
        for other in range(one + 1, len(sources)):
            both = known[one] & known[other] & whole[one] & whole[other]
            if both.any():
                told.append(
                    _compared(
                        role,
                        sources[one],
                        sources[other],
                        values[one, both],
                        values[other, both],
                        [name for name, has in zip(names, both, strict=True) if has],
                    )
                )
    return out, chosen, told


def _compared(
    role: str, one: Source, other: Source, first: Array, second: Array, names: Sequence[str]
) -> Finding:
    """Return what two files say of the same months: that they agree, or how far apart they are."""
    first, second = np.minimum(first, LARGEST), np.minimum(second, LARGEST)
    sums = float(first.sum()), float(second.sum())
    agree = bool(np.all(np.abs(first - second) <= SAME * np.maximum(np.abs(first), np.abs(second))))
    parts = {
        "one": one.name,
        "other": other.name,
        "value": sums[0],
        "against": sums[1],
        "first": names[0],
        "last": names[-1],
        "months": len(names),
    }
    return Finding("reported_twice" if agree else "reports_differ", role=role, parts=parts)
