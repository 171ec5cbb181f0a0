"""What drove a change: any change of a figure between two states of a store, split exactly into its
drivers.

The parts are Shapley values over the model itself: a driver's part is what it adds, averaged over
every order in which the drivers could have changed. They add up to the change, no order matters,
and where the model is a product they are its closed form. All 2^n combinations of drivers are the
paths of one call of the model. Read `split`; `between` is for two scenarios, `between_months` for
two periods of a store's own months.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import numpy as np

from funnel_sim.decisions.kpi.store_history import fitted_funnel
from funnel_sim.decisions.review.actuals import actual_ledger
from funnel_sim.decisions.review.borrowed import borrowed
from funnel_sim.errors import InputError, refuse
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import figures
from funnel_sim.model.values import Values
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import StoreHistory
from funnel_sim.stored import read_data

FIGURES: tuple[str, ...] = ("gmv", "paid_orders", "cm3", "profit")
"""Figures whose change is split: GMV, orders, contribution margin after ads, profit."""
REST, OTHER, SEASON = "rest", "other", "season"
COMMISSION = "commission"
_STORE = {"channel_cvr": "cvr", "channel_add_to_cart_rate": "add_to_cart_rate"}
_SAME = 1e-12


@dataclass(frozen=True)
class Driver:
    """One driver: its `id` (data/drivers.toml), the channel where it is one of a single channel,
    and the fields that changed, each with its value before and after.
    """

    id: str
    channel: str = ""
    changed: tuple[tuple[str, float, float], ...] = ()


@dataclass(frozen=True)
class DriverPart:
    """What a driver adds to the change of a figure, in the figure's unit."""

    driver: Driver
    amount: float


@dataclass(frozen=True)
class Split:
    """The change of one figure of a usual month from `before` to `after`; the parts add up to it,
    the largest first. A part whose driver is `rest` is what the model does not explain. `assumed`
    says what of it is not the shop's own (borrowed.py).
    """

    figure: str
    before: float
    after: float
    parts: tuple[DriverPart, ...]
    assumed: tuple[str, ...] = ()

    @property
    def change(self) -> float:
        """The whole change."""
        return self.after - self.before


@cache
def _data() -> dict[str, Any]:
    text = read_data("drivers.toml")
    return tomllib.loads(text)


def shapley(worth: Array) -> Array:
    """Return the Shapley values of n players from the worth of all 2^n coalitions.

    Args:
        worth: shape (2^n,); bit i of the place says whether player i is in.

    Returns:
        shape (n,): they add up to `worth[-1] − worth[0]`.

    Shapley, L. S. (1953), A value for n-person games.

    >>> shapley(np.array([0.0, 1.0, 2.0, 6.0])).tolist()  # (1 + 4) / 2, (2 + 5) / 2
    [2.5, 3.5]
    """
    count = int(worth.size).bit_length() - 1
    place = np.arange(worth.size)
    size = np.array([int(one).bit_count() for one in place])
    weight = np.array(
        [
            math.factorial(k) * math.factorial(count - 1 - k) / math.factorial(count)
            for k in range(count)
        ]
    )
    out = np.zeros(count)
    for player in range(count):
        without = place[(place >> player) & 1 == 0]
        gain = worth[without | (1 << player)] - worth[without]
        out[player] = math.fsum(weight[size[without]] * gain)
    return _exact(out, float(worth[-1] - worth[0]))


def _exact(parts: Array, change: float) -> Array:
    """Return parts with what rounding left put to the largest, so that they add up."""
    if parts.size and np.isfinite(parts).all():
        parts[int(np.abs(parts).argmax())] += change - math.fsum(parts)
    return parts


@dataclass(frozen=True)
class DriverMove:
    """A field of the model that changes from `before` to `after`, and the driver that moves it.

    Several drivers may move one field (season and conversion): each by its factor, all together to
    `after`.
    """

    path: str
    before: float
    after: float
    driver: int
    factor: float | None = None


def split(
    scenario: Scenario,
    drivers: Sequence[Driver],
    moves: Sequence[DriverMove],
    keys: Sequence[str] = FIGURES,
    commission: tuple[int, float, float] | None = None,
) -> dict[str, Split]:
    """Return the split of the change of some figures of the usual month, by figure.

    Args:
        scenario: the store after the change; its fields that do not move are those of both states.
        drivers: what the change is split into, at most as many as data/drivers.toml tells apart.
        moves: every field that changes, with its driver's place in `drivers`.
        keys: figures of the model.
        commission: a driver that multiplies all commission rates, before and after.

    Returns:
        Splits by figure, in its unit.

    Raises:
        InputError: too many drivers.
    """
    count = len(drivers)
    if count > _data()["most"]:
        raise refuse("drivers", count, "drivers_many", most=_data()["most"])
    place = np.arange(2**count)

    def on(driver: int) -> Array:
        return np.asarray((place >> driver) & 1 == 1)

    given: dict[str, Array] = {}
    for move in moves:
        if move.factor is not None:
            now = given.get(move.path, np.full(place.size, move.before))
            given[move.path] = now * np.where(on(move.driver), move.factor, 1.0)
        else:
            given[move.path] = np.where(on(move.driver), move.after, move.before)
    scale: Any = 1.0
    if commission is not None:
        driver, before, after = commission
        scale = np.where(on(driver), after, before)
    found = figures(Values(scenario, given, commission_scale=scale), {"steady": list(keys)})
    out = {}
    for key in keys:
        value = found[key, "steady"]
        worth = np.broadcast_to(
            np.asarray(np.nan if value is None else value, np.float64).reshape(-1), place.shape
        )
        amounts = shapley(worth) if count else np.zeros(0)
        parts = [
            DriverPart(one, float(amount)) for one, amount in zip(drivers, amounts, strict=True)
        ]
        parts.sort(key=lambda part: -abs(part.amount))
        out[key] = Split(key, float(worth[0]), float(worth[-1]), tuple(parts))
    return out


def between(before: Scenario, after: Scenario, keys: Sequence[str] = FIGURES) -> dict[str, Split]:
    """Return what drove the change of the usual month from one state of a store to another: two
    versions of a scenario, or plan and actual.

    Args:
        before: the store before the change.
        after: the store after it.
        keys: figures of the model.

    Returns:
        Splits by figure.

    Raises:
        InputError: if their channels are not the same ones, or they differ in something that is no
            number (a switch, a list).

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> one = preset("amazon-de-kitchen")
        >>> found = between(one, one.replace({"product.price": 40.0, "channels.ads.cpc": 1.0}))
        >>> sorted(part.driver.id for part in found["profit"].parts)
        ['click_price', 'price']
    """
    if [one.id for one in before.channels] != [one.id for one in after.channels]:
        names = ", ".join(one.id for one in before.channels)
        raise refuse(
            "channels", ", ".join(one.id for one in after.channels), "drivers_channels", names=names
        )
    changed = _changed(before, after)
    drivers, of_path = _grouped(changed, 1.0)
    return split(after, drivers, _moves(changed, drivers, of_path, 1.0), keys)


def _place(drivers: Sequence[Driver], name: str) -> int:
    return next(place for place, one in enumerate(drivers) if one.id == name)


def _changed(before: Scenario, after: Scenario) -> dict[str, tuple[float, float]]:
    """Return the numbers that differ, by path, each with both values."""
    _refuse_other_kinds(before, after)
    out = {}
    for path in dict.fromkeys(path for path, _ in (*before.quantities(), *after.quantities())):
        if path.partition(".")[0] not in _OF_THE_MODEL or not after.may_be_given(path):
            continue
        old, new = (_number(store, path) for store in (before, after))
        if old is None or new is None or abs(old - new) <= _SAME * max(abs(old), abs(new)):
            continue
        out[path] = (old, new)
    return out


_OF_THE_MODEL = (
    "product",
    "tax",
    "commission",
    "payment",
    "fulfilment",
    "conversion",
    "customers",
    "effect",
    "fixed",
    "channels",
    "fx_rate",
)


def _refuse_other_kinds(before: Scenario, after: Scenario) -> None:
    """Refuse two stores that differ in a switch, a list, or a field that only one of them has."""
    ours, theirs = (_flat(store.plain()) for store in (before, after))
    for path in dict.fromkeys([*ours, *theirs]):
        if path.partition(".")[0] not in _OF_THE_MODEL or ours.get(path) == theirs.get(path):
            continue
        if path.endswith((".name", ".source")) or (
            after.may_be_given(path)
            and all(_number(store, path) is not None for store in (before, after))
        ):
            continue
        raise refuse(path, None, "drivers_kind")


def _flat(plain: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for section, value in plain.items():
        if isinstance(value, dict) and section in _OF_THE_MODEL and "dist" not in value:
            out |= {f"{section}.{name}": one for name, one in value.items()}
        elif section == "channels":
            for row in value:
                out |= {f"channels.{row['id']}.{name}": one for name, one in row.items()}
        else:
            out[section] = value
    return out


def _number(store: Scenario, path: str) -> float | None:
    """Return the number that counts at a path: a channel's rate that is not given is the
    store's.
    """
    value = store.get(path)
    if value is None and path.rpartition(".")[2] in _STORE:
        value = store.get(f"conversion.{_STORE[path.rpartition('.')[2]]}")
    return None if value is None or isinstance(value, bool) else float(point_value(value))


def _group(path: str) -> str:
    for row in _data()["driver"]:
        if any(fnmatchcase(path, pattern) for pattern in row["paths"]):
            return str(row["id"])
    return OTHER


def _grouped(
    changed: Mapping[str, tuple[float, float]], season: float
) -> tuple[list[Driver], dict[str, int]]:
    """Return the drivers of some changes and the place of each path's; those of single channels are
    put together where there would be too many.
    """
    each = {row["id"] for row in _data()["driver"] if row.get("each")}
    for by_channel in (True, False):
        names: dict[tuple[str, str], list[str]] = {}
        for path in changed:
            group = _group(path)
            parts = path.split(".")
            channel = parts[1] if by_channel and group in each and parts[0] == "channels" else ""
            names.setdefault((group, channel), []).append(path)
        if season != 1.0:
            names[SEASON, ""] = []
        if len(names) <= _data()["most"]:
            break
    drivers = [
        Driver(group, channel, tuple((path, *changed[path]) for path in paths))
        for (group, channel), paths in names.items()
    ]
    of_path = {path: place for place, paths in enumerate(names.values()) for path in paths}
    return drivers, of_path


# ---- two periods of a store's own months


@dataclass(frozen=True)
class Period:
    """A period of a store's own months as a usual month of the model, its `commission` as a
    multiple of the scenario's, and the mean of its figures as they came (NaN where not known).
    """

    months: tuple[str, ...]
    store: Scenario
    commission: float
    came: Mapping[str, float]


MOST_MONTHS = 12
"""Months that one period may hold: a year."""


def as_period(scenario: Scenario, months: Sequence[str]) -> Period:
    """Return the usual month of some months of the series: the funnel fitted to them alone, as it
    is fitted to a history, then units, refunds, purchase cost, logistics and commission where the
    series has them.

    Args:
        scenario: the store with its series of months.
        months: names of months, such as "2026-03".

    Raises:
        InputError: if there is no month, there are more than twelve, or months without sales.
    """
    if not 1 <= len(months) <= MOST_MONTHS:
        raise refuse("months", len(months), "drivers_months", most=MOST_MONTHS)
    ledger = actual_ledger(scenario, months)
    history = scenario.history
    series = {
        f"history.seen_{name}": [
            None if math.isnan(one) else one for one in history.of(name, months)
        ]
        for name in history.figures()
    }
    series = {
        path: [] if not any(v is not None for v in row) else row for path, row in series.items()
    }
    empty = StoreHistory().model_dump(mode="json")
    alone = ledger.scenario.replace(
        {f"history.{name}": value for name, value in empty.items()}
        | series
        | {"history.first_month": months[0], "history.baseline_months": len(months)}
    )
    if not any(series.get(f"history.seen_{name}") for name in ("gmv", "orders")):
        raise refuse("months", ", ".join(months), "drivers_sales")
    fitted = fitted_funnel(alone)
    came = {key: _mean(ledger.month(key)) for key in (*FIGURES, *_COSTS_OF, "units_shipped")}
    store, scale = _with_costs(fitted, came, ledger.assumed)
    return Period(tuple(months), store, scale, {key: came[key] for key in FIGURES})


_COSTS_OF = (
    "refunds",
    "goods_purchase",
    "commission",
    "fulfilment",
    "storage",
    "returns_handling",
)
_LOGISTICS = (
    "fulfilment.fulfilment_per_order",
    "fulfilment.fulfilment_per_unit",
    "fulfilment.parcel_per_order",
    "fulfilment.storage_per_unit_month",
    "fulfilment.return_handling",
)


def _mean(values: Array) -> float:
    return float(values.mean()) if values.size else math.nan


def _with_costs(
    store: Scenario, came: Mapping[str, float], assumed: Sequence[str]
) -> tuple[Scenario, float]:
    """Return the fitted store with units, refunds and costs as they came, and what its commission
    must be multiplied by.
    """
    orders, units = came["paid_orders"], came["units_shipped"]
    if orders > 0 and units > 0:
        now = point_value(store.product.units_per_order)
        each = units / orders
        store = _tried(
            store,
            {
                "product.units_per_order": each,
                "product.price": point_value(store.product.price) * now / each,
            },
        )
    store = _scaled(store, came, assumed, "refunds", ("fulfilment.return_rate",), ("refunds",))
    store = _scaled(
        store, came, assumed, "goods_purchase", ("product.unit_cost",), ("goods_purchase",)
    )
    store = _scaled(
        store,
        came,
        assumed,
        "fulfilment",
        _LOGISTICS,
        ("fulfilment", "storage", "returns_handling"),
    )
    usual = _usual(store, ("commission",))["commission"]
    known = COMMISSION not in assumed and math.isfinite(came["commission"]) and usual < 0
    return store, came["commission"] / usual if known else 1.0


def _scaled(
    store: Scenario,
    came: Mapping[str, float],
    assumed: Sequence[str],
    line: str,
    paths: Sequence[str],
    lines: Sequence[str],
) -> Scenario:
    """Return the store whose lines come to what they came to, by one factor on some fields."""
    actual = sum(came[one] for one in lines)
    usual = sum(_usual(store, lines).values())
    if line in assumed or not math.isfinite(actual) or not usual:
        return store
    return _tried(
        store,
        {path: point_value(store.get(path)) * actual / usual for path in paths},
    )


def _tried(store: Scenario, changes: Mapping[str, float]) -> Scenario:
    """Return the store with some changes; as it was where they cannot be (what then stays
    unexplained is told).
    """
    try:
        return store.replace(dict(changes))
    except InputError:
        return store


def _usual(store: Scenario, keys: Sequence[str]) -> dict[str, float]:
    found = figures(Values(store), {"steady": list(keys)})
    return {key: float(np.asarray(found[key, "steady"]).reshape(-1)[0]) for key in keys}


def between_months(
    scenario: Scenario,
    first: Sequence[str],
    second: Sequence[str],
    keys: Sequence[str] = FIGURES,
) -> dict[str, Split]:
    """Return what drove the change of a usual month from one period of the series to another.

    What came is split as far as the model explains it; the rest is a part of its own. Where a
    figure did not come from the series (a profit without costs) the model's is split. The season of
    the plan between the two periods is a driver.

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
    changed = _changed(one.store, two.store)
    if season != 1.0:
        changed = _converting(one.store, two.store) | changed
    drivers, of_path = _grouped(changed, season)
    commission = _commission(drivers, one.commission, two.commission)
    moves = _moves(changed, drivers, of_path, season)
    found = split(two.store, drivers, moves, keys, commission)
    return {
        key: replace(
            _with_rest(found[key], one.came, two.came),
            assumed=tuple(
                dict.fromkeys(
                    part for months in (first, second) for part in borrowed(scenario, months, key)
                )
            ),
        )
        for key in keys
    }


def _commission(
    drivers: list[Driver], before: float, after: float
) -> tuple[int, float, float] | None:
    """Return the driver's place and the multiples of all commission rates before and after, adding
    the driver where it is not there; None where none differs from the scenario's.
    """
    if abs(before - after) > _SAME * before:
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
    changed = _changed(plan, two.store)
    if season != 1.0:
        for path, (old, new) in _converting(plan, two.store).items():
            if abs(old * season - new) > _SAME * new:
                changed[path] = (old * season, new)
            else:
                changed.pop(path, None)
    drivers, of_path = _grouped(changed, 1.0)
    commission = _commission(drivers, 1.0, two.commission)
    moves = _moves(changed, drivers, of_path, 1.0)
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
        old, new = _number(before, path), _number(after, path)
        if old and new:
            out[path] = (old, new)
    return out


def _moves(
    changed: Mapping[str, tuple[float, float]],
    drivers: Sequence[Driver],
    of_path: Mapping[str, int],
    season: float,
) -> list[DriverMove]:
    out: list[DriverMove] = []
    for path, (old, new) in changed.items():
        name = path.rpartition(".")[2]
        if season != 1.0 and old > 0 and name in (*_STORE, *_STORE.values()):
            out.append(DriverMove(path, old, new, _place(drivers, SEASON), season))
            out.append(DriverMove(path, old, new, of_path[path], new / old / season))
        else:
            out.append(DriverMove(path, old, new, of_path[path]))
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
        amounts = _exact(exact, after - before)
        parts = [
            DriverPart(part.driver, float(a)) for part, a in zip(found.parts, amounts, strict=True)
        ]
    else:
        parts = [*found.parts, DriverPart(Driver(REST), rest)]
        amounts = _exact(np.array([part.amount for part in parts]), after - before)
        parts = [DriverPart(part.driver, float(a)) for part, a in zip(parts, amounts, strict=True)]
    parts.sort(key=lambda part: -abs(part.amount))
    return Split(found.figure, before, after, tuple(parts))


_DUST = 1e-9
