"""A store's months as figures: which figures there are, the history that a file tells, and the
product's own file of it.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.evidence.tables.headings import may_mean
from funnel_sim.evidence.tables.periods import Grain
from funnel_sim.model.arrays import Array

ROLES = (
    "date",
    "gmv",
    "orders",
    "units",
    "visits",
    "impressions",
    "clicks",
    "ad_spend",
    "ad_sales",
    "refunds",
    "returned_orders",
    "carts",
    "cancelled",
    "repeat_orders",
    "average_price",
    "goods_cost",
    "commission",
    "logistics",
    "fees_paid",
    "refunded_later",
    "refund_rate",
    "currency",
)
FIGURES = ROLES[1:-2]  # a share of orders that came back is read as their number
MOST_MONTHS = 120
TEMPLATE = """\
month,gmv,orders,units,visits,impressions,clicks,ad_spend,ad_sales,refunds,returned_orders,carts,\
cancelled,repeat_orders,average_price,goods_cost,commission,logistics,fees_paid,refunded_later
2026-01,12500.00,410,455,16400,210000,2600,1850.00,5900.00,640.00,21,1480,12,66,27.47,4100.00,\
1875.00,2050.00,1200.00,28.00
2026-02,11800.00,390,430,15900,198000,2450,1760.00,5500.00,610.00,20,1410,11,63,27.44,3870.00,\
1770.00,1950.00,1200.00,31.00
2026-03,13900.00,452,500,17800,226000,2840,2010.00,6600.00,700.00,23,1630,14,75,27.80,4500.00,\
2085.00,2260.00,1200.00,35.00
"""
SALES = ("gmv", "orders")  # a history needs one of them


@dataclass(frozen=True)
class History:
    """A store's months from `first`, the first day of the first one.

    `figures`: role → one number a month, NaN where it is not known; money as in the file, all else
    counts. `covered`: share of each month's days that the file has rows for. `grain`: "day",
    "week", "month", or "mixed" of several files. `currency`: the only one that the file names, an
    ISO code, or a sign that several share ("$"); "" where none or several are named. `rows`: rows
    that were counted in. `after_refunds`: months whose GMV has refunds taken off that nobody tells
    the amount of.
    """

    first: dt.date
    figures: Mapping[str, Array]
    covered: Array
    grain: Grain
    currency: str
    rows: int
    findings: tuple[Finding, ...]
    after_refunds: frozenset[str] = frozenset()

    @property
    def months(self) -> tuple[str, ...]:
        """The months as "2026-01", …, in order and without holes."""
        return month_names(self.first, len(self.covered))

    def used(self, without: Collection[str] = ()) -> "History":
        """Return the history to learn from: months that the file covers in part, and those in
        `without`, are not known; unknown months at either end are cut off.

        No month is left where none is whole.
        """
        drop = (self.covered < 1) | np.array(
            [month in without for month in self.months], dtype=bool
        )
        figures = {role: np.where(drop, np.nan, values) for role, values in self.figures.items()}
        known = np.flatnonzero(~np.isnan(np.stack(list(figures.values()))).all(axis=0))
        start, stop = (int(known[0]), int(known[-1]) + 1) if known.size else (0, 0)
        first = (pd.Period(self.first, "M") + start).start_time.date()
        return replace(
            self,
            first=first,
            figures={role: values[start:stop] for role, values in figures.items()},
            covered=self.covered[start:stop],
        )

    def may_be_in(self, code: str) -> bool:
        """Return whether the money can be in a currency (ISO code): False only where the file names
        another one.
        """
        return not self.currency or code in may_mean(self.currency)


def as_template(found: History) -> str:
    r"""Return a history as the product's own file: one row a month, an unknown figure left empty;
    what is read back from it is the same.

    >>> from funnel_sim.evidence.store.history import history
    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> as_template(
    ...     history(read_table(b"Monat;Umsatz\n01/2026;12,5\n02/2026;8,0\n", "x.csv"))
    ... ).splitlines()
    ['month,gmv', '2026-01,12.5', '2026-02,8']
    """
    whole = found.covered >= 1
    names = [role for role in FIGURES if role in found.figures]
    net = found.after_refunds & set(found.months)
    lines = [",".join(["month", *names, *(["after_refunds"] if net else [])])]
    for place, month in enumerate(found.months):
        cells = (found.figures[role][place] for role in names)
        lines.append(
            ",".join(
                [
                    month,
                    *(
                        "" if np.isnan(value) or not whole[place] else f"{value:.12g}"
                        for value in cells
                    ),
                    *(["1" if month in net else "0"] if net else []),
                ]
            )
        )
    return "\n".join(lines) + "\n"


def month_names(first: dt.date, months: int) -> tuple[str, ...]:
    """Return months in a row as "2026-01", ….

    Args:
        first: a day of the first of them.
        months: how many.

    Returns:
        Their names, in order.
    """
    return tuple(
        str(month) for month in pd.period_range(pd.Period(first, "M"), periods=months, freq="M")
    )
