"""A provider's record as it was measured, in words and rows."""

from funnel_sim.decisions.review.effect import Effect
from funnel_sim.decisions.review.record import MeasuredRecord
from funnel_sim.output.words import formats
from funnel_sim.output.words.tables import Row
from funnel_sim.words import Lang, say


def measured_heads(lang: Lang) -> list[str]:
    """Return the heads of the engagements, the name's first."""
    names = ("engagement", "months", "low", "middle", "high")
    return [say(lang, f"record.head_{name}") for name in names]


def engagement_rows(found: MeasuredRecord, lang: Lang) -> list[Row]:
    """Return each engagement with its months and the effect's 80 % interval."""
    return [
        Row("", name, (formats.number(len(effect.months)), *_ends(effect)))
        for name, effect in zip(found.names, found.effects, strict=True)
    ]


def _ends(effect: Effect) -> tuple[str, str, str]:
    if effect.found is None:
        return (formats.NOTHING, formats.NOTHING, formats.NOTHING)
    low, middle, high = (formats.signed_percent(one) for one in effect.found.whole)
    return low, middle, high


def measured_sentence(found: MeasuredRecord, lang: Lang) -> str:
    """Return what the engagements let believe of the next one, and how many met their KPIs."""
    at = [found.belief[int(p * len(found.belief))] for p in (0.1, 0.9)]
    text = say(
        lang,
        "record.belief",
        middle=formats.signed_percent(found.median),
        low=formats.signed_percent(at[0]),
        high=formats.signed_percent(at[1]),
    )
    if not found.shown:
        return text
    told = say(lang, "record.met", met=found.met, shown=found.shown)
    return f"{text}{' ' if lang == 'en' else ''}{told}"
