"""A block of cells copied out of a sheet, as a table: with its headings, or in an agreed order."""

import re
from collections.abc import Sequence

from funnel_sim.errors import refuse
from funnel_sim.evidence.tables.amounts import is_figure
from funnel_sim.evidence.tables.headings import recognise
from funnel_sim.evidence.tables.periods import is_period
from funnel_sim.evidence.tables.tables import Table, read_table
from funnel_sim.scenario.store_months import month_name, month_number
from funnel_sim.scenario.typed_numbers import written_out

_DATE = "month"
_COMPACT = re.compile(r"20\d\d(0[1-9]|1[0-2])")


def pasted_table(text: str, figures: Sequence[str], first_month: str, name: str) -> Table:
    r"""Return the table that a copied block of cells is, one row a month.

    Headings are read where the first row holds some. Without any, the columns are `figures` in
    their order, behind the month where the first column holds months; else the rows are the months
    from `first_month` on.

    Args:
        text: cells parted by tabs, rows by line ends.
        figures: what the columns are where no heading says so.
        first_month: the month of the first row where none is told, such as "2026-03".
        name: of the table, for refusals.

    Raises:
        InputError: where there is nothing in it, or more columns than can be told.

    Examples:
        >>> made = pasted_table("1200\t40\n1300\t41\n", ("gmv", "orders"), "2026-12", "x")
        >>> made.columns, made.cells.iloc[1].tolist()
        (('month', 'gmv', 'orders'), ['2027-01', '1300', '41'])
    """
    rows = [
        [written_out(cell.strip()) for cell in line.split("\t")]
        for line in text.splitlines()
        if line.strip()
    ]
    cells = [cell for row in rows for cell in row if cell]
    if "\t" not in text and not all(is_figure(cell) for cell in cells):
        return read_table(text.encode(), name)  # as a file would be: it may be a CSV
    told = [cell for cell in rows[0] if cell] if rows else []
    if recognise(tuple(told)) or not any(is_figure(cell) or is_period(cell) for cell in told):
        return _read(rows, name)
    dated = all(_is_month(row[0]) for row in rows)
    most = len(figures) + dated
    wide = max(len(row) for row in rows)
    if wide > most:
        raise refuse(name, wide, "pasted_columns", most=most)
    if not dated:
        start = month_number(first_month)
        rows = [[month_name(start + place), *row] for place, row in enumerate(rows)]
    heads = [_DATE, *figures][: max(len(row) for row in rows)]
    return _read([heads, *rows], name)


def _is_month(cell: str) -> bool:
    """Say whether a cell names a period and is no amount: a workbook's day is a number too."""
    return is_period(cell) and (not is_figure(cell) or bool(_COMPACT.fullmatch(cell)))


def _read(rows: Sequence[Sequence[str]], name: str) -> Table:
    return read_table("".join("\t".join(row) + "\n" for row in rows).encode(), name)
