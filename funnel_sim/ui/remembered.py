"""What one tab has computed already: forgotten with the tab, and never shared with another one.

A cache of the process would keep a stranger's figures after their tab is closed; see docs/decisions/0016-nothing-is-kept.md.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, TypeVar

import streamlit as st

Answer = TypeVar("Answer")


def shelf(name: str) -> "OrderedDict[Hashable, Any]":
    """Return what this tab remembers under a name, the oldest first."""
    shelves: dict[str, OrderedDict[Hashable, Any]] = st.session_state.setdefault("remembered", {})
    return shelves.setdefault(name, OrderedDict())


def keep(name: str, key: Hashable, value: Any, most: int) -> None:
    """Remember a value under a name, and forget the oldest beyond `most` of them."""
    known = shelf(name)
    known[key] = value
    while len(known) > most:
        known.popitem(last=False)


def remembered(most: int) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Make a function remember, in each tab for itself, its last `most` answers; its arguments are positional and hashable."""

    def around(function: Callable[..., Answer]) -> Callable[..., Answer]:
        @wraps(function)
        def ask(*key: Hashable) -> Answer:
            known = shelf(function.__name__)
            if key not in known:
                keep(function.__name__, key, function(*key), most)
            else:
                known.move_to_end(key)
            answer: Answer = known[key]
            return answer

        return ask

    return around
