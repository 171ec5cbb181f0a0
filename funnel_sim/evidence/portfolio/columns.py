"""Which column of a portfolio's spreadsheet is which: name, base, tag, or the field of a
scenario.
"""

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from funnel_sim.errors import Problem, refuse
from funnel_sim.evidence.tables.headings import plain
from funnel_sim.evidence.tables.tables import Table, listed
from funnel_sim.scenario.channels import Channel
from funnel_sim.scenario.head import Head
from funnel_sim.scenario.paths import SECTIONS, spec_of, specs_of
from funnel_sim.scenario.portfolio import TAGS
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.stored import read_data
from funnel_sim.words import Lang

OF_CHANNEL = "channel."
"""Before a field of the base's one bought channel, whose id differs from base to base."""
_BOUGHT = ("cpc", "cpm")
_OF_HEAD = ("fx_rate", "currency", "cost_currency")
_LEFT_OUT = frozenset({"promise", "verdicts", "history", "comparison", "budget"})
_NEAR = 0.8


@dataclass(frozen=True)
class Columns:
    """What the columns of a table are: `role` by heading for name, base and tags, `path` by heading
    for fields, and the headings that say nothing to a portfolio.
    """

    roles: Mapping[str, str]
    paths: Mapping[str, str]
    left_out: tuple[str, ...]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(read_data("portfolio_columns.toml"))


def template_fields() -> tuple[str, ...]:
    """Return the paths of the template's fields, those of the bought channel with `OF_CHANNEL`."""
    return tuple(_data()["template"]["fields"])


def template_bases() -> tuple[str, ...]:
    """Return the presets of the template's example rows."""
    return tuple(_data()["template"]["examples"])


def heading(key: str, lang: Lang) -> str:
    """Return the template's heading of a role ("name", "market") or of a field's path.

    Args:
        key: the role or the path, one of the bought channel with `OF_CHANNEL` before it.
        lang: "zh" or "en".

    >>> heading("base", "en"), heading("product.price", "zh"), heading("channel.cpc", "en")
    ('Base', '售价', 'Cost per click (CPC)')
    """
    if key in _data()["columns"]:
        return str(_data()["columns"][key][lang][0])
    spec = specs_of(Channel)[key.removeprefix(OF_CHANNEL)] if _of_channel(key) else spec_of(key)
    assert spec is not None, key
    return spec.label.of(lang)


def _of_channel(path: str) -> bool:
    return path.startswith(OF_CHANNEL)


@cache
def _fields() -> dict[str, str]:
    """Return the path of each field by its name on screen in either language, and by what sellers
    call it.
    """
    named = {name: spec for name, spec in specs_of(Head).items() if name in _OF_HEAD}
    for section, cls in SECTIONS.items():
        if section not in _LEFT_OUT:
            named |= {f"{section}.{name}": spec for name, spec in specs_of(cls).items()}
    named |= {OF_CHANNEL + name: spec for name, spec in specs_of(Channel).items()}
    on_screen = {plain(text): path for path, spec in named.items() for text in (spec.zh, spec.en)}
    also = {plain(text): path for path, some in _data()["fields"].items() for text in some}
    return also | on_screen


@cache
def _roles() -> dict[str, str]:
    return {
        plain(text): role
        for role, names in _data()["columns"].items()
        for some in names.values()
        for text in some
    } | {role: role for role in ("name", "base", *TAGS)}


def column_fields() -> tuple[str, ...]:
    """Return every field that can be a column of its own: paths, those of the bought channel with
    `OF_CHANNEL`, each by the one name that leads to it, in the order of the scenario.

    >>> fields = column_fields()
    >>> "product.price" in fields, "channel.cpc" in fields, "history.seen_gmv" in fields
    (True, True, False)
    """
    return tuple(dict.fromkeys(_fields().values()))


def column_of(base: Scenario, path: str) -> str:
    """Return the column in which a field of a base stands: that of the bought channel where the
    path is the one that it means.

    Args:
        base: the scenario of a row.
        path: of a field, "channels.ads.cpc".

    >>> from funnel_sim.scenario.presets import preset
    >>> column_of(preset("amazon-de-kitchen"), "channels.ads.cpc")
    'channel.cpc'
    >>> column_of(preset("amazon-de-kitchen"), "channels.organic.ctr")
    'channels.organic.ctr'
    """
    if path.startswith("channels."):
        column = OF_CHANNEL + path.rpartition(".")[2]
        if path_in(base, column, column) == path:
            return column
    return path


def heading_of(column: str, lang: Lang) -> str:
    """Return the heading under which the reader of spreadsheets finds a column again: its name on
    screen, or its path where that name is another column's too.

    Args:
        column: a role, a path, or a field of the bought channel with `OF_CHANNEL`.
        lang: "zh" or "en".

    >>> heading_of("product.price", "en"), heading_of("channels.organic.ctr", "en")
    ('Price', 'channels.organic.ctr')
    """
    if column in _data()["columns"]:
        return heading(column, lang)
    if column.startswith("channels."):
        return column
    name = heading(column, lang)
    found = _roles().get(plain(name), "") or _fields().get(plain(name), "")
    return name if found == column else column


def columns_of(table: Table) -> Columns:
    """Return what the columns of a table are.

    Args:
        table: headings and cells of a file.

    Raises:
        InputError: if there is none for name or base, two stand for one thing, or a heading is
            nearly that of a field, or speaks of a price, a cost or a rate: it may be meant for one.
    """
    roles: dict[str, str] = {}
    paths: dict[str, str] = {}
    left_out = []
    taken: dict[str, str] = {}
    for column in table.columns:
        text = column.strip()
        role = _roles().get(plain(column), "")
        own = "." in text and (spec_of(text) is not None or text in column_fields())
        path = text if own else _fields().get(plain(column), "")
        found = role or path
        if not found:
            near = difflib.get_close_matches(plain(column), [*_roles(), *_fields()], 1, _NEAR)
            if near or any(
                plain(word) in plain(column) for word in _data()["money_words"]["words"]
            ):
                raise refuse(f"{table.name}: {column}", None, "portfolio_column")
            left_out.append(column)
            continue
        if found in taken:
            raise refuse(f"{table.name}: {column}", None, "portfolio_same", other=taken[found])
        taken[found] = column
        if role:
            roles[column] = role
        else:
            paths[column] = path
    if not {"name", "base"} <= set(roles.values()):
        raise refuse(table.name, None, "portfolio_columns", known=listed(table.columns))
    return Columns(roles, paths, tuple(left_out))


def path_in(base: Scenario, path: str, where: str) -> str | Problem:
    """Return the path of a column's field in a base: that of its one bought channel where the
    column names none.

    Args:
        base: the scenario of a row.
        path: as `Columns.paths` has it.
        where: the cell, for the message.
    """
    if not _of_channel(path):
        return path
    name = path.removeprefix(OF_CHANNEL)
    bought = [one for one in base.channels if one.kind in _BOUGHT]
    if name in _BOUGHT:
        bought = [one for one in bought if one.kind == name]
    if len(bought) == 1:
        return f"channels.{bought[0].id}.{name}"
    if not bought:
        return Problem(where, None, "portfolio_no_channel")
    return Problem(where, None, "portfolio_channel", {"known": _listed(bought)})


def _listed(channels: Sequence[Channel]) -> str:
    return ", ".join(one.id for one in channels)
