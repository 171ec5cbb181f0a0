"""What drove the change of a usual month from one period of a store's own months to another, or
from the plan: split into what was measured (`measured_drivers`).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from funnel_sim.decisions.review.actuals import actual_ledger, as_seen, lacking
from funnel_sim.decisions.review.alike import ALIKE, on_one_footing
from funnel_sim.decisions.review.borrowed import MARGINS, borrowed
from funnel_sim.decisions.review.drivers import (
    COMMISSION,
    FIGURES,
    REST,
    SAME_NUMBER,
    Driver,
    DriverPart,
    Split,
    adding_up,
    split,
)
from funnel_sim.decisions.review.levels import Levels, levels_of_months, levels_of_plan
from funnel_sim.decisions.review.measured_drivers import SEEN, MeasuredChange, measured_change
from funnel_sim.decisions.review.usual_period import Period, TypedChannels, as_period
from funnel_sim.model.economics import figures
from funnel_sim.model.values import Values
from funnel_sim.scenario.scenario import Scenario


def between_months(
    scenario: Scenario,
    first: Sequence[str],
    second: Sequence[str],
    keys: Sequence[str] = FIGURES,
) -> dict[str, Split]:
    """Return what drove the change of a usual month from one period of the series to another.

    What came is split as far as the months measure it; what the ledger does not explain of it is a
    part of its own. Where a figure did not come from the series (a profit without costs) the
    model's is split; where only one of the periods lacks something (its ad spend) nothing is, for
    the plan's would stand beside what came. Refunds, purchase cost and logistics that one period
    did not measure stand at the other's ratio (`on_one_footing`), so that no part is made of an
    assumption. GMV is the one of the months' files (`as_seen`).

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
    even, filled = on_one_footing(scenario, first, second)
    one, two = as_period(even, first), as_period(even, second)
    if "commission" in filled:
        known = not math.isnan(levels_of_months(scenario, first).commission)
        even = _same_multiple(even, *((one, two) if known else (two, one)))
        one, two = as_period(even, first), as_period(even, second)
    sides = one.levels, two.levels
    change = measured_change(one.store, two.store, *sides)
    found = _splits(change, sides, (one.commission, two.commission), keys)
    fees = [] if _measured_logistics(sides) else _fees_by_month(even, one, two)
    fees += _without_rate(one.store, (one.levels.commission, two.levels.commission))
    gone = {key: _lacks(scenario, first, second, key) for key in keys}
    return {
        key: Split(key, one.came[key], two.came[key], (), lacks=gone[key])
        if gone[key]
        else replace(
            _with_rest(found[key], one.came, two.came, fees if key in MARGINS else ()),
            assumed=(
                *dict.fromkeys(
                    part for months in (first, second) for part in borrowed(even, months, key)
                ),
                *(f"{ALIKE}{figure}" for figure in filled if key in MARGINS),
            ),
        )
        for key in keys
    }


FEES: Mapping[str, tuple[str, ...]] = {
    "plan_storage": ("storage",),
    "plan_delivery": ("fulfilment", "returns_handling"),
}
"""Lines of the ledger that the plan moves by calendar month, by the driver that they are told as.
"""


def _measured_logistics(sides: tuple[Levels, Levels]) -> bool:
    return not any(math.isnan(side.logistics) for side in sides)


def _fees_by_month(scenario: Scenario, one: Period, two: Period) -> list[DriverPart]:
    """Return what the plan's own fees by calendar month make of a change: the ledger has those of
    the months, a usual month has not.
    """
    out = []
    for name, lines in FEES.items():
        came: list[float] = []
        usual: list[float] = []
        for side in (one, two):
            ledger = actual_ledger(scenario, side.months)
            came.append(sum(float(ledger.month(line).mean()) for line in lines))
            steady = figures(Values(side.store), {"steady": list(lines)})
            usual.append(
                sum(
                    float(np.asarray(steady[line, "steady"], np.float64).reshape(-1)[0])
                    for line in lines
                )
            )
        amount = (came[1] - came[0]) - (usual[1] - usual[0])
        if math.isfinite(amount) and abs(amount) > _DUST * max(map(abs, (*came, *usual))):
            shown = (f"{SEEN}{name}", -came[0], -came[1])
            out.append(DriverPart(Driver(name, changed=(shown,)), amount))
    return out


def _same_multiple(store: Scenario, known: Period, filled: Period) -> Scenario:
    """Return the store whose filled-in commission is the same multiple of the form's rates in a
    usual month as the one that was measured, to the last digit that a part is made of.
    """
    names = store.history.names()
    seen = store.history.of("commission", names)
    ratio = known.commission / filled.commission if filled.commission > 0 else 1.0
    moved = [
        value * ratio if name in filled.months else value
        for name, value in zip(names, seen, strict=True)
    ]
    plain = [None if math.isnan(value) else value for value in moved]
    return store.replace({"history.seen_commission": plain})


def _without_rate(store: Scenario, came: tuple[float, float]) -> list[DriverPart]:
    """Return the change of a measured commission as a part of its own where the form has no rate
    that it could be a multiple of.

    Args:
        store: whose rates the form holds.
        came: the commission of both sides a month; NaN where not known.
    """
    if not all(math.isfinite(one) for one in came) or came[0] == came[1]:
        return []
    usual = figures(Values(store), {"steady": ["commission"]})["commission", "steady"]
    if np.any(np.asarray(usual, np.float64) != 0):
        return []
    shown = (f"{SEEN}commission", *came)
    return [DriverPart(Driver(COMMISSION, changed=(shown,)), came[0] - came[1])]


def _splits(
    change: MeasuredChange,
    sides: tuple[Levels, Levels],
    commission: tuple[float, float],
    keys: Sequence[str],
) -> dict[str, Split]:
    """Return the model's split of each figure, its GMV as the months' files have it."""
    drivers = list(change.drivers)
    rates = _commission(drivers, *commission, sides)
    asked = {key: as_seen(change.store, key) for key in keys}
    found = split(change.store, drivers, change.moves, tuple(asked.values()), rates)
    out = {}
    for key, one in asked.items():
        whole = found[one]
        out[key] = Split(key, whole.before, whole.after, whole.parts)
    return out


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
    drivers: list[Driver], before: float, after: float, sides: tuple[Levels, Levels]
) -> tuple[int, float, float] | None:
    """Return the driver's place and the multiples of all commission rates before and after, adding
    the driver; None where none differs from the scenario's.
    """
    if abs(before - after) > SAME_NUMBER * before:
        shown = (f"{SEEN}commission_scale", before, after)
        one_sided = any(math.isnan(side.commission) for side in sides)
        drivers.append(Driver(COMMISSION, changed=(shown,), assumed=one_sided))
        return len(drivers) - 1, before, after
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
    sides = levels_of_plan(plan, _season(scenario, months)), two.levels
    known = not math.isnan(two.levels.ad_spend)
    channels = TypedChannels.of(plan, spend_known=known)
    before = channels.store(plan, sides[0].orders, sides[0].ad_spend)
    change = measured_change(before, two.store, *sides)
    found = _splits(change, sides, (1.0, two.commission), keys)
    fees = _without_rate(plan, (0.0, two.levels.commission))
    return {
        key: replace(
            _with_rest(
                found[key], {key: found[key].before}, two.came, fees if key in MARGINS else ()
            ),
            assumed=borrowed(scenario, months, key),
        )
        for key in keys
    }


def _season(scenario: Scenario, months: Sequence[str]) -> float:
    """Return the mean season index of some calendar months, by the plan's season."""
    year = scenario.plan.season
    return sum(year[int(month[5:]) - 1] for month in months) / len(months)


def _with_rest(
    found: Split,
    one: Mapping[str, float],
    two: Mapping[str, float],
    fees: Sequence[DriverPart] = (),
) -> Split:
    """Return a split of what came: the plan's fees by month are parts, and what then stays
    unexplained is another.
    """
    before, after = one.get(found.figure, math.nan), two.get(found.figure, math.nan)
    if not (math.isfinite(before) and math.isfinite(after)):
        return found
    if fees:
        moved = math.fsum(part.amount for part in fees)
        found = Split(found.figure, found.before, found.after + moved, (*found.parts, *fees))
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
