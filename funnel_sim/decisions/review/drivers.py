"""What drove a change: any change of a figure between two states of a store, split exactly into its
drivers.

The parts are Shapley values over the model itself: a driver's part is what it adds, averaged over
every order in which the drivers could have changed. They add up to the change, no order matters,
and where the model is a product they are its closed form. All 2^n combinations of drivers are the
paths of one call of the model. Read `split`; `between` is for two scenarios, `month_drivers.py` for
two periods of a store's own months.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import numpy as np

from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import figures
from funnel_sim.model.values import Values
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.stored import read_data

FIGURES: tuple[str, ...] = ("gmv", "paid_orders", "cm3", "profit")
"""Figures whose change is split: GMV, orders, contribution margin after ads, profit."""
REST, OTHER = "rest", "other"
COMMISSION = "commission"
_STORE = {"channel_cvr": "cvr", "channel_add_to_cart_rate": "add_to_cart_rate"}
SAME_NUMBER = 1e-12
"""Numbers that differ by less, as a share of the larger, are the same."""


@dataclass(frozen=True)
class Driver:
    """One driver: its `id` (data/drivers.toml), the channel where it is one of a single channel,
    and the fields that changed, each with its value before and after; of months, the figure that
    was measured ("seen.order_rate"). `assumed` is whether one side did not measure it, so that it
    follows from the form there.
    """

    id: str
    channel: str = ""
    changed: tuple[tuple[str, float, float], ...] = ()
    assumed: bool = False


def is_advised(driver: Driver) -> bool:
    """Say whether a seller can go on with a driver or change it: nobody continues an exchange rate
    (data/drivers.toml).

    >>> is_advised(Driver("price")), is_advised(Driver("fx")), is_advised(Driver("rest"))
    (True, False, False)
    """
    return driver.id in _data()["advised"]


@dataclass(frozen=True)
class DriverPart:
    """What a driver adds to the change of a figure, in the figure's unit."""

    driver: Driver
    amount: float


@dataclass(frozen=True)
class Split:
    """The change of one figure of a usual month from `before` to `after`; the parts add up to it,
    the largest first. A part whose driver is `rest` is what the model does not explain. `assumed`
    says what of it is not the shop's own (borrowed.py). `lacks` are figures of the series without
    which it is not known (ad spend, for a profit): there is then nothing to split, and the side
    that lacks one is NaN.
    """

    figure: str
    before: float
    after: float
    parts: tuple[DriverPart, ...]
    assumed: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()

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
    return adding_up(out, float(worth[-1] - worth[0]))


def adding_up(parts: Array, change: float) -> Array:
    """Return parts with what rounding left put to the largest, so that they add up.

    Args:
        parts: of a change, shape (parts,); changed in place.
        change: what they come to together.

    Returns:
        The same parts, shape (parts,).

    Examples:
        >>> adding_up(np.array([1.0, 2.0]), 3.5).tolist()
        [1.0, 2.5]
    """
    if parts.size and np.isfinite(parts).all():
        parts[int(np.abs(parts).argmax())] += change - math.fsum(parts)
    return parts


@dataclass(frozen=True)
class DriverMove:
    """A field of the model that changes from `before` to `after`, and the driver that moves it.

    Several drivers may move one field (visits and the rate that they buy at): each by its factor,
    all together to `after`.
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
    changed = changed_numbers(before, after)
    drivers, of_path = grouped_drivers(changed)
    moves = [DriverMove(path, *both, of_path[path]) for path, both in changed.items()]
    return split(after, drivers, moves, keys)


def changed_numbers(before: Scenario, after: Scenario) -> dict[str, tuple[float, float]]:
    """Return the numbers that differ, by path, each with both values.

    Args:
        before: the store before the change.
        after: the store after it.

    Returns:
        (before, after), by path.

    Raises:
        InputError: if they differ in something that is no number.
    """
    _refuse_other_kinds(before, after)
    out = {}
    for path in dict.fromkeys(path for path, _ in (*before.quantities(), *after.quantities())):
        if path.partition(".")[0] not in _OF_THE_MODEL or not after.may_be_given(path):
            continue
        old, new = (number_at(store, path) for store in (before, after))
        if old is None or new is None or abs(old - new) <= SAME_NUMBER * max(abs(old), abs(new)):
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
            and all(number_at(store, path) is not None for store in (before, after))
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


def number_at(store: Scenario, path: str) -> float | None:
    """Return the number that counts at a path: a channel's rate that is not given is the store's.

    Args:
        store: where it stands.
        path: of the field.

    Returns:
        The number, a range's likely value; None where there is none.
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


def grouped_drivers(
    changed: Mapping[str, tuple[float, float]],
) -> tuple[list[Driver], dict[str, int]]:
    """Return the drivers of some changes and the place of each path's; those of single channels are
    put together where there would be too many.

    Args:
        changed: the numbers that differ, by path, each with both values.

    Returns:
        The drivers, and the place among them of each path.
    """
    each = {row["id"] for row in _data()["driver"] if row.get("each")}
    for by_channel in (True, False):
        names: dict[tuple[str, str], list[str]] = {}
        for path in changed:
            group = _group(path)
            parts = path.split(".")
            channel = parts[1] if by_channel and group in each and parts[0] == "channels" else ""
            names.setdefault((group, channel), []).append(path)
        if len(names) <= _data()["most"]:
            break
    drivers = [
        Driver(group, channel, tuple((path, *changed[path]) for path in paths))
        for (group, channel), paths in names.items()
    ]
    of_path = {path: place for place, paths in enumerate(names.values()) for path in paths}
    return drivers, of_path
