"""The answers on cash in sentences and rows: lowest balance, capital, cycle, levers, growth, what a
quote takes.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from funnel_sim.chance.estimates import Figure
from funnel_sim.decisions.cash.answer import CashAnswer
from funnel_sim.decisions.cash.cycle import CashCycle, CyclePart
from funnel_sim.decisions.cash.found import CashFound
from funnel_sim.decisions.cash.growth import CashGrowth
from funnel_sim.decisions.cash.levers import CashLever
from funnel_sim.decisions.cash.quote_cash import QuoteCash
from funnel_sim.model.cash.cents import HALF_A_CENT
from funnel_sim.output.words import formats
from funnel_sim.output.words.joining import run_on
from funnel_sim.units import PERCENT
from funnel_sim.words import Lang, say


class CashRow(NamedTuple):
    """A row of a table: its name and its cells."""

    name: str
    cells: tuple[str, ...]


def _date(answer: CashAnswer) -> str:
    return answer.lowest_date.isoformat()


def _money(value: float, currency: str, lang: Lang) -> str:
    return formats.whole_money(value, currency, lang)


def enough_whole(value: float, currency: str, lang: Lang) -> str:
    """Return an amount that is to be enough, rounded up; half a cent is no shortage.

    Args:
        value: the amount.
        currency: ISO code of the amount, "USD".
        lang: language of the words.
    """
    return formats.whole_money(value - HALF_A_CENT, currency, lang, "up")


def _share(found: Figure) -> str:
    return formats.percent(found.value)


def balance_sentences(answer: CashAnswer, lang: Lang) -> list[str]:
    """Return how low the balance falls, how probably below zero, and which capital is enough."""
    code, capital = answer.currency, answer.capital
    needed = enough_whole(capital.needed.value, code, lang)
    if capital.more.value <= 0 and math.ceil(capital.needed.value - HALF_A_CENT) > capital.opening:
        needed = _money(capital.opening, code, lang)  # enough by less than a whole coin
    told = [
        say(
            lang,
            "cash_answer.lowest",
            median=_money(answer.lowest.quantiles[0.50].value, code, lang),
            low=_money(answer.lowest.quantiles[0.05].value, code, lang),
            date=_date(answer),
        ),
        say(
            lang,
            "cash_answer.below",
            odds=_share(answer.below),
            margin=formats.percent(answer.below.margin),
        ),
        say(
            lang,
            "cash_answer.capital_missing" if capital.more.value > 0 else "cash_answer.capital",
            level=formats.percent(capital.level, 0),
            needed=needed,
            opening=_money(capital.opening, code, lang),
            more=enough_whole(capital.more.value, code, lang),
        ),
    ]
    if answer.stock_out.probability.value > 0:
        told.append(
            say(
                lang,
                "cash_answer.stock_out",
                odds=_share(answer.stock_out.probability),
                months=str(answer.futures.days.months),
                lost=_money(answer.stock_out.profit.centre.value, code, lang),
            )
        )
    return told


def cycle_sentence(cycle: CashCycle, lang: Lang) -> str:
    """Return the cash conversion cycle with its three parts, and the days to money in the bank."""
    return run_on(
        [
            say(
                lang,
                "cash_answer.cycle",
                days=formats.number(cycle.days, 0),
                dio=formats.number(cycle.dio, 0),
                dso=formats.number(cycle.dso, 0),
                dpo=formats.number(cycle.dpo, 0),
            ),
            say(lang, "cash_answer.to_home", days=formats.number(cycle.days_to_home, 0)),
        ],
        lang,
    )


def cycle_rows(cycle: CashCycle, lang: Lang) -> list[CashRow]:
    """Return each part of the cycle in days; what suppliers wait for has a minus."""

    def rows(parts: Sequence[CyclePart], sign: float = 1.0) -> list[CashRow]:
        return [
            CashRow(
                say(lang, f"cash_answer.part_{part.key}"), (formats.number(sign * part.days, 1),)
            )
            for part in parts
            if part.days
        ]

    return [*rows(cycle.inventory), *rows(cycle.receivable), *rows(cycle.payable, -1.0)]


def lever_rows(found: Sequence[CashLever], currency: str, lang: Lang) -> list[CashRow]:
    """Return what each lever frees: capital, lowest balance, probability, profit.

    Args:
        found: the levers, in the order in which they are shown.
        currency: that of the balance.
    """
    return [
        CashRow(
            say(lang, f"cash_answer.lever_{one.key}", size=_size(one)),
            (
                _money(one.frees.value, currency, lang),
                _money(one.lowest.value, currency, lang),
                _points(one.below.value, lang),
                _money(one.profit.value, currency, lang),
            ),
        )
        for one in found
    ]


def _points(change: float, lang: Lang) -> str:
    """Return a change of a probability in percentage points, with its sign."""
    shown = formats.number(change * PERCENT, 1)
    return say(lang, "unit.points", value=f"{'+' if change > 0 else ''}{shown}")


def lever_heads(lang: Lang) -> list[str]:
    """Return the heads of `lever_rows`."""
    return [say(lang, f"cash_answer.head_{key}") for key in ("frees", "lowest", "below", "profit")]


def _size(lever: CashLever) -> str:
    """Return how much a lever changes: days, or per cent; those that halve say so themselves."""
    of_days = lever.key in ("payout", "supplier", "safety", "ads")
    value = abs(lever.size)
    return formats.number(value, 0) if of_days else formats.percent(value, 0)


def growth_sentence(growth: CashGrowth, lang: Lang) -> str:
    """Return the fastest growth that the cash allows."""
    level = formats.percent(growth.level, 0)
    if growth.rate is None:
        return say(lang, "cash_answer.growth_none", level=level)
    key = "cash_answer.growth_open" if growth.open_end else "cash_answer.growth"
    return say(lang, key, level=level, rate=formats.percent(growth.rate))


def quote_cash_sentence(quote: QuoteCash, name: str, lang: Lang) -> str:
    """Return what a quote does to the lowest balance and to the capital.

    Args:
        quote: its cash.
        name: what it is called.
        lang: language of the words.
    """
    code, risk = quote.currency, quote.at_risk.centre.value
    return say(
        lang,
        "cash_answer.quote_takes" if risk > 0 else "cash_answer.quote_gives",
        name=name,
        amount=_money(abs(risk), code, lang),
        odds=_share(quote.below),
        alone=_share(quote.below_alone),
        capital=_money(max(0.0, quote.capital.value), code, lang),
    )


def run_sentence(found: CashFound, lang: Lang) -> str:
    """Return how the futures were drawn."""
    futures = found.answer.futures
    return say(
        lang,
        "risk.run",
        paths=formats.number(futures.plan.paths),
        seed=str(futures.plan.seed),
        version=futures.model_version,
        replicates=str(futures.plan.replicates),
    )
