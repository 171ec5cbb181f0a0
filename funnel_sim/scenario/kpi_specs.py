"""How the fields of KPIs and of a promise are declared: switches and counts."""

from funnel_sim.scenario.fields import Spec, Unit


def switch_spec(zh: str, en: str, help_zh: str, help_en: str) -> Spec:
    """Declare what is so or not.

    Args:
        zh: label in Chinese.
        en: label in English.
        help_zh: what stands under "?" in Chinese.
        help_en: the same in English.
    """
    return Spec(unit=Unit.TEXT, zh=zh, en=en, help_zh=help_zh, help_en=help_en)


def count_spec(zh: str, en: str, help_zh: str, help_en: str) -> Spec:
    """Declare how many of something there are, zero or more.

    Args:
        zh: label in Chinese.
        en: label in English.
        help_zh: what stands under "?" in Chinese.
        help_en: the same in English.
    """
    return Spec(unit=Unit.COUNT, at_least=0, zh=zh, en=en, help_zh=help_zh, help_en=help_en)
