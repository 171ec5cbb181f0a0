"""Two sources of the same months held against each other: what does not agree, by how much, and
what usually is the reason.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from funnel_sim.evidence.store.months import FIGURES, History
from funnel_sim.evidence.store.together import SAME, Source
from funnel_sim.model.arrays import Array
from funnel_sim.stored import read_data

_FEW = 3  # months from which sums that agree while months do not tell of a shifted date
_NEAR = 0.02  # of the difference: how near another figure must come to account for it


@dataclass(frozen=True)
class Difference:
    """One figure of one month in two sources: `one` and `other` their values, `gap` what the second
    says less the first, `share` the gap relative to the larger of the two.

    `reasons` are codes of the locales' `reconcile.reason_…`, the likeliest first; `fits` is how
    many of them, from the first on, account for the gap by its size.
    """

    month: str
    figure: str
    one: float
    other: float
    gap: float
    share: float
    reasons: tuple[str, ...]
    fits: int


@dataclass(frozen=True)
class Reconciled:
    """Two sources over the months that both have whole: `same` figures of months agree within half
    a percent, `differences` the others, the largest share first.
    """

    one: str
    other: str
    months: tuple[str, ...]
    same: int
    differences: tuple[Difference, ...]


@cache
def _usual() -> Mapping[str, Any]:
    text = read_data("reconciling.toml")
    return tomllib.loads(text)


def reconcile(one: Source, other: Source, *, tax_rate: float | None = None) -> Reconciled:
    r"""Return what two sources of one store say otherwise of the same whole months.

    The usual reasons of a figure are data (data/reconciling.toml); one that the size of the gap
    bears out comes first: tax (the ratio is 1 + `tax_rate`), refunds or cancelled orders (the gap
    is what one source names as such), dates (the months differ, their sum does not).

    Args:
        one: the source that a gap is measured from.
        other: the source whose figures are larger by the gap.
        tax_rate: of sales tax on the price without it [fraction]; None where nothing is known.

    >>> from funnel_sim.evidence.store.history import history
    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> shop, agency = (
    ...     Source(name, history(read_table(text, name)))
    ...     for name, text in (
    ...         ("shop.csv", b"month,gmv\n2026-01,1000\n2026-02,900\n"),
    ...         ("agency.csv", b"month,gmv\n2026-01,1190\n2026-02,900\n"),
    ...     )
    ... )
    >>> found = reconcile(shop, agency, tax_rate=0.19)
    >>> [(d.month, d.gap, d.reasons[0], d.fits) for d in found.differences], found.same
    ([('2026-01', 190.0, 'tax', 1)], 1)
    """
    names = [name for name in one.history.months if name in set(other.history.months)]
    first, second = (_of(source.history, names) for source in (one, other))
    found: list[Difference] = []
    same = 0
    for figure in FIGURES:
        if figure not in first or figure not in second:
            continue
        ours, theirs = first[figure], second[figure]
        known = ~np.isnan(ours) & ~np.isnan(theirs)
        most = np.maximum(np.abs(ours), np.abs(theirs))
        agree = known & (np.abs(theirs - ours) <= SAME * most)
        same += int(agree.sum())
        shifted = _shifted(ours[known], theirs[known])
        for place in np.flatnonzero(known & ~agree):
            gap = float(theirs[place] - ours[place])
            fitting = _fitting(figure, int(place), gap, (first, second), tax_rate, shifted=shifted)
            usual = [name for name in _usual()["reasons"].get(figure, []) if name not in fitting]
            found.append(
                Difference(
                    names[place],
                    figure,
                    float(ours[place]),
                    float(theirs[place]),
                    gap,
                    gap / float(most[place]),
                    (*fitting, *usual),
                    len(fitting),
                )
            )
    found.sort(key=lambda row: -abs(row.share))
    return Reconciled(one.name, other.name, tuple(names), same, tuple(found))


def reconciled(
    sources: Sequence[Source], *, tax_rate: float | None = None
) -> tuple[Reconciled, ...]:
    """Return every pair of sources that has figures of the same months.

    Args:
        sources: two or more, in the order in which they are compared.
        tax_rate: of sales tax on the price without it [fraction]; None where nothing is known.

    Returns:
        One for each such pair.
    """
    pairs = [
        reconcile(one, other, tax_rate=tax_rate)
        for place, one in enumerate(sources)
        for other in sources[place + 1 :]
    ]
    return tuple(pair for pair in pairs if pair.same or pair.differences)


def _of(found: History, names: Sequence[str]) -> dict[str, Array]:
    """Return the figures of some months, NaN for those that are not whole."""
    places = [found.months.index(name) for name in names]
    whole = found.covered[places] >= 1
    return {
        figure: np.where(whole, values[places], np.nan) for figure, values in found.figures.items()
    }


def _shifted(ours: Array, theirs: Array) -> bool:
    """Say whether months differ though their sum does not: the same sales on other dates."""
    if ours.size < _FEW:
        return False
    whole = max(float(ours.sum()), float(theirs.sum()))
    return bool(abs(float(theirs.sum() - ours.sum())) <= SAME * whole)


def _fitting(
    figure: str,
    place: int,
    gap: float,
    figures: tuple[Mapping[str, Array], Mapping[str, Array]],
    tax_rate: float | None,
    *,
    shifted: bool,
) -> list[str]:
    """Return the reasons that the size of a gap bears out."""
    out = []
    ours, theirs = (found[figure][place] for found in figures)
    small, large = sorted((float(ours), float(theirs)))
    if figure in _usual()["taxed"] and tax_rate and small > 0:
        taxed = large / small - 1
        if abs(taxed - tax_rate) <= _NEAR * tax_rate:
            out.append("tax")
    for reason, between in _usual()["accounted"].items():
        if figure in between["figures"]:
            amounts = [
                float(found[name][place])
                for found in figures
                for name in between["by"]
                if name in found
            ]
            if any(one > 0 and abs(abs(gap) - one) <= _NEAR * one for one in amounts):
                out.append(reason)
    return [*out, *(["dates"] if shifted and figure in _usual()["dated"] else [])]
