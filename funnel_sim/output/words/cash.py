"""Cash in words: the answer in one sentence, its three figures, and what it rests on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from funnel_sim.chance.draws import Sources
from funnel_sim.chance.estimates import Figure
from funnel_sim.decisions.cash.answer import CashAnswer, as_planned, in_balance
from funnel_sim.decisions.cash.drive import NeedDrive
from funnel_sim.model.cash.cents import HALF_A_CENT, short
from funnel_sim.model.cash.days import CashDays
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import believed, margin_text, money_step, probability_text
from funnel_sim.output.words.joining import run_on
from funnel_sim.scenario.cash import neutral_terms
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

CashState = Literal["first", "good", "watch", "act"]
"""`first`: no opening cash is typed yet; `good`: it is enough; `watch`: it is not, yet either while
sales stay near the plan or with a probability that is called safe (`verdicts.safe`); `act`: it is
not even so."""
_AS_LIKELY_AS_NOT = 0.5
_TEN = 10.0


@dataclass(frozen=True)
class CashTile:
    """One figure of the head: its key, its name, its value, lines beside it, "bad" for a lack."""

    key: str
    name: str
    value: str
    more: tuple[str, ...]
    tone: str = ""


def money(found: Figure, currency: str, lang: Lang) -> str:
    """Return an amount with the digits that can be believed.

    Args:
        found: the amount, with its error.
        currency: ISO code of the amount, "USD".
        lang: language of the words.
    """
    return believed(found, "money", currency, currency, lang)


def enough(found: Figure, currency: str, lang: Lang) -> str:
    """Return an amount that is to be enough, rounded up to the digits that can be believed.

    Half a cent is no shortage, so that it does not lift the amount to the next digit.

    Args:
        found: the amount, with its error.
        currency: ISO code of the amount, "USD".
        lang: language of the words.

    Examples:
        >>> enough(Figure(27_065.36, 8.0, 16), "EUR", "en")
        '€27,100'
    """
    least = replace(found, value=found.value - HALF_A_CENT)
    return believed(least, "money", currency, currency, lang, "up")


def month_names(days: CashDays) -> list[str]:
    """Return the months of the plan.

    >>> import datetime as dt
    >>> month_names(CashDays(dt.date(2026, 12, 1), (31, 31), 2))
    ['2026-12', '2027-01']
    """
    return [days.date(int(day)).strftime("%Y-%m") for day in days.starts[: days.months]]


def cash_state(answer: CashAnswer) -> CashState:
    """Return how the cash stands."""
    if answer.capital.opening == 0:
        return "first"
    if answer.capital.more.value <= 0:
        return "good"
    if _only_growth_lacks(answer):
        return "watch"
    return "watch" if _safe(answer) else "act"


def _safe(answer: CashAnswer) -> bool:
    """Say whether the probability of staying at or above zero is one that is called safe."""
    return 1.0 - answer.below.value >= answer.futures.scenario.verdicts.safe


def _only_growth_lacks(answer: CashAnswer) -> bool:
    """Say whether the opening cash is enough while sales stay near the plan, and short of what
    strong growth needs.
    """
    drive, opening = answer.drive, answer.capital.opening
    if drive is None or drive.driver != "growth":
        return False
    return not bool(short(np.asarray(opening - drive.usual.value)))


def neutral(scenario: Scenario) -> bool:
    """Say whether no payment term is typed: all is paid on the day on which it is earned."""
    return neutral_terms(scenario.cash)


def _places(answer: CashAnswer, lang: Lang) -> dict[str, str]:
    code, at = answer.currency, answer.lowest.quantiles
    return {
        "needed": _needed(answer, lang),
        "opening": formats.whole_money(answer.capital.opening, code, lang),
        "more": _missing(answer, lang),
        "odds": probability_text(answer.below, answer.futures.plan.paths, lang),
        "median": money(at[0.50], code, lang),
        "low": money(at[0.05], code, lang),
        "date": answer.lowest_date.isoformat(),
        "level": formats.percent(answer.capital.level, 0),
        "months": str(answer.futures.days.months),
    } | _drive_places(answer, lang)


def _up(found: Figure) -> float:
    """Return an amount that is to be enough, as it is shown."""
    step = money_step(found)
    return math.ceil((found.value - HALF_A_CENT) / step) * step if step else 0.0


def _needed(answer: CashAnswer, lang: Lang) -> str:
    """Return the capital, rounded up; not above an opening cash that is enough."""
    capital, code = answer.capital, answer.currency
    if capital.more.value <= 0 and _up(capital.needed) > capital.opening > 0:
        return formats.whole_money(capital.opening, code, lang)
    return enough(capital.needed, code, lang)


def _missing(answer: CashAnswer, lang: Lang) -> str:
    """Return what is missing: the difference of the two amounts that stand beside it, as they are
    shown.
    """
    capital, code = answer.capital, answer.currency
    least = _up(capital.needed) - float(formats.half_up(capital.opening, 0))
    if capital.more.value <= 0 or least <= 0:
        return enough(capital.more, code, lang)
    return formats.whole_money(least, code, lang)


def in_both(amount: float, scenario: Scenario, code: str, lang: Lang) -> str:
    """Return an amount of the cost currency, with about what it is in the balance's currency beside
    it where that is another one.

    Args:
        amount: as it is typed [cost currency].
        scenario: the store and its plan.
        code: the currency of the balance.
        lang: language of the words.
    """
    typed = formats.whole_money(amount, scenario.cost_currency, lang)
    if code == scenario.cost_currency:
        return typed
    kept = formats.whole_money(in_balance(scenario, amount), code, lang)
    return say(lang, "shown.beside", typed=typed, shown=kept)


def _near_the_plan(drive: NeedDrive, answer: CashAnswer, lang: Lang) -> str:
    """Return what is enough while sales stay near the plan, rounded up; not above an opening cash
    that is enough for it, and not above the capital where it is no more: the digits that can be
    believed of either do not turn their order round.
    """
    capital, code, up = answer.capital, answer.currency, _up(drive.usual)
    if drive.usual.value <= capital.opening < up:
        return formats.whole_money(capital.opening, code, lang)
    if drive.usual.value <= capital.needed.value and up >= _up(capital.needed):
        return _needed(answer, lang)
    return enough(drive.usual, code, lang)


def _drive_places(answer: CashAnswer, lang: Lang) -> dict[str, str]:
    drive = answer.drive
    if drive is None:
        return {}
    (low, high), scenario = drive.between, answer.futures.scenario
    usual, ends = _near_the_plan(drive, answer, lang), {"from": _times(low), "to": _times(high)}
    less = drive.usual.value < answer.capital.needed.value and usual != _needed(answer, lang)
    return {
        "worst": formats.percent(1.0 - drive.level, 0),
        "times": _times(drive.sales),
        "earning": formats.percent(drive.earning, 0),
        "planned": "" if as_planned(scenario) == scenario else say(lang, "cash.drive_planned"),
        "usual": usual,
        "near": say(
            lang,
            f"cash.drive_near_{'less' if less else 'too'}",
            usual=usual,
            level=formats.percent(answer.capital.level, 0),
            **ends,
        ),
    }


def kept_elsewhere(scenario: Scenario, code: str, lang: Lang) -> str:
    """Return that the balance is in another currency than results are shown in, where costs are
    typed in the sales currency and nothing of the cash is at home; "" elsewhere.

    Args:
        scenario: the store and its plan, as typed.
        code: the currency of the balance.
    """
    if scenario.shown == code:
        return ""
    return say(lang, "cash.kept_elsewhere", balance=code, shown=str(scenario.shown))


def _times(ratio: float) -> str:
    """Return a ratio to the plan, with a digit more below ten."""
    return formats.number(ratio, 1 if ratio < _TEN else 0)


def cash_sentence(answer: CashAnswer, lang: Lang) -> str:
    """Return the answer in one sentence: what is needed on the first day, or whether what is there
    is enough; "without a quote" where a quote is priced.
    """
    state, places = cash_state(answer), _places(answer, lang)
    growth = answer.drive is not None and answer.drive.driver == "growth"
    if state == "first":
        if answer.capital.needed.value <= 0:
            key = "need_none"
        else:
            near = growth and places["usual"] != places["needed"]
            key = "need_growth" if near else "need"
    elif state != "good" and growth:
        key = "enough_growth" if _only_growth_lacks(answer) else "short_growth"
    else:
        key = f"enough_{'yes' if state == 'good' else 'no'}"
    told = say(lang, f"cash.{key}", **places)
    if not priced_quotes(answer.futures.scenario):
        return told
    return say(lang, "cash.without_quote", told=told)


def priced_quotes(scenario: Scenario) -> list[Option]:
    """Return the quotes of a scenario that name a fee: what the head of the cash leaves out.

    Args:
        scenario: the store and its plan, as typed.
    """
    return [one for one in scenario.options if one.kind == "quote" and one.priced]


def drive_sentence(answer: CashAnswer, lang: Lang) -> str | None:
    """Return what drives the capital, with what is enough while sales stay near the plan; None
    where nothing is needed or nothing is uncertain.
    """
    drive = answer.drive
    if drive is None or answer.capital.needed.value <= 0:
        return None
    return say(lang, f"cash.drive_{drive.driver}", **_places(answer, lang))


def opening_sentence(answer: CashAnswer, lang: Lang) -> str | None:
    """Return what the capital takes as there on the first day where it is not typed; None where no
    term is typed or all is.
    """
    scenario, taken = answer.futures.scenario, answer.taken
    if neutral(scenario):
        return None
    terms, told = scenario.cash, []
    if taken is not None:
        units = formats.number(taken.units)
        value = formats.whole_money(taken.value, answer.currency, lang)
        told.append(say(lang, "cash.opening_taken", units=units, value=value))
    open_then = (terms.opening_coming_units, terms.opening_receivable, terms.opening_payable)
    if not any(point_value(one) for one in open_then):
        told.append(say(lang, "cash.opening_nothing"))
    return run_on(told, lang) if told else None


def further_sentences(answer: CashAnswer, lang: Lang) -> list[str]:
    """Return what stands below the answer: the lowest point, the credit line, stock-outs, and what
    the scenario leaves open.
    """
    scenario, places = answer.futures.scenario, _places(answer, lang)
    first = cash_state(answer) == "first"
    told = []
    if answer.capital.needed.value > 0 or not first:
        told.append(say(lang, "cash.lowest_first" if first else "cash.lowest", **places))
    more = (drive_sentence(answer, lang), opening_sentence(answer, lang))
    told += [one for one in more if one is not None]
    limit = float(point_value(scenario.cash.credit_limit))
    if limit and not first:
        odds = probability_text(answer.overdrawn, answer.futures.plan.paths, lang)
        shown = in_both(limit, scenario, answer.currency, lang)
        told.append(say(lang, "cash.credit", limit=shown, odds=odds))
    if answer.stock_out.probability.value > 0:
        told.append(_stock_out(answer, lang))
    if neutral(scenario):
        told.append(say(lang, "cash.neutral"))
    elif Sources(scenario).certain:
        told.append(say(lang, "cash.certain"))
    return told


def _stock_out(answer: CashAnswer, lang: Lang) -> str:
    found = answer.stock_out
    return say(
        lang,
        "cash.stock_out",
        odds=probability_text(found.probability, answer.futures.plan.paths, lang),
        months=str(answer.futures.days.months),
        orders=believed(found.orders.centre, "count", "", "", lang),
        profit=money(found.profit.centre, answer.currency, lang),
    )


def back_by(months: Sequence[str], below: Sequence[float]) -> str | None:
    """Return the first month from which on a day below zero is less probable than not in every
    month; None where it is not so in the last month.

    Args:
        months: their names.
        below: the probability of a day below zero in each [fraction].

    Examples:
        >>> back_by(["2027-01", "2027-02", "2027-03"], [0.9, 0.4, 0.2])
        '2027-02'
        >>> back_by(["2027-01", "2027-02"], [0.1, 0.5]) is None
        True
    """
    late = [place for place, one in enumerate(below) if one >= _AS_LIKELY_AS_NOT]
    first = late[-1] + 1 if late else 0
    return months[first] if first < len(months) else None


def cash_tiles(answer: CashAnswer, lang: Lang) -> list[CashTile]:
    """Return the three figures of the head: the lowest balance with its day, the probability of
    less than zero, the working capital; without opening cash the capital comes first, and the third
    is from when on the business pays for itself.
    """
    places = _places(answer, lang)
    state, at = cash_state(answer), np.asarray(answer.lowest.quantiles[0.50].value)
    capital = CashTile(
        "capital",
        say(lang, "cash.tile_capital", **places),
        places["needed"],
        (
            say(lang, "cash.capital_margin", margin=_margin(answer.capital.needed, answer, lang)),
            _capital_beside(answer, state, lang),
        ),
    )
    lowest = CashTile(
        "lowest",
        say(lang, "cash.tile_lowest_first" if state == "first" else "cash.tile_lowest"),
        places["median"],
        (say(lang, "cash.around", **places), say(lang, "cash.worst", **places)),
        "" if state == "first" or not short(at) else "bad",
    )
    if state == "first":
        return [capital, lowest, _back(answer, lang)]
    return [lowest, _below(answer, places["odds"], lang), capital]


def _margin(found: Figure, answer: CashAnswer, lang: Lang) -> str:
    code = answer.currency
    return margin_text(found, "money", code, code, lang) or formats.NOTHING


def _capital_beside(answer: CashAnswer, state: CashState, lang: Lang) -> str:
    if state == "first":
        return say(lang, "cash.capital_first")
    key = "cash.capital_enough" if state == "good" else "cash.capital_missing"
    return say(lang, key, **_places(answer, lang))


def _below(answer: CashAnswer, odds: str, lang: Lang) -> CashTile:
    months = month_names(answer.futures.days)
    worst = int(np.argmax([one.value for one in answer.below_by_month]))
    found = answer.below_by_month[worst]
    most = probability_text(found, answer.futures.plan.paths, lang)
    more = [margin_text(answer.below, "rate", "", "", lang)]
    if found.value > 0:
        more.append(say(lang, "cash.worst_month", month=months[worst], odds=most))
    tone = "" if _safe(answer) else "bad"
    return CashTile(
        "below", say(lang, "cash.tile_below"), odds, tuple(one for one in more if one), tone
    )


def _back(answer: CashAnswer, lang: Lang) -> CashTile:
    months = month_names(answer.futures.days)
    by = back_by(months, [one.value for one in answer.below_by_month])
    value = say(lang, "cash.back_never") if by is None else by
    more = say(lang, "cash.back_never_more" if by is None else "cash.back_more")
    return CashTile("back", say(lang, "cash.tile_back"), value, (more,))


def method_sentence(answer: CashAnswer, lang: Lang) -> str:
    """Return how the figures were worked out."""
    found = answer.futures
    return say(
        lang,
        "cash.method",
        run=say(
            lang,
            "risk.run",
            paths=formats.number(found.plan.paths),
            seed=str(found.plan.seed),
            version=found.model_version,
            replicates=str(found.plan.replicates),
        ),
        currency=answer.currency,
        first=found.days.first.isoformat(),
    )
