"""The months that a list of orders tells."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from funnel_sim.errors import refuse
from funnel_sim.evidence.orders.orders import orders
from funnel_sim.evidence.store.doubts import odd_months
from funnel_sim.evidence.store.months import MOST_MONTHS, History, month_names
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.evidence.tables.money import Into, of_months
from funnel_sim.evidence.tables.progress import Progress, part, tell
from funnel_sim.evidence.tables.tables import Table
from funnel_sim.model.arrays import Array
from funnel_sim.reference.reading import share as share_of

_CHANCE_OF_NONE = share_of(
    "empty_by_chance"
)  # below it, days without an order at an end of a list are taken as missing


def history_of_orders(
    table: Table,
    chosen: Mapping[str, str],
    day_first: bool | None,
    decimal: str | None,
    into: Into | None,
    progress: Progress | None = None,
) -> History:
    """Return the history that a list of orders tells: a day without an order is zero between the
    first and the last one.

    Args:
        table: headings and cells of a file.
        chosen: the user's columns by role, which come first; "" for none.
        day_first: whether the day comes before the month; None leaves it to the cells.
        decimal: the decimal mark, "." or ","; None leaves it to the cells.
        into: the currency to which its money is converted; None leaves it.
        progress: is told the share that is done, from 0 to 1; what it raises ends the work.

    Raises:
        InputError: where it holds no orders, or spans more than `MOST_MONTHS`.
    """
    found = orders(
        table,
        chosen,
        day_first=day_first,
        decimal=decimal,
        into=into,
        progress=part(progress, 0.0, 0.9),
    )
    frame, returns = found.frame, found.returns
    if frame.empty:
        raise refuse(table.name, None, "no_periods")
    begin, end = frame["day"].min(), frame["day"].max()
    months = pd.period_range(begin.to_period("M"), end.to_period("M"), freq="M")
    if len(months) > MOST_MONTHS:
        raise refuse(
            table.name,
            len(months),
            "history_span",
            first=str(begin.date()),
            last=str(end.date()),
            most=MOST_MONTHS,
        )

    places = [
        part["day"].to_numpy().astype("datetime64[M]").astype(np.int64) - months[0].ordinal
        for part in (frame, returns)
    ]

    def by_month(place: NDArray[np.int64], values: pd.Series) -> Array:
        sums = values.groupby(place).sum().reindex(range(len(months)), fill_value=0.0)
        return np.asarray(sums, dtype=np.float64)

    sold_in, back_in = places
    figures = {
        "gmv": by_month(sold_in, frame["sold"]),
        "orders": np.bincount(sold_in, minlength=len(months)).astype(np.float64),
    }
    if frame["units"].notna().all():
        figures["units"] = by_month(sold_in, frame["units"])
    if "refund" in found.columns or found.back > 0:
        whole = (frame["back"] > 0) & (frame["back"] >= frame["sold"])
        figures["refunds"] = by_month(sold_in, frame["back"]) + by_month(back_in, returns["amount"])
        figures["returned_orders"] = by_month(sold_in, whole.astype(float))
    covered, open_ends = _ends(frame["day"], months)
    names = [str(month) for month in months]
    first = months[0].start_time.date()
    naming = [one for one in found.findings if one.kind.startswith(("export", "lacks"))]
    summary = Finding(
        "from_orders",
        parts={
            "orders": len(frame),
            "value": found.sold,
            "back": found.back,
            "first": str(begin.date()),
            "last": str(end.date()),
        },
    )
    left = [
        Finding(
            f"left_{one.reason}",
            parts={
                "count": one.rows,
                "orders": one.orders,
                "value": one.amount,
                "rows": ", ".join(map(str, one.examples)),
            },
        )
        for one in found.left_out
    ]
    findings = (
        *naming,
        *table.findings,
        summary,
        *of_months([one for one in found.findings if one not in naming], table.name, names),
        *left,
        *open_ends,
        *odd_months(figures, month_names(first, len(months)), covered),
    )
    tell(progress, 1.0)
    return History(
        first,
        figures,
        covered,
        "day",
        found.currency,
        int(frame["rows"].sum() + returns["rows"].sum()),
        findings,
    )


def _ends(days: pd.Series, months: pd.PeriodIndex) -> tuple[Array, list[Finding]]:
    """Return the share of each month that a list of orders covers, and what is to be known about
    its ends.

    Days before the first order and after the last may be missing from the file, or be days without
    orders. As many of them as orders at this pace leave empty by chance count as covered: with λ
    orders a day, k empty days have the chance exp(−λ k).
    """
    covered = np.ones(len(months))
    begin, end = days.min(), days.max()
    pace = len(days) / max(1, (end - begin).days + 1)
    out = []
    for place, missing, day in (
        (0, begin.day - 1, begin),
        (len(months) - 1, months[-1].days_in_month - end.day, end),
    ):
        if not missing:
            continue
        if np.exp(-pace * missing) < _CHANCE_OF_NONE:
            covered[place] -= missing / months[place].days_in_month
            out.append(
                Finding(
                    "partial_orders",
                    str(months[place]),
                    parts={"missing": missing, "day": str(day.date())},
                )
            )
        else:
            out.append(
                Finding(
                    "open_first" if place == 0 and day is begin else "open_last",
                    str(months[place]),
                    parts={"day": str(day.date())},
                )
            )
    return covered, out
