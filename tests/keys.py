"""Which sentences of the catalogues the source can ask for, read from the source itself.

A key stands as a text ("shell.failed") or is built by an f-string (f"kpi.{verdict}"). What a
placeholder can be is found where the source says it in full: a loop over constants, a constant or
one of two, a parameter or an attribute whose type lists its values. The rest is open: any key of
its shape.
"""

import ast
import importlib
import itertools
import re
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from funnel_sim.words import catalogue

ROOT = Path(__file__).resolve().parents[1]
_HARMLESS = (
    "get_args",
    "items",
    "keys",
    "values",
    "sorted",
    "tuple",
    "list",
    "set",
    "reversed",
    "enumerate",
    "zip",
)
_SCOPES = (
    ast.FunctionDef,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.GeneratorExp,
    ast.DictComp,
    ast.For,
)


@dataclass(frozen=True)
class Family:
    """An f-string that builds keys: where it stands, its text, the keys it can build (None where
    the source does not say), their shape, and whether `say` asks it itself.
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
        for _, _, tree in _modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {text for text in texts if re.fullmatch(r"[a-z_]+\.\w+", text)}


def said_keys() -> set[str]:
    """Return every key that a call of `say` names in full, also where it is one of two."""
    calls = [
        node
        for _, _, tree in _modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say"
    ]
    return {key for call in calls if len(call.args) > 1 for key in _constants(call.args[1]) or ()}


@cache
def families() -> tuple[Family, ...]:
    """Return the f-strings that are asked for as keys, or begin like a key and fit one."""
    found = []
    sections = {key.partition(".")[0] for key in catalogue("en")}
    for path, module, tree in _modules():
        above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        for node in ast.walk(tree):
            if (
                not isinstance(node, ast.JoinedStr)
                or not node.values
                or not isinstance(node.values[0], ast.Constant)
            ):
                continue
            section, dot, _ = str(node.values[0].value).partition(".")
            if not dot or section not in sections:
                continue
            parts = [
                one.value
                for one in node.values
                if isinstance(one, ast.Constant | ast.FormattedValue)
            ]
            shape = re.compile(
                "".join(re.escape(part) if isinstance(part, str) else r"\w+" for part in parts)
            )
            asked = (
                isinstance(call := above[node], ast.Call) and getattr(call.func, "id", "") == "say"
            )
            if asked or any(shape.fullmatch(key) for key in catalogue("en")):
                found.append(
                    Family(
                        f"{path}:{node.lineno}",
                        ast.unparse(node),
                        _keys(parts, node, above, module),
                        shape,
                        asked,
                    )
                )
    return tuple(found)


@cache
def _modules() -> tuple[tuple[str, ModuleType, ast.Module], ...]:
    return tuple(_read())


def _read() -> Iterator[tuple[str, ModuleType, ast.Module]]:
    for path in sorted((ROOT / "funnel_sim").rglob("*.py")):
        if path.name != "__main__.py":
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield (
                str(path.relative_to(ROOT)),
                importlib.import_module(name),
                ast.parse(path.read_text("utf-8")),
            )


def _keys(
    parts: list[Any], node: ast.AST, above: dict[ast.AST, ast.AST], module: ModuleType
) -> frozenset[str] | None:
    """Return every key that the parts can make; one expression has one value in all its places."""
    names = list(dict.fromkeys(ast.unparse(part) for part in parts if not isinstance(part, str)))
    values = [_values(ast.parse(name, mode="eval").body, node, above, module) for name in names]
    if any(each is None for each in values):
        return None
    made = (
        dict(zip(names, chosen, strict=True))
        for chosen in itertools.product(*(each or () for each in values))
    )
    return frozenset(
        "".join(part if isinstance(part, str) else chosen[ast.unparse(part)] for part in parts)
        for chosen in made
    )


def _values(
    part: ast.expr, node: ast.AST, above: dict[ast.AST, ast.AST], module: ModuleType
) -> set[str] | None:
    """Return the texts that an expression can be, None where the source does not list them."""
    constants = _constants(part)
    if constants is not None:
        return constants
    if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
        return _listed(_type_of(part.value.id, node, above, module), part.attr)
    if not isinstance(part, ast.Name):
        return None
    while node in above:
        node = above[node]
        if isinstance(node, _SCOPES):
            found = _bound(part.id, node, above, module)
            if found is not NotImplemented:
                return found
    return None


def _bound(name: str, scope: ast.AST, above: dict[ast.AST, ast.AST], module: ModuleType) -> Any:
    """Return what a scope binds a name to: the texts, None where they are open, NotImplemented
    where it does not bind it.
    """
    loops = (
        scope.generators
        if isinstance(scope, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp)
        else [scope]
        if isinstance(scope, ast.For)
        else []
    )
    for loop in loops:
        if name in {one.id for one in ast.walk(loop.target) if isinstance(one, ast.Name)}:
            return _looped(name, loop.target, loop.iter, module)
    if isinstance(scope, ast.Lambda):
        if name not in {one.arg for one in scope.args.args}:
            return NotImplemented
        call = (
            above.get(above[scope]) if isinstance(above[scope], ast.keyword) else None
        )  # format_func=lambda view: ... of a widget's options
        shown = (
            isinstance(call, ast.Call)
            and getattr(above[scope], "arg", "") == "format_func"
            and len(call.args) > 1
        )
        return _looped(name, ast.Name(name), call.args[1], module) if shown else None
    if not isinstance(scope, ast.FunctionDef):
        return NotImplemented
    for one in (*scope.args.args, *scope.args.kwonlyargs):
        if one.arg == name:
            return _listed(_evaluated(one.annotation, module))
    given = [
        node
        for node in ast.walk(scope)
        if isinstance(
            node,
            ast.Assign | ast.AnnAssign | ast.NamedExpr | ast.AugAssign | ast.For | ast.withitem,
        )
    ]
    bindings = [node for node in given if name in _targets(node)]
    if not bindings:
        return NotImplemented
    values: set[str] = set()
    for node in bindings:
        found = None
        if (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)) or isinstance(
            node, ast.NamedExpr
        ):
            found = _constants(node.value)
        elif isinstance(node, ast.For):
            found = _looped(name, node.target, node.iter, module)
        if found is None:
            return None
        values |= found
    return values


def _targets(node: ast.AST) -> set[str]:
    targets = (
        node.targets
        if isinstance(node, ast.Assign)
        else [getattr(node, "target", None) or getattr(node, "optional_vars", None)]
    )
    return {
        one.id
        for target in targets
        if target is not None
        for one in ast.walk(target)
        if isinstance(one, ast.Name)
    }


def _looped(name: str, target: ast.expr, over: ast.expr, module: ModuleType) -> set[str] | None:
    """Return the texts of a loop over what the module itself can work out, or over rows that begin
    with them.
    """
    names = (
        [getattr(one, "id", "") for one in target.elts]
        if isinstance(target, ast.Tuple)
        else [getattr(target, "id", "")]
    )
    if name not in names:
        return None
    place = names.index(name)
    if isinstance(over, ast.Tuple | ast.List):
        rows = [
            row.elts[place] if isinstance(target, ast.Tuple) and isinstance(row, ast.Tuple) else row
            for row in over.elts
        ]
        found = [_constants(row) for row in rows]
        return (
            None
            if None in found
            or (
                isinstance(target, ast.Tuple)
                and not all(isinstance(row, ast.Tuple) for row in over.elts)
            )
            else set().union(*(one or set() for one in found))
        )
    things = _evaluated(over, module)
    if things is None or isinstance(things, str):
        return None
    try:
        values = [row[place] if isinstance(target, ast.Tuple) else row for row in things]
    except (TypeError, KeyError, IndexError):
        return None
    return (
        {str(value) for value in values}
        if all(isinstance(value, str | int) for value in values)
        else None
    )


def _constants(node: ast.expr) -> set[str] | None:
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else None
    if isinstance(node, ast.IfExp):
        one, other = _constants(node.body), _constants(node.orelse)
        return None if one is None or other is None else one | other
    return None


def _evaluated(node: ast.expr | None, module: ModuleType) -> Any:
    """Return what an expression is in its module, None where it needs what only a call knows."""
    calls = (
        [] if node is None else [one.func for one in ast.walk(node) if isinstance(one, ast.Call)]
    )
    if node is None or any(
        getattr(one, "id", getattr(one, "attr", "")) not in _HARMLESS for one in calls
    ):
        return None
    try:
        return eval(compile(ast.Expression(node), "source", "eval"), vars(module))
    except Exception:  # it names what only a call knows
        return None


def _type_of(name: str, node: ast.AST, above: dict[ast.AST, ast.AST], module: ModuleType) -> Any:
    """Return the class that a parameter is declared to be; None for other names."""
    while node in above:
        node = above[node]
        if isinstance(node, ast.FunctionDef):
            one = next(
                (one for one in (*node.args.args, *node.args.kwonlyargs) if one.arg == name), None
            )
            if one is not None:
                return _evaluated(one.annotation, module)
    return None


def _listed(kind: Any, attribute: str = "") -> set[str] | None:
    """Return the values that a type lists (of one of its attributes), None where it lists none."""
    if attribute:
        try:
            kind = typing.get_type_hints(kind).get(attribute)
        except (TypeError, NameError):
            return None
    if typing.get_origin(kind) is typing.Literal:
        return {str(value) for value in typing.get_args(kind)}
    return None
