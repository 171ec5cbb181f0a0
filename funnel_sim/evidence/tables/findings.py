"""What is to be known about a file: findings, each a sentence; nothing is mended because of one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from funnel_sim.words import Lang, Words, say

SHOWN = 5
"""Rows that a finding names."""
_WITH_FIGURE = (
    "gap",
    "gap_run",
    "unreadable",
    "export_money",
    "converted",
    "converted_rough",
    "converted_typed",
    "kept",
    "taken_as",
    "not_used",
)  # findings told otherwise when they concern one figure


_RUN = 3
"""Months in a row that lack and are told in one sentence."""


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


def in_runs(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings with those on months that lack told once for each run of them.

    Args:
        findings: those of one file, or of several.

    Returns:
        The findings in their order, a run in place of its first month.

    Examples:
        >>> gaps = [Finding("gap", f"2024-{month:02}") for month in range(1, 13)]
        >>> [one.sentence("en") for one in in_runs([*gaps, Finding("gap", "2025-06")])]
        ['2024-01 to 2024-12: no rows in these 12 months.', '2025-06: the file has no rows.']
    """
    out: list[Finding] = []
    runs: dict[int, list[Finding]] = {}  # by place in `out`
    open_at: dict[tuple[object, str], int] = {}  # by file and figure
    for finding in findings:
        inner = _inner(finding)
        key = (finding.parts.get("name") if inner is not finding else None, inner.role)
        at = open_at.get(key)
        follows = at is not None and _number(inner) == _number(_inner(runs[at][-1])) + 1
        if inner.kind == "gap" and at is not None and follows:
            runs[at].append(finding)
            continue
        if inner.kind == "gap":
            open_at[key] = len(out)
            runs[len(out)] = [finding]
        out.append(finding)
    return [
        one
        for place, finding in enumerate(out)
        for one in (_run(runs[place]) if place in runs else [finding])
    ]


def _inner(finding: Finding) -> Finding:
    inner = finding.parts.get("finding")
    return inner if isinstance(inner, Finding) else finding


def _number(finding: Finding) -> int:
    year, month = finding.month.split("-") if finding.month else ("0", "-9")
    return int(year) * 12 + int(month)


def _run(run: list[Finding]) -> list[Finding]:
    if len(run) < _RUN:
        return run
    first, last = _inner(run[0]), _inner(run[-1])
    made = Finding("gap_run", first.month, first.role, {"last": last.month, "count": len(run)})
    if first is run[0]:
        return [made]
    return [Finding(run[0].kind, parts={**run[0].parts, "finding": made})]


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
