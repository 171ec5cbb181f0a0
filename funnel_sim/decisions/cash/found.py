"""Every answer on a scenario's cash, worked out as the screen works it out."""

from dataclasses import dataclass

from funnel_sim.chance.cash import cash_of
from funnel_sim.decisions.cash.answer import CashAnswer, cash_answer
from funnel_sim.decisions.cash.cycle import CashCycle, cash_cycle
from funnel_sim.decisions.cash.exposure import CashExposure, cash_exposure
from funnel_sim.decisions.cash.growth import CashGrowth, fastest_growth
from funnel_sim.decisions.cash.levers import CashLever, levers
from funnel_sim.decisions.cash.quote_cash import QuoteCash, quote_cash
from funnel_sim.decisions.quote.store_alone import options_of
from funnel_sim.model.cash.goods import GoodsOrder
from funnel_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class CashFound:
    """All answers on the cash of a scenario; `quotes` is one entry for each quote that names a fee,
    `orders` the orders of goods at the likely values.
    """

    scenario: Scenario
    answer: CashAnswer
    cycle: CashCycle
    levers: tuple[CashLever, ...]
    growth: CashGrowth
    exposure: CashExposure
    quotes: tuple[QuoteCash, ...]
    orders: tuple[GoodsOrder, ...] = ()


def cash_found(scenario: Scenario, *, paths: int | None = None) -> CashFound:
    """Return every answer on the cash of a scenario, all on the same futures.

    Args:
        scenario: the store and its plan, as typed.
        paths: how many draws; the scenario's own where None.

    Returns:
        The answers [currency of the balance].
    """
    answer, likely = cash_answer(scenario, paths=paths), cash_of(scenario)
    futures = answer.futures
    quotes = [one for one in options_of(scenario) if one.kind == "quote" and one.priced]
    return CashFound(
        scenario,
        answer,
        cash_cycle(scenario, likely),
        tuple(levers(scenario, base=futures)),
        fastest_growth(scenario, base=futures),
        cash_exposure(scenario, likely),
        tuple(quote_cash(scenario, one, paths=paths) for one in quotes),
        likely.run.orders,
    )
