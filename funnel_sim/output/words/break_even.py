"""Where an offer stands on one line: nothing gained, what studies support, what it takes to break
even, what is claimed.
"""

from dataclasses import dataclass
from typing import Literal

from funnel_sim.decisions.quote.answer import OptionAnswer
from funnel_sim.output.words import formats
from funnel_sim.words import Lang, say

Mark = Literal["believed", "even", "claimed"]


@dataclass(frozen=True)
class Point:
    """One mark: which, the effect (a relative change of sales), its label."""

    mark: Mark
    effect: float
    label: str


def points(answer: OptionAnswer, lang: Lang) -> list[Point]:
    """Return the marks of one quote, from left to right; without a break-even where no effect that
    was tried breaks even, or every one does.

    Args:
        answer: the quote's answer.
        lang: language of the labels.
    """
    even = answer.turning.break_even
    found: list[tuple[Mark, float | None]] = [
        ("believed", answer.miss.believed),
        ("even", even if answer.turning.course == "crosses" else None),
        ("claimed", answer.option.claimed),
    ]
    every = [
        Point(
            mark,
            effect,
            say(
                lang,
                f"line.{_word(mark, answer)}",
                effect=(formats.promised if mark == "claimed" else formats.signed_percent)(effect),
            ),
        )
        for mark, effect in found
        if effect is not None
    ]
    return sorted(every, key=lambda one: one.effect)


def _word(mark: Mark, answer: OptionAnswer) -> str:
    """Return whose effect is believed: the reader's own where one was typed, else what studies
    support.
    """
    return "own" if mark == "believed" and answer.option.effect is not None else mark


def line_sentence(answer: OptionAnswer, lang: Lang) -> str:
    """Return the line in words: for those who are read to, and where no effect breaks even."""
    told = say(lang, "line.list").join(point.label for point in points(answer, lang))
    turning = answer.turning
    if turning.break_even is not None and turning.course == "crosses":
        return say(lang, "line.told", told=told)
    course = turning.course if turning.course != "crosses" else "never"
    return say(lang, f"line.course_{course}", told=told)
