"""The numbers of a scenario: what stands in each field, or what a path gives it."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from funnel_sim.errors import InputError, refuse
from funnel_sim.model import demand
from funnel_sim.model.arrays import Array, Number
from funnel_sim.model.keys import COMPUTED, Book
from funnel_sim.model.repeat_orders import bought_again
from funnel_sim.model.written import as_number
from funnel_sim.scenario.channels import Channel
from funnel_sim.scenario.fields import Unit
from funnel_sim.scenario.paths import LISTS, SECTIONS, specs_of, varying_paths
from funnel_sim.scenario.quantity import Range, point_value
from funnel_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Values:
    """The numbers of a scenario: each field's likely value, or what a path gives it.

    `given` maps paths of fields to arrays of shape (paths,); `commission_scale` and `budget_scale`
    multiply all commission rates and all budgets (levers that no single field is). `by_chance` is
    what happens to the months, `by_month` maps paths of fields outside the channels to what they
    are in each month, shape (months, paths); neither touches the steady month. `base` are the
    values of the same scenario with nothing given, where they are at hand: they need not be read
    again; so is `sold` (`economics.sold_of`), of values that differ from these in nothing it
    rests on.
    """

    scenario: Scenario
    given: Mapping[str, Number] = field(default_factory=dict)
    commission_scale: Number = 1.0
    budget_scale: Number = 1.0
    by_chance: demand.ByChance = demand.NO_CHANCE
    by_month: Mapping[str, Array] = field(default_factory=dict)
    base: "Values | None" = None
    sold: Mapping[bool, Book] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in self.given:
            if not self.scenario.may_be_given(path):
                raise _no_number(self.scenario, path)
        for path in self.by_month:
            if path.partition(".")[0] in LISTS or not self.scenario.may_be_given(path):
                raise _no_number(self.scenario, path)

    def number(self, path: str, value: float | Range | None) -> Number | None:
        """Return the number to use for the field at `path` that holds `value`.

        Args:
            path: the field's address, such as "product.price".
            value: what the scenario holds there: a number, a range, or None.

        Returns:
            What is given for the path (a number, or an array of shape (1, paths) or (months,
            paths)), else the point value; None for an empty field. In the unit of the field.
        """
        if path in self.given:
            return self.given[path]
        return None if value is None else point_value(value)

    def typed(self, path: str, value: float | Range) -> Number:
        """Return the point value of a field as it was typed, whatever is given for its path.

        For rows that no path varies, such as the tiers of a commission.

        Args:
            path: the field's address; a term writes its cell down by it.
            value: what the scenario holds there.

        Returns:
            The point value in the unit of the field, None for an empty one.
        """
        return point_value(value)

    @cached_property
    def symbols(self) -> Book:
        """Every number and switch outside the channels, by symbol."""
        if self.base is not None:
            moved = {
                symbol_of(path): value
                for path, value in self.given.items()
                if path.partition(".")[0] not in LISTS
            }
            return self.with_share(self.base.symbols | moved)
        out: Book = {"fx_rate": as_number(self.number("fx_rate", self.scenario.fx_rate))}
        for section, cls in SECTIONS.items():
            part = getattr(self.scenario, section)
            for name, spec in _specs(cls):
                value = getattr(part, name)
                path = f"{section}.{name}"
                if isinstance(value, bool):
                    out[name] = self.typed(path, float(value))
                elif spec.unit is not Unit.TEXT and not isinstance(value, list):
                    out[symbol_of(path)] = as_number(self.number(path, value))
        return self.with_share(out)

    def with_share(self, out: Book) -> Book:
        """Put the share that buys again in its place, where customers come back otherwise than with
        a constant probability.
        """
        if self.scenario.customers.retention != "constant":
            out["repeat_probability"] = bought_again(self.scenario.customers, out)
        return out

    def channel(self, channel: Channel, name: str) -> Number | None:
        """Return the number of one field of a channel.

        Args:
            channel: whose field it is.
            name: the name of the field in it, such as "cpc".

        Returns:
            The number as `number` returns it, in the unit of the field.
        """
        return self.number(f"channels.{channel.id}.{name}", getattr(channel, name))


def number_of(values: Values, channel: Channel, name: str) -> Number:
    """Return the number of a field of a channel that is never empty.

    Args:
        values: the numbers of the scenario's fields.
        channel: whose field it is.
        name: the name of the field in it, such as "budget".

    Returns:
        The number, an array of shape (1, paths) or (months, paths) where it varies, in the unit of
        the field.
    """
    value = values.channel(channel, name)
    assert value is not None, name
    return value


def _no_number(scenario: Scenario, path: str) -> InputError:
    near = difflib.get_close_matches(path, varying_paths(scenario), 3) or [
        "product.price",
        "fx_rate",
    ]
    return refuse(path, None, "unknown_path", near=", ".join(near))


@cache
def symbol_of(path: str) -> str:
    """Return the symbol of a field outside the lists in a book: its name, with its section before
    it where a figure has that name.

    >>> symbol_of("product.price"), symbol_of("conversion.cvr")
    ('price', 'conversion_cvr')
    """
    section, _, name = path.rpartition(".")
    return f"{section}_{name}" if name in COMPUTED else name


_SPECS = {cls: tuple(specs_of(cls).items()) for cls in SECTIONS.values()}


def _specs(cls: Any) -> Any:
    return _SPECS[cls]
