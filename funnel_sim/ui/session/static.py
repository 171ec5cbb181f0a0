"""Scripts and style sheets of the screen: files in ui/static, read once a process."""

from functools import cache
from importlib import resources


@cache
def static(name: str) -> str:
    """Return the text of a file in `funnel_sim/ui/static`.

    >>> static("strip.css").startswith(".strip")
    True
    """
    place = resources.files("funnel_sim").joinpath("ui", "static", name)
    return place.read_text("utf-8")


def static_path(name: str) -> str:
    """Return where a file of `funnel_sim/ui/static` lies."""
    return str(resources.files("funnel_sim").joinpath("ui", "static", name))
