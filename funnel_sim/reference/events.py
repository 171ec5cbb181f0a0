"""Risk events to start from: templates with what is known about each, and what is only assumed
(data/events.toml).
"""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from funnel_sim.reference import studies
from funnel_sim.reference.provenance import DATA_DATE, Provenance, typical_or_middle
from funnel_sim.stored import read_data
from funnel_sim.units import DAYS_A_MONTH
from funnel_sim.words import Words


@dataclass(frozen=True)
class EventTemplate:
    """An event to start from; `provenance` is the row that one of its figures rests on, None where
    all are assumed, `sources` by field the rows of the figures that are read from one.
    """

    id: str
    words: Words
    fields: dict[str, Any]
    provenance: Provenance | None
    sources: Mapping[str, Provenance] = field(default_factory=dict)

    def fields_in(self, months: int) -> dict[str, Any]:
        """Return the fields of the event in a plan, possible in every month of it.

        Args:
            months: how many months the plan has; the event lasts no longer.
        """
        length = self.fields["length"]
        row = {**self.fields, "month_from": 1, "month_to": months}
        row["length"] = min(length, float(months)) if isinstance(length, float) else length
        return row


@cache
def event_templates(on: dt.date = DATA_DATE) -> tuple[EventTemplate, ...]:
    """Return the events one may start from, in the order of the file."""
    text = read_data("events.toml")
    return tuple(_template(key, row, on) for key, row in tomllib.loads(text).items())


def _template(key: str, row: dict[str, Any], on: dt.date) -> EventTemplate:
    fields: dict[str, Any] = {
        name: _figure(row[name], on, months=name == "length")
        for name in ("probability", "size", "length", "days")
        if name in row
    }
    provenance = _prior(row["prior"], on).provenance if "prior" in row else None
    sources = {
        name: _prior(row[name], on).provenance for name in fields if isinstance(row[name], str)
    }
    return EventTemplate(
        key,
        Words(row["words"]["zh"], row["words"]["en"]),
        {"effect": row["effect"], **fields},
        provenance,
        sources,
    )


def template_of(event: str, on: dt.date = DATA_DATE) -> EventTemplate | None:
    """Return the template that an event was added from, by its id; None for one of the reader's
    own.

    Args:
        event: its id: the template's, with a number behind it where one was there already.
        on: the day of the figures.

    >>> found = template_of("payout_held_2")
    >>> found is not None and found.id, template_of("mine")
    ('payout_held', None)
    """
    every = {one.id: one for one in event_templates(on)}
    name, _, number = event.rpartition("_")
    return every.get(event, every.get(name) if number.isdecimal() else None)


def _figure(value: Any, on: dt.date, *, months: bool) -> Any:
    if not isinstance(value, str):
        return value
    found = _prior(value, on)
    figure = typical_or_middle(found.low, found.typical, found.high)
    return round(figure / DAYS_A_MONTH, 2) if months and found.unit == "days" else figure


def _prior(reference: str, on: dt.date) -> studies.Prior:
    quantity, scope = reference.split("|")
    return studies.prior("loss_events", quantity, scope, on)
