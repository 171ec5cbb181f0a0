"""The answers on cash in sentences and rows: lowest balance, capital, cycle, levers, growth, what a
quote takes.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from funnel_sim.chance.estimates import Figure
from funnel_sim.decisions.cash.answer import ENOUGH, CashAnswer, as_planned
from funnel_sim.decisions.cash.cycle import CashCycle, CyclePart
from funnel_sim.decisions.cash.found import CashFound
from funnel_sim.decisions.cash.growth import CashGrowth
from funnel_sim.decisions.cash.levers import CashLever
from funnel_sim.decisions.cash.quote_cash import QuoteCash
from funnel_sim.decisions.kpi.draws import comes_back, established
from funnel_sim.model.cash.cents import HALF_A_CENT
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import believed, probability_text
from funnel_sim.output.words.joining import run_on
from funnel_sim.scenario.operator_effect import OperatorEffect
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
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
    # what is missing is the difference of the amounts beside it, as they are shown
    missing = math.ceil(capital.needed.value - HALF_A_CENT) - float(
        formats.half_up(capital.opening, 0)
    )
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
            more=_money(max(0.0, missing), code, lang),
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


def growth_sentence(growth: CashGrowth, currency: str, lang: Lang) -> str:
    """Return the fastest growth that the cash allows; slower than the plan, with what that changes
    of the profit, where the plan is too fast.

    Args:
        growth: what was tried.
        currency: of the balance.
        lang: language of the words.
    """
    level = formats.percent(growth.level, 0)
    if growth.rate is None:
        slowest = formats.percent(-growth.tried[0][0], 0)
        return say(lang, "cash_answer.growth_none", level=level, slowest=slowest)
    if growth.rate < 0:
        change = growth.profit
        value = 0.0 if change is None else change.value
        shown = "" if change is None else believed(change, "money", currency, currency, lang)
        return say(
            lang,
            f"cash_answer.growth_slower_{'costs' if value < 0 else 'brings'}",
            level=level,
            rate=formats.percent(-growth.rate),
            planned=formats.percent(growth.tried[-1][1].value),
            profit=formats.unsigned(shown),
        )
    key = "cash_answer.growth_open" if growth.open_end else "cash_answer.growth"
    return say(lang, key, level=level, rate=formats.percent(growth.rate))


def quote_cash_sentence(quote: QuoteCash, name: str, paths: int, lang: Lang) -> str:
    """Return what a quote does to the lowest balance, to the probability of less than zero and to
    the capital, with the same figures as the table beside it.

    Args:
        quote: its cash.
        name: what it is called.
        paths: how many futures.
        lang: language of the words.
    """
    code = quote.currency

    def amount(found: Figure) -> str:
        return believed(found, "money", code, code, lang)

    capital = quote.capital
    return say(
        lang,
        "cash_answer.quote_more" if capital.value > HALF_A_CENT else "cash_answer.quote_no_more",
        name=name,
        low=amount(quote.lowest.quantiles[0.50]),
        alone_low=amount(quote.lowest_alone.quantiles[0.50]),
        odds=probability_text(quote.below, paths, lang),
        alone=probability_text(quote.below_alone, paths, lang),
        capital=amount(capital),
        level=formats.percent(ENOUGH, 0),
    )


def quote_cash_title(quote: QuoteCash, name: str, paths: int, lang: Lang) -> str:
    """Return what a quote does to the cash in a line for a title.

    Args:
        quote: its cash.
        name: what it is called.
        paths: how many futures.
        lang: language of the words.
    """
    code = quote.currency
    return say(
        lang,
        "cash_answer.quote_title",
        name=name,
        low=believed(quote.lowest.quantiles[0.50], "money", code, code, lang),
        odds=probability_text(quote.below, paths, lang),
        alone=probability_text(quote.below_alone, paths, lang),
    )


def quote_apart_sentence(scenario: Scenario, lang: Lang) -> str:
    """Return why the store without a quote beside one is not that of the head; "" where it is
    the same one, with the same figures.

    Args:
        scenario: the store and its plan, as typed.
        lang: language of the words.
    """
    fixed = scenario.fixed
    has_agency = (
        scenario.effect != OperatorEffect()
        or point_value(fixed.operator_monthly) != 0
        or point_value(fixed.operator_rate) != 0
    )
    earlier = established(scenario) and not scenario.history.had_customers
    whys = {
        "agency": has_agency,
        "earlier": earlier and comes_back(scenario),
    }
    told = [say(lang, f"cash_answer.apart_{key}") for key, one in whys.items() if one]
    if not told:
        return ""
    return say(lang, "cash_answer.apart", why=say(lang, "risk.apart_list").join(told))


def quote_notes(scenario: Scenario, quote: QuoteCash, lang: Lang) -> list[str]:
    """Return what is to be known of a quote's cash: why its store alone is not that of the head,
    for which orders of goods the capital is told, and what the bill takes no notice of.

    Args:
        scenario: the store and its plan, as typed.
        quote: its cash.
        lang: language of the words.
    """
    out_of_stock = max(quote.stock_out.value, quote.stock_out_alone.value) > 0
    told = [
        quote_apart_sentence(scenario, lang),
        say(lang, "cash_answer.quote_planned") if as_planned(scenario) != scenario else "",
        say(lang, "cash_answer.quote_bill") if out_of_stock else "",
    ]
    return [one for one in told if one]


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
