"""The chart of two conversion rates."""

from collections.abc import Callable
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from funnel_sim.decisions.conversion_test import Comparison, density, seen_between
from funnel_sim.output.charts.style import DATA, PALETTES, Theme, finish, two_sides
from funnel_sim.words import Lang, say


@cache
def spec_rates(lang: Lang, theme: Theme) -> dict[str, Any]:
    """Return what is known about two conversion rates: one hill each, A's line dashed so that
    colour is not needed.
    """
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    tips = [
        alt.Tooltip("name", type="nominal", title=say(lang, "customers.figure")),
        alt.Tooltip("text", type="nominal", title=say(lang, "rates.density_rate")),
    ]
    colour = two_sides(palette)
    x = alt.X(
        "rate",
        type="quantitative",
        title=say(lang, "rates.density_rate"),
        axis=alt.Axis(format="~p", tickCount=6, grid=False),
        scale=alt.Scale(zero=False, nice=False),
    )
    y = alt.Y(
        "height",
        type="quantitative",
        title=say(lang, "rates.density"),
        axis=alt.Axis(labels=False, ticks=False, grid=False),
        stack=None,
    )
    areas = data.mark_area(opacity=0.22).encode(x=x, y=y, color=colour, tooltip=tips)
    lines = data.mark_line(strokeWidth=2.3).encode(
        x=x,
        y=y,
        color=colour,
        tooltip=tips,
        strokeDash=alt.StrokeDash(
            "name", type="nominal", sort=None, legend=None, scale=alt.Scale(range=[[5, 3], [1, 0]])
        ),
    )
    return finish(alt.layer(areas, lines).properties(height=260), theme)


_HILL, _LEFT_OUT = 160, 2e-3  # points of a curve; what lies outside the picture


def data_rates(found: Comparison, lang: Lang, show: Callable[[float], str]) -> pd.DataFrame:
    """Return the two posteriors at the same rates; a density without limit is cut at the highest
    one drawn.
    """
    ends = [seen_between(shape, _LEFT_OUT) for shape in found.shapes]
    rates = np.unique(np.concatenate([np.linspace(low, high, _HILL) for low, high in ends]))
    rows = []
    for name, shape in zip(("a", "b"), found.shapes, strict=True):
        heights = density(shape, rates)
        rows += [
            {
                "rate": float(rate),
                "height": float(height),
                "name": say(lang, f"rates.version_{name}"),
                "text": show(float(rate)),
            }
            for rate, height in zip(rates, heights, strict=True)
        ]
    return pd.DataFrame(rows)
