"""What the reading of cash takes for granted: data/cash.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache

from funnel_sim.stored import read_data


@cache
def _data() -> Mapping[str, Mapping[str, float]]:
    return tomllib.loads(read_data("cash.toml"))


def cash_settings(subject: str) -> Mapping[str, float]:
    """Return what a part of the reading of cash ("ordering") takes for granted, by name.

    >>> cash_settings("ordering")["forecast_days"]
    28
    """
    return _data()[subject]
