"""From profit to cash: what explains their difference on any day."""

from collections.abc import Mapping
from dataclasses import dataclass

from funnel_sim.model.arrays import Array

ROWS: tuple[str, ...] = (
    "opening",
    "profit",
    "receivable",
    "reserve",
    "stock",
    "on_the_way",
    "suppliers",
    "fulfilment_owed",
    "ads_open",
    "operator_owed",
    "fixed_owed",
    "tax",
    "price_currency",
    "extra",
    "draw",
    "interest",
    "hedging",
)
"""Rows of the bridge, in this order; they add up to the balance. Profit is a sum since the first
day; the others are what it is in cash more (above zero) or less (below zero)."""


@dataclass(frozen=True)
class Bridge:
    """The rows of the bridge by name (`ROWS`) for every day, shape (days, paths); money in the
    currency in which the balance is kept.
    """

    rows: Mapping[str, Array]
