"""The look of every chart: colours of both themes, letters, and what each specification is finished
with.

A `spec_*` function of this room returns a Vega-Lite specification whose data is named, built with
Altair once per theme and language; a `data_*` function returns the small table that goes with it,
anew with each redraw. Nothing here knows Streamlit.
"""

from dataclasses import dataclass
from typing import Any, Literal

import altair as alt

Theme = Literal["light", "dark"]

DATA = alt.NamedData(name="figures")

FONT = "'Source Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"


@dataclass(frozen=True)
class Palette:
    """Colours of one theme; gain and loss differ in lightness too, and signs repeat them."""

    ink: str
    faint: str
    total: str
    gain: str
    loss: str
    middle: str
    paper: str


PALETTES: dict[Theme, Palette] = {
    "light": Palette(
        ink="#1c2b33",
        faint="#d7dee2",
        total="#33566b",
        gain="#1a8a72",
        loss="#d9772b",
        middle="#f7f3ea",
        paper="#ffffff",
    ),
    "dark": Palette(
        ink="#e4ecef",
        faint="#3a4650",
        total="#8fb6cc",
        gain="#3fc1a3",
        loss="#f0954a",
        middle="#2a2f33",
        paper="#12181c",
    ),
}

_GROWING = frozenset(
    {
        "fontSize",
        "labelFontSize",
        "titleFontSize",
        "labelLimit",
        "labelPadding",
        "dx",
        "dy",
        "offset",
        "step",
        "strokeWidth",
        "thickness",
        "size",
    }
)


def enlarged(spec: Any, by: float) -> Any:
    """Return a chart's specification with letters, limits and marks `by` times as large, to be read
    from the back of a room.

    >>> enlarged(
    ...     {
    ...         "mark": {"fontSize": 10, "color": "red"},
    ...         "height": {"step": 20},
    ...         "size": {"condition": 1},
    ...     },
    ...     1.5,
    ... )
    {'mark': {'fontSize': 15.0, 'color': 'red'}, 'height': {'step': 30.0}, 'size': {'condition': 1}}
    """
    if isinstance(spec, list):
        return [enlarged(one, by) for one in spec]
    if not isinstance(spec, dict):
        return spec
    return {
        key: by * one if key in _GROWING and isinstance(one, int | float) else enlarged(one, by)
        for key, one in spec.items()
    }


def finish(chart: alt.LayerChart | alt.FacetChart, theme: Theme) -> dict[str, Any]:
    """Return the specification of a chart in a theme, without data: letters, axes and legends alike
    everywhere.
    """
    palette = PALETTES[theme]
    spec = (
        chart.configure(font=FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=palette.ink,
            titleColor=palette.ink,
            gridColor=palette.faint,
            domainColor=palette.faint,
            tickColor=palette.faint,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
        )
        .configure_text(color=palette.ink)
        .configure_rule(color=palette.ink)
        .configure_legend(
            labelColor=palette.ink, titleColor=palette.ink, labelFontSize=12, titleFontSize=12
        )
        .to_dict()
    )
    for part in (spec, *spec["layer"]):
        part.pop("data", None)  # the data comes with each redraw
        mark = part.get("mark")
        if isinstance(mark, dict) and mark.get("type") == "rule":
            mark["aria"] = False  # a line says nothing to a screen reader that the text does not
    spec.pop("datasets", None)
    spec.pop("$schema", None)
    return dict(spec)


def two_sides(palette: Palette) -> alt.Color:
    """Return the colour of two named sides, with its legend above."""
    return alt.Color(
        "name",
        type="nominal",
        title=None,
        sort=None,
        scale=alt.Scale(range=[palette.total, palette.loss]),
        legend=alt.Legend(orient="top", labelLimit=240),
    )
