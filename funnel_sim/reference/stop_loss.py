"""Which stop-loss lines may be offered, and what an offered one must do (data/stop_loss.toml)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from funnel_sim.stored import read_data


@dataclass(frozen=True)
class StopLossLine:
    """A stop-loss line: `share` of a usual month, missed by `months` months in a "row", or by their
    "mean".
    """

    share: float
    months: int
    by: Literal["row", "mean"]


@dataclass(frozen=True)
class Rules:
    """What an offered line must do: over `term` months a store that stays as it is trips in at most
    `most_unchanged` of the futures, one of which only the share `failing` is left as often as can
    be.
    """

    lines: tuple[StopLossLine, ...]
    term: int
    most_unchanged: float
    failing: float


@cache
def rules() -> Rules:
    """Return the lines that may be offered and what they must do.

    >>> rules().term, rules().most_unchanged
    (12, 0.1)
    """
    data: dict[str, Any] = tomllib.loads(read_data("stop_loss.toml"))
    ways: tuple[tuple[Literal["row", "mean"], list[int]], ...] = (
        ("row", data["in_a_row"]),
        ("mean", data["mean"]),
    )
    lines = tuple(
        StopLossLine(share, months, by)
        for by, lengths in ways
        for months in lengths
        for share in data["shares"]
    )
    return Rules(lines, data["term"], data["most_unchanged"], data["failing"])
