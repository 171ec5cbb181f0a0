"""The answers on quotes and their contracts, remembered for the screen (calls.py says how)."""

from typing import Literal

from funnel_sim.chance.estimates import Estimate
from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.context import Context
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
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.remembered import keep, remembered, shelf


@remembered(8)
def contract_of(scenario: Scenario, option: str) -> ContractCheck:
    """Return what one quote's contract leaves open, and what that costs.

    Args:
        option: id of the quote.
    """
    return check_contract(scenario, option)


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
