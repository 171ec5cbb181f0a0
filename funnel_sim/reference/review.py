"""What a review takes for granted: data/review.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache

from funnel_sim.stored import read_data


@cache
def _data() -> Mapping[str, Mapping[str, float]]:
    text = read_data("review.toml")
    return tomllib.loads(text)


def settings(answer: str) -> Mapping[str, float]:
    """Return what an answer ("effect", "drop", "leak", "renewal") takes for granted, by name.

    >>> settings("effect")["told"]
    0.95
    """
    return _data()[answer]
