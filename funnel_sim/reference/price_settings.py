"""What the answers on the price take for granted (data/price_response.toml), and the prior of how
orders answer to it.
"""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from funnel_sim.reference.studies import Prior, prior
from funnel_sim.stored import read_data

_PRIOR = ("price_response", "elasticity_of_sales_to_own_price", "consumer goods")


@dataclass(frozen=True)
class PriceSettings:
    """`trusted` multiples of the reference price between which an elasticity is believed;
    `searched` multiples of today's price between which the best one is looked for; `changes` of the
    price in tables [fraction]; `curve` multiples of today's price that are drawn at least.
    """

    trusted: tuple[float, float]
    searched: tuple[float, float]
    changes: tuple[float, ...]
    curve: tuple[float, float]


@cache
def price_settings() -> PriceSettings:
    """Return what the answers on the price take for granted.

    >>> price_settings().trusted
    (0.7, 1.4)
    """
    data: Mapping[str, Mapping[str, Any]] = tomllib.loads(read_data("price_response.toml"))
    trusted, searched, shown = data["trusted"], data["searched"], data["shown"]
    return PriceSettings(
        (float(trusted["least"]), float(trusted["most"])),
        (float(searched["least"]), float(searched["most"])),
        tuple(float(one) for one in shown["changes"]),
        (float(shown["curve_least"]), float(shown["curve_most"])),
    )


def elasticity_prior(on: dt.date) -> Prior:
    """Return the prior of how much of the orders a price higher by 1 % loses, as it was known on a
    day.

    Args:
        on: the day for which it is asked.

    Examples:
        >>> one = elasticity_prior(dt.date(2026, 11, 27))
        >>> (one.low, one.typical, one.high, one.provenance.weak)
        (1.0, 2.6, 4.0, True)
    """
    topic, quantity, scope = _PRIOR
    return prior(topic, quantity, scope, on)
