"""How long money is bound: from the order with the supplier to money in the bank, and the textbook
ratios.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from funnel_sim.chance.cash import CashResult, cash_of
from funnel_sim.decisions.cash.answer import in_kept
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.cash import CashTerms
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario

YEAR = 365.0
GOODS: tuple[str, ...] = (
    "goods_purchase",
    "goods_packaging",
    "goods_freight",
    "goods_duty",
    "goods_entry",
    "goods_import_tax",
)
"""Ledger lines of what a unit costs until it can be sold."""


@dataclass(frozen=True)
class CyclePart:
    """One stretch of days of the cycle, such as "transit" or "hold"."""

    key: str
    days: float


@dataclass(frozen=True)
class CashCycle:
    """Days that money is bound, at the likely values: inventory, then receivables, less what
    suppliers wait for; all counted from the order with the supplier.

    `inventory` holds production, transit, receiving and shelf, `receivable` ship, deliver, hold,
    cycle, reserve and bank, `payable` when what a unit costs is paid, weighted by money: deposit,
    balance, freight and border, in days from the order. They add up to `dio`, `dso` and `dpo`.
    `to_home` is how many days pass from the first payment for a batch to the money of the mean unit
    in the bank, what is held back as a reserve spread over all money; its parts stand in order of
    time, "unpaid" below zero being the days before the first payment. Goods that shoppers send back
    count from the morning on which they can be sold once more, not while they are on their way.
    `ratios` are DIO, DSO and DPO out of mean balances (balance ÷ flow × days of the plan), None
    where there is no flow.
    """

    inventory: tuple[CyclePart, ...]
    receivable: tuple[CyclePart, ...]
    payable: tuple[CyclePart, ...]
    to_home: tuple[CyclePart, ...]
    ratios: tuple[float | None, float | None, float | None]

    @property
    def dio(self) -> float:
        """Days inventory outstanding: from the order with the supplier until a unit is sold."""
        return sum_of(self.inventory)

    @property
    def dso(self) -> float:
        """Days sales outstanding: from the shopper's order to money in the bank."""
        return sum_of(self.receivable)

    @property
    def dpo(self) -> float:
        """Days payable outstanding: from the order with the supplier until a unit is paid for."""
        return sum_of(self.payable)

    @property
    def days(self) -> float:
        """The cash conversion cycle: DIO + DSO − DPO."""
        return conversion_cycle(self.dio, self.dso, self.dpo)

    @property
    def days_to_home(self) -> float:
        """Days from the first payment for a batch to the money of its mean unit."""
        return sum_of(self.to_home)


def sum_of(parts: Sequence[CyclePart]) -> float:
    """Return the days of some parts together."""
    return float(sum(part.days for part in parts))


def days_outstanding(balance: float, flow: float, days: float = YEAR) -> float | None:
    """Return how many days of a flow a balance is: balance ÷ flow × days.

    Args:
        balance: the mean of what is open, such as inventory, receivables or payables [money].
        flow: what flows through it in a period, such as cost of goods sold or sales [money].
        days: how many days the period has.

    Returns:
        Days; None where nothing flows.

    Examples:
        >>> round(days_outstanding(2050.0, 4000.0), 1)
        187.1
    """
    return balance / flow * days if flow else None


def conversion_cycle(dio: float, dso: float, dpo: float) -> float:
    """Return the cash conversion cycle: DIO + DSO − DPO.

    Args:
        dio: days inventory outstanding.
        dso: days sales outstanding.
        dpo: days payable outstanding.

    Returns:
        Days that money is bound; below zero where suppliers wait longer than that.

    Examples:
        >>> conversion_cycle(21.0, 3.0, 42.0)
        -18.0
    """
    return dio + dso - dpo


def bound_by(days: float, flow: float, over: float = YEAR) -> float:
    """Return the money that a number of days of a flow bind: flow ÷ days of the period × days.

    Args:
        days: how long it is bound.
        flow: what flows in the period [money].
        over: how many days the period has.

    Returns:
        The money, in the unit of the flow.

    Examples:
        >>> bound_by(7.0, 10_000.0, 1.0)
        70000.0
    """
    return flow / over * days


def cash_cycle(scenario: Scenario, result: CashResult | None = None) -> CashCycle:
    """Return how long money is bound at the likely values.

    Args:
        scenario: the store and its plan, as typed.
        result: its cash at the likely values, where it is at hand.

    Returns:
        The cycle [days].
    """
    found = cash_of(scenario) if result is None else result
    terms, days = scenario.cash, found.run.days
    ledger = evaluate(scenario).horizon
    costs = {line: -(ledger[line] or 0.0) for line in GOODS}
    sales = float(ledger["gross_sales"] or 0.0)
    span = float(days.horizon)

    def mean_of(*rows: str) -> float:
        """Return the mean balance of some rows of the bridge over the plan."""
        return float(sum(found.bridge[row][: days.horizon].mean() for row in rows))

    orders = float(ledger["paid_orders"] or 0.0)
    share = 1.0 - float(found.run.lost_orders.sum()) / orders if orders else 1.0
    spent = sum(costs.values()) * share
    sales *= share
    assert found.run.shelf is not None
    on_shelf = float(found.run.shelf.mean())
    stock = days_outstanding(on_shelf, in_kept(scenario, spent), span) or 0.0
    inventory, payable = _goods(terms, costs, stock)
    receivable = _sales(terms, days)
    unpaid = min((part.days for part in _paid(terms, costs) if part.days >= 0), default=0.0)
    to_home = (*inventory, *receivable)
    return CashCycle(
        inventory,
        receivable,
        payable,
        (CyclePart("unpaid", -unpaid), *to_home) if unpaid else to_home,
        (
            days_outstanding(on_shelf - mean_of("on_the_way"), in_kept(scenario, spent), span),
            days_outstanding(-mean_of("receivable", "reserve"), in_kept(scenario, sales), span),
            days_outstanding(mean_of("suppliers"), in_kept(scenario, spent), span),
        ),
    )


def _whole(value: object) -> float:
    return float(round(float(point_value(value))))  # type: ignore[arg-type]


def _goods(
    terms: CashTerms, costs: dict[str, float], shelf: float
) -> tuple[tuple[CyclePart, ...], tuple[CyclePart, ...]]:
    """Return the parts of inventory, none where goods are bought as they are sold, and of what
    suppliers wait for.
    """
    parts: tuple[CyclePart, ...] = ()
    if terms.stocking != "as_sold":
        parts = (
            CyclePart("production", _whole(terms.production_days)),
            CyclePart("transit", _whole(terms.transit_days)),
            CyclePart("receiving", float(terms.receiving_days)),
            CyclePart("shelf", shelf),
        )
    whole = sum(costs.values())
    if not whole:
        return parts, ()
    return parts, tuple(
        CyclePart(part.key, part.days * weight / whole)
        for part, weight in zip(_paid(terms, costs), _weights(terms, costs), strict=True)
        if weight
    )


def _weights(terms: CashTerms, costs: dict[str, float]) -> tuple[float, ...]:
    """Return the money of deposit, balance, freight and border."""
    deposit = costs["goods_purchase"] * float(point_value(terms.deposit_rate))
    return (
        deposit,
        costs["goods_purchase"] - deposit + costs["goods_packaging"],
        costs["goods_freight"],
        costs["goods_duty"] + costs["goods_entry"] + costs["goods_import_tax"],
    )


def _paid(terms: CashTerms, costs: dict[str, float]) -> tuple[CyclePart, ...]:
    """Return in how many days from the order each kind of cost of a unit is paid; below zero where
    there is none.
    """
    ahead = terms.stocking != "as_sold"
    shipped = _whole(terms.production_days) if ahead else 0.0
    arrived = shipped + (_whole(terms.transit_days) if ahead else 0.0)
    balance = shipped if terms.balance_due == "shipment" else arrived
    when = (
        0.0,
        balance + terms.balance_days,
        shipped + terms.freight_due_days,
        arrived + terms.border_due_days,
    )
    keys = ("deposit", "balance", "freight", "border")
    return tuple(
        CyclePart(key, day if weight else -1.0)
        for key, day, weight in zip(keys, when, _weights(terms, costs), strict=True)
    )


def _sales(terms: CashTerms, days: CashDays) -> tuple[CyclePart, ...]:
    """Return the parts from a shopper's order to money in the bank, on the mean day of the plan."""
    ship, delivered = float(terms.ship_days), _whole(terms.delivery_days)
    before = {"order": (0.0, 0.0), "shipment": (ship, 0.0), "delivery": (ship, delivered - ship)}
    shipping, delivering = before[terms.payout_basis]
    hold = _whole(terms.payout_delay_days)
    free = shipping + delivering + hold
    wait = cycle_wait(days, terms, free)
    rate, held = float(point_value(terms.reserve_rate)), _whole(terms.reserve_days)
    parts = [
        CyclePart("ship", shipping),
        CyclePart("deliver", delivering),
        CyclePart("hold", hold),
        CyclePart("cycle", wait),
        CyclePart("reserve", rate * held),
        CyclePart("bank", float(terms.payout_bank_days)),
    ]
    return tuple(part for part in parts if part.days)


def cycle_wait(days: CashDays, terms: CashTerms, free: float) -> float:
    """Return how many days free money waits for the end of its payout cycle, on the mean day.

    Args:
        days: the days of the plan.
        terms: the payment terms.
        free: days from the order until the money is free.

    Returns:
        The mean over the days of the plan whose cycle ends within the days looked at [days].
    """
    ends = np.array(days.cycle_ends(terms.payout_cycle))
    freed = np.arange(days.horizon) + round(free)
    place = np.searchsorted(ends, freed)
    inside = place < ends.size
    return float((ends[place[inside]] - freed[inside]).mean()) if inside.any() else 0.0
