"""A table from a file, as text: CSV of any common encoding and separator, a sheet of an XLSX
or XLS workbook, a page or XML saved as .xls; what is too large or damaged is refused.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from funnel_sim.errors import refuse, refuse_file, shorten
from funnel_sim.evidence.tables.amounts import is_number
from funnel_sim.evidence.tables.bounds import LARGEST, letters
from funnel_sim.evidence.tables.cells import leaders
from funnel_sim.evidence.tables.findings import Finding, first_rows
from funnel_sim.evidence.tables.markup import is_markup, markup_frame
from funnel_sim.evidence.tables.old_workbooks import is_old_workbook, old_workbook_frame
from funnel_sim.evidence.tables.periods import is_period
from funnel_sim.evidence.tables.progress import Progress
from funnel_sim.evidence.tables.texts import text_frame
from funnel_sim.evidence.tables.workbooks import is_workbook, workbook_frame

__all__ = ["LARGEST", "Table", "check_size", "listed", "load_table", "read_table"]

_LISTED = 12
_Fact = TypeVar("_Fact")
_LOOKED_BELOW = 5  # rows by which a row of explanations is told from one of figures


@dataclass(frozen=True)
class Table:
    """A file's columns in order and its cells as text, an empty cell being ""; a row's label is its
    number in the file − 2, as a spreadsheet counts.

    `numeric` says of each cell whether the file holds it as a number (True), None for a file of
    text; `findings` is what is to be known about how it was read; `above` are the lines above the
    headings.
    """

    name: str
    columns: tuple[str, ...]
    cells: pd.DataFrame
    numeric: pd.DataFrame | None = None
    findings: tuple[Finding, ...] = ()
    above: tuple[str, ...] = ()
    _known: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, what: Hashable, work: Callable[[], _Fact]) -> _Fact:
        """Return a fact about the table, worked out when it is first asked for.

        Args:
            what: what tells the fact from others.
            work: works it out.
        """
        if what not in self._known:
            self._known[what] = work()
        fact: _Fact = self._known[what]
        return fact

    def leaders(self, column: str) -> NDArray[np.int32]:
        """Return of each row the place of the first one whose cell of a column has the same text,
        shape (rows,).
        """
        return self.once(("leaders", column), lambda: leaders(self.cells[column]))

    def numeric_of(self, column: str) -> pd.Series | None:
        """Return which cells of a column the file holds as numbers, None where it holds text
        only.
        """
        return None if self.numeric is None else self.numeric[column]


def read_table(content: bytes, name: str, progress: Progress | None = None) -> Table:
    r"""Return the table that a file's bytes hold.

    A column without a heading is named by its letters, "(D)"; of headings that are equal but for
    the space around them, later ones are numbered, "Amount (2)".

    Args:
        content: the whole file: text, a workbook (XLSX, XLS), or a page or XML saved as .xls.
        name: of the file, for refusals.
        progress: is told the share that has been read, from 0 to 1; what it raises ends the
            reading.

    Raises:
        InputError: naming the file, where it holds no table or more than `bounds` allow.

    >>> read_table("a;b\n1;2,5\n".encode(), "x.csv").cells.iloc[0].tolist()
    ['1', '2,5']
    """
    check_size(len(content), name)
    reader = (
        workbook_frame
        if is_workbook(content)
        else old_workbook_frame
        if is_old_workbook(content)
        else markup_frame
        if is_markup(content)
        else text_frame
    )
    read = reader(content, name, progress)
    headings, frame = read.headings, read.cells
    if frame.empty:
        raise refuse(name, None, "table_empty")
    findings = list(read.findings)
    if _explains(frame):
        findings.append(Finding("explaining", parts={"row": int(frame.index[0]) + 2}))
        frame = frame.iloc[1:]
    frame, again = _once(frame, headings)
    findings += again
    named = {
        int(place): _bare(heading) for place, heading in zip(frame.columns, headings, strict=True)
    }
    kept = [place for place, heading in named.items() if heading or (frame[place] != "").any()]
    columns = _told_apart([named[place] or f"({letters(place)})" for place in kept])
    numeric = (
        None
        if read.numeric is None
        else read.numeric.loc[frame.index, kept].set_axis(columns, axis="columns")
    )
    return Table(
        name,
        tuple(columns),
        frame[kept].set_axis(columns, axis="columns"),
        numeric,
        tuple(findings),
        read.above,
    )


def _explains(frame: pd.DataFrame) -> bool:
    """Say whether the first row below the headings says in words what the columns hold: no number
    or date in it, where two columns or more have them below.
    """
    if len(frame) <= 1:
        return False
    top, below = frame.iloc[0], frame.iloc[1 : _LOOKED_BELOW + 1]
    said = [column for column in frame.columns if top[column]]
    if len(said) < 2 or any(is_number(top[column]) or is_period(top[column]) for column in said):
        return False
    filled = [below[column][below[column] != ""] for column in said]
    return (
        sum(
            len(cells) > 0 and all(is_number(cell) or is_period(cell) for cell in cells)
            for cells in filled
        )
        >= 2
    )


def _once(frame: pd.DataFrame, headings: Sequence[str]) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the rows without further rows of headings, by which files were put below one another,
    and without those below them that stand above as well; and how many these were.
    """
    there = np.ones(len(frame), dtype=bool)
    for place, heading in zip(frame.columns, headings, strict=True):
        if there.any() and (plain := _bare(heading)):
            there = there & (frame[place] == plain).to_numpy()
    if not there.any() or not any(map(_bare, headings)):
        return frame, []
    block = np.cumsum(there)
    same = pd.factorize(pd.MultiIndex.from_frame(frame))[0]
    again = (block > pd.Series(block).groupby(same).transform("min").to_numpy()) & ~there
    parts = {
        "rows": ", ".join(map(str, first_rows(pd.Series(there, frame.index)))),
        "count": int(again.sum()),
    }
    return frame[~(there | again)], [Finding("headings_again", parts=parts)]


def _bare(heading: str) -> str:
    return heading.replace("\ufeff", "").strip()


def check_size(size: int, name: str) -> None:
    """Refuse a file of too many bytes.

    Args:
        size: bytes.
        name: of the file.

    Raises:
        InputError: above `LARGEST`.
    """
    if size > LARGEST:
        raise refuse(
            name, f"{size / 1024 / 1024:.1f} MB", "file_large", limit=LARGEST // 1024 // 1024
        )


def load_table(path: str | Path) -> Table:
    """Return the table in a file on disk.

    Args:
        path: the file.

    Raises:
        InputError: where it cannot be read or holds no table.
    """
    try:
        with Path(path).open("rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise refuse_file(str(path), error, "file_missing") from None
    return read_table(content, Path(path).name)


def _told_apart(headings: list[str]) -> list[str]:
    """Return headings of which no two are equal: later ones are numbered.

    >>> _told_apart(["a", "b", "a", "a", "a (2)"])
    ['a', 'b', 'a (2)', 'a (3)', 'a (2) (2)']
    """
    out: dict[str, None] = {}
    times: dict[str, int] = {}
    for heading in headings:
        name = heading
        while name in out:
            times[heading] = times.get(heading, 1) + 1
            name = f"{heading} ({times[heading]})"
        out[name] = None
    return list(out)


def listed(columns: Sequence[str]) -> str:
    """Return the first columns of a table for a sentence, each cut where it is long."""
    return ", ".join(shorten(column) for column in columns[:_LISTED]) + (
        " …" if len(columns) > _LISTED else ""
    )
