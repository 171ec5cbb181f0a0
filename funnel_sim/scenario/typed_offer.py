"""An offer told in one line, as people write it in a chat: "6,000 a month, sales +25%".

Strict: each part of the line is one fee, promise or term, told in words of data/offer_words.toml
and in nothing else. What is not understood in full is refused, and nothing of the line is taken.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from funnel_sim.errors import InputError, refuse
from funnel_sim.scenario.fields import LARGEST, Unit
from funnel_sim.scenario.typed_numbers import plain_form, read_number
from funnel_sim.stored import read_data

Part = Literal["setup", "base", "claimed", "share", "over", "term", "notice"]
LONGEST = 200
"""Characters of a line that is read."""
_YEAR = 12
_APART = re.compile(r"[，；;、\n]|。(?!\d)|\.(?=\s|$)|,(?!\d)|\band\b|\bplus\b|另加|外加|再加")
_NUMBER = re.compile(
    r"(?:[A-Z]{0,2}[$¥€£]|RM|\b[A-Z]{3}\b)?\s?(?P<sign>[-+])?\s?"
    r"(?:[A-Z]{0,2}[$¥€£]|RM|\b[A-Z]{3}\b)?\s?"
    r"\d(?:[\d.,']*\d)?\s?(?:(?:million|[kw])(?![a-z])|万|千)?"
    r"(?P<percent>\s?(?:%|个点|percent\b))?"
    r"\s?(?:人民币|美元|欧元|英镑|日元|元|[$€£]|[A-Z]{3}\b)?"
)
_POINTS = re.compile(r"\s?(?:个点|percent\b)")
_IDLE = re.compile(r"[\s:/()\"“”!.,'+-]")
_CJK = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class TypedOffer:
    """What a line told: each part with its value (money a month or once, rates as fractions, terms
    in months), and the currency that the fees were marked with, "" where none was.
    """

    parts: dict[Part, float] = field(default_factory=dict)
    currency: str = ""


def read_offer(text: str, name: str = "offer", *, fees: str, sales: str) -> TypedOffer:
    """Return the offer that a line tells.

    Args:
        text: what was typed.
        name: the field, for the message.
        fees: code of the currency in which the offer's fees are counted.
        sales: code of the currency in which the store sells.

    Raises:
        InputError: where a part of the line is not understood, stands twice, or has two readings.

    Examples:
        >>> read_offer("6,000 a month, sales +25%", fees="CNY", sales="USD").parts
        {'base': 6000.0, 'claimed': 0.25}
        >>> read_offer("启动费3000，每月6000+5%提成", fees="CNY", sales="USD").parts
        {'setup': 3000.0, 'base': 6000.0, 'share': 0.05}
    """
    if len(text) > LONGEST:
        raise refuse(name, text, "typed_offer_long", limit=LONGEST)
    found: dict[Part, float] = {}
    marks: set[str] = set()
    for piece in _pieces(text):
        for part, value, mark in _parts(piece, name, fees=fees, sales=sales):
            if part in found:
                raise refuse(name, piece, "typed_offer_twice")
            found[part] = value
            marks |= {mark} - {""}
    if len(marks) > 1:
        raise refuse(name, text, "typed_offer_currencies")
    return TypedOffer(found, next(iter(marks), ""))


def _pieces(text: str) -> Iterator[str]:
    """Yield the parts of a line; a plus after a number joins two of them, after a word of what
    rises it is a sign.
    """
    for clause in _APART.split(text):
        now = ""
        for one in re.split(r"([+＋])", clause):
            if one in ("+", "＋") and _ends_part(now):
                yield now.strip()
                now = ""
            else:
                now += one
        if now.strip():
            yield now.strip()


def _ends_part(text: str) -> bool:
    """Say whether a plus that follows begins a part of its own."""
    found = re.search(r"\d(\D*)$", text)
    return found is not None and not (_kinds(found[1]) or set()) & {"sales", "rise"}


def _by_blanks(text: str) -> list[str]:
    """Return what blanks part in Chinese, where words stand before their number; nothing where
    they part nothing.
    """
    if not _CJK.search(text):
        return []
    found: list[str] = []
    words: list[str] = []
    for one in text.split():
        words.append(one)
        if re.search(r"\d", one):
            found.append(" ".join(words))
            words = []
    if words and found:
        found[-1] = " ".join([found[-1], *words])
    return found if len(found) > 1 else []


@cache
def _words() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """Return each word with its meaning, the longest first."""
    data = tomllib.loads(read_data("offer_words.toml"))
    found = [(word, kind) for kind, words in data.items() if kind != "as_of" for word in words]
    return tuple(
        (word, kind, re.compile(rf"(?<![a-z]){re.escape(word)}(?![a-z])"))
        for word, kind in sorted(found, key=lambda one: -len(one[0]))
    )


def _kinds(text: str) -> set[str] | None:
    """Return what the words between the numbers mean; None where one of them is not known."""
    left, found = text.lower(), set()
    for _, kind, pattern in _words():
        rest = pattern.sub(" ", left)
        if rest != left:
            left = rest
            found.add(kind)
    return None if _IDLE.sub("", left) else found - {"other"}


def _parts(piece: str, name: str, *, fees: str, sales: str) -> list[tuple[Part, float, str]]:
    """Return what one piece tells as a whole, else each of the parts that blanks make of it."""
    try:
        return list(_read(piece, name, fees=fees, sales=sales))
    except InputError:
        parts = _by_blanks(piece)
        if not parts:
            raise
    return [one for part in parts for one in _read(part, name, fees=fees, sales=sales)]


def _read(piece: str, name: str, *, fees: str, sales: str) -> Iterator[tuple[Part, float, str]]:
    """Yield the parts that one piece of the line tells, each with the currency it was marked with:
    a rate is a share only where that is said, and a rise only with a plus or a word of rising.
    """
    plain = plain_form(piece)
    numbers = list(_NUMBER.finditer(plain))
    kinds = _kinds(_NUMBER.sub(" ", plain))
    rates = [one for one in numbers if one["percent"]]
    plains = [one for one in numbers if not one["percent"]]
    if kinds is None or any(one["sign"] == "-" for one in numbers):
        raise refuse(name, piece, "typed_offer")
    told = (len(rates), len(plains))
    lasting = kinds & {"months", "years"}
    rising = bool(rates) and ("rise" in kinds or rates[0]["sign"] == "+")
    if told == (0, 1) and len(lasting) == 1 and kinds - lasting <= {"term"}:
        months = _number(plains[0], name, piece, Unit.COUNT)[0]
        yield "term", months * (_YEAR if "years" in lasting else 1), ""
    elif told == (0, 1) and kinds == {"notice", "months"}:
        yield "notice", _number(plains[0], name, piece, Unit.COUNT)[0], ""
    elif told == (0, 1) and kinds in ({"setup"}, {"base"}):
        part: Part = "setup" if "setup" in kinds else "base"
        yield (part, *_number(plains[0], name, piece, Unit.MONEY, fees, sales))
    elif told == (1, 0) and rising and kinds <= {"rise", "sales"}:
        yield "claimed", _number(rates[0], name, piece, Unit.RATE)[0], ""
    elif (
        told == (1, int("over" in kinds))
        and kinds <= {"share", "sales", "over", "base"}
        and ("share" in kinds or ("over" in kinds and not rising))
    ):
        yield "share", _number(rates[0], name, piece, Unit.RATE)[0], ""
        for one in plains:
            yield "over", _number(one, name, piece, Unit.MONEY, sales, sales)[0], ""
    else:
        raise refuse(name, piece, "typed_offer")


def _number(
    found: re.Match[str], name: str, piece: str, unit: Unit, currency: str = "", other: str = ""
) -> tuple[float, str]:
    """Return a number of a piece, and the currency it was marked with, "" for none; one with two
    readings, or marked with neither of two currencies, is refused.
    """
    text = _POINTS.sub("%", found[0]).strip()
    try:
        read = read_number(text, name, unit=unit, currency=currency)
    except InputError:
        raise refuse(name, piece, "typed_offer") from None
    value, mark = read.value, currency if re.search(r"[^\d.,'+\s%kw万千]", text) else ""
    if read.why == "currency" and other in read.currencies:
        value, mark = read.readings[0], other
    if read.why == "separator":
        choices = " / ".join(f"{one:.12g}" for one in read.readings)
        raise refuse(name, piece, "typed_unclear", readings=choices)
    if value is None or not 0 <= value <= LARGEST:
        raise refuse(name, piece, "typed_offer")
    return value, mark
