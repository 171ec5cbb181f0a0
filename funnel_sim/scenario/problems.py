"""From pydantic's errors to ours: where a value stands, which rule it breaks, and what its field is
called.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast

from pydantic import ValidationError

from funnel_sim.errors import Problem
from funnel_sim.words import Words

_TYPE_RULES = {
    "float_type": "number",
    "float_parsing": "number",
    "int_type": "whole",
    "int_parsing": "whole",
    "int_from_float": "whole",
    "finite_number": "finite",
    "bool_type": "switch",
    "bool_parsing": "switch",
    "string_type": "text",
    "list_type": "list",
    "model_type": "group",
    "model_attributes_type": "group",
    "dict_type": "group",
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "union_tag_invalid": "range_kind",
    "union_tag_not_found": "range_kind",
    "date_type": "date",
    "date_parsing": "date",
    "date_from_datetime_parsing": "date",
    "date_from_datetime_inexact": "date",
    "string_pattern_mismatch": "code",
}
_NAMED = (["channels"], ["shocks"], ["kpis"], ["options"])
_UNION_TAG = re.compile(
    r"^(number|uniform|triangular|pert|logpert|normal|lognormal|beta|sample|unknown|function-.*|constrained-.*)$"
)


class Declared(Protocol):
    """What is said of a field: its name in words, and the words of each allowed code."""

    @property
    def label(self) -> Words:
        """The field's name."""

    @property
    def choices(self) -> Mapping[str, Words]:
        """The words of each allowed code."""


Find = Callable[[str], Declared | None]


def problems(error: ValidationError, data: Mapping[str, Any], find: Find) -> list[Problem]:
    """Return what pydantic found wrong with some data as problems of ours.

    Args:
        error: what pydantic raised.
        data: the data that it read.
        find: returns the declaration of the field at a path.

    Returns:
        One problem for each error, in pydantic's order.
    """
    return [_problem(dict(item), data, find) for item in error.errors(include_url=False)]


def declared_at(path: str, find: Find) -> Declared | None:
    """Return the declaration of the field at a path; an item of a list has its list's.

    Args:
        path: an address, such as "product.price".
        find: returns the declaration of the field at a path.
    """
    return find(path) or find(path.rpartition(".")[0])


def _problem(item: dict[str, Any], data: Mapping[str, Any], find: Find) -> Problem:
    kind, context = str(item["type"]), dict(item.get("ctx") or {})
    path = path_of(item["loc"], data)
    value: Any = context.get("shown", item.get("input"))
    if context.get("field"):
        inner = str(context.pop("field"))
        path = inner if not path or "." in inner else f"{path}.{inner}"
        value = context.get("shown")
    if kind == "literal_error":
        spec = find(path)
        allowed = (
            ", ".join(spec.choices) if spec and spec.choices else str(context.get("expected", ""))
        )
        rule, context = "choice", {"allowed": allowed}
    elif kind == "greater_than":
        rule, context = "above", {"limit": f"{context['gt']:g}"}
    elif kind == "extra_forbidden":
        rule, value = "unknown_field", None
    elif kind == "missing":
        rule, value = "missing", None
    else:
        rule = _TYPE_RULES.get(kind, kind)
    spec = declared_at(path, find)
    return Problem(path, value, rule, context, spec.label if spec else None)


def path_of(location: tuple[Any, ...], data: Mapping[str, Any]) -> str:
    """Return pydantic's place in plain data as a path of ours: items that have an id by it, others
    by their place from 1.

    Args:
        location: pydantic's place, keys and indices.
        data: the data that it read.
    """
    parts: list[str] = []
    node: Any = data
    for part in location:
        if (
            isinstance(part, str)
            and _UNION_TAG.match(part)
            and not (isinstance(node, Mapping) and part in node)
        ):
            continue
        if isinstance(part, int) and isinstance(node, list) and part < len(node):
            node = node[part]
            named = (
                isinstance(node, Mapping)
                and parts[-1:] in _NAMED
                and isinstance(node.get("id"), str)
            )
            parts.append(str(cast("Mapping[str, Any]", node)["id"]) if named else str(part + 1))
        else:
            node = node.get(part) if isinstance(node, Mapping) else None
            parts.append(str(part))
    return ".".join(parts)
