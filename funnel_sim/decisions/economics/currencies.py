"""Another currency for what is entered: amounts, label and rate change together, so that every
figure stays what it was.

Costs, sales and contracts are each in one currency. Choosing another one changes all amounts in it
by one rate: the scenario's own rate between its two currencies, else the cross rate of the dated
table (data/parameters/fx.csv), else a rate that the user gives.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Literal, get_args

from funnel_sim.errors import refuse
from funnel_sim.model.funnel_words import FUNNEL_WORDS
from funnel_sim.model.metrics import FORMULAS
from funnel_sim.scenario.converted import convert, rate_between, times
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.kpi_metrics import CASH_METRICS
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import MONEY

__all__ = ["Which", "contract_in", "in_currency", "rate_between", "with_terms_of"]
Which = Literal["currency", "cost_currency"]


def in_currency(scenario: Scenario, which: Which, code: str, rate: float | None = None) -> Scenario:
    """Return the scenario with its costs or its sales in another currency.

    Every amount in it is multiplied by the units of the new currency that one unit of the old one
    is, ranges by their numbers; the exchange rate follows, and is 1 where both currencies are then
    the same.

    Args:
        scenario: the store and its plan, as typed.
        which: "cost_currency" or "currency".
        code: the new currency, such as "USD".
        rate: units of the new currency for one unit of the old one; the known rate where None.

    Raises:
        InputError: if the currency is unknown, or no rate is known.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> dollars = in_currency(
        ...     preset("tiktok-us-beauty").replace({"product.unit_cost": 22.56, "fx_rate": 7.05}),
        ...     "cost_currency",
        ...     "USD",
        ... )  # 22.56 / 7.05
        >>> dollars.product.unit_cost, dollars.fx_rate, dollars.cost_currency
        (3.2, 1.0, 'USD')
    """
    before = str(getattr(scenario, which))
    factor = rate_between(scenario, before, code) if rate is None else rate
    if factor is None:
        # a code that is no currency is refused here, with its own message
        scenario.replace({which: code})
        raise refuse(which, code, "fx_unknown", one=before, other=code)
    sales, costs = (1.0, factor) if which == "cost_currency" else (factor, 1.0)
    plain: dict[str, Any] = scenario.plain() | {which: code}
    same = plain["currency"] == plain["cost_currency"]
    plain["fx_rate"] = 1.0 if same else times(plain["fx_rate"], costs / sales)
    factors = {Unit.MONEY: sales, Unit.COST_MONEY: costs}
    own = "sales" if which == "currency" else "cost"
    kept = Unit.COST_MONEY if scenario.cash.kept_in == "home" else Unit.MONEY
    convert(scenario, plain, factors, own, factor, partial(_kpi, kept=kept))
    for row in (plain["history"], *plain["history"]["by_channel"]):
        for name in (f"seen_{figure}" for figure in MONEY):
            if name in row:
                row[name] = times(row[name], sales)
    return Scenario.read(plain)


def contract_in(scenario: Scenario, option: str, fee_currency: str) -> Scenario:
    """Return the scenario with the amounts of one contract in the other of its two currencies.

    Args:
        scenario: the store and its plan, as typed.
        option: the id of the option.
        fee_currency: "cost" or "sales".
    """
    plain = scenario.plain()
    own = point_value(scenario.fx_rate)
    for made, row in zip(scenario.options, plain["options"], strict=True):
        if made.id == option and made.fee_currency != fee_currency:
            factor = own if fee_currency == "cost" else 1 / own
            convert(made, row, {Unit.CONTRACT_MONEY: factor})
            row["fee_currency"] = fee_currency
    return Scenario.read(plain)


def _kpi(kpi: Kpi, plain: dict[str, Any], factors: Mapping[Unit, float], *, kept: Unit) -> None:
    unit = (
        FORMULAS[kpi.metric].unit
        if kpi.metric in FORMULAS
        else FUNNEL_WORDS[kpi.metric][0]
        if kpi.metric in FUNNEL_WORDS
        else "count"
    )
    factor = factors.get(Unit.MONEY, 1.0) if unit == "money" else 1.0
    if kpi.metric in CASH_METRICS:
        factor = factors.get(kept, 1.0)
    for name in ("target", "baseline"):
        if not (name == "target" and kpi.relative):
            plain[name] = times(plain[name], factor)


_KEPT = ("name", "options", "comparison", "kpis", "promise", "verdicts", "history")
"""What is typed beside a shop, and stays when another shop takes its place."""


def with_terms_of(terms: Scenario, store: Scenario) -> Scenario:
    """Return a store with what was typed beside another one: its name, quotes, KPIs, promise and
    the shop's own months.

    Amounts are those of the other scenario in the store's currencies; a part that was never typed
    stays the store's.

    Args:
        terms: the scenario whose terms are taken.
        store: the scenario that gets them.

    Raises:
        InputError: if a rate is not known, or what the quotes name is not in the store.
    """
    typed = [
        name
        for name in _KEPT
        if getattr(terms, name)
        != Scenario.model_fields[name].get_default(call_default_factory=True)
    ]
    if not typed:
        return store
    for which in get_args(Which):
        terms = in_currency(terms, which, store.get(which))
    return Scenario.read(store.plain() | {name: terms.plain()[name] for name in typed})
