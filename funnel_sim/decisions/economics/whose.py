"""Whose numbers a verdict rests on, each as it was typed: orders of a month that stand in several
channels are one number, with the share of ads a second one where that was typed.
"""

import math
from dataclasses import replace
from typing import Final, Literal

from funnel_sim.decisions.economics.known import from_funnel, funnel_of, typed_total, with_month
from funnel_sim.model.economics import evaluate
from funnel_sim.scenario.cash import neutral_terms
from funnel_sim.scenario.in_force import knows_orders
from funnel_sim.scenario.kpi_metrics import CASH_METRICS
from funnel_sim.scenario.own_numbers import Own, own_numbers, own_terms
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario

ORDERS: Final = "month.orders"
SHARE: Final = "month.ads_share"
_SAME = 1e-6


def own_of(scenario: Scenario) -> Own:
    """Return which of a scenario's numbers are the reader's own: the one count that screen, report
    and link show.

    >>> from funnel_sim.decisions.economics.known import with_month
    >>> from funnel_sim.scenario.presets import preset
    >>> own_of(with_month(preset("amazon-de-kitchen"), 900.0)).mine
    ('month.orders',)
    """
    own = own_numbers(scenario, from_funnel(scenario))
    every = [
        f"channels.{one.id}.known_sales"
        for one in scenario.channels
        if one.kind == "orders" and point_value(one.known_sales)
    ]
    counted = all(one.known_as == "orders" for one in scenario.channels if one.kind == "orders")
    if not every or not counted or not set(every) <= set(own.mine):
        return own
    share = (SHARE,) if len(every) > 1 and not share_assumed(scenario) else ()
    rest = [path for path in own.mine if path not in every]
    at = own.mine.index(every[0])
    before = sum(path in rest for path in own.mine[:at])
    return replace(own, mine=(*rest[:before], ORDERS, *share, *rest[before:]))


def own_of_cash(scenario: Scenario) -> Own:
    """Return which of the numbers behind an answer on cash are the reader's own: those of the
    store, and the payment terms.

    Args:
        scenario: the store and its plan, as typed.
    """
    own, (mine, assumed) = own_of(scenario), own_terms(scenario)
    return replace(own, mine=(*own.mine, *mine), assumed=(*own.assumed, *assumed))


def own_of_kpis(scenario: Scenario) -> Own:
    """Return which of the numbers behind the verdict on KPIs are the reader's own: the payment
    terms too where a KPI is about the cash balance.

    >>> from funnel_sim.scenario.presets import preset
    >>> store = preset("amazon-de-kitchen").replace({"cash.opening_cash": 20_000.0})
    >>> low = [{"id": "low", "metric": "cash_low", "target": 0.0}]
    >>> own_of_kpis(store).mine, own_of_kpis(store.replace({"kpis": low})).mine
    ((), ('cash.opening_cash',))
    """
    return own_of_cash(scenario) if _kpi_of_cash(scenario) else own_of(scenario)


def own_of_quote(scenario: Scenario) -> Own:
    """Return which of the numbers behind the verdict on a quote are the reader's own: the payment
    terms too where cash or a credit line is typed, as what the quote does to the balance is then
    told beside it.

    >>> from funnel_sim.scenario.presets import preset
    >>> own_of_quote(preset("amazon-de-kitchen").replace({"cash.opening_cash": 20_000.0})).mine
    ('cash.opening_cash',)
    """
    return own_of_cash(scenario) if _cash_told(scenario) else own_of(scenario)


def own_of_verdicts(scenario: Scenario, *, cash: bool = False) -> Own:
    """Return which of the numbers behind several verdicts that stand together (slides, the page of
    a link) are the reader's own: the payment terms too where one of them rests on these.

    Args:
        scenario: the store and its plan, as typed.
        cash: whether an answer on its cash is among them; verdicts on KPIs and quotes are seen by
            themselves.

    >>> from funnel_sim.scenario.presets import preset
    >>> store = preset("amazon-de-kitchen").replace({"cash.opening_cash": 20_000.0})
    >>> own_of_verdicts(store).mine, own_of_verdicts(store, cash=True).mine
    ((), ('cash.opening_cash',))
    """
    quoted = any(one.kind == "quote" and one.priced for one in scenario.options)
    told = cash or _kpi_of_cash(scenario) or (quoted and _cash_told(scenario))
    return own_of_cash(scenario) if told else own_of(scenario)


def _kpi_of_cash(scenario: Scenario) -> bool:
    return any(kpi.metric in CASH_METRICS for kpi in scenario.kpis)


def _cash_told(scenario: Scenario) -> bool:
    """Say whether what a quote does to the balance is told beside its verdict."""
    at_hand = (scenario.cash.opening_cash, scenario.cash.credit_limit)
    return not neutral_terms(scenario.cash) and any(point_value(one) for one in at_hand)


def not_typed(scenario: Scenario) -> dict[str, Literal["funnel", "split"]]:
    """Return the numbers that stand in fields and that nobody typed: taken over from the "funnel",
    or "split" off the orders of a month, the one number that was typed.

    Orders are counted, so that a channel's share of them is known by its fraction; one that comes
    out whole is taken for typed where the share of ads is typed too. A history's months are read,
    not split.

    >>> from funnel_sim.decisions.economics.known import with_month
    >>> from funnel_sim.scenario.presets import preset
    >>> sorted(set(not_typed(with_month(preset("amazon-de-kitchen"), 900.0)).values()))
    ['funnel', 'split']
    """
    found: dict[str, Literal["funnel", "split"]] = dict.fromkeys(from_funnel(scenario), "funnel")
    if scenario.history.names():
        return found
    typed = [
        (f"channels.{one.id}.known_sales", point_value(one.known_sales))
        for one in scenario.channels
        if one.kind == "orders" and one.known_as == "orders" and point_value(one.known_sales)
    ]
    parted = len(typed) > 1 and share_assumed(scenario)
    for path, value in typed:
        if path not in found and (parted or not float(value).is_integer()):
            found[path] = "split"
    return found


def orders_typed(scenario: Scenario) -> bool:
    """Say whether the orders of a month in force were typed, rather than taken over from a funnel
    or what an example comes to.

    >>> from funnel_sim.decisions.economics.known import with_month
    >>> from funnel_sim.scenario.presets import preset
    >>> store = preset("amazon-de-kitchen")
    >>> orders_typed(store), orders_typed(with_month(store, 600.0))
    (False, True)
    """
    if not knows_orders(scenario):
        return False
    mine = own_of(scenario).mine
    return ORDERS in mine or any(path.endswith(".known_sales") for path in mine)


def share_assumed(scenario: Scenario) -> bool:
    """Say whether the share of typed orders that ads bring is still what the funnel comes to: all
    of them where nothing else was there.

    Args:
        scenario: the store, with typed orders.
    """
    found = funnel_of(scenario)
    if found is None:
        return False
    shares = typed_total(scenario)[1], typed_total(found)[1]
    return math.isclose(*shares, rel_tol=_SAME)


def example_share(scenario: Scenario) -> float:
    """Return which share of a month's orders ads bring in the scenario's example, all its sources
    counted, at the orders that it has itself [fraction]; 1 where it has none.

    Args:
        scenario: a store that began from a preset.

    >>> round(example_share(preset("amazon-de-kitchen")), 3)
    0.458
    """
    example = preset(scenario.preset, scenario.as_of)
    month = evaluate(example).steady["paid_orders"]
    return typed_total(with_month(example, month))[1] if month else 1.0
