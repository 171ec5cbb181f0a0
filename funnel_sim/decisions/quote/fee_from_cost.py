"""Which monthly fee an agency's cost and the margin that it wants need: cost less the media rebate
that it keeps, over one less the margin.

All of one usual month, with the mean of every range of the cost, as the simulation counts it on
average: a fee from point values would miss the margin where a range reaches further up than down.
The formula can be computed again by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from funnel_sim.chance.distributions import mean_of
from funnel_sim.decisions.quote.contract import RUNNING
from funnel_sim.decisions.quote.serving_hours import serving_hours, tools_cost
from funnel_sim.decisions.quote.worked_examples import usual_month, usual_spend
from funnel_sim.errors import refuse
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.quantity import Range, is_range, point_value
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

PARTS = ("people", "pay", "on_cost", "other")


@dataclass(frozen=True)
class ServingCost:
    """What serving a client takes in a usual month: `people` (full-time), their `pay`, `on_cost` as
    a share of it, `other` cost, the `rebate` kept; money in the cost currency.

    Each is the mean of its range; `ranges` holds those that are one, by name. They are drawn apart
    from each other, so that the mean of the product is the product of the means.
    """

    people: float
    pay: float
    on_cost: float
    other: float
    rebate: float
    ranges: Mapping[str, Range] = field(default_factory=dict)

    @property
    def total(self) -> float:
        """The cost of a month before the rebate."""
        return self.people * self.pay * (1.0 + self.on_cost) + self.other


@dataclass(frozen=True)
class FeeFromCost:
    """The fee that a cost and a margin need: `fee` a month in all, `others` what share, ad spend
    and orders bring of it in a usual month, `base` the rest, which the monthly base must bring.

    `fee` and `others` in the cost currency, `base` in the contract's.
    """

    cost: ServingCost
    margin: float
    fee: float
    others: float
    base: float


def fee_needed(cost: float, rebate: float, margin: float) -> float:
    """Return the fee of which a margin is left after cost, a rebate helping to pay it: (cost −
    rebate) ÷ (1 − margin), nothing where the rebate pays for all.

    Args:
        cost: of serving the client [money per month].
        rebate: the media rebate that the agency keeps [money per month].
        margin: the share of the fee that is to be left [fraction].

    Returns:
        The fee [money per month].

    Raises:
        InputError: unless the margin is from 0 to below 1.

    Examples:
        >>> fee_needed(8000.0, 500.0, 0.25), fee_needed(100.0, 500.0, 0.25)
        (10000.0, 0.0)
    """
    if not 0 <= margin < 1:
        raise refuse("margin", f"{margin:g}", "between", least="0", most="0.99")
    return max(cost - rebate, 0.0) / (1.0 - margin)


def serving_cost(scenario: Scenario, option: Option) -> ServingCost:
    """Return what serving an option's client costs in a usual month: as the option says, else the
    defaults of its service.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the contract.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> cost = serving_cost(
        ...     preset("amazon-de-kitchen"), Option(id="a")
        ... )  # people (0.125 + 0.25 + 0.5) ÷ 3, pay (6,000 + 8,500 + 18,000) ÷ 3
        >>> round(cost.people, 4), round(cost.pay, 2), round(cost.on_cost, 4), round(cost.total)
        (0.2917, 10833.33, 0.3584, 4292)
    """
    given: dict[str, Any] = {}
    for name in PARTS:
        own = getattr(option, f"serving_{name}")
        given[name] = (
            own
            if own is not None
            else serving_hours(scenario, option).people
            if name == "people"
            else alternatives.serving(scenario, option.service, name).value
        )
    mean = {
        name: mean_of(value, specs_of(Option)[f"serving_{name}"].domain)
        for name, value in given.items()
    }

    tools = tools_cost(scenario, option)
    mean["other"] += mean_of(tools)
    spend = usual_spend(scenario, option) * point_value(scenario.fx_rate)
    kept = option.rebate_rate * (1.0 - option.rebate_to_client) * spend
    if is_range(tools):
        given["other"] = tools
    ranges: dict[str, Range] = {n: value for n, value in given.items() if is_range(value)}
    return ServingCost(mean["people"], mean["pay"], mean["on_cost"], mean["other"], kept, ranges)


def fee_from_cost(scenario: Scenario, option: Option, margin: float) -> FeeFromCost:
    """Return the fee that an option's cost and a margin need, and the monthly base that brings it
    beside the option's other fees.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the contract.
        margin: the share of the fee that is to be left [fraction].

    Raises:
        InputError: unless the margin is from 0 to below 1.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> option = Option(
        ...     id="a",
        ...     serving_people=0.5,
        ...     serving_pay=8000.0,
        ...     serving_on_cost=0.35,
        ...     serving_other=600.0,
        ...     order_fee=1.0,
        ... )
        >>> found = fee_from_cost(
        ...     preset("amazon-de-kitchen"), option, 0.2
        ... )  # (0.5 × 8,000 × 1.35 + 600) ÷ 0.8; 1 an order of 418.3
        >>> found.fee, found.others, found.base
        (7500.0, 418.3, 7081.7)
    """
    cost = serving_cost(scenario, option)
    fee = fee_needed(cost.total, cost.rebate, margin)
    to_contract = 1.0 if option.fee_currency == "cost" else 1.0 / point_value(scenario.fx_rate)
    lines = usual_month(scenario, option).lines
    others = sum(lines.get(name, 0.0) for name in RUNNING if name != "base") / to_contract
    return FeeFromCost(cost, margin, fee, others, max(fee - others, 0.0) * to_contract)
