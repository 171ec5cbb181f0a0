"""How payment terms are declared: days, shares, amounts, choices."""

from funnel_sim.scenario.fields import Spec, Unit
from funnel_sim.words import Words

LONGEST_WAIT = 365
"""No payment is farther than this from what it is for [days]."""


def days_spec(zh: str, en: str, help_zh: str, help_en: str) -> Spec:
    """Declare a number of days, zero or more [days].

    Args:
        zh: label in Chinese.
        en: label in English.
        help_zh: what stands under "?" in Chinese.
        help_en: the same in English.
    """
    return Spec(
        unit=Unit.DAYS,
        at_least=0,
        at_most=LONGEST_WAIT,
        zh=zh,
        en=en,
        help_zh=help_zh,
        help_en=help_en,
    )


def share_spec(zh: str, en: str, help_zh: str, help_en: str) -> Spec:
    """Declare a share of something, from zero to one [fraction].

    Args:
        zh: label in Chinese.
        en: label in English.
        help_zh: what stands under "?" in Chinese.
        help_en: the same in English.
    """
    return Spec(
        unit=Unit.RATE,
        at_least=0,
        at_most=1,
        zh=zh,
        en=en,
        help_zh=help_zh,
        help_en=help_en,
    )


def amount_spec(unit: Unit, zh: str, en: str, help_zh: str, help_en: str) -> Spec:
    """Declare an amount or a number of units, zero or more.

    Args:
        unit: in which it is: one of the currencies, or units.
        zh: label in Chinese.
        en: label in English.
        help_zh: what stands under "?" in Chinese.
        help_en: the same in English.
    """
    return Spec(unit=unit, at_least=0, zh=zh, en=en, help_zh=help_zh, help_en=help_en)


def choice_spec(zh: str, en: str, help_zh: str, help_en: str, **choices: Words) -> Spec:
    """Declare a choice.

    Args:
        zh: label in Chinese.
        en: label in English.
        help_zh: what stands under "?" in Chinese.
        help_en: the same in English.
        **choices: the words of each value that may be chosen.
    """
    return Spec(
        unit=Unit.TEXT, zh=zh, en=en, help_zh=help_zh, help_en=help_en, choices=dict(choices)
    )
