"""The whole answer about an ad budget: what moves from where to where, what it brings, where the
next money goes, what goes first when the budget shrinks, and how sure that is.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from funnel_sim.chance.heavy import heavy
from funnel_sim.chance.streams import SamplingPlan, plan_of
from funnel_sim.decisions.budget.goals import Bounds, Chosen, at, choose, weighed
from funnel_sim.decisions.budget.optimism import BudgetGain, gain_with_chance
from funnel_sim.decisions.budget.responses import (
    GMV,
    PROFIT,
    PortfolioResponses,
    Responses,
    ScenarioResponses,
    with_responses,
)
from funnel_sim.decisions.budget.split import CENTS, Split, filled
from funnel_sim.errors import InputError, refuse
from funnel_sim.model.arrays import Array
from funnel_sim.reference.budget_settings import BudgetSettings, budget_settings
from funnel_sim.scenario.budget import BudgetBound, BudgetTerms
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.scenario.scenario import Scenario

PATHS = 256
"""Draws of the interval: each has a best split of its own."""
MOST_ITEMS = 2_000
"""Channels, of all rows together, over which a total is split."""
_CURVE = 26
_ROUGHLY = (17, 2)
"""Points and rounds of the grid of a split of which only the profit is told: it is flat there."""
_APART = 1e-6
"""By this part may a whole split differ from the sum of its channels: rounding."""


@dataclass(frozen=True)
class BudgetLine:
    """One item, money of a month: what it spends `now` and in the `best` split, `cut` what it keeps
    of it where the total of that split shrinks by a third; `next_now` and `next_best` what the next
    amount brings it in profit beside today's and the best split, `gets_next` how much of that
    amount is best given to it. `assumed`: nobody typed its response; `outside`: the best split is
    outside what was spent; `concave`: it brings less the more it has.
    """

    name: str
    now: float
    best: float
    cut: float
    next_now: float
    next_best: float
    gets_next: float
    low: float
    high: float
    assumed: bool
    outside: bool
    concave: bool

    @property
    def moved(self) -> float:
        """What the best split adds to it, or takes away."""
        return self.best - self.now

    @property
    def given_up(self) -> float:
        """What it gives up of the best split where the total of that split shrinks by a third:
        over all items they add up to the cut; NaN where there is no such split.
        """
        return self.best - self.cut


@dataclass(frozen=True)
class BudgetCurve:
    """The best profit along the total, shape (totals,); `peak` the total at which it is highest,
    None where it still rises at the end of the curve; `peak_profit` the profit of the best split of
    that very total, NaN without one.
    """

    totals: Array
    profit: Array
    gmv: Array
    peak: float | None
    peak_profit: float


@dataclass(frozen=True)
class BudgetAnswer:
    """The best split of an ad budget; all money a month of the steady state, in `currency`.

    `total` what the best split spends; `profit` and `gmv` today and in the best split; `price` what
    the last unit of money brings in profit; `next_amount` the amount of "where does the next … go",
    as it was asked, else a round one; `total_cut` a total smaller by a third, in whole steps where
    amounts are, `profit_cut` the best profit at it (None where the bounds leave no such split),
    `profit_even` that of today's proportions at it (None where the bounds do not allow that).
    `proven`: no other split in these
    steps is better. `additive`: channels do not act on each other. `chance` None where nothing is
    drawn; `without_chance` why ("certain", "rows", "heavy", "joined").
    """

    terms: BudgetTerms
    currency: str
    total: float
    total_now: float
    profit: tuple[float, float]
    gmv: tuple[float, float]
    price: float
    next_amount: float
    lines: tuple[BudgetLine, ...]
    curve: BudgetCurve
    total_cut: float
    profit_cut: float | None
    profit_even: float | None
    proven: bool
    additive: bool
    chance: BudgetGain | None
    without_chance: str = ""

    @property
    def gain(self) -> float:
        """What the best split brings in profit against today's."""
        return self.profit[1] - self.profit[0]

    @property
    def gain_in_gmv(self) -> float:
        """What the best split brings in GMV against today's."""
        return self.gmv[1] - self.gmv[0]

    @property
    def measure(self) -> str:
        """In what the gain with its chance is told: "profit" or "gmv"."""
        return "profit" if self.terms.budget_goal == "profit" else "gmv"


def budget_answer(
    scenario: Scenario, *, paths: int = PATHS, seed: int | None = None
) -> BudgetAnswer:
    """Return the best split of a scenario's ad budget over its channels.

    Args:
        scenario: the store; its section `budget` says how much, what for, within which bounds.
        paths: how many draws.
        seed: of the draws; the scenario's own where None.

    Raises:
        InputError: no ads by click or impression, a bound for a channel that is not there, or a
            goal or bounds that leave no split.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> found = budget_answer(preset("amazon-de-kitchen").replace({"budget.budget_total": 900}))
        >>> found.total, [(one.name, one.now, one.best) for one in found.lines]
        (900.0, [('ads', 1300.0, 900.0)])
    """
    terms = scenario.budget
    store, assumed = with_responses(scenario, terms)
    responses = ScenarioResponses(store, assumed)
    plan = plan_of(paths, scenario.chance.seed if seed is None else seed)
    why = "heavy" if heavy(store, "profit", "steady") else ""
    with _in_words():
        return _answer(responses, terms, plan, why)


def portfolio_budget(
    portfolio: Portfolio, terms: BudgetTerms, *, paths: int = PATHS, seed: int = 1
) -> BudgetAnswer:
    """Return the best split of an ad budget over the rows of a portfolio and their channels.

    Args:
        portfolio: the rows.
        terms: how much, what for, within which bounds; amounts in the portfolio's currency, bounds
            by the names of the rows (with " / channel" where a row has several).
        paths: how many draws.
        seed: of the draws.

    Raises:
        InputError: as `budget_answer`.
    """
    responses = PortfolioResponses(portfolio, terms)
    why = "rows" if not responses.drawable else ""
    if not why and any(heavy(one, "profit", "steady") for one in responses.stores):
        why = "heavy"
    plan = plan_of(paths, seed)
    with _in_words():
        return _answer(responses, terms, plan, why)


def taken(scenario: Scenario, found: BudgetAnswer) -> Scenario:
    """Return a scenario with the best split as its channels' budgets.

    Where an assumed response stood in, it is written into the channel with the budget at which the
    price of its clicks holds: else that price would be taken to hold at the new budget, and the
    scenario would not earn what the answer says.

    Args:
        scenario: the store that was asked about.
        found: the answer.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen").replace({"budget.budget_total": 900.0})
        >>> made = taken(store, budget_answer(store))
        >>> made.channels[0].budget, made.channels[0].reference_budget, made.budget.budget_total
        (900.0, 1300.0, None)
    """
    best = {one.name: one.best for one in found.lines}
    made = spending(scenario, found.terms, best)
    return made.but(budget=found.terms.but(budget_total=None))


def spending(scenario: Scenario, terms: BudgetTerms, budgets: Mapping[str, float]) -> Scenario:
    """Return a scenario whose channels have other budgets, the assumed responses written in.

    Args:
        scenario: the store.
        terms: whether responses are assumed where none are typed.
        budgets: of its channels by id, a month [sales currency]; the others keep theirs.
    """
    filled_in = with_responses(scenario, terms)[0]
    return scenario.but(
        channels=[
            one.but(budget=budgets[one.id]) if one.id in budgets else one
            for one in filled_in.channels
        ]
    )


@contextmanager
def _in_words() -> Iterator[None]:
    """Have refusals name the field of the question in words."""
    try:
        yield
    except InputError as error:
        named = []
        for one in error.problems:
            spec = BudgetTerms.declared(one.where.removeprefix("budget."))
            named.append(replace(one, label=one.label or (None if spec is None else spec.label)))
        raise InputError(named) from None


def bounds_of(responses: Responses, terms: BudgetTerms) -> Bounds:
    """Return how far each item may go.

    Args:
        responses: of the items.
        terms: the bounds by name.

    Raises:
        InputError: if a bound is for an item that is not there.
    """
    names = responses.names
    unknown = [one.channel for one in terms.bounds if one.channel not in names]
    if unknown:
        known = ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
        raise refuse("budget.bounds", unknown[0], "budget_channel", known=known)
    found = [terms.bound(name) for name in names]
    low = np.array([one.low or 0.0 for one in found])
    high = np.array([math.inf if one.high is None else one.high for one in found])
    return Bounds(low, high)


_NAMED = 12


def _answer(responses: Responses, terms: BudgetTerms, plan: SamplingPlan, why: str) -> BudgetAnswer:
    if not responses.names:
        raise refuse("budget", None, "budgets_no_ads")
    if len(responses.names) > MOST_ITEMS:
        raise refuse("budget", f"{len(responses.names):,}", "budget_many", most=f"{MOST_ITEMS:,}")
    known = budget_settings()
    bounds = bounds_of(responses, terms)
    today = float(responses.now.sum())
    asked = today if terms.budget_total is None else terms.budget_total
    chosen = choose(responses, bounds, terms, asked)
    best = chosen.split.amounts
    pair = responses.together(np.stack([responses.now, best]))
    amount = terms.next_spend or next_amount(chosen.total or today or 1.0, terms.budget_step)
    now_next, best_next = _next(responses, responses.now, amount), _next(responses, best, amount)
    gets = _tried(responses, bounds, terms, chosen, chosen.total + amount)
    shrunk = smaller(chosen.total, known.cut, terms.budget_step)
    cut = _tried(responses, bounds, terms, chosen, shrunk)
    additive = _additive(responses, best, pair)
    lines = tuple(
        BudgetLine(
            name,
            float(responses.now[place]),
            float(best[place]),
            math.nan if cut is None else float(cut.amounts[place]),
            float(now_next[place]),
            float(best_next[place]),
            math.nan if gets is None else float(gets.amounts[place] - best[place]),
            float(bounds.low[place]),
            float(bounds.high[place]),
            bool(responses.assumed[place]),
            outside(float(best[place]), float(responses.now[place]), terms.bound(name), known),
            bool(chosen.split.concave[place]),
        )
        for place, name in enumerate(responses.names)
    )
    even = responses.now * (shrunk / today if today > 0 else 0.0)
    told = responses.together(np.stack([even if cut is None else cut.amounts, even]))[PROFIT]
    fits = today > 0 and bool(((even >= bounds.low) & (even <= bounds.high)).all())
    if not why and not responses.drawn:
        why = "certain"
    measure = PROFIT if terms.budget_goal == "profit" else GMV
    return BudgetAnswer(
        terms,
        responses.currency,
        chosen.total,
        today,
        (float(pair[PROFIT, 0]), float(pair[PROFIT, 1])),
        (float(pair[GMV, 0]), float(pair[GMV, 1])),
        _price(responses, best, bounds),
        amount,
        lines,
        _curve(responses, bounds, chosen.total, known),
        shrunk,
        None if cut is None else float(told[0]),
        float(told[1]) if fits else None,
        chosen.split.proven and additive,
        additive,
        None
        if why or not additive
        else gain_with_chance(
            responses, bounds, best, chosen.weight, plan, measure, _promised(terms)
        ),
        why or ("" if additive else "joined"),
    )


def next_amount(total: float, step: float | None = None) -> float:
    """Return the round amount of which "where does the next … go" is asked where no other is typed:
    the power of ten below a total, in whole steps.

    Args:
        total: of the best split [money].
        step: amounts are multiples of it [money]; None for cents.

    Returns:
        The amount [money].

    >>> next_amount(1300.0), next_amount(330.0), next_amount(8_800_000.0), next_amount(1300.0, 300)
    (1000.0, 100.0, 1000000.0, 900)
    """
    amount = float(10.0 ** math.floor(math.log10(max(total, 1.0))))
    return amount if step is None else max(1, round(amount / step)) * step


def smaller(total: float, share: float, step: float | None = None) -> float:
    """Return a total that is smaller by a share of it, the difference in whole steps, so that
    amounts that are multiples of a step stay so.

    Args:
        total: [money].
        share: that is taken away [fraction].
        step: amounts are multiples of it [money]; None for cents.

    Returns:
        The smaller total [money].

    >>> smaller(2500.0, 1 / 3), smaller(2500.0, 1 / 3, 50.0)
    (1666.67, 1650.0)
    """
    if step is None:
        return round(total * (1 - share) * CENTS) / CENTS
    steps = min(max(1, round(total * share / step)), math.floor(total / step))
    return round((total - steps * step) * CENTS) / CENTS


def _promised(terms: BudgetTerms) -> tuple[int, float] | None:
    """Return the figure that a goal promises, and how much of it at least; None where it promises
    none.
    """
    if terms.budget_goal == "cheapest" and terms.gmv_target is not None:
        return GMV, terms.gmv_target
    if terms.budget_goal == "gmv":
        return PROFIT, terms.profit_floor or 0.0
    return None


def _next(responses: Responses, split: Array, amount: float) -> Array:
    """Return what some money more brings each item in profit beside a split, shape (items,)."""
    points = np.stack([split, split + amount], axis=1)[:, None, :]
    profit = responses.along(points)[PROFIT, :, 0, :]
    return np.asarray(profit[:, 1] - profit[:, 0])


def _tried(
    responses: Responses, bounds: Bounds, terms: BudgetTerms, chosen: Chosen, total: float
) -> Split | None:
    """Return the best split of another total for the same goal; None where the bounds leave
    none.
    """
    try:
        return at(responses, bounds, terms, total, chosen.weight)
    except InputError:
        return None


def _additive(responses: Responses, best: Array, pair: Array) -> bool:
    """Say whether the whole split brings what its items bring one by one."""
    points = np.stack([responses.now, best], axis=1)[:, None, :]
    alone = responses.along(points)[:, :, 0, :]
    parts = (alone[:, :, 1] - alone[:, :, 0]).sum(axis=1)
    whole = pair[:, 1] - pair[:, 0]
    scale = np.maximum(np.abs(pair).max(axis=1), 1.0)
    return bool((np.abs(parts - whole) <= _APART * scale).all())


def _price(responses: Responses, best: Array, bounds: Bounds) -> float:
    """Return what the last unit of money of the split brings in profit: of the items that have room
    on both sides the middle one; NaN where none has.
    """
    free = (best > bounds.low) & (best < bounds.high)
    if not free.any():
        return math.nan
    small = np.maximum(best * _NEAR, 1.0 / CENTS)
    points = np.stack([np.maximum(best - small, 0.0), best + small], axis=1)
    profit = responses.along(points[:, None, :])[PROFIT, :, 0, :]
    slopes = (profit[:, 1] - profit[:, 0]) / (points[:, 1] - points[:, 0])
    return float(np.median(slopes[free]))


_NEAR = 1e-4


def _curve(
    responses: Responses, bounds: Bounds, total: float, known: BudgetSettings
) -> BudgetCurve:
    """Return the best profit along the total, within the bounds."""
    least, most = float(bounds.low.sum()), float(bounds.high.sum())
    today = float(responses.now.sum())
    end = min(most, max(total, today, least, 1.0) * known.curve_most)
    peak = _peak(responses, least, max(end, least), bounds)
    start = max(least, min(total, end if peak is None else peak) * known.curve_least)
    totals = np.unique(np.append(np.linspace(start, max(end, start), _CURVE), total))
    totals = totals[(totals >= start) & (totals <= max(end, start))]
    amounts = filled(weighed(responses, 1.0), bounds.low, bounds.high, totals, *_ROUGHLY)
    found = responses.together(amounts.T)
    most = math.nan
    if peak is not None:
        exact = filled(weighed(responses, 1.0), bounds.low, bounds.high, np.array([peak]))
        most = float(responses.together(exact.T)[PROFIT, 0])
    return BudgetCurve(totals, found[PROFIT], found[GMV], peak, most)


def _peak(responses: Responses, low: float, high: float, bounds: Bounds) -> float | None:
    """Return the total whose best split earns most; None where profit still rises at the end."""
    gains, first, last = weighed(responses, 1.0), low, high
    for closer in range(_CLOSER):
        share = np.linspace(0.0, 1.0, _CURVE)
        # at first far denser where totals are small: there profit bends most
        totals = first + (last - first) * (share if closer else share**_DENSER)
        amounts = filled(gains, bounds.low, bounds.high, totals, *_ROUGHLY)
        highest = int(responses.together(amounts.T)[PROFIT].argmax())
        if highest == totals.size - 1 and last == high:
            return None
        first = float(totals[max(0, highest - 1)])
        last = float(totals[min(totals.size - 1, highest + 1)])
    return float(totals[highest])


_CLOSER, _DENSER = 4, 6


def outside(best: float, now: float, seen: BudgetBound, known: BudgetSettings) -> bool:
    """Say whether a budget lies outside what the channel has spent: outside the months of its file,
    else below half or above twice of what it spends today.

    Args:
        best: the budget.
        now: what is spent today.
        seen: the least and the most of a month, where they are known.
        known: how far from today counts as seen.
    """
    low = known.seen_least * now if seen.seen_low is None else seen.seen_low
    high = known.seen_most * now if seen.seen_high is None else seen.seen_high
    return not low <= best <= high


def moves(lines: Sequence[BudgetLine]) -> list[tuple[str, str, float]]:
    """Return what moves from where to where, the largest amount first: (from, to, amount); what
    comes on top of today's total comes from "" and what is saved goes to "".

    Args:
        lines: of an answer.

    Examples:
        >>> def line(name, now, best):
        ...     return BudgetLine(name, now, best, 0, 0, 0, 0, 0, 0, False, False, True)
        >>> moves([line("a", 500.0, 200.0), line("b", 100.0, 350.0), line("c", 0.0, 50.0)])
        [('a', 'b', 250.0), ('a', 'c', 50.0)]
    """
    cents = {one.name: round(one.moved * CENTS) for one in lines}
    giving = sorted(((-moved, name) for name, moved in cents.items() if moved < 0), reverse=True)
    taking = sorted(((moved, name) for name, moved in cents.items() if moved > 0), reverse=True)
    apart = sum(cents.values())
    (giving if apart > 0 else taking).append((abs(apart), ""))
    out = []
    while giving and taking:
        (has, of), (wants, to) = giving.pop(0), taking.pop(0)
        amount = min(has, wants)
        if amount:
            out.append((of, to, amount / CENTS))
        if has > amount:
            giving.insert(0, (has - amount, of))
        if wants > amount:
            taking.insert(0, (wants - amount, to))
    return sorted(out, key=lambda one: -one[2])
