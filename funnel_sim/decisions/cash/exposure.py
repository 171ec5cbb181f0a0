"""What comes in and goes out in each currency, month by month, and how much of it the exchange rate
moves.
"""

from dataclasses import dataclass

import numpy as np

from funnel_sim.chance.cash import CashResult, cash_of
from funnel_sim.model.arrays import Array
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class CurrencyFlows:
    """What is paid in one currency, in that currency, by month of payment, shape (months,):
    `incoming` above zero, `outgoing` below zero; what a kind of flow nets on a day counts as one.
    """

    currency: str
    incoming: Array
    outgoing: Array

    @property
    def net(self) -> Array:
        """What is left over of the currency in each month, shape (months,); below zero: what has to
        be bought.
        """
        return np.asarray(self.incoming + self.outgoing)


@dataclass(frozen=True)
class CashExposure:
    """Cash by currency at the likely values.

    `flows` is one entry a currency, that of sales first; `kept` the currency of the balance.
    `converted` is what is left over of the other currency in each month and changed into that of
    the balance, `open` the part of it that is not locked; zero where there is one currency only.
    """

    kept: str
    flows: tuple[CurrencyFlows, ...]
    converted: Array
    open: Array


def cash_exposure(scenario: Scenario, result: CashResult | None = None) -> CashExposure:
    """Return what comes in and goes out in each currency.

    Args:
        scenario: the store and its plan, as typed.
        result: its cash at the likely values, where it is at hand.

    Returns:
        Amounts in their own currency, by month of payment within the plan.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> found = cash_exposure(preset("amazon-de-kitchen"))
        >>> [one.currency for one in found.flows], bool((found.flows[1].net < 0).all())
        (['EUR', 'CNY'], True)
    """
    run = (cash_of(scenario) if result is None else result).run
    assert run.native is not None
    days, months = run.days, run.days.months
    codes = {"sales": scenario.currency, "home": scenario.cost_currency}
    incoming = {code: np.zeros(months) for code in dict.fromkeys(codes.values())}
    outgoing = {code: np.zeros(months) for code in incoming}
    for (_, currency), amounts in run.native.items():
        each, code = amounts[: days.horizon, 0], codes[currency]
        for into, part in ((incoming, np.maximum(each, 0.0)), (outgoing, np.minimum(each, 0.0))):
            into[code] += np.add.reduceat(part, days.starts[:months])
    flows = tuple(CurrencyFlows(code, incoming[code], outgoing[code]) for code in incoming)
    kept = codes["home"] if scenario.cash.kept_in == "home" else codes["sales"]
    other = [one for one in flows if one.currency != kept]
    converted = other[0].net if other else np.zeros(months)
    locked = float(point_value(scenario.cash.hedged_share))
    return CashExposure(kept, flows, converted, converted * (1.0 - locked))
