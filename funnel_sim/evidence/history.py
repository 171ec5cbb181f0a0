"""A store's history by month, from a file by month, week or day: columns recognised or chosen, gaps, odd months and unreadable rows found and told."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from funnel_sim.errors import refuse
from funnel_sim.evidence.headings import currencies, may_mean, recognise
from funnel_sim.evidence.periods import Periods, periods
from funnel_sim.evidence.tables import Table, listed
from funnel_sim.evidence.values import amounts
from funnel_sim.model.arrays import Array
from funnel_sim.words import Lang, say

__all__ = ["FIGURES", "ROLES", "TEMPLATE", "Finding", "History", "history", "recognise"]

ROLES = ("date", "gmv", "orders", "units", "visits", "impressions", "clicks", "ad_spend", "ad_sales", "refunds", "returned_orders", "currency")
FIGURES = ROLES[1:-1]
MOST_MONTHS = 120
TEMPLATE = """month,gmv,orders,units,visits,impressions,clicks,ad_spend,ad_sales,refunds,returned_orders
2026-01,12500.00,410,455,16400,210000,2600,1850.00,5900.00,640.00,21
2026-02,11800.00,390,430,15900,198000,2450,1760.00,5500.00,610.00,20
2026-03,13900.00,452,500,17800,226000,2840,2010.00,6600.00,700.00,23
"""

_MONEY = ("gmv", "ad_spend", "ad_sales", "refunds")
_TAKEN_BACK = ("refunds", "returned_orders")
_WITH_FIGURE = ("gap", "unreadable")  # findings told otherwise when they concern one figure
_SHOWN = 5
_FEW, _ENOUGH = 3, 6  # known months from which an odd one can be told: by a factor, by how much the others differ
_FACTOR = 3.0
_ROBUST_Z = 3.5
_MAD_FLOOR = 0.05  # in logarithms: months that hardly differ would make any month odd
_MAD_TO_SD = 1.4826
_FLOOR = 0.02  # of the mean: what a month of zero counts as, so that it has a logarithm
_TOTAL = r"(?i)(?:grand |sub)?totals?\b|sum(?:mary)?\b|gesamt|summe|insgesamt|合计|总计|汇总|小计|总和"
_NOTHING = r"(?i)[-–—/]*|n/?a|null|none|nan|无"
_NOT_PLAIN = r"\d\s*(?:[kKmM]\b|[eE][-+]?\d|[%千万亿])"  # 1.2K, 3.5万, 1e3, 12%: not the number of its digits


@dataclass(frozen=True)
class Finding:
    """One thing to know about a file; nothing was mended because of it.

    `kind` is "outlier", "gap", "partial", "currencies", "unreadable", "duplicates", "negative" or "totals"; `month` ("2026-03") and `role` (a
    figure) are "" where it concerns all; `parts` is what the sentence needs.
    """

    kind: str
    month: str = ""
    role: str = ""
    parts: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, lang: Lang) -> str:
        """Say what was found, in full.

        >>> Finding("gap", "2026-03").sentence("en")
        '2026-03: the file has no rows.'
        """
        of = "_of" if self.role and self.kind in _WITH_FIGURE else ""
        figure = say(lang, f"history.figure_{self.role}") if self.role else ""
        return say(lang, f"history.found_{self.kind}{of}", month=self.month, figure=figure, **self.parts)


@dataclass(frozen=True)
class History:
    """A store's months from `first`, the first day of the first one.

    `figures`: role → one number a month, NaN where it is not known; money as in the file, all else counts. `covered`: share of each
    month's days that the file has rows for. `grain`: "day", "week" or "month". `currency`: the only one that the file names, an ISO code, or a sign
    that several share ("$"); "" where none or several are named. `rows`: rows that were counted in.
    """

    first: dt.date
    figures: Mapping[str, Array]
    covered: Array
    grain: str
    currency: str
    rows: int
    findings: tuple[Finding, ...]

    @property
    def months(self) -> tuple[str, ...]:
        """The months as "2026-01", …, in order and without holes."""
        return _names(self.first, len(self.covered))

    def used(self, without: Collection[str] = ()) -> "History":
        """Return the history to learn from: months that the file covers in part, and those in `without`, are not known; unknown months at either end are cut off.

        No month is left where none is whole.
        """
        drop = (self.covered < 1) | np.array([month in without for month in self.months], dtype=bool)
        figures = {role: np.where(drop, np.nan, values) for role, values in self.figures.items()}
        known = np.flatnonzero(~np.isnan(np.stack(list(figures.values()))).all(axis=0))
        start, stop = (int(known[0]), int(known[-1]) + 1) if known.size else (0, 0)
        first = (pd.Period(self.first, "M") + start).start_time.date()
        return replace(self, first=first, figures={role: values[start:stop] for role, values in figures.items()}, covered=self.covered[start:stop])

    def may_be_in(self, code: str) -> bool:
        """Return whether the money can be in a currency (ISO code): False only where the file names another one."""
        return not self.currency or code in may_mean(self.currency)


def _names(first: dt.date, months: int) -> tuple[str, ...]:
    return tuple(str(month) for month in pd.period_range(pd.Period(first, "M"), periods=months, freq="M"))


def history(table: Table, chosen: Mapping[str, str] | None = None, *, day_first: bool | None = None, decimal: str | None = None) -> History:
    r"""Return a store's history by month; raises InputError where a table does not hold one.

    `chosen` names the column of a role where the heading does not tell, "" for none; `day_first` and `decimal` as in `values`. Rows of one period add
    up. A week or a range of days is spread evenly over its days, and so over the months that it touches: sums stay, but a week across the turn of a month is
    shared by days, not as it was. Rows without a readable date are left out and told; equal rows are counted and told. A month below
    zero is not known. Refunds that are all written with a minus are read as positive. Figures without any number in the file are left out.

    >>> from funnel_sim.evidence.tables import read_table
    >>> found = history(read_table(b"week,orders\n2026-01-19,70\n2026-01-26,70\n2026-02-02,140\n", "x.csv"))
    >>> found.months, found.figures["orders"].tolist(), found.covered.round(2).tolist()
    (('2026-01', '2026-02'), [130.0, 150.0], [0.42, 0.29])
    """
    roles = _columns(table, chosen or {})
    cells = table.cells
    dated = periods(cells[roles["date"]], f"{table.name}: {roles['date']}", day_first=day_first)
    values = _values(table, roles, decimal)
    good = dated.first.notna() & ~dated.summary & values.notna().any(axis=1)
    if not good.any() or values.loc[good, [r for r in ("gmv", "orders") if r in values]].isna().all(axis=None):
        raise refuse(table.name, None, "no_periods")
    values = values.loc[:, values[good].notna().any()]
    spread = _Months.of(dated, good, table.name)
    known = {str(role): spread.sums(values[role]) for role in values}
    figures = {role: np.where(months < 0, np.nan, months) for role, months in known.items()}
    named = currencies(*_money_texts(cells[good], roles))
    findings = (
        *_rows_left_out(cells, dated, roles, values), *_equal_rows(cells[good]), *_several(named), *spread.uncovered(), *_unknown(known, spread),
        *_below_zero(values, spread), *_odd(figures, spread),
    )  # fmt: skip
    return History(spread.first, figures, spread.covered, dated.grain, named[0] if len(named) == 1 else "", int(good.sum()), findings)


def _columns(table: Table, chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the column of each role; raises InputError where the needed ones are missing."""
    roles = {role: column for role, column in (recognise(table.columns) | dict(chosen)).items() if column}
    known = listed(table.columns)
    for column in roles.values():
        if column not in table.columns:
            raise refuse(table.name, column, "column_missing", known=known)
    if "date" not in roles:
        raise refuse(table.name, None, "column_date", known=known)
    if "gmv" not in roles and "orders" not in roles:
        raise refuse(table.name, None, "column_sales", known=known)
    return roles


def _values(table: Table, roles: Mapping[str, str], decimal: str | None) -> pd.DataFrame:
    """Return the figures of each row, NaN where a cell holds no number; the decimal mark is one for all columns of money."""
    found = [role for role in FIGURES if role in roles]
    money = [role for role in found if role in _MONEY]
    out: dict[str, pd.Series] = {}
    if money:
        pool = pd.concat({role: table.cells[roles[role]] for role in money})
        read = amounts(pool, f"{table.name}: {', '.join(roles[role] for role in money)}", decimal)
        out |= {role: read.loc[role] for role in money}
    for role in found:
        column = table.cells[roles[role]]
        if role not in _MONEY:
            out[role] = amounts(column, f"{table.name}: {roles[role]}", _count_mark(column) or decimal)
        out[role] = out[role].mask(column.str.contains(_NOT_PLAIN, regex=True))
        if role in _TAKEN_BACK and not (out[role] > 0).any():
            out[role] = out[role].abs()
    return pd.DataFrame({role: out[role] for role in found}, index=table.cells.index)


def _count_mark(column: pd.Series) -> str | None:
    """Return the decimal mark of a column of counts whose other mark parts thousands wherever it stands; None where that is not so."""
    for mark, other in ((".", ","), (",", ".")):
        marked = column[column.str.contains(other, regex=False)]
        if len(marked) and marked.str.fullmatch(rf"\d{{1,3}}(?:\{other}\d{{3}})+").all():
            return mark
    return None


def _money_texts(cells: pd.DataFrame, roles: Mapping[str, str]) -> tuple[list[str], pd.Series]:
    """Return the headings and the cells that may name a currency."""
    headings = [roles[role] for role in _MONEY if role in roles]
    texts = [cells[column] for column in headings]
    if "currency" in roles:
        texts.append(cells[roles["currency"]].str.upper())
    return headings, pd.concat(texts) if texts else pd.Series([], dtype=str)


@dataclass(frozen=True)
class _Months:
    """How rows fall into months: `rows` → period, and of each period the days in each month."""

    first: dt.date
    covered: Array
    days: Array
    overlap: Array
    period: pd.Series

    @classmethod
    def of(cls, dated: Periods, good: pd.Series, name: str) -> "_Months":
        """Return the months that the good rows touch; raises InputError where they are too many."""
        rows = pd.DataFrame({"first": dated.first, "days": dated.days})[good]
        groups = rows.groupby(["first", "days"], sort=True)
        found = pd.DataFrame(list(groups.groups), columns=["first", "days"])
        last = found["first"] + pd.to_timedelta(found["days"] - 1, unit="D")
        begin, end = found["first"].min(), last.max()
        months = pd.period_range(begin.to_period("M"), end.to_period("M"), freq="M")
        if len(months) > MOST_MONTHS:
            raise refuse(name, len(months), "history_span", first=str(begin.date()), last=str(end.date()), most=MOST_MONTHS)
        edge = pd.period_range(months[0], periods=len(months) + 1, freq="M").to_timestamp().to_numpy().astype("datetime64[D]").astype(np.int64)
        start = found["first"].to_numpy().astype("datetime64[D]").astype(np.int64)
        stop = start + found["days"].to_numpy()
        overlap = np.clip(np.minimum(stop[:, None], edge[1:]) - np.maximum(start[:, None], edge[:-1]), 0, None).astype(np.float64)
        steps = np.zeros(edge[-1] - edge[0] + 1)
        np.add.at(steps, start - edge[0], 1)
        np.add.at(steps, stop - edge[0], -1)
        seen = np.cumsum(steps)[:-1] > 0
        days = np.diff(edge).astype(np.float64)
        covered = np.add.reduceat(seen, edge[:-1] - edge[0], dtype=np.float64) / days
        return cls(months[0].start_time.date(), covered, days, overlap, groups.ngroup())

    @property
    def names(self) -> tuple[str, ...]:
        return _names(self.first, len(self.days))

    def sums(self, values: pd.Series) -> Array:
        """Return a figure's sum by month, each row spread evenly over its days; NaN where no row of the month has a value."""
        total = values.reindex(self.period.index).groupby(self.period).sum(min_count=1).to_numpy()
        known = ~np.isnan(total)
        share = self.overlap / self.overlap.sum(axis=1, keepdims=True)
        touched = known.astype(np.float64) @ self.overlap > 0
        return np.where(touched, np.where(known, total, 0.0) @ share, np.nan)

    def uncovered(self) -> list[Finding]:
        """Return the months without rows and those with days missing."""
        out = []
        for name, share, days in zip(self.names, self.covered, self.days, strict=True):
            if share == 0:
                out.append(Finding("gap", name))
            elif share < 1:
                out.append(Finding("partial", name, parts={"covered": round(share * days), "days": int(days)}))
        return out


def _rows_left_out(cells: pd.DataFrame, dated: Periods, roles: Mapping[str, str], values: pd.DataFrame) -> list[Finding]:
    """Return how many rows have no date, how many of those are totals, and which figures have cells that are no number."""
    undated = dated.first.isna()
    total = cells[undated].apply(lambda column: column.str.match(_TOTAL)).any(axis=1).reindex(cells.index, fill_value=False) | dated.summary
    out = _counted("totals", total) + _counted("unreadable", undated & ~total)
    for role in FIGURES:
        if role in roles:
            column = cells[roles[role]]
            written = ~column.str.fullmatch(_NOTHING) & dated.first.notna() & ~dated.summary
            out += _counted("unreadable", written & (values[role].isna() if role in values else True), role)
    return out


def _counted(kind: str, rows: pd.Series, role: str = "") -> list[Finding]:
    """Return one finding that counts some rows and names the first, as a spreadsheet counts; none where there are none."""
    if not rows.any():
        return []
    first = ", ".join(str(int(row) + 2) for row in rows.index[rows][:_SHOWN])
    return [Finding(kind, role=role, parts={"count": int(rows.sum()), "rows": first})]


def _equal_rows(cells: pd.DataFrame) -> list[Finding]:
    return _counted("duplicates", cells.duplicated())


def _several(named: tuple[str, ...]) -> list[Finding]:
    return [Finding("currencies", parts={"names": ", ".join(named)})] if len(named) > 1 else []


def _unknown(known: Mapping[str, Array], months: _Months) -> list[Finding]:
    """Return the months that have rows but no value of a figure."""
    return [
        Finding("gap", name, role)
        for role, values in known.items()
        for name, value, share in zip(months.names, values, months.covered, strict=True)
        if np.isnan(value) and share > 0
    ]


def _below_zero(values: pd.DataFrame, months: _Months) -> list[Finding]:
    """Return the months in which a figure has negative values, with their sum."""
    out = []
    for role in values:
        below = months.sums(values[role].where(values[role] < 0))
        out += [Finding("negative", name, str(role), {"value": float(v)}) for name, v in zip(months.names, below, strict=True) if not np.isnan(v)]
    return out


def _odd(figures: Mapping[str, Array], months: _Months) -> list[Finding]:
    """Return the whole months that lie far from the others of a figure."""
    out = []
    for role, values in figures.items():
        places = np.flatnonzero(~np.isnan(values) & (months.covered == 1))
        for place, usual in _far(values[places]):
            month = int(places[place])
            out.append(Finding("outlier", months.names[month], role, {"value": float(values[month]), "usual": usual}))
    return out


def _far(values: Array) -> list[tuple[int, float]]:
    """Return the places of odd values, each with the median of the others.

    From six values on: |log(value / median of the others)| > 3.5 × 1.4826 × median absolute deviation of the others, at least 0.05; from
    three to five: a factor above 3.

    >>> _far(np.array([100.0, 104, 97, 101, 300, 99]))
    [(4, 100.0)]
    """
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
