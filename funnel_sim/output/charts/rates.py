"""The chart of two conversion rates."""

from collections.abc import Callable
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from funnel_sim.decisions.conversion_test.compare import RateComparison
from funnel_sim.decisions.conversion_test.posterior import density, seen_between
from funnel_sim.output.charts.style import DATA, finish, line_colours, line_dashes, line_names
from funnel_sim.output.design import PALETTES, Theme
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
    colour = line_colours(palette.total, palette.gain)
    x = alt.X(
        "rate",
        type="quantitative",
        title=say(lang, "rates.density_rate"),
        axis=alt.Axis(format="~p", tickCount=5, grid=False, labelOverlap=True),
        scale=alt.Scale(zero=False, nice=False),
    )
    y = alt.Y(
        "height",
        type="quantitative",
        title=say(lang, "rates.density"),
        axis=alt.Axis(labels=False, ticks=False, grid=False),
        stack=None,
    )
    drawn = data.transform_filter("isValid(datum.height)")
    areas = drawn.mark_area(opacity=0.22).encode(x=x, y=y, color=colour, tooltip=tips)
    lines = drawn.mark_line(strokeWidth=2.3).encode(
        x=x,
        y=y,
        color=colour,
        tooltip=tips,
        strokeDash=line_dashes((5, 3), (1, 0)),
    )
    names = line_names(data, theme, "rate", colour, align="center")
    return finish(alt.layer(areas, lines, *names).properties(height=264), theme)


_APART, _LINE = 0.3, 0.12  # hills nearer than this part of the axis: one name below the other
_HILL, _LEFT_OUT = 160, 2e-3  # points of a curve; what lies outside the picture


def data_rates(found: RateComparison, lang: Lang, show: Callable[[float], str]) -> pd.DataFrame:
    """Return the two posteriors at the same rates; a density without limit is cut at the highest
    one drawn.
    """
    ends = [seen_between(shape, _LEFT_OUT) for shape in found.shapes]
    rates = np.unique(np.concatenate([np.linspace(low, high, _HILL) for low, high in ends]))
    rows: list[dict[str, Any]] = []
    peaks: list[tuple[str, float, float]] = []
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
        top = int(np.argmax(heights))
        peaks.append((name, float(rates[top]), float(heights[top])))
    highest = max(height for *_, height in peaks)
    span = float(rates[-1] - rates[0])
    near = abs(peaks[0][1] - peaks[1][1]) < _APART * span
    for place, (name, rate, height) in enumerate(peaks):
        told = say(lang, f"rates.version_{name}")
        at = max(height - _LINE * highest * place, 0.0) if near else height
        rows.append({"rate": rate, "tag": told, "name": told, "tag_at": at})
    return pd.DataFrame(rows)
