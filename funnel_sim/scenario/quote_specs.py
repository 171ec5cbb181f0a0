"""How the fields of an option are declared: amounts, rates, months, texts."""

from typing import Any

from funnel_sim.scenario.fields import Spec, Unit
from funnel_sim.words import Words

LONGEST_TERM = 120


def money_spec(zh: str, en: str, help_zh: str = "", help_en: str = "") -> Spec:
    """Declare an amount in the contract's currency, zero or more.

    Args:
        zh: label in Chinese.
        en: label in English.
        help_zh: what stands under "?" in Chinese; empty where the label says it all.
        help_en: the same in English.
    """
    return Spec(
        unit=Unit.CONTRACT_MONEY, at_least=0, zh=zh, en=en, help_zh=help_zh, help_en=help_en
    )


def rate_spec(zh: str, en: str, help_zh: str = "", help_en: str = "", most: float = 1.0) -> Spec:
    """Declare a share [fraction], from zero to `most`.

    Args:
        zh: label in Chinese.
        en: label in English.
        help_zh: what stands under "?" in Chinese; empty where the label says it all.
        help_en: the same in English.
        most: the largest share that is accepted [fraction]; 1 is 100 %.
    """
    return Spec(
        unit=Unit.RATE, at_least=0, at_most=most, zh=zh, en=en, help_zh=help_zh, help_en=help_en
    )


def months_spec(
    zh: str, en: str, help_zh: str = "", help_en: str = "", least: int = 0, most: int = LONGEST_TERM
) -> Spec:
    """Declare a whole number of months, from `least` to `most`.

    Args:
        zh: label in Chinese.
        en: label in English.
        help_zh: what stands under "?" in Chinese; empty where the label says it all.
        help_en: the same in English.
        least: the smallest number that is accepted [months].
        most: the largest number that is accepted [months].
    """
    return Spec(
        unit=Unit.COUNT,
        at_least=least,
        at_most=most,
        zh=zh,
        en=en,
        help_zh=help_zh,
        help_en=help_en,
    )


def text_spec(
    zh: str, en: str, help_zh: str, help_en: str, choices: dict[Any, Words] | None = None
) -> Spec:
    """Declare a text, a choice or a switch.

    Args:
        zh: label in Chinese.
        en: label in English.
        help_zh: what stands under "?" in Chinese.
        help_en: the same in English.
        choices: the words of each value that may be chosen; None where any text may stand.
    """
    return Spec(
        unit=Unit.TEXT, zh=zh, en=en, help_zh=help_zh, help_en=help_en, choices=choices or {}
    )


def cost_spec(zh: str, en: str, help_zh: str, help_en: str) -> Spec:
    """Declare an amount in the currency of the client's own costs, zero or more.

    Args:
        zh: label in Chinese.
        en: label in English.
        help_zh: what stands under "?" in Chinese.
        help_en: the same in English.
    """
    return Spec(unit=Unit.COST_MONEY, at_least=0, zh=zh, en=en, help_zh=help_zh, help_en=help_en)


def scope_spec(zh: str, en: str, help_zh: str, help_en: str, most: int) -> Spec:
    """Declare how many of something a quote is to serve, one or more.

    Args:
        zh: label in Chinese.
        en: label in English.
        help_zh: what stands under "?" in Chinese.
        help_en: the same in English.
        most: the largest number that is accepted.
    """
    return Spec(
        unit=Unit.COUNT,
        at_least=1,
        at_most=most,
        zh=zh,
        en=en,
        help_zh=help_zh,
        help_en=help_en,
    )
