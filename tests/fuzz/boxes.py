"""One input that is made of several files: a JSON document with what each holds, so that a find is
kept as one file and made smaller as one.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_BYTES = "base64:"


@dataclass(frozen=True)
class Box:
    """Files by name, and what is to be done with them (`asked`, JSON data)."""

    files: Mapping[str, bytes]
    asked: Mapping[str, Any] = field(default_factory=dict)

    def packed(self) -> bytes:
        """Return it as one JSON document; files that are text stay readable."""
        files = {name: _text(content) for name, content in self.files.items()}
        return json.dumps({"files": files, "asked": dict(self.asked)}, indent=1).encode()

    def laid_out(self, folder: Path) -> None:
        """Write its files into a folder."""
        for name, content in self.files.items():
            (folder / name).write_bytes(content)


def unpacked(content: bytes) -> Box:
    """Return what a document holds; parts that were left out to make it smaller are empty."""
    data = json.loads(content)
    files = {
        name: (
            base64.b64decode(text.removeprefix(_BYTES))
            if text.startswith(_BYTES)
            else text.encode()
        )
        for name, text in data.get("files", {}).items()
    }
    return Box(files, data.get("asked", {}))


def _text(content: bytes) -> str:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return _BYTES + base64.b64encode(content).decode()
    return text if not text.startswith(_BYTES) else _BYTES + base64.b64encode(content).decode()
