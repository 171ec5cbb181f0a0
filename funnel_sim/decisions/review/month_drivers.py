"""What drove the change of a usual month from one period of a store's own months to another, or
from the plan.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from funnel_sim.decisions.review.actuals import actual_ledger, lacking
from funnel_sim.decisions.review.borrowed import borrowed
from funnel_sim.decisions.review.drivers import (
    COMMISSION,
    FIGURES,
    REST,
    SAME_NUMBER,
    Driver,
    DriverPart,
    Split,
    adding_up,
    changed_numbers,
    driver_moves,
    grouped_drivers,
    number_at,
    split,
)
from funnel_sim.decisions.review.usual_period import as_period
from funnel_sim.scenario.scenario import Scenario


def between_months(
    scenario: Scenario,
    first: Sequence[str],
    second: Sequence[str],
    keys: Sequence[str] = FIGURES,
) -> dict[str, Split]:
    """Return what drove the change of a usual month from one period of the series to another.

    What came is split as far as the model explains it; the rest is a part of its own. Where a
    figure did not come from the series (a profit without costs) the model's is split; where only
    one of the periods lacks something (its ad spend) nothing is, for the plan's would stand beside
    what came. The season of the plan between the two periods is a driver.

    Args:
        scenario: the store with its series of months.
        first: names of the months of the first period.
        second: names of those of the second.
        keys: figures of the model.

    Returns:
        Splits by figure.

    Raises:
        InputError: as in `as_period`.
    """
    one, two = as_period(scenario, first), as_period(scenario, second)
    season = _season(scenario, second) / _season(scenario, first)
    changed = changed_numbers(one.store, two.store)
    if season != 1.0:
        changed = _converting(one.store, two.store) | changed
    drivers, of_path = grouped_drivers(changed, season)
    commission = _commission(drivers, one.commission, two.commission)
    moves = driver_moves(changed, drivers, of_path, season)
    found = split(two.store, drivers, moves, keys, commission)
    gone = {key: _lacks(scenario, first, second, key) for key in keys}
    return {
        key: Split(key, one.came[key], two.came[key], (), lacks=gone[key])
        if gone[key]
        else replace(
            _with_rest(found[key], one.came, two.came),
            assumed=tuple(
                dict.fromkeys(
                    part for months in (first, second) for part in borrowed(scenario, months, key)
                )
            ),
        )
        for key in keys
    }


_NO_RATE = frozenset({"ad_spend"})
"""Figures in whose place the plan has an amount of its own; in that of others it has a rate, which
is taken and marked (`borrowed`)."""


def _lacks(
    scenario: Scenario, first: Sequence[str], second: Sequence[str], key: str
) -> tuple[str, ...]:
    """Return the amounts of the series that a figure lacks in one of two periods only."""
    one, two = (
        lacking(actual_ledger(scenario, months), key).keys() & _NO_RATE
        for months in (first, second)
    )
    return tuple(sorted(one ^ two))


def _commission(
    drivers: list[Driver], before: float, after: float
) -> tuple[int, float, float] | None:
    """Return the driver's place and the multiples of all commission rates before and after, adding
    the driver where it is not there; None where none differs from the scenario's.
    """
    if abs(before - after) > SAME_NUMBER * before:
        place = next((n for n, one in enumerate(drivers) if one.id == COMMISSION), None)
        if place is None:
            place = len(drivers)
            drivers.append(Driver(COMMISSION))
        return place, before, after
    return (0, before, after) if before != 1.0 else None


def against_plan(
    scenario: Scenario, months: Sequence[str], keys: Sequence[str] = FIGURES
) -> dict[str, Split]:
    """Return what drove the difference of a usual month of some months from the plan: from the
    scenario as it was typed, at the season of those months, without an agency's effect or fee.

    Args:
        scenario: the plan, with its series of months.
        months: names of the months that came.
        keys: figures of the model.

    Returns:
        Splits by figure; `before` is the plan's.

    Raises:
        InputError: as in `as_period` and `between`.
    """
    two = as_period(scenario, months)
    plan = actual_ledger(scenario, months).scenario
    season = _season(scenario, months)
    changed = changed_numbers(plan, two.store)
    if season != 1.0:
        for path, (old, new) in _converting(plan, two.store).items():
            if abs(old * season - new) > SAME_NUMBER * new:
                changed[path] = (old * season, new)
            else:
                changed.pop(path, None)
    drivers, of_path = grouped_drivers(changed, 1.0)
    commission = _commission(drivers, 1.0, two.commission)
    moves = driver_moves(changed, drivers, of_path, 1.0)
    found = split(two.store, drivers, moves, keys, commission)
    return {
        key: replace(
            _with_rest(found[key], {key: found[key].before}, two.came),
            assumed=borrowed(scenario, months, key),
        )
        for key in keys
    }


def _converting(before: Scenario, after: Scenario) -> dict[str, tuple[float, float]]:
    """Return the rates that a season multiplies, also where they did not change."""
    steps = after.conversion.cvr is None
    store = "conversion.add_to_cart_rate" if steps else "conversion.cvr"
    paths = [store] + [
        f"channels.{one.id}.{name}"
        for one in after.channels
        for name in ("channel_cvr", "channel_add_to_cart_rate")
        if getattr(one, name) is not None
    ]
    out = {}
    for path in paths:
        old, new = number_at(before, path), number_at(after, path)
        if old and new:
            out[path] = (old, new)
    return out


def _season(scenario: Scenario, months: Sequence[str]) -> float:
    """Return the mean season index of some calendar months, by the plan's season."""
    year = scenario.plan.season
    return sum(year[int(month[5:]) - 1] for month in months) / len(months)


def _with_rest(found: Split, one: Mapping[str, float], two: Mapping[str, float]) -> Split:
    """Return a split of what came: what the model does not explain is a part."""
    before, after = one.get(found.figure, math.nan), two.get(found.figure, math.nan)
    if not (math.isfinite(before) and math.isfinite(after)):
        return found
    rest = (after - before) - found.change
    whole = max(abs(before), abs(after), abs(found.before), abs(found.after))
    if abs(rest) <= _DUST * whole:
        exact = np.array([part.amount for part in found.parts])
        amounts = adding_up(exact, after - before)
        parts = [
            DriverPart(part.driver, float(a)) for part, a in zip(found.parts, amounts, strict=True)
        ]
    else:
        parts = [*found.parts, DriverPart(Driver(REST), rest)]
        amounts = adding_up(np.array([part.amount for part in parts]), after - before)
        parts = [DriverPart(part.driver, float(a)) for part, a in zip(parts, amounts, strict=True)]
    parts.sort(key=lambda part: -abs(part.amount))
    return Split(found.figure, before, after, tuple(parts))


_DUST = 1e-9
