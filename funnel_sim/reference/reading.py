"""From which share on a file is taken to mean what it does not say (data/reading.toml)."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def share(name: str) -> float:
    """Return one of the shares, a number from 0 to 1.

    >>> share("column_holds"), share("empty_by_chance")
    (0.8, 0.05)
    """
    data: dict[str, Any] = tomllib.loads(
        resources.files("funnel_sim").joinpath("data", "reading.toml").read_text("utf-8")
    )
    return float(data[name]["value"])
