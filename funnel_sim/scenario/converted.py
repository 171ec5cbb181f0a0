"""Amounts of a scenario in another currency: the rate between two currencies, and every amount of
a section multiplied by it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from funnel_sim.errors import InputError
from funnel_sim.reference import exchange_rates
from funnel_sim.scenario.fields import Section, Spec, Unit
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quantity import BetaCounts, is_range, point_value
from funnel_sim.scenario.quote_rows import Reward
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

_DIGITS = ".15g"
_OF_A_RANGE = ("low", "likely", "high", "mean", "sd", "median")


def rate_between(scenario: Scenario, one: str, other: str) -> float | None:
    """Return the exchange rate of two currencies: the scenario's own, else that of the table on its
    date.

    Args:
        scenario: the store and its plan, as typed.
        one: the currency that is given.
        other: the currency that is wanted.

    Returns:
        Units of the other currency for one unit of the first; None where neither knows it.
    """
    own = point_value(scenario.fx_rate)
    if one == other:
        return 1.0
    if (one, other) == (scenario.currency, scenario.cost_currency):
        return own
    if (other, one) == (scenario.currency, scenario.cost_currency):
        return 1 / own
    try:
        return exchange_rates.exchange(one, other, scenario.as_of)
    except InputError:
        return None


def in_currencies(base: Scenario, currency: str, cost_currency: str) -> Scenario:
    """Return an example with its sales and its costs in other currencies, by its own exchange rate
    and the dated table; the example itself where no rate is known.

    Args:
        base: the example.
        currency: that of sales, such as "USD".
        cost_currency: that of costs.

    >>> from funnel_sim.scenario.presets import preset
    >>> tiktok = preset("tiktok-us-beauty")
    >>> dollars = in_currencies(tiktok, "USD", "USD")
    >>> round(point_value(dollars.product.unit_cost) * point_value(tiktok.fx_rate), 9) == (
    ...     point_value(tiktok.product.unit_cost)
    ... )
    True
    """
    sales = rate_between(base, base.currency, currency)
    costs = rate_between(base, base.cost_currency, cost_currency)
    if sales is None or costs is None:
        return base
    plain: dict[str, Any] = base.plain() | {"currency": currency, "cost_currency": cost_currency}
    plain["fx_rate"] = 1.0 if currency == cost_currency else times(plain["fx_rate"], costs / sales)
    convert(base, plain, {Unit.MONEY: sales, Unit.COST_MONEY: costs})
    return Scenario.read(plain)


def times(value: Any, factor: float) -> Any:
    """Return plain data of a quantity or a list of amounts, multiplied; counts are no amount and
    stay.

    Args:
        value: a number, a range or a list of either, as a file holds it.
        factor: by what amounts are multiplied.
    """
    if isinstance(value, dict):
        return {
            name: times(part, factor) if name in (*_OF_A_RANGE, "values") else part
            for name, part in value.items()
        }
    if isinstance(value, list):
        return [times(one, factor) for one in value]
    return value if value is None or factor == 1 else float(format(value * factor, _DIGITS))


def convert(
    part: Section,
    plain: dict[str, Any],
    factors: Mapping[Unit, float],
    contracts: str = "",
    contract: float = 1.0,
    kpi: Callable[[Kpi, dict[str, Any], Mapping[Unit, float]], None] | None = None,
) -> None:
    """Multiply in place every amount of a section and of the rows below it.

    Args:
        part: the section as it is.
        plain: its plain data, changed in place.
        factors: units of the new currency for one of the old one, by kind of amount.
        contracts: the contracts whose own money changes, by their `fee_currency`.
        contract: the factor of these.
        kpi: what converts the targets of a KPI.
    """
    if isinstance(part, Option) and part.fee_currency == contracts:
        factors = {**factors, Unit.CONTRACT_MONEY: contract}
    if isinstance(part, Kpi) and kpi is not None:
        kpi(part, plain, factors)
    for name, info in type(part).model_fields.items():
        value, spec = (
            getattr(part, name),
            next((m for m in info.metadata if isinstance(m, Spec)), None),
        )
        if isinstance(value, Section):
            convert(value, plain[name], factors, contracts, contract, kpi)
        elif isinstance(value, list):
            for one, row in zip(value, plain[name], strict=True):
                if isinstance(one, Section):
                    convert(one, row, factors, contracts, contract, kpi)
        elif spec is not None and spec.unit in factors and _is_amount(part, value):
            plain[name] = times(plain[name], factors[spec.unit])


def _is_amount(part: Section, value: Any) -> bool:
    """Say whether a value of a field of money is one: a bonus may be a share, and counts are
    none.
    """
    share = isinstance(part, Reward) and part.form != "fixed"
    return (
        not share
        and not isinstance(value, BetaCounts)
        and (is_range(value) or isinstance(value, (int, float)))
    )
