"""Numbers as people type them: a text becomes a number, a question with its readings, or a refusal;
never another number in silence.

"25,99" and "25。99" are 25.99; "1,200.50", "1.200,50", "1 200,50" and "1'200.50" are the same
amount; "3万" is 30,000 and "40%" two fifths. What has two readings is asked ("25,999"), and so is
an amount in another currency and one that leaps from the value before.
"""

import math
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from typing import Literal

from funnel_sim.errors import InputError, refuse
from funnel_sim.scenario.fields import LARGEST, Unit
from funnel_sim.stored import read_data

Decimal = Literal[".", ","]
Why = Literal["", "separator", "currency", "leap", "below_zero"]
LEAP = float(tomllib.loads(read_data("typed_numbers.toml"))["leap"])
"""So many times the value before, or so small a part of it, is asked about: a mark that was lost
makes a hundred or a thousand of it.
"""
_PERCENT = 100.0
_TIMES = {
    "千": 1e3,
    "k": 1e3,
    "万": 1e4,
    "萬": 1e4,
    "w": 1e4,
    "m": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "亿": 1e8,
    "億": 1e8,
    "bn": 1e9,
    "billion": 1e9,
}
_MARKS: dict[str, tuple[str, ...]] = {
    "US$": ("USD",),
    "CA$": ("CAD",),
    "C$": ("CAD",),
    "A$": ("AUD",),
    "AU$": ("AUD",),
    "S$": ("SGD",),
    "HK$": ("HKD",),
    "NT$": ("TWD",),
    "MX$": ("MXN",),
    "R$": ("BRL",),
    "CN¥": ("CNY",),
    "JP¥": ("JPY",),
    "$": ("USD", "CAD", "AUD", "SGD", "HKD", "MXN"),
    "¥": ("CNY", "JPY"),
    "€": ("EUR",),
    "£": ("GBP",),
    "RM": ("MYR",),
    "Rp": ("IDR",),
    "₽": ("RUB",),
    "฿": ("THB",),
    "₫": ("VND",),
    "₱": ("PHP",),
    "元": ("CNY",),
    "人民币": ("CNY",),
    "美元": ("USD",),
    "欧元": ("EUR",),
    "欧": ("EUR",),
    "英镑": ("GBP",),
    "日元": ("JPY",),
    "円": ("JPY",),
}
_COUNTED = re.compile(r"(?<=[\d万千亿wk]) ?(?:单|件|个月|个|次|orders|units|pcs)$", re.IGNORECASE)
"""Words of what is counted, which a label names and people type once more."""
_MONEY = (Unit.MONEY, Unit.COST_MONEY, Unit.CONTRACT_MONEY)
_COUNTS = (Unit.COUNT, Unit.MONTHS, Unit.DAYS)
_ALIKE = str.maketrans(
    {
        "。": ".",
        "−": "-",
        "–": "-",
        "—": "-",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "٬": "'",
        "٫": ".",
    }
)
_BODY = re.compile(r"[\d.,' ]*\d[\d.,' ]*")
_SCIENTIFIC = re.compile(r"\d+(?:\.\d+)?e[-+]?\d{1,3}", re.IGNORECASE)
_GROUP = 3


@dataclass(frozen=True)
class TypedNumber:
    """What was typed: its value (a fraction where the field is a rate), or, where `why` is not
    empty, the readings to choose from, the likeliest first.

    `currencies`: which currencies a mark that is not the field's may stand for, the likeliest
    first.
    """

    value: float | None
    readings: tuple[float, ...] = ()
    why: Why = ""
    currencies: tuple[str, ...] = ()


def read_number(
    text: str,
    name: str = "number",
    *,
    unit: Unit = Unit.FACTOR,
    currency: str = "",
    before: float | None = None,
    decimal: Decimal = ".",
) -> TypedNumber:
    """Return the number that a text may mean: one value, or the readings between which to choose.

    Args:
        text: what was typed.
        name: the field, for the message.
        unit: the unit of the field; a rate is typed in percent.
        currency: the code of the field's currency, "" where it is no money.
        before: the value that the field holds, in its unit (a rate as a fraction); None where
            empty.
        decimal: the decimal mark of the reader's setting, which decides where both readings are
            usual.

    Raises:
        InputError: if the text is no number, or not a finite one.

    Examples:
        >>> (
        ...     read_number("25,99").value,
        ...     read_number("25。99").value,
        ...     read_number("1.200,50").value,
        ...     read_number("3万").value,
        ...     read_number("40", unit=Unit.RATE).value,
        ... )
        (25.99, 25.99, 1200.5, 30000.0, 0.4)
        >>> (
        ...     read_number("25,999").readings,
        ...     read_number("$38", currency="EUR").why,
        ...     read_number("2599", before=25.99).readings,
        ... )
        ((25999.0, 25.999), 'currency', (25.99, 2599.0))
    """
    plain = " ".join(plain_form(text).split())
    if plain.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        raise refuse(name, text, "finite")
    negative = plain.startswith("(") and plain.endswith(")")
    plain = plain[1:-1].strip() if negative else plain
    plain, other = _without_currency(plain, currency)
    sign = re.match(r"[-+] ?", plain)
    if sign is not None:
        negative ^= plain.startswith("-")
        plain = plain[sign.end() :]
        plain, again = _without_currency(plain, currency)
        other = other or again
    if unit in _COUNTS:
        plain = _COUNTED.sub("", plain)
    percent = plain.endswith("%")
    plain = plain.removesuffix("%").strip()
    plain, times = _without_times(plain)
    found = _readings(plain, decimal)
    if not found or (percent and unit in (*_MONEY, *_COUNTS)):
        if unit in _MONEY:
            raise refuse(name, text, "typed_money")
        if unit in _COUNTS:
            raise refuse(name, text, "typed_count")
        raise refuse(name, text, "typed_number")
    scale = times * (-1 if negative else 1) / (_PERCENT if percent or unit is Unit.RATE else 1)
    readings = tuple(float(format(one * scale, ".15g")) for one in found)
    if not all(math.isfinite(one) for one in readings):
        raise refuse(name, text, "finite")
    if len(readings) > 1:
        near = [one for one in readings if before is not None and not leaps(one, before)]
        return (
            TypedNumber(near[0])
            if len(near) == 1 and not other
            else TypedNumber(None, readings, "separator")
        )
    if other:
        return TypedNumber(None, readings, "currency", other)
    value = readings[0]
    if before is not None and leaps(value, before):
        meant = min(
            (value / power for power in (1e4, 1e3, 1e2, 1e-2, 1e-3, 1e-4)),
            key=lambda one: abs(math.log(abs(one / before))),
        )
        likely = (float(format(meant, ".12g")),) if not leaps(meant, before) else ()
        return TypedNumber(None, (*likely, value), "leap")
    return TypedNumber(value)


def leaps(value: float, before: float) -> bool:
    """Return whether a value is so far from the one before that it may be a slip.

    Args:
        value: the new value.
        before: the old one, in the same unit.

    Returns:
        True at a factor of `LEAP` or more; False where one of them is 0.

    Examples:
        >>> leaps(2599, 25.99), leaps(500, 25.99), leaps(0, 25.99), leaps(5, 0)
        (True, False, False, False)
    """
    return bool(value and before) and not 1 / LEAP < abs(value / before) < LEAP


def plain_number(text: str, name: str = "number") -> float:
    """Return a number that needs no question.

    Args:
        text: what was typed.
        name: the field, for the message.

    Returns:
        The number; a percentage as a fraction.

    Raises:
        InputError: if it is no number, or has two readings.

    Examples:
        >>> plain_number("20%"), plain_number("0.2")
        (0.2, 0.2)
    """
    found = read_number(text, name)
    if found.value is None:
        raise refuse(
            name,
            text,
            "typed_unclear",
            readings=" / ".join(f"{one:.12g}" for one in found.readings),
        )
    return found.value


def number_or_text(text: str) -> float | str:
    """Return the number of a text, or the text itself where it is none or has two readings: its
    field then says so.
    """
    try:
        found = read_number(text)
    except InputError:
        return text
    return text if found.value is None else found.value


def written_out(text: str) -> str:
    """Return a number that is told in tens of thousands, thousands or millions with all its digits;
    any other text as it is.

    >>> written_out("3.2万"), written_out("￥1.5k"), written_out("3万元"), written_out("库存 万")
    ('32000', '¥1500', '30000元', '库存 万')
    """
    found = re.fullmatch(
        rf"([^\d]*)([\d.,' ]+)({'|'.join(sorted(_TIMES, key=len, reverse=True))})(?![a-z])(.*)",
        plain_form(text).strip(),
        re.IGNORECASE,
    )
    try:
        read = read_number(found[2].strip() + found[3]) if found else None
    except InputError:
        return text
    if found is None or read is None or read.value is None:
        return text
    return f"{found[1]}{read.value:.12g}{found[4]}"


def typed_list(text: str) -> list[float | str]:
    """Return the numbers of a line parted by spaces, semicolons or commas; what is none, or has two
    readings, stays text.

    Commas part numbers where spaces or semicolons do not stand beside them, or where decimal points
    do; else they are decimal commas.

    >>> (
    ...     typed_list("1.0, 0.9；1.1"),
    ...     typed_list("1,0 0,9 1,1"),
    ...     typed_list("1.5,0.5"),
    ...     typed_list("1, 2, x"),
    ... )
    ([1.0, 0.9, 1.1], [1.0, 0.9, 1.1], [1.5, 0.5], [1.0, 2.0, 'x'])
    """
    parts = [one.strip(",") for one in re.split(r"[\s;；、]+", text.replace("，", ",").strip())]
    if len(parts) == 1 or any("." in one for one in parts):
        parts = [one for part in parts for one in part.split(",")]
    return [number_or_text(one) for one in parts if one]


def plain_form(text: str) -> str:
    """Return a text with every digit and mark in its plain form; "2½" as "2.5"."""
    out = ""
    for one in text.translate(_ALIKE):
        half = (
            unicodedata.numeric(one, None)
            if unicodedata.category(one) == "No" and "FRACTION" in unicodedata.name(one, "")
            else None
        )
        if half is None and unicodedata.category(one) == "No":
            out += one  # a raised or a circled figure is no digit
        elif half is None:
            out += unicodedata.normalize("NFKC", one).translate(_ALIKE)
        else:
            whole = re.search(r"(?<![\d.,'])(\d+) ?$", out)
            out = (
                out[: whole.start()] if whole else out
            ) + f"{(int(whole[1]) if whole else 0) + half:.12g}"
    return out


def _without_currency(text: str, currency: str) -> tuple[str, tuple[str, ...]]:
    """Return a text without its mark of a currency, and which currencies that may stand for where
    the field's is none of them.
    """
    marks = {**_MARKS, **({currency: (currency,)} if currency else {})}
    for mark in sorted(marks, key=len, reverse=True):
        for rest in (text.removeprefix(mark), text.removesuffix(mark)):
            if rest != text:
                return rest.strip(), () if currency in marks[mark] else marks[mark]
    code = re.fullmatch(r"(?:([A-Z]{3}) ?)?(.*?)(?: ?([A-Z]{3}))?", text)
    if code is not None and (code[1] or code[3]):
        named = code[1] or code[3]
        return code[2].strip(), () if named == currency else (named,)
    return text, ()


def _without_times(text: str) -> tuple[str, float]:
    for word in sorted(_TIMES, key=len, reverse=True):
        if text.lower().endswith(word):
            return text[: -len(word)].strip(), _TIMES[word]
    return text, 1.0


def _readings(text: str, decimal: Decimal) -> tuple[float, ...]:
    """Return what digits with marks may say, the setting's own reading first; nothing for what is
    no number.
    """
    if _SCIENTIFIC.fullmatch(text):
        return (float(text),)
    if not _BODY.fullmatch(text):
        return ()
    marks = [one for one in text if one in ".,"]
    kinds = set(marks)
    if len(kinds) == 2:
        last = marks[-1]
        return _one(text, last) if marks.count(last) == 1 else ()
    if not marks:
        return _one(text, decimal)
    [mark] = kinds
    other: Decimal = "," if mark == "." else "."
    if len(marks) > 1:
        return _one(text, other)
    whole, part = text.split(mark)
    grouped = len(part) == _GROUP and re.fullmatch(r"[1-9]\d{0,2}", whole) is not None
    if not grouped:
        return _one(text, mark)
    both = (*_one(text, other), *_one(text, mark))  # as thousands, as a decimal
    if mark == decimal:
        return both[::-1] if part.endswith("0") else both[1:]  # nobody ends a decimal with a nought
    return both[:1] if part.endswith("00") else both  # a round number is thousands


def _one(text: str, decimal: str) -> tuple[float, ...]:
    """Return the number with a decimal mark, nothing where what parts its thousands does not part
    threes.
    """
    whole, _, part = text.partition(decimal)
    parts = re.split(r"[.,' ]", whole)
    if not re.fullmatch(r"\d*", part) or (
        len(parts) > 1
        and not (1 <= len(parts[0]) <= _GROUP and all(len(one) == _GROUP for one in parts[1:]))
    ):
        return ()
    if (
        len(set(re.findall(r"[.,' ]", whole))) > 1
        or not all(one.isdigit() for one in parts if one)
        or not (whole or part)
    ):
        return ()
    return (float(f"{''.join(parts) or '0'}.{part or '0'}"),)


_PAIR = 2
_IN_ORDER = re.compile(r"\D*(\d+)\s*(?:/|of\b|out of\b)", re.IGNORECASE)
"""A record in which the cases that met their goal stand first."""


def typed_record(text: str, name: str = "record") -> tuple[float, float] | None:
    """Return how many cases met their goal and how many were shown, from a text such as "8/10",
    "8 of 10" or "10 家里 8 家"; None for an empty one.

    Args:
        text: what was typed.
        name: the field, for the message.

    Returns:
        (cases that met their goal, cases shown).

    Raises:
        InputError: where it does not hold two whole numbers, or more cases met their goal than were
            shown.

    >>> typed_record("8/10"), typed_record("10家里8家达标"), typed_record("  ")
    ((8.0, 10.0), (8.0, 10.0), None)
    """
    plain = plain_form(text).strip()
    if not plain:
        return None
    found = sorted(float(one) for one in re.findall(r"\d+", plain))
    if len(found) != _PAIR or re.search(r"\d[.,]\d", plain) or max(found) > LARGEST:
        raise refuse(name, text, "typed_record")
    first, other = _IN_ORDER.match(plain), f"{found[0]:.0f}/{found[1]:.0f}"
    if first is not None and float(first[1]) > found[0] and not found[0]:
        raise refuse(name, text, "typed_record")  # of none shown: no two numbers were swapped
    if first is not None and float(first[1]) > found[0]:
        raise refuse(name, text, "typed_record_swapped", other=other)
    return found[0], found[1]
