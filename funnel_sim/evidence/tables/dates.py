"""Dates as exports write them, a whole column at once: which of two readings holds is decided by
the column, never by one cell.

A cell is a date as a whole, with or without a time of day, or it is none: an order number that
begins like a date is no date. Names of months and days are those of Babel (Unicode CLDR) for the
languages of the marketplaces. The day is the one that is written; a time zone behind it moves
nothing.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from babel.dates import get_day_names, get_month_names
from numpy.typing import NDArray

from funnel_sim.errors import refuse
from funnel_sim.evidence.tables.amounts import plain_digits
from funnel_sim.evidence.tables.cells import buffers_of, codes_of, series_of, texts_of
from funnel_sim.evidence.tables.progress import Progress, each
from funnel_sim.stored import read_data

YEARS = (1900, 2200)
"""Other years are slips of the pen, and beyond what a timestamp can hold."""
_BUDDHIST = (2443, 2743)  # Thai years, 543 ahead
_BUDDHIST_AHEAD = 543
_REIWA_ZERO, _MINGUO_ZERO = 2018, 1911  # the year before the first of either count
_EXCEL_ZERO = dt.date(1899, 12, 30)
_EXCEL_DAYS = (20_000, 80_000)  # 1954 to 2119: serial numbers of days
_MOST_MONTHS = 12
_ISO_LENGTHS = (10, 16, 19)  # 2026-01-31, then 10:20, then :30
_SECONDS_A_DAY = 86_400
_FIRST_DAY = int(np.datetime64(f"{YEARS[0]}-01-01").astype(int))
_LAST_DAY = int(np.datetime64(f"{YEARS[1]}-12-31").astype(int))
NO_DAY = np.iinfo(np.int32).min
"""Stands for no date among days since 1970."""
_TRIED = 1_000  # cells by which it is tried whether a column's days have a time behind them
_CLOCK = (
    r"\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?(?: (?:UTC|GMT|P[SD]T|E[SD]T|C[SD]T|M[SD]T|CES?T))?$"
)
_TIMED = (  # days with a time behind them, as RE2 reads them: what is cut off changes no day
    rf"^(\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d{{2}})),? {_CLOCK}",
    rf"^(\d{{4}}[/.-]\d{{1,2}}[/.-]\d{{1,2}}),? {_CLOCK}",
    rf"^([A-Z][a-z]{{2,8}} \d{{1,2}}, \d{{4}}),? {_CLOCK}",
)
_SHORTEST_NAME = 3
_TIME = (
    r"(?:[T,\s]+(?:at|um|às|a"
    r" las|ore|à|kl\.?)?\s*(?:AM|PM|上午|下午|午前|午後|오전|오후)?\s*\d{1,2}"
    r"(?:[:.時时h]\s?\d{2}){0,2}分?(?:[.,:]\d{1,9}|\d{2}秒)?"
    r"\s*(?:[ap]\.?\s?m\.?|上午|下午|น\.?|uhr|hs\.?|h|sa|ch)?)?"
)
_ZONE = (
    r"(?:\s?г\.?)?(?:\s*(?:z|[a-z]{2,5})?\s*(?:[+-]\d{1,2}(?::?\d{2})?)?\s*"
    r"(?:\([^()]*\)|\[[^\[\]]*\])?)?"
)
_REST = rf"(?:{_TIME}{_ZONE})$"


def _form(date: str) -> "re.Pattern[str]":
    return re.compile(rf"^{date}{_REST}", re.IGNORECASE)


_YEAR_FIRST = _form(
    r"(\d{4})\s*(?:[-/.年]|년)\s*(\d{1,2})\s*(?:[-/.月]|월)\s*(\d{1,2})\s*(?:日|일|号)?\.?"
)
_COMPACT = re.compile(
    r"^((?:19|20)\d{2})(\d{2})(\d{2})(?:\d{4}|\d{6})?(?:[T\s]+\d{1,2}:?\d{2}.*)?$", re.IGNORECASE
)
_PARTED = _form(r"(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4}|\d{2})\.?")
_REIWA = _form(r"(?:令和|R)\s?(\d{1,2})\s?[年./-]\s?(\d{1,2})\s?[月./-]\s?(\d{1,2})\s?日?")
_MINGUO = _form(r"(?:民國|民国)?\s?(1\d{2})\s?[年/.-]\s?(\d{1,2})\s?[月/.-]\s?(\d{1,2})\s?日?")
_SERIAL = re.compile(r"^\d{5}(?:\.\d+)?$")
_EPOCH = re.compile(  # seconds since 1970, or thousandths: from 2001 to 2096
    r"^([123]\d{9})(\d{3})?(?:\.0+)?$"
)
_ORDINAL = r"(?:st|nd|rd|th|er|º|\.)?"
_OF = r"(?:\s*(?:(?:de|del|of)\b\.?|พ\.ศ\.|ค\.ศ\.|พุทธศักราช|คริสต์ศักราช))?"
_NAME = r"((?:tháng|thg)\.?\s\d{1,2}|(?:[^\W\d_]|[\u0E31\u0E34-\u0E3A\u0E47-\u0E4E.'’])+?)\.?"
_NAMED = (  # the written form, and which groups are year, month and day (0: none)
    (
        _form(
            rf"(\d{{1,2}}){_ORDINAL}{_OF}[\s/-]*{_NAME}[\s,/-]*{_OF}\s*(\d{{4}}|\d{{2}}(?![\d:]))"
        ),
        (3, 2, 1),
    ),
    (_form(rf"{_NAME}[\s/-]+(\d{{1,2}}){_ORDINAL},?[\s/-]+(\d{{4}})"), (3, 1, 2)),
    (_form(rf"(\d{{4}})[\s/-]+{_NAME}[\s/-]+(\d{{1,2}})"), (1, 2, 3)),
    (_form(rf"{_NAME}-(\d{{1,2}})-(\d{{2}})(?![\d:])"), (3, 1, 2)),  # Jan-05-26
    (re.compile(rf"^{_NAME}[\s,/-]*{_OF}[\s'’]*(\d{{4}})$", re.IGNORECASE), (2, 1, 0)),
    (re.compile(rf"^{_NAME}\s*[\s/'’-]\s*(\d{{2}})$", re.IGNORECASE), (2, 1, 0)),
    (re.compile(rf"^(\d{{4}})[\s/-]+{_NAME}$", re.IGNORECASE), (1, 2, 0)),
)


def dates(column: pd.Series, name: str, *, day_first: bool | None = None) -> pd.Series:
    """Return dates of a column of text, NaT where a cell holds none; times of day and time zones
    are dropped.

    ISO, 20260131, 2026年1月31日, 令和8年1月31日, 31.01.2026, 31/01/2026, 01/31/2026,
    "31 janv. 2026", "Jan 31, 2026", Thai years, Excel's serial numbers and seconds since 1970.
    Whether day or month comes first is read off the column (a 13 or more decides).

    Args:
        column: the cells of one column, as text.
        name: what the file, or the column in it, is called where it is refused.
        day_first: whether the day comes before the month; None leaves it to the cells.

    Raises:
        InputError: where the day and the month could be either, unless `day_first` says.

    >>> dates(pd.Series(["31/01/2026 10:20", "2/2/2026", "20260205-0001"]), "x").dt.strftime(
    ...     "%m-%d"
    ... ).tolist()
    ['01-31', '02-02', nan]
    """
    return pd.Series(as_dates(days_since(column, name, day_first=day_first)), index=column.index)


def as_dates(days: NDArray[np.int32]) -> NDArray[np.datetime64]:
    """Return days since 1970 as dates of the same shape, `NO_DAY` as NaT."""
    found = days.astype("datetime64[D]").astype("datetime64[ns]")
    found[days == NO_DAY] = np.datetime64("NaT")
    return found


def days_since(
    column: pd.Series,
    name: str,
    *,
    day_first: bool | None = None,
    progress: Progress | None = None,
) -> NDArray[np.int32]:
    """Return dates of a column of text as days since 1970, `NO_DAY` where a cell holds none.

    Args:
        column: the cells.
        name: what the column is called in a refusal.
        day_first: whether the day comes first; None leaves it to the column.
        progress: is told the share of the different cells that has been read; what it raises ends
            the reading.

    Returns:
        Days since 1970-01-01, shape (cells,).

    Raises:
        InputError: where day or month could come first.

    >>> days_since(pd.Series(["1970-01-03", "x"]), "x").tolist() == [2, NO_DAY]
    True
    """
    cells = texts_of(column)
    iso = _iso_days(cells)
    if iso is not None:
        return iso
    codes, ways = codes_of(series_of(_without_time(cells)))
    read = list(each(lambda way: _parts(iso_text(plain_digits(way))), ways, progress))
    parted = [
        (way, parts)
        for way, parts in zip(ways, read, strict=True)
        if parts is not None and parts[0] < 0
    ]
    if parted and day_first is None:
        day_first = _day_first([parts for _, parts in parted], [way for way, _ in parted], name)
    found = np.array([_date(parts, bool(day_first)) for parts in read], dtype="datetime64[D]")
    days = np.where(np.isnat(found), NO_DAY, found.astype(np.int64)).astype(np.int32)
    return np.asarray(days[codes])


def _iso_days(cells: pa.LargeStringArray) -> NDArray[np.int32] | None:
    """Return the days of cells that are all empty, "2026-01-31" or such a day with a time; None
    where one is not, or its year is one of another count.

    >>> _iso_days(pa.array(["1970-01-03 10:20"], pa.large_string())).tolist()
    [2]
    >>> _iso_days(pa.array(["31.01.2026"], pa.large_string())) is None
    True
    """
    lengths = np.diff(buffers_of(cells)[0])
    if not len(lengths) or not lengths.max():
        return None
    gaps = not lengths.min()
    one = (lengths == lengths[0]).all() and int(lengths[0]) in _ISO_LENGTHS
    if not one and not np.isin(lengths, (0, *_ISO_LENGTHS)).all():
        return None
    if gaps:
        cells = pc.if_else(pa.array(lengths == 0), None, cells)
    try:
        read = cells.cast(pa.timestamp("s")).cast(pa.int64()).fill_null(0)
    except pa.ArrowInvalid:
        return None
    days: NDArray[np.int32] = (read.to_numpy() // _SECONDS_A_DAY).astype(np.int32)
    known = days[lengths > 0] if gaps else days
    if known.min() < _FIRST_DAY or known.max() > _LAST_DAY:
        return None
    if gaps:
        days[lengths == 0] = NO_DAY
    return days


def _without_time(cells: pa.LargeStringArray) -> pa.Array:
    """Return texts of a day and a time without the time, so that hardly more different ones are
    left than days.

    >>> _without_time(
    ...     pa.array(
    ...         [
    ...             "2026-01-31 10:20:00",
    ...             "1/5/2026 3:04 PM",
    ...             "05. Jan 26",
    ...             "Jan 5, 2026 3:04:05 AM PST",
    ...         ]
    ...     )
    ... ).to_pylist()
    ['2026-01-31', '1/5/2026', '05. Jan 26', 'Jan 5, 2026']
    """
    timed = pc.and_(
        pc.equal(pc.utf8_slice_codeunits(cells, 13, 14), ":"),
        pc.is_in(pc.utf8_slice_codeunits(cells, 10, 11), pa.array(["T", " "], cells.type)),
    )
    found = pc.if_else(timed, pc.utf8_slice_codeunits(cells, 0, 10), cells)
    for form in _TIMED:
        if pc.match_substring_regex(found.slice(0, _TRIED), form).true_count:
            found = pc.replace_substring_regex(found, form, r"\1")
    return found


def is_date(text: str) -> bool:
    """Say whether a text is a date as a whole, whichever of day and month comes first.

    >>> (
    ...     is_date("2026-01-31T10:20:00-07:00"),
    ...     is_date("13 mar. 2026"),
    ...     is_date("30/31/2026"),
    ...     is_date("110-2345"),
    ...     is_date("51"),
    ... )
    (True, True, False, False, False)
    """
    return any(not np.isnat(date_of(text, day_first=first)) for first in (True, False))


def date_of(text: str, *, day_first: bool) -> np.datetime64:
    """Return the date that a text is as a whole, NaT where it is none.

    Args:
        text: a whole cell.
        day_first: whether the day comes before the month where both could.

    >>> str(date_of("2/1/2026", day_first=True)), str(date_of("30/31/2026", day_first=True))
    ('2026-01-02', 'NaT')
    """
    return _date(_parts(iso_text(plain_digits(text))), day_first)


def iso_text(cell: str) -> str:
    """Return a cell with a named month as "2026-01-31" or, without a day, "2026-01"; other cells
    without the space around them.

    >>> (
    ...     iso_text("Mon, 5 de enero de 2026 10:20"),
    ...     iso_text("Févr. 2026"),
    ...     iso_text("5 ม.ค. 2569"),
    ...     iso_text("2026-W03"),
    ... )
    ('2026-01-05', '2026-02', '2026-01-05', '2026-W03')
    """
    text = " ".join(cell.split())
    if text.isascii() and not any(one.isalpha() for one in text):
        return text
    for plain in dict.fromkeys((text, _without_weekday(text))):  # "mar" is March, and Tuesday
        for form, (year, month, day) in _NAMED:
            found = form.match(plain)
            number = _month(found[month]) if found is not None else 0
            if found is not None and number:
                full = _year(found[year])
                return (
                    f"{full:04d}-{number:02d}-{int(found[day]):02d}"
                    if day
                    else f"{full:04d}-{number:02d}"
                )
    return text


def _year(text: str) -> int:
    year = int(text)
    if len(text) < 3:
        year += 2000
    return year - _BUDDHIST_AHEAD if _BUDDHIST[0] <= year <= _BUDDHIST[1] else year


def _parts(text: str) -> tuple[int, int, int] | None:
    """Return year, month and day; of a date whose order the column decides, the year as a negative
    number, first and second part; None for no date.
    """
    if not text or (not text[0].isdigit() and not text.startswith(("令和", "R", "r", "民"))):
        return None
    if found := _YEAR_FIRST.match(text):
        return _year(found[1]), int(found[2]), int(found[3])
    if found := _COMPACT.match(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _PARTED.match(text):
        return -_year(found[3]), int(found[1]), int(found[2])
    if found := _REIWA.match(text):
        return _REIWA_ZERO + int(found[1]), int(found[2]), int(found[3])
    if found := _MINGUO.match(text):
        return _MINGUO_ZERO + int(found[1]), int(found[2]), int(found[3])
    if _SERIAL.match(text) and _EXCEL_DAYS[0] <= float(text) <= _EXCEL_DAYS[1]:
        day = _EXCEL_ZERO + dt.timedelta(days=int(float(text)))
        return day.year, day.month, day.day
    if found := _EPOCH.match(text):
        day = dt.datetime.fromtimestamp(int(found[1]), dt.UTC).date()
        return day.year, day.month, day.day
    return None


def _date(parts: tuple[int, int, int] | None, day_first: bool) -> np.datetime64:
    if parts is None:
        return np.datetime64("NaT")
    year, month, day = parts
    if year < 0:
        year, month, day = (-year, day, month) if day_first else (-year, month, day)
    if not YEARS[0] <= year <= YEARS[1]:
        return np.datetime64("NaT")
    try:
        return np.datetime64(dt.date(year, month, day))
    except ValueError:
        return np.datetime64("NaT")


def _day_first(parts: list[tuple[int, int, int]], ways: list[str], name: str) -> bool:
    day, month = (
        any(first > _MOST_MONTHS for _, first, _ in parts),
        any(second > _MOST_MONTHS for _, _, second in parts),
    )
    dotted = all(
        "." in way for way in ways
    )  # 01.02.2026 is written so only where the day comes first
    if not (day or month or dotted):
        by_month = _firsts_of_months(parts)
        if by_month is not None:
            return by_month
    if (day and month) or not (day or month or dotted):
        raise refuse(name, ways[0], "date_unclear")
    return day or dotted


def _firsts_of_months(parts: list[tuple[int, int, int]]) -> bool | None:
    """Return whether the day comes first in dates that are all the first of a month, month after
    month over a turn of the year; None where they are not.

    Within one year they could be the first days of January as well.

    >>> _firsts_of_months([(-2025, 1, month) for month in range(1, 13)] + [(-2026, 1, 1)])
    True
    >>> _firsts_of_months([(-2026, 1, month) for month in range(1, 13)]) is None
    True
    """
    for day_first, place in ((True, 1), (False, 2)):
        months = sorted({-one[0] * _MOST_MONTHS + one[3 - place] for one in parts})
        years = {one[0] for one in parts}
        whole = months == list(range(months[0], months[-1] + 1))
        if {one[place] for one in parts} == {1} and whole and len(years) > 1:
            return day_first
    return None


def _without_weekday(text: str) -> str:
    word = re.match(r"^(วัน\S+|[^\W\d_]+(?:-[^\W\d_]+)?)\.?,?\s+", text)
    return (
        text[word.end() :]
        if word and (_key(word[1]) in _weekdays() or word[1].startswith("วัน"))
        else text
    )


def _month(word: str) -> int:
    """Return the number of a month by its name, its short name or the first letters of its name; 0
    where it is none, or another in two languages.
    """
    plain = _key(word)
    exact, long = _months()
    if plain in exact:
        return exact[plain]
    begun = (
        {number for name, number in long if name.startswith(plain)}
        if len(plain) >= _SHORTEST_NAME
        else set()
    )
    return begun.pop() if len(begun) == 1 else 0


def _key(word: str) -> str:
    return re.sub(r"[.\s'’]", "", word.lower())


@cache
def _locales() -> list[str]:
    data: list[str] = tomllib.loads(read_data("cell_marks.toml"))["dates"]["languages"]
    return data


def _named(names: Callable[..., object], widths: tuple[str, ...]) -> list[tuple[str, int]]:
    return [
        (_key(str(name)), int(number))
        for language in _locales()
        for width in widths
        for context in ("format", "stand-alone")
        for number, name in dict(names(width, context, language)).items()  # type: ignore[call-overload]
    ]


@cache
def _months() -> tuple[dict[str, int], list[tuple[str, int]]]:
    """Return the months that names stand for in one way only, and the long names."""
    every = [
        one
        for one in _named(get_month_names, ("wide", "abbreviated"))
        if any(letter.isalpha() for letter in one[0])
    ]
    meant: dict[str, set[int]] = {}
    for name, number in every:
        meant.setdefault(name, set()).add(number)
    long = [
        one
        for one in _named(get_month_names, ("wide",))
        if any(letter.isalpha() for letter in one[0])
    ]
    return {name: next(iter(numbers)) for name, numbers in meant.items() if len(numbers) == 1}, long


@cache
def _weekdays() -> frozenset[str]:
    return frozenset(name for name, _ in _named(get_day_names, ("wide", "abbreviated")))
