"""Scenario files: JSON with a schema version; written whole, read with care.

A file may also name a preset and hold only what differs from it: `{"funnel_sim": 1, "preset":
"amazon-de-kitchen", "changes": {"product.price": 24.9}}`. A file that the product writes tells the
version of the model that its figures were seen with.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from funnel_sim.errors import InputError, refuse, refuse_file
from funnel_sim.reference.provenance import DATA_DATE, day_asked
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario

MODEL_VERSION = "6"
"""Changes when any figure of an unchanged scenario does; data/model_versions.toml says in words
what did.
"""
SCHEMA_VERSION = 1
_LAST_SCHEMA = 10_000  # a schema version above this is not a version of this program
LARGEST_FILE = 5 * 1024 * 1024
_MOST_VALUES = (
    20_000  # the longest history with every list full has some thousands, and five of them fit
)
_DEEPEST = 20  # a scenario file is nested six levels deep
MEDIA_TYPE = "application/json"
_LONGEST_WHOLE = 4_000
"""Digits of a whole number that are read as they stand, to be shown where they are refused."""


@dataclass(frozen=True)
class Aside:
    """A scenario that was put aside beside the one at hand, to be compared, under the name that it
    was given.
    """

    name: str
    scenario: Scenario


MOST_ASIDE = 4
"""Scenarios that may be put aside: five side by side are what a table can hold."""
_LONGEST_NAME = 60


def aside_named(name: str, scenario: Scenario) -> Aside:
    """Return a scenario put aside under a name that was typed, cut where it is too long for a
    column.

    Args:
        name: what was typed.
        scenario: the store and its plan, as typed.
    """
    return Aside(" ".join(name.split())[:_LONGEST_NAME] or "–", scenario)


@dataclass(frozen=True)
class Opened:
    """A scenario from a link or a file.

    `preset_changed`: its preset had other values when it was made. `model`: the version of the
    model that it was made with (empty: not told). `aside`: what travels along to be compared with
    it; `role`: who sat before the screen (empty: not told).
    """

    scenario: Scenario
    preset_changed: bool = False
    model: str = ""
    aside: tuple[Aside, ...] = ()
    role: str = ""


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file."""
    scenario = Scenario.model_json_schema(mode="validation")
    definitions = scenario.pop("$defs")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Funnel Sim scenario file",
        "type": "object",
        "properties": {
            "funnel_sim": {"const": SCHEMA_VERSION, "description": "schema version"},
            "model": {
                "type": "string",
                "description": "version of the model that the file was made with",
            },
            "scenario": scenario,
            "aside": {
                "type": "array",
                "maxItems": MOST_ASIDE,
                "description": "scenarios put aside to be compared",
                "items": {
                    "type": "object",
                    "properties": {"name": {"type": "string"}, "scenario": scenario},
                    "required": ["name", "scenario"],
                    "additionalProperties": False,
                },
            },
            "role": {"type": "string", "description": "who sits before the screen"},
            "preset": {
                "type": "string",
                "description": "instead of scenario: the preset to start from",
            },
            "as_of": {
                "type": "string",
                "format": "date",
                "description": "with preset: the day its parameters are asked for",
            },
            "changes": {"type": "object", "description": "with preset: field path to value"},
        },
        "required": ["funnel_sim"],
        "oneOf": [{"required": ["scenario"]}, {"required": ["preset"]}],
        "additionalProperties": False,
        "$defs": definitions,
    }


def to_text(scenario: Scenario, aside: Sequence[Aside] = (), role: str = "") -> str:
    """Return a scenario as the text of a file, every field written out.

    Args:
        scenario: the store and its plan, as typed.
        aside: scenarios put aside to be compared with it.
        role: who sits before the screen; "" where that was not said.
    """
    body: dict[str, Any] = {
        "funnel_sim": SCHEMA_VERSION,
        "model": MODEL_VERSION,
        "scenario": scenario.plain(),
    }
    if aside:
        body["aside"] = [
            {"name": one.name, "scenario": one.scenario.plain()} for one in aside[:MOST_ASIDE]
        ]
    if role:
        body["role"] = role
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def from_bytes(content: bytes, where: str = "file") -> Scenario:
    """Return the scenario that a file's bytes hold.

    Args:
        content: the whole file.
        where: what the message names, the file's name.

    Raises:
        InputError: if they hold no scenario, or one with values that are not allowed.
    """
    return opened(content, where).scenario


def opened(content: bytes, where: str = "file") -> Opened:
    """Return the scenario that a file's bytes hold with the version of the model that they name.

    A whole scenario without a version was written before files told it; one by preset and changes
    was typed for the model there is.

    Args:
        content: the whole file.
        where: what the message names, the file's name.

    Raises:
        InputError: if they hold no scenario, or one with values that are not allowed.
    """
    check_size(len(content), where)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refuse(where, None, "file_encoding") from None
    try:
        data = parsed(text)
    except json.JSONDecodeError as error:
        raise refuse(where, None, "file_json", line=error.lineno, column=error.colno) from None
    except (RecursionError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise refuse(where, None, "file_type") from None
    check_extent(data, where)
    scenario = from_plain(data, where)
    model = str(data.get("model", "" if "scenario" in data else MODEL_VERSION))
    role = data.get("role")
    return Opened(
        scenario, False, model, _aside_of(data, where), role if isinstance(role, str) else ""
    )


def _aside_of(data: dict[str, Any], where: str) -> tuple[Aside, ...]:
    """Return the scenarios put aside that a file holds; raises InputError."""
    rows = data.get("aside", [])
    whole = isinstance(rows, list) and len(rows) <= MOST_ASIDE
    if not whole or not all(
        isinstance(row, dict)
        and isinstance(row.get("scenario"), dict)
        and isinstance(row.get("name"), str)
        for row in rows
    ):
        raise refuse("aside", None, "file_aside", most=MOST_ASIDE)
    return tuple(aside_named(row["name"], Scenario.read(row["scenario"])) for row in rows)


def check_size(size: int, where: str) -> None:
    """Refuse a scenario file that is too large.

    Args:
        size: its size [bytes].
        where: what the message names.

    Raises:
        InputError: if it is larger than `LARGEST_FILE`.
    """
    if size > LARGEST_FILE:
        raise refuse(
            where, f"{size / 1024 / 1024:.1f} MB", "file_large", limit=LARGEST_FILE // 1024 // 1024
        )


def check_extent(data: Any, where: str) -> None:
    """Refuse parsed JSON that holds more values, or nests deeper, than any scenario: each value
    would be checked and could be refused by name.

    Args:
        data: what the JSON holds.
        where: what the message names.

    Raises:
        InputError: if it is larger or deeper than a scenario can be.
    """
    values, level = 0, [data]
    for _ in range(_DEEPEST):
        groups = [
            list(one.values()) if isinstance(one, dict) else one
            for one in level
            if isinstance(one, dict | list)
        ]
        values += sum(len(group) for group in groups)
        if values > _MOST_VALUES:
            raise refuse(where, None, "file_values", most=f"{_MOST_VALUES:,}")
        level = [one for group in groups for one in group]
    if level:
        raise refuse(where, None, "file_deep", most=_DEEPEST)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object as a dictionary; raises InputError where a name stands twice, of which
    one value would be dropped without a word.
    """
    out = dict(pairs)
    if len(out) < len(pairs):
        times = Counter(name for name, _ in pairs)
        twice = next(name for name, count in times.items() if count > 1)
        raise refuse(twice, None, "file_twice")
    return out


def parsed(text: str | bytes) -> Any:
    """Return the data of a JSON text; raises ValueError.

    A whole number too long to be one of ours is read as infinite, so that its field refuses it.

    >>> parsed("[1, 2.5, " + "9" * 5000 + "]")
    [1, 2.5, inf]
    """
    return json.loads(
        text,
        parse_int=lambda digits: int(digits) if len(digits) <= _LONGEST_WHOLE else float(digits),
        object_pairs_hook=_once,
    )


def from_plain(data: Any, where: str = "file") -> Scenario:
    """Return the scenario that the parsed JSON of a file describes.

    Args:
        data: what the JSON holds.
        where: what the message names.

    Raises:
        InputError: if it describes no scenario, or one with values that are not allowed.
    """
    if not isinstance(data, dict) or "funnel_sim" not in data:
        raise refuse(where, None, "file_type")
    check_schema(data["funnel_sim"], where)
    unknown = sorted(
        set(data)
        - {"funnel_sim", "model", "scenario", "aside", "role", "preset", "as_of", "changes"}
    )
    if unknown:
        raise refuse(str(unknown[0]), None, "unknown_field")
    if isinstance(data.get("scenario"), dict):
        return read_whole(data["scenario"])
    if not isinstance(data.get("preset"), str):
        raise refuse("scenario", None, "missing")
    changes = data.get("changes", {})
    if not isinstance(changes, dict):
        raise refuse("changes", changes, "group")
    base = preset(data["preset"], read_date(data.get("as_of")))
    for name in ("currency", "cost_currency"):
        if name in changes and changes[name] != getattr(base, name) and "fx_rate" not in changes:
            raise refuse(name, changes[name], "fx_with_currency")
    return base.replace(changes)


def read_whole(plain: dict[str, Any]) -> Scenario:
    """Return the scenario of plain data that hold all of it.

    One that was written before there were payment terms takes those of its example, where it is
    still in its currencies and they fit its plan.

    Args:
        plain: the fields of the scenario by section.

    Raises:
        InputError: if a value is not allowed.
    """
    found = Scenario.read(plain)
    if "cash" in plain or not found.preset:
        return found
    try:
        base = preset(found.preset, found.as_of)
        if (base.currency, base.cost_currency) != (found.currency, found.cost_currency):
            return found
        return found.but(cash=base.cash)
    except InputError:
        return found


def check_schema(version: Any, where: str) -> None:
    """Refuse a schema version that this program cannot read.

    Args:
        version: what the file says.
        where: what the message names.

    Raises:
        InputError: if it is unknown or newer than this program.
    """
    if (
        not isinstance(version, int)
        or isinstance(version, bool)
        or not 1 <= version <= _LAST_SCHEMA
    ):
        raise refuse(where, version, "schema_unknown")
    if version > SCHEMA_VERSION:
        raise refuse(where, None, "schema_newer", found=version, known=SCHEMA_VERSION)


def read_date(text: Any) -> dt.date:
    """Return a date from its ISO text.

    Args:
        text: the text; None stands for the date of the data.

    Returns:
        The date.

    Raises:
        InputError: if it is no date, or in a year without data.
    """
    if text is None:
        return DATA_DATE
    try:
        found = dt.date.fromisoformat(str(text))
    except ValueError:
        raise refuse("as_of", text, "date") from None
    return day_asked(found)


def load(path: str | Path) -> Scenario:
    """Return the scenario in a file on disk; raises InputError for whatever is wrong with it."""
    return load_opened(path).scenario


def load_opened(path: str | Path) -> Opened:
    """Return the scenario in a file on disk with the version of the model that it names.

    Args:
        path: the file.

    Raises:
        InputError: if it cannot be read or holds no scenario.
    """
    file = Path(path)
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            # the size of a device file is unknown, so the read itself is bounded
            content = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        raise refuse_file(str(path), error, "file_missing") from None
    check_size(max(size, len(content)), file.name)
    return opened(content, file.name)


__all__ = [
    "LARGEST_FILE",
    "SCHEMA_VERSION",
    "InputError",
    "Opened",
    "check_schema",
    "from_bytes",
    "from_plain",
    "load",
    "load_opened",
    "opened",
    "schema",
    "to_text",
]
