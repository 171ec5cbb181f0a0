"""Words put together: names in a row, parts kept apart, sentences one after the other, a text as a
sentence begins.
"""

from collections.abc import Iterable

from funnel_sim.words import Lang, say


def listed(parts: Iterable[str], lang: Lang) -> str:
    """Return names or months in a row.

    Args:
        parts: the names, in order.

    >>> listed(["2026-03", "2026-04"], "en"), listed(["2026-03", "2026-04"], "zh")
    ('2026-03, 2026-04', '2026-03、2026-04')
    """
    return say(lang, "risk.listed").join(parts)


def apart(parts: Iterable[str], lang: Lang) -> str:
    """Return parts of a sentence that hold commas themselves, parted by semicolons.

    Args:
        parts: the parts, in order.

    >>> apart(["ads, tax", "fees"], "en")
    'ads, tax; fees'
    """
    return say(lang, "kpi.semicolon").join(parts)


def run_on(sentences: Iterable[str], lang: Lang) -> str:
    """Return sentences one after the other; in Chinese without a space between them.

    Args:
        sentences: each with its own full stop.

    >>> run_on(["Sold.", "Paid."], "en")
    'Sold. Paid.'
    """
    return ("" if lang == "zh" else " ").join(sentences)


def begun(text: str) -> str:
    """Return a text as a sentence begins.

    >>> begun("gross sales (GMV)"), begun("销售额")
    ('Gross sales (GMV)', '销售额')
    """
    return text[:1].upper() + text[1:]
