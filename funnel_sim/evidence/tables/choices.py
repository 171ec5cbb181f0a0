"""Where two columns could be one role: whether one is clearly better, and what is asked where none
is.

A column is clearly better by name where its whole heading is a name of the role and the other's
only holds one, and by content where the other is mostly empty or says the same (data/reading.toml).
Everything else is the user's to decide, before anything is computed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from funnel_sim.errors import InputError, refuse, shorten
from funnel_sim.evidence.tables.amounts import amounts
from funnel_sim.evidence.tables.columns import NOTHING, said
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.evidence.tables.periods import Periods, periods
from funnel_sim.evidence.tables.tables import Table
from funnel_sim.reference.reading import share
from funnel_sim.words import Words

DATE, NUMBER, TEXT = "date", "number", "text"
"""What the cells of a role are, and so how two columns of it are compared."""
_EXAMPLES = 3
_LOOKED_AT = 5_000  # rows in which two columns are compared
_CENT = 0.005


@dataclass(frozen=True)
class Choice:
    """Columns that could be one role.

    Attributes:
        role: the role, as the reader of the table names it.
        name: the role in words.
        columns: the column that is taken first, then the others.
        clear: whether the first one is clearly better, so that nobody has to be asked.
        flags: how the command line is told, each with {name} where the column stands.
    """

    role: str
    name: Words
    columns: tuple[str, ...]
    clear: bool
    flags: tuple[str, ...]


def choice(
    table: Table,
    role: str,
    name: Words,
    kind: str,
    taken: str,
    others: Sequence[str],
    flags: Sequence[str] = (),
) -> Choice | None:
    r"""Return what could be a role beside the column that is taken for it, None where
    nothing could.

    Args:
        table: headings and cells of a file.
        role: what a column is sought for ("amount", "date", …).
        name: the role in words.
        kind: `DATE`, `NUMBER` or `TEXT`.
        taken: the column that is taken.
        others: columns whose heading and cells fit the role as well.
        flags: how the command line is told, each with {name} where the column stands.

    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> table = read_table(b"Total,Paid,Net\n60,60.00,50\n12,12.00,10\n", "x.csv")
    >>> name = Words("金额", "Amount")
    >>> choice(table, "amount", name, NUMBER, "Total", ["Paid"]).clear
    True
    >>> choice(table, "amount", name, NUMBER, "Total", ["Paid", "Net"]).columns
    ('Total', 'Net')
    """
    if not others:
        return None
    rivals = [one for one in others if not _is_lesser(table, kind, taken, one)]
    return Choice(role, name, (taken, *(rivals or others)), not rivals, tuple(flags))


def shown(table: Table, column: str) -> str:
    """Return a column with its first three values, as “Total” (60, 12).

    Args:
        table: headings and cells of a file.
        column: its heading.
    """
    examples = said(table.cells[column].drop_duplicates()).head(_EXAMPLES)
    return f"“{shorten(column)}” ({', '.join(shorten(cell) for cell in examples)})"


def asked(table: Table, choices: Sequence[Choice], settled: Collection[str]) -> list[Finding]:
    """Return what is to be known about the choices of a table: which column was taken, whether
    chosen by the user or clearly better, and which others could have been it.

    Args:
        table: headings and cells of a file.
        choices: where several columns could be a role.
        settled: roles whose column the user chose.

    Returns:
        One finding a role.

    Raises:
        InputError: where a role is not settled and no column is clearly better; it names the
            columns with their values, and how to choose.
    """
    out = []
    for one in choices:
        columns = [shown(table, column) for column in one.columns]
        parts = {"role": one.name, "column": columns[0], "others": "; ".join(columns[1:])}
        ways = " / ".join(flag.format(name=shorten(one.columns[-1])) for flag in one.flags)
        if one.role not in settled and not one.clear:
            raise refuse(
                table.name,
                None,
                "column_unclear",
                role=one.name,
                columns="; ".join(columns),
                ways=ways,
            )
        kind = "chosen" if one.role in settled else "choice"
        out.append(Finding(kind, parts={**parts, "ways": ways}))
    return out


def _is_lesser(table: Table, kind: str, taken: str, other: str) -> bool:
    """Say whether a column is clearly no better than the one that is taken: it is mostly empty
    where that one says something, or says the same.
    """
    cells = table.cells[[taken, other]].head(_LOOKED_AT)
    filled = ~cells.apply(lambda column: column.str.fullmatch(NOTHING))
    many = int(filled[taken].sum())
    if many and (filled[taken] & filled[other]).sum() < share("choice_filled") * many:
        return True
    both = cells[filled[taken] & filled[other]]
    return bool(len(both)) and _alike(table, kind, both[taken], both[other]) >= share(
        "choice_alike"
    )


def _alike(table: Table, kind: str, first: pd.Series, second: pd.Series) -> float:
    """Return the share of rows in which two columns say the same: one day or days next to one
    another, one amount to the cent, or names that stand for one another.
    """
    if kind == TEXT:
        pairs = pd.DataFrame({"first": first, "second": second}).drop_duplicates()
        return min(first.nunique(), second.nunique()) / len(pairs)
    try:
        if kind == DATE:
            one, other = (periods(column, table.name) for column in (first, second))
            near = (one.first - other.first).abs() <= pd.Timedelta(days=1)
            return float((near | _within(one, other) | _within(other, one)).mean())
        one_, other_ = (amounts(column, table.name, counts=True) for column in (first, second))
        return float(((one_ - other_).abs() < _CENT).mean())
    except InputError:  # which of two readings holds is asked where the column is read
        return float((first == second).mean())


def _within(one: Periods, other: Periods) -> pd.Series:
    """Say of each row whether its first period is a shorter one within the second, as a day in its
    month.
    """
    end = one.first + pd.to_timedelta(one.days, unit="D")
    last = other.first + pd.to_timedelta(other.days, unit="D")
    return (one.first >= other.first) & (end <= last) & (one.days < other.days)
