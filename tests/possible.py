"""What an expression of the source can be, worked out from the source without running it.

A placeholder of a key (f"kpi.{one.verdict}") is followed back: a loop to what it goes over, a
parameter to the calls of its function, an attribute to the type that lists its values or to the
places where its class is made, a call to what its function returns. Conditions are not followed:
what
an `if` excludes is still among the values. Where the way ends at something only a run knows, the
expression is open.
"""

import ast
import dataclasses
import enum
import importlib
import itertools
import math
import types
import typing
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from pydantic import BaseModel

ROOT = Path(__file__).resolve().parents[1]


class Known(NamedTuple):
    """A value itself."""

    value: Any


class Typed(NamedTuple):
    """Anything of a type."""

    kind: Any


class Row(NamedTuple):
    """A tuple or list written out: what each place can be."""

    places: tuple[tuple[Any, ...], ...]


class Many(NamedTuple):
    """A collection of things that are each one of these."""

    items: tuple[Any, ...]


class Table(NamedTuple):
    """A dictionary: what key and value of each entry can be."""

    entries: tuple[tuple[tuple[Any, ...], tuple[Any, ...]], ...]


class Made(NamedTuple):
    """An object of a class, made with these expressions."""

    kind: type
    fields: tuple[tuple[str, ast.expr], ...]


class _Open(NamedTuple):
    """What only a run knows."""


OPEN = _Open()
Thing = Known | Typed | Row | Many | Table | Made | _Open
Things = tuple[Thing, ...]
_TEXT_METHODS = ("lower", "upper", "removeprefix", "removesuffix", "replace", "strip", "rstrip")
_TEXT_METHODS_TOO = ("lstrip", "casefold", "title", "capitalize")
_ORDERINGS = ("tuple", "list", "set", "sorted", "reversed", "frozenset", "iter")
_SCOPES = (ast.FunctionDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
_MOST = 400


class Source(NamedTuple):
    """One module: where it stands, the module itself, its tree."""

    path: str
    module: ModuleType
    tree: ast.Module


@cache
def sources() -> tuple[Source, ...]:
    """Return every module of the package."""
    found = []
    for path in sorted((ROOT / "funnel_sim").rglob("*.py")):
        if path.name != "__main__.py":
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            tree = ast.parse(path.read_text("utf-8"))
            found.append(Source(str(path.relative_to(ROOT)), importlib.import_module(name), tree))
    return tuple(found)


@cache
def above() -> dict[ast.AST, ast.AST]:
    """Return the node that holds each node, in all modules."""
    return {
        child: node
        for source in sources()
        for node in ast.walk(source.tree)
        for child in ast.iter_child_nodes(node)
    }


@cache
def _modules() -> dict[ast.AST, ModuleType]:
    return {source.tree: source.module for source in sources()}


@cache
def _functions() -> dict[tuple[str, str], ast.FunctionDef]:
    """Return every function by its module and its name with the class before it."""
    found = {}
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef):
                outer = above()[node]
                name = f"{outer.name}.{node.name}" if isinstance(outer, ast.ClassDef) else node.name
                found.setdefault((source.module.__name__, name), node)
    return found


@cache
def _calls() -> dict[str, list[ast.Call]]:
    """Return every call by the name that is called."""
    found = defaultdict(list)
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call):
                found[_name_of(node.func)].append(node)
    return found


@cache
def _handed_on() -> dict[str, list[ast.expr]]:
    """Return where each name stands without being called: a function that is handed on."""
    found: dict[str, list[ast.expr]] = defaultdict(list)
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                holder = above()[node]
                if not (isinstance(holder, ast.Call) and holder.func is node):
                    found[_name_of(node)].append(node)
    return found


def _name_of(node: ast.AST) -> str:
    return getattr(node, "id", getattr(node, "attr", ""))


def _module_of(node: ast.AST) -> ModuleType:
    while node in above():
        node = above()[node]
    return _modules()[node]


def texts_of(node: ast.expr) -> frozenset[str] | None:
    """Return the texts that an expression can be, None where it is open; no value is no text."""
    return _texts(can_be(node))


def _texts(things: Iterable[Thing]) -> frozenset[str] | None:
    found: set[str] = set()
    for thing in things:
        match thing:
            case Known(value=None):
                continue
            case Known(value=enum.Enum() as value):
                found.add(str(value.value))
            case Known(value=str() | int() as value):
                found.add(str(value))
            case Typed(kind=kind):
                listed = _listed(kind)
                if listed is None:
                    return None
                found |= listed
            case _:
                return None
    return frozenset(found) if found else None


def _listed(kind: Any) -> set[str] | None:
    """Return the texts of a type that lists its values."""
    if typing.get_origin(kind) is typing.Literal:
        return {str(value) for value in typing.get_args(kind) if value is not None}
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return {str(one.value) for one in kind}
    if kind is types.NoneType:
        return set()
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        each = [_listed(one) for one in typing.get_args(kind)]
        return None if None in each else set().union(*(one or () for one in each))
    return None


_known: dict[ast.AST, Things] = {}


def can_be(node: ast.expr) -> Things:
    """Return everything that an expression can be; what calls itself adds nothing."""
    if node not in _known:
        _known[node] = ()
        found = _unique(_can_be(node))
        _known[node] = found if len(found) <= _MOST else (OPEN,)
    return _known[node]


def _unique(things: Iterable[Thing]) -> Things:
    """Return things once each; those that cannot be compared stay."""
    kept: list[Thing] = []
    seen = set()
    for thing in things:
        mark = (
            (type(thing).__name__, repr(thing)) if isinstance(thing, Known | Typed) else id(thing)
        )
        if mark not in seen:
            seen.add(mark)
            kept.append(thing)
    return tuple(kept)


def _can_be(node: ast.expr) -> Iterable[Thing]:
    match node:
        case ast.Constant(value=value):
            return [Known(value)]
        case ast.IfExp(body=one, orelse=other):
            return [*can_be(one), *can_be(other)]
        case ast.BoolOp(values=values):
            return [thing for value in values for thing in can_be(value)]
        case ast.NamedExpr(value=value) | ast.Starred(value=value):
            return can_be(value)
        case ast.JoinedStr(values=values):
            return _joined([_part(one) for one in values])
        case ast.BinOp(left=left, op=ast.Add() | ast.BitOr(), right=right):
            return _added(can_be(left), can_be(right))
        case ast.Subscript(value=value, slice=index):
            return _at(can_be(value), index)
        case ast.Attribute(value=value, attr=name):
            return [found for thing in can_be(value) for found in _member(thing, name)]
        case ast.Name(id=name):
            return _bound(name, node)
        case ast.Call():
            return _called(node)
    return [_collected(node)]


def _collected(node: ast.expr) -> Thing:
    """Return what a collection is that is written out or made by a loop."""
    match node:
        case ast.Tuple(elts=elts) | ast.List(elts=elts) | ast.Set(elts=elts):
            if any(isinstance(one, ast.Starred) for one in elts):
                each = [
                    _items(can_be(one)) if isinstance(one, ast.Starred) else can_be(one)
                    for one in elts
                ]
                return Many(tuple(thing for things in each for thing in things))
            return Row(tuple(can_be(one) for one in elts))
        case ast.Dict(keys=keys, values=values):
            entries: list[tuple[Things, Things]] = []
            for key, value in zip(keys, values, strict=True):
                known = can_be(value)
                entries += _entries(known) if key is None else [(can_be(key), known)]
            return Table(tuple(entries))
        case ast.ListComp(elt=elt) | ast.SetComp(elt=elt) | ast.GeneratorExp(elt=elt):
            return Many(can_be(elt))
        case ast.DictComp(key=key, value=value):
            return Table(((can_be(key), can_be(value)),))
    return OPEN


def _part(node: ast.expr) -> Things:
    if isinstance(node, ast.FormattedValue):
        return can_be(node.value) if node.format_spec is None else (OPEN,)
    return can_be(node)


def _joined(parts: list[Things]) -> list[Thing]:
    each = [_texts(part) for part in parts]
    if None in each or math.prod(len(one or ()) for one in each) > _MOST:
        return [OPEN]
    return [Known("".join(chosen)) for chosen in itertools.product(*(one or () for one in each))]


def _added(left: Things, right: Things) -> list[Thing]:
    one, other = _texts(left), _texts(right)
    if one is not None and other is not None:
        return _joined([left, right])
    if any(isinstance(thing, Table) or _is_dict(thing) for thing in (*left, *right)):
        return [Table((*_entries(left), *_entries(right)))]
    return [Many((*_items(left), *_items(right)))]


def _is_dict(thing: Thing) -> bool:
    return isinstance(thing, Known) and isinstance(thing.value, Mapping)


def _entries(things: Things) -> list[tuple[Things, Things]]:
    found: list[tuple[Things, Things]] = []
    for thing in things:
        match thing:
            case Table(entries=entries):
                found += entries
            case Known(value=Mapping() as value):
                found += [((Known(key),), (Known(one),)) for key, one in value.items()]
            case Typed(kind=kind) if len(typing.get_args(kind)) == 2:
                key, one = typing.get_args(kind)
                found.append(((Typed(key),), (Typed(one),)))
            case Known(value=None):
                continue
            case _:
                found.append(((OPEN,), (OPEN,)))
    return found


def _items(things: Things) -> list[Thing]:
    """Return what an item of these collections can be."""
    found: list[Thing] = []
    for thing in things:
        match thing:
            case Row(places=places):
                found += [one for place in places for one in place]
            case Many(items=items):
                found += items
            case Table(entries=entries):
                found += [one for key, _ in entries for one in key]
            case Known(value=None):
                continue
            case Known(value=str()):
                found.append(OPEN)
            case Known(value=value) if isinstance(value, Iterable):
                found += [Known(one) for one in value]
            case Typed(kind=kind):
                found += _items_of_type(kind)
            case _:
                found.append(OPEN)
    return found


def _items_of_type(kind: Any) -> list[Thing]:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return [one for each in arguments for one in _items_of_type(each)]
    if kind is types.NoneType:
        return []
    if not (isinstance(origin, type) and arguments and issubclass(origin, Iterable)):
        return [OPEN]
    if issubclass(origin, Mapping):
        return [Typed(arguments[0])]
    return [Typed(one) for one in arguments if one is not ...]


def _at(things: Things, index: ast.expr) -> list[Thing]:
    """Return what stands at a place of these collections."""
    if isinstance(index, ast.Slice):
        return [Many(tuple(_items(things)))]
    keys = can_be(index)
    wanted = (
        [key.value for key in keys if isinstance(key, Known)]
        if all(isinstance(key, Known) for key in keys)
        else None
    )
    if wanted is None and (texts := _texts(keys)) is not None:
        wanted = list(texts)
    found: list[Thing] = []
    for thing in things:
        if isinstance(thing, Table) or _is_dict(thing):
            for key, value in _entries((thing,)):
                names = [one.value for one in key if isinstance(one, Known)]
                if wanted is None or len(names) < len(key) or set(names) & set(wanted):
                    found += value
        elif isinstance(thing, Row) and wanted and all(isinstance(one, int) for one in wanted):
            found += [
                one for place in wanted if place < len(thing.places) for one in thing.places[place]
            ]
        elif isinstance(thing, Known) and isinstance(thing.value, tuple) and wanted:
            found += [Known(thing.value[place]) for place in wanted]
        elif isinstance(thing, Typed) and _is_mapping(thing.kind):
            found.append(Typed(typing.get_args(thing.kind)[1]))
        else:
            found += _items((thing,))
    return found


def _is_mapping(kind: Any) -> bool:
    origin = typing.get_origin(kind)
    return (
        isinstance(origin, type) and issubclass(origin, Mapping) and len(typing.get_args(kind)) == 2
    )


@cache
def _hints(kind: Any) -> dict[str, Any]:
    try:
        return typing.get_type_hints(kind)
    except NameError:  # it names what is loaded for types only
        module = importlib.import_module(kind.__module__)
        return typing.get_type_hints(kind, localns=_names_of(module))
    except TypeError:
        return {}


def _member(thing: Thing, name: str) -> Iterable[Thing]:
    """Return what an attribute of a thing can be."""
    match thing:
        case Known(value=None):
            return []
        case Known(value=enum.Enum() as value) if name == "value":
            return [Known(value.value)]
        case Known(value=value):
            return [Known(getattr(value, name))] if hasattr(value, name) else [OPEN]
        case Made(kind=kind, fields=fields):
            given = dict(fields)
            if name in given:
                return can_be(given[name])
            return _member_of_type(kind, name)
        case Typed(kind=kind):
            return _member_of_type(kind, name)
    return [OPEN]


def _member_of_type(kind: Any, name: str) -> Iterable[Thing]:
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return [one for each in typing.get_args(kind) for one in _member_of_type(each, name)]
    if kind is types.NoneType:
        return []
    if isinstance(kind, type) and issubclass(kind, enum.Enum) and name == "value":
        return [Known(one.value) for one in kind]
    if not isinstance(kind, type) or not kind.__module__.startswith("funnel_sim"):
        return [OPEN]
    hint = _hints(kind).get(name)
    if hint is not None:
        return [Typed(hint)] if not _holds_text(hint) else _given(kind, name)
    for owner in kind.__mro__:
        function = _functions().get((owner.__module__, f"{owner.__name__}.{name}"))
        if function is not None and function.decorator_list:  # a property
            return _returned(function)
        made = _functions().get((owner.__module__, f"{owner.__name__}.__init__"))
        kept = [] if made is None else [one for one in ast.walk(made) if _is_own(one, name)]
        if kept:
            return [thing for one in kept for thing in can_be(one.value)]
    return [OPEN]


def _is_own(node: ast.AST, name: str) -> typing.TypeGuard[ast.Assign]:
    """Say whether a statement gives an attribute of an object its value."""
    return isinstance(node, ast.Assign) and any(
        isinstance(one, ast.Attribute) and one.attr == name for one in node.targets
    )


def _holds_text(kind: Any) -> bool:
    """Say whether a type leaves a text open: `str` itself, or within."""
    return kind is str or kind is Any or any(_holds_text(one) for one in typing.get_args(kind))


@cache
def _given(kind: type, name: str) -> Things:
    """Return what a field is given wherever its class is made or changed; open for what comes from
    a user's file.
    """
    if issubclass(kind, BaseModel):
        return (OPEN,)
    found = [
        thing
        for call in _calls()["replace"]
        for one in call.keywords
        if one.arg == name
        for thing in can_be(one.value)
    ]
    for call in _calls()[kind.__name__]:
        if _global(call.func) is not kind:
            continue
        given = dict(_fields(kind, call) or ())
        if name in given:
            found += can_be(given[name])
        elif _fields(kind, call) is None:
            return (OPEN,)
        else:
            found += _default(kind, name)
    return tuple(found) or (OPEN,)


def _default(kind: type, name: str) -> list[Thing]:
    if dataclasses.is_dataclass(kind):
        for one in dataclasses.fields(kind):
            if one.name == name and one.default is not dataclasses.MISSING:
                return [Known(one.default)]
    defaults = getattr(kind, "_field_defaults", {})
    return [Known(defaults[name])] if name in defaults else [OPEN]


def _fields(kind: type, call: ast.Call) -> tuple[tuple[str, ast.expr], ...] | None:
    """Return which expression a call gives to each field, None where it hands them on unseen."""
    if any(isinstance(one, ast.Starred) for one in call.args) or any(
        one.arg is None for one in call.keywords
    ):
        return None
    names = (
        [one.name for one in dataclasses.fields(kind) if one.init]
        if dataclasses.is_dataclass(kind)
        else list(getattr(kind, "_fields", _hints(kind)))
    )
    return (
        *zip(names, call.args, strict=False),
        *((str(one.arg), one.value) for one in call.keywords),
    )


def _global(node: ast.AST) -> Any:
    """Return the global thing that a name or a dotted name means, None where it is local."""
    if isinstance(node, ast.Name):
        return (
            getattr(_module_of(node), node.id, None) if _scope_of(node.id, node) is None else None
        )
    if isinstance(node, ast.Attribute):
        base = _global(node.value)
        return getattr(base, node.attr, None) if isinstance(base, ModuleType | type) else None
    return None


def _targets(node: ast.AST) -> list[tuple[ast.expr, ast.expr | None, bool]]:
    """Return what a statement binds: the target, what is put there, whether item by item."""
    match node:
        case ast.Assign(targets=targets, value=value):
            return [(target, value, False) for target in targets]
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            return [(target, value, False)]
        case ast.NamedExpr(target=target, value=value):
            return [(target, value, False)]
        case ast.AugAssign(target=target):
            return [(target, None, False)]
        case ast.Match(subject=subject, cases=cases):
            return [
                (ast.Name(pattern.name, ast.Store()), subject, False)
                for case in cases
                for pattern in _whole(case.pattern)
                if pattern.name
            ]
        case ast.For(target=target, iter=over) | ast.comprehension(target=target, iter=over):
            return [(target, over, True)]
        case ast.withitem(optional_vars=ast.expr() as target):
            return [(target, None, False)]
    return []


def _whole(pattern: ast.pattern) -> list[ast.MatchAs]:
    """Return the names that a pattern gives to the whole of what is matched."""
    if isinstance(pattern, ast.MatchOr):
        return [one for each in pattern.patterns for one in _whole(each)]
    return [pattern] if isinstance(pattern, ast.MatchAs) else []


def _binds(target: ast.expr, name: str) -> bool:
    return any(
        isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Store)
        for one in ast.walk(target)
    )


@cache
def _bindings(scope: ast.AST) -> list[tuple[ast.expr, ast.expr | None, bool]]:
    """Return what a function binds, without what stands in functions and loops of expressions
    within it.
    """
    if not isinstance(scope, ast.FunctionDef):
        return [one for part in getattr(scope, "generators", ()) for one in _targets(part)]
    found, waiting = [], list(scope.body)
    while waiting:
        node = waiting.pop()
        found += _targets(node)
        if not isinstance(node, _SCOPES):
            waiting += list(ast.iter_child_nodes(node))
    return found


@cache
def _names_in(scope: ast.AST) -> frozenset[str]:
    """Return the names that a function, lambda or comprehension binds."""
    found = {one.arg for one in _arguments(scope)}
    for target, _, _ in _bindings(scope):
        found |= {
            one.id
            for one in ast.walk(target)
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
        }
    if isinstance(scope, ast.FunctionDef):
        found |= {
            one.name
            for one in ast.walk(scope)
            if isinstance(one, ast.MatchAs | ast.MatchStar | ast.FunctionDef)
            and one.name
            and one is not scope
        }
    return frozenset(found)


@cache
def _within(node: ast.AST) -> frozenset[ast.AST]:
    """Return a node and all beneath it."""
    return frozenset(ast.walk(node))


def _arguments(scope: ast.AST) -> list[ast.arg]:
    if not isinstance(scope, ast.FunctionDef | ast.Lambda):
        return []
    listed = scope.args
    return [*listed.posonlyargs, *listed.args, *listed.kwonlyargs]


def _scope_of(name: str, node: ast.AST) -> ast.AST | None:
    """Return the function, lambda or comprehension that binds a name at a node, None where the
    module does.
    """
    while node in above():
        child, node = node, above()[node]
        if not isinstance(node, _SCOPES):
            continue
        if isinstance(node, ast.FunctionDef) and child not in node.body:
            continue  # a decorator, a default, an annotation
        if name in _names_in(node):
            return node
    return None


def _bound(name: str, node: ast.AST) -> Iterable[Thing]:
    """Return what a name can be."""
    scope = _scope_of(name, node)
    if scope is None:
        module = _module_of(node)
        return [Known(getattr(module, name))] if hasattr(module, name) else [OPEN]
    given = [one for one in _arguments(scope) if one.arg == name]
    found: list[Thing] = []
    if given:
        found += (
            _passed(scope, given[0])
            if isinstance(scope, ast.FunctionDef)
            else _offered(scope, given[0])
        )
    loop = _loop_around(name, node, scope)
    inside = _within(loop) if loop is not None else None
    if loop is not None:
        found = []
    for target, value, each in _bindings(scope):
        if _binds(target, name) and (inside is None or target in inside):
            if value is None:
                return [OPEN]
            things = can_be(value)
            found += _unpacked(target, tuple(_items(things)) if each else things, name)
    return [*found, *_added_later(name, scope)] if found else [OPEN]


def _added_later(name: str, scope: ast.AST) -> Iterator[Thing]:
    """Yield collections of what is put into a named one after it was made: `rows.append(row)`,
    `rows.extend(more)`, `texts[key] = text`.
    """
    for node in _put_in_later(scope) if isinstance(scope, ast.FunctionDef) else ():
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=verb), args=[*_, one]):
                if owner == name and verb in ("append", "add", "insert"):
                    yield Many(can_be(one))
                elif owner == name and verb in ("extend", "update"):
                    yield from can_be(one)
            case ast.Assign(
                targets=[ast.Subscript(value=ast.Name(id=owner), slice=key)], value=value
            ) if owner == name:
                yield Table(((can_be(key), can_be(value)),))


@cache
def _put_in_later(scope: ast.FunctionDef) -> tuple[ast.AST, ...]:
    """Return the calls of methods and the assignments to places of a function."""
    return tuple(
        node
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign)
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute))
    )


def _loop_around(name: str, node: ast.AST, scope: ast.AST) -> ast.For | None:
    """Return the nearest loop around a node that gives a name its value: what else the function
    binds it to before or after does not matter within.
    """
    while node is not scope:
        child, node = node, above()[node]
        if isinstance(node, ast.For) and child in node.body and _binds(node.target, name):
            return node
    return None


def _unpacked(target: ast.expr, things: Things, name: str) -> Iterator[Thing]:
    """Yield what a name within a target is given."""
    if isinstance(target, ast.Name):
        yield from things
        return
    if not isinstance(target, ast.Tuple | ast.List):
        yield OPEN
        return
    place = next(place for place, one in enumerate(target.elts) if _binds(one, name))
    if any(isinstance(one, ast.Starred) for one in target.elts[: place + 1]):
        yield OPEN
        return
    for thing in things:
        match thing:
            case Row(places=places) if place < len(places):
                inner: Things = places[place]
            case Known(value=tuple() | list() as value) if place < len(value):
                inner = (Known(value[place]),)
            case Typed(kind=kind) if typing.get_origin(kind) is tuple:
                arguments = typing.get_args(kind)
                inner = (Typed(arguments[0 if ... in arguments else place]),)
            case _:
                inner = (OPEN,)
        yield from _unpacked(target.elts[place], inner, name)


def _offered(scope: ast.AST, argument: ast.arg) -> list[Thing]:
    """Return what a lambda is handed: of `format_func`, the options of its widget."""
    holder = above()[scope]
    if isinstance(holder, ast.keyword) and holder.arg == "format_func":
        call = above()[holder]
        if isinstance(call, ast.Call):
            options = [one.value for one in call.keywords if one.arg == "options"] or call.args[1:2]
            return _items(can_be(options[0])) if options else [OPEN]
    return [OPEN]


@cache
def _names_of(module: ModuleType) -> dict[str, Any]:
    """Return the names of a module, with those that it loads for types only."""
    tree = next(source.tree for source in sources() if source.module is module)
    found: dict[str, Any] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            origin = importlib.import_module(node.module)
            found |= {
                one.asname or one.name: getattr(origin, one.name)
                for one in node.names
                if hasattr(origin, one.name)
            }
    return found | vars(module)


def _annotated(annotation: ast.expr | None, module: ModuleType) -> Any:
    """Return the type that an annotation names, None where there is none or it cannot be had."""
    if annotation is None:
        return None
    try:
        found = eval(ast.unparse(annotation), _names_of(module))
        return eval(found, _names_of(module)) if isinstance(found, str) else found
    except (NameError, AttributeError, TypeError):
        return None


def _passed(scope: ast.FunctionDef, argument: ast.arg) -> Iterable[Thing]:
    """Return what a parameter can be: of its type where that lists values or is a class of ours,
    else what every call of the function gives it.
    """
    module, holder = _module_of(scope), above()[scope]
    first = _arguments(scope)[0] is argument
    if isinstance(holder, ast.ClassDef) and first and argument.arg in ("self", "cls"):
        kind = getattr(module, holder.name, None)
        return [Typed(kind) if argument.arg == "self" else Known(kind)]
    hint = _annotated(argument.annotation, module)
    if hint is not None and not _holds_text(hint):
        return [Typed(hint)]
    bound = isinstance(holder, ast.ClassDef)
    found: list[Thing] = []
    if any(_means(one, scope) for one in _handed_on()[scope.name]):
        found.append(OPEN)
    names = [one.arg for one in _arguments(scope)][bound:]
    defaults = _defaults(scope)
    for call in _calls()[scope.name]:
        if not _means(call.func, scope):
            continue
        if any(isinstance(one, ast.Starred) for one in call.args):
            return [OPEN]
        given = dict(zip(names, call.args, strict=False)) | {
            one.arg: one.value for one in call.keywords if one.arg
        }
        if argument.arg in given:
            found += can_be(given[argument.arg])
        elif argument.arg in defaults:
            found += can_be(defaults[argument.arg])
        else:
            found.append(OPEN)
    return found or [OPEN]


def _means(called: ast.AST, function: ast.FunctionDef) -> bool:
    """Say whether a name means a function: of a method, whether it may."""
    holder = above()[function]
    if isinstance(holder, ast.ClassDef):
        if not isinstance(called, ast.Attribute):
            return False
        owners = [thing.kind for thing in can_be(called.value) if isinstance(thing, Typed | Made)]
        own = getattr(_module_of(function), holder.name, None)
        return not owners or any(
            isinstance(one, type) and isinstance(own, type) and issubclass(one, own)
            for kind in owners
            for one in (kind, *typing.get_args(kind))
        )
    if isinstance(called, ast.Name) and (scope := _scope_of(called.id, called)) is not None:
        return function in _within(scope)
    if not isinstance(holder, ast.Module):
        return False
    named = getattr(_module_of(function), function.name, None)
    return named is not None and _global(called) is named


def _defaults(scope: ast.FunctionDef) -> dict[str, ast.expr]:
    ordered = [*scope.args.posonlyargs, *scope.args.args]
    last = ordered[len(ordered) - len(scope.args.defaults) :]
    return {
        one.arg: value
        for one, value in (
            *zip(last, scope.args.defaults, strict=True),
            *zip(scope.args.kwonlyargs, scope.args.kw_defaults, strict=True),
        )
        if value is not None
    }


def _returned(function: ast.FunctionDef) -> Things:
    """Return what a function gives: of its type where that lists values or is a class of ours, else
    what stands behind `return` and `yield`.
    """
    module = _module_of(function)
    hint = _annotated(function.returns, module)
    if hint is not None and not _holds_text(hint):
        return (Typed(hint),)
    found: list[Thing] = []
    yielded: list[Thing] = []
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Return) and node.value is not None:
            found += can_be(node.value)
        elif isinstance(node, ast.Yield) and node.value is not None:
            yielded += can_be(node.value)
        elif isinstance(node, ast.YieldFrom):
            yielded += _items(can_be(node.value))
        if not isinstance(node, ast.FunctionDef | ast.Lambda):
            waiting += list(ast.iter_child_nodes(node))
    if yielded:
        found.append(Many(tuple(yielded)))
    return tuple(found) or (OPEN,)


def _called(call: ast.Call) -> Iterable[Thing]:
    """Return what a call gives."""
    func, name = call.func, _name_of(call.func)
    target = _global(func)
    if target is None and isinstance(func, ast.Attribute):
        return _method(call, func)
    if isinstance(func, ast.Name) and (scope := _scope_of(name, func)) is not None:
        inner = [
            one
            for one in ast.walk(scope)
            if isinstance(one, ast.FunctionDef) and one is not scope and one.name == name
        ]
        return _returned(inner[0]) if inner else [OPEN]
    builtin = target is None and isinstance(func, ast.Name)
    if builtin and call.args:
        return _builtin(name, call)
    if target is typing.get_args and call.args:
        kinds = can_be(call.args[0])
        return [
            Row(tuple((Known(value),) for value in typing.get_args(one.value)))
            for one in kinds
            if isinstance(one, Known)
        ]
    if isinstance(target, type):
        if target.__module__.startswith("funnel_sim"):
            fields = _fields(target, call)
            return [Typed(target) if fields is None else Made(target, fields)]
        return [OPEN]
    function = _function_of(target)
    return _returned(function) if function is not None else [OPEN]


def _function_of(target: Any) -> ast.FunctionDef | None:
    inner = getattr(target, "__wrapped__", target)
    module, name = getattr(inner, "__module__", None), getattr(inner, "__qualname__", None)
    return _functions().get((module, name)) if module and name else None


def _builtin(name: str, call: ast.Call) -> list[Thing]:
    if name == "str":
        return list(can_be(call.args[0]))
    if name in _ORDERINGS:
        return [Many(tuple(_items(can_be(call.args[0]))))]
    if name in ("min", "max", "next"):
        one = call.args[0]
        return (
            _items(can_be(one))
            if name == "next" or len(call.args) == 1
            else [thing for one in call.args for thing in can_be(one)]
        )
    if name == "range":
        ends = [can_be(one) for one in call.args]
        if any(len(end) != 1 or not isinstance(end[0], Known) for end in ends):
            return [OPEN]
        return [Known(range(*(end[0].value for end in ends)))]
    if name == "enumerate":
        return [Many(tuple(Row(((OPEN,), (one,))) for one in _items(can_be(call.args[0]))))]
    if name == "zip":
        each = [can_be(one) for one in call.args]
        return [Many((Row(tuple(tuple(_items(one)) for one in each)),))]
    if name == "dict":
        return [Table(tuple(_entries(can_be(call.args[0]))))]
    return [OPEN]


def _method(call: ast.Call, func: ast.Attribute) -> Iterable[Thing]:
    """Return what a method gives: of texts, of dictionaries, of our own classes."""
    base, name = can_be(func.value), func.attr
    if name in (*_TEXT_METHODS, *_TEXT_METHODS_TOO):
        own = _texts(base)
        given = [can_be(one) for one in call.args]
        if own is None or any(not isinstance(one, Known) for each in given for one in each):
            return [OPEN]
        return [
            Known(getattr(text, name)(*(one.value for one in chosen)))
            for text in own
            for chosen in itertools.product(*given)
        ]
    if name == "items":
        return [Many(tuple(Row((key, value)) for key, value in _entries(base)))]
    if name == "keys":
        return [Many(tuple(one for key, _ in _entries(base) for one in key))]
    if name == "values":
        return [Many(tuple(one for _, value in _entries(base) for one in value))]
    if name == "get" and call.args:
        other = can_be(call.args[1]) if len(call.args) > 1 else ()
        return [*_at(base, call.args[0]), *other]
    found: list[Thing] = []
    for thing in base:
        kind = thing.kind if isinstance(thing, Typed | Made) else None
        kinds = typing.get_args(kind) if typing.get_args(kind) else (kind,)
        for one in kinds:
            for owner in getattr(one, "__mro__", ()):
                function = _functions().get((owner.__module__, f"{owner.__name__}.{name}"))
                if function is not None:
                    found += _returned(function)
                    break
    return found or [OPEN]
