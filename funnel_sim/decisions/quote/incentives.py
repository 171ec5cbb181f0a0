"""What each side would choose: the ad budget and the depth of discounts under a contract's fee, and
what the difference costs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.quote.effect import Case, OptionBelief
from funnel_sim.decisions.quote.futures import outcomes
from funnel_sim.decisions.quote.no_mean import mean_or_median, of_store
from funnel_sim.decisions.quote.outcome import Outcome
from funnel_sim.decisions.quote.store_alone import without_operator
from funnel_sim.model.arrays import Array
from funnel_sim.model.values import Values
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.product import paid_per_unit
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

BUDGETS: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0)
DISCOUNTS: tuple[float, ...] = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)
ELASTICITIES: tuple[float, ...] = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 20.0)
PATHS = 2048
TRIED_DISCOUNT = 0.1
"""The extra discount for which the turning points are told."""


@dataclass(frozen=True)
class SideChoice:
    """What each side gets along a lever: `levels` of it, the client's mean gain and the agency's
    mean profit at each, money of the sales currency over the plan; `by_median`: medians, for there
    are no means.
    """

    levels: tuple[float, ...]
    client: Array
    agency: Array
    by_median: bool = False

    @property
    def clients(self) -> float:
        """The level that is best for the client."""
        return self.levels[int(np.argmax(self.client))]

    @property
    def agencys(self) -> float:
        """The level that is best for the agency; of several alike the one nearest to the
        client's.
        """
        best = np.flatnonzero(
            self.agency >= self.agency.max() - 1e-9 * max(1.0, abs(float(self.agency.max())))
        )
        return min((self.levels[i] for i in best), key=lambda level: abs(level - self.clients))

    @property
    def indifferent(self) -> bool:
        """Whether the agency gets the same at every level."""
        return bool(np.ptp(self.agency) <= 1e-6 * max(1.0, float(np.abs(self.agency).max())))

    @property
    def costs(self) -> float:
        """What the client loses where the agency's choice is made in place of its own."""
        return float(self.client.max() - self.client[self.levels.index(self.agencys)])

    @property
    def at_the_edge(self) -> bool:
        """Whether one side's choice is the last level that was tried."""
        return self.levels[-1] in (self.clients, self.agencys)


@dataclass(frozen=True)
class Incentives:
    """The choices that differ.

    `budget` as a multiple of the plan; `assumed` the elasticity that was taken where no channel has
    one (None: the channels' own); `discount` the choice of an extra discount where a price
    elasticity is given; `client_from`, `agency_from` the price elasticity from which an extra
    discount of `TRIED_DISCOUNT` pays for each side (None: not up to the highest tried).
    """

    budget: SideChoice
    assumed: float | None
    discount: SideChoice | None
    client_from: float | None
    agency_from: float | None


def incentives(
    scenario: Scenario, option: Option, belief: OptionBelief | float = "believed"
) -> Incentives:
    """Return what each side would choose under a contract: ad budget, discount.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the contract.
        belief: the effect that is taken: a belief, or a relative change of first orders [fraction].
    """
    whole, assumed = with_elasticity(scenario, option.ad_budget)
    asked = specs_of(Option)["ad_budget"]
    levels = tuple(level for level in BUDGETS if asked.holds(option.ad_budget * level))
    tried = [Case(option.but(ad_budget=option.ad_budget * level), belief) for level in levels]
    few = (
        PATHS if not of_store(without_operator(whole)).profit else LIVE
    )  # a result without a mean is judged by its median, which needs more draws
    budget = _choice(levels, outcomes(whole, tried, paths=few))
    given = _elasticity(scenario)
    discount = (
        None
        if given is None
        else _choice(
            DISCOUNTS, [_at(scenario, option, belief, depth, given) for depth in DISCOUNTS]
        )
    )
    still = _at(scenario, option, belief, 0.0, 0.0)
    cut = [_at(scenario, option, belief, TRIED_DISCOUNT, elasticity) for elasticity in ELASTICITIES]
    client = _first_above([_gain(one) - _gain(still) for one in cut])
    agency = _first_above([_profit(one) - _profit(still) for one in cut])
    return Incentives(budget, assumed, discount, client, agency)


def with_elasticity(scenario: Scenario, asked: float) -> tuple[Scenario, float | None]:
    """Return the scenario with a price of clicks that rises with the budget where no channel says
    so.

    Args:
        scenario: the store and its plan, as typed.
        asked: the ad budget around which it rises, as a multiple of the plan [1].

    Returns:
        (the scenario, the elasticity that was assumed [1]; None where the channels have their own).
    """
    paid = [
        channel
        for channel in scenario.channels
        if channel.kind in ("cpc", "cpm") and point_value(channel.budget) > 0
    ]
    if not paid or any(point_value(channel.elasticity) > 0 for channel in paid):
        return scenario, None
    assumed, _ = alternatives.budget_elasticity(scenario)
    changes: dict[str, object] = {f"channels.{channel.id}.elasticity": assumed for channel in paid}
    changes |= {
        f"channels.{channel.id}.reference_budget": point_value(channel.budget) * max(asked, 1e-9)
        for channel in paid
        if channel.reference_budget is None
    }
    return scenario.replace(changes), assumed


def _choice(levels: tuple[float, ...], found: Sequence[Outcome]) -> SideChoice:
    by_median = any(
        one.no_mean.gain for one in found
    )  # if one level has no mean, all are compared by medians
    profits = [_profit(one) for one in found]
    gains = [float(np.median(one.gain)) if by_median else _gain(one) for one in found]
    return SideChoice(levels, np.array(gains), np.array(profits), by_median)


def _gain(found: Outcome) -> float:
    return mean_or_median(found.gain, found.no_mean.gain)


def _profit(found: Outcome) -> float:
    return mean_or_median(found.income - found.serving, found.no_mean.agency)


def _elasticity(scenario: Scenario) -> float | None:
    """Return the price elasticity that the depth of a discount is judged by: that of the
    comparison, else that of the store; None where nobody says.
    """
    conversion = scenario.conversion
    if scenario.comparison.price_elasticity is not None or not conversion.answers_to_price:
        return scenario.comparison.price_elasticity
    return point_value(conversion.demand_elasticity)


def _at(
    scenario: Scenario,
    option: Option,
    belief: OptionBelief | float,
    depth: float,
    elasticity: float,
) -> Outcome:
    """Return an option whose prices are lower by a share, orders rising by (1 −
    share)^(−elasticity).
    """
    today = scenario.product.discount_rate

    def moved(values: Values) -> Values:
        now = values.given.get("product.discount_rate", point_value(today))
        more = values.given.get("effect.effect_add_to_cart", 1.0) * (1.0 - depth) ** -elasticity
        deeper = {
            "product.discount_rate": now + (1.0 - now) * depth,
            "effect.effect_add_to_cart": more,
        }
        if depth and scenario.conversion.answers_to_price:
            # the orders are moved here: those that the store's own elasticity brings come not twice
            before, after = _paid(values), _paid(values, deeper)
            path = "conversion.reference_price"
            reference = _now(values, path)
            deeper |= {path: reference * (after / before)}
        return replace(values, given=dict(values.given) | deeper, base=values.base)

    return outcomes(scenario, [Case(option, belief)], paths=PATHS, moved=moved)[0]


def _now(values: Values, path: str, moved: Mapping[str, Any] | None = None) -> Any:
    """Return the number of a field as it is moved, else as a path has it, else as it was typed."""
    typed = point_value(values.scenario.get(path))
    return (moved or {}).get(path, values.given.get(path, typed))


def _paid(values: Values, moved: Mapping[str, Any] | None = None) -> Any:
    """Return what a shopper pays for a unit in every path."""
    names = ("price", "discount_rate", "voucher", "shipping_charged", "units_per_order")
    return paid_per_unit(*(_now(values, f"product.{name}", moved) for name in names))


def _first_above(values: list[float]) -> float | None:
    """Return where along the elasticities a change becomes a gain, by straight lines; None where it
    never does.
    """
    for index, value in enumerate(values):
        if value > 0:
            if index == 0:
                return ELASTICITIES[0]
            below, low, high = values[index - 1], ELASTICITIES[index - 1], ELASTICITIES[index]
            return low + (high - low) * (-below / (value - below))
    return None
