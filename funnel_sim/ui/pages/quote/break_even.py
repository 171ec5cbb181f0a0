"""The break-even strip of the verdict: one number line with what studies support, what it takes,
what is claimed.
"""

from html import escape

import streamlit as st

from funnel_sim.decisions.quote.answer import OptionAnswer
from funnel_sim.output.words.break_even import Point, line_sentence, points
from funnel_sim.ui.session.static import static
from funnel_sim.words import Lang, say

_ROOM = 1.12  # of the line beyond its last mark
_LEAST = 0.1  # a line shorter than 10 % would make nothing look like much
_EDGE = 0.22  # of the line: labels nearer to an end are set flush with their mark


def break_even_line(answer: OptionAnswer, lang: Lang) -> None:
    """Draw the line."""
    every = points(answer, lang)
    low = min(0.0, *(one.effect for one in every))
    high = max(_LEAST, *(one.effect for one in every)) * _ROOM
    place = {one.mark: (one.effect - low) / (high - low) for one in every}
    marks = "".join(_mark(one, place[one.mark], row) for row, one in enumerate(every))
    zero = -low / (high - low)
    told = line_sentence(answer, lang)
    has_even = any(one.mark == "even" for one in every)
    note = "" if has_even else f'<p class="note">{escape(told)}</p>'
    st.html(
        f"<style>{static('break_even.css')}</style>"
        f'<div class="fs-line" role="img" aria-label="{escape(told)}"'
        f' style="--rows: {len(every)}">'
        f'<div class="axis"></div>'
        f'<div class="zero" style="left: {zero:.2%}"></div>'
        f'<div class="origin" style="left: {zero:.2%}">{escape(say(lang, "line.zero"))}</div>'
        f"{marks}</div>{note}"
    )


def _mark(one: Point, share: float, row: int) -> str:
    side = "right" if share > 1 - _EDGE else "left" if share < _EDGE else "middle"
    return (
        f'<div class="at {one.mark} {side}" style="left: {share:.2%}; --row: {row}">'
        f'<span class="dot"></span><span class="stem"></span>'
        f'<span class="label">{escape(one.label)}</span></div>'
    )
