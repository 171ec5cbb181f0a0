"""Texts for a PDF: with the characters that its font has, and where lines may be broken."""

import unicodedata
from collections.abc import Iterator
from functools import cache

from fontTools.ttLib import TTFont

from funnel_sim.output.charts.pictures import EASTERN, font_file

_NOT_FIRST = frozenset("、，。；：！？）】》」』”’…%‰,.;:!?)]}·")
_NOT_LAST = frozenset("（【《「『“‘([{€¥$")
_EAST = 0x2E80


@cache
def covered(family: str = EASTERN) -> frozenset[int]:
    """Return the characters, by their code points, that a font has."""
    return frozenset(TTFont(font_file(family), lazy=True).getBestCmap())


def printable(text: str) -> str:
    r"""Return text with only characters that the font has: letters without their marks where it has
    not, else a box.

    >>> printable("Żółw 你好"), printable("a\u2060b")
    ('Zólw 你好', 'ab')
    """
    if all(ord(one) in covered() for one in text):
        return text
    out = []
    for one in text:
        plain = (
            one
            if ord(one) in covered()
            else "".join(
                part for part in unicodedata.normalize("NFKD", one) if ord(part) in covered()
            )
        )
        hidden = unicodedata.category(one) in ("Cf", "Cc", "Mn")
        out.append(
            plain or ("" if hidden else {"ł": "l", "Ł": "L", "đ": "d", "ı": "i"}.get(one, "□"))
        )
    return "".join(out)


def pieces(text: str) -> Iterator[str]:
    """Yield what may not be broken: words with the space after them, Chinese characters with the
    marks that belong to them.

    >>> list(pieces("签约 now，再说。"))
    ['签', '约 ', 'now，', '再', '说。']
    """
    piece = ""
    for one in text:
        if piece and _may_break(piece[-1], one):
            yield piece
            piece = ""
        piece += one
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if after == " " or after in _NOT_FIRST or before in _NOT_LAST:
        return False
    return before == " " or ord(before) >= _EAST or ord(after) >= _EAST
