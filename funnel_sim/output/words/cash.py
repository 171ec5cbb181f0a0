"""Cash in words: the answer in one sentence, its three figures, months, flows, the way from profit
to cash.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from funnel_sim.chance.draws import Sources
from funnel_sim.chance.estimates import Figure
from funnel_sim.decisions.cash.answer import CashAnswer, as_planned
from funnel_sim.decisions.cash.cycle import CashCycle, CyclePart
from funnel_sim.decisions.cash.exposure import CashExposure
from funnel_sim.decisions.cash.growth import CashGrowth
from funnel_sim.decisions.cash.levers import CashLever
from funnel_sim.decisions.cash.quote_cash import QuoteCash
from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.bridge import ROWS
from funnel_sim.model.cash.cents import HALF_A_CENT, short
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.cash.run import KINDS
from funnel_sim.output.words import cash_answers, formats
from funnel_sim.output.words.chance import believed, margin_text, money_step, probability_text
from funnel_sim.output.words.joining import run_on
from funnel_sim.output.words.tables import Row
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
SIGNED = "bad"
"""The tone of a row of balances: each of its cells that is below zero is red, no other."""
_STARTS = ("opening", "profit")


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
        "more": enough(answer.capital.more, code, lang),
        "odds": probability_text(answer.below, answer.futures.plan.paths, lang),
        "median": money(at[0.50], code, lang),
        "low": money(at[0.05], code, lang),
        "date": answer.lowest_date.isoformat(),
        "level": formats.percent(answer.capital.level, 0),
        "months": str(answer.futures.days.months),
    } | _drive_places(answer, lang)


def _needed(answer: CashAnswer, lang: Lang) -> str:
    """Return the capital, rounded up; not above an opening cash that is enough."""
    capital, code = answer.capital, answer.currency
    step = money_step(capital.needed)
    up = math.ceil((capital.needed.value - HALF_A_CENT) / step) * step if step else 0.0
    if capital.more.value <= 0 and up > capital.opening > 0:
        return formats.whole_money(capital.opening, code, lang)
    return enough(capital.needed, code, lang)


def _drive_places(answer: CashAnswer, lang: Lang) -> dict[str, str]:
    drive = answer.drive
    if drive is None:
        return {}
    (low, high), scenario = drive.between, answer.futures.scenario
    return {
        "worst": formats.percent(1.0 - drive.level, 0),
        "times": _times(drive.sales),
        "earning": formats.percent(drive.earning, 0),
        "planned": "" if as_planned(scenario) == scenario else say(lang, "cash.drive_planned"),
        "usual": enough(drive.usual, answer.currency, lang),
        "from": _times(low),
        "to": _times(high),
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
            key = "need_growth" if growth else "need"
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
        shown = formats.whole_money(limit, scenario.cost_currency, lang)
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


# ---- months
# ----------------------------------------------------------------------------------------------


def month_heads(lang: Lang) -> list[str]:
    """Return the heads of `month_rows`."""
    return [
        say(lang, "cash.month"),
        *(say(lang, f"risk.{key}") for key in ("p5", "p50", "p95")),
        say(lang, "cash.below_in_month"),
    ]


def month_rows(answer: CashAnswer, ends: Array, lang: Lang) -> list[Row]:
    """Return a row a month: the balance at its end in three percentiles, the probability of a day
    below zero.

    Args:
        answer: the cash.
        ends: percentiles of the balance at each month's end, shape (P5 P50 P95, months).
    """
    rows = []
    for name, at, below in zip(
        month_names(answer.futures.days), ends.T, answer.below_by_month, strict=True
    ):
        cells = tuple(formats.whole_money(float(one), answer.currency, lang) for one in at)
        odds = probability_text(below, answer.futures.plan.paths, lang)
        rows.append(Row("", name, (*cells, odds), tone=SIGNED))
    return rows


# ---- what flows when
# -------------------------------------------------------------------------------------


def flow_kinds(flows: Mapping[str, Array]) -> list[str]:
    """Return the kinds of flow of which there is something.

    Args:
        flows: by kind, shape (months,).
    """
    return [kind for kind in KINDS if kind in flows and np.any(flows[kind] != 0)]


def kind_name(kind: str, lang: Lang) -> str:
    """Return the name of a kind of flow.

    Args:
        kind: one of `KINDS`.
        lang: language of the words.
    """
    return say(lang, f"cash.kind_{kind}")


def flow_rows(flows: Mapping[str, Array], ends: Array, lang: Lang) -> list[Row]:
    """Return the calendar of flows: a row a kind, a column a month, the sum and the balance last.

    Args:
        flows: by kind, shape (months,); above zero coming in.
        ends: the balance at the end of each month, shape (months,).
    """
    kinds = flow_kinds(flows)
    total = np.sum([flows[kind] for kind in kinds], axis=0) if kinds else np.zeros(ends.shape)

    def row(name: str, values: Array, sum_: bool, kind: str = "line") -> Row:
        whole = [_whole(float(one)) for one in values]
        last = formats.number(float(values.sum())) if sum_ else formats.NOTHING
        return Row("", name, (*whole, last), kind, "bad" if kind == "total" else "")

    return [
        *(row(kind_name(kind, lang), flows[kind], True) for kind in kinds),
        row(say(lang, "cash.net"), total, True, "total"),
        row(say(lang, "cash.end"), ends, False, "total"),
    ]


def _whole(amount: float) -> str:
    """Return an amount of a table that names its currency; a dash where nothing moves."""
    return formats.number(amount) if amount else formats.NOTHING


def flow_heads(days: CashDays, lang: Lang) -> list[str]:
    """Return the heads of `flow_rows`."""
    return ["", *month_names(days), say(lang, "cash.sum")]


def kind_meanings(lang: Lang) -> dict[str, str]:
    """Return what each kind of flow is, by its name."""
    return {kind_name(kind, lang): say(lang, f"cash.about_{kind}") for kind in KINDS}


# ---- from profit to cash
# ----------------------------------------------------------------------------------


def bridge_steps(rows: Mapping[str, Array], day: int) -> list[tuple[str, float]]:
    """Return the rows of the bridge of which there is something on a day, profit always.

    Args:
        rows: by name, shape (days,).
        day: counted from 0.
    """
    found = [(name, float(rows[name][day])) for name in ROWS if name in rows]
    return [(name, one) for name, one in found if name in _STARTS or abs(one) >= HALF_A_CENT]


def bridge_name(row: str, lang: Lang) -> str:
    """Return the name of a row of the bridge.

    Args:
        row: one of `bridge.ROWS`.
        lang: language of the words.
    """
    return say(lang, f"cash.bridge_{row}")


def bridge_rows(steps: list[tuple[str, float]], currency: str, lang: Lang) -> list[Row]:
    """Return the bridge as a table: each row with its amount and what it is, the balance last.

    Args:
        steps: as of `bridge_steps`.
        currency: of the balance.
        lang: language of the words.
    """
    rows = [
        Row(
            "",
            bridge_name(name, lang),
            (formats.money(one, currency, lang), say(lang, f"cash.why_{name}")),
        )
        for name, one in steps
    ]
    total = formats.money(sum(one for _, one in steps), currency, lang)
    return [
        *rows,
        Row("", say(lang, "cash.balance"), (total, say(lang, "cash.why_balance")), "total"),
    ]


def bridge_heads(lang: Lang) -> list[str]:
    """Return the heads of `bridge_rows`."""
    return ["", say(lang, "cash.amount"), say(lang, "cash.what_it_is")]


def bridge_sentence(steps: list[tuple[str, float]], currency: str, day: str, lang: Lang) -> str:
    """Return the bridge in a sentence: the profit, the balance, and the largest step between.

    Args:
        steps: as of `bridge_steps`.
        currency: of the balance.
        day: of the bridge, as text.
    """
    by = dict(steps)
    between = [one for one in steps if one[0] not in _STARTS]
    told = say(
        lang,
        "cash.bridge_told",
        day=day,
        profit=formats.whole_money(by.get("profit", 0.0), currency, lang),
        balance=formats.whole_money(sum(by.values()), currency, lang),
    )
    if not between:
        return told
    name, one = max(between, key=lambda step: abs(step[1]))
    largest = say(
        lang,
        "cash.bridge_most",
        name=bridge_name(name, lang),
        amount=formats.whole_money(one, currency, lang),
    )
    return run_on([told, largest], lang)


# ---- the cycle, levers, growth
# --------------------------------------------------------------------------------


def part_name(part: str, lang: Lang) -> str:
    """Return the name of a part of the cycle.

    Args:
        part: its key, such as "transit".
        lang: language of the words.
    """
    return say(lang, f"cash_answer.part_{part}")


def part_rows(cycle: CashCycle, lang: Lang) -> list[Row]:
    """Return the cycle as a table: each part in days, the three sums, the days that money is
    bound.
    """

    def parts(some: Sequence[CyclePart], sign: float) -> list[Row]:
        return [
            Row("", part_name(part.key, lang), (formats.number(sign * part.days, 1),))
            for part in some
            if part.days
        ]

    def total(key: str, days: float) -> Row:
        return Row("", say(lang, f"cash.{key}"), (formats.number(days, 1),), "total")

    return [
        *parts(cycle.inventory, 1.0),
        total("dio", cycle.dio),
        *parts(cycle.receivable, 1.0),
        total("dso", cycle.dso),
        *parts(cycle.payable, -1.0),
        total("dpo", -cycle.dpo),
        total("cycle_bound", cycle.days),
    ]


def ratio_sentence(cycle: CashCycle, lang: Lang) -> str:
    """Return the textbook ratios out of mean balances."""
    names = ("dio", "dso", "dpo")
    shown = {
        name: formats.NOTHING if one is None else formats.number(one, 0)
        for name, one in zip(names, cycle.ratios, strict=True)
    }
    return say(lang, "cash.ratios", **shown)


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


# ---- with a quote
# ----------------------------------------------------------------------------------------------


def quote_rows(found: QuoteCash, paths: int, lang: Lang) -> list[Row]:
    """Return the balance with the quote beside that without an agency.

    Args:
        found: the comparison.
        paths: how many futures.
        lang: language of the words.
    """
    code = found.currency

    def amounts(name: str, level: float) -> Row:
        one, other = found.lowest.quantiles[level], found.lowest_alone.quantiles[level]
        return Row("", name, (money(one, code, lang), money(other, code, lang)), tone=SIGNED)

    def odds(key: str, one: Figure, other: Figure) -> Row:
        cells = tuple(probability_text(each, paths, lang) for each in (one, other))
        return Row("", say(lang, key), cells)

    rows = [
        amounts(f"{say(lang, 'cash.quote_lowest')} ({say(lang, 'risk.p50')})", 0.50),
        amounts(f"{say(lang, 'cash.quote_lowest')} ({say(lang, 'risk.p5')})", 0.05),
        odds("cash.quote_below", found.below, found.below_alone),
    ]
    if found.stock_out.value or found.stock_out_alone.value:
        rows.append(odds("cash.quote_stock_out", found.stock_out, found.stock_out_alone))
    return rows


def quote_heads(lang: Lang) -> list[str]:
    """Return the heads of `quote_rows`."""
    return ["", say(lang, "cash.quote_with"), say(lang, "cash.quote_without")]


def fee_rows(found: QuoteCash, lang: Lang) -> list[Row]:
    """Return what the quote is paid, by month and kind: the day on which it is due first, the mean
    amount.
    """
    return [
        Row(
            "",
            say(lang, f"cash.fee_{fee.line}"),
            (
                found.days.date(fee.day).isoformat(),
                formats.money(fee.amount, found.fee_currency, lang),
            ),
        )
        for fee in found.fees
        if abs(fee.amount) >= HALF_A_CENT
    ]


def fee_heads(lang: Lang) -> list[str]:
    """Return the heads of `fee_rows`."""
    return [say(lang, f"cash.{key}") for key in ("fee_line", "fee_day", "amount")]


# ---- currencies
# ------------------------------------------------------------------------------------------------


def other_currency(found: CashExposure) -> str | None:
    """Return the currency that is not that of the balance; None where there is one only."""
    return next((one.currency for one in found.flows if one.currency != found.kept), None)


def exposure_sentence(found: CashExposure, lang: Lang) -> str:
    """Return how much of the other currency is bought or left over in the plan, and how much of it
    the exchange rate moves.
    """
    other = other_currency(found)
    if other is None:
        return say(lang, "cash.exposure_none", currency=found.kept)
    net, free = float(found.converted.sum()), float(found.open.sum())
    return say(
        lang,
        "cash.exposure_buys" if net < 0 else "cash.exposure_sells",
        amount=formats.whole_money(abs(net), other, lang),
        free=formats.whole_money(abs(free), other, lang),
        currency=found.kept,
    )


def exposure_rows(found: CashExposure, lang: Lang) -> list[Row]:
    """Return what comes in and goes out in each currency, in that currency, by month."""
    rows = []
    for one in found.flows:
        for key, values in (
            ("in", one.incoming),
            ("out", one.outgoing),
            ("left", one.net),
        ):
            cells = tuple(_whole(float(amount)) for amount in (*values, values.sum()))
            kind = "total" if key == "left" else "line"
            rows.append(
                Row("", say(lang, f"cash.exposure_{key}", currency=one.currency), cells, kind)
            )
    return rows
