"""The look of everything the product draws: sizes of letters, distances, colours; read once from
`data/design_tokens.toml` by charts, documents, slides and the screen.
"""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Any, Literal

Theme = Literal["light", "dark"]


@dataclass(frozen=True)
class Palette:
    """Colours of one theme. Red is a loss and nothing else, amber an assumption and nothing else;
    signs or words repeat what a colour says.
    """

    paper: str
    raised: str
    line: str
    ink: str
    soft: str
    link: str
    accent: str
    on_accent: str
    total: str
    gain: str
    loss: str
    assumption: str
    assumed_ink: str
    middle: str


@dataclass(frozen=True)
class Sizes:
    """Sizes of letters in pixels, the only ones there are."""

    small: int
    body: int
    lead: int
    head: int
    title: int


@cache
def _tokens() -> dict[str, Any]:
    place = resources.files("funnel_sim").joinpath("data", "design_tokens.toml")
    return tomllib.loads(place.read_text("utf-8"))


SIZES = Sizes(**_tokens()["size"])
UNIT = int(_tokens()["space"]["unit"])
"""The grid of distances, in pixels."""
PALETTES: dict[Theme, Palette] = {
    "light": Palette(**_tokens()["light"]),
    "dark": Palette(**_tokens()["dark"]),
}


def _light(colour: tuple[float, ...]) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def rgb(code: str) -> tuple[float, ...]:
    """Return the parts of a colour, red, green and blue from 0 to 1.

    >>> rgb("#ff0000")
    (1.0, 0.0, 0.0)
    """
    return tuple(int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return how far two colours stand apart in light, 1 to 21 (WCAG 2).

    >>> contrast(rgb("#ffffff"), rgb("#000000"))
    21.0
    """
    low, high = sorted((_light(one), _light(other)))
    return (high + 0.05) / (low + 0.05)


def points(pixels: float) -> float:
    """Return a size of the screen on paper, in points.

    >>> points(20)
    14.0
    """
    return round(pixels * float(_tokens()["paper"]["points"]), 2)


def style_sheet(theme: Theme) -> str:
    """Return the tokens of a theme as properties of a style sheet.

    >>> "--fs-size-small: 12px;" in style_sheet("light")
    True
    """
    palette = PALETTES[theme]
    told = {one.name.replace("_", "-"): getattr(palette, one.name) for one in fields(Palette)}
    told |= {f"size-{one.name}": f"{getattr(SIZES, one.name)}px" for one in fields(Sizes)}
    told |= {"unit": f"{UNIT}px"}
    return " ".join(f"--fs-{name}: {value};" for name, value in told.items())
