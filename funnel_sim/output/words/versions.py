"""What an opened file or link of another version of the model is told."""

from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.versions import changes_since
from funnel_sim.words import Lang, say


def version_note(made: str, lang: Lang) -> str:
    """Return that figures may differ from those seen when a scenario was saved, and what changed
    since; nothing where it is of the model there is.

    `made`: the version that the file or link names, empty where it names none.

    >>> version_note(MODEL_VERSION, "en")
    ''
    """
    if made == MODEL_VERSION:
        return ""
    since = changes_since(made)
    if not since:
        return say(lang, "notice.newer_model", made=made[:20], now=MODEL_VERSION)
    told = say(lang, "notice.apart").join(words.of(lang) for words in since)
    return say(
        lang,
        "notice.other_model" if made else "notice.older_model",
        made=made,
        now=MODEL_VERSION,
        changes=told,
    )
