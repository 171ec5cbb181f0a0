"""What is to be known about a file: findings, each a sentence; nothing is mended because of one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from funnel_sim.words import Lang, Words, say

SHOWN = 5
"""Rows that a finding names."""
_WITH_FIGURE = (
    "gap",
    "unreadable",
    "export_money",
    "converted",
    "converted_rough",
    "kept",
    "taken_as",
)  # findings told otherwise when they concern one figure


@dataclass(frozen=True)
class Finding:
    """One thing to know about a file; nothing was mended because of it.

    `kind` is the last part of a key of the locales' `history.found_…`; `month` ("2026-03") and
    `role` (a figure) are "" where it concerns all; `parts` is what the sentence needs.
    """

    kind: str
    month: str = ""
    role: str = ""
    parts: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, lang: Lang) -> str:
        """Say what was found, in full.

        >>> Finding("gap", "2026-03").sentence("en")
        '2026-03: the file has no rows.'
        """
        inner = self.parts.get("finding")
        if isinstance(inner, Finding):  # what a file of several says
            return f"{self.parts['name']}: {inner.sentence(lang)}"
        of = "_of" if self.role and self.kind in _WITH_FIGURE else ""
        figure = say(lang, f"history.figure_{self.role}") if self.role else ""
        parts = {
            key: part.of(lang) if isinstance(part, Words) else part
            for key, part in self.parts.items()
        }
        return say(lang, f"history.found_{self.kind}{of}", month=self.month, figure=figure, **parts)


def counted(kind: str, rows: pd.Series, role: str = "") -> list[Finding]:
    """Return one finding that counts some rows (True) and names the first, as a spreadsheet counts;
    none where there are none.

    Args:
        kind: of the finding.
        rows: True where a row is counted.
        role: the figure that it is about; "" for none.

    Returns:
        One or none.
    """
    return (
        [
            Finding(
                kind,
                role=role,
                parts={"count": int(rows.sum()), "rows": ", ".join(map(str, first_rows(rows)))},
            )
        ]
        if rows.any()
        else []
    )


def first_rows(rows: pd.Series) -> tuple[int, ...]:
    """Return the numbers of the first rows (True), as a spreadsheet counts."""
    return tuple(int(row) + 2 for row in rows.index[rows][:SHOWN])
