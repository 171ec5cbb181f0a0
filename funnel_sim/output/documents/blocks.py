"""What a document is made of, in reading order: the report and the term sheet are lists of these,
their writers turn them into files.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from funnel_sim.output.words.tones import Tone


@dataclass(frozen=True)
class Frame:
    """What stands around a document: its title, the line under it, the line at the foot of each
    page, and the day as of which it holds.
    """

    title: str
    subtitle: str
    footer: str
    day: dt.date


@dataclass(frozen=True)
class Heading:
    """A heading, level 0 for the title of the whole, 1 for a chapter, 2 inside one."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, `title` in bold before it where there is one; `small` for what explains."""

    text: str
    title: str = ""
    small: bool = False


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class KeyFigures:
    """A few figures in large type: (name, value, what stands beside it)."""

    items: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class TableBlock:
    """A table: `widths` are shares of the page, `numbers` the columns set to the right; rows that
    are sums, groups, losses or assumptions are named by their place.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numbers: tuple[int, ...] = ()
    totals: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    bad: frozenset[int] = frozenset()
    assumed: frozenset[int] = frozenset()
    title: str = ""


@dataclass(frozen=True, eq=False)
class Chart:
    """A chart: its specification and its data apart (output/charts/), its title, what it shows, and
    the same in words for those who cannot see it.
    """

    spec: Mapping[str, Any]
    data: pd.DataFrame
    title: str = ""
    note: str = ""


@dataclass(frozen=True)
class Note:
    """A sentence set apart: the verdict, a warning; its tone gives it its colour, its title says
    the same in a word.
    """

    text: str
    title: str = ""
    tone: Tone = ""


@dataclass(frozen=True)
class PageBreak:
    """A new page."""


Block = Frame | Heading | Paragraph | Points | KeyFigures | TableBlock | Chart | Note | PageBreak
