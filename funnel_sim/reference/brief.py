"""What a quote needs to know of a store, line by line, and what is asked of the provider
(data/brief.toml).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from funnel_sim.stored import read_data
from funnel_sim.words import Words


@dataclass(frozen=True)
class BriefLine:
    """One line of the brief: its group, the system of the product that it belongs to, its name, and
    what stands where the scenario holds nothing; `private` ones are filled only where that is
    asked for.
    """

    id: str
    group: str
    system: str
    words: Words
    blank: Words
    private: bool


@dataclass(frozen=True)
class Named:
    """A group of lines, or a question to the provider."""

    id: str
    words: Words


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(read_data("brief.toml"))


@cache
def brief_lines() -> tuple[BriefLine, ...]:
    """Return every line, in order.

    >>> len(brief_lines())
    33
    """
    return tuple(
        BriefLine(
            one["id"],
            one["group"],
            one["system"],
            Words(one["zh"], one["en"]),
            Words(one["blank_zh"], one["blank_en"]),
            one.get("private", False),
        )
        for one in _data()["line"]
    )


def _named(kind: str) -> tuple[Named, ...]:
    return tuple(Named(one["id"], Words(one["zh"], one["en"])) for one in _data()[kind])


def brief_groups() -> tuple[Named, ...]:
    """Return the groups of the lines, in order."""
    return _named("group")


def brief_questions() -> tuple[Named, ...]:
    """Return what the provider is asked to fill in."""
    return _named("asked")
