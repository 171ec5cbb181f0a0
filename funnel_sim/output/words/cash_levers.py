"""What frees cash, in words: the levers with their effect, with which to begin, and the growth that
the cash carries.
"""

from collections.abc import Sequence

from funnel_sim.chance.estimates import Figure
from funnel_sim.decisions.cash.growth import CashGrowth
from funnel_sim.decisions.cash.levers import CashLever
from funnel_sim.output.words import cash_answers, formats
from funnel_sim.output.words.cash import money
from funnel_sim.output.words.chance import margin_text, probability_text
from funnel_sim.output.words.tables import Row
from funnel_sim.words import Lang, say

_FIRST = 3
_CENT = 0.005


def clear(lever: CashLever) -> bool:
    """Say whether what a lever frees is more than its own 95 % interval of the simulation.

    Args:
        lever: the change of terms, with what it does.
    """
    return abs(lever.frees.value) > max(lever.frees.margin, _CENT)


def unclear_name(name: str, lang: Lang) -> str:
    """Return the name of a lever whose effect is within its error, with this said.

    Args:
        name: of the lever.
        lang: language of the words.
    """
    return say(lang, "cash.lever_unclear", name=name)


def free_of_profit(lever: CashLever) -> bool:
    """Say whether a lever lowers the profit by no more than its 95 % interval.

    Args:
        lever: the change of terms, with what it does.
    """
    return lever.profit.value >= -max(lever.profit.margin, _CENT)


def start_sentence(found: Sequence[CashLever], currency: str, lang: Lang) -> str:
    """Return with which levers to begin: of those that clearly free capital, those that cost no
    profit; else that every one of them costs profit; "" where none frees capital.

    Args:
        found: the levers, the one that frees most first.
        currency: of the balance.
        lang: language of the words.
    """
    names = dict(zip((one.key for one in found), lever_names(found, currency, lang), strict=True))
    able = [one for one in found if clear(one) and one.frees.value > 0]
    if not able:
        return say(lang, "cash.levers_none") if found else ""
    free = [names[one.key] for one in able if free_of_profit(one)][:_FIRST]
    if not free:
        return say(lang, "cash.levers_cost")
    return say(lang, "cash.levers_start", names=say(lang, "risk.apart_list").join(free))


def lever_names(found: Sequence[CashLever], currency: str, lang: Lang) -> list[str]:
    """Return what each lever changes.

    Args:
        found: the levers.
        currency: of the balance.
        lang: language of the words.
    """
    return [row.name for row in cash_answers.lever_rows(found, currency, lang)]


def lever_text(lever: CashLever, currency: str, lang: Lang) -> str:
    """Return what a lever frees, with half its 95 % interval.

    Args:
        lever: the change of terms, with what it does.
        currency: of the balance.
        lang: language of the words.
    """
    margin = margin_text(lever.frees, "money", currency, currency, lang)
    return f"{money(lever.frees, currency, lang)} {margin}".strip()


def lever_table(found: Sequence[CashLever], currency: str, lang: Lang) -> list[Row]:
    """Return a row a lever: capital freed, change of the lowest balance, of the probability of less
    than zero, of the profit.

    Args:
        found: the levers.
        currency: of the balance.
        lang: language of the words.
    """
    return [
        Row(
            "",
            name,
            (
                lever_text(one, currency, lang),
                _more(one.lowest, currency, lang),
                formats.change(0.0, one.below.value, "rate", "", "", lang),
                _more(one.profit, currency, lang),
            ),
        )
        for name, one in zip(lever_names(found, currency, lang), found, strict=True)
    ]


def _more(found: Figure, currency: str, lang: Lang) -> str:
    """Return a change of an amount with its sign."""
    text = money(found, currency, lang)
    return f"+{text}" if found.value > 0 else text


def growth_table(growth: CashGrowth, paths: int, lang: Lang) -> list[Row]:
    """Return each growth that was tried with the probability of staying at or above zero.

    Args:
        growth: what was tried.
        paths: how many futures.
        lang: language of the words.
    """
    return [
        Row("", formats.signed_percent(rate), (probability_text(found, paths, lang),))
        for rate, found in growth.tried
    ]


def growth_heads(lang: Lang) -> list[str]:
    """Return the heads of `growth_table`."""
    return [say(lang, "cash.growth_rate"), say(lang, "cash.growth_stays")]
