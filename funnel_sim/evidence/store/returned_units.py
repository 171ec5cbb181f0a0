"""What went back, told in units and not in orders (Amazon's Business Report: "Units refunded")."""

import tomllib
from collections.abc import Mapping
from functools import cache

import numpy as np

from funnel_sim.evidence.tables.exports import Part
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.evidence.tables.headings import plain
from funnel_sim.model.arrays import Array
from funnel_sim.stored import read_data


@cache
def _names() -> frozenset[str]:
    return frozenset(tomllib.loads(read_data("history_columns.toml"))["returned_units"]["names"])


def orders_of_units(
    figures: dict[str, Array], parts: Mapping[str, tuple[Part, ...]]
) -> list[Finding]:
    """Turn units that went back into orders, by the month's units per order, where a file counts
    them in units; where its units or orders are not known a unit counts as an order.

    Args:
        figures: of the months by role, shape (months,); "returned_orders" is changed.
        parts: the columns that each figure is made of.

    Returns:
        That it was done, by which column.

    Examples:
        >>> figures = {"units": np.array([30.0, 0.0]), "orders": np.array([20.0, 0.0])}
        >>> figures["returned_orders"] = np.array([6.0, 2.0])
        >>> told = orders_of_units(figures, {"returned_orders": (Part("Units Refunded"),)})
        >>> figures["returned_orders"].tolist()  # 6 · 20 / 30; nothing was sold beside the other
        [4.0, 2.0]
        >>> [one.kind for one in told]
        ['returned_units']
    """
    made_of = parts.get("returned_orders", ())
    if "returned_orders" not in figures or not made_of or plain(made_of[0].column) not in _names():
        return []
    back = figures["returned_orders"]
    none = np.full(len(back), np.nan)
    units, orders = figures.get("units", none), figures.get("orders", none)
    known = (units > 0) & (orders > 0)
    each = np.divide(orders, units, out=np.ones(len(back)), where=known)
    figures["returned_orders"] = back * np.minimum(each, 1.0)
    return [Finding("returned_units", parts={"column": made_of[0].column})]
