"""A number typed where a range stood moves the range along: the one rule, for a field on screen as
for a row of a portfolio.

Somebody who says another price says nothing of how well it is known; so the range stays relatively
as wide (docs/decisions/0073-portfolio.md). Who means the number exactly says so with a range of no
width.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from funnel_sim.errors import InputError
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.quantity import (
    RANGES,
    Quantity,
    Range,
    Uniform,
    is_range,
    moved,
    point_value,
)
from funnel_sim.scenario.scenario import Scenario

_QUANTITY: TypeAdapter[float | Range] = TypeAdapter(Quantity)
_DIGITS = 6
"""Significant digits of a moved end."""
_EXACT_DIGITS = 12


def along(path: str, before: Any, value: float) -> Any:
    """Return a range moved along with its likely value, cut where a limit would leave the domain; a
    plain number where no range stood before, or where it cannot be moved.

    Args:
        path: of a field, "product.price" or "options.quote.base".
        before: what stood there, a number or a range.
        value: the new likely value.

    Returns:
        The number, or the range as a scenario file holds it; its likely value is the number.

    Examples:
        >>> from funnel_sim.scenario.quantity import Pert
        >>> found = along("product.price", Pert(low=16.0, likely=20.0, high=30.0), 25.0)
        >>> found["low"], found["likely"], found["high"]
        (20.0, 25.0, 37.5)
    """
    if not is_range(before):
        return value
    if value == point_value(before):
        return before.model_dump(mode="json")
    new, spec = moved(before, value), spec_of(path)
    if isinstance(new, float) or spec is None:
        return value
    low, high = spec.domain
    found = new.model_dump(mode="json")
    if isinstance(new, Uniform):  # its likely value is its middle: both ends are cut alike
        half = min(_rounded((new.high - new.low) / 2, _DIGITS), value - low, high - value)
        if half < 0:  # refused, as all that is typed outside
            return value
        ends = {"low": value - half, "high": value + half}
        return found | {name: _rounded(end, _EXACT_DIGITS) for name, end in ends.items()}
    if "low" in found:
        found["low"] = min(value, max(low, _rounded(found["low"], _DIGITS)))
        found["high"] = max(value, min(high, _rounded(found["high"], _DIGITS)))
    return found


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


def with_numbers(base: Scenario, changes: Mapping[str, Any], *, exactly: bool = False) -> Scenario:
    """Return a scenario with the values at some paths changed, where a number moves the range that
    stood there along, and a range of no width is its number.

    Args:
        base: the scenario.
        changes: new values by path, as a scenario file holds them.
        exactly: whether a number takes the place of a range instead.

    Returns:
        The changed scenario; where a rule forbids a moved range, the number stands alone.

    Raises:
        InputError: if the values are not allowed.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> kitchen = preset("amazon-de-kitchen")
        >>> with_numbers(kitchen, {"product.unit_cost": 60.0}).product.unit_cost
        LogPert(low=48.0, likely=60.0, high=75.0, meaning='p80', dist='logpert')
    """
    exact = {path: _number(value) for path, value in changes.items()}
    if exactly:
        return base.replace(exact)
    ranges = {path: _along(base, path, value, changes) for path, value in changes.items()}
    ranges = {path: value for path, value in ranges.items() if value is not None}
    if not ranges:
        return base.replace(exact)
    try:
        return base.replace(exact | ranges)
    except InputError:
        found = base.replace(exact)
    for path in sorted(ranges):  # as many as are allowed, whatever the order of the changes
        try:
            found = found.replace({path: ranges[path]})
        except InputError:
            continue
    return found


def _along(base: Scenario, path: str, value: Any, changes: Mapping[str, Any]) -> Any:
    """Return the range that a number moves; None where it moves none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if any(path.startswith(f"{other}.") for other in changes):  # part of what is changed as a whole
        return None
    before = base.get(path)
    if not is_range(before):
        return None
    new = along(path, before, float(value))
    return new if isinstance(new, dict) else None


def _number(value: Any) -> Any:
    """Return the number that a range of no width stands for; any other value as it is."""
    if isinstance(value, dict) and value.get("dist") in RANGES:
        low, high = value.get("low"), value.get("high")
        if isinstance(low, int | float) and low == high and not isinstance(low, bool):
            return float(low)
    return value


def as_changes(
    base: Scenario, changes: Mapping[str, Any], *, exactly: bool = False
) -> dict[str, Any]:
    """Return changes of which `with_numbers` makes a scenario that holds these very values: a range
    that is the base's moved along becomes its number, a number in place of a range one of no width.

    Args:
        base: the scenario that is changed.
        changes: the values that a changed scenario has, by path, as a scenario file holds them.
        exactly: whether numbers take the place of ranges there: then all values stay as they are.

    Returns:
        The changes in as few words as say it.
    """
    if exactly:
        return dict(changes)
    out: dict[str, Any] = {}
    for path, value in changes.items():
        before = base.get(path)
        if not is_range(before):
            out[path] = value
        elif isinstance(value, dict):
            likely = point_value(_QUANTITY.validate_python(value))
            out[path] = likely if along(path, before, likely) == value else value
        elif isinstance(along(path, before, value), dict):
            out[path] = Uniform(low=value, high=value).model_dump(mode="json")
        else:
            out[path] = value
    return out
