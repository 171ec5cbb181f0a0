"""What was computed for one page under test is lent to the next: the same question, the same
answer.

A tab of the product remembers for itself alone (ui/session/remembered.py), so each of some hundred
tests simulated the same few stores anew, which took most of their time. What is lent are the
answers of functions whose arguments are the whole of the question, for that is what `remembered`
asks of them; what a tab keeps by other rules (files read, odds that may be stopped, the options
judged last) stays its own. A fault in a key, or a page that changes an answer, shows here sooner
than in one tab.
"""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

import pytest

from funnel_sim.ui.session import (
    calls,
    chance_answers,
    kpi_answers,
    own_numbers,
    quote_answers,
    remembered,
    reviews,
    signed_contracts,
)

MOST = 64  # answers of each function
ASKED = (calls, chance_answers, kpi_answers, own_numbers, quote_answers, reviews, signed_contracts)


def asked_by_arguments() -> frozenset[str]:
    """Return the names of the functions that `remembered` wraps."""
    return frozenset(
        name
        for module in ASKED
        for name, one in vars(module).items()
        if hasattr(one, "__wrapped__") and one.__module__ == module.__name__
    )


class Shelf(OrderedDict[Hashable, Any]):
    """A tab's shelf: it takes from the common one what it does not hold, and gives what it gets."""

    def __init__(self, common: OrderedDict[Hashable, Any]) -> None:
        super().__init__()
        self.common = common

    def __contains__(self, key: object) -> bool:
        if not super().__contains__(key) and key in self.common:
            super().__setitem__(key, self.common[key])
        return super().__contains__(key)

    def __setitem__(self, key: Hashable, value: Any) -> None:
        super().__setitem__(key, value)
        self.common[key] = value
        self.common.move_to_end(key)
        while len(self.common) > MOST:
            self.common.popitem(last=False)


def lend(patch: pytest.MonkeyPatch, common: dict[str, OrderedDict[Hashable, Any]]) -> None:
    """Lend answers from one tab to the next, until the patch is undone.

    Args:
        patch: of the test that takes and gives.
        common: what is lent, by function.
    """
    names, own = asked_by_arguments(), remembered.shelf

    def shelf(name: str) -> OrderedDict[Hashable, Any]:
        if name not in names:
            return own(name)
        shelves = remembered.tab.remembered
        if name not in shelves:
            shelves[name] = Shelf(common.setdefault(name, OrderedDict()))
        return shelves[name]

    patch.setattr(remembered, "shelf", shelf)
