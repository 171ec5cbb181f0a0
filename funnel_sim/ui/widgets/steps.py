"""A path in steps on one page: which there are, which are done, and the head of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from funnel_sim.ui.session.static import static
from funnel_sim.words import Lang, say


@dataclass(frozen=True)
class Step:
    """One step: its title, and whether everything that it asks for is there."""

    title: str
    done: bool


def stepper(steps: Sequence[Step], lang: Lang) -> None:
    """Draw the steps in a row; the first that is not done is the present one.

    Args:
        steps: in their order.
    """
    now = next((place for place, one in enumerate(steps) if not one.done), len(steps) - 1)
    items = "".join(_item(place, one, place == now, lang) for place, one in enumerate(steps))
    label = escape(say(lang, "steps.label"))
    st.html(
        f"<style>{static('steps.css')}</style>"
        f'<ol class="fs-steps" role="list" aria-label="{label}">{items}</ol>'
    )


def _item(place: int, one: Step, now: bool, lang: Lang) -> str:
    state = "done" if one.done else "open"
    current = ' aria-current="step"' if now else ""
    told = say(lang, f"steps.{state}")
    mark = "✓" if one.done else str(place + 1)
    return (
        f'<li class="{state}"{current}><span class="mark" aria-hidden="true">{mark}</span>'
        f'<span>{escape(one.title)}<span class="said"> ({escape(told)})</span></span></li>'
    )


def head(number: int, title: str) -> None:
    """Draw the head of one step.

    Args:
        number: from 1.
        title: in the reader's language.
    """
    st.markdown(f"##### :gray-badge[{number}] {title}")
