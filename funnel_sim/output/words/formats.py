"""Numbers as people read them, in two languages: money, percent, counts.

Rounding happens here and only here: to the currency's smallest unit, half up, once. So does the
conversion of results into the currency in which they are shown: where a function takes a currency,
a `Shown` in place of its code says that the amount is in the sales currency, and what one unit of
that is.
"""

import math
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import Literal

from babel.core import Locale
from babel.dates import get_month_names
from babel.numbers import get_currency_precision, get_currency_symbol

from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.shown import rate_of
from funnel_sim.units import EVERY_DIGIT
from funnel_sim.words import Lang, say

_LOCALES: dict[Lang, str] = {"zh": "zh_CN", "en": "en_US"}
NOTHING = "–"
MINUS = "\u2212\u2060"
"""A true minus and a word joiner: no line ends between a sign and its amount."""
_JOINER = "\u2060"


def signed(text: str) -> str:
    """Return a number that was written with a hyphen for its minus, with a true one.

    >>> signed("-3.50") == MINUS + "3.50", signed("3.50")
    (True, '3.50')
    """
    return MINUS + text[1:] if text.startswith("-") else text


def is_negative(text: str) -> bool:
    """Say whether a number that this module wrote is below zero."""
    return text.startswith(MINUS[0])


def unsigned(text: str) -> str:
    """Return a number that this module wrote, without its minus."""
    return text.removeprefix(MINUS)


def joined(text: str) -> str:
    """Return a text for programs that draw the word joiner as a box (Word, slides, charts): it is
    left out, the true minus stays.
    """
    return text.replace(_JOINER, "")


def for_machines(text: str) -> str:
    """Return a text for a table that a spreadsheet reads: a hyphen for each minus.

    >>> for_machines(money(-3.5, "EUR", "en"))
    '-€3.50'
    """
    return text.replace(MINUS, "-")


def _no_number(value: float | None) -> str | None:
    """Return the text of what is no number to round: nothing, or without limit."""
    if value is None or math.isnan(value):
        return NOTHING
    return None if math.isfinite(value) else ("∞" if value > 0 else f"{MINUS}∞")


@cache
def _locale(lang: Lang) -> Locale:
    return Locale.parse(_LOCALES[lang])


@cache
def _symbol(currency: str, lang: Lang) -> str:
    return get_currency_symbol(currency, _locale(lang))


Direction = Literal["near", "up", "down"]
_ROUNDING = {"near": ROUND_HALF_UP, "up": ROUND_CEILING, "down": ROUND_FLOOR}


def half_up(value: float, digits: int, toward: Direction = "near") -> Decimal:
    """Return a number rounded half up, as a decimal; dust below 1e-9 does not decide the half.

    A threshold is rounded `toward` the side on which it still holds ("at least" up, "at most"
    down).

    Args:
        value: any finite number.
        digits: how many stand after the decimal point.

    >>> half_up(2.675, 2), half_up(-0.0004, 2)
    (Decimal('2.68'), Decimal('0.00'))
    """
    rounded = Decimal(f"{value:.9f}").quantize(
        Decimal(1).scaleb(-digits), rounding=_ROUNDING[toward], context=EVERY_DIGIT
    )
    return rounded if rounded else rounded.copy_abs()


def money(value: float | None, currency: str, lang: Lang, toward: Direction = "near") -> str:
    """Return an amount in a currency, to its smallest unit.

    Args:
        value: the amount; None where there is none ("–").
        currency: ISO code of the amounts, "USD"; a `Shown` converts them.

    >>> money(1234.5, "EUR", "en"), money(-3980.4, "JPY", "en") == f"{MINUS}¥3,980"
    ('€1,234.50', True)
    >>> from funnel_sim.scenario.shown import Shown
    >>> money(100.0, Shown("CNY", 7.5), "en")
    'CN¥750.00'
    """
    return _money(_converted(value, currency), str(currency), lang, toward)


def _converted(value: float | None, currency: str) -> float | None:
    """Return an amount in the currency in which it is shown."""
    return value if value is None else value * rate_of(currency)


@lru_cache(maxsize=4096)
def _money(value: float | None, currency: str, lang: Lang, toward: Direction) -> str:
    none = _no_number(value)
    if value is None or none is not None:
        return none or NOTHING
    digits = get_currency_precision(currency)
    rounded = half_up(value, digits, toward)
    return _amount(rounded, digits, currency, lang)


def _amount(rounded: Decimal, digits: int, currency: str, lang: Lang) -> str:
    sign = MINUS if rounded < 0 else ""
    return f"{sign}{_symbol(currency, lang)}{rounded.copy_abs():,.{digits}f}"


def number(value: float | None, digits: int = 0, toward: Direction = "near") -> str:
    """Return a count or ratio with thousands separators.

    Args:
        value: the number; None where there is none ("–").
        digits: how many stand after the decimal point.

    >>> number(1234.56), number(3.14159, 2)
    ('1,235', '3.14')
    """
    none = _no_number(value)
    return none or signed(f"{half_up(value or 0.0, digits, toward):,.{digits}f}")


def percent(value: float | None, digits: int = 1, toward: Direction = "near") -> str:
    """Return a fraction as a percentage.

    Args:
        value: a fraction, 0.05 for 5 %; None where there is none ("–").
        digits: how many stand after the decimal point.

    >>> percent(0.1234), percent(None)
    ('12.3%', '–')
    """
    none = _no_number(value)
    return none or signed(f"{half_up((value or 0.0) * 100, digits, toward):,.{digits}f}%")


def exact(value: float) -> str:
    """Return a number with all the digits that it has, up to eight: what a contract says is not
    rounded.

    >>> exact(7.8312), exact(20000.0), exact(0.0)
    ('7.8312', '20,000', '0')
    """
    return signed(f"{Decimal(f'{value:.8f}').normalize() + 0:,f}")


def exact_percent(value: float) -> str:
    """Return a fraction as a percentage with all its digits.

    >>> exact_percent(0.0333), exact_percent(0.125)
    ('3.33%', '12.5%')
    """
    return f"{exact(value * 100)}%"


def exact_money(value: float, currency: str, lang: Lang) -> str:
    """Return an amount with all its digits, at least those of the currency's smallest unit.

    Args:
        value: the amount.
        currency: ISO code of the amounts, "USD".

    >>> exact_money(1234.5, "EUR", "en"), exact_money(0.125, "EUR", "en")
    ('€1,234.50', '€0.125')
    """
    value *= rate_of(currency)
    none = _no_number(value)
    if none is not None:
        return none
    digits = max(get_currency_precision(currency), len(exact(value).partition(".")[2]))
    return _amount(half_up(value, digits), digits, currency, lang)


def count(value: float | None) -> str:
    """Return a volume: whole above 100, one decimal below where there is one (expected orders may
    be fractions).

    >>> count(1234.5), count(12.54), count(99.0)
    ('1,235', '12.5', '99')
    """
    none = _no_number(value)
    return none or number(value, 0 if abs(value or 0.0) >= 100 else 1).removesuffix(".0")


def counted(value: float) -> str:
    """Return a count as it is held against another one: whole where it is, else with up to two
    decimals, so that a target between two counts is not read as the next one.

    >>> counted(752.5), counted(753.0), counted(9030.0), counted(602.3333)
    ('752.5', '753', '9,030', '602.33')
    """
    text = number(value, 2)
    return text.rstrip("0").rstrip(".") if "." in text else text


_READ = 4
"""Digits that are shown whatever their places: an amount of so few was typed as it stands."""


def readable(value: float, digits: int = 2) -> float:
    """Return a number without the digits that nobody typed and nobody reads: one with more than
    four digits, and more decimals than it should have, is rounded to those, one below 1 to three
    digits.

    Args:
        value: the number.
        digits: decimals that it should have.

    >>> readable(1.64066462), readable(0.89490797), readable(34.1137), readable(0.0125)
    (1.64, 0.895, 34.11, 0.0125)
    """
    text = exact(abs(value)).replace(",", "")
    decimals = len(text.partition(".")[2])
    if decimals <= digits or len(text.replace(".", "").lstrip("0")) <= _READ:
        return value
    return float(f"{value:.3g}") if abs(value) < 1 else round(value, digits)


def figure(
    value: float | None,
    unit: str,
    currency: str,
    cost_currency: str,
    lang: Lang,
    toward: Direction = "near",
) -> str:
    """Return a figure of the model as text, by its unit.

    Args:
        value: in the unit of the figure, rates as fractions; None where there is none ("–").
        unit: of the figure: "money", "cost_money", "rate", "count", "months", "days" or "ratio".
        currency: ISO code of the amounts, "USD".
        cost_currency: ISO code of amounts that the seller bears in another currency.
    """
    none = _no_number(value)
    if value is None or none is not None:
        return none or NOTHING
    match unit:
        case "money":
            return money(value, currency, lang, toward)
        case "cost_money":
            return money(value, cost_currency, lang, toward)
        case "rate":
            return percent(value, 2 if abs(value) < 0.1 else 1, toward)
        case "count":
            return count(value)
        case "months":
            return say(
                lang, "unit.months", value=number(value, 0 if float(value).is_integer() else 1)
            )
        case "days":
            return say(lang, "unit.days", value=number(value))
        case _:
            return number(value, 0 if not value else 2 if abs(value) >= 1 else 4, toward)


def signed_percent(value: float, digits: int = 1) -> str:
    """Return a relative change with its sign.

    Args:
        value: a fraction, 0.05 for +5 %.
        digits: how many stand after the decimal point.

    >>> signed_percent(0.2), signed_percent(-0.193) == f"{MINUS}19.3%", signed_percent(0.2, 0)
    ('+20.0%', True, '+20%')
    """
    return f"{'+' if value >= 0 else ''}{percent(value, digits)}"


def promised(value: float) -> str:
    """Return a relative change that somebody typed, as a target or a promise: whole percent without
    a decimal, else one, or the two that it has.

    Args:
        value: a fraction, 0.05 for +5 %.

    >>> promised(0.4), promised(0.225), promised(0.2225), promised(-0.1) == f"{MINUS}10%"
    ('+40%', '+22.5%', '+22.25%', True)
    """
    least = next((n for n in (0, 1, 2) if abs(round(value * 100, n) - value * 100) < 1e-9), 1)
    return signed_percent(value, least)


def change(
    before: float | None,
    after: float | None,
    unit: str,
    currency: str,
    cost_currency: str,
    lang: Lang,
) -> str:
    """Return what came on top of a figure, with its sign, in the figure's unit; of rates the
    percentage points.

    Args:
        before: in the unit of the figure; None where there is none.
        after: in the same unit; None where there is none.
        unit: of the figure: "money", "cost_money", "rate", "count", "months", "days" or "ratio".
        currency: ISO code of the amounts, "USD".
        cost_currency: ISO code of amounts that the seller bears in another currency.

    >>> (
    ...     change(0.31, 0.359, "rate", "EUR", "CNY", "en"),
    ...     change(1.16, 1.5, "ratio", "EUR", "CNY", "en"),
    ...     change(5.0, 5.0, "money", "EUR", "CNY", "en"),
    ... )
    ('+4.9 pp', '+0.34', '–')
    """
    if (
        before is None
        or after is None
        or not math.isfinite(after - before)
        or abs(after - before) < _DUST
    ):
        return NOTHING
    gap = after - before
    if unit == "rate":
        text = say(lang, "unit.points", value=number(100 * gap, 2 if abs(gap) < 0.01 else 1))
    elif unit in ("money", "cost_money", "count", "months", "days"):
        text = figure(gap, unit, currency, cost_currency, lang)
    else:
        text = number(gap, 2)
    return f"+{text}" if gap > 0 else text


_DUST = 1e-12


def compact(value: float, currency: str, lang: Lang) -> str:
    """Return an amount without its minor unit where it is large, for labels with little room.

    Args:
        value: the amount.
        currency: ISO code of the amounts, "USD".
    """
    value, currency = value * rate_of(currency), str(currency)
    if not math.isfinite(value) or abs(value) < 1000 or get_currency_precision(currency) == 0:
        return money(value, currency, lang)
    return _amount(half_up(value, 0), 0, currency, lang)


def whole_money(value: float, currency: str, lang: Lang, toward: Direction = "near") -> str:
    """Return an amount without its minor unit: an estimate that is not known to the cent.

    Args:
        value: the amount.
        currency: ISO code of the amounts, "USD".

    >>> whole_money(12080.0, "EUR", "en")
    '€12,080'
    """
    return _amount(half_up(value * rate_of(currency), 0, toward), 0, currency, lang)


_WAN, _ROUGH, _FEW = 1e4, 3, 10.0


def rough(value: float | None, currency: str, lang: Lang) -> str:
    r"""Return an amount with three digits at most, for a sentence; in Chinese in 万 from there on.

    Args:
        value: the amount; None where there is none ("–").
        currency: ISO code of the amounts, "USD".

    >>> rough(1768.7, "EUR", "en"), rough(19234.0, "EUR", "zh"), rough(4.23, "EUR", "en")
    ('€1,770', '€1.92\xa0万', '€4.23')
    """
    none = _no_number(value)
    if value is None or none is not None:
        return none or NOTHING
    value, currency = value * rate_of(currency), str(currency)
    whole = math.floor(math.log10(abs(value))) if value else 0
    shown = float(half_up(value / 10.0 ** (whole - _ROUGH + 1), 0)) * 10.0 ** (whole - _ROUGH + 1)
    if lang == "zh" and abs(shown) >= _WAN:
        digits = max(0, _ROUGH - 1 - (whole - 4))
        part = f"{abs(shown) / _WAN:,.{digits}f}"
        part = part.rstrip("0").rstrip(".") if "." in part else part
        return f"{MINUS if value < 0 else ''}{_symbol(currency, lang)}{part}\u00a0万"
    if abs(shown) >= 10.0 ** (_ROUGH - 1):
        return whole_money(shown, currency, lang)
    return money(shown, currency, lang)


def orders(value: float | None) -> str:
    """Return a number of orders: whole from ten on.

    >>> orders(418.2), orders(99.0), orders(2.46)
    ('418', '99', '2.5')
    """
    return count(value) if value is None or abs(value) < _FEW else number(value)


def field(
    value: float | None,
    unit: Unit,
    currency: str,
    cost_currency: str,
    lang: Lang,
    toward: Direction = "near",
) -> str:
    """Return the value of a scenario field as text, by its declared unit.

    Args:
        value: as the field keeps it, rates as fractions; None where it is empty.
        currency: ISO code of the amounts, "USD".
        cost_currency: ISO code of amounts that the seller bears in another currency.
    """
    kinds = {
        Unit.MONEY: "money",
        Unit.COST_MONEY: "cost_money",
        Unit.RATE: "rate",
        Unit.COUNT: "count",
        Unit.MONTHS: "months",
        Unit.DAYS: "days",
    }
    return figure(value, kinds.get(unit, "ratio"), currency, cost_currency, lang, toward)


def month_name(month: int, lang: Lang) -> str:
    """Return the name of a calendar month.

    Args:
        month: 1 for January to 12.

    >>> month_name(1, "en"), month_name(1, "zh")
    ('January', '1月')
    """
    return str(
        get_month_names("wide" if lang == "en" else "abbreviated", locale=_locale(lang))[month]
    )


def currency_name(currency: str, lang: Lang) -> str:
    """Return the symbol of a currency, as amounts show it.

    Args:
        currency: ISO code of the amounts, "USD".
    """
    return _symbol(currency, lang)


@dataclass(frozen=True)
class Axis:
    """How a chart writes the numbers of an axis: `label` is an expression of Vega over
    `datum.value`.
    """

    label: str


_STEPS: dict[Lang, tuple[tuple[float, str], ...]] = {
    "en": ((1e9, "B"), (1e6, "M"), (1e3, "k")),
    "zh": ((1e8, "亿"), (1e4, "万")),
}


@cache
def axis(unit: str, currency: str, lang: Lang) -> Axis:
    """Return how an axis of a figure is written: money with its currency and a true minus, never
    "0k".

    Args:
        unit: of the figure: "money", "cost_money", "rate", "count", "months", "days" or "ratio".
        currency: ISO code of the amounts, "USD".

    >>> axis("rate", "EUR", "en").label
    "format(datum.value, '.3~%')"
    """
    if unit == "rate":
        return Axis("format(datum.value, '.3~%')")
    mark = _symbol(currency, lang) if unit in ("money", "cost_money") else ""
    amount = "format(abs(datum.value), ',.2~f')"
    for step, word in reversed(_STEPS[lang]):
        large = f"format(abs(datum.value) / {step:.0f}, ',.2~f') + '{word}'"
        amount = f"abs(datum.value) >= {step:.0f} ? {large} : {amount}"
    return Axis(f"(datum.value < 0 ? '{MINUS[0]}' : '') + '{mark}' + ({amount})")
