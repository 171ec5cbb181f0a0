"""What if payouts stop or slow down: an event of cash that happens for certain in a chosen month,
beside the plan, on the same futures.
"""

from collections.abc import Collection
from dataclasses import dataclass

from funnel_sim.chance.cash import CashFutures, simulate_cash
from funnel_sim.chance.estimates import Estimate, Figure, percentiles
from funnel_sim.decisions.cash.answer import ENOUGH, money_estimate, planned_futures
from funnel_sim.decisions.cash.levers import paired
from funnel_sim.errors import refuse
from funnel_sim.reference.events import EventTemplate, event_templates
from funnel_sim.scenario.chance import OF_CASH
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.scenario import Scenario

_ID = "what_if"


@dataclass(frozen=True)
class CashWhatIf:
    """What an event does to the cash if it happens: `lowest` and `below` (a balance below zero on
    any day) with it, `capital` the opening cash that it asks for beside what the plan needs in 95 %
    of futures [currency of the balance].
    """

    event: EventTemplate
    lowest: Estimate
    below: Figure
    capital: Figure


@dataclass(frozen=True)
class CashWhatIfs:
    """Each event of cash if it happens in a month, counted from 1; `lowest` and `below` are of the
    plan as it stands, with the events that the scenario has.
    """

    month: int
    lowest: Estimate
    below: Figure
    events: tuple[CashWhatIf, ...]


def cash_events(scenario: Scenario) -> tuple[EventTemplate, ...]:
    """Return the events that move payments alone: no payouts for a time, reserve raised, payouts
    later.
    """
    return tuple(one for one in event_templates(scenario.as_of) if one.fields["effect"] in OF_CASH)


def happening_in(scenario: Scenario, event: EventTemplate, month: int) -> Scenario:
    """Return the scenario in which an event begins with a month for certain, as far as the plan
    goes; its size is the template's.

    Args:
        scenario: the store and its plan, as typed.
        event: the template.
        month: counted from 1.

    Raises:
        InputError: if the plan has no such month, or no room for another event.
    """
    plain = scenario.plain()
    length, last = event.fields["length"], float(scenario.plan.horizon_months)
    row = event.fields | {
        "id": _ID,
        "name": _ID,
        "probability": 1.0,
        "month_from": month,
        "month_to": month,
        "length": length if is_range(length) else min(float(point_value(length)), last),
    }
    return scenario.read(plain | {"shocks": [*plain["shocks"], row]})


def cash_what_ifs(
    scenario: Scenario,
    month: int,
    *,
    paths: int | None = None,
    effects: Collection[str] = OF_CASH,
) -> CashWhatIfs:
    """Return what each event of cash does if it happens for certain in a month.

    Goods are ordered as planned and no interest is paid (`answer.as_planned`), so that an event
    shows what it asks for, not what is left undone without it.

    Args:
        scenario: the store and its plan, as typed.
        month: in which each begins, counted from 1.
        paths: how many draws; the scenario's own where None.
        effects: which events are asked for, by what they do ("payout_held").

    Returns:
        The events in the order of their templates [currency of the balance].

    Raises:
        InputError: if the plan has no such month, or no room for another event.
    """
    last = scenario.plan.horizon_months
    if not 1 <= month <= last:
        raise refuse("month", month, "month_of_plan", last=last)
    now = planned_futures(scenario, None, paths)
    plan = now.plan

    def found(event: EventTemplate) -> CashWhatIf:
        with_it = happening_in(now.scenario, event, month)
        then: CashFutures = simulate_cash(with_it, paths=plan.paths, seed=plan.seed)
        return CashWhatIf(
            event,
            money_estimate(then, then.lowest),
            then.ever_below,
            paired(
                -then.lowest,
                -now.lowest,
                plan.replicates,
                lambda draws: percentiles(draws, (ENOUGH,), plan.replicates)[0].value,
            ),
        )

    events = tuple(found(one) for one in cash_events(scenario) if one.fields["effect"] in effects)
    return CashWhatIfs(month, money_estimate(now, now.lowest), now.ever_below, events)
