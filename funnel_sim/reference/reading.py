"""From which figure on a file is taken to mean what it does not say (data/reading.toml)."""

import tomllib
from functools import cache
from typing import Any

from funnel_sim.stored import read_data


@cache
def judged(name: str) -> float:
    """Return one of the figures by which a file is judged.

    Args:
        name: its table in data/reading.toml, which says its unit and its reason.

    Raises:
        KeyError: for a name that is none of them.

    >>> judged("outlier_least_spread"), judged("slip_days")
    (0.05, 366.0)
    """
    data: dict[str, Any] = tomllib.loads(read_data("reading.toml"))
    return float(data[name]["value"])


def share(name: str) -> float:
    """Return one of the figures that are shares, a number from 0 to 1.

    Args:
        name: its table in data/reading.toml.

    >>> share("column_holds"), share("empty_by_chance")
    (0.8, 0.05)
    """
    return judged(name)
