"""What went back, told as a share of what was sold (Amazon's Business Report: "Refund rate")."""

import re
from collections.abc import Mapping

import pandas as pd

from funnel_sim.evidence.tables.amounts import amounts
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.evidence.tables.tables import Table
from funnel_sim.units import PERCENT

_SIGN = "[%\uff05\u066a\ufe6a]"  # of percent, as it is written anywhere
_BASES = ("orders", "units")


def returned_by_rate(
    table: Table, roles: Mapping[str, str], values: pd.DataFrame, decimal: str | None
) -> list[Finding]:
    r"""Put orders that went back among the figures of each row, where a file tells their share and
    not their number: share × orders of the row, of a file without orders share × units.

    A share of units comes to the same: share × units are the units that went back, and these ÷ the
    units per order are share × orders.

    Args:
        table: headings and cells of a file.
        roles: the column of each role.
        values: the figures of each row by role; "returned_orders" is added.
        decimal: the decimal mark of its amounts; None leaves it to the column.

    Returns:
        How it was read, or why it was not; none where the file tells no share, or the number too.

    Examples:
        >>> from funnel_sim.evidence.tables.tables import read_table
        >>> table = read_table(b"date,orders,rate\n2026-01,20,10%\n2026-02,40,2.5%\n", "x.csv")
        >>> values = pd.DataFrame({"orders": [20.0, 40.0]})
        >>> told = returned_by_rate(table, {"refund_rate": "rate"}, values, None)
        >>> values["returned_orders"].tolist(), [one.kind for one in told]
        ([2.0, 1.0], ['refund_rate'])
    """
    column = roles.get("refund_rate")
    if column is None:
        return []
    if "returned_orders" in values and values["returned_orders"].notna().any():
        return []
    base = next((one for one in _BASES if one in values), None)
    if base is None:
        return [Finding("refund_rate_alone", parts={"column": column})]
    share = _shares(table, column, decimal)
    if share is None:
        return [Finding("refund_rate_unclear", parts={"column": column})]
    values["returned_orders"] = (share * values[base]).where((share >= 0) & (share <= 1))
    return [Finding(f"refund_rate{'' if base == 'orders' else '_units'}", parts={"column": column})]


def _shares(table: Table, column: str, decimal: str | None) -> pd.Series | None:
    """Return the share of each row [fraction]; None where no sign of percent and no number above
    one tells a share of 0.5 from 0.5 %.
    """
    cells = table.cells[column]
    signed = cells.str.contains(_SIGN, regex=True)
    read = amounts(
        cells.str.replace(_SIGN, "", regex=True).str.strip(),
        f"{table.name}: {column}",
        decimal,
        numeric=table.numeric_of(column),
    )
    if signed.any() or re.search(_SIGN, column) or (read > 1).any():
        return read / PERCENT
    return None if (read > 0).any() else read
