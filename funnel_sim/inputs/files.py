"""Scenario files: JSON with a schema version; written whole, read with care.

A file may also name a preset and hold only what differs from it:
`{"funnel_sim": 1, "preset": "amazon-de-kitchen", "changes": {"product.price": 24.9}}`. A file that the product
writes tells the version of the model that its figures were seen with.
"""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from funnel_sim.errors import InputError, refuse
from funnel_sim.inputs.parameters import DATA_DATE
from funnel_sim.inputs.presets import preset
from funnel_sim.inputs.scenario import Scenario

MODEL_VERSION = "3"
"""Changes when any figure of an unchanged scenario does; data/model_versions.toml says in words what did."""
SCHEMA_VERSION = 1
LARGEST_FILE = 5 * 1024 * 1024
MEDIA_TYPE = "application/json"


@dataclass(frozen=True)
class Opened:
    """A scenario from a link or a file; `preset_changed` where its preset had other values when it was made, `model` the version of the model that it was made with (empty: not told)."""

    scenario: Scenario
    preset_changed: bool = False
    model: str = ""


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
            "model": {"type": "string", "description": "version of the model that the file was made with"},
            "scenario": scenario,
            "preset": {"type": "string", "description": "instead of scenario: the preset to start from"},
            "as_of": {"type": "string", "format": "date", "description": "with preset: the day its parameters are asked for"},
            "changes": {"type": "object", "description": "with preset: field path to value"},
        },
        "required": ["funnel_sim"],
        "oneOf": [{"required": ["scenario"]}, {"required": ["preset"]}],
        "additionalProperties": False,
        "$defs": definitions,
    }


def to_text(scenario: Scenario) -> str:
    """Return a scenario as the text of a file, every field written out."""
    return json.dumps({"funnel_sim": SCHEMA_VERSION, "model": MODEL_VERSION, "scenario": scenario.plain()}, ensure_ascii=False, indent=2) + "\n"


def from_bytes(content: bytes, where: str = "file") -> Scenario:
    """Return the scenario that a file's bytes hold; raises InputError, naming `where`, if they hold none."""
    return opened(content, where).scenario


def opened(content: bytes, where: str = "file") -> Opened:
    """Return the scenario that a file's bytes hold with the version of the model that they name; raises InputError, naming `where`, if they hold none.

    A whole scenario without a version was written before files told it; one by preset and changes was typed for the model there is.
    """
    if len(content) > LARGEST_FILE:
        raise refuse(where, f"{len(content) / 1024 / 1024:.1f} MB", "file_large", limit=LARGEST_FILE // 1024 // 1024)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refuse(where, None, "file_encoding") from None
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise refuse(where, None, "file_json", line=error.lineno, column=error.colno) from None
    except (RecursionError, ValueError):
        raise refuse(where, None, "file_type") from None
    scenario = from_plain(data, where)
    return Opened(scenario, model=str(data.get("model", "" if "scenario" in data else MODEL_VERSION)))


def from_plain(data: Any, where: str = "file") -> Scenario:
    """Return the scenario that the parsed JSON of a file describes; raises InputError."""
    if not isinstance(data, dict) or "funnel_sim" not in data:
        raise refuse(where, None, "file_type")
    check_schema(data["funnel_sim"], where)
    unknown = sorted(set(data) - {"funnel_sim", "model", "scenario", "preset", "as_of", "changes"})
    if unknown:
        raise refuse(str(unknown[0]), None, "unknown_field")
    if isinstance(data.get("scenario"), dict):
        return Scenario.read(data["scenario"])
    if not isinstance(data.get("preset"), str):
        raise refuse("scenario", None, "missing")
    changes = data.get("changes", {})
    if not isinstance(changes, dict):
        raise refuse("changes", changes, "group")
    return preset(data["preset"], read_date(data.get("as_of"))).replace(changes)


def check_schema(version: Any, where: str) -> None:
    """Raise InputError for a schema version that this program cannot read."""
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise refuse(where, version, "schema_unknown")
    if version > SCHEMA_VERSION:
        raise refuse(where, None, "schema_newer", found=version, known=SCHEMA_VERSION)


def read_date(text: Any) -> dt.date:
    """Return a date from its ISO text, the data's own date from None; raises InputError otherwise."""
    if text is None:
        return DATA_DATE
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError:
        raise refuse("as_of", text, "date") from None


def load(path: str | Path) -> Scenario:
    """Return the scenario in a file on disk; raises InputError for whatever is wrong with it."""
    return load_opened(path).scenario


def load_opened(path: str | Path) -> Opened:
    """Return the scenario in a file on disk with the version of the model that it names; raises InputError for whatever is wrong with it."""
    file = Path(path)
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise refuse(file.name, f"{file.stat().st_size / 1024 / 1024:.1f} MB", "file_large", limit=LARGEST_FILE // 1024 // 1024)
        content = file.read_bytes()
    except OSError as error:
        raise refuse(str(path), None, "file_missing", reason=error.strerror or "error") from None
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
