"""A contract that ended before the last known month: what that means, said alike everywhere."""

from funnel_sim.decisions.review.ending import Ending
from funnel_sim.output.words.joining import listed
from funnel_sim.words import Lang, say


def ended_sentences(ended: Ending | None, lang: Lang) -> list[str]:
    """Return that the months after a contract's end have no fee, no KPI and no effect of the
    agency; nothing where it runs on.

    Args:
        ended: how the contract ended.
        lang: the language.
    """
    if ended is None:
        return []
    why = say(lang, f"review.ended_{ended.by}")
    return [say(lang, "review.ended", month=ended.month, why=why, after=listed(ended.after, lang))]
