"""Which of many like cases every run looks at, and which are left to `make slow`.

A test over all presets holds the same law of each. It is marked `sampled(6)`: every sixth, spread
over platforms and product groups, is looked at in every run; the mark `slow` leaves the others to
`make slow`. Likewise a page, a file or a journey that is looked at in Chinese and in English: every
run takes one of the two, by the name of the test, so that about half of them are Chinese.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from zlib import crc32

import pytest

from funnel_sim.words import LANGS

BILINGUAL = ("tests/pages/", "tests/output/", "tests/browser/")


def some_cases(items: Iterable[pytest.Item]) -> None:
    """Mark slow, of the cases of a test that is marked `sampled(n)`, all but every n-th."""
    seen: dict[str, int] = defaultdict(int)
    for item in items:
        mark = item.get_closest_marker("sampled")
        if mark is None or item.get_closest_marker("slow"):
            continue
        name = item.nodeid.partition("[")[0]
        if seen[name] % mark.args[0]:
            item.add_marker(pytest.mark.slow)
        seen[name] += 1


def one_language(items: Iterable[pytest.Item]) -> None:
    """Mark slow, of cases that differ in their language alone, all but one.

    Args:
        items: what was collected; of other rooms than those that speak nothing is marked.
    """
    alike: dict[tuple[Any, ...], list[tuple[str, pytest.Item]]] = defaultdict(list)
    for item in items:
        case = getattr(item, "callspec", None)
        if case is None or not item.nodeid.startswith(BILINGUAL):
            continue
        lang = next((value for value in case.params.values() if value in LANGS), None)
        if lang is not None:
            name = item.nodeid.partition("[")[0]
            others = [part for part in case.id.split("-") if part not in LANGS]
            alike[name, *others].append((lang, item))
    for key, cases in alike.items():
        chosen = LANGS[crc32(repr(key).encode()) % len(LANGS)]
        if len(cases) > 1 and any(lang == chosen for lang, _ in cases):
            for lang, item in cases:
                if lang != chosen:
                    item.add_marker(pytest.mark.slow)
