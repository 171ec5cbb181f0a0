"""Where a figure of the world comes from and when it holds: the rows of data/parameters/*.csv, read
and asked for by date.
"""

import csv
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar, Literal, Protocol, TypeVar

from funnel_sim.errors import refuse
from funnel_sim.stored import read_data

Evidence = Literal[
    "published", "transcribed", "measured", "derived", "secondary", "claim", "assumed"
]

LAW = frozenset({"tax", "duty", "import_fees", "customs_line", "compliance"})
"""Topics whose figures hold until the law is changed: what counts is when they were last looked at.
"""

DATA_DATE = dt.date(2026, 11, 27)
"""The day up to which the parameters were gathered; the date asked for where none is given."""
YEARS = (1990, 2199)
"""First and last year of a day for which figures are asked: before and after it nothing is known.
"""


@dataclass(frozen=True)
class Provenance:
    """Where a figure comes from: since when, from whom, how well it is known."""

    topic: str
    start: dt.date | None
    as_of: str
    evidence: Evidence
    weak: bool
    source: str
    note: str
    end: dt.date | None = None
    seen: dt.date | None = None

    def holds(self, on: dt.date) -> bool:
        """Say whether the figure is in force on a day."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)

    @property
    def checked(self) -> dt.date | None:
        """The day on which the figure was last looked at; None where it is undated.

        Law holds until it is changed, so a look at it counts (`seen`: the column `checked`, else
        `as_of` where that is a whole date); a rate of exchange, a rate card or a study ages from
        its own day.
        """
        if self.topic not in LAW or self.seen is None:
            return self.start
        return self.seen if self.start is None else max(self.seen, self.start)

    def review_due(self) -> dt.date | None:
        """Return the day from which the figure should be checked again; None where it is undated.

        That is the review interval after the last check, or the day after the row's last day where
        that comes first.
        """
        if self.checked is None:
            return None
        whole = self.checked.month - 1 + review_months()[self.topic]
        due = dt.date(self.checked.year + whole // 12, whole % 12 + 1, min(self.checked.day, 28))
        return due if self.end is None else min(due, self.end + dt.timedelta(days=1))

    def overdue(self, on: dt.date) -> bool:
        """Say whether the figure is past its review date on a day; an undated one has none to be
        past.

        A figure that was assumed has no date to be past: it is marked as assumed instead.
        """
        if self.evidence == "assumed" and self.topic == "preset":
            return False
        due = self.review_due()
        return due is not None and due < on


class Sourced(Protocol):
    """A row, a dataclass, that says where it comes from."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def provenance(self) -> Provenance:
        """Where it comes from, and when it holds."""


R = TypeVar("R", bound=Sourced)
T = TypeVar("T")


@cache
def rows_of(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of one table of data/parameters, as text by heading."""
    text = read_data(f"parameters/{name}.csv")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def review_months() -> dict[str, int]:
    """Return, by topic, after how many months a figure should be looked at again."""
    return {row["topic"]: int(row["months"]) for row in rows_of("review")}


@cache
def review_days() -> tuple[tuple[str, dt.date, str, str], ...]:
    """Return known days of change as (topic, day, what, source): the table must be looked at
    whatever its interval says.
    """
    return tuple(
        (row["topic"], dt.date.fromisoformat(row["day"]), row["what"], row["source"])
        for row in rows_of("review_days")
    )


def cell_number(text: str) -> float | None:
    """Return a cell as a number; None where it is empty."""
    return float(text) if text.strip() else None


def cell_steps(text: str) -> tuple[tuple[float | None, float], ...]:
    """Return a cell "bound:value;…" as (bound, value), the bound None where it is empty."""
    parts = [step.split(":") for step in text.split(";") if step]
    return tuple((float(bound) if bound else None, float(value)) for bound, value in parts)


def one_of(text: str, every: tuple[T, ...]) -> T:
    """Return a cell as one of the codes that its column may hold.

    Args:
        text: the cell.
        every: the codes of the column.

    Raises:
        ValueError: if it is none of them.

    >>> one_of("daily", ("daily", "weekly"))
    'daily'
    """
    return every[every.index(text)]


def source(topic: str, row: dict[str, str]) -> Provenance:
    """Return where a row comes from, from its columns of provenance.

    Args:
        topic: the table that the row is from.
        row: the row, by column.
    """
    start, end, seen = (day_of(row.get(name, "")) for name in ("start", "end", "checked"))
    evidence: Any = row["evidence"]
    return Provenance(
        topic,
        start,
        row["as_of"],
        evidence,
        row["weak"] == "true",
        row["source"],
        row["note"],
        end,
        seen or day_of(row["as_of"]),
    )


def day_of(text: str) -> dt.date | None:
    """Return a cell as a day; None where it is none."""
    return dt.date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None


def flag(text: str) -> bool | None:
    """Return a cell as true or false; None where it is neither."""
    return {"true": True, "false": False}.get(text)


def ask(rows: Iterable[R], on: dt.date, what: str) -> R:
    """Return the row in force on a day: the newest that had started by then and had not ended.

    Args:
        rows: the rows of one parameter.
        on: the day on which the rows have to be in force.
        what: the name of the parameter, for the message.

    Raises:
        InputError: if none is in force; the message says from which day there is one, or until
            which day there was.
    """
    every = list(rows)
    holding = [r for r in every if r.provenance.holds(on)]
    if holding:
        return max(holding, key=lambda r: r.provenance.start or dt.date.min)
    if not every:
        raise refuse(what, None, "no_parameter")
    later = [r.provenance.start for r in every if r.provenance.start and r.provenance.start > on]
    if later:
        raise refuse(what, on.isoformat(), "no_parameter_yet", first=min(later).isoformat())
    last = max(r.provenance.end for r in every if r.provenance.end)
    raise refuse(what, on.isoformat(), "no_parameter_more", last=last.isoformat())


def known(rows: Iterable[R], on: dt.date, what: str) -> R:
    """Return the evidence known on a day; before the first day of any, the earliest, whose note
    then says so.

    Args:
        rows: the rows of one quantity.
        on: the day on which the rows have to be in force.
        what: the name of the quantity, for the message.

    Raises:
        InputError: if there is no row at all.
    """
    every = list(rows)
    if any(r.provenance.holds(on) for r in every) or not every:
        return ask(every, on, what)
    first = min(every, key=lambda r: r.provenance.start or dt.date.min)
    source = first.provenance
    late = (
        f"Known from {source.start.isoformat() if source.start else '?'}, asked for"
        f" {on.isoformat()}: the earliest there is. {source.note}"
    )
    return replace(first, provenance=replace(source, note=late))


def day_asked(on: dt.date) -> dt.date:
    """Return a day for which figures may be asked, checked.

    Args:
        on: the day on which the rows have to be in force.

    Returns:
        The same day.

    Raises:
        InputError: if it lies outside the years of `YEARS`.

    Examples:
        >>> day_asked(dt.date(2026, 11, 22))
        datetime.date(2026, 11, 22)
    """
    if not YEARS[0] <= on.year <= YEARS[1]:
        raise refuse("as_of", on.isoformat(), "date_far", first=YEARS[0], last=YEARS[1])
    return on


def first_month(on: dt.date) -> dt.date:
    """Return the first day of the first whole calendar month from a day on: the plan's month 1.

    >>> first_month(dt.date(2026, 11, 22)), first_month(dt.date(2026, 12, 1))
    (datetime.date(2026, 12, 1), datetime.date(2026, 12, 1))
    """
    if on.day == 1:
        return on
    return dt.date(on.year + on.month // 12, on.month % 12 + 1, 1)


def typical_or_middle(low: float | None, typical: float | None, high: float | None) -> float:
    """Return the typical value, or the middle of the range, or its only end.

    Args:
        low: the low end.
        typical: the typical value.
        high: the high end, in the same unit; None for what is not known, at most two of the three.

    Returns:
        A value in that unit.
    """
    if typical is not None:
        return typical
    ends = [e for e in (low, high) if e is not None]
    return sum(ends) / len(ends)


def first_source(sources: Sequence[str] | str) -> str:
    """Return the main address of a source that lists several, separated by ' ; '."""
    text = sources if isinstance(sources, str) else " ; ".join(sources)
    first = text.split(" ; ")[0]
    return first.split(" and ")[0] if first.startswith("http") else first
