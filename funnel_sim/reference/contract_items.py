"""What a contract is looked through for (data/contract_items.toml): items, grades, and the
standards that sentences ask for.
"""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from funnel_sim.reference import studies
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.reference.studies import AgencyPrice, Prior
from funnel_sim.stored import read_data
from funnel_sim.words import Words

ItemGroup = Literal["kpis", "money", "leaving", "data", "conduct", "party"]
GROUPS: tuple[ItemGroup, ...] = ("kpis", "money", "leaving", "data", "conduct", "party")
SEVERE = 3


Weight = Literal[1, 2, 3]
"""How much an open item weighs: 1 minor, 2 serious, 3 severe."""


@dataclass(frozen=True)
class Practice:
    """What is usual, in words with {low}, {typical} and {high} of its row."""

    row: Prior
    words: Words


@dataclass(frozen=True)
class LookUp:
    """Where an item is looked up, or what it rests on: its name and its address."""

    words: Words
    url: str


@dataclass(frozen=True)
class Item:
    """One thing to look for: `weight` 3 severe, 2 serious, 1 minor; `open` what it counts while
    unknown; `bad` the answer that counts against it, "" where nothing is asked; `subjects` the
    clauses on which its sentence settles something ("kpi" the definitions of KPIs); `sources` where
    it is looked up or what it rests on.
    """

    id: str
    group: ItemGroup
    weight: Weight
    open: float
    name: Words
    why: Words
    clause: Words
    question: Words | None
    bad: Literal["yes", "no", ""]
    practice: tuple[Practice, ...]
    subjects: frozenset[str] = frozenset()
    sources: tuple[LookUp, ...] = ()


@dataclass(frozen=True)
class Grade:
    """A grade holds where the risk is at most `upto` (share of all points) and at most `severe`
    findings are severe.
    """

    id: str
    upto: float
    severe: int


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(read_data("contract_items.toml"))


def _words(entry: Mapping[str, Any], name: str = "") -> Words:
    stem = f"{name}_" if name else ""
    return Words(entry[f"{stem}zh"], entry[f"{stem}en"])


@cache
def items(on: dt.date = DATA_DATE) -> tuple[Item, ...]:
    """Return every item, in order, with what was known on a day of what is usual."""
    return tuple(
        Item(
            one["id"],
            one["group"],
            one["weight"],
            _data()["open"][str(one["weight"])],
            _words(one),
            _words(one, "why"),
            _words(one, "clause"),
            _words(one, "question") if "question_zh" in one else None,
            one.get("bad", ""),
            tuple(
                Practice(studies.prior_at(each["row"], on), _words(each))
                for each in one.get("practice", [])
            ),
            frozenset(one.get("subjects", ())),
            tuple(LookUp(_words(each), each["url"]) for each in one.get("sources", [])),
        )
        for one in _data()["item"]
    )


@cache
def grades() -> tuple[Grade, ...]:
    """Return the grades, the best first."""
    return tuple(Grade(**one) for one in _data()["grade"])


def standard(name: str) -> Any:
    """Return one standard, such as the months of a stop-loss.

    >>> standard("stop_months"), standard("stop_share")
    (2, 0.8)
    """
    return _data()["standard"][name]


def usual_prices(clause: str, on: dt.date = DATA_DATE) -> tuple[AgencyPrice, ...]:
    """Return the rows of prices that a clause is held against.

    Args:
        clause: "base", "share", "spend" or "setup".
        on: the day for which the data are asked.

    Returns:
        Prices of services, each in its own currency and unit, with its source.
    """
    names = _data()["usual"][clause]
    return tuple(
        row for row in studies.prices_on(on) if row.clause == clause and row.service in names
    )


def usual_term(on: dt.date = DATA_DATE) -> Prior:
    """Return the usual first term, in months."""
    return studies.prior("contract_practice", "initial_term", "Amazon and e-commerce agencies", on)


def usual_notice(on: dt.date = DATA_DATE) -> Prior:
    """Return the usual notice, in days."""
    return studies.prior("contract_practice", "notice_period", "Amazon and e-commerce agencies", on)


def penalty_cap(on: dt.date = DATA_DATE) -> Prior:
    """Return the advised upper limit of penalties, as a share of the contract's value."""
    return studies.prior("contract_practice", "penalty_cap", "own web shop contracts", on)
