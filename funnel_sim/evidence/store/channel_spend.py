"""What each ad channel spent and sold, month by month, from a file that names a channel a row: what
response curves are fitted to.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from funnel_sim.errors import InputError, Problem, refuse
from funnel_sim.evidence.store.channels import channel_column
from funnel_sim.evidence.store.history import history
from funnel_sim.evidence.store.months import History
from funnel_sim.evidence.tables.headings import plain
from funnel_sim.evidence.tables.money import Into
from funnel_sim.evidence.tables.tables import Table
from funnel_sim.model.arrays import Array
from funnel_sim.stored import read_data

RESULTS = ("ad_sales", "orders", "gmv", "clicks")
"""What spending brought, the first that a channel has: sales that the ads claim, orders, sales,
clicks."""
MOST_CHANNELS = 24


@dataclass(frozen=True)
class ChannelMonths:
    """The months of one channel in which it spent and brought something.

    `spend` [money] and `brought` (see `result`, one of RESULTS), shape (months,); `calendar` the
    calendar month of each, 1 to 12; `currency` the only one that the file names ("" for none);
    `left_out` how many months lack one of the two.
    """

    name: str
    months: tuple[str, ...]
    spend: Array
    brought: Array
    result: str
    currency: str
    left_out: int

    @property
    def calendar(self) -> list[int]:
        """The calendar month of each, 1 to 12."""
        return [int(month[5:7]) for month in self.months]


def channel_spend(
    table: Table,
    chosen: Mapping[str, str] | None = None,
    *,
    day_first: bool | None = None,
    decimal: str | None = None,
    into: Into | None = None,
) -> tuple[ChannelMonths, ...]:
    r"""Return the months of each ad channel of a file, the one with the largest spend first.

    Args:
        table: the file: a date, a channel, what was spent, and sales, orders or clicks a row; by
            day, week or month.
        chosen: the column of a role where it is not recognised, "" for none; "channel" names the
            one of the channels.
        day_first: whether the day comes first in its dates; None leaves it to the column.
        decimal: the decimal mark of its amounts; None leaves it to the column.
        into: the currency to which its money is converted.

    Returns:
        The channels with their months.

    Raises:
        InputError: where no column names channels, or no channel has months with spend and sales;
            what is wrong with the rows of a channel is told with its name.

    Examples:
        >>> from funnel_sim.evidence.tables.tables import read_table
        >>> text = "date,channel,spend,orders\n2026-01,Meta,500,20\n2026-02,Meta,900,31\n"
        >>> found = channel_spend(read_table(text.encode(), "x.csv"))
        >>> [(one.name, one.spend.tolist(), one.brought.tolist(), one.result) for one in found]
        [('Meta', [500.0, 900.0], [20.0, 31.0], 'orders')]
    """
    own = dict(chosen or {})
    column = own.pop("channel", "") or spend_column(table)
    if column is None:
        raise refuse(table.name, None, "curves_channel", known=", ".join(table.columns[:_TOLD]))
    named = table.cells[column].str.strip()
    names = [str(one) for one in named.value_counts().index if one]
    if len(names) > MOST_CHANNELS:
        raise refuse(table.name, f"{len(names):,}", "curves_many", most=MOST_CHANNELS)
    found: list[ChannelMonths] = []
    wrong: list[Problem] = []
    for name in names:
        rows = named == name
        numeric = None if table.numeric is None else table.numeric[rows]
        part = replace(table, cells=table.cells[rows], numeric=numeric)
        try:
            read = history(
                part,
                own,
                day_first=day_first,
                decimal=decimal,
                beside_others=True,
                into=into,
                repeated="add",
            )
        except InputError as error:
            wrong += [replace(one, where=f"{name}: {one.where}") for one in error.problems]
            continue
        months = _months(name, read)
        if months is not None:
            found.append(months)
    if wrong:
        raise InputError(wrong)
    if not found:
        raise refuse(table.name, None, "curves_none")
    return tuple(sorted(found, key=lambda one: -float(one.spend.sum())))


_TOLD = 12


@cache
def _headings() -> frozenset[str]:
    return frozenset(tomllib.loads(read_data("channel_columns.toml"))["of_spend"])


def spend_column(table: Table) -> str | None:
    r"""Return the column that names the ad channel of each row; None where no heading says so.

    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> spend_column(read_table("月份,广告类型,花费\n2026-01,商品推广,5\n".encode(), "x.csv"))
    '广告类型'
    """
    here = channel_column(table)
    return here or next((one for one in table.columns if plain(one) in _headings()), None)


def _months(name: str, read: History) -> ChannelMonths | None:
    """Return the months with spend and what it brought; None where there are none."""
    spend = read.figures.get("ad_spend")
    result = next((one for one in RESULTS if one in read.figures), None)
    if spend is None or result is None:
        return None
    brought = read.figures[result]
    whole = np.isfinite(spend) & np.isfinite(brought) & (read.covered > _NEARLY_ALL)
    use = whole & (spend > 0) & (brought > 0)
    if not use.any():
        return None
    months = tuple(month for month, one in zip(read.months, use, strict=True) if one)
    left = int((~use).sum())
    return ChannelMonths(name, months, spend[use], brought[use], result, read.currency, left)


_NEARLY_ALL = 0.9
"""A month of which a tenth of the days is missing is no month to fit to."""
