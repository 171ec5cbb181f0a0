"""What is left behind: for whom, from whom, of which day, with which chapters, and whose words it
uses.

All of this belongs to the files that are made, and to no scenario.
"""

from dataclasses import dataclass

from funnel_sim.errors import refuse
from funnel_sim.words import Lang, say

CHAPTERS = (
    "verdict",
    "comparison",
    "economics",
    "odds",
    "cash",
    "budget",
    "customers",
    "kpis",
    "contracts",
    "clauses",
    "ledger",
)
"""The chapters of a report, in their order; "offer" stands before them where an agency speaks."""
JUDGING = frozenset({"verdict", "comparison", "kpis", "contracts"})
"""Chapters that judge an offer as an adviser of whoever gets it would."""
LONGEST = 60
"""Letters of a name."""


@dataclass(frozen=True)
class Letter:
    """For whom, from whom and of which day a file is (as typed, empty for none), whether it speaks
    as the agency that makes the offer (`ours`), and which chapters it has (None: all that this
    voice has by itself).
    """

    recipient: str = ""
    sender: str = ""
    day: str = ""
    ours: bool = False
    chosen: tuple[str, ...] | None = None

    @property
    def chapters(self) -> tuple[str, ...]:
        """The chapters, in their order.

        >>> Letter(ours=True).chapters[:3], Letter(chosen=("odds",)).chapters
        (('offer', 'economics', 'odds'), ('odds',))
        """
        every = choices(ours=self.ours)
        if self.chosen is not None:
            return tuple(one for one in every if one in self.chosen)
        return tuple(one for one in every if not (self.ours and one in JUDGING))

    @property
    def judges(self) -> bool:
        """Whether a verdict on the offer may stand in it."""
        return "verdict" in self.chapters

    def line(self, lang: Lang) -> str:
        """Return for whom, from whom and of which day, in a line; empty where nothing was typed.

        >>> Letter("A Ltd", "B Agency", "2026-11-27").line("en")
        'Prepared for A Ltd by B Agency, 2026-11-27'
        """
        if not (self.recipient or self.sender or self.day):
            return ""
        key = "line" if self.recipient and self.sender else "line_day"
        key = "line_for" if self.recipient and not self.sender else key
        key = "line_by" if self.sender and not self.recipient else key
        parts = {"recipient": self.recipient, "sender": self.sender, "day": self.day}
        return say(lang, f"cover.{key}", **parts).strip(" ,·")


PLAIN = Letter()
"""Nobody named, every chapter, in the words of an adviser."""


def choices(*, ours: bool) -> tuple[str, ...]:
    """Return every chapter that a voice can have, in their order."""
    return ("offer", *CHAPTERS) if ours else CHAPTERS


def letter(
    recipient: str = "",
    sender: str = "",
    day: str = "",
    *,
    ours: bool = False,
    chosen: tuple[str, ...] | None = None,
) -> Letter:
    """Return a letter from what was typed: names on one line, of bearable length.

    Raises InputError for a chapter that there is not.
    """
    for one in chosen or ():
        if one not in choices(ours=ours):
            raise refuse("chapter", one, "chapter", known=", ".join(choices(ours=ours)))
    to, by, on = (" ".join(text.split())[:LONGEST] for text in (recipient, sender, day))
    return Letter(to, by, on, ours, chosen)
