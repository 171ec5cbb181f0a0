"""The months of each channel from a file that names one a row ("channel", "campaign type")."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from funnel_sim.errors import InputError
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.months import History
from funnel_sim.evidence.store.repeated import Repeated
from funnel_sim.evidence.tables.headings import plain
from funnel_sim.evidence.tables.money import Into
from funnel_sim.evidence.tables.tables import Table
from funnel_sim.scenario.store_months import MOST_CHANNELS
from funnel_sim.stored import read_data


@cache
def _headings() -> frozenset[str]:
    text = read_data("channel_columns.toml")
    return frozenset(tomllib.loads(text)["headings"])


def channel_column(table: Table) -> str | None:
    r"""Return the column that names the channel of each row; None where no heading says so.

    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> channel_column(read_table(b"month,Channel,clicks\n2026-01,ads,5\n", "x.csv"))
    'Channel'
    """
    return next((one for one in table.columns if plain(one) in _headings()), None)


def by_channel(
    table: Table,
    chosen: Mapping[str, str] | None = None,
    *,
    day_first: bool | None = None,
    decimal: str | None = None,
    into: Into | None = None,
    taxed: bool = False,
    after_refunds: bool | None = None,
    repeated: Repeated | None = "add",
) -> dict[str, History]:
    r"""Return the history of each channel of a file, the one with the most rows first, at most
    twelve; none where no column names channels.

    A channel whose rows hold no figure is left out.

    Args:
        table: the file.
        chosen: the column of a role where it is not recognised, "" for none.
        day_first: whether the day comes first in its dates; None leaves it to the column.
        decimal: the decimal mark of its amounts; None leaves it to the column.
        into: the currency to which its money is converted.
        taxed: whether sales are to hold tax where the file parts it.
        after_refunds: whether its sales have refunds taken off; None leaves it to its headings.
        repeated: what rows are that tell a week or month again; the whole file is asked first.

    Returns:
        The history by the channel's name.

    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> found = by_channel(
    ...     read_table(b"month,channel,clicks\n2026-01,ads,5\n2026-01,mail,2\n2026-02,ads,6\n", "x")
    ... )
    >>> {name: one.figures["clicks"].tolist() for name, one in found.items()}
    {'ads': [5.0, 6.0], 'mail': [2.0]}
    """
    column = channel_column(table)
    if column is None:
        return {}
    out: dict[str, History] = {}
    for name in table.cells[column].str.strip().value_counts().index:
        if not name or len(out) == MOST_CHANNELS:
            continue
        rows = table.cells[column].str.strip() == name
        part = replace(
            table,
            cells=table.cells[rows],
            numeric=None if table.numeric is None else table.numeric[rows],
        )
        try:
            out[str(name)] = history(
                part,
                chosen,
                day_first=day_first,
                decimal=decimal,
                beside_others=True,
                into=into,
                taxed=taxed,
                after_refunds=after_refunds,
                repeated=repeated,
            )
        except InputError:
            continue
    return out
