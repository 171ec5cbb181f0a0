"""What the state of an order says about its sale."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnel_sim.evidence.orders.reading import Reading
from funnel_sim.evidence.orders.roles import known
from funnel_sim.evidence.tables.cells import codes_of
from funnel_sim.evidence.tables.columns import NOTHING
from funnel_sim.evidence.tables.dates import is_date
from funnel_sim.evidence.tables.headings import plain
from funnel_sim.evidence.tables.progress import Progress, each

STATES = (
    "test",
    "cancelled",
    "unpaid",
    "refunded",
    "partly",
    "counted",
    "",
)
"""What an order with several states counts as: the first that one of them says; "" for nothing that
is known.
"""


def states_of(reading: Reading, progress: Progress | None = None) -> tuple[NDArray[Any], list[str]]:
    """Return what the states of each row say, as a place in `STATES`, of several on a row the one
    that weighs most; and the states of the file's main column that are not known.

    Args:
        reading: what is read of a table.
        progress: is told the share that is done; what it raises ends the work.

    Returns:
        Places in `STATES`, shape (rows,), and the states that are not known, as they are written.
    """
    cells, roles = reading.table.cells, reading.roles
    words, also = (
        ({}, ()) if reading.export is None else (reading.export.states, reading.export.also_state)
    )
    found = np.full(len(cells), STATES.index(""), dtype=np.int8)
    columns = [
        column
        for column in cells.columns
        if column == roles.get("status") or plain(column) in also or _is_status(str(column), roles)
    ]
    strange: list[str] = []
    for column in columns:
        codes, ways = codes_of(cells[column])
        said = list(each(lambda way: state_of(way, words), ways, progress))
        found = np.minimum(found, _places(said)[codes])
        if column == roles.get("status"):
            strange = [
                way
                for way, state in zip(ways, said, strict=True)
                if not state and not re.fullmatch(NOTHING, way)
            ]
    if "cancelled" in roles:
        codes, ways = codes_of(cells[roles["cancelled"]])
        said = ["cancelled" if one else "" for one in each(is_date, ways, progress)]
        found = np.minimum(found, _places(said)[codes])
    return found, strange


def _places(states: Sequence[str]) -> NDArray[np.int8]:
    return np.array([STATES.index(one) for one in states], dtype=np.int8)


def _is_status(column: str, roles: Mapping[str, str]) -> bool:
    return (
        "status" in roles
        and column not in roles.values()
        and plain(column) in (name.removeprefix("=") for name in known()["columns"]["status"])
    )


def state_of(cell: str, own: Mapping[str, Sequence[str]] | None = None) -> str:
    """Return what the state of an order says about its sale, "" where it is not known: "counted",
    "cancelled", "unpaid", "refunded", "partly" or "test".

    Args:
        cell: the state as the file writes it.
        own: an export's own words by what they say, which come first; None for those of all.

    >>> (
    ...     state_of("Cancelled by buyer"),
    ...     state_of("partially_refunded"),
    ...     state_of("已完成"),
    ...     state_of("Shipped - Delivered to Buyer"),
    ...     state_of("blue"),
    ... )
    ('cancelled', 'partly', 'counted', 'counted', '')
    """
    text = " ".join(unicodedata.normalize("NFC", cell).lower().split())
    for states in (own or {}, known()["states"]):
        fitting = [
            (len(word), kind)
            for kind, words in states.items()
            for word in words
            if text == word or re.match(rf"{re.escape(word)}(?![^\W_])", text)
        ]
        if fitting:
            return max(fitting)[1]
    return ""
