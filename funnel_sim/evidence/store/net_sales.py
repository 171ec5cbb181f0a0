"""Sales that a file tells after refunds: recognised, and brought back to what they were before, as
far as somebody says what was refunded (docs/decisions/0087-sales-before-refunds.md).
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd

from funnel_sim.evidence.store.spread import SpreadMonths
from funnel_sim.evidence.tables.exports import Export, Part, formula
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.evidence.tables.headings import plain
from funnel_sim.model.arrays import Array
from funnel_sim.stored import read_data

MARKED = "after refunds"
"""The heading, in the product's own file, of what says that a month's sales are after refunds."""


@cache
def _names() -> Mapping[str, Sequence[str]]:
    found: Mapping[str, Sequence[str]] = tomllib.loads(read_data("history_columns.toml"))[
        "after_refunds"
    ]
    return found


def is_after_refunds(heading: str, export: Export | None) -> bool:
    """Say whether sales under a heading are after refunds: as a known export declares, else by the
    heading's name.

    Args:
        heading: of the column that GMV begins with.
        export: the known export that the file is; None where it is none.

    Examples:
        >>> is_after_refunds("Net sales (USD)", None), is_after_refunds("Total sales", None)
        (True, False)
    """
    name = plain(heading)
    return name in _names()["names"] or (export is not None and name in export.after_refunds)


def marked_months(cells: pd.DataFrame, good: pd.Series, spread: SpreadMonths) -> Array:
    """Return which months the product's own file marks as after refunds.

    Args:
        cells: all rows as text.
        good: True for the rows that are counted.
        spread: how rows fall into months.

    Returns:
        True for those, shape (months,).
    """
    column = next((one for one in cells.columns if plain(one) == MARKED), None)
    if column is None:
        return np.zeros(len(spread.names), dtype=bool)
    told = pd.to_numeric(cells[column].where(good, "0"), errors="coerce").fillna(0.0)
    return np.asarray(np.nan_to_num(spread.sums(told)) > 0)


def before_refunds(
    figures: dict[str, Array], net: Array, names: Sequence[str]
) -> tuple[frozenset[str], list[str]]:
    """Add refunds back to sales that are after refunds, where they are known.

    Args:
        figures: of the months by role; "gmv" is changed.
        net: which months' sales are after refunds, shape (months,).
        names: of the months, such as "2026-03".

    Returns:
        The months whose sales still are after refunds, and those that were brought back.

    Examples:
        >>> figures = {"gmv": np.array([90.0, 80.0]), "refunds": np.array([10.0, np.nan])}
        >>> before_refunds(figures, np.array([True, True]), ["2026-01", "2026-02"])
        (frozenset({'2026-02'}), ['2026-01'])
        >>> figures["gmv"].tolist()  # 90 + 10; nobody knows of the other month
        [100.0, 80.0]
    """
    if "gmv" not in figures:
        return frozenset(), []
    gmv = figures["gmv"]
    net = net & ~np.isnan(gmv)
    back = figures.get("refunds", np.full(len(gmv), np.nan))
    known = net & ~np.isnan(back)
    figures["gmv"] = np.where(known, gmv + back, gmv)
    left = frozenset(name for name, one in zip(names, net & ~known, strict=True) if one)
    return left, [name for name, one in zip(names, known, strict=True) if one]


def told_of_sales(
    parts: Mapping[str, tuple[Part, ...]],
    export: Export | None,
    left: frozenset[str],
    added: Sequence[str],
    *,
    chosen: bool | None,
) -> list[Finding]:
    """Return what is to be known of sales before and after refunds.

    Args:
        parts: the columns that each figure is made of.
        export: the known export that the file is; None where it is none.
        left: months whose sales are after refunds.
        added: months whose refunds were added back.
        chosen: whether the user says that sales are after refunds; None where the headings say it.

    Returns:
        None where nothing is.
    """
    if "gmv" not in parts:
        return []
    out = []
    column = formula(parts["gmv"])
    if added:
        refunds = formula(parts["refunds"]) if "refunds" in parts else ""
        out.append(Finding("refunds_added", parts={"column": column, "refunds": refunds}))
    if left:
        out.append(Finding("after_refunds", parts={"column": column, "count": len(left)}))
    heading = plain(parts["gmv"][0].column)
    declared = export is not None and "gmv" in export.columns
    if chosen is None and not declared and heading in _names()["doubtful"]:
        out.append(Finding("before_refunds", parts={"column": column}))
    return out
