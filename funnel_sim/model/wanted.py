"""Which figures have to be worked out for those that are asked for."""

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from funnel_sim.model.bases import formula_of
from funnel_sim.model.keys import figure_key
from funnel_sim.model.ledger import LEDGER, SUBTOTAL
from funnel_sim.model.metrics import FLOWS, FORMULAS, METRICS
from funnel_sim.model.order_formulas import COMMISSION, UNIT_AND_ORDER
from funnel_sim.model.sheet import Formula
from funnel_sim.model.volumes import VOLUMES

Wanted = frozenset[str] | None


OF_A_CUSTOMER = ("ltv", "payback_months")
"""Figures that come from the steady month and are no formula of the sheet."""


@cache
def leading_to(keys: frozenset[str]) -> frozenset[str]:
    """Return the figures asked for and every figure that they are made of; raises InputError for a
    key that is no figure.
    """
    return made_of(keys, frozenset()) | _ALWAYS


def made_of(keys: frozenset[str], given: frozenset[str]) -> frozenset[str]:
    """Return the figures asked for and those that they are made of, down to figures that are given.

    Args:
        keys: the figures asked for.
        given: figures that are known by themselves: what they would be made of is not looked at.

    Raises:
        InputError: for a key that is no figure.

    Examples:
        >>> "paid_orders" in made_of(frozenset({"tacos"}), frozenset({"media_spend"}))
        True
        >>> sorted(made_of(frozenset({"gmv"}), frozenset({"gmv"})))
        ['gmv']
    """
    out: set[str] = set()
    waiting = [figure_key(key) for key in keys]
    while waiting:
        key = waiting.pop()
        if key in out:
            continue
        out.add(key)
        if key in given:
            continue
        if key in FORMULAS or "@" in key:
            waiting += formula_of(key).operands
        elif key in OF_A_CUSTOMER:
            waiting += ["cm1", "cm2", "net_revenue", "paid_orders", "cac"]
    return frozenset(out)


_ALWAYS = frozenset({"paid_orders", "units", "goods_entered", "order_entered", "first_orders"})
"""What the concepts between the formulas read: commission and customers."""


_GROUPS: Mapping[str, tuple[Formula, ...]] = {
    "unit": UNIT_AND_ORDER,
    "commission": COMMISSION,
    "volumes": VOLUMES,
    "ledger": LEDGER,
    "subtotals": tuple(SUBTOTAL.values()),
    "metrics": METRICS,
}


@lru_cache(maxsize=512)
def _chosen(group: str, wanted: frozenset[str]) -> tuple[Formula, ...]:
    return tuple(one for one in _GROUPS[group] if one.key in wanted)


def only(group: str, wanted: Wanted) -> Iterable[Formula]:
    """Return the formulas of a group that lead to what is wanted.

    Args:
        group: "unit", "commission", "volumes", "ledger", "subtotals" or "metrics".
        wanted: the keys to work out; None for all.
    """
    return _GROUPS[group] if wanted is None else _chosen(group, wanted)


@lru_cache(maxsize=512)
def added_up(wanted: frozenset[str], asked: frozenset[str]) -> tuple[str, ...]:
    """Return the flows that a period has to add up over its months: those asked for, and those that
    a subtotal or a metric among the wanted figures is made of.

    Args:
        wanted: the keys to work out.
        asked: the keys asked for themselves, also on another basis.

    Returns:
        Keys of flows.
    """
    bases = [formula_of(key) for key in asked if "@" in key]
    needed = {
        name
        for one in (*SUBTOTAL.values(), *METRICS, *bases)
        if one.key in wanted
        for name in one.operands
    } | asked
    return tuple(key for key in FLOWS if key in needed)


@cache
def needs_steady(wanted: frozenset[str], asked: frozenset[str]) -> bool:
    """Return whether figures need the steady month: the value of a customer, a part of one order,
    or a metric of either.

    Args:
        wanted: the keys to work out.
        asked: the keys asked for themselves.
    """
    inside = {one.key for group in (UNIT_AND_ORDER, COMMISSION) for one in group}
    return (
        bool(asked & inside)
        # a figure of one order needs the tax factors, which are worked out in the steady month only
        or any("@" in key for key in asked)
        or not wanted.isdisjoint(OF_A_CUSTOMER)
        or any(name in inside for one in METRICS if one.key in wanted for name in one.operands)
    )
