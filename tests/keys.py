"""Which sentences of the catalogues the source can ask for, read from the source itself.

A key stands as a text ("shell.failed"), is built by an f-string (f"kpi.{verdict}") or comes from a
variable. What it can be is followed back by `tests.possible`; where that ends at something only a
run knows, any key of its shape.
"""

import ast
import itertools
import re
from dataclasses import dataclass
from functools import cache

from funnel_sim.words import catalogue
from tests.possible import above, sources, texts_of


@dataclass(frozen=True)
class Family:
    """An expression that gives keys.

    Attributes:
        place: file and line.
        text: the expression.
        keys: all that it can give, None where the source does not say.
        shape: what they look like.
        said: whether `say` itself asks for it.
    """

    place: str
    text: str
    keys: frozenset[str] | None
    shape: re.Pattern[str]
    said: bool


def written_keys() -> set[str]:
    """Return every text of the source that has the shape of a key."""
    texts = {
        node.value
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {text for text in texts if re.fullmatch(r"[a-z_]+\.\w+", text)}


@cache
def families() -> tuple[Family, ...]:
    """Return what `say` is asked for, and the f-strings that begin like a key and fit one."""
    found = []
    there = catalogue("en")
    sections = {key.partition(".")[0] for key in there}
    for source in sources():
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.expr):
                continue
            said = _is_said(node)
            if not said and not isinstance(node, ast.JoinedStr):
                continue
            shape = _shape_of(node)
            if not said:
                section = shape.pattern.partition(r"\.")[0]
                if section not in sections or not any(map(shape.fullmatch, there)):
                    continue
            place = f"{source.path}:{node.lineno}"
            found.append(Family(place, ast.unparse(node), _keys(node), shape, said))
    return tuple(found)


def given_to(functions: set[str], place: int, name: str) -> dict[str, frozenset[str] | None]:
    """Return what functions are given as one argument, by the place of the call.

    Args:
        functions: names of the functions or classes.
        place: the argument's place, from 0.
        name: its name.

    Returns:
        The texts that each call gives, None where the source does not say.
    """
    found = {}
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in functions:
                named = [one.value for one in node.keywords if one.arg == name]
                for value in named or node.args[place : place + 1]:
                    found[f"{source.path}:{node.lineno}"] = texts_of(value)
    return found


def _is_said(node: ast.expr) -> bool:
    call = above()[node]
    return (
        isinstance(call, ast.Call)
        and getattr(call.func, "id", "") == "say"
        and len(call.args) > 1
        and call.args[1] is node
    )


def _shape_of(node: ast.expr) -> re.Pattern[str]:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return re.compile(
        "".join(
            re.escape(str(one.value)) if isinstance(one, ast.Constant) else r"[\w.]+"
            for one in parts
        )
    )


def _keys(node: ast.expr) -> frozenset[str] | None:
    """Return every key that an expression can give; within an f-string one expression has one value
    in all its places. A variable of the same name that holds something else gives no key.
    """
    if not isinstance(node, ast.JoinedStr):
        texts = texts_of(node)
        return texts and frozenset(text for text in texts if "." in text)
    holes = {
        ast.unparse(one.value): one.value
        for one in node.values
        if isinstance(one, ast.FormattedValue)
    }
    values = {name: texts_of(hole) for name, hole in holes.items()}
    if None in values.values():
        return None
    made = (
        dict(zip(values, chosen, strict=True))
        for chosen in itertools.product(*(each or () for each in values.values()))
    )
    return frozenset(
        "".join(
            chosen[ast.unparse(one.value)]
            if isinstance(one, ast.FormattedValue)
            else str(getattr(one, "value", ""))
            for one in node.values
        )
        for chosen in made
    )
