"""Which column is what: by its heading and by what its cells hold."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

import pandas as pd

from funnel_sim.evidence.tables.cells import series_of, texts_of
from funnel_sim.evidence.tables.headings import bounded, plain
from funnel_sim.evidence.tables.tables import Table
from funnel_sim.reference.reading import share

_SHORT = 4  # a name of so many Latin letters or fewer ("cost", "day") must be the whole heading
_LOOKED_AT = 200  # different cells by which a column is judged
_FIRST = 5_000  # rows that are looked at first: most columns have that many different cells there
MOST = share("column_holds")
"""Share of a column's different cells that must be what its role needs."""


def by_name(
    columns: Sequence[str], names: Mapping[str, Sequence[str]], ignored: Iterable[str] = ()
) -> dict[str, list[str]]:
    """Return the columns that may be each role, the likeliest first: those whose heading is one of
    its names, in the order of the names, then those of whose heading no role has a longer part.

    A name that begins with = must be the whole heading; a heading with one of the `ignored` words
    in it is not taken for a part of it.

    Args:
        columns: the headings of a file.
        names: what each role is called, the likeliest name first.
        ignored: words that keep a heading from being taken by a part of it.

    Returns:
        The columns by role.

    >>> by_name(
    ...     ("Total", "Order Total (USD)", "Total tax", "Date of order"),
    ...     {"amount": ["order total", "total"], "date": ["date of order"]},
    ...     ["tax"],
    ... )
    {'amount': ['Order Total (USD)', 'Total'], 'date': ['Date of order']}
    """
    names = {role: [_plain(name) for name in some] for role, some in names.items()}
    headings = {column: plain(column) for column in columns}
    known = {
        role: [
            column
            for name in some
            for column in columns
            if headings[column] == name.removeprefix("=")
        ]
        for role, some in names.items()
    }
    whole = {column for found in known.values() for column in found}
    bare = [
        column
        for column in columns
        if column not in whole
        and not any(re.search(bounded(one), headings[column]) for one in ignored)
    ]
    for column in bare:
        found = {
            role: max(
                (
                    len(name)
                    for name in some
                    if _long(name) and re.search(bounded(name), headings[column])
                ),
                default=0,
            )
            for role, some in names.items()
        }
        longest = max(found.values(), default=0)
        for role, length in found.items():
            if length and length == longest:
                known[role].append(column)
    return known


@cache
def _plain(name: str) -> str:
    """Return a name as headings are compared: some letters (Thai) are written in two ways."""
    return name[: name.startswith("=")] + plain(name.removeprefix("="))


def _long(name: str) -> bool:
    return not name.startswith("=") and len(name) > (_SHORT if name.isascii() else 1)


def by_content(
    table: Table, column: str, needed: Callable[[str], bool] | None, least: float = MOST
) -> bool:
    r"""Say whether a column's cells are what a role needs: so large a share of its different cells,
    those that say nothing left out; an empty column is not.

    Args:
        table: headings and cells of a file.
        column: its heading.
        needed: whether a cell is what the role needs; None where any cell is.
        least: the share of its different cells that has to be [fraction].

    >>> from funnel_sim.evidence.tables.amounts import is_number
    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> table = read_table(b"Paid,Note\n12.50,x\n,y\n-,\n", "x.csv")
    >>> by_content(table, "Paid", is_number), by_content(table, "Note", is_number)
    (True, False)
    """
    cells = different(table, column)
    if not len(cells):
        return False
    return needed is None or sum(map(needed, cells.tolist())) >= least * len(cells)


def different(table: Table, column: str) -> pd.Series:
    """Return the first different cells of a column that say something, at most 200.

    Args:
        table: a table as cells of text.
        column: the heading of one of its columns.
    """

    def found() -> pd.Series:
        cells = distinct(table.cells[column].head(_FIRST))
        first = said(cells.head(2 * _LOOKED_AT))
        if len(first) < _LOOKED_AT < len(cells):
            first = said(cells)
        if len(first) < _LOOKED_AT < _FIRST < len(table.cells):
            first = said(distinct(table.cells[column]))
        return first.head(_LOOKED_AT)

    return table.once(("different", column), found)


def distinct(cells: pd.Series) -> pd.Series:
    """Return the different cells of a column in the order in which they come."""
    return series_of(texts_of(cells).unique())


NOTHING = r"(?i)[-–—/]*|n/?a|null|none|nan|无"
"""Cells that say that there is nothing."""


def said(cells: pd.Series) -> pd.Series:
    """Return the cells that say something."""
    return cells[~cells.str.fullmatch(NOTHING)]
