"""Paths of fields ("product.price", "channels.ads.cpc"): what is declared at one, whether a range
may stand there, which there are.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, get_args

from funnel_sim.errors import refuse
from funnel_sim.scenario.budget import BudgetTerms
from funnel_sim.scenario.cash import CashTerms
from funnel_sim.scenario.chance import Chance, Shock
from funnel_sim.scenario.channels import Channel
from funnel_sim.scenario.conversion import Conversion
from funnel_sim.scenario.costs import FixedCosts
from funnel_sim.scenario.customers import Customers
from funnel_sim.scenario.fees import Commission, Fulfilment, Payment
from funnel_sim.scenario.fields import Section, Spec
from funnel_sim.scenario.head import LISTED, Head
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.operator_effect import OperatorEffect
from funnel_sim.scenario.plan import Plan
from funnel_sim.scenario.product import Product
from funnel_sim.scenario.promise import Promise
from funnel_sim.scenario.quantity import Pert
from funnel_sim.scenario.quotes import Comparison, Option
from funnel_sim.scenario.store_months import StoreHistory
from funnel_sim.scenario.tax import TaxRules
from funnel_sim.scenario.verdicts import Verdicts


def place(data: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a path of plain scenario data, in place.

    Args:
        data: the data, as from JSON.
        path: the path, such as "channels.ads.cpc".
        value: the new value.

    Raises:
        InputError: if there is no such field.
    """
    *parents, last = path.split(".")
    node: Any = data
    for part in parents:
        if isinstance(node, list):
            node = next((c for c in node if isinstance(c, dict) and c.get("id") == part), None)
        else:
            node = node.get(part) if isinstance(node, dict) else None
    if not isinstance(node, dict) or spec_of(path) is None:
        raise refuse(path, value, "unknown_field")
    node[last] = value


@cache
def _specs(section: type[Section]) -> dict[str, Spec]:
    out: dict[str, Spec] = {}
    for name, info in section.model_fields.items():
        spec = next((m for m in info.metadata if isinstance(m, Spec)), None)
        if spec is not None:
            out[name] = spec
    return out


SECTIONS: dict[str, type[Section]] = {
    "product": Product,
    "tax": TaxRules,
    "commission": Commission,
    "payment": Payment,
    "fulfilment": Fulfilment,
    "conversion": Conversion,
    "plan": Plan,
    "customers": Customers,
    "effect": OperatorEffect,
    "fixed": FixedCosts,
    "chance": Chance,
    "promise": Promise,
    "verdicts": Verdicts,
    "history": StoreHistory,
    "comparison": Comparison,
    "cash": CashTerms,
    "budget": BudgetTerms,
}

LISTS: dict[str, type[Section]] = {
    "channels": Channel,
    "shocks": Shock,
    "kpis": Kpi,
    "options": Option,
}
"""Groups of which a scenario has several; each is found by its id."""


def specs_of(section: type[Section]) -> dict[str, Spec]:
    """Return the declared fields of one section, in order: name → Spec."""
    return dict(_specs(section))


def _place_of(path: str) -> tuple[type[Section], str] | None:
    """Return the section that declares the field at a path, and its name there."""
    match path.split("."):
        case [name]:
            return Head, name
        case [group, _, name] if group in LISTS:
            return LISTS[group], name
        case [section, name] if section in SECTIONS:
            return SECTIONS[section], name
        case _:
            return None


def _holds_range(parts: Iterable[Any]) -> bool:
    return any(part is Pert or _holds_range(get_args(part)) for part in parts)


@cache
def _may_vary(section: type[Section], name: str) -> bool:
    info = section.model_fields.get(name)
    return info is not None and _holds_range((info.annotation, *info.metadata))


def may_vary(path: str) -> bool:
    """Say whether the field at a path may hold a range.

    >>> may_vary("product.price"), may_vary("plan.horizon_months")
    (True, False)
    """
    found = _place_of(path)
    return found is not None and _may_vary(*found)


@cache
def _is_whole(section: type[Section], name: str) -> bool:
    info = section.model_fields.get(name)
    if info is None:
        return False
    annotation: Any = info.annotation
    return annotation is int or set(get_args(annotation)) == {int, type(None)}


def is_whole(path: str) -> bool:
    """Say whether the field at a path holds whole numbers only.

    >>> is_whole("plan.horizon_months"), is_whole("options.a.due_every"), is_whole("product.price")
    (True, True, False)
    """
    found = _place_of(path)
    return found is not None and _is_whole(*found)


def varying_paths(scenario: Head) -> list[str]:
    """Return the path of every field of a scenario that may hold a range, given or not.

    >>> from funnel_sim.scenario.presets import preset
    >>> paths = varying_paths(preset("amazon-de-kitchen"))
    >>> "fx_rate" in paths, "channels.ads.cpc" in paths, "plan.horizon_months" in paths
    (True, True, False)
    """
    return [path for path, _ in field_paths(scenario) if may_vary(path)]


def spec_of(path: str) -> Spec | None:
    """Return the declaration of the field at a path, or None where there is no such field.

    >>> spec_of("channels.ads.cpc").en
    'Cost per click (CPC)'
    """
    found = _place_of(path)
    if found is None:
        return None
    section, name = found
    return _specs(section).get(name) or (LISTED.get(name) if section is Head else None)


def field_paths(scenario: Head) -> Iterator[tuple[str, Spec]]:
    """Yield (path, Spec) of every declared field of a scenario, channel by channel."""
    for name, spec in _specs(Head).items():
        yield name, spec
    for section, cls in SECTIONS.items():
        for name, spec in _specs(cls).items():
            yield f"{section}.{name}", spec
    for group, cls in LISTS.items():
        for item in getattr(scenario, group):
            for name, spec in _specs(cls).items():
                yield f"{group}.{item.id}.{name}", spec
