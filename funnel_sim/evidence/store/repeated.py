"""Rows of a file of weeks or months that tell the same period twice, with nothing beside the
figures to tell them apart: a total that was pasted twice, or a correction under the first figure.
"""

from collections.abc import Collection
from typing import Literal

import pandas as pd

from funnel_sim.errors import refuse
from funnel_sim.evidence.tables.findings import first_rows
from funnel_sim.evidence.tables.periods import Periods
from funnel_sim.evidence.tables.tables import Table

Repeated = Literal["once", "add"]
"""What to do with them: take the first row alone, or add them up."""
_LONG = 7
"""Days: of a day a file may hold many rows, each a sale."""
_NUMBER = r"[-+()\d.,%\s€$£¥\u2212]*"
_DATE = r"\s*(\d{1,4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,4})\s*日?\s*"
_WITHIN = (2, 27)
"""Days of a month that name a day; its first and last days also name the month."""
_LAST_DAY = 31
_TOLD = 6
"""How many periods a refusal names."""


def repeated_rows(
    table: Table, dated: Periods, good: pd.Series, figures: Collection[str]
) -> pd.Series:
    r"""Return which rows tell a week or month that an earlier row tells, and differ from it in no
    column of words.

    Args:
        table: the file.
        dated: the period of each row.
        good: the rows that count.
        figures: the columns of figures and dates.

    Examples:
        >>> from funnel_sim.evidence.store.history import history
        >>> from funnel_sim.evidence.tables.tables import read_table
        >>> table = read_table(b"month,gmv\n2026-01,100\n2026-02,120\n2026-02,120\n", "x.csv")
        >>> history(table, repeated="once").figures["gmv"].tolist()
        [100.0, 120.0]
        >>> history(table, repeated="add").figures["gmv"].tolist()
        [100.0, 240.0]
    """
    long = good & (dated.days >= _LONG)
    keys = pd.DataFrame({"first": dated.first, "days": dated.days})[long]
    again = keys.duplicated(keep=False)
    if not again.any():
        return pd.Series(data=False, index=good.index)
    rows = again[again].index
    for column in table.columns:
        cells = table.cells.loc[rows, column]
        dates = cells.str.fullmatch(_DATE).all()
        if column in figures:
            if (
                dates
                and (dated.days[rows] > _LONG).all()
                and _of_days(table.cells.loc[good, column])
            ):
                return pd.Series(data=False, index=good.index)
        elif dates or not cells.str.fullmatch(_NUMBER).all():
            keys.loc[rows, f"words {column}"] = cells
    return keys.fillna("").duplicated().reindex(good.index, fill_value=False)


def _of_days(cells: pd.Series) -> bool:
    """Say whether dates that were read as months name days: one is within its month, whichever of
    its numbers is the day.
    """
    numbers = cells.str.extract(_DATE).dropna().astype(int)
    first, last = _WITHIN
    day_or_month = numbers.where(numbers <= _LAST_DAY)
    within = day_or_month.apply(lambda column: column.between(first, last))
    return bool((within.sum(axis=1) == day_or_month.notna().sum(axis=1)).any())


def one_of_each(
    table: Table,
    dated: Periods,
    good: pd.Series,
    figures: Collection[str],
    repeated: Repeated | None,
) -> pd.Series:
    """Return the rows that count, once it is said what those are that tell a period again.

    Args:
        table: the file.
        dated: the period of each row.
        good: the rows that count.
        figures: the columns of figures and dates.
        repeated: what is done with them; None where nobody said it.

    Raises:
        InputError: if there are any, and nobody said what they are; names file and lines.
    """
    if repeated == "add":
        return good
    twice = repeated_rows(table, dated, good, figures)
    if not twice.any() or repeated == "once":
        return good & ~twice
    months = dated.first[twice].dt.strftime("%Y-%m").drop_duplicates()
    raise refuse(
        table.name,
        ", ".join(months[:_TOLD]),
        "rows_repeat",
        rows=", ".join(map(str, first_rows(twice))),
        count=int(twice.sum()),
    )
