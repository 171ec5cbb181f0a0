"""Risk events to start from: templates with what is known about each, and what is only assumed
(data/events.toml).
"""

import datetime as dt
import tomllib
from dataclasses import dataclass
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
    all are assumed.
    """

    id: str
    words: Words
    fields: dict[str, Any]
    provenance: Provenance | None


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
    return EventTemplate(
        key,
        Words(row["words"]["zh"], row["words"]["en"]),
        {"effect": row["effect"], **fields},
        provenance,
    )


def _figure(value: Any, on: dt.date, *, months: bool) -> Any:
    if not isinstance(value, str):
        return value
    found = _prior(value, on)
    figure = typical_or_middle(found.low, found.typical, found.high)
    return round(figure / DAYS_A_MONTH, 2) if months and found.unit == "days" else figure


def _prior(reference: str, on: dt.date) -> studies.Prior:
    quantity, scope = reference.split("|")
    return studies.prior("loss_events", quantity, scope, on)
