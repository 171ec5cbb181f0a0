"""The store carried on alone, and what a contract measures on it: the figure and the baseline of
its share, what is compared with it.
"""

from typing import Literal

import numpy as np

from funnel_sim.chance.history import sales_figure
from funnel_sim.decisions.context import Context
from funnel_sim.decisions.kpi.draws import established
from funnel_sim.decisions.kpi.measured import steady_figure
from funnel_sim.decisions.quote.contract import Flows, share_of_sales
from funnel_sim.errors import refuse
from funnel_sim.model.bases import Basis
from funnel_sim.model.economics import figures
from funnel_sim.model.values import Values
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.operator_effect import OperatorEffect
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario


def without_operator(scenario: Scenario) -> Scenario:
    """Return the store as it is carried on without any operator: no operator's fee, no operator's
    effect; a store that already sells keeps its earlier customers.
    """
    return scenario.but(
        effect=OperatorEffect(),
        fixed=scenario.fixed.but(operator_monthly=0.0, operator_rate=0.0),
        history=scenario.history.but(had_customers=established(scenario)),
    )


def orders_without_operator(scenario: Scenario) -> float | None:
    """Return the orders of a usual month of carrying on alone, by which an own team is sized."""
    return steady_figure(without_operator(scenario), "paid_orders")


def options_of(scenario: Scenario, store: Context | None = None) -> list[Option]:
    """Return what is compared: quotes and alternatives, an own team sized to the store.

    Args:
        scenario: the store and its plan, as typed.
        store: the context of the store alone, where it is at hand.

    Returns:
        The options in the order in which they are shown.
    """
    return alternatives.options(
        scenario,
        (Context(without_operator(scenario)) if store is None else store).figure("paid_orders"),
    )


def option_of(scenario: Scenario, name: str) -> Option:
    """Return one option by its id, compared or not, an own team sized to the store.

    Args:
        scenario: the store and its plan, as typed.
        name: its id.

    Raises:
        KeyError: if there is no such option.
    """
    return alternatives.option_of(scenario, name, orders_without_operator(scenario))


def basis_key(scenario: Scenario, option: Option) -> str:
    """Return the figure that an option's share is counted on.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the contract.
    """
    refunds: Literal["in", "out"] = "out" if option.clawback else "in"
    match option.share_basis:
        case "gmv":
            return Basis(
                tax="out" if sales_figure(scenario) != "gmv" else "usual", refunds=refunds
            ).key("gmv")
        case "sales":
            return Basis(tax="out", refunds=refunds).key("gmv")
        case "ad_sales":
            return Basis(tax="out", refunds=refunds, sales="ads").key("gmv")
        case _:
            return option.share_basis


def refuse_unknown_share(scenario: Scenario, option: Option) -> None:
    """Refuse a share, or a reward, of sales from ads where nobody knows which sales those are.

    Args:
        scenario: the scenario of the store alone.
        option: the terms of the contract.

    Raises:
        InputError: if those sales are not known.
    """
    key = basis_key(scenario, option)
    shares = option.share_tiers or any(reward.form == "sales" for reward in option.rewards)
    if shares and figures(Values(scenario), {"steady": [key]})[key, "steady"] is None:
        raise refuse(f"options.{option.id}.share_basis", option.share_basis, "share_unknown")


def baseline(scenario: Scenario, option: Option) -> float:
    """Return the baseline of an option's share: the contract's, else a usual month of carrying on
    alone.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the contract.

    Returns:
        Per month, in the unit of what is shared [sales currency].
    """
    return baseline_at(Context(without_operator(scenario)), option)


def baseline_at(store: Context, option: Option) -> float:
    """Return the same (`baseline`) where the context of the store alone is at hand.

    Args:
        store: the context of the store alone.
        option: the terms of the contract.

    Returns:
        Per month, in the unit of what is shared [sales currency].
    """
    return (
        store.figure(basis_key(store.scenario, option)) or 0.0
        if option.baseline is None
        else option.baseline
    )


def share_without_operator(
    scenario: Scenario, option: Option, usual: float, months: int | None = None
) -> float:
    """Return the share if every month is a usual one of the store alone: what is paid without
    anything being added.

    Args:
        scenario: the store and its plan, as typed.
        option: the terms of the contract.
        usual: a usual month of what is shared [sales currency].
        months: over how many months; the term where None.

    Returns:
        The sum of those months [sales currency].

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> above = Option.model_validate(
        ...     {"id": "a", "term": 3, "share_tiers": [{"upto": 800.0, "rate": 0.0}, {"rate": 0.1}]}
        ... )
        >>> share_without_operator(preset("amazon-de-kitchen"), above, 1000.0)
        60.0
    """
    flat = np.full((option.term if months is None else months, 1), usual)
    flows = Flows(
        flat, flat, flat, np.ones_like(flat), np.ones_like(flat), baseline(scenario, option), {}, {}
    )
    return float(share_of_sales(option, flows, np.ones(flat.shape, dtype=bool)).sum())
