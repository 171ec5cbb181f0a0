"""What a review takes for granted: data/review.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def _data() -> Mapping[str, Mapping[str, float]]:
    text = resources.files("funnel_sim").joinpath("data", "review.toml").read_text("utf-8")
    return tomllib.loads(text)


def settings(answer: str) -> Mapping[str, float]:
    """Return what an answer ("effect", "drop", "leak") takes for granted, by name.

    >>> settings("effect")["told"]
    0.95
    """
    return _data()[answer]
