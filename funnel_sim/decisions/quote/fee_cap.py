"""The fee cap that is proposed for a quote: one level, for counter-offer and contract check.

It is what a running month comes to where all of the promise is there and every bonus that is named
falls due, rounded up: a lower one would take back what was promised for success
(docs/decisions/0047).
"""

import math

from funnel_sim.decisions.context import Context
from funnel_sim.decisions.quote import clause_prices
from funnel_sim.decisions.quote.contract import RUNNING
from funnel_sim.decisions.quote.effect import Case
from funnel_sim.decisions.quote.futures import outcomes
from funnel_sim.decisions.quote.outcome import Outcome
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

_FEW = 2048
"""Paths by which the level is set, wherever it is proposed: the same draws give the same level."""
_HALF_A_STEP = 5.0
_ROUNDING = 1e-9


def spoken(value: float) -> float:
    """Return an amount rounded down to a figure that one would say: two digits, or half a step of
    the second.

    >>> spoken(20_780.0), spoken(1_230.0), spoken(0.0)
    (20500.0, 1200.0, 0.0)
    """
    if value <= 0:
        return 0.0
    step = _HALF_A_STEP * 10.0 ** (math.floor(math.log10(value)) - 2)
    return float(f"{math.floor(value / step + _ROUNDING) * step:.6g}")


def spoken_up(value: float) -> float:
    """Return an amount rounded up to a figure that one would say, as `spoken` rounds down.

    >>> spoken_up(20_780.0), spoken_up(1_200.0), spoken_up(14_459.0), spoken_up(0.0)
    (21000.0, 1200.0, 14500.0, 0.0)
    """
    if value <= 0:
        return 0.0
    step = _HALF_A_STEP * 10.0 ** (math.floor(math.log10(value)) - 2)
    return float(f"{math.ceil(value / step - _ROUNDING) * step:.6g}")


def varies(option: Option) -> bool:
    """Say whether a fee grows with sales, ads or KPIs."""
    return bool(
        option.share_tiers
        or option.spend_rate
        or option.order_fee
        or any(one.kind == "bonus" for one in option.rewards)
    )


def promised_month(scenario: Scenario, option: Option, found: Outcome) -> float:
    """Return what a running month comes to where the promise holds: the mean of what is paid then,
    or, where that is more, its fees with every bonus that is named.

    Args:
        scenario: the store with the KPIs that the contract names.
        option: the terms of the quote.
        found: the quote in every future, with the effect that is claimed.

    Returns:
        Money a month, without setup fee, instalments and exit [currency of the contract].
    """
    in_contract = point_value(scenario.fx_rate) if option.fee_currency == "cost" else 1.0
    scale = in_contract / float(found.last.mean())

    def paid(*names: str) -> float:
        return scale * sum(float(found.lines[one].sum()) for one in names if one in found.lines)

    named = clause_prices.named_bonuses(scenario, option)
    return max(
        paid(*RUNNING, "floor", "bonus", "cap"), max(paid(*RUNNING, "floor"), option.base) + named
    )


def cap_level(scenario: Scenario, option: Option, month: float) -> float:
    """Return the cap to ask for: the fee of a month, rounded up, and never less than a minimum or
    an amount that the contract names.

    Args:
        scenario: the store with the KPIs that the contract names.
        option: the terms of the quote.
        month: what a month comes to where the promise holds [currency of the contract].

    Returns:
        Money a month [currency of the contract].
    """
    due = option.base + clause_prices.named_bonuses(scenario, option)
    return max(spoken_up(month), option.floor or 0.0, due)


def month_to_cap(
    scenario: Scenario, option: Option, paths: int, store: Context | None = None
) -> float:
    """Return the fee of a month in which all of the promise is there, at which a cap is proposed;
    nothing where none is to be: the
    contract has one, or no fee grows.

    Args:
        scenario: the store with the KPIs that the contract names.
        option: the terms of the quote.
        paths: how many draws at most.
        store: the context of the store alone, where it is at hand.

    Returns:
        Money a month [currency of the contract].
    """
    if option.cap is not None or not varies(option):
        return 0.0
    there = option.but(ramp=0.0, delay=0)  # a month on the way to it is not the promise
    [found] = outcomes(scenario, [Case(there, "claimed")], paths=min(paths, _FEW), store=store)
    return max(promised_month(scenario, option, found), 0.0)
