"""What a portfolio takes for granted: data/portfolio.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Literal, cast

from funnel_sim.stored import read_data

Together = Literal["platform", "market", "category", "currencies", "row"]


@cache
def _data() -> Mapping[str, Mapping[str, object]]:
    return tomllib.loads(read_data("portfolio.toml"))


def shared_demand() -> float:
    """Return the share of the variance of a month's demand that rows of one category and market
    have in common.

    >>> shared_demand()
    0.3
    """
    return float(cast("float", _data()["chance"]["shared_demand"]))


def hit_together(effect: str) -> Together:
    """Return which rows an event of some effect hits together.

    >>> hit_together("tariff"), hit_together("stockout")
    ('market', 'row')
    """
    return cast("Together", _data()["events"][effect])


def most_markets() -> int:
    """Return to how many places a product can be carried in one comparison.

    >>> most_markets()
    60
    """
    return int(cast("int", _data()["markets"]["most"]))


def most_cash_rows() -> int:
    """Return of how many rows balances are added up day by day.

    >>> most_cash_rows()
    200
    """
    return int(cast("int", _data()["cash"]["most_rows"]))


def most_lost_rows() -> int:
    """Return of how many rows the futures are drawn again without each channel.

    >>> most_lost_rows()
    50
    """
    return int(cast("int", _data()["dependence"]["most_rows"]))


def most_split_rows() -> int:
    """Return over how many rows page and report split the ad budget unasked.

    >>> most_split_rows()
    20
    """
    return int(cast("int", _data()["budget"]["most_rows"]))
