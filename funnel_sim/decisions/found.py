"""All that is found of a scenario, computed with the functions that the screen uses; what documents
tell of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from funnel_sim.chance.cash import CashResult, cash_of
from funnel_sim.chance.estimates import Bars, Estimate, bars_of, monthly_quantiles
from funnel_sim.chance.simulation import Simulation, simulate
from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.budget.answer import BudgetAnswer, budget_answer
from funnel_sim.decisions.cash.answer import CashAnswer, cash_answer
from funnel_sim.decisions.cash.quote_cash import QuoteCash, quote_cash
from funnel_sim.decisions.context import Context
from funnel_sim.decisions.customer.contribution import Contribution, contribution
from funnel_sim.decisions.customer.worth import Worth, customer_worth
from funnel_sim.decisions.economics.best_price import BestPrice, best_price
from funnel_sim.decisions.kpi import check as kpis
from funnel_sim.decisions.kpi import review as kpi_review
from funnel_sim.decisions.kpi.check import KpiCheck
from funnel_sim.decisions.kpi.review import Remark
from funnel_sim.decisions.quote.answer import Answers, OptionAnswer, compare
from funnel_sim.decisions.quote.contract_check.check import check_contract
from funnel_sim.decisions.quote.contract_check.findings import ContractCheck
from funnel_sim.decisions.quote.counter_offer import CounterOffer, counter_offer
from funnel_sim.decisions.quote.measure_first import MeasureFirst, measure_first
from funnel_sim.errors import InputError
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import Result, evaluate
from funnel_sim.scenario.alternatives import only_priced
from funnel_sim.scenario.budget import BudgetTerms
from funnel_sim.scenario.cash import neutral_terms
from funnel_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Found:
    """All that a report tells of a scenario; None or nothing for what it does not ask, `problems`
    why something could not be worked out.
    """

    result: Result
    run: Simulation | None = None
    estimate: Estimate | None = None
    bars: Bars | None = None
    by_month: Array | None = None
    answers: Answers | None = None
    measured: MeasureFirst | None = None
    check: KpiCheck | None = None
    remarks: tuple[Remark, ...] = ()
    contracts: tuple[ContractCheck, ...] = ()
    counters: tuple[CounterOffer, ...] = ()
    worth: Worth | None = None
    contribution: Contribution | None = None
    price: BestPrice | None = None
    cash: CashAnswer | None = None
    cash_likely: CashResult | None = None
    cash_quotes: tuple[QuoteCash, ...] = ()
    budget: BudgetAnswer | None = None
    problems: tuple[InputError, ...] = ()

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.result.scenario

    @property
    def quotes(self) -> tuple[OptionAnswer, ...]:
        """The answers on quotes, alternatives left out."""
        return (
            ()
            if self.answers is None
            else tuple(one for one in self.answers.options if one.option.kind == "quote")
        )

    @property
    def paths(self) -> int:
        """How many futures were simulated."""
        return self.run.plan.paths if self.run is not None else 0


def find(scenario: Scenario, paths: int = LIVE) -> Found:
    """Return what the screen would show of a scenario, computed by the same functions; what cannot
    be worked out is told in `problems`.

    Args:
        scenario: the store and its plan, as typed.
        paths: how many draws.
    """
    parts: dict[str, Any] = {"result": evaluate(scenario)}
    problems: list[InputError] = []

    def attempt(make: Callable[[], dict[str, Any]]) -> None:
        try:
            parts.update(make())
        except InputError as error:
            problems.append(error)

    attempt(lambda: _profit(scenario, paths))
    if scenario.conversion.answers_to_price:
        attempt(lambda: {"price": best_price(scenario)})
    terms = scenario.cash
    if not neutral_terms(terms):
        attempt(
            lambda: {
                "cash": cash_answer(scenario.with_balance_shown(), paths=paths),
                "cash_likely": cash_of(scenario.with_balance_shown()),
            }
        )
    if scenario.budget != BudgetTerms():
        attempt(lambda: {"budget": budget_answer(scenario)})
    attempt(
        lambda: {
            "worth": customer_worth(scenario, paths),
            "contribution": contribution(scenario),
        }
    )
    if scenario.kpis:
        at = Context(scenario, parts["result"])
        attempt(lambda: {"check": kpis.check(at, paths), "remarks": tuple(kpi_review.remarks(at))})
    scenario = only_priced(scenario)
    mine = [option for option in scenario.options if option.kind == "quote" and option.compared]
    if mine:
        attempt(
            lambda: {
                "answers": compare(scenario, paths),
                "measured": measure_first(scenario, paths=paths),
            }
        )
        attempt(
            lambda: {
                "contracts": tuple(check_contract(scenario, option.id, paths) for option in mine)
            }
        )
        if not neutral_terms(terms):
            kept = scenario.with_balance_shown()
            attempt(
                lambda: {"cash_quotes": tuple(quote_cash(kept, one, paths=paths) for one in mine)}
            )
        attempt(lambda: {"counters": tuple(counter_offer(scenario, option) for option in mine)})
    return Found(**parts, problems=tuple(problems))


def _profit(scenario: Scenario, paths: int) -> dict[str, Any]:
    run = simulate(scenario, ["profit", "cm3", "gmv"], month=["profit"], paths=paths)
    values = run.of("profit")
    fine = values[np.isfinite(values)]
    bars = bars_of(np.sort(fine), 0.0) if fine.size else None
    return {
        "run": run,
        "estimate": run.estimate("profit"),
        "bars": bars,
        "by_month": monthly_quantiles(run.of("profit", "month")),
    }
