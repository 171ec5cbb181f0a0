"""At which rates the amounts of the store's months were read from files in other currencies."""

import math
from collections.abc import Sequence
from typing import Any

from funnel_sim.evidence.store.months import History
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.scenario.store_months import MOST_MARKED, Converted, month_name, month_number


def converted_rows(old: Sequence[Converted], found: History) -> list[dict[str, object]]:
    """Return what a series keeps of conversions once the months of some files have joined it: the
    files' own, and the earlier ones of which some figure still stands.

    Args:
        old: what the series has kept.
        found: the months of the files, as far as they are taken.

    Returns:
        One row a file, currency and rate, for `history.converted`.
    """
    fresh: dict[tuple[Any, ...], list[str]] = {}
    for one in (_inner(one) for one in found.findings):
        if "file" in one.parts:
            told = one.parts
            day = "" if one.kind == "converted_typed" else told["day"]
            names = (told["file"], told["code"], told["into"], told["exact"], day)
            key = (*names, told["first"], told["last"])
            fresh.setdefault(key, []).append(one.role or "gmv")
    heads = ("file", "code", "into", "rate", "day", "first", "last")
    rows: list[dict[str, object]] = [
        dict(zip(heads, key, strict=True), figures=list(dict.fromkeys(figures)))
        for key, figures in fresh.items()
    ]
    standing = [one.model_dump(mode="json") for one in old if not _retold(one, found)]
    return [*(one for one in standing if one not in rows), *rows][-MOST_MARKED:]


def _inner(finding: Finding) -> Finding:
    """Return what is found, without the name of the file of several that says it."""
    inner = finding.parts.get("finding")
    return inner if isinstance(inner, Finding) else finding


def _retold(one: Converted, found: History) -> bool:
    """Say whether files now tell every figure of a conversion in all of its months."""
    span = range(month_number(one.first), month_number(one.last) + 1)
    for figure in one.figures:
        values = dict(zip(found.months, found.figures.get(figure, ()), strict=False))
        if any(math.isnan(values.get(month_name(number), math.nan)) for number in span):
            return False
    return True
