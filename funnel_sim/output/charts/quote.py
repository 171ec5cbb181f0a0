"""Charts of quotes: what each option leaves, and what each side would choose."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from funnel_sim.decisions.quote.incentives import SideChoice
from funnel_sim.output.charts.style import (
    DATA,
    ROW,
    extent_of,
    finish,
    kind_colours,
    line_colours,
    line_dashes,
    line_names,
    named_rows,
    names_above,
    scaled,
    tags,
)
from funnel_sim.output.design import PALETTES, SIZES, Theme
from funnel_sim.output.words.formats import Axis
from funnel_sim.words import Lang, say


@cache
def spec_gains(lang: Lang, theme: Theme, axis: Axis) -> dict[str, Any]:
    """Return the range of the net gain of each option, its name above it, with the middle as a tick
    and zero as a line; one that goes far beyond the others is cut, with a mark where it goes on.
    """
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    y = named_rows()
    x = alt.X(
        "drawn_low",
        type="quantitative",
        title=None,
        axis=alt.Axis(labelExpr=axis.label, tickCount=5, grid=True, labelOverlap=True),
        scale=alt.Scale(zero=True),
    )
    tips = [
        alt.Tooltip("name", type="nominal", title=say(lang, "quote.option")),
        alt.Tooltip("text", type="nominal", title=say(lang, "quote.gain")),
        alt.Tooltip("odds", type="nominal", title=say(lang, "quote.better")),
        alt.Tooltip("verdict", type="nominal", title=say(lang, "quote.verdict")),
    ]
    colour = kind_colours(palette, "good", "middle", "bad")
    zero = data.mark_rule(strokeWidth=1, opacity=0.7).encode(x=alt.X(datum=0, type="quantitative"))
    bars = data.mark_bar(size=12, cornerRadius=3).encode(
        x=x, x2=alt.X2("drawn_high"), y=y, color=colour, tooltip=tips
    )
    ticks = (
        data.transform_filter("datum.middle == datum.drawn_middle")
        .mark_tick(thickness=3, size=22, color=palette.ink)
        .encode(x=alt.X("drawn_middle", type="quantitative"), y=y, tooltip=tips)
    )
    breaks = [
        data.transform_filter(f"datum.{end} {beyond} datum.{drawn}")
        .mark_text(text=sign, fontSize=SIZES.head, fontWeight="bold", dx=dx, color=palette.ink)
        .encode(x=alt.X(drawn, type="quantitative"), y=y, tooltip=tips)
        for end, beyond, drawn, sign, dx in (
            ("low", "<", "drawn_low", "«", -7),
            ("high", ">", "drawn_high", "»", 7),
        )
    ]
    layers = (zero, bars, ticks, *breaks, *names_above(data, y))
    return finish(alt.layer(*layers).properties(height=ROW), theme)


def data_gains(
    rows: Sequence[tuple[str, tuple[float, float, float], str, str, str, str]],
    factor: float = 1.0,
) -> pd.DataFrame:
    """Return one row a bar from (name, (P10, P50, P90), gain as text, odds as text, verdict in
    words, kind); `factor` turns an amount into what the axis shows.

    The columns "drawn_…" are what is drawn of it, cut where it goes further than a few times what
    the middle one of all does; a stub remains of one that lies beyond as a whole.

    >>> rows = [("a", (-2.0, -1.0, 1.0), "", "", "", "bad"), ("b", (-1.0, 0.0, 2.0), *4 * ("",))]
    >>> drawn = ["drawn_low", "drawn_middle", "drawn_high"]
    >>> for ends in ((-90.0, -50.0, -3.0), (-90.0, -50.0, -30.0)):
    ...     data_gains([*rows, ("c", ends, *4 * ("",))])[drawn].to_numpy().round(9).tolist()[2]
    [-6.0, -6.0, -3.0]
    [-6.0, -6.0, -5.4]
    """
    reach = sorted(max(abs(low), abs(high)) for _, (low, _, high), *_ in rows)
    most = _FURTHEST * reach[(len(reach) - 1) // 2] if reach and len(reach) > _FEW_BARS else 0.0
    limit = most if most else float("inf")

    def drawn(value: float, stub: float = 1.0) -> float:
        return min(max(value, -limit * stub), limit * stub)

    table = pd.DataFrame(
        [
            {
                "row": i,
                "name": name,
                "label": f"{text} · {verdict}",
                "low": low,
                "middle": middle,
                "high": high,
                "drawn_low": drawn(low, _STUB if low > limit else 1.0),
                "drawn_middle": drawn(middle),
                "drawn_high": drawn(high, _STUB if high < -limit else 1.0),
                "text": text,
                "odds": odds,
                "verdict": verdict,
                "kind": kind,
            }
            for i, (name, (low, middle, high), text, odds, verdict, kind) in enumerate(rows)
        ]
    )
    ends = ("low", "middle", "high")
    return scaled(table, factor, *ends, *(f"drawn_{end}" for end in ends))


_HEIGHT = 300
_FURTHEST, _FEW_BARS, _STUB = 3.0, 2, 0.9
"""How many times the reach of the middle bar is drawn, where there are more bars than so many, and
where the stub of a bar beyond that begins."""


@cache
def spec_choice(lang: Lang, theme: Theme, axes: tuple[Axis, Axis], title: str) -> dict[str, Any]:
    """Return what each side gets along a lever, with what each would choose; `axes`: of the lever
    and of the money.
    """
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    tips = [
        alt.Tooltip("at", type="quantitative", title=title, format=".2~f"),
        alt.Tooltip("name", type="nominal", title=say(lang, "customers.figure")),
        alt.Tooltip("text", type="nominal", title=say(lang, "customers.amount")),
    ]
    colour = line_colours(palette.total, palette.gain)
    x = alt.X(
        "at",
        type="quantitative",
        title=title,
        axis=alt.Axis(labelExpr=axes[0].label, tickCount=5, grid=False, labelOverlap=True),
    )
    y = alt.Y(
        "value",
        type="quantitative",
        title=None,
        axis=alt.Axis(labelExpr=axes[1].label, tickCount=5),
    )
    lines = (
        data.transform_filter("isValid(datum.value)")
        .mark_line(strokeWidth=2.3)
        .encode(
            x=x,
            y=y,
            color=colour,
            tooltip=tips,
            strokeDash=line_dashes((1, 0), (6, 3)),
        )
    )
    best = (
        data.transform_filter("datum.best")
        .mark_point(size=120, filled=True, opacity=1)
        .encode(x=x, y=y, color=colour, tooltip=tips)
    )
    zero = data.mark_rule(strokeWidth=1, opacity=0.6).encode(y=alt.Y(datum=0, type="quantitative"))
    names = line_names(data, theme, "at", colour)
    return finish(alt.layer(zero, lines, best, *names).properties(height=_HEIGHT), theme)


def data_choice(
    found: SideChoice, show: Callable[[float], str], lang: Lang, factor: float = 1.0
) -> pd.DataFrame:
    """Return both sides along a lever; `best` marks what each would choose, `factor` turns an
    amount into what the axis shows.
    """
    rows: list[dict[str, Any]] = []
    for key, values, chosen in (
        ("client_line", found.client, found.clients),
        ("agency_line", found.agency, found.agencys),
    ):
        rows += [
            {
                "at": level,
                "value": float(value),
                "name": say(lang, f"quote.{key}"),
                "text": show(float(value)),
                "best": level == chosen,
            }
            for level, value in zip(found.levels, values, strict=True)
        ]
    names = [say(lang, f"quote.{key}") for key in ("client_line", "agency_line")]
    lines = [found.client.tolist(), found.agency.tolist()]
    extent = extent_of(*lines, zero=True)
    rows += tags(names, lines, float(found.levels[-1]), extent, _HEIGHT, "at")
    return scaled(pd.DataFrame(rows), factor, "value")
