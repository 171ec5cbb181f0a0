"""Periods as people write them, a whole column at once: days, weeks, months and ranges of days."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from funnel_sim.evidence.tables.amounts import plain_digits
from funnel_sim.evidence.tables.cells import codes_of
from funnel_sim.evidence.tables.dates import YEARS, date_of, dates, is_date, iso_text
from funnel_sim.evidence.tables.progress import Progress, each

Grain = Literal["day", "week", "month", "mixed"]
"""How long the periods of a file's rows are."""
DAY: Grain = "day"
WEEK: Grain = "week"
MONTH: Grain = "month"
MIXED: Grain = "mixed"  # of several files
_WEEK_DAYS = 7
_LEAST_MONTH = 28
_LEAST_BETWEEN = (
    21  # dates one a month that lie closer than this are days of two months, not months
)
_ONE_DAY = (
    r"(?:\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})|(?:19|20)\d{6})"
)
_RANGE = rf"^({_ONE_DAY})\s*(?:[-–—~～至到]|to|bis)\s*({_ONE_DAY})$"
_MONTH_FORMS = (
    (r"^(\d{4})\s*[-/年]\s*(\d{1,2})\s*(?:月|月份)?$", (0, 1)),
    (r"^(\d{4})\.(\d{2})$", (0, 1)),
    (r"^((?:19|20)\d{2})(0[1-9]|1[0-2])(?:\.0)?$", (0, 1)),
    (r"^(\d{1,2})\s*[-/.]\s*(\d{4})$", (1, 0)),
)
_WEEK_FORMS = (
    (r"(?i)^(\d{4})\s*[-/]?\s*(?:W|KW)\s*(\d{1,2})$", (0, 1)),
    (r"(?i)^(?:W|KW)\s*(\d{1,2})[\s/-]+(\d{4})$", (1, 0)),
    (r"^(\d{4})\s*年?\s*第?\s*(\d{1,2})\s*周$", (0, 1)),
)


@dataclass(frozen=True)
class Periods:
    """The period of each row: `first` its first day (NaT where there is none), `days` its length;
    `grain` is the usual one, "day", "week" or "month".

    `summary` marks rows of a longer period in a column of days: they sum up other rows.
    """

    first: pd.Series
    days: pd.Series
    summary: pd.Series
    grain: Grain


def periods(
    column: pd.Series,
    name: str,
    *,
    day_first: bool | None = None,
    progress: Progress | None = None,
) -> Periods:
    """Return the periods that a column of text names.

    Days as `dates.dates` reads them; months "2026-01", "2026/1", "2026年1月", "202601", "01/2026",
    "Jan 2026"; weeks "2026-W03" (ISO, from Monday); ranges "2026-01-05 - 2026-01-11". Days that are
    all the first of a month, or one a month, stand for months; days mostly 7 apart for weeks that
    begin on them.

    Args:
        column: the cells of one column, as text.
        name: what the file, or the column in it, is called where it is refused.
        day_first: whether the day comes before the month; None leaves it to the cells.
        progress: told the share of the different cells that has been read; what it raises ends
            the reading.

    Raises:
        InputError: where day and month cannot be told apart.

    >>> found = periods(pd.Series(["2026-01-05", "2026-01-12", "2026-01-19"]), "x")
    >>> found.grain, found.days.tolist()
    ('week', [7, 7, 7])
    """
    codes, cells = codes_of(column)
    text = pd.Series(
        list(each(lambda cell: iso_text(plain_digits(cell)), cells, progress)), dtype=str
    )
    first, days, said = _said(text, name, day_first)
    plain = first.notna() & ~said
    usual = bool(plain.sum() > said.sum())
    grain = _lengths(first, days, plain) if usual else _grain(days[said])
    summary = said & usual
    by_row = [
        pd.Series(part.to_numpy()[codes], index=column.index) for part in (first, days, summary)
    ]
    return Periods(by_row[0], by_row[1], by_row[2], grain)


def is_period(text: str) -> bool:
    """Say whether a text names a day, a week, a month or a range of days, whichever of day and
    month comes first.

    >>> (
    ...     is_period("2026-W03"),
    ...     is_period("Jan 2026"),
    ...     is_period("1"),
    ...     is_period("05/06/2026 - 11/06/2026"),
    ... )
    (True, True, False, True)
    """
    cell = iso_text(plain_digits(text))
    ends = re.match(_RANGE, cell)
    if ends:
        return any(_in_order(ends[1], ends[2], day_first) for day_first in (True, False))
    return is_date(cell) or _names(cell, _MONTH_FORMS, _month) or _names(cell, _WEEK_FORMS, _week)


def _in_order(first: str, last: str, day_first: bool) -> bool:
    start, end = (date_of(one, day_first=day_first) for one in (first, last))
    return bool(start <= end)  # not where one of them is none


def _names(
    cell: str, forms: tuple[tuple[str, tuple[int, int]], ...], day: Callable[[int, int], Any]
) -> bool:
    """Say whether a cell names a month or a week in one of some forms."""
    for form, (year, other) in forms:
        found = re.match(form, cell)
        if (
            found
            and YEARS[0] <= int(found[year + 1]) <= YEARS[1]
            and not pd.isna(day(int(found[year + 1]), int(found[other + 1])))
        ):
            return True
    return False


def _said(
    text: pd.Series, name: str, day_first: bool | None
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return first day and length of each cell, and whether the cell itself says the length (a
    range, a month, a week).
    """
    ends = text.str.extract(_RANGE)
    ranged = ends[0].notna()
    read = dates(
        pd.concat([text.where(~ranged, ends[0]), ends[1].fillna("")], ignore_index=True),
        name,
        day_first=day_first,
    )
    first, last = read.iloc[: len(text)], read.iloc[len(text) :].set_axis(text.index)
    days = (last - first).dt.days.fillna(-1.0).where(ranged, 0.0) + 1
    first = first.where(days >= 1, pd.NaT)
    months, weeks = _pairs(text, _MONTH_FORMS, _month), _pairs(text, _WEEK_FORMS, _week)
    first = first.fillna(months).fillna(weeks)
    days = days.mask(weeks.notna(), _WEEK_DAYS).mask(months.notna(), months.dt.days_in_month)
    said = (ranged | months.notna() | weeks.notna()) & first.notna()
    return first, days.where(first.notna(), 1).astype(int), said


def _pairs(
    text: pd.Series,
    forms: tuple[tuple[str, tuple[int, int]], ...],
    day: Callable[[int, int], object],
) -> pd.Series:
    out = pd.Series(pd.NaT, index=text.index, dtype="datetime64[ns]")
    for form, (year, other) in forms:
        found = text.str.extract(form).dropna()
        found = found[found[year].astype(int).between(*YEARS)]
        first = [
            day(int(years), int(others))
            for years, others in zip(found[year], found[other], strict=True)
        ]
        out.loc[found.index] = pd.Series(first, index=found.index, dtype="datetime64[ns]")
    return out


def _month(year: int, month: int) -> object:
    return pd.to_datetime(f"{year}-{month}-1", format="%Y-%m-%d", errors="coerce")


def _week(year: int, week: int) -> object:
    return pd.to_datetime(f"{year}-{week}-1", format="%G-%V-%u", errors="coerce")


def _grain(days: pd.Series) -> Grain:
    usual = float(days.median()) if len(days) else 1.0
    return MONTH if usual >= _LEAST_MONTH else WEEK if usual > 1 else DAY


def _lengths(first: pd.Series, days: pd.Series, plain: pd.Series) -> Grain:
    """Write into `first` and `days` the periods that plain dates stand for, and return their
    grain.
    """
    known = np.sort(first[plain].unique())
    gaps = np.diff(known).astype("timedelta64[D]").astype(np.int64)
    index = pd.DatetimeIndex(known)
    one_a_month = len(gaps) > 0 and gaps.min() >= _LEAST_BETWEEN and index.to_period("M").is_unique
    if (index.day == 1).all() or one_a_month:
        first[plain] = first[plain].dt.to_period("M").dt.to_timestamp()
        days[plain] = first[plain].dt.days_in_month
        return MONTH
    if 2 * (gaps == _WEEK_DAYS).sum() <= len(gaps):
        return DAY
    length = np.minimum(
        np.append(gaps, _WEEK_DAYS), _WEEK_DAYS
    )  # a week cut short by the next one ends there
    days[plain] = length[np.searchsorted(known, first[plain].to_numpy())]
    return WEEK
