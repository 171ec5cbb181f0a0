"""Text for a terminal: tables in columns, and JSON for machines."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol


class Printed(Protocol):
    """One row of a table: its name and its cells."""

    @property
    def name(self) -> str:
        """What stands in the first column."""

    @property
    def cells(self) -> tuple[str, ...]:
        """What stands in the others."""


class PrintedLine(NamedTuple):
    """A row that is nothing more than its name and its cells."""

    name: str
    cells: tuple[str, ...]


def table(rows: Sequence[Printed], heads: Sequence[str]) -> str:
    """Return rows in columns as wide as their widest cell, numbers to the right; Chinese characters
    take two columns.

    Args:
        rows: names and cells.
        heads: the heads of the columns after the first.

    Examples:
        >>> print(
        ...     table(
        ...         [PrintedLine("Price", ("9.90",)), PrintedLine("售价", ("30.00",))],
        ...         ["per order"],
        ...     )
        ... )
               per order
        Price       9.90
        售价       30.00
    """
    lines = [("", *heads)] + [(row.name, *row.cells) for row in rows]
    widths = [max(_width(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join(
        "  ".join(
            _pad(cell, width, right=i > 0)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def dump(data: Any) -> str:
    """Return data as JSON, Chinese as it is written; raises ValueError for a number that JSON has
    no name for.
    """
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _width(text: str) -> int:
    return sum(2 if ord(c) > 0x2E80 else 1 for c in text)


def _pad(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space
