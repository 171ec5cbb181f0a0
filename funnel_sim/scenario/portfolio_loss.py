"""Parts of a portfolio that may be lost at once (a market, a channel, some products), and how
likely somebody takes that to be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from funnel_sim.errors import refuse
from funnel_sim.scenario.fields import unreadable

LOST_ALONE: tuple[str, ...] = ("channel", "source")
"""Kinds of which one part is lost at a time: they share the orders that they bring again."""
LOST_BY: tuple[str, ...] = ("product", "market", "platform", "category", "group", *LOST_ALONE)
"""The kinds of parts that may be lost."""
MOST_LOSSES = 20
MOST_LOST = 200
"""Parts of one event."""
_LONGEST = 200


@dataclass(frozen=True)
class LossEvent:
    """Parts of one kind (`by`, one of `LOST_BY`) that are lost together; `odds` is how likely
    somebody takes that to be within the plan [fraction], None where nobody said.

    Whether the rows have such parts is not checked here: rows come and go.
    """

    by: str
    names: tuple[str, ...]
    odds: float | None = None


def check_losses(events: Sequence[LossEvent]) -> None:
    """Refuse events that are none.

    Args:
        events: in the order of the portfolio.

    Raises:
        InputError: unknown kind, several channels at once, a probability that is none, too many.
    """
    if len(events) > MOST_LOSSES:
        raise refuse("losses", len(events), "between", least=0, most=MOST_LOSSES)
    for number, event in enumerate(events, 1):
        where = f"losses.{number}"
        if event.by not in LOST_BY:
            raise refuse(f"{where}.by", event.by, "choice", allowed=", ".join(LOST_BY))
        count = len(event.names)
        if event.by in LOST_ALONE and count > 1:
            raise refuse(f"{where}.names", count, "loss_alone")
        if count > MOST_LOST:
            raise refuse(f"{where}.names", count, "between", least=1, most=MOST_LOST)
        for name in event.names:
            if len(name) > _LONGEST:
                raise refuse(f"{where}.names", name, "text_long", limit=_LONGEST)
            if mark := unreadable(name):
                raise refuse(f"{where}.names", name, "unreadable", mark=mark)
        if event.odds is not None and not 0 <= event.odds <= 1:
            raise refuse(f"{where}.odds", event.odds, "between", least=0, most=1)


def losses_plain(events: Sequence[LossEvent]) -> list[dict[str, Any]]:
    """Return events as a file or a link holds them; those that name nothing are left out.

    Args:
        events: of a portfolio.

    >>> losses_plain([LossEvent("market", ("DE",), 0.1), LossEvent("product", ())])
    [{'by': 'market', 'names': ['DE'], 'odds': 0.1}]
    """
    return [
        {"by": one.by, "names": list(one.names)} | ({} if one.odds is None else {"odds": one.odds})
        for one in events
        if one.names
    ]


def read_losses(plain: object) -> tuple[LossEvent, ...]:
    """Return the events that a file or a link holds.

    Args:
        plain: a list of groups with `by`, `names` and, where somebody said, `odds`.

    Raises:
        InputError: naming the event and the part of it that is not allowed.

    >>> read_losses([{"by": "market", "names": ["DE"]}])
    (LossEvent(by='market', names=('DE',), odds=None),)
    """
    if not isinstance(plain, list):
        raise refuse("losses", None, "list")
    events = tuple(_read(one, f"losses.{number}") for number, one in enumerate(plain, 1))
    check_losses(events)
    return events


def _read(one: object, where: str) -> LossEvent:
    if not isinstance(one, dict):
        raise refuse(where, None, "group")
    unknown = sorted(set(map(str, one)) - {"by", "names", "odds"})
    if unknown:
        raise refuse(f"{where}.{unknown[0]}", None, "unknown_field")
    by, names, odds = one.get("by"), one.get("names"), one.get("odds")
    if not isinstance(by, str):
        raise refuse(f"{where}.by", by, "missing" if by is None else "text")
    if not isinstance(names, list) or not names:
        raise refuse(f"{where}.names", None, "missing" if names is None else "list")
    for name in names:
        if not isinstance(name, str):
            raise refuse(f"{where}.names", name, "text")
    if odds is not None and (isinstance(odds, bool) or not isinstance(odds, int | float)):
        raise refuse(f"{where}.odds", odds, "number")
    return LossEvent(by, tuple(dict.fromkeys(names)), None if odds is None else _fraction(odds))


def _fraction(odds: float) -> float:
    """Return a probability as a floating-point number; a whole one beyond all of these is none."""
    try:
        return float(odds)
    except OverflowError:
        return 2.0
