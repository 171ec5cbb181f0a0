"""Which levers on the cash have a clear effect, and with which to begin."""

from collections.abc import Sequence

from funnel_sim.decisions.cash.levers import CashLever
from funnel_sim.output.words.cash import lever_names
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
