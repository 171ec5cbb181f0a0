"""What serving a client takes, factor by factor (data/serving.toml): multiples of a usual shop's
hours, hours and money on top, what an hour costs by who serves, and the margin behind a price.
"""

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from funnel_sim.reference import studies
from funnel_sim.reference.provenance import DATA_DATE, typical_or_middle
from funnel_sim.reference.studies import Prior
from funnel_sim.stored import read_data
from funnel_sim.words import Words


@dataclass(frozen=True)
class Span:
    """Least, likely and largest value of a factor, the rows it rests on (none: an assumption), and
    what was assumed beside them.
    """

    low: float
    likely: float
    high: float
    rows: tuple[Prior, ...]
    note: Words

    def mapped(self, change: Callable[[float], float]) -> "Span":
        """Return the span with every value changed alike; it rests on the same."""
        return Span(change(self.low), change(self.likely), change(self.high), self.rows, self.note)

    def times(self, factor: float) -> "Span":
        """Return the same span in another unit."""
        return self.mapped(lambda end: end * factor)

    @property
    def weak(self) -> bool:
        """Whether it rests on weak evidence, or on none."""
        return not self.rows or any(row.provenance.weak for row in self.rows)


@dataclass(frozen=True)
class HourlyCost:
    """What an hour of somebody costs: pay over the hours of a month, in `currency`; `alone` where
    it is pay without contributions.
    """

    words: Words
    pay: Span
    currency: str
    alone: bool


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(read_data("serving.toml"))


def _span_of(row: Prior) -> tuple[float, float, float]:
    middle = typical_or_middle(row.low, row.typical, row.high)
    low, high = (middle if end is None else end for end in (row.low, row.high))
    return low, middle, high


@cache
def span(group: str, name: str, on: dt.date = DATA_DATE) -> Span:
    """Return one factor with its least, likely and largest value.

    Args:
        group: "usual", "times", "added", "money", "modules" or "margin".
        name: the factor.
        on: the day for which the data are asked.

    Examples:
        >>> span("times", "platforms").likely, span("usual", "month").likely
        (0.8, 173.3)
    """
    entry = _data()[group][name] if name else _data()[group]
    note = Words(entry.get("note_zh", ""), entry.get("note_en", ""))
    if "assumed" in entry:
        given = entry["assumed"]
        low, likely, high = given if isinstance(given, list) else (given,) * 3
        return Span(low, likely, high, (), note)
    if "contacts" in entry:  # hours for each order: contacts × minutes ÷ 60
        contacts, minutes = (studies.prior_at(entry[part], on) for part in ("contacts", "minutes"))
        ends = [a * b / 60 for a, b in zip(_span_of(contacts), _span_of(minutes), strict=True)]
        return Span(ends[0], ends[1], ends[2], (contacts, minutes), note)
    row = studies.prior_at(entry["row"], on)
    return Span(*_span_of(row), (row,), note)


def setting(group: str, name: str, key: str) -> float:
    """Return a number that stands beside a factor, such as the months of a launch.

    Args:
        group: the group of the factor.
        name: the factor.
        key: what is asked of it.

    Returns:
        The number, in the unit that the file says.

    Examples:
        >>> setting("times", "launch", "months")
        3.0
    """
    return float(_data()[group][name][key])


def modules(on: dt.date = DATA_DATE) -> dict[str, Span]:
    """Return the hours a month of a usual shop module by module, as own staff spend them; they are
    held beside the prior and enter no sum.
    """
    out = {}
    for name, entry in _data()["modules"].items():
        found = span("modules", name, on)
        if "each" in entry:
            usual = span("usual", entry["each"], on).likely
            found = found.times(usual / float(entry["months"]))
        out[name] = found
    return out


def hourly_costs(on: dt.date = DATA_DATE) -> tuple[HourlyCost, ...]:
    """Return what an hour costs by who serves, before the employer's contributions."""
    month = span("usual", "month", on).likely
    out = []
    for entry in _data()["hourly"]:
        row = studies.prior_at(entry["row"], on)
        per = month * (12.0 if entry["per"] == "year" else 1.0)
        found = Span(*_span_of(row), (row,), Words("", "")).times(1.0 / per)
        out.append(
            HourlyCost(
                Words(entry["zh"], entry["en"]),
                found,
                entry["currency"],
                bool(entry.get("alone")),
            )
        )
    return tuple(out)


def delivery_margin(on: dt.date = DATA_DATE) -> Prior:
    """Return the usual margin of a fee over the people who serve [fraction of the fee]."""
    return studies.prior_at(_data()["margin"]["row"], on)
