"""Amounts and counts as exports write them: a cell is a number as a whole, or it is none; never the
first digits that stand in it.

What may stand around the digits: a minus of any form before or behind them, parentheses, CR or DR,
a currency's mark or code, a word that counts ("件", "pcs"), what parts thousands in any country,
the quotes with which a spreadsheet is told to leave a number alone. Whether a single "." or ","
parts thousands or decimals is decided by the column, and by its currency where that has no decimals
or three.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd

from funnel_sim.errors import refuse
from funnel_sim.evidence.tables.cells import codes_of, plain_numbers, texts_of
from funnel_sim.evidence.tables.headings import currency_names, may_mean
from funnel_sim.evidence.tables.progress import Progress, each
from funnel_sim.stored import read_data

LONGEST = 200
"""Characters of a cell that can hold a number or a date; what is longer is a text, in which
searching for one can take hours.
"""

_ALIKE = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "—": "-",
        "－": "-",
        "＋": "+",
        "（": "(",
        "）": ")",
        "￥": "¥",
        "＄": "$",
        "￡": "£",
        "￦": "₩",
        "‒": "-",
        "﹣": "-",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "´": "'",
        "，": ",",
        "．": ".",
        "′": "'",
        "＇": "'",
        "٬": "'",
        "٫": ".",
        "。": ".",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\u2007": " ",
        "\u200b": "",
        "\u200e": "",
        "\u200f": "",
        "\ufeff": "",
        "\u2060": "",
    }
)
_SIGNS = re.compile(
    r"^(?P<open>\()?\s*(?P<before>[-+])?\s*(?P<body>.*?)\s*(?P<after>[-+])?\s*(?P<close>\))?$",
    re.DOTALL,
)
_LEDGER = re.compile(r"\s*\b(cr|dr)\.?$|^(cr|dr)\.?\s+", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:([', ])\d{3})(?:\1\d{3})*|\d{1,3}(?:\.\d{3})+")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")
_WHOLE_AMOUNT = re.compile(r"[.,]-+$")  # 12.- and 12,-- are written for amounts without a fraction
_TEXT_NUMBER = re.compile(r'^(?:="(.*)"|\'(.+))$')
_PLAIN = re.compile(
    r"(-?)([0-9]{1,100})(?:\.([0-9]{1,2}))?"
)  # what most cells are, and could not be read otherwise
_THREE = 3
_ANY_DIGIT = str.maketrans("23456789", "11111111") | str.maketrans("0", "1")
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class _Cell:
    """What one way of writing says: its digits with "." before decimals, or the one mark of which
    the column decides what it parts.
    """

    sign: int
    whole: str
    part: str
    unclear: str = ""
    decimal: str = ""


@cache
def _known() -> dict[str, dict[str, list[str]]]:
    data: dict[str, dict[str, list[str]]] = tomllib.loads(read_data("cell_marks.toml"))
    return data


@cache
def _edge() -> tuple["re.Pattern[str]", "re.Pattern[str]"]:
    """Return what may stand before a number and behind it: marks and codes of currencies, and words
    that count.
    """
    names = sorted(
        {*currency_names(), *_known()["money"]["words"], *_known()["counts"]["words"]},
        key=len,
        reverse=True,
    )
    some = "|".join(re.escape(name) for name in names)
    return re.compile(rf"^(?:{some})\.?(?![A-Za-z])\s*", re.IGNORECASE), re.compile(
        rf"\s*(?<![A-Za-z])(?:{some})\.?$", re.IGNORECASE
    )


def amounts(
    column: pd.Series,
    name: str,
    decimal: str | None = None,
    *,
    numeric: pd.Series | None = None,
    currencies: Iterable[str] = (),
    counts: bool = False,
    progress: Progress | None = None,
) -> pd.Series:
    """Return amounts of a column of text as floats, NaN where a cell is no number as a whole.

    `decimal` is "." or ","; left out, the column decides: what stands in any of its cells as only
    one of the two can, holds for all. Where every marked cell could be either ("1,234"), the
    `currencies` that the file names decide if all of them have no decimals (yen, dong) or all three
    (dinar), and in `counts` it parts thousands; else InputError.

    Args:
        column: the cells of one column, as text.
        name: what the file, or the column in it, is called where it is refused.
        decimal: the decimal mark, "." or ","; None leaves it to the cells.
        numeric: cells that the file holds as numbers (True), which need no reading.
        currencies: ISO codes that the file names.
        counts: whether they are counts, in which a single mark parts thousands.
        progress: told the share of the different cells that has been read; what it raises ends
            the reading.

    >>> amounts(pd.Series(["1.234,50 €", "(7,00)", "12’345,50-", "3 of 4"]), "x").tolist()
    [1234.5, -7.0, -12345.5, nan]
    >>> amounts(pd.Series(["₫12.345", "₫9.125"]), "x", currencies=["VND"]).tolist()
    [12345.0, 9125.0]
    """
    texts = column if numeric is None else column.where(~numeric, "")
    plain = plain_numbers(texts_of(texts)) if numeric is None and decimal != "," else None
    if plain is not None:
        return pd.Series(plain, index=column.index)
    codes, ways = codes_of(texts)
    cells = list(each(_reader(), ways, progress))
    mark = decimal or _decided(cells, ways, name, tuple(currencies), counts)
    values = np.array([_value(cell, mark) for cell in cells], dtype=np.float64)
    out = pd.Series(
        values[codes] if len(values) else np.full(len(column), np.nan), index=column.index
    )
    if numeric is not None and numeric.any():
        out[numeric] = pd.to_numeric(column[numeric], errors="coerce")
    return out


def is_number(text: str) -> bool:
    """Say whether a text is a number as a whole, whichever its decimal mark.

    >>> is_number("₹1,23,456.78"), is_number("114-3941689-8772232"), is_number("12.5 (est.)")
    (True, False, False)
    """
    return _read(text) is not None


def is_figure(text: str) -> bool:
    """Say whether a text is a number as a whole, or one that is shortened or a share ("1.2K",
    "3.5万", "12%"), which is counted as unreadable.

    >>> is_figure("3.5万"), is_figure("12%"), is_figure("Cup")
    (True, True, False)
    """
    return (
        is_number(text)
        or re.fullmatch(r"[^\d]{0,4}[\d.,]+\s*(?:[kKmM%千万亿]|[eE][-+]?\d+)", text.strip())
        is not None
    )


def has_decimals(text: str) -> bool:
    """Say whether a text can only be a number with a fraction.

    >>> has_decimals("12.50"), has_decimals("1,234"), has_decimals("12")
    (True, False, False)
    """
    cell = _read(text)
    return cell is not None and bool(cell.decimal)


def plain_digits(text: str) -> str:
    """Return a text with the digits of any script as 0 to 9; nothing of a text that is too long for
    a number or a date.

    >>> plain_digits("２０２６"), plain_digits("٣٤"), plain_digits("x" * 500)
    ('2026', '34', '')
    """
    if len(text) > LONGEST:
        return ""
    return (
        text
        if text.isascii()
        else "".join(
            (
                one
                if one.isascii() or (digit := unicodedata.decimal(one, None)) is None
                else str(digit)
            )
            for one in text
        )
    )


def _read(text: str) -> _Cell | None:
    """Return what a text says as a number, None where it is none."""
    if found := _PLAIN.fullmatch(text):
        return _Cell(
            -1 if found[1] else 1, found[2], found[3] or "", decimal="." if found[3] else ""
        )
    plain = plain_digits(text).translate(_ALIKE).strip()
    if not plain or not any("0" <= one <= "9" for one in plain):
        return None
    quoted = _TEXT_NUMBER.match(plain)
    plain = (quoted[1] or quoted[2] or "") if quoted else plain
    sign = 1
    ledger = _LEDGER.search(plain)
    if ledger is not None:
        sign = -1 if (ledger[1] or ledger[2]).lower() == "dr" else 1
        plain = _LEDGER.sub("", plain, count=1).strip()
    signed = 0
    for _ in range(3):  # ($5), -$5, $-5, $(5), 5-$
        stripped, negative, times = _unsigned(plain)
        signed += times
        sign = -sign if negative else sign
        stripped = _unmarked(stripped)
        if stripped == plain:
            break
        plain = stripped
    return None if signed > 1 else _digits(plain, sign)


def _reader() -> Callable[[str], _Cell | None]:
    """Return what reads cells as `_read` does, and each way of writing only once: whether a text is
    a number, and what parts its digits, does not depend on which digits they are, but for a zero at
    the beginning.

    >>> read = _reader()
    >>> read("US$ 12.50") == _read("US$ 12.50"), read("US$ 13.75") == _read("US$ 13.75")
    (True, True)
    """
    known: dict[str, tuple[_Cell | None, int] | None] = {}

    def read(text: str) -> _Cell | None:
        shape = text.translate(_ANY_DIGIT)
        first = shape.find("1")
        if first >= 0 and text[first] == "0":
            shape = f"{shape[:first]}0{shape[first + 1 :]}"
        if shape not in known:
            known[shape] = _form_of(shape)
        form = known[shape]
        if form is None:
            return _read(text)
        cell, whole = form
        if cell is None:
            return None
        digits = "".join(_DIGITS.findall(text))
        return replace(cell, whole=digits[:whole] or "0", part=digits[whole:])

    return read


def _form_of(shape: str) -> tuple[_Cell | None, int] | None:
    """Return what a text says and how many of its digits stand before the decimals; None where that
    is no matter of its form alone: digits of other scripts stand in it.
    """
    if any(one.isdecimal() and not one.isascii() for one in shape):
        return None
    cell = _read(shape)
    if cell is None:
        return None, 0
    digits = "".join(_DIGITS.findall(shape))
    whole = len(digits) - len(cell.part)
    return (
        (cell, whole)
        if (digits[:whole] or "0") + digits[whole:] == cell.whole + cell.part
        else None
    )


def _unsigned(text: str) -> tuple[str, bool, int]:
    """Return a text without its sign, whether that was a minus or parentheses, and how many signs
    there were.
    """
    if _WHOLE_AMOUNT.search(text):
        text = _WHOLE_AMOUNT.sub("", text)
    found = _SIGNS.match(text)
    if found is None or bool(found["open"]) != bool(found["close"]):
        return text, False, 0
    given = [one for one in (found["open"], found["before"], found["after"]) if one]
    return found["body"], any(one in "(-" for one in given), len(given)


def _unmarked(text: str) -> str:
    """Return a text without the currency's mark or the counting word at either end."""
    before, behind = _edge()
    return behind.sub("", before.sub("", text, count=1), count=1).strip()


def _digits(text: str, sign: int) -> _Cell | None:
    """Return the cell of digits and marks; None where these do not make a number."""
    if not re.fullmatch(r"[\d.,' ]*\d[\d.,' ]*", text) or text[-1] in "' " or text[0] in "', ":
        return None
    marks = [one for one in text if one in ".,"]
    spaced = any(one in "' " for one in text)
    if len(set(marks)) > 1:
        last = marks[-1]
        return _parted(text, last, sign) if marks.count(last) == 1 else None
    if not marks:
        return (
            _Cell(sign, re.sub(r"[' ]", "", text), "")
            if not spaced or _GROUPED.fullmatch(text)
            else None
        )
    mark = marks[0]
    if len(marks) > 1:
        if spaced or not (_GROUPED.fullmatch(text) or (mark == "," and _INDIAN.fullmatch(text))):
            return None
        return _Cell(sign, text.replace(mark, ""), "", decimal="," if mark == "." else ".")
    whole, part = text.split(mark)
    if not spaced and len(part) == _THREE and re.fullmatch(r"[1-9]\d{0,2}", whole):
        return _Cell(sign, whole, part, unclear=mark)
    return _parted(text, mark, sign)


def _parted(text: str, decimal: str, sign: int) -> _Cell | None:
    """Return the cell of a text whose decimal mark is known; None where the rest parts no
    thousands.
    """
    whole, _, part = text.partition(decimal)
    if not re.fullmatch(r"\d*", part):
        return None
    if (
        not whole.isdigit()
        and whole
        and not (_GROUPED.fullmatch(whole) or _INDIAN.fullmatch(whole))
    ):
        return None
    return _Cell(sign, re.sub(r"[.,' ]", "", whole) or "0", part, decimal=decimal)


def _decided(
    cells: Sequence[_Cell | None],
    ways: Sequence[str],
    name: str,
    currencies: tuple[str, ...],
    counts: bool,
) -> str:
    """Return the decimal mark of a column; raises InputError where its cells contradict each other,
    or could all be either.
    """
    sure = {
        cell.decimal: way
        for cell, way in zip(cells, ways, strict=True)
        if cell is not None and cell.decimal
    }
    if len(sure) > 1:
        raise refuse(name, sure[","], "decimal_unclear")
    if sure:
        return next(iter(sure))
    unclear = {
        cell.unclear: way
        for cell, way in zip(cells, ways, strict=True)
        if cell is not None and cell.unclear
    }
    if not unclear:
        return "."
    if len(unclear) > 1:
        raise refuse(name, unclear[","], "decimal_unclear")
    [(mark, way)] = unclear.items()
    digits = {_minor_digits(code) for mark_ in currencies for code in may_mean(mark_)}
    if counts or digits == {0}:
        return "," if mark == "." else "."
    if digits == {_THREE}:
        return mark
    raise refuse(name, way, "decimal_unclear")


def _minor_digits(code: str) -> int:
    """Return the digits behind the decimal mark that amounts in a currency have: 2 for most, by ISO
    4217 and by custom.
    """
    money = _known()["money"]
    return (
        0 if code in money["without_decimals"] else _THREE if code in money["three_decimals"] else 2
    )


def _value(cell: _Cell | None, decimal: str) -> float:
    if cell is None:
        return np.nan
    if cell.unclear and cell.unclear != decimal:
        return cell.sign * float(cell.whole + cell.part)
    if cell.decimal and cell.decimal != decimal:
        return np.nan  # it needs the other mark
    return cell.sign * float(f"{cell.whole}.{cell.part}" if cell.part else cell.whole)
