"""What one tab has computed already: forgotten with the tab, and never shared with another one.

A cache of the process would keep a stranger's figures after their tab is closed; see
docs/decisions/0016-nothing-is-kept.md.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.tab import tab

P = ParamSpec("P")
Answer = TypeVar("Answer")


def shelf(name: str) -> "OrderedDict[Hashable, Any]":
    """Return what this tab remembers under a name, the oldest first."""
    shelves: dict[str, OrderedDict[Hashable, Any]] = tab.remembered
    return shelves.setdefault(name, OrderedDict())


def keep(name: str, key: Hashable, value: Any, most: int) -> None:
    """Remember a value under a name, and forget the oldest beyond `most` of them.

    Args:
        name: of what is remembered.
        value: what is kept.
    """
    known = shelf(name)
    known[key] = value
    while len(known) > most:
        known.popitem(last=False)


def remembered(most: int) -> Callable[[Callable[P, Answer]], Callable[P, Answer]]:
    """Make a function remember, in each tab for itself, its last `most` answers; a scenario is
    known by its own text, other arguments are hashable.
    """

    def around(function: Callable[P, Answer]) -> Callable[P, Answer]:
        parameters = signature(function)

        @wraps(function)
        def ask(*args: P.args, **kwargs: P.kwargs) -> Answer:
            asked = parameters.bind(*args, **kwargs)
            asked.apply_defaults()
            key = tuple(
                one.model_dump_json() if isinstance(one, Scenario) else one
                for one in asked.arguments.values()
            )
            known = shelf(function.__name__)
            if key not in known:
                keep(function.__name__, key, function(*args, **kwargs), most)
            else:
                known.move_to_end(key)
            answer: Answer = known[key]
            return answer

        return ask

    return around
