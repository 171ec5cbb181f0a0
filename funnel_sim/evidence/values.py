"""Dates and amounts as people write them, a whole column at once: what decides between two readings is the column, never a guess at one cell."""

import math
import re
import unicodedata
from collections.abc import Iterable

import numpy as np
import pandas as pd

from funnel_sim.errors import refuse

_NUMBER = re.compile(r"[-+(]?\d[\d.,' \u00a0\u202f]*")
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_EXCEL_ZERO = pd.Timestamp("1899-12-30")
_EXCEL_DAYS = (20_000, 80_000)  # 1954 to 2119: serial numbers of days
_MOST_MONTHS = 12
_LONGEST = 200  # characters of a cell that holds a number or a date; what is longer is a text, in which searching for one can take hours
YEARS = (1900, 2200)  # others are slips of the pen, and beyond what a timestamp can hold


def numbers(text: str, name: str) -> list[float]:
    """Return the numbers of a line, parted by spaces, commas or semicolons; raises InputError for what is none, and where "1,000" could be one number or two.

    >>> numbers("1000, 631, 468; 382", "x")
    [1000.0, 631.0, 468.0, 382.0]
    """
    out: list[float] = []
    for token in (one.strip(",") for one in re.split(r"[\s;；，、]+", text)):
        if _THOUSANDS.fullmatch(token):
            raise refuse(name, token, "thousands_unclear")
        for part in filter(None, token.split(",")):
            try:
                value = float(part)
            except ValueError:
                value = math.nan
            if not math.isfinite(value):
                raise refuse(name, part, "numbers_only")
            out.append(value)
    return out


def amounts(column: pd.Series, name: str, decimal: str | None = None) -> pd.Series:
    """Return amounts of a column of text as floats, NaN where a cell holds none; "(12.50)" and "-12.50" are negative.

    `decimal` is "." or ","; left out, the column decides: a mark that stands twice in a cell, or before exactly three digits everywhere,
    parts thousands. Raises InputError where the column allows both.

    >>> amounts(pd.Series(["1.234,50 €", "7,00"]), "x").tolist()
    [1234.5, 7.0]
    """
    codes, cells = pd.factorize(column)  # each way of writing is read once
    read = _amounts(legible(cells), name, decimal).to_numpy()
    return pd.Series(read[codes], index=column.index)


def legible(cells: Iterable[str]) -> pd.Series:
    """Return texts as they are read for a number or a date: the digits of any script as 0 to 9, and nothing of a text that is too long to be either.

    >>> legible(["２０２６", "٣٤", "x" * 500]).tolist()
    ['2026', '34', '']
    """
    return pd.Series([("" if len(cell) > _LONGEST else cell if cell.isascii() else _plain_digits(cell)) for cell in cells], dtype=str)


def _plain_digits(text: str) -> str:
    return "".join(one if one.isascii() or (digit := unicodedata.decimal(one, None)) is None else str(digit) for one in text)


def _amounts(column: pd.Series, name: str, decimal: str | None) -> pd.Series:
    text = column.str.extract(f"({_NUMBER.pattern})", expand=False).fillna("").str.replace(r"[ '\u00a0\u202f]", "", regex=True)
    mark = decimal or _decimal_mark(text, name)
    other = "," if mark == "." else "."
    grouped = text.str.fullmatch(rf"[-+(]?\d{{1,3}}(?:{re.escape(other)}\d{{3}})+(?:{re.escape(mark)}\d*)?")
    text = text.where(grouped | ~text.str.contains(other, regex=False), "")  # a mark that parts no thousands is no number
    plain = text.str.replace(other, "", regex=False).str.replace(mark, ".", regex=False).str.replace("(", "-", regex=False)
    minus = column.str.contains(r"^\s*[-−]|[-−]\s*[^\d\s]?\s*\d", regex=True) & ~plain.str.startswith("-")
    values = pd.to_numeric(plain, errors="coerce")
    return values.where(~minus, -values)


def _decimal_mark(text: pd.Series, name: str) -> str:
    both = text[text.str.contains(".", regex=False) & text.str.contains(",", regex=False)]
    if len(both):
        last = both.map(lambda cell: "." if cell.rfind(".") > cell.rfind(",") else ",")
        if (last != last.iloc[0]).any():
            raise refuse(name, both.iloc[0], "decimal_unclear")
        return str(last.iloc[0])
    for mark, other in ((",", "."), (".", ",")):
        marked = text[text.str.contains(mark, regex=False)]
        if not len(marked):
            continue
        if (marked.str.count(re.escape(mark)) > 1).any():
            return other
        if not marked.str.fullmatch(rf"[-+(]?\d{{1,3}}{re.escape(mark)}\d{{3}}").all():
            return mark
        rest = text[text.str.contains(other, regex=False)]
        if not rest.str.fullmatch(rf"[-+(]?\d{{1,3}}{re.escape(other)}\d{{3}}").all():
            return other  # 12.5 beside 1,234
        raise refuse(name, marked.iloc[0], "decimal_unclear")
    return "."


def dates(column: pd.Series, name: str, *, day_first: bool | None = None) -> pd.Series:
    """Return dates of a column of text, NaT where a cell holds none; times of day and time zones are dropped.

    ISO, 20260131, 2026年1月31日, 31.01.2026, 31/01/2026, 01/31/2026 and Excel's serial numbers. Whether day or month comes first is read off
    the column (a 13 or more decides); raises InputError where it could be either, unless `day_first` says.

    >>> dates(pd.Series(["31/01/2026", "2/2/2026"]), "x").dt.strftime("%m-%d").tolist()
    ['01-31', '02-02']
    """
    codes, cells = pd.factorize(column)
    read = _dates(legible(cells), name, day_first).to_numpy()
    return pd.Series(read[codes], index=column.index)


def _dates(column: pd.Series, name: str, day_first: bool | None) -> pd.Series:
    text = column.str.strip()
    out = pd.Series(pd.NaT, index=column.index, dtype="datetime64[ns]")
    year_first = text.str.extract(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
    _fill(out, year_first[0], year_first[1], year_first[2])
    compact = text.str.extract(r"^((?:19|20)\d{2})(\d{2})(\d{2})(?:\D|$)")
    _fill(out, compact[0], compact[1], compact[2])
    parted = text.str.extract(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:\D|$)")
    if parted[0].notna().any():
        first, second = parted[0].astype(float), parted[1].astype(float)
        if day_first is None:
            day_first = _day_first(first, second, text, name)
        year = parted[2].where(parted[2].str.len() != 2, "20" + parted[2].fillna(""))  # noqa: PLR2004
        _fill(out, year, parted[1 if day_first else 0], parted[0 if day_first else 1])
    serial = pd.to_numeric(text.where(text.str.fullmatch(r"\d{5}(?:\.\d+)?"), None), errors="coerce")
    days = serial.where(serial.between(*_EXCEL_DAYS) & out.isna())
    return out.where(days.isna(), _EXCEL_ZERO + pd.to_timedelta(np.floor(days), unit="D"))


def _day_first(first: pd.Series, second: pd.Series, text: pd.Series, name: str) -> bool:
    day, month = bool((first > _MOST_MONTHS).any()), bool((second > _MOST_MONTHS).any())
    dotted = text[first.notna()].str.contains(".", regex=False).all()  # 01.02.2026 is written so only where the day comes first
    if (day and month) or not (day or month or dotted):
        raise refuse(name, text[first.notna()].iloc[0], "date_unclear")
    return day or bool(dotted)


def _fill(out: pd.Series, year: pd.Series, month: pd.Series, day: pd.Series) -> None:
    known = out.isna() & year.astype(float).between(*YEARS)
    if known.any():
        parts = pd.DataFrame({"year": year[known], "month": month[known], "day": day[known]}).astype(int)
        out.loc[known] = pd.to_datetime(parts, errors="coerce").astype("datetime64[ns]")
