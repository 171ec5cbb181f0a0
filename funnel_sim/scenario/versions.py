"""Which figures changed with each version of the model, so that an older file or link can say why
its figures differ (data/model_versions.toml).
"""

import tomllib
from functools import cache

from funnel_sim.stored import read_data
from funnel_sim.words import Words


@cache
def changes() -> dict[str, Words]:
    """Return by version of the model, oldest first, what changed in the figures with it.

    >>> list(changes())[0]
    '2'
    """
    text = read_data("model_versions.toml")
    return {row["id"]: Words(row["zh"], row["en"]) for row in tomllib.loads(text)["version"]}


def changes_since(made: str) -> list[Words]:
    """Return what changed after a version, oldest first; everything where it is not told, nothing
    where it is not an earlier one.

    >>> len(changes_since("")) == len(changes_since("1")), changes_since("999")
    (True, [])
    """
    versions = ["", "1", *changes()]
    return (
        []
        if made not in versions
        else [changes()[version] for version in versions[max(2, versions.index(made) + 1) :]]
    )
