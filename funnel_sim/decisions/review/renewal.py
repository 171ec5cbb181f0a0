"""Go on, renegotiate or leave? The options of the next term with the effect as it is now known,
from the store as it is now.

What the operator has brought so far is in the months since the mark. The store without it is those
months less the middle of what is believed of the effect (the sceptical effect moved by the months),
and staying brings that effect back, with all its uncertainty, from the first month on. Targets and
baselines stay those that were agreed. Read `renewal`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from funnel_sim.decisions.kpi.store_history import fit_funnel
from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.futures import QuoteFutures, outcomes
from funnel_sim.decisions.quote.outcome import Outcome
from funnel_sim.decisions.quote.store_alone import options_of
from funnel_sim.decisions.quote.worked_examples import agreed, share_baseline
from funnel_sim.decisions.review.bill import bill_of
from funnel_sim.decisions.review.effect import BAND, Effect, effect_of
from funnel_sim.decisions.review.next_term import GoingOn, going_on
from funnel_sim.decisions.review.next_worth import SalesAlone, WorthSteps, worth_steps
from funnel_sim.errors import InputError
from funnel_sim.scenario.fields import LONGEST_HORIZON
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quantity import Pert, Sample
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import month_name, month_number

ALONE = "alone"
"""What is best where no option gains."""
Advice = Literal["renew", "renegotiate", "leave"]
_DOMAIN = (-0.95, 8.9)
_OF_SALES = ("gmv", "orders", "visits", "carts", "units", "ad_sales", "refunds", "returned_orders")


@dataclass(frozen=True)
class NextTerm:
    """One option over the next term, money in the sales currency: the mean net gain against going
    on alone, its P10, P50 and P90 (`spread`), the probability that it is better, and what it costs.

    `promised` is the mean net gain if what was promised came true; None where nobody promises
    anything. `cost` is what the option costs over the term: the contract's fees and one's own
    costs (people, hours, tools); `better_free` the probability that it is better than alone if no
    fee had to be paid. `running` is how many months of the term it runs on average (a stop-loss or
    a notice ends it earlier, and what it then no longer costs counts as nothing), `lines` what each
    line of the contract comes to over the term on average.
    """

    option: Option
    gain: float
    better: float
    paid: float
    brought: float
    spread: tuple[float, float, float] = (0.0, 0.0, 0.0)
    promised: float | None = None
    cost: float = 0.0
    better_free: float = 1.0
    running: float = 0.0
    lines: Mapping[str, float] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Renewal:
    """The next term of `months`: each option, staying first; `effect` is what is known of it now.

    `advice` follows from staying: renew where it gains on average and is better than alone in half
    of the futures or more; renegotiate where a lower fee would; leave where it brings no more than
    nothing, or would not be better often enough to sign (`sign_odds`) even without any fee. `fee`
    is what staying costs a month on average, `worth` what it may cost at most before alone is as
    good. Where other options gain more, `best` names the one that gains most, "alone" where none
    gains.

    `billed` is what the contract came to a month so far, in its own currency; None where that is
    open, `billed_setup` how much of it was setup. `measured` is what staying would be worth a month
    if the effect as measured, not the smaller one that is believed, were the true one; None where
    no more than that was measured.

    `store` is the store of the next term without the operator, with the options; `staying` the
    contract as it would go on: what to ask for is a counter-offer to it there. `terms` are what of
    its clauses the next term still has (decisions/review/next_term.py), `steps` how `worth` comes
    about.
    """

    months: int
    effect: Effect
    options: tuple[NextTerm, ...]
    advice: Advice
    fee: float
    worth: float
    best: str
    billed: float | None
    measured: float | None
    store: Scenario = field(repr=False, compare=False)
    staying: Option = field(repr=False, compare=False)
    terms: GoingOn = field(repr=False, compare=False)
    steps: WorthSteps
    billed_setup: float = 0.0


def renewal(scenario: Scenario, option: Option, *, paths: int | None = None) -> Renewal:
    """Return whether an option is worth another term.

    The next term is the contract's renewal term; months are counted on from the contract's start,
    so setup, trial, instalments that fell before and KPI windows that ended are over, and a total
    maximum and a running share go on from where they are.

    Args:
        scenario: whose months since the mark are known.
        option: the contract that ends.
        paths: how many draws; the scenario's own where None.

    Raises:
        InputError: if there is no mark, or no month since it.
    """
    known = effect_of(scenario, option)
    term = min(option.renewal_months, LONGEST_HORIZON)
    belief = known.found.belief if known.found is not None else None
    next_term = going_on(scenario, option, _absolute(scenario), term)
    staying = next_term.option.but(
        delay=0,
        ramp=0.0,
        baseline=share_baseline(scenario, option) or option.baseline,
        effect=option.effect if belief is None else _sample(belief),
    )
    middle = 0.0 if belief is None else float(np.median(belief))
    after = () if known.ended is None else known.ended.after
    store = _without(scenario, middle, term, next_term.kpis, after)
    store = store.replace(
        {
            "options": [staying.model_dump(mode="json")]
            + [
                one.model_dump(mode="json")
                for one in scenario.options
                if one.id != option.id and one.compared
            ]
        }
    )
    every = [staying, *(one for one in options_of(store) if one.id != staying.id)]
    alone = SalesAlone(store)
    found = QuoteFutures(store, every, paths, once=True, watch=alone).outcomes(
        [Case(one) for one in every]
    )
    told = [one for one in every if one.paid and one.claimed is not None]
    kept = outcomes(store, [Case(one, "claimed") for one in told], paths=paths) if told else []
    promised = {
        one.id: float(np.asarray(case.gain).mean()) for one, case in zip(told, kept, strict=True)
    }
    rows = tuple(_row(one, promised) for one in found)
    first = rows[0]
    steps = worth_steps(scenario, found[0], alone, middle, term, after)
    worth = steps.worth
    billed, of_setup = _billed(scenario, option)
    return Renewal(
        term,
        known,
        rows,
        _advice(first, worth, store.comparison.sign_odds),
        steps.fee,
        worth,
        max(
            (one for one in rows if one.gain > 0), key=lambda one: one.gain, default=first
        ).option.id
        if any(one.gain > 0 for one in rows)
        else ALONE,
        billed,
        _if_measured(scenario, known, staying, next_term.kpis, paths),
        store,
        staying,
        next_term,
        steps,
        of_setup,
    )


def _advice(stays: NextTerm, worth: float, sign_odds: float) -> Advice:
    """Return what follows from staying; a lower fee is asked for only where without any fee the
    contract would be signed.
    """
    if stays.gain > 0 and stays.better >= 0.5:
        return "renew"
    return "leave" if worth <= 0 or stays.better_free < sign_odds else "renegotiate"


def next_quote(found: Renewal) -> Option:
    """Return the contract of the next term as a quote to go on from: what is known of the effect
    now stands in it as a range (P10, P50 and P90 of what is believed).

    Args:
        found: what is known of the next term.
    """
    known, names = found.effect.found, found.terms.names
    staying = found.staying.but(
        rewards=[one.but(kpi=names[one.kpi]) for one in found.staying.rewards],
        instalments=[
            one.but(kpi=names[one.kpi]) if one.kpi else one for one in found.staying.instalments
        ],
    )
    if known is None:
        return staying
    low, middle, high = (
        round(float(one), 3) for one in np.clip(np.quantile(known.belief, BAND), *_DOMAIN)
    )
    if not low < middle < high:
        return staying.but(effect=middle)
    return staying.but(effect=Pert(low=low, likely=middle, high=high, meaning="p80"))


@dataclass(frozen=True)
class AsQuote:
    """The contract as a new quote of the scenario at hand: what it costs a month in the sales
    currency, the mean net gain over so many `months`.
    """

    fee: float
    gain: float
    months: int


def as_quote(scenario: Scenario, found: Renewal, *, paths: int | None = None) -> AsQuote:
    """Return the contract of the next term as the page of quotes tells it: a new contract for the
    store of the plan as typed, not for the store of the months that came.

    Args:
        scenario: the store with its series of months.
        found: what is known of the next term.
        paths: how many draws; the scenario's own where None.
    """
    option = next_quote(found)
    store = scenario.replace({"options": [option.model_dump(mode="json")]})
    told = outcomes(store, [Case(option)], paths=paths)[0]
    months = scenario.plan.horizon_months
    paid = min(months, option.term) if option.renewal == "ends" else months
    fee, gain = (float(np.asarray(one).mean()) for one in (told.paid, told.gain))
    return AsQuote(fee / paid, gain, months)


def _sample(belief: Sequence[float] | np.ndarray) -> Sample:
    values = np.clip(np.asarray(belief, np.float64), *_DOMAIN)
    return Sample(values=[round(float(one), 5) for one in values])


def _row(found: Outcome, promised: Mapping[str, float]) -> NextTerm:
    gain = np.asarray(found.gain)
    low, middle, high = (float(one) for one in np.quantile(gain, BAND))
    return NextTerm(
        found.case.option,
        float(gain.mean()),
        float((gain > 0).mean()),
        float(np.asarray(found.paid).mean()),
        float(np.asarray(found.brought).mean()),
        (low, middle, high),
        promised.get(found.case.option.id),
        float(np.asarray(found.paid).mean() + np.asarray(found.own).mean()),
        float((gain + np.asarray(found.paid) > 0).mean()),
        float(np.asarray(found.last).mean()),
        {name: float(np.asarray(line).sum()) for name, line in found.lines.items()},
    )


def _absolute(scenario: Scenario) -> tuple[Kpi, ...]:
    """Return the KPIs with the targets that were agreed, as absolute figures."""
    return tuple(
        kpi.but(relative=False, target=agreed(scenario, kpi).target, baseline=None)
        for kpi in scenario.kpis
    )


def _billed(scenario: Scenario, option: Option) -> tuple[float | None, float]:
    """Return what a month of the contract came to on average, None where that is not known, and how
    much of it was setup.
    """
    try:
        found = bill_of(scenario, option)
    except InputError:
        return None, 0.0
    if found.total is None:
        return None, 0.0
    months = sum(found.running)
    setup = float(found.amount("setup", 1) or 0) if "setup" in found.lines else 0.0
    return float(found.total) / months, setup / months


def _if_measured(
    scenario: Scenario,
    known: Effect,
    staying: Option,
    kpis: Sequence[Kpi],
    paths: int | None,
) -> float | None:
    """Return what staying is worth a month where the effect is the one that was measured: the store
    alone is then the months less that effect.
    """
    if known.found is None:
        return None
    if known.found.whole[1] <= max(float(np.median(known.found.belief)), 0.0):
        return None
    middle = min(known.found.whole[1], _DOMAIN[1])
    after = () if known.ended is None else known.ended.after
    store = _without(scenario, middle, staying.term, kpis, after)
    option = staying.but(effect=middle)
    store = store.replace({"options": [option.model_dump(mode="json")]})
    found = outcomes(store, [Case(option)], paths=paths)[0]
    total = float(np.asarray(found.paid).mean() + np.asarray(found.gain).mean())
    return total / staying.term


def _without(
    scenario: Scenario, middle: float, term: int, kpis: Sequence[Kpi], after: Sequence[str]
) -> Scenario:
    """Return the store of the next term without the operator: its months since the mark less an
    effect (`middle`), but for those `after` the contract ended; the funnel fitted to them.
    """
    history = scenario.history
    names = history.names()
    since = set(history.engaged()) - set(after)
    shrink = 1.0 / (1.0 + max(middle, _DOMAIN[0]))
    changes: dict[str, object] = {}
    for name, values in history.figures().items():
        if name in _OF_SALES:
            changes[f"history.seen_{name}"] = [
                value * shrink if value is not None and month in since else value
                for month, value in zip(names, values, strict=True)
            ]
    moved = scenario.replace(
        changes
        | {
            "history.engagement_from": month_name(month_number(names[-1]) + 1),
            "kpis": [one.model_dump(mode="json") for one in kpis],
            "plan.horizon_months": term,
        }
    )
    try:
        return fit_funnel(moved)[0]
    except InputError:
        return moved
