"""The package's own data, read where it is needed: one way to find a file of data/."""

from importlib import resources


def read_data(name: str) -> str:
    """Return the text of a file of data/, by its path below that folder ("parameters/fx.csv")."""
    return resources.files("funnel_sim").joinpath("data", *name.split("/")).read_text("utf-8")
