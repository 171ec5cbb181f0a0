"""Where the value of a field comes from, and what is typical for it.

The screen, the method page and every export ask here: `origin_of` says preset's source, changed by
the user, or neutral default; `typical_of_field` gives the benchmark range that fits platform and
category.
"""

import datetime as dt
import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from pydantic import BaseModel

from funnel_sim.errors import InputError
from funnel_sim.reference import benchmarks
from funnel_sim.reference.benchmarks import Store, Typical
from funnel_sim.reference.events import template_of
from funnel_sim.reference.price_settings import elasticity_prior
from funnel_sim.reference.provenance import Provenance
from funnel_sim.scenario import alternatives
from funnel_sim.scenario.chance import Shock
from funnel_sim.scenario.converted import in_currencies, times
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.preset_parts.build import CHOSEN, assumed
from funnel_sim.scenario.presets import origins, preset
from funnel_sim.scenario.price_prior import suggested_elasticity
from funnel_sim.scenario.quantity import Range, is_range, moved, point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.unused import unused

_ELASTICITY, _REFERENCE = "conversion.demand_elasticity", "conversion.reference_price"
_BACK, _ROUNDING = 1e-12, 1e-4
"""Of an amount that was converted there and back, or by the rates of two pairs of currencies."""
_RAMPS = (".ramp", ".promise_ramp")
_FEWEST = 2
"""Amounts that must share a ratio before it tells a rate of exchange."""


@dataclass(frozen=True)
class Origin:
    """`kind`: "source" (a dated figure), "assumed" (by the preset), "yours", or "default"
    (neutral).
    """

    kind: Literal["source", "assumed", "yours", "default"]
    provenance: Provenance | None
    preset_value: object = None


def origin_of(scenario: Scenario, path: str) -> Origin:
    """Return where the value of a field comes from.

    Args:
        scenario: the store and its plan, as typed.
        path: the address of the field, such as "product.price".
    """
    value = scenario.get(path)
    if path == _ELASTICITY and value == suggested_elasticity(scenario.as_of):
        return Origin("source", elasticity_prior(scenario.as_of).provenance)
    if path == _REFERENCE and value == scenario.product.price_paid:
        return origin_of(scenario, "product.price")  # nobody typed it: it is what is paid now
    if path.startswith("shocks."):
        return _of_event(scenario, path, value)
    if path.endswith(_RAMPS) and path.startswith(("options.", "promise.")):
        usual = alternatives.usual_ramp(scenario)
        if value == usual.value:  # a quote is begun with it: nobody typed that
            return Origin("assumed" if usual.provenance is None else "source", usual.provenance)
    try:
        base = _example(scenario.preset, scenario.as_of, scenario.currency, scenario.cost_currency)
        known = origins(scenario.preset, scenario.as_of) if base is not None else {}
        before = base.get(path) if base is not None else None
    except InputError:
        return Origin("yours", None)
    if base is None:
        return Origin("yours", None)
    if value != before and not _the_same(path, value, before, base, scenario):
        return Origin(
            "yours",
            None,
            None if unused(base, path) and not path.startswith("options.") else before,
        )  # a number that has no effect in the preset is not shown as its example
    found = known.get(path)
    if found is None:
        return Origin("default", None)
    return Origin("assumed" if found.evidence == "assumed" else "source", found)


def _of_event(scenario: Scenario, path: str, value: object) -> Origin:
    """Return where a figure of an event comes from: the template that it was added from, where it
    stands there; that figure is assumed unless a source is named.
    """
    _, event, name = path.split(".")
    template = template_of(event, scenario.as_of)
    if template is None or scenario.get(f"shocks.{event}.effect") != template.fields["effect"]:
        return Origin("yours", None)
    given = template.fields_in(scenario.plan.horizon_months)
    before = getattr(Shock.model_validate({**given, "id": event}), name)
    if name not in ("id", "name") and not _close(_plain(value), _plain(before), _BACK):
        return Origin("yours", None, before)
    source = template.sources.get(name)
    if source is None:
        return Origin("assumed", assumed("an event to start from"))
    return Origin("assumed" if source.evidence == "assumed" else "source", source)


@lru_cache(32)
def _example(name: str, on: dt.date, currency: str, cost_currency: str) -> Scenario | None:
    """Return the example that a scenario started from, its amounts in the scenario's currencies."""
    if not name:
        return None
    found = preset(name, on)
    if (found.currency, found.cost_currency) == (currency, cost_currency):
        return found
    return in_currencies(found, currency, cost_currency)


def _the_same(path: str, value: object, before: object, base: Scenario, scenario: Scenario) -> bool:
    """Say whether a value is the example's, but for what converting it twice leaves of rounding,
    and for the rate of exchange that it was converted by.
    """
    own = preset(scenario.preset, scenario.as_of)
    if (own.currency, own.cost_currency) == (base.currency, base.cost_currency):
        return _close(_plain(value), _plain(before), _BACK)
    if _close(_plain(value), _plain(before), _ROUNDING):
        return True
    known = _amounts(scenario.preset, scenario.as_of, base.currency, base.cost_currency)
    for amounts in known.values():
        if path in amounts:
            rate = _converted_at(scenario, amounts)
            if rate is not None:
                return _close(_plain(value), times(_plain(before), rate), _ROUNDING)
    return False


@lru_cache(32)
def _amounts(
    name: str, on: dt.date, currency: str, cost_currency: str
) -> dict[Unit, dict[str, float]]:
    """Return the amounts of an example by their unit and path, in some currencies."""
    base = _example(name, on, currency, cost_currency)
    out: dict[Unit, dict[str, float]] = {Unit.MONEY: {}, Unit.COST_MONEY: {}}
    for path, value in base.quantities() if base is not None else ():
        spec = spec_of(path)
        unit = None if spec is None else spec.unit
        if unit in out and point_value(value):
            out[unit][path] = point_value(value)
    return out


def _converted_at(scenario: Scenario, amounts: dict[str, float]) -> float | None:
    """Return by what the amounts of the example were multiplied, against the known rate: what most
    of them have in common, for a rate of one's own that was typed before the currency changed is
    in no field any more. None where they have nothing in common.
    """
    ratios = [
        float(f"{point_value(scenario.get(path)) / value:.6g}") for path, value in amounts.items()
    ]
    [(ratio, count)] = Counter(ratios).most_common(1)
    return ratio if 2 * count > len(ratios) > _FEWEST else None


def range_assumed(scenario: Scenario, path: str) -> bool:
    """Say whether a field's range is the example's, only moved along with the number that was
    typed.

    Args:
        scenario: the store and its plan, as typed.
        path: the address of the field, such as "product.price".
    """
    value, before = scenario.get(path), origin_of(scenario, path).preset_value
    if not is_range(value) or not is_range(before):
        return False
    now = moved(cast("Range", before), point_value(value))
    return is_range(now) and _close(_plain(value), _plain(now), _ROUNDING)


def _plain(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def _close(one: object, other: object, within: float) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            _close(one[key], other[key], within) for key in one
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(
            _close(a, b, within) for a, b in zip(one, other, strict=True)
        )
    if isinstance(one, float) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=within)
    return one == other


def is_chosen(provenance: Provenance) -> bool:
    """Say whether a figure was only chosen so that the example holds together.

    >>> (
    ...     is_chosen(origins("amazon-us-kitchen")["product.unit_cost"]),
    ...     is_chosen(origins("amazon-us-kitchen")["tax.duty_rate"]),
    ... )
    (True, False)
    """
    return provenance.note.startswith(CHOSEN)


def store_of(scenario: Scenario) -> Store:
    """Return what decides which benchmarks fit a scenario."""
    return Store(
        scenario.platform, scenario.market, scenario.category, scenario.currency, scenario.as_of
    )


def typical_of_field(scenario: Scenario, path: str) -> Typical | None:
    """Return the typical range of a field for this platform and category; None where none is known.

    Args:
        scenario: the store and its plan, as typed.
        path: the address of the field, such as "product.price".
    """
    if unused(scenario, path):
        return None  # nothing is typical of a number that nothing reads
    parts = path.split(".")
    kind = str(scenario.get(f"channels.{parts[1]}.kind")) if parts[0] == "channels" else ""
    return benchmarks.typical(store_of(scenario), path, kind)
