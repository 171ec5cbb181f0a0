"""The days of a contract: in sentences, and as a calendar file."""

import datetime as dt
from collections.abc import Sequence

from funnel_sim.decisions.review.standing import Date, Standing
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say


def date_sentence(one: Date, lang: Lang) -> str:
    """Return a day of the contract, and what ends or falls due on it."""
    return say(lang, f"review.date_{one.kind}", day=one.day.isoformat())


def calendar_file(found: Standing, scenario: Scenario, lang: Lang) -> str:
    """Return the days of a standing as a calendar file."""
    return calendar_of(found.dates, scenario, lang)


def calendar_of(dates: Sequence[Date], scenario: Scenario, lang: Lang) -> str:
    """Return the days of a contract as a calendar file (.ics, RFC 5545), each an all-day event with
    a reminder a week before; the same days give the same file.

    Args:
        dates: the contract's days.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Funnel Sim//Review//EN"]
    for one in dates:
        day = one.day
        title = date_sentence(one, lang)
        name = scenario.name or scenario.preset or "store"
        text = f"{name}: {title}".replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        lines += [
            "BEGIN:VEVENT",
            f"UID:{one.kind}-{day:%Y%m%d}@funnel-sim",
            f"DTSTAMP:{scenario.as_of:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + dt.timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{' '.join(text.split())}",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{' '.join(text.split())}",
            "TRIGGER:-P7D",
            "END:VALARM",
            "END:VEVENT",
        ]
    return "".join(
        f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _folded(line)
    )


def _folded(line: str) -> list[str]:
    """Return a line of a calendar in pieces of at most 75 bytes, later ones after a space."""
    out, piece = [], ""
    for letter in line:
        if len((piece + letter).encode()) > 75:
            out.append(piece)
            piece = " "
        piece += letter
    return [*out, piece]


def date_lines(found: Standing, lang: Lang) -> list[str]:
    """Return the days of the contract."""
    if found.ended is not None:
        return [say(lang, "review.dates_ended", month=found.ended.month)]
    if not found.dates:
        return [say(lang, "review.dates_none")]
    return [date_sentence(one, lang) for one in found.dates]
