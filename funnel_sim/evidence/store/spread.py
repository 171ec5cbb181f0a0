"""How rows of days, weeks and months fall into months."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from funnel_sim.errors import refuse
from funnel_sim.evidence.store.months import MOST_MONTHS, month_names
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.evidence.tables.periods import Periods
from funnel_sim.model.arrays import Array


@dataclass(frozen=True)
class SpreadMonths:
    """How rows fall into months: `rows` → period, and of each period the days in each month."""

    first: dt.date
    covered: Array
    days: Array
    overlap: Array
    period: pd.Series

    @classmethod
    def of(cls, dated: Periods, good: pd.Series, name: str) -> "SpreadMonths":
        """Return the months that the good rows touch.

        Args:
            dated: the period of each row.
            good: the rows that count (True).
            name: what the file, or the column in it, is called where it is refused.

        Raises:
            InputError: where they are too many.
        """
        rows = pd.DataFrame({"first": dated.first, "days": dated.days})[good]
        groups = rows.groupby(["first", "days"], sort=True)
        found = pd.DataFrame(list(groups.groups), columns=["first", "days"])
        last = found["first"] + pd.to_timedelta(found["days"] - 1, unit="D")
        begin, end = found["first"].min(), last.max()
        months = pd.period_range(begin.to_period("M"), end.to_period("M"), freq="M")
        if len(months) > MOST_MONTHS:
            raise refuse(
                name,
                len(months),
                "history_span",
                first=str(begin.date()),
                last=str(end.date()),
                most=MOST_MONTHS,
            )
        edge = (
            pd.period_range(months[0], periods=len(months) + 1, freq="M")
            .to_timestamp()
            .to_numpy()
            .astype("datetime64[D]")
            .astype(np.int64)
        )
        start = found["first"].to_numpy().astype("datetime64[D]").astype(np.int64)
        stop = start + found["days"].to_numpy()
        overlap = np.clip(
            np.minimum(stop[:, None], edge[1:]) - np.maximum(start[:, None], edge[:-1]), 0, None
        ).astype(np.float64)
        steps = np.zeros(edge[-1] - edge[0] + 1)
        np.add.at(steps, start - edge[0], 1)
        np.add.at(steps, stop - edge[0], -1)
        seen = np.cumsum(steps)[:-1] > 0
        days = np.diff(edge).astype(np.float64)
        covered = np.add.reduceat(seen, edge[:-1] - edge[0], dtype=np.float64) / days
        return cls(months[0].start_time.date(), covered, days, overlap, groups.ngroup())

    @property
    def names(self) -> tuple[str, ...]:
        """The months as "2026-01", …, in order."""
        return month_names(self.first, len(self.days))

    def sums(self, values: pd.Series) -> Array:
        """Return a figure's sum by month, shape (months,), each row spread evenly over its days;
        NaN where no row of the month has a value.
        """
        total = values.reindex(self.period.index).groupby(self.period).sum(min_count=1).to_numpy()
        known = ~np.isnan(total)
        share = self.overlap / self.overlap.sum(axis=1, keepdims=True)
        touched = known.astype(np.float64) @ self.overlap > 0
        return np.where(touched, np.where(known, total, 0.0) @ share, np.nan)

    def means(self, values: pd.Series) -> Array:
        """Return a figure's mean by month, shape (months,), each row counting by its days in it;
        NaN where no row of the month has a value.
        """
        level = values.reindex(self.period.index).groupby(self.period).mean().to_numpy()
        known = ~np.isnan(level)
        days = known.astype(np.float64) @ self.overlap
        whole = np.where(known, level, 0.0) @ self.overlap
        return np.where(days > 0, whole / np.where(days > 0, days, 1.0), np.nan)

    def uncovered(self) -> list[Finding]:
        """Return the months without rows and those with days missing."""
        out = []
        for name, share, days in zip(self.names, self.covered, self.days, strict=True):
            if share == 0:
                out.append(Finding("gap", name))
            elif share < 1:
                out.append(
                    Finding(
                        "partial", name, parts={"covered": round(share * days), "days": int(days)}
                    )
                )
        return out
