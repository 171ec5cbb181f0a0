"""What no field can hold, found before anything is read: numbers beyond every float, characters
that are none, data nested too deep.
"""

from collections.abc import Mapping
from typing import Any, cast

from funnel_sim.errors import Problem
from funnel_sim.scenario.fields import LARGEST, unreadable
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.problems import declared_at, path_of

_DEEPEST = 12


def readable(data: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Return plain data without what no field can hold, and what that was: whole numbers beyond
    every float, characters that are none.
    """
    found: list[tuple[tuple[Any, ...], object, str, dict[str, object]]] = []

    def read(node: Any, location: tuple[Any, ...]) -> Any:
        if len(location) > _DEEPEST:
            found.append((location[:_DEEPEST], None, "nested", {}))
            return None
        if isinstance(node, Mapping):
            found.extend(
                ((*location, key), None, "unknown_field", {})
                for key in node
                if unreadable(str(key))
            )
            return {
                key: read(value, (*location, key))
                for key, value in node.items()
                if not unreadable(str(key))
            }
        if isinstance(node, list):
            return [read(value, (*location, index)) for index, value in enumerate(node)]
        if isinstance(node, str) and (mark := unreadable(node)):
            found.append((location, node, "unreadable", {"mark": mark}))
            return "unreadable"
        if isinstance(node, int) and abs(node) > LARGEST:
            found.append(
                (
                    location,
                    node,
                    "at_most" if node > 0 else "at_least",
                    {"limit": f"{LARGEST if node > 0 else -LARGEST:.12g}"},
                )
            )
            return None
        return node

    given = cast("dict[str, Any]", read(data, ()))
    told = []
    for location, value, rule, parts in found:
        path = path_of(location, data)
        spec = declared_at(path, spec_of)
        told.append(Problem(path, value, rule, parts, spec.label if spec else None))
    return given, told
