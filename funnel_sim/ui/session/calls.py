"""The core, remembered for the screen: one scenario's figures are computed once, not once a widget.

The key is the scenario's own text, so nothing else can get in; what is kept is bounded, holds
aggregates only, and belongs to one tab (remembered.py).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from funnel_sim.chance.drivers import Drivers, drivers
from funnel_sim.chance.estimates import (
    Bars,
    Estimate,
    Figure,
    bars_of,
    estimate,
    monthly_quantiles,
    percentiles,
    probability,
)
from funnel_sim.chance.heavy import heavy, without_means
from funnel_sim.chance.hedging import Hedging, hedging
from funnel_sim.chance.left_out import LeftOut, left_out
from funnel_sim.chance.simulation import Simulation, simulate
from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.context import Context, without_targets
from funnel_sim.decisions.conversion_test.arms import Arm, StoreTerms
from funnel_sim.decisions.conversion_test.compare import RateComparison, compare_rates
from funnel_sim.decisions.conversion_test.trial import Trial, even_lifts, plan_trial
from funnel_sim.decisions.customer.budget_curve import Budget, budget_curve
from funnel_sim.decisions.customer.contribution import Contribution, contribution
from funnel_sim.decisions.customer.worth import Worth, customer_worth
from funnel_sim.decisions.economics import whose
from funnel_sim.decisions.economics.assumed_orders import AssumedOrders, assumed_orders
from funnel_sim.decisions.economics.best_price import BestPrice, Held, best_price, held_at
from funnel_sim.decisions.economics.grid import LeverGrid, two_way
from funnel_sim.decisions.economics.targets import LeverAnswer, answers
from funnel_sim.decisions.kpi.check import KpiCheck, check
from funnel_sim.decisions.kpi.definitions import Definition, definitions
from funnel_sim.decisions.kpi.levers import LeverNeeded, Shared, needed, shared_gap
from funnel_sim.decisions.kpi.path import Path, growth_path
from funnel_sim.decisions.kpi.pulls import Pull, pulls
from funnel_sim.decisions.kpi.review import Remark, remarks
from funnel_sim.decisions.quote.answer import Answers, JudgedOptions, compare
from funnel_sim.decisions.quote.changes import (
    ContractChange,
    Offer,
    beside_quote,
    priced,
    worth_of_move,
)
from funnel_sim.decisions.quote.clause_prices import (
    ClausePrice,
    StopLossEffect,
    prices,
    stop_losses,
)
from funnel_sim.decisions.quote.contract_check.check import check_contract
from funnel_sim.decisions.quote.contract_check.findings import ContractCheck
from funnel_sim.decisions.quote.counter_offer import CounterOffer, counter_offer
from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.futures import outcomes
from funnel_sim.decisions.quote.incentives import Incentives, incentives
from funnel_sim.decisions.quote.instead import OwnBudget, own_budget
from funnel_sim.decisions.quote.measure_first import MeasureFirst, measure_first
from funnel_sim.decisions.quote.moves import lowered
from funnel_sim.decisions.quote.no_mean import mean_or_median
from funnel_sim.decisions.quote.our_offer import OurOffer, our_offer
from funnel_sim.decisions.quote.store_alone import option_of, without_operator
from funnel_sim.decisions.review.bill import Bill, bill_of
from funnel_sim.decisions.review.otherwise import Otherwise, otherwise
from funnel_sim.decisions.review.providers import Provider, provider
from funnel_sim.decisions.review.quarrels import quarrels
from funnel_sim.decisions.review.renewal import AsQuote, Renewal, as_quote, renewal
from funnel_sim.model.arrays import Array
from funnel_sim.model.bases import is_money
from funnel_sim.model.economics import Result, evaluate
from funnel_sim.model.periods import Whole
from funnel_sim.reference.rate_settings import Settings
from funnel_sim.scenario.own_numbers import Own
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.remembered import keep, remembered, shelf


@remembered(8)
def customers_of(scenario: Scenario) -> tuple[Worth, Contribution | None, Budget | None]:
    """Return CAC against LTV, the way to payback, and the budget curve."""
    found = customer_worth(scenario, LIVE)
    return (
        replace(found, simulation=replace(found.simulation, drawn={})),
        contribution(scenario),
        budget_curve(scenario),
    )


@remembered(8)
def hedging_of(scenario: Scenario) -> Hedging:
    """Return what the exchange rate does to the profit at home, and what locking it changes."""
    return hedging(scenario, LIVE)


@remembered(8)
def rates_of(a: Arm, b: Arm, store: StoreTerms, chosen: Settings) -> RateComparison:
    """Return the comparison of two conversion rates."""
    return compare_rates(a, b, store, chosen)


@remembered(8)
def trial_of(
    base: float, store: StoreTerms, chosen: Settings, belief: tuple[float, float] | None
) -> Trial:
    """Return the plan of a test; `belief` is a range of relative differences, or the sceptical one
    where none is given.

    Args:
        base: the rate of version A [fraction].
    """
    return plan_trial(base, store, chosen, None if belief is None else even_lifts(*belief))


@remembered(8)
def result_of(scenario: Scenario) -> Result:
    """Return every figure of a scenario."""
    return evaluate(scenario)


@remembered(8)
def assumed_of(scenario: Scenario) -> AssumedOrders:
    """Return the orders of a scenario that nobody named."""
    return assumed_orders(scenario)


@remembered(8)
def not_typed(scenario: Scenario) -> dict[str, Literal["funnel", "split"]]:
    """Return which numbers of typed orders nobody typed, and where they come from."""
    return whose.not_typed(scenario)


@remembered(8)
def own_of(scenario: Scenario) -> Own:
    """Return which of a scenario's numbers are the reader's own."""
    return whose.own_of(scenario)


@remembered(8)
def own_of_cash(scenario: Scenario) -> Own:
    """Return which of the numbers behind an answer on cash are the reader's own."""
    return whose.own_of_cash(scenario)


@remembered(8)
def own_of_kpis(scenario: Scenario) -> Own:
    """Return which of the numbers behind the verdict on KPIs are the reader's own."""
    return whose.own_of_kpis(scenario)


@remembered(8)
def own_of_quote(scenario: Scenario) -> Own:
    """Return which of the numbers behind the verdict on a quote are the reader's own."""
    return whose.own_of_quote(scenario)


@remembered(8)
def own_of_verdicts(scenario: Scenario) -> Own:
    """Return which of the numbers behind the verdicts of a link's page are the reader's own."""
    return whose.own_of_verdicts(scenario)


@remembered(8)
def share_assumed(scenario: Scenario) -> bool:
    """Say whether nobody typed which share of the typed orders ads bring."""
    return whose.share_assumed(scenario)


@remembered(8)
def example_share(scenario: Scenario) -> float:
    """Return which share of a month's orders ads bring in the scenario's example [fraction]."""
    return whose.example_share(scenario)


@remembered(8)
def answers_of(scenario: Scenario, metric: str, target: float, over: Whole) -> list[LeverAnswer]:
    """Return what every lever must be for a metric to reach a target.

    Args:
        metric: the figure's key, "profit" or "roas@sales=all".
        target: in the unit of the metric, rates as fractions.
    """
    return answers(scenario, metric=metric, target=target, over=over)


@remembered(8)
def price_of(scenario: Scenario) -> BestPrice:
    """Return what the price brings, and the one that brings most."""
    return best_price(scenario)


@remembered(8)
def held_of(scenario: Scenario, price: float) -> Held:
    """Return what a new price takes.

    Args:
        price: in the sales currency.
    """
    return held_at(scenario, [price])[0]


@remembered(8)
def grid_of(scenario: Scenario, across: str, up: str) -> LeverGrid:
    """Return the profit over two levers.

    Args:
        across: path of the lever along the width.
        up: path of the lever along the height.
    """
    return two_way(scenario, across, up)


@dataclass(frozen=True)
class Distribution:
    """What the Risk page shows of a simulation: no paths, only what was made of them; `at` the
    percentiles of WHOLE_LEVELS.
    """

    run: Simulation
    estimate: Estimate
    bars: Bars | None
    by_month: Array
    at: tuple[Figure, ...] = ()


_KEPT = 16
WHOLE_LEVELS = tuple(level / 100 for level in range(1, 100))
"""Percentiles that are kept with the odds, so that any of them can be asked for without simulating
again.
"""


def distribution_of(
    scenario: Scenario,
    metric: str,
    threshold: float | None,
    paths: int,
    progress: Callable[[float], None] | None = None,
) -> Distribution:
    """Return the odds of a figure; many paths are simulated only when `progress` is there to say
    so, else live ones stand in.

    Args:
        metric: the figure's key, "profit" or "roas@sales=all".
        threshold: what the figure has to reach; None where nothing is asked.
        paths: how many futures.
    """
    text = scenario.model_dump_json()
    known: Distribution | None = shelf("odds").get((text, metric, paths))
    if known is not None:
        return known
    if paths > LIVE and progress is None:
        return distribution_of(scenario, metric, threshold, LIVE)
    simulation = simulate(scenario, [metric], month=[metric], paths=paths, progress=progress)
    values = simulation.of(metric)
    fine = values[np.isfinite(values)]
    bars = bars_of(np.sort(fine), threshold) if fine.size else None
    months = monthly_quantiles(simulation.of(metric, "month"))
    at = tuple(percentiles(values, WHOLE_LEVELS, simulation.plan.replicates))
    found = Distribution(
        replace(simulation, drawn={}), simulation.estimate(metric), bars, months, at
    )
    keep("odds", (text, metric, paths), found, _KEPT)
    return found


@remembered(8)
def left_out_of(scenario: Scenario) -> tuple[LeftOut, ...]:
    """Return the decisive inputs that have no range."""
    return left_out(scenario)


@remembered(8)
def drivers_of(scenario: Scenario, metric: str, threshold: float, also: tuple[str, ...]) -> Drivers:
    """Return what drives a figure.

    Args:
        metric: the figure's key, "profit" or "roas@sales=all".
        threshold: what the figure has to reach, in its unit.
        also: paths of inputs that are looked at in any case.
    """
    found = drivers(scenario, metric, threshold=threshold, also=also)
    return replace(found, simulation=replace(found.simulation, inputs={}))


@remembered(8)
def check_of(scenario: Scenario) -> tuple[KpiCheck, list[Remark]]:
    """Return the odds of a scenario's KPIs, and what is vague or contradictory in them."""
    store = without_targets(scenario).model_dump_json()
    at = Context(scenario, result_of(scenario), shelf("without_targets").get(store))
    found = check(at, LIVE), remarks(at)
    keep("without_targets", store, at.without_targets, 1)
    return found


@remembered(8)
def contract_of(scenario: Scenario, option: str) -> ContractCheck:
    """Return what one quote's contract leaves open, and what that costs.

    Args:
        option: id of the quote.
    """
    return check_contract(scenario, option)


@remembered(8)
def levers_of(scenario: Scenario) -> tuple[list[LeverNeeded], Shared]:
    """Return what would have to be true for a scenario's KPIs."""
    return needed(scenario), shared_gap(scenario)


@remembered(8)
def path_of(scenario: Scenario, kpi: str) -> Path | None:
    """Return the way to one KPI's target, with the months of its answer.

    Args:
        kpi: its id.
    """
    check, _ = check_of(scenario)
    one = next(one for one in check.answers if one.kpi.id == kpi)
    return growth_path(check.at, one.kpi, months=one.months)


@remembered(8)
def definitions_of(scenario: Scenario, kpi: str) -> list[Definition]:
    """Return one KPI under every basis.

    Args:
        kpi: its id.
    """
    check, _ = check_of(scenario)
    asked = next(one for one in scenario.kpis if one.id == kpi)
    return definitions(scenario, asked, LIVE, check.record)


@remembered(8)
def quotes_of(scenario: Scenario) -> Answers:
    """Return the answer on every option of a scenario; an option that did not change since the last
    question is not simulated again.
    """
    known = shelf("judged")
    if not known:
        keep("judged", "", JudgedOptions(), 1)
    return compare(scenario, LIVE, without_operator_of(scenario), known[""])


@remembered(8)
def changes_of(scenario: Scenario, option: str) -> tuple[Scenario, str, tuple[ContractChange, ...]]:
    """Return every change that can be asked for of a quote, alone; the scenario with the KPI that
    they need, and its id.

    Args:
        option: id of the quote.
    """
    told, kpi, _, changes = priced(
        scenario, option_of(scenario, option), LIVE, without_operator_of(scenario)
    )
    return told, kpi, tuple(changes)


@remembered(8)
def counter_of(scenario: Scenario, option: str) -> CounterOffer:
    """Return the counter-offer to a quote.

    Args:
        option: id of the quote.
    """
    return counter_offer(scenario, option_of(scenario, option), LIVE, without_operator_of(scenario))


@remembered(8)
def ticked_of(scenario: Scenario, option: str, made: str) -> Offer:
    """Return what a quote comes to in another form, which is given as the text of its fields.

    Args:
        option: id of the quote.
        made: an `Option` as JSON.
    """
    return beside_quote(
        scenario,
        option_of(scenario, option),
        Option.model_validate_json(made),
        LIVE,
        without_operator_of(scenario),
    )


@remembered(16)
def move_worth(scenario: Scenario, option: str, key: str, left: float) -> Estimate:
    """Return what a part of the fee of a quote is worth to the client where a share of it is left.

    Args:
        option: id of the quote.
        key: of the change, "base".
        left: share of that part of the fee that stays [fraction].
    """
    asked = option_of(scenario, option)
    move = lowered(asked, key, left, typed=True)
    return worth_of_move(scenario, asked, move, LIVE, without_operator_of(scenario))


@remembered(8)
def ours_of(scenario: Scenario, option: str) -> OurOffer:
    """Return what a quote is to the agency that makes it.

    Args:
        option: id of the quote.
    """
    return our_offer(scenario, option_of(scenario, option), LIVE, without_operator_of(scenario))


@remembered(8)
def own_budget_of(scenario: Scenario) -> OwnBudget | None:
    """Return the best ad budget of the store alone; quotes and KPIs have no part in it."""
    return own_budget(scenario)


@remembered(8)
def without_operator_of(scenario: Scenario) -> Context:
    """Return what the store comes to when it is carried on alone."""
    return Context(without_operator(scenario))


@remembered(8)
def clauses_of(
    scenario: Scenario, option: str, belief: Literal["believed", "claimed"] = "believed"
) -> list[ClausePrice]:
    """Return what each clause of an option's contract is worth.

    Args:
        option: id of the quote.
        belief: which effect the option is taken to have.
    """
    return prices(scenario, option_of(scenario, option), belief, paths=LIVE)


@remembered(8)
def pulls_of(scenario: Scenario) -> list[Pull]:
    """Return why medians of KPIs are worse than today."""
    return pulls(check_of(scenario)[0])


@remembered(8)
def paid_for_nothing(scenario: Scenario, option: str) -> float:
    """Return what an option would still be paid, on average (the median where there is no mean), if
    it brought nothing; money of the sales currency over the plan.

    Args:
        option: id of the quote.
    """
    found = outcomes(scenario, [Case(option_of(scenario, option), "none")], paths=LIVE)[0]
    return mean_or_median(found.paid, found.no_mean.fee)


@remembered(8)
def stops_of(
    scenario: Scenario, option: str, belief: Literal["believed", "claimed"]
) -> list[StopLossEffect]:
    """Return what a stop-loss does by threshold and months.

    Args:
        option: id of the quote.
        belief: which effect the option is taken to have.
    """
    return stop_losses(scenario, option_of(scenario, option), belief, paths=LIVE)


@remembered(8)
def incentives_of(scenario: Scenario, option: str) -> Incentives:
    """Return what each side would choose under an option's fee.

    Args:
        option: id of the quote.
    """
    return incentives(scenario, option_of(scenario, option))


@remembered(8)
def measure_of(scenario: Scenario) -> MeasureFirst:
    """Return what to find out before signing."""
    return measure_first(scenario, paths=LIVE)


@remembered(8)
def bill_of_actuals(scenario: Scenario, option: str) -> Bill:
    """Return what a contract's actual months come to.

    Args:
        option: the id of the option that was signed.
    """
    return bill_of(scenario, option_of(scenario, option))


@remembered(8)
def otherwise_of(scenario: Scenario, option: str) -> tuple[Otherwise, ...]:
    """Return what each other definition would make of that bill.

    Args:
        option: the id of the option that was signed.
    """
    return otherwise(scenario, bill_of_actuals(scenario, option))


@remembered(8)
def quarrels_of(scenario: Scenario, option: str) -> tuple[Otherwise, ...]:
    """Return what else the other side may have counted than that bill says.

    Args:
        option: the id of the option that was signed.
    """
    return quarrels(scenario, bill_of_actuals(scenario, option))


@remembered(8)
def renewal_of(scenario: Scenario, option: str) -> Renewal:
    """Return what is known of a contract's next term.

    Args:
        option: the id of the option that was signed.
    """
    return renewal(scenario, option_of(scenario, option), paths=LIVE)


@remembered(8)
def renewal_as_quote(scenario: Scenario, option: str) -> AsQuote:
    """Return a contract's next term as the page of quotes tells it.

    Args:
        option: the id of the option that was signed.
    """
    return as_quote(scenario, renewal_of(scenario, option), paths=LIVE)


@remembered(8)
def next_counter_of(scenario: Scenario, option: str) -> CounterOffer:
    """Return what to ask for in a contract's next term, with the effect as it is known.

    Args:
        option: the id of the option that was signed.
    """
    found = renewal_of(scenario, option)
    alone = Context(without_operator(found.store))
    return counter_offer(found.store, found.staying, LIVE, alone)


@remembered(16)
def provider_of(name: str, scenario: Scenario, option: str) -> Provider:
    """Return one provider's result.

    Args:
        name: what the provider is called on the screen.
        option: the id of the option that was signed.
    """
    return provider(name, scenario, option_of(scenario, option))


@dataclass(frozen=True)
class ScenarioDifference:
    """Two scenarios on the same draws: each for itself, and what the second has over the first."""

    run: Simulation
    first: Estimate
    second: Estimate
    gap: Estimate
    better: Figure
    bars: Bars


@remembered(8)
def difference_of(
    first: Scenario, second: Scenario, metric: str, *, lower: bool, paths: int
) -> ScenarioDifference:
    """Return what a second scenario has over a first one, on the same draws; `lower`: less is
    better.

    Args:
        metric: the figure's key, "profit" or "roas@sales=all".
        paths: how many futures.
    """
    seed = second.chance.seed  # one seed for both: else the draws would differ
    one, other = (
        simulate(scenario, [metric], seed=seed, paths=paths) for scenario in (first, second)
    )
    # both in the second one's money: at home, each has its own rate of today
    factor = first.shown.rate / second.shown.rate if is_money(metric) else 1.0
    one = replace(one, drawn={key: values * factor for key, values in one.drawn.items()})
    a, b = one.of(metric), other.of(metric)
    with np.errstate(invalid="ignore"):  # without limit on both sides: no difference can be told
        gap, sets = b - a, one.plan.replicates
    known = gap[np.isfinite(gap)]
    both = (*heavy(first, metric), *heavy(second, metric))
    return ScenarioDifference(
        replace(other, drawn={}),
        one.estimate(metric),
        other.estimate(metric),
        without_means(estimate(gap, sets, less_is_better=lower), both, less_is_better=lower),
        probability(gap < 0 if lower else gap > 0, sets),
        bars_of(np.sort(known) if known.size else np.zeros(1), 0.0),
    )


@dataclass(frozen=True)
class IfItHappens:
    """An event on the same draws: without it, if it happens for sure, and the difference in each
    future.
    """

    without: Estimate
    certain: Estimate
    gap: Estimate


@remembered(16)
def if_it_happens(scenario: Scenario, event: str) -> IfItHappens:
    """Return what one event does to the profit if it happens, on the same draws.

    Args:
        event: its id.
    """
    never, surely = (scenario.replace({f"shocks.{event}.probability": p}) for p in (0.0, 1.0))
    a, b = (simulate(one, ["profit"], paths=LIVE) for one in (never, surely))
    gap = without_means(
        estimate(b.of("profit") - a.of("profit"), a.plan.replicates), heavy(scenario)
    )
    return IfItHappens(a.estimate("profit"), b.estimate("profit"), gap)
