"""What of a file of months is to be told beside its figures: rows left out, months unknown, below
zero, or far from the others.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from funnel_sim.evidence.orders.left_out import TOTAL
from funnel_sim.evidence.store.months import FIGURES, SALES
from funnel_sim.evidence.store.spread import SpreadMonths
from funnel_sim.evidence.tables.columns import NOTHING
from funnel_sim.evidence.tables.findings import Finding, counted
from funnel_sim.evidence.tables.periods import Periods
from funnel_sim.model.arrays import Array
from funnel_sim.reference.reading import judged
from funnel_sim.reference.studies import peak_months
from funnel_sim.scenario.edited_months import NEVER_ALONE
from funnel_sim.scenario.fields import LARGEST
from funnel_sim.words import Lang, Words, say

SPARSE = ("fees_paid", "refunded_later")
"""Figures that most months have none of."""
_FEW, _ENOUGH = int(judged("outlier_fewest")), int(judged("outlier_enough"))
_FACTOR = judged("outlier_factor")
_ROBUST_Z = judged("outlier_distance")
_MAD_FLOOR = judged("outlier_least_spread")
_MAD_TO_SD = 1.4826
_FLOOR = judged("zero_month")


def rows_left_out(
    cells: pd.DataFrame, dated: Periods, roles: Mapping[str, str], values: pd.DataFrame
) -> list[Finding]:
    """Return how many rows have no date, how many of those are totals, what both say of sales, and
    which figures have cells that are no number.

    Args:
        cells: all rows as text.
        dated: the period of each row.
        roles: the column of each role.
        values: the figures of each row, NaN where a cell holds no number.

    Returns:
        None for what did not happen.
    """
    undated = dated.first.isna()
    total = (
        cells[undated]
        .apply(lambda column: column.str.match(TOTAL))
        .any(axis=1)
        .reindex(cells.index, fill_value=False)
        | dated.summary
    )
    out = counted("totals", total) + counted("unreadable", undated & ~total)
    role = next((one for one in (*SALES, *FIGURES) if one in values), "")
    counts = dated.first.notna() & ~dated.summary
    for kind, rows in (("totals_value", total), ("left_value", undated & ~total)):
        if role and (values.loc[rows, role].fillna(0.0) != 0).any():
            parts = {
                "value": float(values.loc[rows, role].sum()),
                "counted": float(values.loc[counts, role].sum()),
            }
            out.append(Finding(kind, role=role, parts=parts))
    for role in FIGURES:
        if role in roles:
            column = cells[roles[role]]
            written = ~column.str.fullmatch(NOTHING) & dated.first.notna() & ~dated.summary
            out += counted(
                "unreadable", written & (values[role].isna() if role in values else True), role
            )
    return out


def equal_rows(cells: pd.DataFrame) -> list[Finding]:
    """Return how many rows say the same as one before them; they are counted in."""
    return counted("duplicates", cells.duplicated())


def unknown_months(known: Mapping[str, Array], months: SpreadMonths) -> list[Finding]:
    """Return the months that have rows but no value of a figure.

    Args:
        known: figures by role, NaN where a month has none, shape (months,).
        months: how many rows fall into each month.

    Returns:
        One a month and figure.
    """
    return [
        Finding("gap", name, role)
        for role, values in known.items()
        for name, value, share in zip(months.names, values, months.covered, strict=True)
        if np.isnan(value) and share > 0 and role not in SPARSE
    ]


def below_zero(values: pd.DataFrame, months: SpreadMonths) -> list[Finding]:
    """Return the months in which a figure has negative values, with their sum.

    Args:
        values: the figures of each row.
        months: how rows fall into months.

    Returns:
        One a month and figure.
    """
    out = []
    for role in values:
        below = months.sums(values[role].where(values[role] < 0))
        out += [
            Finding("negative", name, str(role), {"value": float(v)})
            for name, v in zip(months.names, below, strict=True)
            if not np.isnan(v)
        ]
    return out


def impossible_zeros(figures: dict[str, Array], months: Sequence[str]) -> list[Finding]:
    """Take a zero that stands beside what cannot be without it as not known, and say so: no sales
    without orders, no orders without sales.

    Args:
        figures: by role, shape (months,); changed in place.
        months: their names.

    Returns:
        One a month and figure.

    Examples:
        >>> figures = {"gmv": np.array([900.0, 0.0]), "orders": np.array([0.0, 0.0])}
        >>> [(one.month, one.role) for one in impossible_zeros(figures, ["2026-01", "2026-02"])]
        [('2026-01', 'orders')]
        >>> figures["orders"].tolist()
        [nan, 0.0]
    """
    out = []
    for zero, beside in NEVER_ALONE:
        if zero not in figures or beside not in figures:
            continue
        bad = (figures[zero] == 0) & (figures[beside] > 0)
        out += [
            Finding(
                "zero_beside",
                months[int(place)],
                zero,
                {
                    "beside": Words(
                        *(say(lang, f"history.figure_{beside}") for lang in ("zh", "en"))
                    ),
                    "value": float(figures[beside][place]),
                },
            )
            for place in np.flatnonzero(bad)
        ]
        figures[zero] = np.where(bad, np.nan, figures[zero])
    return out


def odd_months(
    figures: Mapping[str, Array], months: Sequence[str], covered: Array
) -> list[Finding]:
    """Return the whole months that lie far from the others of a figure; a high one of the usual
    peak is told as what may be the season, once for all its figures.

    Args:
        figures: by role, shape (months,).
        months: their names.
        covered: share of each month's days that the file has rows for [fraction], shape (months,).

    Returns:
        One a month and figure, with the median of the other months; one a month of the peak.
    """
    out: list[Finding] = []
    peaks: dict[str, list[tuple[str, float, float]]] = {}
    for role, values in figures.items():
        places = np.flatnonzero(~np.isnan(values) & (covered == 1))
        for place, usual in _far(values[places]):
            month = int(places[place])
            name, value = months[month], float(values[month])
            if value > usual and int(name[5:]) in peak_months():
                peaks.setdefault(name, []).append((role, value, usual))
            else:
                out.append(Finding("outlier", name, role, {"value": value, "usual": usual}))
    return [*out, *(_peak(name, rows) for name, rows in sorted(peaks.items()))]


def _peak(month: str, rows: Sequence[tuple[str, float, float]]) -> Finding:
    """Return what is high in a month of the usual peak, all its figures in one line."""

    def told(lang: Lang) -> str:
        return say(lang, "history.peaks_and").join(
            say(
                lang,
                "history.peak_of",
                figure=say(lang, f"history.figure_{role}"),
                value=value,
                usual=usual,
            )
            for role, value, usual in rows
        )

    return Finding("outlier_peak", month, parts={"figures": Words(told("zh"), told("en"))})


def _far(values: Array) -> list[tuple[int, float]]:
    """Return the places of odd values, each with the median of the others.

    From six values on: |log(value / median of the others)| > 3.5 × 1.4826 × median absolute
    deviation of the others, at least 0.05; from three to five: a factor above 3.

    >>> _far(np.array([100.0, 104, 97, 101, 300, 99]))
    [(4, 100.0)]
    """
    values = np.minimum(values, LARGEST)  # larger ones are refused where months are taken over
    if len(values) < _FEW or not values.sum() > 0:
        return []
    logs = np.log(np.maximum(values, _FLOOR * values.mean()))
    out = []
    for place in range(len(values)):
        others = np.delete(logs, place)
        middle = np.median(others)
        spread = max(float(np.median(np.abs(others - middle))), _MAD_FLOOR)
        limit = _ROBUST_Z * _MAD_TO_SD * spread if len(values) >= _ENOUGH else np.log(_FACTOR)
        if abs(logs[place] - middle) > limit:
            out.append((place, float(np.median(np.delete(values, place)))))
    return out
