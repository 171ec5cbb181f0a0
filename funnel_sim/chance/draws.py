"""From a scenario to its draws: which inputs are ranges, what moves together, and what the months
do by chance.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from funnel_sim.chance import noise, shocks
from funnel_sim.chance.distributions import Drawable, drawable
from funnel_sim.chance.history import StoreOutlook, in_conversion, shared_out, store_outlook
from funnel_sim.chance.streams import SamplingPlan, normals_by_month, uniforms
from funnel_sim.model.arrays import Array, Number
from funnel_sim.model.demand import FREE, ByChance, PayoutsHeld
from funnel_sim.model.economics import book_of
from funnel_sim.model.keys import Flows, channels_of
from funnel_sim.model.values import Values
from funnel_sim.model.wanted import leading_to
from funnel_sim.model.written import as_number
from funnel_sim.scenario.chance import OF_CASH
from funnel_sim.scenario.correlation import Matrix, factor, groups, matrix
from funnel_sim.scenario.operator_effect import OperatorEffect
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.unused import unused

_KIND_OF_MONTHS = "months.kind"


@dataclass(frozen=True)
class Joined:
    """Correlated inputs: their paths and the lower triangle of the correlation matrix of their
    copula.
    """

    paths: tuple[str, ...]
    triangle: Matrix


@dataclass(frozen=True)
class Draws:
    """The drawn value of each range, shape (paths,), and the random numbers behind the months.

    `uniforms` are the streams of the events, `normals` those of the months by name, shape (months,
    paths).
    """

    given: Mapping[str, Array]
    uniforms: Mapping[str, Array]
    normals: Mapping[str, Array]

    def part(self, where: slice) -> "Draws":
        """Return the same for some of its paths."""
        return Draws(
            {path: values[where] for path, values in self.given.items()},
            {name: values[where] for name, values in self.uniforms.items()},
            {name: values[:, where] for name, values in self.normals.items()},
        )


@dataclass(frozen=True)
class Sources:
    """Everything in a scenario that is drawn."""

    scenario: Scenario

    @cached_property
    def inputs(self) -> dict[str, Drawable]:
        """Every input that is a range, ready to be drawn from, by path."""
        return {
            path: drawable_input(self.scenario, path)
            for path, value in self.scenario.quantities()
            if is_range(value) and not unused(self.scenario, path)
        }

    @cached_property
    def joined(self) -> tuple[Joined, ...]:
        """The groups of correlated inputs."""
        ranks = {
            (one.a, one.b): one.rank
            for one in self.scenario.chance.correlations
            if one.a in self.inputs and one.b in self.inputs
        }
        ordered = [self.in_order(names) for names in groups(list(ranks))]
        return tuple(Joined(tuple(names), factor(matrix(names, ranks))) for names in ordered)

    def in_order(self, names: list[str]) -> list[str]:
        """Return correlated inputs in the order of their triangle: the first keeps its own draw."""
        return names

    @cached_property
    def alone(self) -> tuple[str, ...]:
        """The ranges that are correlated with no other."""
        together = {path for group in self.joined for path in group.paths}
        return tuple(path for path in self.inputs if path not in together)

    @cached_property
    def outlook(self) -> StoreOutlook | None:
        """What the store's own history says of the coming months, where there is one."""
        return store_outlook(self.scenario)

    @cached_property
    def _unchanged(self) -> Scenario:
        """The store without an operator's effect and without events."""
        return self.scenario.but(effect=OperatorEffect()).only(shocks=[])

    @cached_property
    def month_streams(self) -> tuple[str, ...]:
        """The names of the streams that make months differ."""
        scenario, chance = self.scenario, self.scenario.chance
        out = ["months.demand"] if chance.month_noise or self.outlook else []
        if (
            chance.counting and not self.outlook
        ):  # the months of a history already include the noise of small numbers
            out += [f"months.count.{channel.id}" for channel in scenario.channels] + [
                "months.count.repeat",
                "months.count.referred",
            ]
        if chance.fx_walk and scenario.currency != scenario.cost_currency:
            out.append("months.fx")
        return tuple(out)

    @cached_property
    def event_streams(self) -> tuple[str, ...]:
        """The names of the streams that decide the events."""
        kinds = (_KIND_OF_MONTHS,) if self.outlook else ()
        return (*kinds, *(name for shock in self.scenario.shocks for name in shocks.names(shock)))

    @property
    def certain(self) -> bool:
        """Whether nothing is drawn at all: every path is then the point calculation."""
        return not (self.inputs or self.month_streams or self.event_streams)

    def draw(self, plan: SamplingPlan, which: range) -> Draws:
        """Return the draws of some replicates.

        Args:
            plan: seed, replicates and points.
            which: which replicates, counted from 0.

        Returns:
            Ranges and events of shape (paths of these replicates,), months of shape (months,
            paths).
        """
        streams = uniforms(plan, which, [*self.inputs, *self.event_streams])
        months = self.scenario.plan.horizon_months
        return Draws(
            self.values(streams),
            {name: streams[name] for name in self.event_streams},
            {name: normals_by_month(plan, which, name, months) for name in self.month_streams},
        )

    def values(self, streams: Mapping[str, Array]) -> dict[str, Array]:
        """Return the values of the ranges for uniform numbers, correlated where the scenario says
        so.

        Args:
            streams: uniform numbers in (0, 1) by path, shape (paths,).

        Returns:
            Values by path, shape (paths,), in the unit of each field.
        """
        shared = dict(streams)
        for group in self.joined:
            normal = group.triangle @ ndtri(np.stack([streams[path] for path in group.paths]))
            shared |= dict(zip(group.paths, ndtr(normal), strict=True))
        return {path: one.values(shared[path]) for path, one in self.inputs.items()}

    def _shared_out(self, whole: Array, flows: Mapping[str, Flows]) -> tuple[Array, Array | None]:
        """Return what the months of a history are for conversion and for free traffic: visits that
        moved with the sales are no conversion.
        """
        kinds = {channel.id: channel.kind for channel in self.scenario.channels}
        free = sum(
            np.asarray(flows[name]["orders"]) for name, kind in kinds.items() if kind in FREE
        )
        share = (
            1.0
            if self.outlook is None or "orders" in kinds.values()
            else in_conversion(self.scenario, self.outlook.figure)
        )
        if share >= 1.0 or not np.any(free):
            return whole, None
        rest = sum(
            np.asarray(flows[name]["orders"]) for name, kind in kinds.items() if kind not in FREE
        )
        return shared_out(whole, share, np.asarray(rest), np.asarray(free))

    def model_values(self, draws: Draws, base: Values | None = None) -> Values:
        """Return the numbers of the model for these draws.

        Args:
            draws: what was drawn.
            base: the numbers of the point calculation, where they are at hand: they are not worked
                out again.

        Returns:
            The numbers of every field, arrays of shape (1, paths) or (months, paths) where they
            vary.
        """
        scenario = self.scenario
        months = scenario.plan.horizon_months
        by_month: dict[str, Array] = {}
        effects = _Effects(by_month, lambda path: _number(scenario, draws.given, path))
        before = whole = None
        if self.outlook is not None:
            effects.conversion = whole = self.outlook.multiples(
                draws.uniforms[_KIND_OF_MONTHS], draws.normals["months.demand"]
            )
        if self.outlook is not None or scenario.history.had_customers:
            given = {
                path: value
                for path, value in draws.given.items()
                if not path.startswith(("effect.", "shocks."))
            }
            steady = book_of(
                Values(self._unchanged, given),
                steady=True,
                wanted=leading_to(frozenset({"first_orders"})),
            )
            before = steady["first_orders"]
            if self.outlook is not None and whole is not None:
                effects.conversion, effects.free = self._shared_out(whole, channels_of(steady))
        if self.outlook is None and "months.demand" in draws.normals:
            chance = scenario.chance
            cv = _number(
                scenario,
                draws.given,
                "chance.demand_cv",
                noise.typical_cv(chance.products, scenario.as_of).value,
            )
            link = _number(
                scenario,
                draws.given,
                "chance.autocorrelation",
                noise.typical_autocorrelation(chance.products, scenario.as_of).value,
            )
            effects.conversion = noise.demand(draws.normals["months.demand"], cv, link)
        if "months.fx" in draws.normals:
            known = scenario.chance.fx_volatility
            usual = (
                noise.typical_volatility(
                    scenario.currency, scenario.cost_currency, scenario.as_of
                ).value
                if known is None
                else None
            )
            volatility = _number(scenario, draws.given, "chance.fx_volatility", usual)
            by_month["fx_rate"] = _number(scenario, draws.given, "fx_rate") * noise.walk(
                draws.normals["months.fx"], volatility
            )
        for shock in scenario.shocks:
            numbers = {
                name: _number(scenario, draws.given, f"shocks.{shock.id}.{name}")
                for name in ("probability", "length", "size", "days")
            }
            effects.add(shocks.happening(shock, months, numbers, draws.uniforms))
        by_chance = effects.by_chance(_counter(draws.normals))
        if before is not None:
            by_chance = replace(by_chance, store_multiple=whole, earlier_orders=as_number(before))
        return Values(scenario, draws.given, by_chance=by_chance, by_month=by_month, base=base)


def drawable_input(scenario: Scenario, path: str) -> Drawable:
    """Return one range of a scenario, cut to the domain of its field.

    Args:
        scenario: the scenario that holds it.
        path: its address, such as "channels.ads.cpc".
    """
    spec = spec_of(path)
    assert spec is not None, path
    return drawable(scenario.get(path), spec.domain)


def _number(
    scenario: Scenario, given: Mapping[str, Array], path: str, otherwise: float | None = None
) -> Any:
    if path in given:
        return given[path]
    value = scenario.get(path)
    return otherwise if value is None else point_value(value)


def _counter(normals: Mapping[str, Array]) -> Any:
    if not any(name.startswith("months.count.") for name in normals):
        return None

    def count(source: str, month: int | None, expected: Array) -> Array:
        chance = normals[f"months.count.{source}"]
        if month is not None:
            return noise.counts(expected, chance[month])
        return noise.counts(np.broadcast_to(expected, chance.shape), chance)

    return count


class _Effects:
    """What events and noise come to, month by month."""

    def __init__(self, by_month: dict[str, Array], number: Any):
        self.by_month, self.number = by_month, number
        self.conversion: Array | None = None
        self.traffic: Array | None = None
        self.clicks: Array | None = None
        self.later: Array | None = None
        self.commission: Array | None = None
        self.free: Array | None = None
        self.held: list[PayoutsHeld] = []

    def add(self, event: shocks.Happening) -> None:
        """Apply one event."""
        if event.shock.effect in OF_CASH:
            self._add_to_cash(event)
            return
        strength, left = event.strength, 1.0 - event.strength
        match event.shock.effect:
            case "commission":
                self.commission = (
                    strength if self.commission is None else self.commission + strength
                )
            case "clicks":
                self.clicks = _product(self.clicks, event.mean_of_inverse(1.0 + event.size))
            case "suspended":
                self.traffic, self.later = _product(self.traffic, left), _product(self.later, left)
            case "stockout":
                self.conversion, self.later = (
                    _product(self.conversion, left),
                    _product(self.later, left),
                )
            case "demand":
                self.conversion = _product(self.conversion, left)
            case "fx":
                self._field("fx_rate", lambda rate: rate * event.mean_of_inverse(1.0 - event.size))
            case "tariff":
                self._field("tax.duty_rate", lambda rate: rate + strength)
            case "returns":
                self._field(
                    "fulfilment.return_rate",
                    lambda rate: rate + event.covered * np.minimum(event.size, 1.0 - rate),
                )
            case "freight":
                self._field("product.inbound_freight", lambda cost: cost * (1.0 + strength))
            case "fulfilment":
                for path in (
                    "fulfilment.fulfilment_per_order",
                    "fulfilment.fulfilment_per_unit",
                    "fulfilment.parcel_per_order",
                ):
                    self._field(path, lambda cost: cost * (1.0 + strength))

    def _add_to_cash(self, event: shocks.Happening) -> None:
        """Apply an event that moves payments and no figure of the months."""
        match event.shock.effect:
            case "payout_held":
                self.held.append(PayoutsHeld(event.covered, event.size))
            case "reserve":
                self._field(
                    "cash.reserve_rate",
                    lambda rate: rate + event.covered * np.minimum(event.size, 1.0 - rate),
                )
                self._field(
                    "cash.reserve_days",
                    lambda days: np.where(event.covered > 0, np.maximum(days, event.days), days),
                )
            case "payout_rule":
                self._field(
                    "cash.payout_delay_days",
                    lambda days: days + event.days * (event.covered > 0),
                )

    def _field(self, path: str, change: Any) -> None:
        now: Number = self.by_month[path] if path in self.by_month else self.number(path)
        self.by_month[path] = np.asarray(change(now))

    def by_chance(self, count: Any) -> ByChance:
        """Return all of it as the model takes it."""
        return ByChance(
            self.conversion,
            self.traffic,
            self.clicks,
            self.later,
            self.commission,
            count,
            free=self.free,
            payouts_held=tuple(self.held),
        )


def _product(one: Array | None, other: Array) -> Array:
    return other if one is None else one * other
