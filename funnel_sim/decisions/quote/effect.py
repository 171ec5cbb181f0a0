"""What an option brings: the effect that is believed or claimed, drawn by path, and how it arrives
and fades.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from scipy.special import ndtr, ndtri

from funnel_sim.chance.distributions import drawable
from funnel_sim.chance.draws import Sources
from funnel_sim.chance.streams import SamplingPlan, normals_by_month, uniforms
from funnel_sim.decisions.quote.contract import Duration, Truth
from funnel_sim.decisions.quote.serving_hours import serving_hours, tools_cost
from funnel_sim.decisions.quote.store_alone import without_operator
from funnel_sim.model import demand
from funnel_sim.model.arrays import Array, Number, column
from funnel_sim.scenario import alternatives, effects
from funnel_sim.scenario.paths import specs_of
from funnel_sim.scenario.quantity import Range, is_range, point_value
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario

OptionBelief = Literal["believed", "claimed", "none"]

_HALF = 0.5


@dataclass(frozen=True)
class Case:
    """One option under one effect: what is believed of it, what it claims, none, or a relative
    change given.
    """

    option: Option
    effect: OptionBelief | float = "believed"


def arrival(option: Option, ramp: Number, months: int) -> Array:
    """Return the share of an effect that has arrived by month: none before month 1 + delay, then a
    straight line.

    Args:
        option: the option with its delay [months].
        ramp: how long the effect takes to arrive [months], a number or shape (paths,).
        months: how many months.

    Returns:
        Fractions, shape (months, paths).

    Examples:
        >>> arrival(Option(id="a", delay=1), 2.0, 4).ravel().tolist()
        [0.0, 0.0, 0.5, 1.0]
    """
    month = column([float(m) for m in range(1, months + 1)])
    share = demand.arrived(ramp, np.maximum(month - option.delay, 1.0))
    return np.asarray(share * (month > option.delay))


def full_month(option: Option) -> int:
    """Return the first month in which all of an option's effect is there, at its likely ramp; it
    may lie beyond the contract's last.

    Examples:
        >>> full_month(Option(id="a", ramp=1.97)), full_month(Option(id="a", ramp=2.0, delay=1))
        (3, 4)
    """
    return 1 + option.delay + math.ceil(point_value(option.ramp))


def faded(share: Array, life: Duration, half_life: float) -> Array:
    """Return the share of an effect by month, fading from the last month of the contract on.

    Args:
        share: what has arrived by month [fraction], shape (months, paths).
        life: how long the contract lasts.
        half_life: after how long half of it is gone [months]; 0: all at once.

    Returns:
        Fractions, shape (months, paths).
    """
    months = share.shape[0]
    month = np.arange(1, months + 1)[:, None]
    after = np.maximum(month - life.last, 0)
    at_the_end = np.take_along_axis(
        np.broadcast_to(share, (months, life.last.size)), (life.last - 1)[None, :], axis=0
    )
    left = (
        np.where(after > 0, 0.0, 1.0)
        if half_life == 0
        else np.power(_HALF, after / max(half_life, 1e-9))
    )
    return np.where(after > 0, at_the_end * left, share)


_DEFAULT_STREAMS = {"people": "serving_people", "pay": "serving_pay", "on_cost": "on_cost"}
"""Streams of what serving costs where a quote does not say: one for all quotes, those of the first,
so that the same service costs the same whoever offers it.
"""


_TOOLS = "options.quote.scope_tools"


class Drawn:
    """What the ranges and the luck of an option come to, over all paths of a plan; each is drawn
    once, whichever forms of a contract ask for it.
    """

    def __init__(self, scenario: Scenario, plan: SamplingPlan):
        self.scenario, self.plan = scenario, plan
        self.which = range(plan.replicates)
        self._draws: dict[tuple[str, str, tuple[float, float]], Number] = {}
        self._effects: dict[tuple[str, str, str], Array] = {}

    @cached_property
    def _common(self) -> Array:
        return np.asarray(
            ndtri(uniforms(self.plan, self.which, ["options.effect"])["options.effect"])
        )

    def number(self, option: Option, name: str) -> Number:
        """Return a field's number, drawn where it is a range.

        Args:
            option: one way to run the store: effect, costs, contract.
            name: the name of the field.

        Returns:
            The number, or draws of shape (paths,), in the unit of the field.
        """
        value = getattr(option, name)
        return self.draw(f"options.{option.drawn_as}.{name}", value, specs_of(Option)[name].domain)

    def draw(self, name: str, value: float | Range, domain: tuple[float, float]) -> Number:
        """Return a number, or the draws of a range.

        Args:
            name: the stream of chance.
            value: a number or a range.
            domain: least and largest value of the field.

        Returns:
            The number, or draws of shape (paths,).
        """
        if isinstance(value, int | float):
            return point_value(value)
        known = name, value.model_dump_json(), domain
        if known not in self._draws:
            self._draws[known] = drawable(value, domain).values(
                uniforms(self.plan, self.which, [name])[name]
            )
        return self._draws[known]

    def effect(self, case: Case) -> Array:
        """Return the relative change of first orders that a case brings.

        Args:
            case: the option, and which effect is taken.

        Returns:
            Fractions, shape (paths,).
        """
        option, paths = case.option, self.plan.paths
        if not isinstance(case.effect, str):
            return np.full(paths, float(case.effect))
        if case.effect == "none":
            return np.zeros(paths)
        if case.effect == "claimed":
            return np.full(paths, claim(self.scenario, option))
        if isinstance(option.effect, (int, float)):
            return np.full(paths, float(option.effect))
        told = option.effect
        known = option.drawn_as, "" if told is None else told.model_dump_json(), option.service
        if known not in self._effects:
            self._effects[known] = self._believed(option, told)
        return self._effects[known]

    def _believed(self, option: Option, told: Range | None) -> Array:
        """Return the effect that is believed of an option, where it is a range or left open."""
        name = f"options.{option.drawn_as}.effect"
        tie = alternatives.effect_correlation(self.scenario)
        own = np.asarray(ndtri(uniforms(self.plan, self.which, [name])[name]))
        luck = self._even(
            math.sqrt(tie) * self._common + math.sqrt(1.0 - tie) * own, f"{name}.within"
        )
        if told is None:
            return (
                drawable(
                    effects.sceptical(option.service, self.scenario.as_of), (0.0, 10.0)
                ).values(luck)
                - 1.0
            )
        return drawable(told, specs_of(Option)["effect"].domain).values(luck)

    def _even(self, mixed: Array, name: str) -> Array:
        """Return the ranks of a mixture within each replicate as shares in (0, 1): each replicate
        then holds the whole distribution, its rare ends too, and what moves together still does.
        """
        each = mixed.reshape(self.plan.replicates, -1)
        # draws lie at random within their stratum: with midpoints the replicates would all be
        # equal, and their spread would show no error
        within = uniforms(self.plan, self.which, [name])[name].reshape(each.shape)
        return ((each.argsort(axis=1).argsort(axis=1) + within) / each.shape[1]).reshape(-1)

    def serving(self, option: Option) -> Number:
        """Return what serving costs the agency a month, in the cost currency."""

        def either(name: str, own: str) -> Number:
            given = getattr(option, own)
            if given is not None:
                return self.draw(f"options.{option.drawn_as}.{own}", given, (0.0, 1e12))
            value = (
                serving_hours(self.scenario, option).people
                if name == "people"
                else alternatives.serving(self.scenario, option.service, name).value
            )
            return self.draw(f"options.quote.{_DEFAULT_STREAMS[name]}", value, (0.0, 1e12))

        people, pay, on_cost = (
            either("people", "serving_people"),
            either("pay", "serving_pay"),
            either("on_cost", "serving_on_cost"),
        )
        tools = self.draw(_TOOLS, tools_cost(self.scenario, option), (0.0, 1e12))
        return people * pay * (1.0 + on_cost) + self.number(option, "serving_other") + tools

    def happened(self, option: Option, months: int) -> dict[int, Truth]:
        """Return in which months the extras that come by events fall due.

        Args:
            option: one way to run the store: effect, costs, contract.
            months: how many months.

        Returns:
            By the place of the extra, truth values of shape (months, paths).
        """
        out: dict[int, Truth] = {}
        for index, extra in enumerate(option.extras):
            if extra.every == "event":
                normals = normals_by_month(
                    self.plan, self.which, f"options.{option.drawn_as}.extra.{index}", months
                )
                out[index] = np.asarray(ndtr(normals) < extra.chance)
        return out


def claim(scenario: Scenario, option: Option) -> float:
    """Return the uplift that an option claims; where it names none what case studies claim, at most
    what the visitors allow.

    Args:
        scenario: the store and its plan, as typed.
        option: one way to run the store: effect, costs, contract.

    Returns:
        The relative change of first orders [fraction].
    """
    return (
        min(effects.claimed(scenario.as_of)[0], most_effect(scenario))
        if option.claimed is None
        else option.claimed
    )


def most_effect(scenario: Scenario) -> float:
    """Return the uplift at which every visitor of the best channel would buy."""
    rates = [scenario.conversion.cvr, *(channel.channel_cvr for channel in scenario.channels)]
    top = max((point_value(rate) for rate in rates if rate is not None), default=0.0)
    return 1.0 / top - 1.0 if top > 0 else math.inf


def drawn_inputs(
    scenario: Scenario, options: Sequence[Option], plan: SamplingPlan
) -> dict[str, Array]:
    """Return what is drawn and could be known before signing: the store's ranges, each option's
    effect and ranges.

    Args:
        scenario: the store and its plan, as typed.
        options: ways to run the store: effect, costs, contract.
        plan: seed, replicates and points.

    Returns:
        By path, shape (paths,), in the unit of each field.
    """
    base = without_operator(scenario)
    sources, which = Sources(base), range(plan.replicates)
    streams = uniforms(plan, which, sources.inputs)
    out = dict(sources.values(streams))
    drawn = Drawn(base, plan)
    for option in options:
        if option.effect is None or is_range(option.effect):
            out[f"options.{option.id}.effect"] = drawn.effect(Case(option))
        for name in (
            "ramp",
            "people",
            "pay",
            "on_cost",
            "hours",
            "hour_rate",
            "tools_monthly",
            "start_cost",
            "hours_saved",
            "hour_worth",
        ):
            if is_range(getattr(option, name)):
                out[f"options.{option.id}.{name}"] = np.asarray(drawn.number(option, name))
    return out
