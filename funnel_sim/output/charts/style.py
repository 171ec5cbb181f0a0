"""The look of every chart: colours of both themes, letters, and what each specification is finished
with.

A `spec_*` function of this room returns a Vega-Lite specification whose data is named, built with
Altair once per theme and language; a `data_*` function returns the small table that goes with it,
anew with each redraw. Nothing here knows Streamlit.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import altair as alt
import pandas as pd

from funnel_sim.output.design import PALETTES, SIZES, UNIT, Palette, Theme
from funnel_sim.output.words.formats import Axis

DATA = alt.NamedData(name="figures")

FONT = "'Source Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"

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
            gridColor=palette.line,
            domainColor=palette.line,
            tickColor=palette.line,
            labelFontSize=SIZES.small,
            titleFontSize=SIZES.small,
            titleFontWeight="normal",
        )
        .configure_text(color=palette.ink, fontSize=SIZES.small)
        .configure_rule(color=palette.ink)
        .configure_legend(
            labelColor=palette.ink,
            titleColor=palette.ink,
            labelFontSize=SIZES.small,
            titleFontSize=SIZES.small,
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


ROW = alt.Step(56)
"""Height of a bar whose name stands above it (`names_above`)."""
Kind = Literal["good", "middle", "bad", "gain", "total", "loss"]


def named_rows() -> alt.Y:
    """Return the places of bars whose names stand above them, by their field `row`."""
    return alt.Y(
        "row",
        type="ordinal",
        title=None,
        axis=None,
        scale=alt.Scale(paddingInner=0.2, paddingOuter=0.3),
    )


def kind_colours(palette: Palette, *kinds: Kind) -> alt.Color:
    """Return the colours of bars by their field `kind`: a verdict, or which way a step goes.

    Args:
        palette: the colours of the theme.
        kinds: what the field can be, in the order of the scale.
    """
    of: dict[Kind, str] = {
        "good": palette.gain,
        "middle": palette.total,
        "bad": palette.loss,
        "gain": palette.gain,
        "total": palette.total,
        "loss": palette.loss,
    }
    return alt.Color(
        "kind",
        type="nominal",
        legend=None,
        scale=alt.Scale(domain=list(kinds), range=[of[one] for one in kinds]),
    )


def line_colours(*colours: str) -> alt.Color:
    """Return the colours of lines by their field `name`, in the order in which the data names them;
    the names stand at the lines (`line_names`), so there is no legend.
    """
    return alt.Color(
        "name",
        type="nominal",
        title=None,
        sort=None,
        scale=alt.Scale(range=list(colours)),
        legend=None,
    )


def line_dashes(*dashes: tuple[int, int]) -> alt.StrokeDash:
    """Return how lines are dashed by their field `name`, in the same order, so that nobody needs
    their colours; (1, 0) is a whole line.
    """
    return alt.StrokeDash(
        "name",
        type="nominal",
        sort=None,
        legend=None,
        scale=alt.Scale(range=[list(one) for one in dashes]),
    )


_LETTER, _EASTERN = 0.58, 0x2E80
"""How wide a Latin letter or digit is, in its size; a Chinese one is as wide as it is high."""


def width_of(text: str, size: float = SIZES.small) -> float:
    """Return about how wide a text is drawn, in pixels.

    >>> width_of("abcde") < width_of("五个汉字呀")
    True
    """
    return size * sum(1.0 if ord(one) >= _EASTERN else _LETTER for one in text)


def room_for(texts: Iterable[str]) -> int:
    """Return how many pixels beside a bar the longest of some texts needs, on the grid."""
    longest = max((width_of(one) for one in texts), default=0.0)
    return UNIT * math.ceil((longest + UNIT) / UNIT)


def dodged(ends: Sequence[float], low: float, high: float, height: float) -> list[float]:
    """Return where labels of lines stand, in the axis' own units: at the lines' ends, moved apart
    until each has a line of letters to itself, none below the plot.

    Args:
        ends: where each line ends.
        low: the lower end of the axis.
        high: its upper end.
        height: of the plot, in pixels.

    >>> dodged([5.0, 5.0], 0.0, 10.0, 160.0), dodged([0.0, 9.0], 0.0, 10.0, 160.0)
    ([4.5, 5.5], [0.5, 9.0])
    """
    if not high > low or not ends:
        return list(ends)
    step = (high - low) * (SIZES.small + UNIT / 2) / height
    order = sorted(range(len(ends)), key=lambda i: ends[i])
    at = [ends[i] for i in order]
    for _ in range(len(at) * len(at)):  # each pass moves a pair that is too close by half of it
        for i in range(len(at) - 1):
            short = step - (at[i + 1] - at[i])
            if short > 1e-12 * step:
                at[i], at[i + 1] = at[i] - short / 2, at[i + 1] + short / 2
    least = low + step / 2
    for i, one in enumerate(at):
        at[i] = max(one, least)
        least = at[i] + step * (1 - 1e-12)
    out = [0.0] * len(at)
    for place, i in enumerate(order):
        out[i] = at[place]
    return out


def names_above(data: alt.Chart, y: alt.Y) -> list[alt.Chart]:
    """Return the layers that write a bar's name above it on the left and what it shows on the
    right; a long name is cut before it meets the other.
    """
    look: dict[str, Any] = {"baseline": "bottom", "dy": -10, "fontSize": SIZES.small}
    name = data.mark_text(align="left", dx=1, limit=alt.expr("0.58 * width"), **look).encode(
        x=alt.value(0), y=y, text=alt.Text("name", type="nominal")
    )
    shown = data.mark_text(
        align="right", dx=-1, limit=alt.expr("0.4 * width"), fontWeight=600, **look
    ).encode(x=alt.value("width"), y=y, text=alt.Text("label", type="nominal"))
    return [name, shown]


def signed_bars(theme: Theme, axis: Axis, name: str, value: str) -> dict[str, Any]:
    """Return a bar a row from zero, coloured by its sign, its name and amount written above it: the
    columns `name`, `value`, `kind` ("gain" or "loss") and `label`.

    Args:
        theme: of the page.
        axis: how amounts are written along it.
        name: what a row is, for the hint.
        value: what its amount is, for the hint.
    """
    data = alt.Chart(DATA)
    row = named_rows()
    bars = data.mark_bar(size=14, cornerRadius=3).encode(
        y=row,
        x=alt.X(
            "value",
            type="quantitative",
            title=None,
            axis=alt.Axis(labelExpr=axis.label, tickCount=4),
            scale=alt.Scale(zero=True),
        ),
        color=kind_colours(PALETTES[theme], "gain", "loss"),
        tooltip=[
            alt.Tooltip("name", type="nominal", title=name),
            alt.Tooltip("label", type="nominal", title=value),
        ],
    )
    zero = data.mark_rule(strokeWidth=1, opacity=0.6).encode(x=alt.X(datum=0, type="quantitative"))
    return finish(alt.layer(bars, zero, *names_above(data, row)).properties(height=ROW), theme)


def line_names(
    data: alt.Chart,
    theme: Theme,
    x: str | alt.X,
    colour: alt.Color | None = None,
    align: Literal["right", "center"] = "right",
) -> list[alt.Chart]:
    """Return the layers that write each line's name at its end, over a rim of the paper's colour:
    the rows that hold `tag`, their height `tag_at`.
    """
    palette = PALETTES[theme]
    rows = data.transform_filter("isValid(datum.tag)")
    places = {
        "x": alt.X(x, type="quantitative") if isinstance(x, str) else x,
        "y": alt.Y("tag_at", type="quantitative"),
        "text": alt.Text("tag", type="nominal"),
    }
    look: dict[str, Any] = {
        "align": align,
        "baseline": "middle",
        "fontWeight": 600,
        "fontSize": SIZES.small,
    }
    rim = rows.mark_text(**look, stroke=palette.paper, strokeWidth=4).encode(**places)
    named = rows.mark_text(**look).encode(**places, **({"color": colour} if colour else {}))
    return [rim, named]


def tags(
    names: Sequence[str],
    lines: Sequence[Sequence[float]],
    at: float,
    extent: tuple[float, float],
    height: float,
    key: str,
) -> list[dict[str, Any]]:
    """Return the rows of `line_names`: a name for each line, at the last place where the line is,
    moved apart.
    """
    known = [
        (name, [v for v in line if math.isfinite(v)])
        for name, line in zip(names, lines, strict=True)
    ]
    known = [(name, line) for name, line in known if line]
    above = (extent[1] - extent[0]) * UNIT / height  # the name stands on its line, not across it
    places = dodged([line[-1] + above for _, line in known], *extent, height)
    return [
        {key: at, "tag": name, "name": name, "tag_at": place}
        for (name, _), place in zip(known, places, strict=True)
    ]


def extent_of(*lines: Sequence[float], zero: bool = False) -> tuple[float, float]:
    """Return the least and the greatest of the numbers that lines are drawn from."""
    every = [v for line in lines for v in line if math.isfinite(v)] + ([0.0] if zero else [])
    return (min(every), max(every)) if every else (0.0, 0.0)


def scaled(rows: pd.DataFrame, factor: float, *columns: str) -> pd.DataFrame:
    """Return a chart's table with its amounts multiplied: as they are in the currency in which
    results are shown.

    Args:
        rows: the table.
        factor: by what amounts are multiplied.
        columns: those that hold amounts; the places of names beside lines go with them.
    """
    if factor == 1.0 or rows.empty:
        return rows
    among = [name for name in (*columns, "tag_at") if name in rows]
    return rows.assign(**{name: rows[name] * factor for name in among})
