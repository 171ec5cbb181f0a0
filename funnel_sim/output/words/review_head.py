"""The head of a review: its verdict in one sentence, and its three figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from funnel_sim.decisions.review.actuals import actual_ledger, lacking
from funnel_sim.decisions.review.bill import Bill
from funnel_sim.decisions.review.effect import Effect, Measured
from funnel_sim.decisions.review.leak import Leaks
from funnel_sim.decisions.review.periods import PeriodFigure, ReviewPeriod
from funnel_sim.decisions.review.reviewed import Reviewed, State
from funnel_sim.decisions.review.standing import Standing
from funnel_sim.output.words import formats
from funnel_sim.output.words.borrowed import cost_mark, marked_name
from funnel_sim.output.words.joining import apart, listed
from funnel_sim.output.words.review_leak import after_mark, step_name
from funnel_sim.output.words.settlement import lacking_name, pay
from funnel_sim.output.words.tones import Tone
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

STATE_TONES: dict[State, Tone] = {"act": "bad", "watch": "middle", "good": "good"}


@dataclass(frozen=True)
class Tile:
    """One figure of the head: what it is of ("profit", "effect", "owed"), its name, its value, and
    lines beside it.
    """

    key: str
    name: str
    value: str
    more: tuple[str, ...]


def span_of(period: ReviewPeriod, lang: Lang) -> str:
    """Return "month" or "quarter"."""
    return say(lang, "review.span_quarter" if "Q" in period.name else "review.span_month")


def change_text(now: float | None, then: float | None) -> str:
    """Return a change in percent; "" where it cannot be told (nothing known, or a figure then of
    zero or less).

    Args:
        now: the figure now, None where it is not known.
        then: the figure it is held against, in the same unit; None where it is not known.

    >>> change_text(110.0, 100.0), change_text(1.0, None), change_text(1.0, -5.0)
    ('+10.0%', '', '')
    """
    if now is None or then is None or then <= 0:
        return ""
    return formats.signed_percent(now / then - 1)


def _figure(figures: Sequence[PeriodFigure], key: str) -> PeriodFigure:
    return next(one for one in figures if one.key == key)


def review_sentence(
    period: ReviewPeriod,
    figures: Sequence[PeriodFigure],
    effect: Effect,
    found: Leaks | None,
    stand: Standing | None,
    scenario: Scenario,
    lang: Lang,
) -> str:
    """Return the verdict in one sentence: the profit and its change, whose doing, the largest leak,
    the KPIs.

    Args:
        figures: the period's figures, each with those before and a year ago.
        found: the steps of the funnel; None where they could not be looked at.
        stand: where the KPIs stand; None without a contract.
    """
    profit = _figure(figures, "profit")
    if profit.now is None:
        parts = [say(lang, "review.head_no_profit", period=period.name)]
    else:
        change = change_text(profit.now, profit.before)
        against = say(lang, "review.head_against", change=change, span=span_of(period, lang))
        parts = [
            say(
                lang,
                "review.head_profit",
                period=period.name,
                profit=formats.whole_money(profit.now, scenario.shown, lang),
                change=against if change else "",
                mark=marked_name("", profit.assumed, lang),
            )
        ]
    middle = "" if effect.found is None else formats.signed_percent(effect.found.whole[1])
    parts.append(say(lang, f"review.head_effect_{effect.verdict}", middle=middle))
    if found is not None and found.broken:
        worst = found.broken[0]
        name = step_name(worst.step, worst.channel, scenario, lang)
        if worst.money is None:
            parts.append(say(lang, "review.head_leak", step=name))
        else:
            amount = after_mark(
                formats.whole_money(worst.money, scenario.shown, lang),
                cost_mark(scenario, found.months, lang),
                lang,
            )
            parts.append(say(lang, "review.head_leak_money", step=name, amount=amount))
    elif found is not None and found.steps:
        parts.append(say(lang, "review.head_no_leak"))
    owed = [] if stand is None else [row for row in stand.rows if row.owed]
    if owed:
        bad = sum(row.health == "bad" for row in owed)
        parts.append(say(lang, "review.head_kpis", bad=bad, count=len(owed)))
    if stand is not None and stand.stop is not None and stand.stop.triggered is not None:
        parts.append(say(lang, "review.head_stop", month=stand.stop.triggered))
    return apart(parts, lang) + ("。" if lang == "zh" else ".")


def verdict_of(found: Reviewed, lang: Lang) -> str:
    """Return the verdict of a review in one sentence."""
    return review_sentence(
        found.period,
        found.figures,
        found.effect,
        found.leaks,
        found.standing,
        found.scenario,
        lang,
    )


def profit_tile(
    period: ReviewPeriod,
    figures: Sequence[PeriodFigure],
    scenario: Scenario,
    lang: Lang,
    bill: Bill | None = None,
) -> Tile:
    """Return the period's profit and GMV against the period before and the year before, and what
    the contract's bill leaves of the profit.

    Args:
        figures: the period's figures, profit and GMV among them.
        bill: the contract's bill up to the period's end; None without a contract.
    """
    profit, gmv = (_figure(figures, key) for key in ("profit", "gmv"))
    value = formats.NOTHING
    if profit.now is not None:
        value = formats.whole_money(profit.now, scenario.shown, lang)
    more = [_beside(profit, period, lang)]
    if profit.now is not None and bill is not None:
        fee = fee_of(bill, period.months)
        if fee:
            more.insert(
                0,
                say(
                    lang,
                    "review.tile_after_fee",
                    fee=formats.whole_money(fee, scenario.shown, lang),
                    left=formats.whole_money(profit.now - fee, scenario.shown, lang),
                ),
            )
    if profit.now is None:
        gone = lacking(actual_ledger(scenario, period.months), "profit")
        names = listed([say(lang, f"history.figure_{one}") for one in gone], lang)
        more.append(say(lang, "review.tile_unknown", figures=names))
    if gmv.now is not None:
        shown = formats.whole_money(gmv.now, scenario.shown, lang)
        head = say(lang, "review.tile_gmv", gmv=shown)
        beside = _beside(gmv, period, lang)
        more.append(f"{head}{'，' if lang == 'zh' else ', '}{beside}" if beside else head)
    name = say(lang, "review.tile_profit")
    if profit.now is not None:
        name = marked_name(name, profit.assumed, lang)
    return Tile("profit", name, value, tuple(one for one in more if one))


def _beside(one: PeriodFigure, period: ReviewPeriod, lang: Lang) -> str:
    parts = []
    if before := change_text(one.now, one.before):
        parts.append(say(lang, "review.tile_before", change=before, span=span_of(period, lang)))
    if year := change_text(one.now, one.year_ago):
        parts.append(say(lang, "review.tile_year", change=year))
    return ("，" if lang == "zh" else ", ").join(parts)


def effect_tile(effect: Effect, lang: Lang) -> Tile:
    """Return the effect with its 80 % interval, or that it cannot be told yet, and how many months
    that would need.
    """
    figure = say(lang, f"history.figure_{effect.figure}")
    name = say(lang, "review.tile_effect", figure=figure)
    one = effect.found
    if one is None or effect.verdict in ("few", "no_baseline", "no_months"):
        told = say(lang, f"review.effect_{effect.verdict}", figure=figure, months=effect.known)
        return Tile("effect", name, say(lang, "review.tile_untold"), (told,))
    low, middle, high = (formats.signed_percent(value) for value in one.whole)
    above = say(lang, "review.tile_above", chance=formats.percent(one.above_zero, 0))
    if effect.verdict == "not_yet":
        more = [
            say(lang, "review.tile_middle", low=low, middle=middle, high=high),
            _never(one, lang)
            if one.needed is None
            else say(lang, "review.tile_needed", months=one.needed),
            above,
            *_ads_taken_out(effect, lang),
        ]
        return Tile("effect", name, say(lang, "review.tile_not_yet"), tuple(more))
    interval = say(lang, "review.tile_interval", low=low, high=high)
    return Tile("effect", name, middle, (interval, above, *_ads_taken_out(effect, lang)))


def _ads_taken_out(effect: Effect, lang: Lang) -> tuple[str, ...]:
    """Return by which numbers another ad budget was taken out of the effect; nothing where none
    was.
    """
    ads = effect.ads
    if ads is None:
        return ()
    return (
        say(
            lang,
            f"review.tile_ads_{ads.source}",
            share=formats.percent(ads.share, 0),
            elasticity=formats.exact(ads.elasticity),
        ),
    )


def _never(one: Measured, lang: Lang) -> str:
    """Return that no more months would tell, and which effect they would."""
    if one.least is None:
        return say(lang, "review.tile_never_any")
    return say(lang, "review.tile_never", least=formats.signed_percent(one.least, 0))


def owed_tile(found: Bill | None, period: ReviewPeriod, lang: Lang) -> Tile:
    """Return what is still owed, with the total, what was paid and the period's own amount.

    Args:
        found: the contract's bill up to the period's end; None without a contract.
    """
    name = say(lang, "review.tile_owed")
    if found is None:
        return Tile("owed", name, formats.NOTHING, (say(lang, "review.tile_no_contract"),))
    balance = found.balance
    if balance is not None and balance < 0:
        name = say(lang, "review.tile_overpaid")
    value = say(lang, "review.tile_open") if balance is None else pay(abs(balance), found, lang)
    more = [
        say(
            lang,
            "review.tile_owed_more",
            total=pay(found.total, found, lang),
            paid=pay(found.settled, found, lang),
            due=pay(due_of(found, period.months), found, lang),
        )
    ]
    if found.lacks:
        names = listed([lacking_name(one, found, lang) for one in found.lacks], lang)
        more.append(say(lang, "review.tile_lacks", figures=names))
    return Tile("owed", name, value, tuple(more))


def due_of(found: Bill, months: Sequence[str]) -> Decimal | None:
    """Return what some months of a bill come to; None where one of them is open.

    Args:
        months: their names, such as "2026-03", all of them in the bill.
    """
    total = Decimal(0)
    for month in months:
        due = found.due(found.months.index(month) + 1)
        if due is None:
            return None
        total += due
    return total


def fee_of(found: Bill, months: Sequence[str]) -> float | None:
    """Return what some months of a bill come to in the sales currency, each at its own rate; None
    where one of them is open.

    Args:
        months: their names, such as "2026-03", all of them in the bill.
    """
    total = 0.0
    for month in months:
        place = found.months.index(month)
        due = found.due(place + 1)
        if due is None:
            return None
        total += float(due) / float(found.fx[place])
    return total


def tiles(found: Reviewed, lang: Lang) -> tuple[Tile, Tile, Tile]:
    """Return the three figures of a review."""
    return (
        profit_tile(found.period, found.figures, found.scenario, lang, found.bill),
        effect_tile(found.effect, lang),
        owed_tile(found.bill, found.period, lang),
    )
