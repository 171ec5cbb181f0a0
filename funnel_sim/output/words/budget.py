"""The best split of an ad budget in sentences and rows: what moves, what it brings, where the next
money goes, what goes first, what it rests on.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from funnel_sim.decisions.budget.answer import BudgetAnswer, BudgetLine, moves
from funnel_sim.decisions.budget.curves import ResponseCurve
from funnel_sim.decisions.budget.optimism import BudgetGain
from funnel_sim.decisions.budget.responses import GMV
from funnel_sim.decisions.customer.budgets import ads_bought
from funnel_sim.output.words import formats
from funnel_sim.output.words.figure_names import channel_name
from funnel_sim.output.words.joining import apart, listed
from funnel_sim.output.words.tables import Row
from funnel_sim.reference.budget_settings import budget_settings, response_prior
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_MOVES = 3
_SMALL = 0.005
"""Less than half a cent is nothing."""
LINES_TOLD = 40
"""Items that a table tells, those with the largest budgets first."""


@dataclass(frozen=True)
class BudgetNames:
    """What the items of an answer are called, by their names in it; what profit and GMV are shown
    in (the answer's own currency where None), and the channels whose ads have no budget of their
    own.
    """

    of: Mapping[str, str]
    shown: str | None = None
    left_out: tuple[str, ...] = ()

    def name(self, item: str) -> str:
        """Return what an item is called."""
        return self.of.get(item, item)


def names_of(scenario: Scenario, lang: Lang) -> BudgetNames:
    """Return what the ad channels of a scenario are called; of two alike each with its id.

    Args:
        scenario: the store.
        lang: "zh" or "en".
    """
    ids = [one.id for one in ads_bought(scenario)]
    words = {one: channel_name(scenario, one, lang) for one in ids}
    alike = {word for word in words.values() if list(words.values()).count(word) > 1}
    named = {one: f"{word} ({one})" if word in alike else word for one, word in words.items()}
    left = tuple(
        channel_name(scenario, one.id, lang)
        for one in scenario.channels
        if one.kind == "orders"
        and any(
            getattr(one, name) != 0
            for name in ("known_spend", "cost_per_order", "acos_rate", "tacos_rate")
        )
    )
    return BudgetNames(named, scenario.shown, left)


def budget_sentences(found: BudgetAnswer, names: BudgetNames, lang: Lang) -> list[str]:
    """Return the whole answer, the verdict first.

    Args:
        found: the answer.
        names: of its items.
        lang: "zh" or "en".
    """
    return [
        headline(found, names, lang),
        *move_sentences(found, names, lang),
        *chance_sentences(found, names, lang),
        *total_sentences(found, names, lang),
        *next_sentences(found, names, lang),
        *rest_sentences(found, names, lang),
    ]


def _money(found: BudgetAnswer, value: float, lang: Lang) -> str:
    """Return a budget, in the currency in which it is spent."""
    return formats.money(value, found.currency, lang)


def _earned(found: BudgetAnswer, names: BudgetNames, value: float, lang: Lang) -> str:
    """Return profit or GMV, in the currency in which results are shown."""
    return formats.whole_money(value, names.shown or found.currency, lang)


def headline(found: BudgetAnswer, names: BudgetNames, lang: Lang) -> str:
    """Return what the best split brings, in one sentence.

    Args:
        found: the answer.
        names: of its items.
        lang: "zh" or "en".
    """
    parts = {
        "total": _money(found, found.total, lang),
        "total_now": _money(found, found.total_now, lang),
        "profit": _earned(found, names, found.profit[1], lang),
        "profit_now": _earned(found, names, found.profit[0], lang),
        "gmv": _earned(found, names, found.gmv[1], lang),
        "gmv_now": _earned(found, names, found.gmv[0], lang),
    }
    goal = found.terms.budget_goal
    if goal == "gmv":
        floor = found.terms.profit_floor or 0.0
        parts["floor"] = _earned(found, names, floor, lang)
        return say(lang, "budget.head_gmv", **parts)
    if goal == "cheapest":
        parts["target"] = _earned(found, names, found.terms.gmv_target or 0.0, lang)
        return say(lang, "budget.head_cheapest", **parts)
    if abs(found.total - found.total_now) > _SMALL:
        return say(lang, "budget.head_other", **parts)
    if len(found.lines) == 1:
        return say(lang, "budget.head_one", **parts)
    if not any(abs(one.moved) > _SMALL for one in found.lines):
        return say(lang, "budget.head_same", **parts)
    parts["gain"] = _earned(found, names, found.gain, lang)
    return say(lang, "budget.head", **parts)


def move_sentences(found: BudgetAnswer, names: BudgetNames, lang: Lang) -> list[str]:
    """Return what moves from where to where, the largest amounts.

    Args:
        found: the answer.
        names: of its items.
        lang: "zh" or "en".
    """
    told = []
    every = [one for one in moves(found.lines) if one[2] > _SMALL]
    for of, to, amount in every[:_MOVES]:
        key = "more" if not of else "less" if not to else "move"
        told.append(
            say(
                lang,
                f"budget.{key}",
                of=names.name(of),
                to=names.name(to),
                amount=_money(found, amount, lang),
            )
        )
    if not told:
        return []
    rest = len(every) - len(told)
    key = "moves_more" if rest else "moves"
    return [say(lang, f"budget.{key}", moves=apart(told, lang), rest=rest)]


_WITHOUT = {
    "certain": "budget.no_chance_certain",
    "rows": "budget.no_chance_rows",
    "heavy": "budget.no_chance_heavy",
    "joined": "budget.no_chance_joined",
}


def chance_sentences(found: BudgetAnswer, names: BudgetNames, lang: Lang) -> list[str]:
    """Return how sure the gain is, and how much better the choice may look than it is.

    Args:
        found: the answer.
        names: of its items.
        lang: "zh" or "en".
    """
    gain = found.chance
    if gain is None:
        return [say(lang, _WITHOUT[found.without_chance])]
    promise = _promise_sentences(found, names, gain, lang)
    if not any(abs(one.moved) > _SMALL for one in found.lines):
        return promise
    told = [
        *promise,
        say(
            lang,
            f"budget.chance_{found.measure}",
            honest=_earned(found, names, gain.honest, lang),
            seen=_earned(found, names, gain.seen, lang),
            low=_earned(found, names, gain.low, lang),
            high=_earned(found, names, gain.high, lang),
            better=_share(gain.better, gain, lang),
        ),
    ]
    if found.terms.budget_goal == "profit":
        verdict = "worth" if gain.worth_taking else "worse" if gain.likely_worse else "not_worth"
        told.append(say(lang, f"budget.{verdict}", worse=_share(gain.worse, gain, lang)))
    if round(gain.optimism) > 0:
        optimism = _earned(found, names, gain.optimism, lang)
        # rounded as they are told: the reader compares the two
        whole = 0 < round(gain.seen) <= round(gain.optimism)
        key = "optimism_all" if whole else "optimism"
        seen = _earned(found, names, gain.seen, lang)
        told.append(say(lang, f"budget.{key}", optimism=optimism, seen=seen))
    return told


def _promise_sentences(
    found: BudgetAnswer, names: BudgetNames, gain: BudgetGain, lang: Lang
) -> list[str]:
    """Return how probably the split keeps what its goal promises; nothing where it promises
    none.
    """
    promise = gain.promise
    if promise is None:
        return []
    parts = {
        "least": _earned(found, names, promise.least, lang),
        "kept": _share(promise.kept, gain, lang),
        "low": _earned(found, names, promise.low, lang),
        "middle": _earned(found, names, promise.middle, lang),
        "high": _earned(found, names, promise.high, lang),
    }
    key = "promise_gmv" if promise.figure == GMV else "promise_profit"
    return [say(lang, f"budget.{key}", **parts)]


def _share(share: float, gain: BudgetGain, lang: Lang) -> str:
    """Return a probability, the share of the draws; none or all of them is said as a bound, below
    3/n or above 1 − 3/n.
    """
    few = 3 / gain.draws
    if share == 0:
        return say(lang, "risk.below", value=formats.percent(few, 0, "up"))
    if share == 1:
        return say(lang, "risk.above", value=formats.percent(1 - few, 0, "down"))
    return formats.percent(share, 0)


def total_sentences(found: BudgetAnswer, names: BudgetNames, lang: Lang) -> list[str]:
    """Return what the last money of the total brings, and which total earns most.

    Args:
        found: the answer.
        names: of its items.
        lang: "zh" or "en".
    """
    out = []
    if math.isfinite(found.price):
        amount = found.next_amount
        key = "price_loses" if found.price < 0 else "price"
        out.append(
            say(
                lang,
                f"budget.{key}",
                unit=_money(found, 1.0, lang),
                price=formats.money(abs(found.price), names.shown or found.currency, lang),
                amount=_money(found, amount, lang),
            )
        )
    peak = found.curve.peak
    if peak is None:
        end = formats.whole_money(_few_digits(float(found.curve.totals[-1])), found.currency, lang)
        out.append(say(lang, "budget.peak_beyond", total=end))
    else:
        out.append(
            say(
                lang,
                "budget.peak",
                total=formats.whole_money(peak, found.currency, lang),
                profit=_earned(found, names, found.curve.peak_profit, lang),
            )
        )
    return out


def _few_digits(value: float) -> float:
    """Return a total to three digits: where a curve happens to end is told as about so much."""
    return float(f"{value:.3g}")


def next_sentences(found: BudgetAnswer, names: BudgetNames, lang: Lang) -> list[str]:
    """Return where the next money goes, and what goes first when the budget shrinks by a third.

    Args:
        found: the answer.
        names: of its items.
        lang: "zh" or "en".
    """
    out = []
    amount = _money(found, found.next_amount, lang)
    gets = [one for one in found.lines if one.gets_next > _SMALL]
    if gets:
        gets.sort(key=lambda one: -one.gets_next)
        told = [
            say(
                lang,
                "budget.gets",
                name=names.name(one.name),
                amount=_money(found, one.gets_next, lang),
            )
            for one in gets[:_MOVES]
        ]
        out.append(say(lang, "budget.next", amount=amount, gets=listed(told, lang)))
        if len(found.lines) == 1 and found.lines[0].next_best < 0:
            loss = _earned(found, names, -found.lines[0].next_best, lang)
            out.append(say(lang, "budget.next_loses", loss=loss))
    if found.profit_cut is not None and len(found.lines) > 1:
        out.append(_cut_sentence(found, names, found.profit_cut, lang))
    return out


def _cut_sentence(found: BudgetAnswer, names: BudgetNames, profit: float, lang: Lang) -> str:
    """Return what each item gives up of the best split where its total shrinks by a third: amounts
    that add up to the cut, some of them more than before where bounds or steps make it so.
    """
    cuts = [(one, one.given_up) for one in found.lines if abs(one.given_up) > _SMALL]
    cuts.sort(key=lambda pair: -abs(pair[1]))
    told = [
        say(
            lang,
            "budget.cut_of" if less > 0 else "budget.cut_gets",
            name=names.name(one.name),
            amount=_money(found, abs(less), lang),
        )
        for one, less in cuts[:_MOVES]
    ]
    if rest := cuts[_MOVES:]:
        amount = sum(less for _, less in rest)
        key = "cut_rest" if amount >= 0 else "cut_rest_gets"
        told.append(
            say(lang, f"budget.{key}", count=len(rest), amount=_money(found, abs(amount), lang))
        )
    even = ""
    if found.profit_even is not None:
        even = _earned(found, names, found.profit_even, lang)
    return say(
        lang,
        f"budget.cut{'' if told else '_none'}{'' if even else '_only'}",
        before=_money(found, found.total, lang),
        less=_money(found, found.total - found.total_cut, lang),
        total=_money(found, found.total_cut, lang),
        cuts=listed(told, lang),
        profit=_earned(found, names, profit, lang),
        even=even,
    )


def rest_sentences(found: BudgetAnswer, names: BudgetNames, lang: Lang) -> list[str]:
    """Return what the answer rests on: assumed responses, budgets outside what was spent, ads
    without a budget of their own, and how the split was found.

    Args:
        found: the answer.
        names: of its items.
        lang: "zh" or "en".
    """
    out = []
    assumed = _listed(found, names, lang, [one for one in found.lines if one.assumed])
    if assumed:
        known = response_prior()
        out.append(
            say(
                lang,
                "budget.assumed",
                names=assumed,
                likely=formats.number(known.likely, 2),
                low=formats.number(known.low, 2),
                high=formats.number(known.high, 2),
            )
        )
    outside = _listed(found, names, lang, [one for one in found.lines if one.outside])
    if outside:
        out.append(say(lang, "budget.outside", names=outside))
    if names.left_out:
        out.append(say(lang, "budget.left_out", names=listed(names.left_out, lang)))
    if names.shown is not None and str(names.shown) != found.currency:
        parts = {"currency": found.currency, "shown": str(names.shown)}
        out.append(say(lang, "budget.currencies", **parts))
    return [*out, method_sentence(found, names, lang)]


def method_sentence(found: BudgetAnswer, names: BudgetNames, lang: Lang) -> str:
    """Return how the split was found, and whether it is proven to be the best.

    Args:
        found: the answer.
        names: of its items.
        lang: "zh" or "en".
    """
    if not found.additive:
        return say(lang, "budget.method_joined")
    bent = _listed(found, names, lang, [one for one in found.lines if not one.concave])
    if bent:
        return say(lang, "budget.method_grid", names=bent)
    if not found.proven:
        return say(lang, "budget.method_near")
    profit = found.terms.budget_goal == "profit"
    return say(lang, "budget.method" if profit else "budget.method_gmv")


def _listed(
    found: BudgetAnswer, names: BudgetNames, lang: Lang, lines: Sequence[BudgetLine]
) -> str:
    """Return the names of some items; only how many where they are many."""
    if len(lines) > 2 * _MOVES:
        told = [names.name(one.name) for one in lines[:_MOVES]]
        return say(lang, "budget.and_more", names=listed(told, lang), count=len(lines) - _MOVES)
    return listed([names.name(one.name) for one in lines], lang)


def line_heads(found: BudgetAnswer, lang: Lang) -> list[str]:
    """Return the heads of `line_rows`.

    Args:
        found: the answer.
        lang: "zh" or "en".
    """
    whole = found.next_amount.is_integer()
    show = formats.whole_money if whole else formats.exact_money
    amount = show(found.next_amount, found.currency, lang)
    keys = ("now", "best", "change", "next_now", "next_best", "gets", "cut")
    return [say(lang, f"budget.head_of_{key}", amount=amount) for key in keys]


def line_rows(found: BudgetAnswer, names: BudgetNames, lang: Lang) -> list[Row]:
    """Return each item: today's budget, the best one, the change; what the next amount brings
    beside either, how much of it is best given to it, and what it keeps where the total shrinks by
    a third.

    Args:
        found: the answer.
        names: of its items.
        lang: "zh" or "en".
    """
    lines = sorted(found.lines, key=lambda one: -max(one.now, one.best))
    return [
        Row(
            "",
            names.name(one.name),
            (
                _money(found, one.now, lang),
                _money(found, one.best, lang),
                changed(found, one.moved, lang),
                _earned(found, names, one.next_now, lang),
                _earned(found, names, one.next_best, lang),
                _or_dash(found, one.gets_next, lang),
                _or_dash(found, one.cut, lang),
            ),
        )
        for one in lines[:LINES_TOLD]
    ]


def _or_dash(found: BudgetAnswer, value: float, lang: Lang) -> str:
    return _money(found, value, lang) if math.isfinite(value) else formats.NOTHING


def changed(found: BudgetAnswer, moved: float, lang: Lang) -> str:
    """Return a change of a budget with its sign; nothing where it stays.

    Args:
        found: the answer.
        moved: the change [money].
        lang: "zh" or "en".
    """
    if abs(moved) <= _SMALL:
        return formats.NOTHING
    told = _money(found, moved, lang)
    return f"+{told}" if moved > 0 else told


def curve_sentences(curves: Sequence[ResponseCurve], lang: Lang) -> list[str]:
    """Return what stands above fitted curves, and what to be careful of.

    Args:
        curves: of a file's channels.
        lang: "zh" or "en".
    """
    known = response_prior()
    out = [
        say(
            lang,
            "budget.curves",
            likely=formats.number(known.likely, 2),
            low=formats.number(known.low, 2),
            high=formats.number(known.high, 2),
        )
    ]
    few = [one.channel.name for one in curves if not one.enough]
    if few:
        least = budget_settings().fewest_months
        out.append(say(lang, "budget.curves_few", names=listed(few, lang), least=least))
    odd = [one.channel.name for one in curves if one.enough and not 0 <= one.alone < 1]
    if odd:
        out.append(say(lang, "budget.curves_odd", names=listed(odd, lang)))
    return out


def curve_heads(lang: Lang) -> list[str]:
    """Return the heads of `curve_rows`."""
    keys = ("months", "spent", "elasticity", "interval", "twice", "learnt")
    return [say(lang, f"budget.head_of_{key}") for key in keys]


def curve_rows(curves: Sequence[ResponseCurve], lang: Lang) -> list[Row]:
    """Return each fitted channel: months, what was spent, the elasticity with its interval, what
    twice the budget brings, and how much the months say beside the prior.

    Args:
        curves: of a file's channels.
        lang: "zh" or "en".
    """
    return [
        Row(
            "",
            one.channel.name,
            (
                f"{one.months}",
                say(
                    lang,
                    "budget.from_to",
                    low=formats.number(one.seen[0]),
                    high=formats.number(one.seen[1]),
                ),
                formats.number(one.likely, 2),
                say(
                    lang,
                    "budget.from_to",
                    low=formats.number(one.low, 2),
                    high=formats.number(one.high, 2),
                ),
                f"× {formats.number(2 ** (1 - one.likely), 2)}",
                say(lang, "budget.prior_only")
                if not one.enough
                else formats.percent(one.from_data, 0),
            ),
        )
        for one in curves
    ]
